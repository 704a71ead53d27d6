"""Run by the frozen program before anything else: a program that runs keeps the modules it was started with.

An upgrade puts another executable in the place of this one, and PyInstaller reads modules from it by its path, when they
are first imported: it would find other bytes there. On Linux this very process's executable stays readable by another name.
"""

import os
import sys

import pyimod02_importers

SELF = "/proc/self/exe"

if sys.platform == "linux" and os.path.exists(SELF) and os.path.samefile(SELF, sys.executable):
    pyimod02_importers.pyz_archive._filename = SELF  # noqa: SLF001 - its only handle
