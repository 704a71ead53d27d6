"""The checks before a letter is finalised: what stops, what advises, each in one sentence."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from mutuelle_desktop.domain.chiffres import dates_of, ibans, is_iban, is_nir, montants, nirs
from mutuelle_desktop.domain.contrat import NatureOrganisme
from mutuelle_desktop.domain.courrier import (
    Bloc,
    Champ,
    Courrier,
    Expediteur,
    Fragment,
    GenreBloc,
    PieceJointe,
    resolve,
)
from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.evenement import Canal
from mutuelle_desktop.domain.modele import passages_of
from mutuelle_desktop.domain.relecture import Gravite, relire
from tests.domain.histoires import REGLES, N, cas, ev
from tests.domain.test_modele import CHAMPS, get

TODAY = date(2026, 11, 23)
SENDER = Expediteur(nom="Camille Bessière", lignes=("2 rue Haute", "69001 LYON"))
RECIPIENT = ("MUTUELLE DU RIVAGE", "SERVICE RECLAMATIONS", "1 QUAI NEUF", "69000 LYON")
VALUES = {
    "soins.date": "2 septembre 2026", "demande.date": "5 septembre 2026", "relance.date": "10 octobre 2026",
    "reclamation.date": "1er septembre 2026", "refus.date": "10 octobre 2026", "montant.paye": "550,00 €",
    "montant.reclame": "120,00 €", "delai.demande": "quinze jours",
}  # fmt: skip


def remarks(
    body="Bonjour.", *, key=None, on=TODAY, case=None, types=None, values=None, corps=None, pieces=(), sender=SENDER,
    organisme=NatureOrganisme.MUTUELLE, **facts,
):  # fmt: skip
    """Read over a letter with this body, signed, sent in recommandé, sound unless told otherwise."""
    modele = get(key) if key else None
    if corps is None:
        corps = (
            modele.corps(organisme, set(CHAMPS))
            if body is None and modele
            else tuple(p.bloc for p in passages_of(body))
        )
    said = {**VALUES, **(values or {})}
    champs = {n: Champ(nom=n, libelle=c.libelle, valeur=said.get(n, "valeur")) for n, c in CHAMPS.items()}
    plain = {"objet": "Objet", "destinataire": RECIPIENT, "jour": on, "canal": Canal.RECOMMANDE, "signature": "s"}
    courrier = Courrier(corps=corps, pieces=tuple(p.document_id for p in pieces), **{**plain, **facts})
    lettre = resolve(courrier, champs, pieces, sender)
    found = relire(courrier, lettre, modele, champs, case, today=on, regles=REGLES, types=types)
    for remark in found:
        assert remark.texte[0].isupper() or remark.texte[0] == "«"
        assert remark.texte.endswith(".")
        assert "« " not in remark.texte
        assert " :" not in remark.texte
        assert "'" not in remark.texte
        assert remark.ou
    assert [r.gravite for r in found] == sorted((r.gravite for r in found), key=lambda g: g is not Gravite.BLOQUE)
    return found


def stops(*args, **facts):
    return [r.ou for r in remarks(*args, **facts) if r.gravite is Gravite.BLOQUE]


def advice(*args, **facts):
    return " ".join(r.texte for r in remarks(*args, **facts) if r.gravite is Gravite.CONSEIL).replace("\u00a0", " ")


def piece(key="p", **facts):
    return PieceJointe(**{"document_id": key, "numero": 1, "titre": "Facture", **facts})


def test_a_sound_letter_has_no_remark():
    assert remarks() == ()
    assert remarks("Le {soins.date}, j’ai réglé {montant.paye}.") == ()


@pytest.mark.parametrize(
    ("facts", "where"),
    [
        ({"body": "Le {soins.date}.", "values": {"soins.date": None}}, "champ:soins.date"),
        ({"body": "Le {soins.date}.", "values": {"soins.date": ""}}, "champ:soins.date"),
        ({"body": "Le {champ.inconnu}."}, "champ:champ.inconnu"),
        ({"objet": "Soins du {champ.inconnu}"}, "champ:champ.inconnu"),
        ({"objet": " "}, "objet"),
        ({"corps": ()}, "corps"),
        ({"sender": Expediteur()}, "expéditeur"),
        ({"destinataire": ()}, "destinataire"),
        ({"destinataire": ("", " ")}, "destinataire"),
    ],
)
def test_what_is_missing_stops(facts, where):
    assert where in stops(**facts)


def test_a_message_needs_no_address():
    assert stops(destinataire=(), canal=Canal.ESPACE_CLIENT) == []


def test_the_user_s_own_value_is_not_missing():
    own = (Bloc(lignes=((Fragment(texte="le 3 mai", champ="soins.date"),),)),)
    assert stops(corps=own, values={"soins.date": None}) == []


COMPLAINT = ev(N.RECLAMATION, "01/09/2026")


@pytest.mark.parametrize(
    ("case", "on", "stopped"),
    [
        (None, TODAY, True),
        (cas(ev(N.DEMANDE, "01/09/2026")), TODAY, True),
        (cas(COMPLAINT), date(2026, 11, 1), True),
        (cas(COMPLAINT), date(2026, 11, 2), False),
        (cas(COMPLAINT), date(2027, 9, 1), False),
        (cas(COMPLAINT), date(2027, 9, 2), True),
        (cas(COMPLAINT, ev(N.REFUS_DEFINITIF, "20/09/2026", canal=Canal.COURRIER)), date(2026, 9, 21), False),
    ],
)
def test_the_mediateur_too_early_or_too_late_stops(case, on, stopped):
    assert ("médiateur" in stops(key="C9", case=case, on=on)) is stopped


def test_the_mediateur_closing_or_before_a_judge_is_advised():
    assert "se ferme bientôt" in advice(key="C9", case=cas(COMPLAINT), on=date(2027, 8, 1))
    assert "un juge examine" in advice(key="C9", case=cas(COMPLAINT, ev(N.JUSTICE, "01/10/2026")))
    assert stops(key="C10", case=None) == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"jour": TODAY + timedelta(days=3)}, "date à venir"),
        ({"jour": date(2026, 1, 4)}, "date passée"),
        ({"body": "Le {soins.date}.", "values": {"soins.date": "24 novembre 2026"}}, "après la date de la lettre"),
        ({"body": "{soins.date} {demande.date}", "values": {"demande.date": "1er août 2026"}}, "avant les soins du 2 septembre 2026"),
        ({"body": "{demande.date}", "case": cas(ev(N.DEMANDE, "06/09/2026"))}, "n’est pas la date notée dans le dossier (6 septembre"),
        ({"corps": (Bloc(lignes=((Fragment(texte="90 €", champ="montant.paye"),),)),)}, "le dossier « 550,00 € »"),
        ({"body": "| Poste | Somme |\n| Un | 10,00 € |\n| Deux | 5,50 € |\n| Total | 16,00 € |"}, "refaites l’addition"),
        ({"body": "IBAN FR14 2004 1010 0505 0001 3M02 607"}, "clé de l’IBAN"),
        ({"body": "Numéro 2 69 05 49 588 157 81"}, "clé du numéro de sécurité sociale"),
        ({"body": "Numéro 2 69 05 49 588 157 80"}, "peut se passer du numéro"),
        ({"objet": "Dossier 2 69 05 49 588 157 80"}, "de l’objet"),
        ({"key": "C1", "body": "Ma réclamation.", "destinataire": ("MUTUELLE", "69000 LYON")}, "service des réclamations"),
        ({"destinataire": tuple("ABCDEFG")}, "plus de 6 lignes"),
        ({"destinataire": ("A" * 39,)}, "dépasse 38 caractères"),
        ({"key": "C1", "body": "Payez."}, "le mot « réclamation »"),
        ({"key": "C7", "body": "Payez sous quinze jours."}, "les mots « mise en demeure »"),
        ({"key": "C7", "body": "Ma mise en demeure de payer."}, "un délai précis"),
        ({"key": "C7", "body": "Ma mise en demeure sous quinze jours."}, "doit faire ou payer"),
        ({"key": "C7", "body": None, "canal": Canal.COURRIEL}, "recommandé avec avis de réception est conseillé"),
        ({"corps": (Bloc(lignes=((Fragment(piece="q"),),)),)}, "n’est plus jointe"),
        ({"body": "La facture est jointe ; la copie suit."}, "rien n’est joint"),
        ({"corps": (Bloc(lignes=((Fragment(piece="p"),),)),), "pieces": (piece(), piece("r", titre="Devis"))}, "« Devis » est jointe"),
        ({"key": "A1", "types": {TypeDocument.DEVIS}}, "accompagnée de ceci : facture"),
        ({"pieces": (piece(copie=False),)}, "gardez les originaux"),
        ({"body": "Voici les originaux."}, "gardez les originaux"),
        ({"body": "C’est un scandaleux mensonge."}, "peut nuire"),
        ({"body": "Mon diagnostic est connu."}, "un détail de santé : gardez-le seulement"),
        ({"key": "G3", "body": "Ma grossesse."}, "un employeur n’a pas à le savoir"),
        ({"body": "Le [date à dire]."}, "un blanc à remplir : « [date à dire] »"),
        ({"body": "Selon le Code de la mutualité."}, "la nature de l’organisme n’est pas connue"),
        ({"body": "Selon le Code des assurances.", "case": cas(ev(N.SOINS, "02/09/2026"))}, "l’organisme est une mutuelle"),
        ({"signature": ""}, "signer la lettre à la main"),
    ],
)  # fmt: skip
def test_the_rest_advises(facts, said):
    assert said in advice(**facts)
    assert stops(**facts) == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"body": "| Poste | Somme |\n| Un | 10,00 € |\n| Total | 10,00 € |"}, "addition"),
        ({"body": "IBAN FR14 2004 1010 0505 0001 3M02 606"}, "IBAN"),
        ({"key": "D4", "body": "Numéro 2 69 05 49 588 157 80"}, "sécurité sociale"),
        ({"body": "Je conserve les originaux."}, "originaux"),
        ({"body": "{demande.date}", "case": cas(ev(N.DEMANDE, "05/09/2026"))}, "notée"),
        ({"key": "A1", "types": {TypeDocument.FACTURE}}, "accompagnée"),
        ({"body": "La facture est jointe.", "pieces": (piece(),)}, "joint"),
        ({"signature": "", "canal": Canal.COURRIEL}, "signer"),
        ({"key": "C7", "body": None}, "mise en demeure"),
        ({"body": "Téléphone 01 99 00 12 34, contrat 22057529."}, "sécurité"),
    ],
)
def test_what_is_right_is_left_alone(facts, said):
    assert said not in advice(**facts)


def test_old_references_are_told():
    assert (
        advice(key="E1", on=date(2027, 12, 1), case=cas(ev(N.SOINS, "02/09/2026"))).count("à revoir avant l’envoi") == 2
    )
    assert "à revoir" not in advice(key="E1")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("le 1er mai 2026 et le 23/11/2026", (date(2026, 5, 1), date(2026, 11, 23))),
        ("le 31 février 2026", ()),
        ("le 9\u00a0juin\u00a02026", (date(2026, 6, 9),)),
        ("2026", ()),
    ],
)
def test_days_in_a_text(text, found):
    assert dates_of(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1 234,56 €", (Decimal("1234.56"),)), ("12,5 € puis 3\u00a0€", (Decimal("12.50"), Decimal(3))), ("150 %", ()),
        ("-4,00 €", (Decimal(-4),)),
    ],
)  # fmt: skip
def test_amounts_in_a_text(text, found):
    assert montants(text) == found


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("2 69 05 49 588 157 80", True), ("1 85 03 2A 004 023 27", True), ("1 85 03 2B 004 023 54", True),
        ("1 85 03 2B 004 023 27", False), ("2690549588157", True),
    ],
)  # fmt: skip
def test_the_key_of_a_social_security_number(number, right):
    assert nirs(f"n° {number}.") == (number,)
    assert is_nir(number) is right


def test_the_key_of_an_iban():
    assert ibans("au FR1420041010050500013M02606.") == ("FR1420041010050500013M02606",)
    assert is_iban("FR14 2004 1010 0505 0001 3M02 606")
    assert not is_iban("FR15 2004 1010 0505 0001 3M02 606")


def test_a_remark_is_told_once():
    twice = passages_of("Le {champ.inconnu}.\n\nLe {champ.inconnu}.")
    found = remarks(corps=tuple(p.bloc for p in twice))
    assert len(found) == len(set(found)) == 1


def test_tables_without_a_total_are_left_alone():
    bloc = Bloc(genre=GenreBloc.TABLEAU, lignes=((Fragment(texte="A"), Fragment(texte="1 €")),))
    assert remarks(corps=(bloc,)) == ()
    assert remarks(corps=(replace(bloc, lignes=()),), body="")
