"""Pages put together into one PDF: rotated, cut, joined, reordered. Runs in worker processes only."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from mutuelle_desktop.domain.errors import Unreadable

A4 = (595.28, 841.89)
"""Width and height of a sheet in points."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some pages (from 1; none means all) of one paper, turned clockwise by rotation degrees."""

    contenu: bytes
    mime: str
    pages: tuple[int, ...] = ()
    rotation: int = 0
    password: str = ""


def assemble(parts: Sequence[Part]) -> bytes:
    """Return one PDF of these parts, in their order; raise Unreadable when one cannot be taken apart."""
    writer = PdfWriter()
    try:
        for part in parts:
            reader = _reader(part)
            for numero in part.pages or range(1, len(reader.pages) + 1):
                page = writer.add_page(reader.pages[numero - 1])
                if part.rotation % 360:
                    page.rotate(part.rotation)
        out = BytesIO()
        writer.write(out)
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError,
            NotImplementedError, RecursionError, OSError):  # fmt: skip
        raise Unreadable("Ce document ne peut pas être découpé ni tourné : son fichier est abîmé.") from None
    finally:
        writer.close()
    return out.getvalue()


def _reader(part: Part) -> PdfReader:
    if part.mime == "application/pdf":
        return PdfReader(BytesIO(part.contenu), password=part.password or None)
    out = BytesIO()
    with Image.open(BytesIO(part.contenu)) as picture:
        frames = []
        for number in range(getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1):
            picture.seek(number)
            upright = ImageOps.exif_transpose(picture)
            frames.append(upright.convert("L" if upright.mode in ("1", "L", "I;16") else "RGB"))
        dpi = max(72.0, max(frames[0].size) / (A4[1] / 72))
        frames[0].save(out, "PDF", save_all=True, append_images=frames[1:], resolution=dpi, quality=88)
    return PdfReader(out)


def describe(part: Part) -> dict[str, Any]:
    """Return what a worker is told of a part beside its bytes."""
    return {"mime": part.mime, "pages": list(part.pages), "rotation": part.rotation, "password": part.password}
