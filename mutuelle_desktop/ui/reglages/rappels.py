"""When and how the user is told: the digest of the day, its hour, and what goes on when the program is closed."""

from datetime import time
from functools import partial

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget
from shiboken6 import isValid

from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.services import demarrage, minuterie, rappels
from mutuelle_desktop.services.minuterie import EtatMinuterie
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.reglages.lignes import Board, Reglage, Section, Show, Undo, box_of
from mutuelle_desktop.ui.widgets.basics import label
from mutuelle_desktop.ui.widgets.fields import TimeField


def rappels_section(board: Board) -> Section:
    """Return the section of reminders."""
    desk = board.desk
    daily = Reglage(
        id="rappels", titre="Rappels du jour",
        phrase="Une seule notification par jour, en mots neutres\u00a0: ni soin, ni montant, ni nom.",
        mots="notification alerte échéance résumé digest prévenir", usual="rappelé chaque jour",
        control=lambda: box_of("Me rappeler chaque jour", lambda: desk.settings().rappels,
                               lambda on: board.change("rappels", on, _said(on=on))),
        **board.setting("rappels"),
    )  # fmt: skip
    hour = Reglage(
        id="heure", titre="Heure des rappels", phrase="Entre 8\u00a0h et 21\u00a0h\u00a0: personne n’est dérangé la nuit.",
        mots="notification matin horaire moment", usual=fr.heure(rappels.HEURE), control=lambda: _hour(board),
        changed=lambda: rappels.chosen_hour(desk.library) != rappels.HEURE, reset=partial(_reset_hour, board),
    )  # fmt: skip
    closed = Reglage(
        id="minuterie", titre="Quand le programme est fermé",
        phrase="Le système lance les rappels à l’heure choisie, sans ouvrir de fenêtre, puis s’arrête.",
        mots="systemd minuterie arrière-plan automatique démon tâche", control=lambda: _closed(board), large=True, seldom=True,
    )  # fmt: skip
    start = Reglage(
        id="demarrage", titre="Au démarrage de la session",
        phrase="Le programme s’ouvre réduit quand vous ouvrez votre session : les rappels et le dossier surveillé suivent.",
        mots="autostart automatique lancer ouvrir ordinateur allumer", usual="ne s’ouvre pas", control=lambda: _start(board),
        changed=demarrage.autostart_state, reset=_reset_start,
    )  # fmt: skip
    return Section("rappels", "Rappels", "aujourdhui", (daily, hour, closed, start))


def _start(board: Board) -> tuple[QWidget, Show]:
    def put(on: bool) -> None:
        words = "Le programme s’ouvrira avec votre session." if on else "Le programme ne s’ouvrira plus tout seul."
        if board.run(partial(demarrage.set_autostart, on)):
            board.told(words, lambda: board.run(partial(demarrage.set_autostart, not on)))

    field, show = box_of("Ouvrir avec ma session", demarrage.autostart_state, put)
    field.setEnabled(demarrage.autostart_offered())
    return field, show


def _reset_start() -> Undo:
    demarrage.set_autostart(False)
    return partial(demarrage.set_autostart, True)


def _said(*, on: bool) -> str:
    return "Les rappels du jour viendront." if on else "Plus aucun rappel ne viendra. Les dates restent dans l’agenda."


def _hour(board: Board) -> tuple[QWidget, Show]:
    library = board.desk.library
    field = TimeField(rappels.chosen_hour(library))
    field.setAccessibleName("Heure des rappels")

    def show() -> None:
        if field.property("erreur") != "true" and not field.isModified():
            field.setText(fr.heure(rappels.chosen_hour(library)))

    def mark(*, wrong: bool) -> None:
        field.setProperty("erreur", "true" if wrong else "false")
        field.style().unpolish(field)
        field.style().polish(field)

    def typed() -> None:
        try:
            old, wanted = rappels.chosen_hour(library), field.value() or rappels.HEURE
            if wanted != old:
                _put_hour(board, wanted)
        except AppError as error:
            mark(wrong=True)
            board.told(str(error), kind="error")
            return
        mark(wrong=False)
        field.setModified(False)
        board.refresh()
        if wanted != old:
            board.told(
                f"Les rappels viendront à {fr.heure(wanted)}.", lambda: board.run(partial(_put_hour, board, old))
            )

    field.editingFinished.connect(typed)
    return field, show


def _put_hour(board: Board, wanted: time) -> None:
    """Keep the hour; a timer already there rings at it too."""
    rappels.choose_hour(board.desk.library, wanted)
    folder = board.desk.library.folder

    def follow(_progress: object) -> None:
        if minuterie.timer_state().installee:
            minuterie.install_timer(minuterie.own_command(folder), wanted)

    board.desk.jobs.run("Heure des rappels", follow, lambda _none: board.refresh("minuterie"), quiet=True)


def _reset_hour(board: Board) -> Undo:
    old = rappels.chosen_hour(board.desk.library)
    _put_hour(board, rappels.HEURE)
    return partial(_put_hour, board, old)


def _closed(board: Board) -> tuple[QWidget, Show]:
    """Return the box of the timer of the system, and how it stands; asking the system is done in the background."""
    desk, box = board.desk, QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    tick, state = QCheckBox("Me rappeler même fermé"), label("", "secondaire", wrap=True)
    tick.setEnabled(False)
    column.addWidget(tick)
    column.addWidget(state)

    def stand(found: EtatMinuterie) -> None:
        if isValid(box):
            quiet = tick.blockSignals(True)
            tick.setChecked(found.installee)
            tick.blockSignals(quiet)
            tick.setEnabled(found.possible or found.installee)
            tick.setAccessibleDescription(found.phrase)
            state.setText(found.phrase)

    def show() -> None:
        desk.jobs.run("Minuterie", lambda _p: minuterie.timer_state(), stand, quiet=True)

    def put(on: bool, _progress: object) -> EtatMinuterie:
        command, hour = minuterie.own_command(desk.library.folder), rappels.chosen_hour(desk.library)
        return minuterie.install_timer(command, hour) if on else minuterie.remove_timer()

    def refused(error: Exception) -> None:
        show()
        if isinstance(error, AppError):
            board.told(str(error), kind="error")
        else:
            desk.report(error)

    def ask(on: bool) -> None:
        def done(found: EtatMinuterie) -> None:
            stand(found)
            board.told(found.phrase, lambda: ask(not on))

        desk.jobs.run("Minuterie", partial(put, on), done, failed=refused, quiet=True)

    tick.toggled.connect(ask)
    return box, show
