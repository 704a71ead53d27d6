"""The Dossiers tab: the list at the left, one dossier at the right."""

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelection, QPoint
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from mutuelle_desktop.domain.contrat import Contrat, Mutuelle
from mutuelle_desktop.domain.courrier import Courrier
from mutuelle_desktop.domain.document import Document, Lecture, Piece
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier, Statut
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import contrats, dossiers, personnes
from mutuelle_desktop.services.dossiers import FiltreDossiers, LigneDossier, TriDossiers, Vue
from mutuelle_desktop.services.pieces import papers_in
from mutuelle_desktop.storage.library import Entry, Library
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dossiers.detail import KINDS, DossierDetail
from mutuelle_desktop.ui.dossiers.forms import dossier_form
from mutuelle_desktop.ui.jobs import Question
from mutuelle_desktop.ui.rows import KEY, ROW, Line, PagedModel
from mutuelle_desktop.ui.widgets.basics import EmptyState, button, label, row
from mutuelle_desktop.ui.widgets.fields import Choice, FilterButton, SearchField
from mutuelle_desktop.ui.widgets.flow import Columns, Flow, Panes
from mutuelle_desktop.ui.widgets.lines import lines_view


class DossiersPage(QWidget):
    """One case from its first paper to its closing."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("page")
        self._desk = desk
        self._filtre = FiltreDossiers()
        self._shown: str | None = None
        self._stale = False
        self.model = PagedModel(partial(dossiers.fetch_dossiers, desk.library), _line, desk.jobs)
        self._changed: set[str] = set()
        self._detail = Question(desk.jobs, "Dossier", self._show_detail, self)
        self._list = Question(desk.jobs, "Liste des dossiers", self._show_list, self)
        self.detail = self.verbs = DossierDetail(desk)
        self._build()
        desk.changes.happened.connect(self._on_change)
        self.refresh()

    def refresh(self) -> None:
        """Show what the library holds now."""
        self._stale = False
        asked = (self._filtre, self.tri.value())
        self._list.ask(partial(dossiers.dossier_ids, self._desk.library, *asked), asked)

    def _show_list(self, ids: list[str]) -> None:
        self.model.set_ids(ids)
        filtered = self._filtre != FiltreDossiers()
        self._lists.setCurrentIndex(0 if ids else 2 if filtered else 1)
        if self._shown not in ids:
            if self._list.waiting:  # the newer list may hold it
                return
            self._shown = ids[0] if ids else None
        drawn = self.detail.line.id if self.detail.line else None
        if drawn != self._shown or drawn is None:
            self._select(self._shown)
        else:
            self._point_at(self._shown)

    def wake(self) -> None:
        """Look again, when something changed while another tab was shown."""
        if self._stale:
            self.refresh()
            self._look_again({self._shown} if self._shown else set())

    def _look_again(self, changed: set[str]) -> None:
        """Draw the dossier shown again, when it is among what changed, or one of its papers is."""
        self._changed |= changed
        if self._shown:
            known = frozenset(self._changed)
            self._detail.ask(partial(_look_at, self._desk.library, self._shown, known), self._shown)

    def _show_detail(self, found: tuple[frozenset[str], LigneDossier | None]) -> None:
        changed, line = found
        self._changed -= changed
        if line is not None and line.id == self._shown:
            self.detail.show_dossier(line)

    def show_object(self, kind: str, key: str) -> None:
        """Go to a dossier, whatever the filters."""
        line = dossiers.ligne(self._desk.library, key)
        if line is None:
            return
        begun = line.dossier.clos_le is None and line.dossier.supprime_le is None
        if not self.model.index_of(key).isValid() and not (begun and self._filtre == FiltreDossiers()):
            self._set(FiltreDossiers(vue=Vue.CORBEILLE if line.dossier.supprime_le else Vue.TOUS))
        self._select(key)

    def create_dossier(self) -> None:
        """Open the form of a new dossier and go to it."""
        self._desk.dialogs.run(dossier_form(self._desk, self, self._created))

    def current_dossier(self) -> str | None:
        """Return the dossier that a paste or « Ajouter des papiers… » goes to."""
        return self._shown

    def target_at(self, point: QPoint) -> tuple[str, str] | None:
        """Return the dossier under the pointer: a row of the list, else the one shown at the right."""
        local = self.view.viewport().mapFromGlobal(point)
        if self.view.isVisible() and self.view.viewport().rect().contains(local):
            line = self.view.indexAt(local).data(ROW)
            return (line.dossier.titre, line.id) if line is not None else None
        inside = self.detail.rect().contains(self.detail.mapFromGlobal(point))
        line = self.detail.line if inside and self.detail.isVisible() else None
        return (line.dossier.titre, line.id) if line is not None else None

    def _build(self) -> None:
        self.search = SearchField("Filtrer les dossiers")
        self.search.changed.connect(self._searched)
        self.tri = Choice([(fr.majuscule(str(t)), t) for t in TriDossiers], TriDossiers.RECENT)
        self.tri.setAccessibleName("Trier par")
        self.tri.currentIndexChanged.connect(self._sorted)
        library = self._desk.library
        self._filters = {
            "vue": FilterButton("Ouverts", lambda: [(fr.majuscule(str(v)), v) for v in Vue if v is not Vue.OUVERTS]),
            "statut": FilterButton("Statut", lambda: [(fr.majuscule(str(s)), s) for s in Statut]),
            "personne_id": FilterButton("Personne", lambda: [(p.nom_complet, p.id)
                                                             for p in personnes.list_personnes(library)]),
            "mutuelle_id": FilterButton("Mutuelle", lambda: [(m.nom, m.id) for m in contrats.list_mutuelles(library)]),
            "nature": FilterButton("Nature", lambda: [(fr.majuscule(str(n)), n) for n in NatureDossier]),
        }  # fmt: skip
        for made in self._filters.values():
            made.chosen.connect(self._filtered)
        self.view = lines_view(self.model)
        self.model.arrived.connect(self.view.viewport().update)
        self.view.setAccessibleName("Dossiers")
        self.view.selectionModel().selectionChanged.connect(self._on_selection)
        welcome = EmptyState("dossiers", "Aucun dossier ouvert",
                             "Un dossier réunit tout ce qui concerne une demande : papiers, appels, réponses.",
                             button("Nouveau dossier…", self.create_dossier, "principal"))  # fmt: skip
        nothing = EmptyState("chercher", "Aucun dossier ne correspond", "Essayez moins de mots, ou retirez un filtre.",
                             button("Tout montrer", lambda: self._set(FiltreDossiers())))  # fmt: skip
        self._lists = QStackedWidget()
        for widget in (self.view, welcome, nothing):
            self._lists.addWidget(widget)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(24, 16, 0, 16)
        column.addWidget(Columns(300, (row(label("Dossiers", "titre"), None), 1), (self.tri, 0)))
        column.addWidget(self.search)
        column.addLayout(Flow(*self._filters.values(), spacing=6))
        column.addWidget(self._lists, 1)
        self.panes = Panes(640, (left, 3, 320), (self.detail, 7, 420))
        state = self._desk.state.value("dossiers/volets")
        if state is not None:
            self.panes.split.restoreState(state)
        self.panes.split.splitterMoved.connect(self._moved)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panes)

    def _searched(self, mots: str) -> None:
        self._set(replace(self._filtre, mots=mots))

    def _filtered(self, value: Any) -> None:
        name = next(name for name, made in self._filters.items() if made is self.sender())
        changed: Any = {name: (value or Vue.OUVERTS) if name == "vue" else value}
        self._set(replace(self._filtre, **changed))

    def _sorted(self) -> None:
        self.refresh()

    def _set(self, filtre: FiltreDossiers) -> None:
        self._filtre = filtre
        if filtre == FiltreDossiers():
            self.search.clear()
            for made in self._filters.values():
                made.set_value("", None)
        vue = self._filters["vue"]
        vue.set_value(fr.majuscule(str(filtre.vue)), None if filtre.vue is Vue.OUVERTS else filtre.vue)
        self.refresh()

    def _moved(self) -> None:
        if not self.panes.stacked:
            self._desk.state.setValue("dossiers/volets", self.panes.split.saveState())

    def _created(self, dossier: Dossier) -> None:
        self._desk.changes.flush()
        self._set(FiltreDossiers())
        self._select(dossier.id)
        self._desk.messages.tell(
            f"Dossier {dossier.reference} créé.", "Annuler", self._desk.library.undo, kind="success"
        )

    def _select(self, key: str | None) -> None:
        self._shown = key
        self._point_at(key)
        self.detail.setVisible(key is not None)  # an empty place says what to do, over the whole width
        self.detail.show_dossier(dossiers.ligne(self._desk.library, key) if key else None)

    def _point_at(self, key: str | None) -> None:
        index = self.model.index_of(key) if key else self.model.index(-1)
        if index.isValid() and index != self.view.currentIndex():
            self.view.setCurrentIndex(index)

    def _on_selection(self, _chosen: QItemSelection, _left: QItemSelection) -> None:
        key = self.view.currentIndex().data(KEY)
        if key and key != self._shown:
            self._select(key)

    def _on_change(self, entry: Entry) -> None:
        listed = entry.touches(Dossier, Evenement, Piece, Document, Personne, Mutuelle, Contrat, Courrier)
        if self.isHidden():  # behind another tab: an import would have it drawn again and again for nobody
            self._stale = self._stale or listed or entry.touches(Lecture)
            return
        if listed:
            self.refresh()
        if listed or entry.touches(Lecture):
            around = entry.touches(Personne, Mutuelle, Contrat)
            self._look_again(_ids_in(entry) | ({self._shown} if around and self._shown else set()))


def _ids_in(entry: Entry) -> set[str]:
    """Return the ids of what changed, and of the dossiers it belongs to."""
    values = [value for change in entry.changes for value in (change.before, change.after) if value is not None]
    return {value.id for value in values} | {key for v in values if (key := getattr(v, "dossier_id", None))}


def _look_at(library: Library, key: str, changed: frozenset[str]) -> tuple[frozenset[str], LigneDossier | None]:
    """Return a dossier as a row when it or one of its papers is among what changed."""
    if key not in changed and changed.isdisjoint(papers_in(library, key)):
        return changed, None
    return changed, dossiers.ligne(library, key)


def _line(found: LigneDossier) -> Line:
    d = found.dossier
    parts = [
        d.reference,
        found.personne.partition(" ")[0],
        found.mutuelle,
        fr.pluriel(found.pieces, "pièce") if found.pieces else "",
    ]
    mark = " ✎" if d.statut_force else ""
    return Line(d.titre, " · ".join(part for part in parts if part), f"{found.statut}{mark}", KINDS[found.statut])
