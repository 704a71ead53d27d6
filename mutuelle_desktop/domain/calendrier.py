"""French days: public holidays, jours ouvrables and ouvrés, delays counted the way the law counts them."""

from dataclasses import dataclass
from enum import StrEnum


class Zone(StrEnum):
    """Where public holidays are kept; they differ by law (Code du travail L3133-1, L3134-13, L3422-2)."""

    METROPOLE = "métropole"
    ALSACE_MOSELLE = "Alsace-Moselle"
    GUADELOUPE = "Guadeloupe"
    MARTINIQUE = "Martinique"
    GUYANE = "Guyane"
    REUNION = "La Réunion"
    MAYOTTE = "Mayotte"
    SAINT_BARTHELEMY = "Saint-Barthélemy"
    SAINT_MARTIN = "Saint-Martin"


class Unite(StrEnum):
    """What a delay is counted in."""

    JOURS = "jours"
    OUVRABLES = "jours ouvrables"
    OUVRES = "jours ouvrés"
    MOIS = "mois"
    ANS = "ans"


@dataclass(frozen=True, kw_only=True, slots=True)
class Foyer:
    """What the household decided about its days; marge_postale in jours ouvrés. There is one, « foyer »."""

    id: str = "foyer"
    zone: Zone = Zone.METROPOLE
    marge_postale: int = 3
