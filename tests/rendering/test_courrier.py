"""The letter's PDF, opened: tags, reading order, language, fonts, standards, the window, the number of pages."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date
from io import BytesIO
from itertools import groupby
from statistics import median
from threading import Thread
from time import perf_counter

import pypdfium2
import pytest
from PIL import Image, ImageDraw
from pypdf import PdfReader

from mutuelle_desktop.domain.courrier import Expediteur, Fragment, GenreBloc, Lettre, PieceJointe
from mutuelle_desktop.domain.errors import Unreadable
from mutuelle_desktop.rendering.courrier import (
    calibration_of,
    enveloppe_of,
    etiquette_of,
    numeric_columns,
    page_count,
    pdf_of,
    png_of,
    svg_of,
    with_total,
)
from mutuelle_desktop.rendering.glyphes import shipped
from mutuelle_desktop.rendering.image import head_of
from tests.rendering.lettres import CORPS, DESTINATAIRE, JOUR, LETTRE, boxes, items, para, rows, tagged, text_of

LONGUE = "Les garanties de mon contrat prévoient pourtant un remboursement complémentaire des équipements optiques. "


@pytest.fixture(scope="module")
def final() -> bytes:
    return pdf_of(LETTRE)


def signature() -> bytes:
    out = BytesIO()
    picture = Image.new("RGBA", (300, 100), (255, 255, 255, 0))
    ImageDraw.Draw(picture).line([(10, 80), (150, 20), (290, 70)], fill=(0, 0, 120, 255), width=5)
    picture.save(out, "PNG")
    return out.getvalue()


def test_the_letter_is_read_in_order_with_the_tags_of_what_it_is(final):
    found = [(path, "".join(text for _path, text in leaves)) for path, leaves in groupby(tagged(final), lambda x: x[0])]
    assert [(path, re.sub(r"\s+", " ", text).strip()) for path, text in found] == [
        ("/Document/P/Strong", "Camille Bessière"),
        ("/Document/P", "12 rue des Tilleuls69003 Lyon06 12 34 56 78" + "".join(DESTINATAIRE)),
        ("/Document/P/Strong", "Lettre recommandée avec avis de réception n° 1A 234 567 8901 2"),
        ("/Document/Div/Div/P", "N° d’adhérent : 0012345678Vos références : D-2026-118Lyon, le 24 novembre 2026"),
        ("/Document/H1", "Objet : Réclamation, facture du 28 mai 2026"),
        (
            "/Document/P",
            "Madame, Monsieur,Le 3 juin 2026, je vous ai transmis la facture de mes lunettes, avec l’ordonnance."
            "Voici le calcul que j’attends :",
        ),
        ("/Document/Table/THead/TR/TH/Strong", "Poste Facturé Attendu"),
        ("/Document/Table/TBody/TR/TD", "Monture 100,00 € 100,00 €Verres complexes 1 390,00 € 300,00 €"),
        ("/Document/Table/TBody/TR/TD/Strong", "Total 1 490,00 € 400,00 €"),
        ("/Document/L/LI/Lbl", "1."),
        ("/Document/L/LI/LBody", "de reprendre ce calcul ;"),
        ("/Document/L/LI/Lbl", "2."),
        ("/Document/L/LI/LBody", "de me verser 250,00 €."),
        (
            "/Document/P",
            "La présente lettre est une réclamation écrite.Je vous prie d’agréer, Madame, Monsieur, "
            "l’expression de mes salutations distinguées.Camille Bessière",
        ),
        ("/Document/P/Strong", "P.J. :"),
        ("/Document/L/LI/Lbl", "1."),
        ("/Document/L/LI/LBody", "Facture, 28 mai 2026, 2 pages (copie)"),
        ("/Document/L/LI/Lbl", "2."),
        ("/Document/L/LI/LBody", "Ordonnance (copie)"),
        ("/Document/P/Strong", "Copie à :"),
        ("/Document/P", "UFC de Lyon"),
    ]


def test_the_final_letter_claims_both_standards_and_says_its_language_title_and_day(final):
    reader = PdfReader(BytesIO(final))
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "fr-FR"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Réclamation, facture du 28 mai 2026"
    assert reader.metadata.creation_date.date() == JOUR
    packet = root["/Metadata"].get_data().decode()
    assert re.search(r"<pdfaid:part>2</pdfaid:part>.*<pdfaid:conformance>A</pdfaid:conformance>", packet)
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert root["/OutputIntents"]
    assert reader.get_fields() is None
    assert not {"/AcroForm", "/OpenAction", "/AA", "/Names"} & root.keys()


def test_every_font_is_embedded(final):
    names = set()
    for page in PdfReader(BytesIO(final)).pages:
        for font in page["/Resources"]["/Font"].values():
            child = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = child["/FontDescriptor"].get_object()
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & descriptor.keys()
            assert "/ToUnicode" in font.get_object()
            names.add(str(child["/BaseFont"]).split("+")[1])
    assert names == {"SourceSerif4-Regular", "SourceSerif4-Bold"}


def test_the_same_letter_gives_the_same_bytes(final):
    pdf_of(replace(LETTRE, objet="Autre chose"))
    assert pdf_of(LETTRE) == final
    assert svg_of(LETTRE) == svg_of(LETTRE)


def test_the_preview_is_the_page_of_the_final(final):
    assert text_of(pdf_of(LETTRE, final=False)) == text_of(final)
    [page] = svg_of(LETTRE)
    assert ET.fromstring(page).get("viewBox").split()[2:] == ["595.276", "841.89"] or "595" in page[:200]
    [picture] = png_of(LETTRE, 72)
    assert Image.open(BytesIO(picture)).size == (595, 842)


@pytest.mark.parametrize(
    "lines",
    [DESTINATAIRE, DESTINATAIRE[:1], DESTINATAIRE[:3], tuple("W" * 38 for _ in range(6)), ("M" * 38, "75009 PARIS")],
)
def test_the_recipient_stands_in_the_window(lines):
    found = [box for box in boxes(pdf_of(replace(LETTRE, destinataire=lines))) if box.texte.strip()]
    address = [box for box in found if box.gauche > 100 and box.bas > 45 and box.haut < 90]
    assert min(box.gauche for box in address) == pytest.approx(110, abs=1)
    assert min(box.haut for box in address if "Â" not in box.texte) == pytest.approx(55, abs=1)
    assert max(box.droite for box in address) <= 190
    assert max(box.bas for box in address) <= 79
    assert "".join(box.texte for box in address).replace(" ", "") == "".join(lines).replace(" ", "")


@pytest.mark.parametrize("many", [1, 5, 12, 30])
def test_nothing_else_stands_in_the_window(many):
    who = Expediteur(
        nom="Camille Bessière-Delacroix de la Vallée", lignes=tuple(f"{n} rue bien longue" * 3 for n in range(many))
    )
    sheet = boxes(pdf_of(replace(LETTRE, expediteur=who, destinataire=())))
    assert [box for box in sheet if box.droite > 100 and box.bas > 45 and box.haut < 90] == []


@pytest.mark.parametrize("many", [7, 10, 40])
def test_an_address_longer_than_the_window_is_whole_and_covers_nothing(many):
    lines = tuple(f"LIGNE {n}" for n in range(many))
    sheet = boxes(pdf_of(replace(LETTRE, destinataire=lines)))
    said = [box for box in sheet if box.texte.strip().startswith("LIGNE")]
    assert [box.texte.strip() for box in said] == list(lines)
    assert min(box.haut for box in sheet if box.texte.startswith("Lettre recommandée")) > max(box.bas for box in said)


def test_fold_marks_are_drawn_at_the_thirds_and_only_when_asked():
    def dark(lettre, y):
        sheet = Image.open(BytesIO(png_of(lettre, 254)[0])).convert("L")  # ten dots a millimetre
        return min(sheet.crop((50, y * 10 - 4, 90, y * 10 + 4)).tobytes()) < 200

    assert dark(LETTRE, 99)
    assert dark(LETTRE, 198)
    assert not dark(replace(LETTRE, reperes=False), 99)


def test_one_page_has_no_number_and_several_have_theirs():
    assert "page" not in text_of(pdf_of(replace(LETTRE, pieces=())))
    long = replace(LETTRE, corps=tuple(para(LONGUE * 6) for _ in range(9)))
    assert page_count(long) == 3
    text = text_of(pdf_of(long))
    assert all(f"Camille Bessière – page {n}/3" in text for n in (1, 2, 3))
    assert "Bessière – page" not in "".join(said for _path, said in tagged(pdf_of(long))), "a footer is not read aloud"


def test_the_closing_is_never_alone_on_a_page():
    for lines in range(1, 60, 3):
        lettre = replace(
            LETTRE,
            corps=(
                *(para("Un fait.") for _ in range(lines)),
                para("Dernier mot."),
            ),
            pieces=(),
        )
        with pypdfium2.PdfDocument(pdf_of(lettre, final=False)) as document:
            pages = [page.get_textpage().get_text_range() for page in document]
        [page] = [page for page in pages if "Je vous prie" in page]
        assert "Dernier mot." in page
        assert page.count("Camille Bessière") >= 1


def test_what_announces_a_table_stays_with_it():
    for lines in range(8, 24):
        lettre = replace(LETTRE, corps=(*(para("Un fait.") for _ in range(lines)), *CORPS[1:3]))
        with pypdfium2.PdfDocument(pdf_of(lettre, final=False)) as document:
            [page] = [text for sheet in document if "Voici" in (text := sheet.get_textpage().get_text_range())]
        assert "Monture" in page


def test_a_paragraph_leaves_no_line_alone():
    for lines in range(10, 20):
        lettre = replace(
            LETTRE, corps=(*(para("Un fait.") for _ in range(lines)), para("mot " * 150), para("Fin.")), pieces=()
        )
        with pypdfium2.PdfDocument(pdf_of(lettre, final=False)) as document:
            pages = [page.get_textpage().get_text_range().splitlines() for page in document]
        counts = [sum(line.startswith("mot mot") for line in page) for page in pages]
        assert 1 not in counts, counts


def test_words_are_cut_as_in_french_but_never_names_amounts_subject_or_address():
    words = "anticonstitutionnellement " * 60
    body = text_of(pdf_of(replace(LETTRE, corps=(para(words),), pieces=())))
    cuts = set(re.findall(r"(\w+)[\u00ad\ufffe\x02-]\s*\n?\s*(\w+)", body))
    assert any("".join(cut).startswith("anticonstitutionnellement") for cut in cuts)
    names = "Anticonstitutionnellement " * 60
    body = text_of(pdf_of(replace(LETTRE, corps=(para(names),), pieces=(), objet=words[:400], reperes=False)))
    assert body.count("Anticonstitutionnellement") == 60
    assert body.count("anticonstitutionnellement") >= 15


def test_figures_of_a_table_stand_under_each_other():
    sheet = boxes(pdf_of(replace(LETTRE, corps=(rows(("A", "B"), ("x", "111,11\u00a0€"), ("y", "988,88\u00a0€")),))))
    ones = [box for box in sheet if box.texte.strip().startswith(("111,11", "988,88"))]
    assert ones[0].gauche == pytest.approx(ones[1].gauche, abs=0.5)


def test_a_scanned_signature_is_drawn_and_said():
    lettre = replace(LETTRE, signature=signature())
    assert ("/Document/Figure", "Signature de Camille Bessière") in tagged(pdf_of(lettre))
    assert pdf_of(lettre) == pdf_of(lettre)


def jpeg(size=(300, 100), **options) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "white").save(out, "JPEG", **options)
    return out.getvalue()


@pytest.mark.parametrize("octets", [jpeg(), jpeg(progressive=True), jpeg((10, 400))])
def test_a_signature_may_be_a_photograph(octets):
    lettre = replace(LETTRE, signature=octets)
    assert any(path.endswith("/Figure") for path, _text in tagged(pdf_of(lettre)))
    assert (head_of(octets).largeur, head_of(octets).hauteur) == Image.open(BytesIO(octets)).size


def test_a_picture_too_big_for_the_memory_is_refused_before_it_is_opened():
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2
    with pytest.raises(Unreadable, match="trop grande"):
        pdf_of(replace(LETTRE, signature=head))


def test_a_scanned_signature_does_not_slow_the_page():
    out = BytesIO()
    Image.effect_noise((900, 300), 60).save(out, "PNG")
    lettre = replace(LETTRE, signature=out.getvalue())
    svg_of(lettre)
    times = []
    for n in range(5):
        start = perf_counter()
        svg_of(replace(lettre, objet=f"Objet {n}"))
        times.append(perf_counter() - start)
    assert median(times) < 0.15


@pytest.mark.parametrize(
    "octets", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"", signature()[:60], b"\xff\xd8\xff"]
)
def test_a_signature_that_is_not_a_picture_is_refused_in_french(octets):
    with pytest.raises(Unreadable, match="signature"):
        pdf_of(replace(LETTRE, signature=octets))


def test_two_hundred_enclosures_are_all_listed():
    pieces = tuple(PieceJointe(document_id=str(n), numero=n, titre=f"Facture {n}") for n in range(1, 201))
    said = [text for path, text in tagged(pdf_of(replace(LETTRE, pieces=pieces))) if path.endswith("LBody")]
    assert [text for text in said if text.startswith("Facture")] == [f"Facture {n} (copie)" for n in range(1, 201)]


def test_an_empty_letter_is_a_page_with_its_date():
    nothing = Lettre(jour=date(2026, 1, 1), appel="", formule="")
    assert text_of(pdf_of(nothing)).strip() == "Le\u00a01er\u00a0janvier\u00a02026"
    assert page_count(Lettre(jour=date(2026, 1, 1), corps=(para(""), items(GenreBloc.PUCES), rows()))) == 1


def test_the_envelope_the_label_and_the_trial_page_have_their_measures():
    envelope = enveloppe_of(DESTINATAIRE, LETTRE.expediteur, JOUR).pdf(final=True)
    with pypdfium2.PdfDocument(envelope) as document:
        assert [round(side * 25.4 / 72) for side in document[0].get_size()] == [220, 110]
    address = [box for box in boxes(envelope) if box.gauche > 100]
    assert min(box.gauche for box in address) == pytest.approx(110, abs=1)
    assert min(box.haut for box in address) > 40
    assert max(box.bas for box in address) < 90
    for place, x, y in ((1, 4.65, 15.15), (2, 106.25, 15.15), (14, 106.25, 243.75)):
        label = boxes(etiquette_of(DESTINATAIRE, JOUR, place).pdf())
        assert min(box.gauche for box in label) == pytest.approx(x + 7, abs=1)
        assert y < min(box.haut for box in label)
        assert max(box.bas for box in label) < y + 38.1
    trial = text_of(calibration_of(JOUR, (1.5, -2)).pdf(final=True))
    assert "Décalage de cette page : 1,5 mm à droite et 2 mm en haut." in trial.replace("\u00a0", " ")


def test_the_trial_page_moves_by_the_offset():
    still, moved = (
        {box.texte: box for box in boxes(calibration_of(JOUR, offset).pdf())} for offset in ((0, 0), (3, -2))
    )
    key = next(text for text in still if text.startswith("Ce cadre"))
    assert moved[key].gauche - still[key].gauche == pytest.approx(3, abs=0.05)
    assert moved[key].haut - still[key].haut == pytest.approx(-2, abs=0.05)


def test_templates_import_nothing_from_outside():
    for path in shipped("courriers").glob("*.typ"):
        text = path.read_text("utf-8")
        assert set(re.findall(r"#import (\S+)", text)) <= {'"commun.typ":'}
        assert not re.search(r"@preview|\beval\(|\bread\(|\bplugin\(|http", text)


def test_two_threads_set_pages_at_once():
    wanted, got = {}, {}
    for n in range(4):
        wanted[n] = pdf_of(replace(LETTRE, objet=f"Objet {n}"), final=False)

    def work(n):
        got[n] = [pdf_of(replace(LETTRE, objet=f"Objet {n}"), final=False) for _ in range(3)]

    threads = [Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == {n: [wanted[n]] * 3 for n in range(4)}


def test_a_keystroke_in_a_letter_of_two_pages_shows_its_page_in_time():
    corps = tuple(para(LONGUE * 4) for _ in range(8))
    svg_of(replace(LETTRE, corps=corps))
    times = []
    for n in range(15):
        lettre = replace(LETTRE, corps=(*corps[:3], para("Un mot" + "e" * n), *corps[3:]))
        start = perf_counter()
        pages = svg_of(lettre)
        times.append(perf_counter() - start)
    assert len(pages) == 2
    assert median(times) < 0.15


def test_bold_and_italic_are_set():
    both = Fragment(texte="les deux", gras=True, italique=True)
    fonts = set()
    with pypdfium2.PdfDocument(pdf_of(replace(LETTRE, corps=(para(Fragment(texte="penché", italique=True), both),)))):
        pass
    reader = PdfReader(BytesIO(pdf_of(replace(LETTRE, corps=(para(Fragment(texte="penché", italique=True), both),)))))
    for font in reader.pages[0]["/Resources"]["/Font"].values():
        fonts.add(str(font.get_object()["/BaseFont"]).split("+")[1].split("-Identity")[0])
    assert {"SourceSerif4-Italic", "SourceSerif4-BoldItalic"} <= fonts


@pytest.mark.parametrize(
    ("column", "figures"),
    [
        (("12,50\u00a0€", "1\u00a0234\u00a0€", "-3\u00a0%", "–", ""), True),
        (("12,50\u00a0€", "[montant reçu]"), True),
        (("[montant dû]", "[montant reçu]"), False),
        (("12,50\u00a0€", "le 3 juin"), False),
        (("",), False),
    ],
)
def test_columns_of_figures_are_known(column, figures):
    table = rows(("Titre",), *((cell,) for cell in column))
    assert numeric_columns(table.lignes) == [figures]


def test_the_last_row_may_be_the_total():
    assert with_total(rows(("A",), ("x",), ("Somme demandée",)).lignes)
    assert not with_total(rows(("A",), ("x",), ("Totem",)).lignes)
    assert not with_total(rows(("A",), ("Total",)).lignes), "one row is not the sum of others"
    assert numeric_columns([]) == []


def test_a_letter_that_spills_a_few_lines_is_set_closer_to_stand_on_one_page():
    counts, sizes = [], []
    for lines in range(1, 40):
        pdf = pdf_of(replace(LETTRE, corps=tuple(para("Un fait.") for _ in range(lines))), final=False)
        with pypdfium2.PdfDocument(pdf) as document:
            counts.append(len(document))
        [word] = [box for box in boxes(pdf) if box.texte.startswith("Madame, Monsieur")][:1]
        sizes.append(round(word.droite - word.gauche, 1))
    assert counts == sorted(counts)
    assert len(set(sizes)) == 2, "as large as can be, then closer, then large again on two pages"
    closer = [n for n, size in enumerate(sizes) if size == min(sizes)]
    assert all(counts[n] == 1 for n in closer)
    assert len(closer) >= 2
    assert sizes[-1] == sizes[0]
