"""« Que voulez-vous obtenir ? »: the right letter by need, by family, or by the next step of a dossier."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractItemView, QDialog, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from mutuelle_desktop.domain.courrier import Courrier, jour_en_lettres
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.modele import GenreSaisie, Modele, Saisie
from mutuelle_desktop.domain.modele_perso import ModelePerso
from mutuelle_desktop.services import courriers, dossiers, modeles
from mutuelle_desktop.services.champs import champs_of, read_situation
from mutuelle_desktop.services.faits import read_cas
from mutuelle_desktop.services.questions import euros
from mutuelle_desktop.ui.courriers.verbs import CourrierVerbs
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import multiline
from mutuelle_desktop.ui.rows import KEY, ROW, Line, RowsModel
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Card, Scroll, button, chip, clear, label, row
from mutuelle_desktop.ui.widgets.fields import Choice, DateField, MoneyField, SearchField
from mutuelle_desktop.ui.widgets.flow import Columns, Panes
from mutuelle_desktop.ui.widgets.lines import GROUP, GroupedDelegate, lines_view
from mutuelle_desktop.ui.widgets.order import Ordered

LIBRE = "libre"
PROPOSE = "pour/"
"""What the id of a row begins with when a dossier proposes it."""
_AUCUN = "Aucun dossier"


@dataclass(frozen=True, slots=True)
class Offre:
    """One row: a model (None for a free letter or the title of a family), and why it is proposed."""

    id: str
    titre: str
    second: str = ""
    modele: Modele | None = None
    groupe: bool = False


class ChoixDialog(Ordered, QDialog):
    """Chooses a letter and begins it; begun is called with the draft."""

    def __init__(self, desk: Desk, parent: QWidget, dossier_id: str | None, begun: Callable[[Courrier], None]) -> None:
        super().__init__(parent)
        self._desk, self._begun = desk, begun
        self._fields: dict[str, QWidget] = {}
        self.setWindowTitle("Nouvelle lettre")
        self.search = SearchField("Que voulez-vous obtenir\u00a0?")
        self.search.changed.connect(self._fill)
        rows = [(one.complet, one.id) for one in dossiers.intitules(desk.library)]
        self.dossier = Choice([(_AUCUN, None), *rows], dossier_id)
        self.dossier.setAccessibleName("Dossier")
        self.dossier.setMinimumContentsLength(28)
        self.dossier.currentIndexChanged.connect(self._on_dossier)
        self.model = RowsModel(_line)
        self.view = lines_view(self.model)
        self.view.setItemDelegate(GroupedDelegate(self.view))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setAccessibleName("Lettres")
        self.view.selectionModel().currentChanged.connect(self._show)
        self.view.doubleClicked.connect(self.begin)
        self.detail = Scroll((16, 4, 8, 8))
        self.error = label("", "erreur", wrap=True)
        self.error.hide()
        self.begin_button = button("Écrire cette lettre", self.begin, "principal")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.addWidget(label("Que voulez-vous obtenir\u00a0?", "titre"))
        layout.addWidget(Columns(620, (self.search, 3), (self.dossier, 2)))
        panes = Panes(560, (self.view, 5, 220), (self.detail, 5, 240))
        layout.addWidget(panes, 1)
        layout.addWidget(self.error)
        own = button("Mes modèles…", self._own_models, "discret")
        layout.addLayout(row(own, None, button("Annuler", self.reject), self.begin_button))
        self._fill()
        self.search.setFocus()

    def sizeHint(self) -> QSize:  # noqa: D102 - Qt's
        screen = self.screen().availableGeometry()
        return QSize(min(theme().px(980), screen.width() - 80), min(theme().px(680), screen.height() - 80))

    def choose(self, key: str) -> None:
        """Go to a model by its id."""
        self.view.setCurrentIndex(self.model.index_of(key))

    def current(self) -> Offre | None:
        """Return the letter one is on."""
        found = self.view.currentIndex().data(ROW)
        return found if isinstance(found, Offre) and not found.groupe else None

    def begin(self) -> None:
        """Begin the letter with what was filled in."""
        offre = self.current()
        if offre is None:
            return
        try:
            saisies = {nom: _value(field) for nom, field in self._fields.items()}
            modele = offre.modele.id if offre.modele else ""
            new = courriers.create_courrier(
                self._desk.library,
                today=self._desk.today(),
                modele=modele,
                dossier_id=self.dossier.value(),
                saisies=saisies,
            )
        except AppError as error:
            self.error.setText(str(error))
            self.error.show()
            return
        self.accept()
        self._begun(new)

    def _own_models(self) -> None:
        """Show the user's own models, to be made, copied from those that ship, or chosen."""
        CourrierVerbs(self._desk, self).manage_models(self._take)
        self._fill()

    def _take(self, key: str) -> None:
        self.search.clear()
        self._fill()
        self.choose(key)

    def _on_dossier(self) -> None:
        self._fill()

    def _fill(self, _mots: str = "") -> None:
        mots = self.search.text()
        kept = self.view.currentIndex().data(KEY)
        rows = offres(self._desk, mots, self.dossier.value())
        self.model.set_rows(rows)
        wanted = kept if kept and not mots and self.model.index_of(kept).isValid() else None
        first = next((row.id for row in rows if not row.groupe), None)
        self.choose(wanted or first or "")
        self._show()

    def _show(self) -> None:
        """Show what a letter is for, what it does to the clocks, what it asks and what it says."""
        clear(self.detail.column)
        self._fields = {}
        offre = self.current()
        self.begin_button.setEnabled(offre is not None)
        if offre is None:
            return
        column, modele = self.detail.column, offre.modele
        column.addWidget(label(offre.titre if modele is None else modele.titre, "carte-titre", wrap=True))
        if offre.second:
            column.addWidget(label(offre.second, "secondaire", wrap=True))
        if modele is None:
            column.addWidget(label("Une page à vous\u00a0: en-tête et références remplis, texte libre.", wrap=True))
            column.addStretch(1)
            return
        if modele.reclamation:
            column.addLayout(row(chip("réclamation écrite", "info"), None))
        effet = Card(role="encart")
        effet.body.addWidget(label("Effet sur les délais", "fort"))
        effet.body.addWidget(label(modele.effet, wrap=True))
        effet.body.addWidget(label(f"Envoi conseillé\u00a0: {modele.canal}.", "secondaire", wrap=True))
        column.addWidget(effet)
        self._ask(modele)
        self._laws(modele)
        column.addWidget(label("Ce que dit la lettre", "fort"))
        for text in modeles.plan(modele):
            column.addWidget(label(text, "secondaire", wrap=True))
        column.addStretch(1)

    def _laws(self, modele: Modele) -> None:
        """Show the texts it may cite, with the day each was checked; those to check again stand out."""
        line = dossiers.ligne(self._desk.library, self.dossier.value()) if self.dossier.value() else None
        organisme = None
        if line is not None:
            with self._desk.library.read() as db:
                cas = read_cas(db, line.id)
                organisme = cas.mutuelle.nature if cas.mutuelle else None
        today = self._desk.today()
        again = modeles.a_revoir(modele, organisme, today)
        for reference in modele.references_for(organisme):
            words = ", ".join(part for part in (reference.texte, reference.article, reference.mention(today)) if part)
            mark = chip("à revoir", "alerte") if reference in again else None
            self.detail.column.addLayout(row(*([mark] if mark else []), label(words, "secondaire", wrap=True), None))

    def _ask(self, modele: Modele) -> None:
        """Ask what the dossier does not tell; nothing is required now: what is missing stays in red in the letter."""
        known = known_of(self._desk, self.dossier.value(), modele)
        asked = [saisie for saisie in modele.saisies if not known.get(saisie.nom)]
        if not asked:
            return
        self.detail.column.addWidget(label("Ce que le dossier ne dit pas encore", "fort"))
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for saisie in asked:
            field = self._field(saisie)
            name = saisie.libelle if saisie.obligatoire else f"{saisie.libelle} (facultatif)"
            made = label(name)
            made.setBuddy(field)
            field.setAccessibleName(saisie.libelle)
            field.setToolTip(saisie.aide)
            form.addRow(made, field)
            self._fields[saisie.nom] = field
        self.detail.column.addLayout(form)

    def _field(self, saisie: Saisie) -> QWidget:
        if saisie.genre is GenreSaisie.DATE:
            return DateField(None, self._desk.today())
        if saisie.genre is GenreSaisie.MONTANT:
            return MoneyField(None)
        if saisie.genre is GenreSaisie.CHOIX:
            return Choice([("", ""), *((text, text) for text in saisie.choix)], saisie.defaut)
        if saisie.aide:
            field = multiline(saisie.defaut, 2)
            field.setPlaceholderText(saisie.aide)
            return field
        return QLineEdit(saisie.defaut)


def offres(desk: Desk, mots: str, dossier_id: str | None) -> list[Offre]:
    """Return the letters for some words: those of the dossier's next step first, then family by family."""
    rows: list[Offre] = []
    if not mots.strip():
        if dossier_id:
            proposed = modeles.propose(desk.library, dossier_id, desk.today())
            rows += _group("Pour ce dossier", [
                Offre(f"{PROPOSE}{p.modele.id}", p.modele.besoin, p.raison, p.modele) for p in proposed
            ])  # fmt: skip
        rows += _group("Mes modèles", [Offre(m.id, m.besoin, m.titre, m) for m in _own(desk)])
    found = modeles.for_need(mots)
    own = [m for m in _own(desk) if mots.strip() and mots.casefold() in f"{m.besoin} {m.titre}".casefold()]
    if mots.strip():
        return [Offre(m.id, m.besoin, f"{m.titre} ({m.famille})", m) for m in (*own, *found)] or [_free()]
    families = dict.fromkeys(m.famille for m in found)
    for famille in families:
        rows += _group(famille, [Offre(m.id, m.besoin, m.titre, m) for m in found if m.famille == famille])
    return [*rows, *_group("Autre", [_free()])]


def known_of(desk: Desk, dossier_id: str | None, modele: Modele) -> dict[str, str | None]:
    """Return the fields the dossier tells by itself."""
    with desk.library.read() as db:
        situation = read_situation(db, read_cas(db, dossier_id) if dossier_id else None)
        return {nom: champ.valeur for nom, champ in champs_of(situation, {}, modele.obligatoires).items()}


def _own(desk: Desk) -> list[Modele]:
    with desk.library.read() as db:
        return [modeles.modele_of(perso) for perso in db.all(ModelePerso)]


def _free() -> Offre:
    return Offre(LIBRE, "Écrire une lettre libre", "Aucun modèle")


def _group(name: str, rows: list[Offre]) -> list[Offre]:
    return [Offre(f"groupe/{name}", name, groupe=True), *rows] if rows else []


def _line(offre: Offre) -> Line:
    if offre.groupe:
        return Line(offre.titre, genre=GROUP)
    complaint = offre.modele is not None and offre.modele.reclamation
    shape = "losange/accent" if offre.id.startswith(PROPOSE) else "rond/neutre"
    return Line(offre.titre, offre.second, "réclamation" if complaint else "", "info", shape)


def _value(field: QWidget) -> str:
    """Return what a field says, as a letter writes it."""
    if isinstance(field, DateField):
        day = field.value()
        return jour_en_lettres(day) if day else ""
    if isinstance(field, MoneyField):
        return euros(field.value()) or ""
    if isinstance(field, Choice):
        return str(field.value() or "")
    text: str = field.toPlainText() if hasattr(field, "toPlainText") else field.text()  # type: ignore[attr-defined]
    return text.strip()
