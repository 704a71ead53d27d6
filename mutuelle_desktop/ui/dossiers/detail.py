"""One dossier: its head, amounts, story and papers."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from mutuelle_desktop.domain.dossier import Statut
from mutuelle_desktop.domain.echeance import Echeance, EtatEcheance
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.etape import Etape, EtatFenetre, GenreEtape
from mutuelle_desktop.domain.evenement import Canal, Evenement
from mutuelle_desktop.services import dossiers
from mutuelle_desktop.services.dossiers import LigneDossier
from mutuelle_desktop.services.echeances import mouvements_of
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.checklists.panel import ChecklistPanel
from mutuelle_desktop.ui.courriers.carte import courriers_card
from mutuelle_desktop.ui.courriers.verbs import CourrierVerbs
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.documents.dehors import Dehors
from mutuelle_desktop.ui.dossiers.chronologie import Chronologie, Verbs, removal_said
from mutuelle_desktop.ui.dossiers.etapes import BOUTONS, Etapes
from mutuelle_desktop.ui.dossiers.forms import facts_form
from mutuelle_desktop.ui.dossiers.pieces import PiecesCard
from mutuelle_desktop.ui.dossiers.vue import Vue, look_at
from mutuelle_desktop.ui.echeances.fenetre import FenetreMediateurBar
from mutuelle_desktop.ui.echeances.forms import rappel_form
from mutuelle_desktop.ui.echeances.pourquoi import pourquoi_dialog
from mutuelle_desktop.ui.jobs import Question
from mutuelle_desktop.ui.widgets.basics import Card, Push, Scroll, button, chip, clear, label, link, row, tool
from mutuelle_desktop.ui.widgets.flow import Columns, Flow

KINDS = {
    Statut.A_PREPARER: "neutre", Statut.EN_ATTENTE: "info", Statut.A_COMPLETER: "alerte",
    Statut.REPONSE_RECUE: "alerte", Statut.PARTIEL: "alerte", Statut.REFUSE: "danger", Statut.REGLE: "succes",
    Statut.CLOS: "neutre",
}  # fmt: skip


class DossierDetail(Scroll):
    """Everything about one dossier; the whole surface takes drops for it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__((8, 16, 24, 16))
        self._desk = desk
        self._etapes = Etapes(desk, self)
        self._dehors = Dehors(desk, self)
        self._sujet: str | None = None
        self._question = Question(desk.jobs, "Dossier", self._show, self)
        self._slices: list[Callable[[], None]] = []
        self.line: LigneDossier | None = None

    def show_dossier(self, line: LigneDossier | None) -> None:
        """Show a dossier, or nothing; what was shown stays until the rest is known."""
        if line is None or self.line is None or line.id != self.line.id:
            self._sujet = None
        self.line = line
        if line is None:
            self._question.forget()
            self._slices.clear()
            clear(self.column)
            return
        self._question.ask(partial(look_at, self._desk.library, line.id, self._desk.today()), line.id)

    def _show(self, vue: Vue | None) -> None:
        """Draw a dossier a part at a time, from the top: the whole at once would be felt."""
        if vue is None or self.line is None or vue.ligne.id != self.line.id:
            return
        line = self.line = vue.ligne
        place, begun = self.verticalScrollBar().value(), bool(self._slices)
        clear(self.column)
        self.column.addLayout(self._head(line))
        self.column.addWidget(self._next_step(line, vue.suivi.etape))
        made: list[QWidget] = []

        def side_by_side() -> None:
            left, right = made
            made.clear()
            self.column.addWidget(Columns(520, (left, 3), (right, 2)))

        self._slices = [
            lambda: self.column.addWidget(self._amounts(line)),
            lambda: made.append(self._story(vue)),
            lambda: made.append(PiecesCard(self._desk, self._dehors, vue.pieces, self.do, self._add)),
            side_by_side,
            lambda: made.append(self._deadlines(vue)),
            lambda: made.append(self._checklist(vue)),
            side_by_side,
            lambda: self.column.addWidget(courriers_card(self._desk, line.id, vue.courriers)),
            lambda: self._end(line, place),
        ]
        if not begun:
            QTimer.singleShot(0, self._next_slice)

    def _next_slice(self) -> None:
        if self._slices:
            self._slices.pop(0)()
        if self._slices:
            QTimer.singleShot(0, self._next_slice)

    def _end(self, line: LigneDossier, place: int) -> None:
        if line.dossier.notes:
            notes = Card("Notes")
            notes.body.addWidget(label(line.dossier.notes, wrap=True, selectable=True))
            self.column.addWidget(notes)
        self.column.addStretch(1)
        self.verticalScrollBar().setValue(place)

    def do(self, verb: Callable[..., object], *arguments: object) -> None:
        """Carry out a verb on the dossier shown; a refusal becomes a message."""
        try:
            verb(self._desk.library, *arguments)
        except AppError as error:
            self._desk.report(error)

    def can(self, verb: str) -> bool:
        """Tell whether a verb of the menus applies to the dossier shown."""
        if self.line is None:
            return False
        d = self.line.dossier
        return {
            "close_dossier": d.clos_le is None,
            "reopen_dossier": d.clos_le is not None,
            "archive_dossier": d.clos_le is not None and d.archive_le is None,
            "trash_dossier": d.supprime_le is None,
            "restore_dossier": d.supprime_le is not None,
        }.get(verb, True)

    def edit_dossier(self) -> None:
        """Open the facts of the dossier."""
        if self.line:
            self._desk.dialogs.run(facts_form(self._desk, self, self.line.dossier))

    def call(self) -> None:
        """Prepare a call, make it, note it."""
        if self.line:
            self._desk.call(self.line.id)

    def note_call(self) -> None:
        """Record a call already made."""
        if self.line:
            self._etapes.note(self.line.id, canal=Canal.TELEPHONE)

    def note_event(self) -> None:
        """Record what happened."""
        if self.line:
            self._etapes.note(self.line.id)

    def add_rappel(self) -> None:
        """Plan something of one's own for this dossier."""
        if self.line:
            self._desk.dialogs.run(rappel_form(self._desk, self, dossier_id=self.line.id))

    def make_dossier_complet(self) -> None:
        """Make the numbered file of the whole dossier."""
        if self.line:
            CourrierVerbs(self._desk, self.window()).dossier_complet(self.line.id)

    def _head(self, line: LigneDossier) -> QVBoxLayout:
        d = line.dossier
        column = QVBoxLayout()
        column.setSpacing(4)
        title = label(d.titre, "titre", wrap=True, selectable=True)
        status = Push(fr.majuscule(str(line.statut)))
        status.setAccessibleName(f"Statut : {line.statut}")
        status.setProperty("role", "discret")
        status.setToolTip("Changer le statut affiché")
        status.clicked.connect(partial(self._status_menu, status))
        more = tool("menu", "Autres actions sur ce dossier", lambda: None)
        more.clicked.connect(partial(self._more_menu, more))
        column.addLayout(row(title, None, chip(str(line.statut), KINDS[line.statut]),
                             tool("modifier", "Modifier le dossier…", self.edit_dossier), more))  # fmt: skip
        parts = [fr.majuscule(str(d.nature)), line.personne, line.mutuelle, f"réf. {d.reference}"]
        if d.references_mutuelle:
            parts.append(f"leur référence {', '.join(d.references_mutuelle)}")
        column.addWidget(label(" · ".join(part for part in parts if part), "soustitre", wrap=True, selectable=True))
        if d.statut_force:
            column.addWidget(
                label(f"Statut choisi par vous ; d’après les événements : {line.statut_calcule}.", "secondaire")
            )
        return column

    def _next_step(self, line: LigneDossier, etape: Etape) -> Card:
        today = self._desk.today()
        card = Card(role="carte-accent")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label("Prochaine étape", "secondaire"))
        words.addWidget(label(etape.titre, "carte-titre", wrap=True))
        for text in (etape.raison, etape.effet, f"Si rien n’est fait\u00a0: {etape.si_rien}" if etape.si_rien else ""):
            if text:
                words.addWidget(label(text, "secondaire", wrap=True))
        if etape.depuis > today:
            words.addWidget(label(f"Possible à partir du {fr.jour(etape.depuis)}.", "secondaire", wrap=True))
        verbs = Flow()
        role = "principal" if etape.depuis <= today else ""
        bouton = BOUTONS[etape.genre]
        verbs.addWidget(button(bouton.principal, partial(self._etapes.run, etape.genre, line.id), role))
        if bouton.ecrire:
            verbs.addWidget(button(bouton.texte, partial(self._etapes.carry_out, etape.genre, line.id)))
        if etape.choix:
            other = button("Autres choix…", lambda: None)
            other.clicked.connect(partial(self._choices, other, etape, line.id))
            verbs.addWidget(other)
        if etape.genre not in (GenreEtape.APPELER, GenreEtape.CLOS):
            verbs.addWidget(button("Noter un événement…", self.note_event, "discret"))
        card.body.addLayout(words)
        card.body.addLayout(verbs)
        return card

    def _choices(self, anchor: QWidget, etape: Etape, dossier_id: str, _checked: bool = False) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for genre in etape.choix:
            menu.addAction(fr.majuscule(str(genre))).triggered.connect(
                lambda _checked=False, chosen=genre: self._etapes.run(chosen, dossier_id)
            )
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))

    def close_dossier(self) -> None:
        """Close the dossier today."""
        if self.line:
            self.do(dossiers.close_dossier, self.line.id, self._desk.today())

    def reopen_dossier(self) -> None:
        """Open the dossier again."""
        if self.line:
            self.do(dossiers.reopen_dossier, self.line.id)

    def archive_dossier(self) -> None:
        """Put the closed dossier away."""
        if self.line:
            self.do(dossiers.archive_dossier, self.line.id, self._desk.today())

    def trash_dossier(self) -> None:
        """Put the dossier in the trash, for thirty days."""
        if self.line:
            self.do(dossiers.trash_dossier, self.line.id)
            self._desk.messages.tell("Dossier à la corbeille, gardé 30 jours. Ses papiers restent.", "Annuler",
                                     self._desk.library.undo)  # fmt: skip

    def restore_dossier(self) -> None:
        """Take the dossier out of the trash."""
        if self.line:
            self.do(dossiers.restore_dossier, self.line.id)

    def _amounts(self, line: LigneDossier) -> QWidget:
        d = line.dossier
        missing = None if d.montant_attendu is None else max(d.montant_attendu - line.recu, type(line.recu)(0))
        box = QWidget()
        cards = Flow(spacing=12, grow=True)
        box.setLayout(cards)
        figures = (("Payé", d.montant_paye), ("Sécu reçue", d.montant_secu), ("Mutuelle attendue", d.montant_attendu),
                   ("Mutuelle reçue", line.recu or None), ("Manque", missing))  # fmt: skip
        for name, amount in figures:
            card = Card()
            card.body.setSpacing(2)
            card.body.addWidget(label(name, "secondaire"))
            short = name == "Manque" and amount
            card.body.addWidget(label(fr.montant(amount, "—"), "montant-danger" if short else "montant"))
            cards.addWidget(card)
        return box

    def _story(self, vue: Vue) -> Card:
        verbs = Verbs(self._edit_event, self._remove_event, partial(self._desk.open, "Document"), self._explain)
        card = Chronologie(vue.histoire, vue.suivi.echeances, self._desk.today(), verbs, self._sujet)
        card.filter.chosen.connect(self._about)
        return card

    def _about(self, sujet: str | None) -> None:
        self._sujet = sujet
        self.show_dossier(self.line)

    def _deadlines(self, vue: Vue) -> Card:
        suivi, card = vue.suivi, Card("Échéances")
        card.head.addWidget(button("Ajouter…", self.add_rappel, "discret"))
        active = [one for one in suivi.echeances if not one.terminee]
        rows = [(one.jour, one.titre, str(one.role), one.etat, one.cle) for one in active]
        rows += [(r.le, r.titre, "noté par vous", EtatEcheance.A_VENIR, r.id) for r in vue.rappels]
        for jour, titre, whom, etat, cle in sorted(rows, key=lambda found: (found[0], found[4])):
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(link(titre, partial(self._explain, cle)))
            words.addWidget(label(f"{fr.majuscule(fr.jour(jour))} · {whom}", "secondaire", wrap=True))
            kinds = {EtatEcheance.DEPASSEE: "danger", EtatEcheance.A_FAIRE: "alerte"}
            card.body.addWidget(Columns(260, (words, 1), (Flow(chip(str(etat), kinds.get(etat, "neutre"))), 0)))
        if not rows:
            card.body.addWidget(label("Aucune date à surveiller pour l’instant.", "secondaire", wrap=True))
        if suivi.fenetre.etat is not EtatFenetre.INCONNUE:
            card.body.addWidget(FenetreMediateurBar(suivi.fenetre, self._desk.today()))
        card.body.addStretch(1)
        return card

    def _explain(self, cle: str | Echeance) -> None:
        self._desk.dialogs.run(pourquoi_dialog(self._desk, self, cle, correct=self._correct_event))

    def _checklist(self, vue: Vue) -> QWidget:
        return ChecklistPanel(self._desk, vue.ligne.id, note=self._note_from_list, found=vue.listes)

    def _status_menu(self, anchor: QWidget, _checked: bool = False) -> None:
        if self.line is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill_status(menu, self.line)
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))

    def _fill_status(self, menu: QMenu, line: LigneDossier) -> None:
        automatic = menu.addAction(f"D’après les événements : {line.statut_calcule}")
        automatic.triggered.connect(lambda: self.do(dossiers.set_statut, line.id, None))
        menu.addSeparator()
        for statut in Statut:
            if statut is not Statut.CLOS:
                menu.addAction(fr.majuscule(str(statut))).triggered.connect(
                    lambda _checked=False, chosen=statut: self.do(dossiers.set_statut, line.id, chosen)
                )

    def _more_menu(self, anchor: QWidget, _checked: bool = False) -> None:
        line = self.line
        if line is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill_status(menu.addMenu("Statut affiché"), line)
        menu.addAction("Dossier complet en PDF…").triggered.connect(self.make_dossier_complet)
        menu.addSeparator()
        if line.dossier.clos_le is None:
            menu.addAction("Clore le dossier").triggered.connect(self.close_dossier)
        else:
            menu.addAction("Rouvrir le dossier").triggered.connect(self.reopen_dossier)
            if line.dossier.archive_le is None:
                menu.addAction("Archiver le dossier").triggered.connect(self.archive_dossier)
        if line.dossier.supprime_le is None:
            menu.addAction("Mettre à la corbeille").triggered.connect(self.trash_dossier)
        else:
            menu.addAction("Restaurer").triggered.connect(self.restore_dossier)
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))

    def _note_from_list(self, dossier_id: str, event: Evenement | None, canal: Canal | None) -> None:
        self._etapes.note(dossier_id, event, canal=canal)

    def _edit_event(self, key: str) -> None:
        with self._desk.library.read() as db:
            event = db.get(Evenement, key)
        if event is not None:
            self._etapes.note(event.dossier_id, event)

    def _correct_event(self, event: Evenement) -> None:
        self._etapes.note(event.dossier_id, event)

    def _remove_event(self, key: str) -> None:
        library, today = self._desk.library, self._desk.today()
        with library.read() as db:
            event = db.get(Evenement, key)
        if event is None:
            return
        moved = mouvements_of(library, event, today, retire=True)
        self.do(dossiers.delete_evenement, key)
        self._desk.messages.tell(removal_said(len(moved)), "Annuler", library.undo)

    def _add(self) -> None:
        if self.line:
            self._desk.import_into(self._desk.dialogs.choose_files(self), self.line.id)
