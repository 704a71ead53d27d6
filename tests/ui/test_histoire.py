"""One dossier lived through the window: a refusal, the complaint, why its date, a correction, the médiateur's window."""

from datetime import date

from PySide6.QtWidgets import QLabel

from mutuelle_desktop.domain.contrat import Contrat, Mutuelle
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import contrats, dossiers, personnes
from mutuelle_desktop.services.echeances import echeances_of
from tests.ui.maison import Foyer, fill


def texts(widget) -> str:
    shown = [found.text() for found in widget.findChildren(QLabel) if found.isVisibleTo(widget)]
    return " ".join(shown).replace("\u00a0", " ").replace("\u202f", " ")


def answer_due(foyer: Foyer, key: str) -> date:
    return next(one.brute for one in echeances_of(foyer.library, key, foyer.today) if one.regle == "R10")


def test_a_refusal_is_answered_explained_corrected_and_taken_to_the_mediateur(open_foyer):
    foyer: Foyer = open_foyer(today=date(2026, 4, 10))
    camille = personnes.save_personne(foyer.library, Personne(prenom="Camille", nom="B", naissance=date(1984, 5, 12)))
    held = contrats.save_mutuelle(foyer.library, Mutuelle(nom="Deux Rives"))
    contrat = contrats.save_contrat(foyer.library, Contrat(mutuelle_id=held.id, numero="1"), [camille.id])
    made = dossiers.create_dossier(
        foyer.library, nature=NatureDossier.REMBOURSEMENT, on=date(2026, 3, 2), titre="Couronne", personne_id=camille.id,
        contrat_id=contrat.id,
    )  # fmt: skip
    foyer.settle()
    page = foyer.go("dossiers")

    foyer.answers.forms.append(fill(**{"Ce qui s est passé": "Soins", "Date": "17/02/2026"}))
    foyer.action("note_event")
    foyer.answers.forms.append(
        fill(**{"Ce qui s est passé": "Demande envoyée", "Date": "02/03/2026", "Par": "Courrier"})
    )
    foyer.action("note_event")
    assert "Appeler la mutuelle" in texts(page.detail), "the 30 days and the 48 hours are over"
    foyer.answers.forms.append(fill(**{"Ce qui s est passé": "Refus", "Date": "03/04/2026"}))
    foyer.action("note_event")

    foyer.go("aujourdhui")
    foyer.answers.forms.append(fill(Date="10/04/2026", Numéro_obtenu="1A 204"))
    foyer.click("Noter l’envoi de la réclamation…")
    assert answer_due(foyer, made.id) == date(2026, 6, 10)
    page = foyer.go("dossiers")
    shown = texts(page.detail)
    assert "Réponse à la réclamation" in shown
    assert "pas encore ouvert" in shown.lower(), "the médiateur's window is drawn and said"

    told: list[str] = []

    def read(dialog):
        told.append(texts(dialog))
        dialog.reject()

    foyer.answers.forms.append(read)
    page.detail._explain(next(o.cle for o in echeances_of(foyer.library, made.id, foyer.today) if o.regle == "R10"))
    foyer.settle()
    assert "10 avril 2026" in told[0]
    assert "ACPR" in told[0]
    assert "23/11/2026" in told[0], "the day the source was checked"

    complaint = next(e for e in dossiers.evenements_of(foyer.library, made.id)
                     if e.nature is NatureEvenement.RECLAMATION)  # fmt: skip
    tables: list[str] = []

    def agree(dialog):
        tables.append(texts(dialog))
        dialog.accept_button.click()

    foyer.answers.forms += [fill(Date="07/04/2026"), agree]
    page.detail._edit_event(complaint.id)
    foyer.settle()
    assert "10 juin → 7 juin" in tables[0]
    assert answer_due(foyer, made.id) == date(2026, 6, 7)
    assert foyer.library.undo_label is not None
    foyer.action("annuler")
    assert answer_due(foyer, made.id) == date(2026, 6, 10)

    def refuse(dialog):
        dialog.reject()

    def keep_open(dialog):
        fill(Date="07/04/2026")(dialog)
        assert dialog.isVisible(), "the form stays with what was typed"
        assert "rien n’a changé" in dialog.error.text()
        dialog.reject()

    foyer.answers.forms += [keep_open, refuse]
    page.detail._edit_event(complaint.id)
    foyer.settle()
    assert answer_due(foyer, made.id) == date(2026, 6, 10)

    foyer.today = date(2026, 6, 11)
    today = foyer.go("aujourdhui")
    today.refresh()
    foyer.settle()
    assert "médiateur" in texts(today)
    foyer.answers.forms.append(fill(Date="11/06/2026"))
    foyer.click("Noter la saisine…", today)
    with foyer.library.read() as db:
        kinds = [event.nature for event in db.all(Evenement)]
    assert NatureEvenement.SAISINE in kinds
