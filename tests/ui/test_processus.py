"""The window as the desktop starts and ends it: real processes, real signals."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mutuelle_desktop.instance import KEY, Instance
from mutuelle_desktop.storage.library import Library
from tests.ui.maison import pdf

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90
"""Seconds: a loaded computer starts a window slowly."""
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


class Started:
    """Windows started on one folder of data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[str]] = []

    def window(self, *words: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_RUNTIME_DIR": str(self.folder.parent)}
        process = subprocess.Popen(
            [sys.executable, "-m", "mutuelle_desktop", "--donnees", str(self.folder), *words],
            env=environment, cwd=self.folder.parent, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.processes.append(process)
        return process

    def until(self, happened: Any) -> Any:
        end = time.monotonic() + PATIENCE
        while not (found := happened()):
            assert time.monotonic() < end, [p.poll() for p in self.processes]
            time.sleep(0.05)
        return found

    def find(self, mot: str) -> list[Any]:
        """Search through the window that is open, as the command line does."""
        answer = Instance(self.folder).ask(
            {"commande": "commande", "arguments": {"commande": "chercher", "mots": [mot]}}
        )
        return answer["json"] if answer else []

    def end(self, process: subprocess.Popen[str], number: signal.Signals) -> None:
        process.send_signal(number)
        _out, err = process.communicate(timeout=PATIENCE)
        assert (process.returncode, "Traceback" in err) == (0, False), err
        assert not (self.folder / KEY).exists(), "the way in is closed"
        Library(self.folder).close()


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Started]:
    made = Started(tmp_path / "donnees")
    yield made
    for process in made.processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_a_second_start_hands_its_files_over_and_ends_and_the_end_of_the_session_is_tidy(started, tmp_path):
    first = started.window()
    started.until((started.folder / KEY).exists)
    paper = pdf(tmp_path / "devis couronne.pdf", "Devis pour une couronne")
    second = started.window(str(paper))
    assert second.wait(PATIENCE) == 0
    started.until(lambda: started.find("couronne"))
    assert first.poll() is None
    started.end(first, signal.SIGTERM)


def test_two_starts_at_once_make_one_window_which_has_the_files_of_both(started, tmp_path):
    papers = [pdf(tmp_path / f"{mot}.pdf", f"Facture {mot}") for mot in ("lunettes", "dentaire")]
    both = [started.window("--discret", str(paper)) for paper in papers]
    for mot in ("lunettes", "dentaire"):
        started.until(lambda mot=mot: started.find(mot))
    (window,) = started.until(lambda: [p for p in both if p.poll() is None and any(q.poll() == 0 for q in both)])
    started.end(window, signal.SIGHUP)
