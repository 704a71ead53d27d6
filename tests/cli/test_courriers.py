"""The commands about letters, started for real: a letter from a dossier's facts, the numbered file of a dossier."""

import io
import shutil
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.cli.test_commandes import run


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """The example household, installed once for all."""
    folder = tmp_path_factory.mktemp("exemple") / "donnees"
    assert run("--donnees", folder, "exemple", qt=False).code == 0
    return folder


@pytest.fixture
def here(installed: Path, tmp_path: Path):
    """Run a command on a copy of the example."""
    donnees = shutil.copytree(installed, tmp_path / "donnees")
    return lambda *words, **how: run("--donnees", donnees, *words, **how)


def text_of(path: Path) -> str:
    pages = PdfReader(io.BytesIO(path.read_bytes())).pages
    return " ".join(page.extract_text() for page in pages).replace("\u00a0", " ")


def reference(here) -> str:
    return next(d["reference"] for d in here("dossiers", "--json").json if "Couronne" in d["titre"])


def test_a_letter_is_written_from_the_facts_of_a_dossier(here, tmp_path):
    ref, target = reference(here), tmp_path / "lettre.pdf"
    done = here("courrier", "b5", "--dossier", ref, "--sortie", target, "--json", qt=False)
    if done.code:  # what the dossier does not know must be given
        names = done.json["erreur"].split(":")[-1].strip(" .").split(", ")
        given = [word for nom in names for word in ("--champ", f"{nom.strip()}=le 12 octobre 2026")]
        done = here("courrier", "B5", "--dossier", ref, "--sortie", target, "--json", *given)
    assert (done.code, done.erreur) == (0, "")
    assert done.json["fichier"] == str(target)
    assert (done.json["modele"], done.json["reclamation"], done.json["pages"]) == ("B5", False, 1)
    assert done.json["id"] is None, "not kept unless asked"
    assert "Bessière" in text_of(target)


def test_what_is_missing_is_named_so_that_it_can_be_given(here, tmp_path):
    target = tmp_path / "lettre.pdf"
    done = here("courrier", "C2", "--dossier", reference(here), "--sortie", target)
    assert done.code == 1
    assert done.erreur.startswith("La lettre n’est pas prête : ")
    assert "--champ" in done.erreur
    assert not target.exists()


def test_a_letter_may_be_kept_as_a_draft(here, tmp_path):
    ref, target = reference(here), tmp_path / "lettre.pdf"
    words = ("courrier", "B6", "--dossier", ref, "--sortie", target, "--garder", "--json")
    done = here(*words)
    if done.code:
        names = done.json["erreur"].split(":")[-1].strip(" .").split(", ")
        done = here(*words, *(word for nom in names for word in ("--champ", f"{nom.strip()}=les statuts")))
    assert done.code == 0, done.erreur
    assert done.json["id"]


def test_the_numbered_file_is_written_and_tells_what_the_mediateur_lacks(here, tmp_path):
    ref, target = reference(here), tmp_path / "dossier.pdf"
    done = here("dossier-complet", ref, "--sortie", target, "--pour", "médiateur", "--json", qt=False)
    assert (done.code, done.erreur) == (0, "")
    assert (done.json["pour"], done.json["dossier"]) == ("médiateur", ref)
    assert done.json["manques"]
    reader = PdfReader(io.BytesIO(target.read_bytes()))
    assert len(reader.pages) == done.json["pages"]
    assert f"page {len(reader.pages)}/{len(reader.pages)}" in text_of(target)
    told = here("dossier-complet", ref, "--sortie", tmp_path / "d2.pdf")
    assert told.sortie.startswith("Dossier complet écrit : ")
    assert "« d2.pdf »" in told.sortie


def test_nothing_is_ever_replaced(here, tmp_path):
    target = tmp_path / "garde.pdf"
    target.write_bytes(b"precieux")
    ref = reference(here)
    for words in (("courrier", "B6", "--dossier", ref), ("dossier-complet", ref)):
        done = here(*words, "--sortie", target)
        assert done.code == 1
        assert "existe déjà" in done.erreur
    assert target.read_bytes() == b"precieux"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("courrier", "Z9", "--dossier", "2026-001", "--sortie", "x.pdf"), "modèle"),
        (("courrier", "C1", "--dossier", "1999-001", "--sortie", "x.pdf"), "référence « 1999-001 »"),
        (("courrier", "C1", "--dossier", "2026-001", "--sortie", "nulle/part/x.pdf"), "n’existe pas"),
        (("courrier", "C1", "--dossier", "2026-001", "--sortie", "x.pdf", "--champ", "lune=1"), "« lune »"),
        (("dossier-complet", "1999-001", "--sortie", "x.pdf"), "référence « 1999-001 »"),
    ],
)
def test_what_cannot_be_done_is_said_in_french_with_1(here, words, said, tmp_path):
    given = [str(tmp_path / word) if word.endswith(".pdf") else word for word in words]
    done = here(*given)
    assert done.code == 1
    assert said in done.erreur
    assert done.sortie == ""


@pytest.mark.parametrize(
    "words",
    [
        ("courrier", "C1", "--sortie", "x.pdf"),
        ("courrier", "C1", "--dossier", "2026-001"),
        ("dossier-complet", "2026-001"),
        ("dossier-complet", "2026-001", "--sortie", "x.pdf", "--pour", "voisin"),
        ("courrier", "C1", "--dossier", "2026-001", "--sortie", "x.pdf", "--champ", "sans valeur"),
    ],
)
def test_wrong_words_are_explained_with_2(words):
    done = run(*words)
    assert done.code == 2
    assert done.erreur.startswith("mutuelle-desktop : ")
    assert "--help" in done.erreur
