"""The editor of the body: fields, enclosures, lists, amounts; what is pasted keeps only what a letter can say."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QToolTip
from typing_extensions import override

from mutuelle_desktop.domain.courrier import Bloc, Champ, Fragment, GenreBloc
from mutuelle_desktop.ui.courriers.collage import BLOCS, copied, pasted
from mutuelle_desktop.ui.courriers.document import (
    Feuillet,
    Passage,
    insert_corps,
    paragraph,
    passage_at,
    passages,
    plain,
    read_corps,
    refresh,
    run_of,
    tint,
    write_corps,
)
from mutuelle_desktop.ui.courriers.mise_en_forme import MiseEnForme
from mutuelle_desktop.ui.courriers.mots import told
from mutuelle_desktop.ui.theme import theme

_STANDARD = QKeySequence.StandardKey
_MIENNES = (
    _STANDARD.Undo, _STANDARD.Redo, _STANDARD.Bold, _STANDARD.Italic, _STANDARD.Find, _STANDARD.Copy,
    _STANDARD.Cut, _STANDARD.Delete,
)  # fmt: skip
"""The keys that mean something else in the text than in the menus."""


class Editeur(MiseEnForme):
    """The body of a letter; typed tells that the user changed it, rested that a spell of typing ended.

    at tells the field under the cursor (None elsewhere). Undo belongs to the library: undone and redone ask for it.
    """

    typed = Signal()
    at = Signal(object)
    undone = Signal()
    redone = Signal()
    searched = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setDocument(Feuillet(self))
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(False)
        self.setAccessibleName("Texte de la lettre")
        self.setPlaceholderText("Écrivez ici votre lettre.")
        self.champs: Mapping[str, Champ] = {}
        self.numeros: Mapping[str, int] = {}
        self._quiet = False
        self._within = False
        self.textChanged.connect(self._changed)
        self.cursorPositionChanged.connect(self._moved)
        theme().changed.connect(self._restyle)

    def show_corps(self, corps: Sequence[Bloc], champs: Mapping[str, Champ], numeros: Mapping[str, int]) -> None:
        """Show a body, the cursor kept where it was."""
        place, scrolled = self.textCursor().position(), self.verticalScrollBar().value()
        self.champs, self.numeros = champs, numeros
        self._quiet = True
        write_corps(self.document(), corps, champs, numeros)
        cursor = self.textCursor()
        cursor.setPosition(min(place, self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self._quiet = False
        self.verticalScrollBar().setValue(scrolled)
        self._moved()

    def corps(self) -> tuple[Bloc, ...]:
        """Return what is written."""
        return read_corps(self.document())

    def set_champs(self, champs: Mapping[str, Champ]) -> None:
        """Take in what the fields are now; their looks follow."""
        self.champs = champs
        self._quiet = True
        refresh(self.document(), champs)
        self._quiet = False
        self._tint()

    def insert_piece(self, document_id: str) -> None:
        """Cite an enclosure where the cursor is."""
        self._insert(Fragment(piece=document_id))

    def insert_blocs(self, corps: Sequence[Bloc]) -> None:
        """Put a passage where the cursor is: a lone paragraph goes into the sentence."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        if (len(corps) == 1 and corps[0].genre is GenreBloc.PARAGRAPHE) or cursor.currentTable() is not None:
            for rang, ligne in enumerate(line for bloc in corps for line in bloc.lignes):
                if rang:
                    cursor.insertText("\u2028", QTextCharFormat())
                for fragment in ligne:
                    cursor.insertText(*run_of(fragment, self.champs, self.numeros))
        else:
            insert_corps(cursor, corps, self.champs, self.numeros)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.rested.emit()

    def chosen(self) -> tuple[Bloc, ...]:
        """Return what is chosen, as blocks."""
        copy = Feuillet()
        QTextCursor(copy).insertFragment(self.textCursor().selection())
        return read_corps(copy)

    def passage(self) -> Passage | None:
        """Return the field or the enclosure the cursor is on."""
        return passage_at(self.document(), self.textCursor().position())

    def rebind(self, passage: Passage) -> None:
        """Give a field back the value that is known."""
        cursor = self._over(passage)
        cursor.insertText(*run_of(Fragment(champ=passage.nom), self.champs, self.numeros))
        self.rested.emit()

    def go_to_champ(self, nom: str) -> bool:
        """Choose a field so that typing replaces it; tell whether the body has it."""
        found = [p for p in passages(self.document()) if p.nom == nom]
        if not found:
            return False
        unsaid = next((p for p in found if p.lie), found[0])
        self.setTextCursor(self._over(unsaid))
        self.setFocus()
        return True

    def find_text(self, words: str, *, backward: bool = False) -> bool:
        """Go to the next place that holds these words, from the start again after the last."""
        flags = QTextDocument.FindFlag.FindBackward if backward else QTextDocument.FindFlag(0)
        if not words or self.find(words, flags):
            return bool(words)
        kept = self.textCursor()
        end = QTextCursor.MoveOperation.End if backward else QTextCursor.MoveOperation.Start
        self.moveCursor(end)
        if self.find(words, flags):
            return True
        self.setTextCursor(kept)
        return False

    def count_text(self, words: str) -> int:
        """Return how many times the body holds these words."""
        return self.toPlainText().casefold().count(words.replace("\u00a0", " ").casefold()) if words else 0

    @override
    def createMimeDataFromSelection(self) -> QMimeData:
        """Copy plain words, no-break spaces kept, and the blocks for another letter."""
        return copied(self.textCursor().selectedText(), self.chosen())

    @override
    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() or source.hasFormat(BLOCS)

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take in what a letter can say: words, bold, italic, lists, tables; nothing of the looks it came with."""
        self.insert_blocs(pasted(source))

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.matches(_STANDARD.Paste) and not self._mine(event):
                event.ignore()
                return False
            if self._mine(event):
                event.accept()
                return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            return self._tell(event)
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._command(event):
            event.accept()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(event)
            self.rested.emit()
            return
        if event.text() and event.text().isprintable():
            self._begin_typing()
        elif event.key() not in (Qt.Key.Key_Backspace, Qt.Key.Key_Shift, Qt.Key.Key_AltGr):
            self._within = False
        super().keyPressEvent(event)

    @override
    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._begin_typing()
        super().inputMethodEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._within = False
        super().mousePressEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the whole of a missing field when it is clicked: typing then says it."""
        super().mouseReleaseEvent(event)
        passage = self.passage()
        inside = passage is not None and passage.debut < self.textCursor().position() < passage.fin
        if inside and passage is not None and not self.textCursor().hasSelection() and (passage.piece or passage.lie):
            self.setTextCursor(self._over(passage))

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.rested.emit()

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go to the next cell of a table, else on to the next control: the keyboard is never held here."""
        return self.next_cell(1 if forward else -1) or QFrame.focusNextPrevChild(self, forward)

    def _mine(self, event: QKeyEvent) -> bool:
        if self.isReadOnly():
            return event.matches(_STANDARD.Copy) or event.matches(_STANDARD.Find)
        if event.matches(_STANDARD.Paste):
            held = QGuiApplication.clipboard().mimeData()
            return not held.hasUrls() and self.canInsertFromMimeData(held)
        return any(event.matches(key) for key in _MIENNES)

    def _command(self, event: QKeyEvent) -> bool:
        """Carry out the keys that are not typing; tell whether this was one."""
        if event.matches(_STANDARD.Find):
            self.searched.emit()
            return True
        if self.isReadOnly():
            return False
        deeds = (
            (_STANDARD.Undo, self.undone.emit),
            (_STANDARD.Redo, self.redone.emit),
            (_STANDARD.Bold, self.toggle_bold),
            (_STANDARD.Italic, self.toggle_italic),
        )
        for key, run in deeds:
            if event.matches(key):
                run()
                return True
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            return self._erase_whole(event.key() == Qt.Key.Key_Backspace)
        return False

    def _enter(self, event: QKeyEvent) -> None:
        cursor = self.textCursor()
        if cursor.currentTable() is not None:
            if not self.next_cell(1):
                self.add_row()
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            cursor.insertText("\u2028", plain(cursor.charFormat()))
            return
        if cursor.currentList() is not None and not cursor.block().text():
            cursor.setBlockFormat(paragraph())
            return
        if cursor.currentList() is not None:
            cursor.insertBlock(cursor.blockFormat(), plain(cursor.charFormat()))
        else:
            cursor.insertBlock(paragraph(), plain(cursor.charFormat()))
        self.setTextCursor(cursor)

    def _erase_whole(self, back: bool) -> bool:
        """Erase an enclosure or an unsaid field as one thing, rather than letter by letter."""
        cursor = self.textCursor()
        if cursor.hasSelection():
            return False
        place = cursor.position()
        for passage in passages(self.document()):
            edge = passage.fin if back else passage.debut
            if edge == place and (passage.piece or passage.lie):
                self._over(passage).removeSelectedText()
                self.rested.emit()
                return True
        return False

    def _over(self, passage: Passage) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(passage.debut)
        cursor.setPosition(passage.fin, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _insert(self, fragment: Fragment) -> None:
        cursor = self.textCursor()
        cursor.insertText(*run_of(fragment, self.champs, self.numeros))
        self.setTextCursor(cursor)
        self._leave_field()
        self.rested.emit()

    def _begin_typing(self) -> None:
        """See whether what is typed next belongs to a field: over a chosen one, inside one, or going on with one."""
        cursor = self.textCursor()
        first, last = cursor.selectionStart(), cursor.selectionEnd()
        passage = passage_at(self.document(), last)
        held = passage is not None and passage.nom and passage.debut <= first and last <= passage.fin
        if not held or passage is None:
            self._within = False
        elif cursor.hasSelection():
            self._within = True
            cursor.setPosition(first)
            cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(cursor)
        else:
            self._within = passage.debut < last < passage.fin or (self._within and last == passage.fin)
        self._leave_field()

    def _leave_field(self) -> None:
        """Let what is typed at the edge of a field stay out of it."""
        cursor = self.textCursor()
        if cursor.hasSelection() or self._within:
            return
        passage = self.passage()
        if passage is not None and cursor.position() in (passage.debut, passage.fin):
            self.setCurrentCharFormat(plain(cursor.charFormat()))

    def _moved(self) -> None:
        if not self._quiet:
            self._leave_field()
            self.at.emit(self.passage())

    def _changed(self) -> None:
        if not self._quiet:
            self._tint()
            self.typed.emit()

    def _tint(self, *, whole: bool = False) -> None:
        self._quiet = True
        tint(self.document(), self.champs, whole=whole)
        self._quiet = False

    def _restyle(self) -> None:
        self._tint(whole=True)

    def _tell(self, event: QHelpEvent) -> bool:
        """Say of a field what it is and what is known, where the pointer rests."""
        point: QPoint = event.pos()
        passage = passage_at(self.document(), self.cursorForPosition(point).position())
        QToolTip.showText(event.globalPos(), told(passage, self.champs) if passage else "", self)
        return True
