"""Dossiers: their life, their list, their story."""

from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from mutuelle_desktop.domain.contrat import Contrat, Mutuelle
from mutuelle_desktop.domain.document import Document, Piece
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier, Statut
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import contrats, documents, dossiers, personnes
from mutuelle_desktop.services.dossiers import FiltreDossiers, TriDossiers, Vue
from mutuelle_desktop.storage.library import Library
from tests.services.aides import TODAY, carried_out, every, get, paper, refused, spaced

GONE = "Ce dossier n’existe plus."


def create(library: Library, titre: str = "Couronne", on: date = TODAY, **facts: object) -> Dossier:
    nature = facts.pop("nature", NatureDossier.REMBOURSEMENT)
    return dossiers.create_dossier(library, nature=nature, on=on, titre=titre, **facts)


def note(library: Library, dossier: Dossier, nature: NatureEvenement, le: date = TODAY, **facts: object) -> Evenement:
    value = Evenement(dossier_id=dossier.id, nature=nature, le=le, **facts)
    dossiers.record_evenement(library, value, TODAY)
    return value


def titles(library: Library, tri: TriDossiers = TriDossiers.TITRE, **wanted: object) -> list[str]:
    return [ligne.dossier.titre for ligne in dossiers.list_dossiers(library, FiltreDossiers(**wanted), tri)]


def test_a_dossier_is_created_with_the_first_reference_of_its_year(library):
    made = carried_out(library, "Créer le dossier", lambda: create(library, "  Couronne \n dent 36 "))
    assert (made.reference, made.titre) == ("2026-001", "Couronne dent 36")
    assert dossiers.find_reference(library, " 2026-001 ") == made


def test_a_dossier_without_a_title_is_named_after_its_nature_day_and_person(library):
    camille = personnes.save_personne(library, Personne(prenom="Camille", nom="Bessière"))
    made = create(library, " ", nature=NatureDossier.RECLAMATION, personne_id=camille.id)
    assert made.titre == "Réclamation du 23/11/2026 — Camille"
    assert create(library, "").titre == "Remboursement du 23/11/2026"


def test_a_dossier_for_someone_or_a_contract_that_is_gone_is_refused(library):
    refused(library, "Cette personne n’existe plus", lambda: create(library, personne_id="x"))
    refused(library, "Ce contrat n’existe plus", lambda: create(library, contrat_id="x"))
    assert create(library).reference == "2026-001", "a refusal takes no number"


def test_a_reference_is_never_given_twice_not_even_after_undo_or_deletion_and_each_year_has_its_own(library):
    first, second = create(library), create(library)
    library.undo()
    third = create(library)
    assert [d.reference for d in (first, second, third)] == ["2026-001", "2026-002", "2026-003"]
    dossiers.trash_dossier(library, third.id)
    dossiers.purge_dossiers(library, get(library, Dossier, third.id).supprime_le + timedelta(days=31))
    assert create(library).reference == "2026-004"
    assert create(library, on=date(2027, 1, 1)).reference == "2027-001"
    assert create(library, on=date(2026, 12, 31)).reference == "2026-005"
    folder = library.folder
    library.close()
    again = Library(folder)
    assert create(again).reference == "2026-006"
    again.close()


def test_more_than_999_dossiers_a_year_still_have_a_reference_each(library):
    with library.write("Mettre") as db:
        db.put(Dossier(reference="2026-999", titre="T", nature=NatureDossier.INFORMATION, ouvert_le=TODAY))
    assert create(library).reference == "2026-1000"
    assert create(library).reference == "2026-1001"


def test_a_dossier_is_changed_but_keeps_its_reference_and_its_place_in_the_trash(library):
    made = create(library)
    changed = replace(made, titre=" Couronne 36 ", montant_paye=Decimal("700.00"), reference="2020-001")
    carried_out(library, "Modifier le dossier", lambda: dossiers.edit_dossier(library, changed))
    assert get(library, Dossier, made.id) == replace(changed, titre="Couronne 36", reference="2026-001")
    dossiers.trash_dossier(library, made.id)
    dossiers.edit_dossier(library, replace(made, titre="Depuis une fenêtre restée ouverte"))
    assert get(library, Dossier, made.id).supprime_le is not None


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"titre": " \n"}, "Donnez un titre"),
        ({"montant_paye": Decimal("-0.01")}, "négatif"),
        ({"montant_secu": Decimal(-1)}, "négatif"),
        ({"montant_attendu": Decimal(-1)}, "négatif"),
        ({"clos_le": TODAY - timedelta(days=1)}, "avant son ouverture"),
        ({"personne_id": "x"}, "Cette personne n’existe plus"),
        ({"contrat_id": "x"}, "Ce contrat n’existe plus"),
        ({"id": "x"}, GONE),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(library, facts, said):
    made = create(library)
    refused(library, said, lambda: dossiers.edit_dossier(library, replace(made, **facts)))


def test_a_dossier_is_closed_archived_and_reopened(library):
    made = create(library)
    refused(library, "Clôturez d’abord", lambda: dossiers.archive_dossier(library, made.id, TODAY))
    refused(
        library,
        "avant son ouverture",
        lambda: dossiers.close_dossier(library, made.id, TODAY - timedelta(days=1)),
    )
    carried_out(library, "Clore le dossier", lambda: dossiers.close_dossier(library, made.id, TODAY))
    assert dossiers.ligne(library, made.id).statut is Statut.CLOS
    carried_out(library, "Archiver le dossier", lambda: dossiers.archive_dossier(library, made.id, TODAY))
    carried_out(library, "Rouvrir le dossier", lambda: dossiers.reopen_dossier(library, made.id))
    assert get(library, Dossier, made.id) == made


def test_a_dossier_goes_to_the_trash_and_comes_back_its_documents_untouched(library):
    made, document = create(library), paper(library)
    documents.add_to_dossier(library, [document.id], made.id)
    carried_out(library, "Mettre le dossier à la corbeille", lambda: dossiers.trash_dossier(library, made.id))
    assert titles(library) == []
    assert titles(library, vue=Vue.CORBEILLE) == ["Couronne"]
    assert dossiers.find_reference(library, made.reference) is None
    assert documents.dossiers_of(library, document.id) == []
    assert get(library, Document, document.id).supprime_le is None
    carried_out(library, "Restaurer le dossier", lambda: dossiers.restore_dossier(library, made.id))
    assert documents.dossiers_of(library, document.id) == [made]


def test_every_verb_on_a_dossier_that_is_gone_is_refused(library):
    for act in (
        lambda: dossiers.close_dossier(library, "x", TODAY),
        lambda: dossiers.reopen_dossier(library, "x"),
        lambda: dossiers.archive_dossier(library, "x", TODAY),
        lambda: dossiers.trash_dossier(library, "x"),
        lambda: dossiers.restore_dossier(library, "x"),
        lambda: dossiers.set_statut(library, "x", Statut.REGLE),
        lambda: note(library, replace(create_only(), id="x"), NatureEvenement.NOTE),
    ):
        refused(library, GONE, act)
    assert dossiers.ligne(library, "x") is None
    assert dossiers.chronologie(library, "x") == []


def create_only() -> Dossier:
    return Dossier(reference="2026-001", titre="T", nature=NatureDossier.INFORMATION, ouvert_le=TODAY)


def test_a_dossier_stays_thirty_days_in_the_trash_then_leaves_with_its_events_not_its_documents(library):
    made, other, document = create(library), create(library, "Autre"), paper(library)
    documents.add_to_dossier(library, [document.id], made.id)
    note(library, made, NatureEvenement.DEMANDE, document_id=document.id)
    dossiers.trash_dossier(library, made.id)
    gone = get(library, Dossier, made.id).supprime_le
    dossiers.trash_dossier(library, made.id)
    assert get(library, Dossier, made.id).supprime_le == gone, "the thirty days do not begin again"
    assert dossiers.purge_dossiers(library, gone + timedelta(days=30)) == 0
    assert dossiers.purge_dossiers(library, gone + timedelta(days=30, milliseconds=1)) == 1
    assert every(library, Dossier) == [other]
    assert every(library, Evenement) == every(library, Piece) == []
    assert every(library, Document) == [get(library, Document, document.id)]
    assert dossiers.purge_dossiers(library, gone + timedelta(days=99)) == 0


E = NatureEvenement


@pytest.mark.parametrize(
    ("events", "attendu", "statut"),
    [
        ((), None, Statut.A_PREPARER),
        (((E.NOTE, 1, None),), None, Statut.A_PREPARER),
        (((E.ECHANGE, 1, None),), None, Statut.A_PREPARER),
        (((E.DEMANDE, 1, None),), None, Statut.EN_ATTENTE),
        (((E.DEMANDE, 1, None), (E.PIECE_DEMANDEE, 2, None)), None, Statut.A_COMPLETER),
        (((E.PIECE_DEMANDEE, 2, None), (E.DEMANDE, 1, None), (E.COMPLEMENT, 3, None)), None, Statut.EN_ATTENTE),
        (((E.DEMANDE, 1, None), (E.REPONSE, 2, None)), None, Statut.REPONSE_RECUE),
        (((E.DEMANDE, 1, None), (E.REFUS, 2, None), (E.NOTE, 3, None)), None, Statut.REFUSE),
        (((E.PAIEMENT, 1, "50"),), "80", Statut.PARTIEL),
        (((E.PAIEMENT, 1, "50"), (E.PAIEMENT, 2, "30")), "80", Statut.REGLE),
        (((E.PAIEMENT, 1, "50"),), None, Statut.REGLE),
    ],
)
def test_the_status_follows_from_the_events(library, events, attendu, statut):
    made = create(library, on=date(2026, 1, 1))
    dossiers.edit_dossier(library, replace(made, montant_attendu=Decimal(attendu) if attendu else None))
    for nature, day, amount in events:
        note(library, made, nature, date(2026, 2, day), montant=Decimal(amount) if amount else None)
    ligne = dossiers.ligne(library, made.id)
    assert ligne.statut is ligne.statut_calcule is statut
    assert ligne.recu == sum(Decimal(amount or 0) for _, _, amount in events)
    assert titles(library, statut=statut) == ["Couronne"]


def test_the_users_status_wins_until_the_events_may_speak_again(library):
    made = create(library)
    carried_out(library, "Choisir le statut", lambda: dossiers.set_statut(library, made.id, Statut.REFUSE))
    ligne = dossiers.ligne(library, made.id)
    assert (ligne.statut, ligne.statut_calcule) == (Statut.REFUSE, Statut.A_PREPARER)
    assert titles(library, statut=Statut.REFUSE) == ["Couronne"]
    assert titles(library, statut=Statut.A_PREPARER) == []
    carried_out(library, "Revenir au statut calculé", lambda: dossiers.set_statut(library, made.id, None))
    assert dossiers.ligne(library, made.id).statut is Statut.A_PREPARER


def test_an_event_is_recorded_corrected_and_removed(library):
    made = create(library)
    value = Evenement(dossier_id=made.id, nature=E.ECHANGE, le=TODAY, canal=Canal.TELEPHONE)
    carried_out(library, "Noter : échange", lambda: dossiers.record_evenement(library, value, TODAY))
    corrected = replace(value, texte="Rappeler lundi")
    dossiers.record_evenement(library, corrected, TODAY)
    assert dossiers.evenements_of(library, made.id) == [corrected]
    carried_out(library, "Retirer l’événement", lambda: dossiers.delete_evenement(library, value.id))
    dossiers.delete_evenement(library, value.id)
    assert dossiers.evenements_of(library, made.id) == []


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"le": TODAY + timedelta(days=1)}, "pas encore arrivé"),
        ({"promis_le": TODAY - timedelta(days=1)}, "précède celui où il a été annoncé"),
        ({"montant": Decimal(-1)}, "négatif"),
        ({"nature": E.PAIEMENT}, "le montant du paiement"),
        ({"nature": E.PAIEMENT, "montant": Decimal(0)}, "le montant du paiement"),
        ({"document_id": "x"}, "Ce document n’existe plus"),
    ],
)
def test_an_impossible_event_is_refused(library, facts, said):
    made = create(library)
    value = replace(Evenement(dossier_id=made.id, nature=E.DEMANDE, le=TODAY), **facts)
    refused(library, said, lambda: dossiers.record_evenement(library, value, TODAY))


def test_the_chronology_tells_everything_oldest_first(library):
    made = create(library, on=date(2026, 6, 1), nature=NatureDossier.PRISE_EN_CHARGE)
    note(library, made, E.ECHANGE, date(2026, 6, 3), heure=time(14, 30), canal=Canal.TELEPHONE,
         interlocuteur="Mme Arnal", numero="A-77", texte="Réponse promise", promis_le=date(2026, 7, 1))  # fmt: skip
    note(library, made, E.DEMANDE, date(2026, 6, 3), heure=time(9, 0), canal=Canal.COURRIER)
    note(library, made, E.PAIEMENT, date(2026, 6, 20), montant=Decimal("1234.50"))
    document, trashed = paper(library, "Facture"), paper(library, "Brouillon")
    documents.add_to_dossier(library, [document.id, trashed.id], made.id)
    documents.trash_documents(library, [trashed.id])
    dossiers.close_dossier(library, made.id, date(2026, 6, 30))
    story = dossiers.chronologie(library, made.id)
    assert [(line.genre, line.titre) for line in story] == [
        ("ouverture", "Dossier ouvert"),
        ("demande envoyée", "Demande envoyée — courrier"),
        ("échange", "Téléphone, Mme Arnal"),
        ("paiement", "Paiement"),
        ("document", "Papier ajouté"),
        ("suivi", "Dossier clos"),
    ]
    assert spaced(story[0].texte) == "Prise en charge · 2026-001"
    assert spaced(story[2].texte) == "Réponse promise · n° A-77 · réponse promise pour le 01/07/2026"
    assert spaced(story[3].texte) == "1 234,50 €"
    assert (story[4].kind, story[4].id) == ("Document", document.id)


def test_what_was_undone_is_not_in_the_story(library):
    made = create(library)
    dossiers.close_dossier(library, made.id, TODAY)
    library.undo()
    assert [line.genre for line in dossiers.chronologie(library, made.id)] == ["ouverture"]
    library.redo()
    assert [line.titre for line in dossiers.chronologie(library, made.id)] == ["Dossier ouvert", "Dossier clos"]


@pytest.fixture
def four(library):
    """Four dossiers: open with a person, open with a contract, closed, archived; and one in the trash."""
    camille = personnes.save_personne(library, Personne(prenom="Camille", nom="Bessière"))
    rives = contrats.save_mutuelle(library, Mutuelle(nom="Deux Rives"))
    contrat = contrats.save_contrat(library, Contrat(mutuelle_id=rives.id, numero="0047518"), [camille.id])
    made = {
        "Évaluation": create(library, "Évaluation", date(2026, 3, 1), personne_id=camille.id),
        "couronne": create(library, "couronne", date(2026, 2, 1), contrat_id=contrat.id),
        "Lunettes": create(library, "Lunettes", date(2026, 1, 1), nature=NatureDossier.RECLAMATION),
        "Zona": create(library, "Zona", date(2025, 1, 1)),
        "Erreur": create(library, "Erreur", date(2026, 1, 1)),
    }
    note(library, made["couronne"], E.ECHANGE, date(2026, 5, 1), interlocuteur="M. Œuvrard", numero="A-77")
    note(library, made["couronne"], E.DEMANDE, date(2026, 4, 1), promis_le=date(2026, 8, 1))
    for titre in ("Lunettes", "Zona"):
        dossiers.close_dossier(library, made[titre].id, TODAY)
    dossiers.archive_dossier(library, made["Zona"].id, TODAY)
    dossiers.trash_dossier(library, made["Erreur"].id)
    return {**made, "camille": camille, "rives": rives}


def test_the_list_shows_the_part_that_is_asked(library, four):
    assert titles(library) == ["couronne", "Évaluation"]
    assert titles(library, vue=Vue.CLOS) == ["Lunettes"]
    assert titles(library, vue=Vue.ARCHIVES) == ["Zona"]
    assert titles(library, vue=Vue.CORBEILLE) == ["Erreur"]
    assert titles(library, vue=Vue.TOUS) == ["couronne", "Évaluation", "Lunettes", "Zona"]


def test_the_list_is_filtered_by_person_organism_and_nature(library, four):
    every_one = {"vue": Vue.TOUS}
    assert titles(library, personne_id=four["camille"].id, **every_one) == ["Évaluation"]
    assert titles(library, mutuelle_id=four["rives"].id, **every_one) == ["couronne"]
    assert titles(library, nature=NatureDossier.RECLAMATION, **every_one) == ["Lunettes"]
    assert titles(library, mutuelle_id="x", **every_one) == []


@pytest.mark.parametrize(
    ("mots", "found"),
    [
        ("EVALUATION", ["Évaluation"]), ("bessiere", ["Évaluation"]), ("oeuvrard", ["couronne"]), ("a-77", ["couronne"]),
        ("rives couronne", ["couronne"]), ("couronne rives", ["couronne"]), ("reclam", ["Lunettes"]),
        ("2025-001", ["Zona"]), ("couronne lunettes", []), ("   ", ["couronne", "Évaluation", "Lunettes", "Zona"]),
        ("erreur", []),
    ],
)  # fmt: skip
def test_the_list_is_searched_in_names_numbers_and_exchanges(library, four, mots, found):
    assert titles(library, mots=mots, vue=Vue.TOUS) == found


def test_the_list_is_sorted_four_ways(library, four):
    every_one = {"vue": Vue.TOUS}
    assert titles(library, TriDossiers.RECENT, **every_one) == ["couronne", "Évaluation", "Lunettes", "Zona"]
    assert titles(library, TriDossiers.REFERENCE, **every_one) == ["Lunettes", "couronne", "Évaluation", "Zona"]
    assert titles(library, TriDossiers.TITRE, **every_one) == ["couronne", "Évaluation", "Lunettes", "Zona"]
    assert titles(library, TriDossiers.STATUT, **every_one) == ["Évaluation", "couronne", "Zona", "Lunettes"]


def test_a_row_says_who_what_and_when(library, four):
    documents.add_to_dossier(library, [paper(library).id], four["couronne"].id)
    note(library, four["couronne"], E.NOTE, date(2026, 3, 1))
    ligne = dossiers.ligne(library, four["couronne"].id)
    assert (ligne.mutuelle, ligne.personne, ligne.pieces, ligne.echanges) == ("Deux Rives", "", 1, 2)
    assert (ligne.dernier, ligne.promis) == (date(2026, 5, 1), date(2026, 8, 1))
    assert dossiers.ligne(library, four["Évaluation"].id).personne == "Camille Bessière"
