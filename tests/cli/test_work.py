"""The worker does what is due, as often as it is due, and what it cannot do later."""

import logging
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from tests.history.test_anchors import KEY, use
from tests.support.books import KEYS, settings_for
from tests.support.cast import SOMEBODY, add
from tests.support.commands import run
from tests.support.proofs import rounds
from tests.support.waiting import wait_until
from webapp.assembly import create_app
from webapp.cli.worker.work import Worker
from webapp.customers import edit
from webapp.duties import Duty
from webapp.history.book import set_fact
from webapp.history.proofs import proved
from webapp.kernel import clock, jobs
from webapp.kernel.database import db, writing
from webapp.kernel.jobs import Job
from webapp.settings import PROJECT

KILLS = rounds(3, 200)
DUTIES = {"tidy", "prove", "change_set", "export_file", "entry_list"}


def all_jobs():
    db.session.rollback()
    return {job.kind: job for job in jobs.list_jobs()}


def work(book):
    db.session.rollback()
    status, output = run(book, "work", "--once")
    assert status == 0, output


def test_duties_are_done_when_they_are_due(inside, the_clock):
    the_clock.moment = datetime(2026, 11, 27, 14, 4, tzinfo=UTC)
    add()
    work(inside)
    assert {kind: f"{job.run_at:%H:%M}" for kind, job in all_jobs().items()} == {
        "tidy": "14:05",
        "prove": "14:20",
    }
    assert proved.find_proof() is None
    the_clock.forward(minutes=30)
    work(inside)
    assert proved.find_proof().size == 1
    assert {kind: f"{job.run_at:%H:%M}" for kind, job in all_jobs().items()} == {
        "tidy": "15:05",
        "prove": "15:20",
    }


def test_a_fault_that_the_worker_finds_stands_on_the_page(inside, the_clock, caplog):
    the_clock.moment = clock.now()
    kofi = add()
    work(inside)
    the_clock.forward(hours=1)
    work(inside)
    edit.change(kofi.id, {"last_name": "Boateng"}, by=SOMEBODY)
    db.session.execute(text("UPDATE customer SET first_name = 'Eve'"))
    db.session.commit()
    the_clock.forward(hours=1)
    with caplog.at_level(logging.ERROR, "gatebook.work"):
        work(inside)
    assert "the history has faults" in caplog.text
    assert "another first_name" in proved.find_faults()[0].sentence


@pytest.fixture
def application():
    """`application(url, ROOTS_TO=…)` is another one on the same book, with more settings."""
    made = []

    def make(url, **more):
        made.append(create_app(settings_for(url, **{f"GATEBOOK_{key}": more[key] for key in more})))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    use("")


def ask_now(kind):
    with writing():
        jobs.enqueue(kind)


def worker_of(app):
    return Worker(app, app.extensions["duties"], beside=None)


def test_the_worker_keeps_roots_outside(book, tmp_path, application, the_clock):
    file = tmp_path / "roots" / "gatebook.roots"
    the_clock.moment = clock.now()
    app = application(book.url, ROOT_KEY=KEY, ROOTS_TO=str(file))
    with app.app_context():
        ask_now("anchor")
        assert worker_of(app).work()
        assert (all_jobs()["anchor"].attempts, all_jobs()["anchor"].problem) == (1, "OSError")
        file.parent.mkdir()
        the_clock.forward(minutes=1)
        assert worker_of(app).work()
        assert len(file.read_text().splitlines()) == 1
        assert (all_jobs()["anchor"].attempts, all_jobs()["anchor"].problem) == (0, None)


def test_duties_are_those_that_the_settings_allow(book, application):
    assert set(book.app.extensions["duties"]) == DUTIES
    app = application(book.url, SMTP_URL="smtp://localhost:2525?from=gatebook@example.com")
    assert set(app.extensions["duties"]) == DUTIES | {"digest"}


@pytest.mark.parametrize(
    ("after", "due"),
    [
        ("2026-11-27T05:59:00+00:00", "2026-11-27T06:00:00+00:00"),
        ("2026-11-27T06:00:00+00:00", "2026-11-28T06:00:00+00:00"),
        ("2026-11-27T23:30:00+00:00", "2026-11-28T06:00:00+00:00"),
    ],
)
def test_the_digest_goes_out_at_seven_in_the_morning(book, application, after, due):
    app = application(
        book.url,
        SMTP_URL="smtp://localhost:2525?from=gatebook@example.com",
        TIME_ZONE="Africa/Lagos",
    )
    next_after = app.extensions["duties"]["digest"].next_after
    assert next_after(datetime.fromisoformat(after)) == datetime.fromisoformat(due)


def test_the_list_of_jobs_says_what_failed(inside, the_clock):
    ask_now("tidy")
    jobs.retry_later(jobs.claim(["tidy"]), "OSError")
    status, output = run(inside, "jobs")
    assert status == 0
    assert "tidy  due 2" in output
    assert output.endswith("attempt 1 failed: OSError\n")


def sweep(arguments, beat):
    """Slow work that leaves a trace, and comes out the same if it is done twice."""
    time.sleep(0.03)
    beat()
    with writing():
        set_fact(f"swept {arguments['number']}", "yes")


def work_alone(url):
    """A worker in a process of its own."""
    app = create_app(settings_for(url))
    worker = Worker(app, {"sweep": Duty(sweep)}, beside=None)
    signal.signal(signal.SIGTERM, worker.stop)
    worker.run(once=False)


def started(book):
    process = get_context("spawn").Process(target=work_alone, args=(book.url,), daemon=True)
    process.start()
    return process


def test_workers_that_are_killed_lose_nothing(book):
    """Two at a time; what one was at when it was killed is done once its lease is over, for which
    nobody waits here.
    """
    numbers, dice = count(), random.Random(5)
    with book.app.app_context():
        steady = started(book)
        for _ in range(KILLS):
            victim = started(book)
            wait_until(lambda: two_are_at_work(numbers), seconds=60)
            time.sleep(dice.random() / 10)
            victim.kill()
            victim.join()
            with writing():
                db.session.execute(update(Job).values(leased_until=None))
        wait_until(lambda: not all_jobs(), seconds=60)
        steady.terminate()
        steady.join()
        done = {row[0] for row in db.session.execute(text("SELECT name FROM book_fact"))}
        assert done >= {f"swept {one}" for one in range(next(numbers))}


def two_are_at_work(numbers):
    """Both have a job; until the second has started, the first must not run out of them."""
    db.session.rollback()
    waiting = db.session.scalars(select(Job.leased_until)).all()
    if len(waiting) < 30:
        with writing():
            for one in islice(numbers, 30):
                jobs.enqueue("sweep", {"number": one})
    return sum(until is not None for until in waiting) == 2


def test_a_lease_that_is_lost_stops_the_work(book, monkeypatch):
    """Another worker has the job already: this one leaves it alone."""
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=0.3))
    seen = []

    def go_on(_, beat):
        with writing():
            db.session.execute(update(Job).values(lease="another"))
        for _ in range(100):
            seen.append(1)
            beat()
            time.sleep(0.02)

    with book.app.app_context():
        ask_now("slow")
        assert Worker(book.app, {"slow": Duty(go_on)}, beside=None).work()
        assert len(seen) < 100
        assert all_jobs()["slow"].lease == "another"


def test_other_errors_of_the_database_are_failures(book):
    def fail(*_):
        db.session.execute(text("SELECT * FROM nothing"))

    with book.app.app_context():
        ask_now("broken")
        assert Worker(book.app, {"broken": Duty(fail)}, beside=None).work()
        assert all_jobs()["broken"].problem in ("OperationalError", "ProgrammingError")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_worker_ends_with_its_server(book, tmp_path, how):
    """As `make serve` starts both: the shell becomes the server."""
    makefile = (PROJECT / "Makefile").read_text()
    assert makefile.count("$(WORKER) & ") == 2
    assert "WORKER := $(FLASK) work --beside $$$$\n" in makefile
    server = subprocess.Popen(
        ["/bin/sh", "-c", f"{sys.executable} -m flask --app wsgi work --beside $$ & exec sleep 60"],
        cwd=PROJECT,
        env=os.environ | KEYS | {"GATEBOOK_DATABASE_URL": book.url},
    )
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    with book.app.app_context():
        wait_until(lambda: len(all_jobs()) == 2, seconds=90)
        (worker,) = map(int, children.read_text().split())
        server.send_signal(how)
        server.wait()
        wait_until(lambda: not is_running(worker), seconds=90)


def is_running(number):
    with suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text().split()[2] != "Z"
    return False
