"""A backup gives back what was there, tells every damage, and never touches what is not its own."""

import errno
import json
import os
import random
import shutil
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.domain.errors import AppError, Cancelled, Refused, TooNew, Unavailable
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.storage import backup, backup_folder, bascule, base, parallel, vault
from mutuelle_desktop.storage import snapshots as kept
from mutuelle_desktop.storage.backup import back_up
from mutuelle_desktop.storage.backup_check import check_all
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.restore import Incomplete, restore
from mutuelle_desktop.storage.schema import TABLE_OF
from tests.storage.foyer import CAMILLE, EVERYTHING, FACTURE, content, put, take_in, throw_away

NOON = datetime(2026, 11, 24, 12, 0)
linux = pytest.mark.skipif(sys.platform != "linux", reason="mounts with Linux's own means")
needs_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting needs root")


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault, "RESERVE", 4096)


@pytest.fixture
def cle(tmp_path: Path) -> Path:
    folder = tmp_path / "clé"
    folder.mkdir()
    return folder


@pytest.fixture
def root(cle: Path) -> Path:
    return cle / kept.DOSSIER


@pytest.fixture
def papers(library: Library) -> list[Document]:
    return [take_in(library, content(number), f"Papier {number}") for number in range(5)]


def rows(folder: Path | Library) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table of values."""
    library = folder if isinstance(folder, Library) else Library(folder)
    with library.read() as db:
        found = {table.name: sorted(map(repr, db.raw(f"SELECT * FROM {table.name}"))) for table in TABLE_OF.values()}
    if library is not folder:
        library.close()
    return found


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "fichiers").glob("*/*"))}


def damage(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1
    path.write_bytes(content)


def test_everything_comes_back_row_for_row_and_byte_for_byte(library, cle, tmp_path, papers):
    put(library, *EVERYTHING)
    (library.folder / "reglages.json").write_text('{"theme": "sombre"}')
    done = back_up(library, cle, NOON)
    assert (done.nouveaux, done.instantane.documents, done.instantane.dossiers) == (len(papers), len(papers) + 1, 0)
    assert done.manquants == (FACTURE.titre,), "a row of the example whose bytes were never there"
    rendu = restore(cle, None, tmp_path / "rendu", despite=True)
    assert rendu.papiers == len(papers)
    assert rows(tmp_path / "rendu") == rows(library)
    assert bytes_of(tmp_path / "rendu") == bytes_of(library.folder)
    assert (tmp_path / "rendu" / "reglages.json").read_text() == '{"theme": "sombre"}'


def test_everything_that_is_lost_in_the_library_itself_is_told_and_the_rest_is_kept(library, cle, papers):
    library.vault.path(papers[0].empreinte).unlink()
    damage(library.vault.path(papers[3].empreinte), 5000)
    done = back_up(library, cle, NOON)
    assert set(done.manquants) == {"Papier 0", "Papier 3"}
    assert done.nouveaux == len(papers) - 2
    assert done.instantane.manquants == 2


def test_a_paper_lost_here_but_good_in_the_backup_is_not_lost(library, cle, tmp_path, papers):
    back_up(library, cle, NOON)
    library.vault.path(papers[0].empreinte).unlink()
    assert back_up(library, cle, NOON + timedelta(days=1)).manquants == ()
    restore(cle, None, tmp_path / "rendu")
    assert papers[0].empreinte in bytes_of(tmp_path / "rendu")


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000))
def test_hypothesis_whatever_was_done_between_backups_each_snapshot_gives_back_its_own_state(tmp_path_factory, seed):
    dice, folder = random.Random(seed), tmp_path_factory.mktemp("etats")
    (folder / "cle").mkdir()
    library, states, there = Library(folder / "donnees"), {}, []
    for number in range(3):
        for _ in range(dice.randrange(4)):
            if there and dice.random() < 0.3:
                throw_away(library, there.pop(dice.randrange(len(there))))
            else:
                unlike = dice.randbytes(8)
                there.append(take_in(library, unlike + bytes(dice.choice((0, 1, 70_000, 65_528)))))
        done = back_up(library, folder / "cle", NOON + timedelta(minutes=number))
        states[done.instantane.nom] = (rows(library), bytes_of(library.folder))
    library.close()
    for name, (wanted, files) in states.items():
        restore(folder / "cle", name, folder / name)
        assert rows(folder / name) == wanted
        assert bytes_of(folder / name) == files


def test_only_what_is_new_is_copied(library, cle, root, papers):
    back_up(library, cle, NOON)
    before = {path: path.stat().st_mtime_ns for path in (root / "fichiers").rglob("*") if path.is_file()}
    take_in(library, b"nouveau")
    done = back_up(library, cle, NOON + timedelta(hours=1))
    assert done.nouveaux == 1
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert back_up(library, root, NOON + timedelta(hours=2)).nouveaux == 0, "the backup itself may be chosen"
    assert back_up(library, root / "instantanes", NOON + timedelta(hours=3)).racine == root
    assert not list(root.rglob(kept.DOSSIER))


def test_old_snapshots_leave_and_only_then_the_papers_no_other_names(library, cle, root, papers):
    back_up(library, cle, NOON - timedelta(days=30))
    throw_away(library, papers[0])
    back_up(library, cle, NOON - timedelta(days=30) + timedelta(hours=1))
    assert kept.sealed_size_of(root, papers[0].empreinte)
    done = back_up(library, cle, NOON)
    assert done.retires == 1
    assert kept.names(root) == ["2026-10-25T130000", "2026-11-24T120000"]
    assert kept.sealed_size_of(root, papers[0].empreinte) is None
    assert check_all(root).sain


def test_when_one_list_cannot_be_read_no_paper_is_removed(library, cle, root, papers):
    for hours in (1, 0):
        back_up(library, cle, NOON - timedelta(days=30, hours=hours))
    damage(root / "instantanes" / "2026-10-25T120000" / "manifeste.json", 300)
    throw_away(library, papers[0])
    assert back_up(library, cle, NOON).retires == 1
    assert kept.sealed_size_of(root, papers[0].empreinte)


def test_two_backups_in_one_second_have_two_names(library, cle, root):
    for _ in range(2):
        back_up(library, cle, NOON)
    assert kept.names(root) == ["2026-11-24T120000", "2026-11-24T120001"]


@pytest.mark.parametrize("at", [0, 45, 70_000, -1])
def test_a_damaged_paper_is_told_by_name_and_the_rest_restored_only_when_asked(  # noqa: PLR0917
    library, cle, root, tmp_path, papers, at
):
    back_up(library, cle, NOON)
    damage(kept.sealed_path(root, papers[3].empreinte), at)
    with pytest.raises(Incomplete, match="Papier 3") as told:
        restore(cle, None, tmp_path / "rendu")
    assert told.value.manquants == ("Papier 3",)
    assert not (tmp_path / "rendu").exists()
    assert [path.name for path in tmp_path.iterdir() if "restauration" in path.name] == []
    rendu = restore(cle, None, tmp_path / "rendu", despite=True)
    assert (rendu.papiers, rendu.manquants) == (len(papers) - 1, ("Papier 3",))
    assert set(bytes_of(tmp_path / "rendu")) == {p.empreinte for p in papers} - {papers[3].empreinte}


def test_a_missing_or_cut_paper_is_told_before_anything_is_copied(library, cle, root, tmp_path, papers):
    back_up(library, cle, NOON)
    kept.sealed_path(root, papers[1].empreinte).unlink()
    os.truncate(kept.sealed_path(root, papers[3].empreinte), 70_000)
    with pytest.raises(Incomplete) as told:
        restore(cle, None, tmp_path / "rendu")
    assert set(told.value.manquants) == {"Papier 1", "Papier 3"}


def test_every_damage_to_a_base_is_seen_and_the_snapshot_before_it_is_named(library, cle, root, tmp_path):
    back_up(library, cle, NOON)
    put(library, CAMILLE)
    back_up(library, cle, NOON + timedelta(hours=1))
    newest = root / "instantanes" / "2026-11-24T130000" / "base.db"
    whole = newest.read_bytes()
    for at in range(7, len(whole), len(whole) // 12):
        newest.write_bytes(whole)
        damage(newest, at)
        with pytest.raises(Incomplete, match=r"2026-11-24T120000.*paraît entier"):
            restore(cle, None, tmp_path / "rendu")
    assert restore(cle, None, tmp_path / "rendu", despite=True).instantane.nom == "2026-11-24T120000"


def test_a_damaged_key_is_taken_from_another_snapshot_of_the_same_safe(library, cle, root, tmp_path, papers):
    for hours in (0, 1):
        back_up(library, cle, NOON + timedelta(hours=hours))
    damage(root / "instantanes" / "2026-11-24T130000" / "coffre.json", 60)
    restore(cle, None, tmp_path / "rendu")
    assert rows(tmp_path / "rendu") == rows(library)


def test_checking_all_tells_each_damage_and_mends_what_the_library_still_has(library, cle, root, papers):
    back_up(library, cle, NOON)
    throw_away(library, papers[0])
    back_up(library, cle, NOON + timedelta(hours=1))
    for number in (0, 3):
        damage(kept.sealed_path(root, papers[number].empreinte), 50)
    damage(root / "instantanes" / "2026-11-24T130000" / "base.db", 9000)
    found = check_all(root)
    assert found.abimes == ("2026-11-24T130000",)
    assert {name: set(titles) for name, titles in found.manquants.items()} == {
        "2026-11-24T120000": {"Papier 0", "Papier 3"}
    }
    mended = check_all(root, library)
    assert mended.repares == 1
    assert mended.manquants == {"2026-11-24T120000": ("Papier 0",)}


def test_a_damaged_library_never_makes_a_snapshot(library, cle, root, papers):
    back_up(library, cle, NOON)
    path = library.folder / base.FILE
    library.close()
    damage(path, path.stat().st_size - 2000)
    with pytest.raises(AppError), closing(Library(library.folder)) as ill:
        back_up(ill, cle, NOON + timedelta(hours=1))
    assert kept.names(root) == ["2026-11-24T120000"]


class Stop(Progress):
    """Gives up at the nth step."""

    def __init__(self, at: int) -> None:
        self.left = at

    def step(self, done: int, total: int, text: str = "") -> None:
        self.left -= 1
        if self.left < 0:
            raise Cancelled


def test_giving_up_at_any_step_leaves_no_half_snapshot_and_no_draft(library, cle, root, tmp_path, papers):
    for at in range(200):
        try:
            back_up(library, cle, NOON, Stop(at))
        except Cancelled:
            assert kept.names(root) == []
            assert list((root / "tmp").iterdir()) == []
            assert list((library.folder / "tmp").iterdir()) == []
        else:
            break
    assert at > len(papers)
    for at in range(200):
        try:
            restore(cle, None, tmp_path / "rendu", progress=Stop(at))
        except Cancelled:
            assert [path.name for path in tmp_path.iterdir()] == ["donnees", "clé"] or not (tmp_path / "rendu").exists()
        else:
            break
    assert rows(tmp_path / "rendu") == rows(library)


def test_the_library_is_written_and_read_while_its_base_is_copied_and_the_copy_has_it_all(library, cle, tmp_path):
    for number in range(30):
        put(library, CAMILLE)
        library.vault.add_bytes(content(number))
    added: list[Document] = []

    class Busy(Progress):
        def step(self, done: int, total: int, text: str = "") -> None:
            if text == "Copie de la base" and done < total and len(added) < 2:
                writer = threading.Thread(target=lambda: added.append(take_in(library, bytes([len(added)]) * 99)))
                writer.start()
                writer.join(20)

    done = back_up(library, cle, NOON, Busy())
    assert len(added) == 2
    restore(cle, None, tmp_path / "rendu")
    assert done.instantane.documents == 2
    assert rows(tmp_path / "rendu") == rows(library)


def test_one_backup_at_a_time(library, cle):
    told: list[str] = []

    class Second(Progress):
        def step(self, done: int, total: int, text: str = "") -> None:
            if not told:
                with pytest.raises(Refused, match="déjà en cours") as error:
                    back_up(library, cle, NOON)
                told.append(str(error.value))

    back_up(library, cle, NOON, Second())
    assert told


def test_a_paper_thrown_away_for_good_meanwhile_makes_the_base_be_taken_again(
    library, cle, tmp_path, papers, monkeypatch
):
    monkeypatch.setattr(parallel, "ENSEMBLE", 1)  # so that it goes before its turn has come

    class Thrower(Progress):
        done = False

        def step(self, done: int, total: int, text: str = "") -> None:
            if "papier 1" in text and not self.done:
                self.done = True
                throw_away(library, papers[4])
                throw_away(library, papers[0])

    back_up(library, cle, NOON, Thrower())
    restore(cle, None, tmp_path / "rendu")
    assert rows(tmp_path / "rendu") == rows(library)


@pytest.mark.parametrize("where", ["", "sous", "fichiers"])
def test_never_with_the_data(library, where):
    (library.folder / where).mkdir(exist_ok=True)
    with pytest.raises(Refused, match="perdue en même temps"):
        back_up(library, library.folder / where, NOON)


def test_a_name_already_taken_is_left_alone(library, cle, root):
    root.write_text("un fichier")
    with pytest.raises(Refused, match="n’est pas un dossier"):
        back_up(library, cle, NOON)
    root.unlink()
    root.mkdir()
    (root / "photos.txt").write_text("à moi")
    with pytest.raises(Refused, match=r"photos\.txt"):
        back_up(library, cle, NOON)
    assert [path.name for path in root.iterdir()] == ["photos.txt"]


def test_the_backup_of_other_data_is_never_mixed_with_ours(library, cle, root, tmp_path):
    other = Library(tmp_path / "autres")
    back_up(other, cle, NOON)
    other.close()
    before = sorted(path for path in root.rglob("*"))
    for _ in range(2):
        with pytest.raises(Refused, match="d’autres données"):
            back_up(library, cle, NOON)
        (root / kept.MARQUE).unlink(missing_ok=True)
    assert sorted(root.rglob("*")) == [path for path in before if path.name != kept.MARQUE]


def test_a_key_unplugged_or_a_wrong_folder_is_told(library, cle, tmp_path):
    with pytest.raises(Unavailable, match="branchez-le"):
        back_up(library, tmp_path / "absent", NOON)
    (tmp_path / "texte").write_text("")
    with pytest.raises(Refused, match="n’est pas un dossier"):
        back_up(library, tmp_path / "texte", NOON)
    with pytest.raises(Unavailable, match="branchez-le"):
        restore(tmp_path / "absent", None, tmp_path / "rendu")
    with pytest.raises(Refused, match="ne contient pas de sauvegarde"):
        restore(cle, None, tmp_path / "rendu")


def test_a_lost_mark_is_made_again(library, cle, root):
    back_up(library, cle, NOON)
    (root / kept.MARQUE).unlink()
    back_up(library, cle, NOON + timedelta(hours=1))
    assert len(kept.names(root)) == 2
    assert (root / kept.MARQUE).exists()


def test_restoring_only_into_an_empty_folder_outside_the_backup(library, cle, root, tmp_path, papers):
    back_up(library, cle, NOON)
    with pytest.raises(Refused, match="n’est pas vide"):
        restore(cle, None, library.folder)
    with pytest.raises(Refused, match="dans elle-même"):
        restore(cle, None, root / "rendu")
    (tmp_path / "vide").mkdir()
    restore(root / "instantanes" / "2026-11-24T120000", None, tmp_path / "vide")
    assert rows(tmp_path / "vide") == rows(library)


def test_a_newer_version_is_refused_and_nothing_is_written(library, cle, root, tmp_path, monkeypatch):
    back_up(library, cle, NOON)
    monkeypatch.setattr(base, "VERSION", 0)
    with pytest.raises(TooNew, match="plus récente"):
        restore(cle, None, tmp_path / "rendu", despite=True)
    monkeypatch.setattr(base, "VERSION", 1)
    mark = json.loads((root / kept.MARQUE).read_text())
    (root / kept.MARQUE).write_text(json.dumps({**mark, "format": 2}))
    for act in (lambda: restore(cle, None, tmp_path / "rendu"), lambda: back_up(library, cle, NOON)):
        with pytest.raises(TooNew, match="plus récente"):
            act()
    assert not (tmp_path / "rendu").exists()


def test_a_hostile_folder_is_never_followed_nor_believed(library, cle, root, tmp_path, papers):
    back_up(library, cle, NOON)
    (tmp_path / "secret").write_text("à personne")
    snapshot = root / "instantanes" / "2026-11-24T120000"
    for name in ("..", "2026-99-99T999999", "2026-11-24T120000x", "evil"):
        (root / "instantanes" / name).mkdir(exist_ok=True)
    (root / "instantanes" / "2026-12-24T120000").symlink_to(snapshot)
    (root / "fichiers" / "zz").mkdir()
    (root / "fichiers" / "zz" / "..%2f").write_text("x")
    assert kept.names(root) == ["2026-11-24T120000"]
    manifest = json.loads((snapshot / "manifeste.json").read_text())
    manifest["fichiers"]["../../../secret"] = [10, "0" * 64]
    (snapshot / "manifeste.json").write_text(json.dumps({**manifest, "controle": "0"}))
    assert not kept.manifest_of(root, snapshot.name).instantane.lisible
    restore(cle, None, tmp_path / "rendu")
    assert bytes_of(tmp_path / "rendu") == bytes_of(library.folder)
    good = kept.sealed_path(root, papers[0].empreinte)
    moved = good.rename(tmp_path / "ailleurs")
    good.symlink_to(moved)
    huge = kept.sealed_path(root, papers[1].empreinte)
    os.truncate(huge, 1 << 40)
    os.mkfifo(kept.sealed_path(root, papers[2].empreinte).with_suffix(".pipe"))
    kept.sealed_path(root, papers[2].empreinte).unlink()
    kept.sealed_path(root, papers[2].empreinte).with_suffix(".pipe").rename(kept.sealed_path(root, papers[2].empreinte))
    with pytest.raises(Incomplete) as told:
        restore(cle, None, tmp_path / "encore")
    assert set(told.value.manquants) == {"Papier 0", "Papier 1", "Papier 2"}
    (snapshot / "base.db").rename(tmp_path / "base")
    (snapshot / "base.db").symlink_to(tmp_path / "base")
    with pytest.raises(Incomplete, match="manque"):
        restore(cle, None, tmp_path / "encore")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_what_is_written_is_for_its_owner_only(library, cle, root, tmp_path, papers):
    before = os.umask(0o022)
    try:
        back_up(library, cle, NOON)
        restore(cle, None, tmp_path / "rendu")
    finally:
        os.umask(before)
    for folder in (root, tmp_path / "rendu"):
        for path in (folder, *folder.rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_nothing_of_what_is_in_the_papers_can_be_read_in_the_backup(library, cle, root):
    put(library, *EVERYTHING)
    take_in(library, "Camille Bessière, couronne dentaire".encode(), "Facture Bessière")
    back_up(library, cle, NOON)
    for path in root.rglob("*"):
        if path.is_file():
            for word in ("Camille", "Bessi", "Facture", "couronne"):
                assert word.encode() not in path.read_bytes(), path


def mounted(folder: Path, *how: str) -> None:
    done = subprocess.run(["mount", *how, str(folder)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"nothing can be mounted here: {done.stderr.decode().strip()}")


@linux
@needs_root
def test_a_full_key_a_read_only_one_and_one_taken_away_are_told_and_what_was_there_stays(library, cle, root, papers):
    mounted(cle, "-t", "tmpfs", "-o", "size=4M", "tmpfs")
    try:
        with pytest.raises(Unavailable, match="Il faut"):
            back_up(library, cle, NOON)
        subprocess.run(["mount", "-o", "remount,size=12M", str(cle)], check=True)
        back_up(library, cle, NOON)
        (cle / "plein").write_bytes(bytes(shutil.disk_usage(cle).free - 300_000))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(backup, "MARGE", -(1 << 40))
            take_in(library, os.urandom(400_000))
            with pytest.raises(Unavailable, match="pas assez de place"):
                back_up(library, cle, NOON + timedelta(hours=1))
        (cle / "plein").unlink()
        assert check_all(root).sain
        subprocess.run(["mount", "-o", "remount,ro", str(cle)], check=True)
        with pytest.raises(Unavailable, match="lecture seule"):
            back_up(library, cle, NOON + timedelta(hours=1))
        assert check_all(root).sain
    finally:
        subprocess.run(["umount", "-l", str(cle)], check=False)
    with pytest.raises(Refused, match="ne contient pas de sauvegarde"):
        restore(cle, None, library.folder.parent / "rendu")


def test_a_disk_that_knows_neither_rights_nor_durable_names_works_all_the_same(library, cle, root, monkeypatch, papers):
    def unknown(*_what):
        raise OSError(errno.EINVAL, "Invalid argument")

    def refused(*_what):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    with monkeypatch.context() as patch:
        patch.setattr(backup_folder, "fsync_folder", unknown)
        patch.setattr(Path, "chmod", refused)
        patch.setattr(os, "link", refused)
        back_up(library, cle, NOON - timedelta(days=30, hours=1))
        back_up(library, cle, NOON - timedelta(days=30))
        assert back_up(library, cle, NOON).retires == 1
    assert check_all(root).sain


@linux
@needs_root
def test_a_key_without_rights_nor_links_works_all_the_same(library, cle, root, tmp_path, papers):
    if not shutil.which("mkfs.vfat"):
        pytest.skip("mkfs.vfat is not installed")
    image = tmp_path / "cle.img"
    image.write_bytes(b"")
    os.truncate(image, 24 << 20)
    subprocess.run(["mkfs.vfat", str(image)], check=True, capture_output=True)
    mounted(cle, "-o", "loop", str(image))
    try:
        back_up(library, cle, NOON)
        assert check_all(root).sain
        restore(cle, None, tmp_path / "rendu")
    finally:
        subprocess.run(["umount", "-l", str(cle)], check=False)
    assert rows(tmp_path / "rendu") == rows(library)


def test_the_turn_of_the_window_is_never_kept_long_while_the_base_is_copied(library, cle):
    with library.write("Remplir") as db:
        for number in range(400):
            db.raw("INSERT INTO vignette (id, image) VALUES (?, ?)", (str(number), os.urandom(20_000)))
    waits: list[float] = []
    going = threading.Event()

    class Heard(Progress):
        def step(self, done: int, total: int, text: str = "") -> None:
            going.set()

    worker = threading.Thread(target=lambda: back_up(library, cle, NOON, Heard()))
    worker.start()
    going.wait(20)
    while worker.is_alive():
        start = time.monotonic()
        with library.read():
            waits.append(time.monotonic() - start)
        time.sleep(0.001)
    worker.join()
    assert len(waits) > 20
    assert sorted(waits)[len(waits) // 2] < 0.05, "half of the looks wait for a few pages at most"


def test_what_a_cut_restore_left_is_set_aside_at_once_and_removed(tmp_path):
    folder = tmp_path / "données [1]"
    for _ in range(2):
        for end in (bascule.PRETE, bascule.EN_COURS):
            (tmp_path / f"{folder.name}{end}" / "fichiers").mkdir(parents=True)
        left = bascule.set_drafts_aside(folder)
    assert len(left) == 4
    assert sorted(left) == sorted(tmp_path.iterdir())
    bascule.forget_drafts(folder)
    assert list(tmp_path.iterdir()) == []


def test_a_swap_keeps_the_old_folder_and_one_cut_in_between_is_mended(library, cle, tmp_path):
    folder = library.folder
    take_in(library, b"avant")
    back_up(library, cle, NOON)
    wanted = rows(library)
    take_in(library, "après".encode())
    later = rows(library)
    library.close()
    restore(cle, None, bascule.ready_for(folder))
    (folder / bascule.VERROU).write_text("1234")
    old = bascule.swap(folder, NOON)
    assert old.name == "donnees.avant-restauration-2026-11-24T120000"
    assert not (old / bascule.VERROU).exists()
    assert (folder / bascule.VERROU).read_text() == "1234", "the lock is never let go"
    assert rows(folder) == wanted
    assert rows(old) == later
    folder.rename(bascule.ready_for(folder))
    assert bascule.recover(folder), "cut between the two renames"
    assert rows(folder) == wanted
    assert not bascule.recover(folder)
    with pytest.raises(Unavailable, match="ne sont plus là"):
        bascule.swap(folder, NOON)
    assert rows(folder) == wanted
