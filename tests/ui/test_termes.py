"""The words of the field are explained where they stand: by the pointer, by Maj+F1, to assistive tools."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QToolTip, QWhatsThis, QWidget

from mutuelle_desktop.domain.contrat import Mutuelle
from mutuelle_desktop.services import contrats
from mutuelle_desktop.ui.termes import explained, linked, meaning
from mutuelle_desktop.ui.theme import theme

MEDIATEUR = "Médiateur\u00a0: Une personne indépendante"


@pytest.fixture
def page(foyer):
    contrats.save_mutuelle(foyer.library, Mutuelle(nom="Mutuelle des Deux Rives", mediateur="M. Faure"))
    foyer.settle()
    yield foyer.go("contrats")
    QToolTip.hideText()
    QWhatsThis.leaveWhatsThisMode()


def told() -> str:
    """Return what is being said over the window."""
    shown = [w for w in QApplication.topLevelWidgets() if w.metaObject().className() == "QWhatsThat" and w.isVisible()]
    return " ".join(w.property("text") or "said" for w in shown)


def hover(widget: QWidget) -> str:
    middle = widget.rect().center()
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, middle, widget.mapToGlobal(middle)))
    QApplication.processEvents()
    return QToolTip.text()


def test_a_label_of_a_page_is_explained_under_the_pointer_and_a_name_is_not(foyer, page):
    labels = {w.text(): w for w in page.findChildren(QLabel) if w.isVisible()}
    assert hover(labels["Médiateur"]).startswith(MEDIATEUR)
    assert "Votre compte sur le site" in hover(labels["Espace client"])
    QToolTip.hideText()
    assert not hover(labels["M. Faure"]).startswith(MEDIATEUR)


def test_a_field_of_a_form_says_what_its_word_means_to_all(foyer, page):
    seen = {}

    def look(dialog):
        for widget in dialog.findChildren(QWidget):
            seen.setdefault(widget.accessibleName(), widget)
        field = seen["Médiateur"]
        assert field.toolTip().startswith(MEDIATEUR)
        assert field.whatsThis().startswith(MEDIATEUR)
        assert "Son nom figure dans le contrat." in field.accessibleDescription(), "its help is still said"
        assert MEDIATEUR in field.accessibleDescription()
        assert not seen["Nom"].whatsThis()
        field.setFocus()
        QTest.keyClick(field, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
        assert told()
        dialog.reject()

    foyer.answers.forms.append(look)
    foyer.click("Modifier Mutuelle des Deux Rives…", page)


def test_by_keyboard_the_card_one_is_in_is_explained(foyer, page):
    foyer.window.activateWindow()
    foyer.settle()
    inside = foyer.button("Modifier Mutuelle des Deux Rives…", page)
    inside.setFocus()
    QTest.keyClick(inside, Qt.Key.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    assert told()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Médiateur", ["Médiateur"]), ("N° d’adhérent", ["Numéro d’adhérent"]), ("Marge : 3 jours ouvrés", ["Jours ouvrés"]),
        ("Décompte mutuelle", ["Décompte"]), ("Mutuelle attendue", []), ("Notes", []),
        ("Devis et facture de la couronne, envoyés ensemble au service", []),
    ],
)  # fmt: skip
def test_a_label_tells_its_words_and_a_sentence_only_those_worth_it(text, said):
    assert [line.partition("\u00a0:")[0] for line in meaning(text).split("\n") if line] == said


def test_links_of_a_text_are_underlined_in_the_colour_of_the_text(qapp):
    theme().apply("clair", 100)
    made = linked("Le médiateur & la télétransmission")
    assert made.count("<a href=") == 2
    assert f'style="color: {theme().color("encre").name()}">médiateur</a> &amp; la' in made
    assert "text-decoration" not in made, "the underline stays: colour alone would say nothing"


def test_a_word_followed_in_an_explanation_is_told_in_place(foyer, page):
    made = explained("La prescription de 2\u00a0ans court.", "secondaire")
    made.setParent(page)
    made.show()
    assert made.accessibleName() == "La prescription de 2\u00a0ans court."
    assert made.focusPolicy() & Qt.FocusPolicy.TabFocus
    made.linkActivated.emit("mot:prescription")
    assert told()
    plain = explained("Rien à expliquer ici.")
    assert plain.textFormat() is Qt.TextFormat.PlainText
