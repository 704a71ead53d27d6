"""What became of each file of an import, and what can be done about it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout

from mutuelle_desktop.services import importation
from mutuelle_desktop.services.documents import add_to_dossier, restore_documents
from mutuelle_desktop.services.importation import EtatImport, Importe
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.widgets.basics import Card, Scroll, button, chip, clear, label, row
from mutuelle_desktop.ui.widgets.order import Ordered

_KINDS = {
    EtatImport.IMPORTE: "succes",
    EtatImport.DEJA: "info",
    EtatImport.ILLISIBLE: "alerte",
    EtatImport.REFUSE: "danger",
}


class ImportReport(Ordered, QDialog):
    """A list that stays until it is closed: state, reason, twin, and one click to mend."""

    def __init__(self, desk: Desk, importes: list[Importe], dossier_id: str | None, mended: Callable[[], None]) -> None:
        super().__init__(desk.messages.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Résultat de l’ajout")
        self.resize(720, 480)
        self._desk = desk
        self._importes = importes
        self._dossier_id = dossier_id
        self._mended = mended
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 12)
        self._scroll = Scroll()
        layout.addWidget(self._scroll, 1)
        foot = row(None, button("Fermer", self.close, "principal"))
        foot.setContentsMargins(24, 8, 24, 4)
        layout.addLayout(foot)
        self._fill()

    def _fill(self) -> None:
        column = self._scroll.column
        clear(column)
        column.addWidget(label(importation.summary(self._importes), "carte-titre"))
        for importe in sorted(self._importes, key=lambda i: i.etat is EtatImport.IMPORTE):
            column.addWidget(self._card(importe))
        column.addStretch(1)

    def _card(self, importe: Importe) -> Card:
        card = Card()
        card.body.addLayout(row(label(importe.chemin.name, "fort", wrap=True), None,
                                chip(str(importe.etat), _KINDS[importe.etat])))  # fmt: skip
        if importe.raison:
            card.body.addWidget(label(importe.raison, "secondaire", wrap=True))
        buttons = []
        twin = importe.jumeau
        if twin is not None:
            card.body.addWidget(label(f"Même papier : « {twin.titre} »", "secondaire", wrap=True))
            if importe.jumeau_corbeille:
                buttons.append(button("Restaurer de la corbeille", partial(self._restore, importe)))
            else:
                buttons.append(button("Voir le papier", partial(self._desk.open, "Document", twin.id)))
            if self._dossier_id:
                buttons.append(button("Ajouter aussi à ce dossier", partial(self._join, importe)))
        if importe.etat in (EtatImport.ILLISIBLE, EtatImport.REFUSE):
            buttons.append(button("Réessayer", partial(self._retry, importe)))
        if buttons:
            card.body.addLayout(row(*buttons, None))
        return card

    def _restore(self, importe: Importe) -> None:
        assert importe.jumeau is not None
        restore_documents(self._desk.library, [importe.jumeau.id])
        self._forget(importe)

    def _join(self, importe: Importe) -> None:
        assert importe.jumeau is not None
        assert self._dossier_id is not None
        if importe.jumeau_corbeille:
            restore_documents(self._desk.library, [importe.jumeau.id])
        add_to_dossier(self._desk.library, [importe.jumeau.id], self._dossier_id)
        self._forget(importe)

    def _retry(self, importe: Importe) -> None:
        password = None
        if importe.protege:
            question = f"Mot de passe de {importe.chemin.name} :"
            password = self._desk.dialogs.ask_password(self, question)
            if not password:
                return
        desk, dossier_id = self._desk, self._dossier_id
        desk.jobs.run(
            f"Nouvel essai : {importe.chemin.name}",
            lambda _p: importation.retry(desk.library, desk.workers, importe, dossier_id=dossier_id, password=password),
            partial(self._retried, importe),
        )

    def _retried(self, before: Importe, after: Importe) -> None:
        self._importes = [after if importe is before else importe for importe in self._importes]
        self._fill()
        self._mended()

    def _forget(self, importe: Importe) -> None:
        self._importes = [found for found in self._importes if found is not importe]
        if any(found.etat is not EtatImport.IMPORTE for found in self._importes):
            self._fill()
        else:
            self.close()
