"""What the desktop wants of a program: its own file dialogs, true sizes of screens, a window brought forward."""

import os
import sys
from collections.abc import Mapping

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication, QWidget

THEME = "QT_QPA_PLATFORMTHEME"
PORTAL = "xdgdesktopportal"
_TOKEN = "XDG_ACTIVATION_TOKEN"
_SPENT = 2_000
"""Milliseconds after which a right to come forward is no longer of use."""
_ours: set[str] = set()
_CAGES = ("FLATPAK_ID", "SNAP")
_TOKENS = (_TOKEN, "DESKTOP_STARTUP_ID")


def file_dialogs(environment: Mapping[str, str], system: str = sys.platform) -> str:
    """Return the platform theme of Qt whose file dialogs reach the user's files, or nothing to leave Qt its choice.

    In a cage the program sees only what the portal hands it; under Wayland the portal is the desktop's own dialog.
    """
    if not system.startswith("linux") or environment.get(THEME):
        return ""
    if any(environment.get(name) for name in _CAGES):
        return PORTAL
    asked = environment.get("QT_QPA_PLATFORM", "wayland")
    return PORTAL if environment.get("WAYLAND_DISPLAY") and asked.startswith("wayland") else ""


def prepare() -> None:
    """Choose what Qt reads while it starts; call it before the application is made."""
    chosen = file_dialogs(os.environ)
    if chosen:
        os.environ[THEME] = chosen
        _ours.add(THEME)
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)


def let_go() -> None:
    """Take out of the environment what was for Qt alone: the programs opened from here make their own choices."""
    while _ours:
        os.environ.pop(_ours.pop(), None)


def activation_token(environment: Mapping[str, str]) -> str:
    """Return the right to come forward that the desktop gave to the start of this process."""
    return next((environment[name] for name in _TOKENS if environment.get(name)), "")


def end_start(environment: Mapping[str, str]) -> bool:
    """Tell the desktop that a start which shows no window of its own is over; tell whether it had to be told.

    Under X11 the pointer stays busy until a window of that start appears: one nobody sees is enough (Startup
    Notification Protocol 0.1). Under Wayland the window that comes forward spends the token.
    """
    if (
        not environment.get("DESKTOP_STARTUP_ID")
        or not environment.get("DISPLAY")
        or environment.get("WAYLAND_DISPLAY")
    ):
        return False
    app = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    window = QWindow()
    window.setFlags(Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.BypassWindowManagerHint)
    window.setGeometry(-10, -10, 1, 1)
    window.show()
    app.processEvents()
    window.close()
    return True


def bring_forward(window: QWidget, token: str = "") -> None:
    """Show a window in front, as it was before it was minimised; token is the right to do so under Wayland."""
    if token:
        os.environ[_TOKEN] = token  # Qt spends it when the window asks to be active
        _ours.add(_TOKEN)
        QTimer.singleShot(_SPENT, let_go)
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    asking = QApplication.activeModalWidget()
    for shown in (window, asking):
        if shown is not None:
            shown.raise_()
            shown.activateWindow()
    QApplication.alert(window)
