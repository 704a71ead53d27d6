"""One's own words: phrases kept to be put in any letter, models of one's own to begin from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from mutuelle_desktop.domain.courrier import APPEL, FORMULE, Bloc, Courrier
from mutuelle_desktop.domain.errors import AppError, Refused
from mutuelle_desktop.domain.evenement import Canal, NatureEvenement
from mutuelle_desktop.domain.modele import Destinataire
from mutuelle_desktop.domain.modele_perso import ModelePerso, Phrase
from mutuelle_desktop.services import mes_modeles, modeles
from mutuelle_desktop.ui import format as fr
from mutuelle_desktop.ui.courriers.corps import AIDE, edited, text_of
from mutuelle_desktop.ui.courriers.envoye import CANAUX
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.dialogs import FormDialog, multiline
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import EmptyState, button, label
from mutuelle_desktop.ui.widgets.fields import Choice
from mutuelle_desktop.ui.widgets.flow import Flow
from mutuelle_desktop.ui.widgets.order import Ordered

_N = NatureEvenement
ENVOIS = {
    _N.ECHANGE: "Un simple message ou une question",
    _N.DEMANDE: "Une demande",
    _N.COMPLEMENT: "L’envoi de pièces",
    _N.RELANCE: "Un rappel",
    _N.RECLAMATION: "Une réclamation écrite",
    _N.MISE_EN_DEMEURE: "Une mise en demeure",
    _N.RESILIATION: "Une résiliation",
    _N.SAISINE: "La saisine du médiateur",
}
"""What sending a letter may be; it is what « envoyé » records, and so which delays it opens."""


@dataclass(frozen=True, slots=True)
class Rangee:
    """One thing of the list: its id, what it is called, what stands under it, its text."""

    id: str
    titre: str
    second: str
    texte: str


class Etagere(Ordered, QDialog):
    """A list of one's own things with what can be done with each; chosen is the id of the one taken."""

    def __init__(self, parent: QWidget, titre: str, words: str, rows: Callable[[], Sequence[Rangee]]) -> None:
        super().__init__(parent)
        self.setWindowTitle(titre)
        self._rows, self._found = rows, dict[str, Rangee]()
        self.chosen = ""
        self.list = QListWidget()
        self.list.setAccessibleName(titre)
        self.list.setWordWrap(True)
        self.list.currentItemChanged.connect(self._show)
        self.view = QPlainTextEdit(readOnly=True)
        self.view.setTabChangesFocus(True)
        self.view.setAccessibleName("Texte")
        self._bar = QWidget()
        self.tools = Flow(spacing=6)
        self._bar.setLayout(self.tools)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        held = QWidget()
        column = QVBoxLayout(held)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(label(words, wrap=True))
        column.addWidget(self.list, 3)
        column.addWidget(self.view, 2)
        self._pile = QStackedWidget()
        self._pile.addWidget(held)
        self._pile.addWidget(EmptyState("courriers", "Rien n’est gardé pour l’instant", words))
        layout.setSpacing(12)
        layout.addWidget(self._pile, 1)
        layout.addWidget(self._bar)
        room = parent.screen().availableGeometry()
        self.resize(min(theme().px(600), room.width() - 60), min(theme().px(620), room.height() - 60))
        self.fill()

    def add(self, text: str, run: Callable[[], Any], role: str = "", *, on_one: bool = True) -> None:
        """Add a button; on_one greys it while nothing is chosen."""
        made = button(text, run, role)
        made.setProperty("sur-un", on_one)
        self.tools.addWidget(made)
        self._grey()

    def take(self) -> None:
        """Close with the one chosen."""
        self.chosen = self.current
        if self.chosen:
            self.accept()

    def fill(self, wanted: str = "") -> None:
        """Read the list again, keeping the place."""
        wanted = wanted or self.current
        found = self._rows()
        self._found = {row.id: row for row in found}
        self._pile.setCurrentIndex(0 if found else 1)
        self.list.clear()
        for row in found:
            item = QListWidgetItem(f"{row.titre}\n{row.second}" if row.second else row.titre)
            item.setData(Qt.ItemDataRole.UserRole, row.id)
            self.list.addItem(item)
            if row.id == wanted:
                self.list.setCurrentItem(item)
        if self.list.currentItem() is None and found:
            self.list.setCurrentRow(0)
        self._show()

    @property
    def current(self) -> str:
        """Return the id of the line shown, or nothing."""
        item = self.list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item else ""

    def _show(self, *_items: object) -> None:
        row = self._found.get(self.current)
        self.view.setPlainText(row.texte if row else "")
        self._grey()

    def _grey(self) -> None:
        for place in range(self.tools.count()):
            item = self.tools.itemAt(place)
            widget = item.widget() if item else None
            if widget is not None and widget.property("sur-un"):
                widget.setVisible(bool(self._found))
                widget.setEnabled(bool(self.current))


def manage_phrases(desk: Desk, parent: QWidget, insert: Callable[[tuple[Bloc, ...]], None] | None = None) -> None:
    """Show the phrases kept; insert, when given, receives the one chosen."""

    def held() -> dict[str, Phrase]:
        return {p.id: p for p in mes_modeles.phrases(desk.library)}

    def rows() -> list[Rangee]:
        return [Rangee(p.id, p.titre, p.famille, text_of(p.corps)) for p in held().values()]

    words = "Les passages que vous gardez, à mettre dans vos lettres. Rien n’est envoyé sans vous."
    shelf = Etagere(parent, "Mes phrases", words, rows)

    def edit(key: str = "") -> None:
        value = held().get(key) or Phrase(titre="")
        if desk.dialogs.run(phrase_form(desk, shelf, value)):
            shelf.fill(value.id)

    def delete() -> None:
        _do(desk, partial(mes_modeles.delete_phrase, desk.library, shelf.current), "La phrase est supprimée.")
        shelf.fill()

    if insert is not None:
        shelf.add("Mettre dans la lettre", shelf.take, "principal")
        shelf.list.itemActivated.connect(lambda _item: shelf.take())
    shelf.add("Nouvelle phrase…", edit, on_one=False)
    shelf.add("Modifier…", lambda: edit(shelf.current))
    shelf.add("Supprimer", delete)
    shelf.add("Fermer", shelf.reject, on_one=False)
    if desk.dialogs.run(shelf) and insert is not None and shelf.chosen in held():
        insert(held()[shelf.chosen].corps)
    shelf.deleteLater()


def keep_phrase(desk: Desk, parent: QWidget, corps: tuple[Bloc, ...]) -> None:
    """Ask under which title a passage is kept."""
    if not text_of(corps).strip():
        raise Refused("Choisissez d’abord le passage à garder.")
    if desk.dialogs.run(phrase_form(desk, parent, Phrase(titre="", corps=corps))):
        desk.messages.tell("La phrase est gardée.", "Annuler", desk.library.undo, kind="success")


def phrase_form(desk: Desk, parent: QWidget, value: Phrase) -> FormDialog:
    """Return the form of a phrase."""
    titre, famille = QLineEdit(value.titre), QLineEdit(value.famille)
    texte = multiline(text_of(value.corps), 8)

    def save() -> None:
        corps = edited(value.corps, texte.toPlainText(), modeles.champs())
        if not corps:
            raise Refused("Écrivez la phrase à garder.")
        kept = replace(value, titre=titre.text(), famille=famille.text().strip(), corps=corps)
        mes_modeles.save_phrase(desk.library, kept)

    form = FormDialog(parent, "Phrase à garder", save)
    form.add("Titre", titre)
    form.add("Famille", famille, "Pour les ranger ensemble, comme vous voulez.")
    form.add("Texte", texte, AIDE)
    return form


def manage_models(desk: Desk, parent: QWidget, choose: Callable[[str], None] | None = None) -> None:
    """Show the user's own models; choose, when given, receives the id of the one to begin from."""

    def held() -> dict[str, ModelePerso]:
        return {m.id: m for m in mes_modeles.mes_modeles(desk.library)}

    def rows() -> list[Rangee]:
        return [Rangee(m.id, m.titre, m.besoin, text_of(m.corps)) for m in held().values()]

    words = "Vos modèles de lettres. Ceux du programme ne changent pas\u00a0: copiez-les pour les écrire à votre façon."
    shelf = Etagere(parent, "Mes modèles", words, rows)

    def edit(key: str = "") -> None:
        value = held().get(key) or ModelePerso(titre="")
        if desk.dialogs.run(model_form(desk, shelf, value)):
            shelf.fill(value.id)

    def copy() -> None:
        shelf.fill(_copied(desk, shelf))

    def delete() -> None:
        _do(desk, partial(mes_modeles.delete_modele, desk.library, shelf.current), "Le modèle est supprimé.")
        shelf.fill()

    if choose is not None:
        shelf.add("Écrire une lettre", shelf.take, "principal")
        shelf.list.itemActivated.connect(lambda _item: shelf.take())
    shelf.add("Nouveau modèle…", edit, on_one=False)
    shelf.add("Copier un modèle du programme…", copy, on_one=False)
    shelf.add("Modifier…", lambda: edit(shelf.current))
    shelf.add("Supprimer", delete)
    shelf.add("Fermer", shelf.reject, on_one=False)
    if desk.dialogs.run(shelf) and choose is not None and shelf.chosen:
        choose(shelf.chosen)
    shelf.deleteLater()


def _copied(desk: Desk, parent: QWidget) -> str:
    """Ask which model of the program to copy; return the id of the copy, or nothing."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for modele in modeles.catalogue():
        groups.setdefault(modele.famille, []).append((modele.titre, modele.id))
    which = Choice.grouped(groups, modeles.catalogue()[0].id)
    made: list[str] = []

    def save() -> None:
        made.append(mes_modeles.copy_modele(desk.library, which.value()).id)

    form = FormDialog(parent, "Copier un modèle", save, "Copier")
    form.add("Modèle", which)
    return made[0] if desk.dialogs.run(form) and made else ""


def model_form(desk: Desk, parent: QWidget, value: ModelePerso) -> FormDialog:
    """Return the form of a model of one's own."""
    titre, besoin = QLineEdit(value.titre), QLineEdit(value.besoin)
    whom = Choice([(fr.majuscule(str(d)), str(d)) for d in Destinataire], value.destinataire)
    start = value.nature_evenement or _N.ECHANGE
    kinds = ENVOIS if start in ENVOIS else {**ENVOIS, start: fr.majuscule(str(start))}
    nature = Choice([(text, kind) for kind, text in kinds.items()], start)
    canal = Choice(
        [(fr.majuscule(str(c)), c) for c in CANAUX], value.canal if value.canal in CANAUX else Canal.COURRIER
    )
    objet, appel, formule = QLineEdit(value.objet), QLineEdit(value.appel), multiline(value.formule, 3)
    texte = multiline(text_of(value.corps), 12)

    def save() -> None:
        kind = nature.value()
        same = kind is start and value.nature_evenement is not None
        kept = replace(
            value, titre=titre.text(), besoin=besoin.text().strip(), destinataire=whom.value(), canal=canal.value(),
            nature_evenement=kind, reclamation=value.reclamation if same else kind is _N.RECLAMATION,
            objet=objet.text().strip(), appel=appel.text().strip() or APPEL,
            formule=formule.toPlainText().strip() or FORMULE,
            corps=edited(value.corps, texte.toPlainText(), modeles.champs()),
        )  # fmt: skip
        mes_modeles.save_modele(desk.library, kept)

    for field in (titre, besoin, objet, appel):
        field.setCursorPosition(0)
    form = FormDialog(parent, "Mon modèle", save)
    form.add("Titre", titre)
    form.add("Ce que je veux obtenir", besoin, "Les mots que vous taperez pour le retrouver.")
    form.add("À qui", whom)
    effect = "une réclamation écrite ouvre 2\u00a0mois, puis 1\u00a0an pour le médiateur"
    form.add("Cette lettre est", nature, f"Noté à l’envoi, c’est ce qui fait courir les délais\u00a0: {effect}.")
    form.add("Envoi", canal)
    form.add("Objet", objet)
    form.add("Appel", appel)
    form.add("Texte", texte, AIDE)
    form.add("Formule de politesse", formule)
    return form


def keep_as_model(desk: Desk, parent: QWidget, value: Courrier) -> None:
    """Keep a letter as a model: its fields stay fields, what was typed stays as typed."""
    with desk.library.read() as db:
        origin = modeles.find(db, value.modele) if value.modele else None
    bare = tuple(
        replace(
            bloc, lignes=tuple(tuple(replace(f, texte="") if f.champ else f for f in ligne) for ligne in bloc.lignes)
        )
        for bloc in value.corps
    )
    start = ModelePerso(
        titre=origin.titre if origin else value.objet, besoin=origin.besoin if origin else "", objet=value.objet,
        appel=value.appel, corps=tuple(_without_pieces(bloc) for bloc in bare), formule=value.formule, canal=value.canal,
        reclamation=origin.reclamation if origin else False,
        nature_evenement=origin.nature_evenement if origin else _N.ECHANGE,
        destinataire=str(origin.destinataire) if origin else "mutuelle",
    )  # fmt: skip
    if desk.dialogs.run(model_form(desk, parent, start)):
        desk.messages.tell(
            "Le modèle est gardé dans «\u00a0Mes modèles\u00a0».", "Annuler", desk.library.undo, kind="success"
        )


def _without_pieces(bloc: Bloc) -> Bloc:
    """Return a block that cites no paper of this dossier: a model serves for others."""
    lines = (
        tuple(f if not f.piece else replace(f, piece="", texte="pièce jointe") for f in ligne) for ligne in bloc.lignes
    )
    return replace(bloc, lignes=tuple(lines))


def _do(desk: Desk, verb: Callable[[], Any], told: str) -> None:
    try:
        verb()
    except AppError as error:
        desk.report(error)
        return
    desk.messages.tell(told, "Annuler", desk.library.undo, kind="success")
