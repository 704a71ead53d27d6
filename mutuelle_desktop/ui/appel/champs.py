"""The fields of the call window: text that grows, numbers to copy, headings."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.domain.appel import Numero
from mutuelle_desktop.domain.evenement import Canal, Evenement
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dossiers.etapes import Etapes
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import label, tool

SECRET = 30_000
"""Milliseconds a secret number may stay in the clipboard."""


class GrowingText(QPlainTextEdit):
    """A text that shows all of itself: as high as what is typed; Tab leaves it."""

    def __init__(self, text: str = "", name: str = "", hint: str = "", rows: int = 1) -> None:
        super().__init__(text)
        self._rows = rows
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self._fit()

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme().px(200), self._wanted())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(theme().px(80), self._wanted())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._rows == 1 and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.focusNextChild()
            return
        super().keyPressEvent(event)

    def _wanted(self) -> int:
        lines = max(self._rows, round(self.document().size().height()))
        return lines * self.fontMetrics().lineSpacing() + theme().px(16) + 6

    def _fit(self) -> None:
        if self.height() != self._wanted():
            self.setFixedHeight(self._wanted())


class NumberLine(QWidget):
    """A number to give, with its copy button; a secret one is masked until its eye is pressed."""

    def __init__(self, numero: Numero, told: Callable[[str], Any]) -> None:
        super().__init__()
        self._numero, self._told = numero, told
        self._bare = not numero.secret
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(numero.libelle, "secondaire", wrap=True))
        self.value = label(numero.affiche, "fort", wrap=True, selectable=not numero.secret)
        words.addWidget(self.value)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        line.addLayout(words, 1)
        if numero.secret:
            self.eye = tool("oeil", f"Montrer : {numero.libelle}", self._reveal)
            line.addWidget(self.eye)
        self.copier = tool("copier", f"Copier : {numero.libelle}", self._copy)
        line.addWidget(self.copier)
        self.setAccessibleName(f"{numero.libelle} : {numero.affiche}")

    def _reveal(self) -> None:
        self._bare = not self._bare
        self.value.setText(self._numero.valeur if self._bare else self._numero.affiche)
        verb = "Masquer" if self._bare else "Montrer"
        self.eye.setToolTip(f"{verb} : {self._numero.libelle}")
        self.eye.setAccessibleName(f"{verb} : {self._numero.libelle}")

    def _copy(self) -> None:
        copy_text(self._numero.valeur, secret=self._numero.secret)
        gone = " Il quittera le presse-papiers dans 30 secondes." if self._numero.secret else ""
        self._told(f"{self._numero.libelle} copié.{gone}")


def copy_text(text: str, *, secret: bool = False) -> None:
    """Put a text in the clipboard; a secret one leaves it half a minute later, if it is still there."""
    QGuiApplication.clipboard().setText(text)
    if secret:
        QTimer.singleShot(SECRET, lambda: forget_text(text))


def forget_text(text: str) -> None:
    """Empty the clipboard when it still holds this text."""
    if QGuiApplication.clipboard().text() == text:
        QGuiApplication.clipboard().clear()


class Step(QWidget):
    """One of the three steps: parts, one under the other."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(10)


def note_event(desk: Desk, parent: QWidget, dossier_id: str, event: Evenement | None, canal: Canal | None) -> None:
    """Note or correct an event of the dossier, above the call window."""
    Etapes(desk, parent.window()).note(dossier_id, event, canal=canal)


class Part(QWidget):
    """One titled part of a step."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 4, 0, 6)
        self.body.setSpacing(6)
        self.head = QHBoxLayout()
        self.head.addWidget(label(title, "carte-titre", wrap=True), 1)
        self.body.addLayout(self.head)
