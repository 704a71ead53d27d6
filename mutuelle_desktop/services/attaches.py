"""What goes with what: before a value is deleted, within the same write, all that hangs on it is dealt with.

What means nothing without it goes too; what stands by itself stays and forgets the link. One place, so that no verb
leaves a link to nothing and undo brings everything back.
"""

from dataclasses import replace

from mutuelle_desktop.domain.appel import Appel
from mutuelle_desktop.domain.checklist import Coche
from mutuelle_desktop.domain.courrier import Courrier, EtatCourrier
from mutuelle_desktop.domain.document import Piece
from mutuelle_desktop.domain.echeance import Decision, Rappel
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.mandat import Mandat
from mutuelle_desktop.domain.regle import Surcharge
from mutuelle_desktop.storage.library import Writer
from mutuelle_desktop.storage.schema import (
    appel,
    coche,
    courrier,
    decision,
    evenement,
    mandat,
    piece,
    rappel,
    surcharge,
)


def detach_evenement(db: Writer, key: str) -> None:
    """Before an event goes: its call and its ticks go, what followed it stands alone, a letter it sent is to be sent."""
    held = db.get(Appel, key)
    if held is not None:
        db.delete(held)
    for ticked in db.all(Coche, coche.c.evenement_id == key):
        db.delete(ticked)
    for follower in db.all(Evenement, evenement.c.suite_de == key):
        db.put(replace(follower, suite_de=None))
    for letter in db.all(Courrier, courrier.c.evenement_id == key):
        db.put(replace(letter, evenement_id=None, etat=EtatCourrier.FINAL))


def detach_dossier(db: Writer, key: str) -> None:
    """Before a dossier goes: its ticks, decisions, reminders, own delays, events, places of papers and drafts go.

    Letters that were made final stand by themselves.
    """
    for letter in db.all(Courrier, courrier.c.dossier_id == key):
        if letter.etat is EtatCourrier.BROUILLON:
            db.delete(letter)
        else:
            db.put(replace(letter, dossier_id=None, evenement_id=None))
    for found in (
        *db.all(Coche, coche.c.dossier_id == key),
        *db.all(Decision, decision.c.dossier_id == key),
        *db.all(Rappel, rappel.c.dossier_id == key),
        *db.all(Surcharge, surcharge.c.dossier_id == key),
        *db.all(Piece, piece.c.dossier_id == key),
    ):
        db.delete(found)
    for event in db.all(Evenement, evenement.c.dossier_id == key):
        detach_evenement(db, event.id)
        db.delete(event)


def detach_document(db: Writer, key: str) -> None:
    """Before a paper goes: its places in dossiers go; the events, mandates and letters it proved stay without it.

    It is no enclosure of a draft any more; a frozen letter keeps its bytes by itself, and the list it was sent with.
    """
    for place in db.all(Piece, piece.c.document_id == key):
        db.delete(place)
    for event in db.all(Evenement, evenement.c.document_id == key):
        db.put(replace(event, document_id=None))
    for proved in db.all(Mandat, mandat.c.document_id == key):
        db.put(replace(proved, document_id=None))
    for letter in db.all(Courrier, courrier.c.document_id == key):
        db.put(replace(letter, document_id=None))
    named = courrier.c.pieces.contains(key, autoescape=True) | (courrier.c.signature == key)
    for letter in db.all(Courrier, courrier.c.etat == EtatCourrier.BROUILLON, named):
        kept = tuple(piece_id for piece_id in letter.pieces if piece_id != key)
        db.put(replace(letter, pieces=kept, signature="" if letter.signature == key else letter.signature))


def detach_mutuelle(db: Writer, key: str) -> None:
    """Before an organism goes: the mandates given for it alone and the delays of its own go."""
    for found in (*db.all(Mandat, mandat.c.mutuelle_id == key), *db.all(Surcharge, surcharge.c.mutuelle_id == key)):
        db.delete(found)


def detach_contact(db: Writer, key: str) -> None:
    """Before a service goes: the calls made to it and the letters written to it stay without it."""
    for held in db.all(Appel, appel.c.contact_id == key):
        db.put(replace(held, contact_id=None))
    for letter in db.all(Courrier, courrier.c.contact_id == key):
        db.put(replace(letter, contact_id=None))
