"""What the head of a picture says: its kind and its size, without decoding it."""

from dataclasses import dataclass
from struct import unpack_from

from mutuelle_desktop.domain.errors import Unreadable

PIXELS = 25_000_000
"""Most pixels of a signature (an A4 sheet scanned at 400 dpi has 15 million): more would fill the memory."""
_SANS_TAILLE = (0xC4, 0xC8, 0xCC)
"""JPEG markers of the C0 to CF range that are not the start of a frame (ITU T.81, table B.1)."""


@dataclass(frozen=True, slots=True)
class Entete:
    """The kind of a picture (png or jpg) and its size in pixels."""

    genre: str
    largeur: int
    hauteur: int


def head_of(image: bytes) -> Entete:
    """Return the head of a PNG or a JPEG; raise Unreadable for anything else, above all what can link elsewhere."""
    if image.startswith(b"\x89PNG\r\n\x1a\n") and len(image) >= 24:
        found = Entete("png", *unpack_from(">II", image, 16))
    elif image.startswith(b"\xff\xd8\xff"):
        found = Entete("jpg", *_frame(image))
    else:
        raise Unreadable("La signature doit être une image PNG ou JPEG.")
    if not 0 < found.largeur * found.hauteur <= PIXELS:
        raise Unreadable("L’image de la signature est vide ou trop grande\u00a0: recadrez-la autour de la signature.")
    return found


def _frame(image: bytes) -> tuple[int, int]:
    place = 2
    while place + 9 <= len(image) and image[place] == 0xFF:
        marker, length = image[place + 1], unpack_from(">H", image, place + 2)[0]
        if 0xC0 <= marker <= 0xCF and marker not in _SANS_TAILLE:
            height, width = unpack_from(">HH", image, place + 5)
            return width, height
        place += 2 + length
    return 0, 0
