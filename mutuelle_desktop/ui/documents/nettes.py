"""Tiles on fine screens, or with large text: first pages drawn at their size, where the kept picture would be blown up."""

from collections import OrderedDict
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from mutuelle_desktop.services.dessins import draw_file
from mutuelle_desktop.services.workers import Dessin
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.documents.images import Thumbnails, image_of
from mutuelle_desktop.ui.theme import theme

COTE = 180
"""Pixels of the longer side of a picture in a tile, at 100 %."""
GARDEE = 256
"""Pixels of the picture kept with each paper."""
_BLOWN = 1.15
"""How much larger than itself a picture is still shown without its softness being seen."""
_KEPT, _WAITING, _CALM = 120, 40, 150


class Nettes(QObject):
    """Pictures of tiles by empreinte: the small one at once, the sharp one when it is drawn."""

    arrived = Signal()

    def __init__(self, desk: Desk, small: Thumbnails, view: QWidget) -> None:
        super().__init__(view)
        self._desk, self._small, self._view = desk, small, view
        self._kept: OrderedDict[tuple[str, int], QPixmap | None] = OrderedDict()
        self._wanted: OrderedDict[tuple[str, int], None] = OrderedDict()
        self._busy = False
        self._calm = QTimer(self, singleShot=True, interval=_CALM)
        self._calm.timeout.connect(self._next)

    def get(self, empreinte: str) -> QPixmap | None:
        """Return the best picture there is, and ask for the sharp one when the small one would be blown up."""
        small = self._small.get(empreinte)
        side = round(theme().px(COTE) * self._view.devicePixelRatioF())
        if small is None or side <= GARDEE * _BLOWN:
            return small
        key = (empreinte, side)
        if key not in self._kept:
            self._wanted[key] = None
            self._wanted.move_to_end(key)
            while len(self._wanted) > _WAITING:  # scrolled past
                self._wanted.popitem(last=False)
            if not self._busy:
                self._calm.start()
            return small
        return self._kept[key] or small

    def _next(self) -> None:
        """Draw one at a time, the last asked for first: reading goes before."""
        if not self._wanted or self._busy:
            return
        key, _ = self._wanted.popitem()
        desk, (empreinte, side) = self._desk, key
        self._busy = True
        desk.jobs.run(
            "Vignette", lambda progress: draw_file(desk.library, desk.workers, empreinte, side, progress=progress),
            partial(self._drawn, key), quiet=True, failed=lambda _error: self._keep(key, None),
        )  # fmt: skip

    def _drawn(self, key: tuple[str, int], drawn: Dessin) -> None:
        self._keep(key, QPixmap.fromImage(image_of(drawn)))
        self.arrived.emit()

    def _keep(self, key: tuple[str, int], picture: QPixmap | None) -> None:
        self._busy = False
        self._kept[key] = picture
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        QTimer.singleShot(0, self, self._next)
