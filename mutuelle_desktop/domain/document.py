"""Documents, the bytes behind them, and what a machine read there."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from mutuelle_desktop.domain.ids import new_id, now

CORBEILLE_JOURS = 30
"""Days a document stays in the trash, and bytes in the vault after the last document naming them."""


class TypeDocument(StrEnum):
    """What a paper is."""

    FACTURE = "facture"
    ORDONNANCE = "ordonnance"
    FEUILLE_SOINS = "feuille de soins"
    DEVIS = "devis"
    DECOMPTE_SECU = "décompte Sécu"
    DECOMPTE_MUTUELLE = "décompte mutuelle"
    CARTE = "carte de tiers payant"
    ATTESTATION = "attestation de droits"
    CONTRAT = "contrat"
    GARANTIES = "tableau de garanties"
    PRISE_EN_CHARGE = "prise en charge"
    COURRIER = "courrier"
    AVIS_RECEPTION = "avis de réception"
    IDENTITE = "pièce d’identité"
    RIB = "RIB"
    AUTRE = "autre"


class EtatLecture(StrEnum):
    """How far the reading of some bytes has gone."""

    COPIE = "copié"
    EN_LECTURE = "en lecture"
    LU = "lu"
    ILLISIBLE = "illisible"
    PROTEGE = "protégé"


class Source(StrEnum):
    """Where the text of a page comes from."""

    TEXTE = "texte"
    OCR = "ocr"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fichier:
    """Bytes kept once in the vault; id is their keyed digest (empreinte), taille in bytes."""

    id: str
    sha256: str
    taille: int
    mime: str
    ajoute_le: datetime = field(default_factory=now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One paper; empreinte names its bytes, origines those it was derived from, oldest first."""

    id: str = field(default_factory=new_id)
    titre: str
    nom: str
    empreinte: str
    origines: tuple[str, ...] = ()
    type: TypeDocument | None = None
    personne_id: str | None = None
    date_document: date | None = None
    emetteur: str = ""
    notes: str = ""
    ajoute_le: datetime = field(default_factory=now)
    classe_le: datetime | None = None
    supprime_le: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A document's place in a dossier; rang orders them from 1, copie tells a copy from an original."""

    id: str = field(default_factory=new_id)
    dossier_id: str
    document_id: str
    rang: int
    copie: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Lecture:
    """What a machine read in some bytes, known by their empreinte (id); it can always be read again."""

    id: str
    etat: EtatLecture = EtatLecture.COPIE
    pages: int = 0
    pages_lues: int = 0
    raison: str = ""
    essais: int = 0

    @property
    def libelle(self) -> str:
        """Return the state as it is shown, such as « en lecture p. 3/12 »."""
        if self.etat is EtatLecture.EN_LECTURE and self.pages:
            return f"en lecture p. {min(self.pages_lues + 1, self.pages)}/{self.pages}"
        return str(self.etat)


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page as read: its text and its words with boxes; largeur and hauteur in points (1/72 inch).

    id is « empreinte:numero » with numero from 1; mots is packed by extraction.mots; confiance from 0 to 100.
    """

    id: str
    empreinte: str
    numero: int
    largeur: float
    hauteur: float
    texte: str = ""
    mots: bytes = b""
    source: Source = Source.TEXTE
    confiance: int = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Vignette:
    """A small picture (JPEG or WebP, at most 8 kB) of the first page of some bytes; id is their empreinte."""

    id: str
    image: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class MotDePasse:
    """A password that once opened a PDF, tried on the next ones."""

    id: str = field(default_factory=new_id)
    valeur: str
    ajoute_le: datetime = field(default_factory=now)
