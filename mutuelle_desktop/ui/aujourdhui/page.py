"""The Aujourd'hui tab in its first form: what waits to be filed, what is open, who owes an answer."""

from functools import partial

from PySide6.QtCore import QPoint, QSize
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from mutuelle_desktop.domain.document import Document, EtatLecture, Lecture, Piece, Vignette
from mutuelle_desktop.domain.dossier import Dossier, Statut
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import documents, dossiers, exemple
from mutuelle_desktop.services.documents import Filtre
from mutuelle_desktop.services.dossiers import LigneDossier
from mutuelle_desktop.storage.library import Entry
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.aujourdhui.bienvenue import welcome
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.documents.images import Thumbnails
from mutuelle_desktop.ui.dossiers.detail import KINDS
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Card, Scroll, button, chip, clear, label, row, rule
from mutuelle_desktop.ui.widgets.flow import Columns, Flow

_SHOWN = 8
_MINE = (Statut.A_COMPLETER, Statut.REFUSE, Statut.PARTIEL, Statut.REPONSE_RECUE, Statut.REGLE, Statut.A_PREPARER)


class AujourdhuiPage(QWidget):
    """Where one stands today."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("page")
        self._desk = desk
        self._scroll = Scroll()
        self._thumbs = Thumbnails(desk, self)
        self._thumbs.arrived.connect(self._fill_thumbs)
        self._pictures: list[tuple[QToolButton, str]] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        desk.changes.happened.connect(self._on_change)
        self.refresh()

    def refresh(self) -> None:
        """Show what the library holds now."""
        column = self._scroll.column
        clear(column)
        self._pictures = []
        column.addWidget(label(fr.majuscule(fr.jour(self._desk.today())), "titre"))
        library = self._desk.library
        if exemple.is_empty(library):
            column.addWidget(label("Bienvenue. Tout reste sur cet ordinateur.", "soustitre"))
            column.addWidget(welcome(self._desk, self))
            column.addStretch(1)
            return
        rows = dossiers.list_dossiers(library)
        mine = sorted((r for r in rows if r.statut in _MINE), key=lambda r: _MINE.index(r.statut))
        waiting = [r for r in rows if r.statut is Statut.EN_ATTENTE]
        column.addWidget(label(_sentence(len(mine), len(waiting)), "soustitre", wrap=True))
        if exemple.has_example(library):
            column.addWidget(self._example())
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(16)
        right.setSpacing(16)
        left.addWidget(self._cases("Dossiers ouverts", mine, "Rien à faire de votre côté. Profitez-en."))
        left.addWidget(self._cases("En attente de la mutuelle", waiting, "Aucune réponse n’est attendue."))
        left.addStretch(1)
        right.addWidget(self._to_file())
        failed = documents.count_documents(library, Filtre(etat=EtatLecture.ILLISIBLE))
        if failed:
            right.addWidget(self._unreadable(failed))
        right.addStretch(1)
        column.addWidget(Columns(640, (left, 7), (right, 3), spacing=16))
        column.addStretch(1)

    def show_object(self, kind: str, key: str) -> None:
        """Nothing here has a place of its own."""

    def target_at(self, point: QPoint) -> tuple[str, str] | None:
        """Return nothing: what is dropped here waits to be filed."""
        return None

    def _example(self) -> Card:
        card = Card()
        words = label("Foyer d’exemple : tout y est inventé. Vos propres papiers n’en feront pas partie.", wrap=True)
        card.body.addLayout(
            row(chip("Exemple", "info"), words, None, button("Tout retirer", self._desk.remove_example))
        )
        return card

    def _cases(self, title: str, rows: list[LigneDossier], empty: str) -> Card:
        card = Card(title)
        if not rows:
            card.body.addWidget(label(empty, "secondaire", wrap=True))
        for place, found in enumerate(rows[:_SHOWN]):
            if place:
                card.body.addWidget(rule())
            card.body.addWidget(self._case(found))
        if len(rows) > _SHOWN:
            rest = f"Voir les {len(rows) - _SHOWN} autres"
            card.body.addWidget(button(rest, partial(self._desk.open, "onglet", "dossiers"), "lien"))
        return card

    def _case(self, found: LigneDossier) -> QWidget:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(found.dossier.titre, "fort", wrap=True))
        promised = f"réponse promise pour le {fr.jour(found.promis)}" if found.promis else ""
        last = f"dernier échange le {fr.jour(found.dernier)}" if found.dernier else "aucun échange noté"
        late = " (dépassé)" if found.promis and found.promis < self._desk.today() else ""
        details = [found.personne, found.mutuelle, f"{promised}{late}" if promised else last]
        words.addWidget(label(" · ".join(part for part in details if part), "secondaire", wrap=True))
        verbs = Flow(chip(str(found.statut), KINDS[found.statut]),
                     button("Ouvrir", partial(self._desk.open, "Dossier", found.id)))  # fmt: skip
        return Columns(380, (words, 1), (verbs, 0), spacing=8)

    def _to_file(self) -> Card:
        card = Card("À classer")
        waiting = documents.to_classify(self._desk.library, 6)
        total = documents.count_documents(self._desk.library, Filtre(a_classer=True))
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

    def _unreadable(self, count: int) -> Card:
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

    def _on_change(self, entry: Entry) -> None:
        if entry.touches(Dossier, Evenement, Piece, Document, Personne, Vignette) or (
            entry.touches(Lecture) and self.isVisible()
        ):
            self._thumbs.forget(entry.ids(Vignette))
            self.refresh()


def _sentence(mine: int, waiting: int) -> str:
    if not mine and not waiting:
        return "Rien à faire aujourd’hui : aucun dossier n’attend quelque chose de vous."
    first = f"{fr.pluriel(mine, 'dossier')} à suivre" if mine else "Rien à faire de votre côté"
    return f"{first}, {fr.pluriel(waiting, 'réponse attendue', 'réponses attendues')} de la mutuelle."
