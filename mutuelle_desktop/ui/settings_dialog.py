"""The settings of what exists, each with a sentence."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from mutuelle_desktop.services import minuterie, rappels
from mutuelle_desktop.storage.settings import Settings
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import Dialogs, FormDialog
from mutuelle_desktop.ui.widgets.basics import button
from mutuelle_desktop.ui.widgets.fields import Choice, TimeField

ECHELLES = (80, 90, 100, 115, 130, 150, 175, 200)


def settings_dialog(desk: Desk, parent: QWidget, keep: Callable[[Settings], None]) -> FormDialog:
    """Return the form of the settings; keep is called with what was chosen."""
    settings = desk.settings()
    themes = Choice([("Comme l’ordinateur", "système"), ("Clair", "clair"), ("Sombre", "sombre")], settings.theme)
    scale = Choice([(f"{n}\u00a0%", n) for n in ECHELLES], settings.echelle)
    folder = QLineEdit(settings.dossier_surveille)
    folder.setPlaceholderText("Aucun")
    reminded = QCheckBox("Me rappeler chaque jour ce qui arrive à échéance")
    reminded.setChecked(settings.rappels)
    hour = TimeField(rappels.chosen_hour(desk.library))
    timer = minuterie.timer_state()
    closed = QCheckBox("Aussi quand le programme est fermé")
    closed.setChecked(timer.installee)
    closed.setEnabled(timer.possible or timer.installee)

    def save() -> None:
        wanted = hour.value() or rappels.HEURE
        if wanted != rappels.chosen_hour(desk.library):
            rappels.choose_hour(desk.library, wanted)
        if closed.isChecked() and (not timer.active or timer.heure != wanted):
            minuterie.install_timer(minuterie.own_command(desk.library.folder), wanted)
        elif not closed.isChecked() and timer.installee:
            minuterie.remove_timer()
        keep(
            replace(
                settings, theme=themes.value(), echelle=scale.value() or 100, dossier_surveille=folder.text().strip(),
                rappels=reminded.isChecked(),
            )
        )  # fmt: skip

    form = FormDialog(parent, "Réglages", save)
    form.add("Apparence", themes, "Les couleurs du programme.")
    form.add("Taille du texte", scale, "Plus grand se lit plus facilement ; tout suit.")
    line = QWidget()
    layout = QHBoxLayout(line)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(folder, 1)
    layout.addWidget(button("Choisir…", partial(_choose, form, desk.dialogs, folder)))
    folder.setAccessibleName("Dossier surveillé")
    form.add("Dossier surveillé", line,
             "Les papiers qui arrivent dans ce dossier (celui de votre scanner, par exemple) sont copiés dans « À "
             "classer ». Les originaux ne sont pas touchés.")  # fmt: skip
    form.add("", reminded, "Une seule notification par jour, en mots neutres : ni soin, ni montant, ni nom.")
    form.add("Heure des rappels", hour, "Entre 8 h et 21 h.")
    form.add("", closed, timer.phrase)
    return form


def _choose(form: FormDialog, dialogs: Dialogs, folder: QLineEdit) -> None:
    chosen = dialogs.choose_folder(form, "Dossier à surveiller")
    if chosen:
        folder.setText(str(chosen))
