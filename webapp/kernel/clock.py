"""The one place that asks what time it is, so that a test can answer."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def now() -> datetime:
    """The present moment in UTC, cut to whole milliseconds:
    the precision of everything Gatebook stores.
    """
    return from_milliseconds(to_milliseconds(datetime.now(UTC)))


def to_milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970-01-01T00:00Z; `moment` must know its time zone."""
    return (moment - EPOCH) // MILLISECOND


def in_iso(moment: datetime) -> str:
    """Such as `2026-11-05T12:34:56.000Z` (ISO 8601)."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_milliseconds(milliseconds: int) -> datetime:
    return EPOCH + milliseconds * MILLISECOND
