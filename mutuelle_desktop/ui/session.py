"""The end of the session: the desktop says so, or the system by a signal; what is being written is kept, at once."""

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QSocketNotifier, QTimer
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QApplication, QDialog

SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT")
_TURN = 20
_TURNS = 100
"""Milliseconds between two looks at what still holds the loop, and how many before leaving all the same."""


class Session(QObject):
    """Keeps what is written when the session may end, and leaves when it ends; neither asks anything.

    restart is the command the desktop may start the program again with.
    """

    def __init__(
        self, app: QApplication, keep: Callable[[], Any], leave: Callable[[], Any], restart: Sequence[str] = ()
    ) -> None:
        super().__init__(app)
        self._keep, self._leave, self._restart = keep, leave, list(restart)
        self._ending = False
        self._turns = 0
        self._notifier: QSocketNotifier | None = None
        self._pipe: tuple[int, int] | None = None
        self._before: dict[int, Any] = {}
        app.commitDataRequest.connect(self.commit)
        app.saveStateRequest.connect(self.save_state)

    def commit(self, _manager: QSessionManager | None = None) -> None:
        """Keep everything, without closing anything: the user may still change their mind about leaving."""
        self._keep()

    def save_state(self, manager: QSessionManager) -> None:
        """Say how the program is started again."""
        if self._restart:
            manager.setRestartCommand(self._restart)

    def listen(self) -> None:
        """Take the signals by which a system ends programs; Python hears them only through the loop of Qt."""
        if os.name != "posix":
            return
        out, into = self._pipe = os.pipe()
        for end in self._pipe:
            os.set_blocking(end, False)
        self._notifier = QSocketNotifier(out, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)
        signal.set_wakeup_fd(into, warn_on_full_buffer=False)
        for name in SIGNALS:
            number = getattr(signal, name)
            self._before[number] = signal.signal(number, self._heard)

    def close(self) -> None:
        """Listen no more."""
        for number, before in self._before.items():
            signal.signal(number, before)
        self._before.clear()
        if self._notifier is not None and self._pipe is not None:
            signal.set_wakeup_fd(-1)
            self._notifier.setEnabled(False)
            self._notifier = None
            for end in self._pipe:
                os.close(end)

    def end(self) -> None:
        """Keep everything, put away what asks a question, then leave."""
        if self._ending:
            return
        self._ending = True
        self._keep()
        self._wind_down()

    def _heard(self, _number: int, _frame: object) -> None:
        QTimer.singleShot(0, self, self.end)

    def _woken(self) -> None:
        """Empty the pipe; that Python runs at all is what lets it call the handler."""
        if self._pipe is not None:
            with suppress(BlockingIOError):
                os.read(self._pipe[0], 512)

    def _wind_down(self) -> None:
        """Leave from the first loop: a dialog waiting in one of its own would go on over a closed library."""
        asking = QApplication.activeModalWidget()
        if isinstance(asking, QDialog):
            asking.reject()
        self._turns += 1
        app = QCoreApplication.instance()
        nested = app is not None and app.thread().loopLevel() > 1
        if (nested or QApplication.activeModalWidget() is not None) and self._turns < _TURNS:
            QTimer.singleShot(_TURN, self, self._wind_down)
        else:
            self._leave()
