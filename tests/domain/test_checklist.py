"""A line is done by a fact, by hand, set aside or still to do; the user's word is never overruled."""

from datetime import UTC, datetime

import pytest

from mutuelle_desktop.domain.checklist import (
    Coche,
    Constat,
    EtatCoche,
    EtatLigne,
    Ligne,
    Liste,
    ListeEtat,
    Portee,
    lignes,
)

LISTE = Liste(
    id="avant", titre="Avant", quand="", portee=Portee.ECHANGE,
    lignes=(Ligne(id="avant.numero", texte="Numéro", fait="numero"), Ligne(id="avant.calme", texte="Calme")),
)  # fmt: skip
SAID = {EtatLigne.PAR_FAIT: "Il est là.", EtatLigne.A_FAIRE: "Il manque.", EtatLigne.SANS_OBJET: "Rien à dire."}


def coche(etat, ligne="avant.numero", raison="", hour=9) -> Coche:
    return Coche(dossier_id="d", ligne=ligne, etat=etat, raison=raison, le=datetime(2026, 11, 23, hour, tzinfo=UTC))


def state(fact: EtatLigne | None, *coches: Coche):
    facts = {} if fact is None else {"numero": Constat(fact, SAID[fact])}
    found = lignes(LISTE, facts, coches)[0]
    return found.etat, found.raison


DONE, ASIDE = EtatCoche.FAIT, EtatCoche.SANS_OBJET


@pytest.mark.parametrize(
    ("fact", "said", "expected"),
    [
        (None, None, (EtatLigne.A_FAIRE, "")),
        (None, DONE, (EtatLigne.PAR_MAIN, "")),
        (None, ASIDE, (EtatLigne.SANS_OBJET, "parce que")),
        (EtatLigne.A_FAIRE, None, (EtatLigne.A_FAIRE, "Il manque.")),
        (EtatLigne.A_FAIRE, DONE, (EtatLigne.PAR_MAIN, "")),
        (EtatLigne.A_FAIRE, ASIDE, (EtatLigne.SANS_OBJET, "parce que")),
        (EtatLigne.PAR_FAIT, None, (EtatLigne.PAR_FAIT, "Il est là.")),
        (EtatLigne.PAR_FAIT, DONE, (EtatLigne.PAR_FAIT, "Il est là.")),
        (EtatLigne.PAR_FAIT, ASIDE, (EtatLigne.SANS_OBJET, "parce que")),
        (EtatLigne.SANS_OBJET, None, (EtatLigne.SANS_OBJET, "Rien à dire.")),
        (EtatLigne.SANS_OBJET, DONE, (EtatLigne.PAR_MAIN, "")),
    ],
)
def test_the_state_of_a_line(fact, said, expected):
    coches = [coche(said, raison="parce que" if said is ASIDE else "")] if said else []
    assert state(fact, *coches) == expected


def test_the_last_word_of_the_user_holds():
    early, late = coche(ASIDE, raison="non", hour=8), coche(DONE, hour=10)
    assert state(None, early, late) == state(None, late, early) == (EtatLigne.PAR_MAIN, "")


def test_a_tick_of_another_line_changes_nothing_here():
    assert state(None, coche(DONE, ligne="avant.calme")) == (EtatLigne.A_FAIRE, "")


def test_a_list_counts_what_leaves_nothing_to_do():
    found = ListeEtat(LISTE, lignes(LISTE, {}, [coche(DONE)]))
    assert found.faites == 1
    assert [ligne.close for ligne in found.lignes] == [True, False]
