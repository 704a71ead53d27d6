"""The window: tabs down the left, search above, running work below; pages are made when first seen."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QSettings, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from mutuelle_desktop.ui.actions import Action
from mutuelle_desktop.ui.ecrans import bring_back
from mutuelle_desktop.ui.messages import Messages
from mutuelle_desktop.ui.status_strip import StatusStrip
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Card, EmptyState, button, label, named
from mutuelle_desktop.ui.widgets.fields import SearchField
from mutuelle_desktop.ui.widgets.order import Ordered
from mutuelle_desktop.ui.widgets.rail import Rail, RailButton
from mutuelle_desktop.ui.widgets.spoken import install

NARROW = 900
"""Pixels, at 100 %, under which the tabs show their icon only."""
_NOT_SEEN = 500
"""Milliseconds after which what waits for the first painting waits no more: a hidden window is not painted."""
SEARCH = "Rechercher un papier, un dossier, une action"
MENUS = ("Fichier", "Édition", "Dossier", "Document", "Courrier", "Échéance", "Affichage", "Aide")


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its id and icon, its word, how its page is made, the figure that Ctrl reaches it by.

    The figures leave room for the tabs to come, so that none ever changes under the fingers.
    """

    id: str
    word: str
    make: Callable[[], QWidget]
    number: int


class MainWindow(Ordered, QMainWindow):
    """The one window; it can be painted before anything is loaded."""

    def __init__(self) -> None:
        super().__init__()
        install()
        self.setWindowTitle("Mutuelle Desktop")
        self.setWindowIcon(theme().application_icon())
        self.setMinimumSize(760, 480)
        self.resize(1280, 800)
        self.setAcceptDrops(True)
        self.search = SearchField(SEARCH)
        self.search.setToolTip(f"{SEARCH} (Ctrl+K)")
        self.search.setMaximumWidth(theme().px(460))
        self.messages = Messages()
        self.strip = StatusStrip()
        self._pile = named(QStackedWidget(), "pile")
        self._pages: dict[str, QWidget] = {}
        self._tabs: dict[str, Tab] = {}
        self._buttons: dict[str, RailButton] = {}
        self._state: QSettings | None = None
        self._actions: tuple[Action, ...] = ()
        self._qactions: dict[str, QAction] = {}
        self._when_painted: Callable[[], Any] | None = None
        self.on_close: Callable[[], bool] = lambda: True
        self.take_drop: Callable[[Any, str | None], None] = lambda _mime, _dossier: None
        self._target = named(QLabel("", self, alignment=Qt.AlignmentFlag.AlignCenter), "cible")
        self._target.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._target.setTextFormat(Qt.TextFormat.PlainText)
        self._target.hide()
        self._build()
        theme().changed.connect(self._restyle)

    def attach(self, tabs: tuple[Tab, ...], state: QSettings, bottom: tuple[Action, ...]) -> None:
        """Give the window its tabs, made when first visited, and what it remembers."""
        self._state = state
        self._tabs = {tab.id: tab for tab in tabs}
        for tab in tabs:
            self._add_tab(tab)
        self._rail.addStretch(1)
        for action in bottom:
            made = RailButton(action.texte.rstrip("…"), action.icon, action.run, tab=False)
            made.setToolTip(action.texte.rstrip("…"))
            self._rail.addWidget(made)
        self._make_room()
        geometry = state.value("geometrie")
        if geometry is not None:
            self.restoreGeometry(geometry)
            bring_back(self)
        current = str(state.value("onglet", tabs[0].id))
        self.go(current if current in self._tabs else tabs[0].id)

    def when_painted(self, run: Callable[[], Any]) -> None:
        """Run something once the window has been seen, or soon when the system does not paint it."""
        self._when_painted = run
        QTimer.singleShot(_NOT_SEEN, self._painted)

    def say(self, widget: QWidget) -> None:
        """Show one thing in place of the pages, such as why the library does not open."""
        self._pile.addWidget(widget)
        self._pile.setCurrentWidget(widget)

    def go(self, tab: str) -> QWidget:
        """Go to a tab and return its page, made now if it never was."""
        if tab not in self._pages:
            page = self._tabs[tab].make()
            self._pages[tab] = page
            self._pile.addWidget(page)
        self._pile.setCurrentWidget(self._pages[tab])
        self._buttons[tab].setChecked(True)
        wake = getattr(self._pages[tab], "wake", None)
        if wake is not None:
            wake()
        if self._state is not None:
            self._state.setValue("onglet", tab)
        self.refresh_actions()
        return self._pages[tab]

    def show_tab(self, tab: str) -> None:
        """Go to a tab, asked by its button, its shortcut or the palette."""
        self.go(tab).setFocus()

    def current_page(self) -> QWidget:
        """Return what is shown."""
        return self._pile.currentWidget() or self._pile

    def page(self, tab: str) -> QWidget | None:
        """Return a page that was visited, or None."""
        return self._pages.get(tab)

    def set_badge(self, tab: str, count: int) -> None:
        """Show a number beside a tab's word."""
        self._buttons[tab].set_badge(count)

    def set_actions(self, actions: tuple[Action, ...]) -> None:
        """Build the menus and shortcuts from rows."""
        self._actions = actions
        self.menuBar().clear()
        self._qactions.clear()
        for name in MENUS:
            rows = [action for action in actions if action.menu == name]
            if not rows:
                continue
            menu = self.menuBar().addMenu(name)
            menu.aboutToShow.connect(self.refresh_actions)
            for action in rows:
                made = QAction(action.shown, self)
                if action.icon:
                    made.setIcon(theme().icon(action.icon))
                if action.shortcut:
                    made.setShortcut(QKeySequence(action.shortcut))
                made.setData(action)
                made.triggered.connect(self._trigger)
                menu.addAction(made)
                self._qactions[action.id] = made
        self.refresh_actions()

    def refresh_actions(self) -> None:
        """Bring texts and availability up to date."""
        for made in self._qactions.values():
            action: Action = made.data()
            made.setText(action.shown)
            made.setEnabled(action.enabled())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._when_painted is not None:
            QTimer.singleShot(0, self._painted)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is None and (event.mimeData().hasUrls() or event.mimeData().hasImage()):
            event.acceptProposedAction()
            self._name_target(event.position().toPoint())

    @override
    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self._name_target(event.position().toPoint())
        event.acceptProposedAction()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._target.hide()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._target.hide()
        target = self._target_at(event.position().toPoint())
        event.acceptProposedAction()
        self.take_drop(event.mimeData(), target[1] if target else None)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.on_close():
            event.ignore()
            return
        if self._state is not None:
            self._state.setValue("geometrie", self.saveGeometry())
            self._state.sync()
        event.accept()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress:
            self.search.clearFocus()
        return False

    def _painted(self) -> None:
        run, self._when_painted = self._when_painted, None
        if run is not None:
            run()

    def _build(self) -> None:
        self._side = rail = Rail()
        self._rail = QVBoxLayout(rail)
        self._rail.setContentsMargins(8, 12, 8, 12)
        self._rail.setSpacing(4)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(rail)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._pile, 1)
        right.addWidget(self.messages)
        middle.addLayout(right, 1)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.bar = named(QFrame(), "barre")
        self.bar_line = QHBoxLayout(self.bar)
        self.bar_line.setContentsMargins(16, 8, 16, 8)
        self.bar_line.setSpacing(12)
        self._name = named(label("Mutuelle Desktop"), "nom")
        self.bar_line.addWidget(self._name)
        self.bar_line.addWidget(self.search, 3)
        self.bar_line.addStretch(1)
        column.addWidget(self.bar)
        column.addLayout(middle, 1)
        column.addWidget(self.strip)
        content = QWidget()
        content.setObjectName("page")
        content.setLayout(column)
        self.setCentralWidget(content)

    def add_bar_button(self, text: str, run: Callable[[], Any], role: str = "") -> None:
        """Add a button at the right of the search field."""
        self.bar_line.addWidget(button(text, run, role))

    def _restyle(self) -> None:
        for made in self._qactions.values():
            action: Action = made.data()
            if action.icon:
                made.setIcon(theme().icon(action.icon))
        self._make_room()

    def _make_room(self) -> None:
        """Keep the words of the tabs while there is room for them; the icons remain."""
        roomy = self.width() >= theme().px(NARROW)
        self._name.setVisible(roomy)
        self.search.setPlaceholderText(SEARCH if roomy else "Rechercher")
        self.search.setMinimumWidth(theme().px(200 if roomy else 100))
        self.search.setMaximumWidth(theme().px(460))
        self._side.setMinimumWidth(theme().px(196) if roomy else 0)
        for made in self._side.findChildren(RailButton):
            made.show_word(roomy=roomy)

    def _add_tab(self, tab: Tab) -> None:
        made = RailButton(tab.word, tab.id, partial(self.go, tab.id))
        made.setToolTip(f"{tab.word} (Ctrl+{tab.number})")
        self._rail.addWidget(made)
        self._buttons[tab.id] = made

    def _trigger(self) -> None:
        made = self.sender()
        if isinstance(made, QAction):
            action: Action = made.data()
            action.run()

    def _target_at(self, point: QPoint) -> tuple[str, str] | None:
        find = getattr(self.current_page(), "target_at", None)
        return find(self.mapToGlobal(point)) if find else None

    def _name_target(self, point: QPoint) -> None:
        target = self._target_at(point)
        text = f"Ajouter au dossier « {target[0]} »" if target else "Ajouter à « À classer »"
        if text != self._target.text() or not self._target.isVisible():
            self._target.setText(text)
            self._target.adjustSize()
            self._target.setAccessibleName(text)
            self._target.show()
            self._target.raise_()
        x = min(max(8, point.x() + 16), self.width() - self._target.width() - 8)
        y = min(max(8, point.y() + 20), self.height() - self._target.height() - 8)
        self._target.move(x, y)


def trouble(
    reason: str, again: Callable[[], Any], other: Callable[[], Any], restore: Callable[[], Any] | None = None
) -> QWidget:
    """Return the full page that says why the library does not open, and what can be done."""
    page = EmptyState(
        "contrats",
        "Vos papiers ne peuvent pas être ouverts pour l’instant",
        reason,
        button("Réessayer", again, "principal"),
        button("Choisir un autre dossier…", other),
        *([button("Restaurer une sauvegarde…", restore)] if restore else []),
        button("Quitter", QApplication.closeAllWindows),
    )
    card = Card()
    card.body.addWidget(page)
    return card
