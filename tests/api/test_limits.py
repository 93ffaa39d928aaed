"""The limit of a key: leased several calls at a time, so that few calls write, and never more than it allows."""

import pytest
from sqlalchemy import event

from webapp import clock
from webapp.api.limits import LEASE_LASTS, Limiter
from webapp.database import db

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture(autouse=True)
def standing_clock(the_clock):
    the_clock.moment = clock.now()


def taken(limiter, key=1):
    return limiter.take(key).wait == 0


def test_as_many_as_the_limit_then_no_more():
    limiter = Limiter(600)
    assert sum(taken(limiter) for _ in range(700)) == 600
    assert limiter.take(1).wait == 1


def test_several_workers_share_one_limit():
    workers = [Limiter(600) for _ in range(4)]
    assert sum(taken(workers[number % 4]) for number in range(1_000)) == 600


def test_it_comes_back_with_time(the_clock):
    limiter = Limiter(600)
    assert sum(taken(limiter) for _ in range(600)) == 600
    the_clock.forward(seconds=6)
    assert sum(taken(limiter) for _ in range(200)) == 60


def test_keys_do_not_share():
    limiter = Limiter(60)
    assert sum(taken(limiter, 1) for _ in range(100)) == sum(taken(limiter, 2) for _ in range(100)) == 60


def test_few_calls_write():
    limiter, written = Limiter(600), []

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
    limiter = Limiter(600)
    assert taken(limiter)
    the_clock.moment += LEASE_LASTS
    assert limiter.take(1).left == 599


def test_a_small_limit_counts_one_by_one():
    limiter = Limiter(2)
    assert [taken(limiter) for _ in range(3)] == [True, True, False]
