"""Mandates: who was given the right to speak for whom, until when, before which mutuelle."""

from dataclasses import dataclass, replace
from datetime import date

from mutuelle_desktop.domain.contrat import Mutuelle
from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.mandat import Droit, EtatMandat, Mandat, droit_de_parler
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services.liens import check_link, existing
from mutuelle_desktop.storage.library import Library, Reader
from mutuelle_desktop.storage.schema import mandat


@dataclass(frozen=True, slots=True)
class LigneMandat:
    """One row: a mandate with its people, its mutuelle (all of them when None) and where it stands."""

    mandat: Mandat
    mandant: Personne
    mandataire: Personne
    mutuelle: Mutuelle | None
    etat: EtatMandat

    @property
    def id(self) -> str:
        """Return the mandate's id."""
        return self.mandat.id


def list_mandats(library: Library, on: date, personne_id: str | None = None) -> list[LigneMandat]:
    """Return the mandates, those in force first, then the latest; of one person (either side) when asked."""
    with library.read() as db:
        people = {p.id: p for p in db.all(Personne)}
        mutuelles = {m.id: m for m in db.all(Mutuelle)}
        found = db.all(Mandat, order=(mandat.c.du.desc(), mandat.c.id))
    lignes = [
        LigneMandat(m, people[m.mandant_id], people[m.mandataire_id], mutuelles.get(m.mutuelle_id or ""), m.etat(on))
        for m in found
        if personne_id in (None, m.mandant_id, m.mandataire_id)
    ]
    return sorted(lignes, key=lambda ligne: _RANK[ligne.etat])


def droit(library: Library, appelant_id: str, concerne_id: str, mutuelle_id: str | None, on: date) -> Droit:
    """Return whether one person may speak for another to a mutuelle that day."""
    with library.read() as db:
        appelant, concerne = existing(db, Personne, appelant_id), existing(db, Personne, concerne_id)
        held = db.all(Mandat, mandat.c.mandataire_id == appelant_id, mandat.c.mandant_id == concerne_id)
    return droit_de_parler(appelant, concerne, held, mutuelle_id, on)


def save_mandat(library: Library, value: Mandat) -> Mandat:
    """Add a mandate, or keep what was changed; refused where none is needed or it could never hold."""
    value = replace(value, objet=" ".join(value.objet.split()))
    if value.mandant_id == value.mandataire_id:
        raise Refused("On ne se donne pas mandat à soi-même. Choisissez une autre personne.")
    if value.au is not None and value.au < value.du:
        raise Refused("La fin du mandat précède son début. Corrigez l’une des deux dates.")
    if value.revoque_le is not None and value.revoque_le < value.du:
        raise Refused("La révocation précède le début du mandat. Corrigez l’une des deux dates.")
    with library.write("Enregistrer le mandat") as db:
        mandant = existing(db, Personne, value.mandant_id)
        mandataire = existing(db, Personne, value.mandataire_id)
        check_link(db, Mutuelle, value.mutuelle_id)
        check_link(db, Document, value.document_id)
        if mandant.is_minor(value.du):
            raise Refused(
                f"{mandant.prenom} n’a pas 18 ans à cette date : ses parents parlent à sa place, aucun mandat n’est utile."
            )
        if mandataire.is_minor(value.du):
            raise Refused(f"{mandataire.prenom} n’a pas 18 ans à cette date. Choisissez un adulte.")
        db.put(value)
    return value


def revoke_mandat(library: Library, key: str, on: date) -> None:
    """End a mandate that day, as its giver may at any time (C. civ. 2004)."""
    with library.write("Révoquer le mandat") as db:
        value = _existing(db, key)
        etat = value.etat(on)
        if etat is EtatMandat.REVOQUE and value.revoque_le is not None:
            raise Refused(f"Ce mandat est déjà révoqué depuis le {value.revoque_le:%d/%m/%Y}.")
        if etat is EtatMandat.EXPIRE and value.au is not None:
            raise Refused(f"Ce mandat a déjà pris fin le {value.au:%d/%m/%Y} : il n’y a rien à révoquer.")
        if etat is EtatMandat.A_VENIR:
            raise Refused(f"Ce mandat ne commence que le {value.du:%d/%m/%Y}. Supprimez-le s’il ne doit pas servir.")
        db.put(replace(value, revoque_le=on))


def delete_mandat(library: Library, key: str) -> None:
    """Remove a mandate that should not have been noted."""
    with library.write("Supprimer le mandat") as db:
        db.delete(_existing(db, key))


_RANK = {etat: rank for rank, etat in enumerate(EtatMandat)}


def _existing(db: Reader, key: str) -> Mandat:
    value = db.get(Mandat, key)
    if value is None:
        raise Refused("Ce mandat n’existe plus.")
    return value
