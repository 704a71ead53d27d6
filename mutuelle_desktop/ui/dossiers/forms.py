"""The forms of the Dossiers tab: a new dossier, and its facts."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from mutuelle_desktop.domain.dossier import Dossier, NatureDossier
from mutuelle_desktop.services import contrats, dossiers, personnes
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import FormDialog, multiline
from mutuelle_desktop.ui.widgets.fields import Choice, DateField, MoneyField

NATURES = {
    NatureDossier.REMBOURSEMENT: "Être remboursé d’un soin",
    NatureDossier.INFORMATION: "Poser une question",
    NatureDossier.RECLAMATION: "Contester une décision",
    NatureDossier.MODIFICATION: "Changer quelque chose au contrat",
    NatureDossier.PRISE_EN_CHARGE: "Demander une prise en charge (devis)",
    NatureDossier.RESILIATION: "Résilier le contrat",
}


def dossier_form(desk: Desk, parent: QWidget, created: Callable[[Dossier], None]) -> FormDialog:
    """Return the form of a new dossier: two clicks are enough."""
    nature = Choice([(text, found) for found, text in NATURES.items()])
    people = personnes.list_personnes(desk.library)
    first = people[0].id if people else None
    personne = Choice([*((p.nom_complet, p.id) for p in people), ("Personne en particulier", None)], first)
    contract_rows = contrats.list_contrats(desk.library)
    contrat = Choice([*((c.libelle, c.id) for c in contract_rows), ("Aucun contrat", None)])

    def follow() -> None:
        active = [c for c in contract_rows if c.contrat.is_active(desk.today())]
        mine = [c for c in active if any(p.id == personne.value() for p in c.personnes)]
        contrat.choose(next((c.id for c in mine or active), None))

    personne.currentIndexChanged.connect(follow)
    follow()
    titre = QLineEdit()
    titre.setPlaceholderText("Par exemple : Couronne dent 36")

    def save() -> None:
        created(
            dossiers.create_dossier(
                desk.library, nature=nature.value(), on=desk.today(), titre=titre.text(),
                personne_id=personne.value(), contrat_id=contrat.value(),
            )
        )  # fmt: skip

    form = FormDialog(parent, "Nouveau dossier", save, "Créer le dossier")
    form.add("Que voulez-vous ?", nature)
    form.add("Pour qui ?", personne)
    form.add("Contrat", contrat)
    form.add("Titre", titre, "Laissez vide : il sera donné d’après la demande et la personne.")
    return form


def facts_form(desk: Desk, parent: QWidget, dossier: Dossier) -> FormDialog:
    """Return the form of everything the user says of a dossier."""
    titre = QLineEdit(dossier.titre)
    nature = Choice([(fr.majuscule(str(n)), n) for n in NatureDossier], dossier.nature)
    people = personnes.list_personnes(desk.library)
    personne = Choice([("—", None), *((p.nom_complet, p.id) for p in people)], dossier.personne_id)
    contract_rows = contrats.list_contrats(desk.library)
    contrat = Choice([("—", None), *((c.libelle, c.id) for c in contract_rows)], dossier.contrat_id)
    references = QLineEdit(", ".join(dossier.references_mutuelle))
    ouvert = DateField(dossier.ouvert_le, desk.today())
    paye, secu = MoneyField(dossier.montant_paye), MoneyField(dossier.montant_secu)
    attendu = MoneyField(dossier.montant_attendu)
    complexe = QCheckBox("La demande est complexe : hospitalisation, plusieurs organismes…")
    complexe.setChecked(dossier.complexe)
    notes = multiline(dossier.notes, 4)

    def save() -> None:
        numbers = tuple(part.strip() for part in references.text().replace(";", ",").split(",") if part.strip())
        dossiers.edit_dossier(
            desk.library,
            replace(
                dossier, titre=titre.text(), nature=nature.value(), personne_id=personne.value(),
                contrat_id=contrat.value(), references_mutuelle=numbers, ouvert_le=ouvert.value() or dossier.ouvert_le,
                montant_paye=paye.value(), montant_secu=secu.value(), montant_attendu=attendu.value(),
                complexe=complexe.isChecked(),
                notes=notes.toPlainText().strip(),
            ),
        )  # fmt: skip

    form = FormDialog(parent, f"Dossier {dossier.reference}", save)
    fields: tuple[tuple[str, QWidget, str], ...] = (
        ("Titre", titre, ""), ("Demande", nature, ""), ("Personne", personne, ""), ("Contrat", contrat, ""),
        ("Références de la mutuelle", references, "Les numéros de dossier qu’elle vous a donnés, séparés par des virgules."),
        ("Ouvert le", ouvert, ""), ("Payé", paye, "Ce que vous avez payé."),
        ("Sécu reçue", secu, "Ce que l’Assurance Maladie a remboursé."),
        ("Mutuelle attendue", attendu, "Ce que la mutuelle devrait verser."),
        ("", complexe, "La mutuelle peut alors mettre plus longtemps : 45 jours au lieu de 30."), ("Notes", notes, ""),
    )  # fmt: skip
    for name, field, help_text in fields:
        form.add(name, field, help_text)
    return form
