"""« Vérifier tout »: every base and every byte of a backup folder read, each damage told by name, mended when it can be."""

import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from mutuelle_desktop.domain.errors import Unreadable
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.storage import base
from mutuelle_desktop.storage import snapshots as kept
from mutuelle_desktop.storage.backup import SourceError, pour
from mutuelle_desktop.storage.backup_folder import settle
from mutuelle_desktop.storage.keys import Keys
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.paths import replace
from mutuelle_desktop.storage.snapshots import Scelle


@dataclass(frozen=True, slots=True)
class Examen:
    """What a whole check found: snapshots read, those whose base is damaged, titles lacking in each, papers mended."""

    instantanes: int
    papiers: int
    abimes: tuple[str, ...]
    manquants: dict[str, tuple[str, ...]]
    repares: int

    @property
    def sain(self) -> bool:
        """Tell whether every snapshot can be restored whole."""
        return not self.abimes and not self.manquants


def check_all(root: Path, library: Library | None = None, progress: Progress | None = None) -> Examen:
    """Read a whole backup; a damaged paper that the library still has is written again, without its snapshot moving."""
    with kept.told_at(root):
        return _Check(root, library, progress or Progress()).run()


def bring_back(root: Path, library: Library, scelle: Scelle) -> bool:
    """Put a paper of a backup back in the vault, where it is missing or damaged; tell whether the backup had it whole."""
    draft = library.vault.draft()
    try:
        if kept.sealed_size_of(root, scelle.id) is None:
            return False
        source = kept.open_plain(kept.sealed_path(root, scelle.id))
        try:
            pour(source, draft)
        finally:
            os.close(source)
        if kept.read_back(draft, library.keys, scelle) is None:
            return False
        library.vault.put_back(draft, scelle.id)
    except (OSError, SourceError):
        return False
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
    return True


@dataclass(slots=True)
class _Check:
    root: Path
    library: Library | None
    progress: Progress
    keys: dict[str, Keys] = field(default_factory=dict)
    named: dict[str, set[str]] = field(default_factory=dict)
    papers: dict[str, Scelle] = field(default_factory=dict)
    abimes: list[str] = field(default_factory=list)
    mended: int = 0

    def run(self) -> Examen:
        there = kept.names(self.root)
        for number, name in enumerate(there):
            self.progress.step(number, len(there), f"Vérification de l’instantané {number + 1} sur {len(there)}")
            self._read_base(name)
        damaged = self._read_papers()
        missing = {
            name: kept.titles_of(self._base(name), self.keys[name], marks & damaged)
            for name, marks in self.named.items()
            if marks & damaged
        }
        return Examen(len(there), len(self.papers), tuple(self.abimes), missing, self.mended)

    def _base(self, name: str) -> Path:
        return self.root / kept.INSTANTANES / name / base.FILE

    def _read_base(self, name: str) -> None:
        found = kept.keys_for(self.root, name)
        try:
            if found is None or kept.size_of(self._base(name)) is None:
                raise kept.damaged_base()
            content = kept.look_into(self._base(name), found[1])
        except Unreadable:
            self.abimes.append(name)
            return
        if not kept.manifest_of(self.root, name).instantane.lisible:
            self.abimes.append(name)
        self.keys[name] = found[1]
        self.named[name] = {scelle.id for scelle in content.scelles}
        self.papers.update({scelle.id: scelle for scelle in content.scelles})

    def _read_papers(self) -> set[str]:
        damaged = set()
        keys = next(iter(self.keys.values()), None)
        for number, scelle in enumerate(self.papers.values(), 1):
            assert keys is not None
            text = f"Vérification du papier {number} sur {len(self.papers)}"
            self.progress.step(number, len(self.papers), text)
            if not self._holds(keys, scelle) and not self._mend(scelle):
                damaged.add(scelle.id)
        return damaged

    def _holds(self, keys: Keys, scelle: Scelle) -> bool:
        try:
            if kept.sealed_size_of(self.root, scelle.id) is None:
                return False
            return kept.read_back(kept.sealed_path(self.root, scelle.id), keys, scelle) is not None
        except OSError:
            return False

    def _mend(self, scelle: Scelle) -> bool:
        """Write a damaged paper again from the library, when it is this safe's and still whole there."""
        if self.library is None:
            return False
        try:
            if kept.read_back(self.library.vault.path(scelle.id), self.library.keys, scelle) is None:
                return False
            source = kept.open_plain(self.library.vault.path(scelle.id))
        except OSError:
            return False
        target = kept.sealed_path(self.root, scelle.id)
        draft = target.with_name(f"{target.name}.part")
        try:
            target.parent.mkdir(mode=0o700, exist_ok=True)
            pour(source, draft)
        finally:
            os.close(source)
        if kept.read_back(draft, self.library.keys, scelle) is None:
            draft.unlink()
            return False
        replace(draft, target)
        settle(target.parent)
        self.mended += 1
        return True
