"""The facts of one dossier in order, and how a rule applied to one of them becomes a deadline."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from mutuelle_desktop.domain.calendrier import (
    Foyer,
    Zone,
    add,
    after_ouvre,
    before_ouvre,
    on_or_after_appel,
    on_or_after_ouvre,
    on_or_before_ouvre,
)
from mutuelle_desktop.domain.cas import Cas, Decision, Echeance, EtatEcheance, NatureDecision, Pas
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.domain.regle import Regle, Regles, Role

_N = NatureEvenement
_MIDNIGHT = time.min
_NONE: tuple[Evenement, ...] = ()

ORDRE: dict[NatureEvenement, int] = {nature: rang for rang, nature in enumerate(_N)}
"""The order of what took place on one day: a request before its answer, a piece asked for before it is sent."""
ORDRE[_N.ECHANGE] = ORDRE[_N.MISE_EN_DEMEURE]
ORDRE[_N.NOTE] = ORDRE[_N.ECHANGE]
ORDRE[_N.COMPLEMENT] = ORDRE[_N.PIECE_DEMANDEE]

A_PART = frozenset({
    _N.ACCES_DONNEES, _N.RESILIATION, _N.RESILIATION_RECUE, _N.SITUATION, _N.DECISION_SECU, _N.AVENANT,
    _N.AVIS_ECHEANCE, _N.IMPAYE,
})  # fmt: skip
"""Matters of their own: an answer that follows one of them answers neither the request nor the complaint."""
ECRITS = (_N.DEMANDE, _N.COMPLEMENT, _N.RELANCE, _N.RECLAMATION, _N.MISE_EN_DEMEURE)
"""What the person sends to the mutuelle about the payment."""
REPONSES = (_N.REPONSE, _N.REFUS, _N.REFUS_DEFINITIF)
"""What decides; a payment does so too when nothing is missing."""
VIE = (_N.DISTRIBUE, _N.PRESENTE, _N.REFUSE_POSTE, _N.NON_RECLAME, _N.AVIS_RECEPTION)
"""The life of a recommandé, in the order in which its reception is proved."""
SUITES = (_N.SAISINE, _N.CONCILIATION, _N.JUSTICE)
"""Steps after which the mutuelle's own delays no longer matter."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contexte:
    """What every deadline depends on beside its facts: the household's days, its decisions, and today."""

    regles: Regles
    foyer: Foyer
    decisions: Mapping[str, Decision]
    today: date


class Faits:
    """The events of one dossier in the order they took place, read once; rang is their place in it."""

    __slots__ = ("cas", "contexte", "evenements", "mutuelle_id", "organisme", "par", "rang", "soldes", "suites", "zone")

    def __init__(self, cas: Cas, regles: Regles, today: date) -> None:
        self.cas = cas
        self.contexte = Contexte(regles=regles, foyer=cas.foyer, decisions=cas.decisions, today=today)
        self.zone: Zone = cas.foyer.zone
        self.mutuelle_id = cas.mutuelle.id if cas.mutuelle else cas.contrat.mutuelle_id if cas.contrat else None
        self.organisme = cas.mutuelle.nature if cas.mutuelle else None
        self.evenements = sorted(cas.evenements, key=in_order)
        self.rang: dict[str, int] = {}
        self.par: dict[NatureEvenement, list[Evenement]] = {}
        self.suites: dict[str, list[Evenement]] = {}
        par, suites = self.par, self.suites
        for rang, evenement in enumerate(self.evenements):
            self.rang[evenement.id] = rang
            same = par.get(evenement.nature)
            if same is None:
                par[evenement.nature] = [evenement]
            else:
                same.append(evenement)
            if evenement.suite_de is not None:
                suites.setdefault(evenement.suite_de, []).append(evenement)
        self.soldes = self._settling() if _N.PAIEMENT in par else []

    @property
    def today(self) -> date:
        """Return the day deadlines are looked at from."""
        return self.contexte.today

    def of(self, *natures: NatureEvenement) -> list[Evenement]:
        """Return the events of these natures, in order."""
        found = [evenement for nature in natures for evenement in self.par.get(nature, _NONE)]
        if len(natures) > 1 and len(found) > 1:
            found.sort(key=self._place)
        return found

    def after(self, cible: Evenement, *natures: NatureEvenement) -> list[Evenement]:
        """Return the events of these natures that follow one event and concern it, in order."""
        rang = self.rang[cible.id]
        return [e for e in self.of(*natures) if self.rang[e.id] > rang and self.concerns(e, cible)]

    def first_after(self, cible: Evenement, *natures: NatureEvenement) -> Evenement | None:
        """Return the first event of these natures that follows one event and concerns it."""
        return next(iter(self.after(cible, *natures)), None)

    def concerns(self, evenement: Evenement, cible: Evenement) -> bool:
        """Tell whether an event can be about another: it follows it, or follows nothing else of the kind."""
        if evenement.suite_de is None or evenement.suite_de == cible.id:
            return True
        rang = self.rang.get(evenement.suite_de)
        if rang is None:
            return True
        nature = self.evenements[rang].nature
        return nature is not cible.nature and nature not in A_PART

    def solde_after(self, cible: Evenement) -> Evenement | None:
        """Return the first payment after an event that leaves nothing to pay."""
        rang = self.rang[cible.id]
        return next((e for e in self.soldes if self.rang[e.id] > rang and self.concerns(e, cible)), None)

    def reponse_to(self, cible: Evenement) -> Evenement | None:
        """Return what answered an event: an answer, a refusal, or a payment that leaves nothing to pay."""
        return self.earliest(self.first_after(cible, *REPONSES), self.solde_after(cible))

    def earliest(self, *evenements: Evenement | None) -> Evenement | None:
        """Return the first of these in the order they took place."""
        return min((e for e in evenements if e is not None), key=self._place, default=None)

    def reclamations(self) -> list[Evenement]:
        """Return the written complaints to the mutuelle, in order; those about the Sécu go elsewhere."""
        found = self.par.get(_N.RECLAMATION, [])
        if _N.DECISION_SECU not in self.par:
            return found
        secu = {e.id for e in self.par[_N.DECISION_SECU]}
        return [e for e in found if e.suite_de not in secu]

    def saisine(self) -> Evenement | None:
        """Return the last time the médiateur was seized, unless he declared it irrecevable since."""
        last = self.par.get(_N.SAISINE, _NONE)[-1:]
        if not last or self.first_after(last[0], _N.SAISINE_IRRECEVABLE):
            return None
        return last[0]

    def vie(self, lettre: Evenement) -> list[Evenement]:
        """Return what became of a recommandé: what follows it, and what follows that."""
        if not self.suites:
            return []
        direct = self.suites.get(lettre.id, [])
        further = [e for parent in direct if parent.nature in VIE for e in self.suites.get(parent.id, [])]
        return [e for e in (*direct, *further) if e.nature in VIE]

    def reception(self, lettre: Evenement) -> Evenement | None:
        """Return the event that dates a letter's reception: its delivery, else its first presentation, else a proof.

        DOMAINE.md §7.3: reception, failing that first presentation; a letter refused or not collected was presented.
        """
        vie = self.vie(lettre)
        for nature in VIE:
            found = [e for e in vie if e.nature is nature]
            if found:
                return min(found, key=self._place)
        return None

    def regle(self, regle_id: str, on: date) -> Regle:
        """Return the rule as it applies to this dossier that day."""
        return self.contexte.regles.at(regle_id, on, mutuelle_id=self.mutuelle_id, dossier_id=self.cas.dossier.id)

    def make(
        self,
        regle: Regle,
        evenement: Evenement,
        *,
        origine: date | None = None,
        brute: date | None = None,
        cle: str = "",
        trace: tuple[Pas, ...] = (),
        etat: EtatEcheance | None = None,
        par: Evenement | None = None,
        motif: str = "",
    ) -> Echeance:
        """Return the deadline a rule gives to an event; etat, when the facts already decide it."""
        return build(
            self.contexte,
            regle,
            cle or f"{regle.id}:{evenement.id}",
            origine or evenement.le,
            brute=brute,
            etat=etat or (EtatEcheance.REMPLIE if par else None),
            dossier_id=self.cas.dossier.id,
            personne_id=self.cas.dossier.personne_id,
            contrat_id=self.cas.dossier.contrat_id,
            evenement=evenement,
            organisme=self.organisme,
            trace=trace,
            par=par,
            motif=motif,
        )

    def _settling(self) -> list[Evenement]:
        """Return the payments at which nothing is missing any more; all of them when no amount is expected."""
        attendu = self.cas.dossier.montant_attendu
        received = [e for e in self.par[_N.PAIEMENT] if e.sens is not Sens.ENVOYE]
        if attendu is None:
            return received
        total, found = Decimal(0), []
        for paiement in received:
            total += paiement.montant or Decimal(0)
            if total >= attendu:
                found.append(paiement)
        return found

    def _place(self, evenement: Evenement) -> int:
        return self.rang[evenement.id]


def in_order(evenement: Evenement) -> tuple[date, int, time, str]:
    """Return where an event stands among those of its dossier, whatever the order they were given in."""
    return (evenement.le, ORDRE[evenement.nature], evenement.heure or _MIDNIGHT, evenement.id)


def is_ecrit(evenement: Evenement) -> bool:
    """Tell whether an event left a writing; without a known channel, it did."""
    return evenement.canal not in (Canal.TELEPHONE, Canal.AGENCE)


def build(
    contexte: Contexte,
    regle: Regle,
    cle: str,
    origine: date,
    *,
    brute: date | None = None,
    etat: EtatEcheance | None = None,
    **kept: object,
) -> Echeance:
    """Return one deadline with its raw date, its action date and its state; kept are its other fields."""
    foyer = contexte.foyer
    if brute is None:
        brute = add(origine, regle.delai or 0, regle.unite, foyer.zone)
    decision = contexte.decisions.get(cle) if contexte.decisions else None
    agir_le = action_date(regle, brute, foyer)
    limite = brute
    if decision is not None:
        if decision.jour is not None and decision.nature in (NatureDecision.FIXEE, NatureDecision.REPORTEE):
            agir_le = decision.jour
            limite = decision.jour if decision.nature is NatureDecision.FIXEE else brute
        etat = etat or _decided(decision, contexte.today, regle, brute)
    return Echeance(
        cle=cle,
        loi=regle,
        origine=origine,
        brute=brute,
        agir_le=agir_le,
        etat=etat or state(regle, limite, agir_le, contexte.today),
        zone=foyer.zone,
        decision=decision,
        **kept,  # type: ignore[arg-type]
    )


def action_date(regle: Regle, brute: date, foyer: Foyer) -> date:
    """Return the day to act for a raw date (DECISIONS 2).

    A limit of the person: the last jour ouvré on it or before, less the margin of the post for a letter. What the
    mutuelle owes: the first jour ouvré strictly after. A step that opens: the first jour ouvré on it or after, a good
    day for calls when it is one. What is only to be known: the day itself.
    """
    role = regle.role
    if role is Role.ORGANISME:
        return after_ouvre(brute, foyer.zone)
    if role is Role.OUVERTURE:
        return on_or_after_appel(brute, foyer.zone) if regle.par_telephone else on_or_after_ouvre(brute, foyer.zone)
    if role is Role.ASSURE:
        last = on_or_before_ouvre(brute, foyer.zone)
        return before_ouvre(last, foyer.marge_postale, foyer.zone) if regle.par_courrier else last
    return brute


def state(regle: Regle, limite: date, agir_le: date, today: date) -> EtatEcheance:
    """Return where a deadline that nothing has ended stands today."""
    role = regle.role
    if role is Role.ORGANISME:
        return EtatEcheance.DEPASSEE if today > limite else EtatEcheance.EN_ATTENTE
    if role is Role.OUVERTURE:
        return EtatEcheance.A_FAIRE if today >= agir_le else EtatEcheance.A_VENIR
    if role is Role.INFORMATION:
        if today > limite:
            return EtatEcheance.REMPLIE
        return EtatEcheance.A_FAIRE if today == limite else EtatEcheance.A_VENIR
    if today > limite:
        return EtatEcheance.DEPASSEE
    first = limite - timedelta(days=max(regle.alarmes, default=0))
    return EtatEcheance.A_FAIRE if today >= min(first, agir_le) else EtatEcheance.A_VENIR


def _decided(decision: Decision, today: date, regle: Regle, brute: date) -> EtatEcheance | None:
    """Return the state the user's word gives; putting off hides a limit only until it has passed."""
    if decision.nature is NatureDecision.FAITE:
        return EtatEcheance.REMPLIE
    if decision.nature is NatureDecision.IGNOREE:
        return EtatEcheance.SANS_OBJET
    put_off = decision.nature is NatureDecision.REPORTEE and decision.jour is not None and today < decision.jour
    lost = regle.role is Role.ASSURE and today > brute
    return EtatEcheance.A_VENIR if put_off and not lost else None


def by_date(echeances: Iterable[Echeance]) -> tuple[Echeance, ...]:
    """Return deadlines by date, each key once: the first one given stands."""
    found: dict[str, Echeance] = {}
    for echeance in echeances:
        if echeance.cle not in found:
            found[echeance.cle] = echeance
    return tuple(sorted(found.values(), key=_date_then_key))


def _date_then_key(echeance: Echeance) -> tuple[date, str]:
    return (echeance.brute, echeance.cle)
