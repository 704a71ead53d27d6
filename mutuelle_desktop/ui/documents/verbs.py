"""What can be done to papers: from the menus, the list and the preview alike."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu, QWidget

from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.services import documents, dossiers, importation, lectures, versions
from mutuelle_desktop.services.documents import LigneDocument
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import FormDialog
from mutuelle_desktop.ui.documents.dehors import Dehors
from mutuelle_desktop.ui.documents.printing import print_document
from mutuelle_desktop.ui.widgets.fields import Choice

Verb = tuple[str, Callable[[], Any]]
_SINGLE = {
    "open_outside", "print_document", "turn_right", "turn_left", "split_document", "reorder_pages", "revert_document",
    "reread_document", "copy_page", "next_page", "previous_page",
}  # fmt: skip


class DocumentVerbs:
    """Acts on the papers chosen in the list of a page, or on the one it shows."""

    def __init__(self, desk: Desk, page: Any) -> None:
        self._desk = desk
        self._page = page
        self.dehors = Dehors(desk, page)

    def can(self, verb: str) -> bool:
        """Tell whether a verb of the menus applies to what is chosen."""
        chosen = len(self._page.selected())
        if verb in ("trash_documents", "restore_documents"):
            return chosen > 0 and (verb == "restore_documents") == self._page.in_trash
        if verb == "merge_documents":
            return chosen > 1
        return self._page.shown is not None and (verb not in _SINGLE or chosen <= 1)

    def menu(self, parent: QWidget) -> QMenu | None:
        """Return the menu of the papers chosen, or None when there are none."""
        ids = self._page.selected()
        if not ids:
            return None
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for group in self._groups(ids):
            for text, run in group:
                menu.addAction(text).triggered.connect(partial(self._do, run))
            menu.addSeparator()
        return menu

    def add_papers(self) -> None:
        """Ask for files and take them in, to be filed later."""
        self._desk.import_into(self._desk.dialogs.choose_files(self._page), None)

    def open_outside(self) -> None:
        """Open a private copy of the paper in the program the system has for it."""
        desk, key = self._desk, self._page.shown
        if key:
            desk.messages.tell(
                "Une copie du papier s’ouvre dans un autre programme ; elle sera effacée à la fermeture."
            )
            desk.jobs.run("Ouverture", lambda _p: documents.open_copy(desk.library, key), _show_outside)

    def print_document(self) -> None:
        """Print the paper shown."""
        line = self._line()
        if line is not None:
            print_document(self._desk, self._page, line)

    def copy_documents(self) -> None:
        """Copy the papers chosen, to be pasted in another program."""
        self.dehors.copy_files(self._page.selected() or [self._page.shown])

    def copy_page(self) -> None:
        """Copy the page shown as a picture."""
        if self._page.shown:
            self.dehors.copy_page(self._page.shown, self._page.preview.page)

    def export_documents(self) -> None:
        """Write the papers chosen, in the clear, under predictable names."""
        desk, ids = self._desk, self._page.selected()
        folder = desk.dialogs.choose_folder(self._page, "Exporter dans") if ids else None
        if folder:
            desk.jobs.run(
                "Export", lambda progress: documents.export_documents(desk.library, ids, folder, progress),
                lambda paths: desk.messages.tell(f"{fr.pluriel(len(paths), 'papier exporté', 'papiers exportés')} dans "
                                                 f"{folder}.", kind="success"),
            )  # fmt: skip

    def add_to_dossier(self) -> None:
        """Ask which dossier the papers chosen also belong to."""
        desk, ids = self._desk, self._page.selected()
        rows = dossiers.intitules(desk.library)
        if not rows:
            desk.messages.tell("Aucun dossier n’est ouvert. Créez-en un, puis ajoutez-y ce papier.")
            return
        choice = Choice([(d.complet, d.id) for d in rows])

        def save() -> None:
            documents.add_to_dossier(desk.library, ids, choice.value())

        form = FormDialog(self._page, "Ajouter à un dossier", save, "Ajouter")
        form.add("Dossier", choice)
        desk.dialogs.run(form)

    def save_and_next(self) -> None:
        """Keep the facts typed and go on to the next paper."""
        self._page.form.save_and_next()

    def next_document(self) -> None:
        """Go to the next paper of the list."""
        self._page.step(1)

    def previous_document(self) -> None:
        """Go to the paper before."""
        self._page.step(-1)

    def next_page(self) -> None:
        """Turn the page."""
        self._page.preview.go_to(self._page.preview.page + 1)

    def previous_page(self) -> None:
        """Turn the page back."""
        self._page.preview.go_to(self._page.preview.page - 1)

    def next_hit(self) -> None:
        """Go to the next place that holds the words searched for."""
        self._page.preview.next_hit(1)

    def previous_hit(self) -> None:
        """Go to the place before."""
        self._page.preview.next_hit(-1)

    def turn_right(self) -> None:
        """Turn the whole document a quarter of a turn."""
        self._turn(90)

    def turn_left(self) -> None:
        """Turn it the other way."""
        self._turn(270)

    def split_document(self) -> None:
        """Cut the document after the page shown."""
        desk, key, page = self._desk, self._page.shown, self._page.preview.page
        if key:
            self._derive("Document coupé", lambda _p: versions.split(desk.library, desk.workers, key, [page]))

    def merge_documents(self) -> None:
        """Make one document of those chosen, in the order shown."""
        desk, ids = self._desk, self._page.selected()
        line = documents.fetch(desk.library, ids[:1]).get(ids[0])
        titre = line.document.titre if line else "Document réuni"
        self._derive("Documents réunis", lambda _p: versions.merge(desk.library, desk.workers, ids, titre))

    def reorder_pages(self) -> None:
        """Ask in which order the pages go."""
        desk, line = self._desk, self._line()
        if line is None:
            return
        key = line.id
        current = " ".join(str(n) for n in range(1, max(1, line.lecture.pages) + 1))
        typed = desk.dialogs.ask_text(
            self._page, "Ordre des pages", "Écrivez les pages dans l’ordre voulu.", current
        )  # fmt: skip
        if typed is None:
            return
        numbers = [int(n) for n in typed.replace(",", " ").split() if n.isdigit()]
        self._derive("Pages remises en ordre", lambda _p: versions.reorder(desk.library, desk.workers, key, numbers))

    def revert_document(self) -> None:
        """Come back to the pages as they were imported."""
        versions.revert(self._desk.library, self._page.shown)

    def reread_document(self) -> None:
        """Read the paper again from the start."""
        lectures.relire(self._desk.library, self._page.shown)

    def retry(self, key: str, password: str | None = None) -> None:
        """Try again to open a paper that could not be read."""
        desk = self._desk

        def done(result: importation.Importe) -> None:
            if result.protege:
                typed = desk.dialogs.ask_password(self._page, "Ce papier est protégé par un mot de passe.")
                if typed:
                    self.retry(key, typed)
            elif result.raison:
                desk.messages.tell(result.raison, kind="warning")

        desk.jobs.run(
            "Nouvel essai", lambda _p: importation.retry(desk.library, desk.workers, key, password=password), done
        )

    def trash_documents(self) -> None:
        """Put the papers chosen in the trash, for thirty days."""
        ids = self._page.selected()
        documents.trash_documents(self._desk.library, ids)
        words = f"{fr.pluriel(len(ids), 'document')} à la corbeille, gardé{'s' if len(ids) > 1 else ''} 30 jours."
        self._desk.messages.tell(words, "Annuler", self._desk.library.undo)

    def restore_documents(self) -> None:
        """Take the papers chosen out of the trash."""
        documents.restore_documents(self._desk.library, self._page.selected())

    def _groups(self, ids: Sequence[str]) -> list[list[Verb]]:
        if self._page.in_trash:
            return [[("Restaurer", self.restore_documents)]]
        single: list[Verb] = [
            ("Tourner à droite", self.turn_right), ("Tourner à gauche", self.turn_left),
            ("Couper après cette page", self.split_document), ("Changer l’ordre des pages…", self.reorder_pages),
            ("Revenir à l’original", self.revert_document), ("Relire", self.reread_document),
        ]  # fmt: skip
        outside: list[Verb] = [
            ("Ouvrir dans un autre programme", self.open_outside),
            ("Imprimer…", self.print_document),
            ("Copier la page comme image", self.copy_page),
        ]
        export: list[Verb] = [("Copier", self.copy_documents), ("Exporter…", self.export_documents)]
        return [
            [*outside, *export] if len(ids) == 1 else export,
            [("Ajouter à un dossier…", self.add_to_dossier)],
            single if len(ids) == 1 else [("Réunir en un seul document", self.merge_documents)],
            [("Mettre à la corbeille", self.trash_documents)],
        ]

    def _line(self) -> LigneDocument | None:
        key = self._page.shown
        return documents.fetch(self._desk.library, [key]).get(key) if key else None

    def _turn(self, degrees: int) -> None:
        desk, key = self._desk, self._page.shown
        if key:
            self._derive("Document tourné", lambda _p: versions.rotate(desk.library, desk.workers, key, None, degrees))

    def _derive(self, words: str, work: Callable[[Any], Any]) -> None:
        def done(_result: Any) -> None:
            self._desk.messages.tell(f"{words}.", "Annuler", self._desk.library.undo, kind="success")

        self._desk.jobs.run(words, work, done)

    def _do(self, run: Callable[[], Any], _checked: bool = False) -> None:
        try:
            run()
        except AppError as error:
            self._desk.report(error)


def _show_outside(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
