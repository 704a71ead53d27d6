"""Papers made ready and bound: what shows is there, upright; what acts, tells or is hidden is not."""

import io
import re

import pytest
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Link
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

from mutuelle_desktop.extraction.lecteur import opened
from mutuelle_desktop.rendering.dossier import Partie, Signet, bind
from mutuelle_desktop.rendering.feuille import A4, Boite, width_of, wrapped
from mutuelle_desktop.rendering.feuillets import Feuillets, Masque, avis, feuillets
from mutuelle_desktop.rendering.nettoyage import bare_jpeg
from tests.services.aides import spaced
from tests.services.papiers import pdf_bytes, picture, tiff

PDF, JPEG = "application/pdf", "image/jpeg"
FORBIDDEN = (
    "/JavaScript", "/JS", "/AA", "/OpenAction", "/Launch", "/SubmitForm", "/URI", "/EmbeddedFile", "/Metadata", "/PieceInfo",
    "/AcroForm", "/Annots", "/Author",
)  # fmt: skip


def ready(contenu: bytes, mime: str = PDF, *masques: Masque, password: str = "") -> Feuillets:
    with opened(contenu, mime, password) as papier:
        return feuillets(papier, contenu, mime, "Pièce n°\u00a03", password=password, masques=masques)


def read(made: Feuillets) -> list[str]:
    return [spaced(page.extract_text()) for page in PdfReader(io.BytesIO(made.contenu)).pages]


def keys_of(contenu: bytes) -> set[str]:
    """Return every key of every object of a PDF, and its names of kinds of action."""
    found: set[str] = set()

    def walk(value) -> None:
        if isinstance(value, DictionaryObject):
            found.update(value.keys())
            found.update(str(v) for k, v in value.items() if k in ("/S", "/Type"))
            for one in value.values():
                walk(one)
        elif isinstance(value, ArrayObject):
            for one in value:
                walk(one)

    reader = PdfReader(io.BytesIO(contenu))
    for number in range(1, reader.trailer["/Size"]):
        try:
            walk(reader.get_object(number))
        except Exception:  # a free number
            continue
    return found


def shot(made: Feuillets, numero: int = 1) -> Image.Image:
    with opened(made.contenu, PDF) as papier:
        return papier.render(numero, 842).convert("L")


def quarter(turn: int, *, crop: bool = False) -> bytes:
    """A page whose top left corner, as one sees it, has a black square; turned as scanners turn."""
    out = io.BytesIO()
    across, down = A4 if turn % 180 == 0 else A4[::-1]
    canvas = Canvas(out, pagesize=(across, down))
    x, y = {0: (0, down - 100), 90: (0, 0), 180: (across - 100, 0), 270: (across - 100, down - 100)}[turn]
    canvas.rect(x, y, 100, 100, fill=1)
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(out.getvalue())))
    writer.pages[0][NameObject("/Rotate")] = NumberObject(turn)
    if crop:
        writer.pages[0].cropbox.upper_right = (across, down)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_each_page_has_its_stamp_and_its_text():
    made = ready(pdf_bytes("un", "deux", "trois"))
    assert made.pages == 3
    for number, (text, word) in enumerate(zip(read(made), ("un", "deux", "trois"), strict=True), start=1):
        assert word in text
        assert f"Pièce n° 3 – p. {number}/3" in text


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_is_upright(turn):
    made = ready(quarter(turn))
    page = PdfReader(io.BytesIO(made.contenu)).pages[0]
    assert (page.rotation, round(page.mediabox.width)) == (0, 595)
    seen = shot(made)
    assert seen.getpixel((60, 80)) < 60, "the corner one saw at the top left is there"
    for x, y in ((535, 80), (60, 760), (535, 760)):
        assert seen.getpixel((x, y)) > 200


def test_the_matrix_carries_each_corner_where_one_sees_it():
    for turn in range(4):
        box = Boite(10, 20, 100, 200, turn)
        a, b, c, d, e, f = box.matrix(50, 60, 0.5)
        corners = [(a * x + c * y + e, b * x + d * y + f) for x in (10, 110) for y in (20, 220)]
        across, down = box.shown
        assert (min(x for x, _ in corners), min(y for _, y in corners)) == pytest.approx((50, 60))
        assert (max(x for x, _ in corners), max(y for _, y in corners)) == pytest.approx(
            (50 + across / 2, 60 + down / 2)
        )


def test_a_wide_page_lies_down_and_a_small_one_keeps_its_size():
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(1190, 842))
    canvas.drawString(50, 50, "large")
    canvas.showPage()
    canvas.setPageSize((243, 153))
    canvas.rect(0, 0, 243, 153, fill=1)
    canvas.save()
    made = ready(out.getvalue())
    wide, card = PdfReader(io.BytesIO(made.contenu)).pages
    assert wide.mediabox.width > wide.mediabox.height
    assert card.mediabox.width > card.mediabox.height
    dark = shot(made, 2).crop((0, 45, 842, 560)).point(lambda v: 255 if v < 60 else 0).getbbox()
    assert dark is not None
    assert dark[2] - dark[0] == pytest.approx(243, abs=3)


def hostile() -> bytes:
    """A PDF with all that must not pass: scripts, actions, links, files, notes, fields, metadata."""
    photo = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "GPSPHONE"
    Image.new("RGB", (300, 300), "navy").save(photo, "JPEG", exif=exif, comment=b"COMMENTAIRE")
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.drawString(60, 700, "contenu visible")
    canvas.showPage()
    canvas.setAuthor("Auteur Caché")
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(out.getvalue())))
    page = writer.pages[0]
    image = StreamObject()
    image._data = photo.getvalue()
    image.update({
        NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Image"),
        NameObject("/Width"): NumberObject(300), NameObject("/Height"): NumberObject(300),
        NameObject("/ColorSpace"): NameObject("/DeviceRGB"), NameObject("/BitsPerComponent"): NumberObject(8),
        NameObject("/Filter"): NameObject("/DCTDecode"),
        NameObject("/Metadata"): writer._add_object(StreamObject()),
    })  # fmt: skip
    page["/Resources"][NameObject("/XObject")] = DictionaryObject({NameObject("/Im"): writer._add_object(image)})
    drawn = StreamObject()
    drawn.set_data(page.get_contents().get_data() + b"\nq 100 0 0 100 60 500 cm /Im Do Q")
    page[NameObject("/Contents")] = writer._add_object(drawn)
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    writer.add_attachment("secret.txt", b"secret")
    writer.add_annotation(0, Link(rect=(50, 50, 100, 100), url="https://exemple.fr/pistage"))
    writer.add_annotation(0, FreeText(text="note", rect=(200, 200, 300, 240)))
    field = StreamObject()
    field.set_data(b"BT /F1 12 Tf 2 4 Td (valeur remplie) Tj ET")
    field.update({
        NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form"),
        NameObject("/BBox"): ArrayObject([FloatObject(0), FloatObject(0), FloatObject(150), FloatObject(20)]),
        NameObject("/Resources"): page["/Resources"],
    })  # fmt: skip
    shown = writer._add_object(field)
    for flags, x in ((4, 300), (2, 400)):  # printed; hidden
        look = shown if flags == 4 else writer._add_object(_hidden(field))
        page["/Annots"].append(writer._add_object(DictionaryObject({
            NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Tx"), NameObject("/T"): TextStringObject(f"champ{x}"),
            NameObject("/Rect"): ArrayObject([FloatObject(n) for n in (x, 300, x + 150, 320)]),
            NameObject("/F"): NumberObject(flags), NameObject("/AP"): DictionaryObject({NameObject("/N"): look}),
            NameObject("/AA"): DictionaryObject({NameObject("/K"): DictionaryObject({
                NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")})}),
        })))  # fmt: skip
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _hidden(field: StreamObject) -> StreamObject:
    other = StreamObject()
    other.set_data(b"BT /F1 12 Tf 2 4 Td (valeur masquee) Tj ET")
    other.update({key: value for key, value in field.items() if key not in ("/Length", "/Filter")})
    return other


def test_nothing_that_acts_or_tells_passes_and_filled_fields_stay():
    contenu = hostile()
    assert {"/JS", "/AA", "/URI", "/OpenAction", "/EmbeddedFile", "/Annots", "/Metadata"} <= keys_of(contenu)
    made = ready(contenu)
    bound = bind([Partie(made.contenu)], "Dossier", "Dossier")
    for pdf in (made.contenu, bound):
        assert not keys_of(pdf) & set(FORBIDDEN)
        for word in (b"GPSPHONE", b"COMMENTAIRE", b"secret", b"pistage", b"alert", "Auteur Caché".encode()):
            assert word not in pdf
    (text,) = read(made)
    assert "contenu visible" in text
    assert "valeur remplie" in text
    assert "valeur masquee" not in text
    assert shot(made).crop((60, 230, 160, 350)).getextrema()[0] < 60, "the picture is still drawn"


def test_a_hidden_layer_stays_hidden():
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.drawString(60, 700, "visible")
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(out.getvalue())))
    layer = writer._add_object(
        DictionaryObject({NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject("c")})
    )
    page = writer.pages[0]
    page["/Resources"][NameObject("/Properties")] = DictionaryObject({NameObject("/L"): layer})
    drawn = StreamObject()
    drawn.set_data(
        page.get_contents().get_data() + b"\n/OC /L BDC BT /F1 12 Tf 60 600 Td (CACHE) Tj ET 60 400 200 100 re f EMC"
    )
    page[NameObject("/Contents")] = writer._add_object(drawn)
    writer.root_object[NameObject("/OCProperties")] = DictionaryObject({
        NameObject("/OCGs"): ArrayObject([layer]),
        NameObject("/D"): DictionaryObject({NameObject("/OFF"): ArrayObject([layer]), NameObject("/Order"): ArrayObject([layer])}),
    })  # fmt: skip
    target = io.BytesIO()
    writer.write(target)
    made = ready(target.getvalue())
    assert "CACHE" not in read(made)[0]
    assert shot(made).crop((80, 350, 240, 440)).getextrema()[0] > 200


def test_a_mask_leaves_only_pixels():
    made = ready(pdf_bytes("Nom : BESSIERE", "suite"), PDF, Masque(1, ((0.0, 0.0, 1.0, 0.3),)))
    first, second = read(made)
    assert "BESSIERE" not in first
    assert "suite" in second
    assert b"BESSIERE" not in made.contenu
    assert shot(made).getpixel((300, 150)) < 40
    assert shot(made).getpixel((300, 600)) > 200


def test_a_mask_may_be_drawn_from_any_corner_and_beyond_the_page():
    made = ready(pdf_bytes("x"), PDF, Masque(1, ((1.2, 0.5, 0.5, -0.1),)))
    assert shot(made).getpixel((450, 100)) < 40
    assert shot(made).getpixel((100, 100)) > 200


def test_a_page_masked_whole_says_only_that():
    (text,) = read(ready(pdf_bytes("secret"), PDF, Masque(1)))
    assert "n’est pas communiquée" in text
    assert "secret" not in text


def test_photos_are_upright_small_and_without_memory(tmp_path):
    path = tmp_path / "p.jpg"
    photo = Image.effect_noise((4000, 3000), 40).convert("RGB")
    ImageDraw.Draw(photo).rectangle((0, 0, 1500, 1100), fill="black")
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "GPSPHONE"
    photo.save(path, "JPEG", quality=92, exif=exif, comment=b"COMMENTAIRE")
    made = ready(path.read_bytes(), JPEG)
    assert len(made.contenu) < 1_200_000 < path.stat().st_size
    assert b"GPSPHONE" not in made.contenu
    assert b"COMMENTAIRE" not in made.contenu
    seen = shot(made)
    assert seen.width < seen.height
    assert seen.getpixel((520, 90)) < 60, "turned clockwise, its dark corner is at the top right"


def test_every_page_of_a_fax_is_there(tmp_path):
    made = ready(tiff(tmp_path / "f.tiff", ["un", "deux", "trois"]).read_bytes(), "image/tiff")
    assert (made.pages, len(read(made))) == (3, 3)


def test_a_picture_is_stamped_too(tmp_path):
    (text,) = read(ready(picture(tmp_path / "a.png").read_bytes(), "image/png"))
    assert "Pièce n° 3 – p. 1/1" in text


def test_heavy_pages_are_drawn_rather_than_copied():
    noise = Image.effect_noise((2400, 3400), 90)
    out = io.BytesIO()
    noise.convert("RGB").save(out, "PDF", resolution=290, quality=100)
    assert len(out.getvalue()) > 5_000_000
    assert len(ready(out.getvalue()).contenu) < 3_500_000


def test_a_page_that_cannot_be_reproduced_says_so():
    class Broken:
        pages = 2

        def render(self, numero, largest):
            raise OSError

        def leaf(self, numero, largest=None):
            raise OSError

    made = feuillets(Broken(), b"%PDF-1.7 rien", PDF, "Pièce n°\u00a03")
    assert made.perdues == (1, 2)
    assert "n’a pas pu être reproduite" in read(made)[0]


def test_a_notice_is_wrapped_within_the_sheet():
    made = avis("Pièce n°\u00a09", ("Titre", "", "Ce document n’est pas reproduit ici : " + "longue raison " * 30))
    (text,) = read(made)
    assert "Pièce n° 9 – p. 1/1" in text
    lines = wrapped("mot " * 200, 11, 400)
    assert all(width_of(line, 11) <= 400 for line in lines)
    assert " ".join(lines).split() == ["mot"] * 200


def test_a_bare_jpeg_has_the_same_pixels_and_no_note():
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "GPSPHONE"
    Image.effect_noise((64, 64), 50).save(out, "JPEG", exif=exif, comment=b"COMMENTAIRE", icc_profile=b"x" * 200)
    full = out.getvalue() + b"APRES LA FIN GPSPHONE"
    bare = bare_jpeg(full)
    assert re.search(rb"GPSPHONE|COMMENTAIRE", bare) is None
    before, after = (Image.open(io.BytesIO(data)).tobytes() for data in (full, bare))
    assert before == after
    assert bare_jpeg(b"autre chose") == b"autre chose"
    assert bare_jpeg(full[:30]).startswith(b"\xff\xd8"), "cut short, it is left as short"


def test_what_is_bound_has_its_bookmarks_numbers_title_and_language():
    parts = [
        Partie(ready(pdf_bytes("couverture")).contenu, (Signet("Couverture"),), numeroter=False),
        Partie(ready(pdf_bytes("un", "deux")).contenu, (Signet("Pièce n° 1"), Signet("suite", 2, 1))),
    ]
    pdf = bind(parts, "Dossier 2026-014", "Dossier 2026-014")
    assert pdf == bind(parts, "Dossier 2026-014", "Dossier 2026-014")
    reader = PdfReader(io.BytesIO(pdf))
    texts = [spaced(page.extract_text()) for page in reader.pages]
    assert "page 1/3" not in texts[0]
    assert "Dossier 2026-014 – page 3/3" in texts[2]
    top, sub = reader.outline[:2], reader.outline[2]
    assert [m.title for m in top] == ["Couverture", "Pièce n° 1"]
    assert reader.get_destination_page_number(sub[0]) == 2
    assert reader.metadata.title == "Dossier 2026-014"
    assert set(reader.metadata) == {"/Title"}
    assert reader.root_object["/Lang"] == "fr-FR"
