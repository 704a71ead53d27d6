"""The open house: desk, pages, menus and navigation put together once the library is open."""

import importlib
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtGui import QGuiApplication

from mutuelle_desktop import __version__
from mutuelle_desktop.domain.contrat import Contact, Contrat, Couverture, Mutuelle
from mutuelle_desktop.domain.document import Document, EtatLecture, Lecture, Piece, TypeDocument
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import AppError, Cancelled
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.ids import local_now, now
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import documents, dossiers, exemple, rappels
from mutuelle_desktop.services.guide import warm_guide
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage import settings as kept_settings
from mutuelle_desktop.storage.library import Entry, Library
from mutuelle_desktop.storage.settings import Settings
from mutuelle_desktop.ui.aide import take_tour
from mutuelle_desktop.ui.desk import Changes, Desk
from mutuelle_desktop.ui.dialogs import Dialogs, report_dialog
from mutuelle_desktop.ui.intake import Intake
from mutuelle_desktop.ui.jobs import Jobs, Question
from mutuelle_desktop.ui.main_window import MainWindow, Tab
from mutuelle_desktop.ui.manieres import Manieres
from mutuelle_desktop.ui.menus import all_actions
from mutuelle_desktop.ui.palette import Palette
from mutuelle_desktop.ui.recents import Recents
from mutuelle_desktop.ui.reglages.apparence import ECHELLES
from mutuelle_desktop.ui.reglages.avertissement import warn_of_place
from mutuelle_desktop.ui.sauvegarde.gardien import Gardien
from mutuelle_desktop.ui.shortcuts import shortcut_sheet
from mutuelle_desktop.ui.termes import Explainer
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.veille import Veille
from mutuelle_desktop.ui.visite import VUE

TABS = ("aujourdhui", "dossiers", "documents", "courriers", "echeances", "contrats", "guide")
TAB_OF = {
    "Dossier": "dossiers", "Evenement": "dossiers", "Document": "documents", "Personne": "contrats",
    "Mutuelle": "contrats", "Contact": "contrats", "Contrat": "contrats", "Guide": "guide", "Courrier": "courriers",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tools:
    """What tests put in place of the real thing."""

    jobs: Callable[[Callable[[Exception], None]], Jobs]
    dialogs: Dialogs
    today: Callable[[], date]
    now: Callable[[], datetime] = local_now


class House(QObject):
    """Everything that lives while a library is open in a window."""

    def __init__(self, window: MainWindow, library: Library, workers: Workers, state: QSettings, tools: Tools) -> None:
        super().__init__(window)
        self.window = window
        self.library = library
        self._settings = kept_settings.load(library.folder)
        self.reglages: Any = None
        workers.lectures = self._settings.lectures
        jobs = tools.jobs(self.report)
        jobs.started.connect(window.strip.follow)
        self.desk = Desk(
            library=library, workers=workers, jobs=jobs, changes=Changes(library), dialogs=tools.dialogs,
            messages=window.messages, report=self.report, settings=lambda: self._settings, state=state,
            today=tools.today, now=tools.now, since=rappels.last_visit(library), open=self.open,
            import_into=self._import_into, import_as=self._import_as, page=window.go,
            call=self.call, correct=self.correct, badge=window.set_badge,
            fill_example=self.fill_example, remove_example=self.remove_example,
        )  # fmt: skip
        self.recents = Recents(self.desk, self)
        self.intake = Intake(self.desk, self)
        window.take_drop = self.intake.take_mime
        window.add_bar_button("Ajouter des papiers…", self.add_papers)
        window.add_bar_button("Nouveau dossier", self.new_dossier, "principal")
        self.example = False
        self._state = Question(jobs, "Coffre", self._tell_state, self)
        self.tabs = self._tabs()
        self.gardien = Gardien(self.desk, window, window.strip, self.keep_settings)
        self.actions = all_actions(self)
        window.attach(self.tabs, state, tuple(action for action in self.actions if action.id == "reglages"))
        window.set_actions(self.actions)
        self.palette = Palette(window, window.search, self.desk, self.actions)
        Explainer(window)
        self.veille = Veille(self.desk, self)
        self.manieres = Manieres(self)
        self.desk.changes.happened.connect(self._on_change)
        window.strip.state.setText("Coffre ouvert")
        self._count()
        QTimer.singleShot(0, self._after_opening)

    def report(self, error: Exception) -> None:
        """Tell a failure: its sentence when it has one, else a report to copy."""
        if isinstance(error, Cancelled):
            return
        if isinstance(error, AppError):
            self.window.messages.tell(str(error), kind="error")
            return
        frames = traceback.extract_tb(error.__traceback__)
        trail = "\n".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames)
        text = f"Mutuelle Desktop {__version__}\n{type(error).__name__}\n{trail}"
        report_dialog(self.window, text).show()

    def open(self, kind: str, key: str) -> None:
        """Go to an object, to a tab (kind « onglet »), or do an action of the menus (kind « action »)."""
        if kind == "action":
            self.run(next(action for action in self.actions if action.id == key).run)
            return
        if kind == "onglet":
            page = self.window.go(key)
        elif kind == "Evenement":
            with self.library.read() as db:
                event = db.get(Evenement, key)
            if event is not None:
                self.open("Dossier", event.dossier_id)
            return
        else:
            page = self.window.go(TAB_OF[kind])
            page.show_object(kind, key)  # type: ignore[attr-defined]
            self.recents.note(kind, key)
        self.window.raise_()
        page.setFocus()

    def run(self, verb: Callable[[], Any]) -> None:
        """Do something the user asked; a refusal becomes a message."""
        try:
            verb()
        except AppError as error:
            self.report(error)

    def add_papers(self) -> None:
        """Ask for files and take them in."""
        find = getattr(self.window.current_page(), "current_dossier", None)
        self.intake.take(self.desk.dialogs.choose_files(self.window), find() if find else None)

    def call(self, dossier_id: str) -> None:
        """Open the window of a call about a dossier: before, during, after."""
        from mutuelle_desktop.ui.appel.window import open_appel

        open_appel(self.desk, self.window, dossier_id)

    def correct(self, event: Evenement) -> None:
        """Open the form of an event, wherever its dates are shown."""
        from mutuelle_desktop.ui.dossiers.etapes import Etapes

        Etapes(self.desk, self.window).note(event.dossier_id, event)

    def show_last_import(self) -> None:
        """Show again what became of each file of the last import: what failed can still be tried again."""
        if self.intake.show_last is not None:
            self.intake.show_last()

    def new_dossier(self) -> None:
        """Open the choice of a new dossier."""
        self.window.go("dossiers").create_dossier()  # type: ignore[attr-defined]

    def new_letter(self) -> None:
        """Choose a letter by need, about the dossier shown when there is one."""
        find = getattr(self.window.current_page(), "current_dossier", None)
        dossier_id = find() if find else None
        self.window.go("courriers").new_letter(dossier_id)  # type: ignore[attr-defined]

    def close(self) -> None:
        """Stop what runs and leave the library tidy."""
        if self.reglages is not None:
            self.reglages.close()
        self.intake.stop()
        self.veille.stop()
        self.gardien.stop()
        self.desk.jobs.stop()
        self.desk.workers.close()
        documents.clear_copies()
        self.library.close()

    def _after_opening(self) -> None:
        library = self.library
        today = self.desk.today()
        self.intake.read_pending()
        self.intake.watch(self._settings.dossier_surveille)
        self.veille.look()
        warn_of_place(self.desk, lambda: self.ask_settings("donnees"))
        self.manieres.wake()
        self.gardien.after_opening()
        # What holds the library or the interpreter long comes once the window has read what it shows.
        self.desk.jobs.run("Préparation", lambda _p: _warm(), quiet=True)
        self.desk.jobs.run("Rangement", lambda _p: _tidy(library, today), lambda _done: None, quiet=True)

    def _tabs(self) -> tuple[Tab, ...]:
        def make(module: str, name: str) -> Callable[[], Any]:
            def made() -> Any:
                page = getattr(importlib.import_module(f"mutuelle_desktop.ui.{module}.page"), name)(self.desk)
                self.recents.watch(module, page)
                return page

            return made

        return (
            Tab("aujourdhui", "Aujourd’hui", make("aujourdhui", "AujourdhuiPage"), 1),
            Tab("dossiers", "Dossiers", make("dossiers", "DossiersPage"), 2),
            Tab("documents", "Documents", make("documents", "DocumentsPage"), 3),
            Tab("courriers", "Courriers", make("courriers", "CourriersPage"), 4),
            Tab("echeances", "Échéances", make("echeances", "EcheancesPage"), 5),
            Tab("contrats", "Contrats", make("contrats", "ContratsPage"), 7),
            Tab("guide", "Guide", make("guide", "GuidePage"), 8),
        )

    def on_page(self, verb: str) -> None:
        """Carry out a verb of the page shown."""
        self.run(getattr(self._verbs(), verb))

    def can(self, verb: str) -> bool:
        """Tell whether the page shown has this verb and can carry it out now."""
        verbs = self._verbs()
        return hasattr(verbs, verb) and bool(verbs.can(verb))

    def filter_page(self) -> None:
        """Go to the search of the page shown, or to the one over everything."""
        field = getattr(self.window.current_page(), "search", self.window.search)
        field.setFocus()
        field.selectAll()

    def _verbs(self) -> Any:
        return getattr(self.window.current_page(), "verbs", None)

    def focus_search(self) -> None:
        """Go to the search over everything."""
        self.window.search.setFocus()
        self.window.search.selectAll()
        self.palette.show_recents()

    def undo(self) -> None:
        """Undo the last thing done, and name it."""
        self.run(lambda: self._say("Annulé", self.library.undo()))

    def redo(self) -> None:
        """Do again what was undone, and name it."""
        self.run(lambda: self._say("Rétabli", self.library.redo()))

    def zoom(self, step: int) -> None:
        """Make the text larger or smaller by a step."""
        nearest = min(range(len(ECHELLES)), key=lambda n: abs(ECHELLES[n] - self._settings.echelle))
        scale = ECHELLES[max(0, min(len(ECHELLES) - 1, nearest + step))]
        self.keep_settings(replace(self._settings, echelle=scale))

    def ask_settings(self, section: str = "") -> None:
        """Show the settings, in a window of their own, at a section when one is named."""
        if self.reglages is None:
            from mutuelle_desktop.ui.reglages.window import reglages_window

            self.reglages = reglages_window(
                self.desk, self.window, keep=self.keep_settings, leave=self.close,
                read=lambda: self.intake.read_pending(asked=True), actions=self.actions,
            )  # fmt: skip
        if section:
            self.reglages.show_section(section)
        self.reglages.show()
        self.reglages.raise_()
        self.reglages.activateWindow()

    def keep_settings(self, settings: Settings) -> None:
        """Keep and apply settings."""
        kept_settings.save(self.library.folder, settings)
        look = (settings.theme, settings.echelle) != (theme().mode, theme().echelle)
        self._settings = settings
        self.desk.workers.lectures = settings.lectures
        if look:
            theme().apply(settings.theme, settings.echelle)
        self.intake.watch(settings.dossier_surveille)

    def show_shortcuts(self) -> None:
        """Show the keyboard sheet."""
        shortcut_sheet(self.window, self.actions).show()

    def paste(self) -> None:
        """Take in what the clipboard holds."""
        find = getattr(self.window.current_page(), "current_dossier", None)
        self.intake.take_mime(QGuiApplication.clipboard().mimeData(), find() if find else None)

    def fill_example(self) -> None:
        """Make the fictional household."""
        desk = self.desk
        desk.jobs.run(
            "Foyer d’exemple",
            lambda progress: exemple.fill_example(desk.library, desk.workers, progress, desk.today()),
            lambda _done: self._filled(),
        )

    def remove_example(self) -> None:
        """Take the fictional household away, in one step that can be undone."""
        self.run(lambda: exemple.remove_example(self.library))
        self.window.messages.tell("Le foyer d’exemple a été retiré.", "Annuler", self.undo, kind="success")

    def verify(self) -> None:
        """Check library and vault in the background and tell what was found."""
        from mutuelle_desktop.services.verification import verify

        desk = self.desk
        desk.jobs.run(
            "Vérification du coffre", lambda progress: verify(desk.library, progress=progress), self._verified
        )

    def _verified(self, bilan: Any) -> None:
        self.window.messages.tell(" ".join(bilan.phrases), kind="success" if bilan.sain else "error")

    def _filled(self) -> None:
        self.window.messages.tell(
            "Voici un foyer d’exemple : tout y est inventé. Il s’en ira d’un clic.", "Tout retirer", self.remove_example,
            kind="success",
            second=None if self.desk.state.value(VUE) else ("Visite du programme", lambda: take_tour(self)),
        )  # fmt: skip
        self.intake.read_pending()

    def _say(self, verb: str, what: str | None) -> None:
        if what:
            self.window.messages.tell(f"{verb} : {what}.")

    def _import_into(self, paths: Any, dossier_id: str | None) -> None:
        self.intake.take(paths, dossier_id)

    def _import_as(self, paths: Any, genre: TypeDocument) -> None:
        self.intake.take(paths, None, genre)

    def _on_change(self, entry: Entry) -> None:
        self.window.refresh_actions()
        kinds = (Dossier, Document, Lecture, Piece, Personne, Mutuelle, Contrat, Contact, Couverture)
        if entry.touches(*kinds) or any(c.after is None for c in entry.changes):
            self._count()
        again = [c.after.id for c in entry.changes
                 if isinstance(c.after, Lecture) and c.after.etat is EtatLecture.COPIE and c.before]  # fmt: skip
        if again:
            self.intake.read_pending(frozenset(again))

    def _count(self) -> None:
        self._state.ask(partial(_state_of, self.library))

    def _tell_state(self, found: tuple[bool, dict[str, int]]) -> None:
        example, counts = found
        for tab, count in counts.items():
            self.window.set_badge(tab, count)
        if example != self.example:
            self.example = example
            self.window.refresh_actions()


def _state_of(library: Library) -> tuple[bool, dict[str, int]]:
    """Return whether the example is there, and the numbers beside the tabs."""
    counts = {"dossiers": dossiers.count_open(library),
              "documents": documents.count_documents(library, documents.Filtre())}  # fmt: skip
    return exemple.has_example(library), counts


def load_first(state: QSettings) -> None:
    """Load, on whatever thread, what the window needs as soon as it is open: the tab it was left on, and its door."""
    tab = str(state.value("onglet", TABS[0]))
    importlib.import_module(f"mutuelle_desktop.ui.{tab if tab in TABS else TABS[0]}.page")
    importlib.import_module("multiprocessing.connection")


def _warm() -> None:
    """Load what the tabs are made of before they are first seen: loading it then would be felt."""
    for module in TABS:
        importlib.import_module(f"mutuelle_desktop.ui.{module}.page")
    importlib.import_module("mutuelle_desktop.ui.reglages.window")
    warm_guide()


def _tidy(library: Library, today: date) -> None:
    rappels.mark_visit(library, today)
    moment = now()
    documents.purge_corbeille(library, moment)
    dossiers.purge_dossiers(library, moment)
