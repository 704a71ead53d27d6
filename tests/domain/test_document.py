"""Documents: the state of their reading as it is shown, and values that never lack an id."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuelle_desktop.domain.document import Document, EtatLecture, Fichier, Lecture, Piece, TypeDocument


@pytest.mark.parametrize(
    ("facts", "libelle"),
    [
        ({}, "copié"),
        ({"etat": EtatLecture.EN_LECTURE}, "en lecture"),
        ({"etat": EtatLecture.EN_LECTURE, "pages": 12}, "en lecture p. 1/12"),
        ({"etat": EtatLecture.EN_LECTURE, "pages": 12, "pages_lues": 2}, "en lecture p. 3/12"),
        ({"etat": EtatLecture.EN_LECTURE, "pages": 12, "pages_lues": 12}, "en lecture p. 12/12"),
        ({"etat": EtatLecture.LU, "pages": 12, "pages_lues": 12}, "lu"),
        ({"etat": EtatLecture.ILLISIBLE}, "illisible"),
        ({"etat": EtatLecture.PROTEGE}, "protégé"),
    ],
)
def test_the_state_of_a_reading_is_said_in_a_word(facts, libelle):
    assert Lecture(id="e", **facts).libelle.replace("\u00a0", " ") == libelle


@given(st.integers(1, 500), st.integers(0, 500))
def test_the_page_said_to_be_read_is_one_of_the_paper(pages, lues):
    libelle = Lecture(id="e", etat=EtatLecture.EN_LECTURE, pages=pages, pages_lues=lues).libelle
    place, total = map(int, libelle.replace("\u00a0", " ").rsplit(" ", 1)[1].split("/"))
    assert 1 <= place <= total == pages


def test_two_documents_of_the_same_bytes_are_two_documents():
    one, other = (Document(titre="Facture", nom="facture.pdf", empreinte="e") for _ in range(2))
    assert one.id != other.id
    assert len(one.id) == 16


def test_values_cannot_be_changed_behind_the_library_s_back():
    piece = Piece(dossier_id="d", document_id="p", rang=1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        piece.rang = 2  # type: ignore[misc]


def test_moments_are_kept_to_the_millisecond_with_their_zone():
    moment = Fichier(id="e", sha256="0", taille=1, mime="application/pdf").ajoute_le
    assert moment.tzinfo is not None
    assert moment.microsecond % 1000 == 0


def test_each_type_of_paper_has_a_name_of_its_own():
    assert len({t.value.casefold() for t in TypeDocument}) == len(TypeDocument)
    assert TypeDocument("facture") is TypeDocument.FACTURE
