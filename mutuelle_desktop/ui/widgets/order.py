"""The order Tab follows: that of the layouts, which is that of reading, whatever was made first or made anew."""

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QMainWindow, QScrollArea, QSplitter, QStackedWidget, QTabWidget, QWidget


def reading_order(root: QWidget) -> list[QWidget]:
    """Return what takes the keyboard under a widget, as it is read."""
    return [
        one
        for one in _shown(root)
        if one.isEnabled() and one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.focusProxy() is None
    ]


def read_as_laid(widget: QWidget) -> None:
    """Have a screen reader go through the parts of a widget as they are laid out, not as they were made."""
    for child in _parts(widget):
        child.raise_()


def name_tabs(tabs: QTabWidget, name: str) -> None:
    """Name a set of tabs, and have its tabs read before the page they open, as they are seen."""
    for one in (tabs, tabs.tabBar()):
        one.setAccessibleName(name)
    for stack in tabs.findChildren(QStackedWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        stack.raise_()


def step(window: QWidget, *, forward: bool) -> bool:
    """Give the keyboard to what is read next, or before; tell whether there was something."""
    order = reading_order(window)
    held: QWidget | None = window.focusWidget()
    while held is not None and held is not window and held not in order:
        held = held.parentWidget()
    if not order:
        return False
    edge = 0 if forward else -1
    place = order.index(held) + (1 if forward else -1) if held in order else edge
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    target = order[place % len(order)]
    target.setFocus(reason)
    _reveal(target)
    return True


def _reveal(target: QWidget) -> None:
    around = target.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(target)
        around = around.parentWidget()


def _shown(root: QWidget) -> Iterator[QWidget]:
    """Yield the widgets one sees, parents first; what a control is made of is its own affair."""
    for child in _parts(root):
        if child.isVisible():
            yield child
            yield from _shown(child)


def _parts(widget: QWidget) -> Iterator[QWidget]:
    inside: list[QWidget | None]
    if isinstance(widget, QMainWindow):
        inside = [widget.centralWidget()]
    elif isinstance(widget, QTabWidget):
        inside = [widget.tabBar(), widget.currentWidget()]
    elif isinstance(widget, QStackedWidget):
        inside = [widget.currentWidget()]
    elif isinstance(widget, QSplitter):
        inside = [widget.widget(place) for place in range(widget.count())]
    elif isinstance(widget, QScrollArea):
        inside = [widget.widget()]
    else:
        layout = widget.layout()
        inside = list(_laid(layout, widget)) if layout is not None else []
    yield from (one for one in inside if one is not None)


def _laid(layout: QLayout, parent: QWidget) -> Iterator[QWidget]:
    """Yield the widgets of a layout in its order.

    Places are asked of the layout, never items: PySide keeps an item past the death of Qt's, and takes for it whatever
    is made next at that address.
    """
    widgets = parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    inside: list[tuple[int, QWidget | QLayout]] = [(layout.indexOf(child), child) for child in widgets]
    inside += [(layout.indexOf(inner), inner) for inner in layout.children() if isinstance(inner, QLayout)]
    for place, one in sorted(inside, key=lambda found: found[0]):
        if place < 0:
            continue
        if isinstance(one, QLayout):
            yield from _laid(one, parent)
        else:
            yield one


class Ordered:
    """Given to a window, before its class of Qt: Tab then goes through it as it is read."""

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's
        """Go on to the next control, or the one before."""
        return step(cast("QWidget", self), forward=forward)
