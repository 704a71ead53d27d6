"""What the letter still lacks before it is final: what stops it first, then the advice; each leads to its place."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from mutuelle_desktop.domain.relecture import Gravite, Remarque
from mutuelle_desktop.services.phrases import counted
from mutuelle_desktop.ui.widgets.basics import Card, chip, clear, label, link, row


class Controles(Card):
    """The remarks on a letter; go asks for the place of one (its ou)."""

    go = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.body.setSpacing(2)
        self.body.setContentsMargins(12, 8, 12, 8)
        self.remarques: tuple[Remarque, ...] = ()
        self.bilan = label("", "fort", wrap=True)
        self.bilan.setAccessibleName("À vérifier avant de finaliser")
        self.body.addWidget(self.bilan)
        self._shown: tuple[Remarque, ...] | None = None

    @property
    def bloquantes(self) -> tuple[Remarque, ...]:
        """Return the remarks that stop the letter."""
        return tuple(r for r in self.remarques if r.gravite is Gravite.BLOQUE)

    def show_remarques(self, remarques: Sequence[Remarque]) -> None:
        """Show these, when they are not those shown already."""
        self.remarques = tuple(remarques)
        if self.remarques == self._shown:
            return
        self._shown = self.remarques
        while self.body.count() > 1:
            item = self.body.takeAt(1)
            if item is not None and item.layout() is not None:
                clear(item.layout())
        stops, advice = len(self.bloquantes), len(self.remarques) - len(self.bloquantes)
        self.bilan.setText(_bilan(stops, advice))
        for remarque in self.remarques:
            self.body.addLayout(self._line(remarque))

    def _line(self, remarque: Remarque) -> QHBoxLayout:
        stops = remarque.gravite is Gravite.BLOQUE
        mark = chip("à corriger" if stops else "conseil", "danger" if stops else "neutre")
        return row(mark, self._words(remarque), None)

    def _words(self, remarque: Remarque) -> QWidget:
        return link(remarque.texte, partial(self.go.emit, remarque.ou))


def _bilan(stops: int, advice: int) -> str:
    if stops:
        left = f" et {counted(advice, 'conseil')}" if advice else ""
        return f"{counted(stops, 'point')} à corriger{left}."
    return f"Rien ne l’empêche\u00a0; {counted(advice, 'conseil')}." if advice else "La lettre est prête."
