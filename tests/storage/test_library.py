"""The one door: consistent, private, and clear about what it cannot do."""

import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import Unavailable
from mutuelle_desktop.storage.failures import sentence_of, unavailable
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.schema import TABLE_OF
from tests.storage.foyer import EVERYTHING, dossier, put, take_in

HOLD = """
import sys
from pathlib import Path
from mutuelle_desktop.storage.library import Library
library = Library(Path(sys.argv[1]))
print("tenu", flush=True)
sys.stdin.read()
"""


def test_a_view_inside_a_write_sees_it_and_does_not_end_it(library):
    with library.write("Ouvrir") as db:
        db.put(dossier(1))
        with library.read() as inner:
            assert inner.count(Dossier) == 1
        db.put(dossier(2))
    with library.read() as db, library.read() as inner:
        assert (db.count(Dossier), inner.count(Dossier)) == (2, 2)


def test_a_write_inside_a_view_is_allowed_and_one_inside_a_write_is_a_bug(library):
    with library.read() as db:
        put(library, dossier(1))
        assert db.count(Dossier) == 1
    with library.write("Dehors") as db, pytest.raises(RuntimeError, match="a write inside a write"):
        put(library, dossier(3))
    with library.read() as db:
        assert db.count(Dossier) == 1


def test_a_rule_of_the_tables_broken_is_a_bug_and_changes_nothing(library):
    with pytest.raises(dbapi2.IntegrityError):
        put(library, dossier(1), dossier(1))
    with pytest.raises(dbapi2.IntegrityError):
        put(library, dossier(2, personne_id="personne"))
    with library.read() as db:
        assert db.count(Dossier) == 0
        assert db.count_where(TABLE_OF[Dossier]) == 0


def test_nothing_is_read_or_written_once_closed(library):
    library.close()
    library.close()
    with pytest.raises(Unavailable, match="fermées"), library.read():
        pass
    with pytest.raises(Unavailable, match="fermées"), library.write("x"):
        pass
    with pytest.raises(Unavailable):
        library.is_whole()


def test_several_threads_write_and_read_without_a_mix_up(library):
    failures: list[BaseException] = []

    def work(start: int) -> None:
        try:
            for number in range(start, start + 25):
                with library.write("Ouvrir") as db:
                    before = db.count(Dossier)
                    db.put(dossier(number))
                    assert db.count(Dossier) == before + 1
                with library.read() as view:
                    assert view.count(Dossier) == view.count(Dossier)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(start,)) for start in (0, 100, 200, 300)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with library.read() as db:
        assert db.count(Dossier) == 100


def test_two_programs_never_hold_the_same_library(library):
    with pytest.raises(Unavailable, match="déjà ouvertes par un autre programme"):
        Library(library.folder)
    put(library, dossier())


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[Path]:
    """A library held by another process."""
    folder = tmp_path / "tenue"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "tenu\n"
        yield folder
        process.communicate()


def test_a_library_held_by_another_process_is_told_and_its_files_left_alone(holder):
    (holder / "tmp" / "autre.part").write_bytes(b"x")
    with pytest.raises(Unavailable, match="déjà ouvertes par un autre programme"):
        Library(holder)
    assert (holder / "tmp" / "autre.part").exists()


def test_damage_anywhere_in_the_base_is_detected(library):
    put(library, *EVERYTHING, *(dossier(number, notes="n" * 300) for number in range(2, 120)))
    assert library.is_whole()
    library.close()
    path = library.folder / "base.db"
    whole = path.read_bytes()
    dice = random.Random(3)
    for _ in range(60):
        broken = bytearray(whole)
        broken[dice.randrange(len(broken))] ^= 1 << dice.randrange(8)
        path.write_bytes(broken)
        assert "sauvegarde" in _what_is_wrong(library.folder)
    path.write_bytes(whole)
    assert _what_is_wrong(library.folder) == ""


def _what_is_wrong(folder: Path) -> str:
    before = (folder / "base.db").read_bytes()
    try:
        opened = Library(folder)
    except Unavailable as error:
        assert (folder / "base.db").read_bytes() == before
        return str(error)
    try:
        return "" if opened.is_whole() else str(sentence_of("SQLITE_CORRUPT"))
    finally:
        opened.close()


def test_reading_a_damaged_page_says_to_put_a_backup_back(library):
    put(library, *(dossier(number, notes="n" * 1000) for number in range(200)))
    library.close()
    path = library.folder / "base.db"
    whole = bytearray(path.read_bytes())
    for start in range(40 * 4096, len(whole), 4096):
        whole[start + 2000] ^= 1
    path.write_bytes(whole)
    with pytest.raises(Unavailable, match=r"abîmée.*sauvegarde"):
        _read_all(library.folder)


def _read_all(folder: Path) -> None:
    opened = Library(folder)
    try:
        with opened.read() as db:
            db.all(Dossier)
    finally:
        opened.close()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("SQLITE_FULL", "Le disque est plein"),
        ("SQLITE_BUSY", "un autre programme"),
        ("SQLITE_BUSY_SNAPSHOT", "un autre programme"),
        ("SQLITE_READONLY_DBMOVED", "écriture"),
        ("SQLITE_CANTOPEN", "écriture"),
        ("SQLITE_IOERR_FSYNC", "n’a pas répondu"),
        ("SQLITE_CORRUPT", "sauvegarde"),
        ("SQLITE_NOTADB", "sauvegarde"),
    ],
)
def test_each_known_failure_has_its_sentence(code, said):
    assert said in str(sentence_of(code))


@pytest.mark.parametrize("code", ["SQLITE_ERROR", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_MISUSE", ""])
def test_the_rest_is_a_bug(code):
    assert sentence_of(code) is None


@pytest.mark.parametrize(("number", "said"), [(28, "plein"), (13, "droit"), (30, "droit"), (5, "n’a pas répondu")])
def test_the_systems_refusals_have_theirs(number, said):
    assert said in str(unavailable(OSError(number, "x")))


def test_a_bug_in_a_question_goes_through_as_it_is(library):
    with pytest.raises(dbapi2.OperationalError, match="no such column"), library.read() as db:
        db.raw("SELECT rien FROM dossier")


def test_what_the_exceptions_say_never_holds_what_was_written(library):
    put(library, dossier(1))
    secret = dossier(1, notes="Bessière 2 84 05 69")
    with pytest.raises(dbapi2.IntegrityError) as caught:
        put(library, secret)
    assert "Bessière" not in repr(caught.value)
    table = TABLE_OF[Dossier]
    with pytest.raises(Exception, match="UNIQUE") as wrapped, library.read() as db:
        db.connection.execute(table.insert().values(**_columns(secret)))
    assert "Bessière" not in str(wrapped.value)


def _columns(value):
    return {name: getattr(value, name) for name in TABLE_OF[Dossier].c.keys()}  # noqa: SIM118 - a column collection


def test_what_was_kept_is_there_at_the_next_start(library):
    put(library, *EVERYTHING)
    document = take_in(library, b"facture")
    library.close()
    again = Library(library.folder)
    with again.read() as db:
        assert all(db.get(type(value), value.id) == value for value in EVERYTHING)
        assert db.get(Document, document.id) == document
    assert again.vault.read(document.empreinte) == b"facture"
    again.close()


def test_starting_sweeps_drafts_and_quarantines_files_without_a_row(library):
    document = take_in(library, b"facture")
    stray = library.vault.add_bytes(b"coupure avant la ligne")
    (library.folder / "tmp" / "coupe.part").write_bytes(b"x")
    library.close()
    again = Library(library.folder)
    assert again.vault.read(document.empreinte) == b"facture"
    assert again.vault.orphans() == [stray.empreinte]
    assert list((again.folder / "tmp").iterdir()) == []
    again.close()


def test_a_sweep_that_fails_at_the_start_lets_go_of_the_base(library, monkeypatch):
    library.close()
    monkeypatch.setattr("mutuelle_desktop.storage.vault.os.listdir", _fail)
    with pytest.raises(Unavailable):
        Library(library.folder)
    monkeypatch.undo()
    Library(library.folder).close()


def _fail(*_, **__):
    raise OSError(5, "Input/output error")
