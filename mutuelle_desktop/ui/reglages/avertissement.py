"""Telling once, at the opening, that the data is where another program or a network may damage it."""

from collections.abc import Callable
from typing import Any

from mutuelle_desktop.services import lieux
from mutuelle_desktop.ui.desk import Desk

MARQUE = "emplacement.dit"
"""Name under which the library remembers the folder it was told about."""


def warn_of_place(desk: Desk, show: Callable[[], Any]) -> None:
    """Look in the background at where the data is, and tell when it is a cloud's or a network's; show leads there."""

    def look(_progress: object) -> str:
        library = desk.library
        folder = str(library.folder)
        with library.read() as db:
            if db.marque(MARQUE) == folder:
                return ""
        found = lieux.risk_of(library.folder)
        if found:
            with library.write("Noter l’emplacement", undoable=False) as db:
                db.set_marque(MARQUE, folder)
        return found

    def told(found: str) -> None:
        if found:
            desk.messages.tell(
                f"Où sont vos données\u00a0: {found[:1].lower()}{found[1:]}", "Voir", show, kind="warning"
            )

    desk.jobs.run("Emplacement", look, told, quiet=True)
