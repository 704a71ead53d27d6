"""A line of time: moments one under the other, each with its day, a dot on the line, and what happened."""

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import label


class Moment(QWidget):
    """One moment of a line of time; kind is the colour of its dot: accent, danger, alerte, succes or neutre (hollow)."""

    def __init__(
        self,
        day: str,
        title: str,
        text: str = "",
        kind: str = "accent",
        *,
        tools: tuple[QWidget, ...] = (),
        below: QWidget | None = None,
    ) -> None:
        super().__init__()
        self._kind = kind
        self.first = self.last = False
        self._day = label(day, "secondaire", wrap=True)
        self._title = label(title, "fort", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._title)
        if text:
            words.addWidget(label(text, "secondaire", wrap=True, selectable=True))
        if below is not None:
            words.addWidget(below)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, theme().px(6), 0, theme().px(6))
        line.setSpacing(0)
        line.addWidget(self._day, 0, Qt.AlignmentFlag.AlignTop)
        line.addSpacing(theme().px(28))
        line.addLayout(words, 1)
        for made in tools:
            line.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(", ".join(part for part in (day, title, text) if part))
        self._fit()

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        """Give the day the width of its longest word, whatever the size of the text."""
        self._day.ensurePolished()
        words = self._day.text().split(" ")
        longest = max(self._day.fontMetrics().horizontalAdvance(word) for word in words)
        self._day.setFixedWidth(max(theme().px(88), longest + 4))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        across = self._day.geometry().right() + theme().px(14)
        middle = self._title.geometry().top() + QLabel.fontMetrics(self._title).height() / 2
        painter.setPen(QPen(theme().color("trait"), 2))
        if not self.first:
            painter.drawLine(QPointF(across, 0), QPointF(across, middle))
        if not self.last:
            painter.drawLine(QPointF(across, middle), QPointF(across, self.height()))
        hollow = self._kind == "neutre"
        ink = theme().color("encre2" if hollow else self._kind)
        painter.setPen(QPen(ink, 2))
        painter.setBrush(theme().color("surface") if hollow else ink)
        painter.drawEllipse(QPointF(across, middle), theme().px(4), theme().px(4))


class Timeline(QWidget):
    """Moments in their order, joined by a line."""

    def __init__(self, *moments: Moment) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for place, moment in enumerate(moments):
            moment.first, moment.last = place == 0, place == len(moments) - 1
            column.addWidget(moment)
