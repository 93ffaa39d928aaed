"""The courier: delivers webhooks in threads of its own beside the jobs of the worker, one for each
endpoint, so that none holds up another.
"""

import logging
import secrets
from collections.abc import Callable
from threading import Event, Thread
from typing import TypeVar

from flask import Flask

from webapp.http.logs import log_failure
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.dialects import is_unavailable
from webapp.programs.webhooks import delivering
from webapp.programs.webhooks.due import endpoints_due
from webapp.programs.webhooks.handing_out import hand_out

T = TypeVar("T")
log = logging.getLogger("gatebook.work")

LOOKS_EVERY, AWAY_SECONDS = 0.5, 5.0


class Courier:
    """Serves the endpoints of an application."""

    def __init__(self, app: Flask, must_stop: Callable[[], bool]) -> None:
        self._app, self._must_stop = app, must_stop
        self._loopback: bool = app.config["WEBHOOKS_TO_LOOPBACK"]
        self._lease = secrets.token_hex(16)
        self._lanes: dict[int, Thread] = {}

    def run(self, stopping: Event) -> None:
        """Serve whoever has something to be sent, until told to stop."""
        while not self._must_stop():
            stopping.wait(AWAY_SECONDS if self.look() is None else LOOKS_EVERY)
        self.end()

    def serve_once(self) -> None:
        """Send what is due now."""
        while self.look() and not self._must_stop():
            self._wait()
        self.end()

    def look(self) -> bool | None:
        """Hand out what has happened, and begin to serve those endpoints that need it and at which
        no thread is; whether there was anything to do; `None` if the database is away.
        """
        was_handed_out = self._patiently(hand_out)
        due = self._patiently(lambda: endpoints_due(self._lease, clock.now()))
        self._lanes = {known: lane for known, lane in self._lanes.items() if lane.is_alive()}
        begun = [one for one in due or () if one not in self._lanes and self._begin(one)]
        return None if due is None else bool(was_handed_out or begun)

    def _begin(self, endpoint_id: int) -> bool:
        lane = Thread(target=self._serve, args=(endpoint_id,), daemon=True)
        try:
            lane.start()
        except RuntimeError as error:  # there are too many threads
            log_failure(error)
            return False
        self._lanes[endpoint_id] = lane
        return True

    def end(self) -> None:
        """Wait for what was begun, and leave the endpoints to others."""
        self._wait()
        self._patiently(lambda: delivering.give_back(self._lease))

    def _wait(self) -> None:
        for lane in self._lanes.values():
            lane.join()

    def _serve(self, endpoint_id: int) -> None:
        self._patiently(
            lambda: delivering.serve(
                endpoint_id,
                lease=self._lease,
                loopback=self._loopback,
                must_stop=self._must_stop,
            )
        )

    def _patiently(self, deed: Callable[[], T]) -> T | None:
        with self._app.app_context():
            try:
                return deed()
            except Exception as error:
                db.session.rollback()
                if is_unavailable(error):
                    log.warning("database away", extra={"error": type(error).__name__})
                else:
                    log_failure(error)
                return None
