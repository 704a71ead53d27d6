"""The guide: how to go about it, by situation; questions and answers, words, legal references; pure search."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ActionGuide(StrEnum):
    """What a piece of advice can open: the only actions a guide's file may name."""

    NOUVEAU_DOSSIER = "nouveau-dossier"
    AJOUTER_DOCUMENT = "ajouter-document"
    NOTER_ECHANGE = "noter-echange"
    APPEL = "appel"
    COURRIER = "nouveau-courrier"
    RAPPEL = "nouveau-rappel"
    MANDAT = "nouveau-mandat"
    SIMULER = "simuler"
    ESPACE_CLIENT = "espace-client"
    DOSSIER_COMPLET = "dossier-complet"
    AGENDA = "exporter-agenda"
    AUJOURD_HUI = "onglet:aujourdhui"
    DOSSIERS = "onglet:dossiers"
    DOCUMENTS = "onglet:documents"
    COURRIERS = "onglet:courriers"
    ECHEANCES = "onglet:echeances"
    REMBOURSEMENTS = "onglet:remboursements"
    CONTRATS = "onglet:contrats"
    CHECKLIST_AVANT = "checklist:avant"
    CHECKLIST_PREPARER = "checklist:preparer"
    CHECKLIST_PENDANT = "checklist:pendant"
    CHECKLIST_APRES = "checklist:apres"
    CHECKLIST_COMPLEXE = "checklist:complexe"
    CHERCHER = "menu:chercher"
    REGLAGES = "menu:reglages"
    VERIFIER = "menu:verifier"
    SAUVEGARDE = "menu:sauvegarde"
    RESTAURER = "menu:restaurer-sauvegarde"
    NOUVEAUTES = "menu:nouveautes"
    A_PROPOS = "menu:apropos"
    EXEMPLE = "menu:exemple"
    VISITE = "menu:visite"
    RACCOURCIS = "menu:raccourcis"
    LEXIQUE = "guide:mots"


@dataclass(frozen=True, kw_only=True, slots=True)
class Avis:
    """One piece of advice: a title, one to four sentences, what it can open; droit is what the law says otherwise."""

    id: str
    titre: str
    phrases: tuple[str, ...]
    action: ActionGuide | None = None
    droit: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """A moment of dealing with one's mutuelle, and its advice in order."""

    id: str
    titre: str
    resume: str
    avis: tuple[Avis, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionFrequente:
    """A question people ask, the usual answer, and what the law adds or corrects."""

    id: str
    question: str
    reponse: tuple[str, ...]
    droit: str
    action: ActionGuide | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Terme:
    """One word of the field in plain words; aussi are the other ways it is written; courant: all know it, never linked."""

    mot: str
    definition: str
    aussi: tuple[str, ...] = ()
    courant: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Reference:
    """One text of law or authority: where, what it gives, the day it was checked; incertaine: not read at its source."""

    id: str
    texte: str
    article: str
    apport: str
    nature: str
    verifie_le: date
    incertaine: bool = False

    def is_old(self, today: date) -> bool:
        """Tell whether the check is more than 12 months old: shown in amber."""
        year, (month, day) = self.verifie_le.year + 1, (self.verifie_le.month, self.verifie_le.day)
        return (today.year, today.month, today.day) > (year, month, day)

    def mention(self, today: date) -> str:
        """Return what is said beside it, such as « vérifié le 23/11/2026 »."""
        if self.incertaine:
            return "à vérifier"
        again = ", à revoir" if self.is_old(today) else ""
        return f"vérifié le {self.verifie_le:%d/%m/%Y}{again}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Geste:
    """One thing the manual shows how to do; image names a picture of resources/manuel/, alt the words for it."""

    id: str
    titre: str
    phrases: tuple[str, ...]
    image: str = ""
    alt: str = ""
    actions: tuple[ActionGuide, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapitre:
    """A task of the manual, and its gestures in order."""

    id: str
    titre: str
    resume: str
    gestes: tuple[Geste, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Guide:
    """The whole guide."""

    situations: tuple[Situation, ...]
    chapitres: tuple[Chapitre, ...]
    questions: tuple[QuestionFrequente, ...]
    termes: tuple[Terme, ...]
    references: tuple[Reference, ...]


class GenreResultat(StrEnum):
    """What a hit of the search is."""

    AVIS = "conseil"
    GESTE = "mode d’emploi"
    QUESTION = "question"
    TERME = "mot"
    REFERENCE = "texte de loi"


@dataclass(frozen=True, slots=True)
class Resultat:
    """One hit: ou is where it stands, extrait its first words."""

    genre: GenreResultat
    id: str
    titre: str
    extrait: str
    ou: str = ""
    action: ActionGuide | None = None


@dataclass(frozen=True, slots=True)
class Fiche:
    """One thing the search can find, its words without accents or case: those of its title, and all of them."""

    resultat: Resultat
    titre: tuple[str, ...]
    mots: tuple[str, ...]


def fiches_of(guide: Guide, fold: Callable[[str], str]) -> tuple[Fiche, ...]:
    """Return what the search looks through; fold takes accents and case away."""
    made = []
    for resultat, texte in _entries(guide):
        title = _words(fold(resultat.titre))
        made.append(Fiche(resultat, tuple(title), tuple(dict.fromkeys(title + _words(fold(texte))))))
    return tuple(made)


def search(fiches: Iterable[Fiche], mots: str) -> tuple[Resultat, ...]:
    """Return what holds every word, each as the beginning of one of its own; hits in a title first, then as in the guide.

    mots is folded already; nothing typed finds nothing.
    """
    words = _words(mots)
    if not words:
        return ()
    found: list[tuple[bool, int, Resultat]] = []
    for fiche in fiches:
        if all(any(own.startswith(word) for own in fiche.mots) for word in words):
            in_title = all(any(own.startswith(word) for own in fiche.titre) for word in words)
            found.append((not in_title, len(found), fiche.resultat))
    return tuple(resultat for _, _, resultat in sorted(found, key=lambda hit: hit[:2]))


@dataclass(frozen=True, slots=True)
class Mention:
    """A word of the field met in a text, from debut to fin (excluded)."""

    debut: int
    fin: int
    terme: Terme


class Lexique:
    """The words of the field ready to be found in a text: singular or plural, with their other names."""

    def __init__(self, termes: Iterable[Terme]) -> None:
        self._names = {name.lower(): terme for terme in termes for name in (terme.mot, *terme.aussi)}
        words = sorted(self._names, key=len, reverse=True)
        plural = (r"\s+".join(rf"{re.escape(part)}s?" for part in word.split()) for word in words)
        self.pattern = re.compile(rf"(?<!\w)(?:{'|'.join(plural)})(?!\w)", re.IGNORECASE)

    def named(self, name: str) -> Terme | None:
        """Return the word a name stands for, singular or plural; initials only as they are written."""
        bare = " ".join(name.lower().split())
        singular = " ".join(part.removesuffix("s") for part in bare.split())
        found = self._names.get(bare) or self._names.get(singular) or self._loose(singular)
        initials = found is not None and len(name) <= _INITIALS
        return None if initials and not name.isupper() else found

    def _loose(self, singular: str) -> Terme | None:
        return next((terme for known, terme in self._names.items()
                     if " ".join(part.removesuffix("s") for part in known.split()) == singular), None)  # fmt: skip


def mentions(text: str, lexique: Lexique) -> tuple[Mention, ...]:
    """Return the words of the field that a text holds, each where it first stands; the longest name wins."""
    found: dict[str, Mention] = {}
    for hit in lexique.pattern.finditer(text):
        terme = lexique.named(hit.group())
        if terme is not None and terme.mot not in found:
            found[terme.mot] = Mention(hit.start(), hit.end(), terme)
    return tuple(found.values())


_INITIALS = 4
"""Letters up to which a name is initials, such as LRE: « br » in the middle of a text is no word of the field."""


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in text).split()


def _entries(guide: Guide) -> Iterator[tuple[Resultat, str]]:
    for situation in guide.situations:
        for avis in situation.avis:
            texte = " ".join((*avis.phrases, avis.droit))
            yield (
                Resultat(GenreResultat.AVIS, avis.id, avis.titre, avis.phrases[0], situation.titre, avis.action),
                f"{texte} {situation.titre}",
            )
    for chapitre in guide.chapitres:
        for geste in chapitre.gestes:
            action = geste.actions[0] if geste.actions else None
            ou = f"Mode d’emploi · {chapitre.titre}"
            yield (
                Resultat(GenreResultat.GESTE, geste.id, geste.titre, geste.phrases[0], ou, action),
                f"{' '.join(geste.phrases)} {chapitre.titre} mode d’emploi",
            )
    for question in guide.questions:
        texte = " ".join((*question.reponse, question.droit))
        hit = Resultat(GenreResultat.QUESTION, question.id, question.question, question.reponse[0], "Questions",
                       question.action)  # fmt: skip
        yield hit, texte
    for terme in guide.termes:
        texte = f"{terme.definition} {' '.join(terme.aussi)}"
        yield Resultat(GenreResultat.TERME, terme.mot, terme.mot, terme.definition, "Mots"), texte
    for ref in guide.references:
        titre = f"{ref.texte}, {ref.article}" if ref.article else ref.texte
        yield Resultat(GenreResultat.REFERENCE, ref.id, titre, ref.apport, "Textes"), ref.apport
