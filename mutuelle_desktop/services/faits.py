"""The facts deadlines are computed from: read in one view, each table once, however many dossiers there are."""

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import Any

import sqlalchemy as sa

from mutuelle_desktop.domain.calendrier import Foyer
from mutuelle_desktop.domain.contrat import Contrat, Couverture, Mutuelle
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.echeance import Cas, Decision, Rappel
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.domain.mandat import Mandat
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.domain.regle import Regles, Surcharge, parse_regles
from mutuelle_desktop.services.liens import existing
from mutuelle_desktop.storage.library import Reader
from mutuelle_desktop.storage.resources import resource
from mutuelle_desktop.storage.schema import decision, evenement, rappel
from mutuelle_desktop.storage.schema import dossier as table


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector away from many small values that all stay: walking them would stop every thread."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@dataclass(frozen=True, slots=True)
class Faits:
    """Everything deadlines are computed from, read in one view."""

    cas: tuple[Cas, ...]
    regles: Regles
    foyer: Foyer
    personnes: Mapping[str, Personne]
    contrats: Mapping[str, Contrat]
    mutuelles: Mapping[str, Mutuelle]
    couvertures: tuple[Couverture, ...]
    mandats: tuple[Mandat, ...]
    decisions: Mapping[str, Decision]
    rappels: tuple[Rappel, ...]
    dossiers: Mapping[str, Dossier]


def read_cas(db: Reader, dossier_id: str) -> Cas:
    """Return what the deadlines of one dossier are computed from, within a view."""
    value = existing(db, Dossier, dossier_id)
    contrat = db.get(Contrat, value.contrat_id) if value.contrat_id else None
    return Cas(
        dossier=value,
        evenements=in_order(db.all(Evenement, evenement.c.dossier_id == dossier_id)),
        contrat=contrat,
        mutuelle=db.get(Mutuelle, contrat.mutuelle_id) if contrat else None,
        personne=db.get(Personne, value.personne_id) if value.personne_id else None,
        decisions={d.id: d for d in db.all(Decision, decision.c.dossier_id == dossier_id)},
        foyer=db.get(Foyer, Foyer().id) or Foyer(),
    )


def read_faits(db: Reader, *, only_household: bool = False) -> Faits:
    """Return everything deadlines are computed from: each table is read once, however many dossiers."""
    every = {value.id: value for value in db.all(Dossier, table.c.supprime_le.is_(None), _OPEN_OR_NOTED)}
    opened = [] if only_household else [value for value in every.values() if value.clos_le is None]
    decisions: dict[str | None, dict[str, Decision]] = defaultdict(dict)
    for taken in db.all(Decision):
        decisions[taken.dossier_id][taken.id] = taken
    faits = Faits(
        cas=(),
        regles=regles_of(db),
        foyer=db.get(Foyer, Foyer().id) or Foyer(),
        personnes={value.id: value for value in db.all(Personne)},
        contrats={value.id: value for value in db.all(Contrat)},
        mutuelles={value.id: value for value in db.all(Mutuelle)},
        couvertures=tuple(db.all(Couverture)),
        mandats=tuple(db.all(Mandat)),
        decisions=decisions.get(None, {}),
        rappels=tuple(r for r in db.all(Rappel) if r.dossier_id is None or r.dossier_id in every),
        dossiers=every,
    )
    events = _events(db) if opened else {}
    cas = (_cas(faits, value, events.get(value.id, ()), decisions.get(value.id, {})) for value in opened)
    return replace(faits, cas=tuple(cas))


def in_order(found: Iterable[Evenement]) -> tuple[Evenement, ...]:
    """Return events in the order they took place."""
    return tuple(sorted(found, key=lambda e: (e.le, e.heure or time.min, e.id)))


@cache
def _shipped() -> Regles:
    return parse_regles(resource("regles/delais.toml").read_text("utf-8"))


def regles_of(db: Reader) -> Regles:
    """Return the rules that ship, with the user's own delays in their place."""
    surcharges = db.all(Surcharge)
    return _shipped().with_surcharges(surcharges) if surcharges else _shipped()


_OPEN_OR_NOTED = sa.or_(table.c.clos_le.is_(None), table.c.id.in_(sa.select(rappel.c.dossier_id)))
"""Closed dossiers, which only grow in number, are read for the entries that name them and for nothing else."""
_NATURES = {str(nature): nature for nature in NatureEvenement}
_CANAUX: dict[str | None, Canal | None] = {None: None, **{str(canal): canal for canal in Canal}}
_SENS: dict[str | None, Sens | None] = {None: None, **{str(sens): sens for sens in Sens}}


def _events(db: Reader) -> dict[str, tuple[Evenement, ...]]:
    """Return the events of each dossier; read by hand, since there may be tens of thousands of them."""
    day = date.fromisoformat
    found: dict[str, list[Evenement]] = defaultdict(list)
    rows: Any = db.raw(
        "SELECT id, dossier_id, nature, le, heure, canal, sens, interlocuteur, numero, texte, promis_le, montant, "
        "document_id, suite_de FROM evenement WHERE dossier_id IN "
        "(SELECT id FROM dossier WHERE clos_le IS NULL AND supprime_le IS NULL) "
        "ORDER BY dossier_id, le, heure IS NOT NULL, heure, id"
    )
    for key, owner, nature, le, heure, canal, sens, who, numero, texte, promis, montant, paper, suite in rows:
        found[owner].append(
            Evenement(
                id=key, dossier_id=owner, nature=_NATURES[nature], le=day(le), canal=_CANAUX[canal], sens=_SENS[sens],
                heure=None if heure is None else time.fromisoformat(heure), interlocuteur=who, numero=numero,
                texte=texte, promis_le=None if promis is None else day(promis),
                montant=None if montant is None else Decimal(montant).scaleb(-2), document_id=paper, suite_de=suite,
            )
        )  # fmt: skip
    return {owner: tuple(events) for owner, events in found.items()}


def _cas(faits: Faits, value: Dossier, events: tuple[Evenement, ...], decisions: dict[str, Decision]) -> Cas:
    contrat = faits.contrats.get(value.contrat_id or "")
    return Cas(
        dossier=value,
        evenements=events,
        contrat=contrat,
        mutuelle=faits.mutuelles.get(contrat.mutuelle_id) if contrat else None,
        personne=faits.personnes.get(value.personne_id or ""),
        decisions=decisions,
        foyer=faits.foyer,
    )
