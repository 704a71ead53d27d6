"""What every test may ask for: a library of its own, and no window on a real screen."""

import os
import tempfile

os.environ["QT_QPA_PLATFORM"] = "offscreen"  # before anything imports Qt

os.environ["XDG_CONFIG_HOME"] = os.path.join(tempfile.gettempdir(), "mutuelle-desktop-sans-reglages")  # nobody's own

os.environ["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"  # no test speaks to the desktop of who runs it

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from mutuelle_desktop.storage.library import Library

settings.register_profile("calme", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calme")  # a loaded computer is no fault of what is tested
pytest.register_assert_rewrite("tests.services.aides")  # several folders of tests use it


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library in a folder of its own, closed afterwards."""
    opened = Library(tmp_path / "donnees")
    yield opened
    opened.close()
