"""Every screen of the program, opened one after the other: the tabs, then whatever an action or a button opens."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenu, QWidget
from shiboken6 import isValid

from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.services import courriers, dossiers, exemple
from mutuelle_desktop.ui.dialogs import Dialogs
from tests.ui.maison import Foyer

TABS = ("aujourdhui", "dossiers", "documents", "courriers", "echeances", "contrats", "guide")
Look = Callable[[str, QWidget], Any]


class Visitor(Dialogs):
    """Dialogs that are looked at and given up; files and folders are never chosen."""

    def __init__(self) -> None:
        self.look: Look = lambda _name, _widget: None
        self.seen: dict[str, str] = {}
        self.where = ""
        self.files: deque[list[Path]] = deque()

    def choose_files(self, parent: QWidget) -> list[Path]:
        return []

    def choose_folder(self, parent: QWidget, title: str) -> Path | None:
        return None

    def save_as(self, parent: QWidget, title: str, name: str, kind: str) -> Path | None:
        return None

    def run(self, dialog: QDialog) -> bool:
        self.visit(dialog)
        return False

    def visit(self, window: QWidget) -> None:
        title = window.windowTitle()
        if title not in self.seen:
            self.seen[title] = self.where
            window.show()
            window.activateWindow()
            QApplication.processEvents()
            self.look(f"« {title} » ({self.where})", window)
        if isValid(window):
            window.close()


class Visite:
    """A walk through the window of the fictional household."""

    def __init__(self, foyer: Foyer) -> None:
        self.foyer = foyer
        self.dialogs = Visitor()
        foyer.house.desk.__class__  # noqa: B018 - the desk is frozen: its dialogs are replaced below
        object.__setattr__(foyer.house.desk, "dialogs", self.dialogs)

    def pages(self, look: Look) -> None:
        """Show each tab in turn, with something chosen in it."""
        for tab in TABS:
            look(tab, self.foyer.go(tab))

    def windows(self, look: Look) -> list[str]:
        """Open and give up everything that the actions and buttons ending in « … » open; return the titles seen."""
        self.dialogs.look = look
        for tab in TABS:
            page = self.foyer.go(tab)
            for action in self.foyer.house.actions:
                self.foyer.go(tab)
                if action.menu != "" and action.shown.endswith("…") and action.enabled():
                    self._open(f"{tab}: {action.shown}", action.run)
            self.foyer.go(tab)
            for text in sorted({b.text() for b in page.findChildren(QAbstractButton) if b.text().endswith("…")}):
                found = [b for b in page.findChildren(QAbstractButton)
                         if b.text() == text and b.isVisible() and b.isEnabled()]  # fmt: skip
                if found:
                    self._open(f"{tab}: [{text}]", found[0].click)
        return list(self.dialogs.seen)

    def _open(self, where: str, run: Callable[[], Any]) -> None:
        self.dialogs.where = where
        before = set(QApplication.topLevelWidgets())
        try:
            run()
        except AppError:
            return
        self.foyer.settle()
        for window in set(QApplication.topLevelWidgets()) - before:
            if isValid(window) and window.isVisible() and isinstance(window, QDialog):
                self.dialogs.visit(window)
            elif isValid(window) and window.isVisible() and isinstance(window, QMenu):
                window.close()
        self.foyer.settle()


def furnish(foyer: Foyer) -> None:
    """Fill the fictional household, with a letter begun and one dossier at each tab chosen."""
    exemple.fill_example(foyer.library, foyer.house.desk.workers)
    foyer.house.intake.read_pending()
    foyer.settle()
    foyer.window.messages.clear()
    line = next(one for one in dossiers.list_dossiers(foyer.library) if one.dossier.titre.startswith("Couronne"))
    made = courriers.create_courrier(foyer.library, modele="C1", dossier_id=line.id, today=foyer.today)
    foyer.house.desk.changes.flush()
    foyer.house.open("Courrier", made.id)
    foyer.house.open("Dossier", line.id)
    foyer.settle()


@contextmanager
def looked_at(foyer: Foyer) -> Iterator[Visite]:
    yield Visite(foyer)
