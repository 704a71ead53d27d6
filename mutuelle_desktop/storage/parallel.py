"""Several files at a time: while a disk makes one durable, the next is read."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

ENSEMBLE = 3
"""Files in hand at once; one, and no thread is started."""
Item = TypeVar("Item")
Result = TypeVar("Result")


@contextmanager
def several(work: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Iterator[Result]]:
    """Give the results of a work on each item, in their order; on leaving, what was not begun is left undone."""
    if ENSEMBLE < 2 or len(items) < 2:
        yield map(work, items)
        return
    pool = ThreadPoolExecutor(ENSEMBLE)
    try:
        yield pool.map(work, items)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
