"""The facts deadlines are computed from: read in one view, each table once, however many dossiers there are."""

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from mutuelle_desktop.domain.calendrier import Foyer
from mutuelle_desktop.domain.contrat import Contrat, Couverture, Mutuelle
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.echeance import Cas, Decision, Rappel
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.domain.mandat import Mandat
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.domain.regle import Regles, Surcharge, parse_regles
from mutuelle_desktop.services.liens import existing
from mutuelle_desktop.storage.library import Library, Reader
from mutuelle_desktop.storage.resources import resource
from mutuelle_desktop.storage.rows import values_of
from mutuelle_desktop.storage.schema import decision, evenement

Value = TypeVar("Value")


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


def faits_of(library: Library) -> Faits:
    """Return everything deadlines are computed from; others may read and write while values are made of the rows."""
    with library.read() as db:
        rows = _Rows.of(db, only_household=False)
    return rows.faits()


def read_faits(db: Reader, *, only_household: bool = False) -> Faits:
    """Return everything deadlines are computed from, within a view already open."""
    return _Rows.of(db, only_household=only_household).faits()


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows facts are made of: each table is read once, however many dossiers there are."""

    kept: Mapping[type[Any], Sequence[Any]]
    events: Sequence[Any]
    regles: Regles
    foyer: Foyer
    only_household: bool

    @classmethod
    def of(cls, db: Reader, *, only_household: bool) -> "_Rows":
        return cls(
            {kind: db.rows(kind, _WANTED.get(kind, "")) for kind in _KINDS},
            [] if only_household else db.raw(_EVENTS).fetchall(),
            regles_of(db),
            db.get(Foyer, Foyer().id) or Foyer(),
            only_household,
        )

    def faits(self) -> Faits:
        every = _by_id(self.values(Dossier))
        opened = [] if self.only_household else [value for value in every.values() if value.clos_le is None]
        decisions: dict[str | None, dict[str, Decision]] = defaultdict(dict)
        for taken in self.values(Decision):
            decisions[taken.dossier_id][taken.id] = taken
        faits = Faits(
            cas=(),
            regles=self.regles,
            foyer=self.foyer,
            personnes=_by_id(self.values(Personne)),
            contrats=_by_id(self.values(Contrat)),
            mutuelles=_by_id(self.values(Mutuelle)),
            couvertures=tuple(self.values(Couverture)),
            mandats=tuple(self.values(Mandat)),
            decisions=decisions.get(None, {}),
            rappels=tuple(r for r in self.values(Rappel) if r.dossier_id is None or r.dossier_id in every),
            dossiers=every,
        )
        events = _events(self.events)
        cas = (_cas(faits, value, events.get(value.id, ()), decisions.get(value.id, {})) for value in opened)
        return replace(faits, cas=tuple(cas))

    def values(self, kind: type[Value]) -> list[Value]:
        return values_of(kind, self.kept[kind])


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


_KINDS: tuple[type[Any], ...] = (Dossier, Decision, Personne, Contrat, Mutuelle, Couverture, Mandat, Rappel)
_WANTED: Mapping[type[Any], str] = {
    Dossier: "supprime_le IS NULL AND (clos_le IS NULL OR id IN (SELECT dossier_id FROM rappel))"
}
"""Closed dossiers, which only grow in number, are read for the entries that name them and for nothing else."""
_EVENTS = (
    "SELECT id, dossier_id, nature, le, heure, canal, sens, interlocuteur, numero, texte, promis_le, montant, "
    "document_id, suite_de FROM evenement WHERE dossier_id IN "
    "(SELECT id FROM dossier WHERE clos_le IS NULL AND supprime_le IS NULL) "
    "ORDER BY dossier_id, le, heure IS NOT NULL, heure, id"
)
_NATURES = {str(nature): nature for nature in NatureEvenement}
_CANAUX: dict[str | None, Canal | None] = {None: None, **{str(canal): canal for canal in Canal}}
_SENS: dict[str | None, Sens | None] = {None: None, **{str(sens): sens for sens in Sens}}


def _events(rows: Iterable[Any]) -> dict[str, tuple[Evenement, ...]]:
    """Return the events of each dossier; made by hand, since there may be tens of thousands of them."""
    day = date.fromisoformat
    found: dict[str, list[Evenement]] = defaultdict(list)
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


def _by_id(values: Iterable[Value]) -> dict[str, Value]:
    return {value.id: value for value in values}  # type: ignore[attr-defined]


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
