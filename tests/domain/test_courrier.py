"""The letter as a value: fields of three kinds, enclosures that number themselves, the text of a message."""

from dataclasses import replace
from datetime import date

import pytest

from mutuelle_desktop.domain.adresse import adresse_normee
from mutuelle_desktop.domain.courrier import (
    Bloc,
    Champ,
    Courrier,
    Expediteur,
    Fragment,
    GenreBloc,
    Lettre,
    PieceJointe,
    bloc_en_texte,
    fill,
    jour_en_lettres,
    lieu_et_date,
    mention,
    missing,
    numbered,
    orphans,
    overridden,
    piece_en_lettres,
    references_of,
    resolve,
    texte_of,
    word_count,
)
from mutuelle_desktop.domain.evenement import Canal

JOUR = date(2026, 11, 24)
CHAMPS = {
    "montant": Champ(
        nom="montant", libelle="montant réclamé", valeur="250,00\u00a0€", source="le contrôle du décompte"
    ),
    "facture": Champ(nom="facture", libelle="date de la facture"),
    "suivi": Champ(nom="suivi", libelle="numéro de suivi", obligatoire=False),
}


def ligne(*fragments: Fragment) -> Bloc:
    return Bloc(lignes=(fragments,))


def f(texte: str = "", **kinds) -> Fragment:
    return Fragment(texte=texte, **kinds)


def courrier(*blocs: Bloc, **facts) -> Courrier:
    return Courrier(jour=JOUR, corps=blocs, **facts)


def said(lettre: Lettre) -> str:
    return "\n".join(bloc_en_texte(bloc) for bloc in lettre.corps)


@pytest.mark.parametrize(
    ("fragment", "apres"),
    [
        (f("texte {montant}"), "texte {montant}"),
        (f(champ="montant"), "250,00\u00a0€"),
        (f("300\u00a0€", champ="montant"), "300\u00a0€"),
        (f(champ="facture"), "[date de la facture]"),
        (f(champ="suivi"), ""),
        (f(champ="inconnu"), "[inconnu]"),
        (f(piece="b"), "pièce n°\u00a01"),
        (f(piece="a"), "pièce n°\u00a02"),
        (f(piece="jetée"), "[pièce retirée]"),
    ],
)
def test_each_fragment_is_said(fragment, apres):
    pieces = [PieceJointe(document_id=key, numero=9, titre=key) for key in "ab"]
    lettre = resolve(courrier(ligne(fragment), pieces=("b", "a")), CHAMPS, pieces)
    assert said(lettre) == apres
    assert not any(each.champ or each.piece for bloc in lettre.corps for line in bloc.lignes for each in line)


def test_the_style_of_a_field_is_kept():
    lettre = resolve(courrier(ligne(f(champ="montant", gras=True))), CHAMPS)
    assert lettre.corps[0].lignes[0][0] == Fragment(texte="250,00\u00a0€", gras=True)


def test_enclosures_take_their_numbers_from_their_order():
    pieces = [PieceJointe(document_id=key, numero=0, titre=key) for key in "abc"]
    assert [(p.document_id, p.numero) for p in numbered(("c", "x", "a", "c"), pieces)] == [("c", 1), ("a", 2)]
    assert numbered((), pieces) == ()


def test_missing_fields_are_named_once_in_reading_order():
    body = ligne(f(champ="montant"), f(champ="facture"), f(champ="suivi"), f(champ="inconnu"), f(champ="facture"))
    assert missing(courrier(body), CHAMPS) == ("facture", "inconnu")
    assert missing(courrier(ligne(f("le 3 mai", champ="facture"))), CHAMPS) == ()
    both = ligne(f("le 3 mai", champ="facture"), f(champ="facture"))
    assert missing(courrier(both), CHAMPS) == ("facture",), "said once, still blank elsewhere"
    assert missing(courrier(objet="Facture du {facture}, {accolade}"), CHAMPS) == ("facture",)


def test_overridden_fields_give_both_values():
    body = ligne(f("300\u00a0€", champ="montant"), f("250,00\u00a0€", champ="montant"), f("hier", champ="facture"))
    assert overridden(courrier(body), CHAMPS) == (("montant", "300\u00a0€", "250,00\u00a0€"), ("facture", "hier", ""))
    assert overridden(courrier(ligne(f("x", champ="inconnu"))), CHAMPS) == ()


def test_a_citation_without_its_enclosure_is_told():
    body = ligne(f(piece="a"), f(piece="b"), f(piece="b"))
    assert orphans(courrier(body, pieces=("a",))) == ("b",)


def test_the_subject_is_filled_and_other_braces_stay():
    assert fill("{montant} {facture} {autre} {", CHAMPS) == "250,00\u00a0€ [date de la facture] {autre} {"
    dotted = {"soins.date": Champ(nom="soins.date", libelle="date des soins", valeur="le 3\u00a0juin")}
    assert fill("Soins {soins.date}", dotted) == "Soins le 3\u00a0juin"
    assert resolve(courrier(objet="Somme de {montant}"), CHAMPS).objet == "Somme de 250,00\u00a0€"


@pytest.mark.parametrize(
    ("canal", "numero", "mots"),
    [
        (Canal.RECOMMANDE, "1A 234 567 8901 2",
         "Lettre recommandée avec avis de réception n°\u00a01A\u00a0234\u00a0567\u00a08901\u00a02"),
        (Canal.RECOMMANDE, " ", "Lettre recommandée avec avis de réception"),
        (Canal.RECOMMANDE_ELECTRONIQUE, "", "Lettre recommandée électronique"),
        (Canal.COURRIEL, "", "Par courriel"),
        (Canal.ESPACE_CLIENT, "", "Par l’espace client"),
        (Canal.COURRIER, "", ""),
    ],
)  # fmt: skip
def test_the_way_it_is_sent_is_said(canal, numero, mots):
    assert mention(canal, numero) == mots
    assert resolve(courrier(canal=canal, numero=numero), {}).mention_envoi == mots


def test_the_day_and_the_place_are_said():
    assert jour_en_lettres(date(2026, 6, 1)) == "1er\u00a0juin\u00a02026"
    assert lieu_et_date(Lettre(jour=JOUR, lieu="Lyon")) == "Lyon, le\u00a024\u00a0novembre\u00a02026"
    assert lieu_et_date(Lettre(jour=JOUR)) == "Le\u00a024\u00a0novembre\u00a02026"


@pytest.mark.parametrize(
    ("piece", "mots"),
    [
        (
            PieceJointe(numero=1, titre="Facture", jour=JOUR, pages=2),
            "Facture, 24\u00a0novembre\u00a02026, 2\u00a0pages (copie)",
        ),
        (PieceJointe(numero=1, titre="RIB", pages=1), "RIB, 1\u00a0page (copie)"),
        (PieceJointe(numero=1, titre="", copie=False), "Document (original)"),
    ],
)
def test_an_enclosure_is_named(piece, mots):
    assert piece_en_lettres(piece) == mots


def test_the_numbers_of_the_adherent_come_first_and_nothing_comes_twice():
    who = Expediteur(adherent="123", contrat="C-1")
    lettre = Lettre(jour=JOUR, expediteur=who, references=(("Dossier", "D-9"), ("Contrat", "C-1"), ("Vide", "")))
    assert references_of(lettre) == (("N°\u00a0d’adhérent", "123"), ("Contrat", "C-1"), ("Dossier", "D-9"))


def test_the_letter_as_a_message():
    lettre = Lettre(
        jour=JOUR,
        expediteur=Expediteur(nom="Camille Bessière", lignes=("12 rue des Tilleuls",), adherent="123"),
        destinataire=("MUTUELLE",),
        objet="Relance",
        corps=(
            ligne(f("Voici\u00a0:")),
            Bloc(genre=GenreBloc.PUCES, lignes=((f("un"),), (f("deux"),))),
            Bloc(genre=GenreBloc.NUMEROS, lignes=((f("a"), f("b", gras=True)),)),
            Bloc(genre=GenreBloc.TABLEAU, lignes=((f("Poste"), f("Prix")), (f("Soin"), f("3\u00a0€")))),
        ),
        pieces=(PieceJointe(numero=1, titre="Facture"),),
        copie_a="UFC",
    )
    body = (
        "N°\u00a0d’adhérent\u00a0: 123\n\nMadame, Monsieur,\n\nVoici\u00a0:\n\n- un\n- deux\n\n1. ab\n\n"
        "Poste | Prix\nSoin | 3\u00a0€\n\n"
        "Je vous prie d’agréer, Madame, Monsieur, l’expression de mes salutations distinguées.\n\nCamille Bessière\n\n"
        "Pièces jointes\u00a0:\n1. Facture (copie)\n\nCopie à\u00a0: UFC"
    )
    assert texte_of(lettre) == f"Objet\u00a0: Relance\n\n{body}"
    assert texte_of(lettre, objet=False) == body
    assert texte_of(Lettre(jour=JOUR, appel="", formule="")) == ""


@pytest.mark.parametrize(
    ("texte", "mots"),
    [
        ("", 0),
        ("Bonjour\u00a0!", 1),
        ("le «\u00a0mot\u00a0» juste", 3),
        ("1\u00a0234,56\u00a0€ – oui", 2),
        ("aujourd’hui\nnon", 2),
    ],
)
def test_words_are_counted(texte, mots):
    assert word_count(Lettre(jour=JOUR, corps=(ligne(f(texte)),))) == mots


def test_a_letter_starts_as_a_draft_with_the_usual_words():
    fresh = courrier()
    assert (fresh.etat, fresh.empreinte, fresh.appel) == ("brouillon", "", "Madame, Monsieur,")
    assert fresh.formule.count("Madame, Monsieur,") == 1
    assert replace(fresh, objet="x").id == fresh.id


@pytest.mark.parametrize(
    ("lines", "normed"),
    [
        (("Mutuelle des Rives", "Service réclamations", "12, rue de l’Église", "69003 Lyon cedex 03"),
         ("Mutuelle des Rives", "Service réclamations", "12 RUE DE L ÉGLISE", "69003 LYON CEDEX 03")),
        (("Camille Bessière", "", "  12  bis rue St-Jean ", "Le Bourg", "69003 Lyon", "France"),
         ("Camille Bessière", "12 BIS RUE ST JEAN", "LE BOURG", "69003 LYON")),
        (("CPAM", "69003 Lyon"), ("CPAM", "69003 LYON")),
        (("CPAM", "BP 12", "69003 Lyon"), ("CPAM", "BP 12", "69003 LYON")),
        (("75009 Paris",), ("75009 PARIS",)),
        (("Service", "allée des Pins", "BP 3", "01000 Bourg-en-Bresse"),
         ("Service", "ALLÉE DES PINS", "BP 3", "01000 BOURG EN BRESSE")),
    ],
)  # fmt: skip
def test_addresses_follow_the_norm(lines, normed):
    assert adresse_normee(lines) == (normed, ())
    assert adresse_normee(normed) == (normed, ())


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((), "vide"),
        ((*(f"Ligne {n}" for n in range(6)), "69003 Lyon"), "7\u00a0lignes"),
        (("x" * 39, "69003 Lyon"), "39\u00a0caractères"),
        (("Jean", "12 rue du Lac", "Genève"), "code postal"),
        (("69003 Lyon", "Mutuelle", "Service"), "dernière ligne"),
    ],
)
def test_what_the_norm_still_says_is_told(lines, words):
    _normed, remarks = adresse_normee(lines)
    assert any(words in remark for remark in remarks), remarks


def test_no_word_of_an_address_is_cut():
    lines = ("Mutuelle " * 9, *(f"{n} rue longue" for n in range(40)), "69003 Lyon")
    normed, remarks = adresse_normee(lines)
    assert len(normed) == 42
    assert len(remarks) == 2
    assert adresse_normee(("Jean", "Rue du Lac", "1200 Genève", "SUISSE"))[0][-1] == "SUISSE"


def test_a_value_that_ends_its_own_sentence_does_not_end_that_of_the_model_twice():
    known = {"motif": Champ(nom="motif", libelle="Motif", valeur="Acte hors nomenclature.")}
    body = (
        ligne(f("Le motif est : "), Fragment(champ="motif"), f(". Je le conteste.")),
        ligne(Fragment(champ="motif")),
    )
    said = resolve(Courrier(jour=JOUR, corps=body), known).corps
    assert bloc_en_texte(said[0]) == "Le motif est : Acte hors nomenclature. Je le conteste."
    assert bloc_en_texte(said[1]) == "Acte hors nomenclature."
