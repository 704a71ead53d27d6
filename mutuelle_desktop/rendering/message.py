"""The letter without paper: text for the box of the espace client, an e-mail with the PDF attached."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from mutuelle_desktop.domain.courrier import Lettre, texte_of
from mutuelle_desktop.domain.errors import Refused

_COURRIEL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Message:
    """Text to paste in a web form; longueur is counted as browsers count it (UTF-16 units), a line end being one."""

    texte: str
    longueur: int

    def excess(self, limite: int) -> int:
        """Return how many characters are too many for a box of that size, 0 when it fits."""
        return max(0, self.longueur - limite)


def message_of(lettre: Lettre, *, objet: bool = True) -> Message:
    """Return the letter as text for a message box; no-break spaces are kept; objet is False where it has its own box."""
    texte = texte_of(lettre, objet=objet)
    return Message(texte, len(texte.encode("utf-16-le", "surrogatepass")) // 2)


def eml_of(lettre: Lettre, pdf: bytes, to: str = "") -> bytes:
    """Return a draft that any mail program opens, with the PDF attached; the same letter gives the same bytes."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _line(lettre.objet) or "Courrier"
    for name, address in (("From", lettre.expediteur.courriel.strip()), ("To", to.strip())):
        if address and not _COURRIEL.fullmatch(address):
            raise Refused(f"«\u00a0{_line(address)}\u00a0» n’est pas une adresse de courriel.")
        if address:
            message[name] = address
    message["Date"] = datetime(lettre.jour.year, lettre.jour.month, lettre.jour.day, 12, tzinfo=UTC)
    message["X-Unsent"] = "1"  # Outlook then opens it ready to be sent
    texte = texte_of(lettre, objet=False).encode("utf-8", "replace").decode("utf-8")
    message.set_content(texte, charset="utf-8", cte="quoted-printable")
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename=file_name(lettre))
    message.set_boundary(f"courrier-{sha256(texte.encode() + pdf).hexdigest()[:32]}")
    return message.as_bytes()


def file_name(lettre: Lettre, suffixe: str = "pdf") -> str:
    """Return a name every system accepts, such as « 2026-11-24 Réclamation.pdf »."""
    words = re.sub(r'[<>:"/\\|?*\x00-\x1f]+', " ", _line(lettre.objet))
    words = " ".join(words.split())[:80].strip(" .")
    return f"{lettre.jour.isoformat()} {words or 'Courrier'}.{suffixe}"


def _line(texte: str) -> str:
    """Return the text on one line, without what a header of mail cannot hold."""
    clean = "".join(c if c.isprintable() or c.isspace() else " " for c in texte)
    return " ".join(clean.split())
