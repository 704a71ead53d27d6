"""One letter: its text, what surrounds it, its enclosures at the left, its page at the right, its checks below."""

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QSizePolicy, QTabWidget, QToolButton, QVBoxLayout, QWidget

from mutuelle_desktop.domain.courrier import Bloc, Courrier, EtatCourrier, Lettre, word_count
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.ids import new_id
from mutuelle_desktop.services import courriers
from mutuelle_desktop.services.expeditions import to_rectify
from mutuelle_desktop.services.phrases import counted
from mutuelle_desktop.services.redaction import Contexte
from mutuelle_desktop.ui.courriers.apercu import Apercu
from mutuelle_desktop.ui.courriers.controles import Controles
from mutuelle_desktop.ui.courriers.editeur import Editeur
from mutuelle_desktop.ui.courriers.entete import EnTete
from mutuelle_desktop.ui.courriers.envoi import Envoi
from mutuelle_desktop.ui.courriers.objet import Objet
from mutuelle_desktop.ui.courriers.outils import Barre, ChampBar, FindBar
from mutuelle_desktop.ui.courriers.pieces import Pieces
from mutuelle_desktop.ui.courriers.typographie import typo_dialog, typo_of
from mutuelle_desktop.ui.courriers.verbs import CourrierVerbs
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Scroll, label, row
from mutuelle_desktop.ui.widgets.order import name_tabs

REPOS = 900
"""Milliseconds without a key after which the draft is kept: also where one step of undo ends."""
RELECTURE = 200
"""Milliseconds without a key after which the letter is read over again."""


class Redacteur(QObject):
    """Writes one letter; what is written is kept by itself. gauche and apercu are its two panes."""

    def __init__(self, desk: Desk, verbs: CourrierVerbs, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._verbs = desk, verbs
        self.courrier: Courrier | None = None
        self.contexte: Contexte | None = None
        self.lettre: Lettre | None = None
        self._kept: Courrier | None = None
        self._frappe = new_id()
        self._loading = False
        self._save = QTimer(self, singleShot=True, interval=REPOS)
        self._save.timeout.connect(self.flush)
        self._check = QTimer(self, singleShot=True, interval=RELECTURE)
        self._check.timeout.connect(self.recheck)
        self._build()

    @property
    def writable(self) -> bool:
        """Tell whether a letter is shown that may still change."""
        return self.courrier is not None and self.courrier.etat is EtatCourrier.BROUILLON

    def show_courrier(self, key: str | None) -> None:
        """Show a letter, what was being written kept first."""
        if self.courrier is not None and self.courrier.id != key:
            self.flush()
            self.editeur.moveCursor(self.editeur.textCursor().MoveOperation.Start)
        self._load(key)

    def reload(self) -> None:
        """Take in what changed elsewhere: an undo, a fact of the dossier."""
        if self.courrier is None:
            return
        if self._save.isActive():
            self.flush()
        self._load(self.courrier.id)

    def is_kept(self, value: Courrier | None) -> bool:
        """Tell whether a letter of the library is the one shown, as it was last kept here."""
        return value == self._kept

    def flush(self) -> None:
        """Keep what is written, now, and begin a new step of undo."""
        self._save.stop()
        frappe, self._frappe = self._frappe, new_id()
        value = self.courrier
        if value is None or not self.writable or value == self._kept:
            return
        try:
            self._kept = self.courrier = courriers.save_draft(self._desk.library, value, frappe=frappe)
        except AppError as error:
            self._desk.report(error)

    def finalise(self) -> None:
        """Freeze the letter, or say in words what stops it and go there."""
        self.flush()
        self.recheck()
        value = self.courrier
        if value is None or not self.writable:
            return
        stops = self.controles.bloquantes
        if stops:
            first = stops[0].texte
            more = (
                f" Et {counted(len(stops) - 1, 'autre point', 'autres points')} à corriger." if len(stops) > 1 else ""
            )
            self._desk.messages.tell(f"La lettre ne peut pas être finalisée. {first}{more}", kind="warning")
            self.go(stops[0].ou)
            return
        library, workers, today = self._desk.library, self._desk.workers, self._desk.today()
        self.envoi.finalise_button.setEnabled(False)
        self._desk.jobs.run(
            "Finaliser la lettre",
            lambda _progress: courriers.finalise(library, workers, value.id, today),
            self._finalised,
            failed=self._not_finalised,
        )

    def go(self, ou: str) -> None:
        """Go to the place a remark is about."""
        place, _, nom = ou.partition(":")
        if place == "champ":
            self.tabs.setCurrentIndex(0)
            if not self.editeur.go_to_champ(nom) and not self.objet.go_to_champ(nom):
                self.editeur.setFocus()
        elif place == "pièces":
            self.tabs.setCurrentIndex(2)
            self.pieces.add_button.setFocus()
        elif place == "expéditeur" and self.lettre is not None and not self.lettre.expediteur.nom:
            self._desk.open("onglet", "contrats")
        elif place in ("objet", "corps"):
            self.tabs.setCurrentIndex(0)
            (self.objet if place == "objet" else self.editeur).setFocus()
        else:
            self.tabs.setCurrentIndex(1)
            self.entete.go(place)

    def go_to_missing(self) -> bool:
        """Go to the first field nobody has said; tell whether there is one."""
        found = next((r for r in self.controles.bloquantes if r.ou.startswith("champ:")), None)
        if found is not None:
            self.go(found.ou)
        return found is not None

    def recheck(self) -> None:
        """Read the letter over."""
        self._check.stop()
        if self.courrier is None or self.contexte is None:
            return
        self.controles.setVisible(self.writable)
        if self.writable:
            self.controles.show_remarques(self.contexte.remarques(self.courrier, self._desk.today()))

    def review_typography(self) -> None:
        """Show what French typography would change, and change it."""
        self.flush()
        if self.courrier is None:
            return
        fixed, changes = typo_of(self.courrier)
        if not changes:
            self._desk.messages.tell("La typographie est déjà soignée\u00a0: rien à corriger.")
            return
        self._desk.dialogs.run(typo_dialog(self.gauche, changes, partial(self._replace, fixed)))

    def _build(self) -> None:
        self.editeur, self.objet = Editeur(), Objet()
        self.barre, self.champ_bar, self.find_bar = Barre(self.editeur), ChampBar(self.editeur), FindBar(self.editeur)
        self.entete, self.pieces = EnTete(self._desk), Pieces(self._desk)
        self.controles, self.envoi, self.apercu = Controles(), Envoi(self._verbs), Apercu(self._desk)
        self.effet = label("", "secondaire", wrap=True)
        self.compte = label("", "secondaire")
        self.ligne = QWidget()
        self.ligne.setLayout(row(self.barre, None, self.compte))
        self.barre.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        texte = QWidget()
        inner = QVBoxLayout(texte)
        inner.setContentsMargins(0, 8, 0, 0)
        inner.setSpacing(4)
        for widget, stretch in ((self.objet, 0), (self.ligne, 0), (self.find_bar, 0), (self.editeur, 1),
                                (self.champ_bar, 0)):  # fmt: skip
            inner.addWidget(widget, stretch)
        self.editeur.setMinimumHeight(theme().px(160))
        self.tabs = QTabWidget()
        self.tabs.addTab(texte, "Texte")
        self.tabs.addTab(self.entete, "En-tête et envoi")
        self.tabs.addTab(self.pieces, "Pièces")
        self.voir = QToolButton()
        self.voir.setCheckable(True)
        self.voir.setText("Voir la page")
        self.voir.setProperty("role", "filtre")
        self.voir.setToolTip("Montrer la page de la lettre à la place de la liste")
        self.tabs.setCornerWidget(self.voir)
        name_tabs(self.tabs, "Parties de la lettre")
        below = Scroll((0, 0, 8, 0))
        below.column.addWidget(self.controles)
        below.column.addStretch(1)
        below.setMinimumHeight(theme().px(96))
        self.below = below
        self.gauche = QWidget()
        column = QVBoxLayout(self.gauche)
        column.setContentsMargins(8, 12, 8, 12)
        column.setSpacing(6)
        column.addWidget(self.effet)
        column.addWidget(self.tabs, 5)
        column.addWidget(below, 2)
        column.addWidget(self.envoi)
        self._connect()

    def _connect(self) -> None:
        for field in (self.editeur, self.objet):
            field.typed.connect(self._typed)
            field.rested.connect(self.flush)
            field.undone.connect(partial(self._undo, back=True))
            field.redone.connect(partial(self._undo, back=False))
            field.searched.connect(self.find_bar.begin)
        self.entete.changed.connect(self._typed)
        self.entete.left.connect(self.flush)
        self.pieces.changed.connect(self._set_pieces)
        self.pieces.cite.connect(self._cite)
        self.controles.go.connect(self.go)
        self.envoi.finalise.connect(self.finalise)
        self.apercu.came.connect(self._count)
        self.barre.phrases.connect(self._phrases)
        self.barre.kept.connect(self._keep_phrase)
        self.barre.typography.connect(self.review_typography)

    def _load(self, key: str | None) -> None:
        value = None
        if key is not None:
            try:
                value = courriers.get_courrier(self._desk.library, key)
            except AppError:
                value = None
        self.courrier = self._kept = value
        if value is None:
            self.contexte = self.lettre = None
            self.apercu.clear()
            return
        self._take_context(value)
        self._show()
        self._update()
        self.recheck()

    def _take_context(self, value: Courrier) -> None:
        """Read what the letter is set from; its signature, which is drawn elsewhere, comes a moment later."""
        before = self.contexte
        self.contexte = courriers.contexte_of(self._desk.library, value)
        if not value.signature:
            return
        if before is not None and before.signature is not None:
            self.contexte = replace(self.contexte, signature=before.signature)
        library, workers = self._desk.library, self._desk.workers

        def came(found: Contexte) -> None:
            if self.courrier is not None and (self.courrier.id, self.courrier.signature) == (value.id, value.signature):
                self.contexte = found
                self._update()

        self._desk.jobs.run(
            "Signature", lambda _progress: courriers.contexte_of(library, value, workers), came, quiet=True
        )

    def _show(self) -> None:
        """Put the letter in the fields."""
        value, contexte = self.courrier, self.contexte
        if value is None or contexte is None:
            return
        self._loading = True
        champs = contexte.champs(value)
        numeros = {piece.document_id: piece.numero for piece in contexte.pieces}
        for field in (self.editeur, self.objet):
            field.setReadOnly(not self.writable)
        self.editeur.show_corps(value.corps, champs, numeros)
        self.objet.show_objet(value.objet, champs)
        self.barre.setEnabled(self.writable)
        self.entete.show_courrier(value)
        self.pieces.show_pieces(value, contexte.pieces)
        self.envoi.show_courrier(value, to_rectify(self._desk.library, value.id))
        self.envoi.finalise_button.setEnabled(True)
        count = len(contexte.pieces)
        self.tabs.setTabText(2, f"Pièces ({count})" if count else "Pièces")
        modele = contexte.modele
        self.effet.setText(modele.effet if modele and self.writable else "")
        self.effet.setVisible(bool(self.effet.text()))
        self.below.setVisible(self.writable)
        self.controles.setVisible(self.writable)
        self._loading = False

    def _typed(self) -> None:
        """Take in a change of the user's, draw it at once, keep it in a moment."""
        if self._loading or self.courrier is None or not self.writable:
            return
        before = self.courrier
        value = self.entete.applied(replace(before, corps=self.editeur.corps(), objet=self.objet.objet()))
        if value == before:
            return
        self.courrier = value
        if (value.dossier_id, value.signature) != (before.dossier_id, before.signature):
            self._take_context(value)
            self._show()
        self._update()
        self._save.start()
        self._check.start()

    def _update(self) -> None:
        if self.courrier is None or self.contexte is None:
            return
        champs = self.contexte.champs(self.courrier)
        self.editeur.set_champs(champs)
        self.objet.set_champs(champs)
        self.lettre = self.contexte.lettre(self.courrier)
        if self.courrier.empreinte:
            self.apercu.show_pdf(self.courrier.empreinte)
        else:
            self.apercu.show_lettre(self.lettre)

    def _count(self) -> None:
        words = counted(word_count(self.lettre), "mot") if self.lettre else ""
        pages = len(self.apercu.rendu.pages)
        self.compte.setText(f"{words}, {counted(pages, 'page')}" if pages else words)

    def _set_pieces(self, ids: tuple[str, ...]) -> None:
        if self.courrier is not None and self.writable:
            self._replace(replace(self.courrier, pieces=ids))

    def _replace(self, value: Courrier) -> None:
        """Put another letter in place of the one shown, as one step."""
        self.flush()
        self.courrier = value
        self.flush()
        self._take_context(value)
        self._show()
        self._update()
        self.recheck()

    def _cite(self, document_id: str) -> None:
        self.tabs.setCurrentIndex(0)
        self.editeur.insert_piece(document_id)
        self.editeur.setFocus()

    def _phrases(self) -> None:
        self._verbs.manage_phrases(self._insert)

    def _insert(self, corps: tuple[Bloc, ...]) -> None:
        self.editeur.insert_blocs(corps)

    def _keep_phrase(self) -> None:
        self._verbs.keep_phrase(self.editeur.chosen())

    def _undo(self, *, back: bool) -> None:
        self.flush()
        try:
            library = self._desk.library
            done = library.undo() if back else library.redo()
        except AppError as error:
            self._desk.report(error)
            return
        if done:
            self._desk.messages.tell(f"{'Annulé' if back else 'Rétabli'}\u00a0: {done}.")
            self._desk.changes.flush()

    def _finalised(self, _value: Courrier) -> None:
        self.reload()
        self._desk.messages.tell("La lettre est finalisée et rangée dans vos papiers.", kind="success")

    def _not_finalised(self, error: Exception) -> None:
        self.envoi.finalise_button.setEnabled(True)
        self._desk.report(error)
