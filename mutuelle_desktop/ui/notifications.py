"""Notifications of the desktop one can answer: Freedesktop's own service, spoken to over the session bus.

Specification: Desktop Notifications 1.3.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from PySide6.QtCore import Q_ARG, Q_RETURN_ARG, SLOT, QMetaObject, QObject, Qt, Signal, Slot
from PySide6.QtDBus import QDBus, QDBusConnection, QDBusInterface

_SERVICE, _PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_PATIENCE = 5_000
"""Milliseconds left to the service, which answers at once when it is there."""


class Notifications(QObject):
    """Shows one notification at a time and tells how it was answered.

    chosen gives the key of the answer and the right to come forward that goes with it, or nothing.
    """

    chosen = Signal(str, str)

    def __init__(self, parent: QObject, bus: QDBusConnection | None = None) -> None:
        super().__init__(parent)
        self._bus = bus or QDBusConnection.sessionBus()
        self._shown = 0
        self._token = ""
        if self._bus.isConnected():
            for signal, slot in (
                ("ActionInvoked", "heard(uint,QString)"),
                ("ActivationToken", "allowed(uint,QString)"),
            ):
                self._bus.connect(_SERVICE, _PATH, _SERVICE, signal, self, SLOT(slot))  # type: ignore[call-overload]

    def show(self, titre: str, lignes: Sequence[str], answers: Sequence[tuple[str, str]]) -> bool:
        """Show a notification; tell whether it was taken with its answers, each a key and its word.

        Where answers cannot be given nothing is shown. It waits for the service: keep it off the thread of the
        interface.
        """
        if not self._bus.isConnected():
            return False
        service = QDBusInterface(_SERVICE, _PATH, _SERVICE, self._bus)
        service.setTimeout(_PATIENCE)
        if not service.isValid():
            return False
        able = service.call(QDBus.CallMode.Block, "GetCapabilities").arguments()
        if not able or "actions" not in able[0]:
            return False
        body = "\n".join(lignes)
        given = [part for answer in answers for part in answer]
        # A plain call would send Python's integers as signed ones, which the service refuses.
        shown: Any = QMetaObject.invokeMethod(
            service, "Notify", Qt.ConnectionType.DirectConnection, Q_RETURN_ARG("uint"),
            Q_ARG(str, "Mutuelle Desktop"), Q_ARG("uint", self._shown), Q_ARG(str, "mutuelle-desktop"),
            Q_ARG(str, titre), Q_ARG(str, escape(body, quote=False) if "body-markup" in able[0] else body),
            Q_ARG("QStringList", given), Q_ARG("QVariantMap", {"desktop-entry": "mutuelle-desktop"}), Q_ARG(int, -1),
        )  # fmt: skip
        self._shown = int(shown or 0)
        return self._shown > 0

    @Slot("uint", str)
    def allowed(self, number: int, token: str) -> None:
        """Keep the right to come forward, which the desktop gives just before the answer."""
        if number == self._shown:
            self._token = token

    @Slot("uint", str)
    def heard(self, number: int, key: str) -> None:
        """Pass on the answer to our own notification."""
        if number == self._shown and number:
            token, self._token = self._token, ""
            self.chosen.emit(key, token)
