"""The look: icons of one family and sharp, a month that gives way, lists that cut no title, a picture of every screen."""

import re
import sys
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QStyleOptionViewItem

from mutuelle_desktop.services import courriers
from mutuelle_desktop.storage.resources import resource
from mutuelle_desktop.ui.rows import Line
from mutuelle_desktop.ui.theme import APPLICATION, theme
from mutuelle_desktop.ui.widgets.lines import _chip
from mutuelle_desktop.ui.widgets.month import Day, MonthView, grid_of
from mutuelle_desktop.ui.widgets.month_paint import broken
from tests.ui.maison import TODAY

ROOT = Path(__file__).resolve().parents[2]
FAMILY = {
    "viewBox": "0 0 24 24", "fill": "none", "stroke": "#000", "stroke-width": "1.8", "stroke-linecap": "round",
    "stroke-linejoin": "round",
}  # fmt: skip
ICONS = sorted(path for path in (ROOT / "resources" / "icons").glob("*.svg") if path.stem != APPLICATION)


@pytest.fixture
def tour(monkeypatch):
    """The scripts of the picture tour, as they import each other."""
    monkeypatch.syspath_prepend(str(ROOT / "packaging"))
    import ecrans
    import plateau
    import tour as script

    yield ecrans, plateau, script
    for name in ("ecrans", "plateau", "tour"):
        sys.modules.pop(name)


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_every_icon_is_drawn_on_the_same_grid_with_the_same_pen(path):
    drawing = ElementTree.parse(path).getroot()
    assert {name: drawing.get(name) for name in FAMILY} == FAMILY
    for part in drawing:
        assert not {"stroke", "stroke-width", "stroke-linecap", "style", "opacity", "transform"} & set(part.attrib)
        assert part.get("fill", "none") in ("none", "#000"), "one colour, that the theme tints"


@pytest.mark.parametrize("name", ["guide", "corbeille", "reglages"])
def test_an_icon_is_as_sharp_on_a_screen_three_times_denser(qapp, name):
    theme().apply("clair", 100)
    shown = theme().icon(name, "encre").pixmap(QSize(20, 20), 3.0)
    assert (shown.width(), shown.devicePixelRatio()) == (60, 3.0)
    ink = theme().color("encre").name().encode()
    exact = QImage(60, 60, QImage.Format.Format_ARGB32)
    exact.fill(Qt.GlobalColor.transparent)
    painter = QPainter(exact)
    QSvgRenderer(QByteArray(resource(f"icons/{name}.svg").read_bytes().replace(b"#000", ink))).render(painter)
    painter.end()
    small = theme().icon(name, "encre").pixmap(QSize(20, 20), 1.0).toImage()
    blown = small.scaled(60, 60, mode=Qt.TransformationMode.SmoothTransformation)
    assert _apart(shown.toImage(), exact) < _apart(blown, exact) / 3


def test_the_icon_of_the_program_is_in_colours_and_comes_in_every_size_of_a_desktop(qapp):
    icon = theme().application_icon()
    assert {16, 32, 48, 256} <= {size.width() for size in icon.availableSizes()}
    picture = icon.pixmap(64, 64).toImage()
    colours = {picture.pixelColor(x, y).hue() // 30 for x in range(8, 56, 3) for y in range(8, 56, 3)}
    assert len(colours) >= 3


def test_a_month_of_five_weeks_gives_them_all_the_room(qtbot):
    view = MonthView()
    qtbot.addWidget(view)
    for month, weeks in ((11, 6), (12, 5)):
        view.set_days([Day(day, day.month == month) for day in grid_of(2026, month)], TODAY)
        assert sum(not view.isRowHidden(row) for row in range(6)) == weeks
    view.set_days([Day(day, day.month == 2) for day in grid_of(2027, 2)], TODAY)
    assert sum(not view.isRowHidden(row) for row in range(6)) == 4


def test_the_words_of_a_date_go_on_a_second_line_before_they_are_cut(qapp):
    theme().apply("clair", 100)
    words = "Couronne dent 36 — Rappel courtois par écrit"
    first, second = broken(words, qapp.font(), 130, 2)
    assert words.startswith(first)
    assert not first.endswith("…")
    assert second.endswith("…")
    assert broken(words, qapp.font(), 1000, 2) == [words]
    assert len(broken(words, qapp.font(), 130, 1)) == 1


def test_the_chip_of_a_row_leaves_a_long_title_whole(qapp):
    picture = QPixmap(200, 60)
    painter = QPainter(picture)
    option = QStyleOptionViewItem()
    line = Line("Hospitalisation de juin", "2026-002 · Marc", "en attente", "info")
    area = QRect(0, 0, 200, 40)
    assert _chip(painter, option, area, line, 60)[1] is False
    taken, under = _chip(painter, option, area, line, 170)
    painter.end()
    assert under is True
    assert 0 < taken < 200


def test_where_room_is_scarce_the_page_of_a_letter_comes_in_place_of_the_list(foyer):
    made = courriers.create_courrier(foyer.library, today=TODAY)
    foyer.window.resize(1024, 700)
    page = foyer.go("courriers")
    page.show_object("Courrier", made.id)
    foyer.settle()
    written = page.redacteur
    assert page.view.isVisible()
    assert not written.apercu.isVisible()
    written.voir.click()
    foyer.settle()
    assert written.apercu.isVisible()
    assert not page.view.isVisible()
    foyer.window.resize(1280, 800)
    foyer.settle()
    assert page.view.isVisible()
    assert written.apercu.isVisible()
    assert not written.voir.isVisible()


def test_every_action_that_opens_a_window_has_its_picture(foyer, tour):
    ecrans, _plateau, _script = tour
    shown = {action for screen in ecrans.ECRANS for action in screen.actions}
    opening = {action.id for action in foyer.house.actions if action.texte.endswith("…")}
    assert opening - shown - set(ecrans.SANS_IMAGE) == set(), "a row of packaging/ecrans.py is missing"
    known = {action.id for action in foyer.house.actions}
    assert shown | set(ecrans.SANS_IMAGE) <= known, "an action that is no more"
    assert len({screen.nom for screen in ecrans.ECRANS}) == len(ecrans.ECRANS)
    assert {f"vide-{tab.id}" for tab in foyer.house.tabs if tab.id != "guide"} <= {e.nom for e in ecrans.ECRANS}
    assert {tab.id for tab in foyer.house.tabs} <= {screen.nom for screen in ecrans.ECRANS}
    assert all(re.fullmatch(r"[a-z0-9-]+", screen.nom) for screen in ecrans.ECRANS)


def test_the_tour_photographs_a_screen_and_says_which_one_did_not_appear(qapp, workers, tour, tmp_path, capsys):
    ecrans, plateau, script = tour
    screens = [screen for screen in ecrans.ECRANS if screen.nom in ("vide-courriers", "vide-regles")]
    screens.append(ecrans.Ecran("perdu", "Rien", lambda _p: None, plein=False))
    pictures = tmp_path / "images"
    pictures.mkdir()
    format_ = plateau.Format("sombre", 1024, 700, 100)
    failed = script.visit(pictures, screens, plateau.Plateau(tmp_path / "donnees", format_, workers))
    assert failed == [f"perdu--{format_.nom}"]
    assert "perdu" in capsys.readouterr().out
    script.write_index(pictures)
    taken = QImage(str(pictures / f"vide-courriers--{format_.nom}.png"))
    assert (taken.width(), taken.height()) == (1024, 700)
    grounds = [taken.pixelColor(x, y).name() for x in range(210, 1010, 20) for y in range(120, 660, 20)]
    assert max(set(grounds), key=grounds.count) == theme().color("fond").name(), "the theme asked for"
    before = (pictures / f"vide-regles--{format_.nom}.png").stat().st_size
    small = plateau.shrink(pictures / f"vide-regles--{format_.nom}.png")
    assert small.stat().st_size < before
    assert QImage(str(small)).pixelColor(2, 2) == theme().color("fond"), "the commonest colours stay exact"
    sheet = (pictures / "index.html").read_text("utf-8")
    assert f"vide-regles--{format_.nom}.png" in sheet
    assert "http" not in sheet
    assert date(2026, 11, 23) == plateau.TODAY


def _apart(one: QImage, other: QImage) -> float:
    """Return how far two pictures are, point by point, in levels of their ink."""
    return sum(
        abs(one.pixelColor(x, y).alpha() - other.pixelColor(x, y).alpha())
        for x in range(other.width())
        for y in range(other.height())
    )
