"""Asking the user: files, folders, a word, a form. Tests answer in their place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFileDialog,  # noqa: TID251 - this is the place
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.ui.termes import Explainer, explain
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import label, named
from mutuelle_desktop.ui.widgets.faults import Faults, entry_of
from mutuelle_desktop.ui.widgets.order import Ordered, read_as_laid

PAPIERS = "Papiers (*.pdf *.jpg *.jpeg *.png *.tif *.tiff *.heic *.heif *.webp *.bmp *.gif);;Tous les fichiers (*)"


class Dialogs:
    """The questions the interface may ask."""

    def choose_files(self, parent: QWidget) -> list[Path]:
        """Ask for papers to add."""
        found, _ = QFileDialog.getOpenFileNames(parent, "Ajouter des papiers", "", PAPIERS)
        return [Path(name) for name in found]

    def choose_folder(self, parent: QWidget, title: str) -> Path | None:
        """Ask for a folder."""
        found = QFileDialog.getExistingDirectory(parent, title)
        return Path(found) if found else None

    def save_as(self, parent: QWidget, title: str, name: str, kind: str) -> Path | None:
        """Ask where to write a file, proposing a name; kind is such as « Documents PDF (*.pdf) »."""
        found, _ = QFileDialog.getSaveFileName(parent, title, str(Path.home() / name), kind)
        return Path(found) if found else None

    def ask_text(self, parent: QWidget, title: str, question: str, initial: str = "") -> str | None:
        """Ask for a few words; None when the user gives up."""
        return self._ask(parent, title, question, initial, QLineEdit.EchoMode.Normal)

    def ask_password(self, parent: QWidget, question: str) -> str | None:
        """Ask for a password; None when the user gives up."""
        return self._ask(parent, "Mot de passe", question, "", QLineEdit.EchoMode.Password)

    def run(self, dialog: QDialog) -> bool:
        """Show a dialog until it is answered; tell whether it was accepted."""
        Explainer(dialog)
        return dialog.exec() == QDialog.DialogCode.Accepted

    def _ask(self, parent: QWidget, title: str, question: str, initial: str, echo: QLineEdit.EchoMode) -> str | None:
        field = QLineEdit(initial)
        field.setEchoMode(echo)
        dialog = FormDialog(parent, title, lambda: None, "Continuer")
        dialog.add("", label(question, wrap=True))
        dialog.add("Réponse" if echo is QLineEdit.EchoMode.Normal else "Mot de passe", field)
        answer = field.text() if self.run(dialog) else None
        dialog.deleteLater()
        return answer


class FormDialog(Ordered, QDialog):
    """A form with French buttons: an error is shown under the fields and nothing is lost."""

    def __init__(self, parent: QWidget | None, title: str, save: Callable[[], Any], verb: str = "Enregistrer") -> None:
        """Call save on acceptance; an AppError it raises keeps the form open and is shown."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self._save = save
        self._first: QWidget | None = None
        self._rows: dict[QWidget, QWidget] = {}
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        above = theme().echelle >= 150
        policy = QFormLayout.RowWrapPolicy
        self._form.setRowWrapPolicy(policy.WrapAllRows if above else policy.WrapLongRows)
        self._form.setVerticalSpacing(12)
        self._form.setHorizontalSpacing(16)
        content = named(QWidget(), "contenu")
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._form)
        column.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setWidget(content)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.error = label("", "erreur", wrap=True)
        self.error.hide()
        self._faults = Faults(self.error)
        buttons = QDialogButtonBox()
        self.accept_button = buttons.addButton(verb, QDialogButtonBox.ButtonRole.AcceptRole)
        self.accept_button.setProperty("role", "principal")
        buttons.addButton("Annuler", QDialogButtonBox.ButtonRole.RejectRole)
        read_as_laid(buttons)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.addWidget(scroll, 1)
        layout.addWidget(self.error)
        layout.addWidget(buttons)
        self._scroll = scroll

    def add(self, name: str, field: QWidget, help_text: str = "") -> QWidget:
        """Add a named field, with a line of help under it when there is one."""
        named, entry = QLabel(name), entry_of(field)
        if name:
            named.setBuddy(entry)
            field.setAccessibleName(name)
            entry.setAccessibleName(entry.accessibleName() or name)
        self._rows[field] = field
        self._faults.watch(name, field)
        if help_text:
            field.setAccessibleDescription(help_text)
            entry.setAccessibleDescription(entry.accessibleDescription() or help_text)
            self._rows[field] = _helped(field, help_text)
        if not name and isinstance(field, QLabel):
            self._rows[field] = _Snug(field)
        if (
            not name and isinstance(field, QLabel) and field.property("role") != "secondaire"
        ):  # what is said of the whole form takes its whole width
            self._form.addRow(self._rows[field])
        else:
            self._form.addRow(named, self._rows[field])
        for one in (named, field):
            explain(one)
        if self._first is None and entry.focusPolicy() is not Qt.FocusPolicy.NoFocus:
            self._first = entry
        return field

    def show_row(self, field: QWidget, shown: bool) -> None:
        """Show or hide a field, its name and its help."""
        self._form.setRowVisible(self._rows[field], shown)

    def sizeHint(self) -> QSize:  # noqa: D102 - Qt's
        content = self._scroll.widget()
        screen = QApplication.primaryScreen().availableGeometry()
        wide = min(max(theme().px(600), (content.sizeHint().width() if content else 0) + 90), screen.width() - 80)
        high = self._form.totalHeightForWidth(wide - 90) + theme().px(120)
        return QSize(wide, min(high, screen.height() - 80))

    def showEvent(self, event: QShowEvent) -> None:  # noqa: D102 - Qt's
        self.resize(self.sizeHint())
        if self._first is not None:
            self._first.setFocus()
        super().showEvent(event)

    def _accept(self) -> None:
        try:
            self._save()
        except AppError as error:
            self._faults.show(error)
            return
        self.accept()


class _Snug(QWidget):
    """A text in a form: it asks for the height it takes at the width there is, and for no more."""

    def __init__(self, text: QLabel) -> None:
        super().__init__()
        self._text = text
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(text)

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._text.sizeHint().width(), self._text.fontMetrics().height())


def _helped(field: QWidget, text: str) -> QWidget:
    """Return a field with its line of help close under it."""
    helped = QWidget()
    column = QVBoxLayout(helped)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(4)
    column.addWidget(field)
    column.addWidget(_Snug(label(text, "secondaire", wrap=True)))
    return helped


def multiline(text: str, rows: int = 3) -> QPlainTextEdit:
    """Return a field for several lines; Tab leaves it."""
    field = QPlainTextEdit(text)
    field.setTabChangesFocus(True)
    field.setMaximumHeight(field.fontMetrics().lineSpacing() * rows + 24)
    return field


def report_dialog(parent: QWidget | None, text: str) -> QDialog:
    """Return the window that shows an unexpected failure, to be copied by hand only."""
    dialog = QDialog(parent)
    dialog.setWindowTitle("Une erreur inattendue")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    layout = QVBoxLayout(dialog)
    layout.addWidget(
        label(
            "Le programme a rencontré une erreur qu’il ne connaît pas. Vos papiers et vos dossiers sont intacts. Ce "
            "rapport ne contient aucune donnée personnelle ; vous pouvez le copier pour le signaler.",
            wrap=True,
        )
    )
    view = QPlainTextEdit(text, readOnly=True)
    layout.addWidget(view)
    buttons = QDialogButtonBox()
    copy = QPushButton("Copier le rapport")
    copy.clicked.connect(view.selectAll)
    copy.clicked.connect(view.copy)
    buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
    buttons.addButton("Fermer", QDialogButtonBox.ButtonRole.RejectRole)
    buttons.rejected.connect(dialog.close)
    layout.addWidget(buttons)
    dialog.resize(640, 420)
    return dialog
