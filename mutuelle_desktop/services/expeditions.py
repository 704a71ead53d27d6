"""What becomes of a letter once frozen: sent, presented, delivered or not, and whether what it cites still holds."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from mutuelle_desktop.domain.courrier import Courrier, EtatCourrier, fragments_of, jour_en_lettres
from mutuelle_desktop.domain.document import Document, Piece
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import RECOMMANDES, Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.domain.ids import new_id
from mutuelle_desktop.domain.recommande import doute_of, read_numero
from mutuelle_desktop.services import modeles
from mutuelle_desktop.services.champs import DATES, Situation, dates_of, read_situation
from mutuelle_desktop.services.courriers import create_courrier
from mutuelle_desktop.services.dossiers import check_event
from mutuelle_desktop.services.faits import in_order, read_cas
from mutuelle_desktop.services.liens import check_link
from mutuelle_desktop.services.pieces import join
from mutuelle_desktop.storage.library import Library, Reader, Writer
from mutuelle_desktop.storage.schema import courrier as table
from mutuelle_desktop.storage.schema import evenement, piece

_N = NatureEvenement
VIE = (_N.PRESENTE, _N.AVIS_PASSAGE, _N.DISTRIBUE, _N.REFUSE_POSTE, _N.NON_RECLAME, _N.AVIS_RECEPTION)
"""What may be noted of a recommandé once it is posted, in the order of its life."""
_ANSWERED: dict[NatureEvenement, tuple[NatureEvenement, ...]] = {
    _N.COMPLEMENT: (_N.PIECE_DEMANDEE,),
    _N.ECHANGE: (_N.PROPOSITION,),
}
"""What a letter of that kind answers, when its dossier waits for it: it becomes what follows it."""
RECTIFICATIVE = "C18"
"""The model of the letter that corrects another."""
_PREUVE = "Preuve de dépôt"


@dataclass(frozen=True, kw_only=True, slots=True)
class Expedition:
    """How a letter left and what became of it; attendu is what the life of a recommandé still lacks, in words."""

    courrier: Courrier
    envoi: Evenement | None = None
    preuve: Document | None = None
    vie: tuple[Evenement, ...] = ()
    accuse: Document | None = None
    doute: str = ""
    attendu: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ARectifier:
    """A date a sent letter cites that no event bears any more; actuel is what the dossier says now ("" for nothing)."""

    champ: str
    libelle: str
    cite: str
    actuel: str


def mark_sent(
    library: Library, key: str, *, le: date, canal: Canal, today: date, numero: str = "", cout: Decimal | None = None,
    preuve: str | None = None, suite_de: str | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """Record that a frozen letter left: its event, from which deadlines close and open, and its proof of deposit.

    Return what is doubtful, such as a number whose key is wrong; it is kept as it is.
    """
    if cout is not None and cout < 0:
        raise Refused("Un montant ne peut pas être négatif.")
    with library.read() as db:
        value = _frozen(db, key)
        sent = _event(db, value, le=le, canal=canal, numero=numero, suite_de=suite_de)
        check_link(db, Document, preuve)
    doubts = list(check_event(library, sent, today)) if sent else []
    if canal in RECOMMANDES or numero:
        doubts += [doute] if (doute := doute_of(numero)) else []
    with library.write("Envoyer la lettre") as db:
        if _frozen(db, key) != value:
            raise Refused("La lettre a changé entre-temps. Recommencez.")
        if sent is not None:
            db.put(sent)
        if preuve is not None and value.dossier_id:
            _keep_proof(db, value, le, numero, preuve)
        db.put(
            replace(
                value,
                etat=EtatCourrier.ENVOYE,
                canal=canal,
                numero=read_numero(numero).affiche,
                cout=cout,
                evenement_id=sent.id if sent else None,
            )
        )  # fmt: skip
    return tuple(doubts)


def note_vie(
    library: Library, key: str, nature: NatureEvenement, le: date, today: date, *, document_id: str | None = None
) -> tuple[str, ...]:
    """Record a step of a recommandé's life, perhaps with its paper (the avis de réception); return what is doubtful."""
    if nature not in VIE:
        raise Refused("Choisissez une étape du recommandé\u00a0: présenté, distribué, refusé, non réclamé, avis reçu.")
    with library.read() as db:
        value = _existing(db, key)
        if value.evenement_id is None or value.dossier_id is None or value.canal not in RECOMMANDES:
            raise Refused("Cette lettre n’est pas partie en recommandé dans un dossier\u00a0: il n’y a rien à suivre.")
        check_link(db, Document, document_id)
    step = Evenement(
        dossier_id=value.dossier_id, nature=nature, le=le, canal=value.canal, sens=Sens.RECU, numero=value.numero,
        document_id=document_id, suite_de=value.evenement_id,
    )  # fmt: skip
    doubts = check_event(library, step, today)
    with library.write(f"Noter\u00a0: {nature}") as db:
        db.put(step)
        if document_id is not None:
            _join_once(db, document_id, value.dossier_id)
    return doubts


def expedition_of(library: Library, key: str) -> Expedition:
    """Return how a letter left and what became of it."""
    with library.read() as db:
        value = _existing(db, key)
        sent = db.get(Evenement, value.evenement_id) if value.evenement_id else None
        if sent is None:
            return Expedition(courrier=value, doute=doute_of(value.numero))
        vie = in_order(e for e in db.all(Evenement, evenement.c.suite_de == sent.id) if e.nature in VIE)
        return Expedition(
            courrier=value,
            envoi=sent,
            preuve=_paper(db, next(_proofs(db, value, sent), None)),
            vie=vie,
            accuse=_paper(db, next((e for e in vie if e.document_id and e.nature is _N.AVIS_RECEPTION), None)),
            doute=doute_of(value.numero),
            attendu=_awaited(value, vie),
        )


def to_rectify(library: Library, key: str) -> tuple[ARectifier, ...]:
    """Return the dates a sent letter cites that were corrected or removed since."""
    with library.read() as db:
        value = _existing(db, key)
        return tuple(_rectify(value, _situation(db, value.dossier_id))) if value.dossier_id else ()


def all_to_rectify(library: Library, dossier_id: str | None = None) -> dict[str, tuple[ARectifier, ...]]:
    """Return, for each letter sent (of one dossier, or of all) that cites a date corrected since, those dates."""
    of_one = [] if dossier_id is None else [table.c.dossier_id == dossier_id]
    with library.read() as db:
        sent = db.all(Courrier, table.c.etat == EtatCourrier.ENVOYE, table.c.dossier_id.is_not(None), *of_one)
        situations = {key: _situation(db, key) for key in {value.dossier_id for value in sent} if key}
    found = {value.id: tuple(_rectify(value, situations[value.dossier_id or ""])) for value in sent}
    return {key: dates for key, dates in found.items() if dates}


def create_rectification(library: Library, key: str, today: date) -> Courrier:
    """Begin the letter that corrects the dates a sent letter cites; refused when they all still hold."""
    wrong = to_rectify(library, key)
    if not wrong:
        raise Refused("Toutes les dates que cite cette lettre sont encore justes\u00a0: il n’y a rien à rectifier.")
    with library.read() as db:
        value = _existing(db, key)
    saisies = {
        "lettre.date": jour_en_lettres(value.jour),
        "erreur": "\n".join(f"{one.libelle}\u00a0: {one.cite}" for one in wrong),
        "correction": "\n".join(f"{one.libelle}\u00a0: {one.actuel}" for one in wrong if one.actuel),
    }
    return create_courrier(library, today=today, modele=RECTIFICATIVE, dossier_id=value.dossier_id, saisies=saisies)


def _situation(db: Reader, dossier_id: str) -> Situation:
    return read_situation(db, read_cas(db, dossier_id))


def _rectify(value: Courrier, situation: Situation) -> Iterator[ARectifier]:
    if value.etat is not EtatCourrier.ENVOYE:
        return
    for champ, texte in dict.fromkeys((f.champ, f.texte) for f in fragments_of(value.corps) if f.champ and f.texte):
        true = dates_of(situation, champ)
        if champ in DATES and texte not in true:
            libelle = modeles.champs()[champ].libelle
            yield ARectifier(champ=champ, libelle=libelle, cite=texte, actuel=true[-1] if true else "")


def _event(
    db: Reader, value: Courrier, *, le: date, canal: Canal, numero: str, suite_de: str | None
) -> Evenement | None:
    """Return the event that the letter's model records once sent; none for a letter of no dossier."""
    if value.dossier_id is None:
        return None
    modele = modeles.find(db, value.modele) if value.modele else None
    nature = modele.nature_evenement if modele else _N.ECHANGE
    return Evenement(
        id=value.evenement_id or new_id(),
        dossier_id=value.dossier_id, nature=nature, le=le, canal=canal, sens=Sens.ENVOYE,
        numero=read_numero(numero).affiche, texte=value.objet, document_id=value.document_id,
        suite_de=suite_de or _what_it_answers(db, value.dossier_id, nature, le),
    )  # fmt: skip


def _what_it_answers(db: Reader, dossier_id: str, nature: NatureEvenement, le: date) -> str | None:
    """Return the last event of its dossier that a letter of this kind answers; it must precede it."""
    asked = _ANSWERED.get(nature, ())
    found = in_order(e for e in db.all(Evenement, evenement.c.dossier_id == dossier_id) if e.le <= le)
    return next((e.id for e in reversed(found) if e.nature in asked), None)


def _keep_proof(db: Writer, value: Courrier, le: date, numero: str, preuve: str) -> None:
    """Put the proof of deposit in the dossier, and say in its story what it proves; once, however often it is said."""
    assert value.dossier_id is not None
    said = f"{_PREUVE}\u00a0: {value.objet}" if value.objet else _PREUVE
    known = (evenement.c.dossier_id == value.dossier_id, evenement.c.document_id == preuve)
    if not db.count(Evenement, *known, evenement.c.nature == _N.NOTE):
        db.put(
            Evenement(
                dossier_id=value.dossier_id, nature=_N.NOTE, le=le, numero=read_numero(numero).affiche, texte=said,
                document_id=preuve,
            )
        )  # fmt: skip
    _join_once(db, preuve, value.dossier_id)


def _proofs(db: Reader, value: Courrier, sent: Evenement) -> Iterator[Evenement]:
    """Yield the notes that prove the deposit of a letter: same dossier, same day, same number."""
    known = (evenement.c.dossier_id == sent.dossier_id, evenement.c.nature == _N.NOTE, evenement.c.le == sent.le)
    for note in db.all(Evenement, *known, evenement.c.document_id.is_not(None)):
        if note.texte.startswith(_PREUVE) and note.numero == value.numero:
            yield note


def _awaited(value: Courrier, vie: tuple[Evenement, ...]) -> str:
    """Return what is still to be noted of a recommandé, as a question."""
    if value.canal not in RECOMMANDES:
        return ""
    natures = {e.nature for e in vie}
    if natures & {_N.REFUSE_POSTE, _N.NON_RECLAME}:
        return "Gardez le pli revenu sans l’ouvrir\u00a0: fermé, il prouve l’envoi."
    if _N.AVIS_RECEPTION in natures:
        return ""
    if _N.DISTRIBUE in natures:
        return "L’avis de réception est-il revenu\u00a0?"
    return "A-t-il été distribué\u00a0?" if _N.PRESENTE in natures else "A-t-il été présenté\u00a0?"


def _existing(db: Reader, key: str) -> Courrier:
    value = db.get(Courrier, key)
    if value is None:
        raise Refused("Cette lettre n’existe plus.")
    return value


def _frozen(db: Reader, key: str) -> Courrier:
    """Return a letter whose PDF is made: only that can be said to have left."""
    value = _existing(db, key)
    if value.etat is EtatCourrier.BROUILLON:
        raise Refused("Finalisez d’abord la lettre\u00a0: c’est ce qui part qui doit être gardé.")
    return value


def _paper(db: Reader, event: Evenement | None) -> Document | None:
    return db.get(Document, event.document_id) if event and event.document_id else None


def _join_once(db: Writer, document_id: str, dossier_id: str) -> None:
    if not db.count(Piece, piece.c.dossier_id == dossier_id, piece.c.document_id == document_id):
        join(db, document_id, dossier_id)
