"""Dated rules: delays with their nature, their source and the day it was checked; data, never code."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self

from mutuelle_desktop.domain.calendrier import Unite, delai_en_lettres
from mutuelle_desktop.domain.contrat import NatureOrganisme
from mutuelle_desktop.domain.ids import new_id


class NatureRegle(StrEnum):
    """How strong a rule is; only LOI is ever worded as law."""

    LOI = "loi"
    AUTORITE = "autorité"
    USAGE = "usage"
    CONTRAT = "contrat"


class Role(StrEnum):
    """Whom a date binds, and so how it is acted upon."""

    ASSURE = "à vous"
    ORGANISME = "à la mutuelle"
    OUVERTURE = "possible à partir du"
    INFORMATION = "à savoir"


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Regle:
    """One rule of DOMAINE.md §14; a second figure of a rule is a rule of its own, such as « R22.solde ».

    delai is None where the fact itself gives the day (a delay set by the médiateur, by the contract). explication says
    why the rule exists, consequence what comes of doing nothing, action and bouton what to propose, guide what the
    guide says. alarmes are days before the limit. sources and incertaines refine source and incertaine for one nature
    of organism; incertaine marks what is still to be checked. par_courrier asks for the margin of the post,
    par_telephone for a day good for calls. delai_initial is the rule's own figure when the user put another.
    """

    id: str
    titre: str
    nature: NatureRegle
    role: Role
    delai: int | None = None
    unite: Unite = Unite.JOURS
    source: str
    verifie_le: date
    explication: str
    consequence: str
    action: str
    bouton: str
    guide: str = ""
    alarmes: tuple[int, ...] = ()
    incertaine: bool = False
    par_courrier: bool = False
    par_telephone: bool = False
    sources: tuple[tuple[NatureOrganisme, str], ...] = ()
    incertaines: tuple[NatureOrganisme, ...] = ()
    valable_du: date | None = None
    valable_au: date | None = None
    surcharge: Surcharge | None = None
    delai_initial: str = ""

    @property
    def famille(self) -> str:
        """Return the rule of DOMAINE.md this one belongs to, such as « R22 » for « R22.solde »."""
        return self.id.partition(".")[0]

    @property
    def delai_en_lettres(self) -> str:
        """Return the delay as it is said, such as « 10 jours ouvrables »; empty when the fact gives the day."""
        return "" if self.delai is None else delai_en_lettres(self.delai, self.unite)

    def holds(self, on: date) -> bool:
        """Tell whether this version of the rule is in force that day."""
        return (self.valable_du is None or self.valable_du <= on) and (self.valable_au is None or on <= self.valable_au)

    def source_for(self, nature: NatureOrganisme | None) -> str:
        """Return the source for one nature of organism; all of them while it is unknown."""
        return next((source for kind, source in self.sources if kind is nature), self.source)

    def is_incertaine(self, nature: NatureOrganisme | None) -> bool:
        """Tell whether the rule is still to be checked for that nature of organism."""
        return self.incertaine or nature in self.incertaines

    def _overridden(self, surcharge: Surcharge) -> Self:
        return replace(
            self,
            delai=surcharge.delai,
            unite=surcharge.unite,
            surcharge=surcharge,
            delai_initial=self.delai_en_lettres,
        )


class Regles:
    """Every rule, dated, with the delays the user put in their place.

    constantes are those that are the same whatever the day, the mutuelle and the dossier.
    """

    __slots__ = ("_overridden", "_surcharges", "_versions", "constantes")

    def __init__(self, regles: Iterable[Regle], surcharges: Iterable[Surcharge] = ()) -> None:
        self._versions: dict[str, list[Regle]] = {}
        for regle in regles:
            self._versions.setdefault(regle.id, []).append(regle)
        self._surcharges: dict[str, list[Surcharge]] = {}
        for surcharge in sorted(surcharges, key=_breadth):
            self._surcharges.setdefault(surcharge.regle, []).append(surcharge)
        self._overridden: dict[tuple[str, str], Regle] = {}
        self.constantes: Mapping[str, Regle] = {
            regle_id: versions[0]
            for regle_id, versions in self._versions.items()
            if len(versions) == 1 and regle_id not in self._surcharges
        }

    def all(self) -> tuple[Regle, ...]:
        """Return every version of every rule, in the order of the file, without the user's delays."""
        return tuple(regle for versions in self._versions.values() for regle in versions)

    def at(self, regle_id: str, on: date, *, mutuelle_id: str | None = None, dossier_id: str | None = None) -> Regle:
        """Return the rule in force that day, with the user's delay: the dossier's, else the mutuelle's, else everywhere's.

        Before its first version and after its last one, the nearest version stands. KeyError for an unknown rule.
        """
        versions = self._versions[regle_id]
        regle = versions[0] if len(versions) == 1 else _version(versions, on)
        if self._surcharges:
            for surcharge in self._surcharges.get(regle_id, ()):
                if _applies(surcharge, mutuelle_id, dossier_id):
                    return self._with(regle, surcharge)
        return regle

    def with_surcharges(self, surcharges: Iterable[Surcharge]) -> "Regles":
        """Return the same rules with these delays of the user and no other."""
        return Regles(self.all(), surcharges)

    def _with(self, regle: Regle, surcharge: Surcharge) -> Regle:
        key = (f"{regle.id} {regle.valable_du}", surcharge.id)
        if key not in self._overridden:
            self._overridden[key] = regle._overridden(surcharge)  # noqa: SLF001 - the two are one notion
        return self._overridden[key]


def parse_regles(text: str) -> Regles:
    """Read resources/regles/delais.toml: one table per rule, an array of tables where it changed with time.

    A rule without a day of checking takes the file's. KeyError and ValueError mean the file is wrong: a bug.
    """
    content = tomllib.loads(text)
    verifie_le = content.pop("verifie_le")
    regles: list[Regle] = []
    for regle_id, entry in content.items():
        versions = entry if isinstance(entry, list) else [entry]
        regles.extend(_parse(regle_id, {"verifie_le": verifie_le, **version}) for version in versions)
    return Regles(regles)


def _parse(regle_id: str, entry: dict[str, Any]) -> Regle:
    values = dict(entry)
    sources: Mapping[str, str] = values.pop("sources", {})
    return Regle(
        id=regle_id,
        nature=NatureRegle(values.pop("nature")),
        role=Role(values.pop("role")),
        unite=Unite(values.pop("unite", Unite.JOURS)),
        alarmes=tuple(sorted(values.pop("alarmes", ()), reverse=True)),
        sources=tuple((NatureOrganisme(kind), source) for kind, source in sources.items()),
        incertaines=tuple(NatureOrganisme(kind) for kind in values.pop("incertaines", ())),
        **values,
    )


def _version(versions: list[Regle], on: date) -> Regle:
    current = next((regle for regle in versions if regle.holds(on)), None)
    if current is not None:
        return current
    later = [regle for regle in versions if regle.valable_du is not None and on < regle.valable_du]
    return later[0] if later else versions[-1]


def _breadth(surcharge: Surcharge) -> tuple[int, str]:
    """Order the narrowest first; the id makes the choice between two equals stable."""
    return (0 if surcharge.dossier_id else 1 if surcharge.mutuelle_id else 2, surcharge.id)


def _applies(surcharge: Surcharge, mutuelle_id: str | None, dossier_id: str | None) -> bool:
    return surcharge.dossier_id in (None, dossier_id) and surcharge.mutuelle_id in (None, mutuelle_id)
