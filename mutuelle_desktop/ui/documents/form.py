"""What the user says of a paper: title, type, person, date, issuer, dossier; triaged by keyboard alone.

What is typed is kept when one goes to another paper: nothing is lost for want of a click, and it can be undone.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from mutuelle_desktop.domain.document import Document, EtatLecture, TypeDocument
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.services import documents, dossiers, lectures, personnes
from mutuelle_desktop.services.documents import LigneDocument
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import multiline
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Card, button, chip, clear, label, named, row
from mutuelle_desktop.ui.widgets.faults import Faults
from mutuelle_desktop.ui.widgets.fields import Choice, DateField

CHIPS = {
    EtatLecture.LU: "succes", EtatLecture.COPIE: "neutre", EtatLecture.EN_LECTURE: "info",
    EtatLecture.ILLISIBLE: "danger", EtatLecture.PROTEGE: "alerte",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choices:
    """What a paper can be said to belong to, by name: looked up with the paper, away from the screen."""

    personnes: tuple[tuple[str, str], ...]
    dossiers: tuple[tuple[str, str], ...]


def choices_of(library: Library) -> Choices:
    """Return the people and the open dossiers."""
    people = tuple((p.nom_complet, p.id) for p in personnes.list_personnes(library))
    return Choices(people, tuple((d.complet, d.id) for d in dossiers.intitules(library)))


class DocumentForm(Card):
    """The facts of one document, kept by Enregistrer; next_one goes on to the following paper."""

    def __init__(self, desk: Desk, next_one: Callable[[], None], retry: Callable[[str], None]) -> None:
        super().__init__()
        self._facts = QVBoxLayout()
        self._facts.setSpacing(8)
        self._facts.setContentsMargins(0, 0, 8, 0)
        content = named(QWidget(), "contenu")
        content.setLayout(self._facts)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.error = label("", "erreur", wrap=True)
        self._faults = Faults(self.error)
        self._faults.forget()
        self._verbs = (
            button("Enregistrer et suivant", self.save_and_next, "principal"),
            button("Enregistrer", self.save),
        )
        self.body.addWidget(scroll, 1)
        for widget in (self.error, *self._verbs):
            self.body.addWidget(widget)
        self.setMinimumWidth(theme().px(250))
        theme().changed.connect(self._restyle)
        self._desk = desk
        self._next = next_one
        self._retry = retry
        self._line: LigneDocument | None = None
        self._shown: tuple[object, ...] | None = None

    def show_document(self, line: LigneDocument | None, choices: Choices | None = None) -> None:
        """Show the facts of a document; what is being typed is kept when only its reading advanced."""
        shown = (line.document, line.dossiers, line.lecture.libelle) if line else ()
        if shown == self._shown:
            return
        typing = (
            self._line is not None and line is not None and line.document == self._line.document and self.is_edited()
        )
        if self._line is not None and (line is None or line.id != self._line.id):
            self._keep_typed()
        self._line = line
        if typing:
            return
        self._shown = shown
        clear(self._facts)
        self._faults.forget()
        for verb in self._verbs:
            verb.setVisible(line is not None)
        if line is not None:
            self._fill(line, choices or choices_of(self._desk.library))

    def _restyle(self) -> None:
        """Make room for the size of the text; what is being typed stays."""
        self.setMinimumWidth(theme().px(250))
        if self._line is not None and not self.is_edited():
            self._shown = ()
            self.show_document(self._line)

    def _keep_typed(self) -> None:
        """Keep what was typed of the paper one leaves, and say so."""
        if not self.is_edited():
            return
        assert self._line is not None
        title = self._line.document.titre
        if self.save():
            text = f"Ce que vous avez écrit sur « {title} » est enregistré."
            self._desk.messages.tell(text, "Annuler", self._desk.library.undo)
        else:
            text = f"Ce que vous avez écrit sur « {title} » n’est pas enregistré : {self.error.text()}"
            self._desk.messages.tell(text, kind="warning")

    def is_edited(self) -> bool:
        """Tell whether something typed is not kept yet."""
        if self._line is None:
            return False
        try:
            return self._typed() != self._line.document or self.dossier.value() is not None
        except AppError:
            return True

    def save(self) -> bool:
        """Keep what was typed; tell whether it could be."""
        if self._line is None:
            return False
        try:
            documents.classify(self._desk.library, self._typed(), dossier_id=self.dossier.value())
        except AppError as error:
            self._faults.show(error)
            return False
        self._faults.clear()
        return True

    def save_and_next(self) -> None:
        """Keep what was typed and go on to the next paper."""
        if self.save():
            self._next()

    def _fill(self, line: LigneDocument, choices: Choices) -> None:
        document, lecture = line.document, line.lecture
        self.titre = QLineEdit(document.titre)
        self.titre.setCursorPosition(0)
        self.type = Choice([("—", None), *((fr.majuscule(str(t)), t) for t in TypeDocument)], document.type)
        self.personne = Choice([("—", None), *choices.personnes], document.personne_id)
        self.date = DateField(document.date_document, self._desk.today())
        self.emetteur = QLineEdit(document.emetteur)
        self.dossier = Choice([("—", None), *choices.dossiers])
        self.notes = multiline(document.notes, 2)
        waits = lecture.etat is EtatLecture.EN_LECTURE and not self._desk.settings().lecture_auto
        state = row(chip("à lire" if waits else lecture.libelle, CHIPS[lecture.etat]), None)
        if waits:
            state.addWidget(button("Lire", partial(lectures.relire, self._desk.library, document.id)))
        if lecture.etat in (EtatLecture.ILLISIBLE, EtatLecture.PROTEGE):
            state.addWidget(button("Réessayer", partial(self._retry, document.id)))
        self._facts.addLayout(state)
        if lecture.raison:
            self._facts.addWidget(label(lecture.raison, "secondaire", wrap=True))
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setVerticalSpacing(6)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        fields: tuple[tuple[str, QWidget], ...] = (
            ("Titre", self.titre), ("Type", self.type), ("Personne", self.personne), ("Date", self.date),
            ("Émetteur", self.emetteur), ("Ajouter au dossier", self.dossier), ("Notes", self.notes),
        )  # fmt: skip
        for name, field in fields:
            field.setAccessibleName(name)
            self._faults.watch(name, field)
            form.addRow(name, field)
        self._facts.addLayout(form)
        if line.dossiers:
            self._facts.addWidget(label(f"Dans : {', '.join(line.dossiers)}", "secondaire", wrap=True))
        details = f"{fr.taille(line.fichier.taille)} · {fr.pluriel(max(1, lecture.pages), 'page')} · {document.nom}"
        self._facts.addWidget(label(details, "secondaire", wrap=True))
        self._facts.addStretch(1)

    def _typed(self) -> Document:
        assert self._line is not None
        return replace(
            self._line.document, titre=self.titre.text().strip(), type=self.type.value(),
            personne_id=self.personne.value(), date_document=self.date.value(), emetteur=self.emetteur.text().strip(),
            notes=self.notes.toPlainText().strip(),
        )  # fmt: skip
