"""How backups are spoken of on screen."""

from datetime import date, datetime
from pathlib import Path

from mutuelle_desktop.domain.sauvegarde import ANCIENNE, Derniere, Instantane
from mutuelle_desktop.services.sauvegardes import Rendu, listed
from mutuelle_desktop.ui.format import heure, jour, jour_bref, pluriel, taille

CONTIENT = "Une copie de tous vos dossiers, papiers et réglages, relue aussitôt écrite."
GARDES = (
    "Chaque papier n’est copié qu’une fois. Tous les instantanés des deux derniers jours sont gardés, puis un par jour, par "
    "semaine et par mois, pendant environ un an."
)
OUVERTE = (
    "Vos données n’ont pas de phrase de passe\u00a0: toute personne qui a ce dossier peut l’ouvrir avec Mutuelle Desktop. "
    "Rangez la clé ou le disque en lieu sûr."
)


def moment(le: datetime) -> str:
    """Return « mardi 24 novembre 2026 à 18 h 02 »."""
    return f"{jour(le.date())} à {heure(le.time())}"


def derniere(last: Derniere, today: date) -> str:
    """Return the few words of the status strip."""
    age = last.age(today)
    if last.le is None or age is None:
        return "Jamais sauvegardé"
    when = f"le {jour_bref(last.le.date(), today)} à {heure(last.le.time())}"
    if not last.entiere:
        return f"Sauvegarde incomplète {when}"
    return f"Dernière sauvegarde il y a {pluriel(age, 'jour')}" if age >= ANCIENNE else f"Sauvegardé {when}"


def contenu(found: Instantane) -> str:
    """Return « 5 dossiers, 11 papiers, 12 Mo »."""
    if not found.lisible:
        return "Sa liste est abîmée\u00a0: tout n’en reviendra peut-être pas"
    parts = [pluriel(found.dossiers, "dossier"), pluriel(found.documents, "papier"), taille(found.taille)]
    if found.manquants:
        parts.append(pluriel(found.manquants, "papier déjà perdu", "papiers déjà perdus"))
    return ", ".join(parts)


def restored(rendu: Rendu, old: Path) -> str:
    """Return what is said once restored data is open."""
    lost = f" Il manque\u00a0: {listed(rendu.manquants)}." if rendu.manquants else ""
    return (
        f"Vos données sont celles du {moment(rendu.instantane.le)}.{lost} Les précédentes sont gardées dans «\u00a0{old}\u00a0»\u00a0: "
        "vous pourrez effacer ce dossier quand vous n’en aurez plus besoin."
    )
