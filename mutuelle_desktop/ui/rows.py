"""Two list models: values held in memory, and identifiers whose rows are fetched when painted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from mutuelle_desktop.ui.jobs import Jobs, Question

Index = QModelIndex | QPersistentModelIndex

ROW = Qt.ItemDataRole.UserRole
LINE = Qt.ItemDataRole.UserRole + 1
KEY = Qt.ItemDataRole.UserRole + 2
_WHOLE = (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
NOWHERE = QModelIndex()
MENU = 100
"""Dossiers a menu offers, the last that something happened to: the others are found by their words."""
_CHUNK = 60
_LATEST = 3
"""Handfuls that wait to be fetched: those scrolled to last."""
_KEPT = 6000


@dataclass(frozen=True, slots=True)
class Line:
    """How a row is shown: two lines of text, a chip and its kind, the key of a thumbnail."""

    titre: str
    second: str = ""
    puce: str = ""
    genre: str = "neutre"
    image: str = ""

    @property
    def spoken(self) -> str:
        """Return the row as a screen reader says it."""
        return ", ".join(part for part in (self.titre, self.second, self.puce) if part)


class RowsModel(QAbstractListModel):
    """Shows values that carry an id, in the order given."""

    def __init__(self, line: Callable[[Any], Line]) -> None:
        super().__init__()
        self._line = line
        self._rows: list[Any] = []

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role == KEY:
            return row.id
        if role == LINE:
            return self._line(row)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._line(row).titre
        return self._line(row).spoken if role in _WHOLE else None

    def set_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows; those whose order is unchanged keep selection and scroll."""
        rows = list(rows)
        if [row.id for row in rows] == [row.id for row in self._rows]:
            changed = [n for n, row in enumerate(rows) if row != self._rows[n]]
            self._rows = rows
            for n in changed:
                self.dataChanged.emit(self.index(n), self.index(n))
            return
        self.layoutAboutToBeChanged.emit() if self._rows else self.beginResetModel()
        before = self._rows
        persistent = self.persistentIndexList()
        kept = [before[index.row()].id for index in persistent] if before else []
        self._rows = rows
        if before:
            place = {row.id: n for n, row in enumerate(rows)}
            self.changePersistentIndexList(
                persistent, [self.index(place[key]) if key in place else QModelIndex() for key in kept]
            )
            self.layoutChanged.emit()
        else:
            self.endResetModel()

    def index_of(self, key: str) -> QModelIndex:
        """Return the place of a value by its id."""
        for n, row in enumerate(self._rows):
            if row.id == key:
                return self.index(n)
        return QModelIndex()


class PagedModel(QAbstractListModel):
    """Shows any number of identifiers; the rows painted are fetched by handfuls, away from the screen when given jobs.

    A row that is not there yet is blank; one that may have changed is shown as it was until it comes again. arrived says
    that rows are to be painted again: Qt's own signal would have every row of a list placed again.
    """

    arrived = Signal()

    def __init__(
        self, fetch: Callable[[Sequence[str]], dict[str, Any]], line: Callable[[Any], Line], jobs: Jobs | None = None
    ) -> None:
        super().__init__()
        self._fetch = fetch
        self._line = line
        self._ids: list[str] = []
        self._rows: dict[str, Any] = {}
        self._fresh: set[str] = set()
        self._turn = 0
        self._wanted: dict[int, None] = {}
        self._flying: set[int] = set()
        self._inside = False
        self._question = Question(jobs, "Lignes", self._take, self) if jobs else None

    @override
    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._ids)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        key = self._ids[index.row()]
        if role == KEY:
            return key
        if role not in (ROW, LINE, Qt.ItemDataRole.DisplayRole, *_WHOLE):
            return None
        row = self._row(index.row(), key)
        if role == ROW or row is None:
            return row
        line = self._line(row)
        if role == LINE:
            return line
        return line.spoken if role in _WHOLE else line.titre

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        found = super().flags(index)
        return found | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else found

    def set_ids(self, ids: Sequence[str]) -> None:
        """Show these identifiers; those already selected stay so."""
        ids = list(ids)
        self._turn += 1
        self._fresh.clear()
        self._wanted.clear()
        self._flying.clear()
        if ids == self._ids:
            self.arrived.emit()
            return
        self.layoutAboutToBeChanged.emit()
        persistent = self.persistentIndexList()
        keys = [self._ids[index.row()] for index in persistent]
        self._ids = ids
        if persistent:
            wanted = set(keys)
            place = {key: n for n, key in enumerate(ids) if key in wanted}
            self.changePersistentIndexList(
                persistent, [self.index(place[key]) if key in place else QModelIndex() for key in keys]
            )
        self.layoutChanged.emit()

    def ids(self) -> list[str]:
        """Return the identifiers shown."""
        return self._ids

    def index_of(self, key: str) -> QModelIndex:
        """Return the place of an identifier."""
        try:
            return self.index(self._ids.index(key))
        except ValueError:
            return QModelIndex()

    def _row(self, position: int, key: str) -> Any:
        if key not in self._fresh:
            self._want(position // _CHUNK)
        return self._rows.get(key)

    def _want(self, chunk: int) -> None:
        if self._question is None:
            self._wanted = {chunk: None}
            self._take(self._fetched(*self._asked()))
        elif not (self._question.busy and chunk in self._flying) and chunk not in self._wanted:
            self._wanted[chunk] = None
            while len(self._wanted) > _LATEST:  # scrolled past since: asked again if they come back
                del self._wanted[next(iter(self._wanted))]
            self._inside = True
            self._pump()
            self._inside = False

    def _pump(self) -> None:
        if self._question is not None and not self._question.busy and self._wanted:
            self._question.ask(partial(self._fetched, *self._asked()))

    def _asked(self) -> tuple[int, list[str]]:
        """Return what is wanted, which is under way from then on."""
        self._flying, self._wanted = set(self._wanted), {}
        return self._turn, [key for n in self._flying for key in self._ids[n * _CHUNK : (n + 1) * _CHUNK]]

    def _fetched(self, turn: int, keys: list[str]) -> tuple[int, list[str], dict[str, Any]]:
        return turn, keys, self._fetch(keys)

    def _take(self, answer: tuple[int, list[str], dict[str, Any]]) -> None:
        turn, keys, found = answer
        for key in keys:
            self._rows.pop(key, None)  # the latest stand last
        self._rows.update(found)
        for key in list(self._rows)[: len(self._rows) - _KEPT]:
            del self._rows[key]
            self._fresh.discard(key)
        if turn == self._turn:
            self._fresh.update(keys)
            self._flying = set()
        if not self._inside:
            self.arrived.emit()
        self._pump()
