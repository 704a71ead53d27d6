"""The médiateur: when he may be seized and which one, according to the organism's nature."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mutuelle_desktop.domain.calendrier import Unite, delai_en_lettres, en_lettres
from mutuelle_desktop.domain.cas import FAIT, Cas, Echeance, EtatEcheance, Pas
from mutuelle_desktop.domain.contrat import NatureOrganisme
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement, Sens
from mutuelle_desktop.domain.faits import Faits, masque
from mutuelle_desktop.domain.reclamation import Ouverture, ouverture
from mutuelle_desktop.domain.regle import Regles

_N = NatureEvenement
_RECUE, _NOTIFIEE, _PROPOSITION = masque(_N.SAISINE_RECUE), masque(_N.SAISINE_NOTIFIEE), masque(_N.PROPOSITION)
_TERMINEE, _IRRECEVABLE, _SAISINE = masque(_N.MEDIATION_TERMINEE), masque(_N.SAISINE_IRRECEVABLE), masque(_N.SAISINE)
_ISSUES = _PROPOSITION | _TERMINEE
_SUITES = masque(_N.CONCILIATION, _N.JUSTICE)
_BIENTOT = 60


class EtatFenetre(StrEnum):
    """Where the médiateur's window stands."""

    INCONNUE = "aucune réclamation écrite"
    FERMEE = "pas encore ouverte"
    OUVERTE = "ouverte"
    SE_FERME = "se ferme bientôt"
    CLOSE = "close"


@dataclass(frozen=True, kw_only=True, slots=True)
class FenetreMediateur:
    """The days on which the médiateur may be seized, both included; None while no written complaint exists."""

    etat: EtatFenetre
    ouvre_le: date | None
    ferme_le: date | None
    raison: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Mediateur:
    """A médiateur with the lines of his address; site is opened only on a click."""

    nom: str
    adresse: tuple[str, ...]
    site: str
    source: str
    verifie_le: date
    consigne: str = ""


def parse_mediateurs(text: str) -> Mapping[NatureOrganisme, Mediateur]:
    """Read resources/regles/mediateurs.toml: the usual médiateur of each nature of organism (DOMAINE.md §1.3)."""
    content = tomllib.loads(text)
    verifie_le = content.pop("verifie_le")
    return {
        NatureOrganisme(nature): Mediateur(
            nom=entry["nom"],
            adresse=tuple(entry["adresse"]),
            site=entry["site"],
            source=entry["source"],
            verifie_le=entry.get("verifie_le", verifie_le),
            consigne=entry.get("consigne", ""),
        )
        for nature, entry in content.items()
    }


def mediateur_usuel(nature: NatureOrganisme, mediateurs: Mapping[NatureOrganisme, Mediateur]) -> Mediateur:
    """Return the médiateur usually competent for an organism of that nature; the contract's own words prevail."""
    return mediateurs[nature]


def fenetre_mediateur(cas: Cas, regles: Regles, today: date) -> FenetreMediateur:
    """Return when the médiateur may be seized, counted from the first written complaint.

    Only a written complaint opens the window (DECISIONS 4); it is closing from 60 days before its end.
    """
    window = ouverture(Faits(cas, regles, today)) if cas.evenements else None
    if window is None:
        raison = "Aucune réclamation écrite n’est partie\u00a0: ni un appel, ni une demande, ni un rappel n’ouvre le médiateur."
        return FenetreMediateur(etat=EtatFenetre.INCONNUE, ouvre_le=None, ferme_le=None, raison=raison)
    etat = _etat_fenetre(window, today)
    return FenetreMediateur(
        etat=etat, ouvre_le=window.ouvre_le, ferme_le=window.ferme_le, raison=_raison(window, etat, today)
    )


def mediations(faits: Faits) -> Iterator[Echeance]:
    """Yield what the médiateur owes and what he asks (R13, R14, R15), then what must precede the judge (R40)."""
    for recue in faits.of(_RECUE):
        par = faits.first_after(recue, _IRRECEVABLE | _NOTIFIEE | _ISSUES)
        yield faits.make(faits.regle("R13", recue.le), recue, par=par)
    for notifiee in faits.of(_NOTIFIEE):
        yield _issue(faits, notifiee)
    for proposition in faits.of(_PROPOSITION):
        if proposition.promis_le is not None:
            yield _proposition(faits, proposition, proposition.promis_le)
    yield from _amiable(faits)


def answered_proposition(faits: Faits, proposition: Evenement) -> Evenement | None:
    """Return what answered the médiateur's proposal: what was sent after it, or the end of the médiation."""
    sent = [e for e in faits.suites.get(proposition.id, []) if e.sens is Sens.ENVOYE]
    return faits.earliest(*sent, faits.first_after(proposition, _TERMINEE))


def _issue(faits: Faits, notifiee: Evenement) -> Echeance:
    """Return the end of the médiation: 90 days from the notice, or the day it was put off to (R612-5)."""
    regle = faits.regle("R14", notifiee.le)
    par = faits.first_after(notifiee, _ISSUES)
    put_off = [e for e in (notifiee, *faits.suites.get(notifiee.id, [])) if e.promis_le is not None]
    if not put_off:
        return faits.make(regle, notifiee, par=par)
    last = max(put_off, key=lambda e: faits.rang[e.id])
    jour = last.promis_le or last.le
    trace = (
        Pas(FAIT, notifiee.le, notifiee),
        Pas("", notifiee.le, None, regle, regle.delai or 0, regle.unite),
        Pas("Le médiateur a annoncé une autre date\u00a0: {resultat}.", jour, last, regle, 0),
    )
    return faits.make(regle, notifiee, origine=jour, brute=jour, trace=trace, par=par)


def _proposition(faits: Faits, proposition: Evenement, jour: date) -> Echeance:
    regle = faits.regle("R15", proposition.le)
    trace = (
        Pas(FAIT, proposition.le, proposition),
        Pas("Le médiateur a fixé le dernier jour\u00a0: {resultat}.", jour, proposition, regle, 0),
    )
    par = answered_proposition(faits, proposition)
    return faits.make(regle, proposition, origine=jour, brute=jour, trace=trace, par=par)


def _amiable(faits: Faits) -> Iterator[Echeance]:
    """Yield the attempt that must precede the judge: a médiation that ended is one; else a conciliateur."""
    ended = faits.of(_TERMINEE)[-1:]
    refused = faits.of(_IRRECEVABLE)[-1:]
    if ended:
        yield faits.make(
            faits.regle("R40", ended[0].le), ended[0], par=ended[0], motif="la médiation vaut tentative d’accord"
        )
    elif refused and faits.saisine() is None:
        yield _conciliation(faits, refused[0], refused[0].le, ())
    elif not faits.has(_SAISINE):
        window = ouverture(faits)
        if window is not None and faits.today > window.ferme_le:
            regle = faits.regle("R12", window.reclamation.le)
            first = window.reclamation
            trace = (
                Pas(FAIT, first.le, first),
                Pas("", first.le, None, regle, regle.delai or 0, regle.unite),
                Pas("Le médiateur est fermé à partir du {resultat}.", window.ferme_le, None, regle, 1),
            )
            yield _conciliation(faits, first, window.ferme_le + timedelta(days=1), trace)


def _conciliation(faits: Faits, cause: Evenement, jour: date, trace: tuple[Pas, ...]) -> Echeance:
    regle = faits.regle("R40", jour)
    done = faits.first_after(cause, _SUITES)
    if done is not None:
        return faits.make(regle, cause, origine=jour, trace=trace, par=done, motif="c’est fait")
    solde = faits.solde_after(cause)
    etat = EtatEcheance.SANS_OBJET if solde else None
    motif = "tout est payé" if solde else ""
    return faits.make(regle, cause, origine=jour, trace=trace, etat=etat, par=solde, motif=motif)


def _etat_fenetre(window: Ouverture, today: date) -> EtatFenetre:
    if today > window.ferme_le:
        return EtatFenetre.CLOSE
    if today < window.ouvre_le:
        return EtatFenetre.FERMEE
    return EtatFenetre.SE_FERME if (window.ferme_le - today).days <= _BIENTOT else EtatFenetre.OUVERTE


def _raison(window: Ouverture, etat: EtatFenetre, today: date) -> str:
    first = f"Première réclamation écrite envoyée le {en_lettres(window.reclamation.le)}."
    if etat is EtatFenetre.CLOSE:
        return f"{first} Le médiateur ne pouvait être saisi que jusqu’au {en_lettres(window.ferme_le)}."
    if etat is EtatFenetre.FERMEE:
        return f"{first} Une saisine avant le {en_lettres(window.ouvre_le)} serait écartée comme prématurée."
    left = delai_en_lettres((window.ferme_le - today).days, Unite.JOURS)
    early = " Certains médiateurs attendent deux mois malgré le refus." if window.refus else ""
    return f"{first} Le médiateur peut être saisi jusqu’au {en_lettres(window.ferme_le)} inclus\u00a0: il reste {left}.{early}"
