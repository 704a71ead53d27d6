"""The médiateur: when he may be seized and which one, according to the organism's nature."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mutuelle_desktop.domain.cas import Cas
from mutuelle_desktop.domain.contrat import NatureOrganisme
from mutuelle_desktop.domain.regle import Regles


class EtatFenetre(StrEnum):
    """Where the médiateur's window stands."""

    INCONNUE = "aucune réclamation écrite"
    FERMEE = "pas encore ouverte"
    OUVERTE = "ouverte"
    SE_FERME = "se ferme bientôt"
    CLOSE = "close"


@dataclass(frozen=True, kw_only=True, slots=True)
class FenetreMediateur:
    """The days on which the médiateur may be seized, both included; None while no written complaint exists."""

    etat: EtatFenetre
    ouvre_le: date | None
    ferme_le: date | None
    raison: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Mediateur:
    """A médiateur with the lines of his address; site is opened only on a click."""

    nom: str
    adresse: tuple[str, ...]
    site: str
    source: str
    verifie_le: date
    consigne: str = ""


def parse_mediateurs(text: str) -> Mapping[NatureOrganisme, Mediateur]:
    """Read resources/regles/mediateurs.toml: the usual médiateur of each nature of organism (DOMAINE.md §1.3)."""
    content = tomllib.loads(text)
    verifie_le = content.pop("verifie_le")
    return {
        NatureOrganisme(nature): Mediateur(
            nom=entry["nom"],
            adresse=tuple(entry["adresse"]),
            site=entry["site"],
            source=entry["source"],
            verifie_le=entry.get("verifie_le", verifie_le),
            consigne=entry.get("consigne", ""),
        )
        for nature, entry in content.items()
    }


def mediateur_usuel(nature: NatureOrganisme, mediateurs: Mapping[NatureOrganisme, Mediateur]) -> Mediateur:
    """Return the médiateur usually competent for an organism of that nature; the contract's own words prevail."""
    return mediateurs[nature]


def fenetre_mediateur(cas: Cas, regles: Regles, today: date) -> FenetreMediateur:
    """Return when the médiateur may be seized, counted from the first written complaint."""
    return FenetreMediateur(etat=EtatFenetre.INCONNUE, ouvre_le=None, ferme_le=None, raison="")
