"""The letter that fits: by need in the user's words, by the next step of a dossier, and models of one's own."""

from dataclasses import replace
from datetime import date

import pytest

from mutuelle_desktop.domain.contrat import NatureOrganisme
from mutuelle_desktop.domain.courrier import fragments_of
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier
from mutuelle_desktop.domain.echeance import Cas
from mutuelle_desktop.domain.echelle import GenreEtape
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.services.modeles import (
    FICHIERS,
    MES_MODELES,
    a_revoir,
    catalogue,
    champs,
    find,
    fitting,
    for_need,
    get,
    lois,
    modele_of,
    perso_of,
    plan,
    propose,
)
from mutuelle_desktop.storage.resources import resource
from tests.services.maisonnee import CONTRAT, COURONNE, MUTUELLE, TODAY, event, move_in, put

N, G, D = NatureEvenement, GenreEtape, NatureDossier


def test_the_catalogue_is_read_once_and_whole():
    assert catalogue() is catalogue()
    assert {f"{nom}.toml" for nom in (*FICHIERS, "champs", "references")} == {
        p.name for p in resource("modeles").iterdir()
    }
    assert champs()["soins.date"].libelle == "Date des soins"
    assert lois()["ria"].citation(NatureOrganisme.ASSURANCE).startswith("l’article L. 113-15-2")


def test_a_model_is_got_by_its_id(library):
    assert get("C1").reclamation
    with pytest.raises(Refused, match="n’existe plus"):
        get("Z9")
    with library.read() as db:
        assert find(db, "C1") is get("C1")
        assert find(db, "") is None
        assert find(db, "gone") is None


@pytest.mark.parametrize(
    ("mots", "first"),
    [
        ("résilier", "E1"), ("RESILIER echeance", "E2"), ("mise en demeure", "C7"), ("médiateur", "C9"),
        ("contester un refus", "C2"), ("rib", "D2"), ("déménagement", "D1"), ("prescription", "C17"), ("mandat", "D8"),
        ("hopital", "B4"), ("je veux être remboursé de mes soins", "A1"), ("noemie", "A4"), ("naissance", "D4"),
        ("enregistrement appel", "F1"), ("devis", "B2"), ("retraite", "E9"),
    ],
)  # fmt: skip
def test_a_need_finds_its_letter_whatever_accents_and_case(mots, first):
    assert first in [m.id for m in for_need(mots)][:3]


def test_a_need_without_words_gives_everything_and_nonsense_nothing():
    assert for_need(" ?") == catalogue()
    assert for_need("xylophone") == ()
    assert {m.id for m in for_need("mandat xylophone")} >= {"D8", "D9"}


def case(nature, *natures):
    return Cas(
        dossier=Dossier(id="d", reference="2026-001", titre="t", nature=nature, ouvert_le=TODAY),
        evenements=tuple(Evenement(dossier_id="d", nature=n, le=TODAY) for n in natures),
        mutuelle=MUTUELLE,
    )


@pytest.mark.parametrize(
    ("genre", "nature", "events", "first"),
    [
        (G.PREPARER, D.REMBOURSEMENT, (), "A1"), (G.PREPARER, D.INFORMATION, (), "B1"),
        (G.PREPARER, D.MODIFICATION, (), "D1"), (G.PREPARER, D.PRISE_EN_CHARGE, (), "B3"),
        (G.PREPARER, D.RESILIATION, (), "E1"), (G.ENVOYER, D.REMBOURSEMENT, (N.SOINS,), "A1"),
        (G.ATTENDRE, D.REMBOURSEMENT, (N.DEMANDE, N.ECHANGE), "B10"), (G.APPELER, D.REMBOURSEMENT, (N.DECOMPTE_SECU,), "A4"),
        (G.FOURNIR_PIECE, D.REMBOURSEMENT, (N.DEMANDE, N.PIECE_DEMANDEE), "A2"),
        (G.RELANCER, D.REMBOURSEMENT, (N.DEMANDE,), "A6"), (G.RELANCER, D.REMBOURSEMENT, (N.DEMANDE, N.REPONSE_PARTIELLE), "A6"),
        (G.RECLAMER, D.REMBOURSEMENT, (N.DEMANDE, N.REFUS), "C2"), (G.RECLAMER, D.REMBOURSEMENT, (N.DEMANDE, N.PAIEMENT), "C1"),
        (G.RECLAMER, D.REMBOURSEMENT, (N.DEMANDE, N.RELANCE), "A7"), (G.RECLAMER, D.RESILIATION, (N.RESILIATION,), "E6"),
        (G.METTRE_EN_DEMEURE, D.REMBOURSEMENT, (N.DEMANDE, N.RECLAMATION), "C7"),
        (G.SAISIR_MEDIATEUR, D.REMBOURSEMENT, (N.RECLAMATION,), "C9"), (G.ATTENDRE_MEDIATEUR, D.REMBOURSEMENT, (N.SAISINE,), "C11"),
        (G.REPONDRE_PROPOSITION, D.REMBOURSEMENT, (N.PROPOSITION,), "C10"), (G.CONCILIER, D.REMBOURSEMENT, (), "C13"),
        (G.INTERROMPRE, D.REMBOURSEMENT, (N.SOINS,), "C17"), (G.CLORE, D.REMBOURSEMENT, (N.PAIEMENT,), "C15"),
        (G.VERIFIER, D.REMBOURSEMENT, (N.RECLAMATION,), "C18"), (G.CLOS, D.REMBOURSEMENT, (N.PAIEMENT,), "C15"),
    ],
)  # fmt: skip
def test_each_step_has_its_letter(genre, nature, events, first):
    found = [m.id for m in fitting(case(nature, *events), genre)]
    assert found[0] == first or (first in found[:2] and genre in (G.RELANCER, G.VERIFIER)), found


def test_what_did_not_take_place_proposes_nothing():
    ids = {m.id for m in fitting(case(D.REMBOURSEMENT, N.DEMANDE), G.RECLAMER)}
    assert not ids & {"A7", "C2", "C6", "E6", "E11"}
    answered = fitting(case(D.REMBOURSEMENT, N.DEMANDE, N.RELANCE, N.REFUS), G.RECLAMER)
    assert "A7" not in {m.id for m in answered}


def test_a_contract_imposed_by_the_employer_is_not_resigned_by_the_person():
    imposed = replace(case(D.RESILIATION), contrat=replace(CONTRAT, collectif=True, obligatoire=True))
    assert not {m.id for m in fitting(imposed, G.PREPARER)} & {"E1", "E2", "E3", "E4", "E5"}


def test_a_dossier_is_proposed_its_next_letter_and_the_other_ways(library):
    move_in(library)
    first = propose(library, "couronne", TODAY)[0]
    assert (first.modele.id, first.etape, first.principale) == ("A1", G.PREPARER, True)
    assert first.raison.startswith("Prochaine étape\u00a0: préparer la demande.")
    put(library, event(N.DEMANDE, date(2026, 9, 1), canal=Canal.COURRIER, sens=Sens.ENVOYE),
        event(N.REFUS, date(2026, 11, 2), canal=Canal.COURRIER, sens=Sens.RECU))  # fmt: skip
    found = propose(library, "couronne", TODAY)
    assert (found[0].modele.id, found[0].etape) == ("C2", G.RECLAMER)
    assert len({p.modele.id for p in found}) == len(found)
    assert [p.principale for p in found] == sorted((p.principale for p in found), reverse=True)
    assert all(p.raison.endswith((".", "!")) for p in found)
    assert "C9" not in {p.modele.id for p in found}


def test_the_mediateur_is_proposed_only_while_he_is_open(library):
    move_in(library, event(N.RECLAMATION, date(2026, 9, 21), canal=Canal.RECOMMANDE, sens=Sens.ENVOYE))
    assert "C9" not in {p.modele.id for p in propose(library, "couronne", date(2026, 11, 20))}
    opened = propose(library, "couronne", date(2026, 11, 24))
    assert opened[0].modele.id == "C9"
    assert "C9" not in {p.modele.id for p in propose(library, "couronne", date(2027, 9, 25))}


def test_a_closed_dossier_still_has_a_letter(library):
    move_in(library)
    put(library, replace(COURONNE, clos_le=TODAY))
    assert [p.modele.id for p in propose(library, "couronne", TODAY)] == ["C15"]


def test_texts_turn_amber_after_twelve_months_and_the_uncertain_ones_always_are():
    assert a_revoir(get("E1"), NatureOrganisme.MUTUELLE, TODAY) == ()
    assert len(a_revoir(get("E1"), NatureOrganisme.MUTUELLE, date(2027, 11, 24))) == 2
    assert [r.article for r in a_revoir(get("E1"), NatureOrganisme.PREVOYANCE, TODAY)] == ["L932-21-2"]


def test_a_copy_of_a_model_becomes_one_of_the_user_s_own(library):
    perso = replace(perso_of(get("C7"), NatureOrganisme.MUTUELLE), titre="Ma mise en demeure")
    put(library, perso)
    with library.read() as db:
        own = find(db, perso.id)
    assert own is not None
    assert (own.titre, own.famille, own.nature_evenement, own.canal) == (
        "Ma mise en demeure", MES_MODELES, N.MISE_EN_DEMEURE, Canal.RECOMMANDE,
    )  # fmt: skip
    assert own.saisies == get("C7").saisies
    assert not any(f.champ.startswith("loi.") for f in fragments_of(own.blocs))
    fresh = modele_of(replace(perso, origine="", besoin="", nature_evenement=None))
    assert (fresh.besoin, fresh.nature_evenement, fresh.saisies) == ("Ma mise en demeure", N.ECHANGE, ())


def test_a_model_is_shown_before_it_is_chosen():
    lines = list(plan(get("C1")))
    assert any("[Date des soins]" in line for line in lines)
    assert any("Somme demandée | [Somme demandée]" in line for line in lines)
    assert any(line.startswith("- la base") for line in plan(get("B5")))
    assert any(line.startswith("1. vérifier") for line in plan(get("A4")))
