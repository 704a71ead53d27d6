"""Where the data that ships with the program lies."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


def resource(name: str) -> Path:
    """Return the path of a shipped file, installed beside the package or in a checkout."""
    installed = PACKAGE / "resources"
    root = installed if installed.is_dir() else PACKAGE.parent / "resources"
    return root / name
