"""The Documents tab: filters, list or thumbnails, preview, facts."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelection, QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QListView, QMenu, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from mutuelle_desktop.domain.document import Document, EtatLecture, Lecture, Page, Piece, TypeDocument, Vignette
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.services import documents, dossiers, importation, lectures, personnes, versions
from mutuelle_desktop.services.documents import Filtre, LigneDocument, Tri
from mutuelle_desktop.services.recherche import first_hit
from mutuelle_desktop.storage.library import Entry
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.documents.form import CHIPS, DocumentForm
from mutuelle_desktop.ui.documents.images import Thumbnails
from mutuelle_desktop.ui.documents.preview import Preview
from mutuelle_desktop.ui.documents.printing import print_document
from mutuelle_desktop.ui.rows import KEY, Line, PagedModel
from mutuelle_desktop.ui.widgets.basics import EmptyState, button, label, row, tool
from mutuelle_desktop.ui.widgets.fields import Choice, FilterButton, SearchField
from mutuelle_desktop.ui.widgets.lines import TileDelegate, TwoLineDelegate


class DocumentsPage(QWidget):
    """The vault: every paper, found in a second."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("page")
        self._desk = desk
        self._filtre = Filtre()
        self._shown: str | None = None
        self.thumbnails = Thumbnails(desk, self)
        self.model = PagedModel(lambda ids: documents.fetch(desk.library, ids), _line)
        self._build()
        self._shortcuts()
        desk.changes.happened.connect(self._on_change)
        self.refresh()

    def refresh(self) -> None:
        """Show what the library holds now."""
        ids = documents.document_ids(self._desk.library, self._filtre, self.tri.value())
        self.model.set_ids(ids)
        self.count.setText(fr.pluriel(len(ids), "document"))
        filtered = self._filtre != Filtre()
        self._empty.setCurrentIndex(0 if ids else 2 if filtered else 1)
        if self._shown is None or self._shown not in ids:
            self._select(ids[0] if ids else None)
        else:
            self._show_current()

    def show_object(self, kind: str, key: str) -> None:
        """Go to a document, or to what waits to be filed (« a-classer »)."""
        if key in ("a-classer", "illisibles", "corbeille"):
            etat = EtatLecture.ILLISIBLE if key == "illisibles" else None
            self._set(Filtre(a_classer=True if key == "a-classer" else None, etat=etat, corbeille=key == "corbeille"))
            self.form.setFocus()
            return
        if key not in self.model.ids():
            self._set(Filtre(corbeille=self._is_trashed(key)))
        self._select(key)

    def target_at(self, point: QPoint) -> tuple[str, str] | None:
        """Return the dossier a drop here goes to: that of the filter, else none."""
        found = self._filtre.dossier_id
        line = dossiers.ligne(self._desk.library, found) if found and found != documents.AUCUN else None
        return (line.dossier.titre, line.id) if line else None

    def selected(self) -> list[str]:
        """Return the ids chosen, in the order shown."""
        rows = sorted(self._view.selectionModel().selectedIndexes(), key=lambda index: index.row())
        return [index.data(KEY) for index in rows]

    def _build(self) -> None:
        self.search = SearchField("Chercher dans les papiers : mots, montants, « expression exacte »")
        self.search.changed.connect(self._searched)
        self.tri = Choice([(fr.majuscule(str(t)), t) for t in Tri], Tri.RECENT)
        self.tri.setAccessibleName("Trier par")
        self.tri.currentIndexChanged.connect(self._sorted)
        self.count = label("", "secondaire")
        top = QVBoxLayout()
        top.setContentsMargins(24, 16, 24, 8)
        line = row(label("Documents", "titre"), self.count, None, self.tri)
        line.addWidget(tool("liste", "En liste", partial(self._as, False)))
        line.addWidget(tool("grille", "En vignettes", partial(self._as, True)))
        top.addLayout(line)
        top.addWidget(self.search)
        self._filters = self._filter_buttons()
        top.addLayout(row(*self._filters.values(), None, spacing=6))
        self._build_list()
        self.preview = Preview(self._desk)
        self.preview.turned.connect(partial(self._turn, 90))
        self.form = DocumentForm(self._desk, self._go_next, self._retry)
        side = QScrollArea(widgetResizable=True)
        side.setWidget(self.form)
        side.setMinimumWidth(250)
        self.split = QSplitter()
        for widget, share in ((self._empty, 4), (self.preview, 5), (side, 3)):
            self.split.addWidget(widget)
            self.split.setStretchFactor(self.split.count() - 1, share)
        self.split.setSizes([380, 420, 300])
        state = self._desk.state.value("documents/volets")
        if state is not None:
            self.split.restoreState(state)
        self.split.splitterMoved.connect(self._moved)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.split, 1)

    def _build_list(self) -> None:
        self._view = QListView()
        self._view.setModel(self.model)
        self._view.setUniformItemSizes(True)
        self._view.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self._view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._view.setAccessibleName("Papiers")
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.customContextMenuRequested.connect(self._menu)
        self._view.selectionModel().selectionChanged.connect(self._on_selection)
        self._view.doubleClicked.connect(self._open_outside)
        self.thumbnails.arrived.connect(self._view.viewport().update)
        self._as(str(self._desk.state.value("documents/vignettes", "")) == "oui")
        welcome = EmptyState("documents", "Aucun papier pour l’instant",
                             "Déposez ici vos factures, ordonnances et décomptes, en PDF ou en photo. Ils seront lus et "
                             "retrouvés en une seconde.", button("Ajouter des papiers…", self._add, "principal"))  # fmt: skip
        nothing = EmptyState("chercher", "Aucun papier ne correspond", "Essayez moins de mots, ou retirez un filtre.",
                             button("Tout montrer", lambda: self._set(Filtre())))  # fmt: skip
        self._empty = QStackedWidget()
        for widget in (self._view, welcome, nothing):
            self._empty.addWidget(widget)

    def _filter_buttons(self) -> dict[str, FilterButton]:
        library = self._desk.library
        made = {
            "type": FilterButton("Type", lambda: [("Sans type", documents.SANS),
                                                  *((fr.majuscule(str(t)), t) for t in TypeDocument)]),
            "personne_id": FilterButton("Personne", lambda: [(p.nom_complet, p.id)
                                                             for p in personnes.list_personnes(library)]),
            "annee": FilterButton("Année", lambda: [(str(y), y) for y in documents.years(library)]),
            "dossier_id": FilterButton("Dossier", lambda: [("Sans dossier", documents.AUCUN),
                                                           *((d.dossier.titre, d.id)
                                                             for d in dossiers.list_dossiers(library))]),
            "etat": FilterButton("Lecture", lambda: [(fr.majuscule(str(e)), e) for e in EtatLecture]),
            "a_classer": FilterButton("Classement", lambda: [("À classer", True), ("Classés", False)]),
            "corbeille": FilterButton("Corbeille", lambda: [("Dans la corbeille", True)]),
        }  # fmt: skip
        for button_made in made.values():
            button_made.chosen.connect(self._filtered)
        return made

    def _shortcuts(self) -> None:
        for keys, run in (
            ("F3", partial(self.preview.next_hit, 1)), ("Shift+F3", partial(self.preview.next_hit, -1)),
            ("Ctrl+F", self.search.setFocus), ("Ctrl+Shift+S", self.form.save_and_next), ("Del", self._trash),
            ("Ctrl+P", self._print), ("Ctrl+E", self._export), ("Ctrl+PgDown", partial(self._step, 1)),
            ("Ctrl+PgUp", partial(self._step, -1)), ("Ctrl+R", partial(self._turn, 90)),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(run)

    def _menu(self, point: QPoint) -> None:
        ids = self.selected()
        if not ids:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, run in self._verbs(ids):
            if text == "-":
                menu.addSeparator()
            else:
                menu.addAction(text).triggered.connect(partial(self._do, run))
        menu.popup(self._view.viewport().mapToGlobal(point))

    def _verbs(self, ids: Sequence[str]) -> list[tuple[str, Callable[[], Any]]]:
        if self._filtre.corbeille:
            return [("Restaurer", partial(documents.restore_documents, self._desk.library, ids))]
        found: list[tuple[str, Callable[[], Any]]] = []
        if len(ids) == 1:
            found += [("Ouvrir dans un autre programme", self._open_outside), ("Imprimer…", self._print)]
        found += [("Exporter…", self._export), ("-", self._export)]
        found += [(f"Ajouter à « {d.dossier.titre} »", partial(documents.add_to_dossier, self._desk.library, ids, d.id))
                  for d in dossiers.list_dossiers(self._desk.library)[:8]]  # fmt: skip
        found.append(("-", self._export))
        if len(ids) == 1:
            found += [
                ("Tourner à droite", partial(self._turn, 90)), ("Tourner à gauche", partial(self._turn, 270)),
                ("Couper après cette page", self._split), ("Changer l’ordre des pages…", self._reorder),
                ("Revenir à l’original", self._revert), ("Relire", self._reread),
            ]  # fmt: skip
        else:
            found.append(("Réunir en un seul document", self._merge))
        return [*found, ("-", self._export), ("Mettre à la corbeille", self._trash)]

    def _do(self, run: Callable[[], Any], _checked: bool = False) -> None:
        try:
            run()
        except AppError as error:
            self._desk.report(error)

    def _derive(self, words: str, work: Callable[[Any], Any]) -> None:
        def done(_result: Any) -> None:
            self._desk.messages.tell(f"{words}.", "Annuler", self._desk.library.undo, kind="success")

        self._desk.jobs.run(words, work, done)

    def _turn(self, degrees: int) -> None:
        desk, key = self._desk, self._shown
        if key:
            self._derive("Document tourné", lambda _p: versions.rotate(desk.library, desk.workers, key, None, degrees))

    def _split(self) -> None:
        desk, key, page = self._desk, self._shown, self.preview.page
        if key:
            self._derive("Document coupé", lambda _p: versions.split(desk.library, desk.workers, key, [page]))

    def _merge(self) -> None:
        desk, ids = self._desk, self.selected()
        line = documents.fetch(desk.library, ids[:1]).get(ids[0])
        titre = line.document.titre if line else "Document réuni"
        self._derive("Documents réunis", lambda _p: versions.merge(desk.library, desk.workers, ids, titre))

    def _reorder(self) -> None:
        desk, key = self._desk, self._shown
        line = documents.fetch(desk.library, [key]).get(key) if key else None
        if line is None or key is None:
            return
        current = " ".join(str(n) for n in range(1, max(1, line.lecture.pages) + 1))
        typed = desk.dialogs.ask_text(self, "Ordre des pages", "Écrivez les pages dans l’ordre voulu.", current)
        if typed is None:
            return
        numbers = [int(n) for n in typed.replace(",", " ").split() if n.isdigit()]
        self._derive("Pages remises en ordre", lambda _p: versions.reorder(desk.library, desk.workers, key, numbers))

    def _revert(self) -> None:
        if self._shown:
            versions.revert(self._desk.library, self._shown)

    def _reread(self) -> None:
        if self._shown:
            lectures.relire(self._desk.library, self._shown)

    def _retry(self, key: str, password: str | None = None) -> None:
        desk = self._desk

        def done(result: importation.Importe) -> None:
            if result.protege:
                typed = desk.dialogs.ask_password(self, "Ce papier est protégé par un mot de passe.")
                if typed:
                    self._retry(key, typed)
            elif result.raison:
                desk.messages.tell(result.raison, kind="warning")

        desk.jobs.run(
            "Nouvel essai", lambda _p: importation.retry(desk.library, desk.workers, key, password=password), done
        )

    def _trash(self) -> None:
        ids = self.selected()
        if ids and not self._filtre.corbeille:
            self._do(partial(documents.trash_documents, self._desk.library, ids))
            words = f"{fr.pluriel(len(ids), 'document')} à la corbeille, gardé{'s' if len(ids) > 1 else ''} 30 jours."
            self._desk.messages.tell(words, "Annuler", self._desk.library.undo)

    def _open_outside(self) -> None:
        desk, key = self._desk, self._shown
        if key:
            desk.messages.tell(
                "Une copie du papier s’ouvre dans un autre programme ; elle sera effacée à la fermeture."
            )
            desk.jobs.run(
                "Ouverture", lambda _p: documents.open_copy(desk.library, key),
                _show_outside,
            )  # fmt: skip

    def _print(self) -> None:
        line = documents.fetch(self._desk.library, [self._shown]).get(self._shown) if self._shown else None
        if line is not None:
            print_document(self._desk, self, line)

    def _export(self) -> None:
        desk, ids = self._desk, self.selected()
        folder = desk.dialogs.choose_folder(self, "Exporter dans") if ids else None
        if folder:
            desk.jobs.run(
                "Export", lambda progress: documents.export_documents(desk.library, ids, folder, progress),
                lambda paths: desk.messages.tell(f"{fr.pluriel(len(paths), 'papier exporté', 'papiers exportés')} dans "
                                                 f"{folder}.", kind="success"),
            )  # fmt: skip

    def _add(self) -> None:
        self._desk.import_into(self._desk.dialogs.choose_files(self), None)

    def _searched(self, mots: str) -> None:
        self._set(_with(self._filtre, "mots", mots))

    def _filtered(self, value: object) -> None:
        sender = self.sender()
        name = next(name for name, made in self._filters.items() if made is sender)
        self._set(_with(self._filtre, name, bool(value) if name == "corbeille" else value))

    def _set(self, filtre: Filtre) -> None:
        self._filtre = filtre
        if self.search.text() != filtre.mots:
            self.search.blockSignals(True)
            self.search.setText(filtre.mots)
            self.search.blockSignals(False)
        for name, made in self._filters.items():
            value = getattr(filtre, name)
            value = value or None if name == "corbeille" else value
            if made.value != value:
                made.set_value(_name(name, value), value)
        self.refresh()

    def _sorted(self) -> None:
        self.refresh()

    def _as(self, tiles: bool) -> None:
        self._desk.state.setValue("documents/vignettes", "oui" if tiles else "")
        self._view.setViewMode(QListView.ViewMode.IconMode if tiles else QListView.ViewMode.ListMode)
        self._view.setResizeMode(QListView.ResizeMode.Adjust)
        self._view.setMovement(QListView.Movement.Static)
        self._view.setUniformItemSizes(True)
        self._view.setLayoutMode(QListView.LayoutMode.Batched if tiles else QListView.LayoutMode.SinglePass)
        image: Callable[[str], QPixmap | None] = self.thumbnails.get
        self._view.setItemDelegate(TileDelegate(self._view, image) if tiles else TwoLineDelegate(self._view, image))
        self._view.setGridSize(QSize())

    def _moved(self) -> None:
        self._desk.state.setValue("documents/volets", self.split.saveState())

    def _select(self, key: str | None) -> None:
        self._shown = key
        index = self.model.index_of(key) if key else self.model.index(-1)
        if index.isValid():
            self._view.setCurrentIndex(index)
            self._view.scrollTo(index)
        self._show_current()

    def _on_selection(self, _chosen: QItemSelection, _left: QItemSelection) -> None:
        index = self._view.currentIndex()
        key = index.data(KEY) if index.isValid() else None
        if key and key != self._shown:
            self._shown = key
            self._show_current()

    def _show_current(self) -> None:
        line = documents.fetch(self._desk.library, [self._shown]).get(self._shown) if self._shown else None
        page = 1
        if line is not None and self._filtre.mots.strip():
            page = first_hit(self._desk.library, line.id, self._filtre.mots, 0, 1) or 1
        self.preview.show_document(line, page, self._filtre.mots)
        self.form.show_document(line)

    def _step(self, step: int) -> None:
        ids = self.model.ids()
        place = ids.index(self._shown) + step if self._shown in ids else 0
        if 0 <= place < len(ids):
            self._select(ids[place])

    def _go_next(self) -> None:
        if self._filtre.a_classer:
            self._desk.changes.flush()
            ids = self.model.ids()
            if self._shown not in ids:
                self._select(ids[0] if ids else None)
            return
        self._step(1)

    def _is_trashed(self, key: str) -> bool:
        line = documents.fetch(self._desk.library, [key]).get(key)
        return line is not None and line.document.supprime_le is not None

    def _on_change(self, entry: Entry) -> None:
        if entry.touches(Vignette):
            self.thumbnails.forget(entry.ids(Vignette))
        if entry.touches(Document, Piece) or (entry.touches(Page, Lecture) and self._filtre.mots.strip()):
            self.refresh()
        elif entry.touches(Lecture, Vignette):
            self.model.set_ids(self.model.ids())
            self._show_current()


def _with(filtre: Filtre, name: str, value: Any) -> Filtre:
    return replace(filtre, **{name: value})


def _name(name: str, value: Any) -> str:
    return {"a_classer": "À classer" if value else "Classés", "corbeille": "Dans la corbeille"}.get(
        name, fr.majuscule(str(value)) if value is not None else ""
    )


def _line(row_shown: LigneDocument) -> Line:
    document, lecture = row_shown.document, row_shown.lecture
    kind = fr.majuscule(str(document.type)) if document.type else "Sans type"
    when = fr.jour_court(document.date_document) or f"ajouté le {document.ajoute_le.astimezone():%d/%m/%Y}"
    second = " · ".join(part for part in (kind, row_shown.personne, document.emetteur, when) if part)
    read = lecture.etat is EtatLecture.LU
    chip = ("" if document.classe_le else "à classer") if read else lecture.libelle
    return Line(document.titre, second, chip, "info" if read else CHIPS[lecture.etat], document.empreinte)


def _show_outside(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
