"""The keyboard sheet (F1): every shortcut by menu and by place, searched, copied, printed."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QPageLayout, QPageSize, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from mutuelle_desktop.storage.index import plain
from mutuelle_desktop.ui.actions import Action
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Scroll, button, clear, label, rule
from mutuelle_desktop.ui.widgets.fields import SearchField
from mutuelle_desktop.ui.widgets.flow import Columns, Flow
from mutuelle_desktop.ui.widgets.order import Ordered

Rows = Sequence[tuple[str, str]]
PLACES: tuple[tuple[str, Rows], ...] = (
    ("Partout", (
        ("Passer d’une zone à l’autre", "Tab, Maj+Tab"), ("Ouvrir la ligne choisie", "Entrée"),
        ("Effacer la recherche, fermer une fenêtre", "Échap"), ("Ouvrir le menu d’une ligne", "Touche Menu, Maj+F10"),
        ("Expliquer le champ où l’on est", "Maj+F1"), ("Ouvrir un menu", "Alt et sa lettre soulignée, F10"),
        ("Élargir ou rétrécir le volet où l’on est", "Alt+Maj+Droite, Alt+Maj+Gauche"),
    )),
    ("Dans la page d’un papier ou d’une lettre", (
        ("Agrandir ou réduire la page", "Ctrl+molette"), ("Faire défiler", "Flèches, Page préc., Page suiv."),
        ("Choisir des mots, un à un ou plusieurs", "Ctrl+Flèches, Maj+Flèches"),
    )),
    ("Classer une pile de papiers", (
        ("Passer d’un renseignement au suivant", "Tab"), ("Garder et prendre le papier suivant", "Ctrl+Maj+S"),
        ("Papier suivant, papier précédent", "Ctrl+Page suiv., Ctrl+Page préc."),
    )),
    ("En écrivant une lettre", (
        ("Gras, italique", "Ctrl+B, Ctrl+I"), ("Chercher dans la lettre", "Ctrl+F"),
        ("Trouvé suivant, trouvé précédent", "F3, Maj+F3"), ("Aller au champ suivant, au précédent", "Tab, Maj+Tab"),
    )),
    ("Dans le mois", (
        ("Changer de jour", "Flèches"), ("Changer de mois", "Page préc., Page suiv."),
        ("Ouvrir le jour choisi", "Entrée, Espace"),
    )),
    ("Pendant un appel", (
        ("Étape suivante", "Ctrl+Entrée"), ("Avant, pendant, après", "Alt+1, Alt+2, Alt+3"),
        ("Ça sonne, on me répond, on me fait patienter", "F5"), ("Arrêter le compteur", "F6"),
        ("Heure, transféré, coupé", "F2, F3, F4"),
    )),
    ("En masquant une partie d’une page", (
        ("Poser un cache", "Inser"), ("Le déplacer, l’agrandir", "Flèches, Maj+Flèches"), ("L’enlever", "Suppr"),
    )),
    ("Pendant la visite du programme", (
        ("Étape suivante, étape précédente", "→, ←"), ("Quitter la visite", "Échap"),
    )),
)  # fmt: skip
"""What the pages know besides the menus."""


def shortcut_groups(actions: Sequence[Action]) -> list[tuple[str, Rows]]:
    """Return every shortcut under its menu, then under the place where it works."""
    menus = dict.fromkeys(action.menu for action in actions)
    found = [
        (menu, tuple((a.texte.rstrip("…"), french_keys(a.shortcut)) for a in actions if a.menu == menu and a.shortcut))
        for menu in menus
    ]
    return [*((f"Menu {menu}", rows) for menu, rows in found if rows), *PLACES]


class ShortcutSheet(Ordered, QDialog):
    """The sheet itself: a search, the groups, and two ways to keep it at hand."""

    def __init__(self, parent: QWidget, actions: Sequence[Action]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Raccourcis du clavier")
        self.groups = shortcut_groups(actions)
        self.search = SearchField("Chercher un raccourci", delay=0)
        self.search.changed.connect(self._fill)
        self._scroll = Scroll((4, 8, 12, 8))
        self.told = label("", "secondaire", wrap=True)
        self.told.hide()
        self.close_button = button("Fermer", self.close, "principal")
        foot = QWidget()
        foot.setLayout(Flow(button("Copier la liste", self.copy_list, icon="copier"),
                            button("Imprimer…", self.print_list, icon="imprimer"), self.close_button))  # fmt: skip
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        for widget in (self.search, self._scroll, self.told, foot):
            layout.addWidget(widget)
        self._fill("")
        room = self.screen().availableSize()
        self.resize(min(theme().px(620), room.width() - 40), min(theme().px(640), room.height() - 60))
        self.search.setFocus()

    def copy_list(self) -> None:
        """Put the whole list in the clipboard, as text."""
        lines = [
            "\n".join((title, *(f"{what}\u00a0: {keys}" for what, keys in rows))) for title, rows in self.groups
        ]  # fmt: skip
        QGuiApplication.clipboard().setText("Raccourcis du clavier\n\n" + "\n\n".join(lines))
        self._tell("La liste est copiée.")

    def print_list(self) -> None:
        """Print the whole list on a sheet; without a printer, say so."""
        if not QPrinterInfo.availablePrinterNames():
            self._tell(
                "Aucune imprimante n’est installée sur cet ordinateur. Copiez la liste pour l’imprimer ailleurs."
            )
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName("Raccourcis du clavier")
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        printer.setPageMargins(QMarginsF(18, 18, 18, 18), QPageLayout.Unit.Millimeter)
        asked = QPrintDialog(printer, self)
        asked.setWindowTitle("Imprimer")
        if asked.exec() == QDialog.DialogCode.Accepted:
            self.document().print_(printer)

    def document(self) -> QTextDocument:
        """Return the list as a page of text."""
        parts = ["<h2>Raccourcis du clavier</h2>"]
        for title, rows in self.groups:
            lines = "".join(f"<tr><td>{escape(what)}</td><td><b>{escape(keys)}</b></td></tr>" for what, keys in rows)
            parts.append(f'<h4>{escape(title)}</h4><table width="100%" cellpadding="2">{lines}</table>')
        made = QTextDocument()
        made.setHtml("".join(parts))
        return made

    def _fill(self, mots: str) -> None:
        column = self._scroll.column
        clear(column)
        words, shown = plain(mots).split(), 0
        for title, rows in self.groups:
            kept = [r for r in rows if all(word in plain(f"{title} {r[0]} {r[1]}") for word in words)]
            if kept:
                column.addWidget(label(title, "rubrique"))
            for what, keys in kept:
                column.addWidget(_line(what, keys))
                column.addWidget(rule())
            shown += len(kept)
        if not shown:
            column.addWidget(label("Aucun raccourci ne porte ces mots. Essayez un mot plus court.", wrap=True))
            everything = QWidget()
            everything.setLayout(Flow(button("Tout montrer", self.search.clear)))
            column.addWidget(everything)
        column.addStretch(1)

    def _tell(self, text: str) -> None:
        self.told.setText(text)
        self.told.show()


def shortcut_sheet(parent: QWidget, actions: Sequence[Action]) -> ShortcutSheet:
    """Return the window that lists every shortcut."""
    return ShortcutSheet(parent, actions)


def french_keys(keys: str) -> str:
    """Return a shortcut as it is written on a French keyboard."""
    shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    held, plus = (shown[:-2], ["+"]) if shown.endswith("++") else (shown, [])
    return "+".join([*(_FRENCH.get(key, key) for key in held.split("+")), *plus])


_FRENCH = {
    "Shift": "Maj", "Del": "Suppr", "Return": "Entrée", "Enter": "Entrée", "PgUp": "Page préc.", "PgDown": "Page suiv.",
    "Esc": "Échap", "Home": "Début", "End": "Fin", "Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Ins": "Inser",
    "Space": "Espace", "Backspace": "Retour arrière", "-": "−",
}  # fmt: skip


def _line(what: str, keys: str) -> QWidget:
    shown = label(keys, "fort", wrap=True)
    line = Columns(420, (label(what, wrap=True), 3), (shown, 2), spacing=16)
    line.setAccessibleName(f"{what}\u00a0: {keys}")
    return line
