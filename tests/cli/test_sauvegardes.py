"""« sauvegarder » and « restaurer », started for real."""

import os
import shutil

import pytest

from mutuelle_desktop.storage.library import Library
from tests.cli.test_commandes import donnees, here, run  # noqa: F401 - fixtures
from tests.services.papiers import pdf
from tests.storage.foyer import content, take_in


@pytest.fixture
def cle(tmp_path):
    folder = tmp_path / "clé"
    folder.mkdir()
    return folder


@pytest.fixture
def filled(donnees):  # noqa: F811
    library = Library(donnees)
    for number in range(3):
        take_in(library, content(number), f"Papier {number}")
    library.close()
    return donnees


def test_a_library_is_backed_up_and_restored_into_an_empty_folder(here, filled, cle, tmp_path):  # noqa: F811
    done = here("sauvegarder", cle)
    assert (done.code, done.erreur) == (0, "")
    assert done.sortie.splitlines()[0] == (
        "Sauvegarde faite et vérifiée : 0 dossier et 3 papiers, dont 3 nouveaux fichiers."
    )
    again = here("sauvegarder", cle, "--json").json
    assert (again["documents"], again["nouveaux"], again["manquants"]) == (3, 0, [])
    back = run("restaurer", cle, "--donnees", tmp_path / "rendu", "--json", qt=False)
    assert back.json["papiers"] == 3
    assert back.json["instantane"] == again["instantane"]
    assert (
        run("verifier", "--donnees", tmp_path / "rendu").sortie.splitlines()[0]
        == "Coffre vérifié : 3 documents sont intacts."
    )


def test_a_folder_in_use_is_never_restored_over(here, filled, cle):  # noqa: F811
    here("sauvegarder", cle)
    refused = here("restaurer", cle)
    assert refused.code == 1
    assert "n’est pas vide" in refused.erreur
    assert here("verifier").code == 0


def test_a_damaged_backup_says_what_is_missing_and_gives_the_rest_when_asked(here, filled, cle, tmp_path):  # noqa: F811
    here("sauvegarder", cle)
    papers = sorted(cle.glob("*/fichiers/*/*"), key=lambda path: path.stat().st_size)
    os.truncate(papers[-1], 100)
    asked = ("restaurer", cle, "--donnees", tmp_path / "rendu")
    refused = run(*asked, "--json")
    assert refused.code == 1
    assert refused.json["manquants"] == ["Papier 2"]
    assert "--malgre-tout" in refused.erreur
    assert not (tmp_path / "rendu").exists()
    done = run(*asked, "--malgre-tout")
    assert done.code == 0
    assert done.sortie.splitlines()[1] == "Il manque : « Papier 2 »."


def test_a_folder_that_is_no_backup_is_told(here, cle, tmp_path):  # noqa: F811
    for words, said in (
        (("restaurer", cle), "ne contient pas de sauvegarde"),
        (("restaurer", tmp_path / "absent"), "branchez-le"),
        (("sauvegarder", tmp_path / "absent"), "branchez-le"),
    ):
        told = here(*words)
        assert told.code == 1
        assert said in told.erreur
    assert here("sauvegarder").code == 2


def test_a_swap_cut_in_between_is_mended_by_the_next_start(here, filled, cle, tmp_path):  # noqa: F811
    ready = filled.with_name("donnees.restauration")
    shutil.copytree(filled, ready)
    filled.rename(tmp_path / "donnees.avant")
    here("importer", pdf(tmp_path / "facture.pdf", "Couronne"))
    assert here("verifier").sortie.splitlines()[0] == "Coffre vérifié : 4 documents sont intacts."
    assert not ready.exists()
