"""What is known of a dossier, in the words a question to the mutuelle needs; the questions that ship."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from mutuelle_desktop.domain.appel import ModeleQuestion, Question, Replique, questions_for
from mutuelle_desktop.domain.document import Document, Piece, TypeDocument
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier, montant_recu
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.storage.library import Reader
from mutuelle_desktop.storage.resources import resource
from mutuelle_desktop.storage.schema import evenement, piece

_N = NatureEvenement
REFUS = (_N.REFUS, _N.REFUS_DEFINITIF)
_REPONDU = (_N.REPONSE_PARTIELLE, _N.REPONSE, _N.PAIEMENT, _N.REFUS, _N.REFUS_DEFINITIF)


@dataclass(frozen=True, slots=True)
class Modeles:
    """What ships for calls: a goal for each nature, questions, and what to say when it goes badly."""

    objectifs: dict[NatureDossier, str]
    questions: tuple[ModeleQuestion, ...]
    repliques: tuple[Replique, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """A dossier with its events and papers: mots fill a question, vrais are the conditions that hold."""

    dossier: Dossier
    evenements: tuple[Evenement, ...]
    documents: tuple[Document, ...] = ()
    mots: dict[str, str] = field(default_factory=dict)
    vrais: frozenset[str] = frozenset()

    def questions(self) -> tuple[Question, ...]:
        """Return the questions to ask, filled with what is known."""
        return questions_for(modeles().questions, self.dossier.nature, self.mots, self.vrais)

    def objectif(self) -> str:
        """Return the goal proposed for this nature of dossier."""
        return modeles().objectifs[self.dossier.nature].replace("{soin}", self.mots["soin"])


@cache
def modeles() -> Modeles:
    """Return the questions that ship (resources/appels/questions.toml)."""
    index = tomllib.loads(resource("appels/questions.toml").read_text("utf-8"))
    questions = tuple(
        ModeleQuestion(
            id=q["id"], texte=q["texte"], sinon=tuple(q.get("sinon", ())), pourquoi=q["pourquoi"],
            natures=tuple(NatureDossier(n) for n in q.get("natures", ())), si=tuple(q.get("si", ())),
        )
        for q in index["question"]
    )  # fmt: skip
    repliques = tuple(Replique(**entry) for entry in index["replique"])
    return Modeles({NatureDossier(n): text for n, text in index["objectif"].items()}, questions, repliques)


def situation_of(db: Reader, dossier: Dossier, today: date) -> Situation:
    """Return what is known of a dossier that day."""
    found = db.all(Evenement, evenement.c.dossier_id == dossier.id, order=(evenement.c.le, evenement.c.heure))
    held = db.all(Piece, piece.c.dossier_id == dossier.id, order=piece.c.rang)
    papers = [d for d in (db.get(Document, p.document_id) for p in held) if d is not None and d.supprime_le is None]
    who = db.get(Personne, dossier.personne_id) if dossier.personne_id else None
    promise = _broken_promise(found, today)
    recu = montant_recu(found)
    manque = (dossier.montant_attendu or Decimal(0)) - recu if recu else Decimal(0)
    days = {
        "date": _care(found, papers), "demande_le": _last(found, _N.DEMANDE), "refus_le": _last(found, *REFUS),
        "reclamation_le": _last(found, _N.RECLAMATION), "resiliation_le": _last(found, _N.RESILIATION),
        "promis_le": promise,
    }  # fmt: skip
    amounts = {
        "paye": dossier.montant_paye, "secu": dossier.montant_secu, "attendu": dossier.montant_attendu,
        "recu": recu or None, "manque": manque if manque > 0 else None,
    }  # fmt: skip
    holds = {
        "refus": _open(found, REFUS, (_N.PAIEMENT, _N.RECONNAISSANCE)),
        "piece_demandee": _open(found, (_N.PIECE_DEMANDEE,), (_N.COMPLEMENT,)),
        "promesse_passee": promise is not None,
        "manque": manque > 0,
        "reclamation": days["reclamation_le"] is not None,
        "demande": days["demande_le"] is not None,
    }
    return Situation(
        dossier=dossier,
        evenements=tuple(found),
        documents=tuple(papers),
        mots={
            "soin": dossier.titre,
            "personne": who.prenom or who.nom if who else "",
            **{name: f"{day:%d/%m/%Y}" if day else "" for name, day in days.items()},
            **{name: euros(amount) for name, amount in amounts.items()},
        },
        vrais=frozenset(name for name, true in holds.items() if true),
    )


def euros(amount: Decimal | None) -> str:
    """Return « 1 234,56 € » with the spaces that do not break; nothing for no amount."""
    if amount is None:
        return ""
    whole, _, cents = f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):f}".partition(".")
    return f"{int(whole):,}".replace(",", "\u202f") + f",{cents}\u00a0€"


def is_open(evenements: Sequence[Evenement], nature: NatureEvenement, *answers: NatureEvenement) -> bool:
    """Tell whether an event of this nature waits for one of these answers."""
    return _open(evenements, (nature,), answers)


def _open(
    found: Sequence[Evenement], natures: tuple[NatureEvenement, ...], answers: tuple[NatureEvenement, ...]
) -> bool:
    decisive = [e.nature for e in found if e.nature in (*natures, *answers)]
    return bool(decisive) and decisive[-1] in natures


def _last(found: Sequence[Evenement], *natures: NatureEvenement) -> date | None:
    return next((e.le for e in reversed(found) if e.nature in natures), None)


def _care(found: Sequence[Evenement], papers: Sequence[Document]) -> date | None:
    invoices = [d.date_document for d in papers if d.type is TypeDocument.FACTURE and d.date_document]
    return _last(found, _N.SOINS) or (invoices[0] if len(invoices) == 1 else None)


def _broken_promise(found: Sequence[Evenement], today: date) -> date | None:
    """Return the day last promised when it is past and nothing came since."""
    promised = [(number, e) for number, e in enumerate(found) if e.promis_le is not None]
    if not promised:
        return None
    number, last = promised[-1]
    answered = any(e.nature in _REPONDU for e in found[number + 1 :])
    return last.promis_le if last.promis_le and last.promis_le < today and not answered else None
