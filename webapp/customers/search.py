"""Search and lists: what was asked for, and the page of customers that answers it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select

from webapp.customers.countries import dial_codes
from webapp.customers.models import Customer
from webapp.customers.query import Query, understand
from webapp.database import db
from webapp.errors import Invalid
from webapp.person import showable

ROWS_OFFERED = (25, 50, 100)
LONGEST_TEXT = 300
SEARCH_CAP = 1_000
LARGEST_PAGE = 10**9


class Standing(StrEnum):
    GOOD = "good"
    BLACKLISTED = "blacklisted"


class Sort(StrEnum):
    """In which order a list stands; `-` is newest or last first."""

    NEWEST = "-created"
    OLDEST = "created"
    LAST_CHANGED = "-changed"
    FIRST_CHANGED = "changed"
    NAME = "name"
    NAME_REVERSED = "-name"


@dataclass(frozen=True, kw_only=True)
class Search:
    """What a list shows.

    Attributes:
        text: What a person typed into the search box. Personal data: never in a readable address or a log.
        created_from: First day, and
        created_to: last day of creation, both included, in the reader's zone. With either the order is by creation.
        page: From 1.
    """

    text: str = ""
    standing: Standing | None = None
    dial_code: str | None = None
    created_from: date | None = None
    created_to: date | None = None
    sort: Sort = Sort.NEWEST
    rows: int = ROWS_OFFERED[0]
    page: int = 1

    @classmethod
    def asked_for(cls, given: Mapping[str, str], *, text: str = "") -> "Search":
        """Read a list's parameters as they stand in an address or a form; empty ones count as absent.

        Raises:
            Invalid: `invalid_query`, with each parameter that means nothing.
        """
        readers: dict[str, Any] = {
            "standing": Standing,
            "dial_code": _dial_code,
            "created_from": date.fromisoformat,
            "created_to": date.fromisoformat,
            "sort": Sort,
            "rows": _rows,
            "page": _page,
        }
        values, problems = {}, {}
        for name, reader in readers.items():
            try:
                if given.get(name):
                    values[name] = reader(given[name])
            except ValueError:
                problems[name] = ["This is not one of the values it can have"]
        if problems:
            raise Invalid("invalid_query", "This address has a part that means nothing", problems)
        return cls(text=_cut(text), **values).normal()

    def normal(self) -> "Search":
        """The same search with its days in order, sorted in a way that it can be."""
        search = self
        if self.created_from and self.created_to and self.created_from > self.created_to:
            search = replace(search, created_from=self.created_to, created_to=self.created_from)
        if (self.created_from or self.created_to) and self.sort not in (Sort.NEWEST, Sort.OLDEST):
            search = replace(search, sort=Sort.NEWEST)
        return search

    @property
    def is_filtered(self) -> bool:
        return bool(self.text or self.standing or self.dial_code or self.created_from or self.created_to)

    @property
    def sorts_offered(self) -> tuple[Sort, ...]:
        """With a text the best match stands first; with a range of days the order is that of creation."""
        if self.text:
            return ()
        return (Sort.NEWEST, Sort.OLDEST) if self.created_from or self.created_to else tuple(Sort)

    @property
    def understood(self) -> Query:
        return understand(self.text)


def _cut(text: str) -> str:
    """What is sought, in one line: control characters are no part of anything in the book."""
    return " ".join(showable(text, instead=" ").split())[:LONGEST_TEXT]


def _dial_code(text: str) -> str:
    if text not in dial_codes():
        raise ValueError(text)
    return text


def _rows(text: str) -> int:
    rows = int(text) if text.isascii() and text.isdigit() else 0
    if rows not in ROWS_OFFERED:
        raise ValueError(text)
    return rows


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_PAGE)) and int(text) > 0):
        raise ValueError(text)
    return min(int(text), LARGEST_PAGE)


@dataclass(frozen=True)
class Listed:
    """A customer as a list shows them."""

    id: UUID
    reference: str
    first_name: str
    last_name: str
    email: str
    phone: str | None
    dial_code: str | None
    blacklisted: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Page:
    """One page of a list.

    Attributes:
        number: The page that is shown: the last one, where a later one was asked for.
        total: How many customers match, exactly, or `SEARCH_CAP` when `capped`.
    """

    rows: tuple[Listed, ...]
    number: int
    rows_per_page: int
    total: int
    capped: bool = False

    @property
    def count(self) -> int:
        return max(1, -(-self.total // self.rows_per_page))

    @property
    def first_row(self) -> int:
        return (self.number - 1) * self.rows_per_page + 1

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.rows) - 1


def page_of(wanted: Search, zone: tzinfo = UTC) -> Page:
    """The customers that a search asks for, in two statements whatever the number of rows.

    Args:
        zone: In which the days of `wanted` begin and end.
    """
    conditions = [*_filters(wanted, zone), *_matches(wanted.understood)]
    total = _count(conditions, capped=bool(wanted.text))
    capped = bool(wanted.text) and total > SEARCH_CAP
    page = Page((), wanted.page, wanted.rows, min(total, SEARCH_CAP) if capped else total, capped)
    page = replace(page, number=min(wanted.page, page.count))
    query = select(*_LISTED).where(*conditions).order_by(*_order(wanted))
    rows = db.session.execute(query.offset(page.first_row - 1).limit(wanted.rows))
    return replace(page, rows=tuple(Listed(**row._asdict()) for row in rows))


def only_match(wanted: Search, zone: tzinfo = UTC) -> UUID | None:
    """The id of the single customer that matches; `None` for none or several."""
    conditions = [*_filters(wanted, zone), *_matches(wanted.understood)]
    ids = db.session.scalars(select(Customer.id).where(*conditions).limit(2)).all()
    return ids[0] if len(ids) == 1 else None


_LISTED = (
    Customer.id,
    Customer.reference,
    Customer.first_name,
    Customer.last_name,
    Customer.email,
    Customer.phone,
    Customer.dial_code,
    Customer.blacklisted,
    Customer.created_at,
    Customer.updated_at,
)
_ORDERS: dict[Sort, tuple[Any, ...]] = {
    Sort.NEWEST: (Customer.created_at.desc(), Customer.seq.desc()),
    Sort.OLDEST: (Customer.created_at, Customer.seq),
    Sort.LAST_CHANGED: (Customer.updated_at.desc(), Customer.seq.desc()),
    Sort.FIRST_CHANGED: (Customer.updated_at, Customer.seq),
    Sort.NAME: (Customer.name_key, Customer.seq),
    Sort.NAME_REVERSED: (Customer.name_key.desc(), Customer.seq.desc()),
}


def _filters(wanted: Search, zone: tzinfo) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if wanted.standing:
        filters.append(Customer.blacklisted.is_(wanted.standing is Standing.BLACKLISTED))
    if wanted.dial_code:
        filters.append(Customer.dial_code == wanted.dial_code)
    if wanted.created_from:
        filters.append(Customer.created_at >= _start_of(wanted.created_from, zone))
    if wanted.created_to and wanted.created_to < date.max:
        filters.append(Customer.created_at < _start_of(wanted.created_to + timedelta(days=1), zone))
    return filters


def _start_of(day: date, zone: tzinfo) -> datetime:
    if day.year in (date.min.year, date.max.year):
        zone = UTC  # a day at the end of the calendar cannot be moved to another zone
    return datetime.combine(day, time(), zone)


def _matches(query: Query) -> list[ColumnElement[bool]]:
    if not query.terms:
        return []
    return [or_(and_(*(_found(term) for term in query.terms)), *_handles(query))]


def _found(term: tuple[str, ...], *, before: str = "") -> ColumnElement[bool]:
    """Whether any spelling of a term is found; after a space, where only the beginnings of words count."""
    return or_(*(Customer.search.contains(before + part, autoescape=True) for part in term))


def _handles(query: Query) -> list[ColumnElement[bool]]:
    """Reference and id are found by their beginning only."""
    handles: list[ColumnElement[bool]] = []
    if query.reference:
        column = func.lower(Customer.reference)
        handles.append((column >= query.reference) & (column < query.reference + "\x7f"))
    if query.id_range:
        handles.append(Customer.id.between(*query.id_range))
    return handles


def _order(wanted: Search) -> tuple[Any, ...]:
    query = wanted.understood
    if not query.terms:
        return _ORDERS[wanted.sort]
    exact = or_(
        Customer.email_key == query.folded,
        func.lower(Customer.reference) == query.folded,
        Customer.name_key.in_(query.name_keys),
        *(Customer.phone == "+" + digits for digits in query.digits),
    )
    starts = [_found(term, before=" ") for term in query.terms]
    ends = [Customer.phone.endswith(digits, autoescape=True) for digits in query.digits]
    rank = case((exact, 0), (or_(and_(*starts), *ends, *_handles(query)), 1), else_=2)
    return (rank, Customer.seq.desc())


def _count(conditions: list[ColumnElement[bool]], *, capped: bool) -> int:
    if not capped:
        return db.session.scalar(select(func.count()).select_from(Customer).where(*conditions)) or 0
    some: Select[Any] = select(literal(1)).select_from(Customer).where(*conditions).limit(SEARCH_CAP + 1)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0
