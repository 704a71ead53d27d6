"""A field for one paper: chosen among those of the dossier, taken from a file, or dropped."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.services import importation, lectures
from mutuelle_desktop.services.importation import Importe
from mutuelle_desktop.services.pieces import pieces_of
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.intake import local_files
from mutuelle_desktop.ui.widgets.basics import button, label
from mutuelle_desktop.ui.widgets.fields import Choice

_LECTURE = "Lecture des papiers"


class PaperField(QWidget):
    """A paper that proves something; what is dropped or chosen enters the dossier at once, as anywhere else."""

    changed = Signal()

    def __init__(self, desk: Desk, dossier_id: str | None, name: str) -> None:
        super().__init__()
        self._desk, self._dossier_id = desk, dossier_id
        self._waiting = False
        self.setAcceptDrops(True)
        self.choice = Choice([("—", None), *self._papers()])
        self.choice.setAccessibleName(name)
        self.choice.currentIndexChanged.connect(self.changed)
        self._told = label("", "secondaire", wrap=True)
        self._told.hide()
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.choice)
        layout.addWidget(button("Prendre un fichier, un scan ou une photo…", self.take, "tampon", "ajouter"))
        layout.addWidget(label("Vous pouvez aussi le déposer ici.", "secondaire", wrap=True))
        layout.addWidget(self._told)
        self.setFocusProxy(self.choice)

    def choose(self, key: str) -> None:
        """Choose one of the papers of the dossier."""
        self.choice.choose(key)

    def value(self) -> str | None:
        """Return the document chosen, or None; raise Refused while one is on its way."""
        if self._waiting:
            raise Refused(
                "Le papier est encore en train d’entrer dans le dossier. Attendez un instant, puis recommencez."
            )
        found: str | None = self.choice.value()
        return found

    def take(self) -> None:
        """Ask for a file."""
        self._import(self._desk.dialogs.choose_files(self))

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData())[0]:
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self._import(local_files(event.mimeData())[0])

    def _papers(self) -> list[tuple[str, str]]:
        if self._dossier_id is None:
            return []
        return [(p.ligne.document.titre, p.ligne.id) for p in pieces_of(self._desk.library, self._dossier_id)]

    def _import(self, paths: list[Path]) -> None:
        desk, dossier_id = self._desk, self._dossier_id
        if not paths:
            return

        def work(progress: Progress) -> list[Importe]:
            return importation.import_files(
                desk.library, desk.workers, paths[:1], dossier_id=dossier_id, progress=progress
            )

        self._waiting = True
        self._say("Le papier entre dans le dossier…")
        desk.jobs.run("Ajout de papiers", work, self._added, failed=self._failed)

    def _failed(self, error: Exception) -> None:
        self._waiting = False
        self._say("")
        self._desk.report(error)

    def _added(self, importes: list[Importe]) -> None:
        self._waiting = False
        desk = self._desk
        found = next((i for i in importes if i.document_id or i.jumeau), None)
        key = (found.document_id or (found.jumeau.id if found.jumeau else None)) if found else None
        if found is None or key is None:
            self._say(importes[0].raison if importes else "Ce fichier n’a pas pu être lu.")
            return
        fresh = Choice([("—", None), *self._papers(), *self._outside(found, key)], key)
        fresh.setAccessibleName(self.choice.accessibleName())
        self._column.replaceWidget(self.choice, fresh)
        self.choice.hide()
        self.choice.deleteLater()
        self.choice = fresh
        self.choice.currentIndexChanged.connect(self.changed)
        self.setFocusProxy(fresh)
        self._say("Ce papier était déjà dans vos documents." if found.jumeau else "Le papier est ajouté.")
        if not any(job.label == _LECTURE for job in desk.jobs.running):
            desk.jobs.run(_LECTURE, lambda progress: lectures.read_pending(desk.library, desk.workers, progress))
        self.changed.emit()

    def _outside(self, found: Importe, key: str) -> list[tuple[str, str]]:
        """Return the paper taken when the dossier does not list it: it was in the documents before, or there is none."""
        if key in {known for _, known in self._papers()}:
            return []
        return [(found.jumeau.titre if found.jumeau else found.chemin.stem, key)]

    def _say(self, text: str) -> None:
        self._told.setText(text)
        self._told.setVisible(bool(text))
