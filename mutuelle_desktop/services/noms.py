"""Names of files: cleaned on their way in, predictable and harmless on their way out."""

import re
import unicodedata
from pathlib import Path

from mutuelle_desktop.domain.document import Document
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.extraction.sniff import PDF, suffix_of

NOM_MAX = 120
"""Bytes of a file name that leaves: every file system and every portal takes it."""
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|conin\$|conout\$|com[\d¹²³]|lpt[\d¹²³])\s*(\.|$)")


def displayed(path: Path) -> str:
    """Return the name of a file as it can be shown on one line, whatever bytes it is made of."""
    return one_line(path.name)


def title_of(nom: str) -> str:
    """Return the title a document has until someone gives it a better one: its name without extension."""
    stem, dot, extension = nom.rpartition(".")
    named = stem if dot and stem and 1 <= len(extension) <= 5 and extension.isalnum() else nom
    return one_line(named.replace("_", " ")).strip(" .-") or "Document"


def one_line(text: str) -> str:
    """Return text without line ends, control or direction characters, in composed form; bytes of no letter are « � »."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    visible = (_SHOWN.get(unicodedata.category(c), c) for c in text)
    return " ".join(unicodedata.normalize("NFC", "".join(visible)).split())


_SHOWN = {"Cc": " ", "Cf": " ", "Zl": " ", "Zp": " ", "Cs": "\ufffd"}


def export_name(document: Document, personne: Personne | str | None, mime: str = PDF) -> str:
    """Return a predictable name such as « 2025-03-14_facture_Dr-Durand_Paul.pdf »."""
    prenom = personne.prenom if isinstance(personne, Personne) else (personne or "").partition(" ")[0]
    said = [document.emetteur or document.titre, prenom]
    parts = [
        document.date_document.isoformat() if document.date_document else "",
        str(document.type) if document.type else "",
        *said,
    ]
    stem = "_".join(part for part in map(_part, parts) if part) or "document"
    return safe_name(stem, suffix_of(mime))


def safe_name(stem: str, extension: str) -> str:
    """Return a name any system accepts: composed, no reserved character or word, at most 120 bytes."""
    text = one_line(re.sub(r'[<>:"/\\|?*]', "-", stem[: 4 * NOM_MAX])).strip(" .-")
    if not text or _RESERVED.match(text):
        text = f"document-{text}".rstrip("-")
    return _fitted(text, NOM_MAX - len(extension.encode())) + extension


def numbered_name(nom: str, number: int) -> str:
    """Return « name (2).pdf » for a name that is taken, no longer than the others."""
    stem, dot, extension = nom.rpartition(".")
    end = f" ({number}){dot}{extension}" if dot else f" ({number})"
    return _fitted(stem if dot else nom, NOM_MAX - len(end.encode())) + end


def _fitted(text: str, room: int) -> str:
    """Return the text cut to this many bytes, never inside a letter."""
    if len(text.encode()) <= room:
        return text
    return text.encode()[:room].decode("utf-8", "ignore").rstrip(" .-_")


def _part(text: str) -> str:
    return re.sub(r"[\s_/-]+", "-", one_line(text)).strip("-.")
