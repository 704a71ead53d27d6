"""The text of born-digital pages, with boxes where the ink is."""

import io

import numpy as np
import pytest
from PIL import Image
from pypdf.generic import ArrayObject, FloatObject, NameObject, RectangleObject

from mutuelle_desktop.domain.errors import Protege, Unreadable
from mutuelle_desktop.extraction.lecteur import opened
from mutuelle_desktop.extraction.mots import Mot, unpack
from mutuelle_desktop.extraction.sniff import PDF
from tests.extraction.feuilles import feuille, pdf, reworked, scanne

TEXTE = "Œuvre Évreux 1 234,56 €\nL’été à l’hôpital"


def words_of(contenu: bytes, numero: int = 1) -> dict[str, Mot]:
    with opened(contenu, PDF) as papier:
        return {mot.texte: mot for mot in unpack(papier.text(numero).mots)}


def assert_on_ink(contenu: bytes, mot: Mot) -> None:
    """The box holds ink, and two points around it there is none: drawn by the very engine that shows the page."""
    with opened(contenu, PDF) as papier:
        largeur, _ = papier.size(1)
        page = np.asarray(papier.render(1, 1600).convert("L"))
        k = page.shape[1] / largeur
    inside = page[round(mot.y0 * k) : round(mot.y1 * k) + 1, round(mot.x0 * k) : round(mot.x1 * k) + 1]
    assert inside.size
    assert inside.min() < 128, mot


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (40, 300, 500, 800)])
def test_boxes_fall_on_the_ink_of_the_page_as_shown(rotate, crop):
    def work(writer):
        page = writer.pages[0]
        if crop:
            page.cropbox = RectangleObject(crop)
        if rotate:
            page.rotate(rotate)

    contenu = reworked(pdf(TEXTE), work)
    mots = words_of(contenu)
    assert {"Œuvre", "Évreux", "1", "234,56", "€", "L’été", "à", "l’hôpital"} == mots.keys()
    with opened(contenu, PDF) as papier:
        largeur, hauteur = papier.size(1)
    assert (largeur > hauteur) == ((rotate in (90, 270)) != bool(crop and crop[2] - crop[0] > crop[3] - crop[1]))
    for mot in mots.values():
        assert 0 <= mot.x0 < mot.x1 <= largeur
        assert 0 <= mot.y0 < mot.y1 <= hauteur
        assert_on_ink(contenu, mot)


def test_a_box_holds_the_tails_and_the_heads_of_its_letters():
    mot = words_of(pdf("alpage"))["alpage"]
    assert mot.y1 - mot.y0 > 9, "from the head of l to the tail of p and g, at 12 points"


def test_text_comes_line_by_line():
    with opened(pdf(TEXTE), PDF) as papier:
        assert papier.text(1).texte.split("\n") == TEXTE.split("\n")


def test_a_ligature_is_read_as_its_letters():
    with opened(pdf("\ufb01n de l’af\ufb01liation"), PDF) as papier:
        lue = papier.text(1)
    assert {"fin", "l’affiliation"} <= set(lue.texte.split())


def test_a_word_cut_at_the_end_of_a_line_does_not_cover_two_lines():
    contenu = pdf("Votre rembour-\nsement est en cours")
    with opened(contenu, PDF) as papier:
        lue = papier.text(1)
    assert "rembour" in lue.texte
    assert "sement" in lue.texte
    for mot in unpack(lue.mots):
        assert mot.y1 - mot.y0 < 16, mot
        assert_on_ink(contenu, mot)


def test_text_written_twice_for_boldness_is_read_once():
    def draw(canvas):
        canvas.drawString(60, 700, "Total")
        canvas.drawString(60.2, 700, "Total")

    with opened(pdf(draw), PDF) as papier:
        assert [mot.texte for mot in unpack(papier.text(1).mots)] == ["Total"]


def _with_layer(words: int, *, mode: int = 3) -> bytes:
    """Return a scan under an invisible text layer of that many words."""
    from reportlab.lib.utils import ImageReader

    def draw(canvas):
        canvas.drawImage(ImageReader(feuille()), 0, 0, 595, 842)
        text = canvas.beginText(60, 760)
        text.setTextRenderMode(mode)
        for start in range(0, words, 10):
            text.textLine(" ".join(f"mot{n}" for n in range(start, min(words, start + 10))))
        canvas.drawText(text)

    return pdf(draw)


def test_a_whole_invisible_layer_is_trusted():
    with opened(_with_layer(120), PDF) as papier:
        lue = papier.text(1)
    assert not lue.a_ocr
    assert "mot119" in lue.texte


def test_a_layer_that_says_little_of_a_picture_is_not_trusted():
    with opened(_with_layer(30), PDF) as papier:
        assert papier.text(1).a_ocr


def test_a_small_logo_does_not_send_a_letter_to_the_reader():
    from reportlab.lib.utils import ImageReader

    def draw(canvas):
        canvas.drawImage(ImageReader(Image.new("RGB", (50, 50), "navy")), 60, 760, 80, 40)
        canvas.drawString(60, 700, "Madame, Monsieur")

    with opened(pdf(draw), PDF) as papier:
        assert not papier.text(1).a_ocr


def test_a_layer_of_noise_is_not_trusted():
    noise = "\n".join("xkcd wrtz bfgh jklm npqs tvwx zbcd fghj klmn pqrs" for _ in range(12))
    with opened(pdf(noise), PDF) as papier:
        assert papier.text(1).a_ocr


def test_a_font_that_tells_no_letters_is_not_trusted():
    private = "\n".join("\ue001\ue002\ue003\ue004 \ue005\ue006\ue007" for _ in range(12))
    with opened(pdf(private), PDF) as papier:
        lue = papier.text(1)
    assert lue.a_ocr or not lue.texte.strip()


def test_letters_drawn_as_outlines_are_read_as_a_picture():
    def draw(canvas):
        from reportlab.pdfbase.ttfonts import TTFont  # noqa: F401 - the outlines below stand for a real font's

        for number in range(200):
            path = canvas.beginPath()
            path.moveTo(60 + number % 40 * 10, 700 - number // 40 * 20)
            path.lineTo(66 + number % 40 * 10, 712 - number // 40 * 20)
            path.lineTo(66 + number % 40 * 10, 700 - number // 40 * 20)
            canvas.drawPath(path, fill=1)

    with opened(pdf(draw), PDF) as papier:
        assert papier.text(1).a_ocr


def test_a_blank_page_waits_for_nothing():
    with opened(pdf(""), PDF) as papier:
        lue = papier.text(1)
    assert (lue.texte, lue.mots, lue.a_ocr) == ("", b"", False)


def test_a_scanned_page_waits_for_the_reader():
    with opened(scanne([feuille(), feuille()]), PDF) as papier:
        assert papier.pages == 2
        assert papier.text(2).a_ocr


def test_a_page_of_200_inches_keeps_its_words_in_place():
    contenu = pdf(lambda canvas: canvas.drawString(14000, 300, "Loin"), size=(14400, 14400))
    mot = words_of(contenu)["Loin"]
    assert 13_990 < mot.x0 < 14_010
    assert 14_080 < mot.y0 < 14_110
    with opened(contenu, PDF) as papier:
        assert max(papier.render(1, 800).size) == 800


def test_a_page_in_big_units_is_shown_and_placed_alike():
    def work(writer):
        writer.pages[0][NameObject("/UserUnit")] = FloatObject(2)

    contenu = reworked(pdf("Bonjour"), work)
    assert_on_ink(contenu, words_of(contenu)["Bonjour"])


def test_a_page_of_no_size_is_still_a_page():
    def work(writer):
        writer.pages[0].mediabox = RectangleObject((0, 0, 0, 0))

    with opened(reworked(pdf("Bonjour"), work), PDF) as papier:
        assert min(papier.size(1)) >= 1
        papier.text(1)
        papier.render(1, 256)


def test_a_broken_page_leaves_the_others_readable():
    def work(writer):
        writer.pages[0][NameObject("/MediaBox")] = ArrayObject()
        writer.pages[0][NameObject("/Contents")] = NameObject("/Rien")

    with opened(reworked(pdf("Bonjour", pages=2), work), PDF) as papier:
        papier.text(1)
        assert papier.text(2).texte == "Bonjour"


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"])
def test_a_password_is_asked_for_and_opens(algorithm):
    contenu = reworked(pdf("Secret"), lambda writer: writer.encrypt("clé é", "maître", algorithm=algorithm))
    for wrong in ("", "faux"):
        with pytest.raises(Protege, match="mot de passe"), opened(contenu, PDF, wrong):
            pass
    with opened(contenu, PDF, "clé é") as papier:
        assert papier.text(1).texte == "Secret"


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-128", "AES-256"])
def test_a_paper_only_locked_against_changes_simply_opens(algorithm):
    contenu = reworked(pdf("Ouvert"), lambda writer: writer.encrypt("", "maître", algorithm=algorithm))
    with opened(contenu, PDF) as papier:
        assert papier.text(1).texte == "Ouvert"


@pytest.mark.parametrize("contenu", [b"", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"%PDF-1.4\n" + b"\x00" * 4000])
def test_what_is_no_pdf_says_so(contenu):
    with pytest.raises(Unreadable, match="abîmé"), opened(contenu, PDF):
        pass


def test_a_thumbnail_is_small_and_of_the_first_page():
    noise = Image.effect_noise((1200, 1700), 120)
    with opened(scanne([noise]), PDF) as papier:
        vignette = papier.thumbnail()
    assert len(vignette) <= 8000
    with Image.open(io.BytesIO(vignette)) as picture:
        assert max(picture.size) == 256
