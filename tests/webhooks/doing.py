"""What happens to customers, for webhooks to tell."""

import time

from tests.support.cast import SOMEBODY, add
from webapp.customers import edit


def somebody(**details):
    """Somebody new; returns their id."""
    return add(**details).id


def change(customer_id, times=1):
    for _ in range(times):
        edit.change(customer_id, {"last_name": f"T{time.monotonic_ns()}"}, by=SOMEBODY)
