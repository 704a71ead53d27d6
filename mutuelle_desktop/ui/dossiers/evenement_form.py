"""The form of one event: it asks only for what an event of that nature has."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from mutuelle_desktop.domain.evenement import FAMILLES, Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.services import dossiers
from mutuelle_desktop.services.documents import pieces_of
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import FormDialog, multiline
from mutuelle_desktop.ui.widgets.fields import Choice, DateField, MoneyField, TimeField

Keep = Callable[[Evenement], None]
_N = NatureEvenement
_ANSWERS = (*FAMILLES["Réponses de la mutuelle"], _N.PROPOSITION)
_SILENT = (
    _N.NOTE, _N.SOINS, _N.DECOMPTE_SECU, *FAMILLES["Vie d’un recommandé"], *FAMILLES["Contrat et situation"],
    _N.ACHAT_OPTIQUE, _N.ACHAT_AUDIO, _N.ORDONNANCE_LUNETTES,
)  # fmt: skip
"""Natures where nobody speaks: no hour, no name, no number."""
_SENT = (
    _N.FEUILLE_SOINS, _N.DEMANDE, _N.COMPLEMENT, _N.RELANCE, _N.RECLAMATION, _N.MISE_EN_DEMEURE, _N.SAISINE,
    _N.CONCILIATION, _N.RESILIATION,
)  # fmt: skip
_PROMISING = (_N.ECHANGE, *_SENT, *_ANSWERS)
_FOLLOWING = (
    *_ANSWERS,
    *FAMILLES["Vie d’un recommandé"],
    _N.SAISINE_RECUE,
    _N.SAISINE_NOTIFIEE,
    _N.SAISINE_IRRECEVABLE,
)


class EvenementForm(QObject):
    """The fields of one event, shown or hidden by its nature."""

    def __init__(self, desk: Desk, parent: QWidget, start: Evenement, keep: Keep) -> None:
        self.form = FormDialog(parent, "Noter ce qui s’est passé", self._save)
        super().__init__(self.form)
        self._desk, self._start, self._keep = desk, start, keep
        self._build()
        self._fit()

    def _build(self) -> None:
        start, today = self._start, self._desk.today()
        groups = {name: [(fr.majuscule(str(n)), n) for n in natures] for name, natures in FAMILLES.items()}
        self.nature = Choice.grouped(groups, start.nature)
        self.nature.currentIndexChanged.connect(self._fit)
        self.le, self.heure = DateField(start.le, today), TimeField(start.heure)
        self.canal = Choice([("—", None), *((fr.majuscule(str(c)), c) for c in Canal)], start.canal)
        self.recu = QCheckBox("C’est la mutuelle qui m’a contacté")
        self.recu.setChecked(start.sens is Sens.RECU)
        self.interlocuteur, self.numero = QLineEdit(start.interlocuteur), QLineEdit(start.numero)
        self.texte = multiline(start.texte, 4)
        self.promis, self.montant = DateField(start.promis_le, today), MoneyField(start.montant)
        self.suite = Choice([("—", None), *self._earlier()], start.suite_de)
        self.papier = Choice([("—", None), *self._papers()], start.document_id)
        fields: tuple[tuple[str, QWidget, str], ...] = (
            ("Ce qui s’est passé", self.nature, ""),
            ("Date", self.le, "Le jour de l’envoi pour un courrier. Par exemple 16/06/2026, « hier » ou « aujourd’hui »."),
            ("Heure", self.heure, ""), ("Par", self.canal, ""), ("", self.recu, ""),
            ("Interlocuteur", self.interlocuteur, ""),
            ("Numéro obtenu", self.numero, "Le numéro de dossier ou d’appel que l’on vous a donné, ou celui du recommandé."),
            ("Concerne", self.suite, "Le courrier ou la demande dont ceci est la suite."),
            ("Ce qui a été dit", self.texte, ""),
            ("Réponse promise pour le", self.promis, "Le délai annoncé, s’il y en a un."),
            ("Montant", self.montant, ""), ("Papier", self.papier, "La pièce du dossier qui le montre."),
        )  # fmt: skip
        for name, field, help_text in fields:
            self.form.add(name, field, help_text)

    def _fit(self) -> None:
        nature = self.nature.value()
        for field in (self.heure, self.interlocuteur, self.numero, self.recu):
            self.form.show_row(field, nature not in _SILENT)
        self.form.show_row(self.numero, nature not in _SILENT)
        self.form.show_row(self.recu, nature is _N.ECHANGE)
        self.form.show_row(self.canal, nature not in _SILENT)
        self.form.show_row(self.promis, nature in _PROMISING)
        self.form.show_row(self.suite, nature in _FOLLOWING and self.suite.count() > 1)
        self.form.show_row(self.montant, nature is _N.PAIEMENT)
        self.form.show_row(self.papier, self.papier.count() > 1)

    def _earlier(self) -> list[tuple[str, str]]:
        events = dossiers.evenements_of(self._desk.library, self._start.dossier_id)
        return [
            (f"{fr.majuscule(str(e.nature))} du {fr.jour_court(e.le)}", e.id)
            for e in events
            if e.id != self._start.id and e.nature in (*_SENT, _N.ECHANGE, _N.PROPOSITION)
        ]

    def _papers(self) -> list[tuple[str, str]]:
        return [(p.ligne.document.titre, p.ligne.id) for p in pieces_of(self._desk.library, self._start.dossier_id)]

    def value(self) -> Evenement:
        """Return the event as typed; raise Refused in French."""
        nature = self.nature.value()
        received = nature in _ANSWERS or (nature is _N.ECHANGE and self.recu.isChecked())
        return replace(
            self._start, nature=nature, le=self.le.value() or self._desk.today(), heure=self.heure.value(),
            canal=self.canal.value(), sens=Sens.RECU if received else Sens.ENVOYE,
            interlocuteur=self.interlocuteur.text().strip(), numero=self.numero.text().strip(),
            texte=self.texte.toPlainText().strip(), promis_le=self.promis.value() if nature in _PROMISING else None,
            montant=self.montant.value() if nature is _N.PAIEMENT else None, document_id=self.papier.value(),
            suite_de=self.suite.value() if nature in _FOLLOWING else None,
        )  # fmt: skip

    def _save(self) -> None:
        self._keep(self.value())


def event_form(
    desk: Desk, parent: QWidget, dossier_id: str, event: Evenement | None = None, *, canal: Canal | None = None,
    nature: NatureEvenement = NatureEvenement.ECHANGE, keep: Keep | None = None,
) -> FormDialog:  # fmt: skip
    """Return the form of an event to record or correct; keep is what is done with it, recording by default."""

    def record(value: Evenement) -> None:
        dossiers.record_evenement(desk.library, value, desk.today())

    start = event or Evenement(dossier_id=dossier_id, nature=nature, le=desk.today(), canal=canal)
    return EvenementForm(desk, parent, start, keep or record).form
