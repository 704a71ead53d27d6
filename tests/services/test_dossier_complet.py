"""The numbered file of a dossier: opened and checked page by page."""

import io
from dataclasses import replace
from datetime import date

import pytest
from pypdf import PdfReader

from mutuelle_desktop.domain.courrier import EtatCourrier
from mutuelle_desktop.domain.document import Document, TypeDocument
from mutuelle_desktop.domain.errors import Cancelled
from mutuelle_desktop.domain.evenement import Canal, NatureEvenement
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.services import courriers, documents, expeditions
from mutuelle_desktop.services.dossier_complet import Masque, Pour, dossier_complet, plan_of, write_dossier_complet
from mutuelle_desktop.services.importation import import_files
from mutuelle_desktop.storage.library import Library
from tests.services.aides import TODAY, facts, get, refused, spaced
from tests.services.maisonnee import CAMILLE, MUTUELLE, call, event, move_in, put
from tests.services.papiers import locked_pdf, pdf, picture

_N = NatureEvenement


@pytest.fixture
def house(library: Library, workers, tmp_path) -> Library:
    """A claim with three papers and one complaint sent."""
    move_in(
        library,
        replace(CAMILLE, adresse="14 rue des Tilleuls\n69003 Lyon"),
        replace(MUTUELLE, adresse="1 quai Neuf\n69002 Lyon"),
        event(_N.SOINS, date(2026, 9, 28)),
        call(date(2026, 11, 2), texte="Elle a été désagréable."),
        event(_N.NOTE, date(2026, 11, 4), texte="Penser à demander à ma sœur."),
    )
    paths = [
        pdf(tmp_path / "facture.pdf", "FACTURE première page", "FACTURE deuxième page"),
        picture(tmp_path / "ordonnance.jpg", "JPEG", "ORDONNANCE", turned=6),
        pdf(tmp_path / "garanties.pdf", "GARANTIES"),
    ]
    kinds = (TypeDocument.FACTURE, TypeDocument.ORDONNANCE, TypeDocument.GARANTIES)
    for taken, kind in zip(import_files(library, workers, paths, dossier_id="couronne"), kinds, strict=True):
        put(library, replace(get(library, Document, taken.document_id), type=kind, date_document=date(2026, 9, 28)))
    letter = courriers.create_courrier(
        library, modele="C1", dossier_id="couronne", today=date(2026, 9, 1), saisies={"montant.recu": "0 €"}
    )
    courriers.save_draft(library, replace(letter, jour=date(2026, 11, 10), pieces=()))
    courriers.finalise(library, workers, letter.id, date(2026, 11, 10))
    expeditions.mark_sent(
        library, letter.id, le=date(2026, 11, 10), canal=Canal.RECOMMANDE, numero="1A 047 877 2024 3", today=TODAY
    )
    return library


def made(library, workers, pour=Pour.MUTUELLE, **how):
    done = dossier_complet(library, workers, "couronne", pour, TODAY, **how)
    return done, PdfReader(io.BytesIO(done.contenu))


def texts(reader: PdfReader) -> list[str]:
    return [spaced(page.extract_text()) for page in reader.pages]


def test_each_page_is_stamped_and_numbered_in_the_order_promised(house, workers):
    done, reader = made(house, workers)
    pages = texts(reader)
    assert (len(pages), done.pieces, done.avis) == (done.pages, 3, ())
    for number, text in enumerate(pages, start=1):
        assert f"page {number}/{len(pages)}" in text
    first = next(n for n, text in enumerate(pages) if "Lettre n° 1 – p. 1/" in text)
    rest = pages[first:]
    assert "Pièce n° 1 – p. 1/2" in rest[-4]
    assert "FACTURE première page" in rest[-4]
    assert "Pièce n° 1 – p. 2/2" in rest[-3]
    assert "Pièce n° 2 – p. 1/1" in rest[-2]
    assert "Pièce n° 3 – p. 1/1" in rest[-1]


def test_the_contents_and_the_bookmarks_lead_to_the_true_pages(house, workers):
    _, reader = made(house, workers)
    pages = texts(reader)
    contents = next(text for text in pages if text.startswith("Sommaire"))
    marks = {spaced(m.title): reader.get_destination_page_number(m) for m in reader.outline}
    assert list(marks)[:3] == ["Page de garde", "Sommaire", "Chronologie"]
    for label in ("Lettre n° 1", "Pièce n° 1", "Pièce n° 2", "Pièce n° 3"):
        at = next(place for title, place in marks.items() if title.startswith(label))
        assert f"{label} – p. 1/" in pages[at]
        row = next(line for line in contents.replace("\n", " ").split(label)[1:])
        assert str(at + 1) in row.split()[:12], (label, row)


def test_what_is_private_is_only_in_ones_own(house, workers):
    for pour, own in ((Pour.MUTUELLE, False), (Pour.MEDIATEUR, False), (Pour.MOI, True)):
        whole = " ".join(texts(made(house, workers, pour)[1]))
        assert ("désagréable" in whole) is own, pour
        assert ("ma sœur" in whole) is own, pour
        assert "Soins" in whole


def test_the_mediateur_is_told_what_is_there_and_the_user_what_is_missing(house, workers):
    plan = plan_of(house, "couronne", Pour.MEDIATEUR, TODAY)
    there = {line.quoi: line for line in plan.completude}
    assert spaced(there["Réclamation écrite, datée"].ou) == "Lettre n° 1"
    assert "1A 047 877 2024 3" in spaced(there["Preuve de l’envoi de la réclamation"].ou)
    assert spaced(there["Tableau de garanties"].ou) == "Pièce n° 3"
    assert "Aucune réponse" in there["Réponse de l’organisme, ou son absence"].ou
    assert not there["Déclaration qu’aucun tribunal ni autre médiateur n’est saisi"].present
    assert any("Contrat" in quoi for quoi in plan.manques)
    pages = texts(made(house, workers, Pour.MEDIATEUR)[1])
    listed = next(text for text in pages if text.startswith("Ce que contient ce dossier"))
    assert "non joint" in listed
    assert "Ajoutez" not in listed, "advice is for the user, not for the médiateur"
    assert "Médiateur de la Mutualité Française" in " ".join(pages)
    assert plan_of(house, "couronne", Pour.MUTUELLE, TODAY).completude == ()


def test_a_locked_or_broken_paper_gives_way_to_a_page_that_says_so(house, workers, tmp_path):
    broken = tmp_path / "abime.pdf"
    broken.write_bytes(b"%PDF-1.7\n" + b"rien de bon " * 40)
    import_files(
        house, workers, [locked_pdf(tmp_path / "secret.pdf", "inconnu", "CACHÉ"), broken], dossier_id="couronne"
    )
    done, reader = made(house, workers)
    pages = texts(reader)
    assert done.pieces == 5
    assert "protégé par un mot de passe" in pages[-2]
    assert "Pièce n° 4 – p. 1/1" in pages[-2]
    assert "ne peut pas être ouvert" in pages[-1]
    assert len(done.avis) == 2
    assert all(one.endswith(".") for one in done.avis)


def test_a_locked_paper_whose_password_is_known_is_there(house, workers, tmp_path):
    import_files(
        house, workers, [locked_pdf(tmp_path / "s.pdf", "12051984", "OUVERT PAR LA NAISSANCE")], dossier_id="couronne"
    )
    done, reader = made(house, workers)
    assert done.avis == ()
    assert "OUVERT PAR LA NAISSANCE" in texts(reader)[-1]


def test_a_masked_page_keeps_nothing_of_what_is_hidden(house, workers):
    paper = plan_of(house, "couronne", Pour.MUTUELLE, TODAY).pieces[0].document
    hidden = {paper.id: (Masque(1, ((0.0, 0.0, 1.0, 0.5),)), Masque(2))}
    _, reader = made(house, workers, masques=hidden)
    whole = " ".join(texts(reader))
    assert "première page" not in whole
    assert "deuxième page" not in whole
    assert "n’est pas communiquée" in whole
    assert "Pièce n° 1 – p. 1/2" in whole


def test_papers_left_out_or_in_the_trash_are_not_in_it(house, workers):
    plan = plan_of(house, "couronne", Pour.MUTUELLE, TODAY)
    documents.trash_documents(house, [plan.pieces[1].document.id])
    left = plan_of(house, "couronne", Pour.MUTUELLE, TODAY, sans={plan.pieces[0].document.id})
    assert [one.document.id for one in left.pieces] == [plan.pieces[2].document.id]


def test_the_numbers_are_those_of_the_letter_it_goes_with(house, workers):
    plan = plan_of(house, "couronne", Pour.MUTUELLE, TODAY)
    last = plan.pieces[2].document.id
    letter = courriers.create_courrier(house, modele="A6", dossier_id="couronne", today=TODAY)
    courriers.save_draft(house, replace(letter, pieces=(last,)))
    again = plan_of(house, "couronne", Pour.MUTUELLE, TODAY, courrier_id=letter.id)
    assert again.pieces[0].document.id == last
    assert len(again.pieces) == 3


def test_an_empty_dossier_is_refused(library, workers):
    move_in(library)
    refused(library, "ni papier ni lettre", lambda: made(library, workers))


def test_making_it_changes_nothing_and_gives_the_same_bytes_again(house, workers):
    before = facts(house)
    first, second = (made(house, workers)[0].contenu for _ in range(2))
    assert first == second
    assert facts(house) == before


def test_the_user_may_stop_it_and_sees_where_it_is(house, workers):
    seen = []

    class Watched(Progress):
        """A person who watches, then gives up."""

        def step(self, done: int, total: int, text: str = "") -> None:
            seen.append((done, total, spaced(text)))
            self.cancelled = done == 2
            super().step(done, total, text)

    with pytest.raises(Cancelled):
        made(house, workers, progress=Watched())
    assert seen[0][:2] == (0, 5)
    assert seen[0][2].startswith("Lettre n° 1 :")


def test_what_is_there_already_is_never_replaced(house, workers, tmp_path):
    done, _ = made(house, workers)
    target = tmp_path / "dossier.pdf"
    assert write_dossier_complet(done, target).read_bytes() == done.contenu
    refused(house, "existe déjà", lambda: write_dossier_complet(done, target))


def test_the_mediateur_reads_the_numbers_of_the_letter_that_seizes_him(house, workers):
    plan = plan_of(house, "couronne", Pour.MEDIATEUR, TODAY)
    first, second = plan.pieces[0].document.id, plan.pieces[1].document.id
    for modele, joined, day in (("C9", (second,), 12), ("A6", (first,), 14)):
        letter = courriers.create_courrier(house, modele=modele, dossier_id="couronne", today=TODAY)
        value = courriers.save_draft(house, replace(letter, pieces=joined, jour=date(2026, 11, day)))
        put(house, replace(value, etat=EtatCourrier.FINAL))
    assert plan_of(house, "couronne", Pour.MEDIATEUR, TODAY).pieces[0].document.id == second
    assert plan_of(house, "couronne", Pour.MUTUELLE, TODAY).pieces[0].document.id == first
