"""The Guide tab: the contents at the left, one article at a time at the right, a search over all of it."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from mutuelle_desktop.domain.guide import ActionGuide, GenreResultat, Resultat
from mutuelle_desktop.services import guide as services
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.guide.actions import perform
from mutuelle_desktop.ui.guide.articles import MANUEL, MOTS, QUESTIONS, TEXTES, act, article_of, section_of
from mutuelle_desktop.ui.guide.prose import Entry, line, measure, prose, stroke
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Push, Scroll, button, label, link, named, row, rule
from mutuelle_desktop.ui.widgets.fields import SearchField
from mutuelle_desktop.ui.widgets.flow import Flow, Panes

CONSEILS = "Conseils"
"""The part of the guide that is about the mutuelle; the other, the manual, is about the program."""
SLICE = 10
"""Entries written at once: a long article comes in several breaths, none of them felt."""
_LEAST, _WITHOUT_LIMIT = 190, 16_777_215
"""Least height of the contents above an article, at 100 %; Qt’s own word for no greatest height."""
SHOWN = 20
"""Hits listed: beyond, one more word serves better."""
_OTHERS = ((QUESTIONS, "Questions fréquentes"), (MOTS, "Les mots du métier"), (TEXTES, "Les textes"))


class GuidePage(QWidget):
    """How to go about it, in plain words, each advice with the button that does it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("page")
        self._desk = desk
        self.guide = services.load_guide()
        self.entries: dict[str, QWidget] = {}
        self.shown, self._before, self._searching, self._aim = "", "", False, ("", 0)
        self._folded = False
        self._buttons: dict[str, QPushButton] = {}
        self._parts: dict[str, list[QWidget]] = {CONSEILS: [], MANUEL: []}
        self.parts: dict[str, QPushButton] = {}
        self._coming: Iterator[tuple[str, QWidget]] = iter(())
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._write_more)
        self._build()
        theme().changed.connect(self.refresh)
        kept = str(desk.state.value("guide/article", ""))
        self.read(section_of(self.guide, kept) or self.guide.situations[0].id)

    def refresh(self) -> None:
        """Show the same article again, at the size and in the colours in force."""
        self.search_guide(self.search.text()) if self.search.text().strip() else self.read(self.shown)

    def show_object(self, kind: str, key: str) -> None:
        """Go to an article, or to one entry of one: an advice, a question, a word, a text."""
        section = section_of(self.guide, key)
        if section is not None:
            self.search.clear()
            self.read(section, key)
            self._bring_article()

    def target_at(self, point: QPoint) -> tuple[str, str] | None:
        """Return nothing: no dossier is shown here."""
        return None

    def read(self, section: str, entry: str = "") -> None:
        """Open an article, at one of its entries when one is named."""
        article = article_of(self.guide, section, self._desk.today(), self.do, self.follow)
        self.shown, self._searching, self._aim = section, False, ("", 0)
        if section != MOTS:
            self._before = ""
        self._fold_contents(False)
        self._show_part(MANUEL if any(c.id == section for c in self.guide.chapitres) else CONSEILS)
        self._desk.state.setValue("guide/article", section)
        self._buttons[section].setChecked(True)
        self._list.ensureWidgetVisible(self._buttons[section])
        self._start(article.rubrique, article.titre, article.chapo)
        self._coming = article.entrees
        self._write(entry)
        self._lay_down()
        if entry in self.entries:
            QTimer.singleShot(0, self, lambda: self._go_to(entry))

    def follow(self, mot: str) -> None:
        """Go to a word met in an article; the lexicon then offers the way back."""
        self._before = self.shown if self.shown != MOTS else self._before
        self.search.clear()
        self.read(MOTS, mot)
        self._bring_article()

    def search_guide(self, mots: str) -> None:
        """List what holds every word, or go back to the article when nothing is asked."""
        if not mots.strip():
            if self._searching:
                self.read(self.shown)
            return
        self._searching = True
        self._fold_contents(self.panes.stacked)
        hits = services.search_guide(mots)
        self._start("Recherche", _found(len(hits)), f"« {mots.strip()} »")
        for place, hit in enumerate(hits[:SHOWN]):
            if place:
                self._column.addWidget(rule())
            self._column.addWidget(self._hit(hit))
        if not hits:
            advice = "Essayez un mot plus court, ou cherchez dans les questions fréquentes."
            self._column.addWidget(prose([advice]))
            self._column.addLayout(row(button("Questions fréquentes", partial(self._leave, QUESTIONS)), None))
        self._column.addStretch(1)
        self._lay_down()

    def do(self, action: ActionGuide) -> None:
        """Do what a piece of advice says."""
        perform(self._desk, self, action)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        self.search = SearchField("Chercher dans le guide")
        self.search.changed.connect(self.search_guide)
        self.search.returnPressed.connect(self._open_first)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(24, 16, 0, 16)
        column.addWidget(label("Guide", "titre"))
        column.addWidget(self.search)
        self._contents_box = QWidget()
        inside = QVBoxLayout(self._contents_box)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._switch())
        inside.addWidget(self._contents(), 1)
        column.addWidget(self._contents_box, 1)
        self._left = left
        self.article = QScrollArea(widgetResizable=True)
        self.article.setAccessibleName("Article")
        self.article.verticalScrollBar().rangeChanged.connect(self._aim_again)
        self.article.setProperty("role", "lu")
        self.panes = Panes(640, (left, 3, _LEAST), (self.article, 7, 460))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panes)

    def _contents(self) -> QWidget:
        self._list = scroll = Scroll((0, 4, 12, 4))
        scroll.column.setSpacing(2)
        group = QButtonGroup(self)
        parts: Sequence[tuple[str, str, Sequence[tuple[str, str]]]] = (
            (CONSEILS, "Comment faire", [(s.id, s.titre) for s in self.guide.situations]), (CONSEILS, "Repères", _OTHERS),
            (MANUEL, "Le programme, geste par geste", [(c.id, c.titre) for c in self.guide.chapitres]),
        )  # fmt: skip
        for part, heading, rows in parts:
            title = label(heading, "rubrique")
            title.setContentsMargins(theme().px(8), theme().px(8), 0, theme().px(2))
            scroll.column.addWidget(title)
            self._parts[part].append(title)
            for key, text in rows:
                made = Push(text)
                made.setCheckable(True)
                made.setProperty("role", "sommaire")
                made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
                made.clicked.connect(self._leaver(key))
                group.addButton(made)
                scroll.column.addWidget(made)
                self._buttons[key] = made
                self._parts[part].append(made)
        scroll.column.addStretch(1)
        return scroll

    def _switch(self) -> QWidget:
        """Return the two parts of the guide: advice, and the manual of the program."""
        group = QButtonGroup(self)
        for part, first in ((CONSEILS, self.guide.situations[0].id), (MANUEL, self.guide.chapitres[0].id)):
            made = button(part, partial(self._leave, first), "pas")
            made.setCheckable(True)
            group.addButton(made)
            self.parts[part] = made
        both = QWidget()
        both.setLayout(Flow(*self.parts.values(), spacing=4))
        return both

    def _fold_contents(self, folded: bool) -> None:
        """Leave the room of the contents to what was found, where both lie one under the other."""
        if folded == self._folded:
            return
        self._folded = folded
        self._contents_box.setVisible(not folded)
        self._left.setMinimumHeight(0 if folded or not self.panes.stacked else theme().px(_LEAST))
        self._left.setMaximumHeight(self._left.sizeHint().height() if folded else _WITHOUT_LIMIT)

    def _show_part(self, part: str) -> None:
        self.parts[part].setChecked(True)
        for name, widgets in self._parts.items():
            for widget in widgets:
                widget.setVisible(name == part)

    def _leaver(self, key: str) -> Callable[..., None]:
        return lambda *_checked: self._leave(key)

    def _leave(self, key: str) -> None:
        """Leave the search for an article."""
        if self.search.text():
            self.search.clear()
        self.read(key)
        self._bring_article()

    def _bring_article(self) -> None:
        """Go down to the article where it lies under the contents."""
        if self.panes.stacked:
            self.panes.verticalScrollBar().setValue(self.article.y())

    def _start(self, rubrique: str, title: str, lead: str) -> None:
        self._later.stop()
        self._new_sheet()
        self.entries.clear()
        self._column.addWidget(label(rubrique, "rubrique"))
        self._column.addWidget(label(title, "titre", wrap=True))
        self._column.addWidget(prose([lead], "chapo"))
        self._column.addSpacing(4)
        self._column.addWidget(stroke())
        self._column.addSpacing(14)

    def _way_back(self) -> QWidget:
        """Return the way back to where a word of an article was met."""
        text = f"← Revenir à «\u00a0{self._buttons[self._before].text()}\u00a0»"
        return link(text, partial(self._leave, self._before))

    def _new_sheet(self) -> None:
        """Lay down a blank sheet: one filled again keeps the height of what it held."""
        self._sheet = QFrame()
        self._sheet.setProperty("role", "feuille")
        side = theme().px(48)
        self._sheet.setMaximumWidth(measure() + 2 * side)
        self._column = QVBoxLayout(self._sheet)
        self._column.setContentsMargins(side, theme().px(36), side, theme().px(36))
        self._column.setSpacing(10)
        content = named(QWidget(), "contenu")
        across = QHBoxLayout(content)
        across.setContentsMargins(24, 16, 24, 16)
        across.addStretch(1)
        across.addWidget(self._sheet, 100)
        across.addStretch(1)
        self._content = content

    def _lay_down(self) -> None:
        """Put the sheet in place of the one before."""
        before = self.article.takeWidget()
        if before is not None:
            before.deleteLater()
        self.article.setWidget(self._content)
        self.article.verticalScrollBar().setValue(0)

    def _write(self, until: str = "") -> None:
        """Write the next entries, down to the one wanted; the others follow when the screen has been shown."""
        room = theme().px(4 if self.shown in (MOTS, TEXTES) else 18)
        for written, (key, entry) in enumerate(self._coming, start=1):
            self.entries[key] = entry
            self._column.addWidget(entry)
            if key == until and self._before:
                self._column.addWidget(self._way_back())
            self._column.addSpacing(room)
            if written >= SLICE and (not until or until in self.entries):
                self._later.start()
                return
        self._next_article(self.shown)
        self._column.addStretch(1)

    def _write_more(self) -> None:
        self._write()
        across = self._content.layout()
        if across is not None:
            across.invalidate()
        QApplication.postEvent(self.article, QEvent(QEvent.Type.LayoutRequest))

    def _next_article(self, section: str) -> None:
        chapters = [c.id for c in self.guide.chapitres]
        order = chapters if section in chapters else [key for key in self._buttons if key not in chapters]
        place = order.index(section) + 1
        if place < len(order):
            following = order[place]
            self._column.addWidget(rule())
            self._column.addWidget(link(f"Ensuite : {self._buttons[following].text()} →",
                                        partial(self._leave, following)))  # fmt: skip

    def _hit(self, hit: Resultat) -> QWidget:
        title = link(fr.majuscule(hit.titre), partial(self._leave_for, hit.id))
        kind = hit.ou if hit.genre in (GenreResultat.AVIS, GenreResultat.GESTE) else fr.majuscule(str(hit.genre))
        entry = Entry(kind, title, line(hit.extrait), act(hit.action, self.do), role="secondaire", spacing=4)
        entry.setAccessibleName(f"{hit.titre}, {hit.genre}")
        self.entries[hit.id] = entry
        return entry

    def _leave_for(self, key: str) -> None:
        self.show_object("Guide", key)

    def _open_first(self) -> None:
        hits = services.search_guide(self.search.text())
        if hits:
            self._leave_for(hits[0].id)

    def _aim_again(self) -> None:
        """Bring the entry gone to back under the eyes as the article grows, unless the reader moved meanwhile."""
        entry, place = self._aim
        if entry and self.article.verticalScrollBar().value() == place:
            self._go_to(entry, focus=False)

    def _go_to(self, key: str, *, focus: bool = True) -> None:
        """Bring an entry under the eyes, and mark it."""
        entry = self.entries.get(key)
        if entry is None:
            return
        top = entry.mapTo(self._sheet, QPoint(0, 0)).y() + self._sheet.y()
        self.article.verticalScrollBar().setValue(max(0, top - theme().px(24)))
        self._aim = key, self.article.verticalScrollBar().value()
        if focus:
            entry.setFocus()


def _found(count: int) -> str:
    return fr.pluriel(count, "résultat") if count else "Rien trouvé"
