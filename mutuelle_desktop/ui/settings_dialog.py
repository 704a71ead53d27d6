"""The settings of what exists, each with a sentence."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from mutuelle_desktop.storage.settings import Settings
from mutuelle_desktop.ui.dialogs import Dialogs, FormDialog
from mutuelle_desktop.ui.widgets.basics import button
from mutuelle_desktop.ui.widgets.fields import Choice

ECHELLES = (80, 90, 100, 115, 130, 150, 175, 200)


def settings_dialog(
    parent: QWidget, settings: Settings, dialogs: Dialogs, keep: Callable[[Settings], None]
) -> FormDialog:
    """Return the form of the settings; keep is called with what was chosen."""
    themes = Choice([("Comme l’ordinateur", "système"), ("Clair", "clair"), ("Sombre", "sombre")], settings.theme)
    scale = Choice([(f"{n} %", n) for n in ECHELLES], settings.echelle)
    folder = QLineEdit(settings.dossier_surveille)
    folder.setPlaceholderText("Aucun")

    def save() -> None:
        keep(
            replace(
                settings, theme=themes.value(), echelle=scale.value() or 100, dossier_surveille=folder.text().strip()
            )
        )

    form = FormDialog(parent, "Réglages", save)
    form.add("Apparence", themes, "Les couleurs du programme.")
    form.add("Taille du texte", scale, "Plus grand se lit plus facilement ; tout suit.")
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(folder, 1)
    layout.addWidget(button("Choisir…", partial(_choose, form, dialogs, folder)))
    folder.setAccessibleName("Dossier surveillé")
    form.add("Dossier surveillé", line,
             "Les papiers qui arrivent dans ce dossier (celui de votre scanner, par exemple) sont copiés dans « À "
             "classer ». Les originaux ne sont pas touchés.")  # fmt: skip
    return form


def _choose(form: FormDialog, dialogs: Dialogs, folder: QLineEdit) -> None:
    chosen = dialogs.choose_folder(form, "Dossier à surveiller")
    if chosen:
        folder.setText(str(chosen))
