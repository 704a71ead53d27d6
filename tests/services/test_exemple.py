"""The household one tries the program with: it comes whole, and leaves without taking anything along."""

import pytest

from mutuelle_desktop.domain.contrat import Contact, Contrat, Couverture, Mutuelle
from mutuelle_desktop.domain.document import Document, EtatLecture, Lecture, Piece
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.services import dossiers, exemple, personnes
from mutuelle_desktop.services.importation import import_files
from mutuelle_desktop.services.recherche import search_documents
from mutuelle_desktop.storage.resources import resource
from tests.services.aides import TODAY, carried_out, every, facts, refused
from tests.services.papiers import pdf

KINDS = (Personne, Mutuelle, Contact, Contrat, Couverture, Dossier, Document, Piece, Evenement)


def test_the_example_comes_read_and_leaves_in_one_action_that_can_be_undone(library, workers):
    empty = facts(library)
    assert exemple.is_empty(library)
    assert not exemple.has_example(library)
    exemple.fill_example(library, workers)
    assert exemple.has_example(library)
    assert not exemple.is_empty(library)
    assert all(every(library, kind) for kind in KINDS)
    assert {lecture.etat for lecture in every(library, Lecture)} == {EtatLecture.LU}
    assert search_documents(library, "couronne")
    assert [d.reference for d in every(library, Dossier)] == [f"2026-00{n}" for n in range(1, 6)]
    refused(library, "déjà là", lambda: exemple.fill_example(library, workers))
    carried_out(library, "Retirer le foyer d’exemple", lambda: exemple.remove_example(library))
    assert facts(library) == empty
    assert not exemple.has_example(library)
    library.undo()
    assert exemple.has_example(library)
    library.redo()
    exemple.fill_example(library, workers)
    assert exemple.has_example(library)


def test_what_the_person_has_or_adds_meanwhile_never_leaves_with_the_example(library, workers, tmp_path):
    before = personnes.save_personne(library, Personne(prenom="Anne", nom="Vraie"))
    added: list[str] = []

    class Busy(Progress):
        """A person who goes on working while the example is being filled."""

        def step(self, done: int, total: int, text: str = "") -> None:
            if not added:
                added.append(personnes.save_personne(library, Personne(prenom="Bob", nom="Vrai")).id)
                added.append(dossiers.create_dossier(library, nature=NatureDossier.INFORMATION, on=TODAY).id)
                (own,) = import_files(library, workers, [pdf(tmp_path / "a.pdf", "à moi")])
                added.append(own.document_id)

    exemple.fill_example(library, workers, Busy())
    exemple.remove_example(library)
    assert {p.id for p in every(library, Personne)} == {before.id, added[0]}
    assert [d.id for d in every(library, Dossier)] == [added[1]]
    assert [d.id for d in every(library, Document)] == [added[2]]
    assert every(library, Mutuelle) == every(library, Contact) == every(library, Piece) == []


def test_what_the_persons_own_dossier_names_stays(library, workers):
    exemple.fill_example(library, workers)
    camille = next(p for p in every(library, Personne) if p.prenom == "Camille")
    (contrat,) = every(library, Contrat)
    own = dossiers.create_dossier(
        library,
        nature=NatureDossier.INFORMATION,
        on=TODAY,
        titre="À moi",
        personne_id=camille.id,
        contrat_id=contrat.id,
    )
    carried_out(library, "Retirer le foyer d’exemple", lambda: exemple.remove_example(library))
    assert every(library, Dossier) == [own]
    assert every(library, Personne) == [camille]
    assert every(library, Contrat) == [contrat]
    assert len(every(library, Mutuelle)) == 1
    assert every(library, Document) == every(library, Evenement) == []


def test_a_paper_the_person_had_already_stays_theirs(library, workers):
    (own,) = import_files(library, workers, [resource("exemple/facture-optique.pdf")])
    before = next(d for d in every(library, Document) if d.id == own.document_id)
    exemple.fill_example(library, workers)
    assert next(d for d in every(library, Document) if d.id == own.document_id) == before
    exemple.remove_example(library)
    assert every(library, Document) == [before]


def test_an_example_that_could_not_be_finished_leaves_all_the_same(library, workers, monkeypatch):
    empty = facts(library)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("mutuelle_desktop.services.exemple.classify", broken)
    with pytest.raises(RuntimeError):
        exemple.fill_example(library, workers)
    assert exemple.has_example(library)
    exemple.remove_example(library)
    assert facts(library) == empty
