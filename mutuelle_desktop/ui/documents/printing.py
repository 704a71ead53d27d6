"""Printing a paper: its pages drawn in a worker, laid on the sheets of the system's printer."""

from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QWidget

from mutuelle_desktop.services.dessins import draw_page
from mutuelle_desktop.services.documents import LigneDocument
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.documents.images import image_of

PIXELS = 3300
"""Longest side of a page as it is printed: A4 at 280 dpi."""


def print_document(desk: Desk, parent: QWidget, line: LigneDocument) -> None:
    """Ask which printer, draw the pages in the background, print them."""
    if not QPrinterInfo.availablePrinterNames():
        desk.messages.tell(
            "Aucune imprimante n’est installée sur cet ordinateur. Exportez le papier pour l’imprimer ailleurs.",
            kind="warning",
        )
        return
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(line.document.titre)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle("Imprimer")
    if not desk.dialogs.run(dialog):
        return
    key, total = line.document.id, max(1, line.lecture.pages)

    def draw(progress: Any) -> list[QImage]:
        images = []
        for page in range(1, total + 1):
            progress.step(page - 1, total, f"Préparation de la page {page} sur {total}")
            images.append(image_of(draw_page(desk.library, desk.workers, key, page, PIXELS, urgent=False)))
        return images

    desk.jobs.run("Impression", draw, lambda images: put_on_paper(printer, images))


def put_on_paper(printer: QPrinter, images: list[QImage]) -> None:
    """Lay one image a sheet, as large as the sheet allows."""
    painter = QPainter(printer)
    for number, image in enumerate(images):
        if number:
            printer.newPage()
        room = QRectF(printer.pageRect(QPrinter.Unit.DevicePixel))
        scale = min(room.width() / image.width(), room.height() / image.height())
        painter.drawImage(QRectF(0, 0, image.width() * scale, image.height() * scale), image)
    painter.end()
