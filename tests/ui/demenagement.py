"""The program itself, with someone at the window who moves the data: `python -m tests.ui.demenagement TARGET`."""

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from mutuelle_desktop import app
from mutuelle_desktop.ui.dialogs import Dialogs


def main(target: Path) -> int:
    Dialogs.choose_folder = lambda *_: target
    Dialogs.run = lambda _self, dialog: bool(dialog.accept_button.text()) and True
    kept: list[app.App] = []
    made = app.App.__init__

    def make(self, *given):
        made(self, *given)
        kept.append(self)

    app.App.__init__ = make

    def act() -> None:
        house = kept[0].house if kept else None
        if house is None or house.desk.jobs.running:
            QTimer.singleShot(50, act)
            return
        house.ask_settings()
        house.reglages.show_section("donnees")
        next(b for b in house.reglages.findChildren(QPushButton) if b.text() == "Déplacer…").click()

    real = QApplication.exec

    def run() -> int:
        QTimer.singleShot(0, act)
        return real()

    QApplication.exec = staticmethod(run)
    return app.main()


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
