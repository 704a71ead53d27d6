"""The organisms, how to reach them, and the contracts with them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from mutuelle_desktop.domain.contrat import Contact, Contrat, Couverture, Mutuelle
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services.attaches import detach_contact, detach_mutuelle
from mutuelle_desktop.services.liens import check_link
from mutuelle_desktop.services.phrases import counted
from mutuelle_desktop.storage.library import Library, Reader
from mutuelle_desktop.storage.schema import contact, contrat, couverture, dossier, mutuelle, personne


@dataclass(frozen=True, slots=True)
class LigneContrat:
    """A contract with its organism and the people it covers."""

    contrat: Contrat
    mutuelle: Mutuelle
    personnes: tuple[Personne, ...]

    @property
    def id(self) -> str:
        """Return the contract's id."""
        return self.contrat.id

    @property
    def libelle(self) -> str:
        """Return how a contract is named in a list."""
        return " · ".join(part for part in (self.mutuelle.nom, self.contrat.nom, self.contrat.numero) if part)


def list_mutuelles(library: Library) -> list[Mutuelle]:
    """Return the organisms, by name."""
    with library.read() as db:
        return db.all(Mutuelle, order=mutuelle.c.nom)


def save_mutuelle(library: Library, value: Mutuelle) -> Mutuelle:
    """Add an organism, or keep what was changed."""
    value = replace(
        value, nom=value.nom.strip(), espace_client=_web(value.espace_client), mediateur_site=_web(value.mediateur_site)
    )
    if not value.nom:
        raise Refused("Indiquez le nom de la mutuelle.")
    with library.write(f"Enregistrer {value.nom}") as db:
        db.put(value)
    return value


def delete_mutuelle(library: Library, key: str) -> None:
    """Remove an organism and its contacts, when no contract names it."""
    with library.read() as db:
        value = db.get(Mutuelle, key)
    if value is None:
        return
    with library.write(f"Retirer {value.nom}") as db:
        held = db.count(Contrat, contrat.c.mutuelle_id == key)
        if held:
            what = "Retirez-le d’abord." if held == 1 else "Retirez-les d’abord."
            raise Refused(f"{value.nom} a encore {counted(held, 'contrat')}. {what}")
        for found in db.all(Contact, contact.c.mutuelle_id == key):
            detach_contact(db, found.id)
            db.delete(found)
        detach_mutuelle(db, key)
        db.delete(value)


def contacts_of(library: Library, mutuelle_id: str) -> list[Contact]:
    """Return the services of an organism, by name."""
    with library.read() as db:
        return db.all(Contact, contact.c.mutuelle_id == mutuelle_id, order=contact.c.nom)


def save_contact(library: Library, value: Contact) -> Contact:
    """Add a service, or keep what was changed."""
    value = replace(value, nom=value.nom.strip(), telephone=value.telephone.strip(), courriel=value.courriel.strip())
    if not value.nom:
        raise Refused("Indiquez le nom du service, par exemple « Remboursements ».")
    if value.courriel and "@" not in value.courriel:
        raise Refused("L’adresse électronique doit contenir un « @ ».")
    with library.write(f"Enregistrer le service {value.nom}") as db:
        check_link(db, Mutuelle, value.mutuelle_id)
        db.put(value)
    return value


def delete_contact(library: Library, key: str) -> None:
    """Remove a service."""
    with library.read() as db:
        value = db.get(Contact, key)
    if value is not None:
        with library.write(f"Retirer le service {value.nom}") as db:
            detach_contact(db, key)
            db.delete(value)


def list_contrats(library: Library) -> list[LigneContrat]:
    """Return the contracts with their organism and people, by organism."""
    with library.read() as db:
        mutuelles = {m.id: m for m in db.all(Mutuelle)}
        personnes = {p.id: p for p in db.all(Personne, order=personne.c.prenom)}
        covered = db.all(Couverture)
        contrats = db.all(Contrat, order=contrat.c.numero)
    lignes = []
    for value in contrats:
        ids = {c.personne_id for c in covered if c.contrat_id == value.id}
        people = tuple(p for p in personnes.values() if p.id in ids)
        lignes.append(LigneContrat(value, mutuelles[value.mutuelle_id], people))
    return sorted(lignes, key=lambda ligne: ligne.mutuelle.nom)


def contrats_of(library: Library, personne_id: str) -> list[LigneContrat]:
    """Return the contracts that cover a person."""
    return [ligne for ligne in list_contrats(library) if any(p.id == personne_id for p in ligne.personnes)]


def save_contrat(library: Library, value: Contrat, personne_ids: Iterable[str]) -> Contrat:
    """Add a contract, or keep what was changed, with the people it covers."""
    value = replace(value, numero=value.numero.strip(), numero_adherent=value.numero_adherent.strip())
    if not value.numero and not value.numero_adherent:
        raise Refused("Indiquez le numéro du contrat ou le numéro d’adhérent : il est sur votre carte.")
    if value.debut and value.fin and value.fin < value.debut:
        raise Refused("La fin du contrat précède son début. Corrigez l’une des deux dates.")
    wanted = set(personne_ids)
    with library.write("Enregistrer le contrat") as db:
        check_link(db, Mutuelle, value.mutuelle_id)
        for personne_id in wanted:
            check_link(db, Personne, personne_id)
        db.put(value)
        for covered in _couvertures(db, value.id):
            if covered.personne_id in wanted:
                wanted.discard(covered.personne_id)
            else:
                db.delete(covered)
        for personne_id in sorted(wanted):
            db.put(Couverture(contrat_id=value.id, personne_id=personne_id))
    return value


def delete_contrat(library: Library, key: str) -> None:
    """Remove a contract that no dossier names."""
    with library.write("Retirer le contrat") as db:
        value = db.get(Contrat, key)
        if value is None:
            return
        named = db.count_where(dossier, dossier.c.contrat_id == key)
        if named:
            trashed = db.count_where(dossier, dossier.c.contrat_id == key, dossier.c.supprime_le.is_not(None))
            where = counted(named, "dossier") + (" (corbeille comprise)" if trashed else "")
            raise Refused(f"Ce contrat figure encore dans {where}. Choisissez-y d’abord un autre contrat.")
        for found in _couvertures(db, key):
            db.delete(found)
        db.delete(value)


def _couvertures(db: Reader, contrat_id: str) -> list[Couverture]:
    return db.all(Couverture, couverture.c.contrat_id == contrat_id)


def _web(address: str) -> str:
    """Return a web address that a browser opens; refuse anything else, since a click opens it."""
    address = address.strip()
    if not address:
        return ""
    if "://" not in address:
        address = f"https://{address}"
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        raise Refused(_SITE) from None
    if "@" in parts.netloc:
        raise Refused("Cette adresse contient un identifiant ou un mot de passe : retirez ce qui précède « @ ».")
    if parts.scheme not in ("http", "https") or "." not in host.strip(".") or not address.isprintable():
        raise Refused(_SITE)
    if any(character.isspace() for character in address):
        raise Refused(_SITE)
    return address


_SITE = "L’adresse du site doit ressembler à « https://www.exemple.fr »."
