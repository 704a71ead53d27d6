"""Whole lives of dossiers, told through the verbs: each day says what to do, and undo takes the last word back."""

from datetime import date
from decimal import Decimal

import pytest

from mutuelle_desktop.domain.contrat import Contrat, Mutuelle, NatureOrganisme
from mutuelle_desktop.domain.dossier import NatureDossier, Statut
from mutuelle_desktop.domain.echeance import EtatEcheance
from mutuelle_desktop.domain.etape import EtatFenetre, GenreEtape
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import contrats, dossiers, personnes
from mutuelle_desktop.services.echeances import echeances_of, etape_of, fenetre_of, mouvements_of
from mutuelle_desktop.services.taches import journee

N, G = NatureEvenement, GenreEtape


class Vie:
    """One dossier lived day after day."""

    def __init__(self, library, nature: NatureOrganisme = NatureOrganisme.MUTUELLE) -> None:
        self.library = library
        camille = personnes.save_personne(library, Personne(prenom="Camille", nom="B", naissance=date(1984, 5, 12)))
        held = contrats.save_mutuelle(library, Mutuelle(nom="Deux Rives", nature=nature))
        contrat = contrats.save_contrat(library, Contrat(mutuelle_id=held.id, numero="1"), [camille.id])
        made = dossiers.create_dossier(
            library, nature=NatureDossier.REMBOURSEMENT, on=date(2026, 3, 2), titre="Couronne",
            personne_id=camille.id, contrat_id=contrat.id,
        )  # fmt: skip
        self.id = made.id

    def note(self, nature: NatureEvenement, le: date, **facts) -> Evenement:
        value = Evenement(dossier_id=self.id, nature=nature, le=le, **facts)
        dossiers.record_evenement(self.library, value, le)
        return value

    def step(self, today: date) -> GenreEtape:
        return etape_of(self.library, self.id, today).genre

    def due(self, rule: str, today: date):
        return next(one for one in echeances_of(self.library, self.id, today) if one.regle == rule)

    def todo(self, today: date) -> list[GenreEtape]:
        return [task.etape.genre for task in journee(self.library, today).a_faire if task.etape]

    def statut(self) -> Statut:
        return dossiers.ligne(self.library, self.id).statut


@pytest.fixture
def vie(library):
    return Vie(library)


def test_a_claim_paid_late_after_a_call_a_reminder_and_a_complaint(vie):
    vie.note(N.SOINS, date(2026, 2, 17))
    vie.note(N.DEMANDE, date(2026, 3, 2), canal=Canal.COURRIER)
    assert vie.step(date(2026, 3, 3)) is G.ATTENDRE
    assert vie.todo(date(2026, 3, 3)) == []
    assert [row.limite for row in journee(vie.library, date(2026, 3, 3)).en_attente] == [date(2026, 4, 1)]
    assert vie.todo(date(2026, 4, 3)) == [G.APPELER], "30 days, then 48 hours"
    vie.note(N.ECHANGE, date(2026, 4, 3), canal=Canal.TELEPHONE, interlocuteur="Mme Petit")
    assert vie.todo(date(2026, 4, 16)) == [G.RELANCER], "15 days after the day it was due"
    vie.note(N.RELANCE, date(2026, 4, 16), canal=Canal.COURRIER)
    assert fenetre_of(vie.library, vie.id, date(2026, 4, 20)).etat is EtatFenetre.INCONNUE, "a reminder opens nothing"
    complaint = vie.note(N.RECLAMATION, date(2026, 4, 24), canal=Canal.RECOMMANDE, numero="1A")
    assert vie.due("R10", date(2026, 4, 25)).brute == date(2026, 6, 24)
    vie.note(N.ACCUSE, date(2026, 4, 30), suite_de=complaint.id)
    assert vie.due("R09", date(2026, 5, 1)).etat is EtatEcheance.REMPLIE
    assert vie.todo(date(2026, 5, 1)) == []
    vie.note(N.PAIEMENT, date(2026, 6, 1), montant=Decimal("288.00"))
    assert vie.statut() is Statut.REGLE
    assert vie.todo(date(2026, 6, 2)) == [G.CLORE]
    dossiers.close_dossier(vie.library, vie.id, date(2026, 6, 2))
    assert journee(vie.library, date(2026, 6, 3)).a_faire == ()
    vie.library.undo()
    vie.library.undo()
    assert vie.statut() is Statut.EN_ATTENTE


def test_a_refusal_taken_to_the_mediateur_and_to_his_proposal(vie):
    vie.note(N.SOINS, date(2026, 2, 17))
    vie.note(N.DEMANDE, date(2026, 3, 2), canal=Canal.ESPACE_CLIENT)
    vie.note(N.REFUS, date(2026, 3, 20))
    assert vie.todo(date(2026, 3, 20)) == [G.RECLAMER], "a refusal is answered at once"
    vie.note(N.RECLAMATION, date(2026, 4, 16), canal=Canal.RECOMMANDE)
    window = fenetre_of(vie.library, vie.id, date(2026, 5, 1))
    assert (window.etat, window.ouvre_le, window.ferme_le) == (
        EtatFenetre.FERMEE, date(2026, 6, 17), date(2027, 4, 16),
    )  # fmt: skip
    assert G.SAISIR_MEDIATEUR not in vie.todo(date(2026, 6, 16))
    assert G.SAISIR_MEDIATEUR in vie.todo(date(2026, 6, 17))
    assert fenetre_of(vie.library, vie.id, date(2027, 3, 1)).etat is EtatFenetre.SE_FERME
    assert fenetre_of(vie.library, vie.id, date(2027, 4, 17)).etat is EtatFenetre.CLOSE
    vie.note(N.SAISINE, date(2026, 6, 18), canal=Canal.COURRIER)
    vie.note(N.SAISINE_RECUE, date(2026, 6, 22))
    assert vie.due("R13", date(2026, 6, 23)).brute == date(2026, 7, 13)
    vie.note(N.SAISINE_NOTIFIEE, date(2026, 7, 6))
    assert vie.due("R14", date(2026, 7, 7)).brute == date(2026, 10, 4)
    vie.note(N.PROPOSITION, date(2026, 9, 15), promis_le=date(2026, 10, 1))
    assert vie.step(date(2026, 9, 16)) is G.REPONDRE_PROPOSITION
    assert vie.due("R15", date(2026, 9, 16)).brute == date(2026, 10, 1)


def test_a_forgotten_recommande_found_in_a_drawer_corrected_twice_moves_the_dates_and_back(vie):
    vie.note(N.SOINS, date(2026, 2, 17))
    vie.note(N.DEMANDE, date(2026, 3, 2), canal=Canal.COURRIER)
    letter = vie.note(N.RECLAMATION, date(2026, 4, 16), canal=Canal.COURRIER)
    today = date(2026, 6, 1)
    before = vie.due("R16", today).brute
    assert before == date(2028, 2, 17), "a plain letter interrupts nothing"
    found = Evenement(**{**_facts(letter), "canal": Canal.RECOMMANDE, "le": date(2026, 4, 20)})
    moved = {one.titre: (one.avant, one.apres) for one in mouvements_of(vie.library, found, today)}
    assert (date(2026, 6, 16), date(2026, 6, 20)) in moved.values()
    assert any(after == date(2028, 4, 20) for _, after in moved.values()), "a recommandé with its AR starts it again"
    dossiers.record_evenement(vie.library, found, today)
    assert vie.due("R10", today).brute == date(2026, 6, 20)
    dossiers.record_evenement(vie.library, letter, today)
    assert vie.due("R10", today).brute == date(2026, 6, 16)
    assert mouvements_of(vie.library, letter, today) == ()
    vie.library.undo()
    assert vie.due("R10", today).brute == date(2026, 6, 20)
    vie.library.undo()
    assert vie.due("R16" if before else "", today).brute == before


@pytest.mark.parametrize(
    ("nature", "article"),
    [
        (NatureOrganisme.MUTUELLE, "L221-11"),
        (NatureOrganisme.ASSURANCE, "L114-1"),
        (NatureOrganisme.PREVOYANCE, "L932-13"),
    ],
)
def test_the_article_cited_is_that_of_the_organism(library, nature, article):
    vie = Vie(library, nature)
    vie.note(N.SOINS, date(2026, 2, 17))
    assert article in vie.due("R16", date(2026, 3, 1)).source


def _facts(value: Evenement) -> dict[str, object]:
    return {name: getattr(value, name) for name in Evenement.__dataclass_fields__}
