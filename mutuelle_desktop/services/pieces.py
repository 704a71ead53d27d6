"""The documents of a dossier: their order, copy or original, joining and leaving."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mutuelle_desktop.domain.document import Document, Piece
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.ids import now
from mutuelle_desktop.services.filtres import LigneDocument, rows_of
from mutuelle_desktop.services.liens import existing
from mutuelle_desktop.storage.library import Library, Reader, Writer
from mutuelle_desktop.storage.schema import TABLE_OF

_PIECE = TABLE_OF[Piece].c


@dataclass(frozen=True, slots=True)
class LignePiece:
    """One document of a dossier: its place there, and its row."""

    piece: Piece
    ligne: LigneDocument


def papers_in(library: Library, dossier_id: str) -> set[str]:
    """Return the ids of the papers of a dossier and those of their bytes."""
    query = "SELECT d.id, d.empreinte FROM piece p JOIN document d ON d.id = p.document_id WHERE p.dossier_id = ?"
    with library.read() as db:
        return {name for row in db.raw(query, (dossier_id,)) for name in row}


def pieces_of(library: Library, dossier_id: str) -> list[LignePiece]:
    """Return the documents of a dossier in their order, without those in the trash."""
    with library.read() as db:
        pieces = _pieces(db, dossier_id)
        rows = rows_of(db, [piece.document_id for piece in pieces])
    lignes = [LignePiece(piece, rows[piece.document_id]) for piece in pieces if piece.document_id in rows]
    return [ligne for ligne in lignes if ligne.ligne.document.supprime_le is None]


def dossiers_of(library: Library, document_id: str) -> list[Dossier]:
    """Return the dossiers that hold this document, by reference."""
    dossier = TABLE_OF[Dossier].c
    with library.read() as db:
        held = [piece.dossier_id for piece in db.all(Piece, _PIECE.document_id == document_id)]
        return db.all(Dossier, dossier.id.in_(held), dossier.supprime_le.is_(None), order=dossier.reference)


def add_to_dossier(library: Library, document_ids: Sequence[str], dossier_id: str) -> int:
    """Put documents at the end of a dossier, which files them; return how many were not there yet."""
    with library.write(f"Ajouter {_documents(len(document_ids))} au dossier") as db:
        existing(db, Dossier, dossier_id)
        present = {piece.document_id for piece in _pieces(db, dossier_id)}
        documents = [db.get(Document, key) for key in dict.fromkeys(document_ids) if key not in present]
        added = [document for document in documents if document is not None]
        for document in added:
            join(db, document.id, dossier_id)
            if document.classe_le is None:
                db.put(replace(document, classe_le=now()))
    return len(added)


def join(db: Writer, document_id: str, dossier_id: str) -> None:
    """Put a document at the end of a dossier within a write already open."""
    last = max((piece.rang for piece in _pieces(db, dossier_id)), default=0)
    db.put(Piece(dossier_id=dossier_id, document_id=document_id, rang=last + 1))


def remove_from_dossier(library: Library, dossier_id: str, document_ids: Sequence[str]) -> None:
    """Take documents out of a dossier; they stay in the library."""
    with library.write(f"Retirer {_documents(len(document_ids))} du dossier") as db:
        for piece in _pieces(db, dossier_id):
            if piece.document_id in document_ids:
                db.delete(piece)
        _number(db, _pieces(db, dossier_id))


def reorder_pieces(library: Library, dossier_id: str, document_ids: Sequence[str]) -> None:
    """Put the documents of a dossier in this order; those not named follow as they were."""
    place = {key: number for number, key in enumerate(document_ids)}
    with library.write("Ordonner les pièces") as db:
        pieces = _pieces(db, dossier_id)
        _number(db, sorted(pieces, key=lambda piece: place.get(piece.document_id, len(place))))


def set_copie(library: Library, piece_id: str, copie: bool) -> None:
    """Say whether this piece is a copy or an original."""
    with library.write("Marquer comme copie" if copie else "Marquer comme original") as db:
        piece = db.get(Piece, piece_id)
        if piece is None:
            raise Refused("Ce papier n’est plus dans le dossier.")
        db.put(replace(piece, copie=copie))


def follow(db: Writer, document_id: str, followers: Sequence[str]) -> None:
    """Put other documents right after one, in every dossier that holds it, as copy or original like it."""
    for held in db.all(Piece, _PIECE.document_id == document_id):
        pieces = _pieces(db, held.dossier_id)
        place = [piece.id for piece in pieces].index(held.id) + 1
        new = [
            Piece(dossier_id=held.dossier_id, document_id=key, rang=len(pieces) + 1, copie=held.copie)
            for key in followers
        ]
        _number(db, [*pieces[:place], *new, *pieces[place:]])


def _pieces(db: Reader, dossier_id: str) -> list[Piece]:
    return db.all(Piece, _PIECE.dossier_id == dossier_id, order=(_PIECE.rang, _PIECE.id))


def _number(db: Writer, pieces: Sequence[Piece]) -> None:
    db.put_all(replace(piece, rang=rang) for rang, piece in enumerate(pieces, start=1))


def _documents(count: int) -> str:
    return "un document" if count == 1 else f"{count} documents"
