"""An empty place says in a sentence what it is for, and has the button that fills it; nothing found has the way back."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from mutuelle_desktop.ui.widgets.basics import EmptyState
from tests.ui.test_import import create

TABS = {
    "aujourdhui": "Décrire mon foyer…", "dossiers": "Nouveau dossier…", "documents": "Ajouter des papiers…",
    "courriers": "Nouvelle lettre…", "echeances": "Voir mes dossiers", "contrats": "Ajouter une personne…",
}  # fmt: skip


def buttons(widget: QWidget) -> set[str]:
    return {b.text() for b in widget.findChildren(QAbstractButton) if b.isVisible()}


@pytest.mark.parametrize(("tab", "verb"), TABS.items())
def test_every_empty_tab_says_what_to_do_and_does_it(foyer, tab, verb):
    page = foyer.go(tab)
    assert verb in buttons(page)
    before = len(foyer.answers.asked)
    foyer.answers.forms.append(lambda dialog: dialog.reject())
    foyer.answers.files.append([])
    foyer.click(verb, page)
    moved = foyer.window.current_page() is not page
    assert moved or len(foyer.answers.asked) > before or not foyer.answers.files


@pytest.mark.parametrize("tab", ["dossiers", "documents", "courriers"])
def test_a_search_that_finds_nothing_has_the_way_back(foyer, tab, qtbot):
    create(foyer, "Couronne")
    page = foyer.go(tab)
    with qtbot.waitSignal(page.search.changed, timeout=10_000):
        page.search.setText("xyzxyz")
    foyer.settle()
    (nothing,) = [e for e in page.findChildren(EmptyState) if e.isVisible()]
    assert "Essayez moins de mots" in " ".join(w.text() for w in nothing.findChildren(QLabel))
    foyer.click("Tout montrer", nothing)
    assert page.search.text() == ""


def test_an_empty_tab_of_papers_offers_nothing_that_needs_a_paper(foyer):
    page = foyer.go("documents")
    assert not {"Enregistrer", "Enregistrer et suivant"} & buttons(page)


def test_a_chronology_filtered_to_nothing_opens_again(foyer):
    create(foyer, "Couronne")
    page = foyer.go("dossiers")
    story = next(w for w in page.detail.findChildren(QWidget) if type(w).__name__ == "Chronologie")
    story.filter.chosen.emit("Papiers")
    foyer.settle()
    foyer.click("Voir toute la chronologie", page.detail)
    assert "Voir toute la chronologie" not in buttons(page.detail)
