"""What leaves: a letter printed, saved, copied, sent and followed; a dossier made into one numbered file."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from mutuelle_desktop.domain.contrat import Contact
from mutuelle_desktop.domain.courrier import Bloc, Courrier, EtatCourrier
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.rendering.message import eml_of, file_name
from mutuelle_desktop.rendering.odt import odt_of
from mutuelle_desktop.services import courriers, documents
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.courriers import dossier_complet, envoye, impression, phrases
from mutuelle_desktop.ui.courriers.fichiers import EML, ODT, Sortie, save_file
from mutuelle_desktop.ui.courriers.message import MessageDialog
from mutuelle_desktop.ui.desk import Desk


class CourrierVerbs:
    """Acts on one letter by its id, or on one dossier; parent is where the windows that ask open.

    A failure is told; nothing is raised to who calls.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self._desk, self._parent = desk, parent

    def can(self, verb: str, courrier_id: str) -> bool:
        """Tell whether a verb applies to a letter as it is: what only a frozen or a sent letter allows."""
        try:
            etat = courriers.get_courrier(self._desk.library, courrier_id).etat
        except AppError:
            return False
        return {"mark_sent": etat is not EtatCourrier.BROUILLON, "note_life": etat is EtatCourrier.ENVOYE}.get(
            verb, True
        )

    def print_letter(self, courrier_id: str) -> None:
        """Print the letter and, when asked, its enclosures; offer the PDF where there is no printer."""
        pdf = partial(self.save_pdf, courrier_id)
        self._on(courrier_id, lambda value: impression.print_letter(self._desk, self._parent, value, pdf))

    def save_pdf(self, courrier_id: str) -> None:
        """Write the letter's PDF where the user says; then offer copies of its enclosures beside it."""
        self._on(courrier_id, self._save_pdf)

    def export_pieces(self, courrier_id: str) -> None:
        """Write copies of the enclosures of a letter in a folder, to be joined on a site or to an e-mail."""
        self._on(courrier_id, self._export_pieces)

    def copy_message(self, courrier_id: str) -> None:
        """Show the letter as text for a message box, with its length, to be copied."""
        self._on(courrier_id, self._copy_message)

    def save_eml(self, courrier_id: str) -> None:
        """Write an e-mail draft with the PDF attached."""
        self._on(courrier_id, self._save_eml)

    def save_odt(self, courrier_id: str) -> None:
        """Write the letter for a word processor."""
        self._on(courrier_id, self._save_odt)

    def print_envelope(self, courrier_id: str) -> None:
        """Print the address on a DL envelope."""
        self._on(courrier_id, partial(impression.print_envelope, self._desk, self._parent))

    def print_label(self, courrier_id: str) -> None:
        """Print the address on one label of a sheet."""
        self._on(courrier_id, partial(impression.print_label, self._desk, self._parent))

    def print_calibration(self) -> None:
        """Print the sheet that measures a printer, and keep its offset."""
        self._do(partial(impression.print_calibration, self._desk, self._parent))

    def mark_sent(self, courrier_id: str) -> None:
        """Ask how and when a frozen letter left, and record it."""
        self._on(courrier_id, partial(envoye.mark_sent, self._desk, self._parent))

    def note_life(self, courrier_id: str) -> None:
        """Show what became of a letter sent, and note the next step of a recommandé."""
        self._on(courrier_id, partial(envoye.note_life, self._desk, self._parent))

    def dossier_complet(self, dossier_id: str) -> None:
        """Make the numbered file of a whole dossier."""
        self._do(partial(dossier_complet.make_dossier_complet, self._desk, self._parent, dossier_id))

    def manage_phrases(self, insert: Callable[[tuple[Bloc, ...]], None] | None = None) -> None:
        """Show the user's own phrases; insert, when given, puts the chosen one in the letter being written."""
        self._do(partial(phrases.manage_phrases, self._desk, self._parent, insert))

    def keep_phrase(self, corps: tuple[Bloc, ...]) -> None:
        """Ask under which title a passage of a letter is kept, to be put in others."""
        self._do(partial(phrases.keep_phrase, self._desk, self._parent, corps))

    def manage_models(self, choose: Callable[[str], None] | None = None) -> None:
        """Show the user's own models; choose, when given, begins a letter from the id of the chosen one."""
        self._do(partial(phrases.manage_models, self._desk, self._parent, choose))

    def keep_as_model(self, courrier_id: str) -> None:
        """Keep a letter as a model of the user's own."""
        self._on(courrier_id, partial(phrases.keep_as_model, self._desk, self._parent))

    def _save_pdf(self, value: Courrier) -> None:
        desk = self._desk
        lettre = courriers.lettre_of(desk.library, value.id)

        def make(_progress: Progress) -> bytes:
            return courriers.pdf_of_courrier(desk.library, value.id, desk.workers)

        def told(path: Path) -> None:
            words = f"«\u00a0{path.name}\u00a0» est enregistré."
            if value.pieces:
                joined = partial(self.export_pieces, value.id)
                desk.messages.tell(words, "Copier aussi les pièces jointes…", joined, kind="success")
            else:
                desk.messages.tell(words, kind="success")

        save_file(desk, self._parent, Sortie("Enregistrer la lettre en PDF", file_name(lettre)), make, told=told)

    def _export_pieces(self, value: Courrier) -> None:
        desk = self._desk
        held = list(documents.fetch(desk.library, value.pieces))
        ids = [key for key in value.pieces if key in held]
        folder = desk.dialogs.choose_folder(self._parent, "Copier les pièces jointes dans") if ids else None
        if folder is None:
            return

        def done(paths: list[Path]) -> None:
            words = fr.pluriel(len(paths), "pièce copiée", "pièces copiées")
            desk.messages.tell(f"{words} dans «\u00a0{folder}\u00a0».", kind="success")

        desk.jobs.run("Copie des pièces", lambda p: documents.export_documents(desk.library, ids, folder, p), done)

    def _copy_message(self, value: Courrier) -> None:
        lettre = courriers.lettre_of(self._desk.library, value.id)
        dialog = MessageDialog(self._desk, self._parent, lettre, partial(self.export_pieces, value.id))
        self._desk.dialogs.run(dialog)
        dialog.deleteLater()

    def _save_eml(self, value: Courrier) -> None:
        desk = self._desk
        lettre = courriers.lettre_of(desk.library, value.id)
        to = self._address(value)

        def make(_progress: Progress) -> bytes:
            return eml_of(lettre, courriers.pdf_of_courrier(desk.library, value.id, desk.workers), to)

        def told(path: Path) -> None:
            words = (
                f"«\u00a0{path.name}\u00a0» est enregistré\u00a0: ouvrez-le avec votre messagerie, relisez, envoyez."
            )
            desk.messages.tell(words, kind="success")

        sortie = Sortie("Enregistrer le courriel", file_name(lettre, "eml"), EML)
        save_file(desk, self._parent, sortie, make, told=told)

    def _address(self, value: Courrier) -> str:
        """Return the e-mail address of the service the letter is for, or nothing."""
        with self._desk.library.read() as db:
            contact = db.get(Contact, value.contact_id) if value.contact_id else None
        return contact.courriel.strip() if contact else ""

    def _save_odt(self, value: Courrier) -> None:
        desk = self._desk
        name = file_name(courriers.lettre_of(desk.library, value.id), "odt")

        def make(_progress: Progress) -> bytes:
            return odt_of(courriers.lettre_of(desk.library, value.id, desk.workers))

        save_file(desk, self._parent, Sortie("Enregistrer pour un traitement de texte", name, ODT), make)

    def _on(self, courrier_id: str, verb: Callable[[Courrier], Any]) -> None:
        self._do(lambda: verb(courriers.get_courrier(self._desk.library, courrier_id)))

    def _do(self, verb: Callable[[], Any]) -> None:
        try:
            verb()
        except AppError as error:
            self._desk.report(error)
