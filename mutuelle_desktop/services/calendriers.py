"""What the household decides about its days and delays: its zone, its margin for the post, its own figures."""

from dataclasses import replace
from datetime import date

from mutuelle_desktop.domain.calendrier import Foyer, Unite, add
from mutuelle_desktop.domain.contrat import Mutuelle
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.regle import NatureRegle, Regle, Regles, Role, Surcharge
from mutuelle_desktop.services.faits import regles_of
from mutuelle_desktop.services.liens import check_link
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.schema import surcharge

MARGE_MAX = 30
"""The longest margin for the post, in jours ouvrés."""
DELAI_MAX = {Unite.JOURS: 3650, Unite.OUVRABLES: 3000, Unite.OUVRES: 2500, Unite.MOIS: 120, Unite.ANS: 10}


def get_foyer(library: Library) -> Foyer:
    """Return what the household decided about its days."""
    with library.read() as db:
        return db.get(Foyer, Foyer().id) or Foyer()


def save_foyer(library: Library, value: Foyer) -> None:
    """Keep where public holidays are taken from, and the margin for the post."""
    if not 0 <= value.marge_postale <= MARGE_MAX:
        raise Refused(f"La marge postale va de 0 à {MARGE_MAX} jours ouvrés.")
    with library.write("Régler le calendrier du foyer") as db:
        db.put(replace(value, id=Foyer().id))


def surcharges(library: Library) -> list[Surcharge]:
    """Return the delays the user put in the place of the rules'."""
    with library.read() as db:
        return db.all(Surcharge, order=surcharge.c.regle)


def save_surcharge(library: Library, value: Surcharge, today: date) -> Surcharge:
    """Put a delay in the place of a rule's, for one dossier, one mutuelle or everywhere; one for each."""
    value = replace(value, raison=value.raison.strip(), mutuelle_id=None if value.dossier_id else value.mutuelle_id)
    with library.write("Changer un délai") as db:
        regle = _regle(regles_of(db).with_surcharges(()), value.regle, today)
        _check(regle, value, today)
        check_link(db, Mutuelle, value.mutuelle_id)
        check_link(db, Dossier, value.dossier_id)
        for other in db.all(Surcharge, surcharge.c.regle == value.regle):
            if (other.mutuelle_id, other.dossier_id) == (value.mutuelle_id, value.dossier_id):
                value = replace(value, id=other.id)
        db.put(value)
    return value


def delete_surcharge(library: Library, key: str) -> None:
    """Give a rule its own delay again."""
    with library.write("Revenir au délai de la règle") as db:
        value = db.get(Surcharge, key)
        if value is not None:
            db.delete(value)


def delete_surcharges(library: Library) -> int:
    """Give every rule its own delay again, in one step; return how many had another."""
    with library.write("Revenir aux délais des règles") as db:
        found = db.all(Surcharge)
        for value in found:
            db.delete(value)
    return len(found)


def _regle(rules: Regles, name: str, today: date) -> Regle:
    try:
        return rules.at(name, today)
    except KeyError:
        raise Refused("Cette règle n’existe pas dans cette version de Mutuelle Desktop.") from None


def _check(regle: Regle, value: Surcharge, today: date) -> None:
    """Refuse a delay that says nothing, or that would have the user act after the law's limit."""
    most = DELAI_MAX[value.unite]
    if regle.delai is None:
        raise Refused("Cette date vient d’un fait ou du contrat : corrigez-le, il n’y a pas de délai à changer.")
    if not 1 <= abs(value.delai) <= most:
        raise Refused(f"Un délai va de 1 à {most} {value.unite}.")
    if (value.delai < 0) != (regle.delai < 0):
        raise Refused("Ce délai se compte avant la date." if regle.delai < 0 else "Ce délai se compte après la date.")
    if regle.role is Role.ASSURE and regle.nature is NatureRegle.LOI:
        zone = Foyer().zone
        if add(today, value.delai, value.unite, zone) > add(today, regle.delai, regle.unite, zone):
            raise Refused(
                f"La loi fixe ce délai à {regle.delai_en_lettres} ({regle.source}) : agir plus tard vous ferait perdre "
                "vos droits. Vous pouvez choisir d’agir plus tôt."
            )
