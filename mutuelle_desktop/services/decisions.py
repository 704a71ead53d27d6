"""What the user decides about deadlines: done, put off, pinned, without object; and entries of one's own.

The raw date is never touched: a decision is a fact beside it, which undo takes back like any other.
"""

from dataclasses import replace
from datetime import date

from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.echeance import Decision, Echeance, EtatEcheance, NatureDecision, Rappel, echeances
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.etape import prochaine_etape
from mutuelle_desktop.domain.regle import NatureRegle, Role
from mutuelle_desktop.services.echeances import find_echeance, owner_of
from mutuelle_desktop.services.faits import read_cas, regles_of
from mutuelle_desktop.services.liens import check_link
from mutuelle_desktop.storage.library import Library, Reader, Writer

ETAPE = "etape:"
"""How the key of a next step begins, which the user may put off or settle like a deadline."""


def mark_done(library: Library, cle: str, today: date, raison: str = "") -> None:
    """Say that what a deadline asked is done; for an entry of one's own, that day."""
    with library.write("Marquer comme fait") as db:
        mine = db.get(Rappel, cle)
        if mine is not None:
            db.put(replace(mine, fait_le=mine.fait_le or today))
            return
        _decide(db, cle, today, NatureDecision.FAITE, raison=raison)


def ignore(library: Library, cle: str, today: date, raison: str) -> None:
    """Say that a deadline does not apply, and why."""
    if not raison.strip():
        raise Refused("Dites en quelques mots pourquoi cette échéance est sans objet.")
    with library.write("Déclarer sans objet") as db:
        if db.get(Rappel, cle) is not None:
            raise Refused("Ce rappel est le vôtre : marquez-le comme fait, ou supprimez-le.")
        _decide(db, cle, today, NatureDecision.IGNOREE, raison=raison)


def postpone(library: Library, cle: str, jour: date, today: date, raison: str = "") -> None:
    """Have a deadline come back another day; a limit nobody can move is never put off beyond itself."""
    if jour <= today:
        raise Refused("Choisissez un jour à venir pour reporter.")
    with library.write(f"Reporter au {jour:%d/%m/%Y}") as db:
        mine = db.get(Rappel, cle)
        if mine is not None:
            db.put(replace(mine, le=jour, fait_le=None))
            return
        _decide(db, cle, today, NatureDecision.REPORTEE, jour=jour, raison=raison)


def pin(library: Library, cle: str, jour: date, today: date, raison: str = "") -> None:
    """Fix a deadline on a day the user knows better; what the rule would give stays shown beside it."""
    with library.write(f"Fixer au {jour:%d/%m/%Y}") as db:
        if cle.startswith(ETAPE) or db.get(Rappel, cle) is not None:
            raise Refused("Seule une date calculée se fixe. Changez plutôt la date du rappel.")
        _decide(db, cle, today, NatureDecision.FIXEE, jour=jour, raison=raison)


def unpin(library: Library, cle: str) -> None:
    """Let the rule give the date again."""
    with library.write("Libérer la date") as db:
        taken = db.get(Decision, cle)
        if taken is None or taken.nature is not NatureDecision.FIXEE:
            raise Refused("Cette date n’est pas fixée : elle suit déjà la règle.")
        db.delete(taken)


def reopen(library: Library, cle: str) -> None:
    """Take back what was decided: the deadline counts again, on the date the facts give."""
    with library.write("Rouvrir l’échéance") as db:
        mine, taken = db.get(Rappel, cle), db.get(Decision, cle)
        if mine is not None and mine.fait_le is not None:
            db.put(replace(mine, fait_le=None))
        elif taken is not None:
            db.delete(taken)
        else:
            raise Refused("Rien n’a été décidé pour cette échéance : elle est déjà ouverte.")


def save_rappel(library: Library, value: Rappel) -> Rappel:
    """Add an entry of one's own, or keep what was changed."""
    value = replace(value, titre=" ".join(value.titre.split()), notes=value.notes.strip())
    if not value.titre:
        raise Refused("Dites en quelques mots ce qu’il faudra faire.")
    with library.write(f"Enregistrer le rappel « {value.titre} »") as db:
        check_link(db, Dossier, value.dossier_id)
        db.put(value)
    return value


def finish_rappel(library: Library, key: str, on: date) -> None:
    """Say that an entry of one's own is done."""
    with library.write("Marquer comme fait") as db:
        value = db.get(Rappel, key)
        if value is None:
            raise Refused("Ce rappel n’existe plus.")
        db.put(replace(value, fait_le=value.fait_le or on))


def delete_rappel(library: Library, key: str) -> None:
    """Remove an entry of one's own."""
    with library.write("Supprimer le rappel") as db:
        value = db.get(Rappel, key)
        if value is not None:
            db.delete(value)


def _decide(
    db: Writer, cle: str, today: date, nature: NatureDecision, *, jour: date | None = None, raison: str = ""
) -> None:
    owner = _checked_step(db, cle, today, jour) if cle.startswith(ETAPE) else _checked(db, cle, today, nature, jour)
    taken = db.get(Decision, cle)
    made = Decision(id=cle, dossier_id=owner, nature=nature, jour=jour, raison=raison.strip())
    if taken is None or replace(made, decide_le=taken.decide_le) != taken:
        db.put(made)


def _checked_step(db: Reader, cle: str, today: date, jour: date | None) -> str:
    """Return the dossier of a step; one that a limit governs is not put off beyond that limit either."""
    owner = owner_of(db, cle)
    if owner is None:
        raise Refused("Ce dossier n’existe plus.")
    if jour is not None:
        cas, rules = read_cas(db, owner), regles_of(db)
        computed = echeances(cas, rules, today)
        governing = prochaine_etape(cas, computed, rules, today).echeance_cle
        for one in computed:
            if one.cle == governing:
                _check_limit(one, jour, NatureDecision.REPORTEE)
    return owner


def _checked(db: Reader, cle: str, today: date, nature: NatureDecision, jour: date | None) -> str | None:
    found = find_echeance(db, cle, today)
    if found is None:
        raise Refused("Cette échéance n’existe plus : les faits dont elle venait ont changé.")
    if found.etat is EtatEcheance.REMPLIE and db.get(Decision, cle) is None:
        raise Refused("Cette échéance est déjà remplie : il n’y a plus rien à décider.")
    if jour is not None:
        _check_limit(found, jour, nature)
    return found.dossier_id


def _check_limit(found: Echeance, jour: date, nature: NatureDecision) -> None:
    """Refuse a day beyond a limit that the law or the contract sets to the user: the right would be lost."""
    if found.role is not Role.ASSURE or found.nature not in (NatureRegle.LOI, NatureRegle.CONTRAT):
        return
    if jour > found.brute:
        act = "reportée" if nature is NatureDecision.REPORTEE else "fixée"
        whose = "la loi" if found.nature is NatureRegle.LOI else "le contrat"
        raise Refused(
            f"Cette échéance ne peut pas être {act} au {jour:%d/%m/%Y} : {whose} vous donne jusqu’au "
            f"{found.brute:%d/%m/%Y} ({found.source}). {found.consequence}"
        )
