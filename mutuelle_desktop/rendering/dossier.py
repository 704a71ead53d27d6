"""The numbered evidence file: what precedes and the papers made ready, bound into one PDF with its bookmarks.

Runs in worker processes only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.generic import BooleanObject, DictionaryObject, NameObject

from mutuelle_desktop.rendering.feuille import add_foot, text_string
from mutuelle_desktop.rendering.feuillets import written


@dataclass(frozen=True, slots=True)
class Signet:
    """A bookmark: where it leads (a page of its part, from 1), its words, and how deep it stands (0 or 1)."""

    titre: str
    page: int = 1
    niveau: int = 0


@dataclass(frozen=True, slots=True)
class Partie:
    """A part to bind: its PDF, its bookmarks, and whether its pages are still to be numbered."""

    contenu: bytes
    signets: tuple[Signet, ...] = ()
    numeroter: bool = True


def bind(parties: Sequence[Partie], titre: str, pied: str) -> bytes:
    """Return one PDF of these parts; pied is written before « page n/N » at the foot of what is not numbered yet."""
    writer, marks = PdfWriter(), []
    numbered: list[int] = []
    for partie in parties:
        first = len(writer.pages)
        reader = PdfReader(BytesIO(partie.contenu))
        for page in reader.pages:
            writer.add_page(page)
        marks += [(first + signet.page - 1, signet) for signet in partie.signets]
        if partie.numeroter:
            numbered += range(first, len(writer.pages))
    total = len(writer.pages)
    for place in numbered:
        add_foot(writer, writer.pages[place], f"{pied} – page\u00a0{place + 1}/{total}")
    parent = None
    for place, signet in marks:
        added = writer.add_outline_item(title=signet.titre, page_number=place, parent=parent if signet.niveau else None)
        parent = parent if signet.niveau else added
    return _said(writer, titre)


def _said(writer: PdfWriter, titre: str) -> bytes:
    """Return the PDF with its title and language, and nothing of its making."""
    root = writer.root_object
    root[NameObject("/Lang")] = text_string("fr-FR")
    root[NameObject("/PageMode")] = NameObject("/UseOutlines")
    root[NameObject("/ViewerPreferences")] = DictionaryObject({NameObject("/DisplayDocTitle"): BooleanObject(True)})
    for key in ("/Metadata", "/StructTreeRoot", "/MarkInfo"):
        root.pop(key, None)
    return written(writer, titre)
