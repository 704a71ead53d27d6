"""French as it is shown: days, amounts, sizes, plurals."""

from datetime import date, time
from decimal import ROUND_HALF_UP, Decimal

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOIS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
    "décembre",
)  # fmt: skip
_THIN, _HARD = "\u202f", "\u00a0"


def jour(day: date) -> str:
    """Return « mardi 16 juin 2026 »; the first of a month is « 1er »."""
    return f"{JOURS[day.weekday()]} {'1er' if day.day == 1 else day.day} {MOIS[day.month - 1]} {day.year}"


def jour_sans_annee(day: date) -> str:
    """Return « 31 décembre »."""
    return f"{'1er' if day.day == 1 else day.day} {MOIS[day.month - 1]}"


def jour_bref(day: date, today: date) -> str:
    """Return « 8 octobre », with its year when it is not this one."""
    text = jour_sans_annee(day)
    return text if day.year == today.year else f"{text} {day.year}"


def jour_court(day: date | None) -> str:
    """Return « 16/06/2026 », or nothing."""
    return f"{day:%d/%m/%Y}" if day else ""


def heure(moment: time | None) -> str:
    """Return « 9 h 40 », or nothing."""
    return f"{moment.hour}{_HARD}h{_HARD}{moment.minute:02d}" if moment else ""


def montant(amount: Decimal | None, absent: str = "") -> str:
    """Return « 1 234,56 € » with the spaces that do not break."""
    if amount is None:
        return absent
    whole, _, cents = f"{abs(amount).quantize(Decimal('0.01'), ROUND_HALF_UP):f}".partition(".")
    groups = f"{int(whole):,}".replace(",", _THIN)
    return f"{'−' if amount < 0 else ''}{groups},{cents}{_HARD}€"


def parse_montant(text: str) -> Decimal | None:
    """Read an amount as people type it; None when empty; ValueError when it is not one."""
    bare = text.replace("€", "").replace(_THIN, "").replace(_HARD, "").replace(" ", "").replace(",", ".")
    if not bare:
        return None
    if not bare.replace(".", "", 1).isdigit():
        raise ValueError(text)
    return Decimal(bare).quantize(Decimal("0.01"), ROUND_HALF_UP)


def taille(size: int) -> str:
    """Return a size of file as people say it."""
    if size < 1000:
        return f"{size}{_HARD}octets"
    for unit in ("ko", "Mo", "Go"):
        size_in = size / 1000
        if size_in < 1000 or unit == "Go":
            return f"{size_in:.1f}".replace(".", ",").replace(",0", "") + f"{_HARD}{unit}"
        size = round(size_in)
    return ""


def pluriel(number: int, singular: str, plural: str | None = None) -> str:
    """Return « 1 document », « 7 documents »."""
    return f"{number}{_HARD}{singular if abs(number) < 2 else plural or singular + 's'}"


def majuscule(text: str) -> str:
    """Return a text with its first letter capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def parse_jour(text: str, today: date) -> date | None:
    """Read a day as people type it (16/06/2026, 16062026, 160626, aujourd’hui, hier); ValueError when it is none."""
    typed = text.strip().lower().replace("’", "'")
    if not typed:
        return None
    if typed in ("aujourd'hui", "auj", "hier"):
        return today if typed != "hier" else date.fromordinal(today.toordinal() - 1)
    parts = typed.replace("-", "/").replace(".", "/").replace(" ", "/").split("/")
    if len(parts) == 1 and typed.isdigit() and len(typed) in (6, 8):
        parts = [typed[:2], typed[2:4], typed[4:]]
    if len(parts) == 2:
        parts.append(str(today.year))
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        raise ValueError(text)
    day, month, year = (int(part) for part in parts)
    if len(parts[2]) == 2:
        year += 2000 if year <= today.year % 100 + 1 else 1900
    return date(year, month, day)
