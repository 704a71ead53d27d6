"""What an installed program tells the system of itself is true, whole, and written once."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mutuelle_desktop import __version__, cli
from mutuelle_desktop.ui.dialogs import PAPIERS

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging"))

import contenu  # noqa: E402
import fiches  # noqa: E402
import licences  # noqa: E402

DESKTOP = ROOT / "packaging/linux/mutuelle-desktop.desktop"


def desktop() -> dict[str, str]:
    lines = DESKTOP.read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def test_the_menu_entry_is_well_formed():
    keys = desktop()
    assert keys["Exec"].startswith(f"{fiches.NAME} ")
    assert keys["Icon"] == keys["StartupWMClass"] == fiches.NAME
    assert all(keys[name].endswith(";") for name in ("Categories", "MimeType", "Keywords"))
    if shutil.which("desktop-file-validate"):
        subprocess.run(["desktop-file-validate", str(DESKTOP)], check=True)


def test_the_menu_opens_every_kind_of_picture_that_the_window_takes():
    kinds = {"jpg": "jpeg", "tif": "tiff"}
    endings = set(re.findall(r"\*\.(\w+)", PAPIERS))
    wanted = {"application/pdf" if e == "pdf" else f"image/{kinds.get(e, e)}" for e in endings}
    assert set(desktop()["MimeType"].strip(";").split(";")) == wanted


def test_the_metainfo_is_well_formed_and_tells_the_releases(tmp_path):
    text = fiches.metainfo()
    tree = ElementTree.fromstring(text)
    assert tree.findtext("id") == fiches.COMPONENT
    assert tree.findtext("launchable") == DESKTOP.name
    assert [found.get("version") for found in tree.iter("release")] == [r.version for r in fiches.releases()]
    if shutil.which("appstreamcli"):
        path = tmp_path / f"{fiches.COMPONENT}.metainfo.xml"
        path.write_text(text, "utf-8")
        subprocess.run(["appstreamcli", "validate", "--no-net", str(path)], check=True, capture_output=True)


def test_the_manual_tells_every_command_and_every_option():
    page = fiches.man_page().replace("\\-", "-")
    for name in cli.NAMES:
        assert f".SS \\fB{name}\\fR" in page, name
    commands = next(action for action in cli.parser()._actions if action.choices and action.dest == "commande").choices
    assert set(commands) == set(cli.NAMES)
    for command in commands.values():
        for action in command._actions:
            for word in action.option_strings:
                assert f"\\fB{word}\\fR" in page, word


@pytest.mark.parametrize("text", [".début", "'début", "a\\b", "mot\u00a0: mot"])
def test_no_word_of_the_manual_is_taken_for_a_request(text):
    told = fiches._roff(text)
    assert not told.startswith((".", "'"))
    assert "\u00a0" not in told
    assert "\\b" not in told


def test_the_version_is_written_in_one_place_and_told_in_the_news():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["hatch"]["version"]["path"] == "mutuelle_desktop/__init__.py"
    assert contenu.version(ROOT) == __version__ == fiches.releases()[0].version
    written = [
        path for path in (ROOT / "packaging").rglob("*") if path.suffix in {".py", ".xml", ".iss", ".sh", ".yml"}
    ]
    assert [path.name for path in written if __version__ in path.read_text("utf-8")] == []


def test_the_news_are_ordered_and_say_something():
    told = fiches.releases()
    assert told == sorted(told, key=lambda release: release.day, reverse=True)
    assert all(items for release in told for _heading, items in release.changes)
    assert f"{fiches.NAME} ({__version__}-1)" in fiches.debian_changelog(f"{__version__}-1", "Nom <a@b>")


def test_everything_that_ships_has_its_licence_and_its_text():
    rows = tomllib.loads((fiches.APROPOS / "licences.toml").read_text("utf-8"))["composant"]
    told = {licences.canonical(row["nom"]) for row in rows}
    needed = {licences.canonical(one.metadata["Name"]) for one in licences.runtime()}
    assert needed - told == set(), "lancez « python packaging/licences.py »"
    for row in rows:
        assert row.keys() == {"nom", "version", "licence", "source", "texte"}
        assert row["version"], row["nom"]
        assert row["licence"], row["nom"]
        assert row["source"].startswith("http"), row["nom"]
        assert (fiches.APROPOS / "textes" / row["texte"]).stat().st_size > 100, row["nom"]


def test_the_licences_of_a_package_name_only_texts_that_are_there():
    text = fiches.copyright_file()
    for path in re.findall(r"/usr/lib/mutuelle-desktop/_internal/mutuelle_desktop/(\S+)", text):
        assert (ROOT / path).is_file(), path


def test_what_ships_is_locked_by_version_and_hash():
    locked = (ROOT / "packaging/versions.txt").read_text("utf-8")
    names = {licences.canonical(name) for name in re.findall(r"^([\w.-]+)==", locked, re.MULTILINE)}
    assert {licences.canonical(one.metadata["Name"]) for one in licences.runtime()} <= names
    assert locked.count("--hash=sha256:") > len(names)


@pytest.mark.parametrize(
    ("place", "source", "kept"),
    [
        ("PySide6/Qt/lib/libQt6Widgets.so.6", "/v/x", True),
        ("PySide6/Qt/lib/libQt6Quick.so.6", "/v/x", False),
        ("PySide6/Qt/translations/qtbase_fr.qm", "/v/x", True),
        ("PySide6/Qt/translations/qtbase_de.qm", "/v/x", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "/v/x", True),
        ("PySide6/Qt/plugins/tls/libqopensslbackend.so", "/v/x", False),
        ("numpy-2.4.6.dist-info/METADATA", "/v/x", False),
        ("libpython3.11.so.1.0", "/usr/lib/x", True),
    ],
)
def test_only_what_is_needed_goes_into_the_program(place, source, kept):
    assert contenu.is_needed(place, source) is kept


def test_every_part_of_qt_that_the_program_imports_is_shipped():
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "mutuelle_desktop").rglob("*.py"))
    assert set(re.findall(r"\bPySide6\.Qt(\w+)", code)) <= set(contenu.QT_MODULES)
