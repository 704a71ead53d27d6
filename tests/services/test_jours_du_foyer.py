"""What the household changes about its days: the dates that would move, and every delay given back in one step."""

from datetime import date

import pytest

from mutuelle_desktop.domain.calendrier import Foyer, Unite, Zone
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement
from mutuelle_desktop.domain.regle import Surcharge
from mutuelle_desktop.services import dossiers, exemple
from mutuelle_desktop.services.calendriers import delete_surcharges, save_foyer, save_surcharge, surcharges
from mutuelle_desktop.services.echeances import mouvements_du_foyer, toutes

TODAY = date(2026, 11, 23)


@pytest.fixture
def household(library, workers):
    """The fictional household, with what it waits for."""
    exemple.fill_example(library, workers, today=TODAY)
    return library


def days(library):
    """The day to act for each deadline that is waited for."""
    rows = [found for found in toutes(library, TODAY) if found.is_active]
    return {found.id: found.echeance.agir_le if found.echeance else found.jour for found in rows}


def test_the_dates_said_to_move_are_those_that_move_and_nothing_is_written_before(household):
    before = days(household)
    wanted = Foyer(zone=Zone.ALSACE_MOSELLE, marge_postale=20)
    table = mouvements_du_foyer(household, wanted, TODAY)
    assert days(household) == before
    assert table, "twenty days of margin move what is to be posted"
    save_foyer(household, wanted)
    after = days(household)
    moved = {key: (before.get(key), after.get(key)) for key in before.keys() | after.keys()}
    moved = {key: days for key, days in moved.items() if days[0] != days[1]}
    assert {one.cle: (one.avant, one.apres) for one in table} == moved
    assert [one.apres or one.avant for one in table] == sorted(one.apres or one.avant for one in table)


def test_the_region_alone_moves_what_falls_on_its_own_holidays(library):
    value = dossiers.create_dossier(library, titre="Lunettes", nature=NatureDossier.REMBOURSEMENT, on=TODAY)
    sent = Evenement(dossier_id=value.id, nature=NatureEvenement.RECLAMATION, le=date(2026, 12, 14))
    dossiers.record_evenement(library, sent, date(2026, 12, 14))
    table = mouvements_du_foyer(library, Foyer(zone=Zone.ALSACE_MOSELLE), date(2026, 12, 14))
    assert table, "Saint Stephen's day, 26 December, is a Saturday: it counts among jours ouvrables"
    assert all(one.apres > one.avant for one in table)
    assert all(value.reference in one.titre for one in table)


def test_what_changes_nothing_moves_no_date(household):
    assert mouvements_du_foyer(household, Foyer(), TODAY) == ()


def test_every_delay_goes_back_to_its_rule_in_one_step_that_is_undone(library):
    for rule in ("R09", "R11"):
        save_surcharge(library, Surcharge(regle=rule, delai=20, unite=Unite.JOURS, raison="Sa charte"), TODAY)
    assert delete_surcharges(library) == 2
    assert surcharges(library) == []
    library.undo()
    assert len(surcharges(library)) == 2
    assert delete_surcharges(library) == 2
    assert delete_surcharges(library) == 0
