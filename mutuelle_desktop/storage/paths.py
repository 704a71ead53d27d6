"""Where things are on this computer, who may read them, and how they are made durable."""

import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path

import platformdirs

from mutuelle_desktop.domain.errors import Unavailable

if sys.platform == "darwin":
    import fcntl

NAME = "mutuelle-desktop"
VARIABLE = "MUTUELLE_DESKTOP_DONNEES"
POINTER = "emplacement.json"
"""Name of the small file, in the folder of the user's configuration, that says where the data was moved to."""
SIGNS = ("base.db", "coffre.json", "coffre.json.copie")
"""Files one of which is in every folder that holds a library."""


def be_private() -> None:
    """Make every file created from now on readable by its owner only, and never let a crash write memory to disk."""
    os.umask(0o077)
    if os.name == "posix":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def data_folder(given: Path | None = None) -> Path:
    """Return the folder of the library: the one given, else the environment's, else the user's own."""
    if given is not None:
        return given.expanduser().absolute()
    chosen = os.environ.get(VARIABLE)
    return Path(chosen).expanduser().absolute() if chosen else own_folder()


def own_folder() -> Path:
    """Return where the user keeps the data when a start says nothing else: where it was moved to, or the usual place."""
    moved = read_pointer().get("dossier")
    return Path(moved) if moved else Path(platformdirs.user_data_dir(NAME, False))


def pointer_file() -> Path:
    """Return the file that says where the data was moved to; it is there only once it was."""
    return Path(platformdirs.user_config_dir(NAME, False)) / POINTER


def read_pointer() -> dict[str, str]:
    """Return what the file of the place says: dossier, and ancien with base (see write_pointer); {} without one."""
    try:
        kept = json.loads(pointer_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): v for k, v in kept.items() if isinstance(v, str)} if isinstance(kept, dict) else {}


def write_pointer(dossier: Path, *, ancien: Path | None = None, base: str = "") -> None:
    """Say that the data is in dossier from now on, in one durable step.

    ancien is the folder it was copied from, still to be removed, and base the SHA-256 of its base then.
    """
    kept = {"dossier": str(dossier.absolute())}
    if ancien is not None:
        kept |= {"ancien": str(ancien), "base": base}
    path = pointer_file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, json.dumps(kept, ensure_ascii=False, indent=1).encode())


def holds_library(folder: Path) -> bool:
    """Tell whether there are signs of a library in this folder."""
    return any((folder / name).exists() for name in SIGNS)


def _refuse_absent_place(folder: Path) -> None:
    """Never begin an empty library where moved data should be: it would look like a loss."""
    if not pointer_file().exists() or folder.absolute() != own_folder().absolute() or holds_library(folder):
        return
    old = read_pointer().get("ancien")
    spare = f" L’ancienne copie est encore dans « {old} »." if old and holds_library(Path(old)) else ""
    raise Unavailable(
        f"Vos données devraient être dans « {folder} », mais elles n’y sont pas. Si ce dossier est sur un disque "
        f"amovible ou un réseau, branchez-le, puis réessayez ; sinon choisissez le dossier où elles sont.{spare}"
    )


def make_private(folder: Path) -> Path:
    """Make sure the folder exists and only its owner may enter it.

    Missing parents are made in the user's own home only: elsewhere they mean a disk that is not plugged in, and an
    empty library begun in its place would look like a loss.
    """
    _refuse_absent_place(folder)
    if not folder.parent.is_dir() and not folder.is_relative_to(Path.home()):
        raise Unavailable(
            f"Le dossier « {folder.parent} » est introuvable. S’il est sur un disque amovible, branchez-le, puis "
            "réessayez ; sinon choisissez un autre emplacement."
        )
    try:
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fsync_folder(folder.parent)
        if os.name == "posix" and folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except (FileExistsError, NotADirectoryError):
        raise Unavailable(f"« {folder} » n’est pas un dossier. Choisissez un autre emplacement.") from None
    except PermissionError:
        raise Unavailable(
            f"Le dossier « {folder} » ne peut pas être ouvert : vous n’avez pas le droit d’y écrire. "
            "Choisissez un autre emplacement ou demandez ce droit."
        ) from None
    except OSError as error:
        raise Unavailable(
            f"Le dossier « {folder} » ne peut pas être créé ({error.strerror}). Vérifiez que le disque est "
            "branché, qu’il y reste de la place et qu’il n’est pas en lecture seule."
        ) from error
    return folder


def make_private_file(path: Path) -> None:
    """Make sure only its owner may read the file, when there is one."""
    if os.name == "posix":
        with suppress(OSError):
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)


def runtime_folder() -> Path:
    """Return a private folder for copies opened outside; in memory where the system has one."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and os.access(runtime, os.W_OK):
        return make_private(Path(runtime) / NAME)
    return make_private(Path(platformdirs.user_cache_dir(NAME, False)) / "ouverts")


def fsync(descriptor: int) -> None:
    """Make what was written durable; on macOS only a full sync asks the disk itself."""
    if sys.platform == "darwin":
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def fsync_file(path: Path) -> None:
    """Make a file that another library wrote durable."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        fsync(descriptor)
    finally:
        os.close(descriptor)


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder durable; systems that cannot open a folder need nothing."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(source: Path, target: Path) -> None:
    """Rename over the target; on Windows a scanner may hold a file for an instant: a few tries."""
    for pause in (0.02, 0.1, 0.5) if os.name == "nt" else ():
        try:
            os.replace(source, target)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    os.replace(source, target)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a small file whole or not at all, durable on return."""
    draft = path.with_name(path.name + ".tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        write_all(descriptor, content)
        fsync(descriptor)
    finally:
        os.close(descriptor)
    replace(draft, path)
    fsync_folder(path.parent)


def write_all(descriptor: int, content: bytes) -> None:
    """Write every byte, however many calls the system takes."""
    view = memoryview(content)
    while view:
        view = view[os.write(descriptor, view) :]
