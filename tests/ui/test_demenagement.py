"""Moving from the window of the real program, which starts again by itself; and a place that is gone at the start."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mutuelle_desktop.app import App
from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.instance import KEY, LOCK, Instance
from mutuelle_desktop.storage import paths
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.ui.dialogs import Dialogs
from tests.storage.foyer import take_in
from tests.ui.test_import import texts

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90
"""Seconds: a loaded computer starts a window slowly."""


def until(happened):
    end = time.monotonic() + PATIENCE
    while not (found := happened()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


def alive(number):
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_the_program_moves_its_data_and_starts_again_in_the_new_place(tmp_path, monkeypatch):
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
        (tmp_path / name).mkdir(mode=0o700)
    monkeypatch.delenv(paths.VARIABLE, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    before, target = paths.data_folder(), tmp_path / "ailleurs"
    library = Library(before)
    take_in(library, b"%PDF-1.4 rien", "Devis")
    library.close()
    with (tmp_path / "dit").open("w") as told:  # a file: the second start, which lives on, holds it too
        command = [sys.executable, "-m", "tests.ui.demenagement", str(target)]
        done = subprocess.run(command, stdout=told, stderr=told, cwd=ROOT, timeout=PATIENCE, check=False)
    assert done.returncode == 0, (tmp_path / "dit").read_text()
    assert "Traceback" not in (tmp_path / "dit").read_text()
    assert paths.data_folder() == target
    window = until(lambda: (target / KEY).exists() and int((target / LOCK).read_text().split()[0]))
    try:
        asked = {"commande": "commande", "arguments": {"commande": "verifier"}}
        answer = until(lambda: Instance(target).ask(asked))
        assert answer["code"] == 0, "the new window holds the data, whole"
        assert "1 document est intact" in " ".join(answer["lignes"])
    finally:
        os.kill(window, signal.SIGTERM)
        until(lambda: not alive(window))
    assert not (target / KEY).exists()
    for folder in (before, target):
        library = Library(folder)
        with library.read() as db:
            assert [d.titre for d in db.all(Document)] == ["Devis"]
        library.close()


def test_a_place_that_is_gone_is_said_on_the_whole_page_and_the_folder_chosen_instead_is_kept(
    tmp_path, monkeypatch, qtbot
):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv(paths.VARIABLE, raising=False)
    paths.write_pointer(tmp_path / "cle" / "donnees")
    run = App(paths.data_folder(), Instance(paths.data_folder()), [])
    run.window.show()
    with qtbot.waitSignal(run.refused, timeout=60_000):
        run.open()
    qtbot.waitUntil(lambda: "branchez-le" in texts(run.window), timeout=60_000)
    assert not (tmp_path / "cle").exists(), "no empty library in its place"
    library = Library(tmp_path / "retrouve")
    take_in(library, b"%PDF-1.4 rien", "Devis")
    library.close()
    monkeypatch.setattr(Dialogs, "choose_folder", lambda *_: tmp_path / "retrouve")
    run._choose()
    qtbot.waitUntil(lambda: run.house is not None, timeout=60_000)
    assert paths.data_folder() == tmp_path / "retrouve", "found again at the next start"
    with run.house.library.read() as db:
        assert db.count(Document) == 1
    qtbot.waitUntil(lambda: not run.house.desk.jobs.running, timeout=60_000)
    run.window.close()
    assert run.house is None
    run.window.deleteLater()
    sys.excepthook = sys.__excepthook__
