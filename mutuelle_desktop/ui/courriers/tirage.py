"""What is laid on sheets: a letter as vectors, its enclosures as pictures, at their real size on the paper."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from PySide6.QtCore import QByteArray, QMarginsF, QRectF, QSettings, QSizeF, Qt
from PySide6.QtGui import QFont, QImage, QPageLayout, QPageSize, QPainter, QTransform
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtSvg import QSvgRenderer

from mutuelle_desktop.domain.courrier import Lettre, PieceJointe, mention
from mutuelle_desktop.domain.errors import Unavailable
from mutuelle_desktop.domain.evenement import Canal
from mutuelle_desktop.domain.progress import Progress
from mutuelle_desktop.rendering.courrier import Feuille, feuille_of, pdf_of
from mutuelle_desktop.services import courriers
from mutuelle_desktop.services.dessins import draw_page
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.documents.images import image_of

A4, DL = (210.0, 297.0), (220.0, 110.0)
"""Width and height of the papers, in millimetres."""
POUCE = 25.4
PRECIS, APERCU = 3508, 1400
"""Longest side, in pixels, of an enclosure on paper (A4 at 300 dots an inch) and in the preview."""
BORD = 8.0
"""Millimetres left around an enclosure that is not an A4 sheet."""
_DECALAGE = "impression/decalage/"


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: svg is drawn as vectors; else image gives its picture, of that longest side; mention is put on it."""

    svg: str = ""
    image: Callable[[int], QImage] | None = None
    mention: str = ""


@dataclass(frozen=True, slots=True)
class Tirage:
    """Sheets of one size, ready to be laid on paper; decale says that they carry the printer's offset already."""

    titre: str
    pages: tuple[Page, ...]
    papier: tuple[float, float] = A4
    decale: bool = False


def tirage_of_letter(desk: Desk, key: str, *, pieces: bool, numeros: bool, progress: Progress) -> Tirage:
    """Return a letter and, when asked, its enclosures. A frozen letter is the frozen one, whatever changed since."""
    progress.step(0, 1, "Mise en page de la lettre")
    value = courriers.get_courrier(desk.library, key)
    lettre = courriers.lettre_of(desk.library, key, desk.workers)
    pages = _frozen_pages(desk, key, lettre) if value.empreinte else _set(feuille_of(lettre))
    for piece in lettre.pieces if pieces else ():
        pages += _piece_pages(desk, piece, numeros=numeros)
    return Tirage(value.objet or "Lettre", tuple(pages))


def tirage_of_sheet(titre: str, feuille: Feuille, papier: tuple[float, float] = A4, *, decale: bool = False) -> Tirage:
    """Return an envelope, a sheet of labels or a calibration page."""
    return Tirage(titre, tuple(_set(feuille)), papier, decale)


def prepare(printer: QPrinter, titre: str, papier: tuple[float, float]) -> None:
    """Set a printer for sheets of this size: the whole sheet, no margin, nothing scaled."""
    printer.setDocName(titre)
    if papier == DL:
        size, way = QPageSize(QPageSize.PageSizeId.EnvelopeDL), QPageLayout.Orientation.Landscape
    else:
        size, way = QPageSize(QSizeF(*papier), QPageSize.Unit.Millimeter), QPageLayout.Orientation.Portrait
        if papier == A4:
            size = QPageSize(QPageSize.PageSizeId.A4)
    printer.setFullPage(True)
    printer.setPageLayout(QPageLayout(size, way, QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter))
    printer.setFullPage(True)


def ready_to_show(tirage: Tirage, progress: Progress) -> Tirage:
    """Return the sheets with their pictures drawn already, for the preview."""
    pages = []
    for number, page in enumerate(tirage.pages):
        progress.step(number, len(tirage.pages), f"Page\u00a0{number + 1} sur\u00a0{len(tirage.pages)}")
        pages.append(page if page.image is None else replace(page, image=_always(page.image(APERCU))))
    return replace(tirage, pages=tuple(pages))


def lay(printer: QPrinter, tirage: Tirage, decalage: tuple[float, float], progress: Progress, largest: int) -> None:
    """Lay the sheets asked for (range, order, copies) on a printer, one after the other; stop when asked to."""
    painter = QPainter()
    if not painter.begin(printer):
        raise Unavailable(
            "L’imprimante n’a pas pu être ouverte. Vérifiez qu’elle est allumée, ou enregistrez la lettre en PDF."
        )
    order = list(_asked(printer, len(tirage.pages)))
    mm = printer.resolution() / POUCE
    if not tirage.decale:
        painter.translate(decalage[0] * mm, decalage[1] * mm)
    try:
        for rank, number in enumerate(order):
            progress.step(rank, len(order), f"Impression de la page\u00a0{rank + 1} sur\u00a0{len(order)}")
            if rank:
                printer.newPage()
            _paint(painter, mm, tirage, number, largest)
    except BaseException:
        printer.abort()
        raise
    finally:
        painter.end()


def decalage_of(state: QSettings, imprimante: str) -> tuple[float, float]:
    """Return how far a printer must be moved, in millimetres to the right and down."""
    try:
        right, down = (float(part) for part in str(state.value(_DECALAGE + quote(imprimante, safe=""), "")).split(";"))
    except ValueError:
        return 0.0, 0.0
    return right, down


def keep_decalage(state: QSettings, imprimante: str, decalage: tuple[float, float]) -> None:
    """Keep it for the next times; none is forgotten."""
    key = _DECALAGE + quote(imprimante, safe="")
    if any(decalage):
        state.setValue(key, f"{decalage[0]:g};{decalage[1]:g}")
    else:
        state.remove(key)
    state.sync()


def decalages(state: QSettings) -> dict[str, tuple[float, float]]:
    """Return every printer that is moved, by name, with how far."""
    names = sorted(unquote(key.removeprefix(_DECALAGE)) for key in state.allKeys() if key.startswith(_DECALAGE))
    found = {name: decalage_of(state, name) for name in names}
    return {name: decalage for name, decalage in found.items() if any(decalage)}


def decalage_en_lettres(decalage: tuple[float, float]) -> str:
    """Return « 2 mm à droite, 1,5 mm en haut », or "" when nothing is moved."""
    right, down = decalage
    parts = [(right, "à droite", "à gauche"), (down, "en bas", "en haut")]
    said = [f"{abs(v):g}".replace(".", ",") + f"\u00a0mm {plus if v > 0 else minus}" for v, plus, minus in parts if v]
    return ", ".join(said)


def _always(drawn: QImage) -> Callable[[int], QImage]:
    return lambda _largest: drawn


def _set(feuille: Feuille) -> list[Page]:
    return [Page(svg=svg) for svg in feuille.svg()]


def _frozen_pages(desk: Desk, key: str, lettre: Lettre) -> list[Page]:
    """Return the pages of the frozen PDF: as vectors while the letter still gives that very PDF, else drawn from it."""
    kept = courriers.pdf_of_courrier(desk.library, key, desk.workers)
    for said in dict.fromkeys((lettre.mention_envoi, *map(mention, Canal))):  # what « envoyé » says may differ since
        then = replace(lettre, mention_envoi=said)
        if pdf_of(then) == kept:
            return _set(feuille_of(then))
    count = desk.workers.inspect(kept, "application/pdf").pages

    def drawn(number: int) -> Callable[[int], QImage]:
        return lambda largest: image_of(desk.workers.render(kept, "application/pdf", number, largest))

    return [Page(image=drawn(number)) for number in range(1, count + 1)]


def _piece_pages(desk: Desk, piece: PieceJointe, *, numeros: bool) -> list[Page]:
    count = max(1, piece.pages)

    def drawn(number: int) -> Callable[[int], QImage]:
        return lambda largest: image_of(
            draw_page(desk.library, desk.workers, piece.document_id, number, largest, urgent=False)
        )

    def numbered(number: int) -> str:
        return f"Pièce n°\u00a0{piece.numero} – p.\u00a0{number}/{count}" if numeros else ""

    return [Page(image=drawn(number), mention=numbered(number)) for number in range(1, count + 1)]


def _asked(printer: QPrinter, count: int) -> Iterator[int]:
    """Yield the numbers of the sheets in the order the printer wants them, as often as it does not repeat them itself."""
    first, last = 1, count
    if printer.printRange() == QPrinter.PrintRange.PageRange and printer.fromPage():
        first, last = max(1, printer.fromPage()), min(count, printer.toPage() or count)
    numbers = list(range(first, last + 1))
    if printer.pageOrder() == QPrinter.PageOrder.LastPageFirst:
        numbers.reverse()
    copies = 1 if printer.supportsMultipleCopies() else max(1, printer.copyCount())
    for _copy in range(copies):
        yield from (number - 1 for number in numbers)


def _paint(painter: QPainter, mm: float, tirage: Tirage, number: int, largest: int) -> None:
    page, (width, height) = tirage.pages[number], tirage.papier
    paper = QRectF(0, 0, width * mm, height * mm)
    painter.save()
    if page.svg:
        QSvgRenderer(QByteArray(page.svg.encode())).render(painter, paper)
    elif page.image is not None:
        _picture(painter, page.image(largest), paper, mm)
    if page.mention:
        _mention(painter, page.mention, paper, mm)
    painter.restore()


def _picture(painter: QPainter, image: QImage, paper: QRectF, mm: float) -> None:
    """Lay a picture, a wide one on its side: one of the shape of the sheet covers it exactly, another is fitted inside."""
    if image.isNull():
        return
    if image.width() > image.height():
        image = image.transformed(QTransform().rotate(90))
    whole = abs(image.height() / image.width() - paper.height() / paper.width()) < 0.01
    room = paper if whole else paper.adjusted(BORD * mm, BORD * mm, -BORD * mm, -BORD * mm)
    scale = min(room.width() / image.width(), room.height() / image.height())
    size = QSizeF(image.width() * scale, image.height() * scale)
    left = room.left() + (room.width() - size.width()) / 2
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(left, room.top(), size.width(), size.height()), image)


def _mention(painter: QPainter, text: str, paper: QRectF, mm: float) -> None:
    """Write which enclosure this is in a corner, on white so that it is read over anything."""
    font = QFont()
    font.setPixelSize(max(1, round(3.4 * mm)))
    painter.setFont(font)
    box = painter.boundingRect(paper, Qt.AlignmentFlag.AlignLeft, text)
    place = QRectF(paper.right() - box.width() - 10 * mm, paper.top() + 6 * mm, box.width(), box.height())
    painter.fillRect(place.adjusted(-1.5 * mm, -0.6 * mm, 1.5 * mm, 0.6 * mm), Qt.GlobalColor.white)
    painter.setPen(Qt.GlobalColor.black)
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft, text)
