"""Calls: prepared from the dossier, noted in one step with what follows, corrected, taken along by deletion."""

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

import pytest

from mutuelle_desktop.domain.appel import NOM_REFUSE, Appel, IssueAppel
from mutuelle_desktop.domain.calendrier import Foyer, Zone
from mutuelle_desktop.domain.checklist import Coche, EtatCoche
from mutuelle_desktop.domain.creneau import AppelPasse
from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.echeance import Cas, echeances
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.domain.mandat import Mandat, Permission
from mutuelle_desktop.services.appels import (
    appel_of,
    compte_rendu,
    correct_appel,
    feuille_appel,
    historique,
    preparation,
    record_appel,
)
from mutuelle_desktop.services.attaches import detach_contact, detach_evenement
from mutuelle_desktop.services.faits import regles_of
from mutuelle_desktop.storage.library import Library
from tests.services.aides import carried_out, every, get, refused, spaced
from tests.services.maisonnee import CAMILLE, COURONNE, REMBOURSEMENTS, TODAY, call, compte, event, held, move_in, put

N = NatureEvenement
NOW = datetime(2026, 11, 24, 9, 35)


@pytest.fixture(autouse=True)
def household(library):
    move_in(library)


def texts(prepared) -> str:
    return spaced("\n".join(q.texte for q in prepared.questions))


def dossier(library, **facts):
    put(library, replace(COURONNE, **facts))


def test_the_questions_of_a_claim_have_its_figures(library):
    put(library, event(N.SOINS, date(2026, 10, 6)), event(N.DEMANDE, date(2026, 10, 20)))
    prepared = preparation(library, "couronne", NOW)
    asked = texts(prepared)
    assert "« Couronne dent 36 » du 06/10/2026, que j’ai payé 550,00 € ?" in asked
    assert "La Sécu m’a versé 84,00 €" in asked
    assert "Ma demande du 20/10/2026" in asked
    assert spaced(prepared.objectif) == "Savoir combien et à quelle date « Couronne dent 36 » sera remboursé."


def test_what_is_known_of_a_claim_is_said_and_nothing_else(library):
    assert "« Couronne dent 36 », que j’ai payé 550,00 € ?" in texts(preparation(library, "couronne", NOW))
    dossier(library, montant_paye=None)
    held(library, TypeDocument.FACTURE, date_document=date(2026, 10, 5))
    assert "« Couronne dent 36 » du 05/10/2026 ?" in texts(preparation(library, "couronne", NOW))
    held(library, TypeDocument.FACTURE, date_document=date(2026, 10, 9))
    assert "remboursé pour « Couronne dent 36 » ?" in texts(preparation(library, "couronne", NOW)), "which of the two?"


def test_a_partial_payment_asks_for_what_is_missing(library):
    put(library, event(N.PAIEMENT, date(2026, 11, 2), montant=Decimal("200.00")))
    asked = texts(preparation(library, "couronne", NOW))
    assert "J’attendais 316,50 € et j’ai reçu 200,00 €" in asked
    assert "des 116,50 € qui manquent" in asked


def test_a_refusal_a_paper_asked_and_a_broken_promise_bring_their_questions(library):
    put(library, call(date(2026, 11, 2), promis_le=date(2026, 11, 16)), event(N.REFUS, date(2026, 11, 9)))
    asked = texts(preparation(library, "couronne", NOW))
    assert "le refus du 09/11/2026" in asked
    assert "16/11/2026" not in asked, "an answer came"
    put(library, call(date(2026, 11, 10), promis_le=date(2026, 11, 20)), event(N.PIECE_DEMANDEE, date(2026, 11, 12)))
    asked = texts(preparation(library, "couronne", NOW))
    assert "une réponse pour le 20/11/2026" in asked
    assert "Quelle pièce exacte" in asked
    assert "20/11/2026" not in texts(preparation(library, "couronne", datetime(2026, 11, 20, 9))), "not broken yet"
    put(library, event(N.COMPLEMENT, date(2026, 11, 14)))
    assert "Quelle pièce exacte" not in texts(preparation(library, "couronne", NOW))


@pytest.mark.parametrize(
    ("nature", "words"),
    [
        (NatureDossier.INFORMATION, "comprend-il la part de la Sécu"),
        (NatureDossier.RECLAMATION, "Quel médiateur est indiqué"),
        (NatureDossier.MODIFICATION, "à partir de quel jour"),
        (NatureDossier.PRISE_EN_CHARGE, "devis de 550,00 €"),
        (NatureDossier.RESILIATION, "dernier jour de mon contrat"),
    ],
)
def test_each_nature_has_its_own_questions(library, nature, words):
    dossier(library, nature=nature)
    prepared = preparation(library, "couronne", NOW)
    assert words in texts(prepared)
    assert "Combien serai-je remboursé" not in texts(prepared)
    assert prepared.objectif
    assert len(prepared.questions) <= 10


def test_when_refused_the_five_prompts_are_there(library):
    said = {r.id: r.moment for r in preparation(library, "couronne", NOW).repliques}
    assert said.items() >= {("superviseur", "blocage"), ("specialiste", "blocage"), ("numero", "blocage"),
                            ("references", "refus"), ("ecrit", "refus")}  # fmt: skip


def test_the_numbers_to_copy_are_theirs_and_the_nir_is_secret(library):
    put(library, call(date(2026, 11, 2), numero="A-77"), call(date(2026, 11, 3), numero="R-1"),
        event(N.RECLAMATION, date(2026, 11, 4), canal=Canal.RECOMMANDE, numero="1A 200 000 0001 2"))  # fmt: skip
    numbers = [(n.libelle, spaced(n.affiche)) for n in preparation(library, "couronne", NOW).numeros]
    assert numbers == [
        ("Numéro d’adhérent", "22057529"), ("Numéro de contrat", "0047518"), ("Leur référence", "R-1"),
        ("Leur référence", "A-77"), ("Naissance de Camille", "12/05/1984"),
        ("Sécurité sociale de Camille", "2 •• •• •• ••• ••• 80"),
    ]  # fmt: skip


def test_a_child_without_a_number_is_known_by_the_assures(library):
    dossier(library, personne_id="jules")
    assert preparation(library, "couronne", NOW).numeros[-1].libelle == "Sécurité sociale de Camille"


def test_the_service_made_for_it_comes_first_then_the_one_called_last(library):
    assert [c.contact.id for c in preparation(library, "couronne", NOW).contacts] == ["remb", "accueil"]
    record_appel(library, "couronne", compte(contact_id="accueil"), TODAY)
    prepared = preparation(library, "couronne", NOW)
    assert [c.contact.id for c in prepared.contacts] == ["accueil", "remb"]
    assert prepared.contacts[1].contact.svi == "1 puis 3"
    assert spaced(prepared.contacts[1].horaires) == "lundi-vendredi 9 h-18 h"


def test_the_time_advised_follows_hours_zone_and_own_waits(library):
    assert preparation(library, "couronne", NOW).conseil.maintenant_ok
    assert not preparation(library, "couronne", datetime(2026, 11, 23, 9, 35)).conseil.maintenant_ok
    put(library, Foyer(zone=Zone.ALSACE_MOSELLE))
    assert not preparation(library, "couronne", datetime(2026, 4, 3, 9, 35)).conseil.ouvert
    for day in range(2, 8):
        record_appel(library, "couronne", compte(le=date(2026, 11, day), attente=2700, promis_le=None,
                                                 issue=IssueAppel.REPONSE), TODAY)  # fmt: skip
    found = preparation(library, "couronne", NOW).conseil
    assert not found.maintenant_ok
    assert "45 min" in spaced(found.raison)


def test_without_contract_or_people_the_call_is_still_prepared(library):
    dossier(library, contrat_id=None, personne_id=None)
    prepared = preparation(library, "couronne", NOW)
    assert (prepared.mutuelle, prepared.contacts, prepared.conseil.suppose) == ("", (), True)
    assert prepared.droit.permis is Permission.OUI


def test_in_an_empty_household_a_call_is_prepared_without_saying_who_may_speak(tmp_path):
    alone = Library(tmp_path / "seul")
    put(alone, replace(COURONNE, personne_id=None, contrat_id=None, references_mutuelle=()))
    prepared = preparation(alone, "couronne", NOW)
    alone.close()
    assert (prepared.droit, prepared.appelant, prepared.numeros) == (None, "", ())


def test_a_number_that_is_no_nir_is_read_as_it_was_written(library):
    put(library, replace(CAMILLE, nir="12 34"))
    assert preparation(library, "couronne", NOW).numeros[-1].valeur == "12 34"


def test_who_may_speak_follows_the_mandates(library):
    dossier(library, personne_id="marc")
    assert preparation(library, "couronne", NOW).droit.permis is Permission.EN_PRESENCE
    put(library, Mandat(mandant_id="marc", mandataire_id="camille", du=date(2026, 1, 1), mutuelle_id="rives"))
    assert preparation(library, "couronne", NOW).droit.permis is Permission.AVEC_MANDAT
    assert preparation(library, "couronne", NOW, appelant_id="marc").droit.permis is Permission.OUI


def test_papers_to_have_say_which_are_there(library):
    held(library, TypeDocument.FACTURE)
    held(library, TypeDocument.CARTE, dossier_id=None)
    there = {p.types[0]: p.present for p in preparation(library, "couronne", NOW).papiers}
    assert there == {TypeDocument.CARTE: True, TypeDocument.FACTURE: True, TypeDocument.DECOMPTE_SECU: False,
                     TypeDocument.ORDONNANCE: False}  # fmt: skip


def test_the_sheet_is_plain_text_and_keeps_the_nir_to_itself(library):
    prepared = preparation(library, "couronne", NOW)
    sheet = spaced(feuille_appel(prepared))
    for words in ("Couronne dent 36", "01 99 00 12 34", "Menu : 1 puis 3", "22057529", "☐ facture"):
        assert words in sheet
    assert "588" not in sheet
    assert "588" in feuille_appel(prepared, avec_secrets=True)


def test_a_dossier_that_is_gone_is_not_prepared(library):
    refused(library, "Ce dossier n’existe plus.", lambda: preparation(library, "rien", NOW))


def test_a_call_is_one_event_and_what_it_holds_beyond_it(library):
    suite = carried_out(library, "Noter l’appel", lambda: record_appel(library, "couronne", compte(), TODAY))
    (noted,) = every(library, Evenement)
    assert noted == suite.evenement
    assert (noted.nature, noted.canal, noted.sens) == (N.ECHANGE, Canal.TELEPHONE, Sens.ENVOYE)
    assert (noted.le, noted.heure, noted.interlocuteur, noted.numero) == (TODAY, time(9, 40), "Mme Arnal", "A-77")
    assert spaced(noted.texte).splitlines() == [
        "But : Savoir quand", "Quand ? → Le 4 décembre", "Issue : délai promis", "Aimable.",
    ]  # fmt: skip
    held_beyond = appel_of(library, noted.id)
    assert held_beyond == suite.appel
    assert (held_beyond.contact_id, held_beyond.attente, held_beyond.conversation) == ("remb", 240, 95)


def test_a_promise_opens_the_deadline_the_engine_computes(library):
    suite = record_appel(library, "couronne", compte(), TODAY)
    put(library, event(N.DEMANDE, date(2026, 10, 20)))
    with library.read() as db:
        events = tuple(sorted(db.all(Evenement), key=lambda e: e.le))
        found = echeances(Cas(dossier=COURONNE, evenements=events), regles_of(db), TODAY)
    (opened,) = [e for e in found if e.cle == suite.echeance]
    assert opened.brute == date(2026, 12, 6), "the promised day and 48 hours"


def test_what_follows_advises_a_letter_unless_nobody_answered(library):
    assert record_appel(library, "couronne", compte(), TODAY).confirmer
    silent = compte(interlocuteur="", issue=IssueAppel.SANS_REPONSE, promis_le=None)
    found = record_appel(library, "couronne", silent, TODAY)
    assert (found.confirmer, found.echeance) == (False, None)


def test_a_name_refused_is_a_name(library):
    record_appel(library, "couronne", compte(interlocuteur=NOM_REFUSE), TODAY)
    assert every(library, Evenement)[0].interlocuteur == "refusé"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"le": date(2026, 11, 24)}, "dans le futur"),
        ({"interlocuteur": ""}, "Notez le nom"),
        ({"promis_le": None}, "Indiquez le jour promis"),
        ({"promis_le": date(2026, 11, 1)}, "précède l’appel"),
        ({"attente": -5}, "négative"),
        ({"contact_id": "parti"}, "Ce service n’existe plus"),
    ],
)
def test_an_account_that_cannot_be_changes_nothing(library, facts, words):
    refused(library, words, lambda: record_appel(library, "couronne", compte(**facts), TODAY))


def test_no_call_is_noted_in_a_dossier_that_is_gone(library):
    refused(library, "Ce dossier n’existe plus.", lambda: record_appel(library, "rien", compte(), TODAY))


def test_what_was_ticked_while_preparing_now_belongs_to_the_call(library):
    ticks = [Coche(id=line, dossier_id="couronne", ligne=line, etat=EtatCoche.FAIT)
             for line in ("avant.questions", "preparer.calme", "complexe.historique")]  # fmt: skip
    earlier = call(date(2026, 11, 2))
    put(library, *ticks, earlier,
        Coche(id="old", dossier_id="couronne", evenement_id=earlier.id, ligne="apres.notes", etat=EtatCoche.FAIT))  # fmt: skip
    suite = carried_out(library, "Noter l’appel", lambda: record_appel(library, "couronne", compte(), TODAY))
    owners = {c.id: c.evenement_id for c in every(library, Coche)}
    assert owners == {"avant.questions": suite.evenement.id, "preparer.calme": suite.evenement.id,
                      "complexe.historique": None, "old": earlier.id}  # fmt: skip


def test_a_call_is_read_back_as_it_was_told_and_corrected_in_one_step(library):
    key = record_appel(library, "couronne", compte(), TODAY).evenement.id
    told = compte_rendu(library, key)
    assert told == compte()
    changed = replace(told, promis_le=date(2026, 12, 11), reponses=("Le 11", "316 €"), notes="Aimable, deux fois.")
    carried_out(library, "Corriger l’appel", lambda: correct_appel(library, key, changed, TODAY))
    assert compte_rendu(library, key) == changed
    assert len(every(library, Evenement)) == 1


def test_correcting_keeps_what_the_call_window_does_not_show(library):
    first = call(date(2026, 11, 2), texte="Noté à la main.")
    second = call(suite_de=first.id, document_id=held(library, TypeDocument.COURRIER))
    put(library, first, second)
    assert compte_rendu(library, first.id).notes == "Noté à la main."
    correct_appel(library, second.id, compte(), TODAY)
    kept = get(library, Evenement, second.id)
    assert (kept.suite_de, kept.document_id) == (first.id, second.document_id)


def test_only_a_call_is_corrected_as_one(library):
    letter = event(N.RECLAMATION, TODAY, canal=Canal.COURRIER)
    put(library, letter)
    refused(library, "n’est pas un appel", lambda: correct_appel(library, letter.id, compte(), TODAY))
    refused(library, "n’existe plus", lambda: correct_appel(library, "rien", compte(), TODAY))
    refused(library, "n’existe plus", lambda: compte_rendu(library, "rien"))


def test_the_history_of_a_mutuelle_is_its_timed_calls(library):
    other = replace(COURONNE, id="seul", reference="2026-002", contrat_id=None)
    put(library, other)
    record_appel(library, "couronne", compte(le=date(2026, 11, 3), promis_le=None, issue=IssueAppel.REPONSE), TODAY)
    record_appel(library, "couronne", compte(attente=0), TODAY)  # not timed
    record_appel(library, "couronne", compte(heure=None), TODAY)
    record_appel(library, "couronne", compte(contact_id=None, attente=60, heure=time(10)), TODAY)
    record_appel(library, "seul", compte(attente=30), TODAY)  # known by its service
    record_appel(library, "seul", compte(contact_id=None, attente=99), TODAY)  # known by nothing
    assert historique(library, "rives") == (
        AppelPasse(datetime(2026, 11, 3, 9, 40), 240), AppelPasse(datetime(2026, 11, 23, 9, 40), 30),
        AppelPasse(datetime(2026, 11, 23, 10), 60),
    )  # fmt: skip
    assert historique(library, "autre") == ()


def test_deleting_the_event_takes_its_call_and_ticks_and_frees_what_followed(library):
    noted = record_appel(library, "couronne", compte(), TODAY).evenement
    follower = event(N.REPONSE, TODAY, suite_de=noted.id)
    mine = Coche(dossier_id="couronne", evenement_id=noted.id, ligne="apres.notes", etat=EtatCoche.FAIT)
    other = Coche(dossier_id="couronne", ligne="apres.notes", etat=EtatCoche.FAIT)
    put(library, follower, mine, other)

    def delete() -> None:
        with library.write("Retirer l’événement") as db:
            detach_evenement(db, noted.id)
            db.delete(noted)

    carried_out(library, "Retirer l’événement", delete)
    assert every(library, Appel) == []
    assert [c.id for c in every(library, Coche)] == [other.id]
    assert get(library, Evenement, follower.id).suite_de is None


def test_a_service_can_go_and_its_calls_stay(library):
    noted = record_appel(library, "couronne", compte(), TODAY).evenement

    def delete() -> None:
        with library.write("Retirer le service") as db:
            detach_contact(db, "remb")
            db.delete(REMBOURSEMENTS)

    carried_out(library, "Retirer le service", delete)
    assert appel_of(library, noted.id).contact_id is None


def test_an_event_without_a_call_is_let_go_as_well(library):
    letter = event(N.RECLAMATION, TODAY)
    put(library, letter)
    with library.write("Retirer") as db:
        detach_evenement(db, letter.id)
        db.delete(letter)
    assert every(library, Evenement) == []
