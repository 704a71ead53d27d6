"""Real files made by the tests: what comes out of a portal, a scanner, a telephone, and what should not."""

import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
LETTRE = "Mutuelle des Deux Rives\nNous avons bien reçu votre demande\nde remboursement du 12 juin 2026."


def pdf(path: Path, *pages: str) -> Path:
    """Write a born-digital PDF, one text a page."""
    path.write_bytes(pdf_bytes(*pages))
    return path


def pdf_bytes(*pages: str) -> bytes:
    if "DejaVu" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("DejaVu", FONT))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=True)
    for text in pages:
        canvas.setFont("DejaVu", 12)
        for number, line in enumerate(text.split("\n")):
            canvas.drawString(60, 760 - 18 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def locked_pdf(path: Path, password: str, *pages: str) -> Path:
    """Write a PDF that opens only with this password."""
    writer = PdfWriter()
    writer.append(PdfReader(io.BytesIO(pdf_bytes(*pages))))
    writer.encrypt(password, algorithm="AES-256")
    writer.write(path)
    return path


def sheet(text: str = LETTRE) -> Image.Image:
    """Draw a sheet as a scanner sees it at 150 dots an inch."""
    drawn = Image.new("L", (1240, 1754), 250)
    ImageDraw.Draw(drawn).multiline_text((110, 160), text, fill=20, font=ImageFont.truetype(FONT, 34), spacing=18)
    return drawn


def picture(path: Path, kind: str = "PNG", text: str = LETTRE, *, turned: int = 0) -> Path:
    """Write a picture of a sheet; turned says in EXIF that it must be turned, as telephones do."""
    drawn = sheet(text)
    facts: dict[str, object] = {"dpi": (150, 150)}
    if turned:
        drawn = drawn.rotate({3: 180, 6: 90, 8: 270}[turned], expand=True)
        exif = Image.Exif()
        exif[0x0112] = turned
        facts["exif"] = exif
    if kind == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
        drawn, facts = drawn.convert("RGB"), {"quality": 90}
    drawn.save(path, kind, **facts)
    return path


def tiff(path: Path, texts: Sequence[str]) -> Path:
    """Write a TIFF of several pages, as fax machines and scanners do."""
    first, *rest = (sheet(text) for text in texts)
    first.save(path, "TIFF", save_all=True, append_images=rest, dpi=(150, 150), compression="tiff_deflate")
    return path
