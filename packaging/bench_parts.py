"""What bench.py measures inside the program, each part in a process of its own; the last line printed is JSON."""

import json
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import bench_floors as floors
import bench_house as house
from bench_backup import sauvegarde

LATE = 0.02  # seconds without a beat after which what runs is looked at
PULSE = 2  # milliseconds between two beats


@contextmanager
def opened(folder: Path, workers: int = 0) -> Iterator[Any]:
    """Open a library, with that many workers or none."""
    from mutuelle_desktop.services.workers import Workers
    from mutuelle_desktop.storage.library import Library

    library, pool = Library(folder), Workers(workers or 1)
    try:
        yield (library, pool) if workers else library
    finally:
        pool.close()
        library.close()


def importer(folder: str, files: str) -> list[float] | float:
    """Return the CPU seconds per document of an import, opening left out."""
    from mutuelle_desktop.services.importation import import_files

    with opened(Path(folder), 2) as (library, pool):
        before = _cpu()
        found = import_files(library, pool, [Path(files)])
        inside = _cpu() - before
        pids = _children()
        inside += sum(_cpu_of(pid) for pid in pids)
    return inside / len(found)


def scans(folder: str, files: str, workers: str) -> float:
    """Return the seconds it takes to read scans with so many workers, once they are started and warm."""
    from mutuelle_desktop.services.importation import import_files
    from mutuelle_desktop.services.lectures import read_pending

    with opened(Path(folder), int(workers)) as (library, pool):
        import_files(library, pool, [Path(files)])
        start = time.monotonic()
        read_pending(library, pool)
        return time.monotonic() - start


def tailles(folder: str) -> dict[str, float]:
    """Return MB per 1 000 documents of the index and of the base, and kB of the thumbnails."""
    with opened(Path(folder)) as library, library.read() as db:
        count = db.raw("SELECT count(*) FROM document").fetchone()[0]
        index = sum(
            db.raw(f"SELECT coalesce(sum(length({column})), 0) FROM recherche_{table}").fetchone()[0]
            for table, column in (("data", "block"), ("docsize", "sz"))
        )
        most, mean = db.raw("SELECT max(length(image)), avg(length(image)) FROM vignette").fetchone()
    base = (Path(folder) / "base.db").stat().st_size
    return {"index": index / count / 1000, "base": base / count / 1000, "vignette": most / 1000, "moyenne": mean / 1000}


def chercher(folder: str, index: str) -> dict[str, Any]:
    """Return CPU seconds per query, ours and bare FTS5's, round by round; then the worst key of a word being typed."""
    from mutuelle_desktop.services import termes
    from mutuelle_desktop.services.filtres import Filtre, document_ids
    from mutuelle_desktop.services.recherche import search_all, search_documents

    bare, known = floors.Index(Path(index)), house.words()
    queries = [*known[:4], *known[300:306], *known[5000:5003], known[0][:4], known[500][:5], known[2].upper(),
               *(f"{known[n]} {known[n + 40]}" for n in (1, 60, 200))]  # fmt: skip

    def asked(query: str) -> str:
        return termes.match(termes.parse(query)) or ""

    with opened(Path(folder)) as library:
        times: dict[str, list[float]] = {"nous": [], "plancher": []}
        for turn in range(8):
            took = {"nous": 0.0, "plancher": 0.0}
            for query in queries:
                ours, here = _timed(search_documents, library, query)
                there, rows = _timed(bare.search, asked(query))
                took["nous"], took["plancher"] = took["nous"] + ours, took["plancher"] + there
                if not turn and abs(len(here) - len(rows)) > 30:
                    raise SystemExit(f"« {query} » : {len(here)} contre {len(rows)}")
            if turn:
                for name, seconds in took.items():
                    times[name].append(seconds / len(queries))
        slow = max(queries, key=lambda query: _best(search_documents, library, query))
        typed = sorted({word[:length] for word in [*known[:40], "re", "œdème", "de"] for length in (1, 2, 3)})
        typed += [f"{known[0]} {word[:length]}" for word in known[1:4] for length in (1, 2)]
        places: dict[str, Callable[[str], Any]] = {
            "la recherche partout": lambda typed: search_all(library, typed, 24),
            "l’onglet Documents": lambda typed: document_ids(library, Filtre(mots=typed)),
        }
        worst = {}
        for place, search in places.items():
            took_by = {word: _best(search, word) for word in typed}
            word = max(took_by, key=lambda one: took_by[one])
            worst[place] = [1000 * took_by[word], 1000 * max(_best(bare.search, asked(one)) for one in typed), word]
    return {**times, "frappe": worst, "note": f"la plus lente : « {slow} »"}


def _timed(call: Callable[..., Any], *arguments: Any) -> tuple[float, Any]:
    start = time.thread_time()
    found = call(*arguments)
    return time.thread_time() - start, found


def _best(call: Callable[..., Any], *arguments: Any) -> float:
    return statistics.median(_timed(call, *arguments)[0] for _ in range(3))


def verbes(folder: str) -> dict[str, Any]:
    """Return the seconds of each verb on a dossier, the floor's, and the stall of the window after one."""
    from dataclasses import replace

    from mutuelle_desktop.domain.dossier import NatureDossier
    from mutuelle_desktop.services import dossiers

    on, count = date(2026, 1, 5), 15
    took: dict[str, list[float]] = {"créer": [], "modifier": [], "clore": [], "annuler": []}
    with opened(Path(folder)) as library:
        for number in range(count + 1):
            one = dossiers.create_dossier(library, nature=NatureDossier.REMBOURSEMENT, on=on)
            verbs: tuple[Callable[[], Any], ...] = (
                partial(dossiers.create_dossier, library, nature=NatureDossier.REMBOURSEMENT, on=on),
                partial(dossiers.edit_dossier, library, replace(one, notes="Relancer.")),
                partial(dossiers.close_dossier, library, one.id, on),
                library.undo,
            )
            for name, verb in zip(took, verbs, strict=True):
                start = time.perf_counter()
                verb()
                if number:
                    took[name].append(time.perf_counter() - start)
    with tempfile.TemporaryDirectory(dir=Path(folder).parent) as beside:
        floor = list(floors.commits(Path(beside) / "base.db", count))
    with Window(Path(folder)) as window:
        window.go("dossiers")
        window.wait(lambda: not window.house.desk.jobs.running)
        window.rest(1.0)
        window.pulse.told()
        for _ in range(5):
            dossiers.create_dossier(window.library, nature=NatureDossier.INFORMATION, on=on)
            window.rest(0.6)
        return {"verbes": took, "plancher": floor, "fenetre": window.pulse.told()}


def echeances(dossiers: str, events: str) -> dict[str, Any]:
    """Return the CPU seconds of every deadline of so many dossiers, of as many bare dates, and of the page's rows."""
    from mutuelle_desktop.domain.calendrier import Unite, add
    from mutuelle_desktop.domain.echeance import echeances as computed
    from mutuelle_desktop.domain.regle import parse_regles
    from mutuelle_desktop.services.echeances import toutes
    from mutuelle_desktop.services.faits import uncollected
    from mutuelle_desktop.storage.resources import resource

    rules, today = parse_regles(resource("regles/delais.toml").read_text("utf-8")), date(2026, 11, 23)
    cases = house.cases(int(dossiers), int(events))
    count = sum(len(computed(case, rules, today)) for case in cases)
    ours, floor = [], []
    for _ in range(7):
        with uncollected():  # as every page and command does
            ours.append(_timed(lambda: [computed(case, rules, today) for case in cases])[0])
        days = [case.dossier.ouvert_le for case in cases for _ in range(count // len(cases))]
        floor.append(_timed(lambda days=days: [add(day, 2, Unite.MOIS) for day in days])[0])
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as library:
        house.keep(library, cases)
        rows = [_timed(toutes, library, today)[0] for _ in range(5)]
    return {"nous": ours, "plancher": floor, "lignes": rows, "dates": count}


def dossier(folder: str, files: str, scanned: str) -> dict[str, Any]:
    """Open a dossier with all these papers in it; return its reference and how many pages they have."""
    from mutuelle_desktop.domain.dossier import NatureDossier
    from mutuelle_desktop.services import dossiers
    from mutuelle_desktop.services.importation import import_files

    with opened(Path(folder), 2) as (library, pool):
        made = dossiers.create_dossier(library, nature=NatureDossier.RECLAMATION, on=date(2026, 9, 1))
        import_files(library, pool, [Path(files), Path(scanned)], dossier_id=made.id)
        with library.read() as db:
            pages = db.raw("SELECT sum(pages) FROM lecture").fetchone()[0]
    return {"reference": made.reference, "pages": pages}


def frappe(folder: str) -> dict[str, Any]:
    """Return the seconds from each key to the new page of a letter of two pages, in the real window."""
    from dataclasses import replace

    from PySide6.QtTest import QTest

    from mutuelle_desktop.domain.courrier import Bloc, Fragment
    from mutuelle_desktop.services import courriers

    with Window(Path(folder)) as window:
        letter = courriers.create_courrier(window.library, today=date(2026, 11, 23))
        said = "Je vous ai transmis cette facture avec son ordonnance, et je n’ai pas reçu de réponse à ce jour. " * 3
        body = tuple(Bloc(lignes=((Fragment(texte=said),),)) for _ in range(12))
        courriers.save_draft(window.library, replace(letter, corps=body))
        page = window.go("courriers")
        page.show_object("Courrier", letter.id)
        window.rest(2.0)
        editor, sheet = page.redacteur.editeur, page.redacteur.apercu
        editor.setFocus()
        window.pulse.told()
        took: list[float] = []
        for key in "une phrase de plus pour voir":
            before, start = sheet.rendu, time.perf_counter()
            QTest.keyClick(editor, key)
            window.wait(lambda before=before: sheet.rendu is not before, 5)
            took.append(time.perf_counter() - start)
            window.rest(0.15)
        return {"touches": took, "pages": len(sheet.rendu.pages), "arret": window.pulse.told()}


class Pulse:
    """A beat of the event loop: the longest time without one, and what the program was doing then."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.worst, self.where, self._seen = 0.0, "", Counter[str]()
        self._last, self._thread = time.perf_counter(), threading.main_thread().ident
        self._timer = QTimer(interval=PULSE, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()
        threading.Thread(target=self._watch, daemon=True).start()

    def told(self) -> dict[str, Any]:
        """Return the longest stall since the last time, in ms, and where most of it was."""
        found = {"ms": 1000 * self.worst, "ou": self.where}
        self.worst, self.where = 0.0, ""
        self._last = time.perf_counter()
        return found

    def _beat(self) -> None:
        moment = time.perf_counter()
        late = moment - self._last - PULSE / 1000
        if late > self.worst:
            self.worst, self.where = late, ", ".join(place for place, _ in self._seen.most_common(2))
        self._seen = Counter()
        self._last = moment

    def _watch(self) -> None:
        while True:
            time.sleep(0.005)
            if time.perf_counter() - self._last > LATE:
                # No frame is kept: the values it holds would die on this thread, and Qt's must not.
                self._seen[_place(sys._current_frames().get(self._thread or 0))] += 1  # noqa: SLF001 - the only way


def _place(frame: Any) -> str:
    """Return the innermost call of the program, and the outermost: « verb › refresh »."""
    calls = []
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if "mutuelle_desktop" in path.parts:
            calls.append(f"{path.name}:{frame.f_code.co_name}")
        frame = frame.f_back
    return " ‹ ".join(dict.fromkeys([*calls[:2], *calls[-2:]])) or "Qt"


class Window:
    """The real window over a library, wired as the program wires it."""

    def __init__(self, folder: Path) -> None:
        from PySide6.QtCore import QEventLoop, QTimer
        from PySide6.QtWidgets import QApplication

        from mutuelle_desktop.app import App
        from mutuelle_desktop.instance import Instance
        from mutuelle_desktop.ui.theme import theme

        self._app = QApplication.instance() or QApplication(["bench"])
        theme().apply("clair", 100)
        instance = Instance(folder)
        instance.try_lock()
        self._done: Callable[[], bool] = lambda: True
        self._loop, self._clock = QEventLoop(), QTimer(interval=10)
        self._clock.timeout.connect(self._look)
        self._clock.start()
        self._run = App(folder, instance, ())
        self.window = self._run.window
        self.pulse = Pulse()
        self.window.show()
        self._run.open()
        self.wait(lambda: self._run.house is not None)
        self.house = self._run.house
        self.library = self.house.library
        self.rest(1.0)
        self.opening = self.pulse.told()

    def __enter__(self) -> "Window":
        return self

    def __exit__(self, *_: object) -> None:
        self.window.close()

    def wait(self, until: Callable[[], bool], seconds: float = 600) -> None:
        """Run the event loop until something is true."""
        end = time.monotonic() + seconds
        self._done = lambda: until() or time.monotonic() > end
        self._loop.exec()

    def _look(self) -> None:
        if self._done():
            self._loop.quit()

    def rest(self, seconds: float) -> None:
        """Let the window do what it has to, for a while."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > end)

    def go(self, tab: str) -> Any:
        """Go to a tab, see it painted, return its page."""
        page = self.window.go(tab)
        self.rest(0.3)
        return page

    def type(self, field: Any, typed: str) -> None:
        """Type as a quick person does, then take it back."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        field.setFocus()
        for letter in typed:
            QTest.keyClick(field, letter)
            self.rest(0.12)
        self.rest(0.5)
        QTest.keyClick(field, Qt.Key.Key_Escape)
        field.clear()
        self.rest(0.5)


def fenetre(folder: str, files: str) -> dict[str, Any]:
    """Return the longest stall of each thing a person does with the window open."""
    with Window(Path(folder)) as window:
        found = {"à l’ouverture du coffre": window.opening}
        for name in ("à la première visite des onglets", "en changeant d’onglet"):
            for tab in ("dossiers", "documents", "echeances", "contrats", "guide", "aujourdhui"):
                window.go(tab)
            found[name] = window.pulse.told()
        window.type(window.window.search, house.words()[0] + " re")
        found["en tapant dans la recherche partout"] = window.pulse.told()
        page = window.go("documents")
        window.pulse.told()
        window.type(page.search, house.words()[0] + " re")
        found["en tapant dans l’onglet Documents"] = window.pulse.told()
        for tab in ("documents", "dossiers"):
            window.go(tab)
            window.pulse.told()
            jobs = window.house.desk.jobs
            source = Path(files)
            if tab == "dossiers":
                source = house.papers(Path(folder).parent / "autres", 100, 6)
            count = len(list(source.iterdir()))
            window.house.intake.take([source])
            window.wait(lambda jobs=jobs: not jobs.running)
            window.rest(1.0)
            found[f"pendant l’import de {count} fichiers, onglet {tab.capitalize()}"] = window.pulse.told()
    return found


def listes(folder: str) -> dict[str, Any]:
    """Return the milliseconds of frames of the long list, and the stalls that go with it."""
    from PySide6.QtCore import QStringListModel
    from PySide6.QtWidgets import QListView, QToolButton

    with Window(Path(folder)) as window:
        page = window.go("documents")
        window.rest(1.0)
        arrets = {"première visite de l’onglet Documents": window.pulse.told()}
        view = next(one for one in page.findChildren(QListView) if one.accessibleName() == "Papiers")
        count = view.model().rowCount()
        plain = QListView(uniformItemSizes=True, verticalScrollMode=QListView.ScrollMode.ScrollPerPixel)
        lines = QStringListModel([f"Facture n° {number}" for number in range(count)])
        plain.setModel(lines)
        plain.resize(view.size())
        plain.show()
        window.rest(0.5)
        images: dict[str, dict[str, Any]] = {}
        arrivees: dict[str, list[float]] = {}
        for name, look in (("en liste", "En liste"), ("en vignettes", "En vignettes")):
            window.pulse.told()
            next(b for b in page.findChildren(QToolButton) if b.accessibleName() == look).click()
            window.rest(2.0)
            arrets[f"passage {name}"] = window.pulse.told()
            for motion in ("à la molette", "par sauts"):
                images[f"{name} {motion}"] = {
                    "nous": _frames(window, view, motion),
                    "plancher": _frames(window, plain, motion),
                }
            arrivees[name] = _arrivals(window, view)
    return {"documents": count, "images": images, "arrets": arrets, "arrivees": arrivees}


def _arrivals(window: Window, view: Any) -> list[float]:
    """Leap, and return the milliseconds until the rows that are seen are all there: until then they are blank."""
    from PySide6.QtCore import QPoint

    from mutuelle_desktop.ui.rows import ROW

    bar, rand, took, area = view.verticalScrollBar(), random.Random(5), [], view.viewport().rect()
    for _ in range(15):
        bar.setValue(rand.randrange(max(1, bar.maximum())))
        start = time.perf_counter()
        seen = [view.indexAt(place) for place in (QPoint(20, 20), area.center())]
        window.wait(lambda seen=seen: all(one.data(ROW) is not None for one in seen if one.isValid()), 10)
        took.append(1000 * (time.perf_counter() - start))
    return took


def _frames(window: Window, view: Any, motion: str) -> dict[str, float]:
    """Scroll and paint; a frame is the time from the movement to the end of its painting."""
    bar, rand, took = view.verticalScrollBar(), random.Random(3), []
    for number in range(120):
        place = number * 150 if motion == "à la molette" else rand.randrange(max(1, bar.maximum()))
        start = time.perf_counter()
        bar.setValue(place)
        view.viewport().repaint()
        took.append(1000 * (time.perf_counter() - start))
        window.rest(0.01)
    took.sort()
    return {"p95": took[int(0.95 * len(took))], "max": took[-1], "mediane": took[len(took) // 2]}


def _cpu() -> float:
    return time.process_time()


def _children() -> list[int]:
    return [int(pid) for task in Path("/proc/self/task").glob("*/children") for pid in task.read_text().split()]


def _cpu_of(pid: int) -> float:
    from os import sysconf

    spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(ticks) for ticks in spent[11:15]) / sysconf("SC_CLK_TCK")


PARTS: dict[str, Callable[..., Any]] = {
    part.__name__: part
    for part in (importer, scans, tailles, chercher, verbes, echeances, dossier, frappe, fenetre, listes, sauvegarde)
}

if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](*sys.argv[2:])))
