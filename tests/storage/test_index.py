"""What is written can be found, at once and as people write it."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuelle_desktop.domain.document import Document, EtatLecture, Fichier, Lecture, Page
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.storage import index
from mutuelle_desktop.storage.index import fold, plain, searchable
from mutuelle_desktop.storage.library import Library
from tests.storage.foyer import (
    APPEL,
    CALL,
    CAMILLE,
    COCHE,
    CONFORT,
    COURONNE,
    DEUX_RIVES,
    EVERYTHING,
    FACTURE,
    FICHIER,
    LETTRE,
    PAGE,
    SERVICE,
    put,
)


@pytest.fixture
def full(library: Library) -> Library:
    put(library, *EVERYTHING)
    return library


def found(library: Library, *words: str, column: str = "") -> set[str]:
    """The ids of what is found by all these words, each a run of words."""
    query = column + "(" + " AND ".join(f'"{fold(word)}"' for word in words) + ")"
    sql = "SELECT f.id FROM recherche r JOIN fiche f ON f.numero = r.rowid WHERE recherche MATCH ?"
    with library.read() as db:
        return {row[0] for row in db.raw(sql.replace(" r ", " ").replace("r.rowid", "recherche.rowid"), (query,))}


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("camille bessiere", CAMILLE),
        ("12 mai 1984", CAMILLE),
        ("284056912345678", CAMILLE),
        ("0639980102", CAMILLE),
        ("deux rives", DEUX_RIVES),
        ("médiateur", DEUX_RIVES),
        ("service remboursements", SERVICE),
        ("mutuelle des deux rives", SERVICE),
        ("0199001234", SERVICE),
        ("0047518", CONFORT),
        ("deux rives", CONFORT),
        ("2026-001", COURONNE),
        ("oedeme", COURONNE),
        ("l'œdème", COURONNE),
        ("1234,56", COURONNE),
        ("0,05", COURONNE),
        ("camille", COURONNE),
        ("deux rives", COURONNE),
        ("peyronnet", FACTURE),
        ("facture.pdf", FACTURE),
        ("12/06/2026", FACTURE),
        ("12 juin 2026", FACTURE),
        ("bessière", FACTURE),
        ("payee", FACTURE),
        ("1 234,56", FACTURE),
        ("1234,56", FACTURE),
        ("arnal", APPEL),
        ("20 juin", APPEL),
        ("12,30", APPEL),
    ],
)
def test_every_kind_is_found_by_what_it_says(full, words, value):
    assert value.id in found(full, words)


def test_titles_are_apart_from_texts(full):
    assert FACTURE.id in found(full, "peyronnet", column="titre:")
    assert FACTURE.id not in found(full, "honoraires", column="titre:")
    assert FACTURE.id in found(full, "honoraires", column="texte:")


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("L’ŒDÈME et l'ex æquo", "oedeme"),
        ("L’ŒDÈME et l'ex æquo", "ex aequo"),
        ("forfait e\u0301te\u0301", "été"),
        ("a\ufb03liation", "affiliation"),
        ("total 12\u202f345\u00a0678,90 €", "12345678,90"),
        ("rembour-\nsement", "remboursement"),
        ("rembour-\r\nsement", "remboursement"),
        ("rembour\u00ad\nsement", "remboursement"),
        ("tél. 01.99.00.12.34", "0199001234"),
        ("IBAN FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
        ("SIRET 123 456 789 00012", "12345678900012"),
        ("PAYÉ PAR CARTE", "paye"),
    ],
)
def test_a_paper_is_found_as_people_write(library, written, typed):
    put(library, FICHIER, replace(FACTURE, personne_id=None, notes=written))
    assert found(library, typed) == {FACTURE.id}


def test_a_date_is_not_taken_for_a_number():
    assert "16062026" not in searchable("le 16 06 2026")
    assert "1234" not in searchable("12,34")
    assert searchable("deux mots") == "deux mots"


@given(text=st.text(max_size=200))
def test_folding_is_stable_whatever_the_text(text):
    assert fold(fold(text)) == fold(text)
    assert plain(plain(text)) == plain(text)
    searchable(text)


def test_a_deleted_thing_is_found_no_more_until_undo(full):
    with full.write("Retirer") as db:
        for value in (LETTRE, CALL, COCHE, APPEL):
            db.delete(value)
    assert found(full, "arnal") == set()
    full.undo()
    assert found(full, "arnal") == {APPEL.id}
    full.redo()
    assert found(full, "arnal") == set()


def test_a_renamed_person_carries_the_name_to_papers_and_dossiers(full):
    put(full, replace(CAMILLE, nom="Vasseur"))
    assert found(full, "vasseur") == {CAMILLE.id, FACTURE.id, COURONNE.id}
    assert found(full, "bessiere") == set()
    full.undo()
    assert found(full, "bessiere") == {CAMILLE.id, FACTURE.id, COURONNE.id}


def test_a_renamed_mutuelle_carries_the_name_to_its_services_contracts_and_dossiers(full):
    put(full, replace(DEUX_RIVES, nom="Mutuelle du Pont"))
    assert found(full, "mutuelle du pont") == {DEUX_RIVES.id, SERVICE.id, CONFORT.id, COURONNE.id}
    autre = replace(DEUX_RIVES, id="autre", nom="Mutuelle du Gué")
    put(full, autre, replace(CONFORT, mutuelle_id="autre"))
    assert found(full, "gue") == {"autre", CONFORT.id, COURONNE.id}


def test_what_is_read_later_makes_its_papers_findable(full):
    copy = replace(FACTURE, id="copie", titre="Double")
    put(full, copy)
    put(full, replace(PAGE, texte="Prothèse céramique"), undoable=False)
    assert found(full, "prothese ceramique") == {FACTURE.id, "copie"}
    assert found(full, "honoraires") == set()


def test_newest_comes_with_the_highest_number(library):
    for number in range(3):
        put(library, replace(COURONNE, id=str(number), reference=str(number), personne_id=None, contrat_id=None))
    put(library, replace(COURONNE, id="0", reference="0", personne_id=None, contrat_id=None, titre="Couronne neuve"))
    with library.read() as db:
        rows = db.raw("SELECT f.id FROM recherche JOIN fiche f ON f.numero = recherche.rowid WHERE recherche MATCH ? "
                      "ORDER BY recherche.rowid DESC", ("couronne",)).fetchall()  # fmt: skip
    assert [row[0] for row in rows] == ["2", "1", "0"]


def test_each_kind_has_its_own_numbers_whatever_the_order_of_arrival(full):
    put(full, replace(COURONNE, id="tard", reference="9"))
    put(full, replace(FACTURE, id="copie", titre="Double"))
    with full.read() as db:
        rows = db.raw("SELECT kind, numero FROM fiche").fetchall()
        plan = db.raw(f"EXPLAIN QUERY PLAN SELECT rowid FROM recherche WHERE recherche MATCH 'x' AND "
                      f"{index.among('Dossier')} ORDER BY rowid DESC").fetchall()  # fmt: skip
    assert {kind for kind, _ in rows} == {kind.__name__ for kind in index._INDEXED}
    for kind, numero in rows:
        first, end = index.numbers(kind)
        assert first <= numero < end
    ranges = sorted(index.numbers(kind) for kind in index._INDEXED)
    assert all(end <= first for (_, end), (first, _) in pairwise(ranges)), "no kind walks through another"
    assert "><" in plan[0][3], "the range is the index's own affair"


@pytest.fixture
def counted(full: Library, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is indexed again from now on."""
    done: list[tuple[str, str]] = []
    reindex = index._reindex

    def note(execute: Any, kind: str, key: str) -> None:
        done.append((kind, key))
        reindex(execute, kind, key)

    monkeypatch.setattr(index, "_reindex", note)
    return done


def test_what_changes_nothing_in_the_index_costs_nothing(full, counted):
    put(full, replace(FACTURE, supprime_le=FACTURE.ajoute_le, classe_le=None, origines=()))
    put(full, replace(COURONNE, statut_force=None, clos_le=None, archive_le=date(2026, 8, 1)))
    put(full, replace(CAMILLE, telephone="06 39 98 03 04"))
    put(full, replace(PAGE, mots=b"x", confiance=3))
    assert counted == [("Personne", CAMILLE.id)]


def test_a_long_scan_read_page_by_page_is_indexed_now_and_then_and_wholly_at_the_end(full, counted):
    for numero in range(1, 301):
        page = replace(PAGE, id=f"{FICHIER.id}:{numero}", numero=numero, texte=f"mot{numero} commun")
        lecture = Lecture(id=FICHIER.id, etat=EtatLecture.EN_LECTURE, pages=300, pages_lues=numero)
        put(full, page, lecture, undoable=False)
        if numero == 25:
            assert found(full, "mot20") == {FACTURE.id}
    put(full, Lecture(id=FICHIER.id, etat=EtatLecture.LU, pages=300, pages_lues=300), undoable=False)
    assert len(counted) == 20 + 28 + 1
    assert found(full, "mot299") == {FACTURE.id}


def test_a_long_scan_given_up_half_way_is_findable_up_to_there(full):
    pages = [replace(PAGE, id=f"{FICHIER.id}:{n}", numero=n, texte=f"mot{n}") for n in range(1, 26)]
    put(full, *pages, Lecture(id=FICHIER.id, etat=EtatLecture.EN_LECTURE, pages=300), undoable=False)
    put(full, Lecture(id=FICHIER.id, etat=EtatLecture.ILLISIBLE, pages=300), undoable=False)
    assert found(full, "mot25") == {FACTURE.id}


def test_the_newest_papers_are_listed_from_their_index_alone(library):
    with library.read() as db:
        plan = db.raw(
            "EXPLAIN QUERY PLAN SELECT id FROM document WHERE supprime_le IS NULL ORDER BY ajoute_le DESC, id DESC"
        ).fetchall()
    assert [row[3] for row in plan] == ["SEARCH document USING COVERING INDEX document_recents (supprime_le=?)"]


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("piece", "dossier_id"), ("piece", "document_id"), ("evenement", "dossier_id"), ("evenement", "document_id"),
        ("document", "empreinte"), ("document", "personne_id"), ("dossier", "reference"), ("dossier", "personne_id"),
        ("dossier", "contrat_id"), ("page", "empreinte"), ("lecture", "etat"), ("journal_objet", "objet"),
    ],
)  # fmt: skip
def test_what_is_asked_often_has_its_index(library, table, column):
    with library.read() as db:
        plan = db.raw(f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE {column} = ?", ("x",)).fetchall()
    assert plan[0][3].startswith(f"SEARCH {table} USING")


def test_documents_and_dossiers_put_raw_are_of_the_kinds_the_index_names(full):
    with full.read() as db:
        kinds = {row[0] for row in db.raw("SELECT DISTINCT kind FROM fiche")}
        assert kinds == {"Document", "Dossier", "Personne", "Mutuelle", "Contact", "Contrat", "Evenement"}
        assert db.count(Document) == db.count(Fichier) == db.count(Page) == db.count(Dossier) == 1
