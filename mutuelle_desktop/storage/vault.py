"""The bytes: every file encrypted once, named by a keyed digest, never changed.

Order of writing, each step durable before the next: draft in tmp/ → fsync → rename → fsync of the folder; only then
may a row name the file. Deleting goes the other way: row first, file after.
"""

import hashlib
import hmac
import os
import secrets
import shutil
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mutuelle_desktop.domain.document import Fichier
from mutuelle_desktop.domain.errors import Refused, Unavailable, Unreadable
from mutuelle_desktop.storage.failures import unavailable
from mutuelle_desktop.storage.keys import Keys
from mutuelle_desktop.storage.paths import fsync, fsync_folder, make_private, replace, write_all

MAGIC = b"MDCOFF1\n"
SALT = 32
CHUNK = 64 * 1024
TAG = 16
TAILLE_MAX = 200 * 1024 * 1024
"""Bytes of the largest paper that is taken in."""
PLACE_MIN = 64 * 1024 * 1024
"""Free bytes below which nothing more is taken in, so that the base can always be written."""
RESERVE = 8 * 1024 * 1024
"""Bytes kept aside so that deleting works on a full disk."""
ETROIT = 4 * 1024 * 1024
"""Free bytes below which the reserve is given back: a transaction seldom needs more."""
TETE = 4096
"""First bytes of a file handed back for sniffing."""


class Source(Protocol):
    """Anything bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """Return at most this many bytes."""


class Constat(StrEnum):
    """What is wrong with a file of the vault."""

    MANQUANT = "manquant"
    ALTERE = "altéré"


@dataclass(frozen=True, slots=True)
class Depot:
    """What adding gave: the name, the SHA-256, the size in bytes, the first bytes, and whether it was new."""

    empreinte: str
    sha256: str
    taille: int
    tete: bytes
    nouveau: bool


class Vault:
    """A folder of encrypted files, each kept once."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self.fresh: set[str] = set()
        self._keys = keys
        self._session = secrets.token_hex(4)
        self._reserve = folder / "reserve.bin"
        self._root, self._files, self._tmp, self._orphans = (
            make_private(folder / name) for name in ("", "fichiers", "tmp", "orphelins")
        )

    def add(self, stream: BinaryIO, limit: int = TAILLE_MAX) -> Depot:
        """Keep the bytes of a stream, durable on return; adding twice keeps one."""
        self.check_space(0)
        draft = self.draft()
        try:
            sha256, taille, tete = self._encrypt(stream, draft, limit)
            empreinte = self.name_of(sha256)
            self.fresh.add(empreinte)  # before it is in place: a sweep or a purge may be running
            nouveau = self._place(draft, empreinte)
        except OSError as error:
            _discard(draft)
            raise unavailable(error) from error
        except BaseException:
            _discard(draft)
            raise
        return Depot(empreinte, sha256, taille, tete, nouveau)

    def add_bytes(self, content: bytes) -> Depot:
        """Keep these bytes, durable on return."""
        return self.add(BytesIO(content))

    def read(self, empreinte: str) -> bytes:
        """Return the bytes of this name; a missing, altered or exchanged file is told, never guessed."""
        digest = hashlib.sha256()
        try:
            with self.path(empreinte).open("rb") as source:
                content = b"".join(_decrypt(self._keys, source))
        except FileNotFoundError:
            raise Unavailable(
                "Le fichier de ce document manque dans le coffre. Lancez « Vérifier le coffre », ou remettez une "
                "sauvegarde."
            ) from None
        except (InvalidTag, ValueError):
            raise _altered() from None
        except OSError as error:
            raise unavailable(error) from error
        digest.update(content)
        if self.name_of(digest.hexdigest()) != empreinte:
            raise _altered()
        return content

    def check(self, fichier: Fichier) -> Constat | None:
        """Return what is wrong with the bytes of this row, or None when they are whole."""
        try:
            with self.path(fichier.id).open("rb") as source:
                whole = holds_content(self._keys, source, fichier.sha256, fichier.taille)
        except FileNotFoundError:
            return Constat.MANQUANT
        except OSError:
            return Constat.ALTERE
        return None if whole else Constat.ALTERE

    def holds(self, empreinte: str) -> bool:
        """Tell whether a file of this name is there."""
        return self.path(empreinte).exists()

    def remove(self, empreinte: str) -> None:
        """Remove a file that no row names any more."""
        try:
            self.path(empreinte).unlink(missing_ok=True)
        except OSError as error:
            raise unavailable(error) from error
        self.fresh.discard(empreinte)

    def draft(self) -> Path:
        """Return where a copy in the making may lie: what a cut leaves there goes at the next start."""
        return self._tmp / f"{self._session}-{secrets.token_hex(8)}.part"

    def restore_orphan(self, empreinte: str) -> bool:
        """Put a quarantined file back in its place; tell whether there was one."""
        orphan = self._orphans / empreinte
        if not orphan.exists():
            return False
        try:
            self._place(orphan, empreinte)
        except OSError as error:
            raise unavailable(error) from error
        return True

    def put_back(self, draft: Path, empreinte: str) -> None:
        """Put a file that was verified in the place of one that is missing or damaged, durable on return."""
        target = self.path(empreinte)
        try:
            target.parent.mkdir(mode=0o700, exist_ok=True)
            fsync_folder(self._files)
            replace(draft, target)
            fsync_folder(target.parent)
        except OSError as error:
            raise unavailable(error) from error

    def orphans(self) -> list[str]:
        """Return the names of the quarantined files."""
        return sorted(path.name for path in self._orphans.iterdir())

    def sweep(self, known: set[str], older_than: float = 0) -> int:
        """Empty the drafts and quarantine files that are not known; return how many were moved.

        Nothing good is deleted here: after an older base is put back, good files look like orphans, and after a newer
        one they come out of quarantine. Those quarantined before older_than (seconds since 1970) are removed.
        """
        try:
            return self._sweep(known, older_than)
        except OSError as error:
            raise unavailable(error) from error

    def check_space(self, taille: int) -> None:
        """Refuse to take in this many bytes when the disk would be nearly full."""
        try:
            free = shutil.disk_usage(self._root).free
        except OSError as error:
            raise unavailable(error) from error
        if free < taille + PLACE_MIN:
            raise Unavailable(
                "Le disque est presque plein : ce papier n’a pas été ajouté. Libérez de la place, puis réessayez."
            )

    def make_room(self) -> None:
        """Give the reserve back when the disk is nearly full, so that the base can still be written."""
        with suppress(OSError):
            if shutil.disk_usage(self._root).free < ETROIT:
                os.truncate(self._reserve, 0)

    def rebuild_reserve(self) -> None:
        """Set the reserve aside again when there is room for it."""
        try:
            if self._reserve.exists() and self._reserve.stat().st_size >= RESERVE:
                return
            self.check_space(RESERVE)
            descriptor = os.open(self._reserve, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(descriptor, 0, RESERVE)
                else:
                    write_all(descriptor, bytes(RESERVE))
            finally:
                os.close(descriptor)
        except (OSError, Unavailable):
            with suppress(OSError):
                os.truncate(self._reserve, 0)

    def name_of(self, sha256: str) -> str:
        """Return the keyed name of a digest: without the key, no one can tell which known paper is here."""
        return hmac.new(self._keys.noms, bytes.fromhex(sha256), hashlib.sha256).hexdigest()[:40]

    def path(self, empreinte: str) -> Path:
        """Return where the file of this name lies."""
        return self._files / empreinte[:2] / empreinte

    def _sweep(self, known: set[str], older_than: float) -> int:
        for draft in self._tmp.iterdir():
            if not draft.name.startswith(self._session):
                draft.unlink()
        there = {name: folder for folder in os.listdir(self._files) for name in os.listdir(self._files / folder)}
        stray = there.keys() - known - self.fresh
        for name in stray:
            quarantined = self._orphans / name
            replace(self._files / there[name] / name, quarantined)
            os.utime(quarantined)
        if stray:
            fsync_folder(self._orphans)
        for name in os.listdir(self._orphans):
            if name in known and name not in there:
                self._place(self._orphans / name, name)
            elif (self._orphans / name).stat().st_mtime < older_than:
                (self._orphans / name).unlink()
        return len(stray)

    def _place(self, draft: Path, empreinte: str) -> bool:
        target = self.path(empreinte)
        if target.exists():
            draft.unlink()
            fsync_folder(target.parent)  # the twin may come from an import that was cut before its own
            return False
        if not target.parent.is_dir():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            fsync_folder(self._files)
        replace(draft, target)
        fsync_folder(target.parent)
        return True

    def _encrypt(self, stream: BinaryIO, draft: Path, limit: int) -> tuple[str, int, bytes]:
        salt = secrets.token_bytes(SALT)
        cipher, digest, size, number = _cipher(self._keys, salt), hashlib.sha256(), 0, 0
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        try:
            write_all(descriptor, MAGIC + salt)
            chunk = _read(stream)
            tete = chunk[:TETE]
            while True:
                following = _read(stream) if len(chunk) == CHUNK else b""
                digest.update(chunk)
                size += len(chunk)
                if size > limit:
                    raise Refused(
                        f"Ce fichier dépasse {limit // (1024 * 1024)} Mo. Réduisez-le ou découpez-le, puis ajoutez-le."
                    )
                write_all(descriptor, cipher.encrypt(_nonce(number, last=not following), chunk, MAGIC))
                if not following:
                    break
                chunk, number = following, number + 1
            fsync(descriptor)
        finally:
            os.close(descriptor)
        return digest.hexdigest(), size, tete


def sealed_size(taille: int) -> int:
    """Return how many bytes the encrypted file of a content of this size has."""
    return len(MAGIC) + SALT + taille + TAG * max(1, -(-taille // CHUNK))


def holds_content(keys: Keys, source: Source, sha256: str, taille: int) -> bool:
    """Tell whether an encrypted file gives back exactly these bytes; OSError when it cannot be read."""
    digest, size = hashlib.sha256(), 0
    try:
        for chunk in _decrypt(keys, source):
            digest.update(chunk)
            size += len(chunk)
    except (InvalidTag, ValueError):
        return False
    return digest.hexdigest() == sha256 and size == taille


def _cipher(keys: Keys, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), 32, salt, b"contenu").derive(keys.fichiers))


def _decrypt(keys: Keys, source: Source) -> Iterator[bytes]:
    head = source.read(len(MAGIC) + SALT)
    if len(head) != len(MAGIC) + SALT or not head.startswith(MAGIC):
        raise ValueError("not a file of the vault")
    cipher, number = _cipher(keys, head[len(MAGIC) :]), 0
    chunk = source.read(CHUNK + TAG)
    while True:
        following = source.read(CHUNK + TAG) if len(chunk) == CHUNK + TAG else b""
        yield cipher.decrypt(_nonce(number, last=not following), chunk, MAGIC)
        if not following:
            return
        chunk, number = following, number + 1


def _nonce(number: int, *, last: bool) -> bytes:
    """Return the nonce of a chunk: its place and whether it ends the file, so that neither can be faked."""
    return struct.pack(">QI", number, int(last))


def _read(stream: BinaryIO) -> bytes:
    """Return a whole chunk even from a stream that gives less at a time."""
    chunk = stream.read(CHUNK)
    while 0 < len(chunk) < CHUNK:
        more = stream.read(CHUNK - len(chunk))
        if not more:
            break
        chunk += more
    return chunk


def _altered() -> Unreadable:
    return Unreadable(
        "Le fichier de ce document est abîmé sur le disque. Remettez-le depuis une sauvegarde ou importez-le à nouveau."
    )


def _discard(draft: Path) -> None:
    with suppress(OSError):
        draft.unlink()
