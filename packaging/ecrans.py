"""Every screen of the program, and how it is reached: the table the picture tour follows.

A new window is one row here: its name, what it shows, how it opens, the actions it answers for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from plateau import Plateau

Ouvrir = Callable[[Plateau], Any]


@dataclass(frozen=True, slots=True)
class Ecran:
    """One screen: its name (that of its files), what it shows, how it opens.

    ouvrir leaves a dialog photographed, or returns the widget to photograph. actions are the entries of the menus
    whose dialog it shows; plein tells whether the household is there or the library is new.
    """

    nom: str
    montre: str
    ouvrir: Ouvrir
    actions: tuple[str, ...] = ()
    plein: bool = True


SANS_IMAGE = {
    "ajouter": "la boîte du système qui choisit des fichiers",
    "export_documents": "la boîte du système qui choisit un dossier",
    "save_eml": "la boîte du système qui nomme un fichier",
    "save_odt": "la boîte du système qui nomme un fichier",
    "print_calibration": "sans imprimante, un message offre le PDF",
    "print_document": "la boîte d’impression du système",
}
"""Entries of the menus that open nothing of ours, and why."""


def _tab(tab: str) -> Ouvrir:
    def show(p: Plateau) -> Any:
        p.go(tab)
        return p.window

    return show


def _case(start: str, verb: str = "") -> Ouvrir:
    """Show a dossier, or the dialog of one of its actions."""

    def show(p: Plateau) -> Any:
        p.desk.open("Dossier", p.dossier(start))
        p.settle()
        if not verb:
            return p.window
        p.act(verb)
        return None

    return show


def _letter(etat: str, verb: str = "", tab: int = 0) -> Ouvrir:
    """Show a letter at one stage, or the dialog of one of its actions."""

    def show(p: Plateau) -> Any:
        page = p.go("courriers")
        page.show_object("Courrier", p.letter(etat))
        page.redacteur.tabs.setCurrentIndex(tab)
        p.settle()
        if not verb:
            return p.window
        p.act(verb)
        return None

    return show


def _date(verb: str) -> Ouvrir:
    """Show the dialog of an action on the first deadline that is running."""

    def show(p: Plateau) -> Any:
        page = p.go("echeances")
        page.show_agenda(True)
        p.settle()
        found = next(one for one in page.vues.par_cle.values() if one.is_active and one.echeance is not None)
        getattr(page.verbs, verb)(found.id)

    return show


def _paper(start: str, verb: str = "") -> Ouvrir:
    def show(p: Plateau) -> Any:
        from mutuelle_desktop.services import documents

        page = p.go("documents")
        held = documents.fetch(p.library, documents.document_ids(p.library, documents.Filtre()))
        found = next(key for key, line in held.items() if line.document.titre.startswith(start))
        page.show_object("Document", found)
        p.settle()
        if not verb:
            return p.window
        p.act(verb)
        return None

    return show


def _act(tab: str, verb: str) -> Ouvrir:
    def show(p: Plateau) -> Any:
        p.go(tab)
        p.act(verb)
        return p.beside()

    return show


def _found_words(p: Plateau) -> Any:
    page = p.go("documents")
    page.search.setText("couronne")
    p.settle(0.4)
    return p.window


def _tiles(p: Plateau) -> Any:
    page = p.go("documents")
    page.search.clear()
    p.click("En vignettes")
    p.settle(0.4)
    p.picture = p.window.grab()
    p.click("En liste")


def _trash(p: Plateau) -> Any:
    from mutuelle_desktop.services import documents

    page = p.go("documents")
    documents.trash_documents(p.library, page.model.ids()[:1])
    page.show_object("Document", "corbeille")
    p.settle()
    p.picture = p.window.grab()
    p.library.undo()
    p.settle()
    page.show_object("Document", documents.document_ids(p.library, documents.Filtre())[0])


def _month(months: int = 0) -> Ouvrir:
    def show(p: Plateau) -> Any:
        page = p.go("echeances")
        page.show_agenda(False)
        page.go_to(date(2026, 11, 23))
        p.settle()
        if months:
            page.turn(months)
        p.settle()
        return p.window

    return show


def _busy_month(p: Plateau) -> Any:
    """Show a day that holds more than its cell."""
    from mutuelle_desktop.domain.decision import Rappel
    from mutuelle_desktop.services import decisions

    words = ("Rendez-vous chez le Dr Morel", "Envoyer la facture de l’opticien", "Rappeler Mme Lambert",
             "Relever la boîte aux lettres", "Classer les papiers du mois")  # fmt: skip
    for place, titre in enumerate(words):
        decisions.save_rappel(p.library, Rappel(id=f"charge{place}", le=date(2026, 11, 25), titre=titre))
    _month()(p)
    p.settle(0.3)
    p.picture = p.window.grab()
    for _ in words:
        p.library.undo()


def _agenda(p: Plateau) -> Any:
    page = p.go("echeances")
    page.show_agenda(True)
    p.settle()
    p.picture = p.window.grab()
    page.show_agenda(False)


def _print_month(p: Plateau) -> Any:
    """Show the sheet of the month itself: without a printer, the program offers it as a PDF."""
    from mutuelle_desktop.ui.echeances.printing import paint_month
    from mutuelle_desktop.ui.echeances.verbs import feuille_of

    page = _month_page(p)
    feuille = feuille_of(page.vues, page.month)
    p.picture = p.sheet(lambda printer: paint_month(printer, feuille), landscape=True)


def _month_page(p: Plateau) -> Any:
    _month()(p)
    return p.window.current_page()


def _mediator(p: Plateau) -> Any:
    page = p.go("echeances")
    p.settle()
    page.verbs.open_echeance(f"fenetre:{page.vues.fenetres[0].dossier_id}")


def _why(p: Plateau) -> Any:
    _date("open_echeance")(p)


def _call(step: int) -> Ouvrir:
    def show(p: Plateau) -> Any:
        p.desk.call(p.dossier("Couronne"))
        p.settle()
        window = p.beside()
        window.go(step)
        p.settle()
        p.take(window)
        window.close()

    return show


def _choice(p: Plateau) -> Any:
    _case("Couronne")(p)
    p.act("nouvelle-lettre")


def _preview(p: Plateau) -> Any:
    from mutuelle_desktop.domain.progress import Progress
    from mutuelle_desktop.ui.courriers.impression import preview_dialog
    from mutuelle_desktop.ui.courriers.tirage import ready_to_show, tirage_of_letter

    _letter("finalisé")(p)
    tirage = tirage_of_letter(p.desk, p.letter("finalisé"), pieces=True, numeros=True, progress=Progress())
    p.desk.dialogs.run(preview_dialog(p.desk, p.window, ready_to_show(tirage, Progress())))


def _typography(p: Plateau) -> Any:
    from PySide6.QtGui import QTextCursor

    page = p.go("courriers")
    page.show_object("Courrier", p.letter("brouillon"))
    p.settle()
    editeur = page.redacteur.editeur
    editeur.moveCursor(QTextCursor.MoveOperation.End)
    editeur.insertPlainText(' Je vous rappelle "vos engagements" : merci de répondre !')
    p.settle()
    p.act("review_typography")
    page.redacteur.flush()
    p.library.undo()


def _palette(p: Plateau) -> Any:
    p.go("aujourdhui")
    p.window.search.setFocus()
    p.window.search.setText("couronne")
    p.settle(0.4)
    if not p.house.palette.isVisible():
        raise LookupError("la palette ne s’ouvre pas")
    return p.window


def _settings(section: str) -> Ouvrir:
    def show(p: Plateau) -> Any:
        p.go("aujourdhui")
        p.act("reglages")
        window = p.beside()
        window.show_section(section)
        return window

    return show


def _help(entry: str) -> Ouvrir:
    def show(p: Plateau) -> Any:
        p.desk.open("Guide", entry)
        p.settle()
        return p.window

    return show


def _tour(p: Plateau) -> Any:
    from mutuelle_desktop.ui.visite import Visite

    p.go("aujourdhui")
    p.act("visite")
    tour = p.window.findChild(Visite)
    tour.go(3)
    p.take(p.window)
    tour.leave()


def _messages(p: Plateau) -> Any:
    p.go("aujourdhui")
    tell = p.window.messages.tell
    tell("7\u00a0documents ajoutés.", "Annuler", lambda: None, kind="success")
    tell("La lettre ne peut pas être finalisée. Il manque le numéro d’adhérent.", kind="warning")
    p.settle()
    return p.window


def _report(p: Plateau) -> Any:
    from mutuelle_desktop.ui.dialogs import report_dialog

    dialog = report_dialog(p.window, "Mutuelle Desktop\nValueError\npage.py:120 refresh")
    dialog.show()
    return dialog


def _import_report(p: Plateau) -> Any:
    from mutuelle_desktop.services.importation import EtatImport, Importe
    from mutuelle_desktop.ui.import_report import ImportReport

    rows = [Importe(Path("facture du 6 octobre.pdf"), EtatImport.IMPORTE),
            Importe(Path("ordonnance.jpg"), EtatImport.DEJA, "Ce papier est déjà dans le coffre."),
            Importe(Path("devis.pdf"), EtatImport.ILLISIBLE, "Le fichier est abîmé\u00a0: sa fin manque.")]  # fmt: skip
    dialog = ImportReport(p.desk, rows, None, lambda: None)
    dialog.show()
    return dialog


def _form(verb: str) -> Ouvrir:
    def show(p: Plateau) -> Any:
        getattr(p.go("contrats"), verb)()

    return show


def _contract(kind: str) -> Ouvrir:
    """Show the form of a person, a contract, a service, a mandate, as it is when it is corrected."""

    def show(p: Plateau) -> Any:
        from mutuelle_desktop.services import contrats, personnes
        from mutuelle_desktop.ui.contrats import forms, mandats

        page = p.go("contrats")
        person = personnes.list_personnes(p.library)[0]
        found = contrats.list_contrats(p.library)[0]
        insurer = found.mutuelle
        made = {
            "personne": partial(forms.personne_form, p.desk, page, person),
            "mutuelle": partial(forms.mutuelle_form, p.desk, page, insurer),
            "contrat": partial(forms.contrat_form, p.desk, page, insurer.id, found.contrat),
            "service": partial(forms.contact_form, p.desk, page, insurer.id,
                               contrats.contacts_of(p.library, insurer.id)[0]),
            "mandat": partial(mandats.mandat_form, p.desk, page),
        }[kind]()  # fmt: skip
        p.desk.dialogs.run(made)

    return show


def _checklist(p: Plateau) -> Any:
    from mutuelle_desktop.services.checklists import listes
    from mutuelle_desktop.ui.checklists.window import open_checklist

    dialog = open_checklist(p.desk, p.window, p.dossier("Couronne"), listes()[0].id)
    p.settle()
    return dialog


def _down(tab: str, start: str = "") -> Ouvrir:
    """Show the foot of a page that scrolls."""

    def show(p: Plateau) -> Any:
        from PySide6.QtWidgets import QScrollArea

        if start:
            _case(start)(p)
        else:
            p.go(tab)
        p.settle(0.4)
        bars = [area.verticalScrollBar() for area in p.window.current_page().findChildren(QScrollArea)]
        own = p.window.current_page()
        bars += [own.verticalScrollBar()] if isinstance(own, QScrollArea) else []
        longest = max(bars, key=lambda bar: bar.maximum())
        longest.setValue(longest.maximum())
        p.settle()
        p.picture = p.window.grab()
        longest.setValue(0)

    return show


def _guide_search(p: Plateau) -> Any:
    page = p.go("guide")
    page.search_guide("médiateur")
    p.settle()
    p.picture = p.window.grab()
    page.search_guide("")


def _menu_open(p: Plateau) -> Any:
    p.go("aujourdhui")
    menu = p.window.menuBar().actions()[0].menu()
    menu.popup(p.window.menuBar().mapToGlobal(p.window.menuBar().actionGeometry(menu.menuAction()).bottomLeft()))
    p.settle()
    p.over(menu)
    menu.close()


ECRANS = (
    Ecran("aujourdhui", "Aujourd’hui", _tab("aujourdhui")),
    Ecran("aujourdhui-pied", "Aujourd’hui, plus bas", _down("aujourdhui")),
    Ecran("dossiers", "Dossiers : une couronne", _case("Couronne")),
    Ecran("dossiers-pied", "Dossiers : plus bas", _down("dossiers", "Couronne")),
    Ecran("dossiers-reclamation", "Dossiers : une réclamation en cours", _case("Hospitalisation")),
    Ecran("documents", "Documents : un papier et ce qui en est lu", _paper("Facture")),
    Ecran("documents-recherche", "Documents : un mot trouvé sur la page", _found_words),
    Ecran("documents-vignettes", "Documents : en vignettes", _tiles),
    Ecran("documents-corbeille", "Documents : la corbeille", _trash),
    Ecran("courriers", "Courriers : une lettre à côté de sa page", _letter("brouillon")),
    Ecran("courriers-entete", "Courriers : l’en-tête", _letter("brouillon", tab=1)),
    Ecran("courriers-pieces", "Courriers : les pièces jointes", _letter("brouillon", tab=2)),
    Ecran("courriers-final", "Courriers : une lettre finalisée", _letter("finalisé")),
    Ecran("courriers-envoyee", "Courriers : une lettre envoyée", _letter("envoyé")),
    Ecran("echeances", "Échéances : le mois", _month()),
    Ecran("echeances-decembre", "Échéances : le mois suivant", _month(1)),
    Ecran("echeances-charge", "Échéances : un jour trop plein", _busy_month),
    Ecran("echeances-agenda", "Échéances : l’agenda", _agenda),
    Ecran("contrats", "Contrats", _tab("contrats")),
    Ecran("contrats-pied", "Contrats, plus bas", _down("contrats")),
    Ecran("guide", "Guide", _tab("guide")),
    Ecran("guide-recherche", "Guide : recherche", _guide_search),
    Ecran("nouveau-dossier", "Nouveau dossier", _act("dossiers", "nouveau"), ("nouveau",)),
    Ecran("modifier-dossier", "Modifier le dossier", _case("Couronne", "edit_dossier"), ("edit_dossier",)),
    Ecran("evenement", "Noter un événement", _case("Couronne", "note_event"), ("note_event",)),
    Ecran("appel-note", "Noter un appel passé", _case("Couronne", "note_call"), ("note_call",)),
    Ecran("appel-avant", "Appel : avant", _call(0), ("call",)),
    Ecran("appel-pendant", "Appel : pendant", _call(1)),
    Ecran("appel-apres", "Appel : après", _call(2)),
    Ecran("dossier-complet", "Dossier complet en PDF", _case("Couronne", "make_dossier_complet"),
          ("make_dossier_complet",)),
    Ecran("echeance-du-dossier", "Noter une échéance pour un dossier", _case("Couronne", "add_rappel"),
          ("add_rappel",)),
    Ecran("check-list", "Une check-list", _checklist),
    Ecran("ajouter-a-un-dossier", "Ajouter à un dossier", _paper("Facture", "add_to_dossier"), ("add_to_dossier",)),
    Ecran("ordre-des-pages", "Changer l’ordre des pages", _paper("Facture", "reorder_pages"), ("reorder_pages",)),
    Ecran("choix-lettre", "Choisir une lettre par le besoin", _choice, ("nouvelle-lettre",)),
    Ecran("typographie", "Revoir la typographie", _typography, ("review_typography",)),
    Ecran("phrases-inserer", "Insérer une phrase", _letter("brouillon", "insert_phrase"), ("insert_phrase",)),
    Ecran("phrases", "Mes phrases", _letter("brouillon", "manage_phrases"), ("manage_phrases",)),
    Ecran("modeles", "Mes modèles", _letter("brouillon", "manage_models"), ("manage_models",)),
    Ecran("garder-modele", "Garder comme modèle", _letter("brouillon", "keep_as_model"), ("keep_as_model",)),
    Ecran("espace-client", "Texte pour l’espace client", _letter("finalisé", "copy_message"), ("copy_message",)),
    Ecran("enveloppe", "Imprimer l’enveloppe", _letter("finalisé", "print_envelope"), ("print_envelope",)),
    Ecran("etiquette", "Imprimer une étiquette", _letter("finalisé", "print_label"), ("print_label",)),
    Ecran("apercu-lettre", "Aperçu avant impression", _preview),
    Ecran("envoi", "Noter l’envoi", _letter("finalisé", "mark_sent"), ("mark_sent",)),
    Ecran("suivi-envoi", "Suivi de l’envoi", _letter("envoyé", "note_life"), ("note_life",)),
    Ecran("nouvelle-echeance", "Nouvelle échéance", _act("echeances", "new_rappel"), ("new_rappel",)),
    Ecran("pourquoi", "Pourquoi cette date ?", _why, ("open_echeance",)),
    Ecran("reporter", "Reporter une échéance", _date("postpone_echeance"), ("postpone_echeance",)),
    Ecran("fixer", "Fixer la date", _date("pin_echeance"), ("pin_echeance",)),
    Ecran("plus-d-actualite", "Plus d’actualité", _date("ignore_echeance"), ("ignore_echeance",)),
    Ecran("fenetre-mediateur", "La fenêtre du médiateur", _mediator),
    Ecran("imprimer-mois", "Imprimer le mois", _print_month, ("print_month",)),
    Ecran("exporter-agenda", "Exporter vers mon agenda", _act("echeances", "export_agenda"), ("export_agenda",)),
    Ecran("regles", "Règles et délais", _act("echeances", "show_rules"), ("show_rules",)),
    Ecran("personne", "Une personne", _contract("personne")),
    Ecran("mutuelle", "Une mutuelle", _contract("mutuelle")),
    Ecran("contrat", "Un contrat", _contract("contrat")),
    Ecran("service", "Un service", _contract("service")),
    Ecran("mandat", "Un mandat", _contract("mandat")),
    Ecran("bilan-import", "Résultat d’un ajout", _import_report, ("dernier-ajout",)),
    Ecran("reglages", "Réglages", _settings("apparence"), ("reglages",)),
    Ecran("reglages-jours", "Réglages : les jours et les délais", _settings("jours")),
    Ecran("reglages-rappels", "Réglages : les rappels", _settings("rappels")),
    Ecran("reglages-papiers", "Réglages : les papiers", _settings("papiers")),
    Ecran("reglages-impression", "Réglages : l’impression", _settings("impression")),
    Ecran("reglages-donnees", "Réglages : les données", _settings("donnees")),
    Ecran("raccourcis", "Raccourcis du clavier", _act("aujourdhui", "raccourcis")),
    Ecran("apropos", "À propos", _act("aujourdhui", "apropos"), ("apropos",)),
    Ecran("nouveautes", "Quoi de neuf", _act("aujourdhui", "nouveautes"), ("nouveautes",)),
    Ecran("sauvegarde", "Sauvegarde", _act("aujourdhui", "sauvegarde"), ("sauvegarde",)),
    Ecran("restaurer-sauvegarde", "Restaurer une sauvegarde", _act("aujourdhui", "restaurer-sauvegarde"),
          ("restaurer-sauvegarde",)),
    Ecran("mode-emploi", "Le mode d’emploi", _help("suivre-dossier.etape")),
    Ecran("lexique", "Un mot du lexique", _help("décompte")),
    Ecran("visite", "La visite du programme", _tour),
    Ecran("palette", "Rechercher partout", _palette),
    Ecran("menu", "Un menu", _menu_open),
    Ecran("messages", "Un message", _messages),
    Ecran("erreur", "Une erreur inattendue", _report),
    Ecran("vide-aujourdhui", "Premier démarrage", _tab("aujourdhui"), plein=False),
    Ecran("vide-dossiers", "Dossiers, sans rien", _tab("dossiers"), plein=False),
    Ecran("vide-documents", "Documents, sans rien", _tab("documents"), plein=False),
    Ecran("vide-courriers", "Courriers, sans rien", _tab("courriers"), plein=False),
    Ecran("vide-echeances", "Échéances, sans rien", _tab("echeances"), plein=False),
    Ecran("vide-contrats", "Contrats, sans rien", _tab("contrats"), plein=False),
    Ecran("vide-choix-lettre", "Choisir une lettre, sans dossier", _act("courriers", "nouvelle-lettre"), plein=False),
    Ecran("vide-nouveau-dossier", "Nouveau dossier, sans foyer", _act("dossiers", "nouveau"), plein=False),
    Ecran("vide-regles", "Règles, sans foyer", _act("echeances", "show_rules"), plein=False),
)  # fmt: skip
