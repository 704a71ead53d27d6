"""Postal addresses as the machines of La Poste read them (NF Z10-011: 6 lines of 38 characters, capitals at the end)."""

import re
from collections.abc import Sequence
from unicodedata import category

LIGNES = 6
LIGNES_ETRANGER = 7
CARACTERES = 38

_COMMUNE = re.compile(r"\d{5}\s+\S")
_VOIE = re.compile(
    r"(\d+[\s,]*(bis|ter|quater|[a-d])?[\s,]+\D)"
    r"|((bp|b\.p\.|cs|tsa|libre r[ée]ponse|autorisation|cidex)\s*\d)"
    r"|((rue|avenue|boulevard|place|chemin|all[ée]e|impasse|quai|route|cours|square|zone|za|zi|zac)\s)",
    re.IGNORECASE,
)


def adresse_normee(lines: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines as the norm wants them, and what it still has to say of them, in French; no word is cut.

    From the line of the street on (the last three lines at most to the locality): capitals, no punctuation. Accents
    are kept: machines read them.
    """
    kept = [" ".join(line.split()) for line in lines if line.strip()]
    if len(kept) > 1 and kept[-1].casefold() == "france":
        kept.pop()
    commune = next((rang for rang in range(len(kept) - 1, -1, -1) if _COMMUNE.match(kept[rang])), None)
    abroad = bool(kept) and commune is None
    start = _start(kept, commune)
    normed = tuple(_capitals(line) if rang >= start else line for rang, line in enumerate(kept))
    return normed, tuple(_remarks(normed, commune, abroad=abroad))


def _start(kept: Sequence[str], commune: int | None) -> int:
    """Return the rank of the first line in capitals: the street, else the locality; the first line is a name."""
    last = len(kept) - 1 if commune is None else commune
    street = next((rang for rang in range(max(1, last - 2), last) if _VOIE.match(kept[rang])), last)
    return street if commune is not None else max(1, street)


def _capitals(line: str) -> str:
    plain = "".join(" " if category(c)[0] in "PS" and c not in "°/" else c for c in line)
    return " ".join(plain.upper().split())


def _remarks(lines: Sequence[str], commune: int | None, *, abroad: bool) -> list[str]:
    found = []
    most = LIGNES_ETRANGER if abroad else LIGNES
    if not lines:
        return ["L’adresse du destinataire est vide."]
    if len(lines) > most:
        found.append(
            f"L’adresse a {len(lines)}\u00a0lignes\u00a0: {most} au plus sont lues dans la fenêtre de l’enveloppe."
        )
    found += [
        f"«\u00a0{line[:CARACTERES]}…\u00a0» a {len(line)}\u00a0caractères\u00a0: {CARACTERES} au plus par ligne."
        for line in lines
        if len(line) > CARACTERES
    ]
    if abroad:
        found.append("Aucune ligne ne donne un code postal à cinq chiffres suivi de la commune.")
    elif commune is not None and commune < len(lines) - 1 and len(lines) - 1 - commune > 1:
        found.append("Le code postal et la commune doivent être la dernière ligne.")
    return found
