"""The tree that assistive tools walk, read through Qt's own QAccessible, and what is wrong in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QScrollArea, QWidget

Role, Text = QAccessible.Role, QAccessible.Text
ACTS = {
    Role.Button, Role.ButtonMenu, Role.ButtonDropDown, Role.CheckBox, Role.RadioButton, Role.ComboBox, Role.EditableText,
    Role.SpinBox, Role.Slider, Role.PageTab, Role.Link, Role.MenuItem, Role.List, Role.Table, Role.Tree,
    Role.ProgressBar, Role.ListItem, Role.Cell, Role.TreeItem, Role.Document,
}  # fmt: skip
ROWS = {Role.ListItem, Role.Cell, Role.TreeItem, Role.ColumnHeader, Role.RowHeader}
WRITTEN = {Role.EditableText, Role.ComboBox, Role.SpinBox}
ALIKE = ("Ajouter des papiers…",)
"""What several buttons of one page may say, for they do the same thing."""
MOST = 60
"""How many children of one list are looked at."""


@dataclass(slots=True)
class Noeud:
    """One node of the tree, as it was when it was walked."""

    role: QAccessible.Role
    nom: str
    dit: str
    valeur: str
    place: QRect
    objet: Any
    etiquettes: tuple[str, ...]
    etat: dict[str, bool]
    texte: str | None = None
    enfants: list["Noeud"] = field(default_factory=list)

    def __iter__(self) -> Iterator["Noeud"]:
        yield self
        for child in self.enfants:
            yield from child

    def __str__(self) -> str:
        return f"{self.role.name} «{self.nom[:60]}» ({type(self.objet).__name__})"

    def find(self, role: QAccessible.Role, name: str = "") -> "Noeud":
        """Return the first node of this role whose name begins so."""
        for node in self:
            if node.role is role and node.nom.startswith(name):
                return node
        raise AssertionError(f"no {role.name} « {name} » among {[str(n) for n in self if n.role is role][:20]}")

    def all(self, role: QAccessible.Role) -> list["Noeud"]:
        return [node for node in self if node.role is role]


def arbre(widget: QWidget) -> Noeud:
    """Return the tree under a widget, without what is not shown."""
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None
    return _node(found)


def _node(found: QAccessibleInterface) -> Noeud:
    state = found.state()
    text = found.textInterface()
    words = text.text(0, text.characterCount()) if text is not None else None
    names = ("focusable", "focused", "checkable", "checked", "selected", "selectable", "disabled", "editable", "readOnly",
             "invisible")  # fmt: skip
    labels = tuple(
        other.text(Text.Name)
        for other, kind in found.relations(QAccessible.RelationFlag.Label)
        if kind & QAccessible.RelationFlag.Label
    )
    value = found.valueInterface()
    said = found.text(Text.Value) or (str(value.currentValue()) if value is not None else "")
    node = Noeud(found.role(), found.text(Text.Name), found.text(Text.Description), said, found.rect(), found.object(),
                 labels, {name: bool(getattr(state, name)) for name in names}, words)  # fmt: skip
    for place in range(min(found.childCount(), MOST)):
        child = found.child(place)
        if child is not None and child.isValid() and not child.state().invisible:
            node.enfants.append(_node(child))
    return node


def _about(node: Noeud) -> bool:
    """Tell whether a node is a part of a control and not one of its own: the cross of a field, a list that drops."""
    if not isinstance(node.objet, QWidget):
        return False
    parents = _parents(node.objet)
    return any(isinstance(one, QComboBox | QLineEdit) for one in parents)


def _parents(widget: QWidget) -> Iterator[QWidget]:
    while (parent := widget.parentWidget()) is not None:
        yield parent
        widget = parent


def unnamed(tree: Noeud) -> list[str]:
    """Return what can be acted on, or holds the keyboard, and has no name to be said."""
    return [
        f"no name: {node}"
        + (f" {node.objet.objectName()} in {where_of(node.objet)}" if isinstance(node.objet, QWidget) else "")
        for node in tree
        if (node.role in ACTS or node.etat["focusable"]) and not node.nom.strip() and not _quiet(node)
    ]


def _quiet(node: Noeud) -> bool:
    """Leave out what is named by its label or holds the keyboard only when it scrolls a text that has a name."""
    return node.role in WRITTEN and any(label.strip() for label in node.etiquettes)


def where_of(widget: QWidget) -> str:
    return " < ".join(type(one).__name__ for one in _parents(widget))[:160]


def twice(tree: Noeud) -> list[str]:
    """Return the names borne by several controls that do different things."""
    seen: dict[tuple[str, str], list[Noeud]] = {}
    for node in tree:
        if node.nom not in ALIKE and node.role in ACTS - ROWS - {Role.Document} and not _about(node):
            label = " ".join(node.etiquettes)
            seen.setdefault((node.role.name, f"{label} {node.nom}".strip()), []).append(node)
    return [f"{len(nodes)} times {role} «{name}»" for (role, name), nodes in seen.items() if len(nodes) > 1]


def unlabelled(tree: Noeud) -> list[str]:
    """Return the fields to write or choose in that no label is tied to and that do not say what they are for."""
    return [
        f"no label: {node} value «{node.valeur}» in {where_of(node.objet)}"
        for node in tree
        if node.role in WRITTEN and not _about(node) and isinstance(node.objet, QWidget)
        and not any(label.strip() for label in node.etiquettes)
        and not (node.role is Role.EditableText and node.nom.strip())
    ]  # fmt: skip


def wrong_values(tree: Noeud) -> list[str]:
    """Return the controls whose value is not the one they show."""
    faults = []
    for node in tree:
        held = node.objet
        if (
            node.role is Role.EditableText
            and isinstance(held, QLineEdit)
            and held.echoMode() is QLineEdit.EchoMode.Normal
        ):
            if node.valeur != held.text():
                faults.append(f"{node} says «{node.valeur}» and shows «{held.text()}»")
        elif isinstance(held, QComboBox) and node.valeur != held.currentText():
            faults.append(f"{node} says «{node.valeur}» and shows «{held.currentText()}»")
    return faults


def wrong_order(tree: Noeud) -> list[str]:
    """Return the neighbours that are read in another order than they are seen."""
    faults = []
    for node in tree:
        shown = [one for one in node.enfants if one.place.width() > 1 and one.place.height() > 1
                 and one.role not in (Role.ScrollBar, Role.Grip, Role.Pane)]  # fmt: skip
        for before, after in pairwise(shown):
            if goes_back(before.place, after.place):
                faults.append(f"in {node}: {after} is read after {before}")
    return faults


def goes_back(before: QRect, after: QRect) -> bool:
    """Tell whether a reader of left-to-right lines comes to the second first; columns are read one after the other."""
    above = after.bottom() <= before.top() + 2
    beside = after.top() < before.bottom() - 2 and before.top() < after.bottom() - 2
    return (above and after.left() < before.right()) or (beside and after.right() <= before.left() + 2)


def chain(window: QWidget, back: bool = False) -> list[tuple[QWidget, QRect, QRect]]:
    """Return what Tab goes through, from the first to the one it comes back to the first from.

    Each comes with where it is, and where the one before is, when Tab has come to it. Keys are pressed rather than
    nextInFocusChain() followed: PySide takes what that returns for a child of what it was asked of, and forgets it when
    the other dies.
    """
    window.activateWindow()
    QApplication.processEvents()
    held = QApplication.focusWidget()
    if held is not None:
        held.clearFocus()
    found: list[tuple[QWidget, QRect, QRect]] = []
    before: QWidget | None = None
    for _ in range(400):
        QTest.keyClick(before or window, Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab)
        held = QApplication.focusWidget()
        if held is before and held is not None:
            continue  # within a text, from one of its links to the next
        if held is None or any(held is one for one, _place, _last in found):
            break
        found.append((held, place_of(held), place_of(before) if before is not None else QRect()))
        before = held
    return found


def place_of(widget: QWidget) -> QRect:
    return QRect(widget.mapToGlobal(QPoint(0, 0)), widget.size())


def wrong_tab_order(inside: QWidget) -> list[str]:
    """Return the controls of a page that Tab comes to in another order than they are seen."""
    faults, before = [], None
    for held, place, last in chain(inside.window()):
        if inside.isAncestorOf(held) and not isinstance(held, QScrollArea):
            if before is not None and goes_back(last, place):
                faults.append(f"Tab goes from {said(before)} back to {said(held)}")
            before = held
    return faults


def said(widget: QWidget) -> str:
    text = widget.accessibleName() or getattr(widget, "text", str)()
    return f"{type(widget).__name__} «{str(text)[:50]}»"


def faults_of(widget: QWidget) -> list[str]:
    """Return everything that is wrong under a widget."""
    tree = arbre(widget)
    checks: tuple[Callable[[Noeud], list[str]], ...] = (unnamed, twice, unlabelled, wrong_values, wrong_order)
    return [fault for check in checks for fault in check(tree)] + wrong_tab_order(widget)


def dialogs() -> list[QWidget]:
    return [
        one
        for one in QApplication.topLevelWidgets()
        if one.isVisible() and one.isWindow() and not isinstance(one, QLabel)
    ]
