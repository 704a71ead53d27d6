"""Names that come in dirty, and names that leave clean."""

import os
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuelle_desktop.domain.document import Document, TypeDocument
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services.noms import (
    NOM_MAX,
    displayed,
    export_name,
    numbered_name,
    one_line,
    safe_name,
    title_of,
)

NAUGHTY = [
    "", " ", ".", "..", "...", "-", "~", "CON", "con", "PRN", "AUX.", "nul.txt", "COM1", "lpt9", "COM¹", "LPT³",
    "con .x", "CONIN$", "a/b", "..\\..\\etc", "/etc/passwd", "C:\\Windows\\win.ini", "a:b", 'x"y', "a<b>c|d?e*f", "-rf",
    "--help", ".caché", "fin.", "fin ", "a\nb", "a\r\nb", "a\tb", "a\x00b", "a\x1b[31mb", "a\u202egnp.exe", "\ufeffa",
    "a\u200bb", "a\u2028b", "e\u0301té", "œdème", "İstanbul", "😀" * 80, "é" * 500, "x" * 500, "字" * 200, "a\ud800b",
    "$(rm -rf)", "`ls`", "%PATH%", "%s%n", "<script>", "${x}", "\\\\serveur\\partage", "file:///x", "=1+1", "\u0338>",
    "e" + "\u0301" * 300,
]  # fmt: skip
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in "123456789¹²³")}


def check(name: str) -> None:
    """Check that every system of files, every shell and every portal takes this name as it is."""
    assert 0 < len(name.encode()) <= NOM_MAX
    assert name == unicodedata.normalize("NFC", name)
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs") for c in name)
    assert name[0] not in ".- "
    assert name[-1] not in ". "
    assert name.partition(".")[0].strip().upper() not in RESERVED
    assert os.path.basename(name) == name


@pytest.mark.parametrize("text", NAUGHTY)
def test_a_name_that_leaves_is_taken_by_every_system_whatever_it_is_made_of(text):
    check(safe_name(text, ".pdf"))
    check(numbered_name(safe_name(text, ".pdf"), 2))
    document = Document(titre=text, nom="x", empreinte="x", emetteur=text)
    check(export_name(document, text))
    check(export_name(document, Personne(prenom=text, nom=text)))
    assert export_name(document, None).endswith(".pdf")


@given(st.text(max_size=300), st.sampled_from([".pdf", ".jpg", ".heic"]), st.integers(2, 9999))
def test_any_text_gives_a_name_that_every_system_takes(text, extension, number):
    name = safe_name(text, extension)
    check(name)
    assert name.endswith(extension)
    numbered = numbered_name(name, number)
    check(numbered)
    assert numbered.endswith(f" ({number}){extension}")


@given(st.text(max_size=100))
def test_what_is_shown_fits_on_one_line_and_is_never_changed_by_showing_it_again(text):
    shown = one_line(text)
    assert "\n" not in shown
    shown.encode()
    assert one_line(shown) == shown
    assert title_of(text)


def test_an_endless_title_is_cut_at_once():
    check(safe_name("é" * 3_000_000, ".pdf"))


def test_a_name_says_when_what_who_for_whom():
    document = Document(
        titre="Facture", nom="x", empreinte="x", type=TypeDocument.DECOMPTE_SECU, emetteur="Dr Durand / Cie",
        date_document=date(2025, 3, 14),
    )  # fmt: skip
    assert export_name(document, "Paul Bessière") == "2025-03-14_décompte-Sécu_Dr-Durand-Cie_Paul.pdf"
    bare = Document(titre="reçu_œil n°3", nom="x", empreinte="x")
    assert export_name(bare, None, "image/jpeg") == "reçu-œil-n°3.jpg"
    assert export_name(Document(titre="/", nom="x", empreinte="x"), None) == "document.pdf"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("reçu_œil_n°3.pdf", "reçu œil n°3"), ("archive.tar.gz", "archive.tar"), ("Dr. Durand", "Dr. Durand"),
        (".pdf", "pdf"), ("...", "Document"), ("_", "Document"), ("facture 12.50", "facture 12"),
        ("sans extension", "sans extension"), ("a.extension", "a.extension"), ("e\u0301te\u0301.pdf", "été"),
    ],
)  # fmt: skip
def test_a_title_is_the_name_made_readable(name, title):
    assert title_of(name) == title


def test_bytes_that_are_no_letters_are_shown_as_such():
    assert displayed(Path(os.fsdecode(b"/x/re\xe7u\xff.pdf"))) == "re\ufffdu\ufffd.pdf"
    assert displayed(Path("/x/a\nb\x1b[31m.pdf")) == "a b [31m.pdf"
