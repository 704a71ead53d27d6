"""How a deadline is shown: its shape, its colour, its words; and what a page needs of all of them, computed at once."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from mutuelle_desktop.domain.calendrier import Foyer
from mutuelle_desktop.domain.echeance import EtatEcheance
from mutuelle_desktop.domain.etape import EtatFenetre, FenetreMediateur, fenetre_mediateur
from mutuelle_desktop.domain.regle import NatureRegle, Role
from mutuelle_desktop.services.echeances import FiltreEcheances, Lieu, LigneEcheance, VueEcheances, lignes_of
from mutuelle_desktop.services.faits import faits_of
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.rows import Line
from mutuelle_desktop.ui.widgets.lines import GROUP

FORMES = {Role.ASSURE: "losange", Role.ORGANISME: "rond", Role.OUVERTURE: "triangle", Role.INFORMATION: "trait"}
COULEURS = {Role.ASSURE: "alerte", Role.ORGANISME: "info", Role.OUVERTURE: "succes", Role.INFORMATION: "neutre"}
ROLES = {Role.ASSURE: "à vous", Role.ORGANISME: "à la mutuelle", Role.OUVERTURE: "une étape s’ouvre",
         Role.INFORMATION: "à savoir"}  # fmt: skip
LEGENDE = (
    ("losange", "alerte", "À vous, au plus tard"), ("rond", "info", "À la mutuelle"),
    ("triangle", "succes", "Une étape s’ouvre"), ("carre", "accent", "Noté par vous"), ("trait", "neutre", "À savoir"),
)  # fmt: skip
PUCES = {
    EtatEcheance.A_VENIR: "neutre", EtatEcheance.EN_ATTENTE: "info", EtatEcheance.A_FAIRE: "alerte",
    EtatEcheance.DEPASSEE: "danger", EtatEcheance.REMPLIE: "succes", EtatEcheance.SANS_OBJET: "neutre",
}  # fmt: skip


class Groupe(StrEnum):
    """Where a date stands in the agenda."""

    RETARD = "En retard"
    AUJOURDHUI = "Aujourd’hui"
    OUVERT = "À faire dès maintenant"
    SEMAINE = "Cette semaine"
    MOIS = "Dans les 30 jours"
    PLUS_TARD = "Plus tard"
    TERMINEES = "Terminées"


@dataclass(frozen=True, kw_only=True, slots=True)
class Filtre:
    """What the page shows; None asks nothing, and then what has no object stays out of sight."""

    dossier_id: str | None = None
    personne_id: str | None = None
    mutuelle_id: str | None = None
    role: Role | None = None
    etat: EtatEcheance | None = None
    nature: NatureRegle | None = None

    def keeps(self, found: LigneEcheance) -> bool:
        """Tell whether a row is to be shown."""
        if (found.etat is not self.etat) if self.etat else (found.etat is EtatEcheance.SANS_OBJET):
            return False
        nature = found.echeance.nature if found.echeance else None
        return (
            (self.dossier_id is None or found.dossier_id == self.dossier_id)
            and (self.personne_id is None or found.lieu.personne_id == self.personne_id)
            and (self.mutuelle_id is None or found.lieu.mutuelle_id == self.mutuelle_id)
            and (self.role is None or found.role is self.role)
            and (self.nature is None or nature is self.nature)
        )


@dataclass(frozen=True, slots=True)
class Fenetre:
    """The médiateur's window of one dossier."""

    dossier_id: str
    reference: str
    dossier: str
    fenetre: FenetreMediateur


@dataclass(frozen=True, slots=True)
class Rang:
    """One row of the agenda: a deadline, or the title of a group when ligne is None; its words are made when painted."""

    id: str
    titre: str
    today: date
    jour: date | None = None
    etat: EtatEcheance | None = None
    lieu: Lieu | None = None
    ligne: LigneEcheance | None = field(default=None, compare=False)

    @property
    def line(self) -> Line:
        """Return the row as it is painted."""
        return line_of(self.ligne, self.today) if self.ligne else Line(self.titre, genre=GROUP)


@dataclass(frozen=True, slots=True)
class Releve:
    """Everything the library said, before any filter."""

    lignes: tuple[LigneEcheance, ...]
    fenetres: tuple[Fenetre, ...]
    foyer: Foyer
    today: date


@dataclass(frozen=True, slots=True)
class Vues:
    """What the page shows of it: rows by day, what is overdue, the agenda."""

    releve: Releve
    filtre: Filtre
    par_cle: Mapping[str, LigneEcheance]
    par_jour: Mapping[date, list[LigneEcheance]]
    retard: list[LigneEcheance]
    rangs: list[Rang]
    fenetres: list[Fenetre]


def read_releve(library: Library, today: date) -> Releve:
    """Read every fact in one view and compute every date; slow with many dossiers: for a job."""
    faits = faits_of(library)
    lignes = lignes_of(faits, today, FiltreEcheances(vue=VueEcheances.TOUTES))
    fenetres = (
        Fenetre(cas.dossier.id, cas.dossier.reference, cas.dossier.titre, fenetre_mediateur(cas, faits.regles, today))
        for cas in faits.cas
    )
    known = (one for one in fenetres if one.fenetre.etat is not EtatFenetre.INCONNUE)
    by_end = sorted(known, key=lambda one: (one.fenetre.ferme_le or date.max, one.reference))
    return Releve(tuple(lignes), tuple(by_end), faits.foyer, today)


def make_vues(releve: Releve, filtre: Filtre) -> Vues:
    """Sort what was read the way the page shows it."""
    kept = [found for found in releve.lignes if filtre.keeps(found)]
    par_jour: dict[date, list[LigneEcheance]] = defaultdict(list)
    for found in kept:
        par_jour[found.jour].append(found)
    for rows in par_jour.values():
        rows.sort(key=_rank)
    retard = [found for found in kept if found.etat is EtatEcheance.DEPASSEE]
    shown = {found.dossier_id for found in kept}
    fenetres = [one for one in releve.fenetres if one.dossier_id in shown or filtre == Filtre()]
    return Vues(releve, filtre, {found.id: found for found in releve.lignes}, dict(par_jour), retard,
                _rangs(kept, releve.today), fenetres)  # fmt: skip


def choices_of(releve: Releve | None, key: str, word: str) -> list[tuple[str, str]]:
    """Return what the dates read can be filtered by: each dossier, person or mutuelle that has one, by name."""
    names = {getattr(one.lieu, key): getattr(one.lieu, word) for one in releve.lignes} if releve else {}
    return sorted((name, found) for found, name in names.items() if found)


def forme_of(found: LigneEcheance) -> str:
    """Return the shape that tells whose a date is."""
    return "carre" if found.rappel else FORMES[found.role]


def genre_of(found: LigneEcheance) -> str:
    """Return the colour of a date: whose it is, unless it is over or overdue."""
    if not found.is_active:
        return "neutre"
    if found.etat is EtatEcheance.DEPASSEE:
        return "danger"
    return "accent" if found.rappel else COULEURS[found.role]


def etat_of(found: LigneEcheance, today: date) -> str:
    """Return where a date stands, in the few words of a chip."""
    days = (found.jour - today).days
    if found.etat is EtatEcheance.REMPLIE:
        return "fait"
    if found.etat is EtatEcheance.SANS_OBJET:
        return "sans objet"
    if found.etat is EtatEcheance.DEPASSEE:
        return f"en retard de {fr.pluriel(-days, 'jour')}" if days < 0 else "en retard"
    if days == 0:
        return "aujourd’hui"
    if days == 1:
        return "demain"
    if days < 0:
        return f"{str(found.etat).partition(' de ')[0]} depuis {fr.pluriel(-days, 'jour')}"
    return f"dans {fr.pluriel(days, 'jour')}"


def puce_of(found: LigneEcheance, today: date) -> str:
    """Return the kind of that chip."""
    soon = found.is_active and found.etat is not EtatEcheance.DEPASSEE and found.jour == today
    return "alerte" if soon else PUCES[found.etat]


def titre_of(found: LigneEcheance) -> str:
    """Return a title that stands alone in a list."""
    return f"✓\u00a0{found.titre}" if found.etat is EtatEcheance.REMPLIE else found.titre


def second_of(found: LigneEcheance) -> str:
    """Return what a date concerns: dossier, person, organism; and the day to act when it is another."""
    dossier = f"{found.dossier} ({found.reference})" if found.reference else ""
    return " · ".join(part for part in (dossier, found.personne, found.mutuelle, agir_of(found)) if part)


def agir_of(found: LigneEcheance) -> str:
    """Return by when to act, for a limit of the user's whose action date comes earlier."""
    one = found.echeance
    if one is None or not found.is_active or one.role is not Role.ASSURE or one.agir_le >= found.jour:
        return ""
    verb = "à poster" if one.loi.par_courrier else "à faire"
    return f"{verb} au plus tard le {fr.jour_court(one.agir_le)}"


def spoken_of(found: LigneEcheance, today: date) -> str:
    """Return a date as a screen reader says it, and as its tooltip shows it."""
    whose = "noté par vous" if found.rappel else ROLES[found.role]
    return ", ".join(part for part in (found.titre, whose, second_of(found), etat_of(found, today)) if part)


def why_fixed(found: LigneEcheance) -> str:
    """Return why a date cannot be moved, or nothing when it can."""
    one = found.echeance
    if one is None:
        return "" if found.is_active else "Ce rappel est fait\u00a0: rouvrez-le pour changer sa date."
    if not found.is_active:
        return f"«\u00a0{found.titre}\u00a0» est {etat_of(found, found.jour)}\u00a0: il n’y a plus rien à reporter."
    if one.role is Role.ASSURE and one.nature in (NatureRegle.LOI, NatureRegle.CONTRAT):
        whose = "La loi" if one.nature is NatureRegle.LOI else "Le contrat"
        return (
            f"{whose} fixe cette limite au {fr.jour(one.brute)}\u00a0: elle ne se reporte pas. {one.consequence} "
            f"({one.source})"
        )
    return ""


def _rangs(kept: Iterable[LigneEcheance], today: date) -> list[Rang]:
    groups: dict[Groupe, list[LigneEcheance]] = {groupe: [] for groupe in Groupe}
    week = today + timedelta(days=6 - today.weekday())
    group_of = _grouper(today, week)
    for found in kept:
        groups[group_of(found)].append(found)
    groups[Groupe.TERMINEES].reverse()
    rangs: list[Rang] = []
    for groupe, rows in groups.items():
        if rows:
            title = f"{groupe} — {fr.pluriel(len(rows), 'échéance')}"
            rangs.append(Rang(f"groupe:{groupe.name}", title, today))
            rangs.extend(Rang(one.id, one.titre, today, one.jour, one.etat, one.lieu, one) for one in rows)
    return rangs


def line_of(found: LigneEcheance, today: date) -> Line:
    """Return a date as a row of two lines."""
    second = second_of(found)
    when = fr.majuscule(fr.jour(found.jour))
    return Line(
        titre_of(found),
        f"{when} · {second}" if second else when,
        etat_of(found, today),
        puce_of(found, today),
        f"{forme_of(found)}/{genre_of(found)}",
    )


def _grouper(today: date, week: date) -> Callable[[LigneEcheance], Groupe]:
    month = today + timedelta(days=30)

    def group_of(found: LigneEcheance) -> Groupe:
        if not found.is_active:
            return Groupe.TERMINEES
        if found.etat is EtatEcheance.DEPASSEE:
            return Groupe.RETARD
        if found.jour <= today:
            return Groupe.AUJOURDHUI if found.jour == today else Groupe.OUVERT
        if found.jour <= week:
            return Groupe.SEMAINE
        return Groupe.MOIS if found.jour <= month else Groupe.PLUS_TARD

    return group_of


def _rank(found: LigneEcheance) -> tuple[bool, bool, str]:
    """Order a day: what is overdue, then what is to come, then what is over."""
    return not found.is_active, found.etat is not EtatEcheance.DEPASSEE, forme_of(found)
