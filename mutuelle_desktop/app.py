"""Composes everything, once: the only file that knows all of it.

The window is painted before anything heavy is imported; the library opens in the background.
"""

import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QLibraryInfo,
    QLocale,
    QObject,
    QSettings,
    QThreadPool,
    QTimer,
    QTranslator,
    Signal,
)
from PySide6.QtWidgets import QApplication

from mutuelle_desktop.domain.errors import AppError, Unavailable
from mutuelle_desktop.domain.ids import local_now
from mutuelle_desktop.instance import Held, Instance
from mutuelle_desktop.services.demarrage import program
from mutuelle_desktop.services.relance import RELANCE, remember, start_again, why_not
from mutuelle_desktop.storage import settings as kept_settings
from mutuelle_desktop.storage.bascule import recover
from mutuelle_desktop.storage.paths import be_private, data_folder, make_private
from mutuelle_desktop.ui.main_window import MainWindow, trouble
from mutuelle_desktop.ui.plateforme import activation_token, bring_forward, end_start, let_go, prepare
from mutuelle_desktop.ui.session import Session
from mutuelle_desktop.ui.theme import theme

_TOUR = 1_000
"""Milliseconds between two tries at a folder that another program holds."""
_FIN = 60.0
"""Seconds after the end of the session was told during which leaving waits for nothing."""
_INATTENDU = "La restauration s’est arrêtée sur une erreur inattendue\u00a0: rien n’a été changé."


TURN = 0.0005
"""Seconds after which work in Python gives its turn back to the window: ten times less than Python's own, for painting
asks for its turn at each call of Qt's."""


class App(QObject):
    """One run of the program: shell first, then the library, then the pages."""

    opened = Signal(object)
    refused = Signal(object)
    asked = Signal(object)

    def __init__(self, folder: Path, instance: Instance, files: Sequence[Path]) -> None:
        super().__init__()
        sys.setswitchinterval(TURN)
        self._folder = folder
        self._instance = instance
        self._files = list(files)
        self._kept_at = 0.0  # when the session was about to end
        self._restored: tuple[Any, Path, Path] | None = None
        self._chosen = False  # in the place of the user's own folder, which was not there
        self.house: Any = None
        self.window = MainWindow()
        self.window.on_close = self.close
        self.session: Session | None = None
        self._turn = QTimer(self, interval=_TOUR)
        self._turn.timeout.connect(self.claim)
        self.opened.connect(self._furnish)
        self.refused.connect(self.explain)
        self.asked.connect(self._answer)

    def open(self) -> None:
        """Open the library away from the thread of the interface."""
        QThreadPool.globalInstance().start(self._load)

    def listen(self, app: QApplication) -> None:
        """Keep what is written when the session may end, and leave tidily when it does."""
        elsewhere = [] if self._folder == data_folder() else ["--donnees", str(self._folder)]
        self.session = Session(app, self.keep, self.leave, [*program(), *elsewhere])
        self.session.listen()

    def keep(self) -> None:
        """Make durable what is being written."""
        self._kept_at = time.monotonic()
        if self.house is not None:
            self.house.manieres.keep()

    def leave(self) -> None:
        """Close the window, and the program with it."""
        self.window.close()
        QApplication.quit()

    def close(self) -> bool:
        """Leave everything tidy before the window goes."""
        if self.house is not None:
            if time.monotonic() - self._kept_at > _FIN:
                self.house.gardien.before_closing()
            self.house.close()
            self.house = None
        self._instance.close()
        return True

    def _load(self) -> None:
        try:
            from mutuelle_desktop.services.workers import Workers
            from mutuelle_desktop.storage.library import Library
            from mutuelle_desktop.ui import house

            library = Library(self._folder)
            house.load_first(self._state())
            self.opened.emit((library, Workers()))
        except AppError as error:
            self.refused.emit(error)

    def _state(self) -> QSettings:
        return QSettings(str(self._folder / "fenetre.ini"), QSettings.Format.IniFormat)

    def _furnish(self, found: tuple[Any, Any]) -> None:
        from mutuelle_desktop.ui.dialogs import Dialogs
        from mutuelle_desktop.ui.house import House, Tools
        from mutuelle_desktop.ui.jobs import Jobs

        library, workers = found
        state = self._state()
        tools = Tools(Jobs, Dialogs(), date.today)
        self.house = House(self.window, library, workers, state, tools)
        sys.excepthook = lambda _kind, error, _trace: self.house and self.house.report(error)
        self._instance.serve(self.asked.emit, library, workers)
        self.house.gardien.switch = self.replace_data
        self._tell_restored(library)
        if self._chosen:
            self.house.run(lambda: remember(self._folder))
        self._take(self._files)

    def explain(self, error: AppError, again: Callable[[], Any] | None = None) -> None:
        """Say in the window why the library is not open; when it is not merely held elsewhere, a backup may help."""
        self.window.say(trouble(str(error), again or self.open, self._choose, None if again else self._restore))

    def replace_data(self, rendu: Any, chosen: Path) -> None:
        """Put the data restored beside in the place of these, which are kept, and open them in a new window."""
        from mutuelle_desktop.storage.bascule import swap

        if self.house is not None:
            self.house.close()
            self.house = None
        self._instance.stop_serving()
        if os.name == "nt":  # a folder in which a file is open cannot be renamed there
            self._instance.close()
        try:
            self._restored = (rendu, chosen, swap(self._folder, local_now()))
            refusal = None
        except AppError as error:
            refusal = error
        if os.name == "nt":
            self._instance.try_lock()
        self._renew_window()
        if refusal is None:
            self.open()
        else:
            self.explain(refusal)

    def wait_turn(self, held: AppError) -> None:
        """Say who holds the folder, and try again every second: it may only be slow to open, or to close."""
        self.explain(held, self.claim)
        self._turn.start()

    def claim(self) -> None:
        """Take the folder that another program held, or show its window and leave; nothing when it still holds it."""
        try:
            answer = self._instance.take_or_hand_over(_opening(self._files), patience=0)
        except AppError:
            self._turn.start()
            return
        self._turn.stop()
        if answer is None:
            self.open()
        else:
            self.window.close()

    def _restore(self) -> None:
        from mutuelle_desktop.ui.dialogs import Dialogs
        from mutuelle_desktop.ui.jobs import Jobs
        from mutuelle_desktop.ui.sauvegarde.restauration import RestaurationDialog

        jobs = Jobs(self._report)
        asked = RestaurationDialog(
            self.window, jobs, Dialogs(), self._folder, done=self.replace_data, report=self._report
        )
        jobs.setParent(asked)
        asked.choose(None)
        asked.show()

    def _report(self, error: Exception) -> None:
        self.explain(error if isinstance(error, AppError) else Unavailable(_INATTENDU))

    def _renew_window(self) -> None:
        """Take a window without pages in the place of this one."""
        old, self.window = self.window, MainWindow()
        self.window.on_close = self.close
        self.window.setGeometry(old.geometry())
        self.window.show()
        old.on_close = lambda: True
        old.close()
        old.deleteLater()

    def _tell_restored(self, library: Any) -> None:
        if self._restored is None:
            return
        from mutuelle_desktop.services import sauvegardes
        from mutuelle_desktop.ui.sauvegarde.mots import restored

        rendu, chosen, old = self._restored
        self._restored = None
        self.house.run(lambda: sauvegardes.note_restored(library, chosen, rendu.instantane))
        self.house.gardien.refresh()
        self.window.messages.tell(restored(rendu, old), kind="warning" if rendu.manquants else "success")

    def _choose(self) -> None:
        self._turn.stop()
        from mutuelle_desktop.ui.dialogs import Dialogs

        folder = Dialogs().choose_folder(self.window, "Dossier des données")
        if not folder:
            return
        self._chosen = self._chosen or not why_not(self._folder)
        self._instance.close()
        self._folder, self._instance = folder, Instance(folder)
        try:
            make_private(folder)
            if not self._instance.try_lock():
                raise Unavailable(self._instance.holder())
        except AppError as error:
            self.explain(error)
        else:
            self.open()

    def _answer(self, message: dict[str, Any]) -> None:
        bring_forward(self.window, message.get("jeton", ""))
        self._take([Path(name) for name in message.get("fichiers", [])])

    def _take(self, files: Sequence[Path]) -> None:
        if files and self.house is not None:
            self.house.intake.take(files)


def main(files: Sequence[Path] = (), given: Path | None = None, *, discreet: bool = False) -> int:
    """Open the window, minimised when discreet, or raise the one that is open already; return the exit code."""
    be_private()
    prepare()
    folder = data_folder(given)
    instance = Instance(folder)
    held: AppError | None = None
    try:
        recover(folder)
        make_private(folder)
        if instance.take_or_hand_over(_opening(files)) is not None:
            end_start(os.environ)
            return 0
    except Held as error:
        held = error
    except AppError:
        pass  # the opening of the library will say why
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(folder / "qt"))
    app = QApplication(sys.argv[:1])
    let_go()
    app.setApplicationName("Mutuelle Desktop")
    app.setDesktopFileName("mutuelle-desktop")
    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
    translator = QTranslator()
    if translator.load("qtbase_fr", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    settings = kept_settings.load(folder)
    theme().apply(settings.theme, settings.echelle)
    run = App(folder, instance, files)
    run.listen(app)
    run.window.when_painted(run.open if held is None else partial(run.wait_turn, held))
    if discreet:
        run.window.showMinimized()
    else:
        run.window.show()
    code = app.exec()
    if app.property(RELANCE):
        start_again()
    return code


def _opening(files: Sequence[Path]) -> dict[str, Any]:
    """Return what a second start hands to the first: its files, and the right to come forward."""
    return {
        "commande": "ouvrir",
        "fichiers": [str(path.absolute()) for path in files],
        "jeton": activation_token(os.environ),
    }
