"""« Pourquoi cette date ? »: the sentence, the line of reasons, the sources, and what can be decided."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.domain.echeance import Echeance, Raison
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.regle import Role
from mutuelle_desktop.services import decisions, dossiers
from mutuelle_desktop.services.dossiers import LigneDossier
from mutuelle_desktop.services.echeances import cas_of, find_echeance
from mutuelle_desktop.storage.library import Entry
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.echeances.forms import ignore_form, pin_form, postpone_form, rule_form
from mutuelle_desktop.ui.echeances.lignes import COULEURS, FORMES, PUCES, ROLES
from mutuelle_desktop.ui.echeances.mots import ecart_of, phrase_of, sheet_of, why_two_days
from mutuelle_desktop.ui.echeances.printing import print_sheet
from mutuelle_desktop.ui.messages import Messages
from mutuelle_desktop.ui.termes import explained
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Card, Scroll, button, chip, clear, label, link, row, rule
from mutuelle_desktop.ui.widgets.flow import Columns, Flow
from mutuelle_desktop.ui.widgets.order import Ordered
from mutuelle_desktop.ui.widgets.shapes import Shape
from mutuelle_desktop.ui.widgets.timeline import Moment, Timeline

Correct = Callable[[Evenement], Any]


class Pourquoi(Ordered, QDialog):
    """Why one deadline falls when it does; it follows what is decided while it is open."""

    def __init__(self, desk: Desk, parent: QWidget | None, cle: str, correct: Correct | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Pourquoi cette date\u00a0?")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._cle = desk, cle
        self._correct = correct or desk.correct
        self.echeance: Echeance | None = None
        self.messages = Messages()
        self._scroll = Scroll((24, 20, 24, 12))
        self._close = button("Fermer", self.accept)
        self._print = button("Imprimer…", self.print_sheet, "discret")
        self._copy = button("Copier le texte", self.copy_text, "discret")
        foot = row(self._print, self._copy, None, self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 12)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self.messages)
        foot.setContentsMargins(24, 0, 24, 0)
        layout.addLayout(foot)
        desk.changes.happened.connect(self._on_change)
        self.refresh()

    def refresh(self) -> None:
        """Show what the facts give now."""
        with self._desk.library.read() as db:
            self.echeance = find_echeance(db, self._cle, self._desk.today())
        column, bar = self._scroll.column, self._scroll.verticalScrollBar()
        place = bar.value()
        clear(column)
        one = self.echeance
        for widget in (self._print, self._copy):
            widget.setEnabled(one is not None)
        if one is None:
            words = "Cette échéance n’existe plus\u00a0: les faits dont elle venait ont changé."
            column.addWidget(label(words, "carte-titre", wrap=True))
            column.addStretch(1)
            return
        line = dossiers.ligne(self._desk.library, one.dossier_id) if one.dossier_id else None
        column.addLayout(self._head(one, line))
        column.addWidget(label(phrase_of(one), wrap=True, selectable=True))
        column.addWidget(self._days(one))
        column.addWidget(self._verbs(one, line))
        column.addWidget(self._reasons(one))
        column.addWidget(self._source(one))
        column.addStretch(1)
        bar.setValue(place)

    def text(self) -> str:
        """Return everything the dialog says, as plain text."""
        one = self.echeance
        line = dossiers.ligne(self._desk.library, one.dossier_id) if one and one.dossier_id else None
        return sheet_of(one, line.dossier.titre if line else "", self._desk.today()) if one else ""

    def copy_text(self) -> None:
        """Put the text in the clipboard."""
        QGuiApplication.clipboard().setText(self.text())
        self.messages.tell("Le texte est copié\u00a0: collez-le où vous voulez.", kind="success")

    def print_sheet(self) -> None:
        """Print the text, or make a PDF of it."""
        print_sheet(self._desk, self, "Pourquoi cette date\u00a0?", self.text(), self.messages)

    def do(self, verb: Callable[..., Any], *arguments: Any, told: str) -> None:
        """Carry out a decision and offer to undo it; a refusal becomes a message."""
        try:
            verb(self._desk.library, *arguments)
        except AppError as error:
            self.messages.tell(str(error), kind="error")
            return
        self._decided(told)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        room = QApplication.primaryScreen().availableGeometry()
        self.resize(min(theme().px(680), room.width() - 80), min(theme().px(720), room.height() - 80))
        self._close.setFocus()
        super().showEvent(event)

    def _head(self, one: Echeance, line: LigneDossier | None) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        kind = "neutre" if one.terminee else COULEURS[one.role]
        title = label(one.titre, "titre", wrap=True, selectable=True)
        column.addLayout(row(Shape(FORMES[one.role], kind), title))
        parts = [f"{line.dossier.titre} ({line.dossier.reference})", line.personne, line.mutuelle] if line else []
        if parts:
            column.addWidget(label(" · ".join(part for part in parts if part), "soustitre", wrap=True))
        chips = [chip(str(one.etat), PUCES[one.etat]), chip(str(one.nature)), chip(ROLES[one.role])]
        if one.incertaine:
            chips.append(chip("à vérifier", "alerte"))
        if one.fixee_le:
            chips.append(chip("date fixée par vous", "info"))
        elif one.reportee_le:
            chips.append(chip(f"reportée au {fr.jour_bref(one.reportee_le, self._desk.today())}", "info"))
        column.addLayout(Flow(*chips, spacing=6))
        return column

    def _days(self, one: Echeance) -> QWidget:
        """Return the day of the rule and the day to act, side by side, and why they differ."""
        names = {Role.ASSURE: "Date limite", Role.ORGANISME: "Réponse attendue le", Role.OUVERTURE: "Le délai finit le",
                 Role.INFORMATION: "Date"}  # fmt: skip
        acts = {
            Role.ASSURE: "Agir au plus tard le",
            Role.ORGANISME: "Relancer à partir du",
            Role.OUVERTURE: "Possible à partir du",
        }
        act = "Fixée par vous au" if one.fixee_le else "Reportée au" if one.reportee_le else acts.get(one.role, "")
        card = Card()
        raw = _figure(names[one.role], one.brute)
        if act and one.agir_le != one.brute:
            card.body.addWidget(Columns(420, (raw, 1), (_figure(act, one.agir_le), 1)))
        else:
            card.body.addLayout(raw)
        for text in (why_two_days(one), ecart_of(one)):
            if text:
                card.body.addWidget(explained(text, "secondaire"))
        if one.consequence and not one.terminee:
            card.body.addWidget(rule())
            card.body.addWidget(label("Si rien n’est fait", "secondaire"))
            card.body.addWidget(explained(one.consequence))
        return card

    def _reasons(self, one: Echeance) -> Card:
        card = Card("Comment on y arrive")
        card.body.addWidget(Timeline(*(self._moment(raison) for raison in one.raisons)))
        return card

    def _moment(self, raison: Raison) -> Moment:
        day = fr.jour_bref(raison.jour, self._desk.today()) if raison.jour else ""
        kind = "accent" if raison.evenement_id else "neutre"
        title, _, rest = raison.texte.partition("\u00a0: ")
        return Moment(day, title if rest else raison.texte, fr.majuscule(rest), kind)

    def _source(self, one: Echeance) -> Card:
        card = Card("D’où vient cette règle")
        check = "à vérifier\u00a0: lue" if one.incertaine else "vérifiée"
        card.body.addWidget(explained(one.loi.explication))
        words = f"{fr.majuscule(one.source)}, {check} le {fr.jour(one.verifie_le)}."
        card.body.addWidget(label(words, "secondaire", wrap=True, selectable=True))
        if one.loi.guide:
            card.body.addWidget(explained(f"Le guide dit\u00a0: {one.loi.guide}", "secondaire"))
        return card

    def _verbs(self, one: Echeance, line: LigneDossier | None) -> QWidget:
        box, flow = QWidget(), Flow()
        box.setLayout(flow)
        if not one.terminee:
            flow.addWidget(button("C’est fait", self._done, "principal"))
            flow.addWidget(button("Reporter…", partial(self._ask, postpone_form, "Échéance reportée.")))
            if one.fixee_le:
                flow.addWidget(button("Ne plus fixer la date", self._unpin))
            else:
                flow.addWidget(button("Fixer la date…", partial(self._ask, pin_form, "Date fixée.")))
            flow.addWidget(button("Plus d’actualité…", partial(self._ask, ignore_form, "Échéance sans objet.")))
        if one.decision is not None and not one.fixee_le:
            flow.addWidget(button("Revenir sur ma décision", self._reopen))
        if one.evenement is not None:
            flow.addWidget(button("Corriger l’événement…", self._correct_event))
        if one.loi.delai is not None:
            flow.addWidget(button("Changer ce délai…", partial(self._change_rule, line)))
        if one.dossier_id:
            flow.addWidget(link("Ouvrir le dossier", partial(self._open, "Dossier", one.dossier_id)))
        elif one.contrat_id:
            flow.addWidget(link("Ouvrir le contrat", partial(self._open, "Contrat", one.contrat_id)))
        elif one.personne_id:
            flow.addWidget(link("Voir la personne", partial(self._open, "Personne", one.personne_id)))
        return box

    def _done(self) -> None:
        self.do(decisions.mark_done, self._cle, self._desk.today(), told="C’est noté\u00a0: fait.")

    def _reopen(self) -> None:
        self.do(decisions.reopen, self._cle, told="L’échéance compte de nouveau.")

    def _unpin(self) -> None:
        self.do(decisions.unpin, self._cle, told="La date suit de nouveau la règle.")

    def _ask(self, form: Callable[..., QDialog], told: str) -> None:
        if self.echeance is not None and self._desk.dialogs.run(form(self._desk, self, self.echeance)):
            self._decided(told)

    def _change_rule(self, line: LigneDossier | None) -> None:
        one = self.echeance
        if one is None:
            return
        mutuelle = cas_of(self._desk.library, line.id).mutuelle if line else None
        key = mutuelle.id if mutuelle else None
        form = rule_form(self._desk, self, one.regle, mutuelle_id=key, dossier_id=one.dossier_id)
        if self._desk.dialogs.run(form):
            self._decided("Délai changé.")

    def _correct_event(self) -> None:
        if self.echeance is not None and self.echeance.evenement is not None:
            self._correct(self.echeance.evenement)

    def _open(self, kind: str, key: str) -> None:
        self.accept()
        self._desk.open(kind, key)

    def _decided(self, told: str) -> None:
        self._desk.changes.flush()
        self.messages.tell(told, "Annuler", self._undo, kind="success")

    def _undo(self) -> None:
        self._desk.library.undo()
        self._desk.changes.flush()

    def _on_change(self, _entry: Entry) -> None:
        self.refresh()


def pourquoi_dialog(
    desk: Desk, parent: QWidget | None, cle_or_echeance: str | Echeance, correct: Correct | None = None
) -> Pourquoi:
    """Return the dialog that says why a deadline falls when it does; correct, else the desk, opens its event."""
    cle = cle_or_echeance if isinstance(cle_or_echeance, str) else cle_or_echeance.cle
    return Pourquoi(desk, parent, cle, correct)


def _figure(name: str, day: date) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(2)
    column.addWidget(label(name, "secondaire"))
    column.addWidget(label(fr.majuscule(fr.jour(day)), "carte-titre", wrap=True))
    return column
