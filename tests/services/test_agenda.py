"""The deadlines given to other calendars: published once, changed with a number, cancelled, never twice."""

import re
import stat
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import vobject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mutuelle_desktop.domain.agenda import Publication
from mutuelle_desktop.domain.echeance import Rappel
from mutuelle_desktop.domain.errors import Unavailable
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement
from mutuelle_desktop.rendering.agenda import uid
from mutuelle_desktop.services import decisions
from mutuelle_desktop.services.agenda import (
    Forme,
    _cancelled,
    _published,
    agenda,
    export_agenda,
    forget_file,
    keep_file,
    kept_file,
    publish,
    refresh_file,
)
from mutuelle_desktop.services.echeances import toutes
from tests.services.aides import every, facts, refused, spaced
from tests.services.dates import COURONNE, JOUR, LIMITE, RECLAMATION, REPONSE, settle
from tests.storage.foyer import put

MOMENT = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
DETAIL = Forme(detaille=True)


@pytest.fixture
def maison(library):
    settle(library)
    return library


def events(content):
    return {event.uid.value: event for event in getattr(vobject.readOne(content.decode()), "vevent_list", [])}


def entries(library, moment=MOMENT, today=JOUR, forme=None):
    return {entree.cle: entree for entree in publish(library, today, forme, moment)}


def test_every_active_deadline_and_own_entry_is_in_the_calendar(maison):
    decisions.save_rappel(maison, Rappel(titre="Vacances", le=date(2026, 5, 20)))
    found = events(agenda(maison, JOUR))
    assert set(found) == {uid(line.id) for line in toutes(maison, JOUR)}
    assert found[uid(REPONSE)].dtstart.value == date(2026, 6, 16)


def test_words_are_neutral_unless_one_wants_them_whole(maison):
    decisions.save_rappel(maison, Rappel(titre="Voir le cardiologue", le=JOUR, notes="Prendre la carte"))
    neutral = agenda(maison, JOUR).decode()
    unfolded = neutral.replace("\r\n ", "")
    assert "SUMMARY:Échéance dossier 2026-014" in unfolded
    assert "SUMMARY:Rappel\r\n" in unfolded
    words = [
        line for line in unfolded.splitlines() if line.startswith(("SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT"))
    ]
    words = "\n".join(words + re.findall(r"^[A-Z-]+", unfolded, re.MULTILINE))
    for secret in ("Couronne", "Camille", "Bessière", "Deux Rives", "cardiologue", "carte", "300", "édiateur"):
        assert secret not in words
    whole = agenda(maison, JOUR, DETAIL).decode().replace("\r\n ", "")
    for said in (
        "Couronne dent 36",
        "Camille Bessière",
        "Deux Rives",
        "Voir le cardiologue",
        "Prendre la carte",
        "Source",
    ):
        assert said in whole


def test_an_unchanged_calendar_is_the_same_bytes_whenever_it_is_written(maison):
    first = agenda(maison, JOUR)
    assert agenda(maison, JOUR) == first
    assert agenda(maison, JOUR + timedelta(days=1)) == first  # a day later, nothing one can see has changed


def test_a_change_one_can_see_counts_one_and_bears_its_moment(maison):
    before = entries(maison)
    later = MOMENT + timedelta(hours=1)
    put(maison, replace(RECLAMATION, le=date(2026, 4, 20)))
    after = entries(maison, later)
    assert after[REPONSE].jour == date(2026, 6, 20)
    assert (before[REPONSE].sequence, after[REPONSE].sequence) == (0, 1)
    assert after[REPONSE].modifie_le == later
    untouched = next(cle for cle in before if before[cle].jour == after[cle].jour)
    assert after[untouched] == before[untouched]


def test_what_is_done_is_cancelled_kept_ninety_days_then_dropped(maison):
    entries(maison)
    decisions.mark_done(maison, REPONSE, JOUR)
    found = entries(maison, MOMENT)[REPONSE]
    assert (found.annulee, found.sequence, found.jour) == (True, 1, date(2026, 6, 16))
    again = entries(maison, MOMENT + timedelta(days=90))
    assert again[REPONSE] == found
    assert REPONSE not in entries(maison, MOMENT + timedelta(days=90, seconds=1))
    assert REPONSE not in {kept.id for kept in every(maison, Publication)}


def test_what_comes_back_is_confirmed_again_under_the_same_name(maison):
    entries(maison)
    decisions.mark_done(maison, REPONSE, JOUR)
    entries(maison)
    maison.undo()
    found = entries(maison)[REPONSE]
    assert (found.annulee, found.sequence) == (False, 2)


def test_undo_never_takes_back_what_others_were_told(maison):
    decisions.save_rappel(maison, Rappel(titre="x", le=JOUR))
    label, before = maison.undo_label, facts(maison)
    entries(maison)
    assert (maison.undo_label, facts(maison)) == (label, before)
    kept = every(maison, Publication)
    maison.undo()
    assert every(maison, Publication) == kept


def test_importing_twice_gives_nothing_twice(maison, tmp_path):
    """A calendar that follows RFC 5545 keeps, for each UID, the highest SEQUENCE."""
    calendar = {}

    def take(content):
        for key, event in events(content).items():
            if key not in calendar or int(event.sequence.value) >= int(calendar[key].sequence.value):
                calendar[key] = event

    take(agenda(maison, JOUR))
    count = len(calendar)
    take(agenda(maison, JOUR))
    assert len(calendar) == count
    decisions.postpone(maison, REPONSE, date(2026, 6, 25), JOUR)
    take(agenda(maison, JOUR))
    assert len(calendar) == count
    assert calendar[uid(REPONSE)].dtstart.value == date(2026, 6, 25)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(titre=st.text(st.characters(codec="utf-8"), min_size=1, max_size=120).filter(lambda t: t.split()))
def test_any_title_goes_through(maison, titre):
    mine = decisions.save_rappel(maison, Rappel(id="a1" * 8, titre=titre, le=JOUR))
    assert uid(mine.id) in events(agenda(maison, JOUR, DETAIL))
    assert agenda(maison, JOUR, DETAIL) == agenda(maison, JOUR, DETAIL)


@given(st.lists(st.sampled_from(["a", "b", "c", None]), min_size=1, max_size=20))
def test_the_number_grows_at_each_visible_change_and_only_then(states):
    kept, shown = None, None
    for hours, state in enumerate(states):
        moment, before = MOMENT + timedelta(hours=hours), kept
        if state is not None:
            kept = _published(kept, "R10:1", state, moment)
        elif kept is not None:
            kept = _cancelled(kept, moment)
        if before is not None:
            assert kept.sequence == before.sequence + (state != shown)
            assert kept.modifie_le == (before.modifie_le if state == shown else moment)
        elif kept is not None:
            assert kept.sequence == 0
        shown = state
        assert kept is None or (kept.annule_le is None) is (state is not None)


# Files


def test_an_export_is_a_file_for_its_owner_only(maison, tmp_path):
    chemin = tmp_path / "agenda.ics"
    done = export_agenda(maison, chemin, JOUR)
    assert chemin.read_bytes() == agenda(maison, JOUR)
    assert done.entrees == len(events(chemin.read_bytes()))
    assert done.annulees == 0
    assert stat.S_IMODE(chemin.stat().st_mode) == 0o600
    assert list(tmp_path.glob("*.tmp")) == []


def test_an_export_of_the_changes_holds_nothing_else(maison, tmp_path):
    chemin = tmp_path / "agenda.ics"
    export_agenda(maison, chemin, JOUR)
    refused(maison, "Rien n’a changé", lambda: export_agenda(maison, chemin, JOUR, changements=True))
    decisions.mark_done(maison, REPONSE, JOUR)
    mine = decisions.save_rappel(maison, Rappel(titre="x", le=JOUR))
    done = export_agenda(maison, chemin, JOUR, changements=True)
    assert (done.entrees, done.annulees) == (2, 1)
    assert set(events(chemin.read_bytes())) == {uid(REPONSE), uid(mine.id)}
    refused(maison, "Rien n’a changé", lambda: export_agenda(maison, chemin, JOUR, changements=True))


def test_the_first_export_of_changes_is_whole(maison, tmp_path):
    done = export_agenda(maison, tmp_path / "a.ics", JOUR, changements=True)
    assert done.entrees == len(toutes(maison, JOUR))


def test_places_where_a_calendar_cannot_go_are_refused(maison, tmp_path):
    refused(maison, "réservé aux données", lambda: export_agenda(maison, maison.folder / "base.db", JOUR))
    refused(maison, "est un dossier", lambda: export_agenda(maison, tmp_path, JOUR))
    lost = tmp_path / "parti" / "a.ics"
    refused(maison, "introuvable", lambda: export_agenda(maison, lost, JOUR), Unavailable)
    (tmp_path / "fichier").write_text("x")
    refused(
        maison,
        "n’a pas pu être écrit",
        lambda: export_agenda(maison, tmp_path / "fichier" / "a.ics", JOUR),
        Unavailable,
    )


def test_a_kept_calendar_follows_the_facts_and_is_left_alone_otherwise(maison, tmp_path):
    chemin = tmp_path / "tenu.ics"
    assert not refresh_file(maison, JOUR)
    kept = keep_file(maison, chemin, JOUR, Forme(taches=True))
    assert kept_file(maison) == kept
    before = chemin.stat()
    assert not refresh_file(maison, JOUR)
    assert chemin.stat().st_mtime_ns == before.st_mtime_ns
    decisions.mark_done(maison, LIMITE, JOUR)
    assert refresh_file(maison, JOUR)
    assert events(chemin.read_bytes())[uid(LIMITE)].status.value == "CANCELLED"
    assert stat.S_IMODE(chemin.stat().st_mode) == 0o600
    chemin.unlink()
    assert refresh_file(maison, JOUR)
    forget_file(maison)
    assert kept_file(maison) is None
    assert chemin.exists()
    assert not refresh_file(maison, JOUR)


def test_a_kept_calendar_never_takes_the_place_of_another_file(maison, tmp_path):
    chemin = tmp_path / "photo.ics"
    chemin.write_text("BEGIN:VCALENDAR\nPRODID:-//Autre//\nEND:VCALENDAR\n")
    refused(maison, "n’est pas un agenda de Mutuelle Desktop", lambda: keep_file(maison, chemin, JOUR))
    assert "Autre" in chemin.read_text()
    export_agenda(maison, tmp_path / "a.ics", JOUR)
    keep_file(maison, tmp_path / "a.ics", JOUR)


def test_a_kept_calendar_may_be_a_link(maison, tmp_path):
    real = tmp_path / "vrai.ics"
    link = tmp_path / "lien.ics"
    link.symlink_to(real)
    keep_file(maison, link, JOUR)
    assert link.is_symlink()
    assert real.exists()


def test_a_kept_calendar_that_cannot_be_read_is_told(maison, tmp_path):
    chemin = tmp_path / "tenu.ics"
    keep_file(maison, chemin, JOUR)
    chemin.unlink()
    chemin.mkdir()
    refused(maison, "ne peut pas être lu", lambda: refresh_file(maison, JOUR), Unavailable)


def test_the_text_of_a_limit_gives_the_raw_date_beside_the_day_shown(maison):
    decisions.postpone(maison, LIMITE, date(2027, 4, 1), JOUR)
    found = events(agenda(maison, JOUR, DETAIL))[uid(LIMITE)]
    assert "Date limite : 16/04/2027" in spaced(found.description.value)
    assert found.dtstart.value == date(2027, 4, 1)


def test_a_dossier_in_the_trash_leaves_other_calendars(maison):
    entries(maison)
    put(maison, replace(COURONNE, supprime_le=MOMENT))
    assert all(entry.annulee for entry in entries(maison).values() if RECLAMATION.id in entry.cle)


def test_an_answer_cancels_what_was_awaited(maison):
    entries(maison)
    put(maison, Evenement(dossier_id=COURONNE.id, nature=NatureEvenement.REPONSE, le=JOUR, suite_de=RECLAMATION.id))
    assert entries(maison)[REPONSE].annulee
