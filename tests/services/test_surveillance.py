"""The watched folder."""

import os
from pathlib import Path

import pytest

from mutuelle_desktop.services import documents
from mutuelle_desktop.services.surveillance import Surveillance, is_known, stable_files
from tests.services.aides import every
from tests.storage.foyer import take_in


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "scanner"
    made.mkdir()
    return made


def names(paths: list[Path]) -> list[str]:
    return [path.name for path in paths]


def test_a_file_is_given_once_it_has_stopped_growing_and_never_again(folder):
    watch = Surveillance(folder)
    growing = folder / "numérisation.pdf"
    for size in (10, 20, 30):
        growing.write_bytes(b"x" * size)
        assert watch.poll() == []
    assert watch.poll() == [growing]
    assert watch.poll() == watch.poll() == []
    assert growing.read_bytes() == b"x" * 30


def test_a_file_of_the_same_size_written_over_is_given_again(folder):
    watch, path = Surveillance(folder), folder / "a.pdf"
    path.write_bytes(b"un")
    watch.poll()
    assert watch.poll() == [path]
    path.write_bytes(b"de")
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1))
    assert watch.poll() == []
    assert watch.poll() == [path]


def test_only_whole_visible_files_are_looked_at(folder, tmp_path):
    for name in ("b.pdf", "A.jpg", ".caché.pdf", "~verrou", "x.pdf.part", "x.CRDOWNLOAD", "y.tmp", "z~", "vide.pdf"):
        (folder / name).write_bytes(b"" if name == "vide.pdf" else b"x")
    (folder / "sous").mkdir()
    (folder / "sous" / "c.pdf").write_bytes(b"x")
    (folder / "lien.pdf").symlink_to(tmp_path / "donnees")
    os.mkfifo(folder / "tube.pdf")
    seen: dict = {}
    assert stable_files(folder, seen) == []
    assert names(stable_files(folder, seen)) == ["A.jpg", "b.pdf"]


def test_a_folder_that_is_gone_holds_nothing_and_may_come_back(folder):
    watch = Surveillance(folder)
    path = folder / "a.pdf"
    path.write_bytes(b"x")
    watch.poll()
    assert watch.poll() == [path]
    folder.rename(folder.with_name("débranché"))
    assert watch.poll() == []
    folder.with_name("débranché").rename(folder)
    watch.poll()
    assert watch.poll() == [path], "after an absence it is looked at anew"


def test_a_file_that_goes_away_during_a_look_hides_no_other(folder, monkeypatch):
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        (folder / name).write_bytes(b"x")
    real = os.scandir

    class Going:
        def __init__(self, entry):
            self.name, self.path, self._entry = entry.name, entry.path, entry

        def stat(self, **how):
            if self.name == "a.pdf":
                raise FileNotFoundError(2, "gone")
            return self._entry.stat(**how)

    class Entries:
        def __init__(self, at):
            self._entries = real(at)

        def __enter__(self):
            return sorted((Going(entry) for entry in self._entries), key=lambda e: e.name)

        def __exit__(self, *_):
            self._entries.close()

    monkeypatch.setattr("mutuelle_desktop.services.surveillance.os.scandir", Entries)
    seen: dict = {}
    stable_files(folder, seen)
    assert names(stable_files(folder, seen)) == ["b.pdf", "c.pdf"]


def test_at_the_next_start_what_the_library_has_is_not_given_again_even_from_the_trash(library, folder):
    document = take_in(library, b"facture")
    (folder / "facture.pdf").write_bytes(b"facture")
    new = folder / "nouveau.pdf"
    new.write_bytes(b"autre")
    for _ in range(2):
        watch = Surveillance(folder, library)
        watch.poll()
        assert watch.poll() == [new]
        documents.trash_documents(library, [document.id])
    assert every(library, type(document))[0].supprime_le is not None


def test_bytes_that_were_turned_since_are_still_known_and_an_unreadable_file_is_not(library, tmp_path):
    document = take_in(library, b"original")
    from dataclasses import replace

    turned = take_in(library, b"tourne")
    with library.write("Tourner") as db:
        db.put(replace(document, empreinte=turned.empreinte, origines=(document.empreinte,)))
        db.delete(turned)
    path = tmp_path / "a.pdf"
    path.write_bytes(b"original")
    assert is_known(library, path)
    path.write_bytes(b"inconnu")
    assert not is_known(library, path)
    assert not is_known(library, tmp_path / "absent.pdf")
