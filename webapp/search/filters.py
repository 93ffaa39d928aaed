"""What a list asks for: a text, filters, an order and a page, read from a URL or a form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import partial
from typing import Any

from webapp.customers.numbering.countries import dial_codes, other_countries
from webapp.kernel import clock
from webapp.kernel.fields import parse_int, printable
from webapp.kernel.refusals import InvalidAddress
from webapp.kernel.submission import Submission
from webapp.search.query import Query, understand

ROWS_OFFERED = (25, 50, 100)
MAX_TEXT_LENGTH = 300
MAX_PAGE = 10**9


class Standing(StrEnum):
    """Which customers a list shows; those who wait for review are blacklisted too."""

    GOOD = "good"
    BLACKLISTED = "blacklisted"
    WAITING = "waiting"


class Sort(StrEnum):
    """The order of a list; `-` means descending: newest or last first."""

    NEWEST = "-created"
    OLDEST = "created"
    LAST_CHANGED = "-changed"
    FIRST_CHANGED = "changed"
    NAME = "name"
    NAME_REVERSED = "-name"

    @property
    def opposite(self) -> "Sort":
        return Sort(self.removeprefix("-") if self.startswith("-") else f"-{self}")


class Period(StrEnum):
    """Days that people ask for by name."""

    TODAY = "today"
    LAST_7_DAYS = "7-days"
    THIS_MONTH = "month"

    def days(self, today: date) -> tuple[date, date]:
        """Its first and last day."""
        first = {
            Period.TODAY: today,
            Period.LAST_7_DAYS: today - timedelta(days=6),
            Period.THIS_MONTH: today.replace(day=1),
        }
        return first[self], today


@dataclass(frozen=True, kw_only=True)
class CustomerFilter:
    """What a list shows.

    Attributes:
        text: What a person typed into the search box. Personal data: must never appear in a
            readable URL or a log.
        created_from: First day or moment of creation, inclusive; days are in the reader's zone.
        created_to: Last day or moment of creation, inclusive. With either bound, the list is sorted
            by creation.
        updated_from: First moment of the last change, inclusive; `updated_to` is the last.
        country: Only numbers of this country, which is not the main one of its dial code; an ISO
            3166-1 code such as `CA`.
        email: Only whoever has this address, in any spelling; `phone` and `reference` likewise.
        page: From 1.
        ranked: A search puts the best match first; if false, it is sorted by `sort`.
        survivors: The `seq` of customers into whom a record was merged that the text names.
    """

    text: str = ""
    standing: Standing | None = None
    dial_code: str | None = None
    country: str | None = None
    created_from: date | datetime | None = None
    created_to: date | datetime | None = None
    updated_from: date | datetime | None = None
    updated_to: date | datetime | None = None
    email: str | None = None
    phone: str | None = None
    reference: str | None = None
    sort: Sort = Sort.NEWEST
    rows: int = ROWS_OFFERED[0]
    page: int = 1
    ranked: bool = True
    survivors: tuple[int, ...] = ()

    @classmethod
    def read(cls, raw: Mapping[str, str], *, text: str = "") -> "CustomerFilter":
        """Read a list's parameters from a URL or a form; empty ones count as absent.

        Raises:
            Invalid: `invalid_query`, with every parameter that has no valid value.
        """
        readers: dict[str, Any] = {
            "standing": Standing,
            "dial_code": _country,
            "created_from": clock.read_day,
            "created_to": clock.read_day,
            "sort": Sort,
            "rows": _rows,
            "page": read_page,
        }
        values = read_each(readers, raw)
        values |= values.pop("dial_code", {})
        return cls(text=one_line(text), **values).normal()

    def normal(self) -> "CustomerFilter":
        """The same filter with its days in order, and with an order that its filters allow."""
        search = self
        if self.created_from and self.created_to and self.created_from > self.created_to:
            search = replace(search, created_from=self.created_to, created_to=self.created_from)
        if (self.created_from or self.created_to) and self.sort not in (Sort.NEWEST, Sort.OLDEST):
            search = replace(search, sort=Sort.NEWEST)
        return search

    @property
    def numbers_of(self) -> str | None:
        """The dial code or country as a URL has it."""
        return self.country or self.dial_code

    @property
    def names_one(self) -> bool:
        """Whether it filters by a column that few customers share, each with its own index."""
        return bool(
            self.email or self.phone or self.reference or self.updated_from or self.updated_to
        )

    @property
    def is_filtered(self) -> bool:
        return bool(
            self.text or self.standing or self.dial_code or self.created_from or self.created_to
        )

    @property
    def sorts_offered(self) -> tuple[Sort, ...]:
        """The orders to choose from: none for a search, which puts the best match first, and only
        those by creation with a range of days.
        """
        if self.text:
            return ()
        return (Sort.NEWEST, Sort.OLDEST) if self.created_from or self.created_to else tuple(Sort)

    @property
    def understood(self) -> Query:
        query = understand(self.text)
        return replace(query, survivors=self.survivors) if self.survivors else query


def read_each(
    readers: Mapping[str, Callable[[str], Any]], raw: Mapping[str, str]
) -> dict[str, Any]:
    """The parameters of a URL, each parsed by its own reader; empty ones count as absent.

    Raises:
        Invalid: `invalid_query`, with every parameter that has no valid value.
    """
    submission = Submission()
    for name, reader in readers.items():
        if raw.get(name):
            submission.read(name, partial(_read_one, reader), raw[name])
    submission.refuse_if_wrong(InvalidAddress)
    return submission.values


def _read_one(reader: Callable[[str], Any], text: str) -> Any:
    try:
        return reader(text)
    except (ValueError, OverflowError):
        raise ValueError("This is not one of the values it can have") from None


def one_line(text: str) -> str:
    """The search text on one line, without control characters: nothing in the book has any."""
    return " ".join(printable(text, instead=" ").split())[:MAX_TEXT_LENGTH]


def _country(text: str) -> dict[str, str]:
    """A dial code, or a country that shares one with a larger country."""
    if text in other_countries():
        return {"country": text, "dial_code": other_countries()[text].dial_code}
    if text not in dial_codes():
        raise ValueError(text)
    return {"dial_code": text}


def _rows(text: str) -> int:
    rows = parse_int(text)
    if rows not in ROWS_OFFERED:
        raise ValueError(text)
    return rows


def read_page(text: str) -> int:
    """The number of a page, from 1.

    Raises:
        ValueError: the text is not a page number.
    """
    page = parse_int(text, least=1, most=MAX_PAGE)
    if page is None:
        raise ValueError(text)
    return page


def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The moment at which a day begins in a zone."""
    if day.year in (date.min.year, date.max.year):
        zone = UTC  # converting the first or last year to another zone could overflow
    return datetime.combine(day, time(), zone)


def start_of_next_day(day: date, zone: tzinfo) -> datetime:
    """The moment at which a day has ended in a zone; `datetime.max` for the calendar's last."""
    return (
        start_of_day(day + timedelta(days=1), zone)
        if day < date.max
        else datetime.max.replace(tzinfo=UTC)
    )
