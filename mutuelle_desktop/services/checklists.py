"""Checklists of a dossier or of one exchange: what the facts tick, what the user ticks or sets aside."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from mutuelle_desktop.domain.appel import Appel
from mutuelle_desktop.domain.calendrier import jours_feries
from mutuelle_desktop.domain.checklist import (
    Coche,
    Constat,
    EtatCoche,
    EtatLigne,
    Ligne,
    Liste,
    ListeEtat,
    Portee,
    lignes,
)
from mutuelle_desktop.domain.contrat import Contact
from mutuelle_desktop.domain.creneau import HORAIRES_SUPPOSES, creneaux
from mutuelle_desktop.domain.document import Document, TypeDocument
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.echeance import TERMINES, Cas, Echeance, EtatEcheance, Rappel, echeances
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.etape import EtatFenetre, FenetreMediateur, fenetre_mediateur
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.services.faits import read_cas, regles_of
from mutuelle_desktop.services.liens import existing
from mutuelle_desktop.services.papiers import papiers_of
from mutuelle_desktop.services.phrases import counted, enumerated
from mutuelle_desktop.services.questions import Situation, is_open, situation_of
from mutuelle_desktop.storage.library import Library, Reader
from mutuelle_desktop.storage.resources import resource
from mutuelle_desktop.storage.schema import coche, document, rappel

HISTORIQUE_MIN = 3
"""Dated facts from which a dossier's story can be told to someone else."""
RECOURS = ("R12", "R16", "R17", "R18")
"""The rules whose last day, once missed, closes a way of recourse: médiateur, prescription and its new starts."""
_N = NatureEvenement
_ECRITS = (Canal.COURRIER, Canal.COURRIEL, Canal.ESPACE_CLIENT, Canal.RECOMMANDE, Canal.RECOMMANDE_ELECTRONIQUE)
_LETTRES = (Canal.COURRIER, Canal.COURRIEL, Canal.RECOMMANDE, Canal.RECOMMANDE_ELECTRONIQUE)
_AUTRE_PARTIE = (
    _N.ACCUSE,
    _N.PIECE_DEMANDEE,
    _N.REPONSE_PARTIELLE,
    _N.REPONSE,
    _N.REFUS,
    _N.REFUS_DEFINITIF,
    _N.PAIEMENT,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Contexte:
    """All that facts are read from, in one view; echange and appel are those the lists are gone through for."""

    cas: Cas
    situation: Situation
    today: date
    echange: Evenement | None
    appel: Appel | None
    contact: Contact | None
    manquants: tuple[str, ...]
    rappels: tuple[Rappel, ...]
    contrat_papier: bool
    echeances: tuple[Echeance, ...]
    fenetre: FenetreMediateur


@cache
def listes() -> tuple[Liste, ...]:
    """Return the five lists that ship (resources/checklists/checklists.toml)."""
    index = tomllib.loads(resource("checklists/checklists.toml").read_text("utf-8"))
    return tuple(
        Liste(
            id=entry["id"], titre=entry["titre"], quand=entry["quand"], portee=Portee(entry["portee"]),
            lignes=tuple(Ligne(**line) for line in entry["ligne"]),
        )
        for entry in index["liste"]
    )  # fmt: skip


def checklists(
    library: Library, dossier_id: str, today: date, evenement_id: str | None = None
) -> tuple[ListeEtat, ...]:
    """Return the five lists of a dossier; those of an exchange are about this one, or the next when None."""
    known = faits(library, dossier_id, today, evenement_id)
    with library.read() as db:
        ticked = db.all(Coche, coche.c.dossier_id == dossier_id)
    found = []
    for liste in listes():
        of = None if liste.portee is Portee.DOSSIER else evenement_id
        found.append(ListeEtat(liste, lignes(liste, known, [c for c in ticked if c.evenement_id == of])))
    return tuple(found)


def checklist(
    library: Library, liste_id: str, dossier_id: str, today: date, evenement_id: str | None = None
) -> ListeEtat:
    """Return one of the lists, by its id (avant, preparer, pendant, apres, complexe)."""
    return next(e for e in checklists(library, dossier_id, today, evenement_id) if e.liste.id == liste_id)


def pieces_manquantes(library: Library, dossier_id: str, today: date) -> list[tuple[TypeDocument, str]]:
    """Return the papers this kind of request needs and that are not there, each with why; the usual type first."""
    with library.read() as db:
        situation = situation_of(db, existing(db, Dossier, dossier_id), today)
        return [(p.types[0], p.pourquoi) for p in papiers_of(db, situation) if not p.present]


def check(library: Library, ligne_id: str, dossier_id: str, evenement_id: str | None = None) -> None:
    """Tick a line by hand."""
    _say(library, ligne_id, dossier_id, evenement_id, (EtatCoche.FAIT, "", "Cocher"))


def set_aside(library: Library, ligne_id: str, dossier_id: str, raison: str, evenement_id: str | None = None) -> None:
    """Say that a line has no object here, and why."""
    raison = " ".join(raison.split())
    if not raison:
        raise Refused("Dites en quelques mots pourquoi cette ligne est sans objet.")
    _say(library, ligne_id, dossier_id, evenement_id, (EtatCoche.SANS_OBJET, raison, "Mettre de côté"))


def uncheck(library: Library, ligne_id: str, dossier_id: str, evenement_id: str | None = None) -> None:
    """Take back what was said of a line by hand; facts go on speaking."""
    ligne, of = _find(ligne_id, evenement_id)
    with library.write(f"Décocher « {ligne.texte} »") as db:
        found = _coches(db, dossier_id, ligne_id, of)
        if not found:
            raise Refused("Cette ligne n’est pas cochée à la main : ce sont les faits du dossier qui la cochent.")
        for ticked in found:
            db.delete(ticked)


def faits(library: Library, dossier_id: str, today: date, evenement_id: str | None = None) -> dict[str, Constat]:
    """Return what the library says of each fact a line may name, for one exchange or the next."""
    with library.read() as db:
        c = _contexte(db, dossier_id, today, evenement_id)
    return {
        "numero_adherent": _adherent(c),
        "papiers": _papiers(c),
        "questions": _of_call(bool(c.appel and c.appel.questions), "Vos questions sont dans l’appel noté."),
        "objectif": _of_call(bool(c.appel and c.appel.objectif), "Le but est écrit dans l’appel noté."),
        "horaire": _horaire(c),
        "nom": _of_call(
            bool(c.echange and c.echange.interlocuteur), f"Noté : {c.echange and c.echange.interlocuteur}."
        ),
        "numero_dossier": _numero(c),
        "delai": _delai(c),
        "notes": _of_call(bool(c.echange and c.echange.texte.strip()), "Le compte rendu est dans la chronologie."),
        "envoi": _envoi(c),
        "rappel": _rappel(c),
        "confirmation": _confirmation(c),
        "agenda": _agenda(c),
        "historique": _historique(c),
        "references": _references(c),
        "lettres": _lettres(c),
        "recours": _recours(c),
        "mediateur": _mediateur(c),
    }


def _contexte(db: Reader, dossier_id: str, today: date, evenement_id: str | None) -> Contexte:
    cas, regles = read_cas(db, dossier_id), regles_of(db)
    situation = situation_of(db, cas.dossier, today)
    held = db.get(Appel, evenement_id) if evenement_id else None
    contracts = (TypeDocument.CONTRAT, TypeDocument.GARANTIES)
    return Contexte(
        cas=cas,
        situation=situation,
        today=today,
        echange=next((e for e in cas.evenements if e.id == evenement_id), None),
        appel=held,
        contact=db.get(Contact, held.contact_id) if held and held.contact_id else None,
        manquants=tuple(p.libelle for p in papiers_of(db, situation) if not p.present),
        rappels=tuple(db.all(Rappel, rappel.c.dossier_id == dossier_id, rappel.c.fait_le.is_(None), order=rappel.c.le)),
        contrat_papier=db.count(Document, document.c.type.in_(contracts), document.c.supprime_le.is_(None)) > 0,
        echeances=echeances(cas, regles, today),
        fenetre=fenetre_mediateur(cas, regles, today),
    )


def _done(phrase: str) -> Constat:
    return Constat(EtatLigne.PAR_FAIT, phrase)


def _todo(phrase: str = "") -> Constat:
    return Constat(EtatLigne.A_FAIRE, phrase)


def _aside(phrase: str) -> Constat:
    return Constat(EtatLigne.SANS_OBJET, phrase)


def _of_call(true: bool, phrase: str) -> Constat:
    return _done(phrase) if true else _todo()


def _adherent(c: Contexte) -> Constat:
    number = c.cas.contrat.numero_adherent if c.cas.contrat else ""
    if number:
        return _done(f"Numéro d’adhérent : {number}.")
    return _todo("Il n’est pas noté dans le contrat." if c.cas.contrat else "Ce dossier n’a pas de contrat.")


def _papiers(c: Contexte) -> Constat:
    if not c.manquants:
        return _done("Tous les papiers de ce genre de demande sont là.")
    return _todo(f"À ajouter : {', '.join(c.manquants)}.")


def _horaire(c: Contexte) -> Constat:
    if c.echange is None or c.echange.heure is None:
        return _todo()
    if c.echange.canal is not Canal.TELEPHONE:
        return _aside("Cet échange n’était pas un appel.")
    plages = c.contact.horaires if c.contact and c.contact.horaires else HORAIRES_SUPPOSES
    feries = {
        **jours_feries(c.echange.le.year - 1, c.cas.foyer.zone),
        **jours_feries(c.echange.le.year, c.cas.foyer.zone),
    }
    moment = datetime.combine(c.echange.le, c.echange.heure)
    slot = next(
        s for s in creneaux(c.echange.le, plages, feries) if s.debut <= moment < s.debut + timedelta(minutes=30)
    )
    said = f"{c.echange.heure.hour} h {c.echange.heure.minute:02d}"
    return _done(f"Appel à {said}, une heure calme.") if slot.bon else _todo(f"Appel à {said}, une heure chargée.")


def _numero(c: Contexte) -> Constat:
    if c.echange is not None and c.echange.numero:
        return _done(f"Numéro obtenu : {c.echange.numero}.")
    theirs = c.cas.dossier.references_mutuelle
    return _done(f"Référence de la mutuelle : {theirs[-1]}.") if theirs else _todo()


def _delai(c: Contexte) -> Constat:
    promised = c.echange.promis_le if c.echange else None
    return _done(f"Promis pour le {promised:%d/%m/%Y}.") if promised else _todo()


def _since(c: Contexte) -> Sequence[Evenement]:
    """Return the events from the exchange on (all of them when there is none yet), itself left out."""
    if c.echange is None:
        return c.cas.evenements
    return [e for e in c.cas.evenements if e.le >= c.echange.le and e.id != c.echange.id]


def _envoi(c: Contexte) -> Constat:
    if is_open(c.cas.evenements, _N.PIECE_DEMANDEE, _N.COMPLEMENT):
        return _todo("Une pièce demandée n’est pas encore envoyée.")
    sent = next((e for e in _since(c) if e.nature in (_N.COMPLEMENT, _N.DEMANDE)), None)
    if sent is not None and c.echange is not None:
        return _done(f"Envoyé le {sent.le:%d/%m/%Y}.")
    return _aside("Aucune pièce demandée n’est notée.")


def _rappel(c: Contexte) -> Constat:
    if c.echange is not None and c.echange.promis_le:
        return _done(f"La promesse du {c.echange.promis_le:%d/%m/%Y} est suivie.")
    after = c.echange.le if c.echange else c.today
    planned = next((r for r in c.rappels if r.le >= after), None)
    return _done(f"Rappel le {planned.le:%d/%m/%Y} : {planned.titre}.") if planned else _todo()


def _confirmation(c: Contexte) -> Constat:
    if c.echange is None:
        return _todo()
    if c.echange.canal in _ECRITS:
        return _aside("Cet échange était déjà écrit.")
    written = next((e for e in _since(c) if e.canal in _ECRITS and e.sens is not Sens.RECU
                    and e.nature not in _AUTRE_PARTIE), None)  # fmt: skip
    return _done(f"Écrit par {written.canal} le {written.le:%d/%m/%Y}.") if written else _todo()


def _agenda(c: Contexte) -> Constat:
    days = [r.le for r in c.rappels] + [e.agir_le for e in c.echeances if e.etat not in TERMINES]
    coming = min((day for day in days if day >= c.today), default=None)
    return _done(f"Prochaine date suivie : {coming:%d/%m/%Y}.") if coming else _todo("Aucune date à venir.")


def _historique(c: Contexte) -> Constat:
    dated = [e for e in c.cas.evenements if e.nature is not _N.NOTE]
    if len(dated) >= HISTORIQUE_MIN:
        return _done(f"{counted(len(dated), 'fait daté', 'faits datés')} depuis le {dated[0].le:%d/%m/%Y}.")
    return _todo(f"{counted(len(dated), 'fait daté', 'faits datés')} seulement : ajoutez les soins et chaque échange.")


def _references(c: Contexte) -> Constat:
    number = c.cas.contrat.numero if c.cas.contrat else ""
    missing = [what for what, there in (("le numéro du contrat", number),
               ("le contrat ou son tableau de garanties", c.contrat_papier)) if not there]  # fmt: skip
    if missing:
        return _todo(f"Il manque {enumerated(missing)}.")
    return _done(f"Contrat {number}, et son texte est dans vos documents.")


def _lettres(c: Contexte) -> Constat:
    written = [e for e in c.cas.evenements if e.canal in _LETTRES]
    if not written:
        return _aside("Aucune lettre n’a encore été échangée.")
    lost = [e for e in written if e.document_id is None]
    if lost:
        return _todo(f"{counted(len(lost), 'lettre')} sans copie dans le dossier, dont celle du {lost[0].le:%d/%m/%Y}.")
    return _done(f"{counted(len(written), 'lettre gardée', 'lettres gardées')}.")


def _recours(c: Contexte) -> Constat:
    watched = [e for e in c.echeances if e.loi.famille in RECOURS and e.etat is not EtatEcheance.SANS_OBJET]
    missed = [e for e in watched if e.etat is EtatEcheance.DEPASSEE]
    if missed:
        return _todo(f"{missed[0].titre} : dépassé le {missed[0].brute:%d/%m/%Y}.")
    coming = min((e.brute for e in watched if e.etat not in TERMINES), default=None)
    return (
        _done(f"Prochaine limite : {coming:%d/%m/%Y}.")
        if coming
        else _todo("Aucune date de soins ni réclamation notée.")
    )


def _mediateur(c: Contexte) -> Constat:
    seized = next((e for e in c.cas.evenements if e.nature is _N.SAISINE), None)
    if seized is not None:
        return _done(f"Saisi le {seized.le:%d/%m/%Y}.")
    if c.fenetre.etat is EtatFenetre.INCONNUE:
        return _aside("Aucune réclamation écrite : il ne peut pas être saisi.")
    if c.fenetre.etat is EtatFenetre.FERMEE and c.fenetre.ouvre_le:
        return _aside(f"Pas encore : possible à partir du {c.fenetre.ouvre_le:%d/%m/%Y}.")
    limit = f"{c.fenetre.ferme_le:%d/%m/%Y}" if c.fenetre.ferme_le else ""
    return _todo(
        f"C’est trop tard depuis le {limit}." if c.fenetre.etat is EtatFenetre.CLOSE else f"Possible jusqu’au {limit}."
    )


def _find(ligne_id: str, evenement_id: str | None) -> tuple[Ligne, str | None]:
    for liste in listes():
        for ligne in liste.lignes:
            if ligne.id == ligne_id:
                return ligne, None if liste.portee is Portee.DOSSIER else evenement_id
    raise KeyError(ligne_id)


def _coches(db: Reader, dossier_id: str, ligne_id: str, evenement_id: str | None) -> list[Coche]:
    return db.all(
        Coche, coche.c.dossier_id == dossier_id, coche.c.ligne == ligne_id, coche.c.evenement_id == evenement_id
    )


def _say(
    library: Library, ligne_id: str, dossier_id: str, evenement_id: str | None, said: tuple[EtatCoche, str, str]
) -> None:
    etat, raison, verb = said
    ligne, of = _find(ligne_id, evenement_id)
    with library.write(f"{verb} « {ligne.texte} »") as db:
        existing(db, Dossier, dossier_id)
        if of is not None and db.get(Evenement, of) is None:
            raise Refused("Cet échange n’existe plus.")
        found = _coches(db, dossier_id, ligne_id, of)
        if found and (found[0].etat, found[0].raison) == (etat, raison):
            return
        for other in found[1:]:
            db.delete(other)
        new = Coche(dossier_id=dossier_id, evenement_id=of, ligne=ligne_id, etat=etat, raison=raison)
        db.put(replace(new, id=found[0].id) if found else new)
