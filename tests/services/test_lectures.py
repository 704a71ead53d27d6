"""Reading page by page: nothing read is lost, nothing stops the others, nothing is tried for ever."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mutuelle_desktop.domain.document import Document, EtatLecture, Lecture, Page, Source
from mutuelle_desktop.domain.errors import Cancelled, Refused, Unreadable
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.extraction.mots import Mot, PageLue, pack
from mutuelle_desktop.services import documents, lectures
from mutuelle_desktop.services.importation import import_files
from mutuelle_desktop.services.lectures import ATTENTE_LANGUE, ESSAIS_MAX
from mutuelle_desktop.services.recherche import search_documents
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.library import Library
from tests.services.aides import every, get, spaced
from tests.services.papiers import locked_pdf, pdf, picture, tiff


class Scanner(Workers):
    """Real processes for opening papers; the pictures are « read » at once, as this scanner is told."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[int] = []
        self.read: Callable[[int], str] = lambda page: f"page {page} couronne"
        self.missing: str | None = None

    def ocr_available(self) -> str | None:
        return self.missing

    def ocr(self, contenu: object, mime: str, page: int, password: str = "", **how: object) -> PageLue:
        self.seen.append(page)
        text = self.read(page)
        return PageLue(page, 595, 842, text, pack([Mot(word, 0, 0, 9, 9) for word in text.split()]), False, 80)


@pytest.fixture(scope="session")
def session_scanner():
    opened = Scanner()
    yield opened
    opened.close()


@pytest.fixture
def scanner(session_scanner):
    session_scanner.seen, session_scanner.missing = [], None
    session_scanner.read = lambda page: f"page {page} couronne"
    return session_scanner


def scanned(library: Library, scanner: Scanner, folder: Path, pages: int = 3, name: str = "a.tif") -> Document:
    path = tiff(folder / name, [f"{name} {n}" for n in range(pages)])
    (taken,) = import_files(library, scanner, [path])
    return get(library, Document, taken.document_id)


def lecture(library: Library, document: Document) -> Lecture:
    return get(library, Lecture, document.empreinte)


def read_pages(library: Library, document: Document) -> dict[int, str]:
    return {p.numero: p.texte for p in every(library, Page) if p.empreinte == document.empreinte}


class Until(Progress):
    """Gives up when told."""

    def __init__(self, stop: Callable[[], bool]) -> None:
        self._stop = stop

    def step(self, done: int, total: int, text: str = "") -> None:
        self.cancelled = self.cancelled or self._stop()
        super().step(done, total, text)


def test_the_pages_of_a_scan_are_read_one_by_one_each_kept_at_once(library, scanner, tmp_path):
    document = scanned(library, scanner, tmp_path)
    assert lecture(library, document).libelle == "en lecture p. 1/3"
    states: list[str] = []
    library.listeners.append(
        lambda entry: states.append(lecture(library, document).libelle) if entry.touches(Page) else None
    )
    assert lectures.read_pending(library, scanner) == 1
    assert states == ["en lecture p. 2/3", "en lecture p. 3/3", "lu"]
    assert read_pages(library, document) == {n: f"page {n} couronne" for n in (1, 2, 3)}
    assert {p.source for p in every(library, Page)} == {Source.OCR}
    assert lectures.read_pending(library, scanner) == 0
    assert sorted(scanner.seen) == [1, 2, 3]


def test_reading_cannot_be_undone_nor_does_it_hide_what_can(library, scanner, tmp_path):
    scanned(library, scanner, tmp_path)
    lectures.read_pending(library, scanner)
    assert library.undo_label == "Ajouter un document"


def test_progress_counts_pages_and_names_the_paper(library, scanner, tmp_path):
    scanned(library, scanner, tmp_path)
    told: list[tuple[int, int, str]] = []

    class Told(Progress):
        def step(self, done: int, total: int, text: str = "") -> None:
            told.append((done, total, text))

    lectures.read_pending(library, scanner, Told())
    assert told[-1][:2] == (3, 3)
    assert "Lecture de a.tif — page 2 sur 3" in [spaced(text) for _, _, text in told]
    assert all(done <= total for done, total, _ in told)


def test_giving_up_keeps_the_pages_read_and_the_next_run_reads_only_the_others(library, scanner, tmp_path):
    document = scanned(library, scanner, tmp_path, pages=5)
    with pytest.raises(Cancelled):
        lectures.read_pending(library, scanner, Until(lambda: len(read_pages(library, document)) >= 2))
    kept = set(read_pages(library, document))
    assert 2 <= len(kept) < 5
    assert lecture(library, document).etat is EtatLecture.EN_LECTURE
    assert lecture(library, document).essais == 0, "nobody failed"
    scanner.seen.clear()
    lectures.read_pending(library, scanner)
    assert set(scanner.seen) == {1, 2, 3, 4, 5} - kept
    assert lecture(library, document).etat is EtatLecture.LU


def test_a_process_that_is_gone_in_the_middle_leaves_pages_to_read_from_where_it_stopped(library, scanner, tmp_path):
    document = scanned(library, scanner, tmp_path, pages=4)

    class Killed(BaseException):
        pass

    def read(page: int) -> str:
        if page == 3:
            raise Killed
        return f"page {page} couronne"

    scanner.read = read
    with pytest.raises(Killed):
        lectures.read_pending(library, scanner)
    library.close()
    again = Library(library.folder)
    kept = set(read_pages(again, document))
    scanner.read, scanner.seen = lambda page: f"page {page} couronne", []
    assert [a.nom for a in lectures.pending(again)] == ["a.tif"]
    lectures.read_pending(again, scanner)
    assert set(scanner.seen) == {1, 2, 3, 4} - kept
    assert lecture(again, document).libelle == "lu"
    again.close()


def test_a_page_that_cannot_be_read_is_told_and_the_others_are_found(library, scanner, tmp_path):
    document = scanned(library, scanner, tmp_path)

    def read(page: int) -> str:
        if page == 2:
            raise Unreadable("trop de bruit.")
        return f"page {page} couronne"

    scanner.read = read
    lectures.read_pending(library, scanner)
    state = lecture(library, document)
    assert (state.etat, spaced(state.raison)) == (EtatLecture.LU, "Page 2 : trop de bruit.")
    assert scanner.seen.count(2) == 2, "one more try forgives a process killed for another's fault"
    assert [r.titre for r in search_documents(library, "couronne")] == ["a"]


def test_a_paper_none_of_whose_pages_can_be_read_is_unreadable(library, scanner, tmp_path):
    document = scanned(library, scanner, tmp_path, pages=1)

    def read(_page: int) -> str:
        raise Unreadable("trop de bruit.")

    scanner.read = read
    lectures.read_pending(library, scanner)
    assert lecture(library, document).etat is EtatLecture.ILLISIBLE
    assert lectures.pending(library) == []


def test_a_paper_at_which_the_program_stopped_three_times_is_left_alone_until_asked(library, scanner, tmp_path):
    document = scanned(library, scanner, tmp_path, pages=1)
    with library.write("Arrêts", undoable=False) as db:
        db.put(Lecture(id=document.empreinte, essais=ESSAIS_MAX))
    lectures.read_pending(library, scanner)
    state = lecture(library, document)
    assert (state.etat, "trois fois" in state.raison) == (EtatLecture.ILLISIBLE, True)
    assert scanner.seen == []
    lectures.relire(library, document.id)
    assert lecture(library, document) == Lecture(id=document.empreinte)
    lectures.read_pending(library, scanner)
    assert lecture(library, document).etat is EtatLecture.LU


def test_a_page_at_which_the_program_stopped_three_times_is_passed_over_and_the_next_ones_read(
    library, scanner, tmp_path
):
    document = scanned(library, scanner, tmp_path, pages=3)
    with library.write("Arrêts", undoable=False) as db:
        db.put(replace(lecture(library, document), essais=ESSAIS_MAX))
    lectures.read_pending(library, scanner)
    assert sorted(scanner.seen) == [2, 3]
    state = lecture(library, document)
    assert (state.etat, state.essais) == (EtatLecture.LU, 0)
    assert spaced(state.raison) == "Page 1 : la lecture s’y est arrêtée trois fois."


def test_reading_again_forgets_what_was_read_and_reads_it_anew(library, scanner, tmp_path):
    document = scanned(library, scanner, tmp_path)
    lectures.read_pending(library, scanner)
    label = library.undo_label
    lectures.relire(library, document.id)
    assert search_documents(library, "couronne") == []
    assert library.undo_label == label
    scanner.read = lambda page: f"page {page} bridge"
    lectures.read_pending(library, scanner)
    assert set(read_pages(library, document).values()) == {"page 1 bridge", "page 2 bridge", "page 3 bridge"}
    with pytest.raises(Refused, match="n’existe plus"):
        lectures.relire(library, "x")


def test_without_the_language_scans_wait_and_say_why_while_the_rest_is_read(library, scanner, tmp_path):
    scanner.missing = "Installez tesseract-ocr-fra."
    document = scanned(library, scanner, tmp_path)
    import_files(library, scanner, [pdf(tmp_path / "né.pdf", "couronne")])
    lectures.read_pending(library, scanner)
    state = lecture(library, document)
    assert (state.etat, state.raison, state.essais) == (EtatLecture.EN_LECTURE, ATTENTE_LANGUE, 0)
    assert [r.titre for r in search_documents(library, "couronne")] == ["né"]
    for _ in range(ESSAIS_MAX + 1):
        lectures.read_pending(library, scanner)
    assert lecture(library, document) == state, "waiting is no failure"
    scanner.missing = None
    lectures.read_pending(library, scanner)
    assert lecture(library, document).etat is EtatLecture.LU
    assert lecture(library, document).raison == ""
    assert len(search_documents(library, "couronne")) == 2


def test_papers_wait_in_the_order_they_came_and_those_in_the_trash_until_they_leave_it(library, scanner, tmp_path):
    first, second = (scanned(library, scanner, tmp_path, 1, f"{n}.tif") for n in "ba")
    assert [a.nom for a in lectures.pending(library)] == ["b.tif", "a.tif"]
    assert [a.pages for a in lectures.pending(library)] == [1, 1]
    documents.trash_documents(library, [first.id])
    assert lectures.read_pending(library, scanner) == 1
    assert lecture(library, first).etat is EtatLecture.EN_LECTURE
    documents.restore_documents(library, [first.id])
    assert lectures.read_pending(library, scanner) == 1
    assert lecture(library, second).etat is lecture(library, first).etat is EtatLecture.LU


def test_a_paper_taken_back_by_undo_is_not_read_and_is_when_it_comes_back(library, scanner, tmp_path):
    document = scanned(library, scanner, tmp_path)
    library.undo()
    assert lectures.read_pending(library, scanner) == 0
    library.redo()
    assert lectures.read_pending(library, scanner) == 1
    assert lecture(library, document).etat is EtatLecture.LU


def test_a_reading_that_goes_on_takes_what_arrives_until_told_to_stop(library, scanner, tmp_path):
    stop = threading.Event()
    ended: list[BaseException] = []

    def work() -> None:
        try:
            lectures.read_pending(library, scanner, Until(stop.is_set), stop_when_empty=False)
        except Cancelled as error:
            ended.append(error)

    read = threading.Event()
    library.listeners.append(
        lambda entry: (
            read.set()
            if any(isinstance(c.after, Lecture) and c.after.etat is EtatLecture.LU for c in entry.changes)
            else None
        )
    )
    thread = threading.Thread(target=work)
    thread.start()
    document = scanned(library, scanner, tmp_path, pages=1)
    assert read.wait(20)
    stop.set()
    thread.join(20)
    assert len(ended) == 1
    assert lecture(library, document).etat is EtatLecture.LU
    assert len(library.listeners) == 1, "and listens no more"


def test_a_protected_paper_waits_for_its_password_not_for_a_reader(library, workers, tmp_path):
    (taken,) = import_files(library, workers, [locked_pdf(tmp_path / "a.pdf", "mot", "couronne")])
    document = get(library, Document, taken.document_id)
    assert lecture(library, document).etat is EtatLecture.PROTEGE
    assert lectures.pending(library) == []
    lectures.relire(library, document.id)
    lectures.read_pending(library, workers)
    assert lecture(library, document).etat is EtatLecture.PROTEGE


def test_a_mixed_pdf_of_many_pages_is_read_to_the_last(library, workers, tmp_path):
    texts = [f"couronne numéro {n}" for n in range(1, 46)]
    (taken,) = import_files(library, workers, [pdf(tmp_path / "long.pdf", *texts)])
    document = get(library, Document, taken.document_id)
    assert lecture(library, document).libelle == "en lecture p. 21/45"
    lectures.read_pending(library, workers)
    assert read_pages(library, document) == dict(enumerate(texts, start=1))


def test_a_paper_whose_bytes_are_lost_is_said_to_be_so_and_the_others_are_read(library, scanner, tmp_path):
    lost, other = scanned(library, scanner, tmp_path, 1, "a.tif"), scanned(library, scanner, tmp_path, 1, "b.tif")
    library.vault.remove(lost.empreinte)
    lectures.read_pending(library, scanner)
    assert lecture(library, lost).etat is EtatLecture.ILLISIBLE
    assert "manque dans le coffre" in lecture(library, lost).raison
    assert lecture(library, other).etat is EtatLecture.LU


def test_a_real_picture_is_read_with_its_boxes_in_place(library, workers, tmp_path):
    (taken,) = import_files(library, workers, [picture(tmp_path / "a.png")])
    lectures.read_pending(library, workers)
    page, mots = documents.page_mots(library, taken.document_id, 1)
    assert page.source is Source.OCR
    assert page.confiance > 60
    found = {mot.texte.strip(".,").lower() for mot in mots}
    assert {"mutuelle", "rives", "remboursement"} <= found
    assert all(0 <= m.x0 < m.x1 <= page.largeur and 0 <= m.y0 < m.y1 <= page.hauteur for m in mots)
