"""The real window over the fictional household, set up to be photographed: day, screen and dialogs are chosen."""

import atexit
import itertools
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

TODAY = date(2026, 11, 23)
COMMON = 128
"""Colours of a picture that are kept as they are: its grounds, its inks."""
MOMENT = datetime(2026, 11, 23, 9, 40)  # noqa: DTZ001 - the hour on the wall of the pictures


@dataclass(frozen=True, slots=True)
class Format:
    """One way of being seen: theme, size of the window in pixels, size of the text in per cent."""

    theme: str = "clair"
    largeur: int = 1280
    hauteur: int = 800
    echelle: int = 100

    @property
    def nom(self) -> str:
        """Return the words that a file name bears."""
        return f"{self.theme}-{self.largeur}x{self.hauteur}-{self.echelle}"


def prepare_screen(largeur: int, hauteur: int) -> None:
    """Give Qt a screen of this size without a screen: to be called before anything of Qt is made."""
    if "PySide6.QtGui" in sys.modules or os.environ.get("QT_QPA_PLATFORM", "offscreen") != "offscreen":
        return
    place = Path(tempfile.mkdtemp(prefix="ecran-")) / "ecran.json"
    atexit.register(shutil.rmtree, place.parent, ignore_errors=True)
    screen = {"name": "ecran", "x": 0, "y": 0, "width": largeur, "height": hauteur, "logicalDpi": 96,
              "logicalBaseDpi": 96, "dpr": 1}  # fmt: skip
    place.write_text(json.dumps({"screens": [screen]}), "utf-8")
    os.environ["QT_QPA_PLATFORM"] = f"offscreen:configfile={place}"


def hold_the_clock() -> None:
    """Make history begin at the moment of the pictures, a millisecond later at each look: « ajouté le… » never moves."""
    from mutuelle_desktop.domain import ids

    ticks = itertools.count()

    class Still(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return MOMENT.replace(tzinfo=tz) + timedelta(milliseconds=next(ticks))

    ids.datetime = Still  # type: ignore[misc]


class Plateau:
    """An open window, and what has been photographed in it."""

    def __init__(self, folder: Path, format_: Format, workers: Any) -> None:
        from PySide6.QtCore import QSettings

        from mutuelle_desktop.storage import settings
        from mutuelle_desktop.storage.library import Library
        from mutuelle_desktop.storage.settings import Settings
        from mutuelle_desktop.ui.house import House, Tools
        from mutuelle_desktop.ui.jobs import Jobs
        from mutuelle_desktop.ui.main_window import MainWindow
        from mutuelle_desktop.ui.theme import theme

        theme().apply(format_.theme, format_.echelle)
        self.format = format_
        self.picture: Any = None
        self.steps: list[Callable[[Any], Any]] = []
        self.library = Library(folder)
        settings.save(folder, Settings(theme=format_.theme, echelle=format_.echelle))
        self.window = MainWindow()
        state = QSettings(str(folder / "fenetre.ini"), QSettings.Format.IniFormat)
        tools = Tools(Jobs, _photographer(self), lambda: TODAY, lambda: MOMENT)
        self.house = House(self.window, self.library, workers, state, tools)
        self.window.resize(format_.largeur, format_.hauteur)
        self.window.show()
        self.settle()
        self.window.messages.clear()

    @property
    def desk(self) -> Any:
        """Return the desk of the open house."""
        return self.house.desk

    def close(self) -> None:
        """Close the window, its library kept."""
        self.settle()
        self.house.intake.stop()
        self.house.veille.stop()
        self.desk.jobs.stop()
        self.library.close()
        self.window.close()
        self.window.deleteLater()
        _process()

    def settle(self, calm: float = 0.15, patience: float = 60.0) -> None:
        """Let the window live until nothing runs and nothing has run for a moment (in seconds)."""
        since = started = time.monotonic()
        while time.monotonic() - since < calm and time.monotonic() - started < patience:
            _process()
            time.sleep(0.005)
            if self.desk.jobs.running:
                since = time.monotonic()

    def go(self, tab: str) -> Any:
        """Go to a tab and return its page, at rest."""
        page = self.window.go(tab)
        self.settle()
        return page

    def act(self, name: str) -> None:
        """Choose an entry of the menus by the id of its action."""
        self.window.refresh_actions()
        made = self.window._qactions[name]  # noqa: SLF001 - an entry is chosen by the id of its action
        if not made.isEnabled():
            raise LookupError(f"« {made.text()} » est grisé")
        made.trigger()
        self.settle()

    def click(self, text: str, inside: Any = None) -> None:
        """Press the visible button that bears this text."""
        from PySide6.QtWidgets import QAbstractButton

        found = [b for b in (inside or self.window).findChildren(QAbstractButton)
                 if text in (b.text().strip(), b.accessibleName()) and b.isVisible()]  # fmt: skip
        if not found:
            raise LookupError(f"aucun bouton « {text} »")
        found[0].click()
        self.settle()

    def dossier(self, start: str) -> str:
        """Return the id of the dossier whose title begins so."""
        from mutuelle_desktop.services import dossiers

        return next(d.id for d in dossiers.list_dossiers(self.library) if d.dossier.titre.startswith(start))

    def letter(self, etat: str) -> str:
        """Return the id of the letter in this state."""
        from mutuelle_desktop.services import courriers

        found = courriers.list_courriers(self.library, courriers.FiltreCourriers())
        return next(line.id for line in found if str(line.courrier.etat) == etat)

    def beside(self) -> Any:
        """Return the window that opened beside the main one, or None."""
        from PySide6.QtWidgets import QApplication

        found = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not self.window]
        return found[-1] if found else None

    def take(self, widget: Any) -> None:
        """Photograph a widget, at rest."""
        self.settle()
        self.picture = widget.grab()

    def over(self, widget: Any) -> None:
        """Photograph the window with what opened over it, where it opened."""
        from PySide6.QtCore import QPoint
        from PySide6.QtGui import QPainter

        self.settle()
        picture = self.window.grab()
        painter = QPainter(picture)
        painter.drawPixmap(widget.mapToGlobal(QPoint(0, 0)) - self.window.mapToGlobal(QPoint(0, 0)), widget.grab())
        painter.end()
        self.picture = picture

    def sheet(self, paint: Callable[[Any], None], *, landscape: bool) -> Any:
        """Return the picture of the first sheet that this paints, as a printer would lay it."""
        import pypdfium2
        from PySide6.QtGui import QPixmap

        from mutuelle_desktop.ui.echeances.printing import save_pdf

        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / "feuille.pdf"
            save_pdf(path, "Feuille", paint, landscape=landscape)
            pypdfium2.PdfDocument(path)[0].render(scale=1.6).to_pil().save(Path(place) / "feuille.png")
            return QPixmap(str(Path(place) / "feuille.png"))

    def rest(self) -> None:
        """Close what is open beside the window and forget what was said."""
        from PySide6.QtWidgets import QApplication

        self.picture, self.steps = None, []
        for widget in QApplication.topLevelWidgets():
            if widget is not self.window and widget.isVisible():
                widget.close()
        self.window.messages.clear()
        self.window.search.clear()
        self.window.resize(self.format.largeur, self.format.hauteur)
        _process()


def shrink(path: Path) -> Path:
    """Make a picture of a screen small: a few colours are enough, the commonest kept exact; return its path."""
    from PIL import Image

    with Image.open(path) as opened:
        picture = opened.convert("RGB")
    counted: list[Any] = picture.getcolors(picture.width * picture.height) or []
    common = [colour for _count, colour in sorted(counted, reverse=True)[:COMMON]]
    rest = picture.quantize(256 - len(common), method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    exact = {colour: place for place, colour in enumerate(common)}
    pixels = zip(zip(*[iter(picture.tobytes())] * 3, strict=True), rest.tobytes(), strict=True)
    few = Image.frombytes("P", picture.size, bytes(exact.get(c, len(common) + other) for c, other in pixels))
    few.putpalette([*(level for colour in common for level in colour), *(rest.getpalette() or [])][:768])
    few.save(path, optimize=True)
    return path


@contextmanager
def _place() -> Iterator[str]:
    """Make a temporary folder, always of the same name when it is free: some screens show where the data lies."""
    usual = Path(tempfile.gettempdir()) / "mutuelle-desktop-images"
    try:
        usual.mkdir(mode=0o700)
    except FileExistsError:
        with tempfile.TemporaryDirectory(prefix="mutuelle-desktop-images-") as place:
            yield place
        return
    try:
        yield str(usual)
    finally:
        shutil.rmtree(usual)


@contextmanager
def households(workers: Any) -> Iterator[Callable[[bool, str], Path]]:
    """Make folders of data: of the fictional household (made once, then copied), or of a first start."""
    with _place() as place:
        model = Path(place) / "modele"

        def folder(full: bool, name: str) -> Path:
            made = Path(place) / name
            if full:
                if not model.exists():
                    _fill(model, workers)
                shutil.copytree(model, made)
            return made

        yield folder


def _fill(folder: Path, workers: Any) -> None:
    """Make the fictional household, with a letter at each stage: being written, ready, sent."""
    from mutuelle_desktop.domain.evenement import Canal
    from mutuelle_desktop.services import courriers, exemple, expeditions
    from mutuelle_desktop.services import dossiers as cases
    from mutuelle_desktop.services.lectures import read_pending
    from mutuelle_desktop.storage.library import Library

    library = Library(folder)
    exemple.fill_example(library, workers, today=TODAY)
    read_pending(library, workers)
    held = {line.dossier.titre.split()[0]: line.id for line in cases.list_dossiers(library)}
    for modele, dossier, stage in (("B10", "Lunettes", 2), ("A2", "Kinésithérapie,", 1), ("C1", "Couronne", 0)):
        made = courriers.create_courrier(library, modele=modele, dossier_id=held[dossier], today=TODAY)
        if stage:
            courriers.finalise(library, workers, made.id, TODAY)
        if stage > 1:
            expeditions.mark_sent(library, made.id, le=TODAY, canal=Canal.COURRIEL, today=TODAY)
    library.close()


def _photographer(plateau: Plateau) -> Any:
    """Return dialogs that are photographed instead of being answered, or handed to the next step."""
    from PySide6.QtWidgets import QDialog, QWidget

    from mutuelle_desktop.ui.dialogs import Dialogs

    class Photographer(Dialogs):
        def choose_files(self, parent: QWidget) -> list[Path]:
            return []

        def choose_folder(self, parent: QWidget, title: str) -> Path | None:
            return None

        def save_as(self, parent: QWidget, title: str, name: str, kind: str) -> Path | None:
            return None

        def run(self, dialog: QDialog) -> bool:
            dialog.show()
            plateau.settle()
            if plateau.steps:
                plateau.steps.pop(0)(dialog)
            elif plateau.picture is None:
                plateau.take(dialog)
            accepted = dialog.result() == QDialog.DialogCode.Accepted
            dialog.close()
            return accepted

    return Photographer()


def _process() -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
