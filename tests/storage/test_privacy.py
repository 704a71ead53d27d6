"""Nothing of the household can be read on the disk, nor opened by others."""

import base64
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mutuelle_desktop.storage.library import Library
from tests.storage.foyer import CAMILLE, EVERYTHING, dossier, put, take_in

CANARIES = ("Bessière", "Camille", "2 84 05 69 123 456 78", "Couronne", "Peyronnet", "œdème", "22057529", "1205")


def _spellings(word: str) -> Iterator[bytes]:
    yield word.encode()
    yield word.encode("utf-16-le")
    yield word.encode("utf-16-be")
    yield word.encode().hex().encode()
    if len(word) > 5:  # a shorter run of letters may turn up in any noise
        for shift in range(3):
            yield base64.b64encode(b"x" * shift + word.encode())[shift and 4 : -4]


def _leaks(folder: Path) -> list[str]:
    texts = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return [
        f"{word} in {path.name}"
        for word in CANARIES
        for spelling in _spellings(word)
        for path, text in texts.items()
        if len(spelling) > 3 and spelling in text
    ]


def test_no_clear_text_on_the_disk_even_in_the_middle_of_a_transaction(library):
    take_in(library, "Facture de Camille Bessière, 2 84 05 69 123 456 78, œdème".encode() * 3000, "Couronne")
    with library.write("Mettre") as db:
        db.put_all(EVERYTHING)
        db.raw("PRAGMA cache_spill = 1")
        db.put_all(dossier(n, titre="Couronne Peyronnet", notes="Bessière œdème " * 200) for n in range(2, 900))
        assert (library.folder / "base.db-journal").stat().st_size > 0
        assert _leaks(library.folder) == []
    assert _leaks(library.folder) == []
    library.close()
    assert _leaks(library.folder) == []


def test_the_canary_test_sees_a_leak(library):
    (library.folder / "fuite.txt").write_text("bonjour Bessière", "utf-8")
    assert _leaks(library.folder) == ["Bessière in fuite.txt"]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_everything_kept_is_the_owners_alone_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        library = Library(tmp_path / "donnees")
        take_in(library, b"facture")
        put(library, CAMILLE)
        for path in (library.folder, *library.folder.rglob("*")):
            assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path
        library.close()
        (library.folder / "base.db").chmod(0o644)
        Library(library.folder).close()
        assert (library.folder / "base.db").stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)
