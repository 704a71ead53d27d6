"""Fields of forms that understand French: days, hours, amounts, choices."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any, Self

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QStandardItemModel,
)
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMenu, QStyle, QStyleOptionComboBox, QToolButton
from typing_extensions import override

from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import set_role
from mutuelle_desktop.ui.widgets.faults import Misread

_HEADING = object()


class DateField(QLineEdit):
    """A day, typed as people write it; empty means none."""

    def __init__(self, value: date | None, today: date) -> None:
        super().__init__(fr.jour_court(value))
        self._today = today
        self.setPlaceholderText("jj/mm/aaaa")
        self.editingFinished.connect(self._tidy)

    def value(self) -> date | None:
        """Return the day, or raise Misread in French."""
        try:
            return fr.parse_jour(self.text(), self._today)
        except ValueError:
            raise Misread(
                f"Cette date n’est pas comprise : « {self.text()} ». Écrivez par exemple 16/06/2026.", self
            ) from None

    def _tidy(self) -> None:
        try:
            self.setText(fr.jour_court(fr.parse_jour(self.text(), self._today)))
            wrong = False
        except ValueError:
            wrong = True
        self.setProperty("erreur", "true" if wrong else "false")
        self.style().unpolish(self)
        self.style().polish(self)


class TimeField(QLineEdit):
    """An hour such as 9 h 40; empty means none."""

    def __init__(self, value: time | None) -> None:
        super().__init__(fr.heure(value))
        self.setPlaceholderText("9 h 40")

    def value(self) -> time | None:
        """Return the hour, or raise Misread in French."""
        typed = self.text().lower().replace("h", " ").replace(":", " ").split()
        if not typed:
            return None
        try:
            return time(int(typed[0]), int(typed[1]) if len(typed) > 1 else 0)
        except ValueError:
            raise Misread(
                f"Cette heure n’est pas comprise : « {self.text()} ». Écrivez par exemple 9 h 40.", self
            ) from None


class MoneyField(QLineEdit):
    """An amount in euros; empty means unknown."""

    def __init__(self, value: Decimal | None) -> None:
        super().__init__(fr.montant(value))
        self.setPlaceholderText("0,00 €")

    def value(self) -> Decimal | None:
        """Return the amount, or raise Misread in French."""
        try:
            return fr.parse_montant(self.text())
        except ValueError:
            raise Misread(
                f"Ce montant n’est pas compris : « {self.text()} ». Écrivez par exemple 72,50.", self
            ) from None


class Choice(QComboBox):
    """One value among several, each with its text; None may be one of them."""

    def __init__(self, choices: Iterable[tuple[str, Any]], value: Any = None) -> None:
        super().__init__()
        offered = list(choices)
        self._values = [found for _text, found in offered]
        self.addItems([text for text, _found in offered])  # at once: there may be thousands
        self.choose(value)
        self.setMinimumWidth(theme().px(96))
        longest = max((len(text) for text, _found in offered), default=0)
        self.setMinimumContentsLength(min(longest, 20))
        self._cut = ""
        self.currentIndexChanged.connect(self._tell_whole)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        """Tie its name to it by a label: where a visible one is missing, a screen reader looks for one all the same."""
        super().showEvent(event)
        parent = self.parentWidget()
        if parent is None or not self.accessibleName():
            return
        beside = parent.findChildren(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly)
        if not any(one.buddy() is self for one in beside):
            unseen = QLabel(self.accessibleName(), parent)
            unseen.setBuddy(self)
            unseen.hide()
            self.destroyed.connect(unseen.deleteLater)

    @override
    def showPopup(self) -> None:
        """Show the choices whole, even where the field is narrow."""
        room = QGuiApplication.primaryScreen().availableGeometry().width() - 40
        self.view().setMinimumWidth(min(self.view().sizeHintForColumn(0) + theme().px(24), room))
        super().showPopup()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_whole()

    def _tell_whole(self) -> None:
        """Say in a tooltip what is chosen, where the field is too narrow for it."""
        text, tip = self.currentText(), self.toolTip()
        meant = tip.removeprefix(self._cut).lstrip("\n")
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        style, part = self.style(), QStyle.SubControl.SC_ComboBoxEditField
        room = style.subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self).width()
        self._cut = text if self.fontMetrics().horizontalAdvance(text) > room else ""
        self.setToolTip("\n".join(part for part in (self._cut, meant) if part))

    @classmethod
    def grouped(cls, groups: Mapping[str, Iterable[tuple[str, Any]]], value: Any = None) -> Self:
        """Return choices under headings that cannot be chosen themselves."""
        made = cls([entry for name, choices in groups.items() for entry in ((name, _HEADING), *choices)], value)
        model = made.model()
        for place, found in enumerate(made._values):
            if found is _HEADING and isinstance(model, QStandardItemModel):
                item = model.item(place)
                item.setEnabled(False)
                font = item.font()
                font.setBold(True)
                item.setFont(font)
        return made

    def set_choices(self, choices: Iterable[tuple[str, Any]]) -> None:
        """Offer other values, without telling that the one chosen changed."""
        offered = list(choices)
        if [(self.itemText(n), self._values[n]) for n in range(self.count())] != offered:
            before, quiet = self.value(), self.blockSignals(True)
            self.clear()
            self._values = [found for _text, found in offered]
            self.addItems([text for text, _found in offered])
            self.choose(before)
            self.blockSignals(quiet)

    def choose(self, value: Any) -> None:
        """Choose a value, when it is one of them."""
        if value in self._values:
            self.setCurrentIndex(self._values.index(value))

    def value(self) -> Any:
        """Return the chosen value."""
        return self._values[self.currentIndex()] if self._values else None


class SearchField(QLineEdit):
    """A search as one types: changed fires a moment after the last key."""

    changed = Signal(str)

    def __init__(self, hint: str, delay: int = 80) -> None:
        super().__init__()
        self.setProperty("role", "recherche")
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(True)
        for cross in self.findChildren(QToolButton):
            cross.setAccessibleName("Effacer la recherche")
        self._timer = QTimer(self, singleShot=True, interval=delay)
        self._timer.timeout.connect(self._tell)
        self.textChanged.connect(self._wait)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sign of a search at the size of the text: the icons of a line edit keep theirs."""
        super().paintEvent(event)
        side = theme().px(16)
        place = QRect(theme().px(10), (self.height() - side) // 2, side, side)
        theme().icon("chercher").paint(QPainter(self), place)

    @override
    def event(self, event: QEvent) -> bool:
        """Leave to the program the undo that would undo no typing, and the paste that holds papers."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._leaves(event):
            event.ignore()
            return False
        return super().event(event)

    def _leaves(self, event: QKeyEvent) -> bool:
        if event.matches(QKeySequence.StandardKey.Undo):
            return not self.isUndoAvailable()
        if event.matches(QKeySequence.StandardKey.Redo):
            return not self.isRedoAvailable()
        if event.matches(QKeySequence.StandardKey.Paste):
            held = QGuiApplication.clipboard().mimeData()
            return held.hasUrls() or (held.hasImage() and not held.hasText())
        return False

    def _wait(self) -> None:
        self._timer.start()

    def _tell(self) -> None:
        self.changed.emit(self.text())


class FilterButton(QToolButton):
    """A filter with its choices in a menu; lit when it filters. chosen gives the value."""

    chosen = Signal(object)

    def __init__(self, name: str, choices: Callable[[], Iterable[tuple[str, Any]]]) -> None:
        super().__init__()
        self._name = name
        self._choices = choices
        self.value: Any = None
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self._show("")

    def set_value(self, text: str, value: Any) -> None:
        """Choose without telling."""
        self.value = value
        self._show(text)

    def _fill(self) -> None:
        self._menu.clear()
        for text, value in [("Tous", None), *self._choices()]:
            action = self._menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(value == self.value)
            action.setData((text, value))
            action.triggered.connect(self._pick)

    def _pick(self) -> None:
        action = self.sender()
        text, value = action.data()  # type: ignore[attr-defined]
        self.set_value(text, value)
        self.chosen.emit(value)

    def _show(self, text: str) -> None:
        active = self.value is not None
        self.setText(text if active else f"{self._name} ▾")
        self.setAccessibleName(f"{self._name} : {text if active else 'tous'}")
        self.setToolTip(self._name)
        set_role(self, "filtre-actif" if active else "filtre")
