"""The household: who is in it, and who cannot leave it yet."""

from dataclasses import replace
from datetime import date

import pytest

from mutuelle_desktop.domain.contrat import Contrat, Mutuelle
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.personne import Lien, Personne
from mutuelle_desktop.services import contrats, documents, dossiers, personnes
from tests.services.aides import TODAY, carried_out, get, paper, refused

CAMILLE = Personne(prenom=" Camille ", nom="Bessière", nir="2 84 05 69 123 456 78", naissance=date(1984, 5, 12))


def test_a_person_is_added_tidied_and_can_be_undone(library):
    kept = carried_out(library, "Enregistrer Camille Bessière", lambda: personnes.save_personne(library, CAMILLE))
    assert (kept.prenom, kept.nir) == ("Camille", "2840569123456" + "78")
    assert personnes.get_personne(library, kept.id) == kept


def test_a_person_is_changed_under_the_new_name(library):
    kept = personnes.save_personne(library, CAMILLE)
    changed = replace(kept, nom="Bessière-Roux")
    carried_out(library, "Enregistrer Camille Bessière-Roux", lambda: personnes.save_personne(library, changed))
    assert get(library, Personne, kept.id).nom == "Bessière-Roux"


@pytest.mark.parametrize(("prenom", "nom"), [("", ""), ("  ", "\t")])
def test_a_person_without_any_name_is_refused(library, prenom, nom):
    refused(library, "un prénom ou un nom", lambda: personnes.save_personne(library, Personne(prenom=prenom, nom=nom)))


def test_the_household_lists_the_assure_first_then_by_relation_and_first_name(library):
    for prenom, lien in (
        ("Zoé", Lien.ENFANT), ("Marc", Lien.CONJOINT), ("Anne", Lien.AUTRE), ("Jules", Lien.ENFANT),
        ("Camille", Lien.ASSURE),
    ):  # fmt: skip
        personnes.save_personne(library, Personne(prenom=prenom, nom="B", lien=lien))
    assert [p.prenom for p in personnes.list_personnes(library)] == ["Camille", "Marc", "Jules", "Zoé", "Anne"]


def test_a_person_nothing_names_is_removed(library):
    kept = personnes.save_personne(library, CAMILLE)
    carried_out(library, "Retirer Camille Bessière", lambda: personnes.delete_personne(library, kept.id))
    assert personnes.list_personnes(library) == []


def test_removing_someone_already_gone_does_nothing(library):
    personnes.delete_personne(library, "inconnue")
    assert library.undo_label is None


def test_a_person_named_somewhere_stays_and_the_sentence_counts_where(library):
    kept = personnes.save_personne(library, CAMILLE)
    dossiers.create_dossier(library, nature=NatureDossier.INFORMATION, on=TODAY, personne_id=kept.id)
    assert (
        refused(library, "figure", lambda: personnes.delete_personne(library, kept.id))
        == "Camille Bessière figure encore dans 1 dossier. Choisissez-y d’abord quelqu’un d’autre."
    )
    dossiers.create_dossier(library, nature=NatureDossier.INFORMATION, on=TODAY, personne_id=kept.id)
    paper(library, personne_id=kept.id)
    mutuelle = contrats.save_mutuelle(library, Mutuelle(nom="Deux Rives"))
    contrats.save_contrat(library, Contrat(mutuelle_id=mutuelle.id, numero="1"), [kept.id])
    refused(library, "dans 2 dossiers, 1 contrat et 1 document. ", lambda: personnes.delete_personne(library, kept.id))


def test_a_person_named_only_in_the_trash_stays_and_the_sentence_says_to_look_there(library):
    kept = personnes.save_personne(library, CAMILLE)
    document = paper(library, personne_id=kept.id)
    documents.trash_documents(library, [document.id])
    refused(library, "dans 1 document (corbeille comprise).", lambda: personnes.delete_personne(library, kept.id))
