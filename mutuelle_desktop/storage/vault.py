"""The bytes: every file encrypted once, named by a keyed digest, never changed.

Order of writing, each step durable before the next: draft in tmp/ → fsync → rename → fsync of the folder; only then
may a row name the file. Deleting goes the other way: row first, file after.
"""

import errno
import hashlib
import hmac
import os
import secrets
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mutuelle_desktop.domain.errors import Refused, Unavailable, Unreadable
from mutuelle_desktop.storage.keys import Keys
from mutuelle_desktop.storage.paths import fsync_folder, make_private

MAGIC = b"MDCOFF1\n"
CHUNK = 64 * 1024
TAG = 16
TAILLE_MAX = 200 * 1024 * 1024
"""Bytes of the largest paper that is taken in."""
PLACE_MIN = 64 * 1024 * 1024
"""Free bytes below which nothing more is taken in, so that the base can always be written."""
RESERVE = 8 * 1024 * 1024
"""Bytes kept aside so that deleting works on a full disk."""
TETE = 4096
"""First bytes of a file handed back for sniffing."""


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

    def __init__(self, folder: Path, keys: Keys, place_min: int = PLACE_MIN) -> None:
        self._root = folder
        self._keys = keys
        self._place_min = place_min
        self._files, self._tmp, self._orphans = (folder / name for name in ("fichiers", "tmp", "orphelins"))
        for sub in (self._files, self._tmp, self._orphans):
            make_private(sub)

    def add(self, stream: BinaryIO, limit: int = TAILLE_MAX) -> Depot:
        """Keep the bytes of a stream, durable on return; adding twice keeps one."""
        draft = self._tmp / f"{secrets.token_hex(8)}.part"
        try:
            sha256, taille, tete = self._encrypt(stream, draft, limit)
            empreinte = self.name_of(sha256)
            nouveau = self._place(draft, empreinte)
        except OSError as error:
            _discard(draft)
            raise _unavailable(error) from error
        except BaseException:
            _discard(draft)
            raise
        return Depot(empreinte, sha256, taille, tete, nouveau)

    def add_bytes(self, content: bytes) -> Depot:
        """Keep these bytes, durable on return."""
        return self.add(BytesIO(content))

    def read(self, empreinte: str) -> bytes:
        """Return the bytes of this name; a missing or altered file is told, never guessed."""
        try:
            with self.path(empreinte).open("rb") as source:
                return b"".join(self._decrypt(source))
        except FileNotFoundError:
            raise Unavailable(
                "Le fichier de ce document manque dans le coffre. Lancez « Vérifier le coffre », ou remettez une "
                "sauvegarde."
            ) from None
        except (InvalidTag, ValueError):
            raise Unreadable(
                "Le fichier de ce document est abîmé sur le disque. Remettez-le depuis une sauvegarde ou importez-le "
                "à nouveau."
            ) from None
        except OSError as error:
            raise _unavailable(error) from error

    def check(self, empreinte: str, sha256: str, taille: int) -> str | None:
        """Return « manquant » or « altéré », or None when the file is whole."""
        digest, size = hashlib.sha256(), 0
        try:
            with self.path(empreinte).open("rb") as source:
                for chunk in self._decrypt(source):
                    digest.update(chunk)
                    size += len(chunk)
        except FileNotFoundError:
            return "manquant"
        except (InvalidTag, ValueError, OSError):
            return "altéré"
        return None if digest.hexdigest() == sha256 and size == taille else "altéré"

    def holds(self, empreinte: str) -> bool:
        """Tell whether a file of this name is there."""
        return self.path(empreinte).exists()

    def remove(self, empreinte: str) -> None:
        """Remove a file that no row names any more."""
        with suppress(FileNotFoundError):
            self.path(empreinte).unlink()

    def restore_orphan(self, empreinte: str) -> bool:
        """Put a quarantined file back in its place; tell whether there was one."""
        orphan = self._orphans / empreinte
        if not orphan.exists():
            return False
        self._place(orphan, empreinte)
        return True

    def orphans(self) -> list[str]:
        """Return the names of the quarantined files."""
        return sorted(path.name for path in self._orphans.iterdir())

    def sweep(self, known: Callable[[], set[str]], older_than: float = 0) -> int:
        """Empty the drafts and quarantine files no row names; return how many were moved.

        Nothing is deleted here: after an older base is put back, good files look like orphans. Those quarantined
        before older_than (seconds since 1970) are removed.
        """
        for draft in self._tmp.iterdir():
            draft.unlink()
        names = {path.name: path for folder in self._files.iterdir() for path in folder.iterdir()}
        stray = names.keys() - known()
        for name in stray:
            os.replace(names[name], self._orphans / name)
            os.utime(self._orphans / name)
        if stray:
            fsync_folder(self._orphans)
        for orphan in self._orphans.iterdir():
            if orphan.stat().st_mtime < older_than:
                orphan.unlink()
        return len(stray)

    def check_space(self, taille: int) -> None:
        """Refuse to take in this many bytes when the disk would be nearly full."""
        stats = os.statvfs(self._root) if hasattr(os, "statvfs") else None
        if stats and stats.f_bavail * stats.f_frsize < taille + self._place_min:
            raise Unavailable(
                "Le disque est presque plein : ce papier n’a pas été ajouté. Libérez de la place, puis réessayez."
            )

    def release_reserve(self) -> bool:
        """Give the reserve back to a full disk; tell whether there was something to give."""
        reserve = self._root / "reserve.bin"
        try:
            size = reserve.stat().st_size
            os.truncate(reserve, 0)
        except OSError:
            return False
        return size > 0

    def rebuild_reserve(self) -> None:
        """Set the reserve aside again when there is room for it."""
        reserve = self._root / "reserve.bin"
        try:
            if reserve.exists() and reserve.stat().st_size >= RESERVE:
                return
            self.check_space(RESERVE)
            with reserve.open("wb") as out:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(out.fileno(), 0, RESERVE)
                else:
                    out.write(bytes(RESERVE))
        except (OSError, Unavailable):
            with suppress(OSError):
                os.truncate(reserve, 0)

    def name_of(self, sha256: str) -> str:
        """Return the keyed name of a digest: without the key, no one can tell which known paper is here."""
        return hmac.new(self._keys.noms, bytes.fromhex(sha256), hashlib.sha256).hexdigest()[:40]

    def path(self, empreinte: str) -> Path:
        """Return where the file of this name lies."""
        return self._files / empreinte[:2] / empreinte

    def _place(self, draft: Path, empreinte: str) -> bool:
        target = self.path(empreinte)
        if target.exists():
            draft.unlink()
            fsync_folder(target.parent)  # the twin may come from an import that was cut before its own
            return False
        if not target.parent.is_dir():
            target.parent.mkdir(mode=0o700)
            fsync_folder(self._files)
        os.replace(draft, target)
        fsync_folder(target.parent)
        return True

    def _cipher(self, salt: bytes) -> AESGCM:
        return AESGCM(HKDF(hashes.SHA256(), 32, salt, b"contenu").derive(self._keys.fichiers))

    def _encrypt(self, stream: BinaryIO, draft: Path, limit: int) -> tuple[str, int, bytes]:
        salt = secrets.token_bytes(32)
        cipher, digest, size, number = self._cipher(salt), hashlib.sha256(), 0, 0
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb", buffering=0) as out:
            _write(out.fileno(), MAGIC + salt)
            chunk = stream.read(CHUNK)
            tete = chunk[:TETE]
            while True:
                following = stream.read(CHUNK) if len(chunk) == CHUNK else b""
                digest.update(chunk)
                size += len(chunk)
                if size > limit:
                    raise Refused(
                        f"Ce fichier dépasse {limit // (1024 * 1024)} Mo. Réduisez-le ou découpez-le avant de l’ajouter."
                    )
                nonce = struct.pack(">QI", number, 0 if following else 1)
                _write(out.fileno(), cipher.encrypt(nonce, chunk, MAGIC))
                if not following:
                    break
                chunk, number = following, number + 1
            os.fsync(out.fileno())
        return digest.hexdigest(), size, tete

    def _decrypt(self, source: BinaryIO) -> Iterator[bytes]:
        head = source.read(len(MAGIC) + 32)
        if len(head) != len(MAGIC) + 32 or not head.startswith(MAGIC):
            raise ValueError("not a file of the vault")
        cipher, number = self._cipher(head[len(MAGIC) :]), 0
        chunk = source.read(CHUNK + TAG)
        while True:
            following = source.read(CHUNK + TAG) if len(chunk) == CHUNK + TAG else b""
            yield cipher.decrypt(struct.pack(">QI", number, 0 if following else 1), chunk, MAGIC)
            if not following:
                return
            chunk, number = following, number + 1


def _write(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]


def _discard(draft: Path) -> None:
    with suppress(OSError):
        draft.unlink()


def _unavailable(error: OSError) -> Unavailable:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    if full:
        return Unavailable("Le disque est plein : rien n’a été changé. Libérez de la place, puis réessayez.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Unavailable(
            "Le dossier des papiers ne peut pas être écrit : rien n’a été changé. Vérifiez vos droits sur ce dossier."
        )
    return Unavailable(
        f"Le disque n’a pas répondu comme il faut ({error.strerror}) : rien n’a été changé. Vérifiez qu’il est bien "
        "branché, puis réessayez."
    )
