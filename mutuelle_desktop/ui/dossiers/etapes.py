"""What a next step does when its button is pressed: one row for each kind of step."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from mutuelle_desktop.domain.errors import AppError, Refused
from mutuelle_desktop.domain.etape import GenreEtape
from mutuelle_desktop.domain.evenement import Canal, Evenement, NatureEvenement
from mutuelle_desktop.services import dossiers
from mutuelle_desktop.services.echeances import mouvements_of
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dossiers.evenement_form import event_form
from mutuelle_desktop.ui.echeances.mouvements import mouvements_dialog

_N = NatureEvenement


@dataclass(frozen=True, slots=True)
class Bouton:
    """The word of a step's button, and the event it records when that is what it does; ecrire begins its letter."""

    texte: str
    nature: NatureEvenement | None = None
    canal: Canal | None = None
    ecrire: str = ""

    @property
    def principal(self) -> str:
        """Return the word of the main button: a letter is written before its sending is noted."""
        return self.ecrire or self.texte


BOUTONS = {
    GenreEtape.PREPARER: Bouton("Ajouter des papiers…"),
    GenreEtape.ENVOYER: Bouton("Noter l’envoi…", _N.DEMANDE, ecrire="Écrire la demande…"),
    GenreEtape.ATTENDRE: Bouton("Noter une réponse…", _N.REPONSE),
    GenreEtape.APPELER: Bouton("Préparer l’appel…"),
    GenreEtape.FOURNIR_PIECE: Bouton("Noter l’envoi de la pièce…", _N.COMPLEMENT, ecrire="Écrire l’envoi de la pièce…"),
    GenreEtape.RELANCER: Bouton("Noter l’envoi du rappel…", _N.RELANCE, Canal.COURRIER, "Écrire le rappel…"),
    GenreEtape.RECLAMER: Bouton("Noter l’envoi de la réclamation…", _N.RECLAMATION, Canal.RECOMMANDE,
                                "Écrire la réclamation…"),
    GenreEtape.METTRE_EN_DEMEURE: Bouton("Noter l’envoi de la mise en demeure…", _N.MISE_EN_DEMEURE, Canal.RECOMMANDE,
                                         "Écrire la mise en demeure…"),
    GenreEtape.SAISIR_MEDIATEUR: Bouton("Noter la saisine…", _N.SAISINE, ecrire="Écrire au médiateur…"),
    GenreEtape.ATTENDRE_MEDIATEUR: Bouton("Noter une nouvelle du médiateur…", _N.SAISINE_RECUE),
    GenreEtape.REPONDRE_PROPOSITION: Bouton("Noter la fin de la médiation…", _N.MEDIATION_TERMINEE,
                                            ecrire="Écrire la réponse…"),
    GenreEtape.CONCILIER: Bouton("Noter la saisine du conciliateur…", _N.CONCILIATION, ecrire="Écrire au conciliateur…"),
    GenreEtape.INTERROMPRE: Bouton("Noter l’envoi du recommandé…", _N.MISE_EN_DEMEURE, Canal.RECOMMANDE,
                                   "Écrire le recommandé…"),
    GenreEtape.VERIFIER: Bouton("Noter un événement…", _N.ECHANGE),
    GenreEtape.CLORE: Bouton("Clore le dossier"),
    GenreEtape.CLOS: Bouton("Rouvrir"),
}  # fmt: skip
"""Every kind of step once; where a letter is what it takes, ecrire is the word that begins it, prefilled."""


class Etapes:
    """Carries out the steps of dossiers for the pages that show them."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        self._desk = desk
        self._parent = parent

    def run(self, genre: GenreEtape, dossier_id: str) -> None:
        """Do what the main button of a step says, in this dossier: its letter is begun where it takes one."""
        if BOUTONS[genre].ecrire:
            self._desk.page("courriers").write(dossier_id, genre)
        else:
            self.carry_out(genre, dossier_id)

    def carry_out(self, genre: GenreEtape, dossier_id: str) -> None:
        """Do a step, or note that it is done."""
        library, today = self._desk.library, self._desk.today()
        if genre is GenreEtape.APPELER:
            self._desk.call(dossier_id)
        elif genre is GenreEtape.PREPARER:
            self._desk.import_into(self._desk.dialogs.choose_files(self._parent), dossier_id)
        elif genre is GenreEtape.CLORE:
            self.attempt(lambda: dossiers.close_dossier(library, dossier_id, today))
        elif genre is GenreEtape.CLOS:
            self.attempt(lambda: dossiers.reopen_dossier(library, dossier_id))
        else:
            bouton = BOUTONS[genre]
            self.note(dossier_id, nature=bouton.nature or _N.ECHANGE, canal=bouton.canal)

    def note(
        self, dossier_id: str, event: Evenement | None = None, *, nature: NatureEvenement = _N.ECHANGE,
        canal: Canal | None = None,
    ) -> None:  # fmt: skip
        """Record what happened, or correct it: a correction shows first which dates move."""
        keep = self._correct if event else self._record
        form = event_form(self._desk, self._parent, dossier_id, event, nature=nature, canal=canal, keep=keep)
        self._desk.dialogs.run(form)

    def attempt(self, verb: Callable[[], object]) -> None:
        """Carry out a verb; a refusal becomes a message."""
        try:
            verb()
        except AppError as error:
            self._desk.report(error)

    def _record(self, value: Evenement) -> None:
        doubts = dossiers.record_evenement(self._desk.library, value, self._desk.today())
        if doubts:
            self._desk.messages.tell(" ".join(doubts), "Corriger…", lambda: self.note(value.dossier_id, value),
                                     kind="warning")  # fmt: skip

    def _correct(self, value: Evenement) -> None:
        library, today = self._desk.library, self._desk.today()
        dossiers.check_event(library, value, today)
        moved = mouvements_of(library, value, today)
        if not moved:
            self._record(value)
            return
        table = mouvements_dialog(self._desk, self._parent, moved, lambda: self._record(value))
        if not self._desk.dialogs.run(table):
            raise Refused("La correction n’est pas appliquée\u00a0: rien n’a changé.")
