"""Where the data is, how much there is, moving it, and whether it is whole."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from shiboken6 import isValid

from mutuelle_desktop.services import emplacement, lieux, sauvegardes
from mutuelle_desktop.services.emplacement import Ancien
from mutuelle_desktop.services.relance import why_not
from mutuelle_desktop.services.verification import verify
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.dialogs import FormDialog
from mutuelle_desktop.ui.reglages.deplacement import ask_move, warning
from mutuelle_desktop.ui.reglages.lignes import Board, Reglage, Section, Show, box_of
from mutuelle_desktop.ui.widgets.basics import button, clear, label
from mutuelle_desktop.ui.widgets.flow import Flow


def donnees(board: Board) -> Section:
    """Return the section of the data."""
    place = Reglage(
        id="dossier", titre="Dossier des données",
        phrase="Tout est là, chiffré\u00a0: vos papiers, vos dossiers, vos lettres et vos réglages.",
        mots="emplacement déplacer disque clé USB OneDrive Dropbox nuage réseau taille place coffre", large=True,
        control=lambda: _place(board), seldom=True,
    )  # fmt: skip
    whole = Reglage(
        id="verifier", titre="État du coffre",
        phrase="Chaque papier est relu et comparé à ce qui avait été rangé. Ce qui peut être réparé l’est.",
        mots="vérifier contrôle intégrité réparer abîmé", control=lambda: _check(board),
    )  # fmt: skip
    return Section("donnees", "Données", "contrats", (place, whole))


def sauvegarde(board: Board) -> Section:
    """Return the section of backups: how the last one stands, the one of the closing, and the way to their window."""
    desk = board.desk
    opens = next((action for action in board.actions if action.id == "sauvegarde"), None)
    if opens is None:
        return Section("sauvegarde", "Sauvegarde", "restaurer", ())
    last = Reglage(
        id="sauvegarde", titre="Dernière sauvegarde",
        phrase="Une copie de tout, vérifiée, dans un dossier de votre choix : une clé ou un disque externe protège le mieux.",
        mots="copie sauvegarder restaurer clé USB disque externe perte secours", large=True,
        control=lambda: _last_backup(board, opens.run),
    )  # fmt: skip
    closing = Reglage(
        id="fermeture", titre="Sauvegarder à la fermeture",
        phrase="Ce qui a changé est sauvegardé quand vous quittez le programme, si le dossier choisi est là.",
        mots="automatique quitter copie fermer", usual="non",
        control=lambda: box_of("À chaque fermeture", lambda: desk.settings().sauvegarde_a_la_fermeture, partial(_at_exit, board)),
        **board.setting("sauvegarde_a_la_fermeture"),
    )  # fmt: skip
    return Section("sauvegarde", "Sauvegarde", "restaurer", (last, closing))


def _at_exit(board: Board, on: bool) -> None:
    where = board.desk.settings().dossier_sauvegarde
    words = (
        "Vos changements seront sauvegardés à la fermeture." if on else "Plus rien ne sera sauvegardé à la fermeture."
    )
    board.change(
        "sauvegarde_a_la_fermeture", on, words if where or not on else f"{words} Choisissez d’abord le dossier."
    )


def _last_backup(board: Board, run: Callable[[], Any]) -> tuple[QWidget, Show]:
    box, state = QWidget(), label("", wrap=True, selectable=True)
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(state)
    buttons = QWidget()
    buttons.setLayout(Flow(button("Sauvegarde…", run, "", "restaurer")))
    column.addWidget(buttons)

    def show() -> None:
        found = sauvegardes.last_sauvegarde(board.desk.library)
        if found.le is None:
            state.setText("Vos données n’ont jamais été sauvegardées.")
            return
        when = f"{fr.jour(found.le.date())} à {fr.heure(found.le.time())}"
        lack = "" if found.entiere else " Elle est incomplète."
        state.setText(f"{fr.majuscule(when)}, dans « {found.ou} ».{lack}")

    return box, show


def _place(board: Board) -> tuple[QWidget, Show]:
    desk, folder, box = board.desk, board.desk.library.folder, QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    size = label("", "secondaire", wrap=True)
    buttons = QWidget()
    move = button("Déplacer…", partial(ask_move, board))
    see = partial(QDesktopServices.openUrl, QUrl.fromLocalFile(str(folder)))
    buttons.setLayout(Flow(button("Ouvrir le dossier", see, "", "ouvrir"), move))
    reason = label(why_not(folder), "secondaire", wrap=True)
    reason.setVisible(bool(why_not(folder)))
    move.setEnabled(not why_not(folder))
    old = QFrame()
    old.setProperty("role", "encart-neutre")
    old_words = label("", wrap=True, selectable=True)
    line = QVBoxLayout(old)
    line.addWidget(old_words)
    remove = QWidget()
    remove.setLayout(Flow(button("Supprimer l’ancien dossier…", partial(_remove_old, board), "", "corbeille")))
    line.addWidget(remove)
    old.hide()
    for widget in (label(str(folder), "fort", wrap=True, selectable=True), size, buttons, reason, old):
        column.addWidget(widget)
    warnings = QVBoxLayout()
    column.insertLayout(2, warnings)

    def found(told: tuple[int, Ancien | None, tuple[str, ...]]) -> None:
        if not isValid(box):
            return
        size.setText(f"{fr.taille(told[0])} sur le disque.")
        clear(warnings)
        for text in told[2]:
            warnings.addWidget(warning(text))
        former = told[1]
        old.setVisible(former is not None)
        if former is not None:
            old_words.setText(
                f"Vos données ont été copiées depuis «\u00a0{former.dossier}\u00a0», qui occupe encore "
                f"{fr.taille(former.octets)}. Quand tout vous paraît en ordre ici, cet ancien dossier peut être supprimé."
            )

    def look(_progress: object) -> tuple[int, Ancien | None, tuple[str, ...]]:
        return emplacement.size_of(folder), emplacement.old_place(folder), lieux.warnings_of(folder)

    def show() -> None:
        desk.jobs.run("Taille des données", look, found, quiet=True)

    return box, show


def _remove_old(board: Board) -> None:
    desk, folder = board.desk, board.desk.library.folder
    former = emplacement.old_place(folder)
    if former is None:
        board.refresh("dossier")
        return
    form = FormDialog(board.window, "Supprimer l’ancien dossier", lambda: None, "Supprimer")
    words = f"L’ancienne copie, dans «\u00a0{former.dossier}\u00a0», sera supprimée pour de bon. Vos données d’ici ne changent pas."
    form.add("", label(words, wrap=True))
    chosen = desk.dialogs.run(form)
    form.deleteLater()
    if not chosen:
        return

    def done(left: int) -> None:
        rest = fr.pluriel(
            left, "chose qui n’est pas du programme y reste", "choses qui ne sont pas du programme y restent"
        )
        board.told(f"L’ancien dossier est supprimé{f'; {rest}' if left else ''}.", kind="success")
        board.refresh("dossier")

    desk.jobs.run("Suppression de l’ancien dossier", lambda _p: emplacement.remove_old(folder), done)


def _check(board: Board) -> tuple[QWidget, Show]:
    desk, box = board.desk, QWidget()

    def told(bilan: Any) -> None:
        board.told(" ".join(bilan.phrases), kind="success" if bilan.sain else "error")

    def check() -> None:
        desk.jobs.run("Vérification du coffre", lambda progress: verify(desk.library, progress=progress), told)

    box.setLayout(Flow(button("Vérifier le coffre", check)))
    return box, lambda: None
