"""The Courriers tab: a letter chosen by need, written beside its page, checked, frozen; what is seen is what is kept."""

import io
import statistics
import time
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QTextCursor, QTextTable
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenu,
    QTabBar,
    QTextEdit,
    QWidget,
)

from mutuelle_desktop.domain.courrier import Bloc, EtatCourrier, Fragment
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Canal, NatureEvenement
from mutuelle_desktop.domain.guide import ActionGuide
from mutuelle_desktop.services import courriers, exemple, expeditions, modeles
from mutuelle_desktop.ui.courriers.carte import courriers_card
from mutuelle_desktop.ui.courriers.document import Feuillet
from mutuelle_desktop.ui.guide.actions import perform
from mutuelle_desktop.ui.jobs import Jobs
from mutuelle_desktop.ui.rows import LINE
from tests.services.maisonnee import CAMILLE, event, move_in
from tests.ui.maison import TODAY, pdf
from tests.ui.test_import import texts

N = NatureEvenement
F = Fragment


@pytest.fixture
def page(foyer, tmp_path):
    """The tab over a household with one claim refused, and one paper in it."""
    move_in(
        foyer.library,
        replace(CAMILLE, adresse="14 rue des Tilleuls\n69003 LYON"),
        event(N.SOINS, date(2026, 9, 28)),
        event(N.DEMANDE, date(2026, 10, 8), canal=Canal.COURRIER),
        event(N.REFUS, date(2026, 11, 3), canal=Canal.COURRIER, texte="plafond atteint"),
    )
    foyer.settle()
    return foyer.go("courriers")


def begin(foyer, page, modele="C1", dossier="couronne", **saisies):
    """Choose a letter in the window that asks, and begin it."""

    def choose(dialog):
        dialog.dossier.choose(dossier)
        dialog.choose(modele or "libre")
        for nom, value in saisies.items():
            field = dialog._fields[nom.replace("_", ".")]
            (field.setPlainText if hasattr(field, "setPlainText") else field.setText)(value)
        dialog.begin_button.click()

    foyer.answers.forms.append(choose)
    page.new_letter()
    foyer.settle()
    return courriers.get_courrier(foyer.library, page.shown)


def ink(image: QImage) -> int:
    """Return how many dark points a picture of a page has, of those looked at."""
    return sum(image.pixelColor(x, y).lightness() < 128
               for x in range(0, image.width(), 3) for y in range(0, image.height(), 3))  # fmt: skip


def lines(page):
    return [page.model.index(n).data(LINE) for n in range(page.model.rowCount())]


def write(page, text):
    """Type at the end of the letter, and let it be kept."""
    editeur = page.redacteur.editeur
    editeur.moveCursor(editeur.textCursor().MoveOperation.End)
    QTest.keyClicks(editeur, text)
    page.redacteur.flush()


def test_an_empty_tab_says_what_it_is_for(foyer):
    page = foyer.go("courriers")
    assert "Aucune lettre pour l’instant" in texts(page)
    assert not page.redacteur.gauche.isVisible()


def test_a_letter_from_its_need_to_its_frozen_pdf(foyer, page):
    seen = {}

    def choose(dialog):
        shown = [dialog.model.index(n).data(LINE) for n in range(dialog.model.rowCount())]
        seen["first"] = shown[0].titre
        seen["reason"] = shown[1].second
        dialog.search.setText("contester un refus")
        dialog._fill()
        seen["found"] = dialog.current().modele.id
        foyer.settle()
        seen["said"] = texts(dialog)
        dialog._fields["demande.objet"].setPlainText("une couronne")
        dialog._fields["explication"].setPlainText("le plafond annuel n’est pas atteint")
        dialog.begin_button.click()

    foyer.answers.forms.append(choose)
    page.new_letter("couronne")
    foyer.settle()
    assert seen["first"] == "Pour ce dossier"
    assert seen["reason"].startswith("Prochaine étape")
    assert seen["found"] == "C2"
    assert "Effet sur les délais" in seen["said"]
    assert "réclamation" in seen["said"].lower()
    redacteur = page.redacteur
    letter = courriers.get_courrier(foyer.library, page.shown)
    assert (letter.modele, letter.dossier_id) == ("C2", "couronne")
    assert "3 novembre 2026" in redacteur.editeur.toPlainText().replace("\u00a0", " ")
    assert "2 mois" in redacteur.effet.text().replace("\u00a0", " ")
    assert "mots" in redacteur.compte.text()
    before = redacteur.apercu.rendu.pages[0]
    drawn = redacteur.apercu.rendu.images[0]
    assert ink(drawn) > 200
    write(page, "Je reste disponible pour en parler.")
    assert redacteur.apercu.rendu.pages[0] != before, "the page follows"
    assert redacteur.apercu.rendu.images[0] != drawn
    assert not redacteur.controles.bloquantes
    foyer.click("Finaliser", page)
    final = courriers.get_courrier(foyer.library, letter.id)
    assert final.etat is EtatCourrier.FINAL, foyer.told
    text = PdfReader(io.BytesIO(foyer.library.vault.read(final.empreinte))).pages[0].extract_text()
    assert "Je reste disponible" in text.replace("\n", " ")
    assert [w.isReadOnly() for w in (redacteur.editeur, redacteur.objet, redacteur.entete.lieu)] == [True] * 3
    assert not redacteur.envoi.finalise_button.isVisible()
    assert redacteur.envoi.sent_button.isVisible()
    assert redacteur.envoi.sorties["print_letter"].isVisible()
    assert lines(page)[0].puce == "finalisé"
    QTest.keyClicks(redacteur.editeur, "x")
    assert courriers.get_courrier(foyer.library, letter.id) == final


def test_a_missing_field_stops_the_letter_in_words_and_leads_to_its_place(foyer, page):
    letter = begin(foyer, page, "C2")
    redacteur = page.redacteur
    stops = [r.texte for r in redacteur.controles.bloquantes]
    assert stops
    assert all(text.startswith("Il manque une valeur") for text in stops)
    assert redacteur.editeur.textCursor().hasSelection(), "one begins on what is missing"
    first = redacteur.controles.findChildren(QLabel)[1]
    assert first.text() == "à corriger"
    foyer.click("Finaliser", page)
    assert foyer.told[-1].startswith("La lettre ne peut pas être finalisée. Il manque une valeur")
    assert courriers.get_courrier(foyer.library, letter.id).etat is EtatCourrier.BROUILLON
    while redacteur.controles.bloquantes:
        redacteur.controles.go.emit(redacteur.controles.bloquantes[0].ou)
        QTest.keyClicks(redacteur.editeur, "ceci")
        redacteur.flush()
        redacteur.recheck()
    foyer.click("Finaliser", page)
    assert courriers.get_courrier(foyer.library, letter.id).etat is EtatCourrier.FINAL


def test_a_mediateur_too_early_is_refused(foyer, page):
    begin(foyer, page, "C9")
    ou = [r.ou for r in page.redacteur.controles.bloquantes]
    assert "médiateur" in ou
    foyer.click("Finaliser", page)
    assert "ne peut pas être finalisée" in foyer.told[-1]
    assert lines(page)[0].puce == "brouillon"


def test_what_is_typed_is_kept_by_itself_and_undone_by_spells(foyer, page, qtbot):
    letter = begin(foyer, page, "")
    editeur = page.redacteur.editeur
    editeur.setFocus()
    QTest.keyClicks(editeur, "Bonjour")
    assert courriers.get_courrier(foyer.library, letter.id).corps == letter.corps, "not at each key"
    qtbot.waitUntil(
        lambda: bool(courriers.get_courrier(foyer.library, letter.id).corps[0].lignes[0][0].texte), timeout=3000
    )
    QTest.keyClicks(editeur, " et merci")
    QTest.keyClick(editeur, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    foyer.settle()
    assert editeur.toPlainText() == "Bonjour"
    QTest.keyClick(editeur, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    foyer.settle()
    assert editeur.toPlainText() == ""
    QTest.keyClick(editeur, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    foyer.settle()
    assert editeur.toPlainText() == "Bonjour"
    assert foyer.told[-1] == "Rétabli : Écrire une lettre."


def test_leaving_the_tab_or_the_letter_keeps_what_was_typed(foyer, page):
    one = begin(foyer, page, "")
    QTest.keyClicks(page.redacteur.editeur, "Premiere")
    two = begin(foyer, page, "")
    assert courriers.get_courrier(foyer.library, one.id).corps[0].lignes[0][0].texte == "Premiere"
    QTest.keyClicks(page.redacteur.editeur, "Seconde")
    foyer.go("dossiers")
    assert courriers.get_courrier(foyer.library, two.id).corps[0].lignes[0][0].texte == "Seconde"


def test_the_heading_is_written_in_its_form(foyer, page):
    letter = begin(foyer, page, "C1")
    entete = page.redacteur.entete
    page.redacteur.tabs.setCurrentIndex(1)
    foyer.settle()
    entete.destinataire.setPlainText("Mutuelle d’Essai\n12, rue de l’Église\n69003 Lyon")
    foyer.click("Mettre à la norme postale", page)
    entete.lieu.setFocus()
    entete.lieu.selectAll()
    QTest.keyClicks(entete.lieu, "Villeurbanne")
    entete.jour.selectAll()
    QTest.keyClicks(entete.jour, "25/11/2026")
    entete.references.setPlainText("Vos références : AB 12\n77")
    entete.canal.choose(Canal.COURRIER)
    page.redacteur.flush()
    kept = courriers.get_courrier(foyer.library, letter.id)
    assert kept.destinataire[1:] == ("12 RUE DE L ÉGLISE", "69003 LYON")
    assert (kept.lieu, kept.jour, kept.canal) == ("Villeurbanne", date(2026, 11, 25), Canal.COURRIER)
    assert kept.references == (("Vos références", "AB 12"), ("Référence", "77"))
    entete.jour.setText("n’importe quoi")
    QTest.keyClicks(entete.jour, "x")
    page.redacteur.flush()
    assert courriers.get_courrier(foyer.library, letter.id).jour == date(2026, 11, 25)


def test_enclosures_are_joined_cited_and_renumbered_by_themselves(foyer, page, tmp_path):
    for name in ("Facture", "Devis"):
        foyer.house.desk.import_into([pdf(tmp_path / f"{name}.pdf", name)], "couronne")
        foyer.settle()
    letter = begin(foyer, page, "")
    redacteur, pieces = page.redacteur, page.redacteur.pieces
    redacteur.tabs.setCurrentIndex(2)
    foyer.settle()
    assert sorted(title for title, _key in pieces.choices()) == ["Devis", "Facture"]
    pieces._add_all([key for _title, key in sorted(pieces.choices(), reverse=True)])
    assert redacteur.tabs.tabText(2) == "Pièces (2)"
    facture, devis = courriers.get_courrier(foyer.library, letter.id).pieces
    pieces.view.setCurrentRow(1)
    foyer.click("Citer dans le texte", page)
    assert redacteur.editeur.toPlainText().replace("\u00a0", " ") == "pièce n° 2"
    redacteur.tabs.setCurrentIndex(2)
    pieces.view.setCurrentRow(1)
    foyer.click("Monter", page)
    kept = courriers.get_courrier(foyer.library, letter.id)
    assert kept.pieces == (devis, facture)
    assert redacteur.editeur.toPlainText().replace("\u00a0", " ") == "pièce n° 1"
    assert kept.corps == (Bloc(lignes=((F(piece=devis),),)),)
    pieces.view.setCurrentRow(0)
    foyer.click("Retirer", page)
    assert "[pièce retirée]" in redacteur.editeur.toPlainText()
    assert "pièces" in [r.ou for r in redacteur.controles.remarques]


def test_a_fact_that_changes_is_seen_in_the_letter_and_ones_own_value_is_told_with_it(foyer, page):
    begin(foyer, page, "C1")
    redacteur = page.redacteur
    assert "28 septembre 2026" in redacteur.editeur.toPlainText().replace("\u00a0", " ")
    with foyer.library.read() as db:
        soins = next(e for e in db.all(type(event(N.SOINS, TODAY))) if e.nature is N.SOINS)
    with foyer.library.write("Corriger") as db:
        db.put(replace(soins, le=date(2026, 9, 29)))
    foyer.settle()
    assert "29 septembre 2026" in redacteur.editeur.toPlainText().replace("\u00a0", " ")
    redacteur.editeur.go_to_champ("soins.date")
    QTest.keyClicks(redacteur.editeur, "30 septembre 2026")
    said = redacteur.champ_bar.text.text().replace("\u00a0", " ")
    assert "vous écrivez « 30 septembre 2026 »" in said
    assert "le dossier dit « 29 septembre 2026 »" in said
    redacteur.flush()
    redacteur.recheck()
    assert "champ:soins.date" in [r.ou for r in redacteur.controles.remarques]
    foyer.click("Reprendre la valeur du dossier", page)
    assert "29 septembre 2026" in redacteur.editeur.toPlainText().replace("\u00a0", " ")


def test_typography_is_shown_change_by_change_then_applied(foyer, page):
    letter = begin(foyer, page, "")
    write(page, "J'attends 60 euros : merci!")
    seen = []

    def accept(dialog):
        view = dialog.findChild(QListWidget)
        seen.extend(view.item(n).text() for n in range(view.count()))
        foyer.button("Tout corriger", dialog).click()

    foyer.answers.forms.append(accept)
    foyer.action("review_typography")
    assert any("⍽" in text for text in seen)
    kept = courriers.get_courrier(foyer.library, letter.id)
    assert kept.corps[0].lignes[0][0].texte == "J’attends 60\u00a0euros\u00a0: merci\u00a0!"
    foyer.action("review_typography")
    assert "déjà soignée" in foyer.told[-1]
    foyer.action("annuler")
    assert "J'attends" in page.redacteur.editeur.toPlainText()


def test_search_within_the_letter_opens_by_its_key(foyer, page):
    begin(foyer, page, "")
    write(page, "Un mot puis un autre mot")
    editeur, bar = page.redacteur.editeur, page.redacteur.find_bar
    editeur.setFocus()
    QTest.keyClick(editeur, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert bar.isVisible()
    QTest.keyClicks(bar.field, "mot")
    assert editeur.textCursor().selectedText() == "mot"
    assert bar.count.text().replace("\u00a0", " ") == "2 trouvés"
    place = editeur.textCursor().position()
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert editeur.textCursor().position() > place
    bar.leave()
    assert not bar.isVisible()


def test_the_step_of_a_dossier_opens_its_letter_once(foyer, page):
    dossiers = foyer.go("dossiers")
    dossiers.show_object("Dossier", "couronne")
    foyer.settle()
    foyer.click("Écrire la réclamation…", dossiers)
    assert foyer.window.current_page() is page
    first = courriers.get_courrier(foyer.library, page.shown)
    expected = modeles.propose(foyer.library, "couronne", TODAY)[0].modele
    assert (first.modele, first.dossier_id) == (expected.id, "couronne")
    foyer.go("dossiers")
    foyer.settle()
    kept = courriers.list_courriers(foyer.library, courriers.FiltreCourriers(dossier_id="couronne"))
    card = courriers_card(foyer.house.desk, "couronne", kept)
    assert "brouillon" in texts(card)
    assert "Réclamation" in texts(card)
    foyer.click("Écrire la réclamation…", dossiers)
    assert page.shown == first.id
    assert "que vous aviez commencée" in foyer.told[-1]
    assert len(lines(page)) == 1


def test_letters_are_listed_searched_and_filtered(foyer, page):
    begin(foyer, page, "C1")
    begin(foyer, page, "", None)
    write(page, "Une question libre")
    assert len(lines(page)) == 2
    page.search.setText("question libre")
    page._searched("question libre")
    assert [line.titre for line in lines(page)] == ["Lettre sans objet"]
    page._searched("rien de tel")
    assert "Aucune lettre ne correspond" in texts(page)
    foyer.click("Tout montrer", page)
    page.show_object("Dossier", "couronne")
    assert len(lines(page)) == 1
    assert lines(page)[0].titre.startswith("Réclamation")


def test_a_letter_is_copied_deleted_and_brought_back(foyer, page):
    first = begin(foyer, page, "C1")
    page.copy_letter()
    foyer.settle()
    assert page.shown != first.id
    assert len(lines(page)) == 2
    foyer.action("delete_letter")
    assert len(lines(page)) == 1
    foyer.action("annuler")
    assert len(lines(page)) == 2
    foyer.action("delete_letter")
    foyer.action("delete_letter")
    assert "Aucune lettre pour l’instant" in texts(page)
    assert not page.redacteur.gauche.isVisible()


def test_the_page_is_zoomed_and_fits(foyer, page):
    begin(foyer, page, "C1")
    apercu = page.redacteur.apercu
    wide = apercu.feuilles.width()
    assert abs(wide - apercu.pane.viewport().width()) < 12
    foyer.click("Agrandir la page (Ctrl+molette)", page)
    assert apercu.feuilles.width() > wide
    assert apercu.rendu.images[0].width() == apercu.rendu.large
    foyer.click("Largeur de la page", page)
    assert apercu.feuilles.width() == wide


def test_the_menu_of_a_letter_offers_what_it_allows(foyer, page):
    begin(foyer, page, "C1")
    envoi = page.redacteur.envoi
    envoi._menu()
    menu = envoi.findChildren(QMenu)[-1]
    assert [a.text() for a in menu.actions() if a.text()] == [
        "Faire une copie",
        "Garder comme modèle…",
        "Supprimer la lettre",
    ]
    menu.close()


def test_the_last_keystroke_is_drawn_in_the_end_and_in_time(open_foyer, qtbot):
    foyer = open_foyer(Jobs)
    exemple.fill_example(foyer.library, foyer.house.desk.workers, today=TODAY)
    qtbot.waitUntil(lambda: not foyer.house.desk.jobs.running, timeout=60_000)
    page = foyer.go("courriers")
    made = courriers.create_courrier(foyer.library, modele="C1", today=TODAY)
    long = replace(
        made, corps=tuple(Bloc(lignes=((F(texte="Une phrase de la lettre, assez longue. " * 8),),)) for _ in range(9))
    )
    courriers.save_draft(foyer.library, long)
    page.show_object("Courrier", made.id)
    redacteur, apercu = page.redacteur, page.redacteur.apercu
    qtbot.waitUntil(lambda: len(apercu.rendu.pages) == 2 and len(apercu.rendu.images) == 2, timeout=20_000)
    spent = []
    for letter in "abcdefghijklm":
        start = time.perf_counter()
        with qtbot.waitSignal(apercu.came, timeout=5000):
            QTest.keyClicks(redacteur.editeur, letter)
        spent.append(time.perf_counter() - start)
    assert statistics.median(spent) < 0.3, "150 ms is the aim; a shared machine may double it"
    QTest.keyClicks(redacteur.editeur, "tres vite et sans attendre")
    qtbot.waitUntil(lambda: not apercu._busy and apercu._next is None, timeout=10_000)
    from mutuelle_desktop.rendering.courrier import svg_of

    assert apercu.rendu.pages == svg_of(redacteur.lettre), "the last one wins"
    QApplication.processEvents()


def test_a_refusal_to_keep_is_told(foyer, page, monkeypatch):
    begin(foyer, page, "")

    def refuse(*_args, **_kept):
        raise Refused("Cette lettre n’existe plus.")

    monkeypatch.setattr(courriers, "save_draft", refuse)
    write(page, "mots")
    assert foyer.told[-1] == "Cette lettre n’existe plus."


def test_a_frozen_letter_is_shown_from_its_bytes_and_says_what_was_corrected_since(foyer, page):
    letter = begin(foyer, page, "C1")
    foyer.click("Finaliser", page)
    final = courriers.get_courrier(foyer.library, letter.id)
    apercu = page.redacteur.apercu
    assert apercu.rendu.pages == [f"{final.empreinte}/1"]
    assert ink(apercu.rendu.images[0]) > 100
    expeditions.mark_sent(foyer.library, letter.id, le=TODAY, canal=Canal.COURRIER, today=TODAY)
    foyer.settle()
    assert lines(page)[0].puce == "envoyé"
    assert page.redacteur.envoi.life_button.isVisible()
    assert not page.redacteur.envoi.tort.isVisible()
    with foyer.library.read() as db:
        soins = next(e for e in db.all(type(event(N.SOINS, TODAY))) if e.nature is N.SOINS)
    with foyer.library.write("Corriger") as db:
        db.put(replace(soins, le=date(2026, 9, 29)))
    foyer.settle()
    assert lines(page)[0].puce == "à rectifier"
    said = page.redacteur.envoi.tort.text().replace("\u00a0", " ")
    assert "la lettre cite « 28 septembre 2026 », le dossier dit maintenant « 29 septembre 2026 »" in said
    assert not page.verbs.can("delete_letter")


def test_an_address_of_the_household_is_chosen_for_the_letter(foyer, page):
    letter = begin(foyer, page, "")
    entete = page.redacteur.entete
    page.redacteur.tabs.setCurrentIndex(1)
    foyer.settle()
    foyer.click("Choisir une adresse…", page)
    menu = entete.findChildren(QMenu)[-1]
    wanted = next(a for a in menu.actions() if "Réclamations" in a.text())
    wanted.trigger()
    menu.close()
    foyer.settle()
    kept = courriers.get_courrier(foyer.library, letter.id)
    assert kept.destinataire == ("Mutuelle des Deux Rives", "Réclamations", "1 QUAI NEUF", "69000 LYON")


def test_every_control_of_a_letter_has_a_name(foyer, page):
    begin(foyer, page, "C1")
    nameless = [
        w for w in page.findChildren(QWidget)
        if isinstance(w, (QLineEdit, QTextEdit, QComboBox, QAbstractItemView, QAbstractButton))
        and not (w.accessibleName() or getattr(w, "text", str)()) and not w.objectName().startswith("qt_")
        and not isinstance(w.parent(), (QComboBox, QTabBar, QLineEdit)) and not isinstance(w.parent().parent(), QComboBox)
    ]  # fmt: skip
    assert nameless == []


def test_objects_of_qt_are_what_they_are_after_many_jobs(qtbot):
    jobs = Jobs(print)
    wrong = []
    for _ in range(60):
        for _each in range(5):
            jobs.run("Rien", lambda _progress: None, quiet=True)
        qtbot.waitUntil(lambda: not jobs.running)
        sheet = Feuillet()
        table = QTextCursor(sheet).insertTable(2, 2)
        wrong += [] if isinstance(table, QTextTable) else [table]
    assert wrong == []
    jobs.stop()


def test_a_date_of_the_agenda_and_the_guide_lead_to_letters(foyer, page):
    echeances = foyer.go("echeances")
    one = next(line for line in echeances.vues.par_cle.values() if line.dossier_id and line.is_active)
    echeances.verbs.write_letter(one.id)
    foyer.settle()
    assert foyer.window.current_page() is page
    assert courriers.get_courrier(foyer.library, page.shown).dossier_id == "couronne"
    asked = []
    foyer.answers.forms.append(lambda dialog: (asked.append(dialog.windowTitle()), dialog.reject()))
    perform(foyer.house.desk, page, ActionGuide.COURRIER)
    assert asked == ["Nouvelle lettre"]
    foyer.answers.forms.append(lambda dialog: (asked.append(dialog.dossier.value()), dialog.reject()))
    foyer.action("nouvelle-lettre")
    assert asked[-1] == "couronne", "the dossier of the letter shown"


def test_ones_own_models_are_chosen_where_letters_are(foyer, page):
    mine = modeles.perso_of(modeles.get("C1"))
    with foyer.library.write("Garder un modèle") as db:
        db.put(replace(mine, titre="Ma lettre à moi"))

    def choose(dialog):
        shown = [dialog.model.index(n).data(LINE).titre for n in range(dialog.model.rowCount())]
        assert shown[0] == "Mes modèles"
        dialog._take(mine.id)
        assert dialog.current().modele.titre == "Ma lettre à moi"
        dialog.begin_button.click()

    foyer.answers.forms.append(choose)
    page.new_letter()
    foyer.settle()
    assert courriers.get_courrier(foyer.library, page.shown).modele == mine.id


def test_the_buttons_of_a_frozen_letter_open_its_ways_out(foyer, page):
    begin(foyer, page, "C1")
    foyer.click("Finaliser", page)
    asked = []

    def look(dialog):
        asked.append(dialog.windowTitle())
        dialog.reject()

    for text in ("Noter l’envoi…", "Texte pour l’espace client…"):
        foyer.answers.forms.append(look)
        foyer.click(text, page)
    assert len(asked) == 2
    assert all(asked)
    foyer.action("annuler")
    assert page.redacteur.writable, "freezing is undone like the rest"
    assert page.redacteur.envoi.finalise_button.isVisible()
