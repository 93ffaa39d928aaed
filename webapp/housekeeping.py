"""Hourly clean-up of expired idempotency records, ended sessions and full buckets,
triggered by whatever request comes next.
"""

from datetime import datetime, timedelta

from flask import Flask, Response

from webapp.kernel import clock
from webapp.kernel.database import write_if_free
from webapp.programs import idempotency
from webapp.staff import rate_limit, sessions
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
        idempotency.forget_old()
        rate_limit.forget_old()
        sessions.forget_ended(self._limits)
        return True


def init_housekeeping(app: Flask, limits: SessionLimits) -> None:
    app.after_request(Housekeeping(limits).after)
