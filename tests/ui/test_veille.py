"""What happens by itself: one digest a day at its hour, and the calendar file that follows the facts."""

from dataclasses import replace
from datetime import date, time

import pytest

from mutuelle_desktop.domain.echeance import Rappel
from mutuelle_desktop.services import agenda, decisions, rappels
from mutuelle_desktop.services.agenda import Forme
from tests.ui.maison import TODAY


@pytest.fixture
def shown(monkeypatch):
    """Every notification given to the desktop, as title and lines."""
    told: list[tuple[str, list[str]]] = []

    def notify(titre, lignes):
        told.append((titre, list(lignes)))
        return True

    monkeypatch.setattr(rappels, "notify", notify)
    return told


def plan(foyer, titre="Poster la lettre", le=TODAY):
    decisions.save_rappel(foyer.library, Rappel(titre=titre, le=le))
    foyer.settle()


def test_the_digest_waits_for_its_hour_comes_once_and_in_neutral_words(foyer, shown):
    plan(foyer)
    foyer.hour = time(8, 30)
    foyer.house.veille.look()
    foyer.settle()
    assert shown == []
    foyer.hour = time(9, 0)
    foyer.house.veille.look()
    foyer.house.veille.look()
    foyer.settle()
    assert len(shown) == 1
    assert "Poster" not in " ".join(shown[0][1]), "a locked screen shows no detail"
    assert any("Poster la lettre" in text for text in foyer.told), "the window says it whole"


def test_no_digest_comes_once_reminders_are_turned_off(foyer, shown):
    foyer.house.keep_settings(replace(foyer.house.desk.settings(), rappels=False))
    plan(foyer)
    foyer.hour = time(12)
    foyer.house.veille.look()
    foyer.settle()
    assert shown == []


def test_the_calendar_file_follows_what_changes_and_is_written_at_closing(open_foyer, tmp_path):
    foyer = open_foyer()
    chemin = tmp_path / "mutuelle.ics"
    agenda.keep_file(foyer.library, chemin, TODAY, Forme(detaille=True))
    plan(foyer, "Rendez-vous à l’agence", date(2026, 12, 3))
    foyer.house.veille.write_agenda()
    foyer.settle()
    assert "Rendez-vous" in chemin.read_text("utf-8")
    before = chemin.read_bytes()
    foyer.house.veille.write_agenda()
    foyer.settle()
    assert chemin.read_bytes() == before, "nothing changed, nothing is written"
    plan(foyer, "Deuxième rendez-vous", date(2026, 12, 4))
    foyer.house.veille.stop()
    foyer.settle()
    assert "Deuxième" in chemin.read_text("utf-8")
