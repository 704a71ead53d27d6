"""What the program is made of: its parts and their licences, its versions, what each version brought."""

import os
import platform
import re
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from mutuelle_desktop import __version__
from mutuelle_desktop.extraction.langue import data_folder, missing_sentence
from mutuelle_desktop.storage.index import plain
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.resources import resource

PHRASE = "Vos papiers de santé et vos échanges avec votre mutuelle, en ordre, sur votre ordinateur."
_UNKNOWN = "version inconnue"


@dataclass(frozen=True, slots=True)
class Composant:
    """One part that ships with the program: licence is an SPDX expression, texte a file from resources/apropos/textes."""

    nom: str
    version: str
    licence: str
    source: str
    texte: str = ""

    @property
    def id(self) -> str:
        """Return what a list knows it by."""
        return self.nom


@dataclass(frozen=True, slots=True)
class Nouveaute:
    """What a version brought: its parts in order, each a title and its lines; jour is None before it comes out."""

    version: str
    jour: date | None
    parties: tuple[tuple[str, tuple[str, ...]], ...]


@cache
def composants() -> tuple[Composant, ...]:
    """Return the parts that ship, by name; none when the list was not made."""
    try:
        kept = tomllib.loads(resource("apropos/licences.toml").read_text("utf-8"))
    except OSError:
        return ()
    names = ("nom", "version", "licence", "source", "texte")
    found = [Composant(**{name: str(one.get(name, "")) for name in names}) for one in kept.get("composant", [])]
    return tuple(sorted(found, key=lambda one: plain(one.nom)))


def search_composants(mots: str) -> tuple[Composant, ...]:
    """Return the parts whose name, licence or source bears all these words."""
    words = plain(mots).split()
    return tuple(one for one in composants()
                 if all(word in plain(f"{one.nom} {one.licence} {one.source}") for word in words))  # fmt: skip


def texte_of(composant: Composant) -> str:
    """Return the full text of a part's licence, or where it is to be found."""
    path = Path(os.path.normpath(resource("apropos/textes") / composant.texte))
    if path.is_file() and path.is_relative_to(resource("")):
        return path.read_text("utf-8", errors="replace")
    return f"Le texte de cette licence se trouve à l’adresse du projet\u00a0: {composant.source}"


@cache
def nouveautes() -> tuple[Nouveaute, ...]:
    """Return what each version brought, the newest first."""
    try:
        return parse_nouveautes(resource("apropos/nouveautes.md").read_text("utf-8"))
    except OSError:
        return ()


def parse_nouveautes(text: str) -> tuple[Nouveaute, ...]:
    """Read a page kept as « Keep a Changelog » asks: ## [version] - day, ### part, - line."""
    found: list[tuple[str, date | None, list[tuple[str, list[str]]]]] = []
    for line in text.splitlines():
        head = re.match(r"##\s+(?:\[([^\]]+)\]|(\S+))(?:\s*[-–—]\s*(\d{4}-\d\d-\d\d))?", line)
        if head and not line.startswith("###"):
            found.append((head[1] or head[2], date.fromisoformat(head[3]) if head[3] else None, []))
        elif not found:
            continue
        elif line.startswith("### "):
            found[-1][2].append((line[4:].strip(), []))
        elif re.match(r"[-*]\s", line):
            if not found[-1][2]:
                found[-1][2].append(("", []))
            found[-1][2][-1][1].append(line[2:].strip())
        elif line.startswith(" ") and line.strip() and found[-1][2] and found[-1][2][-1][1]:
            found[-1][2][-1][1][-1] += f" {line.strip()}"
    return tuple(
        Nouveaute(version, jour, tuple((title, tuple(lines)) for title, lines in parts))
        for version, jour, parts in found
    )


def is_newer(version: str, than: str) -> bool:
    """Tell whether a version comes after another; words such as « beta » come before the version itself."""
    return _order(version) > _order(than)


def versions(library: Library, interface: Sequence[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """Return the parts that matter when something goes wrong and their versions; nothing personal.

    interface is what the caller alone knows. It loads libraries: keep it off the thread of the interface.
    """
    with library.read() as db:
        cipher, base = (_first(db.raw(sql).fetchone()) for sql in ("PRAGMA cipher_version", "SELECT sqlite_version()"))
    return [
        ("Mutuelle Desktop", f"{__version__}{' (installé)' if getattr(sys, 'frozen', False) else ''}"),
        ("Système", _system()),
        ("Python", platform.python_version()),
        *interface,
        ("SQLCipher", f"{cipher}, SQLite {base}"),
        ("Tesseract", _asked(_tesseract)),
        ("Typst", _asked(_typst)),
        ("PDFium", _asked(_pdfium)),
    ]


def _first(row: Sequence[object] | None) -> str:
    return str(row[0]) if row else _UNKNOWN


def _asked(version: Callable[[], str]) -> str:
    """Return the version of a part, or that it could not be loaded: that is worth knowing too."""
    try:
        return version()
    except (ImportError, OSError, AttributeError):
        return "absent"


def _system() -> str:
    try:
        name = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        name = ""
    return f"{name or f'{platform.system()} {platform.release()}'} ({platform.machine()})"


def _tesseract() -> str:
    import tesserocr

    number = tesserocr.tesseract_version().split("\n")[0].removeprefix("tesseract").strip()
    if missing_sentence():
        return f"{number}, sans le français"
    folder = data_folder()
    return f"{number}, français{f' ({folder.name})' if folder and folder.name != 'tessdata' else ''}"


def _typst() -> str:
    import typst

    return str(typst.__version__)  # type: ignore[attr-defined]


def _pdfium() -> str:
    import pypdfium2

    return str(pypdfium2.version.PDFIUM_INFO)


def _order(version: str) -> tuple[tuple[int, ...], int, str]:
    numbers = re.match(r"\d+(?:\.\d+)*", version)
    rest = version[numbers.end() :] if numbers else version
    return tuple(int(part) for part in numbers[0].split(".")) if numbers else (), 0 if rest else 1, rest
