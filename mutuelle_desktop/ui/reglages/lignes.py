"""One setting is one row: a title, a plain sentence, its control, and the way back to what is usual."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.storage.index import plain
from mutuelle_desktop.storage.settings import Settings
from mutuelle_desktop.ui.actions import Action
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.widgets.basics import button, label
from mutuelle_desktop.ui.widgets.fields import Choice
from mutuelle_desktop.ui.widgets.flow import Columns

Undo = Callable[[], Any]
Show = Callable[[], None]
ETROIT = 620
"""Pixels, at 100 %, under which a control goes under its sentence."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reglage:
    """One setting.

    mots are more words a search finds it by; control makes what is acted on, and what brings it up to date; usual says
    what it goes back to. reset puts it back and returns how to undo that; back is what the row's own button does when
    that is more, own_back tells that the control has such a button itself. fait tells a fact that moves dates; seldom,
    that asking how it stands is long: it is asked when the window is looked at, not at each change.
    """

    id: str
    titre: str
    phrase: str
    control: Callable[[], tuple[QWidget, Show]]
    mots: str = ""
    usual: str = ""
    changed: Callable[[], bool] = lambda: False
    reset: Callable[[], Undo] | None = None
    back: Callable[[], Any] | None = None
    own_back: bool = False
    large: bool = False
    fait: bool = False
    seldom: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Settings that go together, under one word and one icon."""

    id: str
    titre: str
    icon: str
    lignes: tuple[Reglage, ...]

    def finds(self, ligne: Reglage, mots: str) -> bool:
        """Tell whether every word typed is somewhere in this row, accents and capitals ignored."""
        held = plain(f"{self.titre} {ligne.titre} {ligne.phrase} {ligne.mots} {ligne.usual}")
        return all(plain(mot) in held for mot in mots.split())


@dataclass(frozen=True, slots=True)
class Board:
    """What every row may use.

    keep keeps and applies settings; told says what was done, with how to undo it; refresh shows the rows of these names
    again, or all that are soon asked; leave closes the library before it moves; read reads the papers that wait; actions
    are those of the menus.
    """

    desk: Desk
    window: QWidget
    keep: Callable[[Settings], None]
    told: Callable[..., None]
    refresh: Callable[..., None]
    leave: Callable[[], None]
    read: Callable[[], None]
    actions: tuple[Action, ...]

    def run(self, verb: Callable[[], Any]) -> bool:
        """Do something; a refusal is said under the rows and everything shows again what holds. Tell if it was done."""
        try:
            verb()
        except AppError as error:
            self.told(str(error), kind="error")
            return False
        finally:
            self.refresh()
        return True

    def change(self, name: str, value: Any, words: str) -> None:
        """Give one of the settings of the program another value, at once, and say so."""
        old = getattr(self.desk.settings(), name)
        if old != value and self.run(partial(self._put, name, value)):
            self.told(words, lambda: self.run(partial(self._put, name, old)))

    def setting(self, name: str) -> dict[str, Any]:
        """Return how a row of this name among the settings of the program is seen to be changed, and put back."""
        usual = getattr(Settings(), name)

        def reset() -> Undo:
            old = getattr(self.desk.settings(), name)
            self._put(name, usual)
            return partial(self._put, name, old)

        return {"changed": lambda: getattr(self.desk.settings(), name) != usual, "reset": reset}

    def undo_of(self, words: str) -> Undo:
        """Return how to undo the write of this label, as long as nothing else was written since."""

        def undo() -> None:
            if self.desk.library.undo_label == words:
                self.desk.library.undo()
                self.desk.changes.flush()
            else:
                self.told(
                    "Autre chose a été fait depuis\u00a0: pour revenir en arrière, passez par « Annuler » du menu Édition."
                )

        return undo

    def _put(self, name: str, value: Any) -> None:
        self.keep(replace(self.desk.settings(), **{name: value}))


def choice_of(
    titre: str, choices: list[tuple[str, Any]], value: Callable[[], Any], chosen: Callable[[Any, str], Any]
) -> tuple[QWidget, Show]:
    """Return a list of values that acts at once; chosen gets the value and its text."""
    field = Choice(choices, value())
    field.setAccessibleName(titre)

    def show() -> None:
        quiet = field.blockSignals(True)
        field.choose(value())
        field.blockSignals(quiet)

    field.currentIndexChanged.connect(lambda _place: chosen(field.value(), field.currentText()))
    return field, show


def box_of(text: str, value: Callable[[], bool], chosen: Callable[[bool], Any]) -> tuple[QCheckBox, Show]:
    """Return a box to tick that acts at once."""
    field = QCheckBox(text)
    field.setChecked(value())

    def show() -> None:
        quiet = field.blockSignals(True)
        field.setChecked(value())
        field.blockSignals(quiet)

    field.toggled.connect(chosen)
    return field, show


class Ligne(QFrame):
    """The row of one setting in the window."""

    def __init__(self, reglage: Reglage, put_back: Callable[[Reglage], Any]) -> None:
        super().__init__()
        self.reglage = reglage
        titre = label(reglage.titre, "fort", wrap=True)
        phrase = label(reglage.phrase, "secondaire", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(titre)
        words.addWidget(phrase)
        self.control, self._show = reglage.control()
        titre.setBuddy(self.control)
        if not self.control.accessibleName() and not isinstance(self.control, QCheckBox):
            self.control.setAccessibleName(reglage.titre)
        self.control.setAccessibleDescription(reglage.phrase)
        self.back: QPushButton | None = None
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.control)
        if reglage.reset is not None and not reglage.own_back:
            self.back = button("Rétablir", partial(put_back, reglage), "lien", "retablir")
            self.back.setAccessibleName(f"Rétablir\u00a0: {reglage.titre}")
            self.back.setToolTip(f"Revenir à\u00a0: {reglage.usual}")
            line = QHBoxLayout()
            line.addWidget(self.back)
            line.addStretch(1)
            column.addLayout(line)
        column.addStretch(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 10)
        layout.setSpacing(6)
        if reglage.large:
            layout.addLayout(words)
            layout.addLayout(column)
        else:
            layout.addWidget(Columns(ETROIT, (words, 3), (column, 2), spacing=20))
        self._show_back()

    def focus_control(self) -> None:
        """Go to what is acted on."""
        inner = [w for w in self.control.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
        found = self.control if self.control.focusPolicy() & Qt.FocusPolicy.TabFocus else next(iter(inner), None)
        if found is not None:
            found.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Show what holds now."""
        self._show()
        self._show_back()

    def _show_back(self) -> None:
        if self.back is not None:
            self.back.setVisible(self.reglage.changed())
