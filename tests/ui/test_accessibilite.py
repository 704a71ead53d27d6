"""What a person hears, reaches and sees with a screen reader or a keyboard alone: every tab, every dialog."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from PIL import Image, ImageChops
from PySide6.QtCore import QByteArray, QRect, Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets import spoken
from mutuelle_desktop.ui.widgets.basics import label, tool
from tests.ui.arbre import Role, arbre, chain, faults_of, said
from tests.ui.maison import Foyer
from tests.ui.parcours import TABS, Visite, furnish


@pytest.fixture(scope="module")
def plein(qapp, workers, tmp_path_factory) -> Iterator[Foyer]:
    """The fictional household in its window, made once: what is looked at here changes nothing."""
    theme().apply("clair", 100)
    QAccessible.setActive(True)
    foyer = Foyer(tmp_path_factory.mktemp("accessibilite"), workers)
    furnish(foyer)
    yield foyer
    foyer.close()
    QAccessible.setActive(False)


@pytest.fixture(scope="module")
def vus(plein) -> dict[str, list[str]]:
    """Every screen, and what is wrong with it."""
    found: dict[str, list[str]] = {}
    visite = Visite(plein)

    def look(name: str, widget: QWidget) -> None:
        found[name] = [*faults_of(widget), *unscrolled(widget)]
        if isinstance(widget, QDialog):
            found[name] += [*wrong_default(widget), *no_way_out(widget)]

    visite.pages(look)
    visite.windows(look)
    for part in (plein.window.bar, plein.window.strip, plein.window._side):
        found[part.objectName()] = faults_of(part)
    return found


def unscrolled(widget: QWidget) -> list[str]:
    """Return the places that scroll and that no key reaches."""
    return [
        f"no key scrolls {type(one).__name__} «{one.accessibleName()}»"
        for one in widget.findChildren(QScrollArea)
        if one.isVisible() and one.verticalScrollBar().maximum() > 0
        and not any(w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus for w in (one, *one.findChildren(QWidget)))
    ]  # fmt: skip


def no_way_out(dialog: QDialog) -> list[str]:
    """Return a dialog that Escape does not close."""
    QTest.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Escape)
    QApplication.processEvents()
    return ["Escape does not close it"] if isValid(dialog) and dialog.isVisible() else []


def wrong_default(dialog: QDialog) -> list[str]:
    """Return what Enter would do that is not the main thing to do."""
    return [
        f"Enter presses «{one.text()}»"
        for one in dialog.findChildren(QPushButton)
        if one.isDefault() and one.property("role") != "principal"
    ]


def test_every_tab_and_dialog_is_said_in_order_with_names_labels_and_values(vus):
    assert {name: faults for name, faults in vus.items() if faults} == {}


def test_the_walk_goes_through_every_tab_and_what_its_actions_open(vus):
    assert set(TABS) < set(vus)
    titles = " ".join(vus)
    for title in ("Réglages", "Appel", "Dossier complet en PDF", "Mes phrases", "Message pour l’espace client", "Un mandat",
                  "Règles et délais", "Ordre des pages", "Une mutuelle", "Fixer cette date"):  # fmt: skip
        assert f"« {title}" in titles.replace("\u00a0", " ")
    assert len(vus) > 35


def test_the_walk_sees_what_is_wrong(qapp):
    wrong = QWidget()
    column, line = QVBoxLayout(wrong), QHBoxLayout()
    column.addLayout(line)
    last, first = QPushButton("Oui"), QPushButton("Oui")
    for one in (last, first, QToolButton(), QComboBox(), QLineEdit()):
        one.setParent(wrong)
    line.addWidget(first)
    line.addWidget(last)
    for one in [*wrong.findChildren(QToolButton), *wrong.findChildren(QComboBox), *wrong.findChildren(QLineEdit)]:
        column.addWidget(one)
    wrong.show()
    text = "\n".join(faults_of(wrong))
    for fault in (
        "no name: Button",
        "no name: EditableText",
        "no label: ComboBox",
        "2 times Button «Oui»",
        "is read after",
    ):
        assert fault in text, text
    wrong.close()


def test_tab_comes_back_to_where_it_began_in_both_directions(plein):
    for tab in TABS:
        plein.go(tab)
        plein.window.messages.clear()
        there = [held for held, _place, _last in chain(plein.window)]
        back = [held for held, _place, _last in chain(plein.window, back=True)]
        assert len(there) > 10
        missed = [said(one) for one in there if not any(one is other for other in back)]
        assert missed == [], f"{tab}: only one way"
        page = plein.window.current_page()
        assert any(page.isAncestorOf(one) for one in there), tab


def test_what_has_the_keyboard_shows_it(plein):
    faults = []
    for tab in TABS:
        page = plein.go(tab)
        for held, _place, _last in chain(plein.window):
            if page.isAncestorOf(held) or tab == TABS[0]:
                held.setFocus(Qt.FocusReason.TabFocusReason)
                lit = picture(held)
                held.clearFocus()
                if seen_difference(lit, picture(held)) < 20:
                    faults.append(f"{tab}: {said(held)}")
    assert faults == []


def picture(widget: QWidget) -> Image.Image:
    target = widget.viewport() if isinstance(widget, QAbstractItemView) else widget
    image = target.grab(QRect(0, 0, min(target.width(), 700), min(target.height(), 500))).toImage()
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    return Image.frombytes(
        "RGBA", (image.width(), image.height()), bytes(image.constBits()), "raw", "RGBA", image.bytesPerLine()
    )


def seen_difference(one: Image.Image, other: Image.Image) -> int:
    """Return how many pixels differ by more than a shade."""
    if one.size != other.size:
        return 0
    difference = ImageChops.difference(one.convert("L"), other.convert("L"))
    return sum(difference.histogram()[24:])


def test_the_tabs_are_tabs_and_pressing_one_goes_there(plein):
    plein.go("aujourdhui")
    rail = arbre(plein.window._side)
    assert rail.role is Role.PageTabList
    tabs = rail.all(Role.PageTab)
    assert [tab.nom.partition(",")[0] for tab in tabs][:2] == ["Aujourd’hui", "Dossiers"]
    assert [tab.nom for tab in tabs if tab.etat["selected"]] == [tabs[0].nom]
    press(plein.window._buttons["documents"])
    plein.settle()
    assert plein.window.current_page() is plein.window.page("documents")


def press(widget: QWidget) -> None:
    """Do what an assistive tool does to press something."""
    QAccessible.queryAccessibleInterface(widget).actionInterface().doAction("Press")


def test_a_link_says_that_it_is_one_and_is_pressed(plein):
    page = plein.go("aujourdhui")
    found = arbre(page).find(Role.Link, "Couronne dent 36")
    press(found.objet)
    plein.settle()
    assert plein.window.current_page() is plein.window.page("dossiers")


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_link_that_has_the_keyboard_is_followed(plein, key):
    found = arbre(plein.go("aujourdhui")).find(Role.Link, "Couronne dent 36")
    found.objet.setFocus()
    QTest.keyClick(found.objet, key)
    plein.settle()
    assert plein.window.current_page() is plein.window.page("dossiers")


def test_titles_are_headings_that_one_goes_through(plein):
    for tab in TABS:
        names = [node.nom for node in arbre(plein.go(tab)).all(Role.Heading)]
        assert names, f"{tab} has no heading"
        assert all(names)


def test_each_day_of_the_month_says_its_holiday_and_what_falls_on_it(plein):
    page = plein.go("echeances")
    month = arbre(page).find(Role.Table, "novembre 2026")
    days = [node.nom for node in month if node.role is Role.Cell]
    assert len(days) == 42
    assert month.all(Role.ColumnHeader)[0].nom == "lundi"
    armistice = next(day for day in days if "11\u00a0novembre 2026" in day or "11 novembre 2026" in day)
    assert "Armistice" in armistice
    assert any("aujourd’hui" in day for day in days)
    assert sum("rien" not in day for day in days) >= 3
    view = month.objet
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Right)
    chosen = [node.nom for node in arbre(view) if node.role is Role.Cell and node.etat["focused"]]
    assert len(chosen) == 1
    QTest.keyClick(view, Qt.Key.Key_Left)
    after = [node.nom for node in arbre(view) if node.role is Role.Cell and node.etat["focused"]]
    assert after != chosen


def test_every_row_of_a_list_is_said_whole(plein):
    for tab, name in (("documents", "Papiers"), ("dossiers", "Dossiers"), ("courriers", "Lettres")):
        found = arbre(plein.go(tab)).find(Role.List, name)
        rows = [node.nom for node in found if node.role is Role.ListItem]
        assert 0 < len(rows) <= found.objet.model().rowCount()
        assert all("," in row for row in rows), rows
        assert sum(node.etat["selected"] for node in found if node.role is Role.ListItem) == 1


def test_the_page_of_a_document_is_read_word_for_word(plein):
    page = plein.go("documents")
    index = next(n for n in range(page.model.rowCount()) if "Facture lunettes" in page.model.index(n).data())
    page._view.setCurrentIndex(page.model.index(index))
    plein.settle()
    sheet = arbre(page).find(Role.Document)
    assert "OPTIQUE DES TROIS ORMES" in (sheet.texte or "")
    assert "\n" in (sheet.texte or "")
    assert sheet.nom.startswith("Page")


def test_the_page_of_a_letter_is_read_word_for_word(plein):
    page = plein.go("courriers")
    sheet = arbre(page.redacteur.apercu).find(Role.Document, "Page de la lettre")
    assert "Mutuelle des Deux Rives" in (sheet.texte or "")
    assert page.redacteur.courrier.appel in (sheet.texte or "")


@pytest.fixture
def heard(monkeypatch) -> list[tuple[str, bool]]:
    """What a screen reader would be asked to say, and whether at once."""
    said_: list[tuple[str, bool]] = []
    levels = QAccessible.AnnouncementPoliteness

    def keep(event: object) -> None:
        said_.append((event.message(), event.politeness() is levels.Assertive))

    fake = SimpleNamespace(isActive=lambda: True, updateAccessibility=keep, AnnouncementPoliteness=levels)
    monkeypatch.setattr(spoken, "QAccessible", fake)
    return said_


def test_messages_errors_and_the_end_of_work_are_announced(plein, heard):
    plein.window.messages.tell("Sept papiers ajoutés.")
    plein.house.report(Refused("Ce dossier n’existe plus."))
    plein.house.desk.jobs.run("Export", lambda _progress: None)
    plein.settle()
    assert heard == [
        ("Sept papiers ajoutés.", False), ("Ce dossier n’existe plus.", True), ("Terminé\u00a0: Export", False),
    ]  # fmt: skip
    plein.window.messages.clear()


def test_a_refused_form_says_why_and_goes_to_the_field_at_fault(plein, heard):
    seen = {}

    def refuse(dialog) -> None:
        name = next(w for w in dialog.findChildren(QLineEdit) if w.accessibleName() == "Nom")
        dialog.activateWindow()
        dialog.accept_button.setFocus()
        dialog.accept_button.click()
        seen.update(open=dialog.isVisible(), held=dialog.focusWidget() is name, said=name.accessibleDescription(),
                    mark=name.property("erreur"), shown=dialog.error.text())  # fmt: skip
        dialog.reject()

    page = plein.go("contrats")
    dialogs = plein.house.desk.dialogs
    answers = plein.answers
    object.__setattr__(plein.house.desk, "dialogs", answers)
    answers.forms.append(refuse)
    plein.click("Nouvelle mutuelle…", page)
    object.__setattr__(plein.house.desk, "dialogs", dialogs)
    why = "Indiquez le nom de la mutuelle."
    assert seen == {"open": True, "held": True, "said": why, "mark": "true", "shown": why}
    assert heard == [(why, True)]


def test_descriptions_outlive_what_they_describe(plein):
    """A widget that goes leaves nothing that Qt or Python would follow afterwards."""
    for _ in range(30):
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.addWidget(label("Titre", "titre"))
        column.addWidget(tool("plus", "Plus", lambda: None))
        holder.show()
        assert arbre(holder).find(Role.Heading, "Titre")
        holder.deleteLater()
        plein.settle()
    assert QByteArray(b"alive")
    for tab in TABS:
        assert arbre(plein.go(tab)).enfants
