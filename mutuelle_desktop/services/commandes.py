"""The commands without a window: each takes plain arguments and gives plain data and French lines.

They are carried out here, whether the process that was asked holds the library itself or asks the window that does.
"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.domain.errors import AppError, Protege, Refused, Unreadable
from mutuelle_desktop.extraction.sniff import refusal_of, sniff
from mutuelle_desktop.services import dossiers, exemple, importation, lectures
from mutuelle_desktop.services.dossiers import FiltreDossiers, Vue
from mutuelle_desktop.services.importation import EtatImport
from mutuelle_desktop.services.recherche import search_documents
from mutuelle_desktop.services.verification import verify
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.vault import TAILLE_MAX, TETE

Answer = dict[str, Any]
"""code (0 or 1), json (the document of --json), lignes (what is printed without it), erreur (a sentence or nothing)."""


def carry_out(library: Library, workers: Workers, arguments: dict[str, Any]) -> Answer:
    """Carry out one command; a refusal is an answer, never an exception."""
    try:
        return COMMANDES[arguments["commande"]](library, workers, arguments)
    except AppError as error:
        return {"code": 1, "json": None, "lignes": [], "erreur": str(error)}


def analyse(workers: Workers, arguments: dict[str, Any]) -> Answer:
    """Read files without keeping them: their text, and no field yet."""
    found, failures = [], []
    for name in arguments["fichiers"]:
        try:
            texte, pages = _text_of(workers, Path(name), arguments.get("mot_de_passe") or "")
            raison = ""
        except AppError as error:
            texte, pages, raison = "", 0, str(error)
            failures.append(f"{Path(name).name} : {error}")
        found.append({"file": name, "type": None, "type_niveau": None, "fields": {}, "lignes": [], "pages": pages,
                      "texte": texte, "raison": raison})  # fmt: skip
    lines = [f"— {f['file']} ({f['pages']} page(s))\n{f['texte']}" for f in found if not f["raison"]]
    return _answer(found, lines, failures)


def _import(library: Library, workers: Workers, arguments: dict[str, Any]) -> Answer:
    dossier_id = None
    if arguments.get("dossier"):
        dossier = dossiers.find_reference(library, arguments["dossier"])
        if dossier is None:
            raise Refused(f"Aucun dossier ne porte la référence « {arguments['dossier']} ».")
        dossier_id = dossier.id
    paths = [Path(name) for name in arguments["fichiers"]]
    password = arguments.get("mot_de_passe")
    taken = importation.import_files(library, workers, paths, dossier_id=dossier_id, password=password)
    lectures.read_pending(library, workers)
    rows, failures = [], []
    for one in taken:
        document_id = one.document_id or (one.jumeau.id if one.jumeau else None)
        with library.read() as db:
            document = db.get(Document, document_id) if document_id else None
        rows.append({"fichier": str(one.chemin), "etat": str(one.etat), "id": document_id,
                     "type": str(document.type) if document and document.type else None, "raison": one.raison})  # fmt: skip
        if one.etat in (EtatImport.ILLISIBLE, EtatImport.REFUSE):
            failures.append(f"{one.chemin.name} : {one.raison}")
    lines = [f"{row['etat']:<13} {row['fichier']}" + (f" — {row['raison']}" if row["raison"] else "") for row in rows]
    return _answer(rows, [*lines, importation.summary(taken)], failures)


def _search(library: Library, _workers: Workers, arguments: dict[str, Any]) -> Answer:
    found = search_documents(library, " ".join(arguments["mots"]))
    rows: list[dict[str, Any]] = [
        {"id": r.document.id, "titre": r.titre, "page": r.page, "extrait": r.extrait} for r in found
    ]
    lines = [f"{row['titre']} (p. {row['page']}) : {row['extrait'].replace(chr(10), ' ')}" for row in rows]
    return _answer(rows, [line.replace("⟦", "«").replace("⟧", "»") for line in lines] or ["Aucun papier trouvé."], [])


def _dossiers(library: Library, _workers: Workers, _arguments: dict[str, Any]) -> Answer:
    rows = []
    for found in dossiers.list_dossiers(library, FiltreDossiers(vue=Vue.TOUS)):
        d = found.dossier
        rows.append({
            "reference": d.reference, "titre": d.titre, "nature": str(d.nature), "statut": str(found.statut),
            "personne": found.personne, "mutuelle": found.mutuelle, "ouvert_le": d.ouvert_le.isoformat(),
            "clos_le": d.clos_le.isoformat() if d.clos_le else None, "montant_paye": _cents(d.montant_paye),
            "montant_secu": _cents(d.montant_secu), "montant_attendu": _cents(d.montant_attendu),
            "montant_recu": _cents(found.recu), "references_mutuelle": list(d.references_mutuelle),
            "pieces": found.pieces, "id": d.id,
        })  # fmt: skip
    lines = [f"{r['reference']}  {r['titre']} — {r['statut']}, {r['personne']}, {_pieces(r['pieces'])}" for r in rows]
    return _answer(rows, lines or ["Aucun dossier."], [])


def _verify(library: Library, _workers: Workers, _arguments: dict[str, Any]) -> Answer:
    bilan = verify(library)
    data = {"documents": bilan.documents, "manquants": list(bilan.manquants), "alteres": list(bilan.alteres),
            "orphelins": bilan.orphelins, "repares": bilan.repares, "base_ok": bilan.base_ok,
            "phrases": list(bilan.phrases)}  # fmt: skip
    failures = [] if bilan.sain else list(bilan.phrases)
    return _answer(data, list(bilan.phrases), failures)


def _example(library: Library, workers: Workers, _arguments: dict[str, Any]) -> Answer:
    if not exemple.is_empty(library):
        raise Refused(
            "Ce dossier de données contient déjà quelque chose. L’exemple ne s’installe que dans un dossier vide."
        )
    exemple.fill_example(library, workers)
    with library.read() as db:
        papers = db.count(Document)
    lines = [f"Foyer d’exemple installé : 3 personnes, 4 dossiers, {papers} papiers."]
    return _answer({"documents": papers, "dossiers": 4, "personnes": 3}, lines, [])


COMMANDES: dict[str, Callable[[Library, Workers, dict[str, Any]], Answer]] = {
    "importer": _import,
    "chercher": _search,
    "dossiers": _dossiers,
    "verifier": _verify,
    "exemple": _example,
}


def _answer(data: Any, lines: list[str], failures: list[str]) -> Answer:
    return {"code": 1 if failures else 0, "json": data, "lignes": lines, "erreur": "\n".join(failures)}


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 100)


def _text_of(workers: Workers, path: Path, password: str) -> tuple[str, int]:
    try:
        if path.stat().st_size > TAILLE_MAX:
            raise Refused("ce fichier dépasse 200 Mo.")
        contenu = path.read_bytes()
    except FileNotFoundError:
        raise Refused("ce fichier n’existe pas.") from None
    except OSError as error:
        raise Refused(f"ce fichier ne peut pas être ouvert ({error.strerror}).") from None
    mime = sniff(contenu[:TETE])
    if mime is None:
        raise Unreadable(refusal_of(contenu[:TETE]))
    try:
        pages = workers.inspect(contenu, mime, password).pages
    except Protege:
        raise Refused("ce PDF est protégé : donnez le mot de passe avec --mot-de-passe.") from None
    texts = []
    for page in workers.read_text(contenu, mime, 1, pages, password):
        waiting = page.a_ocr and workers.ocr_available() is None
        texts.append(workers.ocr(contenu, mime, page.numero, password).texte if waiting else page.texte)
    return "\f".join(texts), pages


def _pieces(count: Any) -> str:
    return f"{count} pièce{'s' if count > 1 else ''}" if count else "sans pièce"
