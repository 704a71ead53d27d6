"""Try the Debian package as a person would, in a fresh system: install, use, upgrade, remove; the data stay.

    python packaging/essai.py                     # the package of dist/, in Debian trixie
    python packaging/essai.py --suite bookworm --neuf dist/mutuelle-desktop_0.2.0-1_amd64.deb

A base system is made once by debootstrap in build/essai; each trial works in a layer over it, in its own space of mounts
and processes: nothing stays mounted or running, whatever happens. Needs root, debootstrap, Xvfb and xdotool.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "build" / "essai"
NAME = "mutuelle-desktop"
USER, HOME = "camille", "/home/camille"
DATA = f"{HOME}/.local/share/{NAME}"
PATIENCE = 180
"""Seconds left to what a person would wait a moment for, on a machine that does many other things."""
CHROOT = shutil.which("chroot") or "chroot"
_INSIDE = "MUTUELLE_DESKTOP_ESSAI"
_TOOLS = ("debootstrap", "Xvfb", "xdotool", "unshare", "chroot")


class Failed(Exception):
    """A step did not do what it should."""


def expect(true: object, sentence: str) -> None:
    if not true:
        raise Failed(sentence)


def wait_for(what: Callable[[], object], sentence: str) -> None:
    """Ask again and again until it is true; raise Failed with the sentence when patience ends."""
    end = time.monotonic() + PATIENCE
    while not what():
        expect(time.monotonic() < end, sentence)
        time.sleep(0.5)


class Essai:
    """One fresh system and what is done in it."""

    def __init__(self, root: Path, package: Path, newer: Path, display: str) -> None:
        self.root, self.package, self.newer, self.display = root, package, newer, display
        self.window: subprocess.Popen[bytes] | None = None

    def as_root(self, *words: str, check: bool = True) -> str:
        """Run a command of the system in it, and return what it prints."""
        clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive",
                 "HOME": "/root"}  # fmt: skip
        done = subprocess.run([CHROOT, str(self.root), *words], env=clean, capture_output=True, text=True, check=False)
        if check:
            expect(
                done.returncode == 0,
                f"« {' '.join(words)[:200]} » a échoué :\n{done.stdout[-3000:]}{done.stderr[-3000:]}",
            )
        return done.stdout

    def _user_command(self, words: tuple[str, ...]) -> tuple[list[str], dict[str, str]]:
        clean = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": HOME, "DISPLAY": self.display}
        return [CHROOT, f"--userspec={USER}:{USER}", str(self.root), *words], clean

    def program(self, *words: str, code: int = 0) -> str:
        """Run the installed command as a user does, and return what it prints."""
        command, clean = self._user_command((NAME, *words))
        done = subprocess.run(command, env=clean, capture_output=True, text=True, check=False, timeout=600)
        expect(
            done.returncode == code,
            f"« {NAME} {' '.join(words)} » : code {done.returncode}\n{done.stdout}{done.stderr}",
        )
        return done.stdout

    def finds(self, *words: str) -> bool:
        """Tell whether the program finds these words in the papers."""
        return bool(json.loads(self.program("chercher", *words, "--json")))

    def put(self, source: Path) -> str:
        """Copy a paper into the user's home and return its path there."""
        target = self.root / HOME[1:] / source.name
        shutil.copy(source, target)
        os.chown(target, *self._ids())
        return f"{HOME}/{source.name}"

    def _ids(self) -> tuple[int, int]:
        home = (self.root / HOME[1:]).stat()
        return home.st_uid, home.st_gid

    def data_files(self) -> list[str]:
        """Return the names of the files of the user's data."""
        folder = self.root / DATA[1:]
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())

    def install(self) -> None:
        """Install the package with what it depends on, and nothing else."""
        self.as_root("apt-get", "update", "-q")
        shutil.copy(self.package, self.root / "root" / "paquet.deb")
        self.as_root("apt-get", "install", "-y", "-q", "--no-install-recommends", "/root/paquet.deb")
        expect("install ok installed" in self.as_root("dpkg", "-s", NAME), "le paquet n’est pas installé")
        self.as_root("dpkg", "--audit")
        self.as_root("useradd", "--create-home", USER)

    def papers(self) -> None:
        """Check that the menu, the software centre and the manual have what they read."""
        share = self.root / "usr/share"
        for path in (f"applications/{NAME}.desktop", f"icons/hicolor/scalable/apps/{NAME}.svg",
                     f"icons/hicolor/48x48/apps/{NAME}.png", f"doc/{NAME}/copyright"):  # fmt: skip
            expect((share / path).stat().st_size > 100, f"{path} manque")
        expect(list((share / "metainfo").glob("*.mutuelle_desktop.metainfo.xml")), "la fiche AppStream manque")
        for folder in (
            "fr/man1",
            "man1",
        ):  # a minimal system leaves manuals and documentation out, by dpkg's own filter
            kept = f"usr/share/man/{folder}/{NAME}.1.gz"
            expect(kept in self.as_root("dpkg", "-L", NAME), f"{kept} manque")

    def libraries(self) -> None:
        """Check that every library the program may load is in the package, or in one that it depends on."""
        script = (
            f"find /usr/lib/{NAME} -type f \\( -name '*.so' -o -name '*.so.*' \\) ! -name libqgtk3.so -exec ldd {{}} +"
        )
        told = self.as_root("sh", "-c", f"LD_LIBRARY_PATH=/usr/lib/{NAME}/_internal; export LD_LIBRARY_PATH; {script}")
        expect(told.count("=>") > 1000, "ldd n’a rien dit")
        lost = {line.split()[0] for line in told.splitlines() if "not found" in line}
        expect(not lost, f"bibliothèques introuvables : {', '.join(sorted(lost))}")

    def scan_without_window(self) -> None:
        """Import a scan by a command; it is really read, and found by a word of its picture."""
        scan = self.put(ROOT / "resources/exemple/ordonnance-kine.jpg")
        told = json.loads(self.program("importer", scan, "--json"))
        expect(told[0]["etat"] == "importé", f"le scan n’a pas été lu : {told}")
        expect(self.finds("kinésithérapie"), "un mot du scan n’est pas retrouvé")

    def open_window(self) -> None:
        """Open the window with a file, as « Ouvrir avec » and a drop on the icon do; it is seen, and the file is read."""
        paper = self.put(ROOT / "resources/exemple/facture-optique.pdf")
        command, clean = self._user_command((NAME, paper))
        self.window = subprocess.Popen(command, env=clean, stderr=subprocess.PIPE)
        wait_for(self._seen, "la fenêtre n’est pas apparue")
        way_in = self.root / DATA[1:] / ".fenetre"
        wait_for(way_in.exists, "la fenêtre n’a pas ouvert le coffre")
        wait_for(lambda: self.finds("monture"), "le fichier donné au départ n’a pas été lu")

    def _seen(self) -> bool:
        assert self.window is not None
        expect(self.window.poll() is None, "le programme s’est arrêté en s’ouvrant")
        words = ["xdotool", "search", "--onlyvisible", "--classname", NAME]
        found = subprocess.run(words, env={**os.environ, "DISPLAY": self.display}, capture_output=True, check=False)
        return bool(found.stdout.strip())

    def scan_with_window(self) -> None:
        """Import a scan by a command while the window is open; a second start gives it its file and goes away."""
        told = json.loads(self.program("importer", self.put(ROOT / "resources/exemple/carte.png"), "--json"))
        expect(told[0]["etat"] == "importé", f"le second scan n’a pas été lu : {told}")
        self.program(self.put(ROOT / "resources/exemple/devis-dentaire.pdf"))
        wait_for(
            lambda: self.finds("céramique") or self.finds("couronne"), "le fichier donné à la fenêtre n’a pas été lu"
        )
        picture = PLACE / "fenetre.png"
        if shutil.which("import"):
            words = ["import", "-window", "root", str(picture)]
            subprocess.run(words, env={**os.environ, "DISPLAY": self.display}, check=False)

    def quit(self) -> None:
        """End the program with Ctrl+Q."""
        assert self.window is not None
        screen = {**os.environ, "DISPLAY": self.display}
        words = [
            "xdotool",
            "search",
            "--onlyvisible",
            "--classname",
            NAME,
            "windowfocus",
            "key",
            "--clearmodifiers",
            "ctrl+q",
        ]
        subprocess.run(words, env=screen, check=False, capture_output=True)
        try:
            code = self.window.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Failed("le programme ne s’est pas fermé") from None
        assert self.window.stderr is not None
        said = self.window.stderr.read().decode("utf-8", "replace")
        expect(code == 0, f"le programme a fini par {code} :\n{said}")
        expect("Traceback" not in said, f"une erreur a été dite :\n{said}")

    def letter(self) -> None:
        """Make a letter of the example household, a PDF that the program itself can read."""
        self.program("exemple", "--donnees", f"{HOME}/exemple")
        listed = self.program("dossiers", "--donnees", f"{HOME}/exemple")
        reference = re.search(r"(\d{4}-\d{3})  Couronne", listed)
        expect(reference, f"pas de dossier dans l’exemple : {listed}")
        assert reference
        words = ("courrier", "C1", "--dossier", reference[1], "--sortie", f"{HOME}/lettre.pdf")
        self.program(*words, "--donnees", f"{HOME}/exemple")
        made = self.root / HOME[1:] / "lettre.pdf"
        expect(made.read_bytes().startswith(b"%PDF") and made.stat().st_size > 5000, "la lettre n’est pas un PDF")
        expect(
            "Camille" in self.program("analyser", f"{HOME}/lettre.pdf", "--json"), "la lettre ne dit pas qui l’écrit"
        )

    def upgrade(self) -> None:
        """Put a newer package in the place of the old one under the open window, which goes on; the data are there."""
        before = self.as_root("dpkg-query", "-W", "-f=${Version}", NAME)
        kept = self.data_files()
        shutil.copy(self.newer, self.root / "root" / "neuf.deb")
        self.as_root("apt-get", "install", "-y", "-q", "--no-install-recommends", "/root/neuf.deb")
        after = self.as_root("dpkg-query", "-W", "-f=${Version}", NAME)
        self.as_root("dpkg", "--compare-versions", after, "gt", before)
        told = json.loads(self.program("importer", self.put(ROOT / "resources/exemple/garanties.pdf"), "--json"))
        expect(told[0]["etat"] == "importé", f"la fenêtre ouverte ne travaille plus après la mise à jour : {told}")
        expect(
            self.finds("kinésithérapie") and self.finds("monture"), "un papier n’est plus retrouvé après la mise à jour"
        )
        expect(set(kept) <= set(self.data_files()), "des fichiers de données ont disparu à la mise à jour")

    def verify(self) -> None:
        """Have the program check its base and its vault."""
        self.program("verifier")

    def remove(self) -> None:
        """Purge the program: nothing of it is left, and the data are as they were."""
        kept = {name: (self.root / DATA[1:] / name).read_bytes() for name in self.data_files()}
        expect(len(kept) > 4, "il n’y avait pas de données")
        self.as_root("apt-get", "purge", "-y", "-q", NAME)
        left = self.as_root(
            "sh", "-c", f"find /usr /etc /var/lib/dpkg/info -name '*{NAME}*' -o -name '*mutuelle_desktop*'"
        )
        expect(not left.strip(), f"il reste : {left}")
        now = {name: (self.root / DATA[1:] / name).read_bytes() for name in self.data_files()}
        expect(now == kept, "les données ont changé en retirant le programme")

    def run(self) -> None:
        """Go through every step, each timed and told."""
        for number, (sentence, step) in enumerate(self._steps(), 1):
            start = time.monotonic()
            try:
                step()
            except Failed as failure:
                print(f"{number:2}. ÉCHEC : {sentence}\n{failure}", flush=True)
                raise SystemExit(1) from None
            print(f"{number:2}. {sentence} ({time.monotonic() - start:.0f} s)", flush=True)
        print(f"{len(self._steps())} passed, 0 failed")

    def _steps(self) -> list[tuple[str, Callable[[], None]]]:
        return [
            ("le paquet s’installe, avec ses seules dépendances", self.install),
            ("le menu, l’icône, la fiche et le manuel sont là", self.papers),
            ("aucune bibliothèque ne manque", self.libraries),
            ("un scan ajouté sans fenêtre est lu et retrouvé", self.scan_without_window),
            ("la fenêtre s’ouvre et lit le fichier qu’on lui donne", self.open_window),
            ("un scan ajouté par commande et un fichier ouvert ensuite vont à la fenêtre", self.scan_with_window),
            ("la mise à jour, fenêtre ouverte, garde les données et ne casse rien", self.upgrade),
            ("le programme se ferme au clavier", self.quit),
            ("le coffre est entier", self.verify),
            ("une lettre est faite en PDF", self.letter),
            ("le programme retiré, les données restent", self.remove),
        ]


def base(suite: str) -> Path:
    """Return the base system of that suite, made by debootstrap the first time."""
    made = PLACE / f"base-{suite}"
    if not (made / "etc/debian_version").exists() or (made / "debootstrap").exists():
        shutil.rmtree(made, ignore_errors=True)
        print(f"Préparation d’un système {suite} neuf (une fois)…", flush=True)
        subprocess.run(["debootstrap", "--variant=minbase", suite, str(made)], check=True, stdout=subprocess.DEVNULL)
    return made


def layer(under: Path, place: Path) -> Path:
    """Mount a layer over the base system, with what a system needs of the kernel."""
    root, upper, work = place / "racine", place / "haut", place / "travail"
    for folder in (root, upper, work):
        folder.mkdir()
    try:
        _mount("-t", "overlay", "overlay", "-o", f"lowerdir={under},upperdir={upper},workdir={work}", root)
    except subprocess.CalledProcessError:  # inside a container, whose own files are such a layer already
        root.rmdir()
        subprocess.run(["cp", "-a", str(under), str(root)], check=True)
    _mount("-t", "proc", "proc", root / "proc")
    _mount("-t", "tmpfs", "tmpfs", root / "tmp")
    (root / "tmp").chmod(0o1777)
    for name in ("null", "zero", "random", "urandom", "full", "tty"):
        target = root / "dev" / name
        target.touch()
        _mount("--bind", f"/dev/{name}", target)
    (root / "dev/shm").mkdir(exist_ok=True)
    _mount("-t", "tmpfs", "tmpfs", root / "dev/shm")
    for name in ("resolv.conf", "hosts"):
        if Path("/etc", name).is_file():
            shutil.copy(Path("/etc", name), root / "etc" / name)
    return root


def _mount(*words: object) -> None:
    subprocess.run(["mount", *map(str, words)], check=True)


def trial(asked: argparse.Namespace, place: Path) -> None:
    """Do the whole trial; mounts and processes are of this space only, and end with it."""
    root = layer(base(asked.suite), place)
    number, name = os.pipe()
    words = ["Xvfb", "-displayfd", str(name), "-screen", "0", "1280x900x24", "-nolisten", "tcp", "-ac", "-noreset"]
    screen = subprocess.Popen(words, pass_fds=[name], stderr=subprocess.DEVNULL)
    display = f":{os.read(number, 16).decode().strip()}"
    sockets = root / "tmp/.X11-unix"
    sockets.mkdir()
    _mount("--bind", "/tmp/.X11-unix", sockets)
    try:
        Essai(root, asked.paquet, asked.neuf, display).run()
    finally:
        screen.terminate()
        screen.wait()


def packages(asked: argparse.Namespace) -> None:
    """Find the package, and make a newer one of the same program when none is given."""
    if asked.paquet is None:
        found = sorted((ROOT / "dist").glob(f"{NAME}_*-1_*.deb"), key=lambda path: path.stat().st_mtime)
        if not found:
            raise SystemExit("Il n’y a pas de paquet dans dist/ : lancez d’abord « python packaging/build.py ».")
        asked.paquet = found[-1]
    if asked.neuf is None:
        asked.neuf = Path(re.sub(r"-1_", "-2_", str(asked.paquet)))
        if not asked.neuf.exists() or asked.neuf.stat().st_mtime < asked.paquet.stat().st_mtime:
            words = [sys.executable, ROOT / "packaging/build.py", "--sans-geler", "--vite", "--revision", "2"]
            subprocess.run(list(map(str, words)), check=True)


def main() -> int:
    words = argparse.ArgumentParser(description="Essaie le paquet Debian dans un système neuf.")
    words.add_argument("paquet", nargs="?", type=Path, help="le paquet (par défaut, le dernier de dist/)")
    words.add_argument("--neuf", type=Path, help="le paquet de la mise à jour (par défaut, fait du même programme)")
    words.add_argument("--suite", default="trixie", help="version de Debian ou d’Ubuntu (trixie)")
    asked = words.parse_args()
    missing = [name for name in _TOOLS if not shutil.which(name)]
    if missing or os.geteuid():
        raise SystemExit(f"Il faut être administrateur, et avoir : {', '.join(missing or _TOOLS)}.")
    PLACE.mkdir(parents=True, exist_ok=True)
    inside = os.environ.get(_INSIDE)
    if inside:
        trial(asked, Path(inside))
        return 0
    packages(asked)
    base(asked.suite)
    return apart([str(asked.paquet.resolve()), "--neuf", str(asked.neuf.resolve()), "--suite", asked.suite])


def apart(words: list[str]) -> int:
    """Do the trial in a space of its own, and leave nothing of it, whatever happens."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    place = Path(tempfile.mkdtemp(prefix="essai-", dir=PLACE))
    space = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"]
    child = subprocess.Popen([*space, sys.executable, __file__, *words], env={**os.environ, _INSIDE: str(place)})
    try:
        return child.wait()
    except KeyboardInterrupt:
        return 1
    finally:
        child.kill()
        child.wait()
        shutil.rmtree(place, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main())
