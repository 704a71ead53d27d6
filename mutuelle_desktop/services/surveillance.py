"""The watched folder: what has stopped growing there is taken in, and left where it is."""

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path

from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.schema import TABLE_OF

Trace = tuple[int, int]
"""Size in bytes and moment of the last change in nanoseconds: what a growing file does not keep."""
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", "~")


def stable_files(folder: Path, seen: dict[Path, Trace]) -> list[Path]:
    """Return the files unchanged since the last look, by name; seen is what that look saw, brought up to date.

    Hidden, empty and half-downloaded files are not looked at, nor folders; a folder that is gone holds nothing.
    """
    now_there = _look(folder)
    stable = sorted(path for path, trace in now_there.items() if seen.get(path) == trace)
    seen.clear()
    seen.update(now_there)
    return stable


def _look(folder: Path) -> dict[Path, Trace]:
    found: dict[Path, Trace] = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith((".", "~")) or entry.name.lower().endswith(_UNFINISHED):
                    continue
                with suppress(OSError):  # this one went away meanwhile
                    there = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(there.st_mode) and there.st_size:
                        found[Path(entry.path)] = (there.st_size, there.st_mtime_ns)
    except OSError:  # unplugged: the next look will tell
        return found
    return found


class Surveillance:
    """One watched folder, and what was already handed over from it."""

    def __init__(self, folder: Path, library: Library | None = None) -> None:
        """Watch this folder; with a library, what it has already is not handed over at each start."""
        self._folder, self._library = folder, library
        self._seen: dict[Path, Trace] = {}
        self._handed: dict[Path, Trace] = {}

    def poll(self) -> list[Path]:
        """Return the files that have stopped growing and were not handed over yet."""
        stable = stable_files(self._folder, self._seen)
        new = [path for path in stable if self._handed.get(path) != self._seen[path]]
        self._handed = {path: trace for path, trace in self._seen.items() if path in stable}
        return [path for path in new if not (self._library and is_known(self._library, path))]


def is_known(library: Library, path: Path) -> bool:
    """Tell whether a document, even in the trash, has the bytes of this file; False when it cannot be read."""
    try:
        with path.open("rb") as source:
            empreinte = library.vault.name_of(hashlib.file_digest(source, "sha256").hexdigest())
    except OSError:
        return False
    document = TABLE_OF[Document].c
    with library.read() as db:
        return bool(
            db.count(Document, document.empreinte == empreinte)
            or db.count(Document, document.origines.contains(empreinte, autoescape=True))
        )
