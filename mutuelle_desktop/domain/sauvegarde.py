"""What is known of the backups: the snapshots of a folder, which of them are kept, when a new one is due."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

TOUTES = timedelta(days=2)
"""How long every snapshot is kept."""
PAR_JOUR, PAR_SEMAINE, PAR_MOIS = 12, 10, 9
"""After that: how many days, then weeks, then months keep their last snapshot; about a year in all."""
ANCIENNE = 14
"""Days after which the last backup is told as an old one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Instantane:
    """One state of the library in a backup folder.

    le is the wall clock's, as its name says; taille is in bytes, base and papers together; manquants counts the papers
    that were already lost when it was made; lisible is False when its list cannot be read.
    """

    nom: str
    le: datetime
    documents: int = 0
    dossiers: int = 0
    taille: int = 0
    manquants: int = 0
    lisible: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Derniere:
    """The last backup of a library: when (wall clock), in which folder, under which name.

    etat tells which state of the library it holds, entiere whether nothing was missing, sautee that a later one could
    not be made when the program was closed.
    """

    le: datetime | None = None
    ou: str = ""
    nom: str = ""
    etat: str = ""
    entiere: bool = True
    sautee: bool = False

    def age(self, today: date) -> int | None:
        """Return the days since then; None when there never was one. A clock set back counts as today."""
        return None if self.le is None else max(0, (today - self.le.date()).days)


def retained(moments: Iterable[datetime], now: datetime) -> set[datetime]:
    """Return the snapshots to keep: all of two days, then the last of 12 days, of 10 weeks and of 9 months."""
    newest = sorted(set(moments), reverse=True)
    kept = {moment for moment in newest if moment > now - TOUTES} | set(newest[:1])
    older = [moment for moment in newest if moment <= now - TOUTES]
    for period, count in ((_day, PAR_JOUR), (_week, PAR_SEMAINE), (_month, PAR_MOIS)):
        last = _last_of_each(older, period, count)
        kept |= set(last)
        older = [moment for moment in older if not last or period(moment) < period(last[-1])]
    return kept


def _last_of_each(newest: list[datetime], period: Callable[[datetime], tuple[int, ...]], count: int) -> list[datetime]:
    found: dict[tuple[int, ...], datetime] = {}
    for moment in newest:
        found.setdefault(period(moment), moment)
    return list(found.values())[:count]


def _day(moment: datetime) -> tuple[int, ...]:
    return (moment.toordinal(),)


def _week(moment: datetime) -> tuple[int, ...]:
    year, week, _ = moment.isocalendar()
    return year, week


def _month(moment: datetime) -> tuple[int, ...]:
    return moment.year, moment.month
