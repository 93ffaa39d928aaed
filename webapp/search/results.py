"""Lists and searches: the page of customers that match a filter."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from uuid import UUID

from sqlalchemy import bindparam, select

from webapp.customers.changes import missing
from webapp.customers.models import Customer
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.kernel.fields import full_name
from webapp.search.filters import CustomerFilter
from webapp.search.plan import list_of

SEARCH_CAP = 1_000


@dataclass(frozen=True)
class ListRow:
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
    blacklisted: bool
    waiting: bool
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
    return replace(page, rows=_rows(listing.seqs(page.first_row - 1, most) if most > 0 else []))


def listed(customer_id: UUID) -> ListRow:
    """One customer as a list shows them.

    Raises:
        NotFound: `customer_not_found`.
    """
    seq = db.session.scalar(select(Customer.seq).where(Customer.id == customer_id))
    rows = _rows([seq] if seq else [])
    if not rows:
        raise missing(customer_id)
    return rows[0]


def only_match(filters: CustomerFilter, zone: tzinfo = UTC) -> UUID | None:
    """The id of the single customer that matches; `None` for none or several."""
    page = page_of(filters, zone)
    return page.rows[0].id if page.total == 1 and page.rows else None


def _rows(seqs: list[int]) -> tuple[ListRow, ...]:
    """Customers in the order of these numbers."""
    rows = db.session.execute(_ROWS, {"seqs": seqs, "now": clock.now()})
    by_seq = {seq: ListRow(*values) for seq, *values in rows}
    return tuple(by_seq[seq] for seq in seqs if seq in by_seq)


# Built once: building the statement takes longer than running it.
_ROWS = select(
    Customer.seq,
    Customer.id,
    Customer.reference,
    Customer.first_name,
    Customer.last_name,
    Customer.email,
    Customer.phone,
    Customer.dial_code,
    Customer.blacklisted,
    (Customer.waits_from.is_not(None) & (Customer.waits_from <= bindparam("now"))).label("waiting"),
    Customer.created_at,
    Customer.updated_at,
).where(Customer.seq.in_(bindparam("seqs", expanding=True)))
