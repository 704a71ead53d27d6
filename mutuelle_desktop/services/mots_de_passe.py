"""The passwords that may open a PDF: the one just given, those that served, the household's birth dates."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import TypeVar

from mutuelle_desktop.domain.document import EtatLecture, Lecture, MotDePasse
from mutuelle_desktop.domain.errors import Protege
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.schema import TABLE_OF

Result = TypeVar("Result")

_FORMS = ("%d%m%Y", "%d%m%y", "%Y%m%d", "%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y")


def unlock(library: Library, attempt: Callable[[str], Result], given: str | None = None) -> Result:
    """Return what the attempt gives with the first password that opens; raise Protege when none does.

    Nothing is tried beyond the empty one unless it is needed. A given password that opens is remembered.
    """
    try:
        return attempt("")
    except Protege:
        for password in _candidates(library, given):
            try:
                result = attempt(password)
            except Protege:
                continue
            if password == given:
                _remember(library, password)
            return result
        raise


def _candidates(library: Library, given: str | None) -> Iterator[str]:
    with library.read() as db:
        known = [mot.valeur for mot in db.all(MotDePasse, order=TABLE_OF[MotDePasse].c.ajoute_le.desc())]
        births = [personne.naissance for personne in db.all(Personne) if personne.naissance]
    tried = {"": None, **dict.fromkeys([given or "", *known])}
    for birth in births:
        tried.update(dict.fromkeys(_forms(birth)))
    yield from (password for password in tried if password)


def _forms(day: date) -> Iterator[str]:
    return (day.strftime(form) for form in _FORMS)


def _remember(library: Library, password: str) -> None:
    """Keep a password that served, and give the papers still locked another chance."""
    lecture, mot = TABLE_OF[Lecture].c, TABLE_OF[MotDePasse].c
    with library.write("Retenir un mot de passe", undoable=False) as db:
        if db.count(MotDePasse, mot.valeur == password):
            return
        db.put(MotDePasse(valeur=password))
        for locked in db.all(Lecture, lecture.etat == EtatLecture.PROTEGE):
            db.put(replace(locked, etat=EtatLecture.COPIE, raison="", essais=0))
