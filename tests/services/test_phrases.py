"""Counting and enumerating in French."""

import pytest

from mutuelle_desktop.services.phrases import after_colon, counted, enumerated
from tests.services.aides import spaced


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 dossier"), (1, "1 dossier"), (2, "2 dossiers"), (30, "30 dossiers")]
)
def test_things_are_counted_as_one_says_them(count, said):
    assert spaced(counted(count, "dossier")) == said


def test_an_irregular_plural_is_given():
    assert spaced(counted(3, "journal", "journaux")) == "3 journaux"


@pytest.mark.parametrize(
    ("parts", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a et b"), (["a", "b", "c"], "a, b et c")]
)
def test_things_are_enumerated_as_one_says_them(parts, said):
    assert enumerated(parts) == said


def test_a_sentence_goes_on_after_a_colon_but_an_acronym_stays_one():
    assert after_colon("Ce fichier est vide.") == "ce fichier est vide."
    assert after_colon("PDF illisible.") == "PDF illisible."
    assert after_colon("") == ""
