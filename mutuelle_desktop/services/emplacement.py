"""Where the data is, and moving it: copied whole, verified, then one small file says that it is elsewhere.

Until that file is written the old place is in force, afterwards the new one: a stop at any instant leaves exactly one.
The old folder stays as it was until the user removes it. The library is closed while it moves.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mutuelle_desktop.domain.errors import AppError, Refused, Unavailable
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.services import minuterie
from mutuelle_desktop.storage import paths
from mutuelle_desktop.storage.failures import unavailable
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.paths import SIGNS, fsync, fsync_folder, holds_library, make_private, read_pointer
from mutuelle_desktop.storage.vault import PLACE_MIN

SOUS_DOSSIER = "Mutuelle Desktop"
"""Name of the folder made in one that holds other things."""
EN_COURS = "deplacement-en-cours"
"""Name of the file that marks a copy not finished yet: a later try may clear it away."""
OMIS = (".verrou", ".acces", ".fenetre", "reserve.bin", "tmp", EN_COURS)
"""What belongs to a run of the program, or is made again by itself."""
CONTENU = (
    "base.db", "base.db-journal", "coffre.json", "coffre.json.copie", "reglages.json", "fenetre.ini", "fichiers",
    "orphelins", "sauvegardes", "qt", *OMIS,
)  # fmt: skip
"""Everything the program ever puts in its folder."""
_BLOC = 1024 * 1024
_KO = 1024


@dataclass(frozen=True, slots=True)
class Ancien:
    """The folder the data was copied from, still there."""

    dossier: Path
    octets: int


@dataclass(frozen=True, slots=True)
class Deplacement:
    """What a move gave: from where to where, how many files and bytes."""

    ancien: Path
    dossier: Path
    fichiers: int
    octets: int


def size_of(folder: Path) -> int:
    """Return the bytes of what would be moved."""
    return sum(path.stat().st_size for path, _name in _files(folder))


def target_in(chosen: Path) -> Path:
    """Return the folder that would receive the data: the one chosen when it is free, else a new one in it."""
    return chosen if not chosen.exists() or _is_free(chosen) else chosen / SOUS_DOSSIER


def check_target(folder: Path, target: Path) -> int:
    """Return the bytes to copy there; raise Refused when the data cannot go there. Nothing is changed."""
    here, there = folder.resolve(), target.expanduser().resolve()
    if here == there:
        raise Refused("Vos données sont déjà dans ce dossier. Choisissez-en un autre.")
    if there.is_relative_to(here):
        raise Refused("Ce dossier est à l’intérieur de celui de vos données. Choisissez-en un autre, en dehors.")
    if there.exists() and not there.is_dir():
        raise Refused(f"« {target} » n’est pas un dossier. Choisissez un autre emplacement.")
    if there.exists() and holds_library(there) and not (there / EN_COURS).exists():
        raise Refused("Ce dossier contient déjà des données de Mutuelle Desktop. Choisissez-en un autre, vide.")
    if there.exists() and not _is_free(there):
        raise Refused("Ce dossier n’est pas vide. Choisissez un dossier vide, ou le nom d’un dossier à créer.")
    standing = there if there.exists() else there.parent
    if not standing.is_dir():
        raise Refused(f"Le dossier « {standing} » est introuvable. Créez-le d’abord, ou branchez le disque.")
    _check_writable(standing)
    needed = size_of(folder)
    free = shutil.disk_usage(standing).free
    if free < needed + PLACE_MIN:
        raise Refused(
            f"Il n’y a pas assez de place\u00a0: il faut {_mo(needed + PLACE_MIN)}, il reste {_mo(free)}. Libérez de la "
            "place ou choisissez un autre disque."
        )
    return needed


def move(folder: Path, target: Path, progress: Progress | None = None) -> Deplacement:
    """Copy the data of a closed library, verify the copy, then put it in force; the old folder is left as it is.

    When it fails, or the user gives up, the old place stays in force and what was copied is cleared away.
    """
    progress = progress or Progress()
    target = target.expanduser().absolute()
    check_target(folder, target)
    made, begun = not target.exists(), False
    try:
        make_private(target)
        begun = True
        _empty(target)
        paths.write_whole(target / EN_COURS, b"")
        marks = _copy(folder, target, progress)
        _verify(target, marks, progress)
        _open_copy(target, progress)
        (target / EN_COURS).unlink()
        fsync_folder(target)
        progress.step(1, 1, "Mise en service du nouveau dossier")
        paths.write_pointer(target, ancien=folder.absolute(), base=marks["base.db"][0])
    except BaseException as error:
        if begun and not _in_force(target):
            with suppress(OSError):
                _empty(target)
                if made:
                    target.rmdir()
        if isinstance(error, OSError):
            raise unavailable(error) from error
        raise
    _follow_timer(folder, target)
    return Deplacement(folder, target, len(marks), sum(size for _mark, size in marks.values()))


def old_place(folder: Path) -> Ancien | None:
    """Return the folder this one's data was copied from, as long as it is there."""
    kept = read_pointer()
    old = Path(kept.get("ancien", "-"))
    if kept.get("dossier") != str(folder.absolute()) or not old.is_absolute() or not holds_library(old):
        return None
    return Ancien(old, size_of(old))


def remove_old(folder: Path) -> int:
    """Remove the data that stayed in the old folder; return how many things of the user's own are left there."""
    found, kept = old_place(folder), read_pointer()
    if found is None:
        return 0
    old = found.dossier
    if folder.resolve().is_relative_to(old.resolve()) or old.resolve().is_relative_to(folder.resolve()):
        raise Refused("L’ancien dossier et le nouveau sont l’un dans l’autre\u00a0: rien n’a été effacé.")
    try:
        if _digest(old / "base.db")[0] != kept.get("base"):
            raise Refused(
                f"Les données de « {old} » ont changé depuis le déplacement\u00a0: elles n’ont pas été effacées. "
                "Ouvrez ce dossier pour voir ce qu’il contient."
            )
        for name in (*SIGNS, *CONTENU):
            _remove(old / name)
        left = list(old.iterdir())
        if not left:
            old.rmdir()
        paths.write_pointer(folder)
    except OSError as error:
        raise unavailable(error) from error
    return len(left)


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield every file to copy with its name inside the folder; the base, then its keys, come last.

    A copy cut short then holds papers without a base, which never passes for a library.
    """
    last = {name: folder / name for name in SIGNS if (folder / name).is_file()}
    for place, folders, names in os.walk(folder, followlinks=True):
        top = Path(place) == folder
        folders[:] = sorted(name for name in folders if not (top and name in OMIS))
        for name in sorted(names):
            path = Path(place) / name
            passing = top and (name in OMIS or name.endswith((".lock", ".tmp")))
            if not passing and not (top and name in last) and path.is_file():
                yield path, path.relative_to(folder).as_posix()
    yield from ((path, name) for name, path in last.items())


def _copy(folder: Path, target: Path, progress: Progress) -> dict[str, tuple[str, int]]:
    """Copy every file, durable on return; return the digest and size of each."""
    found = list(_files(folder))
    total, done = max(1, sum(path.stat().st_size for path, _name in found)), 0
    marks: dict[str, tuple[str, int]] = {}
    for path, name in found:
        progress.step(done // _KO, 2 * total // _KO + 2, f"Copie\u00a0: {_mo(done)} sur {_mo(total)}")
        copy = target / name
        copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        marks[name] = _copy_file(path, copy, progress)
        done += marks[name][1]
    for place, _folders, _names in os.walk(target, topdown=False):
        fsync_folder(Path(place))
    return marks


def _copy_file(path: Path, copy: Path, progress: Progress) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with path.open("rb") as source:
            while block := source.read(_BLOC):
                if progress.cancelled:
                    progress.step(0, 0)
                digest.update(block)
                size += len(block)
                paths.write_all(descriptor, block)
        fsync(descriptor)
        if hasattr(os, "posix_fadvise"):  # so that verifying reads the disk, not the memory
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(descriptor)
    found = path.stat()
    os.utime(copy, ns=(found.st_atime_ns, found.st_mtime_ns))  # what is set aside is kept 30 days from that moment
    return digest.hexdigest(), size


def _verify(target: Path, marks: dict[str, tuple[str, int]], progress: Progress) -> None:
    total, done = max(1, sum(size for _mark, size in marks.values())), 0
    for name, mark in marks.items():
        progress.step((total + done) // _KO, 2 * total // _KO + 2, f"Vérification\u00a0: {_mo(done)} sur {_mo(total)}")
        if _digest(target / name) != mark:
            raise Unavailable(
                f"La copie de « {name} » n’est pas fidèle\u00a0: ce disque écrit mal. Rien n’a été changé, choisissez-en un "
                "autre."
            )
        done += mark[1]


def _open_copy(target: Path, progress: Progress) -> None:
    """Make sure that what was copied opens and is whole."""
    progress.step(1, 1, "Ouverture de la copie")
    library = Library(target)
    try:
        whole = library.is_whole()
    finally:
        library.close()
    if not whole:
        raise Unavailable(
            "La base copiée n’est pas saine. Rien n’a été changé\u00a0: lancez « Vérifier le coffre », puis réessayez."
        )


def _in_force(target: Path) -> bool:
    return read_pointer().get("dossier") == str(target)


def _follow_timer(folder: Path, target: Path) -> None:
    """Have the reminders of a closed program look at the new place; none at all rather than the old one."""
    state = minuterie.timer_state()
    if not state.installee or state.heure is None:
        return
    try:
        minuterie.install_timer(minuterie.own_command(target), state.heure)
    except AppError:
        with suppress(AppError):
            minuterie.remove_timer()


def _is_free(folder: Path) -> bool:
    """Tell whether a folder is empty, or holds only what an unfinished copy left."""
    names = set(os.listdir(folder))
    return not names or (EN_COURS in names and names <= set(CONTENU))


def _empty(folder: Path) -> None:
    """Take away what an unfinished copy left; its mark goes last."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name == EN_COURS):
        _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _check_writable(folder: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x")
    except OSError as error:
        raise Refused(
            f"« {folder} » ne peut pas être écrit ({error.strerror}). Choisissez un autre emplacement, ou demandez ce "
            "droit."
        ) from error


def _digest(path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source:
        while block := source.read(_BLOC):
            digest.update(block)
            size += len(block)
    return digest.hexdigest(), size


def _mo(size: int) -> str:
    """Return a size as it is said, such as « 12 Mo »."""
    return (
        f"{max(1, round(size / _BLOC))}\u00a0Mo"
        if size < _BLOC * 1024
        else f"{size / _BLOC / 1024:.1f}\u00a0Go".replace(".", ",")
    )
