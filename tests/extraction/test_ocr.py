"""Papers read from their pictures, whatever befell them, with boxes that come back onto the ink."""

import time
import unicodedata
from dataclasses import dataclass

import numpy as np
import pytest
from PIL import Image

from mutuelle_desktop.extraction import langue, ocr
from mutuelle_desktop.extraction.lecteur import PageLue, opened
from mutuelle_desktop.extraction.mots import Mot, unpack
from mutuelle_desktop.extraction.sniff import PDF, sniff
from tests.extraction.feuilles import MOTS, camera, coder, feuille, photographie, scanne

pytestmark = pytest.mark.skipif(
    langue.missing_sentence() is not None, reason="Tesseract's French data is not installed"
)

SHEET = feuille(dpi=150)


@dataclass
class Lu:
    page: PageLue
    mots: list[Mot]
    shown: Image.Image

    def box(self, texte: str) -> Mot:
        return next(mot for mot in self.mots if texte in mot.texte)


def lire(contenu: bytes) -> Lu:
    mime = sniff(contenu)
    assert mime
    with opened(contenu, mime) as papier:
        page = papier.ocr(1)
        return Lu(page, unpack(page.mots), papier.render(1, 1600).convert("L"))


def assert_read(contenu: bytes, *, words: tuple[str, ...] = MOTS, slack: float = 6) -> Lu:
    """Check that words are read, that each box holds ink, and that the space above the first line holds no box."""
    lu = lire(contenu)
    for word in words:
        assert word in lu.page.texte, lu.page.texte
    k = lu.shown.width / lu.page.largeur
    pixels = np.asarray(lu.shown)
    paper = float(np.median(pixels))
    for word in words:
        mot = lu.box(word)
        assert mot.confiance > 50
        inside = pixels[
            max(0, round(mot.y0 * k)) : round(mot.y1 * k) + 1, max(0, round(mot.x0 * k)) : round(mot.x1 * k) + 1
        ]
        assert inside.size
        dark = inside < paper - 60
        assert 0.05 < dark.mean() < 0.6, (word, dark.mean())
        wide = pixels[
            max(0, round((mot.y0 - slack) * k)) : round((mot.y1 + slack) * k),
            max(0, round(mot.x0 * k)) : round(mot.x1 * k),
        ]
        assert (wide < paper - 60).sum() < 1.6 * dark.sum() + 50, f"ink of « {word} » is left out of its box"
    return lu


def test_a_scan_is_read_whole_and_in_order():
    lu = assert_read(scanne([SHEET]))
    lines = [unicodedata.normalize("NFC", line) for line in lu.page.texte.split("\n") if line.strip()]
    assert lines[0] == "Mutuelle des Alpilles"
    assert lines[1] == "Relevé de remboursement du 12 mars 2026"
    assert "28,92" in lines[4]
    assert lu.page.confiance > 85


@pytest.mark.parametrize("dpi", [100, 200, 300])
def test_resolution_does_not_matter(dpi):
    assert_read(coder(feuille(dpi=dpi), "PNG", dpi=(dpi, dpi)))


@pytest.mark.parametrize("angle", [-2.0, 2.0])
def test_a_page_put_askew_is_read_and_its_boxes_lean_back(angle):
    assert_read(scanne([SHEET.rotate(angle, Image.Resampling.BICUBIC, fillcolor=250)]))


@pytest.mark.parametrize(
    "turn", [Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270], ids=lambda t: t.name
)
def test_a_page_fed_the_wrong_way_is_read(turn):
    wrong = SHEET.transpose(turn)
    size = (842, 595) if wrong.width > wrong.height else (595, 842)
    assert_read(scanne([wrong], size))


def test_a_page_fed_sideways_and_askew_is_read():
    wrong = SHEET.rotate(1.6, Image.Resampling.BICUBIC, fillcolor=250).transpose(Image.Transpose.ROTATE_90)
    assert_read(scanne([wrong], (842, 595)))


FEW = [
    "Bridge\nremboursement", "Facture", "BON POUR ACCORD\nLu et approuvé", "Page laissée blanche intentionnellement",
    "Carte Vitale\n1 84 03 44 990 901 80", "Ordonnance\nDr Martin",
]  # fmt: skip


@pytest.mark.parametrize("texte", [*FEW, "Non", "28,92 €", "12/03/2026", "Tél. 06 00 00 00 00", "SOS\nNOS"])
def test_a_sheet_of_few_words_is_read_the_way_it_is_shown(texte):
    lu = lire(scanne([feuille(texte.split("\n"), dpi=200)]))
    assert lu.page.texte.replace("'", "’") == texte


@pytest.mark.parametrize("turn", [90, 180, 270])
@pytest.mark.parametrize("texte", FEW)
def test_a_sheet_of_few_words_fed_the_wrong_way_is_turned_right(texte, turn):
    wrong = feuille(texte.split("\n"), dpi=200).rotate(turn, expand=True)
    lu = lire(scanne([wrong], (595, 842) if turn == 180 else (842, 595)))
    assert lu.page.texte == texte


def _lignes(*words: tuple[str, int]) -> list[list[ocr.Word]]:
    return [[(text, 0, 0, 1, 1, confidence) for text, confidence in words]]


@pytest.mark.parametrize(
    ("shown", "turned", "quarter"),
    [
        (("Bridge", 96), ("jusussinoqusel", 25), 0),
        (("jusussinoqusel", 25), ("remboursement", 95), 180),
        (("Non", 60), ("UON", 92), 0),
        (("92ZOZ/EO/CT", 0), ("12/03/2026", 97), 0),
        (("remboursement", 80), ("remboursement", 96), 0),
        (("griffonnage" * 9, 30), ("sed" * 2, 92), 0),
    ],
)
def test_a_page_is_turned_only_for_a_clear_gain(monkeypatch, shown, turned, quarter):
    readings = iter([_lignes(shown), [], [], _lignes(turned)])
    monkeypatch.setattr(ocr, "_tesseract", lambda _picture: next(readings))
    assert ocr._read_turned(Image.new("L", (40, 60), 255))[0] == quarter


def test_a_few_rubbish_words_read_across_do_not_make_a_page_turn(monkeypatch):
    rubbish = [word for n in range(12) for word in (("ilsoe", 30), ("nos", 95 if n < 4 else 20))]
    readings = iter([[], _lignes(*rubbish), [], _lignes(("Merci", 95), ("beaucoup", 95))])
    monkeypatch.setattr(ocr, "_tesseract", lambda _picture: next(readings))
    assert ocr._read_turned(Image.new("L", (40, 60), 255))[0] == 180


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_scan_turned_by_its_viewer_is_read_as_shown(rotate):
    from tests.extraction.feuilles import reworked

    contenu = reworked(scanne([SHEET.rotate(rotate, expand=True)], (842, 595) if rotate != 180 else (595, 842)),
                       lambda writer: writer.pages[0].rotate(rotate))  # fmt: skip
    assert_read(contenu)


def test_a_scan_cropped_by_its_viewer_keeps_boxes_in_place():
    from pypdf.generic import RectangleObject

    from tests.extraction.feuilles import reworked

    def work(writer):
        writer.pages[0].mediabox = RectangleObject((0, 0, 700, 950))
        writer.pages[0].cropbox = RectangleObject((20, 40, 615.28, 881.89))

    assert_read(reworked(scanne([SHEET]), work))


def test_pale_ink_is_read():
    assert_read(scanne([feuille(dpi=200, encre=140, fond=235)]))


def test_yellowed_and_shaded_paper_is_read():
    shade = np.linspace(1.0, 0.55, SHEET.width)[None, :, None] * np.array([1.0, 0.93, 0.7])[None, None, :]
    old = Image.fromarray((np.asarray(SHEET)[:, :, None] * shade).astype(np.uint8))
    lu = lire(coder(old, "PNG", dpi=(150, 150)))
    assert [word for word in MOTS if word not in lu.page.texte] == []


@pytest.mark.parametrize("orientation", [1, 6, 3])
def test_a_photo_of_a_sheet_on_a_table_is_read(orientation):
    from tests.extraction.test_image import STORED

    photo, _ = photographie(feuille(dpi=200))
    turn = STORED[orientation]
    lu = lire(coder(photo.transpose(turn) if turn is not None else photo, "JPEG", quality=90, exif=camera(orientation)))
    assert [word for word in MOTS if word not in lu.page.texte] == []
    first, last = lu.box("Mutuelle"), lu.box("salutations")
    k = lu.shown.width / lu.page.largeur
    for mot in (first, last):
        inside = np.asarray(lu.shown)[round(mot.y0 * k) : round(mot.y1 * k), round(mot.x0 * k) : round(mot.x1 * k)]
        assert inside.min() < 90
        assert np.median(inside) > 120
    assert first.y0 < last.y0


def test_a_photo_kept_in_a_pdf_is_read_as_a_photo_is():
    photo, _ = photographie(feuille(dpi=200))
    lu = lire(scanne([photo], (540, 720)))
    assert [word for word in MOTS if word not in lu.page.texte] == []


def test_a_photo_of_a_landscape_sheet_is_read():
    wide = feuille(dpi=200, papier=(842, 595))
    photo, _ = photographie(wide, size=(2400, 1800))
    lu = lire(coder(photo, "JPEG", quality=90, exif=camera()))
    assert [word for word in MOTS if word not in lu.page.texte] == []


def test_black_and_white_faxes_are_read():
    fax = feuille(dpi=200).point(lambda v: 255 if v > 150 else 0).convert("1")
    assert_read(coder(fax, "TIFF", compression="group4", dpi=(200, 200)))


def test_a_negative_is_read():
    from PIL import ImageOps

    lu = lire(scanne([ImageOps.invert(SHEET)]))
    assert "remboursement" in lu.page.texte or lu.page.confiance < 60


def test_a_long_receipt_is_read_to_its_end():
    lignes = [f"Article numéro {n} à prix doux" for n in range(100)] + ["Merci de votre visite"]
    ticket = feuille(lignes, dpi=110, taille=9, papier=(270, 2000))
    lu = lire(coder(ticket, "PNG", dpi=(110, 110)))
    assert "Merci de votre visite" in lu.page.texte
    assert "Article" in lu.page.texte
    lu = lire(scanne([ticket], (270, 2000)))
    assert "Merci de votre visite" in lu.page.texte


def _grainy(sheet: Image.Image, deviation: float) -> Image.Image:
    grain = np.random.default_rng(1).normal(0, deviation, sheet.size[::-1])
    return Image.fromarray(np.clip(np.asarray(sheet) + grain, 0, 255).astype(np.uint8))


def test_a_faint_word_on_grainy_paper_is_read():
    sheet = feuille(["Facture"], dpi=200, encre=120, fond=235)
    assert lire(scanne([_grainy(sheet, 14)])).page.texte == "Facture"


def test_a_blank_page_of_grainy_paper_gives_nothing_and_soon():
    began = time.process_time()
    assert lire(scanne([_grainy(Image.new("L", (1654, 2339), 235), 16)])).page.texte == ""
    assert time.process_time() - began < 10, "taken for ink, the grain asks for minutes"


def test_a_blank_page_gives_nothing():
    lu = lire(scanne([Image.new("L", (1240, 1754), 248)]))
    assert (lu.page.texte, lu.mots, lu.page.confiance) == ("", [], 0)


def test_the_words_typed_over_a_scan_are_kept_once():
    lu = lire(scanne([SHEET], mots="Dossier 2026-014"))
    assert "2026-014" in lu.page.texte
    assert lu.page.texte.count("remboursement") == 1
    with opened(scanne([SHEET], mots="Dossier 2026-014"), PDF) as papier:
        assert papier.text(1).a_ocr


def test_most_words_of_a_plain_page_are_right():
    lignes = [
        "Nous accusons réception de votre demande de remboursement",
        "concernant les soins dentaires de votre fils, reçue en février.",
        "Après étude du dossier, le montant de 1 234,56 € sera versé.",
        "L’œdème s’est résorbé ; la fièvre a cédé dès le troisième jour.",
        "Le dépassement d’honoraires n’est pas pris en charge.",
        "HBJD001  28,92  23,00  5,92    HBLD038  480,00  120,00  360,00",
        "Veuillez agréer, Madame, nos salutations les plus distinguées.",
    ] * 3  # fmt: skip
    noise = np.random.default_rng(3).normal(0, 6, (3508, 2480))
    page = Image.fromarray(np.clip(np.asarray(feuille(lignes, dpi=300, taille=11)) + noise, 0, 255).astype(np.uint8))
    wanted = " ".join(lignes).split()
    read = set(lire(scanne([page])).page.texte.replace("'", "’").split())
    right = sum(word in read for word in wanted) / len(wanted)
    assert right >= 0.97, sorted(set(wanted) - read)


@pytest.mark.parametrize(
    ("read", "kept"),
    [
        ("HBJDO01", "HBJD001"),
        ("HBLD0l8", "HBLD018"),
        ("LBLDO15", "LBLD015"),
        ("BONJOUR", "BONJOUR"),
        ("ABCDOIl", "ABCDOIl"),
        ("2026", "2026"),
    ],
)
def test_the_figures_of_an_act_code_are_figures(read, kept):
    assert ocr._repaired(read) == kept


def test_what_is_missing_is_said_in_french(monkeypatch):
    monkeypatch.setattr(langue, "_FOLDERS", ())
    monkeypatch.delenv("TESSDATA_PREFIX", raising=False)
    assert "tesseract-ocr-fra" in (langue.missing_sentence() or "")
