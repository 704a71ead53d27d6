"""A real window over a real library, with the answers a person would give in dialogs."""

import io
from collections import deque
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QWidget
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.ui.dialogs import Dialogs
from mutuelle_desktop.ui.house import House, Tools
from mutuelle_desktop.ui.jobs import InlineJobs, Jobs
from mutuelle_desktop.ui.main_window import MainWindow

TODAY = date(2026, 11, 23)
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


class Answers(Dialogs):
    """Dialogs whose answers are given in advance, in order; an unexpected question fails the test."""

    def __init__(self) -> None:
        self.files: deque[list[Path]] = deque()
        self.folders: deque[Path | None] = deque()
        self.words: deque[str | None] = deque()
        self.forms: deque[Callable[[QDialog], Any]] = deque()
        self.asked: list[str] = []

    def choose_files(self, parent: QWidget) -> list[Path]:
        return self.files.popleft()

    def choose_folder(self, parent: QWidget, title: str) -> Path | None:
        return self.folders.popleft()

    def ask_text(self, parent: QWidget, title: str, question: str, initial: str = "") -> str | None:
        self.asked.append(f"{question} [{initial}]")
        return self.words.popleft()

    def ask_password(self, parent: QWidget, question: str) -> str | None:
        self.asked.append(question)
        return self.words.popleft()

    def run(self, dialog: QDialog) -> bool:
        self.asked.append(dialog.windowTitle())
        dialog.show()
        self.forms.popleft()(dialog)
        accepted = dialog.result() == QDialog.DialogCode.Accepted
        dialog.close()
        return accepted


class Foyer:
    """One open window: what a person does to it, and what can be seen in it."""

    def __init__(self, folder: Path, workers: Workers, jobs: type[Jobs] = InlineJobs, today: date = TODAY) -> None:
        self.folder = folder
        self.today = today
        self.hour = time(9, 40)
        self.answers = Answers()
        self.window = MainWindow()
        self.library = Library(folder)
        state = QSettings(str(folder / "fenetre.ini"), QSettings.Format.IniFormat)
        self.house = House(
            self.window, self.library, workers, state, Tools(jobs, self.answers, lambda: self.today, self.now)
        )
        self.window.show()
        self.settle()

    def now(self) -> datetime:
        """Return the moment on the clock of the wall, which a test may move."""
        return datetime.combine(self.today, self.hour)

    def close(self) -> None:
        self.house.intake.stop()
        self.house.desk.jobs.stop()
        self.settle()
        self.window.close()
        self.library.close()
        self.window.deleteLater()
        self.settle()

    def settle(self) -> None:
        """Let everything that was asked happen, and be shown."""
        for _ in range(8):
            QApplication.processEvents()
            self.house.desk.changes.flush()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()

    def drop(self, paths: Iterable[Path], at: QPoint | None = None) -> str:
        """Drag files over the window and drop them; return the target named while dragging."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        point = at or QPoint(self.window.width() // 2, self.window.height() // 2)
        rest = (mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.window, QDragEnterEvent(point, Qt.DropAction.CopyAction, *rest))
        QApplication.sendEvent(self.window, QDragMoveEvent(point, Qt.DropAction.CopyAction, *rest))
        named = self.window.findChild(QWidget, "cible")
        assert named is not None
        assert named.isVisible()
        text = named.accessibleName()
        QApplication.sendEvent(self.window, QDropEvent(QPointF(point), Qt.DropAction.CopyAction, *rest))
        assert not named.isVisible()
        self.settle()
        return text

    def button(self, text: str, inside: QWidget | None = None) -> QAbstractButton:
        """Return the visible button that bears this text or this name."""
        found = [
            b
            for b in (inside or self.window).findChildren(QAbstractButton)
            if text in (b.text().strip(), b.accessibleName()) and b.isVisible()
        ]
        assert found, f"no button « {text} »"
        return found[0]

    def click(self, text: str, inside: QWidget | None = None) -> None:
        self.button(text, inside).click()
        self.settle()

    def action(self, name: str) -> None:
        """Choose an entry of the menus by the id of its action."""
        self.house.window.refresh_actions()
        made = self.window._qactions[name]
        assert made.isEnabled(), f"« {made.text()} » is greyed"
        made.trigger()
        self.settle()

    def press(self, key: Qt.Key, *, shift: bool = False) -> None:
        """Press a key with Ctrl held, in the window."""
        self.window.activateWindow()
        self.settle()
        held = Qt.KeyboardModifier.ControlModifier
        QTest.keyClick(QApplication.focusWidget() or self.window, key,
                       held | Qt.KeyboardModifier.ShiftModifier if shift else held)  # fmt: skip
        self.settle()

    def go(self, tab: str) -> Any:
        page = self.window.go(tab)
        self.settle()
        return page

    @property
    def told(self) -> list[str]:
        """Return every message told so far, with plain spaces."""
        return [text.replace("\u00a0", " ") for text in self.window.messages.texts]


def fill(**values: str) -> Callable[[QDialog], None]:
    """Return what fills the fields of a form by their name (_ for a space) and accepts it."""

    def work(dialog: Any) -> None:
        for name, value in values.items():
            wanted = name.replace("_", " ")
            field = next(
                w
                for w in dialog.findChildren(QWidget)
                if w.accessibleName().replace("’", " ").replace("\u00a0?", "").strip() == wanted
            )
            if hasattr(field, "setPlainText"):
                field.setPlainText(value)
            elif hasattr(field, "setCurrentText"):
                assert field.findText(value) >= 0, f"{name} has no « {value} »"
                field.setCurrentText(value)
            else:
                field.setText(value)
        dialog.accept_button.click()

    return work


def pdf(path: Path, *pages: str) -> Path:
    """Write a born-digital PDF, one text a page."""
    if "DejaVu" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("DejaVu", FONT))
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    for text in pages:
        canvas.setFont("DejaVu", 12)
        for number, line in enumerate(text.split("\n")):
            canvas.drawString(60, 760 - 18 * number, line)
        canvas.showPage()
    canvas.save()
    return path


def scan(path: Path, text: str) -> Path:
    """Write a picture of a sheet, as a scanner would at 150 dots an inch."""
    sheet = Image.new("L", (1240, 1754), 250)
    font = ImageFont.truetype(FONT, 30)
    ImageDraw.Draw(sheet).multiline_text((110, 160), text, fill=20, font=font, spacing=16)
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG", dpi=(150, 150))
    path.write_bytes(buffer.getvalue())
    return path
