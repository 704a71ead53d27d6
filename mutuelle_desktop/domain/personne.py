"""The people of the household: the assuré and the bénéficiaires."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mutuelle_desktop.domain.calendrier import Unite, Zone, add
from mutuelle_desktop.domain.ids import new_id


class Lien(StrEnum):
    """What a person is to the assuré."""

    ASSURE = "assuré"
    CONJOINT = "conjoint"
    ENFANT = "enfant"
    AUTRE = "autre"


@dataclass(frozen=True, kw_only=True, slots=True)
class Personne:
    """One person of the household; adresse is as it is written on an envelope, one line per line."""

    id: str = field(default_factory=new_id)
    prenom: str
    nom: str
    lien: Lien = Lien.ASSURE
    naissance: date | None = None
    nir: str = ""
    adresse: str = ""
    telephone: str = ""
    courriel: str = ""
    notes: str = ""

    @property
    def nom_complet(self) -> str:
        """Return the name as it is said: first name, then family name."""
        return f"{self.prenom} {self.nom}".strip()

    def is_minor(self, on: date) -> bool:
        """Tell whether the person is under 18 that day; unknown birth dates count as adult."""
        if self.naissance is None:
            return False
        return on < majorite_of(self.naissance)


def majorite_of(naissance: date) -> date:
    """Return the day someone comes of age: 18 years, from day to day (C. civ. 388); 29 February gives the 28."""
    return add(naissance, 18, Unite.ANS, Zone.METROPOLE)
