"""What a verb names must still be there: another window, an undo or the trash may have taken it away meanwhile."""

from typing import Any, TypeVar

from mutuelle_desktop.domain.contrat import Contrat, Mutuelle
from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.storage.library import Reader

Value = TypeVar("Value")

_GONE: dict[type[Any], str] = {
    Contrat: "Ce contrat n’existe plus. Choisissez-en un autre.",
    Document: "Ce document n’existe plus.",
    Dossier: "Ce dossier n’existe plus.",
    Mutuelle: "Cette mutuelle n’existe plus. Choisissez-en une autre.",
    Personne: "Cette personne n’existe plus. Choisissez-en une autre.",
}


def existing(db: Reader, kind: type[Value], key: str) -> Value:
    """Return the value of this identifier, or refuse in French."""
    value = db.get(kind, key)
    if value is None:
        raise Refused(_GONE[kind])
    return value


def check_link(db: Reader, kind: type[Any], key: str | None) -> None:
    """Refuse a link to something that is gone; no link is always right."""
    if key is not None:
        existing(db, kind, key)
