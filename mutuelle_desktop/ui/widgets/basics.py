"""Small pieces every page is made of: labels, buttons, chips, cards, empty states."""

from collections.abc import Callable
from html import escape
from typing import Any, TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAccessible, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.spoken import Pressed

Widget = TypeVar("Widget", bound=QWidget)


def label(text: str, role: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """Return a plain-text label in one of the roles of the style."""
    widget = QLabel()
    widget.setTextFormat(Qt.TextFormat.PlainText)
    widget.setWordWrap(wrap)
    if wrap:
        widget.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    if role:
        widget.setProperty("role", role)
    if selectable:
        widget.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    widget.setText(text)  # last: from then on Qt holds what the label is for assistive tools, a heading or a text
    return widget


def chip(text: str, kind: str = "neutre") -> QLabel:
    """Return a small tinted label; kind is neutre, alerte, danger, succes or info."""
    widget = label(text, f"puce-{kind}")
    widget.setSizePolicy(widget.sizePolicy().Policy.Maximum, widget.sizePolicy().Policy.Maximum)
    return widget


def named(widget: Widget, name: str) -> Widget:
    """Give a widget the name its style is known by."""
    widget.setObjectName(name)
    return widget


def set_role(widget: QWidget, role: str) -> None:
    """Change the role of a widget already shown."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Push(QPushButton):
    """A button that Enter presses as Space does, in a window as in a dialog, and never from another field."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setAutoDefault(False)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _pressed_by(event, self):
            super().keyPressEvent(event)


class _Tool(QToolButton):
    """An icon button that Enter presses as Space does."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _pressed_by(event, self):
            super().keyPressEvent(event)


def _pressed_by(event: QKeyEvent, widget: QAbstractButton) -> bool:
    pressed = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat()
    if pressed:
        widget.click()
    return pressed


def button(text: str, run: Callable[[], Any], role: str = "", icon: str = "") -> QPushButton:
    """Return a button; role is principal, discret, lien or nothing."""
    widget = Push(text)
    if role:
        widget.setProperty("role", role)
    if icon:
        theme().wear(widget, icon, "sur_accent" if role == "principal" else "accent")
    widget.clicked.connect(lambda _checked=False: run())
    return widget


def link(text: str, run: Callable[[], Any]) -> QLabel:
    """Return a text that acts when clicked, or by Enter; unlike a button it wraps."""
    return Link(text, run)


def about(widget: Widget, what: str) -> Widget:
    """Name a control by what it acts on too, for those who hear it without seeing what stands beside it."""
    shown = widget.accessibleName() or str(getattr(widget, "text", str)())
    widget.setAccessibleName(f"{shown}\u00a0: {what}")
    return widget


class Link(QLabel):
    """A text that acts; it wraps, which no button of Qt does, and says that it is a link."""

    def __init__(self, text: str, run: Callable[[], Any]) -> None:
        super().__init__()
        self._run = run
        self.setProperty("role", "renvoi")
        self.setWordWrap(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.setText(f'<a href="#" style="text-decoration: none">{escape(text)}</a>')
        self.setAccessibleName(text)
        self.linkActivated.connect(lambda _link: run())

    def spoken(self) -> Pressed:
        """Return what assistive tools are told of it."""
        return Pressed(self, QAccessible.Role.Link, self._run)

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        """Leave at the first Tab: the one link there is in it has nothing to go on to."""
        return QFrame.focusNextPrevChild(self, forward)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._run()
        else:
            super().keyPressEvent(event)


def tool(icon: str, name: str, run: Callable[[], Any]) -> QToolButton:
    """Return an icon button with its name as tooltip and for screen readers."""
    widget = _Tool()
    widget.setProperty("role", "discret")
    widget.setProperty("cote", 20)  # its side in pixels at 100 %
    theme().wear(widget, icon)
    widget.setToolTip(name)
    widget.setAccessibleName(name)
    widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    widget.clicked.connect(lambda _checked=False: run())
    return widget


def rule() -> QFrame:
    """Return a thin line."""
    line = QFrame()
    line.setProperty("role", "trait")
    return line


def row(*widgets: QWidget | None, spacing: int = 8) -> QHBoxLayout:
    """Return widgets side by side; None is where room goes, unless a text that wraps can use it."""
    layout = QHBoxLayout()
    layout.setSpacing(spacing)
    wraps = any(isinstance(widget, QLabel) and widget.wordWrap() for widget in widgets)
    for widget in widgets:
        if widget is None:
            layout.addStretch(0 if wraps else 1)
        elif isinstance(widget, QLabel) and widget.wordWrap():
            widget.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
            layout.addWidget(widget, 1)
        else:
            layout.addWidget(widget)
    return layout


class Card(QFrame):
    """A rounded surface with a title; body is where its content goes."""

    def __init__(self, title: str = "", role: str = "carte") -> None:
        super().__init__()
        self.setProperty("role", role)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 14, 16, 14)
        self.body.setSpacing(8)
        self.head = QHBoxLayout()
        if title:
            self.head.addWidget(label(title, "carte-titre"))
            self.head.addStretch(1)
            self.body.addLayout(self.head)


class Picture(QWidget):
    """The sign of an empty place, on a soft disc; it follows the look."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(88), theme().px(88))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("accent_doux"))
        painter.drawEllipse(self.rect())
        inset = (self.width() - theme().px(48)) // 2
        theme().icon(self._icon, "accent").paint(painter, self.rect().adjusted(inset, inset, -inset, -inset))


class EmptyState(QWidget):
    """What an empty place says: what it is for, and what to do first."""

    def __init__(self, icon: str, title: str, text: str, *buttons: QPushButton) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addStretch(1)
        layout.addWidget(Picture(icon), 0, Qt.AlignmentFlag.AlignHCenter)
        for widget in (label(title, "carte-titre", wrap=True), label(text, "soustitre", wrap=True)):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            widget.setMaximumWidth(theme().px(520))
            middle = QHBoxLayout()
            for part, share in ((None, 1), (widget, 100), (None, 1)):
                middle.addWidget(part, share) if part else middle.addStretch(share)
            layout.addLayout(middle)
        line = row(None, *buttons, None)
        layout.addLayout(line)
        layout.addStretch(2)


def clear(layout: Any) -> None:
    """Take every widget and inner layout out of a layout."""
    while layout.count():
        item = layout.takeAt(0)
        if item.widget():
            item.widget().hide()
            item.widget().deleteLater()
        elif item.layout():
            clear(item.layout())


class Scroll(QScrollArea):
    """A column that scrolls rather than being cut."""

    def __init__(self, margins: tuple[int, int, int, int] = (24, 20, 24, 20)) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Page Up and Page Down reach it from whatever is in it
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        content = named(QWidget(), "contenu")
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(*margins)
        self.column.setSpacing(12)
        self.setWidget(content)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Take the keyboard itself when nothing in it does: a text is read to its end by its keys."""
        super().showEvent(event)
        content = self.widget()
        inside = content.findChildren(QWidget) if content is not None else []
        if not any(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in inside):
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setAccessibleName(self.accessibleName() or self.window().windowTitle())
            set_role(self, "lu")
