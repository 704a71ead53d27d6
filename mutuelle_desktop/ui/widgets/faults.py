"""What a form does with a refusal: says it, shows and names the field at fault, and puts the keyboard there."""

import re
import unicodedata

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from mutuelle_desktop.domain.errors import AppError, Refused
from mutuelle_desktop.ui.widgets.spoken import announce


class Misread(Refused):
    """What was typed in a field is not understood; field is that one."""

    def __init__(self, text: str, field: QWidget) -> None:
        super().__init__(text)
        self.field = field


class Faults:
    """The refusals of one form, shown in its line of words."""

    def __init__(self, words: QLabel) -> None:
        self._words = words
        self._fields: dict[QWidget, str] = {}
        self._blamed: QWidget | None = None
        self._said = ""

    def watch(self, name: str, field: QWidget) -> None:
        """Count this field, known to the user by that name, among those that can be at fault."""
        self._fields[field] = name

    def forget(self) -> None:
        """Forget every field: the form is being made anew."""
        self._fields.clear()
        self._blamed = None
        self._words.hide()

    def clear(self) -> None:
        """Blame nothing any more."""
        self._words.hide()
        if self._blamed is not None:
            _mark(self._blamed, wrong=False)
            self._blamed.setAccessibleDescription(self._said)
            self._blamed = None

    def show(self, error: AppError) -> None:
        """Say why, and go to the field at fault when it is known."""
        self.clear()
        text = str(error)
        self._words.setText(text)
        self._words.setAccessibleName(text)
        self._words.show()
        announce(self._words, text, urgent=True)
        field = self._at_fault(error)
        if field is None:
            return
        self._blamed, self._said = field, field.accessibleDescription()
        held = entry_of(field)
        _mark(field, wrong=True)
        field.setAccessibleDescription(f"{text} {self._said}".strip())
        _reveal(held)
        held.setFocus(Qt.FocusReason.OtherFocusReason)

    def _at_fault(self, error: AppError) -> QWidget | None:
        field = getattr(error, "field", None)
        if field is not None:
            return next((one for one in self._fields if one is field or one.isAncestorOf(field)), None)
        said = _words_of(str(error))
        scores = {
            field: len(said & _words_of(name)) / len(_words_of(name))
            for field, name in self._fields.items()
            if _words_of(name) and field.isEnabled() and not field.isHidden()
        }
        best = max(scores, key=lambda one: scores[one], default=None)
        return best if best is not None and scores[best] > 0 else None


def entry_of(field: QWidget) -> QWidget:
    """Return what takes the keyboard in a field made of several widgets, or the field itself."""
    if field.focusPolicy() is not Qt.FocusPolicy.NoFocus or field.focusProxy() is not None:
        return field
    inside = (one for one in field.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return next(inside, field)


def _mark(field: QWidget, *, wrong: bool) -> None:
    for one in {field, entry_of(field)}:
        one.setProperty("erreur", "true" if wrong else "false")
        one.style().unpolish(one)
        one.style().polish(one)


def _reveal(field: QWidget) -> None:
    around = field.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(field)
        around = around.parentWidget()


def _words_of(text: str) -> set[str]:
    """Return the stems of the words of a sentence: five letters without accents, the small words left out."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return {word[:5] for word in re.findall(r"[a-z0-9]{3,}", plain)} - {"les", "des", "une", "pour", "dans", "sur"}
