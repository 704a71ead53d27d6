"""The Échéances tab: month or agenda of every date, its filters, what can be done about them."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QStackedWidget, QToolButton, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.domain.calendrier import Foyer
from mutuelle_desktop.domain.contrat import Contrat, Couverture, Mutuelle
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.echeance import Decision, EtatEcheance, Rappel
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.mandat import Mandat
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.domain.regle import NatureRegle, Surcharge
from mutuelle_desktop.services import dossiers
from mutuelle_desktop.services.echeances import LigneEcheance
from mutuelle_desktop.services.faits import uncollected
from mutuelle_desktop.storage.library import Entry, Library
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.echeances.agenda import AgendaPane
from mutuelle_desktop.ui.echeances.lignes import ROLES, Filtre, Releve, Vues, choices_of, make_vues, read_releve
from mutuelle_desktop.ui.echeances.mois import MonthPane
from mutuelle_desktop.ui.echeances.verbs import EcheancesVerbs
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import EmptyState, Scroll, button, label, tool
from mutuelle_desktop.ui.widgets.fields import FilterButton
from mutuelle_desktop.ui.widgets.flow import Columns, Flow

REVEIL = 30_000
"""Milliseconds between two looks at the clock: a day that changes while the window is open is seen within that."""
_CLEAR = ("Aucune échéance ne correspond", "Retirez un filtre pour en voir davantage.")
_NONE = (
    "Aucune échéance pour l’instant",
    "Les dates se calculent toutes seules\u00a0: ouvrez un dossier, notez l’envoi de votre demande, et vous verrez ici "
    "quand la mutuelle doit répondre, quand relancer et jusqu’à quand agir.",
)
_SOURCES = (Dossier, Evenement, Decision, Rappel, Surcharge, Foyer, Contrat, Couverture, Mandat, Mutuelle, Personne)


class EcheancesPage(QWidget):
    """Every date of the household: what is due, by whom, and why."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("page")
        self._desk = desk
        self.filtre = Filtre()
        self.vues: Vues | None = None
        self.month = desk.today().replace(day=1)
        self._releve: Releve | None = None
        self._today = desk.today()
        self._loading = self._again = False
        self._wanted = ""
        self.verbs = EcheancesVerbs(desk, self)
        self._build()
        self._clock = QTimer(self, interval=REVEIL)
        self._clock.timeout.connect(self.check_day)
        self._clock.start()
        desk.changes.happened.connect(self._on_change)
        self.show_agenda(str(desk.state.value("echeances/vue", "")) == "agenda")
        self.refresh()

    @property
    def in_agenda(self) -> bool:
        """Tell whether the agenda is what is shown."""
        return self._as_agenda.isChecked()

    def refresh(self) -> None:
        """Compute every date again, and show them."""
        self._releve = None
        self._load()

    def show_object(self, kind: str, key: str) -> None:
        """Go to a date by its key, to a day (« Jour »), or to the dates of a dossier."""
        if kind == "Dossier":
            self._set(Filtre(dossier_id=key))
        elif kind == "Jour":
            self.go_to(date.fromisoformat(key))
        else:
            self._wanted = key
            self._go_to_wanted()

    def target_at(self, point: QPoint) -> tuple[str, str] | None:
        """Return the dossier a drop here goes to: that of the filter, else none."""
        line = dossiers.ligne(self._desk.library, self.filtre.dossier_id) if self.filtre.dossier_id else None
        return (line.dossier.titre, line.id) if line else None

    def chosen(self) -> LigneEcheance | None:
        """Return the date one is on: the agenda's row, or the first of the day."""
        if self.vues is None:
            return None
        if self.in_agenda:
            return self.agenda.current
        rows = self.vues.par_jour.get(self.mois.current_day or date.min, [])
        return rows[0] if rows else None

    def turn(self, months: int) -> None:
        """Go so many months later."""
        year, place = divmod(self.month.year * 12 + self.month.month - 1 + months, 12)
        self._show_month(date(year, place + 1, 1))

    def go_to(self, day: date) -> None:
        """Show the month of a day, and go to it."""
        if self.in_agenda:
            self.show_agenda(False)
        self._show_month(day.replace(day=1))
        self.mois.view.go_to(day)
        self.mois.view.setFocus()

    def show_agenda(self, agenda: bool) -> None:
        """Show the agenda, or the month."""
        (self._as_agenda if agenda else self._as_month).setChecked(True)
        self.setFocusProxy(self.agenda.view if agenda else self.mois.view)
        self._desk.state.setValue("echeances/vue", "agenda" if agenda else "mois")
        for widget in self._of_month:
            widget.setVisible(not agenda)
        self._show()

    def check_day(self) -> None:
        """See whether the day has changed while the window was open."""
        if self._desk.today() != self._today:
            before, self._today = self._today, self._desk.today()
            if self.month == before.replace(day=1):
                self.month = self._today.replace(day=1)
            self.refresh()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.check_day()
        if self._releve is None and not self._loading:
            self._load()

    def _build(self) -> None:
        self.mois, self.agenda = MonthPane(), AgendaPane()
        self.agenda.setMinimumHeight(theme().px(320))
        self._filters = self._filter_buttons()
        to_dossiers = partial(self._desk.open, "onglet", "dossiers")
        welcome = EmptyState("echeances", *_NONE, button("Voir mes dossiers", to_dossiers, "principal"),
                             button("Noter une échéance…", self.verbs.new_rappel))  # fmt: skip
        nothing = EmptyState("chercher", *_CLEAR, button("Tout montrer", self._clear))
        self._hint = QWidget()
        hint = Flow(label(_CLEAR[0] + ".", "soustitre"), button("Tout montrer", self._clear, "lien"))
        self._hint.setLayout(hint)
        self._pile = QStackedWidget()
        self._panes: tuple[QWidget, ...] = (self.mois, self.agenda, welcome, nothing)
        for widget in self._panes:
            self._pile.addWidget(widget)
        scroll = Scroll((24, 14, 24, 12))
        scroll.column.setSpacing(8)
        scroll.column.addWidget(self._head())
        self._print = button("Imprimer le mois…", self.verbs.print_month, "discret")
        export = button("Exporter vers mon agenda…", self.verbs.export_agenda, "discret")
        rules = button("Règles et délais…", self.verbs.show_rules, "discret")
        filters = QWidget()
        filters.setLayout(Flow(*self._filters.values(), spacing=6))
        verbs = QWidget()
        verbs.setLayout(Flow(self._print, export, rules, spacing=0))
        scroll.column.addWidget(Columns(960, (filters, 1), (verbs, 0)))
        scroll.column.addWidget(self._hint)
        scroll.column.addWidget(self._pile, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll)
        self._connect()

    def _connect(self) -> None:
        verbs, month, agenda = self.verbs, self.mois, self.agenda
        month.view.opened.connect(verbs.open_echeance)
        month.opened.connect(verbs.open_echeance)
        month.view.chosen.connect(verbs.new_rappel)
        month.added.connect(verbs.new_rappel)
        month.view.moved.connect(verbs.move)
        month.view.held.connect(verbs.explain_held)
        month.view.turned.connect(self.turn)
        month.view.crowded.connect(self._on_crowded)
        month.view.asked.connect(self._on_asked)
        month.listed.connect(self._on_listed)
        month.menu.connect(self._on_menu)
        month.agenda.connect(self._on_late)
        agenda.opened.connect(verbs.open_echeance)
        agenda.asked.connect(self._on_asked_row)

    def _head(self) -> QWidget:
        self._as_month, self._as_agenda = _way("Mois"), _way("Agenda")
        group = QButtonGroup(self)
        for made in (self._as_month, self._as_agenda):
            group.addButton(made)
        self._as_month.clicked.connect(partial(self.show_agenda, False))
        self._as_agenda.clicked.connect(partial(self.show_agenda, True))
        self._name = label("", "carte-titre")
        self._name.setMinimumWidth(theme().px(124))
        before = tool("precedent", "Mois précédent", self.verbs.previous_month)
        after = tool("suivant", "Mois suivant", self.verbs.next_month)
        today = button("Aujourd’hui", self.verbs.go_today)
        self._of_month = (before, self._name, after, today)
        switch = QWidget()
        switch.setLayout(Flow(self._as_month, self._as_agenda, spacing=4))
        moves = QWidget()
        moves.setLayout(Flow(before, self._name, after, today, spacing=6))
        left = QWidget()
        left.setLayout(Flow(label("Échéances", "titre"), switch, moves, spacing=10))
        new = QWidget()
        new.setLayout(Flow(button("Nouvelle échéance…", self.verbs.new_rappel, "principal")))
        return Columns(560, (left, 1), (new, 0))

    def _filter_buttons(self) -> dict[str, FilterButton]:
        made = {
            "dossier_id": FilterButton("Dossier", lambda: choices_of(self._releve, "dossier_id", "dossier")),
            "personne_id": FilterButton("Personne", lambda: choices_of(self._releve, "personne_id", "personne")),
            "mutuelle_id": FilterButton("Mutuelle", lambda: choices_of(self._releve, "mutuelle_id", "mutuelle")),
            "role": FilterButton("À qui", lambda: [(fr.majuscule(word), r) for r, word in ROLES.items()]),
            "etat": FilterButton("État", lambda: [(fr.majuscule(str(e)), e) for e in EtatEcheance]),
            "nature": FilterButton("Nature", lambda: [(fr.majuscule(str(n)), n) for n in NatureRegle]),
        }  # fmt: skip
        for one in made.values():
            one.chosen.connect(self._filtered)
        return made

    def _filtered(self, value: Any) -> None:
        name = next(name for name, made in self._filters.items() if made is self.sender())
        changed: Any = {name: value}
        self.filtre = replace(self.filtre, **changed)
        self._load()

    def _set(self, filtre: Filtre) -> None:
        self.filtre = filtre
        for name, made in self._filters.items():
            value = getattr(filtre, name)
            made.set_value(self._word(name, value), value)
        self._load()

    def _word(self, name: str, value: Any) -> str:
        if name == "dossier_id" and value:
            line = dossiers.ligne(self._desk.library, value)
            return line.dossier.titre if line else "Dossier"
        return fr.majuscule(ROLES.get(value, str(value))) if value else ""

    def _clear(self) -> None:
        self._set(Filtre())

    def _load(self) -> None:
        """Compute in the background; what is asked meanwhile is computed once more at the end."""
        if self._loading:
            self._again = True
            return
        self._loading = True
        library, today, filtre, held = self._desk.library, self._desk.today(), self.filtre, self._releve
        self._desk.jobs.run(
            "Calcul des échéances",
            lambda _progress: _computed(library, today, filtre, held),
            self._loaded,
            quiet=True,
            failed=self._failed,
        )

    def _loaded(self, vues: Vues) -> None:
        self._loading = False
        if self._again:
            self._again = False
            self._load()
            return
        self.vues, self._releve = vues, vues.releve
        self._show()

    def _failed(self, error: Exception) -> None:
        self._loading = self._again = False
        self._desk.report(error)

    def _show(self) -> None:
        vues = self.vues
        self._name.setText(f"{fr.majuscule(fr.MOIS[self.month.month - 1])} {self.month.year}")
        if vues is None:
            return
        filtered = self.filtre != Filtre()
        self._hint.setVisible(filtered and not vues.par_jour and not self.in_agenda)
        self._print.setEnabled(not self.in_agenda)
        if not vues.releve.lignes:
            self._pile.setCurrentIndex(2)
        elif self.in_agenda:
            self.agenda.show_rangs(vues.rangs)
            self._pile.setCurrentIndex(1 if vues.rangs else 3)
        else:
            self.mois.show_month(vues, self.month)
            self._pile.setCurrentIndex(0)
        self._fit()
        self._go_to_wanted()

    def _fit(self) -> None:
        """Let the page shown, and no other of the pile, say how much room it needs."""
        for widget in self._panes:
            used = widget is self._pile.currentWidget()
            way = QSizePolicy.Policy.Expanding if used else QSizePolicy.Policy.Ignored
            widget.setSizePolicy(QSizePolicy.Policy.Expanding, way)

    def _show_month(self, month: date) -> None:
        self.month = month
        self._show()

    def _go_to_wanted(self) -> None:
        found = self.vues.par_cle.get(self._wanted) if self._wanted and self.vues else None
        if found is None:
            return
        self._wanted = ""
        if not self.filtre.keeps(found):
            self._set(Filtre(etat=None if Filtre().keeps(found) else found.etat))
        if self.in_agenda:
            self.agenda.select(found.id)
        else:
            self.go_to(found.jour)

    def _on_crowded(self, day: date) -> None:
        self.mois.view.go_to(day)
        self.mois.focus_day()

    def _on_listed(self, day: date) -> None:
        rows = self.vues.par_jour.get(day, []) if self.vues else []
        self.show_agenda(True)
        if rows:
            self.agenda.select(rows[0].id)

    def _on_late(self) -> None:
        self.show_agenda(True)
        self.agenda.view.scrollToTop()

    def _on_asked(self, key: str, day: date, at: QPoint) -> None:
        self.verbs.menu(self, key, at, day)

    def _on_asked_row(self, key: str, at: QPoint) -> None:
        self.verbs.menu(self, key, at)

    def _on_menu(self, key: str, anchor: QWidget) -> None:
        self.verbs.menu(self, key, anchor.mapToGlobal(anchor.rect().bottomLeft()))

    def _on_change(self, entry: Entry) -> None:
        if entry.touches(*_SOURCES):
            self._releve = None
            if self.isVisible():
                self._load()


def _computed(library: Library, today: date, filtre: Filtre, held: Releve | None) -> Vues:
    with uncollected():
        return make_vues(held or read_releve(library, today), filtre)


def _way(text: str) -> QToolButton:
    made = QToolButton()
    made.setText(text)
    made.setCheckable(True)
    made.setProperty("role", "filtre")
    return made
