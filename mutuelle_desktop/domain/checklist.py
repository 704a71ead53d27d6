"""Checklists: what to have, to say and to do around an exchange, ticked by facts or by hand."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mutuelle_desktop.domain.ids import new_id, now


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
