"""What papers a request needs: those in its dossier, and those that serve every request wherever they are kept."""

import tomllib
from functools import cache

import sqlalchemy as sa

from mutuelle_desktop.domain.appel import Papier
from mutuelle_desktop.domain.checklist import PieceUtile
from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.services.questions import Situation
from mutuelle_desktop.storage.library import Reader
from mutuelle_desktop.storage.resources import resource
from mutuelle_desktop.storage.schema import document


@cache
def pieces_utiles() -> tuple[PieceUtile, ...]:
    """Return what ships (resources/checklists/papiers.toml)."""
    index = tomllib.loads(resource("checklists/papiers.toml").read_text("utf-8"))
    return tuple(
        PieceUtile(
            types=tuple(TypeDocument(t) for t in entry["types"]), pourquoi=entry["pourquoi"],
            natures=tuple(NatureDossier(n) for n in entry.get("natures", ())), coffre=entry.get("coffre", False),
            si=tuple(entry.get("si", ())),
        )
        for entry in index["piece"]
    )  # fmt: skip


def papiers_of(db: Reader, situation: Situation) -> tuple[Papier, ...]:
    """Return the papers this dossier needs, and whether each is there."""
    held = {d.type for d in situation.documents}
    owner = situation.dossier.personne_id
    of = sa.select(document.c.type, document.c.personne_id).distinct()
    rows = db.connection.execute(of.where(document.c.supprime_le.is_(None), document.c.type.in_(_COFFRE)))
    kept = {type_ for type_, personne_id in rows if owner is None or personne_id in (None, owner)}
    return tuple(
        Papier(p.types, p.pourquoi, bool((held | kept if p.coffre else held).intersection(p.types)))
        for p in pieces_utiles()
        if (not p.natures or situation.dossier.nature in p.natures) and set(p.si) <= situation.vrais
    )


_COFFRE = [
    TypeDocument.CARTE, TypeDocument.ATTESTATION, TypeDocument.IDENTITE, TypeDocument.CONTRAT, TypeDocument.GARANTIES,
]  # fmt: skip
