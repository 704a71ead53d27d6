"""The forms of the Contrats tab."""

from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from mutuelle_desktop.domain.contrat import (
    Contact,
    Contrat,
    Mutuelle,
    NatureOrganisme,
    format_horaires,
    parse_horaires,
)
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.personne import Lien, Personne
from mutuelle_desktop.services import contrats, personnes
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import FormDialog, multiline
from mutuelle_desktop.ui.widgets.fields import Choice, DateField


def personne_form(desk: Desk, parent: QWidget, personne: Personne | None = None) -> FormDialog:
    """Return the form of a person of the household."""
    first = not personnes.list_personnes(desk.library)
    p = personne or Personne(prenom="", nom="", lien=Lien.ASSURE if first else Lien.CONJOINT)
    prenom, nom = QLineEdit(p.prenom), QLineEdit(p.nom)
    lien = Choice([(fr.majuscule(str(found)), found) for found in Lien], p.lien)
    naissance = DateField(p.naissance, desk.today())
    nir, telephone, courriel = QLineEdit(p.nir), QLineEdit(p.telephone), QLineEdit(p.courriel)
    adresse, notes = multiline(p.adresse, 4), multiline(p.notes, 2)

    def save() -> None:
        personnes.save_personne(
            desk.library,
            replace(
                p, prenom=prenom.text(), nom=nom.text(), lien=lien.value(), naissance=naissance.value(),
                nir=nir.text(), telephone=telephone.text().strip(), courriel=courriel.text().strip(),
                adresse=adresse.toPlainText().strip(), notes=notes.toPlainText().strip(),
            ),
        )  # fmt: skip

    form = FormDialog(parent, "Une personne du foyer", save)
    fields: tuple[tuple[str, QWidget, str], ...] = (
        ("Prénom", prenom, ""), ("Nom", nom, ""), ("Qui est-ce ?", lien, "L’assuré est le titulaire du contrat."),
        ("Date de naissance", naissance, "Elle aide à ouvrir les PDF protégés et à savoir qui peut parler pour qui."),
        ("N° de sécurité sociale", nir, "Facultatif. Il reste chiffré sur cet ordinateur."),
        ("Adresse", adresse, "Telle qu’elle s’écrit sur une enveloppe."), ("Téléphone", telephone, ""),
        ("Courriel", courriel, ""), ("Notes", notes, ""),
    )  # fmt: skip
    for name, field, help_text in fields:
        form.add(name, field, help_text)
    return form


def mutuelle_form(desk: Desk, parent: QWidget, mutuelle: Mutuelle | None = None) -> FormDialog:
    """Return the form of an organism."""
    m = mutuelle or Mutuelle(nom="")
    nom = QLineEdit(m.nom)
    nature = Choice([(fr.majuscule(str(found)), found) for found in NatureOrganisme], m.nature)
    adresse, espace = multiline(m.adresse, 4), QLineEdit(m.espace_client)
    mediateur, site = QLineEdit(m.mediateur), QLineEdit(m.mediateur_site)
    mediateur_adresse, notes = multiline(m.mediateur_adresse, 3), multiline(m.notes, 2)

    def save() -> None:
        contrats.save_mutuelle(
            desk.library,
            replace(
                m, nom=nom.text(), nature=nature.value(), adresse=adresse.toPlainText().strip(),
                espace_client=espace.text(), mediateur=mediateur.text().strip(), mediateur_site=site.text(),
                mediateur_adresse=mediateur_adresse.toPlainText().strip(), notes=notes.toPlainText().strip(),
            ),
        )  # fmt: skip

    form = FormDialog(parent, "Une mutuelle", save)
    fields: tuple[tuple[str, QWidget, str], ...] = (
        ("Nom", nom, ""), ("Nature", nature, "Elle est écrite en petit sur vos courriers ; le médiateur en dépend."),
        ("Adresse postale", adresse, ""),
        ("Espace client", espace, "L’adresse du site. Aucun mot de passe n’est gardé ici."),
        ("Médiateur", mediateur, "Son nom figure dans le contrat."), ("Adresse du médiateur", mediateur_adresse, ""),
        ("Site du médiateur", site, ""), ("Notes", notes, ""),
    )  # fmt: skip
    for name, field, help_text in fields:
        form.add(name, field, help_text)
    return form


def contact_form(desk: Desk, parent: QWidget, mutuelle_id: str, contact: Contact | None = None) -> FormDialog:
    """Return the form of one service of an organism."""
    c = contact or Contact(mutuelle_id=mutuelle_id, nom="")
    nom, telephone, courriel = QLineEdit(c.nom), QLineEdit(c.telephone), QLineEdit(c.courriel)
    horaires = QLineEdit(format_horaires(c.horaires))
    horaires.setPlaceholderText("lun-ven 9h-18h ; sam 9h-12h")
    svi = QLineEdit(c.svi)
    svi.setPlaceholderText("1 puis 3")
    adresse, notes = multiline(c.adresse, 3), multiline(c.notes, 2)

    def save() -> None:
        contrats.save_contact(
            desk.library,
            replace(
                c, nom=nom.text(), telephone=telephone.text(), courriel=courriel.text(),
                horaires=parse_horaires(horaires.text()), adresse=adresse.toPlainText().strip(),
                svi=svi.text().strip(), notes=notes.toPlainText().strip(),
            ),
        )  # fmt: skip

    form = FormDialog(parent, "Un service de la mutuelle", save)
    fields: tuple[tuple[str, QWidget, str], ...] = (
        ("Service", nom, "Par exemple « Remboursements » ou « Réclamations »."), ("Téléphone", telephone, ""),
        ("Horaires", horaires, "Comme vous les liriez : lun-ven 9h-18h ; sam 9h-12h."), ("Courriel", courriel, ""),
        ("Adresse", adresse, "Si elle diffère de celle de la mutuelle."), ("Notes", notes, ""),
    )  # fmt: skip
    for name, field, help_text in fields:
        form.add(name, field, help_text)
    return form


def contrat_form(desk: Desk, parent: QWidget, mutuelle_id: str, contrat: Contrat | None = None) -> FormDialog:
    """Return the form of a contract, with the people it covers."""
    c = contrat or Contrat(mutuelle_id=mutuelle_id, numero="")
    numero, adherent, nom = QLineEdit(c.numero), QLineEdit(c.numero_adherent), QLineEdit(c.nom)
    debut, fin = DateField(c.debut, desk.today()), DateField(c.fin, desk.today())
    collectif = QCheckBox("Contrat d’entreprise (collectif)")
    collectif.setChecked(c.collectif)
    obligatoire = QCheckBox("L’employeur l’impose (obligatoire)")
    obligatoire.setChecked(c.obligatoire)
    echeance = DateField(c.echeance, desk.today())
    production = QLineEdit("" if c.delai_production is None else str(c.delai_production))
    production.setPlaceholderText("mois")
    covered = {p.id for found in contrats.list_contrats(desk.library) if found.id == c.id for p in found.personnes}
    boxes = []
    people = QWidget()
    column = QVBoxLayout(people)
    column.setContentsMargins(0, 0, 0, 0)
    for person in personnes.list_personnes(desk.library):
        box = QCheckBox(person.nom_complet)
        box.setChecked(contrat is None or person.id in covered)
        boxes.append((box, person.id))
        column.addWidget(box)
    notes = multiline(c.notes, 2)

    def save() -> None:
        chosen = [key for box, key in boxes if box.isChecked()]
        contrats.save_contrat(
            desk.library,
            replace(
                c, numero=numero.text(), numero_adherent=adherent.text(), nom=nom.text().strip(), debut=debut.value(),
                fin=fin.value(), collectif=collectif.isChecked() or obligatoire.isChecked(),
                obligatoire=obligatoire.isChecked(), echeance=echeance.value(), delai_production=_months(production.text()),
                notes=notes.toPlainText().strip(),
            ),
            chosen,
        )  # fmt: skip

    form = FormDialog(parent, "Un contrat", save)
    fields: tuple[tuple[str, QWidget, str], ...] = (
        ("N° de contrat", numero, ""), ("N° d’adhérent", adherent, "Il est sur votre carte de tiers payant."),
        ("Formule", nom, "Par exemple « Confort + »."), ("Début", debut, ""), ("Fin", fin, "Vide s’il court toujours."),
        ("Échéance annuelle", echeance, "Le jour où il se renouvelle, souvent le 31 décembre : elle donne la date limite "
         "pour résilier."),
        ("Délai pour demander", production, "En mois après les soins, si le contrat en fixe un pour envoyer vos factures."),
        ("", collectif, ""), ("", obligatoire, "Un salarié ne peut pas le résilier lui-même."),
        ("Personnes couvertes", people, ""), ("Notes", notes, ""),
    )  # fmt: skip
    for name, field, help_text in fields:
        form.add(name, field, help_text)
    return form


def _months(text: str) -> int | None:
    typed = text.replace("mois", "").strip()
    if not typed:
        return None
    if not typed.isdigit() or not 0 < int(typed) <= 120:
        raise Refused("Le délai pour demander se compte en mois : écrivez par exemple 12.")
    return int(typed)
