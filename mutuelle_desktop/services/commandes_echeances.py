"""The commands about dates: what is due and why, the calendar for other programs, the reminders of the day."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from mutuelle_desktop.domain.echeance import Raison
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.ids import now
from mutuelle_desktop.services.agenda import Forme, export_agenda, keep_file, refresh_file
from mutuelle_desktop.services.echeances import LigneEcheance, toutes
from mutuelle_desktop.services.phrases import counted
from mutuelle_desktop.services.rappels import digest, mark_told, notify
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.library import Library

Answer = dict[str, Any]


def _echeances(library: Library, _workers: Workers, arguments: dict[str, Any]) -> Answer:
    today = date.fromisoformat(arguments["au"]) if arguments.get("au") else _moment(arguments).date()
    rows = toutes(library, today)
    lines = [line for found in rows for line in _told(found)]
    return _answer([_data(found) for found in rows], lines or ["Aucune échéance."])


def _agenda(library: Library, _workers: Workers, arguments: dict[str, Any]) -> Answer:
    today, chemin = _moment(arguments).date(), Path(arguments["sortie"])
    forme = Forme(detaille=bool(arguments.get("detaille")), taches=bool(arguments.get("taches")))
    if arguments.get("tenir"):
        keep_file(library, chemin, today, forme)
    done = export_agenda(library, chemin, today, forme, changements=bool(arguments.get("changements")))
    data = {"fichier": str(done.chemin), "entrees": done.entrees, "annulees": done.annulees}
    return _answer(data, [f"Agenda écrit : {counted(done.entrees, 'entrée')} dans « {done.chemin.name} »."])


def _rappels(library: Library, _workers: Workers, arguments: dict[str, Any]) -> Answer:
    """Tell the digest; what is printed is neutral, since the system keeps it in its own journal."""
    moment = _moment(arguments)
    found = digest(library, moment.date(), moment.time())
    neutral = [line.neutre for line in found.lignes]
    shown = bool(neutral) and notify(found.titre, neutral)
    mark_told(library, found)
    failure = _refresh(library, moment.date())
    rows = [
        {"cle": line.cle, "jour": line.jour.isoformat(), "texte": line.neutre, "detail": line.detail,
         "dossier": line.ligne.lieu.reference or None}
        for line in found.lignes
    ]  # fmt: skip
    data = {"jour": found.jour.isoformat(), "notifie": shown, "raison": found.silence, "rappels": rows}
    return _answer(data, neutral or [found.silence], failure)


COMMANDES: dict[str, Callable[[Library, Workers, dict[str, Any]], Answer]] = {
    "echeances": _echeances,
    "agenda": _agenda,
    "rappels": _rappels,
}


def _refresh(library: Library, today: date) -> str:
    try:
        refresh_file(library, today)
    except AppError as error:
        return str(error)
    return ""


def _moment(arguments: dict[str, Any]) -> datetime:
    """Return the moment of the command on the clock of the place one is in, or the one a test gives."""
    given = arguments.get("maintenant")
    return datetime.combine(*_parts(given)) if given else now().astimezone()


def _parts(given: str) -> tuple[date, time]:
    day, _, hour = given.partition("T")
    return date.fromisoformat(day), time.fromisoformat(hour or "09:00")


def _told(found: LigneEcheance) -> list[str]:
    where = f" — {found.lieu.reference} {found.lieu.dossier}" if found.lieu.reference else ""
    who = f", {found.lieu.personne}" if found.lieu.personne else ""
    lines = [f"{found.jour.isoformat()}  {found.titre}{where}{who} ({found.etat}, {found.role})"]
    return lines + [f"            {one.texte}" for one in (found.echeance.raisons if found.echeance else ())]


def _data(found: LigneEcheance) -> dict[str, Any]:
    e = found.echeance
    return {
        "cle": found.id, "titre": found.titre, "etat": str(found.etat), "role": str(found.role),
        "jour": found.jour.isoformat(), "date_limite": found.limite.isoformat(),
        "agir_le": _iso(e.agir_le if e else found.jour), "fixee_le": _iso(e.fixee_le if e else None),
        "reportee_le": _iso(e.reportee_le if e else None), "alarmes": [day.isoformat() for day in found.alarmes],
        "regle": e.regle if e else None, "nature": str(e.nature) if e else None, "source": e.source if e else None,
        "verifie_le": _iso(e.verifie_le if e else None), "incertaine": e.incertaine if e else False,
        "consequence": e.consequence if e else None, "evenement": e.evenement_id if e else None,
        "dossier": found.lieu.reference or None, "dossier_titre": found.lieu.dossier or None, "dossier_id": found.lieu.dossier_id,
        "personne": found.lieu.personne or None, "mutuelle": found.lieu.mutuelle or None,
        "enjeu": None if found.lieu.enjeu is None else int(found.lieu.enjeu * 100),
        "raisons": [_raison(one) for one in (e.raisons if e else ())],
    }  # fmt: skip


def _raison(one: Raison) -> dict[str, Any]:
    return {
        "texte": one.texte, "jour": _iso(one.jour), "evenement": one.evenement_id, "regle": one.regle,
        "source": one.source, "verifie_le": _iso(one.verifie_le), "origine": _iso(one.origine), "delai": one.delai,
        "unite": str(one.unite) if one.unite else None,
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _answer(data: Any, lines: Sequence[str], failure: str = "") -> Answer:
    return {"code": 1 if failure else 0, "json": data, "lignes": list(lines), "erreur": failure}
