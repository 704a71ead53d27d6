"""The articles of the guide: a situation, the questions, the words, the texts of law."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from PySide6.QtWidgets import QWidget

from mutuelle_desktop.domain.guide import (
    ActionGuide,
    Chapitre,
    Geste,
    Guide,
    QuestionFrequente,
    Reference,
    Situation,
    Terme,
)
from mutuelle_desktop.storage.index import plain
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.guide.actions import VERBES
from mutuelle_desktop.ui.guide.image import Image
from mutuelle_desktop.ui.guide.prose import Entry, aside, line, prose
from mutuelle_desktop.ui.widgets.basics import button, chip, label
from mutuelle_desktop.ui.widgets.flow import Flow

Run = Callable[[ActionGuide], None]
Follow = Callable[[str], object]
QUESTIONS, MOTS, TEXTES = "questions", "mots", "textes"
MANUEL = "Mode d’emploi"
LOI = "Ce que dit la règle"


@dataclass(frozen=True, slots=True)
class Article:
    """One page to read: its heading, and its entries by the id one can be sent to, made as they are asked for."""

    rubrique: str
    titre: str
    chapo: str
    entrees: Iterator[tuple[str, QWidget]]


def article_of(guide: Guide, key: str, today: date, run: Run, follow: Follow) -> Article:
    """Return the article a key of the contents names; follow goes to a word of the field."""
    if key == QUESTIONS:
        return _questions(guide.questions, run, follow)
    if key == MOTS:
        return _words(guide.termes)
    if key == TEXTES:
        return _texts(guide.references, today)
    chapitre = next((c for c in guide.chapitres if c.id == key), None)
    if chapitre is not None:
        return _chapitre(chapitre, run, follow)
    found = next((s for s in guide.situations if s.id == key), guide.situations[0])
    return _situation(found, run, follow)


def section_of(guide: Guide, key: str) -> str | None:
    """Return the article that holds what a key names: an article itself, or one of its entries."""
    if key in (QUESTIONS, MOTS, TEXTES):
        return key
    for situation in guide.situations:
        if key == situation.id or any(avis.id == key for avis in situation.avis):
            return situation.id
    for chapitre in guide.chapitres:
        if key == chapitre.id or any(geste.id == key for geste in chapitre.gestes):
            return chapitre.id
    for section, keys in (
        (QUESTIONS, (q.id for q in guide.questions)),
        (MOTS, (t.mot for t in guide.termes)),
        (TEXTES, (r.id for r in guide.references)),
    ):
        if key in keys:
            return section
    return None


def act(action: ActionGuide | None, run: Run) -> QWidget | None:
    """Return the button that does what a piece of advice says, when something does."""
    return button(VERBES[action], lambda: run(action)) if action else None


def _situation(situation: Situation, run: Run, follow: Follow) -> Article:
    entries = (
        (avis.id, Entry(avis.titre, prose(avis.phrases, follow=follow),
                        aside(LOI, avis.droit, follow=follow) if avis.droit else None, act(avis.action, run)))
        for avis in situation.avis
    )  # fmt: skip
    return Article("Comment faire", situation.titre, situation.resume, entries)


def _chapitre(chapitre: Chapitre, run: Run, follow: Follow) -> Article:
    entries = ((geste.id, _geste(geste, run, follow)) for geste in chapitre.gestes)
    return Article(MANUEL, chapitre.titre, chapitre.resume, entries)


def _geste(geste: Geste, run: Run, follow: Follow) -> QWidget:
    verbs = [made for action in geste.actions if (made := act(action, run)) is not None]
    foot = QWidget() if verbs else None
    if foot is not None:
        foot.setLayout(Flow(*verbs, spacing=8))
    picture = Image(geste.image, geste.alt) if geste.image else None
    return Entry(geste.titre, prose(geste.phrases, follow=follow), picture, foot)


def _questions(questions: Iterable[QuestionFrequente], run: Run, follow: Follow) -> Article:
    entries = (
        (q.id, Entry(q.question, prose(q.reponse, follow=follow),
                     aside(LOI, q.droit, follow=follow) if q.droit else None, act(q.action, run)))
        for q in questions
    )  # fmt: skip
    return Article("Questions", "Questions fréquentes", "Ce que tout le monde demande, en peu de mots.", entries)


def _words(termes: Iterable[Terme]) -> Article:
    return Article("Lexique", "Les mots du métier", "Les mots de la mutuelle et de la Sécu, en mots de tous les jours.",
                   _lettered(termes))  # fmt: skip


def _lettered(termes: Iterable[Terme]) -> Iterator[tuple[str, QWidget]]:
    ordered = sorted(termes, key=lambda t: plain(t.mot))
    for letter, group in groupby(ordered, key=lambda t: plain(t.mot)[:1].upper()):
        yield f"lettre:{letter}", label(letter, "rubrique")
        for terme in group:
            also = label(f"On dit aussi : {', '.join(terme.aussi)}.", "secondaire", wrap=True) if terme.aussi else None
            yield terme.mot, Entry(fr.majuscule(terme.mot), line(terme.definition), also, role="fort", spacing=2)


def _texts(references: Iterable[Reference], today: date) -> Article:
    return Article(
        "Références", "Les textes", "Ce sur quoi le programme s’appuie, et le jour où chaque texte a été relu. Un texte "
        "change : au-delà d’un an, vérifiez-le avant de le citer.", _by_nature(references, today),
    )  # fmt: skip


def _by_nature(references: Iterable[Reference], today: date) -> Iterator[tuple[str, QWidget]]:
    ordered = sorted(references, key=lambda r: (r.nature != "loi", r.nature))
    for nature, group in groupby(ordered, key=lambda r: r.nature):
        yield f"nature:{nature}", label(_NATURES.get(nature, fr.majuscule(nature)), "rubrique", wrap=True)
        for ref in group:
            yield ref.id, _text(ref, today)


def _text(ref: Reference, today: date) -> QWidget:
    title = f"{ref.texte}, {ref.article}" if ref.article else ref.texte
    mention = fr.majuscule(ref.mention(today))
    doubtful = ref.incertaine or ref.is_old(today)
    mark = chip(mention, "alerte") if doubtful else label(mention, "secondaire")
    entry = Entry(title, line(ref.apport), mark, role="fort", spacing=4)
    entry.setAccessibleDescription(mention)
    return entry


_NATURES = {"loi": "La loi", "autorité": "L’autorité de contrôle", "usage": "L’usage", "contrat": "Le contrat"}
