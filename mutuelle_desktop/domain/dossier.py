"""The dossier: one case followed with one mutuelle, from its first paper to its closing."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Self

from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement
from mutuelle_desktop.domain.ids import new_id


class NatureDossier(StrEnum):
    """What is wanted of the mutuelle."""

    REMBOURSEMENT = "remboursement"
    INFORMATION = "information"
    RECLAMATION = "réclamation"
    MODIFICATION = "modification"
    PRISE_EN_CHARGE = "prise en charge"
    RESILIATION = "résiliation"


class Statut(StrEnum):
    """Where a dossier stands, in the order of its life."""

    A_PREPARER = "à préparer"
    EN_ATTENTE = "en attente"
    A_COMPLETER = "à compléter"
    REPONSE_RECUE = "réponse reçue"
    PARTIEL = "payé en partie"
    REFUSE = "refusé"
    REGLE = "réglé"
    CLOS = "clos"


@dataclass(frozen=True, kw_only=True, slots=True)
class Dossier:
    """One request; amounts in euros, references_mutuelle are the mutuelle's own file numbers.

    complexe says that the request takes the mutuelle longer (hospitalisation, several payers…);
    statut_force is the status the user chose over the computed one; None lets the events speak.
    """

    id: str = field(default_factory=new_id)
    reference: str
    titre: str
    nature: NatureDossier
    ouvert_le: date
    personne_id: str | None = None
    contrat_id: str | None = None
    references_mutuelle: tuple[str, ...] = ()
    montant_paye: Decimal | None = None
    montant_secu: Decimal | None = None
    montant_attendu: Decimal | None = None
    complexe: bool = False
    statut_force: Statut | None = None
    notes: str = ""
    clos_le: date | None = None
    archive_le: date | None = None
    supprime_le: datetime | None = None

    def closed(self, on: date) -> Self:
        """Return the dossier closed that day, which may not precede its opening."""
        if on < self.ouvert_le:
            raise Refused("Un dossier ne peut pas être clos avant son ouverture. Corrigez l’une des deux dates.")
        return replace(self, clos_le=on)

    def reopened(self) -> Self:
        """Return the dossier open again, out of the archives too."""
        return replace(self, clos_le=None, archive_le=None)

    def archived(self, on: date) -> Self:
        """Return the dossier put away that day; only a closed one can be."""
        if self.clos_le is None:
            raise Refused("Clôturez d’abord le dossier, puis archivez-le.")
        return replace(self, archive_le=on)


_STATUT_AFTER = {
    **dict.fromkeys(
        (
            NatureEvenement.DECOMPTE_SECU, NatureEvenement.FEUILLE_SOINS, NatureEvenement.DEMANDE,
            NatureEvenement.COMPLEMENT, NatureEvenement.RELANCE, NatureEvenement.RECLAMATION,
            NatureEvenement.MISE_EN_DEMEURE, NatureEvenement.ACCUSE, NatureEvenement.RECONNAISSANCE,
            NatureEvenement.SAISINE, NatureEvenement.SAISINE_RECUE, NatureEvenement.SAISINE_NOTIFIEE,
            NatureEvenement.MEDIATION_ACCEPTEE, NatureEvenement.CONCILIATION, NatureEvenement.JUSTICE,
            NatureEvenement.RESILIATION, NatureEvenement.RESILIATION_RECUE, NatureEvenement.ACCES_DONNEES,
        ),
        Statut.EN_ATTENTE,
    ),
    NatureEvenement.PIECE_DEMANDEE: Statut.A_COMPLETER,
    NatureEvenement.REPONSE_PARTIELLE: Statut.REPONSE_RECUE,
    NatureEvenement.REPONSE: Statut.REPONSE_RECUE,
    NatureEvenement.PROPOSITION: Statut.REPONSE_RECUE,
    NatureEvenement.REFUS: Statut.REFUSE,
    NatureEvenement.REFUS_DEFINITIF: Statut.REFUSE,
    NatureEvenement.SAISINE_IRRECEVABLE: Statut.REFUSE,
}  # fmt: skip


def montant_recu(evenements: Iterable[Evenement]) -> Decimal:
    """Return what the mutuelle has paid so far, in euros: the sum of the payments."""
    return sum((e.montant for e in evenements if e.nature is NatureEvenement.PAIEMENT and e.montant), Decimal(0))


def computed_statut(dossier: Dossier, evenements: Iterable[Evenement]) -> Statut:
    """Return the status the facts give: closing first, then the last event that decides something.

    A payment settles the dossier unless an expected amount says that some is missing.
    """
    if dossier.clos_le is not None:
        return Statut.CLOS
    told = sorted(evenements, key=lambda e: (e.le, e.heure or time.min))
    return statut_after(((e.nature, e.montant) for e in told), dossier.montant_attendu)


def statut_after(told: Iterable[tuple[NatureEvenement, Decimal | None]], attendu: Decimal | None) -> Statut:
    """Return the status of an open dossier after its events, in their order: natures and amounts, in euros."""
    statut = Statut.A_PREPARER
    recu = Decimal(0)
    for nature, montant in told:
        if nature is NatureEvenement.PAIEMENT:
            recu += montant or Decimal(0)
            statut = Statut.PARTIEL if attendu is not None and recu < attendu else Statut.REGLE
        else:
            statut = _STATUT_AFTER.get(nature, statut)
    return statut


def statut_of(dossier: Dossier, evenements: Iterable[Evenement]) -> Statut:
    """Return the status to show: the user's when there is one, else the computed one."""
    return dossier.statut_force or computed_statut(dossier, evenements)


def next_reference(year: int, existing: Iterable[str]) -> str:
    """Return the next reference of the year, « AAAA-NNN »; a number is never given twice."""
    prefix = f"{year}-"
    numbers = [int(r[len(prefix) :]) for r in existing if r.startswith(prefix) and r[len(prefix) :].isdecimal()]
    return f"{prefix}{max(numbers, default=0) + 1:03d}"
