"""The courier: delivers webhooks in threads of its own beside the jobs of the worker, one for each
endpoint, so that none holds up another.
"""

import logging
from collections.abc import Callable
from threading import Event, Thread
from typing import TypeVar

from flask import Flask

from webapp.http.logs import log_failure
from webapp.kernel.database import db
from webapp.kernel.dialects import is_unavailable
from webapp.programs.webhooks import delivering

T = TypeVar("T")
log = logging.getLogger("gatebook.work")

LOOKS_EVERY, AWAY_SECONDS = 0.5, 5.0


class Courier:
    """Serves the endpoints of an application."""

    def __init__(self, app: Flask, must_stop: Callable[[], bool]) -> None:
        self._app, self._must_stop = app, must_stop
        self._loopback: bool = app.config["WEBHOOKS_TO_LOOPBACK"]
        self._lanes: dict[int, Thread] = {}

    def run(self, stopping: Event) -> None:
        """Serve whoever has something to be sent, until told to stop."""
        while not self._must_stop():
            pause = LOOKS_EVERY if self.look() is not None else AWAY_SECONDS
            stopping.wait(pause)
        self.wait()

    def serve_once(self) -> None:
        """Send what is due now."""
        while self.look() and not self._must_stop():
            self.wait()

    def look(self) -> int | None:
        """Begin to serve those endpoints that need it, and at which no thread is; how many these
        are; `None` if the database is away.
        """
        due = self._patiently(delivering.endpoints_with_work)
        self._lanes = {known: lane for known, lane in self._lanes.items() if lane.is_alive()}
        begun = [one for one in due or () if one not in self._lanes]
        for one in begun:
            self._lanes[one] = Thread(target=self._serve, args=(one,), daemon=True)
            self._lanes[one].start()
        return None if due is None else len(begun)

    def wait(self) -> None:
        for lane in self._lanes.values():
            lane.join()

    def _serve(self, endpoint_id: int) -> None:
        self._patiently(
            lambda: delivering.serve(
                endpoint_id, loopback=self._loopback, must_stop=self._must_stop
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
