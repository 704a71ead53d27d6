"""The organisms that insure, how to reach them, and the contracts with them."""

import re
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.ids import new_id

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


class NatureOrganisme(StrEnum):
    """The three kinds of organism the law knows; the médiateur to seize depends on it."""

    MUTUELLE = "mutuelle"
    ASSURANCE = "société d’assurance"
    PREVOYANCE = "institution de prévoyance"


@dataclass(frozen=True, order=True, slots=True)
class Plage:
    """One opening range; jour from 0 (lundi) to 6 (dimanche)."""

    jour: int
    debut: time
    fin: time


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutuelle:
    """One organism; espace_client and mediateur_site are web addresses, opened only on a click."""

    id: str = field(default_factory=new_id)
    nom: str
    nature: NatureOrganisme = NatureOrganisme.MUTUELLE
    adresse: str = ""
    espace_client: str = ""
    mediateur: str = ""
    mediateur_adresse: str = ""
    mediateur_site: str = ""
    notes: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """One service of a mutuelle: its phone with its hours, its address, its e-mail; svi is the way through its menus."""

    id: str = field(default_factory=new_id)
    mutuelle_id: str
    nom: str
    telephone: str = ""
    horaires: tuple[Plage, ...] = ()
    courriel: str = ""
    adresse: str = ""
    svi: str = ""
    notes: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contrat:
    """One contract with a mutuelle; nom is the formula's name, such as « Confort + ».

    echeance is a day on which it renews, known by its day and month; obligatoire, a contract the employer imposes;
    delai_production, the months within which the contract wants a claim to be sent (the contract's own rule).
    """

    id: str = field(default_factory=new_id)
    mutuelle_id: str
    numero: str
    numero_adherent: str = ""
    nom: str = ""
    debut: date | None = None
    fin: date | None = None
    collectif: bool = False
    obligatoire: bool = False
    echeance: date | None = None
    delai_production: int | None = None
    notes: str = ""

    def is_active(self, on: date) -> bool:
        """Tell whether the contract runs that day; an unknown bound is open."""
        return (self.debut is None or self.debut <= on) and (self.fin is None or on <= self.fin)


@dataclass(frozen=True, kw_only=True, slots=True)
class Couverture:
    """One person covered by one contract."""

    id: str = field(default_factory=new_id)
    contrat_id: str
    personne_id: str
    depuis: date | None = None
    jusqu_au: date | None = None


_PLAGE = re.compile(r"(\d{1,2})\s*(?:h|:)\s*(\d{2})?\s*(?:-|–|à|a)\s*(\d{1,2})\s*(?:h|:)\s*(\d{2})?")
_COURTS = [jour[:3] for jour in JOURS]
_JOUR = rf"\b({'|'.join(_COURTS)})[a-z]*\.?"
_JOURS = re.compile(rf"{_JOUR}(?:\s*(?:-|–|au|à)\s*{_JOUR})?")


def parse_horaires(text: str) -> tuple[Plage, ...]:
    """Read hours as people write them, such as « lun-ven 9h-18h ; sam 9h-12h »; refuse what is not clear."""
    plages: list[Plage] = []
    for part in re.split(r"[;\n]", text.lower()):
        if not part.strip():
            continue
        numbers = [number for found in _JOURS.finditer(part) for number in _days(found.group(1), found.group(2))]
        hours = _PLAGE.findall(part)
        if not numbers or not hours:
            raise Refused(
                f"Ces horaires ne sont pas compris : « {part.strip()} ». Écrivez par exemple « lun-ven 9h-18h »."
            )
        for debut_h, debut_m, fin_h, fin_m in hours:
            try:
                debut, fin = time(int(debut_h), int(debut_m or 0)), time(int(fin_h), int(fin_m or 0))
            except ValueError:
                raise Refused(f"Cette heure n’existe pas : « {part.strip()} ».") from None
            if fin <= debut:
                raise Refused(f"La fermeture précède l’ouverture : « {part.strip()} ».")
            plages.extend(Plage(number, debut, fin) for number in numbers)
    return tuple(sorted(set(plages)))


def _days(first: str, last: str | None) -> list[int]:
    """Return the days from one to another, over the week's end when need be."""
    start = _COURTS.index(first)
    length = (_COURTS.index(last) - start) % 7 if last else 0
    return [(start + step) % 7 for step in range(length + 1)]


def format_horaires(plages: tuple[Plage, ...]) -> str:
    """Write hours the way parse_horaires reads them, days with the same hours joined."""
    by_day = [tuple((p.debut, p.fin) for p in sorted(plages) if p.jour == jour) for jour in range(7)]
    parts: list[str] = []
    jour = 0
    while jour < 7:
        last = jour
        while last < 6 and by_day[last + 1] == by_day[jour]:
            last += 1
        if by_day[jour]:
            days = JOURS[jour] if last == jour else f"{JOURS[jour]}-{JOURS[last]}"
            parts.append(f"{days} {', '.join(f'{_heure(a)}-{_heure(b)}' for a, b in by_day[jour])}")
        jour = last + 1
    return " ; ".join(parts)


def _heure(moment: time) -> str:
    return f"{moment.hour}\u00a0h" + (f"\u00a0{moment.minute:02d}" if moment.minute else "")
