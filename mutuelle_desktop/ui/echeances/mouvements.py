"""Which dates move, before anything is written: the table that comes with a correction."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from mutuelle_desktop.domain.echeance import Mouvement
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import FormDialog
from mutuelle_desktop.ui.widgets.basics import chip, label, rule
from mutuelle_desktop.ui.widgets.flow import Columns, Flow


def mouvements_dialog(desk: Desk, parent: QWidget, table: Sequence[Mouvement], apply: Callable[[], Any]) -> FormDialog:
    """Return the table of what moves, before and after; accepting it applies the correction in one step."""
    form = FormDialog(parent, "Ces dates vont changer" if table else "Aucune date ne change", apply, "Appliquer")
    form.add("", label(summary_of(table), "fort", wrap=True))
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    today = desk.today()
    for place, one in enumerate(table):
        if place:
            column.addWidget(rule())
        column.addWidget(_line(one, today))
    form.add("", box)
    form.add("", label("Cela s’annule d’un geste. Ce qui est déjà envoyé ne change pas.", "secondaire", wrap=True))
    return form


def summary_of(table: Sequence[Mouvement]) -> str:
    """Return how many dates change, appear and go, in one sentence."""
    if not table:
        return "Cette correction ne déplace aucune échéance."
    gone = sum(one.apres is None for one in table)
    new = sum(one.avant is None for one in table)
    moved = len(table) - gone - new
    parts = [
        f"{fr.pluriel(moved, 'échéance change', 'échéances changent')} de date" if moved else "",
        f"{fr.pluriel(new, 'échéance apparaît', 'échéances apparaissent')}" if new else "",
        f"{fr.pluriel(gone, 'échéance disparaît', 'échéances disparaissent')}" if gone else "",
    ]
    return f"{', '.join(part for part in parts if part)}."


def _line(one: Mouvement, today: date) -> QWidget:
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(label(one.titre, "fort", wrap=True))
    words.addWidget(label(_change(one, today), wrap=True))
    chips = [chip(*_kind(one))]
    if one.fixee:
        chips.append(chip("fixée par vous\u00a0: ne bouge pas", "info"))
    return Columns(380, (words, 3), (Flow(*chips, spacing=6), 2), spacing=8)


def _change(one: Mouvement, today: date) -> str:
    before = fr.jour_bref(one.avant, today) if one.avant else ""
    after = fr.jour_bref(one.apres, today) if one.apres else ""
    if one.avant and one.apres:
        return f"{before} → {after}"
    return f"à partir de maintenant\u00a0: {after}" if one.apres else f"n’est plus attendue (était le {before})"


def _kind(one: Mouvement) -> tuple[str, str]:
    if one.avant is None:
        return "nouvelle", "succes"
    if one.apres is None:
        return "disparaît", "neutre"
    days = (one.apres - one.avant).days
    if days == 0:
        return "même jour", "neutre"
    return f"{fr.pluriel(abs(days), 'jour')} plus {'tard' if days > 0 else 'tôt'}", "alerte"
