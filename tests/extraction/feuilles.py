"""Papers made by the tests: pages of PDF, pictures of sheets, photos of sheets on a table."""

import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
LIGNES = (
    "Mutuelle des Alpilles",
    "Relevé de remboursement du 12 mars 2026",
    "Bénéficiaire : Camille Bessière",
    "Détartrage et polissage des dents",
    "Dépense engagée : 28,92 euros",
    "Le ticket modérateur reste à votre charge.",
    "Nous vous prions d’agréer nos salutations.",
)
MOTS = ("Mutuelle", "remboursement", "Camille", "Détartrage", "modérateur", "salutations")


def police() -> str:
    if "DejaVu" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("DejaVu", FONT))
    return "DejaVu"


def pdf(
    draw: Callable[[Canvas], Any] | str, *, pages: int = 1, size: tuple[float, float] = A4, **options: Any
) -> bytes:
    """Return a PDF whose every page is drawn by a function, or bears a text 60 points from the left."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=True, pageCompression=1, **options)
    for _ in range(pages):
        canvas.setFont(police(), 12)
        if callable(draw):
            draw(canvas)
        else:
            for number, line in enumerate(draw.split("\n")):
                canvas.drawString(60, size[1] - 80 - 18 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def reworked(contenu: bytes, work: Callable[[Any], Any]) -> bytes:
    """Return a PDF after pypdf changed its pages, or its writer."""
    from pypdf import PdfWriter

    writer = PdfWriter(clone_from=io.BytesIO(contenu))
    work(writer)
    out = io.BytesIO()
    writer.write(out)
    writer.close()
    return out.getvalue()


def feuille(
    lignes: Sequence[str] = LIGNES, *, dpi: int = 150, taille: float = 13, encre: int = 20, fond: int = 250,
    papier: tuple[float, float] = A4,
) -> Image.Image:  # fmt: skip
    """Return the picture of a sheet, its lines taille points high and twice as far apart."""
    k = dpi / 72
    sheet = Image.new("L", (round(papier[0] * k), round(papier[1] * k)), fond)
    draw, font = ImageDraw.Draw(sheet), ImageFont.truetype(FONT, taille * k)
    for number, line in enumerate(lignes):
        draw.text((60 * k, (80 + 2 * taille * number) * k), line, fill=encre, font=font)
    return sheet


def coder(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def scanne(pictures: Iterable[Image.Image], size: tuple[float, float] = A4, *, mots: str = "") -> bytes:
    """Return a PDF whose pages are each one picture, with perhaps a few words of text in front."""
    images = list(pictures)

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(images[canvas.getPageNumber() - 1]), 0, 0, *size)
        if mots:
            canvas.drawString(60, 30, mots)

    return pdf(draw, pages=len(images), size=size)


def photographie(
    sheet: Image.Image, *, size: tuple[int, int] = (1800, 2400), corners: Sequence[tuple[float, float]] | None = None
) -> tuple[Image.Image, tuple[float, ...]]:
    """Lay a sheet on a dark table, seen from the side; return the photo and the way from photo to sheet."""
    across, down = size
    shares = corners or ((0.09, 0.07), (0.93, 0.11), (0.95, 0.94), (0.05, 0.9))
    quad = [(x * across, y * down) for x, y in shares]
    source = [(0, 0), (sheet.width, 0), (sheet.width, sheet.height), (0, sheet.height)]
    rows, values = [], []
    for (x, y), (u, v) in zip(quad, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    way = tuple(float(v) for v in np.linalg.solve(np.array(rows, float), np.array(values, float)))
    mask = Image.new("L", sheet.size, 255).transform(size, Image.Transform.PERSPECTIVE, way, Image.Resampling.BILINEAR)
    table = Image.new("L", size, 70)
    laid = sheet.transform(size, Image.Transform.PERSPECTIVE, way, Image.Resampling.BICUBIC)
    photo = np.asarray(Image.composite(laid, table, mask), np.float32)
    light = np.linspace(1.0, 0.72, across, dtype=np.float32)[None, :]
    grain = np.random.default_rng(5).normal(0, 3, photo.shape)
    return Image.fromarray(np.clip(photo * light + grain, 0, 255).astype(np.uint8)), way


def camera(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110] = orientation, "Fictif", "Essai"
    return exif
