"""Where one stands today: what to do now, what the mutuelle owes an answer to, what nobody is looking after."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from mutuelle_desktop.domain.calendrier import en_lettres
from mutuelle_desktop.domain.echeance import Cas, Echeance, EtatEcheance, NatureDecision, echeances
from mutuelle_desktop.domain.etape import Etape, prochaine_etape
from mutuelle_desktop.domain.evenement import NatureEvenement
from mutuelle_desktop.domain.regle import NatureRegle, Role
from mutuelle_desktop.services.decisions import ETAPE
from mutuelle_desktop.services.echeances import (
    Lieu,
    LigneEcheance,
    Situe,
    enjeu_of,
    lieu_of,
    ligne_rappel,
    lignes_foyer,
    lignes_of_cas,
)
from mutuelle_desktop.services.faits import Faits, faits_of, uncollected
from mutuelle_desktop.storage.library import Library

REGRET = timedelta(days=30)
"""How long a limit of the law that has passed is still among the things to do."""
_LIMITE, _MANQUE, _PROMESSE = 1, 3, 4
_VOIR = "Voir l’échéance"
_PASSEE = "La date limite, le {jour}, est passée\u00a0: faites-le sans attendre si c’est possible, sinon écartez-la."


@dataclass(frozen=True, kw_only=True, slots=True)
class Tache(Situe):
    """One thing to do now; id is the key by which it is put off or settled (services.decisions).

    bande orders what is to be done: 1 an irreversible limit is near, 2 the mutuelle is late, 3 something is missing on
    my side, 4 a promise or an entry of one's own is due, 5 to send or finish, 6 to review.
    """

    id: str
    bande: int
    jour: date
    titre: str
    bouton: str
    raison: str
    si_rien: str
    lieu: Lieu
    etape: Etape | None = None
    ligne: LigneEcheance | None = None


@dataclass(frozen=True, slots=True)
class Dormant(Situe):
    """An open dossier that waits for nothing and asks for nothing; dernier is the day of its last event."""

    lieu: Lieu
    dernier: date | None


@dataclass(frozen=True, slots=True)
class Journee:
    """What « Aujourd’hui » shows, computed in one go; limite, the next day on which the law ends a right."""

    a_faire: tuple[Tache, ...]
    en_attente: tuple[LigneEcheance, ...]
    dormants: tuple[Dormant, ...]
    limite: date | None = None


@uncollected()
def journee(library: Library, today: date) -> Journee:
    """Return where one stands today, each list in its order."""
    faits = faits_of(library)
    taches: list[Tache] = []
    waiting: list[LigneEcheance] = []
    dormants: list[Dormant] = []
    limites: list[date] = []
    own = {value.dossier_id for value in faits.rappels if value.fait_le is None}
    for cas in faits.cas:
        computed = echeances(cas, faits.regles, today)
        limites += [one.brute for one in computed if _is_limit(one, today)]
        etape = prochaine_etape(cas, computed, faits.regles, today)
        found = list(_taches_of(cas, computed, etape, today))
        taches += found
        waiting += [row for row in lignes_of_cas(cas, computed) if row.etat is EtatEcheance.EN_ATTENTE]
        if not found and cas.dossier.id not in own and not _is_followed(cas, computed, etape):
            lieu = lieu_of(cas.dossier, cas.personne, cas.mutuelle, enjeu_of(cas))
            dormants.append(Dormant(lieu, cas.evenements[-1].le if cas.evenements else None))
    household = list(lignes_foyer(faits, today))
    limites += [row.echeance.brute for row in household if row.echeance and _is_limit(row.echeance, today)]
    taches += [_from_row(row) for row in household if _presses(row.echeance, today)]
    taches += list(_from_rappels(faits, today))
    waiting += [row for row in household if row.etat is EtatEcheance.EN_ATTENTE]
    return Journee(
        tuple(sorted(taches, key=_urgency)),
        tuple(sorted(waiting, key=lambda row: (row.jour, row.lieu.reference, row.id))),
        tuple(sorted(dormants, key=lambda one: (one.dernier or date.min, one.lieu.reference))),
        min(limites, default=None),
    )


def a_faire(library: Library, today: date) -> list[Tache]:
    """Return what to do now: by band, then by date, then the largest amount first."""
    return list(journee(library, today).a_faire)


def en_attente(library: Library, today: date) -> list[LigneEcheance]:
    """Return what the mutuelle owes, until when: never in the to-do list."""
    return list(journee(library, today).en_attente)


def sans_prochaine_action(library: Library, today: date) -> list[Dormant]:
    """Return the open dossiers that wait for nothing and ask for nothing, the longest untouched first."""
    return list(journee(library, today).dormants)


def cle_etape(cas: Cas, etape: Etape) -> str:
    """Return the key by which a step is put off or settled: a new fact makes a new key, so that it comes back."""
    last = next((e.id for e in reversed(cas.evenements) if e.nature is not NatureEvenement.NOTE), "")
    return f"{ETAPE}{cas.dossier.id}:{last}:{etape.genre.name}"


def _taches_of(cas: Cas, computed: Iterable[Echeance], etape: Etape, today: date) -> Iterator[Tache]:
    """Yield the step of a dossier, then the limits that press besides it."""
    if etape.a_faire and not _is_put_off(cas, etape, today):
        yield Tache(
            id=cle_etape(cas, etape), bande=etape.bande, jour=_jour_of(etape, computed), titre=etape.titre,
            bouton=etape.bouton, raison=etape.raison, si_rien=etape.si_rien,
            lieu=lieu_of(cas.dossier, cas.personne, cas.mutuelle, enjeu_of(cas)), etape=etape,
        )  # fmt: skip
    told = etape.echeance_cle if etape.a_faire else None
    pressing = [one for one in computed if one.cle != told and _presses(one, today)]
    for row in lignes_of_cas(cas, pressing):
        yield _from_row(row)


def _presses(one: Echeance | None, today: date) -> bool:
    """Tell whether a limit of the user's is to be shown: near, or passed; one of the law's is lost after a while."""
    if one is None or one.role is not Role.ASSURE:
        return False
    if one.etat is EtatEcheance.DEPASSEE:
        return one.nature is not NatureRegle.LOI or today - one.brute <= REGRET
    return one.etat is EtatEcheance.A_FAIRE


def _is_limit(one: Echeance, today: date) -> bool:
    """Tell whether a right would be lost on that day, as the law has it."""
    return one.role is Role.ASSURE and one.nature is NatureRegle.LOI and not one.terminee and one.brute >= today


def _from_row(row: LigneEcheance) -> Tache:
    one = row.echeance
    assert one is not None
    passed = one.etat is EtatEcheance.DEPASSEE
    return Tache(
        id=row.id, bande=_band(one), jour=row.jour, titre=row.titre, bouton=_VOIR if passed else one.loi.bouton,
        raison=_PASSEE.format(jour=en_lettres(one.brute)) if passed else _raison(one), si_rien=one.consequence,
        lieu=row.lieu, ligne=row,
    )  # fmt: skip


def _band(one: Echeance) -> int:
    if one.etat is EtatEcheance.DEPASSEE:
        return _MANQUE
    return _LIMITE if one.nature is NatureRegle.LOI else _PROMESSE


def _raison(one: Echeance) -> str:
    """Say which day is the last, and by when it is wiser to act."""
    last = f"Dernier jour\u00a0: le {en_lettres(one.brute)} ({one.nature})"
    return (
        f"{last}\u00a0; mieux vaut agir avant le {en_lettres(one.agir_le)}." if one.agir_le < one.brute else f"{last}."
    )


def _from_rappels(faits: Faits, today: date) -> Iterator[Tache]:
    for value in faits.rappels:
        if value.fait_le is None and value.le <= today:
            row = ligne_rappel(faits, value, today)
            since = "aujourd’hui" if value.le == today else f"le {value.le:%d/%m/%Y}"
            yield Tache(
                id=row.id, bande=_PROMESSE, jour=row.jour, titre=row.titre, bouton="C’est fait",
                raison=f"Vous vouliez y penser {since}.", si_rien="", lieu=row.lieu, ligne=row,
            )  # fmt: skip


def _is_put_off(cas: Cas, etape: Etape, today: date) -> bool:
    taken = cas.decisions.get(cle_etape(cas, etape))
    if taken is None:
        return False
    return taken.nature is not NatureDecision.REPORTEE or (taken.jour is not None and taken.jour > today)


def _is_followed(cas: Cas, computed: Iterable[Echeance], etape: Etape) -> bool:
    """Tell whether something will come by itself: an answer awaited, a step that opens, a step put off to a day."""
    taken = cas.decisions.get(cle_etape(cas, etape))
    if taken is not None and taken.nature is NatureDecision.REPORTEE:
        return True
    return any(not one.terminee and one.role in (Role.ORGANISME, Role.OUVERTURE) for one in computed)


def _jour_of(etape: Etape, computed: Iterable[Echeance]) -> date:
    return next((one.jour for one in computed if one.cle == etape.echeance_cle), etape.depuis)


def _urgency(tache: Tache) -> tuple[int, date, Decimal, str, str]:
    return tache.bande, tache.jour, -(tache.lieu.enjeu or Decimal(0)), tache.lieu.reference, tache.id
