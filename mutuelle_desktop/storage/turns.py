"""Who may use the one connection: each in turn, the window first."""

import threading
from collections import deque
from types import TracebackType


class Turns:
    """A lock a thread may take again while it holds it, and that is handed over in the order it was asked for.

    Python's own lock may be taken back at once by the thread that lets it go: an import would keep the window waiting
    for as long as it lasts. Here the window waits for one transaction at most, whatever else is waiting.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._owner: int | None = None
        self._depth = 0
        self._waiting: deque[tuple[int, threading.Lock]] = deque()

    def __enter__(self) -> None:
        """Wait for one's turn."""
        me = threading.get_ident()
        with self._guard:
            if self._owner is None or self._owner == me:
                self._owner = me
                self._depth += 1
                return
            turn = threading.Lock()
            turn.acquire()
            if me == threading.main_thread().ident:
                self._waiting.appendleft((me, turn))
            else:
                self._waiting.append((me, turn))
        try:
            turn.acquire()
        except BaseException:  # Ctrl+C while waiting: the turn is left, or handed on when it has just come
            self._leave(me, turn)
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hand over to the next, without a moment in which another could come between."""
        with self._guard:
            self._depth -= 1
            if not self._depth:
                self._hand_over()

    def _hand_over(self) -> None:
        if not self._waiting:
            self._owner = None
            return
        self._owner, turn = self._waiting.popleft()
        self._depth = 1
        turn.release()

    def _leave(self, me: int, turn: threading.Lock) -> None:
        with self._guard:
            if (me, turn) in self._waiting:
                self._waiting.remove((me, turn))
            else:
                self._depth = 0
                self._hand_over()
