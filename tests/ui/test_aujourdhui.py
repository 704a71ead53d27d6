"""What to do today, why, and what comes of doing nothing: read and acted upon in the real window."""

from datetime import date, timedelta

import pytest
from PySide6.QtWidgets import QLabel

from mutuelle_desktop.domain.contrat import Contact, Contrat, Mutuelle, parse_horaires
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.echeance import Decision, NatureDecision, Rappel
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import contrats, decisions, dossiers, personnes
from tests.ui.maison import TODAY, Foyer, fill

N = NatureEvenement


def texts(widget) -> str:
    shown = [found.text() for found in widget.findChildren(QLabel) if found.isVisibleTo(widget)]
    return " ".join(shown).replace("\u00a0", " ").replace("\u202f", " ")


def open_claim(foyer: Foyer, titre: str = "Couronne", *events: tuple[NatureEvenement, date, dict]) -> str:
    camille = next(iter(personnes.list_personnes(foyer.library)), None) or personnes.save_personne(
        foyer.library, Personne(prenom="Camille", nom="Bessière", naissance=date(1984, 5, 12))
    )
    made = dossiers.create_dossier(
        foyer.library, nature=NatureDossier.REMBOURSEMENT, on=date(2026, 9, 1), titre=titre, personne_id=camille.id
    )
    for nature, le, facts in events:
        event = Evenement(dossier_id=made.id, nature=nature, le=le, **facts)
        dossiers.record_evenement(foyer.library, event, foyer.today)
    foyer.settle()
    return made.id


LATE = (N.DEMANDE, date(2026, 10, 1), {"canal": Canal.COURRIER})


@pytest.fixture
def page(foyer):
    return foyer.go("aujourdhui")


def test_a_late_mutuelle_is_the_thing_to_do_with_its_reason_and_what_doing_nothing_brings(foyer, page):
    open_claim(foyer, "Couronne", (N.SOINS, date(2026, 9, 28), {}), LATE)
    shown = texts(page)
    assert "1 chose à faire" in shown
    assert "Couronne — Camille" in shown
    assert "Écrire un rappel courtois" in shown
    assert "Si rien n’est fait : " in shown
    assert "Rien d’irréversible avant le" in shown


def test_the_main_button_records_the_step_and_the_task_goes(foyer, page):
    key = open_claim(foyer, "Couronne", LATE)
    foyer.answers.forms.append(fill(Date="23/11/2026"))
    foyer.click("Noter l’envoi du rappel…", page)
    kinds = [event.nature for event in dossiers.evenements_of(foyer.library, key)]
    assert kinds == [N.DEMANDE, N.RELANCE]
    assert "Écrire un rappel courtois" not in texts(page)
    foyer.action("annuler")
    assert "Écrire un rappel courtois" in texts(page)


def test_a_task_put_off_comes_back_on_its_day_and_undo_brings_it_back_now(foyer, page):
    open_claim(foyer, "Couronne", LATE)
    foyer.answers.forms.append(fill(**{"Y revenir le": "27/11/2026", "Pourquoi": "vacances"}))
    foyer.click("Reporter…", page)
    assert "Rien à faire aujourd’hui" in texts(page)
    with foyer.library.read() as db:
        (kept,) = db.all(Decision)
    assert (kept.nature, kept.jour, kept.raison) == (NatureDecision.REPORTEE, date(2026, 11, 27), "vacances")
    foyer.today = date(2026, 11, 27)
    page.refresh()
    foyer.settle()
    assert "Écrire un rappel courtois" in texts(page)
    foyer.today = TODAY
    foyer.action("annuler")
    assert "Écrire un rappel courtois" in texts(page)


def test_a_day_that_is_past_is_refused_and_the_form_stays(foyer, page):
    open_claim(foyer, "Couronne", LATE)

    def work(dialog):
        fill(**{"Y revenir le": "20/11/2026"})(dialog)
        assert dialog.isVisible()
        assert "jour à venir" in dialog.error.text()
        dialog.reject()

    foyer.answers.forms.append(work)
    foyer.click("Reporter…", page)
    with foyer.library.read() as db:
        assert db.count(Decision) == 0


def test_what_is_settled_leaves_and_a_new_fact_brings_the_dossier_back(foyer, page):
    key = open_claim(foyer, "Couronne", LATE)
    foyer.click("C’est réglé", page)
    assert "Rien à faire aujourd’hui" in texts(page)
    refused = Evenement(dossier_id=key, nature=N.REFUS, le=TODAY)
    dossiers.record_evenement(foyer.library, refused, TODAY)
    foyer.settle()
    assert "réclamation" in texts(page).lower()


def test_who_owes_what_until_when_is_apart_from_what_one_must_do(foyer, page):
    open_claim(foyer, "Lunettes", (N.DEMANDE, TODAY - timedelta(days=3), {"canal": Canal.COURRIER}))
    shown = texts(page)
    assert "Rien à faire de votre côté, 1 réponse attendue de la mutuelle." in shown
    assert "dans 27 jours" in shown
    assert "au plus tard le dimanche 20 décembre 2026" in shown


def test_the_calls_advice_follows_hours_and_clock(foyer, page):
    person = personnes.save_personne(foyer.library, Personne(prenom="Camille", nom="B"))
    held = contrats.save_mutuelle(foyer.library, Mutuelle(nom="Deux Rives"))
    contrats.save_contrat(foyer.library, Contrat(mutuelle_id=held.id, numero="1"), [person.id])
    hours = parse_horaires("lun-ven 9h-18h")
    contrats.save_contact(
        foyer.library, Contact(mutuelle_id=held.id, nom="Accueil", telephone="01 99 00 12 12", horaires=hours)
    )
    foyer.settle()
    assert "Plutôt demain, 9 h" in texts(page), "on a Monday morning the lines are busy"
    foyer.today = date(2026, 11, 24)
    page.refresh()
    foyer.settle()
    assert "Plutôt" not in texts(page), "a Tuesday at 9 h 40 is the time to call"


def test_an_entry_of_ones_own_is_done_from_here(foyer, page):
    open_claim(foyer, "Couronne")
    decisions.save_rappel(foyer.library, Rappel(titre="Acheter des timbres", le=TODAY))
    foyer.settle()
    assert "Acheter des timbres" in texts(page)
    foyer.click("C’est fait", page)
    assert "Acheter des timbres" not in texts(page)


def test_what_came_while_one_was_away_is_told_at_the_next_opening_and_read_once(open_foyer):
    foyer = open_foyer(today=date(2026, 10, 20))
    open_claim(foyer, "Couronne", (N.DEMANDE, date(2026, 10, 1), {"canal": Canal.COURRIER}))
    folder = foyer.folder
    open_foyer.close(foyer)
    again = open_foyer(folder=folder, today=date(2026, 11, 10))
    page = again.go("aujourdhui")
    assert "Pendant votre absence" in texts(page)
    assert "Couronne" in texts(page)
    again.click("J’ai lu", page)
    assert "Pendant votre absence" not in texts(page)


def test_the_day_turns_while_the_window_is_open(foyer, page):
    open_claim(foyer, "Couronne", (N.DEMANDE, date(2026, 11, 9), {"canal": Canal.COURRIER, "promis_le": TODAY}))
    assert "Lundi 23 novembre 2026" in texts(page)
    foyer.today = date(2026, 12, 1)
    page._clock.timeout.emit()
    foyer.settle()
    assert "Mardi 1er décembre 2026" in texts(page)
    assert "Préparer l’appel…" in [b.text() for b in page.findChildren(type(foyer.button("Reporter…", page)))]
