"""What is remembered and said of backups."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.sauvegarde import Derniere
from mutuelle_desktop.services import sauvegardes
from mutuelle_desktop.services.verification import verify
from mutuelle_desktop.storage.library import Library
from tests.storage.foyer import CAMILLE, content, put, take_in

SOIR = datetime(2026, 11, 24, 18, 2)


@pytest.fixture
def cle(tmp_path: Path) -> Path:
    folder = tmp_path / "clé"
    folder.mkdir()
    return folder


def plain(sentence: str) -> str:
    return sentence.replace("\u00a0", " ")


def test_the_last_backup_is_remembered_and_nothing_changed_needs_none(library, cle):
    assert sauvegardes.last_sauvegarde(library) == Derniere()
    assert not sauvegardes.needs_sauvegarde(library), "an empty library needs none"
    put(library, CAMILLE)
    take_in(library, content(0))
    assert sauvegardes.needs_sauvegarde(library)
    bilan = sauvegardes.make_sauvegarde(library, cle, SOIR)
    last = sauvegardes.last_sauvegarde(library)
    assert (last.le, last.ou, last.nom, last.entiere) == (SOIR, str(cle), "2026-11-24T180200", True)
    assert not sauvegardes.needs_sauvegarde(library)
    assert plain(bilan.phrases[0]) == ("Sauvegarde faite et vérifiée : 0 dossier et 1 papier, dont 1 nouveau fichier.")
    assert not sauvegardes.needs_sauvegarde(library, str(cle))
    assert sauvegardes.needs_sauvegarde(library, str(cle / "autre")), "a folder just chosen holds nothing yet"
    put(library, CAMILLE)
    assert not sauvegardes.needs_sauvegarde(library), "the same again changes nothing"
    take_in(library, content(1))
    assert sauvegardes.needs_sauvegarde(library)
    library.undo()
    assert sauvegardes.needs_sauvegarde(library)
    sauvegardes.make_sauvegarde(library, cle, SOIR)
    library.redo()
    assert sauvegardes.needs_sauvegarde(library)


def test_a_backup_in_which_a_paper_is_missing_says_which_and_counts_as_old(library, cle):
    library.vault.path(take_in(library, content(0), "Facture de mai").empreinte).unlink()
    bilan = sauvegardes.make_sauvegarde(library, cle, SOIR)
    assert not bilan.entier
    assert "« Facture de mai »" in plain(bilan.phrases[1])
    assert sauvegardes.is_old(sauvegardes.last_sauvegarde(library), SOIR.date())


@pytest.mark.parametrize(("days", "old"), [(0, False), (13, False), (14, True), (200, True)])
def test_a_backup_is_old_after_two_weeks(days, old):
    assert sauvegardes.is_old(Derniere(le=SOIR), SOIR.date() + timedelta(days=days)) is old
    assert not sauvegardes.is_old(Derniere(), date(2026, 11, 24))


def test_a_backup_at_exit_that_could_not_be_made_is_told_once(library, cle):
    take_in(library, content(0))
    sauvegardes.make_sauvegarde(library, cle, SOIR)
    assert not sauvegardes.take_skipped(library)
    sauvegardes.note_skipped(library)
    assert sauvegardes.take_skipped(library)
    assert not sauvegardes.take_skipped(library)
    assert sauvegardes.last_sauvegarde(library).le == SOIR


def test_the_snapshots_are_listed_newest_first_from_any_folder_of_the_backup(library, cle):
    for hours in range(3):
        take_in(library, content(hours))
        bilan = sauvegardes.make_sauvegarde(library, cle, SOIR + timedelta(hours=hours))
    for chosen in (cle, bilan.racine, bilan.racine / "instantanes"):
        assert [(s.le.hour, s.documents) for s in sauvegardes.list_instantanes(chosen)] == [(20, 3), (19, 2), (18, 1)]
    with pytest.raises(Refused, match="ne contient pas de sauvegarde"):
        sauvegardes.list_instantanes(library.folder)


def test_a_whole_check_says_what_it_found(library, cle):
    take_in(library, content(3), "Décompte")
    bilan = sauvegardes.make_sauvegarde(library, cle, SOIR)
    said = sauvegardes.told_examen(sauvegardes.check_sauvegarde(library, cle))
    assert plain(said[0]) == "Sauvegarde vérifiée : 1 instantané, 1 papier, tout se relit."
    (paper,) = (bilan.racine / "fichiers").glob("*/*")
    paper.write_bytes(paper.read_bytes()[:-1])
    assert "« Décompte »" in plain(sauvegardes.told_examen(sauvegardes.check_sauvegarde(None, cle))[0])
    assert "1 papier réécrit" in plain(sauvegardes.told_examen(sauvegardes.check_sauvegarde(library, cle))[-1])


def test_what_is_restored_beside_opens_and_remembers_where_it_comes_from(library, cle, tmp_path):
    take_in(library, content(0))
    sauvegardes.make_sauvegarde(library, cle, SOIR)
    (found,) = sauvegardes.list_instantanes(cle)
    for _ in range(2):  # what was left waiting by a restore given up goes
        rendu = sauvegardes.restore_beside(cle, found.nom, library.folder)
    assert rendu.dossier.name == "donnees.restauration"
    restored = Library(rendu.dossier)
    assert sauvegardes.last_sauvegarde(restored) == Derniere(), "made before it was remembered"
    sauvegardes.note_restored(restored, cle, found)
    assert sauvegardes.last_sauvegarde(restored).le == SOIR
    assert not sauvegardes.needs_sauvegarde(restored)
    restored.close()


def test_a_folder_on_the_same_disk_or_copied_online_is_remarked_upon(library, tmp_path):
    (tmp_path / "Dropbox").mkdir()
    same, cloud = sauvegardes.remarks_on(tmp_path / "Dropbox", library.folder)
    assert "même disque" in same
    assert "Dropbox" in cloud


def test_verifying_the_safe_brings_back_from_the_backup_what_is_lost_here(library, cle):
    papers = [take_in(library, content(number), f"Papier {number}") for number in range(4)]
    sauvegardes.make_sauvegarde(library, cle, SOIR)
    library.vault.path(papers[0].empreinte).unlink()
    damaged = library.vault.path(papers[3].empreinte)
    damaged.write_bytes(damaged.read_bytes()[:-9])
    cle.rename(cle.with_name("débranchée"))
    found = verify(library)
    assert (found.manquants, found.alteres) == (("Papier 0",), ("Papier 3",))
    assert "branchez votre sauvegarde" in plain(" ".join(found.phrases))
    cle.with_name("débranchée").rename(cle)
    assert verify(library).sain
    assert [library.vault.read(paper.empreinte) for paper in papers] == [content(number) for number in range(4)]
    assert list((library.folder / "tmp").iterdir()) == []
