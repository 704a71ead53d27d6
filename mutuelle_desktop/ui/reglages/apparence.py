"""How the program looks: its colours and the size of its text, seen at once."""

from mutuelle_desktop.ui.reglages.lignes import Board, Reglage, Section, choice_of

ECHELLES = (80, 90, 100, 115, 130, 150, 175, 200)
"""Sizes of the text, in per cent."""
THEMES = [("Comme l’ordinateur", "système"), ("Clair", "clair"), ("Sombre", "sombre")]


def apparence(board: Board) -> Section:
    """Return the section of the looks."""
    desk = board.desk
    sizes = [(f"{n}\u00a0%", n) for n in ECHELLES]
    theme = Reglage(
        id="theme", titre="Couleurs", phrase="Claires le jour, sombres pour les yeux fatigués, ou comme l’ordinateur.",
        mots="apparence thème clair sombre nuit mode contraste", usual="comme l’ordinateur",
        control=lambda: choice_of("Couleurs", THEMES, lambda: desk.settings().theme,
                                  lambda v, t: board.change("theme", v, f"Couleurs\u00a0: {t.lower()}.")),
        **board.setting("theme"),
    )  # fmt: skip
    size = Reglage(
        id="echelle", titre="Taille du texte",
        phrase="Plus grand se lit plus facilement\u00a0: tout suit, dans toutes les fenêtres. Ctrl et + agrandit d’un pas.",
        mots="zoom police caractères lettres grossir agrandir vue lisible", usual="100\u00a0%",
        control=lambda: choice_of("Taille du texte", sizes, lambda: desk.settings().echelle,
                                  lambda v, t: board.change("echelle", v, f"Taille du texte\u00a0: {t}.")),
        **board.setting("echelle"),
    )  # fmt: skip
    return Section("apparence", "Apparence", "oeil", (theme, size))
