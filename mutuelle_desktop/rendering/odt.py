"""The letter for a word processor: an OpenDocument 1.3 text written here, with its page, its styles and its footer."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from mutuelle_desktop.domain.courrier import (
    Bloc,
    Fragment,
    GenreBloc,
    Lettre,
    lieu_et_date,
    piece_en_lettres,
    references_of,
)
from mutuelle_desktop.rendering.courrier import numeric_columns, with_total
from mutuelle_desktop.rendering.image import head_of
from mutuelle_desktop.rendering.odt_styles import ESPACES, META, STYLES, TABLEAU

_MIME = "application/vnd.oasis.opendocument.text"
_LIGNE = 4.6
"""Millimetres from one line of the sender to the next."""
_HAUT, _FENETRE = 20, 92
_IMAGE = (60.0, 20.0)
"""Room for a signature: millimetres in width and height."""


@dataclass(frozen=True, slots=True)
class _Picture:
    nom: str
    octets: bytes
    largeur: float
    hauteur: float


def odt_of(lettre: Lettre) -> bytes:
    """Return the letter as an .odt; the same letter gives the same bytes."""
    picture = _picture(lettre.signature)
    files = {
        "content.xml": _content(lettre, picture),
        "styles.xml": STYLES.replace("{auteur}", _text(lettre.expediteur.nom)),
        "meta.xml": META.replace("{titre}", _text(" ".join(lettre.objet.split()) or "Lettre"))
        .replace("{auteur}", _text(lettre.expediteur.nom))
        .replace("{jour}", f"{lettre.jour.isoformat()}T00:00:00"),
    }
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        _put(
            archive, "mimetype", _MIME.encode(), stored=True
        )  # first and not compressed: OpenDocument 1.3, part 2, 3.3
        for name, text in files.items():
            _put(archive, name, text.encode("utf-8"))
        if picture:
            _put(archive, picture.nom, picture.octets, stored=True)
        _put(archive, "META-INF/manifest.xml", _manifest([*files], picture).encode("utf-8"))
    return out.getvalue()


def _put(archive: ZipFile, name: str, data: bytes, *, stored: bool = False) -> None:
    info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = ZIP_STORED if stored else ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, data)


def _manifest(names: Sequence[str], picture: _Picture | None) -> str:
    entries = [("/", _MIME), *((name, "text/xml") for name in names)]
    if picture:
        entries.append((picture.nom, f"image/{'png' if picture.nom.endswith('png') else 'jpeg'}"))
    rows = "".join(f'<manifest:file-entry manifest:full-path="{n}" manifest:media-type="{m}"/>' for n, m in entries)
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    return (f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{space}" manifest:version="1.3">'
            f"{rows}</manifest:manifest>")  # fmt: skip


def _content(lettre: Lettre, picture: _Picture | None) -> str:
    who = lettre.expediteur
    sender = [who.nom, *who.lignes, who.telephone, who.courriel]
    sender = [line for line in sender if line.strip()]
    top = max(_FENETRE - _HAUT, len(sender) * _LIGNE + 4, len(lettre.destinataire) * _LIGNE + 41)
    first = f'<style:style style:name="Premier" style:family="paragraph" style:parent-style-name="References" style:master-page-name="Standard"><style:paragraph-properties fo:margin-top="{top:.1f}mm"/></style:style>'  # noqa: E501
    body = [
        _frame("Expéditeur", "Expediteur", sender, (25, _HAUT, 73)),
        _frame("Destinataire", "Destinataire", list(lettre.destinataire), (110, 55, 80)),
        *_head(lettre),
        *(_bloc(bloc, rank) for rank, bloc in enumerate(lettre.corps) if bloc.lignes),
        *_foot(lettre, picture),
    ]
    return (f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ESPACES} office:version="1.3">'
            f"<office:automatic-styles>{first}{TABLEAU}</office:automatic-styles>"
            f"<office:body><office:text>{''.join(body)}</office:text></office:body></office:document-content>")  # fmt: skip


def _head(lettre: Lettre) -> list[str]:
    known = [f"{libelle}\u00a0: {valeur}" for libelle, valeur in references_of(lettre)]
    if lettre.mention_envoi:
        known.insert(0, lettre.mention_envoi)
    found = [_p("Premier", "\n".join(known)), _p("Date", lieu_et_date(lettre))]
    if lettre.objet.strip():
        subject = _text(f"Objet\u00a0: {lettre.objet.strip()}")
        found.append(f'<text:h text:style-name="Objet" text:outline-level="1">{subject}</text:h>')
    if lettre.appel:
        found.append(_p("Corps", lettre.appel))
    return found


def _foot(lettre: Lettre, picture: _Picture | None) -> list[str]:
    found = [_p("Formule", lettre.formule)] if lettre.formule else []
    if picture:
        found.append(f'<text:p text:style-name="Image">{_drawn(picture, lettre.expediteur.nom)}</text:p>')
    found.append(_p("Signature" if picture else "SignatureLibre", lettre.expediteur.nom))
    if lettre.pieces:
        items = "".join(_item("Pieces", _text(piece_en_lettres(piece))) for piece in lettre.pieces)
        found += [_p("PiecesTitre", "P.J.\u00a0:"), f'<text:list text:style-name="Numeros">{items}</text:list>']
    if lettre.copie_a:
        found.append(_p("Pieces", f"Copie à\u00a0: {lettre.copie_a}"))
    return found


def _bloc(bloc: Bloc, rank: int) -> str:
    if bloc.genre is GenreBloc.TABLEAU:
        return _table(bloc, rank)
    lines = [_runs(ligne) for ligne in bloc.lignes]
    if bloc.genre is GenreBloc.PARAGRAPHE:
        return "".join(f'<text:p text:style-name="Corps">{line}</text:p>' for line in lines)
    style = "Puces" if bloc.genre is GenreBloc.PUCES else "Numeros"
    return f'<text:list text:style-name="{style}">{"".join(_item("Liste", line) for line in lines)}</text:list>'


def _table(bloc: Bloc, rank: int) -> str:
    rows = [ligne for ligne in bloc.lignes if ligne]
    columns = max(map(len, rows), default=0)
    if not columns:
        return ""
    numbers, total = numeric_columns(rows), with_total(rows)
    out = []
    for number, ligne in enumerate(rows):
        strong = number == 0 or (total and number == len(rows) - 1)
        cells = []
        for column in range(columns):
            style = ("Montant" if numbers[column] else "Cellule") + ("Gras" if strong else "")
            text = _runs(ligne[column : column + 1])
            cell = "Entete" if number == 0 else "Case"
            cells.append(f'<table:table-cell table:style-name="{cell}" office:value-type="string">'
                         f'<text:p text:style-name="{style}">{text}</text:p></table:table-cell>')  # fmt: skip
        row = f'<table:table-row table:style-name="Ligne">{"".join(cells)}</table:table-row>'
        out.append(f"<table:table-header-rows>{row}</table:table-header-rows>" if number == 0 else row)
    return (f'<table:table table:name="Tableau{rank + 1}" table:style-name="Tableau">'
            f'<table:table-column table:number-columns-repeated="{columns}"/>{"".join(out)}</table:table>'
            '<text:p text:style-name="Apres"/>')  # fmt: skip


def _frame(title: str, style: str, lines: Sequence[str], place: tuple[float, float, float]) -> str:
    """Return lines at a place of the first page: x, y, width in millimetres."""
    x, y, width = place
    if not lines:
        return ""
    return (f'<draw:frame draw:style-name="Cadre" draw:name="{title}" text:anchor-type="page" text:anchor-page-number="1" '
            f'svg:x="{x}mm" svg:y="{y}mm" svg:width="{width}mm" draw:z-index="0">'
            f'<draw:text-box fo:min-height="4mm">{_p(style, chr(10).join(lines))}</draw:text-box></draw:frame>')  # fmt: skip


def _drawn(picture: _Picture, who: str) -> str:
    return (f'<draw:frame draw:style-name="Trace" draw:name="Signature" text:anchor-type="as-char" '
            f'svg:width="{picture.largeur:.1f}mm" svg:height="{picture.hauteur:.1f}mm">'
            f'<draw:image xlink:href="{picture.nom}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
            f"<svg:title>{_text('Signature de ' + who)}</svg:title></draw:frame>")  # fmt: skip


def _item(style: str, inside: str) -> str:
    return f'<text:list-item><text:p text:style-name="{style}">{inside}</text:p></text:list-item>'


def _p(style: str, texte: str) -> str:
    return f'<text:p text:style-name="{style}">{_text(texte)}</text:p>'


def _runs(ligne: Sequence[Fragment]) -> str:
    out = []
    for each in ligne:
        style = ("Gras" if each.gras else "") + ("Italique" if each.italique else "")
        text = _text(each.texte)
        out.append(f'<text:span text:style-name="{style}">{text}</text:span>' if style and text else text)
    return "".join(out)


def _text(texte: str) -> str:
    """Return the text for XML: what XML forbids is left out, line ends and repeated spaces are elements."""
    clean = "".join(c for c in texte.replace("\r\n", "\n").replace("\r", "\n") if _allowed(c))
    text = escape(clean, {'"': "&quot;"}).replace("\n", "<text:line-break/>").replace("\t", "<text:tab/>")
    return text.replace("  ", " <text:s/>")


def _allowed(c: str) -> bool:
    code = ord(c)
    return c in "\t\n" or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def _picture(image: bytes | None) -> _Picture | None:
    """Return the signature fitted in its room."""
    if image is None:
        return None
    head = head_of(image)
    scale = min(_IMAGE[0] / head.largeur, _IMAGE[1] / head.hauteur)
    return _Picture(f"Pictures/signature.{head.genre}", image, head.largeur * scale, head.hauteur * scale)
