"""What is told to the user without being asked: one digest a day at a human hour, and what came while away."""

import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.regle import NatureRegle, Role
from mutuelle_desktop.services.agenda import neutral
from mutuelle_desktop.services.echeances import LigneEcheance, toutes
from mutuelle_desktop.services.minuterie import is_human
from mutuelle_desktop.services.phrases import counted
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.paths import NAME

HEURE = time(9)
"""When the digest comes unless the user chose another hour."""
ECART = timedelta(days=7)
"""How much later a date must have moved for what was told of it to be told again."""
OUBLI = timedelta(days=90)
"""How long what was told of a deadline that is gone is remembered: undo may bring it back."""
DITES, DERNIER, CHOISIE, VISITE = "rappels.dites", "rappels.dernier", "rappels.heure", "rappels.visite"
_DIMANCHE = 6

Dites = dict[str, dict[str, Any]]
"""For each key: jour, the date it was told with, and avant, the alarms told, in days before that date."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LigneRappel:
    """One thing to tell: neutre for a screen others may see, detail for the user alone."""

    cle: str
    jour: date
    neutre: str
    detail: str
    ligne: LigneEcheance


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """What to tell today; partiel when the hour lets only the last days through, silence says why nothing is told."""

    jour: date
    lignes: tuple[LigneRappel, ...] = ()
    partiel: bool = False
    silence: str = ""
    dites: Mapping[str, Any] = field(default_factory=dict)

    @property
    def titre(self) -> str:
        """Return the headline of a notification."""
        return counted(len(self.lignes), "rappel") if self.lignes else "Aucun rappel aujourd’hui"


def digest(library: Library, today: date, heure: time) -> Digest:
    """Return what to tell at this hour of today; each alarm of each deadline is told once.

    At night and on Sundays only what ends today is told. Nothing is remembered before mark_told.
    """
    with library.read() as db:
        dites: Dites = db.marque(DITES) or {}
        last = db.marque(DERNIER)
    if last == today.isoformat():
        return Digest(jour=today, silence="Les rappels d’aujourd’hui ont déjà été donnés.")
    quiet = not is_human(heure) or today.weekday() == _DIMANCHE
    rows = toutes(library, today)
    told = [found for found in rows if _ringing(found, today, dites.get(found.id))]
    if quiet:
        told = [found for found in told if _is_last_day(found, today)]
    return Digest(
        jour=today,
        lignes=tuple(_line(found, today) for found in told),
        partiel=quiet,
        silence="" if told else _silence(today, heure),
        dites=_remembered(dites, told, {found.id for found in rows}, today),
    )


def mark_told(library: Library, value: Digest) -> None:
    """Remember that a digest was told; a partial one leaves the day's own still to come."""
    if not value.lignes:
        return
    with library.write("Donner les rappels", undoable=False) as db:
        db.set_marque(DITES, dict(value.dites))
        if not value.partiel:
            db.set_marque(DERNIER, value.jour.isoformat())


def tell_tomorrow(library: Library, value: Digest) -> None:
    """Have what a digest told be told again with the next day's; the rest of this day stays silent."""
    with library.write("Remettre les rappels à demain", undoable=False) as db:
        told: Dites = db.marque(DITES) or {}
        later = {line.cle for line in value.lignes}
        db.set_marque(DITES, {cle: dite for cle, dite in told.items() if cle not in later})
        db.set_marque(DERNIER, value.jour.isoformat())


def chosen_hour(library: Library) -> time:
    """Return when the user wants the digest."""
    with library.read() as db:
        kept = db.marque(CHOISIE)
    return time.fromisoformat(kept) if kept else HEURE


def choose_hour(library: Library, heure: time) -> None:
    """Keep when the user wants the digest: never at night."""
    if not is_human(heure):
        raise Refused("Choisissez une heure entre 8\u00a0h et 21\u00a0h : les rappels ne viennent pas la nuit.")
    with library.write("Choisir l’heure des rappels", undoable=False) as db:
        db.set_marque(CHOISIE, heure.isoformat("minutes"))


def last_visit(library: Library) -> date | None:
    """Return the last day the program was open, as mark_visit keeps it."""
    with library.read() as db:
        kept = db.marque(VISITE)
    return date.fromisoformat(kept) if kept else None


def mark_visit(library: Library, today: date) -> None:
    """Remember that the program is open today; a clock set back changes nothing."""
    before = last_visit(library)
    if before is None or before < today:
        with library.write("Ouvrir", undoable=False) as db:
            db.set_marque(VISITE, today.isoformat())


def pendant_votre_absence(library: Library, since: date, today: date) -> list[LigneRappel]:
    """Return what came due, or rang, after the day of the last visit and until today, told already or not."""
    return [_line(found, today) for found in toutes(library, today) if _came(found, since, today)]


def notify(titre: str, lignes: Iterable[str]) -> bool:
    """Show a notification of the desktop by whatever tool is there; tell whether one took it.

    The text must be neutral: a locked screen shows it.
    """
    body = "\n".join(lignes)
    return any(_run(command) for command in _notifiers(titre, body))


def _ringing(found: LigneEcheance, today: date, dite: Mapping[str, Any] | None) -> bool:
    """Tell whether an alarm of this row has come that was not told yet."""
    return bool(_rung(found, today) - _told_offsets(found, dite))


def _rung(found: LigneEcheance, today: date) -> set[int]:
    """Return the alarms that have come, in days before the day; the day itself is 0."""
    return {(found.jour - day).days for day in found.rings if day <= today}


def _told_offsets(found: LigneEcheance, dite: Mapping[str, Any] | None) -> set[int]:
    """Return the alarms told that still count: none once the date came earlier or went over 7 days later."""
    if dite is None:
        return set()
    told_for = date.fromisoformat(dite["jour"])
    return set(dite["avant"]) if told_for <= found.jour <= told_for + ECART else set()


def _remembered(dites: Dites, told: Iterable[LigneEcheance], alive: set[str], today: date) -> Dites:
    oldest = (today - OUBLI).isoformat()
    kept: Dites = {cle: dite for cle, dite in dites.items() if cle in alive or dite["jour"] >= oldest}
    for found in told:
        offsets = _rung(found, today) | _told_offsets(found, dites.get(found.id))
        kept[found.id] = {"jour": found.jour.isoformat(), "avant": sorted(offsets)}
    return kept


def _is_last_day(found: LigneEcheance, today: date) -> bool:
    """Tell whether today is the last day the user can act: only then is a rest disturbed."""
    return found.role is Role.ASSURE and today in (found.jour, found.limite)


def _came(found: LigneEcheance, since: date, today: date) -> bool:
    return any(since < day <= today for day in (found.jour, *found.rings))


def _silence(today: date, heure: time) -> str:
    if not is_human(heure):
        return "Rien ne finit aujourd’hui : les rappels attendent le matin."
    if today.weekday() == _DIMANCHE:
        return "Rien ne finit aujourd’hui : les rappels attendent lundi."
    return "Aucun rappel aujourd’hui."


def _line(found: LigneEcheance, today: date) -> LigneRappel:
    when = when_of(found.jour, today)
    where = f" — {found.lieu.reference} {found.lieu.dossier}" if found.lieu.reference else ""
    return LigneRappel(
        cle=found.id,
        jour=found.jour,
        neutre=f"{neutral(found)}\u00a0: {when}",
        detail=f"{found.titre}{where}\u00a0: {when}{_strong(found)}",
        ligne=found,
    )


def _strong(found: LigneEcheance) -> str:
    """Return the raw date when it is not the day shown, for a limit that is the law's."""
    e = found.echeance
    if e is None or e.nature is not NatureRegle.LOI or e.role is not Role.ASSURE or e.brute == found.jour:
        return ""
    return f" (dernier jour\u00a0: {e.brute:%d/%m/%Y})"


def when_of(jour: date, today: date) -> str:
    """Return a day as it is said today: « aujourd’hui », « demain », « dans 7 jours », « depuis 3 jours »."""
    days = (jour - today).days
    if days == 0:
        return "aujourd’hui"
    if days == 1:
        return "demain"
    if days > 0:
        return f"dans {counted(days, 'jour')}, le {jour:%d/%m/%Y}"
    return f"depuis {counted(-days, 'jour')}, le {jour:%d/%m/%Y}"


def _notifiers(titre: str, body: str) -> list[list[str]]:
    """Return the ways to notify, best first; words beginning with a dash are text, never options.

    The name of the program's entry lets a desktop open it when the notification is clicked, even closed.
    """
    notify_send, gdbus = shutil.which("notify-send"), shutil.which("gdbus")
    found = []
    if notify_send:
        found.append(
            [
                notify_send,
                "--app-name=Mutuelle Desktop",
                f"--icon={NAME}",
                f"--hint=string:desktop-entry:{NAME}",
                "--",
                titre,
                body,
            ]
        )
    if gdbus:
        found.append([
            gdbus, "call", "--session", "--timeout", "5", "--dest", "org.freedesktop.Notifications", "--object-path",
            "/org/freedesktop/Notifications", "--method", "org.freedesktop.Notifications.Notify", "--",
            _variant("Mutuelle Desktop"), "uint32 0", _variant(NAME), _variant(titre), _variant(body),
            "@as []", f"{{'desktop-entry': <{_variant(NAME)}>}}", "int32 -1",
        ])  # fmt: skip
    return found


def _variant(text: str) -> str:
    """Return a text as GVariant's own notation reads it back."""
    kept = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return f"'{kept}'"


def _run(command: list[str]) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
