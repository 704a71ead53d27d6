"""What assistive tools are told of the widgets that Qt cannot describe by itself: roles, text, things to announce."""

from collections.abc import Callable
from functools import cache
from typing import Any

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QAccessibleAnnouncementEvent,
    QAccessibleInterface,
    QAccessibleTextInterface,
)
from PySide6.QtWidgets import QAccessibleWidget, QLabel, QWidget
from shiboken6 import Shiboken, VoidPtr
from typing_extensions import override

_HEADINGS = ("titre", "carte-titre", "rubrique")
"""The roles, in the style, of the labels that are headings."""


def announce(source: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have a screen reader say a sentence: at once when urgent, else when it has finished its own."""
    if not QAccessible.isActive() or not text:
        return
    event = QAccessibleAnnouncementEvent(source, text)
    levels = QAccessible.AnnouncementPoliteness
    event.setPoliteness(levels.Assertive if urgent else levels.Polite)
    QAccessible.updateAccessibility(event)


@cache
def install() -> None:
    """Have Qt ask here first what a widget is."""
    QAccessible.installFactory(_describe)


class Named(QAccessibleWidget):
    """A widget with a role of its own; its name is what it shows, unless it was given one."""

    def __init__(self, widget: QWidget, role: QAccessible.Role, text: Callable[[], str] = str) -> None:
        super().__init__(widget, role)
        self._text = text

    @override
    def text(self, kind: QAccessible.Text) -> str:
        given = super().text(kind)
        return self._text() if kind is QAccessible.Text.Name and not given else given


class Pressed(Named):
    """A widget that acts when pressed."""

    def __init__(
        self, widget: QWidget, role: QAccessible.Role, press: Callable[[], Any], on: Callable[[], bool] | None = None
    ) -> None:
        """Press is what its one action does; on tells whether it is the one chosen among several."""
        super().__init__(widget, role)
        self._press, self._on = press, on

    @override
    def state(self) -> QAccessible.State:
        state = super().state()
        if self._on is not None:
            state.selectable, state.selected = True, self._on()
        return state

    @override
    def actionNames(self) -> list[str]:
        return [QAccessibleActionInterface.pressAction(), *super().actionNames()]

    @override
    def doAction(self, name: str) -> None:
        if name == QAccessibleActionInterface.pressAction():
            self._press()
        else:
            super().doAction(name)


class Reading(QAccessibleTextInterface):
    """A text that is read and not written."""

    def __init__(self, words: Callable[[], str]) -> None:
        super().__init__()
        self._words, self._caret = words, 0

    @override
    def characterCount(self) -> int:
        return len(self._words())

    @override
    def text(self, start: int, end: int) -> str:
        return self._words()[start:end]

    @override
    def cursorPosition(self) -> int:
        return self._caret

    @override
    def setCursorPosition(self, position: int) -> None:
        self._caret = position

    @override
    def selectionCount(self) -> int:
        return 0

    def selection(self, index: int) -> Any:
        """Return where a selection begins and ends: there is none."""
        return (0, 0)

    @override
    def addSelection(self, start: int, end: int) -> None:
        """Nothing: the page has its own selection, made with its keys."""

    @override
    def removeSelection(self, index: int) -> None:
        """Nothing to take away."""

    @override
    def setSelection(self, index: int, start: int, end: int) -> None:
        """Nothing: the page has its own selection, made with its keys."""

    @override
    def characterRect(self, offset: int) -> QRect:
        return QRect()

    @override
    def offsetAtPoint(self, point: Any) -> int:
        return -1

    @override
    def scrollToSubstring(self, start: int, end: int) -> None:
        """Nothing: the page is seen whole, or by its own keys."""

    def attributes(self, offset: int) -> Any:
        """Return the look at a place, and the stretch that has it: all alike."""
        return ("", 0, self.characterCount())


class Paper(Named):
    """A page that is painted: a document whose text can be read line by line."""

    def __init__(self, widget: QWidget, words: Callable[[], str]) -> None:
        super().__init__(widget, QAccessible.Role.Document)
        self._reading = Reading(words)

    @override
    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        if kind is QAccessible.InterfaceType.TextInterface:
            return VoidPtr(Shiboken.getCppPointer(self._reading)[0])
        found = super().interface_cast(kind)
        return VoidPtr(0) if found is None else found  # None is no pointer to Qt, which would follow it


def _describe(kind: str, found: QObject) -> QAccessibleInterface | None:
    """Return the description of a widget that has one of its own; None leaves it to Qt."""
    own = getattr(found, "spoken", None)
    if own is not None and kind == type(found).__name__:
        made: QAccessibleInterface = own()
        return made
    if kind == "QLabel" and isinstance(found, QLabel) and found.property("role") in _HEADINGS:
        return Named(found, QAccessible.Role.Heading, found.text)
    return None
