"""Telling the user: a quiet strip with at most one action, never a box with OK."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from mutuelle_desktop.ui.widgets.basics import button, label, tool
from mutuelle_desktop.ui.widgets.spoken import announce

DUREE = 12_000
"""Milliseconds a message stays; a warning or an error stays until it is closed."""


class Messages(QWidget):
    """The strip, above the status line; the newest message replaces the one before unless that one is an error."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 0, 16, 8)
        self._column.setSpacing(6)
        self._timer = QTimer(self, singleShot=True, interval=DUREE)
        self._timer.timeout.connect(self._expire)
        self._passing: QFrame | None = None
        self._frames: list[QFrame] = []
        self.texts: list[str] = []
        self.hide()

    def tell(
        self, text: str, action_label: str = "", action: Callable[[], Any] | None = None, *, kind: str = "info",
        second: tuple[str, Callable[[], Any]] | None = None,
    ) -> None:  # fmt: skip
        """Show a sentence with up to two actions; kind is info, success, warning or error."""
        self.texts.append(text)
        frame = QFrame()
        frame.setProperty("role", "message" if kind == "info" else f"message-{kind}")
        line = QHBoxLayout(frame)
        line.setContentsMargins(14, 8, 8, 8)
        words = label(text, wrap=True, selectable=True)
        words.setAccessibleName(text)
        line.addWidget(words, 1, Qt.AlignmentFlag.AlignVCenter)
        for name, run in ((action_label, action), second or ("", None)):
            if name and run:
                line.addWidget(button(name, _then(run, frame, self), "discret"))
        line.addWidget(tool("fermer", "Fermer ce message", lambda: self._close(frame)))
        if self._passing is not None:
            self._close(self._passing)
        while len(self._frames) >= 3:
            self._close(self._frames[0])
        self._frames.append(frame)
        self._column.addWidget(frame)
        if kind in ("info", "success"):
            self._passing = frame
            self._timer.start()
        self.show()
        announce(words, text, urgent=kind in ("warning", "error"))

    def clear(self) -> None:
        """Close every message."""
        while self._frames:
            self._close(self._frames[0])

    def _expire(self) -> None:
        if self._passing is not None:
            self._close(self._passing)

    def _close(self, frame: QFrame) -> None:
        if frame is self._passing:
            self._passing = None
            self._timer.stop()
        self._frames.remove(frame)
        self._column.removeWidget(frame)
        frame.hide()
        frame.deleteLater()
        if not self._frames:
            self.hide()


def _then(run: Callable[[], Any], frame: QFrame, messages: Messages) -> Callable[[], None]:
    def both() -> None:
        messages._close(frame)  # noqa: SLF001 - same module
        run()

    return both
