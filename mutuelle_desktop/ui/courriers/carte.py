"""The letters of a dossier, as its page shows them."""

import re
from collections.abc import Sequence
from functools import partial

from mutuelle_desktop.services.courriers import LigneCourrier
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.widgets.basics import Card, button, chip, label, link, row

GENRES = {"brouillon": "alerte", "finalisé": "info", "envoyé": "succes"}


def titre_of(ligne: LigneCourrier) -> str:
    """Return what a letter is called in a list: its subject, a field of it as « … »."""
    return re.sub(r"\{[\w.]+\}", "…", ligne.titre)


def courriers_card(desk: Desk, dossier_id: str, lines: Sequence[LigneCourrier]) -> Card:
    """Return the letters of a dossier, each leading to its place, and how to begin one."""
    card = Card("Courriers")
    card.head.addWidget(button("Nouvelle lettre…", lambda: desk.page("courriers").new_letter(dossier_id), "discret"))
    for line in lines:
        value = line.courrier
        mark = chip(str(value.etat), GENRES[str(value.etat)])
        day = label(fr.jour_court(value.jour), "secondaire")
        card.body.addLayout(row(mark, link(titre_of(line), partial(desk.open, "Courrier", value.id)), None, day))
    if not lines:
        card.body.addWidget(
            label(
                "Aucune lettre dans ce dossier\u00a0: «\u00a0Nouvelle lettre…\u00a0» propose celle qui convient à l’étape.",
                "soustitre",
                wrap=True,
            )
        )
    return card
