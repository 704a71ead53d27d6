"""The words of the field explained where they stand: a tooltip, what Maj+F1 shows, and quiet links in long texts."""

from collections.abc import Callable
from html import escape
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QCursor, QHelpEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QToolTip, QWhatsThis, QWidget
from typing_extensions import override

from mutuelle_desktop.domain.guide import Terme, mentions
from mutuelle_desktop.services.guide import lexique, mots_du_metier, terme
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import label

Widget = TypeVar("Widget", bound=QWidget)
_SCHEME = "mot:"
_LABEL, _EVERYWHERE = 40, "mutuelle"
"""Letters of a text that names a field or a line; the word that is in most of them."""
_LONG, _MANY, _REACH = 240, 6, 4
"""Letters of a text that is read, not looked up; meanings shown at once; how far around the keyboard one looks."""


def meaning(text: str) -> str:
    """Return what the words of the field in a text mean, one a line; in a label, even the words that most know."""
    whole = lexique().named(text.strip(" :?…\u00a0"))
    if whole is not None:
        return _sentence(whole)
    met = mentions(text, lexique()) if len(text) <= _LABEL else mots_du_metier(text)
    found = [mention.terme for mention in met if mention.terme.mot != _EVERYWHERE]
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


class Explainer(QObject):
    """Explains the words of the field in a whole window: under the pointer, and by Maj+F1 around where the keyboard is.

    It is a filter of the window alone: what reaches it is what no widget of the window has answered.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            under = self._window.childAt(event.pos())
            said = _said_by(under) if under is not None and not under.toolTip() else ""
            if said:
                QToolTip.showText(event.globalPos(), said, under)
            return bool(said)
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and _asks(event):
            return self.explain_here()
        return False

    def explain_here(self) -> bool:
        """Explain what stands nearest to the keyboard: the field, else the lines beside it, else its whole card."""
        here = QApplication.focusWidget()
        around = here
        for _level in range(_REACH):
            if here is None or around is None or around is self._window:
                return False
            said = _said_around(around)
            if said:
                QWhatsThis.showText(here.mapToGlobal(here.rect().center()), said, here)
                return True
            around = around.parentWidget()
        return False


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


def explained(text: str, role: str = "") -> QLabel:
    """Return a text that wraps, whose words of the field tell their meaning in place when they are followed."""
    if not mots_du_metier(text):
        return label(text, role, wrap=True, selectable=True)
    made = QLabel(linked(text))
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setWordWrap(True)
    made.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    made.setAccessibleName(text)
    made.setProperty("role", role)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    follow_words(
        made, lambda mot: QWhatsThis.showText(made.mapToGlobal(made.rect().center()), _sentence(terme(mot)), made)
    )
    return made


def follow_words(text: QLabel, follow: Callable[[str], object]) -> None:
    """Have the links of a label tell their meaning on hover, and be followed by the mouse or Tab and Enter."""
    text.setTextInteractionFlags(
        text.textInteractionFlags()
        | Qt.TextInteractionFlag.LinksAccessibleByMouse
        | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
    )
    text.linkActivated.connect(lambda link: follow(link.removeprefix(_SCHEME)))
    text.linkHovered.connect(lambda link: _hover(text, link))


def _asks(event: QKeyEvent) -> bool:
    return event.key() == Qt.Key.Key_F1 and bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)


def _said_by(widget: QWidget) -> str:
    """Return the meaning of what a widget says; nothing of a long text, whose own words are links."""
    text = ""
    if isinstance(widget, QLabel):
        text = widget.text() if widget.textFormat() is Qt.TextFormat.PlainText else widget.accessibleName()
    elif isinstance(widget, QAbstractButton):
        text = widget.text() or widget.accessibleName()
    elif widget.accessibleName():
        text = widget.accessibleName()
    return meaning(text) if len(text) <= _LONG else ""


def _said_around(widget: QWidget) -> str:
    """Return what a widget means, or all that it holds, each word once."""
    own = widget.whatsThis() or _said_by(widget)
    inside = (_said_by(one) for one in widget.findChildren(QLabel) if one.isVisible())
    lines = own.split("\n") if own else [line for said in inside for line in said.split("\n")]
    return "\n".join(list(dict.fromkeys(line for line in lines if line))[:_MANY])


def _hover(text: QLabel, link: str) -> None:
    if link.startswith(_SCHEME):
        QToolTip.showText(QCursor.pos(), _sentence(terme(link.removeprefix(_SCHEME))), text)
    else:
        QToolTip.hideText()


def _sentence(found: Terme) -> str:
    return f"{fr.majuscule(found.mot)}\u00a0: {found.definition}"
