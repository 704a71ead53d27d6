"""What bench.py measures of backups: made, made again, given back, and how long the window waits meanwhile."""

import os
import shutil
import threading
import time
from contextlib import closing, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import bench_floors as floors


def sauvegarde(folder: str, count: str, rounds: str) -> dict[str, Any]:
    """Return the seconds of a first backup, of one more, of a restore and of plain durable copies of as many bytes."""
    from mutuelle_desktop.domain.document import Document, Fichier
    from mutuelle_desktop.storage.backup import back_up
    from mutuelle_desktop.storage.restore import restore

    place = Path(folder)
    took: dict[str, list[float]] = {name: [] for name in ("premiere", "suivante", "restauration", "copie")}
    with closing(_library(place / "donnees")) as library:
        for number in range(int(count)):
            depot = library.vault.add_bytes(os.urandom(300_000))
            with library.write("Ajouter") as db:
                db.put(Fichier(id=depot.empreinte, sha256=depot.sha256, taille=depot.taille, mime="application/pdf"))
                db.put(Document(titre=f"Papier {number}", nom=f"{number}.pdf", empreinte=depot.empreinte))
        (place / "donnees" / "reserve.bin").unlink(missing_ok=True)
        moment = datetime(2026, 11, 24, 12)  # noqa: DTZ001 - the wall clock's
        worst = _Wait(library)
        for _ in range(int(rounds) + 1):
            for name in ("cle", "copie", "rendu"):
                shutil.rmtree(place / name, ignore_errors=True)
            (place / "cle").mkdir()
            for name, work in (
                ("copie", lambda: floors.copy_durably(place / "donnees", place / "copie")),
                ("premiere", lambda: back_up(library, place / "cle", moment)),
                ("suivante", lambda: back_up(library, place / "cle", moment + timedelta(hours=1))),
                ("restauration", lambda: restore(place / "cle", None, place / "rendu")),
            ):
                os.sync()
                start = time.monotonic()
                with worst if name == "premiere" else nullcontext():
                    work()
                took[name].append(time.monotonic() - start)
    size = sum(path.stat().st_size for path in (place / "donnees").rglob("*") if path.is_file())
    return {**{name: found[1:] for name, found in took.items()}, "octets": size, "attente": worst.longest}


class _Wait:
    """Asks for its turn again and again, as the window does, and keeps the longest wait, in milliseconds."""

    def __init__(self, library: Any) -> None:
        self._library, self._over, self.longest = library, threading.Event(), 0.0

    def __enter__(self) -> None:
        self._over.clear()
        self._asking = threading.Thread(target=self._ask)
        self._asking.start()

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._asking.join()

    def _ask(self) -> None:
        while not self._over.wait(0.002):
            start = time.monotonic()
            with self._library.read():
                self.longest = max(self.longest, 1000 * (time.monotonic() - start))


def _library(folder: Path) -> Any:
    from mutuelle_desktop.storage.library import Library

    return Library(folder)
