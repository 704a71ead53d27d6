"""Backups: made and verified, remembered, told when they get old, checked whole, given back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from mutuelle_desktop.domain.calendrier import en_lettres
from mutuelle_desktop.domain.document import Fichier
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.domain.sauvegarde import ANCIENNE, Derniere, Instantane
from mutuelle_desktop.services.lieux import RESEAUX, cloud_of, system_of
from mutuelle_desktop.services.phrases import counted
from mutuelle_desktop.storage import backup, backup_check, bascule, restore, snapshots
from mutuelle_desktop.storage.backup_check import Examen
from mutuelle_desktop.storage.backup_folder import root_in
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.restore import Incomplete, Rendu, listed, root_of

__all__ = ["Examen", "Incomplete", "Instantane", "Rendu", "listed"]
MARQUE = "sauvegarde"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bilan:
    """What a backup gave: nouveaux and octets are what was not there yet, manquants titles already lost here."""

    racine: Path
    instantane: Instantane
    nouveaux: int
    octets: int
    manquants: tuple[str, ...] = ()

    @property
    def entier(self) -> bool:
        """Tell whether the backup holds everything."""
        return not self.manquants

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return what was done, in sentences."""
        papers = counted(self.instantane.documents, "papier")
        cases = counted(self.instantane.dossiers, "dossier")
        new = counted(self.nouveaux, "nouveau fichier", "nouveaux fichiers")
        rest = f"dont {new}" if self.nouveaux else "sans nouveau fichier à copier"
        done = f"Sauvegarde faite et vérifiée\u00a0: {cases} et {papers}, {rest}."
        if self.entier:
            return (done,)
        return (
            done,
            f"Sauf ce qui est déjà perdu ou abîmé ici\u00a0: {listed(self.manquants)}. Lancez «\u00a0Vérifier le coffre\u00a0», "
            "ou cherchez ces papiers dans un instantané plus ancien\u00a0: aucun n’a été retiré.",
        )


def make_sauvegarde(library: Library, chosen: Path, moment: datetime, progress: Progress | None = None) -> Bilan:
    """Back the library up in this folder, verified, and remember it; moment is the wall clock's."""
    done = backup.back_up(library, chosen, moment, progress)
    value = Derniere(
        le=done.instantane.le, ou=str(chosen), nom=done.instantane.nom, etat=done.etat, entiere=not done.manquants
    )
    _keep(library, value)
    return Bilan(
        racine=done.racine, instantane=done.instantane, nouveaux=done.nouveaux, octets=done.octets,
        manquants=done.manquants,
    )  # fmt: skip


def last_sauvegarde(library: Library) -> Derniere:
    """Return what is remembered of the last backup; all empty when there never was one."""
    with library.read() as db:
        kept = db.marque(MARQUE) or {}
    return Derniere(**{**kept, "le": datetime.fromisoformat(kept["le"]) if kept.get("le") else None})


def is_old(last: Derniere, today: date) -> bool:
    """Tell whether the last backup is so old, or so incomplete, that one should be told."""
    age = last.age(today)
    return age is not None and (age >= ANCIENNE or not last.entiere)


def needs_sauvegarde(library: Library, chosen: str = "") -> bool:
    """Tell whether anything changed since the last backup, or another folder was chosen; an empty library needs none."""
    last = last_sauvegarde(library)
    with library.read() as db:
        now = snapshots.state_of(db.raw)
        empty = not db.raw("SELECT EXISTS (SELECT 1 FROM journal)").fetchone()[0]
    return not empty and (now != last.etat or bool(chosen and chosen != last.ou))


def is_reachable(chosen: str) -> bool:
    """Tell whether the chosen folder is there now: a key may be unplugged."""
    return bool(chosen) and Path(chosen).is_dir()


def note_skipped(library: Library) -> None:
    """Remember that the backup at exit could not be made, for the next opening to say so."""
    _keep(library, _with(last_sauvegarde(library), sautee=True))


def take_skipped(library: Library) -> bool:
    """Tell, once, whether the backup at exit could not be made."""
    last = last_sauvegarde(library)
    if last.sautee:
        _keep(library, _with(last, sautee=False))
    return last.sautee


def note_restored(library: Library, chosen: Path, found: Instantane) -> None:
    """Remember, in a library just restored, which backup holds it."""
    with library.read() as db:
        etat = snapshots.state_of(db.raw)
    _keep(library, Derniere(le=found.le, ou=str(chosen), nom=found.nom, etat=etat, entiere=not found.manquants))


def list_instantanes(chosen: Path) -> list[Instantane]:
    """Return the snapshots of a backup folder, newest first; refused when there is no backup there."""
    root = root_of(chosen)
    with snapshots.told_at(root):
        return [snapshots.manifest_of(root, name).instantane for name in reversed(snapshots.names(root))]


def check_sauvegarde(library: Library | None, chosen: Path, progress: Progress | None = None) -> Examen:
    """Read a whole backup; what is damaged and still good in the library is written again."""
    return backup_check.check_all(root_of(chosen), library, progress)


def told_examen(found: Examen) -> tuple[str, ...]:
    """Return what a whole check found, in sentences, the worst first."""
    said = []
    if found.abimes:
        said.append(f"Instantanés abîmés\u00a0: {', '.join(_dated(name) for name in found.abimes)}.")
    if found.manquants:
        titles = tuple(dict.fromkeys(title for some in found.manquants.values() for title in some))
        said.append(f"Papiers manquants ou abîmés dans la sauvegarde\u00a0: {listed(titles)}.")
    if found.sain:
        said.append(
            f"Sauvegarde vérifiée\u00a0: {counted(found.instantanes, 'instantané')}, {counted(found.papiers, 'papier')}, "
            "tout se relit."
        )
    else:
        said.append("Faites une nouvelle sauvegarde\u00a0: elle remettra ce que le coffre contient encore.")
    if found.repares:
        said.append(f"{counted(found.repares, 'papier réécrit', 'papiers réécrits')} depuis le coffre.")
    return tuple(said)


def mend_papers(library: Library, fichiers: Iterable[Fichier]) -> set[str]:
    """Bring papers that are missing or damaged here back from the last backup, when it is there; return which came."""
    last = last_sauvegarde(library)
    root = snapshots.find_root(Path(last.ou)) if is_reachable(last.ou) else None
    if root is None:
        return set()
    wanted = [snapshots.Scelle(fichier.id, fichier.sha256, fichier.taille) for fichier in fichiers]
    return {scelle.id for scelle in wanted if backup_check.bring_back(root, library, scelle)}


def restore_sauvegarde(
    chosen: Path, nom: str | None, target: Path, *, malgre_tout: bool = False, progress: Progress | None = None
) -> Rendu:
    """Give a snapshot back, the last one by default, in a folder that is empty or not there yet."""
    return restore.restore(chosen, nom, target, despite=malgre_tout, progress=progress)


def restore_beside(
    chosen: Path, nom: str, folder: Path, *, malgre_tout: bool = False, progress: Progress | None = None
) -> Rendu:
    """Give a snapshot back beside the data folder, ready to take its place by bascule.swap; what waited there goes."""
    bascule.forget_drafts(folder)
    return restore.restore(chosen, nom, bascule.ready_for(folder), despite=malgre_tout, progress=progress)


def remarks_on(chosen: Path, folder: Path) -> tuple[str, ...]:
    """Return what should be known of a folder as a place for backups, in sentences."""
    said = []
    place = root_in(chosen)
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        if place.stat().st_dev == folder.stat().st_dev:
            said.append(
                "Ce dossier est sur le même disque que vos papiers\u00a0: il protège d’une erreur, pas d’une panne ni d’un "
                "vol. Une clé ou un disque externe protège mieux."
            )
    except OSError:
        return ()
    cloud = cloud_of(place)
    if cloud:
        said.append(
            f"Ce dossier est copié en ligne par {cloud}\u00a0: sans phrase de passe, qui ouvre ce compte peut lire vos papiers."
        )
    elif system_of(place) in RESEAUX:
        said.append("Ce dossier est sur le réseau\u00a0: qui y a accès peut lire vos papiers.")
    return tuple(said)


def _with(last: Derniere, *, sautee: bool) -> Derniere:
    return Derniere(le=last.le, ou=last.ou, nom=last.nom, etat=last.etat, entiere=last.entiere, sautee=sautee)


def _keep(library: Library, value: Derniere) -> None:
    kept: dict[str, Any] = {
        "le": value.le.isoformat() if value.le else None, "ou": value.ou, "nom": value.nom, "etat": value.etat,
        "entiere": value.entiere, "sautee": value.sautee,
    }  # fmt: skip
    with library.write("Noter la sauvegarde", undoable=False) as db:
        db.set_marque(MARQUE, kept)


def _dated(name: str) -> str:
    moment = snapshots.moment_of(name)
    return en_lettres(moment.date()) + f" à {moment:%H}\u00a0h\u00a0{moment:%M}" if moment else name
