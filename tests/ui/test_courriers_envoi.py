"""What leaves a letter, through the real dialogs: paper at its size, files that open, the sending and what follows."""

import email
import io
import threading
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from email.policy import default

import pytest
from PIL import Image, ImageOps
from pypdf import PdfReader
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QCheckBox, QLineEdit, QScrollArea, QWidget

from mutuelle_desktop.domain.courrier import Bloc, EtatCourrier, Fragment, GenreBloc
from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Canal, Evenement
from mutuelle_desktop.services import courriers, dossiers, expeditions, mes_modeles
from mutuelle_desktop.services.documents import fetch
from mutuelle_desktop.services.dossier_complet import Pour
from mutuelle_desktop.ui.courriers import impression, tirage
from mutuelle_desktop.ui.courriers.corps import corps_of, edited, text_of
from mutuelle_desktop.ui.courriers.masques import NEUVE, MasquesDialog
from mutuelle_desktop.ui.courriers.nombres import LimiteField, MillimetresField
from mutuelle_desktop.ui.courriers.papier import PaperField
from mutuelle_desktop.ui.courriers.tirage import decalage_of, keep_decalage
from mutuelle_desktop.ui.jobs import Jobs
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.fields import Choice
from tests.ui.courriers_aides import (
    N,
    complaint,
    draft,
    frozen,
    images_of,
    ink,
    move,
    paper_in,
    take,
    verbs,
    with_printer,
)
from tests.ui.maison import TODAY, fill, pdf, scan
from tests.ui.test_import import texts

GOOD = "1A 047 877 2024 3"


@pytest.fixture
def papers(foyer, tmp_path):
    return move(foyer, tmp_path)


@pytest.fixture
def letter(foyer, papers):
    return frozen(foyer, papers)


def kept(foyer, letter):
    return foyer.library.vault.read(courriers.get_courrier(foyer.library, letter.id).empreinte)


def accept(dialog):
    dialog.accept_button.click()


def choice(dialog, name):
    return next(c for c in dialog.findChildren(Choice) if c.accessibleName() == name)


def tick(text):
    def work(dialog):
        box = next(b for b in dialog.findChildren(QCheckBox) if b.text().startswith(text))
        box.setChecked(not box.isChecked())

    return work


def several(*steps):
    def work(dialog):
        for step in steps:
            step(dialog)

    return work


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


def test_a_file_that_cannot_be_written_is_told(foyer, letter, tmp_path):
    foyer.answers.save_as = lambda *_asked: tmp_path / "absent" / "lettre.pdf"
    verbs(foyer).save_pdf(letter.id)
    assert "n’a pas pu être écrit" in foyer.told[-1]
    foyer.answers.save_as = lambda *_asked: None
    before = len(foyer.told)
    verbs(foyer).save_pdf(letter.id)
    assert len(foyer.told) == before


def test_the_e_mail_has_the_letter_attached_and_goes_to_the_service(foyer, letter, tmp_path):
    made = tmp_path / "lettre.eml"
    foyer.answers.save_as = lambda *_asked: made.with_suffix("")
    verbs(foyer).save_eml(letter.id)
    message = email.message_from_bytes(made.read_bytes(), policy=default)
    assert message["To"] == "reclamations@rives.example"
    assert message["Subject"] == "Réclamation, couronne"
    (attached,) = message.iter_attachments()
    assert attached.get_content() == kept(foyer, letter)
    assert "pièce n°\u00a01" in message.get_body().get_content()


def test_the_letter_opens_in_a_word_processor(foyer, letter, tmp_path):
    made = tmp_path / "lettre.odt"
    foyer.answers.save_as = lambda *_asked: made
    verbs(foyer).save_odt(letter.id)
    with zipfile.ZipFile(made) as archive:
        assert archive.testzip() is None
        assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.text"
        content = archive.read("content.xml").decode()
    assert "Je conteste le décompte" in content
    assert "Mutuelle des Deux Rives" in content


def test_the_text_for_a_message_box_says_its_length_and_keeps_its_spaces(foyer, letter, tmp_path):
    seen = {}
    foyer.answers.folders.append(tmp_path / "pieces")
    (tmp_path / "pieces").mkdir()

    def work(dialog):
        said = texts(dialog)
        length = len(dialog._message().texte)
        assert f"{length} caractères" in said.replace("\u202f", "")
        dialog.limite.setText("100")
        seen["excess"] = dialog.exces.text().replace("\u00a0", " ")
        seen["length"] = length
        dialog.copier.click()
        seen["copied"] = QGuiApplication.clipboard().text()
        dialog.texte.selectAll()
        dialog.texte.copy()
        seen["by hand"] = QGuiApplication.clipboard().text()
        dialog.objet.setChecked(False)
        seen["bare"] = dialog._message().texte
        foyer.click("Copier l’objet", dialog)
        seen["objet"] = QGuiApplication.clipboard().text()
        foyer.click("Enregistrer les pièces…", dialog)
        assert len(list((tmp_path / "pieces").iterdir())) == 2
        dialog.accept()

    foyer.answers.forms.append(work)
    verbs(foyer).copy_message(letter.id)
    assert seen["excess"].startswith(f"{seen['length'] - 100} caractères de trop")
    assert "120,00\u00a0€" in seen["copied"]
    assert seen["by hand"] == seen["copied"]
    assert not seen["bare"].startswith("Objet")
    assert seen["objet"] == "Réclamation, couronne"
    foyer.answers.forms.append(lambda dialog: (seen.update(limit=dialog.limite.value()), dialog.accept()))
    verbs(foyer).copy_message(letter.id)
    assert seen["limit"] == 100, "the limit of the box is remembered"


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


def test_a_draft_cannot_be_sent_nor_followed(foyer, papers):
    made = draft(foyer, papers)
    does = verbs(foyer)
    assert not does.can("mark_sent", made.id)
    assert does.can("print_letter", made.id)
    does.mark_sent(made.id)
    assert "Finalisez d’abord" in foyer.told[-1]
    does.note_life(made.id)
    assert "pas encore partie" in foyer.told[-1]
    does.mark_sent("absente")
    assert "n’existe plus" in foyer.told[-1]


def test_sent_records_the_day_the_number_the_cost_and_the_proof_and_says_what_follows(foyer, papers, tmp_path):
    made = frozen(foyer, papers, modele="C1")
    proof = pdf(tmp_path / "depot.pdf", "PREUVE DE DEPOT")

    def work(dialog):
        field = next(w for w in dialog.findChildren(type(dialog.error)) if w.text().startswith("La preuve de dépôt"))
        assert field.isVisible()
        number = next(w for w in dialog.findChildren(QLineEdit) if w.accessibleName() == "Numéro du recommandé")
        number.setText("1A 047 877 2024 9")
        assert "La clé de ce numéro ne correspond pas" in texts(dialog)
        number.setText(GOOD)
        assert "La clé de ce numéro" not in texts(dialog)
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(proof))])
        paper = dialog.findChild(PaperField)
        rest = (mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(paper, QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, *rest))
        QApplication.sendEvent(paper, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, *rest))
        foyer.settle()
        assert paper.value()
        fill(Date_d_envoi="20/11/2026", Coût="5,74", Numéro_du_recommandé=GOOD)(dialog)

    foyer.answers.forms.append(work)
    verbs(foyer).mark_sent(made.id)
    found = expeditions.expedition_of(foyer.library, made.id)
    assert found.courrier.etat is EtatCourrier.ENVOYE
    assert (found.envoi.nature, found.envoi.le, found.envoi.canal) == (
        N.RECLAMATION,
        date(2026, 11, 20),
        Canal.RECOMMANDE,
    )
    assert (found.courrier.numero, found.courrier.cout) == (GOOD, Decimal("5.74"))
    assert found.preuve is not None
    assert "L’envoi est noté." in foyer.told[-1]
    assert "Prochaine étape :" in foyer.told[-1]
    assert "Nouvelle échéance :" in foyer.told[-1]
    assert found.courrier.document_id in [p.ligne.id for p in dossiers_pieces(foyer)]
    foyer.click("Annuler", foyer.window.messages)
    assert courriers.get_courrier(foyer.library, made.id).etat is EtatCourrier.FINAL


def dossiers_pieces(foyer):
    from mutuelle_desktop.services.documents import pieces_of

    return pieces_of(foyer.library, "couronne")


def test_a_wrong_number_is_kept_and_only_warned_about(foyer, letter):
    foyer.answers.forms.append(fill(Numéro_du_recommandé="1A 047 877 2024 9"))
    verbs(foyer).mark_sent(letter.id)
    assert "La clé de ce numéro ne correspond pas" in foyer.told[-1]
    assert courriers.get_courrier(foyer.library, letter.id).numero == "1A 047 877 2024 9"


def test_a_day_to_come_keeps_the_form_open(foyer, letter):
    def work(dialog):
        fill(Date_d_envoi="24/12/2026")(dialog)
        assert dialog.isVisible()
        assert "pas encore venu" in dialog.error.text()
        fill(Date_d_envoi="", Par="Courrier")(dialog)
        assert "Indiquez le jour" in dialog.error.text()
        assert "n’arrête pas la prescription" in texts(dialog)
        dialog.reject()

    foyer.answers.forms.append(work)
    verbs(foyer).mark_sent(letter.id)
    assert courriers.get_courrier(foyer.library, letter.id).etat is EtatCourrier.FINAL


def test_the_life_of_a_recommande_is_followed_to_its_receipt(foyer, letter, tmp_path):
    expeditions.mark_sent(
        foyer.library, letter.id, le=date(2026, 11, 18), canal=Canal.RECOMMANDE, today=TODAY, numero=GOOD
    )

    def presented(dialog):
        said = texts(dialog)
        assert "A-t-il été présenté ?" in said
        assert GOOD in said
        foyer.click("Copier le numéro", dialog)
        assert QGuiApplication.clipboard().text() == GOOD.replace(" ", "")
        fill(Date="19/11/2026", Ce_qui_s_est_passé="Recommandé présenté")(dialog)

    def receipt(dialog):
        foyer.answers.files.append([pdf(tmp_path / "ar.pdf", "AVIS DE RECEPTION SIGNE")])
        foyer.click("Prendre un fichier, un scan ou une photo…", dialog)
        fill(Date="23/11/2026", Ce_qui_s_est_passé="Avis de réception reçu")(dialog)

    def over(dialog):
        said = texts(dialog)
        assert "Avis de réception : ar." in said
        assert "A-t-il été" not in said
        dialog.reject()

    does = verbs(foyer)
    foyer.answers.forms += [presented, receipt, over]
    does.note_life(letter.id)
    does.note_life(letter.id)
    found = expeditions.expedition_of(foyer.library, letter.id)
    assert [step.nature for step in found.vie] == [N.PRESENTE, N.AVIS_RECEPTION]
    assert found.accuse is not None
    does.note_life(letter.id)


def test_a_letter_sent_otherwise_only_tells_its_facts(foyer, letter):
    expeditions.mark_sent(foyer.library, letter.id, le=TODAY, canal=Canal.ESPACE_CLIENT, today=TODAY)
    said = []
    foyer.answers.forms.append(lambda dialog: (said.append(texts(dialog)), dialog.accept()))
    verbs(foyer).note_life(letter.id)
    assert "espace client" in said[0]
    assert "Preuve : aucune." in said[0]


def test_a_cited_date_corrected_since_is_flagged(foyer, papers):
    line = (Fragment(texte="Soins du "), Fragment(champ="soins.date"), Fragment(texte="."))
    corps = (Bloc(lignes=(line,)),)
    made = frozen(foyer, papers, corps=corps)
    expeditions.mark_sent(foyer.library, made.id, le=TODAY, canal=Canal.COURRIER, today=TODAY)
    care = next(e for e in dossiers.evenements_of(foyer.library, "couronne") if e.nature is N.SOINS)
    dossiers.record_evenement(foyer.library, replace(care, le=date(2026, 9, 29)), TODAY)
    said = []
    foyer.answers.forms.append(lambda dialog: (said.append(texts(dialog)), dialog.accept()))
    verbs(foyer).note_life(made.id)
    assert "À rectifier" in said[0]
    assert "29 septembre 2026" in said[0]


def test_phrases_are_kept_put_in_a_letter_changed_and_forgotten(foyer):
    bold = (Bloc(lignes=((Fragment(texte="Merci de "), Fragment(texte="répondre", gras=True)),)),)
    does, put = verbs(foyer), []
    foyer.answers.forms.append(fill(Titre="Réponse", Famille="Fins"))
    does.keep_phrase(bold)
    assert [p.corps for p in mes_modeles.phrases(foyer.library)] == [bold], (
        "opened and kept, nothing of its look is lost"
    )

    def shelf(dialog):
        assert "Merci de répondre" in dialog.view.toPlainText()
        foyer.click("Nouvelle phrase…", dialog)
        foyer.click("Modifier…", dialog)
        dialog.list.setCurrentRow(0)
        foyer.click("Mettre dans la lettre", dialog)

    def rename(dialog):
        fill(Titre="Zut, plus tard")(dialog)

    foyer.answers.forms += [shelf, fill(Titre="Autre", Texte="- un\n- deux {soins.date}"), rename]
    does.manage_phrases(put.append)
    kept_now = {p.titre: p.corps for p in mes_modeles.phrases(foyer.library)}
    assert set(kept_now) == {"Réponse", "Zut, plus tard"}
    assert kept_now["Zut, plus tard"][0].genre is GenreBloc.PUCES
    assert kept_now["Zut, plus tard"][0].lignes[1][-1].champ == "soins.date"
    assert len(put) == 1

    def forget(dialog):
        dialog.list.setCurrentRow(0)
        foyer.click("Supprimer", dialog)
        foyer.click("Fermer", dialog)

    foyer.answers.forms.append(forget)
    does.manage_phrases()
    assert len(mes_modeles.phrases(foyer.library)) == 1
    foyer.action("annuler")
    assert len(mes_modeles.phrases(foyer.library)) == 2
    does.keep_phrase(())
    assert "Choisissez d’abord" in foyer.told[-1]


def test_models_are_copied_written_afresh_made_from_a_letter_and_begun_from(foyer, papers):
    does, begun = verbs(foyer), []

    def shelf(dialog):
        foyer.click("Copier un modèle du programme…", dialog)
        foyer.click("Nouveau modèle…", dialog)
        names = [dialog.list.item(n).text() for n in range(dialog.list.count())]
        dialog.list.setCurrentRow(next(n for n, name in enumerate(names) if name.startswith("Le mien")))
        foyer.click("Écrire une lettre", dialog)

    afresh = fill(
        Titre="Le mien", Objet="Demande", Texte="Bonjour {soins.date}.\n\nMerci.",
        Cette_lettre_est="Une demande",
    )  # fmt: skip
    foyer.answers.forms += [shelf, accept, afresh]
    does.manage_models(begun.append)
    held = {m.titre: m for m in mes_modeles.mes_modeles(foyer.library)}
    assert len(held) == 2
    assert begun == [held["Le mien"].id]
    assert (held["Le mien"].nature_evenement, held["Le mien"].reclamation) == (N.DEMANDE, False)
    letter = courriers.create_courrier(foyer.library, modele=begun[0], dossier_id="couronne", today=TODAY)
    assert letter.corps[0].lignes[0][1].champ == "soins.date"
    written = draft(foyer, papers)
    foyer.answers.forms.append(fill(Titre="De ma lettre"))
    does.keep_as_model(written.id)
    made = next(m for m in mes_modeles.mes_modeles(foyer.library) if m.titre == "De ma lettre")
    assert all(not f.piece for bloc in made.corps for line in bloc.lignes for f in line)


def test_the_text_of_a_body_comes_back_the_same():
    known = {"soins.date"}
    for corps in (
        (Bloc(lignes=((Fragment(texte="Un "), Fragment(champ="soins.date"), Fragment(texte=".")),)),),
        (Bloc(genre=GenreBloc.NUMEROS, lignes=((Fragment(texte="a"),), (Fragment(texte="b"),))),),
        (Bloc(genre=GenreBloc.TABLEAU, lignes=((Fragment(texte="Soin"), Fragment(texte="Montant")),
                                               (Fragment(texte="Couronne"), Fragment(champ="soins.date")))),),
    ):  # fmt: skip
        assert corps_of(text_of(corps), known) == corps
        assert edited(corps, text_of(corps), known) is corps
    assert corps_of("Prix {inconnu}", known)[0].lignes[0][0].texte == "Prix {inconnu}"


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


def nameless(dialog):
    """Return what the keyboard reaches and a screen reader cannot name."""
    own = [w for w in dialog.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible()]
    named = [w for w in own if w.accessibleName() or getattr(w, "text", str)() or isinstance(w, QScrollArea)]
    inner = [w for w in own if w.focusProxy() is not None or w.objectName().startswith("qt_")]
    return [w for w in own if w not in named and w not in inner]


@pytest.mark.parametrize("scale", [100, 200])
def test_every_window_names_its_fields_and_fits_the_screen(foyer, letter, papers, monkeypatch, scale):
    with_printer(monkeypatch, "Bureau")
    theme().apply("sombre", scale)
    does, seen = verbs(foyer), []

    def look(dialog):
        foyer.settle()
        room = dialog.screen().availableGeometry()
        assert dialog.width() <= room.width(), dialog.windowTitle()
        assert dialog.height() <= room.height(), dialog.windowTitle()
        assert nameless(dialog) == [], dialog.windowTitle()
        seen.append(dialog.windowTitle())
        dialog.reject()

    foyer.answers.forms += [look] * 8
    does.print_letter(letter.id)
    does.print_envelope(letter.id)
    does.print_label(letter.id)
    does.print_calibration()
    does.copy_message(letter.id)
    does.mark_sent(letter.id)
    does.manage_phrases(lambda _corps: None)
    does.manage_models(lambda _key: None)
    expeditions.mark_sent(foyer.library, letter.id, le=TODAY, canal=Canal.RECOMMANDE, today=TODAY, numero=GOOD)
    foyer.answers.forms += [look, look]
    does.note_life(letter.id)
    does.dossier_complet("couronne")
    theme().apply("clair", 100)
    assert len(set(seen)) == 10


def test_the_menu_of_a_dossier_makes_its_file(foyer, letter, tmp_path):
    page = foyer.go("dossiers")
    page._select("couronne")
    foyer.settle()
    made = tmp_path / "dossier.pdf"
    foyer.answers.save_as = lambda *_asked: made
    foyer.answers.forms.append(lambda dialog: dialog.make.click())
    foyer.action("make_dossier_complet")
    assert len(PdfReader(made).pages) > 4


def test_a_refusal_is_contested_posted_followed_and_taken_to_the_mediateur(foyer, papers, tmp_path, monkeypatch):
    """The whole way, on the days it happens, by the windows that carry it."""
    does = verbs(foyer)
    dossiers.record_evenement(
        foyer.library,
        Evenement(dossier_id="couronne", nature=N.REFUS, le=date(2026, 11, 20), canal=Canal.COURRIER),
        TODAY,
    )
    letter = complaint(foyer, papers)
    with_printer(monkeypatch)
    paper = tmp_path / "reclamation.pdf"
    foyer.answers.save_as = lambda *_asked: paper
    does.print_letter(letter.id)
    foyer.click("Enregistrer en PDF…", foyer.window.messages)
    assert "prévue au contrat" in " ".join(page.extract_text() for page in PdfReader(paper).pages)
    foyer.answers.forms.append(fill(Par="Recommandé avec avis de réception", Numéro_du_recommandé=GOOD))
    does.mark_sent(letter.id)
    assert "Nouvelle échéance" in foyer.told[-1]
    foyer.today = date(2026, 11, 26)
    foyer.answers.forms.append(fill(Ce_qui_s_est_passé="Recommandé distribué"))
    does.note_life(letter.id)
    foyer.today = date(2027, 3, 1)
    dossiers.record_evenement(
        foyer.library, Evenement(dossier_id="couronne", nature=N.REFUS_DEFINITIF, le=date(2027, 2, 20)), foyer.today
    )
    made, seen = tmp_path / "mediateur.pdf", []
    foyer.answers.save_as = lambda *_asked: made

    def theirs(dialog):
        seen.append(dialog.pour.value())
        assert "Ce que le médiateur demande" in texts(dialog)
        dialog.make.click()

    foyer.answers.forms.append(theirs)
    does.dossier_complet("couronne")
    assert seen == [Pour.MEDIATEUR], "the step is the médiateur, so the file is for him"
    said = " ".join(" ".join(page.extract_text() for page in PdfReader(made).pages).split())
    for words in ("Lettre n° 1", "Pièce n° 1", "Recommandé distribué", "26/11/2026"):
        assert words in said, words


def test_a_page_to_mask_is_enlarged(foyer, papers):
    line = fetch(foyer.library, [papers["facture"]])[papers["facture"]]
    dialog = MasquesDialog(foyer.house.desk, foyer.window, line, ())
    dialog.show()
    foyer.settle()
    before = dialog.canvas.width()
    foyer.click("Agrandir", dialog)
    assert dialog.canvas.width() > before
    foyer.click("Ajouter un cadre", dialog)
    assert dialog.masques()[0].zones == (NEUVE,)
    foyer.click("Réduire", dialog)
    foyer.settle()
    assert dialog.canvas.width() <= before + 20
    dialog.close()


def test_what_was_said_of_a_sending_is_corrected_in_the_same_form(foyer, letter):
    expeditions.mark_sent(foyer.library, letter.id, le=date(2026, 11, 18), canal=Canal.RECOMMANDE, today=TODAY, numero=GOOD,
                          preuve=dossiers_pieces(foyer)[0].ligne.id)  # fmt: skip
    first = expeditions.expedition_of(foyer.library, letter.id)

    def work(dialog):
        assert dialog.windowTitle() == "Corriger l’envoi"
        assert dialog.findChild(PaperField).value() == first.preuve.id
        fields = {w.accessibleName(): w.text() for w in dialog.findChildren(QLineEdit)}
        assert fields["Date d’envoi"] == "18/11/2026"
        assert fields["Numéro du recommandé"] == GOOD
        fill(Date_d_envoi="19/11/2026")(dialog)

    foyer.answers.forms.append(work)
    verbs(foyer).mark_sent(letter.id)
    found = expeditions.expedition_of(foyer.library, letter.id)
    assert (found.envoi.id, found.envoi.le) == (first.envoi.id, date(2026, 11, 19))


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


def test_a_proof_on_its_way_is_waited_for_and_a_window_closed_meanwhile_harms_nothing(open_foyer, tmp_path, qtbot):
    foyer = open_foyer(Jobs)
    made = frozen(foyer, move(foyer, tmp_path))
    foyer.answers.files.append([pdf(tmp_path / "depot.pdf", "PREUVE")])

    def work(dialog):
        foyer.click("Prendre un fichier, un scan ou une photo…", dialog)
        paper = dialog.findChild(PaperField)
        if paper._waiting:
            fill(Numéro_du_recommandé=GOOD)(dialog)
            assert "Attendez un instant" in dialog.error.text()
        dialog.reject()

    foyer.answers.forms.append(work)
    verbs(foyer).mark_sent(made.id)
    foyer.settle()
    qtbot.waitUntil(lambda: not foyer.house.desk.jobs.running, timeout=20000)
    foyer.settle()
    assert courriers.get_courrier(foyer.library, made.id).etat is EtatCourrier.FINAL
    assert "depot" in {p.ligne.document.titre for p in dossiers_pieces(foyer)}


def test_a_file_that_is_no_paper_is_refused_in_its_place(foyer, letter, tmp_path):
    odd = tmp_path / "programme.exe"
    odd.write_bytes(b"MZ" + bytes(200))
    foyer.answers.files.append([odd])

    def work(dialog):
        foyer.click("Prendre un fichier, un scan ou une photo…", dialog)
        paper = dialog.findChild(PaperField)
        assert paper.value() is None
        assert paper._told.isVisible()
        assert paper._told.text()
        dialog.reject()

    foyer.answers.forms.append(work)
    verbs(foyer).mark_sent(letter.id)


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
