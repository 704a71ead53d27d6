"""« Quoi de neuf » : what each version brought, told once after an upgrade and kept in the Aide menu."""

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from mutuelle_desktop import __version__
from mutuelle_desktop.services.apropos import Nouveaute, is_newer, nouveautes
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Card, Scroll, button, label, row

VUE = "nouveautes/version"
"""The last version whose news were told, in what the window remembers."""


def just_upgraded(state: QSettings, version: str = __version__) -> bool:
    """Tell whether this start is the first of a newer version, and remember it; a first start of all is no upgrade."""
    seen = str(state.value(VUE, ""))
    if seen != version:
        state.setValue(VUE, version)
    return bool(seen) and is_newer(version, seen) and bool(nouveautes())


def nouveautes_dialog(parent: QWidget) -> QDialog:
    """Return the window that tells what is new, the newest version first."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Quoi de neuf")
    scroll = Scroll()
    for one in nouveautes():
        scroll.column.addWidget(_card(one))
    if not nouveautes():
        scroll.column.addWidget(label("Aucune nouveauté n’est décrite pour cette version.", wrap=True))
    scroll.column.addStretch(1)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(8, 8, 8, 16)
    column.addWidget(scroll, 1)
    foot = row(None, button("Fermer", dialog.close, "principal"))
    foot.setContentsMargins(16, 0, 16, 0)
    column.addLayout(foot)
    room = dialog.screen().availableGeometry()
    dialog.resize(min(theme().px(620), room.width() - 60), min(theme().px(560), room.height() - 80))
    return dialog


def _card(one: Nouveaute) -> Card:
    when = f" — {fr.jour(one.jour)}" if one.jour else ""
    coming = "À venir" if not one.version[:1].isdigit() else f"Version {one.version}{when}"
    card = Card()
    card.body.addWidget(label(coming, "carte-titre", wrap=True))
    for title, lines in one.parties:
        if title:
            card.body.addWidget(label(title, "fort"))
        for text in lines:
            card.body.addWidget(label(f"•\u00a0{text}", wrap=True, selectable=True))
    return card
