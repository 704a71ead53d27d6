"""All that the Aujourd’hui tab shows, gathered away from the screen."""

from dataclasses import dataclass
from datetime import date, timedelta

from mutuelle_desktop.domain.contrat import Mutuelle
from mutuelle_desktop.domain.creneau import Conseil
from mutuelle_desktop.domain.document import EtatLecture
from mutuelle_desktop.services import documents, exemple
from mutuelle_desktop.services.appels import conseils
from mutuelle_desktop.services.documents import Filtre, LigneDocument
from mutuelle_desktop.services.rappels import LigneRappel, pendant_votre_absence
from mutuelle_desktop.services.taches import Journee, journee
from mutuelle_desktop.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class Etat:
    """All that the page shows of deadlines."""

    journee: Journee
    absence: tuple[LigneRappel, ...]
    exemple: bool
    a_classer: tuple[LigneDocument, ...]
    reste_a_classer: int
    illisibles: int
    appels: list[tuple[Mutuelle, Conseil]]


def gather(desk: Desk, today: date, since: date | None) -> Etat | None:
    """Return where one stands, or None where there is nothing yet."""
    library = desk.library
    if exemple.is_empty(library):
        return None
    away = since is not None and since < today - timedelta(days=1)
    absence = tuple(pendant_votre_absence(library, since, today)) if away and since else ()
    return Etat(
        journee(library, today), absence, exemple.has_example(library), tuple(documents.to_classify(library, 6)),
        documents.count_documents(library, Filtre(a_classer=True)),
        documents.count_documents(library, Filtre(etat=EtatLecture.ILLISIBLE)), conseils(library, desk.now()),
    )  # fmt: skip
