"""How a month is painted: a day with its number, its holiday and its marks; stretches across the days of a week."""

from PySide6.QtCore import QModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QFontMetricsF, QHelpEvent, QPaintDevice, QPainter, QPen, QTextLayout
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
)
from typing_extensions import override

from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.month_model import WEEK, Band, Day, Index, Mark, MonthModel
from mutuelle_desktop.ui.widgets.shapes import paint_shape

NARROW = 84
"""Width of a day, in pixels at 100 %, under which its marks are shapes without words."""


class DayDelegate(QStyledItemDelegate):
    """Paints a day: its number, its holiday, then as many marks as there is room for."""

    def __init__(self, view: QTableView, days: MonthModel) -> None:
        super().__init__(view)
        self._days = days
        self.over = QModelIndex()
        self.forget()

    def forget(self) -> None:
        """Measure the text again."""
        self._font = QFont(QApplication.font())
        self._font.setPixelSize(theme().px(12.5))
        self._bold = QFont(self._font)
        self._bold.setWeight(QFont.Weight.DemiBold)
        self.line = QFontMetrics(self._font).height() + theme().px(4)
        self.lane = theme().px(5)

    def places(self, cell: QRect, found: Day) -> list[tuple[Mark, QRect]]:
        """Return the marks that have room in a cell, each with its place: with words, else as a shape alone."""
        words, glyphs = self._layout(cell, found)
        return [*words, *glyphs]

    def more_place(self, cell: QRect, found: Day) -> QRect | None:
        """Return where a cell tells how many marks have no room, or None when all have."""
        words, glyphs = self._layout(cell, found)
        if len(words) + len(glyphs) == len(found.marks) + found.more:
            return None
        if glyphs:
            last = glyphs[-1][1]
            return QRect(last.right() + theme().px(2), last.top(), cell.right() - last.right(), last.height())
        top, _room = self._room(cell, found)
        return QRect(cell.left() + theme().px(6), top, cell.width() - theme().px(8), self.line)

    def lane_box(self, cells: QRect, lane: int) -> QRect:
        """Return where a lane of stretches lies, given the cells it crosses."""
        bottom = cells.bottom() - theme().px(3) - lane * (self.lane + theme().px(2))
        return QRect(cells.left(), bottom - self.lane, cells.width(), self.lane)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        found = self._days.day_at(index)
        if found is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        cell = QRect(option.rect)
        painter.setClipRect(cell)
        self._ground(painter, option, cell, found, index)
        self._number(painter, cell, found)
        words, glyphs = self._layout(cell, found)
        for marks, spelled in ((words, True), (glyphs, False)):
            for mark, place in marks:
                self._mark(painter, mark, place, words=spelled)
        more = self.more_place(cell, found)
        if more is not None:
            self._more(painter, more, len(found.marks) + found.more - len(words) - len(glyphs))
        painter.restore()

    @override
    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        found = self._days.day_at(index)
        cell = QRect(view.visualRect(index))
        places = self.places(cell, found) if found else []
        mark: Mark | Band | None = next((mark for mark, place in places if place.contains(event.pos())), None)
        for lane, band in enumerate(found.bands if found else ()):
            mark = band if band and self.lane_box(cell, lane).contains(event.pos()) else mark
        text = mark.spoken if mark else str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
        QToolTip.showText(event.globalPos(), text, view)
        return True

    def paint_bands(self, painter: QPainter, view: QTableView) -> None:
        """Paint the stretches over the days, a week after the other, their words across the days."""
        painter.setFont(self._font)
        for week in range(self._days.rowCount()):
            cells = [self._days.index(week, column) for column in range(WEEK)]
            days = [self._days.day_at(index) for index in cells]
            for lane in range(max((len(day.bands) for day in days if day), default=0)):
                self._lane(painter, view, cells, [_band_of(day, lane) for day in days], lane)

    def _lane(
        self, painter: QPainter, view: QTableView, cells: list[QModelIndex], bands: list[Band | None], lane: int
    ) -> None:
        start = 0
        while start < WEEK:
            first = bands[start]
            end = start
            while first and end + 1 < WEEK and _same(bands[end + 1], first):
                end += 1
            last = bands[end]
            if first and last:
                box = self.lane_box(view.visualRect(cells[start]).united(view.visualRect(cells[end])), lane)
                self._band(painter, first, box, (first.starts, last.ends))
            start = end + 1

    def _band(self, painter: QPainter, band: Band, box: QRect, ends: tuple[bool, bool]) -> None:
        """Paint a stretch; its round ends are where it begins and finishes, its flat ones where it goes on."""
        inset, radius = theme().px(5), box.height() / 2
        whole = QRectF(box.adjusted(inset if ends[0] else 0, 0, -inset if ends[1] else 0, 0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("encre2" if band.genre == "neutre" else band.genre))
        painter.drawRoundedRect(whole, radius, radius)
        if not ends[0]:
            painter.drawRect(QRectF(whole.left() - 1, whole.top(), radius + 1, whole.height()))
        if not ends[1]:
            painter.drawRect(QRectF(whole.right() - radius, whole.top(), radius + 1, whole.height()))

    def _is_narrow(self, cell: QRect) -> bool:
        return cell.width() < theme().px(NARROW)

    def _room(self, cell: QRect, found: Day) -> tuple[int, int]:
        """Return the top of the marks and the height they have, in pixels."""
        top = cell.top() + theme().px(6) + self.line + theme().px(3)
        lanes = len(found.bands) * (self.lane + theme().px(2))
        return top, cell.bottom() - theme().px(4) - lanes - top

    def _layout(self, cell: QRect, found: Day) -> tuple[list[tuple[Mark, QRect]], list[tuple[Mark, QRect]]]:
        """Place the marks: as many as there are lines with words, the rest as shapes on the last line."""
        top, room = self._room(cell, found)
        lines = 0 if self._is_narrow(cell) else max(0, room // self.line)
        spelled = found.marks if len(found.marks) + found.more <= lines else found.marks[: max(0, lines - 1)]
        left, width = cell.left() + theme().px(6), cell.width() - theme().px(12)
        rest = found.marks[len(spelled) :]
        high = self.line * (2 if not rest and 2 * len(spelled) <= lines else 1)
        words = [(mark, QRect(left, top + n * high, width, high)) for n, mark in enumerate(spelled)]
        if not rest:
            return words, []
        side = theme().px(15)
        under = top + len(spelled) * self.line
        rows = max(1, (top + room - under) // side)
        across = max(1, width // side)
        held = across * rows
        shown = rest if len(rest) + found.more <= held else rest[: max(0, held - 2)]
        glyphs = [
            (mark, QRect(left + n % across * side, under + n // across * side, side, side))
            for n, mark in enumerate(shown)
        ]
        return words, glyphs

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, cell: QRect, found: Day, index: Index) -> None:
        """Paint what lies under a day: rest days tinted, a hair between weeks, the day one is on outlined."""
        color, state = theme().color, option.state
        if found.day.weekday() >= 5 or found.feast:
            painter.fillRect(cell, color("repos"))
        if index.row():
            painter.fillRect(cell.left(), cell.top(), cell.width(), 1, color("trait"))
        inner, radius = QRectF(cell).adjusted(2.5, 3.5, -2.5, -2.5), theme().px(8)
        focus = bool(state & QStyle.StateFlag.State_HasFocus)
        chosen = focus or bool(state & QStyle.StateFlag.State_Selected)
        under = self.over.isValid() and index == self.over
        if under or chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(color("accent"), 2 if focus else 1) if chosen or under else Qt.PenStyle.NoPen)
            painter.setBrush(color("accent_doux" if under else "surface" if chosen else "surface2"))
            painter.drawRoundedRect(inner, radius, radius)

    def _number(self, painter: QPainter, cell: QRect, found: Day) -> None:
        box = QRect(cell.left() + theme().px(7), cell.top() + theme().px(6), theme().px(26), self.line)
        painter.setFont(self._bold if found.inside else self._font)
        if found.day == self._days.today:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("accent"))
            painter.drawRoundedRect(QRectF(box), self.line / 2, self.line / 2)
            painter.setPen(theme().color("sur_accent"))
        else:
            painter.setPen(theme().color("encre" if found.inside else "encre2"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(found.day.day))
        painter.setFont(self._font)
        if found.feast and not self._is_narrow(cell):
            rest = QRect(box.right() + theme().px(2), box.top(), cell.right() - box.right() - theme().px(6), self.line)
            painter.setPen(theme().color("encre2"))
            text = painter.fontMetrics().elidedText(found.feast, Qt.TextElideMode.ElideRight, rest.width())
            painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter, text)

    def _more(self, painter: QPainter, place: QRect, rest: int) -> None:
        """Paint how many have no room, as something that can be pressed."""
        text = f"+\u00a0{rest}"
        wide = min(place.width(), painter.fontMetrics().horizontalAdvance(text) + theme().px(12))
        pill = QRectF(place.left(), place.top() + 1.5, wide, place.height() - 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("surface2"))
        painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
        painter.setPen(theme().color("encre2"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)

    def _mark(self, painter: QPainter, mark: Mark, place: QRect, *, words: bool) -> None:
        ground, ink = ("surface2", "encre2") if mark.genre == "neutre" else (f"{mark.genre}_doux", mark.genre)
        center = QPointF(place.left() + theme().px(9), place.top() + self.line / 2)
        if words:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color(ground))
            painter.drawRoundedRect(QRectF(place).adjusted(0, 1, 0, -1), theme().px(6), theme().px(6))
        else:
            center = QPointF(place.center())
        paint_shape(painter, mark.forme, center, theme().px(9), ink)
        if not words:
            return
        text = place.adjusted(theme().px(18), 0, -theme().px(4), 0)
        painter.setPen(theme().color(ink))
        painter.setFont(self._bold if mark.strong else self._font)
        lines = broken(mark.text, painter.font(), text.width(), round(place.height() / self.line))
        for number, line in enumerate(lines):
            under = QRect(text.left(), text.top() + number * self.line, text.width(), self.line)
            painter.drawText(under, Qt.AlignmentFlag.AlignVCenter, line)
        painter.setFont(self._font)


def broken(text: str, font: QFont, width: float, lines: int, device: QPaintDevice | None = None) -> list[str]:
    """Return a text on that many lines at most, the last one cut with an ellipsis where it must be."""
    done, metrics = [], QFontMetricsF(font, device) if device else QFontMetricsF(font)
    if lines > 1:
        layout = QTextLayout(text, font, device) if device else QTextLayout(text, font)
        layout.beginLayout()
        first = layout.createLine()
        first.setLineWidth(width)
        layout.endLayout()
        head, text = text[: first.textLength()].rstrip(), text[first.textLength() :]
        done = [metrics.elidedText(head, Qt.TextElideMode.ElideRight, width)]  # a word may be longer than a line
    rest = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
    return [*done, rest] if rest else done


def _band_of(day: Day | None, lane: int) -> Band | None:
    return day.bands[lane] if day is not None and lane < len(day.bands) else None


def _same(band: Band | None, other: Band) -> bool:
    return band is not None and (band.key, band.genre) == (other.key, other.genre)
