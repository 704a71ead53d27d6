"""The bar above the editor, what says the field one is on, and the search within the letter."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from mutuelle_desktop.domain.courrier import GenreBloc
from mutuelle_desktop.ui.courriers.document import EtatChamp, Passage, etat_of
from mutuelle_desktop.ui.courriers.editeur import Editeur
from mutuelle_desktop.ui.courriers.mots import told
from mutuelle_desktop.ui.widgets.basics import button, label, row, tool
from mutuelle_desktop.ui.widgets.flow import Flow


class Barre(QWidget):
    """Bold, italic, lists, amounts, phrases, typography, search."""

    phrases = Signal()
    kept = Signal()
    typography = Signal()

    def __init__(self, editeur: Editeur) -> None:
        super().__init__()
        self._editeur = editeur
        more = tool("menu", "Autres outils du texte", lambda: None)
        more.clicked.connect(partial(self._more, more))
        table = tool("grille", "Tableau de montants", lambda: None)
        table.clicked.connect(partial(self._table, table))
        line = Flow(
            tool("gras", "Gras (Ctrl+B)", editeur.toggle_bold),
            tool("italique", "Italique (Ctrl+I)", editeur.toggle_italic),
            tool("liste", "Liste", partial(editeur.toggle_list, GenreBloc.PUCES)),
            tool("numeros", "Liste numérotée", partial(editeur.toggle_list, GenreBloc.NUMEROS)),
            table,
            tool("chercher", "Chercher dans la lettre (Ctrl+F)", editeur.searched.emit),
            more,
            spacing=2,
        )
        self.setLayout(line)

    def _table(self, anchor: QWidget, _checked: bool = False) -> None:
        inside = self._editeur.textCursor().currentTable() is not None
        menu = _menu(anchor)
        menu.addAction("Insérer un tableau de montants").triggered.connect(self._editeur.insert_table)
        for text, run in (
            ("Ajouter une ligne", self._editeur.add_row),
            ("Retirer cette ligne", self._editeur.remove_row),
        ):
            action = menu.addAction(text)
            action.setEnabled(inside)
            action.triggered.connect(run)
        menu.actions()[0].setEnabled(not inside)
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))

    def _more(self, anchor: QWidget, _checked: bool = False) -> None:
        menu = _menu(anchor)
        menu.addAction("Mes phrases…").triggered.connect(self.phrases.emit)
        keep = menu.addAction("Garder le passage choisi comme phrase…")
        keep.setEnabled(self._editeur.textCursor().hasSelection())
        keep.triggered.connect(self.kept.emit)
        menu.addAction("Revoir la typographie…").triggered.connect(self.typography.emit)
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))


class ChampBar(QWidget):
    """Says what the field under the cursor is, with both values where they differ, and gives the known one back."""

    def __init__(self, editeur: Editeur) -> None:
        super().__init__()
        self._editeur = editeur
        self._passage: Passage | None = None
        self.text = label("", "secondaire", wrap=True)
        self.back = button("Reprendre la valeur du dossier", self._rebind, "lien")
        self.setLayout(row(self.text, None, self.back))
        editeur.at.connect(self.show_passage)
        self.show_passage(None)

    def show_passage(self, passage: Passage | None) -> None:
        """Show a field, or nothing."""
        self._passage = passage
        self.text.setText(told(passage, self._editeur.champs) if passage else "")
        own = passage is not None and etat_of(passage, self._editeur.champs) is EtatChamp.PROPRE
        champ = self._editeur.champs.get(passage.nom) if passage else None
        self.back.setVisible(own and bool(champ and champ.valeur) and not self._editeur.isReadOnly())
        self.setVisible(passage is not None)

    def _rebind(self) -> None:
        if self._passage is not None:
            self._editeur.rebind(self._passage)
            self._editeur.setFocus()


class FindBar(QWidget):
    """Searches within the letter as one types; Enter goes on, Escape leaves."""

    def __init__(self, editeur: Editeur) -> None:
        super().__init__()
        self._editeur = editeur
        self.field = QLineEdit()
        self.field.setPlaceholderText("Chercher dans la lettre")
        self.field.setAccessibleName("Chercher dans la lettre")
        self.count = label("", "secondaire")
        self.field.textEdited.connect(self._typed)
        self.field.returnPressed.connect(self.find_next)
        self.setLayout(row(self.field, self.count, tool("precedent", "Trouvé précédent (Maj+F3)", self.find_previous),
                           tool("suivant", "Trouvé suivant (F3)", self.find_next),
                           tool("fermer", "Fermer la recherche", self.leave)))  # fmt: skip
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.leave,
                  context=Qt.ShortcutContext.WidgetWithChildrenShortcut)  # fmt: skip
        self.hide()

    def begin(self) -> None:
        """Open the search, with the words chosen in the letter."""
        chosen = self._editeur.textCursor().selectedText()
        if chosen and len(chosen) < 60:
            self.field.setText(chosen)
        self.show()
        self.field.setFocus()
        self.field.selectAll()

    def leave(self) -> None:
        """Close the search and go back to the letter."""
        self.hide()
        self._editeur.setFocus()

    def find_next(self) -> None:
        """Go to the next place."""
        self._find(backward=False)

    def find_previous(self) -> None:
        """Go to the place before."""
        self._find(backward=True)

    def _typed(self) -> None:
        cursor = self._editeur.textCursor()
        cursor.setPosition(cursor.selectionStart())
        self._editeur.setTextCursor(cursor)
        self._find(backward=False)

    def _find(self, *, backward: bool) -> None:
        words = self.field.text()
        self._editeur.find_text(words, backward=backward)
        found = self._editeur.count_text(words)
        self.count.setText(f"{found}\u00a0trouvé{'s' if found > 1 else ''}" if words else "")


def _menu(anchor: QWidget) -> QMenu:
    menu = QMenu(anchor)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu
