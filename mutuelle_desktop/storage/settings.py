"""What the user decided about the program itself; what belongs to the cases is in the library."""

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from mutuelle_desktop.domain.errors import Unavailable
from mutuelle_desktop.storage.paths import write_whole

FILE = "reglages.json"
THEMES = ("système", "clair", "sombre")
LECTURES_MAX = 2
"""Pages read at once at most: a third process would not fit beside the window in 4 GB of memory."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """theme is one of THEMES; echelle, the size of the text, is in per cent from 80 to 200; rappels, told when due.

    lecture_auto: scans are read as they come; lectures, how many pages are read at once, from 1 to LECTURES_MAX.
    dossier_sauvegarde is the folder the user chose for the backups, sauvegarde_a_la_fermeture: one is made at exit.
    """

    theme: str = "système"
    echelle: int = 100
    dossier_surveille: str = ""
    rappels: bool = True
    lecture_auto: bool = True
    lectures: int = 2
    dossier_sauvegarde: str = ""
    sauvegarde_a_la_fermeture: bool = False


def load(folder: Path) -> Settings:
    """Return the settings kept in this folder; what is missing or wrong keeps its default."""
    kept = _read(folder)
    found = {f.name: kept[f.name] for f in fields(Settings) if type(kept.get(f.name)) is type(f.default)}
    settings = Settings(**found)
    return replace(
        settings,
        theme=settings.theme if settings.theme in THEMES else THEMES[0],
        echelle=min(200, max(80, settings.echelle)),
        lectures=min(LECTURES_MAX, max(1, settings.lectures)),
    )


def save(folder: Path, settings: Settings) -> None:
    """Keep the settings, whole or not at all; keys of other versions are left in place."""
    text = json.dumps({**_read(folder), **asdict(settings)}, ensure_ascii=False, indent=1)
    try:
        write_whole(folder / FILE, text.encode())
    except OSError as error:
        raise Unavailable(
            f"Les réglages n’ont pas pu être enregistrés ({error.strerror}). Vérifiez la place libre et vos droits sur "
            "le dossier des données."
        ) from error


def _read(folder: Path) -> dict[str, Any]:
    try:
        kept = json.loads((folder / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}
