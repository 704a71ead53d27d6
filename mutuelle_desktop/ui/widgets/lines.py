"""Rows of two lines with a chip and a thumbnail, painted for lists of any length."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from mutuelle_desktop.ui.rows import LINE, Line
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.shapes import paint_shape

Image = Callable[[str], QPixmap | None]
_PAD = 10
GROUP = "groupe"
"""The kind of a Line that is the title of those under it."""


class TwoLineDelegate(QStyledItemDelegate):
    """Paints a Line: title, second line, chip at the right, thumbnail at the left."""

    def __init__(self, parent: QWidget, image: Image | None = None) -> None:
        super().__init__(parent)
        self._image = image

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, theme().px(14) + theme().px(12.5) + theme().px(16) + 2 * _PAD)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        line = index.data(LINE)
        if not isinstance(line, Line):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRect(option.rect)
        _ground(painter, option, area)
        inner = area.adjusted(_PAD + 4, _PAD, -_PAD, -_PAD)
        if self._image is not None:
            side = inner.height()
            picture = self._image(line.image)
            box = QRect(inner.left(), inner.top(), round(side * 0.75), side)
            _thumbnail(painter, box, picture)
            inner.setLeft(box.right() + _PAD)
        _texts(painter, option, inner, line, chip=True)
        painter.restore()


class TileDelegate(QStyledItemDelegate):
    """Paints a Line as a tile: thumbnail above, title and second line under it."""

    def __init__(self, parent: QWidget, image: Image) -> None:
        super().__init__(parent)
        self._image = image

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(theme().px(150), theme().px(190) + theme().px(46))

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        line = index.data(LINE)
        if not isinstance(line, Line):
            return
        painter.save()
        area = QRect(option.rect).adjusted(4, 4, -4, -4)
        _ground(painter, option, area, line=False)
        inner = area.adjusted(8, 8, -8, -8)
        text_height = theme().px(42)
        _thumbnail(painter, inner.adjusted(0, 0, 0, -text_height), self._image(line.image))
        _texts(painter, option, QRect(inner.left(), inner.bottom() - text_height + 6, inner.width(), text_height), line)
        painter.restore()


class GroupedDelegate(TwoLineDelegate):
    """Paints Lines under titles: a Line of the kind GROUP is a title, and image names a shape and its colour."""

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        line = index.data(LINE)
        if not isinstance(line, Line):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRect(option.rect)
        if line.genre == GROUP:
            _title(painter, option, area.adjusted(_PAD + 4, 0, -_PAD, -_PAD), line.titre)
        else:
            _ground(painter, option, area)
            inner = area.adjusted(_PAD + 4, _PAD, -_PAD, -_PAD)
            forme, _, ink = line.image.partition("/")
            middle = QPointF(inner.left() + theme().px(7), inner.top() + theme().px(10))
            paint_shape(painter, forme, middle, theme().px(11), "encre2" if ink == "neutre" else ink)
            inner.setLeft(inner.left() + theme().px(26))
            _texts(painter, option, inner, line, chip=True)
        painter.restore()


def lines_view(model: object, image: Image | None = None) -> QListView:
    """Return a list of two-line rows over a model."""
    view = QListView()
    view.setProperty("role", "rangees")
    view.setUniformItemSizes(True)
    view.setModel(model)  # type: ignore[arg-type]
    view.setItemDelegate(TwoLineDelegate(view, image))
    view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return view


def _title(painter: QPainter, option: QStyleOptionViewItem, area: QRect, text: str) -> None:
    font = option.font
    font.setPixelSize(theme().px(15.5))
    font.setWeight(font.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(theme().color("encre"))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, shown)


def _ground(painter: QPainter, option: QStyleOptionViewItem, area: QRect, *, line: bool = True) -> None:
    """Paint what lies under a row: a hair below it, or the rounded surface of the row chosen or pointed at."""
    state, color = option.state, theme().color
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if line:
        painter.fillRect(area.left() + _PAD, area.bottom(), area.width() - 2 * _PAD, 1, color("trait"))
    box, radius = QRectF(area).adjusted(2, 1, -2, -2), theme().px(8)
    chosen = bool(state & QStyle.StateFlag.State_Selected)
    if chosen or state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("accent_doux" if chosen else "surface2"))
        painter.drawRoundedRect(box, radius, radius)
    if chosen:
        painter.setBrush(color("accent"))
        painter.drawRoundedRect(QRectF(box.left(), box.top() + 6, 4, box.height() - 12), 2, 2)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(color("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _thumbnail(painter: QPainter, box: QRect, picture: QPixmap | None) -> None:
    if picture is None or picture.isNull():
        painter.fillRect(box, theme().color("surface2"))
        return
    fitted = picture.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRect(box.center().x() - fitted.width() // 2, box.center().y() - fitted.height() // 2,
                   fitted.width(), fitted.height())  # fmt: skip
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(target, picture)
    painter.setPen(theme().color("trait"))
    painter.drawRect(target)


def _chip(painter: QPainter, option: QStyleOptionViewItem, inner: QRect, line: Line, title: int) -> tuple[int, bool]:
    """Paint the chip; return the width it takes, and whether it is on the second line.

    title is the width the title wants: a title that would be cut keeps its line, and the chip goes under it.
    """
    if not line.puce:
        return 0, False
    font = option.font
    font.setPixelSize(theme().px(12.5))
    painter.setFont(font)
    metrics = QFontMetrics(font)
    width = min(metrics.horizontalAdvance(line.puce) + 16, inner.width() // 2)
    high = metrics.height() + 6
    under = title + width + 8 > inner.width()
    box = QRect(inner.right() - width, inner.bottom() - high + 4 if under else inner.top(), width, high)
    ground, ink = ("surface2", "encre2") if line.genre == "neutre" else (f"{line.genre}_doux", line.genre)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color(ground))
    painter.drawRoundedRect(box, 6, 6)
    painter.setPen(theme().color(ink))
    text = metrics.elidedText(line.puce, Qt.TextElideMode.ElideRight, width - 8)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    return width + 8, under


def _texts(painter: QPainter, option: QStyleOptionViewItem, inner: QRect, line: Line, *, chip: bool = False) -> None:
    """Paint both lines, and the chip beside the one it leaves whole."""
    font = option.font
    font.setPixelSize(theme().px(14))
    font.setWeight(font.Weight.DemiBold)
    metrics = QFontMetrics(font)
    taken, under = 0, False
    if chip:
        wanted = metrics.horizontalAdvance(line.titre)
        font.setWeight(font.Weight.Normal)
        taken, under = _chip(painter, option, inner, line, wanted)
        font.setPixelSize(theme().px(14))
        font.setWeight(font.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(theme().color("encre"))
    top = metrics.elidedText(line.titre, Qt.TextElideMode.ElideRight, inner.width() - (0 if under else taken))
    painter.drawText(inner, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, top)
    font.setPixelSize(theme().px(12.5))
    font.setWeight(font.Weight.Normal)
    painter.setFont(font)
    painter.setPen(theme().color("encre2"))
    room = inner.width() - (taken if under else 0)
    lower = QFontMetrics(font).elidedText(line.second, Qt.TextElideMode.ElideRight, room)
    below = inner.adjusted(0, metrics.height() + 4, 0, 0)
    painter.drawText(below, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, lower)
