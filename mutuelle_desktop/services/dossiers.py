"""What can be done with dossiers, and what can be asked about them."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from mutuelle_desktop.domain.contrat import Contrat
from mutuelle_desktop.domain.document import CORBEILLE_JOURS, Document, Piece
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier, Statut
from mutuelle_desktop.domain.echeance import check_evenement
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement
from mutuelle_desktop.domain.ids import now
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services.attaches import detach_dossier, detach_evenement
from mutuelle_desktop.services.liens import check_link, existing
from mutuelle_desktop.services.lignes_dossiers import (
    FiltreDossiers,
    Intitule,
    LigneDossier,
    TriDossiers,
    Vue,
    count_open,
    dossier_ids,
    fetch_dossiers,
    intitules,
    ligne,
    list_dossiers,
)
from mutuelle_desktop.storage.library import Library, Reader
from mutuelle_desktop.storage.schema import dossier as table
from mutuelle_desktop.storage.schema import evenement, piece

__all__ = [
    "FiltreDossiers",
    "Intitule",
    "LigneDossier",
    "TriDossiers",
    "Vue",
    "archive_dossier",
    "check_event",
    "chronologie",
    "close_dossier",
    "count_open",
    "create_dossier",
    "delete_evenement",
    "dossier_ids",
    "edit_dossier",
    "evenements_of",
    "fetch_dossiers",
    "find_reference",
    "intitules",
    "ligne",
    "list_dossiers",
    "purge_dossiers",
    "record_evenement",
    "reopen_dossier",
    "restore_dossier",
    "set_statut",
    "trash_dossier",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class LigneChronologie:
    """One line of a dossier's story; kind and id open what it tells of."""

    le: date
    heure: time | None
    genre: str
    titre: str
    texte: str
    kind: str
    id: str


def find_reference(library: Library, reference: str) -> Dossier | None:
    """Return the dossier of this reference that is not in the trash."""
    with library.read() as db:
        found = db.all(Dossier, table.c.reference == reference.strip(), table.c.supprime_le.is_(None))
    return found[0] if found else None


def create_dossier(
    library: Library, *, nature: NatureDossier, on: date, titre: str = "", personne_id: str | None = None,
    contrat_id: str | None = None,
) -> Dossier:  # fmt: skip
    """Open a new dossier; without a title it is named after its nature and person."""
    with library.write("Créer le dossier") as db:
        personne = existing(db, Personne, personne_id) if personne_id else None
        check_link(db, Contrat, contrat_id)
        number = db.next_number(f"dossier {on.year}", _highest(db, on.year))
        dossier = Dossier(
            reference=f"{on.year}-{number:03d}",
            titre=_title(titre) or _default_title(nature, personne, on),
            nature=nature,
            ouvert_le=on,
            personne_id=personne_id,
            contrat_id=contrat_id,
        )
        db.put(dossier)
    return dossier


def edit_dossier(library: Library, dossier: Dossier) -> None:
    """Keep what was changed in a dossier."""
    if not _title(dossier.titre):
        raise Refused("Donnez un titre au dossier.")
    amounts = (dossier.montant_paye, dossier.montant_secu, dossier.montant_attendu)
    if any(amount is not None and amount < 0 for amount in amounts):
        raise Refused("Un montant ne peut pas être négatif.")
    if dossier.clos_le is not None and dossier.clos_le < dossier.ouvert_le:
        raise Refused("Un dossier ne peut pas être clos avant son ouverture. Corrigez l’une des deux dates.")
    with library.write("Modifier le dossier") as db:
        kept = existing(db, Dossier, dossier.id)
        check_link(db, Personne, dossier.personne_id)
        check_link(db, Contrat, dossier.contrat_id)
        db.put(replace(dossier, titre=_title(dossier.titre), reference=kept.reference, supprime_le=kept.supprime_le))


def close_dossier(library: Library, key: str, on: date) -> None:
    """Close a dossier that day."""
    _change(library, key, "Clore le dossier", lambda dossier: dossier.closed(on))


def reopen_dossier(library: Library, key: str) -> None:
    """Open a closed or archived dossier again."""
    _change(library, key, "Rouvrir le dossier", Dossier.reopened)


def archive_dossier(library: Library, key: str, on: date) -> None:
    """Put a closed dossier away."""
    _change(library, key, "Archiver le dossier", lambda dossier: dossier.archived(on))


def trash_dossier(library: Library, key: str) -> None:
    """Put a dossier in the trash, for 30 days; its documents stay."""
    _change(library, key, "Mettre le dossier à la corbeille", _trashed)


def restore_dossier(library: Library, key: str) -> None:
    """Take a dossier out of the trash."""
    _change(library, key, "Restaurer le dossier", lambda dossier: replace(dossier, supprime_le=None))


def set_statut(library: Library, key: str, statut: Statut | None) -> None:
    """Show the status the user chose; None lets the events speak again."""
    label = "Choisir le statut" if statut else "Revenir au statut calculé"
    _change(library, key, label, lambda dossier: replace(dossier, statut_force=statut))


def record_evenement(library: Library, value: Evenement, today: date) -> tuple[str, ...]:
    """Add an event, or keep its correction, and return what is doubtful about it; what cannot be is refused."""
    with library.write(f"Noter\u00a0: {value.nature}") as db:
        doubts = _checked(db, value, today)
        db.put(value)
    return doubts


def check_event(library: Library, value: Evenement, today: date) -> tuple[str, ...]:
    """Return what is doubtful about an event before it is kept; refuse what cannot be."""
    with library.read() as db:
        return _checked(db, value, today)


def _checked(db: Reader, value: Evenement, today: date) -> tuple[str, ...]:
    if value.montant is not None and value.montant < 0:
        raise Refused("Un montant ne peut pas être négatif.")
    if value.nature is NatureEvenement.PAIEMENT and not value.montant:
        raise Refused("Indiquez le montant du paiement.")
    dossier = existing(db, Dossier, value.dossier_id)
    check_link(db, Document, value.document_id)
    check_link(db, Evenement, value.suite_de)
    others = db.all(Evenement, evenement.c.dossier_id == value.dossier_id)
    personne = db.get(Personne, dossier.personne_id) if dossier.personne_id else None
    return check_evenement(value, others, today, personne)


def delete_evenement(library: Library, key: str) -> None:
    """Remove an event."""
    with library.write("Retirer l’événement") as db:
        value = db.get(Evenement, key)
        if value is not None:
            detach_evenement(db, key)
            db.delete(value)


def evenements_of(library: Library, dossier_id: str) -> list[Evenement]:
    """Return the events of a dossier, oldest first."""
    with library.read() as db:
        return db.all(Evenement, evenement.c.dossier_id == dossier_id, order=(evenement.c.le, evenement.c.heure))


def chronologie(library: Library, dossier_id: str) -> list[LigneChronologie]:
    """Return the story of a dossier, oldest first: its opening, events, papers, and what was done to it."""
    with library.read() as db:
        dossier = db.get(Dossier, dossier_id)
        if dossier is None:
            return []
        evenements = db.all(Evenement, evenement.c.dossier_id == dossier_id)
        pieces = db.all(Piece, piece.c.dossier_id == dossier_id)
        documents = [d for d in (db.get(Document, p.document_id) for p in pieces) if d is not None]
        kept = [line for line in db.journal(dossier_id) if line.label in _TOLD and not line.annule]
    lignes = [
        LigneChronologie(le=dossier.ouvert_le, heure=None, genre="ouverture", titre="Dossier ouvert",
                         texte=f"{str(dossier.nature).capitalize()} · {dossier.reference}", kind="Dossier", id=dossier_id)
    ]  # fmt: skip
    lignes += [_event_line(value) for value in evenements]
    lignes += [_paper_line(value) for value in documents if value.supprime_le is None]
    for line in kept:
        local = line.le.astimezone()
        lignes.append(LigneChronologie(le=local.date(), heure=local.time(), genre="suivi", titre=_TOLD[line.label],
                                       texte="", kind="Dossier", id=dossier_id))  # fmt: skip
    opening = lignes[0]
    return [opening, *sorted(lignes[1:], key=lambda found: (found.le, found.heure or time.min))]


def purge_dossiers(library: Library, moment: datetime) -> int:
    """Delete the dossiers that were in the trash for 30 days; their documents stay. Return how many."""
    before = moment - timedelta(days=CORBEILLE_JOURS)
    with library.write("Vider la corbeille des dossiers", undoable=False) as db:
        gone = db.all(Dossier, table.c.supprime_le < before)
        for dossier in gone:
            detach_dossier(db, dossier.id)
            db.delete(dossier)
    return len(gone)


_TOLD = {
    "Clore le dossier": "Dossier clos",
    "Rouvrir le dossier": "Dossier rouvert",
    "Archiver le dossier": "Dossier archivé",
    "Choisir le statut": "Statut choisi à la main",
    "Revenir au statut calculé": "Statut calculé de nouveau",
}


def _change(library: Library, key: str, label: str, change: Any) -> None:
    with library.write(label) as db:
        db.put(change(existing(db, Dossier, key)))


def _trashed(dossier: Dossier) -> Dossier:
    """Return the dossier in the trash; a second time does not begin its 30 days again."""
    return replace(dossier, supprime_le=dossier.supprime_le or now())


def _title(text: str) -> str:
    return " ".join(text.split())


def _default_title(nature: NatureDossier, personne: Personne | None, on: date) -> str:
    who = f" — {personne.prenom or personne.nom}" if personne else ""
    return f"{str(nature).capitalize()} du {on:%d/%m/%Y}{who}"


def _highest(db: Reader, year: int) -> int:
    rows = db.raw("SELECT reference FROM dossier WHERE reference LIKE ?", (f"{year}-%",)).fetchall()
    return max((int(r[0][5:]) for r in rows if r[0][5:].isdigit()), default=0)


def _event_line(value: Evenement) -> LigneChronologie:
    titre = str(value.nature).capitalize()
    if value.canal:
        titre = (
            f"{titre} — {value.canal}" if value.nature is not NatureEvenement.ECHANGE else str(value.canal).capitalize()
        )
    if value.interlocuteur:
        titre += f", {value.interlocuteur}"
    parts = [value.texte]
    if value.montant is not None:
        parts.append(f"{value.montant:,.2f} €".replace(",", "\u202f").replace(".", ","))
    if value.numero:
        parts.append(f"n°\u00a0{value.numero}")
    if value.promis_le:
        parts.append(f"réponse promise pour le {value.promis_le:%d/%m/%Y}")
    return LigneChronologie(le=value.le, heure=value.heure, genre=str(value.nature), titre=titre,
                            texte=" · ".join(p for p in parts if p), kind="Evenement", id=value.id)  # fmt: skip


def _paper_line(value: Document) -> LigneChronologie:
    added = value.ajoute_le.astimezone()
    return LigneChronologie(le=added.date(), heure=added.time(), genre="document", titre="Papier ajouté",
                            texte=value.titre, kind="Document", id=value.id)  # fmt: skip
