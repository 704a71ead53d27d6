"""The base is upgraded whole or not at all, and never by an older program."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlcipher3 import dbapi2

from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import TooNew, Unavailable
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.storage import base, migrations
from mutuelle_desktop.storage.base import driver_of, is_whole
from mutuelle_desktop.storage.keys import open_keys
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.schema import RECHERCHE, metadata
from tests.storage.foyer import CAMILLE, EVERYTHING, dossier

NEXT = '''
"""A step of the future."""
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table("avenir", sa.Column("id", sa.String, primary_key=True))
    with op.batch_alter_table("personne") as batch:
        batch.add_column(sa.Column("surnom", sa.String, nullable=False, server_default=""))
        batch.alter_column("notes", type_=sa.Text)
    {last}
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a closed library with the household in it."""
    library = Library(tmp_path / "donnees")
    with library.write("Mettre") as db:
        db.put_all(EVERYTHING)
    library.close()
    return library.folder


@pytest.fixture
def future(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make the program one version newer, its step ending with the line given."""

    def move_on(last: str = "pass") -> None:
        versions = tmp_path / "migrations" / "versions"
        shutil.copytree(migrations.FOLDER / "versions", versions, ignore=shutil.ignore_patterns("__pycache__"))
        (versions / "0002_avenir.py").write_text(NEXT.format(last=last))
        monkeypatch.setattr(base, "VERSION", 2)
        monkeypatch.setattr(migrations, "FOLDER", versions.parent)

    return move_on


def digest(folder: Path) -> str:
    return hashlib.sha256((folder / "base.db").read_bytes()).hexdigest()


def open_raw(folder: Path, name: str = "base.db") -> Any:
    driver = dbapi2.connect(str(folder / name), isolation_level=None)
    driver.execute("PRAGMA cipher_log_level = NONE")
    driver.execute(f"PRAGMA key = \"x'{open_keys(folder).base.hex()}'\"")
    driver.execute("PRAGMA cipher_compatibility = 4")
    return driver


def tables(driver: Any) -> dict[str, str]:
    return dict(driver.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())


def test_the_migrations_build_exactly_the_schema(library):
    with library.read() as db:
        context = MigrationContext.configure(
            db.connection,
            opts={"compare_server_default": True, "include_name": lambda name, kind, _: not _is_fts(name, kind)},
        )
        assert compare_metadata(context, metadata) == []
        made = tables(driver_of(db.connection))
    assert {name for name in made if not name.startswith(("recherche_", "sqlite_"))} == {
        *metadata.tables,
        "alembic_version",
        "recherche",
        "mot",
    }
    assert (made["recherche"], made["mot"]) == RECHERCHE


def _is_fts(name: str | None, kind: str) -> bool:
    return kind == "table" and (name == "mot" or str(name).startswith("recherche"))


def test_the_schema_made_directly_is_the_same_to_the_letter(library):
    engine = sa.create_engine("sqlite://", module=dbapi2, creator=lambda: dbapi2.connect(":memory:"))
    metadata.create_all(engine)

    def shape(driver: Any) -> dict[str, Any]:
        return {
            name: (
                driver.execute(f"PRAGMA table_xinfo({name})").fetchall(),
                sorted(driver.execute(f"PRAGMA foreign_key_list({name})").fetchall()),
                sorted(row[1:] for row in driver.execute(f"PRAGMA index_list({name})").fetchall()),
            )
            for name in metadata.tables
        }

    with engine.connect() as connection, library.read() as db:
        assert shape(driver_of(db.connection)) == shape(driver_of(connection))
    engine.dispose()


def test_there_is_one_linear_history_that_ends_at_todays_version():
    names = sorted(path.name for path in (migrations.FOLDER / "versions").glob("*.py"))
    assert [name[:4] for name in names] == [f"{number + 1:04d}" for number in range(base.VERSION)]


def test_an_older_base_is_upgraded_and_a_verified_copy_of_it_kept(folder, future):
    future()
    library = Library(folder)
    with library.read() as db:
        assert db.raw("SELECT surnom FROM personne").fetchall() == [("",)]
        assert db.get(Personne, CAMILLE.id) == CAMILLE
        assert db.raw("PRAGMA user_version").fetchone() == (2,)
        assert db.raw("PRAGMA foreign_keys").fetchone() == (1,)
    library.close()
    copy = open_raw(folder, "sauvegardes/base.avant-v2.db")
    assert is_whole(copy)
    assert "avenir" not in tables(copy)
    assert copy.execute("PRAGMA user_version").fetchone() == (1,)
    copy.close()
    assert (folder / "sauvegardes" / "base.avant-v2.db").stat().st_mode & 0o077 == 0
    assert [path.name for path in (folder / "sauvegardes").iterdir()] == ["base.avant-v2.db"]


@pytest.mark.parametrize("last", ["raise RuntimeError('non')", "op.execute('INSERT INTO nulle_part VALUES (1)')"])
def test_a_failing_upgrade_leaves_nothing(folder, future, last, monkeypatch):
    driver = open_raw(folder)
    before = (tables(driver), driver.execute("SELECT * FROM alembic_version").fetchall())
    driver.close()
    future(last)
    with pytest.raises((RuntimeError, sa.exc.OperationalError)):
        Library(folder)
    driver = open_raw(folder)
    assert (tables(driver), driver.execute("SELECT * FROM alembic_version").fetchall()) == before
    assert driver.execute("PRAGMA user_version").fetchone() == (1,)
    driver.close()
    monkeypatch.undo()
    library = Library(folder)
    with library.read() as db:
        assert db.get(Personne, CAMILLE.id) == CAMILLE
    library.close()


def test_an_upgrade_that_breaks_links_is_given_up(folder, future):
    future("op.execute('DELETE FROM mutuelle')")
    with pytest.raises(RuntimeError, match="links"):
        Library(folder)
    driver = open_raw(folder)
    assert "avenir" not in tables(driver)
    assert driver.execute("SELECT count(*) FROM mutuelle").fetchone() == (1,)
    driver.close()


def test_an_upgrade_does_not_begin_without_its_copy(folder, future, monkeypatch):
    future()
    before = digest(folder)
    monkeypatch.setattr(base, "is_whole", lambda _: False)
    with pytest.raises(Unavailable, match="copiées avant leur mise à jour"):
        Library(folder)
    assert digest(folder) == before
    assert list((folder / "sauvegardes").iterdir()) == []


def test_a_base_of_a_newer_program_is_refused_with_every_byte_unchanged(folder):
    driver = open_raw(folder)
    driver.execute("PRAGMA user_version = 7")
    driver.close()
    before = digest(folder)
    with pytest.raises(TooNew, match=r"format 7.*Installez la dernière version"):
        Library(folder)
    assert digest(folder) == before


def test_a_base_of_another_program_is_refused_with_every_byte_unchanged(folder):
    driver = open_raw(folder)
    driver.execute("PRAGMA application_id = 42")
    driver.close()
    before = digest(folder)
    with pytest.raises(Unavailable, match="n’est pas une base de Mutuelle Desktop"):
        Library(folder)
    assert digest(folder) == before


@pytest.mark.parametrize("content", [b"SQLite format 3\0" + bytes(5000), b"bonjour" * 2000, b"x"])
def test_a_file_that_is_no_base_is_refused_with_every_byte_unchanged(folder, content):
    (folder / "base.db").write_bytes(content)
    with pytest.raises(Unavailable, match="n’est pas une base de Mutuelle Desktop"):
        Library(folder)
    assert (folder / "base.db").read_bytes() == content


@pytest.mark.parametrize("left", [None, b""])
def test_a_lost_base_is_never_replaced_by_an_empty_one(folder, left):
    library = Library(folder)
    library.vault.add_bytes(b"facture")
    library.close()
    (folder / "base.db").unlink()
    if left is not None:
        (folder / "base.db").write_bytes(left)
    with pytest.raises(Unavailable, match="manque alors que vos papiers sont là"):
        Library(folder)
    assert list((folder / "orphelins").iterdir()) == []


def test_a_first_start_cut_before_anything_was_kept_can_begin_again(tmp_path):
    library = Library(tmp_path / "donnees")
    library.close()
    (library.folder / "base.db").write_bytes(b"")
    again = Library(library.folder)
    with again.write("Ouvrir") as db:
        db.put(dossier())
        assert db.count(Dossier) == 1
    again.close()


def test_opening_a_current_base_does_not_load_alembic(folder):
    code = (
        "import sys; from pathlib import Path; from mutuelle_desktop.storage.library import Library; "
        "Library(Path(sys.argv[1])).close(); print([m for m in sys.modules if m.startswith(('alembic', 'sqlite3'))])"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
