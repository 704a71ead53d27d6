"""A backup or a restore under way, shown where it was asked: how far, and a way to stop."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from mutuelle_desktop.ui.jobs import Job, Jobs, Work
from mutuelle_desktop.ui.widgets.basics import button, label, row


class Travail(QWidget):
    """Hidden until something runs; one thing at a time."""

    def __init__(self, jobs: Jobs, *, stop: str = "Arrêter") -> None:
        super().__init__()
        self._jobs = jobs
        self._job: Job | None = None
        self._ended: Callable[[], None] = lambda: None
        self._text = label("", "secondaire", wrap=True)
        self._bar = QProgressBar(textVisible=False, maximum=0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._text)
        column.addWidget(self._bar)
        if stop:
            column.addLayout(row(button(stop, self.stop), None))
        self.hide()

    @property
    def busy(self) -> bool:
        """Tell whether something runs."""
        return self._job is not None

    def run(
        self, title: str, work: Work, done: Callable[[Any], None], failed: Callable[[Exception], None],
        ended: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """Start the work; done or failed is called unless it is stopped, ended in every case."""
        self._text.setText(title)
        self._bar.setAccessibleName(title)
        self._bar.setMaximum(0)
        self.show()
        self._ended = ended
        job = self._jobs.run(title, work, done, failed=failed)
        self._job = job if job in self._jobs.running else None
        if self._job is None:
            self._end(job)
            return
        job.progressed.connect(self._advance)
        job.ended.connect(self._end)

    def stop(self) -> None:
        """Give up at the next step."""
        if self._job is not None:
            self._text.setText("Arrêt…")
            self._job.cancel()

    def _advance(self, done: int, total: int, text: str) -> None:
        if text:
            self._text.setText(text)
        self._bar.setMaximum(total)
        self._bar.setValue(done)

    def _end(self, _job: object) -> None:
        self._job = None
        self.hide()
        self._ended()
