"""Pages turned, cut, joined and put in order: the paper stays the same everywhere, the original comes back."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from mutuelle_desktop.domain.document import Document, EtatLecture, Fichier, Lecture, Page, Source, Vignette
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.services import documents, dossiers, lectures, versions
from mutuelle_desktop.services.dessins import draw_page
from mutuelle_desktop.services.importation import import_files
from mutuelle_desktop.services.recherche import first_hit, search_documents
from mutuelle_desktop.storage.library import Library
from tests.services.aides import TODAY, carried_out, every, get, refused
from tests.services.papiers import locked_pdf, pdf, picture


def take(library: Library, workers: object, path: Path, dossier_id: str | None = None) -> Document:
    (taken,) = import_files(library, workers, [path], dossier_id=dossier_id)
    lectures.read_pending(library, workers)
    return get(library, Document, taken.document_id)


def texts(library: Library, document: Document) -> list[str]:
    """Return the text of each page of the very bytes, read afresh."""
    reader = PdfReader(io.BytesIO(library.vault.read(document.empreinte)))
    return [page.extract_text().strip() for page in reader.pages]


@pytest.fixture
def couronne(library):
    return dossiers.create_dossier(library, nature=NatureDossier.REMBOURSEMENT, on=TODAY, titre="Couronne")


@pytest.fixture
def three(library, workers, tmp_path):
    return take(library, workers, pdf(tmp_path / "trois.pdf", "alpha", "beta", "gamma"))


def test_a_page_is_turned_the_others_left_and_its_words_turn_with_it(library, workers, three):
    before, _ = documents.page_mots(library, three.id, 2)
    turned = carried_out(library, "Tourner une page", lambda: versions.rotate(library, workers, three.id, [2], 90))
    assert (turned.id, turned.origines) == (three.id, (three.empreinte,))
    page, (mot,) = documents.page_mots(library, three.id, 2)
    assert (round(page.largeur), round(page.hauteur)) == (round(before.hauteur), round(before.largeur))
    assert mot.y1 - mot.y0 > mot.x1 - mot.x0, "the word stands upright on its side"
    assert mot.x0 > page.largeur / 2 or mot.y0 < page.hauteur / 2
    assert [r.id for r in search_documents(library, "beta")] == [three.id]
    assert get(library, Lecture, turned.empreinte).etat is EtatLecture.LU, "nothing waits to be read again"
    assert get(library, Vignette, turned.empreinte).image
    assert PdfReader(io.BytesIO(library.vault.read(turned.empreinte))).pages[1].rotation == 90


def test_turning_four_times_comes_back_to_the_same_places(library, workers, three):
    _, before = documents.page_mots(library, three.id, 1)
    for _ in range(4):
        versions.rotate(library, workers, three.id, [1], 90)
    _, after = documents.page_mots(library, three.id, 1)
    assert [(m.texte, round(m.x0), round(m.y0)) for m in after] == [(m.texte, round(m.x0), round(m.y0)) for m in before]
    assert get(library, Document, three.id).origines == (three.empreinte,), "a version of a version has one original"


def test_all_pages_turn_when_none_is_named_and_a_whole_turn_changes_nothing(library, workers, three):
    carried_out(library, "Tourner 3 pages", lambda: versions.rotate(library, workers, three.id, None, -90))
    label, kept = library.undo_label, get(library, Document, three.id)
    assert versions.rotate(library, workers, three.id, None, 360) == kept
    assert library.undo_label == label


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        (([1], 45), "quarts de tour"),
        (([0], 90), "entre 1 et 3"),
        (([4], 90), "entre 1 et 3"),
        (([], 90), "entre 1 et 3"),
    ],
)
def test_a_turn_that_makes_no_sense_is_refused(library, workers, three, turn, said):
    pages, degrees = turn
    refused(library, said, lambda: versions.rotate(library, workers, three.id, pages, degrees))


def test_a_photo_turned_stays_found_and_is_read_again_for_its_places(library, workers, tmp_path):
    photo = take(library, workers, picture(tmp_path / "a.png"))
    versions.rotate(library, workers, photo.id, None, 180)
    turned = get(library, Document, photo.id)
    assert [r.id for r in search_documents(library, "remboursement")] == [photo.id]
    assert documents.page_mots(library, photo.id, 1)[1] == []
    assert [a.fichier.id for a in lectures.pending(library)] == [turned.empreinte]
    versions.rotate(library, workers, photo.id, None, 180)
    lectures.read_pending(library, workers)
    page, mots = documents.page_mots(library, photo.id, 1)
    assert page.source is Source.OCR
    assert mots


def test_pages_are_put_in_order_and_none_may_be_lost_by_a_slip(library, workers, three):
    carried_out(library, "Ordonner les pages", lambda: versions.reorder(library, workers, three.id, [3, 1, 2]))
    assert texts(library, get(library, Document, three.id)) == ["gamma", "alpha", "beta"]
    assert first_hit(library, three.id, "alpha", 1, 1) == 2
    for order in ([1, 2], [1, 2, 2], [1, 2, 3, 4], [0, 1, 2], []):
        refused(library, "chaque page, de 1 à 3", lambda o=order: versions.reorder(library, workers, three.id, o))


def test_a_paper_is_cut_the_parts_follow_it_in_its_dossiers(library, workers, tmp_path, couronne):
    document = take(library, workers, pdf(tmp_path / "quatre.pdf", "alpha", "beta", "gamma", "delta"), couronne.id)
    take(library, workers, pdf(tmp_path / "suite.pdf", "suite"), couronne.id)
    documents.set_copie(library, documents.pieces_of(library, couronne.id)[0].piece.id, True)
    parts = carried_out(
        library, "Couper un document", lambda: versions.split(library, workers, document.id, [3, 1, 1, 9])
    )
    assert [part.titre for part in parts] == ["quatre (1/3)", "quatre (2/3)", "quatre (3/3)"]
    assert parts[0].id == document.id
    assert [texts(library, part) for part in parts] == [["alpha"], ["beta", "gamma"], ["delta"]]
    pieces = documents.pieces_of(library, couronne.id)
    assert [(p.ligne.document.titre, p.piece.copie) for p in pieces] == [
        ("quatre (1/3)", True), ("quatre (2/3)", True), ("quatre (3/3)", True), ("suite", False),
    ]  # fmt: skip
    assert [p.piece.rang for p in pieces] == [1, 2, 3, 4]
    assert [r.titre for r in search_documents(library, "gamma")] == ["quatre (2/3)"]


@pytest.mark.parametrize("after", [[], [0], [3], [99], [-1]])
def test_a_cut_that_leaves_a_side_empty_is_refused(library, workers, three, after):
    refused(library, "au moins une page", lambda: versions.split(library, workers, three.id, after))


def test_papers_are_joined_in_order_in_the_place_of_the_first_and_go_to_the_trash(
    library, workers, tmp_path, three, couronne
):
    photo = take(library, workers, picture(tmp_path / "photo.png"))
    other = dossiers.create_dossier(library, nature=NatureDossier.INFORMATION, on=TODAY, titre="Autre")
    documents.add_to_dossier(library, [three.id], couronne.id)
    documents.add_to_dossier(library, [photo.id], other.id)
    merged = carried_out(
        library,
        "Réunir 2 documents",
        lambda: versions.merge(library, workers, [photo.id, three.id, photo.id], " Le tout "),
    )
    assert (merged.titre, merged.origines) == ("Le tout", (photo.empreinte, three.empreinte))
    assert texts(library, merged)[1:] == ["alpha", "beta", "gamma"]
    assert [r.titre for r in search_documents(library, "remboursement gamma")] == ["Le tout"]
    assert [p.ligne.document.id for p in documents.pieces_of(library, couronne.id)] == [merged.id]
    assert [p.ligne.document.id for p in documents.pieces_of(library, other.id)] == [merged.id]
    assert {d.id for d in every(library, Document) if d.supprime_le} == {photo.id, three.id}
    refused(library, "réunit plusieurs", lambda: versions.revert(library, merged.id))


def test_joining_needs_two_papers_that_are_there(library, workers, three):
    for ids in ([], [three.id], [three.id, three.id]):
        refused(library, "au moins deux", lambda i=ids: versions.merge(library, workers, i, ""))
    refused(library, "n’existe plus", lambda: versions.merge(library, workers, [three.id, "x"], ""))


def test_the_original_comes_back_byte_for_byte(library, workers, three, tmp_path):
    versions.rotate(library, workers, three.id, None, 90)
    versions.reorder(library, workers, three.id, [2, 3, 1])
    back = carried_out(library, "Revenir à l’original", lambda: versions.revert(library, three.id))
    assert (back.empreinte, back.origines) == (three.empreinte, ())
    assert documents.contenu(library, three.id) == (tmp_path / "trois.pdf").read_bytes()
    refused(library, "déjà l’original", lambda: versions.revert(library, three.id))
    refused(library, "n’existe plus", lambda: versions.revert(library, "x"))


def test_a_protected_paper_whose_password_is_known_is_turned_and_one_that_is_not_is_refused(library, workers, tmp_path):
    (taken,) = import_files(library, workers, [locked_pdf(tmp_path / "a.pdf", "mot", "alpha")], password="mot")
    document = versions.rotate(library, workers, taken.document_id, None, 90)
    assert texts(library, document) == ["alpha"]
    (locked,) = import_files(library, workers, [locked_pdf(tmp_path / "b.pdf", "autre", "beta")])
    from mutuelle_desktop.domain.errors import Protege

    refused(library, "mot de passe", lambda: versions.rotate(library, workers, locked.document_id, None, 90), Protege)
    refused(library, "mot de passe", lambda: draw_page(library, workers, locked.document_id, 1, 200), Protege)


def test_a_page_is_drawn_upright_at_the_size_asked(library, workers, three, tmp_path):
    drawn = draw_page(library, workers, three.id, 1, 400)
    assert (drawn.hauteur, drawn.largeur < 400, len(drawn.octets)) == (400, True, 3 * drawn.hauteur * drawn.largeur)
    versions.rotate(library, workers, three.id, [1], 90)
    assert draw_page(library, workers, three.id, 1, 400).largeur == 400
    photo = take(library, workers, picture(tmp_path / "p.jpg", "JPEG", turned=6))
    upright = draw_page(library, workers, photo.id, 1, 300)
    assert upright.hauteur > upright.largeur
    refused(library, "n’existe plus", lambda: draw_page(library, workers, "x", 1, 100))


def test_every_verb_on_a_paper_that_is_gone_is_refused_and_leaves_no_bytes(library, workers):
    for act in (
        lambda: versions.rotate(library, workers, "x", None, 90),
        lambda: versions.reorder(library, workers, "x", [1]),
        lambda: versions.split(library, workers, "x", [1]),
    ):
        refused(library, "n’existe plus", act)
    assert every(library, Fichier) == every(library, Page) == []
