"""What can be done from the Échéances tab: from its buttons, its menus, the month and the agenda alike."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDialog, QMenu, QVBoxLayout, QWidget

from mutuelle_desktop.domain.echeance import Echeance
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.services import decisions
from mutuelle_desktop.services.echeances import LigneEcheance
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.echeances.export import export_agenda
from mutuelle_desktop.ui.echeances.fenetre import FenetreMediateurBar
from mutuelle_desktop.ui.echeances.forms import ignore_form, pin_form, postpone_form, rappel_form
from mutuelle_desktop.ui.echeances.lignes import LEGENDE, Fenetre, etat_of, forme_of, second_of, titre_of, why_fixed
from mutuelle_desktop.ui.echeances.mois import FENETRE, days_of, window_words, windows_of
from mutuelle_desktop.ui.echeances.pourquoi import pourquoi_dialog
from mutuelle_desktop.ui.echeances.printing import FeuilleMois, LignePapier, print_month
from mutuelle_desktop.ui.echeances.regles import regles_dialog
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Scroll, button, label, row

_ON_ONE = {"open_echeance", "postpone_echeance", "finish_echeance", "reopen_echeance", "ignore_echeance", "pin_echeance",
           "open_dossier_of_echeance"}  # fmt: skip


class EcheancesVerbs:
    """Acts on the deadline that is chosen, or on the month shown."""

    def __init__(self, desk: Desk, page: Any) -> None:
        self._desk, self._page = desk, page

    def can(self, verb: str) -> bool:
        """Tell whether a verb of the menus applies now."""
        if verb in ("print_month", "previous_month", "next_month"):
            return self._page.vues is not None and not self._page.in_agenda
        if verb not in _ON_ONE:
            return True
        found: LigneEcheance | None = self._page.chosen()
        if found is None:
            return False
        return {
            "postpone_echeance": found.is_active,
            "finish_echeance": found.is_active,
            "reopen_echeance": _decided(found),
            "ignore_echeance": found.is_active and found.echeance is not None,
            "pin_echeance": found.is_active and found.echeance is not None,
            "open_dossier_of_echeance": found.dossier_id is not None,
        }.get(verb, True)

    def new_rappel(self, jour: date | None = None) -> None:
        """Note an entry of one's own."""
        form = rappel_form(self._desk, self._page, dossier_id=self._page.filtre.dossier_id, jour=jour)
        if self._desk.dialogs.run(form):
            self._tell("Échéance notée.")

    def open_echeance(self, key: str = "") -> None:
        """Say why a date falls when it does; open an entry of one's own; show a médiateur's window."""
        found = self._found(key)
        if key.startswith(FENETRE):
            self._show_window(key.removeprefix(FENETRE))
        elif found is not None and found.rappel is not None:
            if self._desk.dialogs.run(rappel_form(self._desk, self._page, found.rappel)):
                self._tell("Échéance modifiée.")
        elif found is not None:
            self._desk.dialogs.run(pourquoi_dialog(self._desk, self._page, found.id))

    def postpone_echeance(self, key: str = "", jour: date | None = None) -> None:
        """Ask until when to put a date off, saying what that changes."""
        found = self._found(key)
        if found is None:
            return
        if found.rappel is not None:
            self._move_own(found, jour)
        elif found.echeance is not None:
            self._ask(postpone_form(self._desk, self._page, found.echeance, jour), "Échéance reportée.")

    def move(self, key: str, jour: date) -> None:
        """Carry out a drag: one's own entry goes there, a computed date is put off after a question."""
        found = self._found(key)
        if found is None or found.jour == jour:
            return
        why = why_fixed(found)
        if why:
            self._desk.messages.tell(why, kind="warning")
        elif found.rappel is None and jour <= self._desk.today():
            self._desk.messages.tell(
                f"Une échéance se reporte à un jour à venir\u00a0: {fr.jour(jour)} n’en est pas un.", kind="warning"
            )
        else:
            self.postpone_echeance(key, jour)

    def explain_held(self, key: str) -> None:
        """Say why what was dragged stays where it is."""
        found = self._found(key)
        if found is not None:
            self._desk.messages.tell(why_fixed(found), kind="warning")

    def finish_echeance(self, key: str = "") -> None:
        """Say that it is done."""
        found = self._found(key)
        if found is not None:
            self._do(
                partial(decisions.mark_done, self._desk.library, found.id, self._desk.today()),
                f"Fait\u00a0: {found.titre}.",
            )

    def reopen_echeance(self, key: str = "") -> None:
        """Take back what was decided."""
        found = self._found(key)
        if found is not None:
            self._do(
                partial(decisions.reopen, self._desk.library, found.id), f"De nouveau à suivre\u00a0: {found.titre}."
            )

    def ignore_echeance(self, key: str = "") -> None:
        """Ask why it has no object any more."""
        self._form(key, ignore_form, "Échéance déclarée sans objet.")

    def pin_echeance(self, key: str = "") -> None:
        """Ask the day to fix it on."""
        self._form(key, pin_form, "Date fixée.")

    def delete_rappel(self, key: str = "") -> None:
        """Remove an entry of one's own."""
        found = self._found(key)
        if found is not None and found.rappel is not None:
            self._do(partial(decisions.delete_rappel, self._desk.library, found.id), "Échéance supprimée.")

    def open_dossier_of_echeance(self, key: str = "") -> None:
        """Go to the dossier."""
        found = self._found(key)
        if found is not None and found.dossier_id:
            self._desk.open("Dossier", found.dossier_id)

    def write_letter(self, key: str = "") -> None:
        """Begin the letter that the next step of the dossier calls for."""
        found = self._found(key)
        if found is not None and found.dossier_id:
            self._desk.page("courriers").write(found.dossier_id)

    def print_month(self) -> None:
        """Print the month shown, or make a PDF of it."""
        if self._page.vues is not None:
            print_month(self._desk, self._page, feuille_of(self._page.vues, self._page.month))

    def export_agenda(self) -> None:
        """Write the dates for another calendar."""
        export_agenda(self._desk, self._page)

    def show_rules(self) -> None:
        """Show every rule, its source and what the user changed."""
        self._desk.dialogs.run(regles_dialog(self._desk, self._page))

    def previous_month(self) -> None:
        """Go to the month before."""
        self._page.turn(-1)

    def next_month(self) -> None:
        """Go to the month after."""
        self._page.turn(1)

    def go_today(self) -> None:
        """Go to today."""
        self._page.go_to(self._desk.today())

    def switch_view(self) -> None:
        """Go from the month to the agenda, or back."""
        self._page.show_agenda(not self._page.in_agenda)

    def menu(self, parent: QWidget, key: str, at: QPoint, jour: date | None = None) -> QMenu:
        """Open the menu of a date, or of an empty day."""
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        found = self._page.vues.par_cle.get(key) if self._page.vues and key else None
        for text, run in self._entries(found):
            menu.addAction(text).triggered.connect(partial(_call, run, key))
        if jour is not None:
            menu.addSeparator()
            menu.addAction("Noter une échéance ce jour…").triggered.connect(partial(_call, self.new_rappel, jour))
        menu.popup(at)
        return menu

    def _entries(self, found: LigneEcheance | None) -> list[tuple[str, Callable[..., Any]]]:
        if found is None:
            return []
        own = found.rappel is not None
        entries: list[tuple[str, Callable[..., Any]]] = [
            ("Ouvrir…" if own else "Pourquoi cette date\u00a0?", self.open_echeance)
        ]
        if found.is_active:
            entries += [("C’est fait", self.finish_echeance), ("Reporter…", self.postpone_echeance)]
            if not own:
                entries += [("Fixer la date…", self.pin_echeance), ("Plus d’actualité…", self.ignore_echeance)]
        elif _decided(found):
            entries.append(("Rouvrir", self.reopen_echeance))
        if own:
            entries.append(("Supprimer", self.delete_rappel))
        if found.dossier_id:
            if found.is_active:
                entries.append(("Écrire la lettre proposée…", self.write_letter))
            entries.append(("Ouvrir le dossier", self.open_dossier_of_echeance))
        return entries

    def _move_own(self, found: LigneEcheance, jour: date | None) -> None:
        rappel = found.rappel
        if rappel is not None and jour is not None:
            moved = partial(decisions.save_rappel, self._desk.library, replace(rappel, le=jour))
            self._do(moved, f"«\u00a0{found.titre}\u00a0» est maintenant au {fr.jour(jour)}.")
        else:
            self.open_echeance(found.id)

    def _form(self, key: str, form: Callable[[Desk, QWidget, Echeance], QDialog], told: str) -> None:
        found = self._found(key)
        if found is not None and found.echeance is not None:
            self._ask(form(self._desk, self._page, found.echeance), told)

    def _ask(self, form: QDialog, told: str) -> None:
        if self._desk.dialogs.run(form):
            self._tell(told)

    def _do(self, verb: Callable[[], Any], told: str) -> None:
        try:
            verb()
        except AppError as error:
            self._desk.report(error)
            return
        self._tell(told)

    def _tell(self, told: str) -> None:
        self._desk.messages.tell(told, "Annuler", self._desk.library.undo, kind="success")

    def _found(self, key: str) -> LigneEcheance | None:
        if key:
            vues = self._page.vues
            return vues.par_cle.get(key) if vues else None
        chosen: LigneEcheance | None = self._page.chosen()
        return chosen

    def _show_window(self, dossier_id: str) -> None:
        vues = self._page.vues
        one = next((one for one in vues.fenetres if one.dossier_id == dossier_id), None) if vues else None
        if one is not None:
            self._desk.dialogs.run(_window_dialog(self._desk, self._page, one))


def feuille_of(vues: Any, month: date) -> FeuilleMois:
    """Return the month as it is printed."""
    days = days_of(vues, month)
    inside = [day.day for day in days if day.inside]
    today = vues.releve.today
    lignes = [
        LignePapier(day, forme_of(found), titre_of(found), _full(found, today))
        for day in inside
        for found in vues.par_jour.get(day, ())
    ]
    titre = f"{fr.MOIS[month.month - 1]} {month.year}"
    legende = [(forme, words) for forme, _genre, words in LEGENDE]
    windows = [window_words(one) for one in windows_of(vues, [day.day for day in days])[:2]]
    pied = " — ".join([*windows, f"imprimé le {fr.jour(today)}"])
    return FeuilleMois(titre, days, lignes, legende, f"{fr.majuscule(pied)}.")


def _full(found: LigneEcheance, today: date) -> str:
    return " · ".join(part for part in (etat_of(found, today), second_of(found)) if part)


def _window_dialog(desk: Desk, parent: QWidget, one: Fenetre) -> QDialog:
    dialog = QDialog(parent)
    dialog.setWindowTitle("La fenêtre du médiateur")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(0, 0, 0, 16)
    scroll = Scroll()
    scroll.column.addWidget(label(f"{one.dossier} ({one.reference})", "carte-titre", wrap=True))
    scroll.column.addWidget(FenetreMediateurBar(one.fenetre, desk.today()))
    scroll.column.addStretch(1)

    def go() -> None:
        dialog.accept()
        desk.open("Dossier", one.dossier_id)

    foot = row(None, button("Ouvrir le dossier", go), button("Fermer", dialog.accept))
    foot.setContentsMargins(24, 0, 24, 0)
    layout.addWidget(scroll, 1)
    layout.addLayout(foot)
    room = parent.screen().availableGeometry()
    dialog.resize(min(theme().px(560), room.width() - 80), min(theme().px(330), room.height() - 80))
    return dialog


def _decided(found: LigneEcheance) -> bool:
    if found.rappel is not None:
        return not found.is_active
    return found.echeance is not None and found.echeance.decision is not None


def _call(run: Callable[..., Any], value: Any, _checked: bool = False) -> None:
    run(value)
