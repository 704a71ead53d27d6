"""Backups from the real window: made, listed, checked, given back, at exit; nothing ever keeps anyone from leaving."""

import os
import shutil
import sys
import threading
from datetime import date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QListWidget, QPushButton

from mutuelle_desktop.app import App
from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.domain.errors import Unavailable
from mutuelle_desktop.domain.sauvegarde import Derniere, Instantane
from mutuelle_desktop.instance import Instance
from mutuelle_desktop.services import sauvegardes
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.settings import Settings, load, save
from mutuelle_desktop.ui.jobs import Jobs
from mutuelle_desktop.ui.sauvegarde.mots import contenu, derniere
from mutuelle_desktop.ui.sauvegarde.restauration import RestaurationDialog
from mutuelle_desktop.ui.sauvegarde.window import FERMETURE, SauvegardeWindow
from mutuelle_desktop.ui.theme import theme
from tests.storage.foyer import content, take_in

PATIENCE = 20_000


@pytest.fixture
def cle(tmp_path):
    folder = tmp_path / "clé"
    folder.mkdir()
    return folder


def plain(text):
    return text.replace("\u00a0", " ")


def shown(kind):
    """Return the one window of this kind on the screen."""
    found = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    assert len(found) == 1
    return found[0]


def words(widget):
    return plain("\n".join(w.text() for w in widget.findChildren(QLabel) if w.isVisible()))


def strip(foyer):
    return plain(foyer.window.strip.backup.text())


def open_window(foyer):
    foyer.action("sauvegarde")
    return shown(SauvegardeWindow)


def choose(foyer, cle):
    window = open_window(foyer)
    foyer.answers.folders.append(cle)
    foyer.click("Choisir un dossier…", window)
    return window


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (Derniere(), "Jamais sauvegardé"),
        (Derniere(le=datetime(2026, 11, 23, 18, 2)), "Sauvegardé le 23 novembre à 18 h 02"),
        (Derniere(le=datetime(2025, 12, 1, 9, 5)), "Dernière sauvegarde il y a 357 jours"),
        (Derniere(le=datetime(2026, 10, 31, 9, 5)), "Dernière sauvegarde il y a 23 jours"),
        (Derniere(le=datetime(2026, 11, 23, 8, 0), entiere=False), "Sauvegarde incomplète le 23 novembre à 8 h 00"),
    ],
)
def test_the_strip_says_when_in_words(last, said):
    assert plain(derniere(last, date(2026, 11, 23))) == said


def test_a_snapshot_says_what_it_holds():
    found = Instantane(nom="x", le=datetime(2026, 11, 23), documents=11, dossiers=5, taille=12_400_000, manquants=1)
    assert plain(contenu(found)) == "5 dossiers, 11 papiers, 12,4 Mo, 1 papier déjà perdu"
    assert "abîmée" in contenu(Instantane(nom="x", le=datetime(2026, 11, 23), lisible=False))


def test_a_first_backup_is_made_from_the_strip_and_its_date_is_shown(foyer, cle):
    take_in(foyer.library, content(0))
    assert strip(foyer) == "Jamais sauvegardé"
    foyer.window.strip.backup.click()
    foyer.settle()
    window = shown(SauvegardeWindow)
    assert "toute personne qui a ce dossier peut l’ouvrir" in words(window)
    foyer.answers.folders.append(cle)
    foyer.click("Sauvegarder maintenant", window)
    assert "Sauvegarde faite et vérifiée : 0 dossier et 1 papier" in words(window)
    assert strip(foyer) == "Sauvegardé le 23 novembre à 9 h 40"
    assert load(foyer.folder).dossier_sauvegarde == str(cle)
    assert load(foyer.folder).sauvegarde_a_la_fermeture, "proposed as soon as a folder is chosen"
    assert "0 dossier, 1 papier" in words(window)
    assert "même disque" in words(window)
    foyer.click("Vérifier tout", window)
    assert "tout se relit" in words(window)
    foyer.window.strip.backup.click()
    assert shown(SauvegardeWindow) is window, "one window is enough"
    window.close()


def test_an_old_backup_stands_out_in_words_and_in_colour(foyer, cle):
    take_in(foyer.library, content(0))
    sauvegardes.make_sauvegarde(foyer.library, cle, datetime(2026, 10, 31, 12))
    foyer.house.gardien.refresh()
    assert strip(foyer) == "Dernière sauvegarde il y a 23 jours"
    assert foyer.window.strip.backup.property("role") == "etat-ancien"


def test_a_refusal_is_said_in_the_window_and_nothing_is_lost(foyer, cle, tmp_path):
    take_in(foyer.library, content(0))
    window = choose(foyer, foyer.folder)
    foyer.click("Sauvegarder maintenant", window)
    assert "perdue en même temps" in words(window)
    foyer.answers.folders.append(cle)
    foyer.click("Choisir un dossier…", window)
    cle.rename(tmp_path / "débranchée")
    foyer.click("Sauvegarder maintenant", window)
    assert "branchez" in words(window)
    assert strip(foyer) == "Jamais sauvegardé"
    window.close()


def test_the_window_is_used_while_a_backup_runs_and_it_stops_when_asked(open_foyer, cle, qtbot):
    foyer = open_foyer(jobs=Jobs)
    for number in range(40):
        take_in(foyer.library, content(number) + bytes([number]))
    window = choose(foyer, cle)
    window.back_up()
    assert not foyer.button("Sauvegarder maintenant", window).isEnabled()
    foyer.button("Arrêter", window).click()
    take_in(foyer.library, b"pendant")
    qtbot.waitUntil(window._now.isEnabled, timeout=PATIENCE)
    assert all(len(list(p.iterdir())) == 0 for p in cle.glob("*/instantanes")) or strip(foyer) != "Jamais sauvegardé"
    window.back_up()
    qtbot.waitUntil(lambda: "Sauvegardé" in strip(foyer), timeout=PATIENCE)
    qtbot.waitUntil(lambda: "41 papiers" in words(window), timeout=PATIENCE)
    window.close()


def test_windows_closed_while_their_work_goes_on_harm_nothing(open_foyer, cle, qtbot):
    foyer = open_foyer(jobs=Jobs)
    for number in range(30):
        take_in(foyer.library, content(number) + bytes([number]))
    window = choose(foyer, cle)
    window.back_up()
    window.close()
    foyer.settle()
    qtbot.waitUntil(lambda: not [j for j in foyer.house.desk.jobs.running if j.label == "Sauvegarde"], timeout=PATIENCE)
    foyer.house.gardien.refresh()
    qtbot.waitUntil(lambda: strip(foyer).startswith("Sauvegardé le"), timeout=PATIENCE)
    foyer.house.gardien.open_restore(cle)
    dialog = shown(RestaurationDialog)
    qtbot.waitUntil(lambda: dialog.findChild(QListWidget).count() == 1, timeout=PATIENCE)
    switched = []
    foyer.house.gardien.switch = lambda *what: switched.append(what)
    foyer.click("Restaurer", dialog)
    if dialog.isVisible():
        dialog.reject()
    qtbot.waitUntil(lambda: not foyer.house.desk.jobs.running, timeout=PATIENCE)
    foyer.settle()
    with foyer.library.read() as db:
        assert db.count(Document) == 30


def test_restoring_shows_the_snapshots_and_gives_the_chosen_one_back_beside(foyer, cle):
    take_in(foyer.library, content(0), "Ancien")
    sauvegardes.make_sauvegarde(foyer.library, cle, datetime(2026, 11, 20, 12))
    take_in(foyer.library, content(1), "Nouveau")
    sauvegardes.make_sauvegarde(foyer.library, cle, datetime(2026, 11, 22, 12))
    given = []
    foyer.house.gardien.switch = lambda rendu, chosen: given.append((rendu, chosen))
    window = choose(foyer, cle)
    foyer.click("Restaurer l’instantané du vendredi 20 novembre 2026 à 12\u00a0h\u00a000", window)
    dialog = shown(RestaurationDialog)
    rows = dialog.findChild(QListWidget)
    assert [plain(rows.item(n).text()).split("\n")[1][:20].strip(",") for n in range(rows.count())] == [
        "0 dossier, 2 papiers", "0 dossier, 1 papier",
    ]  # fmt: skip
    assert rows.currentRow() == 1
    assert "ne sont pas effacées" in words(dialog)
    foyer.click("Restaurer", dialog)
    ((rendu, chosen),) = given
    assert (chosen, rendu.papiers) == (cle, 1)
    restored = Library(rendu.dossier)
    with restored.read() as db:
        assert [d.titre for d in db.all(Document)] == ["Ancien"]
    restored.close()
    with foyer.library.read() as db:
        assert db.count(Document) == 2, "nothing changes before the swap"


def test_a_damaged_backup_says_what_is_missing_and_asks(foyer, cle):
    take_in(foyer.library, content(3), "Ordonnance")
    take_in(foyer.library, content(1), "Facture")
    sauvegardes.make_sauvegarde(foyer.library, cle, datetime(2026, 11, 20, 12))
    largest = max(cle.glob("*/fichiers/*/*"), key=lambda path: path.stat().st_size)
    os.truncate(largest, 1000)
    given = []
    foyer.house.gardien.switch = lambda rendu, _chosen: given.append(rendu)
    foyer.action("restaurer-sauvegarde")
    dialog = shown(RestaurationDialog)
    assert not foyer.button("Restaurer", dialog).isEnabled(), "nothing is chosen yet"
    foyer.answers.folders.append(foyer.folder)
    foyer.click("Choisir un dossier…", dialog)
    assert "ne contient pas de sauvegarde" in words(dialog)
    foyer.answers.folders.append(cle)
    foyer.click("Choisir un dossier…", dialog)
    foyer.click("Restaurer", dialog)
    assert "« Ordonnance »" in words(dialog)
    assert given == []
    foyer.click("Restaurer le reste malgré tout", dialog)
    assert given[0].manquants == ("Ordonnance",)


def closing(foyer, work=lambda _dialog: None):
    """Close as the program does; work is done in the window of the backup, when there is one."""
    foyer.answers.forms.append(work)
    foyer.house.gardien.before_closing()
    asked = not foyer.answers.forms
    foyer.answers.forms.clear()
    return asked


def wait_for_its_end(dialog):
    QApplication.processEvents()
    QApplication.processEvents()


@pytest.fixture
def at_exit(foyer, cle):
    take_in(foyer.library, content(0))
    choose(foyer, cle).close()
    foyer.settle()
    return foyer


def test_at_exit_what_changed_is_backed_up_and_nothing_else(at_exit, cle):
    assert closing(at_exit, wait_for_its_end)
    assert not sauvegardes.needs_sauvegarde(at_exit.library)
    assert len(list(cle.glob("*/instantanes/*"))) == 1
    assert not closing(at_exit), "nothing changed since"
    take_in(at_exit.library, content(1))
    assert closing(at_exit, wait_for_its_end)
    assert len(list(cle.glob("*/instantanes/*"))) == 2


def test_at_exit_one_may_leave_without_a_backup_and_may_choose_never_to_make_one(at_exit, cle):
    assert closing(at_exit, lambda dialog: at_exit.click("Fermer sans sauvegarder", dialog))
    window = open_window(at_exit)
    window.findChild(QCheckBox).click()
    assert plain(window.findChild(QCheckBox).text()) == FERMETURE
    window.close()
    assert not load(at_exit.folder).sauvegarde_a_la_fermeture
    take_in(at_exit.library, content(1))
    assert not closing(at_exit)


def test_a_key_that_is_not_there_at_exit_is_told_once_at_the_next_opening(at_exit, cle, open_foyer):
    shutil.rmtree(cle)
    assert not closing(at_exit), "closing asks nothing"
    open_foyer.close(at_exit)
    again = open_foyer()
    again.settle()
    told = [text for text in again.told if "n’était pas là" in text]
    assert len(told) == 1
    open_foyer.close(again)
    third = open_foyer()
    third.settle()
    assert not [text for text in third.told if "n’était pas là" in text]


def test_a_failure_at_exit_is_told_and_one_leaves_all_the_same(at_exit, cle, monkeypatch):
    def full(*_what):
        raise Unavailable("Il n’y a pas assez de place.")

    monkeypatch.setattr(sauvegardes, "make_sauvegarde", full)

    def read(dialog):
        wait_for_its_end(dialog)
        assert "pas assez de place" in words(dialog)
        assert at_exit.button("Réessayer", dialog).isVisible()
        at_exit.click("Fermer sans sauvegarder", dialog)

    assert closing(at_exit, read)


@pytest.fixture
def app(qapp, tmp_path, qtbot, cle, monkeypatch):
    """The whole program on a folder of its own, with a backup of it that is older than what it holds."""
    monkeypatch.setattr(QSettings, "setPath", lambda *_: None)
    monkeypatch.setattr("sys.excepthook", sys.excepthook)  # the program puts its own: put back afterwards
    theme().apply("clair", 100)
    folder = tmp_path / "donnees"
    library = Library(folder)
    take_in(library, content(0), "Ancien")
    sauvegardes.make_sauvegarde(library, cle, datetime(2026, 11, 20, 12))
    take_in(library, content(1), "Nouveau")
    library.close()
    instance = Instance(folder)
    assert instance.try_lock()
    run = App(folder, instance, [])
    run.window.show()
    yield run
    run.window.close()
    run.window.deleteLater()
    QApplication.processEvents()


def held(folder: Path) -> bool:
    return not Instance(folder).try_lock()


def test_the_program_changes_its_data_keeps_the_old_and_never_lets_go_of_the_lock(app, qtbot, cle, tmp_path):
    app.open()
    qtbot.waitUntil(lambda: app.house is not None, timeout=PATIENCE)
    before = app.window
    app.house.gardien.open_restore(cle)
    dialog = shown(RestaurationDialog)
    qtbot.waitUntil(lambda: dialog.findChild(QListWidget).count() == 1, timeout=PATIENCE)
    next(b for b in dialog.findChildren(QPushButton) if b.text() == "Restaurer").click()
    qtbot.waitUntil(lambda: app.window is not before and app.house is not None, timeout=PATIENCE)
    assert held(tmp_path / "donnees")
    with app.house.library.read() as db:
        assert [d.titre for d in db.all(Document)] == ["Ancien"]
    assert "celles du vendredi 20 novembre 2026" in plain(" ".join(app.window.messages.texts))
    told = app.window.strip.backup.text
    qtbot.waitUntil(lambda: "Sauvegardé le 20 novembre" in plain(told()) or "il y a" in told(), timeout=PATIENCE)
    (old,) = tmp_path.glob("donnees.avant-restauration-*")
    kept = Library(old)
    with kept.read() as db:
        assert {d.titre for d in db.all(Document)} == {"Ancien", "Nouveau"}
    kept.close()
    assert not (tmp_path / "donnees.restauration").exists()


def test_the_command_is_carried_out_by_the_open_window(app, qtbot, cle, tmp_path):
    app.open()
    qtbot.waitUntil(lambda: app.house is not None, timeout=PATIENCE)
    answers = []
    asked = {"commande": "commande", "arguments": {"commande": "sauvegarder", "dossier": str(cle)}}
    caller = threading.Thread(target=lambda: answers.append(Instance(tmp_path / "donnees").ask(asked)))
    caller.start()
    qtbot.waitUntil(lambda: bool(answers), timeout=PATIENCE)
    caller.join()
    assert (answers[0]["code"], answers[0]["json"]["documents"], answers[0]["json"]["nouveaux"]) == (0, 2, 1)
    app.house.gardien.refresh()
    assert "Sauvegardé le" in plain(app.window.strip.backup.text())


def test_when_the_library_does_not_open_a_backup_can_be_restored_from_there(app, qtbot, cle, tmp_path, monkeypatch):
    base = tmp_path / "donnees" / "base.db"
    base.write_bytes(os.urandom(base.stat().st_size))
    app.open()
    qtbot.waitUntil(lambda: "ne peuvent pas être ouverts" in words(app.window), timeout=PATIENCE)
    next(b for b in app.window.findChildren(QPushButton) if b.text() == "Restaurer une sauvegarde…").click()
    dialog = shown(RestaurationDialog)
    dialog.choose(cle)
    qtbot.waitUntil(lambda: dialog.findChild(QListWidget).count() == 1, timeout=PATIENCE)
    next(b for b in dialog.findChildren(QPushButton) if b.text() == "Restaurer").click()
    qtbot.waitUntil(lambda: app.house is not None, timeout=PATIENCE)
    with app.house.library.read() as db:
        assert [d.titre for d in db.all(Document)] == ["Ancien"]
    assert len(list(tmp_path.glob("donnees.avant-restauration-*"))) == 1


def test_closing_the_program_backs_up_then_leaves(app, qtbot, cle):
    save(app._folder, Settings(dossier_sauvegarde=str(cle), sauvegarde_a_la_fermeture=True))
    app.open()
    qtbot.waitUntil(lambda: app.house is not None, timeout=PATIENCE)
    app.window.close()
    assert app.house is None
    assert not app.window.isVisible()
    assert len(list(cle.glob("*/instantanes/*"))) == 2
    assert not held(app._folder)


def test_the_end_of_the_session_waits_for_no_backup(app, qtbot, cle, monkeypatch):
    app.open()
    qtbot.waitUntil(lambda: app.house is not None, timeout=PATIENCE)
    asked = []
    monkeypatch.setattr(app.house.gardien, "before_closing", lambda: asked.append("sauvegarde"))
    app.keep()
    app.window.close()
    assert asked == []
    assert app.house is None


@pytest.mark.parametrize(("scale", "width"), [(100, 1024), (200, 1024)])
def test_no_word_of_the_windows_is_cut(foyer, cle, scale, width):
    theme().apply("clair", scale)
    foyer.window.resize(width, 700)
    take_in(foyer.library, content(0))
    window = choose(foyer, cle)
    foyer.click("Sauvegarder maintenant", window)
    foyer.settle()
    foyer.house.gardien.open_restore(cle)
    for shell in (window, shown(RestaurationDialog), foyer.window.strip):
        for widget in (*shell.findChildren(QPushButton), *shell.findChildren(QLabel)):
            if widget.isVisible() and widget.text():
                needed = widget.heightForWidth(widget.width()) if getattr(widget, "wordWrap", bool)() else 0
                wide = 0 if needed > 0 else widget.minimumSizeHint().width()
                assert widget.width() >= wide, widget.text()
                assert widget.height() >= needed, widget.text()
    shown(RestaurationDialog).reject()
    window.close()
    theme().apply("clair", 100)
