"""Copies that leave the safe: exported where the user says, or opened for a moment in another program."""

import os
import secrets
import shutil
from collections.abc import Sequence
from contextlib import suppress
from itertools import chain, count
from pathlib import Path

from mutuelle_desktop.domain.document import Document, Fichier
from mutuelle_desktop.domain.errors import Unavailable
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.services.liens import existing
from mutuelle_desktop.services.noms import export_name, numbered_name
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.paths import make_private, runtime_folder

_OPENED = "ouverts"


def contenu(library: Library, document_id: str) -> bytes:
    """Return the bytes of a document as they are shown: derived ones once it was turned, split or merged."""
    return library.vault.read(_named(library, document_id)[0].empreinte)


def export_documents(
    library: Library, ids: Sequence[str], folder: Path, progress: Progress | None = None
) -> list[Path]:
    """Write copies of documents in a folder under predictable names; nothing there is ever replaced."""
    progress, written = progress or Progress(), []
    for done, document_id in enumerate(ids):
        document, nom = _named(library, document_id)
        progress.step(done, len(ids), f"Copie de {document.titre}")
        written.append(write_new(folder, nom, library.vault.read(document.empreinte)))
    return written


def open_copy(library: Library, document_id: str) -> Path:
    """Return a private copy to open in another program, under a harmless name; see clear_copies."""
    document, nom = _named(library, document_id)
    folder = make_private(make_private(runtime_folder() / _OPENED) / secrets.token_hex(8))
    return write_new(folder, nom, library.vault.read(document.empreinte))


def copies(library: Library, ids: Sequence[str], progress: Progress | None = None) -> list[Path]:
    """Return private copies of documents to give to another program, under predictable names; see clear_copies."""
    folder = make_private(make_private(runtime_folder() / _OPENED) / secrets.token_hex(8))
    return export_documents(library, ids, folder, progress)


def clear_copies() -> None:
    """Remove the copies made to be opened elsewhere."""
    shutil.rmtree(runtime_folder() / _OPENED, ignore_errors=True)


def _named(library: Library, document_id: str) -> tuple[Document, str]:
    with library.read() as db:
        document = existing(db, Document, document_id)
        fichier = db.get(Fichier, document.empreinte)
        personne = db.get(Personne, document.personne_id) if document.personne_id else None
    assert fichier is not None
    return document, export_name(document, personne, fichier.mime)


def write_new(folder: Path, nom: str, content: bytes) -> Path:
    """Write a file whole under this name, or « name (2) » when it is taken."""
    draft = folder / f".{secrets.token_hex(8)}.part"
    try:
        target = _reserve(folder, nom)
        try:
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(descriptor, "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            os.replace(draft, target)
        except BaseException:
            for path in (draft, target):
                with suppress(OSError):
                    path.unlink()
            raise
    except OSError as error:
        raise Unavailable(
            f"La copie n’a pas pu être écrite dans « {folder} » ({error.strerror}). Vérifiez la place libre et vos "
            "droits sur ce dossier, ou choisissez-en un autre."
        ) from error
    return target


def _reserve(folder: Path, nom: str) -> Path:
    """Take the first free name, by an empty file that the whole one will replace."""
    names = chain([nom], (numbered_name(nom, number) for number in count(2)))
    for target in (folder / name for name in names):
        with suppress(FileExistsError):
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            return target
    raise AssertionError("names never run out")
