"""Whatever cuts a backup or a restore short, the earlier snapshots stay whole and nothing half made is ever shown."""

import re
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from mutuelle_desktop.domain.document import Document, Fichier
from mutuelle_desktop.storage import backup, vault
from mutuelle_desktop.storage import snapshots as kept
from mutuelle_desktop.storage.backup import back_up
from mutuelle_desktop.storage.backup_check import check_all
from mutuelle_desktop.storage.bascule import EN_COURS
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.restore import restore
from tests.storage.foyer import CAMILLE, content, put, take_in, throw_away
from tests.storage.test_crash import Cobaye, Strace, cobaye, needs_strace, pytestmark  # noqa: F401 - fixtures

CHANGING = ("openat", "write", "pwrite64", "fsync", "rename", "mkdir", "unlink", "unlinkat", "rmdir")
"""The calls that change a disk: a cut before any other leaves what the one before left."""
ERRORS = ("EIO", "ENOSPC", "EACCES")
NEW = "2026-11-24T180205"
STAYS, LEAVES = datetime(2026, 11, 20, 18, 0), datetime(2026, 11, 20, 10, 0)


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library and the key of its backups: two snapshots of one day, the first of which names a paper since gone."""
    monkeypatch.setattr(vault, "RESERVE", 4096)
    monkeypatch.setattr(backup, "MARGE", 0)
    folder = tmp_path / "modele"
    (folder / "cle").mkdir(parents=True)
    library = Library(folder / "donnees")
    put(library, CAMILLE)
    gone = take_in(library, content(4))
    take_in(library, content(0))
    back_up(library, folder / "cle", LEAVES)
    throw_away(library, gone)
    back_up(library, folder / "cle", STAYS)
    take_in(library, content(2))
    library.close()
    return folder


def fresh(template: Path) -> Path:
    folder = template.parent / "essai"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    return folder / "donnees"


def calls(cobaye: Cobaye, action: str, folder: Path) -> list[tuple[str, int]]:  # noqa: F811 - the fixture's name
    """Return every call that changes a disk until the action says that it is done, numbered among its like."""
    log = folder.parent / "appels"
    told = cobaye.run(action, folder, Strace(log=log))
    assert [line.split()[0] for line in told.lines] == ["garde"]
    counts: Counter[str] = Counter()
    found: list[tuple[str, int]] = []
    inside = 0
    for line in log.read_text().splitlines():
        name = re.match(r"\w+", line)
        if not name:
            continue
        counts[name[0]] += 1
        if 'write(1, "garde' in line:
            break
        if name[0] == "openat" and "O_CREAT" not in line:
            continue
        if name[0] == "pwrite64":  # the pages of the base, in a draft: a few of them stand for all
            inside += 1
            if inside % 12:
                continue
        if name[0] in CHANGING:
            found.append((name[0], counts[name[0]]))
    return found


def assert_whole(folder: Path, *, announced: bool, further: bool) -> None:
    """Check every snapshot; further, that the next backup works and leaves nothing lying about."""
    root = folder.parent / "cle" / kept.DOSSIER
    there = set(kept.names(root))
    assert STAYS.strftime(kept.NOM) in there
    assert there <= {NEW, STAYS.strftime(kept.NOM), LEAVES.strftime(kept.NOM)}
    assert NEW in there or not announced
    found = check_all(root)
    assert (found.abimes, found.manquants) == ((), {})
    if not further:
        return
    library = Library(folder)
    back_up(library, folder.parent / "cle", datetime(2026, 11, 24, 19, 0))
    library.close()
    assert len(kept.names(root)) == 2 + (NEW in there)
    named = {mark for name in kept.names(root) for mark in kept.manifest_of(root, name).fichiers}
    assert {path.name for path in (root / kept.FICHIERS).glob("*/*")} == named
    assert list((root / kept.BROUILLONS).iterdir()) == []
    assert list((folder / "tmp").iterdir()) == []


@needs_strace
def test_killed_at_every_call_of_a_backup(cobaye, template):  # noqa: F811
    points = calls(cobaye, "sauvegarder", fresh(template))
    assert {"openat", "write", "fsync", "rename", "mkdir", "pwrite64", "unlink"} <= {name for name, _ in points}
    for place, (name, number) in enumerate(points):
        folder = fresh(template)
        told = cobaye.run("sauvegarder", folder, Strace(f"{name}:signal=KILL:when={number}"))
        assert told.lines == [], "the child lived on"
        assert_whole(folder, announced=False, further=place % 2 == 0)


@needs_strace
def test_an_error_at_every_call_of_a_backup_is_told_and_the_next_one_works(cobaye, template):  # noqa: F811
    for place, (name, number) in enumerate(calls(cobaye, "sauvegarder", fresh(template))[::2]):
        folder = fresh(template)
        told = cobaye.run("sauvegarder", folder, Strace(f"{name}:error={ERRORS[place % 3]}:when={number}"))
        assert [line.split()[0] for line in told.lines] in (["garde"], ["refus"]), f"{name} {number}: {told.lines}"
        assert_whole(folder, announced=bool(told.garde), further=place % 2 == 0)


@needs_strace
def test_killed_at_every_call_of_a_restore(cobaye, template):  # noqa: F811
    points = calls(cobaye, "restaurer", fresh(template))
    assert {"openat", "write", "fsync", "rename", "mkdir"} <= {name for name, _ in points}
    for place, (name, number) in enumerate(points):
        folder = fresh(template)
        meddling = f"signal=KILL:when={number}" if place % 2 else f"error={ERRORS[place % 3]}:when={number}"
        told = cobaye.run("restaurer", folder, Strace(f"{name}:{meddling}"))
        assert not [line for line in told.lines if line.startswith("bogue")]
        given = folder.parent / "rendu"
        if not given.exists():
            assert not told.garde
            restore(folder.parent / "cle", None, given)
        assert not given.with_name(given.name + EN_COURS).exists()
        library = Library(given)
        assert library.is_whole()
        with library.read() as db:
            assert db.count(Document) == 1
            assert all(library.vault.check(fichier) is None for fichier in db.all(Fichier))
        library.close()
