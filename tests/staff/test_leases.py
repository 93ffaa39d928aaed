"""Leases in one worker: refused calls write nothing, and strangers fill no memory."""

import pytest
from sqlalchemy import event

from webapp.kernel.database import db
from webapp.staff import leases
from webapp.staff.leases import Leases
from webapp.staff.rate_limit import Bucket

BUCKET = Bucket("tests", size=20, refill_seconds=1)

pytestmark = pytest.mark.usefixtures("inside")


def test_calls_over_the_limit_write_at_most_once_a_second(the_clock):
    the_clock.moment = the_clock.now()
    limits, begun = Leases(BUCKET, 5), []

    def note(connection):
        begun.append(connection)

    while not limits.take("somebody").wait:
        pass
    event.listen(db.engine, "begin", note)
    answers = {limits.take("somebody").wait for _ in range(100)}
    assert (answers, begun) == ({1}, [])
    the_clock.forward(seconds=1)
    assert limits.take("somebody").wait == 0
    assert len(begun) == 1
    event.remove(db.engine, "begin", note)


def test_whoever_is_over_is_forgotten_before_memory_fills(the_clock, monkeypatch):
    the_clock.moment = the_clock.now()
    monkeypatch.setattr(leases, "MAX_REMEMBERED", 10)
    limits = Leases(BUCKET, 1)
    for number in range(10):
        limits.take(f"stranger {number}")
    the_clock.forward(seconds=11)
    limits.take("somebody else")
    assert list(limits._leases) == ["somebody else"]
