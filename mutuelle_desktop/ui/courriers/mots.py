"""What is said of a field of a letter, in words."""

from collections.abc import Mapping

from mutuelle_desktop.domain.courrier import Champ
from mutuelle_desktop.ui.courriers.document import EtatChamp, Passage, etat_of


def told(passage: Passage, champs: Mapping[str, Champ]) -> str:
    """Return what there is to say of a field: its name, its source, both values where they differ."""
    if passage.piece:
        return "Pièce jointe\u00a0: son numéro suit l’ordre des pièces."
    champ = champs.get(passage.nom)
    name = champ.libelle if champ else passage.nom
    if not passage.lie and champ and champ.valeur and champ.valeur != passage.texte:
        return f"{name}\u00a0: vous écrivez «\u00a0{passage.texte}\u00a0», le dossier dit «\u00a0{champ.valeur}\u00a0»."
    if champ and champ.valeur:
        return f"{name}\u00a0: d’après {champ.source}." if champ.source else name
    etat = etat_of(passage, champs)
    return (
        f"{name}\u00a0: il manque une valeur, écrivez-la." if etat is EtatChamp.MANQUE else f"{name}\u00a0: facultatif."
    )
