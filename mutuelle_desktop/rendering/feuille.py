"""One A4 sheet of a bound file: what is drawn on it, its stamp at the top, its page number at the foot.

Lengths in points (1/72 inch), from the bottom left corner as PDF has them.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from mutuelle_desktop.rendering.nettoyage import bare_jpeg

A4 = (595.276, 841.89)
HAUT, BAS, COTE = 36.0, 30.0, 14.0
"""Strips left for the stamp and the page number, and the margin of the sides."""
QUALITE = 78
"""Of the JPEG a picture becomes: print shows no difference."""
_ASCII = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556,
    556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
)  # fmt: skip
_OTHERS = {"°": 400, "’": 222, "\u00a0": 278, "œ": 944, "·": 278, "…": 1000}
"""Widths of Helvetica, in thousandths (Adobe's own metrics); accented letters are as wide as bare ones."""


@dataclass(frozen=True, slots=True)
class Boite:
    """The part of a page that shows: left, bottom, width, height, quarter turns clockwise, and the size of its unit."""

    gauche: float
    bas: float
    largeur: float
    hauteur: float
    tours: int = 0
    unite: float = 1.0

    @classmethod
    def of(cls, page: PageObject) -> "Boite":
        """Read the boxes of a page; a shown part that makes no sense gives way to the whole."""
        media, crop = page.mediabox, page.cropbox
        left, bottom = max(media.left, crop.left), max(media.bottom, crop.bottom)
        right, top = min(media.right, crop.right), min(media.top, crop.top)
        if right - left < 1 or top - bottom < 1:
            left, bottom, right, top = media.left, media.bottom, media.right, media.top
        if right - left < 1 or top - bottom < 1:
            raise ValueError("a page without extent")
        unit = float(page.get("/UserUnit", 1) or 1)
        return cls(left, bottom, right - left, top - bottom, page.rotation // 90 % 4, unit if unit > 0 else 1.0)

    @property
    def shown(self) -> tuple[float, float]:
        """Return the width and height as one sees the page."""
        w, h = self.largeur * self.unite, self.hauteur * self.unite
        return (h, w) if self.tours % 2 else (w, h)

    def array(self) -> ArrayObject:
        """Return the box as PDF writes it."""
        return floats(self.gauche, self.bas, self.gauche + self.largeur, self.bas + self.hauteur)

    def matrix(self, x: float, y: float, scale: float) -> tuple[float, ...]:
        """Return what carries the page, upright, to that place of a sheet."""
        s = scale * self.unite
        left, bottom = self.gauche, self.bas
        right, top = left + self.largeur, bottom + self.hauteur
        return (
            (s, 0, 0, s, x - s * left, y - s * bottom),
            (0, -s, s, 0, x - s * bottom, y + s * right),
            (-s, 0, 0, -s, x + s * right, y + s * top),
            (0, s, -s, 0, x + s * top, y - s * left),
        )[self.tours]


class Sheet:
    """A sheet being drawn; nothing is on the page before close."""

    def __init__(self, writer: PdfWriter, shown: tuple[float, float], stamp: str) -> None:
        """Begin a sheet, upright or lying as what is shown on it; small things keep their size."""
        across, down = shown
        self._writer, self._stamp = writer, stamp
        self._size = (A4[1], A4[0]) if across > down * 1.05 else A4
        width, height = self._size[0] - 2 * COTE, self._size[1] - HAUT - BAS
        self.scale = min(1.0, width / across, height / down)
        self.x = COTE + (width - across * self.scale) / 2
        self.y = BAS + height - down * self.scale
        self._steps: list[bytes] = []
        self._drawn = DictionaryObject()

    def draw(self, what: StreamObject, matrix: Sequence[float], clip: Boite | None = None) -> None:
        """Draw an object through a matrix, on top of the others."""
        name = f"/X{len(self._drawn)}"
        self._drawn[NameObject(name)] = self._writer._add_object(what)  # noqa: SLF001 - pypdf's own way to add one
        self._steps.append(b"q " + _numbers(matrix) + b" cm ")
        if clip is not None:
            self._steps.append(_numbers((clip.gauche, clip.bas, clip.largeur, clip.hauteur)) + b" re W n ")
        self._steps.append(name.encode() + b" Do Q\n")

    def write(self, text: str, x: float, y: float, size: float = 11) -> None:
        """Write a line."""
        self._steps.append(_text(text, x, y, size))

    def close(self) -> None:
        """Put the sheet at the end of the PDF, with its stamp."""
        across, down = self._size
        page = self._writer.add_blank_page(across, down)
        width = width_of(self._stamp, 9.5) + 12
        left, bottom = across - COTE - width, down - HAUT + 9
        self._steps.append(b"q 0.6 w 1 g 0 G " + _numbers((left, bottom, width, 17)) + b" re B Q\n")
        self._steps.append(_text(self._stamp, left + 6, bottom + 5, 9.5))
        page[NameObject("/Contents")] = self._writer._add_object(stream_of(b"".join(self._steps)))  # noqa: SLF001
        page[NameObject("/Resources")] = DictionaryObject({
            NameObject("/XObject"): self._drawn, NameObject("/Font"): DictionaryObject({NameObject("/F"): font()}),
        })  # fmt: skip


def text_sheet(writer: PdfWriter, stamp: str, lines: Sequence[str]) -> None:
    """Add a sheet that only says something."""
    sheet, y = Sheet(writer, A4, stamp), 700.0
    for line in (part for said in lines for part in wrapped(said, 11, A4[0] - 140)):
        sheet.write(line, 70, y)
        y -= 17
    sheet.close()


def picture_sheet(writer: PdfWriter, picture: Image.Image, stamp: str, largest: int, dpi: float = 0) -> None:
    """Add a sheet that shows a picture and nothing of its file; dpi, when known, gives its true size."""
    shown = (picture.width * 72 / dpi, picture.height * 72 / dpi) if dpi else _fitted(picture)
    picture = _reduced(picture, largest)
    sheet = Sheet(writer, shown, stamp)
    across, down = (side * sheet.scale for side in shown)
    sheet.draw(picture_stream(picture), (across, 0, 0, down, sheet.x, sheet.y))
    sheet.close()


def _reduced(picture: Image.Image, largest: int) -> Image.Image:
    """Return a picture about as large as that: halved by averaging, which is quick, then fitted when it must be."""
    factor = max(picture.size) // largest
    if factor > 1 and picture.mode != "1":
        picture = picture.reduce(factor)
    longest = max(picture.size)
    if longest <= largest * 1.15:
        return picture
    size = (max(1, round(side * largest / longest)) for side in picture.size)
    way = Image.Resampling.NEAREST if picture.mode == "1" else Image.Resampling.BICUBIC
    return picture.resize((next(size), next(size)), way)


def picture_stream(picture: Image.Image) -> StreamObject:
    """Return the pixels of a picture as PDF keeps them: JPEG, or without loss when it is black and white."""
    stream = StreamObject()
    if picture.mode == "1":
        stream.set_data(picture.tobytes())
        stream = stream.flate_encode()
        space, bits = "/DeviceGray", 1
    else:
        picture = picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
        out = BytesIO()
        picture.save(out, "JPEG", quality=QUALITE)
        stream._data = bare_jpeg(out.getvalue())  # noqa: SLF001 - already encoded; Pillow keeps the comment it read
        stream[NameObject("/Filter")] = NameObject("/DCTDecode")
        space, bits = "/DeviceGray" if picture.mode == "L" else "/DeviceRGB", 8
    for key, value in (("/Type", "/XObject"), ("/Subtype", "/Image"), ("/ColorSpace", space)):
        stream[NameObject(key)] = NameObject(value)
    for key, number in (("/Width", picture.width), ("/Height", picture.height), ("/BitsPerComponent", bits)):
        stream[NameObject(key)] = NumberObject(number)
    return stream


def add_foot(writer: PdfWriter, page: PageObject, text: str) -> None:
    """Write the page number at the foot of a sheet, in the middle."""
    x = (float(page.mediabox.width) - width_of(text, 8)) / 2
    foot = writer._add_object(stream_of(_text(text, x, 13, 8)))  # noqa: SLF001
    page[NameObject("/Contents")] = ArrayObject([page.raw_get("/Contents"), foot])


def font() -> DictionaryObject:
    """Return Helvetica, which every reader has."""
    said = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    return DictionaryObject({NameObject(key): NameObject(value) for key, value in said.items()})


def stream_of(data: bytes) -> StreamObject:
    """Return a compressed stream."""
    stream = StreamObject()
    stream.set_data(data)
    return stream.flate_encode()


def floats(*numbers: float) -> ArrayObject:
    """Return numbers as PDF writes them."""
    return ArrayObject([FloatObject(f"{number:.4f}") for number in numbers])


def text_string(text: str) -> TextStringObject:
    """Return a text as PDF keeps it."""
    return TextStringObject(text)


def width_of(text: str, size: float) -> float:
    """Return the width of a line, in points."""
    return sum(_width(c) for c in text) * size / 1000


def wrapped(text: str, size: float, room: float) -> list[str]:
    """Return a text cut into lines that fit in that room."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if width_of(longer, size) > room and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _fitted(picture: Image.Image) -> tuple[float, float]:
    scale = A4[1] / max(picture.size)
    return picture.width * scale, picture.height * scale


def _width(character: str) -> int:
    bare = character if character in _OTHERS else unicodedata.normalize("NFD", character)[0]
    return _OTHERS.get(bare) or (_ASCII[ord(bare) - 32] if " " <= bare <= "~" else 556)


def _numbers(numbers: Sequence[float]) -> bytes:
    return " ".join(f"{number:.4f}" for number in numbers).encode()


def _text(text: str, x: float, y: float, size: float) -> bytes:
    data = text.replace("\u202f", "\u00a0").encode("cp1252", "replace")
    escaped = data.replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
    return b"q 0 g BT /F " + _numbers((size,)) + b" Tf " + _numbers((x, y)) + b" Td (" + escaped + b") Tj ET Q\n"
