"""« Restaurer une sauvegarde… »: the folder, the snapshot, then a verified copy beside that takes the place of the data."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.sauvegarde import Instantane
from mutuelle_desktop.services import sauvegardes
from mutuelle_desktop.services.sauvegardes import Incomplete, Rendu
from mutuelle_desktop.ui.dialogs import Dialogs
from mutuelle_desktop.ui.format import majuscule
from mutuelle_desktop.ui.jobs import Jobs
from mutuelle_desktop.ui.sauvegarde.mots import contenu, moment
from mutuelle_desktop.ui.sauvegarde.travail import Travail
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import button, label, row

GARDE = (
    "Les données d’aujourd’hui ne sont pas effacées\u00a0: elles restent à côté, dans un dossier dont le nom dit "
    "«\u00a0avant-restauration\u00a0» et le jour. Rien ne change avant que la copie soit entière et vérifiée."
)
Done = Callable[[Rendu, Path], Any]


class RestaurationDialog(QDialog):
    """Asks what to give back, makes the copy beside the data folder, then calls done(rendu, chosen)."""

    def __init__(
        self, parent: QWidget, jobs: Jobs, dialogs: Dialogs, folder: Path, *, done: Done, report: Callable[[Exception], Any]
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle("Restaurer une sauvegarde")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialogs, self._folder, self._done, self._report = dialogs, folder, done, report
        self._chosen: Path | None = None
        self._asked: tuple[Path | None, str | None] = (None, None)
        self._jobs, self._travail = jobs, Travail(jobs, stop="")
        self._build()
        self._refresh()

    def choose(self, chosen: Path | None, name: str | None = None) -> None:
        """Show the snapshots of a folder, one of them chosen already; None leaves the folder to be asked."""
        self._list.clear()
        self._chosen = None
        self._say("")
        self._despite.hide()
        if chosen is not None:
            self._place.setText(str(chosen))
            self._asked = (chosen, name)
            self._jobs.run(
                "Dossier de sauvegarde", lambda _p: sauvegardes.list_instantanes(chosen),
                self._found, quiet=True, failed=self._failed,
            )  # fmt: skip
        self._refresh()

    def reject(self) -> None:  # noqa: D102 - Qt's
        self._travail.stop()
        super().reject()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        column.addWidget(label(GARDE, wrap=True))
        self._place = label("Choisissez le dossier ou la clé où se trouve la sauvegarde.", "fort", wrap=True)
        self._ask = button("Choisir un dossier…", self._ask_folder)
        column.addWidget(self._place)
        column.addLayout(row(self._ask, None))
        self._list = QListWidget()
        self._list.setAccessibleName("Instantanés de la sauvegarde")
        self._list.setWordWrap(True)
        self._list.setSpacing(4)
        self._list.itemSelectionChanged.connect(self._refresh)
        column.addWidget(self._list, 1)
        self._error = label("", "erreur", wrap=True, selectable=True)
        self._error.hide()
        column.addWidget(self._error)
        column.addWidget(self._travail)
        self._despite = button("Restaurer le reste malgré tout", self._run_despite)
        self._despite.hide()
        self._accept = button("Restaurer", self._run, "principal")
        column.addLayout(row(None, self._despite, self._accept, button("Annuler", self.reject)))
        room = self.screen().availableGeometry()
        self.resize(min(theme().px(600), room.width() - 40), min(theme().px(560), room.height() - 60))

    def _add(self, instantane: Instantane, *, selected: bool) -> None:
        item = QListWidgetItem(f"{majuscule(moment(instantane.le))}\n{contenu(instantane)}")
        item.setData(Qt.ItemDataRole.UserRole, instantane.nom)
        self._list.addItem(item)
        if selected:
            self._list.setCurrentItem(item)

    def _refresh(self) -> None:
        free = not self._travail.busy
        self._accept.setEnabled(free and self._chosen is not None and bool(self._list.selectedItems()))
        self._ask.setEnabled(free)
        self._list.setEnabled(free)

    def _found(self, instantanes: list[Instantane]) -> None:
        self._chosen, name = self._asked
        self._list.clear()
        for instantane in instantanes:
            self._add(instantane, selected=instantane.nom == (name or instantanes[0].nom))
        self._refresh()

    def _ask_folder(self) -> None:
        found = self._dialogs.choose_folder(self, "Dossier de la sauvegarde")
        if found:
            self.choose(found)

    def _run(self) -> None:
        self._restore(malgre_tout=False)

    def _run_despite(self) -> None:
        self._restore(malgre_tout=True)

    def _restore(self, *, malgre_tout: bool) -> None:
        items, chosen, folder = self._list.selectedItems(), self._chosen, self._folder
        if not items or chosen is None:
            return
        name = str(items[0].data(Qt.ItemDataRole.UserRole))
        self._say("")
        self._despite.hide()
        self._travail.run(
            "Restauration",
            lambda progress: sauvegardes.restore_beside(
                chosen, name, folder, malgre_tout=malgre_tout, progress=progress
            ),
            self._restored, self._failed, self._refresh,
        )  # fmt: skip
        self._refresh()

    def _restored(self, rendu: Rendu) -> None:
        if not self.isVisible():  # given up at the last moment
            return
        assert self._chosen is not None
        self.accept()
        self._done(rendu, self._chosen)

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, AppError):
            self._report(error)
            return
        self._say(str(error))
        self._despite.setVisible(isinstance(error, Incomplete))

    def _say(self, text: str) -> None:
        self._error.setText(text)
        self._error.setVisible(bool(text))
