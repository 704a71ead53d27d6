"""What deadlines are computed from, and what one deadline is: a date that can tell where it comes from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from mutuelle_desktop.domain.calendrier import (
    Foyer,
    Unite,
    Zone,
    add,
    after_ouvre,
    before_ouvre,
    delai_en_lettres,
    en_lettres,
    on_or_after_appel,
    on_or_after_ouvre,
    on_or_before_ouvre,
)
from mutuelle_desktop.domain.contrat import Contrat, Mutuelle, NatureOrganisme
from mutuelle_desktop.domain.decision import Decision, NatureDecision
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.domain.regle import NatureRegle, Regle, Role


class EtatEcheance(StrEnum):
    """Where a deadline stands today."""

    A_VENIR = "à venir"
    EN_ATTENTE = "en attente de la mutuelle"
    A_FAIRE = "à faire"
    DEPASSEE = "dépassée"
    REMPLIE = "remplie"
    SANS_OBJET = "sans objet"


TERMINES = frozenset({EtatEcheance.REMPLIE, EtatEcheance.SANS_OBJET})
"""The states in which nothing is waited for any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cas:
    """One dossier with all that its deadlines depend on; decisions are known by the deadlines' keys."""

    dossier: Dossier
    evenements: tuple[Evenement, ...] = ()
    contrat: Contrat | None = None
    mutuelle: Mutuelle | None = None
    personne: Personne | None = None
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    foyer: Foyer = field(default_factory=Foyer)


@dataclass(frozen=True, kw_only=True, slots=True)
class Raison:
    """One sentence of « Pourquoi cette date ? », with the fact or the rule it comes from.

    jour is the day the sentence ends on. Where delai is not None, add(origine, delai, unite, zone) gives that day
    again, and the last such sentence gives the deadline (replay).
    """

    texte: str
    jour: date | None = None
    evenement_id: str | None = None
    regle: str | None = None
    source: str = ""
    verifie_le: date | None = None
    origine: date | None = None
    delai: int | None = None
    unite: Unite = Unite.JOURS
    zone: Zone = Zone.METROPOLE


class Pas(NamedTuple):
    """One step towards a date, kept until its sentence is asked for.

    mots may hold {jour} (the day it starts from), {fait} (the event's nature), {delai} and {resultat}. A step with a
    delai is a computation, the others are facts; autre is the delay of another reading, told beside and not retained,
    whose day is {jour}.
    """

    mots: str
    jour: date
    evenement: Evenement | None = None
    regle: Regle | None = None
    delai: int | None = None
    unite: Unite = Unite.JOURS
    autre: int | None = None


FAIT = "{fait} le {jour}."
_DROITS = {
    NatureRegle.LOI: "La loi donne {delai}",
    NatureRegle.AUTORITE: "L’autorité de contrôle recommande {delai}",
    NatureRegle.USAGE: "L’usage est de compter {delai}",
    NatureRegle.CONTRAT: "Le contrat ou le délai convenu donne {delai}",
}
_AGIR = {
    Role.ASSURE: "Pour agir sans risque\u00a0: {jour}, dernier jour ouvré utile{marge}.",
    Role.ORGANISME: "En retard à partir du lendemain\u00a0; la suite se propose le {jour}, premier jour {bon}.",
    Role.OUVERTURE: "Possible à partir du {jour}, premier jour {bon}.",
    Role.INFORMATION: "",
}


class Cadre(NamedTuple):
    """What all the deadlines of a dossier share: whose they are, the nature of the organism, the household's days."""

    dossier_id: str | None = None
    personne_id: str | None = None
    contrat_id: str | None = None
    organisme: NatureOrganisme | None = None
    foyer: Foyer = Foyer()


class Echeance(NamedTuple):
    """One deadline: what was computed is kept, what is only shown is told by properties.

    cle is stable: rule and event (« R10:… »). loi is the rule as it applied, with the user's delay. brute is the raw
    date, never moved, counted from origine. par is the event that fulfilled or ended it, motif why it has no object,
    trace its steps when they are more than event and rule. A named tuple: twenty thousand are made in a tenth of a
    second, and a frozen dataclass takes three times as long to make.
    """

    cle: str
    loi: Regle
    origine: date
    brute: date
    etat: EtatEcheance
    cadre: Cadre
    evenement: Evenement | None = None
    trace: tuple[Pas, ...] = ()
    par: Evenement | None = None
    motif: str = ""
    decision: Decision | None = None

    @property
    def regle(self) -> str:
        """Return the rule's id, such as « R10 »."""
        return self.loi.id

    @property
    def titre(self) -> str:
        """Return what the deadline is, in a few words."""
        return self.loi.titre

    @property
    def role(self) -> Role:
        """Return whom the date binds."""
        return self.loi.role

    @property
    def nature(self) -> NatureRegle:
        """Return how strong the rule is."""
        return self.loi.nature

    @property
    def source(self) -> str:
        """Return the source of the rule for this organism."""
        return self.loi.source_for(self.organisme)

    @property
    def verifie_le(self) -> date:
        """Return the day the source was checked."""
        return self.loi.verifie_le

    @property
    def incertaine(self) -> bool:
        """Tell whether the rule is still to be checked."""
        return self.loi.is_incertaine(self.organisme)

    @property
    def consequence(self) -> str:
        """Return what comes of doing nothing."""
        return self.loi.consequence

    @property
    def evenement_id(self) -> str | None:
        """Return the event the deadline counts from, when there is one."""
        return self.evenement.id if self.evenement else None

    @property
    def dossier_id(self) -> str | None:
        """Return the dossier it belongs to; None for one of the household."""
        return self.cadre.dossier_id

    @property
    def personne_id(self) -> str | None:
        """Return the person it is about."""
        return self.cadre.personne_id

    @property
    def contrat_id(self) -> str | None:
        """Return the contract it is about."""
        return self.cadre.contrat_id

    @property
    def organisme(self) -> NatureOrganisme | None:
        """Return the nature of the organism, None while it is unknown."""
        return self.cadre.organisme

    @property
    def zone(self) -> Zone:
        """Return where its holidays are kept."""
        return self.cadre.foyer.zone

    @property
    def agir_le(self) -> date:
        """Return the day to act: the user's, else the one the role gives (action_date)."""
        return self.fixee_le or self.reportee_le or action_date(self.loi, self.brute, self.cadre.foyer)

    @property
    def fixee_le(self) -> date | None:
        """Return the date the user pinned."""
        return _jour_of(self.decision, NatureDecision.FIXEE)

    @property
    def reportee_le(self) -> date | None:
        """Return the date the user put it off to."""
        return _jour_of(self.decision, NatureDecision.REPORTEE)

    @property
    def ouverte_le(self) -> date | None:
        """Return the day a step becomes possible; None for what is not a step."""
        return self.agir_le if self.role is Role.OUVERTURE else None

    @property
    def jour(self) -> date:
        """Return the day to show on a calendar: the user's, else the working day of a step, else the raw date."""
        return self.fixee_le or self.reportee_le or (self.agir_le if self.role is Role.OUVERTURE else self.brute)

    @property
    def ecart(self) -> int:
        """Return by how many days the rule's date has drifted after the pinned one (negative: before); 0 unpinned."""
        return (self.brute - self.fixee_le).days if self.fixee_le else 0

    @property
    def terminee(self) -> bool:
        """Tell whether nothing is waited for any more."""
        return self.etat in TERMINES

    @property
    def alarmes(self) -> tuple[date, ...]:
        """Return the days to remind of it: before a limit of the person, on the day to act for the rest."""
        if self.terminee:
            return ()
        if self.reportee_le:
            return (self.reportee_le,)
        if self.role is not Role.ASSURE:
            return (self.fixee_le or self.agir_le,)
        limite = min(self.fixee_le or self.brute, self.brute)
        days = {limite - timedelta(days=before) for before in self.loi.alarmes} | {min(self.agir_le, limite)}
        return tuple(sorted(days))

    @property
    def raisons(self) -> tuple[Raison, ...]:
        """Return why this date, sentence by sentence; written only when asked for."""
        raisons = [self._raison(pas) for pas in self._steps()]
        raisons.extend(Raison(texte=texte) for texte in self._remarks() if texte)
        return tuple(raisons)

    def _steps(self) -> tuple[Pas, ...]:
        if self.trace:
            return self.trace
        loi = self.loi
        fait = (Pas(FAIT, self.evenement.le, self.evenement),) if self.evenement else ()
        return (*fait, Pas("", self.origine, None, loi, loi.delai or 0, loi.unite))

    def _raison(self, pas: Pas) -> Raison:
        if pas.delai is None:
            jour = pas.jour if pas.autre is None else add(pas.jour, pas.autre, pas.unite, self.zone)
            texte = pas.mots.format(jour=en_lettres(jour), fait=_name(pas.evenement))
            return Raison(texte=texte, jour=jour, evenement_id=pas.evenement.id if pas.evenement else None)
        resultat = add(pas.jour, pas.delai, pas.unite, self.zone)
        texte = self._computed(pas, resultat)
        regle = pas.regle
        return Raison(
            texte=texte,
            jour=resultat,
            evenement_id=pas.evenement.id if pas.evenement else None,
            regle=regle.id if regle else None,
            source=regle.source_for(self.organisme) if regle else "",
            verifie_le=regle.verifie_le if regle else None,
            origine=pas.jour,
            delai=pas.delai,
            unite=pas.unite,
            zone=self.zone,
        )

    def _computed(self, pas: Pas, resultat: date) -> str:
        delai = delai_en_lettres(pas.delai or 0, pas.unite)
        if pas.mots:
            return pas.mots.format(jour=en_lettres(pas.jour), delai=delai, resultat=en_lettres(resultat))
        regle = pas.regle or self.loi
        if regle.surcharge is not None:
            pourquoi = f" ({regle.surcharge.raison})" if regle.surcharge.raison else ""
            droit = f"Vous avez choisi {delai} au lieu de {regle.delai_initial or 'la date du fait'}{pourquoi}"
        elif not pas.delai:
            droit = "Possible dès ce jour"
        elif pas.delai < 0:
            droit = f"{_DROITS[regle.nature].format(delai=delai)} avant le {en_lettres(pas.jour)}"
        else:
            droit = _DROITS[regle.nature].format(delai=delai)
        verification = "à vérifier, noté le" if regle.is_incertaine(self.organisme) else "vérifié le"
        source = f"{regle.source_for(self.organisme)}, {verification} {regle.verifie_le:%d/%m/%Y}"
        return f"{droit}\u00a0: {en_lettres(resultat)} ({source})."

    def _remarks(self) -> Iterable[str]:
        if not self.terminee:
            yield self._agir()
        if self.par is not None:
            yield f"{_name(self.par)} le {en_lettres(self.par.le)}\u00a0: {self.motif or 'c’est ce qui était attendu'}."
        elif self.motif:
            yield f"{self.motif}."
        decision = self.decision
        if decision is None:
            return
        pourquoi = f" ({decision.raison})" if decision.raison else ""
        jour = en_lettres(decision.jour) if decision.jour else ""
        if decision.nature is NatureDecision.FIXEE and decision.jour:
            ecart = "" if decision.jour == self.brute else f"\u00a0; la règle donnerait le {en_lettres(self.brute)}"
            yield f"Vous avez fixé cette date au {jour}{ecart}{pourquoi}."
        elif decision.nature is NatureDecision.REPORTEE and decision.jour:
            yield f"Vous l’avez reportée au {jour}{pourquoi}."
        elif decision.nature is NatureDecision.FAITE:
            yield f"Vous l’avez marquée comme faite{pourquoi}."
        else:
            yield f"Vous l’avez écartée{pourquoi}."

    def _agir(self) -> str:
        marge = ", le temps de la poste compris" if self.loi.par_courrier else ""
        bon = "favorable à un appel" if self.loi.par_telephone else "ouvré"
        return _AGIR[self.role].format(jour=en_lettres(self.agir_le), marge=marge, bon=bon)


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


def replay(raisons: Iterable[Raison]) -> date:
    """Return the date that the reasons give when they are computed again; ValueError when none computes."""
    resultat: date | None = None
    for raison in raisons:
        if raison.delai is not None and raison.origine is not None:
            resultat = add(raison.origine, raison.delai, raison.unite, raison.zone)
    if resultat is None:
        raise ValueError("no reason computes a date")
    return resultat


def _name(evenement: Evenement | None) -> str:
    return evenement.nature[:1].upper() + evenement.nature[1:] if evenement else ""


def _jour_of(decision: Decision | None, nature: NatureDecision) -> date | None:
    return decision.jour if decision is not None and decision.nature is nature else None
