"""The calendar file, read back by another library than the one that writes it."""

import re
from datetime import UTC, date, datetime, timedelta

import vobject
from hypothesis import given
from hypothesis import strategies as st

from mutuelle_desktop.domain.agenda import Entree
from mutuelle_desktop.rendering.agenda import NOM, render_agenda, uid

JOUR = date(2026, 12, 1)
MOMENT = datetime(2026, 11, 23, 8, 30, 15, 250000, UTC)


def entree(cle="R10:1", titre="Échéance dossier 2026-014", **facts):
    return Entree(**{"cle": cle, "jour": JOUR, "titre": titre, "modifie_le": MOMENT, **facts})


def read(content):
    return vobject.readOne(content.decode("utf-8"))


def events(content):
    calendar = read(content)
    return list(getattr(calendar, "vevent_list", []))


def test_an_entry_is_an_all_day_event_that_leaves_the_day_free():
    [event] = events(render_agenda([entree(texte="Ouvrez le programme.", sequence=3)]))
    assert event.summary.value == "Échéance dossier 2026-014"
    assert event.description.value == "Ouvrez le programme."
    assert (event.dtstart.value, event.dtend.value) == (JOUR, date(2026, 12, 2))
    assert event.transp.value == "TRANSPARENT"
    assert event.status.value == "CONFIRMED"
    assert event.sequence.value == "3"
    assert event.uid.value == uid("R10:1")
    assert event.contents["class"][0].value == "PRIVATE"


def test_stamps_are_the_moment_of_the_change_in_utc():
    [event] = events(render_agenda([entree()]))
    for stamp in (event.dtstamp.value, event.last_modified.value):
        assert stamp == MOMENT.replace(microsecond=0)


def test_it_rings_at_nine_of_its_day_and_of_each_day_of_alarm():
    alarmes = (JOUR - timedelta(days=30), JOUR - timedelta(days=7), JOUR, JOUR + timedelta(days=2))
    content = render_agenda([entree(alarmes=alarmes)])
    [event] = events(content)
    rings = [datetime.combine(JOUR, datetime.min.time()) + alarm.trigger.value for alarm in event.valarm_list]
    assert rings == [
        datetime(2026, 11, 1, 9),
        datetime(2026, 11, 24, 9),
        datetime(2026, 12, 1, 9),
        datetime(2026, 12, 3, 9),
    ]
    assert {alarm.action.value for alarm in event.valarm_list} == {"DISPLAY"}
    text = content.decode()
    assert "TRIGGER:PT9H\r\n" in text
    assert "TRIGGER:-P6DT15H\r\n" in text
    assert "TRIGGER:P2DT9H\r\n" in text


def test_a_cancelled_entry_keeps_its_identifier_and_does_not_ring():
    [event] = events(render_agenda([entree(annulee=True, sequence=4, alarmes=(date(2026, 11, 24),))]))
    assert event.status.value == "CANCELLED"
    assert event.uid.value == uid("R10:1")
    assert "valarm" not in event.contents


def test_tasks_stand_beside_events_on_request_for_what_is_to_be_done():
    found = [entree(tache=True), entree(cle="R02:2"), entree(cle="R16:3", tache=True, annulee=True)]
    without = read(render_agenda(found))
    assert "vtodo" not in without.contents
    calendar = read(render_agenda(found, taches=True))
    assert len(calendar.vevent_list) == 3
    assert [task.due.value for task in calendar.vtodo_list] == [JOUR, JOUR]
    assert {task.status.value for task in calendar.vtodo_list} == {"NEEDS-ACTION", "CANCELLED"}
    uids = [part.uid.value for part in (*calendar.vevent_list, *calendar.vtodo_list)]
    assert len(set(uids)) == 5


def test_identifiers_never_change():
    assert uid("R10:1") == "85e6c81d-7fef-5b13-8dc8-3f47f4f007d6"


def test_the_same_entries_in_any_order_are_the_same_bytes():
    found = [entree(cle=f"R{number:02d}:1", jour=JOUR + timedelta(days=number % 3)) for number in range(9)]
    assert render_agenda(found) == render_agenda(found[::-1])


def test_a_calendar_without_entries_still_opens():
    calendar = read(render_agenda([]))
    assert calendar.x_wr_calname.value == NOM
    assert calendar.version.value == "2.0"


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200)


@given(texts, texts)
def test_any_title_comes_back_as_it_was(titre, texte):
    content = render_agenda([entree(titre=titre, texte=texte)])
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    for line in lines:
        line.decode("utf-8")  # no character is cut in two by the folding
        assert b"\n" not in line
    [event] = events(content)
    kept = re.sub(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", titre)
    kept = re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]", "", kept)
    assert event.summary.value == kept
