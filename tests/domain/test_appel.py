"""A call: the questions filled with figures, the account checked, its text, its sheet."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from mutuelle_desktop.domain.appel import (
    Appel,
    CompteRendu,
    ContactAppel,
    IssueAppel,
    ModeleQuestion,
    Numero,
    Papier,
    Preparation,
    Question,
    Replique,
    check_compte,
    feuille_of,
    notes_in,
    questions_for,
    suite_of,
    texte_of,
)
from mutuelle_desktop.domain.contrat import Contact
from mutuelle_desktop.domain.creneau import Conseil
from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement
from mutuelle_desktop.domain.mandat import Droit, Permission

TODAY = date(2026, 11, 23)
COMPTE = CompteRendu(
    le=TODAY, heure=time(9, 40), interlocuteur="Mme Arnal", numero="A-77", issue=IssueAppel.PROMESSE,
    promis_le=date(2026, 12, 4), objectif="Savoir quand", questions=("Quand ?", "Combien ?"),
    reponses=("Le 4\ndécembre", ""), notes="Très aimable.\nRappeler.",
)  # fmt: skip
REMBOURSEMENT = NatureDossier.REMBOURSEMENT


def asked(modele: ModeleQuestion, nature=REMBOURSEMENT, vrais=(), **faits):
    return [q.texte for q in questions_for([modele], nature, faits, vrais)]


def test_a_question_is_filled_with_the_facts_of_the_dossier():
    modele = ModeleQuestion(id="q", texte="Combien pour {soin} du {date} ?")
    assert asked(modele, soin="la couronne", date="06/10/2026") == ["Combien pour la couronne du 06/10/2026 ?"]


def test_a_question_whose_figure_is_unknown_is_asked_shorter_or_not_at_all():
    full, shorter, shortest = "Combien pour {soin} du {date} ?", "Combien pour {soin} ?", "Combien pour {acte} ?"
    modele = ModeleQuestion(id="q", texte=full, sinon=(shorter, shortest))
    assert asked(modele, soin="la couronne", date="", acte="X") == ["Combien pour la couronne ?"]
    assert asked(modele, acte="l’acte") == ["Combien pour l’acte ?"]
    assert asked(modele, date="06/10/2026") == []


def test_a_question_is_for_its_natures_and_its_conditions():
    modele = ModeleQuestion(id="q", texte="Pourquoi ?", natures=(REMBOURSEMENT,), si=("refus",))
    assert asked(modele, vrais={"refus", "demande"}) == ["Pourquoi ?"]
    assert asked(modele, vrais={"demande"}) == []
    assert asked(modele, NatureDossier.INFORMATION, {"refus"}) == []


def test_a_fact_that_looks_like_a_place_to_fill_is_left_alone():
    assert asked(ModeleQuestion(id="q", texte="Pour {soin} ?"), soin="{date}") == ["Pour {date} ?"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"le": date(2026, 11, 24)}, "dans le futur"),
        ({"interlocuteur": "  "}, "ou «\u00a0refusé\u00a0»"),
        ({"promis_le": None}, "le jour promis"),
        ({"promis_le": date(2026, 11, 22)}, "précède l’appel"),
        ({"attente": -1}, "négative"),
        ({"conversation": -1}, "négative"),
        ({"reponses": ("a", "b", "c")}, "plus de réponses"),
    ],
)
def test_an_account_that_cannot_be_is_refused(changes, words):
    check_compte(COMPTE, TODAY)
    with pytest.raises(Refused, match=words):
        check_compte(replace(COMPTE, **changes), TODAY)


def test_nobody_answering_needs_no_name():
    check_compte(replace(COMPTE, interlocuteur="", issue=IssueAppel.SANS_REPONSE), TODAY)


def test_the_text_holds_what_was_asked_and_answered_then_the_notes():
    assert texte_of(COMPTE).replace("\u00a0", " ").splitlines() == [
        "But : Savoir quand", "Quand ? → Le 4 décembre", "Issue : délai promis", "Très aimable.", "Rappeler.",
    ]  # fmt: skip


def test_the_notes_are_found_again_in_the_text_even_when_the_answers_moved():
    assert notes_in(texte_of(COMPTE), COMPTE) == COMPTE.notes
    edited = "Avant.\n" + texte_of(COMPTE)
    assert notes_in(edited, COMPTE) == "Avant.\n" + COMPTE.notes


@pytest.mark.parametrize("issue", IssueAppel)
def test_what_was_said_calls_for_a_letter_and_silence_does_not(issue):
    noted = Evenement(dossier_id="d", nature=NatureEvenement.ECHANGE, canal=Canal.TELEPHONE, le=TODAY)
    suite = suite_of(noted, Appel(id=noted.id, issue=issue))
    assert suite.confirmer == (issue is not IssueAppel.SANS_REPONSE)
    assert suite.pourquoi.endswith(".")
    assert suite.echeance is None
    promised = replace(noted, promis_le=date(2026, 12, 4))
    assert suite_of(promised, Appel(id=noted.id)).echeance == f"R05:{noted.id}"


def test_a_secret_number_is_masked_and_never_in_a_trace():
    nir = Numero("Sécurité sociale", "2 69 05 49 588 157 80", secret=True)
    assert nir.affiche == "2 •• •• •• ••• ••• 80"
    assert "588" not in repr(nir)
    assert Numero("Adhérent", "22057529").affiche == "22057529"


def preparation(**facts) -> Preparation:
    advice = Conseil(quand=datetime(2026, 11, 24, 9), maintenant_ok=False, titre="Plutôt demain, 9 h", raison="Calme.",
                     ouvert=False, suppose=False)  # fmt: skip
    plain = {
        "dossier_id": "d", "titre": "Couronne", "mutuelle": "Deux Rives", "objectif": "Savoir combien.",
        "questions": (Question(id="q", texte="Combien ?"),),
        "repliques": (Replique(id="r", moment="refus", titre="L’article", texte="Quel article ?"),),
        "papiers": (Papier((TypeDocument.FACTURE, TypeDocument.DEVIS), "Le prix.", present=False),
                    Papier((TypeDocument.CARTE,), "Le numéro.", present=True)),
        "numeros": (Numero("Adhérent", "22057529"), Numero("Sécu", "2 69 05 49 588 157 80", secret=True)),
        "contacts": (ContactAppel(contact=Contact(mutuelle_id="m", nom="Remboursements", telephone="01 99 00 12 34",
                                                  svi="1 puis 3"), horaires="lundi 9 h-18 h", conseil=advice),),
        "appelant": "Camille", "droit": Droit(permis=Permission.OUI, phrase="Pour vous-même.", source="—"),
        "conseil": advice,
    }  # fmt: skip
    return Preparation(**{**plain, **facts})


def test_the_sheet_holds_everything_and_room_to_write():
    texte = feuille_of(preparation()).texte
    for words in ("Appel — Couronne", "BUT DE L’APPEL", "Savoir combien.", "01 99 00 12 34", "Menu\u00a0: 1 puis 3",
                  "Plutôt demain", "Pour vous-même.", "☐ facture ou devis — Le prix.", "☑ carte de tiers payant",
                  "22057529", "☐ Combien ?", "Quel article ?", "Nom de la personne", "Délai promis", "………"):  # fmt: skip
        assert words in texte
    assert "<" not in texte


def test_the_sheet_masks_secrets_unless_asked():
    assert "588" not in feuille_of(preparation()).texte
    assert "2 69 05 49 588 157 80" in feuille_of(preparation(), avec_secrets=True).texte


def test_the_sheet_leaves_out_what_is_unknown():
    titles = [s.titre for s in feuille_of(preparation(droit=None, numeros=(), contacts=(), mutuelle="")).sections]
    assert not {"Qui parle", "Numéros à donner", "Qui appeler"} & set(titles)
