"""Numbers of registered letters: read as people copy them, doubted aloud, never refused."""

import pytest

from mutuelle_desktop.domain.recommande import GenreNumero, Numero, doute_of, read_numero

KNOWN = (
    ("1A 047 877 2024 3", "1A0478772024 3", GenreNumero.RECOMMANDE),
    ("1a-047-877-2024-3", "1A04787720243", GenreNumero.RECOMMANDE),
    ("87001335318721 H", "87001335318721H", GenreNumero.SUIVI),
    ("RK 123 456 785 FR", "RK123456785FR", GenreNumero.INTERNATIONAL),
)


@pytest.mark.parametrize(("written", "compact", "genre"), KNOWN)
def test_a_number_is_read_whatever_its_spaces_and_letters(written, compact, genre):
    found = read_numero(written)
    assert found.compact == compact.replace(" ", "")
    assert found.genre is genre
    assert found.doute == ""
    assert read_numero(found.affiche) == found


@pytest.mark.parametrize("written", ["1A 047 877 2024 3", "87001335318721 H"])
def test_one_wrong_digit_is_always_seen(written):
    compact = written.replace(" ", "")
    for place, digit in enumerate(compact):
        if digit.isdigit() and place > 1:
            other = str((int(digit) + 1) % 10)
            assert doute_of(compact[:place] + other + compact[place + 1 :]), (place, written)


def test_a_label_without_its_key_is_told_which_one_is_missing():
    assert "ce devrait être 3" in doute_of("1A0478772024")


def test_a_number_of_no_known_form_is_kept_and_doubted():
    found = read_numero("  AR24 demo 12 ")
    assert (found.affiche, found.genre) == ("AR24 demo 12", None)
    assert "forme habituelle" in found.doute


def test_no_number_is_not_doubtful():
    assert read_numero("  ") == Numero(compact="", affiche="")


def test_a_wrong_international_key_is_seen():
    assert "clé" in doute_of("RK 123 456 784 FR")
    assert doute_of("RR 000 000 000 FR"), "11 gives 5, not 0"
    assert doute_of("RR 000 000 005 FR") == ""
