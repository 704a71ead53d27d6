"""Who may speak for whom: the mandate, and what holds without one."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from mutuelle_desktop.domain.ids import new_id
from mutuelle_desktop.domain.personne import Lien, Personne, majorite_of


class EtatMandat(StrEnum):
    """Where a mandate stands on a day."""

    EN_VIGUEUR = "en vigueur"
    A_VENIR = "pas encore en vigueur"
    EXPIRE = "expiré"
    REVOQUE = "révoqué"


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

    def etat(self, on: date) -> EtatMandat:
        """Return where the mandate stands that day; it is over from the day it is revoked."""
        if self.revoque_le is not None and self.revoque_le <= on:
            return EtatMandat.REVOQUE
        if on < self.du:
            return EtatMandat.A_VENIR
        return EtatMandat.EXPIRE if self.au is not None and self.au < on else EtatMandat.EN_VIGUEUR

    def covers(self, mandataire_id: str, mandant_id: str, mutuelle_id: str | None) -> bool:
        """Tell whether it lets the first speak for the second before this mutuelle, dates apart.

        One given for a mutuelle says nothing of another, nor of one that is not known.
        """
        people = (self.mandataire_id, self.mandant_id) == (mandataire_id, mandant_id)
        return people and self.mutuelle_id in (None, mutuelle_id)


class Permission(StrEnum):
    """What one may do for another."""

    OUI = "oui"
    AVEC_MANDAT = "oui, avec mandat"
    EN_PRESENCE = "en présence seulement"
    NON = "non"


@dataclass(frozen=True, kw_only=True, slots=True)
class Droit:
    """Whether one may speak for another, in a sentence, with its source; jusqu_au is the last day it holds."""

    permis: Permission
    phrase: str
    source: str
    jusqu_au: date | None = None


def droit_de_parler(
    appelant: Personne, concerne: Personne, mandats: Iterable[Mandat], mutuelle_id: str | None, on: date
) -> Droit:
    """Return whether the caller may speak for the person concerned to this mutuelle that day.

    Sources: the guide's third question; C. civ. 218, 382, 388, 1984, 1985 and 2003 (DOMAINE.md §6).
    """
    if appelant.is_minor(on):
        return Droit(
            permis=Permission.NON, source="C. civ. 382 et 388",
            phrase=f"{appelant.prenom} n’a pas 18 ans : un parent téléphone à sa place.",
        )  # fmt: skip
    if appelant.id == concerne.id:
        return Droit(permis=Permission.OUI, phrase="Vous appelez pour vous-même.", source="—")
    if concerne.is_minor(on):
        return _for_minor(appelant, concerne)
    return _for_adult(appelant, concerne, list(mandats), mutuelle_id, on)


def _for_minor(appelant: Personne, concerne: Personne) -> Droit:
    name, until = concerne.prenom, _last_minor_day(concerne)
    if concerne.lien is Lien.ENFANT and appelant.lien in (Lien.ASSURE, Lien.CONJOINT):
        return Droit(
            permis=Permission.OUI, jusqu_au=until, source="C. civ. 382 et 388 ; usage des mutuelles",
            phrase=f"{name} n’a pas 18 ans : chacun de ses parents peut parler à sa place, sans mandat, jusqu’à ses 18 ans "
            f"(dernier jour : {until:%d/%m/%Y}). Un parent privé de l’autorité parentale ne le peut pas.",
        )  # fmt: skip
    return Droit(
        permis=Permission.NON, jusqu_au=until, source="C. civ. 382",
        phrase=f"{name} n’a pas 18 ans : seuls ses parents, ou son tuteur, peuvent parler à sa place.",
    )  # fmt: skip


def _for_adult(
    appelant: Personne, concerne: Personne, mandats: list[Mandat], mutuelle_id: str | None, on: date
) -> Droit:
    given = [m for m in mandats if m.covers(appelant.id, concerne.id, mutuelle_id)]
    valid = [m for m in given if m.etat(on) is EtatMandat.EN_VIGUEUR]
    if valid:
        best = max(valid, key=_end)
        until = None if _end(best) == date.max else _end(best)
        limit = f"jusqu’au {until:%d/%m/%Y}" if until else "sans date de fin"
        what = f", pour : {best.objet}" if best.objet else ""
        return Droit(
            permis=Permission.AVEC_MANDAT, jusqu_au=until, source="C. civ. 1984 et 1985",
            phrase=f"Vous avez un mandat écrit de {concerne.prenom}, {limit}{what}. Gardez-le sous la main.",
        )  # fmt: skip
    parts = (_why_none(appelant, concerne, given, on), f"Il faut un mandat écrit, ou que {concerne.prenom} soit près de "
             "vous pendant l’appel et donne son accord de vive voix.")  # fmt: skip
    return Droit(
        permis=Permission.EN_PRESENCE, phrase=" ".join(part for part in parts if part),
        source="C. civ. 218, 1984 et 1985 ; usage des mutuelles" if _spouses(appelant, concerne)
        else "C. civ. 388, 1984 et 1985 ; usage des mutuelles",
    )  # fmt: skip


def _why_none(appelant: Personne, concerne: Personne, given: list[Mandat], on: date) -> str:
    if given:
        last = max(given, key=lambda m: (m.du, m.id))
        etat = last.etat(on)
        if etat is EtatMandat.REVOQUE and last.revoque_le:
            return f"Votre mandat a été révoqué le {last.revoque_le:%d/%m/%Y}."
        if etat is EtatMandat.EXPIRE and last.au:
            return f"Votre mandat a pris fin le {last.au:%d/%m/%Y}."
        return f"Votre mandat ne commence que le {last.du:%d/%m/%Y}."
    if _spouses(appelant, concerne):
        return "Le mariage ne vaut pas mandat."
    if concerne.lien is Lien.ENFANT:
        if concerne.naissance is None:
            return f"La date de naissance de {concerne.prenom} n’est pas connue : 18 ans ou plus sont supposés."
        return f"{concerne.prenom} a 18 ans depuis le {majorite_of(concerne.naissance):%d/%m/%Y}."
    return ""


def _spouses(appelant: Personne, concerne: Personne) -> bool:
    return {appelant.lien, concerne.lien} == {Lien.ASSURE, Lien.CONJOINT}


def _last_minor_day(concerne: Personne) -> date | None:
    return majorite_of(concerne.naissance) - timedelta(1) if concerne.naissance else None


def _end(mandat: Mandat) -> date:
    """Return the last day a mandate holds; one revoked later holds until the day before."""
    ends = [day for day in (mandat.au, mandat.revoque_le and mandat.revoque_le - timedelta(1)) if day]
    return min(ends, default=date.max)
