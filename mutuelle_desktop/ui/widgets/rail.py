"""The tabs at the left of the window: an icon, a word, and a number in a pill."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QToolButton
from typing_extensions import override

from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.spoken import Named, Pressed


class Rail(QFrame):
    """The column of the tabs."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAccessibleName("Onglets")

    def spoken(self) -> Named:
        """Return what assistive tools are told of it: a list of tabs."""
        return Named(self, QAccessible.Role.PageTabList)


class RailButton(QToolButton):
    """One tab; its number is shown beside the word and said with its name."""

    def __init__(self, word: str, icon: str, run: Callable[[], Any], *, tab: bool = True) -> None:
        """Make a tab, or the button of an action that stands under them."""
        super().__init__()
        self.setCheckable(tab)
        self.setAutoExclusive(tab)
        self._word = word
        self._badge = ""
        self.setProperty("role", "onglet")
        self.setText(f" {word}")
        self.setAccessibleName(word)
        self.setSizePolicy(self.sizePolicy().Policy.Expanding, self.sizePolicy().Policy.Fixed)
        theme().wear(self, icon)
        self.show_word(roomy=True)
        self.clicked.connect(lambda _checked=False: run())
        if tab:
            self._stop(chosen=False)
            self.toggled.connect(self._stop)

    def _stop(self, chosen: bool) -> None:
        """Have Tab stop at the tab one is on; the arrows go to the others."""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if chosen else Qt.FocusPolicy.ClickFocus)

    def spoken(self) -> Pressed:
        """Return what assistive tools are told of it: a tab, or the button that stands under the tabs."""
        roles = QAccessible.Role
        if not self.isCheckable():
            return Pressed(self, roles.Button, self.click)
        return Pressed(self, roles.PageTab, self.click, self.isChecked)

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
