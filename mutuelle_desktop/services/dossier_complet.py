"""« Dossier complet »: one numbered PDF of a dossier, for the mutuelle, for the médiateur or for oneself."""

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mutuelle_desktop.domain.document import Fichier
from mutuelle_desktop.domain.errors import AppError, Protege, Refused, Unavailable, Unreadable
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.rendering.dossier import Partie, Signet
from mutuelle_desktop.rendering.feuillets import Feuillets, Masque, avis
from mutuelle_desktop.rendering.sommaire import Entree, Liminaire, liminaire_of, page_count
from mutuelle_desktop.services.mots_de_passe import unlock
from mutuelle_desktop.services.phrases import counted, enumerated
from mutuelle_desktop.services.plan_dossier import Element, Plan, Pour, plan_of
from mutuelle_desktop.services.sorties import write_new
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.library import Library

__all__ = ["DossierComplet", "Masque", "Plan", "Pour", "dossier_complet", "plan_of", "write_dossier_complet"]

POIDS_MAX = 350 * 1024 * 1024
"""Bytes of sheets that are bound at once: beyond, no mailbox nor form takes the file either."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DossierComplet:
    """The file made: its bytes, how many pages, and what could not be put in it, in sentences."""

    contenu: bytes
    pages: int
    pieces: int
    avis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pret:
    """One paper ready to be bound, and what there is to say of it."""

    element: Element
    feuillets: Feuillets
    avis: str = ""


def dossier_complet(
    library: Library, workers: Workers, dossier_id: str, pour: Pour, today: date, *,
    masques: Mapping[str, Sequence[Masque]] | None = None, sans: Collection[str] = (), courrier_id: str | None = None,
    progress: Progress | None = None,
) -> DossierComplet:  # fmt: skip
    """Make the numbered file: cover, contents, story, letters, enclosures.

    masques are the zones to hide, by document; sans the documents left out; courrier_id the letter whose numbers the
    enclosures follow. A paper that cannot be opened gives way to a page that says so.
    """
    progress = progress or Progress()
    plan = plan_of(library, dossier_id, pour, today, sans=sans, courrier_id=courrier_id)
    ready = _make_ready(library, workers, plan, masques or {}, progress)
    if sum(len(one.feuillets.contenu) for one in ready) > POIDS_MAX:
        raise Refused(
            f"Ce dossier dépasse {POIDS_MAX // (1024 * 1024)}\u00a0Mo, même réduit\u00a0: faites-en deux, en laissant de "
            "côté une partie des pièces."
        )
    told = tuple(one.avis for one in ready if one.avis)
    progress.step(len(ready), len(ready) + 1, "Assemblage du dossier")
    front = liminaire_of(_liminaire(plan, ready, told))
    parts = [front, *(_part(one) for one in ready)]
    contenu = workers.bind(parts, f"{plan.titre} – {plan.dossier.titre}", plan.titre, progress=progress)
    pages = page_count(front) + sum(one.feuillets.pages for one in ready)
    return DossierComplet(contenu=contenu, pages=pages, pieces=len(plan.pieces), avis=told)


def write_dossier_complet(made: DossierComplet, chemin: Path) -> Path:
    """Write the file where the user says; what is there already is never replaced."""
    if chemin.exists():
        raise Refused(f"«\u00a0{chemin.name}\u00a0» existe déjà\u00a0: choisissez un autre nom, rien n’a été remplacé.")
    if not chemin.parent.is_dir():
        raise Unavailable(
            f"Le dossier «\u00a0{chemin.parent}\u00a0» n’existe pas. Créez-le, ou choisissez-en un autre."
        )
    return write_new(chemin.parent, chemin.name, made.contenu)


def _make_ready(
    library: Library, workers: Workers, plan: Plan, masques: Mapping[str, Sequence[Masque]], progress: Progress
) -> list[_Pret]:
    """Have the papers made ready, as many at a time as there are workers; the user may stop between two."""
    elements = plan.elements
    ready: list[_Pret] = []
    with ThreadPoolExecutor(workers.count) as pool:
        under_way = [
            pool.submit(_sheets, library, workers, element, masques.get(element.document.id, ()), progress)
            for element in elements
        ]
        try:
            for done, future in enumerate(under_way):
                progress.step(done, len(elements) + 1, f"{elements[done].etiquette}\u00a0: {elements[done].titre}")
                ready.append(future.result())
        finally:
            for future in under_way:
                future.cancel()
    return ready


def _sheets(
    library: Library, workers: Workers, element: Element, masques: Sequence[Masque], progress: Progress
) -> _Pret:
    """Return the sheets of one paper, or one that says why they are not there."""
    try:
        with library.read() as db:
            fichier = db.get(Fichier, element.document.empreinte)
        assert fichier is not None
        contenu = library.vault.read(fichier.id)

        def attempt(password: str) -> Feuillets:
            return workers.sheets(
                contenu, fichier.mime, element.etiquette, password, masques=masques, progress=progress
            )

        made = unlock(library, attempt)
    except (Unreadable, Unavailable) as error:
        return _missing(element, error)
    lost = [str(page) for page in made.perdues]
    said = f"{element.etiquette}, {counted(len(lost), 'page')} non reproduite{'s' * (len(lost) > 1)}\u00a0: {enumerated(lost)}."
    return _Pret(element, made, said if lost else "")


def _missing(element: Element, error: AppError) -> _Pret:
    locked = isinstance(error, Protege)
    why = "ce PDF est protégé par un mot de passe" if locked else "son fichier ne peut pas être ouvert"
    what = (
        "Ouvrez-le une fois dans le programme avec son mot de passe, puis refaites le dossier."
        if locked
        else "Joignez-le à part, ou numérisez à nouveau le papier."
    )
    lines = (f"{element.etiquette}\u00a0: {element.titre}", "", f"Ce document n’est pas reproduit ici\u00a0: {why}.")
    return _Pret(
        element,
        avis(element.etiquette, lines),
        f"{element.etiquette} («\u00a0{element.titre}\u00a0»)\u00a0: {why}. {what}",
    )


def _liminaire(plan: Plan, ready: Sequence[_Pret], told: Sequence[str]) -> Liminaire:
    entries = tuple(
        Entree(numero=one.element.etiquette, titre=one.element.titre, jour=one.element.jour, pages=one.feuillets.pages)
        for one in ready
    )
    own = told if plan.pour is Pour.MOI else tuple(f"{one.element.etiquette}\u00a0: document non reproduit." for one in ready
                                                   if one.avis)  # fmt: skip
    return Liminaire(
        titre=plan.titre, sujet=plan.dossier.titre, pied=plan.titre, jour=plan.jour, garde=plan.garde,
        avis=(*plan.avis, *own), entrees=entries, exigence=plan.exigence, completude=plan.completude,
        chronologie=plan.chronologie,
    )  # fmt: skip


def _part(one: _Pret) -> Partie:
    return Partie(one.feuillets.contenu, (Signet(f"{one.element.etiquette} – {one.element.titre}"),))
