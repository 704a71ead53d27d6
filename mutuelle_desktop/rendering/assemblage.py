"""Pages put together into one PDF: rotated, cut, joined, reordered. Runs in worker processes only."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias

from mutuelle_desktop.domain.errors import Unreadable

if TYPE_CHECKING:  # the program describes the work to be done without loading what does it
    from PIL import Image
    from pypdf import PageObject

_QUALITE = 90
"""Of the JPEG a picture becomes inside a PDF: a letter loses nothing that is seen."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some pages (from 1; none means all) of one paper, turned clockwise by rotation degrees."""

    contenu: bytes
    mime: str
    pages: tuple[int, ...] = ()
    rotation: int = 0
    password: str = ""


Leaves: TypeAlias = "Callable[[Part], Iterator[tuple[Image.Image, float]]]"
"""Gives the wanted pages of a picture, upright, each with its resolution in dots per inch."""


def assemble(parts: Sequence[Part], leaves: Leaves) -> bytes:
    """Return one PDF of these parts, in their order; raise Unreadable when one cannot be taken apart."""
    from pypdf import PdfWriter
    from pypdf.errors import PyPdfError

    writer = PdfWriter()
    try:
        for part in parts:
            for found in _pages(part, leaves):
                page = writer.add_page(found)
                if part.rotation % 360:
                    page.rotate(part.rotation)
        out = BytesIO()
        writer.write(out)
    except (PyPdfError, ValueError, LookupError, TypeError, AttributeError, AssertionError,
            NotImplementedError, RecursionError, OSError):  # fmt: skip
        raise Unreadable("Ce document ne peut pas être découpé ni tourné : son fichier est abîmé.") from None
    finally:
        writer.close()
    return out.getvalue()


def _pages(part: Part, leaves: Leaves) -> Iterator["PageObject"]:
    from pypdf import PdfReader

    if part.mime == "application/pdf":
        reader = PdfReader(BytesIO(part.contenu), password=part.password or None)
        yield from (reader.pages[n - 1] for n in part.pages or range(1, len(reader.pages) + 1))
        return
    for picture, dpi in leaves(part):
        out = BytesIO()
        options = {} if picture.mode == "1" else {"quality": _QUALITE}  # black and white goes without loss, as a fax
        picture.save(out, "PDF", resolution=dpi, **options)
        yield from PdfReader(out).pages


def describe(part: Part) -> dict[str, Any]:
    """Return what a worker is told of a part beside its bytes."""
    return {"mime": part.mime, "pages": list(part.pages), "rotation": part.rotation, "password": part.password}
