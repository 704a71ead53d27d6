"""The commands about letters: one letter from a dossier's facts, and the numbered file of a whole dossier."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import Refused, Unavailable
from mutuelle_desktop.domain.ids import local_now
from mutuelle_desktop.domain.relecture import Gravite
from mutuelle_desktop.rendering.courrier import page_count, pdf_of
from mutuelle_desktop.services import courriers, dossiers, modeles
from mutuelle_desktop.services.dossier_complet import Pour, dossier_complet, plan_of, write_dossier_complet
from mutuelle_desktop.services.noms import one_line
from mutuelle_desktop.services.phrases import after_colon, counted
from mutuelle_desktop.services.redaction import begin, contexte_of
from mutuelle_desktop.services.sorties import write_new
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.library import Library

Answer = dict[str, Any]


def _courrier(library: Library, workers: Workers, arguments: dict[str, Any]) -> Answer:
    """Write a letter of a model; it is kept in the library only when asked."""
    chemin, today = _free(arguments["sortie"]), _today(arguments)
    dossier, modele = _dossier(library, arguments["dossier"]), modeles.get(arguments["modele"].upper())
    saisies = dict(arguments.get("champ") or ())
    unknown = sorted(saisies.keys() - modeles.champs().keys())
    if unknown:
        raise Refused(f"Aucun champ ne s’appelle «\u00a0{one_line(unknown[0])}\u00a0».")
    with library.read() as db:
        letter = begin(db, modele, dossier, saisies, today)
    contexte = contexte_of(library, letter, workers)
    remarques = contexte.remarques(letter, today)
    blocking = [one for one in remarques if one.gravite is Gravite.BLOQUE]
    if blocking:
        names = [one.ou.removeprefix("champ:") for one in blocking if one.ou.startswith("champ:")]
        hint = f" Champs à donner par --champ\u00a0: {', '.join(names)}." if names else ""
        said = after_colon(" ".join(one.texte for one in blocking))
        raise Refused(f"La lettre n’est pas prête\u00a0: {said}{hint}")
    lettre = contexte.lettre(letter)
    write_new(chemin.parent, chemin.name, pdf_of(lettre))
    kept = (
        courriers.create_courrier(library, today=today, modele=modele.id, dossier_id=dossier.id, saisies=saisies)
        if arguments.get("garder")
        else None
    )
    pages = page_count(lettre)
    data = {
        "fichier": str(chemin), "modele": modele.id, "titre": modele.titre, "objet": lettre.objet, "pages": pages,
        "canal": str(letter.canal), "reclamation": modele.reclamation, "destinataire": list(lettre.destinataire),
        "pieces": [piece.titre for piece in lettre.pieces], "conseils": [one.texte for one in remarques],
        "effet": modele.effet, "id": kept.id if kept else None,
    }  # fmt: skip
    lines = [f"Lettre écrite\u00a0: {counted(pages, 'page')} dans «\u00a0{chemin.name}\u00a0».", modele.effet]
    return _answer(data, [*(line for line in lines if line), *(f"À relire\u00a0: {one.texte}" for one in remarques)])


def _dossier_complet(library: Library, workers: Workers, arguments: dict[str, Any]) -> Answer:
    """Write the numbered file; what could not be put in it is told, and the file says it too."""
    chemin, today = _free(arguments["sortie"]), _today(arguments)
    dossier, pour = _dossier(library, arguments["dossier"]), Pour(arguments.get("pour") or Pour.MUTUELLE)
    manques = plan_of(library, dossier.id, pour, today).manques
    made = dossier_complet(library, workers, dossier.id, pour, today)
    write_dossier_complet(made, chemin)
    data = {"fichier": str(chemin), "dossier": dossier.reference, "pour": str(pour), "pages": made.pages,
            "pieces": made.pieces, "avis": list(made.avis), "manques": list(manques)}  # fmt: skip
    said = f"{counted(made.pages, 'page')}, {counted(made.pieces, 'pièce')}"
    lines = [
        f"Dossier complet écrit\u00a0: {said} dans «\u00a0{chemin.name}\u00a0».",
        *(f"Manque\u00a0: {one}." for one in manques),
    ]
    return _answer(data, lines, "\n".join(made.avis))


COMMANDES: dict[str, Callable[[Library, Workers, dict[str, Any]], Answer]] = {
    "courrier": _courrier,
    "dossier-complet": _dossier_complet,
}


def _dossier(library: Library, reference: str) -> Dossier:
    found = dossiers.find_reference(library, reference)
    if found is None:
        raise Refused(f"Aucun dossier ne porte la référence «\u00a0{one_line(reference)}\u00a0».")
    return found


def _free(sortie: str) -> Path:
    """Return where to write; what is there already is never replaced, and that is said before any work is done."""
    chemin = Path(sortie)
    if chemin.exists():
        raise Refused(f"«\u00a0{chemin.name}\u00a0» existe déjà\u00a0: choisissez un autre nom, rien n’a été remplacé.")
    if not chemin.parent.is_dir():
        raise Unavailable(
            f"Le dossier «\u00a0{chemin.parent}\u00a0» n’existe pas. Créez-le, ou choisissez-en un autre."
        )
    return chemin


def _today(arguments: dict[str, Any]) -> date:
    """Return the day of the command, or the one a test gives."""
    given = arguments.get("maintenant")
    return date.fromisoformat(given) if given else local_now().date()


def _answer(data: Any, lines: Sequence[str], told: str = "") -> Answer:
    return {"code": 0, "json": data, "lignes": list(lines), "erreur": told}
