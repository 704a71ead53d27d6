"""The people of the household."""

from dataclasses import replace

from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.personne import Lien, Personne
from mutuelle_desktop.services.phrases import counted, enumerated
from mutuelle_desktop.storage.library import Library, Reader
from mutuelle_desktop.storage.schema import couverture, document, dossier, mandat, personne

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
    """Remove a person whom nothing names any more, not even in the trash."""
    with library.read() as db:
        value = db.get(Personne, key)
    if value is None:
        return
    with library.write(f"Retirer {value.nom_complet}") as db:
        named = _named_in(db, key)
        if named:
            raise Refused(f"{value.nom_complet} figure encore dans {named}. Choisissez-y d’abord quelqu’un d’autre.")
        db.delete(value)


def _named_in(db: Reader, key: str) -> str:
    """Return « 2 dossiers et 1 contrat », the trash said apart; nothing when the person is named nowhere."""
    dossiers = db.count_where(dossier, dossier.c.personne_id == key)
    papers = db.count_where(document, document.c.personne_id == key)
    counts = (
        (dossiers, "dossier"),
        (db.count_where(couverture, couverture.c.personne_id == key), "contrat"),
        (papers, "document"),
        (db.count_where(mandat, (mandat.c.mandant_id == key) | (mandat.c.mandataire_id == key)), "mandat"),
    )
    trashed = db.count_where(dossier, dossier.c.personne_id == key, dossier.c.supprime_le.is_not(None))
    trashed += db.count_where(document, document.c.personne_id == key, document.c.supprime_le.is_not(None))
    named = enumerated([counted(count, what) for count, what in counts if count])
    return f"{named} (corbeille comprise)" if trashed else named
