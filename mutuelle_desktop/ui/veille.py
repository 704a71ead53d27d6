"""What happens by itself while the window is open: the reminders of the day, and the calendar file kept up to date."""

from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QSystemTrayIcon

from mutuelle_desktop.domain.contrat import Contrat, Couverture
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.echeance import Decision, Rappel
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.mandat import Mandat
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.domain.regle import Surcharge
from mutuelle_desktop.services import agenda, rappels
from mutuelle_desktop.services.rappels import Digest
from mutuelle_desktop.storage.library import Entry
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.plateforme import bring_forward
from mutuelle_desktop.ui.theme import theme

_MINUTE = 60_000
_CALM = 3_000
"""Milliseconds without a change before the calendar file is written again."""
VOIR, PLUS_TARD = "voir", "plus-tard"
ANSWERS = (("default", "Voir"), (VOIR, "Voir"), (PLUS_TARD, "Plus tard"))
"""What the notification may be answered; the first is a click on it."""
_DATED = (Dossier, Evenement, Decision, Rappel, Surcharge, Personne, Contrat, Couverture, Mandat)


class Veille(QObject):
    """Looks at the clock once a minute; tells the digest once a day, at the chosen hour or at the next opening."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._busy = False
        self._tray: QSystemTrayIcon | None = None
        self._digest: Digest | None = None
        self._speaker: Any = None
        self._clock = QTimer(self, interval=_MINUTE)
        self._clock.timeout.connect(self.look)
        self._clock.start()
        self._calm = QTimer(self, singleShot=True, interval=_CALM)
        self._calm.timeout.connect(self.write_agenda)
        desk.changes.happened.connect(self._on_change)

    def look(self) -> None:
        """Tell the digest when its hour has come and it was not told today."""
        if not self._busy and self._desk.settings().rappels:
            self._busy = True
            desk, moment = self._desk, self._desk.now().time()
            desk.jobs.run(
                "Heure des rappels", lambda _p: moment >= rappels.chosen_hour(desk.library), self._looked,
                quiet=True, failed=self._failed,
            )  # fmt: skip

    def _looked(self, due: bool) -> None:
        if not due:
            self._busy = False
            return
        speaker = self._speaker or self._speak()
        self._desk.jobs.run(
            "Rappels du jour",
            lambda _p: _digest(self._desk, speaker),
            self._told,
            quiet=True,
            failed=self._failed,
        )

    def speak_to(self, notifications: Any) -> Any:
        """Tell the reminders through these notifications, and hear what is answered."""
        notifications.chosen.connect(self._answered)
        self._speaker = notifications
        return notifications

    def write_agenda(self) -> None:
        """Bring the calendar file up to date, when the user asked for one."""
        library, today = self._desk.library, self._desk.today()
        if agenda.kept_file(library) is not None:
            self._desk.jobs.run("Agenda", lambda _p: agenda.refresh_file(library, today), quiet=True)

    def stop(self) -> None:
        """Look no more; what waits to be written is written now."""
        self._clock.stop()
        if self._calm.isActive():
            self._calm.stop()
            self.write_agenda()
        if self._tray is not None:
            self._tray.hide()

    def _speak(self) -> Any:
        from mutuelle_desktop.ui.notifications import Notifications  # the bus is not needed to paint the window

        return self.speak_to(Notifications(self))

    def _told(self, found: tuple[Digest, bool]) -> None:
        self._busy = False
        digest, shown = found
        if not digest.lignes:
            return
        self._digest = digest
        if not shown:
            self._show_tray(digest)
        text = f"{digest.titre}\u00a0: {digest.lignes[0].detail}"
        rest = len(digest.lignes) - 1
        more = f" (et {rest} autre{'s' if rest > 1 else ''})" if rest else ""
        self._desk.messages.tell(f"{text}{more}", "Voir", self._see, kind="warning", second=("Plus tard", self._later))

    def _answered(self, key: str, token: str) -> None:
        """Do what was chosen on the notification; a click on it anywhere shows the day."""
        if key == PLUS_TARD:
            self._later()
        else:
            bring_forward(self._desk.messages.window(), token)
            self._see()

    def _see(self) -> None:
        self._desk.open("onglet", "aujourdhui")

    def _later(self) -> None:
        """Tell it all again tomorrow."""
        digest, library = self._digest, self._desk.library
        if digest is None:
            return
        said = "Ce rappel reviendra demain." if len(digest.lignes) == 1 else "Ces rappels reviendront demain."
        self._desk.jobs.run(
            "Rappels", lambda _p: rappels.tell_tomorrow(library, digest),
            lambda _done: self._desk.messages.tell(said), quiet=True,
        )  # fmt: skip

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._desk.report(error)

    def _show_tray(self, digest: Digest) -> None:
        """Tell by the tray of systems whose bus nobody answers; it may not show, so the window says it too."""
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(theme().icon("app", "accent"), self)
            self._tray.setToolTip("Mutuelle Desktop")
        self._tray.show()
        self._tray.showMessage(digest.titre, "\n".join(line.neutre for line in digest.lignes))

    def _on_change(self, entry: Entry) -> None:
        if entry.touches(*_DATED):
            self._calm.start()


def _digest(desk: Desk, notifications: Any) -> tuple[Digest, bool]:
    found = rappels.digest(desk.library, desk.today(), desk.now().time())
    lines = [line.neutre for line in found.lignes]
    shown = bool(lines) and (notifications.show(found.titre, lines, ANSWERS) or rappels.notify(found.titre, lines))
    rappels.mark_told(desk.library, found)
    return found, shown
