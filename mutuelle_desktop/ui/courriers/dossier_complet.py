"""« Dossier complet en PDF… »: for whom, what is in it, what is hidden, what a médiateur would miss; then the file."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from mutuelle_desktop.domain.courrier import EtatCourrier
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.etape import GenreEtape
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.services import courriers, dossier_complet, filtres, pieces
from mutuelle_desktop.services.courriers import FiltreCourriers
from mutuelle_desktop.services.dossier_complet import DossierComplet, Masque, Plan, Pour
from mutuelle_desktop.services.echeances import suivi_of
from mutuelle_desktop.services.plan_dossier import Element
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.courriers.fichiers import PDF, write_file
from mutuelle_desktop.ui.courriers.masques import MasquesDialog
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Scroll, button, chip, clear, label, row
from mutuelle_desktop.ui.widgets.fields import Choice
from mutuelle_desktop.ui.widgets.flow import Flow
from mutuelle_desktop.ui.widgets.order import Ordered

VERSIONS = {
    Pour.MUTUELLE: ("La mutuelle", "Sans vos notes ni ce que vous avez noté des appels."),
    Pour.MEDIATEUR: ("Le médiateur", "Sans vos notes, avec la liste de ce qu’il demande et où le trouver."),
    Pour.MOI: ("Moi", "Tout, avec vos notes."),
}
"""For whom, and what that changes."""


@dataclass(frozen=True, slots=True)
class Demande:
    """What the user asked for."""

    pour: Pour
    sans: frozenset[str]
    masques: dict[str, tuple[Masque, ...]]
    courrier_id: str | None


class DossierCompletDialog(Ordered, QDialog):
    """The choices of one file; what it will hold is shown as it is chosen."""

    def __init__(self, desk: Desk, parent: QWidget, dossier_id: str, pour: Pour = Pour.MUTUELLE) -> None:
        super().__init__(parent)
        self.setWindowTitle("Dossier complet en PDF")
        self._desk, self._dossier_id = desk, dossier_id
        self._sans: set[str] = set()
        self._masques: dict[str, tuple[Masque, ...]] = {}
        self._whole: Plan | None = None
        self.plan: Plan | None = None
        self.pour = Choice([(text, which) for which, (text, _words) in VERSIONS.items()], pour)
        self.pour.setAccessibleName("Pour qui")
        self.guide = Choice(self._letters())
        self.guide.setAccessibleName("Numéros des pièces")
        self.list = QListWidget()
        self.list.setAccessibleName("Ce que le dossier contient")
        self.list.setWordWrap(True)
        self.version = label("", "secondaire", wrap=True)
        self.told = label("", "secondaire", wrap=True)
        self.error = label("", "erreur", wrap=True)
        self.complete = QVBoxLayout()
        self.make = button("Faire le PDF…", self.accept, "principal", "exporter")
        self._build()
        self.pour.currentIndexChanged.connect(self.fill)
        self.guide.currentIndexChanged.connect(self.fill)
        self.list.itemChanged.connect(self._ticked)
        self.list.currentItemChanged.connect(self._grey)
        self.fill()

    def demande(self) -> Demande:
        """Return what was chosen."""
        kept = {key: found for key, found in self._masques.items() if found and key not in self._sans}
        return Demande(self.pour.value(), frozenset(self._sans), kept, self.guide.value())

    def fill(self) -> None:
        """Read again what the file may hold, for whom it is and whose numbers it has."""
        try:
            self._whole = self._plan(frozenset())
        except AppError as error:
            self._whole = None
            self.error.setText(str(error))
        self._refresh()

    def _refresh(self) -> None:
        """Show what is in it once what is unticked is left out."""
        self.plan = self._whole
        if self._whole is not None and self._sans:
            try:
                self.plan = self._plan(self._sans)
            except AppError:
                self.plan = None
                self.error.setText(_LEFT)
        self.error.setVisible(self.plan is None)
        self.version.setText(VERSIONS[self.pour.value()][1])
        self._list()
        self._completeness()
        self.make.setEnabled(self.plan is not None)

    def _plan(self, sans: Collection[str]) -> Plan:
        return dossier_complet.plan_of(
            self._desk.library, self._dossier_id, self.pour.value(), self._desk.today(), sans=sans,
            courrier_id=self.guide.value(),
        )  # fmt: skip

    @property
    def _elements(self) -> tuple[Element, ...]:
        """Return every paper, those left out too."""
        return self._whole.elements if self._whole else ()

    def shift(self, step: int) -> None:
        """Move a paper up or down in the dossier: its number follows."""
        key = self.current
        order = [p.ligne.id for p in pieces.pieces_of(self._desk.library, self._dossier_id)]
        shown = [e.document.id for e in self._elements if e.document.id in order]
        if key not in shown or not 0 <= shown.index(key) + step < len(shown):
            return
        place, before = shown.index(key), list(shown)
        shown[place], shown[place + step] = shown[place + step], shown[place]
        pieces.reorder_pieces(self._desk.library, self._dossier_id, shown)
        self.fill()
        self._choose(key)
        now = [e.document.id for e in self._elements if e.document.id in order]
        self.told.setText(_FOLLOWS if now == before else "")

    def hide_parts(self) -> None:
        """Ask what is hidden of the paper chosen."""
        key = self.current
        line = filtres.fetch(self._desk.library, [key]).get(key)
        if line is None:
            return
        dialog = MasquesDialog(self._desk, self, line, self._masques.get(key, ()))
        if self._desk.dialogs.run(dialog):
            self._masques[key] = dialog.masques()
            self._list()
        dialog.deleteLater()

    @property
    def current(self) -> str:
        """Return the id of the paper chosen, or nothing."""
        item = self.list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item else ""

    def _build(self) -> None:
        scroll = Scroll()
        column = scroll.column
        column.addWidget(label(_WORDS, wrap=True))
        for name, field in (("Pour qui", self.pour), ("Numéros des pièces", self.guide)):
            title = label(name, "fort")
            title.setBuddy(field)
            column.addWidget(title)
            column.addWidget(field)
            if field is self.pour:
                column.addWidget(self.version)
            if field is self.guide and field.count() < 2:
                title.hide()
                field.hide()
        column.addWidget(label("Ce que le dossier contient", "fort"))
        column.addWidget(label("Décochez ce que vous ne voulez pas donner.", "secondaire", wrap=True))
        self.list.setMinimumHeight(theme().px(190))
        column.addWidget(self.list, 1)
        self.up = button("Monter", lambda: self.shift(-1), "tampon")
        self.down = button("Descendre", lambda: self.shift(1), "tampon")
        self.cover = button("Masquer une partie…", self.hide_parts, "tampon", "oeil")
        tools = QWidget()
        tools.setLayout(Flow(self.up, self.down, self.cover, spacing=6))
        column.addWidget(tools)
        column.addWidget(self.told)
        column.addLayout(self.complete)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 16)
        layout.addWidget(scroll, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(24, 0, 24, 0)
        foot.addWidget(self.error)
        foot.addLayout(row(None, button("Annuler", self.reject), self.make))
        layout.addLayout(foot)
        room = self.screen().availableGeometry()
        self.resize(min(theme().px(640), room.width() - 60), min(theme().px(760), room.height() - 60))

    def _letters(self) -> list[tuple[str, str | None]]:
        """Return the letters whose enclosures may give the numbers."""
        found = courriers.list_courriers(self._desk.library, FiltreCourriers(dossier_id=self._dossier_id))
        held = [line for line in found if line.courrier.pieces and line.courrier.etat is not EtatCourrier.BROUILLON]
        named = [(f"Ceux de la lettre «\u00a0{line.titre}\u00a0»", line.id) for line in held]
        return [("Choisir pour moi", None), *named]

    def _list(self) -> None:
        kept = {e.document.id: e for e in self.plan.elements} if self.plan else {}
        wanted = self.current
        self.list.blockSignals(True)
        self.list.clear()
        for element in self._elements:
            key = element.document.id
            item = QListWidgetItem(self._words(kept.get(key), element))
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked if key in self._sans else Qt.CheckState.Checked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self._choose(wanted)
        self._grey()

    def _words(self, kept: Element | None, element: Element) -> str:
        """Return a line: its number, its title, its day, what is hidden of it."""
        said = [f"{kept.etiquette} – {kept.titre}" if kept else f"Laissé de côté\u00a0: {element.titre}"]
        said += [element.jour] if element.jour else []
        masques = self._masques.get(element.document.id, ())
        if masques:
            said.append(f"{fr.pluriel(len(masques), 'page')} avec un masque")
        return ", ".join(said)

    def _choose(self, key: str) -> None:
        for place, element in enumerate(self._elements):
            if element.document.id == key:
                self.list.setCurrentRow(place)

    def _completeness(self) -> None:
        clear(self.complete)
        plan = self.plan
        if plan is None or not plan.completude:
            return
        missing = len(plan.manques)
        head = f"{fr.pluriel(missing, 'point manque', 'points manquent')}" if missing else "Rien ne manque"
        self.complete.addWidget(label(f"Ce que le médiateur demande\u00a0: {head.lower()}", "fort", wrap=True))
        for line in sorted(plan.completude, key=lambda one: one.present):
            mark = chip("présent", "succes") if line.present else chip("manque", "alerte")
            self.complete.addLayout(row(mark, label(f"{line.quoi} — {line.ou}", wrap=True)))

    def _ticked(self, item: QListWidgetItem) -> None:
        key = str(item.data(Qt.ItemDataRole.UserRole))
        (self._sans.discard if item.checkState() is Qt.CheckState.Checked else self._sans.add)(key)
        self._refresh()

    def _grey(self) -> None:
        letters = {e.document.id for e in self.plan.lettres} if self.plan else set()
        chosen = self.current
        for made in (self.up, self.down):
            made.setEnabled(bool(chosen) and chosen not in letters)
        self.cover.setEnabled(bool(chosen))


_WORDS = (
    "Un seul PDF\u00a0: page de garde, sommaire, chronologie, lettres, puis chaque pièce numérotée et tamponnée sur chaque "
    "page. Les informations cachées dans les fichiers (lieu des photos, auteur, liens) sont retirées."
)
_FOLLOWS = "Les numéros sont ceux de la lettre choisie\u00a0: ils ne changent pas quand on déplace la pièce."
_LEFT = "Tout est laissé de côté\u00a0: cochez au moins un papier."


def make_dossier_complet(desk: Desk, parent: QWidget, dossier_id: str) -> None:
    """Ask what the file holds and where it goes, then make it in the background."""
    suivi = suivi_of(desk.library, dossier_id, desk.today())
    seizing = suivi.etape.genre in (GenreEtape.SAISIR_MEDIATEUR, GenreEtape.ATTENDRE_MEDIATEUR)
    dialog = DossierCompletDialog(desk, parent, dossier_id, Pour.MEDIATEUR if seizing else Pour.MUTUELLE)
    chosen, demande, plan = desk.dialogs.run(dialog), dialog.demande(), dialog.plan
    dialog.deleteLater()
    if not chosen or plan is None:
        return
    name = f"{plan.titre} pour {demande.pour}.pdf" if demande.pour is Pour.MOI else f"{plan.titre}, {demande.pour}.pdf"
    path = desk.dialogs.save_as(parent, "Enregistrer le dossier complet", name, PDF)
    if path is None:
        return
    path = path if path.suffix else path.with_suffix(".pdf")
    today = desk.today()

    def work(progress: Progress) -> DossierComplet:
        made = dossier_complet.dossier_complet(
            desk.library, desk.workers, dossier_id, demande.pour, today, masques=demande.masques, sans=demande.sans,
            courrier_id=demande.courrier_id, progress=progress,
        )  # fmt: skip
        write_file(path, made.contenu)
        return made

    desk.jobs.run("Dossier complet", work, lambda made: _tell(desk, path, made))


def _tell(desk: Desk, path: Path, made: DossierComplet) -> None:
    counted = f"{fr.pluriel(made.pages, 'page')}, {fr.pluriel(made.pieces, 'pièce')}"
    words = f"«\u00a0{path.name}\u00a0» est prêt\u00a0: {counted}, {fr.taille(len(made.contenu))}."
    said: Sequence[str] = (words, *made.avis)
    desk.messages.tell(
        " ".join(said), "Ouvrir le fichier", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))),
        kind="warning" if made.avis else "success",
    )  # fmt: skip
