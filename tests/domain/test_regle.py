"""The rules that ship, as data, and the user's delays over them."""

import re

import pytest

from mutuelle_desktop.domain.calendrier import Unite
from mutuelle_desktop.domain.contrat import NatureOrganisme
from mutuelle_desktop.domain.etape import mediateur_usuel, parse_mediateurs
from mutuelle_desktop.domain.regle import NatureRegle, Role, Surcharge, parse_regles
from tests.architecture.test_french import FAULTS
from tests.domain.histoires import REGLES, ROOT, jour

ON = jour("23/11/2026")
TEXTES = ("titre", "explication", "consequence", "action", "bouton", "guide", "source")

FIGURES = [
    ("R01", 10, "jours"), ("R02", 30, "jours"), ("R02.alerte", 15, "jours"), ("R03", 45, "jours"),
    ("R04", 15, "jours"), ("R04.complexe", 30, "jours"), ("R05", 2, "jours"), ("R06", 15, "jours"),
    ("R07", 30, "jours"), ("R08", 15, "jours"), ("R09", 10, "jours ouvrables"), ("R10", 2, "mois"),
    ("R11", 2, "mois"), ("R12", 1, "ans"), ("R13", 21, "jours"), ("R14", 90, "jours"), ("R15", None, "jours"),
    ("R16", 2, "ans"), ("R17", 2, "ans"), ("R18", 6, "mois"), ("R19", 2, "ans"), ("R20", None, "mois"),
    ("R21", 1, "ans"), ("R22", 1, "mois"), ("R22.solde", 30, "jours"), ("R23", -2, "mois"), ("R24", 20, "jours"),
    ("R25", 3, "mois"), ("R26", 1, "mois"), ("R27", 14, "jours"), ("R28", 1, "mois"), ("R29", 6, "mois"),
    ("R29.proposition", 2, "mois"), ("R29.portabilite", 12, "mois"), ("R30", 10, "jours"),
    ("R30.suspension", 40, "jours"), ("R30.resiliation", 50, "jours"), ("R31", 1, "mois"), ("R31.prolongation", 3, "mois"),
    ("R32", 2, "mois"), ("R33", 2, "ans"), ("R33.enfant", 1, "ans"), ("R33.audio", 4, "ans"), ("R34", 5, "ans"),
    ("R34.enfant", 1, "ans"), ("R34.senior", 3, "ans"), ("R35", 15, "jours"), ("R36", 15, "jours"), ("R37", 18, "ans"),
    ("R38", -30, "jours"), ("R39", -30, "jours"), ("R40", 0, "jours"),
]  # fmt: skip


@pytest.mark.parametrize(("regle_id", "delai", "unite"), FIGURES)
def test_figures_are_those_of_the_field(regle_id, delai, unite):
    regle = REGLES.at(regle_id, ON)
    assert (regle.delai, str(regle.unite)) == (delai, unite)


def test_the_forty_rules_are_there_and_complete():
    assert sorted({regle.famille for regle in REGLES.all()}) == [f"R{n:02d}" for n in range(1, 41)]
    for regle in REGLES.all():
        assert regle.verifie_le == ON
        assert all(getattr(regle, name).strip() for name in ("titre", "explication", "consequence", "action", "bouton"))
        if regle.role is Role.ASSURE:
            assert regle.alarmes, f"{regle.id} would never be told in time"


def test_natures_follow_the_field():
    by_nature = {nature: {r.famille for r in REGLES.all() if r.nature is nature} for nature in NatureRegle}
    assert by_nature[NatureRegle.AUTORITE] == {"R09", "R10", "R11"}
    assert {"R12", "R13", "R14", "R15", "R16", "R17", "R18", "R40"} <= by_nature[NatureRegle.LOI]
    assert {"R01", "R02", "R03", "R04", "R06", "R07", "R08"} <= by_nature[NatureRegle.USAGE]


def test_soft_rules_are_never_worded_as_law():
    for regle in REGLES.all():
        if regle.nature is not NatureRegle.LOI:
            words = " ".join(getattr(regle, name) for name in TEXTES if name != "source")
            assert not re.search(r"\bloi\b|légal|obligat|oblige|impose", words, re.IGNORECASE), regle.id


def test_words_follow_french_typography():
    for regle in REGLES.all():
        for name in TEXTES:
            for fault, pattern in FAULTS.items():
                assert not pattern.search(getattr(regle, name)), f"{regle.id}.{name}: {fault}"


def test_what_is_not_checked_says_so():
    uncertain = {regle.famille for regle in REGLES.all() if regle.incertaine}
    assert {"R19", "R31", "R32", "R33", "R34"} <= uncertain
    assert not REGLES.at("R16", ON).is_incertaine(NatureOrganisme.MUTUELLE)
    assert REGLES.at("R16", ON).is_incertaine(NatureOrganisme.PREVOYANCE)


@pytest.mark.parametrize(
    ("organisme", "article"),
    [
        (NatureOrganisme.MUTUELLE, "C. mut. L221-11"),
        (NatureOrganisme.ASSURANCE, "C. ass. L114-1"),
        (NatureOrganisme.PREVOYANCE, "CSS L932-13"),
    ],
)
def test_the_article_follows_the_nature_of_the_organism(organisme, article):
    regle = REGLES.at("R16", ON)
    assert regle.source_for(organisme) == article
    assert article in regle.source_for(None)


def test_the_narrowest_delay_of_the_user_wins():
    def put(key, delai, **where):
        return Surcharge(id=key, regle="R06", delai=delai, unite=Unite.JOURS, **where)

    regles = REGLES.with_surcharges([put("a", 20), put("b", 21, mutuelle_id="m"), put("c", 22, dossier_id="d")])
    assert regles.at("R06", ON).delai == 20
    assert regles.at("R06", ON, mutuelle_id="m").delai == 21
    assert regles.at("R06", ON, mutuelle_id="m", dossier_id="d").delai == 22
    assert regles.at("R06", ON, mutuelle_id="x", dossier_id="x").delai == 20
    assert regles.at("R06", ON).delai_initial == "15\u00a0jours"
    assert regles.at("R07", ON) is REGLES.at("R07", ON)
    assert regles.with_surcharges([]).at("R06", ON).delai == 15


DATEE = """
verifie_le = 2026-11-23
[[X1]]
titre = "t"
nature = "usage"
role = "à vous"
delai = 5
source = "s"
explication = "e"
consequence = "c"
action = "a"
bouton = "b"
valable_au = 2025-12-31
[[X1]]
titre = "t"
nature = "usage"
role = "à vous"
delai = 7
source = "s"
explication = "e"
consequence = "c"
action = "a"
bouton = "b"
valable_du = 2026-01-01
valable_au = 2026-12-31
"""


@pytest.mark.parametrize(
    ("on", "delai"),
    [("01/06/2020", 5), ("31/12/2025", 5), ("01/01/2026", 7), ("31/12/2026", 7), ("01/01/2030", 7)],
)
def test_a_rule_applies_as_it_stood_on_the_day_of_the_fact(on, delai):
    assert parse_regles(DATEE).at("X1", jour(on)).delai == delai


def test_before_its_first_version_the_nearest_one_stands():
    later = DATEE.split("[[X1]]", 2)
    assert parse_regles(later[0] + "[[X1]]" + later[2] + "[[X1]]" + later[2]).at("X1", jour("01/01/2000")).delai == 7


def test_each_nature_of_organism_has_its_mediateur():
    mediateurs = parse_mediateurs((ROOT / "resources" / "regles" / "mediateurs.toml").read_text("utf-8"))
    assert mediateur_usuel(NatureOrganisme.MUTUELLE, mediateurs).adresse[1] == "255 rue de Vaugirard"
    assert "mediation-assurance.org" in mediateur_usuel(NatureOrganisme.ASSURANCE, mediateurs).site
    assert "CTIP" in mediateur_usuel(NatureOrganisme.PREVOYANCE, mediateurs).nom
