"""Where a backup may be kept, and how its folder is begun: never with the data, never over anything else."""

import json
import os
from contextlib import suppress
from pathlib import Path

from mutuelle_desktop import __version__
from mutuelle_desktop.domain.errors import Refused, Unavailable
from mutuelle_desktop.storage import snapshots as kept
from mutuelle_desktop.storage.keys import HEADER, header_of
from mutuelle_desktop.storage.library import Library
from mutuelle_desktop.storage.paths import fsync as make_durable
from mutuelle_desktop.storage.paths import fsync_folder, replace, write_all

_OURS = {kept.MARQUE, f"{kept.MARQUE}.tmp", kept.LISEZ_MOI, f"{kept.LISEZ_MOI}.tmp", kept.BROUILLONS, kept.FICHIERS,
         kept.INSTANTANES}  # fmt: skip
_LISEZ_MOI = """Ce dossier est une sauvegarde faite par Mutuelle Desktop.

Il contient vos dossiers et vos papiers, chiffrés, à plusieurs dates. N’y changez rien à la main.

Pour les retrouver\u00a0: installez Mutuelle Desktop, puis le menu Fichier, Restaurer une sauvegarde…, et choisissez
ce dossier. Ou, dans un terminal, en nommant un dossier vide\u00a0:
mutuelle-desktop restaurer CE_DOSSIER --donnees UN_DOSSIER_VIDE

Sans phrase de passe, la clé est dans le dossier\u00a0: toute personne qui le possède peut l’ouvrir. Rangez-le en lieu sûr.
"""


def root_in(chosen: Path) -> Path:
    """Return where a backup in this folder is or would be: the folder itself, or the one above, when it is one already."""
    for folder in (chosen, chosen.parent, chosen.parent.parent):
        if kept.size_of(folder / kept.MARQUE) is not None:
            return folder
    return chosen / kept.DOSSIER


def prepare(library: Library, chosen: Path) -> Path:
    """Return the backup folder in a folder, made when it is not there; refused where it may not be."""
    chosen = chosen.expanduser().absolute()
    if not chosen.is_dir():
        if os.path.lexists(chosen):
            raise Refused(f"«\u00a0{chosen}\u00a0» n’est pas un dossier. Choisissez un dossier.")
        raise Unavailable(
            f"Le dossier «\u00a0{chosen}\u00a0» est introuvable. S’il est sur une clé ou un disque amovible, branchez-le, "
            "puis réessayez."
        )
    root = root_in(chosen)
    _refuse_overlap(root, library.folder)
    found = header_of(library.folder / HEADER)
    if found is None:
        raise Unavailable(
            "La clé de vos papiers n’a pas pu être lue. Lancez «\u00a0Vérifier le coffre\u00a0», puis réessayez."
        )
    with kept.told_at(root):
        _refuse_others(root, found[0])
        make_folder(root)
        with suppress(OSError):  # a disk without permissions
            root.chmod(0o700)
        for name in (kept.FICHIERS, kept.INSTANTANES, kept.BROUILLONS):
            make_folder(root / name)
        if kept.size_of(root / kept.MARQUE) is None or not _says(root, found[0]):
            mark = {"format": kept.FORMAT, "coffre": found[0], "programme": __version__}
            _write_whole(root / kept.LISEZ_MOI, _LISEZ_MOI.encode())
            _write_whole(root / kept.MARQUE, json.dumps(mark, indent=1).encode())
    return root


def settle(folder: Path) -> None:
    """Make the names in a folder durable where its disk knows how."""
    try:
        fsync_folder(folder)
    except OSError as error:
        if error.errno not in kept.UNKNOWN:
            raise


def make_folder(folder: Path) -> None:
    """Make a folder, durably, that only its owner may enter where the disk knows owners."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700)
        settle(folder.parent)


def write_new(path: Path, content: bytes) -> None:
    """Write a small file, durable on return."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    try:
        write_all(descriptor, content)
        make_durable(descriptor)
    finally:
        os.close(descriptor)


def _refuse_overlap(root: Path, folder: Path) -> None:
    backup, data = root.resolve(), folder.resolve()
    if backup == data or backup.is_relative_to(data) or data.is_relative_to(backup):
        raise Refused(
            "Une sauvegarde rangée avec vos données serait perdue en même temps qu’elles. Choisissez un dossier ailleurs, "
            "de préférence sur une clé ou un disque que vous débranchez ensuite."
        )


def _refuse_others(root: Path, safe: str) -> None:
    """Refuse a name that is taken by something else, or by the backup of another safe."""
    if not os.path.lexists(root):
        return
    if not root.is_dir():
        raise Refused(
            f"«\u00a0{root}\u00a0» existe déjà et n’est pas un dossier. Renommez-le, ou choisissez un autre dossier."
        )
    found = kept.safe_of(root)
    if found is not None and found != safe:
        raise Refused(
            f"«\u00a0{root}\u00a0» contient la sauvegarde d’autres données que celles-ci. Choisissez un autre dossier\u00a0: "
            "rien n’y a été changé."
        )
    strangers = [] if found == safe else [name for name in os.listdir(root) if name not in _OURS]
    if strangers:
        raise Refused(
            f"«\u00a0{root}\u00a0» existe déjà et contient autre chose (par exemple «\u00a0{sorted(strangers)[0]}\u00a0»). "
            "Choisissez un autre dossier\u00a0: rien n’y a été changé."
        )


def _says(root: Path, safe: str) -> bool:
    try:
        return bool(json.loads(kept.read_small(root / kept.MARQUE, kept.PETIT))["coffre"] == safe)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _write_whole(path: Path, content: bytes) -> None:
    draft = path.with_name(f"{path.name}.tmp")
    write_new(draft, content)
    replace(draft, path)
    settle(path.parent)
