"""From a dropped file to a document that can be found, and everything that can go wrong on the way."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mutuelle_desktop.domain.document import Document, EtatLecture, Fichier, Lecture, MotDePasse, Page, Piece, Vignette
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.errors import Cancelled, Refused, Unavailable
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.services import documents, dossiers, lectures, personnes, sources, versions
from mutuelle_desktop.services.importation import EtatImport, Importe, import_bytes, import_files, retry, summary
from mutuelle_desktop.services.recherche import search_documents
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.vault import TAILLE_MAX
from tests.services.aides import TODAY, every, facts, get, refused, spaced
from tests.services.papiers import locked_pdf, pdf, pdf_bytes, picture, tiff

IMPORTE, DEJA, ILLISIBLE, REFUSE = EtatImport.IMPORTE, EtatImport.DEJA, EtatImport.ILLISIBLE, EtatImport.REFUSE


def one(library: Library, workers: Workers, path: Path, **how: object) -> Importe:
    """Import one file whose fate is told in one line; the source must stay as it was."""
    before = (path.stat().st_mtime_ns, path.read_bytes())
    (taken,) = import_files(library, workers, [path], **how)
    assert (path.stat().st_mtime_ns, path.read_bytes()) == before, "the source was touched"
    return taken


def reading(library: Library, taken: Importe) -> Lecture:
    return get(library, Lecture, get(library, Document, taken.document_id).empreinte)


def pages(library: Library, taken: Importe) -> list[str]:
    mark = get(library, Document, taken.document_id).empreinte
    return [page.texte for page in sorted(every(library, Page), key=lambda p: p.numero) if page.empreinte == mark]


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("né.pdf", lambda path: pdf(path, "Remboursement un", "Remboursement deux")),
        ("photo.jpg", lambda path: picture(path, "JPEG")),
        ("tournée.jpg", lambda path: picture(path, "JPEG", turned=6)),
        ("capture.png", picture),
        ("télécopie.tif", lambda path: tiff(path, ["Page une\nremboursement", "Page deux\nremboursement"])),
        ("iphone.heic", lambda path: picture(path, "HEIF")),
        ("portail.webp", lambda path: picture(path, "WEBP")),
    ],
)
def test_each_kind_of_paper_comes_in_is_read_and_found(library, workers, tmp_path, name, make):
    taken = one(library, workers, make(tmp_path / name))
    assert (taken.etat, taken.raison) == (IMPORTE, "")
    document = get(library, Document, taken.document_id)
    assert (document.nom, document.titre) == (name, name.rpartition(".")[0])
    assert document.classe_le is None, "it waits in « À classer »"
    assert library.vault.read(document.empreinte) == (tmp_path / name).read_bytes()
    assert get(library, Vignette, document.empreinte).image[:4] in (b"\xff\xd8\xff\xe0", b"RIFF")
    lectures.read_pending(library, workers)
    lecture = reading(library, taken)
    assert lecture.etat is EtatLecture.LU
    assert lecture.pages == lecture.pages_lues == (2 if name in ("né.pdf", "télécopie.tif") else 1)
    assert [r.id for r in search_documents(library, "remboursement")] == [document.id]


def test_a_photo_taken_sideways_is_shown_and_outlined_upright(library, workers, tmp_path):
    taken = one(library, workers, picture(tmp_path / "a.jpg", "JPEG", turned=6))
    lectures.read_pending(library, workers)
    page, mots = documents.page_mots(library, taken.document_id, 1)
    assert page.hauteur > page.largeur
    assert min(m.y0 for m in mots) < page.hauteur / 4


def test_a_paper_is_told_by_its_bytes_never_by_its_name(library, workers, tmp_path):
    lying = pdf(tmp_path / "vacances.jpg", "Facture")
    assert one(library, workers, lying).etat is IMPORTE
    assert every(library, Fichier)[0].mime == "application/pdf"
    text = tmp_path / "facture.pdf"
    text.write_text("ceci n’est pas un PDF")
    taken = one(library, workers, text)
    assert taken.etat is REFUSE
    assert "pas pris en charge" in taken.raison


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("vide.pdf", (b"", "vide")),
        ("a.zip", (b"PK\x03\x04" + b"\0" * 60, "archive")),
        ("a.tar", (b"\0" * 257 + b"ustar" + b"\0" * 60, "archive")),
        ("a.gz", (b"\x1f\x8b" + b"\0" * 60, "archive")),
        ("a.7z", (b"7z\xbc\xaf\x27\x1c" + b"\0" * 60, "archive")),
        ("a.docx", (b"PK\x03\x04" + b"\0" * 26 + b"word/document.xml", "bureautique")),
        ("a.exe", (b"MZ" + b"\0" * 60, "programme")),
        ("a.mp4", (b"\0\0\0\x18ftypisom" + b"\0" * 40, "film")),
        ("a.html", (b"<!DOCTYPE html><html>", "page web")),
        ("a.eml", (b"From: a@b.fr\nSubject: x\n\n", "message")),
        ("a.bin", (b"\x01\x02\x03", "pas pris en charge")),
    ],
)
def test_what_is_no_paper_is_refused_with_what_to_do_and_leaves_no_trace(library, workers, tmp_path, name, made):
    path, (content, said) = tmp_path / name, made
    path.write_bytes(content)
    before = facts(library)
    taken = one(library, workers, path)
    assert (taken.etat, taken.document_id) == (REFUSE, None)
    assert said in taken.raison
    assert facts(library) == before
    assert every(library, Fichier) == []
    assert [p for p in (library.folder / "fichiers").rglob("*") if p.is_file()] == []
    assert list((library.folder / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("coupé.pdf", lambda whole: whole[:200]),
        ("tête.pdf", lambda whole: b"%PDF-1.7\n"),
        ("bruit.pdf", lambda whole: b"%PDF-1.4\n" + bytes(range(256)) * 40),
        ("coupé.png", lambda _: b"\x89PNG\r\n\x1a\n" + b"\0" * 30),
        ("coupé.jpg", lambda _: b"\xff\xd8\xff\xe0" + b"\0" * 30),
        ("coupé.heic", lambda _: b"\0\0\0\x18ftypheic" + b"\0" * 30),
        ("coupé.tif", lambda _: b"II*\0" + b"\xff" * 30),
        ("coupé.webp", lambda _: b"RIFF\xff\0\0\0WEBPVP8 " + b"\0" * 30),
    ],
)
def test_a_damaged_paper_is_kept_as_it_is_and_said_to_be_unreadable(library, workers, tmp_path, name, damage):
    path = tmp_path / name
    path.write_bytes(damage(pdf_bytes("Facture")))
    taken = one(library, workers, path)
    assert taken.etat is ILLISIBLE
    assert taken.raison.endswith(".")
    assert library.vault.read(get(library, Document, taken.document_id).empreinte) == path.read_bytes()
    assert reading(library, taken).etat is EtatLecture.ILLISIBLE
    assert lectures.pending(library) == []


NAMES = [
    "reçu_œil_n°3.pdf".encode(), b"a" * 251 + b".pdf", "é".encode() * 125 + b".pdf", b"a\nb\r\nc.pdf", b"a\x1b[31mb\x07.pdf",
    b"re\xe7u\xff\xfe.pdf", "a\u202efdp.exe".encode(), b" .. .pdf", "e\u0301te\u0301.pdf".encode(), b"-rf", b"sans extension",
    b"<img src=x>.pdf", "😀.pdf".encode(), b"%s%n.pdf", b"~$facture.pdf",
]  # fmt: skip


def test_no_name_is_too_strange(library, workers, tmp_path):
    folder = tmp_path / "noms"
    folder.mkdir()
    paths = []
    for number, name in enumerate(NAMES):
        paths.append(Path(os.fsdecode(os.path.join(os.fsencode(folder), name))))
        paths[-1].write_bytes(pdf_bytes(f"Papier {number}"))
    taken = import_files(library, workers, paths)
    assert [t.etat for t in taken] == [IMPORTE] * len(NAMES)
    assert [t.chemin for t in taken] == paths
    named = [get(library, Document, t.document_id) for t in taken]
    for document in named:
        assert document.nom.isprintable()
        assert document.titre.strip()
        document.titre.encode()
    assert named[0].titre == "reçu œil n°3"
    assert named[3].nom == "a b c.pdf"
    assert named[5].nom == "re\ufffdu\ufffd\ufffd.pdf"
    assert named[8].nom == "été.pdf"


def test_a_link_named_by_the_person_is_followed_once_and_those_inside_a_folder_are_not(library, workers, tmp_path):
    real = pdf(tmp_path / "vrai.pdf", "Facture")
    (tmp_path / "lien.pdf").symlink_to(real)
    (tmp_path / "double.pdf").symlink_to(tmp_path / "lien.pdf")
    folder = tmp_path / "papiers"
    folder.mkdir()
    (folder / "lien.pdf").symlink_to(real)
    (folder / "dossier").symlink_to(tmp_path)
    (folder / "boucle").symlink_to(folder)
    (tmp_path / "lien-dossier").symlink_to(folder)
    pdf(folder / "autre.pdf", "Autre")
    (first,) = import_files(library, workers, [tmp_path / "double.pdf"])
    assert (first.etat, get(library, Document, first.document_id).nom) == (IMPORTE, "double.pdf")
    inside = import_files(library, workers, [tmp_path / "lien-dossier"])
    assert {t.chemin.name: t.etat for t in inside} == {
        "autre.pdf": IMPORTE, "boucle": REFUSE, "dossier": REFUSE, "lien.pdf": REFUSE,
    }  # fmt: skip
    assert all("raccourci" in t.raison for t in inside if t.etat is REFUSE)


def test_links_that_lead_nowhere_or_in_circles_pipes_and_devices_are_refused_without_being_opened(
    library, workers, tmp_path
):
    (tmp_path / "rompu").symlink_to(tmp_path / "absent")
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    os.mkfifo(tmp_path / "tube")
    (tmp_path / "vers-tube").symlink_to(tmp_path / "tube")
    names = ["rompu", "a", "tube", "vers-tube", "absent"]
    taken = import_files(library, workers, [*(tmp_path / name for name in names), Path("/dev/zero"), Path("/dev/null")])
    assert [t.etat for t in taken] == [REFUSE] * 7
    reasons = [t.raison for t in taken]
    assert "n’existe plus" in reasons[0]
    assert "tourne en rond" in reasons[1]
    assert "n’existe plus" in reasons[4]
    for reason in (reasons[2], reasons[3], reasons[5], reasons[6]):
        assert "périphérique ou tube" in reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_refused_and_so_is_a_folder(library, workers, tmp_path):
    path, folder = pdf(tmp_path / "a.pdf", "x"), tmp_path / "fermé"
    folder.mkdir()
    path.chmod(0)
    folder.chmod(0)
    taken = import_files(library, workers, [path, folder])
    folder.chmod(0o700)
    assert [t.etat for t in taken] == [REFUSE, REFUSE]
    assert all("droit" in t.raison for t in taken)


def test_what_the_system_refuses_is_told_in_its_place(library, workers, tmp_path, monkeypatch):
    path, other = pdf(tmp_path / "a.pdf", "x"), pdf(tmp_path / "b.pdf", "y")
    real = os.open

    def refusing(at, *how, **more):
        if at == os.fspath(path):
            raise PermissionError(13, "Permission denied")
        return real(at, *how, **more)

    monkeypatch.setattr("mutuelle_desktop.services.sources.os.open", refusing)
    taken = import_files(library, workers, [path, other])
    assert [t.etat for t in taken] == [REFUSE, IMPORTE]
    assert "droit" in taken[0].raison


def test_a_file_that_vanishes_or_grows_during_the_copy_is_refused_and_the_others_go_on(
    library, workers, tmp_path, monkeypatch
):
    gone, growing, last = (pdf(tmp_path / f"{n}.pdf", f"papier {n}") for n in range(3))
    found = sources.walk([gone, growing, last])
    monkeypatch.setattr("mutuelle_desktop.services.importation.walk", lambda _: found)
    gone.unlink()
    real = sources.Copie.read

    def grow(self, size):
        chunk = real(self, min(size, 100))
        if self._before.st_ino == growing.stat().st_ino and growing.stat().st_size == self.taille:
            with growing.open("ab") as out:
                out.write(b"% encore")
        return chunk

    monkeypatch.setattr(sources.Copie, "read", grow)
    taken = import_files(library, workers, [])
    assert [t.etat for t in taken] == [REFUSE, REFUSE, IMPORTE]
    assert "n’existe plus" in taken[0].raison
    assert "changé pendant la copie" in taken[1].raison
    assert list((library.folder / "tmp").iterdir()) == []


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(library, workers, tmp_path):
    path = tmp_path / "énorme.pdf"
    with path.open("wb") as out:
        out.write(b"%PDF-1.7")
        out.truncate(TAILLE_MAX + 1)
    begun = time.monotonic()
    (taken,) = import_files(library, workers, [path])
    assert (taken.etat, "200 Mo" in spaced(taken.raison)) == (REFUSE, True)
    assert time.monotonic() - begun < 10


def test_a_disk_nearly_full_refuses_the_rest_and_says_so(library, workers, tmp_path, monkeypatch):
    first, second = pdf(tmp_path / "a.pdf", "un"), pdf(tmp_path / "b.pdf", "deux")
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr("mutuelle_desktop.storage.vault.shutil.disk_usage", lambda _: usage._replace(free=1000))
    taken = import_files(library, workers, [first, second])
    assert [t.etat for t in taken] == [REFUSE, REFUSE]
    assert all("presque plein" in t.raison for t in taken)
    monkeypatch.undo()
    assert [retry(library, workers, t).etat for t in taken] == [IMPORTE, IMPORTE]


def test_each_file_stands_on_its_own_and_one_line_sums_up(library, workers, tmp_path):
    good, empty, cut = pdf(tmp_path / "a.pdf", "un"), tmp_path / "vide.pdf", tmp_path / "coupé.pdf"
    empty.touch()
    cut.write_bytes(b"%PDF-1.4 coupe")
    taken = import_files(library, workers, [good, good, empty, cut, pdf(tmp_path / "b.pdf", "deux")])
    assert [t.etat for t in taken] == [IMPORTE, DEJA, REFUSE, ILLISIBLE, IMPORTE]
    assert summary(taken) == "2 importés · 1 déjà présent · 1 illisible · 1 refusé"
    assert summary([]) == "Rien à ajouter"
    assert summary(taken[:1]) == "1 importé"
    assert summary([taken[1]] * 2) == "2 déjà présents"


def test_the_same_bytes_twice_in_one_import_make_one_document(library, workers, tmp_path):
    first = pdf(tmp_path / "a.pdf", "Facture")
    copies = [Path(shutil.copy(first, tmp_path / f"copie {n}.pdf")) for n in range(3)]
    taken = import_files(library, workers, [first, *copies])
    assert [t.etat for t in taken] == [IMPORTE, DEJA, DEJA, DEJA]
    assert {t.document_id for t in taken} == {taken[0].document_id}
    assert taken[1].jumeau.titre == "a"
    assert spaced(taken[1].raison) == "Déjà présent sous le titre « a »."
    assert len(every(library, Document)) == 1


def test_the_twin_is_told_wherever_it_is(library, workers, tmp_path):
    path = pdf(tmp_path / "a.pdf", "un", "deux")
    first = one(library, workers, path)
    documents.trash_documents(library, [first.document_id])
    again = one(library, workers, path)
    assert (again.etat, again.jumeau_corbeille) == (DEJA, True)
    assert spaced(again.raison) == "Déjà présent sous le titre « a », dans la corbeille."
    documents.restore_documents(library, [first.document_id])
    versions.rotate(library, workers, first.document_id, None, 90)
    turned = one(library, workers, path)
    assert (turned.etat, turned.jumeau.id, turned.jumeau_corbeille) == (DEJA, first.document_id, False)


def test_a_live_twin_is_told_rather_than_one_in_the_trash(library, workers, tmp_path):
    path = pdf(tmp_path / "a.pdf", "un", "deux")
    first = one(library, workers, path)
    parts = versions.split(library, workers, first.document_id, [1])
    documents.trash_documents(library, [parts[0].id])
    assert one(library, workers, path).jumeau.id == parts[1].id


def test_papers_dropped_on_a_dossier_are_filed_there_and_one_that_is_gone_is_refused(library, workers, tmp_path):
    dossier = dossiers.create_dossier(library, nature=NatureDossier.INFORMATION, on=TODAY)
    paths = [pdf(tmp_path / f"{n}.pdf", f"papier {n}") for n in (3, 1, 2)]
    import_files(library, workers, paths, dossier_id=dossier.id)
    assert [p.ligne.document.titre for p in documents.pieces_of(library, dossier.id)] == ["3", "1", "2"]
    assert all(d.classe_le for d in every(library, Document))
    refused(library, "Ce dossier n’existe plus", lambda: import_files(library, workers, paths, dossier_id="x"))


def test_a_dossier_undone_during_the_import_leaves_its_papers_to_classify(library, workers, tmp_path):
    dossier = dossiers.create_dossier(library, nature=NatureDossier.INFORMATION, on=TODAY)

    class Undo(Progress):
        def step(self, done: int, total: int, text: str = "") -> None:
            if done == 0:
                assert library.undo() == "Créer le dossier"

    (taken,) = import_files(library, workers, [pdf(tmp_path / "a.pdf", "x")], dossier_id=dossier.id, progress=Undo())
    assert taken.etat is IMPORTE
    assert get(library, Document, taken.document_id).classe_le is None
    assert every(library, Piece) == []


def test_undo_takes_a_whole_import_back_as_one_step_and_redo_reads_nothing_again(
    library, workers, tmp_path, monkeypatch
):
    paths = [pdf(tmp_path / f"{n}.pdf", f"couronne {n}") for n in range(4)]
    before = facts(library)
    import_files(library, workers, paths)
    after = facts(library)
    assert library.undo_label == "Ajouter 4 documents"
    library.undo()
    assert facts(library) == before
    assert search_documents(library, "couronne") == []
    monkeypatch.setattr(Workers, "_call", None)
    library.redo()
    assert facts(library) == after
    assert len(search_documents(library, "couronne")) == 4
    assert lectures.pending(library) == []


def test_a_paper_taken_back_by_undo_can_be_imported_again(library, workers, tmp_path):
    path = pdf(tmp_path / "a.pdf", "couronne")
    one(library, workers, path)
    assert library.undo_label == "Ajouter un document"
    library.undo()
    taken = one(library, workers, path)
    assert taken.etat is IMPORTE
    assert reading(library, taken).etat is EtatLecture.LU


def test_giving_up_half_way_keeps_what_was_taken_in(library, workers, tmp_path):
    class Stop(Progress):
        def step(self, done: int, total: int, text: str = "") -> None:
            self.cancelled = done == 3
            super().step(done, total, text)

    paths = [pdf(tmp_path / f"{n}.pdf", f"couronne {n}") for n in range(6)]
    with pytest.raises(Cancelled):
        import_files(library, workers, paths, progress=Stop())
    assert sorted(d.nom for d in every(library, Document)) == ["0.pdf", "1.pdf", "2.pdf"]
    assert all(lecture.etat is EtatLecture.LU for lecture in every(library, Lecture))
    assert list((library.folder / "tmp").iterdir()) == []
    assert threading.active_count() < 30


def test_progress_names_each_file_and_says_how_many(library, workers, tmp_path):
    told: list[tuple[int, int, str]] = []

    class Told(Progress):
        def step(self, done: int, total: int, text: str = "") -> None:
            told.append((done, total, text))

    import_files(library, workers, [pdf(tmp_path / f"{n}.pdf", str(n)) for n in range(2)], progress=Told())
    assert told == [(0, 2, "Copie de 0.pdf"), (1, 2, "Copie de 1.pdf")]


def test_folders_are_walked_in_order_hidden_files_left_and_not_too_deep(library, workers, tmp_path):
    folder = tmp_path / "a"
    deep = folder
    for name in "bcdefgh":
        deep = deep / name
    deep.mkdir(parents=True)
    pdf(deep / "profond.pdf", "profond")
    pdf(folder / "z.pdf", "z")
    pdf(folder / ".caché.pdf", "x")
    pdf(folder / "b" / "dans b.pdf", "b")
    (tmp_path / "vide").mkdir()
    taken = import_files(library, workers, [folder, tmp_path / "vide"])
    assert [(t.chemin.name, t.etat) for t in taken] == [("g", REFUSE), ("dans b.pdf", IMPORTE), ("z.pdf", IMPORTE)]
    assert "niveaux" in taken[0].raison


def test_a_folder_that_was_refused_is_tried_again_whole(library, workers, tmp_path):
    folder = tmp_path / "papiers"
    folder.mkdir()
    failed = Importe(folder, REFUSE, "Ce dossier ne peut pas être lu.")
    empty = retry(library, workers, failed)
    assert (empty.etat, empty.raison) == (REFUSE, "Rien à ajouter.")
    pdf(folder / "a.pdf", "a")
    pdf(folder / "b.pdf", "b")
    assert retry(library, workers, failed).etat is IMPORTE
    (folder / "c.pdf").touch()
    partly = retry(library, workers, failed)
    assert partly.etat is REFUSE
    assert spaced(partly.raison).startswith("2 déjà présents · 1 refusé. c.pdf : ce fichier est vide.")


def test_no_more_than_the_limit_is_taken_at_once_and_the_rest_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "FICHIERS_MAX", 3)
    for n in range(5):
        (tmp_path / f"{n}.pdf").touch()
    found = sources.walk([tmp_path])
    assert [c.chemin.name for c in found] == ["0.pdf", "1.pdf", "2.pdf", "3.pdf"]
    assert [bool(c.raison) for c in found] == [False, False, False, True]


def test_a_folder_of_a_thousand_files_is_taken_in_whole(library, workers, tmp_path):
    folder = tmp_path / "mille"
    folder.mkdir()
    whole = pdf_bytes("Facture numéro 0000 du cabinet")
    for n in range(1000):
        (folder / f"{n:04d}.pdf").write_bytes(whole + b"\n%%%04d\n" % n if n % 10 else b"")
    taken = import_files(library, workers, [folder])
    assert summary(taken) == "900 importés · 100 refusés"
    assert [t.chemin.name for t in taken] == [f"{n:04d}.pdf" for n in range(1000)]
    assert library.undo_label == "Ajouter 900 documents"
    library.undo()
    assert every(library, Document) == []


def test_a_protected_paper_is_kept_its_password_asked_once_and_tried_on_the_next(library, workers, tmp_path):
    first = one(library, workers, locked_pdf(tmp_path / "1.pdf", "secret42", "Relevé un"))
    other = one(library, workers, locked_pdf(tmp_path / "2.pdf", "secret42", "Relevé deux"))
    for taken in (first, other):
        assert (taken.etat, taken.protege) == (ILLISIBLE, True)
        assert "mot de passe" in taken.raison
    wrong = retry(library, workers, first, password="faux")
    assert (wrong.etat, wrong.protege) == (ILLISIBLE, True)
    assert every(library, MotDePasse) == []
    right = retry(library, workers, first, password="secret42")
    assert (right.etat, right.protege, right.raison) == (IMPORTE, False, "")
    assert [m.valeur for m in every(library, MotDePasse)] == ["secret42"]
    assert lectures.read_pending(library, workers) == 1, "the other one waits no more"
    assert pages(library, other) == ["Relevé deux"]
    assert one(library, workers, locked_pdf(tmp_path / "3.pdf", "secret42", "Relevé trois")).etat is IMPORTE
    library.close()
    reopened = Library(library.folder)
    assert one(reopened, workers, locked_pdf(tmp_path / "4.pdf", "secret42", "Relevé quatre")).etat is IMPORTE
    reopened.close()


@pytest.mark.parametrize("password", ["12051984", "120584", "19840512", "1984-05-12", "12/05/1984", "12-05-1984"])
def test_the_birth_dates_of_the_household_are_tried(library, workers, tmp_path, password):
    from datetime import date

    personnes.save_personne(library, Personne(prenom="Camille", nom="B", naissance=date(1984, 5, 12)))
    taken = one(library, workers, locked_pdf(tmp_path / "a.pdf", password, "Relevé"))
    assert taken.etat is IMPORTE
    assert pages(library, taken) == ["Relevé"]
    assert every(library, MotDePasse) == [], "only what was typed is remembered"


def test_a_password_given_with_the_files_opens_those_that_need_it(library, workers, tmp_path):
    paths = [pdf(tmp_path / "clair.pdf", "x"), locked_pdf(tmp_path / "fermé.pdf", "mot", "y")]
    taken = import_files(library, workers, paths, password="mot")
    assert [t.etat for t in taken] == [IMPORTE, IMPORTE]


def test_a_pasted_picture_comes_in_under_the_name_given_and_rubbish_is_refused(library, workers, tmp_path):
    content = picture(tmp_path / "a.png").read_bytes()
    taken = import_bytes(library, workers, content, "Image collée.png")
    assert (taken.etat, get(library, Document, taken.document_id).titre) == (IMPORTE, "Image collée")
    assert import_bytes(library, workers, content, "Autre.png").etat is DEJA
    assert import_bytes(library, workers, b"", "Rien.png").etat is REFUSE


def test_trying_again_a_file_that_has_been_mended_takes_it_in(library, workers, tmp_path):
    path = tmp_path / "a.pdf"
    path.touch()
    failed = one(library, workers, path)
    pdf(path, "Facture")
    assert retry(library, workers, failed).etat is IMPORTE
    path.unlink()
    (gone,) = import_files(library, workers, [path])
    assert retry(library, workers, gone).etat is REFUSE
    with pytest.raises(Refused, match="n’existe plus"):
        retry(library, workers, "inconnu")


class Lent(Workers):
    """Workers whose first reading waits for a gate."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = threading.Event()

    def read_all(self, *given: object, **how: object) -> object:
        self.gate.wait(20)
        return super().read_all(*given, **how)


@pytest.fixture
def slow() -> Iterator[Lent]:
    opened = Lent()
    yield opened
    opened.gate.set()
    opened.close()


def test_a_paper_slow_to_read_is_recorded_first_and_its_reading_kept_when_it_comes(
    library, slow, tmp_path, monkeypatch
):
    monkeypatch.setattr("mutuelle_desktop.services.importation._PATIENCE", 0.05)
    recorded = threading.Event()
    library.listeners.append(lambda entry: recorded.set() if entry.touches(Document) else None)
    done: list[list[Importe]] = []
    paths = [pdf(tmp_path / "a.pdf", "couronne")]
    thread = threading.Thread(target=lambda: done.append(import_files(library, slow, paths)))
    thread.start()
    assert recorded.wait(10)
    assert every(library, Lecture)[0].etat is EtatLecture.COPIE
    slow.gate.set()
    thread.join(20)
    assert [t.etat for t in done[0]] == [IMPORTE]
    assert every(library, Lecture)[0].etat is EtatLecture.LU


def test_the_bytes_of_a_paper_that_could_not_be_recorded_leave_and_its_twin_is_not_recorded_without_them(
    library, workers, tmp_path, monkeypatch
):
    first = pdf(tmp_path / "a.pdf", "couronne")
    twin = Path(shutil.copy(first, tmp_path / "b.pdf"))
    real, failing = Library.write, [True]

    def write(self, label, **how):
        if failing and label.startswith("Ajouter"):
            failing.clear()
            raise Unavailable("Le disque n’a pas répondu comme il faut : rien n’a été changé.")
        return real(self, label, **how)

    monkeypatch.setattr(Library, "write", write)
    taken = import_files(library, workers, [first, twin])
    assert [t.etat for t in taken] == [REFUSE, REFUSE]
    assert every(library, Document) == []
    assert [p for p in (library.folder / "fichiers").rglob("*") if p.is_file()] == []
    assert [retry(library, workers, t).etat for t in taken] == [IMPORTE, DEJA]
