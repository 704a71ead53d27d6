"""Text to be read at length: paragraphs with air, asides, a measure of about seventy characters."""

from collections.abc import Callable, Iterable
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QLabel, QVBoxLayout, QWidget

from mutuelle_desktop.services.guide import mots_du_metier
from mutuelle_desktop.ui.termes import follow_words, linked
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import label

MESURE = 70
"""Characters a line may hold: longer, the eye loses the next line."""
CORPS = 15.5
"""Pixels of an article's text at 100 %: what is read at length is set larger than what is looked up."""
_SAMPLE = "le contrat donne le nom du service "


def measure() -> int:
    """Return the width, in pixels, of a line of so many characters of an article at the size in force."""
    font = QFont(QApplication.font())
    font.setPixelSize(theme().px(CORPS))
    return QFontMetrics(font).horizontalAdvance(_SAMPLE) * MESURE // len(_SAMPLE)


def prose(paragraphs: Iterable[str], role: str = "prose", follow: Callable[[str], object] | None = None) -> QLabel:
    """Return paragraphs set with more room between the lines than a form needs; follow makes links of their terms."""
    lines = [text for text in paragraphs if text]
    shown = linked if follow else escape
    body = "".join(
        f'<p style="line-height: 122%; margin-top: {6 if place else 0}px; margin-bottom: 0">{shown(text)}</p>'
        for place, text in enumerate(lines)
    )
    made = QLabel(body)
    made.setTextFormat(Qt.TextFormat.RichText)
    made.setWordWrap(True)
    made.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setAccessibleName(" ".join(lines))
    made.setProperty("role", role)
    if follow and any(mots_du_metier(text) for text in lines):
        follow_words(made, follow)
    return made


def line(text: str) -> QLabel:
    """Return a short text of a long list: plain, since a hundred of them must be laid out at once."""
    return label(text, "prose", wrap=True, selectable=True)


def aside(title: str, text: str, role: str = "encart", follow: Callable[[str], object] | None = None) -> QFrame:
    """Return a tinted box that says what stands beside the advice: the law, most often."""
    frame = QFrame()
    frame.setProperty("role", role)
    column = QVBoxLayout(frame)
    column.setContentsMargins(14, 10, 14, 10)
    column.setSpacing(2)
    column.addWidget(label(title, "fort", wrap=True))
    column.addWidget(prose([text], "", follow))
    return frame


def stroke() -> QFrame:
    """Return the short coloured line under the title of an article."""
    line = QFrame()
    line.setProperty("role", "filet")
    line.setFixedWidth(theme().px(48))
    return line


class Entry(QWidget):
    """One piece of an article that can be gone to: its title, its text, what goes with it."""

    def __init__(self, title: str, *parts: QWidget | None, role: str = "carte-titre", spacing: int = 8) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing)
        column.addWidget(label(title, role, wrap=True, selectable=True))
        for part in parts:
            if part is None:
                continue
            narrow = isinstance(part, QAbstractButton) or str(part.property("role")).startswith("puce")
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft if narrow else Qt.AlignmentFlag(0))
