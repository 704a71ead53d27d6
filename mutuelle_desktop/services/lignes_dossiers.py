"""Which dossiers to show, in which order, and the rows that show them.

A list holds identifiers only, so that ten thousand dossiers list without a wait; the rows a screen paints are fetched
by handfuls. What is slow in Python is done once the view is closed: others read and write meanwhile.
"""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from mutuelle_desktop.domain.dossier import (
    Dossier,
    NatureDossier,
    Statut,
    computed_statut,
    montant_recu,
    statut_after,
)
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement
from mutuelle_desktop.storage.index import plain
from mutuelle_desktop.storage.library import Library, Reader
from mutuelle_desktop.storage.rows import values_of


class Vue(StrEnum):
    """Which part of the dossiers a list shows."""

    OUVERTS = "ouverts"
    CLOS = "clos"
    ARCHIVES = "archivés"
    CORBEILLE = "corbeille"
    TOUS = "tous"


class TriDossiers(StrEnum):
    """The orders of the list."""

    RECENT = "activité récente"
    REFERENCE = "référence"
    TITRE = "titre"
    STATUT = "statut"


@dataclass(frozen=True, kw_only=True, slots=True)
class FiltreDossiers:
    """What a list of dossiers must satisfy; None asks nothing."""

    mots: str = ""
    statut: Statut | None = None
    personne_id: str | None = None
    mutuelle_id: str | None = None
    nature: NatureDossier | None = None
    vue: Vue = Vue.OUVERTS


@dataclass(frozen=True, kw_only=True, slots=True)
class LigneDossier:
    """One row of the list; recu in euros, dernier the day of the last event, promis the answer awaited."""

    dossier: Dossier
    statut: Statut
    statut_calcule: Statut
    personne: str = ""
    mutuelle: str = ""
    recu: Decimal = Decimal(0)
    pieces: int = 0
    echanges: int = 0
    dernier: date | None = None
    promis: date | None = None

    @property
    def id(self) -> str:
        """Return the dossier's id."""
        return self.dossier.id


@dataclass(frozen=True, slots=True)
class Intitule:
    """What a dossier is called where one is chosen among many."""

    id: str
    titre: str
    reference: str

    @property
    def complet(self) -> str:
        """Return the title and the reference, which tells namesakes apart."""
        return f"{self.titre} ({self.reference})"


def dossier_ids(
    library: Library, filtre: FiltreDossiers | None = None, tri: TriDossiers = TriDossiers.RECENT
) -> list[str]:
    """Return the dossiers that satisfy a filter, in an order."""
    filtre = filtre or FiltreDossiers()
    where, parameters = _where(filtre)
    among = f"dossier_id IN (SELECT d.id FROM dossier d WHERE {where})"
    words = plain(filtre.mots).split()
    by_statut = filtre.statut is not None or tri is TriDossiers.STATUT
    with library.read() as db:
        rows = db.raw(
            "SELECT d.id, d.reference, d.titre, d.clos_le, d.montant_attendu, d.statut_force "
            f"FROM dossier d WHERE {where} ORDER BY {_ORDERS[tri]}",
            parameters,
        ).fetchall()
        facts = db.raw(_FACTS.format(among), parameters).fetchall() if by_statut else ()
        texts = db.raw(_TEXTS.format(where), parameters).fetchall() if words else ()
        told = db.raw(_TOLD.format(among), parameters).fetchall() if words else ()
    if words:
        held = _holding(words, texts, told)
        rows = [row for row in rows if row[0] in held]
    if by_statut:
        statuts = _statuts(rows, facts)
        rows = [row for row in rows if filtre.statut is None or statuts[row[0]] is filtre.statut]
    if tri is TriDossiers.STATUT:
        rows.sort(key=lambda row: (_RANKS[statuts[row[0]]], row[1]))
    elif tri is TriDossiers.TITRE:
        rows.sort(key=lambda row: plain(row[2]))
    return [row[0] for row in rows]


def list_dossiers(
    library: Library, filtre: FiltreDossiers | None = None, tri: TriDossiers = TriDossiers.RECENT
) -> list[LigneDossier]:
    """Return the rows of the dossiers that satisfy a filter, in an order: all of them, which many make slow."""
    ids = dossier_ids(library, filtre, tri)
    found = fetch_dossiers(library, ids)
    return [found[key] for key in ids if key in found]


def fetch_dossiers(library: Library, ids: Sequence[str]) -> dict[str, LigneDossier]:
    """Return the rows of these dossiers, wherever they are; those that no longer exist are left out."""
    with library.read() as db:
        rows = _Rows.of(db, ids)
    return rows.lignes()


def ligne(library: Library, key: str) -> LigneDossier | None:
    """Return one dossier as a row, wherever it is."""
    return fetch_dossiers(library, [key]).get(key)


def intitules(library: Library, limit: int = -1) -> list[Intitule]:
    """Return what the open dossiers are called, the last that something happened to first; -1 bounds nothing."""
    where, parameters = _where(FiltreDossiers())
    query = (
        f"SELECT d.id, d.titre, d.reference FROM dossier d WHERE {where} ORDER BY {_ORDERS[TriDossiers.RECENT]} LIMIT ?"
    )
    with library.read() as db:
        rows = db.raw(query, (*parameters, limit)).fetchall()
    return [Intitule(*row) for row in rows]


def count_open(library: Library) -> int:
    """Return how many dossiers are open."""
    where, parameters = _where(FiltreDossiers())
    with library.read() as db:
        return int(db.raw(f"SELECT count(*) FROM dossier d WHERE {where}", parameters).fetchone()[0])


_RANKS = {statut: rank for rank, statut in enumerate(Statut)}
_ORDERS = {
    TriDossiers.RECENT: "coalesce((SELECT max(e.le) FROM evenement e WHERE e.dossier_id = d.id), d.ouvert_le) DESC, "
    "d.reference DESC",
    TriDossiers.REFERENCE: "d.reference DESC",
    TriDossiers.TITRE: "d.rowid",
    TriDossiers.STATUT: "d.rowid",
}
_FACTS = "SELECT dossier_id, nature, montant FROM evenement WHERE {} ORDER BY dossier_id, le, heure"
_TEXTS = """
    SELECT d.id, d.references_mutuelle, d.titre, d.reference, d.nature, d.notes, coalesce(p.prenom || ' ' || p.nom, ''),
    coalesce(m.nom, '') FROM dossier d LEFT JOIN personne p ON p.id = d.personne_id
    LEFT JOIN contrat c ON c.id = d.contrat_id LEFT JOIN mutuelle m ON m.id = c.mutuelle_id WHERE {}
"""
_TOLD = "SELECT dossier_id, interlocuteur, numero, texte FROM evenement WHERE {}"
_AMONG = "dossier_id IN (SELECT value FROM json_each(?))"
_EVENTS = f"SELECT id, dossier_id, nature, le, promis_le, montant FROM evenement WHERE {_AMONG} ORDER BY dossier_id, le, heure"
_NATURES = {str(nature): nature for nature in NatureEvenement}


def _where(filtre: FiltreDossiers) -> tuple[str, tuple[Any, ...]]:
    clauses = [f"d.supprime_le IS {'NOT ' if filtre.vue is Vue.CORBEILLE else ''}NULL"]
    parameters: list[Any] = []
    if filtre.vue is Vue.OUVERTS:
        clauses.append("d.clos_le IS NULL")
    elif filtre.vue is Vue.CLOS:
        clauses.append("d.clos_le IS NOT NULL AND d.archive_le IS NULL")
    elif filtre.vue is Vue.ARCHIVES:
        clauses.append("d.archive_le IS NOT NULL")
    for value, clause in (
        (filtre.personne_id, "d.personne_id = ?"),
        (filtre.mutuelle_id, "d.contrat_id IN (SELECT id FROM contrat WHERE mutuelle_id = ?)"),
        (filtre.nature, "d.nature = ?"),
    ):
        if value is not None:
            clauses.append(clause)
            parameters.append(str(value))
    return " AND ".join(clauses), tuple(parameters)


def _holding(words: Sequence[str], texts: Sequence[Any], told: Sequence[Any]) -> set[str]:
    """Return the dossiers that hold every word, in what is said of them or of what happened."""
    events: dict[str, list[str]] = defaultdict(list)
    for owner, *said in told:
        events[owner] += said
    found = set()
    for key, references, *said in texts:
        text = plain(" ".join([*said, *json.loads(references), *events.get(key, ())]))
        if all(word in text for word in words):
            found.add(key)
    return found


def _statuts(rows: Sequence[Any], facts: Sequence[Any]) -> dict[str, Statut]:
    events: dict[str, list[tuple[NatureEvenement, Decimal | None]]] = defaultdict(list)
    for owner, nature, montant in facts:
        events[owner].append((_NATURES[nature], None if montant is None else Decimal(montant) / 100))
    found = {}
    for key, _reference, _titre, clos, attendu, force in rows:
        if force:
            found[key] = Statut(force)
        elif clos:
            found[key] = Statut.CLOS
        else:
            found[key] = statut_after(events.get(key, ()), None if attendu is None else Decimal(attendu) / 100)
    return found


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows that some lines are made of."""

    dossiers: Sequence[Any]
    events: Sequence[Any]
    pieces: dict[str, int]
    people: dict[str, str]
    organisms: dict[str, str]

    @classmethod
    def of(cls, db: Reader, ids: Sequence[str]) -> "_Rows":
        among = (json.dumps(list(ids)),)
        counted = f"SELECT dossier_id, count(*) FROM piece WHERE {_AMONG} GROUP BY dossier_id"
        named = "SELECT c.id, m.nom FROM contrat c JOIN mutuelle m ON m.id = c.mutuelle_id"
        return cls(
            db.rows(Dossier, "id IN (SELECT value FROM json_each(?))", among),
            db.raw(_EVENTS, among).fetchall(),
            dict(db.raw(counted, among).fetchall()),
            {key: f"{first} {last}".strip() for key, first, last in db.raw("SELECT id, prenom, nom FROM personne")},
            dict(db.raw(named).fetchall()),
        )

    def lignes(self) -> dict[str, LigneDossier]:
        day = date.fromisoformat
        events: dict[str, list[Evenement]] = defaultdict(list)
        for key, owner, nature, le, promis, montant in self.events:
            events[owner].append(
                Evenement(
                    id=key, dossier_id=owner, nature=_NATURES[nature], le=day(le),
                    promis_le=day(promis) if promis else None,
                    montant=None if montant is None else Decimal(montant) / 100,
                )
            )  # fmt: skip
        return {d.id: self._ligne(d, events.get(d.id, [])) for d in values_of(Dossier, self.dossiers)}

    def _ligne(self, dossier: Dossier, events: list[Evenement]) -> LigneDossier:
        computed = computed_statut(dossier, events)
        return LigneDossier(
            dossier=dossier,
            statut=dossier.statut_force or computed,
            statut_calcule=computed,
            personne=self.people.get(dossier.personne_id or "", ""),
            mutuelle=self.organisms.get(dossier.contrat_id or "", ""),
            recu=montant_recu(events),
            pieces=self.pieces.get(dossier.id, 0),
            echanges=sum(e.nature is not NatureEvenement.NOTE for e in events),
            dernier=events[-1].le if events else None,
            promis=next((e.promis_le for e in reversed(events) if e.promis_le), None),
        )
