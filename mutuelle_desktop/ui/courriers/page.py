"""The Courriers tab: the letters at the left, the one being written and its page at the right."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelection, QPoint, QTimer
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.domain.contrat import Contact, Contrat, Mutuelle
from mutuelle_desktop.domain.courrier import Courrier, EtatCourrier
from mutuelle_desktop.domain.document import Document, Piece
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.etape import GenreEtape
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import courriers, dossiers, expeditions, modeles
from mutuelle_desktop.services.courriers import FiltreCourriers, LigneCourrier
from mutuelle_desktop.storage.library import Entry, Library
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.courriers.carte import titre_of
from mutuelle_desktop.ui.courriers.choix import ChoixDialog
from mutuelle_desktop.ui.courriers.commandes import Commandes
from mutuelle_desktop.ui.courriers.redacteur import Redacteur
from mutuelle_desktop.ui.courriers.verbs import CourrierVerbs
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.jobs import Question
from mutuelle_desktop.ui.rows import KEY, MENU, Line, RowsModel
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import EmptyState, button, label, row
from mutuelle_desktop.ui.widgets.fields import FilterButton, SearchField
from mutuelle_desktop.ui.widgets.flow import Columns, Flow, Panes
from mutuelle_desktop.ui.widgets.lines import lines_view

POSE = 80
"""Milliseconds for panes just shown to find their places."""
ETROIT = 980
"""Width, in pixels at 100 %, under which the page of a letter has no room beside both the list and the text."""
KINDS = {EtatCourrier.BROUILLON: "alerte", EtatCourrier.FINAL: "info", EtatCourrier.ENVOYE: "succes"}
_FAITS = (Dossier, Evenement, Document, Piece, Personne, Contrat, Mutuelle, Contact)


class CourriersPage(QWidget):
    """Every letter: written, checked, printed, sent, proved."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("page")
        self._desk = desk
        self._filtre = FiltreCourriers()
        self._shown: str | None = None
        self._wrong: set[str] = set()
        self._stale = self._facts_changed = False
        self.model = RowsModel(self._line)
        self._list = Question(desk.jobs, "Liste des lettres", self._show_list, self)
        self.sorties = CourrierVerbs(desk, self)
        self.redacteur = Redacteur(desk, self.sorties, self)
        self.verbs = Commandes(self)
        self._build()
        desk.changes.happened.connect(self._on_change)
        self.refresh()

    @property
    def shown(self) -> str | None:
        """Return the id of the letter shown."""
        return self._shown

    def refresh(self) -> None:
        """Show what the library holds now."""
        self._stale = False
        self._list.ask(partial(_list_of, self._desk.library, self._filtre), self._filtre)

    def wake(self) -> None:
        """Look again, when something changed while another tab was shown."""
        if self._facts_changed:
            self._facts_changed = False
            self.redacteur.reload()
        if self._stale:
            self.refresh()

    def _show_list(self, found: tuple[list[LigneCourrier], set[str]]) -> None:
        rows, wrong = found
        if wrong != self._wrong:
            self._wrong = wrong
            self.view.viewport().update()
        self.model.set_rows(rows)
        filtered = self._filtre != FiltreCourriers()
        self._lists.setCurrentIndex(0 if rows else 2 if filtered else 1)
        ids = [found.id for found in rows]
        if self._shown not in ids:
            if self._list.waiting:  # the newer list may hold it
                return
            self._shown = ids[0] if ids else None
        self._select(self._shown)

    def show_object(self, kind: str, key: str) -> None:
        """Go to a letter, or to those of a dossier."""
        if kind == "Dossier":
            self._set(FiltreCourriers(dossier_id=key))
            return
        if not self.model.index_of(key).isValid() and self._filtre != FiltreCourriers():
            self._set(FiltreCourriers())
        self._select(key)

    def new_letter(self, dossier_id: str | None = None) -> None:
        """Choose a letter by need and begin it."""
        held = dossier_id or self._filtre.dossier_id
        dialog = ChoixDialog(self._desk, self.window(), held, self._begun)
        self._desk.dialogs.run(dialog)
        dialog.deleteLater()

    def write(self, dossier_id: str, genre: GenreEtape | None = None) -> None:
        """Begin the letter of a step of a dossier (its next one when None), prefilled, or go on with the one begun."""
        found = modeles.propose(self._desk.library, dossier_id, self._desk.today())
        proposed = [p for p in found if genre is None or p.etape is genre]
        if not proposed:
            self.new_letter(dossier_id)
            return
        modele = proposed[0].modele
        drafts = courriers.list_courriers(
            self._desk.library, FiltreCourriers(dossier_id=dossier_id, etat=EtatCourrier.BROUILLON)
        )
        begun = next((line.courrier for line in drafts if line.courrier.modele == modele.id), None)
        if begun is not None:
            self._desk.messages.tell("Voici la lettre que vous aviez commencée.")
            self._begun(begun)
            return
        try:
            new = courriers.create_courrier(
                self._desk.library, today=self._desk.today(), modele=modele.id, dossier_id=dossier_id
            )
        except AppError as error:
            self._desk.report(error)
            return
        self._begun(new)
        self._desk.messages.tell(f"Lettre proposée\u00a0: {modele.titre}.", "En choisir une autre…",
                                 lambda: self.new_letter(dossier_id))  # fmt: skip

    def begin_from(self, modele: str) -> None:
        """Begin a letter from a model, about the dossier of the filter or of the letter shown."""
        dossier_id = self._filtre.dossier_id or self.current_dossier()
        self._try(lambda _key: self._begun(courriers.create_courrier(
            self._desk.library, today=self._desk.today(), modele=modele, dossier_id=dossier_id,
        )))  # fmt: skip

    def copy_letter(self) -> None:
        """Make a copy of the letter shown, to be written again."""
        if self._shown:
            self.redacteur.flush()
            self._try(
                lambda key: self._begun(courriers.duplicate_courrier(self._desk.library, key, self._desk.today()))
            )

    def delete_letter(self) -> None:
        """Remove the letter shown, in a step that can be undone."""
        if self._shown:
            self.redacteur.flush()
            self._try(self._delete)

    def current_dossier(self) -> str | None:
        """Return the dossier that a paste or « Ajouter des papiers… » goes to."""
        return self.redacteur.courrier.dossier_id if self.redacteur.courrier else None

    def target_at(self, _point: QPoint) -> tuple[str, str] | None:
        """Return the dossier a drop here goes to: that of the letter shown."""
        key = self.current_dossier()
        line = dossiers.ligne(self._desk.library, key) if key else None
        return (line.dossier.titre, line.id) if line else None

    def keep(self) -> None:
        """Keep the letter being written, now."""
        self.redacteur.flush()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self.redacteur.flush()
        self._desk.changes.flush()  # the window may be closing: what is told later would find the library closed
        super().hideEvent(event)

    def _build(self) -> None:
        library = self._desk.library
        self.search = SearchField("Filtrer les lettres")
        self.search.changed.connect(self._searched)
        self._filters = {
            "etat": FilterButton("État", lambda: [(fr.majuscule(str(e)), e) for e in EtatCourrier]),
            "dossier_id": FilterButton("Dossier", lambda: [(d.titre, d.id) for d in dossiers.intitules(library, MENU)]),
        }  # fmt: skip
        for made in self._filters.values():
            made.chosen.connect(self._filtered)
        self.view = lines_view(self.model)
        self.view.setAccessibleName("Lettres")
        self.view.selectionModel().selectionChanged.connect(self._on_selection)
        self.view.activated.connect(self._open)
        welcome = EmptyState(
            "courriers", "Aucune lettre pour l’instant",
            "Dites ce que vous voulez obtenir\u00a0: la bonne lettre vient remplie avec ce que dit votre dossier, et vous "
            "voyez sa page pendant que vous l’écrivez.",
            button("Nouvelle lettre…", self.new_letter, "principal"),
        )  # fmt: skip
        nothing = EmptyState("chercher", "Aucune lettre ne correspond", "Essayez moins de mots, ou retirez un filtre.",
                             button("Tout montrer", lambda: self._set(FiltreCourriers())))  # fmt: skip
        self._lists = QStackedWidget()
        for widget in (self.view, welcome, nothing):
            self._lists.addWidget(widget)
        self._left = QWidget()
        column = QVBoxLayout(self._left)
        column.setContentsMargins(0, 0, 0, 0)
        new = button("Nouvelle lettre…", self.new_letter, "principal")
        column.addWidget(Columns(300, (row(label("Courriers", "titre"), None), 1), (new, 0)))
        column.addWidget(self.search)
        column.addLayout(Flow(*self._filters.values(), spacing=6))
        column.addWidget(self._lists, 1)
        redacteur = self.redacteur
        redacteur.envoi.copy.connect(self.copy_letter)
        redacteur.envoi.delete.connect(self.delete_letter)
        redacteur.voir.toggled.connect(self._fit)
        self.panes = Panes(760, (self._left, 4, 300), (redacteur.gauche, 9, 640), (redacteur.apercu, 8, 560))
        state = self._desk.state.value("courriers/volets")
        if state is not None:
            self.panes.split.restoreState(state)
        self.panes.split.splitterMoved.connect(self._moved)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panes)
        self.setFocusProxy(self.view)

    def _line(self, ligne: LigneCourrier) -> Line:
        value = ligne.courrier
        dossier = ligne.dossier.titre if ligne.dossier else ""
        second = " · ".join(part for part in (ligne.destinataire, dossier, fr.jour_court(value.jour)) if part)
        if value.id in self._wrong:
            return Line(titre_of(ligne), second, "à rectifier", "danger")
        return Line(titre_of(ligne), second, str(value.etat), KINDS[value.etat])

    def _searched(self, mots: str) -> None:
        self._set(replace(self._filtre, mots=mots))

    def _filtered(self, value: Any) -> None:
        name = next(name for name, made in self._filters.items() if made is self.sender())
        changed: Any = {name: value}
        self._set(replace(self._filtre, **changed))

    def _set(self, filtre: FiltreCourriers) -> None:
        self._filtre = filtre
        if self.search.text() != filtre.mots:
            quiet = self.search.blockSignals(True)
            self.search.setText(filtre.mots)
            self.search.blockSignals(quiet)
        for name, made in self._filters.items():
            value = getattr(filtre, name)
            if made.value != value:
                made.set_value(self._word(name, value), value)
        self.refresh()

    def _word(self, name: str, value: Any) -> str:
        if name == "dossier_id" and value:
            line = dossiers.ligne(self._desk.library, value)
            return line.dossier.titre if line else "Dossier"
        return fr.majuscule(str(value)) if value else ""

    def _select(self, key: str | None) -> None:
        index = self.model.index_of(key) if key else self.model.index(-1)
        if index.isValid() and index != self.view.currentIndex():
            self._shown = key
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)
        self._show(key)

    def _on_selection(self, _chosen: QItemSelection, _left: QItemSelection) -> None:
        index = self.view.currentIndex()
        key = index.data(KEY) if index.isValid() else None
        if key and key != self._shown:
            self._show(key)

    def _show(self, key: str | None) -> None:
        self._shown = key
        redacteur = self.redacteur
        held = redacteur.courrier.id if redacteur.courrier else None
        if key != held:
            redacteur.show_courrier(key)
        self._fit()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self, _asked: bool = False) -> None:
        """Share the width: where it is scarce the letter has it, and its page comes in place of the list on demand."""
        redacteur = self.redacteur
        open_ = redacteur.courrier is not None
        scarce = not self.panes.stacked and self.width() < theme().px(ETROIT)
        redacteur.voir.setVisible(scarce)
        in_place = scarce and open_ and redacteur.voir.isChecked()
        redacteur.gauche.setVisible(open_)
        redacteur.apercu.setVisible(open_ and (in_place or not scarce))
        self._left.setVisible(not in_place)
        self._left.setContentsMargins(24, 16, 0 if open_ else 24, 16)

    def _begun(self, new: Courrier) -> None:
        self._desk.changes.flush()
        self._desk.open("Courrier", new.id)
        self._reveal()
        redacteur = self.redacteur
        redacteur.tabs.setCurrentIndex(0)
        if not redacteur.go_to_missing():
            redacteur.editeur.setFocus()

    def _reveal(self, _index: object = None) -> None:
        """Bring the letter into view, where the panes lie one under the other."""
        if self.panes.stacked:
            QTimer.singleShot(POSE, self, self._scroll)

    def _scroll(self, tries: int = 10) -> None:
        bar, place = self.panes.verticalScrollBar(), self.redacteur.gauche.y()
        bar.setValue(place)
        if tries and (not place or bar.value() < min(place, bar.maximum()) or not bar.maximum()):
            QTimer.singleShot(POSE, self, partial(self._scroll, tries - 1))

    def _open(self, _index: object = None) -> None:
        """Go on writing the letter that is chosen."""
        self._reveal()
        self.redacteur.editeur.setFocus()

    def _delete(self, key: str) -> None:
        courriers.delete_courrier(self._desk.library, key)
        self._desk.messages.tell("La lettre est supprimée.", "Annuler", self._desk.library.undo)

    def _try(self, verb: Callable[[str], None]) -> None:
        try:
            verb(self._shown or "")
        except AppError as error:
            self._desk.report(error)

    def _moved(self) -> None:
        if not self.panes.stacked:
            self._desk.state.setValue("courriers/volets", self.panes.split.saveState())

    def _on_change(self, entry: Entry) -> None:
        mine = self.redacteur.courrier
        if entry.touches(*_FAITS) and mine is not None:
            self._reload()
        elif mine is not None and mine.id in entry.ids(Courrier):
            after = next((c.after for c in reversed(entry.changes) if isinstance(c.after or c.before, Courrier)
                          and (c.after or c.before).id == mine.id), None)  # fmt: skip
            if not self.redacteur.is_kept(after):
                self._reload()
        if entry.touches(Courrier, Dossier, Evenement):
            if self.isHidden():  # behind another tab: nobody sees it yet
                self._stale = True
            else:
                self.refresh()

    def _reload(self) -> None:
        if self.isHidden():
            self._facts_changed = True
        else:
            self.redacteur.reload()


def _list_of(library: Library, filtre: FiltreCourriers) -> tuple[list[LigneCourrier], set[str]]:
    """Return the letters of a filter, and those that cite a date corrected since."""
    return courriers.list_courriers(library, filtre), set(expeditions.all_to_rectify(library))
