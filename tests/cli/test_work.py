"""The worker does what is due, as often as it is due, and what it cannot do later."""

import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text, update

from tests.history.test_anchors import KEY, use
from tests.support.books import KEYS, settings_for
from tests.support.cast import SOMEBODY, add
from tests.support.commands import run
from tests.support.proofs import rounds
from webapp.assembly import create_app
from webapp.cli.work import Worker
from webapp.customers import edit
from webapp.history.proofs import proved
from webapp.kernel import clock, jobs
from webapp.kernel.database import db, writing
from webapp.kernel.jobs import Job
from webapp.settings import PROJECT

KILLS = rounds(4, 60)


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
    assert "another first_name" in proved.find_faults().sentences[0]


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
    assert set(book.app.extensions["duties"]) == {"tidy", "prove"}
    app = application(book.url, SMTP_URL="smtp://localhost:2525?from=gatebook@example.com")
    assert set(app.extensions["duties"]) == {"tidy", "prove", "digest"}


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


def started(book, *more):
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "work", *more],
        cwd=PROJECT,
        env=os.environ | KEYS | {"GATEBOOK_DATABASE_URL": book.url},
        stderr=subprocess.DEVNULL,
    )


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_worker_that_is_killed_loses_nothing(book):
    """Whoever comes next goes on, as soon as the lease of the one that was killed is over."""
    with book.app.app_context():
        with writing():
            for _ in range(40):
                jobs.enqueue("tidy")
        for number in range(KILLS):
            worker = started(book)
            time.sleep(1.2 + number / 40)
            worker.kill()
            worker.wait()
            with writing():
                db.session.execute(update(Job).values(leased_until=None, lease=None))
        worker = started(book, "--once")
        assert worker.wait(60) == 0
        db.session.rollback()
        left = [job for job in jobs.list_jobs() if job.run_at <= clock.now()]
        assert left == []
        assert len(jobs.list_jobs()) == 42, "each of the forty again in an hour, and two duties"


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
        until(lambda: len(all_jobs()) == 2)
        (worker,) = map(int, children.read_text().split())
        server.send_signal(how)
        server.wait()
        until(lambda: not is_running(worker))


def is_running(number):
    with suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text().split()[2] != "Z"
    return False
