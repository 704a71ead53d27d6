"""What ties backups to the open house: the words of the strip, the windows, the one made at exit."""

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.sauvegarde import Derniere
from mutuelle_desktop.services import sauvegardes
from mutuelle_desktop.services.sauvegardes import Rendu
from mutuelle_desktop.storage.bascule import set_drafts_aside
from mutuelle_desktop.storage.settings import Settings
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.jobs import Question
from mutuelle_desktop.ui.sauvegarde.mots import derniere
from mutuelle_desktop.ui.status_strip import StatusStrip

_MINUTE = 60_000


def _remove(folders: Iterable[Path]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


class Gardien(QObject):
    """switch(rendu, chosen) puts restored data in the place of these: only the program itself can."""

    def __init__(self, desk: Desk, window: QWidget, strip: StatusStrip, keep: Callable[[Settings], Any]) -> None:
        super().__init__(window)
        self._desk, self._window, self._strip, self._keep = desk, window, strip, keep
        self._shown: Any = None
        self._left = set_drafts_aside(desk.library.folder)  # before any restore can be asked for
        self.switch: Callable[[Rendu, Path], Any] = lambda _rendu, _chosen: None
        strip.backup.clicked.connect(self.open)
        self._last = Question(desk.jobs, "Date de la sauvegarde", self._say_last, self)
        self._clock = QTimer(self, interval=_MINUTE)
        self._clock.timeout.connect(self.refresh)
        self._clock.start()
        self.refresh()

    def refresh(self) -> None:
        """Say when the last backup was made; a command may have made one meanwhile."""
        self._last.ask(self._look)

    def _look(self) -> Derniere | None:
        try:
            return sauvegardes.last_sauvegarde(self._desk.library)
        except AppError:
            return None

    def _say_last(self, last: Derniere | None) -> None:
        if last is None:
            return
        today = self._desk.today()
        self._strip.say_backup(derniere(last, today), old=sauvegardes.is_old(last, today))

    def after_opening(self) -> None:
        """Tell once that the backup of the last closing could not be made, and tidy what restores left."""
        if left := self._left:
            self._desk.jobs.run("Rangement", lambda _p: _remove(left), quiet=True)
        library = self._desk.library
        self._desk.jobs.run(
            "Sauvegarde manquée", lambda _p: sauvegardes.take_skipped(library), self._tell_skipped, quiet=True
        )

    def _tell_skipped(self, skipped: bool) -> None:
        if skipped:
            self._desk.messages.tell(
                "À la dernière fermeture, le dossier de sauvegarde n’était pas là\u00a0: vos derniers changements ne sont pas "
                "sauvegardés. Branchez la clé ou le disque, puis sauvegardez.",
                "Sauvegarder", self.open, kind="warning",
            )  # fmt: skip

    def open(self) -> None:
        """Show the window of backups."""
        from mutuelle_desktop.ui.sauvegarde.window import SauvegardeWindow

        if self._shown is None:
            self._shown = SauvegardeWindow(self._desk, self._window, self._keep, self.refresh, self.open_restore)
            self._shown.destroyed.connect(self._forget)
        self._shown.show()
        self._shown.raise_()
        self._shown.activateWindow()

    def open_restore(self, chosen: Path | None = None, name: str | None = None) -> None:
        """Ask which snapshot to give back."""
        from mutuelle_desktop.ui.sauvegarde.restauration import RestaurationDialog

        desk = self._desk
        asked = RestaurationDialog(
            self._window, desk.jobs, desk.dialogs, desk.library.folder, done=self._restored, report=desk.report
        )  # fmt: skip
        known = desk.settings().dossier_sauvegarde
        if chosen is None and name is None and sauvegardes.is_reachable(known):
            chosen = Path(known)
        asked.choose(chosen, name)
        asked.show()

    def before_closing(self) -> None:
        """Make the backup of the closing when it is wanted, needed and possible; never keep anyone from leaving."""
        settings, library = self._desk.settings(), self._desk.library
        chosen = settings.dossier_sauvegarde
        try:
            if not (settings.sauvegarde_a_la_fermeture and chosen and sauvegardes.needs_sauvegarde(library, chosen)):
                return
            if not sauvegardes.is_reachable(chosen):
                sauvegardes.note_skipped(library)
                return
        except AppError:
            return
        from mutuelle_desktop.ui.sauvegarde.fermeture import FermetureDialog

        dialog = FermetureDialog(self._window, self._desk, Path(chosen), self._desk.report)
        self._desk.dialogs.run(dialog)
        dialog.deleteLater()

    def stop(self) -> None:
        """Look at the clock no more."""
        self._clock.stop()

    def _restored(self, rendu: Rendu, chosen: Path) -> None:
        if self._shown is not None:
            self._shown.close()
        self.switch(rendu, chosen)

    def _forget(self) -> None:
        self._shown = None
