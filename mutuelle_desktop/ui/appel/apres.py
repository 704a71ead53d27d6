"""After the call: what came of it, what is still missing to note it, and what follows."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtWidgets import QCheckBox, QFrame, QLineEdit, QVBoxLayout

from mutuelle_desktop.domain.appel import Appel, CompteRendu, IssueAppel, check_compte, suite_of
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.appel.brouillon import Brouillon
from mutuelle_desktop.ui.appel.champs import Part, Step, note_event
from mutuelle_desktop.ui.appel.pendant import duree
from mutuelle_desktop.ui.checklists.panel import ChecklistPanel
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.widgets.basics import label, set_role
from mutuelle_desktop.ui.widgets.fields import Choice
from mutuelle_desktop.ui.widgets.flow import Columns

GRACE = timedelta(days=2)
"""The usual 48 hours left to a promise before calling back (R05)."""


class ApresPage(Step):
    """The last step: little to type when all was noted during the call."""

    def __init__(self, desk: Desk, draft: Brouillon, touched: Callable[[], Any]) -> None:
        super().__init__()
        self._desk, self._draft, self._touched = desk, draft, touched
        self.column.addWidget(self._outcome())
        self.missing = label("", wrap=True)
        self._missing_box = _box(self.missing)
        self.column.addWidget(self._missing_box)
        self.column.addWidget(self._summary())
        self.follows, self.advice = label("", wrap=True), label("", "secondaire", wrap=True)
        self._then = _titled("Ce qui va suivre", _box(self.follows, self.advice))
        self.column.addWidget(self._then)
        self.column.addWidget(
            ChecklistPanel(desk, draft.dossier_id, only=("apres",), in_call=True, note=partial(note_event, desk, self))
        )
        self.refresh()

    def refresh(self) -> None:
        """Say what is missing and what follows, from what is typed."""
        try:
            compte = self._draft.compte(self._desk.today())
            check_compte(compte, self._desk.today())
        except Refused as error:
            self.missing.setText(str(error))
            set_role(self._missing_box, "encart-alerte")
            self._missing_box.show()
            self._then.setVisible(bool(self.follows.text()))
            return
        self._missing_box.hide()
        self._then.show()
        self.follows.setText(follows(compte))
        self.advice.setText(advice(compte))

    def _outcome(self) -> Part:
        d = self._draft
        part = Part("Ce que l’appel a donné")
        suggested = d.issue_of(self._desk.today())
        self.issue = Choice([(fr.majuscule(str(found)), found) for found in IssueAppel], suggested)
        self.issue.setAccessibleName("Issue de l’appel")
        self.issue.currentIndexChanged.connect(self._chosen)
        part.body.addWidget(self.issue)
        part.body.addWidget(
            Columns(320, (_under("Date", self._field("Date de l’appel", "le")), 1),
                    (_under("Heure", self._field("Heure de l’appel", "heure")), 1))
        )  # fmt: skip
        self.name = self._field("Nom de la personne", "interlocuteur")
        self.name.setEnabled(not d.nom_refuse)
        part.body.addLayout(_under("Nom de la personne", self.name))
        self.unnamed = QCheckBox("N’a pas donné son nom")
        self.unnamed.setChecked(d.nom_refuse)
        self.unnamed.toggled.connect(self._refused)
        part.body.addWidget(self.unnamed)
        part.body.addLayout(_under("Délai promis", self._field("Délai promis", "promis", "16/06/2026 ou 15 jours")))
        return part

    def _summary(self) -> Part:
        d = self._draft
        part = Part("En résumé")
        answered = [one for one in d.demandes if one.reponse.strip()]
        asked = [one for one in d.demandes if one.texte.strip() and (one.posee or one.reponse.strip())]
        parts = [f"{fr.pluriel(len(answered), 'réponse')} sur {fr.pluriel(len(asked), 'question')}"]
        if d.attente or d.conversation:
            parts.append(f"{duree(d.attente)} d’attente, {duree(d.conversation)} de conversation")
        if d.numero.strip():
            parts.append(f"n° {d.numero.strip()}")
        part.body.addWidget(label(" · ".join(parts), "secondaire", wrap=True))
        for one in answered:
            part.body.addWidget(label(f"{one.texte} → {one.reponse.strip()}", "secondaire", wrap=True))
        return part

    def _field(self, name: str, attribute: str, hint: str = "") -> QLineEdit:
        field = QLineEdit(str(getattr(self._draft, attribute)))
        field.setAccessibleName(name)
        field.setPlaceholderText(hint)

        def typed(text: str) -> None:
            setattr(self._draft, attribute, text)
            self._changed()

        field.textChanged.connect(typed)
        return field

    def _chosen(self) -> None:
        self._draft.issue = str(self.issue.value())
        self._changed()

    def _refused(self, checked: bool) -> None:
        self._draft.nom_refuse = checked
        self.name.setEnabled(not checked)
        self._changed()

    def _changed(self) -> None:
        self._touched()
        if not self._draft.issue:
            self.issue.blockSignals(True)
            self.issue.choose(self._draft.issue_of(self._desk.today()))
            self.issue.blockSignals(False)
        self.refresh()


def follows(compte: CompteRendu) -> str:
    """Return the deadline that opens, in a sentence."""
    if compte.issue is IssueAppel.SANS_REPONSE:
        return "Aucun délai ne s’ouvre : l’essai est noté, vous pourrez rappeler à une meilleure heure."
    if compte.promis_le is None:
        return "Aucune date promise : aucun nouveau délai ne s’ouvre, ceux du dossier continuent."
    return (
        f"Réponse attendue le {fr.jour(compte.promis_le)}. Sans nouvelles, le programme vous proposera de rappeler à "
        f"partir du {fr.jour(compte.promis_le + GRACE)}, 48 h après."
    )


def advice(compte: CompteRendu) -> str:
    """Return whether to have what was said confirmed in writing, and why."""
    event = Evenement(dossier_id="", nature=NatureEvenement.ECHANGE, le=compte.le, promis_le=compte.promis_le)
    return suite_of(event, Appel(id=event.id, issue=compte.issue)).pourquoi


def sentence(compte: CompteRendu, today: date) -> str:
    """Return what is told once the call is noted."""
    if compte.promis_le is None:
        return "Appel noté."
    return f"Appel noté. Réponse attendue le {fr.jour_bref(compte.promis_le, today)}."


def _box(*widgets: Any) -> QFrame:
    frame = QFrame()
    frame.setProperty("role", "encart-accent")
    column = QVBoxLayout(frame)
    column.setContentsMargins(14, 10, 14, 10)
    for widget in widgets:
        column.addWidget(widget)
    return frame


def _titled(title: str, widget: QFrame) -> Part:
    part = Part(title)
    part.body.addWidget(widget)
    return part


def _under(name: str, field: QLineEdit) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(2)
    named = label(name, "secondaire")
    named.setBuddy(field)
    column.addWidget(named)
    column.addWidget(field)
    return column
