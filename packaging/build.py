"""Make the installer of this system: a `.deb` on Debian and Ubuntu; see packaging/installer.md for the others.

It sets itself up in `build/venv`, with the very versions that were tested (`versions.txt`, checked by their hashes), and
works on a copy of the sources whose place and dates are always the same, so that the same commit gives the same bytes.
The result is in `dist/`. Nothing is fetched once the environment is there.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD, DIST = ROOT / "build", ROOT / "dist"
VENV = BUILD / "venv"
SOURCE, FROZEN = BUILD / "source", BUILD / "frozen" / "mutuelle-desktop"
_IN_VENV = "MUTUELLE_DESKTOP_CONSTRUCTION"


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def run(*words: object, **environment: str) -> None:
    """Run a command, and stop here when it fails."""
    done = subprocess.run(list(map(str, words)), env={**os.environ, **environment}, check=False)
    if done.returncode:
        raise SystemExit(f"« {Path(str(words[0])).name} » a échoué (code {done.returncode}).")


def venv_python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def set_up() -> None:
    """Make the environment of the build, once for each list of versions and each Python."""
    versions = ROOT / "packaging" / "versions.txt"
    wanted = hashlib.sha256(versions.read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / ".versions"
    if stamp.is_file() and stamp.read_text() == wanted and venv_python().exists():
        return
    say("Préparation de l’environnement de construction dans build/venv…")
    run(sys.executable, "-m", "venv", "--clear", VENV)
    pip = [venv_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    run(*pip, "-r", versions)
    stamp.write_text(wanted)


def moment() -> str:
    """Return the seconds that every file of the package is dated of: the last commit's, else the last release's."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return given
    asked = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    if asked.returncode == 0 and asked.stdout.strip():
        return asked.stdout.strip()
    import fiches

    day = fiches.releases()[0].day
    return str((day.toordinal() - 719163) * 86400)


def copy_source(version: str | None) -> None:
    """Copy what ships, as the sources have it now, with another version number when one is given."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    for name in ("mutuelle_desktop", "resources", "packaging"):
        shutil.copytree(ROOT / name, SOURCE / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "captures"))
    if version:
        init = SOURCE / "mutuelle_desktop" / "__init__.py"
        init.write_text(
            re.sub(r'__version__ = "[^"]+"', f'__version__ = "{version}"', init.read_text("utf-8")), "utf-8"
        )


def freeze(epoch: str) -> None:
    """Have PyInstaller make the folder of the program, then take out what only a debugger reads."""
    shutil.rmtree(FROZEN.parent, ignore_errors=True)
    if sys.platform != "linux":
        import fiches

        fiches.draw_icon({512: BUILD / "mutuelle-desktop.png"})
    words = ["--noconfirm", "--clean", "--log-level", "ERROR", "--workpath", BUILD / "pyinstaller"]
    run(venv_python(), "-m", "PyInstaller", *words, "--distpath", FROZEN.parent,
        SOURCE / "packaging" / "mutuelle-desktop.spec", PYTHONHASHSEED="1", SOURCE_DATE_EPOCH=epoch,
        PYTHONPATH=str(SOURCE), PYINSTALLER_CONFIG_DIR=str(BUILD / "pyinstaller"))  # fmt: skip
    if sys.platform == "linux":
        strip(FROZEN)


def strip(folder: Path) -> None:
    """Take the symbols out of the libraries: a fifth of the weight of the whole program, and nothing that runs.

    Some libraries that wheels carry do not survive it, for they were edited after they were linked: what cannot be loaded
    any more is put back as it was. Libraries come before the modules that need them.
    """
    if not shutil.which("strip"):
        raise SystemExit("Il manque la commande « strip » : installez le paquet binutils.")
    found = [
        path for path in sorted(folder.rglob("*")) if re.search(r"\.so(\.|$)", path.name) and not path.is_symlink()
    ]
    carried = [path for path in found if path.parent.name.endswith(".libs")]
    kept = BUILD / "entieres"
    for some in (carried, [path for path in found if path not in carried]):
        shutil.rmtree(kept, ignore_errors=True)
        for path in some:
            whole = kept / path.relative_to(folder)
            whole.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, whole)
            run("strip", "--strip-unneeded", "--remove-section=.comment", path)
        for path in some:
            if not _loads(path):
                shutil.copy2(kept / path.relative_to(folder), path)
    shutil.rmtree(kept)


def _loads(library: Path) -> bool:
    trial = "import ctypes, sys; ctypes.CDLL(sys.argv[1])"
    asked = subprocess.run([str(venv_python()), "-c", trial, str(library)], capture_output=True, check=False)
    return asked.returncode == 0


def sizes(folder: Path) -> list[tuple[str, int]]:
    """Return what each part of the frozen program weighs in bytes, the heaviest first."""
    inside = folder / "_internal"
    parts: dict[str, int] = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            name = path.relative_to(inside).parts[0] if path.is_relative_to(inside) else path.name
            parts[name] = parts.get(name, 0) + path.stat().st_size
    return sorted(parts.items(), key=lambda part: -part[1])


def print_sizes() -> None:
    told = sizes(FROZEN)
    total = sum(size for _name, size in told)
    print(f"{total / 1e6:7.1f} Mo  en tout")
    for name, size in told:
        if size >= total / 1000:
            print(f"{size / 1e6:7.1f} Mo  {name}")


def package(epoch: str, *, revision: int, quick: bool) -> list[Path]:
    """Make the installer of this system and return its files."""
    import contenu

    DIST.mkdir(exist_ok=True)
    if sys.platform == "linux":
        if not shutil.which("dpkg-deb"):
            say("Sans dpkg, il n’y a pas de paquet à faire ici : le programme est dans build/frozen.")
            return []
        import debian

        return [debian.make(FROZEN, BUILD / "deb", DIST, epoch=epoch, revision=revision, quick=quick)]
    if sys.platform == "win32":
        run(
            "iscc",
            "/Qp",
            f"/DVersion={contenu.version(SOURCE)}",
            ROOT / "packaging" / "windows" / "mutuelle-desktop.iss",
        )
        return sorted(DIST.glob("*.exe"))
    run("bash", ROOT / "packaging" / "macos" / "dmg.sh", FROZEN.parent, DIST, contenu.version(SOURCE))
    return sorted(DIST.glob("*.dmg"))


def main() -> int:
    words = argparse.ArgumentParser(description="Fabrique l’installateur de ce système, dans dist/.")
    words.add_argument("--tailles", action="store_true", help="dire ensuite ce que pèse chaque partie")
    words.add_argument("--version", metavar="N", help="autre numéro de version, pour essayer une mise à jour")
    words.add_argument("--revision", type=int, default=1, help="numéro de paquet d’une même version (1)")
    words.add_argument("--vite", action="store_true", help="compresser peu : plus gros, plus vite")
    words.add_argument("--sans-geler", action="store_true", help="reprendre le programme déjà gelé dans build/frozen")
    asked = words.parse_args()
    if os.environ.get(_IN_VENV) != "1":
        set_up()
        epoch = moment() if (ROOT / ".git").exists() else ""
        os.environ.update({_IN_VENV: "1", **({"SOURCE_DATE_EPOCH": epoch} if epoch else {})})
        return subprocess.run([str(venv_python()), __file__, *sys.argv[1:]], check=False).returncode
    if not asked.sans_geler:
        copy_source(asked.version)
    sys.path[:0] = [str(SOURCE), str(SOURCE / "packaging")]
    epoch = moment()
    if not asked.sans_geler:
        say("PyInstaller rassemble le programme (une à deux minutes)…")
        freeze(epoch)
    for made in package(epoch, revision=asked.revision, quick=asked.vite):
        print(f"{made.relative_to(ROOT)}  {made.stat().st_size / 1e6:.1f} Mo")
    if asked.tailles:
        print_sizes()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
