"""The .odt: its parts, its page, its styles, its order; and LibreOffice's own opinion where it is installed."""

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuelle_desktop.domain.courrier import Lettre
from mutuelle_desktop.rendering.odt import odt_of
from tests.rendering.lettres import DESTINATAIRE, JOUR, LETTRE, boxes, text_of
from tests.rendering.test_courrier import signature
from tests.rendering.test_courrier_hostile import PIEGES, everywhere

NOMS = {
    name: f"urn:oasis:names:tc:opendocument:xmlns:{path}:1.0"
    for name, path in {
        "office": "office", "style": "style", "text": "text", "table": "table", "draw": "drawing",
        "fo": "xsl-fo-compatible", "svg": "svg-compatible", "manifest": "manifest",
    }.items()
}  # fmt: skip


def part(octets: bytes, name: str) -> ET.Element:
    with ZipFile(BytesIO(octets)) as archive:
        return ET.fromstring(archive.read(name))


def key(name: str) -> str:
    prefix, local = name.split(":")
    return f"{{{NOMS[prefix]}}}{local}"


def test_the_container_is_that_of_the_norm():
    octets = odt_of(replace(LETTRE, signature=signature()))
    with ZipFile(BytesIO(octets)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", ZIP_STORED, b"")
        assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.text"
        listed = {entry.get(key("manifest:full-path")) for entry in part(octets, "META-INF/manifest.xml")}
        assert listed == {"/", *archive.namelist()} - {"mimetype", "META-INF/manifest.xml"}
        assert archive.testzip() is None


def test_the_page_its_margins_and_its_footer_are_there():
    styles = part(odt_of(LETTRE), "styles.xml")
    page = styles.find(".//style:page-layout-properties", NOMS)
    assert (page.get(key("fo:page-width")), page.get(key("fo:page-height"))) == ("210mm", "297mm")
    footer = styles.find(".//style:footer", NOMS)
    assert footer.find(".//text:page-number", NOMS) is not None
    assert footer.find(".//text:page-count", NOMS) is not None


def test_every_style_used_is_defined_once():
    octets = odt_of(replace(LETTRE, signature=signature()))
    content, styles = part(octets, "content.xml"), part(octets, "styles.xml")
    defined = [
        node.get(key("style:name"))
        for root in (content, styles)
        for node in root.iter()
        if node.tag in (key("style:style"), key("text:list-style"))
    ]
    assert len(defined) == len(set(defined))
    used = {
        value
        for node in content.iter()
        for name, value in node.attrib.items()
        if name in (key("text:style-name"), key("table:style-name"), key("draw:style-name"))
    }
    assert used <= set(defined)


def test_the_subject_is_a_title_and_the_table_has_its_heading():
    content = part(odt_of(LETTRE), "content.xml")
    title = content.find(".//text:h", NOMS)
    assert title.text == f"Objet\u00a0: {LETTRE.objet}"
    assert "Poste" in "".join(content.find(".//table:table-header-rows", NOMS).itertext())
    frame = content.find(".//draw:frame[@draw:name='Destinataire']", NOMS)
    assert (frame.get(key("svg:x")), frame.get(key("svg:y"))) == ("110mm", "55mm")


def test_the_same_letter_gives_the_same_bytes():
    assert odt_of(LETTRE) == odt_of(LETTRE)


@pytest.mark.parametrize("piege", [*PIEGES, "<text:p>&amp;</text:p>", "]]>", "a\0b\ud800c", "  deux  espaces  "])
def test_any_text_is_text(piege):
    octets = odt_of(everywhere(piege))
    content = part(octets, "content.xml")
    wanted = re.sub(r"[\s\0\ud800]", "", piege)
    assert re.sub(r"\s", "", "".join(content.itertext())).count(wanted) >= 15
    part(octets, "styles.xml")
    part(octets, "meta.xml")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_any_text_makes_well_formed_parts(said):
    octets = odt_of(everywhere(said))
    for name in ("content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml"):
        part(octets, name)


def test_an_empty_letter_is_a_document():
    content = part(odt_of(Lettre(jour=JOUR)), "content.xml")
    assert "24\u00a0novembre\u00a02026" in "".join(content.itertext())


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_with_the_recipient_in_the_window(tmp_path):
    (tmp_path / "lettre.odt").write_bytes(odt_of(replace(LETTRE, signature=signature())))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profil", "--headless", "--convert-to", "pdf", "lettre.odt"],
        cwd=tmp_path, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    pdf = (tmp_path / "lettre.pdf").read_bytes()
    text = text_of(pdf).replace("\u00a0", " ")
    places = [
        text.index(words)
        for words in ("Lettre recommandée", "Lyon, le 24", "Objet : Réclamation",
                      "Madame, Monsieur,", "Verres complexes", "1. de reprendre", "Je vous prie", "P.J. :", "1. Facture")
    ]  # fmt: skip
    assert places == sorted(places)
    assert "Camille Bessière – page 1/" in text
    address = [box for box in boxes(pdf) if box.texte.strip() in DESTINATAIRE]
    assert len(address) == 6
    assert min(box.gauche for box in address) == pytest.approx(110, abs=1)
    assert min(box.haut for box in address) == pytest.approx(55, abs=2)
    assert max(box.bas for box in address) < 90
