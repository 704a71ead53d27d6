"""The little words of sentences that count and enumerate."""

from collections.abc import Sequence


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return « 1 dossier », « 3 dossiers »; zero is singular, as French wants it."""
    return f"{count}\u00a0{one if abs(count) < 2 else many or one + 's'}"


def enumerated(parts: Sequence[str]) -> str:
    """Return « a », « a et b », « a, b et c »."""
    return " et ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part) if parts else ""


def after_colon(sentence: str) -> str:
    """Return a sentence as it goes on after « facture.pdf : »: a small letter, unless the word is an acronym."""
    return sentence if sentence[1:2].isupper() else sentence[:1].lower() + sentence[1:]
