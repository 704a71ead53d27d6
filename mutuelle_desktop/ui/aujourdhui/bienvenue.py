"""What a first start offers: one's household, one's mutuelle, one's papers, or an example to look at."""

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.widgets.basics import Card, button, label, row, rule

_STEPS = (
    ("1. Décrire mon foyer", "Vous, votre conjoint, vos enfants.", "Décrire mon foyer…", "personne"),
    ("2. Décrire ma mutuelle", "Son nom, ses téléphones, votre numéro d’adhérent.", "Décrire ma mutuelle…", "mutuelle"),
    ("3. Déposer des papiers", "Glissez-les n’importe où dans cette fenêtre, ou choisissez-les.", "Ajouter des papiers…",
     "papiers"),
)  # fmt: skip


def welcome(desk: Desk, parent: QWidget) -> Card:
    """Return the card of a first start."""
    card = Card("Par où commencer\u00a0?")
    for title, text, verb, what in _STEPS:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(label(title, "fort"))
        words.addWidget(label(text, "secondaire", wrap=True))
        line = QHBoxLayout()
        line.addLayout(words, 1)
        line.addWidget(button(verb, partial(_start, desk, parent, what), "principal" if what == "personne" else ""))
        card.body.addLayout(line)
        card.body.addWidget(rule())
    card.body.addLayout(row(label("Vous préférez regarder d’abord\u00a0?", "secondaire", wrap=True), None,
                            button("Essayer avec un foyer d’exemple", desk.fill_example)))  # fmt: skip
    return card


def _start(desk: Desk, parent: QWidget, what: str) -> None:
    if what == "papiers":
        desk.import_into(desk.dialogs.choose_files(parent), None)
        return
    desk.open("onglet", "contrats")
    page = desk.page("contrats")
    (page.add_personne if what == "personne" else page.add_mutuelle)()
