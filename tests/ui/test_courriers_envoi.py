"""What leaves a letter, through the real dialogs: files that open, the sending, what follows, the whole way."""

import email
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from email.policy import default

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit

from mutuelle_desktop.domain.courrier import Bloc, EtatCourrier, Fragment
from mutuelle_desktop.domain.echeance import EtatEcheance
from mutuelle_desktop.domain.evenement import Canal, Evenement
from mutuelle_desktop.services import courriers, dossiers, expeditions
from mutuelle_desktop.services.documents import fetch
from mutuelle_desktop.services.dossier_complet import Pour
from mutuelle_desktop.services.echeances import echeances_of
from mutuelle_desktop.ui.courriers.masques import NEUVE, MasquesDialog
from mutuelle_desktop.ui.courriers.papier import PaperField
from mutuelle_desktop.ui.jobs import Jobs
from mutuelle_desktop.ui.theme import theme
from tests.ui.courriers_aides import (
    GOOD,
    N,
    complaint,
    dossiers_pieces,
    draft,
    frozen,
    kept,
    move,
    nameless,
    verbs,
    with_printer,
)
from tests.ui.maison import TODAY, fill, pdf
from tests.ui.test_import import texts


@pytest.fixture
def papers(foyer, tmp_path):
    return move(foyer, tmp_path)


@pytest.fixture
def letter(foyer, papers):
    return frozen(foyer, papers)


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
    foyer.today = date(2027, 2, 1)
    late = [one for one in echeances_of(foyer.library, "couronne", foyer.today) if one.etat is EtatEcheance.DEPASSEE]
    assert any("réclamation" in one.titre.lower() for one in late), "two months have passed without the answer"
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
