"""The words of the field explained where they stand: a tooltip, what Maj+F1 shows, and quiet links in long texts."""

from collections.abc import Callable
from html import escape
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QLabel, QToolTip, QWidget

from mutuelle_desktop.domain.guide import Terme
from mutuelle_desktop.services.guide import lexique, mots_du_metier, terme
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.theme import theme

Widget = TypeVar("Widget", bound=QWidget)
_SCHEME = "mot:"


def meaning(text: str) -> str:
    """Return what the words of the field in a short text mean, one a line; nothing when there are none."""
    whole = lexique().named(text.strip(" :?…\u00a0"))
    found = [whole] if whole else [mention.terme for mention in mots_du_metier(text)]
    return "\n".join(_sentence(one) for one in found)


def explain(widget: Widget, mot: str = "") -> Widget:
    """Give a widget the meaning of a word, or of those its text holds: on hover, by Maj+F1 and to screen readers."""
    text = widget.text() if isinstance(widget, QLabel) else widget.accessibleName()
    said = _sentence(terme(mot)) if mot else meaning(text)
    if said:
        tell_meaning(widget, said)
    return widget


def tell_meaning(widget: QWidget, said: str) -> None:
    """Attach a meaning to a widget, after what it says already."""
    widget.setToolTip("\n".join(part for part in (widget.toolTip(), said) if part))
    widget.setWhatsThis(said)
    before = widget.accessibleDescription()
    widget.setAccessibleDescription(" ".join(part for part in (before, said.replace("\n", " ")) if part))


def linked(text: str) -> str:
    """Return a text as HTML whose words of the field are links, underlined in the colour of the text."""
    parts, place = [], 0
    ink = theme().color("encre").name()
    for found in sorted(mots_du_metier(text), key=lambda mention: mention.debut):
        shown = escape(text[found.debut : found.fin])
        parts.append(escape(text[place : found.debut]))
        parts.append(f'<a href="{_SCHEME}{escape(found.terme.mot)}" style="color: {ink}">{shown}</a>')
        place = found.fin
    return "".join((*parts, escape(text[place:])))


def follow_words(label: QLabel, follow: Callable[[str], object]) -> None:
    """Have the links of a label tell their meaning on hover, and be followed by the mouse or Tab and Enter."""
    label.setTextInteractionFlags(
        label.textInteractionFlags()
        | Qt.TextInteractionFlag.LinksAccessibleByMouse
        | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
    )
    label.linkActivated.connect(lambda link: follow(link.removeprefix(_SCHEME)))
    label.linkHovered.connect(lambda link: _hover(label, link))


def _hover(label: QLabel, link: str) -> None:
    if link.startswith(_SCHEME):
        QToolTip.showText(QCursor.pos(), _sentence(terme(link.removeprefix(_SCHEME))), label)
    else:
        QToolTip.hideText()


def _sentence(found: Terme) -> str:
    return f"{fr.majuscule(found.mot)}\u00a0: {found.definition}"
