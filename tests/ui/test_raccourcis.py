"""The keyboard sheet: by menu and by place, searched, copied, whole at twice the size."""

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from mutuelle_desktop.ui.shortcuts import PLACES, ShortcutSheet, french_keys
from mutuelle_desktop.ui.theme import theme


@pytest.fixture
def sheet(foyer):
    foyer.action("raccourcis")
    opened = next(w for w in QApplication.topLevelWidgets() if isinstance(w, ShortcutSheet) and w.isVisible())
    yield opened
    opened.close()


def shown(sheet):
    return [w.text() for w in sheet.findChildren(QLabel) if w.isVisible()]


def test_shortcuts_are_under_their_menu_then_under_the_place_where_they_work(foyer, sheet):
    titles = [title for title, _rows in sheet.groups]
    assert titles[:2] == ["Menu Fichier", "Menu Édition"]
    assert titles[-len(PLACES) :] == [title for title, _rows in PLACES]
    assert {"Menu Aide", "Dans le mois", "En écrivant une lettre"} <= set(shown(sheet))


def test_a_word_leaves_only_what_bears_it_and_nothing_found_says_what_to_do(foyer, sheet, qtbot):
    with qtbot.waitSignal(sheet.search.changed, timeout=10_000):
        sheet.search.setText("lettre nouvelle")
    foyer.settle()
    assert shown(sheet)[:3] == ["Menu Fichier", "Nouvelle lettre", "Ctrl+L"]
    with qtbot.waitSignal(sheet.search.changed, timeout=10_000):
        sheet.search.setText("xyzxyz")
    foyer.settle()
    assert any("Aucun raccourci" in text for text in shown(sheet))
    with qtbot.waitSignal(sheet.search.changed, timeout=10_000):
        foyer.click("Tout montrer", sheet)
    assert "Ctrl+L" in shown(sheet)


def test_the_whole_list_is_copied_and_printed(foyer, sheet):
    foyer.click("Copier la liste", sheet)
    copied = QGuiApplication.clipboard().text()
    assert "Menu Fichier\nNouveau dossier\u00a0: Ctrl+N" in copied
    assert "La liste est copiée." in shown(sheet)
    printed = sheet.document().toPlainText()
    assert all(what in printed for _title, rows in sheet.groups for what, _keys in rows)


def test_at_twice_the_size_no_line_is_cut(foyer, sheet):
    theme().apply("clair", 200)
    sheet.resize(700, 600)
    sheet._fill("")
    foyer.settle()
    wide = sheet._scroll.viewport().width()
    for line in sheet.findChildren(QLabel):
        if line.isVisible():
            assert line.width() <= wide
            assert not line.wordWrap() or line.height() >= line.heightForWidth(line.width()), line.text()


@pytest.mark.parametrize(
    ("keys", "french"),
    [("Ctrl++", "Ctrl++"), ("Ctrl+-", "Ctrl+−"), ("Ctrl+Shift+Z", "Ctrl+Maj+Z"), ("Alt+PgDown", "Alt+Page suiv."),
     ("Del", "Suppr"), ("Alt+Left", "Alt+←"), ("Alt+Home", "Alt+Début"), ("F1", "F1")],
)  # fmt: skip
def test_keys_are_those_of_a_french_keyboard(qapp, keys, french):
    assert french_keys(keys) == french
