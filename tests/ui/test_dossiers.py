"""The Dossiers tab: status and its override, exchanges, order of papers, closing, the list."""

import pytest

from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.domain.dossier import NatureDossier, Statut
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.services import dossiers, exemple
from mutuelle_desktop.ui.dossiers.forms import NATURES
from mutuelle_desktop.ui.rows import LINE
from tests.ui.maison import TODAY, fill, pdf
from tests.ui.test_import import create, texts


@pytest.fixture
def page(foyer):
    create(foyer, "Couronne")
    return foyer.go("dossiers")


def choose(menu, text):
    """Choose an entry of a menu, or of its inner menus, by the start of its text."""
    for action in menu.actions():
        if action.menu():
            if choose(action.menu(), text):
                return True
        elif action.text().startswith(text):
            action.trigger()
            return True
    return False


def open_menu(foyer, page, name):
    from PySide6.QtWidgets import QMenu

    foyer.click(name, page)
    return next(menu for menu in page.findChildren(QMenu) if menu.isVisible() and menu.actions())


@pytest.mark.parametrize("nature", list(NatureDossier))
def test_a_dossier_of_each_nature_is_created_in_two_clicks(foyer, nature):
    def accept(dialog):
        from PySide6.QtWidgets import QComboBox

        dialog.findChild(QComboBox).setCurrentText(NATURES[nature])
        dialog.accept_button.click()

    foyer.answers.forms.append(accept)
    foyer.click("Nouveau dossier")
    line = foyer.window.current_page().detail.line
    assert line.dossier.nature is nature
    assert line.dossier.reference == "2026-001"
    assert line.dossier.titre, "a title is given when none was typed"


def test_a_recorded_call_changes_the_status_and_stands_in_the_chronology(foyer, page):
    assert page.detail.line.statut is Statut.A_PREPARER
    foyer.answers.forms.append(
        fill(**{"Ce qui s est passé": "Demande envoyée", "Date": "12/11/2026", "Heure": "14h15", "Par": "Téléphone",
                "Interlocuteur": "Mme Lambert", "Numéro obtenu": "2026-4471", "Ce qui a été dit": "Virement promis.",
                "Réponse promise pour le": "20/11/2026"})
    )  # fmt: skip
    foyer.click("Noter un événement…", page)
    assert page.detail.line.statut is Statut.EN_ATTENTE
    shown = texts(page.detail)
    for told in ("12 novembre", "14 h 15", "Mme Lambert", "n° 2026-4471", "Virement promis.", "20/11/2026"):
        assert told in shown, told
    with foyer.library.read() as db:
        event = db.all(Evenement)[0]
    assert event.interlocuteur == "Mme Lambert"
    assert event.heure.hour == 14


def test_a_wrong_date_keeps_the_form_open_with_what_was_typed(foyer, page):
    def work(dialog):
        fill(Date="32/13/2026", Interlocuteur="Mme Lambert")(dialog)
        assert dialog.isVisible()
        assert "n’est pas comprise" in dialog.error.text()
        fill(Date="hier")(dialog)

    foyer.answers.forms.append(work)
    foyer.action("note_call")
    with foyer.library.read() as db:
        event = db.all(Evenement)[0]
    assert (TODAY - event.le).days == 1
    assert event.interlocuteur == "Mme Lambert"


def test_the_status_can_be_overridden_visibly_and_given_back_to_the_events(foyer, page):
    assert choose(open_menu(foyer, page, "Autres actions sur ce dossier"), "Refusé")
    foyer.settle()
    assert page.detail.line.statut is Statut.REFUSE
    assert "Statut choisi par vous" in texts(page.detail)
    assert "✎" in page.model.index(0).data(LINE).puce, "the list shows it too"
    assert choose(open_menu(foyer, page, "Autres actions sur ce dossier"), "D’après les événements")
    foyer.settle()
    assert page.detail.line.statut is Statut.A_PREPARER


def test_closing_reopening_archiving_and_deleting_are_each_undone(foyer, page):
    key = page.detail.line.id
    for verb, after in (
        ("close_dossier", lambda line: line.statut is Statut.CLOS),
        ("archive_dossier", lambda line: line.dossier.archive_le is not None),
        ("reopen_dossier", lambda line: line.dossier.clos_le is None),
        ("trash_dossier", lambda line: line.dossier.supprime_le is not None),
        ("restore_dossier", lambda line: line.dossier.supprime_le is None),
    ):
        page.show_object("Dossier", key)
        foyer.settle()
        before = dossiers.ligne(foyer.library, key)
        foyer.action(verb)
        done = dossiers.ligne(foyer.library, key)
        assert after(done), verb
        foyer.action("annuler")
        assert dossiers.ligne(foyer.library, key) == before, verb
        foyer.action("retablir")
        assert dossiers.ligne(foyer.library, key) == done, verb


def test_the_facts_of_a_dossier_are_kept_with_the_numbers_of_the_mutuelle(foyer, page):
    foyer.answers.forms.append(
        fill(**{"Références de la mutuelle": "GES-1, GES-2", "Payé": "1 700,50", "Sécu reçue": "72", "Notes": "À suivre",
                "Mutuelle attendue": "400"})
    )  # fmt: skip
    foyer.action("edit_dossier")
    d = page.detail.line.dossier
    assert d.references_mutuelle == ("GES-1", "GES-2")
    assert str(d.montant_paye) == "1700.50"
    foyer.settle()
    shown = texts(page.detail)
    assert "1\u202f700,50 €" in shown
    assert "400,00 €" in shown
    assert "À suivre" in shown


def test_papers_are_ordered_marked_as_copies_shared_and_taken_out(foyer, page, tmp_path):
    key = page.detail.line.id
    foyer.house.intake.take([pdf(tmp_path / f"{name}.pdf", name) for name in ("a", "b")], key)
    foyer.settle()

    def order():
        shown = texts(page.detail)
        return sorted(("a", "b"), key=lambda name: shown.index(f"· {name}<"))

    assert order() == ["a", "b"]
    assert choose(open_menu(foyer, page, "Autres actions sur la pièce 1"), "Descendre")
    foyer.settle()
    assert order() == ["b", "a"]
    assert choose(open_menu(foyer, page, "Autres actions sur la pièce 1"), "C’est une copie")
    foyer.settle()
    assert "copie" in texts(page.detail)
    other = create(foyer, "Lunettes")
    vault = foyer.go("documents")
    vault._view.selectAll()
    foyer.answers.forms.append(fill(Dossier=f"Lunettes ({other.reference})"))
    foyer.action("add_to_dossier")
    assert len(dossiers.ligne(foyer.library, other.id).dossier.id) > 0
    assert dossiers.ligne(foyer.library, other.id).pieces == 2
    page = foyer.go("dossiers")
    page.show_object("Dossier", key)
    foyer.settle()
    assert choose(open_menu(foyer, page, "Autres actions sur la pièce 1"), "Retirer de ce dossier")
    foyer.settle()
    assert dossiers.ligne(foyer.library, key).pieces == 1
    with foyer.library.read() as db:
        assert db.count(Document) == 2, "the paper itself stays"


def test_the_list_is_filtered_searched_and_sorted(foyer):
    exemple.fill_example(foyer.library, foyer.house.desk.workers)
    foyer.settle()
    page = foyer.go("dossiers")
    every = page.model.rowCount()
    assert every >= 3
    page._searched("couronne")
    assert [page.model.index(0).data(LINE).titre] == ["Couronne dent 36"]
    page._searched("")
    chosen = page._filters["personne_id"]
    chosen._fill()
    next(a for a in chosen._menu.actions() if a.text().startswith("Jules")).trigger()
    foyer.settle()
    assert page.model.rowCount() == 1
    assert chosen.text().startswith("Jules")
    page._set(type(page._filtre)())
    titles = []
    for n in range(page.tri.count()):
        page.tri.setCurrentIndex(n)
        titles.append([page.model.index(row).data(LINE).titre for row in range(page.model.rowCount())])
    assert any(order != titles[0] for order in titles), "sorting changes the order"
    assert all(sorted(order) == sorted(titles[0]) for order in titles)


def test_no_match_says_so_and_offers_to_show_everything(foyer, page):
    page._searched("introuvable")
    assert page.model.rowCount() == 0
    foyer.click("Tout montrer", page)
    assert page.model.rowCount() == 1
