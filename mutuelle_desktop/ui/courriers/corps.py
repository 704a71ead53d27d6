"""The body of a model or a phrase as plain text a form can show: fields in braces, lists by their marks, and back."""

import re
from collections.abc import Container

from mutuelle_desktop.domain.courrier import Bloc, Fragment, GenreBloc

AIDE = (
    "Une ligne vide sépare les paragraphes. «\u00a0- \u00a0» commence une ligne de liste, «\u00a01. \u00a0» une ligne "
    "numérotée. Un champ s’écrit entre accolades, par exemple {soins.date}. Gras et italique se mettent dans la lettre."
)
_CHAMP = re.compile(r"\{([\w.]+)\}")
_PUCE, _NUMERO = re.compile(r"[-•–]\s+"), re.compile(r"\d+[.)]\s+")


def text_of(corps: tuple[Bloc, ...]) -> str:
    """Return blocks as text to edit."""
    return "\n\n".join(_bloc(bloc) for bloc in corps if bloc.lignes)


def corps_of(text: str, known: Container[str]) -> tuple[Bloc, ...]:
    """Return blocks from text; « {nom} » is a field when it is known, else what was typed."""
    parts = [part.strip("\n") for part in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))]
    return tuple(_read(part, known) for part in parts if part.strip())


def edited(before: tuple[Bloc, ...], text: str, known: Container[str]) -> tuple[Bloc, ...]:
    """Return what was there when its text was not touched: nothing of its look is lost for having been opened."""
    return before if text == text_of(before) else corps_of(text, known)


def _bloc(bloc: Bloc) -> str:
    cell = " | " if bloc.genre is GenreBloc.TABLEAU else ""
    lines = [cell.join(f"{{{f.champ}}}" if f.champ else f.texte for f in ligne) for ligne in bloc.lignes]
    if bloc.genre is GenreBloc.PUCES:
        lines = [f"- {line}" for line in lines]
    if bloc.genre is GenreBloc.NUMEROS:
        lines = [f"{rank}. {line}" for rank, line in enumerate(lines, 1)]
    return "\n".join(lines)


def _read(part: str, known: Container[str]) -> Bloc:
    lines = part.split("\n")
    for genre, mark in ((GenreBloc.PUCES, _PUCE), (GenreBloc.NUMEROS, _NUMERO)):
        if all(mark.match(line) for line in lines):
            return Bloc(genre=genre, lignes=tuple(_fragments(mark.sub("", line, count=1), known) for line in lines))
    if len(lines) > 1 and all(" | " in line for line in lines):
        cells = tuple(tuple(_cell(cell.strip(), known) for cell in line.split(" | ")) for line in lines)
        return Bloc(genre=GenreBloc.TABLEAU, lignes=cells)
    return Bloc(lignes=(_fragments("\n".join(lines), known),))


def _cell(text: str, known: Container[str]) -> Fragment:
    """Return a cell: one fragment, a field when it is nothing else."""
    found = _CHAMP.fullmatch(text)
    return Fragment(champ=found[1]) if found and found[1] in known else Fragment(texte=text)


def _fragments(text: str, known: Container[str]) -> tuple[Fragment, ...]:
    out, last = [], 0
    for found in _CHAMP.finditer(text):
        if found[1] not in known:
            continue
        if found.start() > last:
            out.append(Fragment(texte=text[last : found.start()]))
        out.append(Fragment(champ=found[1]))
        last = found.end()
    if last < len(text) or not out:
        out.append(Fragment(texte=text[last:]))
    return tuple(out)
