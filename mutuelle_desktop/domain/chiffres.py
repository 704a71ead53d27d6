"""What is written in figures in a letter: numbers that carry their own key, amounts, days."""

import re
from datetime import date
from decimal import Decimal

from mutuelle_desktop.domain.calendrier import MOIS

_SPACE = r"[ \u00a0\u202f]?"
_IBAN = re.compile(rf"\b[A-Z]{{2}}\d{{2}}(?:{_SPACE}[A-Z0-9]{{4}}){{2,7}}(?:{_SPACE}[A-Z0-9]{{1,3}})?\b")
_NIR = re.compile(
    rf"(?<![\dA-Z])[1-478]{_SPACE}\d{{2}}{_SPACE}\d{{2}}{_SPACE}(?:\d{{2}}|2[AB]){_SPACE}\d{{3}}{_SPACE}\d{{3}}"
    rf"(?:{_SPACE}\d{{2}})?(?!\d)"
)
_MONTANT = re.compile(r"(-?\d{1,3}(?:[ \u00a0\u202f]\d{3})+|-?\d+)(?:,(\d{1,2}))?[ \u00a0\u202f]?€")
_DATE = re.compile(
    rf"\b(\d{{1,2}})(?:er)?[ \u00a0]({'|'.join(MOIS)})[ \u00a0](\d{{4}})\b|\b(\d{{1,2}})/(\d{{1,2}})/(\d{{4}})\b"
)
_NIR_LENGTH = 15


def ibans(text: str) -> tuple[str, ...]:
    """Return what has the shape of an IBAN, as written."""
    return tuple(found[0] for found in _IBAN.finditer(text))


def nirs(text: str) -> tuple[str, ...]:
    """Return what has the shape of a social security number, with or without its key, as written."""
    return tuple(found[0] for found in _NIR.finditer(text))


def is_iban(text: str) -> bool:
    """Tell whether the key of an IBAN is right (ISO 13616: modulo 97)."""
    plain = bare(text).upper()
    moved = plain[4:] + plain[:4]
    return moved.isalnum() and int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def is_nir(text: str) -> bool:
    """Tell whether the key of a social security number is right; one written without its key is not doubted."""
    plain = bare(text).upper()
    if len(plain) != _NIR_LENGTH:
        return True
    number = int(plain[:13].replace("2A", "19", 1).replace("2B", "18", 1))
    return 97 - number % 97 == int(plain[13:])


def montants(text: str) -> tuple[Decimal, ...]:
    """Return the amounts in euros of a text, such as « 1 234,56 € »."""
    return tuple(
        Decimal(f"{bare(found[1])}.{(found[2] or '').ljust(2, '0')}")
        for found in _MONTANT.finditer(text)
    )  # fmt: skip


def dates_of(text: str) -> tuple[date, ...]:
    """Return the days a text names, « 23 novembre 2026 » or « 23/11/2026 »; one that does not exist is passed over."""
    found = []
    for mark in _DATE.finditer(text):
        day, month, year = (mark[1], MOIS.index(mark[2]) + 1, mark[3]) if mark[2] else (mark[4], mark[5], mark[6])
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return tuple(found)


def bare(text: str) -> str:
    """Return a number without its spaces."""
    return re.sub(r"[ \u00a0\u202f]", "", text)
