"""What each printer is moved by, so that an address falls in the window of its envelope."""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mutuelle_desktop.ui.courriers.tirage import decalage_en_lettres, decalages, keep_decalage
from mutuelle_desktop.ui.reglages.lignes import Board, Reglage, Section, Show, Undo
from mutuelle_desktop.ui.widgets.basics import button, clear, label
from mutuelle_desktop.ui.widgets.flow import Columns, Flow


def impression(board: Board) -> Section:
    """Return the section of printing."""
    offsets = Reglage(
        id="imprimantes", titre="Décalage des imprimantes",
        phrase="Une imprimante décale souvent la page d’un ou deux millimètres. La page d’essai le mesure, et les lettres en "
        "tiennent compte.",
        mots="imprimante calibration page d’essai enveloppe fenêtre marge millimètres étiquette", usual="aucun décalage",
        large=True, control=lambda: _printers(board), changed=lambda: bool(decalages(board.desk.state)),
        reset=partial(_reset, board),
    )  # fmt: skip
    return Section("impression", "Impression", "imprimer", (offsets,))


def _printers(board: Board) -> tuple[QWidget, Show]:
    box, names = QWidget(), QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    listed = QVBoxLayout(names)
    listed.setContentsMargins(0, 0, 0, 0)
    column.addWidget(names)
    test = QWidget()
    test.setLayout(Flow(button("Régler une imprimante…", partial(_calibrate, board, ""), "", "imprimer")))
    column.addWidget(test)

    def show() -> None:
        clear(listed)
        found = decalages(board.desk.state)
        if not found:
            listed.addWidget(label("Aucune imprimante n’est décalée.", wrap=True))
        for name, offset in found.items():
            listed.addWidget(_printer(board, name, offset))

    return box, show


def _printer(board: Board, name: str, offset: tuple[float, float]) -> QWidget:
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(label(name, wrap=True))
    words.addWidget(label(decalage_en_lettres(offset), "secondaire", wrap=True))
    edit = button("Modifier…", partial(_calibrate, board, name))
    edit.setAccessibleName(f"Modifier le décalage de {name}")
    remove = button("Retirer", partial(_remove, board, name, offset))
    remove.setAccessibleName(f"Retirer le décalage de {name}")
    return Columns(480, (words, 3), (Flow(edit, remove), 2))


def _calibrate(board: Board, name: str) -> None:
    from mutuelle_desktop.ui.courriers.impression import print_calibration

    print_calibration(board.desk, board.window, name)
    board.refresh()


def _remove(board: Board, name: str, offset: tuple[float, float]) -> None:
    def put(value: tuple[float, float]) -> None:
        keep_decalage(board.desk.state, name, value)
        board.refresh()

    put((0, 0))
    board.told(f"«\u00a0{name}\u00a0» imprime de nouveau sans décalage.", lambda: put(offset))


def _reset(board: Board) -> Undo:
    before = decalages(board.desk.state)
    for name in before:
        keep_decalage(board.desk.state, name, (0, 0))

    def undo() -> None:
        for name, offset in before.items():
            keep_decalage(board.desk.state, name, offset)

    return undo
