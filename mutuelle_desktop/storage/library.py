"""The only door to what is stored: read, write under a label, undo, redo."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from mutuelle_desktop.domain.document import CORBEILLE_JOURS, Document, Fichier
from mutuelle_desktop.domain.ids import now
from mutuelle_desktop.storage import base, index
from mutuelle_desktop.storage.keys import open_keys
from mutuelle_desktop.storage.paths import make_private
from mutuelle_desktop.storage.schema import TABLE_OF, compteur, journal, journal_objet, marque
from mutuelle_desktop.storage.vault import Vault

UNDO_LIMIT = 30

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Change:
    """One value before and after; None when it does not exist on that side."""

    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of history: what was done, every value it changed, and the group it belongs to."""

    label: str
    changes: tuple[Change, ...]
    group: str | None = None

    def touches(self, *kinds: type[Any]) -> bool:
        """Tell whether a value of one of these kinds changed."""
        return any(isinstance(change.after or change.before, kinds) for change in self.changes)

    def ids(self, kind: type[Any]) -> set[str]:
        """Return the ids of the values of this kind that changed."""
        values = (change.after or change.before for change in self.changes)
        return {value.id for value in values if isinstance(value, kind)}


@dataclass(frozen=True, slots=True)
class LigneJournal:
    """One line of the kept history; le is in UTC."""

    le: datetime
    label: str


class Reader:
    """One consistent view of the library."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def get(self, kind: type[Value], key: str) -> Value | None:
        """Return one value by its identifier."""
        row = self.connection.execute(_GET[kind], {"key": key}).first()
        return None if row is None else cast("Value", _MAKE[kind](row))

    def all(
        self, kind: type[Value], *where: sa.ColumnElement[bool], order: Any = None, limit: int | None = None,
        offset: int | None = None,
    ) -> list[Value]:  # fmt: skip
        """Return the values that satisfy every condition."""
        query = sa.select(TABLE_OF[kind]).where(*where).limit(limit).offset(offset)
        if order is not None:
            query = query.order_by(*order) if isinstance(order, tuple) else query.order_by(order)
        return [_MAKE[kind](row) for row in self.connection.execute(query)]

    def count(self, kind: type[Any], *where: sa.ColumnElement[bool]) -> int:
        """Return how many values satisfy every condition."""
        return self.count_where(TABLE_OF[kind], *where)

    def count_where(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
        """Return how many rows of a table satisfy every condition."""
        return int(self.connection.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one())

    def journal(self, objet: str, limit: int = 200) -> list[LigneJournal]:
        """Return what was done to one object, oldest first."""
        query = (
            sa.select(journal.c.le, journal.c.label)
            .join(journal_objet, journal_objet.c.journal == journal.c.numero)
            .where(journal_objet.c.objet == objet)
            .order_by(journal.c.numero.desc())
            .limit(limit)
        )
        return [LigneJournal(*row) for row in self.connection.execute(query)][::-1]

    def marque(self, nom: str) -> Any:
        """Return a small mark kept beside the values (JSON), or None."""
        text = self.connection.execute(sa.select(marque.c.valeur).where(marque.c.nom == nom)).scalar()
        return None if text is None else json.loads(text)

    def raw(self, sql: str, parameters: tuple[Any, ...] = ()) -> Any:
        """Return the driver's own cursor: for the few questions where speed is the point."""
        driver = self.connection.connection.driver_connection
        assert driver is not None
        return driver.execute(sql, parameters)


class Writer(Reader):
    """One transaction; every write is remembered as a Change."""

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection)
        self.changes: list[Change] = []

    def put(self, value: Any) -> None:
        """Insert the value, or replace the one that has its identifier."""
        kind = type(value)
        before = self.get(kind, value.id)
        if before == value:
            return
        self.changes.append(Change(before, value))
        self.connection.execute(_PUT[kind], {name: getattr(value, name) for name in _NAMES[kind]})

    def put_all(self, values: Iterable[Any]) -> None:
        """Put several values."""
        for value in values:
            self.put(value)

    def delete(self, value: Any) -> None:
        """Remove the value."""
        table = TABLE_OF[type(value)]
        self.changes.append(Change(value, None))
        self.connection.execute(table.delete().where(table.c.id == value.id))

    def next_number(self, nom: str, at_least: int = 0) -> int:
        """Return the next number of a counter that never goes back, not even by undo."""
        kept = self.connection.execute(sa.select(compteur.c.valeur).where(compteur.c.nom == nom)).scalar()
        number = max(kept or 0, at_least) + 1
        statement = insert(compteur).values(nom=nom, valeur=number)
        self.connection.execute(statement.on_conflict_do_update(index_elements=["nom"], set_={"valeur": number}))
        return number

    def set_marque(self, nom: str, valeur: Any) -> None:
        """Keep a small mark beside the values (JSON); None removes it. Marks are not undone."""
        self.connection.execute(marque.delete().where(marque.c.nom == nom))
        if valeur is not None:
            self.connection.execute(marque.insert().values(nom=nom, valeur=json.dumps(valeur)))


def _maker(kind: type[Any]) -> Callable[[Any], Any]:
    """Return what turns a row into a value: columns stand in the order of the fields."""
    names = _NAMES[kind]
    assert names == tuple(TABLE_OF[kind].c.keys()), f"columns and fields of {kind.__name__} differ"
    return lambda row: kind(**dict(zip(names, row, strict=True)))


def _upsert(kind: type[Any]) -> Any:
    table = TABLE_OF[kind]
    statement = insert(table).values({name: sa.bindparam(name) for name in _NAMES[kind]})
    others = {name: statement.excluded[name] for name in _NAMES[kind] if name != "id"}
    return statement.on_conflict_do_update(index_elements=["id"], set_=others)


_NAMES = {kind: tuple(f.name for f in fields(kind)) for kind in TABLE_OF}
_MAKE = {kind: _maker(kind) for kind in TABLE_OF}
_GET = {kind: sa.select(table).where(table.c.id == sa.bindparam("key")) for kind, table in TABLE_OF.items()}
_PUT = {kind: _upsert(kind) for kind in TABLE_OF}


class Library:
    """What is stored in one folder; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open the library in this folder, making or upgrading it as needed."""
        self.folder = make_private(folder)
        keys = open_keys(folder)
        self.vault = Vault(folder, keys)
        self.listeners: list[Callable[[Entry], None]] = []
        self._undo: list[Entry] = []
        self._redo: list[Entry] = []
        self._lock = threading.RLock()
        with base.told():
            self._engine = base.open_engine(folder, keys.base)
        self.sweep()
        self.vault.rebuild_reserve()

    def close(self) -> None:
        """Let go of the base."""
        with self._lock:
            self._engine.dispose()

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """Open a consistent view."""
        with self._lock, base.told(), self._engine.connect() as connection:
            yield Reader(connection)

    @contextmanager
    def write(self, label: str, *, undoable: bool = True, group: str | None = None) -> Iterator[Writer]:
        """Open a transaction that is kept whole or not at all, under a name the user reads.

        Consecutive writes of the same group are one step for undo, under the label of the last.
        """
        with self._lock:
            with base.told(), self._engine.begin() as connection:
                writer = Writer(connection)
                yield writer
                index.refresh(writer.raw, writer.changes)
                if undoable and writer.changes:
                    _log(connection, label, writer.changes)
            entry = Entry(label, tuple(writer.changes), group)
            if undoable and entry.changes:
                self._remember(entry)
        self._tell(entry)

    def undo(self) -> str | None:
        """Take back the last action and return its label."""
        return self._replay(self._undo, self._redo, "Annuler : ")

    def redo(self) -> str | None:
        """Do again the last action taken back and return its label."""
        return self._replay(self._redo, self._undo, "Rétablir : ")

    @property
    def undo_label(self) -> str | None:
        """Return what undo would take back."""
        return self._undo[-1].label if self._undo else None

    @property
    def redo_label(self) -> str | None:
        """Return what redo would do again."""
        return self._redo[-1].label if self._redo else None

    def sweep(self) -> int:
        """Tidy what a cut may have left: drafts go, files without a row are quarantined; return how many were."""
        old = now() - timedelta(days=CORBEILLE_JOURS)
        with self._lock, base.told():
            return self.vault.sweep(self._known, old.timestamp())

    def purge(self, moment: datetime) -> int:
        """Forget the bytes that no document, trash or undo step has named for 30 days; return how many files."""
        with self._lock:
            kept = {v.empreinte for e in (*self._undo, *self._redo) for c in e.changes
                    for v in (c.before, c.after) if isinstance(v, Document)}  # fmt: skip
            with self.write("Vider le coffre", undoable=False) as db:
                before = (moment - timedelta(days=CORBEILLE_JOURS)).astimezone(UTC)
                gone = [f for f in db.all(Fichier, TABLE_OF[Fichier].c.ajoute_le < before)
                        if f.id not in kept and not _named(db, f.id)]  # fmt: skip
                for fichier in gone:
                    for table, column in (("lecture", "id"), ("page", "empreinte"), ("vignette", "id")):
                        db.raw(f"DELETE FROM {table} WHERE {column} = ?", (fichier.id,))
                    db.delete(fichier)
            for fichier in gone:
                with suppress(OSError):
                    self.vault.remove(fichier.id)
            return len(gone)

    def _known(self) -> set[str]:
        with self._engine.connect() as connection:
            return {row[0] for row in Reader(connection).raw("SELECT id FROM fichier").fetchall()}

    def _remember(self, entry: Entry) -> None:
        last = self._undo[-1] if self._undo else None
        if last and entry.group and last.group == entry.group:
            self._undo[-1] = Entry(entry.label, last.changes + entry.changes, entry.group)
        else:
            self._undo = [*self._undo, entry][-UNDO_LIMIT:]
        self._redo = []

    def _replay(self, source: list[Entry], target: list[Entry], verb: str) -> str | None:
        with self._lock:
            if not source:
                return None
            label = source[-1].label
            with base.told(), self._engine.begin() as connection:
                writer = Writer(connection)
                for change in reversed(source[-1].changes):
                    if change.before is None:
                        writer.delete(change.after)
                    else:
                        writer.put(change.before)
                index.refresh(writer.raw, writer.changes)
                _log(connection, verb + label, writer.changes)
            entry = Entry(label, tuple(writer.changes))
            source.pop()
            target.append(entry)
        self._tell(entry)
        return label

    def _tell(self, entry: Entry) -> None:
        if entry.changes:
            for listener in list(self.listeners):
                listener(entry)


def _named(db: Reader, empreinte: str) -> bool:
    found = db.raw("SELECT 1 FROM document WHERE empreinte = ? OR instr(origines, ?)", (empreinte, empreinte))
    return found.fetchone() is not None


def _log(connection: sa.Connection, label: str, changes: list[Change]) -> None:
    numero = connection.execute(_LOG, {"le": now(), "label": label}).inserted_primary_key
    assert numero is not None
    objets = {link for change in changes for link in _links(change.after or change.before)}
    connection.execute(_LOG_OBJET, [{"journal": numero[0], "objet": objet} for objet in objets])


def _links(value: Any) -> Iterator[str]:
    yield value.id
    for name in ("dossier_id", "document_id"):
        link = getattr(value, name, None)
        if link:
            yield link


_LOG = journal.insert()
_LOG_OBJET = journal_objet.insert()
