"""The dossier: its closing, its status told by its events, its reference."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutuelle_desktop.domain.dossier import (
    Dossier,
    NatureDossier,
    Statut,
    computed_statut,
    montant_recu,
    next_reference,
    statut_of,
)
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement

OUVERT = date(2026, 3, 2)
N = NatureEvenement


def dossier(**facts) -> Dossier:
    return Dossier(
        reference="2026-001", titre="Lunettes", nature=NatureDossier.REMBOURSEMENT, ouvert_le=OUVERT, **facts
    )


def evenement(
    nature: NatureEvenement, day: int = 0, heure: time | None = None, montant: str | None = None
) -> Evenement:
    return Evenement(
        dossier_id="d",
        nature=nature,
        le=OUVERT + timedelta(days=day),
        heure=heure,
        montant=None if montant is None else Decimal(montant),
    )


def test_a_dossier_is_not_closed_before_it_opens():
    with pytest.raises(Refused, match="avant son ouverture"):
        dossier().closed(OUVERT - timedelta(days=1))
    assert dossier().closed(OUVERT).clos_le == OUVERT


def test_only_a_closed_dossier_is_archived_and_opening_it_again_takes_it_out():
    with pytest.raises(Refused, match="Clôturez"):
        dossier().archived(OUVERT)
    archived = dossier().closed(OUVERT).archived(OUVERT)
    assert archived.archive_le == OUVERT
    again = archived.reopened()
    assert (again.clos_le, again.archive_le) == (None, None)


def test_changing_a_dossier_leaves_the_one_before_untouched():
    before = dossier()
    before.closed(OUVERT)
    assert before.clos_le is None


@pytest.mark.parametrize(
    ("events", "statut"),
    [
        ([], Statut.A_PREPARER),
        ([(N.NOTE, 0), (N.ECHANGE, 1)], Statut.A_PREPARER),
        ([(N.DEMANDE, 0)], Statut.EN_ATTENTE),
        ([(N.DEMANDE, 0), (N.ACCUSE, 2)], Statut.EN_ATTENTE),
        ([(N.DEMANDE, 0), (N.PIECE_DEMANDEE, 3)], Statut.A_COMPLETER),
        ([(N.DEMANDE, 0), (N.PIECE_DEMANDEE, 3), (N.COMPLEMENT, 4)], Statut.EN_ATTENTE),
        ([(N.DEMANDE, 0), (N.REPONSE, 3)], Statut.REPONSE_RECUE),
        ([(N.DEMANDE, 0), (N.REFUS, 3)], Statut.REFUSE),
        ([(N.DEMANDE, 0), (N.REFUS, 3), (N.NOTE, 4), (N.ECHANGE, 5)], Statut.REFUSE),
        ([(N.DEMANDE, 0), (N.REFUS, 3), (N.DEMANDE, 9)], Statut.EN_ATTENTE),
        ([(N.DEMANDE, 0), (N.PAIEMENT, 3, "10")], Statut.REGLE),
        ([(N.DEMANDE, 0), (N.PAIEMENT, 3)], Statut.REGLE),
    ],
)
def test_the_last_event_that_decides_gives_the_status(events, statut):
    made = [evenement(nature, day, None, *rest) for nature, day, *rest in events]
    assert computed_statut(dossier(), made) is statut


@pytest.mark.parametrize(
    ("attendu", "payments", "statut"),
    [
        ("100", ["40"], Statut.PARTIEL),
        ("100", ["40", "60"], Statut.REGLE),
        ("100", ["40", "70"], Statut.REGLE),
        ("100", ["99.99"], Statut.PARTIEL),
        ("100", [None], Statut.PARTIEL),
        ("0", [None], Statut.REGLE),
        (None, ["0.01"], Statut.REGLE),
        ("0.30", ["0.10", "0.20"], Statut.REGLE),
    ],
)
def test_payments_settle_a_dossier_only_up_to_what_is_expected(attendu, payments, statut):
    made = [evenement(N.PAIEMENT, day, None, amount) for day, amount in enumerate(payments)]
    assert computed_statut(dossier(montant_attendu=attendu and Decimal(attendu)), made) is statut


def test_the_hour_tells_two_events_of_one_day_apart():
    morning, evening = evenement(N.PIECE_DEMANDEE, 1, time(9)), evenement(N.COMPLEMENT, 1, time(18))
    assert computed_statut(dossier(), [evening, morning]) is Statut.EN_ATTENTE


def test_closing_comes_before_everything_but_the_user_s_word():
    closed = dossier().closed(OUVERT)
    assert computed_statut(closed, [evenement(N.REFUS)]) is Statut.CLOS
    assert statut_of(dossier(statut_force=Statut.REPONSE_RECUE), [evenement(N.REFUS)]) is Statut.REPONSE_RECUE
    assert statut_of(dossier(), [evenement(N.REFUS)]) is Statut.REFUSE


facts = st.lists(
    st.builds(
        evenement,
        st.sampled_from(NatureEvenement),
        st.integers(0, 400),
        st.none(),
        st.none() | st.decimals(0, 5000, places=2).map(str),
    ),
    max_size=12,
    unique_by=lambda e: e.le,
)


@given(facts, st.randoms(use_true_random=False), st.none() | st.decimals(0, 9000, places=2))
def test_the_order_in_which_events_are_given_changes_nothing(events, chance, attendu):
    shuffled = list(events)
    chance.shuffle(shuffled)
    one = dossier(montant_attendu=attendu)
    assert computed_statut(one, events) is computed_statut(one, shuffled)
    assert montant_recu(events) == montant_recu(shuffled)


@given(facts)
def test_what_was_received_is_the_sum_of_the_payments_alone(events):
    assert montant_recu(events) == sum((e.montant for e in events if e.nature is N.PAIEMENT and e.montant), Decimal(0))


@pytest.mark.parametrize(
    ("existing", "reference"),
    [
        ([], "2026-001"),
        (["2026-001", "2026-002"], "2026-003"),
        (["2026-001", "2026-009"], "2026-010"),
        (["2025-044"], "2026-001"),
        (["2026-999"], "2026-1000"),
        (["2026-1000", "2026-999"], "2026-1001"),
        (["2026-abc", "2026-", "", "2026-²", "vieux 2026-777"], "2026-001"),
    ],
)
def test_references_follow_one_another_within_a_year(existing, reference):
    assert next_reference(2026, existing) == reference


@given(st.lists(st.sampled_from(("keep", "delete")), max_size=40), st.integers(2000, 2100))
def test_a_reference_is_never_given_to_two_dossiers(gestures, year):
    given_out: list[str] = []
    for _ in gestures:
        given_out.append(next_reference(year, given_out))
    assert len(set(given_out)) == len(given_out)
    assert sorted(given_out, key=lambda r: int(r.split("-")[1])) == given_out
