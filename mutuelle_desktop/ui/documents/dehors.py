"""Papers on their way to another program: dragged, copied as files, a page copied as a picture. Always copies."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QEvent,
    QIODevice,
    QMimeData,
    QObject,
    QPoint,
    QPointF,
    QRect,
    Qt,
    QUrl,
)
from PySide6.QtGui import QDrag, QFontMetrics, QGuiApplication, QImage, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QListView, QWidget
from typing_extensions import override

from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.services import documents
from mutuelle_desktop.services.dessins import draw_page
from mutuelle_desktop.storage.library import Entry
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.documents.images import image_of
from mutuelle_desktop.ui.theme import theme

POINTS_A_POUCE = 200
"""Dots an inch of a page copied as a picture: it can be read, printed, and sent."""
_A4 = 842.0
_GNOME = "x-special/gnome-copied-files"
"""What file managers of the GNOME family look for when files are pasted."""

Ids = Callable[[], Sequence[str]]


class Dehors(QObject):
    """Gives papers to other programs, by copies made on demand, readable by their owner and removed at closing."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._made: dict[tuple[str, ...], list[Path]] = {}
        self._busy = False
        desk.changes.happened.connect(self._on_change)

    def drag(self, source: QWidget, ids: Sequence[str]) -> None:
        """Begin to drag papers: the copies are made first, which takes less time than a hand does to move."""
        if ids and not self._busy:
            self._busy = True
            self._copies(tuple(ids), partial(self._drag, source))

    def is_held(self) -> bool:
        """Tell whether the button of the mouse is still down."""
        return bool(QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton)

    def carry(self, drag: QDrag) -> None:
        """Follow the hand until it lets go; never a move: the papers stay here."""
        drag.exec(Qt.DropAction.CopyAction)

    def copy_files(self, ids: Sequence[str]) -> None:
        """Put papers in the clipboard, as files and as names."""
        if ids:
            self._copies(tuple(ids), self._to_clipboard)

    def copy_page(self, document_id: str, page: int) -> None:
        """Put one page, from 1, in the clipboard as a picture."""
        desk = self._desk
        kept, _mots = documents.page_mots(desk.library, document_id, page)
        side = round(max(kept.largeur, kept.hauteur, 1.0) / 72 * POINTS_A_POUCE) if kept else 0
        largest = side or round(_A4 / 72 * POINTS_A_POUCE)

        def work(progress: Any) -> tuple[QImage, QByteArray]:
            image = image_of(draw_page(desk.library, desk.workers, document_id, page, largest, progress=progress))
            dots = round(POINTS_A_POUCE / 0.0254)
            image.setDotsPerMeterX(dots)
            image.setDotsPerMeterY(dots)
            return image, _png(image)

        def done(found: tuple[QImage, QByteArray]) -> None:
            mime = QMimeData()
            mime.setData("image/png", found[1])  # ready: it would otherwise be made when pasted, and felt
            mime.setImageData(found[0])
            QGuiApplication.clipboard().setMimeData(mime)
            desk.messages.tell(f"La page {page} est copiée comme image : collez-la où vous voulez.", kind="success")

        desk.jobs.run("Copie de la page", work, done)

    def _copies(self, ids: tuple[str, ...], then: Callable[[list[Path]], None]) -> None:
        made = self._made.get(ids, [])
        if made and all(path.exists() for path in made):
            then(made)
            return
        library = self._desk.library

        def done(paths: list[Path]) -> None:
            self._made = {ids: paths}
            then(paths)

        self._desk.jobs.run(
            "Copie des papiers", lambda progress: documents.copies(library, ids, progress), done, failed=self._failed
        )

    def _drag(self, source: QWidget, paths: list[Path]) -> None:
        self._busy = False
        if not self.is_held():  # let go before the copies were there
            self._desk.messages.tell("Les copies sont prêtes : glissez-les de nouveau.")
            return
        drag = QDrag(source)
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        drag.setMimeData(mime)
        drag.setPixmap(_picture(paths, source.devicePixelRatioF()))
        drag.setHotSpot(QPoint(-8, -8))
        self.carry(drag)

    def _to_clipboard(self, paths: list[Path]) -> None:
        urls = [QUrl.fromLocalFile(str(path)) for path in paths]
        mime = QMimeData()
        mime.setUrls(urls)
        mime.setText("\n".join(path.name for path in paths))
        lines = ["copy", *(bytes(url.toEncoded().data()).decode() for url in urls)]
        mime.setData(_GNOME, QByteArray("\n".join(lines).encode()))
        QGuiApplication.clipboard().setMimeData(mime)
        words = fr.pluriel(len(paths), "papier copié", "papiers copiés")
        many = "les copies seront effacées" if len(paths) > 1 else "la copie sera effacée"
        self._desk.messages.tell(
            f"{words} : collez dans un dossier ou un courriel ; {many} à la fermeture.", kind="success"
        )

    def _failed(self, error: Exception) -> None:
        self._busy = False
        self._desk.report(error)

    def _on_change(self, entry: Entry) -> None:
        if entry.touches(Document):
            self._made.clear()  # under another name, or other pages, since


class Glisse(QObject):
    """Lets a widget be dragged as the papers it stands for; a click on it still does what it did."""

    def __init__(self, dehors: Dehors, widget: QWidget, ids: Ids) -> None:
        super().__init__(widget)
        self._dehors, self._widget, self._ids = dehors, widget, ids
        self._from: QPointF | None = None
        self._dragged = False
        widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QMouseEvent):
            return False
        if event.type() == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._from, self._dragged = event.position(), False
        elif event.type() == QEvent.Type.MouseMove and event.buttons() & Qt.MouseButton.LeftButton:
            far = self._from is not None and (event.position() - self._from).manhattanLength()
            if far and far >= QApplication.startDragDistance():
                self._from, self._dragged = None, True
                self._dehors.drag(self._widget, self._ids())
            return self._dragged
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._from, dragged = None, self._dragged
            self._dragged = False
            if dragged and hasattr(self._widget, "setDown"):
                self._widget.setDown(False)
            return dragged
        return False


class PaperList(QListView):
    """A list, or a wall of thumbnails, whose chosen papers may be dragged out."""

    def __init__(self, dehors: Dehors, ids: Ids) -> None:
        super().__init__()
        self._dehors, self._ids = dehors, ids
        self.setDragEnabled(True)

    @override
    def startDrag(self, supportedActions: Qt.DropAction) -> None:
        self._dehors.drag(self, self._ids())


def _png(image: QImage) -> QByteArray:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return buffer.data()


def _picture(paths: Sequence[Path], ratio: float) -> QPixmap:
    """Return what hangs from the pointer: the first name, and how many others; ratio, device pixels a pixel."""
    more = f" et {fr.pluriel(len(paths) - 1, 'autre')}" if len(paths) > 1 else ""
    font = QApplication.font()
    metrics = QFontMetrics(font)
    text = metrics.elidedText(paths[0].name, Qt.TextElideMode.ElideMiddle, theme().px(260)) + more
    area = QRect(0, 0, metrics.horizontalAdvance(text) + 24, metrics.height() + 14)
    picture = QPixmap(area.size() * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    painter.setPen(theme().color("accent"))
    painter.setBrush(theme().color("surface"))
    painter.drawRoundedRect(area.adjusted(1, 1, -2, -2), 6, 6)
    painter.setPen(theme().color("encre"))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return picture
