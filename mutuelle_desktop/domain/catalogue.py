"""The catalogue of letters read from its files, and what would be wrong with a model."""

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from mutuelle_desktop.domain.contrat import NatureOrganisme
from mutuelle_desktop.domain.courrier import APPEL
from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.echelle import GenreEtape
from mutuelle_desktop.domain.evenement import Canal, NatureEvenement
from mutuelle_desktop.domain.modele import (
    LOI,
    Application,
    ChampConnu,
    Destinataire,
    GenreContrat,
    GenreSaisie,
    Loi,
    Modele,
    OrigineChamp,
    Passage,
    ReferenceLegale,
    Saisie,
    Ton,
    champs_of,
    cited,
    formule_of,
    passages_of,
)

EN_TETE = ("adherent.numero", "contrat.numero", "beneficiaire.nom", "reference.mutuelle")
"""What the heading recalls unless the model says otherwise."""
EN_TETE_MEDIATEUR = ("mutuelle.nom", *EN_TETE)
EFFET_RECLAMATION = (
    "Cette lettre est une réclamation\u00a0: accusé de réception attendu sous 10\u00a0jours ouvrables, réponse sous "
    "2\u00a0mois. Le médiateur s’ouvre ensuite, et se ferme 1\u00a0an après l’envoi."
)
NIR = ("beneficiaire.nir", "personne.nir")
"""The fields that hold a social security number: only the models that cannot do without name them."""


def parse_champs(text: str) -> Mapping[str, ChampConnu]:
    """Read resources/modeles/champs.toml: every field, by its name."""
    return {
        nom: ChampConnu(
            nom=nom,
            libelle=entry["libelle"],
            genre=GenreSaisie(entry.get("genre", "texte")),
            origine=OrigineChamp(entry["origine"]),
            source=entry["source"],
            aide=entry.get("aide", ""),
            choix=tuple(entry.get("choix", ())),
        )
        for nom, entry in tomllib.loads(text).items()
    }


def parse_lois(text: str) -> Mapping[str, Loi]:
    """Read resources/modeles/references.toml: every point of law a letter cites, by its key."""
    content = tomllib.loads(text)
    verifie_le = content.pop("verifie_le")
    return {
        cle: Loi(
            cle=cle,
            neutre=entry["neutre"],
            textes=tuple(
                ReferenceLegale(
                    texte=t["texte"],
                    article=t.get("article", ""),
                    natures=tuple(NatureOrganisme(nature) for nature in t.get("natures", ())),
                    citation=t["citation"],
                    source=t["source"],
                    verifie_le=t.get("verifie_le", verifie_le),
                    incertaine=t.get("incertaine", False),
                )
                for t in entry["texte"]
            ),
        )
        for cle, entry in content.items()
    }


def parse_modeles(text: str, champs: Mapping[str, ChampConnu], lois: Mapping[str, Loi]) -> tuple[Modele, ...]:
    """Read one family of models."""
    content = tomllib.loads(text)
    return tuple(_modele({**content, **entry}, champs, lois) for entry in content["modele"])


def _modele(entry: Mapping[str, Any], champs: Mapping[str, ChampConnu], lois: Mapping[str, Loi]) -> Modele:
    appel, ton = entry.get("appel", APPEL), Ton(entry.get("ton", "courtois"))
    reclamation = entry.get("reclamation", False)
    usual = Destinataire.RECLAMATIONS if reclamation else Destinataire.MUTUELLE
    destinataire = Destinataire(entry.get("destinataire", usual))
    heading = EN_TETE_MEDIATEUR if destinataire is Destinataire.MEDIATEUR else EN_TETE
    return Modele(
        id=entry["id"],
        version=entry["version"],
        verifie_le=entry["verifie_le"],
        famille=entry["famille"],
        besoin=entry["besoin"],
        titre=entry["titre"],
        applique=Application(
            dossiers=tuple(NatureDossier(n) for n in entry.get("dossiers", ())),
            organismes=tuple(NatureOrganisme(n) for n in entry.get("organismes", ())),
            contrats=tuple(GenreContrat(n) for n in entry.get("contrats", ())),
        ),
        saisies=tuple(_saisie(text, champs) for text in entry["saisies"]),
        en_tete=tuple(entry.get("en_tete", heading)),
        objet=entry["objet"],
        appel=appel,
        passages=passages_of(entry["corps"]),
        formule=entry.get("formule") or formule_of(ton, appel),
        lois=tuple(lois[cle] for cle in entry.get("lois", ())),
        ton=ton,
        canal=Canal(entry.get("canal", "courrier")),
        destinataire=destinataire,
        reclamation=reclamation,
        nature_evenement=NatureEvenement(entry["evenement"]),
        pieces_requises=tuple(TypeDocument(t) for t in entry.get("requises", ())),
        pieces_suggerees=tuple(TypeDocument(t) for t in entry.get("suggerees", ())),
        effet=entry.get("effet") or (EFFET_RECLAMATION if reclamation else ""),
        suites=tuple(entry["suites"]),
        etapes=tuple(GenreEtape(g) for g in entry["etapes"]),
        apres=tuple(NatureEvenement(n) for n in entry.get("apres", ())),
        sauf=tuple(NatureEvenement(n) for n in entry.get("sauf", ())),
        mots=tuple(entry.get("mots", ())),
        nir=entry.get("nir", False),
    )


def _saisie(text: str, champs: Mapping[str, ChampConnu]) -> Saisie:
    """Read « nom », « nom? » for what may stay empty, « nom=value » for a value proposed."""
    nom, _, defaut = text.partition("=")
    connu = champs[nom.removesuffix("?")]
    return Saisie(
        nom=connu.nom,
        libelle=connu.libelle,
        genre=connu.genre,
        aide=connu.aide,
        obligatoire=not nom.endswith("?"),
        choix=connu.choix,
        defaut=defaut,
    )


def faults(modele: Modele, champs: Mapping[str, ChampConnu], ids: Collection[str]) -> tuple[str, ...]:
    """Return what is wrong with a model among the fields and the ids that exist; nothing for a sound one."""
    return (*_fields(modele, champs), *_law(modele), *_links(modele, ids), *_words(modele))


def _fields(modele: Modele, champs: Mapping[str, ChampConnu]) -> Iterator[str]:
    asked = {s.nom: s for s in modele.saisies}
    used = set(modele.champs) | {nom for p in modele.passages for nom in (*p.si, *p.sans)}
    yield from (f"unknown field {nom}" for nom in sorted(used - set(champs)))
    yield from (f"asked and never said: {nom}" for nom in asked if nom not in used and nom != "mediateur.nom")
    for nom in sorted(used & set(champs)):
        if champs[nom].origine is OrigineChamp.DEMANDE and nom not in asked:
            yield f"said and never asked: {nom}"
        if nom in NIR and not modele.nir:
            yield f"a social security number that the model does not need: {nom}"
    optional = {nom for nom, s in asked.items() if not s.obligatoire}
    for passage in modele.passages:
        yield from (f"unguarded: {n}" for n in cited(passage.bloc) if n in optional and not _guarded(passage, n))
    yield from (f"optional in the subject: {nom}" for nom in champs_of(modele.objet) if nom in optional)


def _guarded(passage: Passage, nom: str) -> bool:
    return nom in passage.si


def _law(modele: Modele) -> Iterator[str]:
    named = {f.champ for bloc in modele.blocs for ligne in bloc.lignes for f in ligne if f.champ.startswith(LOI)}
    held = {LOI + loi.cle for loi in modele.lois}
    yield from (f"cited and not held: {cle}" for cle in sorted(named - held))
    yield from (f"held and not cited: {cle}" for cle in sorted(held - named))
    for loi in modele.lois:
        yield from (f"no source: {t.texte}" for t in loi.textes if not t.source or not t.citation or not t.texte)


def _links(modele: Modele, ids: Collection[str]) -> Iterator[str]:
    yield from (f"unknown next letter {suite}" for suite in modele.suites if suite not in ids or suite == modele.id)
    if not modele.etapes:
        yield "no step proposes it"


def _words(modele: Modele) -> Iterator[str]:
    said: Iterable[tuple[str, str]] = (
        ("besoin", modele.besoin), ("titre", modele.titre), ("objet", modele.objet), ("effet", modele.effet),
    )  # fmt: skip
    yield from (f"empty: {name}" for name, text in said if not text.strip())
    if modele.appel.rstrip(",") not in modele.formule:
        yield "the closing does not take up the salutation"
    if any(nom in NIR for nom in champs_of(modele.objet)):
        yield "a social security number in the subject"
    if modele.reclamation and "réclamation" not in plain_text(modele).lower():
        yield "a complaint that does not say so"


def plain_text(modele: Modele) -> str:
    """Return the words of a model, its fields shown as « {name} »."""
    lines = (
        "".join(f"{{{f.champ}}}" if f.champ else f.texte for f in ligne) for b in modele.blocs for ligne in b.lignes
    )
    return "\n".join((modele.objet, modele.appel, *lines, modele.formule))
