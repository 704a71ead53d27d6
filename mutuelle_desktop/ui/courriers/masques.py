"""Hiding parts of a paper before it is given to others: zones drawn on its pages, or whole pages left out."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QDialog, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.services.documents import LigneDocument
from mutuelle_desktop.services.dossier_complet import Masque
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.documents.images import Pages
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import button, label, row
from mutuelle_desktop.ui.widgets.flow import Flow
from mutuelle_desktop.ui.widgets.order import Ordered

Zone = tuple[float, float, float, float]
NEUVE: Zone = (0.3, 0.4, 0.7, 0.45)
"""Where a zone added by the keyboard begins; the arrows then move it."""
_PAS, _MOINDRE = 0.01, 0.005
_DESSIN = 1400


class ZonesCanvas(QWidget):
    """A page on which zones are drawn by the mouse, or added, moved and stretched by the keyboard."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Page à masquer")
        self.setAccessibleDescription(
            "Dessinez un cadre à la souris. Au clavier\u00a0: Insertion ajoute un cadre, les flèches le déplacent, Maj et les "
            "flèches l’agrandissent, Suppr le retire."
        )
        self._image = QImage()
        self._from: QPointF | None = None
        self._drawn: Zone | None = None
        self.zones: list[Zone] = []
        self.whole = False
        self._zoom = 1.0

    def show_image(self, image: QImage) -> None:
        """Show the drawing of the page."""
        self._image = image
        self.update()

    def set_zones(self, zones: list[Zone], *, whole: bool) -> None:
        """Show what is hidden of the page."""
        self.zones, self.whole = list(zones), whole
        self.update()

    def zoom(self, factor: float) -> None:
        """Show the page larger or smaller; 1 is the room there is."""
        self._zoom = min(4.0, max(1.0, self._zoom * factor))
        parent = self.parentWidget()
        room = parent.size() if parent else self.size()
        grown = QSize(round(room.width() * self._zoom), round(room.height() * self._zoom))
        self.setMinimumSize(grown if self._zoom > 1 else QSize(0, 0))

    def add_zone(self) -> None:
        """Add a zone in the middle."""
        self._keep([*self.zones, NEUVE])
        self.setFocus()

    def remove_last(self) -> None:
        """Take the last zone away."""
        self._keep(self.zones[:-1])

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(440), theme().px(560))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(200, 240)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        page = self._page()
        painter.fillRect(page, Qt.GlobalColor.white)
        if not self._image.isNull():
            painter.drawImage(page, self._image)
        veil = QColor(Qt.GlobalColor.black)
        veil.setAlphaF(0.75)
        if self.whole:
            painter.fillRect(page, veil)
        for zone in [*self.zones, *([self._drawn] if self._drawn else [])]:
            painter.fillRect(self._box(zone), veil)
        if self.zones and self.hasFocus():
            painter.setPen(QPen(theme().color("accent"), 2))
            painter.drawRect(self._box(self.zones[-1]))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._from = event.position()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self._drawn = self._zone(self._from, event.position())
            self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._from is None:
            return
        zone = self._zone(self._from, event.position())
        self._from = self._drawn = None
        if zone[2] - zone[0] > _MOINDRE and zone[3] - zone[1] > _MOINDRE:
            self._keep([*self.zones, zone])
        self.update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Left: (-_PAS, 0.0), Qt.Key.Key_Right: (_PAS, 0.0), Qt.Key.Key_Up: (0.0, -_PAS),
                 Qt.Key.Key_Down: (0.0, _PAS)}  # fmt: skip
        step = moves.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Insert:
            self.add_zone()
        elif self.zones and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_last()
        elif self.zones and step is not None:
            stretch = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._keep([*self.zones[:-1], _moved(self.zones[-1], step, stretch=stretch)])
        else:
            super().keyPressEvent(event)

    def _keep(self, zones: list[Zone]) -> None:
        self.zones = zones
        self.update()
        self.changed.emit()

    def _page(self) -> QRectF:
        """Return where the page stands in the widget."""
        wide, high = (self._image.width(), self._image.height()) if not self._image.isNull() else (210, 297)
        scale = min(self.width() / wide, self.height() / high)
        return QRectF((self.width() - wide * scale) / 2, 0, wide * scale, high * scale)

    def _box(self, zone: Zone) -> QRectF:
        page = self._page()
        left, top = page.left() + zone[0] * page.width(), page.top() + zone[1] * page.height()
        return QRectF(left, top, (zone[2] - zone[0]) * page.width(), (zone[3] - zone[1]) * page.height())

    def _zone(self, first: QPointF, last: QPointF) -> Zone:
        page = self._page()
        xs = sorted(min(1.0, max(0.0, (p.x() - page.left()) / page.width())) for p in (first, last))
        ys = sorted(min(1.0, max(0.0, (p.y() - page.top()) / page.height())) for p in (first, last))
        return xs[0], ys[0], xs[1], ys[1]


class MasquesDialog(Ordered, QDialog):
    """The pages of one paper, one at a time, and what is hidden of each."""

    def __init__(self, desk: Desk, parent: QWidget, line: LigneDocument, masques: tuple[Masque, ...]) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Masquer\u00a0: {line.document.titre}")
        self._line = line
        self._count = max(1, line.lecture.pages)
        self._zones: dict[int, list[Zone]] = {m.page: list(m.zones) for m in masques if m.zones}
        self._whole = {m.page for m in masques if not m.zones}
        self.page = 1
        self.canvas = ZonesCanvas()
        self.canvas.changed.connect(self._keep)
        self.whole = QCheckBox("Ne pas communiquer cette page du tout")
        self.whole.toggled.connect(self._keep)
        self.told = label("", "secondaire", wrap=True)
        self._pages = Pages(desk, self)
        self._pages.ready.connect(self._ready)
        self._pages.failed.connect(lambda _key, _page, why: self.told.setText(why))
        self.previous = button("Page précédente", lambda: self.go(self.page - 1), "tampon", "precedent")
        self.next = button("Page suivante", lambda: self.go(self.page + 1), "tampon", "suivant")
        tools = QWidget()
        tools.setLayout(
            Flow(
                self.previous,
                self.next,
                button("Agrandir", lambda: self.canvas.zoom(1.5), "tampon"),
                button("Réduire", lambda: self.canvas.zoom(1 / 1.5), "tampon"),
                button("Ajouter un cadre", self.canvas.add_zone, "tampon", "plus"),
                button("Retirer le dernier cadre", self.canvas.remove_last, "tampon", "moins"),
                spacing=6,
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.addWidget(label(_WORDS, wrap=True))
        self.room = QScrollArea(widgetResizable=True)
        self.room.setWidget(self.canvas)
        self.room.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout.addWidget(self.room, 1)
        layout.addWidget(tools)
        layout.addWidget(self.whole)
        layout.addWidget(self.told)
        layout.addLayout(row(None, button("Annuler", self.reject), button("Masquer", self.accept, "principal")))
        room = parent.screen().availableGeometry()
        self.resize(min(theme().px(620), room.width() - 60), min(theme().px(820), room.height() - 60))
        self.go(1)

    def masques(self) -> tuple[Masque, ...]:
        """Return what is to be hidden, page by page."""
        zones = [Masque(page, tuple(zones)) for page, zones in self._zones.items() if zones and page not in self._whole]
        return tuple(sorted([*zones, *(Masque(page) for page in self._whole)], key=lambda one: one.page))

    def go(self, page: int) -> None:
        """Show another page."""
        self.page = min(self._count, max(1, page))
        self.previous.setEnabled(self.page > 1)
        self.next.setEnabled(self.page < self._count)
        self.canvas.show_image(QImage())
        self.canvas.set_zones(self._zones.get(self.page, []), whole=self.page in self._whole)
        self.whole.blockSignals(True)
        self.whole.setChecked(self.page in self._whole)
        self.whole.blockSignals(False)
        self._tell()
        self._pages.ask(self._line.id, self._line.document.empreinte, self.page, _DESSIN)

    def _ready(self, _key: str, page: int, image: QImage) -> None:
        if page == self.page:
            self.canvas.show_image(image)

    def _keep(self) -> None:
        self._zones[self.page] = self.canvas.zones
        (self._whole.add if self.whole.isChecked() else self._whole.discard)(self.page)
        self.canvas.set_zones(self.canvas.zones, whole=self.page in self._whole)
        self._tell()

    def _tell(self) -> None:
        hidden = len(self.masques())
        said = f" {hidden} page{'s' if hidden > 1 else ''} avec un masque." if hidden else ""
        self.told.setText(f"Page {self.page} sur {self._count}.{said}")


_WORDS = (
    "Dessinez un cadre sur ce qui ne doit pas être lu. Dans le dossier, ce qui est dessous est vraiment retiré, pas "
    "seulement recouvert. Votre papier d’origine ne change pas."
)


def _moved(zone: Zone, step: tuple[float, float], *, stretch: bool) -> Zone:
    """Return a zone moved, or with its lower right corner moved, kept inside the page."""
    left, top, right, bottom = zone
    if stretch:
        return left, top, min(1.0, max(left + _PAS, right + step[0])), min(1.0, max(top + _PAS, bottom + step[1]))
    across = min(1 - right, max(-left, step[0]))
    down = min(1 - bottom, max(-top, step[1]))
    return left + across, top + down, right + across, bottom + down
