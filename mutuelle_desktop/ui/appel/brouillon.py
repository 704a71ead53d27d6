"""The call being prepared or made, kept in the library at every change: closing the window loses nothing."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import date, time, timedelta
from typing import Any

from PySide6.QtCore import QObject, QTimer

from mutuelle_desktop.domain.appel import NOM_REFUSE, CompteRendu, IssueAppel, Preparation
from mutuelle_desktop.domain.errors import AppError, Refused
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.ui import format as fr

RYTHME = 700
"""Milliseconds after the last key before the draft is kept."""
AVANT, PENDANT, APRES = range(3)


@dataclass(slots=True)
class Demande:
    """One question of the call: whether to ask it, and what was answered."""

    texte: str
    pourquoi: str = ""
    posee: bool = True
    reponse: str = ""


@dataclass(slots=True)
class Brouillon:
    """All that is typed in the call window; days and hours as they are typed, durations in seconds."""

    dossier_id: str
    etape: int = AVANT
    objectif: str = ""
    demandes: list[Demande] = field(default_factory=list)
    contact_id: str | None = None
    appelant_id: str | None = None
    le: str = ""
    heure: str = ""
    interlocuteur: str = ""
    nom_refuse: bool = False
    directe: str = ""
    numero: str = ""
    notes: str = ""
    promis: str = ""
    issue: str = ""
    attente: float = 0.0
    conversation: float = 0.0

    def compte(self, today: date) -> CompteRendu:
        """Return what is to be noted; a day or an hour that cannot be read is refused."""
        asked = [d for d in self.demandes if d.texte.strip() and (d.posee or d.reponse.strip())]
        direct = f"Ligne directe : {self.directe.strip()}" if self.directe.strip() else ""
        notes = "\n".join(part for part in (direct, self.notes.strip()) if part)
        return CompteRendu(
            le=_day(self.le, today) or today,
            heure=_hour(self.heure),
            interlocuteur=NOM_REFUSE if self.nom_refuse else self.interlocuteur,
            numero=self.numero,
            issue=self.issue_of(today),
            promis_le=_promise(self.promis, _day(self.le, today) or today),
            objectif=self.objectif,
            contact_id=self.contact_id,
            questions=tuple(" ".join(d.texte.split()) for d in asked),
            reponses=tuple(d.reponse for d in asked),
            notes=notes,
            attente=round(self.attente),
            conversation=round(self.conversation),
        )

    def issue_of(self, today: date) -> IssueAppel:
        """Return the outcome chosen, or the one that what was typed suggests."""
        if self.issue:
            return IssueAppel(self.issue)
        promised = None
        with suppress(Refused):
            promised = _promise(self.promis, today)
        if promised is not None:
            return IssueAppel.PROMESSE
        spoke = any(d.reponse.strip() for d in self.demandes) or self.conversation or self.interlocuteur.strip()
        return IssueAppel.REPONSE if spoke or self.nom_refuse or not self.attente else IssueAppel.SANS_REPONSE


def prepared(preparation: Preparation) -> Brouillon:
    """Return the draft a preparation proposes."""
    return Brouillon(
        dossier_id=preparation.dossier_id,
        objectif=preparation.objectif,
        demandes=[Demande(q.texte, q.pourquoi) for q in preparation.questions],
        contact_id=preparation.contacts[0].contact.id if preparation.contacts else None,
    )


def read_draft(library: Library, dossier_id: str) -> Brouillon | None:
    """Return the draft kept for a dossier."""
    with library.read() as db:
        kept: Any = db.marque(_mark(dossier_id))
    if not isinstance(kept, dict):
        return None
    values = _known(Brouillon, kept)
    values["demandes"] = [Demande(**_known(Demande, one)) for one in kept.get("demandes", []) if one.get("texte")]
    return Brouillon(**values)


def _known(kind: Any, kept: dict[str, Any]) -> dict[str, Any]:
    """Return what this version knows of a draft that another version may have kept."""
    names = {f.name for f in fields(kind)}
    return {name: value for name, value in kept.items() if name in names}


def keep_draft(library: Library, draft: Brouillon) -> None:
    """Keep a draft, outside of what is undone."""
    with library.write("Garder le brouillon d’appel", undoable=False) as db:
        db.set_marque(_mark(draft.dossier_id), asdict(draft))


def drop_draft(library: Library, dossier_id: str) -> None:
    """Forget the draft of a dossier."""
    with library.write("Oublier le brouillon d’appel", undoable=False) as db:
        db.set_marque(_mark(dossier_id), None)


class Gardien(QObject):
    """Keeps the draft a moment after each change."""

    def __init__(
        self, parent: QObject, library: Library, draft: Brouillon, report: Callable[[Exception], None]
    ) -> None:
        super().__init__(parent)
        self._library, self._draft, self._report = library, draft, report
        self._timer = QTimer(self, singleShot=True, interval=RYTHME)
        self._timer.timeout.connect(self.keep)
        self.touched = False

    def touch(self) -> None:
        """Say that something was typed."""
        self.touched = True
        self._timer.start()

    def keep(self) -> None:
        """Keep the draft now, when something was typed."""
        self._timer.stop()
        if not self.touched:
            return
        try:
            keep_draft(self._library, self._draft)
            self.touched = False
        except AppError as error:
            self._report(error)

    def stop(self) -> None:
        """Keep nothing more."""
        self._timer.stop()
        self.touched = False


def parse_delai(text: str, start: date) -> date | None:
    """Read a promise: a day, or a number of days, weeks or months from the call; None when empty, else ValueError."""
    typed = text.strip().lower().replace("\u00a0", " ")
    words = typed.removeprefix("sous ").removeprefix("dans ").split()
    if len(words) in (1, 2) and words[0].isdigit() and (len(words) == 2 or len(words[0]) <= 3):
        unit = words[1].rstrip("s.") if len(words) == 2 else "j"
        days = _UNITS.get(unit)
        if days is not None:
            return start + timedelta(days=int(words[0]) * days)
    if len(words) == 1 and typed.endswith("j") and typed[:-1].isdigit():
        return start + timedelta(days=int(typed[:-1]))
    return fr.parse_jour(text, start)


_UNITS = {"j": 1, "jour": 1, "semaine": 7, "sem": 7, "h": 1 / 24, "heure": 1 / 24}


def _mark(dossier_id: str) -> str:
    return f"appel.brouillon.{dossier_id}"


def _day(text: str, today: date) -> date | None:
    try:
        return fr.parse_jour(text, today)
    except ValueError:
        raise Refused(f"Cette date n’est pas comprise : « {text} ». Écrivez par exemple 16/06/2026.") from None


def _promise(text: str, start: date) -> date | None:
    try:
        return parse_delai(text, start)
    except ValueError:
        raise Refused(
            f"Ce délai n’est pas compris : « {text} ». Écrivez un jour (16/06/2026) ou un nombre de jours (15 jours)."
        ) from None


def _hour(text: str) -> time | None:
    typed = text.lower().replace("h", " ").replace(":", " ").split()
    if not typed:
        return None
    try:
        return time(int(typed[0]), int(typed[1]) if len(typed) > 1 else 0)
    except ValueError:
        raise Refused(f"Cette heure n’est pas comprise : « {text} ». Écrivez par exemple 9 h 40.") from None
