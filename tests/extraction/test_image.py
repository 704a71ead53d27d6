"""Pictures of every kind are opened, shown upright and measured alike."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from mutuelle_desktop.domain.errors import Unreadable
from mutuelle_desktop.extraction import image
from mutuelle_desktop.extraction.lecteur import Papier, opened
from mutuelle_desktop.extraction.sniff import HEIC, sniff
from tests.extraction.feuilles import camera, coder

# what undoes each EXIF orientation, so that a picture stored that way shows the corner mark at the top left
STORED = {
    1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}  # fmt: skip


def marked(mode: str = "RGB") -> Image.Image:
    """Return a portrait picture, white but for a dark square at the top left and a grey band at the bottom."""
    picture = Image.new("L", (300, 420), 255)
    picture.paste(10, (0, 0, 90, 90))
    picture.paste(120, (0, 380, 300, 420))
    return picture.convert(mode)


def assert_shown(contenu: bytes, *, colour: bool = True) -> None:
    mime = sniff(contenu)
    assert mime
    with opened(contenu, mime) as papier:
        before = papier.size(1)
        shown = papier.render(1, 210)
        assert papier.size(1) == before, "the size does not depend on what was drawn before"
        assert papier.text(1).a_ocr
    assert before[1] / before[0] == pytest.approx(1.4, abs=0.01)
    assert shown.size == (150, 210)
    grey = np.asarray(shown.convert("L"))
    assert grey[20, 20] < 80
    assert grey[20, 130] > 225
    assert grey[170, 20] > 225
    if colour:
        assert 60 < grey[205, 75] < 190


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG", "WEBP"])
def test_a_picture_is_shown_the_way_it_was_held(orientation, kind):
    turn = STORED[orientation]
    stored = marked() if turn is None else marked().transpose(turn)
    assert ImageOps.exif_transpose(_with(stored, orientation)).size == (300, 420)
    assert_shown(coder(stored, kind, exif=camera(orientation)))


def _with(picture: Image.Image, orientation: int) -> Image.Image:
    out = picture.copy()
    out.getexif()[0x0112] = orientation
    return out


def _sixteen() -> bytes:
    return coder(Image.fromarray(np.asarray(marked("L"), np.uint16) * 257), "PNG")


def _tiff_sixteen() -> bytes:
    return coder(Image.fromarray(np.asarray(marked("L"), np.uint16) * 257), "TIFF")


def _clear() -> bytes:
    """Return a picture whose paper is transparent black, as a signature cut out is."""
    ink = marked("L")
    return coder(Image.merge("LA", (Image.new("L", ink.size), ImageOps.invert(ink))), "PNG")


def _palette_clear() -> bytes:
    picture = marked().quantize(8)
    index = picture.getpixel((150, 150))
    return coder(picture, "PNG", transparency=index)


def _heic() -> bytes:
    import pillow_heif

    pillow_heif.register_heif_opener()
    return coder(marked(), "HEIF", quality=90)


@pytest.mark.parametrize(
    "make",
    [
        lambda: coder(marked("CMYK"), "JPEG", quality=95),
        lambda: coder(marked("L"), "JPEG"),
        lambda: coder(marked(), "JPEG", progressive=True, dpi=(300, 300)),
        lambda: coder(marked("CMYK"), "TIFF"),
        lambda: coder(marked("LAB"), "TIFF"),
        lambda: coder(marked(), "TIFF", compression="jpeg"),
        lambda: coder(marked(), "TIFF", compression="tiff_lzw", dpi=(200, 200)),
        lambda: coder(marked("F"), "TIFF"),
        lambda: coder(marked().quantize(16), "PNG"),
        lambda: coder(marked().quantize(16), "GIF"),
        lambda: coder(marked("RGBA"), "PNG"),
        lambda: coder(marked(), "BMP"),
        lambda: coder(marked(), "WEBP", lossless=True),
        _sixteen, _tiff_sixteen, _clear, _palette_clear, _heic,
    ],
    ids=["cmyk jpeg", "grey jpeg", "progressive jpeg", "cmyk tiff", "lab tiff", "jpeg tiff", "lzw tiff", "float tiff",
         "palette png", "gif", "rgba png", "bmp", "lossless webp", "16-bit png", "16-bit tiff", "clear paper",
         "clear palette", "heic"],
)  # fmt: skip
def test_every_kind_of_picture_is_shown_as_it_looks(make):
    assert_shown(make())


@pytest.mark.parametrize("compression", ["group4", "packbits", None])
def test_a_black_and_white_fax_is_shown(compression):
    assert_shown(coder(marked("L").point(lambda v: 255 if v > 150 else 0).convert("1"), "TIFF",
                       compression=compression), colour=False)  # fmt: skip


def test_a_tiff_of_several_pages_gives_each_at_its_own_size():
    pages = [marked(), marked("L").resize((420, 300)), marked("1").resize((600, 840))]
    contenu = coder(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    with opened(contenu, "image/tiff") as papier:
        assert papier.pages == 3
        assert [papier.size(n)[0] > papier.size(n)[1] for n in (1, 2, 3)] == [False, True, False]
        assert [papier.render(n, 100).size for n in (3, 1, 2)] == [(71, 100), (71, 100), (100, 71)]
        with pytest.raises(Unreadable, match="page 4"):
            papier.render(4, 100)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_an_animation_is_one_page(kind):
    contenu = coder(
        marked(), kind, save_all=True, append_images=[marked("L").convert("RGB"), Image.new("RGB", (300, 420))]
    )
    with opened(contenu, sniff(contenu) or "") as papier:
        assert papier.pages == 1
    assert_shown(contenu)


def test_a_jpeg_cut_short_is_shown_as_far_as_it_goes():
    whole = coder(Image.effect_noise((900, 1200), 60).convert("RGB"), "JPEG", quality=90)
    for share in (0.3, 0.6, 0.95):
        with opened(whole[: int(len(whole) * share)], "image/jpeg") as papier:
            assert papier.render(1, 400).size == (300, 400)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP", "GIF", "BMP", "JPEG", "HEIF"])
def test_a_picture_cut_anywhere_is_shown_or_refused_in_french(kind):
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    whole = coder(Image.effect_noise((120, 160), 60).convert("RGB"), kind)
    for cut in [*range(8, 200, 16), *range(200, len(whole), max(1, len(whole) // 25))]:
        mime = sniff(whole[:cut])
        if mime is None:
            continue
        told = ""
        try:
            with opened(whole[:cut], mime) as papier:
                papier.size(1)
                papier.render(1, 100)
        except Unreadable as error:
            told = str(error)
        assert not told or told.endswith(".")


def test_a_picture_too_large_to_be_safe_is_refused_before_it_is_decoded():
    with pytest.raises(Unreadable, match="trop grande"), opened(bomb(), "image/png") as papier:
        papier.render(1, 100)


def bomb(side: int = 30_000) -> bytes:
    """Return a few kilobytes of PNG that claim that many pixels a side."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(100_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("picture", "options", "photo", "dpi"),
    [
        ((2480, 3508), {"dpi": (300, 300)}, False, 300),
        ((2480, 3508), {"dpi": (72, 72)}, True, 3508 / 11.7),
        ((3000, 4000), {"exif": camera(6), "dpi": (300, 300)}, True, 4000 / 11.7),
        ((400, 600), {}, True, 72),
    ],
)
def test_a_camera_is_told_from_a_scanner(picture, options, photo, dpi):
    contenu = coder(Image.new("L", picture, 240), "JPEG", **options)
    with image.opened(contenu, "image/jpeg") as found:
        assert image.is_photo(found) == photo
        assert image.dpi_of(found) == pytest.approx(dpi, rel=0.01)


def test_a_phone_s_picture_is_a_photo():
    with image.opened(_heic(), HEIC) as found:
        assert image.is_photo(found)


def test_the_picture_of_a_long_receipt_is_not_shrunk_until_its_letters_go():
    contenu = coder(Image.new("L", (1080, 14_000), 250), "PNG")
    with opened(contenu, "image/png") as papier:
        assert isinstance(papier, Papier)
        assert papier._for_ocr(1).width >= 700


def test_a_thumbnail_of_noise_stays_small():
    contenu = coder(Image.effect_noise((1500, 2000), 200).convert("RGB"), "JPEG")
    with opened(contenu, "image/jpeg") as papier:
        vignette = papier.thumbnail()
    assert len(vignette) <= 8000
    with Image.open(io.BytesIO(vignette)) as picture:
        assert picture.size == (192, 256)
