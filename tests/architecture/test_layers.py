"""Who may import whom, and the core without the window: its tests pass where Qt does not exist."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("domain", "storage", "extraction", "rendering", "services")
WITHOUT_QT = """
import sys

class NoQt:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("PySide6", "shiboken6", "pytestqt"):
            raise ModuleNotFoundError(f"{name} cannot be imported here", name=name)
        return None

sys.meta_path.insert(0, NoQt())
"""
SLOW = (
    "thousand or every_instant or killed or starved or power or disk or hypothesis or speed or vitesse or crash "
    "or example or exemple or long or cut or memory or letter or mistyped or outlined or address or naughty or whatever"
)
"""What the run without Qt leaves to the ordinary run: minutes of waiting that have nothing to do with Qt."""


def run(code: str, *words: str, timeout: float = 600) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_QT + code, *words],
        capture_output=True, text=True, cwd=ROOT, env=environment, timeout=timeout, check=False,
    )  # fmt: skip


def test_the_import_contracts_hold():
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-cache"], capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_qt_cannot_be_imported_in_the_runs_below():
    for name in ("PySide6", "PySide6.QtCore", "shiboken6"):
        done = run(f"import {name}")
        assert done.returncode == 1
        assert "cannot be imported here" in done.stderr


@pytest.mark.parametrize("layer", LAYERS)
def test_every_module_of_a_layer_is_imported_without_qt(layer):
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((ROOT / "mutuelle_desktop" / layer).rglob("*.py"))
        if path.name not in ("env.py", "__init__.py") and "versions" not in path.parent.name
    ]
    assert modules or layer == "rendering"
    done = run(
        "import importlib\nfor name in sys.argv[1:]: importlib.import_module(name)\n"
        "loaded = [name for name in sys.modules if name.partition('.')[0] in ('PySide6', 'shiboken6')]\n"
        "print(loaded)",
        *modules,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_the_commands_are_imported_without_qt():
    done = run("import mutuelle_desktop.__main__, mutuelle_desktop.cli, mutuelle_desktop.instance")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("layer", [layer for layer in LAYERS if (ROOT / "tests" / layer).is_dir()])
def test_the_tests_of_a_layer_pass_without_qt(layer, tmp_path):
    done = run(
        "import pytest\nsys.exit(pytest.main(sys.argv[1:]))",
        f"tests/{layer}", "-q", "-x", "-p", "no:pytest-qt", "-p", "no:cacheprovider", "-p", "no:randomly", "-k",
        f"not ({SLOW})", "-m", "not slow", "-o", "addopts=--strict-markers --import-mode=importlib", "-W",
        "ignore::pytest.PytestConfigWarning", "--basetemp", str(tmp_path / "temp"),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert " passed" in done.stdout
