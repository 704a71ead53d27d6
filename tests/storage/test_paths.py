"""Folders, settings and shipped files are found, and kept private."""

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from mutuelle_desktop.domain.errors import Unavailable
from mutuelle_desktop.storage import paths, resources
from mutuelle_desktop.storage.paths import be_private, data_folder, make_private, runtime_folder, write_whole
from mutuelle_desktop.storage.settings import FILE, Settings, load, save


def test_the_folder_given_wins_over_the_environment_and_that_over_the_users_own(tmp_path, monkeypatch):
    monkeypatch.setenv("MUTUELLE_DESKTOP_DONNEES", str(tmp_path / "env"))
    assert data_folder(tmp_path / "donne") == tmp_path / "donne"
    assert data_folder(None) == tmp_path / "env"
    monkeypatch.delenv("MUTUELLE_DESKTOP_DONNEES")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert data_folder(None).name == "mutuelle-desktop"


def test_a_disk_that_is_not_plugged_in_is_not_mistaken_for_an_empty_folder(tmp_path):
    with pytest.raises(Unavailable, match="branchez-le"):
        make_private(tmp_path / "cle-usb" / "papiers")
    assert not (tmp_path / "cle-usb").exists()


def test_the_users_own_folder_is_made_with_its_parents(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert make_private(tmp_path / ".local" / "share" / "mutuelle-desktop").is_dir()


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "donnees").write_text("x")
    with pytest.raises(Unavailable, match="n’est pas un dossier"):
        make_private(tmp_path / "donnees")


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_a_folder_left_open_to_others_is_closed_to_them(tmp_path):
    (tmp_path / "donnees").mkdir(mode=0o755)
    assert make_private(tmp_path / "donnees").stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_the_umask_is_private():
    before = os.umask(0o022)
    try:
        be_private()
        assert os.umask(0o022) == 0o077
    finally:
        os.umask(before)


def test_copies_opened_outside_go_to_memory_where_there_is_some(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert runtime_folder() == tmp_path / "mutuelle-desktop"
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    monkeypatch.setattr(paths.platformdirs, "user_cache_dir", lambda *_: str(tmp_path))
    assert runtime_folder() == tmp_path / "ouverts"


def test_a_small_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    write_whole(tmp_path / "a", b"avant")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(paths.os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "a", b"apres")
    assert (tmp_path / "a").read_bytes() == b"avant"


def test_settings_come_back(tmp_path):
    chosen = Settings(theme="sombre", echelle=150, dossier_surveille="/home/camille/Scans")
    save(tmp_path, chosen)
    assert load(tmp_path) == chosen


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"theme": 3, "echelle": "grand"}', '{"theme": "rose"}'])
def test_settings_missing_or_wrong_keep_their_defaults(tmp_path, text):
    assert load(tmp_path) == Settings()
    (tmp_path / FILE).write_text(text)
    assert load(tmp_path) == Settings()


@pytest.mark.parametrize(("given", "kept"), [(10, 80), (500, 200), (125, 125)])
def test_the_size_of_the_text_stays_within_bounds(tmp_path, given, kept):
    save(tmp_path, Settings(echelle=given))
    assert load(tmp_path).echelle == kept


@pytest.mark.parametrize(("given", "kept"), [(0, 1), (1, 1), (2, 2), (9, 2)])
def test_the_number_of_pages_read_at_once_stays_within_bounds(tmp_path, given, kept):
    save(tmp_path, Settings(lectures=given, lecture_auto=False))
    assert load(tmp_path) == Settings(lectures=kept, lecture_auto=False)


def test_settings_of_another_version_are_left_in_place(tmp_path):
    (tmp_path / FILE).write_text('{"avenir": [1], "echelle": 120}')
    save(tmp_path, Settings(theme="clair"))
    kept = json.loads((tmp_path / FILE).read_text("utf-8"))
    assert kept == {"avenir": [1], **asdict(Settings(theme="clair"))}
    assert kept["echelle"] == 100, "what this version knows is its own"


def test_settings_that_cannot_be_written_are_told(tmp_path):
    with pytest.raises(Unavailable, match="réglages"):
        save(tmp_path / "absent", Settings())


def test_shipped_files_are_beside_the_package_when_installed_and_in_the_checkout_otherwise(tmp_path, monkeypatch):
    package = tmp_path / "mutuelle_desktop"
    package.mkdir()
    monkeypatch.setattr(resources, "PACKAGE", package)
    assert resources.resource("icons/a.svg") == tmp_path / "resources" / "icons" / "a.svg"
    (package / "resources").mkdir()
    assert resources.resource("icons/a.svg") == package / "resources" / "icons" / "a.svg"


def test_a_crash_never_writes_memory_to_disk():
    code = (
        "from mutuelle_desktop.storage.paths import be_private; be_private(); import resource; "
        "print(resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "0\n"


def test_paths_given_are_made_absolute(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert data_folder(Path("ici")) == tmp_path / "ici"
