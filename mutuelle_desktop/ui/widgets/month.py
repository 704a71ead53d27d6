"""A month as a table of days: what falls on each one has a shape and a colour, opens on a click and can be dragged.

It is a real table, so that the keyboard and a screen reader go through it day by day.
"""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QByteArray, QItemSelectionModel, QMimeData, QModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView
from typing_extensions import override

from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.month_model import WEEK, Band, Day, Mark, MonthModel, grid_of
from mutuelle_desktop.ui.widgets.month_paint import NARROW, DayDelegate
from mutuelle_desktop.ui.widgets.shapes import paint_shape

__all__ = ["FORM", "Band", "Day", "Mark", "MonthModel", "MonthView", "grid_of", "paint_shape"]

FORM = "application/x-mutuelle-echeance"


class MonthView(QTableView):
    """The table of a month.

    opened gives the key clicked, chosen an empty day acted upon, crowded one with several things or more than it can
    show, walked the day come to, moved a key and its new day, held the key of what was dragged but stays where it is,
    turned by how many months to go, asked a key (or nothing), its day and where to open a menu.
    """

    opened = Signal(str)
    chosen = Signal(object)
    crowded = Signal(object)
    walked = Signal(object)
    moved = Signal(str, object)
    held = Signal(str)
    turned = Signal(int)
    asked = Signal(str, object, QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.days = MonthModel(self)
        self.setModel(self.days)
        self._delegate = DayDelegate(self, self.days)
        self.setItemDelegate(self._delegate)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setMinimumSectionSize(1)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setMinimumSectionSize(1)
        head.setSectionsClickable(False)
        head.setHighlightSections(False)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setAccessibleName("Mois")
        self._pressed: tuple[QPoint, Mark] | None = None
        self.selectionModel().currentChanged.connect(self._on_current)
        theme().changed.connect(self._restyle)

    @property
    def current_day(self) -> date | None:
        """Return the day the keyboard is on."""
        found = self.days.day_at(self.currentIndex())
        return found.day if found else None

    def set_days(self, days: Sequence[Day], today: date) -> None:
        """Show these 42 days."""
        self.days.set_days(days, today)
        for week in range(self.days.rowCount()):  # a week that is all of other months gives its room to the others
            inside = any(day.inside for day in days[week * WEEK : (week + 1) * WEEK])
            self.setRowHidden(week, not inside)

    def go_to(self, day: date) -> None:
        """Put the keyboard on a day, when it is shown."""
        index = self.days.index_of(day)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def place_of(self, day: date) -> QRect:
        """Return where a day is drawn."""
        return self.visualRect(self.days.index_of(day))

    def mark_at(self, point: QPoint) -> Mark | None:
        """Return what is drawn at a point of the table."""
        index = self.indexAt(point)
        found = self.days.day_at(index)
        places = self._delegate.places(self.visualRect(index), found) if found else []
        return next((mark for mark, place in places if place.contains(point)), None)

    def mark_place(self, key: str) -> QRect | None:
        """Return where a mark is drawn, or None when it is not."""
        for row in range(self.days.rowCount()):
            for column in range(self.days.columnCount()):
                index = self.days.index(row, column)
                found = self.days.day_at(index)
                for mark, place in self._delegate.places(self.visualRect(index), found) if found else []:
                    if mark.key == key:
                        return place
        return None

    def band_at(self, point: QPoint) -> Band | None:
        """Return the stretch drawn at a point of the table."""
        index = self.indexAt(point)
        found = self.days.day_at(index)
        cell = self.visualRect(index)
        lanes = enumerate(found.bands) if found else ()
        return next(
            (band for lane, band in lanes if band and self._delegate.lane_box(cell, lane).contains(point)), None
        )

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(280), 6 * (self._delegate.line * 2 + theme().px(19)) + theme().px(28))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._delegate.paint_bands(painter, self)
        painter.end()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        mark = self.mark_at(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        self._pressed = (event.position().toPoint(), mark) if mark and left else None

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        live = self.mark_at(point) or self.band_at(point) or self._more_at(point)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if live else Qt.CursorShape.ArrowCursor)
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        start, mark = self._pressed
        if (point - start).manhattanLength() < QApplication.startDragDistance():
            return
        self._pressed = None
        if mark.movable:
            self._drag(mark)
        else:
            self.held.emit(mark.key)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() != Qt.MouseButton.LeftButton:
            return
        point = event.position().toPoint()
        pressed, self._pressed = self._pressed, None
        if pressed is not None:
            if self.mark_at(point) == pressed[1]:
                self.opened.emit(pressed[1].key)
            return
        band, day = self.band_at(point), self._more_at(point)
        if day is not None:
            self.crowded.emit(day)
        elif band is not None:
            self.opened.emit(band.key)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        found = self.days.day_at(self.indexAt(point))
        if found and not (self.mark_at(point) or self.band_at(point) or self._more_at(point)):
            self.chosen.emit(found.day)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        found = self.days.day_at(index)
        if found is None:
            return
        mark = (found.marks[0] if found.marks else None) if by_key else self.mark_at(event.pos())
        at = self.visualRect(index).center() if by_key else event.pos()
        self.asked.emit(mark.key if mark else "", found.day, self.viewport().mapToGlobal(at))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        found = self.days.day_at(self.currentIndex())
        pages = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and found:
            self._act(found)
        elif event.key() in pages:
            self.turned.emit(pages[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(FORM):
            event.acceptProposedAction()
        else:
            event.ignore()

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if not event.mimeData().hasFormat(FORM):
            event.ignore()
            return
        self._hover(self.indexAt(event.position().toPoint()))
        event.acceptProposedAction()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._hover(QModelIndex())

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        found = self.days.day_at(self.indexAt(event.position().toPoint()))
        self._hover(QModelIndex())
        if found and event.mimeData().hasFormat(FORM):
            event.acceptProposedAction()
            self.moved.emit(bytes(event.mimeData().data(FORM).data()).decode(), found.day)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.days.set_short(self.viewport().width() / 7 < theme().px(NARROW))

    def _act(self, found: Day) -> None:
        if len(found.marks) > 1:
            self.crowded.emit(found.day)
        elif found.marks:
            self.opened.emit(found.marks[0].key)
        else:
            self.chosen.emit(found.day)

    def _more_at(self, point: QPoint) -> date | None:
        index = self.indexAt(point)
        found = self.days.day_at(index)
        place = self._delegate.more_place(self.visualRect(index), found) if found else None
        return found.day if found and place and place.contains(point) else None

    def _drag(self, mark: Mark) -> None:
        data = QMimeData()
        data.setData(FORM, QByteArray(mark.key.encode()))
        drag = QDrag(self)
        drag.setMimeData(data)
        place = self.mark_place(mark.key)
        if place is not None:
            drag.setPixmap(self.viewport().grab(place))
        drag.exec(Qt.DropAction.MoveAction)
        self._hover(QModelIndex())

    def _hover(self, index: QModelIndex) -> None:
        self._delegate.over = index
        self.viewport().update()

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        found = self.days.day_at(current)
        if found:
            self.walked.emit(found.day)

    def _restyle(self) -> None:
        self._delegate.forget()
        self.updateGeometry()
        self.days.set_short(self.viewport().width() / 7 < theme().px(NARROW))
