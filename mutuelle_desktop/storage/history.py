"""What was done: recorded (before, after) values give undo, redo, the refresh of views, and the journal."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mutuelle_desktop.domain.agenda import Publication
from mutuelle_desktop.domain.document import Fichier, Lecture, MotDePasse, Page, Vignette
from mutuelle_desktop.domain.ids import now
from mutuelle_desktop.storage.schema import MOMENT

UNDO_LIMIT = 30
READINGS = (Fichier, Lecture, Page, Vignette, MotDePasse, Publication)
"""What follows from bytes already in the vault, so that redo never reads a paper again, and what other calendars
were told: undo leaves both."""

Execute = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after; None when it does not exist on that side."""

    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """What one action did: its label, every value it changed, and the group it belongs to."""

    label: str
    changes: tuple[Change, ...]
    group: str | None = None

    def touches(self, *kinds: type[Any]) -> bool:
        """Tell whether a value of one of these kinds changed."""
        return any(isinstance(change.after or change.before, kinds) for change in self.changes)

    def ids(self, kind: type[Any]) -> set[str]:
        """Return the ids of the values of this kind that changed."""
        values = (change.after or change.before for change in self.changes)
        return {value.id for value in values if isinstance(value, kind)}


@dataclass(frozen=True, slots=True)
class LigneJournal:
    """One line of the kept history; le is in UTC, annule says that it was undone since."""

    le: datetime
    label: str
    annule: bool


@dataclass(slots=True)
class Step:
    """One step of undo: what it changed, and its line in the journal."""

    label: str
    group: str | None
    numero: int
    changes: list[Change] = field(default_factory=list)


class History:
    """The steps that can be undone and redone; lives in memory, unlike the journal."""

    def __init__(self) -> None:
        self.undone: list[Step] = []
        self.done: list[Step] = []

    def record(self, execute: Execute, label: str, group: str | None, changes: Iterable[Change]) -> Step | None:
        """Write the action in the journal, within its own transaction; None when there is nothing to undo."""
        facts = [change for change in changes if not isinstance(change.after or change.before, READINGS)]
        if not facts:
            return None
        last = self.done[-1] if self.done else None
        same = last.numero if last and group is not None and last.group == group else None
        numero = _write(execute, same, label)
        for objet in {objet for change in facts for objet in _objets(change)}:
            execute("INSERT OR IGNORE INTO journal_objet (objet, journal) VALUES (?, ?)", (objet, numero))
        return Step(label, group, numero, facts)

    def remember(self, step: Step) -> None:
        """Keep a step that is now durable; one of the same group grows instead, under the last label."""
        last = self.done[-1] if self.done else None
        if last and last.numero == step.numero:
            last.label = step.label
            last.changes += step.changes
        else:
            self.done.append(step)
            del self.done[:-UNDO_LIMIT]
        self.undone.clear()

    def values(self) -> Iterator[Any]:
        """Yield every value that undo or redo may bring back."""
        for step in (*self.done, *self.undone):
            for change in step.changes:
                yield from (value for value in (change.before, change.after) if value is not None)


def mark_undone(execute: Execute, step: Step, *, undone: bool) -> None:
    """Say in the journal whether this step holds."""
    execute("UPDATE journal SET annule = ? WHERE numero = ?", (int(undone), step.numero))


def journal_of(execute: Execute, objet: str, limit: int) -> list[LigneJournal]:
    """Return the latest lines about one object, oldest first."""
    rows = execute(
        "SELECT le, label, annule FROM journal_objet JOIN journal ON numero = journal WHERE objet = ? "
        "ORDER BY journal DESC LIMIT ?",
        (objet, limit),
    ).fetchall()
    return [LigneJournal(MOMENT.decode(le), label, bool(annule)) for le, label, annule in reversed(rows)]


def _write(execute: Execute, numero: int | None, label: str) -> int:
    moment = MOMENT.encode(now())
    if numero is None:
        inserted = execute("INSERT INTO journal (le, label, annule) VALUES (?, ?, 0)", (moment, label))
        return int(inserted.lastrowid)
    execute("UPDATE journal SET le = ?, label = ? WHERE numero = ?", (moment, label, numero))
    return numero


def _objets(change: Change) -> Iterator[str]:
    """Yield the objects whose history this change belongs to: itself, and those it is part of."""
    for value in (change.before, change.after):
        if value is not None:
            yield value.id
            for name in ("dossier_id", "document_id", "mutuelle_id"):
                link = getattr(value, name, None)
                if link:
                    yield link
