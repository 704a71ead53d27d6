"""What a file is comes from its bytes."""

import io
import tarfile
import zipfile

import pytest
from PIL import Image

from mutuelle_desktop.extraction.sniff import refusal_of, sniff, suffix_of
from tests.extraction.feuilles import coder, pdf

GRIS = Image.new("RGB", (40, 30), "white")


def _zip(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return out.getvalue()


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("papier.pdf"))
    return out.getvalue()


def _heic() -> bytes:
    import pillow_heif

    pillow_heif.register_heif_opener()
    return coder(GRIS, "HEIF")


@pytest.mark.parametrize(
    ("contenu", "mime", "suffix"),
    [
        (lambda: pdf("Bonjour"), "application/pdf", ".pdf"),
        (lambda: b"\xef\xbb\xbf\r\n junk before\n" + pdf("Bonjour"), "application/pdf", ".pdf"),
        (lambda: coder(GRIS, "JPEG"), "image/jpeg", ".jpg"),
        (lambda: coder(GRIS, "PNG"), "image/png", ".png"),
        (lambda: coder(GRIS, "TIFF"), "image/tiff", ".tif"),
        (lambda: coder(GRIS, "TIFF", big_tiff=True), "image/tiff", ".tif"),
        (lambda: coder(GRIS, "GIF"), "image/gif", ".gif"),
        (lambda: coder(GRIS, "BMP"), "image/bmp", ".bmp"),
        (lambda: coder(GRIS, "WEBP"), "image/webp", ".webp"),
        (_heic, "image/heic", ".heic"),
    ],
    ids=["pdf", "pdf after junk", "jpeg", "png", "tiff", "bigtiff", "gif", "bmp", "webp", "heic"],
)
def test_papers_are_known_by_their_bytes(contenu, mime, suffix):
    assert sniff(contenu()) == mime
    assert suffix_of(mime) == suffix


@pytest.mark.parametrize(
    ("contenu", "words"),
    [
        (b"", "vide"),
        (_zip("papiers/facture.pdf"), "archive"),
        (_zip(), "archive"),
        (_tar(), "archive"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "archive"),
        (b"Rar!\x1a\x07\x00", "archive"),
        (b"\x1f\x8b\x08\x00", "archive"),
        (b"BZh91AY", "archive"),
        (b"\xfd7zXZ\x00", "archive"),
        (_zip("[Content_Types].xml", "word/document.xml"), "bureautique"),
        (_zip("[Content_Types].xml", "xl/workbook.xml"), "bureautique"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "bureautique"),
        (b"{\\rtf1\\ansi", "bureautique"),
        (b"MZ\x90\x00", "programme"),
        (b"\x7fELF\x02", "programme"),
        (b"#!/bin/sh\n", "programme"),
        (b"ID3\x04", "son ou un film"),
        (b"RIFF\x00\x00\x00\x00WAVE", "son ou un film"),
        (b"RIFF\x00\x00\x00\x00AVI ", "son ou un film"),
        (b"\x00\x00\x00\x20ftypisom", "son ou un film"),
        (b"  <!DOCTYPE html><html>", "page web"),
        (b"<svg xmlns='x'>", "page web"),
        (b"<?xml version='1.0'?>", "page web"),
        (b"Received: from mx\r\nSubject: facture", "message"),
        (b"From: a@example.org", "message"),
        (b"une note en texte", "pas pris en charge"),
        (b"\x00" * 600, "pas pris en charge"),
    ],
)
def test_anything_else_is_refused_with_what_to_do(contenu, words):
    assert sniff(contenu) is None
    assert words in refusal_of(contenu)


@pytest.mark.parametrize("length", range(12))
def test_a_few_bytes_never_fail(length):
    for start in (
        b"%PDF-1.7\n1 0",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\x00",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"\x00\x00\x00\x18ftypheic",
    ):
        sniff(start[:length])
        assert refusal_of(start[:length]).endswith(".")
