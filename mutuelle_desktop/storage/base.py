"""The encrypted base itself: opening it, and bringing it to today's version.

One connection for the whole program. Nothing here begins a transaction but `Library` and the upgrade below:
reads go without one, under the library's lock.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from mutuelle_desktop.domain.errors import TooNew, Unavailable
from mutuelle_desktop.storage.failures import sentence_of, told, unavailable
from mutuelle_desktop.storage.paths import fsync_file, fsync_folder, make_private, make_private_file, replace

VERSION = 1
"""Number of the newest revision under migrations/versions."""
APPLICATION = 0x4D444331
"""« MDC1 »: SQLite's application_id of a library of ours."""
FILE = "base.db"
_PRAGMAS = (
    "cipher_compatibility = 4",
    "locking_mode = EXCLUSIVE",
    "journal_mode = TRUNCATE",
    "synchronous = FULL",
    "fullfsync = ON",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
)
_PAGE = 4096  # bytes of SQLCipher's smallest base
_PAS = 32  # pages copied in one turn: a few milliseconds
_MESSAGES = {"full": "SQLITE_FULL", "readonly": "SQLITE_READONLY", "malformed": "SQLITE_CORRUPT",
             "not a database": "SQLITE_CORRUPT", "unable to open": "SQLITE_CANTOPEN"}  # fmt: skip
_PATIENCE = 0.5  # seconds left to another program that is just letting go of the base


def open_base(folder: Path, key: bytes) -> sa.Connection:
    """Return the one connection to the base of this folder, at today's version and closed to other programs."""
    path = folder / FILE
    _refuse_lost_base(folder, path)
    with told():
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite's own would be readable by others
        except OSError as error:
            raise unavailable(error) from error
        make_private_file(path)
        engine = sa.create_engine(
            "sqlite://",
            module=dbapi2,
            creator=lambda: _connect(path, key),
            poolclass=StaticPool,
            hide_parameters=True,
        )
        connection = engine.connect()
        try:
            _bring_up_to_date(connection, folder, key)
        except BaseException:
            close_base(connection)
            raise
    return connection


def driver_of(connection: sa.Connection) -> Any:
    """Return the driver's own connection."""
    driver = connection.connection.driver_connection
    assert driver is not None
    return driver


def close_base(connection: sa.Connection) -> None:
    """Let go of the base."""
    connection.close()
    connection.engine.dispose()


def open_aside(path: Path, key: bytes) -> Any:
    """Return a driver's connection that only reads a base at rest, takes no lock and leaves nothing beside it."""
    place = path.absolute().as_posix()
    address = f"file://{'' if place.startswith('/') else '/'}{quote(place)}?mode=ro&immutable=1"
    driver = dbapi2.connect(address, isolation_level=None, check_same_thread=False, uri=True)
    try:
        _unlock(driver, key)
        driver.execute("PRAGMA cipher_compatibility = 4")
        driver.execute("PRAGMA trusted_schema = OFF")
        driver.execute("PRAGMA cell_size_check = ON")
    except BaseException:
        driver.close()
        raise
    return driver


def copy_base(driver: Any, target: Path, key: bytes, between: Callable[[int, int], None]) -> None:
    """Copy the base, still encrypted, into a new file that is not durable yet.

    between(done, total), in pages, is called after every few: meanwhile the base may be read and written, and what is
    written goes into the copy too.
    """
    os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    copy = dbapi2.connect(str(target), isolation_level=None, check_same_thread=False)
    try:
        _unlock(copy, key)
        copy.execute("PRAGMA cipher_compatibility = 4")
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        copy.execute("PRAGMA cache_size = 64")  # pages: few are left to be written in the last turn
        driver.backup(copy, pages=_PAS, progress=lambda _status, rest, total: between(total - rest, total))
    except dbapi2.Error as error:  # the driver tells a failed copy by its message only
        code = next((code for word, code in _MESSAGES.items() if word in str(error)), "SQLITE_IOERR")
        raise Unavailable(sentence_of(code)) from error
    finally:
        copy.close()


def is_whole(driver: Any) -> bool:
    """Tell whether every page of the base is as it was written, and every index agrees with its table."""
    if driver.execute("PRAGMA cipher_integrity_check").fetchall():
        return False
    return bool(driver.execute("PRAGMA quick_check").fetchall() == [("ok",)])


def _refuse_lost_base(folder: Path, path: Path) -> None:
    """Never start an empty base in the place of a cut one, nor beside papers that a lost one named."""
    size, journal = (at.stat().st_size if at.exists() else 0 for at in (path, folder / f"{FILE}-journal"))
    if 0 < size < _PAGE and not journal:  # SQLite would take it for a new one
        raise Unavailable(sentence_of("SQLITE_NOTADB"))
    if not size and any((folder / "fichiers").glob("*/*")):
        raise Unavailable(
            "La base de vos données (« base.db ») manque alors que vos papiers sont là. Rien n’a été changé : restaurez "
            "une sauvegarde."
        )


def _connect(path: Path, key: bytes) -> Any:
    driver = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False, timeout=_PATIENCE)
    try:
        _unlock(driver, key)
        for pragma in _PRAGMAS:
            driver.execute(f"PRAGMA {pragma}")
        driver.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        driver.close()
        raise
    return driver


def _unlock(driver: Any, key: bytes) -> None:
    driver.execute("PRAGMA cipher_log_level = NONE")
    driver.execute(f"PRAGMA key = \"x'{key.hex()}'\"")


def _bring_up_to_date(connection: sa.Connection, folder: Path, key: bytes) -> None:
    driver = driver_of(connection)
    application = driver.execute("PRAGMA application_id").fetchone()[0]
    version = driver.execute("PRAGMA user_version").fetchone()[0]
    empty = not driver.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if application != APPLICATION and not (empty and application == version == 0):
        raise Unavailable(
            "Le fichier « base.db » n’est pas une base de Mutuelle Desktop. Rien n’a été changé : choisissez un autre "
            "dossier."
        )
    if version > VERSION:
        raise TooNew(
            f"Ces données ont été faites par une version plus récente de Mutuelle Desktop (format {version}, celle-ci "
            f"connaît le format {VERSION}). Installez la dernière version : rien n’a été changé."
        )
    if version == VERSION:
        driver.execute("BEGIN EXCLUSIVE")  # takes, for good, the lock that keeps other programs out
        driver.execute("COMMIT")
        return
    if version:
        _copy_before(driver, folder, key, version)
    _upgrade(connection, driver)


def _upgrade(connection: sa.Connection, driver: Any) -> None:
    """Run the migrations whole or not at all; links between tables are checked once, at the end."""
    from mutuelle_desktop.storage.migrations import upgrade

    driver.execute("PRAGMA foreign_keys = OFF")  # refused inside a transaction, and batch changes rebuild tables
    driver.execute("BEGIN EXCLUSIVE")
    try:
        with connection.begin():
            upgrade(connection)
            broken = driver.execute("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the upgrade breaks {len(broken)} links between tables")
            driver.execute(f"PRAGMA application_id = {APPLICATION}")
            driver.execute(f"PRAGMA user_version = {VERSION}")
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _copy_before(driver: Any, folder: Path, key: bytes, version: int) -> None:
    """Keep a verified copy of the base as it was, still encrypted, before it is upgraded."""
    kept = make_private(folder / "sauvegardes") / f"base.avant-v{version + 1}.db"
    draft = kept.with_suffix(".tmp")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    driver.execute("VACUUM INTO ?", (str(draft),))
    copy = _connect(draft, key)
    try:
        whole = is_whole(copy) and copy.execute("PRAGMA user_version").fetchone()[0] == version
    finally:
        copy.close()
    if not whole:
        draft.unlink()
        raise Unavailable(
            "Vos données n’ont pas pu être copiées avant leur mise à jour : rien n’a été changé. Vérifiez le disque, "
            "puis relancez le programme."
        )
    fsync_file(draft)
    replace(draft, kept)
    fsync_folder(kept.parent)
