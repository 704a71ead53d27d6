"""What a folder is like as a home for the data: copied to a cloud, on a network, on a disk that keeps no secret.

A base that another program copies while it is written, or that a network locks badly, may be lost: SQLite says so
(« How To Corrupt An SQLite Database File », §2). The user is warned, and decides.
"""

import ctypes
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

MONTAGES = Path("/proc/self/mounts")
"""Where Linux says what is mounted and where."""
NUAGES: Mapping[str, tuple[str, ...]] = {
    "OneDrive": ("onedrive*",),
    "Dropbox": ("dropbox*",),
    "Google Drive": ("google drive*", "googledrive*", "google-drive*", "gdrive*", "mon drive", "my drive"),
    "iCloud": ("icloud drive*", "iclouddrive*", "com~apple~clouddocs", "mobile documents"),
    "Nextcloud": ("nextcloud*", "owncloud*"),
    "pCloud": ("pcloud*",),
    "kDrive": ("kdrive*",),
    "MEGA": ("mega", "megasync*"),
    "Box": ("box", "box sync"),
    "Proton Drive": ("proton drive*", "protondrive*"),
    "Cozy": ("cozy drive*", "twake drive*"),
    "Seafile": ("seafile",),
    "un service en ligne": ("cloudstorage",),
}
"""Names, without capitals, that the folders of these services bear."""
MARQUES: Mapping[str, tuple[str, ...]] = {
    "Syncthing": (".stfolder",),
    "Dropbox": (".dropbox.cache",),
    "Nextcloud": (".sync_*.db", "._sync_*.db", ".nextcloudsync.log", ".owncloudsync.log"),
    "OneDrive": (".849c9593-d756-4e56-8d6e-42412f2a707b",),
    "Google Drive": (".tmp.drivedownload", ".tmp.driveupload"),
    "Resilio Sync": (".sync",),
    "Seafile": (".seafile-data",),
}
"""Names of the files these programs leave at the top of what they copy."""
RESEAUX = {
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "davfs", "lustre", "beegfs",
    "fuse.sshfs", "fuse.rclone", "fuse.gvfsd-fuse", "fuse.davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.ceph",
    "fuse.s3fs", "fuse.smbnetfs", "fuse.curlftpfs", "fuse.onedriver", "fuse.google-drive-ocamlfuse", "fuse.pcloud",
    "fuse.kio-fuse",
}  # fmt: skip
SANS_DROITS = {"vfat", "msdos", "exfat", "fuse.exfat"}
EN_MEMOIRE = {"tmpfs", "ramfs"}
_LECTEUR_RESEAU = 4  # what Windows answers for a drive that is a network's (winbase.h: DRIVE_REMOTE)


@dataclass(frozen=True, slots=True)
class Montage:
    """One mounted file system: where, and of which kind."""

    point: Path
    systeme: str


def warnings_of(folder: Path, mounts: Iterable[Montage] | None = None) -> tuple[str, ...]:
    """Return why this folder is a poor home for the data, each reason as a sentence; nothing when it is a good one."""
    found = list(_risks(folder, kind := system_of(folder, mounts)))
    if kind in SANS_DROITS:
        found.append(
            f"Ce disque ({kind.removeprefix('fuse.')}) ne sait pas réserver un fichier à une seule personne\u00a0: toute "
            "personne qui s’en sert pourra y lire vos papiers."
        )
    elif kind in EN_MEMOIRE:
        found.append("Ce dossier est en mémoire\u00a0: il s’efface quand l’ordinateur s’éteint.")
    return tuple(found)


def risk_of(folder: Path, mounts: Iterable[Montage] | None = None) -> str:
    """Return how the data may be damaged in this folder, by a cloud or a network, or ""."""
    return " ".join(_risks(folder, system_of(folder, mounts)))


def _risks(folder: Path, kind: str) -> Iterable[str]:
    cloud = cloud_of(folder)
    if cloud:
        yield (
            f"Ce dossier est copié en ligne par {cloud}. Deux copies faites au même moment peuvent abîmer la base, et "
            "vos papiers de santé seraient chez un tiers. Préférez un dossier de cet ordinateur."
        )
    if kind in RESEAUX:
        yield (
            f"Ce dossier est sur un autre ordinateur, par le réseau ({kind.removeprefix('fuse.')}). Si la liaison se "
            "coupe pendant une écriture, la base peut être abîmée. Préférez un disque de cet ordinateur."
        )


def cloud_of(folder: Path) -> str:
    """Return the name of the service that copies this folder online, or ""."""
    for place in (folder, *folder.parents):
        if not place.name:
            continue
        word = place.name.casefold()
        for service, patterns in NUAGES.items():
            if any(fnmatch(word, pattern) for pattern in patterns):
                return service
        left = _names(place)
        for service, patterns in MARQUES.items():
            if any(fnmatch(name, pattern) for name in left for pattern in patterns):
                return service
    return next((service for service, root in _declared() if folder.is_relative_to(root)), "")


def system_of(folder: Path, mounts: Iterable[Montage] | None = None) -> str:
    """Return the kind of file system the folder is on, such as « ext4 » or « nfs4 »; "" when it is not known."""
    if sys.platform == "win32" and mounts is None:
        remote = folder.drive.startswith("\\\\") or (
            ctypes.windll.kernel32.GetDriveTypeW(f"{folder.drive}\\") == _LECTEUR_RESEAU
        )
        return "cifs" if remote else ""
    around = [one for one in (read_mounts() if mounts is None else mounts) if folder.is_relative_to(one.point)]
    last = {one.point: one for one in around}  # what is mounted over another hides it
    return max(last.values(), key=lambda one: len(one.point.parts)).systeme if last else ""


def read_mounts(path: Path | None = None) -> list[Montage]:
    """Return what is mounted; nothing where the system does not say."""
    try:
        lines = os.fsdecode((path or MONTAGES).read_bytes()).splitlines()
    except OSError:
        return []
    rows = [line.split() for line in lines]
    return [Montage(Path(_plain(words[1])), words[2]) for words in rows if len(words) > 2]


def _plain(word: str) -> str:
    """Return a path as it is: the kernel writes a space, among others, by its number."""
    for code, sign in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        word = word.replace(code, sign)
    return word


def _names(folder: Path) -> list[str]:
    try:
        return [name.casefold() for name in os.listdir(folder)]
    except OSError:
        return []


def _declared() -> Iterable[tuple[str, Path]]:
    """Return the folders the services themselves say they copy, wherever they are."""
    for name in ("OneDrive", "OneDriveConsumer", "OneDriveCommercial"):
        if root := os.environ.get(name):
            yield "OneDrive", Path(root)
    homes = (
        Path.home() / ".dropbox",
        *(Path(os.environ.get(name, "-")) / "Dropbox" for name in ("APPDATA", "LOCALAPPDATA")),
    )
    for home in homes:
        try:
            told = json.loads((home / "info.json").read_text("utf-8"))
            roots = [Path(one["path"]) for one in told.values()]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
        yield from (("Dropbox", root) for root in roots)
