"""« Sauvegarde… »: where it goes, when it was last made, making it, its snapshots, checking them all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QFrame, QVBoxLayout, QWidget

from mutuelle_desktop.domain.errors import AppError
from mutuelle_desktop.domain.sauvegarde import Instantane
from mutuelle_desktop.services import sauvegardes
from mutuelle_desktop.services.sauvegardes import Bilan, Examen
from mutuelle_desktop.storage.settings import Settings
from mutuelle_desktop.ui.desk import Desk
from mutuelle_desktop.ui.format import majuscule
from mutuelle_desktop.ui.sauvegarde.mots import CONTIENT, GARDES, OUVERTE, contenu, derniere, moment
from mutuelle_desktop.ui.sauvegarde.travail import Travail
from mutuelle_desktop.ui.theme import theme
from mutuelle_desktop.ui.widgets.basics import Card, Scroll, button, clear, label, row, rule, set_role
from mutuelle_desktop.ui.widgets.order import read_as_laid

FERMETURE = "Sauvegarder à la fermeture, quand quelque chose a changé"


@dataclass(frozen=True, slots=True)
class _Vu:
    """What was seen of the chosen folder."""

    chosen: str
    there: bool
    remarks: tuple[str, ...] = ()
    instantanes: tuple[Instantane, ...] = ()


def _look(chosen: str, folder: Path) -> _Vu:
    if not chosen:
        return _Vu(chosen, there=False)
    if not sauvegardes.is_reachable(chosen):
        return _Vu(chosen, False, ("Ce dossier n’est pas là en ce moment\u00a0: branchez la clé ou le disque.",))
    try:
        found = tuple(sauvegardes.list_instantanes(Path(chosen)))
    except AppError:
        found = ()
    return _Vu(chosen, True, sauvegardes.remarks_on(Path(chosen), folder), found)


class SauvegardeWindow(QDialog):
    """Everything about backups on one page; keep(settings) applies a choice, restore(chosen, name) gives one back."""

    def __init__(
        self, desk: Desk, parent: QWidget, keep: Callable[[Settings], Any], changed: Callable[[], Any],
        restore: Callable[[Path | None, str | None], Any],
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setWindowTitle("Sauvegarde")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._keep, self._changed, self._restore = desk, keep, changed, restore
        self._there = False
        self._build()
        self.refresh()

    def refresh(self) -> None:
        """Say again where and when; the folder itself, on a slow key or a network, is looked at in the background."""
        settings, last = self._desk.settings(), sauvegardes.last_sauvegarde(self._desk.library)
        chosen = settings.dossier_sauvegarde
        self._place.setText(chosen or "Aucun dossier choisi. Une clé ou un disque externe protège le mieux.")
        today = self._desk.today()
        self._last.setText(derniere(last, today))
        where = f"{moment(last.le)}, dans «\u00a0{last.ou}\u00a0»" if last.le else "rien n’est encore à l’abri."
        self._detail.setText(majuscule(where))
        set_role(self._last, "alerte" if last.le is None or sauvegardes.is_old(last, today) else "fort")
        self._at_exit.setEnabled(bool(chosen))
        self._at_exit.blockSignals(True)
        self._at_exit.setChecked(settings.sauvegarde_a_la_fermeture)
        self._at_exit.blockSignals(False)
        self._free()
        folder = self._desk.library.folder
        self._desk.jobs.run("Dossier de sauvegarde", lambda _p: _look(chosen, folder), self._looked, quiet=True)

    def _looked(self, found: _Vu) -> None:
        """Show what the folder was found to hold."""
        if found.chosen != self._desk.settings().dossier_sauvegarde:
            return
        self._there = found.there
        self._remarks.setText("\n".join(found.remarks))
        self._remarks.setVisible(bool(found.remarks))
        self._list(found.instantanes)
        self._free()

    def _free(self) -> None:
        """Let what can be done now be done."""
        free = not self._travail.busy
        self._now.setEnabled(free)
        self._choose.setEnabled(free)
        self._check.setEnabled(free and self._there)

    def back_up(self) -> None:
        """Make a backup now, after asking where when nobody said."""
        if not self._desk.settings().dossier_sauvegarde and not self._ask_folder():
            return
        desk, chosen = self._desk, Path(self._desk.settings().dossier_sauvegarde)
        self._say("")
        self._travail.run(
            "Sauvegarde",
            lambda progress: sauvegardes.make_sauvegarde(desk.library, chosen, desk.now(), progress),
            self._done, self._failed, self._ended,
        )  # fmt: skip
        self.refresh()

    def check_all(self) -> None:
        """Read the whole backup again."""
        desk, chosen = self._desk, Path(self._desk.settings().dossier_sauvegarde)
        self._say("")
        self._travail.run(
            "Vérification de la sauvegarde",
            lambda progress: sauvegardes.check_sauvegarde(desk.library, chosen, progress),
            self._checked, self._failed, self._ended,
        )  # fmt: skip
        self.refresh()

    def _build(self) -> None:
        scroll = Scroll()
        column = scroll.column
        column.addWidget(label("Sauvegarde", "titre"))
        column.addWidget(label(CONTIENT, "soustitre", wrap=True))
        column.addWidget(self._build_last())
        column.addWidget(self._build_place())
        column.addWidget(self._build_list())
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 16)
        layout.addWidget(scroll, 1)
        foot = row(None, button("Fermer", self.close))
        foot.setContentsMargins(24, 0, 24, 0)
        layout.addLayout(foot)
        room = self.screen().availableGeometry()
        self.resize(min(theme().px(680), room.width() - 40), min(theme().px(720), room.height() - 60))

    def _build_place(self) -> QWidget:
        card = Card("Où")
        self._place = label("", "fort", wrap=True, selectable=True)
        self._choose = button("Choisir un dossier…", self._ask_folder)
        self._remarks = label("", "secondaire", wrap=True)
        warning = QFrame()
        warning.setProperty("role", "encart-alerte")
        inside = QVBoxLayout(warning)
        inside.addWidget(label(OUVERTE, wrap=True))
        card.body.addWidget(self._place)
        card.body.addWidget(self._remarks)
        card.body.addLayout(row(self._choose, None))
        card.body.addWidget(warning)
        return card

    def _build_last(self) -> QWidget:
        card = Card("Dernière sauvegarde")
        self._last = label("", "fort", wrap=True)
        self._detail = label("", "secondaire", wrap=True)
        self._now = button("Sauvegarder maintenant", self.back_up, "principal")
        self._travail = Travail(self._desk.jobs)
        self._result = label("", wrap=True, selectable=True)
        self._result.hide()
        self._at_exit = QCheckBox(FERMETURE)
        self._at_exit.toggled.connect(self._choose_exit)
        card.body.addWidget(self._last)
        card.body.addWidget(self._detail)
        card.body.addLayout(row(self._now, None))
        card.body.addWidget(self._travail)
        card.body.addWidget(self._result)
        card.body.addWidget(self._at_exit)
        return card

    def _build_list(self) -> QWidget:
        card = Card("Instantanés")
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        card.body.addWidget(label(GARDES, "secondaire", wrap=True))
        self._check = button("Vérifier tout", self.check_all)
        card.body.addLayout(self._rows)
        card.body.addLayout(row(self._check, button("Restaurer une autre sauvegarde…", self._restore_other), None))
        return card

    def _list(self, found: Sequence[Instantane]) -> None:
        clear(self._rows)
        if not found:
            self._rows.addWidget(label("Aucun instantané à montrer pour l’instant.", "secondaire", wrap=True))
        for number, instantane in enumerate(found):
            if number:
                self._rows.addWidget(rule())
            self._rows.addLayout(self._row(instantane))
        around = self._rows.parentWidget()
        if around is not None:
            read_as_laid(around)

    def _row(self, instantane: Instantane) -> Any:
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(label(majuscule(moment(instantane.le)), "fort", wrap=True))
        texts.addWidget(label(contenu(instantane), "secondaire", wrap=True))
        restore = button("Restaurer…", partial(self._restore_one, instantane.nom))
        restore.setAccessibleName(f"Restaurer l’instantané du {moment(instantane.le)}")
        line = row()
        line.addLayout(texts, 1)
        line.addWidget(restore)
        return line

    def _ask_folder(self) -> bool:
        found = self._desk.dialogs.choose_folder(self, "Dossier de la sauvegarde")
        if not found:
            return False
        first = not self._desk.settings().dossier_sauvegarde
        kept = replace(self._desk.settings(), dossier_sauvegarde=str(found))
        self._keep(replace(kept, sauvegarde_a_la_fermeture=True) if first else kept)
        self._say("")
        self.refresh()
        return True

    def _choose_exit(self, wanted: bool) -> None:
        self._keep(replace(self._desk.settings(), sauvegarde_a_la_fermeture=wanted))

    def _restore_one(self, name: str) -> None:
        self._restore(Path(self._desk.settings().dossier_sauvegarde), name)

    def _restore_other(self) -> None:
        self._restore(None, None)

    def _done(self, bilan: Bilan) -> None:
        self._say("\n".join(bilan.phrases), "" if bilan.entier else "alerte")

    def _checked(self, found: Examen) -> None:
        self._say("\n".join(sauvegardes.told_examen(found)), "" if found.sain else "alerte")

    def _failed(self, error: Exception) -> None:
        if isinstance(error, AppError):
            self._say(str(error), "erreur")
        else:
            self._desk.report(error)

    def _ended(self) -> None:
        self._changed()
        self.refresh()

    def _say(self, text: str, role: str = "") -> None:
        set_role(self._result, role)
        self._result.setText(text)
        self._result.setVisible(bool(text))
