"""Pages drawn for the screen and for paper, whatever password they need."""

from mutuelle_desktop.domain.document import Document, Fichier
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.services.liens import existing
from mutuelle_desktop.services.mots_de_passe import unlock
from mutuelle_desktop.services.workers import Dessin, Workers
from mutuelle_desktop.storage.library import Library


def draw_page(
    library: Library, workers: Workers, document_id: str, page: int, largest: int, *, urgent: bool = True,
    progress: Progress | None = None,
) -> Dessin:  # fmt: skip
    """Return a page of a document, from 1, its longer side of that many pixels."""
    with library.read() as db:
        empreinte = existing(db, Document, document_id).empreinte
    return draw_file(library, workers, empreinte, largest, page=page, urgent=urgent, progress=progress)


def draw_file(
    library: Library, workers: Workers, empreinte: str, largest: int, *, page: int = 1, urgent: bool = False,
    progress: Progress | None = None,
) -> Dessin:  # fmt: skip
    """Return a page of a file of the vault, from 1, its longer side of that many pixels."""
    with library.read() as db:
        fichier = db.get(Fichier, empreinte)
    if fichier is None:
        raise Refused("Ce papier n’est plus dans le coffre.")
    return unlock(
        library,
        lambda password: workers.render(
            lambda: library.vault.read(fichier.id), fichier.mime, page, largest, password,
            cle=f"{fichier.id}{password}", urgent=urgent, progress=progress,
        ),
    )  # fmt: skip
