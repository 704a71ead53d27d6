"""The guide's values: a search without accents or case, texts that age."""

from datetime import date

import pytest

from mutuelle_desktop.domain.guide import (
    ActionGuide,
    Avis,
    Chapitre,
    GenreResultat,
    Geste,
    Guide,
    QuestionFrequente,
    Reference,
    Situation,
    Terme,
    fiches_of,
    search,
)

GUIDE = Guide(
    situations=(
        Situation(id="tel", titre="Téléphoner", resume="", avis=(
            Avis(id="tel.heure", titre="Appeler au bon moment", phrases=("Le mardi, vers 9 h.",), action=ActionGuide.APPEL),
            Avis(id="tel.note", titre="Noter", phrases=("Le nom du médiateur.",), droit="Rien n’est prouvé."),
        )),
    ),
    chapitres=(
        Chapitre(id="m", titre="Imprimer", resume="", gestes=(Geste(id="m.feuille", titre="La feuille", phrases=("Du papier.",)),)),
    ),
    questions=(QuestionFrequente(id="q", question="Quand relancer ?", reponse=("Après 15 jours.",), droit="Usage."),),
    termes=(Terme(mot="médiateur", definition="Une personne indépendante.", aussi=("ombudsman",)),),
    references=(
        Reference(id="r", texte="Code civil", article="1984", apport="Le mandat.", nature="loi", verifie_le=date(2026, 11, 23)),
    ),
)  # fmt: skip
FOLDED = str.maketrans("éèêàùôîç", "eeeauoic")


def found(mots: str) -> list[str]:
    def fold(text: str) -> str:
        return text.lower().translate(FOLDED)

    return [r.id for r in search(fiches_of(GUIDE, fold), fold(mots))]


@pytest.mark.parametrize(
    ("mots", "ids"),
    [
        ("MEDIATEUR", ["médiateur", "tel.note"]),  # a title first
        ("médi", ["médiateur", "tel.note"]),
        ("ombudsman", ["médiateur"]),
        ("9 h", ["tel.heure"]),
        ("mardi moment", ["tel.heure"]),
        ("mardi médiateur", []),
        ("prouvé", ["tel.note"]),
        ("relancer", ["q"]),
        ("15 jours", ["q"]),
        ("1984", ["r"]),
        ("imprimer papier", ["m.feuille"]),
        ("téléphoner", ["tel.heure", "tel.note"]),
        ("diateur", []),  # words are found by their beginning
        ("", []),
        (" ?!", []),
    ],
)
def test_the_search_asks_every_word_by_its_beginning(mots, ids):
    assert found(mots) == ids


def test_a_hit_says_what_and_where_it_is_and_what_it_opens():
    hit = search(fiches_of(GUIDE, str.lower), "moment")[0]
    assert (hit.genre, hit.ou, hit.extrait, hit.action) == (
        GenreResultat.AVIS, "Téléphoner", "Le mardi, vers 9 h.", ActionGuide.APPEL,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("checked", "today", "old"),
    [
        (date(2026, 11, 23), date(2027, 11, 23), False),
        (date(2026, 11, 23), date(2027, 11, 24), True),
        (date(2024, 2, 29), date(2025, 2, 28), False),
        (date(2024, 2, 29), date(2025, 3, 1), True),
    ],
)
def test_a_text_is_old_after_twelve_months(checked, today, old):
    text = Reference(id="r", texte="t", article="1", apport="a", nature="loi", verifie_le=checked)
    assert text.is_old(today) == old
    assert ("à revoir" in text.mention(today)) == old


def test_an_uncertain_text_says_so():
    text = Reference(
        id="r", texte="t", article="1", apport="a", nature="loi", verifie_le=date(2026, 11, 23), incertaine=True
    )
    assert text.mention(date(2026, 11, 23)) == "à vérifier"
