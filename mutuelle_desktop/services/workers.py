"""The pool of caged processes that open papers, as plain calls that wait."""

import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from mutuelle_desktop.domain.errors import Cancelled, Protege, Unreadable
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.extraction.langue import missing_sentence
from mutuelle_desktop.extraction.mots import PageLue
from mutuelle_desktop.rendering.assemblage import Part, describe
from mutuelle_desktop.rendering.dossier import Partie
from mutuelle_desktop.rendering.feuillets import Feuillets, Masque
from mutuelle_desktop.services.worker import Blobs, read_frame, write_frame

SECONDES, SECONDES_OCR, SECONDES_ASSEMBLAGE = 20.0, 150.0, 120.0
"""Seconds after which a call is given up and its process killed."""
FICHIERS_PAR_PROCESSUS = 200
PAGES_PREMIERES = 20
"""Pages whose text the first reading gives at once."""
LARGEST = 4000
_POLL = 0.05
_DIED = "Ce fichier n’a pas pu être lu : il a fait échouer la lecture. L’original est gardé tel quel."
_SLOW = "Ce fichier demande trop de temps pour être lu. L’original est gardé tel quel."

Contenu = bytes | Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Inspection:
    """The number of pages, and the sizes in points of the first 500."""

    pages: int
    tailles: list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Premiere:
    """What the first reading gives: the number of pages, the first ones' text, a thumbnail (or nothing)."""

    pages: int
    lues: list[PageLue]
    vignette: bytes


@dataclass(frozen=True, slots=True)
class Dessin:
    """A page drawn: pixels as rows of RGB bytes."""

    largeur: int
    hauteur: int
    octets: bytes


def command() -> list[str]:
    """Return how a worker process is started, from a checkout or from the frozen program."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--worker"]
    return [sys.executable, "-m", "mutuelle_desktop.services.worker"]


class _Process:
    """One caged process and the paper it holds."""

    def __init__(self) -> None:
        environment = {**os.environ, "OMP_THREAD_LIMIT": "1", "PYTHONUTF8": "1"}
        self._child = subprocess.Popen(
            command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        self._answers: queue.SimpleQueue[tuple[dict[str, Any], Blobs] | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.cle: str | None = None
        self.served = 0

    @property
    def alive(self) -> bool:
        """Tell whether the process is still there to be asked."""
        return self._child.poll() is None

    def call(
        self, header: dict[str, Any], blobs: Blobs, seconds: float, progress: Progress
    ) -> tuple[dict[str, Any], Blobs]:
        """Send one call and wait for its answer; raise Unreadable when the process dies or is too slow."""
        assert self._child.stdin is not None
        self.served += 1
        sender = threading.Thread(target=self._send, args=(header, blobs), daemon=True)
        sender.start()
        end = time.monotonic() + seconds
        while True:
            try:
                answer = self._answers.get(timeout=_POLL)
            except queue.Empty:
                if progress.cancelled:
                    raise Cancelled from None
                if time.monotonic() > end:
                    raise Unreadable(_SLOW) from None
                continue
            sender.join()
            if answer is None:
                raise Unreadable(_DIED)
            return answer

    def kill(self) -> None:
        """End the process and wait for it."""
        self._child.kill()
        self._child.wait()
        self._reader.join()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _send(self, header: dict[str, Any], blobs: Blobs) -> None:
        assert self._child.stdin is not None
        with suppress(OSError, ValueError):
            write_frame(self._child.stdin, header, blobs)

    def _read(self) -> None:
        assert self._child.stdout is not None
        try:
            while (frame := read_frame(self._child.stdout)) is not None:
                self._answers.put(frame)
        except (OSError, ValueError):
            pass
        self._answers.put(None)


class Workers:
    """Calls to caged processes: `count` for the work, one more for what the screen waits for.

    lectures is how many pages are read at once, count at most: the next reading follows it.
    """

    def __init__(self, count: int = 2) -> None:
        self.count = self.lectures = count
        self._idle: list[_Process] = []
        self._urgent: list[_Process] = []
        self._slots = threading.BoundedSemaphore(count)
        self._urgent_slot = threading.BoundedSemaphore(1)
        self._busy: set[_Process] = set()
        self._lock = threading.Lock()
        self._closed = False

    def ocr_available(self) -> str | None:
        """Return None when scans can be read, else the sentence that says how to add what is missing."""
        return missing_sentence()

    def inspect(self, contenu: bytes, mime: str, password: str = "") -> Inspection:
        """Return the pages of a paper; raise Protege or Unreadable."""
        answer, _ = self._call({"task": "inspect", "mime": mime, "password": password}, contenu)
        return Inspection(answer["pages"], [tuple(size) for size in answer["sizes"]])

    def read_all(self, contenu: bytes, mime: str, password: str = "", *, progress: Progress | None = None) -> Premiere:
        """Return the first reading of a paper, in one call."""
        header = {"task": "first", "mime": mime, "password": password, "last": PAGES_PREMIERES}
        answer, blobs = self._call(header, contenu, progress=progress)
        return Premiere(answer["pages"], _pages(answer, blobs), blobs[-1])

    def read_text(
        self, contenu: Contenu, mime: str, first: int, last: int, password: str = "", *, cle: str | None = None,
        progress: Progress | None = None,
    ) -> list[PageLue]:  # fmt: skip
        """Return the text layers of some pages, from 1, both ends included."""
        header = {"task": "text", "mime": mime, "password": password, "first": first, "last": last}
        return _pages(*self._call(header, contenu, cle=cle, progress=progress))

    def ocr(
        self, contenu: Contenu, mime: str, page: int, password: str = "", *, cle: str | None = None,
        progress: Progress | None = None,
    ) -> PageLue:  # fmt: skip
        """Read the picture of one page, from 1."""
        header = {"task": "ocr", "mime": mime, "password": password, "page": page}
        return _pages(*self._call(header, contenu, cle=cle, progress=progress, seconds=SECONDES_OCR))[0]

    def render(
        self, contenu: Contenu, mime: str, page: int, largest: int, password: str = "", *, cle: str | None = None,
        urgent: bool = True, progress: Progress | None = None,
    ) -> Dessin:  # fmt: skip
        """Draw one page, from 1, its longer side of that many pixels (at most LARGEST)."""
        header = {"task": "render", "mime": mime, "password": password, "page": page, "largest": min(largest, LARGEST)}
        answer, blobs = self._call(header, contenu, cle=cle, urgent=urgent, progress=progress)
        across, down = answer["size"]
        return Dessin(across, down, blobs[0])

    def thumbnail(self, contenu: Contenu, mime: str, password: str = "", *, cle: str | None = None) -> bytes:
        """Return a small picture (JPEG or WebP) of the first page."""
        return self._call({"task": "thumbnail", "mime": mime, "password": password}, contenu, cle=cle)[1][0]

    def assemble(self, parts: Sequence[Part], *, progress: Progress | None = None) -> bytes:
        """Return one PDF made of these parts."""
        header = {"task": "assemble", "parts": [describe(part) for part in parts]}
        blobs = [part.contenu for part in parts]
        return self._call(header, blobs, progress=progress, seconds=SECONDES_ASSEMBLAGE)[1][0]

    def sheets(
        self, contenu: bytes, mime: str, etiquette: str, password: str = "", *, masques: Sequence[Masque] = (),
        progress: Progress | None = None,
    ) -> Feuillets:  # fmt: skip
        """Return a paper ready to be bound: cleaned, upright on A4, each page stamped with etiquette."""
        header = {"task": "sheets", "mime": mime, "password": password, "etiquette": etiquette,
                  "masques": [(masque.page, masque.zones) for masque in masques]}  # fmt: skip
        answer, blobs = self._call(header, contenu, progress=progress, seconds=SECONDES_ASSEMBLAGE)
        return Feuillets(blobs[0], answer["pages"], tuple(answer["perdues"]))

    def bind(self, parties: Sequence[Partie], titre: str, pied: str, *, progress: Progress | None = None) -> bytes:
        """Return one PDF of papers made ready, with its bookmarks and page numbers."""
        told = [
            {"signets": [(s.titre, s.page, s.niveau) for s in part.signets], "numeroter": part.numeroter}
            for part in parties
        ]
        header = {"task": "bind", "titre": titre, "pied": pied, "parts": told}
        blobs = [part.contenu for part in parties]
        return self._call(header, blobs, progress=progress, seconds=SECONDES_ASSEMBLAGE)[1][0]

    def close(self) -> None:
        """End every process; calls under way fail as unreadable."""
        with self._lock:
            self._closed = True
            processes = [*self._idle, *self._urgent, *self._busy]
            self._idle, self._urgent = [], []
        for process in processes:
            process.kill()

    def _call(
        self, header: dict[str, Any], contenu: Contenu | Blobs, *, cle: str | None = None, urgent: bool = False,
        seconds: float = SECONDES, progress: Progress | None = None,
    ) -> tuple[dict[str, Any], Blobs]:  # fmt: skip
        progress = progress or Progress()
        slots, idle = (self._urgent_slot, self._urgent) if urgent else (self._slots, self._idle)
        with slots:
            process = self._take(idle, cle)
            try:
                kept = cle is not None and process.cle == cle
                blobs = [] if kept else _blobs(contenu)
                process.cle = cle
                answer, out = process.call({**header, "cle": cle, "kept": kept}, blobs, seconds, progress)
            except BaseException:
                self._drop(process)
                raise
            self._give_back(process, idle)
        if "error" in answer:
            kind = Protege if answer["error"] == "protege" else Unreadable
            raise kind(answer["text"] if answer["error"] != "unexpected" else _DIED)
        return answer, out

    def _take(self, idle: list[_Process], cle: str | None) -> _Process:
        with self._lock:
            if self._closed:
                raise Cancelled
            dead = [p for p in idle if not p.alive]  # by the system, when memory ran short
            for gone in dead:
                idle.remove(gone)
            process = next((p for p in idle if cle is not None and p.cle == cle), idle[-1] if idle else None)
            if process is not None:
                idle.remove(process)
            else:
                process = _Process()
            self._busy.add(process)
        for gone in dead:
            gone.kill()
        return process

    def _drop(self, process: _Process) -> None:
        with self._lock:
            self._busy.discard(process)
        process.kill()

    def _give_back(self, process: _Process, idle: list[_Process]) -> None:
        with self._lock:
            self._busy.discard(process)
            keep = process.served < FICHIERS_PAR_PROCESSUS and not self._closed
            if keep:
                idle.append(process)
        if not keep:
            process.kill()


def _blobs(contenu: Contenu | Blobs) -> Blobs:
    if isinstance(contenu, list):
        return contenu
    return [contenu() if callable(contenu) else contenu]


def _pages(answer: dict[str, Any], blobs: Blobs) -> list[PageLue]:
    return [PageLue(**{**told, "mots": blob}) for told, blob in zip(answer["read"], blobs, strict=False)]
