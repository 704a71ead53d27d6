"""Letters to set, and how a page is opened: text by tag in reading order, boxes in millimetres."""

from ctypes import c_ulong, c_ushort
from dataclasses import dataclass
from datetime import date
from io import BytesIO

import pypdfium2
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject
from pypdfium2 import raw

from mutuelle_desktop.domain.courrier import Bloc, Expediteur, Fragment, GenreBloc, Lettre, PieceJointe, mention
from mutuelle_desktop.domain.evenement import Canal

POINT = 25.4 / 72
JOUR = date(2026, 11, 24)
DESTINATAIRE = (
    "MUTUELLE DES RIVES",
    "SERVICE RÉCLAMATIONS",
    "BÂTIMENT LES PEUPLIERS",
    "18 AVENUE DE LA GARE",
    "TSA 41234",
    "75009 PARIS CEDEX 09",
)


def para(*said: str | Fragment) -> Bloc:
    return Bloc(lignes=(tuple(Fragment(texte=each) if isinstance(each, str) else each for each in said),))


def rows(*lines: tuple[str, ...]) -> Bloc:
    return Bloc(genre=GenreBloc.TABLEAU, lignes=tuple(tuple(Fragment(texte=cell) for cell in line) for line in lines))


def items(genre: GenreBloc, *lines: str) -> Bloc:
    return Bloc(genre=genre, lignes=tuple((Fragment(texte=line),) for line in lines))


CORPS = (
    para(
        "Le 3\u00a0juin 2026, je vous ai transmis la facture de mes lunettes, avec ",
        Fragment(texte="l’ordonnance", gras=True),
        ".",
    ),
    para("Voici le calcul que j’attends\u00a0:"),
    rows(
        ("Poste", "Facturé", "Attendu"),
        ("Monture", "100,00\u00a0€", "100,00\u00a0€"),
        ("Verres complexes", "1\u00a0390,00\u00a0€", "300,00\u00a0€"),
        ("Total", "1\u00a0490,00\u00a0€", "400,00\u00a0€"),
    ),
    items(GenreBloc.NUMEROS, "de reprendre ce calcul\u00a0;", "de me verser 250,00\u00a0€."),
    para("La présente lettre est une réclamation écrite."),
)
LETTRE = Lettre(
    expediteur=Expediteur(
        nom="Camille Bessière",
        lignes=("12 rue des Tilleuls", "69003 Lyon"),
        telephone="06\u00a012\u00a034\u00a056\u00a078",
        adherent="0012345678",
    ),
    destinataire=DESTINATAIRE,
    references=(("Vos références", "D-2026-118"),),
    lieu="Lyon",
    jour=JOUR,
    objet="Réclamation, facture du 28\u00a0mai 2026",
    corps=CORPS,
    pieces=(
        PieceJointe(document_id="a", numero=1, titre="Facture", jour=date(2026, 5, 28), pages=2),
        PieceJointe(document_id="b", numero=2, titre="Ordonnance"),
    ),
    copie_a="UFC de Lyon",
    mention_envoi=mention(Canal.RECOMMANDE, "1A 234 567 8901 2"),
    reperes=True,
)


@dataclass(frozen=True)
class Box:
    """A piece of text and where its ink is, in millimetres from the top left corner of the sheet."""

    texte: str
    gauche: float
    haut: float
    droite: float
    bas: float


def boxes(pdf: bytes, page: int = 0) -> list[Box]:
    with pypdfium2.PdfDocument(pdf) as document:
        sheet = document[page]
        height, text = sheet.get_height(), sheet.get_textpage()
        found = []
        for rank in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(rank)
            said = text.get_text_bounded(left, bottom, right, top)
            found.append(Box(said, left * POINT, (height - top) * POINT, right * POINT, (height - bottom) * POINT))
        return found


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return "\n".join(pages).replace("\r\n", "\n")


def tagged(pdf: bytes) -> list[tuple[str, str]]:
    """Return the leaves of the structure tree, in its order: the path of tags, and the text marked."""
    said = _marked(pdf)
    reader = PdfReader(BytesIO(pdf))
    pages = {page.indirect_reference.idnum: rank for rank, page in enumerate(reader.pages)}
    found: list[tuple[str, str]] = []

    def walk(node, path, page):
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, ArrayObject):
            for kid in node:
                walk(kid, path, page)
        elif isinstance(node, DictionaryObject):
            if "/Pg" in node:
                page = pages[node.raw_get("/Pg").idnum]
            if "/MCID" in node:
                found.append((path, said.get((page, int(node["/MCID"])), "")))
            elif node.get("/S") == "/Figure":
                found.append((f"{path}/Figure", str(node.get("/Alt", ""))))
            elif "/K" in node:
                walk(node["/K"], f"{path}{node['/S']}" if "/S" in node else path, page)
        elif isinstance(node, int):
            found.append((path, said.get((page, int(node)), "")))

    walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"], "", 0)
    return found


def _marked(pdf: bytes) -> dict[tuple[int, int], str]:
    """Return the text of each marked content, by page and number."""
    said: dict[tuple[int, int], str] = {}
    with pypdfium2.PdfDocument(pdf) as document:
        for rank, page in enumerate(document):
            text = page.get_textpage()
            for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
                number = raw.FPDFPageObj_GetMarkedContentID(thing.raw)
                size = raw.FPDFTextObj_GetText(thing.raw, text.raw, None, c_ulong(0))
                buffer = (c_ushort * (size // 2 + 1))()
                raw.FPDFTextObj_GetText(thing.raw, text.raw, buffer, size)
                said[rank, number] = said.get((rank, number), "") + bytes(buffer).decode("utf-16-le").split("\0")[0]
    return said
