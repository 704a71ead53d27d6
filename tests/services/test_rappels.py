"""Reminders: once a day at a human hour, each alarm once, neutral words; and what came while away."""

import subprocess
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuelle_desktop.domain.echeance import EtatEcheance, Rappel
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement
from mutuelle_desktop.services import decisions
from mutuelle_desktop.services.echeances import Lieu, LigneEcheance
from mutuelle_desktop.services.rappels import (
    _remembered,
    _ringing,
    choose_hour,
    chosen_hour,
    digest,
    last_visit,
    mark_told,
    mark_visit,
    notify,
    pendant_votre_absence,
    when_of,
)
from tests.services.aides import facts, refused, spaced
from tests.services.dates import ACCUSE, JOUR, LE_16_AVRIL_2027, LIMITE, RECLAMATION, REPONSE, settle
from tests.storage.foyer import put

NEUF = time(9)
MARDI = date(2026, 5, 5)
DIMANCHE = date(2026, 5, 10)


@pytest.fixture
def mine(library):
    """A library with one entry of one's own, on Tuesday 5 May 2026."""
    return decisions.save_rappel(library, Rappel(titre="Voir le cardiologue", le=MARDI))


def told(library, today, heure=NEUF):
    """Return the keys told that day, and remember them."""
    found = digest(library, today, heure)
    mark_told(library, found)
    return [line.cle for line in found.lignes]


def test_a_day_with_something_due_is_told_once(library, mine):
    assert told(library, MARDI - timedelta(days=1)) == []
    assert told(library, MARDI) == [mine.id]
    again = digest(library, MARDI, time(18))
    assert again.lignes == ()
    assert again.silence == "Les rappels d’aujourd’hui ont déjà été donnés."
    assert told(library, MARDI + timedelta(days=1)) == []


def test_nothing_is_remembered_until_it_was_told(library, mine):
    assert digest(library, MARDI, NEUF) == digest(library, MARDI, NEUF)
    assert [line.cle for line in digest(library, MARDI, NEUF).lignes] == [mine.id]


def test_what_came_while_the_computer_was_off_is_told_later(library, mine):
    later = MARDI + timedelta(days=3)
    found = digest(library, later, NEUF)
    assert [spaced(line.neutre) for line in found.lignes] == ["Rappel : depuis 3 jours, le 05/05/2026"]
    assert found.titre == "1\u00a0rappel"


@pytest.mark.parametrize("heure", [time(21), time(23, 59), time(0), time(7, 59)])
def test_the_night_is_quiet_and_the_morning_tells(library, mine, heure):
    later = MARDI + timedelta(days=1)
    found = digest(library, later, heure)
    assert found.lignes == ()
    assert "le matin" in found.silence
    mark_told(library, found)
    assert told(library, later + timedelta(days=heure > NEUF)) == [mine.id]


def test_sunday_is_quiet_and_monday_tells(library):
    mine = decisions.save_rappel(library, Rappel(titre="x", le=DIMANCHE - timedelta(days=1)))
    found = digest(library, DIMANCHE, NEUF)
    assert found.lignes == ()
    assert "lundi" in found.silence
    assert told(library, DIMANCHE + timedelta(days=1)) == [mine.id]


@pytest.mark.parametrize(("day", "heure"), [(DIMANCHE, NEUF), (MARDI, time(23))])
def test_the_last_day_is_told_even_then_and_the_day_s_own_digest_still_comes(library, day, heure):
    last = decisions.save_rappel(library, Rappel(titre="dernier jour", le=day))
    other = decisions.save_rappel(library, Rappel(titre="plus vieux", le=day - timedelta(days=2)))
    found = digest(library, day, heure)
    assert found.partiel
    assert [line.cle for line in found.lignes] == [last.id]
    mark_told(library, found)
    assert told(library, day, heure) == []
    assert told(library, day + timedelta(days=1)) == [other.id]


def test_each_alarm_of_a_limit_is_told_once(library):
    settle(library)
    days = {}
    day = LE_16_AVRIL_2027 - timedelta(days=61)
    while day <= LE_16_AVRIL_2027 + timedelta(days=3):
        if LIMITE in told(library, day):
            days[day] = days.get(day, 0) + 1
        day += timedelta(days=1)
    assert set(days.values()) == {1}
    before = {(LE_16_AVRIL_2027 - found).days for found in days}
    assert before >= {60, 30, 7, 0} or before >= {60, 30, 7}
    assert LE_16_AVRIL_2027 in days


def test_a_date_moved_a_little_later_is_not_told_again(library, mine):
    told(library, MARDI)
    decisions.save_rappel(library, replace(mine, le=MARDI + timedelta(days=7)))
    assert told(library, MARDI + timedelta(days=7)) == []


def test_a_date_moved_more_than_a_week_later_is_told_again(library, mine):
    told(library, MARDI)
    decisions.save_rappel(library, replace(mine, le=MARDI + timedelta(days=8)))
    assert told(library, MARDI + timedelta(days=7)) == []
    assert told(library, MARDI + timedelta(days=8)) == [mine.id]


def test_a_date_moved_earlier_is_told_again(library, mine):
    told(library, MARDI)
    decisions.save_rappel(library, replace(mine, le=MARDI - timedelta(days=1)))
    assert told(library, MARDI + timedelta(days=1)) == [mine.id]


def test_small_moves_one_after_the_other_end_by_being_told(library, mine):
    told(library, MARDI)
    decisions.save_rappel(library, replace(mine, le=MARDI + timedelta(days=5)))
    assert told(library, MARDI + timedelta(days=6)) == []
    decisions.save_rappel(library, replace(mine, le=MARDI + timedelta(days=10)))
    assert told(library, MARDI + timedelta(days=10)) == [mine.id]


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(-20, 20)), max_size=12))
def test_however_a_date_moves_it_is_told_at_most_once_per_move(steps):
    value, today, dites, count, moves = Rappel(id="a", titre="x", le=MARDI), MARDI, {}, 0, 0
    for days, move in [(0, 0), *steps]:
        today += timedelta(days=days)
        value = replace(value, le=value.le + timedelta(days=move))
        moves += move != 0
        found = LigneEcheance(value.id, value.le, EtatEcheance.A_FAIRE, Lieu(), None, value)
        if _ringing(found, today, dites.get("a")):
            count += 1
            dites = _remembered(dites, [found], {"a"}, today)
            assert not _ringing(found, today, dites["a"])
    assert count <= 1 + moves


def test_what_is_done_is_told_no_more(library, mine):
    decisions.finish_rappel(library, mine.id, MARDI)
    found = digest(library, MARDI, NEUF)
    assert found.lignes == ()
    assert found.titre == "Aucun rappel aujourd’hui"
    assert found.silence == "Aucun rappel aujourd’hui."


def test_undo_of_something_told_does_not_have_it_told_again(library, mine):
    told(library, MARDI)
    decisions.delete_rappel(library, mine.id)
    other = decisions.save_rappel(library, Rappel(titre="autre", le=MARDI + timedelta(days=1)))
    assert told(library, MARDI + timedelta(days=1)) == [other.id]
    library.undo()
    library.undo()
    assert told(library, MARDI + timedelta(days=2)) == []


def test_what_is_gone_for_long_is_forgotten(library, mine):
    told(library, MARDI)
    decisions.delete_rappel(library, mine.id)
    decisions.save_rappel(library, Rappel(titre="autre", le=MARDI + timedelta(days=100)))
    told(library, MARDI + timedelta(days=100))
    with library.read() as db:
        assert mine.id not in db.marque("rappels.dites")


def test_words_told_are_neutral_and_the_detail_is_beside(library):
    settle(library)
    today = LE_16_AVRIL_2027 - timedelta(days=60)
    line = next(found for found in digest(library, today, NEUF).lignes if found.cle == LIMITE)
    assert spaced(line.neutre) == "Échéance dossier 2026-014 : dans 60 jours, le 16/04/2027"
    assert "2026-014 Couronne dent 36" in line.detail


def test_a_limit_put_off_still_tells_its_last_day(library):
    settle(library)
    decisions.postpone(library, LIMITE, date(2027, 4, 12), JOUR)
    told(library, date(2027, 4, 9))
    assert LIMITE in told(library, date(2027, 4, 12))
    line = next(found for found in digest(library, LE_16_AVRIL_2027, NEUF).lignes if found.cle == LIMITE)
    assert spaced(line.detail).endswith("(dernier jour : 16/04/2027)")


def test_a_late_mutuelle_is_told_on_the_day_to_act(library):
    settle(library)
    told(library, date(2026, 6, 15))
    days = [day for day in (date(2026, 6, 16), date(2026, 6, 17), date(2026, 6, 18)) if REPONSE in told(library, day)]
    assert days == [date(2026, 6, 17)]


def test_a_corrected_event_takes_its_reminders_with_it(library):
    settle(library)
    told(library, date(2026, 6, 17))
    put(library, replace(RECLAMATION, le=date(2026, 4, 30)))
    assert REPONSE in told(library, date(2026, 7, 1))
    put(library, Evenement(dossier_id=RECLAMATION.dossier_id, nature=NatureEvenement.REPONSE, le=date(2026, 7, 1),
                           suite_de=RECLAMATION.id))  # fmt: skip
    assert ACCUSE not in told(library, date(2026, 7, 2))


def test_the_hour_is_the_user_s_and_a_human_one(library):
    assert chosen_hour(library) == NEUF
    choose_hour(library, time(18, 30))
    assert chosen_hour(library) == time(18, 30)
    refused(library, "la nuit", lambda: choose_hour(library, time(22)))


def test_reminders_leave_no_trace_in_undo(library, mine):
    before, label = facts(library), library.undo_label
    told(library, MARDI)
    choose_hour(library, time(10))
    mark_visit(library, MARDI)
    assert (facts(library), library.undo_label) == (before, label)


# While away


def test_what_came_while_away_is_shown_at_the_next_opening(library, mine):
    before = decisions.save_rappel(library, Rappel(titre="avant", le=MARDI - timedelta(days=1)))
    told(library, MARDI)
    came = pendant_votre_absence(library, MARDI - timedelta(days=1), MARDI + timedelta(days=3))
    assert [line.cle for line in came] == [mine.id]
    assert before.id not in {line.cle for line in came}
    assert pendant_votre_absence(library, MARDI, MARDI + timedelta(days=3)) == []


def test_the_last_visit_never_goes_back(library):
    assert last_visit(library) is None
    mark_visit(library, MARDI)
    mark_visit(library, MARDI - timedelta(days=9))
    assert last_visit(library) == MARDI
    mark_visit(library, MARDI + timedelta(days=1))
    assert last_visit(library) == MARDI + timedelta(days=1)


@pytest.mark.parametrize(
    ("days", "said"),
    [(0, "aujourd’hui"), (1, "demain"), (2, "dans 2 jours, le 07/05/2026"), (-1, "depuis 1 jour, le 04/05/2026")],
)
def test_days_are_said_as_people_say_them(days, said):
    assert spaced(when_of(MARDI + timedelta(days=days), MARDI)) == said


# The desktop


@pytest.fixture
def tools(tmp_path, monkeypatch):
    folder = tmp_path / "outils"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def make(name, code=0):
        script = folder / name
        script.write_text(
            f'#!/bin/sh\nfor word in "$@"; do printf "%s\\n" "$word"; done > {folder}/{name}.dit\nexit {code}\n'
        )
        script.chmod(0o755)
        return folder / f"{name}.dit"

    return make


def test_a_notification_goes_by_the_tool_that_is_there(tools):
    said = tools("notify-send")
    assert notify("2 rappels", ["Échéance dossier 2026-014 : demain", "-x"])
    assert said.read_text().splitlines() == [
        "--app-name=Mutuelle Desktop", "--icon=mutuelle-desktop", "--hint=string:desktop-entry:mutuelle-desktop", "--",
        "2 rappels", "Échéance dossier 2026-014 : demain", "-x",
    ]  # fmt: skip


def test_when_one_tool_fails_the_other_is_tried(tools):
    tools("notify-send", code=1)
    said = tools("gdbus")
    assert notify("1 rappel", ["l'échéance \\ d'aujourd'hui", "b"])
    words = said.read_text().splitlines()
    assert "org.freedesktop.Notifications.Notify" in words
    assert "'l\\'échéance \\\\ d\\'aujourd\\'hui\\nb'" in words


def test_without_a_tool_nothing_is_shown_and_nothing_breaks(tools, monkeypatch):
    assert not notify("1 rappel", ["x"])
    tools("notify-send")

    def slow(*_words, **_how):
        raise subprocess.TimeoutExpired("notify-send", 10)

    monkeypatch.setattr(subprocess, "run", slow)
    assert not notify("1 rappel", ["x"])
