"""Pages turned, cut, joined, put in order: derived versions, the original bytes kept and found again.

A derived version enters by the same door as a scan. What was read of its pages comes with them, so that nothing is
lost to search meanwhile; only the pictures that were turned are read again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from mutuelle_desktop.domain.document import Document, Fichier, Lecture, Page, Piece, Source, Vignette
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.ids import new_id, now
from mutuelle_desktop.extraction.mots import Mot, pack, unpack
from mutuelle_desktop.extraction.sniff import PDF
from mutuelle_desktop.rendering.assemblage import Part
from mutuelle_desktop.services.lectures import keep_pages
from mutuelle_desktop.services.liens import existing
from mutuelle_desktop.services.mots_de_passe import unlock
from mutuelle_desktop.services.pieces import follow, join
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.library import Library, Writer
from mutuelle_desktop.storage.schema import TABLE_OF


@dataclass(frozen=True, slots=True, eq=False)
class _Papier:
    """One document open to be worked on."""

    document: Document
    fichier: Fichier
    contenu: bytes
    password: str
    lues: dict[int, Page]
    pages: int


@dataclass(frozen=True, slots=True)
class _Feuille:
    """One page of a version to make: where it comes from, and how far it is turned clockwise, in degrees."""

    papier: _Papier
    numero: int
    rotation: int = 0


@dataclass(frozen=True, slots=True)
class _Version:
    """A version made, safe in the vault, to be named by a row."""

    fichier: Fichier
    pages: list[Page]
    total: int
    vignette: bytes


def rotate(library: Library, workers: Workers, document_id: str, pages: Sequence[int] | None, degrees: int) -> Document:
    """Turn pages (from 1; None means all) clockwise by a multiple of 90 degrees."""
    if degrees % 90:
        raise Refused("Une page se tourne par quarts de tour.")
    papier = _open(library, workers, document_id)
    if not degrees % 360:
        return papier.document
    turned = set(range(1, papier.pages + 1) if pages is None else pages)
    if not turned or not turned <= set(range(1, papier.pages + 1)):
        raise Refused(f"Choisissez des pages entre 1 et {papier.pages}.")
    feuilles = [_Feuille(papier, n, degrees % 360 if n in turned else 0) for n in range(1, papier.pages + 1)]
    label = "Tourner une page" if len(turned) == 1 else f"Tourner {len(turned)} pages"
    return _replace(library, workers, papier, feuilles, label)


def reorder(library: Library, workers: Workers, document_id: str, order: Sequence[int]) -> Document:
    """Put all the pages in this order; leaving one out is refused, since nothing may be lost by a slip."""
    papier = _open(library, workers, document_id)
    if sorted(order) != list(range(1, papier.pages + 1)):
        raise Refused(f"Écrivez chaque page, de 1 à {papier.pages}, une seule fois.")
    return _replace(library, workers, papier, [_Feuille(papier, numero) for numero in order], "Ordonner les pages")


def split(library: Library, workers: Workers, document_id: str, after_pages: Sequence[int]) -> list[Document]:
    """Cut a document after these pages; the first part keeps its place and its id, the others follow it."""
    papier = _open(library, workers, document_id)
    cuts = sorted({numero for numero in after_pages if 1 <= numero < papier.pages})
    if not cuts:
        raise Refused("Choisissez après quelle page couper : il faut au moins une page de chaque côté.")
    bounds = list(zip([0, *cuts], [*cuts, papier.pages], strict=True))
    versions = [
        _make(library, workers, [_Feuille(papier, n) for n in range(first + 1, last + 1)]) for first, last in bounds
    ]
    document, count = papier.document, len(versions)
    parts = [
        replace(
            document,
            id=document.id if rank == 1 else new_id(),
            titre=f"{document.titre} ({rank}/{count})",
            empreinte=version.fichier.id,
            origines=_origins(document),
            ajoute_le=document.ajoute_le if rank == 1 else now(),
        )
        for rank, version in enumerate(versions, start=1)
    ]
    with library.write("Couper un document") as db:
        for version, part in zip(versions, parts, strict=True):
            _keep(db, version)
            db.put(part)
        follow(db, document.id, [part.id for part in parts[1:]])
    return parts


def merge(library: Library, workers: Workers, ids: Sequence[str], titre: str) -> Document:
    """Join documents, in this order, into a new one that takes the place of the first; they go to the trash."""
    if len(set(ids)) < 2:
        raise Refused("Choisissez au moins deux documents à réunir.")
    papiers = [_open(library, workers, key) for key in dict.fromkeys(ids)]
    feuilles = [_Feuille(papier, n) for papier in papiers for n in range(1, papier.pages + 1)]
    version, first = _make(library, workers, feuilles), papiers[0].document
    merged = replace(
        first,
        id=new_id(),
        titre=titre.strip() or first.titre,
        empreinte=version.fichier.id,
        origines=tuple(dict.fromkeys(mark for papier in papiers for mark in _origins(papier.document))),
        ajoute_le=now(),
        supprime_le=None,
    )
    with library.write(f"Réunir {len(papiers)} documents") as db:
        _keep(db, version)
        db.put(merged)
        follow(db, first.id, [merged.id])
        for papier in papiers:
            for held in sorted(_dossiers(db, papier.document.id) - _dossiers(db, merged.id)):
                join(db, merged.id, held)
            db.put(replace(papier.document, supprime_le=now()))
    return merged


def revert(library: Library, document_id: str) -> Document:
    """Give a document its original bytes back."""
    with library.write("Revenir à l’original") as db:
        document = existing(db, Document, document_id)
        if not document.origines:
            raise Refused("Ce document est déjà l’original.")
        if len(document.origines) > 1:
            raise Refused("Ce document en réunit plusieurs : restaurez-les depuis la corbeille, ou coupez-le.")
        original = replace(document, empreinte=document.origines[0], origines=())
        db.put(original)
    return original


def _open(library: Library, workers: Workers, document_id: str) -> _Papier:
    with library.read() as db:
        document = existing(db, Document, document_id)
        fichier = db.get(Fichier, document.empreinte)
        assert fichier is not None
        pages = db.all(Page, TABLE_OF[Page].c.empreinte == fichier.id)
        lecture = db.get(Lecture, fichier.id)
    contenu, count, password = library.vault.read(fichier.id), lecture.pages if lecture else 0, ""
    if fichier.mime == PDF or not count:

        def attempt(known: str) -> tuple[int, str]:
            return workers.inspect(contenu, fichier.mime, known).pages, known

        count, password = unlock(library, attempt)
    return _Papier(document, fichier, contenu, password, {page.numero: page for page in pages}, count)


def _replace(library: Library, workers: Workers, papier: _Papier, feuilles: Sequence[_Feuille], label: str) -> Document:
    """Make the version and give it to the document, which stays the same one everywhere."""
    version = _make(library, workers, feuilles)
    document = replace(papier.document, empreinte=version.fichier.id, origines=_origins(papier.document))
    with library.write(label) as db:
        _keep(db, version)
        db.put(document)
    return document


def _origins(document: Document) -> tuple[str, ...]:
    """Return the true originals: a version of a version still comes from them."""
    return document.origines or (document.empreinte,)


def _make(library: Library, workers: Workers, feuilles: Sequence[_Feuille]) -> _Version:
    """Assemble the pages, put the result in the vault, and bring what was read of them along."""
    contenu = workers.assemble(list(_parts(feuilles)))
    depot = library.vault.add_bytes(contenu)
    fichier = Fichier(id=depot.empreinte, sha256=depot.sha256, taille=depot.taille, mime=PDF)
    sizes = dict(enumerate(workers.inspect(contenu, PDF).tailles, start=1))
    pages = [
        _moved(read, fichier.id, place, feuille.rotation, sizes.get(place))
        for place, feuille in enumerate(feuilles, start=1)
        if (read := feuille.papier.lues.get(feuille.numero)) is not None
    ]
    return _Version(fichier, pages, len(feuilles), workers.thumbnail(contenu, PDF))


def _parts(feuilles: Sequence[_Feuille]) -> Iterator[Part]:
    for (papier, rotation), run in groupby(feuilles, key=lambda feuille: (feuille.papier, feuille.rotation)):
        numbers = tuple(feuille.numero for feuille in run)
        yield Part(papier.contenu, papier.fichier.mime, numbers, rotation, papier.password)


def _keep(db: Writer, version: _Version) -> None:
    if db.get(Fichier, version.fichier.id) is None:
        db.put(version.fichier)
    if version.vignette:
        db.put(Vignette(id=version.fichier.id, image=version.vignette))
    keep_pages(db, version.fichier.id, version.pages, total=version.total)


def _moved(page: Page, empreinte: str, place: int, rotation: int, size: tuple[float, float] | None) -> Page:
    """Return a page as read, at its new place: boxes turned with it and fitted to its new size.

    A picture that is turned keeps its text, so that it is still found, but not its boxes: it is read again.
    """
    moved = replace(page, id=f"{empreinte}:{place}", empreinte=empreinte, numero=place)
    if rotation and page.source is Source.OCR:
        largeur, hauteur = size or (page.largeur, page.hauteur)
        return replace(moved, largeur=largeur, hauteur=hauteur, mots=b"")
    mots, largeur, hauteur = unpack(page.mots), page.largeur, page.hauteur
    for _ in range(rotation // 90):
        mots = [Mot(m.texte, hauteur - m.y1, m.x0, hauteur - m.y0, m.x1, m.confiance) for m in mots]
        largeur, hauteur = hauteur, largeur
    across, down = (size[0] / largeur, size[1] / hauteur) if size else (1.0, 1.0)
    if not rotation and abs(across - 1) < 0.001 and abs(down - 1) < 0.001:
        return moved
    fitted = [Mot(m.texte, m.x0 * across, m.y0 * down, m.x1 * across, m.y1 * down, m.confiance) for m in mots]
    return replace(moved, largeur=largeur * across, hauteur=hauteur * down, mots=pack(fitted))


def _dossiers(db: Writer, document_id: str) -> set[str]:
    return {piece.dossier_id for piece in db.all(Piece, TABLE_OF[Piece].c.document_id == document_id)}
