"""Reading pictures of papers with Tesseract, in French. Runs in worker processes only."""

import math
import os
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from mutuelle_desktop.extraction import papier
from mutuelle_desktop.extraction.mots import Mot

LANGUE = "fra"
PSM = 4
"""Tesseract's « single column of text of variable sizes »: the best of its modes on health papers."""
_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata", "/usr/share/tesseract-ocr/4.00/tessdata", "/usr/share/tessdata",
    "/usr/share/tesseract/tessdata", "/opt/homebrew/share/tessdata", "/usr/local/share/tessdata",
    "C:/Program Files/Tesseract-OCR/tessdata",
)  # fmt: skip
_SURE = 70


def data_folder() -> Path | None:
    """Return the folder that holds the French language data, or None."""
    beside = Path(sys.executable).parent / "tessdata"
    for folder in (os.environ.get("TESSDATA_PREFIX"), str(beside), *_FOLDERS):
        if folder and (Path(folder) / f"{LANGUE}.traineddata").is_file():
            return Path(folder)
    return None


def missing_sentence() -> str | None:
    """Return None when scans can be read, else how to add what is missing."""
    if data_folder():
        return None
    how = (
        "installez le paquet « tesseract-ocr-fra » (sudo apt install tesseract-ocr-fra)"
        if sys.platform.startswith("linux")
        else "réinstallez le programme avec l’option « lecture des papiers numérisés »"
    )
    return f"Les papiers numérisés ne peuvent pas encore être lus : {how}. Tout le reste fonctionne."


def read(picture: Image.Image, *, photo: bool, scale: float) -> tuple[list[Mot], str]:
    """Return the words of a picture and their text; scale is points per pixel of the picture as shown."""
    sheet = papier.cut_sheet(picture) if photo else papier.Feuille(picture.convert("L"), papier.IDENTITE)
    flat = papier.flatten(_readable(sheet.image))
    zoom = flat.width / sheet.image.width
    turn, lines = _read_turned(flat)
    retour = Retour(turn, flat.size, zoom, sheet, scale)
    mots = [[retour.mot(word) for word in line] for line in lines]
    text = "\n".join(" ".join(mot.texte for mot in line) for line in mots)
    return [mot for line in mots for mot in line], text


Word = tuple[str, int, int, int, int, int]


def _readable(grey: Image.Image) -> Image.Image:
    """Bring small pictures to a size where letters have enough pixels."""
    if max(grey.size) >= 1700:
        return grey
    factor = min(3.0, 2200 / max(grey.size))
    return grey.resize((round(grey.width * factor), round(grey.height * factor)), Image.Resampling.BICUBIC)


def _read_turned(flat: Image.Image) -> tuple[float, list[list[Word]]]:
    """Read a page, turned and straightened when that reads better; return the turn in degrees and the lines."""
    lean = papier.skew_of(flat)
    lean = lean if abs(lean) >= 0.4 else 0.0
    straight = flat.rotate(lean, Image.Resampling.BICUBIC, fillcolor=255) if lean else flat
    lines = _tesseract(straight)
    if _worth(lines) >= _SURE:
        return lean, lines
    best = (_worth(lines), lean, lines)
    for quarter in (90, 270, 180):
        turned = flat.rotate(quarter, expand=True)
        found = _tesseract(turned)
        best = max(best, (_worth(found), float(quarter), found), key=lambda b: b[0])
        if best[0] >= _SURE + 10:
            break
    return best[1], best[2]


def _worth(lines: list[list[Word]]) -> float:
    """Return how believable a reading is: the mean confidence, weighted by letters, when there are enough."""
    words = [word for line in lines for word in line if len(word[0]) > 2]
    letters = sum(len(word[0]) for word in words)
    return sum(word[5] * len(word[0]) for word in words) / letters if letters >= 20 else 0.0


@cache
def _api() -> Any:
    import tesserocr

    return tesserocr.PyTessBaseAPI(path=f"{data_folder()}/", lang=LANGUE, psm=PSM)


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
            word = (cells[11].strip(), x, y, x + w, y + h, round(float(cells[10])))
            lines.setdefault(tuple(cells[2:5]), []).append(word)
    return list(lines.values())


@dataclass(frozen=True, slots=True)
class Retour:
    """The way back from the page as read to the picture as shown: turn in degrees, scale in points a pixel."""

    turn: float
    size: tuple[int, int]
    zoom: float
    sheet: papier.Feuille
    scale: float

    def mot(self, word: Word) -> Mot:
        """Return a word with its box in points of the picture as shown."""
        text, x0, y0, x1, y1, confidence = word
        points = []
        for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1)):
            across, down = _unturn(x, y, self.turn, self.size)
            points.append(self.sheet.back(across / self.zoom, down / self.zoom))
        xs, ys = [p[0] * self.scale for p in points], [p[1] * self.scale for p in points]
        return Mot(text, min(xs), min(ys), max(xs), max(ys), confidence)


def _unturn(x: float, y: float, turn: float, size: tuple[int, int]) -> tuple[float, float]:
    """Return where a point of the turned page was on the page of this size before."""
    across, down = size
    if turn == 90:
        return across - y, x
    if turn == 270:
        return y, down - x
    if turn == 180:
        return across - x, down - y
    angle = math.radians(turn)
    dx, dy = x - across / 2, y - down / 2
    cos, sin = math.cos(angle), math.sin(angle)
    return across / 2 + dx * cos - dy * sin, down / 2 + dx * sin + dy * cos
