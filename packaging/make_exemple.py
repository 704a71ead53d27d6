"""Makes the sample papers of the fictional household in resources/exemple, always the same bytes.

Every person, organism, address and number here is invented.
"""

import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFilter
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

OUT = Path(__file__).resolve().parent.parent / "resources" / "exemple"
WIDTH, HEIGHT = 595.28, 841.89
PATIENT = "Mme Camille BESSIÈRE"
ADDRESS = ("Mme Camille BESSIÈRE", "14 rue des Tilleuls", "69000 LYON")
MUTUELLE = ("MUTUELLE DES DEUX RIVES", "8 quai du Confluent, 69000 LYON", "Tél. 01 99 00 12 12")
CABINET = (
    "Dr Hélène PEYRONNET",
    "Chirurgien-dentiste conventionné",
    "3 place du Marché, 69000 LYON - Tél. 01 99 00 33 10",
)
KINE = (
    "Cabinet de kinésithérapie du Parc",
    "M. Olivier TESSON, masseur-kinésithérapeute D.E.",
    "27 avenue du Parc, 69000 LYON",
)
MOREL = ("Dr Antoine MOREL", "Médecin généraliste", "11 cours des Platanes, 69000 LYON - Tél. 01 99 00 41 02")
OPTIQUE = ("OPTIQUE DES TROIS ORMES", "Opticien-lunetier diplômé", "51 rue de la Fosse-aux-Loups, 69000 LYON")
CPAM = ("l'Assurance Maladie", "CPAM du Rhône", "69907 LYON CEDEX 20")


class Paper:
    """One paper being drawn, from the top down, in points."""

    def __init__(self, color: str = "#1F4E79") -> None:
        self.buffer = BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
        self.color = HexColor(color)
        self.y = 60.0

    def text(self, x: float, words: str, size: float = 10, *, bold: bool = False, right: bool = False) -> None:
        """Write at the current height."""
        self.canvas.setFont("Helvetica-Bold" if bold else "Helvetica", size)
        draw = self.canvas.drawRightString if right else self.canvas.drawString
        draw(x, HEIGHT - self.y, words)

    def line(self, words: str = "", size: float = 10, *, x: float = 56, bold: bool = False, gap: float = 1.5) -> None:
        """Write one line and go down."""
        if words:
            self.text(x, words, size, bold=bold)
        self.y += size * gap

    def head(self, who: tuple[str, ...], title: str) -> None:
        """Draw the letterhead and the title."""
        self.canvas.setFillColor(self.color)
        self.canvas.rect(0, HEIGHT - 14, WIDTH, 14, stroke=0, fill=1)
        self.canvas.circle(70, HEIGHT - 62, 14, stroke=0, fill=1)
        self.text(94, who[0], 13, bold=True)
        self.canvas.setFillColor(HexColor("#222222"))
        for part in who[1:]:
            self.y += 14
            self.text(94, part, 9)
        self.y += 56
        self.canvas.setFillColor(self.color)
        self.text(56, title, 15, bold=True)
        self.canvas.setStrokeColor(self.color)
        self.canvas.line(56, HEIGHT - self.y - 6, WIDTH - 56, HEIGHT - self.y - 6)
        self.canvas.setFillColor(HexColor("#222222"))
        self.y += 30

    def recipient(self) -> None:
        """Write the address in the window of the envelope."""
        self.y += 6
        for part in ADDRESS:
            self.line(part, 10.5, x=330)
        self.y += 20

    def table(self, heads: tuple[str, ...], places: tuple[float, ...], rows: tuple[tuple[str, ...], ...]) -> None:
        """Draw a table; a negative place aligns to the right."""
        self.canvas.setFillColor(HexColor("#EDF2F6"))
        self.canvas.rect(52, HEIGHT - self.y - 5, WIDTH - 104, 18, stroke=0, fill=1)
        self.canvas.setFillColor(HexColor("#222222"))
        for number, row in enumerate((heads, *rows)):
            for place, cell in zip(places, row, strict=True):
                self.text(abs(place), cell, 9, bold=number == 0, right=place < 0)
            self.y += 19
            self.canvas.setStrokeColor(HexColor("#C9D2D9"))
            self.canvas.line(52, HEIGHT - self.y + 11, WIDTH - 52, HEIGHT - self.y + 11)
        self.y += 10

    def done(self) -> bytes:
        """Return the PDF."""
        self.canvas.save()
        return self.buffer.getvalue()


def facture_dentaire() -> bytes:
    p = Paper("#0B6E69")
    p.head(CABINET, "FACTURE N° F-2026-0418")
    p.line("Date : 6 octobre 2026", 10.5)
    p.line(f"Patiente : {PATIENT}, née le 12/05/1984", 10.5, bold=True)
    p.line("N° de contrat : 0047518 - adhérent 22057529", 10.5)
    p.y += 16
    p.table(
        ("Date", "Code", "Acte", "Dent", "Base", "Honoraires"),
        (56, 116, 180, 360, -460, -540),
        (("06/10/2026", "HBLD038", "Couronne céramo-métallique", "36", "120,00", "700,00"),),
    )
    p.line("Total des honoraires : 700,00 €", 12, bold=True, x=340)
    p.y += 20
    p.line("Facture acquittée le 6 octobre 2026 par carte bancaire.")
    p.line("Membre d'une association agréée, le règlement des honoraires par chèque est accepté.", 9)
    return p.done()


def devis_dentaire() -> bytes:
    p = Paper("#0B6E69")
    p.head(CABINET, "DEVIS POUR TRAITEMENT PROTHÉTIQUE")
    p.line("Date du devis : 14 septembre 2026 - valable six mois", 10.5)
    p.line(f"Patiente : {PATIENT}", 10.5, bold=True)
    p.y += 14
    p.table(
        ("Acte", "Code", "Panier", "Honoraires", "Remb. Sécu", "Non remboursé"),
        (56, 220, 290, -390, -465, -540),
        (("Couronne céramo-métallique, dent 36", "HBLD038", "libre", "700,00", "72,00", "628,00"),),
    )
    p.line("Montant total des honoraires : 700,00 €", 11, bold=True, x=320)
    p.y += 20
    p.line("Une solution sans reste à charge (100 % Santé) a été présentée à la patiente.")
    p.line("Bon pour accord, le 15 septembre 2026.")
    return p.done()


def decompte_secu() -> bytes:
    p = Paper("#1C3F94")
    p.head(CPAM, "RELEVÉ DE REMBOURSEMENTS")
    p.recipient()
    p.line("Voici le détail des versements pour un paiement du 15/10/2026.", 10.5)
    p.line("Ces informations ont été transmises à votre organisme complémentaire : MUTUELLE DES DEUX RIVES.", 9)
    p.y += 14
    p.table(
        ("Date", "Nature des prestations", "Payé", "Base", "Taux", "Versé"),
        (56, 130, -350, -415, -470, -540),
        (("06/10/2026", "Couronne dentaire (HBLD038)", "700,00", "120,00", "60 %", "72,00"),),
    )
    p.line("Total versé le 15/10/2026 : 72,00 €", 12, bold=True, x=320)
    return p.done()


def decompte_mutuelle() -> bytes:
    p = Paper("#7A2E5D")
    p.head(MUTUELLE, "DÉCOMPTE DE PRESTATIONS")
    p.recipient()
    p.line("Relevé du 2 octobre 2026 - contrat Confort + n° 0047518 - adhérent 22057529", 10.5)
    p.y += 14
    p.table(
        ("Date", "Bénéficiaire", "Nature des soins", "Dépense", "Sécu", "Mutuelle"),
        (56, 120, 210, -410, -475, -540),
        (
            ("07/09/2026", "Marc", "Consultation spécialiste", "60,00", "20,10", "31,90"),
            ("11/09/2026", "Camille", "Pharmacie à 65 %", "18,40", "11,96", "6,44"),
            ("16/09/2026", "Jules", "Consultation généraliste", "30,00", "19,00", "9,00"),
        ),
    )
    p.line("Somme virée sur votre compte : 47,34 €", 12, bold=True, x=320)
    return p.done()


def ordonnance_lunettes() -> bytes:
    p = Paper("#35506B")
    p.head(
        ("Dr Sophie LENOIR", "Ophtalmologiste", "5 rue de la Cœurdière, 69000 LYON - Tél. 01 99 00 27 18"), "ORDONNANCE"
    )
    p.line("Le 28 septembre 2026", 11, x=380)
    p.line("Jules BESSIÈRE, né le 21/02/2015", 12, bold=True)
    p.y += 20
    for words in (
        "Une paire de lunettes de correction, port permanent",
        "OD : -1,75 (-0,50) 10°",
        "OG : -2,00",
        "Verres durcis et antireflet, monture enfant.",
        "Contrôle dans un an.",
    ):
        p.line(words, 12, gap=2)
    return p.done()


def facture_optique() -> bytes:
    p = Paper("#94600F")
    p.head(OPTIQUE, "FACTURE N° 26-1174")
    p.line("Date : 2 octobre 2026", 10.5)
    p.line("Client : Jules BESSIÈRE - ordonnance du 28/09/2026", 10.5, bold=True)
    p.y += 14
    p.table(
        ("Désignation", "Code LPP", "Quantité", "Prix TTC"),
        (56, 300, 400, -540),
        (
            ("Monture enfant « Écureuil »", "2210546", "1", "89,00"),
            ("Verre unifocal, œil droit", "2287916", "1", "100,00"),
            ("Verre unifocal, œil gauche", "2287917", "1", "100,00"),
        ),
    )
    p.line("Total TTC : 289,00 €", 12, bold=True, x=380)
    p.line("Part Assurance Maladie : 0,09 €", 10, x=380)
    p.line("Réglé par carte le 2 octobre 2026.", 10, x=380)
    return p.done()


def facture_kine() -> bytes:
    p = Paper("#2B7030")
    p.head(KINE, "NOTE D'HONORAIRES")
    p.line("Date : 12 septembre 2026", 10.5)
    p.line(f"Patiente : {PATIENT}", 10.5, bold=True)
    p.line("Rééducation de la cheville droite, entorse avec œdème. Prescription du Dr Morel.", 10)
    p.y += 14
    days = ("24/08/2026", "26/08/2026", "31/08/2026", "02/09/2026", "07/09/2026", "09/09/2026")
    p.table(
        ("Date", "Séance", "Cotation", "Honoraires"),
        (56, 160, 320, -540),
        tuple((day, f"Séance n° {n} sur 12", "AMK 7,5", "32,00") for n, day in enumerate(days, start=1)),
    )
    p.line("Total pour six séances : 192,00 €", 12, bold=True, x=340)
    return p.done()


def courrier() -> bytes:
    p = Paper("#7A2E5D")
    p.head(MUTUELLE, "Votre demande de remboursement")
    p.recipient()
    p.line("Lyon, le 14 octobre 2026", 10.5, x=330)
    p.line("Vos références : contrat n° 0047518 - dossier GES-2026-118740", 10)
    p.line("Objet : couronne dentaire, soins du 6 octobre 2026", 10, bold=True)
    p.y += 16
    for words in (
        "Madame,",
        "",
        "Nous avons bien reçu la facture de votre couronne sur la dent 36, ainsi que le décompte",
        "de l'Assurance Maladie. Votre dossier est en cours d'étude par notre service dentaire.",
        "",
        "Vous pouvez nous joindre au 01 99 00 12 12, du lundi au vendredi de 8 h 30 à 18 h.",
        "",
        "Nous vous prions d'agréer, Madame, nos salutations distinguées.",
        "",
        "Le service Prestations",
    ):
        p.line(words, 10.5)
    return p.done()


def ordonnance_kine() -> bytes:
    p = Paper("#35506B")
    p.head(MOREL, "ORDONNANCE")
    p.line("Le 20 août 2026", 11, x=400)
    p.line(f"{PATIENT}, née le 12/05/1984", 12, bold=True)
    p.y += 20
    for words in (
        "Douze séances de kinésithérapie de la cheville droite",
        "suite à une entorse avec œdème persistant.",
        "Travail proprioceptif, drainage, renforcement.",
        "",
        "Port d'une chevillère pendant trois semaines.",
    ):
        p.line(words, 12, gap=2)
    return p.done()


def arret_garanties() -> tuple[bytes, bytes]:
    first = Paper("#7A2E5D")
    first.head(MUTUELLE, "TABLEAU DE GARANTIES - CONFORT +")
    first.line("En pourcentage de la base de remboursement, y compris l'Assurance Maladie", 10)
    first.y += 10
    first.table(
        ("Poste", "Remboursement"),
        (56, -540),
        (
            ("Consultation généraliste ou spécialiste", "150 %"),
            ("Pharmacie à 65 %", "100 %"),
            ("Couronne dentaire, panier libre", "300 %"),
            ("Monture et verres enfant", "189 € par an"),
            ("Kinésithérapie", "150 %"),
            ("Chambre particulière", "60 € par nuit"),
        ),
    )
    second = Paper("#7A2E5D")
    second.head(MUTUELLE, "CONDITIONS ET DÉLAIS")
    for words in (
        "Les demandes de remboursement sont traitées sous dix jours après télétransmission,",
        "et sous trente jours après réception d'un courrier complet.",
        "Toute réclamation peut être adressée au service Réclamations, puis au médiateur.",
    ):
        second.line(words, 11, gap=1.8)
    return first.done(), second.done()


def carte() -> bytes:
    p = Paper("#7A2E5D")
    p.head(MUTUELLE, "CARTE DE TIERS PAYANT 2026")
    p.line("Période de validité : du 01/01/2026 au 31/12/2026", 11)
    p.line("N° adhérent : 22057529     N° AMC : 99990001", 11, bold=True)
    p.y += 10
    p.table(
        ("Bénéficiaire", "Né(e) le", "PHAR", "MED", "DENT", "OPTI", "HOSP"),
        (56, 200, 290, 340, 390, 440, 490),
        (
            ("Camille BESSIÈRE", "12/05/1984", "100", "PEC", "PEC", "PEC", "PEC"),
            ("Marc BESSIÈRE", "03/09/1981", "100", "PEC", "PEC", "PEC", "PEC"),
            ("Jules BESSIÈRE", "21/02/2015", "100", "PEC", "PEC", "PEC", "PEC"),
        ),
    )
    return p.done()


def picture_of(pdf: bytes, dpi: int) -> Image.Image:
    """Draw the only page of a PDF in grey."""
    document = pdfium.PdfDocument(pdf)
    try:
        return document[0].render(scale=dpi / 72, grayscale=True).to_pil()
    finally:
        document.close()


def scanned(pdf: bytes, angle: float, seed: int) -> Image.Image:
    """Return a page as a scanner gives it: leaning a little, grey, speckled."""
    page = picture_of(pdf, 200).rotate(angle, Image.Resampling.BICUBIC, fillcolor=244)
    grain = np.random.default_rng(seed).normal(0, 3, (page.height, page.width))
    return Image.fromarray(np.clip(np.asarray(page, dtype=float) * 0.96 + grain, 0, 255).astype(np.uint8))


def scan_pdf(pages: list[Image.Image]) -> bytes:
    """Put scanned pages into an image-only PDF."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1)
    for page in pages:
        jpeg = BytesIO()
        page.save(jpeg, "JPEG", quality=34)
        path = OUT / ".page.jpg"
        path.write_bytes(jpeg.getvalue())
        canvas.drawImage(str(path), 0, 0, WIDTH, HEIGHT)
        canvas.showPage()
        path.unlink()
    canvas.save()
    return buffer.getvalue()


def photo(pdf: bytes) -> bytes:
    """Return a paper photographed on a table: perspective, shadow, the sensor lying on its side."""
    page = picture_of(pdf, 190).convert("RGB")
    across, down = 1750, 2330
    table = Image.new("RGB", (across, down), (96, 72, 52))
    w, h = page.size
    corners = ((160, 130), (across - 190, 175), (across - 120, down - 160), (110, down - 210))
    rows, values = [], []
    for (x, y), (u, v) in zip(corners, ((0, 0), (w, 0), (w, h), (0, h)), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    back = [float(v) for v in np.linalg.solve(np.array(rows, float), np.array(values, float))]
    sheet = page.transform((across, down), Image.Transform.PERSPECTIVE, back, Image.Resampling.BICUBIC)
    mask = Image.new("L", page.size, 255).transform((across, down), Image.Transform.PERSPECTIVE, back)
    table.paste(sheet, (0, 0), mask)
    shade = np.linspace(1.0, 0.72, across)[None, :, None] * np.linspace(1.0, 0.9, down)[:, None, None]
    lit = Image.fromarray(np.clip(np.asarray(table) * shade, 0, 255).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(0.6)
    )
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Exemple", "Téléphone".encode("ascii", "ignore").decode(), 6
    out = BytesIO()
    lit.rotate(90, expand=True).save(out, "JPEG", quality=62, exif=exif)
    return out.getvalue()


def main() -> int:
    """Write every paper."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    folder.mkdir(parents=True, exist_ok=True)
    png = BytesIO()
    picture_of(carte(), 130).crop((0, 0, 1075, 760)).quantize(32).save(png, "PNG", dpi=(130, 130), optimize=True)
    garanties = [
        scanned(pdf, angle, seed) for pdf, angle, seed in zip(arret_garanties(), (0.7, -0.5), (1, 2), strict=True)
    ]
    papers = {
        "facture-dentaire.pdf": facture_dentaire(), "devis-dentaire.pdf": devis_dentaire(),
        "decompte-secu.pdf": decompte_secu(), "decompte-mutuelle.pdf": decompte_mutuelle(),
        "ordonnance-lunettes.pdf": ordonnance_lunettes(), "facture-optique.pdf": facture_optique(),
        "facture-kine.pdf": facture_kine(), "courrier-mutuelle.pdf": courrier(),
        "ordonnance-kine.jpg": photo(ordonnance_kine()), "garanties.pdf": scan_pdf(garanties),
        "carte.png": png.getvalue(),
    }  # fmt: skip
    for name, content in papers.items():
        (folder / name).write_bytes(content)
        print(f"{name:28} {len(content) // 1000:5} ko")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
