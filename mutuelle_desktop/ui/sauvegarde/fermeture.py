"""The backup made when the program is closed: a small window, and the right to leave without it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.services import sauvegardes
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.sauvegarde.travail import Travail
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import button, label, row


class FermetureDialog(QDialog):
    """Backs up and closes itself; a failure is told, and one may always leave without."""

    def __init__(self, parent: QWidget, desk: Desk, chosen: Path, report: Callable[[Exception], None]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sauvegarde avant de fermer")
        self._desk, self._chosen, self._report = desk, chosen, report
        self._said = label(
            f"Vos changements sont sauvegardés dans «\u00a0{chosen}\u00a0», puis le programme se ferme.", wrap=True
        )
        self._travail = Travail(desk.jobs, stop="")
        self._again = button("Réessayer", self._run, "principal")
        self._again.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addWidget(self._said)
        column.addWidget(self._travail)
        column.addStretch(1)
        column.addLayout(row(None, self._again, button("Fermer sans sauvegarder", self.reject)))
        self.setMinimumWidth(min(theme().px(460), self.screen().availableGeometry().width() - 80))

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._run)

    @override
    def reject(self) -> None:
        self._travail.stop()
        super().reject()

    def _run(self) -> None:
        if self._travail.busy or not self.isVisible():
            return
        self._again.hide()
        desk, chosen = self._desk, self._chosen
        self._travail.run(
            "Sauvegarde",
            lambda progress: sauvegardes.make_sauvegarde(desk.library, chosen, desk.now(), progress),
            self._done, self._failed,
        )  # fmt: skip

    def _done(self, bilan: sauvegardes.Bilan) -> None:
        if bilan.entier:
            self.accept()
            return
        self._said.setText("\n".join(bilan.phrases))

    def _failed(self, error: Exception) -> None:
        self._said.setText(f"La sauvegarde n’a pas été faite. {error}")
        self._again.show()
