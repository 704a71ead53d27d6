"""The settings: sections at the left, a search over all of them, rows that act at once and can be put back."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from mutuelle_desktop.domain.calendrier import Foyer
from mutuelle_desktop.domain.document import Document, Lecture
from mutuelle_desktop.domain.regle import Surcharge
from mutuelle_desktop.storage.library import Entry
from mutuelle_desktop.storage.settings import Settings
from mutuelle_desktop.ui.actions import Action
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import FormDialog
from mutuelle_desktop.ui.messages import Messages
from mutuelle_desktop.ui.reglages.apparence import ECHELLES, apparence
from mutuelle_desktop.ui.reglages.donnees import donnees, sauvegarde
from mutuelle_desktop.ui.reglages.impression import impression
from mutuelle_desktop.ui.reglages.jours import jours
from mutuelle_desktop.ui.reglages.lignes import Board, Ligne, Reglage, Section
from mutuelle_desktop.ui.reglages.papiers import papiers
from mutuelle_desktop.ui.reglages.rappels import rappels_section
from mutuelle_desktop.ui.termes import Explainer
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Card, Scroll, button, clear, label, named, row, rule
from mutuelle_desktop.ui.widgets.fields import SearchField
from mutuelle_desktop.ui.widgets.order import Ordered
from mutuelle_desktop.ui.widgets.rail import RailButton

__all__ = ["ECHELLES", "ReglagesWindow", "reglages_window"]

CHERCHER = "Chercher un réglage"
SECTIONS = (apparence, jours, rappels_section, papiers, impression, donnees, sauvegarde)
RACCOURCIS = ("plus-grand", "plus-petit", "annuler", "quitter")
"""Actions of the menus whose keys serve here too."""


_TOUCHED: tuple[tuple[tuple[type, ...], tuple[str, ...]], ...] = (
    ((Foyer,), ("region", "marge")),
    ((Surcharge,), ("delais",)),
    ((Lecture, Document), ("lecture",)),
)
"""Which rows follow which facts of the library."""


class ReglagesWindow(Ordered, QDialog):
    """The window of the settings; one at a time, beside the others."""

    def __init__(self, desk: Desk, parent: QWidget | None, board: Callable[[Any], Board]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Réglages")
        self.messages = Messages()
        self.board = board(self)
        self._section, self._mots = SECTIONS[0].__name__, ""
        self._scale = theme().echelle
        self.lines: dict[str, Ligne] = {}
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._build()
        QShortcut(QKeySequence.StandardKey.Find, self).activated.connect(self._to_search)
        for number in range(1, len(self.sections) + 1):
            QShortcut(QKeySequence(f"Ctrl+{number}"), self).activated.connect(partial(self._nth, number - 1))
        for action in self.board.actions:
            if action.id in RACCOURCIS:
                QShortcut(QKeySequence(action.shortcut), self).activated.connect(action.run)
        Explainer(self)
        theme().changed.connect(self._restyled)
        desk.changes.happened.connect(self._on_change)

    def show_section(self, key: str) -> None:
        """Show one section, whatever was searched."""
        self._section = key
        self._rail[key].setChecked(True)
        if self._mots:
            self.search.clear()
            self._searched("")
        self._filter()

    def show_row(self, key: str) -> None:
        """Show the section of one setting, and go to it."""
        self.show_section(self._section_of(key).id)
        QApplication.processEvents()
        self._scroll.ensureWidgetVisible(self.lines[key])
        self.lines[key].focus_control()

    def refresh(self, *keys: str) -> None:
        """Show what holds now in the rows of these names; without any, in all but those long to ask."""
        for key, line in self.lines.items():
            if key in keys or not (keys or line.reglage.seldom):
                line.refresh()
        self._chain()
        self.all_back.setEnabled(any(reglage.reset and reglage.changed() for reglage in self._every()))

    def line(self, key: str) -> Ligne:
        """Return the row of one setting, made now if its section was never seen."""
        self._fill(self._section_of(key))
        return self.lines[key]

    def tell(self, text: str, undo: Callable[[], Any] | None = None, *, kind: str = "info") -> None:
        """Say what was done, with how to undo it, or why it was not."""
        self.messages.tell(text, "Annuler" if undo else "", partial(self._undone, undo) if undo else None, kind=kind)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self._fit()
        self.refresh(*self.lines)
        super().showEvent(event)
        self.search.setFocus()

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self.isVisible():
            self.refresh(*self.lines)  # what another window, or the system, changed meanwhile
        super().changeEvent(event)

    def _chain(self) -> None:
        """Keep Tab going down the screen, whenever each row was made."""
        made = [self.lines[reglage.id] for reglage in self._every() if reglage.id in self.lines]
        stops = [w for line in made for w in line.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        order = [self.search, *self._rail.values(), *stops, self.all_back, self.close_button]
        order = [w for w in order if w.window() is self]  # the list of a choice is a window of its own
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _section_of(self, key: str) -> Section:
        return next(section for section in self.sections if any(r.id == key for r in section.lignes))

    def _every(self) -> list[Reglage]:
        return [reglage for section in self.sections for reglage in section.lignes]

    def _fit(self) -> None:
        room = QApplication.primaryScreen().availableGeometry()
        self.resize(min(theme().px(960), room.width() - 40), min(theme().px(680), room.height() - 60))

    def _build(self) -> None:
        content = QWidget()
        self.sections: tuple[Section, ...] = tuple(s for s in (make(self.board) for make in SECTIONS) if s.lignes)
        if self._section not in {section.id for section in self.sections}:
            self._section = self.sections[0].id
        self.search = SearchField(CHERCHER)
        self.search.setText(self._mots)
        self.search.setMaximumWidth(theme().px(460))
        self.search.changed.connect(self._searched)
        bar = named(QFrame(), "barre")
        line = QHBoxLayout(bar)
        line.setContentsMargins(16, 10, 16, 10)
        line.addWidget(self.search, 1)
        line.addStretch(0)
        self.all_back = button("Tout rétablir…", self._ask_all, "", "retablir")
        self.close_button = button("Fermer", self.close)
        clear(self._outer)
        self._outer.addWidget(content)  # first: what is put into a window already styled is styled once
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        middle, right = QHBoxLayout(), QVBoxLayout()
        middle.setSpacing(0)
        column.addLayout(middle, 1)
        middle.addWidget(self._make_rail())
        middle.addLayout(right, 1)
        self._scroll = Scroll((20, 16, 20, 16))
        right.addWidget(self._scroll, 1)
        self._make_rows()
        right.addWidget(self.messages)
        last = row(self.all_back, None, self.close_button)
        last.setContentsMargins(20, 4, 20, 12)
        right.addLayout(last)
        for found in content.findChildren(QPushButton):
            found.setAutoDefault(False)  # Enter in a field keeps its value, and presses nothing
        self._filter()

    def _make_rail(self) -> QFrame:
        rail = named(QFrame(), "rail")
        column = QVBoxLayout(rail)
        column.setContentsMargins(8, 12, 8, 12)
        column.setSpacing(4)
        self._rail: dict[str, RailButton] = {}
        for number, section in enumerate(self.sections, 1):
            made = RailButton(section.titre, section.icon, partial(self.show_section, section.id))
            made.setCheckable(True)
            made.setAutoExclusive(True)
            made.setChecked(section.id == self._section)
            made.setToolTip(f"{section.titre} (Ctrl+{number})")
            column.addWidget(made)
            self._rail[section.id] = made
        column.addStretch(1)
        return rail

    def _make_rows(self) -> None:
        self._cards: dict[str, Card] = {}
        self._rules: dict[str, QFrame] = {}
        self.lines = {}
        for section in self.sections:
            self._cards[section.id] = Card(section.titre)
            self._cards[section.id].hide()
            self._cards[section.id].body.setSpacing(0)
            self._scroll.column.addWidget(self._cards[section.id])
        self.nothing = label("", "soustitre", wrap=True)
        self._scroll.column.addWidget(self.nothing)
        self._scroll.column.addStretch(1)

    def _fill(self, section: Section) -> None:
        """Make the rows of a section, when it is first seen: all at once would be felt."""
        if section.lignes[0].id in self.lines:
            return
        body = self._cards[section.id].body
        for reglage in section.lignes:
            self._rules[reglage.id] = rule()
            line = self.lines[reglage.id] = Ligne(reglage, self._put_back)
            body.addWidget(self._rules[reglage.id])
            body.addWidget(line)
            for found in line.findChildren(QPushButton):
                found.setAutoDefault(False)
        if self.isVisible():
            self.refresh(*(reglage.id for reglage in section.lignes))
        else:
            self._chain()

    def _searched(self, mots: str) -> None:
        self._mots = mots.strip()
        self._filter()

    def _filter(self) -> None:
        """Show the rows of the section chosen, or those of all that the words typed are found in."""
        found = 0
        for section in self.sections:
            shown = [r.id for r in section.lignes if self._wanted(section, r)]
            found += len(shown)
            self._cards[section.id].setVisible(bool(shown))
            if shown:
                self._fill(section)
            for reglage in section.lignes if section.lignes[0].id in self.lines else ():
                self.lines[reglage.id].setVisible(reglage.id in shown)
                self._rules[reglage.id].setVisible(reglage.id in shown)
        self.nothing.setText(
            f"Aucun réglage ne correspond à «\u00a0{self._mots}\u00a0». Essayez un autre mot, comme «\u00a0police\u00a0» ou "
            "«\u00a0scanner\u00a0»."
        )
        self.nothing.setVisible(not found)
        words = f"{found} réglage{'s' if found > 1 else ''} trouvé{'s' if found > 1 else ''}"
        self.search.setAccessibleDescription(words if self._mots else "")
        self._scroll.verticalScrollBar().setValue(0)
        made = self._rail[self._section]
        made.setAutoExclusive(False)  # what is found is in no section
        made.setChecked(not self._mots)
        made.setAutoExclusive(True)

    def _wanted(self, section: Section, reglage: Reglage) -> bool:
        return section.finds(reglage, self._mots) if self._mots else section.id == self._section

    def _put_back(self, reglage: Reglage) -> None:
        if reglage.back is not None:
            reglage.back()
            return
        done: list[Callable[[], Any]] = []
        if reglage.reset is not None and self.board.run(lambda: done.append(reglage.reset())):  # type: ignore[misc]
            self.tell(f"{reglage.titre}\u00a0: {reglage.usual}, comme au début.", done[0])
            self.lines[reglage.id].focus_control()

    def _ask_all(self) -> None:
        """Ask what goes back; what moves dates is left out unless it is asked for."""
        form = FormDialog(self, "Tout rétablir", lambda: None, "Rétablir")
        form.add(
            "",
            label("Ces réglages redeviennent comme au début. Vos papiers et vos dossiers ne changent pas.", wrap=True),
        )
        boxes: list[tuple[Reglage, QCheckBox]] = []
        for reglage in (r for r in self._every() if r.reset and r.changed()):
            box = QCheckBox(f"{reglage.titre}\u00a0: {reglage.usual}")
            box.setChecked(not reglage.fait)
            form.add("", box, "Des dates changeront." if reglage.fait else "")
            boxes.append((reglage, box))
        chosen = self.board.desk.dialogs.run(form)
        wanted = [reglage for reglage, box in boxes if box.isChecked()]
        form.deleteLater()
        if chosen and wanted:
            self._all_back(wanted)

    def _all_back(self, wanted: Sequence[Reglage]) -> None:
        undone: list[Callable[[], Any]] = []

        def put_back() -> None:
            for reglage in wanted:
                assert reglage.reset is not None
                undone.append(reglage.reset())

        self.board.run(put_back)
        if undone:
            names = ", ".join(reglage.titre.lower() for reglage in wanted[: len(undone)])
            self.tell(f"Rétabli\u00a0: {names}.", lambda: [undo() for undo in reversed(undone)])

    def _undone(self, undo: Callable[[], Any]) -> None:
        self.board.run(undo)

    def _restyled(self) -> None:
        """Follow the look; with another size of text everything is made again at that size."""
        if self._scale == theme().echelle:
            return
        self._scale = theme().echelle
        focus = QApplication.focusWidget()
        held = next((key for key, line in self.lines.items() if focus is not None and line.isAncestorOf(focus)), "")
        told = self.messages.isVisible()
        self.messages.setParent(self)  # the strip goes along
        self._build()
        self.messages.setVisible(told)
        self._fit()
        self.refresh(*self.lines)
        if held:
            self.line(held).focus_control()

    def _on_change(self, entry: Entry) -> None:
        if self.isVisible():
            touched = [key for kinds, keys in _TOUCHED if entry.touches(*kinds) for key in keys]
            if touched:
                self.refresh(*touched)

    def _nth(self, place: int) -> None:
        self.show_section(self.sections[place].id)
        self._rail[self.sections[place].id].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _to_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()


def reglages_window(
    desk: Desk, parent: QWidget, *, keep: Callable[[Settings], None], leave: Callable[[], None],
    read: Callable[[], None], actions: tuple[Action, ...],
) -> ReglagesWindow:  # fmt: skip
    """Return the window of the settings; keep keeps and applies them, leave closes the library, read reads what waits."""

    def board(window: ReglagesWindow) -> Board:
        own = replace(desk, messages=window.messages)
        return Board(own, window, keep, window.tell, window.refresh, leave, read, actions)

    return ReglagesWindow(desk, parent, board)
