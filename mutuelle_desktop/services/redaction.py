"""What a letter is set from: its fields, its numbered enclosures, who writes and to whom, all read in one view."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO

from PIL import Image

from mutuelle_desktop.domain.adresse import adresse_normee
from mutuelle_desktop.domain.cas import Cas
from mutuelle_desktop.domain.contrat import Contact, Mutuelle
from mutuelle_desktop.domain.courrier import (
    Bloc,
    Champ,
    Courrier,
    EtatCourrier,
    Expediteur,
    Fragment,
    Lettre,
    PieceJointe,
    fill,
    fragments_of,
    resolve,
)
from mutuelle_desktop.domain.document import Document, Fichier, Lecture, TypeDocument
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier
from mutuelle_desktop.domain.modele import Destinataire, Modele
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.domain.regle import Regles
from mutuelle_desktop.domain.relecture import Remarque, relire
from mutuelle_desktop.services import modeles
from mutuelle_desktop.services.champs import DATES, Situation, champs_of, mediateur_of, read_situation
from mutuelle_desktop.services.faits import read_cas, regles_of
from mutuelle_desktop.services.liens import existing
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.index import plain
from mutuelle_desktop.storage.library import Library, Reader
from mutuelle_desktop.storage.schema import TABLE_OF, contact

_SIGNATURE = 900
"""Pixels of the longer side of a scanned signature: 600 dots an inch at 4 cm."""
_SERVICES = {
    NatureDossier.REMBOURSEMENT: ("rembours", "prestation"),
    NatureDossier.RECLAMATION: ("reclam",),
    NatureDossier.PRISE_EN_CHARGE: ("prise en charge", "rembours", "prestation"),
    NatureDossier.RESILIATION: ("resili", "adherent"),
    NatureDossier.MODIFICATION: ("adherent", "gestion"),
    NatureDossier.INFORMATION: ("adherent",),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Contexte:
    """All that a letter takes from elsewhere; lettre() is quick, so that each keystroke may ask for it."""

    situation: Situation
    modele: Modele | None = None
    pieces: tuple[PieceJointe, ...] = ()
    expediteur: Expediteur
    regles: Regles
    types: Mapping[str, TypeDocument | None]
    signature: bytes | None = None

    @property
    def cas(self) -> Cas | None:
        """Return the facts of the dossier."""
        return self.situation.cas

    def champs(self, courrier: Courrier) -> dict[str, Champ]:
        """Return the fields; what the letter says of one that nothing else tells holds everywhere in it."""
        required = None if self.modele is None else _required(self.modele, courrier)
        found = champs_of(self.situation, {}, required)
        own = {f.champ: f.texte for f in fragments_of(courrier.corps) if f.champ and f.texte}
        for nom, texte in own.items():
            if nom in found and not found[nom].valeur:
                found[nom] = replace(found[nom], valeur=texte, source="votre lettre")
        return found

    def lettre(self, courrier: Courrier) -> Lettre:
        """Return the letter with everything said."""
        return resolve(courrier, self.champs(courrier), self.pieces, self.expediteur, self.signature)

    def remarques(self, courrier: Courrier, today: date) -> tuple[Remarque, ...]:
        """Return what there is to say of the letter before it is final."""
        types = {found for key in courrier.pieces if (found := self.types.get(key))}
        return relire(
            courrier, self.lettre(courrier), self.modele, self.champs(courrier), self.cas, today=today,
            regles=self.regles, types=types,
        )  # fmt: skip


def contexte_of(library: Library, courrier: Courrier, workers: Workers | None = None) -> Contexte:
    """Return what a letter is set from; its scanned signature is drawn by workers, and left out without them."""
    with library.read() as db:
        cas = read_cas(db, courrier.dossier_id) if courrier.dossier_id else None
        situation = read_situation(db, cas)
        found = Contexte(
            situation=situation,
            modele=modeles.find(db, courrier.modele),
            pieces=tuple(pieces_jointes(db, courrier.pieces)),
            expediteur=expediteur_of(situation),
            regles=regles_of(db),
            types={d.id: d.type for d in db.all(Document, TABLE_OF[Document].c.id.in_(courrier.pieces))},
        )
        paper = db.get(Document, courrier.signature) if courrier.signature and workers else None
        fichier = db.get(Fichier, paper.empreinte) if paper else None
    if fichier is None or workers is None:
        return found
    return replace(found, signature=_signature(workers, library.vault.read(fichier.id), fichier.mime))


def begin(
    db: Reader, modele: Modele | None, dossier: Dossier | None, saisies: Mapping[str, str], today: date
) -> Courrier:
    """Return a new letter of this model (None for a free one) about a dossier, with all that is known filled in."""
    cas = read_cas(db, dossier.id) if dossier else None
    situation = read_situation(db, cas)
    if modele is None:
        return _free(db, dossier, situation, today)
    given = {nom: texte.strip() for nom, texte in saisies.items() if texte.strip()}
    champs = champs_of(situation, given, None)
    known = [nom for nom, champ in champs.items() if champ.valeur]
    corps = modele.corps(situation.mutuelle.nature if situation.mutuelle else None, known)
    bound = champs_of(situation, {}, None)
    own = {nom: texte for nom, texte in given.items() if nom not in bound or bound[nom].valeur != texte}
    service, lines = recipient(db, modele.destinataire, dossier, situation.mutuelle)
    wanted = (*modele.pieces_requises, *modele.pieces_suggerees)
    papers = [paper for kind in dict.fromkeys(wanted) for paper in situation.papiers if paper.type is kind]
    author = situation.auteur
    return Courrier(
        dossier_id=dossier.id if dossier else None,
        modele=modele.id,
        modele_version=modele.version,
        objet=fill(modele.objet, {nom: champs[nom] for nom in own if nom in champs}),
        contact_id=service.id if service else None,
        destinataire=lines,
        references=tuple(_references(modele, champs)),
        lieu=_town(author),
        jour=today,
        appel=modele.appel,
        corps=tuple(_with_own(bloc, own) for bloc in corps),
        formule=modele.formule,
        pieces=tuple(paper.id for paper in papers),
        canal=modele.canal,
    )


def pieces_jointes(db: Reader, ids: Sequence[str]) -> Iterable[PieceJointe]:
    """Yield the enclosures as a letter names them, numbered in this order, those in the trash left out."""
    table = TABLE_OF[Document].c
    found = {d.id: d for d in db.all(Document, table.id.in_(ids), table.supprime_le.is_(None))}
    for rank, paper in enumerate((found[key] for key in dict.fromkeys(ids) if key in found), start=1):
        lecture = db.get(Lecture, paper.empreinte)
        yield PieceJointe(
            document_id=paper.id, numero=rank, titre=paper.titre, jour=paper.date_document,
            pages=lecture.pages if lecture else 0,
        )  # fmt: skip


def expediteur_of(situation: Situation) -> Expediteur:
    """Return who writes, with the numbers the mutuelle knows the contract by."""
    who, cas = situation.auteur, situation.cas
    contrat = cas.contrat if cas else None
    home = (who.adresse if who else "") or (situation.assure.adresse if situation.assure else "")
    return Expediteur(
        nom=who.nom_complet if who else "",
        lignes=tuple(line.strip() for line in home.split("\n") if line.strip()),
        telephone=who.telephone if who else "",
        courriel=who.courriel if who else "",
        adherent=contrat.numero_adherent if contrat else "",
        contrat=contrat.numero if contrat else "",
    )


def recipient(
    db: Reader, whom: Destinataire, dossier: Dossier | None, mutuelle: Mutuelle | None
) -> tuple[Contact | None, tuple[str, ...]]:
    """Return the service a letter is for, when there is one, and the lines of its address; empty when not known."""
    if mutuelle is None or whom not in (Destinataire.MUTUELLE, Destinataire.RECLAMATIONS, Destinataire.MEDIATEUR):
        return None, ()
    if whom is Destinataire.MEDIATEUR:
        name, lines = mediateur_of(mutuelle)
        return None, adresse_normee((name, *lines))[0] if lines else (name,)
    words = ("reclam",) if whom is Destinataire.RECLAMATIONS else _SERVICES[dossier.nature] if dossier else ()
    services = db.all(Contact, contact.c.mutuelle_id == mutuelle.id, contact.c.adresse != "", order=contact.c.nom)
    service = next((s for word in words for s in services if word in plain(s.nom)), None)
    if service is None and not mutuelle.adresse.strip() and services:
        service = services[0]
    named = service.nom if service and "service" in plain(service.nom) else f"Service {service.nom}" if service else ""
    head = [part for part in (mutuelle.nom, named) if part]
    said = {plain(part) for part in (*head, service.nom if service else "")}
    home = (service.adresse if service else mutuelle.adresse).split("\n")
    return service, adresse_normee((*head, *(line for line in home if plain(line) not in said)))[0]


def frozen(courrier: Courrier, champs: Mapping[str, Champ]) -> Courrier:
    """Return the letter with the values its fields have now written in it, so that no fact moves them any more.

    A field keeps its name where it says what was known, which is how a date corrected later is seen; where the user
    said something else, its words alone are left.
    """

    def said(fragment: Fragment) -> Fragment:
        if not fragment.champ:
            return fragment
        known = champs[fragment.champ].valeur if fragment.champ in champs else None
        if fragment.texte and fragment.champ in DATES and fragment.texte != known:
            return replace(fragment, champ="")
        return replace(fragment, texte=fragment.texte or known or "")

    return replace(courrier, objet=fill(courrier.objet, champs), corps=_mapped(courrier.corps, said))


def thawed(courrier: Courrier, champs: Mapping[str, Champ]) -> Courrier:
    """Return a letter to be written again: fields that facts tell are bound to them anew."""

    def bound(fragment: Fragment) -> Fragment:
        known = fragment.champ in champs and champs[fragment.champ].valeur
        return replace(fragment, texte="") if known else fragment

    if courrier.etat is EtatCourrier.BROUILLON:
        return courrier
    return replace(courrier, corps=_mapped(courrier.corps, bound))


def _free(db: Reader, dossier: Dossier | None, situation: Situation, today: date) -> Courrier:
    service, lines = recipient(db, Destinataire.MUTUELLE, dossier, situation.mutuelle)
    numbers = dossier.references_mutuelle if dossier else ()
    return Courrier(
        dossier_id=dossier.id if dossier else None,
        contact_id=service.id if service else None,
        destinataire=lines,
        references=(("Vos références", numbers[-1]),) if numbers else (),
        lieu=_town(situation.auteur),
        jour=today,
        corps=(Bloc(lignes=((Fragment(),),)),),
    )


def _mapped(corps: Sequence[Bloc], change: Callable[[Fragment], Fragment]) -> tuple[Bloc, ...]:
    return tuple(replace(bloc, lignes=tuple(tuple(change(f) for f in line) for line in bloc.lignes)) for bloc in corps)


def _with_own(bloc: Bloc, own: Mapping[str, str]) -> Bloc:
    return _mapped((bloc,), lambda f: replace(f, texte=own[f.champ]) if f.champ in own else f)[0]


def _required(modele: Modele, courrier: Courrier) -> tuple[str, ...]:
    """Return the fields the letter may not leave empty: all those it uses but the ones its model says are optional."""
    optional = {s.nom for s in modele.saisies if not s.obligatoire}
    used = {f.champ for f in fragments_of(courrier.corps) if f.champ}
    return tuple((used | set(modele.obligatoires)) - optional)


def _references(modele: Modele, champs: Mapping[str, Champ]) -> Iterable[tuple[str, str]]:
    for nom in modele.en_tete:
        champ = champs.get(nom)
        if champ is not None and champ.valeur:
            yield _REFERENCES.get(nom, champ.libelle), champ.valeur


_REFERENCES = {"reference.mutuelle": "Vos références", "dossier.reference": "Mes références"}


def _town(who: Personne | None) -> str:
    """Return the town of an address, without its postal code."""
    lines = [line.strip() for line in who.adresse.split("\n") if line.strip()] if who else []
    town = lines[-1].split(" ", 1)[-1] if lines and lines[-1][:5].isdigit() else ""
    return town if town != town.upper() else town.title()


def _signature(workers: Workers, contenu: bytes, mime: str) -> bytes:
    """Return a scanned signature as a PNG made of its pixels: nothing of the file itself enters the letter."""
    drawn = workers.render(contenu, mime, 1, _SIGNATURE)
    out = BytesIO()
    Image.frombytes("RGB", (drawn.largeur, drawn.hauteur), drawn.octets).save(out, "PNG")
    return out.getvalue()


def existing_dossier(db: Reader, key: str | None) -> Dossier | None:
    """Return the dossier of a letter, which must still be there; None when the letter has none."""
    return existing(db, Dossier, key) if key else None
