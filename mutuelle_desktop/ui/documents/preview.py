"""The preview: any page of a document, its zoom, its words and the hits of a search."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QMenu, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.domain.document import EtatLecture
from mutuelle_desktop.extraction.mots import Mot
from mutuelle_desktop.services.documents import LigneDocument, page_mots
from mutuelle_desktop.services.recherche import first_hit, hits_on_page
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.documents.canvas import PageCanvas
from mutuelle_desktop.ui.documents.dehors import Dehors, Glisse
from mutuelle_desktop.ui.documents.images import Pages
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import label, tool
from mutuelle_desktop.ui.widgets.flow import Flow
from mutuelle_desktop.ui.widgets.order import read_as_laid

_STEPS = (0.25, 0.35, 0.5, 0.7, 0.85, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
_DRAWN = (800, 1600, 3200)
"""Longest sides, in pixels, at which pages are drawn."""
_A4 = (595.0, 842.0)


class Preview(QWidget):
    """Shows one page at a time; turned asks the page to rotate the document."""

    turned = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._line: LigneDocument | None = None
        self._page = 1
        self._mots: list[Mot] = []
        self._mode: str | float = "largeur"
        self._size = _A4
        self._query = ""
        self._hit = 0
        self.canvas = PageCanvas()
        self.canvas.reached.connect(self._see)
        self._pages = Pages(desk, self)
        self._pages.ready.connect(self._on_ready)
        self._pages.failed.connect(self._on_failed)
        self._build()

    def show_document(self, line: LigneDocument | None, page: int = 1, query: str = "") -> None:
        """Show a document at a page, with the words of a search outlined."""
        same = line is not None and self._line is not None and line.document.empreinte == self._line.document.empreinte
        pages_known = (
            same and self._line is not None and line is not None and line.lecture.pages == self._line.lecture.pages
        )
        self._line, self._query = line, query
        self.setEnabled(line is not None)
        if line is None:
            self.canvas.show_page(_A4, ())
            self.canvas.show_note("Choisissez un papier pour le voir ici.")
            self._label_page()
            return
        if same and pages_known and page == 1:
            page = self._page
        self.go_to(page)

    @property
    def page(self) -> int:
        """Return the page shown, from 1."""
        return self._page

    def go_to(self, page: int) -> None:
        """Show a page, from 1."""
        if self._line is None:
            return
        self._page = max(1, min(page, self._line.lecture.pages or 1))
        kept, self._mots = page_mots(self._desk.library, self._line.document.id, self._page)
        self._size = (kept.largeur, kept.hauteur) if kept else _A4
        self._hit = 0
        self.canvas.show_page(self._size, self._mots)
        self._rescale()
        self._outline()
        self._label_page()
        self._ask()

    def next_hit(self, step: int = 1) -> None:
        """Go to the next place that holds the words searched for, on this page or another."""
        if self._line is None or not self._query.strip():
            return
        count = len(hits_on_page(self._mots, self._query))
        if 0 <= self._hit + step < count:
            self._hit += step
        else:
            page = first_hit(self._desk.library, self._line.document.id, self._query, self._page, step)
            if page is None:
                return
            self.go_to(page)
            self._hit = 0 if step > 0 else max(0, len(hits_on_page(self._mots, self._query)) - 1)
        self._outline()

    def zoom(self, step: int) -> None:
        """Zoom in or out by one step."""
        current = self._scale()
        bigger = [s for s in _STEPS if s > current * 1.01]
        smaller = [s for s in _STEPS if s < current * 0.99]
        self._mode = (bigger[0] if bigger else current) if step > 0 else (smaller[-1] if smaller else current)
        self._rescale()
        self._ask()

    def fit(self, mode: str) -> None:
        """Fit the page to the « largeur » of the pane, or show it whole (« page »)."""
        self._mode = mode
        self._rescale()
        self._ask()

    def give_out(self, dehors: Dehors) -> None:
        """Let the paper and its pages be given to other programs from here."""
        name = "Copier le papier, ou le glisser d’ici vers un courriel ou un dossier"
        handle = tool("copier", name, lambda: dehors.copy_files(self._ids()))
        Glisse(dehors, handle, self._ids)
        self._bar.addWidget(handle)
        self.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.canvas.customContextMenuRequested.connect(partial(self._menu, dehors))
        read_as_laid(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(self._mode, str):
            self._rescale()
        if isinstance(event, QWheelEvent) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            return True
        return False

    def _build(self) -> None:
        bar = self._bar = Flow(spacing=2)
        bar.setContentsMargins(8, 6, 8, 6)
        self.counter = label("", "secondaire")
        bar.addWidget(tool("precedent", "Page précédente", lambda: self.go_to(self._page - 1)))
        bar.addWidget(self.counter)
        bar.addWidget(tool("suivant", "Page suivante", lambda: self.go_to(self._page + 1)))
        bar.addWidget(tool("moins", "Réduire (Ctrl+molette)", partial(self.zoom, -1)))
        bar.addWidget(tool("plus", "Agrandir (Ctrl+molette)", partial(self.zoom, 1)))
        bar.addWidget(tool("page", "Page entière", partial(self.fit, "page")))
        bar.addWidget(tool("documents", "Largeur de la page", partial(self.fit, "largeur")))
        bar.addWidget(tool("tourner", "Tourner le document d’un quart de tour", self.turned.emit))
        self.pane = QScrollArea(alignment=Qt.AlignmentFlag.AlignHCenter)
        self.pane.setWidget(self.canvas)
        self.pane.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.pane.viewport().installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.pane, 1)
        read_as_laid(self)
        self.setMinimumWidth(theme().px(240))

    def _ids(self) -> list[str]:
        return [self._line.id] if self._line is not None else []

    def _menu(self, dehors: Dehors, point: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction("Copier le texte choisi")
        copy.setEnabled(bool(self.canvas.text))
        copy.triggered.connect(self.canvas.copy)
        whole = menu.addAction("Tout choisir")
        whole.setEnabled(bool(self._mots))
        whole.triggered.connect(self.canvas.select_all)
        menu.addSeparator()
        if self._line is not None:
            key, page = self._line.id, self._page
            menu.addAction("Copier la page comme image").triggered.connect(lambda: dehors.copy_page(key, page))
            menu.addAction("Copier le papier").triggered.connect(lambda: dehors.copy_files(self._ids()))
        menu.popup(self.canvas.mapToGlobal(point))

    def _scale(self) -> float:
        if isinstance(self._mode, float):
            return self._mode
        room = self.pane.viewport().size()
        wide = (room.width() - 4) / self._size[0]
        return max(0.1, wide if self._mode == "largeur" else min(wide, (room.height() - 4) / self._size[1]))

    def _rescale(self) -> None:
        self.canvas.set_scale(self._scale())

    def _ask(self) -> None:
        line = self._line
        if line is None:
            return
        if line.lecture.etat in (EtatLecture.PROTEGE, EtatLecture.ILLISIBLE) and not line.lecture.pages:
            self.canvas.show_note(line.lecture.raison)
            return
        wanted = max(self._size) * self._scale() * self.devicePixelRatioF()
        largest = next((side for side in _DRAWN if side >= wanted), _DRAWN[-1])
        self._pages.ask(line.document.id, line.document.empreinte, self._page, largest)

    def _on_ready(self, document_id: str, page: int, image: QImage) -> None:
        if self._line is None or (document_id, page) != (self._line.document.id, self._page):
            return
        if not self._mots and image.height():
            self._size = (image.width() / image.height() * self._size[1], self._size[1])
            self._rescale()
        self.canvas.show_image(image)

    def _on_failed(self, document_id: str, page: int, reason: str) -> None:
        if self._line is not None and (document_id, page) == (self._line.document.id, self._page):
            self.canvas.show_note(reason)

    def _outline(self) -> None:
        hits = hits_on_page(self._mots, self._query) if self._query.strip() else []
        place = self.canvas.set_hits(hits, min(self._hit, max(0, len(hits) - 1)))
        if place is not None:
            self._see(place)

    def _see(self, place: QRectF) -> None:
        """Scroll so that this place of the page, in pixels, is in sight."""
        self.pane.ensureVisible(round(place.center().x()), round(place.center().y()), 80, 120)

    def _label_page(self) -> None:
        total = self._line.lecture.pages if self._line else 0
        self.counter.setText(f"Page {self._page} sur {total}" if total else "")
