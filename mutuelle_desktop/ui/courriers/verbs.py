"""What leaves: a letter printed, saved, copied, sent and followed; a dossier made into one numbered file."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from mutuelle_desktop.domain.courrier import Bloc
from mutuelle_desktop.ui.desk import Desk


class CourrierVerbs:
    """Acts on one letter by its id, or on one dossier; parent is where the windows that ask open."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self._desk, self._parent = desk, parent

    def can(self, verb: str, courrier_id: str) -> bool:
        """Tell whether a verb applies to a letter as it is: what only a frozen or a sent letter allows."""
        raise NotImplementedError

    def print_letter(self, courrier_id: str) -> None:
        """Print the letter and, when asked, its enclosures; offer the PDF where there is no printer."""
        raise NotImplementedError

    def save_pdf(self, courrier_id: str) -> None:
        """Write the letter's PDF where the user says."""
        raise NotImplementedError

    def copy_message(self, courrier_id: str) -> None:
        """Show the letter as text for a message box, with its length, to be copied."""
        raise NotImplementedError

    def save_eml(self, courrier_id: str) -> None:
        """Write an e-mail draft with the PDF attached."""
        raise NotImplementedError

    def save_odt(self, courrier_id: str) -> None:
        """Write the letter for a word processor."""
        raise NotImplementedError

    def print_envelope(self, courrier_id: str) -> None:
        """Print the address on a DL envelope."""
        raise NotImplementedError

    def print_label(self, courrier_id: str) -> None:
        """Print the address on one label of a sheet."""
        raise NotImplementedError

    def print_calibration(self) -> None:
        """Print the sheet that measures a printer, and keep its offset."""
        raise NotImplementedError

    def mark_sent(self, courrier_id: str) -> None:
        """Ask how and when a frozen letter left, and record it."""
        raise NotImplementedError

    def note_life(self, courrier_id: str) -> None:
        """Show what became of a letter sent, and note the next step of a recommandé."""
        raise NotImplementedError

    def dossier_complet(self, dossier_id: str) -> None:
        """Make the numbered file of a whole dossier."""
        raise NotImplementedError

    def manage_phrases(self, insert: Callable[[tuple[Bloc, ...]], None] | None = None) -> None:
        """Show the user's own phrases; insert, when given, puts the chosen one in the letter being written."""
        raise NotImplementedError

    def keep_phrase(self, corps: tuple[Bloc, ...]) -> None:
        """Ask under which title a passage of a letter is kept, to be put in others."""
        raise NotImplementedError

    def manage_models(self, choose: Callable[[str], None] | None = None) -> None:
        """Show the user's own models; choose, when given, begins a letter from the id of the chosen one."""
        raise NotImplementedError

    def keep_as_model(self, courrier_id: str) -> None:
        """Keep a letter as a model of the user's own."""
        raise NotImplementedError
