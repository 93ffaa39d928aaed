"""Lists and searches: the page of customers that match a filter."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import NamedTuple, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, bindparam, func, select, union_all

from webapp.customers.cases import CASE
from webapp.customers.changes import missing
from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.database import Sequence, db
from webapp.kernel.fields import full_name
from webapp.kernel.prepared import Prepared
from webapp.search.conditions import restrictions
from webapp.search.filters import CustomerFilter, Standing
from webapp.search.plan import list_of
from webapp.search.timeout import Deadline

SEARCH_CAP = 1_000
_customer = cast(Table, Customer.__table__).c


class ListRow(NamedTuple):
    """A customer as a list shows them.

    Attributes:
        waiting: Whether they are blacklisted and wait for review.
    """

    id: UUID
    reference: str
    first_name: str
    last_name: str
    email: str
    phone: str | None
    dial_code: str | None
    birthday: str | None
    blacklisted: bool
    waiting: bool
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def full_name(self) -> str:
        return full_name(self.first_name, self.last_name, self.email)


@dataclass(frozen=True)
class Page:
    """One page of a list.

    Attributes:
        number: The page shown: the last one if a later one was asked for.
        total: How many customers match: exact, or `SEARCH_CAP` when `capped`.
    """

    rows: tuple[ListRow, ...]
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


def page_of(filters: CustomerFilter, zone: tzinfo = UTC, *, beyond_the_last: bool = False) -> Page:
    """One page of the customers that match, in a few statements whatever the number of rows.

    Args:
        zone: The time zone of the days in `filters`.
        beyond_the_last: Return an empty page for a number that is too high, not the last page.

    Raises:
        SearchTooWide: too little was typed to find it in time.
    """
    listing = list_of(filters, zone, cap=SEARCH_CAP)
    capped = bool(filters.understood.terms) and listing.total > SEARCH_CAP
    page = Page(
        (),
        filters.page,
        filters.rows,
        min(listing.total, SEARCH_CAP) if capped else listing.total,
        capped,
    )
    if not beyond_the_last:
        page = replace(page, number=min(filters.page, page.count))
    elif page.first_row > page.total:
        return page
    most = min(filters.rows, page.total - page.first_row + 1)
    return replace(page, rows=rows_of(listing.seqs(page.first_row - 1, most) if most > 0 else []))


@dataclass(frozen=True)
class Stretch:
    """Some customers in the order in which they were added.

    Attributes:
        last: The last number that was looked at: the next stretch begins after it.
        has_more: Whether others come after them.
    """

    rows: tuple[ListRow, ...]
    last: int
    has_more: bool


def stretch_after(filters: CustomerFilter, seq: int, most: int) -> Stretch:
    """The customers who were added after one, by a key and not by their place: whoever is in the
    book all the while is met exactly once, whatever is added, changed or deleted meanwhile.

    Args:
        filters: Only their standing and the time of their last change count.

    Raises:
        SearchTooWide: too many were changed in that time.
    """
    with Deadline().kept():
        seqs = list(db.session.scalars(_by_key(filters, seq).limit(most + 1)))
    rows = rows_of(seqs[:most])
    return Stretch(rows, seqs[:most][-1] if seqs else seq, len(seqs) > most)


def _by_key(filters: CustomerFilter, seq: int) -> Select[int]:
    """By the key of customers, or of open cases, so that nothing must be sorted; but those who were
    changed in a time are few.
    """
    is_timed = filters.updated_from or filters.updated_to
    if filters.standing is Standing.BLACKLISTED and not is_timed:
        of_case = CASE.c.customer_seq
        query = select(of_case).where(of_case > seq, CASE.c.closed_at.is_(None))
        return query.order_by(of_case)
    query = select(Customer.seq).where(Customer.seq > seq, *restrictions(filters, UTC))
    way = query if is_timed else query.with_hint(Customer, "NOT INDEXED", "sqlite")
    return way.order_by(Customer.seq)


def count_of(filters: CustomerFilter, zone: tzinfo = UTC) -> int:
    """How many customers match filters without a text."""
    return list_of(filters, zone, cap=SEARCH_CAP).total


def countries_in_use() -> set[str]:
    """The dial codes that some customer has, and the countries that share theirs with a larger one;
    from one look-up in an index for each.
    """
    return {row.code for row in _COUNTRIES.all(db.session.connection())}


def _each(column: ColumnElement[str | None], name: str) -> Select[str | None]:
    """The different values of an indexed column: each is the least after the one before it."""
    least = func.min(column)
    values = select(least.label("code")).where(column.is_not(None)).cte(name, recursive=True)
    following = select(least).where(column > values.c.code).scalar_subquery()
    values = values.union_all(select(following).where(values.c.code.is_not(None)))
    return select(values.c.code).where(values.c.code.is_not(None))


_COUNTRIES = Prepared(
    union_all(_each(_customer.dial_code, "dial_codes"), _each(_customer.other_country, "others"))
)


def listed(customer_id: UUID) -> ListRow:
    """One customer as a list shows them.

    Raises:
        NotFound: `customer_not_found`.
    """
    seq = db.session.scalar(select(Customer.seq).where(Customer.id == customer_id))
    rows = rows_of([seq] if seq else [])
    if not rows:
        raise missing(customer_id)
    return rows[0]


def only_match(filters: CustomerFilter, zone: tzinfo = UTC) -> UUID | None:
    """The id of the single customer that matches; `None` for none or several."""
    page = page_of(filters, zone)
    return page.rows[0].id if page.total == 1 and page.rows else None


def rows_of(seqs: list[int]) -> tuple[ListRow, ...]:
    """Customers in the order of these numbers."""
    if not seqs:
        return ()
    places = {f"seq_{place}": seq for place, seq in enumerate(seqs)}
    rows = _rows_at(len(seqs)).all(db.session.connection(), now=clock.now(), **places)
    by_seq = {seq: ListRow(*values) for seq, *values in rows}
    return tuple(by_seq[seq] for seq in seqs if seq in by_seq)


@cache
def _rows_at(number: int) -> Prepared:
    """Reads so many customers by `seq_0`, `seq_1` and so on."""
    places = [bindparam(f"seq_{place}", type_=Sequence) for place in range(number)]
    return Prepared(_ROWS.where(_customer.seq.in_(places)))


_waits = _customer.waits_from.is_not(None) & (_customer.waits_from <= bindparam("now"))
_ROWS = select(
    _customer.seq,
    _customer.id,
    _customer.reference,
    _customer.first_name,
    _customer.last_name,
    _customer.email,
    _customer.phone,
    _customer.dial_code,
    _customer.birthday,
    _customer.blacklisted,
    _waits.label("waiting"),
    _customer.version,
    _customer.created_at,
    _customer.updated_at,
)
