"""The list models keep Qt's promises, whatever they are given."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QListView

from mutuelle_desktop.ui.rows import KEY, LINE, Line, PagedModel, RowsModel

KEYS = st.lists(st.sampled_from("abcdefghij"), unique=True, max_size=10)


@dataclass(frozen=True)
class Row:
    id: str
    text: str


def rows_model():
    return RowsModel(lambda row: Line(row.text))


def paged_model():
    return PagedModel(lambda ids: {key: Row(key, key) for key in ids}, lambda row: Line(row.text))


@pytest.mark.parametrize("kind", ["rows", "paged"])
@given(orders=st.lists(KEYS, min_size=1, max_size=6))
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_contents_keeps_the_model_consistent_and_the_selection_on_its_row(qapp, kind, orders):
    model = rows_model() if kind == "rows" else paged_model()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    view = QListView()
    view.setModel(model)
    chosen = None
    for order in orders:
        if kind == "rows":
            model.set_rows([Row(key, key) for key in order])
        else:
            model.set_ids(order)
        assert [model.index(n).data(KEY) for n in range(model.rowCount())] == order
        if chosen in order:
            assert view.currentIndex().data(KEY) == chosen, "the selection follows its row"
        if order:
            chosen = order[len(order) // 2]
            view.selectionModel().setCurrentIndex(
                model.index_of(chosen), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
        else:
            chosen = None
    del tester


def test_a_hundred_thousand_rows_fetch_only_what_is_painted(qapp):
    asked = []

    def fetch(ids):
        asked.extend(ids)
        return {key: Row(key, key) for key in ids}

    model = PagedModel(fetch, lambda row: Line(row.text))
    model.set_ids([str(n) for n in range(100_000)])
    view = QListView()
    view.setUniformItemSizes(True)
    view.setModel(model)
    view.resize(300, 400)
    view.show()
    view.scrollToBottom()
    view.grab()
    assert model.index(99_999).data(LINE).titre == "99999"
    assert len(asked) < 1_000
    view.close()
