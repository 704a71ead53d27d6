"""Checklists of a dossier: what its facts tick, what is still missing, what the user says."""

from dataclasses import replace
from datetime import date, time

import pytest

from mutuelle_desktop.domain.checklist import LISTES_ECHANGE, Coche, EtatCoche, EtatLigne, Portee
from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.echeance import Rappel
from mutuelle_desktop.domain.evenement import Canal, NatureEvenement, Sens
from mutuelle_desktop.domain.ids import now
from mutuelle_desktop.services.appels import record_appel
from mutuelle_desktop.services.checklists import (
    RECOURS,
    check,
    checklist,
    checklists,
    faits,
    listes,
    pieces_manquantes,
    set_aside,
    uncheck,
)
from mutuelle_desktop.services.faits import regles_of
from mutuelle_desktop.services.papiers import pieces_utiles
from tests.services.aides import carried_out, every, refused, spaced
from tests.services.maisonnee import CONTRAT, COURONNE, TODAY, call, compte, event, held, move_in, put

N = NatureEvenement
DONE, TODO, ASIDE, HAND = EtatLigne.PAR_FAIT, EtatLigne.A_FAIRE, EtatLigne.SANS_OBJET, EtatLigne.PAR_MAIN


@pytest.fixture(autouse=True)
def household(library):
    move_in(library)


def fact(library, nom: str, of: str | None = None, today: date = TODAY):
    found = faits(library, "couronne", today, of)[nom]
    assert found.etat is TODO or found.phrase.endswith("."), nom
    return found.etat, spaced(found.phrase)


def line(library, key: str, of: str | None = None):
    shown = checklist(library, key.partition(".")[0], "couronne", TODAY, of)
    found = next(ligne for ligne in shown.lignes if ligne.ligne.id == key)
    return found.etat, spaced(found.raison)


def missing(library) -> list[TypeDocument]:
    return [kind for kind, why in pieces_manquantes(library, "couronne", TODAY) if why.endswith((".", "…"))]


def test_there_are_five_lists_of_five_lines_and_each_fact_named_is_computed(library):
    assert [len(liste.lignes) for liste in listes()] == [5] * 5
    assert {liste.id for liste in listes() if liste.portee is Portee.ECHANGE} == set(LISTES_ECHANGE)
    named = {ligne.fait for liste in listes() for ligne in liste.lignes if ligne.fait}
    assert named == set(faits(library, "couronne", TODAY))
    assert [e.liste.id for e in checklists(library, "couronne", TODAY)] == [liste.id for liste in listes()]


def test_the_rules_of_recourse_exist(library):
    with library.read() as db:
        ids = {rule.id for rule in regles_of(db).all()}
    assert set(RECOURS) <= ids


def test_an_adherent_number_known_ticks_its_line_and_says_it(library):
    assert line(library, "avant.numero") == (DONE, "Numéro d’adhérent : 22057529.")
    put(library, replace(CONTRAT, numero_adherent=""))
    assert line(library, "avant.numero") == (TODO, "Il n’est pas noté dans le contrat.")
    put(library, replace(COURONNE, contrat_id=None))
    assert line(library, "avant.numero") == (TODO, "Ce dossier n’a pas de contrat.")


def test_papers_are_there_when_none_is_missing(library):
    assert fact(library, "papiers")[0] is TODO
    assert "facture" in fact(library, "papiers")[1]
    for kind in (TypeDocument.FACTURE, TypeDocument.FEUILLE_SOINS, TypeDocument.ORDONNANCE):
        held(library, kind)
    assert fact(library, "papiers")[1] == "À ajouter : carte de tiers payant ou attestation de droits."
    held(library, TypeDocument.ATTESTATION, dossier_id=None)
    assert fact(library, "papiers")[0] is DONE
    assert line(library, "preparer.documents")[0] is DONE


@pytest.mark.parametrize(
    ("nature", "needs"),
    [
        (NatureDossier.REMBOURSEMENT, {"CARTE", "FACTURE", "DECOMPTE_SECU", "ORDONNANCE"}),
        (NatureDossier.INFORMATION, {"CARTE", "CONTRAT"}),
        (NatureDossier.RECLAMATION, {"CARTE", "IDENTITE", "CONTRAT", "COURRIER", "DECOMPTE_MUTUELLE", "FACTURE"}),
        (NatureDossier.MODIFICATION, {"CARTE", "IDENTITE", "ATTESTATION"}),
        (NatureDossier.PRISE_EN_CHARGE, {"CARTE", "ORDONNANCE", "DEVIS", "CONTRAT"}),
        (NatureDossier.RESILIATION, {"CARTE", "IDENTITE", "CONTRAT"}),
    ],
)
def test_each_kind_of_request_needs_its_papers(library, nature, needs):
    put(library, replace(COURONNE, nature=nature))
    assert set(missing(library)) == {TypeDocument[name] for name in needs}


def test_a_card_serves_wherever_it_is_but_not_one_of_someone_else_nor_one_in_the_trash(library):
    held(library, TypeDocument.CARTE, dossier_id=None, personne_id="marc")
    assert TypeDocument.CARTE in missing(library)
    held(library, TypeDocument.CARTE, dossier_id=None, personne_id="camille", supprime_le=now())
    assert TypeDocument.CARTE in missing(library)
    held(library, TypeDocument.CARTE, dossier_id=None, personne_id="camille")
    assert TypeDocument.CARTE not in missing(library)


def test_an_invoice_serves_only_in_its_dossier(library):
    held(library, TypeDocument.FACTURE, dossier_id=None)
    assert TypeDocument.FACTURE in missing(library)


def test_every_type_needed_somewhere_has_its_reason():
    assert all(p.pourquoi and p.types for p in pieces_utiles())


def test_a_call_ticks_what_it_holds(library):
    silent = call()
    put(library, silent)
    rich = record_appel(library, "couronne", compte(), TODAY).evenement
    for key in ("avant.questions", "avant.objectif", "pendant.nom", "pendant.delai", "apres.notes", "apres.rappel"):
        assert line(library, key, rich.id)[0] is DONE, key
        assert line(library, key, silent.id)[0] is TODO, key
    assert line(library, "pendant.numero", rich.id) == (DONE, "Numéro obtenu : A-77.")
    assert line(library, "pendant.delai", rich.id) == (DONE, "Promis pour le 04/12/2026.")
    assert line(library, "pendant.nom", rich.id) == (DONE, "Noté : Mme Arnal.")
    assert line(library, "apres.rappel", rich.id) == (DONE, "La promesse du 04/12/2026 est suivie.")


def test_a_reference_of_the_mutuelle_stands_for_the_number(library):
    assert fact(library, "numero_dossier") == (DONE, "Référence de la mutuelle : R-1.")
    put(library, replace(COURONNE, references_mutuelle=()))
    assert fact(library, "numero_dossier")[0] is TODO


@pytest.mark.parametrize(
    ("le", "heure", "etat"),
    [
        (date(2026, 11, 17), time(9, 40), DONE),
        (date(2026, 11, 17), time(12, 40), TODO),
        (date(2026, 11, 23), time(9, 40), TODO),  # Monday morning
        (date(2026, 11, 12), time(9, 40), TODO),  # after 11 November
    ],
)
def test_the_hour_of_a_call_is_judged_like_the_advice(library, le, heure, etat):
    noted = call(le, heure)
    put(library, noted)
    assert fact(library, "horaire", noted.id)[0] is etat


def test_an_hour_has_no_object_where_nobody_was_called(library):
    message = event(N.ECHANGE, TODAY, heure=time(22), canal=Canal.ESPACE_CLIENT)
    put(library, message)
    assert fact(library, "horaire", message.id)[0] is ASIDE
    assert fact(library, "confirmation", message.id)[0] is ASIDE
    assert fact(library, "horaire")[0] is TODO


def test_papers_asked_are_to_send_until_they_are(library):
    noted = call(date(2026, 11, 2))
    put(library, noted)
    assert fact(library, "envoi", noted.id)[0] is ASIDE
    put(library, event(N.PIECE_DEMANDEE, date(2026, 11, 3)))
    assert fact(library, "envoi", noted.id)[0] is TODO
    put(library, event(N.COMPLEMENT, date(2026, 11, 5)))
    assert fact(library, "envoi", noted.id) == (DONE, "Envoyé le 05/11/2026.")


def test_a_reminder_planned_after_the_exchange_counts(library):
    noted = call(date(2026, 11, 2))
    put(library, noted, Rappel(titre="Avant", le=date(2026, 11, 1), dossier_id="couronne"),
        Rappel(titre="Fait", le=date(2026, 11, 9), dossier_id="couronne", fait_le=date(2026, 11, 9)))  # fmt: skip
    assert fact(library, "rappel", noted.id)[0] is TODO
    put(library, Rappel(titre="Rappeler", le=date(2026, 11, 30), dossier_id="couronne"))
    assert fact(library, "rappel", noted.id) == (DONE, "Rappel le 30/11/2026 : Rappeler.")
    assert fact(library, "agenda", noted.id) == (DONE, "Prochaine date suivie : 30/11/2026.")


def test_a_confirmation_is_something_written_by_me_since(library):
    noted = call(date(2026, 11, 2))
    put(library, noted, event(N.ECHANGE, date(2026, 11, 1), canal=Canal.COURRIEL, sens=Sens.ENVOYE),
        event(N.ECHANGE, date(2026, 11, 3), canal=Canal.COURRIEL, sens=Sens.RECU),
        event(N.REPONSE, date(2026, 11, 3), canal=Canal.COURRIER))  # fmt: skip
    assert fact(library, "confirmation", noted.id)[0] is TODO
    put(library, event(N.ECHANGE, date(2026, 11, 4), canal=Canal.COURRIEL, sens=Sens.ENVOYE))
    assert fact(library, "confirmation", noted.id) == (DONE, "Écrit par courriel le 04/11/2026.")
    assert fact(library, "confirmation")[0] is TODO


def test_the_agenda_follows_the_deadlines_to_come(library):
    assert fact(library, "agenda") == (TODO, "Aucune date à venir.")
    put(library, event(N.DEMANDE, date(2026, 11, 20), canal=Canal.COURRIER))
    assert fact(library, "agenda")[0] is DONE


def test_a_story_is_complete_from_three_dated_facts(library):
    put(library, event(N.SOINS, date(2026, 10, 6)), event(N.DEMANDE, date(2026, 10, 20)), event(N.NOTE, TODAY))
    assert fact(library, "historique")[0] is TODO
    put(library, event(N.REFUS, date(2026, 11, 9)))
    assert fact(library, "historique") == (DONE, "3 faits datés depuis le 06/10/2026.")


def test_the_references_of_the_contract_need_its_number_and_its_text(library):
    assert fact(library, "references") == (TODO, "Il manque le contrat ou son tableau de garanties.")
    held(library, TypeDocument.GARANTIES, dossier_id=None)
    assert fact(library, "references")[0] is DONE
    put(library, replace(CONTRAT, numero=""))
    assert fact(library, "references") == (TODO, "Il manque le numéro du contrat.")


def test_letters_are_kept_when_each_has_its_paper(library):
    assert fact(library, "lettres")[0] is ASIDE
    letter = event(N.RECLAMATION, date(2026, 11, 4), canal=Canal.RECOMMANDE)
    put(library, letter)
    assert fact(library, "lettres") == (TODO, "1 lettre sans copie dans le dossier, dont celle du 04/11/2026.")
    put(library, replace(letter, document_id=held(library, TypeDocument.COURRIER)))
    assert fact(library, "lettres") == (DONE, "1 lettre gardée.")


def test_the_delays_of_recourse_are_the_engines(library):
    assert fact(library, "recours")[0] is TODO, "nothing is dated"
    put(library, event(N.SOINS, date(2026, 10, 6)))
    assert fact(library, "recours") == (DONE, "Prochaine limite : 06/10/2028.")
    assert fact(library, "recours", today=date(2028, 10, 7))[0] is TODO
    put(library, event(N.RECLAMATION, date(2026, 11, 4), canal=Canal.COURRIER))
    assert fact(library, "recours") == (DONE, "Prochaine limite : 04/11/2027.")
    assert fact(library, "recours", today=date(2027, 11, 5))[0] is TODO


def test_the_mediateur_follows_his_window(library):
    assert fact(library, "mediateur") == (ASIDE, "Aucune réclamation écrite : il ne peut pas être saisi.")
    put(library, event(N.RECLAMATION, date(2026, 11, 4), canal=Canal.COURRIER))
    assert fact(library, "mediateur")[0] is ASIDE
    assert "05/01/2027" in fact(library, "mediateur")[1]
    assert fact(library, "mediateur", today=date(2027, 1, 5)) == (TODO, "Possible jusqu’au 04/11/2027.")
    assert "trop tard" in fact(library, "mediateur", today=date(2027, 11, 5))[1]
    put(library, event(N.SAISINE, date(2027, 1, 6)))
    assert fact(library, "mediateur", today=date(2027, 2, 1)) == (DONE, "Saisi le 06/01/2027.")


def test_a_line_is_ticked_by_hand_and_unticked(library):
    carried_out(library, "Cocher « L’endroit est calme »", lambda: check(library, "preparer.calme", "couronne"))
    assert line(library, "preparer.calme") == (HAND, "")
    carried_out(library, "Décocher « L’endroit est calme »", lambda: uncheck(library, "preparer.calme", "couronne"))
    assert line(library, "preparer.calme")[0] is TODO


def test_a_line_is_set_aside_with_a_reason_and_the_last_word_holds(library):
    def aside() -> None:
        set_aside(library, "avant.numero", "couronne", " Je n’en  ai pas ")

    carried_out(library, "Mettre de côté « J’ai mon numéro d’adhérent »", aside)
    assert line(library, "avant.numero") == (ASIDE, "Je n’en ai pas"), "over the fact"
    check(library, "avant.numero", "couronne")
    assert line(library, "avant.numero")[0] is DONE
    assert len(every(library, Coche)) == 1


def test_ticking_twice_changes_nothing(library):
    check(library, "preparer.calme", "couronne")
    before = every(library, Coche)
    check(library, "preparer.calme", "couronne")
    assert every(library, Coche) == before


def test_each_exchange_is_gone_through_anew_and_the_dossier_once(library):
    first, second = call(date(2026, 11, 2)), call()
    put(library, first, second)
    check(library, "pendant.ton", "couronne", first.id)
    check(library, "complexe.historique", "couronne", first.id)
    assert line(library, "pendant.ton", first.id)[0] is HAND
    assert line(library, "pendant.ton", second.id)[0] is TODO
    assert line(library, "pendant.ton")[0] is TODO
    assert line(library, "complexe.historique", second.id)[0] is HAND
    assert {c.ligne: c.evenement_id for c in every(library, Coche)} == {
        "pendant.ton": first.id, "complexe.historique": None,
    }  # fmt: skip


def test_what_cannot_be_is_refused(library):
    refused(
        library, "pourquoi cette ligne est sans objet", lambda: set_aside(library, "avant.numero", "couronne", "  ")
    )
    refused(library, "pas cochée à la main", lambda: uncheck(library, "avant.numero", "couronne"))
    refused(library, "Ce dossier n’existe plus.", lambda: check(library, "avant.numero", "rien"))
    refused(library, "Cet échange n’existe plus.", lambda: check(library, "pendant.nom", "couronne", "rien"))
    refused(library, "Ce dossier n’existe plus.", lambda: checklists(library, "rien", TODAY))
    with pytest.raises(KeyError):
        check(library, "avant.inconnu", "couronne")


def test_a_list_counts_what_is_done(library):
    assert checklist(library, "avant", "couronne", TODAY).faites == 1
    check(library, "avant.objectif", "couronne")
    set_aside(library, "avant.horaire", "couronne", "J’écris")
    assert checklist(library, "avant", "couronne", TODAY).faites == 3


def test_two_ticks_of_one_line_become_one(library):
    put(library, *(Coche(dossier_id="couronne", ligne="preparer.calme", etat=EtatCoche.FAIT) for _ in range(2)))
    set_aside(library, "preparer.calme", "couronne", "Par écrit")
    assert [c.etat for c in every(library, Coche)] == [EtatCoche.SANS_OBJET]
