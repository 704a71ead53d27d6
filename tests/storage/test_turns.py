"""The one connection is used in turn: nobody is passed over, and the window is not kept waiting."""

import threading
import time

from mutuelle_desktop.storage.turns import Turns


def _in_thread(work):
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread


def _wait_until(true):
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_the_window_waits_for_one_transaction_at_most_while_an_import_never_stops():
    turns, stop, held = Turns(), threading.Event(), 0.02

    def importer():
        while not stop.is_set():
            with turns:
                time.sleep(held)

    thread = _in_thread(importer)
    _wait_until(lambda: turns._owner == thread.ident)
    waits = []
    for _ in range(20):
        start = time.perf_counter()
        with turns:
            waits.append(time.perf_counter() - start)
    stop.set()
    thread.join()
    assert sorted(waits)[15] < held * 2


def test_turns_come_in_the_order_they_were_asked_for_and_the_window_first():
    turns, order, threads = Turns(), [], []

    def take(name):
        with turns:
            order.append(name)

    holding, go = threading.Event(), threading.Event()

    def hold():
        with turns:
            holding.set()
            go.wait(5)

    _in_thread(hold)
    holding.wait(5)
    for name in ("first", "second", "third"):
        threads.append(_in_thread(lambda name=name: take(name)))
        _wait_until(lambda: len(turns._waiting) == len(threads))
    threading.Timer(0.05, go.set).start()
    take("window")
    for thread in threads:
        thread.join(5)
    assert order == ["window", "first", "second", "third"]


def test_a_thread_takes_its_own_turn_again_and_others_wait_for_the_last_release():
    turns, taken = Turns(), threading.Event()

    def other():
        with turns:
            taken.set()

    with turns, turns:
        thread = _in_thread(other)
        _wait_until(lambda: len(turns._waiting) == 1)
        assert not taken.is_set()
    thread.join(5)
    assert taken.is_set()
    with turns:
        pass


def test_giving_up_while_waiting_leaves_the_others_in_line():
    turns, out, taken = Turns(), threading.Event(), threading.Event()
    holding = threading.Event()

    def hold():
        with turns:
            holding.set()
            out.wait(5)

    def other():
        with turns:
            taken.set()

    _in_thread(hold)
    holding.wait(5)
    thread = _in_thread(other)
    _wait_until(lambda: len(turns._waiting) == 1)
    me = threading.get_ident()
    late = threading.Lock()
    turns._waiting.appendleft((me, late))
    turns._leave(me, late)
    assert len(turns._waiting) == 1
    out.set()
    thread.join(5)
    assert taken.is_set()


def test_giving_up_as_the_turn_comes_hands_it_on():
    turns, taken = Turns(), threading.Event()

    def other():
        with turns:
            taken.set()

    turns.__enter__()
    thread = _in_thread(other)
    _wait_until(lambda: len(turns._waiting) == 1)
    turns._leave(threading.get_ident(), threading.Lock())
    thread.join(5)
    assert taken.is_set()
