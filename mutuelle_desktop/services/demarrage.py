"""Starting with the session: an entry of the user's own autostart folder, as desktops of Linux read it."""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from mutuelle_desktop.domain.errors import Refused, Unavailable
from mutuelle_desktop.storage.paths import write_whole

FICHIER = "mutuelle-desktop.desktop"
DISCRET = "--discret"
"""The word that opens the window minimised."""
_CAGES = ("FLATPAK_ID", "SNAP")
_RESERVED = set(" \t\"'\\><~|&;$*?#()`")
_ENTRY = """[Desktop Entry]
Type=Application
Name=Mutuelle Desktop
Comment=Vos papiers de santé et vos échanges avec votre mutuelle, en ordre
Exec={commande}
Icon=mutuelle-desktop
Terminal=false
StartupNotify=false
X-GNOME-Autostart-enabled=true
"""


def program() -> list[str]:
    """Return the command that starts this very program: the installed one, or this Python and its package."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "mutuelle_desktop"]


def autostart_offered() -> bool:
    """Tell whether this system starts programs by such an entry: not from inside a cage, whose home is its own."""
    return sys.platform.startswith("linux") and not any(os.environ.get(name) for name in _CAGES)


def autostart_state() -> bool:
    """Tell whether the program starts with the session; an entry that the desktop's own settings put off does not."""
    try:
        lines = {line.strip().lower().replace(" ", "") for line in _entry().read_text("utf-8").splitlines()}
    except (OSError, ValueError):
        return False
    return autostart_offered() and not lines & {"hidden=true", "x-gnome-autostart-enabled=false"}


def set_autostart(on: bool) -> None:
    """Start with the session from now on, minimised, or no more; doing it twice is the same."""
    if on and not autostart_offered():
        raise Refused(
            "Ce système ne permet pas au programme de démarrer avec la session. Ajoutez-le dans les réglages de "
            "l’ordinateur, parmi les programmes qui démarrent avec elle."
        )
    path = _entry()
    try:
        if on:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, entry_text([*program(), DISCRET]).encode())
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(
            f"Le démarrage avec la session n’a pas pu être changé ({error.strerror}). Vérifiez vos droits sur le "
            f"dossier «\u00a0{path.parent}\u00a0»."
        ) from error


def follow_autostart() -> None:
    """Have an entry of ours start the program where it is now, when it is no longer where it was."""
    if autostart_state() and not is_there(program_of(_entry().read_text("utf-8"))):
        set_autostart(True)


def entry_text(command: Sequence[str]) -> str:
    """Return the entry that runs this command, quoted as the Desktop Entry Specification 1.5 asks."""
    return _ENTRY.format(commande=" ".join(_quoted(word) for word in command))


def program_of(text: str) -> str:
    """Return the program that an entry written here starts, or nothing."""
    found = re.search(r'^Exec=(?:"((?:\\.|[^"\\])*)"|(\S+))', text.replace("\\\\", "\\"), re.MULTILINE)
    if found is None:
        return ""
    word = re.sub(r"\\(.)", r"\1", found[1]) if found[1] else found[2]
    return word.replace("%%", "%")


def is_there(name: str) -> bool:
    """Tell whether a program is still where it was started from."""
    return bool(name) and Path(name).is_file()


def _quoted(word: str) -> str:
    if any(not character.isprintable() for character in word):
        raise Refused("Le chemin du programme contient un signe que le système n’accepte pas.")
    text = word.replace("%", "%%")
    if not set(word) & _RESERVED:
        return text
    for character in '\\"`$':
        text = text.replace(character, f"\\{character}")
    return '"' + text.replace("\\", "\\\\") + '"'  # the value of a key is read once more: its \\ is one \


def _entry() -> Path:
    """Return where the user's own entry lies."""
    kept = os.environ.get("XDG_CONFIG_HOME")
    return (Path(kept) if kept else Path.home() / ".config") / "autostart" / FICHIER
