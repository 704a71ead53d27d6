"""The papers of a dossier, and what is said of a paper."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mutuelle_desktop.domain.document import Document, EtatLecture, Fichier, Lecture, Piece, TypeDocument
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement
from mutuelle_desktop.domain.ids import now
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import documents, dossiers, personnes
from mutuelle_desktop.services.documents import AUCUN, SANS, Filtre, Tri
from mutuelle_desktop.storage.library import Library
from tests.services.aides import TODAY, carried_out, every, get, paper, refused


def create(library: Library, titre: str) -> Dossier:
    return dossiers.create_dossier(library, nature=NatureDossier.REMBOURSEMENT, on=TODAY, titre=titre)


@pytest.fixture
def couronne(library):
    return create(library, "Couronne")


@pytest.fixture
def papers(library):
    return [paper(library, titre) for titre in ("Devis", "Facture", "Décompte")]


def order(library: Library, dossier: Dossier) -> list[str]:
    return [ligne.ligne.document.titre for ligne in documents.pieces_of(library, dossier.id)]


def shown(library: Library, tri: Tri = Tri.TITRE, **wanted: object) -> list[str]:
    ids = documents.document_ids(library, Filtre(**wanted), tri)
    assert documents.count_documents(library, Filtre(**wanted)) == len(ids)
    rows = documents.fetch(library, ids)
    return [rows[key].document.titre for key in ids]


def test_papers_join_a_dossier_in_the_order_given_once_each_and_are_filed(library, couronne, papers):
    ids = [papers[1].id, papers[0].id, papers[1].id, "x"]
    added = carried_out(
        library, "Ajouter 4 documents au dossier", lambda: documents.add_to_dossier(library, ids, couronne.id)
    )
    assert added == 2
    assert order(library, couronne) == ["Facture", "Devis"]
    assert {row.document.titre for row in documents.to_classify(library)} == {"Décompte"}
    assert documents.add_to_dossier(library, ids, couronne.id) == 0


def test_papers_cannot_join_a_dossier_that_is_gone(library, papers):
    refused(library, "Ce dossier n’existe plus", lambda: documents.add_to_dossier(library, [papers[0].id], "x"))


def test_a_paper_can_be_in_two_dossiers_and_leaves_one_only(library, couronne, papers):
    other = create(library, "Lunettes")
    for dossier in (couronne, other):
        documents.add_to_dossier(library, [p.id for p in papers], dossier.id)
    assert documents.dossiers_of(library, papers[0].id) == [couronne, other]
    carried_out(
        library,
        "Retirer un document du dossier",
        lambda: documents.remove_from_dossier(library, couronne.id, [papers[0].id]),
    )
    assert order(library, couronne) == ["Facture", "Décompte"]
    assert [p.rang for p in every(library, Piece) if p.dossier_id == couronne.id] == [1, 2]
    assert documents.dossiers_of(library, papers[0].id) == [other]


def test_the_papers_of_a_dossier_are_put_in_order_and_those_not_named_follow(library, couronne, papers):
    documents.add_to_dossier(library, [p.id for p in papers], couronne.id)
    carried_out(library, "Ordonner les pièces", lambda: documents.reorder_pieces(library, couronne.id, [papers[2].id]))
    assert order(library, couronne) == ["Décompte", "Devis", "Facture"]


def test_a_piece_is_a_copy_or_an_original(library, couronne, papers):
    documents.add_to_dossier(library, [papers[0].id], couronne.id)
    piece = documents.pieces_of(library, couronne.id)[0].piece
    carried_out(library, "Marquer comme copie", lambda: documents.set_copie(library, piece.id, True))
    carried_out(library, "Marquer comme original", lambda: documents.set_copie(library, piece.id, False))
    refused(library, "n’est plus dans le dossier", lambda: documents.set_copie(library, "x", True))


def test_the_place_of_a_paper_waits_while_it_is_in_the_trash(library, couronne, papers):
    documents.add_to_dossier(library, [p.id for p in papers], couronne.id)
    documents.trash_documents(library, [papers[1].id])
    assert order(library, couronne) == ["Devis", "Décompte"]
    documents.restore_documents(library, [papers[1].id])
    assert order(library, couronne) == ["Devis", "Facture", "Décompte"]


def test_what_is_said_of_a_paper_is_kept_and_what_is_not_the_forms_stays(library):
    document = paper(library)
    said = replace(
        document, titre=" Facture \n couronne ", emetteur=" Dr Peyronnet ", type=TypeDocument.FACTURE,
        empreinte="autre", origines=("x",), nom="autre.exe", ajoute_le=now() + timedelta(days=9), classe_le=now(),
        supprime_le=now(),
    )  # fmt: skip
    carried_out(library, "Modifier le document", lambda: documents.edit_document(library, said))
    assert get(library, Document, document.id) == replace(
        document, titre="Facture couronne", emetteur="Dr Peyronnet", type=TypeDocument.FACTURE
    )


def test_a_paper_needs_a_title_a_living_person_and_to_be_there(library):
    document = paper(library)
    for act in (documents.edit_document, documents.classify):
        refused(library, "Donnez un titre", lambda act=act: act(library, replace(document, titre="  ")))
        refused(library, "Cette personne", lambda act=act: act(library, replace(document, personne_id="x")))
        refused(library, "Ce document n’existe plus", lambda act=act: act(library, replace(document, id="x")))
    refused(library, "Ce dossier n’existe plus", lambda: documents.classify(library, document, dossier_id="x"))


def test_classifying_files_a_paper_into_a_dossier_once(library, couronne):
    document = paper(library)
    carried_out(
        library,
        "Classer le document",
        lambda: documents.classify(library, replace(document, type=TypeDocument.DEVIS), dossier_id=couronne.id),
    )
    filed = get(library, Document, document.id)
    assert filed.classe_le is not None
    documents.classify(library, replace(document, titre="Autre"), dossier_id=couronne.id)
    assert get(library, Document, document.id).classe_le == filed.classe_le, "the day it was filed does not move"
    assert order(library, couronne) == ["Autre"]


def test_papers_go_to_the_trash_and_come_back(library, papers):
    ids = [p.id for p in papers]
    carried_out(library, "Mettre 3 documents à la corbeille", lambda: documents.trash_documents(library, ids))
    first = get(library, Document, ids[0]).supprime_le
    documents.trash_documents(library, ids[:1])
    assert get(library, Document, ids[0]).supprime_le == first, "the thirty days do not begin again"
    assert shown(library) == []
    assert shown(library, corbeille=True) == ["Décompte", "Devis", "Facture"]
    carried_out(library, "Restaurer un document", lambda: documents.restore_documents(library, ids[:1]))
    assert shown(library) == ["Devis"]


def test_after_thirty_days_papers_leave_with_their_places_and_events_stop_naming_them(library, couronne, papers):
    ids = [p.id for p in papers]
    documents.add_to_dossier(library, ids, couronne.id)
    event = Evenement(dossier_id=couronne.id, nature=NatureEvenement.REPONSE, le=TODAY, document_id=ids[0])
    dossiers.record_evenement(library, event, TODAY)
    documents.trash_documents(library, ids[:2])
    gone = max(d.supprime_le for d in every(library, Document) if d.supprime_le)
    assert documents.purge_corbeille(library, gone + timedelta(days=29)) == 0
    assert documents.purge_corbeille(library, gone + timedelta(days=30, milliseconds=1)) == 2
    assert [d.titre for d in every(library, Document)] == ["Décompte"]
    assert [p.document_id for p in every(library, Piece)] == ids[2:]
    assert get(library, Evenement, event.id).document_id is None


def test_the_bytes_of_a_purged_paper_leave_the_safe_once_no_undo_can_want_them_back(library):
    depot = library.vault.add_bytes(b"octets")
    document = paper(library, supprime_le=now())
    with library.write("Nommer", undoable=False) as db:
        db.put(Fichier(id=depot.empreinte, sha256=depot.sha256, taille=6, mime="application/pdf"))
        db.put(replace(document, empreinte=depot.empreinte))
    later = now() + timedelta(days=31)
    documents.purge_corbeille(library, later)
    assert library.vault.holds(depot.empreinte), "undo may still bring it back"
    library.close()
    again = Library(library.folder)
    assert documents.purge_corbeille(again, later) == 0
    assert not again.vault.holds(depot.empreinte)
    assert every(again, Fichier) == []
    again.close()


@pytest.fixture
def shelf(library):
    """Five papers that differ in everything a list can be asked."""
    camille = personnes.save_personne(library, Personne(prenom="Camille", nom="Bessière"))
    anne = personnes.save_personne(library, Personne(prenom="Anne", nom="Zola"))
    made = {
        "b": paper(library, "b", type=TypeDocument.FACTURE, date_document=date(2024, 1, 5), personne_id=camille.id),
        "É": paper(library, "É", type=TypeDocument.DEVIS, date_document=date(2025, 1, 5), personne_id=anne.id),
        "a": paper(library, "a", date_document=date(2024, 12, 31), classe_le=now()),
        "C": paper(library, "C", type=TypeDocument.FACTURE, classe_le=now()),
        "jetée": paper(library, "jetée", supprime_le=now()),
    }
    with library.write("Lecture", undoable=False) as db:
        db.put(Lecture(id=made["C"].empreinte, etat=EtatLecture.ILLISIBLE, raison="abîmé"))
    return {**made, "camille": camille}


def test_the_list_of_papers_is_filtered_by_everything_it_knows(library, shelf, couronne):
    documents.add_to_dossier(library, [shelf["b"].id], couronne.id)
    assert shown(library) == ["a", "b", "C", "É"]
    assert shown(library, type=TypeDocument.FACTURE) == ["b", "C"]
    assert shown(library, type=SANS) == ["a"]
    assert shown(library, personne_id=shelf["camille"].id) == ["b"]
    assert shown(library, personne_id=SANS) == ["a", "C"]
    assert shown(library, annee=2024) == ["a", "b"]
    assert shown(library, dossier_id=couronne.id) == ["b"]
    assert shown(library, dossier_id=AUCUN) == ["a", "C", "É"]
    assert shown(library, etat=EtatLecture.LU) == ["a", "b", "É"]
    assert shown(library, etat=EtatLecture.ILLISIBLE) == ["C"]
    assert shown(library, a_classer=True) == ["É"]
    assert shown(library, a_classer=False) == ["a", "b", "C"]
    assert shown(library, corbeille=True) == ["jetée"]
    assert shown(library, annee=2024, type=TypeDocument.FACTURE, mots="camille") == ["b"]
    assert documents.years(library)[-2:] == [2025, 2024]


def test_the_list_of_papers_is_sorted_five_ways_those_without_a_key_last(library, shelf):
    assert shown(library, Tri.RECENT)[0] in {"C", "É", "a", "b"}
    assert shown(library, Tri.TITRE) == ["a", "b", "C", "É"]
    assert shown(library, Tri.DATE)[:3] == ["É", "a", "b"]
    assert shown(library, Tri.TYPE)[0] == "É"
    assert shown(library, Tri.TYPE)[-1] == "a"
    assert shown(library, Tri.PERSONNE)[:2] == ["É", "b"]


def test_papers_that_no_longer_exist_are_left_out_of_the_rows(library, shelf):
    assert list(documents.fetch(library, ["x", shelf["a"].id, "y"])) == [shelf["a"].id]
    assert documents.page_mots(library, "x", 1) == (None, [])
    assert documents.thumbnails(library, ["x"]) == {}
