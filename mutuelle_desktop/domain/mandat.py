"""Who may speak for whom: the mandate, and what holds without one."""

from dataclasses import dataclass, field
from datetime import date

from mutuelle_desktop.domain.ids import new_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Mandat:
    """A written mandate: mandant is represented by mandataire before mutuelle (all of them when None).

    Source: Code civil 1984, 1985, 2003, 2004. au is the last day it holds; revoque_le ends it earlier.
    """

    id: str = field(default_factory=new_id)
    mandant_id: str
    mandataire_id: str
    mutuelle_id: str | None = None
    du: date
    au: date | None = None
    objet: str = ""
    revoque_le: date | None = None
    document_id: str | None = None
