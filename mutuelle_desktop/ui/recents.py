"""What was opened last: dossiers, papers and letters, in the Fichier menu and under the empty search field.

Only ids are remembered outside the safe; what they are called is asked of the library each time.
"""

from functools import partial
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QTimer
from PySide6.QtWidgets import QListView, QMenu, QWidget

from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.palette import Hit
from mutuelle_desktop.ui.rows import KEY, Line, PagedModel, RowsModel
from mutuelle_desktop.ui.theme import theme

COMBIEN = 10
GARDES = "recents"
POSE = 3_000
"""Milliseconds the keyboard rests on a row before it counts as opened: one walks past many."""
_ICONS = {"Dossier": "dossiers", "Document": "documents", "Courrier": "courriers"}
_KIND_OF = {"dossiers": "Dossier", "documents": "Document", "courriers": "Courrier"}
_SEVERAL = ("a-classer", "illisibles", "corbeille")
_NAMES = {"Dossier": "dossier", "Document": "papier", "Courrier": "lettre"}


class Recents(QObject):
    """Remembers the last things opened, whatever the way; those that are gone are left out."""

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._resting: tuple[str, str] | None = None
        self._rest = QTimer(self, singleShot=True, interval=POSE)
        self._rest.timeout.connect(self._rested)

    def note(self, kind: str, key: str) -> None:
        """Remember that something was opened; what is no single thing is not remembered."""
        if kind not in _ICONS or key in _SEVERAL:
            return
        kept = [(kind, key), *(one for one in self._kept() if one != (kind, key))]
        self._desk.state.setValue(GARDES, " ".join(f"{one}:{which}" for one, which in kept[: 2 * COMBIEN]))

    def clear(self) -> None:
        """Forget all of it."""
        self._desk.state.remove(GARDES)

    def hits(self) -> list[Hit]:
        """Return the last things opened that are still there, the last one first."""
        titles = self._titles()
        rows = [(kind, key, titles[kind, key]) for kind, key in self._kept() if (kind, key) in titles][:COMBIEN]
        return [
            Hit(f"{kind}:{key}", Line(title, second, _NAMES[kind]), partial(self._desk.open, kind, key))
            for kind, key, (title, second) in rows
        ]

    def watch(self, tab: str, page: QWidget) -> None:
        """Notice what is opened from the list of a page: by a click, or by resting on it with the keyboard."""
        kind = _KIND_OF.get(tab)
        views = page.findChildren(QListView)  # the lists of the combo boxes among them
        view = next((one for one in views if isinstance(one.model(), (RowsModel, PagedModel))), None)
        if kind is None or view is None:
            return
        view.clicked.connect(lambda index: self.note(kind, index.data(KEY)))
        view.selectionModel().currentChanged.connect(partial(self._moved, kind, view))

    def attach(self, menu: QMenu, before: str) -> QMenu:
        """Put the « Récents » menu into another, before the entry of an action."""
        made = QMenu("Récents", menu)
        made.aboutToShow.connect(partial(self._fill, made))
        place = next((one for one in menu.actions() if getattr(one.data(), "id", "") == before), None)
        if place is None:
            menu.addMenu(made)
        else:
            menu.insertMenu(place, made)
        return made

    def _moved(self, kind: str, view: QListView, current: QModelIndex, _previous: QModelIndex) -> None:
        key = current.data(KEY) if current.isValid() else None
        if key and view.hasFocus():
            self._resting = (kind, key)
            self._rest.start()

    def _rested(self) -> None:
        if self._resting is not None:
            self.note(*self._resting)

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        hits = self.hits()
        for hit in hits:
            kind = hit.id.partition(":")[0]
            made = menu.addAction(theme().icon(_ICONS[kind]), hit.line.titre.replace("&", "&&"))
            made.triggered.connect(lambda _checked=False, run=hit.run: run())
        if hits:
            menu.addSeparator()
            menu.addAction("Effacer cette liste").triggered.connect(self.clear)
        else:
            menu.addAction("Rien n’a été ouvert récemment").setEnabled(False)

    def _kept(self) -> list[tuple[str, str]]:
        words = str(self._desk.state.value(GARDES, "") or "").split()
        found = (word.partition(":") for word in words)
        return [(kind, key) for kind, _, key in found if kind in _ICONS and key]

    def _titles(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Return how each thing that is still there is called, and what is said under it."""
        library, kept = self._desk.library, self._kept()
        found: dict[tuple[str, str], tuple[str, str]] = {}
        kinds: dict[str, Any] = {"Dossier": Dossier, "Document": Document}
        with library.read() as db:
            for kind, key in kept:
                value = db.get(kinds[kind], key) if kind in kinds else None
                if value is not None and value.supprime_le is None:
                    second = value.reference if kind == "Dossier" else value.emetteur or _added(value)
                    found[kind, key] = (value.titre, second)
        if any(kind == "Courrier" for kind, _key in kept):
            from mutuelle_desktop.services.courriers import FiltreCourriers, list_courriers  # heavy: not to paint
            from mutuelle_desktop.ui.courriers.carte import titre_of

            for line in list_courriers(library, FiltreCourriers()):
                found["Courrier", line.id] = (titre_of(line), line.dossier.titre if line.dossier else "")
        return found


def _added(document: Document) -> str:
    return f"ajouté le {fr.jour_court(document.ajoute_le.astimezone().date())}"
