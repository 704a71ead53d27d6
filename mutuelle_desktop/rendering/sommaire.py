"""What comes first in an evidence file, set by Typst: cover, contents with true page numbers, what it holds, the story."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import Destination

from mutuelle_desktop.rendering.courrier import Feuille
from mutuelle_desktop.rendering.dossier import Partie, Signet
from mutuelle_desktop.rendering.glyphes import drawable

_ESSAIS = 4
"""Times the contents are set again, as its own length moves the pages it gives."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entree:
    """A line of the contents; pages is its length, its first page is computed."""

    numero: str
    titre: str
    jour: str = ""
    pages: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Pas:
    """A line of the story; piece is the number of the paper that proves it, or nothing."""

    jour: str
    quoi: str
    detail: str = ""
    piece: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exige:
    """A line of what a médiateur asks for: whether it is there, and where; else what the user can do, told to them only."""

    quoi: str
    present: bool
    ou: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Liminaire:
    """All that the first pages say; pied is repeated at the foot of each page before its number."""

    titre: str
    sujet: str
    pied: str
    jour: date
    garde: tuple[tuple[str, str], ...] = ()
    avis: tuple[str, ...] = ()
    entrees: tuple[Entree, ...] = ()
    exigence: str = ""
    completude: tuple[Exige, ...] = ()
    chronologie: tuple[Pas, ...] = ()


def liminaire_of(what: Liminaire) -> Partie:
    """Return the first pages with their bookmarks; they are numbered already, and the contents give true pages."""
    body, front = sum(entry.pages for entry in what.entrees), 2
    for _ in range(_ESSAIS):
        contenu = _sheet(what, front, front + body).pdf()
        reader = PdfReader(BytesIO(contenu))
        if len(reader.pages) == front:
            break
        front = len(reader.pages)
    marks = [
        Signet(str(found.title), (reader.get_destination_page_number(found) or 0) + 1)
        for found in reader.outline
        if isinstance(found, Destination)
    ]
    if marks:
        marks[0] = replace(marks[0], titre="Page de garde")
    return Partie(contenu, tuple(marks), numeroter=False)


def page_count(part: Partie) -> int:
    """Return the number of pages of a part made here."""
    return len(PdfReader(BytesIO(part.contenu)).pages)


def _sheet(what: Liminaire, front: int, total: int) -> Feuille:
    data: dict[str, Any] = {
        "jour": [what.jour.year, what.jour.month, what.jour.day], "titre": what.titre, "auteur": "",
        "sujet": what.sujet, "pied": what.pied, "total": total, "garde": [list(line) for line in what.garde],
        "avis": list(what.avis), "exigence": what.exigence,
        "sommaire": _contents(what.entrees, front + 1),
        "completude": [["présent", e.quoi, e.ou] if e.present else ["non joint", e.quoi, ""] for e in what.completude],
        "chronologie": [[p.jour, p.quoi, p.detail, p.piece] for p in what.chronologie],
    }  # fmt: skip
    return Feuille(gabarit="dossier", donnees=json.dumps(_clean(data), ensure_ascii=False), jour=what.jour)


def _contents(entries: Sequence[Entree], first: int) -> list[list[str]]:
    lines = []
    for entry in entries:
        lines.append([entry.numero, entry.titre, entry.jour, str(entry.pages), str(first)])
        first += entry.pages
    return lines


def _clean(data: Any) -> Any:
    """Return the data with every character that the fonts draw."""
    if isinstance(data, str):
        return drawable(data)
    if isinstance(data, list):
        return [_clean(one) for one in data]
    return {key: _clean(one) for key, one in data.items()} if isinstance(data, dict) else data
