"""The keys of the safe: one random data key, and the slots that hold it.

`coffre.json` and its copy hold the slots. Here the only slot is « ouvert »: the key in clear, so that a copied
folder opens anywhere. Later slots (phrase, secours, trousseau) wrap the same key: setting a passphrase will
remove « ouvert » and touch no other file.
"""

import base64
import binascii
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mutuelle_desktop.domain.errors import TooNew, Unavailable
from mutuelle_desktop.storage.paths import write_whole

FORMAT = 1
HEADER = "coffre.json"
COPY = "coffre.json.copie"


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """Three keys of 32 bytes drawn from the data key: for the base, the files, the files' names."""

    base: bytes
    fichiers: bytes
    noms: bytes


def open_keys(folder: Path) -> Keys:
    """Return the keys of this folder, made on first use; a lost or damaged copy of the header is healed."""
    header, copy = folder / HEADER, folder / COPY
    found = {path: _load(path) for path in (header, copy)}
    good = found[header] or found[copy]
    if good is None:
        if header.exists() or copy.exists() or (folder / "base.db").exists():
            raise Unavailable(
                "Le fichier « coffre.json », qui contient la clé de vos papiers, est absent ou abîmé, ainsi que sa "
                "copie. Remettez-le depuis une sauvegarde : vos papiers n’ont pas été modifiés."
            )
        good = _new_header()
    text = json.dumps(good, indent=1).encode()
    for path in (header, copy):
        if found[path] != good:
            _save(path, text)
    return _derive(_data_key(good))


def _load(path: Path) -> dict[str, Any] | None:
    try:
        header = json.loads(path.read_bytes())
        if header["format"] > FORMAT:
            raise TooNew(
                "Ce coffre a été fait par une version plus récente de Mutuelle Desktop. Installez la dernière version."
            )
        _data_key(header)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    except OSError as error:
        raise Unavailable(f"Le fichier « {path.name} » ne peut pas être lu ({error.strerror}).") from error
    return dict(header)


def _new_header() -> dict[str, Any]:
    slot = {"type": "ouvert", "cle": base64.b64encode(secrets.token_bytes(32)).decode()}
    return {"format": FORMAT, "id": secrets.token_hex(16), "fentes": [slot]}


def _data_key(header: dict[str, Any]) -> bytes:
    for slot in header["fentes"]:
        if slot["type"] == "ouvert":
            try:
                key = base64.b64decode(slot["cle"], validate=True)
            except binascii.Error as error:
                raise ValueError("slot") from error
            if len(key) == 32:
                return key
    raise ValueError("no open slot")


def _save(path: Path, text: bytes) -> None:
    try:
        write_whole(path, text)
    except OSError as error:
        if path.name == HEADER:
            raise Unavailable(
                f"Le dossier « {path.parent} » ne peut pas être écrit ({error.strerror}). Vérifiez vos droits et la "
                "place libre."
            ) from error


def _derive(key: bytes) -> Keys:
    def part(label: bytes) -> bytes:
        return HKDF(hashes.SHA256(), 32, b"", b"mutuelle-desktop " + label).derive(key)

    return Keys(part(b"base"), part(b"fichiers"), part(b"noms"))
