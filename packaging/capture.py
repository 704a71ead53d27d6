"""Draws the pictures of the README: the real window over the fictional household, without a screen.

`python packaging/capture.py [FOLDER] [--theme sombre] [--taille 1024x700] [--echelle 200]`
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QLocale, QSettings
from PySide6.QtWidgets import QApplication

from mutuelle_desktop.services import courriers, dossiers
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage import settings
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.settings import Settings
from mutuelle_desktop.ui.dialogs import Dialogs
from mutuelle_desktop.ui.house import House, Tools
from mutuelle_desktop.ui.jobs import Jobs
from mutuelle_desktop.ui.main_window import MainWindow
from mutuelle_desktop.ui.theme import theme

HERE = Path(__file__).resolve().parent
TODAY = date(2026, 11, 23)


def main() -> None:
    """Open the window, fill it, and keep a picture of each tab."""
    asked = argparse.ArgumentParser(description="Images du README")
    asked.add_argument("dossier", nargs="?", type=Path, default=HERE / "captures")
    asked.add_argument("--theme", default="clair", choices=("clair", "sombre"))
    asked.add_argument("--taille", default="1280x800")
    asked.add_argument("--echelle", type=int, default=100)
    wanted = asked.parse_args()
    wanted.dossier.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
    theme().apply(wanted.theme, wanted.echelle)
    with tempfile.TemporaryDirectory() as folder:
        library = Library(Path(folder))
        settings.save(library.folder, Settings(theme=wanted.theme, echelle=wanted.echelle))
        window = MainWindow()
        state = QSettings(f"{folder}/fenetre.ini", QSettings.Format.IniFormat)
        house = House(window, library, Workers(), state, Tools(Jobs, Dialogs(), lambda: TODAY))
        window.resize(*(int(side) for side in wanted.taille.split("x")))
        window.show()
        house.fill_example()
        until(app, lambda: not house.desk.jobs.running)
        window.messages.clear()
        for tab in ("aujourdhui", "dossiers", "documents", "courriers", "echeances", "contrats", "guide"):
            page = window.go(tab)
            if tab == "documents":
                page.search.setText("couronne")
            if tab == "courriers":
                begin_letter(house, page)
            until(app, lambda: not house.desk.jobs.running)
            window.grab().save(str(wanted.dossier / f"{tab}.png"))
        house.close()
        window.close()


def begin_letter(house: House, page: Any) -> None:
    """Contest what was reimbursed of the crown."""
    line = next(line for line in dossiers.list_dossiers(house.library) if line.dossier.titre.startswith("Couronne"))
    made = courriers.create_courrier(house.library, modele="C1", dossier_id=line.id, today=TODAY)
    house.desk.changes.flush()
    page.show_object("Courrier", made.id)


def until(app: QApplication, done: Callable[[], bool], calm: float = 0.5) -> None:
    """Let the window live until this holds, and has held for a moment."""
    since = time.monotonic()
    while time.monotonic() - since < calm:
        app.processEvents()
        time.sleep(0.01)
        if not done():
            since = time.monotonic()


if __name__ == "__main__":
    main()
