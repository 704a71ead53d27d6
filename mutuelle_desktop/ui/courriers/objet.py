"""The subject of a letter: one line where fields stay fields."""

import re

from PySide6.QtCore import QMimeData, QSize, QSizeF, Qt
from PySide6.QtGui import QKeyEvent
from typing_extensions import override

from mutuelle_desktop.domain.courrier import Bloc, Champ, Fragment
from mutuelle_desktop.ui.courriers.editeur import Editeur
from mutuelle_desktop.ui.theme import theme

_MARQUE = re.compile(r"\{([\w.]+)\}")


class Objet(Editeur):
    """The subject, « {name} » shown as a field."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Objet")
        self.setPlaceholderText("Objet de la lettre, en quelques mots")
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    def show_objet(self, objet: str, champs: dict[str, Champ]) -> None:
        """Show a subject."""
        self.show_corps((Bloc(lignes=(tuple(_fragments(objet, champs)),)),), champs, {})

    def objet(self) -> str:
        """Return the subject, fields as « {name} »."""
        line = [f for bloc in self.corps() for ligne in bloc.lignes for f in ligne]
        return "".join(f"{{{f.champ}}}" if f.champ and not f.texte else f.texte for f in line).strip(" ")

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.fontMetrics().lineSpacing() + 20)

    @override
    def insertFromMimeData(self, source: QMimeData) -> None:
        text = " ".join(source.text().split("\n"))
        self.insert_blocs((Bloc(lignes=((Fragment(texte=text),),)),))

    def _fit(self, size: QSizeF) -> None:
        """Be as high as what is written, three lines at most."""
        line = self.fontMetrics().lineSpacing()
        self.setFixedHeight(round(min(max(size.height(), line), 3 * line + 10)) + theme().px(18))

    @override
    def _enter(self, event: QKeyEvent) -> None:
        self.focusNextChild()


def _fragments(objet: str, champs: dict[str, Champ]) -> list[Fragment]:
    found, last = [], 0
    for mark in _MARQUE.finditer(objet):
        if mark[1] in champs:
            found += [Fragment(texte=objet[last : mark.start()]), Fragment(champ=mark[1])]
            last = mark.end()
    return [f for f in (*found, Fragment(texte=objet[last:])) if f.texte or f.champ]
