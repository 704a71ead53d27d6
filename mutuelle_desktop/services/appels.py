"""Calls: what to prepare, what was said, what follows; each is one event of its dossier."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from mutuelle_desktop.domain.appel import (
    Appel,
    CompteRendu,
    ContactAppel,
    IssueAppel,
    Numero,
    Preparation,
    SuiteAppel,
    check_compte,
    feuille_of,
    notes_in,
    suite_of,
    texte_of,
)
from mutuelle_desktop.domain.calendrier import Foyer
from mutuelle_desktop.domain.checklist import LISTES_ECHANGE, Coche
from mutuelle_desktop.domain.contrat import Contact, Contrat, Mutuelle, format_horaires
from mutuelle_desktop.domain.creneau import AppelPasse, Conseil, conseil
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.domain.mandat import Droit, Mandat, droit_de_parler
from mutuelle_desktop.domain.personne import Lien, Personne
from mutuelle_desktop.services.liens import existing
from mutuelle_desktop.services.papiers import papiers_of
from mutuelle_desktop.services.questions import Situation, modeles, situation_of
from mutuelle_desktop.storage.index import plain
from mutuelle_desktop.storage.library import Library, Reader, Writer
from mutuelle_desktop.storage.schema import appel, coche, contact, evenement, mandat, personne

_N = NatureEvenement
_GIVE_NUMBERS = (
    _N.ECHANGE,
    _N.ACCUSE,
    _N.PIECE_DEMANDEE,
    _N.REPONSE_PARTIELLE,
    _N.REPONSE,
    *(_N.REFUS, _N.REFUS_DEFINITIF),
)
"""The events whose number is the mutuelle's own; that of a letter sent is the post's."""


def preparation(library: Library, dossier_id: str, now: datetime, *, appelant_id: str | None = None) -> Preparation:
    """Return all that a call about a dossier needs; now is local time, the caller the assuré unless said otherwise."""
    with library.read() as db:
        dossier = existing(db, Dossier, dossier_id)
        contrat = db.get(Contrat, dossier.contrat_id) if dossier.contrat_id else None
        mutuelle = db.get(Mutuelle, contrat.mutuelle_id) if contrat else None
        situation = situation_of(db, dossier, now.date())
        people = db.all(Personne, order=(personne.c.prenom, personne.c.nom))
        concerne = next((p for p in people if p.id == dossier.personne_id), None) or _assure(people)
        appelant = next((p for p in people if p.id == appelant_id), None) or _assure(people)
        foyer = db.get(Foyer, Foyer().id) or Foyer()
        passes = _historique(db, mutuelle.id) if mutuelle else ()
        contacts = _contacts(db, dossier, mutuelle)
        papiers = papiers_of(db, situation)
        droit = _droit(db, appelant, concerne, mutuelle, now.date())
    advised = tuple(
        ContactAppel(
            contact=c, horaires=format_horaires(c.horaires), conseil=conseil(now, c.horaires, foyer.zone, passes)
        )
        for c in contacts
    )
    return Preparation(
        dossier_id=dossier_id,
        titre=dossier.titre,
        mutuelle=mutuelle.nom if mutuelle else "",
        objectif=situation.objectif(),
        questions=situation.questions(),
        repliques=modeles().repliques,
        papiers=papiers,
        numeros=_numeros(situation, contrat, concerne, _assure(people)),
        contacts=advised,
        appelant=appelant.nom_complet if appelant else "",
        droit=droit,
        conseil=advised[0].conseil if advised else conseil(now, (), foyer.zone, passes),
    )


def conseils(library: Library, now: datetime) -> list[tuple[Mutuelle, Conseil]]:
    """Return, for each mutuelle whose contract runs and that has a telephone, whether to call it now; now is local."""
    with library.read() as db:
        foyer = db.get(Foyer, Foyer().id) or Foyer()
        running = {c.mutuelle_id for c in db.all(Contrat) if c.is_active(now.date())}
        services = db.all(Contact, contact.c.telephone != "", order=contact.c.nom)
        first = {c.mutuelle_id: c for c in reversed(services) if c.mutuelle_id in running}
        found = [(db.get(Mutuelle, key), c, _historique(db, key)) for key, c in first.items()]
    advised = [(m, conseil(now, c.horaires, foyer.zone, passes)) for m, c, passes in found if m is not None]
    return sorted(advised, key=lambda pair: pair[0].nom)


def feuille_appel(preparation: Preparation, *, avec_secrets: bool = False) -> str:
    """Return the call sheet as plain text; its parts, for a page, are domain.appel.feuille_of's."""
    return feuille_of(preparation, avec_secrets=avec_secrets).texte


def record_appel(library: Library, dossier_id: str, compte: CompteRendu, today: date) -> SuiteAppel:
    """Note a call: one event and what it holds beyond it; what was ticked while preparing now belongs to it."""
    check_compte(compte, today)
    noted = Evenement(dossier_id=dossier_id, nature=_N.ECHANGE, canal=Canal.TELEPHONE, sens=Sens.ENVOYE, le=compte.le)
    with library.write("Noter l’appel") as db:
        existing(db, Dossier, dossier_id)
        suite = _put(db, noted, compte)
        for found in db.all(Coche, coche.c.dossier_id == dossier_id, coche.c.evenement_id.is_(None)):
            if found.ligne.partition(".")[0] in LISTES_ECHANGE:
                db.put(replace(found, evenement_id=noted.id))
    return suite


def correct_appel(library: Library, evenement_id: str, compte: CompteRendu, today: date) -> SuiteAppel:
    """Keep what was corrected in a call."""
    check_compte(compte, today)
    with library.write("Corriger l’appel") as db:
        return _put(db, _call(db, evenement_id), compte)


def compte_rendu(library: Library, evenement_id: str) -> CompteRendu:
    """Return the form of a call already noted, to correct it."""
    with library.read() as db:
        noted = _call(db, evenement_id)
        held = db.get(Appel, evenement_id) or Appel(id=evenement_id)
    compte = CompteRendu(
        le=noted.le, heure=noted.heure, interlocuteur=noted.interlocuteur, numero=noted.numero, issue=held.issue,
        promis_le=noted.promis_le, objectif=held.objectif, contact_id=held.contact_id, questions=held.questions,
        reponses=held.reponses, attente=held.attente, conversation=held.conversation,
    )  # fmt: skip
    return replace(compte, notes=notes_in(noted.texte, compte))


def appel_of(library: Library, evenement_id: str) -> Appel | None:
    """Return what a call holds beyond its event."""
    with library.read() as db:
        return db.get(Appel, evenement_id)


def historique(library: Library, mutuelle_id: str) -> tuple[AppelPasse, ...]:
    """Return the user's own calls to a mutuelle whose waiting was timed, oldest first."""
    with library.read() as db:
        return _historique(db, mutuelle_id)


def _put(db: Writer, noted: Evenement, compte: CompteRendu) -> SuiteAppel:
    if compte.contact_id is not None and db.get(Contact, compte.contact_id) is None:
        raise Refused("Ce service n’existe plus. Choisissez-en un autre.")
    kept = tuple(" ".join(answer.split()) for answer in compte.reponses)
    noted = replace(
        noted, nature=_nature(compte.issue), le=compte.le, heure=compte.heure, interlocuteur=" ".join(compte.interlocuteur.split()),
        numero=compte.numero.strip(), promis_le=compte.promis_le, texte=texte_of(compte),
    )  # fmt: skip
    held = Appel(
        id=noted.id, objectif=compte.objectif.strip(), contact_id=compte.contact_id, issue=compte.issue,
        attente=compte.attente, conversation=compte.conversation, questions=compte.questions, reponses=kept,
    )  # fmt: skip
    db.put(noted)
    db.put(held)
    return suite_of(noted, held)


def _call(db: Reader, evenement_id: str) -> Evenement:
    noted = db.get(Evenement, evenement_id)
    if noted is None:
        raise Refused("Cet appel n’existe plus.")
    if noted.nature not in (_N.ECHANGE, _N.NOTE) or noted.canal is not Canal.TELEPHONE:
        raise Refused("Cet événement n’est pas un appel. Corrigez-le dans la chronologie.")
    return noted


def _nature(issue: IssueAppel) -> NatureEvenement:
    """Return what a call is for the deadlines: one nobody answered reminded nobody of anything."""
    return _N.NOTE if issue is IssueAppel.SANS_REPONSE else _N.ECHANGE


def _historique(db: Reader, mutuelle_id: str) -> tuple[AppelPasse, ...]:
    rows: Any = db.raw(
        "SELECT e.le, e.heure, a.attente FROM appel a JOIN evenement e ON e.id = a.id "
        "JOIN dossier d ON d.id = e.dossier_id LEFT JOIN contrat c ON c.id = d.contrat_id "
        "LEFT JOIN contact s ON s.id = a.contact_id "
        "WHERE e.heure IS NOT NULL AND a.attente > 0 AND coalesce(s.mutuelle_id, c.mutuelle_id) = ? "
        "ORDER BY e.le, e.heure",
        (mutuelle_id,),
    )
    return tuple(AppelPasse(datetime.fromisoformat(f"{le}T{heure}"), attente) for le, heure, attente in rows)


def _assure(people: Sequence[Personne]) -> Personne | None:
    return next((p for p in people if p.lien is Lien.ASSURE), people[0] if people else None)


def _droit(
    db: Reader, appelant: Personne | None, concerne: Personne | None, mutuelle: Mutuelle | None, on: date
) -> Droit | None:
    if appelant is None or concerne is None:
        return None
    held = db.all(Mandat, mandat.c.mandataire_id == appelant.id)
    return droit_de_parler(appelant, concerne, held, mutuelle.id if mutuelle else None, on)


def _contacts(db: Reader, dossier: Dossier, mutuelle: Mutuelle | None) -> list[Contact]:
    """Return the services one can call: the one last called about this dossier first, then the one made for it."""
    if mutuelle is None:
        return []
    services = db.all(Contact, contact.c.mutuelle_id == mutuelle.id, contact.c.telephone != "", order=contact.c.nom)
    calls = db.connection.execute(
        appel.join(evenement, evenement.c.id == appel.c.id).select()
        .where(evenement.c.dossier_id == dossier.id, appel.c.contact_id.is_not(None))
        .with_only_columns(appel.c.contact_id).order_by(evenement.c.le.desc(), evenement.c.heure.desc()).limit(1)
    ).scalars().first()  # fmt: skip
    word = _SERVICE[dossier.nature]
    return sorted(services, key=lambda c: (c.id != calls, word not in plain(c.nom)))


_SERVICE = {
    NatureDossier.REMBOURSEMENT: "rembours",
    NatureDossier.INFORMATION: "adherent",
    NatureDossier.RECLAMATION: "reclam",
    NatureDossier.MODIFICATION: "adherent",
    NatureDossier.PRISE_EN_CHARGE: "prise en charge",
    NatureDossier.RESILIATION: "resili",
}
"""A word of the name of the service that deals with each nature, as plain() writes it."""


def _numeros(
    situation: Situation, contrat: Contrat | None, concerne: Personne | None, assure: Personne | None
) -> tuple[Numero, ...]:
    found = []
    if contrat is not None:
        found += [Numero("Numéro d’adhérent", contrat.numero_adherent), Numero("Numéro de contrat", contrat.numero)]
    theirs = [*situation.dossier.references_mutuelle,
              *(e.numero for e in reversed(situation.evenements) if e.nature in _GIVE_NUMBERS)]  # fmt: skip
    found += [Numero("Leur référence", number) for number in dict.fromkeys(n.strip() for n in theirs)]
    if concerne is not None and concerne.naissance is not None:
        found.append(Numero(f"Naissance de {concerne.prenom}", f"{concerne.naissance:%d/%m/%Y}"))
    holder = next((p for p in (concerne, assure) if p is not None and p.nir), None)
    if holder is not None:
        found.append(Numero(f"Sécurité sociale de {holder.prenom}", _nir(holder.nir), secret=True))
    return tuple(number for number in found if number.valeur)


def _nir(nir: str) -> str:
    """Return a NIR as it is read aloud, « 2 69 05 49 588 157 80 »; anything else as it is."""
    bare = "".join(nir.split())
    if len(bare) not in (13, 15):
        return nir
    cuts = (0, 1, 3, 5, 7, 10, 13, 15)
    return "\u00a0".join(bare[a:b] for a, b in pairwise(cuts) if bare[a:b])
