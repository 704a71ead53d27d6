"""The call window: small, above the others, one at a time; before, during and after a call."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from mutuelle_desktop.domain.appel import Feuille, Preparation, Question, feuille_of
from mutuelle_desktop.domain.contrat import Contact, Contrat, Couverture, Mutuelle
from mutuelle_desktop.domain.document import Document, Piece
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.mandat import Mandat
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import appels
from mutuelle_desktop.storage.library import Entry
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.appel.apres import ApresPage, sentence
from mutuelle_desktop.ui.appel.avant import AvantPage
from mutuelle_desktop.ui.appel.brouillon import (
    APRES,
    AVANT,
    PENDANT,
    Brouillon,
    Gardien,
    drop_draft,
    keep_draft,
    prepared,
    read_draft,
)
from mutuelle_desktop.ui.appel.feuille import SheetBar
from mutuelle_desktop.ui.appel.pendant import Chrono, PendantPage
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.ecrans import bring_back
from mutuelle_desktop.ui.termes import Explainer
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Push, Scroll, button, clear, label, row
from mutuelle_desktop.ui.widgets.order import Ordered

PLACE = "appel/place"
_DEPENDS = (Dossier, Evenement, Piece, Document, Personne, Mutuelle, Contact, Contrat, Couverture, Mandat)
STEPS = ("Avant", "Pendant", "Après")
_VERBS = ("Commencer l’appel", "Terminer l’appel", "Noter l’appel")


class AppelWindow(Ordered, QDialog):
    """One call about one dossier; done is told the event once it is noted."""

    def __init__(
        self, desk: Desk, parent: QWidget, dossier_id: str, done: Callable[[str], Any] = lambda _event: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Window | Qt.WindowType.WindowStaysOnTopHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self.dossier_id, self._done = desk, dossier_id, done
        self.preparation: Preparation | None = None
        self._kept = read_draft(desk.library, dossier_id)
        self.draft = self._kept or Brouillon(dossier_id)
        self.guard = Gardien(self, desk.library, self.draft, desk.report)
        self.page: AvantPage | PendantPage | ApresPage | None = None
        self.chrono = Chrono(self.draft, clock, self._started)
        self._build()
        self._keys()
        self._restore_place()
        self._prepare()
        desk.changes.happened.connect(self._on_change)
        parent.window().installEventFilter(self)
        theme().changed.connect(self._redraw)

    @property
    def ready(self) -> Preparation:
        """Return what was gathered for the call."""
        if self.preparation is None:
            raise RuntimeError("not gathered yet")
        return self.preparation

    def moment(self) -> datetime:
        """Return the day of the desk, at the minute the clock on the wall says."""
        return datetime.combine(self._desk.today(), self._desk.now().time().replace(second=0, microsecond=0))

    def go(self, step: int) -> None:
        """Go to a step, with all that was typed in the others."""
        if self.preparation is None:
            return
        if step != self.draft.etape:
            self.draft.etape = step
            self.guard.touch()
        if step == APRES:
            self.chrono.stop()
            self.draft.le = self.draft.le or fr.jour_court(self._desk.today())
            self.draft.heure = self.draft.heure or fr.heure(self.moment().time())
        clear(self._place)
        page: AvantPage | PendantPage | ApresPage
        if step == AVANT:
            page = AvantPage(
                self._desk, self.draft, self.ready, touched=self.guard.touch, told=self.tell, again=self._prepare
            )
        elif step == PENDANT:
            page = PendantPage(self.draft, self.ready.repliques, self.guard.touch, self.moment)
        else:
            page = ApresPage(self._desk, self.draft, self.guard.touch)
        self.page = page
        self._place.addWidget(page)
        self.chrono_box.setVisible(step == PENDANT)
        self._sheet.setVisible(step == AVANT)
        self.steps[step].setChecked(True)
        self.back.setVisible(step != AVANT)
        self.main.setText(_VERBS[step])
        self.error.hide()
        self.scroller.verticalScrollBar().setValue(0)

    def forward(self) -> None:
        """Go on: to the next step, and at the last one note the call."""
        if self.draft.etape == AVANT:
            self.go(PENDANT)
            if not self.chrono.running and not (self.draft.attente or self.draft.conversation):
                self.chrono.press()
            self.chrono.turn.setFocus()
        elif self.draft.etape == PENDANT:
            self.go(APRES)
        else:
            self.record()

    def record(self) -> None:
        """Note the call in one step that can be undone; a refusal keeps everything as typed."""
        desk = self._desk
        try:
            compte = self.draft.compte(desk.today())
            suite = appels.record_appel(desk.library, self.dossier_id, compte, desk.today())
        except AppError as error:
            self.error.setText(str(error))
            self.error.show()
            return
        self.guard.stop()
        draft, library = self.draft, desk.library
        drop_draft(library, self.dossier_id)

        def back() -> None:
            """Take the call back, and keep what was typed for the next opening of the window."""
            library.undo()
            keep_draft(library, draft)

        self.close()
        desk.messages.tell(sentence(compte, desk.today()), "Annuler", back, kind="success")
        self._done(suite.evenement.id)

    def forget(self) -> None:
        """Start again from what is proposed; what was typed can be brought back."""
        before = replace(self.draft, demandes=list(self.draft.demandes))
        fresh = prepared(self.ready)
        self._take(fresh)
        self.guard.touch()
        self.go(AVANT)

        def back() -> None:
            self._take(before)
            self.guard.touch()
            self.go(before.etape)

        self.tell("Préparation remise à neuf.", "Annuler", back)

    def tell(self, text: str, verb: str = "", run: Callable[[], Any] | None = None) -> None:
        """Say something inside the window: the strip of the main one may be hidden behind."""
        clear(self._told)
        words = label(text, "secondaire", wrap=True)
        words.setAccessibleName(text)
        self.told = text
        self._told.addWidget(words, 1)
        if run is not None:
            self._told.addWidget(button(verb, run, "tampon"))
        self._quiet.start()

    def keep(self) -> None:
        """Keep the draft now, the time of a call under way with it."""
        self.chrono.tick()
        self.guard.touched = self.guard.touched or self.chrono.running
        self.guard.keep()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self.chrono.stop()
        self.guard.keep()
        self._desk.state.setValue(PLACE, self.saveGeometry())
        event.accept()  # QDialog would call reject, which closes

    @override
    def reject(self) -> None:
        """Escape closes like the cross, with the draft kept; not while someone is on the line."""
        if self.chrono.running:
            self.tell("L’appel est en cours : terminez-le, ou fermez la fenêtre par sa croix. Rien ne sera perdu.")
        else:
            self.close()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the next field: a dialog would press a button that nobody chose."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the draft before the program closes, and leave with it."""
        if event.type() == QEvent.Type.Close:
            self.keep()
        elif event.type() == QEvent.Type.Hide and isinstance(watched, QWidget) and not watched.isMinimized():
            self.close()
        return False

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(20, 14, 20, 4)
        head.setSpacing(2)
        self._name, self._who = label("", "carte-titre", wrap=True), label("", "secondaire", wrap=True)
        head.addWidget(self._name)
        head.addWidget(self._who)
        column.addLayout(head)
        column.addLayout(self._stepper())
        self.chrono_box = QFrame()
        inner = QVBoxLayout(self.chrono_box)
        inner.setContentsMargins(20, 8, 20, 4)
        inner.addWidget(self.chrono)
        column.addWidget(self.chrono_box)
        self.scroller = Scroll((20, 10, 20, 16))
        self._place = QVBoxLayout()
        self.scroller.column.addLayout(self._place)
        self.scroller.column.addStretch(1)
        column.addWidget(self.scroller, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(20, 6, 20, 14)
        foot.setSpacing(10)
        self._told = QHBoxLayout()
        self._quiet = QTimer(self, singleShot=True, interval=8_000)
        self._quiet.timeout.connect(lambda: clear(self._told))
        foot.addLayout(self._told)
        self.error = label("", "erreur", wrap=True)
        self.error.hide()
        foot.addWidget(self.error)
        self._sheet = SheetBar(self._desk, self._sheet_of, self.forget)
        foot.addWidget(self._sheet)
        self.back = button("Retour", lambda: self.go(self.draft.etape - 1))
        self.main = button("", self.forward, "principal")
        self.main.setToolTip("Ctrl+Entrée")
        foot.addLayout(row(self.back, None, self.main))
        column.addLayout(foot)

    def _stepper(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setContentsMargins(20, 4, 20, 0)
        line.setSpacing(0)
        group = QButtonGroup(self)
        self.steps: list[QPushButton] = []
        for number, word in enumerate(STEPS):
            made = Push(f"{number + 1}\u00a0·\u00a0{word}")
            made.setProperty("role", "pas")
            made.setCheckable(True)
            made.setAccessibleName(f"Étape {number + 1} sur 3 : {word}")
            made.setToolTip(f"Alt+{number + 1}")
            made.clicked.connect(lambda _checked=False, step=number: self.go(step))
            group.addButton(made)
            line.addWidget(made, 1)
            self.steps.append(made)
        return line

    def _keys(self) -> None:
        keys: list[tuple[str, Callable[[], Any]]] = [
            ("Ctrl+Return", self.forward), ("Ctrl+Enter", self.forward), ("F5", self._turn), ("F6", self.chrono.stop),
            *((f"F{number + 2}", lambda number=number: self._stamp(number)) for number in range(3)),
            *((f"Alt+{step + 1}", lambda step=step: self.go(step)) for step in range(3)),
        ]  # fmt: skip
        for key, run in keys:
            made = QShortcut(QKeySequence(key), self)
            made.activated.connect(run)

    def _turn(self) -> None:
        if self.draft.etape != PENDANT:
            self.go(PENDANT)
        self.chrono.press()

    def _stamp(self, number: int) -> None:
        if isinstance(self.page, PendantPage):
            self.page.stamp(number)

    def _started(self) -> None:
        self.draft.le = self.draft.le or fr.jour_court(self._desk.today())
        self.draft.heure = self.draft.heure or fr.heure(self.moment().time())
        self.guard.touch()

    def _known_contact(self) -> str | None:
        ids = [c.contact.id for c in self.ready.contacts]
        return self.draft.contact_id if self.draft.contact_id in ids else (ids[0] if ids else None)

    def _sheet_of(self) -> Feuille:
        asked = tuple(Question(id=str(n), texte=d.texte, pourquoi=d.pourquoi)
                      for n, d in enumerate(self.draft.demandes) if d.posee and d.texte.strip())  # fmt: skip
        return feuille_of(replace(self.ready, objectif=self.draft.objectif, questions=asked))

    def _prepare(self) -> None:
        """Gather what the call needs, out of the way of the screen."""
        library, key, moment, who = self._desk.library, self.dossier_id, self.moment(), self.draft.appelant_id
        self.main.setEnabled(self.preparation is not None)
        self._desk.jobs.run(
            "Préparation de l’appel", lambda _progress: appels.preparation(library, key, moment, appelant_id=who), self._prepared,
            quiet=True, failed=self._gone,
        )  # fmt: skip

    def _prepared(self, found: Preparation) -> None:
        first, changed = self.preparation is None, found != self.preparation
        self.preparation = found
        self.main.setEnabled(True)
        if first and self._kept is None:
            self._take(prepared(found))
        self.draft.contact_id = self._known_contact()
        self.setWindowTitle(f"Appel — {found.titre}")
        self._name.setText(found.titre)
        self._who.setText(" · ".join(part for part in (found.mutuelle, found.appelant) if part))
        if first:
            self.go(self.draft.etape)
            self.main.setFocus()
            if self._kept is not None:
                self.tell("Vous retrouvez votre appel où vous l’aviez laissé.")
        elif changed and self.draft.etape == AVANT and not self._typing():
            self._redraw()

    def _gone(self, error: Exception) -> None:
        self._desk.report(error)
        self.close()

    def _take(self, draft: Brouillon) -> None:
        """Make a draft the one shown and kept."""
        for name in Brouillon.__slots__:
            setattr(self.draft, name, getattr(draft, name))

    def _on_change(self, entry: Entry) -> None:
        """Papers, numbers and mandates may have come meanwhile: only the preparation shows them."""
        if self.draft.etape == AVANT and entry.touches(*_DEPENDS):
            self._prepare()

    def _typing(self) -> bool:
        held = QApplication.focusWidget()
        return held is not None and self.isAncestorOf(held) and hasattr(held, "textChanged")

    def _redraw(self) -> None:
        if self.preparation is None:
            return
        place = self.scroller.verticalScrollBar().value()
        held = QApplication.focusWidget()
        name = held.accessibleName() if held is not None and self.isAncestorOf(held) else ""
        self.go(self.draft.etape)
        QTimer.singleShot(0, self, lambda: self._back_to(place, name))

    def _back_to(self, place: int, name: str) -> None:
        """Bring the eyes and the keyboard back where they were before the step was drawn again."""
        self.scroller.verticalScrollBar().setValue(place)
        found = next((w for w in self.findChildren(QWidget) if name and w.accessibleName() == name), None)
        if found is not None:
            found.setFocus()

    def _restore_place(self) -> None:
        room = self.screen().availableGeometry()
        self.resize(min(theme().px(480), room.width() - 20), min(theme().px(720), room.height() - 40))
        kept = self._desk.state.value(PLACE)
        if isinstance(kept, QByteArray):
            self.restoreGeometry(kept)
            bring_back(self)


def open_appel(
    desk: Desk, parent: QWidget, dossier_id: str, done: Callable[[str], Any] = lambda _event: None
) -> AppelWindow:
    """Open the call window, or bring forward the one that is open; a call under way is never pushed aside."""
    held = next((w for w in QApplication.topLevelWidgets() if isinstance(w, AppelWindow) and w.isVisible()), None)
    if held is not None and held.dossier_id != dossier_id:
        if held.chrono.running:
            held.tell("Un appel est en cours : terminez-le avant d’en préparer un autre.")
        else:
            held.close()
            held = None
    made = held or AppelWindow(desk, parent, dossier_id, done)
    if held is None:
        Explainer(made)
    made.show()
    made.raise_()
    made.activateWindow()
    return made
