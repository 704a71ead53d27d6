"""No word is cut, at 200 % in a small window as at 100 %: every text of every screen is measured against its room."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.fields import Choice
from tests.ui.maison import Foyer
from tests.ui.mesures import cut_in, hidden_menus
from tests.ui.parcours import Visite, furnish


@pytest.fixture(scope="module")
def plein(qapp, workers, tmp_path_factory) -> Iterator[Foyer]:
    """The fictional household in its window, made once."""
    theme().apply("clair", 100)
    foyer = Foyer(tmp_path_factory.mktemp("texte"), workers)
    furnish(foyer)
    yield foyer
    theme().apply("clair", 100)
    foyer.close()


@pytest.mark.parametrize(("scale", "width", "height"), [(100, 1280, 800), (100, 1024, 700), (200, 1024, 700)])
def test_every_text_of_every_tab_and_dialog_has_the_room_it_needs(plein, scale, width, height):
    theme().apply("clair", scale)
    plein.window.resize(width, height)
    plein.settle()
    found: dict[str, list[str]] = {}

    def look(name: str, widget: QWidget) -> None:
        if widget.isWindow():
            widget.resize(min(widget.width(), width), min(widget.height(), height))
            plein.settle()
        found[name] = cut_in(widget)

    visite = Visite(plein)
    visite.pages(look)
    assert len(visite.windows(look)) > 25
    for part in (plein.window.bar, plein.window.strip, plein.window._side):
        look(part.objectName(), part)
    found["menus"] = hidden_menus(plein.window.menuBar())
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_the_measure_sees_what_is_cut(qapp):
    box = QWidget()
    column = QVBoxLayout(box)
    tight = QLabel("Une phrase bien trop longue pour la place qui lui est laissée", wordWrap=True)
    tight.setFixedSize(60, 20)
    press = QPushButton("Enregistrer et suivant")
    press.setFixedWidth(40)
    column.addWidget(tight)
    column.addWidget(press)
    away = QLabel("Dehors", box)
    away.move(900, 0)
    box.resize(200, 200)
    box.show()
    text = "\n".join(cut_in(box))
    assert "Une phrase" in text
    assert "Enregistrer" in text
    assert "out of QWidget sideways" in text
    box.close()


def test_a_choice_too_long_for_its_field_is_said_whole(qapp):
    theme().apply("clair", 100)
    box = QWidget()
    line = QHBoxLayout(box)
    long = Choice([("Une réclamation au sujet d’une couronne dentaire posée en octobre", 1), ("Court", 2)], 1)
    line.addWidget(long)
    box.resize(200, 60)
    box.show()
    assert long.toolTip() == long.currentText()
    long.choose(2)
    assert long.toolTip() == ""
    box.close()
