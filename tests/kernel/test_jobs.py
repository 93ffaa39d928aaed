"""Work that lasts: asked for in a transaction, done by one worker at a time, at least once."""

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select, text

from webapp.kernel import clock, jobs
from webapp.kernel.database import db, writing
from webapp.kernel.jobs import LEASE, Job

KINDS = ("sweep", "count")
MANY = 60
pytestmark = pytest.mark.usefixtures("standing_clock")


def ask(*arguments, **more):
    with writing():
        jobs.enqueue(*arguments, **more)


def all_jobs():
    db.session.rollback()
    return jobs.list_jobs()


def test_work_goes_with_the_transaction_that_asked_for_it(inside):
    with pytest.raises(RuntimeError), writing():
        jobs.enqueue("sweep")
        raise RuntimeError
    assert all_jobs() == []


def test_what_is_due_for_longest_is_claimed_first(inside, the_clock):
    ask("sweep", {"number": 1}, run_at=clock.now() + timedelta(minutes=2))
    ask("count", {"number": 2}, run_at=clock.now() + timedelta(minutes=1))
    ask("unknown")
    assert jobs.claim(KINDS) is None
    the_clock.forward(minutes=3)
    assert [jobs.claim(KINDS).arguments["number"] for _ in range(2)] == [2, 1]
    assert jobs.claim(KINDS) is None


def test_a_job_belongs_to_one_worker_until_its_lease_ends(inside, the_clock):
    ask("sweep")
    first = jobs.claim(KINDS)
    assert jobs.claim(KINDS) is None
    the_clock.forward(seconds=LEASE.total_seconds() - 1)
    assert jobs.renew(first)
    the_clock.forward(seconds=LEASE.total_seconds() - 1)
    assert jobs.claim(KINDS) is None, "it was renewed"
    the_clock.forward(seconds=2)
    second = jobs.claim(KINDS)
    assert (second.seq, second.attempts) == (first.seq, 2)
    late = (
        lambda: jobs.renew(first),
        lambda: jobs.finish(first),
        lambda: jobs.give_back(first),
        lambda: jobs.retry_later(first, "TimeoutError"),
    )
    assert [deed() for deed in late] == [False] * 4, "it is not the first worker's any more"
    assert jobs.finish(second)
    assert all_jobs() == []


def test_work_of_a_name_is_asked_for_once(inside):
    for _ in range(3):
        ask("sweep", name="sweep")
    ask("sweep", name="another")
    ask("sweep")
    assert len(all_jobs()) == 3


def test_failures_are_tried_again_ever_later(inside, the_clock):
    ask("sweep")
    waits = []
    for number in range(1, 14):
        claim = jobs.claim(KINDS)
        assert claim.attempts == number
        jobs.retry_later(claim, "OSError")
        (job,) = all_jobs()
        assert job.problem == "OSError"
        waits.append((job.run_at - clock.now()).total_seconds())
        the_clock.forward(seconds=waits[-1] + 1)
    for number, seconds in enumerate(waits):
        longest = min(10 * 2**number, 3600)
        assert longest / 2 <= seconds <= longest, number
    jobs.finish(jobs.claim(KINDS), again_at=clock.now())
    (job,) = all_jobs()
    assert (job.attempts, job.problem, job.lease) == (0, None, None)


def test_a_worker_that_stops_gives_its_job_back(inside):
    ask("sweep")
    jobs.give_back(jobs.claim(KINDS))
    assert jobs.claim(KINDS).attempts == 1


def test_no_two_workers_claim_the_same_job(book):
    with book.app.app_context(), writing():
        for number in range(MANY):
            jobs.enqueue("sweep", {"number": number})
    claimed = []

    def work():
        with book.app.app_context():
            while one := jobs.claim(KINDS):
                claimed.append(one.arguments["number"])
                jobs.finish(one)

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(claimed) == list(range(MANY))
    with book.app.app_context():
        assert db.session.scalars(select(Job.seq)).all() == []


def test_asking_for_work_waits_for_nobody(book):
    """Somebody holds the write lock; a worker that has nothing to do does not notice."""
    with book.app.app_context():
        other = db.engine.connect()
        other.execution_options(writes=5)
        other.execute(text("DELETE FROM job WHERE seq = -1"))
        try:
            assert jobs.claim(KINDS) is None
        finally:
            other.rollback()
            other.close()
