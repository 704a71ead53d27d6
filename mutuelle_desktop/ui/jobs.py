"""The one place where work leaves the thread of the interface."""

import gc
import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal, Slot  # noqa: TID251 - this is that place
from shiboken6 import isValid

from mutuelle_desktop.domain.errors import Cancelled
from mutuelle_desktop.domain.progress import Progress

SWEEP = 1000
"""Milliseconds between two sweeps of Python's garbage."""
_YOUNG, _ROUNDS, _SETTLED = 2000, 60, 10
"""Objects made since the last sweep that are worth one; sweeps between two of everything; the sweep from which what is
there is taken to stay."""

Work = Callable[[Progress], Any]


class Run(Progress):
    """One piece of work as the thread that does it sees it: nothing of Qt's, which would be freed on that thread."""

    def __init__(self, number: int, work: Work, tell: Callable[[int, int, int, str], None]) -> None:
        self.number = number
        self.cancelled = False
        self._work, self._tell = work, tell

    def step(self, done: int, total: int, text: str = "") -> None:
        """Report one step to the interface, or raise Cancelled."""
        super().step(done, total, text)
        self._tell(self.number, done, total, text)

    def execute(self) -> tuple[Any, Exception | None]:
        """Do the work, on whichever thread the runner chose; return what it found, and why it failed."""
        try:
            return self._work(self), None
        except Exception as error:  # noqa: BLE001 - the runner is where failures are told
            return None, error


class Job(QObject):
    """One piece of work under way, as the window sees it: its progress, its end, its cancel button."""

    progressed = Signal(int, int, str)
    succeeded = Signal(object)
    failed = Signal(object)
    ended = Signal(object)

    def __init__(self, label: str, run: Run, *, quiet: bool) -> None:
        super().__init__()
        self.label = label
        self.quiet = quiet
        self._run = run

    @property
    def number(self) -> int:
        """Return what tells it from the others."""
        return self._run.number

    @property
    def cancelled(self) -> bool:
        """Tell whether its end was asked for."""
        return self._run.cancelled

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._run.cancelled = True


class Sweeper(QObject):
    """Sweeps Python's garbage on the thread of the interface, and on no other.

    Python sweeps on whichever thread makes the next object: a window found dead by a job would be destroyed under the
    feet of the interface, and the program would fall. What the opening left in memory stays out of it: walking all of it
    would be felt.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rounds = 0
        gc.disable()
        self._timer = QTimer(self, interval=SWEEP)
        self._timer.timeout.connect(self.sweep)
        self._timer.start()

    def sweep(self) -> None:
        """Sweep what is young, and everything from time to time."""
        self._rounds += 1
        if self._rounds == _SETTLED:
            gc.freeze()
        elif self._rounds % _ROUNDS == 0:
            gc.collect()
        elif gc.get_count()[0] > _YOUNG:
            gc.collect(1)

    def stop(self) -> None:
        """Sweep no more: the program is ending."""
        self._timer.stop()


class Jobs(QObject):
    """Runs jobs in the background and tells their failures."""

    started = Signal(object)
    _over = Signal(int, object, object)
    _stepped = Signal(int, int, int, str)

    def __init__(self, report: Callable[[Exception], None]) -> None:
        super().__init__()
        self.running: list[Job] = []
        self._report = report
        self._numbers = itertools.count(1)
        self._over.connect(self._finish)
        self._stepped.connect(self._advance)
        self._works = QThreadPool(self)
        self._works.setMaxThreadCount(4)
        self._quiet = QThreadPool(self)
        self._quiet.setMaxThreadCount(4)
        self.stopped = False
        self._sweeper = Sweeper(self)

    def run(
        self, label: str, work: Work, done: Callable[[Any], None] | None = None, *, quiet: bool = False,
        failed: Callable[[Exception], None] | None = None,
    ) -> Job:  # fmt: skip
        """Start the work; done and failed are called on the thread of the interface."""
        run = Run(next(self._numbers), work, self._stepped.emit)
        job = Job(label, run, quiet=quiet)
        self.running.append(job)
        job.failed.connect(failed or self._report)
        if done:
            job.succeeded.connect(done)
        self.started.emit(job)
        self._start(run, quiet=quiet)
        return job

    def report(self, error: Exception) -> None:
        """Tell a failure."""
        self._report(error)

    def stop(self) -> None:
        """Cancel every job and wait for the last step of each; no question is answered any more."""
        self.stopped = True
        for job in self.running:
            job.cancel()
        self._works.waitForDone()
        self._quiet.waitForDone()
        self._sweeper.stop()

    def _start(self, run: Run, *, quiet: bool) -> None:
        # A QRunnable made here would be freed by the pool behind its wrapper's back: the next object of Qt at that
        # address would then be taken for it, and the program would fall.
        (self._quiet if quiet else self._works).start(partial(self._execute, run))

    def _execute(self, run: Run) -> None:
        self._over.emit(run.number, *run.execute())

    @Slot(int, int, int, str)
    def _advance(self, number: int, done: int, total: int, text: str) -> None:
        for job in self.running:
            if job.number == number:
                job.progressed.emit(done, total, text)

    @Slot(int, object, object)
    def _finish(self, number: int, found: Any, error: Exception | None) -> None:
        """Tell how a job ended, on the thread of the interface."""
        job = next(job for job in self.running if job.number == number)
        self.running.remove(job)
        if error is None:
            job.succeeded.emit(found)
        elif not isinstance(error, Cancelled):
            job.failed.emit(error)
        job.ended.emit(job)


class Question(QObject):
    """Something the screen asks again and again, looked up away from it: what was asked last is what is shown.

    One look-up at most is under way, and one at most waits: the newest. An answer is dropped when something else was
    asked since; when the same thing was asked again, it is shown, then asked once more, so that a list goes on living
    while changes pour in faster than it can be read.
    """

    def __init__(self, jobs: Jobs, label: str, show: Callable[[Any], None], parent: QObject) -> None:
        super().__init__(parent)
        self._jobs, self._label, self._show = jobs, label, show
        self._asked: Any = None
        self._next: tuple[Any, Callable[[], Any]] | None = None
        self._busy = False

    @property
    def waiting(self) -> bool:
        """Tell whether something newer than what is being shown has been asked."""
        return self._next is not None

    @property
    def busy(self) -> bool:
        """Tell whether an answer is still to come."""
        return self._busy or self.waiting

    def ask(self, work: Callable[[], Any], about: Any = None) -> None:
        """Ask for what work returns; about tells whether two questions are the same."""
        self._next = (about, work)
        self._begin()

    def forget(self) -> None:
        """Show no answer to what was asked so far."""
        self._asked, self._next = object(), None

    def _begin(self) -> None:
        if self._busy or self._next is None or self._jobs.stopped:
            return
        (about, work), self._next = self._next, None
        self._asked, self._busy = about, True
        self._jobs.run(self._label, lambda _progress: work(), partial(self._answered, about), quiet=True,
                       failed=self._failed)  # fmt: skip

    def _answered(self, about: Any, found: Any) -> None:
        self._busy = False
        if self._jobs.stopped or not isValid(self):  # what asked is gone meanwhile
            return
        if self._asked == about and (self._next is None or self._next[0] == about):
            self._show(found)
        self._begin()

    def _failed(self, error: Exception) -> None:
        self._busy = False
        if not isValid(self):
            return
        self._jobs.report(error)
        self._begin()


class InlineJobs(Jobs):
    """Runs each job at once, for tests and scripts."""

    def _start(self, run: Run, *, quiet: bool) -> None:
        self._execute(run)
