"""Writing a backup: a dated snapshot of the base, and every paper the folder does not hold yet.

Order of writing, each step durable before the next: papers (draft → fsync → read back → rename → fsync of the folder),
then the snapshot whole in its draft, then one rename that makes it visible. Thinning goes the other way: the snapshot
leaves by a rename, and papers that no snapshot names go after. A cut at any instant leaves the earlier snapshots
whole, and the new one whole or invisible.
"""

import hashlib
import json
import os
import platform
import shutil
import threading
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from mutuelle_desktop import __version__
from mutuelle_desktop.domain.errors import Refused, Unavailable, Unreadable
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.domain.sauvegarde import Instantane, retained
from mutuelle_desktop.storage import snapshots as kept
from mutuelle_desktop.storage.backup_folder import make_folder, prepare, settle, write_new
from mutuelle_desktop.storage.failures import unavailable
from mutuelle_desktop.storage.keys import HEADER
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.parallel import several
from mutuelle_desktop.storage.paths import fsync as make_durable
from mutuelle_desktop.storage.paths import replace, write_all
from mutuelle_desktop.storage.settings import FILE as SETTINGS
from mutuelle_desktop.storage.snapshots import Contenu, Scelle
from mutuelle_desktop.storage.vault import sealed_size

MARGE = 4 * 1024 * 1024
"""Bytes that must be left free beyond what is written."""
_BUSY = threading.Lock()
_ESSAIS = 3  # times the base is taken again when papers were thrown away meanwhile


@dataclass(frozen=True, kw_only=True, slots=True)
class Ecrit:
    """What a backup wrote: where, the snapshot, how many papers and bytes were new.

    manquants are the titles of the papers already lost or damaged in the library, retires the older snapshots that
    left, etat the state of the library that is kept.
    """

    racine: Path
    instantane: Instantane
    nouveaux: int
    octets: int
    manquants: tuple[str, ...]
    retires: int
    etat: str


class _PurgedError(Exception):
    """A paper was thrown away for good between the copy of the base and its own."""


class SourceError(Exception):
    """The library's own file does not read."""


def back_up(library: Library, chosen: Path, moment: datetime, progress: Progress | None = None) -> Ecrit:
    """Add a snapshot, verified, to the backup in this folder; moment is the wall clock's."""
    if not _BUSY.acquire(blocking=False):
        raise Refused("Une sauvegarde est déjà en cours. Attendez qu’elle soit finie, puis réessayez.")
    try:
        root = prepare(library, chosen)
        with kept.told_at(root):
            for _ in range(_ESSAIS):
                with suppress(_PurgedError):
                    return _Backup(library, root, progress or Progress()).write(moment)
        raise Unavailable("Des papiers ont été supprimés pendant la sauvegarde. Relancez-la\u00a0: rien n’a été perdu.")
    finally:
        _BUSY.release()


def pour(source: int, target: Path, digest: Any = None) -> None:
    """Copy an open file into a new one, durable on return; digest, when given, is fed what was read."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(target, flags, 0o600)
    try:
        while block := _read(source):
            write_all(descriptor, block)
            if digest is not None:
                digest.update(block)
        make_durable(descriptor)
        if hasattr(os, "posix_fadvise"):  # what is read back must come from the disk, not from memory
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)


class _Backup:
    """One backup under way."""

    def __init__(self, library: Library, root: Path, progress: Progress) -> None:
        self._library = library
        self._root = root
        self._progress = progress
        owner = hashlib.sha256(f"{platform.node()} {library.folder}".encode()).hexdigest()[:12]
        self._draft = root / kept.BROUILLONS / owner
        self._entries: dict[str, tuple[int, str]] = {}
        self._lost: set[str] = set()
        self._new = self._bytes = 0

    def write(self, moment: datetime) -> Ecrit:
        cut = self._draft.exists()
        _clear(self._draft)
        make_folder(self._draft)
        base = self._library.vault.draft()
        try:
            self._copy_base(base)
            content = self._checked(base)
            self._take_papers(content)
            titles = kept.titles_of(base, self._library.keys, self._lost)
            snapshot = self._publish(base, content, moment, titles)
        except BaseException:
            with suppress(OSError):
                _clear(self._draft)
            raise
        finally:
            with suppress(OSError):
                base.unlink(missing_ok=True)
        gone = 0 if titles else thin(self._root, moment, again=cut)
        _clear(self._draft)
        return Ecrit(
            racine=self._root, instantane=snapshot, nouveaux=self._new, octets=self._bytes, manquants=titles,
            retires=gone, etat=content.etat,
        )  # fmt: skip

    def _copy_base(self, base: Path) -> None:
        """Take the base as it is now into the data folder's own drafts, which never keep the window waiting."""
        try:
            self._library.copy_base(base, lambda done, total: self._progress.step(done, total, "Copie de la base"))
        except OSError as error:
            raise unavailable(error) from error

    def _checked(self, base: Path) -> Contenu:
        self._progress.step(0, 0, "Vérification de la base")
        try:
            return kept.look_into(base, self._library.keys)
        except Unreadable:
            raise Unavailable(
                "La base de vos données est abîmée\u00a0: cette sauvegarde n’a pas été faite, les précédentes sont intactes. "
                "Restaurez la dernière d’entre elles."
            ) from None

    def _take_papers(self, content: Contenu) -> None:
        there = self._already_there(content, self._named_before())
        self._entries = dict(there)
        wanted = [scelle for scelle in content.scelles if scelle.id not in there]
        total = sum(sealed_size(scelle.taille) for scelle in wanted)
        self._refuse_small_disk(total + self._base_size())
        folders = sorted({kept.sealed_path(self._root, scelle.id).parent for scelle in wanted})
        for folder in folders:
            folder.mkdir(mode=0o700, exist_ok=True)
        done = 0
        with several(self._take, wanted) as taken:
            for number, scelle in enumerate(wanted, 1):
                self._progress.step(done // 1024, total // 1024, f"Copie du papier {number} sur {len(wanted)}")
                brought = next(taken)
                self._new += brought > 0
                self._bytes += brought
                done += sealed_size(scelle.taille)
        for folder in (*folders, self._root / kept.FICHIERS) if folders else ():
            settle(folder)

    def _named_before(self) -> dict[str, tuple[int, str]]:
        """Return the list of the newest snapshot that can be read; what only older ones name is read back."""
        lists = (kept.manifest_of(self._root, name) for name in reversed(kept.names(self._root)))
        return next((found.fichiers for found in lists if found.instantane.lisible), {})

    def _already_there(self, content: Contenu, known: dict[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
        """Return the papers that an earlier snapshot names and whose file has kept its size."""
        found = {}
        for scelle in content.scelles:
            entry = known.get(scelle.id)
            size = sealed_size(scelle.taille)
            if entry and entry[0] == size == kept.sealed_size_of(self._root, scelle.id):
                found[scelle.id] = entry
        return found

    def _take(self, scelle: Scelle) -> int:
        """Bring one paper, read it back and return the bytes brought; one already lost in the library is noted."""
        target, size = kept.sealed_path(self._root, scelle.id), sealed_size(scelle.taille)
        if kept.sealed_size_of(self._root, scelle.id) == size:  # left by a backup that was cut
            digest = self._read_back(target, scelle)
            if digest:
                self._entries[scelle.id] = (size, digest)
                return 0
        draft = self._draft / f"{scelle.id}.part"
        try:
            descriptor = _open_source(self._library.vault.path(scelle.id))
            try:
                pour(descriptor, draft)
            finally:
                os.close(descriptor)
        except SourceError:
            self._note_lost(scelle)
            return 0
        digest = self._read_back(draft, scelle)
        if digest is None:
            self._note_unlike(scelle, draft)
            return 0
        replace(draft, target)
        self._entries[scelle.id] = (size, digest)
        return size

    def _read_back(self, path: Path, scelle: Scelle) -> str | None:
        return kept.read_back(path, self._library.keys, scelle)

    def _note_lost(self, scelle: Scelle) -> None:
        with self._library.read() as db:
            if not db.raw("SELECT EXISTS (SELECT 1 FROM fichier WHERE id = ?)", (scelle.id,)).fetchone()[0]:
                raise _PurgedError
        self._lost.add(scelle.id)

    def _note_unlike(self, scelle: Scelle, draft: Path) -> None:
        """Tell a paper damaged in the library from a disk that does not keep what it is given."""
        draft.unlink()
        try:
            good = self._read_back(self._library.vault.path(scelle.id), scelle) is not None
        except OSError:
            good = False
        if good:
            raise Unavailable(
                f"Ce qui a été écrit dans «\u00a0{self._root}\u00a0» n’est pas relu pareil\u00a0: ce disque ou cette clé est "
                "peut-être défectueux. Choisissez-en un autre\u00a0; les sauvegardes précédentes n’ont pas été touchées."
            )
        self._lost.add(scelle.id)

    def _base_size(self) -> int:
        return (self._library.folder / "base.db").stat().st_size

    def _refuse_small_disk(self, wanted: int) -> None:
        disk = shutil.disk_usage(self._root)
        if disk.total and disk.free < wanted + MARGE:  # some network folders tell nothing at all
            raise Unavailable(
                f"Il faut {_megabytes(wanted + MARGE)} dans «\u00a0{self._root}\u00a0», il en reste {_megabytes(disk.free)}. "
                "Libérez de la place ou choisissez un autre dossier\u00a0: les sauvegardes précédentes sont intactes."
            )

    def _publish(self, base: Path, content: Contenu, moment: datetime, titles: tuple[str, ...]) -> Instantane:
        """Write the snapshot whole, then make it visible."""
        self._progress.step(0, 0, "Fin de la sauvegarde")
        draft = self._draft / "instantane"
        make_folder(draft)
        others = {}
        for source, name in ((base, "base.db"), *((self._library.folder / n, n) for n in (HEADER, SETTINGS))):
            if kept.size_of(source) is not None:
                others[name] = _carry(source, draft / name)
        manifest = {
            "format": kept.FORMAT, "programme": __version__, "version": content.version, "etat": content.etat,
            "documents": content.documents, "dossiers": content.dossiers, "manquants": sorted(self._lost),
            "base": others.pop("base.db"), "autres": others, "fichiers": self._entries,
        }  # fmt: skip
        text = json.dumps({**manifest, "controle": kept.checksum(manifest)})
        write_new(draft / kept.MANIFESTE, text.encode())
        settle(draft)
        self._progress.step(0, 0, "Fin de la sauvegarde")
        name = _free_name(self._root, moment)
        os.rename(draft, self._root / kept.INSTANTANES / name)
        settle(self._root / kept.INSTANTANES)
        return kept.manifest_of(self._root, name).instantane


def thin(root: Path, moment: datetime, *, again: bool = False) -> int:
    """Remove the snapshots whose time is over, then the papers that no other names; return how many snapshots left.

    Papers stay when one list cannot be read, for nobody knows which it names.
    """
    there = {found: name for name in kept.names(root) if (found := kept.moment_of(name))}
    leaving = [name for found, name in there.items() if found not in retained(there, moment)]
    trash = root / kept.BROUILLONS / "retires"
    again = again or kept.is_folder(trash)
    if not leaving and not again:
        return 0
    _clear(trash)
    make_folder(trash)
    for name in leaving:
        os.rename(root / kept.INSTANTANES / name, trash / name)
    settle(root / kept.INSTANTANES)
    lists = [kept.manifest_of(root, name) for name in kept.names(root)]
    if all(found.instantane.lisible for found in lists):
        named = {mark for found in lists for mark in found.fichiers}
        for path in (root / kept.FICHIERS).glob("[0-9a-f][0-9a-f]/*"):
            if kept.EMPREINTE.fullmatch(path.name) and path.name not in named:
                path.unlink()
    _clear(trash)
    return len(leaving)


def _clear(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _open_source(path: Path) -> int:
    try:
        return kept.open_plain(path)
    except OSError as error:
        raise SourceError from error


def _read(source: int) -> bytes:
    try:
        return os.read(source, kept.BLOC)
    except OSError as error:
        raise SourceError from error


def _carry(source: Path, target: Path) -> tuple[int, str]:
    """Copy one of the library's own files; return its size and digest, read back from where it was written."""
    descriptor, read = kept.open_plain(source), hashlib.sha256()
    try:
        pour(descriptor, target, read)
    except SourceError as error:
        raise Unavailable(
            "Le dossier des données ne se lit pas bien\u00a0: cette sauvegarde n’a pas été faite."
        ) from error
    finally:
        os.close(descriptor)
    digest = kept.digest_of(target)
    if digest != read.hexdigest():
        raise Unavailable(
            f"Ce qui a été écrit dans «\u00a0{target.parent}\u00a0» n’est pas relu pareil\u00a0: ce disque ou cette clé est "
            "peut-être défectueux. Choisissez-en un autre."
        )
    return target.stat().st_size, digest


def _free_name(root: Path, moment: datetime) -> str:
    """Return the name of the moment, or of the first second after it that is free."""
    while os.path.lexists(root / kept.INSTANTANES / moment.strftime(kept.NOM)):
        moment += timedelta(seconds=1)
    return moment.strftime(kept.NOM)


def _megabytes(size: int) -> str:
    return f"{max(1, size // 1_000_000)}\u00a0Mo"
