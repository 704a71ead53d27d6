"""The one place where work leaves the thread of the interface."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, Signal  # noqa: TID251 - this is that place

from mutuelle_desktop.domain.errors import Cancelled
from mutuelle_desktop.domain.progress import Progress

Work = Callable[[Progress], Any]


class Job(QObject, Progress):
    """One piece of work under way: its progress, its end, its cancel button."""

    progressed = Signal(int, int, str)
    succeeded = Signal(object)
    failed = Signal(object)
    ended = Signal(object)

    def __init__(self, label: str, work: Work, parent: QObject, *, quiet: bool) -> None:
        super().__init__(parent)
        self.label = label
        self.quiet = quiet
        self.cancelled = False
        self._work = work

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self.cancelled = True

    def step(self, done: int, total: int, text: str = "") -> None:
        """Report one step to the interface, or raise Cancelled."""
        Progress.step(self, done, total, text)
        self.progressed.emit(done, total, text)

    def execute(self) -> None:
        """Do the work, on whichever thread the runner chose."""
        try:
            self.succeeded.emit(self._work(self))
        except Cancelled:
            pass
        except Exception as error:  # noqa: BLE001 - the runner is where failures are told
            self.failed.emit(error)
        finally:
            self.ended.emit(self)


class Jobs(QObject):
    """Runs jobs in the background and tells their failures."""

    started = Signal(object)

    def __init__(self, report: Callable[[Exception], None]) -> None:
        super().__init__()
        self.running: list[Job] = []
        self._report = report
        self._works = QThreadPool(self)
        self._works.setMaxThreadCount(4)
        self._quiet = QThreadPool(self)
        self._quiet.setMaxThreadCount(2)

    def run(
        self, label: str, work: Work, done: Callable[[Any], None] | None = None, *, quiet: bool = False,
        failed: Callable[[Exception], None] | None = None,
    ) -> Job:  # fmt: skip
        """Start the work; done and failed are called on the thread of the interface."""
        job = Job(label, work, self, quiet=quiet)
        self.running.append(job)
        job.failed.connect(failed or self._report)
        job.ended.connect(self._end)
        if done:
            job.succeeded.connect(done)
        self.started.emit(job)
        self._start(job)
        return job

    def stop(self) -> None:
        """Cancel every job and wait for the last step of each."""
        for job in self.running:
            job.cancel()
        self._works.waitForDone()
        self._quiet.waitForDone()

    def _start(self, job: Job) -> None:
        # A QRunnable made here would be freed by the pool behind its wrapper's back: the next object of Qt at that
        # address would then be taken for it, and the program would fall.
        (self._quiet if job.quiet else self._works).start(job.execute)

    def _end(self, job: Job) -> None:
        if job in self.running:
            self.running.remove(job)
        job.deleteLater()


class InlineJobs(Jobs):
    """Runs each job at once, for tests and scripts."""

    def _start(self, job: Job) -> None:
        job.execute()
