"""The only door to what is stored: read, write under a label, undo, redo."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path

from sqlcipher3 import dbapi2

from mutuelle_desktop.domain.courrier import Courrier
from mutuelle_desktop.domain.document import CORBEILLE_JOURS, Document
from mutuelle_desktop.domain.errors import Refused, Unavailable
from mutuelle_desktop.domain.ids import now
from mutuelle_desktop.storage import base, index
from mutuelle_desktop.storage.failures import told
from mutuelle_desktop.storage.history import Change, Entry, History, LigneJournal, Step, mark_undone
from mutuelle_desktop.storage.keys import Keys, open_keys
from mutuelle_desktop.storage.paths import make_private
from mutuelle_desktop.storage.rows import Reader, Writer
from mutuelle_desktop.storage.schema import MOMENT
from mutuelle_desktop.storage.turns import Turns
from mutuelle_desktop.storage.vault import Vault

__all__ = ["Change", "Entry", "Library", "LigneJournal", "Reader", "Writer"]


class Library:
    """What is stored in one folder; safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Open the library in this folder, making or upgrading it as needed."""
        self.folder = make_private(folder)
        self.listeners: list[Callable[[Entry], None]] = []
        self._history = History()
        self._lock = Turns()
        self._open = True
        self._writing = False
        self._views = 0
        self._ill = False
        self._keys = open_keys(folder)
        self.vault = Vault(folder, self._keys)
        self._connect()
        try:
            self.sweep()
        except BaseException:
            self.close()
            raise
        self.vault.rebuild_reserve()

    def close(self) -> None:
        """Let go of the base; nothing can be read or written afterwards."""
        with self._lock:
            if self._open:
                self._open = False
                base.close_base(self._connection)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """Open a consistent view: nobody writes meanwhile."""
        with self._lock, self._told():
            yield Reader(self._connection)

    @contextmanager
    def write(self, label: str, *, undoable: bool = True, group: str | None = None) -> Iterator[Writer]:
        """Open a transaction that is kept whole or not at all, under a name the user reads.

        Consecutive writes of the same group are one step for undo, under the label of the last.
        """
        with self._lock:
            step: Step | None = None
            with self._transaction() as writer:
                yield writer
                index.refresh(self._execute, writer.changes)
                if undoable:
                    step = self._history.record(self._execute, label, group, writer.changes)
            if step:
                self._history.remember(step)
        self._tell(Entry(label, tuple(writer.changes), group))

    def undo(self) -> str | None:
        """Take back the last action and return its label; None when there is none."""
        return self._replay(self._history.done, self._history.undone, undone=True)

    def redo(self) -> str | None:
        """Do again the last action taken back and return its label; None when there is none."""
        return self._replay(self._history.undone, self._history.done, undone=False)

    @property
    def undo_label(self) -> str | None:
        """Return what undo would take back."""
        return self._history.done[-1].label if self._history.done else None

    @property
    def redo_label(self) -> str | None:
        """Return what redo would do again."""
        return self._history.undone[-1].label if self._history.undone else None

    def sweep(self) -> int:
        """Tidy what a cut may have left: drafts go, files without a row are quarantined; return how many were."""
        with self.read() as db:
            known = {row[0] for row in db.raw("SELECT id FROM fichier").fetchall()}
            return self.vault.sweep(known, (now() - timedelta(days=CORBEILLE_JOURS)).timestamp())

    def is_whole(self) -> bool:
        """Tell whether the base itself is undamaged: reads all of it, about a second for 50 MB."""
        with self._lock, self._told():
            try:
                return base.is_whole(self._driver)
            except dbapi2.DatabaseError:
                self._ill = True
                return False

    @property
    def keys(self) -> Keys:
        """Return the keys of the safe, for copies of it."""
        return self._keys

    def copy_base(self, target: Path, step: Callable[[int, int], None]) -> None:
        """Copy the base into a new file, as it is when the copying ends; others take their turns meanwhile.

        step(done, total), in pages, may raise to give up.
        """

        def between(done: int, total: int) -> None:
            self._lock.__exit__(None, None, None)
            try:
                step(done, total)
            finally:
                self._lock.__enter__()
            if not self._open:
                raise Unavailable(_CLOSED)

        with self._lock, self._told():
            base.copy_base(self._driver, target, self._keys.base, between)

    def purge(self, moment: datetime) -> int:
        """Forget the bytes taken in over 30 days ago that nothing names any more; return how many files.

        Documents, even in the trash or in a step of undo, name their bytes and those they were derived from; letters
        the bytes they were frozen in. Rows go first, durably; then files.
        """
        before = MOMENT.encode(moment - timedelta(days=CORBEILLE_JOURS))
        with self.read() as db:  # most days there is nothing, and the window need not wait while that is made sure of
            (some,) = db.raw(_UNNAMED, (before,)).fetchone()
        if not some:
            self.vault.rebuild_reserve()
            return 0
        with self._lock:
            with self.write("Vider le coffre", undoable=False) as db:
                named = _named(db) | {mark for v in self._history.values() for mark in _marks(v)} | self.vault.fresh
                rows = db.raw("SELECT id FROM fichier WHERE ajoute_le < ?", (before,)).fetchall()
                gone = [row[0] for row in rows if row[0] not in named]
                for empreinte in gone:
                    for table, column in (("lecture", "id"), ("page", "empreinte"), ("vignette", "id")):
                        db.raw(f"DELETE FROM {table} WHERE {column} = ?", (empreinte,))
                    db.raw("DELETE FROM fichier WHERE id = ?", (empreinte,))
            for empreinte in gone:
                with suppress(Unavailable):  # left behind, the next sweep takes it
                    self.vault.remove(empreinte)
        self.vault.rebuild_reserve()
        return len(gone)

    @contextmanager
    def _transaction(self) -> Iterator[Writer]:
        if self._writing:
            raise RuntimeError("a write inside a write: they would not be kept or refused together")
        with self._told():
            self.vault.make_room()
            self._execute("BEGIN IMMEDIATE")
            self._writing = True
            try:
                yield Writer(self._connection)
                self._execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
            finally:
                self._writing = False

    def _roll_back(self) -> None:
        """Undo the transaction; SQLite has done so already after a full disk or a failed write."""
        if self._driver.in_transaction:
            with suppress(dbapi2.Error):
                self._execute("ROLLBACK")

    def _replay(self, source: list[Step], target: list[Step], *, undone: bool) -> str | None:
        with self._lock:
            if not source:
                return None
            step = source[-1]
            try:
                with self._transaction() as writer:
                    self._execute("PRAGMA defer_foreign_keys = ON")
                    for change in reversed(step.changes):
                        if change.before is None:
                            writer.delete(change.after)
                        else:
                            writer.put(change.before)
                    index.refresh(self._execute, writer.changes)
                    mark_undone(self._execute, step, undone=undone)
            except dbapi2.IntegrityError as error:
                source.pop()
                raise Refused(
                    f"« {step.label} » ne peut plus être changé : d’autres éléments en dépendent maintenant. "
                    "Retirez-les d’abord."
                ) from error
            source.pop()
            target.append(Step(step.label, None, step.numero, list(writer.changes)))
        self._tell(Entry(step.label, tuple(writer.changes)))
        return step.label

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tell the base's failures, and begin the next time on a new connection after one.

        SQLCipher refuses everything once a page could not be read, even when the disk answers again.
        """
        if not self._open:
            raise Unavailable(_CLOSED)
        if self._ill and not self._views:
            base.close_base(self._connection)
            self._connect()
        self._views += 1
        try:
            with told():
                yield
        except Unavailable as error:
            self._ill = self._ill or error.__cause__ is not None
            raise
        finally:
            self._views -= 1

    def _connect(self) -> None:
        self._connection = base.open_base(self.folder, self._keys.base)
        self._driver = base.driver_of(self._connection)
        self._execute = self._driver.execute
        self._ill = False

    def _tell(self, entry: Entry) -> None:
        if entry.changes:
            for listener in list(self.listeners):
                listener(entry)


_CLOSED = "Vos données sont fermées. Relancez Mutuelle Desktop."
_UNNAMED = "SELECT EXISTS (SELECT 1 FROM fichier WHERE ajoute_le < ? AND id NOT IN (SELECT empreinte FROM document))"
"""Tells whether there may be something to purge."""


def _named(db: Reader) -> set[str]:
    named = {row[0] for row in db.raw("SELECT empreinte FROM document UNION SELECT empreinte FROM courrier").fetchall()}
    for row in db.raw("SELECT origines FROM document WHERE origines <> '[]'").fetchall():
        named.update(json.loads(row[0]))
    return named


def _marks(value: object) -> tuple[str, ...]:
    if isinstance(value, Document):
        return (value.empreinte, *value.origines)
    return (value.empreinte,) if isinstance(value, Courrier) else ()
