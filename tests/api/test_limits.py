"""A key's quota: leased several calls at a time, so that few calls write, and never exceeded."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event

from webapp.kernel.database import db, writing
from webapp.staff.leases import LEASE_LASTS, Leases
from webapp.staff.rate_limit import Bucket

pytestmark = pytest.mark.usefixtures("standing_clock", "inside")


def limits_of(calls):
    """The quotas as one worker holds them."""
    return Leases(Bucket("api calls", size=calls, refill_seconds=60 / calls), calls // 60)


def taken(limiter, key=1):
    return limiter.take(str(key)).wait == 0


def test_as_many_as_the_limit_then_no_more():
    limiter = limits_of(600)
    assert sum(taken(limiter) for _ in range(700)) == 600
    assert limiter.take("1").wait == 1


def test_several_workers_share_one_limit():
    workers = [limits_of(600) for _ in range(4)]
    assert sum(taken(workers[number % 4]) for number in range(1_000)) == 600


def test_it_comes_back_with_time(the_clock):
    limiter = limits_of(600)
    assert sum(taken(limiter) for _ in range(600)) == 600
    the_clock.forward(seconds=6)
    assert sum(taken(limiter) for _ in range(200)) == 60


def test_keys_do_not_share():
    limiter = limits_of(60)
    assert (
        sum(taken(limiter, 1) for _ in range(100))
        == sum(taken(limiter, 2) for _ in range(100))
        == 60
    )


def test_few_calls_write():
    limiter, written = limits_of(600), []

    def note(connection):
        written.append(connection)

    event.listen(db.engine, "commit", note)
    try:
        for _ in range(100):
            assert taken(limiter)
    finally:
        event.remove(db.engine, "commit", note)
    assert len(written) == 10


def test_a_lease_that_was_not_used_in_time_is_void(the_clock):
    limiter = limits_of(600)
    assert taken(limiter)
    the_clock.moment += LEASE_LASTS
    assert limiter.take("1").left == 599


def test_threads_of_one_worker_lose_no_lease(inside):
    """Each thread that took a lease used to discard the one another thread had just taken."""
    limiter = limits_of(600)

    def call_often(_):
        with inside.app.app_context():
            return sum(taken(limiter) for _ in range(100))

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(call_often, range(8))) == 600


def test_a_refused_call_asks_the_database_nothing():
    limiter, asked = limits_of(60), []
    while taken(limiter):
        pass

    def note(*_):
        asked.append(1)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert not any(taken(limiter) for _ in range(100))
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert asked == []


@pytest.mark.only_on("sqlite")
def test_nobody_waits_for_a_lease_while_others_write(inside, the_clock):
    """Calls answered meanwhile are counted once the book can be written to again."""
    limiter = limits_of(60)
    other = sqlite3.connect(inside.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert all(taken(limiter) for _ in range(30))
    other.execute("COMMIT")
    other.close()
    assert sum(taken(limiter) for _ in range(100)) == 30
    with writing():
        assert not taken(limiter)


def test_a_small_limit_counts_one_by_one():
    limiter = limits_of(2)
    assert [taken(limiter) for _ in range(3)] == [True, True, False]
