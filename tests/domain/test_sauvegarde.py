"""Which snapshots are kept, and how old the last backup is."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuelle_desktop.domain.sauvegarde import PAR_JOUR, PAR_MOIS, PAR_SEMAINE, TOUTES, Derniere, retained

NOW = datetime(2026, 11, 24, 18, 0)


def days(*numbers: int, hour: int = 12) -> list[datetime]:
    return [datetime.combine((NOW - timedelta(days=n)).date(), datetime.min.time()).replace(hour=hour) for n in numbers]


@pytest.mark.parametrize(
    ("there", "stay"),
    [
        ([], []),
        (days(400), days(400)),  # the only one always stays
        (days(0, 0, 1), days(0, 1)),
        ([NOW - timedelta(hours=h) for h in range(40)], [NOW - timedelta(hours=h) for h in range(40)]),
        ([*days(5, hour=9), *days(5, hour=18)], days(5, hour=18)),  # of a day, the last
        (days(*range(3, 15)), days(*range(3, 15))),  # twelve days
        (days(*range(3, 16)), days(*range(3, 16))),  # the thirteenth begins the weeks
        (days(*range(3, 20)), days(*range(3, 17))),  # of whose week, and the one before, the last stays
        ([NOW + timedelta(days=9), *days(1)], [NOW + timedelta(days=9), *days(1)]),  # a clock that was wrong
    ],
)
def test_what_is_kept_by_table(there, stay):
    assert retained(there, NOW) == set(stay)


def test_a_backup_every_day_for_three_years_keeps_about_a_year():
    kept = sorted(retained(days(*range(1000)), NOW))
    assert len(kept) <= 3 + PAR_JOUR + PAR_SEMAINE + PAR_MOIS
    assert timedelta(days=280) < NOW - kept[0] < timedelta(days=430)
    gaps = [later - earlier for earlier, later in pairwise(kept)]
    assert max(gaps) <= timedelta(days=31)


def test_kept_day_by_day_the_year_is_the_same_as_thinned_at_once():
    there: set[datetime] = set()
    for day in range(500, -1, -1):
        moment = NOW - timedelta(days=day)
        there = retained({*there, moment}, moment)
    assert len(there) <= 3 + PAR_JOUR + PAR_SEMAINE + PAR_MOIS
    assert NOW - min(there) > timedelta(days=300)


@given(st.lists(st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)), max_size=80))
def test_the_newest_and_all_recent_ones_stay_and_thinning_twice_changes_nothing(there):
    kept = retained(there, NOW)
    assert kept <= set(there)
    assert {moment for moment in there if moment > NOW - TOUTES} <= kept
    assert not there or max(there) in kept
    assert retained(kept, NOW) == kept


def test_the_age_of_the_last_backup_is_in_days_and_never_less_than_none():
    assert Derniere().age(date(2026, 11, 24)) is None
    assert Derniere(le=datetime(2026, 11, 1, 23, 59)).age(date(2026, 11, 24)) == 23
    assert Derniere(le=datetime(2027, 1, 1)).age(date(2026, 11, 24)) == 0
