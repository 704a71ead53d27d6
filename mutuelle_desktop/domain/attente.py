"""What the mutuelle owes after a request: its delay, and the steps that open when it is late (R01 to R07, R19, R20)."""

from collections.abc import Iterator
from datetime import date, timedelta

from mutuelle_desktop.domain.calendrier import Unite, add
from mutuelle_desktop.domain.cas import FAIT, Echeance, EtatEcheance, Pas
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.evenement import RECOMMANDES, Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.domain.faits import ACCUSENT, LETTRES, REPONSES, SUITES, Faits, masque

_N = NatureEvenement
PROMETTENT = frozenset({
    _N.ECHANGE, _N.DEMANDE, _N.COMPLEMENT, _N.DECOMPTE_SECU, _N.RELANCE, _N.RECLAMATION, _N.MISE_EN_DEMEURE, _N.ACCUSE,
    _N.REPONSE_PARTIELLE, _N.RECONNAISSANCE, _N.PAIEMENT,
})  # fmt: skip
"""Where the mutuelle may announce the day of its answer (promis_le)."""
_POSTE = (Canal.COURRIER, *RECOMMANDES)
_SANS_OBJET = EtatEcheance.SANS_OBJET
_RELAIS = {
    _N.PIECE_DEMANDEE: "le délai repart quand la pièce est envoyée",
    _N.SAISINE: "le médiateur est saisi",
    _N.CONCILIATION: "un conciliateur est saisi",
    _N.JUSTICE: "le juge est saisi",
}
"""What ends a wait without answering it."""
_DEMANDE, _COMPLEMENT, _SOINS, _ECHANGE = (
    masque(_N.DEMANDE),
    masque(_N.COMPLEMENT),
    masque(_N.SOINS),
    masque(_N.ECHANGE),
)
_DECLENCHEURS = masque(_N.DECOMPTE_SECU, _N.DEMANDE, _N.PIECE_DEMANDEE, _N.COMPLEMENT)
_FINS = REPONSES | SUITES | masque(_N.PIECE_DEMANDEE)
_RAPPELS = masque(_N.RELANCE, _N.RECLAMATION, _N.MISE_EN_DEMEURE)
_FORMELLE, _PIECE = masque(_N.MISE_EN_DEMEURE), masque(_N.PIECE_DEMANDEE)
_FEUILLE = masque(_N.FEUILLE_SOINS, _N.DECOMPTE_SECU)
_POSTEES = masque(*LETTRES, _N.RESILIATION)
_AVIS_PASSAGE = masque(_N.AVIS_PASSAGE)


def attentes(faits: Faits) -> Iterator[Echeance]:
    """Yield the deadlines of every request: its delay, then the ladder while nobody has answered."""
    for declencheur in requests(faits):
        yield from _attente(faits, declencheur)


def requests(faits: Faits) -> Iterator[Evenement]:
    """Yield what starts a delay: requests, transmitted décomptes, and the piece that was asked for once it is sent."""
    asked = known = False
    for evenement in faits.of(_DECLENCHEURS):
        nature = evenement.nature
        if nature is _N.PIECE_DEMANDEE:
            asked = True
        elif nature is not _N.COMPLEMENT or asked or not known:
            known = True
            asked = asked and nature is not _N.COMPLEMENT
            yield evenement


def closing(faits: Faits, declencheur: Evenement) -> Evenement | None:
    """Return what ended the wait: an answer, a full payment, a piece asked for, or a step that takes over."""
    return faits.earliest(faits.first_after(declencheur, _FINS), faits.solde_after(declencheur))


def promesses(faits: Faits, declencheur: Evenement, fin: Evenement | None) -> list[Evenement]:
    """Return the announced delays of one request, in order, up to what ended the wait."""
    if not faits.promesses:
        return []
    rang = faits.rang
    first, last = rang[declencheur.id], rang[fin.id] if fin else len(faits.evenements)
    return [
        e
        for e in faits.promesses
        if first <= rang[e.id] < last
        and e.nature in PROMETTENT
        and (e is declencheur or faits.concerns(e, declencheur))
    ]


def envois(faits: Faits) -> Iterator[Echeance]:
    """Yield what the person has to send: the claim (R19, R20), the piece that was asked for."""
    for soins in faits.of(_SOINS):
        solde = faits.solde_after(soins)
        if faits.cas.dossier.nature is NatureDossier.REMBOURSEMENT:
            yield _feuille(faits, soins, solde)
        if faits.cas.contrat is not None and faits.cas.contrat.delai_production:
            yield _production(faits, soins, solde, faits.cas.contrat.delai_production)
    for demandee in faits.of(_PIECE):
        if demandee.promis_le is not None:
            yield _piece(faits, demandee, demandee.promis_le)


def _attente(faits: Faits, declencheur: Evenement) -> Iterator[Echeance]:
    fin = closing(faits, declencheur)
    annonces = promesses(faits, declencheur, fin)
    regle = faits.regle(_rule(faits, declencheur), declencheur.le)
    if declencheur.nature is _N.DECOMPTE_SECU and _followed(faits, declencheur):
        motif = "Une demande a été envoyée\u00a0: c’est elle qui est suivie"
        yield faits.make(regle, declencheur, etat=_SANS_OBJET, motif=motif)
        return
    if annonces and fin is None:
        motif = "un autre délai est annoncé"
        yield faits.make(regle, declencheur, etat=_SANS_OBJET, par=annonces[-1], motif=motif)
    else:
        etat, motif = _fate(fin)
        yield faits.make(regle, declencheur, etat=etat, par=fin, motif=motif)
    for annonce in annonces:
        yield _annonce(faits, declencheur, annonce, fin if annonce is annonces[-1] else annonces[-1])
    if fin is not None:
        return
    if annonces:
        source = annonces[-1]
        d0 = source.promis_le or source.le
        yield from _echelle(faits, source, d0, _trace_annonce(faits, declencheur, source, d0))
        return
    alerte = {"R02": "R02.alerte", "R03": "R04.complexe"}.get(regle.id)
    d0 = add(declencheur.le, regle.delai or 0, regle.unite, faits.zone)
    if alerte:
        passed = (
            (_SANS_OBJET, "Le délai est passé\u00a0: les relances prennent la suite")
            if faits.today > d0
            else (None, "")
        )
        yield faits.make(faits.regle(alerte, declencheur.le), declencheur, etat=passed[0], motif=passed[1])
    trace = (
        Pas(FAIT, declencheur.le, declencheur),
        Pas("", declencheur.le, None, regle, regle.delai or 0, regle.unite),
    )
    yield from _echelle(faits, declencheur, d0, trace)


def _rule(faits: Faits, declencheur: Evenement) -> str:
    """Return the delay that holds when none was announced (DECISIONS 5)."""
    if declencheur.nature is _N.DECOMPTE_SECU:
        return "R01"
    if faits.cas.dossier.complexe:
        return "R03"
    asks = faits.cas.dossier.nature is NatureDossier.INFORMATION
    return "R02" if declencheur.canal in _POSTE and not asks else "R04"


def _followed(faits: Faits, decompte: Evenement) -> bool:
    """Tell whether a request of the person's own is followed instead of the transmission."""
    for demande in faits.of(_DEMANDE):
        fin = closing(faits, demande)
        if fin is None or faits.rang[fin.id] > faits.rang[decompte.id]:
            return True
    return False


def _fate(fin: Evenement | None) -> tuple[EtatEcheance | None, str]:
    """Return the state and the words of a wait that this event ended."""
    if fin is None:
        return None, ""
    motif = _RELAIS.get(fin.nature, "")
    return (_SANS_OBJET, motif) if motif else (EtatEcheance.REMPLIE, "la mutuelle a répondu")


def _annonce(faits: Faits, declencheur: Evenement, annonce: Evenement, fin: Evenement | None) -> Echeance:
    jour = annonce.promis_le or annonce.le
    regle = faits.regle("R05.annonce", annonce.le)
    trace = _trace_annonce(faits, declencheur, annonce, jour)
    etat, motif = _fate(fin)
    if fin is not None and fin.promis_le is not None and fin.nature in PROMETTENT:
        etat, motif = _SANS_OBJET, "un nouveau délai est annoncé"
    return faits.make(regle, annonce, origine=jour, trace=trace, etat=etat, par=fin, motif=motif)


def _trace_annonce(faits: Faits, declencheur: Evenement, annonce: Evenement, jour: date) -> tuple[Pas, ...]:
    regle = faits.regle("R05.annonce", annonce.le)
    faits_dits = () if annonce is declencheur else (Pas(FAIT, annonce.le, annonce),)
    promise = Pas("Réponse annoncée pour le {resultat}.", jour, annonce, regle, regle.delai or 0, regle.unite)
    return (Pas(FAIT, declencheur.le, declencheur), *faits_dits, promise)


def _echelle(faits: Faits, source: Evenement, d0: date, trace: tuple[Pas, ...]) -> Iterator[Echeance]:
    """Yield the steps that open when the delay d0, given by source, is over."""
    called = [e for e in faits.of(_ECHANGE) if e.le > d0 and e.sens is not Sens.RECU]
    ecrits = [e for e in faits.of(_RAPPELS) if e.le > d0]
    relances = [e for e in ecrits if e.nature is _N.RELANCE]
    reclamations = [e for e in faits.reclamations() if faits.rang[e.id] > faits.rang[source.id]]
    formal = faits.after(source, _FORMELLE)
    yield _step(faits, "R05", source, d0, trace, par=faits.earliest(*called, *ecrits))
    yield _step(faits, "R06", source, d0, trace, par=faits.earliest(*ecrits, *reclamations, *formal))
    if relances:
        regle = faits.regle("R06.reclamation", relances[0].le)
        yield faits.make(regle, relances[0], par=faits.earliest(*reclamations))
    if faits.cas.dossier.nature is not NatureDossier.INFORMATION:
        yield _step(faits, "R07", source, d0, trace, par=faits.earliest(*formal))


def _step(
    faits: Faits, regle_id: str, source: Evenement, d0: date, trace: tuple[Pas, ...], *, par: Evenement | None
) -> Echeance:
    regle = faits.regle(regle_id, d0)
    last = Pas("", d0, None, regle, regle.delai or 0, regle.unite)
    return faits.make(regle, source, origine=d0, trace=(*trace, last), par=par, motif="c’est fait" if par else "")


def _feuille(faits: Faits, soins: Evenement, solde: Evenement | None) -> Echeance:
    """Return the limit for the Sécu: two years after care, by prudence; the law counts from the next quarter."""
    regle = faits.regle("R19", soins.le)
    par = faits.earliest(faits.first_after(soins, _FEUILLE), solde)
    if par is not None:
        return faits.make(regle, soins, par=par)
    mots = "Compté à partir du trimestre suivant, ce serait le {jour}\u00a0; le plus tôt est retenu."
    trace = (
        Pas(FAIT, soins.le, soins),
        Pas("", soins.le, None, regle, regle.delai or 0, regle.unite),
        Pas(mots, quarter_end(soins.le), unite=regle.unite, autre=regle.delai or 0),
    )
    return faits.make(regle, soins, trace=trace)


def quarter_end(day: date) -> date:
    """Return the last day of the civil quarter of a day, from whose end CSS L160-11 counts."""
    premier = date(day.year, day.month - (day.month - 1) % 3, 1)
    return add(premier, 3, Unite.MOIS) - timedelta(days=1)


def _production(faits: Faits, soins: Evenement, solde: Evenement | None, mois: int) -> Echeance:
    regle = faits.regle("R20", soins.le)
    delai, unite = (mois, Unite.MOIS) if regle.delai is None else (regle.delai, regle.unite)
    trace = (Pas(FAIT, soins.le, soins), Pas("", soins.le, None, regle, delai, unite))
    par = faits.earliest(faits.first_after(soins, _DEMANDE | _COMPLEMENT), solde)
    return faits.make(regle, soins, brute=add(soins.le, delai, unite, faits.zone), trace=trace, par=par)


def _piece(faits: Faits, demandee: Evenement, jour: date) -> Echeance:
    regle = faits.regle("R20.piece", demandee.le)
    trace = (
        Pas(FAIT, demandee.le, demandee),
        Pas("La mutuelle demande la pièce avant le {resultat}.", jour, demandee, regle, 0),
    )
    par = faits.earliest(faits.first_after(demandee, _COMPLEMENT), faits.solde_after(demandee))
    return faits.make(regle, demandee, origine=jour, brute=jour, trace=trace, par=par)


def recommandes(faits: Faits) -> Iterator[Echeance]:
    """Yield the life of what was posted with an avis de réception, and of what awaits the person at the post office."""
    for lettre in faits.of(_POSTEES):
        if lettre.canal in RECOMMANDES:
            yield from _lettre(faits, lettre)
    for avis in faits.of(_AVIS_PASSAGE):
        par = next((e for e in faits.suites.get(avis.id, []) if e.nature is _N.DISTRIBUE), None)
        yield faits.make(faits.regle("R35.retrait", avis.le), avis, par=par, motif="retiré" if par else "")


def _lettre(faits: Faits, lettre: Evenement) -> Iterator[Echeance]:
    vie = faits.vie(lettre)
    answered = faits.suites.get(lettre.id, [])
    news = faits.earliest(*vie, *answered, faits.first_after(lettre, ACCUSENT))
    yield faits.make(
        faits.regle("R35.suivi", lettre.le), lettre, par=news, motif="des nouvelles sont arrivées" if news else ""
    )
    ended = faits.earliest(*(e for e in vie if e.nature is not _N.PRESENTE))
    kept = "R36" if lettre.canal is Canal.RECOMMANDE_ELECTRONIQUE else "R35"
    for presente in (e for e in vie if e.nature is _N.PRESENTE):
        yield faits.make(
            faits.regle(kept, presente.le), presente, par=ended, motif="son sort est connu" if ended else ""
        )
