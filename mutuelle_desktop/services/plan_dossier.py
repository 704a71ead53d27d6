"""What an evidence file will hold, in what order and under which numbers; whether a médiateur finds all he asks for."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mutuelle_desktop.domain.cas import Cas
from mutuelle_desktop.domain.courrier import Courrier, EtatCourrier, jour_en_lettres
from mutuelle_desktop.domain.document import Document, Piece, TypeDocument
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import RECOMMANDES, Evenement, NatureEvenement, Sens
from mutuelle_desktop.domain.mandat import EtatMandat, Mandat
from mutuelle_desktop.rendering.sommaire import Exige, Pas
from mutuelle_desktop.services import modeles
from mutuelle_desktop.services.champs import REPONSES, Situation, mediateur_of, read_situation
from mutuelle_desktop.services.faits import read_cas
from mutuelle_desktop.services.questions import euros
from mutuelle_desktop.storage.index import plain
from mutuelle_desktop.storage.library import Library, Reader
from mutuelle_desktop.storage.schema import TABLE_OF, courrier, mandat, piece

_N = NatureEvenement
_T = TypeDocument


class Pour(StrEnum):
    """Whom the file is for; what is private is only in one's own."""

    MUTUELLE = "mutuelle"
    MEDIATEUR = "médiateur"
    MOI = "moi"


@dataclass(frozen=True, kw_only=True, slots=True)
class Element:
    """One paper of the file: what it is stamped with and called."""

    document: Document
    etiquette: str
    titre: str
    jour: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """All that the file will hold; letters come first, then the enclosures by their numbers."""

    dossier: Dossier
    pour: Pour
    jour: date
    lettres: tuple[Element, ...] = ()
    pieces: tuple[Element, ...] = ()
    garde: tuple[tuple[str, str], ...] = ()
    avis: tuple[str, ...] = ()
    exigence: str = ""
    completude: tuple[Exige, ...] = ()
    chronologie: tuple[Pas, ...] = ()

    @property
    def elements(self) -> tuple[Element, ...]:
        """Return the papers in the order they are bound."""
        return (*self.lettres, *self.pieces)

    @property
    def titre(self) -> str:
        """Return what stands on the cover."""
        return f"Dossier {self.dossier.reference}"

    @property
    def manques(self) -> tuple[str, ...]:
        """Return what a médiateur would ask for and would not find."""
        return tuple(line.quoi for line in self.completude if not line.present)


def plan_of(
    library: Library, dossier_id: str, pour: Pour, today: date, *, sans: Collection[str] = (),
    courrier_id: str | None = None,
) -> Plan:  # fmt: skip
    """Return what the file would hold; enclosures have the numbers of one letter, then those that follow."""
    with library.read() as db:
        cas = read_cas(db, dossier_id)
        situation = read_situation(db, cas)
        written = db.all(
            Courrier, courrier.c.dossier_id == dossier_id, courrier.c.etat != EtatCourrier.BROUILLON,
            order=(courrier.c.jour, courrier.c.final_le),
        )  # fmt: skip
        guide = _guide(db, written, pour, courrier_id)
        papers = _papers(db, dossier_id, guide, {*sans, *(c.document_id for c in written)})
        frozen = [(c, d) for c in written if c.document_id and (d := db.get(Document, c.document_id))]
        mandates = db.all(Mandat, mandat.c.mandant_id == cas.dossier.personne_id) if cas.dossier.personne_id else []
    lettres = tuple(
        Element(document=d, etiquette=f"Lettre n°\u00a0{rank}", titre=_title(d), jour=f"{c.jour:%d/%m/%Y}")
        for rank, (c, d) in enumerate(
            [(c, d) for c, d in frozen if d.supprime_le is None and d.id not in sans], start=1
        )
    )
    pieces = tuple(
        Element(document=d, etiquette=f"Pièce n°\u00a0{rank}", titre=_title(d),
                jour=f"{d.date_document:%d/%m/%Y}" if d.date_document else "")
        for rank, d in enumerate(papers, start=1)
    )  # fmt: skip
    if not lettres and not pieces:
        raise Refused("Ce dossier n’a encore ni papier ni lettre\u00a0: ajoutez-y d’abord ses pièces.")
    seizing = pour is Pour.MEDIATEUR
    numbers = {one.document.id: one.etiquette for one in (*lettres, *pieces)}
    ask = _Demande(situation, cas, numbers, pieces, tuple(written), tuple(mandates), today)
    return Plan(
        dossier=cas.dossier, pour=pour, jour=today, lettres=lettres, pieces=pieces,
        garde=tuple(_cover(situation, cas, pour, today)),
        avis=() if pour is Pour.MOI else ("Ce dossier ne contient que des copies. Les originaux sont conservés.",),
        exigence=_EXIGENCE if seizing else "",
        completude=tuple(ask.lines()) if seizing else (),
        chronologie=tuple(_story(cas, numbers, pour)),
    )  # fmt: skip


_EXIGENCE = "Éléments demandés par les médiateurs de la consommation pour étudier une demande."
_PRIVATE = (_N.NOTE,)


def _guide(db: Reader, written: Sequence[Courrier], pour: Pour, courrier_id: str | None) -> Courrier | None:
    """Return the letter whose enclosures give the numbers: the one named, else the last that goes with the file."""
    if courrier_id is not None:
        return db.get(Courrier, courrier_id)
    last = [value for value in reversed(written) if value.pieces]
    if pour is Pour.MEDIATEUR:
        last.sort(key=lambda value: not _seizes(value.modele))  # stable: the last of each stays first
    return last[0] if last else None


def _papers(db: Reader, dossier_id: str, guide: Courrier | None, sans: Collection[str | None]) -> list[Document]:
    held = db.all(Piece, piece.c.dossier_id == dossier_id, order=(piece.c.rang, piece.c.id))
    wanted = dict.fromkeys((*(guide.pieces if guide else ()), *(p.document_id for p in held)))
    found = {d.id: d for d in db.all(Document, TABLE_OF[Document].c.id.in_(wanted))}
    return [found[key] for key in wanted if key in found and key not in sans and found[key].supprime_le is None]


def _cover(situation: Situation, cas: Cas, pour: Pour, today: date) -> Iterator[tuple[str, str]]:
    who, mutuelle, dossier = situation.auteur, cas.mutuelle, cas.dossier
    if who is not None:
        home = who.adresse or (situation.assure.adresse if situation.assure else "")
        yield "Demandeur", _block(who.nom_complet, home, who.telephone, who.courriel)
    yield from _contract(situation, cas)
    if pour is Pour.MEDIATEUR and mutuelle is not None:
        yield "Destinataire", _block(*_whole(mediateur_of(mutuelle)))
    for libelle, amount in (("Montant payé", dossier.montant_paye), ("Remboursement attendu", dossier.montant_attendu)):
        if amount is not None:
            yield libelle, euros(amount)
    if pour is Pour.MOI and dossier.notes.strip():
        yield "Mes notes", dossier.notes.strip()
    yield "Établi le", jour_en_lettres(today)


def _contract(situation: Situation, cas: Cas) -> Iterator[tuple[str, str]]:
    if cas.personne is not None and cas.personne != situation.auteur:
        yield "Bénéficiaire des soins", cas.personne.nom_complet
    if cas.mutuelle is not None:
        home = [line for line in cas.mutuelle.adresse.split("\n") if plain(line) != plain(cas.mutuelle.nom)]
        yield "Organisme", _block(cas.mutuelle.nom, *home)
    if cas.contrat is not None:
        if cas.contrat.numero_adherent:
            yield "Numéro d’adhérent", cas.contrat.numero_adherent
        yield "Numéro de contrat", " · ".join(part for part in (cas.contrat.numero, cas.contrat.nom) if part)
    if cas.dossier.references_mutuelle:
        yield "Références de l’organisme", ", ".join(cas.dossier.references_mutuelle)


def _block(*lines: str) -> str:
    return "\n".join(line for line in lines if line)


def _whole(named: tuple[str, tuple[str, ...]]) -> tuple[str, ...]:
    return (named[0], *named[1])


def _story(cas: Cas, numbers: dict[str, str], pour: Pour) -> Iterator[Pas]:
    for event in cas.evenements:
        if pour is not Pour.MOI and event.nature in _PRIVATE:
            continue
        told = [str(event.canal) if event.canal else "", event.interlocuteur, f"n°\u00a0{event.numero}" if event.numero else "",
                euros(event.montant), f"réponse annoncée pour le {event.promis_le:%d/%m/%Y}" if event.promis_le else ""]  # fmt: skip
        said = " · ".join(part for part in told if part)
        texte = event.texte.strip() if pour is Pour.MOI or event.nature not in _OWN_WORDS else ""
        yield Pas(
            jour=f"{event.le:%d/%m/%Y}", quoi=_capital(str(event.nature)), detail="\n".join(p for p in (said, texte) if p),
            piece=numbers.get(event.document_id or "", ""),
        )  # fmt: skip


_OWN_WORDS = (_N.ECHANGE, _N.NOTE)
"""What was noted for oneself during a call stays with oneself; the day, the channel and the name are told."""


@dataclass(frozen=True, slots=True)
class _Demande:
    """What a médiateur is told and shown (DOMAINE.md §1.4), each point with where it is or what to do."""

    situation: Situation
    cas: Cas
    numbers: dict[str, str]
    pieces: tuple[Element, ...]
    lettres: tuple[Courrier, ...]
    mandats: tuple[Mandat, ...]
    today: date

    def lines(self) -> Iterator[Exige]:
        """Yield the points in the order they are asked."""
        who, cas = self.situation.auteur, self.cas
        home = who is not None and bool(who.adresse or (self.situation.assure and self.situation.assure.adresse))
        yield _line(
            "Identité et coordonnées du demandeur", home, "Page de garde", "Complétez l’adresse de la personne."
        )
        if (
            who is not None
            and cas.personne is not None
            and who != cas.personne
            and not cas.personne.is_minor(self.today)
        ):
            yield self._mandate()
        known = cas.mutuelle is not None and cas.contrat is not None
        yield _line(
            "Organisme, numéro d’adhérent ou de contrat", known, "Page de garde", "Indiquez le contrat du dossier."
        )
        yield _line(
            "Exposé des faits daté et dans l’ordre", bool(cas.evenements), "Chronologie", "Notez les événements."
        )
        decided = (*self._of(_T.DECOMPTE_MUTUELLE), *self._proved(*REPONSES))
        yield self._papers(
            "Décision contestée (refus ou décompte)", decided, "Ajoutez le refus ou le décompte contesté."
        )
        amount = cas.dossier.montant_attendu is not None
        yield _line("Demande chiffrée", amount, "Page de garde", "Indiquez le remboursement attendu dans le dossier.")
        yield self._papers(
            "Réclamation écrite, datée", self._proved(_N.RECLAMATION), "Ajoutez la copie de votre réclamation."
        )
        yield self._sending()
        answers = self._proved(*REPONSES)
        if not any(e.nature in REPONSES for e in cas.evenements):
            yield Exige(
                quoi="Réponse de l’organisme, ou son absence", present=True, ou="Aucune réponse reçue (chronologie)"
            )
        else:
            yield self._papers("Réponse de l’organisme, ou son absence", answers, "Ajoutez la réponse reçue.")
        yield self._papers("Contrat, règlement mutualiste, conditions générales ou notice", self._of(_T.CONTRAT),
                           "Ajoutez-les, ou demandez-les à l’organisme.")  # fmt: skip
        yield self._papers("Tableau de garanties", self._of(_T.GARANTIES), "Ajoutez celui de l’année des soins.")
        proofs = self._of(_T.FACTURE, _T.DEVIS, _T.ORDONNANCE, _T.DECOMPTE_SECU, _T.DECOMPTE_MUTUELLE)
        yield self._papers("Décomptes, factures, devis, ordonnances", proofs, "Ajoutez les papiers des soins.")
        yield self._declaration()

    def _of(self, *types: TypeDocument) -> tuple[str, ...]:
        return tuple(one.etiquette for one in self.pieces if one.document.type in types)

    def _proved(self, *natures: NatureEvenement) -> tuple[str, ...]:
        events = [e for e in self.cas.evenements if e.nature in natures and e.document_id in self.numbers]
        return tuple(dict.fromkeys(self.numbers[e.document_id] for e in events if e.document_id))

    def _papers(self, quoi: str, where: Sequence[str], advice: str) -> Exige:
        return _line(quoi, bool(where), ", ".join(dict.fromkeys(where)), advice)

    def _mandate(self) -> Exige:
        who = self.situation.auteur
        valid = [
            m for m in self.mandats if who and m.mandataire_id == who.id and m.etat(self.today) is EtatMandat.EN_VIGUEUR
        ]
        where = [self.numbers[m.document_id] for m in valid if m.document_id in self.numbers]
        return self._papers("Mandat du bénéficiaire", where, "Ajoutez le mandat signé au dossier.")

    def _sending(self) -> Exige:
        sent = [e for e in self.cas.evenements if e.nature is _N.RECLAMATION and e.sens is not Sens.RECU]
        where = [
            self.numbers[e.document_id]
            for e in self.cas.evenements
            if _proves(e, sent) and e.document_id in self.numbers
        ]
        where += self._of(_T.AVIS_RECEPTION)
        by_post = next((e.numero for e in sent if e.canal in RECOMMANDES and e.numero), "")
        if not where and by_post:
            where = [f"Recommandé n°\u00a0{by_post} (chronologie)"]
        return self._papers(
            "Preuve de l’envoi de la réclamation", where, "Ajoutez la preuve de dépôt ou l’avis de réception."
        )

    def _declaration(self) -> Exige:
        quoi = "Déclaration qu’aucun tribunal ni autre médiateur n’est saisi"
        seizing = [c for c in self.lettres if c.modele and _seizes(c.modele) and c.document_id in self.numbers]
        where = [self.numbers[c.document_id] for c in seizing if c.document_id]
        return self._papers(quoi, where, "Écrivez la lettre de saisine\u00a0: elle le dit.")


def _seizes(modele_id: str) -> bool:
    """Tell whether a model that ships seizes the médiateur."""
    return any(m.id == modele_id and m.nature_evenement is _N.SAISINE for m in modeles.catalogue())


def _proves(event: Evenement, sent: Sequence[Evenement]) -> bool:
    """Tell whether an event shows that one of these letters left: the life of a recommandé, or its deposit."""
    follows = event.nature in (_N.AVIS_RECEPTION, _N.DISTRIBUE, _N.PRESENTE) and event.suite_de in {e.id for e in sent}
    deposit = event.nature is _N.NOTE and any(event.le == e.le and event.numero == e.numero for e in sent)
    return event.document_id is not None and (follows or deposit)


def _line(quoi: str, present: bool, ou: str, advice: str) -> Exige:
    return Exige(quoi=quoi, present=present, ou=ou if present else advice)


def _title(document: Document) -> str:
    return " ".join(document.titre.split())


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
