"""What was told to other calendars, so that they can be told of what changes and of nothing else."""

from dataclasses import dataclass
from datetime import datetime


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
