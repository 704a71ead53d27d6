"""What the user makes of the models: letters of their own to start from, and phrases kept to be put in any letter."""

from dataclasses import dataclass, field
from datetime import datetime

from mutuelle_desktop.domain.courrier import APPEL, FORMULE, Bloc
from mutuelle_desktop.domain.evenement import Canal, NatureEvenement
from mutuelle_desktop.domain.ids import new_id, now


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelePerso:
    """A model of the user's own; origine is the id of the shipped one it was copied from ("" when written afresh).

    reclamation says that it is a written complaint, nature_evenement what « envoyé » records, destinataire to whom it
    goes, in the words of the shipped models ("mutuelle", "réclamations", "médiateur"…).
    """

    id: str = field(default_factory=new_id)
    titre: str
    origine: str = ""
    origine_version: int = 0
    besoin: str = ""
    objet: str = ""
    appel: str = APPEL
    corps: tuple[Bloc, ...] = ()
    formule: str = FORMULE
    canal: Canal = Canal.COURRIER
    reclamation: bool = False
    nature_evenement: NatureEvenement | None = None
    destinataire: str = "mutuelle"
    cree_le: datetime = field(default_factory=now)
    modifie_le: datetime = field(default_factory=now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """A passage the user keeps; famille groups them as the user likes."""

    id: str = field(default_factory=new_id)
    titre: str
    famille: str = ""
    corps: tuple[Bloc, ...] = ()
    modifie_le: datetime = field(default_factory=now)
