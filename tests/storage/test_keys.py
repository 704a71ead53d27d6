"""The key is never lost to one damaged file, and never replaced by another."""

import json
import os
from pathlib import Path

import pytest

from mutuelle_desktop.domain.errors import TooNew, Unavailable
from mutuelle_desktop.storage.keys import COPY, HEADER, open_keys


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    open_keys(tmp_path)
    return tmp_path


def test_the_same_folder_gives_the_same_three_different_keys(folder):
    keys = open_keys(folder)
    assert keys == open_keys(folder)
    assert len({keys.base, keys.fichiers, keys.noms}) == 3
    assert {len(key) for key in (keys.base, keys.fichiers, keys.noms)} == {32}


def test_two_folders_have_different_keys(folder, tmp_path_factory):
    assert open_keys(folder) != open_keys(tmp_path_factory.mktemp("autre"))


def test_keys_are_not_shown(folder):
    keys = open_keys(folder)
    assert keys.base.hex() not in repr(keys)
    assert repr(keys.base) not in repr(keys)


@pytest.mark.parametrize("lost", [HEADER, COPY])
def test_a_lost_header_or_copy_is_made_again(folder, lost):
    keys, text = open_keys(folder), (folder / lost).read_bytes()
    (folder / lost).unlink()
    assert open_keys(folder) == keys
    assert (folder / lost).read_bytes() == text


@pytest.mark.parametrize("damaged", [HEADER, COPY])
def test_damage_anywhere_in_one_of_the_two_is_healed_from_the_other(folder, damaged):
    keys, text = open_keys(folder), (folder / damaged).read_bytes()
    for place in range(len(text)):
        broken = bytearray(text)
        broken[place] ^= 1 << place % 7
        (folder / damaged).write_bytes(broken)
        try:
            assert open_keys(folder) == keys
        except TooNew:  # the digit of the format: said, and nothing is overwritten
            assert (folder / damaged).read_bytes() == broken
            (folder / damaged).write_bytes(text)
    assert (folder / damaged).read_bytes() == text


@pytest.mark.parametrize("length", [0, 1, 100])
def test_a_cut_header_is_healed(folder, length):
    keys, text = open_keys(folder), (folder / HEADER).read_bytes()
    (folder / HEADER).write_bytes(text[:length])
    assert open_keys(folder) == keys
    assert (folder / HEADER).read_bytes() == text


def test_both_damaged_is_said_and_nothing_is_written(folder):
    for name in (HEADER, COPY):
        (folder / name).write_bytes(b"{}")
    with pytest.raises(Unavailable, match="sauvegarde"):
        open_keys(folder)
    assert (folder / HEADER).read_bytes() == b"{}"


@pytest.mark.parametrize("left", ["base.db", "fichiers/ab/abcd"])
def test_no_new_key_is_made_beside_what_a_lost_one_opens(tmp_path, left):
    (tmp_path / left).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / left).write_bytes(b"x")
    with pytest.raises(Unavailable, match="la clé de vos papiers"):
        open_keys(tmp_path)
    assert not (tmp_path / HEADER).exists()


def test_a_header_of_another_safe_overwrites_nothing(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("autre")
    open_keys(other)
    spare = (folder / COPY).read_bytes()
    (folder / HEADER).write_bytes((other / HEADER).read_bytes())
    with pytest.raises(Unavailable, match="deux coffres"):
        open_keys(folder)
    assert (folder / COPY).read_bytes() == spare


def test_a_newer_safe_is_refused_untouched(folder):
    header = json.loads((folder / HEADER).read_bytes())
    newer = json.dumps({**header, "format": 2}).encode()
    (folder / HEADER).write_bytes(newer)
    with pytest.raises(TooNew, match="dernière version"):
        open_keys(folder)
    assert (folder / HEADER).read_bytes() == newer


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_headers_are_the_owners_alone_even_after_being_copied_loosely(folder):
    for name in (HEADER, COPY):
        (folder / name).chmod(0o644)
    open_keys(folder)
    assert {(folder / name).stat().st_mode & 0o777 for name in (HEADER, COPY)} == {0o600}
