"""The only module that reads the clock, so that tests can replace it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta, tzinfo
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


def from_iso(text: str | None) -> datetime | None:
    """The moment of a text as `in_iso` writes it, if there is one."""
    return datetime.fromisoformat(text) if text else None


# Later moments have no local time in some zones.
LATEST = datetime(9999, 12, 1, tzinfo=UTC)


def read_day(text: str) -> date:
    """A day as `2026-11-27`, or as people write it: `27.11.2026`, `27/11/2026`.

    Raises:
        ValueError: the text is not a day.
    """
    return date.fromisoformat(_with_iso_day(text.strip()))


def as_iso_day(text: str) -> str:
    """A day in ISO 8601, as people write it or with a time of day; other text stays as it is."""
    day, _, _ = text.strip().partition("T")
    try:
        return read_day(day).isoformat()
    except ValueError:
        return text


def read_moment(text: str, zone: tzinfo) -> datetime:
    """A moment in ISO 8601, or a day and a time as people write them, in UTC; without an offset,
    `zone` applies.

    Raises:
        ValueError: the text is not a moment, or is out of the range that can be stored.
    """
    written = _with_iso_day(text.strip())
    # In an address, a plus that was not escaped is a space.
    moment = datetime.fromisoformat(written.replace(" ", "+") if "T" in written else written)
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    if not EPOCH <= moment < LATEST:
        raise ValueError(text)
    return moment


def _with_iso_day(text: str) -> str:
    return re.sub(
        r"\A(\d{1,2})[./-](\d{1,2})[./-](\d{4})",
        lambda day: f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}",
        text,
        flags=re.ASCII,
    )


def from_milliseconds(milliseconds: int) -> datetime:
    return EPOCH + milliseconds * MILLISECOND


@cache
def time_zones() -> frozenset[str]:
    """The names of all IANA time zones, read once: reading them takes 20 ms."""
    return frozenset(available_timezones())
