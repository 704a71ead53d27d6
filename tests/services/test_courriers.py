"""Letters through the verbs: begun with all that is known, written, checked, frozen for good."""

import io
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pypdf import PdfReader

from mutuelle_desktop.domain.contrat import Contact
from mutuelle_desktop.domain.courrier import Bloc, Courrier, EtatCourrier, Fragment, fragments_of
from mutuelle_desktop.domain.document import Document, EtatLecture, Fichier, Lecture, Piece, TypeDocument
from mutuelle_desktop.domain.evenement import Canal, NatureEvenement
from mutuelle_desktop.domain.ids import now
from mutuelle_desktop.rendering.courrier import pdf_of
from mutuelle_desktop.services import contrats, courriers, documents, dossiers, lectures
from mutuelle_desktop.services.courriers import FiltreCourriers
from mutuelle_desktop.storage.library import Library
from tests.services.aides import TODAY, carried_out, every, get, refused, spaced
from tests.services.maisonnee import CAMILLE, COURONNE, JULES, MUTUELLE, call, event, held, move_in, put
from tests.services.papiers import picture

_N = NatureEvenement
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def house(library: Library) -> Library:
    move_in(
        library,
        replace(CAMILLE, adresse="14 rue des Tilleuls\n69003 LYON", telephone="06 39 98 01 02"),
        replace(MUTUELLE, adresse="1 quai Neuf\n69002 Lyon"),
        event(_N.SOINS, date(2026, 9, 28)),
        event(_N.DEMANDE, date(2026, 10, 8)),
        call(date(2026, 11, 2), interlocuteur="Mme Arnal", texte="Le dossier est en cours."),
        event(_N.PAIEMENT, date(2026, 11, 3), montant=Decimal("120.00")),
    )
    return library


def reclamation(library: Library) -> Courrier:
    return courriers.create_courrier(library, modele="C1", dossier_id="couronne", today=TODAY)


def text_of(contenu: bytes) -> str:
    return spaced(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(contenu)).pages))


def test_a_letter_begins_with_all_that_the_dossier_tells(house):
    held(house, TypeDocument.DECOMPTE_MUTUELLE, date_document=date(2026, 11, 4))
    held(house, TypeDocument.RIB)
    letter = carried_out(house, "Commencer une lettre", lambda: reclamation(house))
    assert letter.etat is EtatCourrier.BROUILLON
    assert letter.canal is Canal.RECOMMANDE
    assert letter.lieu == "Lyon"
    assert letter.destinataire == ("Mutuelle des Deux Rives", "Service Réclamations", "1 QUAI NEUF", "69000 LYON")
    assert letter.contact_id == "ecrite"
    assert [get(house, Document, key).type for key in letter.pieces] == [TypeDocument.DECOMPTE_MUTUELLE]
    lettre = courriers.lettre_of(house, letter.id)
    said = spaced(courriers.texte_of(lettre))
    for words in ("28 septembre 2026", "4 novembre 2026", "550,00 €", "316,50 €", "120,00 €", "196,50 €"):
        assert words in said, words
    assert lettre.expediteur.adherent == "22057529"
    assert ("Vos références", "R-1") in letter.references or any(valeur == "R-1" for _, valeur in letter.references)


def test_what_the_user_said_at_the_start_is_written_everywhere(house):
    letter = courriers.create_courrier(
        house, modele="C1", dossier_id="couronne", today=TODAY,
        saisies={"soins.date": "1er octobre 2026", "explication": "La couronne est prévue au contrat."},
    )  # fmt: skip
    assert spaced(letter.objet).endswith("1er octobre 2026")
    said = courriers.texte_of(courriers.lettre_of(house, letter.id))
    assert "La couronne est prévue au contrat." in said
    assert "28 septembre" not in spaced(said)
    assert [nom for nom, own, _ in courriers.overridden(letter, courriers.champs_of(house, letter))] == ["soins.date"]


def test_every_model_begins_a_letter_of_a_dossier_and_of_none(house):
    for modele in courriers.modeles.catalogue():
        for dossier_id in ("couronne", None):
            letter = courriers.create_courrier(house, modele=modele.id, dossier_id=dossier_id, today=TODAY)
            lettre = courriers.lettre_of(house, letter.id)
            assert lettre.objet, modele.id
            courriers.relire_courrier(house, letter, TODAY)


def test_every_field_the_models_name_is_one_that_is_known(house):
    letter = reclamation(house)
    known = courriers.champs_of(house, letter)
    named = {nom for modele in courriers.modeles.catalogue() for nom in modele.champs}
    assert named <= known.keys()
    assert known["montant.reclame"].valeur
    assert known["position"].valeur is None


def test_a_missing_amount_is_missing_not_zero(house):
    put(house, replace(COURONNE, montant_attendu=None, montant_paye=None))
    champs = courriers.champs_of(house, reclamation(house))
    assert champs["montant.attendu"].valeur is None
    assert champs["montant.reclame"].valeur is None
    assert spaced(champs["montant.recu"].valeur or "") == "120,00 €"


def test_the_fields_follow_the_facts_until_the_letter_is_final(house, workers):
    letter = reclamation(house)
    assert "28 septembre" in spaced(courriers.texte_of(courriers.lettre_of(house, letter.id)))
    soins = next(e for e in dossiers.evenements_of(house, "couronne") if e.nature is _N.SOINS)
    dossiers.record_evenement(house, replace(soins, le=date(2026, 9, 29)), TODAY)
    assert "29 septembre" in spaced(courriers.texte_of(courriers.lettre_of(house, letter.id)))
    courriers.finalise(house, workers, letter.id, TODAY)
    dossiers.record_evenement(house, replace(soins, le=date(2026, 9, 30)), TODAY)
    assert "29 septembre" in spaced(courriers.texte_of(courriers.lettre_of(house, letter.id)))


def test_a_free_letter_begins_with_an_empty_paragraph(house):
    letter = courriers.create_courrier(house, today=TODAY, dossier_id="couronne")
    assert (letter.modele, letter.objet) == ("", "")
    assert letter.corps == (Bloc(lignes=((Fragment(),),)),)
    assert courriers.list_courriers(house)[0].titre == "Lettre sans objet"


def test_what_is_gone_is_refused(house):
    refused(house, "modèle", lambda: courriers.create_courrier(house, today=TODAY, modele="Z9"))
    refused(house, "dossier", lambda: courriers.create_courrier(house, today=TODAY, dossier_id="parti"))
    refused(house, "n’existe plus", lambda: courriers.delete_courrier(house, "partie"))
    refused(house, "n’existe plus", lambda: courriers.save_draft(house, Courrier(jour=TODAY)))


def test_a_spell_of_typing_is_one_step(house):
    letter = reclamation(house)
    for number in range(4):
        letter = courriers.save_draft(house, replace(letter, objet=f"Objet {number}"), frappe="a")
    courriers.save_draft(house, replace(letter, objet="Autre"), frappe="b")
    assert spaced(house.undo() or "") == "Écrire une lettre"
    assert courriers.get_courrier(house, letter.id).objet == "Objet 3"
    house.undo()
    assert courriers.get_courrier(house, letter.id).objet.startswith("Réclamation")
    carried_out(house, "Écrire une lettre", lambda: courriers.save_draft(house, replace(letter, objet="Fin")))


def test_saving_what_did_not_change_changes_nothing(house):
    letter = reclamation(house)
    before = house.undo_label
    assert courriers.save_draft(house, letter) == letter
    assert house.undo_label == before


def test_the_writing_cannot_pretend_that_a_letter_is_final(house):
    letter = reclamation(house)
    forged = replace(letter, etat=EtatCourrier.ENVOYE, empreinte="ab", evenement_id="x", final_le=now(), notes="n")
    kept = courriers.save_draft(house, forged)
    assert (kept.etat, kept.empreinte, kept.evenement_id, kept.notes) == (EtatCourrier.BROUILLON, "", None, "n")


def test_a_letter_with_a_hole_is_not_final(house, workers):
    letter = courriers.create_courrier(house, modele="C2", dossier_id="couronne", today=TODAY)
    sentence = refused(house, "n’est pas prête", lambda: courriers.finalise(house, workers, letter.id, TODAY))
    assert "refus" in sentence.lower()


def test_the_mediateur_seized_too_early_stops_the_letter(house, workers):
    put(house, event(_N.RECLAMATION, date(2026, 11, 10)))
    letter = courriers.create_courrier(
        house, modele="C9", dossier_id="couronne", today=TODAY,
        saisies=dict.fromkeys(courriers.modeles.get("C9").champs, "un"),
    )  # fmt: skip
    refused(house, "prématurée", lambda: courriers.finalise(house, workers, letter.id, TODAY))


def test_a_final_letter_is_a_paper_of_its_dossier_and_never_changes(house, workers):
    letter = reclamation(house)
    final = carried_out(house, "Finaliser la lettre", lambda: courriers.finalise(house, workers, letter.id, TODAY))
    assert final.etat is EtatCourrier.FINAL
    assert not any("{" in f.texte for f in fragments_of(final.corps))
    paper = get(house, Document, final.document_id)
    assert (paper.type, paper.empreinte, paper.date_document) == (TypeDocument.COURRIER, final.empreinte, TODAY)
    assert paper.emetteur == "Camille Bessière"
    assert [p.document_id for p in every(house, Piece)] == [paper.id]
    contenu = house.vault.read(final.empreinte)
    assert contenu == pdf_of(courriers.lettre_of(house, letter.id)), "made again, the same to the byte"
    assert contenu == courriers.pdf_of_courrier(house, letter.id, workers)
    said = text_of(contenu)
    assert "réclamation" in said
    assert "28 septembre 2026" in said
    for act in (
        lambda: courriers.save_draft(house, replace(final, objet="Autre")),
        lambda: courriers.finalise(house, workers, letter.id, TODAY),
    ):
        refused(house, "elle ne change plus", act)


def test_the_frozen_letter_is_found_by_its_words_once_read(house, workers):
    final = courriers.finalise(house, workers, reclamation(house).id, TODAY)
    lectures.read_pending(house, workers)
    assert get(house, Lecture, final.empreinte).etat is EtatLecture.LU


def test_a_copy_of_a_final_letter_is_written_again_and_follows_the_facts(house, workers):
    final = courriers.finalise(house, workers, reclamation(house).id, TODAY)
    later = date(2026, 12, 1)
    copy = carried_out(house, "Copier la lettre", lambda: courriers.duplicate_courrier(house, final.id, later))
    assert (copy.etat, copy.jour, copy.empreinte, copy.document_id) == (EtatCourrier.BROUILLON, later, "", None)
    soins = next(e for e in dossiers.evenements_of(house, "couronne") if e.nature is _N.SOINS)
    dossiers.record_evenement(house, replace(soins, le=date(2026, 9, 30)), TODAY)
    assert "30 septembre" in spaced(courriers.texte_of(courriers.lettre_of(house, copy.id)))
    assert "28 septembre" in spaced(courriers.texte_of(courriers.lettre_of(house, final.id)))


def test_a_letter_not_sent_is_deleted_and_its_paper_goes_to_the_trash(house, workers):
    draft = reclamation(house)
    carried_out(house, "Supprimer la lettre", lambda: courriers.delete_courrier(house, draft.id))
    final = courriers.finalise(house, workers, reclamation(house).id, TODAY)
    carried_out(house, "Supprimer la lettre", lambda: courriers.delete_courrier(house, final.id))
    assert get(house, Document, final.document_id).supprime_le is not None
    assert courriers.list_courriers(house) == []


def test_a_scanned_signature_is_redrawn_so_that_nothing_of_its_file_enters_the_letter(house, workers, tmp_path):
    from mutuelle_desktop.services.importation import import_files

    (taken,) = import_files(house, workers, [picture(tmp_path / "moi.jpg", "JPEG", "Bessière", turned=6)])
    letter = courriers.save_draft(house, replace(reclamation(house), signature=taken.document_id))
    lettre = courriers.lettre_of(house, letter.id, workers)
    assert (lettre.signature or b"").startswith(b"\x89PNG")
    final = courriers.finalise(house, workers, letter.id, TODAY)
    assert b"Exif" not in house.vault.read(final.empreinte)
    assert courriers.lettre_of(house, letter.id).signature is None, "without workers it is left out"


def test_enclosures_are_numbered_and_those_in_the_trash_are_left_out(house):
    first, second = held(house, TypeDocument.FACTURE), held(house, TypeDocument.DECOMPTE_MUTUELLE)
    letter = courriers.save_draft(house, replace(reclamation(house), pieces=(second, first, "parti")))
    assert [(p.numero, p.document_id) for p in courriers.lettre_of(house, letter.id).pieces] == [
        (1, second),
        (2, first),
    ]
    documents.trash_documents(house, [second])
    assert [(p.numero, p.document_id) for p in courriers.lettre_of(house, letter.id).pieces] == [(1, first)]


def test_letters_are_listed_by_dossier_state_and_words(house, workers):
    one = courriers.finalise(house, workers, reclamation(house).id, TODAY)
    two = courriers.create_courrier(house, today=TODAY)
    assert [ligne.id for ligne in courriers.list_courriers(house)] == [two.id, one.id]
    by = lambda **asked: [ligne.id for ligne in courriers.list_courriers(house, FiltreCourriers(**asked))]  # noqa: E731
    assert by(dossier_id="couronne") == [one.id]
    assert by(etat=EtatCourrier.BROUILLON) == [two.id]
    assert by(mots="reclamations septembre") == [one.id]
    assert by(mots="introuvable") == []
    dossiers.trash_dossier(house, "couronne")
    assert by() == [two.id]


def test_what_a_letter_named_may_go_without_it(house):
    paper = held(house, TypeDocument.FACTURE, supprime_le=now())
    letter = courriers.save_draft(house, replace(reclamation(house), pieces=(paper,), signature=paper))
    contrats.delete_contact(house, "ecrite")
    assert courriers.get_courrier(house, letter.id).contact_id is None
    documents.purge_corbeille(house, now().replace(year=now().year + 1))
    kept = courriers.get_courrier(house, letter.id)
    assert (kept.pieces, kept.signature) == ((), "")


def test_drafts_go_with_their_dossier_and_final_letters_stand_by_themselves(house, workers):
    draft, final = reclamation(house), courriers.finalise(house, workers, reclamation(house).id, TODAY)
    dossiers.trash_dossier(house, "couronne")
    dossiers.purge_dossiers(house, now().replace(year=now().year + 1))
    (left,) = every(house, Courrier)
    assert (left.id, left.dossier_id) == (final.id, None)
    assert draft.id != left.id
    assert house.vault.read(left.empreinte)


def test_a_cut_between_the_bytes_and_the_row_loses_nothing(house, workers, monkeypatch):
    letter = reclamation(house)

    class Cut(BaseException):
        """The power goes."""

    before = {f.id for f in every(house, Fichier)}
    with monkeypatch.context() as patched:
        patched.setattr(courriers, "join", lambda *_: (_ for _ in ()).throw(Cut))
        with pytest.raises(Cut):
            courriers.finalise(house, workers, letter.id, TODAY)
    assert courriers.get_courrier(house, letter.id) == letter
    assert {f.id for f in every(house, Fichier)} == before
    assert every(house, Document) == []
    house.close()
    again = Library(house.folder)
    assert courriers.get_courrier(again, letter.id) == letter
    final = courriers.finalise(again, workers, letter.id, TODAY)
    assert again.vault.read(final.empreinte)
    again.close()


def test_an_address_that_already_names_the_service_says_it_once(house):
    ecrite = get(house, Contact, "ecrite")
    put(
        house, replace(ecrite, adresse="Mutuelle des Deux Rives\nService réclamations\n8 quai du Confluent\n69002 Lyon")
    )
    assert reclamation(house).destinataire == (
        "Mutuelle des Deux Rives", "Service Réclamations", "8 QUAI DU CONFLUENT", "69002 LYON",
    )  # fmt: skip
    put(house, replace(ecrite, nom="Service Réclamations"))
    assert reclamation(house).destinataire[1] == "Service Réclamations"


def test_without_a_service_the_letter_goes_to_the_organism_and_to_the_mediateur_when_he_is_seized(house):
    contrats.delete_contact(house, "ecrite")
    assert reclamation(house).destinataire == ("Mutuelle des Deux Rives", "1 QUAI NEUF", "69002 LYON")
    seized = courriers.create_courrier(house, modele="C9", dossier_id="couronne", today=TODAY)
    assert seized.destinataire[0] == "Médiateur de la Mutualité Française"
    put(house, replace(MUTUELLE, mediateur="Médiateur d’ici", mediateur_adresse="2 place Haute\n35000 Rennes"))
    seized = courriers.create_courrier(house, modele="C9", dossier_id="couronne", today=TODAY)
    assert seized.destinataire == ("Médiateur d’ici", "2 PLACE HAUTE", "35000 RENNES")
    put(house, replace(MUTUELLE, mediateur="Médiateur d’ici"))
    seized = courriers.create_courrier(house, modele="C9", dossier_id="couronne", today=TODAY)
    assert seized.destinataire == ("Médiateur d’ici",), "the usual address is not his"


def test_a_child_of_the_household_is_written_for_by_the_assure(house):
    put(house, JULES, replace(COURONNE, personne_id="jules"))
    lettre = courriers.lettre_of(house, reclamation(house).id)
    assert lettre.expediteur.nom == "Camille Bessière"


KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from mutuelle_desktop.services import courriers
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.library import Library

courriers.join = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
courriers.finalise(Library(Path(sys.argv[1])), Workers(), sys.argv[2], date(2026, 11, 23))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="nothing there kills as bluntly")
def test_a_process_killed_between_the_bytes_and_the_row_loses_nothing(house, workers):
    letter = reclamation(house)
    house.close()
    done = subprocess.run([sys.executable, "-c", KILLED, str(house.folder), letter.id], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    again = Library(house.folder)
    assert courriers.get_courrier(again, letter.id) == letter
    assert every(again, Document) == []
    assert again.vault.orphans(), "its bytes were safe before any row named them, and are kept aside"
    final = courriers.finalise(again, workers, letter.id, TODAY)
    assert again.vault.read(final.empreinte).startswith(b"%PDF")
    again.close()
