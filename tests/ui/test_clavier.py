"""What only the mouse could do, done by the keyboard: words of a page, the width of a pane."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mutuelle_desktop.extraction.mots import Mot
from mutuelle_desktop.ui.documents.canvas import PageCanvas
from tests.services.papiers import pdf

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def canvas(qtbot):
    made = PageCanvas()
    qtbot.addWidget(made)
    lines = ("Facture acquittée du cabinet", "Total réglé 42,00 €")
    mots = [
        Mot(word, 60 + 70 * n, 40 + 30 * line, 120 + 70 * n, 52 + 30 * line)
        for line, text in enumerate(lines)
        for n, word in enumerate(text.split())
    ]
    made.show_page((595, 842), mots)
    made.show()
    made.setFocus()
    return made


def test_words_are_chosen_one_by_one_then_several_then_by_lines(canvas):
    reached = []
    canvas.reached.connect(reached.append)
    QTest.keyClick(canvas, Qt.Key.Key_Right, CONTROL)
    assert canvas.text == "Facture", "the first word in sight"
    QTest.keyClick(canvas, Qt.Key.Key_Right, CONTROL)
    assert canvas.text == "acquittée"
    QTest.keyClick(canvas, Qt.Key.Key_Right, SHIFT)
    assert canvas.text == "acquittée du"
    QTest.keyClick(canvas, Qt.Key.Key_Down, SHIFT)
    assert canvas.text == "acquittée du cabinet\nTotal réglé 42,00"
    QTest.keyClick(canvas, Qt.Key.Key_Up, SHIFT)
    assert canvas.text == "acquittée du"
    QTest.keyClick(canvas, Qt.Key.Key_Left, SHIFT)
    assert canvas.text == "acquittée"
    assert len(reached) == 6, "each is brought into sight"
    for _ in range(9):
        QTest.keyClick(canvas, Qt.Key.Key_Right, CONTROL)
    assert canvas.text == "€", "the last word stays"


def test_arrows_alone_are_left_to_the_scrolling_of_the_page(canvas):
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    assert canvas.text == ""


def test_a_pane_is_widened_by_the_keyboard_and_its_width_is_remembered(foyer, tmp_path):
    foyer.drop([pdf(tmp_path / "facture.pdf", "Facture")])
    page = foyer.go("documents")
    foyer.settle()
    page._view.setFocus()
    before = page.panes.split.sizes()
    page.panes.widen(40)
    foyer.settle()
    after = page.panes.split.sizes()
    assert after[0] > before[0]
    assert sum(after) == sum(before)
    assert foyer.house.desk.state.value("documents/volets") is not None
    page.panes.widen(-40)
    foyer.settle()
    assert page.panes.split.sizes()[0] < after[0]
