"""The picture tour: every screen, in both themes and every size, with a contact sheet.

`python packaging/tour.py FOLDER [--seulement NOM] [--theme sombre] [--taille 1024x700] [--echelle 200]`
The day, the household and the size of the screen are fixed: two tours of the same program show the same thing.
Exits with 1 when a screen did not appear.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from ecrans import ECRANS, Ecran
from plateau import Format, Plateau, hold_the_clock, households, prepare_screen

TAILLES = ((1024, 700, 100), (1280, 800, 100), (1600, 1000, 100), (1024, 700, 200))
"""Width, height and size of the text of each tour."""
THEMES = ("clair", "sombre")


def main() -> int:
    """Take the pictures asked for; return the exit code."""
    asked = argparse.ArgumentParser(description="Une image de chaque écran")
    asked.add_argument("dossier", type=Path)
    asked.add_argument("--seulement", action="append", default=[], help="le nom d’un écran, ou son début suivi de *")
    asked.add_argument("--theme", choices=THEMES)
    asked.add_argument("--taille", help="par exemple 1280x800")
    asked.add_argument("--echelle", type=int)
    wanted = asked.parse_args()
    screens = chosen(wanted.seulement)
    if not screens:
        print(f"Aucun écran ne porte ce nom. Les écrans : {', '.join(e.nom for e in ECRANS)}")
        return 2
    formats = formats_of(wanted.theme, wanted.taille, wanted.echelle)
    wanted.dossier.mkdir(parents=True, exist_ok=True)
    sizes = dict.fromkeys((f.largeur, f.hauteur, f.echelle) for f in formats)
    # one process for each size: the screen is chosen when Qt starts
    apart = [_apart(wanted, size) for size in sizes] if len(sizes) > 1 else []
    failed = [] if apart else photograph(wanted.dossier, screens, formats)
    write_index(wanted.dossier)
    return 1 if failed or any(apart) else 0


def chosen(names: Sequence[str]) -> list[Ecran]:
    """Return the screens of these names, or all of them."""
    if not names:
        return list(ECRANS)
    return [e for e in ECRANS if any(e.nom == n or (n.endswith("*") and e.nom.startswith(n[:-1])) for n in names)]


def formats_of(theme: str | None, taille: str | None, echelle: int | None) -> list[Format]:
    """Return the ways of being seen, less those not asked for."""
    sizes: Iterable[tuple[int, int, int]] = TAILLES
    if taille:
        wide, high = (int(side) for side in taille.split("x"))
        sizes = [(wide, high, echelle or 100)]
    elif echelle:
        sizes = [size for size in TAILLES if size[2] == echelle] or [(1280, 800, echelle)]
    return [Format(one, *size) for size in sizes for one in THEMES if theme in (None, one)]


def photograph(folder: Path, screens: Sequence[Ecran], formats: Sequence[Format]) -> list[str]:
    """Take every picture of one size; return the names of those that failed."""
    prepare_screen(max(f.largeur for f in formats), max(f.hauteur for f in formats))
    from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
    from PySide6.QtWidgets import QApplication

    from mutuelle_desktop.services.workers import Workers

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    app.setCursorFlashTime(0)
    hold_the_clock()
    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
    translator = QTranslator()
    if translator.load("qtbase_fr", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    failed: list[str] = []
    workers = Workers()
    with households(workers) as make:
        for format_ in formats:
            for full in (True, False):
                wanted = [e for e in screens if e.plein is full]
                if wanted:
                    where = make(full, f"{format_.nom}-{'plein' if full else 'vide'}")
                    failed += visit(folder, wanted, Plateau(where, format_, workers))
    workers.close()
    return failed


def visit(folder: Path, screens: Sequence[Ecran], plateau: Plateau) -> list[str]:
    """Photograph screens one after the other in one window."""
    failed, started, wrong, before = [], time.monotonic(), list[BaseException](), sys.excepthook
    sys.excepthook = lambda _kind, error, _trace: wrong.append(error)  # what fails within a slot would pass unseen
    for screen in screens:
        name = f"{screen.nom}--{plateau.format.nom}"
        try:
            picture = _picture(screen, plateau)
            if wrong:
                raise wrong.pop()
            picture.save(str(folder / f"{name}.png"))
        except Exception as error:  # noqa: BLE001 - one screen that fails is told, and the tour goes on
            failed.append(name)
            print(f"  {name} : n’apparaît pas ({type(error).__name__} : {error})", flush=True)
    plateau.rest()
    plateau.close()
    sys.excepthook = before
    took = time.monotonic() - started
    print(f"{plateau.format.nom} : {len(screens) - len(failed)} images en {took:.0f} s", flush=True)
    return failed


def _picture(screen: Ecran, plateau: Plateau) -> Any:
    """Return the picture of a screen; refused when nothing opened or when it is blank."""
    plateau.rest()
    shown = screen.ouvrir(plateau)
    plateau.settle()
    if plateau.picture is None:
        if shown is None:
            raise LookupError("rien ne s’est ouvert")
        plateau.take(shown)
    image = plateau.picture.toImage()
    if image.width() < 100 or len({image.pixel(x, y) for x in range(0, image.width(), 7)
                                   for y in range(0, image.height(), 7)}) < 4:  # fmt: skip
        raise LookupError("l’image est vide")
    return plateau.picture


def _apart(wanted: argparse.Namespace, size: tuple[int, int, int]) -> int:
    command = [sys.executable, str(Path(__file__).resolve()), str(wanted.dossier), "--taille", f"{size[0]}x{size[1]}",
               "--echelle", str(size[2])]  # fmt: skip
    command += ["--theme", wanted.theme] if wanted.theme else []
    for name in wanted.seulement:
        command += ["--seulement", name]
    return subprocess.run(command, check=False).returncode


def write_index(folder: Path) -> None:
    """Write the contact sheet: each screen with every picture there is of it."""
    parts = []
    for screen in ECRANS:
        found = sorted(folder.glob(f"{screen.nom}--*.png"))
        figures = "".join(
            f'<figure><a href="{escape(p.name)}"><img loading="lazy" src="{escape(p.name)}" alt=""></a>'
            f"<figcaption>{escape(p.stem.partition('--')[2])}</figcaption></figure>"
            for p in found
        )
        if found:
            parts.append(f'<section id="{screen.nom}"><h2>{escape(screen.montre)}</h2><div>{figures}</div></section>')
    (folder / "index.html").write_text(_SHEET.format(body="\n".join(parts)), "utf-8")


_SHEET = """<!doctype html>
<html lang="fr"><meta charset="utf-8"><title>Mutuelle Desktop, écran par écran</title>
<style>
body {{ font: 15px/1.5 sans-serif; margin: 24px; background: #f6f7f5; color: #1d2a26; }}
div {{ display: flex; flex-wrap: wrap; gap: 16px; }}
figure {{ margin: 0; }} img {{ width: 380px; border: 1px solid #d9dfdb; border-radius: 6px; }}
figcaption {{ font-size: 13px; color: #51615b; }}
</style>
<h1>Mutuelle Desktop, écran par écran</h1>
{body}
</html>
"""


if __name__ == "__main__":
    sys.exit(main())
