"""The fictional household: filled through the very same verbs as a real one, removed in one action."""

import tomllib
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

from mutuelle_desktop.domain.contrat import Contact, Contrat, Couverture, Mutuelle, NatureOrganisme, parse_horaires
from mutuelle_desktop.domain.document import Document, Piece, TypeDocument
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.domain.personne import Lien, Personne
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.services import contrats, dossiers, personnes
from mutuelle_desktop.services.documents import classify, edit_document
from mutuelle_desktop.services.importation import import_files
from mutuelle_desktop.services.lectures import read_pending
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.resources import resource
from mutuelle_desktop.storage.schema import TABLE_OF

MARQUE = "exemple"
_KINDS: tuple[type[Any], ...] = (
    Evenement, Piece, Document, Dossier, Couverture, Contrat, Contact, Mutuelle, Personne,
)  # fmt: skip
_TODAY = date(2026, 11, 23)


def has_example(library: Library) -> bool:
    """Tell whether the fictional household is there, even in part."""
    with library.read() as db:
        return any(_present(db, db.marque(MARQUE) or []))


def is_empty(library: Library) -> bool:
    """Tell whether nothing has been entered yet."""
    with library.read() as db:
        return not any(db.count(kind) for kind in (Personne, Mutuelle, Dossier, Document))


def fill_example(library: Library, workers: Workers, progress: Progress | None = None) -> None:
    """Make the household, its contract, four dossiers and their papers; refused when it is there already."""
    if has_example(library):
        raise Refused("Le foyer d’exemple est déjà là.")
    made: list[Any] = []
    try:
        people = _household(library, made)
        contrat = _contract(library, people, made)
        opened = _dossiers(library, people, contrat, made)
        _papers(library, workers, people, opened, made=made, progress=progress or Progress())
    finally:
        with library.write("Marquer l’exemple", undoable=False) as db:
            db.set_marque(MARQUE, [_mark(value) for value in made])
    read_pending(library, workers, progress)


def remove_example(library: Library) -> None:
    """Take away what the example made and nothing else, in one step that can be undone.

    What the user linked to it stays: a person or contract that a dossier of the user's own names is kept.
    """
    with library.read() as db:
        marked = set(db.marque(MARQUE) or [])
    with library.write("Retirer le foyer d’exemple") as db:
        for kind in _KINDS:
            for value in db.all(kind):
                if (_mark(value) in marked or _hangs_on(value) in marked) and not _is_named(db, value):
                    db.delete(value)


def _present(db: Any, marked: list[str]) -> list[bool]:
    kinds = {kind.__name__: kind for kind in _KINDS}
    return [True for mark in marked for kind, key in [mark.split(":", 1)] if db.get(kinds[kind], key) is not None]


def _mark(value: Any) -> str:
    return f"{type(value).__name__}:{value.id}"


def _hangs_on(value: Any) -> str:
    """Return the mark of what a value cannot outlive: a place or an event its dossier, a service its organism."""
    if isinstance(value, Piece | Evenement):
        return f"Dossier:{value.dossier_id}"
    if isinstance(value, Couverture):
        return f"Contrat:{value.contrat_id}"
    return f"Mutuelle:{value.mutuelle_id}" if isinstance(value, Contact) else ""


_NAMED_BY: dict[type[Any], tuple[tuple[type[Any], str], ...]] = {
    Document: ((Piece, "document_id"), (Evenement, "document_id")),
    Dossier: ((Piece, "dossier_id"), (Evenement, "dossier_id")),
    Contrat: ((Dossier, "contrat_id"), (Couverture, "contrat_id")),
    Mutuelle: ((Contrat, "mutuelle_id"), (Contact, "mutuelle_id")),
    Personne: ((Dossier, "personne_id"), (Document, "personne_id"), (Couverture, "personne_id")),
}


def _is_named(db: Any, value: Any) -> bool:
    return any(db.count(kind, TABLE_OF[kind].c[name] == value.id) for kind, name in _NAMED_BY.get(type(value), ()))


def _household(library: Library, made: list[Any]) -> dict[str, Personne]:
    address = "14 rue des Tilleuls\n69000 LYON"
    people = (
        Personne(prenom="Camille", nom="Bessière", lien=Lien.ASSURE, naissance=date(1984, 5, 12), adresse=address,
                 telephone="06 39 98 12 34", courriel="camille.bessiere@exemple.fr"),
        Personne(prenom="Marc", nom="Bessière", lien=Lien.CONJOINT, naissance=date(1981, 9, 3), adresse=address),
        Personne(prenom="Jules", nom="Bessière", lien=Lien.ENFANT, naissance=date(2015, 2, 21), adresse=address),
    )  # fmt: skip
    made += [personnes.save_personne(library, person) for person in people]
    return {person.prenom: person for person in people}


def _contract(library: Library, people: dict[str, Personne], made: list[Any]) -> Contrat:
    mutuelle = contrats.save_mutuelle(
        library,
        Mutuelle(
            nom="Mutuelle des Deux Rives", nature=NatureOrganisme.MUTUELLE,
            adresse="Mutuelle des Deux Rives\nService Prestations\n8 quai du Confluent\n69000 LYON",
            espace_client="https://www.deux-rives.exemple", mediateur="Médiateur de la Mutualité (fictif)",
            mediateur_adresse="Service Médiation\n1 place de la Concorde fictive\n75000 PARIS",
            mediateur_site="https://www.mediateur.exemple",
        ),
    )  # fmt: skip
    made.append(mutuelle)
    contrats.save_contact(
        library,
        Contact(mutuelle_id=mutuelle.id, nom="Remboursements", telephone="01 99 00 12 12",
                horaires=parse_horaires("lun-ven 8h30-18h ; sam 9h-12h"), courriel="prestations@exemple.fr"),
    )  # fmt: skip
    contrats.save_contact(
        library,
        Contact(mutuelle_id=mutuelle.id, nom="Réclamations", telephone="01 99 00 12 13",
                horaires=parse_horaires("lun-ven 9h-17h"), courriel="reclamations@exemple.fr",
                adresse="Mutuelle des Deux Rives\nService Réclamations\n8 quai du Confluent\n69000 LYON"),
    )  # fmt: skip
    contrat = Contrat(mutuelle_id=mutuelle.id, numero="0047518", numero_adherent="22057529", nom="Confort +",
                      debut=date(2024, 1, 1))  # fmt: skip
    made.append(contrats.save_contrat(library, contrat, [person.id for person in people.values()]))
    return contrat


def _dossiers(library: Library, people: dict[str, Personne], contrat: Contrat, made: list[Any]) -> dict[str, Dossier]:
    opened: dict[str, Dossier] = {}
    plan = (
        ("Changement d’adresse", NatureDossier.MODIFICATION, "Camille", date(2026, 9, 1), None, None, None),
        ("Kinésithérapie, 12 séances", NatureDossier.REMBOURSEMENT, "Camille", date(2026, 9, 14), "192.00", None, None),
        ("Lunettes de Jules", NatureDossier.REMBOURSEMENT, "Jules", date(2026, 10, 2), "289.00", "0.09", "188.91"),
        ("Couronne dent 36", NatureDossier.REMBOURSEMENT, "Camille", date(2026, 10, 8), "700.00", "72.00", "288.00"),
    )
    for titre, nature, who, on, paye, secu, attendu in plan:
        dossier = dossiers.create_dossier(
            library, nature=nature, on=on, titre=titre, personne_id=people[who].id, contrat_id=contrat.id
        )
        made.append(dossier)
        dossier = replace(dossier, montant_paye=_euros(paye), montant_secu=_euros(secu), montant_attendu=_euros(attendu),
                          references_mutuelle=("GES-2026-118740",) if "36" in titre else ())  # fmt: skip
        dossiers.edit_dossier(library, dossier)
        opened[titre] = dossier
        for event in _EVENTS.get(titre, ()):
            dossiers.record_evenement(library, replace(event, id=f"{dossier.id[:10]}{_rank(event)}",
                                                       dossier_id=dossier.id), _TODAY)  # fmt: skip
    dossiers.close_dossier(library, opened["Changement d’adresse"].id, date(2026, 9, 21))
    return opened


def _rank(event: Evenement) -> str:
    return f"{event.le:%m%d}{len(event.texte) % 100:02d}"


def _euros(amount: str | None) -> Decimal | None:
    return Decimal(amount) if amount else None


def _papers(
    library: Library, workers: Workers, people: dict[str, Personne], opened: dict[str, Dossier], *, made: list[Any],
    progress: Progress,
) -> None:  # fmt: skip
    index = tomllib.loads(resource("exemple/exemple.toml").read_text("utf-8"))["papier"]
    for done, paper in enumerate(index):
        progress.step(done, len(index), f"Ajout de {paper['titre']}")
        dossier = opened.get(paper.get("dossier", ""))
        path = resource(f"exemple/{paper['fichier']}")
        added = import_files(library, workers, [path], dossier_id=dossier.id if dossier else None)[0]
        if added.document_id is None:
            continue
        with library.read() as db:
            document = db.get(Document, added.document_id)
        if document is None or added.jumeau is not None:  # the user's own paper is not ours to name, nor to remove
            continue
        made.append(document)
        person = people.get(paper.get("personne", ""))
        facts = replace(
            document, titre=paper["titre"], type=TypeDocument(paper["type"]) if paper.get("type") else None,
            personne_id=person.id if person else None, emetteur=paper.get("emetteur", ""),
            date_document=_day(paper.get("date")),
        )  # fmt: skip
        if dossier is not None:
            classify(library, facts)
        else:
            edit_document(library, replace(facts, type=None))


def _day(value: Any) -> date | None:
    if isinstance(value, date) or value is None:
        return value
    return date.fromisoformat(value)


def _event(nature: NatureEvenement, on: date, texte: str, **facts: Any) -> Evenement:
    return Evenement(dossier_id="", nature=nature, le=on, texte=texte, **facts)


_EVENTS: dict[str, tuple[Evenement, ...]] = {
    "Couronne dent 36": (
        _event(NatureEvenement.DEMANDE, date(2026, 10, 8), "Facture et décompte envoyés en copie. Aucun délai annoncé.",
               canal=Canal.COURRIER, sens=Sens.ENVOYE),
        _event(NatureEvenement.ECHANGE, date(2026, 11, 4), "« Dossier en cours de traitement », aucune date donnée.",
               heure=time(9, 40), canal=Canal.TELEPHONE, interlocuteur="Mme Petit", numero="2026-3107"),
    ),
    "Lunettes de Jules": (
        _event(NatureEvenement.DEMANDE, date(2026, 10, 5), "Facture déposée dans la messagerie.",
               canal=Canal.ESPACE_CLIENT, sens=Sens.ENVOYE),
        _event(NatureEvenement.ECHANGE, date(2026, 11, 12), "Virement promis.", heure=time(14, 15),
               canal=Canal.TELEPHONE, interlocuteur="Mme Lambert", numero="2026-4471", promis_le=date(2026, 11, 20)),
    ),
    "Kinésithérapie, 12 séances": (
        _event(NatureEvenement.DEMANDE, date(2026, 9, 15), "Facture des six premières séances.",
               canal=Canal.ESPACE_CLIENT, sens=Sens.ENVOYE),
        _event(NatureEvenement.PIECE_DEMANDEE, date(2026, 11, 2), "Il manque l’ordonnance du Dr Morel.",
               canal=Canal.COURRIEL, sens=Sens.RECU),
    ),
    "Changement d’adresse": (
        _event(NatureEvenement.DEMANDE, date(2026, 9, 1), "Nouvelle adresse signalée.", canal=Canal.ESPACE_CLIENT,
               sens=Sens.ENVOYE),
        _event(NatureEvenement.REPONSE, date(2026, 9, 18), "Changement enregistré.", canal=Canal.COURRIEL,
               sens=Sens.RECU),
    ),
}  # fmt: skip
