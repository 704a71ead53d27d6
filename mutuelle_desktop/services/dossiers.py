"""What can be done with dossiers, and what can be asked about them."""

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from mutuelle_desktop.domain.contrat import Contrat
from mutuelle_desktop.domain.document import CORBEILLE_JOURS, Document, Piece
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier, Statut, computed_statut, montant_recu
from mutuelle_desktop.domain.echeance import check_evenement
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement
from mutuelle_desktop.domain.ids import now
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services.attaches import detach_dossier, detach_evenement
from mutuelle_desktop.services.liens import check_link, existing
from mutuelle_desktop.storage.index import plain
from mutuelle_desktop.storage.library import Library, Reader
from mutuelle_desktop.storage.schema import dossier as table
from mutuelle_desktop.storage.schema import evenement, piece


class Vue(StrEnum):
    """Which part of the dossiers a list shows."""

    OUVERTS = "ouverts"
    CLOS = "clos"
    ARCHIVES = "archivés"
    CORBEILLE = "corbeille"
    TOUS = "tous"


class TriDossiers(StrEnum):
    """The orders of the list."""

    RECENT = "activité récente"
    REFERENCE = "référence"
    TITRE = "titre"
    STATUT = "statut"


@dataclass(frozen=True, kw_only=True, slots=True)
class FiltreDossiers:
    """What a list of dossiers must satisfy; None asks nothing."""

    mots: str = ""
    statut: Statut | None = None
    personne_id: str | None = None
    mutuelle_id: str | None = None
    nature: NatureDossier | None = None
    vue: Vue = Vue.OUVERTS


@dataclass(frozen=True, kw_only=True, slots=True)
class LigneDossier:
    """One row of the list; recu in euros, dernier the day of the last event, promis the answer awaited."""

    dossier: Dossier
    statut: Statut
    statut_calcule: Statut
    personne: str = ""
    mutuelle: str = ""
    recu: Decimal = Decimal(0)
    pieces: int = 0
    echanges: int = 0
    dernier: date | None = None
    promis: date | None = None

    @property
    def id(self) -> str:
        """Return the dossier's id."""
        return self.dossier.id


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


def list_dossiers(
    library: Library, filtre: FiltreDossiers | None = None, tri: TriDossiers = TriDossiers.RECENT
) -> list[LigneDossier]:
    """Return the dossiers that satisfy a filter, in an order."""
    filtre = filtre or FiltreDossiers()
    with library.read() as db:
        lignes = _lignes(db, _conditions(filtre))
        texts = _event_texts(db, [ligne.id for ligne in lignes]) if filtre.mots.strip() else {}
        mutuelle_of = dict(db.raw("SELECT id, mutuelle_id FROM contrat").fetchall()) if filtre.mutuelle_id else {}
    words = plain(filtre.mots).split()
    kept = [
        ligne
        for ligne in lignes
        if (filtre.statut is None or ligne.statut is filtre.statut)
        and (filtre.mutuelle_id is None or mutuelle_of.get(ligne.dossier.contrat_id) == filtre.mutuelle_id)
        and _matches(ligne, words, texts.get(ligne.id, ""))
    ]
    return sorted(kept, key=_SORTS[tri], reverse=tri in (TriDossiers.RECENT, TriDossiers.REFERENCE))


def count_open(library: Library) -> int:
    """Return how many dossiers list_dossiers gives without a filter."""
    with library.read() as db:
        return db.count(Dossier, *_conditions(FiltreDossiers()))


def ligne(library: Library, key: str) -> LigneDossier | None:
    """Return one dossier as a row, wherever it is."""
    with library.read() as db:
        found = _lignes(db, [table.c.id == key])
    return found[0] if found else None


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
_AMONG = "dossier_id IN (SELECT value FROM json_each(?))"
_STATUTS = {statut: rank for rank, statut in enumerate(Statut)}
_SORTS: dict[TriDossiers, Any] = {
    TriDossiers.RECENT: lambda found: (found.dernier or found.dossier.ouvert_le, found.dossier.reference),
    TriDossiers.REFERENCE: lambda found: found.dossier.reference,
    TriDossiers.TITRE: lambda found: plain(found.dossier.titre),
    TriDossiers.STATUT: lambda found: (_STATUTS[found.statut], found.dossier.reference),
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


def _conditions(filtre: FiltreDossiers) -> list[Any]:
    where: list[Any] = [
        table.c.supprime_le.is_not(None) if filtre.vue is Vue.CORBEILLE else table.c.supprime_le.is_(None)
    ]
    if filtre.vue is Vue.OUVERTS:
        where.append(table.c.clos_le.is_(None))
    elif filtre.vue is Vue.CLOS:
        where += [table.c.clos_le.is_not(None), table.c.archive_le.is_(None)]
    elif filtre.vue is Vue.ARCHIVES:
        where.append(table.c.archive_le.is_not(None))
    if filtre.personne_id is not None:
        where.append(table.c.personne_id == filtre.personne_id)
    if filtre.nature is not None:
        where.append(table.c.nature == filtre.nature)
    return where


def _lignes(db: Reader, where: list[Any]) -> list[LigneDossier]:
    dossiers = db.all(Dossier, *where)
    among = (json.dumps([d.id for d in dossiers]),)
    events: dict[str, list[Evenement]] = defaultdict(list)
    rows = db.raw(
        f"SELECT id, dossier_id, nature, le, promis_le, montant FROM evenement WHERE {_AMONG} ORDER BY le, heure", among
    )
    for key, owner, nature, le, promis, montant in rows:
        events[owner].append(
            Evenement(
                id=key, dossier_id=owner, nature=NatureEvenement(nature), le=date.fromisoformat(le),
                promis_le=date.fromisoformat(promis) if promis else None,
                montant=None if montant is None else Decimal(montant) / 100,
            )
        )  # fmt: skip
    counts = dict(
        db.raw(f"SELECT dossier_id, count(*) FROM piece WHERE {_AMONG} GROUP BY dossier_id", among).fetchall()
    )
    people = {key: f"{first} {last}".strip() for key, first, last in db.raw("SELECT id, prenom, nom FROM personne")}
    organisms = dict(db.raw("SELECT c.id, m.nom FROM contrat c JOIN mutuelle m ON m.id = c.mutuelle_id").fetchall())
    return [_ligne(d, events.get(d.id, []), counts.get(d.id, 0), people, organisms) for d in dossiers]


def _ligne(
    dossier: Dossier, events: list[Evenement], pieces: int, people: dict[str, str], organisms: dict[str, str]
) -> LigneDossier:
    computed = computed_statut(dossier, events)
    return LigneDossier(
        dossier=dossier,
        statut=dossier.statut_force or computed,
        statut_calcule=computed,
        personne=people.get(dossier.personne_id or "", ""),
        mutuelle=organisms.get(dossier.contrat_id or "", ""),
        recu=montant_recu(events),
        pieces=pieces,
        echanges=sum(e.nature is not NatureEvenement.NOTE for e in events),
        dernier=events[-1].le if events else None,
        promis=next((e.promis_le for e in reversed(events) if e.promis_le), None),
    )


def _event_texts(db: Reader, ids: list[str]) -> dict[str, str]:
    texts: dict[str, str] = defaultdict(str)
    query = f"SELECT dossier_id, interlocuteur || ' ' || numero || ' ' || texte FROM evenement WHERE {_AMONG}"
    for owner, words in db.raw(query, (json.dumps(ids),)):
        texts[owner] += f" {words}"
    return texts


def _matches(found: LigneDossier, words: list[str], events: str) -> bool:
    if not words:
        return True
    d = found.dossier
    text = plain(" ".join([d.titre, d.reference, d.nature, *d.references_mutuelle, d.notes, found.personne,
                           found.mutuelle, events]))  # fmt: skip
    return all(word in text for word in words)


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
