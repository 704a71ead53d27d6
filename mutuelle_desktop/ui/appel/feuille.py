"""The call sheet on paper: printed, looked at first, or kept as a PDF where there is no printer."""

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo, QPrintPreviewDialog
from PySide6.QtWidgets import QWidget

from mutuelle_desktop.domain.appel import Feuille
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.widgets.basics import button
from mutuelle_desktop.ui.widgets.flow import Flow

MARGE = 2.0
"""Millimetres around the page, besides the 20 that Qt leaves around a text it prints."""
CORPS = 10
"""Points of the text on paper."""


class SheetBar(QWidget):
    """The small buttons under the preparation: paper, preview, PDF, and the proposal again."""

    def __init__(self, desk: Desk, sheet: Callable[[], Feuille], again: Callable[[], Any]) -> None:
        super().__init__()
        flow = Flow(
            button("Imprimer la fiche…", lambda: print_sheet(desk, self, sheet()), "tampon", "imprimer"),
            button("Aperçu…", lambda: preview_sheet(desk, self, sheet()), "tampon"),
            button("PDF…", lambda: save_sheet(desk, self, sheet()), "tampon"),
            button("Tout reproposer", again, "tampon"),
            spacing=6,
        )
        self.setLayout(flow)


def sheet_document(sheet: Feuille) -> QTextDocument:
    """Return the sheet as a page of text, with room to write."""
    parts = [f"<h1>{escape(sheet.titre)}</h1>"]
    for section in sheet.sections:
        parts.append(f'<h4 style="margin: 12px 0 2px 0">{escape(section.titre)}</h4>')
        parts.extend(_line(text) for text in section.lignes if text)
    document = QTextDocument()
    font = document.defaultFont()
    font.setPointSize(CORPS)
    document.setDefaultFont(font)
    document.setHtml("".join(parts))
    return document


def print_sheet(desk: Desk, parent: QWidget, sheet: Feuille) -> None:
    """Ask which printer and print; without one, offer the PDF."""
    if not QPrinterInfo.availablePrinterNames():
        desk.messages.tell(
            "Aucune imprimante n’est installée sur cet ordinateur. Enregistrez la fiche en PDF pour l’imprimer ailleurs.",
            kind="warning",
        )
        return
    printer = _printer(sheet)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle("Imprimer")
    if desk.dialogs.run(dialog):
        sheet_document(sheet).print_(printer)


def preview_sheet(desk: Desk, parent: QWidget, sheet: Feuille) -> None:
    """Show the page as it will be printed."""
    printer = _printer(sheet)
    dialog = QPrintPreviewDialog(printer, parent)
    dialog.setWindowTitle("Aperçu de la fiche d’appel")
    document = sheet_document(sheet)
    dialog.paintRequested.connect(document.print_)
    desk.dialogs.run(dialog)


def save_sheet(desk: Desk, parent: QWidget, sheet: Feuille) -> Path | None:
    """Write the sheet as a PDF in a chosen folder, under a name of its own."""
    folder = desk.dialogs.choose_folder(parent, "Où enregistrer la fiche d’appel ?")
    if folder is None:
        return None
    path = _free(folder, sheet.titre)
    printer = _printer(sheet)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    sheet_document(sheet).print_(printer)
    if not path.exists():
        desk.messages.tell("La fiche n’a pas pu être écrite dans ce dossier. Choisissez-en un autre.", kind="error")
        return None
    desk.messages.tell(f"Fiche enregistrée : {path.name}.", kind="success")
    return path


def _line(text: str) -> str:
    """Return a line of the sheet; one made of dots alone is a rule to write on."""
    if not text.strip("…"):
        return '<p style="margin: 6px 0 0 0">\u00a0</p><hr/>'
    return f'<p style="margin: 1px 0 3px 0">{escape(text)}</p>'


def _printer(sheet: Feuille) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(sheet.titre)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    printer.setPageMargins(QMarginsF(MARGE, MARGE, MARGE, MARGE), QPageLayout.Unit.Millimeter)
    return printer


def _free(folder: Path, name: str) -> Path:
    bare = "".join(c if c.isalnum() or c in " -_’" else "-" for c in name).strip()[:80] or "Fiche"
    path = folder / f"{bare}.pdf"
    number = 2
    while path.exists():
        path = folder / f"{bare} ({number}).pdf"
        number += 1
    return path
