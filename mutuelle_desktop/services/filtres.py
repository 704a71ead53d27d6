"""Which documents to show, in which order, and the rows that show them.

A list holds identifiers only, taken from the driver itself so that 100 000 documents list without a wait; the rows
a screen paints are fetched by handfuls.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from mutuelle_desktop.domain.document import Document, EtatLecture, Fichier, Lecture, TypeDocument
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import termes
from mutuelle_desktop.storage.index import among, plain
from mutuelle_desktop.storage.library import Library, Reader
from mutuelle_desktop.storage.schema import TABLE_OF

SANS: Literal["sans"] = "sans"
"""In a filter: those that have none."""
AUCUN: Literal["aucun"] = "aucun"
"""In a filter by dossier: those in no dossier."""
MOTS_MAX = 2000
"""Documents a list shows for some words, the newest first; a longer list is not read but narrowed."""
_ANNEE = "coalesce(substr(d.date_document, 1, 4), strftime('%Y', d.ajoute_le / 1000, 'unixepoch'))"


class Tri(StrEnum):
    """The orders of a list of documents."""

    RECENT = "ajoutés récemment"
    DATE = "date du papier"
    TITRE = "titre"
    TYPE = "type"
    PERSONNE = "personne"


@dataclass(frozen=True, kw_only=True, slots=True)
class Filtre:
    """What a list of documents must satisfy; None asks nothing.

    type and personne_id also take « sans », dossier_id « aucun »; annee is the paper's, else that of its arrival.
    """

    mots: str = ""
    type: TypeDocument | Literal["sans"] | None = None
    personne_id: str | None = None
    annee: int | None = None
    dossier_id: str | None = None
    etat: EtatLecture | None = None
    corbeille: bool = False
    a_classer: bool | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LigneDocument:
    """One row of a list: the document, its reading, its bytes, its person and the titles of its dossiers."""

    document: Document
    lecture: Lecture
    fichier: Fichier
    personne: str = ""
    dossiers: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """Return the document's identifier."""
        return self.document.id


def count_documents(library: Library, filtre: Filtre) -> int:
    """Return how many documents satisfy the filter; with words, no more than MOTS_MAX are counted."""
    source, where, parameters = _question(filtre)
    with library.read() as db:
        if filtre.mots.strip():
            query = f"SELECT count(*) FROM (SELECT 1 FROM {source} WHERE {where} LIMIT {MOTS_MAX})"
        else:
            query = f"SELECT count(*) FROM {source} WHERE {where}"
        return int(db.raw(query, parameters).fetchone()[0])


def document_ids(library: Library, filtre: Filtre, tri: Tri = Tri.RECENT) -> list[str]:
    """Return the documents that satisfy the filter, in this order; with words, the newest MOTS_MAX of them."""
    source, where, parameters = _question(filtre)
    recent = "recherche.rowid DESC" if filtre.mots.strip() else "d.ajoute_le DESC, d.id DESC"
    limit = f" LIMIT {MOTS_MAX}" if filtre.mots.strip() else ""
    query = f"SELECT d.id, {_KEYS[tri]} FROM {source} WHERE {where} ORDER BY {recent}{limit}"
    with library.read() as db:
        rows = db.raw(query, parameters).fetchall()
        if tri is Tri.PERSONNE:
            known = {p.id: plain(f"{p.prenom} {p.nom}") for p in db.all(Personne)}
            rows = [(key, known.get(personne_id)) for key, personne_id in rows]
    if tri is Tri.RECENT:
        return [row[0] for row in rows]
    if tri is Tri.TITRE:
        rows.sort(key=lambda row: row[1].lower() if row[1].isascii() else plain(row[1]))
        return [row[0] for row in rows]
    return _grouped(rows, latest=tri is Tri.DATE)


def _grouped(rows: Sequence[tuple[str, str | None]], *, latest: bool) -> list[str]:
    """Return the ids by their key, those without one last, the order of the rows kept among equals."""
    groups: dict[str | None, list[str]] = {}
    for key, group in rows:
        if group in groups:
            groups[group].append(key)
        else:
            groups[group] = [key]
    order = sorted((group for group in groups if group is not None), reverse=latest)
    return [key for group in (*order, None) for key in groups.get(group, ())]


_KEYS = {
    Tri.RECENT: "NULL",
    Tri.DATE: "d.date_document",
    Tri.TITRE: "d.titre",
    Tri.TYPE: "d.type",
    Tri.PERSONNE: "d.personne_id",
}


def _question(filtre: Filtre) -> tuple[str, str, tuple[Any, ...]]:
    """Return the tables, the conditions and the parameters of a filter; words lead, the newest hit first."""
    clauses, parameters = _where(filtre)
    if not filtre.mots.strip():
        return "document d", " AND ".join(clauses), tuple(parameters)
    query = termes.match(termes.parse(filtre.mots))
    if query is None:
        return "document d JOIN recherche", "0", ()
    source = "recherche CROSS JOIN fiche f ON f.numero = recherche.rowid CROSS JOIN document d ON d.id = f.id"
    return source, " AND ".join(["recherche MATCH ?", among(Document), *clauses]), (query, *parameters)


def _where(filtre: Filtre) -> tuple[list[str], list[Any]]:
    clauses = [f"d.supprime_le IS {'NOT ' if filtre.corbeille else ''}NULL"]
    parameters: list[Any] = []
    if filtre.type is not None:
        clauses.append("d.type IS ?")
        parameters.append(None if filtre.type == SANS else str(filtre.type))
    if filtre.personne_id is not None:
        clauses.append("d.personne_id IS ?")
        parameters.append(None if filtre.personne_id == SANS else filtre.personne_id)
    if filtre.annee is not None:
        clauses.append(f"{_ANNEE} = ?")
        parameters.append(str(filtre.annee))
    if filtre.a_classer is not None:
        clauses.append(f"d.classe_le IS {'' if filtre.a_classer else 'NOT '}NULL")
    if filtre.dossier_id == AUCUN:
        clauses.append("d.id NOT IN (SELECT document_id FROM piece)")
    elif filtre.dossier_id is not None:
        clauses.append("d.id IN (SELECT document_id FROM piece WHERE dossier_id = ?)")
        parameters.append(filtre.dossier_id)
    if filtre.etat is EtatLecture.LU:  # nearly all: asking for the others is quicker
        clauses.append("d.empreinte NOT IN (SELECT id FROM lecture WHERE etat IN (?, ?, ?, ?))")
        parameters += [str(etat) for etat in EtatLecture if etat is not EtatLecture.LU]
    elif filtre.etat is not None:
        clauses.append("d.empreinte IN (SELECT id FROM lecture WHERE etat = ?)")
        parameters.append(str(filtre.etat))
    return clauses, parameters


def fetch(library: Library, ids: Sequence[str]) -> dict[str, LigneDocument]:
    """Return the rows of these documents; those that no longer exist are left out."""
    with library.read() as db:
        return rows_of(db, ids)


def rows_of(db: Reader, ids: Sequence[str]) -> dict[str, LigneDocument]:
    """Return the rows of these documents within a view already open."""
    table = TABLE_OF[Document].c
    documents = db.all(Document, table.id.in_(ids))
    marks = [document.empreinte for document in documents]
    lectures = {lecture.id: lecture for lecture in db.all(Lecture, TABLE_OF[Lecture].c.id.in_(marks))}
    fichiers = {fichier.id: fichier for fichier in db.all(Fichier, TABLE_OF[Fichier].c.id.in_(marks))}
    personnes = {p.id: p.nom_complet for p in db.all(Personne)}
    dossiers = _dossiers(db, [document.id for document in documents])
    rows = {
        document.id: LigneDocument(
            document=document,
            lecture=lectures.get(document.empreinte) or Lecture(id=document.empreinte),
            fichier=fichiers[document.empreinte],
            personne=personnes.get(document.personne_id or "", ""),
            dossiers=dossiers.get(document.id, ()),
        )
        for document in documents
    }
    return {key: rows[key] for key in ids if key in rows}


def _dossiers(db: Reader, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    rows = db.raw(
        "SELECT p.document_id, s.titre FROM piece p JOIN dossier s ON s.id = p.dossier_id "
        f"WHERE s.supprime_le IS NULL AND p.document_id IN ({', '.join('?' * len(ids))}) ORDER BY s.reference",
        tuple(ids),
    )
    for document_id, titre in rows.fetchall():
        found[document_id] = (*found.get(document_id, ()), titre)
    return found


def years(library: Library) -> list[int]:
    """Return the years that have documents, the latest first."""
    with library.read() as db:
        rows = db.raw(f"SELECT DISTINCT {_ANNEE} FROM document d WHERE d.supprime_le IS NULL").fetchall()
    return sorted((int(row[0]) for row in rows), reverse=True)


def to_classify(library: Library, limit: int = 24) -> list[LigneDocument]:
    """Return the latest documents nobody has confirmed yet."""
    with library.read() as db:
        rows = db.raw(
            "SELECT id FROM document WHERE supprime_le IS NULL AND classe_le IS NULL "
            "ORDER BY ajoute_le DESC, id DESC LIMIT ?",
            (limit,),
        ).fetchall()
        return list(rows_of(db, [row[0] for row in rows]).values())
