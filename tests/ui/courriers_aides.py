"""A household with one letter frozen and real papers, and what looks at printed pages."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdfium2
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo
from PySide6.QtWidgets import QCheckBox, QDialog, QScrollArea, QWidget

from mutuelle_desktop.domain.courrier import Bloc, Courrier, Fragment
from mutuelle_desktop.domain.document import TypeDocument
from mutuelle_desktop.domain.evenement import Canal, NatureEvenement
from mutuelle_desktop.services import courriers, documents, importation
from mutuelle_desktop.ui.courriers.verbs import CourrierVerbs
from mutuelle_desktop.ui.widgets.fields import Choice
from tests.services.maisonnee import CAMILLE, ECRITE, MUTUELLE, event, move_in
from tests.ui.maison import TODAY, pdf, scan

N = NatureEvenement
GOOD = "1A 047 877 2024 3"
CORPS = (
    Bloc(lignes=((Fragment(texte="Je conteste le décompte de 120,00\u00a0€, voir ma "), Fragment(piece="@facture"),
                  Fragment(texte=".")),)),
)  # fmt: skip


def move(foyer, tmp_path: Path) -> dict[str, str]:
    """Furnish the house: one claim with its story and two real papers; return the ids of the papers."""
    move_in(
        foyer.library,
        replace(
            CAMILLE,
            adresse="14 rue des Tilleuls\n69003 LYON",
            telephone="06 39 98 01 02",
            courriel="camille@exemple.fr",
        ),
        replace(MUTUELLE, adresse="1 quai Neuf\n69002 LYON"),
        replace(ECRITE, courriel="reclamations@rives.example"),
        event(N.SOINS, date(2026, 9, 28)),
        event(N.DEMANDE, date(2026, 10, 8), canal=Canal.COURRIER),
        event(N.PAIEMENT, date(2026, 11, 3), montant=Decimal("120.00")),
        event(N.NOTE, date(2026, 11, 4), texte="Confidence gardée pour moi"),
    )
    found = {
        "facture": take(
            foyer, pdf(tmp_path / "Facture.pdf", "FACTURE COURONNE 550,00 €", "FACTURE SUITE"), TypeDocument.FACTURE
        ),
        "scan": take(foyer, scan(tmp_path / "Devis.png", "DEVIS DU CABINET"), TypeDocument.DEVIS),
    }
    foyer.settle()
    return found


def take(foyer, path: Path, kind: TypeDocument) -> str:
    """Import one paper in the claim under its type."""
    key = importation.import_files(foyer.library, foyer.house.desk.workers, [path], dossier_id="couronne")[
        0
    ].document_id
    line = documents.fetch(foyer.library, [key])[key]
    documents.edit_document(foyer.library, replace(line.document, type=kind))
    return key


def draft(foyer, papers: dict[str, str], **changes: object) -> Courrier:
    """Begin a réclamation about the claim and write it."""
    made = courriers.create_courrier(foyer.library, modele="", dossier_id="couronne", today=TODAY)
    corps = tuple(
        replace(
            b,
            lignes=tuple(
                tuple(replace(f, piece=papers["facture"]) if f.piece else f for f in line) for line in b.lignes
            ),
        )
        for b in CORPS
    )
    value = replace(
        made, objet="Réclamation, couronne", corps=corps, pieces=(papers["facture"], papers["scan"]), lieu="Lyon",
        destinataire=("Mutuelle des Deux Rives", "Service Réclamations", "1 QUAI NEUF", "69000 LYON"), contact_id="ecrite",
        canal=Canal.RECOMMANDE,
    )  # fmt: skip
    return courriers.save_draft(foyer.library, replace(value, **changes))


def frozen(foyer, papers: dict[str, str], **changes: object) -> Courrier:
    """Write a letter and freeze it."""
    made = draft(foyer, papers, **changes)
    final = courriers.finalise(foyer.library, foyer.house.desk.workers, made.id, TODAY)
    foyer.settle()
    return final


def complaint(foyer, papers: dict[str, str]) -> Courrier:
    """Freeze the réclamation of the catalogue."""
    made = courriers.create_courrier(foyer.library, modele="C1", dossier_id="couronne", today=TODAY,
                                     saisies={"explication": "La couronne est prévue au contrat."})  # fmt: skip
    made = courriers.save_draft(foyer.library, replace(made, pieces=tuple(papers.values())))
    own = dict.fromkeys(courriers.contexte_of(foyer.library, made).champs(made), "précisé")
    corps = tuple(
        replace(b, lignes=tuple(tuple(replace(f, texte=own[f.champ]) if f.champ in missing(foyer, made) else f for f in line)
                                for line in b.lignes))
        for b in made.corps
    )  # fmt: skip
    made = courriers.save_draft(foyer.library, replace(made, corps=corps))
    final = courriers.finalise(foyer.library, foyer.house.desk.workers, made.id, TODAY)
    foyer.settle()
    return final


def missing(foyer, value: Courrier) -> set[str]:
    """Return the fields nobody has said."""
    from mutuelle_desktop.domain.courrier import missing as unsaid

    return set(unsaid(value, courriers.champs_of(foyer.library, value)))


def verbs(foyer) -> CourrierVerbs:
    return CourrierVerbs(foyer.house.desk, foyer.window)


def with_printer(monkeypatch, *names: str) -> None:
    """Let the system have these printers; the first is the usual one."""
    monkeypatch.setattr(QPrinterInfo, "availablePrinterNames", staticmethod(lambda: list(names)))
    monkeypatch.setattr(QPrinterInfo, "defaultPrinterName", staticmethod(lambda: names[0] if names else ""))


def paper_in(path: Path, **asked):
    """Return the answer of a system's dialog whose printer writes a PDF there."""

    def work(dialog) -> None:
        printer = dialog.printer()
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(path))
        for name, value in asked.items():
            getattr(printer, name)(value)
        QDialog.done(dialog, QDialog.DialogCode.Accepted)

    return work


def ink(contenu: bytes | Path, page: int = 0, scale: float = 3.0) -> tuple[float, float, float, float]:
    """Return where the ink of a page begins and ends, in millimetres: left, top, right, bottom."""
    document = pypdfium2.PdfDocument(contenu if isinstance(contenu, bytes) else str(contenu))
    picture = document[page].render(scale=scale).to_pil().convert("L").point(lambda v: 255 if v < 128 else 0)
    document.close()
    return tuple(edge / scale * 25.4 / 72 for edge in picture.getbbox())


def images_of(page) -> int:
    """Return how many pictures a page holds: none when it is drawn as vectors."""
    return len(list(page.images))


def kept(foyer, letter):
    return foyer.library.vault.read(courriers.get_courrier(foyer.library, letter.id).empreinte)


def accept(dialog):
    dialog.accept_button.click()


def choice(dialog, name):
    return next(c for c in dialog.findChildren(Choice) if c.accessibleName() == name)


def tick(text):
    def work(dialog):
        box = next(b for b in dialog.findChildren(QCheckBox) if b.text().startswith(text))
        box.setChecked(not box.isChecked())

    return work


def several(*steps):
    def work(dialog):
        for step in steps:
            step(dialog)

    return work


def dossiers_pieces(foyer):
    from mutuelle_desktop.services.documents import pieces_of

    return pieces_of(foyer.library, "couronne")


def nameless(dialog):
    """Return what the keyboard reaches and a screen reader cannot name."""
    own = [w for w in dialog.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isVisible()]
    named = [w for w in own if w.accessibleName() or getattr(w, "text", str)() or isinstance(w, QScrollArea)]
    inner = [w for w in own if w.focusProxy() is not None or w.objectName().startswith("qt_")]
    return [w for w in own if w not in named and w not in inner]
