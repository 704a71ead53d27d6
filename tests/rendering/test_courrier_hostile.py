"""Whatever people type or paste: it is set as typed, and never runs."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from mutuelle_desktop.domain.courrier import Expediteur, Fragment, GenreBloc, Lettre, PieceJointe
from mutuelle_desktop.rendering.courrier import pdf_of, svg_of, undrawable
from mutuelle_desktop.rendering.glyphes import ABSENT, absent, coverage, drawable, shipped
from tests.rendering.lettres import JOUR, LETTRE, items, para, rows, tagged, text_of

PIEGES = (
    '#import "@preview/evil:1.0.0": *',
    "$x^2$ et $ \\frac{1}{2} $",
    "*gras* _italique_ `code` = titre",
    '#read("/etc/passwd") #panic() #sys.inputs',
    "@reference <etiquette> // commentaire /* non */",
    "\\u{1f600} \\ \\n ~ -- --- ...",
    '"]} , { "corps": [] }',
    "[#text(fill: red)[x]]",
    "{nom} %s {0} ${HOME} `id`",
    "https://exemple.fr/?a=1&b=<2>",
)


def everywhere(said: str) -> Lettre:
    return Lettre(
        expediteur=Expediteur(nom=said, lignes=(said,), telephone=said, courriel=said, adherent=said, contrat=said),
        destinataire=(said,),
        references=((said, said + "!"),),
        lieu=said,
        jour=JOUR,
        objet=said,
        appel=said,
        corps=(
            para(said, Fragment(texte=said, gras=True)),
            rows((said, said), (said, said)),
            items(GenreBloc.PUCES, said),
        ),
        formule=said,
        pieces=(PieceJointe(document_id="a", numero=1, titre=said),),
        copie_a=said,
        mention_envoi=said,
    )


@pytest.mark.parametrize("piege", PIEGES)
def test_markup_comes_out_as_it_was_typed(piege):
    pdf = pdf_of(everywhere(piege))
    flat = re.sub(r"\s", "", "".join(text for _path, text in tagged(pdf)))
    assert flat.count(re.sub(r"\s", "", piege)) >= 20


def test_right_to_left_text_and_emoji_are_drawn():
    said = "שלום עולם مرحبا 😀 👍🏽 ❤️ ☐ Ελλάδα Привет"
    assert undrawable(replace(LETTRE, objet=said)) == ""
    pdf = pdf_of(replace(LETTRE, objet=said))
    text = PdfReader(BytesIO(pdf)).pages[0].extract_text()  # PDFium loses what is beyond 16 bits
    for word in ("שלום", "Ελλάδα", "Привет", "😀", "👍🏽", "❤️"):
        assert word in text or word[::-1] in text, word


def test_what_no_font_draws_is_told_and_replaced_never_dropped():
    lettre = replace(LETTRE, objet="Vœux 新年 \ue123")
    assert undrawable(lettre) == "新年\ue123"
    assert f"Vœux {ABSENT * 2} {ABSENT}" in text_of(pdf_of(lettre))


def test_the_fonts_have_what_french_needs():
    needed = "àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ«»’“”…–—€°№§%‰×÷±²³µ½¼¾•\u00a0\u202f☐☑"
    assert absent(needed) == ""
    regular = TTFont(shipped("fonts") / "SourceSerif4-Regular.ttf").getBestCmap()
    assert {c for c in needed if ord(c) not in regular} <= set("№☑☐")


def test_the_coverage_is_that_of_the_fonts():
    wanted = set()
    for path in shipped("fonts").glob("*.ttf"):
        wanted |= TTFont(path).getBestCmap().keys()
    assert coverage() - wanted == set() or coverage() >= wanted
    assert wanted <= coverage()


def test_every_font_ships_with_its_licence():
    for path in shipped("fonts").glob("*.ttf"):
        family = path.stem.split("-")[0]
        assert (shipped("fonts") / f"{family}-LICENCE.txt").stat().st_size > 1000


@pytest.mark.parametrize(
    ("avant", "apres"),
    [("a\tb", "a b"), ("a\r\nb\u2028c", "a\nb\nc"), ("a\0\x07\x1bb", "ab"), ("e\u0301", "é"), ("x\u202ey", "xy"), ("\ufeffa", "a"),
     ("a\ud800b", "ab"), ("", ""), ("a\u00adb", "a\u00adb")],
)  # fmt: skip
def test_text_is_made_drawable(avant, apres):
    assert drawable(avant) == apres
    assert drawable(apres) == apres


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60))
def test_any_text_makes_an_archive(said):
    assert pdf_of(everywhere(said)).startswith(b"%PDF-")


def test_very_long_words_lines_and_tables_are_set():
    long = replace(
        LETTRE,
        objet="x" * 3000,
        destinataire=("y" * 500,) * 40,
        corps=(para("z" * 5000), rows(*[tuple(f"cellule {n}.{m}" for m in range(12)) for n in range(60)])),
        expediteur=replace(LETTRE.expediteur, lignes=("rue " * 50,) * 40),
    )
    assert len(svg_of(long)) > 3
    pdf_of(long)
