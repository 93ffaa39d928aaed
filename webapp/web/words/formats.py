"""Numbers, spans, dates and plurals formatted for people
by Babel (CLDR), so that languages can follow.
"""

from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_decimal
from babel.units import format_unit
from flask import current_app, g

from webapp.kernel import clock

LOCALE = Locale("en")
# Babel takes 50 µs for each, and a list repeats the same ones many times.
KEPT = 4_096
MINUTE, HOUR, DAY = 60, 3_600, 86_400
UNITS = ((DAY, "duration-day"), (HOUR, "duration-hour"), (MINUTE, "duration-minute"))
# Said of twice as long, and longer.
LONG_UNITS = ((365 * DAY, "duration-year"), (30 * DAY, "duration-month"))


def reader_zone() -> tzinfo:
    """The zone in which the present reader sees times."""
    visitor = g.get("visitor")
    default: tzinfo = current_app.config["DEFAULT_ZONE"]
    return ZoneInfo(visitor.time_zone) if visitor and visitor.time_zone else default


def reading_at() -> datetime:
    """The moment that the present page shows: now, unless it shows a past state."""
    moment: datetime = g.get("reading_at") or clock.now()
    return moment


def moment(at: datetime) -> str:
    """`21 Nov 2026, 16:20` in the reader's zone."""
    return full_moment(at.astimezone(reader_zone()))


def full_moment(at: datetime) -> str:
    """`21 Nov 2026, 16:20` in the moment's own zone."""
    return f"{full_day(at.date())}, {_time(at)}"


def _time(at: datetime) -> str:
    return _clock_time(time(at.hour, at.minute))


@cache
def _clock_time(at: time) -> str:
    return format_time(at, "HH:mm", locale=LOCALE)


@lru_cache(KEPT)
def full_day(day: date) -> str:
    """`21 Nov 2026`."""
    return format_date(day, "d MMM y", locale=LOCALE)


@lru_cache(KEPT)
def day(day: date) -> str:
    """`21 Nov`."""
    return format_date(day, "d MMM", locale=LOCALE)


def birthday(text: str | None) -> str:
    """`31 Dec 1985`; empty if there is none."""
    return full_day(date.fromisoformat(text)) if text else ""


def input_moment(at: datetime) -> str:
    """As people type a moment into a field, in the reader's zone: `2026-11-27 08:00`."""
    return at.astimezone(reader_zone()).strftime("%Y-%m-%d %H:%M")


def time_and_weekday(at: datetime) -> str:
    """`16:20, Saturday` in the moment's own zone."""
    return format_datetime(at, "HH:mm, EEEE", tzinfo=at.tzinfo, locale=LOCALE)


def written_moment(text: str) -> str:
    """A moment stored in the history as text (ISO 8601), formatted by `moment`."""
    return moment(datetime.fromisoformat(text))


class Ago:
    """Words the times of a list: `2 min ago`, `3 hr ago`, `Yesterday 17:42`, `20 Nov`,
    `20 Nov 2024`, all as of one moment.
    """

    def __init__(self) -> None:
        self._now, self._zone = clock.now(), reader_zone()
        self._today = self._now.astimezone(self._zone).date()

    def text(self, at: datetime) -> str:
        passed, local = self._now - at, at.astimezone(self._zone)
        if passed < timedelta(seconds=MINUTE):
            return "Just now"
        that_day = local.date()
        if passed < timedelta(hours=1) or (passed.days < 1 and that_day == self._today):
            return _short(passed)
        if (self._today - that_day).days == 1:
            return f"Yesterday {_time(local)}"
        return day(that_day) if that_day.year == self._today.year else full_day(that_day)


def ago(at: datetime) -> str:
    """One time of a list, as `Ago` words it."""
    return Ago().text(at)


def ago_inside(at: datetime) -> str:
    """The same in the middle of a sentence: `yesterday 17:42`."""
    text = ago(at)
    return text[:1].lower() + text[1:]


def _short(passed: timedelta) -> str:
    minutes = int(passed.total_seconds() // MINUTE)
    return _short_span(minutes if minutes < HOUR // MINUTE else minutes // 60 * 60)


@cache
def _short_span(minutes: int) -> str:
    passed = -timedelta(minutes=minutes)
    span = format_timedelta(passed, add_direction=True, format="short", threshold=1, locale=LOCALE)
    return span.replace(".", "")


def span_since(at: datetime) -> str:
    """How long something has lasted: `5 minutes`, `3 hours`, `12 days`, `13 months`, `4 years`."""
    seconds = max(0, int((reading_at() - at).total_seconds()))
    for size, unit in LONG_UNITS:
        if seconds >= 2 * size:
            return _span(seconds // size, unit)
    size, unit = _unit(seconds)
    return _span(seconds // size, unit)


def long_span(span: timedelta) -> str:
    """A span in its largest unit: `45 minutes`, `3.5 hours`, `12.1 days`."""
    size, unit = _unit(span.total_seconds())
    return _span(round(span.total_seconds() / size, 1), unit)


@lru_cache(KEPT)
def _span(count: float, unit: str) -> str:
    return format_unit(count, unit, locale=LOCALE)


def _unit(seconds: float) -> tuple[int, str]:
    return next((unit for unit in UNITS if seconds >= unit[0]), UNITS[-1])


@lru_cache(KEPT)
def number(value: float) -> str:
    """`1,234`."""
    return format_decimal(value, locale=LOCALE)


def per_cent(share: float) -> str:
    """`12.5 %`; two significant digits below 1 %, so that a small share is not shown as 0."""
    form = "@@" if 0 < share < 0.01 else "#,##0.#"
    return f"{format_decimal(share * 100, form, locale=LOCALE)} %"


def counted(count: int, one: str, other: str, *, or_more: bool = False) -> str:
    """`1 case`, `1,234 cases`, `1,000+ cases`, by the plural rules of the language."""
    form = one if LOCALE.plural_form(count) == "one" else other
    return f"{number(count)}{'+' if or_more else ''} {form}"
