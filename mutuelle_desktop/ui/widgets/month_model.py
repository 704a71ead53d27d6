"""The days of a month as a table: what falls on each one, the stretches that cross them, how they are said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from mutuelle_desktop.ui.format import JOURS, jour, pluriel

Index = QModelIndex | QPersistentModelIndex
DAY = Qt.ItemDataRole.UserRole + 1
WEEK, WEEKS = 7, 6
_SPOKEN = 8
"""How many things of a day are said one by one; a screen reader that lists forty is no help."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on a day: forme is losange, rond, carre, triangle or trait; genre its colour; movable, it can be dragged.

    strong is for what cannot wait: its words are bold.
    """

    key: str
    text: str
    spoken: str
    forme: str = "rond"
    genre: str = "info"
    movable: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The part, on one day, of a stretch of several; starts and ends tell whether it begins or finishes there."""

    key: str
    text: str
    spoken: str
    genre: str = "info"
    starts: bool = False
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One cell: its day, whether it belongs to the month shown, the public holiday it is, what falls on it.

    bands are the lanes of the stretches, from the bottom up; None is a lane that is free that day. more is how many
    things fall on it beyond its marks.
    """

    day: date
    inside: bool
    feast: str = ""
    marks: tuple[Mark, ...] = ()
    bands: tuple[Band | None, ...] = ()
    more: int = 0


def grid_of(year: int, month: int) -> list[date]:
    """Return the 42 days a month is shown with, from the Monday on or before its first."""
    first = date(year, month, 1)
    start = first - timedelta(days=first.weekday())
    return [start + timedelta(days=n) for n in range(WEEK * WEEKS)]


class MonthModel(QAbstractTableModel):
    """Six weeks of seven days."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._days: list[Day] = []
        self._short = False
        self.today = date.min

    def set_days(self, days: Sequence[Day], today: date) -> None:
        """Show these 42 days."""
        same = len(days) == len(self._days)
        if not same:
            self.beginResetModel()
        self._days, self.today = list(days), today
        if same:
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, WEEK - 1))
        else:
            self.endResetModel()

    def set_short(self, short: bool) -> None:
        """Name the days in full, or by their first letters."""
        if short != self._short:
            self._short = short
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, WEEK - 1)

    def day_at(self, index: Index) -> Day | None:
        """Return the day of a cell."""
        found = index.data(DAY) if index.isValid() else None
        return found if isinstance(found, Day) else None

    def index_of(self, day: date) -> QModelIndex:
        """Return where a day is, or nowhere."""
        place = (day - self._days[0].day).days if self._days else -1
        return self.index(place // WEEK, place % WEEK) if 0 <= place < len(self._days) else QModelIndex()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._days) // WEEK

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else WEEK

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        found = self._days[index.row() * WEEK + index.column()]
        if role == DAY:
            return found
        if role == Qt.ItemDataRole.DisplayRole:
            return str(found.day.day)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._spoken(found)
        return None

    @override
    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if way is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return JOURS[section][:3] if self._short else JOURS[section]
        return JOURS[section] if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole) else None

    def _spoken(self, found: Day) -> str:
        parts = [jour(found.day), "aujourd’hui" if found.day == self.today else "", found.feast]
        parts += [mark.spoken for mark in found.marks[:_SPOKEN]] or ["rien"]
        rest = len(found.marks) + found.more - _SPOKEN
        if rest > 0:
            parts.append(f"et {pluriel(rest, 'autre')}")
        parts += [band.spoken for band in found.bands if band is not None]
        return ", ".join(part for part in parts if part)
