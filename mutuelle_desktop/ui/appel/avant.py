"""Before the call: what one wants, what to ask, what to have at hand, whom to call and when."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.domain.appel import ContactAppel, Preparation
from mutuelle_desktop.domain.contrat import Contact
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.mandat import Droit, Permission
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import contrats, personnes
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.appel.brouillon import Brouillon, Demande
from mutuelle_desktop.ui.appel.champs import GrowingText, NumberLine, Part, Step, copy_text, note_event
from mutuelle_desktop.ui.checklists.panel import ChecklistPanel
from mutuelle_desktop.ui.contrats.mandats import mandat_form
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.guide.prose import aside
from mutuelle_desktop.ui.widgets.basics import about, button, chip, clear, label, row, set_role, tool
from mutuelle_desktop.ui.widgets.fields import Choice
from mutuelle_desktop.ui.widgets.order import read_as_laid

PERMIS = {
    Permission.OUI: "encart-accent",
    Permission.AVEC_MANDAT: "encart-accent",
    Permission.EN_PRESENCE: "encart-alerte",
    Permission.NON: "encart-alerte",
}
Told = Callable[[str], Any]


class AvantPage(Step):
    """The first step; everything typed goes into the draft at once."""

    def __init__(
        self, desk: Desk, draft: Brouillon, found: Preparation, *, touched: Callable[[], Any], told: Told,
        again: Callable[[], Any],
    ) -> None:  # fmt: skip
        super().__init__()
        self._desk, self._draft, self._found = desk, draft, found
        self._touched, self._told, self._again = touched, told, again
        self.column.addWidget(self._goal())
        self.column.addWidget(_when(found))
        if found.droit is not None:
            self.column.addWidget(self._who(found.droit))
        self.column.addWidget(self._contact())
        self.column.addWidget(self._questions())
        if found.numeros:
            self.column.addWidget(self._numbers())
        self.column.addWidget(self._papers())
        self.column.addWidget(
            ChecklistPanel(
                desk, found.dossier_id, only=("preparer",), in_call=True, note=partial(note_event, desk, self)
            )
        )

    def _goal(self) -> Part:
        part = Part("Ce que je veux obtenir")
        goal = GrowingText(
            self._draft.objectif, "Ce que je veux obtenir", "En une phrase : un montant, une date, un papier."
        )

        def typed() -> None:
            self._draft.objectif = goal.toPlainText()
            self._touched()

        goal.textChanged.connect(typed)
        part.body.addWidget(goal)
        return part

    def _who(self, droit: Droit) -> QWidget:
        frame = aside("Qui peut parler", droit.phrase, PERMIS[droit.permis])
        column = frame.layout()
        assert isinstance(column, QVBoxLayout)
        today = self._desk.today()
        adults = [p for p in personnes.list_personnes(self._desk.library) if not p.is_minor(today)]
        if len(adults) > 1:
            column.insertWidget(1, self._caller(adults))
        read_as_laid(frame)
        if droit.permis is Permission.EN_PRESENCE:
            run = partial(self._ask_mandate, frame)
            column.addWidget(button("Enregistrer un mandat…", run, "tampon"), 0, Qt.AlignmentFlag.AlignLeft)
        return frame

    def _caller(self, adults: Sequence[Personne]) -> Choice:
        """Return the choice of who will speak: what may be said depends on it."""
        now = next((p.id for p in adults if p.nom_complet == self._found.appelant), None)
        choice = Choice([(f"{p.nom_complet} appelle", p.id) for p in adults], self._draft.appelant_id or now)
        choice.setAccessibleName("Qui appelle")

        def chosen() -> None:
            self._draft.appelant_id = choice.value()
            self._touched()
            self._again()

        choice.currentIndexChanged.connect(chosen)
        return choice

    def _ask_mandate(self, frame: QWidget) -> None:
        with self._desk.library.read() as db:
            dossier = db.get(Dossier, self._found.dossier_id)
        caller = next((p for p in personnes.list_personnes(self._desk.library)
                       if p.nom_complet == self._found.appelant), None)  # fmt: skip
        people = (caller.id, dossier.personne_id) if caller and dossier and dossier.personne_id else None
        self._desk.dialogs.run(mandat_form(self._desk, frame, people=people))

    def _contact(self) -> Part:
        part = Part("Qui appeler")
        rows = self._found.contacts
        if not rows:
            who = f"Aucun numéro n’est noté pour {self._found.mutuelle}." if self._found.mutuelle else (
                "Ce dossier n’a pas de contrat : le numéro à appeler n’est pas connu.")  # fmt: skip
            part.body.addWidget(label(who, "secondaire", wrap=True))
            go = button("Le noter dans Contrats", partial(self._desk.open, "onglet", "contrats"), "tampon")
            part.body.addLayout(row(go, None))
            return part
        self._details = QVBoxLayout()
        if len(rows) > 1:
            choice = Choice([(c.contact.nom, c.contact.id) for c in rows], self._draft.contact_id)
            choice.setAccessibleName("Service à appeler")

            def chosen() -> None:
                self._draft.contact_id = choice.value()
                self._touched()
                self._show_contact()

            choice.currentIndexChanged.connect(chosen)
            part.body.addWidget(choice)
        part.body.addLayout(self._details)
        self._show_contact()
        return part

    def _show_contact(self) -> None:
        rows = self._found.contacts
        found = next((c for c in rows if c.contact.id == self._draft.contact_id), rows[0])
        clear(self._details)
        c = found.contact
        phone = label(c.telephone, "compteur", selectable=True)
        copy = tool("copier", f"Copier le numéro {c.telephone}", partial(self._copy_phone, c.telephone))
        self._details.addLayout(row(phone, copy, None))
        hours = found.horaires or "Horaires inconnus : notez-les dans l’onglet Contrats."
        self._details.addWidget(label(f"{c.nom} · {hours}", "secondaire", wrap=True))
        path = QLineEdit(c.svi)
        path.setPlaceholderText("Par exemple « 1 puis 3 »")
        path.setAccessibleName("Chemin dans le menu vocal")
        named = label("Chemin dans le menu vocal", "secondaire", wrap=True)
        named.setBuddy(path)
        self._details.addWidget(named)
        path.editingFinished.connect(partial(self._keep_path, c, path))
        self._details.addWidget(path)
        if len(rows) > 1 and found.conseil != self._found.conseil:
            self._details.addWidget(_advice(found))

    def _copy_phone(self, number: str) -> None:
        copy_text(number)
        self._told(f"Numéro {number} copié.")

    def _keep_path(self, contact: Contact, field: QLineEdit) -> None:
        with self._desk.library.read() as db:
            kept = db.get(Contact, contact.id)
        if kept is None or kept.svi == field.text().strip():
            return
        try:
            contrats.save_contact(self._desk.library, replace(kept, svi=field.text().strip()))
            self._told("Chemin gardé pour la prochaine fois.")
        except AppError as error:
            self._desk.report(error)

    def _questions(self) -> Part:
        part = Part("Mes questions")
        part.body.addWidget(label("Cochez celles à poser ; corrigez-les à votre façon.", "secondaire", wrap=True))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        part.body.addLayout(self._rows)
        self._asked = part
        part.body.addLayout(row(button("Ajouter une question", self._add_question, "discret", icon="ajouter"), None))
        self._show_questions()
        return part

    def _show_questions(self, focus: int | None = None) -> None:
        clear(self._rows)
        total = len(self._draft.demandes)
        for place, one in enumerate(self._draft.demandes):
            made = QuestionRow(one, (place, total), self._touched, self._move, self._remove)
            self._rows.addWidget(made)
            if place == focus:
                made.text.setFocus()
        read_as_laid(self._asked)

    def _add_question(self) -> None:
        self._draft.demandes.append(Demande(""))
        self._touched()
        self._show_questions(len(self._draft.demandes) - 1)

    def _move(self, place: int, step: int) -> None:
        rows = self._draft.demandes
        rows.insert(place + step, rows.pop(place))
        self._touched()
        self._show_questions(place + step)

    def _remove(self, place: int) -> None:
        self._draft.demandes.pop(place)
        self._touched()
        self._show_questions(min(place, len(self._draft.demandes) - 1))

    def _numbers(self) -> Part:
        part = Part("Numéros à donner")
        names = [numero.libelle for numero in self._found.numeros]
        for numero in self._found.numeros:
            line = NumberLine(numero, self._told)
            if names.count(numero.libelle) > 1:
                about(line.copier, numero.affiche)
            part.body.addWidget(line)
        return part

    def _papers(self) -> Part:
        part = Part("Papiers à avoir sous la main")
        for paper in self._found.papiers:
            mark = chip("✓ présent", "succes") if paper.present else chip("manque", "alerte")
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(label(fr.majuscule(paper.libelle), wrap=True))
            words.addWidget(label(paper.pourquoi, "secondaire", wrap=True))
            line = QHBoxLayout()
            line.addLayout(words, 1)
            line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
            part.body.addLayout(line)
        if any(not paper.present for paper in self._found.papiers):
            part.body.addLayout(row(button("Ajouter des papiers…", self._add_papers, "tampon"), None))
        return part

    def _add_papers(self) -> None:
        chosen = self._desk.dialogs.choose_files(self)
        if chosen:
            self._desk.import_into(chosen, self._found.dossier_id)


class QuestionRow(QWidget):
    """One question to tick, to word one's own way, to move up or down; where is its place and how many there are."""

    def __init__(
        self,
        one: Demande,
        where: tuple[int, int],
        touched: Callable[[], Any],
        move: Callable[[int, int], None],
        remove: Callable[[int], None],
    ) -> None:
        super().__init__()
        self._where, self._move, self._remove = where, move, remove
        self._one, self._touched = one, touched
        number = where[0] + 1
        self.box = QCheckBox()
        self.box.setChecked(one.posee)
        self.box.setAccessibleName(f"Poser la question {number}")
        self.box.toggled.connect(self._ticked)
        self.text = GrowingText(one.texte, f"Question {number}", "Votre question")
        self.text.setToolTip(one.pourquoi)
        self.text.setAccessibleDescription(one.pourquoi)
        self.text.textChanged.connect(self._typed)
        self.text.installEventFilter(self)
        more = tool("menu", f"Déplacer ou retirer la question {number}", lambda: None)
        more.clicked.connect(partial(self._menu, more))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for made, share in ((self.box, 0), (self.text, 1), (more, 0)):
            line.addWidget(made, share)

    def choices(self) -> list[tuple[str, Callable[[], Any]]]:
        """Return what can be done with the question, its place decides which."""
        place, total = self._where
        found: list[tuple[str, Callable[[], Any]]] = []
        if place > 0:
            found.append(("Monter", partial(self._move, place, -1)))
        if place < total - 1:
            found.append(("Descendre", partial(self._move, place, 1)))
        return [*found, ("Retirer", partial(self._remove, place))]

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the question with Alt and an arrow, from its text."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            word = {Qt.Key.Key_Up: "Monter", Qt.Key.Key_Down: "Descendre"}.get(Qt.Key(event.key()))
            if word and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                run = dict(self.choices()).get(word)
                if run is not None:
                    run()
                return True
        return super().eventFilter(watched, event)

    def _menu(self, anchor: QWidget, _checked: bool = False) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, run in self.choices():
            menu.addAction(text).triggered.connect(lambda _checked=False, chosen=run: chosen())
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))

    def _ticked(self, checked: bool) -> None:
        self._one.posee = checked
        self._touched()

    def _typed(self) -> None:
        self._one.texte = self.text.toPlainText()
        self._touched()


def _when(found: Preparation) -> QWidget:
    role = "encart-accent" if found.conseil.maintenant_ok else "encart-alerte"
    return aside(found.conseil.titre, found.conseil.raison, role)


def _advice(found: ContactAppel) -> QWidget:
    made = label(f"{found.conseil.titre}. {found.conseil.raison}", wrap=True)
    set_role(made, "secondaire")
    return made
