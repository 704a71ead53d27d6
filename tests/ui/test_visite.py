"""The tour: it points at the real places, is left at any moment, and never comes back by itself."""

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.visite import HALTES, VUE, Visite, beside


@pytest.fixture
def visite(foyer):
    foyer.window.activateWindow()
    foyer.settle()
    foyer.action("visite")
    return foyer.window.findChild(Visite)


def press(foyer, key):
    QTest.keyClick(QApplication.focusWidget(), key)
    foyer.settle()


def running(foyer):
    return [v for v in foyer.window.findChildren(Visite) if v.isVisible()]


def test_every_stop_outlines_a_place_of_the_window_and_covers_it_nowhere(foyer, visite):
    assert 5 <= len(HALTES) <= 7
    for place, halte in enumerate(HALTES):
        assert visite.place == place
        target, callout = visite.target(), visite.bulle.geometry()
        assert not target.isNull(), f"{halte.ou} is not in the window"
        assert not target.intersects(callout)
        assert foyer.window.rect().contains(callout)
        foyer.click("Terminer" if place == len(HALTES) - 1 else "Suivant", visite.bulle)
    assert not running(foyer)
    assert foyer.house.desk.state.value(VUE) == "oui"


def test_the_keyboard_goes_on_back_and_out_and_finds_its_place_again(foyer, visite):
    assert visite.bulle.next.hasFocus()
    press(foyer, Qt.Key.Key_Right)
    press(foyer, Qt.Key.Key_Right)
    press(foyer, Qt.Key.Key_Left)
    assert visite.halte is HALTES[1]
    assert visite.bulle.next.hasFocus()
    press(foyer, Qt.Key.Key_Space)
    assert visite.halte is HALTES[2]
    press(foyer, Qt.Key.Key_Escape)
    assert not running(foyer)
    assert QApplication.focusWidget() is not None


def test_each_step_is_told_in_words(foyer, visite):
    for place, halte in enumerate(HALTES):
        visite.go(place)
        said = visite.bulle.accessibleName()
        assert said == f"Visite, étape {place + 1} sur {len(HALTES)}. {halte.titre}. {halte.texte}"
        assert visite.bulle.next.accessibleDescription() == said


def test_it_is_left_by_its_cross_and_played_again_from_the_menu(foyer, visite):
    foyer.click("Quitter la visite (Échap)", visite.bulle)
    assert not running(foyer)
    foyer.action("visite")
    (again,) = running(foyer)
    again.go(3)
    foyer.action("visite")
    assert running(foyer) == [again], "asked twice, it begins again"
    assert again.place == 0


def test_once_seen_the_example_offers_it_no_more(foyer):
    foyer.house.desk.state.setValue(VUE, "oui")
    foyer.house._filled()
    foyer.settle()
    assert "foyer d’exemple" in foyer.told[-1]
    with pytest.raises(AssertionError, match="no button"):
        foyer.button("Visite du programme", foyer.window.messages)


def test_in_a_small_window_at_twice_the_size_no_stop_is_cut(foyer, visite):
    theme().apply("sombre", 200)
    foyer.window.resize(1024, 700)
    foyer.settle()
    for place in range(len(HALTES)):
        visite.go(place)
        foyer.settle()
        bulle = visite.bulle
        assert foyer.window.rect().contains(bulle.geometry())
        assert not visite.target().intersects(bulle.geometry())
        for told in (bulle.title, bulle.text):
            assert told.height() >= told.heightForWidth(told.width())
        assert bulle.rect().contains(bulle.next.geometry())


@pytest.mark.parametrize("target", [QRect(0, 0, 100, 20), QRect(700, 0, 100, 20), QRect(0, 580, 800, 20), QRect()])
def test_a_callout_is_laid_inside_and_beside(target):
    inside, callout = QRect(0, 0, 800, 600), QRect(0, 0, 300, 150)
    laid = QRect(beside(target, callout, inside), callout.size())
    assert inside.contains(laid)
    assert target.isNull() or not laid.intersects(target)
