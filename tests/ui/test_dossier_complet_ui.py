"""« Dossier complet en PDF… » through its window: what is chosen is what the file holds, opened and read back."""

import threading
from dataclasses import replace

import pytest
from pypdf import PdfReader, PdfWriter
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget

from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.evenement import Canal
from mutuelle_desktop.services import dossier_complet as service
from mutuelle_desktop.services import expeditions
from mutuelle_desktop.services.dossier_complet import Masque, Pour
from mutuelle_desktop.services.pieces import pieces_of
from mutuelle_desktop.ui.courriers.dossier_complet import DossierCompletDialog
from mutuelle_desktop.ui.courriers.masques import MasquesDialog
from mutuelle_desktop.ui.jobs import Jobs
from mutuelle_desktop.ui.theme import theme
from tests.ui.courriers_aides import frozen, move, take, verbs
from tests.ui.maison import TODAY, pdf
from tests.ui.test_import import create, texts


@pytest.fixture
def papers(foyer, tmp_path):
    return move(foyer, tmp_path)


@pytest.fixture
def letter(foyer, papers):
    made = frozen(foyer, papers)
    expeditions.mark_sent(foyer.library, made.id, le=TODAY, canal=Canal.RECOMMANDE, today=TODAY)
    return made


def lines(dialog):
    found = dialog.findChild(QListWidget)
    return [found.item(n).text().replace("\u00a0", " ") for n in range(found.count())]


def item(dialog, text):
    return next(dialog.list.item(n) for n, line in enumerate(lines(dialog)) if text in line)


def made_by(foyer, path, *steps):
    """Make the file as a person would; return its reader."""
    foyer.answers.save_as = lambda *_asked: path

    def work(dialog):
        for step in steps:
            step(dialog)
            foyer.settle()
        assert dialog.make.isEnabled()
        dialog.make.click()

    foyer.answers.forms.append(work)
    verbs(foyer).dossier_complet("couronne")
    foyer.settle()
    return PdfReader(path)


def text_of(reader):
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def marks(reader):
    return [entry.title.replace("\u00a0", " ") for entry in reader.outline if not isinstance(entry, list)]


def test_the_file_for_the_mutuelle_holds_everything_numbered_and_nothing_private(foyer, letter, tmp_path):
    reader = made_by(foyer, tmp_path / "dossier.pdf")
    said = text_of(reader)
    for words in ("Lettre n° 1 – p. 1/", "Pièce n° 1 – p. 2/2", "Pièce n° 2 – p. 1/1", f"page {len(reader.pages)}/"):
        assert words in said, words
    assert "FACTURE SUITE" in said
    assert "Confidence gardée" not in said
    assert any(mark.startswith("Pièce n° 2") for mark in marks(reader))
    assert f"{len(reader.pages)} pages, 2 pièces" in foyer.told[-1]
    assert "est prêt" in foyer.told[-1]


def test_ones_own_file_has_ones_notes(foyer, letter, tmp_path):
    def mine(dialog):
        dialog.pour.choose(Pour.MOI)

    assert "Confidence gardée pour moi" in text_of(made_by(foyer, tmp_path / "moi.pdf", mine))


def test_the_mediateur_s_version_says_what_is_missing_before_it_is_made(foyer, letter, tmp_path):
    seen = []

    def theirs(dialog):
        assert "Ce que le médiateur demande" not in texts(dialog)
        dialog.pour.choose(Pour.MEDIATEUR)
        foyer.settle()
        seen.append(texts(dialog))

    reader = made_by(foyer, tmp_path / "mediateur.pdf", theirs)
    plan = service.plan_of(foyer.library, "couronne", Pour.MEDIATEUR, TODAY)
    assert plan.manques
    for line in plan.completude:
        assert line.quoi.replace("\u00a0", " ") in seen[0], line.quoi
    assert f"{len(plan.manques)} points manquent" in seen[0]
    assert "Tableau de garanties" in text_of(reader)


def test_a_paper_unticked_is_left_out_and_the_others_close_up(foyer, letter, tmp_path):
    def leave(dialog):
        item(dialog, "Facture").setCheckState(Qt.CheckState.Unchecked)
        foyer.settle()
        assert any(line.startswith("Laissé de côté : Facture") for line in lines(dialog))
        assert any(line.startswith("Pièce n° 1 – ") for line in lines(dialog))

    said = text_of(made_by(foyer, tmp_path / "sans.pdf", leave))
    assert "FACTURE COURONNE" not in said
    assert "Pièce n° 1 – p. 1/1" in said
    assert "Pièce n° 2" not in said


def test_everything_unticked_is_refused_in_words(foyer, letter):
    dialog = DossierCompletDialog(foyer.house.desk, foyer.window, "couronne")
    dialog.show()
    for place in range(dialog.list.count()):
        dialog.list.item(place).setCheckState(Qt.CheckState.Unchecked)
    assert not dialog.make.isEnabled()
    assert "cochez au moins un papier" in dialog.error.text()
    dialog.list.item(0).setCheckState(Qt.CheckState.Checked)
    assert dialog.make.isEnabled()
    dialog.close()


def test_a_dossier_without_a_paper_says_so(foyer):
    empty = create(foyer, "Vide")
    dialog = DossierCompletDialog(foyer.house.desk, foyer.window, empty.id)
    dialog.show()
    assert not dialog.make.isEnabled()
    assert "ni papier ni lettre" in dialog.error.text()
    dialog.close()


def test_papers_move_up_and_down_and_their_numbers_follow(foyer, papers, tmp_path):
    dialog = DossierCompletDialog(foyer.house.desk, foyer.window, "couronne")
    dialog.show()
    assert [line.split(" – ")[1].split(",")[0] for line in lines(dialog)] == ["Facture", "Devis"]
    dialog.list.setCurrentItem(item(dialog, "Devis"))
    foyer.click("Monter", dialog)
    assert [line.split(" – ")[1].split(",")[0] for line in lines(dialog)] == ["Devis", "Facture"]
    assert "Devis" in dialog.list.currentItem().text()
    assert [p.ligne.id for p in pieces_of(foyer.library, "couronne")] == [papers["scan"], papers["facture"]]
    foyer.click("Monter", dialog)
    foyer.click("Descendre", dialog)
    assert [p.ligne.id for p in pieces_of(foyer.library, "couronne")] == [papers["facture"], papers["scan"]]
    dialog.close()


def test_numbers_given_by_a_letter_stay_and_it_is_said(foyer, letter):
    dialog = DossierCompletDialog(foyer.house.desk, foyer.window, "couronne")
    dialog.show()
    assert dialog.guide.count() == 2
    assert dialog.guide.isVisible()
    dialog.list.setCurrentItem(item(dialog, "Devis"))
    foyer.click("Monter", dialog)
    assert "Pièce n° 2 – Devis" in item(dialog, "Devis").text().replace("\u00a0", " ")
    assert "ne changent pas" in dialog.told.text()
    dialog.list.setCurrentRow(0)
    assert not dialog.up.isEnabled(), "a letter comes first, in its order"
    dialog.close()


def test_what_is_masked_is_really_gone(foyer, letter, tmp_path):
    def cover(dialog):
        dialog.list.setCurrentItem(item(dialog, "Facture"))

        def masks(inner):
            foyer.settle()
            canvas = inner.canvas
            page = canvas._page()
            top = QPoint(round(page.left() + 4), round(page.top() + 4))
            bottom = QPoint(round(page.right() - 4), round(page.top() + page.height() / 2))
            QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=top)
            QTest.mouseMove(canvas, bottom)
            QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=bottom)
            foyer.click("Page suivante", inner)
            inner.whole.setChecked(True)
            assert [(m.page, len(m.zones)) for m in inner.masques()] == [(1, 1), (2, 0)]
            foyer.click("Masquer", inner)

        foyer.answers.forms.append(masks)
        dialog.cover.click()
        foyer.settle()
        assert "2 pages avec un masque" in item(dialog, "Facture").text().replace("\u00a0", " ")

    said = text_of(made_by(foyer, tmp_path / "masque.pdf", cover))
    assert "FACTURE COURONNE" not in said
    assert "FACTURE SUITE" not in said
    assert "Cette page n’est pas communiquée." in said


def test_a_mask_is_made_by_the_keyboard_alone_and_can_be_taken_back(foyer, papers):
    from mutuelle_desktop.services.documents import fetch

    line = fetch(foyer.library, [papers["facture"]])[papers["facture"]]
    dialog = MasquesDialog(foyer.house.desk, foyer.window, line, (Masque(2, ((0.1, 0.1, 0.2, 0.2),)),))
    dialog.show()
    foyer.settle()
    assert not dialog.canvas._image.isNull()
    canvas = dialog.canvas
    QTest.keyClick(canvas, Qt.Key.Key_Insert)
    before = canvas.zones[-1]
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    QTest.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    after = canvas.zones[-1]
    assert after[0] > before[0]
    assert after[3] > before[3]
    assert after[1] == before[1]
    for _ in range(200):
        QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.zones[-1][2] <= 1
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert canvas.zones == []
    assert [m.page for m in dialog.masques()] == [2]
    dialog.go(2)
    assert len(canvas.zones) == 1
    foyer.click("Retirer le dernier cadre", dialog)
    foyer.click("Ajouter un cadre", dialog)
    assert len(dialog.masques()) == 1
    dialog.close()


def test_a_paper_that_cannot_be_read_is_told_and_the_rest_is_made(foyer, letter, papers, tmp_path):
    from mutuelle_desktop.domain.document import Document

    with foyer.library.write("Abîmer") as db:
        whole = db.get(Document, papers["scan"])
        fact = db.get(Document, papers["facture"])
        broken = foyer.library.vault.add_bytes(b"%PDF-1.4 rien")
        from mutuelle_desktop.domain.document import Fichier, Lecture

        db.put(Fichier(id=broken.empreinte, sha256=broken.sha256, taille=broken.taille, mime="application/pdf"))
        db.put(Lecture(id=broken.empreinte))
        db.put(replace(whole, empreinte=broken.empreinte))
        assert fact is not None
    reader = made_by(foyer, tmp_path / "abime.pdf")
    assert "ne peut pas être ouvert" in foyer.told[-1]
    assert "FACTURE COURONNE" in text_of(reader)


def test_giving_up_the_name_or_a_folder_that_is_gone_makes_nothing(foyer, letter, tmp_path):
    before = len(foyer.told)
    foyer.answers.save_as = lambda *_asked: None
    foyer.answers.forms.append(lambda dialog: dialog.make.click())
    verbs(foyer).dossier_complet("couronne")
    assert len(foyer.told) == before
    foyer.answers.save_as = lambda *_asked: tmp_path / "absent" / "dossier.pdf"
    foyer.answers.forms.append(lambda dialog: dialog.make.click())
    verbs(foyer).dossier_complet("couronne")
    assert "n’a pas pu être écrit" in foyer.told[-1]


def test_it_is_made_in_the_background_shows_how_far_and_can_be_stopped(open_foyer, tmp_path, monkeypatch, qtbot):
    foyer = open_foyer(Jobs)
    move(foyer, tmp_path)
    steps, halted = [], threading.Event()
    true = service.dossier_complet

    def slow(*args, progress, **asked):
        for number in range(400):
            steps.append(number)
            progress.step(number, 400, "Pièce")
            halted.wait(0.02)
        return true(*args, progress=progress, **asked)

    monkeypatch.setattr(service, "dossier_complet", slow)
    made = tmp_path / "long.pdf"
    foyer.answers.save_as = lambda *_asked: made
    foyer.answers.forms.append(lambda dialog: dialog.make.click())
    verbs(foyer).dossier_complet("couronne")
    job = next(j for j in foyer.house.desk.jobs.running if j.label == "Dossier complet")
    qtbot.waitUntil(lambda: len(steps) > 3, timeout=5000)
    job.cancel()
    qtbot.waitUntil(lambda: job not in foyer.house.desk.jobs.running, timeout=5000)
    assert not made.exists()
    assert len(steps) < 400


@pytest.mark.parametrize("mode", ["clair", "sombre"])
def test_the_window_fits_at_twice_the_text(foyer, letter, mode):
    theme().apply(mode, 200)
    dialog = DossierCompletDialog(foyer.house.desk, foyer.window, "couronne", Pour.MEDIATEUR)
    dialog.show()
    foyer.settle()
    room = dialog.screen().availableGeometry()
    assert dialog.width() <= room.width()
    assert dialog.height() <= room.height()
    dialog.close()
    theme().apply("clair", 100)


def test_a_protected_paper_is_told_and_a_page_says_so_in_the_file(foyer, papers, tmp_path):
    source, locked = pdf(tmp_path / "secret.pdf", "SECRET"), tmp_path / "Protégé.pdf"
    writer = PdfWriter(clone_from=source)
    writer.encrypt("motdepasse")
    writer.write(locked)
    take(foyer, locked, TypeDocument.AUTRE)
    said = text_of(made_by(foyer, tmp_path / "dossier.pdf"))
    assert "protégé par un mot de passe" in foyer.told[-1]
    assert "Ouvrez-le une fois dans le programme" in foyer.told[-1]
    assert "n’est pas reproduit ici" in said
    assert "FACTURE COURONNE" in said
