"""The agenda: every date as a row, grouped by how near it is, smooth however many there are."""

from typing import Any

from PySide6.QtCore import QItemSelection, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QVBoxLayout
from typing_extensions import override

from mutuelle_desktop.services.echeances import LigneEcheance
from mutuelle_desktop.ui.echeances.lignes import Rang
from mutuelle_desktop.ui.rows import ROW, Index, Line, RowsModel
from mutuelle_desktop.ui.widgets.lines import GroupedDelegate, lines_view

_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class RangsModel(RowsModel):
    """Rows of the agenda; the titles of the groups are passed over by the keyboard."""

    def __init__(self) -> None:
        super().__init__(_line)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        rang = index.data(ROW)
        if isinstance(rang, Rang) and rang.ligne is None:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)


class AgendaPane(QFrame):
    """The list; opened gives a key, asked a key and where to open its menu."""

    opened = Signal(str)
    asked = Signal(str, QPoint)
    walked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "carte")
        self.model = RangsModel()
        self.view = lines_view(self.model)
        self.view.setProperty("role", "fond")
        self.view.setItemDelegate(GroupedDelegate(self.view))
        self.view.setAccessibleName("Agenda")
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._menu)
        self.view.clicked.connect(self._clicked)
        self.view.selectionModel().selectionChanged.connect(self._on_selection)
        action = QAction("Ouvrir", self.view)
        action.setShortcuts([QKeySequence(key) for key in _KEYS])
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(self._open_current)
        self.view.addAction(action)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self.view)

    @property
    def current(self) -> LigneEcheance | None:
        """Return the row one is on."""
        rang = self.view.currentIndex().data(ROW)
        return rang.ligne if isinstance(rang, Rang) else None

    def show_rangs(self, rangs: list[Rang]) -> None:
        """Show these rows."""
        first = self.model.rowCount() == 0
        self.model.set_rows(rangs)
        if first and len(rangs) > 1:
            self.view.setCurrentIndex(self.model.index(1))

    def select(self, key: str) -> None:
        """Go to a row."""
        index = self.model.index_of(key)
        if index.isValid():
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)

    def _clicked(self, index: QModelIndex) -> None:
        rang = index.data(ROW)
        if isinstance(rang, Rang) and rang.ligne is not None:
            self.opened.emit(rang.id)

    def _open_current(self) -> None:
        self._clicked(self.view.currentIndex())

    def _menu(self, point: QPoint) -> None:
        index = self.view.indexAt(point)
        if not index.isValid():
            index = self.view.currentIndex()
        rang = index.data(ROW)
        if isinstance(rang, Rang) and rang.ligne is not None:
            self.asked.emit(rang.id, self.view.viewport().mapToGlobal(point))

    def _on_selection(self, _chosen: QItemSelection, _left: QItemSelection) -> None:
        self.walked.emit()


def _line(rang: Any) -> Line:
    line: Line = rang.line
    return line
