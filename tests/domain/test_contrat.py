"""Contracts that run or not, and hours as people write them."""

from datetime import date, time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mutuelle_desktop.domain.contrat import JOURS, Contrat, Plage, format_horaires, parse_horaires
from mutuelle_desktop.domain.errors import Refused


@pytest.mark.parametrize(
    ("debut", "fin", "on", "active"),
    [
        (None, None, date(2026, 1, 1), True),
        (date(2026, 1, 1), None, date(2026, 1, 1), True),
        (date(2026, 1, 1), None, date(2025, 12, 31), False),
        (None, date(2026, 12, 31), date(2026, 12, 31), True),
        (None, date(2026, 12, 31), date(2027, 1, 1), False),
        (date(2026, 1, 1), date(2026, 12, 31), date(2026, 6, 1), True),
    ],
)
def test_a_contract_runs_from_its_first_day_to_its_last_included(debut, fin, on, active):
    assert Contrat(mutuelle_id="m", numero="1", debut=debut, fin=fin).is_active(on) is active


def days(text: str) -> dict[int, list[tuple[time, time]]]:
    found: dict[int, list[tuple[time, time]]] = {}
    for plage in parse_horaires(text):
        found.setdefault(plage.jour, []).append((plage.debut, plage.fin))
    return found


MATIN, SOIR = (time(9), time(12)), (time(14), time(18))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", {}),
        (" ; \n ", {}),
        ("lun-ven 9h-18h", {jour: [(time(9), time(18))] for jour in range(5)}),
        ("lundi au vendredi 9h-18h", {jour: [(time(9), time(18))] for jour in range(5)}),
        ("du lundi au vendredi de 9 h à 18 h", {jour: [(time(9), time(18))] for jour in range(5)}),
        ("Du Lundi Au Samedi : 8h30 à 17h15", {jour: [(time(8, 30), time(17, 15))] for jour in range(6)}),
        ("lundi et jeudi 9h-12h", {0: [MATIN], 3: [MATIN]}),
        ("lun, mar, jeu 9h-12h", {0: [MATIN], 1: [MATIN], 3: [MATIN]}),
        ("lundi 9h-12h, 14h-18h", {0: [MATIN, SOIR]}),
        ("lundi 9h-12h et 14h-18h", {0: [MATIN, SOIR]}),
        ("mer. 9:00 - 12:00", {2: [MATIN]}),
        ("lun-ven 9h–12h ; sam 9h-12h", {jour: [MATIN] for jour in range(6)}),
        ("lundi\u00a09\u00a0h\u00a0-\u00a012\u00a0h", {0: [MATIN]}),
        ("lun-mer, ven 9h-12h", {0: [MATIN], 1: [MATIN], 2: [MATIN], 4: [MATIN]}),
        ("ven-lun 9h-12h", {4: [MATIN], 5: [MATIN], 6: [MATIN], 0: [MATIN]}),
        ("samedi et dimanche : 9h-12h", {5: [MATIN], 6: [MATIN]}),
        ("mardi 9h-12h\nmercredi 14h-18h", {1: [MATIN], 2: [SOIR]}),
    ],
)
def test_hours_are_read_as_people_write_them(text, wanted):
    assert days(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["bonjour", "lundi", "9h-18h", "lun-ven matin", "lundi 18h-9h", "lundi 9h-9h", "lundi 25h-26h", "lundi 9h75-12h"],
)
def test_hours_that_are_not_clear_are_refused_with_an_example_or_a_reason(text):
    with pytest.raises(Refused, match=r"comprises?|compris|n’existe pas|précède"):
        parse_horaires(text)


@st.composite
def opening(draw):
    """Return ranges that do not overlap within a day, as an office's are."""
    plages = []
    for jour in range(7):
        minutes = draw(st.lists(st.integers(0, 24 * 60 - 1), max_size=6, unique=True))
        minutes = sorted(minutes)[: len(minutes) // 2 * 2]
        plages += [
            Plage(jour, time(a // 60, a % 60), time(b // 60, b % 60))
            for a, b in zip(minutes[::2], minutes[1::2], strict=True)
        ]
    return tuple(plages)


@given(opening())
def test_hours_written_are_read_back_the_same(plages):
    assert parse_horaires(format_horaires(plages)) == plages


@given(opening())
def test_days_with_the_same_hours_are_said_together(plages):
    assume(plages)
    text = format_horaires(plages)
    assert text.count("\u00a0; ") < len({p.jour for p in plages})
    assert "  " not in text


def test_hours_are_written_in_good_french():
    text = format_horaires(parse_horaires("lun-ven 9h-12h30, 14h-18h ; sam 9h-12h"))
    assert text == ("lundi-vendredi 9\u00a0h-12\u00a0h\u00a030, 14\u00a0h-18\u00a0h\u00a0; samedi 9\u00a0h-12\u00a0h")


def test_the_week_begins_on_monday():
    assert JOURS[0] == "lundi"
    assert JOURS[6] == "dimanche"
