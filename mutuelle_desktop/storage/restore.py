"""Giving a snapshot back: into an empty folder only, verified whole before it is put in place by one rename.

What the folder holds may have been damaged or made by anyone: the list of papers is the one of the base itself, names
follow a strict pattern, sizes are known before anything is written, links are never followed, and every paper must
give back the content its row says.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mutuelle_desktop.domain.errors import Refused, Unavailable, Unreadable
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.domain.sauvegarde import Instantane
from mutuelle_desktop.storage import base
from mutuelle_desktop.storage import snapshots as kept
from mutuelle_desktop.storage.backup import MARGE, SourceError, pour
from mutuelle_desktop.storage.backup_folder import settle
from mutuelle_desktop.storage.bascule import EN_COURS, VERROU
from mutuelle_desktop.storage.keys import HEADER, Keys
from mutuelle_desktop.storage.parallel import several
from mutuelle_desktop.storage.paths import make_private
from mutuelle_desktop.storage.settings import FILE as SETTINGS
from mutuelle_desktop.storage.snapshots import Scelle
from mutuelle_desktop.storage.vault import sealed_size


class Incomplete(Unreadable):
    """A snapshot that cannot be given back whole; manquants are the titles of the papers it lacks."""

    def __init__(self, text: str, manquants: tuple[str, ...] = ()) -> None:
        super().__init__(text)
        self.manquants = manquants


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendu:
    """What a restore gave: where, from which snapshot, how many papers, and the titles of those that are missing."""

    dossier: Path
    instantane: Instantane
    papiers: int
    manquants: tuple[str, ...] = ()


def restore(
    chosen: Path, name: str | None, target: Path, *, despite: bool = False, progress: Progress | None = None
) -> Rendu:
    """Give a snapshot back (the last one by default) in a folder that is empty or not there yet.

    A damaged snapshot raises Incomplete, which tells what would be missing; with despite, the rest is given back all
    the same, and when the very base is damaged, that of the newest snapshot before it.
    """
    root = root_of(chosen)
    target = target.expanduser().absolute()
    _refuse_used(target, root)
    there = kept.names(root)
    if name is not None and name not in there:
        raise Refused(f"Cette sauvegarde n’a pas d’instantané «\u00a0{name}\u00a0».")
    newest = name or (there[-1] if there else None)
    if newest is None:
        raise Unreadable(f"La sauvegarde «\u00a0{root}\u00a0» ne contient aucun instantané entier.")
    for found in [n for n in reversed(there) if n <= newest] if despite else [newest]:
        try:
            return _Restore(root, found, target, progress or Progress()).run(despite=despite)
        except Incomplete as error:
            if not despite:
                raise Incomplete(f"{error}{_advice(root, found)}", error.manquants) from error
    raise Unreadable(
        f"Aucun instantané de «\u00a0{root}\u00a0» ne peut être restauré\u00a0: la base de chacun est abîmée."
    )


def root_of(chosen: Path) -> Path:
    """Return the backup folder meant by a folder; refused when there is none."""
    chosen = chosen.expanduser().absolute()
    with kept.told_at(chosen):
        if not chosen.exists():
            raise Unavailable(
                f"Le dossier «\u00a0{chosen}\u00a0» est introuvable. S’il est sur une clé ou un disque amovible, "
                "branchez-le, puis réessayez."
            )
        root = kept.find_root(chosen)
    if root is None:
        raise Refused(
            f"«\u00a0{chosen}\u00a0» ne contient pas de sauvegarde de Mutuelle Desktop. Choisissez le dossier "
            f"«\u00a0{kept.DOSSIER}\u00a0» ou celui qui le contient."
        )
    return root


class _Restore:
    """One restore under way."""

    def __init__(self, root: Path, name: str, target: Path, progress: Progress) -> None:
        self._root, self._name, self._target, self._progress = root, name, target, progress
        self._snapshot = root / kept.INSTANTANES / name
        self._draft = target.with_name(f"{target.name}{EN_COURS}")

    def run(self, *, despite: bool) -> Rendu:
        found = kept.keys_for(self._root, self._name)
        if found is None:
            raise Incomplete("La clé de cet instantané («\u00a0coffre.json\u00a0») est abîmée.")
        header, keys = found
        self._begin()
        try:
            scelles = self._take_base(keys)
            lost = {scelle.id for scelle in scelles if not self._is_there(scelle)}
            if lost and not despite:
                raise self._incomplete(keys, lost)
            lost |= self._take_papers(keys, [scelle for scelle in scelles if scelle.id not in lost])
            if lost and not despite:
                raise self._incomplete(keys, lost)
            titles = kept.titles_of(self._draft / base.FILE, keys, lost)
            self._take_small(header)
            self._put_in_place()
        except BaseException:
            with suppress(OSError):
                shutil.rmtree(self._draft)
            raise
        return Rendu(
            dossier=self._target, instantane=kept.manifest_of(self._root, self._name).instantane,
            papiers=len(scelles) - len(lost), manquants=titles,
        )  # fmt: skip

    def _begin(self) -> None:
        with kept.told_at(self._target):
            if os.path.lexists(self._draft):
                shutil.rmtree(self._draft)
        make_private(self._draft)

    def _take_base(self, keys: Keys) -> tuple[Scelle, ...]:
        """Copy the base, then check the copy: what was checked is what is used."""
        self._progress.step(0, 0, "Lecture de la base")
        size = kept.size_of(self._snapshot / base.FILE)
        if size is None:
            raise Incomplete("La base de cet instantané manque.")
        self._refuse_small_disk(size)
        if not self._copy(self._snapshot / base.FILE, self._draft / base.FILE):
            raise Incomplete("La base de cet instantané ne se lit pas.")
        try:
            content = kept.look_into(self._draft / base.FILE, keys)
        except Unreadable as error:
            raise Incomplete("La base de cet instantané est abîmée.") from error
        self._refuse_small_disk(sum(sealed_size(scelle.taille) for scelle in content.scelles if self._is_there(scelle)))
        return content.scelles

    def _is_there(self, scelle: Scelle) -> bool:
        return kept.sealed_size_of(self._root, scelle.id) == sealed_size(scelle.taille)

    def _take_papers(self, keys: Keys, scelles: list[Scelle]) -> set[str]:
        """Copy every paper and read it back; return those that are damaged."""
        damaged = set()
        total, done = sum(sealed_size(scelle.taille) for scelle in scelles), 0
        with kept.told_at(self._target):
            make_private(self._draft / kept.FICHIERS)
            for folder in {kept.sealed_path(self._draft, scelle.id).parent for scelle in scelles}:
                folder.mkdir(mode=0o700)
        with several(partial(self._take, keys), scelles) as taken:
            for number, scelle in enumerate(scelles, 1):
                self._progress.step(done // 1024, total // 1024, f"Restauration du papier {number} sur {len(scelles)}")
                if not next(taken):
                    damaged.add(scelle.id)
                done += sealed_size(scelle.taille)
        return damaged

    def _take(self, keys: Keys, scelle: Scelle) -> bool:
        target = kept.sealed_path(self._draft, scelle.id)
        with kept.told_at(self._target):
            if self._copy(kept.sealed_path(self._root, scelle.id), target) and kept.read_back(target, keys, scelle):
                return True
            target.unlink(missing_ok=True)
            return False

    def _take_small(self, header: Path) -> None:
        settings = self._snapshot / SETTINGS
        for source, name in ((header, HEADER), (settings, SETTINGS)):
            if kept.size_of(source, kept.PETIT) is not None and not self._copy(source, self._draft / name):
                raise Incomplete(f"Le fichier «\u00a0{name}\u00a0» de cet instantané ne se lit pas.")

    def _put_in_place(self) -> None:
        self._progress.step(0, 0, "Fin de la restauration")
        with kept.told_at(self._target):
            for folder in self._folders():
                settle(folder)
            if self._target.is_dir():
                (self._target / VERROU).unlink(missing_ok=True)
                self._target.rmdir()
            os.rename(self._draft, self._target)
            settle(self._target.parent)

    def _folders(self) -> Iterator[Path]:
        yield from (path for path in (self._draft / kept.FICHIERS).iterdir())
        yield self._draft / kept.FICHIERS
        yield self._draft

    def _copy(self, source: Path, target: Path) -> bool:
        """Copy one file, durable; tell whether it could be read."""
        try:
            descriptor = kept.open_plain(source)
        except OSError:
            return False
        try:
            with kept.told_at(self._target):
                pour(descriptor, target)
        except SourceError:
            return False
        finally:
            os.close(descriptor)
        return True

    def _incomplete(self, keys: Keys, lost: set[str]) -> Incomplete:
        titles = kept.titles_of(self._draft / base.FILE, keys, lost)
        count = (
            "Un papier manque ou est abîmé" if len(titles) == 1 else f"{len(titles)} papiers manquent ou sont abîmés"
        )
        return Incomplete(f"{count} dans cet instantané\u00a0: {listed(titles)}.", titles)

    def _refuse_small_disk(self, wanted: int) -> None:
        with kept.told_at(self._target):
            free = shutil.disk_usage(self._target.parent).free
        if free < wanted + MARGE:
            raise Unavailable(
                f"Il faut {(wanted + MARGE) // 1_000_000 + 1}\u00a0Mo pour restaurer dans «\u00a0{self._target}\u00a0», il reste "
                f"{free // 1_000_000}\u00a0Mo. Libérez de la place ou choisissez un autre dossier."
            )


def listed(titles: tuple[str, ...], most: int = 10) -> str:
    """Return titles between guillemets, the first ones when they are many."""
    shown = ", ".join(f"«\u00a0{title}\u00a0»" for title in titles[:most])
    rest = len(titles) - most
    return f"{shown} et {rest} autre{'s' if rest > 1 else ''}" if rest > 0 else shown


def _refuse_used(target: Path, root: Path) -> None:
    place, backup = target.resolve(), root.resolve()
    if place == backup or place.is_relative_to(backup):
        raise Refused("On ne restaure pas une sauvegarde dans elle-même. Choisissez un autre dossier.")
    if not os.path.lexists(target):
        return
    if not target.is_dir():
        raise Refused(f"«\u00a0{target}\u00a0» n’est pas un dossier. Choisissez un dossier vide.")
    with kept.told_at(target):
        if any(name != VERROU for name in os.listdir(target)):
            raise Refused(
                f"«\u00a0{target}\u00a0» n’est pas vide\u00a0: une sauvegarde se restaure dans un dossier vide, pour que rien ne "
                "soit écrasé. Donnez-en un autre."
            )


def _advice(root: Path, name: str) -> str:
    """Return the sentence that points to the newest snapshot before a damaged one that seems whole."""
    for other in reversed([found for found in kept.names(root) if found < name]):
        listed_one = kept.manifest_of(root, other)
        if listed_one.instantane.lisible and all(
            kept.sealed_size_of(root, mark) == size for mark, (size, _) in listed_one.fichiers.items()
        ):
            return f" L’instantané «\u00a0{other}\u00a0», plus ancien, paraît entier."
    return ""
