"""« Vérifier le coffre » : base, bytes and index checked, what can be repaired repaired, the rest told by name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mutuelle_desktop.domain.contrat import Contact, Contrat, Mutuelle
from mutuelle_desktop.domain.document import Document, Fichier, Lecture, Page, Vignette
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.evenement import Evenement
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.services import sauvegardes
from mutuelle_desktop.storage import index
from mutuelle_desktop.storage.history import Change
from mutuelle_desktop.storage.keys import COPY, HEADER, open_keys
from mutuelle_desktop.storage.library import Library, Reader
from mutuelle_desktop.storage.schema import TABLE_OF
from mutuelle_desktop.storage.vault import Constat

_NAMED_MAX = 10  # titles told in a sentence; the rest is counted


@dataclass(frozen=True, kw_only=True, slots=True)
class Bilan:
    """What a verification found; manquants and alteres are titles of documents, repares and orphelins counts."""

    documents: int
    manquants: tuple[str, ...] = ()
    alteres: tuple[str, ...] = ()
    orphelins: int = 0
    repares: int = 0
    base_ok: bool = True

    @property
    def sain(self) -> bool:
        """Tell whether nothing is lost."""
        return self.base_ok and not self.manquants and not self.alteres

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return the whole in sentences, the worst first."""
        return tuple(_phrases(self))


def verify(library: Library, *, progress: Progress | None = None) -> Bilan:
    """Check the library and every byte of the safe, and repair what can be; nothing good is ever removed."""
    progress = progress or Progress()
    progress.step(0, 0, "Vérification de la base")
    repaired = _heal_header(library)
    base_ok = library.is_whole() and _links_hold(library)
    with library.read() as db:
        fichiers, titles, count = db.all(Fichier), _titles(db), db.count(Document)
    absent = [fichier for fichier in fichiers if not library.vault.holds(fichier.id)]
    library.sweep()
    repaired += sum(library.vault.holds(fichier.id) for fichier in absent)
    found = _check(library, fichiers, titles, progress)
    repaired += _mend_papers(library, fichiers, found)
    repaired += _mend(library) if base_ok else 0
    return Bilan(
        documents=count,
        manquants=_named(titles, found[Constat.MANQUANT]),
        alteres=_named(titles, found[Constat.ALTERE]),
        orphelins=len(library.vault.orphans()),
        repares=repaired,
        base_ok=base_ok,
    )


def _heal_header(library: Library) -> int:
    """Write again the header of the safe, or its copy, when one is damaged; tell how many were."""
    paths = [library.folder / name for name in (HEADER, COPY)]
    before = [path.read_bytes() if path.exists() else b"" for path in paths]
    open_keys(library.folder)
    return sum(path.read_bytes() != old for path, old in zip(paths, before, strict=True))


def _links_hold(library: Library) -> bool:
    with library.read() as db:
        return not db.raw("PRAGMA foreign_key_check").fetchall()


def _titles(db: Reader) -> dict[str, list[str]]:
    """Return for each file the titles of the documents that need it, as they are or as their original."""
    titles: dict[str, list[str]] = {}
    for document in db.all(Document):
        for mark in (document.empreinte, *document.origines):
            titles.setdefault(mark, []).append(document.titre)
    return titles


def _check(
    library: Library, fichiers: Sequence[Fichier], titles: dict[str, list[str]], progress: Progress
) -> dict[Constat, list[str]]:
    found: dict[Constat, list[str]] = {constat: [] for constat in Constat}
    for done, fichier in enumerate(fichiers):
        name = next(iter(titles.get(fichier.id, ())), "un fichier sans document")
        progress.step(done, len(fichiers), f"Vérification de {name}")
        constat = library.vault.check(fichier)
        if constat is not None:
            found[constat].append(fichier.id)
    return found


def _mend_papers(library: Library, fichiers: Sequence[Fichier], found: dict[Constat, list[str]]) -> int:
    """Bring what is lost back from the last backup, when it is there; what came is lost no more."""
    lost = {mark for marks in found.values() for mark in marks}
    mended = (
        sauvegardes.mend_papers(library, [fichier for fichier in fichiers if fichier.id in lost]) if lost else set()
    )
    for constat, marks in found.items():
        found[constat] = [mark for mark in marks if mark not in mended]
    return len(mended)


def _named(titles: dict[str, list[str]], marks: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(title for mark in marks for title in titles.get(mark, ())))


def _mend(library: Library) -> int:
    """Rebuild what follows from the rest: readings that are missing, things absent from the index."""
    with library.write("Vérifier le coffre", undoable=False) as db:
        unread = [row[0] for row in db.raw(_UNREAD).fetchall()]
        for mark in unread:
            db.put(Lecture(id=mark))
        lost = [db.get(kind, row[0]) for kind in _KINDS for row in db.raw(_unindexed(kind)).fetchall()]
        index.refresh(db.raw, [Change(None, value) for value in lost if value is not None])
        stray = sum(int(db.raw(sql).rowcount) for sql in _STRAY)
    return len(unread) + len(lost) + stray


_UNREAD = """
    SELECT DISTINCT empreinte FROM document WHERE empreinte NOT IN (SELECT id FROM lecture)
    UNION SELECT l.id FROM lecture l
    WHERE l.etat = 'lu' AND l.pages > (SELECT count(*) FROM page p WHERE p.empreinte = l.id)
"""
_STRAY = (
    f"DELETE FROM {TABLE_OF[Page].name} WHERE empreinte NOT IN (SELECT id FROM fichier)",
    f"DELETE FROM {TABLE_OF[Vignette].name} WHERE id NOT IN (SELECT id FROM fichier)",
    f"DELETE FROM {TABLE_OF[Lecture].name} WHERE id NOT IN (SELECT id FROM fichier)",
)
_REMEDE = "branchez votre sauvegarde et vérifiez encore, restaurez-la, ou importez à nouveau."
_KINDS = (Document, Dossier, Personne, Mutuelle, Contact, Contrat, Evenement)


def _unindexed(kind: type[object]) -> str:
    return (
        f"SELECT t.id FROM {TABLE_OF[kind].name} t LEFT JOIN fiche f ON f.kind = '{kind.__name__}' AND f.id = t.id "
        "LEFT JOIN recherche_docsize z ON z.id = f.numero WHERE z.id IS NULL"
    )


def _phrases(bilan: Bilan) -> Iterable[str]:
    if not bilan.base_ok:
        yield ("La base de vos données est abîmée : restaurez une sauvegarde (menu Fichier). Rien n’a été changé.")
    if bilan.manquants:
        yield f"Fichier manquant pour {_list(bilan.manquants)} : {_REMEDE}"
    if bilan.alteres:
        yield f"Fichier abîmé pour {_list(bilan.alteres)} : {_REMEDE}"
    if bilan.sain:
        papers = "1 document est intact" if bilan.documents == 1 else f"{bilan.documents} documents sont intacts"
        yield f"Coffre vérifié : {papers}." if bilan.documents else "Coffre vérifié : il ne contient aucun document."
    if bilan.repares:
        yield "Une réparation a été faite." if bilan.repares == 1 else f"{bilan.repares} réparations ont été faites."
    if bilan.orphelins:
        one = bilan.orphelins == 1
        count = "1 fichier sans document est mis" if one else f"{bilan.orphelins} fichiers sans document sont mis"
        yield f"{count} de côté pendant 30 jours."


def _list(titles: Sequence[str]) -> str:
    shown = ", ".join(f"« {title} »" for title in titles[:_NAMED_MAX])
    rest = len(titles) - _NAMED_MAX
    return f"{shown} et {rest} autre{'s' if rest > 1 else ''}" if rest > 0 else shown
