"""The thin line at the bottom: what is under way, how far, and a cross to stop it; the last backup, the safe."""

import time
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from mutuelle_desktop.ui.jobs import Job
from mutuelle_desktop.ui.widgets.basics import label, set_role, tool
from mutuelle_desktop.ui.widgets.spoken import announce

_RYTHME = 0.1  # seconds between two advances that are shown


class StatusStrip(QFrame):
    """Shows running jobs at the left, the last backup and the state of the safe at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bande")
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(16, 4, 16, 4)
        self._jobs = QHBoxLayout()
        self._jobs.setSpacing(0)
        self._line.addLayout(self._jobs)
        self._line.addStretch(1)
        self.backup = QPushButton("")
        self.backup.setProperty("role", "etat")
        self.backup.setToolTip("Sauvegarde\u00a0: où, quand, restaurer")
        self.backup.hide()
        self.state = label("")
        self._line.addWidget(self.backup)
        self._line.addWidget(self.state)

    def say_backup(self, text: str, *, old: bool) -> None:
        """Say when the last backup was made; an old one stands out, in words and in colour."""
        self.backup.setText(text)
        self.backup.setAccessibleName(f"{text}. Ouvrir la sauvegarde")
        set_role(self.backup, "etat-ancien" if old else "etat")
        self.backup.show()

    def follow(self, job: Job) -> None:
        """Show a job until it ends."""
        if job.quiet:
            return
        shown = QWidget()
        line = QHBoxLayout(shown)
        line.setContentsMargins(0, 0, 12, 0)
        text = label(job.label)
        bar = QProgressBar(textVisible=False, maximum=0)
        bar.setFixedWidth(90)
        bar.setAccessibleName(job.label)
        line.addWidget(text)
        line.addWidget(bar)
        line.addWidget(tool("fermer", f"Arrêter\u00a0: {job.label}", job.cancel))
        self._jobs.addWidget(shown)
        job.progressed.connect(partial(self._advance, text, bar, [0.0]))
        job.ended.connect(partial(self._end, shown))

    def _advance(self, text: QLabel, bar: QProgressBar, last: list[float], done: int, total: int, words: str) -> None:  # noqa: PLR0917
        if time.monotonic() - last[0] < _RYTHME:  # a bar paints at once, each time, all that waits to be painted
            return
        last[0] = time.monotonic()
        if words:
            room = max(self.width() - self.backup.sizeHint().width() - self.state.sizeHint().width() - 220, 120)
            text.setText(text.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room))
            text.setToolTip(words)
        bar.setMaximum(total)
        bar.setValue(done)

    def _end(self, shown: QWidget, job: Job) -> None:
        announce(self, f"{'Arrêté' if job.cancelled else 'Terminé'}\u00a0: {job.label}")
        self._jobs.removeWidget(shown)
        shown.hide()
        shown.deleteLater()
