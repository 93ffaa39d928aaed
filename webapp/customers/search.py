"""Lists and searches: the page of customers that answers what was asked for."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select

from webapp import clock
from webapp.customers.cases import Blacklisting
from webapp.customers.models import Customer
from webapp.customers.query import Query
from webapp.customers.record import missing
from webapp.customers.wanted import Search, Sort, Standing, start_of_day, start_of_next_day
from webapp.database import db
from webapp.person import typed_email_key

SEARCH_CAP = 1_000


@dataclass(frozen=True)
class Listed:
    """A customer as a list shows them.

    Attributes:
        waiting: Blacklisted, and waiting for review.
    """

    id: UUID
    reference: str
    first_name: str
    last_name: str
    email: str
    phone: str | None
    dial_code: str | None
    blacklisted: bool
    waiting: bool
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


def page_of(wanted: Search, zone: tzinfo = UTC, *, beyond_the_last: bool = False) -> Page:
    """The customers that a search asks for, in two statements whatever the number of rows.

    Args:
        zone: In which the days of `wanted` begin and end.
        beyond_the_last: Answer an empty page where there is none, instead of the last one.
    """
    conditions = [*_filters(wanted, zone), *_matches(wanted.understood)]
    searching = bool(wanted.understood.terms)
    total = _count(conditions, capped=searching)
    capped = searching and total > SEARCH_CAP
    page = Page((), wanted.page, wanted.rows, min(total, SEARCH_CAP) if capped else total, capped)
    if not beyond_the_last:
        page = replace(page, number=min(wanted.page, page.count))
    elif page.first_row > page.total:
        return page
    query = _listed(*conditions).order_by(*_order(wanted))
    left = page.total - page.first_row + 1
    rows = db.session.execute(query.offset(page.first_row - 1).limit(max(0, min(wanted.rows, left))))
    return replace(page, rows=tuple(Listed(**row._asdict()) for row in rows))


def listed(customer_id: UUID) -> Listed:
    """One customer as a list shows them.

    Raises:
        NotFound: `customer_not_found`.
    """
    row = db.session.execute(_listed(Customer.id == customer_id)).one_or_none()
    if row is None:
        raise missing(customer_id)
    return Listed(**row._asdict())


def only_match(wanted: Search, zone: tzinfo = UTC) -> UUID | None:
    """The id of the single customer that matches; `None` for none or several."""
    conditions = [*_filters(wanted, zone), *_matches(wanted.understood)]
    ids = db.session.scalars(select(Customer.id).where(*conditions).limit(2)).all()
    return ids[0] if len(ids) == 1 else None


def _listed(*conditions: ColumnElement[bool]) -> Select[Any]:
    is_its_case = Blacklisting.customer_seq == Customer.seq
    shown: tuple[Any, ...] = (
        Customer.id,
        Customer.reference,
        Customer.first_name,
        Customer.last_name,
        Customer.email,
        Customer.phone,
        Customer.dial_code,
        Customer.blacklisted,
        exists().where(is_its_case, Blacklisting.waiting(clock.now())).label("waiting"),
        Customer.created_at,
        Customer.updated_at,
    )
    return select(*shown).where(*conditions)


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
        filters.append(Customer.blacklisted.is_(wanted.standing is not Standing.GOOD))
    if wanted.standing is Standing.WAITING:
        waiting = select(Blacklisting.customer_seq).where(Blacklisting.waiting(clock.now()))
        filters.append(Customer.seq.in_(waiting))
    if wanted.dial_code:
        filters.append(Customer.dial_code == wanted.dial_code)
    if wanted.email:
        filters.append(Customer.email_key == typed_email_key(wanted.email))
    return filters + _created(wanted.created_from, wanted.created_to, zone)


def _created(first: date | None, last: date | None, zone: tzinfo) -> list[ColumnElement[bool]]:
    filters: list[ColumnElement[bool]] = []
    if isinstance(first, datetime):
        filters.append(Customer.created_at >= first)
    elif first:
        filters.append(Customer.created_at >= start_of_day(first, zone))
    if isinstance(last, datetime):
        filters.append(Customer.created_at <= last)
    elif last:
        filters.append(Customer.created_at < start_of_next_day(last, zone))
    return filters


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
    if not query.terms or not wanted.ranked:
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
