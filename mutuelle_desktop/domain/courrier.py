"""Letters: the small model the user writes (blocks, fragments, fields), and the letter as the page needs it, all said."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from mutuelle_desktop.domain.calendrier import en_lettres
from mutuelle_desktop.domain.evenement import RECOMMANDES, Canal
from mutuelle_desktop.domain.ids import new_id, now

APPEL = "Madame, Monsieur,"
FORMULE = "Je vous prie d’agréer, Madame, Monsieur, l’expression de mes salutations distinguées."
MENTION_RECOMMANDE = "Lettre recommandée avec avis de réception"


class GenreBloc(StrEnum):
    """What a block of the body is."""

    PARAGRAPHE = "paragraphe"
    PUCES = "liste"
    NUMEROS = "liste numérotée"
    TABLEAU = "tableau"


class EtatCourrier(StrEnum):
    """How far a letter has gone."""

    BROUILLON = "brouillon"
    FINAL = "finalisé"
    ENVOYE = "envoyé"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fragment:
    """A run of text; champ names a field (texte is then the user's own value, "" while it is bound).

    piece is the document cited as « pièce n° N »: its number is the rank of that document among the enclosures.
    """

    texte: str = ""
    gras: bool = False
    italique: bool = False
    champ: str = ""
    piece: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bloc:
    """A block of the body: one line for a paragraph, one per item of a list, one per row of a table.

    In a TABLEAU each fragment of a line is one cell; the first row is the heading, and a last row that begins with
    « Total », « Somme », « Solde » or « Reste » is the total.
    """

    genre: GenreBloc = GenreBloc.PARAGRAPHE
    lignes: tuple[tuple[Fragment, ...], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Champ:
    """A field of a model; valeur is None while it is missing, source says in words where the value comes from."""

    nom: str
    libelle: str
    valeur: str | None = None
    source: str = ""
    obligatoire: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class PieceJointe:
    """One enclosure as the letter names it; numero from 1, pages 0 when they are not known."""

    document_id: str = ""
    numero: int
    titre: str
    jour: date | None = None
    pages: int = 0
    copie: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Expediteur:
    """Who writes; lignes is the address, adherent and contrat are the numbers the mutuelle knows them by."""

    nom: str = ""
    lignes: tuple[str, ...] = ()
    telephone: str = ""
    courriel: str = ""
    adherent: str = ""
    contrat: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Courrier:
    """A letter of the library: as it is written (brouillon), frozen (finalisé), then sent.

    modele is the id of its model ("" for a free letter); pieces are document ids whose order gives their numbers;
    signature is the document of a scanned signature ("" leaves room for the hand); empreinte is the vault's digest of
    the frozen PDF ("" before), cout is in euros.
    """

    id: str = field(default_factory=new_id)
    dossier_id: str | None = None
    modele: str = ""
    modele_version: int = 0
    objet: str = ""
    contact_id: str | None = None
    destinataire: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    lieu: str = ""
    jour: date
    appel: str = APPEL
    corps: tuple[Bloc, ...] = ()
    formule: str = FORMULE
    signature: str = ""
    pieces: tuple[str, ...] = ()
    copie_a: str = ""
    canal: Canal = Canal.COURRIER
    etat: EtatCourrier = EtatCourrier.BROUILLON
    cree_le: datetime = field(default_factory=now)
    modifie_le: datetime = field(default_factory=now)
    final_le: datetime | None = None
    empreinte: str = ""
    document_id: str | None = None
    evenement_id: str | None = None
    numero: str = ""
    cout: Decimal | None = None
    notes: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Lettre:
    """A letter with everything said, as the page needs it: no field is left in corps, each piece has its number.

    signature is the bytes of a PNG or JPEG picture; reperes asks for the fold marks at 99 and 198 mm.
    """

    expediteur: Expediteur = field(default_factory=Expediteur)
    destinataire: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    lieu: str = ""
    jour: date
    objet: str = ""
    appel: str = APPEL
    corps: tuple[Bloc, ...] = ()
    formule: str = FORMULE
    signature: bytes | None = None
    pieces: tuple[PieceJointe, ...] = ()
    copie_a: str = ""
    mention_envoi: str = ""
    reperes: bool = False


def resolve(
    courrier: Courrier,
    champs: Mapping[str, Champ],
    pieces: Sequence[PieceJointe] = (),
    expediteur: Expediteur | None = None,
    signature: bytes | None = None,
) -> Lettre:
    """Return the letter with its fields replaced and its enclosures numbered in the order of the letter."""
    joined = numbered(courrier.pieces, pieces)
    numeros = {piece.document_id: piece.numero for piece in joined}
    return Lettre(
        expediteur=expediteur or Expediteur(),
        destinataire=courrier.destinataire,
        references=courrier.references,
        lieu=courrier.lieu,
        jour=courrier.jour,
        objet=fill(courrier.objet, champs),
        appel=courrier.appel,
        corps=tuple(_said(bloc, champs, numeros) for bloc in courrier.corps),
        formule=courrier.formule,
        signature=signature,
        pieces=joined,
        copie_a=courrier.copie_a,
        mention_envoi=mention(courrier.canal, courrier.numero),
    )


def numbered(ordre: Sequence[str], pieces: Sequence[PieceJointe]) -> tuple[PieceJointe, ...]:
    """Return these enclosures in that order, numbered from 1; a document that is not there any more is passed over."""
    known = {piece.document_id: piece for piece in pieces}
    kept = [known[identifier] for identifier in dict.fromkeys(ordre) if identifier in known]
    return tuple(replace(piece, numero=rang) for rang, piece in enumerate(kept, 1))


def fill(texte: str, champs: Mapping[str, Champ]) -> str:
    """Return the text where each « {nom} » of a known field is replaced by its value; other braces stay as typed."""
    return _MARQUE.sub(lambda found: _value(found[1], champs) if found[1] in champs else found[0], texte)


def missing(courrier: Courrier, champs: Mapping[str, Champ]) -> tuple[str, ...]:
    """Return the names of the fields the letter uses and nobody has said, in the order they are read."""
    unsaid = (
        nom
        for nom, own in _used(courrier, champs)
        if not own and (nom not in champs or (champs[nom].obligatoire and not champs[nom].valeur))
    )
    return tuple(dict.fromkeys(unsaid))


def overridden(courrier: Courrier, champs: Mapping[str, Champ]) -> tuple[tuple[str, str, str], ...]:
    """Return the fields where the user wrote something else than what is known: name, own value, known value."""
    found = dict.fromkeys(
        (nom, own, champs[nom].valeur or "")
        for nom, own in _used(courrier, champs)
        if own and nom in champs and own != (champs[nom].valeur or "")
    )
    return tuple(found)


def orphans(courrier: Courrier) -> tuple[str, ...]:
    """Return the documents cited as « pièce n° N » that are not among the enclosures any more."""
    cited = (fragment.piece for fragment in fragments_of(courrier.corps) if fragment.piece)
    return tuple(dict.fromkeys(piece for piece in cited if piece not in courrier.pieces))


def fragments_of(corps: Iterable[Bloc]) -> Iterable[Fragment]:
    """Give the fragments of a body in reading order."""
    return (fragment for bloc in corps for ligne in bloc.lignes for fragment in ligne)


def mention(canal: Canal, numero: str = "") -> str:
    """Return how the letter says it is sent, such as « Lettre recommandée avec avis de réception n° … », or ""."""
    if canal in RECOMMANDES:
        words = MENTION_RECOMMANDE if canal is Canal.RECOMMANDE else "Lettre recommandée électronique"
        return "\u00a0".join((f"{words} n°", *numero.split())) if numero.strip() else words
    return {Canal.COURRIEL: "Par courriel", Canal.ESPACE_CLIENT: "Par l’espace client"}.get(canal, "")


def jour_en_lettres(day: date) -> str:
    """Return the day as a letter dates itself, such as « 1er juin 2026 »."""
    return en_lettres(day).split(" ", 1)[1].replace(" ", "\u00a0")


def lieu_et_date(lettre: Lettre) -> str:
    """Return « Lyon, le 24 novembre 2026 », or « Le 24 novembre 2026 » without a place."""
    said = jour_en_lettres(lettre.jour)
    return f"{lettre.lieu}, le\u00a0{said}" if lettre.lieu else f"Le\u00a0{said}"


def piece_en_lettres(piece: PieceJointe) -> str:
    """Return an enclosure as it is listed, such as « Facture, 3 juin 2026, 2 pages (copie) »."""
    parts = [piece.titre or "Document"]
    if piece.jour:
        parts.append(jour_en_lettres(piece.jour))
    if piece.pages:
        parts.append(f"{piece.pages}\u00a0page{'s' if piece.pages > 1 else ''}")
    return f"{', '.join(parts)} ({'copie' if piece.copie else 'original'})"


def texte_of(lettre: Lettre, *, objet: bool = True) -> str:
    """Return the letter as plain text for a message box: no address, no-break spaces kept; objet adds the subject."""
    head = [f"Objet\u00a0: {lettre.objet}"] if objet and lettre.objet else []
    if known := [f"{libelle}\u00a0: {valeur}" for libelle, valeur in references_of(lettre)]:
        head.append("\n".join(known))
    body = [bloc_en_texte(bloc) for bloc in lettre.corps]
    foot = [lettre.formule, lettre.expediteur.nom]
    if lettre.pieces:
        listed = [f"{piece.numero}. {piece_en_lettres(piece)}" for piece in lettre.pieces]
        foot.append("\n".join(["Pièces jointes\u00a0:", *listed]))
    if lettre.copie_a:
        foot.append(f"Copie à\u00a0: {lettre.copie_a}")
    return "\n\n".join(part for part in (*head, lettre.appel, *body, *foot) if part)


def references_of(lettre: Lettre) -> tuple[tuple[str, str], ...]:
    """Return what the mutuelle knows the person by, then the letter's own references; what is empty or twice is out."""
    who = lettre.expediteur
    first = (("N°\u00a0d’adhérent", who.adherent), ("N°\u00a0de contrat", who.contrat))
    found: dict[str, tuple[str, str]] = {}
    for libelle, valeur in (*lettre.references, *first):
        if valeur:
            found.setdefault(valeur, (libelle, valeur))
    ranked = {valeur: rang for rang, (_libelle, valeur) in reversed([*enumerate((*first, *lettre.references))])}
    return tuple(sorted(found.values(), key=lambda one: ranked[one[1]]))


def bloc_en_texte(bloc: Bloc) -> str:
    """Return a block as plain text: one line for a paragraph, one per item or row; cells are separated by a bar."""
    if bloc.genre is GenreBloc.TABLEAU:
        return "\n".join(" | ".join(cell.texte for cell in ligne) for ligne in bloc.lignes)
    lines = ["".join(fragment.texte for fragment in ligne) for ligne in bloc.lignes]
    if bloc.genre is GenreBloc.PUCES:
        return "\n".join(f"- {line}" for line in lines)
    if bloc.genre is GenreBloc.NUMEROS:
        return "\n".join(f"{rang}. {line}" for rang, line in enumerate(lines, 1))
    return "\n".join(lines)


def word_count(lettre: Lettre) -> int:
    """Return the number of words of the body: what plain spaces part and that has a letter or a digit."""
    text = "\n".join(bloc_en_texte(bloc) for bloc in lettre.corps)
    return sum(any(c.isalnum() for c in word) for word in re.split(r"[ \t\n]+", text))


_MARQUE = re.compile(r"\{([\w.]+)\}")


def _used(courrier: Courrier, champs: Mapping[str, Champ]) -> list[tuple[str, str]]:
    """Return each field used with the user's own value ("" while bound), in reading order."""
    marks = [(nom, "") for nom in _MARQUE.findall(courrier.objet) if nom in champs]
    return marks + [(each.champ, each.texte) for each in fragments_of(courrier.corps) if each.champ]


def _value(nom: str, champs: Mapping[str, Champ]) -> str:
    """Return what is known of a field, or its name in brackets: a blank would go unseen."""
    champ = champs.get(nom)
    if champ is None:
        return f"[{nom}]"
    if champ.valeur:
        return champ.valeur
    return f"[{champ.libelle or nom}]" if champ.obligatoire else ""


def _said(bloc: Bloc, champs: Mapping[str, Champ], numeros: Mapping[str, int]) -> Bloc:
    spoken = (tuple(_spoken(f, champs, numeros) for f in ligne) for ligne in bloc.lignes)
    return replace(bloc, lignes=tuple(map(_closed_once, spoken)))


def _closed_once(ligne: tuple[Fragment, ...]) -> tuple[Fragment, ...]:
    """Return a line where a value that ends its own sentence does not end that of the model twice."""
    after = (*ligne[1:], Fragment())
    return tuple(
        replace(each, texte=each.texte[:-1]) if each.texte.endswith(".") and then.texte.startswith(".") else each
        for each, then in zip(ligne, after, strict=True)
    )


def _spoken(fragment: Fragment, champs: Mapping[str, Champ], numeros: Mapping[str, int]) -> Fragment:
    if fragment.piece:
        numero = numeros.get(fragment.piece)
        said = f"pièce n°\u00a0{numero}" if numero else "[pièce retirée]"
        return replace(fragment, texte=said, piece="", champ="")
    if fragment.champ:
        return replace(fragment, texte=fragment.texte or _value(fragment.champ, champs), champ="")
    return fragment
