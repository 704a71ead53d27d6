"""Papers made ready to be bound: each page upright on an A4 sheet, stamped, cleaned of all that does not show.

Runs in worker processes only. A sheet is built afresh and only what draws the page is copied onto it (its content, its
resources, what its annotations and filled fields look like): actions, scripts, links, attached files, notes and
metadata have no way in (SURETE.md §6). A page that cannot be copied is drawn; one that cannot be drawn says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Protocol

from PIL import Image, ImageDraw
from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import NameObject

from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.rendering.feuille import Boite, Sheet, picture_sheet, text_sheet
from mutuelle_desktop.rendering.nettoyage import appearances, clean_picture, copied, hides_layers, pictures, weight_of

PDF = "application/pdf"
COTE_DESSIN = 2340
"""Longest side, in pixels, of a page that is drawn: 200 dots an inch on A4."""
COTE_IMAGE, COTE_FAX = 2000, 3508
"""Longest side, in pixels, of a photo or scan, and of a black and white one."""
POIDS_PAGE = 2_500_000
"""Bytes of pictures beyond which a page is drawn rather than copied."""
_FAULTS = (
    PyPdfError, ValueError, LookupError, TypeError, AttributeError, AssertionError, NotImplementedError, RecursionError,
    OSError, ArithmeticError, AppError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Masque:
    """What is hidden of a page (from 1): zones (left, top, right, bottom), from 0 to 1; none means all of it."""

    page: int
    zones: tuple[tuple[float, float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Feuillets:
    """A paper ready to be bound: a PDF, its number of pages, and the pages that could not be reproduced."""

    contenu: bytes
    pages: int
    perdues: tuple[int, ...] = ()


class Papier(Protocol):
    """What is asked of a paper held open: extraction.lecteur.Papier is one."""

    @property
    def pages(self) -> int:
        """Return the number of pages."""

    def render(self, numero: int, largest: int) -> Image.Image:
        """Draw a page as shown."""

    def leaf(self, numero: int, largest: int | None = None) -> tuple[Image.Image, float]:
        """Return a page of a picture, upright, and its resolution in dots per inch."""


def feuillets(
    papier: Papier, contenu: bytes, mime: str, etiquette: str, *, password: str = "", masques: Sequence[Masque] = ()
) -> Feuillets:
    """Return the sheets of one paper, each stamped « étiquette – p. 2/4 »."""
    work = _Work(papier, mime, _reader(contenu, password) if mime == PDF else None)
    hidden = {masque.page: masque.zones for masque in masques}
    count, lost = papier.pages, []
    for numero in range(1, count + 1):
        stamp = f"{etiquette} – p.\u00a0{numero}/{count}"
        try:
            if numero in hidden:
                work.mask(numero, hidden[numero], stamp)
            else:
                work.put(numero, stamp)
        except _FAULTS:
            lost.append(numero)
            text_sheet(work.writer, stamp, (f"La page {numero} de ce document n’a pas pu être reproduite.",
                                            "Son fichier est abîmé à cet endroit."))  # fmt: skip
    return Feuillets(written(work.writer), count, tuple(lost))


def avis(etiquette: str, lines: Sequence[str]) -> Feuillets:
    """Return one sheet that says why a paper is not there."""
    writer = PdfWriter()
    text_sheet(writer, f"{etiquette} – p.\u00a01/1", lines)
    return Feuillets(written(writer), 1)


def written(writer: PdfWriter, titre: str = "") -> bytes:
    """Return a PDF that says its title and not what made it, nor when."""
    writer.metadata = {"/Title": titre} if titre else None
    out = BytesIO()
    writer.write(out)
    writer.close()
    return out.getvalue()


def _reader(contenu: bytes, password: str) -> PdfReader | None:
    """Return a reader of the pages, or None when they can only be drawn."""
    try:
        reader = PdfReader(BytesIO(contenu), password=password or None)
        if hides_layers(reader):
            return None
        len(reader.pages)
    except _FAULTS:
        return None
    return reader


class _Work:
    """One paper being made ready: its pages in turn onto sheets of a new PDF."""

    def __init__(self, papier: Papier, mime: str, reader: PdfReader | None) -> None:
        self.writer = PdfWriter()
        self._papier, self._mime, self._reader = papier, mime, reader
        self._cleaned: set[int] = set()

    def put(self, numero: int, stamp: str) -> None:
        """Put a page on a sheet: copied when it can be, else drawn."""
        if self._mime != PDF:
            picture, dpi = self._papier.leaf(numero, COTE_IMAGE * 3 // 4)  # a photo's shorter side
            picture_sheet(self.writer, picture, stamp, COTE_FAX if picture.mode == "1" else COTE_IMAGE, dpi)
            return
        if self._reader is not None:
            try:
                if self._copy(self._reader.pages[numero - 1], stamp):
                    return
            except _FAULTS:
                pass
        self._picture(self._papier.render(numero, COTE_DESSIN), stamp)

    def mask(self, numero: int, zones: Sequence[tuple[float, float, float, float]], stamp: str) -> None:
        """Put a page on a sheet without what is hidden: only pixels are left, and those of the zones are black."""
        if not zones:
            text_sheet(self.writer, stamp, ("Cette page n’est pas communiquée.",))
            return
        picture = self._papier.render(numero, COTE_DESSIN).convert("RGB")
        across, down = picture.size
        for left, top, right, bottom in zones:
            corners = sorted((left, right)), sorted((top, bottom))
            box = (corners[0][0] * across, corners[1][0] * down, corners[0][1] * across, corners[1][1] * down)
            ImageDraw.Draw(picture).rectangle(box, fill="black")
        self._picture(picture, stamp)

    def _picture(self, picture: Image.Image, stamp: str) -> None:
        picture_sheet(self.writer, picture, stamp, COTE_DESSIN)

    def _copy(self, page: PageObject, stamp: str) -> bool:
        """Copy what draws a page onto a sheet; tell whether it was light enough to be kept."""
        box = Boite.of(page)
        if sum(weight_of(picture) for picture in pictures(page.get("/Resources"))) > POIDS_PAGE:
            return False
        form = copied(self.writer, page)
        drawn = list(appearances(self.writer, page))
        for resources in (form["/Resources"], *(look.get("/Resources") for look, _ in drawn)):
            for picture in pictures(resources, self._cleaned):
                clean_picture(picture)
        form[NameObject("/BBox")] = box.array()
        sheet = Sheet(self.writer, box.shown, stamp)
        place = box.matrix(sheet.x, sheet.y, sheet.scale)
        sheet.draw(form, place, clip=box)
        for appearance, matrix in drawn:
            sheet.draw(appearance, times(matrix, place))
        sheet.close()
        return True


def times(first: Sequence[float], then: Sequence[float]) -> tuple[float, ...]:
    """Return the matrix that does one then the other."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)
