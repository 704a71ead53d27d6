"""Reminders one can answer, through a real bus and a service that behaves as desktops do."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from PySide6.QtDBus import QDBusConnection
from PySide6.QtWidgets import QApplication

from mutuelle_desktop.domain.echeance import Rappel
from mutuelle_desktop.services import decisions, rappels
from mutuelle_desktop.ui.notifications import Notifications
from tests.ui.maison import TODAY

pytestmark = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="no bus here")
PATIENCE = 30_000

SERVICE = """
import json, sys, threading
from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection

NAME = "org.freedesktop.Notifications"

@ClassInfo({"D-Bus Interface": NAME})
class Service(QObject):
    ActionInvoked = Signal("uint", str)
    ActivationToken = Signal("uint", str)

    def __init__(self, able):
        super().__init__()
        self.able, self.count = able, 40

    @Slot(result="QStringList")
    def GetCapabilities(self):
        return self.able

    @Slot(str, "uint", str, str, str, "QStringList", "QVariantMap", int, result="uint")
    def Notify(self, name, before, icon, title, body, actions, hints, timeout):
        self.count = before or self.count + 1
        print(json.dumps([self.count, name, icon, title, body, actions, hints]), flush=True)
        return self.count

    def answer(self, number, key):
        self.ActivationToken.emit(number, "jeton-7")
        self.ActionInvoked.emit(number, key)

class Person(QObject):
    answers = Signal(int, str)

app = QCoreApplication(sys.argv)
service = Service(sys.argv[1].split(","))
person = Person()
person.answers.connect(service.answer)
bus = QDBusConnection.sessionBus()
options = QDBusConnection.RegisterOption
assert bus.registerObject("/org/freedesktop/Notifications", service, options.ExportAllSlots | options.ExportAllSignals)
assert bus.registerService(NAME)
print("prêt", flush=True)

def hear():
    for line in sys.stdin:
        person.answers.emit(*json.loads(line))

threading.Thread(target=hear, daemon=True).start()
app.exec()
"""


class Desktop:
    """A session bus of its own, with the notification service of a desktop on it."""

    def __init__(self, able: str) -> None:
        self.daemon = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert self.daemon.stdout
        address = self.address = self.daemon.stdout.readline().strip()
        self.service = subprocess.Popen(
            [sys.executable, "-c", SERVICE, able], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": address, "PYTHONUTF8": "1"},
        )  # fmt: skip
        assert self.service.stdout
        assert self.service.stdout.readline().strip() == "prêt"
        self.name = f"essai-{address}"
        self.bus = QDBusConnection.connectToBus(address, self.name)

    def shown(self) -> list[Any]:
        """Return the next notification shown."""
        assert self.service.stdout
        return list(json.loads(self.service.stdout.readline()))

    def answer(self, number: int, key: str) -> None:
        assert self.service.stdin
        self.service.stdin.write(f"{json.dumps([number, key])}\n")
        self.service.stdin.flush()

    def close(self) -> None:
        QDBusConnection.disconnectFromBus(self.name)
        for process in (self.service, self.daemon):
            process.kill()
            process.communicate()


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    made = Desktop("actions,body,body-markup")
    yield made
    made.close()


@pytest.fixture
def plain(monkeypatch) -> list[str]:
    """The notifications without answers, shown where these cannot be given."""
    told: list[str] = []
    monkeypatch.setattr(rappels, "notify", lambda titre, _lines: told.append(titre) or True)
    return told


def ring(foyer, desktop):
    """Have one reminder told by this desktop, and return how it was shown."""
    veille = foyer.house.veille
    veille.speak_to(Notifications(veille, desktop.bus))
    decisions.save_rappel(foyer.library, Rappel(titre="Poster la lettre", le=TODAY))
    foyer.hour = time(9, 0)
    veille.look()
    foyer.settle()


def test_the_notification_is_neutral_and_can_be_answered_by_seeing_the_day(foyer, desktop, plain, qtbot, monkeypatch):
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    ring(foyer, desktop)
    number, name, icon, title, body, actions, hints = desktop.shown()
    assert (name, icon, hints) == ("Mutuelle Desktop", "mutuelle-desktop", {"desktop-entry": "mutuelle-desktop"})
    assert title == "1\u00a0rappel"
    assert "Poster" not in body, "a locked screen shows no detail"
    assert actions == ["default", "Voir", "voir", "Voir", "plus-tard", "Plus tard"]
    assert plain == [], "it is not shown twice"
    foyer.go("contrats")
    foyer.window.showMinimized()
    desktop.answer(number + 1, "voir")  # another program's
    desktop.answer(number, "default")
    qtbot.waitUntil(lambda: not foyer.window.isMinimized(), timeout=PATIENCE)
    assert foyer.window.current_page() is foyer.window.page("aujourdhui")
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "jeton-7"


def test_later_means_tomorrow_and_only_once_more(foyer, desktop, plain, qtbot):
    ring(foyer, desktop)
    number = desktop.shown()[0]
    desktop.answer(number, "plus-tard")
    qtbot.waitUntil(lambda: "Ce rappel reviendra demain." in foyer.told, timeout=PATIENCE)
    foyer.house.veille.look()
    foyer.settle()
    assert rappels.digest(foyer.library, TODAY, time(11)).lignes == (), "the rest of the day is silent"
    foyer.today = TODAY + timedelta(days=1)
    foyer.house.veille.look()
    foyer.settle()
    again = desktop.shown()
    assert again[0] == number, "in the place of the one before"
    assert again[3] == "1\u00a0rappel"
    assert rappels.digest(foyer.library, foyer.today + timedelta(days=1), time(11)).lignes == ()


def test_where_answers_cannot_be_given_the_plain_notification_is_shown(foyer, plain):
    made = Desktop("body")
    try:
        ring(foyer, made)
    finally:
        made.close()
    assert plain == ["1\u00a0rappel"]
    foyer.click("Plus tard")
    assert "Ce rappel reviendra demain." in foyer.told
    tomorrow = rappels.digest(foyer.library, TODAY + timedelta(days=1), time(11))
    assert len(tomorrow.lignes) == 1


def test_without_any_bus_nothing_is_waited_for(qapp: QApplication):
    assert Notifications(qapp).show("Titre", ["Ligne"], ()) is False


@pytest.mark.skipif(shutil.which("gdbus") is None, reason="no gdbus here")
def test_the_reminder_of_a_closed_program_names_it_so_that_a_click_opens_it(desktop, monkeypatch, tmp_path):
    tools = tmp_path / "outils"
    tools.mkdir()
    (tools / "gdbus").symlink_to(shutil.which("gdbus"))
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", desktop.address)
    assert rappels.notify("1 rappel", ["L’échéance d'un dossier : demain"])
    _number, name, icon, title, body, actions, hints = desktop.shown()
    assert (name, icon, title, body) == (
        "Mutuelle Desktop",
        "mutuelle-desktop",
        "1 rappel",
        "L’échéance d'un dossier : demain",
    )
    assert (actions, hints) == ([], {"desktop-entry": "mutuelle-desktop"})
