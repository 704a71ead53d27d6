"""The first steps in an empty library, known by what it holds: nothing else is kept of them."""

from dataclasses import dataclass

from mutuelle_desktop.domain.contrat import Mutuelle
from mutuelle_desktop.domain.document import Document, EtatLecture, TypeDocument
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services.exemple import has_example
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.schema import TABLE_OF


@dataclass(frozen=True, slots=True)
class PremiersPas:
    """What of a first start is done: carte tells the card is kept; lus of the papiers can be searched."""

    personnes: tuple[str, ...] = ()
    mutuelles: tuple[str, ...] = ()
    carte: bool = False
    papiers: int = 0
    lus: int = 0

    @property
    def vide(self) -> bool:
        """Tell whether nothing was begun."""
        return self == PremiersPas()

    @property
    def mutuelle(self) -> bool:
        """Tell whether the mutuelle is described, or its card kept."""
        return bool(self.mutuelles) or self.carte


def premiers_pas(library: Library) -> PremiersPas | None:
    """Return how far the first steps are, or None once there is a dossier, or with the household of the example."""
    if has_example(library):
        return None
    document = TABLE_OF[Document].c
    kept = document.supprime_le.is_(None)
    card = document.type == TypeDocument.CARTE
    with library.read() as db:
        if db.count(Dossier):
            return None
        cards, papers = db.count(Document, kept, card), db.count(Document, kept)
        people = db.all(Personne, limit=8)
        insurers = db.all(Mutuelle, limit=8)
        read = db.raw(
            "SELECT count(*) FROM document d JOIN lecture l ON l.id = d.empreinte WHERE d.supprime_le IS NULL AND l.etat = ?"
            " AND coalesce(d.type, '') <> ?", (EtatLecture.LU.value, TypeDocument.CARTE.value),
        ).fetchone()[0]  # fmt: skip
    return PremiersPas(
        personnes=tuple(p.prenom for p in people), mutuelles=tuple(m.nom for m in insurers), carte=cards > 0,
        papiers=papers - cards, lus=int(read),
    )  # fmt: skip
