"""Limits of calls per key: held in the database, leased by each worker several at a time, so that few calls write."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from webapp import clock
from webapp.customers import answers
from webapp.database import writing
from webapp.staff import throttle
from webapp.staff.throttle import Bucket

LEASES_PER_MINUTE = 60
LEASE_LASTS = timedelta(seconds=10)


@dataclass(frozen=True)
class Standing:
    """How a key stands after a call.

    Attributes:
        size: Calls per minute.
        left: How many are left, as far as this worker knows.
        wait: Seconds until the next is answered; 0 when this one is.
    """

    size: int
    left: int
    wait: int


@dataclass
class Lease:
    """Calls that this worker may answer without asking the database again."""

    calls: int
    left_elsewhere: int
    until: datetime


class Limiter:
    """The limits of all keys, as one worker sees them. What it leased and did not use in time is lost to the key."""

    def __init__(self, calls_per_minute: int) -> None:
        self.bucket = Bucket("api calls", size=calls_per_minute, refill_seconds=60 / calls_per_minute)
        self.lease_size = max(1, calls_per_minute // LEASES_PER_MINUTE)
        self._leases: dict[int, Lease] = {}
        self._lock = Lock()

    def take(self, key_id: int) -> Standing:
        """Take one call of a key."""
        with self._lock:
            lease = self._leases.get(key_id)
            if lease and lease.calls > 0 and lease.until > clock.now():
                lease.calls -= 1
                return Standing(self.bucket.size, lease.calls + lease.left_elsewhere, 0)
        return self._lease_and_take(key_id)

    def _lease_and_take(self, key_id: int) -> Standing:
        with writing():
            answers.forget_old()
            calls = self.lease_size
            wait = throttle.take(self.bucket, str(key_id), many=calls)
            if wait and calls > 1:
                calls, wait = 1, throttle.take(self.bucket, str(key_id))
            left = throttle.left(self.bucket, str(key_id))
        if wait:
            return Standing(self.bucket.size, 0, wait)
        with self._lock:
            self._leases[key_id] = Lease(calls - 1, left, clock.now() + LEASE_LASTS)
        return Standing(self.bucket.size, calls - 1 + left, 0)
