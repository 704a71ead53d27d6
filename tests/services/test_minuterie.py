"""The timer of the user's systemd, with a systemctl that only writes down what it is asked."""

import os
import shutil
import subprocess
import sys
from datetime import time

import pytest

from mutuelle_desktop.domain.errors import Refused, Unavailable
from mutuelle_desktop.services.minuterie import (
    UNITE,
    follow_timer,
    install_timer,
    own_command,
    remove_timer,
    service_text,
    timer_state,
    timer_text,
)

NEUF = time(9)
COMMAND = ("/usr/bin/mutuelle-desktop", "rappels")


@pytest.fixture
def config(tmp_path, monkeypatch):
    folder = tmp_path / "config"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    return folder / "systemd" / "user"


@pytest.fixture
def systemctl(tmp_path, monkeypatch):
    """A systemctl that obeys, unless the file « refus » names the verb."""
    tools = tmp_path / "bin"
    tools.mkdir()
    script = tools / "systemctl"
    script.write_text(
        f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n'
        f'if [ -f {tmp_path}/refus ] && [ "$2" = "$(cat {tmp_path}/refus)" ]; then exit 1; fi\n'
        f'if [ "$2" = is-active ]; then [ -f {tmp_path}/config/systemd/user/{UNITE}.timer ]; exit; fi\n'
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:/usr/bin:/bin")
    return tmp_path


def asked(systemctl):
    return (systemctl / "asked").read_text().splitlines()


def test_installing_writes_both_units_and_starts_the_timer(config, systemctl):
    state = install_timer(COMMAND, NEUF)
    assert state.installee
    assert state.active
    assert state.heure == NEUF
    assert state.phrase == "Les rappels viennent chaque jour à 9\u00a0h, même quand le programme est fermé."
    assert 'ExecStart=":/usr/bin/mutuelle-desktop" "rappels"' in (config / f"{UNITE}.service").read_text()
    timer = (config / f"{UNITE}.timer").read_text()
    assert "OnCalendar=*-*-* 09:00:00" in timer
    assert "Persistent=true" in timer
    assert asked(systemctl)[:3] == [
        "--user daemon-reload", f"--user enable {UNITE}.timer", f"--user restart {UNITE}.timer",
    ]  # fmt: skip


def test_changing_the_hour_installs_over(config, systemctl):
    install_timer(COMMAND, NEUF)
    assert install_timer(COMMAND, time(18, 5)).heure == time(18, 5)
    assert "18\u00a0h\u00a005" in timer_state().phrase


def test_removing_leaves_nothing_and_can_be_done_twice(config, systemctl):
    install_timer(COMMAND, NEUF)
    state = remove_timer()
    assert not state.installee
    assert list(config.iterdir()) == []
    assert f"--user disable --now {UNITE}.timer" in asked(systemctl)
    assert remove_timer() == state


@pytest.mark.parametrize("verb", ["daemon-reload", "enable", "restart"])
def test_when_the_system_refuses_nothing_is_kept(config, systemctl, verb):
    (systemctl / "refus").write_text(verb)
    with pytest.raises(Refused, match="rien n’a été gardé"):
        install_timer(COMMAND, NEUF)
    assert list(config.iterdir()) == []


def test_when_the_system_refuses_a_change_the_former_hour_stays(config, systemctl):
    install_timer(COMMAND, NEUF)
    (systemctl / "refus").write_text("restart")
    with pytest.raises(Refused):
        install_timer(COMMAND, time(18))
    assert timer_state().heure == NEUF


def test_without_systemd_it_is_said_in_french(config, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="systemd est absent"):
        install_timer(COMMAND, NEUF)
    assert not config.exists()
    state = timer_state()
    assert not state.possible
    assert "Exportez l’agenda" in state.phrase
    assert not remove_timer().installee


def test_units_that_do_not_run_are_told(config, systemctl):
    install_timer(COMMAND, NEUF)
    (systemctl / "refus").write_text("is-active")
    state = timer_state()
    assert state.installee
    assert not state.active
    assert "ne les lance pas" in state.phrase


def test_a_unit_written_by_someone_else_is_no_timer_of_ours(config, systemctl):
    config.mkdir(parents=True)
    (config / f"{UNITE}.timer").write_bytes(b"\xff[Timer]")
    assert not timer_state().installee


@pytest.mark.parametrize("heure", [time(7, 59), time(21), time(3)])
def test_nobody_is_woken_at_night(config, systemctl, heure):
    with pytest.raises(Refused, match="la nuit"):
        install_timer(COMMAND, heure)


def test_a_folder_one_may_not_write_in_is_told(config, systemctl):
    config.parent.parent.mkdir()
    config.parent.write_text("un fichier")
    with pytest.raises(Unavailable, match="n’ont pas pu être installés"):
        install_timer(COMMAND, NEUF)


def test_a_systemctl_that_hangs_is_a_refusal(config, systemctl, monkeypatch):
    def slow(*_words, **_how):
        raise subprocess.TimeoutExpired("systemctl", 20)

    monkeypatch.setattr(subprocess, "run", slow)
    with pytest.raises(Refused, match="rien n’a été gardé"):
        install_timer(COMMAND, NEUF)


def test_a_unit_that_cannot_be_removed_is_told(config, systemctl):
    (config / f"{UNITE}.service").mkdir(parents=True)
    with pytest.raises(Unavailable, match="n’ont pas pu être retirés"):
        remove_timer()


def test_the_command_is_this_very_program_on_this_very_folder(tmp_path, monkeypatch):
    words = own_command(tmp_path)
    assert words == [sys.executable, "-m", "mutuelle_desktop", "rappels", "--donnees", str(tmp_path)]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert own_command(tmp_path) == [sys.executable, "rappels", "--donnees", str(tmp_path)]


def test_another_home_may_be_given(tmp_path, systemctl):
    home = tmp_path / "maison"
    install_timer(COMMAND, NEUF, home=home)
    assert (home / ".config" / "systemd" / "user" / f"{UNITE}.timer").exists()


@pytest.mark.parametrize("name", ["a\nExecStart=/bin/b", 'a "b"', "a\\b"])
def test_a_path_the_system_would_not_run_is_refused(name):
    with pytest.raises(Refused, match="un signe"):
        service_text([f"/bin/{name}"])


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_itself_understands_both_units(tmp_path):
    program = tmp_path / "mes programmes à 100% $HOME"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (tmp_path / f"{UNITE}.service").write_text(service_text([str(program), "rappels", "--donnees", "/tmp/é è %h"]))
    (tmp_path / f"{UNITE}.timer").write_text(timer_text(NEUF))
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", "--recursive-errors=no", f"{tmp_path}/{UNITE}.timer",
         f"{tmp_path}/{UNITE}.service"],
        capture_output=True, text=True, check=False, env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},
    )  # fmt: skip
    assert UNITE not in done.stderr, done.stderr


def test_the_timer_follows_data_that_moved_and_a_program_installed_elsewhere(config, systemctl, tmp_path, monkeypatch):
    before, after = tmp_path / "avant « é » 100%", tmp_path / "après"
    for folder in (before, after):
        folder.mkdir()
    service = config / f"{UNITE}.service"
    assert not follow_timer(after), "nothing is installed unasked"
    install_timer(own_command(before), time(18, 5))
    assert not follow_timer(before)
    assert not follow_timer(after), "the other folder of data is still there: its timer is its own"
    before.rmdir()
    assert follow_timer(after)
    assert service.read_text() == service_text(own_command(after))
    assert timer_state().heure == time(18, 5)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/usr/bin/mutuelle-desktop")
    assert not follow_timer(after), "the program that rings is still there"
    install_timer(["/partie/mutuelle", *own_command(after)[1:]], time(18, 5))
    assert follow_timer(after)
    assert f'ExecStart=":/usr/bin/mutuelle-desktop" "rappels" "--donnees" "{after}"' in service.read_text()
