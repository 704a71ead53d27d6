"""What can be done with a letter once it is written: the buttons of a draft, of a frozen letter, of a sent one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QVBoxLayout, QWidget

from mutuelle_desktop.domain.courrier import Courrier, EtatCourrier
from mutuelle_desktop.services.expeditions import ARectifier
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.courriers.verbs import CourrierVerbs
from mutuelle_desktop.ui.widgets.basics import button, label
from mutuelle_desktop.ui.widgets.flow import Flow

SORTIES = (("Imprimer…", "print_letter"), ("PDF…", "save_pdf"), ("Texte pour l’espace client…", "copy_message"))
"""The ways out that have a button: its words, its verb."""
AUTRES = (
    ("Courriel avec la lettre jointe…", "save_eml"), ("Traitement de texte…", "save_odt"), ("Enveloppe…", "print_envelope"),
    ("Étiquette…", "print_label"),
)  # fmt: skip
"""The other ways out, in a menu."""


class Envoi(QWidget):
    """The buttons under a letter; finalise, copy and delete ask for what the page does itself."""

    finalise = Signal()
    copy = Signal()
    delete = Signal()

    def __init__(self, verbs: CourrierVerbs) -> None:
        super().__init__()
        self._verbs = verbs
        self._courrier: Courrier | None = None
        self.etat = label("", "secondaire", wrap=True)
        self.tort = label("", "erreur", wrap=True)
        self.finalise_button = button("Finaliser", self.finalise.emit, "principal")
        self.sent_button = button("Noter l’envoi…", self._run("mark_sent"), "principal")
        self.life_button = button("Suivi de l’envoi…", self._run("note_life"), "principal")
        self.sorties: dict[str, QPushButton] = {verb: button(text, self._run(verb)) for text, verb in SORTIES}
        self.more = button("Autres actions…", lambda: None, "discret")
        self.more.clicked.connect(self._menu)
        line = QWidget()
        line.setLayout(Flow(self.finalise_button, self.sent_button, self.life_button, *self.sorties.values(), self.more,
                            spacing=6))  # fmt: skip
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.etat)
        layout.addWidget(self.tort)
        layout.addWidget(line)

    def show_courrier(self, courrier: Courrier, wrong: Sequence[ARectifier] = ()) -> None:
        """Show what this letter allows; wrong are the dates it cites that were corrected since."""
        self._courrier = courrier
        draft, sent = courrier.etat is EtatCourrier.BROUILLON, courrier.etat is EtatCourrier.ENVOYE
        self.finalise_button.setVisible(draft)
        self.sent_button.setVisible(courrier.etat is EtatCourrier.FINAL)
        self.life_button.setVisible(sent)
        for made in self.sorties.values():
            made.setVisible(not draft)
        self.etat.setText(said(courrier))
        self.etat.setVisible(not draft)
        self.tort.setText(" ".join(rectified(one) for one in wrong))
        self.tort.setVisible(bool(wrong))

    def _menu(self, _checked: bool = False) -> None:
        if self._courrier is None:
            return
        menu, value = QMenu(self), self._courrier
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, verb in AUTRES if value.etat is not EtatCourrier.BROUILLON else ():
            menu.addAction(text).triggered.connect(self._run(verb))
        menu.addSeparator()
        menu.addAction("Faire une copie").triggered.connect(self.copy.emit)
        menu.addAction("Garder comme modèle…").triggered.connect(self._run("keep_as_model"))
        if value.etat is not EtatCourrier.ENVOYE:
            menu.addAction("Supprimer la lettre").triggered.connect(self.delete.emit)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _run(self, verb: str) -> Callable[..., None]:
        return lambda *_told: self.run(verb)

    def run(self, verb: str) -> None:
        """Carry out a verb on the letter shown."""
        if self._courrier is not None:
            getattr(self._verbs, verb)(self._courrier.id)


def said(courrier: Courrier) -> str:
    """Return what has become of a letter, in a sentence."""
    if courrier.etat is EtatCourrier.FINAL:
        day = fr.jour(courrier.final_le.astimezone().date()) if courrier.final_le else ""
        return f"Finalisée le {day}\u00a0: elle ne change plus. Imprimez-la ou envoyez-la, puis notez l’envoi."
    if courrier.etat is EtatCourrier.ENVOYE:
        number = f", n°\u00a0{courrier.numero}" if courrier.numero else ""
        return f"Envoyée ({courrier.canal}{number})\u00a0: elle reste au dossier comme preuve."
    return ""


def rectified(one: ARectifier) -> str:
    """Return what a sent letter says that the dossier no longer does, and what to do about it."""
    now = (
        f"le dossier dit maintenant «\u00a0{one.actuel}\u00a0»" if one.actuel else "plus rien ne le dit dans le dossier"
    )
    return f"{one.libelle}\u00a0: la lettre cite «\u00a0{one.cite}\u00a0», {now}\u00a0; envoyez un rectificatif."
