"""The floors bench.py compares with: the least code that does the same work, each run as its own small process.

`bench_floors.py import FOLDER FILES [durable]`, `ocr FILES`, `window`. Imports stay inside: a floor pays for nothing else.
"""

import os
import sqlite3
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

INDEX = "CREATE VIRTUAL TABLE page USING fts5(nom, texte, tokenize='unicode61 remove_diacritics 2', prefix='2 3')"


def take_in(folder: Path, files: Path, *, durable: bool) -> None:
    """Hash, copy, text, thumbnail and index of every PDF, one transaction each."""
    import hashlib
    import shutil

    import pypdfium2

    base = sqlite3.connect(folder / "base.db", isolation_level=None)
    base.execute(f"PRAGMA journal_mode = {'TRUNCATE' if durable else 'WAL'}")
    base.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
    base.execute("CREATE TABLE papier (id INTEGER PRIMARY KEY, sha256 TEXT UNIQUE, nom TEXT, pages INTEGER)")
    base.execute(INDEX)
    for source in sorted(files.iterdir()):
        with source.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        copy = folder / sha256
        shutil.copyfile(source, copy)
        paper = pypdfium2.PdfDocument(copy)
        texts = [page.get_textpage().get_text_bounded() for page in paper]
        first = paper[0]
        picture = first.render(scale=256 / max(first.get_size())).to_pil()
        picture.convert("RGB").save(folder / f"{sha256}.jpg", quality=80)
        paper.close()
        if durable:
            for path in (copy, folder):
                descriptor = os.open(path, os.O_RDONLY)
                os.fsync(descriptor)
                os.close(descriptor)
        base.execute("BEGIN")
        base.execute("INSERT INTO papier (sha256, nom, pages) VALUES (?, ?, ?)", (sha256, source.name, len(texts)))
        base.executemany("INSERT INTO page VALUES (?, ?)", [(source.name, text) for text in texts])
        base.execute("COMMIT")
    base.close()


def read_scans(files: Path) -> None:
    """Draw each page at 300 dots an inch and have the tesseract command read it."""
    import io
    import subprocess

    import pypdfium2

    for source in sorted(files.iterdir()):
        for page in pypdfium2.PdfDocument(source):
            picture = io.BytesIO()
            page.render(scale=300 / 72, grayscale=True).to_pil().save(picture, "PPM")
            command = ["tesseract", "-", "-", "-l", "fra", "--dpi", "300"]
            subprocess.run(command, input=picture.getvalue(), capture_output=True, check=True)


def window() -> None:
    """Open the smallest useful window, tell when it is painted, and leave."""
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QMainWindow, QVBoxLayout, QWidget

    class Small(QMainWindow):
        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            QTimer.singleShot(0, painted)

    def painted() -> None:
        print(time.monotonic(), time.process_time(), flush=True)
        if "--rester" not in sys.argv:
            app.quit()

    app = QApplication(sys.argv[:1])
    shown, content = Small(), QWidget()
    lines = QListWidget()
    lines.addItems([f"Facture n° {n}" for n in range(50)])
    layout = QVBoxLayout(content)
    layout.addWidget(QLineEdit())
    layout.addWidget(lines)
    shown.setCentralWidget(content)
    shown.resize(1280, 800)
    shown.show()
    app.exec()


class Index:
    """Bare FTS5 over the same texts, numbered in the same order."""

    def __init__(self, path: Path) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA synchronous = OFF")
        if not self._base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            self._base.execute(INDEX)

    def add(self, rows: Iterable[tuple[str, str]]) -> None:
        """Add pages, in one transaction."""
        self._base.execute("BEGIN")
        self._base.executemany("INSERT INTO page VALUES (?, ?)", rows)
        self._base.execute("COMMIT")

    def search(self, query: str) -> list[tuple[str, str]]:
        """Return the newest 50 with an excerpt each."""
        sql = (
            "SELECT nom, snippet(page, 1, '<', '>', '…', 24) FROM page WHERE page MATCH ? ORDER BY rowid DESC LIMIT 50"
        )
        return self._base.execute(sql, (query,)).fetchall()


def commits(path: Path, count: int) -> Iterator[float]:
    """Yield the seconds of single rows written durably, one transaction each."""
    base = sqlite3.connect(path, isolation_level=None)
    base.execute("PRAGMA journal_mode = TRUNCATE")
    base.execute("PRAGMA synchronous = FULL")
    base.execute("CREATE TABLE dossier (id INTEGER PRIMARY KEY, titre TEXT)")
    for number in range(count):
        start = time.perf_counter()
        base.execute("INSERT INTO dossier (titre) VALUES (?)", (f"Dossier {number}",))
        yield time.perf_counter() - start
    base.close()


def copy_durably(source: Path, target: Path) -> None:
    """Copy a folder, each file and each name on the disk on return."""
    for folder, _, names in os.walk(source):
        there = target / Path(folder).relative_to(source)
        there.mkdir(exist_ok=True)
        for name in names:
            with open(Path(folder) / name, "rb") as read, open(there / name, "wb") as written:
                while block := read.read(1 << 20):
                    written.write(block)
                written.flush()
                os.fsync(written.fileno())
        descriptor = os.open(there, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


if __name__ == "__main__":
    os.environ["OMP_THREAD_LIMIT"] = "1"
    if sys.argv[1] == "import":
        take_in(Path(sys.argv[2]), Path(sys.argv[3]), durable="durable" in sys.argv)
    elif sys.argv[1] == "ocr":
        read_scans(Path(sys.argv[2]))
    else:
        window()
