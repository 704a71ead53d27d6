"""What the menus and the keyboard do on the Courriers tab."""

from typing import Any

from mutuelle_desktop.domain.courrier import EtatCourrier

_DRAFT = ("finalise_letter", "review_typography", "insert_phrase")
_OWN = ("copy_letter", "next_hit", "previous_hit", "find_in_letter")
_SORTIES = {
    "print_document": "print_letter", "export_documents": "save_pdf", "copy_message": "copy_message",
    "save_eml": "save_eml", "save_odt": "save_odt", "print_envelope": "print_envelope", "print_label": "print_label",
    "mark_sent": "mark_sent", "note_life": "note_life", "keep_as_model": "keep_as_model",
}  # fmt: skip
"""The verbs of the menus that are those of a letter's way out; printing and exporting bear the names papers give them."""


class Commandes:
    """The verbs of the tab, on the letter shown."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def can(self, verb: str) -> bool:
        """Tell whether a verb applies now."""
        value = self._page.redacteur.courrier
        if verb in ("new_letter_here", "manage_phrases", "manage_models", "print_calibration"):
            return True
        if value is None:
            return False
        if verb in _DRAFT:
            return value.etat is EtatCourrier.BROUILLON
        if verb == "delete_letter":
            return value.etat is not EtatCourrier.ENVOYE
        if verb == "make_dossier_complet":
            return value.dossier_id is not None
        if verb in _OWN:
            return True
        return verb in _SORTIES and self._page.sorties.can(_SORTIES[verb], value.id)

    def __getattr__(self, verb: str) -> object:
        """Return a way out of the letter shown."""
        if verb in _SORTIES:
            return lambda: self._page.redacteur.envoi.run(_SORTIES[verb])
        raise AttributeError(verb)

    def finalise_letter(self) -> None:
        """Freeze the letter."""
        self._page.redacteur.finalise()

    def review_typography(self) -> None:
        """Show what French typography would change."""
        self._page.redacteur.review_typography()

    def copy_letter(self) -> None:
        """Make a copy to be written again."""
        self._page.copy_letter()

    def delete_letter(self) -> None:
        """Remove the letter."""
        self._page.delete_letter()

    def find_in_letter(self) -> None:
        """Search within the letter."""
        self._page.redacteur.find_bar.begin()

    def next_hit(self) -> None:
        """Go to the next place found."""
        self._page.redacteur.find_bar.find_next()

    def previous_hit(self) -> None:
        """Go to the place found before."""
        self._page.redacteur.find_bar.find_previous()

    def insert_phrase(self) -> None:
        """Put one of the user's phrases in the letter."""
        self._page.redacteur.barre.phrases.emit()

    def manage_phrases(self) -> None:
        """Show the user's phrases."""
        self._page.sorties.manage_phrases()

    def manage_models(self) -> None:
        """Show the user's models."""
        self._page.sorties.manage_models(self._page.begin_from)

    def print_calibration(self) -> None:
        """Print the sheet that measures a printer."""
        self._page.sorties.print_calibration()

    def make_dossier_complet(self) -> None:
        """Make the numbered file of the dossier of the letter."""
        dossier_id = self._page.current_dossier()
        if dossier_id:
            self._page.sorties.dossier_complet(dossier_id)
