"""The two years: from what they count, what restarts and what suspends them, and what does not."""

import pytest

from mutuelle_desktop.domain.contrat import NatureOrganisme
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.echeance import EtatEcheance
from mutuelle_desktop.domain.evenement import Canal
from tests.domain.histoires import N, cas, ev, jour, toutes

LRAR, LRE = Canal.RECOMMANDE, Canal.RECOMMANDE_ELECTRONIQUE
SOINS = ev(N.SOINS, "17/02/2026")


def limite(*events, today="01/03/2026", **around):
    return toutes(cas(*events, **around), today)["R16:d"]


def test_it_counts_from_the_care_whatever_was_noted_before():
    one = limite(ev(N.ECHANGE, "01/02/2026"), SOINS, ev(N.SOINS, "20/02/2026"))
    assert (one.regle, one.brute) == ("R16", jour("17/02/2028"))


def test_without_care_the_oldest_fact_stands_and_says_so():
    one = limite(ev(N.NOTE, "01/01/2026"), ev(N.DEMANDE, "10/02/2026"), ev(N.REFUS, "01/03/2026"))
    assert one.brute == jour("10/02/2028")
    assert any("date des soins" in raison.texte for raison in one.raisons)


@pytest.mark.parametrize("nature", [N.DEMANDE, N.COMPLEMENT, N.RELANCE, N.RECLAMATION, N.MISE_EN_DEMEURE])
@pytest.mark.parametrize("canal", [LRAR, LRE])
def test_a_recommande_restarts_it_from_its_sending(nature, canal):
    letter = ev(nature, "01/10/2027", canal=canal, id="l")
    one = limite(SOINS, letter, ev(N.DISTRIBUE, "05/10/2027", suite_de="l"))
    assert (one.regle, one.brute) == ("R17", jour("01/10/2029"))


@pytest.mark.parametrize("nature", [N.RECONNAISSANCE, N.JUSTICE, N.EXPERTISE])
def test_recognition_judge_and_expert_restart_it(nature):
    assert limite(SOINS, ev(nature, "01/10/2027")).brute == jour("01/10/2029")


@pytest.mark.parametrize(
    "event",
    [
        ev(N.ECHANGE, "01/10/2027", canal=Canal.TELEPHONE),
        ev(N.RELANCE, "01/10/2027", canal=Canal.COURRIER),
        ev(N.RECLAMATION, "01/10/2027", canal=Canal.COURRIEL),
        ev(N.DEMANDE, "01/10/2027", canal=Canal.ESPACE_CLIENT),
        ev(N.MISE_EN_DEMEURE, "01/10/2027"),
        ev(N.ACCUSE, "01/10/2027"),
        ev(N.REFUS, "01/10/2027"),
        ev(N.PAIEMENT, "01/10/2027", montant="10"),
        ev(N.SAISINE, "01/10/2027", canal=LRAR),
        ev(N.SAISINE_NOTIFIEE, "01/10/2027"),
        ev(N.CONCILIATION, "01/10/2027"),
        ev(N.RESILIATION, "01/10/2027", canal=LRAR),
    ],
    ids=lambda event: f"{event.nature.name}-{event.canal}",
)
def test_nothing_else_restarts_it(event):
    one = limite(SOINS, event, montant_attendu="120")
    assert (one.regle, one.brute) == ("R16", jour("17/02/2028"))


def test_it_is_never_revived_once_it_has_run_out():
    late = limite(SOINS, ev(N.MISE_EN_DEMEURE, "18/02/2028", canal=LRAR), today="20/02/2028")
    assert (late.brute, late.etat) == (jour("17/02/2028"), EtatEcheance.DEPASSEE)
    assert any("trop tard" in raison.texte for raison in late.raisons)
    assert limite(SOINS, ev(N.MISE_EN_DEMEURE, "17/02/2028", canal=LRAR)).brute == jour("17/02/2030")


def test_it_is_never_extended_for_a_week_end_or_a_holiday():
    one = limite(ev(N.SOINS, "01/05/2025"))
    assert one.brute == jour("01/05/2027")  # a Saturday and a holiday
    assert one.agir_le == jour("27/04/2027")


ACCORD, FIN = ev(N.MEDIATION_ACCEPTEE, "17/01/2028"), ev(N.MEDIATION_TERMINEE, "15/04/2028")


def test_an_accepted_mediation_suspends_it_with_six_months_at_least():
    ended = limite(SOINS, ACCORD, FIN, today="20/04/2028")
    assert (ended.regle, ended.brute) == ("R18", jour("15/10/2028"))
    assert any("31\u00a0jours" in raison.texte for raison in ended.raisons)


def test_what_was_left_is_kept_when_it_is_more():
    soins, accord = ev(N.SOINS, "17/02/2026"), ev(N.MEDIATION_ACCEPTEE, "17/02/2027")
    ended = limite(soins, accord, ev(N.MEDIATION_TERMINEE, "01/05/2027"))
    assert ended.brute == jour("30/04/2028")  # 365 days were left


def test_while_it_is_suspended_nothing_is_lost():
    during = limite(SOINS, ACCORD, today="01/09/2028")
    assert during.etat is EtatEcheance.EN_ATTENTE
    assert during.brute == jour("17/07/2028")  # the least the law can give


def test_only_the_agreement_suspends():
    seized = limite(SOINS, ev(N.SAISINE, "01/02/2028"), ev(N.SAISINE_NOTIFIEE, "10/02/2028"), today="18/02/2028")
    assert seized.etat is EtatEcheance.DEPASSEE
    late = limite(SOINS, ev(N.MEDIATION_ACCEPTEE, "18/02/2028"), FIN, today="18/04/2028")
    assert late.brute == jour("17/02/2028")
    unstarted = limite(SOINS, FIN)
    assert unstarted.brute == jour("17/02/2028")


def test_a_recommande_during_the_mediation_gives_two_whole_years_after_it():
    letter = ev(N.MISE_EN_DEMEURE, "01/03/2028", canal=LRAR)
    one = limite(SOINS, ACCORD, letter, FIN, today="20/04/2028")
    assert one.brute == jour("15/04/2030")


def test_two_mediations_follow_each_other():
    again, over = ev(N.MEDIATION_ACCEPTEE, "01/06/2028"), ev(N.MEDIATION_TERMINEE, "01/08/2028")
    one = limite(SOINS, ACCORD, FIN, again, over, today="02/08/2028")
    assert one.brute == jour("01/02/2029")


def test_alarms_precede_it():
    assert limite(SOINS).alarmes == (jour("19/11/2027"), jour("18/01/2028"), jour("10/02/2028"), jour("14/02/2028"))


def test_its_key_stays_the_same_however_it_is_counted():
    keys = {limite(*events).cle for events in [(SOINS,), (SOINS, ACCORD, FIN), (ev(N.DEMANDE, "01/02/2026"),)]}
    assert keys == {"R16:d"}


def test_paid_it_has_no_object_until_new_care():
    paid = ev(N.PAIEMENT, "01/04/2026", montant="120")
    assert limite(SOINS, paid).etat is EtatEcheance.SANS_OBJET
    again = limite(SOINS, paid, ev(N.SOINS, "01/05/2026"), today="02/05/2026")
    assert (again.brute, again.etat) == (jour("01/05/2028"), EtatEcheance.A_VENIR)


def test_a_dossier_without_a_claim_has_none():
    for nature in (NatureDossier.INFORMATION, NatureDossier.MODIFICATION, NatureDossier.RESILIATION):
        assert "R16:d" not in toutes(cas(ev(N.DEMANDE, "01/02/2026"), nature=nature), "01/03/2026")
        assert "R16:d" in toutes(cas(SOINS, nature=nature), "01/03/2026")


@pytest.mark.parametrize(
    ("organisme", "depuis", "interruption"),
    [
        (NatureOrganisme.MUTUELLE, "C. mut. L221-11", "C. mut. L221-12"),
        (NatureOrganisme.ASSURANCE, "C. ass. L114-1", "C. ass. L114-2"),
        (NatureOrganisme.PREVOYANCE, "CSS L932-13", "CSS L932-13-1"),
        (None, "selon l’organisme", "selon l’organisme"),
    ],
)
def test_its_articles_follow_the_organism(organisme, depuis, interruption):
    one = limite(SOINS, ev(N.RELANCE, "01/03/2026", canal=LRAR), organisme=organisme)
    sources = [raison.source for raison in one.raisons if raison.source]
    assert depuis in sources[0]
    assert interruption in sources[1]
    assert one.incertaine is (organisme is NatureOrganisme.PREVOYANCE)


def test_a_dossier_that_begins_with_its_mediation_counts_all_the_same():
    """Found by chance: the oldest fact may be the agreement itself."""
    begun, ended = ev(N.MEDIATION_ACCEPTEE, "15/01/2024"), ev(N.MEDIATION_TERMINEE, "15/01/2024")
    assert limite(begun, ended, today="15/01/2024").brute == jour("15/01/2026")
