"""A program to be killed: loads the library once, then forks a child for each experiment.

Reads on standard input « action folder », answers « pret PID » when the child waits at its gate, opens the gate at the
next line, and answers « mort STATUS » when the child has ended. The child's own lines say what it believes done:
« garde ID », « va-jeter ID », « jette ID », « refus », « bogue », each with the moment of the monotonic clock.
"""

import gc
import os
import resource
import select
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import alembic.command  # noqa: F401 - loaded before the fork: what is cut short is the upgrade, not an import

from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.storage import base, migrations, parallel
from mutuelle_desktop.storage.backup import back_up
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.restore import restore
from tests.storage.foyer import content, take_in, throw_away

Gate = Callable[[], None]


def say(*words: object) -> None:
    os.write(1, (" ".join(str(word) for word in (*words, time.monotonic_ns())) + "\n").encode())


def attempt(act: Callable[..., object], *what: object) -> None:
    """Do it and say how it ended: done, refused in French, or a bug."""
    try:
        act(*what)
    except AppError:
        say("refus")
    except BaseException as error:
        say("bogue", type(error).__name__, repr(str(error)).replace(" ", "_"))


def keep(library: Library, contenu: bytes) -> None:
    say("garde", take_in(library, contenu).id)


def drop(library: Library, document: Document) -> None:
    say("va-jeter", document.id)
    throw_away(library, document)
    say("jette", document.id)


def upgrade(folder: Path) -> None:
    Library(folder).close()
    say("garde", "version-2")


def importer(folder: Path, gate: Gate) -> None:
    """One import, then a second: after a failure the program must still work."""
    library = Library(folder)
    gate()
    for number in (3, 1):
        attempt(keep, library, content(number))
    library.close()


def jeter(folder: Path, gate: Gate) -> None:
    """Throw every paper away."""
    library = Library(folder)
    with library.read() as db:
        documents = db.all(Document)
    gate()
    for document in documents:
        attempt(drop, library, document)
    library.close()


def ouvrir(folder: Path, gate: Gate) -> None:
    """Open, upgrading to the version whose migrations lie beside the folder."""
    base.VERSION = 2
    migrations.FOLDER = folder.parent / "migrations"
    gate()
    attempt(upgrade, folder)


def sauvegarder(folder: Path, gate: Gate) -> None:
    """Back up to the key beside the folder, which makes an older snapshot leave."""

    def act() -> None:
        say("garde", back_up(library, folder.parent / "cle", datetime(2026, 11, 24, 18, 2, 5)).instantane.nom)

    parallel.ENSEMBLE = 1  # one thread makes its calls in one order
    library = Library(folder)
    gate()
    attempt(act)
    library.close()


def restaurer(folder: Path, gate: Gate) -> None:
    """Restore the last snapshot of the key beside the folder into a new one."""

    def act() -> None:
        say("garde", restore(folder.parent / "cle", None, folder.parent / "rendu").instantane.nom)

    parallel.ENSEMBLE = 1
    gate()
    attempt(act)


def boucle(folder: Path, gate: Gate) -> None:
    """Import and throw away until killed."""
    library = Library(folder)
    gate()
    kept: list[Document] = []
    for number in range(10_000):
        document = take_in(library, content(number) + os.urandom(8))
        say("garde", document.id)
        kept.append(document)
        if number % 3 == 2:
            drop(library, kept.pop(0))


def etroit(folder: Path, gate: Gate) -> None:
    """Import and throw away where no file may grow past the base."""
    library = Library(folder)
    with library.read() as db:
        documents = db.all(Document)
    largest = (folder / "base.db").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    gate()
    attempt(keep, library, bytes(2 * largest))
    for document in documents:
        attempt(drop, library, document)
    library.close()


ACTIONS = {action.__name__: action for action in (importer, jeter, ouvrir, sauvegarder, restaurer, boucle, etroit)}


def experiment(action: str, folder: str, gate: int) -> None:
    def wait() -> None:
        say("pret", os.getpid())
        select.select([gate], [], [])

    gc.disable()
    try:
        ACTIONS[action](Path(folder), wait)
    finally:
        os._exit(0)


def main() -> None:
    while line := sys.stdin.readline():
        action, folder = line.split(maxsplit=1)
        gate, opener = os.pipe()
        child = os.fork()
        if not child:
            os.close(opener)
            experiment(action, folder.strip(), gate)
        os.close(gate)
        sys.stdin.readline()
        os.close(opener)
        _, status = os.waitpid(child, 0)
        say("mort", status)


if __name__ == "__main__":
    main()
