"""Checklists: what to have, to say and to do around an exchange, ticked by facts or by hand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.ids import new_id, now

LISTES_ECHANGE = ("avant", "preparer", "pendant", "apres")
"""The lists gone through for each exchange anew; their lines are « list.line »."""


class EtatCoche(StrEnum):
    """What the user said of one line."""

    FAIT = "fait"
    SANS_OBJET = "sans objet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Coche:
    """One line answered by hand, for a dossier and, when it is about one exchange, that event."""

    id: str = field(default_factory=new_id)
    dossier_id: str
    evenement_id: str | None = None
    ligne: str
    etat: EtatCoche
    raison: str = ""
    le: datetime = field(default_factory=now)


class Portee(StrEnum):
    """What a list is gone through for: each exchange anew, or once for the dossier."""

    ECHANGE = "échange"
    DOSSIER = "dossier"


@dataclass(frozen=True, kw_only=True, slots=True)
class Ligne:
    """One line as it ships; fait names the fact that can tick it (nothing: by hand only)."""

    id: str
    texte: str
    aide: str = ""
    fait: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Liste:
    """One of the five lists, its lines in order."""

    id: str
    titre: str
    quand: str
    portee: Portee
    lignes: tuple[Ligne, ...]


class EtatLigne(StrEnum):
    """Where a line stands, and who says so."""

    PAR_FAIT = "fait"
    PAR_MAIN = "fait à la main"
    SANS_OBJET = "sans objet"
    A_FAIRE = "à faire"


@dataclass(frozen=True, slots=True)
class Constat:
    """What the library says of one fact: PAR_FAIT, SANS_OBJET or A_FAIRE, and the sentence that says it."""

    etat: EtatLigne
    phrase: str


@dataclass(frozen=True, slots=True)
class LigneEtat:
    """A line with its state; raison is the fact, the user's reason, or what is still missing."""

    ligne: Ligne
    etat: EtatLigne
    raison: str = ""

    @property
    def close(self) -> bool:
        """Tell whether nothing is left to do."""
        return self.etat is not EtatLigne.A_FAIRE


@dataclass(frozen=True, slots=True)
class ListeEtat:
    """A list with the state of its lines."""

    liste: Liste
    lignes: tuple[LigneEtat, ...]

    @property
    def faites(self) -> int:
        """Return how many lines leave nothing to do."""
        return sum(ligne.close for ligne in self.lignes)


@dataclass(frozen=True, kw_only=True, slots=True)
class PieceUtile:
    """A paper one kind of request needs: any of these types will do; for these natures (all if none).

    coffre: wherever it is in the library (a card, an identity), not only in the dossier; si names what must be true.
    """

    types: tuple[TypeDocument, ...]
    pourquoi: str
    natures: tuple[NatureDossier, ...] = ()
    coffre: bool = False
    si: tuple[str, ...] = ()


def lignes(liste: Liste, faits: Mapping[str, Constat], coches: Iterable[Coche]) -> tuple[LigneEtat, ...]:
    """Return the state of each line: the user's « sans objet » first, then the facts, then the user's tick.

    What the user set aside stays so: a machine never overrules it (DECISIONS.md, 9).
    """
    said = {coche.ligne: coche for coche in sorted(coches, key=lambda c: c.le)}
    return tuple(_etat(ligne, faits.get(ligne.fait), said.get(ligne.id)) for ligne in liste.lignes)


def _etat(ligne: Ligne, constat: Constat | None, coche: Coche | None) -> LigneEtat:
    if coche is not None and coche.etat is EtatCoche.SANS_OBJET:
        return LigneEtat(ligne, EtatLigne.SANS_OBJET, coche.raison)
    if constat is not None and constat.etat is EtatLigne.PAR_FAIT:
        return LigneEtat(ligne, EtatLigne.PAR_FAIT, constat.phrase)
    if coche is not None:
        return LigneEtat(ligne, EtatLigne.PAR_MAIN, coche.raison)
    return LigneEtat(ligne, constat.etat, constat.phrase) if constat else LigneEtat(ligne, EtatLigne.A_FAIRE)
