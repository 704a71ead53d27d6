"""Who may speak for whom: oneself, a child, an adult with a mandate or beside one."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuelle_desktop.domain.mandat import EtatMandat, Mandat, Permission, droit_de_parler
from mutuelle_desktop.domain.personne import Lien, Personne, majorite_of

TODAY = date(2026, 11, 23)
CAMILLE = Personne(id="camille", prenom="Camille", nom="Bessière", lien=Lien.ASSURE, naissance=date(1984, 5, 12))
MARC = Personne(id="marc", prenom="Marc", nom="Bessière", lien=Lien.CONJOINT, naissance=date(1982, 2, 1))
JULES = Personne(id="jules", prenom="Jules", nom="Bessière", lien=Lien.ENFANT, naissance=date(2012, 3, 4))
LEA = Personne(id="lea", prenom="Léa", nom="Bessière", lien=Lien.ENFANT, naissance=date(2006, 6, 1))
NEVEU = Personne(id="neveu", prenom="Tom", nom="Ferrand", lien=Lien.AUTRE, naissance=date(2015, 1, 1))


def mandat(**facts) -> Mandat:
    plain = {"mandant_id": "marc", "mandataire_id": "camille", "du": date(2026, 1, 1), "au": date(2026, 12, 31)}
    return Mandat(**{**plain, **facts})


def droit(appelant, concerne, *mandats, mutuelle="deux-rives", on=TODAY):
    return droit_de_parler(appelant, concerne, mandats, mutuelle, on)


@pytest.mark.parametrize(
    ("appelant", "concerne", "permis", "words"),
    [
        (CAMILLE, CAMILLE, Permission.OUI, "pour vous-même"),
        (CAMILLE, JULES, Permission.OUI, "chacun de ses parents"),
        (MARC, JULES, Permission.OUI, "sans mandat"),
        (LEA, JULES, Permission.NON, "seuls ses parents"),
        (CAMILLE, NEVEU, Permission.NON, "tuteur"),
        (CAMILLE, MARC, Permission.EN_PRESENCE, "Le mariage ne vaut pas mandat."),
        (MARC, CAMILLE, Permission.EN_PRESENCE, "Le mariage ne vaut pas mandat."),
        (CAMILLE, LEA, Permission.EN_PRESENCE, "a 18 ans depuis le 01/06/2024"),
        (LEA, CAMILLE, Permission.EN_PRESENCE, "accord de vive voix"),
        (JULES, JULES, Permission.NON, "un parent téléphone"),
        (JULES, CAMILLE, Permission.NON, "un parent téléphone"),
    ],
)
def test_without_a_mandate(appelant, concerne, permis, words):
    found = droit(appelant, concerne)
    assert found.permis is permis
    assert words in found.phrase.replace("\u00a0", " ")
    assert found.source


def test_a_child_whose_birth_is_unknown_counts_as_an_adult_and_it_is_said():
    found = droit(CAMILLE, Personne(prenom="Ève", nom="B", lien=Lien.ENFANT))
    assert found.permis is Permission.EN_PRESENCE
    assert "n’est pas connue" in found.phrase


def test_the_right_of_parents_stops_the_day_the_child_is_18():
    birthday = date(2030, 3, 4)
    before, after = (droit(CAMILLE, JULES, on=day) for day in (birthday - timedelta(1), birthday))
    assert (before.permis, before.jusqu_au) == (Permission.OUI, birthday - timedelta(1))
    assert after.permis is Permission.EN_PRESENCE


@given(st.dates(date(1983, 1, 1), date(2081, 12, 31)))
def test_majority_is_the_first_day_that_is_not_minor(naissance):
    child = Personne(prenom="E", nom="B", lien=Lien.ENFANT, naissance=naissance)
    day = majorite_of(naissance)
    assert child.is_minor(day - timedelta(1))
    assert not child.is_minor(day)


def test_born_on_29_february_one_is_of_age_on_28_february():
    leap = Personne(prenom="Zoé", nom="B", lien=Lien.ENFANT, naissance=date(2012, 2, 29))
    assert droit(CAMILLE, leap, on=date(2030, 2, 27)).jusqu_au == date(2030, 2, 27)
    assert droit(CAMILLE, leap, on=date(2030, 2, 28)).permis is Permission.EN_PRESENCE


def test_a_mandate_in_force_opens_the_right_until_its_end():
    found = droit(CAMILLE, MARC, mandat(objet="Remboursements"))
    assert (found.permis, found.jusqu_au) == (Permission.AVEC_MANDAT, date(2026, 12, 31))
    assert "jusqu’au 31/12/2026, pour\u00a0: Remboursements" in found.phrase
    endless = droit(CAMILLE, MARC, mandat(au=None))
    assert endless.jusqu_au is None
    assert "sans date de fin" in endless.phrase


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"au": date(2026, 11, 22)}, "a pris fin le 22/11/2026"),
        ({"revoque_le": TODAY}, "a été révoqué le 23/11/2026"),
        ({"du": date(2026, 11, 24)}, "ne commence que le 24/11/2026"),
        ({"mutuelle_id": "autre"}, "Le mariage ne vaut pas mandat."),
        ({"mandant_id": "camille", "mandataire_id": "marc"}, "Le mariage ne vaut pas mandat."),
    ],
)
def test_a_mandate_that_does_not_hold_says_why(facts, words):
    found = droit(CAMILLE, MARC, mandat(**facts))
    assert found.permis is Permission.EN_PRESENCE
    assert words in found.phrase


def test_a_mandate_given_for_one_mutuelle_does_not_hold_where_the_mutuelle_is_unknown():
    one = mandat(mutuelle_id="deux-rives")
    assert droit(CAMILLE, MARC, one).permis is Permission.AVEC_MANDAT
    assert droit(CAMILLE, MARC, one, mutuelle=None).permis is Permission.EN_PRESENCE
    assert droit(CAMILLE, MARC, mandat(), mutuelle=None).permis is Permission.AVEC_MANDAT


def test_of_two_mandates_the_longest_speaks():
    found = droit(CAMILLE, MARC, mandat(), mandat(au=date(2027, 6, 30)), mandat(au=date(2026, 1, 31)))
    assert found.jusqu_au == date(2027, 6, 30)


def test_a_revocation_to_come_shortens_the_mandate():
    found = droit(CAMILLE, MARC, mandat(revoque_le=date(2026, 12, 1)))
    assert (found.permis, found.jusqu_au) == (Permission.AVEC_MANDAT, date(2026, 11, 30))


@pytest.mark.parametrize(
    ("on", "etat"),
    [
        (date(2025, 12, 31), EtatMandat.A_VENIR),
        (date(2026, 1, 1), EtatMandat.EN_VIGUEUR),
        (date(2026, 12, 31), EtatMandat.EN_VIGUEUR),
        (date(2027, 1, 1), EtatMandat.EXPIRE),
    ],
)
def test_both_ends_of_a_mandate_are_days_it_holds(on, etat):
    assert mandat().etat(on) is etat


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.none() | st.dates(date(2026, 3, 1), date(2027, 6, 1)))
def test_a_mandate_holds_from_its_first_to_its_last_day_and_not_beyond(on, revoque_le):
    value = mandat(du=date(2026, 3, 1), au=date(2027, 2, 28), revoque_le=revoque_le)
    holds = date(2026, 3, 1) <= on <= date(2027, 2, 28) and (revoque_le is None or on < revoque_le)
    assert (value.etat(on) is EtatMandat.EN_VIGUEUR) == holds
