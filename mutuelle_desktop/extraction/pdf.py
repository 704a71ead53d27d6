"""PDFs by pypdfium2: their text with boxes, their pages as pictures. Runs in worker processes only."""

import ctypes
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import pypdfium2 as pdfium
from PIL import Image, ImageStat
from pypdfium2 import raw

from mutuelle_desktop.domain.errors import Protege, Unreadable
from mutuelle_desktop.extraction.mots import Mot

MOTS_PARTIELS = 80
"""Fewer words than this on a page that is mostly an image: its text layer is not trusted."""
PART_IMAGE = 0.6
PIXELS_MAX, COTE_MAX, DPI = 24_000_000, 30_000, 300
"""Most pixels and longest side of a page drawn, and the resolution at which it is drawn to be read."""
TRAITS = 40
"""Drawn shapes above which a page without a word is letters drawn as outlines, or a plan."""
_WORD = re.compile(r"[^\s\x00\ufffe\x02]+[\ufffe\x02]?")
"""PDFium puts U+FFFE or U+0002 where a word is cut at the end of a line: each half has its own box."""
_UNIT = 10


@dataclass(frozen=True, slots=True)
class TextePage:
    """The text layer of a page; sizes in points; a_ocr when a picture holds more than the layer does."""

    largeur: float
    hauteur: float
    texte: str
    mots: list[Mot]
    a_ocr: bool


@contextmanager
def opened(contenu: bytes, password: str = "") -> Iterator[pdfium.PdfDocument]:
    """Open a PDF, or raise Protege or Unreadable in French."""
    try:
        document = pdfium.PdfDocument(contenu, password=password or None)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise Protege("Ce PDF est protégé par un mot de passe.") from None
        if "security" in str(error).lower():
            raise Unreadable("Ce PDF est protégé d’une façon que le programme ne sait pas lire.") from None
        raise Unreadable("Ce PDF est abîmé ou incomplet. Téléchargez-le ou numérisez-le à nouveau.") from None
    try:
        if len(document) == 0:
            raise Unreadable("Ce PDF ne contient aucune page lisible.")
        yield document
    finally:
        document.close()


def page_of(document: pdfium.PdfDocument, numero: int) -> pdfium.PdfPage:
    """Return a page, from 1; a page that cannot be loaded is Unreadable."""
    try:
        return document[numero - 1]
    except pdfium.PdfiumError:
        raise Unreadable(f"La page {numero} de ce PDF est abîmée.") from None


def size_of(document: pdfium.PdfDocument, numero: int) -> tuple[float, float]:
    """Return the width and height in points of a page as shown."""
    try:
        largeur, hauteur = document.get_page_size(numero - 1)
    except pdfium.PdfiumError:
        return 595.0, 842.0
    return max(1.0, largeur), max(1.0, hauteur)


def read_page(document: pdfium.PdfDocument, numero: int) -> TextePage:
    """Read the text layer of one page, from 1."""
    page = page_of(document, numero)
    largeur, hauteur = page.get_size()
    textpage = page.get_textpage()
    try:
        texte, mots = _words(page, textpage, largeur, hauteur)
        a_ocr = _needs_ocr(page, texte, mots, largeur * hauteur)
    finally:
        textpage.close()
        page.close()
    return TextePage(largeur, hauteur, texte, mots, a_ocr)


def render(document: pdfium.PdfDocument, numero: int, largest: int, *, grey: bool = False) -> Image.Image:
    """Draw a page so that its longer side has that many pixels, bounded in all."""
    return _drawn(document, numero, lambda largeur, hauteur: largest / max(largeur, hauteur), grey=grey)


def render_to_read(document: pdfium.PdfDocument, numero: int) -> Image.Image:
    """Draw a page in grey at 300 dots an inch, a small one larger: a long receipt is as sharp as a letter."""
    return _drawn(document, numero, lambda w, h: max(DPI / 72, min(3508 / max(w, h), 2480 / min(w, h))), grey=True)


def _drawn(
    document: pdfium.PdfDocument, numero: int, scale_of: Callable[[float, float], float], *, grey: bool
) -> Image.Image:
    page = page_of(document, numero)
    try:
        largeur, hauteur = (max(1.0, side) for side in page.get_size())
        scale = min(
            scale_of(largeur, hauteur), (PIXELS_MAX / (largeur * hauteur)) ** 0.5, COTE_MAX / max(largeur, hauteur)
        )
        picture: Image.Image = page.render(scale=scale, grayscale=grey, may_draw_forms=False).to_pil()
        return picture if grey else picture.convert("RGB")
    except pdfium.PdfiumError:
        raise Unreadable(f"La page {numero} de ce PDF ne peut pas être dessinée.") from None
    finally:
        page.close()


def scan_of(document: pdfium.PdfDocument, numero: int) -> Image.Image | None:
    """Return the one picture a scanned page is made of, at its own resolution; None when the page is more."""
    page = page_of(document, numero)
    try:
        if page.get_rotation():
            return None
        objects = list(page.get_objects(max_depth=1))
        images = [found for found in objects if found.type == raw.FPDF_PAGEOBJ_IMAGE]
        if len(images) != 1 or any(found.type in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM) for found in objects):
            return None
        matrix = images[0].get_matrix()
        largeur, hauteur = page.get_size()
        straight = abs(matrix.b) < 1 and abs(matrix.c) < 1 and matrix.a > 0 and matrix.d > 0
        left, bottom, _, _ = page.get_bbox()
        full = max(abs(matrix.a - largeur), abs(matrix.d - hauteur), abs(matrix.e - left), abs(matrix.f - bottom)) < 3
        across, down = images[0].get_px_size()
        if not straight or not full or across * down > PIXELS_MAX or across < largeur * 1.8:
            return None
        picture: Image.Image = images[0].get_bitmap(render=False).to_pil()
        grey = picture.convert("L")
        # a dark one may be a mask or a negative, that only drawing shows as it looks
        return grey if ImageStat.Stat(grey).mean[0] > 110 else None
    except (pdfium.PdfiumError, ValueError, TypeError):
        return None
    finally:
        page.close()


def _words(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, largeur: float, hauteur: float) -> tuple[str, list[Mot]]:
    count = raw.FPDFText_CountChars(textpage.raw)
    if count <= 0:
        return "", []
    text = textpage.get_text_range(0, count)
    aligned = len(text) == count
    place = _Placer(page, textpage, largeur, hauteur)
    mots: list[Mot] = []
    seen: set[tuple[str, int, int]] = set()
    for found in _WORD.finditer(text):
        first, last = found.start(), found.end() - 1
        if not aligned:
            first = raw.FPDFText_GetCharIndexFromTextIndex(textpage.raw, first)
            last = raw.FPDFText_GetCharIndexFromTextIndex(textpage.raw, last)
        box = place.box(first, last)
        if box is None:
            continue
        key = (found.group(), round(box[0]), round(box[1]))
        if key in seen:
            continue
        seen.add(key)
        mots.append(Mot(found.group().replace("\ufffe", "-").replace("\x02", "-"), *box))
    clean = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "-\n").replace("\x02", "-\n")
    return clean.replace("\x00", ""), mots


class _Placer:
    """Turns characters of a page into boxes of the page as shown, whatever its rotation."""

    def __init__(self, page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, largeur: float, hauteur: float) -> None:
        self._page, self._text = page.raw, textpage.raw
        self._across, self._down = round(largeur * _UNIT), round(hauteur * _UNIT)
        self._box = raw.FS_RECTF()
        self._x, self._y = ctypes.c_int(), ctypes.c_int()

    def box(self, first: int, last: int) -> tuple[float, float, float, float] | None:
        """Return the box around two characters, or None when it is empty."""
        corners = [point for index in (first, last) for point in self._corners(index)]
        if not corners:
            return None
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return min(xs), min(ys), max(xs), max(ys)

    def _corners(self, index: int) -> list[tuple[float, float]]:
        box = self._box  # as high as the line, since the first and last letters may be short ones
        if not raw.FPDFText_GetLooseCharBox(self._text, index, box):
            return []
        return [self._shown(box.left, box.top), self._shown(box.right, box.bottom)]

    def _shown(self, x: float, y: float) -> tuple[float, float]:
        raw.FPDF_PageToDevice(self._page, 0, 0, self._across, self._down, 0, x, y, self._x, self._y)
        return self._x.value / _UNIT, self._y.value / _UNIT


def _needs_ocr(page: pdfium.PdfPage, texte: str, mots: list[Mot], area: float) -> bool:
    if mots and is_garbage(texte):
        return True
    if len(mots) >= MOTS_PARTIELS:
        return False
    covered = 0.0
    for found in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        try:
            left, bottom, right, top = found.get_bounds()
        except pdfium.PdfiumError:
            continue
        covered += max(0.0, right - left) * max(0.0, top - bottom)
    share = covered / max(1.0, area)
    if mots or share > PART_IMAGE:
        return share > PART_IMAGE
    shapes = page.get_objects(filter=(raw.FPDF_PAGEOBJ_PATH,), max_depth=3)
    return share > 0.02 or next(islice(shapes, TRAITS, None), None) is not None


def is_garbage(texte: str) -> bool:
    """Tell whether a text layer is noise: glyphs without letters, or words without vowels."""
    letters = [c for c in texte if not c.isspace()]
    strange = sum(c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or ord(c) < 32 for c in letters)
    if strange + 5 * texte.count("(cid:") > 0.15 * len(letters):
        return True
    alphabetic = [c for c in texte.lower() if c.isalpha()]
    vowels = sum(c in "aeiouyàâäéèêëîïôöùûüœæ" for c in alphabetic)
    return len(alphabetic) > 60 and vowels < 0.15 * len(alphabetic)
