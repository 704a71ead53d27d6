"""What a person drops: files and folders, opened without harm and never touched."""

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.storage.vault import TAILLE_MAX

PROFONDEUR_MAX = 5
"""Folders within folders that are walked."""
FICHIERS_MAX = 5000
"""Files taken from what is dropped at once."""
GARDE_MAX = 32 * 1024 * 1024
"""Bytes up to which a file stays in memory after its copy, to be read without deciphering it again."""
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_HARMLESS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
_TETE = 4096


@dataclass(frozen=True, slots=True)
class Candidat:
    """One thing found under what was dropped; raison says why it is not taken, if it is not."""

    chemin: Path
    raison: str = ""


def walk(paths: Sequence[Path]) -> list[Candidat]:
    """Return the files under what was dropped, in order: folders are walked, links inside them are not followed."""
    found: list[Candidat] = []
    for path in paths:
        for candidat in _under(path, 0):
            if len(found) >= FICHIERS_MAX:
                raison = f"Pas plus de {FICHIERS_MAX} fichiers à la fois : ajoutez le reste ensuite."
                return [*found, Candidat(candidat.chemin, raison)]
            found.append(candidat)
    return found


def _under(path: Path, depth: int) -> Iterator[Candidat]:
    try:
        if not path.is_dir():
            yield Candidat(path)
            return
        if depth > PROFONDEUR_MAX:
            yield Candidat(path, f"Ce dossier est à plus de {PROFONDEUR_MAX} niveaux : ajoutez-le à part.")
            return
        with os.scandir(path) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        yield Candidat(path, f"Ce dossier ne peut pas être lu ({error.strerror}). Vérifiez vos droits.")
        return
    for entry in inside:
        if entry.name.startswith("."):
            continue
        if entry.is_symlink():
            yield Candidat(Path(entry.path), "C’est un raccourci : ajoutez plutôt le fichier qu’il désigne.")
        else:
            yield from _under(Path(entry.path), depth + 1)


class Copie:
    """The bytes of one source on their way to the safe: read once, from a file that must not change meanwhile."""

    def __init__(self, chemin: Path) -> None:
        """Open the source, or refuse it in French."""
        self.contenu: bytes | None = None
        self._descriptor = _open(chemin)
        try:
            self._before = os.fstat(self._descriptor)
            _accept(self._before)
            self.tete = self._start = self._more(_TETE)
        except OSError as error:
            self.close()
            raise _unreadable(error) from error
        except BaseException:
            self.close()
            raise
        self._read = 0
        self._chunks: list[bytes] | None = [] if self.taille <= GARDE_MAX else None

    @property
    def taille(self) -> int:
        """Return the size in bytes the source had when it was opened."""
        return self._before.st_size

    def read(self, size: int) -> bytes:
        """Return the next bytes, fewer only at the end; refuse a source that changed since it was opened."""
        try:
            start, self._start = self._start[:size], self._start[size:]
            chunk = start + self._more(size - len(start))
            self._read += len(chunk)
            if len(chunk) < size:
                self._check_unchanged()
        except OSError as error:
            raise _unreadable(error) from error
        if self._chunks is not None:
            self._chunks.append(chunk)
            if len(chunk) < size:
                self.contenu, self._chunks = b"".join(self._chunks), None
        return chunk

    def close(self) -> None:
        """Let go of the source."""
        os.close(self._descriptor)

    def _more(self, size: int) -> bytes:
        parts = []
        while size > 0 and (part := os.read(self._descriptor, size)):
            parts.append(part)
            size -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _check_unchanged(self) -> None:
        after, before = os.fstat(self._descriptor), self._before
        same = (after.st_size, after.st_mtime_ns) == (before.st_size, before.st_mtime_ns)
        if not same or self._read != before.st_size:
            raise Refused("Ce fichier a changé pendant la copie : attendez qu’il soit complet, puis réessayez.")


def _open(chemin: Path) -> int:
    """Open a file; the one link a person names is followed, once and for all, before it is opened."""
    try:
        real, found = os.fspath(chemin), os.lstat(chemin)
        if stat.S_ISLNK(found.st_mode):
            real = os.path.realpath(chemin, strict=True)
            found = os.lstat(real)
        _regular(found)  # a device is not even opened: that alone may have an effect
        return os.open(real, _FLAGS | _HARMLESS)
    except OSError as error:
        raise _unreadable(error) from error


def _accept(found: os.stat_result) -> None:
    _regular(found)
    if found.st_size == 0:
        raise Refused("Ce fichier est vide. Vérifiez l’original, puis ajoutez-le à nouveau.")
    if found.st_size > TAILLE_MAX:
        limit = TAILLE_MAX // (1024 * 1024)
        raise Refused(f"Ce fichier dépasse {limit} Mo. Réduisez-le ou découpez-le avant de l’ajouter.")


def _regular(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise Refused("Ce n’est pas un fichier ordinaire (périphérique ou tube) : il n’a pas été ouvert.")


def _unreadable(error: OSError) -> Refused:
    if isinstance(error, FileNotFoundError):
        return Refused("Ce fichier n’existe plus à cet endroit. Retrouvez-le, puis ajoutez-le à nouveau.")
    if isinstance(error, PermissionError):
        return Refused("Vous n’avez pas le droit de lire ce fichier. Demandez ce droit, puis réessayez.")
    if error.errno == errno.ELOOP:
        return Refused("Ce raccourci tourne en rond : ajoutez plutôt le fichier lui-même.")
    return Refused(f"Ce fichier ne peut pas être lu ({error.strerror}). Vérifiez le disque, puis réessayez.")
