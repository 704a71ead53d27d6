"""Deadlines asked through the services, and what the user decides about them."""

import time
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from mutuelle_desktop.domain.appel import Appel
from mutuelle_desktop.domain.calendrier import Foyer, Unite, Zone
from mutuelle_desktop.domain.checklist import Coche
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.echeance import Decision, EtatEcheance, NatureDecision, Rappel
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement
from mutuelle_desktop.domain.ids import new_id
from mutuelle_desktop.domain.regle import NatureRegle, Role, Surcharge
from mutuelle_desktop.services import attaches, calendriers, decisions
from mutuelle_desktop.services.echeances import (
    FiltreEcheances,
    VueEcheances,
    cas_of,
    echeances_of,
    etape_of,
    fenetre_of,
    mouvements_of,
    regles,
    toutes,
)
from mutuelle_desktop.services.taches import a_faire, en_attente, journee, sans_prochaine_action
from tests.services.aides import carried_out, every, facts, get, refused, spaced
from tests.services.dates import (
    ACCUSE,
    COURONNE,
    DEMANDE,
    JOUR,
    LE_16_AVRIL_2027,
    LIMITE,
    LUNETTES,
    RECLAMATION,
    REPONSE,
    settle,
)
from tests.storage.foyer import APPEL, CAMILLE, COCHE, CONFORT, DEUX_RIVES, MOMENT, dossier, put


@pytest.fixture
def maison(library):
    settle(library)
    return library


def by_key(library, today=JOUR, dossier_id=COURONNE.id):
    return {one.cle: one for one in echeances_of(library, dossier_id, today)}


def row(library, cle, today=JOUR):
    return next(found for found in toutes(library, today, FiltreEcheances(vue=VueEcheances.TOUTES)) if found.id == cle)


# Questions


def test_a_dossier_gives_its_facts_and_its_dates(maison):
    found = cas_of(maison, COURONNE.id)
    assert found.evenements == (DEMANDE, RECLAMATION)
    assert (found.mutuelle, found.contrat.id, found.personne.id) == (DEUX_RIVES, CONFORT.id, CAMILLE.id)
    dates = by_key(maison)
    assert dates[ACCUSE].brute == date(2026, 4, 28)
    assert dates[REPONSE].brute == date(2026, 6, 16)
    assert dates[LIMITE].brute == LE_16_AVRIL_2027


def test_a_dossier_that_is_gone_is_refused(maison):
    refused(maison, "Ce dossier n’existe plus.", lambda: cas_of(maison, "0" * 16))
    refused(maison, "Ce dossier n’existe plus.", lambda: etape_of(maison, "0" * 16, JOUR))


def test_every_list_says_the_same_as_the_dossier_alone(maison):
    one = {e.cle: e for key in (COURONNE.id, LUNETTES.id) for e in echeances_of(maison, key, JOUR)}
    every_row = toutes(maison, JOUR, FiltreEcheances(vue=VueEcheances.TOUTES))
    together = {found.id: found.echeance for found in every_row if found.dossier_id}
    assert together == one


def test_rows_say_whose_dossier_it_is_and_what_is_at_stake(maison):
    found = row(maison, REPONSE)
    assert (found.reference, found.dossier, found.personne) == (
        "2026-014",
        "Couronne dent 36",
        "Camille Bessière",
    )
    assert (found.mutuelle, found.lieu.mutuelle_id) == ("Mutuelle des Deux Rives", DEUX_RIVES.id)
    assert found.enjeu == Decimal(300)
    put(maison, Evenement(dossier_id=COURONNE.id, nature=NatureEvenement.PAIEMENT, le=JOUR, montant=Decimal("120.5")))
    assert row(maison, REPONSE).enjeu == Decimal("179.50")


def test_own_entries_stand_among_the_deadlines(maison):
    mine = decisions.save_rappel(maison, Rappel(titre="Timbres", le=date(2026, 5, 20), dossier_id=COURONNE.id))
    alone = decisions.save_rappel(maison, Rappel(titre="Vacances", le=date(2026, 5, 3)))
    found = row(maison, mine.id)
    assert (found.jour, found.titre, found.reference, found.role) == (mine.le, "Timbres", "2026-014", Role.ASSURE)
    assert row(maison, alone.id).etat is EtatEcheance.DEPASSEE
    assert row(maison, alone.id, date(2026, 5, 3)).etat is EtatEcheance.A_FAIRE
    assert row(maison, alone.id, date(2026, 5, 2)).etat is EtatEcheance.A_VENIR
    days = [line.jour for line in toutes(maison, JOUR)]
    assert days == sorted(days)


def test_filters_keep_what_they_say(maison):
    def keys(**how):
        return {found.id for found in toutes(maison, JOUR, FiltreEcheances(**how))}

    mine = decisions.save_rappel(maison, Rappel(titre="Vacances", le=date(2026, 5, 3)))
    assert LIMITE in keys(role=Role.ASSURE)
    assert keys(role=Role.ORGANISME) >= {REPONSE, ACCUSE}
    assert LIMITE not in keys(role=Role.ORGANISME)
    assert keys(nature=NatureRegle.LOI) >= {LIMITE}
    assert REPONSE not in keys(nature=NatureRegle.LOI)
    assert keys(du=date(2026, 6, 16), au=date(2026, 6, 16)) == {REPONSE}
    assert mine.id in keys(vue=VueEcheances.RETARD)
    assert REPONSE not in keys(vue=VueEcheances.RETARD)
    assert mine.id not in keys(personne_id=CAMILLE.id)
    assert REPONSE in keys(personne_id=CAMILLE.id)
    assert REPONSE in keys(mutuelle_id=DEUX_RIVES.id)
    assert keys(dossier_id="0" * 16) == set()


@pytest.mark.parametrize("how", [{"clos_le": JOUR}, {"supprime_le": MOMENT}], ids=["closed", "trashed"])
def test_a_dossier_put_away_has_no_deadline_in_the_lists(maison, how):
    put(maison, replace(COURONNE, **how), Rappel(id="a1" * 8, titre="Timbres", le=JOUR, dossier_id=COURONNE.id))
    found = {line.id for line in toutes(maison, JOUR)}
    assert REPONSE not in found
    assert ("a1" * 8 in found) is ("clos_le" in how)  # an entry of one's own outlives the closing, not the trash


def test_the_day_decides_and_passes_midnight(maison):
    assert row(maison, REPONSE, date(2026, 6, 16)).etat is EtatEcheance.EN_ATTENTE
    assert row(maison, REPONSE, date(2026, 6, 17)).etat is EtatEcheance.DEPASSEE
    assert row(maison, REPONSE, date(2026, 6, 16)).etat is EtatEcheance.EN_ATTENTE  # and a clock set back comes back


def test_correcting_an_event_shows_what_moves_and_writes_nothing(maison):
    before = facts(maison)
    moved = {one.cle: one for one in mouvements_of(maison, replace(RECLAMATION, le=date(2026, 4, 20)), JOUR)}
    assert (moved[REPONSE].avant, moved[REPONSE].apres) == (date(2026, 6, 16), date(2026, 6, 20))
    assert facts(maison) == before
    gone = {one.cle: one for one in mouvements_of(maison, RECLAMATION, JOUR, retire=True)}
    assert (gone[LIMITE].avant, gone[LIMITE].apres) == (LE_16_AVRIL_2027, None)


def test_correcting_and_correcting_back_moves_nothing(maison):
    first = by_key(maison)
    put(maison, replace(RECLAMATION, le=date(2026, 4, 20)))
    assert by_key(maison) != first
    put(maison, RECLAMATION)
    assert by_key(maison) == first
    assert mouvements_of(maison, RECLAMATION, JOUR) == ()


def test_a_pinned_date_stays_and_says_so_when_the_fact_moves(maison):
    decisions.pin(maison, REPONSE, date(2026, 6, 30), JOUR)
    moved = {one.cle: one for one in mouvements_of(maison, replace(RECLAMATION, le=date(2026, 4, 20)), JOUR)}
    assert moved[REPONSE].fixee
    put(maison, replace(RECLAMATION, le=date(2026, 4, 20)))
    found = by_key(maison)[REPONSE]
    assert (found.jour, found.brute) == (date(2026, 6, 30), date(2026, 6, 20))


def test_the_window_of_the_mediateur_opens_after_two_months_and_closes_after_a_year(maison):
    found = fenetre_of(maison, COURONNE.id, JOUR)
    assert (found.ouvre_le, found.ferme_le) == (date(2026, 6, 17), LE_16_AVRIL_2027)
    assert fenetre_of(maison, LUNETTES.id, JOUR).ouvre_le is None


# Today's lists


def test_a_dossier_just_opened_is_to_be_prepared(maison):
    found = next(task for task in a_faire(maison, JOUR) if task.dossier_id == LUNETTES.id)
    assert found.bouton
    assert found.raison
    assert found.etape == etape_of(maison, LUNETTES.id, JOUR)


def test_what_the_mutuelle_owes_is_awaited_and_not_to_be_done(maison):
    assert REPONSE in {found.id for found in en_attente(maison, JOUR)}
    assert REPONSE not in {task.id for task in a_faire(maison, JOUR)}


def test_a_limit_that_is_near_comes_first(maison):
    near = LE_16_AVRIL_2027 - timedelta(days=5)
    tasks = a_faire(maison, near)
    assert [task.bande for task in tasks] == sorted(task.bande for task in tasks)
    assert tasks[0].bande == 1
    assert tasks[0].dossier_id == COURONNE.id
    assert tasks[0].si_rien


def test_inside_a_band_the_date_then_the_amount_decide(maison):
    put(maison, *(Rappel(id=f"{n:016x}", titre=f"R{n}", le=JOUR - timedelta(days=n % 3)) for n in range(6)))
    mine = [task for task in a_faire(maison, JOUR) if task.ligne and task.ligne.rappel]
    assert [task.jour for task in mine] == sorted(task.jour for task in mine)
    assert {task.bande for task in mine} == {4}
    assert mine[-1].raison == "Vous vouliez y penser aujourd’hui."


def test_a_step_put_off_comes_back_on_its_day(maison):
    step = next(task for task in a_faire(maison, JOUR) if task.dossier_id == LUNETTES.id)
    back = JOUR + timedelta(days=10)
    carried_out(maison, f"Reporter au {back:%d/%m/%Y}",
                lambda: decisions.postpone(maison, step.id, back, JOUR, "Vacances"))  # fmt: skip
    assert step.id not in {task.id for task in a_faire(maison, back - timedelta(days=1))}
    assert LUNETTES.id not in {one.dossier_id for one in sans_prochaine_action(maison, JOUR)}
    assert step.id in {task.id for task in a_faire(maison, back)}


def test_a_step_that_a_limit_governs_is_not_put_off_beyond_it(maison):
    near = LE_16_AVRIL_2027 - timedelta(days=20)
    step = next(task for task in a_faire(maison, near) if task.dossier_id == COURONNE.id and task.etape)
    assert step.etape.echeance_cle == LIMITE
    late = LE_16_AVRIL_2027 + timedelta(days=1)
    refused(maison, "jusqu’au 16/04/2027", lambda: decisions.postpone(maison, step.id, late, near))
    decisions.postpone(maison, step.id, LE_16_AVRIL_2027, near)
    assert COURONNE.id not in {task.dossier_id for task in a_faire(maison, near)}
    assert step.id in {task.id for task in a_faire(maison, LE_16_AVRIL_2027)}


def test_a_step_that_is_settled_comes_back_with_a_new_fact(maison):
    step = next(task for task in a_faire(maison, JOUR) if task.dossier_id == LUNETTES.id)
    carried_out(maison, "Marquer comme fait", lambda: decisions.mark_done(maison, step.id, JOUR))
    assert LUNETTES.id not in {task.dossier_id for task in a_faire(maison, JOUR)}
    assert LUNETTES.id in {one.dossier_id for one in sans_prochaine_action(maison, JOUR)}
    piece = Evenement(dossier_id=LUNETTES.id, nature=NatureEvenement.PIECE_DEMANDEE, le=JOUR)
    put(maison, Evenement(dossier_id=LUNETTES.id, nature=NatureEvenement.DEMANDE, le=JOUR - timedelta(days=2)), piece)
    assert LUNETTES.id not in {one.dossier_id for one in sans_prochaine_action(maison, JOUR)}


def test_an_entry_of_ones_own_keeps_a_dossier_awake(maison):
    step = next(task for task in a_faire(maison, JOUR) if task.dossier_id == LUNETTES.id)
    decisions.mark_done(maison, step.id, JOUR)
    decisions.save_rappel(maison, Rappel(titre="Y revenir", le=JOUR + timedelta(days=90), dossier_id=LUNETTES.id))
    assert sans_prochaine_action(maison, JOUR) == []


def test_a_step_of_a_dossier_that_is_gone_is_refused(maison):
    refused(maison, "Ce dossier n’existe plus.", lambda: decisions.mark_done(maison, "etape:0000::CLORE", JOUR))
    refused(maison, "date calculée", lambda: decisions.pin(maison, "etape:0000::CLORE", JOUR, JOUR))


def test_a_day_with_nothing_to_do_is_empty(library):
    found = journee(library, JOUR)
    assert (found.a_faire, found.en_attente, found.dormants) == ((), (), ())


# Decisions


def test_what_is_done_does_not_count_any_more(maison):
    carried_out(maison, "Marquer comme fait", lambda: decisions.mark_done(maison, REPONSE, JOUR, "reçue à l’agence"))
    assert by_key(maison)[REPONSE].etat is EtatEcheance.REMPLIE
    assert REPONSE not in {found.id for found in toutes(maison, JOUR)}
    assert get(maison, Decision, REPONSE).dossier_id == COURONNE.id


def test_saying_it_twice_is_saying_it_once(maison):
    decisions.mark_done(maison, REPONSE, JOUR)
    before, label = facts(maison), maison.undo_label
    decisions.mark_done(maison, REPONSE, JOUR)
    assert (facts(maison), maison.undo_label) == (before, label)


def test_what_is_without_object_needs_a_reason(maison):
    refused(maison, "sans objet", lambda: decisions.ignore(maison, ACCUSE, JOUR, "  "))
    carried_out(maison, "Déclarer sans objet", lambda: decisions.ignore(maison, ACCUSE, JOUR, "Dit au téléphone"))
    assert by_key(maison)[ACCUSE].etat is EtatEcheance.SANS_OBJET


def test_putting_off_never_moves_the_raw_date(maison):
    before = by_key(maison)[REPONSE]
    carried_out(maison, "Reporter au 25/06/2026",
                lambda: decisions.postpone(maison, REPONSE, date(2026, 6, 25), JOUR, "Vacances"))  # fmt: skip
    after = by_key(maison)[REPONSE]
    assert after.brute == before.brute
    assert (after.jour, after.reportee_le) == (date(2026, 6, 25), date(2026, 6, 25))
    assert after.alarmes == (date(2026, 6, 25),)


@pytest.mark.parametrize("jour", [JOUR, JOUR - timedelta(days=1)])
def test_one_puts_off_to_a_day_to_come(maison, jour):
    refused(maison, "un jour à venir", lambda: decisions.postpone(maison, REPONSE, jour, JOUR))


def test_a_limit_of_the_law_is_never_put_off_beyond_itself(maison):
    late = LE_16_AVRIL_2027 + timedelta(days=1)
    said = refused(maison, "la loi vous donne jusqu’au 16/04/2027",
                   lambda: decisions.postpone(maison, LIMITE, late, JOUR))  # fmt: skip
    assert "L612-2" in said
    assert "ne peut pas être reportée" in said
    refused(maison, "ne peut pas être fixée", lambda: decisions.pin(maison, LIMITE, late, JOUR))
    carried_out(maison, "Reporter au 16/04/2027", lambda: decisions.postpone(maison, LIMITE, LE_16_AVRIL_2027, JOUR))


def test_a_delay_of_the_mutuelle_may_be_put_off_as_one_likes(maison):
    decisions.postpone(maison, REPONSE, date(2027, 1, 15), JOUR)
    assert by_key(maison)[REPONSE].brute == date(2026, 6, 16)


def test_pinning_and_freeing_a_date(maison):
    refused(maison, "n’est pas fixée", lambda: decisions.unpin(maison, REPONSE))
    carried_out(maison, "Fixer au 30/06/2026", lambda: decisions.pin(maison, REPONSE, date(2026, 6, 30), JOUR))
    assert by_key(maison)[REPONSE].jour == date(2026, 6, 30)
    carried_out(maison, "Libérer la date", lambda: decisions.unpin(maison, REPONSE))
    assert by_key(maison)[REPONSE].jour == date(2026, 6, 16)


@pytest.mark.parametrize("nature", list(NatureDecision))
def test_reopening_takes_any_decision_back(maison, nature):
    before = by_key(maison)[REPONSE]
    jour = date(2026, 6, 30) if nature in (NatureDecision.REPORTEE, NatureDecision.FIXEE) else None
    put(maison, Decision(id=REPONSE, dossier_id=COURONNE.id, nature=nature, jour=jour))
    carried_out(maison, "Rouvrir l’échéance", lambda: decisions.reopen(maison, REPONSE))
    assert by_key(maison)[REPONSE] == before
    refused(maison, "Rien n’a été décidé", lambda: decisions.reopen(maison, REPONSE))


def test_nothing_is_decided_about_a_deadline_that_is_no_more(maison):
    put(maison, replace(RECLAMATION, nature=NatureEvenement.NOTE))
    for act in (
        lambda: decisions.mark_done(maison, REPONSE, JOUR),
        lambda: decisions.ignore(maison, REPONSE, JOUR, "x"),
        lambda: decisions.postpone(maison, REPONSE, date(2026, 6, 30), JOUR),
        lambda: decisions.pin(maison, "R99:rien", date(2026, 6, 30), JOUR),
    ):
        refused(maison, "n’existe plus", act)


def test_nothing_is_decided_about_what_an_event_fulfilled(maison):
    put(maison, Evenement(dossier_id=COURONNE.id, nature=NatureEvenement.REPONSE, le=JOUR, suite_de=RECLAMATION.id))
    assert by_key(maison)[REPONSE].etat is EtatEcheance.REMPLIE
    refused(maison, "déjà remplie", lambda: decisions.postpone(maison, REPONSE, date(2026, 6, 30), JOUR))


# The household


@pytest.fixture
def foyer(maison):
    """A contract one chose, that renews on 31 December: the household has its own limit, on 31 October 2026."""
    put(maison, replace(CONFORT, collectif=False, obligatoire=False, debut=None, echeance=date(2026, 12, 31),
                        delai_production=None))  # fmt: skip
    return maison, f"R23:{CONFORT.id}:2026"


def test_the_household_has_its_own_dates(foyer):
    library, cle = foyer
    found = row(library, cle)
    assert (found.jour, found.dossier_id, found.mutuelle) == (date(2026, 10, 31), None, "Mutuelle des Deux Rives")
    assert found.role is Role.ASSURE
    assert cle in {line.id for line in toutes(library, JOUR, FiltreEcheances(mutuelle_id=DEUX_RIVES.id))}
    near = date(2026, 10, 20)
    task = next(task for task in a_faire(library, near) if task.id == cle)
    assert (task.bande, task.dossier_id) == (1, None)
    assert spaced(task.raison) == (
        "Dernier jour : le samedi 31 octobre 2026 (loi) ; mieux vaut agir avant le mardi 27 octobre 2026."
    )


def test_what_is_decided_about_the_household_belongs_to_no_dossier(foyer):
    library, cle = foyer
    refused(library, "jusqu’au 31/10/2026", lambda: decisions.postpone(library, cle, date(2026, 11, 1), JOUR))
    carried_out(library, "Reporter au 01/10/2026", lambda: decisions.postpone(library, cle, date(2026, 10, 1), JOUR))
    assert row(library, cle).jour == date(2026, 10, 1)
    assert get(library, Decision, cle).dossier_id is None
    carried_out(library, "Marquer comme fait", lambda: decisions.mark_done(library, cle, JOUR))
    assert cle not in {line.id for line in toutes(library, JOUR)}


def test_a_limit_that_has_passed_is_told_for_a_month_then_left_to_the_calendar(foyer):
    library, _ = foyer
    put(library, Evenement(id="f0" * 8, dossier_id=LUNETTES.id, nature=NatureEvenement.DECISION_SECU, le=JOUR))
    limite = f"R32:{'f0' * 8}"
    passed = date(2026, 7, 5)
    task = next(task for task in a_faire(library, passed) if task.id == limite)
    assert task.bande == 3
    assert "est passée" in task.raison
    assert task.bouton == "Voir l’échéance"
    later = date(2026, 8, 4)
    assert limite not in {task.id for task in a_faire(library, later)}
    assert row(library, limite, later).etat is EtatEcheance.DEPASSEE


# Entries of one's own


def test_an_entry_is_made_changed_done_reopened_put_off_and_removed(maison):
    mine = Rappel(titre=" Poster  la lettre ", le=date(2026, 5, 10), dossier_id=COURONNE.id, notes=" Timbre ")
    label = "Enregistrer le rappel « Poster la lettre »"
    kept = carried_out(maison, label, lambda: decisions.save_rappel(maison, mine))
    assert (kept.titre, kept.notes) == ("Poster la lettre", "Timbre")
    carried_out(maison, label, lambda: decisions.save_rappel(maison, replace(kept, le=date(2026, 5, 11))))
    carried_out(maison, "Marquer comme fait", lambda: decisions.finish_rappel(maison, mine.id, JOUR))
    assert get(maison, Rappel, mine.id).fait_le == JOUR
    carried_out(maison, "Rouvrir l’échéance", lambda: decisions.reopen(maison, mine.id))
    carried_out(maison, "Marquer comme fait", lambda: decisions.mark_done(maison, mine.id, JOUR))
    carried_out(maison, "Reporter au 01/06/2026", lambda: decisions.postpone(maison, mine.id, date(2026, 6, 1), JOUR))
    assert get(maison, Rappel, mine.id) == replace(kept, le=date(2026, 6, 1))
    carried_out(maison, "Supprimer le rappel", lambda: decisions.delete_rappel(maison, mine.id))
    decisions.delete_rappel(maison, mine.id)
    refused(maison, "Ce rappel n’existe plus.", lambda: decisions.finish_rappel(maison, mine.id, JOUR))


def test_an_entry_needs_words_and_a_dossier_that_exists(maison):
    refused(maison, "ce qu’il faudra faire", lambda: decisions.save_rappel(maison, Rappel(titre="  ", le=JOUR)))
    lost = Rappel(titre="x", le=JOUR, dossier_id="0" * 16)
    refused(maison, "Ce dossier n’existe plus.", lambda: decisions.save_rappel(maison, lost))
    mine = decisions.save_rappel(maison, Rappel(titre="x", le=JOUR))
    refused(maison, "Ce rappel est le vôtre", lambda: decisions.ignore(maison, mine.id, JOUR, "inutile"))
    refused(maison, "la date du rappel", lambda: decisions.pin(maison, mine.id, date(2026, 6, 1), JOUR))


# What goes with a dossier, with a mutuelle


def test_what_hangs_on_a_dossier_goes_with_it_and_comes_back_with_undo(maison):
    call = Evenement(
        id=APPEL.id, dossier_id=COURONNE.id, nature=NatureEvenement.ECHANGE, le=JOUR, canal=Canal.TELEPHONE
    )
    kept = Rappel(titre="Autre", le=JOUR)
    put(maison, call, Appel(id=call.id), replace(COCHE, dossier_id=COURONNE.id), kept,
        Rappel(titre="Sien", le=JOUR, dossier_id=COURONNE.id),
        Surcharge(regle="R10", dossier_id=COURONNE.id, delai=1, unite=Unite.MOIS),
        Surcharge(regle="R10", mutuelle_id=DEUX_RIVES.id, delai=1, unite=Unite.MOIS))  # fmt: skip
    decisions.mark_done(maison, REPONSE, JOUR)

    def delete():
        with maison.write("Supprimer le dossier") as db:
            attaches.detach_dossier(db, COURONNE.id)
            for event in db.all(Evenement):
                db.delete(event)
            db.delete(COURONNE)

    carried_out(maison, "Supprimer le dossier", delete)
    assert every(maison, Rappel) == [kept]
    assert every(maison, Decision) == every(maison, Coche) == every(maison, Appel) == []
    assert [found.mutuelle_id for found in every(maison, Surcharge)] == [DEUX_RIVES.id]

    def detach():
        with maison.write("Oublier ses délais") as db:
            attaches.detach_mutuelle(db, DEUX_RIVES.id)

    carried_out(maison, "Oublier ses délais", detach)
    assert every(maison, Surcharge) == []


# Delays and days of one's own


def test_a_delay_of_ones_own_moves_the_dates_it_governs(maison):
    mine = Surcharge(regle="R10", mutuelle_id=DEUX_RIVES.id, delai=30, unite=Unite.JOURS, raison=" Sa charte ")
    carried_out(maison, "Changer un délai", lambda: calendriers.save_surcharge(maison, mine, JOUR))
    found = by_key(maison)[REPONSE]
    assert found.brute == date(2026, 5, 16)
    assert any("Sa charte" in raison.texte for raison in found.raisons)
    carried_out(maison, "Revenir au délai de la règle", lambda: calendriers.delete_surcharge(maison, mine.id))
    assert by_key(maison)[REPONSE].brute == date(2026, 6, 16)
    calendriers.delete_surcharge(maison, mine.id)


def test_a_second_delay_for_the_same_takes_the_place_of_the_first(maison):
    first = calendriers.save_surcharge(maison, Surcharge(regle="R10", delai=1, unite=Unite.MOIS), JOUR)
    second = Surcharge(regle="R10", delai=3, unite=Unite.MOIS)
    carried_out(maison, "Changer un délai", lambda: calendriers.save_surcharge(maison, second, JOUR))
    other = Surcharge(regle="R10", dossier_id=COURONNE.id, mutuelle_id=DEUX_RIVES.id, delai=1, unite=Unite.ANS)
    assert calendriers.save_surcharge(maison, other, JOUR).mutuelle_id is None
    assert {(kept.id, kept.delai) for kept in calendriers.surcharges(maison)} == {(first.id, 3), (other.id, 1)}
    assert regles(maison).at("R10", JOUR, dossier_id=COURONNE.id).delai == 1


def test_a_delay_that_cannot_be_is_refused(maison):
    def save(**how):
        facts = {"regle": "R10", "delai": 1, "unite": Unite.MOIS, **how}
        return lambda: calendriers.save_surcharge(maison, Surcharge(**facts), JOUR)

    refused(maison, "Cette règle n’existe pas", save(regle="R99"))
    refused(maison, "va de 1 à 120 mois", save(delai=0))
    refused(maison, "va de 1 à 10 ans", save(delai=11, unite=Unite.ANS))
    refused(maison, "corrigez-le", save(regle="R15"))
    refused(maison, "Cette mutuelle n’existe plus", save(mutuelle_id="0" * 16))
    refused(maison, "Ce dossier n’existe plus.", save(dossier_id="0" * 16))
    refused(maison, "après la date", save(delai=-1))
    refused(maison, "avant la date", save(regle="R23", delai=2))


def test_the_law_s_own_limit_can_only_be_made_nearer(maison):
    further = Surcharge(regle="R16", delai=25, unite=Unite.MOIS)
    refused(maison, "La loi fixe ce délai à 2 ans", lambda: calendriers.save_surcharge(maison, further, JOUR))
    calendriers.save_surcharge(maison, replace(further, delai=12), JOUR)
    later = Surcharge(regle="R23", delai=-1, unite=Unite.MOIS)
    refused(maison, "La loi fixe ce délai à 2 mois", lambda: calendriers.save_surcharge(maison, later, JOUR))
    calendriers.save_surcharge(maison, replace(later, delai=-3), JOUR)


def test_the_household_says_where_its_holidays_are(maison):
    assert calendriers.get_foyer(maison) == Foyer()
    mine = Foyer(zone=Zone.ALSACE_MOSELLE, marge_postale=5)
    carried_out(maison, "Régler le calendrier du foyer", lambda: calendriers.save_foyer(maison, mine))
    assert calendriers.get_foyer(maison) == mine
    assert cas_of(maison, COURONNE.id).foyer == mine
    refused(maison, "de 0 à 30", lambda: calendriers.save_foyer(maison, replace(mine, marge_postale=-1)))


# Speed


@pytest.mark.slow
def test_a_thousand_dossiers_with_twenty_thousand_events_are_asked_at_once(library):
    def events(owner, number):
        natures = (NatureEvenement.SOINS, NatureEvenement.DEMANDE, NatureEvenement.RECLAMATION)
        for n in range(20):
            nature = natures[n] if n < 3 else NatureEvenement.ECHANGE
            yield Evenement(
                id=new_id(), dossier_id=owner, nature=nature, le=JOUR - timedelta(days=300 - n - number % 90)
            )

    with library.write("Remplir", undoable=False) as db:
        for number in range(1000):
            value = dossier(number, ouvert_le=date(2025, 6, 1))
            db.put(value)
            db.put_all(events(value.id, number))
    assert len(every(library, Dossier)) == 1000
    best = min(_timed(lambda: toutes(library, JOUR)) for _ in range(3))
    assert best < 0.6  # 0.25 s of one core on a quiet machine


def _timed(act):
    start = time.process_time()  # of this process: others may be busy
    act()
    return time.process_time() - start
