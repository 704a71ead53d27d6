"""The checklists of a dossier: ticked by facts, by hand, set aside; and the mandates of the household."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QProgressBar, QPushButton, QVBoxLayout, QWidget

from mutuelle_desktop.domain.appel import CompteRendu
from mutuelle_desktop.domain.checklist import Coche
from mutuelle_desktop.domain.document import Piece
from mutuelle_desktop.domain.mandat import Mandat
from mutuelle_desktop.domain.personne import Lien, Personne
from mutuelle_desktop.services import appels, mandats, personnes
from mutuelle_desktop.ui.checklists.panel import ChecklistPanel
from mutuelle_desktop.ui.checklists.verbes import verb_of
from mutuelle_desktop.ui.contrats.mandats import mandat_form, mandats_card
from tests.ui.maison import TODAY, fill, pdf
from tests.ui.test_dossiers import choose
from tests.ui.test_import import create, texts


@pytest.fixture
def panel(foyer):
    dossier = create(foyer, "Couronne")
    made = ChecklistPanel(foyer.house.desk, dossier.id)
    made.show()
    foyer.settle()
    yield made
    made.close()
    made.deleteLater()


def open_list(foyer, panel, name):
    shown = next(b for b in panel.findChildren(QWidget) if b.accessibleName().startswith(f"{name}, "))
    if not shown.isChecked():
        shown.click()
        foyer.settle()


def box(panel, key):
    return panel.lines[key].box


def test_a_line_is_ticked_by_the_fact_once_the_call_is_noted_and_says_which(foyer, panel):
    open_list(foyer, panel, "Pendant l’échange")
    assert box(panel, "pendant.nom").checkState() is Qt.CheckState.Unchecked
    suite = appels.record_appel(
        foyer.library, panel.dossier_id, CompteRendu(le=TODAY, interlocuteur="Mme Lambert", numero="A-12"), TODAY
    )
    made = ChecklistPanel(foyer.house.desk, panel.dossier_id, suite.evenement.id)
    made.show()
    open_list(foyer, made, "Pendant l’échange")
    assert box(made, "pendant.nom").checkState() is Qt.CheckState.Checked
    assert "D’après le dossier : Noté : Mme Lambert." in texts(made)
    assert "fait. D’après le dossier" in box(made, "pendant.nom").accessibleDescription()
    box(made, "pendant.nom").click()
    foyer.settle()
    assert "les faits du dossier" in foyer.told[-1], "a fact is not unticked by hand"
    assert box(made, "pendant.nom").checkState() is Qt.CheckState.Checked
    made.close()


def test_a_line_is_ticked_by_hand_counted_and_undone(foyer, panel):
    open_list(foyer, panel, "Juste avant d’appeler")
    assert "0 sur 5" in texts(panel)
    box(panel, "preparer.calme").click()
    foyer.settle()
    assert "1 sur 5" in texts(panel)
    assert panel.findChild(QProgressBar).value() == 1
    assert "Coché par vous." in texts(panel)
    foyer.action("annuler")
    assert "0 sur 5" in texts(panel)
    foyer.action("retablir")
    box(panel, "preparer.calme").click()
    foyer.settle()
    with foyer.library.read() as db:
        assert db.count(Coche) == 0


def test_a_line_is_set_aside_with_a_reason_and_taken_back(foyer, panel):
    open_list(foyer, panel, "Juste avant d’appeler")

    def menu(text):
        foyer.click("Autres choix\u00a0: L’endroit est calme", panel)
        shown = next(m for m in panel.findChildren(QMenu) if m.isVisible())
        assert choose(shown, text)
        shown.close()
        foyer.settle()

    foyer.answers.words.append("J’appelle du bureau.")
    menu("Sans objet")
    assert box(panel, "preparer.calme").checkState() is Qt.CheckState.PartiallyChecked
    assert "J’appelle du bureau." in texts(panel)
    foyer.answers.words.append("  ")
    menu("Remettre à faire")
    assert box(panel, "preparer.calme").checkState() is Qt.CheckState.Unchecked
    menu("Sans objet")
    assert "Dites en quelques mots" in foyer.told[-1]


def test_a_line_that_the_program_can_help_with_has_its_button(foyer, panel, tmp_path):
    open_list(foyer, panel, "Avant le contact")
    foyer.answers.files.append([pdf(tmp_path / "facture.pdf", "Facture")])
    foyer.click("Ajouter des papiers…", panel)
    with foyer.library.read() as db:
        assert db.count(Piece) == 1
    foyer.click("Compléter le contrat", panel)
    assert foyer.window.current_page() is foyer.window.page("contrats")
    assert verb_of(panel._place, "") is None


def test_a_line_about_a_noted_exchange_leads_to_its_correction(foyer, panel):
    suite = appels.record_appel(
        foyer.library, panel.dossier_id, CompteRendu(le=TODAY, interlocuteur="Mme Lambert"), TODAY
    )
    asked = []
    made = ChecklistPanel(foyer.house.desk, panel.dossier_id, suite.evenement.id, note=lambda *told: asked.append(told))
    made.show()
    open_list(foyer, made, "Pendant l’échange")
    foyer.click("Corriger…", made)
    dossier, event, canal = asked[0]
    assert (dossier, event.id, canal) == (panel.dossier_id, suite.evenement.id, None)
    open_list(foyer, made, "Après le contact")
    foyer.click("Noter l’envoi…", made)
    assert asked[1][1] is None
    made.close()


def test_the_open_list_is_remembered_and_an_empty_choice_too(foyer, panel):
    open_list(foyer, panel, "Après le contact")
    again = ChecklistPanel(foyer.house.desk, panel.dossier_id)
    assert "apres.notes" in again.lines
    again.deleteLater()
    name = next(b.accessibleName() for b in panel.findChildren(QPushButton) if b.text() == "Après le contact")
    foyer.click(name, panel)
    assert panel.lines == {}, "closing the open list opens no other"


@pytest.fixture
def couple(foyer):
    one = personnes.save_personne(foyer.library, Personne(prenom="Camille", nom="B", naissance=date(1984, 5, 12)))
    two = personnes.save_personne(foyer.library, Personne(prenom="Marc", nom="B", lien=Lien.CONJOINT))
    foyer.settle()
    return one, two


def card(foyer):
    holder = QWidget()
    QVBoxLayout(holder).addWidget(mandats_card(foyer.house.desk, foyer.window))
    holder.show()
    foyer.settle()
    return holder


def test_a_mandate_is_recorded_shown_revoked_and_undone(foyer, couple):
    foyer.answers.forms.append(fill(**{"Pour quoi faire": "suivi des remboursements"}))
    held = card(foyer)
    assert "Pour un enfant mineur" in texts(held)
    foyer.click("Enregistrer un mandat…", held)
    held.close()
    held = card(foyer)
    shown = texts(held)
    assert "Camille parle pour Marc" in shown
    assert "22/11/2027" in shown, "a year unless told otherwise"
    foyer.click("Révoquer", held)
    assert "Prévenez la mutuelle par écrit" in foyer.told[-1]
    held.close()
    held = card(foyer)
    assert "révoqué le 23/11/2026" in texts(held)
    foyer.action("annuler")
    held.close()
    held = card(foyer)
    assert "en vigueur" in texts(held)
    foyer.click("Retirer le mandat\u00a0: Camille parle pour Marc", held)
    with foyer.library.read() as db:
        assert db.count(Mandat) == 0
    held.close()


def test_a_mandate_near_its_end_says_so_and_a_wrong_one_is_refused_in_the_form(foyer, couple):
    one, two = couple
    mandats.save_mandat(
        foyer.library, Mandat(mandant_id=two.id, mandataire_id=one.id, du=date(2026, 1, 5), au=date(2026, 12, 10))
    )
    held = card(foyer)
    assert "prend fin le 10 décembre" in texts(held)
    held.close()

    def work(dialog):
        fill(**{"Pour qui": "Camille B"})(dialog)
        assert "soi-même" in dialog.error.text()
        fill(**{"Pour qui": "Marc B", "Jusqu au": ""})(dialog)

    foyer.answers.forms.append(work)
    foyer.house.desk.dialogs.run(mandat_form(foyer.house.desk, foyer.window))
    with foyer.library.read() as db:
        assert sorted(m.au is None for m in db.all(Mandat)) == [False, True]
