"""The keys of the safe: one random data key, and the slots that hold it.

`coffre.json` and its copy hold the slots. Here the only slot is « ouvert »: the key in clear, so that a copied
folder opens anywhere. Later slots (phrase, secours, trousseau) wrap the same key: setting a passphrase will
remove « ouvert » and touch no other file. `controle` signs the whole header with the key itself: no damage passes.
"""

import base64
import binascii
import hmac
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mutuelle_desktop.domain.errors import TooNew, Unavailable
from mutuelle_desktop.storage.failures import unavailable
from mutuelle_desktop.storage.paths import make_private_file, write_whole

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
    kept, spare = _load(header), _load(copy)
    good = kept or spare
    if good is None:
        _refuse_lost_key(folder)
        good = _new_header()
    if kept and spare and kept["id"] != spare["id"]:
        raise Unavailable(
            "« coffre.json » et sa copie viennent de deux coffres différents. Rien n’a été changé : remettez dans le "
            "dossier des données le « coffre.json » de ces papiers."
        )
    for path, found in ((header, kept), (copy, spare)):
        if found != good:
            _save(path, good)
        make_private_file(path)
    return _derive(_data_key(good))


def header_of(path: Path) -> tuple[str, Keys] | None:
    """Return the identity and the keys of the safe whose header lies there, changing nothing; None when it is damaged."""
    header = _load(path)
    return None if header is None else (str(header["id"]), _derive(_data_key(header)))


def _load(path: Path) -> dict[str, Any] | None:
    """Return a header that opens, or None; one made by a newer version is never taken for a damaged one."""
    try:
        header = json.loads(path.read_bytes())
        if header["format"] > FORMAT:
            raise TooNew(
                "Ce coffre a été fait par une version plus récente de Mutuelle Desktop. Installez la dernière "
                "version : rien n’a été changé."
            )
        _data_key(header)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return dict(header)


def _refuse_lost_key(folder: Path) -> None:
    """Never make a new key beside what only a lost one opens."""
    if any((folder / name).exists() for name in (HEADER, COPY, "base.db")) or any((folder / "fichiers").glob("*/*")):
        raise Unavailable(
            "Le fichier « coffre.json », qui contient la clé de vos papiers, est absent ou abîmé, ainsi que sa copie. "
            "Remettez-le depuis une sauvegarde : vos papiers n’ont pas été modifiés."
        )


def _new_header() -> dict[str, Any]:
    key = secrets.token_bytes(32)
    slot = {"type": "ouvert", "cle": base64.b64encode(key).decode()}
    header: dict[str, Any] = {"format": FORMAT, "id": secrets.token_hex(16), "fentes": [slot]}
    return {**header, "controle": _signature(header, key)}


def _data_key(header: dict[str, Any]) -> bytes:
    for slot in header["fentes"]:
        if slot["type"] == "ouvert":
            try:
                key = base64.b64decode(slot["cle"], validate=True)
            except binascii.Error as error:
                raise ValueError("damaged slot") from error
            if hmac.compare_digest(_signature(header, key), header["controle"]):
                return key
    raise ValueError("no slot opens")


def _signature(header: dict[str, Any], key: bytes) -> str:
    signed = {name: value for name, value in header.items() if name != "controle"}
    return hmac.new(_draw(key, b"controle"), json.dumps(signed, sort_keys=True).encode(), "sha256").hexdigest()


def _save(path: Path, header: dict[str, Any]) -> None:
    try:
        write_whole(path, json.dumps(header, indent=1).encode())
    except OSError as error:
        if path.name == HEADER:  # without its copy the safe opens all the same: the next start tries again
            raise unavailable(error) from error


def _derive(key: bytes) -> Keys:
    return Keys(_draw(key, b"base"), _draw(key, b"fichiers"), _draw(key, b"noms"))


def _draw(key: bytes, label: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, b"", b"mutuelle-desktop " + label).derive(key)
