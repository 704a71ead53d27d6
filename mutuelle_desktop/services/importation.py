"""From a dropped file to a document that can be found: bytes first, then the fact, then the reading.

The order of SURETE: the source is opened without harm, its bytes are durable in the safe before a row names them,
and each file is committed on its own. While one file is read by a worker the next is being copied.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, cast

from sqlalchemy.dialects.sqlite import insert

from mutuelle_desktop.domain.document import Document, EtatLecture, Fichier, Lecture
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import AppError, Cancelled, Refused, Unavailable
from mutuelle_desktop.domain.ids import new_id, now
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.extraction.sniff import refusal_of, sniff
from mutuelle_desktop.services.lectures import first_reading
from mutuelle_desktop.services.noms import displayed, title_of
from mutuelle_desktop.services.pieces import join
from mutuelle_desktop.services.sources import Candidat, Copie, walk
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.library import Library, Reader, Writer
from mutuelle_desktop.storage.schema import TABLE_OF
from mutuelle_desktop.storage.vault import Depot

_EN_VOL = 2


class EtatImport(StrEnum):
    """What became of one file."""

    IMPORTE = "importé"
    DEJA = "déjà présent"
    ILLISIBLE = "illisible"
    REFUSE = "refusé"


@dataclass(frozen=True, slots=True)
class Importe:
    """One file of an import: what became of it and why; an unreadable file is kept as a document all the same.

    jumeau is the document that has the same bytes, jumeau_corbeille tells it is in the trash, protege that a
    password is wanted.
    """

    chemin: Path
    etat: EtatImport
    raison: str = ""
    document_id: str | None = None
    jumeau: Document | None = None
    jumeau_corbeille: bool = False
    protege: bool = False


def import_files(
    library: Library, workers: Workers, paths: Sequence[Path], *, dossier_id: str | None = None,
    progress: Progress | None = None, password: str | None = None,
) -> list[Importe]:  # fmt: skip
    """Take in files and folders, one step for undo; what fails is told in its place and stops nothing else."""
    progress, found = progress or Progress(), walk(paths)
    with _Lot(library, workers, dossier_id, password) as lot:
        for done, candidat in enumerate(found):
            progress.step(done, len(found), f"Copie de {displayed(candidat.chemin)}")
            lot.take(candidat)
    return lot.importes


def import_bytes(
    library: Library, workers: Workers, contenu: bytes, nom: str, *, dossier_id: str | None = None
) -> Importe:
    """Take in bytes that have no file, such as a pasted image."""
    with _Lot(library, workers, dossier_id, None) as lot:
        lot.take_bytes(contenu, nom)
    return lot.importes[0]


def retry(
    library: Library, workers: Workers, failed: Importe | str, *, dossier_id: str | None = None,
    password: str | None = None,
) -> Importe:  # fmt: skip
    """Try again a file that failed, or the reading of a document given by its id, perhaps with a password."""
    document_id = failed if isinstance(failed, str) else failed.document_id
    if document_id is None:
        assert isinstance(failed, Importe)
        return import_files(library, workers, [failed.chemin], dossier_id=dossier_id, password=password)[0]
    with library.read() as db:
        document = db.get(Document, document_id)
        fichier = db.get(Fichier, document.empreinte) if document else None
    if document is None or fichier is None:
        raise Refused("Ce document n’existe plus.")
    contenu = library.vault.read(fichier.id)
    lecture = first_reading(library, workers, fichier, contenu, password=password)
    chemin = failed.chemin if isinstance(failed, Importe) else Path(document.nom)
    return _read(Importe(chemin, EtatImport.IMPORTE, document_id=document_id), lecture)


def summary(importes: Sequence[Importe]) -> str:
    """Return one line for all of them, such as « 7 importés · 2 déjà présents · 1 illisible »."""
    counts = [(sum(i.etat is etat for i in importes), one, many) for etat, one, many in _SUMMARY]
    return (
        " · ".join(f"{count} {one if count == 1 else many}" for count, one, many in counts if count) or "Rien à ajouter"
    )


_SUMMARY = (
    (EtatImport.IMPORTE, "importé", "importés"),
    (EtatImport.DEJA, "déjà présent", "déjà présents"),
    (EtatImport.ILLISIBLE, "illisible", "illisibles"),
    (EtatImport.REFUSE, "refusé", "refusés"),
)


class _Lot:
    """One import: its files in turn, its readings two at a time behind them."""

    def __init__(self, library: Library, workers: Workers, dossier_id: str | None, password: str | None) -> None:
        self._library, self._workers = library, workers
        self._dossier_id, self._password = dossier_id, password
        self._group = new_id()
        self._added = 0
        self._halt = ""
        self._readers = ThreadPoolExecutor(_EN_VOL)
        self._reading: deque[tuple[int, Future[Lecture]]] = deque()
        self.importes: list[Importe] = []

    def __enter__(self) -> "_Lot":
        if self._dossier_id is not None:
            with self._library.read() as db:
                if db.get(Dossier, self._dossier_id) is None:
                    raise Refused("Ce dossier n’existe plus. Choisissez-en un autre.")
        return self

    def __exit__(self, *_: object) -> None:
        while self._reading:
            self._settle()
        self._readers.shutdown()

    def take(self, candidat: Candidat) -> None:
        """Take in one file, or say why not."""
        raison = candidat.raison or self._halt
        if raison:
            self.importes.append(Importe(candidat.chemin, EtatImport.REFUSE, raison))
            return
        self._told(candidat.chemin, lambda: self._take_file(candidat.chemin))

    def take_bytes(self, contenu: bytes, nom: str) -> None:
        """Take in bytes under this name."""

        def store() -> None:
            mime = _mime(contenu)
            depot = self._library.vault.add(BytesIO(contenu))
            self._record(Path(nom), displayed(Path(nom)), mime, depot, contenu)

        self._told(Path(nom), store)

    def _told(self, chemin: Path, store: Callable[[], None]) -> None:
        try:
            store()
        except AppError as error:
            if isinstance(error, Unavailable):  # the disk or the base: the next file would fare no better
                self._halt = str(error)
            self.importes.append(Importe(chemin, EtatImport.REFUSE, str(error)))

    def _take_file(self, chemin: Path) -> None:
        copie = Copie(chemin)
        try:
            mime = _mime(copie.tete)
            self._library.vault.check_space(copie.taille)
            depot = self._library.vault.add(cast("BinaryIO", copie))
        finally:
            copie.close()
        self._record(chemin, displayed(chemin), mime, depot, copie.contenu)

    def _record(self, chemin: Path, nom: str, mime: str, depot: Depot, contenu: bytes | None) -> None:
        fichier = Fichier(id=depot.empreinte, sha256=depot.sha256, taille=depot.taille, mime=mime)
        document = Document(titre=title_of(nom), nom=nom, empreinte=fichier.id, classe_le=self._filed())
        label = "Ajouter un document" if not self._added else f"Ajouter {self._added + 1} documents"
        with self._library.write(label, group=self._group) as db:
            jumeau, lecture = _keep_bytes(db, fichier)
            if jumeau is None:
                db.put(document)
                if self._dossier_id is not None:
                    join(db, document.id, self._dossier_id)
        if jumeau is not None:
            self.importes.append(_already(chemin, jumeau))
            return
        self._added += 1
        self.importes.append(Importe(chemin, EtatImport.IMPORTE, document_id=document.id))
        if lecture.etat in (EtatLecture.COPIE, EtatLecture.ILLISIBLE, EtatLecture.PROTEGE):
            self._send(fichier, contenu)

    def _filed(self) -> Any:
        """Return when a document counts as filed: at once when it was dropped on a dossier."""
        return now() if self._dossier_id is not None else None

    def _send(self, fichier: Fichier, contenu: bytes | None) -> None:
        """Have the document read while the next one is copied."""

        def read() -> Lecture:
            octets = self._library.vault.read(fichier.id) if contenu is None else contenu
            return first_reading(self._library, self._workers, fichier, octets, password=self._password)

        self._reading.append((len(self.importes) - 1, self._readers.submit(read)))
        while len(self._reading) > _EN_VOL:
            self._settle()

    def _settle(self) -> None:
        """Take the result of the oldest reading; the document is kept whatever it is, to be read later."""
        number, reading = self._reading.popleft()
        try:
            self.importes[number] = _read(self.importes[number], reading.result())
        except (AppError, Cancelled):
            return


def _mime(tete: bytes) -> str:
    mime = sniff(tete)
    if mime is None:
        raise Refused(refusal_of(tete))
    return mime


def _keep_bytes(db: Writer, fichier: Fichier) -> tuple[Document | None, Lecture]:
    """Name the bytes and their reading; return the document that already has them, if any, and the reading.

    They stand beside what undo takes back: redoing an import reads nothing again.
    """
    lecture = Lecture(id=fichier.id, essais=1)
    new = db.connection.execute(_INSERT[Fichier], _row(fichier)).rowcount
    if db.connection.execute(_INSERT[Lecture], _row(lecture)).rowcount == 0:
        lecture = db.get(Lecture, fichier.id) or lecture
    return None if new else _twin(db, fichier.id), lecture


_INSERT = {kind: insert(TABLE_OF[kind]).on_conflict_do_nothing() for kind in (Fichier, Lecture)}


def _row(value: Fichier | Lecture) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _twin(db: Reader, empreinte: str) -> Document | None:
    """Return the document that has these bytes, or had them before it was turned or split; a live one first."""
    document = TABLE_OF[Document].c
    found = db.all(Document, document.empreinte == empreinte)
    found = found or db.all(Document, document.origines.contains(empreinte, autoescape=True))
    return min(found, key=lambda twin: (twin.supprime_le is not None, twin.ajoute_le), default=None)


def _already(chemin: Path, jumeau: Document) -> Importe:
    trashed = jumeau.supprime_le is not None
    raison = f"Déjà présent sous le titre « {jumeau.titre} »" + (", dans la corbeille." if trashed else ".")
    return Importe(chemin, EtatImport.DEJA, raison, jumeau.id, jumeau, trashed)


def _read(importe: Importe, lecture: Lecture) -> Importe:
    """Return the file with what its first reading says of it."""
    if lecture.etat is EtatLecture.PROTEGE:
        return replace(importe, etat=EtatImport.ILLISIBLE, raison=lecture.raison, protege=True)
    if lecture.etat is EtatLecture.ILLISIBLE:
        return replace(importe, etat=EtatImport.ILLISIBLE, raison=lecture.raison)
    return replace(importe, etat=EtatImport.IMPORTE, raison="", protege=False)
