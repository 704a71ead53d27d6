"""The next step: the ladder, its jumps, its bands and its words; whole lives of dossiers told day by day."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.echeance import Decision, NatureDecision, echeances, mouvements
from mutuelle_desktop.domain.etape import EtatFenetre, GenreEtape, fenetre_mediateur, prochaine_etape
from mutuelle_desktop.domain.evenement import Canal, Sens
from tests.architecture.test_french import FAULTS
from tests.domain.histoires import REGLES, N, cas, etape, ev, jour, toutes, une
from tests.domain.test_echeances import CASES, FAITS, TODAYS, build

G = GenreEtape
LRAR, POSTE, TEL = Canal.RECOMMANDE, Canal.COURRIER, Canal.TELEPHONE
SOINS = ev(N.SOINS, "20/02/2026", id="soins")
DEM = ev(N.DEMANDE, "02/03/2026", promis_le="01/04/2026", canal=POSTE, id="dem")
APPEL = ev(N.ECHANGE, "03/04/2026", canal=TEL, id="appel")
REL = ev(N.RELANCE, "16/04/2026", canal=POSTE, id="rel")
REC = ev(N.RECLAMATION, "24/04/2026", canal=LRAR, id="rec")
MED = ev(N.MISE_EN_DEMEURE, "04/05/2026", canal=LRAR, id="med")
RECU = ev(N.DISTRIBUE, "06/05/2026", suite_de="med")
ACCUSE = ev(N.ACCUSE, "28/04/2026")


def told(case, *steps):
    """Check the step of each day: « 03/04/2026 », APPELER, 4."""
    for today, genre, bande in steps:
        step = etape(case, today)
        assert (step.genre, step.bande) == (genre, bande), (today, step)


def test_a_claim_paid_late():
    """From the care to the payment: nobody answers, the ladder is climbed, the money comes, all is closed."""
    told(cas(), ("01/03/2026", G.PREPARER, 5))
    told(cas(SOINS), ("01/03/2026", G.ENVOYER, 5))
    told(
        cas(SOINS, DEM),
        ("02/03/2026", G.ATTENDRE, 0),
        ("01/04/2026", G.ATTENDRE, 0),
        ("02/04/2026", G.ATTENDRE, 0),  # 48 hours are left to the mutuelle
        ("03/04/2026", G.APPELER, 4),
        ("15/04/2026", G.APPELER, 4),
        ("16/04/2026", G.RELANCER, 2),
        ("04/05/2026", G.METTRE_EN_DEMEURE, 2),
    )
    called = cas(SOINS, DEM, APPEL)
    told(called, ("03/04/2026", G.ATTENDRE, 0), ("16/04/2026", G.RELANCER, 2))
    reminded = cas(SOINS, DEM, APPEL, REL)
    told(reminded, ("17/04/2026", G.ATTENDRE, 0), ("24/04/2026", G.RECLAMER, 2), ("04/05/2026", G.METTRE_EN_DEMEURE, 2))
    complained = cas(SOINS, DEM, APPEL, REL, REC)
    told(complained, ("25/04/2026", G.ATTENDRE, 0), ("04/05/2026", G.METTRE_EN_DEMEURE, 2))
    noticed = cas(SOINS, DEM, APPEL, REL, REC, MED, ACCUSE, RECU)
    told(noticed, ("05/05/2026", G.ATTENDRE, 0), ("24/06/2026", G.ATTENDRE, 0), ("25/06/2026", G.SAISIR_MEDIATEUR, 2))
    paid = cas(SOINS, DEM, APPEL, REL, REC, MED, ev(N.PAIEMENT, "10/06/2026", montant="120"), montant_attendu="120")
    told(paid, ("11/06/2026", G.CLORE, 6))
    assert all(one.terminee for one in toutes(paid, "11/06/2026").values())
    told(replace_closed(paid), ("12/06/2026", G.CLOS, 0))


def replace_closed(case):
    return replace(case, dossier=case.dossier.closed(jour("12/06/2026")))


def test_a_refusal_taken_to_the_mediateur():
    refus = ev(N.REFUS, "25/03/2026", canal=POSTE)
    told(cas(SOINS, DEM, refus), ("26/03/2026", G.RECLAMER, 2))
    rec = ev(N.RECLAMATION, "30/03/2026", canal=LRAR, id="rec")
    told(cas(SOINS, DEM, refus, rec), ("31/03/2026", G.ATTENDRE, 0), ("15/04/2026", G.APPELER, 2))
    final = ev(N.REFUS_DEFINITIF, "28/04/2026", canal=POSTE)
    story = [SOINS, DEM, refus, rec, final]
    step = etape(cas(*story), "29/04/2026")
    assert (step.genre, step.bande) == (G.SAISIR_MEDIATEUR, 2)
    assert "attendent tout de même deux mois" in step.raison
    story.append(ev(N.SAISINE, "04/05/2026"))
    told(cas(*story), ("05/05/2026", G.ATTENDRE_MEDIATEUR, 0))
    story.append(ev(N.SAISINE_RECUE, "06/05/2026"))
    told(cas(*story), ("07/05/2026", G.ATTENDRE_MEDIATEUR, 0), ("28/05/2026", G.APPELER, 2))
    story.append(ev(N.SAISINE_NOTIFIEE, "20/05/2026"))
    story.append(ev(N.MEDIATION_ACCEPTEE, "22/05/2026"))
    assert une(cas(*story), "R14", "23/05/2026").brute == jour("18/08/2026")
    story.append(ev(N.PROPOSITION, "30/07/2026", promis_le="31/08/2026", id="prop"))
    told(cas(*story), ("31/07/2026", G.REPONDRE_PROPOSITION, 3), ("25/08/2026", G.REPONDRE_PROPOSITION, 1))
    story.append(ev(N.ECHANGE, "20/08/2026", sens=Sens.ENVOYE, suite_de="prop"))
    told(cas(*story), ("21/08/2026", G.ATTENDRE_MEDIATEUR, 0))
    story.append(ev(N.MEDIATION_TERMINEE, "25/08/2026"))
    told(cas(*story), ("26/08/2026", G.CONCILIER, 2))
    story.append(ev(N.PAIEMENT, "10/09/2026", montant="120"))
    told(cas(*story), ("11/09/2026", G.CLORE, 6))


def test_a_forgotten_recommande():
    """Posted, never looked at again: it comes back, and its proof dates everything."""
    rec = ev(N.RECLAMATION, "02/03/2026", canal=LRAR, id="rec")
    told(cas(SOINS, rec, ev(N.ECHANGE, "17/03/2026")), ("18/03/2026", G.ATTENDRE, 0), ("23/03/2026", G.VERIFIER, 6))
    assert "recommandé" in etape(cas(SOINS, rec, ev(N.ECHANGE, "17/03/2026")), "23/03/2026").raison.lower()
    back = cas(SOINS, rec, ev(N.ECHANGE, "17/03/2026"), ev(N.NON_RECLAME, "20/03/2026", suite_de="rec"))
    told(back, ("23/03/2026", G.ATTENDRE, 0))
    assert toutes(back, "23/03/2026")["R16:d"].brute == jour("02/03/2028")  # sent is enough


def test_an_event_corrected_twice():
    today = jour("01/05/2026")
    first = cas(SOINS, DEM, REC)
    wrong = cas(SOINS, DEM, replace(REC, le=jour("20/04/2026")))
    right = cas(SOINS, DEM, replace(REC, le=jour("22/04/2026")))
    states = [echeances(case, REGLES, today) for case in (first, wrong, right, first)]
    assert {m.cle for m in mouvements(states[0], states[1])} >= {"R09:rec", "R10:rec", "R11:rec", "R12:rec", "R16:d"}
    assert {m.cle: m.apres for m in mouvements(states[1], states[2])}["R10:rec"] == jour("22/06/2026")
    assert mouvements(states[0], states[3]) == ()
    assert states[0] == states[3]
    assert prochaine_etape(first, states[3], REGLES, today) == prochaine_etape(first, states[0], REGLES, today)


def test_two_years_saved_by_a_recommande():
    told(cas(SOINS, DEM), ("24/11/2027", G.INTERROMPRE, 1))
    step = etape(cas(SOINS, DEM), "24/11/2027")
    assert "dimanche 20\u00a0février 2028" in step.raison
    assert "perdue" in step.si_rien
    saved = cas(SOINS, DEM, ev(N.MISE_EN_DEMEURE, "10/02/2028", canal=LRAR))
    assert toutes(saved, "11/02/2028")["R16:d"].brute == jour("10/02/2030")
    assert etape(saved, "11/02/2028").genre is not G.INTERROMPRE
    told(cas(SOINS, ev(N.DEMANDE, "02/03/2026"), ev(N.REPONSE, "10/03/2026")), ("01/03/2028", G.VERIFIER, 6))


def test_a_missing_piece_blocks_on_the_side_of_the_person():
    asked = ev(N.PIECE_DEMANDEE, "20/03/2026")
    told(cas(SOINS, DEM, asked), ("21/03/2026", G.FOURNIR_PIECE, 3), ("20/06/2026", G.FOURNIR_PIECE, 3))
    dated = ev(N.PIECE_DEMANDEE, "20/03/2026", promis_le="10/04/2026")
    step = etape(cas(SOINS, DEM, dated), "21/03/2026")
    assert (step.genre, step.echeance_cle) == (G.FOURNIR_PIECE, f"R20.piece:{dated.id}")
    told(cas(SOINS, DEM, asked, ev(N.COMPLEMENT, "25/03/2026", canal=POSTE)), ("26/03/2026", G.ATTENDRE, 0))


def test_a_partial_payment_stays_on_the_ladder():
    part = ev(N.PAIEMENT, "10/04/2026", montant="50")
    told(cas(SOINS, DEM, part, montant_attendu="120"), ("16/04/2026", G.RELANCER, 2))


def test_an_answer_is_read():
    told(cas(SOINS, DEM, ev(N.REPONSE, "20/03/2026")), ("21/03/2026", G.VERIFIER, 6))


def test_a_final_refusal_before_any_complaint_calls_for_one():
    step = etape(cas(SOINS, DEM, ev(N.REFUS_DEFINITIF, "20/03/2026")), "21/03/2026")
    assert step.genre is G.RECLAMER
    assert "réclamation écrite" in step.raison


def test_a_refusal_of_the_complaint_waits_for_the_window():
    story = (SOINS, REC, ev(N.REFUS, "10/05/2026"))
    told(cas(*story), ("11/05/2026", G.ATTENDRE, 0), ("25/06/2026", G.SAISIR_MEDIATEUR, 2))
    oral = etape(cas(SOINS, REC, ev(N.REFUS_DEFINITIF, "10/05/2026", canal=TEL)), "11/05/2026")
    assert oral.genre is G.ATTENDRE
    assert "par écrit" in oral.raison


def test_the_year_of_the_mediateur_is_the_first_thing_when_it_ends():
    told(cas(SOINS, REC), ("23/02/2027", G.SAISIR_MEDIATEUR, 1), ("24/04/2027", G.SAISIR_MEDIATEUR, 1))
    told(cas(SOINS, REC), ("26/04/2027", G.CONCILIER, 2))


def test_an_irrecevable_saisine_may_be_made_again_while_the_window_is_open():
    story = (SOINS, REC, ev(N.SAISINE, "25/06/2026"), ev(N.SAISINE_IRRECEVABLE, "10/07/2026"))
    step = etape(cas(*story), "11/07/2026")
    assert step.genre is G.CONCILIER
    assert step.choix[0] is G.SAISIR_MEDIATEUR
    assert G.SAISIR_MEDIATEUR not in etape(cas(*story), "01/05/2027").choix


def test_a_proposal_without_its_day_is_still_answered():
    story = (SOINS, REC, ev(N.SAISINE, "25/06/2026"), ev(N.PROPOSITION, "10/09/2026"))
    told(cas(*story), ("11/09/2026", G.REPONDRE_PROPOSITION, 3))


def test_the_judge_and_the_conciliateur_are_waited_for():
    told(cas(SOINS, REC, ACCUSE, ev(N.CONCILIATION, "25/06/2026")), ("26/06/2026", G.ATTENDRE, 0))


def test_other_natures_have_their_own_steps():
    rec = {"nature": NatureDossier.RECLAMATION}
    told(cas(ev(N.ECHANGE, "01/03/2026"), **rec), ("02/03/2026", G.RECLAMER, 5))
    modif = {"nature": NatureDossier.MODIFICATION}
    told(cas(ev(N.SITUATION, "01/09/2026"), **modif), ("02/09/2026", G.ENVOYER, 5))
    told(cas(ev(N.RUPTURE_TRAVAIL, "31/08/2026"), **modif), ("01/09/2026", G.ENVOYER, 5), ("01/01/2027", G.ENVOYER, 1))
    resil = {"nature": NatureDossier.RESILIATION}
    received = ev(N.RESILIATION_RECUE, "23/11/2026")
    told(cas(received, **resil), ("24/11/2026", G.ATTENDRE, 0), ("26/01/2027", G.RELANCER, 2))
    told(cas(ev(N.ECHANGE, "01/03/2026")), ("02/03/2026", G.PREPARER, 5))


def test_a_dossier_without_any_date_is_looked_at_again():
    told(cas(ev(N.RESILIATION, "01/03/2026"), nature=NatureDossier.RESILIATION), ("02/03/2026", G.VERIFIER, 6))


def test_the_decisions_of_the_person_let_the_ladder_go_on():
    def word(cle, nature, day=None):
        return Decision(id=cle, dossier_id="d", nature=nature, jour=jour(day) if day else None)

    skipped = cas(SOINS, DEM, decisions=[word("R05:dem", NatureDecision.IGNOREE)])
    told(skipped, ("03/04/2026", G.ATTENDRE, 0))
    put_off = cas(SOINS, DEM, decisions=[word("R05:dem", NatureDecision.REPORTEE, "08/04/2026")])
    told(put_off, ("07/04/2026", G.ATTENDRE, 0), ("08/04/2026", G.APPELER, 4))


@pytest.mark.parametrize(
    ("today", "etat"),
    [
        ("24/06/2026", EtatFenetre.FERMEE),
        ("25/06/2026", EtatFenetre.OUVERTE),
        ("22/02/2027", EtatFenetre.OUVERTE),
        ("23/02/2027", EtatFenetre.SE_FERME),
        ("24/04/2027", EtatFenetre.SE_FERME),
        ("25/04/2027", EtatFenetre.CLOSE),
    ],
)
def test_the_window_of_the_mediateur(today, etat):
    window = fenetre_mediateur(cas(REC, ev(N.RECLAMATION, "01/06/2026")), REGLES, jour(today))
    assert window.etat is etat
    assert (window.ouvre_le, window.ferme_le) == (jour("25/06/2026"), jour("24/04/2027"))
    assert "24\u00a0avril 2026" in window.raison


def test_without_a_written_complaint_there_is_no_window():
    for case in (cas(), cas(DEM, REL, MED, APPEL)):
        window = fenetre_mediateur(case, REGLES, jour("01/06/2027"))
        assert (window.etat, window.ouvre_le, window.ferme_le) == (EtatFenetre.INCONNUE, None, None)


def test_the_example_of_the_field():
    """DOMAINE.md §1.2: sent on Monday 23/11/2026."""
    found = {o.regle: o for o in toutes(cas(ev(N.RECLAMATION, "23/11/2026")), "24/11/2026").values()}
    assert found["R09"].brute == jour("04/12/2026")
    assert found["R10"].brute == jour("23/01/2027")
    assert found["R11"].brute == jour("24/01/2027")
    assert found["R11"].agir_le == jour("25/01/2027")  # the 24th is a Sunday
    assert found["R12"].brute == jour("23/11/2027")


def test_a_final_refusal_is_warned_about_in_the_window():
    case = cas(REC, ev(N.REFUS_DEFINITIF, "04/05/2026", canal=POSTE))
    window = fenetre_mediateur(case, REGLES, jour("05/05/2026"))
    assert window.ouvre_le == jour("04/05/2026")
    assert "malgré le refus" in window.raison


def test_a_call_is_never_proposed_for_a_monday():
    """R09 is late from Saturday 09/05/2026: its follow-up falls on a Monday, the call on the next good day."""
    step = etape(cas(SOINS, REC), "12/05/2026")
    assert (step.genre, step.depuis) == (G.APPELER, jour("12/05/2026"))
    assert une(cas(SOINS, REC), "R09", "12/05/2026").agir_le == jour("11/05/2026")


def test_when_the_post_is_too_slow_it_says_so():
    step = etape(cas(SOINS, REC), "23/04/2027")
    assert (step.genre, step.bande, step.a_faire) == (G.SAISIR_MEDIATEUR, 1, True)
    assert "La poste n’est plus assez sûre" in step.raison


def test_what_is_lost_is_looked_at_last():
    step = etape(cas(ev(N.SOINS, "20/02/2024"), ev(N.DECOMPTE_SECU, "21/02/2024"), replace(RECU, suite_de=None),
                     decisions=[Decision(id=f"{r}:DECOMPTE_SECU-21/02/2024", nature=NatureDecision.IGNOREE)
                                for r in ("R01", "R05", "R06", "R07")]), "01/06/2026")  # fmt: skip
    assert step.genre is G.VERIFIER
    assert "semble terminé depuis le vendredi 20\u00a0février 2026" in step.raison
    assert not etape(cas(SOINS, DEM), "05/03/2026").a_faire


def test_a_piece_asked_for_too_long_ago_is_still_sent():
    dated = ev(N.PIECE_DEMANDEE, "20/03/2026", promis_le="10/04/2026")
    step = etape(cas(SOINS, DEM, dated), "20/04/2026")
    assert step.genre is G.FOURNIR_PIECE
    assert "c’était le" in step.raison


def test_a_new_request_after_a_payment_is_waited_for():
    paid = ev(N.PAIEMENT, "20/03/2026", montant="120")
    told(cas(SOINS, DEM, paid, ev(N.DEMANDE, "01/04/2026", canal=POSTE)), ("02/04/2026", G.ATTENDRE, 0))


@settings(max_examples=120, deadline=None)
@given(FAITS, TODAYS)
def test_there_is_always_a_step_and_it_speaks_french(facts, today):
    case = cas(*build(facts), **CASES)
    found = echeances(case, REGLES, today)
    step = prochaine_etape(case, found, REGLES, today)
    assert 0 <= step.bande <= 6
    assert step.titre
    assert step.bouton
    assert step.raison
    assert step.genre not in step.choix or step.genre is G.VERIFIER
    assert step.echeance_cle is None or step.echeance_cle in {one.cle for one in found}
    words = (step.titre, step.bouton, step.raison, step.si_rien, step.effet)
    words += tuple(raison.texte for one in found for raison in one.raisons)
    for text in (*words, fenetre_mediateur(case, REGLES, today).raison):
        assert "{" not in text
        for fault, pattern in FAULTS.items():
            assert not pattern.search(text), f"{fault}: {text}"
