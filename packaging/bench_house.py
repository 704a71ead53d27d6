"""What bench.py measures on: papers with French words, scans of them, and libraries of any size."""

import io
import os
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Any

import bench_floors as floors

LOT = 1000
LINKS = 1_000  # names one file bears here: file systems stop at 65 000, and a library is copied many times
START = datetime(2024, 1, 1, 8, tzinfo=UTC)
ROOTS = """
    rembours consult prescri hospital dent ortho pharmac labor analys radio chirurg cardio vaccin allerg lunett
    couronn implant détartr molair fièvr œdèm cœur soign factur devis quittanc paiement cotis adhér contrat garant
    franchis plafond forfait mutuell assur bénéfic conjoint enfant médec infirm kinés podolog
""".split()  # noqa: SIM905
ENDS = "e es ement ation eur euse ique iste age é ée és er ant able el elle aire ure ons ez ait".split()  # noqa: SIM905
SYLLABLES = "ba bé co da di fa gé la lé ma mi mo na né pa pi ra ré ri sa sé ta té ti va vé chi çon gné eau".split()  # noqa: SIM905


@cache
def words() -> list[str]:
    """Return 20 000 words, the first the most frequent."""
    rand = random.Random(1)
    known = dict.fromkeys(root + end for root in ROOTS for end in ENDS)
    while len(known) < 20_000:
        known["".join(rand.choices(SYLLABLES, k=rand.randint(2, 4)))] = None
    first = [*known][: len(ROOTS) * len(ENDS)]
    rand.shuffle(first)
    return [*first, *[*known][len(first) :]]


@cache
def _weights() -> list[float]:
    return list(accumulate(1 / (rank + 3) ** 1.05 for rank in range(len(words()))))


def text(rand: random.Random, count: int = 110) -> str:
    """Return a text as French papers have: few words often, many seldom, figures between them."""
    chosen = rand.choices(words(), cum_weights=_weights(), k=count)
    chosen[::9] = [f"{rand.randint(1, 2000)},{rand.randint(0, 99):02d} €" for _ in chosen[::9]]
    return "\n".join(" ".join(chosen[n : n + 9]) for n in range(0, count, 9))


def papers(folder: Path, count: int, seed: int) -> Path:
    """Write so many born-digital PDFs of a page or two."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    folder.mkdir()
    rand = random.Random(seed)
    for number in range(count):
        sheet = Canvas(str(folder / f"Facture {number:05d}.pdf"), pagesize=A4)
        for _ in range(1 + (number % 4 == 0)):
            sheet.setFont("Helvetica-Bold", 14)
            sheet.drawString(60, 780, f"Mutuelle des Deux Rives — facture n° {seed}-{number}")
            sheet.setFont("Helvetica", 10)
            for line, words_of in enumerate(text(rand, 180).split("\n")):
                sheet.drawString(60, 740 - 16 * line, words_of)
                sheet.line(60, 736 - 16 * line, 540, 736 - 16 * line)
            sheet.showPage()
        sheet.save()
    return folder


def scans(folder: Path, count: int, seed: int) -> Path:
    """Write the same as one-page scans: 300 dots an inch, grey, a little askew and noisy."""
    import pypdfium2
    from PIL import Image, ImageChops

    source = papers(folder.with_name(folder.name + "-nets"), count, seed)
    folder.mkdir()
    for path in sorted(source.iterdir()):
        sharp = pypdfium2.PdfDocument(path)[0].render(scale=300 / 72, grayscale=True).to_pil()
        tilted = sharp.rotate(0.4, Image.Resampling.BICUBIC, fillcolor=255)
        grain = Image.effect_noise(tilted.size, 14).point(lambda level: level - 128 if level > 128 else 0)
        jpeg = io.BytesIO()
        ImageChops.subtract(tilted, grain.convert("L")).save(jpeg, "JPEG", quality=75, dpi=(300, 300))
        Image.open(jpeg).save(folder / path.name, "PDF", resolution=300)
    return folder


def library(folder: Path, documents: int, dossiers: int, index: Path | None = None) -> Path:
    """Make a library of that many documents and dossiers through the writer, in batches; a bare index beside it."""
    from mutuelle_desktop.storage.library import Library

    held = Library(folder)
    try:
        people, contract = _household(held)
        files = _dossiers(held, dossiers, people, contract)
        bare = floors.Index(index) if index else None
        _documents(held, documents, people, files, bare)
    finally:
        held.close()
    return folder


def _household(held: Any) -> tuple[list[str], str]:
    from mutuelle_desktop.domain.contrat import Contrat, Mutuelle
    from mutuelle_desktop.domain.personne import Personne

    people = [Personne(prenom=name, nom="BESSIÈRE") for name in ("Camille", "Marc", "Jules")]
    mutuelle = Mutuelle(nom="Mutuelle des Deux Rives")
    contract = Contrat(mutuelle_id=mutuelle.id, numero="0047518", nom="Confort +")
    with held.write("Préparer", undoable=False) as db:
        db.put_all([*people, mutuelle, contract])
    return [person.id for person in people], contract.id


def _dossiers(held: Any, count: int, people: list[str], contract: str) -> list[str]:
    from mutuelle_desktop.domain.dossier import Dossier, NatureDossier
    from mutuelle_desktop.domain.evenement import Evenement, NatureEvenement

    natures, made = list(NatureDossier), []
    for first in range(0, count, LOT):
        with held.write("Préparer", undoable=False) as db:
            for number in range(first, min(count, first + LOT)):
                on = date(2024, 1, 1) + timedelta(days=number % 700)
                title = f"{words()[number % 900]} {words()[number % 700]}".capitalize()
                one = Dossier(reference=f"{on.year}-{number + 1:05d}", titre=title, nature=natures[number % len(natures)],
                              ouvert_le=on, personne_id=people[number % 3], contrat_id=contract,
                              montant_paye=Decimal(number % 900))  # fmt: skip
                asked = Evenement(dossier_id=one.id, nature=NatureEvenement.DEMANDE, le=on + timedelta(days=2),
                                  texte=title, promis_le=on + timedelta(days=30))  # fmt: skip
                answer = Evenement(dossier_id=one.id, nature=NatureEvenement.REPONSE, le=on + timedelta(days=20))
                db.put_all([one, asked, answer])
                made.append(one.id)
    return made


def _documents(held: Any, count: int, people: list[str], dossiers: list[str], bare: floors.Index | None) -> None:
    from mutuelle_desktop.domain.document import (
        Document,
        EtatLecture,
        Fichier,
        Lecture,
        Page,
        Piece,
        TypeDocument,
        Vignette,
    )
    from mutuelle_desktop.extraction.mots import Mot, pack

    rand, types = random.Random(7), list(TypeDocument)
    sample = text(rand).split()
    placed = pack([Mot(word, 60 + n % 9 * 50, 40 + n // 9 * 16, 100 + n % 9 * 50, 50 + n // 9 * 16)
                   for n, word in enumerate(sample)])  # fmt: skip
    pictures = [_picture(seed) for seed in range(20)]
    linked, link = None, 0
    for first in range(0, count, LOT):
        rows = []
        with held.write("Préparer", undoable=False) as db:
            for number in range(first, min(count, first + LOT)):
                body, moment = text(rand), START + timedelta(minutes=number)
                title = f"{words()[number % 900].capitalize()} {words()[number % 61]} {number}"
                mark = f"{rand.getrandbits(160):040x}"
                linked, link = _link(held, linked, link, mark)
                one = Document(titre=title, nom=f"{title}.pdf", empreinte=mark, type=types[number % len(types)],
                               personne_id=people[number % 3], date_document=moment.date(), ajoute_le=moment,
                               classe_le=moment if number % 100 else None)  # fmt: skip
                db.put_all([
                    Fichier(id=mark, sha256=mark + mark[:24], taille=9000, mime="application/pdf", ajoute_le=moment),
                    Lecture(id=mark, etat=EtatLecture.LU, pages=1, pages_lues=1),
                    Page(id=f"{mark}:1", empreinte=mark, numero=1, largeur=595, hauteur=842, texte=body, mots=placed),
                    Vignette(id=mark, image=pictures[number % len(pictures)]), one,
                ])  # fmt: skip
                if dossiers and number % 2:
                    db.put(Piece(dossier_id=dossiers[number % len(dossiers)], document_id=one.id, rang=number))
                rows.append((title, body))
        if bare:
            bare.add(rows)


def cases(count: int, events: int) -> list[Any]:
    """Return open dossiers, their events spread over the kinds that start and end deadlines."""
    from mutuelle_desktop.domain.contrat import Contrat, Mutuelle
    from mutuelle_desktop.domain.dossier import Dossier, NatureDossier
    from mutuelle_desktop.domain.echeance import Cas
    from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement
    from mutuelle_desktop.domain.personne import Personne

    n, rand = NatureEvenement, random.Random(7)
    person = Personne(id="p", prenom="Camille", nom="Bessière", naissance=date(1984, 5, 12))
    held = Mutuelle(id="m", nom="Mutuelle des Deux Rives")
    contract = Contrat(id="c", mutuelle_id="m", numero="0047518", debut=date(2020, 1, 1))
    life = (n.SOINS, n.DEMANDE, n.ECHANGE, n.RELANCE, n.PIECE_DEMANDEE, n.COMPLEMENT, n.RECLAMATION, n.ACCUSE, n.ECHANGE,
            n.REPONSE_PARTIELLE, n.MISE_EN_DEMEURE, n.ECHANGE, n.NOTE)  # fmt: skip
    made = []
    for number in range(count):
        first = date(2026, 1, 5) + timedelta(days=rand.randrange(200))
        dossier = Dossier(id=f"d{number}", reference=f"2026-{number:04d}", titre=f"Dossier {number}", ouvert_le=first,
                          nature=NatureDossier.REMBOURSEMENT, personne_id="p", contrat_id="c")  # fmt: skip
        told = tuple(
            Evenement(id=f"e{number}.{place}", dossier_id=dossier.id, nature=life[place % len(life)],
                      le=first + timedelta(days=4 * place), canal=Canal.RECOMMANDE if place % 7 == 6 else Canal.COURRIER)
            for place in range(events // count)
        )  # fmt: skip
        made.append(Cas(dossier=dossier, evenements=told, contrat=contract, mutuelle=held, personne=person))
    return made


def keep(held: Any, made: list[Any]) -> None:
    """Write these dossiers and their events."""
    with held.write("Banc", undoable=False) as db:
        db.put_all([made[0].personne, made[0].mutuelle, made[0].contrat])
        for case in made:
            db.put(case.dossier)
            db.put_all(case.evenements)


def _link(held: Any, linked: Path | None, count: int, mark: str) -> tuple[Path, int]:
    """Put bytes under this name in the vault; many names share the same, so that millions of bytes are not written."""
    target = held.vault.path(mark)
    target.parent.mkdir(exist_ok=True)
    if linked is not None and count < LINKS:
        os.link(linked, target)
        return linked, count + 1
    target.write_bytes(bytes(9000))
    return target, 1


def _picture(seed: int) -> bytes:
    from PIL import Image, ImageDraw

    rand, sheet, out = random.Random(seed), Image.new("L", (181, 256), 255), io.BytesIO()
    pen = ImageDraw.Draw(sheet)
    for line in range(24):
        for word in range(9):
            pen.line([(14 + word * 17, 20 + line * 9), (14 + word * 17 + rand.randint(4, 15), 20 + line * 9)], fill=90)
    sheet.save(out, "WEBP", quality=60)
    return out.getvalue()
