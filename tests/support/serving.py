"""The worker's part with webhooks, done when a test says so."""

from webapp.kernel import clock
from webapp.programs.webhooks import delivering
from webapp.programs.webhooks.due import endpoints_due
from webapp.programs.webhooks.handing_out import hand_out

LEASE = "of the test"


def serve(only: int | None = None) -> None:
    """Hand out what has happened, and send what is due now; to one endpoint or to all."""
    while hand_out():
        pass
    for one in endpoints_due(LEASE, clock.now()):
        if only in (None, one):
            delivering.serve(one, lease=LEASE, loopback=True, must_stop=lambda: False)
