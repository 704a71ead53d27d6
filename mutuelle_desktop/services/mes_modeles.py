"""The user's own models of letters, copied from one that ships or from a letter, and the phrases they keep."""

from dataclasses import replace

from mutuelle_desktop.domain.contrat import NatureOrganisme
from mutuelle_desktop.domain.courrier import Bloc
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.ids import now
from mutuelle_desktop.domain.modele_perso import ModelePerso, Phrase
from mutuelle_desktop.services.liens import existing
from mutuelle_desktop.services.modeles import get, perso_of
from mutuelle_desktop.storage.index import plain
from mutuelle_desktop.storage.library import Library


def mes_modeles(library: Library) -> tuple[ModelePerso, ...]:
    """Return the user's own models, by title."""
    with library.read() as db:
        return tuple(sorted(db.all(ModelePerso), key=lambda modele: plain(modele.titre)))


def copy_modele(library: Library, modele_id: str, organisme: NatureOrganisme | None = None) -> ModelePerso:
    """Make a model that ships one's own; the law is said as for that organism."""
    return save_modele(library, perso_of(get(modele_id), organisme), "Copier le modèle")


def save_modele(library: Library, modele: ModelePerso, label: str = "Enregistrer le modèle") -> ModelePerso:
    """Keep a model of one's own, new or changed."""
    kept = replace(modele, titre=_titre(modele.titre), modifie_le=now())
    with library.write(f"{label} «\u00a0{kept.titre}\u00a0»") as db:
        db.put(kept)
    return kept


def delete_modele(library: Library, modele_id: str) -> None:
    """Forget a model of one's own; the letters made from it stay as they are."""
    with library.read() as db:
        known = existing(db, ModelePerso, modele_id)
    with library.write(f"Supprimer le modèle «\u00a0{known.titre}\u00a0»") as db:
        db.delete(known)


def phrases(library: Library) -> tuple[Phrase, ...]:
    """Return the phrases kept, by family then by title."""
    with library.read() as db:
        return tuple(sorted(db.all(Phrase), key=lambda phrase: (plain(phrase.famille), plain(phrase.titre))))


def keep_phrase(library: Library, titre: str, corps: tuple[Bloc, ...], famille: str = "") -> Phrase:
    """Keep a passage, to be put in any letter."""
    if not any(bloc.lignes for bloc in corps):
        raise Refused("Choisissez d’abord le passage à garder.")
    return save_phrase(library, Phrase(titre=titre, famille=famille.strip(), corps=corps))


def save_phrase(library: Library, phrase: Phrase) -> Phrase:
    """Keep a phrase, new or changed."""
    kept = replace(phrase, titre=_titre(phrase.titre), modifie_le=now())
    with library.write(f"Garder la phrase «\u00a0{kept.titre}\u00a0»") as db:
        db.put(kept)
    return kept


def delete_phrase(library: Library, phrase_id: str) -> None:
    """Forget a phrase."""
    with library.read() as db:
        known = existing(db, Phrase, phrase_id)
    with library.write(f"Supprimer la phrase «\u00a0{known.titre}\u00a0»") as db:
        db.delete(known)


def _titre(titre: str) -> str:
    kept = " ".join(titre.split())
    if not kept:
        raise Refused("Donnez un titre, pour retrouver ce passage.")
    return kept
