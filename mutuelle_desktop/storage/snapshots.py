"""What a backup folder looks like and how it is read: nothing found in it is believed before it is checked.

sauvegarde.json      which safe this is the backup of        LISEZ-MOI.txt
instantanes/AAAA-MM-JJTHHMMSS/                               base.db, coffre.json, reglages.json, manifeste.json
fichiers/ab/ab12…    every encrypted paper once, whichever snapshots name it
tmp/                 what is being written; nothing there is ever believed
"""

import errno
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from mutuelle_desktop.domain.errors import TooNew, Unavailable, Unreadable
from mutuelle_desktop.domain.sauvegarde import Instantane
from mutuelle_desktop.storage import base
from mutuelle_desktop.storage.keys import HEADER, Keys, header_of
from mutuelle_desktop.storage.vault import Source, holds_content

FORMAT = 1
DOSSIER = "Mutuelle Desktop – sauvegarde"
MARQUE, LISEZ_MOI, MANIFESTE = "sauvegarde.json", "LISEZ-MOI.txt", "manifeste.json"
INSTANTANES, FICHIERS, BROUILLONS = "instantanes", "fichiers", "tmp"
PETIT = 64 * 1024
"""Bytes beyond which a header or the settings cannot be what they should."""
MANIFESTE_MAX = 256 * 1024 * 1024
NOM = "%Y-%m-%dT%H%M%S"
_NOM = re.compile(r"\d{4}-\d\d-\d\dT\d{6}")
EMPREINTE = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
BLOC = 1024 * 1024
UNKNOWN = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF)
"""What a disk answers that does not know how to make the names of a folder durable."""


@dataclass(frozen=True, slots=True)
class Scelle:
    """One paper a base names: its name, the SHA-256 and the size in bytes of its content."""

    id: str
    sha256: str
    taille: int


@dataclass(frozen=True, slots=True)
class Contenu:
    """What a base at rest holds; etat tells apart two states of the same library."""

    version: int
    scelles: tuple[Scelle, ...]
    documents: int
    dossiers: int
    etat: str


@dataclass(frozen=True, slots=True)
class Manifeste:
    """The list of a snapshot: for each file, its size in bytes and the SHA-256 of its encrypted bytes."""

    instantane: Instantane
    fichiers: dict[str, tuple[int, str]] = field(default_factory=dict)


def find_root(chosen: Path) -> Path | None:
    """Return the backup folder meant by a folder: itself, the one inside it, or the one it is part of."""
    for folder in (chosen, chosen / DOSSIER, chosen.parent, chosen.parent.parent):
        with suppress(OSError):
            if is_folder(folder) and (safe_of(folder) is not None or names(folder)):
                return folder
    return None


def safe_of(root: Path) -> str | None:
    """Return the identity of the safe a folder is the backup of, or None."""
    try:
        mark = json.loads(read_small(root / MARQUE, PETIT))
    except (OSError, ValueError):
        mark = None
    if isinstance(mark, dict):
        if isinstance(mark.get("format"), int) and mark["format"] > FORMAT:
            raise TooNew(
                "Cette sauvegarde a été faite par une version plus récente de Mutuelle Desktop. Installez la dernière "
                "version\u00a0: rien n’a été changé."
            )
        if isinstance(mark.get("coffre"), str):
            return str(mark["coffre"])
    for name in reversed(names(root)):
        header = header_in(root / INSTANTANES / name)
        if header:
            return header[0]
    return None


def names(root: Path) -> list[str]:
    """Return the names of the snapshots, oldest first; whatever else lies there is left alone."""
    if not is_folder(root / INSTANTANES):
        return []
    found = (name for name in os.listdir(root / INSTANTANES) if moment_of(name) is not None)
    return sorted(name for name in found if is_folder(root / INSTANTANES / name))


def moment_of(name: str) -> datetime | None:
    """Return when a snapshot of this name was made, or None when it is no such name."""
    if not _NOM.fullmatch(name):
        return None
    try:
        return datetime.strptime(name, NOM)  # noqa: DTZ007 - the wall clock's, like the name
    except ValueError:
        return None


def header_in(snapshot: Path) -> tuple[str, Keys] | None:
    """Return the identity and the keys a snapshot opens with, or None when its header is damaged."""
    if size_of(snapshot / HEADER, PETIT) is None:
        return None
    return header_of(snapshot / HEADER)


def keys_for(root: Path, name: str) -> tuple[Path, Keys] | None:
    """Return the header that opens a snapshot and its keys: its own, else another's of the same safe."""
    safe = safe_of(root)
    for other in (name, *reversed(names(root))):
        header = header_in(root / INSTANTANES / other)
        if header and header[0] == safe:
            return root / INSTANTANES / other / HEADER, header[1]
    return None


def manifest_of(root: Path, name: str) -> Manifeste:
    """Return the list of a snapshot; one that cannot be read is empty and says so."""
    moment = moment_of(name)
    assert moment is not None
    try:
        kept = json.loads(read_small(root / INSTANTANES / name / MANIFESTE, MANIFESTE_MAX))
        if kept.pop("controle") != checksum(kept):
            raise ValueError("damaged")
        files = {str(mark): (int(size), str(sha)) for mark, (size, sha) in kept["fichiers"].items()}
        if not all(EMPREINTE.fullmatch(mark) and _SHA256.fullmatch(sha) for mark, (_, sha) in files.items()):
            raise ValueError("strange names")
        total = sum(size for size, _ in files.values()) + int(kept["base"][0])
        documents, dossiers = int(kept["documents"]), int(kept["dossiers"])
        lost = len(kept["manquants"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Manifeste(Instantane(nom=name, le=moment, lisible=False))
    found = Instantane(
        nom=name, le=moment, documents=documents, dossiers=dossiers, taille=total, manquants=lost
    )  # fmt: skip
    return Manifeste(found, files)


def checksum(manifest: dict[str, Any]) -> str:
    """Return what tells a damaged list; it protects from accidents, not from ill will."""
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def look_into(path: Path, keys: Keys) -> Contenu:
    """Read a base at rest, all of it; Unreadable when it is damaged, TooNew when a newer version made it."""
    try:
        driver = base.open_aside(path, keys.base)
    except dbapi2.Error as error:
        raise damaged_base() from error
    try:
        if driver.execute("PRAGMA application_id").fetchone()[0] != base.APPLICATION:
            raise damaged_base()
        version = int(driver.execute("PRAGMA user_version").fetchone()[0])
        if version > base.VERSION:
            raise TooNew(
                f"Cette sauvegarde a été faite par une version plus récente de Mutuelle Desktop (format {version}, celle-ci "
                f"connaît le format {base.VERSION}). Installez la dernière version\u00a0: rien n’a été changé."
            )
        if not base.is_whole(driver):
            raise damaged_base()
        return Contenu(version, _sealed(driver), *_counts(driver), state_of(driver.execute))
    except dbapi2.Error as error:
        raise damaged_base() from error
    finally:
        driver.close()


def titles_of(path: Path, keys: Keys, marks: set[str]) -> tuple[str, ...]:
    """Return the titles of the documents that need one of these files, as they are or as their original."""
    driver = base.open_aside(path, keys.base)
    try:
        rows = driver.execute("SELECT titre, empreinte, origines FROM document").fetchall()
    finally:
        driver.close()
    found = [titre for titre, mark, origins in rows if marks & {mark, *json.loads(origins)}]
    return tuple(dict.fromkeys(found)) or (("un fichier sans document",) if marks else ())


def state_of(execute: Any) -> str:
    """Return what changes with every action of the user and every reading that ends."""
    parts = [
        "SELECT coalesce(max(numero), 0), coalesce(max(le), 0), coalesce(sum(annule), 0) FROM journal",
        "SELECT count(*) FROM fichier",
        "SELECT count(*) FROM lecture WHERE etat = 'lu'",
    ]
    return "-".join(str(value) for sql in parts for value in execute(sql).fetchone())


def damaged_base() -> Unreadable:
    """Return the sentence for a base that does not read whole."""
    return Unreadable("La base de cet instantané est abîmée. Choisissez un instantané plus ancien.")


def open_plain(path: Path) -> int:
    """Open a regular file for reading, never through a link; what is anything else is an OSError."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file")
    return descriptor


def read_small(path: Path, limit: int) -> bytes:
    """Return a whole small file; OSError when it is larger than it may be, or anything but a file."""
    descriptor = open_plain(path)
    try:
        if os.fstat(descriptor).st_size > limit:
            raise OSError(errno.EFBIG, "larger than it may be")
        return b"".join(iter(lambda: os.read(descriptor, BLOC), b""))
    finally:
        os.close(descriptor)


def size_of(path: Path, limit: int | None = None) -> int | None:
    """Return the bytes of a regular file; None when there is none, or when it is larger than it may be."""
    try:
        found = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode) or (limit is not None and found.st_size > limit):
        return None
    return found.st_size


def is_folder(path: Path) -> bool:
    """Tell whether a true folder is there, not a link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def sealed_path(root: Path, mark: str) -> Path:
    """Return where a paper lies in a folder of papers."""
    return root / FICHIERS / mark[:2] / mark


def sealed_size_of(root: Path, mark: str) -> int | None:
    """Return the bytes of a paper's encrypted file; None when it is not there, or behind a link."""
    path = sealed_path(root, mark)
    true = is_folder(root / FICHIERS) and is_folder(path.parent)
    return size_of(path) if true else None


def read_back(path: Path, keys: Keys, scelle: Scelle) -> str | None:
    """Return the SHA-256 of an encrypted file that gives back the right content, else None."""
    stream = _Hashed(open_plain(path))
    try:
        whole = holds_content(keys, stream, scelle.sha256, scelle.taille)
    finally:
        os.close(stream.descriptor)
    return stream.digest.hexdigest() if whole else None


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    stream = _Hashed(open_plain(path))
    try:
        while stream.read(BLOC):
            pass
    finally:
        os.close(stream.descriptor)
    return stream.digest.hexdigest()


class _Hashed(Source):
    """Reads a file and digests what it reads."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self.digest = hashlib.sha256()

    def read(self, size: int, /) -> bytes:
        block = os.read(self.descriptor, size)
        while 0 < len(block) < size and (more := os.read(self.descriptor, size - len(block))):
            block += more
        self.digest.update(block)
        return block


@contextmanager
def told_at(place: Path) -> Iterator[None]:
    """Turn what a disk refuses into sentences that name the folder."""
    try:
        yield
    except OSError as error:
        raise Unavailable(_sentence(error, place)) from error


def _sentence(error: OSError, place: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return (
            f"Il n’y a pas assez de place dans «\u00a0{place}\u00a0»\u00a0: ce qui y était déjà est intact. Libérez de la "
            "place ou choisissez un autre dossier, puis réessayez."
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"On ne peut pas écrire dans «\u00a0{place}\u00a0»\u00a0: vous n’en avez pas le droit, ou le disque est en "
            "lecture seule. Choisissez un autre dossier."
        )
    if error.errno in (errno.EINVAL, getattr(errno, "EILSEQ", errno.EINVAL), errno.ENAMETOOLONG):
        return (
            f"Le disque de «\u00a0{place}\u00a0» ne sait pas garder ces fichiers. Choisissez un autre dossier ou un autre "
            "disque."
        )
    return (
        f"«\u00a0{place}\u00a0» ne répond plus\u00a0: la clé ou le disque a peut-être été retiré. Ce qui y était déjà est "
        "intact. Rebranchez-le, puis réessayez."
    )


def _sealed(driver: Any) -> tuple[Scelle, ...]:
    rows = [Scelle(*row) for row in driver.execute("SELECT id, sha256, taille FROM fichier ORDER BY id").fetchall()]
    for row in rows:
        named = EMPREINTE.fullmatch(str(row.id)) and _SHA256.fullmatch(str(row.sha256))
        if not named or not isinstance(row.taille, int) or row.taille < 0:
            raise damaged_base()
    return tuple(rows)


def _counts(driver: Any) -> tuple[int, int]:
    documents, dossiers = (
        driver.execute(f"SELECT count(*) FROM {table} WHERE supprime_le IS NULL").fetchone()[0]
        for table in ("document", "dossier")
    )
    return int(documents), int(dossiers)
