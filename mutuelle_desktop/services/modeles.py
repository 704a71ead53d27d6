"""The models of letters: the catalogue that ships, the right one for a need or for a dossier's next step."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from mutuelle_desktop.domain.catalogue import EN_TETE, parse_champs, parse_lois, parse_modeles
from mutuelle_desktop.domain.contrat import NatureOrganisme
from mutuelle_desktop.domain.courrier import Bloc, GenreBloc
from mutuelle_desktop.domain.echeance import Cas, echeances
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.etape import EtatFenetre, GenreEtape, fenetre_mediateur, prochaine_etape
from mutuelle_desktop.domain.evenement import NatureEvenement
from mutuelle_desktop.domain.modele import ChampConnu, Destinataire, Loi, Modele, Passage, ReferenceLegale
from mutuelle_desktop.domain.modele_perso import ModelePerso
from mutuelle_desktop.services.faits import read_cas, regles_of
from mutuelle_desktop.storage.index import plain
from mutuelle_desktop.storage.library import Library, Reader
from mutuelle_desktop.storage.resources import resource

FICHIERS = ("a-remboursement", "b-information", "c-reclamation", "d-situation", "e-contrat", "f-donnees", "g-autres")
MES_MODELES = "Mes modèles"
"""The family of the user's own models."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposition:
    """A model proposed for a dossier, and why; principale tells the next step from the other ways it leaves open."""

    modele: Modele
    etape: GenreEtape
    raison: str
    principale: bool


@cache
def champs() -> Mapping[str, ChampConnu]:
    """Return every field a letter may name (resources/modeles/champs.toml)."""
    return parse_champs(_read("champs"))


@cache
def lois() -> Mapping[str, Loi]:
    """Return every point of law a letter may cite (resources/modeles/references.toml)."""
    return parse_lois(_read("references"))


@cache
def catalogue() -> tuple[Modele, ...]:
    """Return the models that ship, family by family."""
    return tuple(modele for nom in FICHIERS for modele in parse_modeles(_read(nom), champs(), lois()))


def _read(nom: str) -> str:
    return resource(f"modeles/{nom}.toml").read_text("utf-8")


@cache
def _by_id() -> Mapping[str, Modele]:
    return {modele.id: modele for modele in catalogue()}


def get(modele_id: str) -> Modele:
    """Return one of the models that ship."""
    found = _by_id().get(modele_id)
    if found is None:
        raise Refused("Ce modèle de lettre n’existe plus. Choisissez-en un autre.")
    return found


def find(db: Reader, modele_id: str) -> Modele | None:
    """Return a model that ships or one of the user's own; None for a free letter, or one whose model is gone."""
    shipped = _by_id().get(modele_id)
    if shipped is not None or not modele_id:
        return shipped
    own = db.get(ModelePerso, modele_id)
    return modele_of(own) if own else None


def modele_of(perso: ModelePerso) -> Modele:
    """Return one of the user's own models as a model; what it keeps of its origin is taken from there."""
    origine = _by_id().get(perso.origine)
    asked = origine.saisies if origine else ()
    return Modele(
        id=perso.id,
        version=perso.origine_version,
        verifie_le=origine.verifie_le if origine else perso.modifie_le.date(),
        famille=MES_MODELES,
        besoin=perso.besoin or perso.titre,
        titre=perso.titre,
        saisies=asked,
        en_tete=origine.en_tete if origine else EN_TETE,
        objet=perso.objet,
        appel=perso.appel,
        passages=tuple(Passage(bloc=bloc) for bloc in perso.corps),
        formule=perso.formule,
        lois=origine.lois if origine else (),
        canal=perso.canal,
        destinataire=Destinataire(perso.destinataire),
        reclamation=perso.reclamation,
        nature_evenement=perso.nature_evenement or NatureEvenement.ECHANGE,
        pieces_requises=origine.pieces_requises if origine else (),
        pieces_suggerees=origine.pieces_suggerees if origine else (),
        effet=origine.effet if origine else "Votre modèle\u00a0: vérifiez s’il s’agit d’une réclamation.",
        suites=origine.suites if origine else (),
        nir=origine.nir if origine else False,
    )


def perso_of(modele: Modele, organisme: NatureOrganisme | None = None) -> ModelePerso:
    """Return a copy of a model the user can make their own: every block kept, the law said as for that organism."""
    return ModelePerso(
        titre=f"{modele.titre} (copie)",
        origine=modele.id,
        origine_version=modele.version,
        besoin=modele.besoin,
        objet=modele.objet,
        appel=modele.appel,
        corps=modele.corps(organisme, {nom for passage in modele.passages for nom in passage.si}),
        formule=modele.formule,
        canal=modele.canal,
        reclamation=modele.reclamation,
        nature_evenement=modele.nature_evenement,
        destinataire=str(modele.destinataire),
    )


def for_need(mots: str) -> tuple[Modele, ...]:
    """Return the models that answer some words, the best first; everything while nothing is typed.

    Those that hold every word come alone; without any, those that hold some of them, the more the better.
    """
    words = _words(mots)
    if not words:
        return catalogue()
    scored = [(_score(modele, words), modele) for modele in catalogue()]
    whole = [entry for entry in scored if entry[0][0] == len(words)]
    kept = whole or [entry for entry in scored if entry[0][0]]
    return tuple(modele for _, modele in sorted(kept, key=lambda entry: (-entry[0][0], -entry[0][1])))


def _score(modele: Modele, words: list[str]) -> tuple[int, int]:
    """Return how many words a model holds, and how many of them in what it is for."""
    first = _words(f"{modele.besoin} {modele.titre}")
    every = [*first, *_words(" ".join((*modele.mots, modele.famille, str(modele.nature_evenement))))]
    held = sum(any(own.startswith(word) for own in every) for word in words)
    return held, sum(any(own.startswith(word) for own in first) for word in words)


def _words(text: str) -> list[str]:
    return [word for word in "".join(c if c.isalnum() else " " for c in plain(text)).split() if word not in _VIDES]


_VIDES = frozenset(
    {
        "a",
        "au",
        "aux",
        "avec",
        "ce",
        "cette",
        "d",
        "de",
        "des",
        "du",
        "en",
        "et",
        "etre",
        "il",
        "j",
        "je",
        "l",
        "la",
        "le",
        "les",
        "ma",
        "mes",
        "mon",
        "me",
        "ne",
        "par",
        "pas",
        "pour",
        "que",
        "qui",
        "s",
        "sur",
        "un",
        "une",
        "veux",
        "voudrais",
        "souhaite",
    }
)
"""Words that tell nothing of a need."""


def propose(library: Library, dossier_id: str, today: date) -> tuple[Proposition, ...]:
    """Return the letters for a dossier: those of its next step, the fittest first, then those of the other ways."""
    with library.read() as db:
        cas, regles = read_cas(db, dossier_id), regles_of(db)
    etape = prochaine_etape(cas, echeances(cas, regles, today), regles, today)
    ouvert = fenetre_mediateur(cas, regles, today).etat in (EtatFenetre.OUVERTE, EtatFenetre.SE_FERME)
    found: dict[str, Proposition] = {}
    for genre in (etape.genre, *etape.choix):
        principale = genre is etape.genre
        raison = (
            f"Prochaine étape\u00a0: {genre}. {etape.raison}" if principale else f"Autre possibilité\u00a0: {genre}."
        )
        for modele in fitting(cas, genre):
            if modele.id not in found and (ouvert or modele.nature_evenement is not NatureEvenement.SAISINE):
                found[modele.id] = Proposition(modele=modele, etape=genre, raison=raison, principale=principale)
    return tuple(found.values())


_AILLEURS = (Destinataire.CPAM, Destinataire.EMPLOYEUR, Destinataire.PROFESSIONNEL, Destinataire.AUTRE)
"""Letters to others than the mutuelle and its médiateur come after."""


def fitting(cas: Cas, genre: GenreEtape) -> tuple[Modele, ...]:
    """Return the models that fit a step of a dossier, the fittest first."""
    told = {evenement.nature for evenement in cas.evenements}
    nature = cas.dossier.nature
    fits = (m for m in catalogue() if genre in m.etapes and m.applique.accepts(nature, cas.mutuelle, cas.contrat))
    kept = [m for m in fits if (not m.apres or told & set(m.apres)) and not told & set(m.sauf)]
    return tuple(
        sorted(
            kept, key=lambda m: (m.etapes.index(genre) > 0, m.destinataire in _AILLEURS, not m.apres, _distance(m, cas))
        )
    )


def _distance(modele: Modele, cas: Cas) -> int:
    """Return how far a model is from the nature of a dossier: made for it first, for it too, for any."""
    natures = modele.applique.dossiers
    if not natures:
        return 2
    return 0 if natures[0] is cas.dossier.nature else 1


def a_revoir(modele: Modele, organisme: NatureOrganisme | None, today: date) -> tuple[ReferenceLegale, ...]:
    """Return the texts of a model checked more than 12 months ago, or still to be checked: shown in amber."""
    return tuple(r for r in modele.references_for(organisme) if r.incertaine or r.is_old(today))


def plan(modele: Modele) -> Iterator[str]:
    """Yield the body of a model as it is shown before it is chosen: each field by its label, in brackets."""
    for bloc in modele.corps(None, {nom for passage in modele.passages for nom in passage.si}):
        yield "\n".join(_line(bloc, rang) for rang in range(len(bloc.lignes)))


def _line(bloc: Bloc, rang: int) -> str:
    said = [f"[{champs()[f.champ].libelle}]" if f.champ else f.texte for f in bloc.lignes[rang]]
    text = (" | " if bloc.genre is GenreBloc.TABLEAU else "").join(said)
    marks = {GenreBloc.PUCES: "- ", GenreBloc.NUMEROS: f"{rang + 1}. "}
    return marks.get(bloc.genre, "") + text
