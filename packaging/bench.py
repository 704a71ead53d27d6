"""Measures the program against its floors in one run: `python packaging/bench.py [--rapide] [--json] [--seulement MOT]`.

Every figure is a ratio to the least code that does the same work (bench_floors.py), both run in turn on the same
files, so that it holds on a busy machine too: medians, the spread between brackets, CPU seconds of the whole process
tree beside wall seconds. Everything is made in a temporary folder and removed. Nothing is installed.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import bench_house as house

HERE = Path(__file__).resolve().parent
PROGRAM = (sys.executable, "-m", "mutuelle_desktop")
FLOOR = (sys.executable, str(HERE / "bench_floors.py"))
TABS = ("aujourdhui", "dossiers", "documents", "echeances", "contrats", "guide")
FRAME, STALL = 16.0, 50.0  # milliseconds
OPENING = """
import sys, time
from PySide6.QtCore import QTimer
from mutuelle_desktop.ui.main_window import MainWindow
painted, held = MainWindow.paintEvent, []

def paint(window, event):
    painted(window, event)
    if not held:
        held.append(window)
        QTimer.singleShot(0, tell)
        QTimer.singleShot(10, look)

def tell():
    print(time.monotonic(), time.process_time(), flush=True)

def look():
    if held[0].strip.state.text() != "Coffre ouvert":
        return QTimer.singleShot(10, look)
    held[0].repaint()
    tell()
    print([int(s.split()[1]) for s in open("/proc/self/smaps_rollup") if s.startswith("Pss:")][0] / 1024, flush=True)
    QTimer.singleShot(0, held[0].close)

MainWindow.paintEvent = paint
from mutuelle_desktop.__main__ import main
raise SystemExit(main())
"""


@dataclass(frozen=True, slots=True)
class Sample:
    """One run: seconds of the clock, CPU seconds of the process tree, what it printed."""

    wall: float
    cpu: float
    out: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; rapport is median, least, most; tenu is None when there is no goal or no measure."""

    mesure: str
    valeur: str
    plancher: str = ""
    rapport: tuple[float, float, float] | None = None
    but: str = ""
    tenu: bool | None = None
    note: str = ""

    def __str__(self) -> str:
        ratio = "× {} ({}–{})".format(*(fr(r, 2) for r in self.rapport)) if self.rapport else "—"
        kept = "pour mémoire" if self.tenu is None else "tenu" if self.tenu else "manqué"
        parts = [self.mesure, self.valeur, self.plancher or "—", ratio, self.but or "—", kept]
        return " — ".join(parts) + (f" [{self.note}]" if self.note else "")


def fr(value: float, digits: int = 1) -> str:
    return f"{value:.{digits}f}".replace(".", ",")


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    return median(values), min(values), max(values)


def ms(values: Sequence[float], digits: int = 1) -> str:
    return f"{fr(1000 * median(values), digits)} ms"


def run(command: Sequence[str | Path], **environment: str) -> Sample:
    """Run a command to its end; a failure stops everything, with what it said."""
    with tempfile.TemporaryFile("w+") as told, tempfile.TemporaryFile("w+") as wrong:
        start = time.monotonic()
        child = subprocess.Popen(command, stdout=told, stderr=wrong, env={**os.environ, **environment})
        _, status, used = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        wrong.seek(0)
        out, complaint = told.read(), wrong.read()
    if child.returncode:
        raise SystemExit(f"{' '.join(map(str, command))[:300]} : {child.returncode}\n{out}{complaint[-3000:]}")
    return Sample(wall, used.ru_utime + used.ru_stime, out)


def part(name: str, *arguments: Path | str, **environment: str) -> Any:
    """Run one part of this file in a process of its own and return what it measured."""
    found = run([sys.executable, HERE / "bench_parts.py", name, *arguments],
                QT_QPA_PLATFORM="offscreen", **environment)  # fmt: skip
    return json.loads(found.out.splitlines()[-1])


def in_turn(cases: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[Any]]:
    """Run the cases A B C A B C; a first round warms the files up and is forgotten."""
    found: dict[str, list[Any]] = {name: [] for name in cases}
    for number in range(rounds + 1):
        for name, case in cases.items():
            sample = case()
            if number:
                found[name].append(sample)
    return found


def ratios(ours: Sequence[float], floor: Sequence[float]) -> tuple[float, float, float]:
    return spread([a / b for a, b in zip(ours, floor, strict=True)])


def peak_memory(command: Sequence[str | Path]) -> float:
    """Return the most memory the whole tree of a command held at once, in MB: proportional shares, every 50 ms."""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    most = 0.0
    while child.poll() is None:
        most = max(most, sum(_share(pid) for pid in _tree(child.pid)) / 1024)
        time.sleep(0.05)
    return most


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            below = task.read_text().split()
        except OSError:
            continue
        for child in below:
            yield from _tree(int(child))


def _share(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


class Bench:
    """The measures, in the order of the table; what several need is made once."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.folder = folder
        self.quick = quick
        self.rounds = 2 if quick else 5
        self._made = 0

    def fresh(self) -> Path:
        """Return a new empty folder."""
        self._made += 1
        path = self.folder / f"essai-{self._made}"
        path.mkdir()
        return path

    @cached_property
    def hundred(self) -> Path:
        """A hundred papers."""
        return house.papers(self.folder / "cent", 100, 1)

    @cached_property
    def ten_thousand(self) -> Path:
        """A library of 10 000 documents and 500 dossiers, the newest 30 real."""
        made = house.library(self.folder / "dix-mille", 10_000, 500, self.folder / "dix-mille.db")
        run([*PROGRAM, "importer", "--donnees", made, house.papers(self.folder / "neufs", 30, 2)])
        return made

    @cached_property
    def most(self) -> Path:
        """The largest library: 100 000 documents, the ten thousand in a quick run."""
        if self.quick:
            return self.ten_thousand
        return house.library(self.folder / "cent-mille", 100_000, 0, self.folder / "cent-mille.db")

    def copy(self, library: Path) -> Path:
        """Copy a library: its base is written again, the files of the vault are links."""
        target = self.fresh() / "donnees"
        shutil.copytree(library, target, copy_function=_link_or_copy)
        return target

    def imports(self) -> Iterator[Figure]:
        """Take born-digital PDFs in: CPU, wall, memory, size of the index and of the thumbnails."""
        for count in (100,) if self.quick else (100, 1000):
            files = self.hundred if count == 100 else house.papers(self.folder / "mille", count, 3)
            found = in_turn(
                {
                    "plancher": lambda files=files: run([*FLOOR, "import", self.fresh(), files]),
                    "durable": lambda files=files: run([*FLOOR, "import", self.fresh(), files, "durable"]),
                    "nous": lambda files=files: run([*PROGRAM, "importer", "--donnees", self.fresh(), files]),
                },
                self.rounds if count == 100 else 2,
            )
            cpu = {name: [s.cpu / count for s in samples] for name, samples in found.items()}
            wall = {name: [s.wall / count for s in samples] for name, samples in found.items()}
            ratio = ratios(cpu["nous"], cpu["plancher"])
            yield Figure(f"import de {count} PDF, CPU par document", ms(cpu["nous"]), ms(cpu["plancher"]), ratio,
                         "≤ × 1,5", ratio[0] <= 1.5)  # fmt: skip
            ratio = ratios(wall["nous"], wall["durable"])
            yield Figure(f"import de {count} PDF, chaque fichier durable, à la montre", ms(wall["nous"]),
                         ms(wall["durable"]), ratio, "≤ × 2", ratio[0] <= 2)  # fmt: skip
        library, bare = self.fresh(), self.fresh()
        held = peak_memory([*PROGRAM, "importer", "--donnees", library, files])
        least = peak_memory([*FLOOR, "import", bare, files])
        yield Figure(f"mémoire d’un import de {count} PDF, ouvriers compris", f"{fr(held, 0)} Mo", f"{fr(least, 0)} Mo",
                     (held / least,) * 3, "≤ 150 Mo", held <= 150)  # fmt: skip
        sizes = part("tailles", library)
        floor = (bare / "base.db").stat().st_size / count / 1000
        yield Figure("index, pour 1 000 documents", f"{fr(sizes['index'])} Mo", f"{fr(floor)} Mo (texte compris)",
                     (sizes["index"] / floor,) * 3, "≤ 7 Mo", sizes["index"] <= 7,
                     f"base entière : {fr(sizes['base'])} Mo")  # fmt: skip
        yield Figure("vignette la plus lourde", f"{fr(sizes['vignette'])} ko", but="≤ 8 ko", tenu=sizes["vignette"] <= 8,
                     note=f"moyenne : {fr(sizes['moyenne'])} ko")  # fmt: skip

    def scale(self) -> Iterator[Figure]:
        """Take a hundred papers more in an empty library, and in one of 10 000."""
        empty = house.library(self.folder / "vide", 0, 0)
        found = in_turn(
            {
                "vide": lambda: part("importer", self.copy(empty), self.hundred),
                "plein": lambda: part("importer", self.copy(self.ten_thousand), self.hundred),
            },
            self.rounds,
        )
        ratio = ratios(found["plein"], found["vide"])
        yield Figure("import, CPU par document à 10 000 contre 100", ms(found["plein"]), ms(found["vide"]), ratio,
                     "≤ × 1,1", ratio[0] <= 1.1)  # fmt: skip

    def ocr(self) -> Iterator[Figure]:
        """Read scans at 300 dots an inch: against the command line, and two workers against one."""
        count = 2 if self.quick else 4
        files = house.scans(self.folder / "scans", count, 5)
        command = shutil.which("tesseract")
        cases = {"nous": lambda: run([*PROGRAM, "importer", "--donnees", self.fresh(), files])}
        if command:
            cases["plancher"] = lambda: run([*FLOOR, "ocr", files])
        found = in_turn(cases, 2)
        cpu = {name: [s.cpu / count for s in samples] for name, samples in found.items()}
        name, goal = "lecture de scans (OCR), CPU par page", "≤ × 0,75"
        if command:
            ratio = ratios(cpu["nous"], cpu["plancher"])
            yield Figure(name, ms(cpu["nous"], 0), ms(cpu["plancher"], 0), ratio, goal, ratio[0] <= 0.75)
        else:
            yield Figure(name, ms(cpu["nous"], 0), but=goal, note="plancher sauté : la commande tesseract est absente")
        if (os.cpu_count() or 1) < 2:
            yield Figure("deux ouvriers d’OCR contre un", "—", but="≥ × 1,8", note="sauté : un seul cœur")
            return
        found = in_turn({n: lambda n=n: part("scans", self.fresh(), files, n) for n in ("1", "2")}, 2)
        ratio = ratios(found["1"], found["2"])
        yield Figure("deux ouvriers d’OCR contre un, à la montre", f"{fr(median(found['2']), 2)} s",
                     f"{fr(median(found['1']), 2)} s", ratio, "≥ × 1,8", ratio[0] >= 1.8,
                     f"charge de la machine : {fr(os.getloadavg()[0])}")  # fmt: skip

    def search(self) -> Iterator[Figure]:
        """Find the first 50 with excerpt, and the worst beginning of word, against bare FTS5."""
        libraries = [(100, house.library(self.folder / "petit", 100, 5, self.folder / "petit.db")),
                     (10_000, self.ten_thousand)]  # fmt: skip
        if not self.quick:
            libraries.append((100_000, self.most))
        for count, library in libraries:
            found = part("chercher", library, library.with_suffix(".db"))
            ratio = ratios(found["nous"], found["plancher"])
            yield Figure(f"recherche, 50 premiers avec extrait, {count} documents, CPU", ms(found["nous"], 2),
                         ms(found["plancher"], 2), ratio, "≤ × 1,5", ratio[0] <= 1.5, found["note"])  # fmt: skip
        for place, worst in found["frappe"].items():
            took, bare, typed = worst
            yield Figure(f"pire frappe dans {place}, {count} documents, CPU", f"{fr(took)} ms", f"{fr(bare)} ms",
                         (took / bare,) * 3, "≤ 16 ms", took <= 16, f"« {typed} »")  # fmt: skip

    def start(self) -> Iterator[Figure]:
        """Go from nothing to the first painted window, then to the library shown in it."""
        screen = (
            {} if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") else {"QT_QPA_PLATFORM": "offscreen"}
        )

        def ours() -> list[float]:
            start = time.monotonic()
            program = [sys.executable, "-c", OPENING, "--donnees", self.ten_thousand]
            out = [float(word) for word in run(program, **screen).out.split()]
            return [out[0] - start, out[1], out[2] - start, out[3], out[4]]

        def floor() -> list[float]:
            start = time.monotonic()
            out = [float(word) for word in run([*FLOOR, "window"], **screen).out.split()]
            return [out[0] - start, out[1]]

        self.ten_thousand  # noqa: B018 - made before the clock starts
        found = in_turn({"nous": ours, "plancher": floor}, self.rounds)
        mine, bare = ([list(column) for column in zip(*found[name], strict=True)] for name in ("nous", "plancher"))
        for name, place, limit in (("première fenêtre peinte", 0, True), ("coffre ouvert et montré", 2, False)):
            for what, column, goal in (("CPU", 1, 1.5), ("à la montre", 0, 2.0)):
                ratio = ratios(mine[place + column], bare[column])
                yield Figure(f"départ, 10 000 documents, 500 dossiers, {name}, {what}", ms(mine[place + column], 0),
                             ms(bare[column], 0), ratio, f"≤ × {fr(goal)}" if limit else "",
                             ratio[0] <= goal if limit else None)  # fmt: skip
        yield Figure("mémoire au départ", f"{fr(median(mine[4]), 0)} Mo", but="≤ 110 Mo", tenu=median(mine[4]) <= 110)

    def stalls(self) -> Iterator[Figure]:
        """Measure the longest time the window answers nothing, with 10 000 documents."""
        files = house.papers(self.folder / "cinq-cents", 100 if self.quick else 500, 4)
        runs = [part("fenetre", self.copy(self.ten_thousand), files) for _ in range(1 if self.quick else 3)]
        for name in runs[0]:
            longest = [found[name]["ms"] for found in runs]
            where = max((found[name] for found in runs), key=lambda one: one["ms"])["ou"]
            middle, low, high = spread(longest)
            yield Figure(f"plus long arrêt de la fenêtre, {name}", f"{fr(middle, 0)} ms ({fr(low, 0)}–{fr(high, 0)})",
                         but="≤ 50 ms", tenu=middle <= STALL, note=where)  # fmt: skip

    def lists(self) -> Iterator[Figure]:
        """Paint the list of documents while it is scrolled, against a plain list of strings."""
        found = part("listes", self.copy(self.most))
        count = found["documents"]
        for name, frames in found["images"].items():
            usual, worst = (frames["nous"][key] for key in ("p95", "max"))
            bare = frames["plancher"]["p95"]
            yield Figure(f"défilement {name}, {count} documents, 95 images sur 100 en moins de", f"{fr(usual)} ms",
                         f"{fr(bare)} ms", (usual / bare,) * 3, "≤ 16 ms", usual <= FRAME,
                         f"la pire : {fr(worst)} ms")  # fmt: skip
        for name, took in found["arrivees"].items():
            middle, low, high = spread(took)
            yield Figure(f"après un saut {name}, lignes montrées en, {count} documents",
                         f"{fr(middle, 0)} ms ({fr(low, 0)}–{fr(high, 0)})")  # fmt: skip
        for name, stall in found["arrets"].items():
            yield Figure(f"plus long arrêt, {name}, {count} documents", f"{fr(stall['ms'], 0)} ms", but="≤ 50 ms",
                         tenu=stall["ms"] <= STALL, note=stall["ou"])  # fmt: skip

    def deadlines(self) -> Iterator[Figure]:
        """Compute every deadline of 1 000 open dossiers with 20 000 events, against as many bare dates."""
        found = part("echeances", "1000", "20000")
        ratio = ratios(found["nous"], found["plancher"])
        yield Figure(f"{found['dates']} échéances de 1 000 dossiers, 20 000 événements, CPU", ms(found["nous"]),
                     f"{ms(found['plancher'])} (autant de dates)", ratio, "≤ 100 ms",
                     median(found["nous"]) <= 0.100)  # fmt: skip
        yield Figure("les mêmes, lues et rangées pour l’onglet, CPU", ms(found["lignes"], 0))

    def verbs(self) -> Iterator[Figure]:
        """Create, edit, close, undo with 10 000 dossiers; then the same verb in the open window."""
        found = part("verbes", house.library(self.folder / "dossiers", 100, 10_000))
        for name, took in found["verbes"].items():
            ratio = ratios(took, found["plancher"])
            yield Figure(f"« {name} », 10 000 dossiers", ms(took), f"{ms(found['plancher'])} (une ligne durable)", ratio,
                         "≤ 20 ms", median(took) <= 0.020)  # fmt: skip
        stall = found["fenetre"]
        yield Figure("arrêt de la fenêtre après un verbe, 10 000 dossiers listés", f"{fr(stall['ms'], 0)} ms",
                     but="≤ 50 ms", tenu=stall["ms"] <= STALL, note=stall["ou"])  # fmt: skip

    def letters(self) -> Iterator[Figure]:
        """Type in a letter of two pages; make the numbered file of a dossier of 300 pages."""
        found = part("frappe", self.fresh())
        took, stall = found["touches"], found["arret"]
        yield Figure(f"d’une touche à la page nouvelle, lettre de {found['pages']} pages", ms(took), but="≤ 150 ms",
                     tenu=median(took) <= 0.150)  # fmt: skip
        yield Figure("plus long arrêt de la fenêtre en écrivant une lettre", f"{fr(stall['ms'], 0)} ms", but="≤ 50 ms",
                     tenu=stall["ms"] <= STALL, note=stall["ou"])  # fmt: skip
        library, count = self.fresh(), 40 if self.quick else 208
        papers, scanned = house.papers(self.folder / "pieces", count, 8), house.scans(self.folder / "pages", 40, 9)
        made = part("dossier", library, papers, scanned)
        command = [*PROGRAM, "dossier-complet", made["reference"], "--donnees", library, "--sortie"]
        wall = [run([*command, self.fresh() / "complet.pdf"]).wall for _ in range(3)]
        yield Figure(f"dossier complet de {made['pages']} pages", ms(wall, 0), but="≤ 20 s", tenu=median(wall) <= 20)
        held = peak_memory([*command, self.fresh() / "complet.pdf"])
        yield Figure("mémoire de ce dossier complet, ouvriers compris", f"{fr(held, 0)} Mo", but="≤ 600 Mo",
                     tenu=held <= 600)  # fmt: skip

    def backups(self) -> Iterator[Figure]:
        """Back up and restore, everything verified, against a plain durable copy of the same bytes."""
        found = part("sauvegarde", self.fresh(), str(100 if self.quick else 400), str(self.rounds))
        papers = f"{fr(found['octets'] / 1e6, 0)} Mo"
        for name, key in (("sauvegarde vérifiée", "premiere"), ("restauration vérifiée", "restauration")):
            ratio = ratios(found["copie"], found[key])
            yield Figure(f"{name} de {papers}, vitesse contre une copie simple et durable", ms(found[key], 0),
                         ms(found["copie"], 0), ratio, "≥ × 0,5", ratio[0] >= 0.5)  # fmt: skip
        yield Figure("sauvegarde suivante, sans rien de nouveau", ms(found["suivante"], 0))
        yield Figure("plus longue attente du coffre pendant une sauvegarde", f"{fr(found['attente'], 0)} ms",
                     but="≤ 50 ms", tenu=found["attente"] <= STALL)  # fmt: skip


def _link_or_copy(source: str, target: str) -> None:
    if os.path.basename(os.path.dirname(os.path.dirname(source))) == "fichiers":
        with suppress(OSError):  # a file system that allows few names, or none
            os.link(source, target)
            return
    shutil.copy2(source, target)


MEASURES: dict[str, Callable[[Bench], Iterator[Figure]]] = {
    "import": Bench.imports,
    "echelle": Bench.scale,
    "ocr": Bench.ocr,
    "recherche": Bench.search,
    "depart": Bench.start,
    "fenetre": Bench.stalls,
    "listes": Bench.lists,
    "verbes": Bench.verbs,
    "echeances": Bench.deadlines,
    "courriers": Bench.letters,
    "sauvegarde": Bench.backups,
}


def main() -> int:
    words = argparse.ArgumentParser(description="Mesure le programme contre ses planchers, en une fois.")
    words.add_argument("--rapide", action="store_true", help="moins de documents et moins de tours")
    words.add_argument("--json", action="store_true", help="un document JSON au lieu du tableau")
    words.add_argument("--seulement", choices=MEASURES, action="append", help="ces mesures seulement")
    words.add_argument("--programme", metavar="COMMANDE", help="mesurer seulement le départ de ce programme installé")
    words.add_argument("--dans", type=Path, help="dossier où travailler (par défaut, celui des fichiers temporaires)")
    asked = words.parse_args()
    if asked.programme:
        print(*installed(asked.programme, 3 if asked.rapide else 9), sep="\n")
        return 0
    figures = []
    with tempfile.TemporaryDirectory(prefix="mutuelle-bench-", dir=asked.dans) as folder:
        bench = Bench(Path(folder), quick=asked.rapide)
        if not asked.json:
            print(f"mesure — valeur — plancher — rapport — but — résultat   ({_machine()})", flush=True)
        for name in asked.seulement or MEASURES:
            for figure in MEASURES[name](bench):
                figures.append(figure)
                if not asked.json:
                    print(figure, flush=True)
    if asked.json:
        told = {"machine": _machine(), "mesures": [asdict(figure) for figure in figures]}
        print(json.dumps(told, ensure_ascii=False, indent=1))
    return 0


def installed(program: str, rounds: int) -> Iterator[Figure]:
    """Start an installed program and the smallest window in turn, both watched from outside."""
    import bench_installe

    mine, bare = bench_installe.compare(program, [*FLOOR, "window", "--rester"], rounds)
    for what, column, goal in (("CPU", 1, 1.5), ("à la montre", 0, 2.0)):
        ratio = ratios(mine[column], bare[column])
        yield Figure(f"départ du programme installé, première fenêtre peinte, {what}", ms(mine[column], 0),
                     ms(bare[column], 0), ratio, f"≤ × {fr(goal)}", ratio[0] <= goal)  # fmt: skip


def _machine() -> str:
    return f"{os.cpu_count()} cœurs, charge {fr(os.getloadavg()[0])}, Python {sys.version.split()[0]}"


if __name__ == "__main__":
    raise SystemExit(main())
