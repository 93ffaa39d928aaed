"""The only module that reads the clock, so that tests can replace it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import available_timezones

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def now() -> datetime:
    """The current time in UTC, truncated to whole milliseconds, the precision of everything
    Gatebook stores.
    """
    return from_milliseconds(to_milliseconds(_stands_at.get() or datetime.now(UTC)))


_stands_at: ContextVar[datetime | None] = ContextVar("stands_at", default=None)


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at a moment: samples must have happened some time ago."""
    token = _stands_at.set(moment)
    try:
        yield
    finally:
        _stands_at.reset(token)


def to_milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970-01-01T00:00Z; `moment` must be timezone-aware."""
    return (moment - EPOCH) // MILLISECOND


def in_iso(moment: datetime) -> str:
    """ISO 8601, such as `2026-11-05T12:34:56.000Z`."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_milliseconds(milliseconds: int) -> datetime:
    return EPOCH + milliseconds * MILLISECOND


@cache
def time_zones() -> frozenset[str]:
    """The names of all IANA time zones, read once: reading them takes 20 ms."""
    return frozenset(available_timezones())
