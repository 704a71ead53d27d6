"""The guide as it ships, and the search in it."""

import tomllib
from functools import cache
from typing import Any

from mutuelle_desktop.domain.guide import (
    ActionGuide,
    Avis,
    Guide,
    QuestionFrequente,
    Reference,
    Resultat,
    Situation,
    Terme,
    search,
)
from mutuelle_desktop.storage.index import plain
from mutuelle_desktop.storage.resources import resource


@cache
def load_guide() -> Guide:
    """Return the whole guide (resources/guide/)."""
    return Guide(
        situations=tuple(_situation(entry) for entry in _entries("situations", "situation")),
        questions=tuple(_question(entry) for entry in _entries("questions", "question")),
        termes=tuple(
            Terme(mot=entry["mot"], definition=entry["definition"], aussi=tuple(entry.get("aussi", ())))
            for entry in sorted(_entries("mots", "mot"), key=lambda entry: plain(entry["mot"]))
        ),
        references=tuple(Reference(**entry) for entry in _entries("textes", "texte")),
    )


def search_guide(mots: str) -> tuple[Resultat, ...]:
    """Return what the guide says of some words, accents and case ignored."""
    return search(load_guide(), mots, plain)


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


def _question(entry: dict[str, Any]) -> QuestionFrequente:
    return QuestionFrequente(
        id=entry["id"], question=entry["question"], reponse=tuple(entry["reponse"]), droit=entry["droit"],
        action=_action(entry),
    )  # fmt: skip


def _action(entry: dict[str, Any]) -> ActionGuide | None:
    return ActionGuide(entry["action"]) if "action" in entry else None
