"""Bytes come back whole or not at all."""

import io
import os
import random
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuelle_desktop.domain.document import Fichier
from mutuelle_desktop.domain.errors import Refused, Unavailable, Unreadable
from mutuelle_desktop.storage import vault as vault_module
from mutuelle_desktop.storage.keys import open_keys
from mutuelle_desktop.storage.vault import CHUNK, RESERVE, Constat, Depot, Vault

SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7]


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path, open_keys(tmp_path))


def row(depot: Depot) -> Fichier:
    return Fichier(id=depot.empreinte, sha256=depot.sha256, taille=depot.taille, mime="application/pdf")


def files(vault: Vault) -> list[Path]:
    return [path for path in vault.path("00").parent.parent.rglob("*") if path.is_file()]


@pytest.mark.parametrize("size", SIZES)
def test_bytes_come_back_as_they_were_put(vault, size):
    content = random.Random(size).randbytes(size)
    depot = vault.add(io.BytesIO(content))
    assert vault.read(depot.empreinte) == content
    assert (depot.taille, depot.tete, depot.nouveau) == (size, content[:4096], True)
    assert vault.check(row(depot)) is None


@settings(max_examples=30, deadline=None)
@given(content=st.binary(max_size=400), dribble=st.integers(1, 50))
def test_a_stream_that_gives_a_little_at_a_time_is_the_same_paper(tmp_path_factory, content, dribble):
    folder = tmp_path_factory.mktemp("coffre")
    vault = Vault(folder, open_keys(folder))

    class Slow(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, dribble))

    assert vault.add(Slow(content)).empreinte == vault.add_bytes(content).empreinte


def test_the_same_paper_twice_is_kept_once(vault):
    first, second = vault.add_bytes(b"facture"), vault.add_bytes(b"facture")
    assert (first.empreinte, second.nouveau) == (second.empreinte, False)
    assert len(files(vault)) == 1


def test_names_tell_nothing_without_the_key(vault, tmp_path_factory):
    other_folder = tmp_path_factory.mktemp("autre")
    other = Vault(other_folder, open_keys(other_folder))
    depot = vault.add_bytes(b"formulaire connu de tous")
    assert depot.empreinte != other.add_bytes(b"formulaire connu de tous").empreinte
    assert depot.sha256[:8] not in depot.empreinte
    assert len(depot.empreinte) == 40


def test_the_same_bytes_are_never_encrypted_twice_the_same(vault):
    depot = vault.add_bytes(b"facture")
    before = vault.path(depot.empreinte).read_bytes()
    vault.remove(depot.empreinte)
    vault.add_bytes(b"facture")
    assert vault.path(depot.empreinte).read_bytes() != before


def test_a_thousand_damages_are_all_detected(vault):
    content = random.Random(1).randbytes(2 * CHUNK + 5000)
    depot = vault.add_bytes(content)
    path = vault.path(depot.empreinte)
    whole = path.read_bytes()
    dice = random.Random(2)
    for number in range(1000):
        broken = bytearray(whole)
        if number % 10 == 0:
            del broken[dice.randrange(len(broken)) :]
        elif number % 10 == 1:
            broken += dice.randbytes(dice.randrange(1, 100))
        elif number % 10 == 2:
            start = dice.randrange(len(broken) - 64)
            broken[start : start + 64] = bytes(64)
        else:
            broken[dice.randrange(len(broken))] ^= 1 << dice.randrange(8)
        path.write_bytes(broken)
        if number % 4:
            assert vault.check(row(depot)) is Constat.ALTERE, number
        else:
            with pytest.raises(Unreadable, match="abîmé"):
                vault.read(depot.empreinte)
    path.write_bytes(whole)
    assert vault.read(depot.empreinte) == content


def test_chunks_out_of_order_or_dropped_are_detected(vault):
    depot = vault.add_bytes(bytes(3 * CHUNK))
    path = vault.path(depot.empreinte)
    whole = path.read_bytes()
    head, step = 40, CHUNK + 16
    parts = [whole[head + i * step : head + (i + 1) * step] for i in range(3)]
    for order in ((1, 0, 2), (0, 2), (0, 1), (0, 1, 2, 2)):
        path.write_bytes(whole[:head] + b"".join(parts[i] for i in order))
        assert vault.check(row(depot)) is Constat.ALTERE


def test_two_whole_files_exchanged_are_detected(vault):
    one, two = vault.add_bytes(b"facture de Camille"), vault.add_bytes(b"facture de Marc")
    first, second = vault.path(one.empreinte), vault.path(two.empreinte)
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)
    for depot in (one, two):
        with pytest.raises(Unreadable):
            vault.read(depot.empreinte)
        assert vault.check(row(depot)) is Constat.ALTERE


def test_a_file_that_does_not_match_its_row_is_altered(vault):
    depot = vault.add_bytes(b"facture")
    assert vault.check(replace(row(depot), sha256="00" * 32)) is Constat.ALTERE
    assert vault.check(replace(row(depot), taille=1)) is Constat.ALTERE


def test_a_missing_file_is_told_with_what_to_do(vault):
    depot = vault.add_bytes(b"facture")
    vault.remove(depot.empreinte)
    assert not vault.holds(depot.empreinte)
    assert vault.check(row(depot)) is Constat.MANQUANT
    with pytest.raises(Unavailable, match="Vérifier le coffre"):
        vault.read(depot.empreinte)
    vault.remove(depot.empreinte)


def test_a_paper_too_large_is_refused_and_leaves_nothing(vault):
    with pytest.raises(Refused, match="1 Mo"):
        vault.add(io.BytesIO(bytes(1024 * 1024 + 1)), limit=1024 * 1024)
    assert vault.add(io.BytesIO(bytes(1024 * 1024)), limit=1024 * 1024).taille == 1024 * 1024
    assert len(files(vault)) == 1
    assert list((files(vault)[0].parents[2] / "tmp").iterdir()) == []


def test_a_source_that_fails_half_way_leaves_nothing(vault, tmp_path):
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise OSError(5, "Input/output error")
            return super().read(size)

    with pytest.raises(Unavailable):
        vault.add(Failing(bytes(2 * CHUNK)))
    assert [list((tmp_path / sub).iterdir()) for sub in ("tmp", "fichiers")] == [[], []]


def test_nothing_is_taken_in_when_the_disk_is_nearly_full(vault, monkeypatch):
    monkeypatch.setattr(vault_module, "PLACE_MIN", 1 << 60)
    with pytest.raises(Unavailable, match="presque plein"):
        vault.add_bytes(b"x")


def test_the_reserve_is_given_back_then_set_aside_again(vault, tmp_path, monkeypatch):
    reserve = tmp_path / "reserve.bin"
    vault.rebuild_reserve()
    assert reserve.stat().st_size == RESERVE
    vault.make_room()
    assert reserve.stat().st_size == RESERVE
    monkeypatch.setattr(vault_module, "ETROIT", 1 << 60)
    vault.make_room()
    assert reserve.stat().st_size == 0
    monkeypatch.setattr(vault_module, "PLACE_MIN", 1 << 60)
    vault.rebuild_reserve()
    assert reserve.stat().st_size == 0
    monkeypatch.undo()
    vault.rebuild_reserve()
    assert reserve.stat().st_size == RESERVE


def another_day(tmp_path: Path) -> Vault:
    return Vault(tmp_path, open_keys(tmp_path))


def test_the_sweep_empties_drafts_and_quarantines_what_no_row_names(vault, tmp_path):
    known, stray = vault.add_bytes(b"connu"), vault.add_bytes(b"perdu")
    (tmp_path / "tmp" / "vieux.part").write_bytes(b"x")
    later = another_day(tmp_path)
    assert later.sweep({known.empreinte}) == 1
    assert later.holds(known.empreinte)
    assert not later.holds(stray.empreinte)
    assert later.orphans() == [stray.empreinte]
    assert list((tmp_path / "tmp").iterdir()) == []
    assert later.restore_orphan(stray.empreinte)
    assert later.read(stray.empreinte) == b"perdu"
    assert not later.restore_orphan(stray.empreinte)


def test_the_sweep_leaves_the_import_that_is_under_way_alone(vault, tmp_path):
    class Sweeping(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            vault.sweep(set())
            return super().read(size)

    depot = vault.add(Sweeping(b"en cours"))
    assert vault.sweep(set()) == 0
    assert vault.read(depot.empreinte) == b"en cours"


def test_a_file_quarantined_under_an_older_base_comes_back_with_the_newer_one(vault, tmp_path):
    depot = vault.add_bytes(b"ancien")
    another_day(tmp_path).sweep(set())
    later = another_day(tmp_path)
    assert later.sweep({depot.empreinte}) == 0
    assert later.read(depot.empreinte) == b"ancien"
    assert later.orphans() == []


def test_quarantine_lasts_as_long_as_promised(vault, tmp_path):
    depot = vault.add_bytes(b"perdu")
    later = another_day(tmp_path)
    old = time.time() - 40 * 86400
    os.utime(later.path(depot.empreinte), (old, old))
    thirty_days_ago = time.time() - 30 * 86400
    later.sweep(set(), thirty_days_ago)
    assert later.orphans() == [depot.empreinte]
    os.utime(tmp_path / "orphelins" / depot.empreinte, (old, old))
    later.sweep(set(), thirty_days_ago)
    assert later.orphans() == []


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_everything_is_the_owners_alone_whatever_the_umask(tmp_path):
    folder = tmp_path / "donnees"
    before = os.umask(0)
    try:
        folder.mkdir()
        vault = Vault(folder, open_keys(folder))
        vault.add_bytes(b"x")
        vault.rebuild_reserve()
    finally:
        os.umask(before)
    for path in (folder, *folder.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
