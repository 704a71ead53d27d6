"""Reading pictures of papers with Tesseract, in French. Runs in worker processes only."""

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from PIL import Image

from mutuelle_desktop.extraction import papier
from mutuelle_desktop.extraction.langue import LANGUE, data_folder
from mutuelle_desktop.extraction.mots import Mot

PSM = 4
"""Tesseract's « single column of text of variable sizes »: the best of its modes on health papers."""
_SURE, _MANY = 70, 100
_SURE_OF_LITTLE, _FEW = 90, 12
"""Mean confidence from which a page of many letters is the right way up, and one of few letters."""
_CLEAR = 4
"""Letters to rely on that a turned page must give more than the page as shown, and twice as many, to be preferred;
they must also be a fair part of the letters there are, for a few words may look right on a page that nobody can read."""
_DPI, _COURT, _PIXELS, _COTE_MAX = 205, 1700, 4_500_000, 32_000
"""The resolution Tesseract reads best at, as measured, the shortest side in pixels it gives an A4 sheet, how many
pixels a small picture may be stretched to, and a side a little under the longest Tesseract takes."""
_BELIEVED = 60
"""Confidence that one word of a page at least must pass: specks and grain read as letters never do by much."""
_ACTE = re.compile(r"[A-Z]{4}(?=[0-9OIl]{0,2}[0-9])[0-9OIl]{3}")
_QUARTERS = {90: Image.Transpose.ROTATE_90, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_270}
_CHIFFRES = str.maketrans("OIl", "011")


def read(picture: Image.Image, *, photo: bool, scale: float) -> tuple[list[Mot], str]:
    """Return the words of a picture and their text; scale is points per pixel of the picture as shown."""
    sheet = papier.cut_sheet(picture) if photo else papier.Feuille(picture.convert("L"), papier.IDENTITE)
    flat = papier.flatten(_readable(sheet.image, scale, papier.LARGEUR_FEUILLE if photo else _COURT))
    zoom = flat.width / sheet.image.width
    quarter, lean, size, lines = _read_turned(flat)
    if max((word[5] for line in lines for word in line if len(word[0]) > 1), default=0) <= _BELIEVED:
        return [], ""
    retour = Retour(quarter, lean, size, zoom, sheet, scale)
    mots = [[retour.mot(word) for word in line] for line in lines]
    text = "\n".join(" ".join(mot.texte for mot in line) for line in mots)
    return [mot for line in mots for mot in line], text


Word = tuple[str, int, int, int, int, int]


def _readable(grey: Image.Image, scale: float, shortest: int) -> Image.Image:
    """Bring a picture to the size where letters read best; scale is points per pixel, shortest a side in pixels."""
    factor = max(_DPI * scale / 72, shortest / min(grey.size))
    factor = min(factor, 3.0, max(1.0, (_PIXELS / (grey.width * grey.height)) ** 0.5), _COTE_MAX / max(grey.size))
    if 0.95 < factor < 1.05:
        return grey
    kind = Image.Resampling.BICUBIC if factor > 1 else Image.Resampling.LANCZOS
    return grey.resize((max(1, round(grey.width * factor)), max(1, round(grey.height * factor))), kind)


def _read_turned(flat: Image.Image) -> tuple[int, float, tuple[int, int], list[list[Word]]]:
    """Read a page, straightened, and turned when it clearly reads better so.

    Return the quarter turn and the lean in degrees, the size in pixels of the page between the two, and the lines.
    """
    best: tuple[int, float, tuple[int, int], list[list[Word]]] | None = None
    to_beat = 0.0
    for quarter in (0, 90, 270, 180):
        turned = flat.transpose(_QUARTERS[quarter]) if quarter else flat
        lean = papier.skew_of(turned)
        lean = lean if abs(lean) >= 0.4 else 0.0
        lines = _tesseract(turned.rotate(lean, Image.Resampling.BICUBIC, fillcolor=255) if lean else turned)
        worth = _worth(lines)
        if best is None or (worth.sure >= to_beat and worth.sure >= worth.letters / 4):
            best = quarter, lean, turned.size, lines
            to_beat = worth.sure if quarter else max(2 * worth.sure, worth.sure + _CLEAR, worth.letters / 8)
            if worth.settles(10 if quarter else 0):
                break
    assert best is not None
    return best


@dataclass(frozen=True, slots=True)
class _Worth:
    """How believable a reading is: its letters, their mean confidence, and how many of them can be relied on."""

    letters: int
    confidence: float
    sure: float

    def settles(self, margin: int) -> bool:
        """Tell whether no other reading need be tried; a few letters may be read in any direction."""
        enough, little = self.confidence - margin >= _SURE, self.confidence - margin >= _SURE_OF_LITTLE
        return (self.letters >= _MANY and enough) or (self.letters >= _FEW and little)


def _worth(lines: list[list[Word]]) -> _Worth:
    """Weigh a reading by its letters: figures upside down are figures still."""
    told = [(sum(map(str.isalpha, word[0])), word[5]) for line in lines for word in line]
    told = [(letters, confidence) for letters, confidence in told if letters > 2]
    total = sum(letters for letters, _ in told)
    mean = sum(letters * confidence for letters, confidence in told) / max(1, total)
    return _Worth(total, mean, sum(letters * max(0, confidence - 60) / 40 for letters, confidence in told))


def _repaired(text: str) -> str:
    """Return a word with the figures of an act code, four letters then three figures, read as figures."""
    return text[:4] + text[4:].translate(_CHIFFRES) if _ACTE.fullmatch(text) else text


@cache
def _api() -> Any:
    import tesserocr

    api = tesserocr.PyTessBaseAPI(init=False)
    # it would open a file for its messages, which the cage refuses, and write to none: even « Empty page » was its death
    api.SetVariable("debug_file", "")
    api.InitFull(path=f"{data_folder()}/", lang=LANGUE, psm=PSM)
    return api


def _tesseract(picture: Image.Image) -> list[list[Word]]:
    api = _api()
    api.SetImage(picture)
    api.SetSourceResolution(300)
    table = api.GetTSVText(0)
    api.Clear()
    lines: dict[tuple[str, ...], list[Word]] = {}
    for row in table.splitlines():
        cells = row.split("\t")
        if len(cells) == 12 and cells[0] == "5" and cells[11].strip():
            x, y, w, h = map(int, cells[6:10])
            word = (_repaired(cells[11].strip()), x, y, x + w, y + h, round(float(cells[10])))
            lines.setdefault(tuple(cells[2:5]), []).append(word)
    return list(lines.values())


@dataclass(frozen=True, slots=True)
class Retour:
    """The way back from the page as read to the picture as shown.

    quarter and lean are the two turns in degrees, size in pixels that of the page between them, scale in points a pixel.
    """

    quarter: int
    lean: float
    size: tuple[int, int]
    zoom: float
    sheet: papier.Feuille
    scale: float

    def mot(self, word: Word) -> Mot:
        """Return a word with its box in points of the picture as shown."""
        text, x0, y0, x1, y1, confidence = word
        points = []
        for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1)):
            across, down = self._unturned(x, y)
            points.append(self.sheet.back(across / self.zoom, down / self.zoom))
        xs, ys = [p[0] * self.scale for p in points], [p[1] * self.scale for p in points]
        return Mot(text, min(xs), min(ys), max(xs), max(ys), confidence)

    def _unturned(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point of the page as read was before the two turns."""
        across, down = self.size
        angle = math.radians(self.lean)
        dx, dy = x - across / 2, y - down / 2
        cos, sin = math.cos(angle), math.sin(angle)
        x, y = across / 2 + dx * cos - dy * sin, down / 2 + dx * sin + dy * cos
        return {0: (x, y), 90: (down - y, x), 180: (across - x, down - y), 270: (y, across - x)}[self.quarter]
