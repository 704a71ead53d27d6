"""The words of a query: asked of the index, found in a text, found among the words of a page.

The three sides agree on what a word is: letters and figures, without case or accents, œ as two letters. What a
person types is a beginning of word; between quotation marks or guillemets it is a phrase, exact to its last word.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, takewhile
from typing import Any

from mutuelle_desktop.extraction.mots import Mot
from mutuelle_desktop.storage.index import fold, plain

Boite = tuple[float, float, float, float]
"""Left, top, right, bottom, in points from the top left of the upright page."""

Span = tuple[int, int]
"""Start and end of some letters in a text."""
_QUERY = re.compile(r'["«“]([^"»”]*)["»”]?|([^\s"«»“”]+)')
_GROUPED = re.compile(
    r"(?<![\w,])\d{1,3}(?: \d{3})+(?!\d)(?:,\d+)?"  # 1 234,56
    r"|(?<![\w,.])(?:[A-Za-z]{2})?\d+(?: \d+){3,}(?![\w,])"  # 01 99 00 12 34, 2 84 05 69 123 456 78, FR76 3000 …
)
_NUMBER = re.compile(r"(?:[A-Za-z]{2})?[\d_.]+")
_TENTHS = re.compile(r"\d[.,]\d$")
_IBAN = re.compile(r"[a-z]{2}\d{2}[a-z0-9]{4,30}")
_GLUE = "_"  # separates words for the index, not for the query
_TOKEN = re.compile(r"[^\W_]+")
_LIGATURES = (("ffi", "ﬃ"), ("ffl", "ﬄ"), ("ff", "ﬀ"), ("fi", "ﬁ"), ("fl", "ﬂ"))
_OE = "\x9c"  # œ, which one byte of Latin-1 cannot hold, stands as it does in Windows' own
_DOUBLE = {"œ": "oe", "æ": "ae", "ß": "ss"}
_FOREIGN = re.compile("[\u0100-\u0151\u0154-\u1fff\u2c00-\U0010ffff]")
_CUT = re.compile(r"(?<=[^\W\d_])[-\u00ad]\r?\n(?=[^\W\d_])")
_LONGEST = 64  # letters of a word beyond which nothing more is compared: no French word is longer


@dataclass(frozen=True, slots=True)
class Terme:
    """One thing to find: any of these runs of plain words; debut: the last word may be only a beginning."""

    suites: tuple[tuple[str, ...], ...]
    debut: bool


@lru_cache(maxsize=64)
def parse(mots: str) -> tuple[Terme, ...]:
    """Return the terms of what was typed, whatever it is."""
    typed = _GROUPED.sub(lambda found: found[0].replace(" ", _GLUE), fold(mots))
    termes = []
    for phrase, word in _QUERY.findall(typed):
        suites = (_tokens_of(phrase),) if phrase else _ways_of_writing(word)
        if suites and suites[0]:
            termes.append(Terme(suites, debut=not phrase and len(suites[0][-1]) > 1))
    return tuple(termes)


def _tokens_of(text: str) -> tuple[str, ...]:
    return tuple(token[:_LONGEST] for token in _TOKEN.findall(plain(text)))


def _ways_of_writing(word: str) -> tuple[tuple[str, ...], ...]:
    """Return a word and, when it is a number, the same number with and without its spaces.

    « 1234,56 » is also « 1 234,56 », a telephone number goes by pairs, an IBAN or a NIR by groups; « 96,5 » is 96,50.
    """
    whole, _, rest = word.partition(",")
    groups, decimals = _tokens_of(whole), _tokens_of(rest)
    ways = [groups + decimals]
    figures = "".join(groups)
    if len(groups) > 1 and _NUMBER.fullmatch(whole):
        ways.append((figures, *decimals))
    elif len(groups) == 1:
        ways += [cut + decimals for cut in _grouped(figures)]
    if _TENTHS.search(word):
        ways += [(*way[:-1], f"{way[-1]}0") for way in ways if len(way) > 1]
    return tuple(dict.fromkeys(ways))


def _grouped(figures: str) -> Iterator[tuple[str, ...]]:
    """Return the ways people cut such a number, whole or still being typed."""
    count = len(figures)
    if _IBAN.fullmatch(figures):
        yield _cut_by(figures, [4] * count)
    if not figures.isdigit() or count <= 3:
        return
    head = count % 3 or 3
    yield _cut_by(figures, [head, *[3] * count])
    if figures[0] == "0" and count <= 10:
        yield _cut_by(figures, [2] * count)  # a telephone number
    if figures[0] in "12" and 7 <= count <= 15:
        yield _cut_by(figures, [1, 2, 2, 2, 3, 3, 2])  # a NIR
    if count == 14:
        yield _cut_by(figures, [3, 3, 3, 5])  # a SIRET


def _cut_by(figures: str, lengths: Iterable[int]) -> tuple[str, ...]:
    left = iter(figures)
    cut = ("".join(islice(left, length)) for length in lengths)
    return tuple(takewhile(bool, cut))


def match(termes: Iterable[Terme]) -> str | None:
    """Return the FTS5 query for these terms, all wanted, in any order; None when there is none."""
    return " AND ".join(_match(terme) for terme in termes) or None


def _match(terme: Terme) -> str:
    star = "*" if terme.debut else ""
    ways = ['"' + " ".join(suite) + '"' + star for suite in terme.suites]
    return ways[0] if len(ways) == 1 else "(" + " OR ".join(ways) + ")"


def found_in(text: str, termes: Sequence[Terme]) -> list[list[Span]]:
    """Return, term by term, everywhere it stands in the text; hyphenated words are not joined here."""
    return [list(place) for place in places(text, termes)]


def places(text: str, termes: Sequence[Terme]) -> list[Iterator[Span]]:
    """Return, term by term, where it stands in the text, one place after the other as they are asked for."""
    found: list[Iterator[re.Match[Any]]]
    if _FOREIGN.search(text):
        letters = " " + "".join(map(_letter, text))
        found = [_pattern(terme).finditer(letters) for terme in termes]
    else:
        flattened = _flattened(text)
        found = [_byte_pattern(terme).finditer(flattened) for terme in termes]
    return [((hit.start(), hit.end() - 1) for hit in hits) for hits in found]


def readable(text: str) -> str:
    """Return the text with ligatures apart and the words cut at the ends of lines put together again."""
    text = unicodedata.normalize("NFC", text)
    for letters, ligature in _LIGATURES:
        text = text.replace(ligature, letters)
    return _CUT.sub("", text)


def _flattened(text: str) -> bytes:
    """Return the text as plain letters, one byte for one character, after a space: the quickest thing to search.

    A text with letters that one byte cannot hold, which no French word has, is taken more slowly: see _letter.
    """
    single = text.replace("œ", _OE).replace("Œ", _OE).encode("latin-1", "replace")
    return b" " + single.translate(_plain_bytes())


@cache
def _letter(character: str) -> str:
    """Return the plain letter or figure of one character, a space when it is none; double letters stay one."""
    lower = character.lower()
    if lower in _DOUBLE:
        return lower
    base = plain(character)[:1]
    return base if base.isalnum() else " "


@cache
def _plain_bytes() -> bytes:
    """Return what each byte of flattened text becomes: a plain letter, a figure, or a space."""
    letters = bytearray(256)
    for code in range(256):
        base = ord(_letter(chr(code)))
        letters[code] = base if base < 256 else code
    letters[ord(_OE)] = ord(_OE)
    return bytes(letters)


@lru_cache(maxsize=256)
def _pattern(terme: Terme) -> re.Pattern[str]:
    ways = (" +".join(map(re.escape, suite)) for suite in terme.suites)
    body = "|".join(map(_either, ways))
    end = "[^ ]*" if terme.debut else "(?![^ ])"
    return re.compile(f" (?:{body}){end}" if len(terme.suites) > 1 else f" {body}{end}")


@lru_cache(maxsize=256)
def _byte_pattern(terme: Terme) -> re.Pattern[bytes]:
    """Return the same for flattened bytes; what they cannot hold stands as « ? », which they never hold either."""
    suites = tuple(
        tuple(word.encode("latin-1", "replace").decode("latin-1") for word in suite) for suite in terme.suites
    )
    return re.compile(_pattern(Terme(suites, terme.debut)).pattern.replace("œ", _OE).encode("latin-1"))


def _either(way: str) -> str:
    for double, letters in _DOUBLE.items():
        way = way.replace(letters, f"(?:{letters}|{double})")
    return way


def hits(mots: Sequence[Mot], query: str) -> list[list[Boite]]:
    """Return what to outline for a query: one list of boxes for each hit, in the order of the page."""
    termes = parse(query)
    if not termes:
        return []
    whole, mended = _tokens(mots), _mended(mots)
    runs: dict[tuple[int, ...], None] = {}
    for terme in termes:
        for tokens in (whole, mended) if mended else (whole,):
            runs.update(dict.fromkeys(_runs(tokens, terme)))
    return [[(m.x0, m.y0, m.x1, m.y1) for m in (mots[i] for i in run)] for run in sorted(runs)]


_Tokens = list[tuple[str, tuple[int, ...]]]


def _tokens(mots: Sequence[Mot]) -> _Tokens:
    return [(token, (number,)) for number, mot in enumerate(mots) for token in _TOKEN.findall(plain(mot.texte))]


def _mended(mots: Sequence[Mot]) -> _Tokens:
    """Return the tokens with the words cut at the ends of lines put together; nothing when none is cut."""
    tokens: _Tokens = []
    cut = False
    for number, mot in enumerate(mots):
        own: _Tokens = [(token, (number,)) for token in _TOKEN.findall(plain(mot.texte))]
        if cut and own and tokens:
            (start, where), (rest, _) = tokens.pop(), own.pop(0)
            own.insert(0, (start + rest, (*where, number)))
        tokens += own
        after = mots[number + 1] if number + 1 < len(mots) else None
        cut = mot.texte.endswith(("-", "\u00ad")) and after is not None and after.y0 >= mot.y1 - (mot.y1 - mot.y0) / 2
    return tokens if any(len(where) > 1 for _, where in tokens) else []


def _runs(tokens: _Tokens, terme: Terme) -> Iterator[tuple[int, ...]]:
    for suite in terme.suites:
        last = len(suite) - 1
        for start in range(len(tokens) - last):
            if all(tokens[start + i][0] == suite[i] for i in range(last)) and (
                tokens[start + last][0].startswith(suite[last])
                if terme.debut
                else tokens[start + last][0] == suite[last]
            ):
                yield tuple(dict.fromkeys(n for _, where in tokens[start : start + last + 1] for n in where))
