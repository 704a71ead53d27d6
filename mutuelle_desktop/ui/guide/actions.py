"""What a piece of advice opens: each action of the guide, its words and what it does here."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from mutuelle_desktop.domain.evenement import Canal, Evenement
from mutuelle_desktop.domain.guide import ActionGuide
from mutuelle_desktop.services import contrats, dossiers
from mutuelle_desktop.ui.checklists.window import open_checklist
from mutuelle_desktop.ui.contrats.mandats import mandat_form
from mutuelle_desktop.ui.courriers.verbs import CourrierVerbs
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import FormDialog
from mutuelle_desktop.ui.dossiers.etapes import Etapes
from mutuelle_desktop.ui.echeances.forms import rappel_form
from mutuelle_desktop.ui.widgets.basics import label
from mutuelle_desktop.ui.widgets.fields import Choice

_A = ActionGuide
VERBES: dict[ActionGuide, str] = {
    _A.NOUVEAU_DOSSIER: "Ouvrir un dossier…",
    _A.AJOUTER_DOCUMENT: "Ajouter des papiers…",
    _A.NOTER_ECHANGE: "Noter un échange…",
    _A.APPEL: "Préparer un appel…",
    _A.COURRIER: "Écrire une lettre…",
    _A.RAPPEL: "Prévoir un rappel…",
    _A.MANDAT: "Enregistrer un mandat…",
    _A.SIMULER: "Demander le calcul au téléphone…",
    _A.ESPACE_CLIENT: "Ouvrir l’espace client",
    _A.DOSSIER_COMPLET: "Faire le dossier complet…",
    _A.AGENDA: "Exporter vers mon agenda…",
    _A.AUJOURD_HUI: "Voir ce qu’il y a à faire",
    _A.DOSSIERS: "Voir mes dossiers",
    _A.DOCUMENTS: "Voir mes papiers",
    _A.COURRIERS: "Voir mes lettres",
    _A.ECHEANCES: "Voir mes échéances",
    _A.REMBOURSEMENTS: "Voir les montants d’un dossier",
    _A.CONTRATS: "Voir mes contrats",
    _A.CHECKLIST_AVANT: "Passer la liste en revue…",
    _A.CHECKLIST_PREPARER: "Passer la liste en revue…",
    _A.CHECKLIST_PENDANT: "Passer la liste en revue…",
    _A.CHECKLIST_APRES: "Passer la liste en revue…",
    _A.CHECKLIST_COMPLEXE: "Passer la liste en revue…",
    _A.CHERCHER: "Chercher",
    _A.REGLAGES: "Ouvrir les réglages…",
    _A.VERIFIER: "Vérifier le coffre",
    _A.SAUVEGARDE: "Ouvrir la sauvegarde…",
    _A.RESTAURER: "Restaurer une sauvegarde…",
    _A.NOUVEAUTES: "Voir ce qui est nouveau…",
    _A.A_PROPOS: "Ouvrir « À propos »…",
    _A.EXEMPLE: "Essayer avec le foyer d’exemple",
    _A.LEXIQUE: "Ouvrir le lexique",
    _A.VISITE: "Faire la visite",
    _A.RACCOURCIS: "Voir les raccourcis",
}
"""What each button says: what really happens when it is pressed."""
MENU = "menu:"
"""What begins the actions that are those of the menus, under the same id."""
_TABS = {
    _A.AUJOURD_HUI: ("aujourdhui",), _A.DOSSIERS: ("dossiers",),
    _A.DOCUMENTS: ("documents",), _A.COURRIERS: ("courriers", "dossiers"), _A.ECHEANCES: ("echeances", "aujourdhui"),
    _A.REMBOURSEMENTS: ("remboursements", "dossiers"), _A.CONTRATS: ("contrats",),
}  # fmt: skip
"""The tab to go to; the next one where the first is not there."""


def perform(desk: Desk, parent: QWidget, action: ActionGuide) -> None:
    """Do what a piece of advice says."""
    if action in _TABS:
        go_to_tab(desk, *_TABS[action])
    elif action.startswith(MENU):
        desk.open("action", action.removeprefix(MENU))
    elif action.startswith("guide:"):
        desk.open("Guide", action.partition(":")[2])
    elif action.startswith("checklist:"):
        liste = action.partition(":")[2]
        with_dossier(desk, parent, "Passer une liste en revue",
                     lambda key: open_checklist(desk, parent, key, liste, partial(_record, desk, parent)))  # fmt: skip
    else:
        _DEEDS[action](desk, parent)


def with_dossier(desk: Desk, parent: QWidget, title: str, run: Callable[[str], object]) -> None:
    """Do something with an open dossier: the only one, the one chosen, or one to be opened first."""
    rows = dossiers.intitules(desk.library)
    if not rows:
        desk.messages.tell("Ouvrez d’abord un dossier : tout y sera rangé.")
        _new_dossier(desk, parent)
    elif len(rows) == 1:
        run(rows[0].id)
    else:
        choice = Choice([(one.complet, one.id) for one in rows])
        form = FormDialog(parent, title, lambda: None, "Continuer")
        form.add("", label("Pour quel dossier ?", "fort"))
        form.add("Dossier", choice)
        if desk.dialogs.run(form):
            run(choice.value())


def go_to_tab(desk: Desk, *tabs: str) -> None:
    """Go to the first of these tabs that is there."""
    for tab in tabs:
        try:
            desk.open("onglet", tab)
        except KeyError as error:
            if error.args != (tab,):
                raise
        else:
            return


def _record(desk: Desk, parent: QWidget, dossier_id: str, event: Evenement | None, canal: Canal | None) -> None:
    Etapes(desk, parent.window()).note(dossier_id, event, canal=canal)


def _new_dossier(desk: Desk, _parent: QWidget) -> None:
    desk.page("dossiers").create_dossier()


def _add_papers(desk: Desk, parent: QWidget) -> None:
    desk.import_into(desk.dialogs.choose_files(parent), None)


def _note(canal: Canal | None, title: str, desk: Desk, parent: QWidget) -> None:
    def run(key: str) -> None:
        desk.open("Dossier", key)
        Etapes(desk, parent.window()).note(key, canal=canal)

    with_dossier(desk, parent, title, run)


def _call(desk: Desk, parent: QWidget) -> None:
    with_dossier(desk, parent, "Préparer un appel", desk.call)


def _remind(desk: Desk, parent: QWidget) -> None:
    desk.dialogs.run(rappel_form(desk, parent))


def _export(desk: Desk, _parent: QWidget) -> None:
    desk.open("onglet", "echeances")
    desk.page("echeances").verbs.export_agenda()


def _mandate(desk: Desk, parent: QWidget) -> None:
    desk.dialogs.run(mandat_form(desk, parent))


def _site(desk: Desk, parent: QWidget) -> None:
    sites = [(m.nom, m.espace_client) for m in contrats.list_mutuelles(desk.library) if m.espace_client]
    if not sites:
        desk.open("onglet", "contrats")
        desk.messages.tell("Notez d’abord ici l’adresse de l’espace client de votre mutuelle.")
        return
    choice = Choice(sites)
    form = FormDialog(parent, "Ouvrir l’espace client", lambda: None, "Ouvrir dans le navigateur")
    form.add("Mutuelle", choice)
    if len(sites) == 1 or desk.dialogs.run(form):
        QDesktopServices.openUrl(QUrl(choice.value()))


def _write(desk: Desk, _parent: QWidget) -> None:
    desk.page("courriers").new_letter()


def _whole(desk: Desk, parent: QWidget) -> None:
    with_dossier(desk, parent, "Faire le dossier complet", CourrierVerbs(desk, parent.window()).dossier_complet)


_DEEDS: dict[ActionGuide, Callable[[Desk, QWidget], None]] = {
    _A.NOUVEAU_DOSSIER: _new_dossier,
    _A.AJOUTER_DOCUMENT: _add_papers,
    _A.NOTER_ECHANGE: partial(_note, None, "Noter un échange"),
    _A.APPEL: _call,
    _A.COURRIER: _write,
    _A.RAPPEL: _remind,
    _A.MANDAT: _mandate,
    _A.SIMULER: _call,
    _A.ESPACE_CLIENT: _site,
    _A.DOSSIER_COMPLET: _whole,
    _A.AGENDA: _export,
}
