"""How long an installed program takes to its first painted window, seen from outside, against the smallest Qt window.

Both are watched in the same way: on a screen that is black, the first pixel of another colour in its middle is paint,
since Qt leaves a window without ground until it paints it. CPU is what the process had used by then.
"""

import ctypes
import os
import shlex
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_WIDE, _HIGH = 1280, 800
_PATIENCE = 60.0
_ZPIXMAP, _ALL = 2, 0xFFFFFFFF
_TICK = os.sysconf("SC_CLK_TCK")


class _Screen:
    """A screen of its own, and its middle."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._lib = lib = ctypes.CDLL("libX11.so.6")
        lib.XOpenDisplay.restype = lib.XDefaultRootWindow.restype = lib.XGetImage.restype = ctypes.c_void_p
        lib.XDefaultRootWindow.argtypes = [ctypes.c_void_p]
        lib.XGetImage.argtypes = [ctypes.c_void_p, ctypes.c_ulong, *[ctypes.c_int] * 2, *[ctypes.c_uint] * 2,
                                  ctypes.c_ulong, ctypes.c_int]  # fmt: skip
        lib.XGetPixel.argtypes, lib.XGetPixel.restype = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int], ctypes.c_ulong
        lib.XDestroyImage.argtypes = [ctypes.c_void_p]
        self._display = lib.XOpenDisplay(name.encode())
        self._root = lib.XDefaultRootWindow(self._display)

    def painted(self) -> bool:
        """Tell whether something is painted in the middle of the screen."""
        lib, size = self._lib, 8
        image = lib.XGetImage(self._display, self._root, _WIDE // 2, _HIGH // 2, size, size, _ALL, _ZPIXMAP)
        seen = any(lib.XGetPixel(image, x, y) & 0xFFFFFF for x in range(size) for y in range(size))
        lib.XDestroyImage(image)
        return seen


@contextmanager
def screen() -> Iterator[_Screen]:
    """Start a screen that nobody else draws on, for as long as it is needed."""
    number, name = os.pipe()
    words = ["Xvfb", "-displayfd", str(name), "-screen", "0", f"{_WIDE}x{_HIGH}x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(words, pass_fds=[name], stderr=subprocess.DEVNULL)
    try:
        yield _Screen(f":{os.read(number, 16).decode().strip()}")
    finally:
        server.terminate()
        server.wait()
        os.close(number)
        os.close(name)


def first_paint(command: Sequence[str], on: _Screen) -> tuple[float, float]:
    """Start a command and return the wall and CPU seconds to its first painted window; end it."""
    while on.painted():
        time.sleep(0.02)
    start = time.monotonic()
    environment = {**os.environ, "DISPLAY": on.name, "QT_QPA_PLATFORM": "xcb"}
    child = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not on.painted():
            if child.poll() is not None or time.monotonic() - start > _PATIENCE:
                raise SystemExit(f"« {shlex.join(command)} » n’a montré aucune fenêtre.")
            time.sleep(0.002)
        wall = time.monotonic() - start
        used = Path(f"/proc/{child.pid}/stat").read_text().rpartition(")")[2].split()
        return wall, (int(used[11]) + int(used[12])) / _TICK
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait()


def compare(program: str, floor: Sequence[str], rounds: int) -> tuple[list[list[float]], list[list[float]]]:
    """Return the wall and CPU seconds of the program and of the floor, started in turn, each on data of its own."""
    mine: list[list[float]] = [[], []]
    bare: list[list[float]] = [[], []]
    with screen() as on, tempfile.TemporaryDirectory(prefix="mutuelle-depart-") as folder:
        words = [*shlex.split(program), "--donnees", f"{folder}/donnees"]
        first_paint(words, on)  # makes the library, and warms the disk for both
        first_paint(floor, on)
        for _ in range(rounds):
            for command, kept in ((words, mine), (floor, bare)):
                for column, value in zip(kept, first_paint(command, on), strict=True):
                    column.append(value)
    return mine, bare
