"""French typography: a table of sentences, what is never touched, and the law that twice is once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mutuelle_desktop.domain.courrier import Bloc, Fragment
from mutuelle_desktop.rendering.typographie import Ecart, corrected, corrected_corps, differences

N, F = "\u00a0", "\u202f"
TABLE = [
    ("Bonjour !", f"Bonjour{N}!"),
    ("Pourquoi?", f"Pourquoi{N}?"),
    ("Quoi?! Non!!", f"Quoi{N}?! Non{N}!!"),
    ("un ; deux;", f"un{N}; deux{N};"),
    ("Objet : lunettes", f"Objet{N}: lunettes"),
    ("Objet: lunettes", f"Objet{N}: lunettes"),
    ("« mot » et «mot»", f"«{N}mot{N}» et «{N}mot{N}»"),
    ('Il dit "oui".', f"Il dit «{N}oui{N}»."),
    ("l'ordonnance d'hier", "l’ordonnance d’hier"),
    ("etc...", "etc…"),
    ("650,00 €", f"650,00{N}€"),
    ("650€ et 60%", f"650{N}€ et 60{N}%"),
    ("1 234,56 €", f"1{N}234,56{N}€"),
    ("n° 12 et n°13", f"n°{N}12 et n°{N}13"),
    ("M. Dupont et Mme Durand", f"M.{N}Dupont et Mme{N}Durand"),
    ("Dr Hélène Petit", f"Dr{N}Hélène Petit"),
    ("art. 12", f"art.{N}12"),
    ("article L. 211-1", f"article{N}L.{N}211-1"),
    ("le 23 novembre 2026", f"le 23{N}novembre 2026"),
    ("le 1er juin", f"le 1er{N}juin"),
    ("dans 10 jours", f"dans 10{N}jours"),
    ("J. P. Martin", f"J.{N}P.{N}Martin"),
    ("06 12 34 56 78", f"06{N}12{N}34{N}56{N}78"),
    ("2 85 03 69 123 456 78", f"2{N}85{N}03{N}69{N}123{N}456{N}78"),
    ("FR76 3000 6000 0112 3456 7890 189", f"FR76{N}3000{N}6000{N}0112{N}3456{N}7890{N}189"),
    ("1A 234 567 8901 2", f"1A{N}234{N}567{N}8901{N}2"),
    ("RK 123 456 785 FR", f"RK{N}123{N}456{N}785{N}FR"),
    ("un  mot ,un", "un mot ,un"),
    ("un mot , un autre .", "un mot, un autre."),
    ("(voir la pièce n° 3 ; page 2)", f"(voir la pièce{N}n°{N}3{N}; page{N}2)"),
    ("Non ! » dit-il", f"Non{N}!{N}» dit-il"),
    ("", ""),
]
INTACT = [
    "https://exemple.fr/a?b=1;c:d!e",
    "http://exemple.fr:8080/",
    "www.exemple.fr/?q=1",
    "camille.moreau@exemple.fr",
    "à 14:30 ou 9:05:10",
    "C:\\Dossier",
    "a::b",
    "D-2026-118",
    "3,5",
    "·˙",
    "l’ordonnance",
    "2:1",
    "?",
    "; ",
    "....",
]


@pytest.mark.parametrize(("avant", "apres"), TABLE)
def test_sentences_are_set_as_in_french(avant, apres):
    assert corrected(avant) == apres
    assert corrected(apres) == apres


@pytest.mark.parametrize("texte", INTACT)
def test_what_is_not_a_sentence_is_left_as_it_is(texte):
    assert corrected(texte) == texte


def test_the_thin_space_is_for_those_who_have_it():
    assert corrected("Oui ! Non : si ; 5 €", fine=True) == f"Oui{F}! Non{N}: si{F}; 5{N}€"
    assert corrected(f"Oui{F}!") == f"Oui{N}!"
    assert corrected(f"Oui{N}!", fine=True) == f"Oui{F}!"


def test_an_address_of_the_web_may_end_a_sentence():
    assert corrected("Voir https://exemple.fr/a?b=1 !") == f"Voir https://exemple.fr/a?b=1{N}!"
    assert corrected("Voir «https://exemple.fr»; merci") == f"Voir «{N}https://exemple.fr{N}»{N}; merci"


WORDS = st.sampled_from(
    ["mot", "l'", " ", "  ", N, F, "!", "?", ";", ":", "«", "»", '"', "12", "1 234", "€", "%", "n°", "M.", "L.", "...", "…",
     "juin", "jours", "https://a.fr/b", "a@b.fr", "14:30", ".", ",", "(", ")", "\n", "A.", "art.", "·", "\ue000", "FR76"]
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(WORDS, max_size=14).map("".join), st.booleans())
def test_twice_is_once(texte, fine):
    once = corrected(texte, fine)
    assert corrected(once, fine) == once


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80), st.booleans())
def test_any_text_keeps_its_letters(texte, fine):
    once = corrected(texte, fine)
    assert corrected(once, fine) == once
    assert [c for c in once if c.isalnum()] == [c for c in texte if c.isalnum()]


def test_the_changes_are_places():
    avant = 'Il dit "oui" !'
    apres = corrected(avant)
    found = differences(avant, apres)
    assert found[0] == Ecart(7, 8, '"', f"«{N}")
    assert differences(apres, apres) == []


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=12).map("".join), st.lists(WORDS, max_size=12).map("".join))
def test_the_changes_rebuild_the_text(avant, apres):
    out, place = "", 0
    for ecart in differences(avant, apres):
        assert avant[ecart.debut : ecart.fin] == ecart.avant
        out += avant[place : ecart.debut] + ecart.apres
        place = ecart.fin
    assert out + avant[place:] == apres


def test_a_sentence_is_read_across_its_fragments():
    line = (
        Fragment(texte="Je demande "),
        Fragment(champ="montant"),
        Fragment(texte=" ; voir la "),
        Fragment(piece="a"),
        Fragment(texte=" ! C'est "),
        Fragment(texte="urgent", gras=True),
        Fragment(texte=" !"),
    )
    [bloc] = corrected_corps([Bloc(lignes=(line,))])
    assert [each.texte for each in bloc.lignes[0]] == [
        "Je demande ",
        "",
        f"{N}; voir la ",
        "",
        f"{N}! C’est ",
        "urgent",
        f"{N}!",
    ]
    assert [replace_text(each) for each in bloc.lignes[0]] == [replace_text(each) for each in line]


def replace_text(each: Fragment) -> tuple[bool, str, str]:
    return each.gras, each.champ, each.piece


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(WORDS, max_size=4).map("".join), min_size=1, max_size=5))
def test_fragments_together_say_what_the_sentence_says(texts):
    [bloc] = corrected_corps([Bloc(lignes=(tuple(Fragment(texte=text) for text in texts),))])
    assert "".join(each.texte for each in bloc.lignes[0]) == corrected("".join(texts))
