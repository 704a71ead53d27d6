"""The people of the household: their name, their age."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuelle_desktop.domain.personne import Personne


@pytest.mark.parametrize(
    ("prenom", "nom", "complet"),
    [
        ("Camille", "Bessière", "Camille Bessière"),
        ("Camille", "", "Camille"),
        ("", "Bessière", "Bessière"),
        ("", "", ""),
    ],
)
def test_a_name_is_said_first_name_first(prenom, nom, complet):
    assert Personne(prenom=prenom, nom=nom).nom_complet == complet


@pytest.mark.parametrize(
    ("naissance", "on", "minor"),
    [
        (None, date(2026, 1, 1), False),
        (date(2008, 6, 15), date(2026, 6, 14), True),
        (date(2008, 6, 15), date(2026, 6, 15), False),
        (date(2008, 2, 29), date(2026, 2, 27), True),
        (date(2008, 2, 29), date(2026, 2, 28), False),
        (date(2026, 6, 15), date(2026, 6, 15), True),
        (date(2027, 1, 1), date(2026, 1, 1), True),
    ],
)
def test_one_is_a_minor_until_the_day_of_eighteen_years(naissance, on, minor):
    assert Personne(prenom="Jules", nom="Bessière", naissance=naissance).is_minor(on) is minor


@given(st.dates(date(1920, 1, 1), date(2060, 1, 1)), st.integers(0, 40_000))
def test_one_never_becomes_a_minor_again(naissance, days):
    jules = Personne(prenom="Jules", nom="Bessière", naissance=naissance)
    on = naissance + timedelta(days=days)
    assert jules.is_minor(on) or not jules.is_minor(on + timedelta(days=1))
