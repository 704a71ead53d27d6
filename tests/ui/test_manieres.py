"""Desktop manners through the real window: papers given to other programs, recent things, the end of the session."""

import getpass
import os
import platform
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QLibraryInfo, QPoint, QRect, QSettings, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton

from mutuelle_desktop import __version__
from mutuelle_desktop.instance import Held, Instance
from mutuelle_desktop.services import courriers, documents, dossiers, sorties
from mutuelle_desktop.services.apropos import composants, is_newer, parse_nouveautes, texte_of
from mutuelle_desktop.services.documents import Filtre, Tri
from mutuelle_desktop.ui.appel.brouillon import read_draft
from mutuelle_desktop.ui.appel.window import AppelWindow
from mutuelle_desktop.ui.apropos.dialogue import AProposDialog, Licences
from mutuelle_desktop.ui.apropos.nouveautes import VUE
from mutuelle_desktop.ui.courriers.carte import titre_of
from mutuelle_desktop.ui.dialogs import FormDialog
from mutuelle_desktop.ui.documents.nettes import COTE, GARDEE
from mutuelle_desktop.ui.ecrans import visible_place
from mutuelle_desktop.ui.plateforme import end_start, file_dialogs, let_go, prepare
from mutuelle_desktop.ui.reprise import read_ecrits
from mutuelle_desktop.ui.rows import LINE, ROW
from mutuelle_desktop.ui.session import Session
from mutuelle_desktop.ui.theme import theme
from tests.ui.maison import fill, pdf

ROOT = Path(__file__).resolve().parents[2]


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


def titles(foyer):
    """What the « Récents » menu lists, once opened."""
    menu = foyer.house.manieres.recents_menu
    menu.aboutToShow.emit()
    return [one.text() for one in menu.actions() if one.text()]


def test_recent_things_are_remembered_by_id_the_last_first_and_the_dead_dropped(foyer, tmp_path, open_foyer):
    one, two = take(foyer, tmp_path, "lunettes", "dentaire")
    assert titles(foyer) == ["Rien n’a été ouvert récemment"]
    foyer.answers.forms.append(fill(Titre="Soins & lunettes"))
    foyer.action("nouveau")
    (dossier,) = dossiers.list_dossiers(foyer.library)
    for kind, key in (("Document", one), ("Dossier", dossier.id), ("Document", two), ("Document", one),
                      ("Document", "a-classer")):  # fmt: skip
        foyer.house.open(kind, key)
    named = documents.fetch(foyer.library, [one, two])
    expected = [named[one].document.titre, named[two].document.titre, "Soins && lunettes", "Effacer cette liste"]
    assert titles(foyer) == expected
    documents.trash_documents(foyer.library, [two])
    foyer.settle()
    assert titles(foyer) == [expected[0], *expected[2:]]
    foyer.library.undo()
    open_foyer.close(foyer)
    kept = (foyer.folder / "fenetre.ini").read_text("utf-8")
    assert one in kept
    assert "lunettes" not in kept, "outside the safe nothing is called by its name"
    again = open_foyer(folder=foyer.folder)
    assert titles(again) == expected
    entry = again.house.manieres.recents_menu.actions()[2]
    entry.trigger()
    again.settle()
    assert again.window.current_page().current_dossier() == dossier.id
    assert titles(again)[0] == "Soins && lunettes"
    again.house.manieres.recents_menu.actions()[-1].trigger()
    assert titles(again) == ["Rien n’a été ouvert récemment"]


def test_a_row_clicked_or_rested_on_is_recent_and_the_empty_search_offers_it(foyer, tmp_path):
    one, _two = take(foyer, tmp_path, "lunettes", "dentaire")
    page = foyer.go("documents")
    view = page._view
    point = view.visualRect(page.model.index_of(one)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)
    foyer.settle()
    assert len(titles(foyer)) == 2
    foyer.window.activateWindow()
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Up if page.model.index_of(one).row() else Qt.Key.Key_Down)
    foyer.settle()
    assert len(titles(foyer)) == 2, "one walks past many"
    foyer.house.recents._rest.timeout.emit()
    assert len(titles(foyer)) == 3
    foyer.action("chercher")
    palette = foyer.house.palette
    assert palette.isVisible()
    assert palette.view.model().rowCount() == 2
    QTest.keyClick(foyer.window.search, Qt.Key.Key_Down)
    QTest.keyClick(foyer.window.search, Qt.Key.Key_Return)
    foyer.settle()
    assert page.shown == one
    assert not palette.isVisible()


def typed(dialog):
    """Type in the form that is open, and leave it open."""
    field = next(w for w in dialog.findChildren(QLineEdit) if w.accessibleName() == "Titre")
    QTest.keyClicks(field, "Couronne de Camille")


def test_when_the_session_may_end_all_that_is_being_written_is_kept_and_nothing_closes(foyer, tmp_path, open_foyer):
    (paper,) = take(foyer, tmp_path, "lunettes")
    foyer.answers.forms.append(fill(Titre="Soins de l’année"))
    foyer.action("nouveau")
    (dossier,) = dossiers.list_dossiers(foyer.library)
    page = foyer.go("documents")
    page.show_object("Document", paper)
    QTest.keyClicks(page.form.emetteur, "Optique des Deux Rives")
    letters = foyer.go("courriers")
    letters.write(dossier.id)
    letters.redacteur.editeur.setFocus()
    QTest.keyClicks(letters.redacteur.editeur, "Phrase interrompue ")
    foyer.house.call(dossier.id)
    foyer.settle()
    call = next(w for w in QApplication.topLevelWidgets() if isinstance(w, AppelWindow) and w.isVisible())
    call.draft.notes = "Rappeler jeudi"
    call.guard.touch()
    session = Session(QApplication.instance(), foyer.house.manieres.keep, lambda: None)

    def ends(dialog):
        typed(dialog)
        session.commit()
        assert dialog.isVisible(), "the user may still stay"
        dialog.reject()

    foyer.answers.forms.append(ends)
    foyer.action("nouveau")
    assert foyer.window.isVisible()
    kept = documents.fetch(foyer.library, [paper])[paper].document
    assert kept.emetteur == "Optique des Deux Rives"
    letter = courriers.get_courrier(foyer.library, letters.shown)
    assert "Phrase interrompue" in str(letter.corps)
    assert read_draft(foyer.library, dossier.id).notes == "Rappeler jeudi"
    open_foyer.close(foyer)
    again = open_foyer(folder=foyer.folder)
    assert "Ce que vous aviez écrit est gardé" in again.told[-1]
    raw = b"".join(path.read_bytes() for path in foyer.folder.iterdir() if path.is_file())
    assert b"Couronne" not in raw, "kept in the safe only"

    def look(dialog):
        again.click("Copier tout", dialog)
        again.click("Ne plus garder", dialog)

    again.answers.forms.append(look)
    again.click("Le retrouver")
    copied = QGuiApplication.clipboard().text()
    assert copied.splitlines()[0] == "Nouveau dossier"
    assert "Titre\u00a0: Couronne de Camille" in copied
    assert read_ecrits(again.library) == []


def test_the_end_puts_away_what_asks_a_question_then_leaves_once(foyer, qtbot):
    left = []
    session = Session(QApplication.instance(), foyer.house.manieres.keep, lambda: left.append(asking()))

    def asking():
        return QApplication.activeModalWidget()

    dialog = FormDialog(foyer.window, "Une question", lambda: None)
    field = dialog.add("Réponse", QLineEdit())
    QTimer.singleShot(0, lambda: (QTest.keyClicks(field, "moitie"), session.end(), session.end()))
    assert dialog.exec() == 0, "put away, not accepted"
    qtbot.waitUntil(lambda: bool(left), timeout=30_000)
    assert left == [None]
    assert read_ecrits(foyer.library)[0].champs == (("Réponse", "moitie"),)


def test_a_password_is_never_kept(foyer):
    dialog = FormDialog(foyer.window, "Mot de passe", lambda: None)
    secret = QLineEdit()
    secret.setEchoMode(QLineEdit.EchoMode.Password)
    dialog.add("Mot de passe", secret)
    dialog.show()
    QTest.keyClicks(secret, "tilleul")
    foyer.house.manieres.keep()
    assert read_ecrits(foyer.library) == []
    dialog.close()


def test_a_minimised_window_comes_forward_with_the_files_it_is_handed(qapp, tmp_path, monkeypatch):
    from mutuelle_desktop.app import App

    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    run = App(tmp_path / "donnees", Instance(tmp_path / "donnees"), [])
    taken = []
    monkeypatch.setattr(run, "_take", taken.extend)
    run.window.showMinimized()
    run.asked.emit({"commande": "ouvrir", "fichiers": [str(tmp_path / "a.pdf")], "jeton": "jeton-1"})
    qapp.processEvents()
    assert not run.window.isMinimized()
    assert run.window.isVisible()
    assert taken == [tmp_path / "a.pdf"]
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "jeton-1", "the right to come forward is spent by the first window"
    run.window.close()
    run.window.deleteLater()


@pytest.mark.parametrize(
    ("environment", "system", "chosen"),
    [
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", "xdgdesktopportal"),
        ({"FLATPAK_ID": "fr.exemple", "DISPLAY": ":0"}, "linux", "xdgdesktopportal"),
        ({"SNAP": "/snap/x", "QT_QPA_PLATFORM": "xcb"}, "linux", "xdgdesktopportal"),
        ({"WAYLAND_DISPLAY": "wayland-0", "QT_QPA_PLATFORMTHEME": "qt6ct"}, "linux", ""),
        ({"FLATPAK_ID": "fr.exemple", "QT_QPA_PLATFORMTHEME": "gtk3"}, "linux", ""),
        ({"WAYLAND_DISPLAY": "wayland-0", "QT_QPA_PLATFORM": "xcb"}, "linux", ""),
        ({"WAYLAND_DISPLAY": "wayland-0", "QT_QPA_PLATFORM": "wayland;xcb"}, "linux", "xdgdesktopportal"),
        ({"DISPLAY": ":0"}, "linux", ""),
        ({}, "linux", ""),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "darwin", ""),
        ({"SNAP": "x"}, "win32", ""),
    ],
)
def test_the_file_dialogs_of_the_desktop_are_chosen_where_only_they_reach_the_files(environment, system, chosen):
    assert file_dialogs(environment, system) == chosen
    if chosen:
        plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
        assert list((plugins / "platformthemes").glob(f"*{chosen}*")), "what is chosen is there"


ONE, LEFT = QRect(0, 0, 1920, 1080), QRect(-1280, 0, 1280, 1024)


@pytest.mark.parametrize(
    ("place", "screens", "shown"),
    [
        (QRect(100, 100, 800, 600), [ONE], QRect(100, 100, 800, 600)),
        (QRect(-1000, 50, 800, 600), [ONE, LEFT], QRect(-1000, 50, 800, 600)),
        (QRect(-1000, 50, 800, 600), [ONE], QRect(0, 50, 800, 600)),
        (QRect(2500, 1500, 800, 600), [ONE], QRect(1120, 480, 800, 600)),
        (QRect(-5000, 0, 3000, 2000), [LEFT], QRect(-1280, 0, 1280, 1024)),
        (QRect(1700, 1000, 800, 600), [ONE], QRect(1700, 1000, 800, 600)),
        (QRect(300, -200, 800, 600), [ONE], QRect(300, 0, 800, 600)),
        (QRect(10, 10, 60, 40), [ONE], QRect(10, 10, 60, 40)),
        (QRect(-1000, 50, 800, 600), [], QRect(-1000, 50, 800, 600)),
    ],
)
def test_a_window_whose_screen_is_gone_is_brought_onto_one_that_is_there(place, screens, shown):
    assert visible_place(place, screens) == shown


def test_windows_come_back_when_their_screen_is_unplugged_and_at_opening(foyer, open_foyer):
    area = foyer.window.screen().availableGeometry()
    foyer.window.setGeometry(area.right() + 500, 40, 800, 600)
    foyer.house.manieres.ecrans._removed(foyer.window.screen())
    assert area.contains(foyer.window.geometry().topLeft())
    foyer.window.setGeometry(area.right() + 700, 40, 800, 600)
    open_foyer.close(foyer)
    again = open_foyer(folder=foyer.folder)
    assert area.contains(again.window.geometry().topLeft())


def test_about_names_every_part_with_its_licence_and_copies_versions_without_anything_personal(foyer):
    foyer.action("apropos")
    about = next(w for w in QApplication.topLevelWidgets() if isinstance(w, AProposDialog) and w.isVisible())
    foyer.click("Copier les versions", about)
    copied = QGuiApplication.clipboard().text()
    for part in ("Mutuelle Desktop", "Qt", "SQLCipher", "Tesseract", "Typst", "PDFium"):
        assert re.search(rf"^{part}\u00a0: .*\d+\.\d+", copied, re.MULTILINE), copied
    for personal in (str(foyer.folder), getpass.getuser(), platform.node()):
        assert personal not in copied.replace("Mutuelle Desktop", "")
    licences = about.findChild(Licences)
    assert licences.model.rowCount() == len(composants()) > 30
    for one in composants():
        assert one.licence
        assert len(texte_of(one)) > 400, one.nom
    licences.search.setText("qt lgpl")
    licences._searched("qt lgpl")
    names = {licences.model.index(n).data(ROW).nom for n in range(licences.model.rowCount())}
    assert "Qt" in names
    assert "numpy" not in names
    assert "GNU" in licences.text.toPlainText()
    licences._searched("zzzz")
    assert (licences.text.toPlainText(), licences.count.text()) == ("", "Aucun composant ne correspond.")
    about.close()


def test_what_is_new_is_told_once_after_an_upgrade_and_never_at_a_first_start(foyer, open_foyer, monkeypatch):
    def told(window):
        return [text for text in window.told if "version" in text]

    assert told(foyer) == []
    open_foyer.close(foyer)
    state = QSettings(str(foyer.folder / "fenetre.ini"), QSettings.Format.IniFormat)
    assert state.value(VUE) == __version__
    state.setValue(VUE, "0.0.1")
    state.sync()
    monkeypatch.setattr("mutuelle_desktop.ui.apropos.nouveautes.nouveautes", lambda: parse_nouveautes(NEUF))
    upgraded = open_foyer(folder=foyer.folder)
    assert told(upgraded) == [f"Mutuelle Desktop est passé à la version {__version__}."]
    upgraded.click("Quoi de neuf")
    shown = next(w for w in QApplication.topLevelWidgets() if w.windowTitle() == "Quoi de neuf" and w.isVisible())
    texts = [w.text() for w in shown.findChildren(QLabel)]
    assert "Version 0.2.0 — mercredi 25 novembre 2026" in texts
    assert "•\u00a0Glisser un papier vers un courriel." in texts
    shown.close()
    open_foyer.close(upgraded)
    assert told(open_foyer(folder=foyer.folder)) == []


NEUF = """# Nouveautés

## [À venir]

## [0.2.0] - 2026-11-25
### Ajouté
- Glisser un papier
  vers un courriel.
- Copier une page.

### Corrigé
- Une faute.

## 0.1.0
* La première.
"""


def test_the_page_of_news_is_read_as_it_is_written():
    coming, two, one = parse_nouveautes(NEUF)
    assert (coming.version, coming.parties) == ("À venir", ())
    assert two.jour == date(2026, 11, 25)
    assert two.parties == (
        ("Ajouté", ("Glisser un papier vers un courriel.", "Copier une page.")), ("Corrigé", ("Une faute.",)),
    )  # fmt: skip
    assert (one.version, one.jour, one.parties) == ("0.1.0", None, (("", ("La première.",)),))
    assert is_newer("0.10.0", "0.9.3")
    assert is_newer("1.0", "1.0b2")
    assert not is_newer("0.2.0", "0.2.0")


def test_tiles_of_large_text_are_drawn_at_their_size_and_others_are_not_drawn_again(foyer, tmp_path, qtbot):
    take(foyer, tmp_path, "lunettes")
    page = foyer.go("documents")
    foyer.click("En vignettes", page)
    (empreinte,) = {page.model.index(0).data(LINE).image}
    qtbot.waitUntil(lambda: page.sharp.get(empreinte) is not None, timeout=30_000)
    assert page.sharp.get(empreinte).height() == GARDEE
    assert not page.sharp._calm.isActive(), "the small picture is enough"
    theme().apply("clair", 200)
    foyer.window.resize(1400, 900)
    foyer.settle()
    page.sharp.get(empreinte)
    with qtbot.waitSignal(page.sharp.arrived, timeout=30_000):
        page.sharp._calm.timeout.emit()
    assert page.sharp.get(empreinte).height() == 2 * COTE
    theme().apply("clair", 100)


def test_pages_are_drawn_for_the_pixels_of_the_screen_whatever_their_scale(tmp_path):
    """A process of its own: Qt reads the scale once, when it starts."""
    paper = pdf(tmp_path / "facture.pdf", "Facture lunettes")
    code = (
        "import sys\nfrom pathlib import Path\nfrom mutuelle_desktop.ui.plateforme import prepare\nprepare()\n"
        "from PySide6.QtWidgets import QApplication\napp = QApplication([])\n"
        "from mutuelle_desktop.services.workers import Workers\nfrom tests.ui.maison import Foyer\n"
        "from mutuelle_desktop.ui.theme import theme\ntheme().apply('clair', 100)\n"
        "w = Workers()\nf = Foyer(Path(sys.argv[1]), w)\nf.window.resize(1280, 800)\n"
        "f.house.intake.take([Path(sys.argv[2])])\nf.settle()\np = f.go('documents')\nf.settle()\n"
        "c = p.preview.canvas\nshot = f.window.grab()\n"
        "print(f.window.devicePixelRatioF(), shot.width(), c.height() * f.window.devicePixelRatioF(), "
        "c._image.height())\n"
        "f.close()\nw.close()\n"
    )
    scale = 2.75
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "foyer"), str(paper)], capture_output=True, text=True,
        env={**os.environ, "QT_SCALE_FACTOR": str(scale), "PYTHONPATH": str(ROOT)}, check=False, timeout=120,
    )  # fmt: skip
    ratio, wide, needed, drawn = (float(word) for word in done.stdout.split())
    assert ratio == scale, "never rounded"
    assert wide == 1280 * scale
    assert drawn >= needed, "the page is never blown up"


def test_a_letter_that_was_opened_is_recent_under_its_subject_until_it_is_deleted(foyer):
    foyer.answers.forms.append(fill(Titre="Soins de l’année"))
    foyer.action("nouveau")
    (dossier,) = dossiers.list_dossiers(foyer.library)
    page = foyer.go("courriers")
    page.write(dossier.id)
    foyer.settle()
    (line,) = courriers.list_courriers(foyer.library, courriers.FiltreCourriers())
    assert titles(foyer)[0] == titre_of(line)
    courriers.delete_courrier(foyer.library, line.id)
    foyer.settle()
    assert titre_of(line) not in titles(foyer)


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"DISPLAY": ":0", "DESKTOP_STARTUP_ID": "x_TIME1"}, True),
        ({"DISPLAY": ":0"}, False),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "w", "DESKTOP_STARTUP_ID": "x_TIME1"}, False),
        ({"DESKTOP_STARTUP_ID": "x_TIME1"}, False),
    ],
)
def test_a_start_without_a_window_of_its_own_ends_the_busy_pointer_and_leaves_nothing(qapp, environment, told):
    before = len(qapp.topLevelWindows())
    assert end_start(environment) is told
    qapp.processEvents()
    assert len(qapp.topLevelWindows()) == before


@pytest.mark.qt_log_ignore("setHighDpiScaleFactorRoundingPolicy")
def test_what_was_set_for_qt_alone_does_not_follow_the_programs_opened_from_here(qapp, monkeypatch):
    monkeypatch.setenv("FLATPAK_ID", "fr.exemple")
    monkeypatch.delenv("QT_QPA_PLATFORMTHEME", raising=False)
    prepare()
    assert os.environ["QT_QPA_PLATFORMTHEME"] == "xdgdesktopportal"
    let_go()
    assert "QT_QPA_PLATFORMTHEME" not in os.environ
    monkeypatch.setenv("QT_QPA_PLATFORMTHEME", "qt6ct")
    prepare()
    let_go()
    assert os.environ["QT_QPA_PLATFORMTHEME"] == "qt6ct", "the user's own choice stays"


def test_a_start_that_finds_the_folder_held_waits_its_turn_and_hands_over_as_soon_as_it_can(qapp, tmp_path):
    from mutuelle_desktop.app import App

    folder, shown = tmp_path / "donnees", []
    folder.mkdir()
    first = Instance(folder)
    assert first.try_lock()
    run = App(folder, Instance(folder), [tmp_path / "a.pdf"])
    run.window.show()
    run.wait_turn(Held(first.holder()))
    assert any("déjà ouvertes" in w.text() for w in run.window.findChildren(QLabel) if w.isVisible())
    run._turn.timeout.emit()
    assert run.window.isVisible(), "the first is still opening"
    first.serve(shown.append, None, None)
    run._turn.timeout.emit()
    assert [message["fichiers"] for message in shown] == [[str(tmp_path / "a.pdf")]]
    assert not run.window.isVisible()
    assert not run._turn.isActive()
    first.close()
    run.window.deleteLater()
