"""What the page of one dossier shows, gathered in one look, away from the screen."""

from dataclasses import dataclass
from datetime import date

from mutuelle_desktop.domain.checklist import ListeEtat
from mutuelle_desktop.domain.echeance import Rappel
from mutuelle_desktop.services.checklists import checklists
from mutuelle_desktop.services.courriers import FiltreCourriers, LigneCourrier, list_courriers
from mutuelle_desktop.services.documents import LignePiece, pieces_of
from mutuelle_desktop.services.dossiers import LigneChronologie, LigneDossier, chronologie, ligne
from mutuelle_desktop.services.echeances import Suivi, rappels_of, suivi_of
from mutuelle_desktop.storage.library import Library


@dataclass(frozen=True, kw_only=True, slots=True)
class Vue:
    """One dossier with its dates, its story, its papers, its lists and its letters."""

    ligne: LigneDossier
    suivi: Suivi
    histoire: list[LigneChronologie]
    pieces: list[LignePiece]
    rappels: list[Rappel]
    listes: tuple[ListeEtat, ...]
    courriers: list[LigneCourrier]


def look_at(library: Library, key: str, today: date) -> Vue | None:
    """Return what there is to show of a dossier; None when it is gone."""
    found = ligne(library, key)
    if found is None:
        return None
    return Vue(
        ligne=found,
        suivi=suivi_of(library, key, today),
        histoire=chronologie(library, key),
        pieces=pieces_of(library, key),
        rappels=rappels_of(library, key),
        listes=checklists(library, key, today),
        courriers=list_courriers(library, FiltreCourriers(dossier_id=key)),
    )
