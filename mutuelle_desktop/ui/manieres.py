"""What a well-mannered program does around its window: nothing typed is lost, what moved is followed."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMenu

from mutuelle_desktop import __version__
from mutuelle_desktop.services import demarrage, minuterie
from mutuelle_desktop.ui.ecrans import Ecrans
from mutuelle_desktop.ui.reprise import keep_ecrits, open_forms, read_ecrits, reprise_dialog


class Manieres(QObject):
    """The manners of an open house; made once with it."""

    def __init__(self, house: Any) -> None:
        super().__init__(house)
        self._house = house
        self.ecrans = Ecrans(self)
        house.palette.recents = house.recents.hits
        files = next((one.menu() for one in house.window.menuBar().actions() if one.text() == "Fichier"), None)
        self.recents_menu = house.recents.attach(files, "dernier-ajout") if isinstance(files, QMenu) else None

    def wake(self) -> None:
        """Do what is due once the window is there."""
        house = self._house
        folder = house.library.folder
        house.desk.jobs.run("Démarrage", lambda _p: _follow(folder), quiet=True, failed=lambda _error: None)
        house.desk.jobs.run("Reprise", lambda _p: bool(read_ecrits(house.library)), self._tell_news, quiet=True)

    def _tell_news(self, written: bool) -> None:
        """Offer what was being written when the session ended, or else say what a new version brought."""
        from mutuelle_desktop.ui.apropos.nouveautes import just_upgraded

        house = self._house
        if written:
            self._offer_ecrits()
        elif just_upgraded(house.desk.state):
            house.window.messages.tell(
                f"Mutuelle Desktop est passé à la version {__version__}.", "Quoi de neuf", self.show_nouveautes
            )

    def show_nouveautes(self) -> None:
        """Tell what each version brought."""
        from mutuelle_desktop.ui.apropos.nouveautes import nouveautes_dialog

        nouveautes_dialog(self._house.window).show()

    def show_apropos(self) -> None:
        """Say what the program is and what it is made of."""
        from mutuelle_desktop.ui.apropos.dialogue import AProposDialog

        AProposDialog(self._house.desk, self._house.window).show()

    def keep(self) -> None:
        """Make durable what is being written: letters, calls, facts, open forms. Nothing is asked."""
        house = self._house
        pages = [house.window.page(tab.id) for tab in house.tabs]
        for widget in (*pages, *QApplication.topLevelWidgets()):
            self._try(getattr(widget, "keep", None))
        self._try(lambda: keep_ecrits(house.library, open_forms()))

    def _try(self, keep: Callable[[], Any] | None) -> None:
        try:
            if keep is not None:
                keep()
        except Exception as error:  # noqa: BLE001 - what fails in one place must not lose what is written in another
            self._house.report(error)

    def _offer_ecrits(self) -> None:
        house = self._house
        house.window.messages.tell(
            "La session s’est terminée pendant que vous écriviez dans une fenêtre. Ce que vous aviez écrit est gardé.",
            "Le retrouver", lambda: house.desk.dialogs.run(reprise_dialog(house.library, house.window)), kind="warning",
        )  # fmt: skip


def _follow(folder: Any) -> None:
    minuterie.follow_timer(folder)
    demarrage.follow_autostart()
