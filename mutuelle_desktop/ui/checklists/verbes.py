"""What does a line of a checklist: a button where the program can help."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from mutuelle_desktop.domain.evenement import Canal, Evenement
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.echeances.forms import rappel_form

Note = Callable[[str, Evenement | None, Canal | None], Any]
Verb = tuple[str, Callable[[], Any]]
DANS_L_APPEL = ("questions", "objectif", "horaire", "nom", "numero_dossier", "delai", "notes")
"""Facts that the call window itself brings: no button leads to it from inside."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line stands: its dossier, its exchange, and how an event is noted or corrected from there."""

    desk: Desk
    parent: QWidget
    dossier_id: str
    evenement_id: str | None
    note: Note


def verb_of(place: Place, fait: str) -> Verb | None:
    """Return the button that brings a fact about, and what it does; None where only the person can."""
    made = _VERBS.get(fait)
    if made is None:
        return None
    if fait in DANS_L_APPEL and place.evenement_id is not None:
        return "Corriger…", partial(_correct, place)
    text, run = made
    return text, partial(run, place)


def note_in_page(desk: Desk, dossier_id: str, _event: Evenement | None, _canal: Canal | None) -> None:
    """Note an event from the page of its dossier: what is done where nothing better is given."""
    desk.open("Dossier", dossier_id)
    desk.page("dossiers").detail.note_event()


def _contract(place: Place) -> None:
    place.desk.open("onglet", "contrats")


def _papers(place: Place) -> None:
    place.desk.import_into(place.desk.dialogs.choose_files(place.parent), place.dossier_id)


def _call(place: Place) -> None:
    place.desk.call(place.dossier_id)


def _sent(place: Place) -> None:
    place.note(place.dossier_id, None, Canal.COURRIER)


def _event(place: Place) -> None:
    place.note(place.dossier_id, None, None)


def _correct(place: Place) -> None:
    with place.desk.library.read() as db:
        event = db.get(Evenement, place.evenement_id or "")
    if event is not None:
        place.note(place.dossier_id, event, None)


def _remind(place: Place) -> None:
    place.desk.dialogs.run(rappel_form(place.desk, place.parent, dossier_id=place.dossier_id))


def _deadlines(place: Place) -> None:
    place.desk.open("onglet", "echeances")


_PAPERS: tuple[str, Callable[[Place], Any]] = ("Ajouter des papiers…", _papers)
_CALL: tuple[str, Callable[[Place], Any]] = ("Préparer l’appel…", _call)
_SENT: tuple[str, Callable[[Place], Any]] = ("Noter l’envoi…", _sent)
_CONTRACT: tuple[str, Callable[[Place], Any]] = ("Compléter le contrat", _contract)
_EVENT: tuple[str, Callable[[Place], Any]] = ("Noter un événement…", _event)
_DATES: tuple[str, Callable[[Place], Any]] = ("Voir les échéances", _deadlines)
_VERBS: dict[str, tuple[str, Callable[[Place], Any]]] = {
    "numero_adherent": _CONTRACT,
    "papiers": _PAPERS,
    **dict.fromkeys(DANS_L_APPEL, _CALL),
    "envoi": _SENT,
    "rappel": ("Prévoir un rappel…", _remind),
    "confirmation": _SENT,
    "agenda": _DATES,
    "historique": _EVENT,
    "references": _CONTRACT,
    "lettres": _PAPERS,
    "recours": _DATES,
    "mediateur": _EVENT,
}
