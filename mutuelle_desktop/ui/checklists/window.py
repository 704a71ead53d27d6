"""One checklist in a window of its own, beside what one is doing."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.services import dossiers
from mutuelle_desktop.ui.checklists.panel import ChecklistPanel
from mutuelle_desktop.ui.checklists.verbes import Note
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.termes import Explainer
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Scroll, button, label, row
from mutuelle_desktop.ui.widgets.order import Ordered


class Beside(Ordered, QDialog):
    """A window where Enter presses no button that nobody chose."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)


def open_checklist(desk: Desk, parent: QWidget, dossier_id: str, liste: str, note: Note | None = None) -> QDialog:
    """Show one list of a dossier; what is done beside it is ticked at once."""
    line = dossiers.ligne(desk.library, dossier_id)
    dialog = Beside(parent.window())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Check-list")
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(0, 0, 0, 16)
    scroll = Scroll()
    if line is not None:
        scroll.column.addWidget(label(line.dossier.titre, "titre", wrap=True))
    scroll.column.addWidget(ChecklistPanel(desk, dossier_id, only=(liste,), note=note))
    scroll.column.addStretch(1)
    layout.addWidget(scroll)
    foot = row(None, button("Fermer", dialog.close, "principal"))
    foot.setContentsMargins(24, 0, 24, 0)
    layout.addLayout(foot)
    room = dialog.screen().availableGeometry()
    dialog.resize(min(theme().px(520), room.width() - 40), min(theme().px(620), room.height() - 60))
    Explainer(dialog)
    dialog.show()
    return dialog
