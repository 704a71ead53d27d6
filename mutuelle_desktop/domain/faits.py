"""The facts of one dossier in order, and how a rule applied to one of them becomes a deadline."""

from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from operator import attrgetter, ge
from typing import NamedTuple

from mutuelle_desktop.domain.calendrier import Foyer, Zone, add
from mutuelle_desktop.domain.cas import (
    Cadre,
    Cas,
    Echeance,
    EtatEcheance,
    Pas,
    action_date,
)
from mutuelle_desktop.domain.decision import Decision, NatureDecision
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.domain.regle import Regle, Regles, Role

_N = NatureEvenement
_MIDNIGHT = time.min
_ECART_MAX = timedelta(days=20)
"""More than the days there can be between a raw date and its action date (holidays and the post included)."""

ORDRE: dict[str, int] = {nature.value: rang for rang, nature in enumerate(_N)}
"""The order of what took place on one day: a request before its answer, a piece asked for before it is sent."""
ORDRE[_N.ECHANGE.value] = ORDRE[_N.MISE_EN_DEMEURE.value]
ORDRE[_N.NOTE.value] = ORDRE[_N.ECHANGE.value]
ORDRE[_N.COMPLEMENT.value] = ORDRE[_N.PIECE_DEMANDEE.value]
_BITS: dict[str, int] = {nature.value: 1 << rang for rang, nature in enumerate(_N)}
"""By plain text: the hash of a member of an enumeration is written in Python, and this is asked for every event."""


def masque(*natures: NatureEvenement) -> int:
    """Return a set of natures as bits: thousands of dossiers ask « is there one after? » a hundred times each."""
    return sum(_BITS[nature.value] for nature in set(natures))


A_PART = masque(
    _N.ACCES_DONNEES, _N.RESILIATION, _N.RESILIATION_RECUE, _N.SITUATION, _N.DECISION_SECU, _N.AVENANT,
    _N.AVIS_ECHEANCE, _N.IMPAYE,
)  # fmt: skip
"""Matters of their own: an answer that follows one of them answers neither the request nor the complaint."""
LETTRES = (_N.DEMANDE, _N.COMPLEMENT, _N.RELANCE, _N.RECLAMATION, _N.MISE_EN_DEMEURE)
"""What the person sends to the mutuelle about the payment."""
ECRITS = masque(*LETTRES)
REPONSES = masque(_N.REPONSE, _N.REFUS, _N.REFUS_DEFINITIF)
"""What decides; a payment does so too when nothing is missing."""
ACCUSENT = REPONSES | masque(_N.ACCUSE, _N.REPONSE_PARTIELLE, _N.PIECE_DEMANDEE, _N.PAIEMENT, _N.RECONNAISSANCE)
"""Whatever shows that a letter arrived; no acknowledgement is due beside an answer."""
VIE = (_N.DISTRIBUE, _N.PRESENTE, _N.REFUSE_POSTE, _N.NON_RECLAME, _N.AVIS_RECEPTION)
"""The life of a recommandé, in the order in which its reception is proved."""
SUITES = masque(_N.SAISINE, _N.CONCILIATION, _N.JUSTICE)
"""Steps after which the mutuelle's own delays no longer matter."""
_PAIEMENT, _RECLAMATION, _DECISION_SECU = masque(_N.PAIEMENT), masque(_N.RECLAMATION), masque(_N.DECISION_SECU)
_SAISINE, _IRRECEVABLE = masque(_N.SAISINE), masque(_N.SAISINE_IRRECEVABLE)


class Contexte(NamedTuple):
    """What every deadline depends on beside its facts: the household's days, its decisions, and today."""

    regles: Regles
    foyer: Foyer
    decisions: Mapping[str, Decision]
    today: date


class Faits:
    """The events of one dossier in the order they took place, read once; rang is their place in it.

    There is at least one. presents is the set of the natures met, bits the nature of each event, par the events of each
    nature, suites those that follow each event, promesses those that announce a day, soldes the payments that settle.
    """

    __slots__ = (
        "bits", "cadre", "cas", "constantes", "contexte", "evenements", "mutuelle_id", "par", "presents", "promesses",
        "rang", "soldes", "suites", "today", "zone",
    )  # fmt: skip

    def __init__(self, cas: Cas, regles: Regles, today: date) -> None:
        self.cas = cas
        self.contexte = Contexte(regles=regles, foyer=cas.foyer, decisions=cas.decisions, today=today)
        self.constantes = regles.constantes
        self.zone: Zone = cas.foyer.zone
        self.today = today
        self.mutuelle_id = cas.mutuelle.id if cas.mutuelle else cas.contrat.mutuelle_id if cas.contrat else None
        self.cadre = Cadre(
            dossier_id=cas.dossier.id,
            personne_id=cas.dossier.personne_id,
            contrat_id=cas.dossier.contrat_id,
            organisme=cas.mutuelle.nature if cas.mutuelle else None,
            foyer=cas.foyer,
        )
        self.evenements = list(cas.evenements)
        days = [evenement.le for evenement in self.evenements]
        if any(map(ge, days, days[1:])):  # seldom not so already, and only then is more than the day looked at
            self.evenements.sort(key=in_order)
        self.rang = {evenement.id: rang for rang, evenement in enumerate(self.evenements)}
        self.bits = [_BITS[evenement.nature._value_] for evenement in self.evenements]
        self.suites: dict[str, list[Evenement]] = {}
        self.promesses: list[Evenement] = []
        self.par: dict[int, list[Evenement]] = {}
        self._classify()
        self.soldes = self._settling() if self.presents & _PAIEMENT else []

    def has(self, natures: int) -> bool:
        """Tell whether an event of these natures took place."""
        return bool(self.presents & natures)

    def of(self, natures: int) -> list[Evenement]:
        """Return the events of these natures, in order."""
        if not self.presents & natures:
            return []
        alone = self.par.get(natures)
        if alone is not None:
            return alone
        found = [evenement for bit, evenement in zip(self.bits, self.evenements, strict=True) if bit & natures]
        self.par[natures] = found  # the same natures are asked again and again
        return found

    def after(self, cible: Evenement, natures: int) -> list[Evenement]:
        """Return the events of these natures that follow one event and concern it, in order."""
        if not self.presents & natures:
            return []
        bits, evenements = self.bits, self.evenements
        places = range(self.rang[cible.id] + 1, len(evenements))
        return [evenements[i] for i in places if bits[i] & natures and self.concerns(evenements[i], cible)]

    def first_after(self, cible: Evenement, natures: int) -> Evenement | None:
        """Return the first event of these natures that follows one event and concerns it."""
        if not self.presents & natures:
            return None
        bits, evenements = self.bits, self.evenements
        for place in range(self.rang[cible.id] + 1, len(evenements)):
            if bits[place] & natures and self.concerns(evenements[place], cible):
                return evenements[place]
        return None

    def concerns(self, evenement: Evenement, cible: Evenement) -> bool:
        """Tell whether an event can be about another: it follows it, or follows nothing else of the kind."""
        if evenement.suite_de is None or evenement.suite_de == cible.id:
            return True
        rang = self.rang.get(evenement.suite_de)
        if rang is None:
            return True
        return self.evenements[rang].nature is not cible.nature and not self.bits[rang] & A_PART

    def solde_after(self, cible: Evenement) -> Evenement | None:
        """Return the first payment after an event that leaves nothing to pay."""
        if not self.soldes:
            return None
        rang = self.rang[cible.id]
        return next((e for e in self.soldes if self.rang[e.id] > rang and self.concerns(e, cible)), None)

    def reponse_to(self, cible: Evenement) -> Evenement | None:
        """Return what answered an event: an answer, a refusal, or a payment that leaves nothing to pay."""
        return self.earliest(self.first_after(cible, REPONSES), self.solde_after(cible))

    def earliest(self, *evenements: Evenement | None) -> Evenement | None:
        """Return the first of these in the order they took place."""
        first: Evenement | None = None
        for evenement in evenements:
            if evenement is not None and (first is None or self.rang[evenement.id] < self.rang[first.id]):
                first = evenement
        return first

    def reclamations(self) -> list[Evenement]:
        """Return the written complaints to the mutuelle, in order; those about the Sécu go elsewhere."""
        found = self.of(_RECLAMATION)
        return [e for e in found if not self.about_secu(e)] if self.has(_DECISION_SECU) else found

    def about_secu(self, evenement: Evenement) -> bool:
        """Tell whether an event follows a decision of the Sécu, and so is not for the mutuelle."""
        rang = self.rang.get(evenement.suite_de) if evenement.suite_de else None
        return rang is not None and bool(self.bits[rang] & _DECISION_SECU)

    def saisine(self) -> Evenement | None:
        """Return the last time the médiateur was seized, unless he declared it irrecevable since."""
        last = self.of(_SAISINE)[-1:]
        return last[0] if last and not self.first_after(last[0], _IRRECEVABLE) else None

    def vie(self, lettre: Evenement) -> list[Evenement]:
        """Return what became of a recommandé: what follows it, and what follows that."""
        direct = self.suites.get(lettre.id) if self.suites else None
        if not direct:
            return []
        further = [e for parent in direct if parent.nature in VIE for e in self.suites.get(parent.id, [])]
        return [e for e in (*direct, *further) if e.nature in VIE]

    def reception(self, lettre: Evenement) -> Evenement | None:
        """Return the event that dates a letter's reception: its delivery, else its first presentation, else a proof.

        DOMAINE.md §7.3: reception, failing that first presentation; a letter refused or not collected was presented.
        """
        vie = self.vie(lettre)
        if not vie:
            return None
        for nature in VIE:
            first = self.earliest(*(e for e in vie if e.nature is nature))
            if first is not None:
                return first
        return None

    def regle(self, regle_id: str, on: date) -> Regle:
        """Return the rule as it applies to this dossier that day."""
        regle = self.constantes.get(regle_id)
        if regle is not None:
            return regle
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
        contexte = self.contexte
        cle = cle or f"{regle.id}:{evenement.id}"
        origine = origine or evenement.le
        if brute is None:
            brute = add(origine, regle.delai or 0, regle.unite, self.zone)
        if etat is None and par is not None:
            etat = EtatEcheance.REMPLIE
        decision = contexte.decisions.get(cle) if contexte.decisions else None
        if etat is None:
            etat = standing(contexte, regle, brute, decision) if decision else _state(regle, brute, contexte)
        return Echeance(cle, regle, origine, brute, etat, self.cadre, evenement, trace, par, motif, decision)

    def _classify(self) -> None:
        presents, par, suites = 0, self.par, self.suites
        for bit, evenement in zip(self.bits, self.evenements, strict=True):
            if bit & presents:
                par[bit].append(evenement)
            else:
                presents |= bit
                par[bit] = [evenement]
            if evenement.suite_de is not None:
                suites.setdefault(evenement.suite_de, []).append(evenement)
            if evenement.promis_le is not None:
                self.promesses.append(evenement)
        self.presents = presents

    def _settling(self) -> list[Evenement]:
        """Return the payments at which nothing is missing any more; all of them when no amount is expected."""
        attendu = self.cas.dossier.montant_attendu
        received = [e for e in self.of(_PAIEMENT) if e.sens is not Sens.ENVOYE]
        if attendu is None:
            return received
        total, found = Decimal(0), []
        for paiement in received:
            total += paiement.montant or Decimal(0)
            if total >= attendu:
                found.append(paiement)
        return found


def in_order(evenement: Evenement) -> tuple[date, int, time, str]:
    """Return where an event stands among those of its dossier, whatever the order they were given in."""
    return (evenement.le, ORDRE[evenement.nature._value_], evenement.heure or _MIDNIGHT, evenement.id)


def is_ecrit(evenement: Evenement) -> bool:
    """Tell whether an event left a writing; without a known channel, it did."""
    return evenement.canal not in (Canal.TELEPHONE, Canal.AGENCE)


def standing(contexte: Contexte, regle: Regle, brute: date, decision: Decision | None) -> EtatEcheance:
    """Return where a deadline that no fact has ended stands today, the user's word included.

    A pinned date takes the place of the rule's and putting off hides it, but never beyond a limit of the person: the
    law does not move.
    """
    today = contexte.today
    if decision is None:
        return _state(regle, brute, contexte)
    if decision.nature is NatureDecision.FAITE:
        return EtatEcheance.REMPLIE
    if decision.nature is NatureDecision.IGNOREE:
        return EtatEcheance.SANS_OBJET
    if decision.jour is None or (regle.role is Role.ASSURE and today > brute):
        return _state(regle, brute, contexte)
    if decision.nature is NatureDecision.FIXEE:
        return _state(regle, decision.jour, contexte)
    return EtatEcheance.A_VENIR if today < decision.jour else _state(regle, brute, contexte)


_ORGANISME, _OUVERTURE, _INFORMATION = Role.ORGANISME, Role.OUVERTURE, Role.INFORMATION
_DEPASSEE, _EN_ATTENTE = EtatEcheance.DEPASSEE, EtatEcheance.EN_ATTENTE
"""Looked up once: they are asked for at every date."""


def _state(regle: Regle, limite: date, contexte: Contexte) -> EtatEcheance:
    role, today = regle.role, contexte.today
    if role is _ORGANISME:
        return _DEPASSEE if today > limite else _EN_ATTENTE
    if role is _OUVERTURE:
        if today < limite:
            return EtatEcheance.A_VENIR
        ready = today - limite > _ECART_MAX or today >= action_date(regle, limite, contexte.foyer)
        return EtatEcheance.A_FAIRE if ready else EtatEcheance.A_VENIR
    if role is _INFORMATION:
        if today > limite:
            return EtatEcheance.REMPLIE
        return EtatEcheance.A_FAIRE if today == limite else EtatEcheance.A_VENIR
    if today > limite:
        return _DEPASSEE
    if regle.alarmes and (limite - today).days <= regle.alarmes[0]:
        return EtatEcheance.A_FAIRE
    marge = timedelta(days=2 * contexte.foyer.marge_postale)
    near = limite - today <= _ECART_MAX + marge and today >= action_date(regle, limite, contexte.foyer)
    return EtatEcheance.A_FAIRE if near else EtatEcheance.A_VENIR


def by_date(echeances: Iterable[Echeance]) -> tuple[Echeance, ...]:
    """Return deadlines by date, each key once: the first one given stands."""
    found: dict[str, Echeance] = {}
    for echeance in echeances:
        found.setdefault(echeance.cle, echeance)
    return tuple(sorted(found.values(), key=_DATE_THEN_KEY))


_DATE_THEN_KEY = attrgetter("brute", "cle")
