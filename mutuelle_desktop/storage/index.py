"""The full-text index: what can be found, kept true within every write.

The index keeps no text of its own (contentless FTS5): excerpts come from the pages. One row per thing a person looks
for, numbered by `fiche` in order of arrival within its kind: the highest rowid is the newest, and a search of one kind
never walks through the others. `titre` holds what names the thing
(titles, numbers, people, dates in figures and in letters), `texte` the rest: notes, and all pages of a document.

Folding, the same on both sides of a search: œ, æ and ß are two letters, ligatures come apart, apostrophes are straight,
no-break spaces are spaces; case and accents are the tokenizer's. Everything else separates words, so « 1 234,56 » is
the run 1, 234, 56; written once more without spaces it is also found as 1234,56. So are the numbers people copy
without their spaces (telephone, NIR, SIRET, IBAN), and words cut at the end of a line.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any

from mutuelle_desktop.domain.contrat import Contact, Contrat, Mutuelle
from mutuelle_desktop.domain.document import Document, EtatLecture, Lecture, Page
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.storage.history import Change

Execute = Callable[..., Any]

EAGER_PAGES = 20
"""Pages up to which a document is indexed again at each page read; past it, at one page in ten and at the end."""
_LOT = 1 << 40
"""How many numbers each kind has for itself."""
_LETTERS = str.maketrans(
    {"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "ß": "ss", "ẞ": "SS",
     "’": "'", "‘": "'", "ʼ": "'", "\u00a0": " ", "\u202f": " ",
     "\u2009": " ", "\u00ad": None, "ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl"}
)  # fmt: skip
_SOFT = re.compile("\u00ad\\r?\\n")
_CUT = re.compile(r"([^\W\d_]+)-\r?\n([^\W\d_]+)")
_GROUPED = (
    re.compile(r"(?<![\d,])\d{1,3}(?: \d{3})+(?!\d)(?:,\d+)?"),  # 1 234,56
    re.compile(r"(?<![\w,.])(?:[A-Z]{2})?\d+(?:[ .]\d+){3,}(?![\w,])"),  # 01 99 00 12 34, FR76 3000 6000 …
)
_SEPARATORS = str.maketrans("", "", " .")


def fold(text: str) -> str:
    """Return text as both sides of a search see it, accents and case left to the tokenizer."""
    return unicodedata.normalize("NFC", text).translate(_LETTERS)


def plain(text: str) -> str:
    """Return folded text without accents or case, for comparisons of our own."""
    decomposed = unicodedata.normalize("NFD", fold(text).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def searchable(text: str) -> str:
    """Return what is put into the index: folded, plus the cut words joined and the figures without spaces."""
    folded = fold(_SOFT.sub("", text) if "\u00ad" in text else text)
    extra = [start + end for start, end in _CUT.findall(folded)] if "-\n" in folded or "-\r\n" in folded else []
    extra += [figures.translate(_SEPARATORS) for pattern in _GROUPED for figures in pattern.findall(folded)]
    return f"{folded}\n{' '.join(extra)}" if extra else folded


def numbers(kind: type[Any] | str) -> tuple[int, int]:
    """Return the numbers that things of this kind have in the index: from the first, to before the last."""
    place = _KINDS.index(kind if isinstance(kind, str) else kind.__name__)
    return place * _LOT + 1, (place + 1) * _LOT


def among(kind: type[Any] | str) -> str:
    """Return the condition, in SQL, that a row of the index is of this kind."""
    first, end = numbers(kind)
    return f"recherche.rowid >= {first} AND recherche.rowid < {end}"


def refresh(execute: Execute, changes: Iterable[Change]) -> None:
    """Bring the index up to date with these changes, within their transaction."""
    todo: dict[tuple[str, str], None] = {}
    for change in changes:
        todo.update(dict.fromkeys(_touched(execute, change)))
    for kind, key in todo:
        _reindex(execute, kind, key)


def _touched(execute: Execute, change: Change) -> Iterator[tuple[str, str]]:
    before, after = change.before, change.after
    value = after if after is not None else before
    kind = type(value)
    if kind in _INDEXED:
        shown = _INDEXED[kind]
        if before is None or after is None or shown(before) != shown(after):
            yield kind.__name__, value.id
    if kind in _WORN:
        name, wearers = _WORN[kind]
        if before is not None and after is not None and name(before) != name(after):
            for wearer, sql in wearers:
                yield from ((wearer, row[0]) for row in execute(sql, (value.id,)).fetchall())
    if _is_read(before, after):
        sql = "SELECT id FROM document WHERE empreinte = ?"
        empreinte = value.empreinte if kind is Page else value.id
        yield from (("Document", row[0]) for row in execute(sql, (empreinte,)).fetchall())


def _is_read(before: Any, after: Any) -> bool:
    """Tell whether the text of a document is worth indexing again: a long scan must not cost its square."""
    value = after if after is not None else before
    if isinstance(value, Page):
        same = before is not None and after is not None and before.texte == after.texte
        return not same and (value.numero <= EAGER_PAGES or value.numero % 10 == 0)
    if isinstance(value, Lecture):
        return value.pages > EAGER_PAGES and value.etat not in (EtatLecture.COPIE, EtatLecture.EN_LECTURE)
    return False


def _reindex(execute: Execute, kind: str, key: str) -> None:
    found = execute("SELECT numero FROM fiche WHERE kind = ? AND id = ?", (kind, key)).fetchone()
    row = execute(_SOURCES[kind], (key,)).fetchone()
    if found:
        execute("DELETE FROM recherche WHERE rowid = ?", found)
    if row is None:
        return
    numero = found[0] if found else execute(_NUMBER, (*numbers(kind), kind, key)).lastrowid
    titre, texte = row[0], row[1]
    if kind == "Document":
        pages = execute("SELECT texte FROM page WHERE empreinte = ? ORDER BY numero", (row[2],)).fetchall()
        texte = "\n".join([texte, *(page[0] for page in pages)])
    execute(
        "INSERT INTO recherche (rowid, titre, texte) VALUES (?, ?, ?)",
        (numero, searchable(titre), searchable(texte)),
    )


_NUMBER = """
    INSERT INTO fiche (numero, kind, id)
    SELECT coalesce(max(numero) + 1, ?1), ?3, ?4 FROM fiche WHERE numero >= ?1 AND numero < ?2
"""
_INDEXED: dict[type[Any], Callable[[Any], Any]] = {
    Document: attrgetter("titre", "nom", "type", "emetteur", "date_document", "personne_id", "notes", "empreinte"),
    Dossier: attrgetter(
        "titre", "reference", "nature", "references_mutuelle", "personne_id", "contrat_id", "notes",
        "montant_paye", "montant_secu", "montant_attendu",
    ),
    Personne: lambda value: value,
    Mutuelle: lambda value: value,
    Contact: lambda value: value,
    Contrat: lambda value: value,
    Evenement: lambda value: value,
}  # fmt: skip
"""For each kind in the index, what of it is there: a change of anything else costs nothing."""
_KINDS = ("Document", "Dossier", "Personne", "Mutuelle", "Contact", "Contrat", "Evenement")
"""The order of the numbers that are kept: a new kind goes last."""

_WORN: dict[type[Any], tuple[Callable[[Any], Any], tuple[tuple[str, str], ...]]] = {
    Personne: (
        attrgetter("prenom", "nom"),
        (
            ("Document", "SELECT id FROM document WHERE personne_id = ?"),
            ("Dossier", "SELECT id FROM dossier WHERE personne_id = ?"),
        ),
    ),
    Mutuelle: (
        attrgetter("nom"),
        (
            ("Contact", "SELECT id FROM contact WHERE mutuelle_id = ?"),
            ("Contrat", "SELECT id FROM contrat WHERE mutuelle_id = ?"),
            ("Dossier", "SELECT id FROM dossier WHERE contrat_id IN (SELECT id FROM contrat WHERE mutuelle_id = ?)"),
        ),
    ),
    Contrat: (attrgetter("mutuelle_id"), (("Dossier", "SELECT id FROM dossier WHERE contrat_id = ?"),)),
}
"""Names that other things are found by: when one changes, those who wear it are indexed again."""


def _joined(*columns: str) -> str:
    """Return the columns one per line, so that the figures of one never run into those of the next."""
    return " || char(10) || ".join(f"coalesce({column}, '')" for column in columns)


def _jour(column: str) -> str:
    """Return a date as both « 16/06/2026 » and « 16 juin 2026 »."""
    months = "".join(f"{month:<10}" for month in _MOIS)
    month = f"substr('{months}', CAST(strftime('%m', {column}) AS INTEGER) * 10 - 9, 10)"
    return (
        f"strftime('%d/%m/%Y ', {column}) || CAST(strftime('%d', {column}) AS INTEGER) || ' ' || {month} "
        f"|| strftime('%Y', {column})"
    )


def _euros(column: str) -> str:
    return f"CASE WHEN {column} IS NOT NULL THEN printf('%d,%02d', {column} / 100, {column} % 100) END"


_MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_SOURCES = {
    "Document": "SELECT "
    + _joined("d.titre", "d.nom", "d.type", "d.emetteur", _jour("d.date_document"), "p.prenom", "p.nom")
    + ", d.notes, d.empreinte FROM document d LEFT JOIN personne p ON p.id = d.personne_id WHERE d.id = ?",
    "Dossier": "SELECT "
    + _joined("d.titre", "d.reference", "d.nature", "d.references_mutuelle", "p.prenom", "p.nom", "m.nom")
    + ", "
    + _joined("d.notes", *(_euros(f"d.{name}") for name in ("montant_paye", "montant_secu", "montant_attendu")))
    + " FROM dossier d LEFT JOIN personne p ON p.id = d.personne_id LEFT JOIN contrat c ON c.id = d.contrat_id "
    "LEFT JOIN mutuelle m ON m.id = c.mutuelle_id WHERE d.id = ?",
    "Personne": "SELECT "
    + _joined("prenom", "nom")
    + ", "
    + _joined("nir", "adresse", "telephone", "courriel", "notes", _jour("naissance"))
    + " FROM personne WHERE id = ?",
    "Mutuelle": "SELECT nom, "
    + _joined("nature", "adresse", "mediateur", "mediateur_adresse", "notes")
    + " FROM mutuelle WHERE id = ?",
    "Contact": "SELECT "
    + _joined("c.nom", "m.nom")
    + ", "
    + _joined("c.telephone", "c.courriel", "c.adresse", "c.notes")
    + " FROM contact c JOIN mutuelle m ON m.id = c.mutuelle_id WHERE c.id = ?",
    "Contrat": "SELECT "
    + _joined("c.nom", "c.numero", "c.numero_adherent", "m.nom")
    + ", c.notes FROM contrat c JOIN mutuelle m ON m.id = c.mutuelle_id WHERE c.id = ?",
    "Evenement": "SELECT "
    + _joined("nature", "interlocuteur", "numero", _jour("le"))
    + ", "
    + _joined("texte", _euros("montant"))
    + " FROM evenement WHERE id = ?",
}
