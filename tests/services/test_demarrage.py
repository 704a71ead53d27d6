"""Starting with the session: one small file, which other tools of the desktop read and may put off."""

import configparser
import re
import sys

import pytest

from mutuelle_desktop.domain.errors import Refused, Unavailable
from mutuelle_desktop.services.demarrage import (
    DISCRET,
    FICHIER,
    autostart_state,
    entry_text,
    follow_autostart,
    set_autostart,
)


@pytest.fixture
def entry(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("FLATPAK_ID", "SNAP"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "config" / "autostart" / FICHIER


def command_of(text: str) -> list[str]:
    """Read Exec back as the specification says: the value's own escapes, then the quotes, then the per cents."""
    parser = configparser.RawConfigParser()
    parser.optionxform = str
    parser.read_string(text)
    value = parser["Desktop Entry"]["Exec"].replace("\\\\", "\\")
    words = re.findall(r'"((?:\\.|[^"\\])*)"|(\S+)', value)
    return [re.sub(r"\\(.)", r"\1", quoted).replace("%%", "%") or bare.replace("%%", "%") for quoted, bare in words]


def test_it_starts_this_very_program_minimised_and_no_more_when_it_is_taken_back(entry, monkeypatch):
    assert not autostart_state()
    set_autostart(True)
    assert autostart_state()
    assert command_of(entry.read_text("utf-8")) == [sys.executable, "-m", "mutuelle_desktop", DISCRET]
    assert entry.stat().st_mode & 0o077 == 0
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    set_autostart(True)
    assert command_of(entry.read_text("utf-8")) == [sys.executable, DISCRET]
    set_autostart(False)
    set_autostart(False)
    assert not entry.exists()
    assert not autostart_state()


@pytest.mark.parametrize("line", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_an_entry_the_desktop_put_off_is_off_and_is_left_alone(entry, line):
    set_autostart(True)
    text = entry.read_text("utf-8").replace("X-GNOME-Autostart-enabled=true", line)
    entry.write_text(text, "utf-8")
    assert not autostart_state()
    follow_autostart()
    assert entry.read_text("utf-8") == text


def test_a_program_installed_elsewhere_is_followed_and_nothing_is_added_unasked(entry, monkeypatch, tmp_path):
    follow_autostart()
    assert not entry.exists()
    first = tmp_path / 'mes "programmes" à 100%' / "mutuelle-desktop"
    first.parent.mkdir()
    first.touch()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(first))
    set_autostart(True)
    monkeypatch.setattr(sys, "executable", "/opt/ailleurs/mutuelle-desktop")
    follow_autostart()
    assert command_of(entry.read_text("utf-8"))[0] == str(first), "another one, still there, is left alone"
    first.unlink()
    follow_autostart()
    assert command_of(entry.read_text("utf-8")) == ["/opt/ailleurs/mutuelle-desktop", DISCRET]


@pytest.mark.parametrize(
    "word", ["/home/é/mes programmes", "/a/100% sûr", '/a/"b" $c `d` \\e', "/a/(x);y", "--discret"]
)
def test_any_path_is_read_back_as_it_is(word):
    assert command_of(entry_text([word, "x"])) == [word, "x"]


def test_a_line_break_in_a_path_is_refused():
    with pytest.raises(Refused, match="un signe"):
        entry_text(["/a\nExec=/bin/b"])


@pytest.mark.parametrize(("name", "value"), [("FLATPAK_ID", "x.y.z"), ("SNAP", "/snap/x")])
def test_inside_a_cage_it_is_not_offered(entry, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(Refused, match="ne permet pas"):
        set_autostart(True)
    assert not entry.exists()


def test_other_systems_are_not_offered_it(entry, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(Refused):
        set_autostart(True)
    assert not autostart_state()


def test_a_folder_one_may_not_write_in_is_told(entry):
    entry.parent.parent.mkdir()
    entry.parent.write_text("un fichier")
    with pytest.raises(Unavailable, match="n’a pas pu être changé"):
        set_autostart(True)
