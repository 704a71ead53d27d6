"""Where things are on this computer, and who may read them."""

import os
import tempfile
from pathlib import Path

import platformdirs

from mutuelle_desktop.domain.errors import Unavailable

NAME = "mutuelle-desktop"
VARIABLE = "MUTUELLE_DESKTOP_DONNEES"


def set_umask() -> None:
    """Make every file created from now on readable by its owner only."""
    os.umask(0o077)


def data_folder(given: Path | None = None) -> Path:
    """Return the folder of the library: the one given, else the environment's, else the user's own."""
    if given is not None:
        return given.expanduser().absolute()
    chosen = os.environ.get(VARIABLE)
    return Path(chosen).expanduser().absolute() if chosen else Path(platformdirs.user_data_dir(NAME, False))


def make_private(folder: Path) -> Path:
    """Make sure the folder exists and only its owner may enter it."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix" and folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except FileExistsError:
        raise Unavailable(f"« {folder} » n’est pas un dossier. Choisissez un autre emplacement.") from None
    except PermissionError:
        raise Unavailable(
            f"Le dossier « {folder} » ne peut pas être ouvert : vous n’avez pas le droit d’y écrire. "
            "Choisissez un autre emplacement ou demandez ce droit."
        ) from None
    except OSError as error:
        raise Unavailable(
            f"Le dossier « {folder} » ne peut pas être créé ({error.strerror}). Vérifiez que le disque est "
            "branché et qu’il y reste de la place."
        ) from error
    return folder


def runtime_folder() -> Path:
    """Return a private folder for copies opened outside; in memory where the system has one."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    if runtime and os.access(runtime, os.W_OK):
        return make_private(Path(runtime) / NAME)
    if os.name == "posix":
        return make_private(Path(tempfile.gettempdir()) / f"{NAME}-{os.getuid()}")
    return make_private(Path(platformdirs.user_cache_dir(NAME, False)) / "ouverts")


def fsync_folder(folder: Path) -> None:
    """Make the names in a folder durable; systems that cannot open a folder need nothing."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a small file whole or not at all, durable on return."""
    draft = path.with_name(path.name + ".tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.replace(draft, path)
    fsync_folder(path.parent)
