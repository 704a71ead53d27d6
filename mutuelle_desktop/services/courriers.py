"""What can be done with letters, and what can be asked about them: written, checked, frozen; sent is in expeditions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from mutuelle_desktop.domain.contrat import Contact
from mutuelle_desktop.domain.courrier import (
    Champ,
    Courrier,
    EtatCourrier,
    Lettre,
    bloc_en_texte,
    missing,
    overridden,
    texte_of,
)
from mutuelle_desktop.domain.document import Document, Fichier, Lecture, TypeDocument
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.ids import new_id, now
from mutuelle_desktop.domain.relecture import Gravite, Remarque
from mutuelle_desktop.extraction.sniff import PDF
from mutuelle_desktop.rendering.courrier import pdf_of
from mutuelle_desktop.services import modeles
from mutuelle_desktop.services.liens import check_link
from mutuelle_desktop.services.noms import safe_name
from mutuelle_desktop.services.phrases import after_colon
from mutuelle_desktop.services.pieces import join
from mutuelle_desktop.services.redaction import Contexte, begin, contexte_of, existing_dossier, frozen, thawed
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.index import plain
from mutuelle_desktop.storage.library import Library, Reader
from mutuelle_desktop.storage.schema import TABLE_OF
from mutuelle_desktop.storage.schema import courrier as table

__all__ = [
    "Contexte",
    "FiltreCourriers",
    "LigneCourrier",
    "champs_of",
    "contexte_of",
    "create_courrier",
    "delete_courrier",
    "duplicate_courrier",
    "finalise",
    "get_courrier",
    "lettre_of",
    "list_courriers",
    "missing",
    "modeles",
    "overridden",
    "pdf_of_courrier",
    "relire_courrier",
    "save_draft",
    "texte_of",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class FiltreCourriers:
    """What a list of letters must satisfy; None asks nothing."""

    mots: str = ""
    dossier_id: str | None = None
    etat: EtatCourrier | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LigneCourrier:
    """One row of the list; titre is the subject, else what its model is called."""

    courrier: Courrier
    titre: str
    dossier: Dossier | None = None

    @property
    def id(self) -> str:
        """Return the letter's id."""
        return self.courrier.id

    @property
    def destinataire(self) -> str:
        """Return whom it is for, in one line."""
        return self.courrier.destinataire[0] if self.courrier.destinataire else ""


def list_courriers(
    library: Library, filtre: FiltreCourriers | None = None, limit: int | None = None
) -> list[LigneCourrier]:
    """Return the letters that satisfy a filter, the last written first; those of dossiers in the trash are left out.

    limit bounds the letters looked at when no word is asked for.
    """
    filtre = filtre or FiltreCourriers()
    where = [] if filtre.dossier_id is None else [table.c.dossier_id == filtre.dossier_id]
    if filtre.etat is not None:
        where.append(table.c.etat == filtre.etat)
    with library.read() as db:
        found = db.all(
            Courrier,
            *where,
            order=(table.c.modifie_le.desc(), table.c.id),
            limit=None if filtre.mots.strip() else limit,
        )
        held = {c.dossier_id for c in found if c.dossier_id}
        dossiers = {d.id: d for d in db.all(Dossier, TABLE_OF[Dossier].c.id.in_(held))}
        titles = {c.modele: m.titre for c in found if (m := modeles.find(db, c.modele)) is not None}
    words = plain(filtre.mots).split()
    lignes = [
        LigneCourrier(
            courrier=c, titre=_subject(c) or titles.get(c.modele, "Lettre sans objet"), dossier=dossiers.get(c.dossier_id or "")
        )
        for c in found
    ]  # fmt: skip
    return [
        ligne
        for ligne in lignes
        if (ligne.dossier is None or ligne.dossier.supprime_le is None) and _matches(ligne, words)
    ]


def get_courrier(library: Library, key: str) -> Courrier:
    """Return one letter."""
    with library.read() as db:
        return _existing(db, key)


def champs_of(library: Library, courrier: Courrier) -> Mapping[str, Champ]:
    """Return every field of a letter with its value, as the facts give it now."""
    return contexte_of(library, courrier).champs(courrier)


def create_courrier(
    library: Library, *, today: date, modele: str = "", dossier_id: str | None = None,
    saisies: Mapping[str, str] | None = None,
) -> Courrier:  # fmt: skip
    """Begin a letter from a model, or a free one, with all that the dossier tells."""
    with library.write("Commencer une lettre") as db:
        dossier = existing_dossier(db, dossier_id)
        found = modeles.find(db, modele) if modele else None
        if modele and found is None:
            raise Refused("Ce modèle de lettre n’existe plus. Choisissez-en un autre.")
        new = begin(db, found, dossier, saisies or {}, today)
        db.put(new)
    return new


def save_draft(library: Library, courrier: Courrier, *, frappe: str = "") -> Courrier:
    """Keep what is written; all that is kept under one frappe (a spell of typing) is one step for undo.

    What does not belong to the writing (state, frozen PDF, events) stays as it is; nothing happens when nothing changed.
    """
    label, group = "Écrire une lettre", f"courrier:{courrier.id}:{frappe}" if frappe else None
    with library.write(label, group=group) as db:
        kept = _draft(db, courrier.id)
        check_link(db, Dossier, courrier.dossier_id)
        value = replace(
            courrier, etat=kept.etat, cree_le=kept.cree_le, modifie_le=kept.modifie_le, final_le=None, empreinte="",
            document_id=None, evenement_id=None,
            contact_id=courrier.contact_id if courrier.contact_id and db.get(Contact, courrier.contact_id) else None,
        )  # fmt: skip
        if value != kept:
            value = replace(value, modifie_le=now())
            db.put(value)
    return value


def duplicate_courrier(library: Library, key: str, today: date) -> Courrier:
    """Make a copy that can be written again, dated of today; what the dossier tells is bound to it anew."""
    source = get_courrier(library, key)
    contexte = contexte_of(library, source)
    moment = now()
    copy = replace(
        thawed(source, contexte.champs(replace(source, corps=()))), id=new_id(), jour=today, etat=EtatCourrier.BROUILLON,
        cree_le=moment, modifie_le=moment, final_le=None, empreinte="", document_id=None, evenement_id=None, numero="",
        cout=None,
    )  # fmt: skip
    with library.write("Copier la lettre") as db:
        _existing(db, key)
        db.put(copy)
    return copy


def delete_courrier(library: Library, key: str) -> None:
    """Remove a letter that was not sent; the PDF of a frozen one goes to the trash with it."""
    with library.write("Supprimer la lettre") as db:
        value = _existing(db, key)
        if value.etat is EtatCourrier.ENVOYE:
            raise Refused(
                "Cette lettre est partie\u00a0: elle reste dans le dossier, comme preuve. Pour dire qu’elle n’est pas "
                "partie, retirez d’abord son envoi de la chronologie."
            )
        paper = db.get(Document, value.document_id) if value.document_id else None
        if paper is not None:
            db.put(replace(paper, supprime_le=paper.supprime_le or now()))
        db.delete(value)


def lettre_of(library: Library, key: str, workers: Workers | None = None) -> Lettre:
    """Return a letter with everything said; its scanned signature is there when workers are."""
    value = get_courrier(library, key)
    return contexte_of(library, value, workers).lettre(value)


def pdf_of_courrier(library: Library, key: str, workers: Workers) -> bytes:
    """Return the PDF of a letter: the frozen one, to the byte, once it is final, else what it would be."""
    value = get_courrier(library, key)
    if value.empreinte:
        return library.vault.read(value.empreinte)
    return pdf_of(contexte_of(library, value, workers).lettre(value))


def relire_courrier(library: Library, courrier: Courrier, today: date) -> tuple[Remarque, ...]:
    """Return what there is to say of a letter before it is final; some remarks stop it, the others advise."""
    return contexte_of(library, courrier).remarques(courrier, today)


def finalise(library: Library, workers: Workers, key: str, today: date) -> Courrier:
    """Freeze a letter: its PDF made, safe in the vault, filed in the dossier; refused while something stops it.

    The bytes are durable before a row names them; they never change afterwards, and a copy can be written again.
    """
    with library.read() as db:
        draft = _draft(db, key)
    contexte = contexte_of(library, draft, workers)
    blocking = [r.texte for r in contexte.remarques(draft, today) if r.gravite is Gravite.BLOQUE]
    if blocking:
        raise Refused(f"La lettre n’est pas prête\u00a0: {after_colon(' '.join(blocking))}")
    final = frozen(draft, contexte.champs(draft))
    contenu = pdf_of(contexte.lettre(final))
    depot = library.vault.add_bytes(contenu)
    moment = now()
    with library.write("Finaliser la lettre") as db:
        if _draft(db, key) != draft:
            raise Refused("La lettre a changé entre-temps. Relisez-la, puis finalisez-la à nouveau.")
        if db.get(Fichier, depot.empreinte) is None:
            db.put(Fichier(id=depot.empreinte, sha256=depot.sha256, taille=depot.taille, mime=PDF))
            db.put(db.get(Lecture, depot.empreinte) or Lecture(id=depot.empreinte))
        dossier = db.get(Dossier, final.dossier_id) if final.dossier_id else None
        titre = final.objet or "Lettre"
        paper = Document(
            titre=titre, nom=safe_name(f"{final.jour.isoformat()} {titre}", ".pdf"), empreinte=depot.empreinte,
            type=TypeDocument.COURRIER, personne_id=dossier.personne_id if dossier else None, date_document=final.jour,
            emetteur=contexte.expediteur.nom, ajoute_le=moment, classe_le=moment,
        )  # fmt: skip
        db.put(paper)
        if dossier is not None:
            join(db, paper.id, dossier.id)
        final = replace(
            final, etat=EtatCourrier.FINAL, modifie_le=moment, final_le=moment, empreinte=depot.empreinte,
            document_id=paper.id,
        )  # fmt: skip
        db.put(final)
    return final


def _existing(db: Reader, key: str) -> Courrier:
    value = db.get(Courrier, key)
    if value is None:
        raise Refused("Cette lettre n’existe plus.")
    return value


def _draft(db: Reader, key: str) -> Courrier:
    """Return a letter that may still be written."""
    value = _existing(db, key)
    if value.etat is not EtatCourrier.BROUILLON:
        raise Refused("Cette lettre est finalisée\u00a0: elle ne change plus. Faites-en une copie pour la reprendre.")
    return value


def _subject(value: Courrier) -> str:
    return " ".join(value.objet.split())


def _matches(ligne: LigneCourrier, words: list[str]) -> bool:
    if not words:
        return True
    value = ligne.courrier
    told = [ligne.titre, *value.destinataire, value.numero, value.notes, *map(bloc_en_texte, value.corps)]
    told += [ligne.dossier.reference, ligne.dossier.titre] if ligne.dossier else []
    text = plain(" ".join(told))
    return all(word in text for word in words)
