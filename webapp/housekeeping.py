"""The duties of the worker; and the hourly clean-up by whatever request comes next, because there
need not be a worker.
"""

from datetime import datetime, timedelta

from flask import Flask, Response

from webapp import duties
from webapp.kernel import clock
from webapp.kernel.database import write_if_free
from webapp.settings import Settings
from webapp.staff.sessions import SessionLimits

EVERY = timedelta(hours=1)


class Housekeeping:
    """Tidies up after a response, in each process separately;
    postponed while somebody else is writing.
    """

    def __init__(self, limits: SessionLimits) -> None:
        self._limits, self._last = limits, clock.now()

    def after(self, response: Response) -> Response:
        now: datetime = clock.now()
        if abs(now - self._last) >= EVERY and write_if_free(self._tidy):
            self._last = now
        return response

    def _tidy(self) -> bool:
        duties.tidy_up(self._limits)
        return True


def init_housekeeping(app: Flask, settings: Settings, limits: SessionLimits) -> None:
    app.extensions["duties"] = duties.duties_of(settings, limits)
    app.after_request(Housekeeping(limits).after)
