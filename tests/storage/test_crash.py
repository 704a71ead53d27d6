"""Whatever cuts an import short, nothing acknowledged is lost and the next start is clean."""

import fcntl
import os
import random
import re
import shutil
import signal
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mutuelle_desktop.domain.document import Document, Fichier
from mutuelle_desktop.domain.errors import AppError, Unavailable
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.storage import base, migrations, vault
from mutuelle_desktop.storage.library import Library
from tests.storage.foyer import CAMILLE, content, put, take_in, throw_away
from tests.storage.test_migrations import NEXT

ROOT = Path(__file__).resolve().parents[2]
CALLS = (
    "openat", "write", "pwrite64", "fsync", "fdatasync", "rename", "renameat", "renameat2", "mkdir", "mkdirat",
    "unlink", "unlinkat", "ftruncate", "pread64", "read", "close", "newfstatat", "fstat", "stat", "statfs", "lseek",
    "fcntl", "getdents64", "fallocate",
)  # fmt: skip
ERRORS = {
    "openat": ("EIO", "ENOSPC", "EACCES", "EMFILE"),
    "write": ("ENOSPC", "EIO"),
    "pwrite64": ("EIO", "ENOSPC"),
    "fallocate": ("ENOSPC",),
    "mkdir": ("ENOSPC", "EACCES"),
    "rename": ("EIO", "ENOSPC", "EACCES"),
}
SHUTDOWN, NO_LOG_FLUSH = 0x8004587D, 2  # the ext4 ioctl that cuts the power above the disk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="cuts programs short with Linux's own means")
needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")
needs_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting needs root")


@dataclass
class Told:
    """What a child said before it ended: what it kept, what it threw away, what it may have."""

    garde: set[str] = field(default_factory=set)
    jette: set[str] = field(default_factory=set)
    doute: set[str] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)

    def hear(self, line: str, until: int | None) -> None:
        self.lines.append(line)
        what, *words = line.split()
        late = until is not None and int(words[-1]) > until
        if what == "garde" and not late:
            self.garde.add(words[0])
        elif what == "va-jeter" or (what == "jette" and late):
            self.doute.add(words[0])
        elif what == "jette":
            self.jette.add(words[0])


PATIENCE = 60.0
"""Seconds one experiment may last."""


class Cobaye:
    """The program to be killed, loaded once."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.storage.cobaye"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._ask, self._answers = self._process.stdin, self._process.stdout

    def run(self, action: str, folder: Path, meddle: Callable[[int], Iterator[int | None]]) -> Told:
        """Run one action; meddle gets the child's PID, works until its first yield, then again once the gate is open.

        It may yield the moment of the monotonic clock after which what the child says no longer counts.
        """
        limit = threading.Timer(PATIENCE, self._process.kill)
        limit.start()
        try:
            return self._run(action, folder, meddle)
        finally:
            limit.cancel()

    def _run(self, action: str, folder: Path, meddle: Callable[[int], Iterator[int | None]]) -> Told:
        self._ask.write(f"{action} {folder}\n")
        what, pid, _ = self._answers.readline().split()
        assert what == "pret"
        meddling = meddle(int(pid))
        next(meddling)
        self._ask.write("va\n")
        until = next(meddling, None)
        told = Told()
        for line in self._answers:
            if line.startswith("mort"):
                break
            told.hear(line, until)
        for _ in meddling:
            pass
        return told

    def close(self) -> None:
        self._ask.close()
        self._process.wait()
        self._answers.close()


@pytest.fixture
def cobaye() -> Iterator[Cobaye]:
    running = Cobaye()
    yield running
    running.close()


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A closed library with two papers and a person, light enough to be copied hundreds of times."""
    monkeypatch.setattr(vault, "RESERVE", 4096)
    library = Library(tmp_path / "modele")
    put(library, CAMILLE)
    for number in (0, 2):
        take_in(library, content(number))
    library.close()
    (library.folder / "reserve.bin").unlink()
    return library.folder


def fresh(template: Path) -> Path:
    folder = template.parent / "donnees"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    return folder


def verify(folder: Path, told: Told, before: set[str]) -> set[str]:
    """Start again and check everything; return the papers there."""
    assert not [line for line in told.lines if line.startswith("bogue")]
    library = Library(folder)
    try:
        assert library.is_whole()
        with library.read() as db:
            documents = {document.id: document for document in db.all(Document)}
            fichiers = {fichier.id: fichier for fichier in db.all(Fichier)}
            assert db.get(Personne, CAMILLE.id) == CAMILLE
        assert (before | told.garde) - told.doute - told.jette <= documents.keys()
        assert not (told.jette & documents.keys())
        assert {document.empreinte for document in documents.values()} == fichiers.keys()
        assert all(library.vault.check(fichier) is None for fichier in fichiers.values())
        assert {path.name for path in (folder / "fichiers").glob("*/*")} == fichiers.keys()
        assert list((folder / "tmp").iterdir()) == []
    finally:
        library.close()
    return set(documents)


def papers(folder: Path) -> set[str]:
    library = Library(folder)
    with library.read() as db:
        found = {document.id for document in db.all(Document)}
    library.close()
    return found


@dataclass
class Strace:
    """Watches one process, and may meddle with the nth call of a name."""

    inject: str = ""
    log: Path = Path(os.devnull)

    def __call__(self, pid: int) -> Iterator[int | None]:
        asked = ["-e", f"inject={self.inject}"] if self.inject else []
        names = "|".join(CALLS) if not self.inject else self.inject.split(":")[0]
        with subprocess.Popen(
            ["strace", "-p", str(pid), "-o", str(self.log), "-e", f"trace=/^({names})$", *asked],
            stderr=subprocess.PIPE,
            text=True,
        ) as watcher:
            assert watcher.stderr
            line = watcher.stderr.readline()
            if "attached" not in line:
                pytest.skip(f"strace may not attach here: {line.strip()}")
            yield None
            yield None
            watcher.communicate()


@pytest.fixture
def calls(cobaye: Cobaye, template: Path, tmp_path: Path) -> Callable[[str, str], list[tuple[str, int]]]:
    """Give every call an action makes until it has said its first « garde », each with its number among its like."""

    def listed(action: str, last: str) -> list[tuple[str, int]]:
        log = tmp_path / "appels"
        told = cobaye.run(action, fresh(template), Strace(log=log))
        assert all(line.startswith(("garde", "jette", "va-jeter")) for line in told.lines)
        counts: Counter[str] = Counter()
        found = []
        for line in log.read_text().splitlines():
            name = re.match(r"\w+", line)
            if name and name[0] in CALLS:
                counts[name[0]] += 1
                found.append((name[0], counts[name[0]]))
                if f'write(1, "{last}' in line:
                    break
        return found

    return listed


@needs_strace
def test_killed_at_every_call_of_an_import(cobaye, template, calls):
    before = papers(template)
    points = calls("importer", "garde")
    assert {"write", "fsync", "pwrite64"} <= {name for name, _ in points}
    for name, number in points:
        folder = fresh(template)
        told = cobaye.run("importer", folder, Strace(f"{name}:signal=KILL:when={number}"))
        assert len(told.garde) <= 1, "the child lived on"
        assert len(verify(folder, told, before) - before) <= 1


@needs_strace
def test_an_error_at_every_call_of_an_import_is_told_and_the_next_import_works(cobaye, template, calls):
    before = papers(template)
    *points, announcement = calls("importer", "garde")
    assert announcement[0] == "write"
    for place, (name, number) in enumerate(points):
        kinds = ERRORS.get(name, ("EIO",))
        folder = fresh(template)
        inject = f"{name}:error={kinds[place % len(kinds)]}:when={number}"
        told = cobaye.run("importer", folder, Strace(inject))
        said = [line.split()[0] for line in told.lines]
        assert said in (["garde", "garde"], ["refus", "garde"]), f"{inject} gave {told.lines}"
        verify(folder, told, before)


@needs_strace
def test_killed_at_every_call_of_a_deletion(cobaye, template, calls):
    before = papers(template)
    for name, number in calls("jeter", "jette"):
        folder = fresh(template)
        told = cobaye.run("jeter", folder, Strace(f"{name}:signal=KILL:when={number}"))
        assert len(before - verify(folder, told, before)) <= 1


@needs_strace
def test_killed_anywhere_in_an_upgrade_leaves_the_old_base_or_the_new(cobaye, template, calls, monkeypatch):
    versions = template.parent / "migrations" / "versions"
    shutil.copytree(migrations.FOLDER / "versions", versions, ignore=shutil.ignore_patterns("__pycache__"))
    (versions / "0002_avenir.py").write_text(NEXT.format(last="pass"))
    before = papers(template)
    points = [
        point for point in calls("ouvrir", "garde")
        if point[0] in ("pwrite64", "write", "fsync", "fdatasync", "ftruncate", "rename", "unlink")
    ]  # fmt: skip
    assert len(points) > 40
    for name, number in points[::2]:
        folder = fresh(template)
        told = cobaye.run("ouvrir", folder, Strace(f"{name}:signal=KILL:when={number}"))
        upgraded = "version-2" in told.garde
        told.garde.clear()
        with monkeypatch.context() as patch:
            patch.setattr(migrations, "FOLDER", versions.parent)
            patch.setattr(base, "VERSION", 2)
            if not upgraded:
                verify(folder, told, before)
            library = Library(folder)
            with library.read() as db:
                assert db.raw("SELECT surnom FROM personne").fetchall() == [("",)]
                assert db.raw("SELECT version_num FROM alembic_version").fetchall() == [("0002",)]
            library.close()


def test_killed_at_random_moments(cobaye, template):
    dice = random.Random(5)
    folder = fresh(template)
    before = papers(folder)
    kept = 0
    for _ in range(30):

        def kill(pid: int) -> Iterator[int | None]:
            yield None
            time.sleep(dice.uniform(0.002, 0.12))
            os.kill(pid, signal.SIGKILL)
            yield None

        told = cobaye.run("boucle", folder, kill)
        kept += len(told.garde)
        before = verify(folder, told, before)
    assert kept > 30


def test_where_no_file_may_grow_importing_is_refused_and_deleting_works(cobaye, template):
    def leave(_: int) -> Iterator[int | None]:
        yield None

    folder = fresh(template)
    before = papers(folder)
    told = cobaye.run("etroit", folder, leave)
    assert [line.split()[0] for line in told.lines] == ["refus", *["va-jeter", "jette"] * len(before)]
    assert verify(folder, told, before) == set()


@dataclass
class Disk:
    """A small disk of its own, mounted on a folder."""

    folder: Path
    image: Path | None = None

    def mount(self) -> None:
        how = ["-o", "loop", str(self.image)] if self.image else ["-t", "tmpfs", "-o", "size=24M", "tmpfs"]
        ran = subprocess.run(["mount", *how, str(self.folder)], capture_output=True, check=False)
        if ran.returncode:
            pytest.skip(f"no small disk can be mounted here: {ran.stderr.decode().strip()}")

    def unmount(self) -> None:
        subprocess.run(["umount", str(self.folder)], check=False, capture_output=True)

    def discard(self) -> None:
        """Unmount whatever a test left there, even several times over, even in use."""
        while subprocess.run(["umount", "-l", str(self.folder)], check=False, capture_output=True).returncode == 0:
            pass


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """24 MB of memory as a disk, less than is wanted free: that margin is left out here."""
    monkeypatch.setattr(vault, "PLACE_MIN", 0)
    disk = Disk(tmp_path / "petit")
    disk.folder.mkdir()
    disk.mount()
    yield disk.folder
    disk.discard()


def fill(folder: Path) -> Path:
    """Leave not one free byte."""
    filler = folder / "plein"
    with filler.open("wb", buffering=0) as out, suppress(OSError):
        for size in (1 << 20, 4096, 1):
            with suppress(OSError):
                while True:
                    out.write(bytes(size))
    return filler


@needs_root
def test_on_a_full_disk_importing_is_refused_and_deleting_always_works(small):
    library = Library(small / "donnees")
    put(library, CAMILLE)
    documents = [take_in(library, content(number)) for number in range(40)]
    filler = fill(small)
    assert shutil.disk_usage(small).free == 0
    with pytest.raises(Unavailable, match="plein"):
        take_in(library, os.urandom(300_000))
    assert (small / "donnees" / "reserve.bin").stat().st_size == vault.RESERVE
    for document in documents[:20]:
        throw_away(library, document)
    put(library, CAMILLE, label="rien")
    library.close()
    filler.unlink()
    again = Library(small / "donnees")
    with again.read() as db:
        assert {document.id for document in db.all(Document)} == {document.id for document in documents[20:]}
    assert all(again.vault.read(document.empreinte) for document in documents[20:])
    assert again.is_whole()
    assert (small / "donnees" / "reserve.bin").stat().st_size == vault.RESERVE
    again.close()


@needs_root
def test_on_a_disk_with_nothing_left_not_even_the_reserve_nothing_is_lost(small):
    library = Library(small / "donnees")
    documents = [take_in(library, content(number)) for number in range(10)]
    (small / "donnees" / "reserve.bin").unlink()
    fill(small)
    for document in documents[:3]:
        with suppress(Unavailable):
            throw_away(library, document)
    library.close()
    (small / "plein").unlink()
    again = Library(small / "donnees")
    with again.read() as db:
        assert {document.id for document in documents[3:]} <= {document.id for document in db.all(Document)}
    assert again.is_whole()
    again.close()


@needs_root
def test_a_disk_made_read_only_or_taken_away_is_told_and_nothing_is_lost(small):
    library = Library(small / "donnees")
    document = take_in(library, b"facture")
    library.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
    with pytest.raises(AppError, match=r"droit|lecture seule"):
        Library(small / "donnees")
    subprocess.run(["umount", str(small)], check=True)
    with pytest.raises(Unavailable, match="branchez-le"):
        Library(small / "absent" / "donnees")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24M", "tmpfs", str(small)], check=True)
    assert document.empreinte


@needs_root
def test_a_disk_taken_away_while_open_is_told(small):
    library = Library(small / "donnees")
    subprocess.run(["mount", "-o", "remount,ro,force", str(small)], check=False)
    subprocess.run(["umount", "-l", str(small)], check=True)
    with pytest.raises(Unavailable):
        take_in(library, b"facture")
    library.close()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_folder_one_may_not_write_is_told(template):
    folder = fresh(template)
    folder.chmod(0o500)
    try:
        with pytest.raises(Unavailable, match="droit"):
            Library(folder)
    finally:
        folder.chmod(0o700)


@pytest.fixture
def ext4(tmp_path: Path) -> Iterator[Disk]:
    """A disk whose power can be cut."""
    if not shutil.which("mkfs.ext4"):
        pytest.skip("mkfs.ext4 is not installed")
    disk = Disk(tmp_path / "disque", tmp_path / "disque.img")
    disk.folder.mkdir()
    with (tmp_path / "disque.img").open("wb") as image:
        image.truncate(160 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", str(disk.image)], check=True)
    disk.mount()
    yield disk
    disk.discard()


@needs_root
def test_the_power_cut_at_random_moments(cobaye, template, ext4):
    dice = random.Random(6)
    folder = ext4.folder / "donnees"
    shutil.copytree(template, folder)
    os.sync()
    before = papers(folder)
    kept = 0
    for _ in range(10):

        def cut(pid: int) -> Iterator[int | None]:
            yield None
            time.sleep(dice.uniform(0.05, 0.25))
            disk = os.open(ext4.folder, os.O_RDONLY)
            moment = time.monotonic_ns()
            try:
                fcntl.ioctl(disk, SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
            except OSError as error:
                pytest.skip(f"the power cannot be cut here: {error}")
            finally:
                os.close(disk)
                with suppress(ProcessLookupError):  # without its disk it may have ended by itself
                    os.kill(pid, signal.SIGKILL)
            yield moment

        told = cobaye.run("boucle", folder, cut)
        told.lines = [line for line in told.lines if not line.startswith("bogue")]  # it may outlive its disk
        kept += len(told.garde)
        ext4.unmount()
        ext4.mount()
        before = verify(folder, told, before)
    assert kept > 10
