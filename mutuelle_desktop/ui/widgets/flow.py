"""Layouts that give way instead of cutting text: a line that wraps, columns that stack."""

from functools import partial

from PySide6.QtCore import QEvent, QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSplitter,
    QWidget,
)
from typing_extensions import override

from mutuelle_desktop.ui.theme import theme


class Flow(QLayout):
    """Widgets side by side, going on to the next line when the width runs out; grow shares what is left."""

    def __init__(self, *widgets: QWidget, spacing: int = 8, grow: bool = False) -> None:
        super().__init__()
        self.setContentsMargins(QMargins())
        self.setSpacing(spacing)
        self._grow = grow
        self._items: list[QLayoutItem] = []
        for widget in widgets:
            self.addWidget(widget)

    @override
    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    @override
    def count(self) -> int:
        return len(self._items)

    @override
    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    @override
    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    @override
    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins()
        inner = QRect(0, 0, width - margins.left() - margins.right(), 0)
        return self._arrange(inner, place=False) + margins.top() + margins.bottom()

    @override
    def setGeometry(self, area: QRect) -> None:
        super().setGeometry(area)
        self._arrange(area.marginsRemoved(self.contentsMargins()), place=True)

    @override
    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._items]
        wide = sum(s.width() for s in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return self._around(QSize(wide, max((s.height() for s in sizes), default=0)))

    @override
    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._items]
        wide, high = max((s.width() for s in sizes), default=0), max((s.height() for s in sizes), default=0)
        return self._around(QSize(wide, high))

    def _around(self, size: QSize) -> QSize:
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _arrange(self, area: QRect, *, place: bool) -> int:
        """Lay the lines out, or only measure; return the height they take, in pixels."""
        top = area.top()
        for line in self._lines(area.width()):
            height = max(item.sizeHint().height() for item in line)
            if place:
                used = sum(item.sizeHint().width() for item in line) + self.spacing() * (len(line) - 1)
                share = max(0, area.width() - used) // len(line) if self._grow else 0
                left = area.left()
                for item in line:
                    width = min(item.sizeHint().width() + share, area.width())
                    size = QSize(width, height if self._grow else item.sizeHint().height())
                    drop = (height - size.height()) // 2
                    item.setGeometry(QRect(QPoint(left, top + drop), size))
                    left += width + self.spacing()
            top += height + self.spacing()
        return max(0, top - self.spacing() - area.top())

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        room = -1
        for item in self._items:
            if item.isEmpty():
                continue
            wanted = item.sizeHint().width()
            if room < wanted:
                lines.append([])
                room = width
            lines[-1].append(item)
            room -= wanted + self.spacing()
        return self._evened(lines, width) if self._grow and len(lines) > 1 else lines

    def _evened(self, lines: list[list[QLayoutItem]], width: int) -> list[list[QLayoutItem]]:
        """Return as many lines with as many items on each as can be, so that none stands alone and huge."""
        items = [item for line in lines for item in line]
        each = -(-len(items) // len(lines))
        even = [items[n : n + each] for n in range(0, len(items), each)]
        fits = all(sum(i.sizeHint().width() for i in line) + self.spacing() * (len(line) - 1) <= width for line in even)
        return even if fits else lines


class Columns(QWidget):
    """Parts side by side with their shares, one under the other when narrower than so many pixels at 100 %."""

    def __init__(self, narrow: int, *parts: tuple[QWidget | QLayout, int], spacing: int = 12) -> None:
        super().__init__()
        self._narrow = narrow
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(spacing)
        self._parts = [part for part, _share in parts]
        for part, share in parts:
            if isinstance(part, QWidget):
                self._line.addWidget(part, share)
            else:
                self._line.addLayout(part, share)

    @override
    def minimumSizeHint(self) -> QSize:
        """Ask only for the widest part: that is what stacking needs."""
        # itemAt() is not asked: PySide keeps the item it returns past the death of Qt's, and takes for it whatever is
        # made next at that address.
        wide = [
            part.minimumSizeHint().expandedTo(part.minimumSize()).width()
            if isinstance(part, QWidget)
            else part.minimumSize().width()
            for part in self._parts
        ]
        return QSize(max(wide, default=0), 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._turn(event.size().width())
        super().resizeEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:  # the size of the text changed, and what is narrow with it
            self._turn(self.width())

    def _turn(self, width: int) -> None:
        stacked = width < theme().px(self._narrow)
        way = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        if self._line.direction() != way:
            self._line.setDirection(way)


_STEP = 40
"""Pixels, at 100 %, a pane is widened by at each press."""


class Panes(QScrollArea):
    """Panes one drags wider or narrower; one under the other, scrolling, when there is no room side by side.

    Each pane comes with its share of the width and the least height, in pixels at 100 %, it has when stacked.
    """

    def __init__(self, narrow: int, *panes: tuple[QWidget, int, int]) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._narrow = narrow
        self._panes = panes
        self.split = QSplitter()
        self.split.setChildrenCollapsible(False)
        for pane, share, _least in panes:
            self.split.addWidget(pane)
            self.split.setStretchFactor(self.split.count() - 1, share)
        for place, (pane, _share, _least) in enumerate(
            panes
        ):  # a splitter puts the newest first in the order of reading
            self.split.handle(place).raise_()
            pane.raise_()
        self.split.setSizes([100 * share for _pane, share, _least in panes])
        self.setWidget(self.split)
        for keys, step in (("Alt+Shift+Right", _STEP), ("Alt+Shift+Left", -_STEP)):
            made = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(partial(self.widen, step))

    def widen(self, step: int) -> None:
        """Give the pane that has the keyboard this many pixels, at 100 %, more of the width, or less."""
        sizes = self.split.sizes()
        held = next((n for n in range(self.split.count()) if self._holds_focus(self.split.widget(n))), None)
        if held is None or self.stacked or len(sizes) < 2:
            return
        other = held + 1 if held + 1 < len(sizes) else held - 1
        step = theme().px(step)
        sizes[held], sizes[other] = sizes[held] + step, sizes[other] - step
        self.split.setSizes(sizes)
        self.split.splitterMoved.emit(self.split.sizes()[0], 1)

    def _holds_focus(self, pane: QWidget | None) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and pane is not None and (focus is pane or pane.isAncestorOf(focus))

    @property
    def stacked(self) -> bool:
        """Tell whether the panes lie one under the other."""
        return self.split.orientation() is Qt.Orientation.Vertical

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._turn(event.size().width())
        super().resizeEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._turn(self.width())

    def _turn(self, width: int) -> None:
        stacked = width < theme().px(self._narrow)
        way = Qt.Orientation.Vertical if stacked else Qt.Orientation.Horizontal
        if self.split.orientation() is not way:
            self.split.setOrientation(way)
            for pane, _share, least in self._panes:
                pane.setMinimumHeight(theme().px(least) if stacked else 0)
