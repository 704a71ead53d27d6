"""A small engine of four rules, until the real one is there."""

from datetime import date, timedelta

from mutuelle_desktop.domain.calendrier import add
from mutuelle_desktop.domain.echeance import Echeance, EtatEcheance, NatureDecision
from mutuelle_desktop.domain.etape import Etape, GenreEtape
from mutuelle_desktop.domain.evenement import NatureEvenement as N
from mutuelle_desktop.domain.regle import Role

RULES = {N.DEMANDE: ("R02",), N.RECLAMATION: ("R09", "R10", "R11", "R12"), N.SOINS: ("R16",)}


def echeances(cas, regles, today):
    out = []
    for e in cas.evenements:
        for name in RULES.get(e.nature, ()):
            loi = regles.at(
                name, e.le, mutuelle_id=cas.mutuelle.id if cas.mutuelle else None, dossier_id=cas.dossier.id
            )
            brute = add(e.le, loi.delai, loi.unite, cas.foyer.zone)
            cle = f"{name}:{e.id}"
            agir = brute - timedelta(days=5) if loi.role is Role.ASSURE else brute + timedelta(days=1)
            done = next((x for x in cas.evenements if x.nature in (N.REPONSE, N.PAIEMENT) and x.le >= e.le), None)
            d = cas.decisions.get(cle)
            if d and d.nature is NatureDecision.FAITE or done:
                etat = EtatEcheance.REMPLIE
            elif d and d.nature is NatureDecision.IGNOREE:
                etat = EtatEcheance.SANS_OBJET
            elif loi.role is Role.ORGANISME:
                etat = EtatEcheance.EN_ATTENTE if today <= brute else EtatEcheance.DEPASSEE
            elif loi.role is Role.OUVERTURE:
                etat = EtatEcheance.A_VENIR if today < agir else EtatEcheance.A_FAIRE
            else:
                first = min([agir, *(brute - timedelta(days=a) for a in loi.alarmes)])
                etat = (
                    (EtatEcheance.A_VENIR if today < first else EtatEcheance.A_FAIRE)
                    if today <= brute
                    else EtatEcheance.DEPASSEE
                )
            out.append(
                Echeance(
                    cle=cle,
                    loi=loi,
                    origine=e.le,
                    brute=brute,
                    agir_le=agir,
                    etat=etat,
                    dossier_id=cas.dossier.id,
                    evenement=e,
                    par=done,
                    decision=d,
                )
            )
    return tuple(sorted(out, key=lambda o: o.brute))


def prochaine_etape(cas, computed, regles, today):
    late = next((o for o in computed if o.role is Role.ORGANISME and o.etat is EtatEcheance.DEPASSEE), None)
    if late:
        return Etape(
            genre=GenreEtape.APPELER,
            titre="Appeler la mutuelle",
            bouton="Appeler",
            raison="Elle est en retard.",
            si_rien="Rien.",
            effet="",
            depuis=late.agir_le,
            echeance_cle=late.cle,
            bande=2,
        )
    if not cas.evenements:
        return Etape(
            genre=GenreEtape.PREPARER,
            titre="Préparer la demande",
            bouton="Préparer",
            raison="r",
            si_rien="s",
            effet="",
            depuis=cas.dossier.ouvert_le,
            bande=5,
        )
    return Etape(
        genre=GenreEtape.ATTENDRE,
        titre="Attendre",
        bouton="Voir",
        raison="r",
        si_rien="s",
        effet="",
        depuis=today,
        bande=0,
    )
