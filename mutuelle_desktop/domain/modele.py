"""Models of letters: what each is for, what it asks, its blocks with fields, the law it cites by nature of organism."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from mutuelle_desktop.domain.contrat import Contrat, Mutuelle, NatureOrganisme
from mutuelle_desktop.domain.courrier import APPEL, Bloc, Fragment, GenreBloc
from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.echelle import GenreEtape
from mutuelle_desktop.domain.evenement import Canal, NatureEvenement

LOI = "loi."
"""The beginning of the fields that are a citation of the law, filled when a letter is made from its model."""
_CHAMP = re.compile(r"\{([a-z_.]+)\}")


class GenreSaisie(StrEnum):
    """What kind of value is asked."""

    TEXTE = "texte"
    DATE = "date"
    MONTANT = "montant"
    CHOIX = "choix"


class OrigineChamp(StrEnum):
    """Where the value of a field comes from."""

    DOSSIER = "dossier"
    CONTRAT = "contrat"
    CHRONOLOGIE = "chronologie"
    CALCULE = "calculé"
    DEMANDE = "demandé"


class GenreContrat(StrEnum):
    """What a contract is for the law of resignation."""

    INDIVIDUEL = "individuel"
    OBLIGATOIRE = "collectif obligatoire"
    FACULTATIF = "collectif facultatif"


class Ton(StrEnum):
    """How firm a letter is, by degree; the same facts are said in each."""

    COURTOIS = "courtois"
    FERME = "ferme"
    FORMEL = "formel"


class Destinataire(StrEnum):
    """Whom a letter is for."""

    MUTUELLE = "mutuelle"
    RECLAMATIONS = "réclamations"
    MEDIATEUR = "médiateur"
    CPAM = "CPAM"
    EMPLOYEUR = "employeur"
    PROFESSIONNEL = "professionnel"
    AUTRE = "autre"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChampConnu:
    """A field letters may name: source says in words where its value is found, choix are the only values of a choice."""

    nom: str
    libelle: str
    genre: GenreSaisie = GenreSaisie.TEXTE
    origine: OrigineChamp
    source: str
    aide: str = ""
    choix: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Saisie:
    """A value a model asks for; defaut is the value while the user has given none."""

    nom: str
    libelle: str
    genre: GenreSaisie = GenreSaisie.TEXTE
    aide: str = ""
    obligatoire: bool = True
    choix: tuple[str, ...] = ()
    defaut: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReferenceLegale:
    """A text a letter relies on, for some natures of organism (all when empty); incertaine: not read at its source."""

    texte: str
    article: str = ""
    natures: tuple[NatureOrganisme, ...] = ()
    citation: str
    source: str
    verifie_le: date
    incertaine: bool = False

    def holds(self, organisme: NatureOrganisme | None) -> bool:
        """Tell whether it is the text of that nature of organism; one of its own is not known while that is not."""
        return not self.natures or organisme in self.natures

    def is_old(self, today: date) -> bool:
        """Tell whether the check is more than 12 months old: shown in amber."""
        year, (month, day) = self.verifie_le.year + 1, (self.verifie_le.month, self.verifie_le.day)
        return (today.year, today.month, today.day) > (year, month, day)

    def mention(self, today: date) -> str:
        """Return what is said beside it, such as « vérifié le 23/11/2026 »."""
        if self.incertaine:
            return "à vérifier"
        again = ", à revoir" if self.is_old(today) else ""
        return f"vérifié le {self.verifie_le:%d/%m/%Y}{again}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Loi:
    """A point of law and its texts; neutre is said where none of them may be cited."""

    cle: str
    neutre: str
    textes: tuple[ReferenceLegale, ...]

    def citation(self, organisme: NatureOrganisme | None) -> str:
        """Return the words of a letter: never a text of another nature of organism, nor one still to be checked."""
        held = (t for t in self.textes if t.holds(organisme) and not t.incertaine)
        return next((t.citation for t in held), self.neutre)


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A block of a model: kept when the fields of si are known, those of sans are not, and the organism is its own."""

    bloc: Bloc
    si: tuple[str, ...] = ()
    sans: tuple[str, ...] = ()
    organismes: tuple[NatureOrganisme, ...] = ()

    @property
    def conditionnel(self) -> bool:
        """Tell whether some letter does without it."""
        return bool(self.si or self.sans or self.organismes)

    def holds(self, organisme: NatureOrganisme | None, connus: Collection[str]) -> bool:
        """Tell whether a letter to that organism, with these fields known, keeps it."""
        known = all(nom in connus for nom in self.si) and not any(nom in connus for nom in self.sans)
        return known and (not self.organismes or organisme in self.organismes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Application:
    """When a model applies: any nature of dossier, organism or contract where nothing is named."""

    dossiers: tuple[NatureDossier, ...] = ()
    organismes: tuple[NatureOrganisme, ...] = ()
    contrats: tuple[GenreContrat, ...] = ()

    def accepts(self, dossier: NatureDossier, mutuelle: Mutuelle | None = None, contrat: Contrat | None = None) -> bool:
        """Tell whether a model fits; what is not known excludes nothing."""
        return (
            (not self.dossiers or dossier in self.dossiers)
            and (not self.organismes or mutuelle is None or mutuelle.nature in self.organismes)
            and (not self.contrats or contrat is None or genre_contrat(contrat) in self.contrats)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Modele:
    """A model of letter: besoin says what is wanted in the user's words, effet what sending does to the clocks.

    objet holds fields as « {name} »; en_tete are the fields shown as references in the heading; suites are the ids of
    the letters that may follow, etapes the next steps that propose it, in a dossier where one of apres took place and none
    of sauf did; mots are other words it is searched by.
    """

    id: str
    version: int
    verifie_le: date
    famille: str
    besoin: str
    titre: str
    applique: Application = Application()
    saisies: tuple[Saisie, ...] = ()
    en_tete: tuple[str, ...] = ()
    objet: str
    appel: str = APPEL
    passages: tuple[Passage, ...]
    formule: str
    lois: tuple[Loi, ...] = ()
    ton: Ton = Ton.COURTOIS
    canal: Canal = Canal.COURRIER
    destinataire: Destinataire = Destinataire.MUTUELLE
    reclamation: bool = False
    nature_evenement: NatureEvenement
    pieces_requises: tuple[TypeDocument, ...] = ()
    pieces_suggerees: tuple[TypeDocument, ...] = ()
    effet: str
    suites: tuple[str, ...] = ()
    etapes: tuple[GenreEtape, ...] = ()
    apres: tuple[NatureEvenement, ...] = ()
    sauf: tuple[NatureEvenement, ...] = ()
    mots: tuple[str, ...] = ()
    nir: bool = False

    @property
    def blocs(self) -> tuple[Bloc, ...]:
        """Return every block, conditions apart."""
        return tuple(passage.bloc for passage in self.passages)

    @property
    def references(self) -> tuple[ReferenceLegale, ...]:
        """Return every text it may rely on."""
        return tuple(texte for loi in self.lois for texte in loi.textes)

    def references_for(self, organisme: NatureOrganisme | None) -> tuple[ReferenceLegale, ...]:
        """Return the texts that hold for that nature of organism, those to be checked included."""
        return tuple(texte for texte in self.references if texte.holds(organisme))

    @property
    def obligatoires(self) -> tuple[str, ...]:
        """Return the fields no letter of this model can do without, in the order of the page."""
        asked = {s.nom: s.obligatoire for s in self.saisies}
        always = [p.bloc for p in self.passages if not p.conditionnel]
        names = dict.fromkeys((*champs_of(self.objet), *(n for bloc in always for n in cited(bloc))))
        return tuple(nom for nom in names if asked.get(nom, True))

    @property
    def champs(self) -> tuple[str, ...]:
        """Return every field it names, in the order of the page: heading, subject, body."""
        body = (nom for bloc in self.blocs for nom in cited(bloc))
        return tuple(dict.fromkeys((*self.en_tete, *champs_of(self.objet), *body)))

    def corps(self, organisme: NatureOrganisme | None, connus: Collection[str] = ()) -> tuple[Bloc, ...]:
        """Return the blocks a new letter begins with: those that hold, the law said in the words of the organism."""
        lois = {LOI + loi.cle: loi.citation(organisme) for loi in self.lois}
        return tuple(_with_law(p.bloc, lois) for p in self.passages if p.holds(organisme, connus))


def genre_contrat(contrat: Contrat) -> GenreContrat:
    """Return what a contract is for the law of resignation."""
    if not contrat.collectif:
        return GenreContrat.INDIVIDUEL
    return GenreContrat.OBLIGATOIRE if contrat.obligatoire else GenreContrat.FACULTATIF


def champs_of(texte: str) -> tuple[str, ...]:
    """Return the fields a text holds as « {name} »."""
    return tuple(_CHAMP.findall(texte))


def cited(bloc: Bloc) -> Iterator[str]:
    """Yield the fields of a block, the law apart."""
    for ligne in bloc.lignes:
        for fragment in ligne:
            if fragment.champ and not fragment.champ.startswith(LOI):
                yield fragment.champ


def _with_law(bloc: Bloc, lois: Mapping[str, str]) -> Bloc:
    def said(fragment: Fragment) -> Fragment:
        if not fragment.champ.startswith(LOI):
            return fragment
        return replace(fragment, champ="", texte=lois[fragment.champ])

    return replace(bloc, lignes=tuple(tuple(said(f) for f in ligne) for ligne in bloc.lignes))


_FORMULE = {
    Ton.COURTOIS: "Je vous prie d’agréer, {appel} l’expression de mes salutations distinguées.",
    Ton.FERME: "Je vous prie d’agréer, {appel} l’expression de mes salutations distinguées.",
    Ton.FORMEL: "Veuillez agréer, {appel} mes salutations distinguées.",
}


def formule_of(ton: Ton, appel: str) -> str:
    """Return the closing, in which the salutation is taken up word for word."""
    return _FORMULE[ton].format(appel=appel)


_CONDITION = re.compile(r"\[(si|sans|pour) ([^\]]+)\]\n")
_NATURES = {
    "mutuelle": NatureOrganisme.MUTUELLE,
    "assurance": NatureOrganisme.ASSURANCE,
    "prévoyance": NatureOrganisme.PREVOYANCE,
}
_MARQUE = re.compile(r"\{([a-z_.]+)\}|\*\*(.+?)\*\*|\*(.+?)\*")
_NUMERO = re.compile(r"\d+\. ")


def passages_of(texte: str) -> tuple[Passage, ...]:
    """Read a body: blocks apart by an empty line, « - » and « 1. » for lists, « | » for tables, **gras**, *italique*.

    A first line « [si nom] », « [sans nom] » or « [pour mutuelle] » says when the block is kept.
    """
    return tuple(_passage(part) for part in re.split(r"\n{2,}", texte.strip()))


def _passage(part: str) -> Passage:
    found: dict[str, tuple[str, ...]] = {}
    while (mark := _CONDITION.match(part)) is not None:
        found[mark[1]] = tuple(mark[2].split())
        part = part[mark.end() :]
    return Passage(
        bloc=_bloc(part.split("\n")),
        si=found.get("si", ()),
        sans=found.get("sans", ()),
        organismes=tuple(_NATURES[nature] for nature in found.get("pour", ())),
    )


def _bloc(lines: list[str]) -> Bloc:
    if all(line.startswith("- ") for line in lines):
        return Bloc(genre=GenreBloc.PUCES, lignes=tuple(fragments(line[2:]) for line in lines))
    if all(_NUMERO.match(line) for line in lines):
        return Bloc(genre=GenreBloc.NUMEROS, lignes=tuple(fragments(_NUMERO.sub("", line, 1)) for line in lines))
    if all(line.startswith("| ") for line in lines):
        rows = tuple(tuple(_cell(cell) for cell in line.strip("| ").split(" | ")) for line in lines)
        return Bloc(genre=GenreBloc.TABLEAU, lignes=rows)
    return Bloc(lignes=(fragments(" ".join(lines)),))


def _cell(texte: str) -> Fragment:
    (fragment,) = fragments(texte.strip())
    return fragment


def fragments(texte: str) -> tuple[Fragment, ...]:
    """Return the runs of one line of a model."""
    found: list[Fragment] = []
    last = 0
    for mark in _MARQUE.finditer(texte):
        if mark.start() > last:
            found.append(Fragment(texte=texte[last : mark.start()]))
        champ, gras, italique = mark.groups()
        found.append(
            Fragment(champ=champ)
            if champ
            else Fragment(texte=gras or italique, gras=gras is not None, italique=italique is not None)
        )
        last = mark.end()
    if last < len(texte):
        found.append(Fragment(texte=texte[last:]))
    return tuple(found)
