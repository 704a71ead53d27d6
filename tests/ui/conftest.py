"""The window every screen test drives: real library, real workers, answers given in advance."""

import gc
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.ui.jobs import InlineJobs, Jobs
from mutuelle_desktop.ui.theme import theme
from tests.ui.maison import TODAY, Foyer


@pytest.fixture(scope="session", autouse=True)
def _empty_clipboard(qapp: QApplication) -> Iterator[None]:
    """Leave the clipboard empty: what it holds would outlive Python, and end the whole run with a fault."""
    yield
    qapp.clipboard().clear()


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """One set of caged processes for the whole run: starting one costs more than a page."""
    opened = Workers()
    yield opened
    opened.close()


@pytest.fixture
def open_foyer(qapp: QApplication, workers: Workers, tmp_path: Path) -> Iterator[Callable[..., Foyer]]:
    """Open windows, one after the other over the same folder, and close them afterwards."""
    theme().apply("clair", 100)
    opened: list[Foyer] = []

    def make(jobs: type[Jobs] = InlineJobs, folder: Path | None = None, today: date = TODAY) -> Foyer:
        opened.append(Foyer(folder or tmp_path / "donnees", workers, jobs, today))
        return opened[-1]

    def close(foyer: Foyer) -> None:
        foyer.close()
        opened.remove(foyer)

    make.close = close  # type: ignore[attr-defined]
    yield make
    for foyer in opened:
        foyer.close()
    opened.clear()
    gc.collect()  # here and not on the thread that makes the next object: windows die on their own thread


@pytest.fixture
def foyer(open_foyer: Callable[..., Foyer]) -> Foyer:
    """An empty household, its window open."""
    return open_foyer()
