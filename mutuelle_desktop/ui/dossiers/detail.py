"""One dossier: its head, amounts, story and papers."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from mutuelle_desktop.domain.dossier import Statut
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.evenement import Canal, Evenement
from mutuelle_desktop.services import dossiers
from mutuelle_desktop.services.documents import LignePiece, pieces_of, remove_from_dossier, reorder_pieces, set_copie
from mutuelle_desktop.services.dossiers import LigneChronologie, LigneDossier
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dossiers.evenement_form import event_form
from mutuelle_desktop.ui.dossiers.forms import facts_form
from mutuelle_desktop.ui.widgets.basics import Card, Scroll, button, chip, clear, label, link, row, rule, tool
from mutuelle_desktop.ui.widgets.flow import Columns, Flow
from mutuelle_desktop.ui.widgets.timeline import Moment, Timeline

KINDS = {
    Statut.A_PREPARER: "neutre", Statut.EN_ATTENTE: "info", Statut.A_COMPLETER: "alerte",
    Statut.REPONSE_RECUE: "alerte", Statut.PARTIEL: "alerte", Statut.REFUSE: "danger", Statut.REGLE: "succes",
    Statut.CLOS: "neutre",
}  # fmt: skip
_WHAT_NEXT = {
    Statut.A_PREPARER: ("Préparer la demande", "Ajoutez les papiers utiles, puis notez l’envoi de la demande."),
    Statut.EN_ATTENTE: ("Attendre la réponse de la mutuelle", "Notez ici chaque appel ou message, avec le nom et la date."),
    Statut.A_COMPLETER: ("Envoyer la pièce demandée", "La mutuelle attend un papier : ajoutez-le, puis notez l’envoi."),
    Statut.REPONSE_RECUE: ("Vérifier la réponse", "Si elle vous convient, clôturez le dossier ; sinon notez la suite."),
    Statut.PARTIEL: ("Demander le reste", "La mutuelle a versé moins que prévu."),
    Statut.REFUSE: ("Répondre au refus", "Demandez une réponse écrite et motivée, avec les articles du contrat."),
    Statut.REGLE: ("Clore le dossier", "Tout ce qui était attendu a été versé."),
    Statut.CLOS: ("Dossier clos", "Vous pouvez le rouvrir à tout moment, ou l’archiver."),
}  # fmt: skip


class DossierDetail(Scroll):
    """Everything about one dossier; the whole surface takes drops for it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__((8, 16, 24, 16))
        self._desk = desk
        self.line: LigneDossier | None = None

    def show_dossier(self, line: LigneDossier | None) -> None:
        """Show a dossier, or nothing."""
        self.line = line
        place = self.verticalScrollBar().value()
        clear(self.column)
        if line is None:
            return
        self.column.addLayout(self._head(line))
        self.column.addWidget(self._next_step(line))
        self.column.addWidget(self._amounts(line))
        self.column.addWidget(Columns(520, (self._story(line), 3), (self._papers(line), 2)))
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

    def note_call(self) -> None:
        """Record a call."""
        self.note_event(Canal.TELEPHONE)

    def note_event(self, canal: Canal | None = None, event: Evenement | None = None) -> None:
        """Record or correct what happened."""
        if self.line:
            self._desk.dialogs.run(event_form(self._desk, self, self.line.id, event, canal=canal))

    def _head(self, line: LigneDossier) -> QVBoxLayout:
        d = line.dossier
        column = QVBoxLayout()
        column.setSpacing(4)
        title = label(d.titre, "titre", wrap=True, selectable=True)
        status = QPushButton(fr.majuscule(str(line.statut)))
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

    def _next_step(self, line: LigneDossier) -> Card:
        title, text = _WHAT_NEXT[line.statut]
        if line.statut is Statut.EN_ATTENTE and line.promis:
            late = " : ce jour est passé" if line.promis < self._desk.today() else ""
            text = f"Réponse promise pour le {fr.jour(line.promis)}{late}. {text}"
        card = Card(role="carte-accent")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label("Où en est-on ?", "secondaire"))
        words.addWidget(label(title, "carte-titre", wrap=True))
        words.addWidget(label(text, "secondaire", wrap=True))
        verbs = Flow()
        if line.statut is Statut.CLOS:
            verbs.addWidget(button("Rouvrir", self.reopen_dossier))
            if line.dossier.archive_le is None:
                verbs.addWidget(button("Archiver", self.archive_dossier))
        elif line.statut is Statut.REGLE:
            verbs.addWidget(button("Clore le dossier", self.close_dossier, "principal"))
        else:
            verbs.addWidget(button("Noter un événement…", self.note_event, "principal"))
            verbs.addWidget(button("Noter un appel…", self.note_call))
        card.body.addLayout(words)
        card.body.addLayout(verbs)
        return card

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

    def _story(self, line: LigneDossier) -> Card:
        card = Card("Chronologie")
        card.body.addWidget(Timeline(*map(self._moment, dossiers.chronologie(self._desk.library, line.id))))
        card.body.addStretch(1)
        return card

    def _moment(self, found: LigneChronologie) -> Moment:
        exchange = found.kind == "Evenement" and found.heure is not None
        title = f"{found.titre}, {fr.heure(found.heure)}" if exchange else found.titre
        tools: tuple[QWidget, ...] = ()
        if found.kind == "Evenement":
            more = tool("menu", f"Autres actions sur : {found.titre}", lambda: None)
            more.clicked.connect(partial(self._moment_menu, more, found))
            tools = (more,)
        elif found.kind == "Document":
            tools = (tool("ouvrir", f"Voir : {found.texte}", partial(self._desk.open, "Document", found.id)),)
        kind = "accent" if found.kind == "Evenement" else "neutre"
        return Moment(fr.jour_bref(found.le, self._desk.today()), title, found.texte, kind, tools=tools)

    def _moment_menu(self, anchor: QWidget, found: LigneChronologie, _checked: bool = False) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Corriger…").triggered.connect(lambda: self._edit_event(found.id))
        menu.addAction("Retirer").triggered.connect(lambda: self.do(dossiers.delete_evenement, found.id))
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))

    def _papers(self, line: LigneDossier) -> Card:
        card = Card("Pièces", role="carte-depot")
        rows = pieces_of(self._desk.library, line.id)
        for number, piece in enumerate(rows, start=1):
            card.body.addLayout(self._paper(rows, number, piece))
            card.body.addWidget(rule())
        hint = label("Déposez ici un papier pour ce dossier", "secondaire", wrap=True)
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        card.body.addWidget(hint)
        card.body.addLayout(row(None, button("Ajouter des papiers…", self._add), None))
        card.body.addStretch(1)
        return card

    def _paper(self, rows: list[LignePiece], number: int, piece: LignePiece) -> QHBoxLayout:
        document = piece.ligne.document
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(link(f"{number} · {document.titre}", partial(self._desk.open, "Document", document.id)))
        kind = fr.majuscule(str(document.type)) if document.type else "Sans type"
        state = "copie" if piece.piece.copie else "original"
        words.addWidget(label(f"{kind} · {state} · {piece.ligne.lecture.libelle}", "secondaire", wrap=True))
        line = QHBoxLayout()
        line.addLayout(words, 1)
        more = tool("menu", f"Autres actions sur la pièce {number}", lambda: None)
        more.clicked.connect(partial(self._piece_menu, more, rows, number - 1))
        line.addWidget(more)
        return line

    def _piece_menu(self, anchor: QWidget, rows: list[LignePiece], place: int, _checked: bool = False) -> None:
        piece = rows[place].piece
        ids = [found.piece.document_id for found in rows]
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def moved(step: int) -> list[str]:
            order = list(ids)
            order.insert(place + step, order.pop(place))
            return order

        if place:
            menu.addAction("Monter").triggered.connect(
                lambda: self.do(reorder_pieces, piece.dossier_id, moved(-1)))  # fmt: skip
        if place < len(rows) - 1:
            menu.addAction("Descendre").triggered.connect(
                lambda: self.do(reorder_pieces, piece.dossier_id, moved(1)))  # fmt: skip
        text = "C’est l’original" if piece.copie else "C’est une copie"
        menu.addAction(text).triggered.connect(lambda: self.do(set_copie, piece.id, not piece.copie))
        menu.addSeparator()
        menu.addAction("Retirer de ce dossier").triggered.connect(
            lambda: self.do(remove_from_dossier, piece.dossier_id, [piece.document_id]))  # fmt: skip
        menu.popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))

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

    def _edit_event(self, key: str) -> None:
        with self._desk.library.read() as db:
            event = db.get(Evenement, key)
        if event is not None:
            self.note_event(event=event)

    def _add(self) -> None:
        if self.line:
            self._desk.import_into(self._desk.dialogs.choose_files(self), self.line.id)
