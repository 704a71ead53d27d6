"""What a file is, by its first bytes and never by its name."""

PDF = "application/pdf"
HEIC = "image/heic"
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
)
_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif")
_SUFFIX = {
    PDF: ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/tiff": ".tif", "image/gif": ".gif",
    "image/bmp": ".bmp", "image/webp": ".webp", HEIC: ".heic",
}  # fmt: skip
_ARCHIVE = "C’est une archive : ouvrez-la, puis ajoutez les papiers qu’elle contient."
_PROGRAM = "C’est un programme, pas un papier : il n’a pas été ajouté."
_OFFICE = "C’est un document de bureautique : enregistrez-le en PDF depuis votre logiciel, puis ajoutez le PDF."
_FILM = "C’est un son ou un film, pas un papier : il n’a pas été ajouté."
_WEB = "C’est une page web ou un dessin : imprimez-le en PDF, puis ajoutez le PDF."
_MAIL = "C’est un message : enregistrez ses pièces jointes, puis ajoutez-les."
_REFUSED = (
    (b"PK\x03\x04", _ARCHIVE), (b"PK\x05\x06", _ARCHIVE), (b"7z\xbc\xaf\x27\x1c", _ARCHIVE), (b"Rar!", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE), (b"BZh", _ARCHIVE), (b"\xfd7zXZ", _ARCHIVE), (b"MZ", _PROGRAM), (b"\x7fELF", _PROGRAM),
    (b"#!", _PROGRAM), (b"\xd0\xcf\x11\xe0", _OFFICE), (b"{\\rtf", _OFFICE), (b"ID3", _FILM), (b"OggS", _FILM),
    (b"RIFF", _FILM), (b"\x00\x00\x01\xba", _FILM),
)  # fmt: skip


def sniff(tete: bytes) -> str | None:
    """Return the MIME type of a paper the program reads, or None."""
    if b"%PDF-" in tete[:1024]:
        return PDF
    for magic, mime in _MAGIC:
        if tete.startswith(magic):
            return mime
    if tete[:4] == b"RIFF" and tete[8:12] == b"WEBP":
        return "image/webp"
    if tete[4:8] == b"ftyp" and any(brand in tete[8:40] for brand in _HEIF_BRANDS):
        return HEIC
    return None


def refusal_of(tete: bytes) -> str:
    """Return why a file that sniff does not know is refused, and what to do."""
    if not tete:
        return "Ce fichier est vide. Vérifiez l’original, puis ajoutez-le à nouveau."
    if tete[257:262] == b"ustar":
        return _ARCHIVE
    if tete[:4] == b"PK\x03\x04" and any(word in tete for word in (b"word/", b"xl/", b"ppt/", b"mimetypeapplication")):
        return _OFFICE
    for magic, reason in _REFUSED:
        if tete.startswith(magic):
            return reason
    if tete[4:8] == b"ftyp":
        return _FILM
    start = tete[:1024].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<svg", b"<?xml")):
        return _WEB
    if start.startswith((b"from:", b"received:", b"return-path:", b"delivered-to:", b"mime-version:")):
        return _MAIL
    return "Ce type de fichier n’est pas pris en charge. Ajoutez un PDF ou une image (JPEG, PNG, TIFF, HEIC, WebP)."


def suffix_of(mime: str) -> str:
    """Return the file name extension of a type that sniff knows."""
    return _SUFFIX[mime]
