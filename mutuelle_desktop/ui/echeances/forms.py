"""The forms of the Échéances tab: put off, fix, give up with a reason, an entry of one's own, a delay."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from mutuelle_desktop.domain.calendrier import Unite, is_ouvre, jours_feries, on_or_after_ouvre
from mutuelle_desktop.domain.dossier import Dossier
from mutuelle_desktop.domain.echeance import Echeance, Rappel
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.regle import NatureRegle, Regle, Role, Surcharge
from mutuelle_desktop.services import contrats, decisions, dossiers
from mutuelle_desktop.services.calendriers import get_foyer, save_surcharge, surcharges
from mutuelle_desktop.services.echeances import regles
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import FormDialog, multiline
from mutuelle_desktop.ui.widgets.basics import button, label
from mutuelle_desktop.ui.widgets.fields import Choice, DateField
from mutuelle_desktop.ui.widgets.flow import Flow


def postpone_form(desk: Desk, parent: QWidget, echeance: Echeance, jour: date | None = None) -> FormDialog:
    """Return the question of until when a deadline is put off, with what that changes and what it does not."""
    today = desk.today()
    zone = get_foyer(desk.library).zone
    field = DateField(jour or _default_day(echeance, today, desk), today)
    raison = QLineEdit()
    raison.setPlaceholderText("Par exemple\u00a0: la conseillère rappelle jeudi")

    def save() -> None:
        day = field.value()
        if day is None:
            raise Refused("Choisissez le jour où cette échéance doit revenir.")
        decisions.postpone(desk.library, echeance.cle, day, today, raison.text())

    form = FormDialog(parent, "Reporter cette échéance", save, "Reporter")
    form.add("", label(f"{echeance.titre}\u00a0: {fr.jour(echeance.jour)}.", "fort", wrap=True))
    form.add("", label(effet_of(echeance), wrap=True))
    form.add("Reporter au", field, "Par exemple 16/06/2026.")
    note = label("", "secondaire", wrap=True)
    form.add("", note)

    def follow() -> None:
        note.setText(_remark(field, zone))

    def pick(day: date) -> None:
        field.setText(fr.jour_court(day))

    quick, line = QWidget(), Flow(spacing=6)
    quick.setLayout(line)
    for text, days in (("Demain", 1), ("Dans une semaine", 7), ("Dans un mois", 30)):
        day = on_or_after_ouvre(today + timedelta(days=days), zone)
        if not _strict(echeance) or day <= echeance.brute:
            line.addWidget(button(text, partial(pick, day), "discret"))
    form.add("", quick)
    form.add("Raison", raison, "Pour vous\u00a0; elle s’affiche dans «\u00a0Pourquoi cette date\u00a0?\u00a0».")
    field.textChanged.connect(follow)
    follow()
    return form


def effet_of(echeance: Echeance) -> str:
    """Return what putting a deadline off changes, and what it does not."""
    if _strict(echeance):
        return (
            f"Elle reviendra le jour choisi, au plus tard le {fr.jour(echeance.brute)}\u00a0: "
            f"{'la loi' if echeance.nature is NatureRegle.LOI else 'le contrat'} ne laisse pas aller au-delà."
        )
    if echeance.role is Role.ORGANISME:
        return (
            "Vous en serez averti le jour choisi. La mutuelle, elle, reste tenue à "
            f"sa date, le {fr.jour(echeance.brute)}."
        )
    return f"Elle reviendra le jour choisi. La date de la règle reste le {fr.jour(echeance.brute)}."


def pin_form(desk: Desk, parent: QWidget, echeance: Echeance) -> FormDialog:
    """Return the question of the day a deadline is fixed on."""
    field = DateField(echeance.jour, desk.today())
    raison = QLineEdit()

    def save() -> None:
        day = field.value()
        if day is None:
            raise Refused("Choisissez le jour auquel fixer cette échéance.")
        decisions.pin(desk.library, echeance.cle, day, desk.today(), raison.text())

    form = FormDialog(parent, "Fixer cette date", save, "Fixer la date")
    words = (
        "Une date fixée ne bouge plus quand un événement est corrigé. L’écart avec la règle "
        f"({fr.jour(echeance.brute)}) reste affiché."
    )
    form.add("", label(words, wrap=True))
    form.add("Fixer au", field)
    form.add("Raison", raison, "Par exemple\u00a0: date écrite dans leur courrier.")
    return form


def ignore_form(desk: Desk, parent: QWidget, echeance: Echeance) -> FormDialog:
    """Return the question of why a deadline has no object any more."""
    raison = QLineEdit()
    raison.setPlaceholderText("Par exemple\u00a0: réglé directement par l’hôpital")

    def save() -> None:
        decisions.ignore(desk.library, echeance.cle, desk.today(), raison.text())

    form = FormDialog(parent, "Cette échéance n’a plus lieu d’être", save, "Déclarer sans objet")
    form.add("", label(f"{echeance.titre}\u00a0: {fr.jour(echeance.jour)}.", "fort", wrap=True))
    if echeance.consequence:
        form.add("", label(f"Si rien n’est fait\u00a0: {echeance.consequence}", wrap=True))
    form.add("Pourquoi", raison)
    return form


def rappel_form(
    desk: Desk, parent: QWidget, rappel: Rappel | None = None, dossier_id: str | None = None, jour: date | None = None
) -> FormDialog:
    """Return the form of an entry of one's own, new or not."""
    today = desk.today()
    start = rappel or Rappel(titre="", le=jour or today, dossier_id=dossier_id)
    titre = QLineEdit(start.titre)
    titre.setPlaceholderText("Par exemple\u00a0: demander le duplicata de la facture")
    le = DateField(start.le, today)
    choices = _dossiers(desk, start.dossier_id)
    dossier = Choice([("Aucun dossier", None), *choices], start.dossier_id)
    notes = multiline(start.notes, 3)
    fait = QCheckBox("C’est fait")
    fait.setChecked(start.fait_le is not None)

    def save() -> None:
        day = le.value()
        if day is None:
            raise Refused("Donnez une date à ce rappel.")
        done = (start.fait_le or today) if fait.isChecked() else None
        decisions.save_rappel(
            desk.library,
            replace(start, titre=titre.text(), le=day, dossier_id=dossier.value(), notes=notes.toPlainText(), fait_le=done),
        )  # fmt: skip

    form = FormDialog(parent, "Échéance notée par vous" if rappel else "Nouvelle échéance", save)
    form.add("À faire", titre)
    form.add("Date", le, "Par exemple 16/06/2026 ou «\u00a0aujourd’hui\u00a0».")
    form.add("Dossier", dossier)
    form.add("Notes", notes)
    if rappel is not None:
        form.add("", fait)

        def remove() -> None:
            decisions.delete_rappel(desk.library, start.id)
            form.reject()

        form.add("", button("Supprimer cette échéance", remove, "lien"))
    return form


def rule_form(
    desk: Desk, parent: QWidget, regle_id: str, *, mutuelle_id: str | None = None, dossier_id: str | None = None
) -> FormDialog:
    """Return the form that puts another delay in the place of a rule's: this dossier, this mutuelle, everywhere."""
    regle = regles(desk.library).at(regle_id, desk.today(), mutuelle_id=mutuelle_id, dossier_id=dossier_id)
    delai = QLineEdit(str(abs(regle.delai or 1)))
    unite = Choice([(str(one), one) for one in Unite], regle.unite)
    scopes = _scopes(desk, mutuelle_id, dossier_id)
    held = regle.surcharge
    scope = Choice(scopes, (held.mutuelle_id, held.dossier_id) if held else scopes[0][1])
    raison = QLineEdit(held.raison if held else "")
    raison.setPlaceholderText("Par exemple\u00a0: sa charte annonce 30 jours")

    def save() -> None:
        mutuelle, dossier = scope.value()
        typed = delai.text().strip()
        if not typed.isdecimal():
            raise Refused(
                f"Ce délai n’est pas compris\u00a0: «\u00a0{typed}\u00a0». Écrivez un nombre, par exemple 30."
            )
        value = Surcharge(regle=regle_id, mutuelle_id=mutuelle, dossier_id=dossier, delai=int(typed),
                          unite=unite.value(), raison=raison.text())  # fmt: skip
        save_surcharge(desk.library, value, desk.today())

    form = FormDialog(parent, "Changer ce délai", save, "Changer le délai")
    form.add("", label(regle.titre, "fort", wrap=True))
    form.add("", label(rule_words(regle), wrap=True))
    form.add("Délai", delai)
    form.add(
        "Compté en",
        unite,
        "Ouvrables\u00a0: du lundi au samedi. Ouvrés\u00a0: du lundi au vendredi. Sans les jours fériés.",
    )
    form.add("Pour", scope)
    form.add("Raison", raison)
    return form


def rule_words(regle: Regle) -> str:
    """Return what a rule gives by itself, and where that comes from."""
    own = regle.delai_initial or regle.delai_en_lettres or "la date que le fait donne"
    check = "à vérifier, lue" if regle.incertaine else "vérifiée"
    return f"La règle donne {own} ({regle.nature}). Source\u00a0: {regle.source}, {check} le {fr.jour_court(regle.verifie_le)}."


def has_override(desk: Desk, regle_id: str) -> list[Surcharge]:
    """Return the delays the user put in the place of this rule's."""
    return [one for one in surcharges(desk.library) if one.regle == regle_id]


def _dossiers(desk: Desk, held: str | None) -> list[tuple[str, str | None]]:
    """Return the dossiers an entry may belong to: those open, the newest first, and the one it belongs to already."""
    with desk.library.read() as db:
        every = db.all(Dossier)
    kept = [d for d in every if d.id == held or (d.clos_le is None and d.supprime_le is None)]
    kept.sort(key=lambda d: (d.ouvert_le, d.reference), reverse=True)
    return [(f"{d.titre} ({d.reference})", d.id) for d in kept]


def _scopes(desk: Desk, mutuelle_id: str | None, dossier_id: str | None) -> list[tuple[str, Any]]:
    """Return to what a delay may apply: what is at hand first, then everything."""
    found: list[tuple[str, Any]] = []
    line = dossiers.ligne(desk.library, dossier_id) if dossier_id else None
    if line is not None:
        found.append((f"Ce dossier\u00a0: {line.dossier.titre}", (None, line.id)))
    names = {one.id: one.nom for one in contrats.list_mutuelles(desk.library)}
    mine = mutuelle_id if mutuelle_id in names else None
    if mine:
        found.append((f"Toute demande à {names[mine]}", (mine, None)))
    everywhere = ("Toutes les mutuelles", (None, None))
    others = [(f"Toute demande à {nom}", (key, None)) for key, nom in names.items() if key != mine]
    return [*found, everywhere, *others]


def _strict(echeance: Echeance) -> bool:
    return echeance.role is Role.ASSURE and echeance.nature in (NatureRegle.LOI, NatureRegle.CONTRAT)


def _default_day(echeance: Echeance, today: date, desk: Desk) -> date:
    zone = get_foyer(desk.library).zone
    day = on_or_after_ouvre(today + timedelta(days=7), zone)
    return min(day, echeance.brute) if _strict(echeance) and echeance.brute > today else day


def _remark(field: DateField, zone: Any) -> str:
    """Return what kind of day was typed, when it is worth a word."""
    try:
        day = field.value()
    except Refused:
        return ""
    if day is None:
        return ""
    feast = jours_feries(day.year, zone).get(day)
    if feast:
        return f"{fr.majuscule(fr.jour(day))}\u00a0: jour férié ({feast})."
    return (
        f"{fr.majuscule(fr.jour(day))}."
        if is_ouvre(day, zone)
        else f"{fr.majuscule(fr.jour(day))}\u00a0: jour non ouvré."
    )
