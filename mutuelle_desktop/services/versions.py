"""Derived versions: documents turned, cut, joined, put in another order; the original bytes are always kept."""

from collections.abc import Sequence
from dataclasses import replace

from mutuelle_desktop.domain.document import Document, EtatLecture, Fichier, Lecture, Page, Vignette
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.ids import new_id, now
from mutuelle_desktop.extraction.sniff import PDF
from mutuelle_desktop.rendering.assemblage import Part
from mutuelle_desktop.services.mots_de_passe import unlock
from mutuelle_desktop.services.pieces import follow
from mutuelle_desktop.services.workers import Premiere, Workers
from mutuelle_desktop.storage.library import Library, Writer
from mutuelle_desktop.storage.vault import Depot


def rotate(library: Library, workers: Workers, document_id: str, pages: Sequence[int] | None, degrees: int) -> None:
    """Turn some pages (all when None) clockwise by a multiple of 90 degrees."""
    document, fichier, total = _open(library, document_id)
    turned = set(pages or range(1, total + 1))
    parts = [_part(library, fichier, [n], degrees if n in turned else 0) for n in range(1, total + 1)]
    made = _assemble(library, workers, parts)
    kept = [n for n in range(1, total + 1) if n not in turned]
    with library.write("Tourner le document") as db:
        _derive(db, document, made, {n: n for n in kept})


def reorder(library: Library, workers: Workers, document_id: str, order: Sequence[int]) -> None:
    """Put the pages in this order; pages left out are refused, since nothing may be lost by a slip."""
    document, fichier, total = _open(library, document_id)
    if sorted(order) != list(range(1, total + 1)):
        raise Refused(f"Écrivez chaque page de 1 à {total} une seule fois.")
    made = _assemble(library, workers, [_part(library, fichier, list(order))])
    with library.write("Changer l’ordre des pages") as db:
        _derive(db, document, made, {new: old for new, old in enumerate(order, start=1)})


def split(library: Library, workers: Workers, document_id: str, after_pages: Sequence[int]) -> list[str]:
    """Cut a document after these pages; the first part keeps its place, the others follow it. Return their ids."""
    document, fichier, total = _open(library, document_id)
    cuts = sorted({n for n in after_pages if 0 < n < total})
    if not cuts:
        raise Refused("Choisissez une page qui ne soit pas la dernière : le document sera coupé juste après.")
    bounds = list(zip([0, *cuts], [*cuts, total], strict=True))
    made = [_assemble(library, workers, [_part(library, fichier, list(range(a + 1, b + 1)))]) for a, b in bounds]
    ids = []
    with library.write("Couper le document") as db:
        for place, ((start, end), part) in enumerate(zip(bounds, made, strict=True)):
            pages = {n - start: n for n in range(start + 1, end + 1)}
            titre = f"{document.titre} ({place + 1}/{len(bounds)})"
            if place == 0:
                _derive(db, replace(document, titre=titre), part, pages, source=document.empreinte)
                continue
            other = replace(document, id=new_id(), titre=titre, ajoute_le=now())
            _derive(db, other, part, pages, source=document.empreinte)
            ids.append(other.id)
        follow(db, document.id, ids)
    return ids


def merge(library: Library, workers: Workers, ids: Sequence[str], titre: str) -> str:
    """Join documents into the first one, in this order; the others go to the trash. Return its id."""
    if len(ids) < 2:
        raise Refused("Choisissez au moins deux documents à réunir.")
    opened = [_open(library, key) for key in ids]
    made = _assemble(library, workers, [_part(library, fichier, []) for _, fichier, _ in opened])
    first = opened[0][0]
    others = [document for document, _, _ in opened[1:]]
    with library.write("Réunir les documents") as db:
        kept = tuple(dict.fromkeys(mark for d in others for mark in (*d.origines, d.empreinte)))
        joined = replace(first, titre=titre.strip() or first.titre, origines=(*first.origines, *kept))
        copied: list[tuple[str, int]] = [(d.empreinte, n) for d, _, total in opened for n in range(1, total + 1)]
        _derive(db, joined, made, {}, sources=copied)
        for document in others:
            db.put(replace(document, supprime_le=now()))
    return first.id


def revert(library: Library, document_id: str) -> None:
    """Show the original bytes of a document again."""
    with library.write("Revenir à l’original") as db:
        document = db.get(Document, document_id)
        if document is None or not document.origines:
            raise Refused("Ce document est déjà l’original.")
        db.put(replace(document, empreinte=document.origines[0], origines=()))


def _open(library: Library, document_id: str) -> tuple[Document, Fichier, int]:
    with library.read() as db:
        document = db.get(Document, document_id)
        fichier = db.get(Fichier, document.empreinte) if document else None
        lecture = db.get(Lecture, document.empreinte) if document else None
    if document is None or fichier is None:
        raise Refused("Ce document n’existe plus.")
    if lecture is None or not lecture.pages:
        raise Refused("Ce document n’a pas pu être lu : il ne peut être ni tourné ni découpé.")
    return document, fichier, lecture.pages


def _part(library: Library, fichier: Fichier, pages: Sequence[int], rotation: int = 0) -> Part:
    return Part(library.vault.read(fichier.id), fichier.mime, tuple(pages), rotation)


def _assemble(library: Library, workers: Workers, parts: Sequence[Part]) -> tuple[Depot, Premiere]:
    def attempt(password: str) -> bytes:
        return workers.assemble([replace(part, password=password) for part in parts])

    contenu = unlock(library, attempt)
    return library.vault.add_bytes(contenu), workers.read_all(contenu, PDF)


def _derive(
    db: Writer, document: Document, made: tuple[Depot, Premiere], pages: dict[int, int], *, source: str | None = None,
    sources: Sequence[tuple[str, int]] = (),
) -> None:  # fmt: skip
    """Give a document its derived bytes; pages whose text is known keep it, so that search holds at once."""
    depot, premiere = made
    source = source or document.empreinte
    db.put(Fichier(id=depot.empreinte, sha256=depot.sha256, taille=depot.taille, mime=PDF))
    if premiere.vignette:
        db.put(Vignette(id=depot.empreinte, image=premiere.vignette))
    wanted = {new: (source, old) for new, old in pages.items()}
    wanted.update({new: found for new, found in enumerate(sources, start=1)})
    known = 0
    for new, (mark, old) in wanted.items():
        page = db.get(Page, f"{mark}:{old}")
        if page is not None:
            db.put(replace(page, id=f"{depot.empreinte}:{new}", empreinte=depot.empreinte, numero=new))
            known += 1
    etat = EtatLecture.LU if known >= premiere.pages else EtatLecture.COPIE
    db.put(Lecture(id=depot.empreinte, etat=etat, pages=premiere.pages, pages_lues=known))
    origines = document.origines if source in document.origines else (*document.origines, source)
    db.put(replace(document, empreinte=depot.empreinte, origines=tuple(dict.fromkeys(origines))))
