"""The Bessière household with one claim under way, for the tests of calls, mandates and checklists."""

from datetime import date, time
from decimal import Decimal
from typing import Any

from mutuelle_desktop.domain.appel import CompteRendu, IssueAppel
from mutuelle_desktop.domain.contrat import Contact, Contrat, Couverture, Mutuelle, parse_horaires
from mutuelle_desktop.domain.document import Piece, TypeDocument
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.domain.personne import Lien, Personne
from mutuelle_desktop.storage.library import Library
from tests.services.aides import paper

TODAY = date(2026, 11, 23)
CAMILLE = Personne(
    id="camille", prenom="Camille", nom="Bessière", lien=Lien.ASSURE, naissance=date(1984, 5, 12), nir="269054958815780"
)
MARC = Personne(id="marc", prenom="Marc", nom="Bessière", lien=Lien.CONJOINT, naissance=date(1982, 2, 1))
JULES = Personne(id="jules", prenom="Jules", nom="Bessière", lien=Lien.ENFANT, naissance=date(2012, 3, 4))
MUTUELLE = Mutuelle(id="rives", nom="Mutuelle des Deux Rives")
AUTRE = Mutuelle(id="autre", nom="Mutuelle d’en Face")
ACCUEIL = Contact(id="accueil", mutuelle_id="rives", nom="Accueil", telephone="01 99 00 12 00")
REMBOURSEMENTS = Contact(
    id="remb", mutuelle_id="rives", nom="Remboursements", telephone="01 99 00 12 34", svi="1 puis 3",
    horaires=parse_horaires("lun-ven 9h-18h"),
)  # fmt: skip
ECRITE = Contact(id="ecrite", mutuelle_id="rives", nom="Réclamations", adresse="1 quai Neuf\n69000 Lyon")
CONTRAT = Contrat(id="confort", mutuelle_id="rives", numero="0047518", numero_adherent="22057529", nom="Confort +")
COURONNE = Dossier(
    id="couronne", reference="2026-001", titre="Couronne dent 36", nature=NatureDossier.REMBOURSEMENT,
    ouvert_le=date(2026, 10, 6), personne_id="camille", contrat_id="confort", references_mutuelle=("R-1",),
    montant_paye=Decimal(550), montant_secu=Decimal("84.00"), montant_attendu=Decimal("316.50"),
)  # fmt: skip
HOUSEHOLD = (CAMILLE, MARC, JULES, MUTUELLE, AUTRE, ACCUEIL, REMBOURSEMENTS, ECRITE, CONTRAT,
             Couverture(contrat_id="confort", personne_id="camille"), COURONNE)  # fmt: skip


def move_in(library: Library, *more: Any) -> None:
    """Put the household, and more, in the library."""
    put(library, *HOUSEHOLD, *more)


def put(library: Library, *values: Any) -> None:
    """Put values in one write that undo does not see."""
    with library.write("Mettre", undoable=False) as db:
        db.put_all(values)


def event(nature: NatureEvenement, le: date, **facts: Any) -> Evenement:
    """One event of the claim."""
    return Evenement(dossier_id=facts.pop("dossier_id", "couronne"), nature=nature, le=le, **facts)


def call(le: date = TODAY, heure: time | None = time(9, 40), **facts: Any) -> Evenement:
    """One call of the claim, without what the call window adds."""
    return event(NatureEvenement.ECHANGE, le, heure=heure, canal=Canal.TELEPHONE, sens=Sens.ENVOYE, **facts)


def compte(**facts: Any) -> CompteRendu:
    """One account of a call."""
    plain: dict[str, Any] = {
        "le": TODAY, "heure": time(9, 40), "interlocuteur": "Mme Arnal", "numero": "A-77", "issue": IssueAppel.PROMESSE,
        "promis_le": date(2026, 12, 4), "objectif": "Savoir quand", "contact_id": "remb",
        "questions": ("Quand ?", "Combien ?"), "reponses": ("Le 4 décembre", ""), "notes": "Aimable.",
        "attente": 240, "conversation": 95,
    }  # fmt: skip
    return CompteRendu(**{**plain, **facts})


def held(library: Library, kind: TypeDocument, *, dossier_id: str | None = "couronne", **facts: Any) -> str:
    """Put one paper in the library, and in the claim unless told otherwise; return its id."""
    document = paper(library, str(kind), type=kind, **facts)
    if dossier_id:
        put(library, Piece(dossier_id=dossier_id, document_id=document.id, rang=1))
    return document.id
