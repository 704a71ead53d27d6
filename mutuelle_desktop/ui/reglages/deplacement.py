"""Moving the data from the window: what is warned of, the copy one can stop, and the program that starts again."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QProgressBar, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.services import emplacement, lieux
from mutuelle_desktop.services.relance import RELANCE
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.dialogs import FormDialog
from mutuelle_desktop.ui.reglages.lignes import Board
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import button, label, row
from mutuelle_desktop.ui.widgets.order import Ordered


def ask_move(board: Board) -> None:
    """Ask where the data goes, warn of what that place is like, then move it."""
    desk, folder = board.desk, board.desk.library.folder
    chosen = desk.dialogs.choose_folder(board.window, "Où mettre vos données")
    if chosen is None:
        return
    target = emplacement.target_in(chosen)

    def look(_progress: object) -> tuple[int, tuple[str, ...]]:
        return emplacement.check_target(folder, target), lieux.warnings_of(target)

    def refused(error: Exception) -> None:
        if isinstance(error, AppError):
            board.told(str(error), kind="error")
        else:
            desk.report(error)

    desk.jobs.run("Examen du dossier", look, partial(_confirm, board, target), failed=refused, quiet=True)


def _confirm(board: Board, target: Path, found: tuple[int, tuple[str, ...]]) -> None:
    size, warnings = found
    form = FormDialog(
        board.window, "Déplacer vos données", lambda: None, "Déplacer quand même" if warnings else "Déplacer"
    )
    for text in warnings:
        form.add("", warning(text))
    form.add("", label(f"Vers\u00a0: {target}", "fort", wrap=True))
    words = (
        f"Vos fichiers ({fr.taille(size)}) sont copiés, puis vérifiés un à un. Le programme se ferme pendant ce temps, puis "
        "se relance de lui-même. L’ancien dossier reste tel quel\u00a0: vous le supprimerez ensuite, quand vous le voudrez."
    )
    form.add("", label(words, wrap=True))
    chosen = board.desk.dialogs.run(form)
    form.deleteLater()
    if chosen:
        DeplacementDialog(board, target).start()


def warning(text: str) -> QWidget:
    """Return one reason why a folder is a poor home for the data."""
    frame = QFrame()
    frame.setProperty("role", "encart-alerte")
    QVBoxLayout(frame).addWidget(label(f"Attention\u00a0: {text[:1].lower()}{text[1:]}", wrap=True))
    return frame


class DeplacementDialog(Ordered, QDialog):
    """The move under way: how far it is, how to stop it, how it ended. The library is closed meanwhile."""

    def __init__(self, board: Board, target: Path) -> None:
        super().__init__(board.window.parentWidget())
        self._board, self._target = board, target
        self._busy = True
        self._ended = ""
        self.setWindowTitle("Déplacement de vos données")
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.text = label("Fermeture de vos données…", wrap=True)
        self.bar = QProgressBar(textVisible=False, maximum=0)
        self.bar.setAccessibleName("Avancement du déplacement")
        self.stop = button("Annuler", self._stop)
        self.again = button("Rouvrir mes données", self._relaunch, "principal")
        self.again.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(self.text)
        layout.addWidget(self.bar)
        layout.addLayout(row(None, self.stop, self.again))
        self.setMinimumWidth(min(theme().px(520), QApplication.primaryScreen().availableGeometry().width() - 80))

    def start(self) -> None:
        """Close the library, then copy it."""
        board, folder, target = self._board, self._board.desk.library.folder, self._target
        self.show()
        board.leave()
        self._job = board.desk.jobs.run(
            "Déplacement des données", lambda progress: emplacement.move(folder, target, progress), self._moved,
            failed=self._failed, quiet=True,
        )  # fmt: skip
        if self._busy:
            self._job.progressed.connect(self._progress)
            self._job.ended.connect(lambda _job: self._stopped())

    @override
    def reject(self) -> None:
        """Escape stops the copy; the end is seen before the window goes."""
        self._stop()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._busy:
            event.ignore()

    def _progress(self, done: int, total: int, text: str) -> None:
        if text:
            self.text.setText(f"{text}.")
        if total:
            self.bar.setMaximum(total)
            self.bar.setValue(done)

    def _stop(self) -> None:
        if self._busy:
            self.stop.setEnabled(False)
            self._job.cancel()

    def _moved(self, done: emplacement.Deplacement) -> None:
        self._end(f"Vos données sont maintenant dans «\u00a0{done.dossier}\u00a0». Le programme se relance.")
        self._relaunch()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, AppError):
            self._board.desk.report(error)
        reason = str(error) if isinstance(error, AppError) else "Une erreur inattendue a arrêté la copie."
        self._end(f"{reason} Vos données sont toujours à leur place.")

    def _stopped(self) -> None:
        if self._busy:
            self._end("Le déplacement est abandonné. Vos données sont toujours à leur place.")

    def _end(self, words: str) -> None:
        self._busy = False
        self.text.setText(words)
        self.bar.hide()
        self.stop.hide()
        self.again.show()
        self.again.setFocus()
        self._fit()

    def _fit(self) -> None:
        """Give the words the height they need at this width."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def _relaunch(self) -> None:
        app = QApplication.instance()
        assert app is not None
        app.setProperty(RELANCE, True)
        self.close()
        self._board.window.close()
        (self.parentWidget() or self).close()
