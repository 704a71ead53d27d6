"""Printing: the preview, the system's dialog, what the printer must be moved by; the PDF where there is no printer."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo, QPrintPreviewWidget
from PySide6.QtWidgets import QCheckBox, QDialog, QVBoxLayout, QWidget
from shiboken6 import isValid

from mutuelle_desktop.domain.courrier import Courrier, EtatCourrier
from mutuelle_desktop.domain.errors import AppError, Refused
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.rendering.courrier import Feuille, calibration_of, enveloppe_of, etiquette_of
from mutuelle_desktop.services import courriers, filtres
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.courriers.fichiers import Sortie, save_file
from mutuelle_desktop.ui.courriers.nombres import MillimetresField
from mutuelle_desktop.ui.courriers.tirage import (
    A4,
    APERCU,
    DL,
    PRECIS,
    Tirage,
    decalage_en_lettres,
    decalage_of,
    keep_decalage,
    lay,
    prepare,
    ready_to_show,
    tirage_of_letter,
    tirage_of_sheet,
)
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import FormDialog
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import button, label
from mutuelle_desktop.ui.widgets.fields import Choice
from mutuelle_desktop.ui.widgets.flow import Flow

NO_PRINTER = "Aucune imprimante n’est installée sur cet ordinateur. Enregistrez en PDF, pour imprimer ailleurs."
EXEMPLAIRES, ETIQUETTES = 9, 14
Make = Callable[[Progress], Tirage]


def print_letter(desk: Desk, parent: QWidget, value: Courrier, to_pdf: Callable[[], None]) -> None:
    """Ask what is printed, show it or print it; offer the PDF without a printer."""
    if not _printers():
        desk.messages.tell(NO_PRINTER, "Enregistrer en PDF…", to_pdf, kind="warning")
        return
    found = filtres.fetch(desk.library, value.pieces)
    held = [found[key] for key in value.pieces if key in found]
    pages = sum(max(1, line.lecture.pages) for line in held)
    copies = Choice([(fr.pluriel(n, "exemplaire"), n) for n in range(1, EXEMPLAIRES + 1)], 1)
    pieces = QCheckBox(f"Avec les pièces jointes ({fr.pluriel(pages, 'page')})")
    numeros = QCheckBox("Numéroter les pièces")
    numeros.setChecked(True)
    pieces.toggled.connect(numeros.setEnabled)
    numeros.setEnabled(False)

    def make(progress: Progress) -> Tirage:
        return tirage_of_letter(desk, value.id, pieces=asked[0], numeros=asked[1], progress=progress)

    def ask() -> None:
        asked[:] = [pieces.isChecked(), numeros.isChecked()]

    asked = [False, True]
    titre = value.objet or "Lettre"
    form = FormDialog(parent, "Imprimer la lettre", ask, "Imprimer…")
    if value.etat is EtatCourrier.BROUILLON:
        form.add("", label("Cette lettre est un brouillon\u00a0: ce sera une épreuve, à relire.", wrap=True))
    form.add("Exemplaires", copies, "Gardez-en un exemplaire signé pour vous.")
    if held:
        form.add("", pieces, "Des copies, jamais les originaux.")
        form.add("", numeros, "«\u00a0Pièce n°\u00a01 – p.\u00a01/2\u00a0» en haut de chaque page.")

    def look() -> None:
        ask()
        show_preview(desk, form, titre, make, A4)

    bar = QWidget()
    bar.setLayout(
        Flow(
            button("Aperçu…", look, "tampon", "oeil"),
            button("Régler l’imprimante…", lambda: print_calibration(desk, form), "tampon", "reglages"),
            spacing=6,
        )
    )
    form.add("", bar)
    form.add("", label(_moved(desk), "secondaire", wrap=True))
    if desk.dialogs.run(form):
        send(desk, parent, titre, make, A4, copies=copies.value())
    form.deleteLater()


def print_envelope(desk: Desk, parent: QWidget, value: Courrier) -> None:
    """Print the address on a DL envelope that has no window."""
    _needs_address(value)
    sender = QCheckBox("Avec mon adresse, en haut à gauche")
    sender.setChecked(True)
    expediteur = courriers.lettre_of(desk.library, value.id).expediteur

    def feuille() -> Feuille:
        return enveloppe_of(value.destinataire, expediteur if sender.isChecked() else None, value.jour)

    words = "Enveloppe DL (220\u00a0×\u00a0110\u00a0mm). Une enveloppe à fenêtre n’en a pas besoin."
    _ask_sheet(desk, parent, _Planche("Imprimer l’enveloppe", "Enveloppe.pdf", words, feuille, DL), ("", sender, ""))


def print_label(desk: Desk, parent: QWidget, value: Courrier) -> None:
    """Print the address on one label of a sheet, wherever the sheet begins."""
    _needs_address(value)
    place = Choice([(f"Étiquette n°\u00a0{n}", n) for n in range(1, ETIQUETTES + 1)], 1)

    def feuille() -> Feuille:
        return etiquette_of(value.destinataire, value.jour, place.value())

    words = "Planche A4 de 14 étiquettes autocollantes de 99,1\u00a0×\u00a038,1\u00a0mm, en deux colonnes."
    help_text = "De gauche à droite, puis de haut en bas\u00a0: la première étiquette qui reste."
    planche = _Planche("Imprimer une étiquette", "Étiquette.pdf", words, feuille)
    _ask_sheet(desk, parent, planche, ("Place", place, help_text))


def print_calibration(desk: Desk, parent: QWidget, imprimante: str = "") -> None:
    """Print the sheet that measures a printer, this one or the usual one, and keep what it must be moved by."""
    installed = _printers()
    names = [*installed, *([imprimante] if imprimante and imprimante not in installed else [])]
    if not names:
        save = partial(_sheet_pdf, desk, parent, "Page d’essai.pdf", lambda: calibration_of(desk.today()))
        desk.messages.tell(NO_PRINTER, "Enregistrer en PDF…", save, kind="warning")
        return
    first = imprimante or QPrinterInfo.defaultPrinterName()
    which = Choice([(name, name) for name in names], first if first in names else names[0])
    right, down = MillimetresField(), MillimetresField()

    def shown() -> None:
        found = decalage_of(desk.state, which.value())
        right.show_value(found[0])
        down.show_value(found[1])

    def typed() -> tuple[float, float]:
        return right.value(), down.value()

    def try_it() -> None:
        def make(_progress: Progress) -> Tirage:
            return tirage_of_sheet("Page d’essai", calibration_of(desk.today(), moved), A4, decale=True)

        try:
            moved = typed()
        except AppError as error:
            form.error.setText(str(error))
            form.error.show()
            return
        form.error.hide()
        send(desk, form, "Page d’essai", make, A4, imprimante=which.value())

    which.currentIndexChanged.connect(shown)
    shown()
    form = FormDialog(
        parent, "Régler l’imprimante", lambda: keep_decalage(desk.state, which.value(), typed()), "Enregistrer"
    )
    words = (
        "Une imprimante décale souvent la page de un ou deux millimètres\u00a0: l’adresse peut sortir de la fenêtre de "
        "l’enveloppe. Imprimez la page d’essai, mesurez comme elle le dit, et corrigez ici."
    )
    form.add("", label(words, wrap=True))
    form.add("Imprimante", which)
    form.add("Vers la droite", right, "En millimètres. Un nombre négatif déplace vers la gauche.")
    form.add("Vers le bas", down, "En millimètres. Un nombre négatif déplace vers le haut.")
    form.add("", button("Imprimer la page d’essai…", try_it, "tampon", "imprimer"))
    if desk.dialogs.run(form):
        said = decalage_en_lettres(typed()) or "aucun décalage"
        desk.messages.tell(f"{which.value()}\u00a0: {said}. Les prochaines pages en tiendront compte.", kind="success")
    form.deleteLater()


def send(
    desk: Desk, parent: QWidget, titre: str, make: Make, papier: tuple[float, float] = A4, *, copies: int = 1,
    imprimante: str = "",
) -> None:  # fmt: skip
    """Ask which printer by the system's dialog, then print in the background, at real size."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    if imprimante:
        printer.setPrinterName(imprimante)
    prepare(printer, titre, papier)
    printer.setCopyCount(copies)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle("Imprimer")
    dialog.setOption(QPrintDialog.PrintDialogOption.PrintPageRange)
    chosen = desk.dialogs.run(dialog)
    dialog.deleteLater()
    if not chosen:
        return
    decalage = decalage_of(desk.state, imprimante or printer.printerName())

    def work(progress: Progress) -> None:
        lay(printer, make(progress), decalage, progress, PRECIS)

    def done(_none: Any) -> None:
        desk.messages.tell(f"«\u00a0{titre}\u00a0» est envoyé à l’imprimante.", kind="success")

    desk.jobs.run("Impression", work, done)


def show_preview(desk: Desk, parent: QWidget, titre: str, make: Make, papier: tuple[float, float]) -> None:
    """Draw the sheets in the background, then show them as they will be printed."""

    def done(tirage: Tirage) -> None:
        if not isValid(parent) or not parent.isVisible():
            return  # closed while the sheets were being drawn: nobody waits for them any more
        dialog = preview_dialog(desk, parent, tirage)
        if desk.dialogs.run(dialog):
            send(desk, parent, titre, make, papier)
        dialog.deleteLater()

    desk.jobs.run("Aperçu avant impression", lambda progress: ready_to_show(make(progress), progress), done)


def preview_dialog(desk: Desk, parent: QWidget, tirage: Tirage) -> QDialog:
    """Return the window of the preview; accepted, it asks to print."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    prepare(printer, tirage.titre, tirage.papier)
    decalage = decalage_of(desk.state, printer.printerName())
    dialog = QDialog(parent)
    dialog.setWindowTitle(f"Aperçu\u00a0: {tirage.titre}")
    view = QPrintPreviewWidget(printer, dialog)
    view.setAccessibleName(f"Aperçu de {fr.pluriel(len(tirage.pages), 'page')}")
    view.paintRequested.connect(lambda device: lay(device, tirage, decalage, Progress(), APERCU))
    view.fitInView()
    tools = QWidget()
    tools.setLayout(
        Flow(
            button("Page entière", view.fitInView, "tampon"),
            button("Toute la largeur", view.fitToWidth, "tampon"),
            button("Agrandir", view.zoomIn, "tampon", "plus"),
            button("Réduire", view.zoomOut, "tampon", "moins"),
            button("Imprimer…", dialog.accept, "principal", "imprimer"),
            button("Fermer", dialog.reject),
            spacing=6,
        )
    )
    for keys, run in (("Ctrl++", view.zoomIn), ("Ctrl+-", view.zoomOut), ("Ctrl+P", dialog.accept)):
        QShortcut(QKeySequence(keys), dialog).activated.connect(run)
    layout = QVBoxLayout(dialog)
    layout.addWidget(view, 1)
    layout.addWidget(tools)
    dialog._printer = printer  # type: ignore[attr-defined] # noqa: SLF001 - the preview draws on it while it lives
    room = parent.screen().availableGeometry()
    dialog.resize(min(theme().px(760), room.width() - 60), min(theme().px(860), room.height() - 60))
    return dialog


@dataclass(frozen=True, slots=True)
class _Planche:
    """One sheet to print and what is asked about it; nom is that of its PDF."""

    titre: str
    nom: str
    mots: str
    feuille: Callable[[], Feuille]
    papier: tuple[float, float] = A4


def _ask_sheet(desk: Desk, parent: QWidget, planche: _Planche, *fields: tuple[str, QWidget, str]) -> None:
    """Ask about one sheet, then print it; its PDF is one button away, the only one without a printer."""
    printing = bool(_printers())
    form = FormDialog(parent, planche.titre, lambda: None, "Imprimer…" if printing else "Enregistrer en PDF…")
    form.add("", label(planche.mots, wrap=True))
    for nom, field, help_text in fields:
        form.add(nom, field, help_text)

    def make() -> Make:
        sheet = planche.feuille()
        return lambda _progress: tirage_of_sheet(planche.titre, sheet, planche.papier)

    def keep() -> None:
        _sheet_pdf(desk, form, planche.nom, planche.feuille)

    if printing:
        bar = QWidget()
        look = button(
            "Aperçu…", lambda: show_preview(desk, form, planche.titre, make(), planche.papier), "tampon", "oeil"
        )
        bar.setLayout(Flow(look, button("PDF…", keep, "tampon", "exporter"), spacing=6))
        form.add("", bar)
    else:
        form.add("", label(NO_PRINTER, "secondaire", wrap=True))
    chosen, ready, sheet = desk.dialogs.run(form), make(), planche.feuille()
    form.deleteLater()
    if chosen and printing:
        send(desk, parent, planche.titre, ready, planche.papier)
    elif chosen:
        _sheet_pdf(desk, parent, planche.nom, lambda: sheet)


def _sheet_pdf(desk: Desk, parent: QWidget, name: str, feuille: Callable[[], Feuille]) -> None:
    sheet = feuille()
    save_file(desk, parent, Sortie("Enregistrer en PDF", name), lambda _p: sheet.pdf())


def _printers() -> list[str]:
    return list(QPrinterInfo.availablePrinterNames())


def _moved(desk: Desk) -> str:
    """Return what is known of the usual printer."""
    name = QPrinterInfo.defaultPrinterName()
    said = decalage_en_lettres(decalage_of(desk.state, name)) if name else ""
    words = "Imprimé à 100\u00a0%, pour que l’adresse tombe dans la fenêtre de l’enveloppe."
    return f"{words} {name}\u00a0: décalage de {said}." if said else words


def _needs_address(value: Courrier) -> None:
    if not any(line.strip() for line in value.destinataire):
        raise Refused("Cette lettre n’a pas encore d’adresse\u00a0: écrivez d’abord le destinataire.")
