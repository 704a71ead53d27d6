"""What the README and the folders promise of each other."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "mutuelle_desktop"
SOURCES = {path: path.read_text("utf-8") for path in PACKAGE.rglob("*.py")}


def test_only_the_theme_sets_a_style():
    guilty = [path.name for path, text in SOURCES.items() if "setStyleSheet" in text and path.name != "theme.py"]
    assert guilty == []


def test_only_the_theme_names_a_colour():
    painted = {"canvas.py"}  # a page of paper is white in every theme
    pattern = re.compile(r'"#[0-9A-Fa-f]{6}"')
    guilty = [path.name for path, text in SOURCES.items()
              if "ui" in path.parts and pattern.search(text) and path.name not in painted]  # fmt: skip
    assert guilty == []


def test_every_icon_is_used_and_every_icon_used_exists():
    there = {path.stem for path in (ROOT / "resources" / "icons").glob("*.svg")}
    text = "\n".join(text for path, text in SOURCES.items() if "ui" in path.parts)
    quoted = set(re.findall(r'"([a-z0-9-]+)"', text))
    assert there - quoted == set(), "drawn for nothing"
    asked = set(re.findall(r'(?:\btool\(|\.icon\(|EmptyState\(|\bwear\(\w+, )\s*"([a-z0-9-]+)"', text))
    assert len(asked) > 10
    assert asked - there == set(), "asked for but not drawn"


def test_both_themes_name_the_same_colours_and_the_style_uses_no_other():
    themes = ROOT / "resources" / "themes"
    light, dark = (tomllib.loads((themes / f"{name}.toml").read_text("utf-8")) for name in ("clair", "sombre"))
    assert light.keys() == dark.keys()
    used = set(re.findall(r"\{(\w+)\}", (themes / "style.qss").read_text("utf-8")))
    sizes = {name for name in used if re.fullmatch(r"t_\w+|p\d+|ton|dessins", name)}
    assert used - sizes <= light.keys()


def test_the_map_of_the_readme_names_every_folder_and_nothing_else():
    readme = (ROOT / "README.md").read_text("utf-8")
    folders = {str(path.parent.relative_to(ROOT)) for path in PACKAGE.rglob("__init__.py")}
    folders = {folder for folder in folders if folder.count("/") <= 2 and "migrations" not in folder}
    for folder in folders:
        assert f"`{folder}/`" in readme, folder
    for named in re.findall(r"`((?:mutuelle_desktop|resources|tests|packaging)/[\w./-]*)`", readme):
        assert (ROOT / named).exists(), f"{named} is named in the README but is not there"


def test_the_readme_gives_the_two_commands_and_a_picture_that_exists():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "bash packaging/start.sh" in readme
    assert "bash packaging/test.sh" in readme
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", readme)
    assert pictures
    for picture in pictures:
        assert (ROOT / picture).stat().st_size > 20_000


def test_no_file_is_longer_than_a_reader_can_hold():
    long = {path.name: text.count("\n") for path, text in SOURCES.items() if text.count("\n") > 420}
    assert long == {}
