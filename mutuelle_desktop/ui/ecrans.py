"""Several screens: a window kept where it can be seen, when the screen it was on is gone."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRect
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QApplication, QWidget

_SEEN = 120
"""Pixels of its upper edge that must show for a window to be seized and moved."""
_EDGE = 40


def visible_place(place: QRect, screens: Sequence[QRect]) -> QRect:
    """Return where a window is shown: where it was when its upper edge can be seized, else on the nearest screen."""
    if not screens or any(_can_be_seized(place, screen) for screen in screens):
        return place
    screen = min(screens, key=lambda one: (one.center() - place.center()).manhattanLength())
    width, height = min(place.width(), screen.width()), min(place.height(), screen.height())
    left = min(max(place.left(), screen.left()), screen.right() + 1 - width)
    top = min(max(place.top(), screen.top()), screen.bottom() + 1 - height)
    return QRect(left, top, width, height)


def bring_back(window: QWidget) -> None:
    """Bring a window onto a screen that is there."""
    if window.isMaximized() or window.isFullScreen():
        return
    screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
    place = visible_place(window.geometry(), screens)
    if place != window.geometry():
        window.setGeometry(place)


class Ecrans(QObject):
    """Brings every window back when a screen is unplugged."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        app = QApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenRemoved.connect(self._removed)

    def _removed(self, _screen: QScreen) -> None:
        for window in QApplication.topLevelWidgets():
            if window.isVisible() and window.isWindow():
                bring_back(window)


def _can_be_seized(place: QRect, screen: QRect) -> bool:
    edge = QRect(place.left(), place.top(), place.width(), _EDGE).intersected(screen)
    return edge.width() >= min(_SEEN, place.width()) and edge.height() >= _EDGE // 2
