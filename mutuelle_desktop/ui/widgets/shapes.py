"""The shapes that tell one kind of date from another, whatever the colours."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from mutuelle_desktop.ui.theme import theme


def draw_shape(painter: QPainter, forme: str, center: QPointF, side: float) -> None:
    """Draw a shape of that many pixels with the pen in force, filled with its colour; a rond stays hollow, vide is nothing."""
    half = side / 2
    box = QRectF(center.x() - half, center.y() - half, side, side)
    painter.setBrush(Qt.BrushStyle.NoBrush if forme == "rond" else painter.pen().color())
    if forme == "vide":
        return
    if forme == "rond":
        painter.drawEllipse(box)
    elif forme == "carre":
        painter.drawRoundedRect(box, 2, 2)
    elif forme == "trait":
        painter.drawRoundedRect(QRectF(box.left(), center.y() - side / 8, side, side / 4), 1, 1)
    else:
        painter.drawPolygon(QPolygonF(_corners(forme, box, center)))


def paint_shape(painter: QPainter, forme: str, center: QPointF, side: float, ink: str) -> None:
    """Draw a shape in a colour of the theme."""
    painter.setPen(QPen(theme().color(ink), 1.6))
    draw_shape(painter, forme, center, side)


class Shape(QWidget):
    """One shape, beside the words it stands for."""

    def __init__(self, forme: str, genre: str) -> None:
        super().__init__()
        self._forme, self._genre = forme, genre
        self.setSizePolicy(self.sizePolicy().Policy.Fixed, self.sizePolicy().Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(16), theme().px(20))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = QPointF(self.width() / 2, self.height() / 2)
        paint_shape(painter, self._forme, middle, theme().px(10), "encre2" if self._genre == "neutre" else self._genre)


def _corners(forme: str, box: QRectF, center: QPointF) -> list[QPointF]:
    right = QPointF(box.right(), center.y())
    if forme == "triangle":
        return [box.topLeft(), right, box.bottomLeft()]
    return [QPointF(center.x(), box.top()), right, QPointF(center.x(), box.bottom()), QPointF(box.left(), center.y())]
