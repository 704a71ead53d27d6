"""What the tests of the verbs share: caged processes, started once, and no language of the system's own."""

from collections.abc import Iterator

import pytest

from mutuelle_desktop.services.workers import Workers


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """One set of caged processes for the whole run: starting one costs more than a page."""
    opened = Workers()
    yield opened
    opened.close()
