"""What a written complaint and a formal notice start: acknowledgement, answer, the médiateur's window (R08 to R12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from mutuelle_desktop.domain.calendrier import Unite, add
from mutuelle_desktop.domain.cas import FAIT, Echeance, EtatEcheance, Pas
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement
from mutuelle_desktop.domain.faits import ACCUSENT, SUITES, Faits, is_ecrit, masque

_N = NatureEvenement
_JOUR = timedelta(days=1)
_REFUS_DEFINITIF, _FORMELLE, _JUSTICE = masque(_N.REFUS_DEFINITIF), masque(_N.MISE_EN_DEMEURE), masque(_N.JUSTICE)
_DEPUIS = {
    _N.DISTRIBUE: "Compté de sa réception, le {jour}.",
    _N.PRESENTE: "Compté de sa première présentation, le {jour}, faute d’une date de remise.",
    _N.REFUSE_POSTE: "Compté du refus de la lettre, le {jour}.",
    _N.NON_RECLAME: "Compté du {jour}, jour où la lettre est revenue non réclamée.",
    _N.AVIS_RECEPTION: "Compté du {jour}, jour où l’avis de réception est revenu\u00a0: elle était alors reçue.",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Ouverture:
    """The bounds of the médiateur's window; refus is the written final refusal that opens it early."""

    reclamation: Evenement
    ouvre_le: date
    ferme_le: date
    refus: Evenement | None


def ouverture(faits: Faits) -> Ouverture | None:
    """Return the window opened by the first written complaint; None while there is none.

    It opens the day after two months, or on the day of a written final refusal of the complaint; it closes one year
    after the complaint, the last day included (ACPR 2024-R-02, Code de la consommation L612-2).
    """
    reclamations = faits.reclamations()
    if not reclamations:
        return None
    first = reclamations[0]
    opening, closing = faits.regle("R11", first.le), faits.regle("R12", first.le)
    ouvre_le = add(first.le, opening.delai or 0, opening.unite, faits.zone) + _JOUR
    ferme_le = add(first.le, closing.delai or 0, closing.unite, faits.zone)
    refus = next((e for e in faits.after(first, _REFUS_DEFINITIF) if is_ecrit(e) and e.le < ouvre_le), None)
    return Ouverture(reclamation=first, ouvre_le=refus.le if refus else ouvre_le, ferme_le=ferme_le, refus=refus)


def reclamations(faits: Faits) -> Iterator[Echeance]:
    """Yield what every written complaint waits for, and the window that the first one opens."""
    for reclamation in faits.reclamations():
        yield _accuse(faits, reclamation)
        yield _reponse(faits, reclamation)
    window = ouverture(faits)
    if window is not None:
        yield from _fenetre(faits, window)


def mises_en_demeure(faits: Faits) -> Iterator[Echeance]:
    """Yield the answer owed to a formal notice, from its reception when it is known."""
    for lettre in faits.of(_FORMELLE):
        received = faits.reception(lettre)
        if received is not None and received.nature in (_N.REFUSE_POSTE, _N.NON_RECLAME):
            shown = [e for e in faits.vie(lettre) if e.nature is _N.PRESENTE]
            received = faits.earliest(*shown) or received
        start = received.le if received else lettre.le
        regle = faits.regle("R08", lettre.le)
        mots = (
            _DEPUIS[received.nature]
            if received
            else "Sa réception n’est pas notée\u00a0: compté de l’envoi, le {jour}."
        )
        trace = (
            Pas(FAIT, lettre.le, lettre),
            Pas(mots, start, received),
            Pas("", start, None, regle, regle.delai or 0, regle.unite),
        )
        par = faits.reponse_to(lettre)
        etat, par, motif = _answered(faits, lettre, par)
        yield faits.make(regle, lettre, origine=start, trace=trace, etat=etat, par=par, motif=motif)


def _accuse(faits: Faits, reclamation: Evenement) -> Echeance:
    regle = faits.regle("R09", reclamation.le)
    par = faits.first_after(reclamation, ACCUSENT)
    if par is not None:
        return faits.make(regle, reclamation, par=par)
    trace: tuple[Pas, ...] = (
        Pas(FAIT, reclamation.le, reclamation),
        Pas("", reclamation.le, None, regle, regle.delai or 0, regle.unite),
    )
    if regle.unite is Unite.OUVRABLES:
        mots = "En jours ouvrés, comme le guide les compte, ce serait le {jour}."
        trace += (Pas(mots, reclamation.le, unite=Unite.OUVRES, autre=regle.delai or 0),)
    trace += _from_reception(faits, reclamation, regle.delai or 0, regle.unite)
    return faits.make(regle, reclamation, trace=trace)


def _reponse(faits: Faits, reclamation: Evenement) -> Echeance:
    regle = faits.regle("R10", reclamation.le)
    etat, par, motif = _answered(faits, reclamation, faits.reponse_to(reclamation))
    trace: tuple[Pas, ...] = _from_reception(faits, reclamation, regle.delai or 0, regle.unite)
    if trace:
        last = Pas("", reclamation.le, None, regle, regle.delai or 0, regle.unite)
        trace = (Pas(FAIT, reclamation.le, reclamation), last, *trace)
    return faits.make(regle, reclamation, trace=trace, etat=etat, par=par, motif=motif)


def _answered(
    faits: Faits, lettre: Evenement, par: Evenement | None
) -> tuple[EtatEcheance | None, Evenement | None, str]:
    if par is not None:
        return EtatEcheance.REMPLIE, par, "la mutuelle a répondu"
    suite = faits.first_after(lettre, SUITES)
    if suite is not None:
        return EtatEcheance.SANS_OBJET, suite, "l’affaire est passée en d’autres mains"
    return None, None, ""


def _from_reception(faits: Faits, lettre: Evenement, delai: int, unite: Unite) -> tuple[Pas, ...]:
    """Return the other reading, kept beside the one from sending (DECISIONS 3)."""
    received = faits.reception(lettre)
    if received is None or received.nature is not _N.DISTRIBUE:
        return ()
    mots = "Compté de la réception au lieu de l’envoi, ce serait le {jour}."
    return (Pas(mots, received.le, received, unite=unite, autre=delai),)


def _fenetre(faits: Faits, window: Ouverture) -> Iterator[Echeance]:
    first, refus = window.reclamation, window.refus
    opening, closing = faits.regle("R11", first.le), faits.regle("R12", first.le)
    etat, par, motif = _seized(faits, first)
    yield faits.make(closing, first, brute=window.ferme_le, etat=etat, par=par, motif=motif)
    if etat is None and faits.today > window.ferme_le:
        etat, motif = EtatEcheance.SANS_OBJET, "La fenêtre du médiateur s’est refermée"
    if refus is not None:
        mots = (
            "Ce refus définitif ouvre le médiateur dès le {resultat}\u00a0; certains attendent pourtant les deux mois."
        )
        trace = (
            Pas(FAIT, first.le, first),
            Pas(FAIT, refus.le, refus),
            Pas(mots, refus.le, refus, opening, 0),
        )
    else:
        two_months = window.ouvre_le - _JOUR
        trace = (
            Pas(FAIT, first.le, first),
            Pas("", first.le, None, opening, opening.delai or 0, opening.unite),
            Pas("Le médiateur s’ouvre le lendemain\u00a0: {resultat}.", two_months, None, opening, 1),
        )
    yield faits.make(opening, first, brute=window.ouvre_le, trace=trace, etat=etat, par=par, motif=motif)


def _seized(faits: Faits, first: Evenement) -> tuple[EtatEcheance | None, Evenement | None, str]:
    """Return how the médiateur's window ended, if it did: seized, paid, or before the judge (L612-2, 3°)."""
    saisine = faits.saisine()
    if saisine is not None:
        return EtatEcheance.REMPLIE, saisine, "c’est fait"
    solde = faits.solde_after(first)
    if solde is not None:
        return EtatEcheance.SANS_OBJET, solde, "tout est payé"
    justice = faits.first_after(first, _JUSTICE)
    if justice is not None:
        return EtatEcheance.SANS_OBJET, justice, "le médiateur n’examine pas ce qu’un juge examine"
    return None, None, ""
