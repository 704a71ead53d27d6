"""What nothing names any more is forgotten, and only that."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from mutuelle_desktop.domain.courrier import Courrier
from mutuelle_desktop.domain.document import Document, EtatLecture, Fichier, Lecture, Page, Vignette
from mutuelle_desktop.domain.ids import now
from mutuelle_desktop.storage.library import Library
from tests.storage.foyer import content, put, take_in, throw_away


def _fail(*_, **__):
    raise OSError(5, "Input/output error")


@pytest.fixture
def restarted(library: Library) -> Iterator[Library]:
    """The library at its next start, with four papers: named, derived from, undoable, and named by nothing."""
    named, source, undone, lost = (take_in(library, text) for text in (b"un", b"deux", b"trois", b"quatre"))
    put(library, Document(titre="Tourné", nom="t.pdf", empreinte=named.empreinte, origines=(source.empreinte,)))
    with library.write("Lire", undoable=False) as db:
        db.put_all(
            (
                Lecture(id=lost.empreinte, etat=EtatLecture.LU),
                Page(id=f"{lost.empreinte}:1", empreinte=lost.empreinte, numero=1, largeur=1, hauteur=1),
                Vignette(id=lost.empreinte, image=b"x"),
            )
        )
        db.delete(source)
        db.delete(lost)
    library.close()
    again = Library(library.folder)
    with again.write("Supprimer") as db:
        db.delete(undone)
    yield again
    again.close()


def test_the_purge_forgets_only_what_nothing_names_any_more(restarted):
    later = now() + timedelta(days=31)
    with restarted.read() as db:
        before = {fichier.id for fichier in db.all(Fichier)}
    assert restarted.purge(later) == 1
    with restarted.read() as db:
        kept = {fichier.id for fichier in db.all(Fichier)}
        assert (db.count(Lecture), db.count(Page), db.count(Vignette)) == (0, 0, 0)
    (gone,) = before - kept
    assert not restarted.vault.holds(gone)
    assert all(restarted.vault.holds(name) for name in kept)
    assert restarted.undo() == "Supprimer"


def test_the_purge_waits_thirty_days(restarted):
    assert restarted.purge(now() + timedelta(days=29)) == 0
    with restarted.read() as db:
        assert db.count(Fichier) == 4


def test_the_purge_spares_what_is_being_taken_in(restarted):
    with restarted.read() as db:
        (lost,) = {f.id for f in db.all(Fichier)} - {
            name for d in db.all(Document) for name in (d.empreinte, *d.origines)
        } - {restarted.vault.add_bytes(b"trois").empreinte}  # fmt: skip
    assert restarted.vault.add_bytes(b"quatre").empreinte == lost
    assert restarted.purge(now() + timedelta(days=31)) == 0
    assert restarted.vault.read(lost) == b"quatre"


def test_a_file_the_purge_cannot_remove_is_swept_at_the_next_start(restarted, monkeypatch):
    monkeypatch.setattr(Path, "unlink", _fail)
    assert restarted.purge(now() + timedelta(days=31)) == 1
    monkeypatch.undo()
    restarted.close()
    again = Library(restarted.folder)
    assert len(again.vault.orphans()) == 1
    again.close()


def test_a_paper_thrown_away_leaves_nothing(library):
    document = take_in(library, content(3))
    throw_away(library, document)
    assert not library.vault.holds(document.empreinte)
    library.close()
    again = Library(library.folder)
    assert again.vault.orphans() == []
    again.close()


def test_the_frozen_bytes_of_a_letter_are_kept_as_long_as_the_letter(library):
    paper = take_in(library, b"lettre")
    put(library, Courrier(jour=date(2026, 6, 20), empreinte=paper.empreinte))
    with library.write("Retirer", undoable=False) as db:
        db.delete(paper)
    library.close()
    again = Library(library.folder)
    assert again.purge(now() + timedelta(days=31)) == 0
    assert again.vault.read(paper.empreinte) == b"lettre"
    again.close()
