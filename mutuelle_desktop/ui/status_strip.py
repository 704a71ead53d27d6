"""The thin line at the bottom: what is under way, how far, and a cross to stop it."""

import time
from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QWidget

from mutuelle_desktop.ui.jobs import Job
from mutuelle_desktop.ui.widgets.basics import label, tool

_RYTHME = 0.1  # seconds between two advances that are shown


class StatusStrip(QFrame):
    """Shows running jobs at the left and the state of the safe at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bande")
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(16, 4, 16, 4)
        self._line.addStretch(1)
        self.state = label("")
        self._line.addWidget(self.state)

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
        line.addWidget(tool("fermer", f"Arrêter : {job.label}", job.cancel))
        self._line.insertWidget(self._line.count() - 2, shown)
        job.progressed.connect(partial(_advance, text, bar, [0.0]))
        job.ended.connect(partial(self._end, shown))

    def _end(self, shown: QWidget, _job: object) -> None:
        self._line.removeWidget(shown)
        shown.hide()
        shown.deleteLater()


def _advance(text: object, bar: QProgressBar, last: list[float], done: int, total: int, words: str) -> None:  # noqa: PLR0917
    if time.monotonic() - last[0] < _RYTHME:  # a bar paints at once, each time, all that waits to be painted
        return
    last[0] = time.monotonic()
    if words:
        text.setText(words if len(words) < 70 else words[:68] + "…")  # type: ignore[attr-defined]
    bar.setMaximum(total)
    bar.setValue(done)
