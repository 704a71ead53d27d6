"""A first start: from nothing to a paper read and found, in few gestures, each step free to be passed over."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFrame, QLabel

from mutuelle_desktop.domain.document import Document, TypeDocument
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import exemple, personnes
from mutuelle_desktop.services.premiers_pas import PremiersPas, premiers_pas
from tests.ui.maison import fill, pdf, scan
from tests.ui.test_aujourdhui import texts

FACTURE = "Cabinet dentaire\nFacture acquittée du 6 octobre 2026\nCouronne céramo-métallique 700,00 €"


@pytest.fixture
def page(foyer):
    return foyer.go("aujourdhui")


def link(page, text):
    found = next(w for w in page.findChildren(QLabel) if w.accessibleName() == text and w.isVisible())
    found.linkActivated.emit("#")


def verbs(page):
    return {b.text() for b in page.findChildren(QAbstractButton) if b.isVisible()}


def test_from_nothing_a_paper_is_read_and_found_in_three_gestures_and_a_word(foyer, page, tmp_path, qtbot):
    place = next(f for f in page.findChildren(QFrame) if f.property("role") == "carte-depot")
    where = place.mapTo(foyer.window, QPoint(20, 20))
    assert (
        foyer.drop([pdf(tmp_path / "facture.pdf", FACTURE)], where) == "Ajouter à «\u00a0À classer\u00a0»"
    )  # 1: a drop
    assert "1 papier lu" in texts(page)
    foyer.window.activateWindow()
    foyer.click("Retrouver un papier", page)  # 2: a click
    assert foyer.window.search.hasFocus()
    with qtbot.waitSignal(foyer.window.search.changed, timeout=10_000):
        QTest.keyClicks(foyer.window.search, "couronne")
    assert foyer.house.palette.isVisible()
    QTest.keyClick(foyer.window.search, Qt.Key.Key_Return)  # 3: Enter
    foyer.settle()
    vault = foyer.window.page("documents")
    with foyer.library.read() as db:
        (paper,) = db.all(Document)
    assert foyer.window.current_page() is vault
    assert vault.shown == paper.id


def test_each_step_is_ticked_by_what_the_library_holds_and_the_last_offers_a_dossier(foyer, page, tmp_path):
    assert texts(page).count("À faire") == 2
    foyer.answers.forms.append(fill(Prénom="Camille", Nom="Bessière"))
    foyer.click("Décrire mon foyer…", page)
    assert foyer.window.current_page() is page, "the first run stays where it is"
    assert "1 sur 3" in texts(page)
    assert "Ensuite : vos premiers papiers" in texts(page)
    foyer.answers.forms.append(fill(Nom="Mutuelle des Deux Rives"))
    foyer.click("Décrire ma mutuelle…", page)
    foyer.answers.files.append([pdf(tmp_path / "facture.pdf", FACTURE)])
    foyer.click("Ajouter des papiers…", page)
    assert texts(page).count("✓ Fait") == 3
    foyer.answers.forms.append(fill(Titre="Couronne"))
    foyer.click("Ouvrir mon premier dossier…", page)
    assert foyer.window.current_page() is foyer.window.page("dossiers")
    foyer.go("aujourdhui")
    assert "Par où commencer" not in texts(page)
    foyer.action("annuler")
    assert "Par où commencer" in texts(page), "a dossier undone brings the steps back as they were"


def test_a_photo_of_the_card_does_for_the_mutuelle_and_is_filed_as_the_card(foyer, page, tmp_path):
    foyer.answers.files.append([scan(tmp_path / "carte.png", "Carte de tiers payant\nMutuelle des Deux Rives")])
    foyer.click("Photo de la carte…", page)
    with foyer.library.read() as db:
        (card,) = db.all(Document)
    assert card.type is TypeDocument.CARTE
    assert card.classe_le is not None
    assert "La carte est gardée" in texts(page)
    assert premiers_pas(foyer.library) == PremiersPas(carte=True), "the card is no first paper"
    foyer.action("annuler")
    assert premiers_pas(foyer.library) == PremiersPas(), "one gesture, one undo"


def test_every_step_can_be_passed_and_stays_within_reach(foyer, page):
    for step in ("1. Moi et mon foyer", "2. Ma mutuelle", "3. Mes premiers papiers"):
        foyer.click(f"Passer l’étape {step}", page)
    assert texts(page).count("Passé") == 3
    assert {"Ouvrir mon premier dossier…", "Décrire mon foyer…", "Photo de la carte…"} <= verbs(page)
    assert "Passer" not in verbs(page)


def test_the_steps_are_put_away_for_good_but_an_empty_library_always_says_what_to_do(foyer, page):
    made = personnes.save_personne(foyer.library, Personne(prenom="Camille", nom="Bessière"))
    foyer.settle()
    link(page, "Ne plus afficher ces étapes")
    foyer.settle()
    assert "Par où commencer" not in texts(page)
    personnes.delete_personne(foyer.library, made.id)
    foyer.settle()
    assert "Par où commencer" in texts(page)


def test_the_example_replaces_the_steps_and_offers_the_tour(foyer, page, monkeypatch):
    monkeypatch.setattr(
        exemple, "_papers", lambda *_given, **_named: None
    )  # its papers take seconds and are not the point
    link(page, "Essayer avec un foyer d’exemple")
    foyer.settle()
    assert "Par où commencer" not in texts(page)
    assert foyer.button("Visite du programme", foyer.window.messages).isVisible()
