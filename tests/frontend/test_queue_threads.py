"""Queues between threads: who waits, who is woken, and that nobody waits for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import graphflow as tf

PATIENCE = 10


class Background:
    """A call in a thread of its own, and how it ended."""

    def __init__(self, call: Callable[[], Any]) -> None:
        self.result: Any = None
        self.error: BaseException | None = None
        self._call = call
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.result = self._call()
        except BaseException as error:
            self.error = error

    def waits(self) -> bool:
        """Whether it is still at it a little later."""
        self._thread.join(0.05)
        return self._thread.is_alive()

    def ended(self) -> Background:
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        return self


def queue(capacity: int = 3, **options: Any) -> Any:
    return tf.FIFOQueue(capacity, [tf.int32], shapes=[[]], **options)


def test_dequeue_waits_for_an_element() -> None:
    q = queue()
    element, enqueue = q.dequeue(), q.enqueue(7)
    with tf.Session() as session:
        reader = Background(lambda: session.run(element))
        assert reader.waits()
        session.run(enqueue)
        assert reader.ended().result == 7


def test_enqueue_waits_for_room() -> None:
    q = queue(2)
    fill, more, element = q.enqueue_many([[1, 2]]), q.enqueue(3), q.dequeue()
    with tf.Session() as session:
        session.run(fill)
        writer = Background(lambda: session.run(more))
        assert writer.waits()
        assert session.run(element) == 1
        writer.ended()
        assert [session.run(element), session.run(element)] == [2, 3]


def test_many_go_through_a_small_queue() -> None:
    q = queue(2)
    numbers = np.arange(20, dtype=np.int32)
    fill, batch = q.enqueue_many([numbers]), q.dequeue_many(20)
    with tf.Session() as session:
        writer = Background(lambda: session.run(fill))
        assert session.run(batch).tolist() == numbers.tolist()
        writer.ended()


def test_the_first_in_line_is_served_first() -> None:
    q = queue(10)
    batch, element, enqueue = q.dequeue_many(2), q.dequeue(), q.enqueue_many([[1, 2, 3]])
    with tf.Session() as session:
        first = Background(lambda: session.run(batch))
        assert first.waits()
        second = Background(lambda: session.run(element))
        assert second.waits()
        session.run(enqueue)
        assert first.ended().result.tolist() == [1, 2]
        assert second.ended().result == 3


def test_closing_ends_the_wait_for_elements() -> None:
    q = queue()
    one, batch, rest, close = q.enqueue(1), q.dequeue_many(2), q.dequeue_up_to(2), q.close()
    with tf.Session() as session:
        session.run(one)
        reader = Background(lambda: session.run(batch))
        assert reader.waits()
        session.run(close)
        assert isinstance(reader.ended().error, tf.errors.OutOfRangeError)
        # what it had taken is back
        assert session.run(rest).tolist() == [1]


def test_closing_lets_in_those_who_wait() -> None:
    q = queue(1)
    fill, close, element = q.enqueue_many([[1, 2]]), q.close(), q.dequeue()
    with tf.Session() as session:
        writer = Background(lambda: session.run(fill))
        assert writer.waits()
        closer = Background(lambda: session.run(close))
        assert closer.waits()
        assert session.run(element) == 1
        writer.ended()
        closer.ended()
        assert writer.error is None
        assert closer.error is None
        assert session.run(element) == 2
        with pytest.raises(tf.errors.OutOfRangeError):
            session.run(element)


def test_closing_can_turn_away_those_who_wait() -> None:
    q = queue(1)
    fill, cancel, size = q.enqueue_many([[1, 2]]), q.close(cancel_pending_enqueues=True), q.size()
    with tf.Session() as session:
        writer = Background(lambda: session.run(fill))
        assert writer.waits()
        session.run(cancel)
        assert isinstance(writer.ended().error, tf.errors.CancelledError)
        assert session.run(size) == 1


@pytest.mark.parametrize("what", ["dequeue", "dequeue_many", "enqueue"])
def test_closing_the_session_wakes_everybody(what: str) -> None:
    q = queue(1)
    op = {
        "dequeue": lambda: q.dequeue(),
        "dequeue_many": lambda: q.dequeue_many(3),
        "enqueue": lambda: q.enqueue_many([[1, 2]]),
    }[what]()
    session = tf.Session()
    waiting = Background(lambda: session.run(op))
    assert waiting.waits()
    session.close()
    assert isinstance(waiting.ended().error, tf.errors.CancelledError)


def test_other_runs_go_on_while_one_waits() -> None:
    q = queue()
    element, v = q.dequeue(), tf.Variable(1)
    more = v.assign_add(1)
    with tf.Session() as session:
        session.run(v.initializer)
        reader = Background(lambda: session.run(element))
        assert reader.waits()
        assert session.run(more) == 2
        session.run(q.enqueue(5))
        assert reader.ended().result == 5


def test_a_reserve_stays_until_the_queue_is_closed() -> None:
    q = tf.RandomShuffleQueue(10, 2, [tf.int32], shapes=[[]], seed=1)
    fill, batch, rest, close = (
        q.enqueue_many([[1, 2, 3]]),
        q.dequeue_many(2),
        q.dequeue_many(3),
        q.close(),
    )
    with tf.Session() as session:
        session.run(fill)
        reader = Background(lambda: session.run(batch))
        assert reader.waits()
        session.run(q.enqueue(4))
        taken = reader.ended().result.tolist()
        reader = Background(lambda: session.run(rest))
        assert reader.waits()
        session.run(q.enqueue(5))
        session.run(close)
        assert sorted([*taken, *reader.ended().result.tolist()]) == [1, 2, 3, 4, 5]


def test_a_runner_fills_the_queue_until_it_is_stopped() -> None:
    counter = tf.Variable(0, trainable=False)
    q = queue(4)
    with tf.control_dependencies([counter.assign_add(1)]):
        fill = q.enqueue(counter.read_value())
    tf.train.add_queue_runner(tf.train.QueueRunner(q, [fill]))
    batch = q.dequeue_many(5)
    with tf.Session() as session:
        session.run(counter.initializer)
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coord)
        assert len(threads) == 2
        found = [session.run(batch).tolist() for _ in range(2)]
        assert found == [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]]
        coord.request_stop()
        coord.join(threads, stop_grace_period_secs=PATIENCE)
        assert not any(t.is_alive() for t in threads)


def test_the_last_runner_closes_the_queue() -> None:
    limit = tf.Variable(0)
    q = queue(100)
    with tf.control_dependencies([limit.count_up_to(6)]):
        fill = q.enqueue(1)
    tf.train.add_queue_runner(tf.train.QueueRunner(q, [fill, fill]))
    batch, rest = q.dequeue_many(4), q.dequeue_many(4)
    with tf.Session() as session:
        session.run(limit.initializer)
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(coord=coord)
        assert session.run(batch).tolist() == [1] * 4
        with pytest.raises(tf.errors.OutOfRangeError):
            session.run(rest)
        coord.request_stop()
        coord.join(threads, stop_grace_period_secs=PATIENCE)


def test_an_error_in_a_runner_reaches_the_coordinator() -> None:
    q = queue()
    wrong = q.enqueue(tf.placeholder_with_default(np.zeros(2, np.int32), None))
    tf.train.add_queue_runner(tf.train.QueueRunner(q, [wrong]))
    with tf.Session() as session:
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coord)
        assert coord.wait_for_stop(PATIENCE)
        with pytest.raises(tf.errors.InvalidArgumentError, match="Shape mismatch"):
            coord.join(threads, stop_grace_period_secs=PATIENCE)


def test_runners_start_once_in_a_session() -> None:
    q = queue(1)
    tf.train.add_queue_runner(tf.train.QueueRunner(q, [q.enqueue(1)]))
    with tf.Session() as session:
        coord = tf.train.Coordinator()
        assert len(tf.train.start_queue_runners(session, coord)) == 2
        assert tf.train.start_queue_runners(session, coord) == []
        coord.request_stop()
        coord.join(stop_grace_period_secs=PATIENCE)


def test_runners_need_a_session() -> None:
    with pytest.raises(ValueError, match="No default session"):
        tf.train.start_queue_runners()
    with pytest.raises(TypeError, match=r"must be a .tf\.Session"):
        tf.train.start_queue_runners(sess=3)


# ---- the coordinator by itself ------------------------------------------------------------------------


def test_threads_stop_when_one_asks() -> None:
    coord = tf.train.Coordinator()
    steps: list[int] = []

    def work(n: int) -> None:
        while not coord.should_stop():
            steps.append(n)
            if len(steps) > 20:
                coord.request_stop()

    threads = [threading.Thread(target=work, args=(n,), daemon=True) for n in range(3)]
    for thread in threads:
        thread.start()
    coord.join(threads, stop_grace_period_secs=PATIENCE)
    assert coord.joined
    assert coord.should_stop()


def test_the_first_error_is_raised_by_join() -> None:
    coord = tf.train.Coordinator()

    def work() -> None:
        with coord.stop_on_exception():
            raise RuntimeError("first")

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    coord.request_stop(ValueError("second"))
    with pytest.raises(RuntimeError, match="first"):
        coord.join([thread])
    with pytest.raises(RuntimeError, match="first"):
        coord.raise_requested_exception()
    coord.clear_stop()
    assert not coord.should_stop()
    coord.raise_requested_exception()


def test_the_end_of_the_data_is_no_error() -> None:
    coord = tf.train.Coordinator()
    coord.request_stop(tf.errors.OutOfRangeError(None, None, "end"))
    coord.join([])
    strict = tf.train.Coordinator(clean_stop_exception_types=())
    strict.request_stop(tf.errors.OutOfRangeError(None, None, "end"))
    with pytest.raises(tf.errors.OutOfRangeError):
        strict.join([])


def test_an_error_after_joining_is_raised_at_once() -> None:
    coord = tf.train.Coordinator()
    coord.request_stop()
    coord.join([])
    with pytest.raises(KeyError):
        coord.request_stop(KeyError("late"))


def test_a_thread_that_does_not_stop_is_named() -> None:
    coord, go_on = tf.train.Coordinator(), threading.Event()
    thread = threading.Thread(target=go_on.wait, args=(PATIENCE,), name="straggler", daemon=True)
    thread.start()
    coord.request_stop()
    with pytest.raises(RuntimeError, match="straggler"):
        coord.join([thread], stop_grace_period_secs=0.01)
    coord.join([thread], stop_grace_period_secs=0.01, ignore_live_threads=True)
    go_on.set()
    thread.join(PATIENCE)


def test_a_looper_calls_until_it_is_stopped() -> None:
    coord = tf.train.Coordinator()
    calls: list[float] = []

    def work(limit: int) -> None:
        calls.append(time.monotonic())
        if len(calls) == limit:
            coord.request_stop()

    looper = tf.train.LooperThread.loop(coord, 0.01, work, args=(4,))
    coord.join(stop_grace_period_secs=PATIENCE)
    looper.join(PATIENCE)
    assert len(calls) == 4
    assert calls[-1] - calls[0] >= 0.02


def test_an_error_in_a_looper_stops_all() -> None:
    coord = tf.train.Coordinator()

    class Failing(tf.train.LooperThread):  # type: ignore[misc]
        def run_loop(self) -> None:
            raise ArithmeticError("loop")

    Failing(coord, None).start()
    with pytest.raises(ArithmeticError):
        coord.join(stop_grace_period_secs=PATIENCE)
    with pytest.raises(ValueError, match="must be a Coordinator"):
        tf.train.LooperThread(3, None)
    with pytest.raises(ValueError, match="pass 'target'"):
        tf.train.LooperThread(coord, None, args=(1,))
