"""Checking library and vault: what is missing, altered or astray is named, and repaired where it can be."""

from dataclasses import dataclass

from mutuelle_desktop.domain.document import Document, Fichier
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.schema import TABLE_OF


@dataclass(frozen=True, kw_only=True, slots=True)
class Bilan:
    """What a check found; manquants and alteres are titles of documents, phrases say it all in French."""

    documents: int
    manquants: tuple[str, ...] = ()
    alteres: tuple[str, ...] = ()
    orphelins: int = 0
    repares: int = 0
    base_ok: bool = True

    @property
    def sain(self) -> bool:
        """Tell whether nothing is wrong any more."""
        return self.base_ok and not self.manquants and not self.alteres

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return what was found, as sentences."""
        told = []
        if not self.base_ok:
            told.append("La base est abîmée : fermez le programme et remettez une sauvegarde.")
        for titles, what, how in (
            (self.manquants, "manquent", "remettez-les depuis une sauvegarde ou importez-les à nouveau"),
            (self.alteres, "sont abîmés", "remettez-les depuis une sauvegarde ou importez-les à nouveau"),
        ):
            if titles:
                names = ", ".join(f"«\u00a0{title}\u00a0»" for title in titles[:10])
                told.append(f"{len(titles)} fichier(s) {what} dans le coffre ({names}) : {how}.")
        if self.repares:
            told.append(f"{self.repares} fichier(s) égaré(s) remis à leur place.")
        if self.orphelins:
            told.append(
                f"{self.orphelins} fichier(s) sans document mis à l’écart ; ils seront gardés 30 jours, puis effacés."
            )
        if self.sain:
            told.insert(0, f"Tout est en ordre : {self.documents} document(s) vérifié(s), octet par octet.")
        return tuple(told)


def verify(library: Library, *, progress: Progress | None = None) -> Bilan:
    """Check the base and every file of the vault; put back what was quarantined by mistake."""
    progress = progress or Progress()
    progress.step(0, 0, "Vérification de la base")
    whole = library.is_whole()
    with library.read() as db:
        fichiers = db.all(Fichier)
        documents = db.count(Document)
    missing, altered, mended = [], [], 0
    for done, fichier in enumerate(fichiers):
        progress.step(done, len(fichiers), f"Vérification du coffre — {done + 1} sur {len(fichiers)}")
        found = library.vault.check(fichier.id, fichier.sha256, fichier.taille)
        if found == "manquant" and library.vault.restore_orphan(fichier.id):
            mended += 1
            found = library.vault.check(fichier.id, fichier.sha256, fichier.taille)
        if found == "manquant":
            missing.append(_title(library, fichier.id))
        elif found:
            altered.append(_title(library, fichier.id))
    library.sweep()
    return Bilan(
        documents=documents, manquants=tuple(missing), alteres=tuple(altered), repares=mended, base_ok=whole,
        orphelins=len(library.vault.orphans()),
    )  # fmt: skip


def _title(library: Library, empreinte: str) -> str:
    with library.read() as db:
        found = db.all(Document, TABLE_OF[Document].c.empreinte == empreinte, limit=1)
    return found[0].titre if found else "ancienne version d’un document"
