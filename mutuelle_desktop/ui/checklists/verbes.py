"""What does a line of a checklist: a button where the program can help."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from mutuelle_desktop.domain.evenement import Canal, Evenement
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dossiers.etapes import Etapes
from mutuelle_desktop.ui.echeances.forms import rappel_form

Verb = tuple[str, Callable[[], Any]]
DANS_L_APPEL = ("questions", "objectif", "horaire", "nom", "numero_dossier", "delai", "notes")
"""Facts that the call window itself brings: no button leads to it from inside."""


def verb_of(desk: Desk, parent: QWidget, fait: str, dossier_id: str, evenement_id: str | None) -> Verb | None:
    """Return the button that brings a fact about, and what it does; None where only the person can."""
    made = _VERBS.get(fait)
    if made is None:
        return None
    text, run = made
    if fait in DANS_L_APPEL and evenement_id is not None:
        return "Corriger…", partial(_correct, desk, parent, dossier_id, evenement_id)
    return text, partial(run, desk, parent, dossier_id)


def _contract(desk: Desk, _parent: QWidget, _dossier: str) -> None:
    desk.open("onglet", "contrats")


def _papers(desk: Desk, parent: QWidget, dossier: str) -> None:
    desk.import_into(desk.dialogs.choose_files(parent), dossier)


def _call(desk: Desk, _parent: QWidget, dossier: str) -> None:
    desk.call(dossier)


def _note(canal: Canal | None, desk: Desk, parent: QWidget, dossier: str) -> None:
    Etapes(desk, parent.window()).note(dossier, canal=canal)


def _correct(desk: Desk, parent: QWidget, dossier: str, evenement: str) -> None:
    with desk.library.read() as db:
        event = db.get(Evenement, evenement)
    if event is not None:
        Etapes(desk, parent.window()).note(dossier, event)


def _remind(desk: Desk, parent: QWidget, dossier: str) -> None:
    desk.dialogs.run(rappel_form(desk, parent, dossier_id=dossier))


def _deadlines(desk: Desk, _parent: QWidget, _dossier: str) -> None:
    desk.open("onglet", "echeances")


_PAPERS: tuple[str, Callable[..., Any]] = ("Ajouter des papiers…", _papers)
_CALL: tuple[str, Callable[..., Any]] = ("Préparer l’appel…", _call)
_SENT: tuple[str, Callable[..., Any]] = ("Noter l’envoi…", partial(_note, Canal.COURRIER))
_CONTRACT: tuple[str, Callable[..., Any]] = ("Compléter le contrat", _contract)
_EVENT: tuple[str, Callable[..., Any]] = ("Noter un événement…", partial(_note, None))
_DATES: tuple[str, Callable[..., Any]] = ("Voir les échéances", _deadlines)
_VERBS: dict[str, tuple[str, Callable[..., Any]]] = {
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
