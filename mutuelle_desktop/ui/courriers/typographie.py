"""The pass of French typography, shown change by change before it is applied."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QListWidget, QVBoxLayout, QWidget

from mutuelle_desktop.domain.courrier import Courrier
from mutuelle_desktop.rendering.typographie import corrected, corrected_corps, differences
from mutuelle_desktop.services.phrases import counted
from mutuelle_desktop.ui.widgets.basics import button, label, row

_AUTOUR = 18
_SIGNES = {"\u00a0": "⍽", "\u202f": "⍽", " ": "␣"}


def typo_of(courrier: Courrier) -> tuple[Courrier, list[tuple[str, str]]]:
    """Return the letter as French sets it, and each change as it reads before and after, spaces shown."""
    from dataclasses import replace

    texts = {name: getattr(courrier, name) for name in ("objet", "appel", "formule", "copie_a")}
    fixed = {name: corrected(text) for name, text in texts.items()}
    corps = corrected_corps(courrier.corps)
    pairs = [(texts[name], fixed[name]) for name in texts]
    for before, after in zip(courrier.corps, corps, strict=True):
        for old, new in zip(before.lignes, after.lignes, strict=True):
            pairs.append(("".join(f.texte or "…" for f in old), "".join(f.texte or "…" for f in new)))
    shown = [change for before, after in pairs for change in _changes(before, after)]
    return replace(courrier, corps=corps, objet=fixed["objet"], appel=fixed["appel"], formule=fixed["formule"],
                   copie_a=fixed["copie_a"]), shown  # fmt: skip


def typo_dialog(parent: QWidget, changes: list[tuple[str, str]], apply: Callable[[], None]) -> QDialog:
    """Return the window that shows the changes and applies them all."""
    dialog = QDialog(parent)
    dialog.setWindowTitle("Revoir la typographie")
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(24, 20, 24, 16)
    layout.addWidget(
        label(f"{counted(len(changes), 'correction')} (⍽ est une espace insécable, ␣ une espace)\u00a0:", wrap=True)
    )
    view = QListWidget()
    view.setAccessibleName("Corrections")
    view.setWordWrap(True)
    for before, after in changes:
        view.addItem(f"{before.strip()}\n→ {after.strip()}\n")
    layout.addWidget(view, 1)

    def accept() -> None:
        apply()
        dialog.accept()

    layout.addLayout(row(None, button("Annuler", dialog.reject), button("Tout corriger", accept, "principal")))
    dialog.resize(560, 440)
    return dialog


def _changes(before: str, after: str) -> list[tuple[str, str]]:
    found = []
    for one in differences(before, after):
        left, right = before[max(0, one.debut - _AUTOUR) : one.debut], before[one.fin : one.fin + _AUTOUR]
        found.append((f"{left}{_shown(one.avant)}{right}", f"{left}{_shown(one.apres)}{right}"))
    return found


def _shown(text: str) -> str:
    return "".join(_SIGNES.get(c, c) for c in text)
