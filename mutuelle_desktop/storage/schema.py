"""Every table of the library, on one page."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from typing_extensions import override

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
from mutuelle_desktop.domain.errors import TooNew
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement, Sens
from mutuelle_desktop.domain.mandat import Mandat
from mutuelle_desktop.domain.modele_perso import ModelePerso, Phrase
from mutuelle_desktop.domain.personne import Lien, Personne
from mutuelle_desktop.domain.regle import Surcharge

metadata = sa.MetaData()


@dataclass(frozen=True, slots=True)
class Code:
    """How a value is kept: the type SQLite sees, and the pure functions to it and back."""

    kept_as: type[sa.types.TypeEngine[Any]]
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


class Coded(sa.TypeDecorator[Any]):
    """A column whose values are kept through a Code."""

    impl = sa.String
    cache_ok = True

    def __init__(self, code: Code) -> None:
        super().__init__()
        self.code = code

    @override
    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(self.code.kept_as())

    @override
    def bind_processor(self, dialect: sa.Dialect) -> Callable[[Any], Any]:
        return _unless_none(self.code.encode)

    @override
    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any]:
        return _unless_none(self.code.decode)


def _unless_none(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else function(value)


def _centimes(euros: Decimal) -> int:
    return int((euros * 100).to_integral_value(ROUND_HALF_UP))


def _plages(text: str) -> tuple[Plage, ...]:
    return tuple(Plage(d, time.fromisoformat(a), time.fromisoformat(b)) for d, a, b in json.loads(text))


def _blocs_kept(blocs: tuple[Bloc, ...]) -> str:
    """Return the body of a letter as JSON, each fragment under its own keys, what is plain left out."""
    kept = [{"genre": str(b.genre), "lignes": [[_fragment_kept(f) for f in line] for line in b.lignes]} for b in blocs]
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _fragment_kept(fragment: Fragment) -> dict[str, Any]:
    return {name: value for name in Fragment.__slots__ if (value := getattr(fragment, name))}


def _blocs(text: str) -> tuple[Bloc, ...]:
    try:
        return tuple(
            Bloc(
                genre=GenreBloc(kept["genre"]),
                lignes=tuple(tuple(Fragment(**fragment) for fragment in line) for line in kept["lignes"]),
            )
            for kept in json.loads(text)
        )
    except (TypeError, ValueError):
        raise TooNew(
            "Une lettre contient une mise en forme que cette version ne connaît pas. Installez la dernière version de "
            "Mutuelle Desktop\u00a0: rien n’a été changé."
        ) from None


JOUR = Code(sa.String, date.isoformat, date.fromisoformat)
HEURE = Code(sa.String, time.isoformat, time.fromisoformat)
MOMENT = Code(sa.Integer, lambda v: round(v.timestamp() * 1000), lambda v: datetime.fromtimestamp(v / 1000, UTC))
CENTIMES = Code(sa.Integer, _centimes, lambda v: Decimal(v).scaleb(-2))
TEXTES = Code(sa.String, lambda v: json.dumps(v, ensure_ascii=False), lambda v: tuple(json.loads(v)))
PLAGES = Code(
    sa.String, lambda v: json.dumps([(p.jour, p.debut.isoformat(), p.fin.isoformat()) for p in v]), _plages
)  # fmt: skip
BLOCS = Code(sa.String, _blocs_kept, _blocs)
PAIRES = Code(sa.String, lambda v: json.dumps(v, ensure_ascii=False), lambda v: tuple(tuple(p) for p in json.loads(v)))


def _enum(choices: type[StrEnum]) -> Coded:
    members = {str(member): member for member in choices}

    def member(value: str) -> StrEnum:
        try:
            return members[value]
        except KeyError:
            raise TooNew(
                f"Ces données contiennent « {value} », que cette version ne connaît pas. Installez la dernière "
                "version de Mutuelle Desktop : rien n’a été changé."
            ) from None

    return Coded(Code(sa.String, str, member))


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String, primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=False)


def _link(name: str, target: str, *, optional: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.ForeignKey(f"{target}.id"), nullable=optional)


def _day(name: str, *, optional: bool = True) -> sa.Column[date]:
    return sa.Column(name, Coded(JOUR), nullable=optional)


def _moment(name: str, *, optional: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, Coded(MOMENT), nullable=optional)


def _money(name: str) -> sa.Column[Decimal]:
    return sa.Column(name, Coded(CENTIMES))


def _number(name: str, *, optional: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=optional)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _choice(name: str, choices: type[StrEnum]) -> sa.Column[Any]:
    return sa.Column(name, _enum(choices), nullable=False)


personne = sa.Table(
    "personne", metadata, _id(), _text("prenom"), _text("nom"), sa.Column("lien", _enum(Lien), nullable=False),
    _day("naissance"), _text("nir"), _text("adresse"), _text("telephone"), _text("courriel"), _text("notes"),
)  # fmt: skip
mutuelle = sa.Table(
    "mutuelle", metadata, _id(), _text("nom"), sa.Column("nature", _enum(NatureOrganisme), nullable=False),
    _text("adresse"), _text("espace_client"), _text("mediateur"), _text("mediateur_adresse"),
    _text("mediateur_site"), _text("notes"),
)  # fmt: skip
contact = sa.Table(
    "contact", metadata, _id(), _link("mutuelle_id", "mutuelle"), _text("nom"), _text("telephone"),
    sa.Column("horaires", Coded(PLAGES), nullable=False), _text("courriel"), _text("adresse"),
    _text("svi"), _text("notes"),
)  # fmt: skip
contrat = sa.Table(
    "contrat", metadata, _id(), _link("mutuelle_id", "mutuelle"), _text("numero"), _text("numero_adherent"),
    _text("nom"), _day("debut"), _day("fin"), _flag("collectif"), _flag("obligatoire"), _day("echeance"),
    _number("delai_production", optional=True), _text("notes"),
)  # fmt: skip
couverture = sa.Table(
    "couverture", metadata, _id(), _link("contrat_id", "contrat"), _link("personne_id", "personne"),
    _day("depuis"), _day("jusqu_au"), sa.UniqueConstraint("contrat_id", "personne_id"),
)  # fmt: skip
dossier = sa.Table(
    "dossier", metadata, _id(), sa.Column("reference", sa.String, nullable=False, unique=True), _text("titre"),
    sa.Column("nature", _enum(NatureDossier), nullable=False), _day("ouvert_le", optional=False),
    _link("personne_id", "personne", optional=True), _link("contrat_id", "contrat", optional=True),
    sa.Column("references_mutuelle", Coded(TEXTES), nullable=False),
    _money("montant_paye"), _money("montant_secu"), _money("montant_attendu"), _flag("complexe"),
    sa.Column("statut_force", _enum(Statut)), _text("notes"), _day("clos_le"), _day("archive_le"),
    _moment("supprime_le", optional=True), sa.Index("dossier_personne", "personne_id"),
    sa.Index("dossier_contrat", "contrat_id"),
)  # fmt: skip
fichier = sa.Table(
    "fichier", metadata, _id(), _text("sha256"), sa.Column("taille", sa.Integer, nullable=False), _text("mime"),
    _moment("ajoute_le"),
)  # fmt: skip
document = sa.Table(
    "document", metadata, _id(), _text("titre"), _text("nom"), _link("empreinte", "fichier"),
    sa.Column("origines", Coded(TEXTES), nullable=False), sa.Column("type", _enum(TypeDocument)),
    _link("personne_id", "personne", optional=True), _day("date_document"), _text("emetteur"), _text("notes"),
    _moment("ajoute_le"), _moment("classe_le", optional=True), _moment("supprime_le", optional=True),
    sa.Index("document_recents", "supprime_le", "ajoute_le", "id"), sa.Index("document_empreinte", "empreinte"),
    sa.Index("document_personne", "personne_id"),
)  # fmt: skip
piece = sa.Table(
    "piece", metadata, _id(), _link("dossier_id", "dossier"), _link("document_id", "document"),
    sa.Column("rang", sa.Integer, nullable=False), sa.Column("copie", sa.Boolean, nullable=False),
    sa.Index("piece_dossier", "dossier_id", "rang"), sa.Index("piece_document", "document_id"),
)  # fmt: skip
evenement = sa.Table(
    "evenement", metadata, _id(), _link("dossier_id", "dossier"),
    sa.Column("nature", _enum(NatureEvenement), nullable=False), _day("le", optional=False),
    sa.Column("heure", Coded(HEURE)), sa.Column("canal", _enum(Canal)), sa.Column("sens", _enum(Sens)),
    _text("interlocuteur"), _text("numero"), _text("texte"), _day("promis_le"), _money("montant"),
    _link("document_id", "document", optional=True), _link("suite_de", "evenement", optional=True),
    sa.Index("evenement_dossier", "dossier_id", "le"), sa.Index("evenement_suite", "suite_de"),
    sa.Index("evenement_document", "document_id"),
)  # fmt: skip
lecture = sa.Table(
    "lecture", metadata, _id(), sa.Column("etat", _enum(EtatLecture), nullable=False),
    sa.Column("pages", sa.Integer, nullable=False), sa.Column("pages_lues", sa.Integer, nullable=False),
    _text("raison"), sa.Column("essais", sa.Integer, nullable=False), sa.Index("lecture_etat", "etat"),
)  # fmt: skip
page = sa.Table(
    "page", metadata, _id(), _text("empreinte"), sa.Column("numero", sa.Integer, nullable=False),
    sa.Column("largeur", sa.Float, nullable=False), sa.Column("hauteur", sa.Float, nullable=False), _text("texte"),
    sa.Column("mots", sa.LargeBinary, nullable=False), sa.Column("source", _enum(Source), nullable=False),
    sa.Column("confiance", sa.Integer, nullable=False), sa.Index("page_empreinte", "empreinte", "numero"),
)  # fmt: skip
vignette = sa.Table("vignette", metadata, _id(), sa.Column("image", sa.LargeBinary, nullable=False))
mot_de_passe = sa.Table("mot_de_passe", metadata, _id(), _text("valeur"), _moment("ajoute_le"))
foyer = sa.Table("foyer", metadata, _id(), _choice("zone", Zone), _number("marge_postale"))
surcharge = sa.Table(
    "surcharge", metadata, _id(), _text("regle"), _link("mutuelle_id", "mutuelle", optional=True),
    _link("dossier_id", "dossier", optional=True), _number("delai"), _choice("unite", Unite), _text("raison"),
)  # fmt: skip
decision = sa.Table(
    "decision", metadata, _id(), _link("dossier_id", "dossier", optional=True), _choice("nature", NatureDecision),
    _day("jour"), _text("raison"), _moment("decide_le"), sa.Index("decision_dossier", "dossier_id"),
)  # fmt: skip
rappel = sa.Table(
    "rappel", metadata, _id(), _text("titre"), _day("le", optional=False),
    _link("dossier_id", "dossier", optional=True), _text("notes"), _day("fait_le"),
    sa.Index("rappel_dossier", "dossier_id"),
)  # fmt: skip
mandat = sa.Table(
    "mandat", metadata, _id(), _link("mandant_id", "personne"), _link("mandataire_id", "personne"),
    _link("mutuelle_id", "mutuelle", optional=True), _day("du", optional=False), _day("au"), _text("objet"),
    _day("revoque_le"), _link("document_id", "document", optional=True),
)  # fmt: skip
appel = sa.Table(
    "appel", metadata, sa.Column("id", sa.ForeignKey("evenement.id"), primary_key=True), _text("objectif"),
    _link("contact_id", "contact", optional=True), _choice("issue", IssueAppel), _number("attente"),
    _number("conversation"), sa.Column("questions", Coded(TEXTES), nullable=False),
    sa.Column("reponses", Coded(TEXTES), nullable=False),
)  # fmt: skip
coche = sa.Table(
    "coche", metadata, _id(), _link("dossier_id", "dossier"), _link("evenement_id", "evenement", optional=True),
    _text("ligne"), _choice("etat", EtatCoche), _text("raison"), _moment("le"),
    sa.Index("coche_dossier", "dossier_id"),
)  # fmt: skip
publication = sa.Table(
    "publication", metadata, _id(), _number("sequence"), _text("empreinte"), _text("contenu"),
    _moment("modifie_le"), _moment("annule_le", optional=True),
)  # fmt: skip
courrier = sa.Table(
    "courrier", metadata, _id(), _link("dossier_id", "dossier", optional=True), _text("modele"),
    _number("modele_version"), _text("objet"), _link("contact_id", "contact", optional=True),
    sa.Column("destinataire", Coded(TEXTES), nullable=False), sa.Column("references", Coded(PAIRES), nullable=False),
    _text("lieu"), _day("jour", optional=False), _text("appel"), sa.Column("corps", Coded(BLOCS), nullable=False),
    _text("formule"), _text("signature"), sa.Column("pieces", Coded(TEXTES), nullable=False), _text("copie_a"),
    _choice("canal", Canal), _choice("etat", EtatCourrier), _moment("cree_le"), _moment("modifie_le"),
    _moment("final_le", optional=True), _text("empreinte"), _link("document_id", "document", optional=True),
    _link("evenement_id", "evenement", optional=True), _text("numero"), _money("cout"), _text("notes"),
    sa.Index("courrier_dossier", "dossier_id"), sa.Index("courrier_document", "document_id"),
)  # fmt: skip
modele_perso = sa.Table(
    "modele_perso", metadata, _id(), _text("titre"), _text("origine"), _number("origine_version"), _text("besoin"),
    _text("objet"), _text("appel"), sa.Column("corps", Coded(BLOCS), nullable=False), _text("formule"),
    _choice("canal", Canal), _flag("reclamation"), sa.Column("nature_evenement", _enum(NatureEvenement)),
    _text("destinataire"), _moment("cree_le"), _moment("modifie_le"),
)  # fmt: skip
phrase = sa.Table(
    "phrase", metadata, _id(), _text("titre"), _text("famille"), sa.Column("corps", Coded(BLOCS), nullable=False),
    _moment("modifie_le"),
)  # fmt: skip

journal = sa.Table(
    "journal", metadata, sa.Column("numero", sa.Integer, primary_key=True), _moment("le"), _text("label"),
    sa.Column("annule", sa.Boolean, nullable=False),
)  # fmt: skip
journal_objet = sa.Table(
    "journal_objet", metadata, sa.Column("objet", sa.String, primary_key=True),
    sa.Column("journal", sa.Integer, primary_key=True), sqlite_with_rowid=False,
)  # fmt: skip
compteur = sa.Table(
    "compteur", metadata, sa.Column("nom", sa.String, primary_key=True),
    sa.Column("valeur", sa.Integer, nullable=False),
)  # fmt: skip
marque = sa.Table("marque", metadata, sa.Column("nom", sa.String, primary_key=True), _text("valeur"))
fiche = sa.Table(
    "fiche", metadata, sa.Column("numero", sa.Integer, primary_key=True), _text("kind"), _text("id"),
    sa.UniqueConstraint("kind", "id"), sqlite_autoincrement=True,
)  # fmt: skip

RECHERCHE = (
    "CREATE VIRTUAL TABLE recherche USING fts5(titre, texte, content='', contentless_delete=1, "
    "tokenize='unicode61 remove_diacritics 2', prefix='2 3')",
    "CREATE VIRTUAL TABLE mot USING fts5vocab('recherche', 'row')",
)

TABLE_OF: dict[type[Any], sa.Table] = {
    Personne: personne,
    Mutuelle: mutuelle,
    Contact: contact,
    Contrat: contrat,
    Couverture: couverture,
    Dossier: dossier,
    Fichier: fichier,
    Document: document,
    Piece: piece,
    Evenement: evenement,
    Lecture: lecture,
    Page: page,
    Vignette: vignette,
    MotDePasse: mot_de_passe,
    Foyer: foyer,
    Surcharge: surcharge,
    Decision: decision,
    Rappel: rappel,
    Mandat: mandat,
    Appel: appel,
    Coche: coche,
    Publication: publication,
    Courrier: courrier,
    ModelePerso: modele_perso,
    Phrase: phrase,
}
