"""What happens in a dossier: care, exchanges, requests, answers, payments, and the life of what was posted.

Events are the only facts from which deadlines are computed (domain.echeance); correcting one moves them.
"""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from mutuelle_desktop.domain.ids import new_id


class NatureEvenement(StrEnum):
    """What an event is, and so what it changes in the dossier; FAMILLES orders them for the user."""

    ECHANGE = "échange"
    NOTE = "note"
    SOINS = "soins"
    DECOMPTE_SECU = "décompte de la Sécu"
    FEUILLE_SOINS = "feuille de soins envoyée"
    DEMANDE = "demande envoyée"
    COMPLEMENT = "pièces envoyées"
    RELANCE = "relance envoyée"
    RECLAMATION = "réclamation écrite envoyée"
    MISE_EN_DEMEURE = "mise en demeure envoyée"
    ACCUSE = "accusé de réception"
    PIECE_DEMANDEE = "pièce demandée"
    REPONSE_PARTIELLE = "réponse partielle"
    REPONSE = "réponse reçue"
    REFUS = "refus"
    REFUS_DEFINITIF = "refus définitif"
    PAIEMENT = "paiement"
    RECONNAISSANCE = "droit reconnu par la mutuelle"
    PRESENTE = "recommandé présenté"
    DISTRIBUE = "recommandé distribué"
    REFUSE_POSTE = "recommandé refusé"
    NON_RECLAME = "recommandé non réclamé"
    AVIS_RECEPTION = "avis de réception reçu"
    AVIS_PASSAGE = "avis de passage reçu"
    SAISINE = "médiateur saisi"
    SAISINE_RECUE = "dossier reçu par le médiateur"
    SAISINE_IRRECEVABLE = "saisine irrecevable"
    SAISINE_NOTIFIEE = "saisine notifiée par le médiateur"
    MEDIATION_ACCEPTEE = "médiation acceptée"
    PROPOSITION = "proposition du médiateur"
    MEDIATION_TERMINEE = "médiation terminée"
    CONCILIATION = "conciliateur saisi"
    JUSTICE = "demande en justice"
    EXPERTISE = "expert désigné"
    SITUATION = "changement de situation"
    RESILIATION = "résiliation envoyée"
    RESILIATION_RECUE = "résiliation reçue par l’organisme"
    AVIS_ECHEANCE = "avis d’échéance envoyé par l’organisme"
    ADHESION_DISTANCE = "adhésion à distance"
    AVENANT = "avenant remis"
    RUPTURE_TRAVAIL = "rupture du contrat de travail"
    FIN_PORTABILITE = "fin de la portabilité"
    IMPAYE = "cotisation impayée"
    ACCES_DONNEES = "demande d’accès aux données reçue"
    DECISION_SECU = "décision de la Sécu notifiée"
    ACHAT_OPTIQUE = "achat d’optique"
    ACHAT_AUDIO = "achat d’appareil auditif"
    ORDONNANCE_LUNETTES = "ordonnance de lunettes"


_N = NatureEvenement
FAMILLES: dict[str, tuple[NatureEvenement, ...]] = {
    "Échanges": (_N.ECHANGE, _N.NOTE),
    "Soins et demande": (
        _N.SOINS, _N.DECOMPTE_SECU, _N.FEUILLE_SOINS, _N.DEMANDE, _N.COMPLEMENT, _N.RELANCE, _N.RECLAMATION,
        _N.MISE_EN_DEMEURE,
    ),
    "Réponses de la mutuelle": (
        _N.ACCUSE, _N.PIECE_DEMANDEE, _N.REPONSE_PARTIELLE, _N.REPONSE, _N.REFUS, _N.REFUS_DEFINITIF, _N.PAIEMENT,
        _N.RECONNAISSANCE,
    ),
    "Vie d’un recommandé": (
        _N.PRESENTE, _N.DISTRIBUE, _N.REFUSE_POSTE, _N.NON_RECLAME, _N.AVIS_RECEPTION, _N.AVIS_PASSAGE,
    ),
    "Médiateur et suites": (
        _N.SAISINE, _N.SAISINE_RECUE, _N.SAISINE_IRRECEVABLE, _N.SAISINE_NOTIFIEE, _N.MEDIATION_ACCEPTEE,
        _N.PROPOSITION, _N.MEDIATION_TERMINEE, _N.CONCILIATION, _N.JUSTICE, _N.EXPERTISE,
    ),
    "Contrat et situation": (
        _N.SITUATION, _N.RESILIATION, _N.RESILIATION_RECUE, _N.AVIS_ECHEANCE, _N.ADHESION_DISTANCE, _N.AVENANT,
        _N.RUPTURE_TRAVAIL, _N.FIN_PORTABILITE, _N.IMPAYE,
    ),
    "Autres démarches": (
        _N.ACCES_DONNEES, _N.DECISION_SECU, _N.ACHAT_OPTIQUE, _N.ACHAT_AUDIO, _N.ORDONNANCE_LUNETTES,
    ),
}  # fmt: skip
"""Every nature once, in the groups and the order offered to the user."""


class Canal(StrEnum):
    """How it was said; the last two are sent with an avis de réception, which some rules require."""

    TELEPHONE = "téléphone"
    ESPACE_CLIENT = "espace client"
    COURRIER = "courrier"
    COURRIEL = "courriel"
    AGENCE = "agence"
    RECOMMANDE = "recommandé avec avis de réception"
    RECOMMANDE_ELECTRONIQUE = "recommandé électronique"


RECOMMANDES = (Canal.RECOMMANDE, Canal.RECOMMANDE_ELECTRONIQUE)


class Sens(StrEnum):
    """Who spoke to whom."""

    ENVOYE = "envoyé"
    RECU = "reçu"


@dataclass(frozen=True, kw_only=True, slots=True)
class Evenement:
    """One fact of a dossier; le is the day it took place (the day of sending for what is posted).

    promis_le is the day of an answer, or of a delay set by the other side, as announced; montant in euros; suite_de
    is the event this one follows: what a recommandé carried, the letter an answer answers.
    """

    id: str = field(default_factory=new_id)
    dossier_id: str
    nature: NatureEvenement
    le: date
    heure: time | None = None
    canal: Canal | None = None
    sens: Sens | None = None
    interlocuteur: str = ""
    numero: str = ""
    texte: str = ""
    promis_le: date | None = None
    montant: Decimal | None = None
    document_id: str | None = None
    suite_de: str | None = None
