"""What is copied from a letter and pasted into one: only what a letter can say, no-break spaces kept."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from PySide6.QtCore import QMimeData

from mutuelle_desktop.domain.courrier import Bloc, Fragment, GenreBloc
from mutuelle_desktop.ui.courriers.document import Feuillet, read_corps

BLOCS = "application/x-mutuelle-blocs"
"""What a copy carries besides its words, so that fields stay fields from one letter to another."""


def copied(words: str, corps: Sequence[Bloc]) -> QMimeData:
    """Return what a copy puts in the clipboard: plain words, and the blocks for another letter."""
    mime = QMimeData()
    mime.setText(words.replace("\u2029", "\n").replace("\u2028", "\n"))
    mime.setData(BLOCS, json.dumps([asdict(bloc) for bloc in corps]).encode())
    return mime


def pasted(source: QMimeData) -> tuple[Bloc, ...]:
    """Return what a clipboard holds as blocks: those of another letter, else the words of a page, else plain lines."""
    if source.hasFormat(BLOCS):
        try:
            return tuple(_bloc(each) for each in json.loads(bytes(source.data(BLOCS).data())))
        except (ValueError, KeyError, TypeError):
            pass
    if source.hasHtml():
        page = Feuillet()
        page.setHtml(source.html())
        found = tuple(_bare(bloc) for bloc in read_corps(page))
        if found:
            return found
    lines = source.text().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return tuple(Bloc(lignes=((Fragment(texte=line),),)) for line in lines if line.strip())


def _bare(bloc: Bloc) -> Bloc:
    """Return a block of a page without the marks of pictures it had."""
    lines = (
        tuple(f for f in line if f.texte.replace("\ufffc", "").strip(" ") or len(line) > 1) for line in bloc.lignes
    )
    return Bloc(genre=bloc.genre, lignes=tuple(
        tuple(Fragment(texte=f.texte.replace("\ufffc", ""), gras=f.gras, italique=f.italique) for f in line)
        for line in lines
    ))  # fmt: skip


def _bloc(each: dict[str, object]) -> Bloc:
    lines: list[list[dict[str, object]]] = each["lignes"]  # type: ignore[assignment]
    return Bloc(
        genre=GenreBloc(str(each["genre"])),
        lignes=tuple(tuple(Fragment(**fragment) for fragment in line) for line in lines),  # type: ignore[arg-type]
    )
