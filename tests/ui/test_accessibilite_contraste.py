"""Contrast, computed for both themes: every ink on every ground of the style, every border and mark that says something."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
THEMES = ROOT / "resources" / "themes"
GROUNDS = ("fond", "surface", "surface2")
SOFT = ("alerte", "danger", "succes", "info")
RULE = re.compile(r"^([^{\n]+?)\s*\{\{(.*?)\}\}", re.MULTILINE)
FREE = re.compile(r":disabled|::menu-indicator|QScrollBar|::separator")
"""What WCAG sets free: what cannot be acted on, and what Qt draws for the pointer alone."""


def colors(mode: str) -> dict[str, str]:
    return tomllib.loads((THEMES / f"{mode}.toml").read_text("utf-8"))


def luminance(color: str) -> float:
    parts = [int(color[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def rules() -> list[tuple[str, dict[str, str]]]:
    """Return the rules of the style: what they are for, and their properties."""
    text = (THEMES / "style.qss").read_text("utf-8")
    return [
        (name, dict(part.split(":", 1) for part in (p.strip() for p in body.split(";")) if ":" in part))
        for name, body in RULE.findall(text)
    ]


def role_of(value: str) -> str:
    found = re.search(r"\{(\w+)\}", value)
    return found[1] if found else ""


def written() -> set[tuple[str, str]]:
    """Return every pair of ink and ground that a rule puts together, or may meet when it names but one of them."""
    pairs = set()
    for name, properties in rules():
        if FREE.search(name):
            continue
        ink, ground = role_of(properties.get("color", "")), role_of(properties.get("background", ""))
        if ink and ground:
            pairs.add((ink, ground))
        elif ink:
            pairs |= {(ink, one) for one in ("fond", "surface")}
        elif ground in (*GROUNDS, "accent_doux", *(f"{kind}_doux" for kind in SOFT)):
            pairs.add(("encre", ground))
    return pairs


def painted() -> set[tuple[str, str]]:
    """Return the pairs of the lists, the chips, the month and the letter, which are painted and not styled."""
    rows = {(ink, ground) for ink in ("encre", "encre2") for ground in ("surface", "surface2", "accent_doux", "fond")}
    chips = {(kind, f"{kind}_doux") for kind in SOFT} | {("encre2", "surface2")}
    return rows | chips | {("encre", f"{kind}_doux") for kind in SOFT}


@pytest.mark.parametrize("mode", ["clair", "sombre"])
def test_every_text_is_read_on_its_ground(mode):
    named = colors(mode)
    pairs = written() | painted()
    assert len(pairs) > 20
    faint = {f"{ink} on {ground}": round(contrast(named[ink], named[ground]), 2) for ink, ground in sorted(pairs)
             if contrast(named[ink], named[ground]) < 4.5}  # fmt: skip
    assert faint == {}


@pytest.mark.parametrize("mode", ["clair", "sombre"])
def test_every_border_that_shows_a_field_or_the_keyboard_and_every_mark_is_seen(mode):
    named = colors(mode)
    lit = {role_of(value) for name, properties in rules() if ":focus" in name
           for key, value in properties.items() if key.startswith("border")} - {""}  # fmt: skip
    assert "accent" in lit
    marks = {(ink, ground) for ink in (*lit, "accent", *SOFT) for ground in ("surface", "fond", "surface2")}
    marks |= {("contour", ground) for ground in ("surface", "fond")}
    faint = {f"{ink} on {ground}": round(contrast(named[ink], named[ground]), 2) for ink, ground in sorted(marks)
             if contrast(named[ink], named[ground]) < 3}  # fmt: skip
    assert faint == {}


def test_fields_and_boxes_have_a_border_one_sees():
    fields = [
        properties
        for name, properties in rules()
        if name.startswith(("QLineEdit, QPlainTextEdit", "QCheckBox::indicator"))
    ]
    assert {role_of(p["border"]) for p in fields if "border" in p} <= {"contour", "encre2", "accent"}


def test_the_measure_is_that_of_wcag():
    assert round(contrast("#000000", "#FFFFFF"), 1) == 21.0
    assert round(contrast("#777777", "#FFFFFF"), 2) == 4.48
