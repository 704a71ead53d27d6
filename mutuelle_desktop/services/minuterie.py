"""The reminders when the program is closed: a timer of the user's own systemd, put in and taken out on request."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import time
from pathlib import Path

from mutuelle_desktop.domain.errors import Refused, Unavailable
from mutuelle_desktop.services.demarrage import is_there, program
from mutuelle_desktop.storage.paths import write_whole
from mutuelle_desktop.storage.resources import resource

UNITE = "mutuelle-desktop-rappels"
JOURNEE = (time(8), time(21))
"""The human hours: nobody is told anything before the first nor from the second on."""
PATIENCE = 20
"""Seconds left to systemctl, which answers at once when there is a session."""


@dataclass(frozen=True, slots=True)
class EtatMinuterie:
    """Whether the timer is there and running; phrase says so to the user, heure is when it rings."""

    possible: bool
    installee: bool
    active: bool
    heure: time | None
    phrase: str


def is_human(heure: time) -> bool:
    """Tell whether one may be told something at that hour."""
    return JOURNEE[0] <= heure < JOURNEE[1]


def own_command(folder: Path) -> list[str]:
    """Return the command that tells the reminders of this data folder, as this very program is started."""
    return [*program(), "rappels", "--donnees", str(folder)]


def service_text(command: Sequence[str]) -> str:
    """Return the unit that runs the command once."""
    program, *words = command
    if set(program) & set("\"'\\*?["):
        raise Refused(_CHEMIN)
    return _template("service").format(commande=" ".join(_quoted(word) for word in (f":{program}", *words)))


def timer_text(heure: time) -> str:
    """Return the unit that calls the service every day at that hour, later if the computer was off."""
    return _template("timer").format(heure=f"{heure:%H:%M}")


def install_timer(command: Sequence[str], heure: time, home: Path | None = None) -> EtatMinuterie:
    """Have the command run every day at that hour; nothing stays when systemd refuses."""
    if not is_human(heure):
        raise Refused("Choisissez une heure entre 8\u00a0h et 21\u00a0h : les rappels ne viennent pas la nuit.")
    if _systemctl() is None:
        raise Refused(_ABSENT)
    folder = _units(home)
    kept = {path: path.read_bytes() for path in _files(folder) if path.exists()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        service, timer = _files(folder)
        write_whole(service, service_text(command).encode())
        write_whole(timer, timer_text(heure).encode())
    except OSError as error:
        _put_back(folder, kept)
        raise Unavailable(
            f"Les rappels n’ont pas pu être installés dans « {folder} » ({error.strerror}). Vérifiez vos droits sur ce "
            "dossier."
        ) from error
    if not (_run("daemon-reload") and _run("enable", f"{UNITE}.timer") and _run("restart", f"{UNITE}.timer")):
        _put_back(folder, kept)
        _run("daemon-reload")
        raise Refused(_REFUSED)
    return timer_state(home)


def remove_timer(home: Path | None = None) -> EtatMinuterie:
    """Take the timer out; doing it twice is the same."""
    _run("disable", "--now", f"{UNITE}.timer")
    try:
        for path in _files(_units(home)):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise Unavailable(f"Les rappels n’ont pas pu être retirés ({error.strerror}).") from error
    _run("daemon-reload")
    return timer_state(home)


def timer_state(home: Path | None = None) -> EtatMinuterie:
    """Say whether the reminders come when the program is closed."""
    possible = _systemctl() is not None
    heure = _hour_of(_files(_units(home))[1])
    if heure is None:
        phrase = "Les rappels viennent seulement quand le programme est ouvert." if possible else _ABSENT
        return EtatMinuterie(possible, False, False, None, phrase)
    active = possible and _run("is-active", "--quiet", f"{UNITE}.timer")
    at = f"{heure.hour}\u00a0h" + (f"\u00a0{heure.minute:02d}" if heure.minute else "")
    phrase = (
        f"Les rappels viennent chaque jour à {at}, même quand le programme est fermé."
        if active
        else f"Les rappels de {at} sont installés, mais le système ne les lance pas. Installez-les de nouveau."
    )
    return EtatMinuterie(possible, True, active, heure, phrase)


def follow_timer(folder: Path, home: Path | None = None) -> bool:
    """Have a timer of ours follow these data or this program, when what it names is gone; tell whether it had to.

    A timer that rings for other data, or by another program, still in their place, is left alone.
    """
    service, timer = _files(_units(home))
    heure = _hour_of(timer)
    try:
        text = service.read_text("utf-8")
    except (OSError, ValueError):
        return False
    words = [re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in re.findall(_WORD, text)]
    if heure is None or "--donnees" not in words:
        return False
    started, former = words[0].removeprefix(":"), Path(words[-1])
    elsewhere = former != folder
    if (elsewhere and former.is_dir()) or (not elsewhere and is_there(started)):
        return False
    install_timer(own_command(folder), heure, home)
    return True


_WORD = r'"((?:\\.|[^"\\])*)"'
"""A word of a command as service_text writes it."""
_ABSENT = (
    "Ce système n’offre pas de minuterie à Mutuelle Desktop (systemd est absent) : les rappels viennent quand le "
    "programme est ouvert. Exportez l’agenda pour être averti même quand il est fermé."
)
_REFUSED = (
    "Le système a refusé d’installer les rappels : rien n’a été gardé. Réessayez depuis votre session habituelle, ou "
    "exportez l’agenda."
)
_CHEMIN = "Le chemin du programme contient un signe que le système n’accepte pas."


def _template(kind: str) -> str:
    return resource(f"systemd/{UNITE}.{kind}").read_text("utf-8")


def _quoted(word: str) -> str:
    """Return a word as systemd reads it back, given that « : » before the program leaves « $ » alone."""
    if any(not character.isprintable() for character in word):
        raise Refused(_CHEMIN)
    word = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{word}"'


def _units(home: Path | None) -> Path:
    """Return where the user's own units lie."""
    kept = os.environ.get("XDG_CONFIG_HOME") if home is None else None
    config = Path(kept) if kept else (home or Path.home()) / ".config"
    return config / "systemd" / "user"


def _files(folder: Path) -> tuple[Path, Path]:
    return folder / f"{UNITE}.service", folder / f"{UNITE}.timer"


def _put_back(folder: Path, kept: dict[Path, bytes]) -> None:
    for path in _files(folder):
        with suppress(OSError):
            if path in kept:
                write_whole(path, kept[path])
            else:
                path.unlink(missing_ok=True)


def _hour_of(timer: Path) -> time | None:
    try:
        found = re.search(r"^OnCalendar=\*-\*-\* (\d{2}):(\d{2})", timer.read_text("utf-8"), re.MULTILINE)
    except (OSError, ValueError):
        return None
    return time(int(found[1]), int(found[2])) if found else None


def _systemctl() -> str | None:
    return shutil.which("systemctl")


def _run(*words: str) -> bool:
    program = _systemctl()
    if program is None:
        return False
    try:
        done = subprocess.run([program, "--user", *words], capture_output=True, timeout=PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
