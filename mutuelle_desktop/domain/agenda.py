"""What was told to other calendars, so that they can be told of what changes and of nothing else."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """One entry given to other calendars, known by its deadline's key (id).

    empreinte is the digest of what was shown, sequence grows with it (RFC 5545); contenu is the entry itself, so that
    one that is gone can be cancelled; annule_le is the moment it was.
    """

    id: str
    sequence: int
    empreinte: str
    contenu: str
    modifie_le: datetime
    annule_le: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Entree:
    """One all-day entry of a calendar; it rings at 9:00 on jour and on each day of alarmes.

    tache says that the person has something to do; sequence grows by one at each change one can see, and modifie_le is
    the moment of that change, never of the export, so that an unchanged calendar is the same bytes.
    """

    cle: str
    jour: date
    titre: str
    texte: str = ""
    alarmes: tuple[date, ...] = ()
    tache: bool = False
    sequence: int = 0
    modifie_le: datetime
    annulee: bool = False
