"""The page beside the editor: the very page that will be printed, drawn again at each keystroke, the last one first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO

from pypdf import PdfReader
from PySide6.QtCore import QByteArray, QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.domain.courrier import Lettre, texte_of
from mutuelle_desktop.extraction.sniff import PDF
from mutuelle_desktop.rendering.courrier import svg_of
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.documents.images import image_of
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import label, tool
from mutuelle_desktop.ui.widgets.flow import Flow
from mutuelle_desktop.ui.widgets.spoken import Paper

A4 = (595.0, 842.0)
"""Points of a sheet."""
_STEPS = (0.35, 0.5, 0.7, 0.85, 1.0, 1.25, 1.5, 2.0, 3.0)
_GAP = 12


def drawn(page: str, large: int) -> QImage:
    """Return a page drawn at a width in pixels; away from the thread of the interface."""
    renderer = QSvgRenderer(QByteArray(page.encode()))
    size = renderer.defaultSize()
    image = QImage(large, round(large * size.height() / max(1, size.width())), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image


Trace = Callable[[str, int], QImage]
"""Draws one page at a width in pixels."""
Pages = Callable[[], tuple[list[str], str]]
"""Makes the pages, each as it will be drawn from, and gives their words."""


@dataclass(slots=True)
class Rendu:
    """What came out of one drawing: every page, how one is drawn, their words, pictures of some so many pixels wide."""

    pages: list[str] = field(default_factory=list)
    images: dict[int, QImage] = field(default_factory=dict)
    large: int = 0
    trace: Trace = drawn
    texte: str = ""


class Feuilles(QWidget):
    """The pages one under the other."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Page de la lettre")
        self.texte = ""
        self._count, self._large = 1, 400
        self._images: dict[int, QImage] = {}

    def spoken(self) -> Paper:
        """Return what assistive tools are told of the pages: the words of the letter."""
        return Paper(self, lambda: self.texte)

    def lay(self, count: int, large: int, images: dict[int, QImage]) -> None:
        """Show so many pages, so many pixels wide; a page without its picture keeps the one before."""
        self._images = {n: image for n, image in {**self._images, **images}.items() if n < count}
        self._count, self._large = max(1, count), large
        self.setFixedSize(self.sizeHint())
        self.update()

    def box(self, page: int) -> QRect:
        """Return the place of a page, from 0."""
        high = round(self._large * A4[1] / A4[0])
        return QRect(0, page * (high + _GAP), self._large, high)

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._large, self.box(self._count - 1).bottom() + 2)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for page in range(self._count):
            box = self.box(page)
            if not box.intersects(event.rect()):
                continue
            painter.fillRect(box, Qt.GlobalColor.white)
            image = self._images.get(page)
            if image is not None:
                painter.drawImage(box, image)
            painter.setPen(theme().color("trait"))
            painter.drawRect(box.adjusted(0, 0, -1, -1))


class Apercu(QWidget):
    """Draws a letter each time it is asked, never two at once: what is asked meanwhile is drawn next, the last only."""

    came = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._next: tuple[Pages, Trace] | None = None
        self._busy = False
        self._zoom = 0.0
        self.rendu = Rendu()
        self._build()

    def show_lettre(self, lettre: Lettre) -> None:
        """Draw a letter as it is now."""
        self._ask(lambda: (svg_of(lettre), "\n".join((*lettre.destinataire, "", texte_of(lettre)))))

    def show_pdf(self, empreinte: str) -> None:
        """Draw a frozen letter from its very bytes, whatever the facts have become since."""
        library, workers = self._desk.library, self._desk.workers

        def pages() -> tuple[list[str], str]:
            read = PdfReader(BytesIO(library.vault.read(empreinte))).pages
            texte = "\n\n".join(page.extract_text() for page in read)
            return [f"{empreinte}/{page}" for page in range(1, len(read) + 1)], texte

        def trace(page: str, large: int) -> QImage:
            longest = round(large * A4[1] / A4[0])
            number = int(page.rpartition("/")[2])
            return image_of(workers.render(library.vault.read(empreinte), PDF, number, longest))

        self._ask(pages, trace)

    def clear(self) -> None:
        """Show no page."""
        self._next = None
        self.rendu = Rendu()
        self.feuilles.hide()
        self.compte.setText("")

    def show_page(self, page: int) -> None:
        """Go to a page, from 0."""
        self.pane.verticalScrollBar().setValue(self.feuilles.box(page).top())

    def zoom(self, step: int) -> None:
        """Draw larger or smaller by one step."""
        now = self._scale()
        larger, smaller = [s for s in _STEPS if s > now * 1.01], [s for s in _STEPS if s < now * 0.99]
        self._zoom = (larger[0] if larger else now) if step > 0 else (smaller[-1] if smaller else now)
        self._again()

    def fit(self) -> None:
        """Make the page as wide as there is room."""
        self._zoom = 0.0
        self._again()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self._zoom:
            self._again()
        if isinstance(event, QWheelEvent) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1 if event.angleDelta().y() > 0 else -1)
            return True
        return False

    def _build(self) -> None:
        self.compte = label("", "secondaire")
        bar = Flow(
            self.compte,
            tool("moins", "Réduire la page (Ctrl+molette)", partial(self.zoom, -1)),
            tool("plus", "Agrandir la page (Ctrl+molette)", partial(self.zoom, 1)),
            tool("documents", "Largeur de la page", self.fit),
            spacing=2,
        )
        bar.setContentsMargins(8, 4, 8, 4)
        self.feuilles = Feuilles()
        self.pane = QScrollArea(alignment=Qt.AlignmentFlag.AlignHCenter)
        self.pane.setWidget(self.feuilles)
        # a bar that comes and goes would change the width that decides whether it comes
        self.pane.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.pane.viewport().installEventFilter(self)
        self.pane.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.pane.setAccessibleName("Aperçu de la lettre")
        self.pane.setProperty("role", "lu")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(bar)
        layout.addWidget(self.pane, 1)
        self.setMinimumWidth(theme().px(220))

    def _ask(self, work: Pages, trace: Trace = drawn) -> None:
        if self._busy:
            self._next = (work, trace)
            return
        self._busy, self._next = True, None
        large, seen = self._large(), self._seen()

        def run(_progress: object) -> Rendu:
            pages, texte = work()
            first = min(seen, len(pages) - 1)
            return Rendu(pages, {first: trace(pages[first], large)}, large, trace, texte)

        self._desk.jobs.run("Aperçu de la lettre", run, self._came, quiet=True, failed=self._failed)

    def _came(self, rendu: Rendu) -> None:
        self._busy = False
        if rendu.pages != self.rendu.pages or rendu.large != self.rendu.large:
            rest = [] if self._next else [n for n in range(len(rendu.pages)) if n not in rendu.images]
            self.rendu = rendu
            self._show()
            if rest:
                self._draw(rest)
        self.came.emit()
        if self._next is not None:
            self._ask(*self._next)
        else:
            self._again()

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._desk.report(error)
        if self._next is not None:
            self._ask(*self._next)

    def _show(self) -> None:
        count = len(self.rendu.pages)
        ratio = self.devicePixelRatioF()
        self.feuilles.texte = self.rendu.texte
        self.feuilles.show()
        self.feuilles.lay(count, round(self.rendu.large / ratio), self.rendu.images)
        self.compte.setText(f"{count}\u00a0page{'s' if count > 1 else ''}")

    def _draw(self, which: list[int]) -> None:
        """Draw other pages of what is shown, unless it is no longer."""
        rendu = self.rendu

        def run(_progress: object) -> dict[int, QImage]:
            return {n: rendu.trace(rendu.pages[n], rendu.large) for n in which}

        def done(images: dict[int, QImage]) -> None:
            if rendu is self.rendu:
                rendu.images.update(images)
                self._show()

        self._desk.jobs.run("Aperçu de la lettre", run, done, quiet=True)

    def _again(self) -> None:
        """Draw what is shown at another size."""
        if self.rendu.pages and self._large() != self.rendu.large:
            self.rendu = Rendu(self.rendu.pages, {}, self._large(), self.rendu.trace, self.rendu.texte)
            self._show()
            self._draw(list(range(len(self.rendu.pages))))

    def _scale(self) -> float:
        if self._zoom:
            return self._zoom
        return max(0.2, (self.pane.viewport().width() - 6) / theme().px(A4[0] * 1.25))

    def _large(self) -> int:
        wide = self.pane.viewport().width() - 6 if not self._zoom else A4[0] * 1.25 * self._zoom
        return max(160, round(wide * self.devicePixelRatioF()))

    def _seen(self) -> int:
        high = self.feuilles.box(1).top() or 1
        return max(0, (self.pane.verticalScrollBar().value() + high // 2) // high)

    def _scrolled(self) -> None:
        missing = [n for n in range(len(self.rendu.pages)) if n not in self.rendu.images]
        if missing and not self._busy:
            self._draw(missing)
