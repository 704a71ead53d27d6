"""The next step of a dossier: what to do now, why, what comes of doing nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mutuelle_desktop.domain.cas import Cas, Echeance
from mutuelle_desktop.domain.mediation import (
    EtatFenetre,
    FenetreMediateur,
    Mediateur,
    fenetre_mediateur,
    mediateur_usuel,
    parse_mediateurs,
)
from mutuelle_desktop.domain.regle import Regles

__all__ = [
    "Etape",
    "EtatFenetre",
    "FenetreMediateur",
    "GenreEtape",
    "Mediateur",
    "fenetre_mediateur",
    "mediateur_usuel",
    "parse_mediateurs",
    "prochaine_etape",
]


class GenreEtape(StrEnum):
    """What a step is, in the words of its choice."""

    PREPARER = "préparer la demande"
    ENVOYER = "envoyer"
    ATTENDRE = "attendre la mutuelle"
    APPELER = "appeler"
    FOURNIR_PIECE = "fournir la pièce"
    RELANCER = "écrire un rappel"
    RECLAMER = "écrire une réclamation"
    METTRE_EN_DEMEURE = "mettre en demeure"
    SAISIR_MEDIATEUR = "saisir le médiateur"
    ATTENDRE_MEDIATEUR = "attendre le médiateur"
    REPONDRE_PROPOSITION = "répondre à la proposition"
    CONCILIER = "saisir un conciliateur"
    INTERROMPRE = "interrompre la prescription"
    VERIFIER = "vérifier"
    CLORE = "clore le dossier"
    CLOS = "dossier clos"


@dataclass(frozen=True, kw_only=True, slots=True)
class Etape:
    """The step to take; depuis is the day it opens on, effet what it does to the clocks, choix the other ways.

    bande orders what is to be done now (LETTRES-ECHEANCES.md §2.13): 1 an irreversible limit is near, 2 the mutuelle
    is late and the next step is ready, 3 something is missing on my side, 4 a promise is due, 5 to send or finish,
    6 to review; 0, nothing to do now (waiting, closed).
    """

    genre: GenreEtape
    titre: str
    bouton: str
    raison: str
    si_rien: str
    effet: str
    depuis: date
    echeance_cle: str | None = None
    bande: int
    choix: tuple[GenreEtape, ...] = ()

    @property
    def a_faire(self) -> bool:
        """Tell whether it belongs to « À faire maintenant »; what waits for the mutuelle does not."""
        return self.bande > 0


def prochaine_etape(cas: Cas, echeances: Iterable[Echeance], regles: Regles, today: date) -> Etape:
    """Return the next step of a dossier, given its deadlines."""
    return Etape(
        genre=GenreEtape.PREPARER, titre="Préparer la demande", bouton="Préparer", raison="", si_rien="", effet="",
        depuis=today, bande=5,
    )  # fmt: skip
