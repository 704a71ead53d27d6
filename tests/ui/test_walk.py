"""The main job, from an empty window to a word found again, as a person does it."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from mutuelle_desktop.domain.document import Document, EtatLecture, Piece
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.services import documents
from mutuelle_desktop.services.documents import Filtre
from mutuelle_desktop.ui.jobs import Jobs
from mutuelle_desktop.ui.rows import ROW
from tests.ui.maison import fill, pdf, scan

FACTURE = "Cabinet dentaire\nFacture acquittée du 6 octobre 2026\nCouronne céramo-métallique 700,00 €"
ORDONNANCE = "Ordonnance\nDouze séances de kinésithérapie\npour une lombalgie"


def describe_household(foyer):
    foyer.answers.forms.append(fill(Prénom="Camille", Nom="Bessière", Date_de_naissance="12/05/1984"))
    foyer.click("Décrire mon foyer…")
    foyer.go("contrats")
    foyer.answers.forms.append(fill(Nom="Mutuelle des Deux Rives", Adresse_postale="8 quai du Confluent\n69000 Lyon"))
    foyer.click("Nouvelle mutuelle…")
    foyer.answers.forms.append(
        fill(**{"N° de contrat": "0047518", "N° d adhérent": "22057529", "Formule": "Confort +"})
    )
    foyer.click("Ajouter un contrat…")


def open_dossier(foyer, titre):
    foyer.answers.forms.append(fill(Titre=titre))
    foyer.click("Nouveau dossier")


def test_a_person_describes_the_household_drops_scans_and_finds_every_word(open_foyer, tmp_path, qtbot):
    foyer = open_foyer(jobs=Jobs)
    describe_household(foyer)
    open_dossier(foyer, "Couronne dent 36")
    page = foyer.window.current_page()
    assert page.detail.line.dossier.reference == "2026-001"
    assert page.detail.line.personne == "Camille Bessière"
    assert page.detail.line.mutuelle == "Mutuelle des Deux Rives"

    papers = [pdf(tmp_path / "facture.pdf", FACTURE), scan(tmp_path / "ordo.png", ORDONNANCE)]
    inside = page.detail.mapTo(foyer.window, QPoint(100, 100))
    assert foyer.drop(papers, inside) == "Ajouter au dossier «\u00a0Couronne dent 36\u00a0»"

    def all_read():
        foyer.settle()
        assert documents.count_documents(foyer.library, Filtre(etat=EtatLecture.LU)) == 2

    qtbot.waitUntil(all_read, timeout=30_000)
    assert any("2 importés" in text for text in foyer.told)
    vault = foyer.go("documents")
    for words, found in (("couronne ceramo", "facture"), ("kinesitherapie lombalgie", "ordo"), ("700,00", "facture")):
        with qtbot.waitSignal(vault.search.changed, timeout=2_000):
            vault.search.setText(words)

        def is_found(found=found):
            assert vault.model.rowCount() == 1
            line = vault.model.index(0).data(ROW)
            assert line is not None
            assert line.document.nom.startswith(found)
            assert line.dossiers == ("Couronne dent 36",)
            assert vault.preview.canvas._hits, "not outlined on the page"

        qtbot.waitUntil(is_found, timeout=30_000)
    folder = foyer.folder
    open_foyer.close(foyer)

    again = open_foyer(jobs=Jobs, folder=folder)
    assert again.window.current_page() is again.window.page("documents"), "the tab is remembered"
    again.window.search.setText("lombalgie")
    qtbot.waitUntil(again.house.palette.isVisible, timeout=2_000)
    qtbot.keyClick(again.window.search, Qt.Key.Key_Down)
    qtbot.keyClick(again.window.search, Qt.Key.Key_Up)
    qtbot.keyClick(again.window.search, Qt.Key.Key_Return)
    shown = again.window.page("documents").shown
    with again.library.read() as db:
        assert db.get(Document, shown).nom == "ordo.png"
    preview = again.window.page("documents").preview
    qtbot.waitUntil(lambda: bool(preview.canvas._hits), timeout=30_000)  # the word searched for, where it stands


def test_every_step_of_the_walk_is_undone_by_its_name_and_done_again(foyer, tmp_path, qtbot):
    describe_household(foyer)
    open_dossier(foyer, "Lunettes")
    page = foyer.window.current_page()
    foyer.drop([pdf(tmp_path / "facture.pdf", FACTURE)], page.detail.mapTo(foyer.window, QPoint(100, 100)))
    with foyer.library.read() as db:
        assert db.count(Piece) == 1
    names = []
    while foyer.library.undo_label:
        foyer.window.refresh_actions()
        text = foyer.window._qactions["annuler"].text()
        assert text.startswith("Annuler\u00a0: ")
        names.append(text.partition("\u00a0: ")[2])
        foyer.action("annuler")
    with foyer.library.read() as db:
        assert db.count(Dossier) == 0
        assert db.count(Piece) == 0
    assert len(names) == len(set(names)) >= 5, names
    while foyer.library.redo_label:
        foyer.action("retablir")
    with foyer.library.read() as db:
        assert db.count(Dossier) == 1
        assert db.count(Piece) == 1
    vault = foyer.go("documents")
    with qtbot.waitSignal(vault.search.changed, timeout=2_000):
        vault.search.setText("couronne")
    assert vault.model.rowCount() == 1


def test_papers_dropped_outside_a_dossier_wait_to_be_filed_and_are_triaged_by_keyboard(foyer, tmp_path, qtbot):
    describe_household(foyer)
    open_dossier(foyer, "Kiné")
    foyer.go("aujourdhui")
    papers = [pdf(tmp_path / f"papier {n}.pdf", f"Papier {n}") for n in (1, 2)]
    assert foyer.drop(papers) == "Ajouter à «\u00a0À classer\u00a0»"
    foyer.click("Classer 2\u00a0papiers")
    page = foyer.window.current_page()
    assert page.model.rowCount() == 2
    for left in (1, 0):
        page.form.type.setCurrentText("Facture")
        page.form.dossier.setCurrentIndex(1)
        foyer.action("save_and_next")
        foyer.settle()
        assert page.model.rowCount() == left
    with foyer.library.read() as db:
        filed = db.all(Document)
        assert {d.type for d in filed} == {"facture"}
        assert all(d.classe_le for d in filed)
        assert db.count(Piece) == 2


def test_the_main_job_by_keyboard_alone(foyer, tmp_path, qtbot):
    describe_household(foyer)
    foyer.answers.forms.append(fill(Titre="Couronne"))
    foyer.press(Qt.Key.Key_N)
    foyer.answers.files.append([pdf(tmp_path / "facture.pdf", FACTURE)])
    foyer.press(Qt.Key.Key_O)
    with foyer.library.read() as db:
        assert db.count(Piece) == 1, "papers added from the keyboard go to the dossier shown"
    foyer.press(Qt.Key.Key_K)
    assert QApplication.focusWidget() is foyer.window.search
    qtbot.keyClicks(foyer.window.search, "ceramo")
    qtbot.waitUntil(foyer.house.palette.isVisible, timeout=2_000)
    qtbot.keyClick(foyer.window.search, Qt.Key.Key_Return)
    foyer.settle()
    assert foyer.window.current_page() is foyer.window.page("documents")
    foyer.press(Qt.Key.Key_Z)
    with foyer.library.read() as db:
        assert db.count(Piece) == 0


@pytest.mark.parametrize("tab", ["aujourdhui", "dossiers", "documents", "contrats"])
def test_an_empty_tab_says_what_it_is_for_and_offers_the_first_step(foyer, tab):
    first = {"aujourdhui": "Décrire mon foyer…", "dossiers": "Nouveau dossier…", "documents": "Ajouter des papiers…",
             "contrats": "Ajouter une personne…"}  # fmt: skip
    page = foyer.go(tab)
    assert foyer.button(first[tab], page).isEnabled()
