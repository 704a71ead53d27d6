"""The month: its table, what is overdue above it, the day one is on beside it, what the shapes mean under it."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.domain.calendrier import jours_feries
from mutuelle_desktop.domain.etape import EtatFenetre, FenetreMediateur
from mutuelle_desktop.services.echeances import LigneEcheance
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.echeances.fenetre import BIENTOT, GENRES
from mutuelle_desktop.ui.echeances.lignes import (
    LEGENDE,
    Fenetre,
    Vues,
    etat_of,
    forme_of,
    genre_of,
    puce_of,
    second_of,
    spoken_of,
    titre_of,
    why_fixed,
)
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Card, Scroll, button, chip, clear, label, link, row, rule, tool
from mutuelle_desktop.ui.widgets.flow import Columns, Flow
from mutuelle_desktop.ui.widgets.month import Band, Day, Mark, MonthView, grid_of
from mutuelle_desktop.ui.widgets.shapes import Shape

FENETRE = "fenetre:"
"""How the key of a médiateur's window begins."""
LANES = 2
"""How many windows a week shows; the others are named under the month."""
MARKS = 24
"""How many dates of one day are drawn; the others are counted."""
BESIDE = 820
"""Width, in pixels at 100 %, from which the day lies beside the month: what is overdue then goes above the day."""
_LATE, _OF_DAY, _NAMED = 3, 6, 3


class MonthPane(QWidget):
    """A month, its overdue strip, the day panel and the legend.

    opened gives a key, added a day, listed a day too full to be shown here, menu a key and the widget it hangs from.
    """

    opened = Signal(str)
    added = Signal(object)
    listed = Signal(object)
    menu = Signal(str, object)
    agenda = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.view = MonthView()
        self.late = QFrame()
        self.late.setProperty("role", "message-error")
        self._late = QVBoxLayout(self.late)
        self._late.setContentsMargins(14, 8, 12, 8)
        self._late.setSpacing(2)
        self.day = Card()
        self.day.setAccessibleName("Le jour choisi")
        self.day.setMinimumHeight(theme().px(200))
        self._of_day = Scroll((0, 0, 4, 0))
        self.day.body.addWidget(self._of_day)
        self._vues: Vues | None = None
        self._month = date.min
        self._windows = QWidget()
        self._windows_lines = QVBoxLayout(self._windows)
        self._windows_lines.setContentsMargins(0, 0, 0, 0)
        self._windows_lines.setSpacing(2)
        table = QFrame()
        table.setProperty("role", "carte")
        frame = QVBoxLayout(table)
        frame.setContentsMargins(8, 8, 8, 8)
        frame.addWidget(self.view)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        side = QWidget()
        self._side = QVBoxLayout(side)
        self._side.setContentsMargins(0, 0, 0, 0)
        self._side.setSpacing(12)
        self._side.addWidget(self.late)
        self._side.addWidget(self.day, 1)
        column.addWidget(Columns(BESIDE, (table, 7), (side, 3), spacing=16), 1)
        foot = QWidget()
        foot.setLayout(Flow(*_legend(), spacing=14))
        column.addWidget(self._windows)
        column.addWidget(foot)
        self.view.walked.connect(self._show_day)

    @property
    def current_day(self) -> date | None:
        """Return the day one is on."""
        return self.view.current_day

    def show_month(self, vues: Vues, month: date) -> None:
        """Show these dates, the month that begins that day."""
        held = self.current_day
        same = month == self._month
        if vues is not self._vues:
            self._show_late(vues)
        self._vues, self._month = vues, month
        today = vues.releve.today
        self.view.set_days(days_of(vues, month), today)
        self.view.setAccessibleName(f"{fr.MOIS[month.month - 1]} {month.year}")
        inside = today if (today.year, today.month) == (month.year, month.month) else month
        target = held if same and held else inside
        if held == target:
            self._show_day(target)
        self.view.go_to(target)
        self._show_windows(vues, month)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is overdue in plain sight: beside the month, or above it where it takes the whole width."""
        super().resizeEvent(event)
        beside = self.width() >= theme().px(BESIDE)
        if beside != (self._side.indexOf(self.late) == 0):
            (self._side if beside else self._column).insertWidget(0, self.late)

    def focus_day(self) -> None:
        """Put the keyboard on the first thing of the day one is on."""
        links = (one for one in self.day.findChildren(QLabel) if one.focusPolicy() is not Qt.FocusPolicy.NoFocus)
        first = next(links, None)
        if first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_late(self, vues: Vues) -> None:
        clear(self._late)
        self.late.setVisible(bool(vues.retard))
        if not vues.retard:
            return
        head, rows = QVBoxLayout(), QVBoxLayout()
        head.addLayout(row(label("En retard", "fort"), chip(str(len(vues.retard)), "danger"), None))
        if len(vues.retard) > _LATE:
            rest = len(vues.retard) - _LATE
            head.addLayout(row(button(f"Voir {fr.pluriel(rest, 'autre')}", self.agenda.emit, "lien"), None))
        head.addStretch(1)
        rows.setSpacing(6)
        for found in vues.retard[:_LATE]:
            where = f" — {found.dossier}" if found.dossier else ""
            words = link(f"{found.titre}{where}", partial(self.opened.emit, found.id))
            words.setToolTip(spoken_of(found, vues.releve.today))
            since = label(etat_of(found, vues.releve.today), "secondaire")
            sign = Shape(forme_of(found), "danger")
            line = row(sign, Columns(360, (words, 1), (since, 0), spacing=0))
            line.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
            rows.addLayout(line)
        self._late.addWidget(Columns(520, (head, 1), (rows, 5), spacing=8))

    def _show_windows(self, vues: Vues, month: date) -> None:
        """Name the bars of the month, and the windows that have none for lack of room."""
        clear(self._windows_lines)
        shown = windows_of(vues, grid_of(month.year, month.month))
        self._windows.setVisible(bool(shown))
        for place, one in enumerate(shown[:_NAMED]):
            name = link(window_words(one), partial(self.opened.emit, f"{FENETRE}{one.dossier_id}"))
            sign = Shape("trait" if place < LANES else "vide", GENRES[one.fenetre.etat])
            self._windows_lines.addLayout(row(sign, name, spacing=4))
        if len(shown) > _NAMED:
            rest = f"et {fr.pluriel(len(shown) - _NAMED, 'autre')}"
            self._windows_lines.addWidget(label(rest, "secondaire"))

    def _show_day(self, day: date) -> None:
        vues = self._vues
        if vues is None:
            return
        body = self._of_day.column
        clear(body)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(label(fr.majuscule(fr.jour(day)), "carte-titre", wrap=True))
        body.addLayout(head)
        feast = jours_feries(day.year, vues.releve.foyer.zone).get(day, "")
        near = {0: "aujourd’hui", 1: "demain", -1: "hier"}.get((day - vues.releve.today).days, "")
        if feast or near:
            head.addWidget(label(" · ".join(part for part in (near, feast) if part), "secondaire", wrap=True))
        rows = vues.par_jour.get(day, [])
        if not rows:
            body.addWidget(label("Rien ce jour-là.", "soustitre", wrap=True))
        for place, found in enumerate(rows[:_OF_DAY]):
            if place:
                body.addWidget(rule())
            body.addWidget(self._entry(found, vues.releve.today))
        if len(rows) > _OF_DAY:
            rest = f"Voir {fr.pluriel(len(rows) - _OF_DAY, 'autre')} dans l’agenda"
            body.addLayout(row(button(rest, partial(self.listed.emit, day), "lien"), None))
        body.addLayout(row(button("Noter une échéance ce jour…", partial(self.added.emit, day), "lien"), None))
        body.addStretch(1)

    def _entry(self, found: LigneEcheance, today: date) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        words = link(titre_of(found), partial(self.opened.emit, found.id))
        more = tool("menu", f"Autres actions sur\u00a0: {found.titre}", _nothing)
        more.clicked.connect(partial(self._ask, more, found.id))
        sign = Shape(forme_of(found), genre_of(found))
        column.addLayout(row(sign, words, more))
        second = second_of(found)
        if second:
            column.addWidget(label(second, "secondaire", wrap=True))
        column.addLayout(Flow(chip(etat_of(found, today), puce_of(found, today))))
        return box

    def _ask(self, anchor: QWidget, key: str, _checked: bool = False) -> None:
        self.menu.emit(key, anchor)


def days_of(vues: Vues, month: date) -> list[Day]:
    """Return the 42 days of a month with what falls on each."""
    zone = vues.releve.foyer.zone
    grid = grid_of(month.year, month.month)
    windows = windows_of(vues, grid)[:LANES]
    feasts = {**jours_feries(grid[0].year, zone), **jours_feries(grid[-1].year, zone)}
    return [
        Day(
            day,
            day.month == month.month,
            feasts.get(day, ""),
            tuple(_mark(found, vues.releve.today) for found in vues.par_jour.get(day, [])[:MARKS]),
            tuple(_band(one, day) for one in windows),
            max(0, len(vues.par_jour.get(day, ())) - MARKS),
        )
        for day in grid
    ]


def windows_of(vues: Vues, grid: Sequence[date]) -> list[Fenetre]:
    """Return the médiateur's windows open on one of these days, the first to close first."""
    return [
        one for one in vues.fenetres
        if one.fenetre.ouvre_le and one.fenetre.ferme_le
        and one.fenetre.ouvre_le <= grid[-1] and one.fenetre.ferme_le >= grid[0]
    ]  # fmt: skip


def _open_genre(fenetre: FenetreMediateur) -> str:
    return "danger" if fenetre.etat is EtatFenetre.CLOSE else "succes"


def window_words(one: Fenetre) -> str:
    """Return what a médiateur's window says under the month."""
    closes = f"jusqu’au {fr.jour_court(one.fenetre.ferme_le)}"
    state = {EtatFenetre.SE_FERME: "se ferme bientôt, ", EtatFenetre.CLOSE: "close, "}.get(one.fenetre.etat, "")
    return f"Médiateur possible {state}{closes}\u00a0: {one.dossier or one.reference}"


def _mark(found: LigneEcheance, today: date) -> Mark:
    return Mark(
        found.id,
        f"{found.dossier} — {titre_of(found)}" if found.dossier else titre_of(found),
        spoken_of(found, today),
        forme_of(found),
        genre_of(found),
        movable=not why_fixed(found),
        strong=genre_of(found) == "danger",
    )


def _band(one: Fenetre, day: date) -> Band | None:
    fenetre = one.fenetre
    if fenetre.ouvre_le is None or fenetre.ferme_le is None or not fenetre.ouvre_le <= day <= fenetre.ferme_le:
        return None
    words = window_words(one)
    return Band(
        f"{FENETRE}{one.dossier_id}",
        words,
        words,
        "alerte"
        if fenetre.ferme_le - day <= BIENTOT and fenetre.etat is not EtatFenetre.CLOSE
        else _open_genre(fenetre),
        starts=day == fenetre.ouvre_le,
        ends=day == fenetre.ferme_le,
    )


def _legend() -> list[QWidget]:
    parts: list[QWidget] = []
    for forme, genre, words in LEGENDE:
        part = QWidget()
        line = row(Shape(forme, genre), label(words, "secondaire"), spacing=4)
        line.setContentsMargins(0, 0, 0, 0)
        part.setLayout(line)
        parts.append(part)
    return parts


def _nothing() -> Any:
    """Leave the click to the menu that hangs from the button."""
