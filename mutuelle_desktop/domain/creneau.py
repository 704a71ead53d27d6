"""The best time to call: half-hours scored from usage, opening hours, holidays and the user's own waits.

Scores rather than yes or no: the guide says early morning or after 14 h, not on Mondays; its questions say 9–11 h and
14–16 h, not on Monday mornings (DOMAINE.md §13.7). A long wait of one's own outweighs both.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from statistics import median

from mutuelle_desktop.domain.calendrier import Zone, jours_feries
from mutuelle_desktop.domain.contrat import JOURS, Plage

SEUIL = 70
"""Points out of 100 from which a moment is a good one to call."""
APPELS_MIN = 5
"""Own calls at one half-hour before their waiting counts: fewer say nothing."""
HORIZON = 35
"""Days looked ahead: a service open one day a week can meet three holidays in a row."""
PATIENCE = 5
"""Days one is advised to wait for a good moment; beyond, the least bad of them is better than more waiting."""
HORAIRES_SUPPOSES = tuple(Plage(jour, time(9), time(18)) for jour in range(5))
"""The hours assumed, and said to be assumed, when none are known."""


@dataclass(frozen=True, slots=True)
class AppelPasse:
    """One of the user's own calls: when it began, and how many seconds it waited."""

    le: datetime
    attente: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Creneau:
    """One half-hour of a day; note from 0 (closed) to 100, ouvre the first moment someone answers in it.

    defauts say what lowers it; attente is the median of the user's own waits in seconds, over appels calls.
    """

    debut: datetime
    ouvre: datetime | None
    note: int
    defauts: tuple[str, ...] = ()
    attente: int | None = None
    appels: int = 0

    @property
    def bon(self) -> bool:
        """Tell whether it is a good moment."""
        return self.note >= SEUIL


@dataclass(frozen=True, kw_only=True, slots=True)
class Conseil:
    """When to call, and why; ouvert: someone answers now, suppose: the hours are assumed, not known."""

    quand: datetime
    maintenant_ok: bool
    titre: str
    raison: str
    ouvert: bool
    suppose: bool


def creneaux(
    jour: date, plages: Sequence[Plage], feries: Mapping[date, str], passes: Iterable[AppelPasse] = ()
) -> tuple[Creneau, ...]:
    """Return the 48 half-hours of a day, each with its note; feries are the public holidays around it, by name."""
    opened = [(p.debut, p.fin) for p in plages if p.jour == jour.weekday()]
    waits: dict[tuple[int, int], list[int]] = {}
    for passe in passes:
        waits.setdefault((passe.le.hour, passe.le.minute // 30), []).append(passe.attente)
    return tuple(_creneau(jour, half, opened, feries, waits.get(divmod(half, 2), [])) for half in range(48))


def conseil(
    maintenant: datetime, horaires: Sequence[Plage], zone: Zone, historique: Collection[AppelPasse] = ()
) -> Conseil:
    """Return when to call: now when it is a good moment, else the next within five days, else the least bad of them.

    maintenant is local time, without zone, as a clock on the wall shows it.
    """
    plages = horaires or HORAIRES_SUPPOSES
    ahead = [
        slot
        for offset in range(HORIZON + 1)
        for slot in _of_day(maintenant.date() + timedelta(offset), plages, zone, historique)
        if slot.debut + _HALF > maintenant
    ]
    current = ahead[0]
    ouvert = current.ouvre is not None and current.ouvre <= maintenant and _open_at(maintenant, plages)
    later = [
        slot
        for slot in ahead
        if slot.ouvre is not None and slot.note and (slot is not current or slot.ouvre > maintenant)
    ]
    limit = maintenant.date() + timedelta(PATIENCE)
    later = [slot for slot in later if slot.debut.date() <= limit] or later
    best = max((slot.note for slot in later), default=0)
    if ouvert and current.note and (current.bon or current.note >= best):
        return Conseil(
            quand=maintenant, maintenant_ok=True, ouvert=True,
            titre="Maintenant : c’est un bon moment" if current.bon else "Maintenant, faute de mieux",
            raison=_sentences(_qualities(current), _supposed(horaires)), suppose=not horaires,
        )  # fmt: skip
    chosen = next((slot for slot in later if slot.bon), None) or next(slot for slot in later if slot.note == best)
    quand = max(chosen.ouvre or chosen.debut, maintenant)
    why_not = current.defauts if ouvert else (_closed(maintenant.date(), zone),)
    return Conseil(
        quand=quand, maintenant_ok=False, titre=f"Plutôt {_moment(quand, maintenant)}", ouvert=ouvert,
        raison=_sentences(*why_not[:1], _qualities(chosen), _supposed(horaires)), suppose=not horaires,
    )  # fmt: skip


_HALF = timedelta(minutes=30)
_LUNDI_MATIN = "Le lundi matin est le moment le plus chargé de la semaine."
_BASE = ((8, 40), (9, 75), (11, 100), (12, 55), (14, 20), (16, 95), (18, 50), (24, 40))
"""Points before each hour: the guide's 9–11 h and 14–16 h first, then early morning; lunch last."""
_DEJEUNER = "Entre 12 h et 14 h, les équipes sont réduites."


def _of_day(jour: date, plages: Sequence[Plage], zone: Zone, passes: Iterable[AppelPasse]) -> tuple[Creneau, ...]:
    return creneaux(jour, plages, {**jours_feries(jour.year - 1, zone), **jours_feries(jour.year, zone)}, passes)


def _creneau(
    jour: date, half: int, opened: Sequence[tuple[time, time]], feries: Mapping[date, str], waits: Sequence[int]
) -> Creneau:
    debut = datetime.combine(jour, time()) + half * _HALF
    fin = debut + _HALF
    starts = [max(debut, datetime.combine(jour, a)) for a, b in opened
              if datetime.combine(jour, a) < fin and datetime.combine(jour, b) > debut]  # fmt: skip
    if not starts or jour in feries:
        return Creneau(debut=debut, ouvre=None, note=0)
    note, defauts = _score(debut, feries)
    slot = Creneau(debut=debut, ouvre=min(starts), note=note, defauts=defauts)
    if len(waits) < APPELS_MIN:
        return slot
    wait = round(median(waits))
    own = max(0, 100 - wait * 4 // 60)  # 25 minutes of waiting leave nothing
    long = (f"À cette heure, vos appels ont attendu {_minutes(wait)}.",) if own < SEUIL else ()
    blended = max(1, round((note + own) / 2))
    return replace(slot, note=blended, attente=wait, appels=len(waits), defauts=(*long, *defauts))


def _score(debut: datetime, feries: Mapping[date, str]) -> tuple[int, tuple[str, ...]]:
    note = float(next(points for hour, points in _BASE if debut.hour < hour))
    defauts = [_DEJEUNER] if 12 <= debut.hour < 14 else []
    weekday = debut.weekday()
    if weekday == 0:
        note *= 0.35 if debut.hour < 12 else 0.6
        defauts.insert(0, _LUNDI_MATIN if debut.hour < 12 else "Le lundi, les lignes sont plus chargées.")
    elif weekday > 4:
        note *= 0.6
        defauts.append("En fin de semaine, les équipes sont réduites.")
    ferie = _holiday_before(debut.date(), feries)
    if ferie:
        note *= 0.5
        defauts.insert(0, f"C’est le retour d’un jour férié ({ferie}).")
    elif _after_holidays(debut.date()):
        note *= 0.6
        defauts.insert(0, "C’est un retour de congés : les lignes sont plus chargées.")
    if not defauts and note < SEUIL:
        defauts.append("Ce n’est pas l’heure la plus calme.")
    return max(1, round(note)), tuple(defauts)


def _holiday_before(jour: date, feries: Mapping[date, str]) -> str | None:
    """Return the holiday this working day is the first after, weekends between them passed over."""
    before = jour - timedelta(1)
    while before.weekday() > 4 and before not in feries:
        before -= timedelta(1)
    return feries.get(before)


def _after_holidays(jour: date) -> bool:
    """Tell whether people come back from holidays: the first week of September and of January."""
    return jour.month in (1, 9) and jour.day <= 7


def _open_at(moment: datetime, plages: Iterable[Plage]) -> bool:
    return any(p.jour == moment.weekday() and p.debut <= moment.time() < p.fin for p in plages)


def _closed(jour: date, zone: Zone) -> str:
    ferie = jours_feries(jour.year, zone).get(jour)
    return f"Aujourd’hui est un jour férié ({ferie})." if ferie else "C’est fermé en ce moment."


def _qualities(slot: Creneau) -> str:
    parts = []
    if 1 <= slot.debut.weekday() <= 4 and (9 <= slot.debut.hour < 11 or 14 <= slot.debut.hour < 16):
        parts.append("L’attente est d’ordinaire plus courte du mardi au vendredi, de 9 h à 11 h et de 14 h à 16 h.")
    elif not slot.bon:
        parts.append("Aucun moment plus calme n’est ouvert ces jours-ci.")
    if slot.attente is not None:
        parts.append(f"Vos {slot.appels} appels à cette heure ont attendu {_minutes(slot.attente)} (médiane).")
    return " ".join(parts)


def _supposed(horaires: Sequence[Plage]) -> str:
    return "" if horaires else "Horaires inconnus : supposés du lundi au vendredi, de 9 h à 18 h."


def _sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _moment(quand: datetime, maintenant: datetime) -> str:
    days = (quand.date() - maintenant.date()).days
    jour = {0: "aujourd’hui", 1: "demain"}.get(days) or JOURS[quand.weekday()] + (f" {quand:%d/%m}" if days > 6 else "")
    return f"{jour}, {quand.hour} h" + (f" {quand.minute:02d}" if quand.minute else "")


def _minutes(seconds: int) -> str:
    return f"{seconds} s" if seconds < 60 else f"{round(seconds / 60)} min"
