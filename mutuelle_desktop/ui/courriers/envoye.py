"""« Envoyé »: how and when a letter left, and its proof; then what becomes of a recommandé."""

from functools import partial

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from mutuelle_desktop.domain.cas import TERMINES
from mutuelle_desktop.domain.courrier import Courrier, EtatCourrier
from mutuelle_desktop.domain.echeance import Echeance
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.domain.evenement import RECOMMANDES, Canal, NatureEvenement
from mutuelle_desktop.domain.recommande import doute_of
from mutuelle_desktop.services import expeditions
from mutuelle_desktop.services.echeances import echeances_of, suivi_of
from mutuelle_desktop.services.expeditions import Expedition
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.courriers.papier import PaperField
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import FormDialog
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Scroll, button, label, row
from mutuelle_desktop.ui.widgets.fields import Choice, DateField, MoneyField

_N = NatureEvenement
CANAUX = (
    Canal.RECOMMANDE, Canal.RECOMMANDE_ELECTRONIQUE, Canal.COURRIER, Canal.ESPACE_CLIENT, Canal.COURRIEL, Canal.AGENCE,
)  # fmt: skip
"""How a letter leaves; one does not send it by telephone."""
PREUVES = {
    Canal.RECOMMANDE: "La preuve de dépôt remise au guichet, ou celle reçue par courriel.",
    Canal.RECOMMANDE_ELECTRONIQUE: "La preuve de dépôt reçue par courriel.",
    Canal.COURRIER: "Un envoi simple n’a pas de preuve\u00a0; une photo de l’enveloppe timbrée aide un peu.",
    Canal.ESPACE_CLIENT: "Une capture de l’écran qui confirme l’envoi, avec sa date.",
    Canal.COURRIEL: "Le courriel envoyé, enregistré en PDF.",
    Canal.AGENCE: "La copie tamponnée et datée par l’agence.",
}
EFFETS = {
    Canal.COURRIER: "Une lettre simple ne prouve ni l’envoi ni la réception, et n’arrête pas la prescription.",
    Canal.ESPACE_CLIENT: "Un message n’arrête pas la prescription\u00a0: seul un recommandé avec avis de réception le fait.",
    Canal.COURRIEL: "Un courriel n’arrête pas la prescription\u00a0: seul un recommandé avec avis de réception le fait.",
}
"""What a channel does not do; said before it is chosen, never refused."""


def mark_sent(desk: Desk, parent: QWidget, value: Courrier) -> None:
    """Ask how a frozen letter left and record it, or correct it; then say which deadlines and which step follow."""
    if value.etat is EtatCourrier.BROUILLON:
        raise Refused("Finalisez d’abord la lettre\u00a0: c’est ce qui part qui doit être gardé.")
    doubts: list[str] = []
    before = _running(desk, value)
    form = _sent_form(desk, parent, value, doubts)
    accepted = desk.dialogs.run(form)
    form.deleteLater()
    if not accepted:
        return
    words = " ".join(["L’envoi est noté.", *doubts, *_clocks(desk, value, before), _next(desk, value)]).strip()
    desk.messages.tell(words, "Annuler", desk.library.undo, kind="warning" if doubts else "success")


def _sent_form(desk: Desk, parent: QWidget, value: Courrier, doubts: list[str]) -> FormDialog:
    today = desk.today()
    known = expeditions.expedition_of(desk.library, value.id)
    le, cout = DateField(known.envoi.le if known.envoi else today, today), MoneyField(value.cout)
    start = value.canal if value.canal in CANAUX else Canal.COURRIER
    canal = Choice([(fr.majuscule(str(c)), c) for c in CANAUX], start)
    effet = label("", "secondaire", wrap=True)
    numero = QLineEdit(value.numero)
    numero.setPlaceholderText("1A 047 877 2024 3")
    doute = label("", "puce-alerte", wrap=True)
    preuve = PaperField(desk, value.dossier_id, "Preuve")
    if known.preuve is not None:
        preuve.choose(known.preuve.id)
    which = label("", "secondaire", wrap=True)

    def save() -> None:
        day = le.value()
        if day is None:
            raise Refused("Indiquez le jour de l’envoi\u00a0: c’est de lui que partent les délais.")
        if day > today:
            raise Refused("Ce jour n’est pas encore venu. Notez l’envoi une fois la lettre partie.")
        posted = canal.value() in RECOMMANDES
        doubts[:] = expeditions.mark_sent(
            desk.library, value.id, le=day, canal=canal.value(), today=today,
            numero=numero.text() if posted else "", cout=cout.value(), preuve=preuve.value(),
        )  # fmt: skip

    again = value.etat is EtatCourrier.ENVOYE
    form = FormDialog(parent, "Corriger l’envoi" if again else "Lettre envoyée", save, "Noter l’envoi")
    form.add("Par", canal)
    form.add("", effet)
    form.add(
        "Date d’envoi", le, "Le jour du dépôt à la poste ou du clic sur «\u00a0Envoyer\u00a0». Par exemple 16/06/2026."
    )
    form.add("Numéro du recommandé", numero, "Il est sur la preuve de dépôt et sur le suivi.")
    form.add("", doute)
    form.add("Coût", cout, "Timbre ou recommandé\u00a0; laissez vide si vous ne savez pas.")
    form.add("Preuve", preuve)
    form.add("", which)

    def fit() -> None:
        chosen = canal.value()
        posted = chosen in RECOMMANDES
        said = doute_of(numero.text()) if posted else ""
        doute.setText(said)
        effet.setText(EFFETS.get(chosen, ""))
        which.setText(PREUVES.get(chosen, ""))
        form.show_row(numero, posted)
        form.show_row(doute, bool(said))
        form.show_row(effet, bool(effet.text()))

    canal.currentIndexChanged.connect(fit)
    numero.textChanged.connect(fit)
    fit()
    return form


def _running(desk: Desk, value: Courrier) -> dict[str, Echeance]:
    """Return the deadlines of the dossier that still run."""
    if value.dossier_id is None:
        return {}
    found = echeances_of(desk.library, value.dossier_id, desk.today())
    return {one.cle: one for one in found if one.etat not in TERMINES}


def _clocks(desk: Desk, value: Courrier, before: dict[str, Echeance]) -> list[str]:
    """Return which deadlines closed and which opened, the nearest of those named."""
    after = _running(desk, value)
    closed = sum(key not in after for key in before)
    opened = sorted((one for key, one in after.items() if key not in before), key=lambda one: one.jour)
    said = [f"{fr.pluriel(closed, 'échéance se ferme', 'échéances se ferment')}."] if closed else []
    if opened:
        first = f"{opened[0].titre}, {fr.jour_bref(opened[0].jour, desk.today())}"
        more = f", et {fr.pluriel(len(opened) - 1, 'autre')}" if len(opened) > 1 else ""
        said.append(f"Nouvelle échéance\u00a0: {first}{more}.")
    return said


def _next(desk: Desk, value: Courrier) -> str:
    """Return what follows, as the dossier says it now."""
    if value.dossier_id is None:
        return ""
    suivi = suivi_of(desk.library, value.dossier_id, desk.today())
    return f"Prochaine étape\u00a0: {suivi.etape.titre}." if suivi.etape.titre else ""


def note_life(desk: Desk, parent: QWidget, value: Courrier) -> None:
    """Show how a letter left and what became of it; a recommandé in a dossier can be followed further."""
    found = expeditions.expedition_of(desk.library, value.id)
    if value.etat is not EtatCourrier.ENVOYE:
        raise Refused("Cette lettre n’est pas encore partie\u00a0: notez d’abord son envoi.")
    followed = found.envoi is not None and value.canal in RECOMMANDES
    doubts: list[str] = []
    before = _running(desk, value)
    dialog = _life_form(desk, parent, found, doubts) if followed else _facts_dialog(desk, parent, found)
    accepted = desk.dialogs.run(dialog)
    dialog.deleteLater()
    if accepted and followed:
        words = " ".join(["C’est noté.", *doubts, *_clocks(desk, value, before), _next(desk, value)]).strip()
        desk.messages.tell(words, "Annuler", desk.library.undo, kind="warning" if doubts else "success")


def wrongs_of(desk: Desk, found: Expedition) -> list[str]:
    """Return the dates the letter cites that were corrected since, a sentence for each."""
    return [
        f"À rectifier\u00a0: la lettre cite {one.libelle.lower()} «\u00a0{one.cite}\u00a0», le dossier dit maintenant "
        f"«\u00a0{one.actuel or 'rien'}\u00a0». Écrivez-le à la mutuelle si cela change votre demande."
        for one in expeditions.to_rectify(desk.library, found.courrier.id)
    ]


def facts_of(found: Expedition) -> list[str]:
    """Return what is known of a letter sent, a line for each fact."""
    value, lines = found.courrier, []
    if found.envoi is not None:
        lines.append(f"Envoyée le {fr.jour(found.envoi.le)}, {value.canal}.")
    else:
        lines.append(f"Envoyée\u00a0: {value.canal}.")
    if value.numero:
        lines.append(f"Numéro\u00a0: {value.numero.replace(' ', chr(0xA0))}.")
    if value.cout is not None:
        lines.append(f"Coût\u00a0: {fr.montant(value.cout)}.")
    lines.append(f"Preuve\u00a0: {found.preuve.titre}." if found.preuve else "Preuve\u00a0: aucune.")
    lines += [f"{fr.majuscule(str(step.nature))} le {fr.jour(step.le)}." for step in found.vie]
    if found.accuse is not None:
        lines.append(f"Avis de réception\u00a0: {found.accuse.titre}.")
    return lines


def _life_form(desk: Desk, parent: QWidget, found: Expedition, doubts: list[str]) -> FormDialog:
    today, value = desk.today(), found.courrier
    noted = {step.nature for step in found.vie}
    nature = Choice([(fr.majuscule(str(n)), n) for n in expeditions.VIE], _proposed(noted))
    le = DateField(today, today)
    paper = PaperField(desk, value.dossier_id, "Papier")

    def save() -> None:
        day = le.value()
        if day is None:
            raise Refused("Indiquez le jour\u00a0: les délais en dépendent.")
        if day > today:
            raise Refused("Ce jour n’est pas encore venu.")
        doubts[:] = expeditions.note_vie(desk.library, value.id, nature.value(), day, today, document_id=paper.value())

    form = FormDialog(parent, "Suivre le recommandé", save, "Noter")
    for line in facts_of(found):
        form.add("", label(line, wrap=True, selectable=True))
    for line in [*([found.doute] if found.doute else []), *wrongs_of(desk, found)]:
        form.add("", label(line, "puce-alerte", wrap=True))
    if value.numero:
        form.add("", button("Copier le numéro", partial(_copy, desk, value.numero), "tampon", "copier"))
    if found.attendu:
        form.add("", label(found.attendu, "fort", wrap=True))
    form.add("Ce qui s’est passé", nature)
    form.add("Date", le, "La date écrite par le facteur ou donnée par le suivi. Par exemple 16/06/2026.")
    form.add("Papier", paper, "L’avis de réception signé, l’avis de passage, ou la page du suivi.")
    return form


def _facts_dialog(desk: Desk, parent: QWidget, found: Expedition) -> QDialog:
    dialog = QDialog(parent)
    dialog.setWindowTitle("Ce que la lettre est devenue")
    scroll = Scroll()
    for line in facts_of(found):
        scroll.column.addWidget(label(line, wrap=True, selectable=True))
    for line in wrongs_of(desk, found):
        scroll.column.addWidget(label(line, "puce-alerte", wrap=True))
    scroll.column.addStretch(1)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(0, 0, 0, 16)
    layout.addWidget(scroll, 1)
    foot = row(None, button("Fermer", dialog.accept, "principal"))
    foot.setContentsMargins(24, 0, 24, 0)
    layout.addLayout(foot)
    room = parent.screen().availableGeometry()
    dialog.resize(min(theme().px(520), room.width() - 60), min(theme().px(240), room.height() - 60))
    return dialog


def _proposed(noted: set[NatureEvenement]) -> NatureEvenement:
    """Return the step that most likely comes next."""
    if _N.DISTRIBUE in noted:
        return _N.AVIS_RECEPTION
    if _N.AVIS_PASSAGE in noted:
        return _N.DISTRIBUE
    return _N.DISTRIBUE if _N.PRESENTE in noted else _N.PRESENTE


def _copy(desk: Desk, text: str) -> None:
    QGuiApplication.clipboard().setText(text.replace(" ", ""))
    desk.messages.tell("Le numéro est copié.")
