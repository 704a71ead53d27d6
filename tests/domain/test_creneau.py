"""When to call: usage, opening hours, holidays and one's own waits, in points and in a sentence."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuelle_desktop.domain.calendrier import Zone, is_ferie, jours_feries
from mutuelle_desktop.domain.contrat import Plage, parse_horaires
from mutuelle_desktop.domain.creneau import (
    APPELS_MIN,
    HORIZON,
    SEUIL,
    AppelPasse,
    conseil,
    creneaux,
)

SEMAINE = parse_horaires("lun-ven 9h-18h")
METROPOLE = Zone.METROPOLE


def note(moment: datetime, *passes: AppelPasse, plages=SEMAINE) -> int:
    feries = {**jours_feries(moment.year - 1, METROPOLE), **jours_feries(moment.year, METROPOLE)}
    return slot(moment, feries, passes, plages).note


def slot(moment, feries, passes=(), plages=SEMAINE):
    return creneaux(moment.date(), plages, feries, passes)[moment.hour * 2 + moment.minute // 30]


def said(text: str) -> str:
    return text.replace("\u00a0", " ")


def calls(count: int, minutes: float, hour: time = time(9, 40)) -> list[AppelPasse]:
    return [AppelPasse(datetime.combine(date(2026, 6, n + 1), hour), round(minutes * 60)) for n in range(count)]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("2026-11-24 09:30", "2026-11-23 09:30"),  # Tuesday, Monday
        ("2026-11-23 14:30", "2026-11-23 09:30"),  # Monday afternoon, Monday morning
        ("2026-11-24 09:00", "2026-11-24 11:30"),
        ("2026-11-24 14:00", "2026-11-24 12:30"),  # after lunch, lunch
        ("2026-11-24 15:30", "2026-11-24 16:30"),
        ("2026-11-24 16:30", "2026-11-24 12:30"),
        ("2026-11-13 09:30", "2026-11-12 09:30"),  # the day after 11 November is a Thursday
        ("2026-09-08 09:30", "2026-09-02 09:30"),  # the first week of September
        ("2027-01-12 09:30", "2027-01-05 09:30"),
    ],
)
def test_the_order_of_moments_is_the_guides(better, worse):
    assert note(datetime.fromisoformat(better)) > note(datetime.fromisoformat(worse))


@pytest.mark.parametrize("hour", [time(9), time(10, 30), time(14), time(15, 30)])
@pytest.mark.parametrize("day", [24, 25, 26, 27])
def test_9_to_11_and_14_to_16_from_tuesday_to_friday_are_good(day, hour):
    assert note(datetime.combine(date(2026, 11, day), hour)) >= SEUIL


@pytest.mark.parametrize("moment", ["2026-11-23 09:30", "2026-11-23 14:30", "2026-11-24 12:00", "2026-11-12 10:00"])
def test_mondays_lunch_and_the_day_after_a_holiday_are_not_good(moment):
    assert 0 < note(datetime.fromisoformat(moment)) < SEUIL


def test_a_holiday_on_friday_weighs_on_the_monday_that_follows():
    ordinary, after = datetime(2026, 4, 20, 14), datetime(2026, 5, 4, 14)  # 1 May 2026 is a Friday
    assert note(after) < note(ordinary)


def test_the_new_year_weighs_on_the_days_of_another_year():
    feries = {**jours_feries(2026, METROPOLE)}
    found = slot(datetime(2027, 1, 4, 14), {**feries, **jours_feries(2027, METROPOLE)})
    assert "Jour de l’An" in " ".join(found.defauts) or "férié" in " ".join(found.defauts)


@pytest.mark.parametrize("moment", ["2026-11-24 08:30", "2026-11-24 18:00", "2026-11-28 10:00", "2026-11-11 10:00"])
def test_closed_is_zero_points(moment):
    when = datetime.fromisoformat(moment)
    found = slot(when, jours_feries(2026, METROPOLE))
    assert (found.note, found.ouvre) == (0, None)


def test_a_half_hour_that_opens_late_says_when():
    found = slot(datetime(2026, 11, 24, 9), {}, plages=(Plage(1, time(9, 15), time(9, 25)),))
    assert found.ouvre == datetime(2026, 11, 24, 9, 15)


def test_a_day_has_48_half_hours_in_order():
    day = creneaux(date(2026, 11, 24), SEMAINE, {})
    assert [c.debut for c in day] == [datetime(2026, 11, 24) + n * timedelta(minutes=30) for n in range(48)]


def test_own_calls_count_from_five_of_them():
    when = datetime(2026, 11, 24, 9, 30)
    assert note(when, *calls(APPELS_MIN - 1, 40)) == note(when)
    assert note(when, *calls(APPELS_MIN, 40)) < note(when)
    assert note(when, *calls(APPELS_MIN, 40, time(10, 15))) == note(when), "another half-hour"


def test_a_short_wait_of_ones_own_raises_a_bad_moment_and_a_closed_one_stays_closed():
    lunch, night = datetime(2026, 11, 24, 12, 30), datetime(2026, 11, 24, 22)
    assert note(lunch, *calls(6, 1, time(12, 45))) > note(lunch)
    assert note(night, *calls(6, 1, time(22, 10))) == 0


def test_the_wait_shown_is_the_median():
    waits = [
        AppelPasse(datetime(2026, 6, n + 1, 9, 30), seconds) for n, seconds in enumerate((60, 120, 240, 300, 3600))
    ]
    found = slot(datetime(2026, 11, 24, 9, 30), {}, waits)
    assert (found.attente, found.appels) == (240, 5)


@pytest.mark.parametrize(
    ("now", "titre"),
    [
        ("2026-11-24 09:35", "Maintenant : c’est un bon moment"),
        ("2026-11-24 11:10", "Plutôt aujourd’hui, 14 h"),
        ("2026-11-24 08:00", "Plutôt aujourd’hui, 9 h"),
        ("2026-11-24 17:10", "Plutôt demain, 9 h"),
        ("2026-11-23 09:10", "Plutôt demain, 9 h"),  # Monday morning
        ("2026-11-27 16:10", "Plutôt mardi, 9 h"),  # Friday evening: not Monday
        ("2026-11-11 10:00", "Plutôt vendredi, 9 h"),  # a holiday, and the day after it
        ("2026-12-31 17:00", "Plutôt mardi, 9 h"),  # a busy week, but one does not wait for the next
    ],
)
def test_the_advice_names_the_next_good_moment(now, titre):
    assert said(conseil(datetime.fromisoformat(now), SEMAINE, METROPOLE).titre) == titre


def test_the_advice_opens_with_the_service():
    found = conseil(datetime(2026, 11, 24, 8), parse_horaires("mar 9h15-9h25"), METROPOLE)
    assert said(found.titre) == "Plutôt aujourd’hui, 9 h 15"
    assert not found.ouvert


def test_the_reason_has_figures_and_says_what_is_wrong_with_now():
    monday = said(conseil(datetime(2026, 11, 23, 9, 10), SEMAINE, METROPOLE).raison)
    assert monday.startswith("Le lundi matin est le moment le plus chargé")
    assert "9 h à 11 h" in monday
    closed = said(conseil(datetime(2026, 11, 24, 20), SEMAINE, METROPOLE).raison)
    assert closed.startswith("C’est fermé en ce moment.")
    holiday = said(conseil(datetime(2026, 11, 11, 10), SEMAINE, METROPOLE).raison)
    assert "jour férié (Armistice" in holiday


def test_own_waits_are_told_in_minutes():
    found = conseil(datetime(2026, 11, 24, 9, 35), SEMAINE, METROPOLE, calls(6, 4))
    assert found.maintenant_ok
    assert "Vos 6 appels à cette heure ont attendu 4 min" in said(found.raison)


def test_long_waits_of_ones_own_move_the_advice():
    when = datetime(2026, 11, 24, 9, 35)
    found = conseil(when, SEMAINE, METROPOLE, calls(8, 45))
    assert not found.maintenant_ok
    assert found.quand == datetime(2026, 11, 24, 10)
    assert "vos appels ont attendu 45 min" in said(found.raison)


def test_unknown_hours_are_assumed_and_said_to_be():
    found = conseil(datetime(2026, 11, 24, 9, 35), (), METROPOLE)
    assert found.suppose
    assert "supposés du lundi au vendredi, de 9 h à 18 h" in said(found.raison)
    assert "supposés" not in conseil(datetime(2026, 11, 24, 9, 35), SEMAINE, METROPOLE).raison


def test_a_service_open_at_lunch_only_is_called_at_lunch():
    found = conseil(datetime(2026, 11, 24, 8), parse_horaires("lun-ven 12h-14h"), METROPOLE)
    assert (found.quand, found.maintenant_ok) == (datetime(2026, 11, 24, 12), False)
    now = conseil(datetime(2026, 11, 24, 12, 10), parse_horaires("lun-ven 12h-14h"), METROPOLE)
    assert (now.maintenant_ok, now.titre) == (True, "Maintenant, faute de mieux")
    assert "Aucun moment plus calme" in now.raison


def test_the_zone_decides_what_a_holiday_is():
    good_friday = datetime(2026, 4, 3, 9, 30)
    assert conseil(good_friday, SEMAINE, METROPOLE).maintenant_ok
    assert not conseil(good_friday, SEMAINE, Zone.ALSACE_MOSELLE).ouvert


PLAGES = st.lists(
    st.builds(
        lambda jour, a, length: Plage(jour, time(a // 60, a % 60), time((a + length) // 60, (a + length) % 60)),
        st.integers(0, 6), st.integers(0, 1300), st.integers(5, 130),
    ),
    min_size=1, max_size=4,
)  # fmt: skip
MOMENTS = st.datetimes(datetime(1983, 1, 1), datetime(2099, 11, 1))
PASSES = st.lists(st.builds(AppelPasse, MOMENTS, st.integers(1, 7200)), max_size=20)


def test_at_the_minute_it_closes_the_line_is_not_advised_for_now():
    friday = datetime(2016, 5, 6, 8, 31)
    found = conseil(friday, [Plage(4, time(6, 21), time(8, 31))], Zone.METROPOLE)
    assert (found.ouvert, found.maintenant_ok) == (False, False)
    assert found.quand.date() == date(2016, 5, 13), "a week later, when it opens again"
    assert time(6, 21) <= found.quand.time() < time(8, 31)


@settings(max_examples=150, deadline=None)
@given(MOMENTS, PLAGES, st.sampled_from(Zone), PASSES)
def test_the_advice_is_never_in_the_past_nor_when_the_line_is_closed(now, plages, zone, passes):
    found = conseil(now, plages, zone, passes)
    assert now <= found.quand <= now + timedelta(days=HORIZON + 1)
    assert not is_ferie(found.quand.date(), zone)
    assert any(p.jour == found.quand.weekday() and p.debut <= found.quand.time() < p.fin for p in plages)
    assert not found.maintenant_ok or (found.ouvert and found.quand == now)
    assert found.titre
    assert found.raison.endswith(".") or not found.raison


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1983, 1, 1), date(2099, 12, 31)), PLAGES, st.sampled_from(Zone), PASSES)
def test_points_are_from_0_to_100_and_0_means_closed(day, plages, zone, passes):
    for found in creneaux(day, plages, jours_feries(day.year, zone), passes):
        assert 0 <= found.note <= 100
        assert (found.note == 0) == (found.ouvre is None)
