"""Desktop manners through the real window: papers given to other programs, recent things, the end of the session."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton

from mutuelle_desktop.services import documents, dossiers, sorties
from mutuelle_desktop.services.documents import Filtre, Tri
from tests.ui.maison import fill, pdf


@pytest.fixture(autouse=True)
def runtime(tmp_path, monkeypatch):
    """Copies for other programs go to a folder of this test."""
    folder = tmp_path / "execution"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder
    sorties.clear_copies()


def take(foyer, tmp_path, *mots):
    """Add papers, one a word, and return their ids in that order."""
    for mot in mots:
        foyer.house.intake.take([pdf(tmp_path / f"{mot}.pdf", f"Facture {mot}", f"Suite {mot}")])
        foyer.settle()
    found = documents.fetch(foyer.library, documents.document_ids(foyer.library, Filtre(), Tri.RECENT))
    by_name = {line.document.nom: line.id for line in found.values()}
    return [by_name[f"{mot}.pdf"] for mot in mots]


@pytest.fixture
def dragged(monkeypatch):
    """Every drag begun, as it hangs from the pointer; the button stays down."""
    from mutuelle_desktop.ui.documents.dehors import Dehors

    drags = []
    monkeypatch.setattr(Dehors, "is_held", lambda _self: True)
    monkeypatch.setattr(Dehors, "carry", lambda _self, drag: drags.append(drag))
    return drags


def pull(widget, point, modifiers=Qt.KeyboardModifier.NoModifier):
    """Press, and move further than a trembling hand does."""
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, modifiers, point)
    for step in (2, 8, 40, 60):
        QTest.mouseMove(widget, point + QPoint(step, step))
        QApplication.processEvents()
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, modifiers, point + QPoint(60, 60))
    QApplication.processEvents()


def files_of(mime) -> list[Path]:
    return [Path(url.toLocalFile()) for url in mime.urls()]


@pytest.mark.parametrize("tiles", [False, True], ids=["list", "thumbnails"])
def test_papers_chosen_are_dragged_out_as_private_copies(foyer, tmp_path, dragged, runtime, tiles):
    take(foyer, tmp_path, "lunettes", "dentaire")
    page = foyer.go("documents")
    foyer.click("En vignettes" if tiles else "En liste", page)
    page._view.selectAll()
    foyer.settle()
    pull(page._view.viewport(), page._view.visualRect(page.model.index(0)).center())
    foyer.settle()
    (drag,) = dragged
    files = files_of(drag.mimeData())
    assert len(files) == 2
    assert all(path.read_bytes().startswith(b"%PDF") and path.is_relative_to(runtime) for path in files)
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)
    assert len({path.name for path in files}) == 2
    assert tiles or len(page.selected()) == 2, "dragging chooses nothing else"
    assert len(documents.document_ids(foyer.library, Filtre(), Tri.RECENT)) == 2, "a drag never moves"
    documents.clear_copies()
    assert not any(path.exists() for path in files)


def test_the_paper_shown_and_those_of_a_dossier_are_dragged_too(foyer, tmp_path, dragged):
    one, two = take(foyer, tmp_path, "lunettes", "dentaire")
    page = foyer.go("documents")
    page.show_object("Document", one)
    handle = next(
        b for b in page.preview.findChildren(QToolButton) if b.accessibleName().startswith("Copier le papier")
    )
    pull(handle, handle.rect().center())
    foyer.settle()
    assert [path.name for path in files_of(dragged[-1].mimeData())] == [name_of(foyer, one)]
    assert not handle.isDown()
    foyer.answers.forms.append(fill(Titre="Soins de l’année"))
    foyer.action("nouveau")
    (dossier,) = dossiers.list_dossiers(foyer.library)
    documents.add_to_dossier(foyer.library, [one, two], dossier.id)
    foyer.settle()
    detail = foyer.go("dossiers").detail
    title = next(w for w in detail.findChildren(QLabel) if w.accessibleName().startswith("2 · "))
    pull(title, QPoint(6, 6))
    foyer.settle()
    assert [path.name for path in files_of(dragged[-1].mimeData())] == [name_of(foyer, two)]
    assert foyer.window.current_page() is foyer.house.window.page("dossiers"), "a drag is no click"
    everything = next(b for b in detail.findChildren(QToolButton) if b.accessibleName().startswith("Copier toutes"))
    pull(everything, everything.rect().center())
    foyer.settle()
    assert [path.name for path in files_of(dragged[-1].mimeData())] == [name_of(foyer, one), name_of(foyer, two)]
    assert len(dragged) == 3


def name_of(foyer, key):
    return sorties._named(foyer.library, key)[1]


def test_a_button_let_go_too_soon_drags_nothing_and_the_copies_wait(foyer, tmp_path, dragged, monkeypatch):
    from mutuelle_desktop.ui.documents.dehors import Dehors

    take(foyer, tmp_path, "lunettes")
    page = foyer.go("documents")
    monkeypatch.setattr(Dehors, "is_held", lambda _self: False)
    page.verbs.dehors.drag(page._view, page.selected())
    foyer.settle()
    assert dragged == []
    assert "glissez-les de nouveau" in foyer.told[-1]
    monkeypatch.setattr(Dehors, "is_held", lambda _self: True)
    monkeypatch.setattr(documents, "copies", lambda *_: pytest.fail("made twice"))
    page.verbs.dehors.drag(page._view, page.selected())
    foyer.settle()
    assert len(dragged) == 1


def test_papers_are_copied_as_files_with_the_keyboard(foyer, tmp_path):
    take(foyer, tmp_path, "lunettes", "dentaire")
    page = foyer.go("documents")
    page._view.setFocus()
    page._view.selectAll()
    foyer.settle()
    foyer.press(Qt.Key.Key_C)
    mime = QGuiApplication.clipboard().mimeData()
    files = files_of(mime)
    assert mime.text().split("\n") == [path.name for path in files]
    assert len(files) == 2
    assert all(path.read_bytes().startswith(b"%PDF") for path in files)
    assert bytes(mime.data("x-special/gnome-copied-files").data()).startswith(b"copy\nfile:///")
    assert "2 papiers copiés" in foyer.told[-1]
    foyer.press(Qt.Key.Key_V)
    assert len(documents.document_ids(foyer.library, Filtre(), Tri.RECENT)) == 2, "pasted here they are twins"


def test_words_chosen_on_the_page_are_what_ctrl_c_copies_and_without_any_the_paper(foyer, tmp_path):
    take(foyer, tmp_path, "lunettes")
    page = foyer.go("documents")
    canvas = page.preview.canvas
    canvas.setFocus()
    foyer.press(Qt.Key.Key_A)
    foyer.press(Qt.Key.Key_C)
    assert "lunettes" in QGuiApplication.clipboard().text()
    assert not QGuiApplication.clipboard().mimeData().hasUrls()
    field = page.form.titre
    field.setFocus()
    field.selectAll()
    foyer.press(Qt.Key.Key_C)
    assert QGuiApplication.clipboard().text() == field.text(), "in a field Ctrl+C copies its words"
    canvas.show_page(page.preview._size, page.preview._mots)
    canvas.setFocus()
    foyer.press(Qt.Key.Key_C)
    assert QGuiApplication.clipboard().mimeData().hasUrls()


def test_a_page_is_copied_as_a_picture_one_can_read(foyer, tmp_path):
    take(foyer, tmp_path, "lunettes")
    page = foyer.go("documents")
    foyer.action("next_page")
    foyer.press(Qt.Key.Key_C, shift=True)
    image = QGuiApplication.clipboard().image()
    assert 2300 <= image.height() <= 2360, "A4 at 200 dots an inch"
    assert 1640 <= image.width() <= 1670
    dark = sum(image.pixelColor(x, y).lightness() < 100 for x in range(150, 700, 2) for y in range(180, 260, 2))
    assert dark > 50, "its words are there"
    png = bytes(QGuiApplication.clipboard().mimeData().data("image/png").data())
    assert png.startswith(b"\x89PNG")
    assert foyer.told[-1].startswith("La page 2 est copiée")
    assert page.preview.page == 2
