"""Dated rules: delays with their nature, their source and the day it was checked; data, never code."""

from dataclasses import dataclass, field

from mutuelle_desktop.domain.calendrier import Unite
from mutuelle_desktop.domain.ids import new_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Surcharge:
    """A delay the user put in the place of a rule's: for one dossier, for one mutuelle, or everywhere (neither)."""

    id: str = field(default_factory=new_id)
    regle: str
    mutuelle_id: str | None = None
    dossier_id: str | None = None
    delai: int
    unite: Unite
    raison: str = ""
