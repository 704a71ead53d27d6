"""Putting a restored folder in the place of the data folder: two renames, mended at the next start when cut between.

Nothing heavy is imported here: every start looks first whether there is something to mend.
"""

import glob
import os
import shutil
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from mutuelle_desktop.domain.errors import Unavailable
from mutuelle_desktop.storage.paths import fsync_folder

PRETE, EN_COURS = ".restauration", ".restauration-en-cours"
"""What the name of a data folder is followed by: a restored one, whole, that waits to take its place; one in the making."""
OUBLIEE = ".restauration-oubliee"
AVANT = ".avant-restauration-"
"""What comes between the name of a data folder that was replaced and the moment it was."""
VERROU = ".verrou"
"""The lock of a data folder (instance.py): nothing of it is data."""


def ready_for(folder: Path) -> Path:
    """Return where a restored folder waits to take the place of the data folder."""
    return folder.with_name(f"{folder.name}{PRETE}")


def swap(folder: Path, moment: datetime) -> Path:
    """Put the restored folder that waits in the place of the data folder; return where the old one is kept.

    To be called with the lock of the data folder held and its library closed.
    """
    from mutuelle_desktop.storage.snapshots import told_at

    ready, old = ready_for(folder), _free_beside(folder, f"{folder.name}{AVANT}{moment:%Y-%m-%dT%H%M%S}")
    if not ready.is_dir():
        raise Unavailable(
            "Les données restaurées ne sont plus là\u00a0: rien n’a été changé. Recommencez la restauration."
        )
    with told_at(folder):
        if (folder / VERROU).exists():  # whoever starts meanwhile must find the lock taken
            shutil.copyfile(folder / VERROU, ready / VERROU)
        if os.path.lexists(folder):
            os.rename(folder, old)
        try:
            recover(folder)
        except OSError:
            with suppress(OSError):  # as it was, rather than no data at all
                os.rename(old, folder)
            raise
        (old / VERROU).unlink(missing_ok=True)
    return old


def recover(folder: Path) -> bool:
    """Finish a swap that was cut between its two renames; tell whether there was one."""
    ready = ready_for(folder)
    if os.path.lexists(folder) or not ready.is_dir():
        return False
    with suppress(FileNotFoundError):  # another start was faster
        os.rename(ready, folder)
    fsync_folder(folder.parent)
    return True


def set_drafts_aside(folder: Path) -> list[Path]:
    """Rename what restores that were cut or given up left beside the data folder; return what may be removed at leisure."""
    for end in (PRETE, EN_COURS):
        with suppress(OSError):
            left = folder.with_name(f"{folder.name}{end}")
            os.rename(left, _free_beside(folder, f"{folder.name}{OUBLIEE}"))
    return [path for path in folder.parent.glob(f"{glob.escape(folder.name)}{OUBLIEE}*") if path.is_dir()]


def forget_drafts(folder: Path) -> None:
    """Remove what restores that were cut or given up left beside the data folder."""
    for path in set_drafts_aside(folder):
        shutil.rmtree(path, ignore_errors=True)


def _free_beside(folder: Path, name: str) -> Path:
    number, found = 1, folder.with_name(name)
    while os.path.lexists(found):
        number += 1
        found = folder.with_name(f"{name}-{number}")
    return found
