"""The program without its window, started for real: what scripts, installers and tests rely on."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from mutuelle_desktop import cli
from mutuelle_desktop.instance import LOCK, Instance
from mutuelle_desktop.services.commandes import carry_out
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage import base
from mutuelle_desktop.storage.keys import open_keys
from mutuelle_desktop.storage.library import Library
from tests.services.papiers import LETTRE, locked_pdf, pdf, picture, tiff

ROOT = Path(__file__).resolve().parents[2]
NO_QT = "import sys; sys.modules['PySide6'] = None; sys.modules['shiboken6'] = None; "
START = "from mutuelle_desktop.__main__ import main; sys.exit(main())"


@dataclass(frozen=True)
class Fait:
    """What a command did: its exit code, what it printed, what it complained of, with plain spaces."""

    code: int
    sortie: str
    erreur: str

    @property
    def json(self) -> Any:
        """Return the one document on standard output."""
        return json.loads(self.sortie)


def run(*words: object, env: dict[str, str] | None = None, qt: bool = True, before: Sequence[str] = ()) -> Fait:
    """Run `python -m mutuelle_desktop` with these words."""
    start = ["-m", "mutuelle_desktop"] if qt else ["-c", NO_QT + START]
    given = {key: value for key, value in os.environ.items() if key not in ("MUTUELLE_DESKTOP_DONNEES",)}
    done = subprocess.run(
        [*before, sys.executable, *start, *map(str, words)],
        capture_output=True, timeout=120, cwd=ROOT,
        env={**given, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), **(env or {})}, check=False,
    )  # fmt: skip
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    out, err = (text.decode("utf-8", "replace").replace("\u00a0", " ") for text in (done.stdout, done.stderr))
    return Fait(done.returncode, out, err)


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """Caged processes for what is carried out in this process."""
    opened = Workers()
    yield opened
    opened.close()


@pytest.fixture
def donnees(tmp_path: Path) -> Path:
    """A data folder that does not exist yet."""
    return tmp_path / "donnees"


@pytest.fixture
def here(donnees: Path) -> Callable[..., Fait]:
    """Run a command on the data folder of the test."""
    return lambda *words, **how: run("--donnees", donnees, *words, **how)


@pytest.fixture(scope="session")
def installed(tmp_path_factory) -> Path:
    """The example, installed once for all by the command, where Qt does not exist."""
    folder = tmp_path_factory.mktemp("exemple") / "donnees"
    done = run("--donnees", folder, "exemple", "--json", qt=False)
    assert (done.code, done.json) == (0, {"documents": 11, "dossiers": 5, "personnes": 3})
    return folder


@pytest.fixture
def example(installed: Path, donnees: Path) -> Path:
    """A copy of the data folder with the example."""
    return shutil.copytree(installed, donnees)


def test_a_paper_is_imported_read_found_and_the_safe_verified(here, tmp_path):
    facture, scan = pdf(tmp_path / "facture.pdf", "Couronne dentaire 1 234,56 €"), picture(tmp_path / "scan.png")
    taken = here("importer", facture, scan)
    assert (taken.code, taken.erreur) == (0, "")
    assert taken.sortie.splitlines() == [f"importé       {facture}", f"importé       {scan}", "2 importés."]
    found = here("chercher", "remboursement")
    assert found.code == 0, "a scan is read before the command returns"
    assert found.sortie.startswith("scan (p. 1) : ")
    assert "« remboursement »" in found.sortie
    assert here("chercher", "introuvable").sortie == "Aucun papier trouvé.\n"
    assert here("verifier").sortie == "Coffre vérifié : 2 documents sont intacts.\n"


def test_json_is_one_document_and_nothing_else_with_the_fields_promised(here, tmp_path):
    facture = pdf(tmp_path / "facture.pdf", "sommaire", "Couronne dentaire 1 234,56 €")
    (row,) = here("importer", facture, "--json").json
    assert row == {"fichier": str(facture), "etat": "importé", "id": row["id"], "type": None, "raison": ""}
    (again,) = here("--json", "importer", facture).json
    assert (again["etat"], again["id"]) == ("déjà présent", row["id"])
    (hit,) = here("chercher", "couronne", "1234,56", "--json").json
    assert (hit["id"], hit["titre"], hit["page"]) == (row["id"], "facture", 2)
    assert "⟦Couronne⟧" in hit["extrait"]
    assert here("chercher", "introuvable", "--json").json == []
    assert here("dossiers", "--json").json == []
    assert here("verifier", "--json").json["base_ok"] is True


def test_when_some_files_fail_the_rows_are_all_there_and_the_code_says_so(here, tmp_path):
    good, empty, cut = pdf(tmp_path / "bon.pdf", "couronne"), tmp_path / "vide.pdf", tmp_path / "coupé.pdf"
    empty.touch()
    cut.write_bytes(b"%PDF-1.4 coupe")
    locked, absent = locked_pdf(tmp_path / "fermé.pdf", "mot", "x"), tmp_path / "absent.pdf"
    done = here("importer", good, empty, cut, locked, absent, "--json")
    assert done.code == 1
    assert [row["etat"] for row in done.json] == ["importé", "refusé", "illisible", "illisible", "refusé"]
    assert all(row["raison"].endswith(".") for row in done.json[1:])
    assert [line.partition(" : ")[0] for line in done.erreur.splitlines()] == [
        "vide.pdf", "coupé.pdf", "fermé.pdf", "absent.pdf",
    ]  # fmt: skip
    assert "vide.pdf : ce fichier est vide." in done.erreur
    plain = here("importer", good, empty)
    assert plain.code == 1
    assert plain.sortie.splitlines()[-1] == "1 déjà présent · 1 refusé."


def test_a_password_given_opens_and_is_remembered(here, tmp_path):
    locked = locked_pdf(tmp_path / "fermé.pdf", "mot", "couronne")
    assert here("importer", locked, "--mot-de-passe", "mot").code == 0
    assert here("importer", locked_pdf(tmp_path / "autre.pdf", "mot", "bridge")).code == 0
    assert len(here("chercher", "bridge", "--json").json) == 1


@pytest.mark.usefixtures("example")
def test_papers_go_to_the_dossier_named_and_an_unknown_reference_takes_nothing_in(here, tmp_path):
    paper = pdf(tmp_path / "a.pdf", "zircone")
    done = here("importer", paper, "--dossier", "2019-001", "--json")
    assert (done.code, done.json) == (1, {"erreur": "Aucun dossier ne porte la référence « 2019-001 »."})
    assert done.erreur == "Aucun dossier ne porte la référence « 2019-001 ».\n"
    assert here("chercher", "zircone", "--json").json == []
    before = {row["reference"]: row["pieces"] for row in here("dossiers", "--json").json}
    assert here("importer", paper, "--dossier", "2026-004").code == 0
    after = {row["reference"]: row["pieces"] for row in here("dossiers", "--json").json}
    assert after == {**before, "2026-004": before["2026-004"] + 1}


def test_the_example_says_what_it_made(donnees, workers):
    opened = Library(donnees)
    done = carry_out(opened, workers, {"commande": "exemple"})
    opened.close()
    assert [line.replace("\u00a0", " ") for line in done["lignes"]] == [
        "Foyer d’exemple installé : 3 personnes, 5 dossiers et 11 papiers."
    ]


@pytest.mark.usefixtures("example")
def test_the_example_is_refused_where_something_is_and_its_dossiers_are_listed(here):
    again = here("exemple", "--json")
    assert again.code == 1
    assert "contient déjà quelque chose" in again.json["erreur"]
    assert again.json["erreur"] + "\n" == again.erreur
    lines = here("dossiers").sortie.splitlines()
    assert "2026-001  Changement d’adresse — clos, Camille Bessière, sans pièce" in lines
    couronne = next(row for row in here("dossiers", "--json").json if "Couronne" in row["titre"])
    assert (couronne["montant_paye"], couronne["montant_attendu"], couronne["montant_recu"]) == (70000, 28800, 0)
    assert (couronne["nature"], couronne["ouvert_le"], couronne["clos_le"]) == ("remboursement", "2026-10-08", None)


def test_analysing_reads_and_keeps_nothing(here, donnees, tmp_path):
    folder = tmp_path / "papiers"
    folder.mkdir()
    pdf(folder / "1 né.pdf", "Couronne", "dentaire")
    tiff(folder / "2 scan.tif", [LETTRE, LETTRE])
    before = sorted(tmp_path.rglob("*"))
    done = here("analyser", folder, "--json")
    assert (done.code, done.erreur) == (0, "")
    born, scan = done.json
    assert born == {
        "file": str(folder / "1 né.pdf"), "type": None, "type_niveau": None, "fields": {}, "lignes": [], "pages": 2,
        "texte": "Couronne\fdentaire", "raison": "",
    }  # fmt: skip
    assert scan["pages"] == 2
    assert "remboursement" in scan["texte"].partition("\f")[2]
    assert sorted(tmp_path.rglob("*")) == before, "not even the data folder is made"
    plain = here("analyser", folder / "1 né.pdf")
    assert plain.sortie == f"— {folder / '1 né.pdf'} (2 pages)\nCouronne\fdentaire\n"


def test_analysing_what_cannot_be_read_says_why_file_by_file_and_never_hangs(here, tmp_path):
    os.mkfifo(tmp_path / "tube")
    (tmp_path / "vide.pdf").touch()
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04" + b"\0" * 60)
    (tmp_path / "coupé.pdf").write_bytes(b"%PDF-1.4 coupe")
    locked, good = locked_pdf(tmp_path / "fermé.pdf", "mot", "couronne"), pdf(tmp_path / "bon.pdf", "couronne")
    files = [tmp_path / "tube", tmp_path / "vide.pdf", tmp_path / "a.zip", tmp_path / "coupé.pdf", locked, good,
             tmp_path / "absent.pdf", Path("/dev/zero")]  # fmt: skip
    done = here("analyser", *files, "--json")
    assert done.code == 1
    assert [row["file"] for row in done.json] == [str(path) for path in files]
    assert [bool(row["raison"]) for row in done.json] == [True, True, True, True, True, False, True, True]
    assert done.json[5]["texte"] == "couronne"
    assert "--mot-de-passe" in done.json[4]["raison"]
    assert len(done.erreur.splitlines()) == 7
    assert here("analyser", locked, "--mot-de-passe", "mot", "--json").json[0]["texte"] == "couronne"


def test_a_paper_of_many_pages_is_analysed_to_the_last(here, tmp_path):
    long = pdf(tmp_path / "long.pdf", *(f"page {n}" for n in range(1, 48)))
    (row,) = here("analyser", long, "--json").json
    assert row["texte"].split("\f") == [f"page {n}" for n in range(1, 48)]


@pytest.mark.parametrize("where", ["before", "after", "equals", "variable"])
def test_the_data_folder_is_given_before_or_after_the_verb_or_by_the_environment(tmp_path, where):
    folder = tmp_path / "ailleurs"
    words: dict[str, tuple[object, ...]] = {
        "before": ("--json", "--donnees", folder, "dossiers"), "after": ("dossiers", "--donnees", folder, "--json"),
        "equals": (f"--donnees={folder}", "dossiers", "--json"), "variable": ("dossiers", "--json"),
    }  # fmt: skip
    done = run(*words[where], env={"MUTUELLE_DESKTOP_DONNEES": str(folder), "HOME": str(tmp_path)})
    assert (done.code, done.json) == (0, [])
    assert (folder / "base.db").exists()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), None),
        (("--json",), "il manque COMMANDE"),
        (("cherher", "x"), "commande inconnue : « cherher »"),
        (("importer",), "il manque FICHIER"),
        (("chercher",), "il manque MOT"),
        (("importer", "a.pdf", "--dossier"), "--dossier attend une valeur"),
        (("dossiers", "trop"), "mots en trop : trop"),
        (("dossiers", "--inconnu"), "mots en trop : --inconnu"),
        (("--version-inconnue",), "il manque COMMANDE"),
        (("--donnees",), "--donnees attend une valeur"),
        (("dossiers", "--js"), "mots en trop : --js"),
    ],
)
def test_wrong_words_are_told_in_french_with_code_2_and_open_no_window(words, said):
    if said is None:
        assert cli.asks_for_window(words) == ([], None)
        return
    done = run(*words)
    assert (done.code, done.sortie) == (2, "")
    assert said in done.erreur
    assert "Essayez « mutuelle-desktop --help »." in done.erreur
    assert not any(word in done.erreur for word in ("argument", "required", "invalid", "choose"))


def test_help_is_in_french_and_names_every_command():
    done = run("--help")
    assert done.code == 0
    assert all(name in done.sortie for name in cli.NAMES)
    assert not any(word in done.sortie for word in ("usage:", "options:", "positional", "show this"))
    one = run("importer", "--help")
    assert (one.code, "--mot-de-passe" in one.sortie) == (0, True)


def test_files_open_the_window_wherever_the_folder_is_named_and_commands_do_not(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "facture").touch()
    window = cli.asks_for_window
    assert window(["a.pdf", "dossier/b"]) == ([Path("a.pdf"), Path("dossier/b")], None)
    assert window(["--donnees", "d", "a.pdf"]) == window(["a.pdf", "--donnees=d"]) == ([Path("a.pdf")], Path("d"))
    assert window(["facture"]) == ([Path("facture")], None)
    assert window(["--donnees", "d"]) == ([], Path("d"))
    for words in (["importer", "a.pdf"], ["--json", "--donnees", "d", "dossiers"], ["inconnu"], ["-h"], ["--donnees"]):
        assert window(words) is None


def test_names_of_any_bytes_are_told_in_lines_and_given_back_whole_in_json(here, tmp_path):
    name = os.fsencode(tmp_path) + b"/re\xe7u \xff\x1b[31m\nfin.pdf"
    with open(name, "wb") as out:
        out.write(pdf(tmp_path / "modèle.pdf", "couronne").read_bytes())
    done = here("importer", os.fsdecode(name), "--json")
    assert done.code == 0
    assert os.fsencode(done.json[0]["fichier"]) == name
    plain = here("importer", os.fsdecode(name))
    assert len(plain.sortie.splitlines()) == 2
    assert "\x1b" not in plain.sortie
    assert "re\ufffdu \ufffd [31m fin.pdf" in plain.sortie


def test_a_terminal_without_accents_and_a_listener_that_leaves_end_nothing_badly(here, tmp_path):
    paper = pdf(tmp_path / "reçu_œil.pdf", "couronne")
    env = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    assert here("importer", paper, env=env).code == 0
    assert here("dossiers", "--json", env=env).json == []
    refused = here("importer", tmp_path / "absent.pdf", env=env)
    assert (refused.code, "absent.pdf" in refused.erreur) == (1, True)
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "mutuelle_desktop", "dossiers", "--donnees", str(tmp_path / "donnees")],
        stdout=writer, stderr=subprocess.PIPE, cwd=ROOT, timeout=60, check=False,
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_without_qt_at_all_every_command_works(here, tmp_path):
    paper = pdf(tmp_path / "a.pdf", "couronne")
    assert here("importer", paper, qt=False).code == 0
    assert len(here("chercher", "couronne", "--json", qt=False).json) == 1
    assert here("dossiers", "--json", qt=False).json == []
    assert here("verifier", qt=False).code == 0
    assert here("analyser", paper, "--json", qt=False).json[0]["texte"] == "couronne"
    assert here("inconnu", qt=False).code == 2


def test_a_folder_that_cannot_be_had_is_told_in_one_sentence_on_both_ways_out(tmp_path):
    (tmp_path / "fichier").touch()
    for folder in (tmp_path / "absent" / "donnees", tmp_path / "fichier"):
        done = run("--donnees", folder, "dossiers", "--json", env={"HOME": str(tmp_path / "chez-moi")})
        assert done.code == 1
        assert list(done.json) == ["erreur"]
        assert done.erreur == done.json["erreur"] + "\n"
        assert done.erreur.startswith(("Le dossier «", "«"))
    assert not (tmp_path / "absent").exists()


def test_data_of_a_newer_version_are_refused_and_left_as_they_are(here, donnees):
    here("dossiers")
    connection = dbapi2.connect(str(donnees / "base.db"), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{open_keys(donnees).base.hex()}'\"")
    connection.execute(f"PRAGMA user_version = {base.VERSION + 1}")
    connection.close()
    before = (donnees / "base.db").read_bytes()
    done = here("dossiers", "--json")
    assert done.code == 1
    assert "version plus récente" in done.json["erreur"]
    assert (donnees / "base.db").read_bytes() == before


def test_a_damaged_safe_makes_the_command_fail_and_names_the_paper(here, donnees, tmp_path):
    here("importer", pdf(tmp_path / "facture.pdf", "couronne"))
    (path,) = (p for p in (donnees / "fichiers").rglob("*") if p.is_file())
    path.write_bytes(path.read_bytes()[:-1])
    done = here("verifier", "--json")
    assert (done.code, done.json["alteres"]) == (1, ["facture"])
    plain = here("verifier")
    assert (plain.code, plain.sortie) == (1, "")
    assert plain.erreur.startswith("Fichier abîmé pour « facture »")


@pytest.fixture
def read_only(donnees: Path) -> Iterator[Callable[..., Fait]]:
    """Run a command while the data folder cannot be written: by its rights, or for root by a mount of its own."""
    if os.geteuid():
        donnees.chmod(0o500)
        yield lambda *words: run("--donnees", donnees, *words)
        donnees.chmod(0o700)
        return
    mount = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 77; shift; exec "$@"'
    unshare = ["unshare", "--mount", "sh", "-c", mount, "sh", str(donnees)]
    if not shutil.which("unshare") or subprocess.run([*unshare, "true"], check=False, timeout=20).returncode:
        pytest.skip("no mount of one’s own here")
    yield lambda *words: run("--donnees", donnees, *words, before=unshare)


def test_a_folder_one_may_only_read_is_told_and_left_as_it_is(here, donnees, request):
    here("dossiers")
    before = {path: path.read_bytes() for path in donnees.rglob("*") if path.is_file()}
    done = request.getfixturevalue("read_only")("dossiers", "--json")
    assert done.code == 1
    assert "écriture" in done.json["erreur"]
    assert {path: path.read_bytes() for path in donnees.rglob("*") if path.is_file()} == before


class Tenue:
    """A library held as a window holds it."""

    def __init__(self, folder: Path, workers: Workers) -> None:
        self.library, self.instance = Library(folder), Instance(folder)
        self.shown: list[dict[str, Any]] = []
        assert self.instance.try_lock()
        self.instance.serve(self.shown.append, self.library, workers)

    def close(self) -> None:
        self.library.close()
        self.instance.close()


@pytest.fixture
def held(donnees: Path, workers: Workers) -> Iterator[Tenue]:
    opened = Tenue(donnees, workers)
    yield opened
    opened.close()


@pytest.mark.parametrize("qt", [True, False])
def test_while_a_window_holds_the_data_it_carries_the_commands_out(held, here, tmp_path, qt):
    seen: list[str] = []
    held.library.listeners.append(lambda entry: seen.append(entry.label))
    paper = pdf(tmp_path / "a.pdf", "couronne")
    (row,) = here("importer", paper, "--json", qt=qt).json
    assert row["etat"] == "importé"
    assert "Ajouter un document" in seen, "the window sees it come"
    assert held.library.undo_label == "Ajouter un document", "and can take it back"
    assert [hit["id"] for hit in here("chercher", "couronne", "--json", qt=qt).json] == [row["id"]]
    refused = here("importer", paper, "--dossier", "2019-001", qt=qt)
    assert (refused.code, "2019-001" in refused.erreur) == (1, True)
    assert here("verifier", qt=qt).sortie == "Coffre vérifié : 1 document est intact.\n"
    assert held.shown == []


def test_a_second_start_shows_the_first_window_and_hands_it_the_files_even_during_a_long_command(
    held, donnees, tmp_path, monkeypatch
):
    import threading

    begun, gate = threading.Event(), threading.Event()

    def long(*_: object) -> dict[str, Any]:
        begun.set()
        gate.wait(20)
        return {"code": 0, "json": [], "lignes": [], "erreur": ""}

    monkeypatch.setattr("mutuelle_desktop.services.commandes.carry_out", long)
    other, answers = Instance(donnees), []
    thread = threading.Thread(
        target=lambda: answers.append(other.ask({"commande": "commande", "arguments": {"commande": "importer"}}))
    )
    thread.start()
    assert begun.wait(10)
    assert other.ask({"commande": "ouvrir", "fichiers": ["/x/a.pdf"]}) == {}
    assert held.shown == [{"commande": "ouvrir", "fichiers": ["/x/a.pdf"]}]
    gate.set()
    thread.join(10)
    assert answers[0]["code"] == 0


def test_a_fault_met_for_another_process_is_told_to_it_and_the_next_one_is_served(held, here, donnees, monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("mutuelle_desktop.services.commandes.search_documents", broken)
    done = here("chercher", "couronne", "--json")
    assert (done.code, "n’a pas pu faire ce travail" in done.json["erreur"]) == (1, True)
    (donnees / ".acces").rename(donnees / ".gardé")
    (donnees / ".acces").write_bytes(b"une autre cle")
    stranger = here("dossiers")
    assert (stranger.code, "déjà ouvertes" in stranger.erreur) == (1, True)
    (donnees / ".gardé").replace(donnees / ".acces")
    assert here("dossiers", "--json").json == []


def test_a_window_that_closes_leaves_nothing_behind(donnees, here, workers):
    opened = Tenue(donnees, workers)
    opened.close()
    assert not (donnees / ".acces").exists()
    assert not (donnees / ".fenetre").exists()
    assert here("dossiers").code == 0


def test_data_locked_by_another_computer_are_refused_by_its_name(here, donnees):
    here("dossiers")
    (donnees / LOCK).write_text("4242\nmutuelle-desktop\nordinateur-du-salon\n\n\n")
    done = here("dossiers", "--json")
    assert done.code == 1
    assert "ordinateur-du-salon" in done.json["erreur"]
    assert "Fermez-le d’abord" in done.erreur
    assert (donnees / LOCK).exists(), "the lock is not ours to break"


def test_a_lock_left_by_a_program_that_was_killed_is_taken_over(donnees, here):
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom mutuelle_desktop.instance import Instance\n"
        "from mutuelle_desktop.storage.library import Library\n"
        "i = Instance(Path(sys.argv[1])); l = Library(Path(sys.argv[1])); assert i.try_lock()\n"
        "i.serve(print, l, None); print('tenu', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(donnees)], stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"tenu\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    begun = time.monotonic()
    assert here("dossiers").code == 0
    assert time.monotonic() - begun < 30


def test_interrupting_a_command_is_said_and_what_was_added_stays(donnees, tmp_path, here):
    folder = tmp_path / "papiers"
    folder.mkdir()
    for n in range(40):
        tiff(folder / f"{n:02d}.tif", [f"Papier {n} page {p}" for p in range(3)])
    own = signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # tests run in the background ignore it, and so would it
    process = subprocess.Popen(
        [sys.executable, "-m", "mutuelle_desktop", "importer", str(folder), "--donnees", str(donnees), "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    signal.signal(signal.SIGINT, own)
    end = time.monotonic() + 120
    while time.monotonic() < end and len(list(donnees.glob("fichiers/*/*"))) < 2:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1, err.decode()
    assert b"Traceback" not in err
    assert "interrompue" in json.loads(out)["erreur"]
    assert here("verifier").code == 0
