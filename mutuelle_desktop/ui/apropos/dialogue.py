"""« À propos » : what the program is, its versions to copy, the licence of every part that ships with it."""

from typing import Any

import PySide6
from PySide6.QtCore import QItemSelection, Qt, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QTabWidget, QVBoxLayout, QWidget

from mutuelle_desktop import __version__
from mutuelle_desktop.services.apropos import PHRASE, Composant, search_composants, texte_of, versions
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.rows import ROW, Line, RowsModel
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Scroll, button, label, row
from mutuelle_desktop.ui.widgets.fields import SearchField
from mutuelle_desktop.ui.widgets.flow import Flow, Panes
from mutuelle_desktop.ui.widgets.lines import lines_view
from mutuelle_desktop.ui.widgets.order import Ordered, name_tabs


class AProposDialog(Ordered, QDialog):
    """The window « À propos »; it waits for nothing: the versions come when they are known."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("À propos de Mutuelle Desktop")
        self._desk = desk
        self.found: list[tuple[str, str]] = []
        tabs = QTabWidget()
        tabs.addTab(self._program(), "Le programme")
        tabs.addTab(Licences(), "Licences")
        name_tabs(tabs, "Parties de cette fenêtre")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.addWidget(tabs, 1)
        column.addLayout(row(None, button("Fermer", self.close, "principal")))
        room = self.screen().availableGeometry()
        self.resize(min(theme().px(900), room.width() - 60), min(theme().px(640), room.height() - 80))
        desk.jobs.run("Versions", lambda _p: versions(desk.library, interface()), self._came, quiet=True)

    def copy_versions(self) -> None:
        """Copy the versions, for a mail to who may help."""
        QGuiApplication.clipboard().setText("\n".join(f"{name}\u00a0: {value}" for name, value in self.found))
        self._told.setText("Copié\u00a0: rien de personnel n’y figure.")

    def _program(self) -> QWidget:
        scroll = Scroll((16, 16, 16, 16))
        picture = QLabel()
        picture.setPixmap(theme().application_icon().pixmap(theme().px(56), theme().px(56)))
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(label("Mutuelle Desktop", "titre", wrap=True))
        names.addWidget(label(f"Version {__version__}", "soustitre", selectable=True))
        head = row(picture, spacing=16)
        head.addLayout(names, 1)
        scroll.column.addLayout(head)
        scroll.column.addWidget(label(PHRASE, wrap=True))
        scroll.column.addWidget(
            label("Aucun réseau, aucun compte\u00a0: tout reste sur cet ordinateur, chiffré.", wrap=True)
        )
        scroll.column.addWidget(label("Vos données", "carte-titre"))
        where = str(self._desk.library.folder)
        scroll.column.addWidget(label(where, "secondaire", wrap=True, selectable=True))
        scroll.column.addLayout(Flow(button("Ouvrir le dossier des données", self._open_folder)))
        scroll.column.addWidget(label("Versions", "carte-titre"))
        self.words = label("Recherche des versions…", "secondaire", wrap=True, selectable=True)
        self.words.setAccessibleName("Versions")
        scroll.column.addWidget(self.words)
        self.copy_button = button("Copier les versions", self.copy_versions, icon="copier")
        self.copy_button.setEnabled(False)
        self._told = label("À coller dans un message à qui peut vous aider.", "secondaire", wrap=True)
        scroll.column.addLayout(Flow(self.copy_button))
        scroll.column.addWidget(self._told)
        scroll.column.addStretch(1)
        return scroll

    def _came(self, found: list[tuple[str, str]]) -> None:
        self.found = found
        self.words.setText("\n".join(f"{name}\u00a0: {value}" for name, value in found))
        self.copy_button.setEnabled(True)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._desk.library.folder)))


class Licences(QWidget):
    """Every part that ships, found by a few letters, and the full text of its licence."""

    def __init__(self) -> None:
        super().__init__()
        self.search = SearchField("Chercher un composant ou une licence")
        self.search.changed.connect(self._searched)
        self.model = RowsModel(_line)
        self.view = lines_view(self.model)
        self.view.setAccessibleName("Composants")
        self.view.selectionModel().selectionChanged.connect(self._on_selection)
        self.count = label("", "secondaire", wrap=True)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.search)
        column.addWidget(self.count)
        column.addWidget(self.view, 1)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName("Texte de la licence")
        self.text.setTabChangesFocus(True)
        self.name = label("", "carte-titre", wrap=True, selectable=True)
        self.source = label("", "secondaire", wrap=True, selectable=True)
        right = QWidget()
        inner = QVBoxLayout(right)
        inner.setContentsMargins(8, 0, 0, 0)
        for widget, share in ((self.name, 0), (self.source, 0), (self.text, 1)):
            inner.addWidget(widget, share)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 12, 8, 8)
        layout.addWidget(Panes(560, (left, 2, 260), (right, 3, 320)))
        self._searched("")

    def _searched(self, mots: str) -> None:
        found = search_composants(mots)
        self.model.set_rows(found)
        self.count.setText(fr.pluriel(len(found), "composant") if found else "Aucun composant ne correspond.")
        self.view.setCurrentIndex(self.model.index(0))
        self._show(found[0] if found else None)

    def _on_selection(self, _chosen: QItemSelection, _left: QItemSelection) -> None:
        self._show(self.view.currentIndex().data(ROW))

    def _show(self, one: Composant | None) -> None:
        self.name.setText(f"{one.nom} {one.version}" if one else "")
        self.source.setText(f"{one.licence} · {one.source}" if one else "")
        self.text.setPlainText(texte_of(one) if one else "")


def interface() -> list[tuple[str, str]]:
    """Return the versions that only the window knows, and by what it is shown."""
    screens = QGuiApplication.screens()
    sizes = ", ".join(f"{s.size().width()} × {s.size().height()} à {round(s.devicePixelRatio() * 100)}\u00a0%"
                      for s in screens)  # fmt: skip
    return [
        ("Qt", f"{qVersion()} (PySide6 {PySide6.__version__}), {QGuiApplication.platformName()}"),
        ("Écran" if len(screens) == 1 else "Écrans", sizes),
        ("Texte", f"{theme().echelle}\u00a0%"),
    ]


def _line(one: Any) -> Line:
    return Line(one.nom, " · ".join(part for part in (one.version, one.licence) if part))
