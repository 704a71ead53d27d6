"""What every page is given: the library, the jobs, and ways to ask, tell and go elsewhere."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSettings, Qt, QTimer, Signal

from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.library import Entry, Library
from mutuelle_desktop.storage.settings import Settings
from mutuelle_desktop.ui.dialogs import Dialogs
from mutuelle_desktop.ui.jobs import Jobs
from mutuelle_desktop.ui.messages import Messages

RYTHME = 100
"""Least milliseconds between two refreshes of the screen while changes pour in."""


class Changes(QObject):
    """Carries the changes of the library to the thread of the interface, bursts joined into one."""

    happened = Signal(object)
    _arrived = Signal(object)

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library
        self._waiting: list[Entry] = []
        self._timer = QTimer(self, singleShot=True, interval=RYTHME)
        self._timer.timeout.connect(self.flush)
        self._arrived.connect(self._collect, Qt.ConnectionType.AutoConnection)
        library.listeners.append(self._arrived.emit)

    def flush(self) -> None:
        """Tell what has been waiting."""
        if self._waiting:
            entries, self._waiting = self._waiting, []
            self.happened.emit(Entry(entries[-1].label, tuple(c for entry in entries for c in entry.changes)))

    def _collect(self, entry: Entry) -> None:
        self._waiting.append(entry)
        if not self._timer.isActive():
            if len(self._waiting) == 1 and not entry.group:
                self.flush()
            self._timer.start()


@dataclass(frozen=True, slots=True)
class Desk:
    """The few things pages share; made once.

    open(kind, id) goes to an object, to a tab (« onglet ») or does an action of the menus (« action »);
    import_into(paths, dossier_id) is the one door for files, import_as says what they are; state may be lost;
    now is the wall clock, without a zone; since, the day of the last visit; call(dossier_id) opens the window of a call;
    correct(event) opens its form, and shows the dates that move before anything is written; badge(tab, number) shows a
    number beside a tab.
    """

    library: Library
    workers: Workers
    jobs: Jobs
    changes: Changes
    dialogs: Dialogs
    messages: Messages
    report: Callable[[Exception], None]
    settings: Callable[[], Settings]
    state: QSettings
    today: Callable[[], date]
    now: Callable[[], datetime]
    since: date | None
    open: Callable[[str, str], None]
    import_into: Callable[[Sequence[Path], str | None], None]
    import_as: Callable[[Sequence[Path], TypeDocument], None]
    page: Callable[[str], Any]
    call: Callable[[str], None]
    correct: Callable[[Evenement], None]
    badge: Callable[[str, int], None]
    fill_example: Callable[[], None]
    remove_example: Callable[[], None]
