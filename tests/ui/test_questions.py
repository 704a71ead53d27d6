"""What the screen asks is looked up away from it: the newest answer wins, and the window goes on meanwhile."""

import gc
import itertools
from threading import Event

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from mutuelle_desktop.domain.dossier import NatureDossier
from mutuelle_desktop.domain.errors import Refused
from mutuelle_desktop.services import dossiers
from mutuelle_desktop.services.dossiers import FiltreDossiers, TriDossiers, Vue
from mutuelle_desktop.ui.jobs import InlineJobs, Jobs, Question
from mutuelle_desktop.ui.rows import KEY, ROW, Line, PagedModel
from tests.ui.maison import TODAY, pdf
from tests.ui.test_import import create

PATIENCE = 30_000


class Gate:
    """A look-up that begins when asked and answers when let go."""

    def __init__(self, answer):
        self.answer, self.begun, self.free = answer, Event(), Event()

    def __call__(self):
        self.begun.set()
        assert self.free.wait(30)
        return self.answer


@pytest.fixture
def jobs(qapp):
    told = []
    made = Jobs(told.append)
    made.told = told
    yield made
    made.stop()
    qapp.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


@pytest.fixture
def asked(jobs):
    shown = []
    holder = QObject()
    question = Question(jobs, "Essai", shown.append, holder)
    question.shown, question.holder = shown, holder
    return question


def test_what_was_asked_last_is_what_is_shown_and_older_answers_are_dropped(asked, qtbot):
    first, second, third = Gate("a"), Gate("ab"), Gate("abc")
    asked.ask(first, "a")
    qtbot.waitUntil(first.begun.is_set, timeout=PATIENCE)
    asked.ask(second, "ab")
    asked.ask(third, "abc")
    for gate in (first, second, third):
        gate.free.set()
    qtbot.waitUntil(lambda: not asked.busy, timeout=PATIENCE)
    assert asked.shown == ["abc"]
    assert not second.begun.is_set(), "what nobody waits for any more is not looked up"


def test_the_same_thing_asked_again_is_shown_meanwhile_so_that_a_list_lives_while_changes_pour_in(asked, qtbot):
    gates = [Gate(n) for n in range(4)]
    asked.ask(gates[0], "tout")
    for before, gate in itertools.pairwise(gates):
        qtbot.waitUntil(before.begun.is_set, timeout=PATIENCE)
        asked.ask(gate, "tout")
        before.free.set()
    gates[-1].free.set()
    qtbot.waitUntil(lambda: not asked.busy, timeout=PATIENCE)
    assert asked.shown == [0, 1, 2, 3]


def test_a_failure_is_told_and_the_next_question_is_answered(asked, jobs, qtbot):
    def fail():
        raise Refused("Non.")

    asked.ask(fail, 1)
    qtbot.waitUntil(lambda: not asked.busy, timeout=PATIENCE)
    asked.ask(lambda: "oui", 2)
    qtbot.waitUntil(lambda: asked.shown == ["oui"], timeout=PATIENCE)
    assert [str(error) for error in jobs.told] == ["Non."]


def test_nothing_is_shown_once_the_work_is_stopped(asked, jobs, qapp, qtbot):
    gate = Gate("tard")
    asked.ask(gate)
    qtbot.waitUntil(gate.begun.is_set, timeout=PATIENCE)
    gate.free.set()
    jobs.stop()
    asked.ask(lambda: "plus tard encore")
    qapp.processEvents()
    assert asked.shown == []


def test_the_rows_of_a_long_list_come_by_themselves_and_those_shown_stay_until_newer_ones_come(jobs, qtbot):
    gates = {"slow": None}

    def fetch(ids):
        gate = gates["slow"]
        return gate() if gate else {key: (key, 1) for key in ids}

    model = PagedModel(fetch, lambda row: Line(row[0]), jobs)
    model.set_ids([str(n) for n in range(5_000)])
    last = model.index(4_999)
    assert last.data(ROW) is None, "nothing is read on the thread of the window"
    assert last.data(KEY) == "4999"
    qtbot.waitUntil(lambda: last.data(ROW) == ("4999", 1), timeout=PATIENCE)
    gates["slow"] = gate = Gate({"4999": ("4999", 2)})
    model.set_ids(model.ids())
    assert last.data(ROW) == ("4999", 1)
    qtbot.waitUntil(gate.begun.is_set, timeout=PATIENCE)
    assert last.data(ROW) == ("4999", 1), "no blank while the newer row is on its way"
    gate.free.set()
    qtbot.waitUntil(lambda: last.data(ROW) == ("4999", 2), timeout=PATIENCE)


def test_a_slow_list_does_not_keep_the_window_and_what_was_typed_last_is_listed(open_foyer, monkeypatch, qtbot):
    foyer = open_foyer(jobs=Jobs)
    for titre in ("Couronne", "Lunettes"):
        dossiers.create_dossier(foyer.library, nature=NatureDossier.INFORMATION, on=TODAY, titre=titre)
    page = foyer.go("dossiers")
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=PATIENCE)
    real, gate = dossiers.dossier_ids, Gate(None)

    def slow(library, filtre, tri):
        if filtre.mots == "cou":
            gate()
        return real(library, filtre, tri)

    monkeypatch.setattr(dossiers, "dossier_ids", slow)
    page._searched("cou")
    qtbot.waitUntil(gate.begun.is_set, timeout=PATIENCE)
    assert page.model.rowCount() == 2, "what was shown stays"
    field = QLineEdit()
    qtbot.addWidget(field)
    qtbot.keyClicks(field, "toujours la")
    assert field.text() == "toujours la"
    page._searched("lun")
    gate.free.set()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=PATIENCE)
    qtbot.waitUntil(lambda: page.model.index(0).data(ROW) is not None, timeout=PATIENCE)
    assert page.model.index(0).data(ROW).dossier.titre == "Lunettes"


def test_the_one_chosen_stays_chosen_when_the_list_is_read_again(open_foyer, qtbot):
    foyer = open_foyer(jobs=Jobs)
    made = [
        dossiers.create_dossier(foyer.library, nature=NatureDossier.INFORMATION, on=TODAY, titre=titre)
        for titre in ("Un", "Deux", "Trois")
    ]
    page = foyer.go("dossiers")
    qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=PATIENCE)
    page.show_object("Dossier", made[0].id)
    dossiers.create_dossier(foyer.library, nature=NatureDossier.INFORMATION, on=TODAY, titre="Quatre")
    qtbot.waitUntil(lambda: page.model.rowCount() == 4, timeout=PATIENCE)
    assert page.view.currentIndex().data(KEY) == made[0].id
    assert page.detail.line.id == made[0].id


@pytest.mark.parametrize("tab", ["dossiers", "documents", "courriers"])
def test_a_list_behind_another_tab_asks_nothing_until_it_is_seen(foyer, monkeypatch, tmp_path, tab):
    page = foyer.go(tab)
    foyer.go("contrats")
    asked = []
    monkeypatch.setattr(page._list, "ask", lambda *question: asked.append(question))
    create(foyer, "Venu pendant ce temps")
    foyer.go("contrats")
    foyer.house.intake.take([pdf(tmp_path / "a.pdf", "Papier")])
    foyer.settle()
    before = len(asked)
    assert not before or tab == "dossiers"  # the new dossier is shown where it is
    asked.clear()
    foyer.house.intake.take([pdf(tmp_path / "b.pdf", "Autre papier")])
    dossiers.create_dossier(foyer.library, nature=NatureDossier.INFORMATION, on=TODAY, titre="Ailleurs")
    foyer.settle()
    assert asked == []
    foyer.go(tab)
    assert len(asked) == 1


def test_identifiers_and_rows_say_the_same_as_the_whole_list(foyer):
    for titre in ("Évaluation", "couronne", "Zona"):
        dossiers.create_dossier(foyer.library, nature=NatureDossier.INFORMATION, on=TODAY, titre=titre)
    key = dossiers.list_dossiers(foyer.library)[0].id
    dossiers.close_dossier(foyer.library, key, TODAY)
    for vue in Vue:
        for tri in TriDossiers:
            filtre = FiltreDossiers(vue=vue)
            ids = dossiers.dossier_ids(foyer.library, filtre, tri)
            assert ids == [line.id for line in dossiers.list_dossiers(foyer.library, filtre, tri)]
            assert set(dossiers.fetch_dossiers(foyer.library, ids)) == set(ids)


def test_jobs_done_at_once_answer_at_once(qapp):
    shown, holder = [], QObject()
    question = Question(InlineJobs(print), "Essai", shown.append, holder)
    question.ask(lambda: 1)
    question.ask(lambda: 2)
    assert shown == [1, 2]


def test_aujourdhui_behind_another_tab_asks_nothing_while_changes_pour_in(foyer, monkeypatch):
    page = foyer.go("aujourdhui")
    foyer.go("contrats")
    asked = []
    monkeypatch.setattr(page._question, "ask", lambda *question: asked.append(question))
    for titre in ("Un", "Deux"):
        dossiers.create_dossier(foyer.library, nature=NatureDossier.INFORMATION, on=TODAY, titre=titre)
        foyer.settle()
    assert asked == []
    page._calm.timeout.emit()  # the changes are over: the number beside the tab is told
    assert len(asked) == 1
    dossiers.create_dossier(foyer.library, nature=NatureDossier.INFORMATION, on=TODAY, titre="Trois")
    foyer.settle()
    foyer.go("aujourdhui")
    assert len(asked) == 2


def test_enter_opens_what_was_typed_last_even_before_it_is_found(open_foyer, monkeypatch, qtbot):
    from mutuelle_desktop.ui import palette

    foyer = open_foyer(jobs=Jobs)
    made = dossiers.create_dossier(foyer.library, nature=NatureDossier.INFORMATION, on=TODAY, titre="Lunettes")
    real, gate, opened = palette._look_up, Gate(None), []
    monkeypatch.setattr(palette, "_look_up", lambda library, mots: (gate(), real(library, mots))[1])
    monkeypatch.setattr(foyer.house.palette, "_go", lambda kind, key, mots: opened.append(key))
    foyer.house.palette._search("lunettes")
    qtbot.waitUntil(gate.begun.is_set, timeout=PATIENCE)
    qtbot.keyClick(foyer.window.search, Qt.Key.Key_Return)
    assert opened == []
    gate.free.set()
    qtbot.waitUntil(lambda: opened == [made.id], timeout=PATIENCE)


def test_an_answer_that_comes_after_what_asked_is_gone_is_dropped(asked, jobs, qapp, qtbot):
    gate = Gate("tard")
    asked.ask(gate)
    qtbot.waitUntil(gate.begun.is_set, timeout=PATIENCE)
    asked.holder.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gate.free.set()
    qtbot.waitUntil(lambda: not jobs.running, timeout=PATIENCE)
    assert asked.shown == []
    assert jobs.told == []


def test_papers_of_other_dossiers_do_not_have_the_one_shown_drawn_again(foyer, monkeypatch, tmp_path):
    mine = create(foyer, "Couronne")
    page = foyer.go("dossiers")
    assert page.detail.line.id == mine.id
    drawn = []
    monkeypatch.setattr(page.detail, "show_dossier", drawn.append)
    foyer.house.intake.take([pdf(tmp_path / "ailleurs.pdf", "Un papier d’ailleurs")])
    foyer.settle()
    assert drawn == []
    foyer.house.intake.take([pdf(tmp_path / "ici.pdf", "Un papier d’ici")], mine.id)
    foyer.settle()
    assert {line.id for line in drawn} == {mine.id}
    assert drawn[-1].pieces == 1
