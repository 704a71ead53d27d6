"""What happens in a dossier: exchanges, requests, answers, payments."""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from mutuelle_desktop.domain.ids import new_id


class NatureEvenement(StrEnum):
    """What an event changes in the dossier; the order is the one offered to the user."""

    ECHANGE = "échange"
    DEMANDE = "demande envoyée"
    COMPLEMENT = "pièces envoyées"
    ACCUSE = "accusé de réception"
    PIECE_DEMANDEE = "pièce demandée"
    REPONSE = "réponse reçue"
    REFUS = "refus"
    PAIEMENT = "paiement"
    NOTE = "note"


class Canal(StrEnum):
    """How it was said."""

    TELEPHONE = "téléphone"
    ESPACE_CLIENT = "espace client"
    COURRIER = "courrier"
    COURRIEL = "courriel"
    AGENCE = "agence"


class Sens(StrEnum):
    """Who spoke to whom."""

    ENVOYE = "envoyé"
    RECU = "reçu"


@dataclass(frozen=True, kw_only=True, slots=True)
class Evenement:
    """One fact of a dossier; promis_le is the answer's date as announced, montant in euros."""

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
