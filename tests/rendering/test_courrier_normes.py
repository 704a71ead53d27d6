"""What PDF/UA-1 and PDF/A-2a ask and a program can see (Matterhorn Protocol 1.1, ISO 19005-2), on the pages we make."""

import re
from dataclasses import replace
from io import BytesIO

import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject
from pypdfium2 import raw

from mutuelle_desktop.rendering.courrier import calibration_of, enveloppe_of, etiquette_of, pdf_of
from tests.rendering.lettres import DESTINATAIRE, JOUR, LETTRE, para
from tests.rendering.test_courrier import signature

LONG = replace(
    LETTRE, signature=signature(), corps=(*LETTRE.corps, *(para("Une phrase de plus. " * 30) for _ in range(6)))
)
SHEETS = {
    "lettre": lambda: pdf_of(LONG),
    "enveloppe": lambda: enveloppe_of(DESTINATAIRE, LETTRE.expediteur, JOUR).pdf(final=True),
    "etiquette": lambda: etiquette_of(DESTINATAIRE, JOUR, 3).pdf(final=True),
    "calibration": lambda: calibration_of(JOUR, (1, -1)).pdf(final=True),
}


@pytest.fixture(scope="module", params=SHEETS)
def pdf(request) -> bytes:
    return SHEETS[request.param]()


def everything(reader: PdfReader):
    """Give every dictionary of the file, streams too."""
    for number in range(1, reader.trailer["/Size"]):
        found = reader.get_object(IndirectObject(number, 0, reader))
        waiting = [found]
        while waiting:
            thing = waiting.pop()
            if isinstance(thing, DictionaryObject):
                yield thing
                waiting += [value for value in thing.values() if not isinstance(value, IndirectObject)]
            elif isinstance(thing, ArrayObject):
                waiting += [value for value in thing if not isinstance(value, IndirectObject)]


def test_all_that_is_drawn_is_tagged_or_said_to_be_decoration(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            for thing in page.get_objects(max_depth=1):
                assert raw.FPDFPageObj_CountMarks(thing.raw) > 0, thing.type


def test_each_page_leads_to_the_structure(pdf):
    reader = PdfReader(BytesIO(pdf))
    parents = reader.trailer["/Root"]["/StructTreeRoot"]["/ParentTree"].get_object()["/Nums"]
    assert [page["/StructParents"] for page in reader.pages] == list(parents[::2])[: len(reader.pages)]


def test_nothing_runs_is_hidden_encrypted_or_asks_outside(pdf):
    reader = PdfReader(BytesIO(pdf))
    assert not reader.is_encrypted
    forbidden = {
        "/JS",
        "/JavaScript",
        "/AA",
        "/OpenAction",
        "/Launch",
        "/EmbeddedFiles",
        "/F",
        "/FFilter",
        "/URI",
        "/XFA",
        "/OCProperties",
    }
    for thing in everything(reader):
        if thing.get("/Type") == "/Annot":
            continue
        assert not forbidden & thing.keys(), thing
        assert "/LZWDecode" not in str(thing.get("/Filter", ""))


def test_the_file_says_who_it_is_the_same_way_twice(pdf):
    reader = PdfReader(BytesIO(pdf))
    packet = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    title = re.search(r"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", packet)[1]
    assert title.replace("&apos;", "'") == reader.metadata.title
    assert "2026-11-24T00:00:00Z" in packet
    assert reader.trailer["/ID"]
    assert reader.trailer["/Root"]["/Metadata"].get("/Filter") is None, "PDF/A wants it readable without a program"
    assert "pdfaExtension" in packet, "the PDF/UA mark is not of PDF/A's own schemas: it must be declared"


def test_headings_begin_at_one_and_tables_have_scoped_heads():
    tags = []

    def walk(node):
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, ArrayObject):
            for kid in node:
                walk(kid)
        elif isinstance(node, DictionaryObject):
            if "/S" in node:
                tags.append(node)
            walk(node.get("/K"))

    walk(PdfReader(BytesIO(pdf_of(LONG))).trailer["/Root"]["/StructTreeRoot"]["/K"])
    names = [tag["/S"] for tag in tags]
    assert [name for name in names if re.fullmatch(r"/H\d", name)] == ["/H1"]
    heads = [tag for tag in tags if tag["/S"] == "/TH"]
    assert len(heads) == 3
    for head in heads:
        assert "/Column" in str(head["/A"])
    assert all(tag.get("/Alt") for tag in tags if tag["/S"] == "/Figure")


def test_the_colours_have_their_profile(pdf):
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]
    [intent] = root["/OutputIntents"]
    intent = intent.get_object()
    assert intent["/S"] == "/GTS_PDFA1"
    assert intent["/DestOutputProfile"].get_object().get_data()[36:40] == b"acsp"
