"""The Documents tab: preview, search on the page, filters, derived versions, export."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication

from mutuelle_desktop.domain.document import Document, TypeDocument
from mutuelle_desktop.services import documents, exemple
from mutuelle_desktop.ui.rows import KEY, LINE, ROW
from tests.ui.maison import Foyer, pdf
from tests.ui.test_dossiers import choose

PAGES = (
    "Facture du cabinet\nCouronne céramo-métallique",
    "Deuxième page\nsans rien",
    "Troisième page\ncouronne encore",
)


@pytest.fixture
def vault(foyer: Foyer, tmp_path):
    foyer.drop([pdf(tmp_path / "facture.pdf", *PAGES)])
    return foyer.go("documents")


def until_drawn(vault, qtbot):
    qtbot.waitUntil(lambda: not vault.preview.canvas._image.isNull(), timeout=5_000)


def test_the_preview_shows_any_page_zooms_and_fits(vault, qtbot, foyer):
    until_drawn(vault, qtbot)
    assert "Page 1 sur 3" in vault.preview.counter.text()
    foyer.action("next_page")
    assert vault.preview.page == 2
    until_drawn(vault, qtbot)
    width = vault.preview.canvas.width()
    vault.preview.zoom(1)
    assert vault.preview.canvas.width() > width
    vault.preview.fit("page")
    assert vault.preview.canvas.height() <= vault.preview.pane.viewport().height()
    vault.preview.fit("largeur")
    assert abs(vault.preview.canvas.width() - vault.preview.pane.viewport().width()) < 12


def test_words_are_selected_with_the_mouse_and_copied(vault, qtbot):
    canvas = vault.preview.canvas
    first, last = canvas._mots[0], canvas._mots[2]

    def middle(mot):
        return QPointF((mot.x0 + mot.x1) / 2, (mot.y0 + mot.y1) / 2) * canvas._scale

    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle(first).toPoint())
    qtbot.mouseMove(canvas, middle(last).toPoint())
    from PySide6.QtGui import QMouseEvent

    move = QMouseEvent(QMouseEvent.Type.MouseMove, middle(last), canvas.mapToGlobal(middle(last)), Qt.MouseButton.NoButton,
                       Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)  # fmt: skip
    canvas.mouseMoveEvent(move)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=middle(last).toPoint())
    qtbot.keyClick(canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Facture du cabinet"


def test_hits_are_outlined_where_the_words_are_and_f3_goes_from_one_to_the_next(vault, foyer):
    vault._searched("couronne")
    canvas = vault.preview.canvas
    assert vault.preview.page == 1
    assert len(canvas._hits) == 1
    mot = next(m for m in canvas._mots if m.texte.startswith("Couronne"))
    box = canvas._hits[0][0]
    assert abs(box[0] - mot.x0) < 2
    assert abs(box[1] - mot.y0) < 2
    foyer.action("next_hit")
    assert vault.preview.page == 3, "pages without the word are passed over"
    foyer.action("previous_hit")
    assert vault.preview.page == 1


def test_a_quarter_turn_is_a_derived_version_that_is_undone(vault, foyer, qtbot):
    key = vault.shown
    with foyer.library.read() as db:
        before = db.get(Document, key)
    foyer.action("turn_right")
    with foyer.library.read() as db:
        turned = db.get(Document, key)
    assert turned.empreinte != before.empreinte
    foyer.settle()
    until_drawn(vault, qtbot)
    assert vault.preview.canvas._image.width() > vault.preview.canvas._image.height()
    foyer.action("annuler")
    with foyer.library.read() as db:
        assert db.get(Document, key).empreinte == before.empreinte


def test_pages_are_reordered_cut_joined_and_brought_back_to_the_original(vault, foyer):
    key = vault.shown
    foyer.answers.words.append("3 1 2")
    foyer.action("reorder_pages")
    foyer.settle()
    assert vault.preview._mots[0].texte == "Troisième"
    foyer.action("revert_document")
    foyer.settle()
    vault.preview.go_to(1)
    assert vault.preview._mots[0].texte == "Facture"
    foyer.action("split_document")
    assert vault.model.rowCount() == 2
    vault._view.selectAll()
    foyer.action("merge_documents")
    joined = [vault.model.index(n).data(ROW) for n in range(vault.model.rowCount())]
    assert 3 in {line.lecture.pages for line in joined}
    with foyer.library.read() as db:
        assert db.get(Document, key) is not None


def test_papers_are_exported_under_predictable_names(vault, foyer, tmp_path):
    out = tmp_path / "sortie"
    out.mkdir()
    vault.form.titre.setText("Facture du Dr Peyronnet")
    vault.form.type.setCurrentText("Facture")
    vault.form.date.setText("06/10/2026")
    vault.form.save()
    foyer.settle()
    vault._view.selectAll()
    foyer.answers.folders.append(out)
    foyer.action("export_documents")
    exported = list(out.iterdir())
    assert len(exported) == 1
    assert exported[0].name.startswith("2026-10-06")
    assert exported[0].read_bytes().startswith(b"%PDF")
    assert "exporté" in foyer.told[-1]


def test_filters_narrow_the_list_and_one_button_shows_everything_again(foyer):
    exemple.fill_example(foyer.library, foyer.house.desk.workers)
    foyer.house.intake.read_pending()
    foyer.settle()
    vault = foyer.go("documents")
    every = vault.model.rowCount()
    for name, text in (("type", "Facture"), ("personne_id", "Camille"), ("annee", "2026"), ("dossier_id", "Couronne"),
                       ("a_classer", "À classer"), ("etat", "Lu")):  # fmt: skip
        made = vault._filters[name]
        made._fill()
        next(a for a in made._menu.actions() if a.text().startswith(text)).trigger()
        foyer.settle()
        assert 0 < vault.model.rowCount() <= every, name
        made._fill()
        made._menu.actions()[0].trigger()
        foyer.settle()
        assert vault.model.rowCount() == every, name
    vault._searched("introuvable")
    foyer.click("Tout montrer", vault)
    assert vault.model.rowCount() == every
    assert vault.search.text() == ""


def test_thumbnails_show_a_picture_of_each_first_page(vault, foyer, qtbot):
    foyer.click("En vignettes", vault)
    empreinte = vault.model.index(0).data(LINE).image
    qtbot.waitUntil(lambda: vault.thumbnails.get(empreinte) is not None, timeout=5_000)
    assert vault.thumbnails.get(empreinte).height() > 40
    foyer.click("En liste", vault)


def test_what_is_typed_is_kept_while_the_reading_goes_on(vault, foyer):
    vault.form.titre.setText("Titre en cours")
    foyer.action("reread_document")
    foyer.settle()
    assert vault.form.titre.text() == "Titre en cours"


def test_the_menu_of_a_paper_offers_the_same_verbs(vault, foyer):
    vault._view.selectAll()
    menu = vault.verbs.menu(vault)
    words = [a.text() for a in menu.actions() if a.text()]
    assert words[0] == "Ouvrir dans un autre programme"
    assert "Mettre à la corbeille" in words
    assert choose(menu, "Mettre à la corbeille")
    foyer.settle()
    assert vault.model.rowCount() == 0


def test_no_printer_is_said_and_nothing_else_happens(vault, foyer, monkeypatch):
    from mutuelle_desktop.ui.documents import printing

    monkeypatch.setattr(printing.QPrinterInfo, "availablePrinterNames", list)
    foyer.action("print_document")
    assert "Aucune imprimante" in foyer.told[-1]


def test_a_document_prints_every_page_on_paper(vault, foyer, tmp_path):
    from pypdf import PdfReader
    from PySide6.QtPrintSupport import QPrinter

    from mutuelle_desktop.services.dessins import draw_page
    from mutuelle_desktop.ui.documents.images import image_of
    from mutuelle_desktop.ui.documents.printing import put_on_paper

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "papier.pdf"))
    desk = foyer.house.desk
    put_on_paper(printer, [image_of(draw_page(desk.library, desk.workers, vault.shown, n, 900)) for n in (1, 2, 3)])
    assert len(PdfReader(tmp_path / "papier.pdf").pages) == 3


def test_a_copy_opened_outside_is_private_and_gone_at_the_end(vault, foyer, monkeypatch):
    opened = []
    from mutuelle_desktop.ui.documents import verbs

    monkeypatch.setattr(verbs, "_show_outside", opened.append)
    foyer.action("open_outside")
    assert opened[0].read_bytes().startswith(b"%PDF")
    assert opened[0].stat().st_mode & 0o077 == 0
    documents.clear_copies()
    assert not opened[0].exists()


def test_types_chosen_by_hand_are_all_there(vault):
    words = [vault.form.type.itemText(n) for n in range(vault.form.type.count())]
    assert len(words) == len(TypeDocument) + 1


def test_a_right_click_selects_nothing_by_itself(vault, foyer):
    assert vault.model.index(0).data(KEY) == vault.shown
    vault._view.clearSelection()
    vault._menu(QPoint(5, 5))
