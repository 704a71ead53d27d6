"""From a dropped file to a document that can be found: bytes first, then the fact, then the reading.

The order of SURETE: the source is opened without harm, its bytes are durable in the safe before a row names them,
and each file is committed on its own. While one file is read by a worker the next is being copied.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Self, cast

from mutuelle_desktop.domain.document import Document, EtatLecture, Fichier, Lecture, TypeDocument
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import AppError, Cancelled, Refused, Unavailable, Unreadable
from mutuelle_desktop.domain.ids import new_id, now
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.extraction.sniff import refusal_of, sniff
from mutuelle_desktop.services.lectures import first_reading, keep_first, read_first
from mutuelle_desktop.services.liens import existing
from mutuelle_desktop.services.noms import displayed, title_of
from mutuelle_desktop.services.phrases import after_colon
from mutuelle_desktop.services.pieces import join
from mutuelle_desktop.services.sources import Candidat, Copie, walk
from mutuelle_desktop.services.workers import Premiere, Workers
from mutuelle_desktop.storage.library import Library, Reader, Writer
from mutuelle_desktop.storage.schema import TABLE_OF
from mutuelle_desktop.storage.vault import Depot

_EN_VOL = 2
_PATIENCE = 2.0  # seconds a document waits for its reading before it is recorded without
_LOST = "Ce papier n’a pas pu être gardé. Réessayez."


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
    progress: Progress | None = None, password: str | None = None, genre: TypeDocument | None = None,
) -> list[Importe]:  # fmt: skip
    """Take in files and folders, one step for undo; what fails is told in its place and stops nothing else.

    genre is what they all are, when that is known: they are then filed already.
    """
    progress, found = progress or Progress(), walk(paths)
    with _Lot(library, workers, dossier_id, password, genre) as lot:
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
        found = import_files(library, workers, [failed.chemin], dossier_id=dossier_id, password=password)
        return found[0] if [one.chemin for one in found] == [failed.chemin] else _folder(failed.chemin, found)
    with library.read() as db:
        document = existing(db, Document, document_id)
        fichier = db.get(Fichier, document.empreinte)
    assert fichier is not None
    contenu = library.vault.read(fichier.id)
    lecture = first_reading(library, workers, fichier, contenu, password=password)
    chemin = failed.chemin if isinstance(failed, Importe) else Path(document.nom)
    return _read_as(Importe(chemin, EtatImport.IMPORTE, document_id=document_id), lecture)


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


@dataclass(frozen=True, slots=True)
class _Vol:
    """One file whose bytes are safe, being read."""

    number: int
    chemin: Path
    nom: str
    fichier: Fichier
    nouveau: bool
    lecture: Future[Premiere | Unreadable]


class _Lot:
    """One import: its files in turn, their readings two at a time behind them."""

    def __init__(
        self, library: Library, workers: Workers, dossier_id: str | None, password: str | None,
        genre: TypeDocument | None = None,
    ) -> None:  # fmt: skip
        self._library, self._workers, self._genre = library, workers, genre
        self._dossier_id, self._password = dossier_id, password
        self._group, self._added, self._halt = new_id(), 0, ""
        self._readers = ThreadPoolExecutor(_EN_VOL)
        self._flying: deque[_Vol] = deque()
        self._late: list[_Vol] = []
        self._slots: list[Importe | None] = []

    def __enter__(self) -> Self:
        if self._dossier_id is not None:
            with self._library.read() as db:
                existing(db, Dossier, self._dossier_id)
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._settle_all()
            for vol in self._late:
                self._keep_late(vol)
        finally:
            self._readers.shutdown()

    @property
    def importes(self) -> list[Importe]:
        """Return what became of each file, in their order."""
        return [importe for importe in self._slots if importe is not None]

    def take(self, candidat: Candidat) -> None:
        """Take in one file, or say why not."""
        chemin, refused = candidat.chemin, candidat.raison or self._halt
        self._slots.append(Importe(chemin, EtatImport.REFUSE, refused) if refused else None)
        if not refused:
            self._told(len(self._slots) - 1, chemin, lambda: self._copy(chemin))

    def take_bytes(self, contenu: bytes, nom: str) -> None:
        """Take in bytes under this name."""
        self._slots.append(None)
        chemin = Path(nom)

        def copy() -> None:
            mime = _mime(contenu)
            self._send(chemin, mime, self._library.vault.add_bytes(contenu), contenu)

        self._told(0, chemin, copy)

    def _told(self, number: int, chemin: Path, act: Callable[[], None]) -> bool:
        """Act, or put what failed in the place of the file; a full disk or a lost base stops the rest."""
        try:
            act()
        except AppError as error:
            self._halt = str(error) if isinstance(error, Unavailable) else self._halt
            self._slots[number] = Importe(chemin, EtatImport.REFUSE, str(error))
            return False
        return True

    def _copy(self, chemin: Path) -> None:
        copie = Copie(chemin)
        try:
            mime = _mime(copie.tete)
            self._library.vault.check_space(copie.taille)
            depot = self._library.vault.add(cast("BinaryIO", copie))
        finally:
            copie.close()
        self._send(chemin, mime, depot, copie.contenu)

    def _send(self, chemin: Path, mime: str, depot: Depot, contenu: bytes | None) -> None:
        """Have the bytes read by a worker while the next file is copied, unless a document has them already."""
        fichier = Fichier(id=depot.empreinte, sha256=depot.sha256, taille=depot.taille, mime=mime)
        number = len(self._slots) - 1
        if not depot.nouveau:
            self._settle_all()
            with self._library.read() as db:
                jumeau = _twin(db, fichier.id)
            if jumeau is not None:
                self._slots[number] = _already(chemin, jumeau)
                return
            if not self._library.vault.holds(fichier.id):  # its twin could not be recorded, and took the bytes away
                raise Unavailable(self._halt or _LOST)
        reading = self._readers.submit(self._read, fichier, contenu)
        self._flying.append(_Vol(number, chemin, displayed(chemin), fichier, depot.nouveau, reading))
        while len(self._flying) > _EN_VOL:
            self._settle()

    def _read(self, fichier: Fichier, contenu: bytes | None) -> Premiere | Unreadable:
        octets = self._library.vault.read(fichier.id) if contenu is None else contenu
        return read_first(self._library, self._workers, fichier, octets, password=self._password)

    def _settle_all(self) -> None:
        while self._flying:
            self._settle()

    def _settle(self) -> None:
        """Record the oldest file with its reading; without it when it is slow or fails: it will be read later."""
        vol, found = self._flying.popleft(), None
        try:
            found = vol.lecture.result(timeout=_PATIENCE)
        except TimeoutError:
            self._late.append(vol)
        except (AppError, Cancelled):
            pass
        if not self._told(vol.number, vol.chemin, lambda: self._record(vol, found)) and vol.nouveau:
            with suppress(AppError):
                self._library.vault.remove(vol.fichier.id)

    def _record(self, vol: _Vol, found: Premiere | Unreadable | None) -> None:
        """Write the fact, one transaction a file, with what was read of it."""
        moment = now()
        document = Document(
            titre=title_of(vol.nom),
            nom=vol.nom,
            empreinte=vol.fichier.id,
            ajoute_le=moment,
            type=self._genre,
            classe_le=moment if self._genre else None,
        )
        label = "Ajouter un document" if not self._added else f"Ajouter {self._added + 1} documents"
        with self._library.write(label, group=self._group) as db:
            jumeau = _twin(db, vol.fichier.id)
            if jumeau is None:
                db.put(vol.fichier)
                if self._dossier_id is None or db.get(Dossier, self._dossier_id) is None:  # undone meanwhile: to file
                    db.put(document)
                else:
                    db.put(replace(document, classe_le=moment))  # dropped on a dossier: filed already
                    join(db, document.id, self._dossier_id)
                lecture = _keep(db, vol.fichier.id, found)
        if jumeau is not None:
            self._slots[vol.number] = _already(vol.chemin, jumeau)
            return
        self._added += 1
        self._slots[vol.number] = _read_as(Importe(vol.chemin, EtatImport.IMPORTE, "", document.id), lecture)

    def _keep_late(self, vol: _Vol) -> None:
        """Keep a reading that took its time; the document is there whatever comes of it."""
        importe = self._slots[vol.number]
        with suppress(AppError, Cancelled):
            found = vol.lecture.result()
            if importe is not None and importe.etat is EtatImport.IMPORTE:
                with self._library.write("Lire un papier", undoable=False) as db:
                    lecture = keep_first(db, vol.fichier.id, found)
                self._slots[vol.number] = _read_as(importe, lecture)


def _mime(tete: bytes) -> str:
    mime = sniff(tete)
    if mime is None:
        raise Refused(refusal_of(tete))
    return mime


def _keep(db: Writer, empreinte: str, found: Premiere | Unreadable | None) -> Lecture:
    if found is not None:
        return keep_first(db, empreinte, found)
    lecture = db.get(Lecture, empreinte) or Lecture(id=empreinte)
    db.put(lecture)
    return lecture


def _twin(db: Reader, empreinte: str) -> Document | None:
    """Return the document that has these bytes, or had them before it was turned or split; a live one first."""
    if db.get(Fichier, empreinte) is None:
        return None
    document = TABLE_OF[Document].c
    found = db.all(Document, document.empreinte == empreinte)
    found = found or db.all(Document, document.origines.contains(empreinte, autoescape=True))
    return min(found, key=lambda twin: (twin.supprime_le is not None, twin.ajoute_le), default=None)


def _already(chemin: Path, jumeau: Document) -> Importe:
    trashed = jumeau.supprime_le is not None
    raison = f"Déjà présent sous le titre « {jumeau.titre} »" + (", dans la corbeille." if trashed else ".")
    return Importe(chemin, EtatImport.DEJA, raison, jumeau.id, jumeau, trashed)


def _folder(chemin: Path, found: Sequence[Importe]) -> Importe:
    """Return what became of a whole folder, as one: refused when any of it was."""
    failed = [one for one in found if one.etat in (EtatImport.REFUSE, EtatImport.ILLISIBLE)]
    if found and not failed:
        return Importe(chemin, EtatImport.IMPORTE, document_id=found[0].document_id)
    reasons = "".join(f" {displayed(one.chemin)} : {after_colon(one.raison)}" for one in failed)
    return Importe(chemin, EtatImport.REFUSE, f"{summary(found)}.{reasons}")


def _read_as(importe: Importe, lecture: Lecture) -> Importe:
    """Return the file with what its first reading says of it."""
    if lecture.etat is EtatLecture.PROTEGE:
        return replace(importe, etat=EtatImport.ILLISIBLE, raison=lecture.raison, protege=True)
    if lecture.etat is EtatLecture.ILLISIBLE:
        return replace(importe, etat=EtatImport.ILLISIBLE, raison=lecture.raison)
    return replace(importe, etat=EtatImport.IMPORTE, raison="", protege=False)
