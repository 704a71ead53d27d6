"""Rows of two lines with a chip and a thumbnail, painted for lists of any length."""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
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
        _texts(painter, option, inner, line, _chip(painter, option, inner, line))
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
            _texts(painter, option, inner, line, _chip(painter, option, inner, line))
        painter.restore()


def lines_view(model: object, image: Image | None = None) -> QListView:
    """Return a list of two-line rows over a model."""
    view = QListView()
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
    state = option.state
    if state & QStyle.StateFlag.State_Selected:
        painter.fillRect(area, theme().color("accent_doux"))
        painter.fillRect(QRect(area.left(), area.top(), 4, area.height()), theme().color("accent"))
    elif state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(area, theme().color("surface2"))
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(theme().color("accent"), 1, Qt.PenStyle.DotLine))
        painter.drawRect(area.adjusted(1, 1, -2, -2))
    if line:
        painter.setPen(theme().color("trait"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())


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


def _chip(painter: QPainter, option: QStyleOptionViewItem, inner: QRect, line: Line) -> int:
    """Paint the chip and return the width it takes, in pixels."""
    if not line.puce:
        return 0
    font = option.font
    font.setPixelSize(theme().px(12.5))
    painter.setFont(font)
    metrics = QFontMetrics(font)
    width = min(metrics.horizontalAdvance(line.puce) + 16, inner.width() // 2)
    box = QRect(inner.right() - width, inner.top(), width, metrics.height() + 6)
    ground, ink = ("surface2", "encre2") if line.genre == "neutre" else (f"{line.genre}_doux", line.genre)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color(ground))
    painter.drawRoundedRect(box, 6, 6)
    painter.setPen(theme().color(ink))
    text = metrics.elidedText(line.puce, Qt.TextElideMode.ElideRight, width - 8)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    return width + 8


def _texts(painter: QPainter, option: QStyleOptionViewItem, inner: QRect, line: Line, taken: int = 0) -> None:
    """Paint both lines; taken is the width, in pixels, that the chip leaves the title without."""
    font = option.font
    font.setPixelSize(theme().px(14))
    font.setWeight(font.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(theme().color("encre"))
    metrics = QFontMetrics(font)
    top = metrics.elidedText(line.titre, Qt.TextElideMode.ElideRight, inner.width() - taken)
    painter.drawText(inner, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, top)
    font.setPixelSize(theme().px(12.5))
    font.setWeight(font.Weight.Normal)
    painter.setFont(font)
    painter.setPen(theme().color("encre2"))
    lower = QFontMetrics(font).elidedText(line.second, Qt.TextElideMode.ElideRight, inner.width())
    under = inner.adjusted(0, metrics.height() + 4, 0, 0)
    painter.drawText(under, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, lower)
