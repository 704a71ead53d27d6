"""Copies that leave the safe."""

import os
import stat
from datetime import date
from pathlib import Path

import pytest

from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.errors import Cancelled, Refused, Unavailable
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.services import documents
from tests.services.aides import spaced
from tests.storage.foyer import take_in

FACTS = {"date_document": date(2025, 3, 14), "type": TypeDocument.FACTURE, "emetteur": "Dr Durand"}


@pytest.fixture
def kept(library):
    from dataclasses import replace

    document = replace(take_in(library, b"%PDF- octets"), **FACTS)
    with library.write("Nommer") as db:
        db.put(document)
    return document


def test_a_copy_has_a_predictable_name_the_very_bytes_and_is_private(library, kept, tmp_path):
    (path,) = documents.export_documents(library, [kept.id], tmp_path)
    assert path == tmp_path / "2025-03-14_facture_Dr-Durand.pdf"
    assert path.read_bytes() == documents.contenu(library, kept.id) == b"%PDF- octets"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir() if p.name != "donnees"] == [path.name], "no draft is left"


def test_nothing_is_ever_replaced_not_even_a_dangling_link(library, kept, tmp_path):
    out = tmp_path / "sortie"
    out.mkdir()
    first = out / "2025-03-14_facture_Dr-Durand.pdf"
    first.write_text("à moi")
    (out / "2025-03-14_facture_Dr-Durand (2).pdf").symlink_to(tmp_path / "ailleurs")
    written = documents.export_documents(library, [kept.id, kept.id], out)
    assert [path.name for path in written] == [
        "2025-03-14_facture_Dr-Durand (3).pdf", "2025-03-14_facture_Dr-Durand (4).pdf",
    ]  # fmt: skip
    assert first.read_text() == "à moi"
    assert not (tmp_path / "ailleurs").exists()


def test_a_folder_that_cannot_take_the_copy_is_told_and_nothing_is_left(library, kept, tmp_path, monkeypatch):
    with pytest.raises(Unavailable, match="n’a pas pu être écrite") as told:
        documents.export_documents(library, [kept.id], tmp_path / "absent")
    assert "absent" in spaced(str(told.value))
    out = tmp_path / "sortie"
    out.mkdir()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mutuelle_desktop.services.sorties.os.fsync", full)
    with pytest.raises(Unavailable):
        documents.export_documents(library, [kept.id], out)
    assert list(out.iterdir()) == []


def test_an_export_can_be_stopped_and_what_is_written_is_whole(library, kept, tmp_path):
    class Stop(Progress):
        def step(self, done: int, total: int, text: str = "") -> None:
            self.cancelled = done == 1
            super().step(done, total, text)

    with pytest.raises(Cancelled):
        documents.export_documents(library, [kept.id] * 3, tmp_path, Stop())
    assert [p.read_bytes() for p in tmp_path.glob("*.pdf")] == [b"%PDF- octets"]


def test_a_copy_to_open_elsewhere_lies_in_a_private_folder_and_is_cleared(library, kept, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    first, second = documents.open_copy(library, kept.id), documents.open_copy(library, kept.id)
    assert first.name == second.name
    assert first != second
    inside = tmp_path / "mutuelle-desktop"
    assert first.is_relative_to(inside)
    for folder, _, files in os.walk(inside):
        assert stat.S_IMODE(Path(folder).stat().st_mode) == 0o700
        assert all(stat.S_IMODE((Path(folder) / name).stat().st_mode) == 0o600 for name in files)
    documents.clear_copies()
    assert not first.exists()
    documents.clear_copies()


def test_a_paper_that_is_gone_cannot_leave(library, tmp_path):
    with pytest.raises(Refused, match="n’existe plus"):
        documents.export_documents(library, ["x"], tmp_path)
    with pytest.raises(Refused, match="n’existe plus"):
        documents.open_copy(library, "x")
