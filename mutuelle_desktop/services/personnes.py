"""The people of the household."""

from dataclasses import replace

from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.personne import Lien, Personne
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.schema import couverture, document, dossier, personne

_ORDER = {lien: rank for rank, lien in enumerate(Lien)}


def list_personnes(library: Library) -> list[Personne]:
    """Return the household: the assuré first, then by first name."""
    with library.read() as db:
        found = db.all(Personne, order=(personne.c.prenom, personne.c.nom))
    return sorted(found, key=lambda p: _ORDER[p.lien])


def get_personne(library: Library, key: str) -> Personne | None:
    """Return one person."""
    with library.read() as db:
        return db.get(Personne, key)


def save_personne(library: Library, value: Personne) -> Personne:
    """Add a person, or keep what was changed."""
    value = replace(value, prenom=value.prenom.strip(), nom=value.nom.strip(), nir="".join(value.nir.split()).upper())
    if not value.nom_complet:
        raise Refused("Indiquez au moins un prénom ou un nom.")
    with library.write(f"Enregistrer {value.nom_complet}") as db:
        db.put(value)
    return value


def delete_personne(library: Library, key: str) -> None:
    """Remove a person whom nothing names any more."""
    with library.read() as db:
        value = db.get(Personne, key)
        if value is None:
            return
        named = db.count_where(dossier, dossier.c.personne_id == key)
        covered = db.count_where(couverture, couverture.c.personne_id == key)
        papers = db.count_where(document, document.c.personne_id == key)
    if named or covered or papers:
        raise Refused(
            f"{value.nom_complet} est encore cité dans {named} dossier(s), {covered} contrat(s) et {papers} "
            "document(s). Choisissez-y d’abord quelqu’un d’autre."
        )
    with library.write(f"Retirer {value.nom_complet}") as db:
        db.delete(value)
