"""A call to the mutuelle: what it is for, what to ask, what was asked and answered; when to make it is in creneau.py."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from mutuelle_desktop.domain.contrat import Contact
from mutuelle_desktop.domain.creneau import Conseil
from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.mandat import Droit

NOM_REFUSE = "refusé"
"""The interlocuteur of a call whose other side would not say a name."""


class IssueAppel(StrEnum):
    """How a call ended."""

    REPONSE = "réponse obtenue"
    PROMESSE = "délai promis"
    TRANSFERT = "rappel d’un spécialiste ou d’un responsable"
    REFUS = "refus"
    SANS_REPONSE = "personne n’a répondu"


@dataclass(frozen=True, kw_only=True, slots=True)
class Appel:
    """What a call holds beyond its event, whose id it bears; attente and conversation in seconds.

    questions are those prepared, reponses the answers in the same order (empty when none was given).
    """

    id: str
    objectif: str = ""
    contact_id: str | None = None
    issue: IssueAppel = IssueAppel.REPONSE
    attente: int = 0
    conversation: int = 0
    questions: tuple[str, ...] = ()
    reponses: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ModeleQuestion:
    """A question as it ships: texte with {facts} to fill in, sinon the other ways, from the fullest, when one is unknown.

    It is for these natures (all if none); si names what must be true of the dossier for it to be worth asking.
    """

    id: str
    texte: str
    sinon: tuple[str, ...] = ()
    pourquoi: str = ""
    natures: tuple[NatureDossier, ...] = ()
    si: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question ready to be read aloud, and what its answer is good for."""

    id: str
    texte: str
    pourquoi: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Replique:
    """What to say when the call goes badly, in one « moment » (blocage or refus)."""

    id: str
    moment: str
    titre: str
    texte: str


@dataclass(frozen=True, slots=True)
class Papier:
    """A paper to have at hand, any of these types; present: it is in the dossier or the safe."""

    types: tuple[TypeDocument, ...]
    pourquoi: str
    present: bool

    @property
    def libelle(self) -> str:
        """Return what it is called, such as « facture ou devis »."""
        return " ou ".join(self.types)


@dataclass(frozen=True, slots=True)
class Numero:
    """A number to give or to copy; a secret one is shown masked until it is asked for."""

    libelle: str
    valeur: str = field(repr=False)
    secret: bool = False

    @property
    def affiche(self) -> str:
        """Return what may be seen by anyone passing: a secret keeps its first and last two characters."""
        if not self.secret:
            return self.valeur
        kept = {*range(1), *range(len(self.valeur) - 2, len(self.valeur))}
        return "".join(c if c.isspace() or n in kept else "•" for n, c in enumerate(self.valeur))


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactAppel:
    """Whom to call: the service, its hours as they are written, and when to try."""

    contact: Contact
    horaires: str
    conseil: Conseil


@dataclass(frozen=True, kw_only=True, slots=True)
class Preparation:
    """All that a call needs, gathered before dialling; the first contact is the one proposed."""

    dossier_id: str
    titre: str
    mutuelle: str
    objectif: str
    questions: tuple[Question, ...]
    repliques: tuple[Replique, ...]
    papiers: tuple[Papier, ...]
    numeros: tuple[Numero, ...]
    contacts: tuple[ContactAppel, ...]
    appelant: str
    droit: Droit | None
    conseil: Conseil


@dataclass(frozen=True, kw_only=True, slots=True)
class CompteRendu:
    """What the user says of a call: the form of the window; notes is what no question asked."""

    le: date
    heure: time | None = None
    interlocuteur: str = ""
    numero: str = ""
    issue: IssueAppel = IssueAppel.REPONSE
    promis_le: date | None = None
    objectif: str = ""
    contact_id: str | None = None
    questions: tuple[str, ...] = ()
    reponses: tuple[str, ...] = ()
    notes: str = ""
    attente: int = 0
    conversation: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class SuiteAppel:
    """What follows from a call just noted: the key of the deadline its promise opens, whether to have it confirmed.

    The deadline itself (the promised day and 48 h) is the engine's; pourquoi says why a letter is advised, or not.
    """

    evenement: Evenement
    appel: Appel
    echeance: str | None
    confirmer: bool
    pourquoi: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a sheet."""

    titre: str
    lignes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feuille:
    """A sheet to print: a title and sections of plain lines."""

    titre: str
    sections: tuple[Section, ...]

    @property
    def texte(self) -> str:
        """Return the sheet as plain text."""
        parts = ["\n".join((section.titre.upper(), *section.lignes)) for section in self.sections]
        return "\n\n".join((self.titre, *parts)) + "\n"


def check_compte(compte: CompteRendu, today: date) -> None:
    """Refuse an account that cannot be: no name, a day to come, a promise before the call, answers to nothing."""
    if compte.le > today:
        raise Refused("Cette date est dans le futur : notez ce qui a déjà eu lieu.")
    if compte.issue is not IssueAppel.SANS_REPONSE and not compte.interlocuteur.strip():
        raise Refused(f"Notez le nom de votre interlocuteur, ou « {NOM_REFUSE} » s’il ne l’a pas donné.")
    if compte.issue is IssueAppel.PROMESSE and compte.promis_le is None:
        raise Refused("Indiquez le jour promis, ou choisissez une autre issue.")
    if compte.promis_le is not None and compte.promis_le < compte.le:
        raise Refused("La date promise précède l’appel. Corrigez l’une des deux dates.")
    if compte.attente < 0 or compte.conversation < 0:
        raise Refused("Une durée ne peut pas être négative.")
    if len(compte.reponses) > len(compte.questions):
        raise Refused("Il y a plus de réponses que de questions. Retirez-en, ou ajoutez la question.")


def suite_of(evenement: Evenement, appel: Appel) -> SuiteAppel:
    """Return what follows from a call: only what was said calls for a letter, and it always does."""
    confirmer = appel.issue is not IssueAppel.SANS_REPONSE
    return SuiteAppel(
        evenement=evenement, appel=appel, confirmer=confirmer, pourquoi=_CONFIRMER[appel.issue],
        echeance=f"R05:{evenement.id}" if evenement.promis_le else None,
    )  # fmt: skip


def questions_for(
    modeles: Iterable[ModeleQuestion], nature: NatureDossier, faits: Mapping[str, str], vrais: Collection[str]
) -> tuple[Question, ...]:
    """Return the questions worth asking for a nature, filled with the dossier's facts (soin, date, montants…).

    A question whose facts are not all known is asked in shorter words, or not at all.
    """
    asked = []
    for modele in modeles:
        if (modele.natures and nature not in modele.natures) or not set(modele.si) <= set(vrais):
            continue
        texte = next(filter(None, (_filled(way, faits) for way in (modele.texte, *modele.sinon))), "")
        if texte:
            asked.append(Question(id=modele.id, texte=texte, pourquoi=modele.pourquoi))
    return tuple(asked)


def texte_of(compte: CompteRendu) -> str:
    """Return what the chronology says of a call: its goal, what was asked and answered, then the notes."""
    return "\n".join((*_told(compte), *([compte.notes.strip()] if compte.notes.strip() else [])))


def notes_in(texte: str, compte: CompteRendu) -> str:
    """Return what a text of the chronology says beyond the answers already in the form."""
    told = set(_told(compte))
    return "\n".join(line for line in texte.splitlines() if line not in told).strip()


def feuille_of(preparation: Preparation, *, avec_secrets: bool = False) -> Feuille:
    """Return the call sheet to print, with room to write; secret numbers stay masked unless asked for."""
    p = preparation
    papers = tuple(f"{'☑' if x.present else '☐'} {x.libelle} — {x.pourquoi}" for x in p.papiers)
    numbers = tuple(f"{x.libelle} : {x.valeur if avec_secrets else x.affiche}" for x in p.numeros)
    sections = (
        Section("But de l’appel", (p.objectif,)),
        Section("Qui appeler", tuple(line for c in p.contacts for line in _contact_lines(c)) or (p.mutuelle,)),
        Section("Quand", (p.conseil.titre, p.conseil.raison)),
        Section("Qui parle", (p.droit.phrase,) if p.droit else ()),
        Section("Numéros à donner", numbers),
        Section("Papiers à avoir sous la main", papers),
        Section("Questions", tuple(line for q in p.questions for line in (f"☐ {q.texte}", _BLANK))),
        Section("Si l’on ne peut pas vous répondre, ou si l’on refuse", tuple(f"☐ {r.texte}" for r in p.repliques)),
        Section("À noter", tuple(f"{line} : {_BLANK}" for line in _TO_NOTE)),
    )
    return Feuille(f"Appel — {p.titre}", tuple(section for section in sections if any(section.lignes)))


_CONFIRMER = {
    IssueAppel.REPONSE: "Une réponse orale ne prouve rien : demandez-la par écrit, ou confirmez-la vous-même.",
    IssueAppel.PROMESSE: "Une promesse orale ne prouve rien : confirmez la date par écrit.",
    IssueAppel.TRANSFERT: "Confirmez par écrit qu’un rappel vous a été promis, et à quel numéro.",
    IssueAppel.REFUS: "Un refus oral n’ouvre aucun recours : demandez-le par écrit, avec ses motifs.",
    IssueAppel.SANS_REPONSE: "Personne n’a répondu : il n’y a rien à confirmer.",
}
_BLANK = "…" * 30
_TO_NOTE = (
    "Date et heure", "Nom de la personne (ou « refusé »)", "Numéro de dossier donné", "Réponse", "Délai promis, jusqu’au",
    "Suite convenue",
)  # fmt: skip


def _filled(texte: str, faits: Mapping[str, str]) -> str:
    names = set(re.findall(r"\{(\w+)\}", texte))
    if any(not faits.get(name) for name in names):
        return ""
    return re.sub(r"\{(\w+)\}", lambda found: faits[found[1]], texte)


def _told(compte: CompteRendu) -> list[str]:
    lines = [f"But : {compte.objectif.strip()}"] if compte.objectif.strip() else []
    for number, question in enumerate(compte.questions):
        answer = compte.reponses[number].strip() if number < len(compte.reponses) else ""
        if question.strip() and answer:
            lines.append(f"{question.strip()} → {' '.join(answer.split())}")
    return [*lines, f"Issue : {compte.issue}"]


def _contact_lines(found: ContactAppel) -> tuple[str, ...]:
    c = found.contact
    lines = (f"{c.nom} : {c.telephone or 'numéro inconnu'}", found.horaires, f"Menu : {c.svi}" if c.svi else "")
    return tuple(line for line in lines if line)
