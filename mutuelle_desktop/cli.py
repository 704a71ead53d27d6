"""The command line: French verbs, one JSON document on request, a sentence on standard error when it fails."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.storage.paths import data_folder, make_private, set_umask

NAMES = ("importer", "analyser", "chercher", "dossiers", "verifier", "exemple")


class _Parser(argparse.ArgumentParser):
    """Argparse that complains in French."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the words of the command and stop with 2."""
        for english, french in (
            ("the following arguments are required:", "il manque :"),
            ("unrecognized arguments:", "mots en trop :"),
            ("invalid choice:", "commande inconnue :"),
            ("expected one argument", "une valeur est attendue"),
        ):
            message = message.replace(english, french)
        self.exit(2, f"mutuelle-desktop : {message}\nEssayez « mutuelle-desktop --help ».\n")


def parser() -> argparse.ArgumentParser:
    """Return the words the command line understands."""
    common = _Parser(add_help=False)
    common.add_argument("--donnees", type=Path, default=argparse.SUPPRESS, metavar="DOSSIER",
                        help="autre dossier de données")  # fmt: skip
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="répondre par un document JSON")
    top = _Parser(prog="mutuelle-desktop", parents=[common], description="Vos papiers de santé, en ordre.")
    verbs = top.add_subparsers(dest="commande", required=True, metavar="COMMANDE", parser_class=_Parser)
    take = verbs.add_parser("importer", parents=[common], help="ajouter des papiers et les lire")
    take.add_argument("fichiers", nargs="+", metavar="FICHIER")
    take.add_argument("--dossier", metavar="RÉF", help="référence du dossier qui les reçoit")
    take.add_argument("--mot-de-passe", metavar="MOT", help="mot de passe des PDF protégés")
    look = verbs.add_parser("analyser", parents=[common], help="lire des papiers sans les garder")
    look.add_argument("fichiers", nargs="+", metavar="FICHIER")
    look.add_argument("--mot-de-passe", metavar="MOT", help="mot de passe des PDF protégés")
    find = verbs.add_parser("chercher", parents=[common], help="chercher des mots dans les papiers")
    find.add_argument("mots", nargs="+", metavar="MOT")
    verbs.add_parser("dossiers", parents=[common], help="lister les dossiers")
    verbs.add_parser("verifier", parents=[common], help="vérifier la base et le coffre")
    verbs.add_parser("exemple", parents=[common], help="installer le foyer d’exemple dans un dossier vide")
    return top


def main(words: Sequence[str]) -> int:
    """Carry out one command; return 0 when it worked, 1 when it could not."""
    set_umask()
    arguments = vars(parser().parse_args(words))
    as_json = arguments.pop("json", False)
    given = arguments.pop("donnees", None)
    for name in ("fichiers",):
        if name in arguments:
            arguments[name] = [str(Path(found).absolute()) for found in arguments[name]]
    try:
        answer = _carry_out(arguments, given)
    except AppError as error:
        answer = {"code": 1, "json": None, "lignes": [], "erreur": str(error)}
    if as_json:
        print(json.dumps(answer["json"], ensure_ascii=False, indent=1))
    else:
        print("\n".join(answer["lignes"]))
    if answer["erreur"]:
        print(answer["erreur"], file=sys.stderr)
    return int(answer["code"])


def _carry_out(arguments: dict[str, Any], given: Path | None) -> dict[str, Any]:
    from mutuelle_desktop.services.commandes import analyse, carry_out
    from mutuelle_desktop.services.workers import Workers

    workers = Workers()
    try:
        if arguments["commande"] == "analyser":
            return analyse(workers, arguments)
        return _with_library(arguments, given, workers, carry_out)
    finally:
        workers.close()


def _with_library(arguments: dict[str, Any], given: Path | None, workers: Any, carry_out: Any) -> dict[str, Any]:
    from mutuelle_desktop.instance import Instance
    from mutuelle_desktop.storage.library import Library

    folder = make_private(data_folder(given))
    instance = Instance(folder)
    if not instance.try_lock():
        answer = instance.ask({"commande": "commande", "arguments": arguments})
        return answer or {"code": 1, "json": None, "lignes": [], "erreur": instance.holder()}
    try:
        library = Library(folder)
        try:
            return dict(carry_out(library, workers, arguments))
        finally:
            library.close()
    finally:
        instance.close()
