"""Which folder the next start opens, and starting again: light, since the window is painted before the rest is loaded."""

import os
from pathlib import Path

from mutuelle_desktop.services.demarrage import program
from mutuelle_desktop.storage import paths

RELANCE = "relance"
"""Property of the application that asks for another start once this one has ended."""


def why_not(folder: Path) -> str:
    """Return why the data of this run cannot be moved, or ""."""
    if folder.absolute() == paths.own_folder().absolute() and not os.environ.get(paths.VARIABLE):
        return ""
    return (
        "Ce dossier a été choisi au lancement du programme\u00a0: pour en changer, lancez-le autrement. Seul le dossier "
        "habituel se déplace d’ici."
    )


def remember(folder: Path) -> None:
    """Keep a folder chosen because the usual one was not there, for the next starts."""
    from mutuelle_desktop.storage.failures import unavailable

    if folder.absolute() != paths.own_folder().absolute():
        try:
            paths.write_pointer(folder)
        except OSError as error:
            raise unavailable(error) from error


def start_again() -> None:
    """Start the program once more, apart from this run, which is about to end."""
    import subprocess

    subprocess.Popen(program(), start_new_session=True, stdin=subprocess.DEVNULL)
