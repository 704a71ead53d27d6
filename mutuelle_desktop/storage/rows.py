"""Reading and writing whole values: each kind's SQL is prepared once, and every write is remembered."""

import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

import sqlalchemy as sa

from mutuelle_desktop.storage.history import Change, LigneJournal, journal_of
from mutuelle_desktop.storage.schema import TABLE_OF, Coded

Value = TypeVar("Value")


class Rows:
    """How the values of one kind become rows and back; columns stand in the order of the fields."""

    def __init__(self, kind: type[Any], table: sa.Table) -> None:
        names = tuple(field.name for field in fields(kind))
        if names != tuple(table.c.keys()):
            raise TypeError(f"columns and fields of {kind.__name__} differ")
        quoted = [f'"{name}"' for name in names]  # « references » is a word of SQL
        columns, marks = ", ".join(quoted), ", ".join("?" * len(names))
        others = ", ".join(f"{name} = excluded.{name}" for name in quoted if name != '"id"')
        self.select = f"SELECT {columns} FROM {table.name} WHERE id = ?"
        self.upsert = f"INSERT INTO {table.name} ({columns}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {others}"
        self.delete = f"DELETE FROM {table.name} WHERE id = ?"
        self.every = f"SELECT {columns} FROM {table.name}"
        self.all = sa.select(table)
        self._kind, self._names, self._values = kind, names, attrgetter(*names)
        codes = [(place, _code(column.type)) for place, column in enumerate(table.c)]
        self._codes = [(place, *code) for place, code in codes if code]

    def encode(self, value: Any) -> list[Any]:
        """Return the row of a value, as the driver takes it."""
        row = list(self._values(value))
        for place, encode, _ in self._codes:
            if row[place] is not None:
                row[place] = encode(row[place])
        return row

    def decode(self, row: Iterable[Any]) -> Any:
        """Return the value of a row, as the driver gives it."""
        found = list(row)
        for place, _, decode in self._codes:
            if found[place] is not None:
                found[place] = decode(found[place])
        return self.make(found)

    def make(self, row: Iterable[Any]) -> Any:
        """Return the value of a row already decoded."""
        return self._kind(**dict(zip(self._names, row, strict=True)))


def _code(kept: Any) -> tuple[Callable[[Any], Any], Callable[[Any], Any]] | None:
    if isinstance(kept, Coded):
        return kept.code.encode, kept.code.decode
    return (int, bool) if isinstance(kept, sa.Boolean) else None


ROWS = {kind: Rows(kind, table) for kind, table in TABLE_OF.items()}


def values_of(kind: type[Value], rows: Iterable[Any]) -> list[Value]:
    """Return the values of rows that Reader.rows gave: the slow half of reading many, outside the view."""
    decode = ROWS[kind].decode
    return [decode(row) for row in rows]


class Reader:
    """One consistent view of the library."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        driver = connection.connection.driver_connection
        assert driver is not None
        self._execute = driver.execute

    def get(self, kind: type[Value], key: str) -> Value | None:
        """Return one value by its identifier."""
        rows = ROWS[kind]
        row = self._execute(rows.select, (key,)).fetchone()
        return None if row is None else rows.decode(row)

    def all(
        self,
        kind: type[Value],
        *where: sa.ColumnElement[bool],
        order: Any = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> list[Value]:
        """Return the values that satisfy every condition."""
        rows = ROWS[kind]
        query = rows.all.where(*where).limit(limit).offset(offset)
        if order is not None:
            query = query.order_by(*order) if isinstance(order, tuple) else query.order_by(order)
        make = rows.make
        return [make(row) for row in self.connection.execute(query)]

    def rows(self, kind: type[Any], where: str = "", parameters: tuple[Any, ...] = ()) -> list[Any]:
        """Return the rows of a kind as they are kept, for values_of; where is a condition in SQL."""
        query = ROWS[kind].every + (f" WHERE {where}" if where else "")
        found: list[Any] = self._execute(query, parameters).fetchall()
        return found

    def count(self, kind: type[Any], *where: sa.ColumnElement[bool]) -> int:
        """Return how many values satisfy every condition."""
        return self.count_where(TABLE_OF[kind], *where)

    def count_where(self, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
        """Return how many rows of a table satisfy every condition."""
        return int(self.connection.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one())

    def journal(self, objet: str, limit: int = 200) -> list[LigneJournal]:
        """Return the latest lines of history about one object, by its identifier, oldest first."""
        return journal_of(self._execute, objet, limit)

    def marque(self, nom: str) -> Any:
        """Return a small mark kept beside the values (JSON), or None."""
        row = self._execute("SELECT valeur FROM marque WHERE nom = ?", (nom,)).fetchone()
        return None if row is None else json.loads(row[0])

    def raw(self, sql: str, parameters: tuple[Any, ...] = ()) -> Any:
        """Return the driver's own cursor: for the few questions where speed is the point."""
        return self._execute(sql, parameters)


class Writer(Reader):
    """One transaction; every write is remembered as a Change."""

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection)
        self.changes: list[Change] = []

    def put(self, value: Any) -> None:
        """Insert the value, or replace the one that has its identifier; nothing happens when it is the same."""
        rows = ROWS[type(value)]
        before = self.get(type(value), value.id)
        if before != value:
            self._execute(rows.upsert, rows.encode(value))
            self.changes.append(Change(before, value))

    def put_all(self, values: Iterable[Any]) -> None:
        """Put several values."""
        for value in values:
            self.put(value)

    def delete(self, value: Any) -> None:
        """Remove the value that has this identifier; what is remembered is what was there."""
        before = self.get(type(value), value.id)
        if before is not None:
            self._execute(ROWS[type(value)].delete, (value.id,))
            self.changes.append(Change(before, None))

    def next_number(self, nom: str, at_least: int = 0) -> int:
        """Return the next number of a counter that never goes back, not even by undo."""
        row = self._execute("SELECT valeur FROM compteur WHERE nom = ?", (nom,)).fetchone()
        number = max(row[0] if row else 0, at_least) + 1
        self._execute(
            "INSERT INTO compteur (nom, valeur) VALUES (?, ?) ON CONFLICT (nom) DO UPDATE SET valeur = excluded.valeur",
            (nom, number),
        )
        return number

    def set_marque(self, nom: str, valeur: Any) -> None:
        """Keep a small mark beside the values (JSON); None removes it. Marks are not undone."""
        self._execute("DELETE FROM marque WHERE nom = ?", (nom,))
        if valeur is not None:
            self._execute("INSERT INTO marque (nom, valeur) VALUES (?, ?)", (nom, json.dumps(valeur)))
