"""« Vouliez-vous dire » : the nearest word that the papers really hold.

Every word one slip away is asked of the index, which is quick whatever the number of papers; two slips are looked
for only among the words that begin alike.
"""

from collections.abc import Iterator

from mutuelle_desktop.services import termes
from mutuelle_desktop.services.termes import Terme
from mutuelle_desktop.storage.index import among, plain
from mutuelle_desktop.storage.library import Library, Reader

_LETTRES = "abcdefghijklmnopqrstuvwxyz"
_COURT, _LONG = 4, 24
"""Letters of the words that are corrected: shorter ones have too many neighbours, longer ones are not words."""
_MOTS_MAX = 2
_DEBUT = 3
_COUNT_MAX = 200


def suggest(library: Library, mots: str) -> str | None:
    """Return what was typed with its unknown words replaced by near ones that exist; None when nothing is better."""
    words, changes = mots.split(), 0
    with library.read() as db:
        for place, word in enumerate(words):
            letters = plain(word)
            if changes < _MOTS_MAX and _COURT <= len(letters) <= _LONG and letters.isalpha() and letters.isascii():
                better = None if _count(db, f'"{letters}"*', 1) else _nearest(db, letters)
                words[place] = better or word
                changes += better is not None
    return " ".join(words) if changes else None


def _nearest(db: Reader, word: str) -> str | None:
    near = [other for other in dict.fromkeys(_one_slip(word)) if _count(db, f'"{other}"', 1)]
    if not near:
        alike = db.raw("SELECT term FROM mot WHERE term >= ? AND term < ?", (word[:_DEBUT], word[:_DEBUT] + "{"))
        near = [row[0] for row in alike.fetchall() if _two_slips(word, row[0])]
    if not near:
        return None
    return _as_written(db, max(near, key=lambda other: (_count(db, f'"{other}"', _COUNT_MAX), other)))


def _count(db: Reader, query: str, limit: int) -> int:
    """Return how many things hold this, no further than the limit."""
    counted = "SELECT count(*) FROM (SELECT 1 FROM recherche WHERE recherche MATCH ? LIMIT ?)"
    return int(db.raw(counted, (query, limit)).fetchone()[0])


def _one_slip(word: str) -> Iterator[str]:
    """Return every word one slip away: a letter missing, added, wrong, or two of them swapped."""
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        if tail:
            yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        for letter in _LETTRES:
            yield head + letter + tail
            if tail:
                yield head + letter + tail[1:]


def _two_slips(word: str, other: str) -> bool:
    """Tell whether two slips at most part the words; swapped neighbours count as one."""
    if abs(len(word) - len(other)) > 2 or not other.isalpha():
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, start=1):
        last, row = row, [i]
        for j, same in enumerate(other, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != same))
            if i > 1 and j > 1 and letter == other[j - 2] and word[i - 2] == same:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > 2:
            return False
        before = last
    return row[-1] <= 2


def _as_written(db: Reader, word: str) -> str:
    """Return the word with the accents it has in the newest paper that holds it."""
    found = db.raw(
        "SELECT p.texte FROM recherche CROSS JOIN fiche f ON f.numero = recherche.rowid "
        "CROSS JOIN document d ON d.id = f.id CROSS JOIN page p ON p.empreinte = d.empreinte AND p.numero = 1 "
        f"WHERE recherche MATCH ? AND {among('Document')} ORDER BY recherche.rowid DESC LIMIT 1",
        (f'"{word}"',),
    ).fetchone()
    spans = termes.found_in(found[0], [Terme(((word,),), debut=False)])[0] if found else []
    return str(found[0][slice(*spans[0])]).lower() if spans else word
