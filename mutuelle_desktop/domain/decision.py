"""What the user decides about deadlines, and the entries of their own: all that is kept of them."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from mutuelle_desktop.domain.ids import new_id, now


class NatureDecision(StrEnum):
    """What the user decided about one deadline."""

    FAITE = "faite"
    REPORTEE = "reportée"
    FIXEE = "fixée"
    IGNOREE = "sans objet"


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """The user's word on one deadline, known by the deadline's own key (id); jour, where it was put off or pinned."""

    id: str
    dossier_id: str | None = None
    nature: NatureDecision
    jour: date | None = None
    raison: str = ""
    decide_le: datetime = field(default_factory=now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rappel:
    """An entry of the calendar that the user made; fait_le, the day it was done."""

    id: str = field(default_factory=new_id)
    titre: str
    le: date
    dossier_id: str | None = None
    notes: str = ""
    fait_le: date | None = None
