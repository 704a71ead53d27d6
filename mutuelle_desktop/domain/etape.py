"""The next step of a dossier: what to do now, why, what comes of doing nothing."""

from collections.abc import Iterable
from datetime import date

from mutuelle_desktop.domain.calendrier import en_lettres
from mutuelle_desktop.domain.cas import Cas, Echeance, EtatEcheance
from mutuelle_desktop.domain.echelle import Etape, GenreEtape, Vue, etape_of
from mutuelle_desktop.domain.faits import Faits
from mutuelle_desktop.domain.mediation import (
    EtatFenetre,
    FenetreMediateur,
    Mediateur,
    fenetre_mediateur,
    mediateur_usuel,
    parse_mediateurs,
)
from mutuelle_desktop.domain.regards import REGARDS
from mutuelle_desktop.domain.regle import Regles

__all__ = [
    "Etape",
    "EtatFenetre",
    "FenetreMediateur",
    "GenreEtape",
    "Mediateur",
    "fenetre_mediateur",
    "mediateur_usuel",
    "parse_mediateurs",
    "prochaine_etape",
]


def prochaine_etape(cas: Cas, echeances: Iterable[Echeance], regles: Regles, today: date) -> Etape:
    """Return the next step of a dossier, given its deadlines (LETTRES-ECHEANCES.md §4.4).

    An irreversible limit goes first; then what the médiateur, a missing piece, a refusal or an answer calls for; then
    the ladder: phone, reminder, complaint, formal notice, médiateur; then waiting.
    """
    if cas.dossier.clos_le is not None:
        return _closed(cas.dossier.clos_le)
    if not cas.evenements:
        return _prepare(today)
    vue = Vue(Faits(cas, regles, today), tuple(echeances))
    for look in REGARDS:
        etape = look(vue)
        if etape is not None:
            return _reviewed(vue, etape)
    return _review(today)


def _closed(clos_le: date) -> Etape:
    return Etape(
        genre=GenreEtape.CLOS,
        titre="Dossier clos",
        bouton="Rouvrir",
        raison=f"Clos le {en_lettres(clos_le)}.",
        si_rien="",
        effet="",
        depuis=clos_le,
        bande=0,
    )


def _prepare(today: date) -> Etape:
    return Etape(
        genre=GenreEtape.PREPARER,
        titre="Préparer la demande",
        bouton="Noter les soins ou la demande",
        raison="Rien n’est encore noté dans ce dossier.",
        si_rien="Aucun délai ne court, et aucun ne protège vos droits.",
        effet="",
        depuis=today,
        bande=5,
        choix=(GenreEtape.ENVOYER, GenreEtape.CLORE),
    )


def _review(today: date) -> Etape:
    return Etape(
        genre=GenreEtape.VERIFIER,
        titre="Faire le point",
        bouton="Ouvrir le dossier",
        raison="Aucune date n’attend quelque chose dans ce dossier.",
        si_rien="Le dossier reste ouvert sans que rien n’y avance.",
        effet="",
        depuis=today,
        bande=6,
        choix=(GenreEtape.CLORE, GenreEtape.RECLAMER),
    )


def _reviewed(vue: Vue, etape: Etape) -> Etape:
    """Return a forgotten recommandé in the place of plain waiting."""
    suivi = vue.first("R35.suivi", EtatEcheance.A_FAIRE)
    return etape_of(suivi, GenreEtape.VERIFIER, 6) if suivi is not None and etape.bande == 0 else etape
