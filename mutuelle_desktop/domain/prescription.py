"""The two years after which nothing can be claimed: what restarts them, what suspends them (R16, R17, R18).

Sources: Code de la mutualité L221-11 and L221-12, Code des assurances L114-1 and L114-2, Code de la sécurité sociale
L932-13, Code civil 2228 to 2241. Never moved for a week-end; never revived once it has run out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from mutuelle_desktop.domain.calendrier import Unite, add, delai_en_lettres, en_lettres
from mutuelle_desktop.domain.cas import FAIT, Echeance, EtatEcheance, Pas
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.evenement import RECOMMANDES, Evenement, NatureEvenement
from mutuelle_desktop.domain.faits import LETTRES, Faits, masque
from mutuelle_desktop.domain.regle import Regle

_N = NatureEvenement
_ACTES = (_N.RECONNAISSANCE, _N.JUSTICE, _N.EXPERTISE)
_SANS_CREANCE = (NatureDossier.INFORMATION, NatureDossier.MODIFICATION, NatureDossier.RESILIATION)
_CREANCE = masque(_N.SOINS, _N.RECLAMATION, _N.MISE_EN_DEMEURE, _N.PAIEMENT, _N.RECONNAISSANCE)
_SOINS = masque(_N.SOINS)
_EFFETS = masque(*LETTRES, *_ACTES, _N.MEDIATION_ACCEPTEE, _N.MEDIATION_TERMINEE)
_AUTRES = (_N.NOTE, _N.AVIS_PASSAGE)


@dataclass(slots=True)
class _Compte:
    """The count as it goes on: the last day, the rule that gave it, the event it counts from, and how.

    accord is the médiation that stops it, reste the days left when it stopped: the six months granted meanwhile are not
    part of them.
    """

    limite: date
    regle: Regle
    evenement: Evenement
    origine: date
    trace: tuple[Pas, ...]
    accord: Evenement | None = None
    reste: int = 0


def prescription(faits: Faits) -> Iterator[Echeance]:
    """Yield the one limit of a dossier, under a key that stays the same however it is counted."""
    cause = _cause(faits)
    if cause is None:
        return
    compte = _start(faits, cause)
    for evenement in faits.of(_EFFETS):
        _apply(faits, compte, evenement)
    etat, par, motif = _standing(faits, compte, cause)
    yield faits.make(
        compte.regle,
        compte.evenement,
        cle=f"R16:{faits.cas.dossier.id}",
        origine=compte.origine,
        brute=compte.limite,
        trace=compte.trace,
        etat=etat,
        par=par,
        motif=motif,
    )


def interrupts(evenement: Evenement) -> bool:
    """Tell whether an event makes the two years start again, from its own day (DOMAINE.md §2.2).

    A recommandé with avis de réception about the payment, on paper or electronic; the mutuelle's recognition; the
    judge; an expert. Neither a call, nor an e-mail, nor a simple letter, nor a partial payment.
    """
    return evenement.nature in _ACTES or (evenement.nature in LETTRES and evenement.canal in RECOMMANDES)


def _cause(faits: Faits) -> Evenement | None:
    """Return what the two years count from: care, else the oldest fact; what came after the last full payment first."""
    if faits.cas.dossier.nature in _SANS_CREANCE and not faits.has(_CREANCE):
        return None
    soins = faits.of(_SOINS)
    if not soins:
        return next((e for e in faits.evenements if e.nature not in _AUTRES), None)
    if faits.soldes:
        last = faits.rang[faits.soldes[-1].id]
        return next((e for e in soins if faits.rang[e.id] > last), soins[0])
    return soins[0]


def _start(faits: Faits, cause: Evenement) -> _Compte:
    regle = faits.regle("R16", cause.le)
    delai = regle.delai or 0
    trace: tuple[Pas, ...] = (Pas(FAIT, cause.le, cause),)
    if cause.nature is not _N.SOINS:
        trace += (
            Pas("La date des soins n’est pas notée\u00a0: le fait le plus ancien du dossier en tient lieu.", cause.le),
        )
    trace += (Pas("", cause.le, None, regle, delai, regle.unite),)
    return _Compte(add(cause.le, delai, regle.unite, faits.zone), regle, cause, cause.le, trace)


def _apply(faits: Faits, compte: _Compte, evenement: Evenement) -> None:
    if faits.rang[evenement.id] < faits.rang[compte.evenement.id] and evenement is not compte.evenement:
        return
    if evenement.nature is _N.MEDIATION_ACCEPTEE:
        if compte.accord is None and evenement.le <= compte.limite:
            _suspend(faits, compte, evenement)
    elif evenement.nature is _N.MEDIATION_TERMINEE:
        if compte.accord is not None:
            _resume(faits, compte, evenement)
    elif interrupts(evenement) and not faits.about_secu(evenement):
        _restart(faits, compte, evenement)


def _restart(faits: Faits, compte: _Compte, evenement: Evenement) -> None:
    if evenement.le > compte.limite and compte.accord is None:
        mots = "{fait} le {jour}\u00a0: trop tard pour faire repartir le délai, déjà écoulé."
        compte.trace += (Pas(mots, evenement.le, evenement),)
        return
    regle = faits.regle("R17", evenement.le)
    delai = regle.delai or 0
    compte.limite = add(evenement.le, delai, regle.unite, faits.zone)
    compte.trace += (
        Pas("{fait} le {jour}\u00a0: le délai repart en entier de ce jour.", evenement.le, evenement),
        Pas("", evenement.le, None, regle, delai, regle.unite),
    )
    compte.regle, compte.evenement, compte.origine = regle, evenement, evenement.le
    compte.reste = (compte.limite - evenement.le).days


def _suspend(faits: Faits, compte: _Compte, accord: Evenement) -> None:
    """Stop the count on the day both sides agreed; the date shown is the earliest the law can still give."""
    regle = faits.regle("R18", accord.le)
    compte.accord, compte.reste = accord, (compte.limite - accord.le).days
    compte.trace += (
        Pas("{fait} le {jour}\u00a0: le compte s’arrête jusqu’à la fin de la médiation.", accord.le, accord),
    )
    least = add(accord.le, regle.delai or 0, regle.unite, faits.zone)
    if least > compte.limite:
        mots = "Au plus tôt {delai} après la médiation\u00a0: {resultat}."
        compte.trace += (Pas(mots, accord.le, None, regle, regle.delai or 0, regle.unite),)
        compte.limite, compte.regle, compte.evenement, compte.origine = least, regle, accord, accord.le


def _resume(faits: Faits, compte: _Compte, fin: Evenement) -> None:
    """Count on from the end of the médiation: what was left, and at least six months (Code civil 2238)."""
    regle = faits.regle("R18", fin.le)
    left = compte.reste
    remaining = add(fin.le, left, Unite.JOURS, faits.zone)
    least = add(fin.le, regle.delai or 0, regle.unite, faits.zone)
    compte.trace += (Pas("{fait} le {jour}\u00a0: le compte reprend.", fin.le, fin),)
    reste = delai_en_lettres(left, Unite.JOURS)
    if remaining >= least:
        mots = "Il restait {delai} quand la médiation a été acceptée\u00a0: {resultat}."
        compte.trace += (Pas(mots, fin.le, None, regle, left, Unite.JOURS),)
    else:
        mots = f"Il restait {reste}\u00a0; la loi en garantit davantage, {{delai}}\u00a0: {{resultat}}."
        compte.trace += (Pas(mots, fin.le, None, regle, regle.delai or 0, regle.unite),)
    compte.limite, compte.regle, compte.evenement, compte.origine = max(remaining, least), regle, fin, fin.le
    compte.accord = None


def _standing(faits: Faits, compte: _Compte, cause: Evenement) -> tuple[EtatEcheance | None, Evenement | None, str]:
    dossier = faits.cas.dossier
    solde = faits.solde_after(cause)
    if solde is not None:
        return EtatEcheance.SANS_OBJET, solde, "tout est payé"
    if dossier.clos_le is not None:
        return EtatEcheance.SANS_OBJET, None, f"Le dossier est clos depuis le {en_lettres(dossier.clos_le)}"
    if compte.accord is not None:
        return EtatEcheance.EN_ATTENTE, None, ""
    return None, None, ""
