"""The Debian package: the frozen program under /usr/lib, its papers under /usr/share, and what it depends on."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

import fiches

NAME = fiches.NAME
MAINTAINER = "Mutuelle Desktop <mutuelle-desktop@localhost>"
"""Until the project has an address of its own; DEBFULLNAME and DEBEMAIL say who makes a package to be given away."""
DEPENDS = ("tesseract-ocr", "tesseract-ocr-fra", "tzdata")
RECOMMENDS = ("xdg-utils", "xdg-desktop-portal")
_OPTIONAL = ("libqgtk3.so",)
"""Loaded only on a desktop that has these libraries already: no reason to install GTK elsewhere."""
OVERRIDES = """\
# Libraries that come built and tested in the wheels of Pillow, numpy, PySide6, tesserocr, pypdfium2 and sqlcipher3.
mutuelle-desktop: embedded-library *
# They find each other beside themselves, as a folder that moves whole needs; modules of Python are loaded by it.
mutuelle-desktop: custom-library-search-path *
mutuelle-desktop: shared-library-lacks-prerequisites *
# ICU's table of data is a library without code; small modules of Python call nothing but Python.
mutuelle-desktop: library-not-linked-against-libc *
# numpy's OpenBLAS was edited after it was linked, and does not load once stripped.
mutuelle-desktop: unstripped-binary-or-object *libscipy_openblas64_*
# PyInstaller's own launcher, as it comes.
mutuelle-desktop: hardening-no-pie *
# A letter has the same lines on every computer: its fonts are its own.
mutuelle-desktop: duplicate-font-file *
# No upload to Debian.
mutuelle-desktop: initial-upload-closes-no-bugs *
"""


def make(frozen: Path, work: Path, target: Path, *, epoch: str, revision: int, quick: bool) -> Path:
    """Build the package of a frozen program and return it; epoch dates every file, in seconds."""
    version = f"{fiches.__version__}-{revision}"
    shutil.rmtree(work, ignore_errors=True)
    tree = work / NAME
    library = tree / "usr" / "lib" / NAME
    library.parent.mkdir(parents=True)
    shutil.copytree(frozen, library, symlinks=True)
    fiches.link(tree / "usr/bin" / NAME, f"../lib/{NAME}/{NAME}")
    _papers(tree / "usr" / "share", version)
    _control(tree, work, version)
    _settle(tree, int(epoch))
    made = target / f"{NAME}_{version}_{_architecture()}.deb"
    _run("dpkg-deb", "--root-owner-group", "-Zxz", "-z1" if quick else "-z9", "--threads-max=1", "--build", tree, made,
         SOURCE_DATE_EPOCH=epoch)  # fmt: skip
    return made


def _papers(share: Path, version: str) -> None:
    """Write what the menu, the software centre, `man` and the package manager read."""
    maintainer = _maintainer()
    fiches.write_share(share)
    fiches.zipped(share / "doc" / NAME / "changelog.Debian.gz", fiches.debian_changelog(version, maintainer))
    fiches.write(share / "doc" / NAME / "copyright", fiches.copyright_file())
    fiches.write(share / "lintian/overrides" / NAME, OVERRIDES)


def _control(tree: Path, work: Path, version: str) -> None:
    control = tree / "DEBIAN"
    control.mkdir()
    files = sorted(
        path for path in tree.rglob("*") if path.is_file() and not path.is_symlink() and control not in path.parents
    )
    kilobytes = sum((path.stat().st_size + 1023) // 1024 for path in files)
    lines = [
        f"Package: {NAME}",
        f"Version: {version}",
        f"Architecture: {_architecture()}",
        f"Maintainer: {_maintainer()}",
        f"Installed-Size: {kilobytes}",
        f"Depends: {', '.join([*DEPENDS, *_libraries(tree, work)])}",
        f"Recommends: {', '.join(RECOMMENDS)}",
        "Section: misc",
        "Priority: optional",
        "Description: health papers and dealings with a French health insurer, in order",
        " Mutuelle Desktop keeps every health paper and every exchange with a French",
        " complementary health insurer (mutuelle), case by case: it reads PDFs, scans",
        " and photos, finds any word, computes the deadlines and says why, and writes",
        " the letter that fits each step.",
        " .",
        " Everything stays on the computer, encrypted: no network, no account. The",
        " program speaks French. Removing it leaves the data where they are.",
    ]
    fiches.write(control / "control", "\n".join(lines) + "\n")
    sums = (
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(tree)}"
        for path in files
    )
    fiches.write(control / "md5sums", "\n".join(sums) + "\n")


def _libraries(tree: Path, work: Path) -> list[str]:
    """Return the packages that hold the libraries of the system that the program loads, as dpkg-shlibdeps finds them."""
    if not shutil.which("dpkg-shlibdeps"):
        raise SystemExit("Il manque la commande « dpkg-shlibdeps » : installez le paquet dpkg-dev.")
    (work / "debian").mkdir()
    fiches.write(work / "debian" / "control", f"Source: {NAME}\n\nPackage: {NAME}\nArchitecture: any\n")
    inside = tree / "usr/lib" / NAME
    found = [
        path for path in sorted(inside.rglob("*")) if path.is_file() and not path.is_symlink() and _is_binary(path)
    ]
    found = [path for path in found if path.name not in _OPTIONAL]
    folders = sorted({f"-l{path.parent}" for path in found})
    asked = subprocess.run(
        ["dpkg-shlibdeps", "-O", "--warnings=0", *folders, *map(str, found)], cwd=work, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if asked.returncode:
        raise SystemExit(f"Une bibliothèque du système manque ici :\n{asked.stderr}")
    told = re.sub(r"^shlibs:Depends=", "", asked.stdout.strip())
    return sorted(part.strip() for part in told.split(","))


def _is_binary(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def _settle(tree: Path, epoch: int) -> None:
    """Give every file the mode that its kind calls for, and the same date."""
    for path in sorted(tree.rglob("*"), reverse=True):
        if path.is_symlink():
            os.utime(path, (epoch, epoch), follow_symlinks=False)
            continue
        runs = path.is_dir() or (path.name == NAME and path.parent.name == NAME)
        path.chmod(0o755 if runs else 0o644)
        os.utime(path, (epoch, epoch))
    tree.chmod(0o755)
    os.utime(tree, (epoch, epoch))


def _architecture() -> str:
    return subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True).stdout.strip()


def _maintainer() -> str:
    name, address = os.environ.get("DEBFULLNAME"), os.environ.get("DEBEMAIL")
    return f"{name} <{address}>" if name and address else MAINTAINER


def _run(*words: object, **environment: str) -> None:
    done = subprocess.run(
        list(map(str, words)), env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode:
        raise SystemExit(f"« {words[0]} » a échoué (code {done.returncode}).")
