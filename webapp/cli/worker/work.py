"""The worker: does jobs one after another, until it is told to stop."""

import logging
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic
from typing import Any

import click
from flask import Flask, current_app
from sqlalchemy.exc import DBAPIError

from webapp.blacklist.ending import end_what_is_due
from webapp.cli.worker.courier import Courier
from webapp.duties import Duty, Stopped
from webapp.http.logs import log_failure
from webapp.kernel import clock
from webapp.kernel import jobs as queue
from webapp.kernel.database import Busy, db, writing
from webapp.kernel.dialects import is_unavailable
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
        self.stopping, self._lost = Event(), Event()

    def stop(self, *_: Any) -> None:
        self.stopping.set()

    def run(self, *, once: bool) -> bool:
        """Work until told to stop; with `once`, as long as something is due. Whether the database
        was there in the end.
        """
        while not self.must_stop() and self._patiently(self._ask_for_duties) is None:
            if once:
                return False
            self.stopping.wait(AWAY_SECONDS)
        while not self.must_stop():
            was_due = self._patiently(self.work)
            if once and not was_due:
                return was_due is not None
            pause = AWAY_SECONDS if was_due is None else IDLE_SECONDS
            self.stopping.wait(0 if was_due else pause)
        return True

    def must_stop(self) -> bool:
        left_alone = self._beside is not None and os.getppid() != self._beside
        return left_alone or self.stopping.is_set()

    def _patiently(self, deed: Callable[[], bool]) -> bool | None:
        """What the deed says; `None` if the database is away, or locked for long: it comes back."""
        try:
            with self._app.app_context():
                return deed()
        except Exception as error:
            if not is_unavailable(error):
                raise
            log.warning("database away", extra={"error": type(error).__name__})
            return None

    def _ask_for_duties(self) -> bool:
        with writing():
            for kind, duty in self._duties.items():
                if duty.next_after:
                    queue.enqueue(kind, name=kind, run_at=duty.next_after(clock.now()))
        return True

    def work(self) -> bool:
        """Do the job that has been due for longest; whether there was one."""
        claim = queue.claim(self._duties)
        if claim is None:
            return False
        began = monotonic()
        with self._lease_of(claim):
            outcome = self._do(claim)
        seconds = round(monotonic() - began, 3)
        log.info(outcome, extra={"kind": claim.kind, "job": claim.seq, "seconds": seconds})
        return True

    def _do(self, claim: Claim) -> str:
        """Returns what came of it, for the log."""
        duty = self._duties[claim.kind]
        try:
            end_what_is_due()
            duty.do(claim.arguments, self._beat)
        except Stopped:
            db.session.rollback()
            return "stopped" if queue.give_back(claim) else "lost to another worker"
        except Exception as error:
            log_failure(error)
            db.session.rollback()
            queue.retry_later(claim, type(error).__name__)  # raises if the database is away
            return "failed"
        db.session.rollback()
        again_at = duty.next_after(clock.now()) if duty.next_after else None
        return "done" if queue.finish(claim, again_at=again_at) else "lost to another worker"

    def _beat(self) -> None:
        if self.must_stop() or self._lost.is_set():
            raise Stopped

    @contextmanager
    def _lease_of(self, claim: Claim) -> Iterator[None]:
        """Renewed in a thread of its own, because work may wait for the database for long."""
        done = Event()
        self._lost.clear()
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
                if not queue.renew(claim):
                    self._lost.set()
                    return


@click.command("work")
@click.option("--once", is_flag=True, help="Stop when nothing is due.")
@click.option("--beside", type=int, hidden=True)
def work(once: bool, beside: int | None) -> None:
    """Do what lasts longer than a request, and what is due every hour or day: tidy up, prove what
    is new in the history, keep its root outside, send the daily e-mail, deliver webhooks. `make
    run` and `make serve` start it beside the server; several may run.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    worker = Worker(app, app.extensions["duties"], beside=beside)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, worker.stop)
    courier = Courier(app, worker.must_stop)
    beside_it = Thread(target=courier.run, args=(worker.stopping,), daemon=True)
    if not once:
        beside_it.start()
    is_there = worker.run(once=once)
    if once:
        courier.serve_once()
    else:
        beside_it.join()
    if not is_there:
        raise click.ClickException("The database is away, or locked.")


@click.command("jobs")
def jobs() -> None:
    """List the work that waits or is being done, what is due first."""
    for job in queue.list_jobs():
        is_held = bool(job.leased_until and job.leased_until > clock.now())
        state = "being done" if is_held else f"due {clock.in_iso(job.run_at)}"
        failed = job.attempts - (1 if is_held else 0)
        problem = f", attempt {failed} failed: {job.problem}" if job.problem else ""
        click.echo(f"{job.seq}  {job.kind}  {state}{problem}")
