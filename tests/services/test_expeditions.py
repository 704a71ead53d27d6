"""What becomes of a letter: sent, followed, proved; its dates opened and closed; what it cites watched."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from mutuelle_desktop.domain.courrier import Courrier, EtatCourrier
from mutuelle_desktop.domain.document import Document, Piece, TypeDocument
from mutuelle_desktop.domain.echeance import EtatEcheance
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.services import courriers, documents, dossiers, echeances, expeditions
from mutuelle_desktop.storage.library import Library
from tests.services.aides import TODAY, carried_out, every, get, refused
from tests.services.maisonnee import CAMILLE, MUTUELLE, event, held, move_in

_N = NatureEvenement
NUMERO = "1A 047 877 2024 3"


@pytest.fixture
def house(library: Library) -> Library:
    move_in(
        library,
        replace(CAMILLE, adresse="14 rue des Tilleuls\n69003 Lyon"),
        replace(MUTUELLE, adresse="1 quai Neuf\n69002 Lyon"),
        event(_N.SOINS, date(2026, 9, 28), id="soins"),
        event(_N.DEMANDE, date(2026, 10, 8), id="demande"),
        event(_N.PAIEMENT, date(2026, 11, 3), montant=Decimal("120.00")),
    )
    return library


@pytest.fixture
def final(house: Library, workers) -> Courrier:
    """A complaint made final."""
    letter = courriers.create_courrier(house, modele="C1", dossier_id="couronne", today=TODAY)
    return courriers.finalise(house, workers, letter.id, TODAY)


def send(library: Library, key: str, **facts):
    plain = {"le": TODAY, "canal": Canal.RECOMMANDE, "numero": NUMERO, "today": TODAY}
    return expeditions.mark_sent(library, key, **{**plain, **facts})


def test_a_letter_sent_records_its_event_and_opens_the_dates(house, final):
    assert not any(e.regle == "R10" for e in echeances.echeances_of(house, "couronne", TODAY))
    doubts = carried_out(house, "Envoyer la lettre", lambda: send(house, final.id, cout=Decimal("6.91")))
    assert doubts == ()
    sent = courriers.get_courrier(house, final.id)
    assert (sent.etat, sent.numero, sent.cout) == (EtatCourrier.ENVOYE, NUMERO, Decimal("6.91"))
    happened = get(house, Evenement, sent.evenement_id)
    assert (happened.nature, happened.le, happened.canal, happened.sens) == (
        _N.RECLAMATION, TODAY, Canal.RECOMMANDE, Sens.ENVOYE,
    )  # fmt: skip
    assert (happened.numero, happened.document_id) == (NUMERO, final.document_id)
    awaited = {e.regle: e for e in echeances.echeances_of(house, "couronne", TODAY)}
    assert awaited["R10"].brute == date(2027, 1, 23)
    assert sent.empreinte == final.empreinte


def test_a_draft_cannot_be_sent(house):
    draft = courriers.create_courrier(house, modele="C1", dossier_id="couronne", today=TODAY)
    refused(house, "Finalisez d’abord", lambda: send(house, draft.id))


def test_what_cannot_be_is_refused(house, final):
    refused(house, "pas encore arrivé", lambda: send(house, final.id, le=date(2026, 11, 30)))
    refused(house, "négatif", lambda: send(house, final.id, cout=Decimal(-1)))
    refused(house, "document", lambda: send(house, final.id, preuve="parti"))


def test_a_wrong_number_is_kept_and_doubted(house, final):
    (doubt,) = send(house, final.id, numero="1A 047 877 2024 4")
    assert "clé" in doubt
    assert courriers.get_courrier(house, final.id).numero == "1A 047 877 2024 4"
    assert "clé" in expeditions.expedition_of(house, final.id).doute


def test_a_letter_by_the_post_needs_no_number(house, final):
    assert send(house, final.id, canal=Canal.COURRIER, numero="") == ()
    assert expeditions.expedition_of(house, final.id).attendu == ""


def test_sending_again_corrects_and_never_doubles(house, final):
    send(house, final.id)
    first = courriers.get_courrier(house, final.id).evenement_id
    carried_out(house, "Envoyer la lettre", lambda: send(house, final.id, le=date(2026, 11, 22)))
    assert courriers.get_courrier(house, final.id).evenement_id == first
    assert [e.le for e in every(house, Evenement) if e.nature is _N.RECLAMATION] == [date(2026, 11, 22)]


def test_pieces_sent_answer_the_demand_that_waited(house, workers):
    asked = event(
        _N.PIECE_DEMANDEE, date(2026, 11, 10), id="demandee", texte="l’ordonnance", promis_le=date(2026, 12, 10)
    )
    dossiers.record_evenement(house, asked, TODAY)
    waits = [e for e in echeances.echeances_of(house, "couronne", TODAY) if e.evenement_id == "demandee"]
    assert any(e.etat is not EtatEcheance.REMPLIE for e in waits)
    letter = courriers.create_courrier(house, modele="A2", dossier_id="couronne", today=TODAY)
    courriers.finalise(house, workers, letter.id, TODAY)
    send(house, letter.id, canal=Canal.COURRIER, numero="")
    sent = get(house, Evenement, courriers.get_courrier(house, letter.id).evenement_id)
    assert (sent.nature, sent.suite_de) == (_N.COMPLEMENT, "demandee")
    waits = [e for e in echeances.echeances_of(house, "couronne", TODAY) if e.evenement_id == "demandee"]
    assert all(e.etat is EtatEcheance.REMPLIE for e in waits)


def test_the_proof_of_deposit_joins_the_dossier_and_its_story(house, final):
    proof = held(house, TypeDocument.AUTRE, dossier_id=None)
    carried_out(house, "Envoyer la lettre", lambda: send(house, final.id, preuve=proof))
    assert proof in {p.document_id for p in every(house, Piece) if p.dossier_id == "couronne"}
    expedition = expeditions.expedition_of(house, final.id)
    assert expedition.preuve == get(house, Document, proof)
    assert expedition.attendu.startswith("A-t-il été présenté")
    still = {e.regle: e.etat for e in echeances.echeances_of(house, "couronne", TODAY)}
    assert still["R35.suivi"] is not EtatEcheance.REMPLIE, "a proof of deposit is no news of the letter"
    send(house, final.id, preuve=proof)
    assert sum(e.nature is _N.NOTE for e in every(house, Evenement)) == 1


def test_the_life_of_a_recommande_is_told_step_by_step(house, final):
    send(house, final.id, le=date(2026, 11, 16))
    note = lambda nature, le, **how: expeditions.note_vie(house, final.id, nature, le, TODAY, **how)  # noqa: E731
    carried_out(house, "Noter : recommandé présenté", lambda: note(_N.PRESENTE, date(2026, 11, 18)))
    assert expeditions.expedition_of(house, final.id).attendu.startswith("A-t-il été distribué")
    note(_N.DISTRIBUE, date(2026, 11, 19))
    receipt = held(house, TypeDocument.AVIS_RECEPTION, dossier_id=None)
    note(_N.AVIS_RECEPTION, date(2026, 11, 21), document_id=receipt)
    expedition = expeditions.expedition_of(house, final.id)
    assert [e.nature for e in expedition.vie] == [_N.PRESENTE, _N.DISTRIBUE, _N.AVIS_RECEPTION]
    assert all(e.suite_de == expedition.envoi.id for e in expedition.vie)
    assert expedition.accuse.id == receipt
    assert expedition.attendu == ""
    assert receipt in {p.document_id for p in every(house, Piece)}


def test_a_step_that_cannot_be_is_refused(house, final):
    refused(house, "recommandé", lambda: expeditions.note_vie(house, final.id, _N.PRESENTE, TODAY, TODAY))
    send(house, final.id)
    refused(house, "étape", lambda: expeditions.note_vie(house, final.id, _N.REPONSE, TODAY, TODAY))
    early = lambda: expeditions.note_vie(house, final.id, _N.DISTRIBUE, date(2026, 11, 2), TODAY)  # noqa: E731
    refused(house, "avant son envoi", early)


def test_a_returned_letter_is_kept_closed(house, final):
    send(house, final.id, le=date(2026, 11, 2))
    expeditions.note_vie(house, final.id, _N.NON_RECLAME, date(2026, 11, 20), TODAY)
    assert "sans l’ouvrir" in expeditions.expedition_of(house, final.id).attendu


def test_a_letter_sent_stays_until_its_sending_is_taken_back(house, final):
    send(house, final.id)
    refused(house, "comme preuve", lambda: courriers.delete_courrier(house, final.id))
    sent = courriers.get_courrier(house, final.id)
    carried_out(house, "Retirer l’événement", lambda: dossiers.delete_evenement(house, sent.evenement_id))
    assert courriers.get_courrier(house, final.id).etat is EtatCourrier.FINAL
    courriers.delete_courrier(house, final.id)


def test_a_sent_letter_that_cites_a_date_corrected_since_is_flagged(house, final):
    send(house, final.id)
    assert expeditions.to_rectify(house, final.id) == ()
    refused(house, "rien à rectifier", lambda: expeditions.create_rectification(house, final.id, TODAY))
    dossiers.record_evenement(house, event(_N.SOINS, date(2026, 9, 30), id="soins"), TODAY)
    (wrong,) = expeditions.to_rectify(house, final.id)
    assert (wrong.champ, wrong.cite.replace("\u00a0", " ")) == ("soins.date", "28 septembre 2026")
    assert wrong.actuel.replace("\u00a0", " ") == "30 septembre 2026"
    assert list(expeditions.all_to_rectify(house)) == [final.id]
    assert expeditions.all_to_rectify(house, "autre") == {}
    letter = carried_out(
        house, "Commencer une lettre", lambda: expeditions.create_rectification(house, final.id, TODAY)
    )
    said = courriers.texte_of(courriers.lettre_of(house, letter.id)).replace("\u00a0", " ")
    assert "23 novembre 2026" in said
    assert said.index("28 septembre 2026") < said.index("30 septembre 2026")
    house.undo()
    house.undo()
    assert expeditions.to_rectify(house, final.id) == ()


def test_a_new_event_of_the_same_kind_is_no_correction(house, final):
    send(house, final.id)
    dossiers.record_evenement(house, event(_N.SOINS, date(2026, 11, 12)), TODAY)
    assert expeditions.to_rectify(house, final.id) == ()


def test_a_date_the_user_wrote_otherwise_is_theirs(house, workers):
    letter = courriers.create_courrier(
        house, modele="C1", dossier_id="couronne", today=TODAY, saisies={"soins.date": "début octobre 2026"}
    )
    courriers.finalise(house, workers, letter.id, TODAY)
    send(house, letter.id)
    assert expeditions.to_rectify(house, letter.id) == ()


def test_a_letter_of_no_dossier_is_sent_without_an_event(house, workers):
    letter = courriers.create_courrier(house, today=TODAY)
    kept = replace(
        letter, objet="Question", destinataire=("Mutuelle", "69000 LYON"),
        corps=courriers.modeles.get("C1").blocs[:1],
    )  # fmt: skip
    kept = replace(
        kept,
        corps=(replace(kept.corps[0], lignes=((replace(kept.corps[0].lignes[0][0], champ="", texte="Bonjour."),),)),),
    )
    courriers.save_draft(house, kept)
    courriers.finalise(house, workers, letter.id, TODAY)
    assert send(house, letter.id, canal=Canal.COURRIER, numero="") == ()
    assert courriers.get_courrier(house, letter.id).evenement_id is None
    refused(house, "rien à suivre", lambda: expeditions.note_vie(house, letter.id, _N.PRESENTE, TODAY, TODAY))


def test_the_proof_in_the_trash_does_not_break_the_story(house, final):
    proof = held(house, TypeDocument.AUTRE)
    send(house, final.id, preuve=proof)
    documents.trash_documents(house, [proof])
    assert expeditions.expedition_of(house, final.id).preuve is not None
