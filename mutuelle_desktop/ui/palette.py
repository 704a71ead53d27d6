"""Ctrl+K: papers, dossiers, people, contacts and actions, found as one types."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.domain.guide import GenreResultat, Resultat
from mutuelle_desktop.services.guide import search_guide
from mutuelle_desktop.services.recherche import Trouvaille, search_all, suggest
from mutuelle_desktop.storage.index import plain
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.ui.actions import Action
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.jobs import Question
from mutuelle_desktop.ui.rows import ROW, Line, RowsModel
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.fields import SearchField
from mutuelle_desktop.ui.widgets.lines import lines_view

_NAMES = {
    "Document": "papier", "Dossier": "dossier", "Personne": "personne", "Mutuelle": "mutuelle", "Contact": "service",
    "Contrat": "contrat", "Evenement": "échange", "Courrier": "lettre",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the results, and what Enter does."""

    id: str
    line: Line
    run: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Reponse:
    """What was found for some words; mieux, the words that would find something."""

    mots: str
    trouvailles: list[Trouvaille]
    guide: tuple[Resultat, ...]
    mieux: str | None


def _look_up(library: Library, mots: str) -> Reponse:
    found, told = search_all(library, mots, 24), search_guide(mots)
    return Reponse(mots, found, told, None if found or told else suggest(library, mots))


class Palette(QFrame):
    """The list under the search field; Up, Down, Enter and Escape work from the field."""

    def __init__(self, window: QWidget, field: SearchField, desk: Desk, actions: Sequence[Action]) -> None:
        super().__init__(window)
        self._window = window
        self.setProperty("role", "carte")
        self._field = field
        self._desk = desk
        self._actions = actions
        self.recents: Callable[[], Sequence[Hit]] = lambda: ()
        self._entered = False
        self._question = Question(desk.jobs, "Recherche", self._found, self)
        self._model = RowsModel(lambda hit: hit.line)
        self.view = lines_view(self._model)
        self.view.setProperty("role", "fond")
        self.view.setAccessibleName("Résultats de la recherche")
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.activated.connect(self._open)
        self.view.clicked.connect(self._open)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.view)
        field.changed.connect(self._search)
        field.installEventFilter(self)
        self.hide()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and not self.view.underMouse():
            self._question.forget()
            self.hide()
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(Qt.Key(event.key()))
        return False

    def show_recents(self) -> None:
        """Show what was opened last, while nothing is searched for."""
        hits = [] if self._field.text().strip() else self.recents()
        if hits:
            self._show(hits)

    def _key(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Escape:
            self._question.forget()
            self._field.clear()
            self.hide()
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._question.busy:
            self._entered = True  # the first of what is being looked up, not of what was shown before
            return True
        if not self.isVisible():
            if key == Qt.Key.Key_Down:
                self.show_recents()
            return self.isVisible()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            place = max(0, min(self._model.rowCount() - 1, self.view.currentIndex().row() + step))
            self.view.setCurrentIndex(self._model.index(place))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.view.currentIndex())
            return True
        return False

    def _search(self, mots: str) -> None:
        if not mots.strip():
            self._question.forget()
            self.hide()
            return
        self._entered = False
        self._question.ask(partial(_look_up, self._desk.library, mots), mots)

    def _found(self, answer: Reponse) -> None:
        mots, told = answer.mots, answer.guide
        hits = [self._hit(found, mots) for found in answer.trouvailles]
        words = plain(mots).split()
        manual = [found for found in told if found.genre is GenreResultat.GESTE]
        hits += [self._advice(found) for found in told if found not in manual][:4]
        hits += [
            Hit(action.id, Line(action.shown, "Action", action.shortcut), action.run)
            for action in self._actions
            if action.enabled() and all(word in plain(action.shown) for word in words)
        ]
        hits += [self._advice(found) for found in manual[:3]]
        if not hits:
            better = answer.mieux
            if better:
                hits = [Hit("?", Line(f"Vouliez-vous dire « {better} » ?"), partial(self._field.setText, better))]
            else:
                hits = [Hit("?", Line("Rien trouvé", "Essayez moins de mots, ou le début d’un mot."), lambda: None)]
        self._show(hits)
        if self._entered:
            self._entered = False
            self._open(self.view.currentIndex())

    def _show(self, hits: Sequence[Hit]) -> None:
        self._model.set_rows(hits)
        self.view.setCurrentIndex(self._model.index(0))
        self._place(len(hits))

    def _hit(self, found: Any, mots: str) -> Hit:
        kind = found.kind.__name__
        extrait = found.extrait.replace("⟦", "").replace("⟧", "")
        line = Line(found.titre, extrait, _NAMES.get(kind, ""))
        return Hit(f"{kind}:{found.id}", line, partial(self._go, kind, found.id, mots))

    def _advice(self, found: Resultat) -> Hit:
        line = Line(found.titre, found.extrait, "mode d’emploi" if found.genre is GenreResultat.GESTE else "guide")
        return Hit(f"Guide:{found.id}", line, partial(self._desk.open, "Guide", found.id))

    def _go(self, kind: str, key: str, mots: str) -> None:
        """Go to what was found; in a paper, the words are outlined where they stand."""
        self._desk.open(kind, key)
        if kind == "Document":
            self._desk.page("documents").show_found(key, mots)

    def _place(self, count: int) -> None:
        height = min(9, count) * self.view.sizeHintForRow(0) + 12
        corner = self._field.mapTo(self._window, QPoint(0, self._field.height() + 4))
        self.setGeometry(corner.x(), corner.y(), max(theme().px(480), self._field.width()), height)
        self.show()
        self.raise_()

    def _open(self, index: Any) -> None:
        hit = index.data(ROW)
        if hit is None:
            return
        if hit.id != "?":
            self.hide()
            self._field.clear()
        hit.run()
