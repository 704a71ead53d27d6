"""The settings: found by search, acting at once, told, undone, put back, and never cut."""

from datetime import date, time
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QWidget

from mutuelle_desktop.domain.calendrier import Foyer, Unite, Zone
from mutuelle_desktop.domain.document import Document, EtatLecture, Lecture
from mutuelle_desktop.domain.regle import Surcharge
from mutuelle_desktop.services import emplacement, lectures, minuterie, rappels, sauvegardes
from mutuelle_desktop.services.calendriers import get_foyer, save_surcharge, surcharges
from mutuelle_desktop.services.minuterie import EtatMinuterie
from mutuelle_desktop.services.relance import RELANCE
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage import paths
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.settings import Settings, load
from mutuelle_desktop.ui.actions import Action
from mutuelle_desktop.ui.courriers.tirage import decalage_of, decalages, keep_decalage
from mutuelle_desktop.ui.reglages.deplacement import DeplacementDialog
from mutuelle_desktop.ui.reglages.window import reglages_window
from mutuelle_desktop.ui.theme import theme
from tests.ui.maison import TODAY, pdf, scan
from tests.ui.maison import Foyer as Maison

GONE = EtatMinuterie(True, False, False, None, "Seulement programme ouvert.")


@pytest.fixture(autouse=True)
def own_place(tmp_path, monkeypatch):
    """Nothing of the computer's own: no pointer, no timer, no entry of the session."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv(paths.VARIABLE, raising=False)
    monkeypatch.setattr(minuterie, "timer_state", lambda *_: GONE)
    yield
    theme().apply("clair", 100)


def opened(foyer):
    foyer.action("reglages")
    return foyer.house.reglages


def field(window, row):
    return window.line(row).control


def choose(foyer, window, row, text):
    box = field(window, row)
    assert box.findText(text) >= 0, [box.itemText(n) for n in range(box.count())]
    box.setCurrentText(text)
    foyer.settle()


def tick(foyer, window, row, *, on):
    control = field(window, row)
    box = control if isinstance(control, QCheckBox) else control.findChild(QCheckBox)
    box.setChecked(on)
    foyer.settle()


def told(window):
    return window.messages.texts[-1].replace("\u00a0", " ") if window.messages.texts else ""


def shown(window):
    return [key for key, line in window.lines.items() if line.isVisible()]


def search(foyer, window, qtbot, words):
    with qtbot.waitSignal(window.search.changed, timeout=10_000):
        window.search.setText(words)
    foyer.settle()
    return shown(window)


def texts(widget):
    return [w.text() for w in widget.findChildren(QLabel) if w.isVisible()]


def test_each_section_shows_its_own_rows_and_the_keys_open_search_and_go_from_one_to_the_next(foyer, qtbot):
    foyer.press(Qt.Key.Key_Comma)
    window = foyer.house.reglages
    assert window.isVisible()
    assert shown(window) == ["theme", "echelle"]
    seen = set(shown(window))
    for number, section in enumerate(window.sections, 1):
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.ControlModifier)
        assert shown(window) == [row.id for row in section.lignes]
        seen |= set(shown(window))
    assert seen == {row.id for section in window.sections for row in section.lignes}
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget() is window.search
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    foyer.action("reglages")
    assert foyer.house.reglages is window, "there is one window of settings"
    assert window.isVisible()


@pytest.mark.parametrize(
    ("words", "found"),
    [("police", ["echelle"]), ("THEME", ["theme"]), ("feries", ["region"]), ("jours fériés", ["region"]),
     ("systemd", ["minuterie"]), ("onedrive", ["dossier"]), ("imprimante enveloppe", ["imprimantes"]),
     ("ocr", ["lecture", "lectures", "francais"]), ("xyzzy", [])],
)  # fmt: skip
def test_a_setting_is_found_by_its_words_and_by_others_whatever_the_accents(foyer, qtbot, words, found):
    window = opened(foyer)
    assert search(foyer, window, qtbot, words) == found
    assert window.nothing.isVisible() == (not found)
    if not found:
        assert "xyzzy" in window.nothing.text()
    window.show_section("impression")
    assert shown(window) == ["imprimantes"], "a section chosen ends the search"
    assert window.search.text() == ""


def test_the_look_changes_at_once_is_kept_is_told_and_is_undone(foyer):
    window = opened(foyer)
    choose(foyer, window, "theme", "Sombre")
    assert theme().mode == "sombre"
    assert told(window) == "Couleurs : sombre."
    choose(foyer, window, "echelle", "150\u00a0%")
    assert (theme().mode, theme().echelle) == ("sombre", 150)
    assert QApplication.font().pixelSize() == 21
    assert (load(foyer.folder).theme, load(foyer.folder).echelle) == ("sombre", 150)
    assert field(window, "echelle").currentText() == "150\u00a0%", "the window made again at that size says it"
    foyer.click("Annuler", window.messages)
    assert theme().echelle == 100
    assert load(foyer.folder).echelle == 100
    assert field(window, "echelle").currentText() == "100\u00a0%"
    foyer.action("plus-grand")
    assert theme().echelle == 115
    assert field(window, "echelle").currentText() == "115\u00a0%", "what the menus change is shown too"


def test_a_row_goes_back_alone_and_says_so(foyer):
    window = opened(foyer)
    assert not window.line("theme").back.isVisible()
    choose(foyer, window, "theme", "Clair")
    choose(foyer, window, "echelle", "115\u00a0%")
    foyer.click("Rétablir\u00a0: Couleurs", window)
    assert foyer.house.desk.settings().theme == "système"
    assert foyer.house.desk.settings().echelle == 115
    assert told(window) == "Couleurs : comme l’ordinateur, comme au début."
    assert not window.line("theme").back.isVisible()
    foyer.click("Annuler", window.messages)
    assert foyer.house.desk.settings().theme == "clair"


def test_everything_goes_back_after_a_question_that_names_it_and_leaves_dates_alone(foyer):
    window = opened(foyer)
    assert not window.all_back.isEnabled()
    choose(foyer, window, "theme", "Sombre")
    tick(foyer, window, "rappels", on=False)
    choose(foyer, window, "region", "Alsace-Moselle")

    def accept(form):
        boxes = {box.text().replace("\u00a0", " "): box.isChecked() for box in form.findChildren(QCheckBox)}
        assert boxes == {
            "Couleurs : comme l’ordinateur": True,
            "Rappels du jour : rappelé chaque jour": True,
            "Région : métropole": False,
        }
        form.accept_button.click()

    foyer.answers.forms.append(accept)
    foyer.click("Tout rétablir…", window)
    assert foyer.house.desk.settings() == Settings()
    assert get_foyer(foyer.library).zone is Zone.ALSACE_MOSELLE
    foyer.click("Annuler", window.messages)
    assert (foyer.house.desk.settings().theme, foyer.house.desk.settings().rappels) == ("sombre", False)
    foyer.answers.forms.append(lambda form: form.reject())
    foyer.click("Tout rétablir…", window)
    assert foyer.house.desk.settings().theme == "sombre"


def test_reminders_are_turned_off_and_their_hour_is_never_at_night(foyer):
    window = opened(foyer)
    window.show_section("rappels")
    tick(foyer, window, "rappels", on=False)
    assert not load(foyer.folder).rappels
    hour = field(window, "heure")
    hour.setText("23 h 00")
    hour.editingFinished.emit()
    foyer.settle()
    assert "entre 8 h et 21 h" in told(window)
    assert hour.property("erreur") == "true"
    assert rappels.chosen_hour(foyer.library) == time(9)
    hour.setText("18 h 30")
    hour.editingFinished.emit()
    foyer.settle()
    assert rappels.chosen_hour(foyer.library) == time(18, 30)
    assert hour.property("erreur") == "false"
    foyer.click("Rétablir\u00a0: Heure des rappels", window)
    assert rappels.chosen_hour(foyer.library) == time(9)
    assert hour.text().replace("\u00a0", " ") == "9 h 00"


def test_the_timer_of_the_system_is_put_in_follows_the_hour_and_is_taken_out(foyer, monkeypatch):
    asked = []

    def install(command, heure):
        asked.append((command[-1], heure))
        found = EtatMinuterie(True, True, True, heure, "Même fermé.")
        monkeypatch.setattr(minuterie, "timer_state", lambda *_: found)
        return found

    def remove():
        asked.append("retirée")
        monkeypatch.setattr(minuterie, "timer_state", lambda *_: GONE)
        return GONE

    monkeypatch.setattr(minuterie, "install_timer", install)
    monkeypatch.setattr(minuterie, "remove_timer", remove)
    window = opened(foyer)
    window.show_section("rappels")
    assert GONE.phrase in texts(window.line("minuterie"))
    tick(foyer, window, "minuterie", on=True)
    assert asked == [(str(foyer.folder), time(9))]
    assert "Même fermé." in texts(window.line("minuterie"))
    hour = field(window, "heure")
    hour.setText("10 h")
    hour.editingFinished.emit()
    foyer.settle()
    assert asked[-1] == (str(foyer.folder), time(10))
    tick(foyer, window, "minuterie", on=False)
    assert asked[-1] == "retirée"


def test_a_timer_the_system_refuses_is_told_and_the_box_says_the_truth(foyer, monkeypatch):
    from mutuelle_desktop.domain.errors import Refused

    def refuse(*_):
        raise Refused("Le système a refusé.")

    monkeypatch.setattr(minuterie, "install_timer", refuse)
    window = opened(foyer)
    tick(foyer, window, "minuterie", on=True)
    assert told(window) == "Le système a refusé."
    assert not field(window, "minuterie").findChild(QCheckBox).isChecked()


def test_starting_with_the_session_is_put_in_and_taken_out(foyer, tmp_path):
    entry = tmp_path / "config" / "autostart" / "mutuelle-desktop.desktop"
    window = opened(foyer)
    tick(foyer, window, "demarrage", on=True)
    assert "--discret" in entry.read_text("utf-8")
    window.show_section("rappels")
    foyer.click("Rétablir\u00a0: Au démarrage de la session", window)
    assert not entry.exists()


def test_the_region_shows_the_dates_that_move_before_it_is_kept_and_is_undone(foyer, monkeypatch):
    from mutuelle_desktop.domain.echeance import Mouvement
    from mutuelle_desktop.ui.reglages import jours

    table = (
        Mouvement(cle="R09:1", titre="Réponse attendue — 2026-001", avant=date(2026, 12, 28), apres=date(2026, 12, 29)),
    )
    monkeypatch.setattr(jours, "mouvements_du_foyer", lambda *_: table)
    window = opened(foyer)
    window.show_section("jours")

    def refuse(form):
        assert any("Réponse attendue" in text for text in texts(form))
        form.reject()

    foyer.answers.forms.append(refuse)
    choose(foyer, window, "region", "Alsace-Moselle")
    assert get_foyer(foyer.library).zone is Zone.METROPOLE
    assert field(window, "region").currentText() == "Métropole"
    foyer.answers.forms.append(lambda form: form.accept_button.click())
    choose(foyer, window, "region", "Alsace-Moselle")
    assert get_foyer(foyer.library).zone is Zone.ALSACE_MOSELLE
    assert "1 échéance change de date" in told(window)
    foyer.click("Annuler", window.messages)
    assert get_foyer(foyer.library) == Foyer()
    assert field(window, "region").currentText() == "Métropole"
    foyer.answers.forms.append(lambda form: form.accept_button.click())
    choose(foyer, window, "marge", "5\u00a0jours ouvrés")
    foyer.answers.forms.append(refuse)
    foyer.click("Rétablir\u00a0: Marge pour la poste", window)
    assert get_foyer(foyer.library).marge_postale == 5
    foyer.action("annuler")
    assert field(window, "marge").currentText() == "3\u00a0jours ouvrés", "the undo of the menus is seen here too"


def test_delays_of_ones_own_are_counted_and_all_go_back_in_one_step(foyer):
    window = opened(foyer)
    window.show_section("jours")
    line = window.line("delais")
    assert "Tous les délais sont ceux des règles." in texts(line)
    for rule in ("R09", "R11"):
        save_surcharge(foyer.library, Surcharge(regle=rule, delai=20, unite=Unite.JOURS, raison="Sa charte"), TODAY)
    foyer.settle()
    assert "2\u00a0délais sont les vôtres." in texts(line)
    foyer.click("Tout remettre comme prévu", line)
    assert surcharges(foyer.library) == []
    assert "2 délais sont redevenus ceux des règles" in told(window)
    foyer.click("Annuler", window.messages)
    assert len(surcharges(foyer.library)) == 2

    def look(dialog):
        assert dialog.windowTitle() == "Règles et délais"
        dialog.reject()

    foyer.answers.forms.append(look)
    foyer.click("Voir les règles…", line)


def test_the_watched_folder_is_chosen_stopped_and_a_lost_one_is_said(foyer, tmp_path):
    (tmp_path / "Scans").mkdir()
    window = opened(foyer)
    window.show_section("papiers")
    line = window.line("surveille")
    foyer.answers.folders.append(tmp_path / "Scans")
    foyer.click("Choisir un dossier…", line)
    assert load(foyer.folder).dossier_surveille == str(tmp_path / "Scans")
    assert foyer.house.intake._watch is not None
    (tmp_path / "Scans").rmdir()
    window.refresh()
    assert any("introuvable" in text for text in texts(line))
    foyer.click("Ne plus surveiller", line)
    assert foyer.house.intake._watch is None
    foyer.answers.folders.append(None)
    foyer.click("Choisir un dossier…", line)
    assert load(foyer.folder).dossier_surveille == ""


def state_of(foyer, name):
    with foyer.library.read() as db:
        document = next(d for d in db.all(Document) if d.nom == name)
        return db.get(Lecture, document.empreinte).etat


def test_without_automatic_reading_a_scan_waits_until_it_is_asked_for(foyer, tmp_path):
    if foyer.house.desk.workers.ocr_available():
        pytest.skip("the French language is not installed here")
    window = opened(foyer)
    window.show_section("papiers")
    tick(foyer, window, "lecture", on=False)
    foyer.drop([scan(tmp_path / "un.png", "Facture une"), pdf(tmp_path / "ne.pdf", "Un papier déjà écrit")])
    assert state_of(foyer, "un.png") is EtatLecture.EN_LECTURE, "taken in, not read"
    assert state_of(foyer, "ne.pdf") is EtatLecture.LU, "a text that is there needs no reading"
    foyer.drop([scan(tmp_path / "deux.png", "Facture deux")])
    with foyer.library.read() as db:
        second = next(d for d in db.all(Document) if d.nom == "deux.png")
    foyer.go("documents").show_object("Document", second.id)
    foyer.settle()
    page = foyer.window.current_page()
    assert "à lire" in texts(page)
    foyer.click("Lire", page)
    assert state_of(foyer, "deux.png") is EtatLecture.LU, "asked for, it is read"
    lectures.relire(foyer.library, second.id)
    foyer.settle()
    assert state_of(foyer, "deux.png") is EtatLecture.LU, "and so is it by « Relire »"
    assert state_of(foyer, "un.png") is EtatLecture.EN_LECTURE, "and no other"
    assert "1\u00a0papier attend d’être lu." in texts(window.line("lecture"))
    foyer.click("Lire maintenant", window.line("lecture"))
    assert state_of(foyer, "un.png") is EtatLecture.LU
    assert "Aucun papier n’attend." in texts(window.line("lecture"))


def test_the_number_of_pages_read_at_once_reaches_the_reading(open_foyer, monkeypatch):
    from mutuelle_desktop.ui.reglages import papiers

    monkeypatch.setattr(papiers.os, "cpu_count", lambda: 4)
    foyer = open_foyer()
    workers = foyer.house.desk.workers
    assert workers.lectures == 2
    window = opened(foyer)
    choose(foyer, window, "lectures", "Une page")
    assert workers.lectures == 1
    open_foyer.close(foyer)
    again = open_foyer()
    assert again.house.desk.workers.lectures == 1, "kept for the next start"
    choose(again, opened(again), "lectures", "Deux pages")
    assert workers.lectures == 2


def test_a_missing_language_is_said_with_how_to_add_it_and_looked_for_again(foyer, monkeypatch):
    workers = foyer.house.desk.workers
    monkeypatch.setattr(workers, "ocr_available", lambda: "Installez le paquet « tesseract-ocr-fra ».")
    window = opened(foyer)
    window.show_section("papiers")
    line = window.line("francais")
    assert "Installez le paquet « tesseract-ocr-fra »." in texts(line)
    monkeypatch.setattr(workers, "ocr_available", lambda: None)
    foyer.click("Vérifier de nouveau", line)
    assert "La langue française est installée." in texts(line)
    assert "peuvent être lus" in told(window)


def test_the_offsets_of_printers_are_listed_removed_given_back_and_measured(foyer, monkeypatch):
    state = foyer.house.desk.state
    keep_decalage(state, "Laser du bureau / 2e", (2, -1.5))
    window = opened(foyer)
    window.show_section("impression")
    line = window.line("imprimantes")
    said = [text.replace("\u00a0", " ") for text in texts(line)]
    assert "Laser du bureau / 2e" in said
    assert "2 mm à droite, 1,5 mm en haut" in said
    foyer.click("Retirer le décalage de Laser du bureau / 2e", line)
    assert decalages(state) == {}
    assert "Aucune imprimante n’est décalée." in texts(line)
    foyer.click("Annuler", window.messages)
    assert decalage_of(state, "Laser du bureau / 2e") == (2, -1.5)

    def correct(form):
        assert form.windowTitle() == "Régler l’imprimante"
        assert form.findChild(QComboBox).currentText() == "Laser du bureau / 2e"
        right = next(w for w in form.findChildren(QLineEdit) if w.accessibleName() == "Vers la droite")
        assert right.text().startswith("2")
        right.setText("3")
        form.accept_button.click()

    foyer.answers.forms.append(correct)
    foyer.click("Modifier le décalage de Laser du bureau / 2e", line)
    assert decalage_of(state, "Laser du bureau / 2e") == (3, -1.5)
    foyer.click("Rétablir\u00a0: Décalage des imprimantes", line)
    assert decalages(state) == {}


@pytest.mark.skipif(bool(QPrinterInfo.availablePrinterNames()), reason="this computer has printers")
def test_without_a_printer_the_test_page_is_offered_as_a_pdf(foyer):
    window = opened(foyer)
    window.show_section("impression")
    foyer.click("Régler une imprimante…", window)
    assert "Aucune imprimante n’est installée" in told(window)
    assert foyer.button("Enregistrer en PDF…", window.messages)


@pytest.fixture
def own_house(tmp_path, qapp):
    """A house with processes of its own, in the folder that is the user's: moving closes everything."""
    folder = tmp_path / "donnees"
    Library(folder).close()
    paths.write_pointer(folder)
    made = Maison(folder, Workers())
    yield made
    made.close()
    made.house.desk.workers.close()
    qapp.setProperty(RELANCE, None)


def test_the_data_is_moved_after_a_warning_and_the_program_starts_again(own_house, tmp_path, qapp):
    foyer = own_house
    foyer.drop([pdf(tmp_path / "a.pdf", "Un papier")])
    window = opened(foyer)
    window.show_section("donnees")
    line = window.line("dossier")
    assert str(foyer.folder) in texts(line)
    chosen = tmp_path / "Dropbox"
    chosen.mkdir()
    (chosen / "autre.txt").write_text("x")

    def accept(form):
        assert any("Dropbox" in text and text.startswith("Attention") for text in texts(form))
        assert any(str(chosen / "Mutuelle Desktop") in text for text in texts(form))
        assert form.accept_button.text() == "Déplacer quand même"
        form.accept_button.click()

    foyer.answers.folders.append(chosen)
    foyer.answers.forms.append(accept)
    foyer.click("Déplacer…", line)
    assert qapp.property(RELANCE) is True
    assert not window.isVisible()
    assert not foyer.window.isVisible()
    assert paths.data_folder() == chosen / "Mutuelle Desktop"
    moved = Library(paths.data_folder())
    with moved.read() as db:
        assert [d.nom for d in db.all(Document)] == ["a.pdf"]
    moved.close()


def test_a_folder_that_cannot_serve_is_refused_in_the_window_and_nothing_closes(own_house, tmp_path):
    foyer = own_house
    window = opened(foyer)
    foyer.answers.folders.append(foyer.folder / "fichiers" / "x")
    window.show_section("donnees")
    foyer.click("Déplacer…", window)
    assert "à l’intérieur" in told(window)
    assert window.isVisible()
    with foyer.library.read() as db:
        assert db.count(Document) == 0, "still open"
    foyer.answers.folders.append(None)
    foyer.click("Déplacer…", window)
    foyer.answers.folders.append(tmp_path / "neuf")
    foyer.answers.forms.append(lambda form: form.reject())
    foyer.click("Déplacer…", window)
    assert not (tmp_path / "neuf").exists()


def test_a_move_that_fails_says_that_the_data_is_where_it_was_and_offers_to_open_it_again(
    own_house, tmp_path, monkeypatch, qapp
):
    foyer = own_house
    window = opened(foyer)

    def fail(*_):
        from mutuelle_desktop.domain.errors import Unavailable

        raise Unavailable("Le disque est plein. Libérez de la place, puis réessayez quand il y en aura assez.")

    monkeypatch.setattr(emplacement, "move", fail)
    theme().apply("clair", 200)
    dialog = DeplacementDialog(window.board, tmp_path / "neuf")
    dialog.start()
    foyer.settle()
    assert dialog.isVisible()
    assert any(text.startswith("Le disque est plein.") and "toujours à leur place" in text for text in texts(dialog))
    assert dialog.text.height() >= dialog.text.heightForWidth(dialog.text.width()), "no word is cut"
    assert paths.data_folder() == foyer.folder
    foyer.click("Rouvrir mes données", dialog)
    assert qapp.property(RELANCE) is True


def test_data_opened_from_elsewhere_is_not_moved_from_here(open_foyer, tmp_path):
    foyer = open_foyer(folder=tmp_path / "autre")
    window = opened(foyer)
    window.show_section("donnees")
    assert not foyer.button("Déplacer…", window).isEnabled()
    assert any("au lancement" in text for text in texts(window.line("dossier")))


def test_the_old_folder_is_named_and_goes_when_asked(tmp_path, qapp):
    Library(tmp_path / "ancien").close()
    paths.write_pointer(tmp_path / "ancien")
    emplacement.move(tmp_path / "ancien", tmp_path / "neuf")
    foyer = Maison(tmp_path / "neuf", Workers())
    try:
        window = opened(foyer)
        window.show_section("donnees")
        foyer.settle()
        assert any(str(tmp_path / "ancien") in text for text in texts(window.line("dossier")))
        foyer.answers.forms.append(lambda form: form.accept_button.click())
        foyer.click("Supprimer l’ancien dossier…", window)
        assert not (tmp_path / "ancien").exists()
        assert not any("occupe encore" in text for text in texts(window.line("dossier")))
    finally:
        foyer.close()
        foyer.house.desk.workers.close()


def test_data_in_a_folder_copied_online_is_told_once_and_leads_to_the_settings(open_foyer, tmp_path):
    place = tmp_path / "Nextcloud" / "donnees"
    place.parent.mkdir()
    foyer = open_foyer(folder=place)
    assert [text for text in foyer.told if "copié en ligne par Nextcloud" in text]
    foyer.click("Voir", foyer.window.messages)
    window = foyer.house.reglages
    assert shown(window) == ["dossier", "verifier"]
    foyer.settle()
    assert any("copié en ligne par Nextcloud" in text for text in texts(window.line("dossier")))
    open_foyer.close(foyer)
    again = open_foyer(folder=place)
    assert not [text for text in again.told if "Nextcloud" in text]


def test_the_vault_is_checked_from_here(foyer):
    window = opened(foyer)
    window.show_section("donnees")
    foyer.click("Vérifier le coffre", window)
    assert "Coffre vérifié" in told(window)


def test_the_last_backup_is_said_its_window_is_one_click_away_and_the_one_of_the_closing_is_chosen(foyer, tmp_path):
    asked = []
    house = foyer.house
    action = Action(id="sauvegarde", texte="Sauvegarde…", run=lambda: asked.append("ouverte"), menu="Fichier")
    window = reglages_window(house.desk, foyer.window, keep=house.keep_settings, leave=house.close, read=list,
                             actions=(action,))  # fmt: skip
    window.show()
    window.show_section("sauvegarde")
    foyer.settle()
    assert "Vos données n’ont jamais été sauvegardées." in texts(window.line("sauvegarde"))
    foyer.click("Sauvegarde…", window)
    assert asked == ["ouverte"]
    (tmp_path / "cle").mkdir()
    sauvegardes.make_sauvegarde(foyer.library, tmp_path / "cle", foyer.now())
    window.refresh()
    said = next(text for text in texts(window.line("sauvegarde")) if "cle" in text)
    assert said.replace("\u00a0", " ").startswith("Lundi 23 novembre 2026 à 9 h 40, dans « ")
    tick(foyer, window, "fermeture", on=True)
    assert load(foyer.folder).sauvegarde_a_la_fermeture
    assert "Choisissez d’abord le dossier" in told(window)
    window.close()


def test_an_hour_half_typed_is_not_overwritten_when_the_window_is_looked_at_again(foyer):
    window = opened(foyer)
    window.show_section("rappels")
    hour = field(window, "heure")
    hour.setFocus()
    hour.selectAll()
    QTest.keyClicks(hour, "18 h")
    window.refresh()
    assert hour.text() == "18 h"
    QTest.keyClick(hour, Qt.Key.Key_Return)
    foyer.settle()
    assert rappels.chosen_hour(foyer.library) == time(18)


def test_every_control_has_a_name_and_its_sentence_for_assistive_tools_and_is_reached_by_tab(foyer):
    window = opened(foyer)
    for section in window.sections:
        window.show_section(section.id)
        foyer.settle()
        for row in section.lignes:
            control = field(window, row.id)
            assert control.accessibleName() or control.text(), row.id
            assert control.accessibleDescription(), row.id
            assert row.phrase.endswith("."), row.id
        for widget in window.findChildren(QWidget):
            if widget.isVisible() and isinstance(widget, (QPushButton, QCheckBox, QComboBox)):
                assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus, widget
        window.search.setFocus()
        reached = []
        while not reached or (reached[-1] is not window.search and len(reached) < 80):
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
            reached.append(window.focusWidget())
        assert reached[-1] is window.search, "Tab comes round"
        assert {w for w in window.findChildren(QPushButton) if w.isVisible() and w.isEnabled()} <= set(reached)
        inside = [w for w in reached if window._scroll.isAncestorOf(w) and w is not window._scroll]
        heights = [window.line(row.id).mapTo(window, QPoint(0, 0)).y() for row in section.lignes
                   for w in inside if window.line(row.id).isAncestorOf(w)]  # fmt: skip
        order = [next(row.id for row in section.lignes if window.line(row.id).isAncestorOf(w)) for w in inside]
        assert order == sorted(order, key=[row.id for row in section.lignes].index), "Tab goes down the screen"
        assert heights == sorted(heights)
        assert all(reached.index(w) < reached.index(window.close_button) for w in inside)


def test_enter_in_a_field_presses_no_button(foyer, qtbot):
    window = opened(foyer)
    choose(foyer, window, "theme", "Sombre")
    window.search.setFocus()
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    assert window.isVisible()
    assert foyer.house.desk.settings().theme == "sombre"


@pytest.mark.parametrize("scale", [80, 100, 200])
@pytest.mark.parametrize("size", [(984, 640), (1240, 740)])
def test_nothing_is_cut_whatever_the_size_of_the_text(foyer, scale, size):
    window = opened(foyer)
    keep_decalage(foyer.house.desk.state, "Laser du bureau", (2, 1))
    theme().apply("clair", scale)
    foyer.settle()
    for section in window.sections:
        window.show_section(section.id)
        window.resize(*size)
        foyer.settle()
        bar = window._scroll.horizontalScrollBar()
        assert bar.maximum() == 0, f"{section.id} goes out of the window at {scale} %"
        for widget in window.findChildren(QWidget):
            if not widget.isVisible() or not isinstance(widget, (QLabel, QPushButton, QCheckBox, QComboBox)):
                continue
            if isinstance(widget, QLabel) and widget.wordWrap():
                assert widget.height() >= widget.heightForWidth(widget.width()), widget.text()
            elif not isinstance(widget, QLabel) or widget.text():
                assert widget.width() >= widget.minimumSizeHint().width(), (section.id, widget)


def test_settings_are_written_by_their_owner_only_and_never_name_the_case(foyer):
    window = opened(foyer)
    choose(foyer, window, "region", "Alsace-Moselle")
    choose(foyer, window, "theme", "Clair")
    kept = Path(foyer.folder / "reglages.json").read_text("utf-8")
    assert "Alsace" not in kept, "what moves dates is in the library, so that a copy of it has it"
