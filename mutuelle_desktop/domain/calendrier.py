"""French days: public holidays, jours ouvrables and ouvrés, delays counted the way the law counts them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

_JOUR = timedelta(days=1)
_SAMEDI, _DIMANCHE = 5, 6
SEMAINE = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip


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


_FIXES: tuple[tuple[int, int, str], ...] = (
    (1, 1, "Jour de l’An"),
    (5, 1, "Fête du Travail"),
    (5, 8, "Victoire de 1945"),
    (7, 14, "Fête nationale"),
    (8, 15, "Assomption"),
    (11, 1, "Toussaint"),
    (11, 11, "Armistice de 1918"),
    (12, 25, "Noël"),
)
_MOBILES: tuple[tuple[int, str], ...] = ((1, "Lundi de Pâques"), (39, "Ascension"), (50, "Lundi de Pentecôte"))
_ABOLITION: dict[Zone, tuple[int, int, int]] = {
    Zone.MAYOTTE: (1984, 4, 27),
    Zone.MARTINIQUE: (1984, 5, 22),
    Zone.GUADELOUPE: (1984, 5, 27),
    Zone.SAINT_MARTIN: (2012, 5, 28),
    Zone.GUYANE: (1984, 6, 10),
    Zone.SAINT_BARTHELEMY: (2012, 10, 9),
    Zone.REUNION: (1983, 12, 20),
}
"""First year, month and day: the decree is of November 1983; Saint-Martin and Saint-Barthélemy have days of their own later."""


@lru_cache(maxsize=512)
def paques(annee: int) -> date:
    """Return Easter Sunday of a Gregorian year (the anonymous computus of Meeus, 1583 and later)."""
    lune = annee % 19
    siecle, reste = divmod(annee, 100)
    saut, bissextile = divmod(siecle, 4)
    correction = (siecle - (siecle + 8) // 25 + 1) // 3
    epacte = (19 * lune + siecle - saut - correction + 15) % 30
    quart, jour = divmod(reste, 4)
    dimanche = (32 + 2 * bissextile + 2 * quart - epacte - jour) % 7
    rectifie = (lune + 11 * epacte + 22 * dimanche) // 451
    mois, quantieme = divmod(epacte + dimanche - 7 * rectifie + 114, 31)
    return date(annee, mois, quantieme + 1)


@lru_cache(maxsize=2048)
def jours_feries(annee: int, zone: Zone) -> Mapping[date, str]:
    """Return the public holidays of a year with their French names, in the order of the year.

    Source: Code du travail L3133-1 (the eleven), L3134-13 (Alsace-Moselle; Good Friday is counted in every commune),
    L3422-2 (abolition of slavery, overseas). Whit Monday stays one: the « journée de solidarité » does not undo it.
    """
    dimanche = paques(annee)
    jours = {date(annee, mois, jour): nom for mois, jour, nom in _FIXES}
    for decalage, nom in _MOBILES:
        jour = dimanche + timedelta(days=decalage)
        # two feasts may fall on one day (1 May 2008, 8 May 1997): both names are kept
        jours[jour] = f"{jours[jour]}, {nom}" if jour in jours else nom
    if zone is Zone.ALSACE_MOSELLE:
        jours[dimanche - 2 * _JOUR] = "Vendredi saint"
        jours[date(annee, 12, 26)] = "Saint-Étienne"
    if zone in _ABOLITION and annee >= _ABOLITION[zone][0]:
        jour = date(annee, *_ABOLITION[zone][1:])
        nom = "Abolition de l’esclavage"
        jours[jour] = f"{jours[jour]}, {nom}" if jour in jours else nom
    return MappingProxyType(dict(sorted(jours.items())))


def is_ferie(day: date, zone: Zone) -> bool:
    """Tell whether the day is a public holiday there."""
    return day in jours_feries(day.year, zone)


def is_ouvrable(day: date, zone: Zone) -> bool:
    """Tell whether the day is ouvrable: Monday to Saturday, public holidays excepted."""
    return day.weekday() != _DIMANCHE and not is_ferie(day, zone)


def is_ouvre(day: date, zone: Zone) -> bool:
    """Tell whether the day is ouvré: Monday to Friday, public holidays excepted."""
    return day.weekday() < _SAMEDI and not is_ferie(day, zone)


_JOURS, _MOIS, _ANS = Unite.JOURS, Unite.MOIS, Unite.ANS


def add(origine: date, delai: int, unite: Unite, zone: Zone = Zone.METROPOLE) -> date:
    """Return the raw last day of a delay: never moved, always counted from its origin.

    The day of the event is not counted and the last one counts in full; months and years go from day to day, to the
    last day of the month where that day is missing (Code de procédure civile 641, 642). A negative delai counts back.
    """
    if unite is _JOURS:
        return date.fromordinal(origine.toordinal() + delai)  # faster than a timedelta
    if unite is _MOIS:
        return _add_months(origine, delai)
    if unite is _ANS:
        return _add_months(origine, 12 * delai)
    return _count(origine, delai, unite, zone)


def on_or_after_ouvre(day: date, zone: Zone) -> date:
    """Return the first jour ouvré on that day or later: when a step that opens can be taken."""
    while not is_ouvre(day, zone):
        day += _JOUR
    return day


@lru_cache(maxsize=16384)
def after_ouvre(day: date, zone: Zone) -> date:
    """Return the first jour ouvré strictly after that day: when one follows up what is late."""
    return on_or_after_ouvre(day + _JOUR, zone)


def on_or_before_ouvre(day: date, zone: Zone) -> date:
    """Return the last jour ouvré on that day or earlier: a limit that binds the person is never extended."""
    while not is_ouvre(day, zone):
        day -= _JOUR
    return day


@lru_cache(maxsize=16384)
def before_ouvre(day: date, n: int, zone: Zone) -> date:
    """Return the n-th jour ouvré before that day (the day itself when n is 0): the margin of the post."""
    return day if n <= 0 else _count(day, -n, Unite.OUVRES, zone)


@lru_cache(maxsize=16384)
def on_or_after_appel(day: date, zone: Zone) -> date:
    """Return the first day good for a call, on that day or later.

    Tuesday to Friday, and not the day that follows a public holiday: lines are crowded (the guide, §2 and FAQ 1).
    """
    while not is_appel(day, zone):
        day += _JOUR
    return day


def is_appel(day: date, zone: Zone) -> bool:
    """Tell whether the day is good for a call: an ouvré Tuesday to Friday, not after a public holiday."""
    return day.weekday() != 0 and is_ouvre(day, zone) and not is_ferie(day - _JOUR, zone)


def en_lettres(day: date) -> str:
    """Return the day as it is said, such as « mardi 16 juin 2026 »."""
    quantieme = "1er" if day.day == 1 else str(day.day)
    return f"{SEMAINE[day.weekday()]} {quantieme}\u00a0{MOIS[day.month - 1]} {day.year}"


def delai_en_lettres(delai: int, unite: Unite) -> str:
    """Return a delay as it is said, such as « 10 jours ouvrables » or « 1 an »; its sign is left out."""
    nombre = abs(delai)
    mots = str(unite)
    if nombre < 2:
        mots = " ".join(mot if mot == "mois" else mot.removesuffix("s") for mot in mots.split())
    return f"{nombre}\u00a0{mots}"


@lru_cache(maxsize=16384)
def _add_months(origine: date, mois: int) -> date:
    annee, rang = divmod(origine.year * 12 + origine.month - 1 + mois, 12)
    jour = origine.day if origine.day <= 28 else min(origine.day, _last_day(annee, rang + 1))
    return date(annee, rang + 1, jour)


def _last_day(annee: int, mois: int) -> int:
    suivant = date(annee + mois // 12, mois % 12 + 1, 1)
    return (suivant - _JOUR).day


@lru_cache(maxsize=16384)
def _count(origine: date, delai: int, unite: Unite, zone: Zone) -> date:
    qualifies = is_ouvrable if unite is Unite.OUVRABLES else is_ouvre
    pas = _JOUR if delai > 0 else -_JOUR
    day, left = origine, abs(delai)
    while left:
        day += pas
        left -= qualifies(day, zone)
    return day
