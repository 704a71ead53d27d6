"""The encrypted base itself: opening, upgrading, and telling its failures in French."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2

from mutuelle_desktop.domain.errors import AppError, TooNew, Unavailable
from mutuelle_desktop.storage.paths import fsync_folder, make_private

VERSION = 1
"""Number of the newest revision under migrations/versions."""
APPLICATION = 0x4D444331
"""« MDC1 »: SQLite's application_id of a library of ours."""
FILE = "base.db"
PRAGMAS = (
    "cipher_compatibility = 4",
    "locking_mode = EXCLUSIVE",
    "journal_mode = TRUNCATE",
    "synchronous = FULL",
    "foreign_keys = ON",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "busy_timeout = 1000",
)


def open_engine(folder: Path, key: bytes) -> sa.Engine:
    """Return an engine on the one connection to the base of this folder, at today's version."""
    path = folder / FILE

    def connect() -> Any:
        connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")
            connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("SELECT count(*) FROM sqlite_master")
        except BaseException:
            connection.close()
            raise
        return connection

    engine = sa.create_engine("sqlite://", module=dbapi2, creator=connect, poolclass=StaticPool, hide_parameters=True)
    event.listen(engine, "begin", _begin)
    try:
        _bring_up_to_date(engine, folder)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _begin(connection: sa.Connection) -> None:
    """Begin as a writer at once: a reader that turns writer half-way may find the base locked."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _bring_up_to_date(engine: sa.Engine, folder: Path) -> None:
    driver = engine.raw_connection()
    try:
        application = driver.execute("PRAGMA application_id").fetchone()[0]
        version = driver.execute("PRAGMA user_version").fetchone()[0]
        if application not in (0, APPLICATION) or (application == 0 and version):
            raise Unavailable(
                "Le fichier « base.db » n’est pas une base de Mutuelle Desktop. Choisissez un autre dossier."
            )
        if version > VERSION:
            raise TooNew(
                f"Ces données ont été faites par une version plus récente de Mutuelle Desktop (format {version}). "
                "Installez la dernière version : rien n’a été changé."
            )
        if version == VERSION:
            return
        if version:
            _copy_before(driver, folder, version)
    finally:
        driver.close()
    from mutuelle_desktop.storage.migrations import upgrade

    with engine.begin() as connection:
        upgrade(connection)
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION}")
        connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")


def _copy_before(driver: Any, folder: Path, version: int) -> None:
    """Keep a verified copy of the base as it was, still encrypted, before it is upgraded."""
    kept = make_private(folder / "sauvegardes") / f"base.avant-v{version + 1}.db"
    draft = kept.with_suffix(".tmp")
    draft.unlink(missing_ok=True)
    driver.execute("VACUUM INTO ?", (str(draft),))
    descriptor = os.open(draft, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    os.replace(draft, kept)
    fsync_folder(kept.parent)


@contextmanager
def told() -> Iterator[None]:
    """Turn the base's known failures into sentences; anything else is a bug and goes through."""
    try:
        yield
    except exc.DBAPIError as error:
        raise _told(error.orig) from error
    except dbapi2.Error as error:
        raise _told(error) from error


def _told(error: BaseException | None) -> BaseException:
    code = getattr(error, "sqlite_errorcode", None)
    name = str(getattr(error, "sqlite_errorname", "") or "")
    text = str(error)
    if name.startswith("SQLITE_FULL") or "disk is full" in text:
        return Unavailable("Le disque est plein : rien n’a été changé. Libérez de la place, puis réessayez.")
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or "locked" in text:
        return Unavailable(
            "Ces données sont déjà ouvertes par un autre programme. Fermez-le, puis réessayez : rien n’a été changé."
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")) or "readonly" in text:
        return Unavailable(
            "Le dossier des données ne peut pas être écrit : rien n’a été changé. Vérifiez qu’il existe, que le disque "
            "est branché et que vous avez le droit d’y écrire."
        )
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")) or "not a database" in text or "malformed" in text:
        return Unavailable(
            "La base de vos données est abîmée ou n’est pas la bonne : elle n’a pas été modifiée. Remettez une "
            "sauvegarde dans ce dossier."
        )
    if name.startswith("SQLITE_IOERR") or "disk I/O" in text:
        return Unavailable(
            "Le disque n’a pas répondu comme il faut : rien n’a été changé. Vérifiez qu’il est branché et qu’il y reste "
            "de la place, puis réessayez."
        )
    return error if error is not None and code is None else (error or AppError("Erreur inconnue de la base."))
