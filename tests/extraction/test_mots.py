"""Words kept small come back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuelle_desktop.extraction.mots import Mot, pack, unpack

coordinates = st.integers(0, 65535).map(lambda tenths: tenths / 10)
words = st.builds(
    Mot,
    st.text(st.characters(exclude_characters="\x1f", exclude_categories=("Cs",)), max_size=12),
    coordinates, coordinates, coordinates, coordinates,
    st.integers(0, 100),
)  # fmt: skip


@given(st.lists(words, max_size=30))
def test_words_come_back_to_a_tenth_of_a_point(mots):
    assert unpack(pack(mots)) == mots


@given(st.lists(st.builds(Mot, st.just("mot"), *[st.floats(0, 60_000) for _ in range(4)]), min_size=1, max_size=5))
def test_a_page_as_big_as_a_wall_keeps_its_places_to_a_point(mots):
    for mot, kept in zip(mots, unpack(pack(mots)), strict=True):
        for name in ("x0", "y0", "x1", "y1"):
            assert abs(getattr(mot, name) - getattr(kept, name)) <= 0.51


def test_no_word_takes_no_byte():
    assert pack([]) == b""
    assert unpack(b"") == []


def test_what_cannot_be_kept_is_bounded_rather_than_refused():
    (mot,) = unpack(pack([Mot("a\x1fb", -3.0, 1e9, 5.0, 6.0, 250)]))
    assert mot.texte == "a b"
    assert mot.x0 == 0
    assert mot.confiance == 100


def test_a_page_of_words_is_small():
    mots = [Mot(f"remboursement{n % 50}", n % 500, n, n % 500 + 40, n + 10) for n in range(500)]
    assert len(pack(mots)) < 6000


@pytest.mark.parametrize("texte", ["", "œuvre", "é", "𝔐utuelle", "a\nb", "\x00"])
def test_any_text_is_kept(texte):
    assert unpack(pack([Mot(texte, 1, 2, 3, 4)]))[0].texte == texte
