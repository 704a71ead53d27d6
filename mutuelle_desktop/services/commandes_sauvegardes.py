"""The two commands about backups: « sauvegarder » and « restaurer »."""

from pathlib import Path
from typing import Any

from mutuelle_desktop.domain.ids import local_now
from mutuelle_desktop.domain.sauvegarde import Instantane
from mutuelle_desktop.services import sauvegardes
from mutuelle_desktop.services.phrases import counted
from mutuelle_desktop.services.sauvegardes import Incomplete, listed
from mutuelle_desktop.services.workers import Workers
from mutuelle_desktop.storage.library import Library

Answer = dict[str, Any]


def back_up(library: Library, _workers: Workers, arguments: dict[str, Any]) -> Answer:
    """Back up and verify; what was already lost in the library is a failure that is told, the rest is kept."""
    bilan = sauvegardes.make_sauvegarde(library, Path(arguments["dossier"]), local_now())
    data = {**_facts(bilan.instantane), "sauvegarde": str(bilan.racine), "nouveaux": bilan.nouveaux,
            "octets": bilan.octets, "manquants": list(bilan.manquants)}  # fmt: skip
    lines = [bilan.phrases[0], str(bilan.racine)]
    return {"code": 0 if bilan.entier else 1, "json": data, "lignes": lines, "erreur": "\n".join(bilan.phrases[1:])}


def restore(folder: Path, arguments: dict[str, Any]) -> Answer:
    """Give a backup back in an empty data folder; a damaged one says what would be missing."""
    try:
        rendu = sauvegardes.restore_sauvegarde(
            Path(arguments["dossier"]), arguments.get("instantane"), folder, malgre_tout=arguments["malgre_tout"]
        )
    except Incomplete as error:
        advice = " Pour restaurer le reste, ajoutez --malgre-tout\u00a0; pour un autre instantané, --instantane."
        said = f"{error}{advice}"
        return {"code": 1, "json": {"erreur": said, "manquants": list(error.manquants)}, "lignes": [], "erreur": said}
    data = {**_facts(rendu.instantane), "donnees": str(rendu.dossier), "papiers": rendu.papiers,
            "manquants": list(rendu.manquants)}  # fmt: skip
    done = (
        f"Sauvegarde du {rendu.instantane.le:%d/%m/%Y} restaurée et vérifiée\u00a0: {counted(rendu.papiers, 'papier')}, dans "
        f"«\u00a0{rendu.dossier}\u00a0»."
    )
    lines = [done, *([f"Il manque\u00a0: {listed(rendu.manquants)}."] if rendu.manquants else [])]
    return {"code": 0, "json": data, "lignes": lines, "erreur": ""}


def _facts(found: Instantane) -> dict[str, Any]:
    return {"instantane": found.nom, "le": found.le.isoformat(), "documents": found.documents,
            "dossiers": found.dossiers, "taille": found.taille}  # fmt: skip
