"""The short tour: a few callouts that point at the real places of the window, left at any moment."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSettings, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
    QShortcut,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QVBoxLayout, QWidget
from typing_extensions import override

from mutuelle_desktop.ui.main_window import MainWindow
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import button, label, tool
from mutuelle_desktop.ui.widgets.flow import Flow

VUE = "visite/vue"
"""What the window remembers: the tour was left or ended."""
_GAP, _EDGE, _WIDTH = 14, 10, 340


@dataclass(frozen=True, slots=True)
class Halte:
    """One stop: ou is the tab, button or field pointed at, by its name or as « recherche » and « bande »."""

    ou: str
    titre: str
    texte: str


HALTES = (
    Halte("Aujourd’hui", "Commencez ici chaque jour",
          "Ce qu’il y a à faire, pourquoi, et ce qui arrive si rien n’est fait. Le bouton à côté le fait."),
    Halte("Ajouter des papiers…", "Donnez vos papiers",
          "Par ce bouton, ou en les glissant n’importe où. PDF, scans et photos sont lus et gardés chiffrés."),
    Halte("recherche", "Retrouvez tout",
          "Un mot d’un papier, un nom, un montant, une action à faire\u00a0: tapez-en quelques lettres (Ctrl+K)."),
    Halte("Dossiers", "Un dossier par demande",
          "Ses papiers, ses échanges, ses montants et ses dates, du premier papier à la réponse. On y téléphone aussi."),
    Halte("Courriers", "La bonne lettre, déjà remplie",
          "Choisissez ce que vous voulez dire\u00a0: la lettre reprend les faits du dossier, et vous gardez la main."),
    Halte("Échéances", "Les dates se surveillent seules",
          "Chaque date est calculée et expliquée. Un rappel vous prévient, même quand le programme est fermé."),
    Halte("Guide", "Et si vous hésitez",
          "Le guide dit comment s’y prendre\u00a0; le mode d’emploi montre chaque geste. F1 donne les raccourcis du clavier."),
)  # fmt: skip


class Visite(QWidget):
    """The tour over the window: it shows a callout and outlines what it speaks of; the window stays usable."""

    def __init__(self, window: MainWindow, state: QSettings) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._window, self._state = window, state
        self._before = QApplication.focusWidget()
        self.place = 0
        self.bulle = _Bulle(self)
        self.hide()

    @property
    def halte(self) -> Halte:
        """Return the stop shown."""
        return HALTES[self.place]

    def start(self) -> None:
        """Show the first stop."""
        self._window.installEventFilter(self)
        theme().changed.connect(self._arrange)
        self.go(0)
        self.show()
        self.raise_()
        self.bulle.show()
        self.bulle.raise_()
        self._arrange()
        self.bulle.take_focus()

    def go(self, place: int) -> None:
        """Go to a stop; after the last, the tour is over."""
        if place >= len(HALTES):
            self.leave()
            return
        self.place = max(0, place)
        self.bulle.tell(self.place, self.halte)
        self._arrange()
        if self.bulle.isVisible():
            self.bulle.take_focus()

    def leave(self) -> None:
        """End the tour, and never show it again unless it is asked for."""
        self._state.setValue(VUE, "oui")
        self._window.removeEventFilter(self)
        theme().changed.disconnect(self._arrange)
        self.bulle.hide()
        self.hide()
        before = self._before
        (before if before is not None and before.isVisible() else self._window.current_page()).setFocus()
        self.bulle.deleteLater()
        self.deleteLater()

    def target(self) -> QRect:
        """Return what is pointed at, in the coordinates of the window; nothing when it cannot be seen."""
        found = self._anchor()
        if found is None or not found.isVisible():
            return QRect()
        return QRect(found.mapTo(self._window, QPoint(0, 0)), found.size())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._arrange()
        return False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        target = self.target()
        if target.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QRectF(target).adjusted(-3, -3, 3, 3)
        veil = QPainterPath()
        veil.addRect(QRectF(self.rect()))
        hole = QPainterPath()
        hole.addRoundedRect(outline, 10, 10)
        shade = theme().color("encre" if theme().color("encre").lightness() < 128 else "fond")
        shade.setAlpha(60)
        painter.fillPath(veil.subtracted(hole), shade)
        painter.setPen(QPen(theme().color("accent"), 3))
        painter.drawRoundedRect(outline, 10, 10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("accent"))
        painter.drawPolygon(_pointer(outline, QRectF(self.bulle.geometry())))

    def _anchor(self) -> QWidget | None:
        ou = self.halte.ou
        if ou == "recherche":
            return self._window.search
        if ou == "bande":
            return self._window.strip
        found = (
            b for b in self._window.findChildren(QAbstractButton) if ou == (b.text().strip() or b.accessibleName())
        )
        return next(found, None)

    def _arrange(self) -> None:
        self.setGeometry(self._window.rect())
        inside = self._window.rect().adjusted(_EDGE, _EDGE, -_EDGE, -_EDGE)
        width = min(theme().px(_WIDTH), inside.width())
        self.bulle.setFixedWidth(width)
        height = min(self.bulle.heightForWidth(width), inside.height())
        self.bulle.resize(width, height)
        self.bulle.move(beside(self.target(), QRect(0, 0, width, height), inside))
        self.update()


class _Bulle(QFrame):
    """The callout: how far the tour is, a title, two sentences, and the ways on, back and out."""

    def __init__(self, visite: Visite) -> None:
        super().__init__(visite.parentWidget())
        self._visite = visite
        self.setProperty("role", "carte-accent")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.count = label("", "rubrique")
        self.title = label("", "carte-titre", wrap=True)
        self.text = label("", wrap=True)
        self.back = button("Précédent", lambda: visite.go(visite.place - 1))
        self.next = button("Suivant", lambda: visite.go(visite.place + 1), "principal")
        self.out = tool("fermer", "Quitter la visite (Échap)", visite.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 12, 14)
        column.setSpacing(8)
        head = QWidget()
        line = QVBoxLayout(head)
        line.setContentsMargins(0, 0, 0, 0)
        top = Flow(self.count, spacing=8)
        line.addLayout(top)
        column.addWidget(head)
        for widget in (self.title, self.text):
            column.addWidget(widget)
        foot = QWidget()
        foot.setLayout(Flow(self.back, self.next, spacing=8))
        column.addWidget(foot)
        self.out.setParent(self)
        moves = {Qt.Key.Key_Right: 1, Qt.Key.Key_PageDown: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_PageUp: -1}
        for key, step in moves.items():
            self._key(key, partial(self._move, step))
        self._key(Qt.Key.Key_Escape, visite.leave)

    def _key(self, key: Qt.Key, run: Callable[[], object]) -> None:
        QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut).activated.connect(run)

    def _move(self, step: int) -> None:
        self._visite.go(self._visite.place + step)

    def tell(self, place: int, halte: Halte) -> None:
        """Show a stop."""
        last = place == len(HALTES) - 1
        self.count.setText(f"Visite · étape {place + 1} sur {len(HALTES)}")
        self.title.setText(halte.titre)
        self.text.setText(halte.texte)
        self.back.setEnabled(place > 0)
        self.next.setText("Terminer" if last else "Suivant")
        said = f"Visite, étape {place + 1} sur {len(HALTES)}. {halte.titre}. {halte.texte}"
        self.setAccessibleName(said)
        self.next.setAccessibleDescription(said)

    def take_focus(self) -> None:
        """Have the keyboard here, and the step told by assistive tools."""
        self.next.setFocus()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.accessibleName()))

    @override
    def resizeEvent(self, event: object) -> None:
        hint = self.out.sizeHint()
        self.out.setGeometry(self.width() - hint.width() - 6, 6, hint.width(), hint.height())


def beside(target: QRect, callout: QRect, inside: QRect) -> QPoint:
    """Return where a callout goes: right of what it points at, else under, above, left; always inside, over nothing."""
    middle, centre = target.center().y() - callout.height() // 2, target.center().x() - callout.width() // 2
    if target.isNull():
        return inside.center() - callout.center()
    choices = (
        QPoint(target.right() + _GAP, middle), QPoint(centre, target.bottom() + _GAP),
        QPoint(centre, target.top() - _GAP - callout.height()), QPoint(target.left() - _GAP - callout.width(), middle),
    )  # fmt: skip
    kept = [_within(choice, callout, inside) for choice in choices]
    free = [point for point in kept if not QRect(point, callout.size()).intersects(target)]
    return (free or kept)[0]


def _within(point: QPoint, callout: QRect, inside: QRect) -> QPoint:
    return QPoint(max(inside.left(), min(point.x(), inside.right() - callout.width() + 1)),
                  max(inside.top(), min(point.y(), inside.bottom() - callout.height() + 1)))  # fmt: skip


def _pointer(target: QRectF, callout: QRectF) -> QPolygonF:
    """Return the small triangle from the callout to what it points at."""
    tip = QPointF(min(max(callout.center().x(), target.left()), target.right()),
                  min(max(callout.center().y(), target.top()), target.bottom()))  # fmt: skip
    foot = QPointF(
        min(max(tip.x(), callout.left()), callout.right()), min(max(tip.y(), callout.top()), callout.bottom())
    )
    level = abs(foot.x() - tip.x()) > abs(foot.y() - tip.y())
    side = QPointF(0, 8) if level else QPointF(8, 0)
    return QPolygonF([tip, foot + side, foot - side])
