"""Quick whatever the size: on 10 000 dossiers and 10 000 documents every verb and every page's question is instant.

The times are those of the processor, the median of several: a machine that is busy elsewhere does not fail them.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import pytest

from mutuelle_desktop.domain.contrat import Contrat, Mutuelle
from mutuelle_desktop.domain.document import Document, EtatLecture, Fichier, Lecture, Page, Piece, TypeDocument
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier, Statut
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import documents, dossiers, lectures, pieces
from mutuelle_desktop.services.documents import AUCUN, Filtre, Tri
from mutuelle_desktop.services.dossiers import FiltreDossiers, TriDossiers, Vue
from mutuelle_desktop.services.recherche import first_hit, search_all, search_documents, suggest
from mutuelle_desktop.storage.library import Library
from tests.services.aides import TODAY

MANY = 10_000
VERBE, QUESTION = 0.020, 0.050
"""Seconds of processor for a verb, and for what a page asks to be shown."""
WORDS = ("couronne", "dentaire", "lunettes", "remboursement", "kinésithérapie", "ordonnance", "œdème", "mutuelle")
PEOPLE = [Personne(prenom=f"Prénom {n}", nom="Bessière") for n in range(5)]
RIVES = Mutuelle(nom="Deux Rives")
CONTRAT = Contrat(mutuelle_id=RIVES.id, numero="0047518")


def dossier(n: int) -> Dossier:
    closed = TODAY if n % 20 else None  # most of ten years of dossiers are closed
    return Dossier(id=f"d{n}", reference=f"{2010 + n // 700}-{n % 700 + 1:03d}", titre=f"{WORDS[n % 8].capitalize()} {n}",
                   nature=list(NatureDossier)[n % 6], ouvert_le=date(2010 + n // 700, 1, 1), personne_id=PEOPLE[n % 5].id,
                   contrat_id=CONTRAT.id, clos_le=closed)  # fmt: skip


def document(n: int) -> Document:
    return Document(id=f"p{n}", titre=f"Papier {n} {WORDS[n % 8]}", nom=f"{n}.pdf", empreinte=f"{n:040x}",
                    type=list(TypeDocument)[n % 16], personne_id=PEOPLE[n % 5].id,
                    date_document=date(2010, 1, 1) + timedelta(days=n % 5000))  # fmt: skip


@pytest.fixture(scope="module")
def big(tmp_path_factory) -> Iterator[Library]:
    """Ten thousand of each, written once for the module."""
    library = Library(tmp_path_factory.mktemp("grand") / "donnees")
    with library.write("Remplir", undoable=False) as db:
        db.put_all([*PEOPLE, RIVES, CONTRAT])
        for n in range(MANY):
            mark = f"{n:040x}"
            db.put(dossier(n))
            db.put(Fichier(id=mark, sha256="cd" * 32, taille=1, mime="application/pdf"))
            db.put(Lecture(id=mark, etat=EtatLecture.LU if n % 100 else EtatLecture.COPIE, pages=1, pages_lues=1))
            text = f"{WORDS[n % 8]} {WORDS[(n * 3 + 1) % 8]} facture {n} du cabinet, total {n},50 €"
            db.put(Page(id=f"{mark}:1", empreinte=mark, numero=1, largeur=595, hauteur=842, texte=text))
            db.put(document(n))
            db.put(Piece(id=f"x{n}", dossier_id=f"d{n}", document_id=f"p{n}", rang=1))
            db.put(Evenement(id=f"e{n}", dossier_id=f"d{n}", nature=list(NatureEvenement)[n % 4], le=TODAY,
                             texte=f"Échange {n}"))  # fmt: skip
    yield library
    library.close()


def spent(act: Callable[[], object], times: int = 9) -> float:
    """Return the seconds of processor one run takes, the median of several."""
    act()
    taken = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(times):
            begun = time.process_time()
            act()
            taken.append(time.process_time() - begun)
    finally:
        gc.enable()
    return statistics.median(taken)


QUESTIONS: dict[str, Callable[[Library], object]] = {
    "dossiers ouverts": dossiers.list_dossiers,
    "dossiers cherchés": lambda li: dossiers.list_dossiers(li, FiltreDossiers(mots="couronne prénom")),
    "dossiers par titre": lambda li: dossiers.list_dossiers(li, tri=TriDossiers.TITRE),
    "un dossier": lambda li: dossiers.ligne(li, "d500"),
    "chronologie": lambda li: dossiers.chronologie(li, "d500"),
    "pièces": lambda li: documents.pieces_of(li, "d500"),
    "documents récents": lambda li: documents.document_ids(li, Filtre()),
    "documents par date": lambda li: documents.document_ids(li, Filtre(), Tri.DATE),
    "documents par titre": lambda li: documents.document_ids(li, Filtre(), Tri.TITRE),
    "documents par personne": lambda li: documents.document_ids(li, Filtre(), Tri.PERSONNE),
    "documents d’un type": lambda li: documents.document_ids(li, Filtre(type=TypeDocument.FACTURE, annee=2012)),
    "documents hors dossier": lambda li: documents.document_ids(li, Filtre(dossier_id=AUCUN)),
    "documents lus": lambda li: documents.count_documents(li, Filtre(etat=EtatLecture.LU)),
    "documents cherchés": lambda li: documents.document_ids(li, Filtre(mots="couronne cabinet"), Tri.DATE),
    "cent lignes": lambda li: documents.fetch(li, [f"p{n}" for n in range(100)]),
    "à classer": documents.to_classify,
    "années": documents.years,
    "recherche courante": lambda li: search_documents(li, "facture"),
    "recherche rare": lambda li: search_documents(li, "9876,50"),
    "recherche de deux lettres": lambda li: search_documents(li, "ca"),
    "recherche de tout": lambda li: search_all(li, "couronne"),
    "recherche vaine": lambda li: search_all(li, "introuvable"),
    "suggestion": lambda li: suggest(li, "couronen dentiare"),
    "page suivante": lambda li: first_hit(li, "p500", "facture", 1, 1),
    "à lire": lectures.pending,
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_what_a_page_asks_is_answered_at_once(big, name):
    assert spent(lambda: QUESTIONS[name](big)) < QUESTION


def verbs(li: Library) -> dict[str, Callable[[], object]]:
    turn = count()
    statuts = list(Statut)
    return {
        "créer": lambda: dossiers.create_dossier(li, nature=NatureDossier.INFORMATION, on=TODAY, personne_id=PEOPLE[0].id),
        "modifier": lambda: dossiers.edit_dossier(li, replace(dossier(100), notes=f"Note {next(turn)}")),
        "statut": lambda: dossiers.set_statut(li, "d100", statuts[next(turn) % 8]),
        "clore": lambda: dossiers.close_dossier(li, "d100", TODAY + timedelta(days=next(turn))),
        "corbeille": lambda: (dossiers.trash_dossier(li, "d100"), dossiers.restore_dossier(li, "d100")),
        "noter": lambda: dossiers.record_evenement(
            li, Evenement(dossier_id="d100", nature=NatureEvenement.NOTE, le=TODAY, texte="n"), TODAY
        ),
        "nommer": lambda: documents.edit_document(li, replace(document(100), titre=f"Papier {next(turn)}")),
        "classer": lambda: documents.classify(li, document(next(turn)), dossier_id="d200"),
        "jeter": lambda: (documents.trash_documents(li, ["p7"]), documents.restore_documents(li, ["p7"])),
        "copie": lambda: documents.set_copie(li, "x100", bool(next(turn) % 2)),
        "ranger": lambda: pieces.reorder_pieces(li, "d200", [f"p{next(turn)}"]),
        "annuler et rétablir": lambda: (li.undo(), li.redo()),
        "vider la corbeille": lambda: dossiers.purge_dossiers(li, documents.now()),
    }  # fmt: skip


@pytest.mark.parametrize("name", verbs(None))  # type: ignore[arg-type]
def test_what_one_does_is_done_at_once(big, name):
    if name == "annuler et rétablir":
        dossiers.set_statut(big, "d300", Statut.REFUSE)
    assert spent(verbs(big)[name]) < VERBE


def test_all_dossiers_of_fifteen_years_are_listed_within_a_second(big):
    assert len(dossiers.list_dossiers(big, FiltreDossiers(vue=Vue.TOUS))) >= MANY
    assert spent(lambda: dossiers.list_dossiers(big, FiltreDossiers(vue=Vue.TOUS)), 3) < 1
