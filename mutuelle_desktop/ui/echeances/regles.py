"""« Règles et délais… »: every rule with its source, what the user changed, and the days of the household."""

from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QItemSelection, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.domain.calendrier import Foyer, Zone, delai_en_lettres
from mutuelle_desktop.domain.contrat import Mutuelle
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.regle import Regle, Surcharge
from mutuelle_desktop.services import contrats, dossiers
from mutuelle_desktop.services.calendriers import MARGE_MAX, delete_surcharge, get_foyer, save_foyer, surcharges
from mutuelle_desktop.services.echeances import regles
from mutuelle_desktop.storage.index import fold
from mutuelle_desktop.storage.library import Entry
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.echeances.forms import rule_form
from mutuelle_desktop.ui.echeances.lignes import COULEURS, FORMES
from mutuelle_desktop.ui.messages import Messages
from mutuelle_desktop.ui.rows import ROW, Line, RowsModel
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Card, Scroll, button, chip, clear, label, row
from mutuelle_desktop.ui.widgets.fields import Choice, SearchField
from mutuelle_desktop.ui.widgets.flow import Flow, Panes
from mutuelle_desktop.ui.widgets.lines import GroupedDelegate, lines_view
from mutuelle_desktop.ui.widgets.order import Ordered

LARGE = 150
"""Size of the text, in per cent, from which the days of the household scroll with the rules."""


@dataclass(frozen=True, slots=True)
class LigneRegle:
    """One rule with the delays the user put in its place, each with whom it is for."""

    id: str
    regle: Regle
    propres: tuple[tuple[Surcharge, str], ...] = ()


class ReglesDialog(Ordered, QDialog):
    """The rules at the left, one of them at the right, the days of the household above."""

    def __init__(self, desk: Desk, parent: QWidget | None, regle_id: str | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Règles et délais")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._mots = desk, ""
        self.messages = Messages()
        self.model = RowsModel(_line)
        self.search = SearchField("Chercher une règle")
        self.search.changed.connect(self._searched)
        self.view = lines_view(self.model)
        self.view.setItemDelegate(GroupedDelegate(self.view))
        self.view.setAccessibleName("Règles")
        self.view.selectionModel().selectionChanged.connect(self._on_selection)
        self.detail = Scroll((16, 4, 8, 8))
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.search)
        column.addWidget(self.view, 1)
        self.close_button = button("Fermer", self.accept)
        household, large = self._household(), theme().echelle >= LARGE
        if large:
            column.insertWidget(0, household)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        if not large:
            layout.addWidget(household)
        layout.addWidget(Panes(620, (left, 5, 460 if large else 300), (self.detail, 6, 360)), 1)
        layout.addWidget(self.messages)
        layout.addLayout(row(None, self.close_button))
        desk.changes.happened.connect(self._on_change)
        self.refresh()
        wanted = self.model.index_of(regle_id) if regle_id else self.model.index(0)
        self.view.setCurrentIndex(wanted if wanted.isValid() else self.model.index(0))

    def refresh(self) -> None:
        """Show the rules as they stand now."""
        current = self.view.currentIndex().data(ROW)
        rows = [found for found in _rows(self._desk) if _matches(found, self._mots)]
        self.model.set_rows(rows)
        if not self.view.currentIndex().isValid() and rows:
            self.view.setCurrentIndex(self.model.index(0))
        elif current is not None:
            self._show(self.view.currentIndex().data(ROW))
        if not rows:
            self._show(None)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        room = QApplication.primaryScreen().availableGeometry()
        self.resize(min(theme().px(900), room.width() - 80), min(theme().px(680), room.height() - 80))
        super().showEvent(event)

    def _household(self) -> Card:
        card = Card("Les jours de votre foyer")
        held = get_foyer(self._desk.library)
        self.zone = Choice([(fr.majuscule(str(zone)), zone) for zone in Zone], held.zone)
        self.zone.setAccessibleName("Jours fériés de")
        self.zone.currentIndexChanged.connect(self._save_days)
        margins = [(fr.pluriel(n, "jour ouvré", "jours ouvrés"), n) for n in range(MARGE_MAX + 1)]
        self.marge = Choice(margins, held.marge_postale)
        self.marge.setAccessibleName("Marge pour la poste")
        self.marge.currentIndexChanged.connect(self._save_days)
        parts = []
        for name, field in (("Jours fériés de", self.zone), ("Marge pour la poste", self.marge)):
            part = QWidget()
            line = row(label(name), field)
            line.setContentsMargins(0, 0, 0, 0)
            part.setLayout(line)
            parts.append(part)
        card.body.addLayout(Flow(*parts, spacing=24))
        words = "Un courrier à envoyer avant une limite est proposé autant de jours ouvrés plus tôt."
        card.body.addWidget(label(words, "secondaire", wrap=True))
        return card

    def _show(self, found: LigneRegle | None) -> None:
        column = self.detail.column
        clear(column)
        if found is None:
            column.addWidget(label("Aucune règle ne correspond. Essayez moins de mots.", "soustitre", wrap=True))
            column.addLayout(row(button("Toutes les règles", self.search.clear), None))
            column.addStretch(1)
            return
        regle = found.regle
        column.addWidget(label(regle.titre, "carte-titre", wrap=True, selectable=True))
        chips = [chip(str(regle.nature)), chip(str(regle.role))]
        if regle.incertaine:
            chips.append(chip("à vérifier", "alerte"))
        column.addLayout(Flow(*chips, spacing=6))
        column.addWidget(label(f"Délai de la règle\u00a0: {_delay(regle)}", "fort", wrap=True))
        column.addWidget(label(regle.explication, wrap=True))
        if regle.consequence:
            column.addWidget(label(f"Si rien n’est fait\u00a0: {regle.consequence}", wrap=True))
        check = "à vérifier\u00a0: lue" if regle.incertaine else "vérifiée"
        source = f"Source\u00a0: {regle.source}, {check} le {fr.jour(regle.verifie_le)}."
        column.addWidget(label(source, "secondaire", wrap=True, selectable=True))
        for surcharge, scope in found.propres:
            column.addWidget(self._own(surcharge, scope))
        if regle.delai is None:
            words = (
                "Cette date vient du fait lui-même (un courrier, un contrat)\u00a0: il n’y a pas de délai à changer."
            )
            column.addWidget(label(words, "secondaire", wrap=True))
        else:
            line = QWidget()
            line.setLayout(Flow(button("Changer ce délai…", partial(self._change, regle.id, None))))
            column.addWidget(line)
        column.addStretch(1)

    def _own(self, surcharge: Surcharge, scope: str) -> Card:
        card = Card(role="carte-accent")
        card.body.addWidget(
            label(f"Vous avez choisi {delai_en_lettres(surcharge.delai, surcharge.unite)}", "fort", wrap=True)
        )
        reason = f" — {surcharge.raison}" if surcharge.raison else ""
        card.body.addWidget(label(f"{scope}{reason}", "secondaire", wrap=True))
        card.body.addLayout(
            Flow(
                button("Modifier…", partial(self._change, surcharge.regle, surcharge)),
                button("Revenir à la règle", partial(self._reset, surcharge)),
            )
        )
        return card

    def _change(self, regle_id: str, held: Surcharge | None) -> None:
        mutuelle, dossier = (held.mutuelle_id, held.dossier_id) if held else (None, None)
        form = rule_form(self._desk, self, regle_id, mutuelle_id=mutuelle, dossier_id=dossier)
        if self._desk.dialogs.run(form):
            self._told("Délai changé\u00a0: toutes les dates qui en dépendent sont recalculées.")

    def _reset(self, surcharge: Surcharge) -> None:
        delete_surcharge(self._desk.library, surcharge.id)
        self._told("Le délai de la règle est de retour.")

    def _save_days(self, _changed: int) -> None:
        try:
            save_foyer(self._desk.library, replace(Foyer(), zone=self.zone.value(), marge_postale=self.marge.value()))
        except AppError as error:
            self.messages.tell(str(error), kind="error")

    def _told(self, text: str) -> None:
        self._desk.changes.flush()
        self.messages.tell(text, "Annuler", self._undo, kind="success")

    def _undo(self) -> None:
        self._desk.library.undo()
        self._desk.changes.flush()

    def _searched(self, mots: str) -> None:
        self._mots = mots
        self.refresh()

    def _on_selection(self, _chosen: QItemSelection, _left: QItemSelection) -> None:
        self._show(self.view.currentIndex().data(ROW))

    def _on_change(self, entry: Entry) -> None:
        if entry.touches(Foyer):
            held = get_foyer(self._desk.library)
            for field in (self.zone, self.marge):
                field.blockSignals(True)
            self.zone.choose(held.zone)
            self.marge.choose(held.marge_postale)
            for field in (self.zone, self.marge):
                field.blockSignals(False)
        if entry.touches(Surcharge, Mutuelle, Dossier):
            self.refresh()


def regles_dialog(desk: Desk, parent: QWidget | None, regle_id: str | None = None) -> ReglesDialog:
    """Return the dialog of every rule, opened on one of them."""
    return ReglesDialog(desk, parent, regle_id)


def _rows(desk: Desk) -> list[LigneRegle]:
    library, today = desk.library, desk.today()
    names = {one.id: one.nom for one in contrats.list_mutuelles(library)}
    own: dict[str, list[tuple[Surcharge, str]]] = {}
    for one in surcharges(library):
        own.setdefault(one.regle, []).append((one, _scope(desk, one, names)))
    shipped = regles(library).with_surcharges(())
    ids = dict.fromkeys(regle.id for regle in shipped.all())
    return [LigneRegle(key, shipped.at(key, today), tuple(own.get(key, ()))) for key in ids]


def _scope(desk: Desk, one: Surcharge, names: dict[str, str]) -> str:
    if one.dossier_id:
        line = dossiers.ligne(desk.library, one.dossier_id)
        return f"Pour le dossier «\u00a0{line.dossier.titre}\u00a0»" if line else "Pour un dossier"
    if one.mutuelle_id:
        return f"Pour toute demande à {names.get(one.mutuelle_id, 'une mutuelle')}"
    return "Pour toutes les mutuelles"


def _matches(row: LigneRegle, mots: str) -> bool:
    held = fold(f"{row.regle.titre} {row.regle.nature} {row.regle.role} {row.regle.source} {row.regle.explication}")
    return all(fold(mot) in held for mot in mots.split())


def _delay(regle: Regle) -> str:
    return regle.delai_en_lettres or "la date que le fait donne"


def _line(row: LigneRegle) -> Line:
    regle = row.regle
    second = " · ".join((_delay(regle), str(regle.nature), f"vérifiée le {fr.jour_court(regle.verifie_le)}"))
    puce, genre = ("à vérifier", "alerte") if regle.incertaine else ("", "neutre")
    if row.propres:
        puce, genre = "changée par vous", "info"
    return Line(regle.titre, second, puce, genre, f"{FORMES[regle.role]}/{COULEURS[regle.role]}")
