"""A program to be killed while it moves the data: forks a child for each instant, and says how each one ended.

`python -m tests.services.demenageur FOLDER TARGET`, the pointer being where XDG_CONFIG_HOME says. Every call of Python
that touches the disk is one instant (sys.addaudithook). Answers one line for each: the instant, then « mort » or « fini ».
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.services import emplacement
from mutuelle_desktop.storage import paths, vault
from mutuelle_desktop.storage.library import Library

CALLS = (
    "open",
    "os.rename",
    "os.remove",
    "os.mkdir",
    "os.rmdir",
    "os.utime",
    "os.scandir",
    "os.listdir",
    "shutil.rmtree",
)


def moved(folder: Path, target: Path, instant: int) -> None:
    left = instant

    def hook(event: str, _arguments: object) -> None:
        nonlocal left
        if event in CALLS:
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    emplacement.move(folder, target)


def places(folder: Path, target: Path) -> str:
    """Return which place is in force, having opened it and read every paper; the other is told too when it opens."""
    found = paths.data_folder()
    library = Library(found)
    try:
        assert library.is_whole()
        with library.read() as db:
            for document in db.all(Document):
                library.vault.read(document.empreinte)
            count = db.count(Document)
    finally:
        library.close()
    assert paths.holds_library(folder), "the old folder was touched"
    return f"{'avant' if found == folder else 'apres' if found == target else 'ailleurs'} {count}"


def main() -> None:
    folder, target = Path(sys.argv[1]), Path(sys.argv[2])
    vault.RESERVE = 4096
    instant, ended = 0, False
    while not ended:
        instant += 1
        paths.pointer_file().unlink(missing_ok=True)
        paths.write_pointer(folder)
        child = os.fork()
        if not child:
            try:
                moved(folder, target, instant)
            except BaseException as error:
                os.write(1, f"{instant} bogue {error!r}\n".encode())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        ended = not os.WIFSIGNALED(status)
        print(instant, "fini" if ended else "mort", places(folder, target), flush=True)
        if paths.data_folder() == folder and target.exists() and not (target / emplacement.EN_COURS).exists():
            shutil.rmtree(target)  # whole, but not in force: it is never taken for a remnant
            print(instant, "entier", flush=True)


if __name__ == "__main__":
    main()
