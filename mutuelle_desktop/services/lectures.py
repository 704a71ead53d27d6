"""Reading what is in the safe: text layers at once, pictures by OCR in the background, page by page.

Every page is committed on its own, so that reading goes on after a stop from the first page that is missing. A try
is counted before a paper is handed to a worker: one that makes the program fail cannot do so at every start.
"""

import threading
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain

import sqlalchemy as sa

from mutuelle_desktop.domain.document import Document, EtatLecture, Fichier, Lecture, Page, Source, Vignette
from mutuelle_desktop.domain.errors import AppError, Protege, Unreadable
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.extraction.mots import PageLue
from mutuelle_desktop.extraction.sniff import PDF
from mutuelle_desktop.services.liens import existing
from mutuelle_desktop.services.mots_de_passe import unlock
from mutuelle_desktop.services.workers import PAGES_PREMIERES, Premiere, Workers
from mutuelle_desktop.storage.library import Entry, Library, Reader, Writer
from mutuelle_desktop.storage.schema import TABLE_OF

ESSAIS_MAX = 3
"""Tries after which a paper, or a page, that makes the reading fail is left alone."""
ATTENTE_LANGUE = "En attente de la langue française pour lire les pages numérisées."
_TROP = "La lecture s’est arrêtée trois fois sur ce fichier. L’original est gardé tel quel ; « Relire » réessaie."
_PAUSE = 0.5  # seconds between two looks at whether the user gave up, while there is nothing to read


@dataclass(frozen=True, slots=True)
class EnAttente:
    """One paper still to read, under the name a person knows it by."""

    nom: str
    fichier: Fichier
    lecture: Lecture

    @property
    def pages(self) -> int:
        """Return how many pages are left, one when their number is not known yet."""
        return max(1, self.lecture.pages - self.lecture.pages_lues)


def pending(library: Library) -> list[EnAttente]:
    """Return what is still to read, in the order it came; papers in the trash wait there."""
    document, lecture, fichier = TABLE_OF[Document].c, TABLE_OF[Lecture].c, TABLE_OF[Fichier].c
    wanted = (EtatLecture.COPIE, EtatLecture.EN_LECTURE)
    with library.read() as db:
        query = (
            sa.select(document.nom, document.empreinte)
            .join(TABLE_OF[Lecture], lecture.id == document.empreinte)
            .where(lecture.etat.in_(wanted), document.supprime_le.is_(None))
            .order_by(document.ajoute_le, document.id)
        )
        names: dict[str, str] = {}
        for nom, empreinte in db.connection.execute(query):
            names.setdefault(empreinte, nom)
        lectures = {found.id: found for found in db.all(Lecture, lecture.etat.in_(wanted))}
        fichiers = {
            f.id: f for f in db.all(Fichier, fichier.id.in_(sa.select(lecture.id).where(lecture.etat.in_(wanted))))
        }
    return [EnAttente(nom, fichiers[key], lectures[key]) for key, nom in names.items() if key in lectures]


def first_reading(
    library: Library, workers: Workers, fichier: Fichier, contenu: bytes, *, password: str | None = None
) -> Lecture:
    """Read the text layers of the first pages and draw the thumbnail; a failure is the state it leaves."""
    found = read_first(library, workers, fichier, contenu, password=password)
    with library.write("Lire un papier", undoable=False) as db:
        return keep_first(db, fichier.id, found)


def read_first(
    library: Library, workers: Workers, fichier: Fichier, contenu: bytes, *, password: str | None = None
) -> Premiere | Unreadable:
    """Return what the first reading gives, or why there is none; see keep_first."""
    try:
        return unlock(library, lambda known: _first(workers, contenu, fichier.mime, known), password)
    except Unreadable as error:
        return error


def keep_first(db: Writer, empreinte: str, found: Premiere | Unreadable) -> Lecture:
    """Keep what read_first found, within a write already open."""
    if isinstance(found, Unreadable):
        etat = EtatLecture.PROTEGE if isinstance(found, Protege) else EtatLecture.ILLISIBLE
        lecture = Lecture(id=empreinte, etat=etat, raison=str(found))
        db.put(lecture)
        return lecture
    if found.vignette:
        db.put(Vignette(id=empreinte, image=found.vignette))
    pages = [_page(empreinte, lue, Source.TEXTE) for lue in found.lues if not lue.a_ocr]
    return keep_pages(db, empreinte, pages, total=found.pages)


def _first(workers: Workers, contenu: bytes, mime: str, password: str) -> Premiere:
    """Read the first pages, or at least count them: one bad page does not condemn the paper."""
    try:
        return workers.read_all(contenu, mime, password)
    except Protege:
        raise
    except Unreadable:
        return Premiere(workers.inspect(contenu, mime, password).pages, [], b"")


def keep_pages(
    db: Writer, empreinte: str, pages: Iterable[Page], *, total: int, raison: str = "", essais: int = 0
) -> Lecture:
    """Keep pages just read, and say how far the paper has come, within a write already open.

    total is its number of pages; essais counts the tries under way, forgotten once the paper is read.
    """
    before = db.get(Lecture, empreinte) or Lecture(id=empreinte)
    db.put_all(pages)
    lecture = _advanced(db, replace(before, pages=total, raison=raison or before.raison, essais=essais))
    db.put(lecture)
    return lecture


def _advanced(db: Writer, lecture: Lecture) -> Lecture:
    count, texts, unread = db.raw(
        f"SELECT count(*), max(texte <> ''), coalesce(sum({A_PLACER}), 0) FROM page WHERE empreinte = ?", (lecture.id,)
    ).fetchone()
    lues = count - unread
    if lues < lecture.pages:
        return replace(lecture, etat=EtatLecture.EN_LECTURE, pages_lues=lues)
    failed = lecture.raison and lecture.raison != ATTENTE_LANGUE
    if failed and not texts:
        return replace(lecture, etat=EtatLecture.ILLISIBLE, pages_lues=lues, essais=0)
    return replace(lecture, etat=EtatLecture.LU, pages_lues=lues, raison=lecture.raison if failed else "", essais=0)


A_PLACER = "(texte <> '' AND length(mots) = 0)"
"""SQL: a page whose text is known, so that it can be found, but whose words must be read again for their place."""


def _page(empreinte: str, lue: PageLue, source: Source) -> Page:
    return Page(
        id=f"{empreinte}:{lue.numero}",
        empreinte=empreinte,
        numero=lue.numero,
        largeur=lue.largeur,
        hauteur=lue.hauteur,
        texte=unicodedata.normalize("NFC", lue.texte),
        mots=lue.mots,
        source=source,
        confiance=lue.confiance,
    )


def relire(library: Library, document_id: str) -> None:
    """Forget what was read in a document, so that it is read again."""
    with library.write("Relire un papier", undoable=False) as db:
        document = existing(db, Document, document_id)
        for page in db.all(Page, TABLE_OF[Page].c.empreinte == document.empreinte):
            db.delete(page)
        db.put(Lecture(id=document.empreinte))


def read_pending(
    library: Library, workers: Workers, progress: Progress | None = None, *, stop_when_empty: bool = True,
    only: Collection[str] | None = None,
) -> int:  # fmt: skip
    """Read all that waits, workers.lectures pages at a time at most; return how many papers were taken.

    With stop_when_empty False, go on with what arrives until the user gives up; with only, leave the bytes of other
    names for later.
    """
    progress, run = progress or Progress(), _Run(library, workers, only)
    arrived = threading.Event()

    def hear(entry: Entry) -> None:
        if entry.touches(Document):
            arrived.set()

    library.listeners.append(hear)
    try:
        while True:
            arrived.clear()
            if run.read(progress):
                continue
            if stop_when_empty:
                return len(run.taken)
            while not arrived.wait(_PAUSE):
                progress.step(0, 0)
    finally:
        library.listeners.remove(hear)


@dataclass(frozen=True, slots=True)
class _Tache:
    """One page whose picture is to be read."""

    attente: EnAttente
    numero: int
    total: int
    password: str


class _Run:
    """One run of reading: what it has taken, what is in the workers' hands."""

    def __init__(self, library: Library, workers: Workers, only: Collection[str] | None = None) -> None:
        self._library = library
        self._workers = workers
        self._only = only
        self._at_once = max(1, min(workers.lectures, workers.count))
        self.taken: set[str] = set()
        self._flights: dict[Future[PageLue], _Tache] = {}
        self._done = self._total = 0

    def read(self, progress: Progress) -> bool:
        """Read what waits now and was not taken yet; tell whether there was something."""
        blind = self._workers.ocr_available() is not None
        todo = [
            attente
            for attente in pending(self._library)
            if attente.fichier.id not in self.taken
            and (self._only is None or attente.fichier.id in self._only)
            and not (blind and attente.lecture.raison == ATTENTE_LANGUE)
        ]
        self._done, self._total = 0, sum(attente.pages for attente in todo)
        handed: list[EnAttente] = []
        with ThreadPoolExecutor(self._at_once) as pool:
            try:
                for attente in todo:
                    handed.append(attente)
                    self._take(pool, attente, progress, blind=blind)
                while self._flights:
                    self._land(progress)
            except BaseException:
                for flight in self._flights:
                    flight.cancel()
                self._flights.clear()
                with suppress(AppError):  # the disk may be what failed
                    self._hand_back(handed)
                raise
        return bool(todo)

    def _take(self, pool: ThreadPoolExecutor, attente: EnAttente, progress: Progress, *, blind: bool) -> None:
        self.taken.add(attente.fichier.id)
        self._tell(progress, attente, attente.lecture.pages_lues + 1, attente.lecture.pages)
        careful = attente.lecture.essais > 0
        for tache in self._pages_to_see(attente, progress, blind=blind):
            while len(self._flights) >= (1 if careful else self._at_once):
                self._land(progress)
            self._flights[pool.submit(self._ocr, tache, progress)] = tache
        if careful:
            while self._flights:
                self._land(progress)

    def _pages_to_see(self, attente: EnAttente, progress: Progress, *, blind: bool) -> Iterator[_Tache]:
        """Read the text layers of a paper; give the pages whose picture must be read, a few at a time."""
        fichier, lecture = attente.fichier, attente.lecture
        if lecture.essais >= ESSAIS_MAX:
            lecture = self._leave_alone(lecture)
        if lecture.etat not in (EtatLecture.COPIE, EtatLecture.EN_LECTURE):
            return
        tries = lecture.essais + 1
        self._put(replace(lecture, essais=tries))
        try:
            contenu = self._library.vault.read(fichier.id)
            if not lecture.pages:
                lecture = first_reading(self._library, self._workers, fichier, contenu)
            if lecture.etat is not EtatLecture.EN_LECTURE:
                return
            password = unlock(self._library, lambda known: self._opens(fichier, contenu, known))
        except AppError as error:
            self._put(replace(lecture, etat=EtatLecture.ILLISIBLE, raison=str(error), essais=0))
            return
        for first, last in self._missing(lecture):
            self._tell(progress, attente, first, lecture.pages)
            lues = self._text(fichier, contenu, first, last, password)
            texts = [_page(fichier.id, lue, Source.TEXTE) for lue in lues if not lue.a_ocr]
            waiting = blind and len(texts) < len(lues)
            self._keep(attente, texts, lecture.pages, ATTENTE_LANGUE if waiting else "", 0 if blind else tries)
            if not blind:
                yield from (_Tache(attente, lue.numero, lecture.pages, password) for lue in lues if lue.a_ocr)

    def _opens(self, fichier: Fichier, contenu: bytes, password: str) -> str:
        if fichier.mime == PDF:
            self._workers.inspect(contenu, fichier.mime, password)
        return password

    def _missing(self, lecture: Lecture) -> Iterator[tuple[int, int]]:
        """Return the runs of pages not read yet, first and last, at most PAGES_PREMIERES each."""
        with self._library.read() as db:
            present = _present(db, lecture.id)
        first = None
        for numero in range(1, lecture.pages + 2):
            missing = numero <= lecture.pages and numero not in present
            if first is not None and (not missing or numero - first == PAGES_PREMIERES):
                yield first, numero - 1
                first = None
            if missing and first is None:
                first = numero

    def _text(self, fichier: Fichier, contenu: bytes, first: int, last: int, password: str) -> list[PageLue]:
        try:
            return self._workers.read_text(contenu, fichier.mime, first, last, password, cle=fichier.id)
        except Unreadable:
            if first == last:  # not even its text layer: its picture may still be read
                return [PageLue(first, *A4, a_ocr=True)]
        one_by_one = (self._text(fichier, contenu, numero, numero, password) for numero in range(first, last + 1))
        return list(chain.from_iterable(one_by_one))

    def _ocr(self, tache: _Tache, progress: Progress) -> PageLue:
        """Read one picture; a second try forgives a worker that was killed for another's fault."""
        fichier = tache.attente.fichier

        def read() -> PageLue:
            return self._workers.ocr(
                lambda: self._library.vault.read(fichier.id),
                fichier.mime,
                tache.numero,
                tache.password,
                cle=fichier.id,
                progress=progress,
            )

        try:
            return read()
        except Unreadable:
            return read()

    def _land(self, progress: Progress) -> None:
        """Wait for a page in flight and keep it, or keep that it cannot be read."""
        finished, _ = wait(self._flights, timeout=_PAUSE, return_when=FIRST_COMPLETED)
        for flight in finished:
            tache = self._flights.pop(flight)
            try:
                lue, raison = flight.result(), ""
            except AppError as error:
                lue, raison = PageLue(tache.numero, *A4, confiance=0), f"Page {tache.numero} : {error}"
            self._keep(tache.attente, [_page(tache.attente.fichier.id, lue, Source.OCR)], tache.total, raison, 1)
            self._tell(progress, tache.attente, tache.numero, tache.total)
        progress.step(self._done, self._total)

    def _keep(self, attente: EnAttente, pages: Sequence[Page], total: int, raison: str, essais: int) -> None:
        with self._library.write("Lire un papier", undoable=False) as db:
            keep_pages(db, attente.fichier.id, pages, total=total, raison=raison, essais=essais)
        self._done += len(pages)

    def _tell(self, progress: Progress, attente: EnAttente, numero: int, total: int) -> None:
        where = f" — page {numero} sur {total}" if total > 1 else ""
        progress.step(self._done, max(self._done, self._total), f"Lecture de {attente.nom}{where}")

    def _leave_alone(self, lecture: Lecture) -> Lecture:
        """Give up on what made the program stop: the page it was at, or the whole paper when none was read."""
        if not lecture.pages:
            return self._put(replace(lecture, etat=EtatLecture.ILLISIBLE, raison=_TROP))
        first = next(self._missing(lecture), (1, 1))[0]
        page = _page(lecture.id, PageLue(first, *A4, confiance=0), Source.OCR)
        raison = f"Page {first} : la lecture s’y est arrêtée trois fois."
        with self._library.write("Lire un papier", undoable=False) as db:
            return keep_pages(db, lecture.id, [page], total=lecture.pages, raison=raison)

    def _hand_back(self, handed: Sequence[EnAttente]) -> None:
        """Forget the tries of what was stopped by the user: nothing failed."""
        with self._library.write("Lire un papier", undoable=False) as db:
            for attente in handed:
                lecture = db.get(Lecture, attente.fichier.id)
                if lecture is not None and lecture.essais:
                    db.put(replace(lecture, essais=0))

    def _put(self, lecture: Lecture) -> Lecture:
        with self._library.write("Lire un papier", undoable=False) as db:
            db.put(lecture)
        return lecture


A4 = (595.0, 842.0)
"""Width and height in points of a page whose own size could not be read."""


def _present(db: Reader, empreinte: str) -> set[int]:
    rows = db.raw(f"SELECT numero FROM page WHERE empreinte = ? AND NOT {A_PLACER}", (empreinte,))
    return {row[0] for row in rows.fetchall()}
