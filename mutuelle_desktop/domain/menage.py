"""The deadlines of the household, outside any dossier: contracts, coming of age, mandates (R21, R23, R37 to R39)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from mutuelle_desktop.domain.calendrier import Foyer, add
from mutuelle_desktop.domain.cas import Cadre, Echeance, EtatEcheance, Pas
from mutuelle_desktop.domain.contrat import Contrat, Couverture
from mutuelle_desktop.domain.decision import Decision
from mutuelle_desktop.domain.faits import Contexte, standing
from mutuelle_desktop.domain.mandat import Mandat
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.domain.regle import Regle, Regles
from mutuelle_desktop.domain.situation import next_anniversary

_ADULTE_DEPUIS = 90
"""Days after a birthday during which the missing mandate is still told."""


def menage(  # noqa: PLR0917 - the household's facts, one table each
    personnes: Iterable[Personne],
    contrats: Iterable[Contrat],
    couvertures: Iterable[Couverture],
    mandats: Iterable[Mandat],
    decisions: Mapping[str, Decision],
    regles: Regles,
    foyer: Foyer,
    today: date,
) -> Iterator[Echeance]:
    """Yield the deadlines of the people, their contracts, what covers them and their mandates."""
    contexte = Contexte(regles=regles, foyer=foyer, decisions=decisions, today=today)
    known = {contrat.id: contrat for contrat in contrats}
    given = tuple(mandats)
    for contrat in known.values():
        yield from _contrat(contexte, contrat)
    for couverture in couvertures:
        yield from _couverture(contexte, couverture, known.get(couverture.contrat_id))
    for personne in personnes:
        yield from _majorite(contexte, personne, given)
    for mandat in given:
        yield from _mandat(contexte, mandat, given)


def _contrat(contexte: Contexte, contrat: Contrat) -> Iterator[Echeance]:
    today = contexte.today
    if contrat.fin is not None and contrat.fin < today:
        return
    if contrat.debut is not None and not contrat.obligatoire:
        regle = _regle(contexte, "R21", contrat.debut, contrat)
        yield _make(contexte, regle, contrat.id, contrat.debut, "Contrat souscrit le {jour}.", contrat_id=contrat.id)
    if contrat.echeance is not None and not contrat.obligatoire:
        yield from _reconduction(contexte, contrat, contrat.echeance)
    if contrat.fin is not None:
        regle = _regle(contexte, "R39", contrat.fin, contrat)
        yield _make(contexte, regle, contrat.id, contrat.fin, "Le contrat prend fin le {jour}.", contrat_id=contrat.id)


def _reconduction(contexte: Contexte, contrat: Contrat, anniversaire: date) -> Iterator[Echeance]:
    """Yield the last day to refuse the next renewal that can still be refused; a key of its own each year."""
    today = contexte.today
    echeance = next_anniversary(anniversaire, today)
    regle = _regle(contexte, "R23", today, contrat)
    if add(echeance, regle.delai or 0, regle.unite) < today:
        echeance = next_anniversary(anniversaire, date(echeance.year + 1, 1, 1))
    if contrat.fin is not None and contrat.fin <= echeance:
        return
    cle = f"{contrat.id}:{echeance.year}"
    yield _make(contexte, regle, cle, echeance, "Le contrat se renouvelle le {jour}.", contrat_id=contrat.id)


def _couverture(contexte: Contexte, couverture: Couverture, contrat: Contrat | None) -> Iterator[Echeance]:
    fin = couverture.jusqu_au
    ends_with_contract = contrat is not None and contrat.fin is not None and fin is not None and contrat.fin <= fin
    if fin is None or fin < contexte.today or ends_with_contract:
        return
    regle = _regle(contexte, "R39", fin, contrat)
    yield _make(
        contexte, regle, couverture.id, fin, "La couverture prend fin le {jour}.",
        contrat_id=couverture.contrat_id, personne_id=couverture.personne_id,
    )  # fmt: skip


def _majorite(contexte: Contexte, personne: Personne, mandats: tuple[Mandat, ...]) -> Iterator[Echeance]:
    """Yield the day a child comes of age; done when a mandate of theirs runs past it."""
    if personne.naissance is None:
        return
    regle = _regle(contexte, "R37", contexte.today, None)
    jour = add(personne.naissance, regle.delai or 0, regle.unite)
    if (contexte.today - jour).days > _ADULTE_DEPUIS:
        return
    held = any(
        m.mandant_id == personne.id and m.revoque_le is None and (m.au is None or m.au > max(jour, contexte.today))
        for m in mandats
    )
    motif = "Un mandat est déjà signé" if held else ""
    yield _make(
        contexte, regle, personne.id, personne.naissance, "Naissance le {jour}.",
        personne_id=personne.id, etat=EtatEcheance.REMPLIE if held else None, motif=motif,
    )  # fmt: skip


def _mandat(contexte: Contexte, mandat: Mandat, mandats: tuple[Mandat, ...]) -> Iterator[Echeance]:
    if mandat.au is None or mandat.au < contexte.today:
        return
    au = mandat.au
    regle = _regle(contexte, "R38", mandat.au, None)
    renewed = any(
        other.id != mandat.id
        and (other.mandant_id, other.mandataire_id) == (mandat.mandant_id, mandat.mandataire_id)
        and other.mutuelle_id in (None, mandat.mutuelle_id)
        and other.revoque_le is None
        and (other.au is None or other.au > au)
        for other in mandats
    )
    etat, motif = (EtatEcheance.REMPLIE, "Un autre mandat prend la suite") if renewed else (None, "")
    if mandat.revoque_le is not None:
        etat, motif = EtatEcheance.SANS_OBJET, "Le mandat a été révoqué"
    yield _make(
        contexte, regle, mandat.id, au, "Le mandat prend fin le {jour}.",
        personne_id=mandat.mandant_id, etat=etat, motif=motif,
    )  # fmt: skip


def _regle(contexte: Contexte, regle_id: str, on: date, contrat: Contrat | None) -> Regle:
    return contexte.regles.at(regle_id, on, mutuelle_id=contrat.mutuelle_id if contrat else None)


def _make(
    contexte: Contexte, regle: Regle, cle: str, origine: date, mots: str, *,
    etat: EtatEcheance | None = None, motif: str = "", personne_id: str | None = None, contrat_id: str | None = None,
) -> Echeance:  # fmt: skip
    trace = (Pas(mots, origine), Pas("", origine, None, regle, regle.delai or 0, regle.unite))
    brute = add(origine, regle.delai or 0, regle.unite, contexte.foyer.zone)
    decision = contexte.decisions.get(f"{regle.id}:{cle}")
    cadre = Cadre(personne_id=personne_id, contrat_id=contrat_id, foyer=contexte.foyer)
    etat = etat or standing(contexte, regle, brute, decision)
    return Echeance(
        f"{regle.id}:{cle}", regle, origine, brute, etat, cadre, trace=trace, motif=motif, decision=decision
    )
