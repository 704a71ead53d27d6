"""A reminder of one's own, asked from a piece of advice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget

from mutuelle_desktop.domain.echeance import Rappel
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.services import dossiers
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import FormDialog, multiline
from mutuelle_desktop.ui.widgets.fields import Choice, DateField


def rappel_form(
    desk: Desk, parent: QWidget, keep: Callable[[Library, Rappel], Any], dossier_id: str | None = None
) -> FormDialog:
    """Return the form of a reminder, a week ahead unless told otherwise."""
    titre, notes = QLineEdit(), multiline("", 3)
    titre.setPlaceholderText("Par exemple : prendre rendez-vous à l’agence")
    le = DateField(desk.today() + timedelta(days=7), desk.today())
    rows = dossiers.list_dossiers(desk.library)
    dossier = Choice([("Aucun dossier", None), *((line.dossier.titre, line.id) for line in rows)], dossier_id)

    def save() -> None:
        day = le.value()
        if day is None:
            raise Refused("Indiquez le jour du rappel.")
        value = replace(
            Rappel(titre="", le=day), titre=titre.text().strip(), dossier_id=dossier.value(),
            notes=notes.toPlainText().strip(),
        )  # fmt: skip
        keep(desk.library, value)
        desk.messages.tell(f"Rappel prévu le {fr.jour(day)}.", "Annuler", desk.library.undo, kind="success")

    form = FormDialog(parent, "Un rappel", save, "Prévoir")
    form.add("À faire", titre)
    form.add("Le", le)
    form.add("Dossier", dossier)
    form.add("Notes", notes)
    return form
