"""The call window: prepared, made, noted, found again, undone; nothing typed is ever lost."""

from datetime import date

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QPushButton

from mutuelle_desktop.domain.appel import NOM_REFUSE, Appel, IssueAppel, Numero
from mutuelle_desktop.domain.contrat import Contact, Contrat, Mutuelle, parse_horaires
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.evenement import Canal, Evenement
from mutuelle_desktop.domain.personne import Lien, Personne
from mutuelle_desktop.services import contrats, dossiers, personnes
from mutuelle_desktop.ui.appel import champs, feuille
from mutuelle_desktop.ui.appel.brouillon import AVANT, PENDANT, parse_delai, read_draft
from mutuelle_desktop.ui.appel.champs import NumberLine, forget_text
from mutuelle_desktop.ui.appel.window import AppelWindow, open_appel
from mutuelle_desktop.ui.theme import theme
from tests.ui.maison import TODAY
from tests.ui.test_import import texts

NIR = "284056912345678"


@pytest.fixture
def appel(foyer):
    """A household with a contract, a service to call, and the window open on a dossier of Marc, the husband."""
    lib = foyer.library
    personnes.save_personne(lib, Personne(prenom="Camille", nom="Bessière", naissance=date(1984, 5, 12)))
    marc = personnes.save_personne(
        lib, Personne(prenom="Marc", nom="Bessière", lien=Lien.CONJOINT, naissance=date(1982, 1, 3), nir=NIR)
    )
    mutuelle = contrats.save_mutuelle(lib, Mutuelle(nom="Mutuelle des Deux Rives"))
    contrat = contrats.save_contrat(
        lib, Contrat(mutuelle_id=mutuelle.id, numero="0047518", numero_adherent="22057529"), [marc.id]
    )
    contrats.save_contact(
        lib, Contact(mutuelle_id=mutuelle.id, nom="Remboursements", telephone="01 99 00 12 12",
                     horaires=parse_horaires("lun-ven 9h-18h"))
    )  # fmt: skip
    dossier = dossiers.create_dossier(
        lib, nature=NatureDossier.REMBOURSEMENT, on=TODAY, titre="Couronne dent 36", personne_id=marc.id,
        contrat_id=contrat.id,
    )  # fmt: skip
    foyer.settle()
    seconds = [1000.0]
    foyer.seconds = seconds
    foyer.noted = []
    window = AppelWindow(foyer.house.desk, foyer.window, dossier.id, foyer.noted.append, clock=lambda: seconds[0])
    window.show()
    foyer.settle()
    yield window
    for left in QApplication.topLevelWidgets():
        if isinstance(left, AppelWindow):
            left.close()
    QApplication.processEvents()


def event_of(foyer):
    with foyer.library.read() as db:
        return db.all(Evenement)[0]


def spoken(window):
    return " ".join(w.accessibleName() for w in window.findChildren(QLabel) if w.isVisible())


def key(window, code, foyer, held=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(window, code, held)
    foyer.settle()


def test_a_call_is_prepared_made_noted_found_in_the_chronology_and_undone(foyer, appel):
    page = appel.page
    assert "Couronne dent 36" in appel.draft.objectif
    shown = texts(appel)
    for told in ("01 99 00 12 12", "lundi-vendredi", "22057529", "0047518", "Facture", "manque", "Qui peut parler"):
        assert told in shown, told
    asked = len(appel.draft.demandes)
    assert asked > 3
    page._add_question()
    appel.draft.demandes[-1].texte = "Qui a signé ma demande ?"
    page._show_questions()
    foyer.click("Commencer l’appel", appel)
    assert appel.chrono.state == "en attente"
    foyer.seconds[0] += 185
    key(appel, Qt.Key.Key_F5, foyer)
    foyer.seconds[0] += 60
    appel.page.name.setText("Mme Lambert")
    appel.page.answers[0].setPlainText("288,00 € par virement.")
    appel.page.promise.setText("15 jours")
    foyer.settle()
    assert "mardi 8 décembre 2026" in texts(appel)
    key(appel, Qt.Key.Key_F3, foyer)
    assert "transféré" in appel.page.notes.toPlainText()
    foyer.click("Terminer l’appel", appel)
    shown = texts(appel)
    assert "Réponse attendue le mardi 8 décembre 2026" in shown
    assert "jeudi 10 décembre 2026" in shown, "the 48 hours are said"
    assert "confirmez la date par écrit" in shown
    key(appel, Qt.Key.Key_Return, foyer, Qt.KeyboardModifier.ControlModifier)
    event = event_of(foyer)
    assert foyer.noted == [event.id]
    assert (event.canal, event.interlocuteur, event.promis_le) == (Canal.TELEPHONE, "Mme Lambert", date(2026, 12, 8))
    with foyer.library.read() as db:
        held = db.get(Appel, event.id)
    assert (held.attente, held.conversation, held.issue) == (185, 60, IssueAppel.PROMESSE)
    assert held.reponses[0] == "288,00 € par virement."
    assert held.questions[-1] == "Qui a signé ma demande ?"
    assert "Appel noté." in foyer.told[-1]
    foyer.house.open("Dossier", event.dossier_id)
    foyer.settle()
    story = texts(foyer.go("dossiers").detail)
    assert "Mme Lambert" in story
    assert "288,00 € par virement." in story
    foyer.click("Annuler", foyer.window.messages)
    with foyer.library.read() as db:
        assert db.count(Evenement) == db.count(Appel) == 0
    kept = read_draft(foyer.library, event.dossier_id)
    assert kept.interlocuteur == "Mme Lambert", "taking the call back does not throw away what was typed"


def test_what_was_typed_survives_the_closing_of_the_window_and_of_the_program(foyer, appel, open_foyer):
    appel.forward()
    foyer.settle()
    appel.page.name.setText("M. Petit")
    appel.page.notes.setPlainText("Dossier en cours d’étude.")
    foyer.seconds[0] += 42
    dossier = appel.dossier_id
    appel.close()
    foyer.settle()
    folder = foyer.folder
    open_foyer.close(foyer)
    again = open_foyer(folder=folder)
    window = open_appel(again.house.desk, again.window, dossier)
    again.settle()
    assert window.draft.etape == PENDANT
    assert window.page.name.text() == "M. Petit"
    assert window.page.notes.toPlainText() == "Dossier en cours d’étude."
    assert round(window.draft.attente) == 42
    assert "où vous l’aviez laissé" in window.told
    window.close()
    again.settle()


def test_the_program_closed_in_the_middle_of_a_call_loses_nothing(foyer, appel, open_foyer):
    appel.forward()
    foyer.settle()
    appel.page.name.setText("M. Petit")
    foyer.seconds[0] += 30
    folder, dossier = foyer.folder, appel.dossier_id
    open_foyer.close(foyer)
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, AppelWindow)]
    kept = read_draft(open_foyer(folder=folder).library, dossier)
    assert (kept.interlocuteur, round(kept.attente)) == ("M. Petit", 30)


def test_a_draft_is_kept_without_closing(foyer, appel, qtbot):
    appel.forward()
    foyer.settle()
    appel.page.name.setText("Mme Kernel")
    qtbot.waitUntil(
        lambda: (read_draft(foyer.library, appel.dossier_id) or appel.draft) is not appel.draft, timeout=3_000
    )
    assert read_draft(foyer.library, appel.dossier_id).interlocuteur == "Mme Kernel"
    assert foyer.library.undo_label != "Garder le brouillon d’appel", "a draft is no step to undo"


def test_a_refusal_is_met_with_sentences_that_write_themselves_when_obtained(foyer, appel):
    appel.forward()
    foyer.settle()
    foyer.click("On me refuse", appel)
    assert "par écrit, avec ses motifs" in texts(appel)
    foyer.click("La réponse par écrit\u00a0: obtenu", appel)
    foyer.click("L’article invoqué\u00a0: obtenu", appel)
    foyer.click("On ne peut pas me répondre", appel)
    foyer.click("Demander un responsable\u00a0: obtenu", appel)
    lines = appel.page.notes.toPlainText().splitlines()
    assert [line.partition(" — ")[2] for line in lines] == [
        "La réponse par écrit : obtenu", "L’article invoqué : obtenu", "Demander un responsable : obtenu",
    ]  # fmt: skip
    appel.go(2)
    foyer.settle()
    appel.page.issue.choose(IssueAppel.REFUS)
    appel.page.unnamed.setChecked(True)
    foyer.settle()
    assert "n’ouvre aucun recours" in texts(appel)
    appel.record()
    foyer.settle()
    assert event_of(foyer).interlocuteur == NOM_REFUSE


def test_what_was_obtained_is_struck_out_when_it_was_not(foyer, appel):
    appel.forward()
    foyer.settle()
    foyer.click("On me refuse", appel)
    for _ in range(2):
        foyer.click("La réponse par écrit\u00a0: obtenu", appel)
    assert appel.page.notes.toPlainText() == ""
    foyer.click("La réponse par écrit\u00a0: obtenu", appel)
    appel.go(AVANT)
    appel.go(PENDANT)
    foyer.settle()
    foyer.click("On me refuse", appel)
    assert foyer.button("La réponse par écrit\u00a0: obtenu", appel).isChecked(), "it is still known to be obtained"


def test_enter_and_escape_never_leave_a_call_under_way(foyer, appel):
    appel.forward()
    foyer.settle()
    appel.page.name.setFocus()
    for code in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        key(appel.page.name, code, foyer)
        assert appel.isVisible()
        assert appel.draft.etape == PENDANT
    assert "Rien ne sera perdu" in appel.told
    key(appel, Qt.Key.Key_F6, foyer)
    key(appel, Qt.Key.Key_Escape, foyer)
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, AppelWindow)]


def test_the_steps_are_gone_through_by_keyboard(foyer, appel):
    for code, step in ((Qt.Key.Key_3, 2), (Qt.Key.Key_1, 0), (Qt.Key.Key_2, 1)):
        key(appel, code, foyer, Qt.KeyboardModifier.AltModifier)
        assert appel.draft.etape == step
        assert appel.steps[step].isChecked()
    key(appel, Qt.Key.Key_F2, foyer)
    assert " h " in appel.page.notes.toPlainText()
    appel.go(AVANT)
    key(appel, Qt.Key.Key_F5, foyer)
    assert appel.draft.etape == PENDANT
    assert appel.chrono.running


def test_the_least_a_call_must_say_is_asked_kindly_and_nothing_is_lost(foyer, appel):
    appel.forward()
    foyer.settle()
    appel.page.answers[0].setPlainText("Oui.")
    appel.forward()
    foyer.settle()
    assert "Notez le nom de votre interlocuteur" in texts(appel)
    foyer.click("Noter l’appel", appel)
    assert appel.isVisible()
    assert "Notez le nom" in appel.error.text()
    appel.page.name.setText("Mme Lambert")
    assert not appel.page._missing_box.isVisible()
    appel.draft.promis = "32/13/2026"
    appel.page.refresh()
    assert "n’est pas compris" in appel.page.missing.text()
    appel.draft.promis = ""
    foyer.click("Noter l’appel", appel)
    assert event_of(foyer).interlocuteur == "Mme Lambert"


def test_a_call_nobody_answered_needs_no_name_and_opens_no_deadline(foyer, appel):
    appel.forward()
    foyer.settle()
    foyer.seconds[0] += 600
    appel.forward()
    foyer.settle()
    assert appel.page.issue.value() is IssueAppel.SANS_REPONSE
    assert "Aucun délai ne s’ouvre" in texts(appel)
    appel.record()
    foyer.settle()
    assert event_of(foyer).promis_le is None


def test_numbers_are_copied_and_the_secret_one_is_masked_then_leaves_the_clipboard(foyer, appel, monkeypatch):
    later = []
    monkeypatch.setattr(champs.QTimer, "singleShot", lambda *asked: later.append(asked))
    clipboard = QApplication.clipboard()
    foyer.click("Copier\u00a0: Numéro d’adhérent", appel)
    assert clipboard.text() == "22057529"
    assert later == []
    foyer.click("Copier le numéro 01 99 00 12 12", appel)
    assert clipboard.text() == "01 99 00 12 12"
    bare = "2\u00a084\u00a005\u00a069\u00a0123\u00a0456\u00a078"
    assert "456" not in texts(appel)
    foyer.click("Montrer\u00a0: Sécurité sociale de Marc", appel)
    assert "123 456 78" in texts(appel)
    foyer.click("Masquer\u00a0: Sécurité sociale de Marc", appel)
    assert "456" not in texts(appel)
    foyer.click("Copier\u00a0: Sécurité sociale de Marc", appel)
    assert clipboard.text() == bare
    delay, forget = later.pop()
    assert delay == 30_000
    clipboard.setText("autre chose")
    forget()
    assert clipboard.text() == "autre chose", "what was copied since is left alone"
    clipboard.setText(bare)
    forget()
    assert clipboard.text() == ""


def test_a_plain_number_needs_no_eye(qapp):
    line = NumberLine(Numero("Référence", "GES-1"), lambda _text: None)
    assert not hasattr(line, "eye")
    forget_text("rien")


def test_a_missing_mandate_is_said_and_can_be_recorded_from_there(foyer, appel):
    assert "Qui peut parler" in texts(appel)
    assert "Le mariage ne vaut pas mandat." in spoken(appel)

    def accept(dialog):
        dialog.accept_button.click()

    foyer.answers.forms.append(accept)
    foyer.click("Enregistrer un mandat…", appel)
    appel.main.setFocus()
    foyer.settle()
    appel._prepare()
    foyer.settle()
    assert "mandat écrit de Marc" in spoken(appel)
    assert "Enregistrer un mandat…" not in [b.text() for b in appel.findChildren(QPushButton) if b.isVisible()]


def test_who_calls_is_chosen_and_decides_what_may_be_said(foyer, appel):
    choice = next(w for w in appel.findChildren(QComboBox) if w.accessibleName() == "Qui appelle")
    choice.setCurrentText("Marc Bessière appelle")
    foyer.settle()
    assert "Vous appelez pour vous-même." in spoken(appel)
    appel.close()
    foyer.settle()
    again = open_appel(foyer.house.desk, foyer.window, appel_dossier(foyer))
    foyer.settle()
    assert "Vous appelez pour vous-même." in spoken(again), "who calls is kept with the draft"


def appel_dossier(foyer):
    return dossiers.list_dossiers(foyer.library)[0].id


def test_questions_are_ticked_reordered_removed_and_kept(foyer, appel):
    first, second = (one.texte for one in appel.draft.demandes[:2])
    row = appel.page._rows.itemAt(1).widget()
    assert [text for text, _run in row.choices()] == ["Monter", "Descendre", "Retirer"]
    QTest.keyClick(row.text, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    foyer.settle()
    assert [one.texte for one in appel.draft.demandes[:2]] == [second, first]
    row = appel.page._rows.itemAt(0).widget()
    row.box.setChecked(False)
    appel.forward()
    foyer.settle()
    assert second not in texts(appel)
    appel.go(AVANT)
    total = len(appel.draft.demandes)
    dict(appel.page._rows.itemAt(0).widget().choices())["Retirer"]()
    foyer.settle()
    assert len(appel.draft.demandes) == total - 1
    appel.forget()
    assert len(appel.draft.demandes) == total


def test_the_way_through_the_menus_is_kept_for_the_next_call(foyer, appel):
    field = next(w for w in appel.findChildren(QLineEdit) if w.accessibleName() == "Chemin dans le menu vocal")
    field.setText("1 puis 3")
    field.editingFinished.emit()
    foyer.settle()
    with foyer.library.read() as db:
        assert db.all(Contact)[0].svi == "1 puis 3"
    assert "Chemin gardé" in appel.told


def test_the_call_sheet_is_a_pdf_when_there_is_no_printer(foyer, appel, tmp_path, monkeypatch):
    monkeypatch.setattr(feuille.QPrinterInfo, "availablePrinterNames", staticmethod(list))
    foyer.click("Imprimer la fiche…", appel)
    assert "Aucune imprimante" in foyer.told[-1]
    for _ in range(2):
        foyer.answers.folders.append(tmp_path)
        foyer.click("PDF…", appel)
    made = sorted(path.name for path in tmp_path.glob("*.pdf"))
    assert made == ["Appel - Couronne dent 36 (2).pdf", "Appel - Couronne dent 36.pdf"]
    pages = PdfReader(tmp_path / made[1]).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Couronne dent 36" in text
    assert "22057529" in text
    assert "456" not in text, "the secret number is not printed"


def test_the_call_sheet_is_looked_at_before_it_is_printed(foyer, appel):
    seen = []
    foyer.answers.forms.append(lambda dialog: (seen.append(dialog.windowTitle()), dialog.reject()))
    foyer.click("Aperçu…", appel)
    assert seen == ["Aperçu de la fiche d’appel"]


def test_the_window_comes_back_where_it_was_put(foyer, appel):
    dossier = appel.dossier_id
    appel.resize(520, 610)
    appel.move(40, 30)
    foyer.settle()
    appel.close()
    foyer.settle()
    again = open_appel(foyer.house.desk, foyer.window, dossier)
    foyer.settle()
    assert (again.width(), again.height()) == (520, 610)
    assert again.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert not again.isModal()


def test_a_draft_of_another_version_is_read_for_what_is_known(foyer, appel):
    with foyer.library.write("Essai", undoable=False) as db:
        kept = {
            "dossier_id": appel.dossier_id,
            "objectif": "Savoir",
            "inconnu": 1,
            "demandes": [{"texte": "Quand ?", "x": 2}],
        }
        db.set_marque(f"appel.brouillon.{appel.dossier_id}", kept)
    found = read_draft(foyer.library, appel.dossier_id)
    assert (found.objectif, found.demandes[0].texte) == ("Savoir", "Quand ?")
    with foyer.library.write("Essai", undoable=False) as db:
        db.set_marque(f"appel.brouillon.{appel.dossier_id}", "illisible")
    assert read_draft(foyer.library, appel.dossier_id) is None


def test_one_window_at_a_time_and_a_call_under_way_is_never_pushed_aside(foyer, appel):
    other = dossiers.create_dossier(foyer.library, nature=NatureDossier.INFORMATION, on=TODAY, titre="Lunettes")
    assert open_appel(foyer.house.desk, foyer.window, appel.dossier_id) is appel
    appel.forward()
    foyer.settle()
    assert open_appel(foyer.house.desk, foyer.window, other.id) is appel
    assert "Un appel est en cours" in appel.told
    key(appel, Qt.Key.Key_F6, foyer)
    replaced = open_appel(foyer.house.desk, foyer.window, other.id)
    foyer.settle()
    assert replaced.dossier_id == other.id
    assert len([w for w in QApplication.topLevelWidgets() if isinstance(w, AppelWindow) and w.isVisible()]) == 1


@pytest.mark.parametrize("scale", [100, 200])
def test_no_word_of_the_window_is_cut(foyer, appel, scale):
    theme().apply("clair", scale)
    foyer.settle()
    for step in range(3):
        appel.go(step)
        foyer.settle()
        for kind in (QLabel, QPushButton):
            for widget in appel.findChildren(kind):
                if widget.isVisible() and widget.text() and not (kind is QLabel and widget.wordWrap()):
                    assert widget.width() >= widget.minimumSizeHint().width(), f"{step} {scale} {widget.text()}"
                if widget.isVisible() and kind is QLabel and widget.wordWrap() and widget.text():
                    assert widget.height() >= widget.heightForWidth(widget.width()), f"{step} {scale} {widget.text()}"
    theme().apply("clair", 100)


def test_every_field_and_button_has_a_name(foyer, appel):
    for step in range(3):
        appel.go(step)
        foyer.settle()
        for widget in appel.findChildren(QAbstractButton):
            if widget.isVisible():
                assert widget.accessibleName() or widget.text()
        for kind in (QLineEdit, QPlainTextEdit, QComboBox):
            for widget in appel.findChildren(kind):
                if widget.isVisible():
                    assert widget.accessibleName()


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("15", 8),
        ("15 jours", 8),
        ("2 semaines", 7),
        ("sous 10 jours", 3),
        ("48 h", None),
        ("15j", 8),
        ("08/12/2026", 8),
        ("", 0),
    ],
)
def test_a_promise_is_a_day_or_a_number_of_days(typed, day):
    found = parse_delai(typed, TODAY)
    if day is None:
        assert found == date(2026, 11, 25)
    else:
        assert found == (date(2026, 12, day) if day else None)
