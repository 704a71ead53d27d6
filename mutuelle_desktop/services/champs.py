"""What letters can say by themselves: every field of the models, read live from the facts of a dossier."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from mutuelle_desktop.domain.cas import Cas
from mutuelle_desktop.domain.contrat import Mutuelle, NatureOrganisme
from mutuelle_desktop.domain.courrier import Champ, EtatCourrier, jour_en_lettres
from mutuelle_desktop.domain.document import Document, Piece, TypeDocument
from mutuelle_desktop.domain.dossier import montant_recu
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement
from mutuelle_desktop.domain.mediation import Mediateur, mediateur_usuel, parse_mediateurs
from mutuelle_desktop.domain.personne import Lien, Personne
from mutuelle_desktop.services import modeles
from mutuelle_desktop.services.phrases import enumerated
from mutuelle_desktop.services.questions import euros
from mutuelle_desktop.storage.library import Reader
from mutuelle_desktop.storage.resources import resource
from mutuelle_desktop.storage.schema import courrier, document, piece
from mutuelle_desktop.storage.schema import personne as table

_N = NatureEvenement
REFUS = (_N.REFUS, _N.REFUS_DEFINITIF)
REPONSES = (_N.REPONSE, _N.REPONSE_PARTIELLE, _N.REFUS, _N.REFUS_DEFINITIF)
DATES: dict[str, tuple[NatureEvenement, ...]] = {
    "soins.date": (_N.SOINS,),
    "demande.date": (_N.DEMANDE,),
    "relance.date": (_N.RELANCE,),
    "reclamation.date": (_N.RECLAMATION,),
    "mise_en_demeure.date": (_N.MISE_EN_DEMEURE,),
    "saisine.date": (_N.SAISINE,),
    "proposition.date": (_N.PROPOSITION,),
    "resiliation.date": (_N.RESILIATION,),
    "resiliation.reception": (_N.RESILIATION_RECUE,),
    "pieces.date": (_N.PIECE_DEMANDEE,),
    "refus.date": REFUS,
    "reponse.date": REPONSES,
    "situation.date": (_N.SITUATION,),
    "travail.fin": (_N.RUPTURE_TRAVAIL,),
    "portabilite.fin": (_N.FIN_PORTABILITE,),
    "adhesion.date": (_N.ADHESION_DISTANCE,),
    "appel.date": (_N.ECHANGE,),
}
"""The fields that are the day of an event, and of which: the last of its kind, the first for the complaint."""
_MOYENS = {
    Canal.TELEPHONE: "par téléphone", Canal.ESPACE_CLIENT: "par l’espace client", Canal.COURRIER: "par courrier",
    Canal.COURRIEL: "par courriel", Canal.AGENCE: "en agence", Canal.RECOMMANDE: "par lettre recommandée",
    Canal.RECOMMANDE_ELECTRONIQUE: "par lettre recommandée électronique",
}  # fmt: skip
_CONTACTS_MAX = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """What a letter is written from: the dossier (None for a letter of its own), its papers, who writes."""

    cas: Cas | None = None
    papiers: tuple[Document, ...] = ()
    assure: Personne | None = None
    lettre: date | None = None

    @property
    def evenements(self) -> tuple[Evenement, ...]:
        """Return what took place, oldest first."""
        return self.cas.evenements if self.cas else ()

    @property
    def mutuelle(self) -> Mutuelle | None:
        """Return the organism the dossier is about."""
        return self.cas.mutuelle if self.cas else None

    @property
    def auteur(self) -> Personne | None:
        """Return who writes: the person of the dossier when of age and not a child, else the assuré."""
        who = self.cas.personne if self.cas else None
        return self.assure if who is None or (who.lien is Lien.ENFANT and self.assure is not None) else who

    def last(self, *natures: NatureEvenement) -> Evenement | None:
        """Return the last event of these natures."""
        return next((e for e in reversed(self.evenements) if e.nature in natures), None)

    def first(self, *natures: NatureEvenement) -> Evenement | None:
        """Return the first event of these natures."""
        return next((e for e in self.evenements if e.nature in natures), None)

    def paper(self, *types: TypeDocument) -> Document | None:
        """Return the last paper of the dossier of these types."""
        return next((d for d in reversed(self.papiers) if d.type in types), None)


def read_situation(db: Reader, cas: Cas | None) -> Situation:
    """Return what a letter of this dossier is written from, within a view."""
    people = db.all(Personne, table.c.lien == Lien.ASSURE, order=table.c.id)
    assure = people[0] if people else None
    if cas is None:
        return Situation(assure=assure)
    held = db.all(Piece, piece.c.dossier_id == cas.dossier.id, order=(piece.c.rang, piece.c.id))
    found = {d.id: d for d in db.all(Document, document.c.id.in_([p.document_id for p in held]))}
    papers = (found[p.document_id] for p in held if found[p.document_id].supprime_le is None)
    sent = db.raw(
        f"SELECT max(jour) FROM {courrier.name} WHERE dossier_id = ? AND etat = ?",
        (cas.dossier.id, str(EtatCourrier.ENVOYE)),
    ).fetchone()[0]
    return Situation(cas=cas, papiers=tuple(papers), assure=assure, lettre=date.fromisoformat(sent) if sent else None)


def champs_of(situation: Situation, saisies: Mapping[str, str], obligatoires: Sequence[str] | None) -> dict[str, Champ]:
    """Return every known field with its value, None while missing; obligatoires None means all of them."""
    known = dict(_values(situation))
    return {
        nom: Champ(
            nom=nom,
            libelle=connu.libelle,
            valeur=(saisies.get(nom, "").strip() or known.get(nom)) or None,
            source="votre saisie" if saisies.get(nom, "").strip() else connu.source,
            obligatoire=obligatoires is None or nom in obligatoires,
        )
        for nom, connu in modeles.champs().items()
    }


@cache
def _mediateurs() -> Mapping[NatureOrganisme, Mediateur]:
    return parse_mediateurs(resource("regles/mediateurs.toml").read_text("utf-8"))


def mediateur_of(mutuelle: Mutuelle) -> tuple[str, tuple[str, ...]]:
    """Return the médiateur's name and address: what the contract's own sheet says, else the usual one."""
    usual = mediateur_usuel(mutuelle.nature, _mediateurs())
    if mutuelle.mediateur_adresse.strip():
        return mutuelle.mediateur or usual.nom, tuple(mutuelle.mediateur_adresse.split("\n"))
    same = not mutuelle.mediateur or mutuelle.mediateur.casefold() == usual.nom.casefold()
    return mutuelle.mediateur or usual.nom, usual.adresse if same else ()


def dates_of(situation: Situation, nom: str) -> tuple[str, ...]:
    """Return the days, as a letter writes them, that a field may rightly cite now; nothing for other fields."""
    natures = DATES.get(nom)
    if natures is None:
        return ()
    days = [e.le for e in situation.evenements if e.nature in natures]
    return tuple(jour_en_lettres(day) for day in dict.fromkeys((*days, *_paper_days(situation, nom))))


def _values(situation: Situation) -> Iterator[tuple[str, str | None]]:
    yield "expediteur.nom", situation.auteur.nom_complet if situation.auteur else None
    yield "lettre.date", _day(situation.lettre)
    for nom, natures in DATES.items():
        found = situation.first(*natures) if nom == "reclamation.date" else situation.last(*natures)
        days = [found.le] if found else _paper_days(situation, nom)
        yield nom, _day(days[-1]) if days else None
    yield from _of_contract(situation)
    yield from _of_dossier(situation)
    yield from _of_events(situation)


def _of_contract(situation: Situation) -> Iterator[tuple[str, str | None]]:
    cas = situation.cas
    if cas is None or cas.contrat is None or cas.mutuelle is None:
        return
    contrat, mutuelle = cas.contrat, cas.mutuelle
    yield "mutuelle.nom", mutuelle.nom
    yield "adherent.numero", contrat.numero_adherent
    yield "contrat.numero", contrat.numero
    yield "contrat.nom", contrat.nom
    yield "contrat.debut", _day(contrat.debut)
    yield "contrat.echeance", _day(contrat.echeance)
    yield "mediateur.nom", mediateur_of(mutuelle)[0]


def _of_dossier(situation: Situation) -> Iterator[tuple[str, str | None]]:
    if situation.cas is None:
        return
    dossier, who = situation.cas.dossier, situation.cas.personne
    recu = montant_recu(situation.evenements)
    attendu = dossier.montant_attendu
    if attendu is None and dossier.montant_paye is not None:
        attendu = dossier.montant_paye - (dossier.montant_secu or Decimal(0))
    yield "beneficiaire.nom", who.nom_complet if who else None
    yield "beneficiaire.naissance", _day(who.naissance) if who else None
    yield "beneficiaire.nir", who.nir if who else None
    yield "dossier.reference", dossier.reference
    yield "soins.nature", dossier.titre
    yield "montant.paye", euros(dossier.montant_paye)
    yield "montant.secu", euros(dossier.montant_secu)
    yield "montant.attendu", euros(attendu)
    yield "montant.recu", euros(recu)
    yield "montant.reclame", euros(attendu - recu) if attendu is not None and attendu > recu else None
    numbers = [*dossier.references_mutuelle, *(e.numero for e in situation.evenements if e.nature in _GIVEN)]
    yield "reference.mutuelle", next((n for n in reversed(numbers) if n.strip()), None)
    invoice = situation.paper(TypeDocument.FACTURE) or situation.paper(TypeDocument.DEVIS)
    yield "professionnel", invoice.emetteur if invoice else None
    for nom, kind in (("decompte.date", TypeDocument.DECOMPTE_MUTUELLE), ("devis.date", TypeDocument.DEVIS)):
        paper = situation.paper(kind)
        yield nom, _day(paper.date_document) if paper else None


def _of_events(situation: Situation) -> Iterator[tuple[str, str | None]]:
    asked, refused, answered = situation.last(_N.PIECE_DEMANDEE), situation.last(*REFUS), situation.last(*REPONSES)
    if asked:
        yield "pieces.liste", asked.texte
    if refused:
        yield "refus.motif", refused.texte
        yield "refus.moyen", _MOYENS.get(refused.canal) if refused.canal else None
    if answered:
        yield "reponse.contenu", answered.texte
    called = next((e for e in reversed(situation.evenements) if _is_call(e)), None)
    if called:
        yield "appel.date", _day(called.le)
        yield "appel.heure", f"{called.heure:%H}\u00a0h\u00a0{called.heure:%M}" if called.heure else None
        yield "appel.nom", called.interlocuteur
        yield "appel.numero", called.numero
        yield "appel.dit", called.texte
    else:
        yield "appel.date", None
    promised = next((e.promis_le for e in reversed(situation.evenements) if e.promis_le), None)
    yield "delai.annonce", _day(promised)
    contacts = [_contact(e) for e in situation.evenements if e.nature in (_N.ECHANGE, _N.RELANCE) and e.canal]
    yield "contacts", enumerated(contacts[-_CONTACTS_MAX:])


_GIVEN = (_N.ECHANGE, _N.ACCUSE, _N.PIECE_DEMANDEE, *REPONSES)


def _is_call(event: Evenement) -> bool:
    return event.nature is _N.ECHANGE and event.canal is Canal.TELEPHONE


def _contact(event: Evenement) -> str:
    return f"le {jour_en_lettres(event.le)} {_MOYENS[event.canal] if event.canal else ''}".strip()


def _paper_days(situation: Situation, nom: str) -> list[date]:
    """Return the days that papers tell where no event does: that of the invoice, for the care."""
    if nom != "soins.date":
        return []
    return [d.date_document for d in situation.papiers if d.type is TypeDocument.FACTURE and d.date_document]


def _day(day: date | None) -> str | None:
    return jour_en_lettres(day) if day else None
