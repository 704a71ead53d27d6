"""The program as a screen reader of the system meets it: AT-SPI under a session bus, on a screen in memory."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from mutuelle_desktop.services import exemple
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.library import Library

HERE = Path(__file__).resolve().parent
SYSTEM = "/usr/bin/python3"
TOOLS = ("Xvfb", "dbus-run-session")
SECONDS = 60
"""The most a loaded machine is given to answer; a free one needs ten."""


def missing() -> str:
    """Return what the system lacks for this test, or nothing."""
    lacking = [name for name in TOOLS if shutil.which(name) is None]
    if lacking:
        return f"without {', '.join(lacking)}"
    try:
        code = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
        done = subprocess.run([SYSTEM, "-c", code], capture_output=True, timeout=30, check=False)
    except OSError:
        return "without the Python of the system"
    return "" if done.returncode == 0 else "without gir1.2-atspi-2.0 and python3-gi"


@pytest.fixture
def donnees(tmp_path, workers: Workers) -> Path:
    """A folder of data with the fictional household in it."""
    folder = tmp_path / "donnees"
    library = Library(folder)
    exemple.fill_example(library, workers)
    library.close()
    return folder


@pytest.mark.skipif(bool(missing()), reason=missing() or "there")
def test_a_screen_reader_finds_the_tabs_the_rows_and_a_form_and_acts_on_them(donnees, tmp_path):
    script = tmp_path / "session.sh"
    script.write_text(
        f"""#!/bin/bash
Xvfb -displayfd 3 -screen 0 1280x800x24 3>{tmp_path}/ecran 2>/dev/null &
screen=$!
for _ in $(seq 200); do [ -s {tmp_path}/ecran ] && break; sleep 0.1; done
export DISPLAY=:$(cat {tmp_path}/ecran)
{sys.executable} -m mutuelle_desktop --donnees {donnees} >{tmp_path}/programme.txt 2>&1 &
program=$!
{SYSTEM} {HERE / "ecoute.py"} $program {SECONDS}
kill $program $screen 2>/dev/null
wait
"""
    )
    environment = {name: value for name, value in os.environ.items() if name not in ("QT_QPA_PLATFORM", "DISPLAY")}
    environment |= {
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "QT_ACCESSIBILITY": "1", "QT_QPA_PLATFORM": "xcb",
        "PYTHONPATH": str(HERE.parents[1]), "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path), "LANG": "C.UTF-8",
        "NO_AT_BRIDGE": "0",
    }  # fmt: skip
    done = subprocess.Popen(
        ["dbus-run-session", "--", "bash", str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=environment, start_new_session=True,
    )  # fmt: skip
    since = time.monotonic()
    try:
        out, err = done.communicate(timeout=2 * SECONDS)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(done.pid, signal.SIGKILL)
    program = tmp_path / "programme.txt"
    told = f"{out}{err}{program.read_text() if program.exists() else ''} after {time.monotonic() - since:.0f} s"
    assert out.strip(), told
    seen = json.loads(out.strip().splitlines()[-1])
    assert seen["program"] == "Mutuelle Desktop", told
    assert seen["window"].startswith("Mutuelle Desktop"), told
    assert [tab.partition(",")[0] for tab in seen["tabs"]][:3] == ["Aujourd’hui", "Dossiers", "Documents"], told
    assert seen["pressed"], told
    assert seen["chosen"], told
    assert any(row.startswith("Couronne dent 36,") for row in seen["rows"]), told
    assert "Dossiers" in seen["headings"], told
    assert seen["asked"], told
    assert seen["form"] == "Nouveau dossier", told
    fields = [tuple(field) for field in seen["fields"]]
    assert ("text", "Titre") in fields, told
    assert all(name for _role, name in fields), told
    assert seen["left"], told
