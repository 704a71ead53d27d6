"""The médiateur's window as a bar: not yet open, open, closing, closed; said in words as well as drawn."""

from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
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
BIENTOT = timedelta(days=60)
"""How long before its end the window is said to close soon."""
_TODAY = "aujourd’hui"


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
        spare = max(timedelta(days=30), (self._close - self._open) / 6)
        self._first = min(self._open - spare, today - spare / 3)
        self._last = max(self._close + spare, today + spare / 3)

    @override
    def sizeHint(self) -> QSize:
        wide = theme().px(420)
        return QSize(wide, self.heightForWidth(wide))

    @override
    def minimumSizeHint(self) -> QSize:
        wide = theme().px(200)
        return QSize(wide, self._high(2))

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        return self._high(self._lines(width))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font())
        high, top = theme().px(14), self._line() + theme().px(4)
        whole = QRectF(0, top, self.width(), high)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("surface2"))
        painter.drawRoundedRect(whole, high / 2, high / 2)
        soon = max(self._open, self._close - BIENTOT)
        for role, first in (("succes", self._open), ("alerte", soon)):
            painter.setBrush(theme().color(role))
            part = QRectF(self._x(first), top, self._x(self._close) - self._x(first), high)
            painter.drawRoundedRect(part, high / 2, high / 2)
        self._words(painter, whole)

    def _words(self, painter: QPainter, whole: QRectF) -> None:
        """Write the two days under the bar, one under the other when they have no room, and today above it."""
        metrics, under = painter.fontMetrics(), whole.bottom() + theme().px(3) + painter.fontMetrics().ascent()
        painter.setPen(theme().color("encre2"))
        left, right = self._ends()
        wide = metrics.horizontalAdvance(right)
        if self._lines(self.width()) == 1:
            end = max(self._x(self._close), metrics.horizontalAdvance(left) + wide + theme().px(16))
            start = min(self._x(self._open), end - wide - metrics.horizontalAdvance(left) - theme().px(12))
            painter.drawText(QPointF(max(0.0, start), under), left)
            painter.drawText(QPointF(min(end, self.width()) - wide, under), right)
        else:
            painter.drawText(QPointF(0, under), left)
            painter.drawText(QPointF(0, under + self._line()), right)
        x = self._x(self._today)
        painter.setPen(QPen(theme().color("encre"), 2))
        painter.drawLine(QPointF(x, whole.top() - theme().px(2)), QPointF(x, whole.bottom() + theme().px(2)))
        half = metrics.horizontalAdvance(_TODAY) / 2
        place = QPointF(min(max(0.0, x - half), self.width() - 2 * half), metrics.ascent())
        painter.drawText(place, _TODAY)

    def _ends(self) -> tuple[str, str]:
        return f"ouvre le {fr.jour_court(self._open)}", f"ferme le {fr.jour_court(self._close)}"

    def _lines(self, width: int) -> int:
        metrics = QFontMetrics(self._font())
        return 1 if sum(map(metrics.horizontalAdvance, self._ends())) + theme().px(16) <= width else 2

    def _high(self, lines: int) -> int:
        return self._line() * (1 + lines) + theme().px(14 + 10)

    def _line(self) -> int:
        return QFontMetrics(self._font()).height()

    def _font(self) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(theme().px(12.5))
        return font

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
