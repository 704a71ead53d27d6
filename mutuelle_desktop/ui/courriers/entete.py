"""What surrounds the body: whom it is for, references, place and date, salutation, closing, how it leaves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QMenu, QPlainTextEdit, QWidget

from mutuelle_desktop.domain.adresse import adresse_normee
from mutuelle_desktop.domain.contrat import Contact, Mutuelle
from mutuelle_desktop.domain.courrier import Courrier
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Canal
from mutuelle_desktop.services import dossiers
from mutuelle_desktop.services.champs import mediateur_of
from mutuelle_desktop.services.documents import Filtre, document_ids, fetch
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import multiline
from mutuelle_desktop.ui.widgets.basics import Scroll, button, label
from mutuelle_desktop.ui.widgets.fields import Choice, DateField
from mutuelle_desktop.ui.widgets.flow import Flow

AILLEURS = "Aucun dossier"
_MAIN = "À la main, après l’impression"


class EnTete(Scroll):
    """The form of all that is not the body; changed tells that the user changed something, left that a field is left."""

    changed = Signal()
    left = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__((4, 8, 12, 8))
        self._desk = desk
        self._quiet = False
        self._courrier: Courrier | None = None
        self._form = QFormLayout()
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        self._form.setVerticalSpacing(6)
        self._build()
        self.column.addLayout(self._form)
        self.column.addStretch(1)

    def show_courrier(self, courrier: Courrier) -> None:
        """Show what a letter says around its body."""
        self._quiet = True
        self._courrier = courrier
        writable = courrier.etat == "brouillon"
        _text(self.destinataire, "\n".join(courrier.destinataire))
        _text(self.references, "\n".join(f"{name}\u00a0: {value}" for name, value in courrier.references))
        for field, value in ((self.lieu, courrier.lieu), (self.jour, fr.jour_court(courrier.jour)),
                             (self.appel, courrier.appel), (self.formule, courrier.formule),
                             (self.copie_a, courrier.copie_a)):  # fmt: skip
            if field.text() != value and not (field.hasFocus() and writable):
                field.setText(value)
        for choice, choices, chosen in ((self.dossier, self._dossiers(), courrier.dossier_id),
                                        (self.signature, self._signatures(courrier.signature), courrier.signature)):  # fmt: skip
            _fill(choice, choices, chosen)
        self.canal.choose(courrier.canal)
        for made in self.findChildren(QWidget):
            if isinstance(made, (QLineEdit, QPlainTextEdit)):
                made.setReadOnly(not writable)
            elif isinstance(made, QComboBox):
                made.setEnabled(writable)
        self.sous.setVisible(writable)
        self._remark()
        self._quiet = False

    def applied(self, courrier: Courrier) -> Courrier:
        """Return a letter with what the form says; a day that is not understood stays as it was."""
        lines = [line.strip() for line in self.destinataire.toPlainText().split("\n")]
        return replace(
            courrier,
            dossier_id=self.dossier.value(),
            destinataire=tuple(line for line in lines if line),
            references=tuple(_references(self.references.toPlainText())),
            lieu=self.lieu.text().strip(),
            jour=self._jour(courrier.jour),
            appel=self.appel.text().strip(),
            formule=self.formule.text().strip(),
            copie_a=self.copie_a.text().strip(),
            canal=self.canal.value(),
            signature=self.signature.value() or "",
        )

    def go(self, ou: str) -> bool:
        """Go to the field a remark is about; tell whether it is here."""
        field = {
            "destinataire": self.destinataire, "date": self.jour, "envoi": self.canal, "signature": self.signature,
            "médiateur": self.dossier, "expéditeur": self.dossier,
        }.get(ou)  # fmt: skip
        if field is None:
            return False
        self.ensureWidgetVisible(field)
        field.setFocus()
        return True

    def _build(self) -> None:
        self.dossier = Choice([(AILLEURS, None)])
        self.destinataire = multiline("", 6)
        self.adresse = label("", "secondaire", wrap=True)
        self.norme = button("Mettre à la norme postale", self._set_norm, "lien")
        self.carnet = button("Choisir une adresse…", lambda: None, "lien")
        self.carnet.clicked.connect(self._choose_address)
        self.sous = QWidget()
        self.sous.setLayout(Flow(self.carnet, self.norme, spacing=4))
        self.references = multiline("", 4)
        self.lieu = QLineEdit()
        self.jour = DateField(None, self._desk.today())
        self.canal = Choice([(fr.majuscule(str(canal)), canal) for canal in Canal if canal is not Canal.TELEPHONE])
        self.appel, self.formule, self.copie_a = QLineEdit(), QLineEdit(), QLineEdit()
        self.signature = Choice([(_MAIN, "")])
        rows: tuple[tuple[str, QWidget], ...] = (
            ("Dossier", self.dossier), ("Destinataire", self.destinataire), ("", self.adresse), ("", self.sous),
            ("Envoi", self.canal), ("Lieu", self.lieu), ("Date", self.jour), ("Références", self.references),
            ("Formule d’appel", self.appel), ("Formule de politesse", self.formule), ("Copie à", self.copie_a),
            ("Signature", self.signature),
        )  # fmt: skip
        for name, field in rows:
            made = label(name)
            made.setBuddy(field)
            if name:
                field.setAccessibleName(name)
                self._form.addRow(made, field)
            else:
                self._form.addRow(field)
            if isinstance(field, QLineEdit):
                field.textEdited.connect(self._tell)
                field.editingFinished.connect(self.left)
            elif isinstance(field, QPlainTextEdit):
                field.textChanged.connect(self._tell)
            elif isinstance(field, QComboBox):
                field.currentIndexChanged.connect(self._chosen)
        self.references.setPlaceholderText("N° d’adhérent\u00a0: 123456")
        self.signature.setToolTip("Une image de vos papiers dont le titre contient «\u00a0signature\u00a0».")

    def _tell(self) -> None:
        if not self._quiet:
            self._remark()
            self.changed.emit()

    def _chosen(self) -> None:
        if not self._quiet:
            self.changed.emit()
            self.left.emit()

    def _remark(self) -> None:
        lines = [line for line in self.destinataire.toPlainText().split("\n") if line.strip()]
        normed, remarks = adresse_normee(lines)
        self.adresse.setText(" ".join(remarks))
        self.adresse.setVisible(bool(lines) and bool(remarks))
        self.norme.setEnabled(tuple(lines) != normed)

    def _set_norm(self) -> None:
        normed, _remarks = adresse_normee(self.destinataire.toPlainText().split("\n"))
        self.destinataire.setPlainText("\n".join(normed))
        self.left.emit()

    def _choose_address(self, _checked: bool = False) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        found = addresses(self._desk)
        for name, lines in found:
            menu.addAction(name.replace("&", "&&")).triggered.connect(partial(self._take_address, lines))
        if not found:
            menu.addAction("Aucune adresse dans vos contrats").setEnabled(False)
        menu.popup(self.carnet.mapToGlobal(self.carnet.rect().bottomLeft()))

    def _take_address(self, lines: Sequence[str], _checked: bool = False) -> None:
        self.destinataire.setPlainText("\n".join(adresse_normee(lines)[0]))
        self.left.emit()

    def _jour(self, before: date) -> date:
        try:
            return self.jour.value() or before
        except Refused:
            return before

    def _dossiers(self) -> list[tuple[str, str | None]]:
        held = self._courrier.dossier_id if self._courrier else None
        found: list[tuple[str, str | None]] = [(d.complet, d.id) for d in dossiers.intitules(self._desk.library)]
        if held and held not in [key for _name, key in found]:
            line = dossiers.ligne(self._desk.library, held)
            found.append((line.dossier.titre if line else "Dossier", held))
        return [(AILLEURS, None), *found]

    def _signatures(self, held: str) -> list[tuple[str, str]]:
        library = self._desk.library
        ids = document_ids(library, Filtre(mots="signature"))[:20]
        if held and held not in ids:
            ids = [*ids, held]
        return [(_MAIN, ""), *((line.document.titre, key) for key, line in fetch(library, ids).items())]


def addresses(desk: Desk) -> list[tuple[str, tuple[str, ...]]]:
    """Return the addresses of the household's mutuelles, of their services and of their médiateurs, each with its name."""
    found = []
    with desk.library.read() as db:
        for mutuelle in db.all(Mutuelle):
            services = [c for c in db.all(Contact) if c.mutuelle_id == mutuelle.id]
            for name, address in (
                (mutuelle.nom, mutuelle.adresse),
                *((f"{mutuelle.nom}, {c.nom}", c.adresse) for c in services),
            ):
                if address.strip():
                    found.append((name, (*name.split(", ", 1), *address.split("\n"))))
            mediateur, lines = mediateur_of(mutuelle)
            if lines:
                found.append((mediateur, (mediateur, *lines)))
    return found


def _references(text: str) -> Sequence[tuple[str, str]]:
    found = []
    for line in text.split("\n"):
        name, sign, value = line.partition(":")
        if sign and value.strip():
            found.append((name.strip(" \u00a0"), value.strip(" \u00a0")))
        elif line.strip():
            found.append(("Référence", line.strip()))
    return found


def _text(field: QPlainTextEdit, text: str) -> None:
    if not field.hasFocus() and field.toPlainText() != text:
        field.setPlainText(text)


def _fill(choice: Choice, choices: Sequence[tuple[str, object]], chosen: object) -> None:
    """Give a choice its values anew, when they are not those it has."""
    choice.set_choices(choices)
    choice.choose(chosen)
