"""What can be done with documents, and what can be asked about them.

The door for the window and the commands: lists are in filtres, places in dossiers in pieces, copies that leave in
sorties, names in noms.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from mutuelle_desktop.domain.document import CORBEILLE_JOURS, Document, Page, Piece, Vignette
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.ids import now
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.extraction.mots import Mot, unpack
from mutuelle_desktop.services.attaches import detach_document
from mutuelle_desktop.services.filtres import (
    AUCUN,
    SANS,
    Filtre,
    LigneDocument,
    Tri,
    count_documents,
    document_ids,
    fetch,
    to_classify,
    years,
)
from mutuelle_desktop.services.liens import check_link, existing
from mutuelle_desktop.services.noms import export_name
from mutuelle_desktop.services.pieces import (
    LignePiece,
    add_to_dossier,
    dossiers_of,
    join,
    pieces_of,
    remove_from_dossier,
    reorder_pieces,
    set_copie,
)
from mutuelle_desktop.services.sorties import clear_copies, contenu, copies, export_documents, open_copy
from mutuelle_desktop.storage.library import Library, Writer
from mutuelle_desktop.storage.schema import TABLE_OF

__all__ = [
    "AUCUN",
    "SANS",
    "Filtre",
    "LigneDocument",
    "LignePiece",
    "Tri",
    "add_to_dossier",
    "classify",
    "clear_copies",
    "contenu",
    "copies",
    "count_documents",
    "document_ids",
    "dossiers_of",
    "edit_document",
    "export_documents",
    "export_name",
    "fetch",
    "open_copy",
    "page_mots",
    "pieces_of",
    "purge_corbeille",
    "remove_from_dossier",
    "reorder_pieces",
    "restore_documents",
    "set_copie",
    "thumbnails",
    "to_classify",
    "trash_documents",
    "years",
]

_DOCUMENT = TABLE_OF[Document].c


def edit_document(library: Library, document: Document) -> None:
    """Record what the user says of a document."""
    with library.write("Modifier le document") as db:
        db.put(_accepted(db, document))


def classify(library: Library, document: Document, *, dossier_id: str | None = None) -> None:
    """Record what the user says of a document and take it out of « À classer », into a dossier if one is named."""
    with library.write("Classer le document") as db:
        check_link(db, Dossier, dossier_id)
        accepted = _accepted(db, document)
        db.put(replace(accepted, classe_le=accepted.classe_le or now()))
        piece = TABLE_OF[Piece].c
        held = db.count(Piece, piece.document_id == document.id, piece.dossier_id == dossier_id)
        if dossier_id is not None and not held:
            join(db, document.id, dossier_id)


def _accepted(db: Writer, document: Document) -> Document:
    """Return the document to keep: its bytes, its filing and the trash are not the form's to change."""
    kept = existing(db, Document, document.id)
    check_link(db, Personne, document.personne_id)
    titre = " ".join(document.titre.split())
    if not titre:
        raise Refused("Donnez un titre au document.")
    return replace(
        document,
        titre=titre,
        emetteur=" ".join(document.emetteur.split()),
        classe_le=kept.classe_le,
        supprime_le=kept.supprime_le,
        empreinte=kept.empreinte,
        origines=kept.origines,
        nom=kept.nom,
        ajoute_le=kept.ajoute_le,
    )


def trash_documents(library: Library, ids: Sequence[str]) -> None:
    """Put documents in the trash, where they stay 30 days; their places in dossiers are kept for their return."""
    with library.write(_label("Mettre {} à la corbeille", len(ids))) as db:
        for document in db.all(Document, _DOCUMENT.id.in_(ids), _DOCUMENT.supprime_le.is_(None)):
            db.put(replace(document, supprime_le=now()))


def restore_documents(library: Library, ids: Sequence[str]) -> None:
    """Take documents out of the trash, back to their dossiers."""
    with library.write(_label("Restaurer {}", len(ids))) as db:
        for document in db.all(Document, _DOCUMENT.id.in_(ids), _DOCUMENT.supprime_le.is_not(None)):
            db.put(replace(document, supprime_le=None))


def purge_corbeille(library: Library, moment: datetime) -> int:
    """Forget the documents in the trash for 30 days, then the bytes nothing names any more; return how many."""
    limit = moment - timedelta(days=CORBEILLE_JOURS)
    with library.write("Vider la corbeille", undoable=False) as db:
        gone = db.all(Document, _DOCUMENT.supprime_le < limit)
        for document in gone:
            detach_document(db, document.id)
            db.delete(document)
    library.purge(moment)
    return len(gone)


def page_mots(library: Library, document_id: str, numero: int) -> tuple[Page | None, list[Mot]]:
    """Return a page as it was read, from 1, and its words with their boxes; None before it is read."""
    with library.read() as db:
        document = db.get(Document, document_id)
        page = db.get(Page, f"{document.empreinte}:{numero}") if document else None
    return page, unpack(page.mots) if page else []


def thumbnails(library: Library, empreintes: Sequence[str]) -> dict[str, bytes]:
    """Return the small pictures (JPEG or WebP) of these bytes, for those that have one."""
    with library.read() as db:
        return {v.id: v.image for v in db.all(Vignette, TABLE_OF[Vignette].c.id.in_(empreintes))}


def _label(sentence: str, count: int) -> str:
    return sentence.format("un document" if count == 1 else f"{count} documents")
