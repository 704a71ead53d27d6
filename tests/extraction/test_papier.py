"""The sheet made flat, straight and evenly lit."""

import numpy as np
import pytest
from PIL import Image

from mutuelle_desktop.extraction import papier
from tests.extraction.feuilles import feuille, photographie

SHEET = feuille(dpi=150)


@pytest.mark.parametrize("angle", [-4.0, -2.0, -0.7, 0.0, 0.5, 2.0, 3.5])
def test_the_lean_of_a_page_is_told(angle):
    leaning = SHEET.rotate(angle, Image.Resampling.BICUBIC, fillcolor=250)
    assert papier.skew_of(leaning) == pytest.approx(-angle, abs=0.25)


@pytest.mark.parametrize(
    "page", [Image.new("L", (900, 1200), 255), Image.new("L", (900, 1200), 0), Image.new("L", (1, 1), 90)]
)
def test_a_page_without_lines_does_not_lean(page):
    assert papier.skew_of(page) == 0.0


def test_shaded_and_yellowed_paper_becomes_white_and_ink_stays_dark():
    shade = np.linspace(0.95, 0.5, SHEET.width)[None, :] * np.linspace(1.0, 0.8, SHEET.height)[:, None]
    shaded = Image.fromarray((np.asarray(SHEET) * shade).astype(np.uint8))
    flat = np.asarray(papier.flatten(shaded))
    ink = np.asarray(SHEET) < 60
    paper = np.asarray(SHEET) > 245
    assert np.percentile(flat[paper], 2) > 200
    assert np.median(flat[paper]) == 255
    assert np.median(flat[ink]) < 70


@pytest.mark.parametrize("deviation", [4, 10, 16, 24])
def test_the_grain_of_paper_goes_and_faint_ink_stays(deviation):
    faint = np.asarray(feuille(dpi=150, encre=110, fond=235), np.float32)
    grain = np.random.default_rng(4).normal(0, deviation, faint.shape)
    flat = np.asarray(papier.flatten(Image.fromarray(np.clip(faint + grain, 0, 255).astype(np.uint8))))
    assert (flat[faint > 230] == 255).mean() > 0.9
    assert np.median(flat[faint < 125]) < 170


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2000, 3), (9, 9)])
def test_slivers_are_flattened_too(size):
    assert papier.flatten(Image.new("L", size, 128)).size == size


QUADS = {
    "upright": None,
    "leaning": ((0.16, 0.05), (0.95, 0.13), (0.88, 0.95), (0.06, 0.86)),
    "touching the left border": ((0.0, 0.06), (0.9, 0.04), (0.93, 0.93), (0.0, 0.95)),
    "far away": ((0.2, 0.22), (0.75, 0.25), (0.78, 0.8), (0.17, 0.78)),
}


@pytest.mark.parametrize("name", QUADS)
def test_a_sheet_on_a_dark_table_is_cut_out(name):
    photo, way = photographie(SHEET, corners=QUADS[name])
    cut = papier.cut_sheet(photo)
    assert cut.retour != papier.IDENTITE
    across, down = cut.image.size
    for corner, truth in (
        ((0, 0), (0, 0)),
        ((across, 0), (SHEET.width, 0)),
        ((across, down), SHEET.size),
        ((0, down), (0, SHEET.height)),
    ):
        x, y = papier.Feuille(photo, way).back(*cut.back(*corner))
        assert abs(x - truth[0]) < 0.02 * SHEET.width
        assert abs(y - truth[1]) < 0.02 * SHEET.height


def test_a_sheet_laid_sideways_is_cut_out_with_all_its_width():
    wide = SHEET.transpose(Image.Transpose.ROTATE_90)
    photo, _ = photographie(wide, size=(2400, 1800))
    cut = papier.cut_sheet(photo)
    assert cut.image.width / cut.image.height == pytest.approx(wide.width / wide.height, rel=0.1)
    assert min(cut.image.size) > 1300


@pytest.mark.parametrize("photo", [SHEET, Image.new("L", (800, 1000), 40), Image.effect_noise((800, 1000), 40),
                                   Image.linear_gradient("L").resize((900, 1200)), Image.new("L", (1, 1))])  # fmt: skip
def test_where_no_sheet_stands_out_nothing_is_cut(photo):
    cut = papier.cut_sheet(photo)
    assert cut.retour == papier.IDENTITE
    assert cut.image.size == photo.size
