"""Thumbnails and pages on their way to the screen, each asked once and kept while room lasts."""

from collections import OrderedDict
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap

from mutuelle_desktop.services.dessins import draw_page
from mutuelle_desktop.services.documents import thumbnails
from mutuelle_desktop.services.workers import Dessin
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.jobs import Question

_THUMBS, _PAGES, _LOT = 600, 6, 40


def image_of(drawn: Dessin) -> QImage:
    """Return drawn pixels as an image that owns them."""
    stride = 3 * drawn.largeur
    return QImage(drawn.octets, drawn.largeur, drawn.hauteur, stride, QImage.Format.Format_RGB888).copy()


class Thumbnails(QObject):
    """Small pictures by empreinte; arrived fires when some that were asked are there."""

    arrived = Signal()

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._kept: OrderedDict[str, QPixmap | None] = OrderedDict()
        self._wanted: dict[str, None] = {}
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._fetch)
        self._question = Question(desk.jobs, "Vignettes", self._take, self)

    def get(self, empreinte: str) -> QPixmap | None:
        """Return the picture when it is here; otherwise ask for it."""
        if empreinte in self._kept:
            return self._kept[empreinte]
        if empreinte:
            self._wanted[empreinte] = None
            if not self._timer.isActive():
                self._timer.start()
        return None

    def forget(self, empreintes: set[str]) -> None:
        """Ask again for these next time."""
        for empreinte in empreintes:
            self._kept.pop(empreinte, None)

    def _fetch(self) -> None:
        if not self._question.busy and self._wanted:
            wanted, self._wanted = list(self._wanted)[-_LOT:], {}
            self._question.ask(partial(_pictures, self._desk.library, wanted))

    def _take(self, found: dict[str, QImage]) -> None:
        for empreinte, image in found.items():
            self._kept[empreinte] = None if image.isNull() else QPixmap.fromImage(image)
        while len(self._kept) > _THUMBS:
            self._kept.popitem(last=False)
        self.arrived.emit()
        if self._wanted:
            self._timer.start()


def _pictures(library: Library, wanted: list[str]) -> dict[str, QImage]:
    """Return the pictures of these papers, read and unpacked; a null one where there is none."""
    found = thumbnails(library, wanted)
    return {empreinte: QImage.fromData(found.get(empreinte, b"")) for empreinte in wanted}


class Pages(QObject):
    """Pages drawn for the preview; ready gives the document, the page and its image, failed its reason."""

    ready = Signal(str, int, QImage)
    failed = Signal(str, int, str)

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._kept: OrderedDict[tuple[str, str, int, int], QImage] = OrderedDict()
        self._asked: tuple[str, str, int, int] | None = None

    def ask(self, document_id: str, empreinte: str, page: int, largest: int) -> None:
        """Ask for a page; only the last one asked for is answered."""
        key = (document_id, empreinte, page, largest)
        self._asked = key
        if key in self._kept:
            self.ready.emit(document_id, page, self._kept[key])
            return
        desk = self._desk
        desk.jobs.run(
            "Aperçu",
            lambda progress: draw_page(desk.library, desk.workers, document_id, page, largest, progress=progress),
            partial(self._drawn, key),
            quiet=True,
            failed=partial(self._failed, key),
        )

    def _drawn(self, key: tuple[str, str, int, int], drawn: Dessin) -> None:
        self._kept[key] = image_of(drawn)
        while len(self._kept) > _PAGES:
            self._kept.popitem(last=False)
        if key == self._asked:
            self.ready.emit(key[0], key[2], self._kept[key])

    def _failed(self, key: tuple[str, str, int, int], error: Exception) -> None:
        if key == self._asked:
            self.failed.emit(key[0], key[2], str(error))
