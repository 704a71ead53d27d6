"""What was being typed in a form when the session ended: kept in the library, and given back at the next opening."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.ui.dialogs import FormDialog
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Card, Scroll, button, label, row, tool

MARQUE = "session.ecrits"


@dataclass(frozen=True, slots=True)
class Ecrit:
    """One form as it stood: its title, and each field that held words, by its name."""

    titre: str
    champs: tuple[tuple[str, str], ...]

    @property
    def texte(self) -> str:
        """Return it as one text to copy."""
        return "\n".join([self.titre, *(f"{nom}\u00a0: {texte}" if nom else texte for nom, texte in self.champs)])


def open_forms() -> list[Ecrit]:
    """Return the forms on screen in which something was typed that nothing keeps yet."""
    found = (_written(w) for w in QApplication.topLevelWidgets() if isinstance(w, FormDialog) and w.isVisible())
    return [one for one in found if one is not None]


def keep_ecrits(library: Library, ecrits: Iterable[Ecrit]) -> None:
    """Keep what was typed, after what was kept before."""
    kept = dict.fromkeys([*read_ecrits(library), *ecrits])
    if kept:
        with library.write("Garder ce qui était écrit", undoable=False) as db:
            db.set_marque(MARQUE, [asdict(one) for one in kept])


def read_ecrits(library: Library) -> list[Ecrit]:
    """Return what was kept."""
    with library.read() as db:
        kept: Any = db.marque(MARQUE) or []
    return [Ecrit(one["titre"], tuple((nom, texte) for nom, texte in one["champs"])) for one in kept]


def drop_ecrits(library: Library) -> None:
    """Forget what was kept."""
    with library.write("Oublier ce qui était écrit", undoable=False) as db:
        db.set_marque(MARQUE, None)


def reprise_dialog(library: Library, parent: QWidget) -> QDialog:
    """Return the window that shows what was typed, to be copied where it belongs."""
    ecrits = read_ecrits(library)
    dialog = QDialog(parent)
    dialog.setWindowTitle("Ce que vous étiez en train d’écrire")
    dialog.setMinimumSize(440, 320)
    column = QVBoxLayout(dialog)
    scroll = Scroll()
    for one in ecrits:
        card = Card(one.titre)
        for nom, texte in one.champs:
            copy_one = tool("copier", f"Copier\u00a0: {nom}" if nom else "Copier", partial(_copy, texte))
            card.body.addLayout(row(label(nom, "secondaire"), None, copy_one))
            card.body.addWidget(label(texte, wrap=True, selectable=True))
        scroll.column.addWidget(card)
    scroll.column.addStretch(1)
    column.addWidget(scroll, 1)

    whole = "\n\n".join(one.texte for one in ecrits)

    def forget() -> None:
        drop_ecrits(library)
        dialog.accept()

    column.addLayout(
        row(button("Ne plus garder", forget, "discret"), None, button("Copier tout", partial(_copy, whole)),
            button("Fermer", dialog.reject, "principal"))
    )  # fmt: skip
    room = dialog.screen().availableGeometry()
    dialog.resize(min(theme().px(560), room.width() - 60), min(theme().px(460), room.height() - 80))
    return dialog


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def _written(form: FormDialog) -> Ecrit | None:
    fields: list[tuple[str, str]] = []
    typed = False
    for widget in form.findChildren(QWidget):
        if isinstance(widget, QLineEdit):
            if widget.echoMode() is not QLineEdit.EchoMode.Normal:
                continue  # a password is kept nowhere
            text, modified = widget.text(), widget.isModified()
        elif isinstance(widget, (QPlainTextEdit, QTextEdit)):
            text, modified = widget.toPlainText(), widget.document().isModified()
        else:
            continue
        typed = typed or modified
        if text.strip():
            fields.append((widget.accessibleName(), text.strip()))
    return Ecrit(form.windowTitle(), tuple(fields)) if typed and fields else None
