"""The steps of the ladder: their kinds, their words, their effect on the clocks, and the other ways each leaves open."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mutuelle_desktop.domain.calendrier import en_lettres, on_or_after_appel
from mutuelle_desktop.domain.cas import TERMINES, Echeance, EtatEcheance
from mutuelle_desktop.domain.faits import Faits
from mutuelle_desktop.domain.regle import Role


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


class Vue:
    """A dossier as the steps look at it: its facts and its deadlines, by date and by rule."""

    __slots__ = ("echeances", "faits", "par_regle")

    def __init__(self, faits: Faits, echeances: tuple[Echeance, ...]) -> None:
        self.faits = faits
        self.echeances = echeances
        self.par_regle: dict[str, list[Echeance]] = {}
        for echeance in echeances:
            self.par_regle.setdefault(echeance.regle, []).append(echeance)

    @property
    def today(self) -> date:
        """Return the day the dossier is looked at from."""
        return self.faits.today

    def first(self, regle_id: str, *etats: EtatEcheance) -> Echeance | None:
        """Return the first deadline of a rule in one of these states."""
        return next((e for e in self.par_regle.get(regle_id, ()) if e.etat in etats), None)

    def opened(self, regle_id: str) -> Echeance | None:
        """Return the first deadline of a rule that asks to be acted upon now."""
        return self.first(regle_id, EtatEcheance.A_FAIRE, EtatEcheance.DEPASSEE)

    def pending(self, *roles: Role) -> list[Echeance]:
        """Return what is still waited for, by date, among these roles."""
        return [e for e in self.echeances if e.etat not in TERMINES and e.role in roles]


def etape_of(
    echeance: Echeance,
    genre: GenreEtape,
    bande: int,
    *,
    titre: str = "",
    bouton: str = "",
    raison: str = "",
    depuis: date | None = None,
) -> Etape:
    """Return the step that a deadline calls for, in the words of its rule unless others are given."""
    loi = echeance.loi
    return Etape(
        genre=genre,
        titre=titre or loi.action,
        bouton=bouton or loi.bouton,
        raison=raison or _raison(echeance),
        si_rien=loi.consequence,
        effet=EFFETS.get(genre, ""),
        depuis=depuis or _opening(echeance, genre),
        echeance_cle=echeance.cle,
        bande=bande,
        choix=CHOIX.get(genre, ()),
    )


def _opening(echeance: Echeance, genre: GenreEtape) -> date:
    """Return the day the step opens; a call waits for a good day, whatever the rule it comes from."""
    return on_or_after_appel(echeance.agir_le, echeance.zone) if genre is GenreEtape.APPELER else echeance.agir_le


def _raison(echeance: Echeance) -> str:
    """Return why the step is due, in one sentence with its dates."""
    limite = en_lettres(echeance.fixee_le or echeance.brute)
    titre = echeance.titre
    if echeance.role is Role.ASSURE:
        if echeance.etat is EtatEcheance.DEPASSEE:
            return f"{titre}\u00a0: c’était le {limite}."
        return f"{titre}\u00a0: le {limite}\u00a0; mieux vaut agir avant le {en_lettres(echeance.agir_le)}."
    if echeance.role is Role.ORGANISME:
        return f"{titre}\u00a0: à recevoir au plus tard le {limite}, sans nouvelle depuis."
    depuis = f" ({echeance.evenement.nature}, {en_lettres(echeance.evenement.le)})" if echeance.evenement else ""
    return f"{titre}\u00a0: possible depuis le {en_lettres(echeance.agir_le)}{depuis}."


_G = GenreEtape
EFFETS: dict[GenreEtape, str] = {
    _G.ENVOYER: "L’envoi fait courir le délai de réponse de la mutuelle.",
    _G.ATTENDRE: "La prescription continue de courir pendant l’attente.",
    _G.APPELER: "Un appel n’arrête et ne lance aucun délai\u00a0; un nouveau délai annoncé remplace l’ancien.",
    _G.FOURNIR_PIECE: "Le délai habituel de la mutuelle repart quand la pièce est envoyée\u00a0; celui d’une réclamation "
    "ne s’arrête pas.",
    _G.RELANCER: "Un rappel ne lance aucun délai vers le médiateur et n’arrête pas la prescription.",
    _G.RECLAMER: "Une réclamation écrite ouvre le médiateur deux mois plus tard, pour un an\u00a0; en recommandé avec avis "
    "de réception, elle fait aussi repartir la prescription.",
    _G.METTRE_EN_DEMEURE: "Des intérêts de retard courent\u00a0; en recommandé avec avis de réception, la prescription "
    "repart. Le compte du médiateur ne change pas.",
    _G.SAISIR_MEDIATEUR: "La prescription ne s’arrête pas à l’envoi\u00a0: seulement quand la médiation est acceptée.",
    _G.ATTENDRE_MEDIATEUR: "La prescription est arrêtée si la médiation a été acceptée, pas avant.",
    _G.REPONDRE_PROPOSITION: "La médiation prend fin\u00a0: le compte de la prescription reprend, pour six mois au moins.",
    _G.CONCILIER: "Cette tentative ouvre la voie du juge\u00a0; la prescription court jusqu’à l’accord pour s’y rendre.",
    _G.INTERROMPRE: "Deux ans entiers repartent du jour de l’envoi.",
}
"""What a step does to the clocks."""
CHOIX: dict[GenreEtape, tuple[GenreEtape, ...]] = {
    _G.PREPARER: (_G.ENVOYER, _G.CLORE),
    _G.ENVOYER: (_G.PREPARER, _G.CLORE),
    _G.ATTENDRE: (_G.APPELER, _G.RELANCER, _G.RECLAMER, _G.CLORE),
    _G.APPELER: (_G.RELANCER, _G.RECLAMER, _G.ATTENDRE),
    _G.FOURNIR_PIECE: (_G.APPELER, _G.RECLAMER),
    _G.RELANCER: (_G.APPELER, _G.RECLAMER, _G.ATTENDRE),
    _G.RECLAMER: (_G.RELANCER, _G.METTRE_EN_DEMEURE, _G.APPELER),
    _G.METTRE_EN_DEMEURE: (_G.RECLAMER, _G.RELANCER, _G.APPELER),
    _G.SAISIR_MEDIATEUR: (_G.RELANCER, _G.METTRE_EN_DEMEURE, _G.CONCILIER),
    _G.ATTENDRE_MEDIATEUR: (_G.APPELER, _G.INTERROMPRE),
    _G.REPONDRE_PROPOSITION: (_G.CONCILIER, _G.CLORE),
    _G.CONCILIER: (_G.INTERROMPRE, _G.CLORE),
    _G.INTERROMPRE: (_G.METTRE_EN_DEMEURE, _G.RECLAMER, _G.SAISIR_MEDIATEUR),
    _G.VERIFIER: (_G.CLORE, _G.RECLAMER),
    _G.CLORE: (_G.VERIFIER,),
}
"""The other ways, the likeliest first; the médiateur is offered only where he is open."""
