"""What leaves as a file: its place asked, written whole in the background, told."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QWidget

from mutuelle_desktop.domain.errors import Unavailable
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.storage.paths import write_whole
from mutuelle_desktop.ui.desk import Desk

PDF = "Documents PDF (*.pdf)"
EML = "Courriels (*.eml)"
ODT = "Textes OpenDocument (*.odt)"


@dataclass(frozen=True, slots=True)
class Sortie:
    """A file about to leave: what the question is called, the name proposed, and what kind of file it is."""

    titre: str
    nom: str
    genre: str = PDF


def save_file(
    desk: Desk, parent: QWidget, sortie: Sortie, make: Callable[[Progress], bytes], *,
    told: Callable[[Path], Any] | None = None,
) -> None:  # fmt: skip
    """Ask where, make the bytes and write them in the background; told is what is said once it is there."""
    path = desk.dialogs.save_as(parent, sortie.titre, sortie.nom, sortie.genre)
    if path is None:
        return
    path = path if path.suffix else path.with_suffix(Path(sortie.nom).suffix)

    def work(progress: Progress) -> Path:
        write_file(path, make(progress))
        return path

    def done(_path: Path) -> None:
        if told is not None:
            told(path)
        else:
            desk.messages.tell(f"«\u00a0{path.name}\u00a0» est enregistré.", kind="success")

    desk.jobs.run(sortie.titre, work, done)


def write_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, or say why it could not be."""
    try:
        write_whole(path, content)
    except OSError as error:
        raise Unavailable(
            f"Le fichier n’a pas pu être écrit dans «\u00a0{path.parent}\u00a0» ({error.strerror}). Vérifiez la place "
            "libre et vos droits sur ce dossier, ou choisissez-en un autre."
        ) from error
