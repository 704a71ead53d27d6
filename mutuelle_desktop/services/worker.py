"""The process that opens other people's files, in its cage: bytes in, text and pictures out.

Frames on both pipes: four bytes of length and a JSON header, whose « blobs » gives the lengths of what follows.
"""

import json
import os
import signal
import struct
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import IO, Any

from mutuelle_desktop.domain.errors import Protege, Unreadable

Blobs = list[bytes]
SECONDES_MAX = 300
"""Seconds after which a call ends by itself, should the program that waits for it be gone."""


def write_frame(stream: IO[bytes], header: dict[str, Any], blobs: Blobs) -> None:
    """Write one frame."""
    text = json.dumps({**header, "blobs": [len(blob) for blob in blobs]}).encode()
    stream.write(struct.pack(">I", len(text)) + text)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[dict[str, Any], Blobs] | None:
    """Read one frame, or None at the end."""
    head = stream.read(4)
    if len(head) < 4:
        return None
    header = json.loads(stream.read(struct.unpack(">I", head)[0]))
    return header, [stream.read(length) for length in header["blobs"]]


class _Desk:
    """What the worker keeps between calls: the last paper's bytes."""

    def __init__(self) -> None:
        self._cle: str | None = None
        self._contenu = b""

    def serve(self, header: dict[str, Any], blobs: Blobs) -> tuple[dict[str, Any], Blobs]:
        task = header["task"]
        if task == "assemble":
            return self._assemble(header, blobs)
        if task == "bind":
            return self._bind(header, blobs)
        if not header["kept"]:
            self._cle, self._contenu = header.get("cle"), blobs[0]
        return self._read(task, header)

    def _read(self, task: str, header: dict[str, Any]) -> tuple[dict[str, Any], Blobs]:
        from mutuelle_desktop.extraction.lecteur import opened

        with opened(self._contenu, header["mime"], header.get("password", "")) as papier:
            if task == "text":
                first, last = header["first"], min(header["last"], papier.pages)
                return self._pages(papier.pages, [papier.text(n) for n in range(first, last + 1)], [])
            if task == "first":
                vignette = self._thumbnail(papier)  # before the text: the first page is then loaded once
                pages = [papier.text(n) for n in range(1, min(header["last"], papier.pages) + 1)]
                return self._pages(papier.pages, pages, [vignette])
            if task == "ocr":
                return self._pages(papier.pages, [papier.ocr(header["page"])], [])
            if task == "inspect":
                return {
                    "sizes": [papier.size(n) for n in range(1, min(papier.pages, 500) + 1)],
                    "pages": papier.pages,
                }, []
            if task == "thumbnail":
                return {}, [papier.thumbnail()]
            if task == "sheets":
                return self._sheets(header, papier)
            picture = papier.render(header["page"], header["largest"])
            return {"size": picture.size}, [picture.tobytes()]

    @staticmethod
    def _thumbnail(papier: Any) -> bytes:
        try:
            return bytes(papier.thumbnail())
        except Unreadable:
            return b""

    @staticmethod
    def _pages(count: int, pages: list[Any], blobs: Blobs) -> tuple[dict[str, Any], Blobs]:
        told = [{**asdict(page), "mots": None} for page in pages]
        return {"pages": count, "read": told}, [*(page.mots for page in pages), *blobs]

    def _sheets(self, header: dict[str, Any], papier: Any) -> tuple[dict[str, Any], Blobs]:
        from mutuelle_desktop.rendering.feuillets import Masque, feuillets

        masques = [Masque(page, tuple(tuple(zone) for zone in zones)) for page, zones in header["masques"]]
        made = feuillets(
            papier, self._contenu, header["mime"], header["etiquette"], password=header["password"], masques=masques
        )
        return {"pages": made.pages, "perdues": made.perdues}, [made.contenu]

    @staticmethod
    def _bind(header: dict[str, Any], blobs: Blobs) -> tuple[dict[str, Any], Blobs]:
        from mutuelle_desktop.rendering.dossier import Partie, Signet, bind

        parts = [
            Partie(blob, tuple(Signet(*signet) for signet in told["signets"]), told["numeroter"])
            for told, blob in zip(header["parts"], blobs, strict=True)
        ]
        blobs.clear()
        return {}, [bind(parts, header["titre"], header["pied"])]

    @staticmethod
    def _assemble(header: dict[str, Any], blobs: Blobs) -> tuple[dict[str, Any], Blobs]:
        from PIL import Image

        from mutuelle_desktop.extraction.lecteur import opened
        from mutuelle_desktop.rendering.assemblage import Part, assemble

        parts = [
            Part(blob, told["mime"], tuple(told["pages"]), told["rotation"], told["password"])
            for told, blob in zip(header["parts"], blobs, strict=True)
        ]

        def leaves(part: Part) -> Iterator[tuple[Image.Image, float]]:
            with opened(part.contenu, part.mime) as papier:
                yield from (papier.leaf(numero) for numero in part.pages or range(1, papier.pages + 1))

        return {}, [assemble(parts, leaves)]


def main() -> int:
    """Serve calls until the parent goes away."""
    from mutuelle_desktop.extraction import jail

    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints may not slip between two frames
    jail.enter()
    desk = _Desk()
    while (frame := read_frame(source)) is not None:
        header, blobs = frame
        _wake_in(SECONDES_MAX)
        try:
            answer, out = desk.serve(header, blobs)
        except Protege as error:
            answer, out = {"error": "protege", "text": str(error)}, []
        except Unreadable as error:
            answer, out = {"error": "unreadable", "text": str(error)}, []
        except MemoryError:
            answer, out = {"error": "unreadable", "text": "Ce fichier demande trop de mémoire pour être lu."}, []
        except Exception as error:  # noqa: BLE001 - the cage's edge: a hostile file may raise anything
            answer, out = {"error": "unexpected", "text": type(error).__name__}, []
        _wake_in(0)
        write_frame(target, answer, out)
    return 0


def _wake_in(seconds: int) -> None:
    """Have the system end this process after that many seconds, or no more with 0."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


if __name__ == "__main__":
    raise SystemExit(main())
