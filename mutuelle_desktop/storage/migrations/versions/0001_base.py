"""The first library: people, contracts, dossiers, documents, readings, journal and index.

Revision ID: 0001
Revises:
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _text(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String, nullable=nullable)


def _integer(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, nullable=nullable)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.String, primary_key=True)


def _link(name: str, target: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String, sa.ForeignKey(f"{target}.id"), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "personne", _id(), _text("prenom"), _text("nom"), _text("lien"), _text("naissance", True), _text("nir"),
        _text("adresse"), _text("telephone"), _text("courriel"), _text("notes"),
    )
    op.create_table(
        "mutuelle", _id(), _text("nom"), _text("nature"), _text("adresse"), _text("espace_client"),
        _text("mediateur"), _text("mediateur_adresse"), _text("mediateur_site"), _text("notes"),
    )
    op.create_table(
        "contact", _id(), _link("mutuelle_id", "mutuelle"), _text("nom"), _text("telephone"), _text("horaires"),
        _text("courriel"), _text("adresse"), _text("svi"), _text("notes"),
    )
    op.create_table(
        "contrat", _id(), _link("mutuelle_id", "mutuelle"), _text("numero"), _text("numero_adherent"), _text("nom"),
        _text("debut", True), _text("fin", True), _flag("collectif"), _flag("obligatoire"), _text("echeance", True),
        _integer("delai_production", True), _text("notes"),
    )
    op.create_table(
        "couverture", _id(), _link("contrat_id", "contrat"), _link("personne_id", "personne"), _text("depuis", True),
        _text("jusqu_au", True), sa.UniqueConstraint("contrat_id", "personne_id"),
    )
    op.create_table(
        "dossier", _id(), sa.Column("reference", sa.String, nullable=False, unique=True), _text("titre"),
        _text("nature"), _text("ouvert_le"), _link("personne_id", "personne", True), _link("contrat_id", "contrat", True),
        _text("references_mutuelle"), _integer("montant_paye", True), _integer("montant_secu", True),
        _integer("montant_attendu", True), _flag("complexe"), _text("statut_force", True), _text("notes"), _text("clos_le", True),
        _text("archive_le", True), _integer("supprime_le", True),
    )
    op.create_index("dossier_personne", "dossier", ["personne_id"])
    op.create_index("dossier_contrat", "dossier", ["contrat_id"])
    op.create_table("fichier", _id(), _text("sha256"), _integer("taille"), _text("mime"), _integer("ajoute_le"))
    op.create_table(
        "document", _id(), _text("titre"), _text("nom"), _link("empreinte", "fichier"), _text("origines"),
        _text("type", True), _link("personne_id", "personne", True), _text("date_document", True), _text("emetteur"),
        _text("notes"), _integer("ajoute_le"), _integer("classe_le", True), _integer("supprime_le", True),
    )
    op.create_index("document_recents", "document", ["supprime_le", "ajoute_le", "id"])
    op.create_index("document_empreinte", "document", ["empreinte"])
    op.create_index("document_personne", "document", ["personne_id"])
    op.create_table(
        "piece", _id(), _link("dossier_id", "dossier"), _link("document_id", "document"), _integer("rang"),
        sa.Column("copie", sa.Boolean, nullable=False),
    )
    op.create_index("piece_dossier", "piece", ["dossier_id", "rang"])
    op.create_index("piece_document", "piece", ["document_id"])
    op.create_table(
        "evenement", _id(), _link("dossier_id", "dossier"), _text("nature"), _text("le"), _text("heure", True),
        _text("canal", True), _text("sens", True), _text("interlocuteur"), _text("numero"), _text("texte"),
        _text("promis_le", True), _integer("montant", True), _link("document_id", "document", True), _link("suite_de", "evenement", True),
    )
    op.create_index("evenement_dossier", "evenement", ["dossier_id", "le"])
    op.create_index("evenement_suite", "evenement", ["suite_de"])
    op.create_index("evenement_document", "evenement", ["document_id"])
    op.create_table("lecture", _id(), _text("etat"), _integer("pages"), _integer("pages_lues"), _text("raison"), _integer("essais"))
    op.create_index("lecture_etat", "lecture", ["etat"])
    op.create_table(
        "page", _id(), _text("empreinte"), _integer("numero"), sa.Column("largeur", sa.Float, nullable=False),
        sa.Column("hauteur", sa.Float, nullable=False), _text("texte"), sa.Column("mots", sa.LargeBinary, nullable=False),
        _text("source"), _integer("confiance"),
    )
    op.create_index("page_empreinte", "page", ["empreinte", "numero"])
    op.create_table("vignette", _id(), sa.Column("image", sa.LargeBinary, nullable=False))
    op.create_table("mot_de_passe", _id(), _text("valeur"), _integer("ajoute_le"))
    op.create_table("foyer", _id(), _text("zone"), _integer("marge_postale"))
    op.create_table(
        "surcharge", _id(), _text("regle"), _link("mutuelle_id", "mutuelle", True), _link("dossier_id", "dossier", True),
        _integer("delai"), _text("unite"), _text("raison"),
    )
    op.create_table(
        "decision", _id(), _link("dossier_id", "dossier", True), _text("nature"), _text("jour", True), _text("raison"),
        _integer("decide_le"),
    )
    op.create_index("decision_dossier", "decision", ["dossier_id"])
    op.create_table(
        "rappel", _id(), _text("titre"), _text("le"), _link("dossier_id", "dossier", True), _text("notes"),
        _text("fait_le", True),
    )
    op.create_index("rappel_dossier", "rappel", ["dossier_id"])
    op.create_table(
        "mandat", _id(), _link("mandant_id", "personne"), _link("mandataire_id", "personne"),
        _link("mutuelle_id", "mutuelle", True), _text("du"), _text("au", True), _text("objet"), _text("revoque_le", True),
        _link("document_id", "document", True),
    )
    op.create_table(
        "appel", sa.Column("id", sa.String, sa.ForeignKey("evenement.id"), primary_key=True), _text("objectif"),
        _link("contact_id", "contact", True), _text("issue"), _integer("attente"), _integer("conversation"),
        _text("questions"), _text("reponses"),
    )
    op.create_table(
        "coche", _id(), _link("dossier_id", "dossier"), _link("evenement_id", "evenement", True), _text("ligne"),
        _text("etat"), _text("raison"), _integer("le"),
    )
    op.create_index("coche_dossier", "coche", ["dossier_id"])
    op.create_table(
        "publication", _id(), _integer("sequence"), _text("empreinte"), _text("contenu"), _integer("modifie_le"),
        _integer("annule_le", True),
    )
    op.create_table(
        "courrier", _id(), _link("dossier_id", "dossier", True), _text("modele"), _integer("modele_version"),
        _text("objet"), _link("contact_id", "contact", True), _text("destinataire"), _text("references"), _text("lieu"),
        _text("jour"), _text("appel"), _text("corps"), _text("formule"), _text("signature"), _text("pieces"),
        _text("copie_a"), _text("canal"), _text("etat"), _integer("cree_le"), _integer("modifie_le"),
        _integer("final_le", True), _text("empreinte"), _link("document_id", "document", True),
        _link("evenement_id", "evenement", True), _text("numero"), _integer("cout", True), _text("notes"),
    )
    op.create_index("courrier_dossier", "courrier", ["dossier_id"])
    op.create_index("courrier_document", "courrier", ["document_id"])
    op.create_table(
        "modele_perso", _id(), _text("titre"), _text("origine"), _integer("origine_version"), _text("besoin"),
        _text("objet"), _text("appel"), _text("corps"), _text("formule"), _text("canal"), _flag("reclamation"),
        _text("nature_evenement", True), _text("destinataire"), _integer("cree_le"), _integer("modifie_le"),
    )
    op.create_table("phrase", _id(), _text("titre"), _text("famille"), _text("corps"), _integer("modifie_le"))
    op.create_table(
        "journal", sa.Column("numero", sa.Integer, primary_key=True), _integer("le"), _text("label"),
        sa.Column("annule", sa.Boolean, nullable=False),
    )
    op.create_table(
        "journal_objet", sa.Column("objet", sa.String, primary_key=True),
        sa.Column("journal", sa.Integer, primary_key=True), sqlite_with_rowid=False,
    )
    op.create_table("compteur", sa.Column("nom", sa.String, primary_key=True), _integer("valeur"))
    op.create_table("marque", sa.Column("nom", sa.String, primary_key=True), _text("valeur"))
    op.create_table(
        "fiche", sa.Column("numero", sa.Integer, primary_key=True), _text("kind"), _text("id"),
        sa.UniqueConstraint("kind", "id"), sqlite_autoincrement=True,
    )
    op.execute(
        "CREATE VIRTUAL TABLE recherche USING fts5(titre, texte, content='', contentless_delete=1, "
        "tokenize='unicode61 remove_diacritics 2', prefix='2 3')"
    )
    op.execute("CREATE VIRTUAL TABLE mot USING fts5vocab('recherche', 'row')")
