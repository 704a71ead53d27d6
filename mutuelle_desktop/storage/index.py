"""The full-text index: what is findable, and how a query is asked of it.

The index keeps no text of its own (contentless FTS5): excerpts come from the pages. Both sides fold the same way:
œ and æ to two letters, ligatures apart, typographic apostrophes to spaces, figures like « 1 234,56 » joined; case
and accents are the tokenizer's. One row per thing a person looks for, numbered by `fiche`, the newest last.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from mutuelle_desktop.domain.contrat import Contact, Contrat, Mutuelle
from mutuelle_desktop.domain.document import Document, EtatLecture, Lecture, Page
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.personne import Personne

INDEXED = (Document, Dossier, Personne, Mutuelle, Contact, Contrat, Evenement)
_LETTERS = str.maketrans(
    {"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "’": "'", "‘": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " ",
     "\u00ad": None, "ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"}
)  # fmt: skip
_THOUSANDS = re.compile(r"(?<![\d,])(\d{1,3})((?: \d{3})+)(?!\d)(,\d+)?")
_HYPHEN = re.compile(r"(\w+)-\n(\w+)")
_QUERY = re.compile(r'["«]([^"»]*)["»]?|([^\s"«»]+)')
_WORD = re.compile(r"[^\W_]+")
_EAGER_PAGES, _LAZY_STEP = 20, 10


def fold(text: str) -> str:
    """Return text as both sides of a search see it, accents and case left to the tokenizer."""
    return unicodedata.normalize("NFC", text).translate(_LETTERS)


def plain(text: str) -> str:
    """Return folded text without accents or case, for comparisons of our own."""
    decomposed = unicodedata.normalize("NFD", fold(text).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def searchable(text: str) -> str:
    """Return what is put into the index: folded, plus hyphenated words joined and figures without spaces."""
    folded = fold(text)
    extra = [a + b for a, b in _HYPHEN.findall(folded)]
    extra += [a + b.replace(" ", "") + c for a, b, c in _THOUSANDS.findall(folded)]
    return f"{folded}\n{' '.join(extra)}" if extra else folded


def terms_of(mots: str) -> list[tuple[list[str], bool]]:
    """Return the terms of a query: each a run of plain words, and whether it is an exact phrase."""
    terms: list[tuple[list[str], bool]] = []
    for phrase, word in _QUERY.findall(fold(mots)):
        words = _WORD.findall(plain(phrase or word))
        if words:
            terms.append((words, bool(phrase)))
    return terms


def match_query(mots: str) -> str | None:
    """Return the FTS5 query for what was typed, whatever it is; None when it holds no word."""
    parts = []
    for words, exact in terms_of(mots):
        quoted = '"' + " ".join(words) + '"'
        parts.append(quoted if exact else quoted + "*")
    return " ".join(parts) or None


def refresh(execute: Any, changes: Iterable[Any]) -> None:
    """Bring the index up to date with these changes; execute(sql, parameters) returns a cursor."""
    todo: dict[tuple[str, str], None] = {}
    for change in changes:
        value = change.after or change.before
        if isinstance(value, INDEXED):
            todo[type(value).__name__, value.id] = None
        if isinstance(value, Personne) and change.before is not None:
            todo.update(_ids(execute, "Document", "SELECT id FROM document WHERE personne_id = ?", value.id))
            todo.update(_ids(execute, "Dossier", "SELECT id FROM dossier WHERE personne_id = ?", value.id))
        elif isinstance(value, Page):
            if value.numero <= _EAGER_PAGES or value.numero % _LAZY_STEP == 0:
                todo.update(_documents(execute, value.empreinte))
        elif isinstance(value, Lecture) and value.etat is EtatLecture.LU and value.pages > _EAGER_PAGES:
            todo.update(_documents(execute, value.id))
    for kind, key in todo:
        _reindex(execute, kind, key)


def _documents(execute: Any, empreinte: str) -> dict[tuple[str, str], None]:
    return _ids(execute, "Document", "SELECT id FROM document WHERE empreinte = ?", empreinte)


def _ids(execute: Any, kind: str, sql: str, key: str) -> dict[tuple[str, str], None]:
    return {(kind, row[0]): None for row in execute(sql, (key,)).fetchall()}


def _reindex(execute: Any, kind: str, key: str) -> None:
    found = execute("SELECT numero FROM fiche WHERE kind = ? AND id = ?", (kind, key)).fetchone()
    row = execute(_SOURCES[kind], (key,)).fetchone()
    if found:
        execute("DELETE FROM recherche WHERE rowid = ?", (found[0],))
    if row is None:
        return
    numero = found[0] if found else execute("INSERT INTO fiche (kind, id) VALUES (?, ?)", (kind, key)).lastrowid
    titre, texte = row[0], row[1]
    if kind == "Document":
        pages = execute("SELECT texte FROM page WHERE empreinte = ? ORDER BY numero", (row[2],)).fetchall()
        texte = "\n".join([texte, *(p[0] for p in pages)])
    execute(
        "INSERT INTO recherche (rowid, titre, texte) VALUES (?, ?, ?)",
        (numero, searchable(titre), searchable(texte)),
    )


_DAY = "coalesce(strftime('%d/%m/%Y', {0}), '')"
_SOURCES = {
    "Document": "SELECT d.titre || ' ' || d.nom || ' ' || coalesce(d.type, '') || ' ' || d.emetteur || ' ' || "
    + _DAY.format("d.date_document")
    + " || ' ' || coalesce(p.prenom || ' ' || p.nom, ''), d.notes, d.empreinte "
    "FROM document d LEFT JOIN personne p ON p.id = d.personne_id WHERE d.id = ?",
    "Dossier": "SELECT d.titre || ' ' || d.reference || ' ' || d.nature || ' ' || d.references_mutuelle || ' ' || "
    "coalesce(p.prenom || ' ' || p.nom, ''), d.notes FROM dossier d LEFT JOIN personne p ON p.id = d.personne_id "
    "WHERE d.id = ?",
    "Personne": "SELECT prenom || ' ' || nom, adresse || ' ' || telephone || ' ' || courriel || ' ' || notes "
    "FROM personne WHERE id = ?",
    "Mutuelle": "SELECT nom, nature || ' ' || adresse || ' ' || mediateur || ' ' || notes FROM mutuelle WHERE id = ?",
    "Contact": "SELECT c.nom || ' ' || m.nom, c.telephone || ' ' || c.courriel || ' ' || c.adresse || ' ' || c.notes "
    "FROM contact c JOIN mutuelle m ON m.id = c.mutuelle_id WHERE c.id = ?",
    "Contrat": "SELECT c.nom || ' ' || c.numero || ' ' || c.numero_adherent || ' ' || m.nom, c.notes "
    "FROM contrat c JOIN mutuelle m ON m.id = c.mutuelle_id WHERE c.id = ?",
    "Evenement": "SELECT nature || ' ' || interlocuteur || ' ' || numero || ' ' || "
    + _DAY.format("le")
    + ", texte FROM evenement WHERE id = ?",
}
