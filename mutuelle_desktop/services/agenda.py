"""The deadlines given to other calendars: a file on request, or one kept up to date."""

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from mutuelle_desktop.domain.agenda import Entree, Publication
from mutuelle_desktop.domain.errors import Refused, Unavailable
from mutuelle_desktop.domain.ids import now
from mutuelle_desktop.domain.regle import Role
from mutuelle_desktop.rendering.agenda import PRODUIT, render_agenda
from mutuelle_desktop.services.echeances import LigneEcheance, toutes
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.paths import write_whole

GARDE = timedelta(days=90)
"""How long a cancelled entry stays in the file, so that every calendar hears of it."""
EXPORT = "agenda.export"
FICHIER = "agenda.fichier"


@dataclass(frozen=True, kw_only=True, slots=True)
class Forme:
    """How the calendar is written: detaille tells the whole of it, taches adds tasks beside the events."""

    detaille: bool = False
    taches: bool = False


@dataclass(frozen=True, slots=True)
class FichierAgenda:
    """A calendar file that is kept up to date."""

    chemin: Path
    forme: Forme


@dataclass(frozen=True, slots=True)
class Export:
    """What an export wrote: how many entries, how many of them cancelled."""

    chemin: Path
    entrees: int
    annulees: int


def publish(library: Library, today: date, forme: Forme | None = None, moment: datetime | None = None) -> list[Entree]:
    """Return every entry as other calendars shall see it, remembering what changed since the last time.

    Undo never takes this back: what another calendar was told, it was told.
    """
    forme, moment = forme or Forme(), moment or now()
    shown = {found.id: _content(found, forme.detaille) for found in toutes(library, today)}
    with library.write("Publier l’agenda", undoable=False) as db:
        known = {kept.id: kept for kept in db.all(Publication)}
        for cle, contenu in shown.items():
            known[cle] = _published(known.get(cle), cle, contenu, moment)
        for cle in known.keys() - shown.keys():
            known[cle] = _cancelled(known[cle], moment)
        for kept in known.values():
            if kept.annule_le is not None and moment - kept.annule_le > GARDE:
                db.delete(kept)
            else:
                db.put(kept)
    return [_entry(kept) for kept in known.values() if kept.annule_le is None or moment - kept.annule_le <= GARDE]


def agenda(library: Library, today: date, forme: Forme | None = None) -> bytes:
    """Return the whole calendar; the same bytes as long as nothing one can see has changed."""
    forme = forme or Forme()
    return render_agenda(publish(library, today, forme), taches=forme.taches)


def export_agenda(
    library: Library, chemin: Path, today: date, forme: Forme | None = None, *, changements: bool = False
) -> Export:
    """Write the calendar to a file; with changements, only what changed since the last export."""
    forme = forme or Forme()
    _check_path(library, chemin)
    moment = now()
    entrees = publish(library, today, forme, moment)
    with library.read() as db:
        since = db.marque(EXPORT)
    if changements and since is not None:
        before = datetime.fromisoformat(since)
        entrees = [entree for entree in entrees if entree.modifie_le > before]
        if not entrees:
            raise Refused("Rien n’a changé depuis le dernier export de l’agenda.")
    _write(chemin, render_agenda(entrees, taches=forme.taches))
    with library.write("Exporter l’agenda", undoable=False) as db:
        db.set_marque(EXPORT, moment.isoformat())
    return Export(chemin, len(entrees), sum(entree.annulee for entree in entrees))


def kept_file(library: Library) -> FichierAgenda | None:
    """Return the calendar file that is kept up to date, if one was asked for."""
    with library.read() as db:
        kept = db.marque(FICHIER)
    if kept is None:
        return None
    return FichierAgenda(Path(kept["chemin"]), Forme(detaille=kept["detaille"], taches=kept["taches"]))


def keep_file(library: Library, chemin: Path, today: date, forme: Forme | None = None) -> FichierAgenda:
    """Begin to keep a calendar file up to date; a file that is not a calendar of ours is never written over."""
    forme, chemin = forme or Forme(), chemin.expanduser().absolute()
    _check_path(library, chemin)
    if chemin.exists() and PRODUIT.encode() not in _bytes_of(chemin)[:4096]:
        raise Refused(
            f"« {chemin.name} » existe déjà et n’est pas un agenda de Mutuelle Desktop. Choisissez un autre nom."
        )
    _write(chemin, agenda(library, today, forme))
    with library.write("Tenir un agenda à jour", undoable=False) as db:
        db.set_marque(FICHIER, {"chemin": str(chemin), "detaille": forme.detaille, "taches": forme.taches})
    return FichierAgenda(chemin, forme)


def forget_file(library: Library) -> None:
    """Stop keeping the calendar file up to date; the file stays where it is."""
    with library.write("Ne plus tenir l’agenda à jour", undoable=False) as db:
        db.set_marque(FICHIER, None)


def refresh_file(library: Library, today: date) -> bool:
    """Write the kept calendar again if what it shows has changed; tell whether it was written."""
    kept = kept_file(library)
    if kept is None:
        return False
    content = agenda(library, today, kept.forme)
    if kept.chemin.exists() and _bytes_of(kept.chemin) == content:
        return False
    _check_path(library, kept.chemin)
    _write(kept.chemin, content)
    return True


def _content(found: LigneEcheance, detaille: bool) -> str:
    """Return what one sees of a row, as it is kept and compared."""
    titre, texte = _wording(found) if detaille else (neutral(found), _OUVREZ)
    return json.dumps(
        {
            "jour": found.jour.isoformat(), "titre": titre, "texte": texte,
            "alarmes": sorted(alarme.isoformat() for alarme in found.alarmes if alarme != found.jour),
            "tache": found.role in (Role.ASSURE, Role.OUVERTURE),
        },
        ensure_ascii=False, sort_keys=True,
    )  # fmt: skip


_OUVREZ = "Ouvrez vos dossiers pour voir de quoi il s’agit."


def neutral(found: LigneEcheance) -> str:
    """Name a row without a word of care, of money or of anybody: others may see a calendar or a locked screen."""
    kind = "Rappel" if found.rappel else "Échéance"
    return f"{kind} dossier {found.lieu.reference}" if found.lieu.reference else kind


def _wording(found: LigneEcheance) -> tuple[str, str]:
    lines = []
    if found.lieu.dossier:
        lines.append(f"Dossier {found.lieu.reference}\u00a0: {found.lieu.dossier}")
    lines += [part for part in (found.lieu.personne, found.lieu.mutuelle) if part]
    if found.echeance:
        lines += [part for part in (found.echeance.consequence, f"Source\u00a0: {found.echeance.source}") if part]
        if found.echeance.brute != found.jour:
            lines.append(f"Date limite\u00a0: {found.echeance.brute:%d/%m/%Y}")
    elif found.rappel and found.rappel.notes:
        lines.append(found.rappel.notes)
    titre = f"{found.titre} ({found.lieu.reference})" if found.lieu.reference else found.titre
    return titre, "\n".join(lines)


def _published(kept: Publication | None, cle: str, contenu: str, moment: datetime) -> Publication:
    empreinte = _digest(contenu)
    if kept is None:
        return Publication(id=cle, sequence=0, empreinte=empreinte, contenu=contenu, modifie_le=moment)
    if kept.annule_le is None and kept.empreinte == empreinte:
        return kept
    return replace(
        kept, sequence=kept.sequence + 1, empreinte=empreinte, contenu=contenu, modifie_le=moment, annule_le=None
    )


def _cancelled(kept: Publication, moment: datetime) -> Publication:
    if kept.annule_le is not None:
        return kept
    return replace(kept, sequence=kept.sequence + 1, modifie_le=moment, annule_le=moment)


def _digest(contenu: str) -> str:
    return sha256(contenu.encode("utf-8", "surrogatepass")).hexdigest()


def _entry(kept: Publication) -> Entree:
    shown: dict[str, Any] = json.loads(kept.contenu)
    return Entree(
        cle=kept.id,
        jour=date.fromisoformat(shown["jour"]),
        titre=shown["titre"],
        texte=shown["texte"],
        alarmes=tuple(date.fromisoformat(alarme) for alarme in shown["alarmes"]),
        tache=shown["tache"],
        sequence=kept.sequence,
        modifie_le=kept.modifie_le,
        annulee=kept.annule_le is not None,
    )


def _check_path(library: Library, chemin: Path) -> None:
    """Refuse a place that holds the library itself, or that is no file."""
    if chemin.resolve().is_relative_to(library.folder.resolve()):
        raise Refused("Choisissez un autre dossier : celui-ci est réservé aux données de Mutuelle Desktop.")
    if chemin.is_dir():
        raise Refused(f"« {chemin.name} » est un dossier. Donnez un nom de fichier, par exemple « agenda.ics ».")


def _write(chemin: Path, content: bytes) -> None:
    chemin = chemin.resolve()  # what a link names is written, and the link stays
    try:
        write_whole(chemin, content)
    except FileNotFoundError:
        raise Unavailable(
            f"Le dossier « {chemin.parent} » est introuvable : l’agenda n’a pas été écrit. S’il est sur un disque "
            "amovible, branchez-le, puis réessayez."
        ) from None
    except OSError as error:
        with suppress(OSError):
            chemin.with_name(chemin.name + ".tmp").unlink(missing_ok=True)
        raise Unavailable(
            f"L’agenda n’a pas pu être écrit dans « {chemin} » ({error.strerror}). Vérifiez la place libre et vos "
            "droits sur ce dossier."
        ) from error


def _bytes_of(chemin: Path) -> bytes:
    try:
        return chemin.read_bytes()
    except OSError as error:
        raise Unavailable(f"« {chemin} » ne peut pas être lu ({error.strerror}).") from error
