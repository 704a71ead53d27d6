"""The first steps, on the page itself: one's household, one's mutuelle, one's papers; each can be passed over."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.services.premiers_pas import PremiersPas, premiers_pas
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.contrats.forms import mutuelle_form, personne_form
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.widgets.basics import Card, button, chip, label, link, row, rule
from mutuelle_desktop.ui.widgets.flow import Columns, Flow

PASSES, FINI = "bienvenue/passes", "bienvenue/fini"
"""What the window remembers: the steps passed over, and that the card was put away."""


@dataclass(frozen=True, slots=True)
class Pas:
    """One step: what it asks, or what was done of it; verbs are its buttons, the first one being the obvious one."""

    id: str
    titre: str
    texte: str
    fait: bool
    verbes: tuple[tuple[str, Callable[[], object]], ...]


def welcome(desk: Desk, parent: QWidget) -> Card | None:
    """Return the card of the first steps, or None when they are over or were put away."""
    found = premiers_pas(desk.library)
    if found is None or (desk.state.value(FINI) == "oui" and not found.vide):
        return None
    return _Bienvenue(desk, parent, found)


class _Bienvenue(Card):
    """Three steps with their ticks, what to do next, and at the end the first dossier."""

    def __init__(self, desk: Desk, parent: QWidget, found: PremiersPas) -> None:
        super().__init__("Par où commencer\u00a0?")
        self._desk, self._parent, self._found = desk, parent, found
        self._passed = [name for name in str(desk.state.value(PASSES, "")).split(",") if name]
        steps = (self._moi(), self._mutuelle(), self._papiers())
        left = [step for step in steps if not step.fait and step.id not in self._passed]
        self.head.addWidget(label(_progress(steps), "secondaire"))
        for step in steps:
            self.body.addWidget(self._step(step, current=bool(left) and step is left[0]))
            self.body.addWidget(rule())
        if left:
            self.body.addWidget(label(f"Ensuite\u00a0: {_NEXT[left[0].id]}", "secondaire", wrap=True))
        else:
            self.body.addWidget(self._dossier())
        self.body.addWidget(self._foot())

    def _moi(self) -> Pas:
        done = self._found.personnes
        text = ("Votre prénom et votre nom suffisent\u00a0: ils seront écrits partout pour vous." if not done else
                f"{', '.join(done)}. Ajoutez votre conjoint, vos enfants, quand vous voudrez.")  # fmt: skip
        verb = "Ajouter une personne…" if done else "Décrire mon foyer…"
        return Pas("moi", "1. Moi et mon foyer", text, bool(done), ((verb, self._ask(personne_form)),))

    def _mutuelle(self) -> Pas:
        found = self._found
        text = "Son nom suffit. Ou donnez une photo de la carte\u00a0: elle sera gardée avec vos papiers, et lue."
        if found.mutuelles:
            text = f"{', '.join(found.mutuelles)}. Ses téléphones et votre contrat se notent dans l’onglet Contrats."
        elif found.carte:
            text = "La carte est gardée. Notez aussi le nom de la mutuelle\u00a0: il sera écrit sur vos lettres."
        verbs = [("Autre mutuelle…" if found.mutuelles else "Décrire ma mutuelle…", self._ask(mutuelle_form))]
        if not found.carte:
            verbs.append(("Photo de la carte…", self._card))
        return Pas("mutuelle", "2. Ma mutuelle", text, found.mutuelle, tuple(verbs))

    def _papiers(self) -> Pas:
        found = self._found
        text = "Une facture, une ordonnance, un décompte\u00a0: tout est lu, puis retrouvé par n’importe lequel de ses mots."
        verbs: tuple[tuple[str, Callable[[], object]], ...] = (("Ajouter des papiers…", self._add),)
        if found.papiers:
            one = found.lus <= 1
            text = ("Lecture en cours…" if not found.lus else f"{fr.pluriel(found.lus, 'papier')} {'lu' if one else 'lus'}. "
                    "Cherchez-en un mot, un nom ou un montant dans le champ du haut.")  # fmt: skip
            verbs = (("Retrouver un papier", partial(self._desk.open, "action", "chercher")), *verbs)
        return Pas("papiers", "3. Mes premiers papiers", text, bool(found.papiers), verbs)

    def _step(self, step: Pas, *, current: bool) -> QWidget:
        passed = step.id in self._passed and not step.fait
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(row(label(step.titre, "fort"), self._mark(step, current=current, passed=passed), None))
        words.addWidget(label(step.texte, "secondaire", wrap=True))
        if step.id == "papiers" and not step.fait:
            words.addSpacing(6)
            words.addWidget(_depot())
        buttons: list[QPushButton] = []
        for place, (verb, run) in enumerate(step.verbes):
            buttons.append(button(verb, run, "principal" if current and not place else ""))
        if not step.fait and not passed:
            skip = button("Passer", partial(self._skip, step.id), "discret")
            skip.setAccessibleName(f"Passer l’étape {step.titre}")
            buttons.append(skip)
        verbs = QWidget()
        verbs.setLayout(Flow(*buttons, spacing=8))
        made = QFrame()
        made.setAccessibleName(f"{step.titre}, {self._state(step, current=current, passed=passed)}")
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(Columns(560, (words, 4), (verbs, 3), spacing=16))
        return made

    def _state(self, step: Pas, *, current: bool, passed: bool) -> str:
        if step.fait:
            return "✓ Fait"
        return "Passé" if passed else "Maintenant" if current else "À faire"

    def _mark(self, step: Pas, *, current: bool, passed: bool) -> QLabel:
        return chip(self._state(step, current=current, passed=passed),
                    "succes" if step.fait else "info" if current else "neutre")  # fmt: skip

    def _dossier(self) -> QWidget:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label("Tout est prêt\u00a0: ouvrez votre premier dossier", "fort", wrap=True))
        words.addWidget(label("Une demande à la mutuelle, un dossier\u00a0: ses papiers, ses échanges, ses dates. "
                              "Le programme vous dira quoi faire, et quand.", "secondaire", wrap=True))  # fmt: skip
        verbs = QWidget()
        verbs.setLayout(Flow(button("Ouvrir mon premier dossier…", self._open_dossier, "principal"), spacing=8))
        return Columns(560, (words, 4), (verbs, 3), spacing=16)

    def _foot(self) -> QWidget:
        found, desk = self._found, self._desk
        links = [link("Faire la visite du programme", partial(desk.open, "action", "visite"))]
        if found.vide:
            links.append(link("Essayer avec un foyer d’exemple", desk.fill_example))
        links.append(link("Lire le mode d’emploi", partial(desk.open, "Guide", "commencer")))
        if not found.vide:
            links.append(link("Ne plus afficher ces étapes", self._put_away))
        foot = QWidget()
        line = Flow(*links, spacing=20)
        line.setContentsMargins(0, 6, 0, 0)
        foot.setLayout(line)
        for one in links:
            one.setWordWrap(False)
        return foot

    def _ask(self, form: Callable[..., object]) -> Callable[[], object]:
        return lambda: self._desk.dialogs.run(form(self._desk, self._parent))  # type: ignore[arg-type]

    def _card(self) -> None:
        self._desk.import_as(self._desk.dialogs.choose_files(self._parent), TypeDocument.CARTE)

    def _add(self) -> None:
        self._desk.import_into(self._desk.dialogs.choose_files(self._parent), None)

    def _open_dossier(self) -> None:
        self._desk.page("dossiers").create_dossier()

    def _skip(self, step: str) -> None:
        self._desk.state.setValue(PASSES, ",".join([*self._passed, step]))
        self._parent.refresh()  # type: ignore[attr-defined]

    def _put_away(self) -> None:
        self._desk.state.setValue(FINI, "oui")
        self._parent.refresh()  # type: ignore[attr-defined]


def _depot() -> QFrame:
    """Return the place that says papers can be dropped: they can be anywhere, and it says where they go."""
    frame = QFrame()
    frame.setProperty("role", "carte-depot")
    column = QVBoxLayout(frame)
    column.setContentsMargins(16, 18, 16, 18)
    text = label("Glissez vos papiers ici, ou n’importe où dans la fenêtre\u00a0: PDF, photos, scans, dossiers entiers. Ils iront dans "
                 "«\u00a0À classer\u00a0».", wrap=True)  # fmt: skip
    column.addWidget(text)
    return frame


def _progress(steps: tuple[Pas, ...]) -> str:
    done = sum(step.fait for step in steps)
    return f"{done} sur {len(steps)}" if done else "Trois petites étapes"


_NEXT = {
    "moi": "votre mutuelle, puis vos premiers papiers.",
    "mutuelle": "vos premiers papiers, lus et retrouvés par leurs mots.",
    "papiers": "votre premier dossier.",
}
