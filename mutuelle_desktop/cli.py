"""The command line: French verbs, one JSON document on request, a sentence on standard error when it fails."""

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from mutuelle_desktop import __version__
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.services.demarrage import DISCRET
from mutuelle_desktop.storage.bascule import recover
from mutuelle_desktop.storage.paths import be_private, data_folder, make_private

NAMES = ("importer", "analyser", "chercher", "dossiers", "echeances", "courrier", "dossier-complet", "agenda", "rappels",
         "verifier", "sauvegarder", "restaurer", "exemple")  # fmt: skip
_INTERRUPTED = "Commande interrompue : ce qui était déjà ajouté le reste."
_FRENCH = (
    ("the following arguments are required: ", "il manque "),
    ("unrecognized arguments: ", "mots en trop : "),
    ("argument COMMANDE: invalid choice: ", "commande inconnue : "),
    (" (choose from ", " (choisir parmi "),
    (": expected one argument", " attend une valeur"),
    (": expected at least one argument", " attend au moins une valeur"),
    (": ignored explicit argument ", " ne prend pas de valeur : "),
    ("argument ", ""),
)


class _Help(argparse.HelpFormatter):
    """Argparse's help under French headings."""

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "usage : " if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        super().start_section({"options": "options ", "positional arguments": "à donner "}.get(heading or "", heading))


class _Parser(argparse.ArgumentParser):
    """Argparse that helps and complains in French."""

    def __init__(self, **facts: Any) -> None:
        super().__init__(**{**facts, "add_help": False, "allow_abbrev": False, "formatter_class": _Help})
        self.add_argument("-h", "--help", action="help", default=argparse.SUPPRESS, help="montrer cette aide")
        self.add_argument("--donnees", type=Path, default=argparse.SUPPRESS, metavar="DOSSIER",
                          help="autre dossier de données")  # fmt: skip
        self.add_argument("--json", action="store_true", default=argparse.SUPPRESS,
                          help="répondre par un document JSON")  # fmt: skip

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the words of the command and stop with 2."""
        for english, french in _FRENCH:
            message = message.replace(english, french)
        message = re.sub(r"'([^']*)'", "« \\1 »", message)
        _tell(f"mutuelle-desktop : {message}\nEssayez « mutuelle-desktop --help ».")
        raise SystemExit(2)


def parser() -> argparse.ArgumentParser:
    """Return the words the command line understands."""
    top = _Parser(prog="mutuelle-desktop", description="Vos papiers de santé, en ordre. Sans commande : la fenêtre.")
    version = f"Mutuelle Desktop {__version__}"
    top.add_argument("--version", action="version", version=version, help="donner la version du programme")
    verbs = top.add_subparsers(dest="commande", required=True, metavar="COMMANDE", parser_class=_Parser)
    take = verbs.add_parser("importer", help="ajouter des papiers et les lire")
    take.add_argument("fichiers", nargs="+", metavar="FICHIER")
    take.add_argument("--dossier", metavar="RÉF", help="référence du dossier qui les reçoit")
    take.add_argument("--mot-de-passe", metavar="MOT", help="mot de passe des PDF protégés")
    look = verbs.add_parser("analyser", help="lire des papiers sans les garder")
    look.add_argument("fichiers", nargs="+", metavar="FICHIER")
    look.add_argument("--mot-de-passe", metavar="MOT", help="mot de passe des PDF protégés")
    find = verbs.add_parser("chercher", help="chercher des mots dans les papiers")
    find.add_argument("mots", nargs="+", metavar="MOT")
    verbs.add_parser("dossiers", help="lister les dossiers")
    due = verbs.add_parser("echeances", help="lister les échéances, avec leurs raisons")
    due.add_argument("--au", type=_jour, metavar="DATE", help="comme si l’on était ce jour-là (AAAA-MM-JJ)")
    diary = verbs.add_parser("agenda", help="écrire les échéances pour un autre agenda (.ics)")
    diary.add_argument("--sortie", required=True, type=_chemin, metavar="F.ics", help="fichier à écrire")
    diary.add_argument("--detaille", action="store_true", help="donner le détail, visible de qui voit l’agenda")
    diary.add_argument("--taches", action="store_true", help="ajouter des tâches à côté des rendez-vous")
    diary.add_argument("--changements", action="store_true", help="seulement ce qui a changé depuis le dernier export")
    diary.add_argument("--tenir", action="store_true", help="tenir ensuite ce fichier à jour")
    letter = verbs.add_parser("courrier", help="écrire une lettre d’après un dossier (.pdf)")
    letter.add_argument("modele", metavar="MODÈLE", help="numéro du modèle, par exemple C1")
    letter.add_argument("--dossier", required=True, metavar="RÉF", help="référence du dossier")
    letter.add_argument("--sortie", required=True, type=_chemin, metavar="F.pdf", help="fichier à écrire")
    letter.add_argument("--champ", action="append", default=[], type=_champ, metavar="NOM=VALEUR",
                        help="valeur que le dossier ne connaît pas")  # fmt: skip
    letter.add_argument("--garder", action="store_true", help="garder aussi la lettre, comme brouillon")
    whole = verbs.add_parser("dossier-complet", help="réunir un dossier dans un seul PDF numéroté")
    whole.add_argument("dossier", metavar="RÉF", help="référence du dossier")
    whole.add_argument("--sortie", required=True, type=_chemin, metavar="F.pdf", help="fichier à écrire")
    whole.add_argument(
        "--pour", choices=("mutuelle", "médiateur", "moi"), default="mutuelle", help="à qui il est destiné"
    )
    verbs.add_parser("rappels", help="donner les rappels du jour, pour le planificateur")
    verbs.add_parser("verifier", help="vérifier la base et le coffre")
    keep = verbs.add_parser("sauvegarder", help="sauvegarder dossiers et papiers dans un autre dossier, et vérifier")
    keep.add_argument(
        "dossier", type=_chemin, metavar="DOSSIER", help="une clé, un autre disque\u00a0; il doit exister"
    )
    back = verbs.add_parser("restaurer", help="restaurer une sauvegarde dans un dossier de données vide")
    back.add_argument("dossier", type=_chemin, metavar="DOSSIER", help="celui de la sauvegarde")
    back.add_argument("--instantane", metavar="NOM", help="par exemple 2026-11-24T180205\u00a0; sinon le dernier")
    back.add_argument("--malgre-tout", action="store_true", help="même s’il manque des papiers")
    verbs.add_parser("exemple", help="installer le foyer d’exemple dans un dossier vide")
    return top


def _jour(text: str) -> str:
    """Read a day as scripts or people write it; kept as text, since the window may be asked to carry it out."""
    french = re.fullmatch(r"(\d\d?)/(\d\d?)/(\d{4})", text.strip())
    try:
        if french:
            return date(int(french[3]), int(french[2]), int(french[1])).isoformat()
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        message = f"« {text} » n’est pas une date : écrivez par exemple 2026-06-16"
        raise argparse.ArgumentTypeError(message) from None


def _champ(text: str) -> list[str]:
    nom, equals, valeur = text.partition("=")
    if not equals or not nom.strip():
        raise argparse.ArgumentTypeError(f"«\u00a0{text}\u00a0»\u00a0: écrivez par exemple soins.date=16 juin 2026")
    return [nom.strip(), valeur]


def _chemin(text: str) -> str:
    return str(Path(text).expanduser().absolute())


def asks_for_window(words: Sequence[str]) -> tuple[list[Path], Path | None] | None:
    """Return the files and the data folder of a window, or None when the words are a command, right or wrong.

    What is neither an option nor looks like a file is a command, so that one misspelt does not open a window.
    """
    rest, given, left = [], None, iter(words)
    for word in left:
        option, equals, value = word.partition("=")
        if option == "--donnees" and (found := value if equals else next(left, "")):
            given = Path(found)
        elif word != DISCRET:
            rest.append(word)
    if any(word.startswith("-") for word in rest) or (rest and not _may_be_file(rest[0])):
        return None
    return [Path(word) for word in rest], given


def _may_be_file(word: str) -> bool:
    return word not in NAMES and (not word.isalpha() or os.path.lexists(word))


def main(words: Sequence[str]) -> int:
    """Carry out one command; return 0 when it worked, 1 when it could not."""
    be_private()
    arguments = vars(parser().parse_args(words))
    as_json = arguments.pop("json", False)
    given = arguments.pop("donnees", None)
    if "fichiers" in arguments:
        arguments["fichiers"] = [str(Path(found).absolute()) for found in arguments["fichiers"]]
    try:
        answer = _carry_out(arguments, given)
    except KeyboardInterrupt:
        answer = {"code": 1, "json": {"erreur": _INTERRUPTED}, "lignes": [], "erreur": _INTERRUPTED}
    lines = "\n".join(answer["lignes"])
    _print(json.dumps(answer["json"], ensure_ascii=False, indent=1) if as_json else lines, as_json=as_json)
    if answer["erreur"]:
        _tell(answer["erreur"])
    return int(answer["code"])


def _print(text: str, *, as_json: bool) -> None:
    """Print on standard output: JSON is always UTF-8, and what no letter stands for is escaped as JSON wants it."""
    if not text:
        return
    encoding = "utf-8" if as_json else sys.stdout.encoding
    with suppress(BrokenPipeError):
        sys.stdout.buffer.write(f"{text}\n".encode(encoding, "backslashreplace" if as_json else "replace"))
        sys.stdout.flush()
        return
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever listened has heard enough


def _tell(sentence: str) -> None:
    sys.stderr.buffer.write(f"{sentence}\n".encode(sys.stderr.encoding, "replace"))
    sys.stderr.flush()


def _carry_out(arguments: dict[str, Any], given: Path | None) -> dict[str, Any]:
    from mutuelle_desktop.services.commandes import analyse, carry_out, refusal
    from mutuelle_desktop.services.workers import Workers

    workers = Workers()
    try:
        if arguments["commande"] == "analyser":
            return analyse(workers, arguments)
        if arguments["commande"] == "restaurer":
            from mutuelle_desktop.services.commandes_sauvegardes import restore

            return restore(data_folder(given), arguments)
        return _with_library(arguments, given, workers, carry_out)
    except AppError as error:
        return refusal(str(error))
    finally:
        workers.close()


def _with_library(arguments: dict[str, Any], given: Path | None, workers: Any, carry_out: Any) -> dict[str, Any]:
    from mutuelle_desktop.domain.errors import Unavailable
    from mutuelle_desktop.instance import Instance
    from mutuelle_desktop.storage.library import Library

    recover(data_folder(given))
    folder = make_private(data_folder(given))
    instance = Instance(folder)
    if not instance.try_lock():
        answer = instance.ask({"commande": "commande", "arguments": arguments})
        if answer is None:
            raise Unavailable(instance.holder())
        return answer
    try:
        library = Library(folder)
        try:
            return dict(carry_out(library, workers, arguments))
        finally:
            library.close()
    finally:
        instance.close()
