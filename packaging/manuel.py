"""Makes the pictures of the manual: the real window over the fictional household, without a screen.

`python packaging/manuel.py [FOLDER] [--seulement NAME …]`; each is cut to what its chapter speaks of, in a few colours.
"""

import argparse
import io
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from capture import TODAY, begin_letter, until
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QLocale, QPoint, QRect, QSettings, QSize
from PySide6.QtGui import QPixmap, QRegion
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from mutuelle_desktop.services import dossiers, echeances
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage import settings
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.settings import Settings
from mutuelle_desktop.ui.aide import take_tour
from mutuelle_desktop.ui.appel.champs import NumberLine
from mutuelle_desktop.ui.appel.window import AppelWindow
from mutuelle_desktop.ui.courriers.verbs import CourrierVerbs
from mutuelle_desktop.ui.dialogs import Dialogs
from mutuelle_desktop.ui.echeances.pourquoi import pourquoi_dialog
from mutuelle_desktop.ui.house import House, Tools
from mutuelle_desktop.ui.jobs import Jobs
from mutuelle_desktop.ui.main_window import MainWindow
from mutuelle_desktop.ui.theme import theme

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "manuel"
COLOURS = 64
SIZE = (1000, 700)


class Photographer(Dialogs):
    """Dialogs that are photographed instead of answered."""

    def __init__(self) -> None:
        self.wait: Callable[[], None] = lambda: None
        self.taken = QPixmap()
        self.size: tuple[int, int] | None = None

    def run(self, dialog: QDialog) -> bool:
        """Keep a picture of the dialog, then give up."""
        dialog.show()
        if self.size is not None:
            dialog.resize(*self.size)
        self.wait()
        self.taken = dialog.grab()
        dialog.reject()
        return False


class Studio:
    """The open house, and how each picture is taken in it."""

    def __init__(self, app: QApplication, folder: str, ton: str) -> None:
        self.app, self.camera = app, Photographer()
        library = Library(Path(folder))
        settings.save(library.folder, Settings(theme=ton, echelle=100))
        self.window = MainWindow()
        state = QSettings(f"{folder}/fenetre.ini", QSettings.Format.IniFormat)
        self.house = House(self.window, library, Workers(), state, Tools(Jobs, self.camera, lambda: TODAY))
        self.camera.wait = self.calm
        self.window.resize(*SIZE)
        self.window.show()
        self.calm()

    def calm(self) -> None:
        """Let everything that was asked be done, and be shown."""
        until(self.app, lambda: not self.house.desk.jobs.running)

    def pictures(self) -> Iterator[tuple[str, QPixmap]]:
        """Take every picture, in an order that needs nothing done twice."""
        yield "bienvenue", self._of(self.window.current_page(), 440)
        self.house.fill_example()
        self.calm()
        self.window.messages.clear()
        yield from self._window()
        yield from self._dossiers()
        yield from self._letters()
        yield from self._dates()
        yield from self._papers()

    def _window(self) -> Iterator[tuple[str, QPixmap]]:
        tour = take_tour(self.house)
        tour.go(3)
        self.calm()
        yield "visite", self.window.grab(QRect(0, 0, 760, 460))
        tour.leave()
        self.window.search.setText("couronne")
        until(self.app, self.house.palette.isVisible)
        yield "recherche", self.window.grab(QRect(0, 0, 760, 460))
        self.window.search.clear()
        self.house.palette.hide()
        yield "contrats", self._of(self.window.go("contrats"), 560)
        self.house.ask_settings()
        yield "reglages", self.camera.taken
        self.house.show_shortcuts()
        yield "raccourcis", self._top("Raccourcis du clavier")
        yield "bande", self.window.grab(QRect(0, self.window.height() - 130, 1000, 130))

    def _dossiers(self) -> Iterator[tuple[str, QPixmap]]:
        page: Any = self.window.go("dossiers")
        self.window.resize(1180, 720)
        page.show_object("Dossier", self._crown())
        yield "dossier", self._of(page.detail, 620)
        self.house.call(self._crown())
        self.calm()
        call = next(w for w in QApplication.topLevelWidgets() if isinstance(w, AppelWindow))
        call.resize(760, 640)
        self.calm()
        yield "appel", call.grab()
        numbers = call.findChildren(NumberLine)[0].parentWidget()
        sheet = QPixmap(numbers.size())
        sheet.fill(theme().color("fond"))
        numbers.render(sheet, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
        yield "numeros", sheet
        call.close()
        self.camera.size = (900, 600)
        CourrierVerbs(self.house.desk, self.window).dossier_complet(self._crown())
        yield "dossier-complet", self.camera.taken

    def _letters(self) -> Iterator[tuple[str, QPixmap]]:
        page: Any = self.window.go("courriers")
        self.camera.size = (900, 620)
        page.new_letter(self._crown())
        yield "choix-lettre", self.camera.taken
        self.camera.size = None
        begin_letter(self.house, page)
        yield "lettre", self._of(page, 640)

    def _dates(self) -> Iterator[tuple[str, QPixmap]]:
        self.window.resize(*SIZE)
        yield "echeances", self._of(self.window.go("echeances"), 640)
        first = next(line for line in echeances.toutes(self.house.library, TODAY) if line.dossier_id)
        self.camera.run(pourquoi_dialog(self.house.desk, self.window, first.id))
        yield "pourquoi", self.camera.taken

    def _papers(self) -> Iterator[tuple[str, QPixmap]]:
        page: Any = self.window.go("documents")
        self.window.resize(1180, 700)
        yield "documents", self._of(page, 600)
        page.search.setText("couronne")
        self.calm()
        yield "surligne", self._of(page.preview, 420)
        page.search.clear()
        with tempfile.TemporaryDirectory() as odd:
            blank = Path(odd) / "notice.txt"
            blank.write_text("Ce n’est pas un papier.", "utf-8")
            whole = Path(odd) / "facture abîmée.pdf"
            whole.write_bytes(b"%PDF-1.4 coup")
            self.house.desk.import_into([blank, whole], None)
            self.calm()
            self.house.show_last_import()
        yield "illisible", self._top("Résultat de l’ajout")

    def _of(self, widget: QWidget, high: int) -> QPixmap:
        self.calm()
        corner = widget.mapTo(self.window, QPoint(0, 0))
        return self.window.grab(QRect(corner, QSize(widget.width(), min(high, widget.height()))))

    def _top(self, title: str, kind: str = "") -> QPixmap:
        self.calm()
        found = next(w for w in QApplication.topLevelWidgets()
                     if w.isVisible() and ((title and w.windowTitle() == title) or type(w).__name__ == kind))  # fmt: skip
        taken = found.grab()
        found.close()
        return taken

    def _crown(self) -> str:
        rows = dossiers.list_dossiers(self.house.library)
        return next(line.id for line in rows if line.dossier.titre.startswith("Couronne"))


def keep(picture: QPixmap, path: Path) -> None:
    """Write a picture in few colours, as small as it goes."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]
    image = Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def main() -> None:
    """Take the pictures asked for, all of them when none is named, in both themes."""
    asked = argparse.ArgumentParser(description="Images du mode d’emploi")
    asked.add_argument("dossier", nargs="?", type=Path, default=FOLDER)
    asked.add_argument("--seulement", nargs="*", default=())
    wanted = asked.parse_args()
    app = QApplication([])
    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
    for ton in ("clair", "sombre"):
        theme().apply(ton, 100)
        (wanted.dossier / ton).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            studio = Studio(app, folder, ton)
            for name, picture in studio.pictures():
                if not wanted.seulement or name in wanted.seulement:
                    keep(picture, wanted.dossier / ton / f"{name}.png")
            studio.house.close()
            studio.window.close()


if __name__ == "__main__":
    main()
