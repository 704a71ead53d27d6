"""The Échéances tab: what the services say is what one sees; decisions, refusals, filters, keyboard, paper, midnight."""

from datetime import date

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QByteArray, QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication, QMouseEvent
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu, QPushButton, QScrollArea

from mutuelle_desktop.domain.calendrier import Zone
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.echeance import EtatEcheance, Mouvement, Rappel
from mutuelle_desktop.domain.etape import EtatFenetre, FenetreMediateur
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement
from mutuelle_desktop.domain.regle import Role, Surcharge
from mutuelle_desktop.services import calendriers, decisions, dossiers, echeances, exemple
from mutuelle_desktop.services.echeances import FiltreEcheances, VueEcheances
from mutuelle_desktop.ui.echeances.fenetre import FenetreMediateurBar
from mutuelle_desktop.ui.echeances.forms import ignore_form, pin_form, postpone_form, rappel_form, rule_form
from mutuelle_desktop.ui.echeances.mouvements import mouvements_dialog, summary_of
from mutuelle_desktop.ui.echeances.page import EcheancesPage
from mutuelle_desktop.ui.echeances.pourquoi import pourquoi_dialog
from mutuelle_desktop.ui.echeances.regles import regles_dialog
from mutuelle_desktop.ui.main_window import Tab
from mutuelle_desktop.ui.rows import LINE
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.lines import GROUP
from mutuelle_desktop.ui.widgets.month import FORM
from tests.ui.maison import TODAY, fill
from tests.ui.test_import import create, texts

N = NatureEvenement


def page_of(foyer):
    """Go to the tab, added here while the window does not have it yet."""
    if "echeances" not in foyer.window._tabs:
        tab = Tab("echeances", "Échéances", lambda: EcheancesPage(foyer.house.desk))
        foyer.window._tabs["echeances"] = tab
        foyer.window._add_tab(tab, 5)
    return foyer.go("echeances")


def note(foyer, dossier, nature, le, **rest):
    value = Evenement(dossier_id=dossier.id, nature=nature, le=le, **rest)
    dossiers.record_evenement(foyer.library, value, TODAY)
    foyer.settle()
    return value


@pytest.fixture
def couronne(foyer):
    """A dossier whose letter was due an answer on 7 November; in another one, an answer is promised for the 26th."""
    made = create(foyer, "Couronne")
    note(foyer, made, N.SOINS, date(2024, 11, 27))
    note(foyer, made, N.DEMANDE, date(2026, 10, 8), canal=Canal.COURRIER)
    other = create(foyer, "Kiné")
    note(foyer, other, N.DEMANDE, date(2026, 11, 2), canal=Canal.ESPACE_CLIENT)
    note(foyer, other, N.ECHANGE, date(2026, 11, 18), canal=Canal.TELEPHONE, promis_le=date(2026, 11, 26))
    return made


@pytest.fixture
def page(foyer, couronne):
    return page_of(foyer)


def lignes(foyer, **asked):
    return echeances.toutes(foyer.library, TODAY, FiltreEcheances(**asked))


def the(foyer, **wanted):
    """Return the one active row with these attributes."""
    found = [row for row in lignes(foyer) if all(getattr(row, name) == value for name, value in wanted.items())]
    assert found, wanted
    return found[0]


def shown_on(page, day):
    found = page.mois.view.days.day_at(page.mois.view.days.index_of(day))
    return {mark.key for mark in found.marks}


def drop(page, key, day):
    """Drop a mark on a day, as the end of a drag does."""
    mime = QMimeData()
    mime.setData(FORM, QByteArray(key.encode()))
    port = page.mois.view.viewport()
    point = page.mois.view.place_of(day).center()
    rest = (mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(port, QDragEnterEvent(point, Qt.DropAction.MoveAction, *rest))
    QApplication.sendEvent(port, QDragMoveEvent(point, Qt.DropAction.MoveAction, *rest))
    QApplication.sendEvent(port, QDropEvent(QPointF(point), Qt.DropAction.MoveAction, *rest))


def pull(page, key):
    """Press on a mark and pull it, without a drop."""
    port = page.mois.view.viewport()
    start = page.mois.view.mark_place(key).center()
    held = Qt.MouseButton.LeftButton
    for kind, point, one in (
        (QEvent.Type.MouseButtonPress, start, held),
        (QEvent.Type.MouseMove, start + QPoint(60, 40), Qt.MouseButton.NoButton),
        (QEvent.Type.MouseButtonRelease, start + QPoint(60, 40), held),
    ):
        event = QMouseEvent(
            kind, QPointF(point), QPointF(port.mapToGlobal(point)), one, held, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(port, event)


def accept(dialog):
    dialog.accept_button.click()


def test_the_month_shows_each_day_what_the_services_say_and_names_the_holidays(foyer, page):
    for row in lignes(foyer, vue=VueEcheances.TOUTES, du=date(2026, 10, 26), au=date(2026, 12, 6)):
        there = row.id in shown_on(page, row.jour)
        assert there == (row.etat is not EtatEcheance.SANS_OBJET), row.titre
    days = page.mois.view.days
    assert days.day_at(days.index_of(date(2026, 11, 11))).feast == "Armistice de 1918"
    calendriers.save_foyer(foyer.library, calendriers.Foyer(zone=Zone.ALSACE_MOSELLE))
    foyer.settle()
    page.go_to(date(2026, 12, 26))
    assert days.day_at(days.index_of(date(2026, 12, 26))).feast == "Saint-Étienne"


def test_what_is_overdue_stays_in_sight_whatever_the_month(foyer, page):
    late = the(foyer, etat=EtatEcheance.DEPASSEE)
    page.turn(5)
    foyer.settle()
    assert not shown_on(page, date(2027, 4, 15))
    assert late.titre.replace("\u00a0", " ") in texts(page.mois.late)
    assert "en retard de" in texts(page.mois.late)
    foyer.click("Aujourd’hui", page)
    assert page.mois.current_day == TODAY


def test_whose_a_date_is_shows_by_its_shape_as_well_as_its_colour(foyer, page):
    seen = {}
    for row in range(6):
        for column in range(7):
            for mark in page.mois.view.days.day_at(page.mois.view.days.index(row, column)).marks:
                seen[mark.key] = mark
    wanted = {Role.ASSURE: "losange", Role.ORGANISME: "rond", Role.OUVERTURE: "triangle"}
    roles = set()
    for one in lignes(foyer):
        if one.id in seen:
            roles.add(one.role)
            assert seen[one.id].forme == wanted[one.role]
    assert roles == set(wanted)
    for words in ("À vous", "À la mutuelle", "Une étape", "Noté par vous"):
        assert words in texts(page.mois)


def test_a_click_on_a_date_says_why_with_the_source_and_what_comes_of_doing_nothing(foyer, page):
    row = the(foyer, role=Role.ORGANISME, jour=date(2026, 11, 26))
    told = []

    def read(dialog):
        told.append(texts(dialog))
        dialog.copy_text()
        dialog.close()

    foyer.answers.forms.append(read)
    place = page.mois.view.mark_place(row.id)
    QTest.mouseClick(page.mois.view.viewport(), Qt.MouseButton.LeftButton, pos=place.center())
    assert foyer.answers.asked[-1] == "Pourquoi cette date\u00a0?"
    one = row.echeance
    for words in ("26 novembre 2026", "Réponse attendue le", "Relancer à partir du", one.consequence, one.source[:8]):
        assert words.replace("\u00a0", " ") in told[0], words
    copied = QGuiApplication.clipboard().text()
    assert one.titre.upper() in copied
    assert "Si rien n’est fait" in copied
    for reason in one.raisons:
        assert reason.texte in copied


def test_a_drag_puts_off_after_a_question_that_names_the_effect_and_undo_takes_it_back(foyer, page):
    row = the(foyer, role=Role.ORGANISME, jour=date(2026, 11, 26))

    def answer(dialog):
        assert "reste tenue à sa date" in texts(dialog)
        fill(Raison="Mme Petit rappelle")(dialog)

    foyer.answers.forms.append(answer)
    drop(page, row.id, date(2026, 11, 30))
    foyer.settle()
    assert row.id in shown_on(page, date(2026, 11, 30))
    assert echeances.toutes(foyer.library, TODAY)
    assert the(foyer, id=row.id).echeance.brute == row.echeance.brute, "the raw date never moves"
    foyer.action("annuler")
    assert row.id in shown_on(page, row.jour)


def test_a_question_left_without_an_answer_changes_nothing(foyer, page):
    row = the(foyer, role=Role.ORGANISME, jour=date(2026, 11, 26))
    foyer.answers.forms.append(lambda dialog: dialog.reject())
    drop(page, row.id, date(2026, 11, 30))
    foyer.settle()
    assert the(foyer, id=row.id) == row
    told = len(foyer.told)
    drop(page, row.id, date(2026, 11, 19))
    assert "à un jour à venir" in foyer.told[told]


def test_a_limit_of_the_law_refuses_to_move_and_says_why(foyer, page):
    row = the(foyer, role=Role.ASSURE, jour=date(2026, 11, 27))
    pull(page, row.id)
    foyer.settle()
    assert "elle ne se reporte pas" in foyer.told[-1]
    assert "27 novembre 2026" in foyer.told[-1]
    told = len(foyer.told)
    drop(page, row.id, date(2026, 12, 3))
    assert "elle ne se reporte pas" in foyer.told[told]
    assert the(foyer, id=row.id) == row

    def try_beyond(dialog):
        fill(Reporter_au="03/12/2026")(dialog)
        assert dialog.isVisible()
        assert "27/11/2026" in dialog.error.text()
        dialog.reject()

    foyer.answers.forms.append(try_beyond)
    page.verbs.postpone_echeance(row.id)


def test_an_entry_of_ones_own_is_noted_moved_edited_done_and_removed_each_undone(foyer, page):
    foyer.answers.forms.append(fill(À_faire="Demander le duplicata", Date="25/11/2026"))
    foyer.click("Nouvelle échéance…", page)
    row = the(foyer, titre="Demander le duplicata")
    assert row.id in shown_on(page, date(2026, 11, 25))
    drop(page, row.id, date(2026, 11, 28))
    foyer.settle()
    assert row.id in shown_on(page, date(2026, 11, 28))
    foyer.action("annuler")
    assert row.id in shown_on(page, date(2026, 11, 25))
    foyer.answers.forms.append(fill(À_faire="Demander deux duplicatas"))
    page.verbs.open_echeance(row.id)
    foyer.settle()
    assert the(foyer, id=row.id).titre == "Demander deux duplicatas"
    page.verbs.finish_echeance(row.id)
    foyer.settle()
    mark = next(m for m in page.mois.view.days.day_at(page.mois.view.days.index_of(row.jour)).marks if m.key == row.id)
    assert mark.text.startswith("✓")
    page.verbs.reopen_echeance(row.id)
    foyer.settle()
    assert the(foyer, id=row.id).is_active
    foyer.answers.forms.append(lambda dialog: foyer.click("Supprimer cette échéance", dialog))
    page.verbs.open_echeance(row.id)
    assert not [one for one in lignes(foyer) if one.id == row.id]
    foyer.action("annuler")
    assert the(foyer, id=row.id)


def test_an_entry_without_a_title_or_with_a_wrong_date_is_refused_and_nothing_is_lost(foyer, page):
    form = rappel_form(foyer.house.desk, page, jour=date(2026, 11, 25))
    form.show()
    fill(À_faire="", Notes="à garder")(form)
    assert form.isVisible()
    assert "Dites en quelques mots" in form.error.text()
    fill(À_faire="Appeler", Date="31/02/2026")(form)
    assert "n’est pas comprise" in form.error.text()
    form.close()


@pytest.mark.parametrize(
    ("verb", "answer", "after"),
    [
        ("C’est fait", None, lambda one: one.etat is EtatEcheance.REMPLIE),
        ("Reporter…", {"Reporter_au": "04/12/2026"}, lambda one: one.reportee_le == date(2026, 12, 4)),
        ("Fixer la date…", {"Fixer_au": "01/12/2026"}, lambda one: one.fixee_le == date(2026, 12, 1)),
        ("Plus d’actualité…", {"Pourquoi": "Réglé"}, lambda one: one.etat is EtatEcheance.SANS_OBJET),
    ],
)
def test_every_decision_is_taken_from_the_reasons_and_undone_there(foyer, page, verb, answer, after):
    row = the(foyer, role=Role.ORGANISME, jour=date(2026, 11, 26))
    dialog = pourquoi_dialog(foyer.house.desk, page, row.id)
    dialog.show()
    foyer.settle()
    if answer:
        foyer.answers.forms.append(fill(**answer))
    foyer.click(verb, dialog)
    assert after(dialog.echeance)
    if verb == "Fixer la date…":
        assert "La règle donnerait le jeudi 26 novembre 2026, 5 jours plus tôt" in texts(dialog)
        foyer.click("Ne plus fixer la date", dialog)
        assert dialog.echeance.fixee_le is None
        foyer.click("Annuler", dialog)
        assert after(dialog.echeance)
    else:
        foyer.click("Annuler", dialog)
        assert dialog.echeance == row.echeance
    dialog.close()


def test_a_date_whose_facts_are_gone_says_so(foyer, couronne, page):
    row = the(foyer, role=Role.ORGANISME, jour=date(2026, 11, 26))
    dialog = pourquoi_dialog(foyer.house.desk, page, row.echeance)
    dialog.show()
    dossiers.delete_evenement(foyer.library, row.echeance.evenement_id)
    foyer.settle()
    assert "n’existe plus" in texts(dialog)
    dialog.close()


def test_the_reasons_lead_to_the_dossier_the_event_and_the_rule(foyer, couronne, page):
    row = the(foyer, role=Role.ORGANISME, jour=date(2026, 11, 7))
    corrected = []
    dialog = pourquoi_dialog(foyer.house.desk, page, row.id, corrected.append)
    dialog.show()
    foyer.settle()
    foyer.click("Corriger l’événement…", dialog)
    assert corrected == [row.echeance.evenement]
    foyer.answers.forms.append(fill(Délai="40", Raison="Leur charte"))
    foyer.click("Changer ce délai…", dialog)
    assert dialog.echeance.brute == date(2026, 11, 17)
    assert "Leur charte" in texts(dialog)
    link = next(one for one in dialog.findChildren(QLabel) if one.accessibleName() == "Ouvrir le dossier")
    link.linkActivated.emit("#")
    foyer.settle()
    assert foyer.window.current_page() is foyer.window.page("dossiers")
    assert foyer.window.page("dossiers").detail.line.id == couronne.id


def test_an_event_is_corrected_from_the_reasons_after_the_dates_that_move_were_shown(foyer, page):
    row = the(foyer, role=Role.ORGANISME, jour=date(2026, 11, 7))
    shown = []

    def agree(dialog):
        shown.append(texts(dialog))
        accept(dialog)

    def correct(dialog):
        foyer.answers.forms.append(fill(Date="12/10/2026"))
        foyer.answers.forms.append(agree)
        foyer.click("Corriger l’événement…", dialog)
        assert dialog.echeance.brute == date(2026, 11, 11)
        dialog.close()

    foyer.answers.forms.append(correct)
    page.verbs.open_echeance(row.id)
    foyer.settle()
    assert "7 novembre → 11 novembre" in shown[0]
    assert row.id in shown_on(page, date(2026, 11, 11))
    foyer.action("annuler")
    assert row.id in shown_on(page, date(2026, 11, 7))


def test_filters_narrow_month_and_agenda_alike_and_everything_comes_back(foyer, page):
    other = create(foyer, "Lunettes")
    note(foyer, other, N.DEMANDE, date(2026, 11, 9), canal=Canal.COURRIER)
    everything = len(page.vues.rangs)

    def pick(name, text):
        made = page._filters[name]
        made._fill()
        next(a for a in made._menu.actions() if a.text().startswith(text)).trigger()
        foyer.settle()

    pick("dossier_id", "Lunettes")
    assert {row.dossier for row in page.vues.par_cle.values() if page.filtre.keeps(row)} == {"Lunettes"}
    assert not page.vues.retard
    assert not page.mois.late.isVisible()
    pick("role", "À vous")
    page.show_agenda(True)
    for place in range(page.agenda.model.rowCount()):
        rang = page.agenda.model._rows[place]
        assert rang.ligne is None or (rang.ligne.dossier == "Lunettes" and rang.ligne.role is Role.ASSURE)
    pick("etat", "Remplie")
    assert "Aucune échéance ne correspond" in texts(page)
    foyer.click("Tout montrer", page)
    assert len(page.vues.rangs) == everything
    assert page._filters["role"].text().startswith("À qui")


def test_the_agenda_groups_by_how_near_and_opens_by_click_and_by_key(foyer, page):
    page.show_agenda(True)
    foyer.settle()
    model = page.agenda.model
    lines = [model.index(n).data(LINE) for n in range(model.rowCount())]
    titles = [line.titre.partition(" — ")[0] for line in lines if line.genre == GROUP]
    order = [
        "En retard",
        "Aujourd’hui",
        "À faire dès maintenant",
        "Cette semaine",
        "Dans les 30 jours",
        "Plus tard",
        "Terminées",
    ]
    assert titles == [name for name in order if name in titles]
    assert titles[0] == "En retard"
    assert page.agenda.current is not None, "the first date is chosen, not the title above it"
    foyer.answers.forms.append(lambda dialog: dialog.close())
    page.agenda.view.setFocus()
    QTest.keyClick(page.agenda.view, Qt.Key.Key_Return)
    assert foyer.answers.asked[-1] == "Pourquoi cette date\u00a0?"
    assert not foyer.answers.forms
    place = page.agenda.view.visualRect(model.index(1)).center()
    foyer.answers.forms.append(lambda dialog: dialog.close())
    QTest.mouseClick(page.agenda.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert not foyer.answers.forms


def test_the_month_is_walked_by_keyboard_alone(foyer, page):
    view = page.mois.view
    page.go_to(TODAY)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert page.mois.current_day == date(2026, 11, 24)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert page.month == date(2026, 12, 1)
    QTest.keyClick(view, Qt.Key.Key_PageUp)
    page.go_to(date(2026, 11, 26))
    foyer.settle()
    assert "Réponse annoncée" in texts(page.mois.day)
    opened = []
    foyer.answers.forms.append(lambda dialog: (opened.append(dialog.windowTitle()), dialog.close()))
    count = len(shown_on(page, date(2026, 11, 26)))
    QTest.keyClick(view, Qt.Key.Key_Return)
    if count > 1:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert opened == ["Pourquoi cette date\u00a0?"]
    page.go_to(date(2026, 11, 29))
    foyer.answers.forms.append(fill(À_faire="Un dimanche"))
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert the(foyer, titre="Un dimanche").jour == date(2026, 11, 29)


def test_the_verbs_of_the_menus_say_when_they_apply(foyer, page):
    verbs = page.verbs
    page.go_to(date(2026, 11, 26))
    on_one = ("open_echeance", "postpone_echeance", "finish_echeance", "ignore_echeance", "pin_echeance",
              "open_dossier_of_echeance")  # fmt: skip
    assert all(verbs.can(name) for name in on_one)
    assert not verbs.can("reopen_echeance")
    verbs.finish_echeance()
    foyer.settle()
    assert verbs.can("reopen_echeance")
    assert not verbs.can("postpone_echeance")
    verbs.reopen_echeance()
    page.go_to(date(2026, 11, 29))
    assert not any(verbs.can(name) for name in on_one)
    always = ("new_rappel", "export_agenda", "show_rules", "go_today", "switch_view")
    assert all(verbs.can(name) and hasattr(verbs, name) for name in always)
    assert verbs.can("print_month")
    verbs.switch_view()
    assert not verbs.can("print_month")


def test_the_menu_of_a_date_offers_every_decision(foyer, page):
    row = the(foyer, role=Role.ORGANISME, jour=date(2026, 11, 26))
    page.go_to(row.jour)
    page.mois.view.asked.emit(row.id, row.jour, QPoint(10, 10))
    menu = next(menu for menu in page.findChildren(QMenu) if menu.isVisible())
    words = [action.text() for action in menu.actions() if action.text()]
    assert words == ["Pourquoi cette date\u00a0?", "C’est fait", "Reporter…", "Fixer la date…", "Plus d’actualité…",
                     "Écrire la lettre proposée…", "Ouvrir le dossier", "Noter une échéance ce jour…"]  # fmt: skip
    menu.actions()[1].trigger()
    foyer.settle()
    assert not [one for one in lignes(foyer) if one.id == row.id]
    menu.close()
    foyer.action("annuler")
    assert the(foyer, id=row.id)


def test_the_window_of_the_mediateur_is_a_bar_across_the_days_and_says_its_state(foyer, couronne, page):
    note(foyer, couronne, N.RECLAMATION, date(2026, 9, 9), canal=Canal.RECOMMANDE)
    window = echeances.fenetre_of(foyer.library, couronne.id, TODAY)
    days = page.mois.view.days
    for row in range(6):
        for column in range(7):
            found = days.day_at(days.index(row, column))
            crossed = any(band is not None for band in found.bands)
            assert crossed == (window.ouvre_le <= found.day <= window.ferme_le)
    assert "Médiateur possible jusqu’au 09/09/2027" in texts(page.mois)
    seen = []
    foyer.answers.forms.append(lambda dialog: (seen.append(texts(dialog)), dialog.close()))
    page.verbs.open_echeance(f"fenetre:{couronne.id}")
    assert "Ouverte" in seen[0]
    assert window.raison.replace("\u00a0", " ") in seen[0]


@pytest.mark.parametrize("etat", list(EtatFenetre))
def test_each_state_of_the_window_is_told_in_words(qapp, etat):
    theme().apply("clair", 100)
    days = (None, None) if etat is EtatFenetre.INCONNUE else (date(2026, 11, 10), date(2027, 9, 9))
    bar = FenetreMediateurBar(
        FenetreMediateur(etat=etat, ouvre_le=days[0], ferme_le=days[1], raison="Parce que."), TODAY
    )
    bar.show()
    bar.grab()
    assert str(etat) in texts(bar).lower()
    assert str(etat) in bar.accessibleName()
    bar.close()


def test_a_correction_shows_what_moves_before_and_after_and_applies_once(foyer, page):
    table = (
        Mouvement(cle="a", titre="Réponse", avant=date(2026, 11, 7), apres=date(2026, 11, 21)),
        Mouvement(cle="b", titre="Médiateur", avant=None, apres=date(2027, 1, 4)),
        Mouvement(cle="c", titre="Relance", avant=date(2026, 12, 1), apres=None, fixee=True),
    )
    assert summary_of(table) == ("1\u00a0échéance change de date, 1\u00a0échéance apparaît, 1\u00a0échéance disparaît.")
    done = []
    dialog = mouvements_dialog(foyer.house.desk, page, table, lambda: done.append(1))
    dialog.show()
    shown = texts(dialog)
    for words in (
        "7 novembre → 21 novembre",
        "14 jours plus tard",
        "4 janvier 2027",
        "était le 1er décembre",
        "fixée par vous",
    ):
        assert words in shown, words
    accept(dialog)
    assert done == [1]


def test_rules_show_their_source_are_changed_and_given_back(foyer, page):
    dialogs = []

    def work(dialog):
        dialogs.append(dialog)
        dialog._searched("réponse envoi courrier")
        foyer.settle()
        shown = texts(dialog)
        assert "vérifiée le lundi 23 novembre 2026" in shown
        foyer.answers.forms.append(fill(Délai="35", Raison="Notre mutuelle est lente"))
        foyer.click("Changer ce délai…", dialog)
        assert "Vous avez choisi 35 jours" in texts(dialog)
        foyer.click("Revenir à la règle", dialog)
        assert "Vous avez choisi" not in texts(dialog)
        dialog.zone.choose(Zone.MAYOTTE)
        dialog.marge.choose(5)
        foyer.settle()

    foyer.answers.forms.append(work)
    foyer.click("Règles et délais…", page)
    assert dialogs
    held = calendriers.get_foyer(foyer.library)
    assert (held.zone, held.marge_postale) == (Zone.MAYOTTE, 5)
    with foyer.library.read() as db:
        assert db.count(Surcharge) == 0
    foyer.action("annuler")
    assert calendriers.get_foyer(foyer.library).marge_postale == 3


def test_a_delay_that_is_no_number_keeps_the_form_open(foyer, page):
    form = rule_form(foyer.house.desk, page, "R02")
    form.show()
    fill(Délai="trente")(form)
    assert form.isVisible()
    assert "Écrivez un nombre" in form.error.text()
    form.close()


def test_without_a_printer_the_month_becomes_a_pdf_that_holds_every_date(foyer, page, tmp_path, monkeypatch):
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(list))
    decisions.save_rappel(foyer.library, Rappel(titre="Demander le duplicata de la facture", le=date(2026, 11, 25)))
    foyer.settle()
    made = tmp_path / "mois.pdf"
    foyer.answers.save_as = lambda *_asked: made
    foyer.click("Imprimer le mois…", page)
    assert "Aucune imprimante" in foyer.told[-1]
    foyer.click("Enregistrer en PDF…", foyer.window.messages)
    assert "est enregistré" in foyer.told[-1]
    pages = PdfReader(made).pages
    assert pages[0].mediabox.width > pages[0].mediabox.height
    text = " ".join(" ".join(page_.extract_text() for page_ in pages).split())
    for words in (
        "Novembre 2026",
        "lundi",
        "Armistice",
        "Mercredi 25 novembre 2026",
        "Demander le duplicata de la facture",
    ):
        assert words in text, words
    for row in lignes(foyer, du=date(2026, 11, 1), au=date(2026, 11, 30)):
        assert row.titre.replace("\u00a0", " ") in text, row.titre


def test_with_a_printer_a_preview_is_shown(foyer, page, monkeypatch):
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(lambda: ["Bureau"]))
    foyer.answers.forms.append(lambda dialog: dialog.reject())
    foyer.click("Imprimer le mois…", page)
    assert foyer.answers.asked[-1].startswith("Aperçu")


def test_the_dates_go_to_another_calendar_once_or_kept_up_to_date(foyer, page, tmp_path):
    made = tmp_path / "agenda.ics"
    foyer.answers.save_as = lambda *_asked: made
    foyer.answers.forms.append(accept)
    foyer.click("Exporter vers mon agenda…", page)
    text = made.read_text("utf-8")
    assert "BEGIN:VCALENDAR" in text
    assert "Couronne" not in text, "neutral words unless asked otherwise"

    def keep(dialog):
        next(b for b in dialog.findChildren(QAbstractButton) if b.text().startswith("Tenir ce fichier")).setChecked(
            True
        )
        fill(Texte="Tout\u00a0: titres, personnes, conséquences")(dialog)

    foyer.answers.forms.append(keep)
    foyer.click("Exporter vers mon agenda…", page)
    assert "sera tenu à jour" in foyer.told[-1]
    assert "Couronne" in made.read_text("utf-8")
    foyer.answers.forms.append(lambda dialog: foyer.click("Ne plus le tenir à jour", dialog))
    foyer.click("Exporter vers mon agenda…", page)
    assert "n’est plus tenu à jour" in foyer.told[-1]


def test_the_day_that_changes_at_midnight_moves_today_and_what_is_late(foyer, page):
    row = the(foyer, role=Role.ORGANISME, jour=date(2026, 11, 26))
    assert row not in page.vues.retard
    foyer.today = date(2026, 12, 1)
    page._clock.timeout.emit()
    foyer.settle()
    assert page.month == date(2026, 12, 1)
    assert page.mois.view.days.today == date(2026, 12, 1)
    assert row.id in {one.id for one in page.vues.retard}


def test_an_empty_household_is_told_kindly_what_to_do(foyer):
    page = page_of(foyer)
    assert "Les dates se calculent toutes seules" in texts(page)
    foyer.click("Voir mes dossiers", page)
    assert foyer.window.current_page() is foyer.window.page("dossiers")


def test_the_view_chosen_is_remembered_and_an_object_is_gone_to(foyer, couronne, page):
    row = the(foyer, role=Role.ASSURE, jour=date(2026, 11, 27))
    page.show_object("Echeance", row.id)
    assert page.mois.current_day == row.jour
    page.show_agenda(True)
    page.show_object("Echeance", row.id)
    assert page.agenda.current.id == row.id
    assert EcheancesPage(foyer.house.desk).in_agenda
    page.show_object("Dossier", couronne.id)
    assert page.filtre.dossier_id == couronne.id
    assert page.target_at(QPoint(0, 0)) == ("Couronne", couronne.id)


@pytest.mark.parametrize(
    ("mode", "scale", "width"), [("clair", 100, 1024), ("sombre", 200, 1024), ("clair", 130, 1280)]
)
def test_no_word_of_the_tab_is_cut_whatever_the_size_of_the_text(foyer, mode, scale, width):
    exemple.fill_example(foyer.library, foyer.house.desk.workers)
    theme().apply(mode, scale)
    foyer.window.resize(width, 700)
    page = page_of(foyer)
    dossier = dossiers.list_dossiers(foyer.library)[0].dossier
    note(foyer, dossier, N.RECLAMATION, date(2026, 9, 9), canal=Canal.RECOMMANDE)
    row = next(row for row in lignes(foyer) if row.echeance)
    desk, window = foyer.house.desk, foyer.window
    opened = [
        pourquoi_dialog(desk, window, row.id), regles_dialog(desk, window), postpone_form(desk, window, row.echeance),
        pin_form(desk, window, row.echeance), ignore_form(desk, window, row.echeance), rappel_form(desk, window),
        rule_form(desk, window, "R02"),
        mouvements_dialog(desk, window, (Mouvement(cle="a", titre="Réponse à la réclamation", avant=TODAY, apres=None),), accept),
    ]  # fmt: skip
    for dialog in opened:
        dialog.show()
    for agenda in (False, True):
        page.show_agenda(agenda)
        foyer.settle()
        for shown in (page, *opened):
            for area in shown.findChildren(QScrollArea):
                assert area.horizontalScrollBar().maximum() == 0, f"{shown}: something beyond the right edge"
            for widget in (*shown.findChildren(QLabel), *shown.findChildren(QPushButton)):
                wraps = isinstance(widget, QLabel) and (widget.wordWrap() or widget.pixmap())
                if widget.isVisible() and widget.text() and not wraps:
                    assert widget.width() >= widget.minimumSizeHint().width(), f"{scale} {widget.text()}"
    for dialog in opened:
        dialog.close()
    theme().apply("clair", 100)


def test_every_control_of_the_tab_has_a_name_a_screen_reader_can_say(foyer, page):
    for agenda in (False, True):
        page.show_agenda(agenda)
        for widget in page.findChildren(QAbstractButton):
            if widget.isVisible():
                assert widget.accessibleName() or widget.text()
    days = page.mois.view.days
    spoken = days.index_of(date(2026, 11, 26)).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "jeudi 26 novembre 2026" in spoken
    assert "Réponse annoncée" in spoken


def test_a_dossier_of_another_kind_is_counted_too(foyer):
    made = dossiers.create_dossier(foyer.library, nature=NatureDossier.RECLAMATION, on=TODAY, titre="Hausse")
    note(foyer, made, N.RECLAMATION, date(2026, 11, 20), canal=Canal.COURRIER)
    page = page_of(foyer)
    assert any(row.dossier == "Hausse" for row in page.vues.par_cle.values())


def test_thousands_of_dates_cost_only_what_is_painted(foyer, page, monkeypatch):
    from mutuelle_desktop.ui.echeances import lignes as shown

    with foyer.library.write("Beaucoup", undoable=False) as db:
        db.put_all(Rappel(titre=f"Rappel {n}", le=date(2026, 11, 25)) for n in range(3000))
    made = []
    real = shown.line_of
    monkeypatch.setattr(shown, "line_of", lambda found, today: made.append(found.id) or real(found, today))
    foyer.settle()
    page.show_agenda(True)
    foyer.settle()
    page.agenda.view.scrollToBottom()
    page.agenda.view.grab()
    assert page.agenda.model.rowCount() > 3000
    assert len(set(made)) < 100
    page.show_agenda(False)
    page.go_to(date(2026, 11, 25))
    foyer.settle()
    page.mois.view.grab()
    found = page.mois.view.days.day_at(page.mois.view.days.index_of(date(2026, 11, 25)))
    assert len(found.marks) + found.more >= 3000
    foyer.click(next(b.text() for b in page.mois.day.findChildren(QPushButton) if "dans l’agenda" in b.text()), page)
    assert page.in_agenda
    assert page.agenda.current.jour == date(2026, 11, 25)


def test_the_month_keeps_the_promises_of_a_table_and_shows_shapes_when_words_have_no_room(qtbot):
    from PySide6.QtTest import QAbstractItemModelTester

    from mutuelle_desktop.ui.widgets.month import Band, Day, Mark, MonthView, grid_of

    theme().apply("clair", 100)
    view = MonthView()
    qtbot.addWidget(view)
    tester = QAbstractItemModelTester(view.days, QAbstractItemModelTester.FailureReportingMode.Fatal)
    marks = tuple(Mark(str(n), f"Chose {n}", f"chose {n}") for n in range(9))
    band = Band("b", "Barre", "une barre")
    for month in (11, 12):
        days = [Day(day, day.month == month, marks=marks if day.day == 10 else (), bands=(None, band) if day.day < 9 else ())
                for day in grid_of(2026, month)]  # fmt: skip
        view.set_days(days, TODAY)
    seen = {}
    for width, height in ((1000, 900), (1000, 420), (380, 420)):
        view.resize(width, height)
        view.show()
        view.grab()
        found = view.days.day_at(view.days.index_of(date(2026, 12, 10)))
        cell = view.place_of(date(2026, 12, 10))
        places = view._delegate.places(cell, found)
        more = view._delegate.more_place(cell, found)
        assert (more is None) == (len(places) == len(marks))
        assert all(cell.contains(place.center()) for _mark, place in places)
        seen[width, height] = len(places)
        opened, crowded = [], []
        view.opened.connect(opened.append)
        view.crowded.connect(crowded.append)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=places[0][1].center())
        assert opened == ["0"]
        if more is not None:
            QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=more.center())
            assert crowded == [date(2026, 12, 10)]
        lane = view._delegate.lane_box(view.place_of(date(2026, 12, 4)), 1)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=lane.center())
        assert opened[-1] == "b"
        view.opened.disconnect()
        view.crowded.disconnect()
    assert seen[1000, 900] > 0
    assert view.days.headerData(0, Qt.Orientation.Horizontal) == "lun"
    del tester
