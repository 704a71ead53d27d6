"""Every value comes back as it was put."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mutuelle_desktop.domain.contrat import Contact, Plage
from mutuelle_desktop.domain.courrier import Bloc, Courrier, Fragment, GenreBloc
from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import TooNew
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.schema import TABLE_OF
from tests.storage.foyer import APPEL, CAMILLE, COURONNE, DEUX_RIVES, EVERYTHING, FACTURE, LETTRE, SERVICE, dossier

SHARED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
MONEY = st.none() | st.integers(-(10**12), 10**12).map(lambda cents: Decimal(cents) / 100)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)


@pytest.fixture
def full(library: Library) -> Library:
    with library.write("Tout mettre") as db:
        db.put_all(EVERYTHING)
    return library


def test_every_kind_has_its_sample():
    assert {type(value) for value in EVERYTHING} == set(TABLE_OF)


@pytest.mark.parametrize("value", EVERYTHING, ids=lambda value: type(value).__name__)
def test_a_value_comes_back_equal_and_of_the_same_types(full, value):
    with full.read() as db:
        found = db.get(type(value), value.id)
        assert found == value
        assert db.all(type(value)) == [value]
        for field in fields(value):
            assert type(getattr(found, field.name)) is type(getattr(value, field.name))


@pytest.mark.parametrize("value", EVERYTHING, ids=lambda value: type(value).__name__)
def test_what_is_unknown_or_empty_comes_back_too(full, value):
    optional = {f.name: None for f in fields(value) if "None" in str(f.type)}
    empty = replace(value, **optional)
    with full.write("Vider") as db:
        db.put(empty)
    with full.read() as db:
        assert db.get(type(value), value.id) == empty


@SHARED
@given(texte=TEXT, paye=MONEY, references=st.lists(TEXT, max_size=4).map(tuple), moment=st.none() | MOMENTS)
def test_a_dossier_of_any_shape_comes_back(library, texte, paye, references, moment):
    value = dossier(titre=texte, montant_paye=paye, references_mutuelle=references, supprime_le=moment)
    with library.write("Mettre") as db:
        db.put(value)
    with library.read() as db:
        assert db.get(Dossier, value.id) == value
    library.undo()


@SHARED
@given(plages=st.lists(st.builds(Plage, st.integers(0, 6), st.times(), st.times())).map(tuple), texte=TEXT)
def test_opening_hours_come_back(library, plages, texte):
    value = replace(SERVICE, horaires=plages, notes=texte)
    with library.write("Mettre") as db:
        db.put_all((DEUX_RIVES, value))
    with library.read() as db:
        assert db.get(Contact, value.id) == value


@SHARED
@given(le=st.dates(), heure=st.none() | st.times(), montant=MONEY)
def test_an_event_of_any_day_comes_back(full, le, heure, montant):
    value = replace(APPEL, le=le, heure=heure, montant=montant)
    with full.write("Mettre") as db:
        db.put(value)
    with full.read() as db:
        assert db.get(Evenement, value.id) == value


def test_an_amount_finer_than_a_centime_is_rounded_half_up(library):
    with library.write("Mettre") as db:
        db.put(dossier(montant_paye=Decimal("0.125"), montant_secu=Decimal("0.135")))
        found = db.all(Dossier)[0]
    assert (found.montant_paye, found.montant_secu) == (Decimal("0.13"), Decimal("0.14"))


def test_amounts_keep_their_centimes_when_written(full):
    with full.read() as db:
        assert str(db.get(Evenement, APPEL.id).montant) == "12.30"


def test_questions_speak_the_values_own_types(full):
    documents, dossiers = TABLE_OF[Document].c, TABLE_OF[Dossier].c
    with full.read() as db:
        assert db.count(Document, documents.type == FACTURE.type, documents.ajoute_le <= FACTURE.ajoute_le) == 1
        assert db.all(Dossier, dossiers.montant_paye > Decimal("1234.55"), order=dossiers.ouvert_le) == [COURONNE]
        assert db.all(Dossier, dossiers.ouvert_le > date(2026, 6, 16)) == []
        assert db.count(Evenement, TABLE_OF[Evenement].c.heure < time(11)) == 1


def test_lists_are_ordered_limited_and_skipped(library):
    with library.write("Mettre") as db:
        db.put_all(dossier(number) for number in range(1, 8))
    column = TABLE_OF[Dossier].c.reference
    with library.read() as db:
        found = db.all(Dossier, order=(column.desc(), TABLE_OF[Dossier].c.id), limit=2, offset=1)
    assert [value.reference for value in found] == ["2026-006", "2026-005"]


def test_a_value_of_a_newer_version_is_said_not_crashed_on(full):
    with full.write("Avenir", undoable=False) as db:
        db.raw("UPDATE document SET type = 'hologramme'")
    with pytest.raises(TooNew, match="hologramme"), full.read() as db:
        db.all(Document)
    with pytest.raises(TooNew), full.read() as db:
        db.get(Document, FACTURE.id)


def test_what_is_not_there_is_none(library):
    with library.read() as db:
        assert db.get(Dossier, CAMILLE.id) is None


def test_numbers_never_go_back_not_even_by_undo(library):
    with library.write("Ouvrir") as db:
        assert db.next_number("2026", at_least=4) == 5
        db.put(dossier(5))
    library.undo()
    with library.write("Ouvrir") as db:
        assert db.next_number("2026") == 6


def test_small_marks_are_kept_beside_the_values(library):
    with library.write("Marquer", undoable=False) as db:
        db.set_marque("exemple", {"ids": [1, 2]})
        db.set_marque("autre", 1)
        db.set_marque("autre", None)
    with library.read() as db:
        assert db.marque("exemple") == {"ids": [1, 2]}
        assert db.marque("autre") is None


FRAGMENTS = st.builds(
    Fragment, texte=TEXT, gras=st.booleans(), italique=st.booleans(), champ=TEXT, piece=TEXT
)  # fmt: skip
BLOCS = st.builds(
    Bloc, genre=st.sampled_from(GenreBloc), lignes=st.lists(st.lists(FRAGMENTS, max_size=3).map(tuple)).map(tuple)
)  # fmt: skip


@SHARED
@given(corps=st.lists(BLOCS, max_size=4).map(tuple), paires=st.lists(st.tuples(TEXT, TEXT), max_size=3).map(tuple))
def test_a_letter_of_any_shape_comes_back(full, corps, paires):
    value = replace(LETTRE, corps=corps, references=paires)
    with full.write("Mettre") as db:
        db.put(value)
    with full.read() as db:
        assert db.get(Courrier, value.id) == value


def test_a_letter_of_a_newer_version_is_said_not_crashed_on(full):
    with full.write("Avenir", undoable=False) as db:
        db.raw("""UPDATE courrier SET corps = '[{"genre": "hologramme", "lignes": []}]'""")
    with pytest.raises(TooNew, match="mise en forme"), full.read() as db:
        db.all(Courrier)
