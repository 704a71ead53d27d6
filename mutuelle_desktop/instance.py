"""One window for one library: the lock, and how a second start speaks to the first.

The lock is Qt's QLockFile, or a plain exclusive file where Qt is absent. The way in is a local socket readable by its
owner only (a named pipe on Windows), never the network, guarded by a random key in a private file.
"""

import contextlib
import hashlib
import json
import os
import secrets
import threading
from collections.abc import Callable
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

from mutuelle_desktop.storage.paths import runtime_folder, write_whole

LOCK = ".verrou"
KEY = ".acces"
_PATH_MAX = 100


class Instance:
    """The claim of one process on one data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: Any = None
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None

    def try_lock(self) -> bool:
        """Claim the folder; False when another program holds it."""
        try:
            from PySide6.QtCore import QLockFile
        except ImportError:
            return True  # without Qt there is no window here; the base's own lock still keeps two writers apart
        self._lock = QLockFile(str(self._folder / LOCK))
        self._lock.setStaleLockTime(0)
        return bool(self._lock.tryLock(0)) or self._lock.error() == QLockFile.LockError.PermissionError

    def holder(self) -> str:
        """Return who holds the folder, as a sentence."""
        found = self._lock.getLockInfo() if self._lock is not None else None
        if found and found[0]:
            _, pid, host, name = found
            return (
                f"Ces données sont déjà ouvertes par « {name} » (n° {pid}) sur l’ordinateur « {host} ». Fermez-le "
                "d’abord, puis réessayez."
            )
        return "Ces données sont déjà ouvertes par un autre programme. Fermez-le d’abord, puis réessayez."

    def serve(self, show: Callable[[dict[str, Any]], None], library: Any, workers: Any) -> None:
        """Answer later starts: « ouvrir » goes to the window, commands are carried out here."""
        key = secrets.token_bytes(32)
        write_whole(self._folder / KEY, key)
        address = self._address()
        if os.name == "posix":
            Path(address).unlink(missing_ok=True)
        self._listener = Listener(address, family="AF_UNIX" if os.name == "posix" else "AF_PIPE", authkey=key)
        self._thread = threading.Thread(target=self._answer, args=(show, library, workers), daemon=True)
        self._thread.start()

    def ask(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """Ask the process that holds the folder; None when it does not answer."""
        try:
            key = (self._folder / KEY).read_bytes()
            with Client(self._address(), family="AF_UNIX" if os.name == "posix" else "AF_PIPE", authkey=key) as line:
                line.send_bytes(json.dumps(message).encode())
                answer: dict[str, Any] = json.loads(line.recv_bytes())
        except (OSError, EOFError, ValueError):
            return None
        return answer

    def close(self) -> None:
        """Let go of the folder."""
        if self._listener is not None:
            listener, self._listener = self._listener, None
            self.ask({"commande": "fin"})
            listener.close()
            if self._thread is not None:
                self._thread.join(5)
            with contextlib.suppress(OSError):
                (self._folder / KEY).unlink()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def _address(self) -> str:
        if os.name != "posix":
            name = hashlib.sha256(str(self._folder).encode()).hexdigest()[:16]
            return rf"\\.\pipe\mutuelle-desktop-{name}"
        beside = self._folder / ".fenetre"
        if len(os.fsencode(beside)) <= _PATH_MAX:
            return str(beside)
        name = hashlib.sha256(os.fsencode(self._folder)).hexdigest()[:16]
        return str(runtime_folder() / name)

    def _answer(self, show: Callable[[dict[str, Any]], None], library: Any, workers: Any) -> None:
        while self._listener is not None:
            try:
                with self._listener.accept() as line:
                    if not _serve(line, show, library, workers):
                        return
            except (OSError, EOFError, ValueError):
                if self._listener is None:
                    return


def _serve(line: Connection, show: Callable[[dict[str, Any]], None], library: Any, workers: Any) -> bool:
    message = json.loads(line.recv_bytes())
    answer: dict[str, Any] = {}
    if message["commande"] == "ouvrir":
        show(message)
    elif message["commande"] != "fin":
        from mutuelle_desktop.services.commandes import carry_out

        answer = carry_out(library, workers, message["arguments"])
    line.send_bytes(json.dumps(answer).encode())
    return bool(message["commande"] != "fin")
