"""The papers of an installed program: what the menu, the software centre, `man` and the package manager are told.

All of it is made from what the program itself says: the commands from its parser, the releases from its own
« Quoi de neuf », the licences from the list it shows.
"""

import argparse
import gzip
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

from mutuelle_desktop import __version__, cli
from mutuelle_desktop.storage.paths import VARIABLE

ROOT = Path(__file__).resolve().parent.parent
NAME = "mutuelle-desktop"
COMPONENT = "fr.mutuelledesktop.mutuelle_desktop"
APROPOS = ROOT / "resources" / "apropos"
ICON = ROOT / "resources" / "icons" / "application.svg"
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
"""Of the icon, in pixels."""
_COMMON = {"Apache-2.0": "Apache-2.0", "GPL-2.0": "GPL-2", "GPL-3.0": "GPL-3", "LGPL-3.0": "LGPL-3"}


@dataclass(frozen=True)
class Release:
    """One version, the day it came out, and its changes under their headings."""

    version: str
    day: date
    changes: tuple[tuple[str, tuple[str, ...]], ...]


def releases() -> list[Release]:
    """Return the versions that « Quoi de neuf » tells of, newest first."""
    text = (APROPOS / "nouveautes.md").read_text("utf-8")
    found = re.split(r"^## \[([\d.]+)\] - (\d{4}-\d\d-\d\d)$", text, flags=re.MULTILINE)[1:]
    return [
        Release(version, date.fromisoformat(day), tuple(_changes(body)))
        for version, day, body in zip(found[::3], found[1::3], found[2::3], strict=True)
    ]


def _changes(body: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    parts = re.split(r"^### (.+)$", body, flags=re.MULTILINE)[1:]
    for heading, items in zip(parts[::2], parts[1::2], strict=True):
        yield heading, tuple(" ".join(item.split()) for item in re.split(r"^- ", items, flags=re.MULTILINE)[1:])


def metainfo() -> str:
    """Return the AppStream description with its releases."""
    lines = ["  <releases>"]
    for release in releases():
        lines.append(f'    <release version="{release.version}" date="{release.day}" type="stable">')
        lines.append("      <description>")
        for heading, items in release.changes:
            lines.append(f'        <p xml:lang="fr">{escape(heading)}</p>')
            lines.append("        <ul>")
            lines += [f'          <li xml:lang="fr">{escape(item)}</li>' for item in items]
            lines.append("        </ul>")
        lines += ["      </description>", "    </release>"]
    lines.append("  </releases>")
    frame = (ROOT / "packaging" / "linux" / "metainfo.xml").read_text("utf-8")
    frame = re.sub(r"<!--.*?-->\n", "", frame)
    return frame.replace("</component>", "\n".join(lines) + "\n</component>")


def man_page() -> str:
    """Return the page of the manual, in French, with every command of the parser."""
    top = cli.parser()
    day = releases()[0].day
    lines = [
        f'.TH MUTUELLE\\-DESKTOP 1 "{day}" "Mutuelle Desktop {__version__}" "Manuel de l’utilisateur"',
        ".SH NOM",
        "mutuelle\\-desktop \\- papiers de santé et échanges avec sa mutuelle, en ordre",
        ".SH SYNOPSIS",
        ".B mutuelle\\-desktop",
        "[\\fB\\-\\-donnees\\fR \\fIDOSSIER\\fR] [\\fIFICHIER\\fR ...]",
        ".br",
        ".B mutuelle\\-desktop",
        "\\fICOMMANDE\\fR [\\fIoptions\\fR]",
        ".SH DESCRIPTION",
        "Sans commande, la fenêtre s’ouvre ; les fichiers donnés y sont ajoutés et lus. Si elle est déjà ouverte, elle",
        "vient devant et reçoit les fichiers. Avec une commande, le travail se fait sans fenêtre, ou par celle qui est",
        "ouverte. Tout reste sur l’ordinateur, chiffré, sans réseau.",
        ".SH OPTIONS",
        *(line for action in _options(top) for line in _option(action)),
        ".SH COMMANDES",
        *_commands(top),
        *_end(),
    ]
    return "\n".join(lines) + "\n"


def _commands(top: argparse.ArgumentParser) -> Iterator[str]:
    common = {word for action in top._actions for word in action.option_strings}
    for action in top._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help for choice in action._choices_actions}
            for name, command in action.choices.items():
                own = [one for one in command._actions if not common & set(one.option_strings)]
                given = " ".join(_word(one) for one in own if not one.option_strings)
                yield f".SS \\fB{_roff(name)}\\fR {given}".rstrip()
                yield _roff(_sentence(helps[name] or ""))
                for one in own:
                    if one.option_strings:
                        yield from _option(one)


def _options(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in parser._actions if action.option_strings]


def _word(action: argparse.Action) -> str:
    name = f"\\fI{_roff(str(action.metavar or action.dest))}\\fR"
    return f"{name} ..." if action.nargs == "+" else name


def _option(action: argparse.Action) -> list[str]:
    words = ", ".join(f"\\fB{_roff(word)}\\fR" for word in action.option_strings)
    if action.nargs != 0:
        value = "|".join(map(str, action.choices)) if action.choices else str(action.metavar or action.dest)
        words += f" \\fI{_roff(value)}\\fR"
    return [".TP", words, _roff(_sentence(action.help or ""))]


def _end() -> list[str]:
    return [
        ".SH FICHIERS",
        ".TP",
        "\\fI~/.local/share/mutuelle\\-desktop/\\fR",
        "les données, chiffrées, lisibles par vous seul. Retirer le programme les laisse en place.",
        ".SH ENVIRONNEMENT",
        ".TP",
        f"\\fB{VARIABLE}\\fR",
        "autre dossier de données, quand \\fB\\-\\-donnees\\fR n’est pas donné.",
        ".SH ÉTAT DE SORTIE",
        "0 quand tout a réussi, 1 quand la commande n’a pas pu être faite (une phrase dit pourquoi), 2 quand elle est",
        "mal écrite.",
        ".SH EXEMPLES",
        ".nf",
        "mutuelle\\-desktop importer ~/Scans/*.pdf \\-\\-dossier 2026\\-001",
        "mutuelle\\-desktop chercher ordonnance kiné",
        "mutuelle\\-desktop courrier C1 \\-\\-dossier 2026\\-001 \\-\\-sortie lettre.pdf",
        ".fi",
    ]


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _roff(text: str) -> str:
    """Return text as roff reads it back: no line of it may be taken for a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("\u00a0", "\\ ")
    return f"\\&{text}" if text.startswith((".", "'")) else text


def debian_changelog(version: str, maintainer: str) -> str:
    """Return the package's changelog; `version` is that of the newest entry, as Debian writes it."""
    entries = []
    for number, release in enumerate(releases()):
        told = version if number == 0 else f"{release.version}-1"
        items = "\n".join(_wrapped(item) for _heading, items in release.changes for item in items)
        when = format_datetime(datetime.combine(release.day, time(12), UTC))
        entries.append(f"{NAME} ({told}) unstable; urgency=medium\n\n{items}\n\n -- {maintainer}  {when}\n")
    return "\n".join(entries)


def _wrapped(item: str) -> str:
    lines, line = [], "  *"
    for word in item.split(" "):
        if len(line) + 1 + len(word) > 79:
            lines.append(line)
            line = "   "
        line += f" {word}"
    return "\n".join([*lines, line])


def copyright_file() -> str:
    """Return the licences of everything in the package, with their texts.

    Long ones are not told twice: they are named by where every Debian has them, or where the program shows them from.
    """
    rows = tomllib.loads((APROPOS / "licences.toml").read_text("utf-8"))["composant"]
    lines = ["Mutuelle Desktop ships with these components.", ""]
    for row in rows:
        lines += [f"{row['nom']} {row['version']}", f"  Licence: {row['licence']}", f"  Source: {row['source']}"]
        lines.append(f"  Text: {_where(row['texte']) or 'below, ' + Path(row['texte']).stem}")
    for name in sorted({row["texte"] for row in rows if not _where(row["texte"])}):
        lines += ["", "=" * 78, Path(name).stem, "=" * 78, "", (APROPOS / "textes" / name).read_text("utf-8").strip()]
    return "\n".join(lines) + "\n"


def _where(text: str) -> str | None:
    """Return the path a licence's text has on a Debian where the package is installed, or None to tell it in full."""
    stem = Path(text).stem
    if stem in _COMMON:
        return f"/usr/share/common-licenses/{_COMMON[stem]}"
    content = (APROPOS / "textes" / text).read_text("utf-8")
    if len(content) < _LONG and "Apache License" not in content and "GENERAL PUBLIC LICENSE" not in content:
        return None
    return f"/usr/lib/{NAME}/_internal/mutuelle_desktop/resources/apropos/textes/{text}"


_LONG = 20_000
"""Letters."""


def write_share(share: Path) -> None:
    """Write what the menu, the software centre and `man` read, in a folder that is to become a system's share."""
    write(share / "applications" / f"{NAME}.desktop", (ROOT / "packaging/linux" / f"{NAME}.desktop").read_text("utf-8"))
    write(share / "metainfo" / f"{COMPONENT}.metainfo.xml", metainfo())
    zipped(share / "man/fr/man1" / f"{NAME}.1.gz", man_page())
    link(share / "man/man1" / f"{NAME}.1.gz", f"../fr/man1/{NAME}.1.gz")
    hicolor = share / "icons" / "hicolor"
    write(hicolor / "scalable/apps" / f"{NAME}.svg", ICON.read_text("utf-8"))
    draw_icon({size: hicolor / f"{size}x{size}/apps" / f"{NAME}.png" for size in SIZES})


def draw_icon(paths: dict[int, Path]) -> None:
    """Draw the icon at these sizes, in pixels, from its drawing."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    application = QGuiApplication.instance() or QGuiApplication([])
    renderer = QSvgRenderer(str(ICON))
    for size, path in paths.items():
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        path.parent.mkdir(parents=True, exist_ok=True)
        if not image.save(str(path)):
            raise SystemExit(f"L’icône « {path.name} » n’a pas pu être écrite.")
    del application


def write(path: Path, text: str) -> None:
    """Write a text file, with the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def zipped(path: Path, text: str) -> None:
    """Write a compressed text file, the same bytes each time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def link(path: Path, target: str) -> None:
    """Make a symbolic link, with the folders it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(target)


if __name__ == "__main__":
    write_share(Path(sys.argv[1]))
