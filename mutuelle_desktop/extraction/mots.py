"""Words with their boxes, and how they are kept small.

Boxes are in points (1/72 inch) from the top left of the page as it is shown upright.
"""

import zlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

_SEPARATOR = "\x1f"
_TENTHS = 10
_MAX = 65535
_WHOLE = 1 << 31
"""Set in the count of words when boxes are kept to a point, on pages too large for tenths in two bytes."""


class Mot(NamedTuple):
    """One word of a page; confiance from 0 to 100, 100 for text that was not guessed."""

    texte: str
    x0: float
    y0: float
    x1: float
    y1: float
    confiance: int = 100


@dataclass(frozen=True, slots=True)
class PageLue:
    """One page as read; sizes in points, mots packed, a_ocr when a scan waits to be read."""

    numero: int
    largeur: float
    hauteur: float
    texte: str = ""
    mots: bytes = b""
    a_ocr: bool = False
    confiance: int = 100


def pack(mots: Sequence[Mot]) -> bytes:
    """Return words as few bytes, to a tenth of a point (to a point on a page wider than 91 inches); none gives none."""
    if not mots:
        return b""
    texts, *columns = zip(*mots, strict=True)
    whole = max(map(max, columns[:4])) * _TENTHS > _MAX
    unit = 1 if whole else _TENTHS
    numbers = [0] * (5 * len(mots))
    for place, column in enumerate(columns[:4]):
        numbers[place::5] = [round(v * unit) for v in column]
    numbers[4::5] = columns[4]
    if min(numbers) < 0 or max(numbers) > _MAX or max(numbers[4::5]) > 100:
        numbers = [min(_MAX, max(0, v)) for v in numbers]
        numbers[4::5] = [min(100, v) for v in numbers[4::5]]
    text = _SEPARATOR.join(texts)
    if text.count(_SEPARATOR) >= len(texts):
        text = _SEPARATOR.join(word.replace(_SEPARATOR, " ") for word in texts)
    count = len(mots) | (_WHOLE if whole else 0)
    return zlib.compress(count.to_bytes(4, "little") + array("H", numbers).tobytes() + text.encode(), 6)


def unpack(packed: bytes) -> list[Mot]:
    """Return the words pack was given."""
    if not packed:
        return []
    raw = zlib.decompress(packed)
    head = int.from_bytes(raw[:4], "little")
    count, unit = head & ~_WHOLE, 1 if head & _WHOLE else _TENTHS
    numbers = array("H")
    numbers.frombytes(raw[4 : 4 + count * 10])
    texts = raw[4 + count * 10 :].decode().split(_SEPARATOR)
    return [_word(text, numbers[5 * i : 5 * i + 5], unit) for i, text in enumerate(texts)]


def _word(text: str, numbers: Sequence[int], unit: int) -> Mot:
    x0, y0, x1, y1, confiance = numbers
    return Mot(text, x0 / unit, y0 / unit, x1 / unit, y1 / unit, confiance)
