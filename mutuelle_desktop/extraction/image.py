"""Pictures by Pillow: opened under a strict policy, shown upright. Runs in worker processes only."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image, ImageFile, ImageOps

from mutuelle_desktop.domain.errors import Unreadable
from mutuelle_desktop.extraction.sniff import HEIC

PIXELS_MAX = 120_000_000
"""Pixels of the largest picture opened: twice what the best phones and an A3 sheet at 600 dpi give."""
FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "GIF", "BMP")
_TOO_BIG = "Cette image est trop grande pour être lue sans risque. Enregistrez-la en plus petit, puis ajoutez-la."
_FAULTS = (
    OSError, SyntaxError, ValueError, RuntimeError, EOFError, LookupError, TypeError, AttributeError, ArithmeticError,
    struct.error, zlib.error,
)  # fmt: skip
"""What Pillow and the libraries under it raise over a picture that is not as it claims."""
_BROKEN = "Cette image est abîmée ou incomplète. Numérisez ou photographiez à nouveau le papier."


@contextmanager
def opened(contenu: bytes, mime: str) -> Iterator[Image.Image]:
    """Open a picture, or raise Unreadable in French."""
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with _faults_told(_BROKEN):
            picture = _open(contenu, mime)
        with picture:
            yield picture


@contextmanager
def _faults_told(sentence: str) -> Iterator[None]:
    try:
        yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise Unreadable(_TOO_BIG) from None
    except _FAULTS:
        raise Unreadable(sentence) from None


def _open(contenu: bytes, mime: str) -> Image.Image:
    if mime == HEIC:
        import pillow_heif

        pillow_heif.register_heif_opener()
        return Image.open(BytesIO(contenu))
    return Image.open(BytesIO(contenu), formats=FORMATS)


def count_pages(picture: Image.Image) -> int:
    """Return how many pages a picture holds; the frames of an animation are one."""
    return int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1


def size_of(picture: Image.Image, numero: int = 1) -> tuple[float, float]:
    """Return the width and height in points of a page as shown upright, before anything of it is decoded."""
    _seek(picture, numero)
    across, down = picture.size
    with _faults_told(_BROKEN):
        # Pillow turns TIFFs by itself, from their first measure on
        if picture.format != "TIFF" and picture.getexif().get(0x0112, 1) in range(5, 9):
            across, down = down, across
        dpi = dpi_of(picture)
    return across * 72 / dpi, down * 72 / dpi


def dpi_of(picture: Image.Image) -> float:
    """Return the resolution a picture claims when it is believable, else a guess that fits a sheet."""
    if picture.format != "JPEG" or not picture.getexif().get(0x010F):
        try:
            claimed = float(picture.info.get("dpi", (0, 0))[0])
        except (TypeError, ValueError, IndexError):
            claimed = 0
        if 90 <= claimed <= 1200:
            return claimed
    return max(72.0, max(picture.size) / 11.7)


def is_photo(picture: Image.Image) -> bool:
    """Tell whether a picture comes from a camera rather than from a scanner."""
    exif = picture.getexif()
    if exif.get(0x010F) or exif.get(0x0110) or picture.format in ("HEIF", "MPO"):
        return True
    claimed = picture.info.get("dpi", (0, 0))[0]
    return picture.format == "JPEG" and not 90 <= float(claimed or 0) <= 1200


def upright(picture: Image.Image, numero: int = 1, *, largest: int | None = None) -> Image.Image:
    """Return one page in RGB or grey, EXIF rotation applied, roughly reduced while decoding when it can be."""
    _seek(picture, numero)
    if largest and picture.format in ("JPEG", "MPO"):
        picture.draft(None, (largest, largest))
    with _faults_told(_BROKEN):
        try:
            picture.load()
        except _FAULTS:
            ImageFile.LOAD_TRUNCATED_IMAGES = True
            try:
                picture.load()
            finally:
                ImageFile.LOAD_TRUNCATED_IMAGES = False
        return _plain(ImageOps.exif_transpose(picture))


def _plain(page: Image.Image) -> Image.Image:
    """Return a picture in RGB or grey, on white paper, whatever way its colours were told."""
    if page.mode.startswith("I;16") or page.mode in ("I", "F"):
        return _eight_bits(page)
    if page.mode == "LAB":
        return page.getchannel("L")
    if page.mode in ("RGBA", "LA", "PA") or "transparency" in page.info:
        page = page.convert("RGBA")
        paper = Image.new("RGBA", page.size, "white")
        page = Image.alpha_composite(paper, page)
    return page if page.mode in ("L", "RGB") else page.convert("L" if page.mode == "1" else "RGB")


def _eight_bits(page: Image.Image) -> Image.Image:
    import numpy as np  # seldom needed, and a tenth of a second to load

    if page.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(page) >> 8).astype(np.uint8))
    values = np.asarray(page, dtype=np.float32)
    top = 65535 if page.mode == "I" else max(1.0, float(np.nan_to_num(values).max()))
    return Image.fromarray((np.clip(np.nan_to_num(values) / top, 0, 1) * 255).astype(np.uint8))


def _seek(picture: Image.Image, numero: int) -> None:
    try:
        picture.seek(numero - 1)
    except _FAULTS:
        raise Unreadable(f"La page {numero} de cette image est abîmée.") from None
