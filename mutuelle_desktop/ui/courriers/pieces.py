"""The enclosures of a letter: their order is their numbers; added from the dossier, cited in the text."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QMenu, QVBoxLayout, QWidget

from mutuelle_desktop.domain.courrier import Courrier, EtatCourrier, PieceJointe, piece_en_lettres
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.services.documents import Filtre, document_ids, fetch, pieces_of
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.widgets.basics import button, label
from mutuelle_desktop.ui.widgets.flow import Flow

_KEY = Qt.ItemDataRole.UserRole
_AUTRES = 40
"""Papers of no dossier that the menu offers, the newest first."""


class Pieces(QWidget):
    """The list of enclosures; changed gives their ids in order, cite asks to name one in the text."""

    changed = Signal(object)
    cite = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._courrier: Courrier | None = None
        self.view = QListWidget()
        self.view.setAccessibleName("Pièces jointes")
        self.view.setWordWrap(True)
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.view.model().rowsMoved.connect(self._moved)
        self.view.itemActivated.connect(self._cite)
        self.view.currentRowChanged.connect(self._allow)
        self.add_button = button("Joindre un papier…", lambda: None, "principal")
        self.add_button.clicked.connect(self._menu)
        self.cite_button = button("Citer dans le texte", self._cite)
        self.up = button("Monter", partial(self._move, -1), "discret")
        self.down = button("Descendre", partial(self._move, 1), "discret")
        self.out = button("Retirer", self._remove, "discret")
        self.vide = label(
            "Rien n’est joint. Joignez des copies, jamais les originaux\u00a0: l’ordre de la liste donne leur numéro.",
            "soustitre", wrap=True,
        )  # fmt: skip
        verbs = QWidget()
        verbs.setLayout(Flow(self.add_button, self.cite_button, self.up, self.down, self.out))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 8, 4, 8)
        layout.addWidget(verbs)
        layout.addWidget(self.vide)
        layout.addWidget(self.view, 1)

    def show_pieces(self, courrier: Courrier, pieces: Sequence[PieceJointe]) -> None:
        """Show the enclosures of a letter, numbered."""
        self._courrier = courrier
        chosen = self.view.currentItem().data(_KEY) if self.view.currentItem() else None
        self.view.clear()
        for piece in pieces:
            item = QListWidgetItem(f"{piece.numero}. {piece_en_lettres(piece)}")
            item.setData(_KEY, piece.document_id)
            self.view.addItem(item)
            if piece.document_id == chosen:
                self.view.setCurrentItem(item)
        self.vide.setVisible(not pieces)
        self.view.setVisible(bool(pieces))
        self._allow()

    def ids(self) -> tuple[str, ...]:
        """Return the ids of the enclosures, in order."""
        return tuple(self.view.item(n).data(_KEY) for n in range(self.view.count()))

    def choices(self) -> list[tuple[str, str]]:
        """Return the papers that may be joined: those of the dossier, else the newest; title and id."""
        library, courrier = self._desk.library, self._courrier
        if courrier is None:
            return []
        held = set(courrier.pieces) | {courrier.document_id}
        if courrier.dossier_id:
            rows = [one.ligne for one in pieces_of(library, courrier.dossier_id)]
        else:
            rows = list(fetch(library, document_ids(library, Filtre())[:_AUTRES]).values())
        return [(row.document.titre, row.id) for row in rows if row.id not in held]

    def _menu(self, _checked: bool = False) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        found = self.choices()
        for title, key in found:
            menu.addAction(title.replace("&", "&&")).triggered.connect(partial(self._add, key))
        if len(found) > 1:
            menu.addSeparator()
            menu.addAction("Tous ces papiers").triggered.connect(partial(self._add_all, [key for _title, key in found]))
        if not found:
            menu.addAction("Aucun autre papier dans ce dossier").setEnabled(False)
        menu.popup(self.add_button.mapToGlobal(self.add_button.rect().bottomLeft()))

    def _add(self, key: str, _checked: bool = False) -> None:
        self._add_all([key])

    def _add_all(self, keys: Sequence[str], _checked: bool = False) -> None:
        self.changed.emit((*self.ids(), *keys))

    def _remove(self) -> None:
        row = self.view.currentRow()
        self.changed.emit(tuple(key for n, key in enumerate(self.ids()) if n != row))

    def _move(self, step: int) -> None:
        ids, row = list(self.ids()), self.view.currentRow()
        if 0 <= row < len(ids) and 0 <= row + step < len(ids):
            ids.insert(row + step, ids.pop(row))
            self.changed.emit(tuple(ids))

    def _moved(self) -> None:
        self.changed.emit(self.ids())

    def _cite(self, _item: object = None) -> None:
        item = self.view.currentItem()
        if item is not None:
            self.cite.emit(item.data(_KEY))
        elif self.view.count():
            self._desk.report(Refused("Choisissez d’abord la pièce à citer."))

    def _allow(self, _row: int = 0) -> None:
        draft = self._courrier is not None and self._courrier.etat is EtatCourrier.BROUILLON
        row, count = self.view.currentRow(), self.view.count()
        for made, held in ((self.add_button, True), (self.cite_button, row >= 0), (self.out, row >= 0),
                           (self.up, row > 0), (self.down, 0 <= row < count - 1)):  # fmt: skip
            made.setEnabled(draft and held)
        self.view.setDragEnabled(draft)
