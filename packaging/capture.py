"""Draws the pictures of the README: the real window over the fictional household, without a screen.

`python packaging/capture.py [FOLDER] [--theme sombre] [--taille 1024x700] [--echelle 200]`
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from ecrans import ECRANS
from plateau import shrink
from tour import formats_of, photograph

HERE = Path(__file__).resolve().parent
IMAGES = {
    "aujourdhui": "aujourdhui", "dossiers": "dossiers", "documents-recherche": "documents", "courriers": "courriers",
    "echeances": "echeances", "contrats": "contrats", "guide": "guide",
}  # fmt: skip
"""The screens that the README shows, and the name of each picture there."""


def main() -> int:
    """Photograph the screens of the README, named and made small for it; return the exit code."""
    asked = argparse.ArgumentParser(description="Images du README")
    asked.add_argument("dossier", nargs="?", type=Path, default=HERE / "captures")
    asked.add_argument("--theme", default="clair", choices=("clair", "sombre"))
    asked.add_argument("--taille", default="1280x800")
    asked.add_argument("--echelle", type=int, default=100)
    wanted = asked.parse_args()
    wanted.dossier.mkdir(parents=True, exist_ok=True)
    screens = [screen for screen in ECRANS if screen.nom in IMAGES]
    formats = formats_of(wanted.theme, wanted.taille, wanted.echelle)
    failed = photograph(wanted.dossier, screens, formats)
    for screen in screens:
        taken = wanted.dossier / f"{screen.nom}--{formats[0].nom}.png"
        if taken.exists():
            shrink(taken).replace(wanted.dossier / f"{IMAGES[screen.nom]}.png")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
