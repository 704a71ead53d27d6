"""The letter for the box of an espace client: its text, its length against the limit of the box, copied whole."""

from collections.abc import Callable

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QDialog, QPlainTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.domain.courrier import Lettre
from mutuelle_desktop.rendering.message import Message, message_of
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.courriers.nombres import LimiteField
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import button, label
from mutuelle_desktop.ui.widgets.flow import Flow
from mutuelle_desktop.ui.widgets.order import Ordered

LIMITE = "message/limite"


class _Texte(QPlainTextEdit):
    """A text to read whose copied parts keep their no-break spaces: Qt turns them into plain ones."""

    @override
    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        data.setText(self.textCursor().selectedText().replace("\u2029", "\n").replace("\u2028", "\n"))
        return data


class MessageDialog(Ordered, QDialog):
    """Shows the text exactly as it will be pasted; nothing is cut without being said."""

    def __init__(self, desk: Desk, parent: QWidget, lettre: Lettre, pieces: Callable[[], None]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Message pour l’espace client")
        self._desk, self._lettre = desk, lettre
        self.objet = QCheckBox("Avec l’objet en première ligne")
        self.objet.setChecked(True)
        self.objet.toggled.connect(self._show)
        self.limite = LimiteField(_kept(desk))
        self.limite.setAccessibleName("Limite de la case, en caractères")
        self.limite.textChanged.connect(self._show)
        self.texte = _Texte(readOnly=True)
        self.texte.setTabChangesFocus(True)
        self.texte.setAccessibleName("Texte du message")
        self.longueur = label("", wrap=True)
        self.exces = label("", "erreur", wrap=True)
        box = label("Limite de la case, en caractères")
        box.setBuddy(self.limite)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.addWidget(label(_WORDS, wrap=True))
        layout.addLayout(Flow(box, self.limite, self.objet, spacing=8))
        layout.addWidget(self.texte, 1)
        layout.addWidget(self.longueur)
        layout.addWidget(self.exces)
        self.copier = button("Copier le message", self.copy, "principal", "copier")
        self.copier_objet = button("Copier l’objet", self.copy_subject, icon="copier")
        self.copier_objet.setVisible(bool(lettre.objet))
        self.pieces = button("Enregistrer les pièces…", pieces, icon="exporter")
        self.pieces.setVisible(bool(lettre.pieces))
        foot = QWidget()
        foot.setLayout(Flow(self.copier, self.copier_objet, self.pieces, button("Fermer", self.accept), spacing=8))
        layout.addWidget(foot)
        room = parent.screen().availableGeometry()
        self.resize(min(theme().px(680), room.width() - 60), min(theme().px(640), room.height() - 60))
        self._show()
        self.copier.setFocus()

    def copy(self) -> None:
        """Put the message in the clipboard, as plain text, its no-break spaces kept."""
        _put(self._message().texte)
        self._desk.messages.tell(
            "Le message est copié\u00a0: collez-le dans la case de l’espace client.", kind="success"
        )

    def copy_subject(self) -> None:
        """Put the subject in the clipboard: many forms have a box of its own for it."""
        _put(self._lettre.objet)
        self._desk.messages.tell("L’objet est copié.", kind="success")

    def _message(self) -> Message:
        return message_of(self._lettre, objet=self.objet.isChecked())

    def _show(self) -> None:
        message, limite = self._message(), self.limite.value()
        self._desk.state.setValue(LIMITE, limite)
        self.texte.setPlainText(message.texte)
        said = _count(message.longueur)
        self.longueur.setText(f"{said} sur {_number(limite)}." if limite else f"{said}.")
        excess = message.excess(limite) if limite else 0
        words = (
            f"{fr.pluriel(excess, 'caractère')} de trop pour cette case. Raccourcissez la lettre, ou collez un court "
            "message et joignez le PDF."
        )
        self.exces.setText(words if excess else "")
        self.exces.setVisible(bool(excess))


_WORDS = (
    "Le texte de la lettre, sans adresse ni mise en page. Les espaces insécables sont gardées. Joignez les pièces par "
    "le bouton du site, puis gardez une capture de la confirmation."
)


def _put(text: str) -> None:
    """Copy through MIME data: what a text field copies loses its no-break spaces."""
    data = QMimeData()
    data.setText(text)
    QGuiApplication.clipboard().setMimeData(data)


def _kept(desk: Desk) -> int:
    held = str(desk.state.value(LIMITE, 0))
    return int(held) if held.isascii() and held.isdigit() else 0


def _count(number: int) -> str:
    return f"{_number(number)} caractère{'s' if number > 1 else ''}"


def _number(number: int) -> str:
    return f"{number:,}".replace(",", "\u202f")
