"""Every type of document goes the whole way: kept, listed, found by its word, exported under its name, asked for."""

from dataclasses import replace

import pytest

from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.services import documents
from mutuelle_desktop.services.documents import Filtre
from mutuelle_desktop.services.noms import export_name
from mutuelle_desktop.services.papiers import pieces_utiles
from mutuelle_desktop.services.recherche import search_documents
from mutuelle_desktop.storage.library import Library
from tests.services.aides import paper as put_document


@pytest.mark.parametrize("kind", TypeDocument)
def test_a_type_is_kept_listed_found_and_part_of_the_exported_name(library, kind):
    paper, other = put_document(library, "Pièce un"), put_document(library, "Pièce deux")
    documents.edit_document(library, replace(paper, type=kind))
    folder = library.folder
    library.close()
    again = Library(folder)
    try:
        assert documents.document_ids(again, Filtre(type=kind)) == [paper.id]
        assert documents.document_ids(again, Filtre(type=documents.SANS)) == [other.id]
        assert [hit.id for hit in search_documents(again, str(kind))] == [paper.id]
        found = documents.fetch(again, [paper.id])[paper.id].document
        assert str(kind).replace(" ", "-") in export_name(found, None)
    finally:
        again.close()


def test_what_requests_ask_for_is_known_and_said_in_a_sentence():
    for piece in pieces_utiles():
        assert piece.types, piece
        assert piece.pourquoi.endswith((".", "…")), piece
