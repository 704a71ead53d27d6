"""The checks before a letter is finalised: two stop (a field missing, the médiateur out of time), the others advise.

LETTRES-ECHEANCES.md §3.3. Each remark is one sentence that says what to do; it never blames.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from mutuelle_desktop.domain.calendrier import en_lettres
from mutuelle_desktop.domain.cas import Cas
from mutuelle_desktop.domain.chiffres import dates_of, ibans, is_iban, is_nir, montants, nirs
from mutuelle_desktop.domain.contrat import NatureOrganisme
from mutuelle_desktop.domain.courrier import (
    Bloc,
    Champ,
    Courrier,
    GenreBloc,
    Lettre,
    fragments_of,
    jour_en_lettres,
    missing,
    orphans,
    overridden,
    texte_of,
)
from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.evenement import RECOMMANDES, Canal, Evenement, NatureEvenement
from mutuelle_desktop.domain.mediation import EtatFenetre, fenetre_mediateur
from mutuelle_desktop.domain.modele import Destinataire, Modele
from mutuelle_desktop.domain.regle import Regles

_N = NatureEvenement
LIGNES_MAX, LIGNE_MAX = 6, 38
"""What an address may hold (NF Z10-011)."""


class Gravite(StrEnum):
    """Whether a remark stops the letter or only advises."""

    BLOQUE = "bloque"
    CONSEIL = "conseil"


@dataclass(frozen=True, kw_only=True, slots=True)
class Remarque:
    """One remark; ou is the part of the letter it is about: « objet », « corps », « champ:soins.date »."""

    gravite: Gravite
    texte: str
    ou: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Epreuve:
    """A letter about to be finalised, with all that it is checked against; texte is its body, its subject apart.

    types are those of the documents enclosed, None while they are not known.
    """

    courrier: Courrier
    lettre: Lettre
    modele: Modele | None
    champs: Mapping[str, Champ]
    cas: Cas | None
    today: date
    regles: Regles
    types: Collection[TypeDocument] | None = None

    @property
    def texte(self) -> str:
        """Return everything the letter says."""
        return texte_of(self.lettre)

    @property
    def poste(self) -> bool:
        """Tell whether it goes by post, on paper."""
        return self.courrier.canal in (Canal.COURRIER, Canal.RECOMMANDE)

    @property
    def organisme(self) -> NatureOrganisme | None:
        """Return the nature of the organism, None while it is unknown."""
        return self.cas.mutuelle.nature if self.cas and self.cas.mutuelle else None

    @property
    def evenements(self) -> tuple[Evenement, ...]:
        """Return what is noted in the dossier."""
        return self.cas.evenements if self.cas else ()


def relire(
    courrier: Courrier,
    lettre: Lettre,
    modele: Modele | None,
    champs: Mapping[str, Champ],
    cas: Cas | None,
    *,
    today: date,
    regles: Regles,
    types: Collection[TypeDocument] | None = None,
) -> tuple[Remarque, ...]:
    """Return the remarks on a letter, those that stop first, then in the order of the page."""
    epreuve = Epreuve(
        courrier=courrier, lettre=lettre, modele=modele, champs=champs, cas=cas, today=today, regles=regles, types=types
    )
    found = dict.fromkeys(remark for check in _CHECKS for remark in check(epreuve))
    return tuple(sorted(found, key=lambda remark: remark.gravite is not Gravite.BLOQUE))


def _stop(texte: str, ou: str) -> Remarque:
    return Remarque(gravite=Gravite.BLOQUE, texte=texte, ou=ou)


def _advice(texte: str, ou: str) -> Remarque:
    return Remarque(gravite=Gravite.CONSEIL, texte=texte, ou=ou)


def _manquants(e: Epreuve) -> Iterator[Remarque]:
    names = (*missing(e.courrier, e.champs), *re.findall(r"\{([a-z_.]+)\}", e.lettre.objet))
    for nom in dict.fromkeys(names):
        libelle = e.champs[nom].libelle if nom in e.champs else nom
        yield _stop(
            f"Il manque une valeur\u00a0: « {libelle} »\u00a0; écrivez-la, ou retirez la phrase.", f"champ:{nom}"
        )
    if not e.lettre.objet.strip():
        yield _stop("L’objet est vide\u00a0: dites en quelques mots de quoi parle la lettre.", "objet")
    if not any(bloc.lignes for bloc in e.lettre.corps):
        yield _stop("La lettre n’a pas encore de texte\u00a0: écrivez au moins votre demande.", "corps")
    if not e.lettre.expediteur.nom.strip():
        yield _stop("Votre nom manque\u00a0: choisissez la personne qui écrit.", "expéditeur")
    if e.poste and not any(ligne.strip() for ligne in e.lettre.destinataire):
        yield _stop("L’adresse du destinataire manque\u00a0: ajoutez-la pour pouvoir poster la lettre.", "destinataire")


def _mediateur(e: Epreuve) -> Iterator[Remarque]:
    if e.modele is None or e.modele.nature_evenement is not _N.SAISINE:
        return
    if e.cas is None:
        yield _stop(
            "Rattachez cette lettre à son dossier\u00a0: sans la date de la réclamation écrite, on ne sait pas si le "
            "médiateur est ouvert.",
            "médiateur",
        )
        return
    fenetre = fenetre_mediateur(e.cas, e.regles, e.today)
    if fenetre.etat in (EtatFenetre.INCONNUE, EtatFenetre.FERMEE, EtatFenetre.CLOSE):
        suite = {
            EtatFenetre.INCONNUE: "Envoyez d’abord une réclamation écrite, ou notez celle qui est partie.",
            EtatFenetre.FERMEE: "Gardez cette lettre en brouillon jusque-là.",
            EtatFenetre.CLOSE: "Il reste le conciliateur de justice.",
        }[fenetre.etat]
        yield _stop(f"{fenetre.raison} {suite}", "médiateur")
    elif fenetre.etat is EtatFenetre.SE_FERME and fenetre.ferme_le:
        yield _advice(f"Le médiateur se ferme bientôt\u00a0: envoyez cette lettre avant le {en_lettres(fenetre.ferme_le)}.",
                      "médiateur")  # fmt: skip
    if any(event.nature is _N.JUSTICE for event in e.evenements):
        yield _advice(
            "Une demande en justice est notée dans ce dossier\u00a0: le médiateur n’examine pas ce qu’un juge examine.",
            "médiateur",
        )


_PASSES: dict[str, tuple[NatureEvenement, ...]] = {
    "soins.date": (_N.SOINS,),
    "demande.date": (_N.DEMANDE,),
    "relance.date": (_N.RELANCE,),
    "reclamation.date": (_N.RECLAMATION,),
    "mise_en_demeure.date": (_N.MISE_EN_DEMEURE,),
    "saisine.date": (_N.SAISINE,),
    "proposition.date": (_N.PROPOSITION,),
    "resiliation.date": (_N.RESILIATION,),
    "resiliation.reception": (_N.RESILIATION_RECUE,),
    "refus.date": (_N.REFUS, _N.REFUS_DEFINITIF),
    "reponse.date": (_N.REPONSE, _N.REPONSE_PARTIELLE, _N.REFUS, _N.REFUS_DEFINITIF, _N.ACCUSE),
    "pieces.date": (_N.PIECE_DEMANDEE,),
    "appel.date": (_N.ECHANGE,),
}
"""The fields that are a day gone by, and where the dossier notes it."""


def _said_dates(e: Epreuve) -> dict[str, date]:
    """Return the past days the letter names, by field: the user's own value, else the known one."""
    said: dict[str, date] = {}
    for fragment in fragments_of(e.courrier.corps):
        nom = fragment.champ
        if nom in _PASSES:
            value = fragment.texte or (e.champs[nom].valeur if nom in e.champs else "")
            for jour in dates_of(value or "")[:1]:
                said[nom] = jour
    return said


def _dates(e: Epreuve) -> Iterator[Remarque]:
    if e.lettre.jour != e.today:
        moment = "à venir" if e.lettre.jour > e.today else "passée"
        yield _advice(f"La lettre porte une date {moment}, le {jour_en_lettres(e.lettre.jour)}\u00a0: mettez celle de l’envoi.",
                      "date")  # fmt: skip
    said = _said_dates(e)
    soins = said.get("soins.date")
    for nom, jour in said.items():
        libelle = e.champs[nom].libelle if nom in e.champs else nom
        if jour > e.lettre.jour:
            yield _advice(f"« {libelle} » est après la date de la lettre\u00a0: vérifiez cette date.", f"champ:{nom}")
        elif soins is not None and jour < soins and nom not in ("soins.date", "appel.date"):
            yield _advice(f"« {libelle} » est avant les soins du {jour_en_lettres(soins)}\u00a0: vérifiez l’une des deux dates.",
                          f"champ:{nom}")  # fmt: skip
        noted = [event.le for event in e.evenements if event.nature in _PASSES[nom]]
        if noted and jour not in noted:
            yield _advice(
                f"« {libelle} » n’est pas la date notée dans le dossier ({jour_en_lettres(max(noted))})\u00a0: gardez la bonne.",
                f"champ:{nom}",
            )
    for nom, own, known in overridden(e.courrier, e.champs):
        if nom not in _PASSES and known:
            yield _advice(
                f"« {e.champs[nom].libelle} »\u00a0: la lettre dit « {own} », le dossier « {known} »\u00a0; vérifiez lequel est juste.",
                f"champ:{nom}",
            )


def _sommes(e: Epreuve) -> Iterator[Remarque]:
    for bloc in e.lettre.corps:
        if bloc.genre is GenreBloc.TABLEAU and bloc.lignes and bloc.lignes[-1][0].texte.startswith("Total"):
            rows = [_row(bloc, rang) for rang in range(1, len(bloc.lignes))]
            *lines, total = rows
            for column, said in total.items():
                if sum((line.get(column, Decimal(0)) for line in lines), Decimal(0)) != said:
                    yield _advice(
                        "Le total du tableau n’est pas la somme de ses lignes\u00a0: refaites l’addition.", "corps"
                    )
                    break


def _row(bloc: Bloc, rang: int) -> dict[int, Decimal]:
    cells = enumerate(cell.texte for cell in bloc.lignes[rang])
    return {column: found[0] for column, text in cells if (found := montants(text))}


def _numeros(e: Epreuve) -> Iterator[Remarque]:
    texte = e.texte
    if any(not is_iban(number) for number in ibans(texte)):
        yield _advice("La clé de l’IBAN n’est pas juste\u00a0: recopiez-le depuis le RIB.", "corps")
    found = nirs(texte)
    if any(not is_nir(number) for number in found):
        yield _advice(
            "La clé du numéro de sécurité sociale n’est pas juste\u00a0: recopiez-le depuis l’attestation.", "corps"
        )
    if nirs(e.lettre.objet):
        yield _advice(
            "Retirez le numéro de sécurité sociale de l’objet\u00a0: il peut se lire sans ouvrir la lettre.", "objet"
        )
    if found and (e.modele is None or not e.modele.nir):
        yield _advice(
            "Cette lettre peut se passer du numéro de sécurité sociale\u00a0: le numéro d’adhérent suffit.", "corps"
        )


def _adresse(e: Epreuve) -> Iterator[Remarque]:
    lignes = [ligne for ligne in e.lettre.destinataire if ligne.strip()]
    told = " ".join(lignes).casefold().replace("é", "e")
    if e.modele and e.modele.destinataire is Destinataire.RECLAMATIONS and lignes and "reclamation" not in told:
        yield _advice(
            "Adressez cette lettre au service des réclamations, si le contrat donne son adresse.", "destinataire"
        )
    if not e.poste:
        return
    if len(lignes) > LIGNES_MAX:
        yield _advice(f"L’adresse a plus de {LIGNES_MAX}\u00a0lignes\u00a0: raccourcissez-la pour la fenêtre de l’enveloppe.",
                      "destinataire")  # fmt: skip
    for ligne in lignes:
        if len(ligne) > LIGNE_MAX:
            yield _advice(
                f"La ligne d’adresse « {ligne} » dépasse {LIGNE_MAX}\u00a0caractères\u00a0: abrégez-la.", "destinataire"
            )


_DELAI = re.compile(
    r"\b(?:\d+|un|deux|trois|huit|dix|quinze|vingt|trente)[ \u00a0](?:jours?|semaines?|mois)\b|avant le \d|au plus tard le \d"
)
_OBLIGATION = re.compile(r"oblig|exécut|pa(?:yer|iement)|vers(?:er|ement)|rembours|régl|€|adresser|communiquer")


def _nature(e: Epreuve) -> Iterator[Remarque]:
    if e.modele is None:
        return
    texte = e.texte.casefold()
    if e.modele.reclamation and "réclamation" not in texte:
        yield _advice("Écrivez le mot « réclamation »\u00a0: c’est lui qui ouvre les délais.", "corps")
    if e.modele.nature_evenement is _N.MISE_EN_DEMEURE and e.modele.id == "C7":
        if "mise en demeure" not in texte and "mets en demeure" not in texte:
            yield _advice(
                "Écrivez les mots « mise en demeure »\u00a0: sans eux, la lettre n’est qu’un rappel.", "corps"
            )
        if not _DELAI.search(texte):
            yield _advice("Donnez un délai précis pour agir, par exemple quinze jours après la réception.", "corps")
        if not _OBLIGATION.search(texte):
            yield _advice(
                "Dites ce que l’organisme doit faire ou payer\u00a0: c’est l’objet de la mise en demeure.", "corps"
            )
    if e.modele.canal is Canal.RECOMMANDE and e.courrier.canal not in RECOMMANDES:
        yield _advice(
            "Un recommandé avec avis de réception est conseillé\u00a0: il prouve la date de cette lettre.", "envoi"
        )


_JOINT = re.compile(
    r"\b(?:ci-joint\w*|joints? (?:en copie|à)|jointes?|en pièce jointe|la copie|trouverez)\b", re.IGNORECASE
)
_ORIGINAL = re.compile(r"\borigina(?:l|ux|le|les)\b", re.IGNORECASE)
_GARDE = re.compile(r"(?:conserv|gard|tiens)\w*[^.]*origina|origina[^.]*(?:conserv|gard)", re.IGNORECASE)


def _pieces(e: Epreuve) -> Iterator[Remarque]:
    if orphans(e.courrier):
        yield _advice(
            "La lettre cite une pièce qui n’est plus jointe\u00a0: joignez-la de nouveau, ou corrigez la phrase.",
            "pièces",
        )
    body = "\n".join(part for part in e.texte.split("\n\n") if not part.startswith("Pièces jointes"))
    if not e.courrier.pieces and _JOINT.search(body):
        yield _advice("La lettre annonce des copies jointes, et rien n’est joint\u00a0: ajoutez les pièces.", "pièces")
    cited = {fragment.piece for fragment in fragments_of(e.courrier.corps) if fragment.piece}
    loose = [piece for piece in e.lettre.pieces if piece.document_id not in cited]
    if cited and loose:
        yield _advice(f"« {loose[0].titre} » est jointe sans être citée\u00a0: citez-la, ou retirez-la.", "pièces")
    if e.types is not None and e.modele is not None:
        for kind in e.modele.pieces_requises:
            if kind not in e.types and kind is not TypeDocument.AUTRE:
                yield _advice(f"Cette lettre est d’ordinaire accompagnée de ceci\u00a0: {kind}\u00a0; joignez-en une copie.",
                              "pièces")  # fmt: skip
    if any(not piece.copie for piece in e.lettre.pieces) or (_ORIGINAL.search(body) and not _GARDE.search(body)):
        yield _advice(
            "Envoyez des copies et gardez les originaux\u00a0: ce qui est perdu ne se remplace pas.", "pièces"
        )


_DURS = re.compile(
    r"\b(?:escroc\w*|arnaqu\w*|voleu\w*|honteu\w*|scandaleu\w*|incompéten\w*|menteu\w*|mensong\w*|inadmissible\w*|"
    r"malhonnête\w*|nuls?|imbécile\w*|plainte pénale|vous allez (?:voir|payer)|réseaux sociaux)\b",
    re.IGNORECASE,
)
_SANTE = re.compile(
    r"\b(?:diagnosti\w*|cancer\w*|tumeur\w*|dépressi\w*|psychiatr\w*|pathologi\w*|grossesse\w*|VIH|sida|diabète\w*|"
    r"addiction\w*|alcool\w*|symptôme\w*|antécédents?|affection de longue durée|ALD)\b",
    re.IGNORECASE,
)
_RESTE = re.compile(r"\[[^\]\n]{2,}\]|\bX{3,}\b|\.{4,}")


def _mots(e: Epreuve) -> Iterator[Remarque]:
    texte = e.texte
    if hard := _DURS.search(texte):
        yield _advice(
            f"Le mot « {hard[0]} » peut nuire à votre demande\u00a0: les faits et leurs dates suffisent.", "corps"
        )
    if told := _SANTE.search(texte):
        employeur = e.modele is not None and e.modele.destinataire is Destinataire.EMPLOYEUR
        suite = "un employeur n’a pas à le savoir" if employeur else "gardez-le seulement si la demande en dépend"
        yield _advice(f"« {told[0]} » est un détail de santé\u00a0: {suite}.", "corps")
    if not missing(e.courrier, e.champs) and (left := _RESTE.search(texte)):
        yield _advice(f"Il reste un blanc à remplir\u00a0: « {left[0]} ».", "corps")


def _droit(e: Epreuve) -> Iterator[Remarque]:
    texte = e.texte.casefold()
    codes = {
        "code de la mutualité": NatureOrganisme.MUTUELLE,
        "code des assurances": NatureOrganisme.ASSURANCE,
    }
    for code, nature in codes.items():
        if code in texte and e.organisme is not nature:
            who = f"l’organisme est une {e.organisme}" if e.organisme else "la nature de l’organisme n’est pas connue"
            yield _advice(
                f"La lettre cite le {code.replace('code', 'Code', 1)}, mais {who}\u00a0: vérifiez le texte cité.",
                "corps",
            )
    for reference in e.modele.references_for(e.organisme) if e.modele else ():
        if reference.is_old(e.today):
            mark = f", {reference.article}" if reference.article else ""
            yield _advice(
                f"{reference.texte}{mark}\u00a0: référence vérifiée le {reference.verifie_le:%d/%m/%Y}, à revoir avant l’envoi.",
                "corps",
            )


def _signature(e: Epreuve) -> Iterator[Remarque]:
    if e.poste and not e.courrier.signature:
        yield _advice("Pensez à signer la lettre à la main après l’impression.", "signature")


_CHECKS: tuple[Callable[[Epreuve], Iterator[Remarque]], ...] = (
    _manquants, _mediateur, _adresse, _dates, _nature, _sommes, _numeros, _mots, _droit, _pieces, _signature,
)  # fmt: skip
