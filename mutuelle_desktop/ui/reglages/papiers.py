"""How papers come in and are read: the watched folder, the reading of scans, the French language."""

import os
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mutuelle_desktop.services import lectures
from mutuelle_desktop.storage.settings import LECTURES_MAX
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.reglages.lignes import Board, Reglage, Section, Show, box_of, choice_of
from mutuelle_desktop.ui.widgets.basics import button, label
from mutuelle_desktop.ui.widgets.flow import Flow


def papiers(board: Board) -> Section:
    """Return the section of papers."""
    desk = board.desk
    watched = Reglage(
        id="surveille", titre="Dossier surveillé",
        phrase="Les papiers qui arrivent dans ce dossier (celui de votre scanner, par exemple) sont copiés dans "
        "« À classer ». Les originaux ne sont pas touchés.",
        mots="scanner numériser automatique import téléchargements", usual="aucun", large=True,
        control=lambda: _watched(board), **board.setting("dossier_surveille"),
    )  # fmt: skip
    auto = Reglage(
        id="lecture", titre="Lecture des papiers numérisés",
        phrase="Le texte des photos et des numérisations est reconnu sur cet ordinateur, sans rien envoyer. Sans lecture "
        "automatique, un papier attend « Relire », ou le bouton d’ici.",
        mots="OCR reconnaissance texte scan automatique relire lire", usual="automatique", large=True,
        control=lambda: _reading(board), **board.setting("lecture_auto"),
    )  # fmt: skip
    most = min(LECTURES_MAX, os.cpu_count() or 1)
    counts = [("Une page", 1), ("Deux pages", 2)][:most]
    pace = Reglage(
        id="lectures", titre="Pages lues en même temps",
        phrase="Deux vont plus vite\u00a0; une seule laisse l’ordinateur plus libre pour le reste.",
        mots="OCR vitesse processeur cœurs lenteur rapidité", usual="deux pages",
        control=lambda: choice_of("Pages lues en même temps", counts, lambda: min(most, desk.settings().lectures),
                                  lambda v, t: board.change("lectures", v, f"{t} à la fois, dès la prochaine lecture.")),
        **board.setting("lectures"),
    )  # fmt: skip
    language = Reglage(
        id="francais", titre="Langue française", phrase="Sans elle, les papiers numérisés ne sont pas lus.",
        mots="OCR tesseract dictionnaire installer fra", large=True, control=lambda: _language(board),
    )  # fmt: skip
    return Section("papiers", "Papiers", "documents", (watched, auto, pace, language))


def _column(*widgets: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    for widget in widgets:
        column.addWidget(widget)
    return box


def _buttons(*widgets: QWidget) -> QWidget:
    line = QWidget()
    line.setLayout(Flow(*widgets))
    return line


def _watched(board: Board) -> tuple[QWidget, Show]:
    where = label("", wrap=True, selectable=True)
    stop = button(
        "Ne plus surveiller", lambda: board.change("dossier_surveille", "", "Plus aucun dossier n’est surveillé.")
    )

    def choose() -> None:
        chosen = board.desk.dialogs.choose_folder(board.window, "Dossier à surveiller")
        if chosen:
            board.change("dossier_surveille", str(chosen), f"« {chosen.name} » est surveillé.")

    def show() -> None:
        kept = board.desk.settings().dossier_surveille
        where.setText(kept or "Aucun dossier n’est surveillé.")
        if kept and not Path(kept).is_dir():
            where.setText(f"{kept}\u00a0: ce dossier est introuvable pour l’instant.")
        stop.setVisible(bool(kept))

    return _column(where, _buttons(button("Choisir un dossier…", choose), stop)), show


def _reading(board: Board) -> tuple[QWidget, Show]:
    desk = board.desk
    tick, show_tick = box_of("Lire automatiquement", lambda: desk.settings().lecture_auto, partial(_read_alone, board))
    waiting = label("", "secondaire", wrap=True)

    def read() -> None:
        board.read()
        board.refresh()

    now = button("Lire maintenant", read, "", "relire")

    def show() -> None:
        show_tick()
        count = len(lectures.pending(desk.library))
        said = fr.pluriel(count, "papier attend d’être lu", "papiers attendent d’être lus")
        waiting.setText(f"{said}." if count else "Aucun papier n’attend.")
        now.setVisible(bool(count))

    return _column(tick, waiting, _buttons(now)), show


def _read_alone(board: Board, on: bool) -> None:
    words = (
        "Les nouveaux papiers seront lus dès leur arrivée." if on else "Les papiers numérisés attendront votre demande."
    )
    board.change("lecture_auto", on, words)
    if on:
        board.read()


def _language(board: Board) -> tuple[QWidget, Show]:
    state = label("", wrap=True, selectable=True)

    def look() -> None:
        board.refresh()
        if board.desk.workers.ocr_available() is None:
            board.told("La langue française est là\u00a0: les papiers numérisés peuvent être lus.", kind="success")
            board.read()

    again = button("Vérifier de nouveau", look)

    def show() -> None:
        missing = board.desk.workers.ocr_available()
        state.setText(missing or "La langue française est installée.")
        again.setVisible(missing is not None)

    return _column(state, _buttons(again)), show
