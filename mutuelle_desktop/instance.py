"""One window for one library: the lock, and how a second start speaks to the first.

The lock is Qt's QLockFile; where Qt is absent no window can be started, and the base's own lock is enough. The way in
is a local socket readable by its owner only (a named pipe on Windows), never the network, guarded by a random key in a
private file.
"""

import contextlib
import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mutuelle_desktop.domain.errors import Unavailable
from mutuelle_desktop.storage.paths import runtime_folder, write_whole

LOCK = ".verrou"
KEY = ".acces"
_PATH_MAX = 100
_PATIENCE = 5.0  # seconds left to a command under way when the window closes
_PAUSE = 0.05
_OPENING = 5.0
"""Seconds left to a window that holds the folder and does not answer yet: it is opening, or closing."""
_FAILED = "La fenêtre ouverte n’a pas pu faire ce travail. Fermez-la, puis réessayez."


def _nobody() -> tuple[type[Exception], ...]:
    """Return what a line answers at whose end there is nobody, or nobody with the key."""
    from multiprocessing import AuthenticationError

    return OSError, EOFError, ValueError, AuthenticationError


class Held(Unavailable):
    """Another program holds the folder, and does not answer."""


class Instance:
    """The claim of one process on one data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: Any = None
        self._listener: Any = None
        self._threads: list[threading.Thread] = []

    def try_lock(self) -> bool:
        """Claim the folder; False when another program holds it."""
        try:
            from PySide6.QtCore import QLockFile
        except ImportError:
            return self.ask({"commande": "présent"}) is None  # a window of another installation may be there
        self._lock = QLockFile(str(self._folder / LOCK))
        self._lock.setStaleLockTime(0)
        return bool(self._lock.tryLock(0)) or self._lock.error() == QLockFile.LockError.PermissionError

    def holder(self) -> str:
        """Return who holds the folder, as a sentence."""
        found = self._lock.getLockInfo() if self._lock is not None else None
        if found:
            pid, host, name = found
            return (
                f"Ces données sont déjà ouvertes par « {name} » (n° {pid}) sur l’ordinateur « {host} ». Fermez-le "
                "d’abord, puis réessayez."
            )
        return "Ces données sont déjà ouvertes par un autre programme. Fermez-le d’abord, puis réessayez."

    def serve(self, show: Callable[[dict[str, Any]], None], library: Any, workers: Any) -> None:
        """Answer later starts: « ouvrir » goes to the window, commands are carried out here."""
        from multiprocessing.connection import Listener  # a twentieth of the start, which does not need it

        key = os.urandom(32)
        write_whole(self._folder / KEY, key)
        address = self._address()
        if os.name == "posix":
            Path(address).unlink(missing_ok=True)
        self._listener = Listener(address, family="AF_UNIX" if os.name == "posix" else "AF_PIPE", authkey=key)
        self._start(self._listen, self._listener, show, library, workers)

    def ask(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """Ask the process that holds the folder; None when it does not answer."""
        from multiprocessing.connection import Client

        try:
            key = (self._folder / KEY).read_bytes()
            with Client(self._address(), family="AF_UNIX" if os.name == "posix" else "AF_PIPE", authkey=key) as line:
                line.send_bytes(json.dumps(message).encode())
                answer: dict[str, Any] = json.loads(line.recv_bytes())
        except _nobody():
            return None
        return answer

    def take_or_hand_over(self, message: dict[str, Any], patience: float = _OPENING) -> dict[str, Any] | None:
        """Claim the folder (None), or hand a message to the window that holds it and return its answer.

        Two starts may follow each other at once: the first is waited for. Raise Held when nobody answers.
        """
        end = time.monotonic() + patience
        while not self.try_lock():
            answer = self.ask(message)
            if answer is not None:
                return answer
            if time.monotonic() > end:
                raise Held(self.holder())
            time.sleep(_PAUSE)
        return None

    def close(self) -> None:
        """Let go of the folder."""
        self.stop_serving()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def stop_serving(self) -> None:
        """Answer no more, the folder still held."""
        if self._listener is not None:
            listener, self._listener = self._listener, None
            # from a thread of its own: a listener that heard nobody at that very moment would keep it waiting for ever
            last = threading.Thread(target=self.ask, args=({"commande": "fin"},), daemon=True)
            last.start()
            last.join(_PATIENCE)
            listener.close()
            for thread in self._threads:
                thread.join(_PATIENCE)
            with contextlib.suppress(OSError):
                (self._folder / KEY).unlink()

    def _address(self) -> str:
        beside = self._folder / ".fenetre"
        if os.name == "posix" and len(os.fsencode(beside)) <= _PATH_MAX:
            return str(beside)
        import hashlib

        if os.name != "posix":
            name = hashlib.sha256(str(self._folder).encode()).hexdigest()[:16]
            return rf"\\.\pipe\mutuelle-desktop-{name}"
        return str(runtime_folder() / hashlib.sha256(os.fsencode(self._folder)).hexdigest()[:16])

    def _start(self, work: Callable[..., None], *given: Any) -> None:
        thread = threading.Thread(target=work, args=given, daemon=True)
        self._threads = [other for other in self._threads if other.is_alive()] + [thread]
        thread.start()

    def _listen(self, listener: Any, show: Callable[[dict[str, Any]], None], library: Any, workers: Any) -> None:
        """Hear each caller apart: a long import never keeps a second start from raising the window."""
        while True:
            try:
                line = listener.accept()
            except _nobody():  # a caller that gave up, or without the key
                if self._listener is None:
                    return
                time.sleep(_PAUSE)
                continue
            self._start(_serve, line, show, library, workers)
            if self._listener is None:  # looked at after a caller only: the last one is always heard
                return


def _serve(line: Any, show: Callable[[dict[str, Any]], None], library: Any, workers: Any) -> None:
    with line, contextlib.suppress(*_nobody()):  # the caller may be gone before its answer
        message = json.loads(line.recv_bytes())
        answer: dict[str, Any] = {}
        if message["commande"] == "ouvrir":
            show(message)
        elif message["commande"] == "commande":
            answer = _carried_out(library, workers, message["arguments"])
        line.send_bytes(json.dumps(answer).encode())


def _carried_out(library: Any, workers: Any, arguments: dict[str, Any]) -> dict[str, Any]:
    import traceback

    from mutuelle_desktop.domain.errors import Cancelled
    from mutuelle_desktop.services.commandes import carry_out, refusal

    try:
        return carry_out(library, workers, arguments)
    except Cancelled:
        return refusal("La fenêtre s’est fermée pendant ce travail : ce qui était déjà ajouté le reste.")
    except Exception:  # noqa: BLE001 - a bug met for another process must be told to it, and end nothing here
        traceback.print_exc()
        return refusal(_FAILED)
