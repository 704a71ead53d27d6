"""The window around the pages: messages, running work, search over everything, settings, look, keyboard sheet."""

import tomllib

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit, QPlainTextEdit

from mutuelle_desktop.domain.contrat import Contact, Mutuelle
from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import dossiers, exemple
from mutuelle_desktop.storage.resources import resource
from mutuelle_desktop.ui.jobs import Jobs
from mutuelle_desktop.ui.rows import LINE
from mutuelle_desktop.ui.theme import theme
from tests.ui.maison import fill, pdf
from tests.ui.test_import import create, texts


def luminance(color: str) -> float:
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("mode", ["clair", "sombre"])
def test_every_ink_on_every_ground_it_is_used_on_has_enough_contrast(mode):
    colors = tomllib.loads(resource(f"themes/{mode}.toml").read_text("utf-8"))
    pairs = [(ink, ground) for ink in ("encre", "encre2") for ground in ("fond", "surface", "surface2")]
    pairs += [("encre", "accent_doux"), ("accent", "surface"), ("accent", "surface2"), ("sur_accent", "accent")]
    pairs += [("info", "surface"), ("danger", "surface"), ("danger", "fond")]
    pairs += [(kind, f"{kind}_doux") for kind in ("alerte", "danger", "succes", "info")]
    for ink, ground in pairs:
        high, low = sorted((luminance(colors[ink]), luminance(colors[ground])), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, f"{ink} on {ground}"


def test_the_example_household_is_tried_and_taken_away_in_one_action_without_touching_ones_own(foyer, tmp_path):
    mine = create(foyer, "Mon dossier")
    foyer.drop([pdf(tmp_path / "mien.pdf", "Mon papier")])
    foyer.action("exemple")
    with foyer.library.read() as db:
        assert db.count(Personne) == 3
        assert db.count(Dossier) >= 4
    foyer.go("aujourdhui")
    foyer.click("Tout retirer")
    with foyer.library.read() as db:
        assert db.count(Personne) == 0
        assert [d.id for d in db.all(Dossier)] == [mine.id]
        assert [d.nom for d in db.all(Document)] == ["mien.pdf"]
    foyer.action("annuler")
    assert exemple.has_example(foyer.library)


def test_search_over_everything_finds_papers_dossiers_people_and_actions(foyer, qtbot):
    exemple.fill_example(foyer.library, foyer.house.desk.workers)
    foyer.house.intake.read_pending()
    foyer.settle()
    palette = foyer.house.palette

    def kinds(words):
        with qtbot.waitSignal(foyer.window.search.changed, timeout=2_000):
            foyer.window.search.setText(words)
        model = palette.view.model()
        return {model.index(n).data(LINE).puce or model.index(n).data(LINE).second for n in range(model.rowCount())}

    assert {"papier", "dossier"} <= kinds("couronne")
    assert "personne" in kinds("camille")
    assert "Action" in {model_line(palette, n).second for n in range(rows(palette, foyer, "verifier coffre", qtbot))}
    rows(palette, foyer, "couronnne", qtbot)
    assert "Vouliez-vous dire" in model_line(palette, 0).titre
    rows(palette, foyer, "xyzxyzxyz", qtbot)
    assert model_line(palette, 0).titre == "Rien trouvé"
    qtbot.keyClick(foyer.window.search, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def rows(palette, foyer, words, qtbot):
    with qtbot.waitSignal(foyer.window.search.changed, timeout=2_000):
        foyer.window.search.setText(words)
    return palette.view.model().rowCount()


def model_line(palette, number):
    return palette.view.model().index(number).data(LINE)


def test_the_palette_carries_out_the_action_it_found(foyer, qtbot):
    rows(foyer.house.palette, foyer, "verifier le coffre", qtbot)
    qtbot.keyClick(foyer.window.search, Qt.Key.Key_Return)
    foyer.settle()
    assert any("Coffre vérifié" in text for text in foyer.told)


def test_running_work_shows_how_far_it_is_and_stops_at_its_cross(open_foyer, qtbot):
    foyer = open_foyer(jobs=Jobs)
    reached = []

    def work(progress):
        import time

        for n in range(1000):
            progress.step(n, 1000, f"Étape {n}")
            reached.append(n)
            time.sleep(0.01)

    job = foyer.house.desk.jobs.run("Long travail", work)
    qtbot.waitUntil(lambda: "Étape" in texts(foyer.window.strip), timeout=3_000)
    foyer.click("Arrêter\u00a0: Long travail")
    qtbot.waitUntil(lambda: job not in foyer.house.desk.jobs.running, timeout=3_000)
    assert len(reached) < 900
    assert "Étape" not in texts(foyer.window.strip)


def test_a_refusal_is_a_sentence_and_the_unexpected_is_a_report_without_personal_data(foyer):
    foyer.house.report(Refused("Ce dossier n’existe plus."))
    assert foyer.told[-1] == "Ce dossier n’existe plus."
    try:
        raise ValueError("Camille Bessière, 2 84 05 69 123 456 78")
    except ValueError as error:
        foyer.house.report(error)
    shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
    report = shown[0].findChild(QPlainTextEdit).toPlainText()
    assert "ValueError" in report
    assert "Camille" not in report
    assert str(foyer.folder) not in report
    shown[0].close()


@pytest.mark.parametrize(("scale", "width"), [(100, 1024), (200, 1024), (100, 1280)])
def test_no_label_or_button_is_cut_whatever_the_size_of_the_text(foyer, scale, width):
    exemple.fill_example(foyer.library, foyer.house.desk.workers)
    theme().apply("clair", scale)
    foyer.window.resize(width, 700)
    for tab in ("aujourdhui", "dossiers", "documents", "echeances", "contrats", "guide"):
        page = foyer.go(tab)
        foyer.settle()
        for widget in page.findChildren(QLabel):
            if widget.isVisible() and not widget.pixmap() and widget.text() and not widget.wordWrap():
                assert widget.width() >= widget.minimumSizeHint().width(), f"{tab} {scale} {widget.text()}"
        from PySide6.QtWidgets import QPushButton

        for widget in page.findChildren(QPushButton):
            if widget.isVisible():
                assert widget.width() >= widget.minimumSizeHint().width(), f"{tab} {scale} {widget.text()}"
    theme().apply("clair", 100)


def test_the_keyboard_sheet_names_every_shortcut_and_none_is_used_twice(foyer):
    shortcuts = [action.shortcut for action in foyer.house.actions if action.shortcut]
    assert len(shortcuts) == len(set(shortcuts))
    assert len({action.id for action in foyer.house.actions}) == len(foyer.house.actions)
    foyer.action("raccourcis")
    sheet = next(
        w for w in QApplication.topLevelWidgets() if w.windowTitle() == "Raccourcis du clavier" and w.isVisible()
    )
    shown = texts(sheet)
    for action in foyer.house.actions:
        if action.shortcut:
            assert action.texte.rstrip("…").replace("\u00a0", " ") in shown, action.id
    assert "Shift" not in shown
    sheet.close()


def test_undo_works_from_the_search_field_unless_there_is_typing_to_undo(foyer):
    create(foyer, "Couronne")
    foyer.window.search.setFocus()
    foyer.press(Qt.Key.Key_Z)
    with foyer.library.read() as db:
        assert db.count(Dossier) == 0
    foyer.action("retablir")
    foyer.window.search.setFocus()
    from PySide6.QtTest import QTest

    QTest.keyClicks(foyer.window.search, "mot")
    foyer.press(Qt.Key.Key_Z)
    assert foyer.window.search.text() != "mot"
    with foyer.library.read() as db:
        assert db.count(Dossier) == 1


def test_tabs_are_reached_by_ctrl_and_their_number(foyer):
    for key, tab in zip((Qt.Key.Key_8, Qt.Key.Key_7, Qt.Key.Key_5, Qt.Key.Key_3, Qt.Key.Key_2, Qt.Key.Key_1),
                        ("guide", "contrats", "echeances", "documents", "dossiers", "aujourdhui"), strict=True):  # fmt: skip
        foyer.press(key)
        assert foyer.window.current_page() is foyer.window.page(tab)


def test_size_tab_and_panes_are_remembered(open_foyer):
    foyer = open_foyer()
    foyer.go("contrats")
    foyer.window.resize(780, 620)
    foyer.settle()
    folder = foyer.folder
    open_foyer.close(foyer)
    again = open_foyer(folder=folder)
    assert again.window.current_page() is again.window.page("contrats")
    assert (again.window.width(), again.window.height()) == (780, 620)


def test_a_mutuelle_keeps_its_services_hours_mediator_and_opens_its_site_after_a_click_only(foyer, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    page = foyer.go("contrats")
    foyer.answers.forms.append(
        fill(**{"Nom": "Mutuelle des Deux Rives", "Nature": "Institution de prévoyance",
                "Espace client": "https://www.deux-rives.exemple", "Médiateur": "Médiateur (fictif)",
                "Site du médiateur": "https://mediateur.exemple"})
    )  # fmt: skip
    foyer.click("Nouvelle mutuelle…", page)
    foyer.answers.forms.append(
        fill(Service="Remboursements", Téléphone="01 99 00 12 12", Horaires="lun-ven 8h30-18h ; sam 9h-12h")
    )
    foyer.click("Ajouter un service…", page)
    with foyer.library.read() as db:
        assert db.all(Mutuelle)[0].mediateur == "Médiateur (fictif)"
        assert len(db.all(Contact)[0].horaires) == 6
    shown = texts(page)
    assert "Institution de prévoyance" in shown
    assert "01 99 00 12 12" in shown
    assert "8 h 30" in shown
    assert opened == []
    foyer.click("Ouvrir dans le navigateur", page)
    assert opened == [QUrl("https://www.deux-rives.exemple")]
    assert not [f for f in page.findChildren(QLineEdit) if f.echoMode() is QLineEdit.EchoMode.Password]
    foyer.click("Copier le numéro 01 99 00 12 12", page)
    assert QApplication.clipboard().text() == "01 99 00 12 12"
    foyer.click("Retirer Mutuelle des Deux Rives", page)
    with foyer.library.read() as db:
        assert db.count(Mutuelle) == 0
    foyer.action("annuler")
    with foyer.library.read() as db:
        assert db.count(Contact) == 1


def test_a_site_that_is_not_a_web_address_is_refused_in_the_form(foyer):
    page = foyer.go("contrats")

    def work(dialog):
        fill(Nom="Mutuelle", Espace_client="file:///etc/passwd")(dialog)
        assert dialog.isVisible()
        assert dialog.error.text()
        fill(Espace_client="")(dialog)

    foyer.answers.forms.append(work)
    foyer.click("Nouvelle mutuelle…", page)
    with foyer.library.read() as db:
        assert db.all(Mutuelle)[0].espace_client == ""


def test_messages_replace_one_another_but_errors_stay_until_closed(foyer):
    messages = foyer.window.messages
    messages.tell("Première nouvelle.")
    messages.tell("Un souci.", kind="error")
    messages.tell("Deuxième nouvelle.")
    foyer.settle()
    shown = texts(messages)
    assert "Première" not in shown
    assert "Un souci." in shown
    assert "Deuxième" in shown
    messages._expire()
    assert "Deuxième" not in texts(messages)
    messages.clear()
    assert not messages.isVisible()


def test_every_control_has_a_name_a_screen_reader_can_say(foyer):
    from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox

    exemple.fill_example(foyer.library, foyer.house.desk.workers)
    foyer.settle()
    for tab in ("aujourdhui", "dossiers", "documents", "contrats"):
        page = foyer.go(tab)
        for widget in page.findChildren(QAbstractButton):
            if widget.isVisible() and not isinstance(widget.parent(), QLineEdit):
                assert widget.accessibleName() or widget.text(), f"{tab}: {widget.objectName()}"
        for kind in (QLineEdit, QComboBox, QAbstractItemView):
            for widget in page.findChildren(kind):
                if widget.isVisible() and not isinstance(widget.parent(), QComboBox):
                    assert widget.accessibleName(), f"{tab}: {kind.__name__}"


def test_shortcuts_are_standard_sequences(foyer):
    for action in foyer.house.actions:
        if action.shortcut:
            assert not QKeySequence(action.shortcut).isEmpty(), action.id


def test_a_page_behind_another_tab_is_drawn_when_it_is_seen_and_not_before(foyer):
    page = foyer.window.go("dossiers")
    foyer.window.go("documents")
    create(foyer, "Venu pendant ce temps")
    foyer.window.go("documents")
    made = dossiers.create_dossier(
        foyer.library, nature=NatureDossier.INFORMATION, on=foyer.house.desk.today(), titre="Ailleurs"
    )
    foyer.house.desk.changes.flush()
    assert page.model.index_of(made.id).row() < 0, "nobody sees it yet"
    foyer.window.go("dossiers")
    assert page.model.index_of(made.id).row() >= 0
