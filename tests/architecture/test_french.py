"""The words people read: apostrophes, guillemets and the spaces that do not break."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "mutuelle_desktop").rglob("*.py"))
FAULTS = {
    "straight apostrophe": re.compile(r"[a-zà-ÿ]'[a-zà-ÿ]", re.IGNORECASE),
    "breaking space inside guillemets": re.compile(r"« | »"),
    "breaking space before punctuation": re.compile(r"[\wà-ÿ»)] [:;?!](?:\s|$)"),
    "breaking space before a unit": re.compile(r"\d [€%]"),
    "three dots": re.compile(r"[a-zà-ÿ]\.\.\.", re.IGNORECASE),
}
FRENCH = re.compile(r"[à-ÿ’«]|\b(le|la|les|un|une|des|de|du|et|votre|vos|pas)\b", re.IGNORECASE)


def sentences(path: Path) -> list[tuple[int, str]]:
    """Return the literals of a file that people may read: several words of French, docstrings left out."""
    tree = ast.parse(path.read_text("utf-8"))
    notes = {
        id(statement.value)
        for node in ast.walk(tree)
        if isinstance(getattr(node, "body", None), list)
        for statement in node.body
        if isinstance(statement, ast.Expr)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            text = node.value
            if " " in text.strip() and FRENCH.search(text) and not re.search(r"\bSELECT\b|\bWHERE\b|\\|\[\^", text):
                found.append((node.lineno, text))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sentences_follow_french_typography(path):
    for line, text in sentences(path):
        for fault, pattern in FAULTS.items():
            assert not pattern.search(text), f"{path.name}:{line} {fault}: {text!r}"


def test_the_check_sees_faults():
    assert sum(len(sentences(path)) for path in FILES) > 300
    for text in ("l'échéance", "« mot »", "Pourquoi ?", "60 %", "Attendez..."):
        assert any(pattern.search(text) for pattern in FAULTS.values()), text
