"""Every letter of the catalogue makes its page, whatever is known of the dossier: all, nothing, or hostile words."""

import re
from dataclasses import replace

import pytest

from mutuelle_desktop.domain.contrat import NatureOrganisme
from mutuelle_desktop.domain.courrier import Champ, Courrier, Expediteur, bloc_en_texte, resolve
from mutuelle_desktop.rendering.courrier import pdf_of
from mutuelle_desktop.services import modeles
from tests.rendering.lettres import JOUR, text_of

PIEGE = '#import "x": * $x$ *gras* @ref'
LONGUE = tuple(f"{n} rue de la Très Longue Adresse" for n in range(40))


def _letter(modele, known):
    connus = [nom for nom, champ in known.items() if champ.valeur]
    courrier = Courrier(
        jour=JOUR, modele=modele.id, objet=modele.objet, appel=modele.appel, formule="Bien à vous.",
        corps=modele.corps(NatureOrganisme.MUTUELLE, connus), destinataire=("MUTUELLE", "69000 LYON"),
    )  # fmt: skip
    return resolve(courrier, known, (), Expediteur(nom="Camille Bessière", lignes=("14 rue des Tilleuls",)))


def _champs(value):
    return {
        nom: Champ(nom=nom, libelle=champ.libelle, valeur=value, obligatoire=False)
        for nom, champ in modeles.champs().items()
    }


def _plain(text):
    return re.sub(r"\s+", "", re.sub("[\u00ad\ufffe\x02-]", "", text))


@pytest.mark.parametrize("value", ["12 mars 2026", None, PIEGE], ids=["full", "minimal", "hostile"])
def test_every_model_makes_its_page_and_says_what_the_dossier_knows(value):
    known = _champs(value)
    for modele in modeles.catalogue():
        lettre = _letter(modele, known)
        said = _plain(text_of(pdf_of(lettre, final=True)))
        for bloc in lettre.corps:
            for words in re.split(r"\n| \| ", bloc_en_texte(bloc)):
                start = _plain(words)[:24].lstrip("•0123456789.")
                assert start in said, (modele.id, words)
        if value is PIEGE and any(PIEGE in bloc_en_texte(bloc) for bloc in lettre.corps):
            assert _plain(PIEGE) in said, modele.id


def test_every_model_survives_an_address_of_forty_lines_and_words_from_right_to_left():
    known = _champs("שלום 😀 مرحبا")
    for modele in modeles.catalogue():
        lettre = replace(_letter(modele, known), destinataire=LONGUE)
        assert pdf_of(lettre, final=True).startswith(b"%PDF"), modele.id
