"""Deadlines: computed from facts, rules and today; only what the user decides about them is kept."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mutuelle_desktop.domain.attente import attentes, envois, recommandes
from mutuelle_desktop.domain.calendrier import Foyer
from mutuelle_desktop.domain.cas import TERMINES, Cas, Echeance, EtatEcheance, Raison, replay
from mutuelle_desktop.domain.contrat import Contrat, Couverture
from mutuelle_desktop.domain.controle import check_evenement
from mutuelle_desktop.domain.decision import Decision, NatureDecision, Rappel
from mutuelle_desktop.domain.faits import Faits, by_date
from mutuelle_desktop.domain.mandat import Mandat
from mutuelle_desktop.domain.mediation import mediations
from mutuelle_desktop.domain.menage import menage
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.domain.prescription import prescription
from mutuelle_desktop.domain.reclamation import mises_en_demeure, reclamations
from mutuelle_desktop.domain.regle import Regles
from mutuelle_desktop.domain.situation import situations

__all__ = [
    "TERMINES",
    "Cas",
    "Decision",
    "Echeance",
    "EtatEcheance",
    "Mouvement",
    "NatureDecision",
    "Raison",
    "Rappel",
    "check_evenement",
    "echeances",
    "echeances_foyer",
    "mouvements",
    "replay",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mouvement:
    """One line of the table of a correction: None where the deadline is not waited for; fixee, the user pinned it."""

    cle: str
    titre: str
    avant: date | None
    apres: date | None
    fixee: bool = False


def echeances(cas: Cas, regles: Regles, today: date) -> tuple[Echeance, ...]:
    """Return the deadlines of one dossier, by date: R01 to R20, R22, R24 to R36, R40.

    A closed dossier shows its prescription only, without object; a deleted one nothing.
    """
    if cas.dossier.supprime_le is not None or not cas.evenements:
        return ()
    faits = Faits(cas, regles, today)
    if cas.dossier.clos_le is not None:
        return by_date(prescription(faits))
    return by_date(_all(faits))


def echeances_foyer(  # noqa: PLR0917 - the household's facts, one table each
    personnes: Iterable[Personne],
    contrats: Iterable[Contrat],
    couvertures: Iterable[Couverture],
    mandats: Iterable[Mandat],
    decisions: Mapping[str, Decision],
    regles: Regles,
    foyer: Foyer,
    today: date,
) -> tuple[Echeance, ...]:
    """Return the deadlines of the household, by date: R21, R23, R37, R38, R39."""
    return by_date(menage(personnes, contrats, couvertures, mandats, decisions, regles, foyer, today))


def mouvements(avant: Iterable[Echeance], apres: Iterable[Echeance]) -> tuple[Mouvement, ...]:
    """Return what moves between two computations of the same dossier, by date; nothing when they agree.

    The dates compared are the rules' own: a pinned deadline stays where it is, and its line shows the drift.
    """
    before = {one.cle: one for one in avant}
    after = {one.cle: one for one in apres}
    found: list[Mouvement] = []
    for cle in before.keys() | after.keys():
        old, new = before.get(cle), after.get(cle)
        known = new or old
        if known is None or _waited(old) == _waited(new):
            continue
        fixee = known.fixee_le is not None
        found.append(Mouvement(cle=cle, titre=known.titre, avant=_waited(old), apres=_waited(new), fixee=fixee))
    return tuple(sorted(found, key=lambda one: (one.apres or one.avant or date.max, one.cle)))


def _all(faits: Faits) -> Iterator[Echeance]:
    yield from prescription(faits)
    yield from attentes(faits)
    yield from envois(faits)
    yield from reclamations(faits)
    yield from mises_en_demeure(faits)
    yield from mediations(faits)
    yield from recommandes(faits)
    yield from situations(faits)


def _waited(echeance: Echeance | None) -> date | None:
    return None if echeance is None or echeance.terminee else echeance.brute
