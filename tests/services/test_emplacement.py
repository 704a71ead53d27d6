"""The data moves whole or not at all: refusals, warnings, kills, a full disk, and the old place put away at the end."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.domain.errors import Cancelled, Refused, Unavailable
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.services import emplacement, lieux, relance
from mutuelle_desktop.services.lieux import Montage, cloud_of, read_mounts, system_of, warnings_of
from mutuelle_desktop.storage import paths, vault
from mutuelle_desktop.storage.library import Library
from tests.storage.foyer import CAMILLE, content, put, take_in

ROOT = Path(__file__).resolve().parents[2]
LOCAL = [Montage(Path("/"), "ext4")]


@pytest.fixture
def maison(tmp_path, monkeypatch):
    """A closed library with three papers, in the folder the pointer names."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv(paths.VARIABLE, raising=False)
    monkeypatch.setattr(vault, "RESERVE", 4096)
    library = Library(tmp_path / "donnees")
    put(library, CAMILLE)
    for number in range(3):
        take_in(library, content(number), f"Papier {number}")
    library.close()
    (library.folder / "sauvegardes").mkdir()
    (library.folder / "sauvegardes" / "base.avant-v1.db").write_bytes(b"ancienne")
    (library.folder / "reglages.json").write_text('{"theme": "sombre"}')
    paths.write_pointer(library.folder)
    return library.folder


def titles(folder: Path) -> list[str]:
    library = Library(folder)
    try:
        with library.read() as db:
            found = db.all(Document)
        assert all(library.vault.read(document.empreinte) for document in found)
        return sorted(document.titre for document in found)
    finally:
        library.close()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_everything_comes_along_and_the_new_place_is_found_at_the_next_start(maison, tmp_path):
    target = tmp_path / "ailleurs" / "Mes données"
    target.parent.mkdir()
    before = contents(maison)
    done = emplacement.move(maison, target)
    assert paths.data_folder() == target
    assert (done.ancien, done.dossier) == (maison, target)
    assert titles(target) == ["Papier 0", "Papier 1", "Papier 2"]
    assert contents(maison) == before, "the old folder is left as it was"
    assert (target / "sauvegardes" / "base.avant-v1.db").read_bytes() == b"ancienne"
    assert (target / "reglages.json").read_text() == '{"theme": "sombre"}'
    assert not (target / emplacement.EN_COURS).exists()
    if os.name == "posix":
        assert target.stat().st_mode & 0o777 == 0o700
        assert all(path.stat().st_mode & 0o077 == 0 for path in target.rglob("*"))
        assert paths.pointer_file().stat().st_mode & 0o077 == 0


def test_a_chosen_folder_that_holds_other_things_receives_a_folder_of_its_own(tmp_path):
    (tmp_path / "Documents").mkdir()
    assert emplacement.target_in(tmp_path / "Documents") == tmp_path / "Documents"
    (tmp_path / "Documents" / "lettre.odt").write_text("x")
    assert emplacement.target_in(tmp_path / "Documents") == tmp_path / "Documents" / "Mutuelle Desktop"
    assert emplacement.target_in(tmp_path / "nouveau") == tmp_path / "nouveau"


def full(folder):
    folder.mkdir()
    (folder / "photo.jpg").write_bytes(b"x")
    return folder


def other_library(folder):
    Library(folder).close()
    return folder


def a_file(path):
    path.write_text("x")
    return path


def linked(maison):
    (maison.parent / "lien").symlink_to(maison)
    return maison.parent / "lien"


REFUSALS = {
    "itself": (lambda maison: maison, "déjà dans ce dossier"),
    "itself by a link": (linked, "déjà dans ce dossier"),
    "inside itself": (lambda maison: maison / "fichiers" / "x", "à l’intérieur"),
    "its own parent": (lambda maison: maison.parent, "n’est pas vide"),
    "a file": (lambda maison: a_file(maison.parent / "f"), "n’est pas un dossier"),
    "a folder with other things": (lambda maison: full(maison.parent / "plein"), "n’est pas vide"),
    "another library": (lambda maison: other_library(maison.parent / "autre"), "contient déjà des données"),
    "a disk not plugged in": (lambda maison: maison.parent / "cle" / "usb" / "x", "introuvable"),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_target_that_cannot_serve_is_refused_and_nothing_is_changed(maison, name):
    make, sentence = REFUSALS[name]
    target = make(maison)
    before = contents(maison.parent)
    for act in (emplacement.check_target, emplacement.move):
        with pytest.raises(Refused, match=sentence):
            act(maison, target)
    assert contents(maison.parent) == before
    assert paths.data_folder() == maison


def test_a_folder_without_room_or_without_the_right_to_write_is_refused(maison, tmp_path, monkeypatch):
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(emplacement.shutil, "disk_usage", lambda _p: usage._replace(free=vault.PLACE_MIN))
    with pytest.raises(Refused, match="pas assez de place"):
        emplacement.check_target(maison, tmp_path / "x")
    monkeypatch.undo()

    def refuse(**_where):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(emplacement.tempfile, "TemporaryFile", refuse)
    with pytest.raises(Refused, match="ne peut pas être écrit"):
        emplacement.check_target(maison, tmp_path / "x")
    assert not (tmp_path / "x").exists()


WARNINGS = {
    "/home/c/Papiers": "",
    "/home/c/OneDrive/Papiers": "OneDrive",
    "/home/c/OneDrive - Société/P": "OneDrive",
    "/home/c/Dropbox (Perso)": "Dropbox",
    "/home/c/Google Drive/P": "Google Drive",
    "/home/c/Mon Drive/P": "Google Drive",
    "/Users/c/Library/Mobile Documents/x": "iCloud",
    "/home/c/Nextcloud/P": "Nextcloud",
    "/home/c/pCloudDrive/P": "pCloud",
    "/home/c/kDrive/P": "kDrive",
    "/home/c/MEGA/P": "MEGA",
    "/home/c/omega/boxes/P": "",
}


@pytest.mark.parametrize("place", WARNINGS)
def test_a_folder_copied_online_is_known_by_its_name(place):
    assert cloud_of(Path(place)) == WARNINGS[place]
    said = warnings_of(Path(place), LOCAL)
    assert [WARNINGS[place] in text for text in said] == ([True] if WARNINGS[place] else [])


@pytest.mark.parametrize(
    ("mark", "service"),
    [(".stfolder", "Syncthing"), (".sync_1a2b.db", "Nextcloud"), (".dropbox.cache", "Dropbox"),
     (".849C9593-D756-4E56-8D6E-42412F2A707B", "OneDrive"), (".tmp.drivedownload", "Google Drive")],
)  # fmt: skip
def test_a_folder_copied_online_is_known_by_what_the_program_left_there(tmp_path, mark, service):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / mark).touch()
    assert cloud_of(tmp_path / "a" / "b" / "nouveau") == service
    assert cloud_of(tmp_path / "c") == ""


def test_a_folder_the_service_itself_declares_is_known_wherever_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".dropbox").mkdir()
    (tmp_path / ".dropbox" / "info.json").write_text(f'{{"personal": {{"path": "{tmp_path}/boite"}}}}')
    assert cloud_of(tmp_path / "boite" / "x") == "Dropbox"
    monkeypatch.setenv("OneDrive", str(tmp_path / "partage"))
    assert cloud_of(tmp_path / "partage") == "OneDrive"


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [("ext4", ""), ("btrfs", ""), ("nfs4", "par le réseau (nfs4)"), ("cifs", "par le réseau"),
     ("fuse.sshfs", "par le réseau (sshfs)"), ("vfat", "toute personne"), ("tmpfs", "s’efface")],
)  # fmt: skip
def test_a_file_system_that_is_a_poor_home_is_told_with_its_reason(kind, sentence):
    mounts = [*LOCAL, Montage(Path("/mnt/a b"), kind), Montage(Path("/mnt/a b/c"), "ext4")]
    said = warnings_of(Path("/mnt/a b/x"), mounts)
    assert len(said) == bool(sentence)
    assert all(sentence in text for text in said)
    assert warnings_of(Path("/mnt/a b/c/d"), mounts) == (), "what is mounted inside has its own kind"


def test_the_mounts_of_the_system_are_read_with_their_spaces(tmp_path):
    (tmp_path / "mounts").write_text("/dev/a / ext4 rw 0 0\nsrv:/x /mnt/mes\\040papiers nfs4 rw 0 0\nbad\n")
    mounts = read_mounts(tmp_path / "mounts")
    assert system_of(Path("/mnt/mes papiers/x"), mounts) == "nfs4"
    assert system_of(Path("/mnt/autre"), mounts) == "ext4"
    assert read_mounts(tmp_path / "absent") == []
    if sys.platform == "linux":
        assert system_of(tmp_path), "this very computer says it too"


class Stopping(Progress):
    """Gives up at its nth step."""

    def __init__(self, left):
        self.left = left
        self.texts = []

    def step(self, done, total, text=""):
        self.texts.append(text)
        self.left -= 1
        self.cancelled = self.left <= 0
        super().step(done, total, text)


def test_giving_up_at_any_step_leaves_the_old_place_in_force_and_nothing_behind(maison, tmp_path):
    before = contents(tmp_path)
    whole = Stopping(10_000)
    emplacement.move(maison, tmp_path / "essai", whole)
    assert any(text.startswith("Copie") for text in whole.texts)
    assert any(text.startswith("Vérification") for text in whole.texts)
    shutil.rmtree(tmp_path / "essai")
    paths.write_pointer(maison)
    for number in range(1, len(whole.texts) + 1):
        with pytest.raises(Cancelled):
            emplacement.move(maison, tmp_path / "nouveau", Stopping(number))
        assert contents(tmp_path) == before
        assert not (tmp_path / "nouveau").exists()
    assert titles(maison) == ["Papier 0", "Papier 1", "Papier 2"]


def test_a_disk_that_fills_up_at_any_write_leaves_the_old_place_in_force_and_nothing_behind(
    maison, tmp_path, monkeypatch
):
    before, write = contents(tmp_path), paths.os.write
    written = 0

    def until_full(number):
        def write_some(descriptor, data):
            nonlocal written
            written += 1
            if written >= number:
                raise OSError(28, "No space left on device")
            return write(descriptor, data)

        return write_some

    done, told = False, set()
    for number in range(1, 200):
        written = 0
        monkeypatch.setattr(paths.os, "write", until_full(number))
        try:
            emplacement.move(maison, tmp_path / "nouveau")
            done = True
        except Unavailable as error:
            told.add("plein" in str(error))
        monkeypatch.setattr(paths.os, "write", write)
        if done:
            break
        paths.pointer_file().with_name("emplacement.json.tmp").unlink(missing_ok=True)  # a draft, never read
        assert contents(tmp_path) == before
        assert not (tmp_path / "nouveau").exists()
    assert done
    assert told == {True}
    assert number > 8, "papers, base, keys and pointer are each written"
    assert titles(tmp_path / "nouveau") == ["Papier 0", "Papier 1", "Papier 2"]


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounting needs root")
def test_a_disk_really_full_is_told_and_nothing_is_lost(maison, tmp_path, monkeypatch):
    small = tmp_path / "petit"
    small.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], check=False, capture_output=True
    ).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        monkeypatch.setattr(emplacement, "PLACE_MIN", -(10**9))  # as if the room had gone since it was measured
        with pytest.raises(Unavailable, match="plein"):
            emplacement.move(maison, small / "donnees")
        assert list(small.iterdir()) == []
    finally:
        subprocess.run(["umount", small], check=True)
    assert paths.data_folder() == maison
    assert titles(maison) == ["Papier 0", "Papier 1", "Papier 2"]


def test_a_copy_that_is_not_faithful_is_refused(maison, tmp_path, monkeypatch):
    write = paths.os.write

    def spoil(descriptor, data):
        return write(descriptor, bytes(data).replace(b"ancienne", b"Ancienne"))

    monkeypatch.setattr(paths.os, "write", spoil)
    with pytest.raises(Unavailable, match="n’est pas fidèle"):
        emplacement.move(maison, tmp_path / "nouveau")
    assert paths.data_folder() == maison
    assert not (tmp_path / "nouveau").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="forks")
def test_killed_at_every_instant_exactly_one_whole_place_is_in_force(maison, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.services.demenageur", str(maison), str(tmp_path / "nouveau")],
        capture_output=True, text=True, cwd=ROOT, env=environment, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert not [line for line in lines if "bogue" in line]
    deaths = [line for line in lines if line[1] == "mort"]
    assert len(deaths) > 40
    assert all(line[3] == "3" for line in deaths)
    assert {line[2] for line in deaths} <= {"avant", "apres"}
    assert lines[-1][1:] == ["fini", "apres", "3"]


def test_a_disk_unplugged_is_told_and_never_replaced_by_an_empty_library(maison, tmp_path):
    emplacement.move(maison, tmp_path / "cle")
    for gone in (lambda: (tmp_path / "cle").rename(tmp_path / "debranche"), (tmp_path / "cle").mkdir):
        gone()  # absent, then the empty place where the disk was mounted
        with pytest.raises(Unavailable, match="branchez-le") as told:
            Library(paths.data_folder())
        assert "L’ancienne copie est encore" in str(told.value)
        assert list((tmp_path / "cle").glob("*")) == []
    (tmp_path / "cle").rmdir()
    (tmp_path / "debranche").rename(tmp_path / "cle")
    assert titles(paths.data_folder()) == ["Papier 0", "Papier 1", "Papier 2"]


def test_a_damaged_pointer_never_begins_an_empty_library_in_the_usual_place(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.delenv(paths.VARIABLE, raising=False)
    paths.write_pointer(tmp_path / "ailleurs")
    paths.pointer_file().write_text("{")
    with pytest.raises(Unavailable, match="n’y sont pas"):
        Library(paths.data_folder())
    assert not (tmp_path / "share").exists()


def test_the_folder_given_and_the_environment_win_over_the_pointer(maison, tmp_path, monkeypatch):
    assert paths.data_folder() == maison
    assert relance.why_not(maison) == ""
    assert paths.data_folder(tmp_path / "donne") == tmp_path / "donne"
    assert "au lancement" in relance.why_not(tmp_path / "donne")
    monkeypatch.setenv(paths.VARIABLE, str(tmp_path / "env"))
    assert paths.data_folder() == tmp_path / "env"
    assert relance.why_not(maison)
    Library(tmp_path / "env").close()  # and a new library may begin there


def test_the_old_folder_goes_only_when_asked_and_leaves_what_is_not_the_programs(maison, tmp_path):
    (maison / "note.txt").write_text("à moi")
    target = tmp_path / "nouveau"
    emplacement.move(maison, target)
    found = emplacement.old_place(target)
    assert found is not None
    assert found.dossier == maison
    assert emplacement.remove_old(target) == 1
    assert [path.name for path in maison.iterdir()] == ["note.txt"]
    assert emplacement.old_place(target) is None
    assert emplacement.remove_old(target) == 0
    assert titles(paths.data_folder()) == ["Papier 0", "Papier 1", "Papier 2"]


def test_an_old_folder_used_again_since_is_not_removed(maison, tmp_path):
    target = tmp_path / "nouveau"
    emplacement.move(maison, target)
    library = Library(maison)
    take_in(library, b"un papier de plus", "Nouveau")
    library.close()
    with pytest.raises(Refused, match="ont changé depuis"):
        emplacement.remove_old(target)
    assert "Nouveau" in titles(maison)


def test_data_can_move_twice_and_come_back(maison, tmp_path):
    emplacement.move(maison, tmp_path / "deux")
    emplacement.remove_old(tmp_path / "deux")
    assert not maison.exists()
    emplacement.move(tmp_path / "deux", maison)
    assert paths.data_folder() == maison
    assert titles(maison) == ["Papier 0", "Papier 1", "Papier 2"]


def test_the_reminders_of_a_closed_program_follow(maison, tmp_path, monkeypatch):
    asked = []
    state = emplacement.minuterie.EtatMinuterie(True, True, True, emplacement.minuterie.JOURNEE[0], "")
    monkeypatch.setattr(emplacement.minuterie, "timer_state", lambda: state)
    monkeypatch.setattr(emplacement.minuterie, "install_timer", lambda command, heure: asked.append((command, heure)))
    emplacement.move(maison, tmp_path / "nouveau")
    ((command, heure),) = asked
    assert str(tmp_path / "nouveau") in command
    assert str(maison) not in command
    assert heure == state.heure


def test_a_folder_chosen_in_place_of_one_that_is_gone_is_kept_for_the_next_starts(maison, tmp_path):
    Library(tmp_path / "autre").close()
    relance.remember(tmp_path / "autre")
    assert paths.data_folder() == tmp_path / "autre"


def test_every_word_of_a_warning_is_about_a_known_kind():
    assert not lieux.RESEAUX & lieux.SANS_DROITS
    assert not (lieux.RESEAUX | lieux.SANS_DROITS) & lieux.EN_MEMOIRE
