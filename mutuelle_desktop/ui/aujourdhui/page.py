"""The Aujourd'hui tab: what to do now, what the mutuelle owes, what waits to be filed, when to call."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from mutuelle_desktop.domain.contrat import Contact, Contrat, Mutuelle
from mutuelle_desktop.domain.document import Document, Lecture, Piece, Vignette
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.echeance import Decision, Rappel
from mutuelle_desktop.domain.errors import AppError, Refused
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.domain.regle import Surcharge
from mutuelle_desktop.services import decisions
from mutuelle_desktop.services.echeances import LigneEcheance
from mutuelle_desktop.services.rappels import LigneRappel
from mutuelle_desktop.services.taches import Dormant, Tache
from mutuelle_desktop.storage.library import Entry
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.aujourdhui.bienvenue import welcome
from mutuelle_desktop.ui.aujourdhui.etat import Etat, gather
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import FormDialog
from mutuelle_desktop.ui.documents.images import Thumbnails
from mutuelle_desktop.ui.dossiers.etapes import BOUTONS, Etapes
from mutuelle_desktop.ui.echeances.pourquoi import pourquoi_dialog
from mutuelle_desktop.ui.jobs import Question
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Card, Scroll, about, button, chip, clear, label, link, row, rule
from mutuelle_desktop.ui.widgets.fields import DateField
from mutuelle_desktop.ui.widgets.flow import Columns, Flow

_SHOWN = 6
_BANDES = {
    1: ("Date limite", "danger"), 2: ("En retard", "danger"), 3: ("À compléter", "alerte"), 4: ("Promesse échue", "alerte"),
    5: ("À envoyer", "info"), 6: ("À revoir", "neutre"),
}  # fmt: skip
_CALME = 3000
"""Milliseconds without a change after which the number of a page behind another tab is told."""
_MINUIT = 30_000  # milliseconds between two looks at the calendar


class AujourdhuiPage(QWidget):
    """Where one stands today."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("page")
        self._desk = desk
        self._etapes = Etapes(desk, self)
        self._scroll = Scroll()
        self._thumbs = Thumbnails(desk, self)
        self._thumbs.arrived.connect(self._fill_thumbs)
        self._pictures: list[tuple[QToolButton, str]] = []
        self._day = desk.today()
        self._since = desk.since
        self._question = Question(desk.jobs, "Aujourd’hui", self._answered, self)
        self._later: Etat | None = None
        self._stale = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        desk.changes.happened.connect(self._on_change)
        self._clock = QTimer(self, interval=_MINUIT)
        self._clock.timeout.connect(self._look_at_the_day)
        self._clock.start()
        self._calm = QTimer(self, singleShot=True, interval=_CALME)
        self._calm.timeout.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Ask where one stands; what was shown stays until the answer comes."""
        self._stale = False
        self._day = self._desk.today()
        asked = (self._day, self._since)
        self._question.ask(partial(gather, self._desk, *asked), asked)

    def wake(self) -> None:
        """Draw what came while another tab was shown."""
        if self._stale:
            self.refresh()
        elif self._later is not None:
            self._show(self._later)

    def show_object(self, kind: str, key: str) -> None:
        """Nothing here has a place of its own."""

    def target_at(self, point: QPoint) -> tuple[str, str] | None:
        """Return nothing: what is dropped here waits to be filed."""
        return None

    def _answered(self, found: Etat | None) -> None:
        if found is None:
            self._show_welcome()
        elif self.isHidden():  # behind another tab: its number is told, the page is drawn when it is seen
            self._later = found
            self._desk.badge("aujourdhui", len(found.journee.a_faire))
        else:
            self._show(found)

    def _show_welcome(self) -> None:
        self._later = None
        self._desk.badge("aujourdhui", 0)
        column = self._clear()
        column.addWidget(label("Bienvenue. Tout reste sur cet ordinateur.", "soustitre"))
        start = welcome(self._desk, self)
        if start is not None:
            column.addWidget(start)
        column.addStretch(1)

    def _clear(self) -> QVBoxLayout:
        column = self._scroll.column
        clear(column)
        self._pictures = []
        column.addWidget(label(fr.majuscule(fr.jour(self._day)), "titre"))
        return column

    def _show(self, found: Etat) -> None:
        self._later = None
        self._desk.badge("aujourdhui", len(found.journee.a_faire))
        place = self._scroll.verticalScrollBar().value()
        column, todo, waiting = self._clear(), found.journee.a_faire, found.journee.en_attente
        column.addWidget(label(_sentence(len(todo), len(waiting), found.journee.limite), "soustitre", wrap=True))
        if found.exemple:
            column.addWidget(self._example())
        start = welcome(self._desk, self)
        if start is not None:
            column.addWidget(start)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(16)
        right.setSpacing(16)
        for card in (self._absence(found.absence), self._todo(todo), self._waiting(waiting, self._day)):
            if card is not None:
                left.addWidget(card)
        left.addStretch(1)
        for card in (
            self._to_file(found),
            self._dormants(found.journee.dormants),
            self._call_advice(found),
            self._unreadable(found.illisibles),
        ):
            if card is not None:
                right.addWidget(card)
        right.addStretch(1)
        column.addWidget(Columns(640, (left, 7), (right, 3), spacing=16))
        column.addStretch(1)
        self._scroll.verticalScrollBar().setValue(place)

    def _example(self) -> Card:
        card = Card()
        words = label("Foyer d’exemple : tout y est inventé. Vos propres papiers n’en feront pas partie.", wrap=True)
        card.body.addLayout(
            row(chip("Exemple", "info"), words, None, button("Tout retirer", self._desk.remove_example))
        )
        return card

    def _absence(self, lines: Sequence[LigneRappel]) -> Card | None:
        """Return what came while the program was closed, until it has been read."""
        if not lines:
            return None
        card = Card("Pendant votre absence", role="carte-accent")
        card.head.addWidget(button("J’ai lu", self._read, "discret"))
        for line in lines[:_SHOWN]:
            open_it = partial(self._explain, line.ligne.id)
            card.body.addWidget(link(line.detail, open_it))
        if len(lines) > _SHOWN:
            card.body.addWidget(label(f"Et {fr.pluriel(len(lines) - _SHOWN, 'autre')}.", "secondaire"))
        return card

    def _read(self) -> None:
        self._since = None
        self.refresh()

    def _todo(self, tasks: tuple[Tache, ...]) -> Card:
        card = Card("À faire maintenant")
        if not tasks:
            card.body.addWidget(
                label("Rien à faire aujourd’hui. Tout suit son cours : profitez-en.", "soustitre", wrap=True)
            )
        for place, task in enumerate(tasks[:_SHOWN]):
            if place:
                card.body.addWidget(rule())
            card.body.addWidget(self._task(task))
        if len(tasks) > _SHOWN:
            rest = f"Voir les {len(tasks) - _SHOWN} autres"
            card.body.addWidget(button(rest, partial(self._desk.open, "onglet", "echeances"), "lien"))
        return card

    def _task(self, task: Tache) -> QWidget:
        name, kind = _BANDES[task.bande]
        words = QVBoxLayout()
        words.setSpacing(2)
        title = " — ".join(part for part in (task.dossier or task.titre, task.personne.partition(" ")[0]) if part)
        named = (
            link(title, partial(self._desk.open, "Dossier", task.dossier_id))
            if task.dossier_id
            else label(title, "fort")
        )
        words.addLayout(row(chip(name, kind), named, None))
        step = task.titre if task.dossier else ""
        for text, role in ((step, "fort"), (task.raison, "secondaire"), (_if_nothing(task.si_rien), "secondaire")):
            if text:
                words.addWidget(label(text, role, wrap=True))
        verbs = QVBoxLayout()
        verbs.setSpacing(6)
        right = Qt.AlignmentFlag.AlignRight
        verbs.addWidget(self._main(task), 0, right)
        if task.etape is not None and task.dossier_id and BOUTONS[task.etape.genre].ecrire:
            note = partial(self._etapes.carry_out, task.etape.genre, task.dossier_id)
            verbs.addWidget(button(BOUTONS[task.etape.genre].texte, note), 0, right)
        settle = about(button("C’est réglé", partial(self._settle, task), "discret"), title)
        verbs.addLayout(row(None, settle, about(button("Reporter…", partial(self._postpone, task)), title)))
        verbs.addStretch(1)
        return Columns(480, (words, 1), (verbs, 0), spacing=16)

    def _main(self, task: Tache) -> QWidget:
        if task.etape is not None and task.dossier_id:
            genre = task.etape.genre
            return button(BOUTONS[genre].principal, partial(self._etapes.run, genre, task.dossier_id), "principal")
        if task.ligne is not None and task.ligne.rappel is not None:
            return button("C’est fait", partial(self._settle, task), "principal")
        return button("Voir pourquoi", partial(self._explain, task.id), "principal")

    def _settle(self, task: Tache) -> None:
        self._attempt(lambda: decisions.mark_done(self._desk.library, task.id, self._desk.today()))

    def _postpone(self, task: Tache) -> None:
        self._desk.dialogs.run(put_off_form(self._desk, self, task))

    def _explain(self, cle: str) -> None:
        self._desk.dialogs.run(pourquoi_dialog(self._desk, self, cle))

    def _attempt(self, verb: object) -> None:
        try:
            verb()  # type: ignore[operator]
        except AppError as error:
            self._desk.report(error)

    def _waiting(self, rows: tuple[LigneEcheance, ...], today: date) -> Card:
        card = Card("En attente de la mutuelle")
        if not rows:
            card.body.addWidget(label("Aucune réponse n’est attendue.", "secondaire", wrap=True))
        for place, found in enumerate(rows[:_SHOWN]):
            if place:
                card.body.addWidget(rule())
            words = QVBoxLayout()
            words.setSpacing(2)
            words.addWidget(link(found.dossier or found.titre, partial(self._open_row, found)))
            until = f"{found.titre} : au plus tard le {fr.jour(found.limite)}"
            words.addWidget(label(" · ".join(p for p in (found.mutuelle, until) if p), "secondaire", wrap=True))
            days = (found.limite - today).days
            left = "aujourd’hui" if days == 0 else f"dans {fr.pluriel(days, 'jour')}"
            card.body.addWidget(Columns(380, (words, 1), (Flow(chip(left)), 0), spacing=8))
        if len(rows) > _SHOWN:
            rest = f"Voir les {len(rows) - _SHOWN} autres"
            card.body.addWidget(button(rest, partial(self._desk.open, "onglet", "echeances"), "lien"))
        return card

    def _open_row(self, found: LigneEcheance) -> None:
        if found.dossier_id:
            self._desk.open("Dossier", found.dossier_id)
        else:
            self._explain(found.id)

    def _to_file(self, etat: Etat) -> Card:
        card = Card("À classer")
        waiting, total = etat.a_classer, etat.reste_a_classer
        if not waiting:
            card.body.addWidget(label("Tous vos papiers sont classés.", "secondaire", wrap=True))
            return card
        line = QHBoxLayout()
        for found in waiting[:3]:
            picture = QToolButton()
            picture.setProperty("role", "discret")
            picture.setIconSize(QSize(theme().px(64), theme().px(84)))
            picture.setAccessibleName(found.document.titre)
            picture.setToolTip(found.document.titre)
            picture.clicked.connect(partial(self._desk.open, "Document", found.id))
            self._pictures.append((picture, found.document.empreinte))
            line.addWidget(picture)
        line.addStretch(1)
        card.body.addLayout(line)
        words = f"Classer {fr.pluriel(total, 'papier')}"
        card.body.addLayout(row(button(words, partial(self._desk.open, "Document", "a-classer")), None))
        self._fill_thumbs()
        return card

    def _dormants(self, rows: tuple[Dormant, ...]) -> Card | None:
        if not rows:
            return None
        card = Card("Sans prochaine action")
        card.body.addWidget(label("Ces dossiers n’attendent rien de personne : à clore, ou à reprendre ?", "secondaire",
                                  wrap=True))  # fmt: skip
        for found in rows[:_SHOWN]:
            if found.dossier_id:
                card.body.addWidget(link(found.dossier, partial(self._desk.open, "Dossier", found.dossier_id)))
        return card

    def _call_advice(self, etat: Etat) -> Card | None:
        found = etat.appels
        if not found:
            return None
        card = Card("Appeler maintenant\u00a0?")
        for mutuelle, conseil in found[:2]:
            if len(found) > 1:
                card.body.addWidget(label(mutuelle.nom, "fort", wrap=True))
            card.body.addLayout(Flow(chip(conseil.titre, "succes" if conseil.maintenant_ok else "alerte")))
            card.body.addWidget(label(conseil.raison, "secondaire", wrap=True))
        return card

    def _unreadable(self, count: int) -> Card | None:
        if not count:
            return None
        card = Card("À revoir")
        text = (
            f"{fr.pluriel(count, 'papier')} n’{'a' if count == 1 else 'ont'} pas pu être lu{'' if count == 1 else 's'}."
        )
        card.body.addWidget(label(text, "secondaire", wrap=True))
        card.body.addLayout(row(button("Voir", partial(self._desk.open, "Document", "illisibles")), None))
        return card

    def _fill_thumbs(self) -> None:
        for picture, empreinte in self._pictures:
            found = self._thumbs.get(empreinte)
            if found is not None:
                picture.setIcon(found)

    def _look_at_the_day(self) -> None:
        if self._desk.today() != self._day:
            self.refresh()

    def _on_change(self, entry: Entry) -> None:
        kinds = (Dossier, Evenement, Piece, Document, Personne, Vignette, Decision, Rappel, Surcharge, Mutuelle, Contrat,
                 Contact)  # fmt: skip
        if entry.touches(*kinds) or (entry.touches(Lecture) and self.isVisible()):
            self._thumbs.forget(entry.ids(Vignette))
            if self.isHidden():  # behind another tab: only its number is seen, once the changes are over
                self._stale = True
                self._calm.start()
            else:
                self.refresh()


def put_off_form(desk: Desk, parent: QWidget, task: Tache) -> FormDialog:
    """Return the form that has a task come back another day."""
    today = desk.today()
    jour, raison = DateField(today + timedelta(days=7), today), QLineEdit()

    def save() -> None:
        chosen = jour.value()
        if chosen is None:
            raise Refused("Choisissez le jour où y revenir.")
        decisions.postpone(desk.library, task.id, chosen, today, raison.text().strip())

    form = FormDialog(parent, "Reporter", save, "Reporter")
    form.add("", label(task.titre, "fort", wrap=True))
    if task.si_rien:
        form.add("", label(_if_nothing(task.si_rien), "secondaire", wrap=True))
    form.add("Y revenir le", jour, "Cela ne change aucune date limite.")
    form.add("Pourquoi", raison, "Facultatif.")
    return form


def _sentence(tasks: int, waiting: int, limite: date | None) -> str:
    if not tasks and not waiting:
        first = "Rien à faire aujourd’hui\u00a0: aucun dossier n’attend quelque chose de vous."
    else:
        todo = f"{fr.pluriel(tasks, 'chose')} à faire" if tasks else "Rien à faire de votre côté"
        owed = fr.pluriel(waiting, "réponse attendue", "réponses attendues") if waiting else "aucune réponse attendue"
        first = f"{todo}, {owed} de la mutuelle."
    return f"{first} Rien d’irréversible avant le {fr.jour(limite).partition(' ')[2]}." if limite else first


def _if_nothing(text: str) -> str:
    """Return what comes of doing nothing, as the end of a sentence."""
    if not text:
        return ""
    end = text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] in " ’" else text
    return f"Si rien n’est fait\u00a0: {end}"
