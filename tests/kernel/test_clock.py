"""Days and moments as people write them."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from webapp.kernel import clock

LAGOS = ZoneInfo("Africa/Lagos")
DAYS = ["2026-11-03", "3.11.2026", "03/11/2026", "3-11-2026", " 2026-11-03 "]


@pytest.mark.parametrize("text", DAYS)
def test_a_day_is_read_in_the_writings_of_people(text):
    assert clock.read_day(text) == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-03 08:30", datetime(2026, 11, 3, 7, 30, tzinfo=UTC)),
        ("2026-11-03T08:30", datetime(2026, 11, 3, 7, 30, tzinfo=UTC)),
        ("3.11.2026 08:30", datetime(2026, 11, 3, 7, 30, tzinfo=UTC)),
        ("03/11/2026", datetime(2026, 11, 2, 23, tzinfo=UTC)),
        ("2026-11-03T08:30Z", datetime(2026, 11, 3, 8, 30, tzinfo=UTC)),
        ("2026-11-03T08:30 02:00", datetime(2026, 11, 3, 6, 30, tzinfo=UTC)),
        (
            "2026-11-03T08:30+02:00",
            datetime(2026, 11, 3, 8, 30, tzinfo=timezone(timedelta(hours=2))),
        ),
    ],
)
def test_a_moment_is_read_in_the_zone_of_the_reader(text, moment):
    assert clock.read_moment(text, LAGOS) == moment


@pytest.mark.parametrize("text", ["", "soon", "31.2.2026", "2026-13-01", "11/2026", "1.1.26", "٣"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        clock.read_day(text)
    with pytest.raises(ValueError, match=r".*"):
        clock.read_moment(text, LAGOS)


@pytest.mark.parametrize(
    "text", ["1.1.1969 00:00", "31.12.1969", "0001-01-01", "9999-12-31T23:59-14:00"]
)
def test_what_cannot_be_stored_is_refused(text):
    with pytest.raises((ValueError, OverflowError)):
        clock.read_moment(text, LAGOS)
