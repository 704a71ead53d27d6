"""During the call: the time, who answers, each answer, what was promised, what to say when it goes badly."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from mutuelle_desktop.domain.appel import Replique
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.appel.brouillon import Brouillon, Demande, parse_delai
from mutuelle_desktop.ui.appel.champs import GrowingText, Part, Step
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Push, button, clear, label, row, set_role
from mutuelle_desktop.ui.widgets.flow import Flow

TON = "Restez cordial : la personne au bout du fil n’a pas pris la décision, et peut vous aider."
TAMPONS = (("Heure (F2)", ""), ("Transféré (F3)", "transféré à un autre service"), ("Coupé (F4)", "la ligne a coupé"))
MOMENTS = (("blocage", "On ne peut pas me répondre"), ("refus", "On me refuse"))
RAPPEL = 15
"""Seconds after which a time that runs is kept again."""
_ARRET, _ATTENTE, _PAROLE = "arrêt", "en attente", "en conversation"


class Chrono(QFrame):
    """Tells waiting from talking; tick reads a clock in seconds."""

    def __init__(self, draft: Brouillon, clock: Callable[[], float], alive: Callable[[], Any]) -> None:
        super().__init__()
        self.setProperty("role", "encart-neutre")
        self._draft, self._clock, self._alive = draft, clock, alive
        self.state = _ARRET
        self._since = self._told = clock()
        self._timer = QTimer(self, interval=500)
        self._timer.timeout.connect(self.tick)
        self.count = label("", "compteur")
        self.word = label("", "secondaire", wrap=True)
        self.turn = button("", self.press, "principal")
        self.pause = button("Arrêter (F6)", self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.addLayout(row(self.count, self.word, None))
        column.addLayout(Flow(self.turn, self.pause))
        self._show()

    def press(self) -> None:
        """Go from stopped to waiting, from waiting to talking, from talking to waiting."""
        self.tick()
        self.state = _PAROLE if self.state == _ATTENTE else _ATTENTE
        self._since = self._clock()
        self._timer.start()
        self._tell()
        self._show()

    def stop(self) -> None:
        """Stop counting."""
        self.tick()
        self.state = _ARRET
        self._timer.stop()
        self._show()

    def tick(self) -> None:
        """Add the time gone by since the last reading."""
        gone, self._since = self._clock() - self._since, self._clock()
        if self.running and self._since - self._told > RAPPEL:
            self._tell()
        if self.state == _ATTENTE:
            self._draft.attente += gone
        elif self.state == _PAROLE:
            self._draft.conversation += gone
        self._show()

    def _tell(self) -> None:
        self._told = self._since
        self._alive()

    @property
    def running(self) -> bool:
        """Tell whether time is being counted."""
        return self.state != _ARRET

    def _show(self) -> None:
        d = self._draft
        shown = d.conversation if self.state == _PAROLE else d.attente if self.state == _ATTENTE else (
            d.attente + d.conversation)  # fmt: skip
        self.count.setText(duree(shown))
        talk = self.state == _PAROLE
        told = {
            _ARRET: f"attente {duree(d.attente)}, conversation {duree(d.conversation)}" if shown else "pas commencé",
            _ATTENTE: "d’attente", _PAROLE: f"de conversation, après {duree(d.attente)} d’attente",
        }  # fmt: skip
        self.word.setText(told[self.state])
        self.turn.setText(
            {_ARRET: "Ça sonne (F5)", _ATTENTE: "On me répond (F5)", _PAROLE: "On me fait patienter (F5)"}[self.state]
        )
        self.turn.setAccessibleDescription(f"{self.state}, {duree(shown)}")
        set_role(self, "encart-accent" if talk else "encart-neutre")
        self.pause.setEnabled(self.running)


class PendantPage(Step):
    """The second step; everything typed goes into the draft at once."""

    def __init__(
        self, draft: Brouillon, repliques: Sequence[Replique], touched: Callable[[], Any],
        moment: Callable[[], datetime],
    ) -> None:  # fmt: skip
        super().__init__()
        self._draft, self._touched, self._moment = draft, touched, moment
        self.column.addWidget(label(TON, "secondaire", wrap=True))
        self.column.addWidget(self._identity())
        self.column.addWidget(self._notes())
        self.column.addWidget(self._answers())
        self.column.addWidget(self._promise())
        for key, title in MOMENTS:
            self.column.addWidget(self._lines(title, [r for r in repliques if r.moment == key]))

    def stamp(self, number: int) -> None:
        """Write a stamp with the hour into the notes."""
        self.write(TAMPONS[number][1])

    def write(self, text: str) -> None:
        """Add a line with the hour to the notes, and go on after it."""
        line = f"{fr.heure(self._moment().time())} — {text}"
        held = self.notes.toPlainText().rstrip("\n")
        self.notes.setPlainText(f"{held}\n{line}" if held else line)
        cursor = self.notes.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.notes.setTextCursor(cursor)

    def strike(self, text: str) -> None:
        """Take the lines that end with a text out of the notes."""
        kept = [
            line
            for line in self.notes.toPlainText().splitlines()
            if not plain_spaces(line).endswith(plain_spaces(text))
        ]
        self.notes.setPlainText("\n".join(kept))

    def _identity(self) -> Part:
        d = self._draft
        part = Part("Qui me répond")
        self.name = self._field("Nom de la personne", d.interlocuteur, "interlocuteur")
        self.unnamed = QCheckBox("N’a pas donné son nom")
        self.unnamed.setChecked(d.nom_refuse)
        self.unnamed.toggled.connect(self._refused)
        self._refused(d.nom_refuse, quiet=True)
        part.body.addWidget(self.name)
        part.body.addWidget(self.unnamed)
        part.body.addWidget(self._field("Numéro de dossier ou d’appel", d.numero, "numero"))
        part.body.addWidget(self._field("Ligne directe", d.directe, "directe"))
        return part

    def _field(self, name: str, value: str, attribute: str) -> QLineEdit:
        field = QLineEdit(value)
        field.setPlaceholderText(name)
        field.setAccessibleName(name)

        def typed(text: str) -> None:
            setattr(self._draft, attribute, text)
            self._touched()

        field.textChanged.connect(typed)
        return field

    def _refused(self, checked: bool, *, quiet: bool = False) -> None:
        self._draft.nom_refuse = checked
        self.name.setEnabled(not checked)
        if not quiet:
            self._touched()

    def _answers(self) -> Part:
        part = Part("Mes questions")
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        part.body.addLayout(self._list)
        self.show_questions()
        return part

    def show_questions(self) -> None:
        """Show the questions chosen before, each with room for its answer."""
        clear(self._list)
        self.answers: list[GrowingText] = []
        asked = [d for d in self._draft.demandes if d.texte.strip() and (d.posee or d.reponse.strip())]
        if not asked:
            self._list.addWidget(
                label(
                    "Aucune question préparée\u00a0: revenez à «\u00a0Avant\u00a0» pour en choisir, ou notez plus bas.",
                    "secondaire",
                    wrap=True,
                )
            )
        for number, one in enumerate(asked, start=1):
            self._list.addWidget(label(f"{number}. {one.texte}", wrap=True))
            answer = GrowingText(one.reponse, f"Réponse à la question {number}", "Réponse")
            answer.textChanged.connect(partial(self._answered, one, answer))
            self._list.addWidget(answer)
            self._list.addSpacing(4)
            self.answers.append(answer)

    def _answered(self, one: Demande, field: GrowingText) -> None:
        one.reponse = field.toPlainText()
        self._touched()

    def _promise(self) -> Part:
        part = Part("Délai promis")
        self.promise = self._field("Un jour, ou un nombre de jours", self._draft.promis, "promis")
        self.promise.setAccessibleName("Délai promis")
        self.promised = label("", "secondaire", wrap=True)
        self.promise.textChanged.connect(self._read_promise)
        part.body.addWidget(self.promise)
        part.body.addWidget(self.promised)
        self._read_promise()
        return part

    def _read_promise(self) -> None:
        show_promise(self.promised, self._draft.promis, self._moment().date())

    def _lines(self, title: str, repliques: Sequence[Replique]) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        opener = Push(f"{title} ▸")
        opener.setCheckable(True)
        opener.setAccessibleName(title)

        def opened(shown: bool) -> None:
            inner.setVisible(shown)
            opener.setText(f"{title} {'▾' if shown else '▸'}")

        opener.toggled.connect(opened)
        inner.hide()
        lines = QVBoxLayout(inner)
        lines.setContentsMargins(theme().px(8), 4, 0, 8)
        lines.setSpacing(4)
        for found in repliques:
            lines.addWidget(label(f"« {found.texte} »", wrap=True))
            lines.addWidget(self._obtained(found), 0, Qt.AlignmentFlag.AlignLeft)
            lines.addSpacing(6)
        column.addWidget(opener, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(inner)
        return box

    def _obtained(self, found: Replique) -> QPushButton:
        told = f"{found.titre} : obtenu"
        made = Push(told)
        made.setProperty("role", "tampon")
        made.setToolTip("L’écrire dans les notes, avec l’heure")
        made.setCheckable(True)
        made.setChecked(any(plain_spaces(line).endswith(plain_spaces(told)) for line in self._draft.notes.splitlines()))

        def pressed(obtained: bool) -> None:
            if obtained:
                self.write(told)
            else:
                self.strike(told)

        made.toggled.connect(pressed)
        return made

    def _notes(self) -> Part:
        part = Part("Notes")
        stamps = Flow(spacing=6)
        for number, (text, _words) in enumerate(TAMPONS):
            stamps.addWidget(button(text, partial(self.stamp, number), "tampon"))
        part.body.addLayout(stamps)
        self.notes = GrowingText(self._draft.notes, "Notes", "Ce qui a été dit, mot pour mot si cela compte.", rows=4)
        self.notes.textChanged.connect(self._noted)
        part.body.addWidget(self.notes)
        return part

    def _noted(self) -> None:
        self._draft.notes = self.notes.toPlainText()
        self._touched()


def show_promise(shown: QLabel, text: str, start: date) -> None:
    """Say beside a promise the day it means, or that it cannot be read."""
    try:
        day = parse_delai(text, start)
    except ValueError:
        shown.setText("Écrivez un jour (16/06/2026) ou un nombre de jours (15 jours).")
        set_role(shown, "erreur")
        return
    set_role(shown, "secondaire")
    shown.setText(f"Soit le {fr.jour(day)}." if day else "« Sous peu » n’est pas un délai : demandez une date.")


def plain_spaces(text: str) -> str:
    """Return a text as the fields give it back: they make every space an ordinary one."""
    return text.replace("\u00a0", " ")


def duree(seconds: float) -> str:
    """Return « 3:07 »."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
