"""Every door for papers, and what is told of each one."""

from datetime import timedelta

from pypdf import PdfReader, PdfWriter
from PySide6.QtCore import QMimeData, QPoint, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QLabel

from mutuelle_desktop.domain.document import Document, EtatLecture, Lecture, Piece
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier
from mutuelle_desktop.services import documents, dossiers
from mutuelle_desktop.ui.import_report import ImportReport
from tests.ui.maison import TODAY, Foyer, pdf


def create(foyer: Foyer, titre: str) -> Dossier:
    made = dossiers.create_dossier(foyer.library, nature=NatureDossier.REMBOURSEMENT, on=TODAY, titre=titre)
    foyer.settle()
    return made


def texts(widget) -> str:
    shown = [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget)]
    return " ".join(shown).replace("\u00a0", " ")


def test_the_dossier_under_the_pointer_receives_whether_a_row_or_the_one_shown(foyer, tmp_path):
    first, second = create(foyer, "Couronne"), create(foyer, "Lunettes")
    page = foyer.go("dossiers")
    page._select(second.id)
    row = page.view.visualRect(page.model.index_of(first.id)).center()
    named = foyer.drop([pdf(tmp_path / "a.pdf", "un")], page.view.viewport().mapTo(foyer.window, row))
    assert "Couronne" in named
    below = page.view.visualRect(page.model.index(1)).bottomLeft() + QPoint(30, 60)
    named = foyer.drop([pdf(tmp_path / "b.pdf", "deux")], page.view.viewport().mapTo(foyer.window, below))
    assert named == "Ajouter à «\u00a0À classer\u00a0»", "an empty place of the list is no dossier"
    named = foyer.drop([pdf(tmp_path / "c.pdf", "trois")], page.detail.mapTo(foyer.window, QPoint(60, 60)))
    assert "Lunettes" in named
    with foyer.library.read() as db:
        held = {piece.dossier_id: db.get(Document, piece.document_id).nom for piece in db.all(Piece)}
    assert held == {first.id: "a.pdf", second.id: "c.pdf"}


def test_a_folder_of_good_and_bad_files_ends_with_one_summary_and_each_failure_keeps_its_reason(foyer, tmp_path):
    folder = tmp_path / "papiers"
    (folder / "sous-dossier").mkdir(parents=True)
    pdf(folder / "reçu_œil_n°3.pdf", "Reçu")
    pdf(folder / "sous-dossier" / "facture.pdf", "Facture")
    (folder / "vide.pdf").write_bytes(b"")
    (folder / "texte.pdf").write_text("ceci n'est pas un PDF")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    told = len(foyer.told)
    foyer.drop([folder])
    summaries = [text for text in foyer.told[told:] if "importé" in text]
    assert len(summaries) == 1
    assert "2 importés" in summaries[0]
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before, "sources are never touched"
    foyer.click("Voir")
    report = foyer.house.intake.report
    assert isinstance(report, ImportReport)
    shown = texts(report)
    assert "vide.pdf" in shown
    assert "texte.pdf" in shown
    pdf(folder / "vide.pdf", "Plus vide")
    cards = [card for card in report.findChildren(QLabel) if card.text() == "vide.pdf"]
    foyer.click("Réessayer", cards[0].parentWidget())
    with foyer.library.read() as db:
        assert "vide.pdf" in {d.nom for d in db.all(Document)}
    assert "1 illisible" not in texts(report) or "vide.pdf" in texts(report)
    report.close()


def test_the_same_bytes_show_the_twin_and_join_the_second_dossier_when_asked(foyer, tmp_path):
    first, second = create(foyer, "Couronne"), create(foyer, "Lunettes")
    paper = pdf(tmp_path / "facture.pdf", "Facture")
    foyer.house.intake.take([paper], first.id)
    foyer.settle()
    copied = tmp_path / "copie.pdf"
    copied.write_bytes(paper.read_bytes())
    foyer.house.intake.take([copied], second.id)
    foyer.settle()
    assert "déjà présent" in foyer.told[-1]
    foyer.click("Voir")
    report = foyer.house.intake.report
    assert "« facture »" in texts(report)
    foyer.click("Ajouter aussi à ce dossier", report)
    with foyer.library.read() as db:
        assert db.count(Document) == 1
        assert {piece.dossier_id for piece in db.all(Piece)} == {first.id, second.id}


def test_a_twin_in_the_trash_is_said_to_be_there_and_restored_in_one_click(foyer, tmp_path):
    paper = pdf(tmp_path / "facture.pdf", "Facture")
    foyer.drop([paper])
    with foyer.library.read() as db:
        document = db.all(Document)[0]
    documents.trash_documents(foyer.library, [document.id])
    foyer.drop([paper])
    assert "corbeille" in " ".join(foyer.told)
    foyer.click("Voir")
    foyer.click("Restaurer de la corbeille", foyer.house.intake.report)
    with foyer.library.read() as db:
        assert db.get(Document, document.id).supprime_le is None


def test_a_protected_pdf_asks_once_for_all_and_the_password_is_tried_on_the_next_one(foyer, tmp_path):
    for number in (1, 2):
        writer = PdfWriter()
        writer.append(PdfReader(pdf(tmp_path / "clair.pdf", f"Relevé {number}")))
        writer.encrypt("secret42", algorithm="AES-256")
        writer.write(tmp_path / f"protégé {number}.pdf")
    foyer.answers.words.append("secret42")
    foyer.drop([tmp_path / "protégé 1.pdf"])
    foyer.drop([tmp_path / "protégé 2.pdf"])
    assert len(foyer.answers.asked) == 1, "a known password is tried before asking"
    with foyer.library.read() as db:
        assert [lecture.etat for lecture in db.all(Lecture)] == [EtatLecture.LU, EtatLecture.LU]


def test_giving_no_password_keeps_the_paper_and_says_so(foyer, tmp_path):
    writer = PdfWriter()
    writer.append(PdfReader(pdf(tmp_path / "clair.pdf", "Relevé")))
    writer.encrypt("secret42", algorithm="AES-256")
    writer.write(tmp_path / "protégé.pdf")
    foyer.answers.words.append(None)
    foyer.drop([tmp_path / "protégé.pdf"])
    with foyer.library.read() as db:
        assert db.all(Lecture)[0].etat is EtatLecture.PROTEGE
    page = foyer.go("documents")
    foyer.answers.words.append("secret42")
    foyer.click("Réessayer", page.form)
    with foyer.library.read() as db:
        assert db.all(Lecture)[0].etat is EtatLecture.LU


def test_a_pasted_picture_and_pasted_files_go_to_the_dossier_shown(foyer, tmp_path):
    dossier = create(foyer, "Couronne")
    foyer.go("dossiers")
    picture = QImage(400, 300, QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    QGuiApplication.clipboard().setImage(picture)
    foyer.action("coller")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(pdf(tmp_path / "collé.pdf", "Facture")))])
    QGuiApplication.clipboard().setMimeData(mime)
    foyer.action("coller")
    with foyer.library.read() as db:
        assert {db.get(Document, p.document_id).nom for p in db.all(Piece)} == {"Image collée.png", "collé.pdf"}
        assert {p.dossier_id for p in db.all(Piece)} == {dossier.id}
    QGuiApplication.clipboard().clear()


def test_an_address_on_the_network_is_refused_without_being_reached(foyer):
    mime = QMimeData()
    mime.setUrls([QUrl("https://exemple.fr/facture.pdf"), QUrl("file://serveur/partage/facture.pdf")])
    foyer.house.intake.take_mime(mime)
    assert "Seuls les fichiers de cet ordinateur" in foyer.told[-1]
    with foyer.library.read() as db:
        assert db.count(Document) == 0


def test_the_watched_folder_gives_only_files_that_stopped_growing_and_leaves_them_there(foyer, tmp_path):
    folder = tmp_path / "scanner"
    folder.mkdir()
    foyer.house.keep_settings(
        type(foyer.house.desk.settings())(theme="clair", echelle=100, dossier_surveille=str(folder))
    )
    source = pdf(folder / "numérisation.pdf", "Facture du scanner")
    look = foyer.house.intake._look
    look()
    with foyer.library.read() as db:
        assert db.count(Document) == 0, "seen once: it may still be growing"
    look()
    foyer.settle()
    with foyer.library.read() as db:
        assert [d.nom for d in db.all(Document)] == ["numérisation.pdf"]
    assert source.exists()
    told = len(foyer.told)
    look()
    look()
    assert len(foyer.told) == told, "and never again"


def test_undoing_an_import_takes_the_papers_away_and_redoing_brings_them_back(foyer, tmp_path):
    foyer.drop([pdf(tmp_path / f"{n}.pdf", f"Papier {n}") for n in range(3)])
    foyer.click("Annuler")
    with foyer.library.read() as db:
        assert db.count(Document) == 0
    foyer.action("retablir")
    with foyer.library.read() as db:
        assert db.count(Document) == 3


def test_papers_in_the_trash_stay_thirty_days(foyer, tmp_path):
    foyer.drop([pdf(tmp_path / "1.pdf", "Papier")])
    page = foyer.go("documents")
    page._view.selectAll()
    foyer.action("trash_documents")
    assert page.model.rowCount() == 0
    with foyer.library.read() as db:
        gone = db.all(Document)[0].supprime_le
    documents.purge_corbeille(foyer.library, gone + timedelta(days=29))
    with foyer.library.read() as db:
        assert db.count(Document) == 1
    page.show_object("Document", "corbeille")
    assert page.model.rowCount() == 1
    page._view.selectAll()
    foyer.action("restore_documents")
    with foyer.library.read() as db:
        assert db.all(Document)[0].supprime_le is None
