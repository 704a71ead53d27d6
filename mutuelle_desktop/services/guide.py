"""The guide as it ships, and the search in it."""

import tomllib
from functools import cache, lru_cache
from typing import Any

from mutuelle_desktop.domain.guide import (
    ActionGuide,
    Avis,
    Chapitre,
    Fiche,
    Geste,
    Guide,
    Lexique,
    Mention,
    QuestionFrequente,
    Reference,
    Resultat,
    Situation,
    Terme,
    fiches_of,
    mentions,
    search,
)
from mutuelle_desktop.storage.index import plain
from mutuelle_desktop.storage.resources import resource


@cache
def load_guide() -> Guide:
    """Return the whole guide (resources/guide/)."""
    return Guide(
        situations=tuple(_situation(entry) for entry in _entries("situations", "situation")),
        chapitres=tuple(_chapitre(entry) for entry in _entries("manuel", "chapitre")),
        questions=tuple(_question(entry) for entry in _entries("questions", "question")),
        termes=tuple(
            Terme(
                mot=entry["mot"],
                definition=entry["definition"],
                aussi=tuple(entry.get("aussi", ())),
                courant=entry.get("courant", False),
            )
            for entry in sorted(_entries("mots", "mot"), key=lambda entry: plain(entry["mot"]))
        ),
        references=tuple(Reference(**entry) for entry in _entries("textes", "texte")),
    )


def search_guide(mots: str) -> tuple[Resultat, ...]:
    """Return what the guide says of some words, accents and case ignored."""
    return search(_fiches(), plain(mots))


def warm_guide() -> None:
    """Make ready what the first search and the first form would otherwise wait for."""
    _fiches()
    lexique()


@cache
def _fiches() -> tuple[Fiche, ...]:
    return fiches_of(load_guide(), plain)


@cache
def lexique() -> Lexique:
    """Return the words of the field, ready to be found in a text."""
    return Lexique(load_guide().termes)


@lru_cache(1024)
def mots_du_metier(text: str) -> tuple[Mention, ...]:
    """Return the words of a text that deserve to be explained: those all know are left out."""
    return tuple(found for found in mentions(text, lexique()) if not found.terme.courant)


def terme(mot: str) -> Terme:
    """Return one word of the field; KeyError when there is no such word."""
    found = lexique().named(mot)
    if found is None:
        raise KeyError(mot)
    return found


def _entries(nom: str, cle: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = tomllib.loads(resource(f"guide/{nom}.toml").read_text("utf-8"))[cle]
    return entries


def _situation(entry: dict[str, Any]) -> Situation:
    avis = tuple(
        Avis(
            id=a["id"], titre=a["titre"], phrases=tuple(a["phrases"]), droit=a.get("droit", ""), action=_action(a)
        )
        for a in entry["avis"]
    )  # fmt: skip
    return Situation(id=entry["id"], titre=entry["titre"], resume=entry["resume"], avis=avis)


def _chapitre(entry: dict[str, Any]) -> Chapitre:
    gestes = tuple(
        Geste(id=g["id"], titre=g["titre"], phrases=tuple(g["phrases"]), image=g.get("image", ""), alt=g.get("alt", ""),
              actions=tuple(ActionGuide(name) for name in g.get("actions", ())))
        for g in entry["geste"]
    )  # fmt: skip
    return Chapitre(id=entry["id"], titre=entry["titre"], resume=entry["resume"], gestes=gestes)


def _question(entry: dict[str, Any]) -> QuestionFrequente:
    return QuestionFrequente(
        id=entry["id"], question=entry["question"], reponse=tuple(entry["reponse"]), droit=entry["droit"],
        action=_action(entry),
    )  # fmt: skip


def _action(entry: dict[str, Any]) -> ActionGuide | None:
    return ActionGuide(entry["action"]) if "action" in entry else None
