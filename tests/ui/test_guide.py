"""The Guide tab: read, searched, gone to from elsewhere; every piece of advice leads somewhere."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton

from mutuelle_desktop.domain.contrat import Mutuelle
from mutuelle_desktop.domain.guide import ActionGuide
from mutuelle_desktop.services import contrats, exemple
from mutuelle_desktop.services import guide as services
from mutuelle_desktop.ui.appel.window import AppelWindow
from mutuelle_desktop.ui.guide.actions import VERBES, with_dossier
from mutuelle_desktop.ui.guide.articles import MOTS, QUESTIONS, TEXTES
from mutuelle_desktop.ui.guide.image import Image
from mutuelle_desktop.ui.rows import ROW
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.visite import Visite
from tests.ui.maison import fill
from tests.ui.test_import import create


@pytest.fixture
def page(foyer):
    return foyer.go("guide")


def spoken(page):
    labels = page.article.widget().findChildren(QLabel)
    return " ".join(w.accessibleName() or w.text() for w in labels).replace("\u00a0", " ")


def test_the_first_article_is_shown_and_every_article_can_be_read_to_its_end(foyer, page, qtbot):
    assert "Préparer son contact" in spoken(page)
    for key, button in page._buttons.items():
        button.click()
        foyer.settle()
        assert page.shown == key
        qtbot.waitUntil(lambda: not page._later.isActive(), timeout=5_000)
        foyer.settle()
        content = page.article.widget()
        assert content.height() >= content.heightForWidth(content.width()), f"{key} is squeezed"
    assert page._desk.state.value("guide/article") == page.guide.chapitres[-1].id


def test_a_word_is_found_without_its_accent_and_led_to(foyer, page, qtbot):
    with qtbot.waitSignal(page.search.changed, timeout=2_000):
        page.search.setText("mediateur")
    foyer.settle()
    shown = spoken(page)
    assert "résultats" in shown
    assert "Médiateur" in shown
    assert "Passer au médiateur" in shown
    page.show_object("Guide", "médiateur")
    foyer.settle()
    assert page.shown == MOTS
    assert page.entries["médiateur"].hasFocus()
    qtbot.waitUntil(lambda: not page._searching, timeout=2_000)
    assert page.article.verticalScrollBar().value() > 0


def test_nothing_found_says_so_and_leads_to_the_questions(foyer, page):
    page.search_guide("xyzxyz")
    foyer.settle()
    assert "Rien trouvé" in spoken(page)
    foyer.click("Questions fréquentes", page.article)
    assert page.shown == QUESTIONS


def test_enter_opens_the_first_hit(foyer, page, qtbot):
    page.search.setText("noemie")
    page.search.returnPressed.emit()
    foyer.settle()
    assert page.shown == services.search_guide("noemie")[0].ou or page.entries


@pytest.mark.parametrize(
    ("key", "section"),
    [("telephone", "telephone"), ("telephone.heure", "telephone"), ("proche", "proche"), ("horaires", QUESTIONS),
     ("cmut-l221-11", TEXTES), ("mots", MOTS)],
)  # fmt: skip
def test_each_entry_can_be_gone_to_from_elsewhere(foyer, page, key, section):
    page.show_object("Guide", key)
    foyer.settle()
    assert page.shown == section
    page.show_object("Guide", "inconnu")
    assert page.shown == section, "an unknown id changes nothing"


def test_texts_say_when_they_were_checked_and_turn_amber_after_a_year(foyer, page):
    page.read(TEXTES)
    shown = spoken(page)
    assert "Vérifié le 23/11/2026" in shown
    assert "À vérifier" in shown
    old = replace(page._desk, today=lambda: date(2028, 1, 1))
    page._desk = old
    page.read(TEXTES)
    amber = [w.text() for w in page.article.widget().findChildren(QLabel) if w.property("role") == "puce-alerte"]
    assert any("à revoir" in text for text in amber)


def test_the_law_stands_beside_what_it_corrects(foyer, page):
    page.read("mediateur")
    assert "Ce que dit la règle" in spoken(page)


def test_every_action_has_words(page):
    assert set(VERBES) == set(ActionGuide)


@pytest.mark.parametrize("action", list(ActionGuide))
def test_every_action_leads_somewhere(foyer, page, action, monkeypatch, tmp_path):
    create(foyer, "Couronne")
    contrats.save_mutuelle(foyer.library, Mutuelle(nom="Deux Rives", espace_client="https://deux-rives.exemple"))
    foyer.settle()
    browsed, filled = [], []
    monkeypatch.setattr(exemple, "fill_example", lambda *_: filled.append(True))
    monkeypatch.setattr(QDesktopServices, "openUrl", browsed.append)
    foyer.answers.forms.append(lambda dialog: dialog.reject())
    foyer.answers.files.append([])
    before, read = foyer.window.current_page(), page.shown
    page.do(action)
    foyer.settle()
    windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible()]
    moved = foyer.window.current_page() is not before or page.shown != read
    asked_files = not foyer.answers.files
    toured = [v for v in foyer.window.findChildren(Visite) if v.isVisible()]
    focused = foyer.window.search.hasFocus()
    assert (
        windows or moved or browsed or foyer.answers.asked or asked_files or toured or focused or filled or foyer.told
    )
    if action is ActionGuide.ESPACE_CLIENT:
        assert browsed == [QUrl("https://deux-rives.exemple")]
    for window in windows:
        window.close()
    foyer.settle()


def test_without_any_dossier_the_first_one_is_offered_and_among_several_one_is_chosen(foyer, page):
    foyer.answers.forms.append(lambda dialog: dialog.reject())
    page.do(ActionGuide.APPEL)
    assert "Ouvrez d’abord un dossier" in foyer.told[-1]
    assert foyer.answers.asked[-1] == "Nouveau dossier"
    create(foyer, "Couronne")
    other = create(foyer, "Lunettes")
    chosen = []
    foyer.answers.forms.append(fill(Dossier=f"Lunettes ({other.reference})"))
    with_dossier(foyer.house.desk, page, "Choisir", chosen.append)
    assert chosen == [other.id]
    foyer.answers.forms.append(lambda dialog: dialog.reject())
    with_dossier(foyer.house.desk, page, "Choisir", chosen.append)
    assert chosen == [other.id]


def test_a_site_not_known_yet_leads_to_where_it_is_written(foyer, page):
    page.do(ActionGuide.ESPACE_CLIENT)
    foyer.settle()
    assert foyer.window.current_page() is foyer.window.page("contrats")
    assert "l’adresse de l’espace client" in foyer.told[-1]


def test_the_buttons_of_the_page_do_what_they_say(foyer, page):
    create(foyer, "Couronne")
    foyer.settle()
    page.read("telephone")
    foyer.settle()
    foyer.click("Préparer un appel…", page.article)
    held = [w for w in QApplication.topLevelWidgets() if isinstance(w, AppelWindow) and w.isVisible()]
    assert len(held) == 1
    held[0].close()
    foyer.settle()


def test_no_dossier_is_a_target_there(page):
    assert page.target_at(QPoint(10, 10)) is None


@pytest.mark.parametrize(("scale", "width"), [(100, 1024), (200, 1024), (100, 1280)])
def test_no_word_of_the_guide_is_cut(foyer, page, scale, width):
    theme().apply("clair", scale)
    foyer.window.resize(width, 700)
    foyer.settle()
    for section in ("telephone", QUESTIONS, TEXTES):
        page.read(section)
        foyer.settle()
        for widget in page.findChildren(QLabel):
            if widget.isVisible() and widget.text() and not widget.pixmap():
                if widget.wordWrap():
                    assert widget.height() >= widget.heightForWidth(widget.width()), widget.text()
                else:
                    assert widget.width() >= widget.minimumSizeHint().width(), widget.text()
        for widget in page.findChildren(QPushButton):
            if widget.isVisible():
                assert widget.width() >= widget.minimumSizeHint().width(), f"{scale} {widget.text()}"
    theme().apply("clair", 100)


def test_the_manual_is_a_part_of_its_own_and_each_chapter_reads_to_its_end_with_its_pictures(foyer, page, qtbot):
    foyer.click("Mode d’emploi", page)
    assert page.shown == page.guide.chapitres[0].id
    assert not page._buttons["telephone"].isVisible()
    for chapitre in page.guide.chapitres:
        page.show_object("Guide", chapitre.id)
        foyer.settle()
        assert page._buttons[chapitre.id].isVisible()
        drawn = page.article.widget().findChildren(Image)
        assert [one.accessibleName() for one in drawn] == [g.alt for g in chapitre.gestes if g.image]
        for one in drawn:
            assert one.height() >= one.heightForWidth(one.width()) > 40
    foyer.click("Conseils", page)
    assert page.shown == "preparer"


def test_the_manual_is_found_from_the_search_of_everything(foyer, page, qtbot):
    with qtbot.waitSignal(foyer.window.search.changed, timeout=10_000):
        foyer.window.search.setText("scanner depose")
    hit = foyer.house.palette._model.index(0).data(ROW)
    assert hit.line.puce == "mode d’emploi"
    hit.run()
    foyer.settle()
    assert page.shown == "ajouter"
    assert "ajouter.surveille" in page.entries


def test_a_word_of_the_field_leads_to_its_meaning_and_back(foyer, page, qtbot):
    page.read("remboursement")
    foyer.settle()
    told = next(w for w in page.article.widget().findChildren(QLabel) if 'href="mot:décompte"' in w.text())
    assert told.focusPolicy() & Qt.FocusPolicy.TabFocus, "reached by Tab"
    told.linkActivated.emit("mot:décompte")
    foyer.settle()
    assert page.shown == MOTS
    assert page.entries["décompte"].hasFocus()
    qtbot.waitUntil(lambda: not page._later.isActive(), timeout=20_000)
    foyer.settle()
    top = page.entries["décompte"].mapTo(page.article.viewport(), QPoint(0, 0)).y()
    assert 0 <= top < 60, "at the top of what is shown, once the whole lexicon is written"
    back = next(w for w in page.article.widget().findChildren(QLabel) if w.accessibleName().startswith("← Revenir"))
    back.linkActivated.emit("#")
    foyer.settle()
    assert page.shown == "remboursement"


def test_in_a_small_window_at_twice_the_size_what_is_found_is_in_sight_of_the_search(foyer, page):
    theme().apply("clair", 200)
    foyer.window.resize(1024, 700)
    foyer.settle()
    assert page.panes.stacked
    page.search.setText("médiateur")
    page.search_guide("médiateur")
    foyer.settle()
    foyer.settle()
    first = next(iter(page.entries.values()))
    top = first.mapTo(page, QPoint(0, 0)).y()
    assert page.search.mapTo(page, QPoint(0, 0)).y() < top < page.height()
    page.search.clear()
    page.search_guide("")
    foyer.settle()
    assert page._buttons["preparer"].isVisible()
