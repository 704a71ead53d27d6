"""One page on screen: zoom, words to select and copy, hits outlined."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from mutuelle_desktop.extraction.mots import Mot
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.spoken import Paper

Boite = tuple[float, float, float, float]
_STEPS = {
    int(Qt.Key.Key_Right): (1, 0), int(Qt.Key.Key_Left): (-1, 0), int(Qt.Key.Key_Down): (0, 1), int(Qt.Key.Key_Up): (0, -1),
}  # fmt: skip
"""What each arrow does: words onward, lines downward."""


class PageCanvas(QWidget):
    """A page in points, shown at a scale in pixels a point."""

    selected = Signal(str)
    reached = Signal(QRectF)
    """The word the keyboard came to, in pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName("Page du document")
        self._image = QImage()
        self._size = (595.0, 842.0)
        self._scale = 1.0
        self._mots: Sequence[Mot] = ()
        self._hits: Sequence[Sequence[Boite]] = ()
        self._current = 0
        self._from: int | None = None
        self._to: int | None = None
        self._note = ""

    def show_page(self, size: tuple[float, float], mots: Sequence[Mot]) -> None:
        """Show another page, blank until its image comes; size in points."""
        self._size, self._mots = size, mots
        self._image, self._hits, self._from, self._to, self._note = QImage(), (), None, None, ""
        self._fit_widget()

    def show_image(self, image: QImage) -> None:
        """Show the drawing of the page."""
        self._image = image
        self._note = ""
        self._fit_widget()

    def show_note(self, text: str) -> None:
        """Say why there is no drawing."""
        self._note = text
        self.update()

    def set_scale(self, scale: float) -> None:
        """Show the page at this many pixels a point."""
        self._scale = scale
        self._fit_widget()

    def set_hits(self, hits: Sequence[Sequence[Boite]], current: int = 0) -> QRectF | None:
        """Outline these; return where the current one is, in pixels."""
        self._hits, self._current = hits, current
        self.update()
        return self._pixels(hits[current][0]) if hits else None

    @property
    def text(self) -> str:
        """Return the selected words, or nothing."""
        if self._from is None or self._to is None:
            return ""
        first, last = sorted((self._from, self._to))
        return self._lines(self._mots[first : last + 1])

    def spoken(self) -> Paper:
        """Return what assistive tools are told of the page: its text, line by line."""
        return Paper(self, lambda: self._lines(self._mots) or self._note)

    def _lines(self, chosen: Sequence[Mot]) -> str:
        lines: list[str] = []
        for before, mot in zip([None, *chosen], chosen, strict=False):
            new_line = before is None or mot.y0 > before.y1 - (before.y1 - before.y0) / 3 or mot.x0 < before.x0
            if new_line:
                lines.append(mot.texte)
            else:
                lines[-1] += f" {mot.texte}"
        return "\n".join(lines)

    def select_all(self) -> None:
        """Select every word of the page."""
        if self._mots:
            self._from, self._to = 0, len(self._mots) - 1
            self._selected()

    def copy(self) -> None:
        """Copy the selected words."""
        if self.text:
            QGuiApplication.clipboard().setText(self.text)

    @override
    def event(self, event: QEvent) -> bool:
        """Keep Ctrl+C for the words chosen; without any, it copies the paper."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            copies = event.matches(QKeySequence.StandardKey.Copy) and bool(self.text)
            if copies or event.matches(QKeySequence.StandardKey.SelectAll):
                event.accept()
                return True
        return super().event(event)

    @override
    def sizeHint(self) -> QSize:
        return QSize(round(self._size[0] * self._scale), round(self._size[1] * self._scale))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor("white"))
        if not self._image.isNull():
            painter.drawImage(self.rect(), self._image)
        if self._note:
            painter.setPen(QColor("#51615B"))
            painter.drawText(
                self.rect().adjusted(24, 24, -24, -24),
                Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                self._note,
            )
        if self._from is not None and self._to is not None:
            first, last = sorted((self._from, self._to))
            for mot in self._mots[first : last + 1]:
                painter.fillRect(self._pixels((mot.x0, mot.y0, mot.x1, mot.y1)), QColor(43, 95, 168, 70))
        for number, boxes in enumerate(self._hits):
            painter.setPen(QPen(QColor("#B45309"), 3 if number == self._current else 1.5))
            for box in boxes:
                area = self._pixels(box).adjusted(-2, -2, 2, 2)
                painter.fillRect(area, QColor(255, 196, 0, 80))
                painter.drawRoundedRect(area, 3, 3)
        if self.hasFocus():
            painter.setPen(QPen(theme().color("accent"), 3))
            painter.drawRect(self.rect().adjusted(1, 1, -2, -2))
        else:
            painter.setPen(theme().color("trait"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = self._word_at(event.position())
            self._to = self._from
            self.update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._word_at(event.position(), near=bool(event.buttons()))
        self.setCursor(Qt.CursorShape.IBeamCursor if over is not None else Qt.CursorShape.ArrowCursor)
        if event.buttons() & Qt.MouseButton.LeftButton and over is not None:
            self._from = over if self._from is None else self._from
            self._to = over
            self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._selected()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._from = self._to = self._word_at(event.position())
        self._selected()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif not self._choose(event):
            super().keyPressEvent(event)

    def _choose(self, event: QKeyEvent) -> bool:
        """Choose words by the keyboard: Ctrl goes from word to word, Maj takes more of them; tell whether it did."""
        wide = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if (
            event.key() not in _STEPS
            or not self._mots
            or not (wide or event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        ):
            return False
        if self._to is None:
            seen = self.visibleRegion().boundingRect().topLeft()
            self._from = self._to = self._word_at(QPointF(seen), near=True)
        else:
            across, down = _STEPS[event.key()]
            self._to = self._line_away(self._to, down) if down else self._to + across
            self._to = max(0, min(len(self._mots) - 1, self._to))
            self._from = self._from if wide and self._from is not None else self._to
        self._selected()
        if self._to is not None:
            mot = self._mots[self._to]
            self.reached.emit(self._pixels((mot.x0, mot.y0, mot.x1, mot.y1)))
        return True

    def _line_away(self, place: int, way: int) -> int:
        """Return the word above or below this one, or the first or last of the page."""
        here = self._mots[place]
        middle = (here.y0 + here.y1) / 2
        beyond = [n for n, mot in enumerate(self._mots) if (mot.y0 > middle if way > 0 else mot.y1 < middle)]
        if not beyond:
            return len(self._mots) - 1 if way > 0 else 0
        return min(beyond, key=lambda n: 3 * abs(self._mots[n].y0 - here.y0) + abs(self._mots[n].x0 - here.x0))

    def _selected(self) -> None:
        self.update()
        self.selected.emit(self.text)

    def _fit_widget(self) -> None:
        self.setFixedSize(self.sizeHint())
        self.update()

    def _pixels(self, box: Boite) -> QRectF:
        x0, y0, x1, y1 = (v * self._scale for v in box)
        return QRectF(x0, y0, x1 - x0, y1 - y0)

    def _word_at(self, point: QPointF, *, near: bool = False) -> int | None:
        x, y = point.x() / self._scale, point.y() / self._scale
        best, distance = None, 1e9
        for number, mot in enumerate(self._mots):
            if mot.x0 <= x <= mot.x1 and mot.y0 <= y <= mot.y1:
                return number
            if near:
                away = max(mot.x0 - x, x - mot.x1, 0) + 3 * max(mot.y0 - y, y - mot.y1, 0)
                if away < distance:
                    best, distance = number, away
        return best
