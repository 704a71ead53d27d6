"""« Vérifier le coffre »: what is whole, what is mended, what is told by name."""

import json

import pytest

from mutuelle_desktop.domain.document import Document, EtatLecture, Fichier, Lecture, Page
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.services import personnes, verification
from mutuelle_desktop.services.recherche import search_all, search_documents
from mutuelle_desktop.services.verification import verify
from mutuelle_desktop.storage.keys import COPY, HEADER
from mutuelle_desktop.storage.library import Library
from tests.services.aides import every, facts, get, spaced
from tests.storage.foyer import take_in


@pytest.fixture
def kept(library):
    """Three papers, read, and a person."""
    personnes.save_personne(library, Personne(prenom="Camille", nom="Bessière"))
    made = [take_in(library, f"octets {n}".encode() * 9000, f"Papier {n}") for n in range(3)]
    with library.write("Lire", undoable=False) as db:
        for document in made:
            mark = document.empreinte
            db.put(Lecture(id=mark, etat=EtatLecture.LU, pages=1, pages_lues=1))
            db.put(Page(id=f"{mark}:1", empreinte=mark, numero=1, largeur=1, hauteur=1, texte="couronne"))
    return made


def told(library: Library) -> list[str]:
    return [spaced(sentence) for sentence in verify(library).phrases]


def test_a_whole_safe_is_said_to_be_whole(library, kept):
    before = facts(library)
    bilan = verify(library)
    assert bilan.sain
    assert [spaced(p) for p in bilan.phrases] == ["Coffre vérifié : 3 documents sont intacts."]
    assert facts(library) == before
    assert library.undo_label == "Ajouter « Papier 2 »"


def test_an_empty_safe_and_one_of_one_paper_are_said_in_their_own_words(library):
    assert told(library) == ["Coffre vérifié : il ne contient aucun document."]
    take_in(library, b"x")
    verify(library)
    assert told(library) == ["Coffre vérifié : 1 document est intact."]


def test_a_missing_file_is_told_by_the_title_of_its_paper(library, kept):
    library.vault.remove(kept[1].empreinte)
    bilan = verify(library)
    assert (bilan.sain, bilan.manquants, bilan.alteres) == (False, ("Papier 1",), ())
    assert spaced(bilan.phrases[0]).startswith("Fichier manquant pour « Papier 1 »")
    assert get(library, Document, kept[1].id) == kept[1], "what is known of it stays"


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-1],
        lambda whole: whole[:30],
        lambda whole: b"",
        lambda whole: whole[:200] + bytes([whole[200] ^ 1]) + whole[201:],
        lambda whole: whole + b"x",
        lambda whole: b"X" + whole[1:],
    ],
)
def test_an_altered_file_is_told_by_the_title_of_its_paper(library, kept, damage):
    path = library.vault.path(kept[0].empreinte)
    path.write_bytes(damage(path.read_bytes()))
    bilan = verify(library)
    assert (bilan.manquants, bilan.alteres) == ((), ("Papier 0",))
    assert "abîmé" in bilan.phrases[0]


def test_two_files_exchanged_are_both_told(library, kept):
    first, second = (library.vault.path(d.empreinte) for d in kept[:2])
    swap = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(swap)
    assert set(verify(library).alteres) == {"Papier 0", "Papier 1"}


def test_a_file_quarantined_by_mistake_comes_back_and_a_stray_one_is_put_aside(library, kept):
    mark = kept[2].empreinte
    library.vault.path(mark).rename(library.folder / "orphelins" / mark)
    stray = library.folder / "fichiers" / "zz" / ("zz" * 20)
    stray.parent.mkdir()
    stray.write_bytes(b"personne ne me nomme")
    bilan = verify(library)
    assert (bilan.sain, bilan.repares, bilan.orphelins) == (True, 1, 1)
    assert [spaced(p) for p in bilan.phrases] == [
        "Coffre vérifié : 3 documents sont intacts.",
        "Une réparation a été faite.",
        "1 fichier sans document est mis de côté pendant 30 jours.",
    ]
    assert library.vault.holds(mark)
    assert not stray.exists()
    assert (library.folder / "orphelins" / stray.name).read_bytes() == b"personne ne me nomme"


@pytest.mark.parametrize("name", [HEADER, COPY])
@pytest.mark.parametrize("damage", ["gone", "cut", "rubbish"])
def test_a_damaged_header_is_written_again_from_its_twin(library, kept, name, damage):
    path = library.folder / name
    whole = path.read_bytes()
    path.unlink() if damage == "gone" else path.write_bytes(whole[:40] if damage == "cut" else b"\xff" * 400)
    bilan = verify(library)
    assert (bilan.sain, bilan.repares) == (True, 1)
    assert path.read_bytes() == whole
    json.loads(whole)
    library.close()
    Library(library.folder).close()


def test_a_lost_index_is_built_again_and_everything_found_as_before(library, kept):
    before = facts(library)["mots"]
    with library.write("Perdre", undoable=False) as db:
        db.raw("DELETE FROM recherche WHERE rowid IN (SELECT numero FROM fiche)")
        db.raw("DELETE FROM fiche WHERE kind = 'Personne'")
    assert search_documents(library, "couronne") == search_all(library, "camille") == []
    bilan = verify(library)
    assert (bilan.sain, bilan.repares) == (True, 4)
    assert "4 réparations ont été faites." in told(library) + [spaced(p) for p in bilan.phrases]
    assert len(search_documents(library, "couronne")) == 3
    assert len(search_all(library, "camille")) == 1
    assert facts(library)["mots"] == before
    assert verify(library).repares == 0


def test_readings_that_are_missing_are_asked_for_again_and_those_of_nothing_removed(library, kept):
    with library.write("Perdre", undoable=False) as db:
        db.raw("DELETE FROM lecture WHERE id = ?", (kept[0].empreinte,))
        db.raw("DELETE FROM page WHERE empreinte = ?", (kept[1].empreinte,))
        db.put(Lecture(id="ff" * 20, etat=EtatLecture.LU))
    assert verify(library).repares == 3
    states = {lecture.id: lecture.etat for lecture in every(library, Lecture)}
    assert states == {
        kept[0].empreinte: EtatLecture.COPIE, kept[1].empreinte: EtatLecture.COPIE, kept[2].empreinte: EtatLecture.LU,
    }  # fmt: skip


def test_a_damaged_base_is_told_and_nothing_in_it_is_changed(library, kept, monkeypatch):
    monkeypatch.setattr(Library, "is_whole", lambda _: False)
    with library.write("Perdre", undoable=False) as db:
        db.raw("DELETE FROM lecture WHERE id = ?", (kept[0].empreinte,))
    bilan = verify(library)
    assert (bilan.sain, bilan.base_ok, bilan.repares) == (False, False, 0)
    assert "restaurez une sauvegarde" in spaced(bilan.phrases[0])
    assert len(bilan.phrases) == 1
    assert len(every(library, Lecture)) == 2


def test_the_original_of_a_turned_paper_is_checked_too_and_many_titles_are_counted(library):
    made = [take_in(library, f"x{n}".encode(), f"Papier {n}") for n in range(12)]
    for document in made:
        library.vault.remove(document.empreinte)
    sentence = spaced(verify(library).phrases[0])
    assert "« Papier 9 » et 2 autres :" in sentence
    assert "Papier 10" not in sentence


def test_each_file_is_named_as_it_is_checked(library, kept):
    said: list[str] = []

    class Told(Progress):
        def step(self, done: int, total: int, text: str = "") -> None:
            said.append(text)

    verify(library, progress=Told())
    assert said[0] == "Vérification de la base"
    assert sorted(said[1:]) == [f"Vérification de Papier {n}" for n in range(3)]
    assert verification.verify is verify
    assert len(every(library, Fichier)) == 3
