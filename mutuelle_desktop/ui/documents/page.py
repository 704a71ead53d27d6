"""The Documents tab: filters, list or thumbnails, preview, facts."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelection, QPoint, QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QListView, QStackedWidget, QVBoxLayout, QWidget

from mutuelle_desktop.domain.document import Document, EtatLecture, Lecture, Page, Piece, TypeDocument, Vignette
from mutuelle_desktop.services import documents, dossiers, personnes
from mutuelle_desktop.services.documents import Filtre, LigneDocument, Tri
from mutuelle_desktop.services.recherche import first_hit
from mutuelle_desktop.storage.library import Entry, Library
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.documents.dehors import PaperList
from mutuelle_desktop.ui.documents.form import CHIPS, Choices, DocumentForm, choices_of
from mutuelle_desktop.ui.documents.images import Thumbnails
from mutuelle_desktop.ui.documents.nettes import Nettes
from mutuelle_desktop.ui.documents.preview import Preview
from mutuelle_desktop.ui.documents.verbs import DocumentVerbs
from mutuelle_desktop.ui.jobs import Question
from mutuelle_desktop.ui.rows import KEY, MENU, Line, PagedModel
from mutuelle_desktop.ui.widgets.basics import EmptyState, button, label, row, tool
from mutuelle_desktop.ui.widgets.fields import Choice, FilterButton, SearchField
from mutuelle_desktop.ui.widgets.flow import Columns, Flow, Panes
from mutuelle_desktop.ui.widgets.lines import TileDelegate, TwoLineDelegate

_LOT = 4000
"""Tiles placed in one turn of the loop."""


class DocumentsPage(QWidget):
    """The vault: every paper, found in a second."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("page")
        self._desk = desk
        self._filtre = Filtre()
        self._shown: str | None = None
        self._stale = False
        self.thumbnails = Thumbnails(desk, self)
        self.model = PagedModel(partial(documents.fetch, desk.library), _line, desk.jobs)
        self._list = Question(desk.jobs, "Liste des papiers", self._show_list, self)
        self._paper = Question(desk.jobs, "Papier", self._show_paper, self)
        self.verbs = DocumentVerbs(desk, self)
        self._build()
        desk.changes.happened.connect(self._on_change)
        self.refresh()

    def refresh(self) -> None:
        """Show what the library holds now."""
        self._stale = False
        asked = (self._filtre, self.tri.value())
        self._list.ask(partial(documents.document_ids, self._desk.library, *asked), asked)

    def wake(self) -> None:
        """Look again, when something changed while another tab was shown."""
        if self._stale:
            self.refresh()

    def _show_list(self, ids: list[str]) -> None:
        self.model.set_ids(ids)
        self.count.setText(fr.pluriel(len(ids), "document"))
        self._empty.setCurrentIndex(0 if ids else 2 if self._filtre != Filtre() else 1)
        if self._shown is not None and self.model.index_of(self._shown).isValid():
            self._select(self._shown)
        elif not self._list.waiting:  # the newer list may hold the one shown
            self._select(ids[0] if ids else None)

    def show_object(self, kind: str, key: str) -> None:
        """Go to a document, or to what waits to be filed (« a-classer »)."""
        if key in ("a-classer", "illisibles", "corbeille"):
            etat = EtatLecture.ILLISIBLE if key == "illisibles" else None
            self._set(Filtre(a_classer=True if key == "a-classer" else None, etat=etat, corbeille=key == "corbeille"))
            self.form.setFocus()
            return
        trashed = self._is_trashed(key)
        if key not in self.model.ids() and self._filtre != Filtre(corbeille=trashed):
            self._set(Filtre(corbeille=trashed))
        self._select(key)

    def show_found(self, key: str, mots: str) -> None:
        """Go to a document and outline these words on its pages."""
        self._set(Filtre(mots=mots))
        self._select(key)

    def target_at(self, point: QPoint) -> tuple[str, str] | None:
        """Return the dossier a drop here goes to: that of the filter, else none."""
        found = self._filtre.dossier_id
        line = dossiers.ligne(self._desk.library, found) if found and found != documents.AUCUN else None
        return (line.dossier.titre, line.id) if line else None

    @property
    def shown(self) -> str | None:
        """Return the id of the paper in the preview."""
        return self._shown

    @property
    def in_trash(self) -> bool:
        """Tell whether the trash is what is shown."""
        return self._filtre.corbeille

    def keep(self) -> None:
        """Keep the facts being typed, now; a date that cannot be read stays in its field."""
        if self.form.is_edited():
            self.form.save()

    def selected(self) -> list[str]:
        """Return the ids chosen, in the order shown."""
        rows = sorted(self._view.selectionModel().selectedIndexes(), key=lambda index: index.row())
        return [index.data(KEY) for index in rows]

    def _build(self) -> None:
        self.search = SearchField("Chercher dans les papiers : mots, montants, « expression exacte »")
        self.search.changed.connect(self._searched)
        self.tri = Choice([(fr.majuscule(str(t)), t) for t in Tri], Tri.RECENT)
        self.tri.setAccessibleName("Trier par")
        self.tri.currentIndexChanged.connect(self._sorted)
        self.count = label("", "secondaire")
        top = QVBoxLayout()
        top.setContentsMargins(24, 16, 24, 8)
        looks = row(self.tri, tool("liste", "En liste", partial(self._as, False)),
                    tool("grille", "En vignettes", partial(self._as, True)), None)  # fmt: skip
        top.addWidget(Columns(480, (row(label("Documents", "titre"), self.count, None), 1), (looks, 0)))
        top.addWidget(self.search)
        self._filters = self._filter_buttons()
        top.addLayout(Flow(*self._filters.values(), spacing=6))
        self._build_list()
        self.preview = Preview(self._desk)
        self.preview.turned.connect(self.verbs.turn_right)
        self.preview.give_out(self.verbs.dehors)
        self.form = DocumentForm(self._desk, self._go_next, self.verbs.retry)
        self.panes = Panes(720, (self._empty, 4, 240), (self.preview, 5, 420), (self.form, 3, 420))
        state = self._desk.state.value("documents/volets")
        if state is not None:
            self.panes.split.restoreState(state)
        self.panes.split.splitterMoved.connect(self._moved)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        frame = QVBoxLayout()
        frame.setContentsMargins(24, 0, 16, 12)
        frame.addWidget(self.panes)
        layout.addLayout(frame, 1)

    def _build_list(self) -> None:
        self._view = PaperList(self.verbs.dehors, self.selected)
        self._view.setModel(self.model)
        self._view.setUniformItemSizes(True)
        self._view.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self._view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._view.setAccessibleName("Papiers")
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.customContextMenuRequested.connect(self._menu)
        self._view.selectionModel().selectionChanged.connect(self._on_selection)
        self._view.doubleClicked.connect(self.verbs.open_outside)
        self.model.arrived.connect(self._view.viewport().update)
        self.thumbnails.arrived.connect(self._view.viewport().update)
        self.sharp = Nettes(self._desk, self.thumbnails, self._view)
        self.sharp.arrived.connect(self._view.viewport().update)
        self._as(str(self._desk.state.value("documents/vignettes", "")) == "oui")
        add = button("Ajouter des papiers…", self.verbs.add_papers, "principal")
        welcome = EmptyState("documents", "Aucun papier pour l’instant",
                             "Déposez ici vos factures, ordonnances et décomptes, en PDF ou en photo. Ils seront lus et "
                             "retrouvés en une seconde.", add)  # fmt: skip
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
                                                           *((d.titre, d.id)
                                                             for d in dossiers.intitules(library, MENU))]),
            "etat": FilterButton("Lecture", lambda: [(fr.majuscule(str(e)), e) for e in EtatLecture]),
            "a_classer": FilterButton("Classement", lambda: [("À classer", True), ("Classés", False)]),
            "corbeille": FilterButton("Corbeille", lambda: [("Dans la corbeille", True)]),
        }  # fmt: skip
        for button_made in made.values():
            button_made.chosen.connect(self._filtered)
        return made

    def _menu(self, point: QPoint) -> None:
        menu = self.verbs.menu(self)
        if menu is not None:
            menu.popup(self._view.viewport().mapToGlobal(point))

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
        # Tiles are lines of a list that wrap: Qt's icons are placed one by one, which a hundred thousand make felt.
        self._view.setFlow(QListView.Flow.LeftToRight if tiles else QListView.Flow.TopToBottom)
        self._view.setWrapping(tiles)
        self._view.setResizeMode(QListView.ResizeMode.Adjust)
        self._view.setBatchSize(_LOT)
        self._view.setLayoutMode(QListView.LayoutMode.Batched if tiles else QListView.LayoutMode.SinglePass)
        image: Callable[[str], QPixmap | None] = self.sharp.get if tiles else self.thumbnails.get
        self._view.setItemDelegate(TileDelegate(self._view, image) if tiles else TwoLineDelegate(self._view, image))
        self._view.setGridSize(QSize())

    def _moved(self) -> None:
        if not self.panes.stacked:
            self._desk.state.setValue("documents/volets", self.panes.split.saveState())

    def _select(self, key: str | None) -> None:
        self._shown = key
        index = self.model.index_of(key) if key else self.model.index(-1)
        if index.isValid() and index != self._view.currentIndex():
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
        key, mots = self._shown, self._filtre.mots
        self._paper.ask(partial(_paper_of, self._desk.library, key, mots), (key, mots))

    def _show_paper(self, found: tuple[LigneDocument | None, int, Choices]) -> None:
        line, page, choices = found
        self.preview.show_document(line, page, self._filtre.mots)
        self.form.show_document(line, choices)
        for pane in (self.preview, self.form):  # an empty place says what to do, over the whole width
            pane.setVisible(line is not None)

    def step(self, step: int) -> None:
        """Go to the paper after or before."""
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
        self.step(1)

    def _is_trashed(self, key: str) -> bool:
        line = documents.fetch(self._desk.library, [key]).get(key)
        return line is not None and line.document.supprime_le is not None

    def _on_change(self, entry: Entry) -> None:
        if entry.touches(Vignette):
            self.thumbnails.forget(entry.ids(Vignette))
        listed = entry.touches(Document, Piece) or (entry.touches(Page, Lecture) and self._filtre.mots.strip())
        if self.isHidden():  # behind another tab: an import would have it asked again and again for nobody
            self._stale = self._stale or bool(listed) or entry.touches(Lecture, Vignette)
        elif listed:
            self.refresh()
        elif entry.touches(Lecture, Vignette):
            self.model.set_ids(self.model.ids())
            self._show_current()


def _paper_of(library: Library, key: str | None, mots: str) -> tuple[LigneDocument | None, int, Choices]:
    """Return a paper and the page to open it at: the first that holds the words searched for."""
    line = documents.fetch(library, [key]).get(key) if key else None
    page = first_hit(library, line.id, mots, 0, 1) if line is not None and mots.strip() else None
    return line, page or 1, choices_of(library)


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
