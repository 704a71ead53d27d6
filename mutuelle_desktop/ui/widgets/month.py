"""A month as a table of days: what falls on each one has a shape and a colour, opens on a click and can be dragged.

It is a real table, so that the keyboard and a screen reader go through it day by day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import (
    QAbstractTableModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QDrag,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)
from typing_extensions import override

from mutuelle_desktop.ui.format import JOURS, jour, pluriel
from mutuelle_desktop.ui.theme import theme

Index = QModelIndex | QPersistentModelIndex
DAY = Qt.ItemDataRole.UserRole + 1
FORM = "application/x-mutuelle-echeance"
_WEEK, _WEEKS = 7, 6


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on a day: forme is losange, rond, carre or triangle; genre its colour; movable, it can be dragged."""

    key: str
    text: str
    spoken: str
    forme: str = "rond"
    genre: str = "info"
    movable: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One cell: its day, whether it belongs to the month shown, the public holiday it is, what falls on it."""

    day: date
    inside: bool
    feast: str = ""
    marks: tuple[Mark, ...] = ()


def grid_of(year: int, month: int) -> list[date]:
    """Return the 42 days a month is shown with, from the Monday on or before its first."""
    first = date(year, month, 1)
    start = first - timedelta(days=first.weekday())
    return [start + timedelta(days=n) for n in range(_WEEK * _WEEKS)]


class MonthModel(QAbstractTableModel):
    """Six weeks of seven days."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._days: list[Day] = []
        self.today = date.min

    def set_days(self, days: Sequence[Day], today: date) -> None:
        """Show these 42 days."""
        self.beginResetModel()
        self._days, self.today = list(days), today
        self.endResetModel()

    def index_of(self, day: date) -> QModelIndex:
        """Return where a day is, or nowhere."""
        place = (day - self._days[0].day).days if self._days else -1
        return self.index(place // _WEEK, place % _WEEK) if 0 <= place < len(self._days) else QModelIndex()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._days) // _WEEK

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else _WEEK

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        found = self._days[index.row() * _WEEK + index.column()]
        if role == DAY:
            return found
        if role == Qt.ItemDataRole.DisplayRole:
            return str(found.day.day)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._spoken(found)
        return None

    @override
    def headerData(self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return JOURS[section] if way is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole else None

    def _spoken(self, found: Day) -> str:
        parts = [jour(found.day), "aujourd’hui" if found.day == self.today else "", found.feast]
        parts += [mark.spoken for mark in found.marks] or ["rien"]
        return ", ".join(part for part in parts if part)


class MonthView(QTableView):
    """The table of a month; opened gives the key clicked, chosen the day, moved a key and its new day."""

    opened = Signal(str)
    chosen = Signal(object)
    moved = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.days = MonthModel(self)
        self.setModel(self.days)
        self._delegate = _DayDelegate(self)
        self.setItemDelegate(self._delegate)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        head.setSectionsClickable(False)
        head.setHighlightSections(False)
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setAccessibleName("Mois")
        self._pressed: tuple[QPoint, Mark] | None = None
        self._over = QModelIndex()

    @property
    def over(self) -> QModelIndex:
        """Return the day that a drag would drop on."""
        return self._over

    def mark_at(self, point: QPoint) -> Mark | None:
        """Return what is drawn at a point of the table."""
        index = self.indexAt(point)
        found = index.data(DAY)
        if not isinstance(found, Day):
            return None
        places = self._delegate.places(self.visualRect(index), found)
        return next((mark for mark, place in places if place.contains(point)), None)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(280), theme().px(320))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        mark = self.mark_at(event.position().toPoint())
        self._pressed = (event.position().toPoint(), mark) if mark else None

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        mark = self.mark_at(point)
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if mark else Qt.CursorShape.ArrowCursor)
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        start, held = self._pressed
        if held.movable and (point - start).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            self._drag(held)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed is not None and self.mark_at(event.position().toPoint()) == pressed[1]:
            self.opened.emit(pressed[1].key)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        found = self.indexAt(event.position().toPoint()).data(DAY)
        if isinstance(found, Day) and self.mark_at(event.position().toPoint()) is None:
            self.chosen.emit(found.day)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        found = self.currentIndex().data(DAY)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and isinstance(found, Day):
            if found.marks:
                self.opened.emit(found.marks[0].key)
            else:
                self.chosen.emit(found.day)
            return
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
        self._over = self.indexAt(event.position().toPoint())
        self.viewport().update()
        event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        found = self.indexAt(event.position().toPoint()).data(DAY)
        self._over = QModelIndex()
        self.viewport().update()
        if isinstance(found, Day) and event.mimeData().hasFormat(FORM):
            event.acceptProposedAction()
            self.moved.emit(bytes(event.mimeData().data(FORM).data()).decode(), found.day)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._delegate.forget()

    def _drag(self, mark: Mark) -> None:
        data = QMimeData()
        data.setData(FORM, QByteArray(mark.key.encode()))
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.exec(Qt.DropAction.MoveAction)
        self._over = QModelIndex()
        self.viewport().update()


class _DayDelegate(QStyledItemDelegate):
    """Paints a day: its number, its holiday, then as many marks as there is room for."""

    def __init__(self, view: MonthView) -> None:
        super().__init__(view)
        self._view = view
        self.forget()

    def forget(self) -> None:
        """Measure the text again."""
        self._font = QFont(QApplication.font())
        self._font.setPixelSize(theme().px(12.5))
        self._line = QFontMetrics(self._font).height() + theme().px(4)

    def places(self, cell: QRect, found: Day) -> list[tuple[Mark, QRect]]:
        """Return the marks that have room in a cell, each with its place; the last line tells how many more."""
        top = cell.top() + theme().px(6) + self._line + theme().px(4)
        room = max(0, (cell.bottom() - theme().px(4) - top) // self._line)
        shown = found.marks if len(found.marks) <= room else found.marks[: max(0, room - 1)]
        left, width = cell.left() + theme().px(4), cell.width() - theme().px(8)
        return [(mark, QRect(left, top + n * self._line, width, self._line)) for n, mark in enumerate(shown)]

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        found = index.data(DAY)
        if not isinstance(found, Day):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        cell = QRect(option.rect)
        self._ground(painter, option, cell, found, index)
        self._number(painter, cell, found)
        places = self.places(cell, found)
        for mark, place in places:
            self._mark(painter, mark, place)
        rest = len(found.marks) - len(places)
        if rest:
            under = places[-1][1].bottom() + 1 if places else cell.top() + theme().px(10) + self._line
            painter.setPen(theme().color("encre2"))
            box = QRect(cell.left() + theme().px(8), under, cell.width() - theme().px(10), self._line)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, f"+ {pluriel(rest, 'autre')}")
        painter.restore()

    @override
    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        mark = self._view.mark_at(event.pos())
        text = mark.spoken if mark else str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
        QToolTip.showText(event.globalPos(), text, view)
        return True

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, cell: QRect, found: Day, index: Index) -> None:
        weekend = found.day.weekday() >= 5 or bool(found.feast)
        painter.fillRect(cell, theme().color("surface2" if weekend or not found.inside else "surface"))
        if self._view.over.isValid() and index == self._view.over:
            painter.fillRect(cell, theme().color("accent_doux"))
        painter.setPen(theme().color("trait"))
        painter.drawLine(cell.bottomLeft(), cell.bottomRight())
        painter.drawLine(cell.topRight(), cell.bottomRight())
        if option.state & QStyle.StateFlag.State_HasFocus or option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.drawRect(cell.adjusted(1, 1, -2, -2))

    def _number(self, painter: QPainter, cell: QRect, found: Day) -> None:
        box = QRect(cell.left() + theme().px(6), cell.top() + theme().px(6), theme().px(26), self._line)
        if found.day == self._view.days.today:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("accent"))
            painter.drawRoundedRect(QRectF(box), self._line / 2, self._line / 2)
            painter.setPen(theme().color("sur_accent"))
        else:
            painter.setPen(theme().color("encre" if found.inside else "encre2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(found.day.day))
        if found.feast:
            rest = QRect(box.right() + theme().px(4), box.top(), cell.right() - box.right() - theme().px(8), self._line)
            painter.setPen(theme().color("encre2"))
            text = painter.fontMetrics().elidedText(found.feast, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, text)

    def _mark(self, painter: QPainter, mark: Mark, place: QRect) -> None:
        ground, ink = ("surface2", "encre2") if mark.genre == "neutre" else (f"{mark.genre}_doux", mark.genre)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(ground))
        painter.drawRoundedRect(QRectF(place).adjusted(0, 1, 0, -1), 5, 5)
        side = theme().px(9)
        center = QPointF(place.left() + theme().px(9), place.center().y() + 0.5)
        paint_shape(painter, mark.forme, center, side, ink)
        text = place.adjusted(theme().px(18), 0, -theme().px(4), 0)
        painter.setPen(theme().color(ink))
        shown = painter.fontMetrics().elidedText(mark.text, Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, shown)


def paint_shape(painter: QPainter, forme: str, center: QPointF, side: float, ink: str) -> None:
    """Draw a losange, a rond (hollow), a carre or a triangle of that many pixels, in a colour of the theme."""
    half = side / 2
    box = QRectF(center.x() - half, center.y() - half, side, side)
    painter.setPen(QPen(theme().color(ink), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush if forme == "rond" else theme().color(ink))
    if forme == "rond":
        painter.drawEllipse(box)
    elif forme == "carre":
        painter.drawRoundedRect(box, 2, 2)
    else:
        right = QPointF(box.right(), center.y())
        losange = [
            QPointF(center.x(), box.top()),
            right,
            QPointF(center.x(), box.bottom()),
            QPointF(box.left(), center.y()),
        ]
        triangle = [box.topLeft(), right, box.bottomLeft()]
        painter.drawPolygon(QPolygonF(losange if forme == "losange" else triangle))
