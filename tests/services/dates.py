"""A household with two open dossiers whose dates are known by heart (LETTRES-ECHEANCES.md §4.3, vector 15)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement
from mutuelle_desktop.storage.library import Library
from tests.storage.foyer import CAMILLE, CONFORT, COUVERTURE, DEUX_RIVES, dossier, put

COURONNE = dossier(
    14, titre="Couronne dent 36", ouvert_le=date(2026, 3, 1), personne_id=CAMILLE.id, contrat_id=CONFORT.id,
    montant_attendu=Decimal("300"),
)  # fmt: skip
LUNETTES = dossier(15, titre="Lunettes", ouvert_le=date(2026, 4, 1), personne_id=CAMILLE.id)
DEMANDE = Evenement(
    id="d0" * 8, dossier_id=COURONNE.id, nature=NatureEvenement.DEMANDE, le=date(2026, 3, 2), canal=Canal.COURRIER
)
RECLAMATION = Evenement(
    id="c1" * 8, dossier_id=COURONNE.id, nature=NatureEvenement.RECLAMATION, le=date(2026, 4, 16), canal=Canal.COURRIER
)
ACCUSE, REPONSE, OUVERTURE, LIMITE = (f"{rule}:{RECLAMATION.id}" for rule in ("R09", "R10", "R11", "R12"))
JOUR = date(2026, 5, 4)
LE_16_AVRIL_2027 = date(2027, 4, 16)


def settle(library: Library, *more: Any) -> None:
    """Put the household and its first dossier's events; CONFORT runs without a date of its own that counts."""
    contrat = replace(CONFORT, obligatoire=True, collectif=True, echeance=None, delai_production=None)
    put(library, DEUX_RIVES, replace(CAMILLE, naissance=None), contrat, COUVERTURE, COURONNE, LUNETTES, DEMANDE,
        RECLAMATION, *more)  # fmt: skip
