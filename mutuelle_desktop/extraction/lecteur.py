"""One paper, whatever its kind: its pages, their text, their pictures. Runs in worker processes only."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from PIL import Image

from mutuelle_desktop.domain.errors import Unreadable
from mutuelle_desktop.extraction import image
from mutuelle_desktop.extraction.mots import Mot, PageLue, pack
from mutuelle_desktop.extraction.sniff import PDF

VIGNETTE = 256
VIGNETTE_MAX = 8000
"""Longest side in pixels, and most bytes, of a thumbnail."""
_VIGNETTES = (("JPEG", 70), ("JPEG", 60), ("WEBP", 70), ("WEBP", 45), ("WEBP", 20), ("WEBP", 5))
"""How a thumbnail is tried: the JPEG of a letter costs a tenth of its WebP, a photo's is too large."""
LARGEST_PHOTO = 4000
PIXELS_PHOTO = 24_000_000
"""Longest side and pixels of a picture given to reading; beyond both it is reduced, so that a long receipt keeps its own."""
_BOX = Image.Resampling.BOX


class Papier:
    """A paper held open in a worker."""

    def __init__(self, pdf: Any, picture: Image.Image | None) -> None:
        self._pdf = pdf
        self._picture = picture
        self._first = image.size_of(picture) if picture is not None else None  # drawing may reduce a JPEG for good

    @property
    def pages(self) -> int:
        """Return the number of pages."""
        return len(self._pdf) if self._pdf else image.count_pages(self._image)

    def size(self, numero: int) -> tuple[float, float]:
        """Return the width and height in points of a page as shown."""
        if self._pdf:
            return tuple(self._pdf.size(numero))
        return self._first if self._first and numero == 1 else image.size_of(self._image, numero)

    def text(self, numero: int) -> PageLue:
        """Read the text layer of a page; a picture has none and waits for OCR."""
        if not self._pdf:
            return PageLue(numero, *self.size(numero), a_ocr=True)
        from mutuelle_desktop.extraction import pdf

        try:
            page = pdf.read_page(self._pdf, numero)
        except Unreadable:
            return PageLue(numero, *self.size(numero))
        return PageLue(numero, page.largeur, page.hauteur, page.texte, pack(page.mots), page.a_ocr)

    def ocr(self, numero: int) -> PageLue:
        """Read the picture of a page, and keep the words of its text layer that the picture does not give."""
        from mutuelle_desktop.extraction import ocr

        largeur, hauteur = self.size(numero)
        photo = not self._pdf and image.is_photo(self._image)
        picture = self._for_ocr(numero)
        mots, texte = ocr.read(picture, photo=photo, scale=largeur / picture.width)
        mots, texte = self._with_layer(numero, mots, texte)
        sure = [mot.confiance for mot in mots]
        return PageLue(numero, largeur, hauteur, texte, pack(mots), False, round(sum(sure) / len(sure)) if sure else 0)

    def render(self, numero: int, largest: int) -> Image.Image:
        """Draw a page as shown, its longer side of that many pixels."""
        if self._pdf:
            from mutuelle_desktop.extraction import pdf

            return pdf.render(self._pdf, numero, largest)
        page = image.upright(self._image, numero, largest=largest)
        page = page.convert("RGB")
        page.thumbnail((largest, largest), Image.Resampling.LANCZOS)
        return page

    def leaf(self, numero: int, largest: int | None = None) -> tuple[Image.Image, float]:
        """Return a page of a picture whole and upright, to be put in a PDF, and its resolution in dots per inch.

        largest lets a photo be roughly reduced while it is decoded, its longer side no smaller than that many pixels.
        """
        largeur, _ = self.size(numero)
        black_and_white = self._image.mode == "1"
        page = image.upright(self._image, numero, largest=largest)
        return page.convert("1") if black_and_white else page, page.width * 72 / largeur

    def thumbnail(self) -> bytes:
        """Return a small picture of the first page, at most VIGNETTE_MAX bytes: JPEG, or WebP when it must be."""
        picture = self.render(1, VIGNETTE)
        for kind, quality in _VIGNETTES:
            out = BytesIO()
            picture.save(out, kind, quality=quality, optimize=quality < 70, method=2)
            if out.tell() <= VIGNETTE_MAX:
                break
        return out.getvalue()

    @property
    def _image(self) -> Image.Image:
        assert self._picture is not None
        return self._picture

    def _for_ocr(self, numero: int) -> Image.Image:
        if self._pdf:
            from mutuelle_desktop.extraction import pdf

            return pdf.scan_of(self._pdf, numero) or pdf.render_to_read(self._pdf, numero)
        page = image.upright(self._image, numero, largest=LARGEST_PHOTO)
        factor = (PIXELS_PHOTO / (page.width * page.height)) ** 0.5
        if max(page.size) <= LARGEST_PHOTO or factor >= 1:
            return page
        return page.resize((max(1, round(page.width * factor)), max(1, round(page.height * factor))), _BOX)

    def _with_layer(self, numero: int, mots: list[Mot], texte: str) -> tuple[list[Mot], str]:
        if not self._pdf:
            return mots, texte
        from mutuelle_desktop.extraction import pdf

        layer = pdf.read_page(self._pdf, numero)
        if not layer.mots or len(layer.mots) >= pdf.MOTS_PARTIELS or pdf.is_garbage(layer.texte):
            return mots, texte
        kept = [mot for mot in layer.mots if not any(_overlap(mot, other) for other in mots)]
        return [*mots, *kept], "\n".join([texte, " ".join(mot.texte for mot in kept)]).strip()


def _overlap(a: Mot, b: Mot) -> bool:
    across = min(a.x1, b.x1) - max(a.x0, b.x0)
    down = min(a.y1, b.y1) - max(a.y0, b.y0)
    return across > 0 and down > 0 and across * down > 0.3 * (a.x1 - a.x0) * (a.y1 - a.y0)


@contextmanager
def opened(contenu: bytes, mime: str, password: str = "") -> Iterator[Papier]:
    """Open a paper, or raise Protege or Unreadable in French."""
    if mime == PDF:
        from mutuelle_desktop.extraction import pdf

        with pdf.opened(contenu, password) as document:
            yield Papier(document, None)
    else:
        with image.opened(contenu, mime) as picture:
            yield Papier(None, picture)
