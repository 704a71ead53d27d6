"""The story of a dossier: what happened, the papers, the deadlines kept, missed and to come, on one line of time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import partial

from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from mutuelle_desktop.domain.echeance import Echeance, EtatEcheance
from mutuelle_desktop.domain.regle import Role
from mutuelle_desktop.services.dossiers import LigneChronologie
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.widgets.basics import Card, about, button, label, link, row, tool
from mutuelle_desktop.ui.widgets.fields import FilterButton
from mutuelle_desktop.ui.widgets.timeline import Moment, Timeline

SUJETS = ("Échanges", "Papiers", "Échéances")
_SUJET_OF = {"Evenement": "Échanges", "Document": "Papiers"}
_DOTS = {
    EtatEcheance.REMPLIE: "succes", EtatEcheance.DEPASSEE: "danger", EtatEcheance.A_FAIRE: "alerte",
    EtatEcheance.EN_ATTENTE: "neutre", EtatEcheance.A_VENIR: "neutre",
}  # fmt: skip
_SAID = {
    EtatEcheance.REMPLIE: "tenue", EtatEcheance.DEPASSEE: "dépassée", EtatEcheance.A_FAIRE: "à faire",
    EtatEcheance.EN_ATTENTE: "attendue de la mutuelle", EtatEcheance.A_VENIR: "à venir",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verbs:
    """What the story lets one do: correct or remove an event, see a paper, ask why a date."""

    correct: Callable[[str], None]
    remove: Callable[[str], None]
    see: Callable[[str], None]
    explain: Callable[[Echeance], None]


class Chronologie(Card):
    """One card; the filter keeps what it is about."""

    def __init__(
        self, lines: Sequence[LigneChronologie], echeances: tuple[Echeance, ...], today: date, verbs: Verbs,
        sujet: str | None,
    ) -> None:  # fmt: skip
        super().__init__("Chronologie")
        self._today, self._verbs = today, verbs
        self.filter = FilterButton("Tout", lambda: [(name, name) for name in SUJETS])
        if sujet:
            self.filter.set_value(sujet, sujet)
        self.head.addWidget(self.filter)
        shown = [found for found in lines if sujet is None or _SUJET_OF.get(found.kind) == sujet]
        rows = [((found.le, found.heure or time.min, n), self._moment(found)) for n, found in enumerate(shown)]
        if sujet in (None, "Échéances"):
            rows += [((one.jour, time.max, n), self._deadline(one)) for n, one in enumerate(_worth(echeances))]
        opening = rows[:1] if shown and shown[0].genre == "ouverture" else []
        later = sorted(rows[len(opening) :], key=lambda row: row[0])
        moments = [moment for _, moment in (*opening, *later)]
        if moments:
            self.body.addWidget(Timeline(*moments))
        else:
            self.body.addWidget(label("Rien de ce genre dans ce dossier pour l’instant.", "secondaire", wrap=True))
            self.body.addLayout(row(button("Voir toute la chronologie", lambda: self.filter.chosen.emit(None)), None))
        self.body.addStretch(1)

    def _moment(self, found: LigneChronologie) -> Moment:
        exchange = found.kind == "Evenement" and found.heure is not None
        title = f"{found.titre}, {fr.heure(found.heure)}" if exchange else found.titre
        tools: tuple[QWidget, ...] = ()
        if found.kind == "Evenement":
            more = tool("menu", f"Autres actions sur : {found.titre}", lambda: None)
            more.clicked.connect(partial(self._menu, more, found))
            tools = (more,)
        elif found.kind == "Document":
            tools = (tool("ouvrir", f"Voir : {found.texte}", partial(self._verbs.see, found.id)),)
        kind = "accent" if found.kind == "Evenement" else "neutre"
        return Moment(self._day(found.le), title, found.texte, kind, tools=tools)

    def _deadline(self, one: Echeance) -> Moment:
        why = about(link("Pourquoi cette date\u00a0?", partial(self._verbs.explain, one)), one.titre)
        return Moment(self._day(one.jour), one.titre, f"Échéance {_SAID[one.etat]}", _DOTS[one.etat], below=why)

    def _menu(self, anchor: QToolButton, found: LigneChronologie, _checked: bool = False) -> None:
        menu = QMenu(self)
        menu.addAction("Corriger…").triggered.connect(lambda: self._verbs.correct(found.id))
        menu.addAction("Retirer").triggered.connect(lambda: self._verbs.remove(found.id))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))

    def _day(self, day: date) -> str:
        return fr.jour_bref(day, self._today)


def _worth(echeances: tuple[Echeance, ...]) -> list[Echeance]:
    """Return the deadlines that belong to the story: what was owed or done, not what may one day be possible."""
    told = (EtatEcheance.REMPLIE, EtatEcheance.DEPASSEE, EtatEcheance.A_FAIRE)
    return [
        one
        for one in echeances
        if one.etat in told or (one.role in (Role.ORGANISME, Role.ASSURE) and one.etat is not EtatEcheance.SANS_OBJET)
    ]


def removal_said(moved: int) -> str:
    """Return what removing an event did to the dates."""
    return (
        f"Événement retiré, {fr.pluriel(moved, 'date')} {'a' if moved == 1 else 'ont'} changé."
        if moved
        else "Événement retiré."
    )
