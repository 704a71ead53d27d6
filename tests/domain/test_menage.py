"""The household's own deadlines: contracts, coming of age, mandates."""

import pytest

from mutuelle_desktop.domain.calendrier import Foyer
from mutuelle_desktop.domain.contrat import Contrat, Couverture
from mutuelle_desktop.domain.echeance import EtatEcheance, echeances_foyer, replay
from mutuelle_desktop.domain.mandat import Mandat
from mutuelle_desktop.domain.personne import Personne
from tests.domain.histoires import REGLES, jour

E = EtatEcheance
JULES = Personne(id="j", prenom="Jules", nom="Bessière", naissance=jour("14/05/2012"))


def foyer(today, personnes=(), contrats=(), couvertures=(), mandats=()):
    found = echeances_foyer(personnes, contrats, couvertures, mandats, {}, REGLES, Foyer(), jour(today))
    assert all(replay(one.raisons) == one.brute for one in found)
    return {one.cle: one for one in found}


def contrat(**facts):
    return Contrat(id="c", mutuelle_id="m", numero="1", **facts)


def mandat(key="a", au="31/12/2026", **facts):
    return Mandat(
        id=key, mandant_id="j", mandataire_id="p", du=jour("01/01/2026"), au=jour(au) if au else None, **facts
    )


def test_a_contract_may_be_left_after_a_year_unless_it_is_imposed():
    one = foyer("01/09/2026", contrats=[contrat(debut=jour("29/02/2024"))])["R21:c"]
    assert (one.brute, one.etat, one.contrat_id) == (jour("28/02/2025"), E.REMPLIE, "c")
    assert not foyer(
        "01/09/2026", contrats=[contrat(debut=jour("01/01/2026"), obligatoire=True, echeance=jour("01/01/2020"))]
    )


@pytest.mark.parametrize(
    ("today", "cle", "brute"),
    [
        ("01/09/2026", "R23:c:2026", "31/10/2026"),
        ("31/10/2026", "R23:c:2026", "31/10/2026"),
        ("01/11/2026", "R23:c:2027", "31/10/2027"),
        ("31/12/2026", "R23:c:2027", "31/10/2027"),
    ],
)
def test_the_renewal_is_told_two_months_before(today, cle, brute):
    one = foyer(today, contrats=[contrat(echeance=jour("31/12/2020"))])[cle]
    assert one.brute == jour(brute)
    assert one.dossier_id is None


def test_the_renewal_aims_at_reception():
    assert foyer("01/09/2026", contrats=[contrat(echeance=jour("31/12/2020"))])["R23:c:2026"].agir_le == jour(
        "27/10/2026"
    )


def test_an_ended_contract_has_none():
    assert not foyer("01/09/2026", contrats=[contrat(fin=jour("31/08/2026"), debut=jour("01/01/2020"))])
    ending = foyer("01/09/2026", contrats=[contrat(fin=jour("31/12/2026"), echeance=jour("31/12/2020"))])
    assert set(ending) == {"R39:c"}
    assert ending["R39:c"].brute == jour("01/12/2026")


def test_a_cover_that_ends_before_its_contract_is_told():
    cover = Couverture(id="k", contrat_id="c", personne_id="j", jusqu_au=jour("30/11/2026"))
    found = foyer("01/09/2026", contrats=[contrat(fin=jour("31/12/2026"))], couvertures=[cover])
    assert (found["R39:k"].brute, found["R39:k"].personne_id) == (jour("31/10/2026"), "j")
    assert "R39:k" not in foyer("01/09/2026", contrats=[contrat(fin=jour("30/11/2026"))], couvertures=[cover])
    assert not foyer("01/12/2026", couvertures=[cover])


@pytest.mark.parametrize(
    ("today", "etat"), [("13/04/2030", E.A_VENIR), ("14/04/2030", E.A_FAIRE), ("15/05/2030", E.DEPASSEE)]
)
def test_coming_of_age_calls_for_a_mandate(today, etat):
    one = foyer(today, personnes=[JULES])["R37:j"]
    assert (one.brute, one.etat) == (jour("14/05/2030"), etat)


def test_a_mandate_already_signed_answers_it():
    assert foyer("01/05/2030", personnes=[JULES], mandats=[mandat(au=None)])["R37:j"].etat is E.REMPLIE
    assert not foyer("01/09/2030", personnes=[JULES])
    assert not foyer("01/09/2026", personnes=[Personne(prenom="A", nom="B")])


def test_a_mandate_is_renewed_a_month_before_its_end():
    assert foyer("01/09/2026", mandats=[mandat()])["R38:a"].brute == jour("01/12/2026")
    both = foyer("01/09/2026", mandats=[mandat(), mandat("b", "31/12/2027")])
    assert (both["R38:a"].etat, both["R38:b"].etat) == (E.REMPLIE, E.A_VENIR)
    assert foyer("01/09/2026", mandats=[mandat(revoque_le=jour("01/08/2026"))])["R38:a"].etat is E.SANS_OBJET
    assert not foyer("01/09/2026", mandats=[mandat(au=None), mandat("b", "31/08/2026")])
