"""Numbers of registered and tracked letters: their form and their key, checked to warn and never to refuse."""

import re
from dataclasses import dataclass
from enum import StrEnum


class GenreNumero(StrEnum):
    """The families of numbers whose key is known."""

    RECOMMANDE = "recommandé"
    SUIVI = "lettre suivie"
    INTERNATIONAL = "recommandé international"


@dataclass(frozen=True, kw_only=True, slots=True)
class Numero:
    """A number as it was read: compact, as it is shown, its family (None when unknown), and what is doubtful."""

    compact: str
    affiche: str
    genre: GenreNumero | None = None
    doute: str = ""


_DOMESTIC = re.compile(r"(\d[A-Z])(\d{3})(\d{3})(\d{4})(\d)")
_WITHOUT_KEY = re.compile(r"(\d[A-Z])(\d{10})")
_TRACKED = re.compile(r"(8\d)(\d{12})([0-9A-Z])")
_S10 = re.compile(r"([A-Z]{2})(\d{8})(\d)([A-Z]{2})")
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WRONG = "La clé de ce numéro ne correspond pas\u00a0: relisez-le sur la preuve de dépôt. Il est gardé tel quel."


def read_numero(text: str) -> Numero:
    """Return what a number is, whatever its spaces, dashes and small letters; an empty one is not doubtful.

    Keys: LECTURE.md §1.12 (domestic: mod 10, weights 3 and 1 from the right; suivi: ISO 7064 mod 37,36; S10: UPU).
    """
    compact = re.sub(r"[^0-9A-Z]", "", text.upper())
    if not compact:
        return Numero(compact="", affiche="")
    if found := _DOMESTIC.fullmatch(compact):
        prefix, a, b, c, key = found.groups()
        right = _domestic_key(a + b + c) == int(key)
        return _told(compact, " ".join((prefix, a, b, c, key)), GenreNumero.RECOMMANDE, right)
    if found := _WITHOUT_KEY.fullmatch(compact):
        key = str(_domestic_key(found[2]))
        return Numero(
            compact=compact, affiche=_spaced(compact), genre=GenreNumero.RECOMMANDE,
            doute=f"Il manque le dernier chiffre de ce numéro\u00a0: ce devrait être {key}. Vérifiez sur la preuve de dépôt.",
        )  # fmt: skip
    if found := _TRACKED.fullmatch(compact):
        return _told(compact, f"{compact[:14]} {compact[14]}", GenreNumero.SUIVI, _iso7064(compact))
    if found := _S10.fullmatch(compact):
        letters, digits, key, country = found.groups()
        right = _s10_key(digits) == int(key)
        return _told(compact, f"{letters} {digits} {key} {country}", GenreNumero.INTERNATIONAL, right)
    return Numero(
        compact=compact, affiche=" ".join(text.split()),
        doute="Ce numéro n’a pas la forme habituelle d’un recommandé (par exemple 1A 047 877 2024 3)\u00a0: relisez-le sur la "
        "preuve de dépôt. Il est gardé tel quel.",
    )  # fmt: skip


def doute_of(text: str) -> str:
    """Return what is doubtful about a number, in a sentence; nothing when it holds or when there is none."""
    return read_numero(text).doute


def _told(compact: str, affiche: str, genre: GenreNumero, right: bool) -> Numero:
    return Numero(compact=compact, affiche=affiche, genre=genre, doute="" if right else _WRONG)


def _spaced(compact: str) -> str:
    return " ".join((compact[:2], compact[2:5], compact[5:8], compact[8:]))


def _domestic_key(digits: str) -> int:
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return (10 - total % 10) % 10


def _iso7064(text: str) -> bool:
    """Tell whether the last character is the mod 37,36 key of the others."""
    check = 18
    for character in text:
        check = ((check or 36) * 2 % 37 + _ALPHABET.index(character)) % 36
    return check == 1


def _s10_key(digits: str) -> int:
    key = 11 - sum(int(digit) * weight for digit, weight in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return {10: 0, 11: 5}.get(key, key)
