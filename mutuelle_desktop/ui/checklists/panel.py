"""The checklists of a dossier or of one exchange, inside a page: sections, progress, lines to tick."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from mutuelle_desktop.domain.appel import Appel
from mutuelle_desktop.domain.checklist import Coche, EtatLigne, LigneEtat, ListeEtat
from mutuelle_desktop.domain.contrat import Contrat
from mutuelle_desktop.domain.document import Document, Piece
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.echeance import Decision, Rappel
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.services import checklists as services
from mutuelle_desktop.storage.library import Entry
from mutuelle_desktop.ui.checklists.verbes import DANS_L_APPEL, Note, Place, Verb, note_in_page, verb_of
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.jobs import Question
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Card, Push, button, chip, clear, label, tool

_OPEN = "checklists/ouverte"
_DEPENDS = (Dossier, Evenement, Appel, Coche, Piece, Document, Contrat, Rappel, Decision)
_CHECKED = {
    EtatLigne.PAR_FAIT: Qt.CheckState.Checked,
    EtatLigne.PAR_MAIN: Qt.CheckState.Checked,
    EtatLigne.SANS_OBJET: Qt.CheckState.PartiallyChecked,
    EtatLigne.A_FAIRE: Qt.CheckState.Unchecked,
}


class ChecklistPanel(Card):
    """The guide's stages with what is done of each.

    only keeps to some lists, shown open; note records an event; found is what they hold, when it is known already.
    """

    def __init__(
        self, desk: Desk, dossier_id: str, evenement_id: str | None = None, *, only: Iterable[str] = (),
        in_call: bool = False, note: Note | None = None, found: tuple[ListeEtat, ...] | None = None,
    ) -> None:  # fmt: skip
        super().__init__("" if only else "Check-lists")
        self._desk, self.dossier_id, self.evenement_id = desk, dossier_id, evenement_id
        self._only, self._in_call = tuple(only), in_call
        self._stale = False
        self._found: tuple[ListeEtat, ...] | None = None
        self._question = Question(desk.jobs, "Check-lists", partial(self._show, again=False), self)
        self._place = Place(desk, self, dossier_id, evenement_id, note or partial(note_in_page, desk))
        self._lists = QVBoxLayout()
        self._lists.setSpacing(6)
        self.body.addLayout(self._lists)
        self.lines: dict[str, ChecklistLine] = {}
        desk.changes.happened.connect(self._on_change)
        if found is None:
            self.refresh()
        else:
            self._show(found)

    def refresh(self) -> None:
        """Show what the library holds now; the line that had the focus keeps it."""
        self._stale = False
        self._show(self._look())

    def _look(self) -> tuple[ListeEtat, ...] | None:
        """Return the lists as they are now; None when the dossier is gone."""
        library = self._desk.library
        with library.read() as db:
            if db.get(Dossier, self.dossier_id) is None:
                return None
        return services.checklists(library, self.dossier_id, self._desk.today(), self.evenement_id)

    def _show(self, found: tuple[ListeEtat, ...] | None, *, again: bool = True) -> None:
        if found is None or (found == self._found and not again):
            return
        self._found = found
        held = next((key for key, line in self.lines.items() if line.box.hasFocus()), None)
        clear(self._lists)
        self.lines.clear()
        wanted = [one for one in found if not self._only or one.liste.id in self._only]
        opened = self._opened(wanted)
        for one in wanted:
            self._add_list(one, shown=one.liste.id == opened or bool(self._only))
        if held in self.lines:
            self.lines[held].box.setFocus()

    def say(self, verb: Callable[..., Any], key: str, *more: Any) -> None:
        """Carry out a verb on a line; a refusal becomes a message, and the line shows again what holds."""
        try:
            verb(self._desk.library, key, self.dossier_id, *more, evenement_id=self.evenement_id)
        except AppError as error:
            self._desk.report(error)
            self.refresh()

    def ask_reason(self, state: LigneEtat) -> None:
        """Ask why a line is beside the point, and set it aside."""
        asked = f"« {state.ligne.texte} » : pourquoi est-ce sans objet ici ?"
        reason = self._desk.dialogs.ask_text(self, "Sans objet", asked)
        if reason is not None:
            self.say(services.set_aside, state.ligne.id, reason)

    def _opened(self, found: list[ListeEtat]) -> str:
        kept = str(self._desk.state.value(_OPEN, ""))
        if kept == "-" or any(one.liste.id == kept for one in found):
            return kept
        return next((one.liste.id for one in found if one.faites < len(one.lignes)), "")

    def _add_list(self, one: ListeEtat, *, shown: bool) -> None:
        count = f"{one.faites}\u00a0sur\u00a0{len(one.lignes)}"
        head = QHBoxLayout()
        head.setSpacing(8)
        if self._only:
            head.addWidget(label(one.liste.titre, "fort", wrap=True), 1)
        else:
            opener = Push(one.liste.titre)
            opener.setProperty("role", "sommaire")
            opener.setCheckable(True)
            opener.setChecked(shown)
            opener.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            opener.setToolTip(one.liste.quand)
            opener.setAccessibleName(f"{one.liste.titre}, {count}")
            opener.toggled.connect(partial(self._open, one.liste.id))
            head.addWidget(opener, 1)
        head.addWidget(chip(count, "succes" if one.faites == len(one.lignes) else "neutre"))
        self._lists.addLayout(head)
        if not shown:
            return
        bar = QProgressBar(maximum=len(one.lignes), value=one.faites, textVisible=False)
        bar.setAccessibleName(f"{one.liste.titre} : {count}")
        bar.setFixedHeight(6)
        self._lists.addWidget(bar)
        self._lists.addWidget(label(one.liste.quand, "secondaire", wrap=True))
        offered: set[str] = set()
        for state in one.lignes:
            verb = self._verb(state)
            if verb is not None and verb[0] in offered:
                verb = None  # one button serves the lines that follow
            offered |= {verb[0]} if verb else set()
            line = ChecklistLine(self, state, verb)
            self.lines[state.ligne.id] = line
            self._lists.addWidget(line)
        self._lists.addSpacing(6)

    def _verb(self, state: LigneEtat) -> Verb | None:
        if state.etat is not EtatLigne.A_FAIRE or (self._in_call and state.ligne.fait in DANS_L_APPEL):
            return None
        return verb_of(self._place, state.ligne.fait)

    def _open(self, key: str, checked: bool) -> None:
        self._desk.state.setValue(_OPEN, key if checked else "-")
        self.refresh()

    def _on_change(self, entry: Entry) -> None:
        if not entry.touches(*_DEPENDS):
            return
        if not self.isVisibleTo(self.window()):
            self._stale = True
            return
        self._question.ask(self._look)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self.refresh()


class ChecklistLine(QWidget):
    """One line: its box, its text, the fact or the reason, and the button that does it."""

    def __init__(self, panel: ChecklistPanel, state: LigneEtat, verb: Verb | None) -> None:
        super().__init__()
        self._panel, self._state = panel, state
        self.box = QCheckBox()
        self.box.setTristate(state.etat is EtatLigne.SANS_OBJET)
        self.box.setCheckState(_CHECKED[state.etat])
        self.box.setAccessibleName(state.ligne.texte)
        self.box.setAccessibleDescription(f"{state.etat}. {self._why()}")
        self.box.setToolTip(state.ligne.aide)
        self.box.clicked.connect(self._toggled)
        words = QVBoxLayout()
        words.setSpacing(0)
        text = label(state.ligne.texte, wrap=True)
        text.setToolTip(state.ligne.aide)
        words.addWidget(text)
        words.addWidget(label(self._why(), "secondaire", wrap=True))
        if verb is not None:
            words.addSpacing(4)
            words.addWidget(button(verb[0], verb[1], "tampon"), 0, Qt.AlignmentFlag.AlignLeft)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, theme().px(4), 0, theme().px(4))
        line.setSpacing(theme().px(10))
        line.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        if state.etat is EtatLigne.SANS_OBJET:
            line.addWidget(chip("sans objet"), 0, Qt.AlignmentFlag.AlignTop)
        more = tool("menu", f"Autres choix : {state.ligne.texte}", lambda: None)
        more.clicked.connect(partial(self._menu, more))
        line.addWidget(more, 0, Qt.AlignmentFlag.AlignTop)

    def _why(self) -> str:
        state = self._state
        if state.etat is EtatLigne.PAR_FAIT:
            return f"D’après le dossier : {state.raison}"
        if state.etat is EtatLigne.PAR_MAIN:
            return f"Coché par vous. {state.raison}".strip()
        return state.raison or state.ligne.aide

    def _toggled(self) -> None:
        key = self._state.ligne.id
        if self._state.etat is EtatLigne.A_FAIRE:
            self._panel.say(services.check, key)
        else:
            self._panel.say(services.uncheck, key)

    def _menu(self, anchor: QWidget, _checked: bool = False) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        key, etat = self._state.ligne.id, self._state.etat
        if etat is EtatLigne.A_FAIRE:
            menu.addAction("C’est fait").triggered.connect(lambda: self._panel.say(services.check, key))
        if etat in (EtatLigne.PAR_MAIN, EtatLigne.SANS_OBJET):
            menu.addAction("Remettre à faire").triggered.connect(lambda: self._panel.say(services.uncheck, key))
        if etat is not EtatLigne.SANS_OBJET:
            menu.addAction("Sans objet…").triggered.connect(lambda: self._panel.ask_reason(self._state))
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))
