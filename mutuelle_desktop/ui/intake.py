"""The one door for papers: drops, files, paste, watched folder; then their reading, and one summary."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QObject, QTimer
from PySide6.QtGui import QImage, QImageWriter

from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.services import importation, lectures
from mutuelle_desktop.services.importation import EtatImport, Importe
from mutuelle_desktop.services.surveillance import Surveillance
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.format import pluriel
from mutuelle_desktop.ui.import_report import ImportReport
from mutuelle_desktop.ui.jobs import Job

POLL = 3000
"""Milliseconds between two looks at the watched folder."""


def local_files(mime: QMimeData) -> tuple[list[Path], int]:
    """Return the local files a drop or a paste carries, and how many addresses are refused.

    An address such as //serveur/partage counts as local for Qt but would reach over the network.
    """
    files, refused = [], 0
    for url in mime.urls():
        path = url.toLocalFile()
        if url.isLocalFile() and path and not path.startswith(("//", "\\\\")):
            files.append(Path(path))
        else:
            refused += 1
    return files, refused


class Intake(QObject):
    """Takes papers in, one job at a time, and tells once what became of them."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._reading: Job | None = None
        self._again: list[frozenset[str] | None] = []
        self._watch: Surveillance | None = None
        self._told_language = False
        self.report: ImportReport | None = None
        self.show_last: Callable[[], None] | None = None
        self._timer = QTimer(self, interval=POLL)
        self._timer.timeout.connect(self._look)

    def take(self, paths: Sequence[Path], dossier_id: str | None = None, genre: TypeDocument | None = None) -> None:
        """Take in files and folders, into a dossier or « À classer »; genre is what they are, when that is known."""
        if not paths:
            return
        work = partial(_import, self._desk, list(paths), dossier_id, genre=genre)
        self._desk.jobs.run("Ajout de papiers", work, partial(self._added, dossier_id))

    def take_mime(self, mime: QMimeData, dossier_id: str | None = None) -> None:
        """Take in what a drop or a paste carries: files, else a picture."""
        files, refused = local_files(mime)
        if refused:
            self._desk.messages.tell(
                "Seuls les fichiers de cet ordinateur peuvent être déposés. Enregistrez d’abord le papier, puis "
                "déposez-le.",
                kind="warning",
            )
        if files:
            self.take(files, dossier_id)
        elif mime.hasImage():
            picture = mime.imageData()
            if isinstance(picture, QImage):
                self._take_picture(picture, dossier_id)

    def read_pending(self, only: frozenset[str] | None = None, *, asked: bool = False) -> None:
        """Start reading what waits, unless that is under way already; only names the bytes to read.

        When the user wants no reading without being asked, asked tells that they did; so does naming what to read.
        """
        if self._desk.settings().lecture_auto:
            only = None
        elif only is None and not asked:
            return
        if self._reading is not None:
            self._again.append(only)
            return
        sentence = self._desk.workers.ocr_available()
        if sentence and not self._told_language:
            self._told_language = True
            self._desk.messages.tell(sentence, kind="warning")
        desk = self._desk
        job = desk.jobs.run(
            "Lecture des papiers",
            lambda progress: lectures.read_pending(desk.library, desk.workers, progress, only=only),
        )
        if job in desk.jobs.running:
            self._reading = job
            job.ended.connect(self._read)

    def watch(self, folder: str) -> None:
        """Watch this folder from now on; none when empty."""
        self._watch = Surveillance(Path(folder), self._desk.library) if folder else None
        if self._watch is None:
            self._timer.stop()
        else:
            self._timer.start()

    def stop(self) -> None:
        """Watch nothing any more."""
        self._timer.stop()

    def _look(self) -> None:
        if self._watch is not None and not any(job.label == "Ajout de papiers" for job in self._desk.jobs.running):
            desk, watch = self._desk, self._watch
            desk.jobs.run("Dossier surveillé", lambda _p: watch.poll(), self._found, quiet=True)

    def _found(self, paths: list[Path]) -> None:
        if paths:
            work = partial(_import, self._desk, paths, None)
            self._desk.jobs.run("Ajout de papiers", work, partial(self._added, None, quiet_twins=True))

    def _take_picture(self, picture: QImage, dossier_id: str | None) -> None:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, QByteArray(b"PNG")).write(picture)
        content = bytes(buffer.data().data())
        desk = self._desk
        desk.jobs.run(
            "Ajout d’une image",
            lambda _p: [
                importation.import_bytes(desk.library, desk.workers, content, "Image collée.png", dossier_id=dossier_id)
            ],
            partial(self._added, dossier_id),
        )

    def _added(self, dossier_id: str | None, importes: list[Importe], *, quiet_twins: bool = False) -> None:
        """Read, tell once what became of each file, ask once for a password."""
        self.read_pending()
        locked = [i for i in importes if i.protege]
        if locked:
            self._unlock(dossier_id, importes, locked)
            return
        self._tell(dossier_id, importes, quiet_twins=quiet_twins)

    def _unlock(self, dossier_id: str | None, importes: list[Importe], locked: list[Importe]) -> None:
        names = locked[0].chemin.name if len(locked) == 1 else pluriel(len(locked), "papier")
        question = f"{names} : protégé par un mot de passe. Il sera essayé aussi sur les prochains papiers."
        password = self._desk.dialogs.ask_password(self._desk.messages.window(), question)
        if not password:
            self._tell(dossier_id, importes)
            return
        desk = self._desk

        def work(_progress: object) -> list[Importe]:
            again = {i.document_id: importation.retry(desk.library, desk.workers, i, password=password) for i in locked}
            return [again.get(i.document_id, i) if i.protege else i for i in importes]

        desk.jobs.run("Lecture des papiers protégés", work, partial(self._after_unlock, dossier_id))

    def _after_unlock(self, dossier_id: str | None, importes: list[Importe]) -> None:
        self._tell(dossier_id, importes)
        self.read_pending()

    def _tell(self, dossier_id: str | None, importes: list[Importe], *, quiet_twins: bool = False) -> None:
        added = [i for i in importes if i.etat is EtatImport.IMPORTE]
        rest = [i for i in importes if i.etat is not EtatImport.IMPORTE]
        if quiet_twins and all(i.etat is EtatImport.DEJA for i in importes):
            return
        failed = any(i.etat in (EtatImport.ILLISIBLE, EtatImport.REFUSE) for i in rest)
        text = f"{importation.summary(importes)}."
        if len(rest) == 1:
            text = f"{text} {rest[0].chemin.name} : {rest[0].raison}" if rest[0].raison else text
        undo = ("Annuler", self._undo) if added else None
        see = partial(self._show, dossier_id, importes)
        self.show_last = see
        if rest:
            self._desk.messages.tell(text, "Voir", see, kind="warning" if failed else "info", second=undo)
        elif added:
            where = partial(self._go, dossier_id, added)
            self._desk.messages.tell(text, "Voir", where, kind="success", second=undo)

    def _go(self, dossier_id: str | None, added: list[Importe]) -> None:
        if dossier_id:
            self._desk.open("Dossier", dossier_id)
        elif added[0].document_id:
            self._desk.open("Document", added[0].document_id)

    def _undo(self) -> None:
        self._desk.library.undo()

    def _show(self, dossier_id: str | None, importes: list[Importe]) -> None:
        self.report = ImportReport(self._desk, importes, dossier_id, self.read_pending)
        self.report.show()

    def _read(self, _job: object) -> None:
        self._reading = None
        if self._again:
            again, self._again = self._again, []
            whole = None in again
            self.read_pending(None if whole else frozenset().union(*(o for o in again if o)), asked=True)


def _import(
    desk: Desk, paths: Sequence[Path], dossier_id: str | None, progress: Progress, *, genre: TypeDocument | None = None
) -> list[Importe]:
    return importation.import_files(
        desk.library, desk.workers, paths, dossier_id=dossier_id, progress=progress, genre=genre
    )
