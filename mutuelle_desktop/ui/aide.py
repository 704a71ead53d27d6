"""The Aide menu: the guide, the manual, the tour, the keyboard sheet."""

from functools import partial
from typing import Any

from mutuelle_desktop.ui.actions import Action
from mutuelle_desktop.ui.visite import Visite

MODE_EMPLOI = "commencer"
"""The chapter the manual opens at."""


def help_actions(house: Any) -> tuple[Action, ...]:
    """Return the rows of the Aide menu of an open house."""
    return (
        Action(id="aide-guide", texte="Guide\u00a0: comment s’y prendre", run=partial(house.window.show_tab, "guide"),
               menu="Aide", icon="guide"),
        Action(id="mode-emploi", texte="Mode d’emploi", run=partial(house.open, "Guide", MODE_EMPLOI), menu="Aide"),
        Action(id="visite", texte="Visite du programme", run=partial(take_tour, house), menu="Aide"),
        Action(id="raccourcis", texte="Raccourcis du clavier", run=house.show_shortcuts, menu="Aide", shortcut="F1"),
    )  # fmt: skip


def take_tour(house: Any) -> Visite:
    """Begin the tour, or begin it again."""
    found: list[Visite] = house.window.findChildren(Visite)
    for running in found:
        if running.isVisible():
            running.go(0)
            return running
    made = Visite(house.window, house.desk.state)
    made.start()
    return made
