"""The keyboard sheet (F1), built from the actions."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from mutuelle_desktop.ui.actions import Action
from mutuelle_desktop.ui.widgets.basics import Scroll, button, label, row

OTHERS = (
    ("Passer d’une zone à l’autre", "Tab, Maj+Tab"),
    ("Ouvrir la ligne choisie", "Entrée"),
    ("Effacer la recherche", "Échap"),
)


def shortcut_sheet(parent: QWidget, actions: Sequence[Action]) -> QDialog:
    """Return the window that lists every shortcut."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle("Raccourcis du clavier")
    layout = QVBoxLayout(dialog)
    scroll = Scroll()
    grid = QGridLayout()
    grid.setHorizontalSpacing(32)
    rows = [(a.texte, QKeySequence(a.shortcut).toString(QKeySequence.SequenceFormat.NativeText)) for a in actions
            if a.shortcut]  # fmt: skip
    for place, (text, keys) in enumerate([*rows, *OTHERS]):
        grid.addWidget(label(text.rstrip("…")), place, 0)
        grid.addWidget(label(_french(keys), "fort"), place, 1)
    scroll.column.addLayout(grid)
    scroll.column.addStretch(1)
    layout.addWidget(scroll)
    layout.addLayout(row(None, button("Fermer", dialog.close, "principal")))
    dialog.resize(520, 560)
    return dialog


def _french(keys: str) -> str:
    for english, french in (("Shift", "Maj"), ("Del", "Suppr"), ("Return", "Entrée"), ("PgUp", "Page préc."),
                            ("PgDown", "Page suiv."), ("Esc", "Échap")):  # fmt: skip
        keys = keys.replace(english, french)
    return keys
