"""The médiateur's window as a bar: not yet open, open, closing, closed; said in words as well as drawn."""

from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.domain.etape import EtatFenetre, FenetreMediateur
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import chip, clear, label
from mutuelle_desktop.ui.widgets.flow import Flow

GENRES = {
    EtatFenetre.INCONNUE: "neutre", EtatFenetre.FERMEE: "neutre", EtatFenetre.OUVERTE: "succes",
    EtatFenetre.SE_FERME: "alerte", EtatFenetre.CLOSE: "danger",
}  # fmt: skip
_SOON = timedelta(days=60)


class FenetreMediateurBar(QWidget):
    """Where the médiateur's window stands today: a chip, a bar with its two days, a sentence."""

    def __init__(self, fenetre: FenetreMediateur, today: date) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.show_fenetre(fenetre, today)

    def show_fenetre(self, fenetre: FenetreMediateur, today: date) -> None:
        """Show this window as it stands today."""
        clear(self._column)
        head = Flow(chip(fr.majuscule(str(fenetre.etat)), GENRES[fenetre.etat]), spacing=8)
        words = words_of(fenetre, today)
        if words:
            head.addWidget(label(words, "fort"))
        self._column.addLayout(head)
        if fenetre.ouvre_le and fenetre.ferme_le:
            self._column.addWidget(_Bar(fenetre, today))
        if fenetre.raison:
            self._column.addWidget(label(fenetre.raison, "secondaire", wrap=True))
        self.setAccessibleName(f"Fenêtre du médiateur\u00a0: {fenetre.etat}. {words} {fenetre.raison}")


class _Bar(QWidget):
    """The bar itself: shut before, open between its two days, shut after; a mark where today is."""

    def __init__(self, fenetre: FenetreMediateur, today: date) -> None:
        super().__init__()
        assert fenetre.ouvre_le is not None
        assert fenetre.ferme_le is not None
        self._open, self._close, self._today = fenetre.ouvre_le, fenetre.ferme_le, today
        self._genre = GENRES[fenetre.etat]
        spare = max(timedelta(days=30), (self._close - self._open) / 6)
        self._first = min(self._open - spare, today - spare / 3)
        self._last = max(self._close + spare, today + spare / 3)
        self.setMinimumWidth(theme().px(240))

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(420), theme().px(66))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(240), theme().px(66))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = painter.font()
        font.setPixelSize(theme().px(12.5))
        painter.setFont(font)
        high, top = theme().px(14), theme().px(22)
        whole = QRectF(0, top, self.width(), high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("surface2"))
        painter.drawRoundedRect(whole, high / 2, high / 2)
        opened = QRectF(self._x(self._open), top, self._x(self._close) - self._x(self._open), high)
        painter.setBrush(theme().color("succes"))
        painter.drawRoundedRect(opened, high / 2, high / 2)
        soon = max(self._open, self._close - _SOON)
        closing = QRectF(self._x(soon), top, self._x(self._close) - self._x(soon), high)
        painter.setBrush(theme().color("alerte"))
        painter.drawRoundedRect(closing, high / 2, high / 2)
        self._words(painter, whole)

    def _words(self, painter: QPainter, whole: QRectF) -> None:
        """Write the two days under the bar, and today above it."""
        line = painter.fontMetrics().height()
        under = whole.bottom() + theme().px(4)
        painter.setPen(theme().color("encre2"))
        left = f"ouvre le {fr.jour_court(self._open)}"
        right = f"ferme le {fr.jour_court(self._close)}"
        wide = painter.fontMetrics().horizontalAdvance(right)
        start = min(self._x(self._open), self.width() - wide - painter.fontMetrics().horizontalAdvance(left) - 12)
        painter.drawText(QPointF(max(0.0, start), under + line * 0.8), left)
        painter.drawText(QPointF(min(self._x(self._close), self.width() - 2) - wide, under + line * 0.8), right)
        x = self._x(self._today)
        painter.setPen(QPen(theme().color("encre"), 2))
        painter.drawLine(QPointF(x, whole.top() - theme().px(4)), QPointF(x, whole.bottom() + theme().px(3)))
        text = "aujourd’hui"
        half = painter.fontMetrics().horizontalAdvance(text) / 2
        painter.drawText(QPointF(min(max(0.0, x - half), self.width() - 2 * half), whole.top() - theme().px(7)), text)

    def _x(self, day: date) -> float:
        span = (self._last - self._first).days or 1
        return (day - self._first).days / span * self.width()


def words_of(fenetre: FenetreMediateur, today: date) -> str:
    """Return the time that is left, in words."""
    if fenetre.ouvre_le is None or fenetre.ferme_le is None:
        return ""
    if today < fenetre.ouvre_le:
        return f"dans {fr.pluriel((fenetre.ouvre_le - today).days, 'jour')}"
    days = (fenetre.ferme_le - today).days
    if days < 0:
        return f"depuis {fr.pluriel(-days, 'jour')}"
    return "dernier jour aujourd’hui" if days == 0 else f"encore {fr.pluriel(days, 'jour')}"
