"""Dossiers told in a line per event, and the rules that ship."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from mutuelle_desktop.domain.calendrier import Foyer, Zone
from mutuelle_desktop.domain.contrat import Contrat, Mutuelle, NatureOrganisme
from mutuelle_desktop.domain.dossier import Dossier, NatureDossier
from mutuelle_desktop.domain.echeance import Cas, Echeance, echeances, replay
from mutuelle_desktop.domain.etape import prochaine_etape
from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.domain.regle import parse_regles

ROOT = Path(__file__).resolve().parents[2]
REGLES = parse_regles((ROOT / "resources" / "regles" / "delais.toml").read_text("utf-8"))
N = NatureEvenement


def jour(text):
    """Read « 23/11/2026 »."""
    day, month, year = text.split("/")
    return date(int(year), int(month), int(day))


def ev(nature, le, *, id=None, **facts):  # noqa: A002 - the field's own name
    """Make an event of the one dossier; its id is its nature and its day unless told."""
    for key in ("promis_le",):
        if isinstance(facts.get(key), str):
            facts[key] = jour(facts[key])
    if "montant" in facts:
        facts["montant"] = Decimal(facts["montant"])
    return Evenement(id=id or f"{nature.name}-{le}", dossier_id="d", nature=nature, le=jour(le), **facts)


def cas(*evenements, nature=NatureDossier.REMBOURSEMENT, organisme=NatureOrganisme.MUTUELLE, zone=Zone.METROPOLE,
        naissance=None, contrat=None, decisions=(), **dossier):  # fmt: skip
    """Make a case about 120 € with an organism of this nature."""
    if "montant_attendu" in dossier and dossier["montant_attendu"] is not None:
        dossier["montant_attendu"] = Decimal(dossier["montant_attendu"])
    contract = {"id": "c", "mutuelle_id": "m", "numero": "1"} | (contrat or {})
    return Cas(
        dossier=Dossier(id="d", reference="2026-001", titre="Couronne", nature=nature, ouvert_le=date(2020, 1, 1),
                        personne_id="p", contrat_id="c", **dossier),
        evenements=tuple(evenements),
        contrat=Contrat(**contract),
        mutuelle=Mutuelle(id="m", nom="Mutuelle du Rivage", nature=organisme) if organisme else None,
        personne=Personne(id="p", prenom="Camille", nom="Bessière", naissance=jour(naissance) if naissance else None),
        decisions={d.id: d for d in decisions},
        foyer=Foyer(zone=zone),
    )  # fmt: skip


def toutes(case, today, regles=REGLES) -> dict[str, Echeance]:
    """Return the deadlines by key, having checked that each one explains itself and that replaying gives the date."""
    found = echeances(case, regles, jour(today))
    for one in found:
        assert one.raisons, one.cle
        assert replay(one.raisons) == one.brute, one.cle
        assert all(raison.texte.strip() for raison in one.raisons)
        assert one.source
        assert one.consequence
    return {one.cle: one for one in found}


def une(case, regle, today, regles=REGLES) -> Echeance:
    """Return the only deadline of a rule."""
    (one,) = [e for e in toutes(case, today, regles).values() if e.regle == regle]
    return one


def etape(case, today, regles=REGLES):
    """Return the next step that day."""
    return prochaine_etape(case, echeances(case, regles, jour(today)), regles, jour(today))
