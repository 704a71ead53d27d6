"""What goes into the frozen program, and what PyInstaller would take along for nothing.

Qt is taken by name: a part that is not named here stays out. On Debian the libraries of the system stay in the system,
and become dependencies of the package. `python packaging/build.py --tailles` says what each part weighs.
"""

import re
import sys
from pathlib import Path, PurePosixPath

QT_MODULES = ("Core", "DBus", "Gui", "PrintSupport", "Svg", "Widgets")
QT_LIBRARIES = (*QT_MODULES, "WaylandClient", "WlShellIntegration", "XcbQpa")
QT_PLUGINS = {
    "iconengines": ("qsvgicon",),
    "imageformats": ("qjpeg", "qsvg", "qwebp"),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "platforms": ("qcocoa", "qoffscreen", "qwayland", "qwindows", "qxcb"),
    "platformthemes": ("qgtk3", "qxdgdesktopportal"),
    "printsupport": ("cocoaprintersupport", "cupsprintersupport", "windowsprintersupport"),
    "styles": ("qmodernwindowsstyle", "qmacstyle"),
    "wayland-decoration-client": ("adwaita", "bradient"),
    "wayland-shell-integration": ("xdg-shell",),
}
"""By folder: the screen (X11, Wayland, and without one), accents typed with dead keys, the desktop's own dialogs and
file portals, printers, and the three kinds of pictures the window draws. Pictures of papers are never Qt's to open."""
TRANSLATIONS = ("qtbase_fr.qm",)

EXCLUDED = [
    *(f"PySide6.Qt{name}" for name in ("Network", "OpenGL", "OpenGLWidgets", "Qml", "Quick", "Sql", "Test", "Xml")),
    "PIL.ImageQt", "PIL.ImageTk", "PIL.ImageShow", "_tkinter", "tkinter",
    "sqlite3", "ssl", "_ssl", "readline", "curses", "pdb", "pydoc", "doctest", "lib2to3",
    "numpy.f2py", "numpy.testing", "numpy.distutils", "sqlalchemy.testing", "alembic.testing", "pytest", "setuptools",
    "pip", "pkg_resources", "wheel", "IPython", "matplotlib", "greenlet",
]  # fmt: skip
"""Modules that something could import and that nothing here does."""

_SYSTEM = ("/usr/lib/", "/lib/", "/usr/local/lib/")


def hidden(root: Path) -> list[str]:
    """Return every module of the program: the pages of the window are imported by name, when first shown."""
    found = (path.relative_to(root) for path in sorted((root / "mutuelle_desktop").rglob("*.py")))
    names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in found]
    return [name for name in names if ".versions." not in name]


def version(root: Path) -> str:
    """Return the version of the program, from the one place where it is written."""
    text = (root / "mutuelle_desktop" / "__init__.py").read_text("utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    assert found
    return found[1]


def datas(root: Path) -> list[tuple[str, str]]:
    """Return the data of the program and where each folder goes: resources, and the history of the library's tables."""
    versions = "mutuelle_desktop/storage/migrations/versions"
    return [(str(root / "resources"), "mutuelle_desktop/resources"), (f"{root / versions}/*.py", versions)]


def is_needed(place: str, source: str) -> bool:
    """Tell whether a file that PyInstaller found is to be shipped, given where it would go and where it comes from."""
    path = PurePosixPath(place.replace("\\", "/"))
    if path.parts[0] == "PySide6":
        return _is_needed_of_qt(path)
    if any(part.endswith(".dist-info") for part in path.parts):
        return False
    if path.parts[0] == "tzdata":
        return sys.platform == "win32"  # elsewhere the system has them, and keeps them up to date
    shared = len(path.parts) == 1 and sys.platform == "linux" and source.startswith(_SYSTEM)
    return not shared or path.name.startswith("libpython")


def _is_needed_of_qt(path: PurePosixPath) -> bool:
    name = path.name
    if "translations" in path.parts:
        return name in TRANSLATIONS
    if "plugins" in path.parts:
        stem = name.split(".")[0].removeprefix("lib")
        return stem in QT_PLUGINS.get(path.parent.name, ())
    stem = name.split(".")[0].removeprefix("lib")
    if stem.startswith(("Qt6", "Qt")):
        return stem.removeprefix("Qt6").removeprefix("Qt") in QT_LIBRARIES
    return True
