"""Measures what is written on screen against the room it has: what does not fit is cut."""

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenuBar,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QToolButton,
    QWidget,
)

SLACK = 1
"""Pixels that rounding may take."""


def cut_in(root: QWidget) -> list[str]:
    """Return the texts under a widget that are not seen whole."""
    faults = []
    for widget in (root, *root.findChildren(QWidget)):
        if not widget.isVisible() or not widget.width() or not widget.height():
            continue
        for text, need, room in measured(widget):
            if need.width() > room.width() + SLACK or need.height() > room.height() + SLACK:
                faults.append(f"{type(widget).__name__} «{text[:50]}» needs {need.width()}×{need.height()}, has "
                              f"{room.width()}×{room.height()} in {_where(widget)}")  # fmt: skip
        if _written(widget) and (side := _outside(widget)):
            faults.append(f"{type(widget).__name__} «{_written(widget)[:50]}» goes {side} in {_where(widget)}")
    return faults


def measured(widget: QWidget) -> Iterator[tuple[str, QSize, QSize]]:
    """Yield each text of a widget with the size it needs and the size it has."""
    metrics = QFontMetrics(widget.font())
    for kind, measure in _KINDS:
        if isinstance(widget, kind):
            yield from measure(widget, metrics)
            return


def _of_label(widget: QLabel, metrics: QFontMetrics) -> Iterator[tuple[str, QSize, QSize]]:
    if widget.text() and widget.pixmap().isNull():
        yield _plain(widget.text()), _label(widget, metrics), widget.size()


def _of_tabs(widget: QTabBar, metrics: QFontMetrics) -> Iterator[tuple[str, QSize, QSize]]:
    for place in range(widget.count()):
        need = metrics.horizontalAdvance(widget.tabText(place))
        yield widget.tabText(place), QSize(need, metrics.height()), widget.tabRect(place).size()


def _of_line(widget: QLineEdit, metrics: QFontMetrics) -> Iterator[tuple[str, QSize, QSize]]:
    text = widget.placeholderText()
    if text and not widget.text() and not widget.toolTip().startswith(text):
        yield text, QSize(metrics.horizontalAdvance(text), 0), _inside(widget)


def _of_button(widget: QAbstractButton, _metrics: QFontMetrics) -> Iterator[tuple[str, QSize, QSize]]:
    if widget.text() and _shows_text(widget):
        need = widget.minimumSizeHint() if isinstance(widget, QPushButton) else widget.sizeHint()
        yield widget.text(), need, widget.size()


def _of_head(widget: QHeaderView, metrics: QFontMetrics) -> Iterator[tuple[str, QSize, QSize]]:
    if widget.orientation() is Qt.Orientation.Horizontal:
        for place in range(widget.count()):
            text = str(widget.model().headerData(place, widget.orientation()) or "")
            yield text, QSize(metrics.horizontalAdvance(text), 0), QSize(widget.sectionSize(place), 1)


def _shows_text(widget: QAbstractButton) -> bool:
    return (
        not isinstance(widget, QToolButton)
        or widget.toolButtonStyle() is not Qt.ToolButtonStyle.ToolButtonIconOnly
        or widget.icon().isNull()
    )


def _label(widget: QLabel, metrics: QFontMetrics) -> QSize:
    """Return what a label needs: its longest word and the height of its lines where it wraps, else its line."""
    if not widget.wordWrap():
        return widget.minimumSizeHint()
    words = max((metrics.horizontalAdvance(word) for word in _plain(widget.text()).split(" ")), default=0)
    edges = widget.contentsMargins()
    wide = words + edges.left() + edges.right()
    return QSize(wide, max(0, widget.heightForWidth(widget.width()) - 3))


def _combo(widget: QComboBox, metrics: QFontMetrics) -> Iterator[tuple[str, QSize, QSize]]:
    text = widget.currentText()
    if not text or widget.isEditable() or widget.toolTip().startswith(text):
        return
    option = QStyleOptionComboBox()
    option.initFrom(widget)
    field = widget.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, widget
    )
    yield text, QSize(metrics.horizontalAdvance(text), 0), field.size()


def _inside(widget: QLineEdit) -> QSize:
    taken = sum(one.width() for one in widget.findChildren(QToolButton) if one.isVisible())
    margins = widget.textMargins()
    return QSize(widget.contentsRect().width() - margins.left() - margins.right() - taken - 4, widget.height())


def _plain(text: str) -> str:
    if "<" not in text or ">" not in text:
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


def _written(widget: QWidget) -> str:
    if isinstance(widget, QLabel):
        return _plain(widget.text())
    if isinstance(widget, QPushButton | QCheckBox | QRadioButton | QComboBox | QLineEdit | QToolButton):
        return widget.accessibleName() or getattr(widget, "text", str)() or type(widget).__name__
    return ""


def _outside(widget: QWidget) -> str:
    """Tell on which side a widget goes out of what shows it and cannot be scrolled to."""
    parent = widget.parentWidget()
    while parent is not None and not widget.isWindow():
        area = QRect(widget.mapTo(parent, QPoint(0, 0)), widget.size())
        around = parent.parentWidget()
        scrolled = isinstance(around, QAbstractScrollArea) and parent is around.viewport()
        if scrolled:
            across = around.horizontalScrollBarPolicy() is not Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            if not across and (area.left() < -SLACK or area.right() > parent.width() + SLACK):
                return "out of what scrolls"
            return ""
        if area.left() < -SLACK or area.right() > parent.width() + SLACK:
            return f"{max(-area.left(), area.right() - parent.width())} px out of {type(parent).__name__} sideways"
        if area.top() < -SLACK or area.bottom() > parent.height() + SLACK:
            return (
                f"{max(-area.top(), area.bottom() - parent.height())} px out of {type(parent).__name__} above or below"
            )
        if parent.isWindow():
            return ""
        parent = around
    return ""


def hidden_menus(bar: QMenuBar) -> list[str]:
    """Return the menus that the bar has no room for and does not offer otherwise."""
    more = [one for one in bar.findChildren(QToolButton) if one.isVisible()]
    out = [
        a.text()
        for a in bar.actions()
        if bar.actionGeometry(a).right() > bar.width() or not bar.actionGeometry(a).width()
    ]
    return [] if more else out


def _where(widget: QWidget) -> str:
    names, parent = [], widget.parentWidget()
    while parent is not None and len(names) < 4:
        names.append(type(parent).__name__)
        parent = parent.parentWidget()
    return " < ".join(names)


_KINDS: tuple[tuple[type[QWidget], Callable[[Any, QFontMetrics], Iterator[tuple[str, QSize, QSize]]]], ...] = (
    (QLabel, _of_label), (QComboBox, _combo), (QTabBar, _of_tabs), (QLineEdit, _of_line), (QAbstractButton, _of_button),
    (QHeaderView, _of_head),
)  # fmt: skip
