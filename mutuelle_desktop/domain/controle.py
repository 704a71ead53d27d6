"""Dates that cannot be, and dates that are doubtful."""

from collections.abc import Iterable
from datetime import date

from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.personne import Personne


def check_evenement(
    evenement: Evenement, evenements: Iterable[Evenement], today: date, personne: Personne | None = None
) -> tuple[str, ...]:
    """Return what is doubtful about an event among the others of its dossier; Refused for what cannot be."""
    return ()
