"""Undo, redo, groups, and the history one can read."""

import threading
from dataclasses import replace

import pytest

from mutuelle_desktop.domain.document import Document, EtatLecture, Fichier, Lecture, Page, Piece
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.storage.history import UNDO_LIMIT
from mutuelle_desktop.storage.library import Entry, Library
from tests.storage.foyer import (
    APPEL,
    CALL,
    CAMILLE,
    COCHE,
    COURONNE,
    EVERYTHING,
    FACTURE,
    FICHIER,
    HELD,
    LECTURE,
    LETTRE,
    PAGE,
    PIECE,
    dossier,
    put,
)


def delete(library, *values, label="Retirer", **how):
    with library.write(label, **how) as db:
        for value in values:
            db.delete(value)


def everything(library):
    with library.read() as db:
        return {type(value): db.get(type(value), value.id) for value in EVERYTHING}


def test_undo_then_redo_of_a_change(library):
    value = dossier()
    put(library, value, label="Ouvrir")
    put(library, replace(value, titre="Autre"), label="Renommer")
    assert library.undo() == "Renommer"
    with library.read() as db:
        assert db.get(Dossier, value.id) == value
    assert (library.undo_label, library.redo_label) == ("Ouvrir", "Renommer")
    assert library.redo() == "Renommer"
    with library.read() as db:
        assert db.get(Dossier, value.id).titre == "Autre"
    assert (library.undo_label, library.redo_label) == ("Renommer", None)


def test_nothing_to_undo_is_none(library):
    assert library.undo() is None
    assert library.redo() is None
    assert library.undo_label is None


def test_a_new_action_forgets_what_was_undone(library):
    put(library, dossier(1))
    library.undo()
    put(library, dossier(2))
    assert library.redo() is None


def test_a_household_deleted_from_the_leaves_up_comes_back_from_the_roots_down(library):
    put(library, *EVERYTHING)
    before = everything(library)
    delete(library, *HELD, APPEL, FACTURE, COURONNE)
    assert library.undo() == "Retirer"
    assert everything(library) == before
    library.redo()
    with library.read() as db:
        assert [db.count(kind) for kind in (Piece, Evenement, Document, Dossier)] == [0, 0, 0, 0]


def test_undoing_all_steps_and_redoing_them_gives_the_same(library):
    put(library, *EVERYTHING)
    put(library, replace(CAMILLE, nom="Durand"), replace(FACTURE, titre="Reçu"))
    delete(library, LETTRE, CALL, COCHE, APPEL)
    put(library, dossier(9))
    last = everything(library)
    while library.undo():
        pass
    with library.read() as db:
        assert db.count(Personne) == 0
    while library.redo():
        pass
    assert everything(library) == last


def test_thirty_steps_are_kept(library):
    value = dossier()
    for number in range(UNDO_LIMIT + 5):
        put(library, replace(value, titre=str(number)))
    undone = 0
    while library.undo():
        undone += 1
    assert undone == UNDO_LIMIT
    with library.read() as db:
        assert db.get(Dossier, value.id).titre == "4"


def test_writes_of_one_group_are_one_step_under_the_last_label(library):
    for number in range(3):
        put(library, dossier(number), label=f"Ajouter {number + 1} dossiers", group="import-1")
        put(library, replace(LECTURE, id=str(number)), label="Lire", undoable=False)
    assert library.undo_label == "Ajouter 3 dossiers"
    assert library.undo() == "Ajouter 3 dossiers"
    assert library.undo_label is None
    with library.read() as db:
        assert db.count(Dossier) == 0
    library.redo()
    with library.read() as db:
        assert db.count(Dossier) == 3


def test_another_action_ends_a_group(library):
    put(library, dossier(1), label="A", group="g")
    put(library, dossier(2), label="B")
    put(library, dossier(3), label="C", group="g")
    assert [library.undo(), library.undo(), library.undo()] == ["C", "B", "A"]


def test_undo_ends_a_group(library):
    put(library, dossier(1), label="A", group="g")
    library.undo()
    library.redo()
    put(library, dossier(2), label="B", group="g")
    assert [library.undo(), library.undo()] == ["B", "A"]


def test_readings_survive_the_undo_of_what_they_were_read_from(library):
    put(library, CAMILLE, FICHIER, FACTURE, Lecture(id=FICHIER.id), label="Importer")
    put(library, PAGE, replace(LECTURE, etat=EtatLecture.LU), label="Lire", undoable=False)
    library.undo()
    with library.read() as db:
        assert db.get(Document, FACTURE.id) is None
        assert db.get(Fichier, FICHIER.id) == FICHIER
        assert db.get(Page, PAGE.id) == PAGE
    library.redo()
    with library.read() as db:
        assert db.get(Document, FACTURE.id) == FACTURE
        assert db.get(Lecture, FICHIER.id).etat is EtatLecture.LU


def test_readings_alone_are_no_step(library):
    put(library, FICHIER, LECTURE, PAGE, label="Lire")
    assert library.undo_label is None


def test_the_same_value_again_changes_nothing(library):
    entries: list[Entry] = []
    value = dossier()
    put(library, value)
    library.listeners.append(entries.append)
    put(library, value)
    delete(library, dossier(2))
    assert entries == []
    assert library.undo() == "Mettre"


def test_an_undo_that_others_now_depend_on_is_refused_and_changes_nothing(library):
    put(library, CAMILLE, label="Ajouter Camille")
    put(library, dossier(1, personne_id=CAMILLE.id), undoable=False)
    with pytest.raises(Refused, match="Ajouter Camille"):
        library.undo()
    with library.read() as db:
        assert db.get(Personne, CAMILLE.id) == CAMILLE
        assert db.count(Dossier) == 1
    assert library.undo() is None


def test_listeners_hear_what_was_kept_once_it_is(library):
    heard: list[tuple[Entry, int]] = []

    def listen(entry: Entry) -> None:
        with library.read() as db:
            heard.append((entry, db.count(Dossier)))

    library.listeners.append(listen)
    value = dossier()
    put(library, value, label="Ouvrir")
    library.undo()
    (first, after_write), (second, after_undo) = heard
    assert (first.label, after_write, after_undo) == ("Ouvrir", 1, 0)
    assert first.touches(Dossier)
    assert not first.touches(Document, Piece)
    assert first.ids(Dossier) == second.ids(Dossier) == {value.id}
    assert second.changes[0].after is None


def test_a_refused_write_is_neither_kept_nor_told_nor_undoable(library):
    heard: list[Entry] = []
    library.listeners.append(heard.append)

    def refused() -> None:
        with library.write("Ouvrir") as db:
            db.put(dossier())
            raise Refused("non")

    with pytest.raises(Refused):
        refused()
    with library.read() as db:
        assert db.count(Dossier) == 0
        assert db.journal("x") == []
    assert heard == []
    assert library.undo_label is None
    put(library, dossier())


def test_listeners_are_called_on_the_thread_that_wrote(library):
    heard: list[int] = []
    library.listeners.append(lambda _: heard.append(threading.get_ident()))
    writer = threading.Thread(target=put, args=(library, dossier()))
    writer.start()
    writer.join()
    assert heard == [writer.ident]


def test_the_history_of_a_dossier_says_what_happened_and_what_was_undone(library):
    put(library, CAMILLE, FICHIER, FACTURE, label="Importer")
    value = dossier()
    put(library, value, label="Ouvrir")
    put(library, replace(PIECE, dossier_id=value.id), label="Ajouter une pièce")
    put(library, replace(value, titre="Autre"), label="Renommer")
    library.undo()

    def lines(key: str) -> list[tuple[str, bool]]:
        with library.read() as db:
            return [(line.label, line.annule) for line in db.journal(key)]

    assert lines(value.id) == [("Ouvrir", False), ("Ajouter une pièce", False), ("Renommer", True)]
    assert lines(FACTURE.id) == [("Importer", False), ("Ajouter une pièce", False)]
    library.redo()
    assert lines(value.id)[-1] == ("Renommer", False)
    with library.read() as db:
        assert [line.label for line in db.journal(value.id, limit=1)] == ["Renommer"]
        assert db.journal(value.id)[0].le <= db.journal(value.id)[-1].le


def test_the_history_survives_closing_and_undo_does_not(library):
    value = dossier()
    put(library, value, label="Ouvrir")
    library.close()
    again = Library(library.folder)
    with again.read() as db:
        assert [line.label for line in db.journal(value.id)] == ["Ouvrir"]
    assert again.undo() is None
    again.close()


def test_a_group_is_one_line_of_history(library):
    value = dossier()
    put(library, value, label="Ouvrir")
    for number in range(4):
        put(library, replace(value, notes=str(number)), label=f"Noter {number}", group="g")
    with library.read() as db:
        assert [line.label for line in db.journal(value.id)] == ["Ouvrir", "Noter 3"]
