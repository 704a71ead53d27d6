"""Every action of the program, in one table: menus, shortcuts, the palette and the keyboard sheet come from it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from mutuelle_desktop.ui.actions import Action
from mutuelle_desktop.ui.aide import help_actions


def all_actions(house: Any) -> tuple[Action, ...]:
    """Return the actions of an open house, in the order of the menus."""
    return (
        *_file(house),
        *_edit(house),
        *_dossier(house),
        *_document(house),
        *_courrier(house),
        *_echeance(house),
        *_view(house),
        *help_actions(house),
        *_about(house),
    )


def _file(house: Any) -> tuple[Action, ...]:
    return (
        Action(id="nouveau", texte="Nouveau dossier…", run=house.new_dossier, menu="Fichier", icon="dossiers",
               shortcut="Ctrl+N"),
        Action(id="nouvelle-lettre", texte="Nouvelle lettre…", run=house.new_letter, menu="Fichier", icon="courriers",
               shortcut="Ctrl+L"),
        Action(id="ajouter", texte="Ajouter des papiers…", run=house.add_papers, menu="Fichier", icon="ajouter",
               shortcut="Ctrl+O"),
        Action(id="dernier-ajout", texte="Résultat du dernier ajout…", run=house.show_last_import, menu="Fichier",
               enabled=lambda: house.intake.show_last is not None),
        Action(id="exemple", texte="Essayer avec un foyer d’exemple", run=house.fill_example, menu="Fichier",
               enabled=lambda: not house.example),
        Action(id="sans-exemple", texte="Retirer le foyer d’exemple", run=house.remove_example, menu="Fichier",
               enabled=lambda: house.example),
        Action(id="verifier", texte="Vérifier le coffre", run=house.verify, menu="Fichier", icon="contrats"),
        Action(id="sauvegarde", texte="Sauvegarde…", run=house.gardien.open, menu="Fichier"),
        Action(id="restaurer-sauvegarde", texte="Restaurer une sauvegarde…", run=house.gardien.open_restore,
               menu="Fichier", icon="restaurer"),
        Action(id="reglages", texte="Réglages…", run=house.ask_settings, menu="Fichier", icon="reglages",
               shortcut="Ctrl+,"),
        Action(id="quitter", texte="Quitter", run=house.window.close, menu="Fichier", shortcut="Ctrl+Q"),
    )  # fmt: skip


def _edit(house: Any) -> tuple[Action, ...]:
    library = house.library

    def named(verb: str, found: Callable[[], str | None]) -> Callable[[], str]:
        return lambda: f"{verb} : {found()}" if found() else verb

    return (
        Action(id="annuler", texte="Annuler", run=house.undo, menu="Édition", icon="annuler", shortcut="Ctrl+Z",
               enabled=lambda: library.undo_label is not None, label=named("Annuler", lambda: library.undo_label)),
        Action(id="retablir", texte="Rétablir", run=house.redo, menu="Édition", icon="retablir",
               shortcut="Ctrl+Shift+Z", enabled=lambda: library.redo_label is not None,
               label=named("Rétablir", lambda: library.redo_label)),
        Action(id="coller", texte="Coller des papiers", run=house.paste, menu="Édition", shortcut="Ctrl+V"),
        Action(id="chercher", texte="Rechercher partout", run=house.focus_search, menu="Édition", icon="chercher",
               shortcut="Ctrl+K"),
        Action(id="filtrer", texte="Chercher dans cet onglet", run=house.filter_page, menu="Édition",
               shortcut="Ctrl+F"),
    )  # fmt: skip


def _dossier(house: Any) -> tuple[Action, ...]:
    rows = (
        ("Modifier le dossier…", "edit_dossier", "F2", "modifier"),
        ("Appeler…", "call", "Ctrl+Shift+A", "telephone"),
        ("Noter un appel passé…", "note_call", "Ctrl+Shift+J", ""),
        ("Noter un événement…", "note_event", "Ctrl+J", ""),
        ("Noter une échéance pour ce dossier…", "add_rappel", "", ""),
        ("Dossier complet en PDF…", "make_dossier_complet", "", "exporter"),
        ("Clore le dossier", "close_dossier", "", "clore"),
        ("Rouvrir le dossier", "reopen_dossier", "", ""),
        ("Archiver le dossier", "archive_dossier", "", ""),
        ("Mettre le dossier à la corbeille", "trash_dossier", "", "corbeille"),
        ("Restaurer le dossier", "restore_dossier", "", "restaurer"),
    )
    return tuple(_on_page(house, "Dossier", row) for row in rows)


def _document(house: Any) -> tuple[Action, ...]:
    rows = (
        ("Ouvrir dans un autre programme", "open_outside", "Ctrl+Return", "ouvrir"),
        ("Imprimer…", "print_document", "Ctrl+P", "imprimer"),
        ("Exporter…", "export_documents", "Ctrl+E", "exporter"),
        ("Copier les papiers choisis", "copy_documents", "Ctrl+C", "copier"),
        ("Copier la page comme image", "copy_page", "Ctrl+Shift+C", ""),
        ("Ajouter à un dossier…", "add_to_dossier", "Ctrl+D", "dossiers"),
        ("Enregistrer et suivant", "save_and_next", "Ctrl+Shift+S", ""),
        ("Papier suivant", "next_document", "Ctrl+PgDown", ""),
        ("Papier précédent", "previous_document", "Ctrl+PgUp", ""),
        ("Page suivante", "next_page", "Alt+PgDown", ""),
        ("Page précédente", "previous_page", "Alt+PgUp", ""),
        ("Mot trouvé suivant", "next_hit", "F3", ""),
        ("Mot trouvé précédent", "previous_hit", "Shift+F3", ""),
        ("Tourner à droite", "turn_right", "Ctrl+R", "tourner"),
        ("Tourner à gauche", "turn_left", "Ctrl+Shift+R", ""),
        ("Couper après cette page", "split_document", "", ""),
        ("Changer l’ordre des pages…", "reorder_pages", "", ""),
        ("Réunir en un seul document", "merge_documents", "", ""),
        ("Revenir à l’original", "revert_document", "", ""),
        ("Relire", "reread_document", "", "relire"),
        ("Mettre le papier à la corbeille", "trash_documents", "Del", "corbeille"),
        ("Restaurer le papier", "restore_documents", "", "restaurer"),
    )
    return tuple(_on_page(house, "Document", row) for row in rows)


def _courrier(house: Any) -> tuple[Action, ...]:
    rows = (
        ("Finaliser la lettre", "finalise_letter", "Ctrl+Shift+L", ""),
        ("Chercher dans la lettre", "find_in_letter", "", "chercher"),
        ("Revoir la typographie…", "review_typography", "", ""),
        ("Insérer une phrase…", "insert_phrase", "", ""),
        ("Texte pour l’espace client…", "copy_message", "", "copier"),
        ("Enregistrer un courriel…", "save_eml", "", ""),
        ("Enregistrer pour un traitement de texte…", "save_odt", "", ""),
        ("Imprimer l’enveloppe…", "print_envelope", "", ""),
        ("Imprimer une étiquette…", "print_label", "", ""),
        ("Noter l’envoi…", "mark_sent", "", ""),
        ("Suivi de l’envoi…", "note_life", "", ""),
        ("Faire une copie de la lettre", "copy_letter", "", "copier"),
        ("Garder la lettre comme modèle…", "keep_as_model", "", ""),
        ("Supprimer la lettre", "delete_letter", "", "corbeille"),
        ("Mes modèles…", "manage_models", "", ""),
        ("Mes phrases…", "manage_phrases", "", ""),
        ("Page d’essai de l’imprimante…", "print_calibration", "", "imprimer"),
    )
    return tuple(_on_page(house, "Courrier", row) for row in rows)


def _echeance(house: Any) -> tuple[Action, ...]:
    rows = (
        ("Nouvelle échéance…", "new_rappel", "Ctrl+Shift+E", ""),
        ("Pourquoi cette date\u00a0?", "open_echeance", "", ""),
        ("C’est fait", "finish_echeance", "", ""),
        ("Reporter…", "postpone_echeance", "", ""),
        ("Fixer la date…", "pin_echeance", "", ""),
        ("Plus d’actualité…", "ignore_echeance", "", ""),
        ("Rouvrir l’échéance", "reopen_echeance", "", ""),
        ("Voir son dossier", "open_dossier_of_echeance", "", "dossiers"),
        ("Mois suivant", "next_month", "Alt+Right", ""),
        ("Mois précédent", "previous_month", "Alt+Left", ""),
        ("Aller à aujourd’hui", "go_today", "Alt+Home", ""),
        ("Mois ou agenda", "switch_view", "", ""),
        ("Imprimer le mois…", "print_month", "", "imprimer"),
        ("Exporter vers mon agenda…", "export_agenda", "", "exporter"),
        ("Règles et délais…", "show_rules", "", "reglages"),
    )
    return tuple(_on_page(house, "Échéance", row) for row in rows)


def _view(house: Any) -> tuple[Action, ...]:
    tabs = (
        Action(id=f"onglet-{tab.id}", texte=tab.word, run=partial(house.window.show_tab, tab.id), menu="Affichage",
               icon=tab.id, shortcut=f"Ctrl+{tab.number}")
        for tab in house.tabs
    )  # fmt: skip
    return (
        *tabs,
        Action(id="plus-grand", texte="Agrandir le texte", run=partial(house.zoom, 1), menu="Affichage",
               shortcut="Ctrl++"),
        Action(id="plus-petit", texte="Réduire le texte", run=partial(house.zoom, -1), menu="Affichage",
               shortcut="Ctrl+-"),
    )  # fmt: skip


def _about(house: Any) -> tuple[Action, ...]:
    def manner(verb: str) -> Callable[[], Any]:
        return lambda: getattr(house.manieres, verb)()  # noqa: PLW0108 - made after the menus

    return (
        Action(id="nouveautes", texte="Quoi de neuf…", run=manner("show_nouveautes"), menu="Aide"),
        Action(id="apropos", texte="À propos de Mutuelle Desktop…", run=manner("show_apropos"), menu="Aide"),
    )


def _on_page(house: Any, menu: str, row: tuple[str, str, str, str]) -> Action:
    """Return an action carried out by the page shown, when it can be."""
    texte, verb, shortcut, icon = row
    return Action(id=verb, texte=texte, run=partial(house.on_page, verb), menu=menu, icon=icon, shortcut=shortcut,
                  enabled=partial(house.can, verb))  # fmt: skip
