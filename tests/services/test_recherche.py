"""Search as one types: every word of a paper is found, whatever its accents, its spaces and its order."""

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mutuelle_desktop.domain.contrat import Contact, Contrat, Mutuelle
from mutuelle_desktop.domain.courrier import Courrier
from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.extraction.mots import Mot
from mutuelle_desktop.services import contrats, documents, dossiers, personnes
from mutuelle_desktop.services.courriers import create_courrier, save_draft
from mutuelle_desktop.services.documents import Filtre
from mutuelle_desktop.services.recherche import (
    DEBUT,
    FIN,
    first_hit,
    hits_on_page,
    search_all,
    search_documents,
    suggest,
)
from mutuelle_desktop.services.termes import found_in, match, parse, readable
from mutuelle_desktop.storage.library import Library
from tests.services.aides import TODAY, paper

LETTRE = """Mutuelle des Deux Rives — Prestations santé
Objet : couronne dentaire, L’ŒDÈME de l’assurée, garantie 100 % Santé
Total payé : 1 234,56 € dont 96,50 € à votre charge ; acompte 12.50
Tél. 01 99 00 12 34 — NIR 2 84 05 69 123 456 78
IBAN FR76 3000 6000 0112 3456 7890 189
Reçu n° A-77/2026 le 12/06/2026 par M. Noël d'Aÿ
Nous vous adressons le rembourse-
ment de la ﬁche n°3 et l’afﬁliation de cœur."""


def titles(library: Library, mots: str) -> list[str]:
    found = [r.titre for r in search_documents(library, mots)]
    ids = documents.document_ids(library, Filtre(mots=mots))
    assert sorted(documents.fetch(library, ids)[key].document.titre for key in ids) == sorted(found)
    assert documents.count_documents(library, Filtre(mots=mots)) == len(found)
    return found


@pytest.fixture
def lettre(library):
    return paper(library, "Lettre", LETTRE)


@pytest.mark.parametrize(
    "mots",
    [
        "couronne", "COURONNE", "dentaire couronne", "cour dent", "sante", "SANTÉ", "oedeme", "œdème", "Œdème",
        "oedème", "l'oedeme", "l’œdème", "oed", "coeur", "cœur", "assuree", "l'assurée", "noel", "noël", "d'ay", "d’Aÿ",
        "1234,56", "1 234,56", "1234.56", "1 234.56", "1234", "234,56", "96,50", "96.50", "96,5", "12,50", "12.50", "100 %", "100",
        "0199001234", "01 99 00 12 34", "01.99.00.12.34", "01-99-00-12-34", "0199", "01 99",
        "284056912345678", "2 84 05 69 123 456 78", "2840569", "FR7630006000011234567890189", "fr76 3000 6000 0112 3456 7890 189",
        "FR76", "3000 6000", "A-77/2026", "77", "12/06/2026", "12 06 2026", "remboursement", "rembourse",
        "fiche", "fich", "affiliation", "n°3", "n° 3", "« couronne dentaire »", '"couronne dentaire"', "“Deux Rives”",
        "« deux rives » couronne", "«couronne", "lettre", "lettre couronne", "couronne lettre", "€ couronne", "-- couronne !",
    ],
)  # fmt: skip
def test_the_letter_is_found_by(library, lettre, mots):
    assert titles(library, mots) == ["Lettre"]


@pytest.mark.parametrize(
    "mots",
    [
        "courone", "dentaires", "« couronne dent »", '"dentaire couronne"', "couronne lunettes", "ouronne", "1235,56", "234,5x",
        "0199001235", "« couron »", "1 234,57",
    ],
)  # fmt: skip
def test_the_letter_is_not_found_by(library, lettre, mots):
    assert titles(library, mots) == []


@pytest.mark.parametrize("mots", ["", " ", '"', "«»", "« »", '""', "!", "—", "*", "%", "'", "\x00", "\u00a0"])
def test_what_holds_no_word_finds_nothing_and_harms_nothing(library, lettre, mots):
    assert search_documents(library, mots) == search_all(library, mots) == []
    assert suggest(library, mots) is None


@pytest.mark.parametrize(
    "mots",
    [
        "NEAR(a b)", "titre:couronne", "couronne OR lunettes", "NOT couronne", "couronne*", "^couronne", "{titre} : x",
        "couronne AND", "(couronne", 'a"b"c', "couronne;DROP TABLE document", "a:b", "+couronne", "\\", "' OR 1=1 --",
    ],
)  # fmt: skip
def test_the_language_of_the_index_is_never_spoken_by_what_is_typed(library, lettre, mots):
    assert titles(library, mots) in ([], ["Lettre"])
    search_all(library, mots)


@pytest.mark.parametrize(
    ("mots", "marked"),
    [
        ("FR7630006000011234567890189", ["FR76 3000 6000 0112 3456 7890 189"]), ("019900", ["01 99 00"]),
        ("2840569", ["2 84 05 69"]), ("96,5", ["96,50"]), ("12.5", ["12.50"]), ("01 99 00 12 34", ["01 99 00 12 34"]),
        ("oedeme", ["ŒDÈME"]), ("1234,56", ["1 234,56"]), ("0199001234", ["01 99 00 12 34"]), ("dent", ["dentaire"]),
        ("284056912345678", ["2 84 05 69 123 456 78"]), ("remboursement", ["remboursement"]), ("fiche", ["fiche"]),
        ("affiliation", ["affiliation"]), ("couronne dentaire", ["couronne", "dentaire"]), ("« deux rives »", ["Deux Rives"]),
    ],
)  # fmt: skip
def test_the_excerpt_shows_the_words_found_as_they_are_written(library, lettre, mots, marked):
    (found,) = search_documents(library, mots)
    shown = re.findall(f"{DEBUT}(.*?){FIN}", found.extrait)
    assert [text.replace("\u00a0", " ") for text in shown][: len(marked)] == marked
    assert "\n" not in found.extrait
    assert len(found.extrait) < 240


def test_the_page_told_is_the_first_that_holds_the_most_of_the_words(library):
    paper(library, "Rapport", "sommaire", "couronne", "couronne dentaire", "dentaire couronne")
    assert [r.page for r in search_documents(library, "couronne dentaire")] == [3]
    assert [r.page for r in search_documents(library, "rapport sommaire")] == [1]
    (by_title,) = search_documents(library, "rapport")
    assert (by_title.page, by_title.extrait) == (1, "sommaire")


def test_words_spread_over_pages_and_title_are_found_together(library):
    paper(library, "Rapport", "alpha", "beta")
    assert titles(library, "beta rapport alpha") == ["Rapport"]


def test_the_newest_papers_come_first_and_no_more_than_asked(library):
    for number in range(5):
        paper(library, f"Papier {number}", "couronne")
    assert titles(library, "couronne") == [f"Papier {n}" for n in (4, 3, 2, 1, 0)]
    assert [r.titre for r in search_documents(library, "couronne", limit=2)] == ["Papier 4", "Papier 3"]


def test_the_trash_is_not_searched_unless_it_is_what_is_listed(library, lettre):
    documents.trash_documents(library, [lettre.id])
    assert search_documents(library, "couronne") == search_all(library, "couronne") == []
    assert documents.document_ids(library, Filtre(mots="couronne", corbeille=True)) == [lettre.id]
    documents.restore_documents(library, [lettre.id])
    assert titles(library, "couronne") == ["Lettre"]


def test_everything_that_has_a_name_is_found_and_opened_by_its_own_kind(library, lettre):
    camille = personnes.save_personne(library, Personne(prenom="Camille", nom="Bessière", nir="284056912345678"))
    rives = contrats.save_mutuelle(library, Mutuelle(nom="Deux Rives", notes="près du quai"))
    service = contrats.save_contact(library, Contact(mutuelle_id=rives.id, nom="Litiges", telephone="01 99 00 55 55"))
    contrat = contrats.save_contrat(library, Contrat(mutuelle_id=rives.id, numero="0047518", nom="Confort"), [])
    dossier = dossiers.create_dossier(
        library, nature=NatureDossier.REMBOURSEMENT, on=TODAY, titre="Zircone", personne_id=camille.id
    )
    event = Evenement(dossier_id=dossier.id, nature=NatureEvenement.ECHANGE, le=date(2026, 6, 1),
                      interlocuteur="Mme Quercy", numero="Q-9", texte="Relance promise")  # fmt: skip
    dossiers.record_evenement(library, event, TODAY)

    def opened(mots: str) -> list[tuple[type, str]]:
        return [(one.kind, one.id) for one in search_all(library, mots)]

    assert opened("zircone") == [(Dossier, dossier.id)]
    assert opened("quercy") == opened("q-9") == [(Dossier, dossier.id)], "a dossier is found by its exchanges"
    assert opened("bessiere") == [(Dossier, dossier.id), (Personne, camille.id)]
    assert opened("284056912345678") == [(Personne, camille.id), (Document, lettre.id)]
    assert opened("litiges") == opened("0199005555") == [(Contact, service.id)]
    assert opened("0047518") == opened("confort") == [(Contrat, contrat.id)]
    assert {kind for kind, _ in opened("rives")} == {Mutuelle, Contact, Contrat, Document}
    assert [kind for kind, _ in opened("rives")][-1] is Document, "papers come last"
    assert len(search_all(library, "rives", limit=2)) == 2
    dossiers.trash_dossier(library, dossier.id)
    assert opened("zircone") == opened("quercy") == []


def words(*texts: str, y: float = 0) -> list[Mot]:
    return [Mot(text, 10 * n, y, 10 * n + 9, y + 10) for n, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("query", "outlined"),
    [
        ("couronne", [[0]]), ("dent", [[1], [5]]), ("dentaire couronne", [[0], [1]]), ("« couronne dentaire »", [[0, 1]]),
        ("1234,56", [[3, 4]]), ("1 234,56", [[3, 4]]), ("234", [[4]]), ("234,5", []), ("lunettes", []), ("", []), ("oedeme", [[2]]),
    ],
)  # fmt: skip
def test_each_hit_is_outlined_word_by_word_in_the_order_of_the_page(query, outlined):
    page = words("Couronne", "dentaire,", "l’œdème", "1", "234,56", "Dentiste")
    boxes = [[(m.x0, m.y0, m.x1, m.y1) for m in (page[i] for i in hit)] for hit in outlined]
    assert hits_on_page(page, query) == boxes


def test_a_word_cut_at_the_end_of_a_line_is_outlined_in_both_its_parts():
    page = [*words("le", "rembourse-"), *words("ment", "dû", y=20)]
    both = [[(10, 0, 19, 10), (0, 20, 9, 30)]]
    assert hits_on_page(page, "remboursement") == both
    assert hits_on_page(page, "ment") == [[(0, 20, 9, 30)]]
    assert hits_on_page(words("rembourse-", "ment"), "remboursement") == [], "on one line it is a hyphen"


def test_f3_goes_from_page_to_page_and_round_the_end_both_ways(library):
    document = paper(library, "Rapport", "rien", "couronne", "rien", "Couronnes", "rien")
    visited = [first_hit(library, document.id, "couronne", page, 1) for page in (0, 1, 2, 3, 4, 5)]
    assert visited == [2, 2, 4, 4, 2, 2]
    assert [first_hit(library, document.id, "couronne", page, -1) for page in (1, 2, 3, 5)] == [4, 4, 2, 4]
    assert first_hit(library, document.id, "lunettes", 1, 1) is None
    assert first_hit(library, "x", "couronne", 1, 1) is None


def test_f3_stops_where_the_word_is_cut_or_written_with_a_ligature(library):
    document = paper(library, "Rapport", "rien", "le rembourse-\nment", "la ﬁche")
    assert first_hit(library, document.id, "remboursement", 1, 1) == 2
    assert first_hit(library, document.id, "fiche", 1, 1) == 3


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("couronen", "couronne"), ("courone", "couronne"), ("couronnne", "couronne"), ("kouronne", "couronne"),
        ("dentiare couronne", "dentaire couronne"), ("Deux Rivse", "Deux rives"), ("odeme", "œdème"),
        ("assurez", "assurée"), ("couronne", None), ("xyzxyz", None), ("cou", None), ("99999", None),
        ("couronne " * 3, None), ("courone dentaier lettrre", "couronne dentaire lettrre"),
    ],
)  # fmt: skip
def test_a_word_mistyped_is_set_right_with_the_accents_of_the_papers(library, lettre, typed, meant):
    assert suggest(library, typed) == meant


def test_among_near_words_the_most_frequent_is_suggested(library):
    paper(library, "Un", "lunette")
    for number in range(3):
        paper(library, f"Papier {number}", "lunettes")
    assert suggest(library, "lunettez") == "lunettes"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.one_of(st.text(max_size=40), st.text("aé1 ,.\"«»'’œ-_*()%\n\t\u00a0ſﬁ", max_size=30)))
def test_whatever_is_typed_is_searched_without_a_fault(library, typed):
    with library.read() as db:
        empty = not db.count(Document)
    if empty:
        paper(library, "Lettre", LETTRE)
    with library.read() as db:
        (document,) = db.all(Document)
    search_all(library, typed)
    suggest(library, typed)
    documents.document_ids(library, Filtre(mots=typed))
    first_hit(library, document.id, typed, 1, 1)
    hits_on_page(words("a", "é", "1"), typed)


FRENCH = "abcdefghijklmnopqrstuvwxyzàâäçéèêëîïôöùûüÿœæÀÂÉÈÊËÎÏÔÛÙŒÆ0123456789"
TEXT = st.text(FRENCH + " '’-.,;:/()«»€%°\n\u00a0\u202fﬁﬂ", min_size=1, max_size=80)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXT)
def test_every_word_of_a_text_is_found_by_the_index_in_the_text_and_on_the_page(library, text):
    document = paper(library, "Z", text)
    mots = words(*text.split())
    with library.write("Jeter", undoable=False) as db:
        for word in dict.fromkeys(re.findall(r"[^\W_]+", text)):
            typed = word.upper()
            wanted = parse(typed)
            query = match(wanted)
            if query is None:
                continue
            hit = db.raw("SELECT count(*) FROM recherche WHERE recherche MATCH ?", (query,)).fetchone()[0]
            assert hit == 1, (word, text)
            assert all(found_in(text, wanted)) or all(found_in(readable(text), wanted)), (word, text)
            assert hits_on_page(mots, typed), (word, text)
        db.delete(document)


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("2 84 05 69 123 456 78", "284056912345678"), ("284056912345678", "2 84 05 69 123 456 78"),
        ("FR76 3000 6000 0112 3456 7890 189", "fr7630006000011234567890189"), ("01.99.00.12.34", "0199001234"),
        ("0199001234", "01 99 00 12 34"), ("732 829 320 00074", "73282932000074"), ("1 234 567,89", "1234567,89"),
        ("1234567,89", "1 234 567,89"), ("12 345", "12345"),
    ],
)  # fmt: skip
def test_a_number_is_outlined_whole_however_it_is_spaced_here_and_there(written, typed):
    page = words("n°", *written.split(" "), "fin")
    (hit,) = hits_on_page(page, typed)
    assert hit == [(m.x0, m.y0, m.x1, m.y1) for m in page[1:-1]]


@pytest.mark.parametrize(
    "name", ["Łukasz", "Müller", "Groß", "Đặng", "Ørsted", "Muñoz", "Çelik", "Dvořák", "Æon", "Ştefan"]
)
def test_a_name_from_elsewhere_is_found_marked_outlined_and_reached_by_f3(library, name):
    document = paper(library, "Carte", "rien", f"Assuré : {name} Bessière")
    for typed in (name, name.upper(), name.lower()):
        (found,) = search_documents(library, typed)
        assert f"{DEBUT}{name}{FIN}" in found.extrait
        assert first_hit(library, document.id, typed, 1, 1) == 2
        assert hits_on_page(words(name), typed)


def test_letters_are_found_by_subject_and_recipient_while_they_are_written(library):
    made = create_courrier(library, today=date(2026, 11, 24))
    save_draft(library, replace(made, objet="Réclamation du {soins.date}", destinataire=("Mutuelle des Deux Rives",)))
    found = search_all(library, "rives reclamation")
    assert [(one.kind, one.id, one.titre) for one in found] == [(Courrier, made.id, "Réclamation du …")]
    assert search_all(library, "réclamation opticien") == []
