"""Mandates: listed by where they stand, saved, revoked, deleted; refused where they could never hold."""

from dataclasses import replace
from datetime import date

import pytest

from mutuelle_desktop.domain.mandat import EtatMandat, Mandat, Permission
from mutuelle_desktop.services.attaches import detach_document, detach_mutuelle
from mutuelle_desktop.services.mandats import (
    delete_mandat,
    droit,
    list_mandats,
    revoke_mandat,
    save_mandat,
)
from tests.services.aides import carried_out, every, get, paper, refused
from tests.services.maisonnee import AUTRE, TODAY, move_in, put

VALUE = Mandat(id="m", mandant_id="marc", mandataire_id="camille", du=date(2026, 1, 1), au=date(2026, 12, 31))


@pytest.fixture(autouse=True)
def household(library):
    move_in(library)


def test_a_mandate_is_saved_and_changed(library):
    carried_out(library, "Enregistrer le mandat", lambda: save_mandat(library, replace(VALUE, objet=" Tout  suivre ")))
    assert get(library, Mandat, "m").objet == "Tout suivre"
    later = replace(VALUE, au=date(2027, 6, 30), mutuelle_id="rives")
    carried_out(library, "Enregistrer le mandat", lambda: save_mandat(library, later))
    assert every(library, Mandat) == [later]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"mandataire_id": "marc"}, "à soi-même"),
        ({"au": date(2025, 12, 31)}, "La fin du mandat précède"),
        ({"revoque_le": date(2025, 12, 31)}, "La révocation précède"),
        ({"mandant_id": "jules"}, "aucun mandat n’est utile"),
        ({"mandataire_id": "jules"}, "Choisissez un adulte"),
        ({"mandant_id": "rien"}, "Cette personne n’existe plus"),
        ({"mandataire_id": "rien"}, "Cette personne n’existe plus"),
        ({"mutuelle_id": "rien"}, "Cette mutuelle n’existe plus"),
        ({"document_id": "rien"}, "Ce document n’existe plus"),
    ],
)
def test_a_mandate_that_could_never_hold_is_refused(library, facts, words):
    refused(library, words, lambda: save_mandat(library, replace(VALUE, **facts)))


def test_a_child_may_give_one_from_the_day_of_18(library):
    save_mandat(library, replace(VALUE, mandant_id="jules", du=date(2030, 3, 4), au=None))
    refused(
        library,
        "n’a pas",
        lambda: save_mandat(library, replace(VALUE, mandant_id="jules", du=date(2030, 3, 3), au=None)),
    )


def test_a_mandate_is_revoked_once(library):
    save_mandat(library, VALUE)
    carried_out(library, "Révoquer le mandat", lambda: revoke_mandat(library, "m", TODAY))
    assert get(library, Mandat, "m").revoque_le == TODAY
    refused(library, "déjà révoqué depuis le 23/11/2026", lambda: revoke_mandat(library, "m", TODAY))


def test_only_a_mandate_in_force_is_revoked(library):
    save_mandat(library, VALUE)
    refused(library, "a déjà pris fin le 31/12/2026", lambda: revoke_mandat(library, "m", date(2027, 1, 1)))
    refused(library, "ne commence que le 01/01/2026", lambda: revoke_mandat(library, "m", date(2025, 12, 31)))
    refused(library, "Ce mandat n’existe plus.", lambda: revoke_mandat(library, "rien", TODAY))


def test_a_mandate_is_deleted(library):
    save_mandat(library, VALUE)
    carried_out(library, "Supprimer le mandat", lambda: delete_mandat(library, "m"))
    refused(library, "Ce mandat n’existe plus.", lambda: delete_mandat(library, "m"))


def test_those_in_force_come_first_and_each_says_where_it_stands(library):
    values = [
        replace(VALUE, id="fini", au=date(2026, 6, 30)), replace(VALUE, id="futur", du=date(2026, 12, 1)),
        replace(VALUE, id="repris", revoque_le=date(2026, 3, 1)), VALUE,
        replace(VALUE, id="retour", mandant_id="camille", mandataire_id="marc", mutuelle_id="rives"),
    ]  # fmt: skip
    put(library, *values)
    rows = list_mandats(library, TODAY)
    assert [(r.id, r.etat) for r in rows] == [
        ("m", EtatMandat.EN_VIGUEUR), ("retour", EtatMandat.EN_VIGUEUR), ("futur", EtatMandat.A_VENIR),
        ("fini", EtatMandat.EXPIRE), ("repris", EtatMandat.REVOQUE),
    ]  # fmt: skip
    assert (rows[1].mandant.prenom, rows[1].mandataire.prenom, rows[1].mutuelle.nom) == (
        "Camille", "Marc", "Mutuelle des Deux Rives",
    )  # fmt: skip
    assert rows[0].mutuelle is None
    assert list_mandats(library, TODAY, "jules") == []
    assert len(list_mandats(library, TODAY, "marc")) == 5


def test_the_right_to_speak_is_asked_of_what_is_kept(library):
    assert droit(library, "camille", "marc", "rives", TODAY).permis is Permission.EN_PRESENCE
    save_mandat(library, VALUE)
    assert droit(library, "camille", "marc", "rives", TODAY).permis is Permission.AVEC_MANDAT
    assert droit(library, "marc", "camille", "rives", TODAY).permis is Permission.EN_PRESENCE
    assert droit(library, "camille", "jules", None, TODAY).permis is Permission.OUI
    revoke_mandat(library, "m", TODAY)
    assert "révoqué" in droit(library, "camille", "marc", "rives", TODAY).phrase


def test_a_paper_or_a_mutuelle_can_go_without_leaving_a_broken_mandate(library):
    document = paper(library, "Mandat signé")
    save_mandat(library, replace(VALUE, document_id=document.id))
    save_mandat(library, replace(VALUE, id="autre", mutuelle_id="autre"))

    def delete() -> None:
        with library.write("Retirer") as db:
            detach_document(db, document.id)
            detach_mutuelle(db, "autre")
            db.delete(document)
            db.delete(AUTRE)

    carried_out(library, "Retirer", delete)
    assert every(library, Mandat) == [VALUE]
