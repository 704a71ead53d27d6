"""Dates that cannot be, and dates that are doubtful."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from mutuelle_desktop.domain.calendrier import Unite, add, en_lettres
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import RECOMMANDES, Evenement, NatureEvenement
from mutuelle_desktop.domain.faits import LETTRES, VIE, in_order
from mutuelle_desktop.domain.personne import Personne

_N = NatureEvenement
_PREMIERE_ANNEE = 1900
_ANCIEN = 10
_DIMANCHE = 6
_ANNONCABLES = (_N.SITUATION, _N.RUPTURE_TRAVAIL, _N.FIN_PORTABILITE)
"""What is known before it takes place."""
_REPONSES = (
    _N.ACCUSE, _N.PIECE_DEMANDEE, _N.REPONSE_PARTIELLE, _N.REPONSE, _N.REFUS, _N.REFUS_DEFINITIF, _N.RECONNAISSANCE,
)  # fmt: skip
_DEMANDES = (
    _N.DEMANDE, _N.COMPLEMENT, _N.RELANCE, _N.RECLAMATION, _N.MISE_EN_DEMEURE, _N.DECOMPTE_SECU, _N.FEUILLE_SOINS,
    _N.ECHANGE, _N.RESILIATION, _N.ACCES_DONNEES, _N.SITUATION,
)  # fmt: skip
_MEDIATION = (
    _N.SAISINE_RECUE, _N.SAISINE_IRRECEVABLE, _N.SAISINE_NOTIFIEE, _N.MEDIATION_ACCEPTEE, _N.PROPOSITION,
    _N.MEDIATION_TERMINEE,
)  # fmt: skip


def check_evenement(
    evenement: Evenement, evenements: Iterable[Evenement], today: date, personne: Personne | None = None
) -> tuple[str, ...]:
    """Return what is doubtful about an event among the others of its dossier, as French sentences.

    Refused, in French, for what cannot be: a fact to come, an event before the birth, a promise before it was made, a
    delivery before the sending, an answer before what it answers.
    """
    others = sorted((e for e in evenements if e.id != evenement.id), key=in_order)
    _refuse_day(evenement, today, personne)
    _refuse_order(evenement, others)
    doubts: list[str] = []
    for check in _DOUTES:
        doubts.extend(check(evenement, others))
    if add(evenement.le, _ANCIEN, Unite.ANS) < today:
        doubts.append("Cette date a plus de dix ans\u00a0: vérifiez l’année.")
    return tuple(doubts)


def _refuse_day(evenement: Evenement, today: date, personne: Personne | None) -> None:
    le = evenement.le
    if le.year < _PREMIERE_ANNEE:
        raise Refused(f"L’année {le.year} ne peut pas être la bonne. Corrigez la date.")
    if le > today and evenement.nature not in _ANNONCABLES:
        raise Refused(
            f"Le {en_lettres(le)} n’est pas encore arrivé\u00a0: un fait se note une fois qu’il a eu lieu. "
            "Pour ne pas oublier une date à venir, notez-la comme rappel."
        )
    if personne is not None and personne.naissance is not None and le < personne.naissance:
        raise Refused(
            f"Cette date précède la naissance de {personne.prenom}, le {en_lettres(personne.naissance)}. "
            "Corrigez la date, ou la personne du dossier."
        )
    if evenement.promis_le is not None and evenement.promis_le < le:
        raise Refused(
            f"Le jour annoncé, le {en_lettres(evenement.promis_le)}, précède celui où il a été annoncé. "
            "Corrigez l’une des deux dates."
        )
    if evenement.nature is _N.PAIEMENT and evenement.montant is not None and evenement.montant <= 0:
        raise Refused("Un paiement porte sur une somme positive. Corrigez le montant.")


def _refuse_order(evenement: Evenement, others: list[Evenement]) -> None:
    if evenement.suite_de == evenement.id:
        raise Refused("Un événement ne peut pas être sa propre suite. Choisissez ce qu’il suit.")
    parent = next((e for e in others if e.id == evenement.suite_de), None)
    if parent is not None and evenement.le < parent.le:
        raise Refused(_before(evenement, parent))
    for child in others:
        if child.suite_de == evenement.id and child.le < evenement.le:
            raise Refused(_before(child, evenement))
    if evenement.nature in _MEDIATION:
        saisines = [e for e in others if e.nature is _N.SAISINE]
        if saisines and evenement.le < saisines[0].le:
            raise Refused(_before(evenement, saisines[0]))


def _before(later: Evenement, earlier: Evenement) -> str:
    deed = "a été remise ou présentée" if later.nature in VIE else "porte une date qui"
    if later.nature in VIE:
        return (
            f"La lettre {deed} le {en_lettres(later.le)}, avant son envoi du {en_lettres(earlier.le)}\u00a0: "
            "corrigez l’une des deux dates."
        )
    return (
        f"«\u00a0{str(later.nature).capitalize()}\u00a0» ({en_lettres(later.le)}) {deed} précède "
        f"«\u00a0{earlier.nature}\u00a0» ({en_lettres(earlier.le)}), qu’il suit pourtant. "
        "Corrigez l’une des deux dates."
    )


def _answers(evenement: Evenement, others: list[Evenement]) -> Iterator[str]:
    if evenement.nature not in _REPONSES or evenement.suite_de is not None:
        return
    asked = [e for e in others if e.nature in _DEMANDES]
    if not asked:
        yield "Rien n’a été demandé dans ce dossier\u00a0: notez aussi la demande à laquelle ceci répond."
    elif evenement.le < asked[0].le:
        yield f"Cette réponse précède la première demande, du {en_lettres(asked[0].le)}."


def _requests(evenement: Evenement, others: list[Evenement]) -> Iterator[str]:
    soins = [e for e in others if e.nature is _N.SOINS]
    if evenement.nature in (_N.DECOMPTE_SECU, _N.FEUILLE_SOINS, _N.PAIEMENT) and soins and evenement.le < soins[0].le:
        yield f"Cette date précède les soins, du {en_lettres(soins[0].le)}."
    if evenement.nature is _N.COMPLEMENT and any(
        e.nature is _N.PIECE_DEMANDEE and e.id == evenement.suite_de and e.promis_le and evenement.le > e.promis_le
        for e in others
    ):
        yield "La pièce est partie après le jour que la mutuelle avait donné."


def _complaints(evenement: Evenement, others: list[Evenement]) -> Iterator[str]:
    reclamations = [e for e in others if e.nature is _N.RECLAMATION]
    saisines = [e for e in others if e.nature is _N.SAISINE]
    if evenement.nature is _N.RECLAMATION and saisines:
        earlier = [e for e in reclamations if e.le <= saisines[0].le]
        if not earlier and evenement.le > saisines[0].le:
            yield (
                f"Cette réclamation suit la saisine du médiateur, du {en_lettres(saisines[0].le)}\u00a0: "
                "le médiateur demande une réclamation écrite avant lui."
            )
    if evenement.nature is not _N.SAISINE:
        return
    if not reclamations or reclamations[0].le > evenement.le:
        yield "Aucune réclamation écrite ne précède cette saisine\u00a0: le médiateur l’écartera sans doute."
        return
    first = reclamations[0]
    refus = any(e.nature is _N.REFUS_DEFINITIF and first.le <= e.le <= evenement.le for e in others)
    if evenement.le <= add(first.le, 2, Unite.MOIS) and not refus:
        yield "Cette saisine vient moins de deux mois après la réclamation\u00a0: elle risque d’être jugée prématurée."
    if evenement.le > add(first.le, 1, Unite.ANS):
        yield "Cette saisine vient plus d’un an après la réclamation écrite\u00a0: le médiateur ne l’examinera sans doute pas."


def _judges(evenement: Evenement, others: list[Evenement]) -> Iterator[str]:
    tried = (_N.CONCILIATION, _N.MEDIATION_TERMINEE)
    if evenement.nature is _N.JUSTICE and not any(e.nature in tried and e.le <= evenement.le for e in others):
        yield (
            "Aucune tentative d’accord n’est notée avant cette demande\u00a0: jusqu’à 5\u202f000\u00a0€, "
            "le juge l’exige (CPC 750-1)."
        )
    agreed = [e for e in others if e.nature is _N.MEDIATION_ACCEPTEE]
    if evenement.nature is _N.MEDIATION_TERMINEE and agreed and evenement.le < agreed[0].le:
        yield f"La médiation finirait avant d’avoir été acceptée, le {en_lettres(agreed[0].le)}."


def _posts(evenement: Evenement, others: list[Evenement]) -> Iterator[str]:
    if evenement.nature in (_N.DISTRIBUE, _N.PRESENTE, _N.REFUSE_POSTE) and evenement.le.weekday() == _DIMANCHE:
        yield "C’est un dimanche\u00a0: la poste ne remet pas de recommandé ce jour-là."
    if evenement.nature not in VIE:
        return
    parent = next((e for e in others if e.id == evenement.suite_de), None)
    if parent is None and any(e.nature in LETTRES for e in others):
        yield "Choisissez la lettre dont ceci est la suite\u00a0: sans elle, aucune date n’en dépend."
    elif parent is not None and parent.nature in LETTRES and parent.canal not in RECOMMANDES:
        yield "La lettre n’est pas notée comme recommandée\u00a0: corrigez son canal si elle l’était."
    if parent is not None and evenement.le > parent.le + timedelta(days=60):
        yield "Deux mois séparent l’envoi de cette date\u00a0: vérifiez-la."


def _twice(evenement: Evenement, others: list[Evenement]) -> Iterator[str]:
    same = (evenement.nature, evenement.le, evenement.canal, evenement.montant, evenement.suite_de)
    if evenement.nature not in (_N.NOTE, _N.ECHANGE) and any(
        (e.nature, e.le, e.canal, e.montant, e.suite_de) == same for e in others
    ):
        yield "Le même événement est déjà noté ce jour-là."


_DOUTES: tuple[Callable[[Evenement, list[Evenement]], Iterator[str]], ...] = (
    _answers, _requests, _complaints, _judges, _posts, _twice,
)  # fmt: skip
