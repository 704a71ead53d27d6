"""« Exporter vers mon agenda… »: a calendar file, neutral or detailed, once or kept up to date."""

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QWidget

from mutuelle_desktop.services import agenda
from mutuelle_desktop.services.agenda import Export, FichierAgenda, Forme
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import FormDialog
from mutuelle_desktop.ui.widgets.basics import button, label
from mutuelle_desktop.ui.widgets.fields import Choice

ICS = "Agendas (*.ics)"
NAME = "echeances.ics"


def export_agenda(desk: Desk, parent: QWidget) -> None:
    """Ask how the calendar is written and where, then write it in the background."""
    held = agenda.kept_file(desk.library)
    mots = Choice(
        [
            ("Mots neutres\u00a0: «\u00a0Échéance dossier 2026-014\u00a0»", False),
            ("Tout\u00a0: titres, personnes, conséquences", True),
        ],
        held.forme.detaille if held else False,
    )
    taches = QCheckBox("Ajouter aussi des tâches, si votre agenda en a")
    taches.setChecked(bool(held and held.forme.taches))
    tenir = QCheckBox("Tenir ce fichier à jour quand une date change")
    tenir.setChecked(held is not None)
    form = FormDialog(parent, "Exporter vers mon agenda", lambda: None, "Choisir le fichier…")
    words = "Vos échéances, avec un rappel à 9\u00a0h, dans un fichier que votre téléphone ou votre logiciel d’agenda sait lire."
    form.add("", label(words, wrap=True))
    form.add(
        "Texte",
        mots,
        "Un agenda se partage et s’affiche sur un écran verrouillé\u00a0: rien de votre santé avec des mots neutres.",
    )
    form.add("", taches)
    form.add("", tenir)
    if held is not None:
        form.add("", label(f"Fichier tenu à jour\u00a0: {held.chemin}", "secondaire", wrap=True, selectable=True))

        def forget() -> None:
            agenda.forget_file(desk.library)
            form.reject()
            desk.messages.tell(f"«\u00a0{held.chemin.name}\u00a0» reste où il est\u00a0; il n’est plus tenu à jour.")

        form.add("", button("Ne plus le tenir à jour", forget, "lien"))
    if not desk.dialogs.run(form):
        return
    path = desk.dialogs.save_as(parent, "Enregistrer l’agenda", held.chemin.name if held else NAME, ICS)
    if path is not None:
        path = path if path.suffix else path.with_suffix(".ics")
        _write(desk, path, Forme(detaille=mots.value(), taches=taches.isChecked()), keep=tenir.isChecked())


def _write(desk: Desk, path: Path, forme: Forme, *, keep: bool) -> None:
    today = desk.today()

    def work(_progress: object) -> Export | FichierAgenda:
        if keep:
            return agenda.keep_file(desk.library, path, today, forme)
        return agenda.export_agenda(desk.library, path, today, forme)

    def done(made: Export | FichierAgenda) -> None:
        if isinstance(made, Export):
            count = made.entrees - made.annulees
            words = f"{fr.pluriel(count, 'échéance')} dans «\u00a0{path.name}\u00a0». Ouvrez-le avec votre agenda."
        else:
            words = f"«\u00a0{path.name}\u00a0» est écrit, et sera tenu à jour."
        desk.messages.tell(words, kind="success")

    desk.jobs.run("Écriture de l’agenda", work, done)
