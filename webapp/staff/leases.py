"""Limits on how much somebody may do in a given time, kept in the database; each worker leases a
part in advance.

The limit holds for all workers together. Most calls write nothing, and refused ones never do: the
worker remembers until when the limit is exhausted. Nobody waits for a lease while others hold the
book: such calls are answered, and counted later.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from webapp.kernel import clock
from webapp.kernel.database import write_if_free
from webapp.staff import rate_limit
from webapp.staff.rate_limit import Bucket

LEASE_LASTS = timedelta(seconds=10)
NEAR_THE_END = 4
MAX_REMEMBERED = 10_000


@dataclass(frozen=True)
class Standing:
    """The state of somebody's limit after a call.

    Attributes:
        size: The limit.
        left: How many are left, as far as this worker knows.
        wait: Whole seconds until the next call is answered; 0 if this one is.
    """

    size: int
    left: int
    wait: int


@dataclass
class Lease:
    """What this worker may answer without asking the database again.

    Attributes:
        debt: Calls answered without a lease, because others held the book.
        empty_until: Until when nothing more can be leased.
    """

    lock: Lock = field(default_factory=Lock)
    calls: int = 0
    debt: int = 0
    left_elsewhere: int = 0
    until: datetime = clock.EPOCH
    empty_until: datetime = clock.EPOCH


class Leases:
    """Everybody's limits, as one worker sees them."""

    def __init__(self, bucket: Bucket, lease_size: int) -> None:
        self.bucket, self.lease_size = bucket, max(1, lease_size)
        self._leases: dict[str, Lease] = {}
        self._lock = Lock()
        self._swept_at = clock.EPOCH

    def take(self, who: str, many: int = 1) -> Standing:
        """Take one call, or several at once."""
        with self._lock:
            if len(self._leases) >= MAX_REMEMBERED and clock.now() >= self._swept_at + LEASE_LASTS:
                self._forget_over(clock.now())
            lease = self._leases.setdefault(who, Lease())
        with lease.lock:
            now = clock.now()
            if lease.empty_until > now:
                return self._standing(lease, -(-(lease.empty_until - now) // timedelta(seconds=1)))
            if lease.until <= now:
                lease.calls = 0
            if lease.calls < many:
                wait = self._lease_more(who, lease, many, now)
                if wait:
                    lease.empty_until = now + timedelta(seconds=wait)
                    return self._standing(lease, wait)
            lease.calls -= many
            return self._standing(lease, 0)

    def _forget_over(self, now: datetime) -> None:
        """Forget whoever has neither a lease nor a limit to wait for, and what they may owe:
        strangers come from any number of addresses.
        """
        self._swept_at = now
        self._leases = {
            who: lease
            for who, lease in self._leases.items()
            if max(lease.until, lease.empty_until) > now
        }

    def _standing(self, lease: Lease, wait: int) -> Standing:
        return Standing(self.bucket.size, 0 if wait else lease.calls + lease.left_elsewhere, wait)

    def _lease_more(self, who: str, lease: Lease, many: int, now: datetime) -> int:
        """Lease what is needed and some more; near the end of the limit only what is needed, since
        another worker may need the rest.
        """
        is_near_the_end = (
            lease.left_elsewhere <= NEAR_THE_END * self.lease_size and lease.until > clock.EPOCH
        )
        needed = many - lease.calls + lease.debt
        amount = needed if is_near_the_end else max(needed, self.lease_size)
        answer = write_if_free(lambda: self._take(who, amount, needed))
        if answer is None:
            lease.debt += many - lease.calls
            lease.calls, lease.until = many, now + LEASE_LASTS
            return 0
        taken, left, wait = answer
        if not wait:
            lease.calls += taken - lease.debt
            lease.debt, lease.left_elsewhere, lease.until = 0, left, now + LEASE_LASTS
        return wait

    def _take(self, who: str, amount: int, needed: int) -> tuple[int, int, int]:
        taken, wait = amount, rate_limit.take(self.bucket, who, many=amount)
        if wait and needed < amount:
            taken, wait = needed, rate_limit.take(self.bucket, who, many=needed)
        return taken, rate_limit.left(self.bucket, who), wait
