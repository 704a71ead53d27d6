"""From a letter to its page: A4 set by Typst, PDF/A-2a and PDF/UA-1 when final, SVG and PNG while it is written."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal
from warnings import warn

from mutuelle_desktop.domain.adresse import CARACTERES
from mutuelle_desktop.domain.courrier import (
    Bloc,
    Expediteur,
    Fragment,
    GenreBloc,
    Lettre,
    fragments_of,
    lieu_et_date,
    piece_en_lettres,
    references_of,
)
from mutuelle_desktop.domain.errors import Unreadable
from mutuelle_desktop.rendering.glyphes import absent, breakable, drawable, shipped
from mutuelle_desktop.rendering.image import head_of

if TYPE_CHECKING:
    from typst import Compiler

_NORMES: tuple[Literal["a-2a"], Literal["ua-1"]] = ("a-2a", "ua-1")
_COURT = 700
"""Characters of a last paragraph short enough to follow the closing to the next page."""
_LONGUE, _RANG = 3200, 70
"""Characters that no setting brings back to one page; a line of a list, a table or the enclosures counts for 70."""
_NOMBRE = re.compile(r"[-−+]?[\d\s\u00a0\u202f]*\d([.,]\d+)?[\s\u00a0\u202f]*(€|%)?|[-–—]?|\[[^\]]*\]")
_CHIFFRE = re.compile(r"^[^\[]*\d")
_TOTAUX = ("total", "somme", "solde", "reste")
_verrou = Lock()
"""Typst's compiler serves one page at a time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Feuille:
    """A sheet ready to be set: the name of its template, its data as JSON, its day (which dates the file)."""

    gabarit: str
    donnees: str
    jour: date
    signature: str = "[]"

    def pdf(self, *, final: bool = False) -> bytes:
        """Return the PDF; final asks for PDF/A-2a and PDF/UA-1. The same sheet always gives the same bytes."""
        return self._compile("pdf", pdf_standards=list(_NORMES) if final else [])[0]

    def svg(self) -> list[str]:
        """Return each page as an SVG, in millimetres of paper: what the window shows and what the printer draws."""
        return [page.decode("utf-8") for page in self._compile("svg")]

    def png(self, ppi: float = 144) -> list[bytes]:
        """Return each page as a picture of ppi dots per inch."""
        return self._compile("png", ppi=ppi)

    def _compile(self, form: Literal["pdf", "svg", "png"], **options: Any) -> list[bytes]:
        from typst import TypstError

        when = datetime(self.jour.year, self.jour.month, self.jour.day, tzinfo=UTC)
        inputs = {"donnees": self.donnees, "signature": self.signature}
        try:
            with _verrou:
                found, warnings = _compiler(self.gabarit).compile_with_warnings(
                    format=form, sys_inputs=inputs, timestamp=when, **options
                )
        except TypstError as error:
            if "image" in error.message:
                raise Unreadable(
                    "L’image de la signature ne peut pas être lue\u00a0: choisissez-en une autre."
                ) from None
            raise
        for each in warnings:
            warn(each.message, RuntimeWarning, stacklevel=2)  # an error in tests: a template that warns is to be mended
        return found if isinstance(found, list) else [found or b""]


def pdf_of(lettre: Lettre, *, final: bool = True) -> bytes:
    """Return the letter as a PDF: PDF/A-2a and PDF/UA-1 when final, the same bytes whenever it is made again."""
    return feuille_of(lettre).pdf(final=final)


def svg_of(lettre: Lettre) -> list[str]:
    """Return the letter as one SVG a page, the very page of the PDF."""
    return feuille_of(lettre).svg()


def png_of(lettre: Lettre, ppi: float = 144) -> list[bytes]:
    """Return the letter as one picture a page."""
    return feuille_of(lettre).png(ppi)


def page_count(lettre: Lettre) -> int:
    """Return the number of pages of the letter."""
    return len(svg_of(lettre))


def undrawable(lettre: Lettre) -> str:
    """Return the characters of the letter that will be replaced by a square, each once."""
    return absent(json.dumps(_data(lettre, clean=str), ensure_ascii=False))


def feuille_of(lettre: Lettre) -> Feuille:
    """Return the letter as a sheet."""
    signature = "[]" if lettre.signature is None else json.dumps(list(lettre.signature))
    return _feuille("lettre", lettre.jour, _data(lettre, clean=_clean), signature)


def enveloppe_of(destinataire: Sequence[str], expediteur: Expediteur | None, jour: date) -> Feuille:
    """Return a DL envelope (220 × 110 mm) for those without a window."""
    who = () if expediteur is None else (expediteur.nom, *expediteur.lignes)
    lines = [drawable(line) for line in who if line]
    there = _address(destinataire, drawable)
    return _feuille("enveloppe", jour, {"titre": "Enveloppe", "auteur": "", "expediteur": lines, "destinataire": there})


def etiquette_of(destinataire: Sequence[str], jour: date, place: int = 1) -> Feuille:
    """Return an A4 sheet of 14 labels (99,1 × 38,1 mm) with the address at that place, from 1, row by row."""
    there = _address(destinataire, drawable)
    return _feuille("etiquette", jour, {"titre": "Étiquette", "auteur": "", "place": place, "destinataire": there})


def calibration_of(jour: date, decalage: tuple[float, float] = (0, 0)) -> Feuille:
    """Return the sheet that measures a printer, moved by decalage (millimetres to the right, then down)."""
    dit = " et ".join(
        f"{abs(each):g}\u00a0mm {way}".replace(".", ",")
        for each, way in ((decalage[0], "à droite" if decalage[0] >= 0 else "à gauche"),
                          (decalage[1], "en bas" if decalage[1] >= 0 else "en haut"))
    )  # fmt: skip
    data = {"titre": "Page d’essai de l’imprimante", "auteur": "", "decalage": list(decalage), "dit": dit}
    return _feuille("calibration", jour, data)


def numeric_columns(rows: Sequence[Sequence[Fragment]]) -> list[bool]:
    """Tell of each column whether all that stands under its heading is amounts, percentages, blanks or nothing."""
    found = []
    for column in range(max(map(len, rows), default=0)):
        cells = [ligne[column].texte.strip() for ligne in rows[1:] if column < len(ligne)]
        found.append(any(map(_CHIFFRE.search, cells)) and all(_NOMBRE.fullmatch(cell) for cell in cells))
    return found


def with_total(rows: Sequence[Sequence[Fragment]]) -> bool:
    """Tell whether the last row of a table is its total."""
    return len(rows) > 2 and rows[-1][0].texte.strip().casefold().startswith(_TOTAUX)


def _feuille(gabarit: str, jour: date, data: dict[str, Any], signature: str = "[]") -> Feuille:
    text = json.dumps(data | {"jour": [jour.year, jour.month, jour.day]}, ensure_ascii=False)
    return Feuille(gabarit=gabarit, donnees=text, jour=jour, signature=signature)


def _data(lettre: Lettre, clean: Any) -> dict[str, Any]:
    who = lettre.expediteur
    liens = [who.telephone, who.courriel]
    return {
        "titre": " ".join(clean(lettre.objet).split()) or "Lettre",
        "auteur": " ".join(clean(who.nom).split()),
        "expediteur": {
            "nom": clean(who.nom),
            "lignes": [clean(line) for line in who.lignes if line.strip()],
            "liens": [clean(lien) for lien in liens if lien],
        },
        "destinataire": _address(lettre.destinataire, clean),
        "references": [[clean(libelle), clean(valeur)] for libelle, valeur in references_of(lettre)],
        "mention": clean(lettre.mention_envoi),
        "date": clean(lieu_et_date(lettre)),
        "objet": clean(lettre.objet.strip()),
        "appel": clean(lettre.appel),
        "corps": [_bloc(bloc, clean) for bloc in lettre.corps if _said(bloc)],
        "formule": clean(lettre.formule),
        "signature": "" if lettre.signature is None else head_of(lettre.signature).genre,
        "pieces": [clean(piece_en_lettres(piece)) for piece in lettre.pieces],
        "copie_a": clean(lettre.copie_a),
        "reperes": lettre.reperes,
        "longue": _weight(lettre) > _LONGUE,
    }


def _weight(lettre: Lettre) -> int:
    lines = sum(len(bloc.lignes) for bloc in lettre.corps) + len(lettre.pieces)
    return sum(len(fragment.texte) for fragment in fragments_of(lettre.corps)) + _RANG * lines


def _clean(texte: str) -> str:
    return breakable(drawable(texte))


def _address(lines: Sequence[str], clean: Any) -> list[str]:
    return [breakable(clean(line), CARACTERES) for line in lines if line.strip()]


def _said(bloc: Bloc) -> bool:
    return any(fragment.texte.strip() for ligne in bloc.lignes for fragment in ligne)


def _bloc(bloc: Bloc, clean: Any) -> dict[str, Any]:
    rows = [ligne for ligne in bloc.lignes if ligne] or [(Fragment(),)]
    length = sum(len(fragment.texte) for ligne in rows for fragment in ligne)
    data: dict[str, Any] = {
        "genre": str(bloc.genre),
        "lignes": [[_fragment(fragment, clean) for fragment in ligne] for ligne in rows],
        "court": bloc.genre is GenreBloc.PARAGRAPHE and length < _COURT,
        "annonce": bloc.genre is GenreBloc.PARAGRAPHE and length < _COURT and rows[-1][-1].texte.rstrip().endswith(":"),
    }
    if bloc.genre is GenreBloc.TABLEAU:
        data["nombres"] = nombres = numeric_columns(rows)
        data["large"] = nombres.index(False) if False in nombres else -1
        data["total"] = with_total(rows)
    return data


def _fragment(fragment: Fragment, clean: Any) -> dict[str, Any]:
    return {"texte": clean(fragment.texte), "gras": fragment.gras, "italique": fragment.italique}


@cache
def _compiler(gabarit: str) -> "Compiler":
    """Return the compiler of a template, locked in the folder of templates: no package, no system font, no network."""
    from typst import Compiler, Fonts

    root = shipped("courriers")
    fonts = Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(shipped("fonts"))])
    nowhere = str(root / "aucun")
    return Compiler(
        str(root / f"{gabarit}.typ"),
        root=str(root),
        font_paths=fonts,
        ignore_system_fonts=True,
        package_path=nowhere,
        package_cache_path=nowhere,
    )
