"""What the deadlines are today: the pure engine asked about the facts that are kept, in a few queries."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from mutuelle_desktop.domain.calendrier import Foyer
from mutuelle_desktop.domain.contrat import Mutuelle
from mutuelle_desktop.domain.dossier import Dossier, montant_recu
from mutuelle_desktop.domain.echeance import (
    TERMINES,
    Cas,
    Echeance,
    EtatEcheance,
    Mouvement,
    Rappel,
    echeances,
    echeances_foyer,
    mouvements,
)
from mutuelle_desktop.domain.etape import Etape, FenetreMediateur, fenetre_mediateur, prochaine_etape
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.domain.regle import NatureRegle, Regles, Role
from mutuelle_desktop.services.faits import Faits, faits_of, in_order, read_cas, read_faits, regles_of, uncollected
from mutuelle_desktop.storage.library import Library, Reader
from mutuelle_desktop.storage.schema import rappel


class VueEcheances(StrEnum):
    """Which part of the deadlines a list shows."""

    ACTIVES = "en cours"
    RETARD = "en retard"
    TOUTES = "toutes"


@dataclass(frozen=True, kw_only=True, slots=True)
class FiltreEcheances:
    """What a list of deadlines must satisfy; None asks nothing, du and au are both included."""

    vue: VueEcheances = VueEcheances.ACTIVES
    dossier_id: str | None = None
    personne_id: str | None = None
    mutuelle_id: str | None = None
    role: Role | None = None
    nature: NatureRegle | None = None
    du: date | None = None
    au: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Lieu:
    """Whose a row is: its dossier, person and mutuelle, those that are known; enjeu in euros, still to be got."""

    dossier_id: str | None = None
    reference: str = ""
    dossier: str = ""
    personne_id: str | None = None
    personne: str = ""
    mutuelle_id: str | None = None
    mutuelle: str = ""
    enjeu: Decimal | None = None


class Situe:
    """What knows its Lieu, and answers for it."""

    __slots__ = ()
    lieu: Lieu

    @property
    def dossier_id(self) -> str | None:
        """Return the dossier's id."""
        return self.lieu.dossier_id

    @property
    def reference(self) -> str:
        """Return the dossier's reference, or nothing."""
        return self.lieu.reference

    @property
    def dossier(self) -> str:
        """Return the dossier's title, or nothing."""
        return self.lieu.dossier

    @property
    def personne(self) -> str:
        """Return the person's name, or nothing."""
        return self.lieu.personne

    @property
    def mutuelle(self) -> str:
        """Return the mutuelle's name, or nothing."""
        return self.lieu.mutuelle

    @property
    def enjeu(self) -> Decimal | None:
        """Return what is still to be got, in euros."""
        return self.lieu.enjeu


@dataclass(frozen=True, slots=True)
class LigneEcheance(Situe):
    """One row: a computed deadline, or an entry of the user's own (rappel).

    id is the key that decisions and calendars know it by; jour is the day to show it on.
    """

    id: str
    jour: date
    etat: EtatEcheance
    lieu: Lieu
    echeance: Echeance | None = None
    rappel: Rappel | None = None

    @property
    def titre(self) -> str:
        """Return what it is, in a few words."""
        one = self.echeance or self.rappel
        return one.titre if one else ""

    @property
    def role(self) -> Role:
        """Return who must act; an entry of one's own is for oneself."""
        return self.echeance.role if self.echeance else Role.ASSURE

    @property
    def is_active(self) -> bool:
        """Tell whether it still counts: neither done nor without object."""
        return self.etat not in TERMINES

    @property
    def limite(self) -> date:
        """Return the raw date, the one nobody can move; the day itself for an entry of one's own."""
        return self.echeance.brute if self.echeance else self.jour

    @property
    def alarmes(self) -> tuple[date, ...]:
        """Return the days to remind of it, beside its own."""
        return self.echeance.alarmes if self.echeance else ()

    @property
    def rings(self) -> tuple[date, ...]:
        """Return the days the user is told of it: its alarms and, for what one must do oneself, its last days."""
        own = (self.jour, self.limite) if self.role is Role.ASSURE else ()
        return tuple(sorted({*self.alarmes, *own}))


def regles(library: Library) -> Regles:
    """Return the rules that ship, with the user's own delays in their place."""
    with library.read() as db:
        return regles_of(db)


def cas_of(library: Library, dossier_id: str) -> Cas:
    """Return what the deadlines of one dossier are computed from."""
    with library.read() as db:
        return read_cas(db, dossier_id)


def echeances_of(library: Library, dossier_id: str, today: date) -> tuple[Echeance, ...]:
    """Return the deadlines of one dossier, whatever their state."""
    with library.read() as db:
        return echeances(read_cas(db, dossier_id), regles_of(db), today)


def etape_of(library: Library, dossier_id: str, today: date) -> Etape:
    """Return what to do next in a dossier."""
    with library.read() as db:
        found, rules = read_cas(db, dossier_id), regles_of(db)
    return prochaine_etape(found, echeances(found, rules, today), rules, today)


@dataclass(frozen=True, slots=True)
class Suivi:
    """All that a dossier shows of its dates, computed once."""

    echeances: tuple[Echeance, ...]
    etape: Etape
    fenetre: FenetreMediateur


def suivi_of(library: Library, dossier_id: str, today: date) -> Suivi:
    """Return the deadlines of a dossier, its next step and the médiateur's window, in one view."""
    with library.read() as db:
        found, rules = read_cas(db, dossier_id), regles_of(db)
    computed = echeances(found, rules, today)
    return Suivi(computed, prochaine_etape(found, computed, rules, today), fenetre_mediateur(found, rules, today))


def fenetre_of(library: Library, dossier_id: str, today: date) -> FenetreMediateur:
    """Return when the médiateur may be seized in a dossier."""
    with library.read() as db:
        return fenetre_mediateur(read_cas(db, dossier_id), regles_of(db), today)


@uncollected()
def toutes(library: Library, today: date, filtre: FiltreEcheances | None = None) -> list[LigneEcheance]:
    """Return the deadlines of the open dossiers, of the household, and the user's own entries, by date."""
    faits = faits_of(library)
    return lignes_of(faits, today, filtre)


def rappels_of(library: Library, dossier_id: str) -> list[Rappel]:
    """Return the user's own entries for one dossier that are not done, by date."""
    with library.read() as db:
        return db.all(Rappel, rappel.c.dossier_id == dossier_id, rappel.c.fait_le.is_(None), order=rappel.c.le)


def mouvements_of(library: Library, value: Evenement, today: date, *, retire: bool = False) -> tuple[Mouvement, ...]:
    """Return the dates that would move if this event were so (or, with retire, were not); nothing is written."""
    with library.read() as db:
        before, rules = read_cas(db, value.dossier_id), regles_of(db)
    others = tuple(found for found in before.evenements if found.id != value.id)
    after = replace(before, evenements=others if retire else in_order((*others, value)))
    return mouvements(echeances(before, rules, today), echeances(after, rules, today))


def mouvements_du_foyer(library: Library, value: Foyer, today: date) -> tuple[Mouvement, ...]:
    """Return the days to act that would move, over everything, if the household's days were so; nothing is written.

    Unlike a correction, which moves raw dates, other public holidays or another margin may move only that day.
    """
    faits = faits_of(library)
    moved = replace(faits, foyer=value, cas=tuple(replace(found, foyer=value) for found in faits.cas))
    before, after = ({one.id: one for one in _lignes(found, today)} for found in (faits, moved))
    table = []
    for key in before.keys() | after.keys():
        old, new = _day(before.get(key)), _day(after.get(key))
        if old != new:
            known = after.get(key) or before[key]
            where = f" — {known.lieu.reference}" if known.lieu.reference else ""
            table.append(Mouvement(cle=key, titre=f"{known.titre}{where}", avant=old, apres=new))
    return tuple(sorted(table, key=lambda one: (one.apres or one.avant or date.max, one.cle)))


def _day(found: LigneEcheance | None) -> date | None:
    if found is None or not found.is_active:
        return None
    return found.echeance.agir_le if found.echeance else found.jour


def find_echeance(db: Reader, cle: str, today: date) -> Echeance | None:
    """Return the deadline of this key as the facts give it now, computing no more than its own dossier."""
    return next((one for one in _candidates(db, cle, today) if one.cle == cle), None)


def owner_of(db: Reader, cle: str) -> str | None:
    """Return the dossier a key belongs to, known by the event or the dossier it names."""
    for part in cle.split(":")[1:]:
        value = db.get(Evenement, part)
        if value is not None:
            return value.dossier_id
        if db.get(Dossier, part) is not None:
            return part
    return None


def lignes_of(faits: Faits, today: date, filtre: FiltreEcheances | None = None) -> list[LigneEcheance]:
    """Return the rows of these facts that satisfy a filter, by date, what binds the user first."""
    filtre = filtre or FiltreEcheances()
    asked = [(fact, value) for fact, value in _asked(filtre) if value is not None]
    return sorted(
        (
            found
            for found in _lignes(faits, today)
            if _in_view(found, filtre) and all(fact(found) == value for fact, value in asked)
        ),
        key=_rank,
    )


def lignes_of_cas(found: Cas, computed: Iterable[Echeance]) -> Iterator[LigneEcheance]:
    """Yield the rows of one dossier."""
    lieu = lieu_of(found.dossier, found.personne, found.mutuelle, enjeu_of(found))
    for one in computed:
        yield LigneEcheance(one.cle, one.jour, one.etat, lieu, one)


def lieu_of(
    dossier: Dossier | None, personne: Personne | None, mutuelle: Mutuelle | None, enjeu: Decimal | None = None
) -> Lieu:
    """Return whose a row is."""
    return Lieu(
        dossier_id=dossier.id if dossier else None,
        reference=dossier.reference if dossier else "",
        dossier=dossier.titre if dossier else "",
        personne_id=personne.id if personne else None,
        personne=personne.nom_complet if personne else "",
        mutuelle_id=mutuelle.id if mutuelle else None,
        mutuelle=mutuelle.nom if mutuelle else "",
        enjeu=enjeu,
    )


def enjeu_of(found: Cas) -> Decimal | None:
    """Return what is still to be got in a dossier, in euros; None when no amount says so."""
    d = found.dossier
    attendu = d.montant_attendu
    if attendu is None and d.montant_paye is not None:
        attendu = d.montant_paye - (d.montant_secu or Decimal(0))
    if attendu is None:
        return None
    return max(attendu - montant_recu(found.evenements), Decimal(0))


def _candidates(db: Reader, cle: str, today: date) -> tuple[Echeance, ...]:
    owner = owner_of(db, cle)
    if owner is None:
        return _of_household(read_faits(db, only_household=True), today)
    return echeances(read_cas(db, owner), regles_of(db), today)


def _of_household(faits: Faits, today: date) -> tuple[Echeance, ...]:
    return echeances_foyer(
        tuple(faits.personnes.values()), tuple(faits.contrats.values()), faits.couvertures, faits.mandats,
        faits.decisions, faits.regles, faits.foyer, today,
    )  # fmt: skip


def _lignes(faits: Faits, today: date) -> Iterator[LigneEcheance]:
    for found in faits.cas:
        yield from lignes_of_cas(found, echeances(found, faits.regles, today))
    yield from lignes_foyer(faits, today)
    for value in faits.rappels:
        yield ligne_rappel(faits, value, today)


def lignes_foyer(faits: Faits, today: date) -> Iterator[LigneEcheance]:
    """Yield the rows of the household: contracts, mandates, coming of age."""
    for one in _of_household(faits, today):
        contrat = faits.contrats.get(one.contrat_id or "")
        mutuelle = faits.mutuelles.get(contrat.mutuelle_id) if contrat else None
        lieu = lieu_of(None, faits.personnes.get(one.personne_id or ""), mutuelle)
        yield LigneEcheance(one.cle, one.jour, one.etat, lieu, one)


def ligne_rappel(faits: Faits, value: Rappel, today: date) -> LigneEcheance:
    """Return an entry of the user's own as a row."""
    dossier = faits.dossiers.get(value.dossier_id or "")
    personne = faits.personnes.get(dossier.personne_id or "") if dossier else None
    contrat = faits.contrats.get(dossier.contrat_id or "") if dossier else None
    mutuelle = faits.mutuelles.get(contrat.mutuelle_id) if contrat else None
    return LigneEcheance(value.id, value.le, _etat(value, today), lieu_of(dossier, personne, mutuelle), None, value)


def _etat(value: Rappel, today: date) -> EtatEcheance:
    if value.fait_le is not None:
        return EtatEcheance.REMPLIE
    if value.le == today:
        return EtatEcheance.A_FAIRE
    return EtatEcheance.DEPASSEE if value.le < today else EtatEcheance.A_VENIR


def _in_view(found: LigneEcheance, filtre: FiltreEcheances) -> bool:
    if filtre.vue is VueEcheances.ACTIVES and found.etat in TERMINES:
        return False
    if filtre.vue is VueEcheances.RETARD and found.etat is not EtatEcheance.DEPASSEE:
        return False
    return (filtre.du is None or found.jour >= filtre.du) and (filtre.au is None or found.jour <= filtre.au)


def _asked(filtre: FiltreEcheances) -> Iterator[tuple[Callable[[LigneEcheance], object], object]]:
    yield lambda found: found.lieu.dossier_id, filtre.dossier_id
    yield lambda found: found.lieu.personne_id, filtre.personne_id
    yield lambda found: found.lieu.mutuelle_id, filtre.mutuelle_id
    yield lambda found: found.role, filtre.role
    yield lambda found: found.echeance.nature if found.echeance else None, filtre.nature


_ROLES = {role: rank for rank, role in enumerate(Role)}


def _rank(found: LigneEcheance) -> tuple[date, int, str, str]:
    return found.jour, _ROLES[found.role], found.lieu.reference, found.id
