"""Paper through the real dialogs: vectors at their size, enclosures, copies, offsets, envelopes; a PDF without a printer."""

import io
import threading
from dataclasses import replace

import pytest
from PIL import Image, ImageOps
from pypdf import PdfReader
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QCheckBox

from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Canal
from mutuelle_desktop.services import courriers, expeditions
from mutuelle_desktop.ui.courriers import impression, tirage
from mutuelle_desktop.ui.courriers.nombres import LimiteField, MillimetresField
from mutuelle_desktop.ui.courriers.tirage import decalage_of, keep_decalage
from mutuelle_desktop.ui.jobs import Jobs
from tests.ui.courriers_aides import (
    GOOD,
    accept,
    choice,
    draft,
    frozen,
    images_of,
    ink,
    kept,
    move,
    paper_in,
    several,
    take,
    tick,
    verbs,
    with_printer,
)
from tests.ui.maison import TODAY, scan


@pytest.fixture
def papers(foyer, tmp_path):
    return move(foyer, tmp_path)


@pytest.fixture
def letter(foyer, papers):
    return frozen(foyer, papers)


def test_a_letter_is_printed_as_vectors_at_its_real_size(foyer, letter, tmp_path, monkeypatch):
    with_printer(monkeypatch, "Bureau")
    made = tmp_path / "papier.pdf"
    foyer.answers.forms += [accept, paper_in(made)]
    verbs(foyer).print_letter(letter.id)
    foyer.settle()
    assert foyer.answers.asked[-2:] == ["Imprimer la lettre", "Imprimer"]
    pages, true = PdfReader(made).pages, kept(foyer, letter)
    assert len(pages) == len(PdfReader(io.BytesIO(true)).pages)
    assert (round(pages[0].mediabox.width), round(pages[0].mediabox.height)) == (595, 842)
    assert images_of(pages[0]) == 0, "vectors, not a picture"
    assert ink(made) == pytest.approx(ink(true), abs=0.3), "100 %: nothing moved nor shrunk by the printer"
    assert "envoyé à l’imprimante" in foyer.told[-1]


def test_the_enclosures_follow_with_their_numbers_and_each_copy_is_whole(foyer, letter, tmp_path, monkeypatch):
    with_printer(monkeypatch, "Bureau")
    made = tmp_path / "papier.pdf"

    def ask(dialog):
        next(b for b in dialog.findChildren(QCheckBox) if b.text().startswith("Avec les pièces")).setChecked(True)
        choice(dialog, "Exemplaires").choose(2)
        dialog.accept_button.click()

    foyer.answers.forms += [ask, paper_in(made)]
    verbs(foyer).print_letter(letter.id)
    pages = PdfReader(made).pages
    one = len(PdfReader(io.BytesIO(kept(foyer, letter))).pages) + 2 + 1
    assert len(pages) == 2 * one
    assert [images_of(page) for page in pages[one - 3 : one]] == [1, 1, 1]
    said = " ".join(" ".join(page.extract_text().split()) for page in pages[one - 3 : one])
    assert "Pièce n° 1 – p. 2/2" in said
    assert "Pièce n° 2 – p. 1/1" in said


def test_only_the_pages_asked_for_are_printed(foyer, letter, tmp_path, monkeypatch):
    with_printer(monkeypatch, "Bureau")
    made = tmp_path / "papier.pdf"

    def third(dialog):
        dialog.printer().setPrintRange(QPrinter.PrintRange.PageRange)
        dialog.printer().setFromTo(2, 3)
        paper_in(made)(dialog)

    foyer.answers.forms += [several(tick("Avec les pièces"), accept), third]
    verbs(foyer).print_letter(letter.id)
    assert len(PdfReader(made).pages) == 2


def test_each_printer_has_its_own_offset_measured_on_a_calibration_page(foyer, letter, tmp_path, monkeypatch):
    with_printer(monkeypatch, "Bureau", "Salon")
    sheet = tmp_path / "essai.pdf"

    def calibrate(dialog):
        right, down = dialog.findChildren(MillimetresField)
        right.setText("deux")
        foyer.click("Imprimer la page d’essai…", dialog)
        assert "n’est pas compris" in dialog.error.text()
        right.setText("2 mm")
        down.setText("−1,5")
        foyer.click("Imprimer la page d’essai…", dialog)
        dialog.accept_button.click()

    foyer.answers.forms += [calibrate, paper_in(sheet)]
    verbs(foyer).print_calibration()
    assert images_of(PdfReader(sheet).pages[0]) == 0
    state = foyer.house.desk.state
    assert decalage_of(state, "Bureau") == (2, -1.5)
    assert decalage_of(state, "Salon") == (0, 0)
    assert "2 mm à droite, 1,5 mm en haut" in foyer.told[-1]
    made = tmp_path / "papier.pdf"

    def on_the_desk(dialog):
        paper_in(made)(dialog)

    keep_decalage(state, "", (2, -1.5))  # a printer that writes a PDF has no name
    foyer.answers.forms += [accept, on_the_desk]
    verbs(foyer).print_letter(letter.id)
    true = ink(kept(foyer, letter))
    moved = (true[0] + 2, true[1] - 1.5, true[2] + 2, true[3] - 1.5)
    assert ink(made) == pytest.approx(moved, abs=0.3)


def test_the_preview_shows_every_sheet_and_prints_from_there(foyer, letter, monkeypatch, tmp_path):
    with_printer(monkeypatch, "Bureau")
    seen, made = [], tmp_path / "papier.pdf"

    def look(dialog):
        tick("Avec les pièces")(dialog)
        foyer.click("Aperçu…", dialog)
        dialog.reject()

    def preview(dialog):
        from PySide6.QtPrintSupport import QPrintPreviewWidget

        view = dialog.findChild(QPrintPreviewWidget)
        view.updatePreview()
        seen.append(view.pageCount())
        for name in ("Toute la largeur", "Agrandir", "Réduire", "Page entière"):
            foyer.click(name, dialog)
        foyer.click("Imprimer…", dialog)

    foyer.answers.forms += [look, preview, paper_in(made)]
    verbs(foyer).print_letter(letter.id)
    assert seen == [len(PdfReader(io.BytesIO(kept(foyer, letter))).pages) + 3]
    assert len(PdfReader(made).pages) == seen[0]


def test_a_letter_sent_since_is_still_printed_as_the_frozen_one(foyer, letter, tmp_path, monkeypatch):
    expeditions.mark_sent(foyer.library, letter.id, le=TODAY, canal=Canal.RECOMMANDE, today=TODAY, numero=GOOD)
    with_printer(monkeypatch, "Bureau")
    made = tmp_path / "papier.pdf"
    foyer.answers.forms += [accept, paper_in(made)]
    verbs(foyer).print_letter(letter.id)
    assert images_of(PdfReader(made).pages[0]) == 0
    assert ink(made) == pytest.approx(ink(kept(foyer, letter)), abs=0.3)


def test_a_frozen_letter_whose_sender_moved_is_printed_from_its_pdf(foyer, letter, tmp_path, monkeypatch):
    from mutuelle_desktop.domain.personne import Personne

    with foyer.library.write("Déménager") as db:
        db.put(replace(db.get(Personne, "camille"), adresse="99 avenue Neuve\n75001 PARIS"))
    with_printer(monkeypatch, "Bureau")
    made = tmp_path / "papier.pdf"
    foyer.answers.forms += [accept, paper_in(made)]
    verbs(foyer).print_letter(letter.id)
    assert images_of(PdfReader(made).pages[0]) == 1
    assert ink(made) == pytest.approx(ink(kept(foyer, letter)), abs=0.4)


def test_without_a_printer_a_clear_sentence_and_the_pdf_of_the_frozen_letter(foyer, letter, tmp_path, monkeypatch):
    with_printer(monkeypatch)
    made, folder = tmp_path / "lettre.pdf", tmp_path / "pieces"
    folder.mkdir()
    foyer.answers.save_as = lambda *_asked: made
    foyer.answers.folders.append(folder)
    verbs(foyer).print_letter(letter.id)
    assert "Aucune imprimante n’est installée" in foyer.told[-1]
    foyer.click("Enregistrer en PDF…", foyer.window.messages)
    assert made.read_bytes() == kept(foyer, letter)
    foyer.click("Copier aussi les pièces jointes…", foyer.window.messages)
    assert len(list(folder.iterdir())) == 2
    assert "2 pièces copiées" in foyer.told[-1]


def test_envelope_label_and_calibration_are_sheets_of_their_size(foyer, letter, tmp_path, monkeypatch):
    with_printer(monkeypatch)
    made = tmp_path / "feuille.pdf"
    foyer.answers.save_as = lambda *_asked: made
    foyer.answers.forms.append(accept)
    verbs(foyer).print_envelope(letter.id)
    (page,) = PdfReader(made).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (624, 312)
    text = page.extract_text().replace("\u00a0", " ")
    assert "1 QUAI NEUF" in text
    assert "14 rue des Tilleuls" in text
    foyer.answers.forms.append(several(tick("Avec mon adresse"), accept))
    verbs(foyer).print_envelope(letter.id)
    assert "Tilleuls" not in PdfReader(made).pages[0].extract_text()

    def fifth(dialog):
        choice(dialog, "Place").choose(5)
        dialog.accept_button.click()

    foyer.answers.forms.append(fifth)
    verbs(foyer).print_label(letter.id)
    left, top, *_ = ink(made)
    assert 0 < left < 105, "the fifth label is in the left column"
    assert 15.1 + 2 * 38.1 - 1 < top < 15.1 + 3 * 38.1
    verbs(foyer).print_calibration()
    foyer.click("Enregistrer en PDF…", foyer.window.messages)
    assert "Page d’essai" in PdfReader(made).pages[0].extract_text()


def test_an_envelope_goes_to_the_printer_on_its_own_paper(foyer, letter, tmp_path, monkeypatch):
    with_printer(monkeypatch, "Bureau")
    made = tmp_path / "enveloppe.pdf"
    foyer.answers.forms += [accept, paper_in(made)]
    verbs(foyer).print_envelope(letter.id)
    (page,) = PdfReader(made).pages
    assert sorted((round(page.mediabox.width), round(page.mediabox.height))) == [312, 624]
    from mutuelle_desktop.rendering.courrier import enveloppe_of

    who = courriers.lettre_of(foyer.library, letter.id).expediteur
    true = ink(enveloppe_of(letter.destinataire, who, letter.jour).pdf())
    if page.mediabox.width > page.mediabox.height:
        assert ink(made) == pytest.approx(true, abs=0.3)


def test_a_letter_without_an_address_has_no_envelope(foyer, papers):
    bare = draft(foyer, papers, destinataire=())
    verbs(foyer).print_envelope(bare.id)
    assert "écrivez d’abord le destinataire" in foyer.told[-1]


def test_paper_and_files_are_made_off_the_thread_of_the_window(open_foyer, tmp_path, monkeypatch, qtbot):
    foyer = open_foyer(Jobs)
    made = frozen(foyer, move(foyer, tmp_path))
    with_printer(monkeypatch, "Bureau")
    path, seen = tmp_path / "papier.pdf", set()
    true = tirage.lay
    monkeypatch.setattr(impression, "lay", lambda *asked: (seen.add(threading.current_thread()), true(*asked)))
    foyer.answers.forms += [several(tick("Avec les pièces"), accept), paper_in(path)]
    verbs(foyer).print_letter(made.id)
    qtbot.waitUntil(lambda: any("envoyé à l’imprimante" in text for text in foyer.told), timeout=20000)
    assert threading.main_thread() not in seen
    assert len(PdfReader(path).pages) == 4
    assert ink(path) == pytest.approx(ink(kept(foyer, made)), abs=0.3)


def test_lengths_and_limits_are_typed_in_french(qapp):
    for typed, value in (("", 0), ("1,5", 1.5), ("− 2 mm", -2), ("-0,5", -0.5)):
        field = MillimetresField()
        field.setText(typed)
        assert field.value() == value
        again = MillimetresField(value)
        assert again.value() == value
    for wrong in ("abc", "25", "nan"):
        field = MillimetresField()
        field.setText(wrong)
        with pytest.raises(Refused):
            field.value()
    limit = LimiteField(3000)
    assert limit.value() == 3000
    for typed, value in (("", 0), ("4 000", 4000), ("²", 0), ("beaucoup", 0)):
        limit.setText(typed)
        assert limit.value() == value


def test_a_wide_enclosure_is_laid_on_its_side_and_fills_the_sheet(foyer, papers, tmp_path, monkeypatch):
    wide = tmp_path / "Tableau.png"
    scan(wide, "TABLEAU")
    with Image.open(wide) as upright:
        lying = ImageOps.expand(upright.rotate(90, expand=True).convert("L"), 12, fill=0)
    lying.save(wide, "PNG", dpi=(150, 150))
    key = take(foyer, wide, TypeDocument.GARANTIES)
    made = frozen(foyer, {"facture": key, "scan": key}, pieces=(key,))
    with_printer(monkeypatch, "Bureau")
    path = tmp_path / "papier.pdf"
    foyer.answers.forms += [several(tick("Avec les pièces"), accept), paper_in(path)]
    verbs(foyer).print_letter(made.id)
    page = len(PdfReader(path).pages) - 1
    left, top, right, bottom = ink(path, page)
    assert right - left > 190
    assert bottom - top > 270


def test_a_form_closed_while_its_preview_is_drawn_harms_nothing(open_foyer, tmp_path, monkeypatch, qtbot):
    foyer = open_foyer(Jobs)
    made = frozen(foyer, move(foyer, tmp_path))
    with_printer(monkeypatch, "Bureau")
    held, true = threading.Event(), impression.tirage_of_letter
    monkeypatch.setattr(impression, "tirage_of_letter", lambda *a, **k: (held.wait(10), true(*a, **k))[1])

    def leave(dialog):
        foyer.click("Aperçu…", dialog)
        dialog.reject()

    foyer.answers.forms.append(leave)
    verbs(foyer).print_letter(made.id)
    foyer.settle()
    held.set()
    qtbot.waitUntil(lambda: not foyer.house.desk.jobs.running, timeout=20000)
    foyer.settle()
    assert foyer.answers.asked[-1] == "Imprimer la lettre"
