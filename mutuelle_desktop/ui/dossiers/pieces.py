"""The papers of a dossier, in the order of their numbers: seen, moved, copied, dragged out, taken away."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from mutuelle_desktop.services.documents import LignePiece, remove_from_dossier, reorder_pieces, set_copie
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.documents.dehors import Dehors, Glisse
from mutuelle_desktop.ui.widgets.basics import Card, button, label, link, row, rule, tool


class PiecesCard(Card):
    """One card; do(verb, …) carries out a verb of the services, add asks for papers."""

    def __init__(
        self, desk: Desk, dehors: Dehors, rows: Sequence[LignePiece], do: Callable[..., None], add: Callable[[], None]
    ) -> None:
        super().__init__("Pièces", role="carte-depot")
        self._desk, self._dehors, self._do = desk, dehors, do
        if rows:
            ids = [piece.piece.document_id for piece in rows]
            everything = tool("copier", "Copier toutes les pièces, ou les glisser d’ici vers un courriel ou un dossier",
                              partial(dehors.copy_files, ids))  # fmt: skip
            Glisse(dehors, everything, lambda: ids)
            self.head.addWidget(everything)
        for number, piece in enumerate(rows, start=1):
            self.body.addLayout(self._paper(rows, number, piece))
            self.body.addWidget(rule())
        hint = label("Déposez ici un papier pour ce dossier", "secondaire", wrap=True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.body.addWidget(hint)
        self.body.addLayout(row(None, button("Ajouter des papiers…", add), None))
        self.body.addStretch(1)

    def _paper(self, rows: Sequence[LignePiece], number: int, piece: LignePiece) -> QHBoxLayout:
        document = piece.ligne.document
        words = QVBoxLayout()
        words.setSpacing(0)
        title = link(f"{number} · {document.titre}", partial(self._desk.open, "Document", document.id))
        Glisse(self._dehors, title, lambda: [document.id])
        words.addWidget(title)
        kind = fr.majuscule(str(document.type)) if document.type else "Sans type"
        state = "copie" if piece.piece.copie else "original"
        words.addWidget(label(f"{kind} · {state} · {piece.ligne.lecture.libelle}", "secondaire", wrap=True))
        line = QHBoxLayout()
        line.addLayout(words, 1)
        more = tool("menu", f"Autres actions sur la pièce {number}", lambda: None)
        more.clicked.connect(partial(self._piece_menu, more, rows, number - 1))
        line.addWidget(more)
        return line

    def _piece_menu(self, anchor: QWidget, rows: Sequence[LignePiece], place: int, _checked: bool = False) -> None:
        piece = rows[place].piece
        ids = [found.piece.document_id for found in rows]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def moved(step: int) -> list[str]:
            order = list(ids)
            order.insert(place + step, order.pop(place))
            return order

        if place:
            menu.addAction("Monter").triggered.connect(
                lambda: self._do(reorder_pieces, piece.dossier_id, moved(-1)))  # fmt: skip
        if place < len(rows) - 1:
            menu.addAction("Descendre").triggered.connect(
                lambda: self._do(reorder_pieces, piece.dossier_id, moved(1)))  # fmt: skip
        text = "C’est l’original" if piece.copie else "C’est une copie"
        menu.addAction(text).triggered.connect(lambda: self._do(set_copie, piece.id, not piece.copie))
        menu.addAction("Copier le papier").triggered.connect(lambda: self._dehors.copy_files([piece.document_id]))
        menu.addSeparator()
        menu.addAction("Retirer de ce dossier").triggered.connect(
            lambda: self._do(remove_from_dossier, piece.dossier_id, [piece.document_id]))  # fmt: skip
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))
