"""From entries to the bytes of an .ics file (RFC 5545): the same entries always give the same bytes."""

import re
from collections.abc import Iterable
from datetime import UTC, date, timedelta
from typing import TYPE_CHECKING
from unicodedata import category
from uuid import UUID, uuid5

from mutuelle_desktop.domain.agenda import Entree

if TYPE_CHECKING:
    from icalendar import Alarm, Calendar, Event, Todo

ESPACE = UUID("6f4c2b52-6d0e-5a53-9f1f-3b8f1d7c2e41")
"""The namespace of our identifiers; never to be changed, or every calendar would hold each entry twice."""
PRODUIT = "-//Mutuelle Desktop//Echeances//FR"
NOM = "Échéances"
SONNERIE = timedelta(hours=9)


def uid(cle: str) -> str:
    """Return the identifier other calendars know an entry by, the same for ever."""
    return str(uuid5(ESPACE, cle))


def render_agenda(entrees: Iterable[Entree], *, taches: bool = False) -> bytes:
    """Return the calendar of these entries; with taches, what is to be done is a task (VTODO) beside its event."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUIT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", NOM)
    for entree in sorted(entrees, key=lambda found: (found.jour, found.cle)):
        _add_event(calendar, entree)
        if taches and entree.tache:
            _add_task(calendar, entree)
    return bytes(calendar.to_ical(sorted=False))


def _add_event(calendar: "Calendar", entree: Entree) -> None:
    from icalendar import Event

    event = Event()
    event.add("uid", uid(entree.cle))
    _describe(event, entree)
    event.add("dtstart", entree.jour)
    event.add("dtend", entree.jour + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if entree.annulee else "CONFIRMED")
    for jour in () if entree.annulee else sorted({entree.jour, *entree.alarmes}):
        event.add_component(_alarm(entree, jour))
    calendar.add_component(event)


def _add_task(calendar: "Calendar", entree: Entree) -> None:
    """Add the task; it does not ring, since its event does."""
    from icalendar import Todo

    task = Todo()
    task.add("uid", uid(f"tache:{entree.cle}"))
    _describe(task, entree)
    task.add("due", entree.jour)
    task.add("status", "CANCELLED" if entree.annulee else "NEEDS-ACTION")
    calendar.add_component(task)


def _describe(part: "Event | Todo", entree: Entree) -> None:
    moment = entree.modifie_le.astimezone(UTC).replace(microsecond=0)
    part.add("dtstamp", moment)
    part.add("last-modified", moment)
    part.add("sequence", entree.sequence)
    part.add("summary", _clean(entree.titre))
    if entree.texte:
        part.add("description", _clean(entree.texte))
    part.add("class", "PRIVATE")


def _alarm(entree: Entree, jour: date) -> "Alarm":
    """Return an alarm at 9:00 of that day: a plain « -P7D » would ring at midnight."""
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", jour - entree.jour + SONNERIE)
    alarm.add("description", _clean(entree.titre))
    return alarm


def _clean(text: str) -> str:
    """Return the text without the characters that end a line elsewhere, or that RFC 5545 forbids."""
    lines = re.sub(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", text)
    return "".join(c for c in lines if c in "\n\t" or category(c) not in ("Cc", "Cs"))
