"""The commands without a window: each takes plain arguments and gives plain data and French lines.

They are carried out here, whether the process that was asked holds the library itself or asks the window that does.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from mutuelle_desktop.domain.document import Document, EtatLecture, Lecture
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import AppError, Protege, Refused, Unreadable
from mutuelle_desktop.domain.ids import local_now
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.extraction.sniff import refusal_of, sniff
from mutuelle_desktop.services import dossiers, exemple, importation, lectures
from mutuelle_desktop.services.dossiers import FiltreDossiers, Vue
from mutuelle_desktop.services.importation import EtatImport, Importe
from mutuelle_desktop.services.noms import displayed, one_line
from mutuelle_desktop.services.phrases import after_colon, counted, enumerated
from mutuelle_desktop.services.recherche import DEBUT, FIN, search_documents
from mutuelle_desktop.services.sources import Candidat, Copie, walk
from mutuelle_desktop.services.verification import verify
from mutuelle_desktop.services.workers import PAGES_PREMIERES, Workers
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.vault import TETE

Answer = dict[str, Any]
"""code (0 or 1), json (the document of --json), lignes (what is printed without it), erreur (a sentence or nothing)."""
_BLOC = 1024 * 1024


def carry_out(library: Library, workers: Workers, arguments: dict[str, Any]) -> Answer:
    """Carry out one command; a refusal is an answer, never an exception."""
    try:
        return _verb(arguments["commande"])(library, workers, arguments)
    except AppError as error:
        return refusal(str(error))


def _verb(name: str) -> Callable[[Library, Workers, dict[str, Any]], Answer]:
    """Return what carries out a command; those about dates and letters are loaded only when asked for."""
    if name in COMMANDES:
        return COMMANDES[name]
    if name in ("courrier", "dossier-complet"):
        from mutuelle_desktop.services import commandes_courriers

        return commandes_courriers.COMMANDES[name]
    if name == "sauvegarder":
        from mutuelle_desktop.services import commandes_sauvegardes

        return commandes_sauvegardes.back_up
    from mutuelle_desktop.services import commandes_echeances

    return commandes_echeances.COMMANDES[name]


def refusal(sentence: str) -> Answer:
    """Return the answer of a command that could do nothing at all."""
    return {"code": 1, "json": {"erreur": sentence}, "lignes": [], "erreur": sentence}


def analyse(workers: Workers, arguments: dict[str, Any]) -> Answer:
    """Read files without keeping them: their text, and no field yet."""
    rows: list[dict[str, Any]] = []
    failures = []
    for candidat in walk([Path(name) for name in arguments["fichiers"]]):
        pages, raison = _read_only(workers, candidat, arguments.get("mot_de_passe") or "")
        rows.append({"file": str(candidat.chemin), "type": None, "type_niveau": None, "fields": {}, "lignes": [],
                     "pages": len(pages), "texte": "\f".join(pages), "raison": raison})  # fmt: skip
        if raison:
            failures.append(_about(candidat.chemin, raison))
    lines = [f"— {one_line(row['file'])} ({counted(row['pages'], 'page')})\n{row['texte']}"
             for row in rows if row["pages"]]  # fmt: skip
    return _answer(rows, lines, failures)


def _import(library: Library, workers: Workers, arguments: dict[str, Any]) -> Answer:
    dossier_id = None
    if arguments.get("dossier"):
        dossier = dossiers.find_reference(library, arguments["dossier"])
        if dossier is None:
            raise Refused(f"Aucun dossier ne porte la référence « {one_line(arguments['dossier'])} ».")
        dossier_id = dossier.id
    paths = [Path(name) for name in arguments["fichiers"]]
    taken = importation.import_files(
        library, workers, paths, dossier_id=dossier_id, password=arguments.get("mot_de_passe")
    )
    lectures.read_pending(library, workers)
    rows = [_imported(library, one) for one in taken]
    lines = [f"{row['etat']:<13} {one_line(row['fichier'])}" + (f" — {row['raison']}" if row["raison"] else "")
             for row in rows]  # fmt: skip
    failures = [_about(one.chemin, row["raison"]) for one, row in zip(taken, rows, strict=True)
                if row["etat"] in (EtatImport.ILLISIBLE, EtatImport.REFUSE)]  # fmt: skip
    return _answer(rows, [*lines, f"{importation.summary(taken)}."], failures)


def _imported(library: Library, one: Importe) -> dict[str, Any]:
    """Return what became of one file, its reading included."""
    etat, raison = one.etat, one.raison
    with library.read() as db:
        document = db.get(Document, one.document_id) if one.document_id else None
        lecture = db.get(Lecture, document.empreinte) if document else None
    if lecture is not None and one.jumeau is None:
        unread = lecture.etat in (EtatLecture.ILLISIBLE, EtatLecture.PROTEGE)
        etat, raison = EtatImport.ILLISIBLE if unread else EtatImport.IMPORTE, lecture.raison
    return {"fichier": str(one.chemin), "etat": str(etat), "id": one.document_id,
            "type": str(document.type) if document and document.type else None, "raison": raison}  # fmt: skip


def _search(library: Library, _workers: Workers, arguments: dict[str, Any]) -> Answer:
    found = search_documents(library, " ".join(arguments["mots"]))
    rows: list[dict[str, Any]] = [{"id": r.id, "titre": r.titre, "page": r.page, "extrait": r.extrait} for r in found]
    lines = [f"{one_line(row['titre'])} (p. {row['page']}) : {one_line(row['extrait'])}" for row in rows]
    marked = [line.replace(DEBUT, "« ").replace(FIN, " »") for line in lines]
    return _answer(rows, marked or ["Aucun papier trouvé."], [])


def _dossiers(library: Library, _workers: Workers, _arguments: dict[str, Any]) -> Answer:
    rows: list[dict[str, Any]] = []
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
    lines = []
    for row in rows:
        pieces = counted(row["pieces"], "pièce") if row["pieces"] else "sans pièce"
        said = ", ".join(part for part in (row["statut"], row["personne"], pieces) if part)
        lines.append(f"{row['reference']}  {row['titre']} — {said}")
    return _answer(rows, lines or ["Aucun dossier."], [])


def _verify(library: Library, _workers: Workers, _arguments: dict[str, Any]) -> Answer:
    bilan = verify(library)
    data = {"documents": bilan.documents, "manquants": list(bilan.manquants), "alteres": list(bilan.alteres),
            "orphelins": bilan.orphelins, "repares": bilan.repares, "base_ok": bilan.base_ok,
            "phrases": list(bilan.phrases)}  # fmt: skip
    return _answer(data, bilan.phrases, []) if bilan.sain else _answer(data, [], bilan.phrases)


def _example(library: Library, workers: Workers, _arguments: dict[str, Any]) -> Answer:
    if not exemple.is_empty(library):
        raise Refused(
            "Ce dossier de données contient déjà quelque chose. L’exemple ne s’installe que dans un dossier vide."
        )
    exemple.fill_example(library, workers, today=local_now().date())
    with library.read() as db:
        data = {"documents": db.count(Document), "dossiers": db.count(Dossier), "personnes": db.count(Personne)}
    said = [counted(data["personnes"], "personne"), counted(data["dossiers"], "dossier"),
            counted(data["documents"], "papier")]  # fmt: skip
    return _answer(data, [f"Foyer d’exemple installé : {enumerated(said)}."], [])


COMMANDES: dict[str, Callable[[Library, Workers, dict[str, Any]], Answer]] = {
    "importer": _import,
    "chercher": _search,
    "dossiers": _dossiers,
    "verifier": _verify,
    "exemple": _example,
}


def _answer(data: Any, lines: Sequence[str], failures: Sequence[str]) -> Answer:
    return {"code": 1 if failures else 0, "json": data, "lignes": list(lines), "erreur": "\n".join(failures)}


def _about(chemin: Path, raison: str) -> str:
    return f"{displayed(chemin)} : {after_colon(raison)}"


def _cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 100)


def _read_only(workers: Workers, candidat: Candidat, password: str) -> tuple[list[str], str]:
    """Return the text of each page of a file, and why some or all of it is missing."""
    if candidat.raison:
        return [], candidat.raison
    try:
        contenu = _bytes_of(candidat.chemin)
        mime = sniff(contenu[:TETE])
        if mime is None:
            raise Unreadable(refusal_of(contenu[:TETE]))
        count = workers.inspect(contenu, mime, password).pages
        return _texts(workers, contenu, mime, count, password)
    except Protege:
        return [], "Ce PDF est protégé : donnez son mot de passe avec --mot-de-passe."
    except AppError as error:
        return [], str(error)


def _bytes_of(chemin: Path) -> bytes:
    copie = Copie(chemin)
    try:
        return b"".join(iter(lambda: copie.read(_BLOC), b""))
    finally:
        copie.close()


def _texts(workers: Workers, contenu: bytes, mime: str, count: int, password: str) -> tuple[list[str], str]:
    texts, raison, missing = [], "", workers.ocr_available()
    for first in range(1, count + 1, PAGES_PREMIERES):
        last = min(first + PAGES_PREMIERES - 1, count)
        for page in workers.read_text(contenu, mime, first, last, password):
            texts.append(page.texte)
            if page.a_ocr and missing:
                raison = raison or missing
            elif page.a_ocr:
                try:
                    texts[-1] = workers.ocr(contenu, mime, page.numero, password).texte
                except Unreadable as error:
                    raison = raison or f"Page {page.numero} : {after_colon(str(error))}"
    return texts, raison
