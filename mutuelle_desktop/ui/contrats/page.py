"""The Contrats tab: the people of the household, the mutuelles, their services, the contracts."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from mutuelle_desktop.domain.contrat import Contact, Contrat, Couverture, Mutuelle, format_horaires
from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.mandat import Mandat
from mutuelle_desktop.domain.personne import Personne
from mutuelle_desktop.services import contrats, personnes
from mutuelle_desktop.services.contrats import LigneContrat
from mutuelle_desktop.storage.library import Entry
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.contrats.forms import contact_form, contrat_form, mutuelle_form, personne_form
from mutuelle_desktop.ui.contrats.mandats import mandats_card
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.widgets.basics import Card, Scroll, button, clear, label, row, rule, tool
from mutuelle_desktop.ui.widgets.flow import Columns


class ContratsPage(QWidget):
    """Who is insured, by whom, and how to reach them."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("page")
        self._desk = desk
        self._scroll = Scroll()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._scroll)
        desk.changes.happened.connect(self._on_change)
        self.refresh()

    def refresh(self) -> None:
        """Show what the library holds now."""
        column = self._scroll.column
        clear(column)
        column.addWidget(label("Contrats", "titre"))
        column.addWidget(self._household())
        for mutuelle in contrats.list_mutuelles(self._desk.library):
            column.addWidget(self._mutuelle(mutuelle))
        if personnes.list_personnes(self._desk.library):
            column.addWidget(mandats_card(self._desk, self))
        more = Card("Ajouter une mutuelle")
        more.body.addWidget(
            label("Votre complémentaire santé, ou celle de quelqu’un du foyer.", "secondaire", wrap=True)
        )
        more.body.addLayout(row(button("Nouvelle mutuelle…", self.add_mutuelle), None))
        column.addWidget(more)
        column.addStretch(1)

    def show_object(self, kind: str, key: str) -> None:
        """Open what was found."""
        with self._desk.library.read() as db:
            if kind == "Personne" and (person := db.get(Personne, key)):
                self._run(personne_form(self._desk, self, person))

    def target_at(self, point: QPoint) -> tuple[str, str] | None:
        """Return nothing: no dossier is shown here."""
        return None

    def add_personne(self) -> None:
        """Ask for a person."""
        self._run(personne_form(self._desk, self))

    def add_mutuelle(self) -> None:
        """Ask for a mutuelle."""
        self._run(mutuelle_form(self._desk, self))

    def _household(self) -> Card:
        card = Card("Les personnes du foyer")
        card.head.addWidget(button("Ajouter une personne…", self.add_personne))
        people = personnes.list_personnes(self._desk.library)
        if not people:
            card.body.addWidget(label("Commencez par vous-même : votre nom servira partout.", "secondaire", wrap=True))
        for person in people:
            born = f"né(e) le {fr.jour_court(person.naissance)}" if person.naissance else ""
            minor = "mineur" if person.is_minor(self._desk.today()) else ""
            covered = ", ".join(c.mutuelle.nom for c in contrats.contrats_of(self._desk.library, person.id))
            details = [fr.majuscule(str(person.lien)), born, minor, covered or "aucun contrat"]
            card.body.addLayout(
                self._line(person.nom_complet, " · ".join(part for part in details if part),
                           partial(personne_form, self._desk, self, person),
                           partial(personnes.delete_personne, self._desk.library, person.id))
            )  # fmt: skip
        return card

    def _mutuelle(self, mutuelle: Mutuelle) -> Card:
        card = Card(mutuelle.nom)
        card.head.addWidget(tool("modifier", f"Modifier {mutuelle.nom}…",
                                 partial(self._open, partial(mutuelle_form, self._desk, self, mutuelle))))  # fmt: skip
        card.head.addWidget(tool("corbeille", f"Retirer {mutuelle.nom}",
                                 partial(self._do, partial(contrats.delete_mutuelle, self._desk.library, mutuelle.id))))  # fmt: skip
        card.body.addWidget(label(fr.majuscule(str(mutuelle.nature)), "secondaire"))
        card.body.addWidget(Columns(560, (self._contracts(mutuelle), 1), (self._contacts(mutuelle), 1), spacing=24))
        card.body.addWidget(rule())
        card.body.addWidget(self._addresses(mutuelle))
        return card

    def _contracts(self, mutuelle: Mutuelle) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(label("Contrats", "fort"))
        for found in contrats.list_contrats(self._desk.library):
            if found.mutuelle.id == mutuelle.id:
                column.addLayout(self._contract(found))
        column.addLayout(row(button("Ajouter un contrat…", partial(
            self._open, partial(contrat_form, self._desk, self, mutuelle.id)), "lien"), None))  # fmt: skip
        column.addStretch(1)
        return column

    def _contract(self, found: LigneContrat) -> QHBoxLayout:
        c = found.contrat
        title = " ".join(part for part in (c.nom or "Contrat", f"n° {c.numero}" if c.numero else "") if part)
        since = f"depuis le {fr.jour_court(c.debut)}" if c.debut else ""
        until = f"jusqu’au {fr.jour_court(c.fin)}" if c.fin else ""
        member = f"adhérent {c.numero_adherent}" if c.numero_adherent else ""
        people = ", ".join(person.prenom for person in found.personnes) or "personne"
        ended = "" if c.is_active(self._desk.today()) else "terminé ou pas commencé"
        kind = "obligatoire" if c.obligatoire else "collectif" if c.collectif else ""
        renewed = f"se renouvelle le {fr.jour_sans_annee(c.echeance)}" if c.echeance else ""
        details = [member, since, until, renewed, kind, f"couvre {people}", ended]
        return self._line(title, " · ".join(part for part in details if part),
                          partial(contrat_form, self._desk, self, found.mutuelle.id, c),
                          partial(contrats.delete_contrat, self._desk.library, c.id))  # fmt: skip

    def _contacts(self, mutuelle: Mutuelle) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(label("Services", "fort"))
        for contact in contrats.contacts_of(self._desk.library, mutuelle.id):
            keys = f"touches {contact.svi}" if contact.svi else ""
            details = " · ".join(part for part in (contact.telephone, keys, format_horaires(contact.horaires), contact.courriel,
                                                   contact.adresse.replace("\n", ", ")) if part)  # fmt: skip
            line = self._line(contact.nom, details, partial(contact_form, self._desk, self, mutuelle.id, contact),
                              partial(contrats.delete_contact, self._desk.library, contact.id))  # fmt: skip
            if contact.telephone:
                copy = tool(
                    "telephone", f"Copier le numéro {contact.telephone}", partial(self._copy, contact.telephone)
                )
                line.insertWidget(1, copy, 0, Qt.AlignmentFlag.AlignTop)
            column.addLayout(line)
        column.addLayout(row(button("Ajouter un service…", partial(
            self._open, partial(contact_form, self._desk, self, mutuelle.id)), "lien"), None))  # fmt: skip
        column.addStretch(1)
        return column

    def _addresses(self, mutuelle: Mutuelle) -> QWidget:
        columns: list[tuple[QVBoxLayout, int]] = []
        blocks = (
            ("Adresse", mutuelle.adresse, "", ""),
            ("Médiateur", "\n".join(p for p in (mutuelle.mediateur, mutuelle.mediateur_adresse) if p),
             mutuelle.mediateur_site, "Ouvrir le site du médiateur"),
            ("Espace client", mutuelle.espace_client, mutuelle.espace_client, "Ouvrir dans le navigateur"),
        )  # fmt: skip
        for name, text, site, verb in blocks:
            column = QVBoxLayout()
            column.setSpacing(4)
            column.addWidget(label(name, "fort"))
            column.addWidget(label(text or "—", "secondaire", wrap=True, selectable=True))
            if site:
                opener = button(verb, partial(self._browse, site), "lien")
                opener.setToolTip(site)
                column.addWidget(opener)
            column.addStretch(1)
            columns.append((column, 1))
        return Columns(560, *columns, spacing=24)

    def _line(self, title: str, details: str, form: Callable[[], object], remove: Callable[[], object]) -> QHBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(title, wrap=True, selectable=True))
        words.addWidget(label(details, "secondaire", wrap=True, selectable=True))
        words.addStretch(1)
        line = QHBoxLayout()
        line.setSpacing(0)
        line.addLayout(words, 1)
        top = Qt.AlignmentFlag.AlignTop
        line.addWidget(tool("modifier", f"Modifier {title}…", partial(self._open, form)), 0, top)
        line.addWidget(tool("corbeille", f"Retirer {title}", partial(self._do, remove)), 0, top)
        return line

    def _open(self, form: Callable[[], object]) -> None:
        self._run(form())

    def _run(self, form: object) -> None:
        self._desk.dialogs.run(form)  # type: ignore[arg-type]

    def _do(self, verb: Callable[[], object]) -> None:
        try:
            verb()
        except AppError as error:
            self._desk.report(error)

    def _copy(self, number: str) -> None:
        QGuiApplication.clipboard().setText(number)
        self._desk.messages.tell(f"Numéro {number} copié.")

    def _browse(self, site: str) -> None:
        QDesktopServices.openUrl(QUrl(site))

    def _on_change(self, entry: Entry) -> None:
        if entry.touches(Personne, Mutuelle, Contact, Contrat, Couverture, Mandat):
            self.refresh()
