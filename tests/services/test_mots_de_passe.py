"""Which passwords are tried, in which order, and which are remembered."""

from datetime import UTC, date, datetime

import pytest

from mutuelle_desktop.domain.document import EtatLecture, Lecture, MotDePasse
from mutuelle_desktop.domain.errors import Protege
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import personnes
from mutuelle_desktop.services.mots_de_passe import unlock
from tests.services.aides import every, get


class Serrure:
    """A paper that opens with one password, and notes what was tried."""

    def __init__(self, key: str) -> None:
        self.key, self.tried = key, []

    def __call__(self, password: str) -> str:
        self.tried.append(password)
        if password != self.key:
            raise Protege("Ce PDF est protégé par un mot de passe.")
        return f"ouvert par {password}"


@pytest.fixture
def known(library):
    """Two passwords that served, the second one later, and a birth date."""
    with library.write("Retenir", undoable=False) as db:
        db.put(MotDePasse(valeur="ancien", ajoute_le=datetime(2025, 1, 1, tzinfo=UTC)))
        db.put(MotDePasse(valeur="récent", ajoute_le=datetime(2026, 1, 1, tzinfo=UTC)))
    personnes.save_personne(library, Personne(prenom="Camille", nom="B", naissance=date(1984, 5, 12)))


def test_a_paper_without_a_password_is_opened_at_once(library, known):
    lock = Serrure("")
    assert unlock(library, lock, "donné") == "ouvert par "
    assert lock.tried == [""]


def test_the_one_given_is_tried_first_then_those_that_served_the_latest_first_then_birth_dates(library, known):
    lock = Serrure("aucun de ceux-là")
    with pytest.raises(Protege):
        unlock(library, lock, "donné")
    assert lock.tried[:5] == ["", "donné", "récent", "ancien", "12051984"]
    assert len(lock.tried) == len(set(lock.tried)), "none is tried twice"
    assert [m.valeur for m in every(library, MotDePasse)] == ["ancien", "récent"]


def test_only_a_password_that_was_given_and_opens_is_remembered_once(library, known):
    unlock(library, Serrure("12051984"))
    unlock(library, Serrure("récent"), "récent")
    assert len(every(library, MotDePasse)) == 2
    unlock(library, Serrure("nouveau"), "nouveau")
    unlock(library, Serrure("nouveau"), "nouveau")
    assert sorted(m.valeur for m in every(library, MotDePasse)) == ["ancien", "nouveau", "récent"]


def test_a_new_password_gives_the_papers_still_locked_another_chance(library):
    with library.write("Lire", undoable=False) as db:
        db.put(Lecture(id="a", etat=EtatLecture.PROTEGE, raison="protégé", essais=2))
        db.put(Lecture(id="b", etat=EtatLecture.ILLISIBLE, raison="abîmé"))
    unlock(library, Serrure("nouveau"), "nouveau")
    assert get(library, Lecture, "a") == Lecture(id="a")
    assert get(library, Lecture, "b").etat is EtatLecture.ILLISIBLE
    assert library.undo_label is None, "a password is no step of undo"
