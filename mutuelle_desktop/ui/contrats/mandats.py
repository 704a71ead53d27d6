"""The mandates of the household: who may speak for whom, until when, and the paper that says so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from mutuelle_desktop.domain.errors import AppError, Refused
from mutuelle_desktop.domain.mandat import EtatMandat, Mandat
from mutuelle_desktop.services import contrats, mandats, personnes
from mutuelle_desktop.services.filtres import Filtre, document_ids, fetch
from mutuelle_desktop.services.mandats import LigneMandat
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import FormDialog
from mutuelle_desktop.ui.widgets.basics import Card, button, chip, label, row, rule, tool
from mutuelle_desktop.ui.widgets.fields import Choice, DateField

KINDS = {
    EtatMandat.EN_VIGUEUR: "succes", EtatMandat.A_VENIR: "info", EtatMandat.EXPIRE: "alerte",
    EtatMandat.REVOQUE: "neutre",
}  # fmt: skip
BIENTOT = timedelta(days=30)
"""How long before its end a mandate is said to end soon."""
_PAPERS = 100
"""Papers offered as the scanned mandate: the latest ones."""


def mandats_card(desk: Desk, parent: QWidget) -> Card:
    """Return the card of the mandates; the page that holds it shows it anew when they change."""
    card = Card("Qui parle pour qui")
    people = personnes.list_personnes(desk.library)
    add = button("Enregistrer un mandat…", lambda: desk.dialogs.run(mandat_form(desk, parent)), icon="mandat")
    add.setEnabled(len(people) > 1)
    card.head.addWidget(add)
    found = mandats.list_mandats(desk.library, desk.today())
    if not found:
        text = (
            "Pour un enfant mineur, aucun papier n’est nécessaire. Pour un conjoint ou un enfant adulte, la mutuelle "
            "demande un mandat écrit, ou sa présence pendant l’appel."
        )
        card.body.addWidget(label(text, "secondaire", wrap=True))
    for place, line in enumerate(found):
        if place:
            card.body.addWidget(rule())
        card.body.addLayout(_line(desk, parent, line))
    return card


def mandat_form(
    desk: Desk, parent: QWidget, mandat: Mandat | None = None, people: tuple[str, str] | None = None
) -> FormDialog:
    """Return the form of a mandate; a new one lasts a year, people are who will speak and for whom."""
    today = desk.today()
    household = personnes.list_personnes(desk.library)
    choices = [(p.nom_complet, p.id) for p in household]
    adults = [p.id for p in household if not p.is_minor(today)]
    speaks, spoken_for = people or ((adults or [""])[0], (adults[1:] or [""])[0])
    m = mandat or Mandat(mandataire_id=speaks, mandant_id=spoken_for, du=today, au=_a_year_after(today))
    mandataire, mandant = Choice(choices, m.mandataire_id), Choice(choices, m.mandant_id)
    mutuelle = Choice(
        [("Toutes", None), *((x.nom, x.id) for x in contrats.list_mutuelles(desk.library))], m.mutuelle_id
    )
    du, au, revoque = DateField(m.du, today), DateField(m.au, today), DateField(m.revoque_le, today)
    objet = QLineEdit(m.objet)
    objet.setPlaceholderText("Par exemple : suivi des remboursements")
    papier = Choice([("Aucun", None), *_papers(desk, m.document_id)], m.document_id)

    def save() -> None:
        if len(choices) < 2:
            raise Refused("Ajoutez d’abord la seconde personne au foyer, dans l’onglet Contrats.")
        value = replace(
            m, mandant_id=mandant.value(), mandataire_id=mandataire.value(), mutuelle_id=mutuelle.value(),
            du=du.value() or today, au=au.value(), objet=objet.text(), revoque_le=revoque.value(),
            document_id=papier.value(),
        )  # fmt: skip
        mandats.save_mandat(desk.library, value)
        desk.messages.tell("Mandat enregistré.", "Annuler", desk.library.undo, kind="success")

    form = FormDialog(parent, "Un mandat", save)
    form.add("Qui parlera ?", mandataire)
    form.add("Pour qui ?", mandant)
    form.add("Auprès de", mutuelle)
    form.add("Du", du)
    form.add("Jusqu’au", au, "Vide : sans date de fin. Un an est l’usage.")
    form.add("Pour quoi faire", objet)
    form.add("Papier signé", papier, "Le mandat numérisé : ajoutez-le d’abord à vos papiers.")
    if mandat is not None:
        form.add("Révoqué le", revoque, "La personne représentée peut le retirer à tout moment.")
    return form


def _line(desk: Desk, parent: QWidget, line: LigneMandat) -> QHBoxLayout:
    title = f"{line.mandataire.prenom} parle pour {line.mandant.prenom}"
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addLayout(row(label(title, wrap=True, selectable=True), chip(*_state(line, desk.today()))))
    words.addWidget(label(_details(line), "secondaire", wrap=True, selectable=True))
    if line.mandat.document_id:
        opener = button("Voir le papier signé", partial(desk.open, "Document", line.mandat.document_id), "lien")
        words.addLayout(row(opener, None))
    layout = QHBoxLayout()
    layout.addLayout(words, 1)
    if line.etat is EtatMandat.EN_VIGUEUR:
        layout.addWidget(button("Révoquer", partial(_revoke, desk, line), "discret"))
    layout.addWidget(tool("modifier", f"Modifier le mandat : {title}…",
                          lambda: desk.dialogs.run(mandat_form(desk, parent, line.mandat))))  # fmt: skip
    layout.addWidget(tool("corbeille", f"Retirer le mandat : {title}",
                          partial(_do, desk, partial(mandats.delete_mandat, desk.library, line.id))))  # fmt: skip
    return layout


def _state(line: LigneMandat, today: date) -> tuple[str, str]:
    end = line.mandat.au
    if line.etat is EtatMandat.EN_VIGUEUR and end is not None and end - today <= BIENTOT:
        return f"prend fin le {fr.jour_bref(end, today)}", "alerte"
    return str(line.etat), KINDS[line.etat]


def _details(line: LigneMandat) -> str:
    m = line.mandat
    until = f"jusqu’au {fr.jour_court(m.au)}" if m.au else "sans date de fin"
    ended = f"révoqué le {fr.jour_court(m.revoque_le)}" if m.revoque_le else ""
    where = f"auprès de {line.mutuelle.nom}" if line.mutuelle else "auprès de toutes les mutuelles"
    parts = (f"Du {fr.jour_court(m.du)} {until}", where, m.objet, ended)
    return " · ".join(part for part in parts if part)


def _revoke(desk: Desk, line: LigneMandat) -> None:
    if _do(desk, partial(mandats.revoke_mandat, desk.library, line.id, desk.today())):
        whom = line.mutuelle.nom if line.mutuelle else "la mutuelle"
        told = f"Mandat révoqué. Prévenez {whom} par écrit."
        desk.messages.tell(told, "Annuler", desk.library.undo, kind="success")


def _do(desk: Desk, verb: Callable[[], Any]) -> bool:
    try:
        verb()
    except AppError as error:
        desk.report(error)
        return False
    return True


def _papers(desk: Desk, held: str | None) -> list[tuple[str, str]]:
    ids = document_ids(desk.library, Filtre())[:_PAPERS]
    if held and held not in ids:
        ids.insert(0, held)
    rows = fetch(desk.library, ids)
    return [(rows[key].document.titre, key) for key in ids if key in rows]


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1) - timedelta(days=1)
    except ValueError:
        return date(day.year + 1, 2, 28)
