"""The fictional household, one value of each kind, and the import the crash tests cut short."""

import hashlib
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from mutuelle_desktop.domain.agenda import Publication
from mutuelle_desktop.domain.appel import Appel, IssueAppel
from mutuelle_desktop.domain.calendrier import Foyer, Unite, Zone
from mutuelle_desktop.domain.checklist import Coche, EtatCoche
from mutuelle_desktop.domain.contrat import Contact, Contrat, Couverture, Mutuelle, NatureOrganisme, Plage
from mutuelle_desktop.domain.courrier import Bloc, Courrier, EtatCourrier, Fragment, GenreBloc
from mutuelle_desktop.domain.document import (
    Document,
    EtatLecture,
    Fichier,
    Lecture,
    MotDePasse,
    Page,
    Piece,
    Source,
    TypeDocument,
    Vignette,
)
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier, Statut
from mutuelle_desktop.domain.echeance import Decision, NatureDecision, Rappel
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.domain.mandat import Mandat
from mutuelle_desktop.domain.modele_perso import ModelePerso, Phrase
from mutuelle_desktop.domain.personne import Lien, Personne
from mutuelle_desktop.domain.regle import Surcharge
from mutuelle_desktop.storage.library import Library

MOMENT = datetime(2026, 6, 16, 9, 30, 12, 345000, UTC)
CAMILLE = Personne(
    prenom="Camille",
    nom="Bessière",
    lien=Lien.ASSURE,
    naissance=date(1984, 5, 12),
    nir="2 84 05 69 123 456 78",
    adresse="14 rue des Tilleuls\n69000 Lyon",
    telephone="06 39 98 01 02",
    courriel="camille@exemple.fr",
    notes="Préfère le téléphone.",
)
DEUX_RIVES = Mutuelle(
    nom="Mutuelle des Deux Rives",
    nature=NatureOrganisme.MUTUELLE,
    adresse="1 quai Neuf\n69000 Lyon",
    espace_client="https://www.deux-rives.exemple",
    mediateur="Médiateur des mutuelles",
    notes="n",
)
SERVICE = Contact(
    mutuelle_id=DEUX_RIVES.id,
    nom="Service remboursements",
    telephone="01 99 00 12 34",
    horaires=(Plage(0, time(9), time(12, 30)), Plage(5, time(9, 15), time(12))),
    courriel="contact@exemple.fr",
    svi="1 puis 3",
)
CONFORT = Contrat(
    mutuelle_id=DEUX_RIVES.id,
    numero="0047518",
    numero_adherent="22057529",
    nom="Confort +",
    debut=date(2020, 1, 1),
    fin=None,
    collectif=True,
    obligatoire=True,
    echeance=date(2026, 12, 31),
    delai_production=12,
)
COUVERTURE = Couverture(contrat_id=CONFORT.id, personne_id=CAMILLE.id, depuis=date(2020, 1, 1))
COURONNE = Dossier(
    reference="2026-001",
    titre="Couronne dent 36",
    nature=NatureDossier.REMBOURSEMENT,
    ouvert_le=date(2026, 6, 16),
    personne_id=CAMILLE.id,
    contrat_id=CONFORT.id,
    references_mutuelle=("R-1", "été"),
    montant_paye=Decimal("1234.56"),
    montant_secu=Decimal("0.05"),
    complexe=True,
    statut_force=Statut.EN_ATTENTE,
    notes="L’œdème a disparu.",
    clos_le=date(2026, 7, 1),
    supprime_le=MOMENT,
)
FICHIER = Fichier(id="ab" * 20, sha256="cd" * 32, taille=1234, mime="application/pdf", ajoute_le=MOMENT)
FACTURE = Document(
    titre="Facture du Dr Peyronnet",
    nom="facture.pdf",
    empreinte=FICHIER.id,
    origines=("ef" * 20,),
    type=TypeDocument.FACTURE,
    personne_id=CAMILLE.id,
    date_document=date(2026, 6, 12),
    emetteur="Dr Peyronnet",
    notes="payée",
    ajoute_le=MOMENT,
    classe_le=MOMENT,
)
PIECE = Piece(dossier_id=COURONNE.id, document_id=FACTURE.id, rang=1, copie=True)
APPEL = Evenement(
    id="a9" * 8,
    dossier_id=COURONNE.id,
    nature=NatureEvenement.ECHANGE,
    le=date(2026, 6, 20),
    heure=time(10, 42),
    canal=Canal.TELEPHONE,
    sens=Sens.ENVOYE,
    interlocuteur="Mme Arnal",
    numero="A-77",
    texte="Réponse promise",
    promis_le=date(2026, 7, 4),
    montant=Decimal("12.30"),
    document_id=FACTURE.id,
    suite_de="a9" * 8,  # itself: the only event here
)
LECTURE = Lecture(id=FICHIER.id, etat=EtatLecture.ILLISIBLE, pages=12, pages_lues=3, raison="abîmé", essais=2)
PAGE = Page(
    id=f"{FICHIER.id}:1",
    empreinte=FICHIER.id,
    numero=1,
    largeur=595.25,
    hauteur=841.5,
    texte="Honoraires 1 234,56 €",
    mots=b"\0\xff",
    source=Source.OCR,
    confiance=88,
)
VIGNETTE = Vignette(id=FICHIER.id, image=b"RIFF\0")
SECRET = MotDePasse(valeur="1205", ajoute_le=MOMENT)
FOYER = Foyer(zone=Zone.ALSACE_MOSELLE, marge_postale=5)
SURCHARGE = Surcharge(
    regle="R09", mutuelle_id=DEUX_RIVES.id, dossier_id=COURONNE.id, delai=10, unite=Unite.OUVRES, raison="Sa charte"
)
DECISION = Decision(
    id="R02:1", dossier_id=COURONNE.id, nature=NatureDecision.REPORTEE, jour=date(2026, 7, 9), raison="Vacances",
    decide_le=MOMENT,
)  # fmt: skip
RAPPEL = Rappel(
    titre="Poster la lettre", le=date(2026, 7, 2), dossier_id=COURONNE.id, notes="Timbre", fait_le=date(2026, 7, 2)
)
MANDAT = Mandat(
    mandant_id=CAMILLE.id, mandataire_id=CAMILLE.id, mutuelle_id=DEUX_RIVES.id, du=date(2026, 1, 1), au=date(2026, 12, 31),
    objet="Renseignements", revoque_le=date(2026, 6, 1), document_id=FACTURE.id,
)  # fmt: skip
CALL = Appel(
    id=APPEL.id, objectif="Savoir quand", contact_id=SERVICE.id, issue=IssueAppel.PROMESSE, attente=240, conversation=95,
    questions=("Quand ?", "Combien ?"), reponses=("Le 4 juillet", ""),
)  # fmt: skip
COCHE = Coche(
    dossier_id=COURONNE.id, evenement_id=APPEL.id, ligne="avant.questions", etat=EtatCoche.SANS_OBJET, raison="Inutile",
    le=MOMENT,
)  # fmt: skip
PUBLICATION = Publication(id="R02:1", sequence=3, empreinte="ab", contenu="{}", modifie_le=MOMENT, annule_le=MOMENT)
LETTRE = Courrier(
    dossier_id=COURONNE.id,
    modele="C1",
    modele_version=3,
    objet="Contestation du remboursement du 12\u00a0juin",
    contact_id=SERVICE.id,
    destinataire=("MUTUELLE DES DEUX RIVES", "SERVICE RECLAMATIONS", "69000 LYON"),
    references=(("N° d’adhérent", "22057529"), ("Dossier", "2026-001")),
    lieu="Lyon",
    jour=date(2026, 6, 20),
    corps=(
        Bloc(lignes=((Fragment(texte="Le "), Fragment(champ="date_refus"), Fragment(texte="12 €", gras=True)),)),
        Bloc(genre=GenreBloc.TABLEAU, lignes=((Fragment(texte="Payé"), Fragment()), (Fragment(piece=FACTURE.id),))),
    ),
    signature=FACTURE.id,
    pieces=(FACTURE.id,),
    copie_a="Médiateur",
    canal=Canal.RECOMMANDE,
    etat=EtatCourrier.ENVOYE,
    cree_le=MOMENT,
    modifie_le=MOMENT,
    final_le=MOMENT,
    empreinte=FICHIER.id,
    document_id=FACTURE.id,
    evenement_id=APPEL.id,
    numero="1A 047 877 2024 3",
    cout=Decimal("6.91"),
    notes="Postée à midi",
)
MODELE = ModelePerso(
    titre="Ma relance", origine="A6", origine_version=2, besoin="Relancer", objet="Relance", corps=LETTRE.corps,
    canal=Canal.COURRIEL, reclamation=True, nature_evenement=NatureEvenement.RELANCE, destinataire="réclamations",
    cree_le=MOMENT, modifie_le=MOMENT,
)  # fmt: skip
PHRASE = Phrase(titre="Merci", famille="Fins", corps=LETTRE.corps[:1], modifie_le=MOMENT)
EVERYTHING = (
    CAMILLE, DEUX_RIVES, SERVICE, CONFORT, COUVERTURE, COURONNE, FICHIER, FACTURE, PIECE, APPEL, LECTURE, PAGE,
    VIGNETTE, SECRET, FOYER, SURCHARGE, DECISION, RAPPEL, MANDAT, CALL, COCHE, PUBLICATION,
    LETTRE, MODELE, PHRASE,
)  # fmt: skip
HELD = (LETTRE, CALL, COCHE, SURCHARGE, DECISION, RAPPEL, MANDAT, PIECE)
"""What hangs on the event, the paper and the dossier, and goes before them."""


def dossier(number: int = 1, **facts: Any) -> Dossier:
    """A dossier as short as can be."""
    plain: dict[str, Any] = {
        "reference": f"2026-{number:03d}",
        "titre": f"Dossier {number}",
        "nature": NatureDossier.REMBOURSEMENT,
        "ouvert_le": date(2026, 6, 16),
    }
    return Dossier(**{**plain, **facts})


def put(library: Library, *values: Any, label: str = "Mettre", **how: Any) -> None:
    """Put values in one write."""
    with library.write(label, **how) as db:
        db.put_all(values)


def content(number: int) -> bytes:
    """A paper of its own for each number, from a few bytes to several chunks."""
    size = (40, 900, 30_000, 150_000)[number % 4]
    seed = hashlib.sha256(str(number).encode()).digest()
    return (seed * (size // 32 + 1))[:size]


def take_in(library: Library, contenu: bytes, titre: str = "Papier", dossier_id: str | None = None) -> Document:
    """Import one paper: its bytes into the vault, then its rows, in one write."""
    depot = library.vault.add_bytes(contenu)
    document = Document(titre=titre, nom=f"{titre}.pdf", empreinte=depot.empreinte)
    with library.write(f"Ajouter « {titre} »") as db:
        db.put(Fichier(id=depot.empreinte, sha256=depot.sha256, taille=depot.taille, mime="application/pdf"))
        db.put(document)
        if dossier_id:
            db.put(Piece(dossier_id=dossier_id, document_id=document.id, rang=1))
    return document


def throw_away(library: Library, document: Document) -> None:
    """Delete a paper for good: its rows, then its bytes."""
    with library.write("Supprimer", undoable=False) as db:
        db.delete(document)
        db.raw("DELETE FROM fichier WHERE id = ?", (document.empreinte,))
    library.vault.remove(document.empreinte)
