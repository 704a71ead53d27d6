"""What gives the body its form: bold, italic, lists, tables of amounts."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from mutuelle_desktop.domain.courrier import GenreBloc
from mutuelle_desktop.ui.courriers.document import STYLES, paragraph, table_format


class MiseEnForme(QTextEdit):
    """A text whose form is that of letters; rested tells that one thing was done, which undo takes back alone."""

    rested = Signal()

    def toggle_bold(self) -> None:
        """Make the words chosen bold, or no longer."""
        style = QTextCharFormat()
        bold = self.textCursor().charFormat().fontWeight() >= QFont.Weight.DemiBold
        style.setFontWeight(QFont.Weight.Normal if bold else QFont.Weight.Bold)
        self._style(style)

    def toggle_italic(self) -> None:
        """Make the words chosen italic, or no longer."""
        style = QTextCharFormat()
        style.setFontItalic(not self.textCursor().charFormat().fontItalic())
        self._style(style)

    def toggle_list(self, genre: GenreBloc) -> None:
        """Make the paragraphs chosen a list, or plain paragraphs again."""
        cursor = self.textCursor()
        if cursor.currentTable() is not None:
            return
        cursor.beginEditBlock()
        if cursor.currentList() is not None:
            first, last = sorted((cursor.anchor(), cursor.position()))
            block = self.document().findBlock(first)
            while block.isValid() and block.position() <= last:
                QTextCursor(block).setBlockFormat(paragraph())
                block = block.next()
        else:
            cursor.createList(STYLES[genre])
        cursor.endEditBlock()
        self.rested.emit()

    def insert_table(self) -> None:
        """Put a table of amounts after this paragraph."""
        cursor = self.textCursor()
        if cursor.currentTable() is not None:
            return
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        table = cursor.insertTable(3, 2, table_format())
        for row, column, text in ((0, 0, "Élément"), (0, 1, "Montant"), (2, 0, "Total")):
            table.cellAt(row, column).firstCursorPosition().insertText(text)
        self.setTextCursor(table.cellAt(1, 0).firstCursorPosition())
        self.rested.emit()

    def add_row(self) -> None:
        """Add a row under the one the cursor is in."""
        cursor = self.textCursor()
        table = cursor.currentTable()
        if table is not None:
            row = table.cellAt(cursor).row()
            table.insertRows(row + 1, 1)
            self.setTextCursor(table.cellAt(row + 1, 0).firstCursorPosition())
            self.rested.emit()

    def remove_row(self) -> None:
        """Remove the row the cursor is in, and the table with its last row."""
        table = self.textCursor().currentTable()
        if table is not None:
            table.removeRows(table.cellAt(self.textCursor()).row(), 1)
            self.rested.emit()

    def next_cell(self, step: int) -> bool:
        """Go to the next cell, or the one before (-1), a row added after the last; tell whether there is one."""
        cursor = self.textCursor()
        table = cursor.currentTable()
        if table is None:
            return False
        cell = table.cellAt(cursor)
        place = cell.row() * table.columns() + cell.column() + step
        if place >= table.rows() * table.columns() and not self.isReadOnly():
            table.insertRows(table.rows(), 1)
        if not 0 <= place < table.rows() * table.columns():
            return False
        self.setTextCursor(table.cellAt(*divmod(place, table.columns())).firstCursorPosition())
        return True

    def _style(self, style: QTextCharFormat) -> None:
        if not self.isReadOnly():
            self.mergeCurrentCharFormat(style)
            self.rested.emit()
