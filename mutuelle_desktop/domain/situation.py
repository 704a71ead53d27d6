"""The life of a contract and other procedures: resignation, situation, data, the Sécu, glasses (R22, R24 to R34)."""

from collections.abc import Iterator
from datetime import date, timedelta

from mutuelle_desktop.domain.calendrier import Unite, add
from mutuelle_desktop.domain.cas import FAIT, Echeance, EtatEcheance, Pas
from mutuelle_desktop.domain.contrat import Contrat
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement, Sens
from mutuelle_desktop.domain.faits import REPONSES, Faits, masque

_N = NatureEvenement
_RESILIE = masque(_N.RESILIATION, _N.RESILIATION_RECUE)
_SIMPLES: tuple[tuple[int, str, int], ...] = (
    (masque(_N.SITUATION), "R25", _RESILIE),
    (masque(_N.SITUATION), "R26", _RESILIE | masque(_N.DEMANDE, _N.COMPLEMENT)),
    (masque(_N.ADHESION_DISTANCE), "R27", masque(_N.RESILIATION)),
    (masque(_N.AVENANT), "R28", masque(_N.RESILIATION)),
    (masque(_N.RUPTURE_TRAVAIL, _N.FIN_PORTABILITE), "R29", masque(_N.DEMANDE)),
    (masque(_N.RUPTURE_TRAVAIL, _N.FIN_PORTABILITE), "R29.proposition", masque(_N.REPONSE, _N.DEMANDE)),
    (masque(_N.RUPTURE_TRAVAIL), "R29.portabilite", masque(_N.FIN_PORTABILITE)),
)
"""What an event starts, and what fulfils it."""
_AGE_ENFANT = 16
_AGE_SENIOR = 43
_AVIS_TARDIF = 15


def situations(faits: Faits) -> Iterator[Echeance]:
    """Yield the deadlines of the contract's life and of the procedures that are not a claim."""
    if not faits.has(_TOUTES):
        return
    for starts, regle_id, done in _SIMPLES:
        for evenement in faits.of(starts):
            yield faits.make(faits.regle(regle_id, evenement.le), evenement, par=faits.first_after(evenement, done))
    for compute, natures in _COMPUTED:
        if faits.has(natures):
            yield from compute(faits)


def _resiliations(faits: Faits) -> Iterator[Echeance]:
    """Yield the end of the contract and the refund, from reception: recorded, or proved by the post."""
    received = faits.of(masque(_N.RESILIATION_RECUE))
    if not received:
        found = (faits.reception(e) for e in faits.of(masque(_N.RESILIATION)))
        received = [e for e in found if e is not None and e.nature is _N.DISTRIBUE]
    for recue in received:
        fin = faits.regle("R22", recue.le)
        solde = faits.regle("R22.solde", recue.le)
        yield faits.make(fin, recue)
        effet = add(recue.le, fin.delai or 0, fin.unite, faits.zone)
        trace = (
            Pas(FAIT, recue.le, recue),
            Pas("", recue.le, None, fin, fin.delai or 0, fin.unite),
            Pas("", effet, None, solde, solde.delai or 0, solde.unite),
        )
        yield faits.make(solde, recue, origine=effet, trace=trace, par=_refund(faits, recue))


def _refund(faits: Faits, recue: Evenement) -> Evenement | None:
    return next((e for e in faits.after(recue, masque(_N.PAIEMENT)) if e.sens is not Sens.ENVOYE), None)


def _avis(faits: Faits) -> Iterator[Echeance]:
    """Yield the twenty days that a late renewal notice gives back; nothing for a contract the employer imposes."""
    contrat = faits.cas.contrat
    if contrat is not None and contrat.obligatoire:
        return
    for avis in faits.of(masque(_N.AVIS_ECHEANCE)):
        regle = faits.regle("R24", avis.le)
        limite = avis.promis_le or _limite(faits, contrat, avis.le)
        par = faits.first_after(avis, _RESILIE)
        mots = "La date limite que rappelle l’avis n’est pas connue\u00a0: l’avis est supposé tardif."
        trace: tuple[Pas, ...] = (Pas(FAIT, avis.le, avis),)
        if limite is None:
            trace += (Pas(mots, avis.le),)
        elif (limite - avis.le).days >= _AVIS_TARDIF:
            motif = "L’avis a été envoyé à temps\u00a0: la date limite habituelle reste la bonne"
            yield faits.make(regle, avis, etat=EtatEcheance.SANS_OBJET, motif=motif)
            continue
        else:
            trace += (
                Pas("L’avis est parti moins de quinze jours avant la date limite du {jour}, ou après elle.", limite),
            )
        trace += (Pas("", avis.le, None, regle, regle.delai or 0, regle.unite),)
        yield faits.make(regle, avis, trace=trace, par=par)


def _limite(faits: Faits, contrat: Contrat | None, on: date) -> date | None:
    """Return the last day to refuse the renewal that follows a notice; the notice may come a little after it."""
    if contrat is None or contrat.echeance is None:
        return None
    regle = faits.regle("R23", on)
    echeance = next_anniversary(contrat.echeance, on)
    return add(echeance, regle.delai or 0, regle.unite, faits.zone)


def next_anniversary(echeance: date, on: date) -> date:
    """Return the first renewal on that day or later, known by its day and month."""
    years = on.year - echeance.year
    jour = add(echeance, years, Unite.ANS)
    return jour if jour >= on else add(echeance, years + 1, Unite.ANS)


def _impayes(faits: Faits) -> Iterator[Echeance]:
    """Yield the earliest days of an unpaid contribution; the day the organism announced stands for the suspension."""
    for impaye in faits.of(masque(_N.IMPAYE)):
        par = next((e for e in faits.after(impaye, masque(_N.PAIEMENT)) if e.sens is Sens.ENVOYE), None)
        yield faits.make(faits.regle("R30", impaye.le), impaye, par=par)
        suspension, fin = faits.regle("R30.suspension", impaye.le), faits.regle("R30.resiliation", impaye.le)
        if impaye.promis_le is None:
            yield faits.make(suspension, impaye, par=par)
            yield faits.make(fin, impaye, par=par)
            continue
        jour = impaye.promis_le
        announced = (
            Pas(FAIT, impaye.le, impaye),
            Pas("L’organisme a annoncé la suspension pour le {resultat}.", jour, impaye, suspension, 0),
        )
        later = max((fin.delai or 0) - (suspension.delai or 0), 0)
        last = Pas("Résiliation possible {delai} plus tard\u00a0: {resultat}.", jour, None, fin, later)
        yield faits.make(suspension, impaye, origine=jour, brute=jour, trace=announced, par=par)
        brute = jour + timedelta(days=later)
        yield faits.make(fin, impaye, origine=jour, brute=brute, trace=(*announced, last), par=par)


def _donnees(faits: Faits) -> Iterator[Echeance]:
    """Yield the answer to a request for one's data; three months in all when the organism said so in time."""
    for recue in faits.of(masque(_N.ACCES_DONNEES)):
        regle = faits.regle("R31", recue.le)
        par = faits.first_after(recue, REPONSES)
        first = add(recue.le, regle.delai or 0, regle.unite, faits.zone)
        notice = next((e for e in faits.suites.get(recue.id, []) if e.promis_le is not None and e.le <= first), None)
        if notice is None:
            yield faits.make(regle, recue, par=par)
            continue
        motif = "le délai est prolongé"
        yield faits.make(regle, recue, etat=EtatEcheance.SANS_OBJET, par=notice, motif=motif)
        yield faits.make(faits.regle("R31.prolongation", recue.le), recue, par=par)


def _secu(faits: Faits) -> Iterator[Echeance]:
    for decision in faits.of(masque(_N.DECISION_SECU)):
        sent = (_N.RECLAMATION, _N.DEMANDE)
        par = next((e for e in faits.suites.get(decision.id, []) if e.nature in sent), None)
        yield faits.make(faits.regle("R32", decision.le), decision, par=par)


def _equipements(faits: Faits) -> Iterator[Echeance]:
    """Yield when a new pair of glasses or hearing aid is paid for, and until when a prescription serves, by age."""
    for achat in faits.of(masque(_N.ACHAT_OPTIQUE)):
        age = _age(faits, achat.le)
        yield _by_age(faits, achat, "R33.enfant" if age is not None and age < _AGE_ENFANT else "R33", age)
    for achat in faits.of(masque(_N.ACHAT_AUDIO)):
        yield faits.make(faits.regle("R33.audio", achat.le), achat)
    for ordonnance in faits.of(masque(_N.ORDONNANCE_LUNETTES)):
        age = _age(faits, ordonnance.le)
        regle_id = "R34.senior" if age is None or age >= _AGE_SENIOR else "R34"
        yield _by_age(faits, ordonnance, "R34.enfant" if age is not None and age < _AGE_ENFANT else regle_id, age)


def _by_age(faits: Faits, evenement: Evenement, regle_id: str, age: int | None) -> Echeance:
    regle = faits.regle(regle_id, evenement.le)
    known = f"Âge ce jour-là\u00a0: {age}\u00a0ans."
    mots = "La date de naissance n’est pas notée\u00a0: l’âge adulte est supposé." if age is None else known
    trace = (
        Pas(FAIT, evenement.le, evenement),
        Pas(mots, evenement.le),
        Pas("", evenement.le, None, regle, regle.delai or 0, regle.unite),
    )
    return faits.make(regle, evenement, trace=trace)


def _age(faits: Faits, on: date) -> int | None:
    """Return the age in full years, None when the birth date is unknown."""
    personne = faits.cas.personne
    naissance = personne.naissance if personne else None
    if naissance is None:
        return None
    return on.year - naissance.year - ((on.month, on.day) < (naissance.month, naissance.day))


_COMPUTED = (
    (_resiliations, _RESILIE),
    (_avis, masque(_N.AVIS_ECHEANCE)),
    (_impayes, masque(_N.IMPAYE)),
    (_donnees, masque(_N.ACCES_DONNEES)),
    (_secu, masque(_N.DECISION_SECU)),
    (_equipements, masque(_N.ACHAT_OPTIQUE, _N.ACHAT_AUDIO, _N.ORDONNANCE_LUNETTES)),
)
_TOUTES = masque(
    _N.SITUATION, _N.ADHESION_DISTANCE, _N.AVENANT, _N.RUPTURE_TRAVAIL, _N.FIN_PORTABILITE, _N.RESILIATION,
    _N.RESILIATION_RECUE, _N.AVIS_ECHEANCE, _N.IMPAYE, _N.ACCES_DONNEES, _N.DECISION_SECU, _N.ACHAT_OPTIQUE,
    _N.ACHAT_AUDIO, _N.ORDONNANCE_LUNETTES,
)  # fmt: skip
