"""What a process that opens other people's files can still do: next to nothing."""

import platform
import subprocess
import sys
import textwrap

import pytest

from mutuelle_desktop.extraction import jail

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux") or platform.machine() != "x86_64",
    reason="the filter is proven on Linux x86-64",
)

PRELUDE = """
import ctypes, os, socket, subprocess, sys, threading, pathlib, signal, tempfile
folder, parent = sys.argv[1], os.getppid()
libc = ctypes.CDLL(None, use_errno=True)
def syscall(*numbers):
    if libc.syscall(*numbers) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
from mutuelle_desktop.extraction import jail
assert jail.enter()
"""


def inside(work: str, folder) -> str:
    """Run some lines in a caged process; return what they print, or the error they end on."""
    body = textwrap.indent(textwrap.dedent(work), "    ")
    lines = f"{PRELUDE}\ntry:\n{body}\nexcept BaseException as error:\n    print(type(error).__name__)\n"
    command = [sys.executable, "-c", lines, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.strip() or f"signal {-done.returncode}"


@pytest.mark.parametrize(
    "work",
    [
        "socket.socket()",
        "socket.socket(socket.AF_UNIX)",
        "socket.socketpair()",
        "open(folder + '/nouveau', 'w')",
        "open(folder + '/ancien', 'a')",
        "open(folder + '/ancien', 'r+')",
        "os.open(folder + '/ancien', os.O_RDONLY | os.O_TRUNC)",
        "syscall(2, (folder + '/nouveau').encode(), os.O_CREAT | os.O_WRONLY, 0o600)",
        "syscall(85, (folder + '/nouveau').encode(), 0o600)",
        "os.truncate(folder + '/ancien', 0)",
        "os.remove(folder + '/ancien')",
        "os.rename(folder + '/ancien', folder + '/autre')",
        "os.link(folder + '/ancien', folder + '/autre')",
        "os.symlink('/', folder + '/autre')",
        "os.mkdir(folder + '/autre')",
        "os.mkfifo(folder + '/autre')",
        "os.chmod(folder + '/ancien', 0o777)",
        "os.utime(folder + '/ancien', (0, 0))",
        "subprocess.run(['/bin/true'])",
        "os.execv('/bin/true', ['true'])",
        "os.fork()",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "os.kill(parent, 0)",
        "syscall(101, 16, parent, 0, 0)",
        "syscall(310, parent, 0, 0, 0, 0, 0)",
        "syscall(425, 8, 0)",
    ],
)
def test_a_caged_process_is_refused(work, tmp_path):
    kept = tmp_path / "ancien"
    kept.write_text("intact")
    kept.chmod(0o600)
    assert inside(work, tmp_path) == "PermissionError"
    assert [path.name for path in tmp_path.iterdir()] == ["ancien"]
    assert kept.read_text() == "intact"
    assert kept.stat().st_mode & 0o777 == 0o600


def test_calls_of_another_set_end_the_process(tmp_path):
    assert inside("syscall(0x40000000 + 41, 2, 1, 0)", tmp_path) == "signal 31"


def test_memory_is_bounded(tmp_path):
    assert inside(f"bytes({jail.MEMOIRE})", tmp_path) == "MemoryError"


def test_files_held_open_are_bounded(tmp_path):
    (tmp_path / "ancien").write_text("x")
    assert inside("held = [open(folder + '/ancien') for _ in range(200)]", tmp_path) == "OSError"


def test_reading_and_threads_still_work(tmp_path):
    (tmp_path / "ancien").write_text("lu")
    work = """
        seen = []
        thread = threading.Thread(target=lambda: seen.append(open(folder + '/ancien').read()))
        thread.start(); thread.join()
        print(seen[0])
    """
    assert inside(work, tmp_path) == "lu"


def test_without_the_cage_the_same_lines_go_through(tmp_path):
    free = PRELUDE.replace("assert jail.enter()", "")
    work = "open(folder + '/nouveau', 'w').close(); socket.socket().close(); subprocess.run(['/bin/true'], check=True)"
    subprocess.run([sys.executable, "-c", free + work, str(tmp_path)], check=True, timeout=60)
    assert (tmp_path / "nouveau").exists()


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_no_jump_of_the_filter_leaves_it(machine):
    program = jail._program(machine)
    assert len(program) < 4096
    for place, (code, yes, no, _) in enumerate(program):
        if code not in (jail._LOAD, jail._RETURN):
            assert place + 1 + max(yes, no) < len(program)
    assert program[-1] == (jail._RETURN, 0, 0, jail._ALLOW)
