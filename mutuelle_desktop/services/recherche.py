"""Finding: in the text of every paper as one types, and among all that has a name.

The index keeps no text: what is shown around a hit is cut from the page by the same words the index was asked for.
The newest come first and only as many as are shown: nothing is ever ranked beyond them.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from mutuelle_desktop.domain.contrat import Contact, Contrat, Mutuelle
from mutuelle_desktop.domain.courrier import Courrier
from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.extraction.mots import Mot
from mutuelle_desktop.services import termes
from mutuelle_desktop.services.suggestions import suggest
from mutuelle_desktop.services.termes import Boite, Span, Terme
from mutuelle_desktop.storage.index import among, plain
from mutuelle_desktop.storage.library import Library, Reader

__all__ = [
    "DEBUT",
    "FIN",
    "Resultat",
    "Trouvaille",
    "excerpt",
    "hits_on_page",
    "search_all",
    "search_documents",
    "suggest",
]

DEBUT, FIN = "⟦", "⟧"
"""Around each hit of an excerpt."""
_LONG, _AVANT = 150, 40


@dataclass(frozen=True, slots=True)
class Resultat:
    """One document found: the first page that holds the words, from 1, and what surrounds them there."""

    id: str
    titre: str
    page: int
    extrait: str


@dataclass(frozen=True, slots=True)
class Trouvaille:
    """One thing found, of any kind: id is its own, titre and extrait are what is shown of it."""

    kind: type[Any]
    id: str
    titre: str
    extrait: str = ""


def search_documents(library: Library, mots: str, *, limit: int = 50) -> list[Resultat]:
    """Return the newest documents that hold every word, in any order, with an excerpt each."""
    wanted = termes.parse(mots)
    query = termes.match(wanted)
    if query is None:
        return []
    with library.read() as db:
        rows = db.raw(_DOCUMENTS, (query, limit)).fetchall()
        return [_resultat(db, row, wanted) for row in rows]


_DOCUMENTS = f"""
    SELECT d.id, d.titre, d.empreinte, p.texte FROM recherche CROSS JOIN fiche f ON f.numero = recherche.rowid
    CROSS JOIN document d ON d.id = f.id LEFT JOIN page p ON p.empreinte = d.empreinte AND p.numero = 1
    WHERE recherche MATCH ? AND {among(Document)} AND d.supprime_le IS NULL ORDER BY recherche.rowid DESC LIMIT ?
"""
_NEXT_PAGES = "SELECT numero, texte FROM page WHERE empreinte = ? AND numero > 1 ORDER BY numero"


def _resultat(db: Reader, row: tuple[str, str, str, str | None], wanted: Sequence[Terme]) -> Resultat:
    """Return the first page that holds the most of the words; the title alone may hold them."""
    key, titre, empreinte, first = row
    best = (*excerpt(first or "", wanted), 1)
    if best[0] < len(wanted):
        for numero, texte in db.raw(_NEXT_PAGES, (empreinte,)):
            score, extrait = excerpt(texte, wanted)
            if score > best[0]:
                best = (score, extrait, numero)
            if score == len(wanted):
                break
    return Resultat(key, titre, best[2], best[1] or _short(first or ""))


def excerpt(texte: str, wanted: Sequence[Terme]) -> tuple[int, str]:
    """Return how many of the terms the text holds, and what surrounds the first of them, the hits marked."""
    places = termes.places(texte, wanted)
    firsts = [next(place, None) for place in places]
    if not all(firsts):
        mended = termes.readable(texte)
        if mended != texte:
            texte, places = mended, termes.places(mended, wanted)
            firsts = [next(place, None) for place in places]
    held = sorted(span for span in firsts if span)
    return len(held), _around(texte, held, places) if held else ""


def _around(texte: str, held: Sequence[Span], others: Iterable[Iterator[Span]]) -> str:
    """Cut the text around its first hit, at spaces, and mark the hits that are inside."""
    first, after = held[0]
    start = max(0, first - _AVANT)
    if start:
        start = texte.find(" ", start, first) + 1 or start
    end = min(len(texte), max(start + _LONG, after))
    if end < len(texte):
        end = max(texte.rfind(" ", first, end), after)
    inside = [*held, *(span for place in others for span in takewhile(lambda span: span[0] < end, place))]
    parts, at = ["… " if start else ""], start
    for left, right in sorted(inside):
        if at <= left and right <= end:
            parts += [texte[at:left], DEBUT, texte[left:right], FIN]
            at = right
    parts += [texte[at:end], " …" if end < len(texte) else ""]
    return " ".join("".join(parts).split())


def _short(texte: str) -> str:
    cut = " ".join(texte[: 2 * _LONG].split())
    return cut if len(cut) <= _LONG else cut[:_LONG].rsplit(" ", 1)[0] + " …"


def search_all(library: Library, mots: str, limit: int = 30) -> list[Trouvaille]:
    """Return what was found of every kind: dossiers and names first, then papers; nothing from the trash.

    A dossier is found by its exchanges too. id is what to open, of that kind.
    """
    query = termes.match(wanted := termes.parse(mots))
    if query is None:
        return []
    found: dict[tuple[type[Any], str], Trouvaille] = {}
    with library.read() as db:
        for kind, sql in _KINDS:
            for key, titre, texte in db.raw(sql, (query, limit)).fetchall():
                extrait = excerpt(texte, wanted)[1] if texte else ""
                found.setdefault((kind, key), Trouvaille(kind, key, " ".join(titre.split()), extrait))
        found.update(((Courrier, one.id), one) for one in _letters(db, mots))
    papers = search_documents(library, mots, limit=limit)
    return [*found.values(), *(Trouvaille(Document, r.id, r.titre, r.extrait) for r in papers)][:limit]


def _letters(db: Reader, mots: str) -> Iterator[Trouvaille]:
    """Return the letters by their subject and whom they are for; their words, once final, are those of a paper."""
    wanted = plain(mots).split()
    rows = db.raw("SELECT id, objet, destinataire FROM courrier ORDER BY modifie_le DESC").fetchall()
    for key, objet, destinataire in rows:
        if all(word in plain(f"{objet} {' '.join(json.loads(destinataire))}") for word in wanted):
            yield Trouvaille(Courrier, key, re.sub(r"\{[\w.]+\}", "…", objet) or "Lettre sans objet")


def _of_kind(name: str, tables: str, *, key: str, titre: str, texte: str, live: str = "1") -> str:
    return (
        f"SELECT {key}, {titre}, {texte} FROM recherche CROSS JOIN fiche f ON f.numero = recherche.rowid {tables} "
        f"WHERE recherche MATCH ? AND {among(name)} AND {live} ORDER BY recherche.rowid DESC LIMIT ?"
    )


_DOSSIER = {"key": "s.id", "titre": "s.reference || ' · ' || s.titre", "live": "s.supprime_le IS NULL"}
_KINDS: tuple[tuple[type[Any], str], ...] = (
    (Dossier, _of_kind("Dossier", "JOIN dossier s ON s.id = f.id", texte="s.notes", **_DOSSIER)),
    (
        Dossier,
        _of_kind(
            Evenement.__name__,
            "JOIN evenement e ON e.id = f.id JOIN dossier s ON s.id = e.dossier_id",
            texte="e.nature || ' ' || e.interlocuteur || ' ' || e.numero || ' ' || e.texte",
            **_DOSSIER,
        ),
    ),
    (
        Personne,
        _of_kind(
            "Personne",
            "JOIN personne p ON p.id = f.id",
            key="p.id",
            titre="p.prenom || ' ' || p.nom",
            texte="p.notes",
        ),
    ),
    (Mutuelle, _of_kind("Mutuelle", "JOIN mutuelle m ON m.id = f.id", key="m.id", titre="m.nom", texte="m.notes")),
    (
        Contact,
        _of_kind(
            "Contact",
            "JOIN contact c ON c.id = f.id JOIN mutuelle m ON m.id = c.mutuelle_id",
            key="c.id",
            titre="c.nom || ' · ' || m.nom",
            texte="c.telephone || ' ' || c.courriel || ' ' || c.notes",
        ),
    ),
    (
        Contrat,
        _of_kind(
            "Contrat",
            "JOIN contrat c ON c.id = f.id JOIN mutuelle m ON m.id = c.mutuelle_id",
            key="c.id",
            titre="m.nom || ' · ' || c.nom || ' n° ' || c.numero",
            texte="c.numero_adherent || ' ' || c.notes",
        ),
    ),
)


def hits_on_page(mots_de_page: Sequence[Mot], query: str) -> list[list[Boite]]:
    """Return what to outline on a page: for each hit the boxes of its words, in points."""
    return termes.hits(mots_de_page, query)


def first_hit(library: Library, document_id: str, mots: str, page: int, step: int) -> int | None:
    """Return the next page after this one (step 1) or before it (step -1) that holds the words, round the end."""
    with library.read() as db:
        rows = db.raw(
            "SELECT p.numero, p.texte FROM document d JOIN page p ON p.empreinte = d.empreinte WHERE d.id = ? "
            "ORDER BY p.numero",
            (document_id,),
        ).fetchall()
    wanted = termes.parse(mots)
    holding: list[int] = [numero for numero, texte in rows if _holds(texte, wanted)]
    if not holding:
        return None
    if step > 0:
        return next((n for n in holding if n > page), holding[0])
    return next((n for n in reversed(holding) if n < page), holding[-1])


def _holds(texte: str, wanted: Sequence[Terme]) -> bool:
    """Tell whether a page holds one of the terms, perhaps cut at the end of a line."""
    return any(termes.found_in(texte, wanted)) or any(termes.found_in(termes.readable(texte), wanted))
