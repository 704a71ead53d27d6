"""PDFs by pypdfium2: their text with boxes, their pages as pictures. Runs in worker processes only."""

import ctypes
import re
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
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
_STRANGE = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1b]")
_ALPHABETIC = re.compile(r"[\W\d_]+")
_VOWELS = re.compile("[aeiouyàâäéèêëîïôöùûüœæ]", re.IGNORECASE)
_UNIT = 1000


@dataclass(frozen=True, slots=True)
class TextePage:
    """The text layer of a page; sizes in points; a_ocr when a picture holds more than the layer does."""

    largeur: float
    hauteur: float
    texte: str
    mots: list[Mot]
    a_ocr: bool


class Pages:
    """A PDF held open; the page asked last stays loaded, since its text and its picture are asked in turn."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        self._document = document
        self._numero = 0
        self._page: pdfium.PdfPage | None = None

    def __len__(self) -> int:
        """Return the number of pages."""
        return len(self._document)

    def page(self, numero: int) -> pdfium.PdfPage:
        """Return a page, from 1, until another is asked; one that cannot be loaded is Unreadable."""
        if self._page is None or numero != self._numero:
            self.close()
            try:
                self._page, self._numero = self._document[numero - 1], numero
            except pdfium.PdfiumError:
                raise Unreadable(f"La page {numero} de ce PDF est abîmée.") from None
        return self._page

    def size(self, numero: int) -> tuple[float, float]:
        """Return the width and height in points of a page as shown, without loading it."""
        try:
            largeur, hauteur = self._document.get_page_size(numero - 1)
        except pdfium.PdfiumError:
            return 595.0, 842.0
        return max(1.0, largeur), max(1.0, hauteur)

    def close(self) -> None:
        """Let go of the page."""
        page, self._page = self._page, None
        if page is not None:
            page.close()


@contextmanager
def opened(contenu: bytes, password: str = "") -> Iterator[Pages]:
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
        pages = Pages(document)
        try:
            yield pages
        finally:
            pages.close()
    finally:
        document.close()


def read_page(pages: Pages, numero: int) -> TextePage:
    """Read the text layer of one page, from 1."""
    page = pages.page(numero)
    largeur, hauteur = page.get_size()
    textpage = page.get_textpage()
    try:
        texte, mots = _words(page, textpage, largeur, hauteur)
        a_ocr = _needs_ocr(page, texte, mots, largeur * hauteur)
    finally:
        textpage.close()
    return TextePage(largeur, hauteur, texte, mots, a_ocr)


def render(pages: Pages, numero: int, largest: int, *, grey: bool = False) -> Image.Image:
    """Draw a page so that its longer side has that many pixels, bounded in all."""
    return _drawn(pages, numero, lambda largeur, hauteur: largest / max(largeur, hauteur), grey=grey)


def render_to_read(pages: Pages, numero: int) -> Image.Image:
    """Draw a page in grey at 300 dots an inch, a small one larger: a long receipt is as sharp as a letter."""
    return _drawn(pages, numero, lambda w, h: max(DPI / 72, min(3508 / max(w, h), 2480 / min(w, h))), grey=True)


def _drawn(pages: Pages, numero: int, scale_of: Callable[[float, float], float], *, grey: bool) -> Image.Image:
    page = pages.page(numero)
    try:
        largeur, hauteur = (max(1.0, side) for side in page.get_size())
        scale = min(
            scale_of(largeur, hauteur), (PIXELS_MAX / (largeur * hauteur)) ** 0.5, COTE_MAX / max(largeur, hauteur)
        )
        bitmap = page.render(scale=scale, grayscale=grey, rev_byteorder=not grey, may_draw_forms=False)
        picture: Image.Image = bitmap.to_pil()
        return picture if picture.mode == ("L" if grey else "RGB") else picture.convert("RGB")
    except pdfium.PdfiumError:
        raise Unreadable(f"La page {numero} de ce PDF ne peut pas être dessinée.") from None


def scan_of(pages: Pages, numero: int) -> Image.Image | None:
    """Return the one picture a scanned page is made of, at its own resolution; None when the page is more."""
    page = pages.page(numero)
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


def _words(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, largeur: float, hauteur: float) -> tuple[str, list[Mot]]:
    count = raw.FPDFText_CountChars(textpage.raw)
    if count <= 0:
        return "", []
    text = textpage.get_text_range(0, count)
    aligned = len(text) == count
    box_of = _Placer(page, textpage, largeur, hauteur).box
    cut = "\ufffe" in text or "\x02" in text
    mots: list[Mot] = []
    seen: set[tuple[str, int, int]] = set()
    for found in _WORD.finditer(text):
        first, last = found.start(), found.end() - 1
        if not aligned:
            first = raw.FPDFText_GetCharIndexFromTextIndex(textpage.raw, first)
            last = raw.FPDFText_GetCharIndexFromTextIndex(textpage.raw, last)
        box = box_of(first, last)
        if box is None:
            continue
        word = found.group()
        key = (word, round(box[0]), round(box[1]))
        if key not in seen:
            seen.add(key)
            mots.append(Mot(word.replace("\ufffe", "-").replace("\x02", "-") if cut else word, *box))
    clean = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "-\n").replace("\x02", "-\n")
    return clean.replace("\x00", ""), mots


class _Placer:
    """Turns characters of a page into boxes of the page as shown, whatever its rotation."""

    def __init__(self, page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, largeur: float, hauteur: float) -> None:
        self._text = textpage.raw
        held = bytearray(32)  # two boxes side by side: their eight numbers are taken at once
        self._first, self._last = raw.FS_RECTF.from_buffer(held, 0), raw.FS_RECTF.from_buffer(held, 16)
        self._numbers = partial(struct.Struct("8f").unpack, held)
        origin, right, up = (_shown(page.raw, largeur, hauteur, *point) for point in ((0, 0), (1000, 0), (0, 1000)))
        self._origin = origin
        self._across = (right[0] - origin[0]) / 1000, (right[1] - origin[1]) / 1000
        self._up = (up[0] - origin[0]) / 1000, (up[1] - origin[1]) / 1000

    def box(self, first: int, last: int) -> tuple[float, float, float, float] | None:
        """Return the box around two characters, or None when it is empty."""
        # as high as the line, since the first and last letters may be short ones
        found = raw.FPDFText_GetLooseCharBox(self._text, first, self._first)
        if last != first and raw.FPDFText_GetLooseCharBox(self._text, last, self._last):
            left, top, right, bottom, left2, top2, right2, bottom2 = self._numbers()
            if not found:
                left, top, right, bottom = left2, top2, right2, bottom2
            else:
                left, right = left if left < left2 else left2, right if right > right2 else right2
                top, bottom = top if top > top2 else top2, bottom if bottom < bottom2 else bottom2
        elif found:
            left, top, right, bottom = self._numbers()[:4]
        else:
            return None
        (a, b), (c, d), (e, f) = self._across, self._up, self._origin
        x0, y0 = a * left + c * top + e, b * left + d * top + f
        x1, y1 = a * right + c * bottom + e, b * right + d * bottom + f
        if x0 <= x1 and y0 <= y1:
            return x0, y0, x1, y1
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _shown(page: object, largeur: float, hauteur: float, x: float, y: float) -> tuple[float, float]:
    """Return a point of a page where it is once the page is shown, as PDFium does, to a thousandth of a point."""
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, round(largeur * _UNIT), round(hauteur * _UNIT), 0, x, y, across, down)
    return across.value / _UNIT, down.value / _UNIT


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
    letters = len("".join(texte.split()))
    if len(_STRANGE.findall(texte)) + 5 * texte.count("(cid:") > 0.15 * letters:
        return True
    alphabetic = len(_ALPHABETIC.sub("", texte))
    return alphabetic > 60 and len(_VOWELS.findall(texte)) < 0.15 * alphabetic
