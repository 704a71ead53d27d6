"""Which characters the bundled fonts can draw, so that a page never holds a hole and PDF/A is never refused."""

import re
import struct
from functools import cache
from pathlib import Path
from unicodedata import category, normalize

PACKAGE = Path(__file__).resolve().parent.parent
ABSENT = "□"
"""Stands for a character that no bundled font can draw."""

_DIRECTIONS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Orders to write backwards: with them what is seen is not what is copied; text is laid out by its own letters."""


def shipped(name: str) -> Path:
    """Return the path of a shipped file, as storage.resources does: the two layers do not know each other."""
    installed = PACKAGE / "resources"
    return (installed if installed.is_dir() else PACKAGE.parent / "resources") / name


def drawable(texte: str) -> str:
    """Return the text as it can be set: composed, without control characters, what has no drawing replaced."""
    if texte.isascii() and texte.isprintable():
        return texte
    lines = "\n".join(normalize("NFC", texte).splitlines())
    return "".join(_drawn(c) for c in lines)


def breakable(texte: str, limite: int = 60) -> str:
    """Return the text where a word longer than limite characters may be cut: it would leave the sheet."""
    return re.sub(rf"(\S{{{limite}}})(?=\S)", "\\1\u200b", texte)


def absent(texte: str) -> str:
    """Return the characters of the text that no bundled font can draw, each once."""
    return "".join(dict.fromkeys(c for c in normalize("NFC", texte) if c != ABSENT and _drawn(c) == ABSENT))


@cache
def coverage() -> frozenset[int]:
    """Return the code points that the bundled fonts draw together."""
    return frozenset().union(*(_cmap(path.read_bytes()) for path in sorted(shipped("fonts").glob("*.ttf"))))


@cache
def _drawn(c: str) -> str:
    if c in "\n ":
        return c
    if c == "\t":
        return " "
    kind = category(c)
    if kind in ("Cc", "Cs", "Cn") or c in _DIRECTIONS or c == "\ufeff":
        return "" if kind != "Cn" else ABSENT
    if kind == "Co" or ord(c) not in coverage():
        return ABSENT if kind != "Cf" else ""
    return c


def _cmap(font: bytes) -> set[int]:
    """Read the code points of a TrueType font from its « cmap », formats 4 and 12 (OpenType specification)."""
    for rank in range(struct.unpack_from(">H", font, 4)[0]):
        tag, _sum, start, _size = struct.unpack_from(">4sIII", font, 12 + 16 * rank)
        if tag == b"cmap":
            break
    found: set[int] = set()
    for rank in range(struct.unpack_from(">H", font, start + 2)[0]):
        table = start + struct.unpack_from(">HHI", font, start + 4 + 8 * rank)[2]
        kind = struct.unpack_from(">H", font, table)[0]
        if kind == 4:
            found |= _segments(font, table)
        elif kind == 12:
            for group in range(struct.unpack_from(">I", font, table + 12)[0]):
                first, last, _glyph = struct.unpack_from(">III", font, table + 16 + 12 * group)
                found.update(range(first, last + 1))
    return found


def _segments(font: bytes, table: int) -> set[int]:
    double = struct.unpack_from(">H", font, table + 6)[0]
    ends = struct.unpack_from(f">{double // 2}H", font, table + 14)
    starts = struct.unpack_from(f">{double // 2}H", font, table + 16 + double)
    return {code for first, last in zip(starts, ends, strict=True) for code in range(first, last + 1) if code != 0xFFFF}
