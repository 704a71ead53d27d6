"""Makes the pictures of the manual: screens of the tour, cut to what each chapter speaks of, in few colours.

`python packaging/manuel.py [FOLDER] [--seulement NAME …]`; the manual (resources/guide/manuel.toml) names them.
"""

import argparse
import os
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from ecrans import ECRANS
from PIL import Image
from tour import THEMES, formats_of, photograph

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "manuel"
COLOURS = 64
PAGE = (196, 76, 1024, 660)
"""The page of a tab in the window, in pixels: left, top, right, bottom."""
IMAGES: dict[str, tuple[str, tuple[int, int, int, int] | None]] = {
    "bienvenue": ("vide-aujourdhui", (196, 76, 1024, 620)),
    "visite": ("visite", (0, 0, 820, 480)),
    "recherche": ("palette", (0, 0, 820, 540)),
    "documents": ("documents", PAGE),
    "surligne": ("documents-recherche", PAGE),
    "dossier": ("dossiers", PAGE),
    "appel": ("appel-avant", None),
    "choix-lettre": ("choix-lettre", None),
    "lettre": ("courriers", (196, 76, 1280, 760)),
    "echeances": ("echeances", PAGE),
    "pourquoi": ("pourquoi", None),
    "dossier-complet": ("dossier-complet", None),
    "contrats": ("contrats", PAGE),
    "reglages": ("reglages", None),
    "rappels": ("reglages-rappels", None),
    "sauvegarde": ("sauvegarde", None),
    "raccourcis": ("raccourcis", None),
    "illisible": ("bilan-import", None),
}
"""Each picture: the screen of the tour it comes from, and the part of it that is kept (all of it when None)."""


LARGES = {"lettre": "1280x800"}
"""The pictures that need a wider window, to show two things side by side."""
TAILLE = "1024x700"


def main() -> int:
    """Take the pictures asked for, all of them when none is named, in both themes; return the exit code."""
    asked = argparse.ArgumentParser(description="Images du mode d’emploi")
    asked.add_argument("dossier", nargs="?", type=Path, default=FOLDER)
    asked.add_argument("--seulement", nargs="*", default=())
    wanted = asked.parse_args()
    names = [name for name in IMAGES if not wanted.seulement or name in wanted.seulement]
    # the widest first: the screen keeps the size it was given
    return max(_take(wanted.dossier, [n for n in names if LARGES.get(n, TAILLE) == size], size)
               for size in sorted({TAILLE, *LARGES.values()}, reverse=True))  # fmt: skip


def _take(folder: Path, names: list[str], size: str) -> int:
    """Take the pictures of one size of window; return the exit code."""
    screens = [screen for screen in ECRANS if screen.nom in {IMAGES[name][0] for name in names}]
    formats = formats_of(None, size, 100)
    with tempfile.TemporaryDirectory() as place:
        failed = photograph(Path(place), screens, formats) if screens else []
        for ton, format_ in zip(THEMES, formats, strict=True):
            (folder / ton).mkdir(parents=True, exist_ok=True)
            for name in names:
                screen, part = IMAGES[name]
                taken = Path(place) / f"{screen}--{format_.nom}.png"
                if taken.exists():
                    keep(taken, part, folder / ton / f"{name}.png")
    return 1 if failed else 0


def keep(taken: Path, part: tuple[int, int, int, int] | None, path: Path) -> None:
    """Write the part of a picture that is wanted in few colours, as small as it goes."""
    with Image.open(taken) as picture:
        whole = picture.convert("RGB")
        cut = whole.crop((*part[:2], min(part[2], whole.width), min(part[3], whole.height))) if part else whole
        cut.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    raise SystemExit(main())
