"""The tabs at the left of the window: an icon, a word, and a number in a pill."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton
from typing_extensions import override

from mutuelle_desktop.ui.theme import theme


class RailButton(QToolButton):
    """One tab; its number is shown beside the word and said with its name."""

    def __init__(self, word: str, icon: str, run: Callable[[], Any]) -> None:
        super().__init__()
        self._word = word
        self._badge = ""
        self.setProperty("role", "onglet")
        self.setText(f" {word}")
        self.setAccessibleName(word)
        self.setSizePolicy(self.sizePolicy().Policy.Expanding, self.sizePolicy().Policy.Fixed)
        theme().wear(self, icon)
        self.show_word(roomy=True)
        self.clicked.connect(lambda _checked=False: run())

    def show_word(self, *, roomy: bool) -> None:
        """Show the word beside the icon, or the icon alone when room is scarce."""
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if roomy else Qt.ToolButtonStyle.ToolButtonIconOnly
        self.setToolButtonStyle(style)
        self.setIconSize(QSize(theme().px(20), theme().px(20)))

    def set_badge(self, count: int) -> None:
        """Show a number; 0 shows none."""
        self._badge = str(count) if count else ""
        self.setAccessibleName(f"{self._word}, {count}" if count else self._word)
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        worded = self.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        return hint + QSize(self._pill_width() + theme().px(8), 0) if worded and self._badge else hint

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._badge or self.toolButtonStyle() is not Qt.ToolButtonStyle.ToolButtonTextBesideIcon:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, height = self._pill_width(), theme().px(22)
        pill = QRectF(self.width() - width - theme().px(8), (self.height() - height) / 2, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("surface" if self.isChecked() else "surface2"))
        painter.drawRoundedRect(pill, height / 2, height / 2)
        painter.setPen(theme().color("encre" if self.isChecked() else "encre2"))
        font = self.font()
        font.setPixelSize(theme().px(12.5))
        painter.setFont(font)
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, self._badge)

    def _pill_width(self) -> int:
        font = self.font()
        font.setPixelSize(theme().px(12.5))
        return max(theme().px(26), QFontMetrics(font).horizontalAdvance(self._badge) + theme().px(16))
