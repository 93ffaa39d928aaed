"""What has run out goes: kept answers, sessions that are over,
full buckets; once an hour, whatever people call.
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
    """Tidies up behind a request, in each process for itself,
    and leaves it for later while others write.
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
