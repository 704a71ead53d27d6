"""What each situation of a dossier calls for, looked at in order: the first that sees something decides the step."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from mutuelle_desktop.domain.calendrier import en_lettres
from mutuelle_desktop.domain.cas import Echeance, EtatEcheance
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.echelle import CHOIX, EFFETS, Etape, GenreEtape, Vue, etape_of
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement
from mutuelle_desktop.domain.faits import REPONSES, is_ecrit, masque
from mutuelle_desktop.domain.mediation import answered_proposition
from mutuelle_desktop.domain.reclamation import Ouverture, ouverture
from mutuelle_desktop.domain.regle import Role

_N = NatureEvenement
_G = GenreEtape
_PRESCRIPTIONS = ("R16", "R17", "R18")
_URGENCES: dict[str, tuple[GenreEtape, int]] = {
    "R12": (_G.SAISIR_MEDIATEUR, 1),
    "R15": (_G.REPONDRE_PROPOSITION, 1),
    "R16": (_G.INTERROMPRE, 1),
    "R17": (_G.INTERROMPRE, 1),
    "R18": (_G.INTERROMPRE, 1),
    "R20.piece": (_G.FOURNIR_PIECE, 3),
    "R26": (_G.ENVOYER, 5),
    "R34": (_G.VERIFIER, 6),
    "R34.enfant": (_G.VERIFIER, 6),
    "R34.senior": (_G.VERIFIER, 6),
    "R35.retrait": (_G.VERIFIER, 3),
}
"""The step and band of a limit of the person that is near; the others are to be sent, band 1."""
_SUITE_ORGANISME: dict[str, GenreEtape] = {
    "R22.solde": _G.RELANCER,
    "R29.proposition": _G.RELANCER,
    "R31": _G.RELANCER,
    "R31.prolongation": _G.RELANCER,
}
_ENVOIS = masque(
    _N.DEMANDE, _N.COMPLEMENT, _N.DECOMPTE_SECU, _N.RECLAMATION, _N.MISE_EN_DEMEURE, _N.RESILIATION, _N.ACCES_DONNEES
)
_MEDIATION = masque(_N.SAISINE, _N.SAISINE_RECUE, _N.SAISINE_NOTIFIEE, _N.MEDIATION_ACCEPTEE)
_PROPOSITION, _PIECE, _COMPLEMENT = masque(_N.PROPOSITION), masque(_N.PIECE_DEMANDEE), masque(_N.COMPLEMENT)
_TERMINEE, _IRRECEVABLE = masque(_N.MEDIATION_TERMINEE), masque(_N.SAISINE_IRRECEVABLE)
_JUGE = masque(_N.JUSTICE, _N.CONCILIATION)
_ECHANGE, _SOINS = masque(_N.ECHANGE), masque(_N.SOINS, _N.ACHAT_OPTIQUE, _N.ACHAT_AUDIO)
_DUS = masque(_N.SOINS, _N.DEMANDE, _N.RECLAMATION)
_ATTENTES = ("R01", "R02", "R03", "R04", "R05.annonce")


def _urgence(vue: Vue) -> Etape | None:
    """Return the nearest irreversible limit of the person."""
    for echeance in vue.pending(Role.ASSURE):
        if echeance.etat is EtatEcheance.A_FAIRE:
            genre, bande = _URGENCES.get(echeance.regle, (_G.ENVOYER, 1))
            if bande == 1:
                return etape_of(echeance, genre, bande, raison=_tight(echeance, vue.today))
    return None


def _tight(echeance: Echeance, today: date) -> str:
    """Return the words of a limit so near that the post would not carry a letter in time."""
    limite = echeance.fixee_le or echeance.brute
    if not echeance.loi.par_courrier or today <= echeance.agir_le:
        return ""
    return (
        f"{echeance.titre}\u00a0: le {en_lettres(limite)}. La poste n’est plus assez sûre\u00a0: envoyez aujourd’hui, "
        "par voie électronique si c’est possible."
    )


def _paye(vue: Vue) -> Etape | None:
    faits = vue.faits
    if not faits.soldes:
        return None
    solde = faits.soldes[-1]
    if any(faits.rang[e.id] > faits.rang[solde.id] for e in faits.of(_DUS)):
        return None
    raison = f"Payé le {en_lettres(solde.le)}\u00a0: il ne manque rien de ce qui était attendu."
    return _plain(
        _G.CLORE, vue.today, 6, "Clore le dossier", "Clore", raison,
        "Le dossier reste ouvert, sans conséquence.", depuis=solde.le,
    )  # fmt: skip


def _juge(vue: Vue) -> Etape | None:
    found = vue.faits.of(_JUGE)
    if not found:
        return None
    last = found[-1]
    raison = f"{last.nature.capitalize()} le {en_lettres(last.le)}\u00a0: la suite dépend de lui."
    return _plain(
        _G.ATTENDRE, vue.today, 0, "Attendre la suite", "Noter la suite", raison, "", depuis=last.le,
        choix=(_G.VERIFIER, _G.CLORE),
    )  # fmt: skip


def _mediateur(vue: Vue) -> Etape | None:
    """Return what the médiateur's procedure calls for, from the last thing that happened in it."""
    faits = vue.faits
    happened = faits.of(_MEDIATION | _PROPOSITION | _TERMINEE | _IRRECEVABLE)
    if not happened:
        return None
    last = happened[-1]
    if last.nature is _N.MEDIATION_TERMINEE or last.nature is _N.SAISINE_IRRECEVABLE:
        return _after_mediation(vue, last)
    proposals = faits.of(_PROPOSITION)
    if proposals and answered_proposition(faits, proposals[-1]) is None:
        return _proposal(vue, proposals[-1])
    for regle_id in ("R13", "R14"):
        late = vue.first(regle_id, EtatEcheance.DEPASSEE)
        if late is not None and not _called_since(vue, late.brute):
            raison = f"{late.titre}\u00a0: à recevoir le {en_lettres(late.brute)}, sans nouvelle depuis."
            return etape_of(late, _G.APPELER, 2, raison=raison)
    awaited = vue.first("R14", EtatEcheance.EN_ATTENTE) or vue.first("R13", EtatEcheance.EN_ATTENTE)
    until = f" Sa réponse est attendue au plus tard le {en_lettres(awaited.brute)}." if awaited else ""
    raison = f"{_name(last)} le {en_lettres(last.le)}.{until}"
    waiting = _plain(
        _G.ATTENDRE_MEDIATEUR, vue.today, 0, "Attendre le médiateur", "Noter une nouvelle", raison, "", depuis=last.le
    )
    return replace(waiting, echeance_cle=awaited.cle if awaited else None)


def _proposal(vue: Vue, proposition: Evenement) -> Etape:
    limite = vue.opened("R15") or vue.first("R15", EtatEcheance.A_VENIR)
    if limite is not None:
        return etape_of(limite, _G.REPONDRE_PROPOSITION, 3, depuis=proposition.le)
    raison = f"Proposition du {en_lettres(proposition.le)}\u00a0; le jour limite n’est pas noté\u00a0: il est dans la lettre."
    return _plain(
        _G.REPONDRE_PROPOSITION, vue.today, 3, "Accepter ou refuser la proposition", "Répondre", raison,
        "Un silence vaut refus le plus souvent.", depuis=proposition.le,
    )  # fmt: skip


def _after_mediation(vue: Vue, last: Evenement) -> Etape:
    window = ouverture(vue.faits)
    open_still = window is not None and window.ouvre_le <= vue.today <= window.ferme_le
    irrecevable = last.nature is _N.SAISINE_IRRECEVABLE
    again = "\u00a0; si le motif peut être corrigé, il peut être saisi de nouveau" if irrecevable and open_still else ""
    raison = f"{_name(last)} le {en_lettres(last.le)}, sans paiement complet{again}."
    step = _plain(
        _G.CONCILIER, vue.today, 2, "Saisir un conciliateur de justice, gratuit", "Saisir le conciliateur", raison,
        "La prescription reprend son compte\u00a0: au moins six mois après une médiation acceptée.", depuis=last.le,
    )  # fmt: skip
    ways = (_G.SAISIR_MEDIATEUR, *step.choix) if again else step.choix
    amiable = vue.first("R40", EtatEcheance.A_FAIRE, EtatEcheance.A_VENIR)
    return replace(step, choix=ways, echeance_cle=amiable.cle if amiable else None)


def _piece(vue: Vue) -> Etape | None:
    asked = vue.faits.of(_PIECE)
    if not asked or vue.faits.first_after(asked[-1], _COMPLEMENT | REPONSES) is not None:
        return None
    limite = vue.opened("R20.piece") or vue.first("R20.piece", EtatEcheance.A_VENIR)
    if limite is not None:
        return etape_of(limite, _G.FOURNIR_PIECE, 3, depuis=asked[-1].le)
    raison = (
        f"La mutuelle a demandé une pièce le {en_lettres(asked[-1].le)}\u00a0; son délai repart quand vous l’envoyez."
    )
    return _plain(
        _G.FOURNIR_PIECE, vue.today, 3, "Envoyer la pièce demandée", "Ajouter la pièce", raison,
        "Le dossier reste arrêté, et la prescription continue de courir.", depuis=asked[-1].le,
    )  # fmt: skip


def _reponse(vue: Vue) -> Etape | None:
    """Return what an answer calls for when nothing was sent since: complaint, médiateur, or a look at it."""
    faits = vue.faits
    answers, sent = faits.of(REPONSES), faits.of(_ENVOIS)
    if not answers or (sent and faits.rang[sent[-1].id] > faits.rang[answers[-1].id]):
        return None
    last = answers[-1]
    if last.nature is _N.REPONSE:
        raison = f"Réponse reçue le {en_lettres(last.le)}\u00a0: dit-elle tout ce qui était demandé\u00a0?"
        return _plain(
            _G.VERIFIER, vue.today, 6, "Lire la réponse", "Ouvrir la réponse", raison,
            "Une réponse incomplète passe pour acceptée.", depuis=last.le,
        )  # fmt: skip
    window = ouverture(faits)
    if window is None or faits.rang[window.reclamation.id] > faits.rang[last.id]:
        return _refused(vue, last)
    return _to_mediateur(vue, window, last)


def _refused(vue: Vue, refus: Evenement) -> Etape:
    early = " Le médiateur demande d’abord une réclamation écrite." if refus.nature is _N.REFUS_DEFINITIF else ""
    raison = f"{_name(refus)} reçu le {en_lettres(refus.le)}\u00a0: une réclamation écrite peut partir dès maintenant.{early}"
    return _plain(
        _G.RECLAMER, vue.today, 2, "Écrire une réclamation", "Écrire la réclamation", raison,
        "Tant qu’aucune réclamation écrite n’est partie, aucun délai ne court vers le médiateur.", depuis=refus.le,
    )  # fmt: skip


def _to_mediateur(vue: Vue, window: Ouverture, refus: Evenement | None) -> Etape | None:
    """Return the médiateur's step once he is open, the wait for it before, the conciliateur's after."""
    if vue.today > window.ferme_le:
        amiable = vue.first("R40", EtatEcheance.A_FAIRE, EtatEcheance.A_VENIR)
        raison = f"Le médiateur ne pouvait être saisi que jusqu’au {en_lettres(window.ferme_le)}."
        return etape_of(amiable, _G.CONCILIER, 2, raison=raison) if amiable else None
    opening = vue.first("R11", EtatEcheance.A_FAIRE)
    if opening is not None:
        warned = (
            " Certains médiateurs attendent tout de même deux mois après la réclamation."
            if window.refus is not None
            else ""
        )
        raison = (
            f"Réclamation du {en_lettres(window.reclamation.le)}\u00a0: le médiateur peut être saisi jusqu’au "
            f"{en_lettres(window.ferme_le)}.{warned}"
        )
        return etape_of(opening, _G.SAISIR_MEDIATEUR, 2, raison=raison)
    coming = vue.first("R11", EtatEcheance.A_VENIR)
    if refus is None or coming is None:
        return None
    oral = "" if is_ecrit(refus) else " Un refus de vive voix ne suffit pas\u00a0: demandez-le par écrit."
    raison = (
        f"{_name(refus)} le {en_lettres(refus.le)}\u00a0; le médiateur s’ouvre le {en_lettres(coming.agir_le)}.{oral}"
    )
    wait = _plain(
        _G.ATTENDRE, vue.today, 0, "Attendre l’ouverture du médiateur", "Préparer la saisine", raison,
        coming.consequence, depuis=refus.le, choix=(_G.RECLAMER, _G.RELANCER),
    )  # fmt: skip
    return replace(wait, echeance_cle=coming.cle)


def _reclamation(vue: Vue) -> Etape | None:
    """Return what an unanswered complaint calls for, beside the formal notice that the delay may allow."""
    window = ouverture(vue.faits)
    if window is None:
        return None
    awaited = vue.first("R10", EtatEcheance.EN_ATTENTE, EtatEcheance.DEPASSEE)
    step = _to_mediateur(vue, window, None)
    if step is not None:
        return step
    formal = vue.opened("R07")
    if formal is not None:
        return etape_of(formal, _G.METTRE_EN_DEMEURE, 2)
    missing = vue.first("R09", EtatEcheance.DEPASSEE)
    if missing is not None and not _called_since(vue, missing.brute):
        return etape_of(missing, _G.APPELER, 2)
    return _wait(vue, awaited) if awaited is not None else None


def _relances(vue: Vue) -> Etape | None:
    """Return the highest step of the ladder that is open, while no written complaint exists."""
    formal = vue.opened("R07")
    if formal is not None:
        return etape_of(formal, _G.METTRE_EN_DEMEURE, 2)
    for regle_id in ("R06.reclamation", "R08"):
        complaint = vue.opened(regle_id)
        if complaint is not None:
            return etape_of(complaint, _G.RECLAMER, 2, titre="Écrire une réclamation", bouton="Écrire la réclamation")
    reminder = vue.opened("R06")
    if reminder is not None:
        return etape_of(reminder, _G.RELANCER, 2)
    call = vue.opened("R05")
    if call is not None:
        promised = any(pas.regle is not None and pas.regle.id == "R05.annonce" for pas in call.trace)
        return etape_of(call, _G.APPELER, 4 if promised else 2)
    for regle_id in _ATTENTES:
        awaited = vue.first(regle_id, EtatEcheance.EN_ATTENTE, EtatEcheance.DEPASSEE)
        if awaited is not None:
            return _wait(vue, awaited)
    return None


def _autres(vue: Vue) -> Etape | None:
    """Return what the other procedures call for: what is late on their side, then what is to be sent."""
    for regle_id, genre in _SUITE_ORGANISME.items():
        late = vue.first(regle_id, EtatEcheance.DEPASSEE)
        if late is not None:
            return etape_of(late, genre, 2)
    for echeance in vue.pending(Role.ASSURE):
        genre, bande = _URGENCES.get(echeance.regle, (_G.ENVOYER, 5))
        if echeance.regle not in (*_PRESCRIPTIONS, "R12", "R19") and echeance.etat is not EtatEcheance.DEPASSEE:
            ready = echeance.etat is EtatEcheance.A_FAIRE or genre is _G.ENVOYER
            if ready:
                depuis = echeance.evenement.le if echeance.evenement else vue.today
                return etape_of(echeance, genre, max(bande, 3), depuis=depuis)
    for regle_id in _SUITE_ORGANISME:
        awaited = vue.first(regle_id, EtatEcheance.EN_ATTENTE)
        if awaited is not None:
            return _wait(vue, awaited)
    return None


def _envoi(vue: Vue) -> Etape | None:
    """Return what is to be sent when nothing was."""
    faits = vue.faits
    if faits.has(_ENVOIS):
        return None
    if faits.cas.dossier.nature is NatureDossier.RECLAMATION:
        return _plain(
            _G.RECLAMER, vue.today, 5, "Écrire la réclamation", "Écrire la réclamation",
            "Aucune réclamation écrite n’est encore partie.",
            "Aucun délai ne court vers le médiateur.", depuis=vue.today,
        )  # fmt: skip
    soins = faits.of(_SOINS)
    if not soins:
        return _plain(
            _G.PREPARER, vue.today, 5, "Préparer la demande", "Préparer la demande",
            "Rien n’a encore été demandé à la mutuelle.",
            "Aucun délai ne court.", depuis=faits.evenements[0].le,
        )  # fmt: skip
    limite = vue.first("R20", EtatEcheance.A_VENIR, EtatEcheance.A_FAIRE, EtatEcheance.DEPASSEE)
    limite = limite or next((vue.first(r, EtatEcheance.A_VENIR, EtatEcheance.A_FAIRE) for r in _PRESCRIPTIONS), None)
    until = f"\u00a0; à envoyer avant le {en_lettres(limite.brute)}" if limite else ""
    step = _plain(
        _G.ENVOYER, vue.today, 5, "Envoyer la demande à la mutuelle", "Préparer l’envoi",
        f"Soins du {en_lettres(soins[0].le)}, rien n’est encore parti vers la mutuelle{until}.",
        limite.consequence if limite else "Aucun délai ne court.", depuis=soins[0].le,
    )  # fmt: skip
    return replace(step, echeance_cle=limite.cle if limite else None)


def _prescrit(vue: Vue) -> Etape | None:
    lost = next((found for r in _PRESCRIPTIONS if (found := vue.first(r, EtatEcheance.DEPASSEE))), None)
    if lost is None:
        return None
    raison = f"Le délai pour agir semble terminé depuis le {en_lettres(lost.brute)}\u00a0: vérifiez si un fait manque au dossier."
    return etape_of(lost, _G.VERIFIER, 6, titre="Vérifier la prescription", bouton="Voir les dates", raison=raison)


def _wait(vue: Vue, awaited: Echeance) -> Etape:
    """Return the wait for what the mutuelle owes, with the day the next step opens; never in the to-do list."""
    suite = next(
        (e for e in vue.pending(Role.OUVERTURE) if e.etat is EtatEcheance.A_VENIR and e.agir_le > vue.today), None
    )
    then = f" Ensuite, à partir du {en_lettres(suite.agir_le)}\u00a0: {_lower(suite.loi.action)}." if suite else ""
    passed = awaited.etat is EtatEcheance.DEPASSEE
    state = "la réponse était attendue" if passed else "la mutuelle a jusqu’au"
    day = f"le {en_lettres(awaited.brute)}" if passed else f"{en_lettres(awaited.brute)} pour répondre"
    step = _plain(
        _G.ATTENDRE, vue.today, 0, "Attendre la mutuelle", "Noter une nouvelle",
        f"{awaited.titre}\u00a0: {state} {day}.{then}", awaited.consequence, depuis=awaited.origine,
    )  # fmt: skip
    return replace(step, echeance_cle=awaited.cle)


def _plain(  # noqa: PLR0917 - a table of words reads better without their names
    genre: GenreEtape, today: date, bande: int, titre: str, bouton: str, raison: str, si_rien: str, *,
    depuis: date | None = None, choix: tuple[GenreEtape, ...] | None = None,
) -> Etape:  # fmt: skip
    return Etape(
        genre=genre, titre=titre, bouton=bouton, raison=raison, si_rien=si_rien, effet=EFFETS.get(genre, ""),
        depuis=depuis or today, bande=bande, choix=CHOIX.get(genre, ()) if choix is None else choix,
    )  # fmt: skip


def _called_since(vue: Vue, day: date) -> bool:
    return any(e.le > day for e in vue.faits.of(_ECHANGE))


def _name(evenement: Evenement) -> str:
    return evenement.nature[:1].upper() + evenement.nature[1:]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


REGARDS: tuple[Callable[[Vue], Etape | None], ...] = (
    _urgence, _paye, _juge, _mediateur, _piece, _reponse, _reclamation, _relances, _autres, _envoi, _prescrit,
)  # fmt: skip
"""In order: what cannot be repaired, what is over, what others hold, what is missing, what was answered, the ladder."""
