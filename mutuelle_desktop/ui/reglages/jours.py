"""The days and delays of the household: region, margin for the post, the delays the user put in place of the rules'."""

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from mutuelle_desktop.domain.calendrier import Foyer, Zone
from mutuelle_desktop.domain.echeance import Mouvement
from mutuelle_desktop.services.calendriers import (
    MARGE_MAX,
    delete_surcharges,
    get_foyer,
    save_foyer,
    surcharges,
)
from mutuelle_desktop.services.echeances import mouvements_du_foyer
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.echeances.mouvements import mouvements_dialog, summary_of
from mutuelle_desktop.ui.reglages.lignes import Board, Reglage, Section, Show, Undo, choice_of
from mutuelle_desktop.ui.widgets.basics import button, label
from mutuelle_desktop.ui.widgets.flow import Flow

USUEL = Foyer()


def jours(board: Board) -> Section:
    """Return the section of days and delays."""
    zones = [(fr.majuscule(str(zone)), zone) for zone in Zone]
    margins = [(fr.pluriel(n, "jour ouvré", "jours ouvrés"), n) for n in range(MARGE_MAX + 1)]
    region = Reglage(
        id="region", titre="Région", phrase="Les jours fériés n’y sont pas les mêmes, et les délais se comptent avec eux.",
        mots="jours fériés calendrier Alsace Moselle outre-mer métropole vacances zone département", usual="métropole",
        control=lambda: choice_of("Région", zones, lambda: get_foyer(board.desk.library).zone,
                                  lambda v, _t: _choose(board, "zone", v)),
        fait=True, back=lambda: _choose(board, "zone", USUEL.zone), **_fact(board, "zone"),
    )  # fmt: skip
    margin = Reglage(
        id="marge", titre="Marge pour la poste",
        phrase="Un courrier à envoyer avant une limite est proposé autant de jours ouvrés plus tôt.",
        mots="courrier envoi avance délai postal recommandé", usual="3\u00a0jours ouvrés",
        control=lambda: choice_of("Marge pour la poste", margins, lambda: get_foyer(board.desk.library).marge_postale,
                                  lambda v, _t: _choose(board, "marge_postale", v)),
        fait=True, back=lambda: _choose(board, "marge_postale", USUEL.marge_postale), **_fact(board, "marge_postale"),
    )  # fmt: skip
    rules = Reglage(
        id="delais", titre="Règles et délais",
        phrase="Chaque date vient d’une règle, avec sa source. Vous pouvez mettre votre propre délai à la place du sien.",
        mots="échéances loi source surcharge durée prévu rétablir", usual="les délais des règles", large=True, fait=True,
        own_back=True, control=lambda: _rules(board), changed=lambda: bool(surcharges(board.desk.library)),
        reset=partial(_reset_rules, board),
    )  # fmt: skip
    return Section("jours", "Jours et délais", "echeances", (region, margin, rules))


def _fact(board: Board, name: str) -> dict[str, Any]:
    usual = getattr(USUEL, name)

    def put(value: Any) -> None:
        save_foyer(board.desk.library, replace(get_foyer(board.desk.library), **{name: value}))
        board.desk.changes.flush()

    def reset() -> Undo:
        old = getattr(get_foyer(board.desk.library), name)
        put(usual)
        return partial(put, old)

    return {"changed": lambda: getattr(get_foyer(board.desk.library), name) != usual, "reset": reset}


def _choose(board: Board, name: str, value: Any) -> None:
    """Show the dates that would move, then keep the choice; with none, keep it at once."""
    desk = board.desk
    wanted = replace(get_foyer(desk.library), **{name: value})

    def ask(table: tuple[Mouvement, ...]) -> None:
        if not isValid(board.window):
            return
        if table:
            form = mouvements_dialog(desk, board.window, table, lambda: save_foyer(desk.library, wanted))
            done = desk.dialogs.run(form)
            form.deleteLater()
            board.refresh()
        else:
            done = board.run(lambda: save_foyer(desk.library, wanted))
        if done:
            desk.changes.flush()
            board.refresh()
            moved = summary_of(table) if table else "Aucune échéance ne change de date."
            board.told(f"C’est noté. {moved}", board.undo_of("Régler le calendrier du foyer"))

    if wanted != get_foyer(desk.library):
        desk.jobs.run(
            "Dates du foyer", lambda _p: mouvements_du_foyer(desk.library, wanted, desk.today()), ask, quiet=True
        )


def _rules(board: Board) -> tuple[QWidget, Show]:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    state = label("", wrap=True)
    column.addWidget(state)
    buttons = QWidget()
    back = button("Tout remettre comme prévu", partial(_put_back, board))
    buttons.setLayout(Flow(button("Voir les règles…", partial(_see, board)), back))
    column.addWidget(buttons)

    def show() -> None:
        count = len(surcharges(board.desk.library))
        said = fr.pluriel(count, "délai est le vôtre", "délais sont les vôtres")
        state.setText(f"{said}." if count else "Tous les délais sont ceux des règles.")
        back.setVisible(bool(count))

    return box, show


def _see(board: Board) -> None:
    from mutuelle_desktop.ui.echeances.regles import regles_dialog

    board.desk.dialogs.run(regles_dialog(board.desk, board.window))
    board.refresh()


def _put_back(board: Board) -> None:
    count = len(surcharges(board.desk.library))
    if count and board.run(lambda: delete_surcharges(board.desk.library)):
        said = fr.pluriel(count, "délai est redevenu celui de sa règle", "délais sont redevenus ceux des règles")
        board.told(f"{said}\u00a0: les dates sont recalculées.", board.undo_of("Revenir aux délais des règles"))


def _reset_rules(board: Board) -> Undo:
    delete_surcharges(board.desk.library)
    return board.undo_of("Revenir aux délais des règles")
