"""The fictional household: filled through the very same verbs as a real one, removed in one action."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from mutuelle_desktop.domain.contrat import Contact, Contrat, Couverture, Mutuelle, NatureOrganisme, parse_horaires
from mutuelle_desktop.domain.document import Document, Piece, TypeDocument
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier
from mutuelle_desktop.domain.echeance import Rappel
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.domain.mandat import Mandat
from mutuelle_desktop.domain.personne import Lien, Personne
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.services import contrats, dossiers, mandats, personnes
from mutuelle_desktop.services.attaches import (
    detach_contact,
    detach_document,
    detach_dossier,
    detach_evenement,
    detach_mutuelle,
)
from mutuelle_desktop.services.documents import classify, edit_document
from mutuelle_desktop.services.importation import import_files
from mutuelle_desktop.services.lectures import read_pending
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.library import Library, Writer
from mutuelle_desktop.storage.resources import resource
from mutuelle_desktop.storage.schema import TABLE_OF

MARQUE = "exemple"
_KINDS: tuple[type[Any], ...] = (
    Rappel, Mandat, Evenement, Piece, Document, Dossier, Couverture, Contrat, Contact, Mutuelle, Personne,
)  # fmt: skip
SEMAINE = date(2026, 11, 23)
"""The Monday of the week the stories were written for."""


def has_example(library: Library) -> bool:
    """Tell whether the fictional household is there, even in part."""
    with library.read() as db:
        return any(_present(db, db.marque(MARQUE) or []))


def is_empty(library: Library) -> bool:
    """Tell whether nothing has been entered yet."""
    with library.read() as db:
        tables = ("personne", "mutuelle", "dossier", "document")
        return not any(db.raw(f"SELECT EXISTS (SELECT 1 FROM {name})").fetchone()[0] for name in tables)


def fill_example(library: Library, workers: Workers, progress: Progress | None = None, today: date = SEMAINE) -> None:
    """Make the household, its contract, its dossiers and their papers; refused when it is there already."""
    if has_example(library):
        raise Refused("Le foyer d’exemple est déjà là.")
    made: list[Any] = []
    try:
        people = _household(library, made)
        contrat = _contract(library, people, made)
        _mandate(library, people, today, made)
        opened = _dossiers(library, people, contrat, today, made)
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
                    if kind in _DETACH:
                        _DETACH[kind](db, value.id)
                    db.delete(value)


_DETACH: dict[type[Any], Callable[[Writer, str], None]] = {
    Evenement: detach_evenement, Document: detach_document, Dossier: detach_dossier, Contact: detach_contact,
    Mutuelle: detach_mutuelle,
}  # fmt: skip


def _present(db: Any, marked: list[str]) -> list[bool]:
    kinds = {kind.__name__: kind for kind in _KINDS}
    return [True for mark in marked for kind, key in [mark.split(":", 1)] if db.get(kinds[kind], key) is not None]


def _mark(value: Any) -> str:
    return f"{type(value).__name__}:{value.id}"


def _hangs_on(value: Any) -> str:
    """Return the mark of what a value cannot outlive: a place or an event its dossier, a service its organism."""
    if isinstance(value, Piece | Evenement | Rappel):
        return f"Dossier:{value.dossier_id}"
    if isinstance(value, Couverture):
        return f"Contrat:{value.contrat_id}"
    return f"Mutuelle:{value.mutuelle_id}" if isinstance(value, Contact) else ""


_NAMED_BY: dict[type[Any], tuple[tuple[type[Any], str], ...]] = {
    Document: ((Piece, "document_id"), (Evenement, "document_id")),
    Dossier: ((Piece, "dossier_id"), (Evenement, "dossier_id")),
    Contrat: ((Dossier, "contrat_id"), (Couverture, "contrat_id")),
    Mutuelle: ((Contrat, "mutuelle_id"), (Contact, "mutuelle_id")),
    Personne: (
        (Dossier, "personne_id"),
        (Document, "personne_id"),
        (Couverture, "personne_id"),
        (Mandat, "mandant_id"),
        (Mandat, "mandataire_id"),
    ),
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
                      debut=date(2024, 1, 1), echeance=date(2024, 12, 31))  # fmt: skip
    made.append(contrats.save_contrat(library, contrat, [person.id for person in people.values()]))
    return contrat


def _mandate(library: Library, people: dict[str, Personne], today: date, made: list[Any]) -> None:
    """Marc lets Camille speak for him, since early this year and until its end."""
    year = max(today, SEMAINE).year
    given = Mandat(
        mandant_id=people["Marc"].id, mandataire_id=people["Camille"].id, du=date(year, 1, 5), au=date(year, 12, 31),
        objet="Renseignements, remboursements et réclamations",
    )  # fmt: skip
    made.append(mandats.save_mandat(library, given))


def _dossiers(
    library: Library, people: dict[str, Personne], contrat: Contrat, today: date, made: list[Any]
) -> dict[str, Dossier]:
    opened: dict[str, Dossier] = {}
    later = max(timedelta(0), (today - SEMAINE) // timedelta(7) * timedelta(7))
    for told in _content()["dossier"]:
        dossier = dossiers.create_dossier(
            library, nature=NatureDossier(told["nature"]), on=told["ouvert_le"] + later, titre=told["titre"],
            personne_id=people[told["personne"]].id, contrat_id=contrat.id,
        )  # fmt: skip
        made.append(dossier)
        dossier = replace(
            dossier, montant_paye=_euros(told.get("paye")), montant_secu=_euros(told.get("secu")),
            montant_attendu=_euros(told.get("attendu")), complexe=told.get("complexe", False),
            references_mutuelle=tuple(told.get("references", ())),
        )  # fmt: skip
        dossiers.edit_dossier(library, dossier)
        _story(library, dossier.id, told["evenement"], later, max(today, SEMAINE))
        if "clos_le" in told:
            dossiers.close_dossier(library, dossier.id, told["clos_le"] + later)
        opened[dossier.titre] = dossier
    return opened


def _story(library: Library, dossier_id: str, told: list[dict[str, Any]], later: timedelta, today: date) -> None:
    events: dict[str, Evenement] = {}
    for facts in told:
        nature, promis = NatureEvenement(facts["nature"]), facts.get("promis_le")
        before = events.get(facts.get("suite", ""))
        events[nature] = Evenement(
            dossier_id=dossier_id, nature=nature, le=facts["le"] + later, heure=facts.get("heure"),
            canal=Canal(facts["canal"]) if "canal" in facts else None, sens=_SENS.get(nature, Sens.ENVOYE),
            interlocuteur=facts.get("interlocuteur", ""), numero=facts.get("numero", ""), texte=facts["texte"],
            promis_le=promis + later if promis else None, suite_de=before.id if before else None,
        )  # fmt: skip
        dossiers.record_evenement(library, events[nature], today)


_SENS = dict.fromkeys((NatureEvenement.REPONSE, NatureEvenement.REFUS, NatureEvenement.PIECE_DEMANDEE), Sens.RECU)


def _content() -> dict[str, Any]:
    return tomllib.loads(resource("exemple/exemple.toml").read_text("utf-8"))


def _euros(amount: str | None) -> Decimal | None:
    return Decimal(amount) if amount else None


def _papers(
    library: Library, workers: Workers, people: dict[str, Personne], opened: dict[str, Dossier], *, made: list[Any],
    progress: Progress,
) -> None:  # fmt: skip
    index = _content()["papier"]
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
