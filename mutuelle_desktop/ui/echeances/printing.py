"""On paper: the month with its grid and every date in full, or the reasons of one date; as PDF without a printer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPen
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo, QPrintPreviewDialog
from PySide6.QtWidgets import QApplication, QWidget

from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.messages import Messages
from mutuelle_desktop.ui.widgets.month import Day
from mutuelle_desktop.ui.widgets.month_paint import broken
from mutuelle_desktop.ui.widgets.shapes import draw_shape

PDF = "Documents PDF (*.pdf)"
NO_PRINTER = "Aucune imprimante n’est installée sur cet ordinateur. Vous pouvez en faire un PDF, à imprimer ailleurs."
_WRAP = Qt.TextFlag.TextWordWrap
_REST, _HAIR = QColor.fromRgbF(0.955, 0.955, 0.955), QColor.fromRgbF(0.7, 0.7, 0.7)
"""The ground of days of rest and the lines between weeks: light enough for any printer to spare its ink."""
Paint = Callable[[QPrinter], None]


@dataclass(frozen=True, slots=True)
class LignePapier:
    """One date in full, as the list under the month prints it."""

    day: date
    forme: str
    titre: str
    second: str


@dataclass(frozen=True, slots=True)
class FeuilleMois:
    """A month on paper: its name, its 42 days, every date in full, what the shapes mean."""

    titre: str
    days: Sequence[Day]
    lignes: Sequence[LignePapier]
    legende: Sequence[tuple[str, str]]
    pied: str


def print_month(desk: Desk, parent: QWidget, feuille: FeuilleMois) -> None:
    """Show the preview of the month, or offer a PDF when there is no printer."""

    def paint(printer: QPrinter) -> None:
        paint_month(printer, feuille)

    name = f"Échéances {feuille.titre}.pdf".replace("\u00a0", " ")
    _print(desk, parent, f"Échéances, {feuille.titre}", name, paint, messages=desk.messages, landscape=True)


def print_sheet(desk: Desk, parent: QWidget, title: str, text: str, messages: Messages) -> None:
    """Show the preview of a sheet of text, or offer a PDF when there is no printer."""

    def paint(printer: QPrinter) -> None:
        paint_text(printer, title, text)

    _print(desk, parent, title, "Pourquoi cette date.pdf", paint, messages=messages, landscape=False)


def save_pdf(path: Path, title: str, paint: Paint, *, landscape: bool) -> bool:
    """Write a PDF; tell whether it could be written."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    _prepare(printer, title, landscape=landscape)
    paint(printer)
    return path.exists() and path.stat().st_size > 0


def paint_month(printer: QPrinter, feuille: FeuilleMois) -> None:
    """Paint the grid on a first sheet, then every date in full."""
    painter = QPainter()
    if not painter.begin(printer):
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    page = QRectF(0, 0, printer.pageRect(QPrinter.Unit.DevicePixel).width(),
                  printer.pageRect(QPrinter.Unit.DevicePixel).height())  # fmt: skip
    sheet = _Sheet(painter, page, printer.resolution() / 25.4)
    sheet.grid(feuille)
    if feuille.lignes:
        printer.newPage()
        sheet.list(feuille, printer.newPage)
    painter.end()


def paint_text(printer: QPrinter, title: str, text: str) -> None:
    """Paint paragraphs, a sheet after the other."""
    painter = QPainter()
    if not painter.begin(printer):
        return
    page = printer.pageRect(QPrinter.Unit.DevicePixel)
    room = QRectF(0, 0, page.width(), page.height())
    sheet = _Sheet(painter, room, printer.resolution() / 25.4)
    sheet.paragraphs(title, text, printer.newPage)
    painter.end()


class _Sheet:
    """Draws in black, measured in millimetres, so that it serves on any printer."""

    def __init__(self, painter: QPainter, page: QRectF, mm: float) -> None:
        self._painter, self._page, self._mm = painter, page, mm

    def grid(self, feuille: FeuilleMois) -> None:
        mm, page = self._mm, self._page
        self._font(18, bold=True)
        self._painter.drawText(QRectF(0, 0, page.width(), 10 * mm), fr.majuscule(feuille.titre))
        top = 12 * mm
        width, height = page.width() / 7, (page.height() - top - 16 * mm) / 6
        self._font(8)
        for column, name in enumerate(fr.JOURS):
            self._painter.drawText(QRectF(column * width, top, width, 5 * mm), Qt.AlignmentFlag.AlignCenter, name)
        top += 5 * mm
        for place, day in enumerate(feuille.days):
            self._day(day, QRectF(place % 7 * width, top + place // 7 * height, width, height))
        self._painter.setPen(QPen(_HAIR, 0.2 * mm))
        self._painter.drawLine(QPointF(0, top + 6 * height), QPointF(page.width(), top + 6 * height))
        self._painter.setPen(Qt.GlobalColor.black)
        self._legend(feuille, page.height() - 8 * mm)

    def list(self, feuille: FeuilleMois, new_page: Callable[[], bool]) -> None:
        mm, page = self._mm, self._page
        y = self._heading(f"{fr.majuscule(feuille.titre)}\u00a0: toutes les dates")
        for ligne in feuille.lignes:
            height = self._measure(ligne, page.width() - 62 * mm)
            if y + height > page.height():
                new_page()
                y = self._heading(f"{fr.majuscule(feuille.titre)} (suite)")
            self._ligne(ligne, y, page.width() - 62 * mm)
            y += height

    def paragraphs(self, title: str, text: str, new_page: Callable[[], bool]) -> None:
        mm, page = self._mm, self._page
        y = self._heading(title)
        self._font(11)
        for paragraph in text.split("\n"):
            room = QRectF(0, y, page.width(), page.height())
            height = self._painter.boundingRect(room, _WRAP, paragraph or " ").height() + 1.5 * mm
            if y + height > page.height():
                new_page()
                y = 0
            self._painter.drawText(QRectF(0, y, page.width(), height), _WRAP, paragraph)
            y += height

    def _day(self, day: Day, cell: QRectF) -> None:
        mm, painter = self._mm, self._painter
        if day.day.weekday() >= 5 or day.feast:
            painter.fillRect(cell, _REST)
        painter.setPen(QPen(_HAIR, 0.2 * mm))
        painter.drawLine(cell.topLeft(), cell.topRight())
        ink = Qt.GlobalColor.black if day.inside else Qt.GlobalColor.darkGray
        painter.setPen(QPen(ink, 0.2 * mm))
        self._font(10 if day.inside else 8, bold=day.inside)
        inner = cell.adjusted(1.6 * mm, 1 * mm, -1.2 * mm, -0.8 * mm)
        painter.drawText(inner, str(day.day.day))
        self._font(7.5)
        if day.feast:
            room_for = inner.adjusted(6.5 * mm, 0.6 * mm, 0, 0)
            painter.drawText(room_for, self._cut(day.feast, room_for.width()))
        y, line = inner.top() + 5.4 * mm, 3.8 * mm
        room = int((inner.bottom() - y) // line)
        shown = day.marks if len(day.marks) + day.more <= room else day.marks[: max(0, room - 1)]
        tall = 2 if 2 * len(shown) <= room and len(shown) == len(day.marks) + day.more else 1
        for mark in shown:
            draw_shape(painter, mark.forme, QPointF(inner.left() + 1.3 * mm, y + line / 2), 1.9 * mm)
            width = inner.width() - 3.6 * mm
            for text in broken(mark.text, painter.font(), width, tall, painter.device()):
                place = QRectF(inner.left() + 3.6 * mm, y, width, line)
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
                y += line
        rest = len(day.marks) + day.more - len(shown)
        if rest:
            rest_text = f"+ {fr.pluriel(rest, 'autre')}"
            painter.drawText(QRectF(inner.left(), y, inner.width(), line), Qt.AlignmentFlag.AlignVCenter, rest_text)

    def _legend(self, feuille: FeuilleMois, y: float) -> None:
        mm, x = self._mm, 0.0
        self._font(7.5)
        metrics = QFontMetricsF(self._painter.font(), self._painter.device())
        for forme, words in feuille.legende:
            self._painter.setPen(QPen(Qt.GlobalColor.black, 0.2 * mm))
            draw_shape(self._painter, forme, QPointF(x + 1.5 * mm, y + 2 * mm), 2 * mm)
            self._painter.drawText(QPointF(x + 4 * mm, y + 2.9 * mm), words)
            x += metrics.horizontalAdvance(words) + 9 * mm
        self._painter.drawText(QRectF(0, y + 4 * mm, self._page.width(), 4 * mm), feuille.pied)

    def _heading(self, text: str) -> float:
        self._font(14, bold=True)
        self._painter.drawText(QRectF(0, 0, self._page.width(), 9 * self._mm), text)
        return 12 * self._mm

    def _measure(self, ligne: LignePapier, width: float) -> float:
        room = QRectF(0, 0, width, self._page.height())
        self._font(10, bold=True)
        height = self._painter.boundingRect(room, _WRAP, ligne.titre).height()
        self._font(9)
        if ligne.second:
            height += self._painter.boundingRect(room, _WRAP, ligne.second).height()
        return height + 3 * self._mm

    def _ligne(self, ligne: LignePapier, y: float, width: float) -> None:
        mm, painter = self._mm, self._painter
        painter.setPen(QPen(Qt.GlobalColor.black, 0.2 * mm))
        self._font(10)
        painter.drawText(QRectF(0, y, 52 * mm, 12 * mm), _WRAP, fr.majuscule(fr.jour(ligne.day)))
        draw_shape(painter, ligne.forme, QPointF(56 * mm, y + 2.4 * mm), 2.6 * mm)
        self._font(10, bold=True)
        room = QRectF(62 * mm, y, width, self._page.height())
        painter.drawText(room, _WRAP, ligne.titre)
        down = painter.boundingRect(room, _WRAP, ligne.titre).height()
        self._font(9)
        painter.drawText(room.adjusted(0, down, 0, 0), _WRAP, ligne.second)

    def _font(self, points: float, *, bold: bool = False) -> None:
        font = QFont(QApplication.font().families())
        font.setPointSizeF(points)
        font.setBold(bold)
        self._painter.setFont(font)

    def _cut(self, text: str, width: float) -> str:
        """Shorten what has no room in a cell: the list that follows gives it in full."""
        return QFontMetricsF(self._painter.font(), self._painter.device()).elidedText(
            text, Qt.TextElideMode.ElideRight, width
        )


def _print(
    desk: Desk, parent: QWidget, title: str, name: str, paint: Paint, *, messages: Messages, landscape: bool
) -> None:
    def to_pdf() -> None:
        path = desk.dialogs.save_as(parent, "Enregistrer en PDF", name, PDF)
        if path is None:
            return
        if save_pdf(path, title, paint, landscape=landscape):
            messages.tell(f"«\u00a0{path.name}\u00a0» est enregistré.", kind="success")
        else:
            messages.tell(f"Le PDF n’a pas pu être écrit dans «\u00a0{path.parent}\u00a0».", kind="error")

    if not QPrinterInfo.availablePrinterNames():
        messages.tell(NO_PRINTER, "Enregistrer en PDF…", to_pdf, kind="warning")
        return
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    _prepare(printer, title, landscape=landscape)
    preview = QPrintPreviewDialog(printer, parent)
    preview.setWindowTitle(f"Aperçu\u00a0: {title}")
    preview.paintRequested.connect(paint)
    desk.dialogs.run(preview)
    preview.deleteLater()


def _prepare(printer: QPrinter, title: str, *, landscape: bool) -> None:
    printer.setDocName(title)
    way = QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
    printer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), way, QMarginsF(12, 12, 12, 12), QPageLayout.Unit.Millimeter)
    )
