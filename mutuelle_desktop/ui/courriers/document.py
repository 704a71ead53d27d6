"""The body of a letter as a text document: blocks become paragraphs, lists and tables, and are read back the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import (
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextLength,
    QTextList,
    QTextListFormat,
    QTextTable,
    QTextTableFormat,
)

from mutuelle_desktop.domain.courrier import Bloc, Champ, Fragment, GenreBloc
from mutuelle_desktop.ui.theme import theme

CHAMP, PIECE, SU, ETAT = (int(QTextFormat.Property.UserProperty.value) + n for n in range(1, 5))
"""What a run of characters keeps: the field or the enclosure it stands for, what it shows while bound, how it looks."""
LIGNE = "\u2028"
STYLES = {
    GenreBloc.PUCES: QTextListFormat.Style.ListDisc,
    GenreBloc.NUMEROS: QTextListFormat.Style.ListDecimal,
}


class EtatChamp(StrEnum):
    """What a field is in the letter."""

    LIE = "lié"
    PROPRE = "propre"
    MANQUE = "manque"
    FACULTATIF = "facultatif"
    PIECE = "pièce"


_TEINTES = {
    EtatChamp.LIE: ("info_doux", "encre"),
    EtatChamp.PROPRE: ("alerte_doux", "alerte"),
    EtatChamp.MANQUE: ("danger_doux", "danger"),
    EtatChamp.FACULTATIF: ("surface2", "encre2"),
    EtatChamp.PIECE: ("accent_doux", "encre"),
}
_TRAITS = {
    EtatChamp.PROPRE: QTextCharFormat.UnderlineStyle.DotLine,
    EtatChamp.MANQUE: QTextCharFormat.UnderlineStyle.WaveUnderline,
}
"""What tells a field without its colour: one's own words dotted, what is missing under a wave."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of characters that stands for a field (nom) or an enclosure (piece), with its place in the document."""

    debut: int
    fin: int
    texte: str
    nom: str
    piece: str
    su: str

    @property
    def lie(self) -> bool:
        """Tell whether it still shows what is known."""
        return self.texte == self.su


class Feuillet(QTextDocument):
    """A document that never fetches anything: what is pasted may name pictures elsewhere."""

    def loadResource(self, _kind: int, _name: object) -> None:  # noqa: N802, D102 - Qt's
        return None


def write_corps(
    document: QTextDocument, corps: Sequence[Bloc], champs: Mapping[str, Champ], numeros: Mapping[str, int]
) -> None:
    """Put a body in a document, in place of what it held."""
    document.clear()
    insert_corps(QTextCursor(document), corps, champs, numeros)


def insert_corps(
    cursor: QTextCursor, corps: Sequence[Bloc], champs: Mapping[str, Champ], numeros: Mapping[str, int]
) -> None:
    """Put blocks where a cursor is, each on its own line."""
    fresh = not cursor.block().text() and cursor.currentTable() is None
    cursor.beginEditBlock()
    for bloc in corps:
        if bloc.genre is GenreBloc.TABLEAU:
            _insert_table(cursor, bloc, champs, numeros)
            fresh = True
            continue
        gathered: QTextList | None = None
        lignes = bloc.lignes if bloc.genre in STYLES else (bloc.lignes,)
        for ligne in lignes:
            if fresh:
                cursor.setBlockFormat(paragraph())
            else:
                cursor.insertBlock(paragraph(), QTextCharFormat())
            fresh = False
            if bloc.genre not in STYLES:
                _insert_lines(cursor, bloc.lignes, champs, numeros)
                continue
            if gathered is None:
                gathered = cursor.createList(STYLES[bloc.genre])
            else:
                gathered.add(cursor.block())
            _insert_lines(cursor, (ligne,), champs, numeros)  # type: ignore[arg-type]
    cursor.endEditBlock()


def read_corps(document: QTextDocument) -> tuple[Bloc, ...]:
    """Return the blocks a document holds; paragraphs without a word are left out."""
    found: list[Bloc] = []
    last: QTextList | None = None
    block = document.begin()
    while block.isValid():
        table = QTextCursor(block).currentTable()
        if table is not None:
            found.append(_read_table(table))
            last, block = None, document.findBlock(table.lastPosition() + 1)
            continue
        gathered = block.textList()
        lines = _lines(block)
        if gathered is None:
            if any(fragment.texte.strip() or fragment.champ or fragment.piece for line in lines for fragment in line):
                found.append(Bloc(lignes=lines))
        elif lines[0] or len(lines) > 1:
            line = tuple(fragment for one in lines for fragment in one)
            if last is not None and _same(gathered, last):
                found[-1] = Bloc(genre=found[-1].genre, lignes=(*found[-1].lignes, line))
            else:
                found.append(Bloc(genre=_genre(gathered), lignes=(line,)))
        last, block = gathered, block.next()
    return tuple(found)


def passages(document: QTextDocument) -> Iterator[Passage]:
    """Give the runs that stand for a field or an enclosure, in order."""
    block = document.begin()
    while block.isValid():
        yield from _passages(block)
        block = block.next()


def passage_at(document: QTextDocument, place: int) -> Passage | None:
    """Return the run at a place, its edges included."""
    found = [p for p in _passages(document.findBlock(place)) if p.debut <= place <= p.fin]
    return found[-1] if found else None


def tint(document: QTextDocument, champs: Mapping[str, Champ], *, whole: bool = False) -> None:
    """Give each field the look of what it is now; whole does so even where that did not change (a new theme)."""
    for passage in list(passages(document)):
        etat = etat_of(passage, champs)
        cursor = QTextCursor(document)
        cursor.setPosition(passage.debut + 1)
        if not whole and cursor.charFormat().property(ETAT) == str(etat):
            continue
        cursor.setPosition(passage.debut)
        cursor.setPosition(passage.fin, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(_look(etat))


def etat_of(passage: Passage, champs: Mapping[str, Champ]) -> EtatChamp:
    """Return what a run is: bound, the user's own value, missing, or an enclosure."""
    if passage.piece:
        return EtatChamp.PIECE
    champ = champs.get(passage.nom)
    if not passage.lie:
        known = champ.valeur if champ else None
        return EtatChamp.LIE if known == passage.texte else EtatChamp.PROPRE
    if champ is not None and champ.valeur:
        return EtatChamp.LIE
    return EtatChamp.FACULTATIF if champ is not None and not champ.obligatoire else EtatChamp.MANQUE


def run_of(fragment: Fragment, champs: Mapping[str, Champ], numeros: Mapping[str, int]) -> tuple[str, QTextCharFormat]:
    """Return how a fragment is written in a document: its text and its format."""
    style = QTextCharFormat()
    if fragment.gras:
        style.setFontWeight(QFont.Weight.Bold)
    if fragment.italique:
        style.setFontItalic(True)
    if fragment.piece:
        numero = numeros.get(fragment.piece)
        text = f"pièce n°\u00a0{numero}" if numero else "[pièce retirée]"
        style.setProperty(PIECE, fragment.piece)
        style.setProperty(SU, text)
        style.merge(_look(EtatChamp.PIECE if numero else EtatChamp.MANQUE))
        return text, style
    if fragment.champ:
        known = shown(fragment.champ, champs)
        text = fragment.texte.replace("\n", LIGNE) or known
        if fragment.texte and text == known:
            known = ""  # the letter alone says it: read back as bound, it would be lost
        style.setProperty(CHAMP, fragment.champ)
        style.setProperty(SU, known)
        style.merge(_look(etat_of(Passage(0, 0, text, fragment.champ, "", known), champs)))
        return text, style
    return fragment.texte.replace("\n", LIGNE), style


def shown(nom: str, champs: Mapping[str, Champ]) -> str:
    """Return what a bound field shows: its value, else its name in brackets."""
    champ = champs.get(nom)
    known = champ.valeur if champ and champ.valeur else f"[{champ.libelle if champ else nom}]"
    return known.replace("\n", LIGNE)


def refresh(document: QTextDocument, champs: Mapping[str, Champ]) -> None:
    """Bring what bound fields show up to date with what is known now."""
    for passage in reversed(list(passages(document))):
        if not passage.nom or not passage.lie or passage.su == shown(passage.nom, champs):
            continue
        cursor = QTextCursor(document)
        cursor.setPosition(passage.debut)
        cursor.setPosition(passage.fin, QTextCursor.MoveMode.KeepAnchor)
        style = cursor.charFormat()
        gras = style.fontWeight() >= QFont.Weight.DemiBold
        cursor.insertText(*run_of(Fragment(champ=passage.nom, gras=gras, italique=style.fontItalic()), champs, {}))


def plain(style: QTextCharFormat) -> QTextCharFormat:
    """Return a format without the field it belonged to: what is typed beside a field is not part of it."""
    made = QTextCharFormat()
    made.setFontWeight(style.fontWeight())
    made.setFontItalic(style.fontItalic())
    return made


def _look(etat: EtatChamp) -> QTextCharFormat:
    ground, ink = _TEINTES[etat]
    style = QTextCharFormat()
    style.setBackground(theme().color(ground))
    style.setForeground(theme().color(ink))
    style.setUnderlineStyle(_TRAITS.get(etat, QTextCharFormat.UnderlineStyle.NoUnderline))
    style.setUnderlineColor(theme().color(ink))
    style.setProperty(ETAT, str(etat))
    return style


def _insert_lines(
    cursor: QTextCursor, lignes: Sequence[Sequence[Fragment]], champs: Mapping[str, Champ], numeros: Mapping[str, int]
) -> None:
    for rang, ligne in enumerate(lignes):
        if rang:
            cursor.insertText(LIGNE, QTextCharFormat())
        for fragment in ligne:
            cursor.insertText(*run_of(fragment, champs, numeros))


def _insert_table(cursor: QTextCursor, bloc: Bloc, champs: Mapping[str, Champ], numeros: Mapping[str, int]) -> None:
    columns = max((len(ligne) for ligne in bloc.lignes), default=0)
    if not columns:
        return
    table = cursor.insertTable(len(bloc.lignes), columns, table_format())
    for rang, ligne in enumerate(bloc.lignes):
        for column, fragment in enumerate(ligne):
            table.cellAt(rang, column).firstCursorPosition().insertText(*run_of(fragment, champs, numeros))
    cursor.setPosition(table.lastPosition() + 1)


def paragraph() -> QTextBlockFormat:
    """Return how a paragraph stands apart from the next while it is written."""
    style = QTextBlockFormat()
    style.setBottomMargin(theme().px(6))
    return style


def table_format() -> QTextTableFormat:
    """Return how a table of amounts is drawn while it is written."""
    style = QTextTableFormat()
    style.setCellPadding(4)
    style.setCellSpacing(0)
    style.setBorder(1)
    style.setBorderStyle(QTextTableFormat.BorderStyle.BorderStyle_Solid)
    style.setBorderCollapse(True)
    style.setBorderBrush(theme().color("trait"))
    style.setHeaderRowCount(1)
    style.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    return style


def _read_table(table: QTextTable) -> Bloc:
    rows = []
    for rang in range(table.rows()):
        cells = []
        for column in range(table.columns()):
            block = table.cellAt(rang, column).firstCursorPosition().block()
            held = [fragment for line in _lines(block) for fragment in line]
            cells.append(_cell(held))
        rows.append(tuple(cells))
    return Bloc(genre=GenreBloc.TABLEAU, lignes=tuple(rows))


def _cell(held: list[Fragment]) -> Fragment:
    """Return the one fragment a cell is: a field alone stays one, else words with the style they begin with."""
    if len(held) == 1:
        return held[0]
    if not held:
        return Fragment()
    return Fragment(texte="".join(f.texte for f in held), gras=held[0].gras, italique=held[0].italique)


def _lines(block: QTextBlock) -> tuple[tuple[Fragment, ...], ...]:
    """Return the lines of a paragraph, parted by the line breaks it holds."""
    lines: list[list[Fragment]] = [[]]
    runs = {p.debut: p for p in _passages(block)}
    covered = -1
    for start, text, style in _runs(block):
        if start < covered:
            continue
        gras = style.fontWeight() >= QFont.Weight.DemiBold
        passage = runs.get(start)
        if passage is not None:
            covered = passage.fin
            lines[-1].append(_fragment(passage, gras, style.fontItalic()))
            continue
        for rang, part in enumerate(text.split(LIGNE)):
            if rang:
                lines.append([])
            if part:
                _add(lines[-1], Fragment(texte=part, gras=gras, italique=style.fontItalic()))
    return tuple(tuple(line) for line in lines)


def _add(line: list[Fragment], new: Fragment) -> None:
    """Add words to a line, joined to those before that look the same."""
    last = line[-1] if line else None
    if (
        last is not None
        and not last.champ
        and not last.piece
        and (last.gras, last.italique) == (new.gras, new.italique)
    ):
        line[-1] = Fragment(texte=last.texte + new.texte, gras=new.gras, italique=new.italique)
    else:
        line.append(new)


def _fragment(passage: Passage, gras: bool, italique: bool) -> Fragment:
    text = passage.texte.replace(LIGNE, "\n")
    if passage.piece:
        if passage.lie:
            return Fragment(piece=passage.piece, gras=gras, italique=italique)
        return Fragment(texte=text, gras=gras, italique=italique)
    return Fragment(champ=passage.nom, texte="" if passage.lie else text, gras=gras, italique=italique)


def _runs(block: QTextBlock) -> Iterator[tuple[int, str, QTextCharFormat]]:
    each = block.begin()
    while not each.atEnd():
        fragment = each.fragment()
        if fragment.isValid():
            yield fragment.position(), fragment.text(), fragment.charFormat()
        each += 1


def _passages(block: QTextBlock) -> Iterator[Passage]:
    open_run: Passage | None = None
    for start, text, style in _runs(block):
        nom, piece, su = (str(style.property(key) or "") for key in (CHAMP, PIECE, SU))
        if open_run is not None and (nom or piece) and (nom, piece) == (open_run.nom, open_run.piece):
            open_run = Passage(open_run.debut, start + len(text), open_run.texte + text, nom, piece, su)
            continue
        if open_run is not None:
            yield open_run
        open_run = Passage(start, start + len(text), text, nom, piece, su) if nom or piece else None
    if open_run is not None:
        yield open_run


def _genre(gathered: QTextList) -> GenreBloc:
    numbered = gathered.format().style() == QTextListFormat.Style.ListDecimal
    return GenreBloc.NUMEROS if numbered else GenreBloc.PUCES


def _same(one: QTextList, other: QTextList) -> bool:
    return one.objectIndex() == other.objectIndex()
