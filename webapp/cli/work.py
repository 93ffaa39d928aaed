"""The worker: does jobs one after another, until it is told to stop."""

import logging
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError

from webapp.duties import Duty, Stopped
from webapp.http.logs import log_failure
from webapp.kernel import clock
from webapp.kernel import jobs as queue
from webapp.kernel.database import Busy, db, writing
from webapp.kernel.jobs import Claim

log = logging.getLogger("gatebook.work")

IDLE_SECONDS, AWAY_SECONDS = 1.0, 5.0


class Worker:
    """Does the duties of an application."""

    def __init__(self, app: Flask, duties: Mapping[str, Duty], *, beside: int | None) -> None:
        """
        Args:
            beside: The process that started this one, and without which it stops.
        """
        self._app, self._duties, self._beside = app, duties, beside
        self._stopping = Event()

    def stop(self, *_: Any) -> None:
        self._stopping.set()

    def run(self, *, once: bool) -> None:
        """Work until told to stop; with `once`, as long as something is due."""
        self._patiently(self._ask_for_duties)
        while not self._must_stop():
            is_busy = self._patiently(self.work)
            if once and not is_busy:
                return
            self._stopping.wait(0 if is_busy else IDLE_SECONDS)

    def _must_stop(self) -> bool:
        left_alone = self._beside is not None and os.getppid() != self._beside
        return left_alone or self._stopping.is_set()

    def _patiently(self, deed: Any) -> bool:
        """A database that is away, or locked for long, comes back."""
        try:
            with self._app.app_context():
                return bool(deed())
        except (Busy, DBAPIError) as error:
            log.warning("database away", extra={"error": type(error).__name__})
            self._stopping.wait(AWAY_SECONDS)
            return True

    def _ask_for_duties(self) -> None:
        with writing():
            for kind, duty in self._duties.items():
                if duty.next_after:
                    queue.enqueue(kind, name=kind, run_at=duty.next_after(clock.now()))

    def work(self) -> bool:
        """Do the job that has been due for longest; whether there was one."""
        claim = queue.claim(self._duties)
        if claim is None:
            return False
        began = monotonic()
        with self._lease_of(claim):
            self._do(claim)
        seconds = round(monotonic() - began, 3)
        log.info("worked", extra={"kind": claim.kind, "job": claim.seq, "seconds": seconds})
        return True

    def _do(self, claim: Claim) -> None:
        duty = self._duties[claim.kind]
        try:
            duty.do(claim.arguments, self._beat)
        except Stopped:
            db.session.rollback()
            queue.give_back(claim)
        except (Busy, DBAPIError):
            raise
        except Exception as error:
            log_failure(error)
            db.session.rollback()
            queue.retry_later(claim, type(error).__name__)
        else:
            db.session.rollback()
            queue.finish(claim, again_at=duty.next_after(clock.now()) if duty.next_after else None)

    def _beat(self) -> None:
        if self._must_stop():
            raise Stopped

    @contextmanager
    def _lease_of(self, claim: Claim) -> Iterator[None]:
        """Renewed in a thread of its own, because work may wait for the database for long."""
        done = Event()
        thread = Thread(target=self._renew, args=(claim, done), daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _renew(self, claim: Claim, done: Event) -> None:
        while not done.wait(queue.LEASE.total_seconds() / 3):
            with self._app.app_context(), suppress(Busy, DBAPIError):
                queue.renew(claim)


@click.command("work")
@click.option("--once", is_flag=True, help="Stop when nothing is due.")
@click.option("--beside", type=int, hidden=True)
def work(once: bool, beside: int | None) -> None:
    """Do what lasts longer than a request, and what is due every hour or day: tidy up, prove what
    is new in the history, keep its root outside, send the daily e-mail. `make run` and `make serve`
    start it beside the server; several may run.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    worker = Worker(app, app.extensions["duties"], beside=beside)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.stop)
    worker.run(once=once)


@click.command("jobs")
def jobs() -> None:
    """List the work that waits or is being done, what is due first."""
    for job in queue.list_jobs():
        state = "being done" if job.leased_until else f"due {clock.in_iso(job.run_at)}"
        problem = f", attempt {job.attempts} failed: {job.problem}" if job.problem else ""
        click.echo(f"{job.seq}  {job.kind}  {state}{problem}")
