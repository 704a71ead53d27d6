"""A call to the mutuelle: what it is for, what was asked and answered, when to make it."""

from dataclasses import dataclass
from enum import StrEnum


class IssueAppel(StrEnum):
    """How a call ended."""

    REPONSE = "réponse obtenue"
    PROMESSE = "délai promis"
    TRANSFERT = "rappel d’un spécialiste ou d’un responsable"
    REFUS = "refus"
    SANS_REPONSE = "personne n’a répondu"


@dataclass(frozen=True, kw_only=True, slots=True)
class Appel:
    """What a call holds beyond its event, whose id it bears; attente and conversation in seconds.

    questions are those prepared, reponses the answers in the same order (empty when none was given).
    """

    id: str
    objectif: str = ""
    contact_id: str | None = None
    issue: IssueAppel = IssueAppel.REPONSE
    attente: int = 0
    conversation: int = 0
    questions: tuple[str, ...] = ()
    reponses: tuple[str, ...] = ()
