"""Lists of cases: those that match a filter, and the blacklist as it stood at a given moment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, case, func, or_, select

from webapp.blacklist import case_counts
from webapp.blacklist.filters import NO_DIAL_CODE, CaseEvent, CaseFilter, Opener, Which
from webapp.blacklist.models import Blacklisting, Decision, Review, State
from webapp.blacklist.moves import holder, joined_at, moves_of
from webapp.customers.merged import MergedCustomer, as_customer
from webapp.customers.models import Customer, Tombstone
from webapp.kernel import clock
from webapp.kernel.database import db
from webapp.search.filters import start_of_day, start_of_next_day

ROWS = 50
# A review can be undone within ten minutes; an hour allows for a clock that was set back.
MAX_UNDONE_LENGTH = timedelta(hours=1)


@dataclass(frozen=True)
class CaseRow:
    """A case with its customer, or with their tombstone."""

    case: Blacklisting
    customer: Customer | None
    tombstone: Tombstone | None


@dataclass(frozen=True)
class CasePage:
    """One page of a list of cases; `total` is exact."""

    rows: Sequence[CaseRow]
    number: int
    total: int

    @property
    def count(self) -> int:
        return max(1, -(-self.total // ROWS))

    @property
    def first_row(self) -> int:
        return (self.number - 1) * ROWS + 1

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.rows) - 1


def page_of(filters: CaseFilter, zone: tzinfo = UTC) -> CasePage:
    """One page of the cases that match: waiting ones in queue order, all others newest first.

    A page number that is too high gives the last page.
    """
    empty = CasePage((), filters.page, count(filters, zone))
    number = min(filters.page, empty.count)
    seqs = _seqs(filters, zone, (number - 1) * ROWS)
    query = select(Blacklisting, Customer, Tombstone).where(Blacklisting.seq.in_(seqs))
    query = query.outerjoin(Customer, Customer.seq == Blacklisting.customer_seq)
    query = query.outerjoin(Tombstone, Tombstone.customer_seq == Blacklisting.customer_seq)
    rows: Mapping[int, CaseRow] = {row[0].seq: CaseRow(*row) for row in db.session.execute(query)}
    if filters.at:
        rows = _as_they_were_held(rows, filters.at)
    return replace(empty, rows=[rows[seq] for seq in seqs if seq in rows], number=number)


def _as_they_were_held(rows: Mapping[int, CaseRow], at: datetime) -> Mapping[int, CaseRow]:
    """The rows with the customer whose each case was at a moment: records are merged since."""
    moves = moves_of(list(rows))
    holders = {seq: holder(rows[seq].case, some, at) for seq, some in moves.items()}
    merged = select(MergedCustomer).where(MergedCustomer.seq.in_(holders.values()))
    living = select(Customer).where(Customer.seq.in_(holders.values()))
    by_seq = {one.seq: as_customer(one) for one in db.session.scalars(merged)} if moves else {}
    by_seq |= {one.seq: one for one in db.session.scalars(living)} if moves else {}
    return {
        seq: replace(row, customer=by_seq.get(holders[seq])) if seq in holders else row
        for seq, row in rows.items()
    }


def _seqs(filters: CaseFilter, zone: tzinfo, skipped: int) -> list[int]:
    """The `seq` of one page, sorted by index columns, so that only the page's rows are read."""
    if filters.which in (Which.WAITING, Which.OVERDUE):
        waiting = _matching(select(Blacklisting.seq), replace(filters, which=Which.WAITING), zone)
        if filters.which is Which.OVERDUE:
            waiting = waiting.where(is_overdue(clock.now()) == 1)
        return [row.seq for row in first_in_queue(waiting, ROWS, skipped)]
    newest = (Blacklisting.opened_at.desc(), Blacklisting.seq.desc())
    rows = (
        _matching(select(Blacklisting.seq), filters, zone)
        .order_by(*newest)
        .offset(skipped)
        .limit(ROWS)
    )
    return list(db.session.scalars(rows))


def first_in_queue(waiting: Any, most: int, skipped: int = 0) -> list[Any]:
    """The rows of a query for waiting cases: first overdue ones, then the others. Two queries,
    because the index gives the order of each part, but not of both together.
    """
    now, rows = clock.now(), list[Any]()
    for overdue in (1, 0):
        part = waiting.where(is_overdue(now) == overdue)
        oldest = (
            part.order_by(Blacklisting.opened_at, Blacklisting.seq)
            .offset(skipped)
            .limit(most - len(rows))
        )
        rows += db.session.execute(oldest).all()
        if len(rows) == most:
            break
        skipped = max(0, skipped - _number(part)) if skipped and not rows else 0
    return rows


def _number(query: Any) -> int:
    return db.session.scalar(query.with_only_columns(func.count())) or 0


def waiting_among(case_seqs: Sequence[int]) -> list[CaseRow]:
    """Those among some cases that wait for review, in queue order."""
    query = select(Blacklisting, Customer).join(Customer, Customer.seq == Blacklisting.customer_seq)
    waiting = query.where(Blacklisting.seq.in_(case_seqs), Blacklisting.waiting(clock.now()))
    return [
        CaseRow(case, customer, None) for case, customer in first_in_queue(waiting, len(case_seqs))
    ]


def count(filters: CaseFilter, zone: tzinfo = UTC) -> int:
    """How many cases match, exactly."""
    if filters.which in _TALLIED and replace(filters, page=1) == CaseFilter(which=filters.which):
        return _TALLIED[filters.which](clock.now())
    some = _matching(select(Blacklisting.seq), filters, zone)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


_TALLIED: Mapping[Which | None, Callable[[datetime], int]] = {
    Which.OPEN: lambda _: case_counts.number_open(),
    Which.WAITING: case_counts.number_waiting,
    Which.OVERDUE: case_counts.number_overdue,
}


def waiting_customers(now: datetime | BindParameter[datetime]) -> Select[Any]:
    """Customers whose open case waits for a manager at a moment."""
    waiting = select(Customer.seq).where(Customer.waits_from <= now)
    return waiting.with_hint(Customer, "INDEXED BY ix_customer_waits", "sqlite")


def opened_after(filters: CaseFilter, zone: tzinfo, seq: int, most: int) -> Sequence[CaseRow]:
    """The next cases that match, in the order of their opening."""
    query = select(Blacklisting, Customer, Tombstone).where(*conditions(filters, zone))
    query = query.outerjoin(Customer, Customer.seq == Blacklisting.customer_seq)
    query = query.outerjoin(Tombstone, Tombstone.customer_seq == Blacklisting.customer_seq)
    if filters.which is Which.OVERDUE:
        query = query.where(is_overdue(clock.now()) == 1)
    later = query.where(Blacklisting.seq > seq).order_by(Blacklisting.seq).limit(most)
    return [CaseRow(*row) for row in db.session.execute(later)]


def _matching(query: Any, filters: CaseFilter, zone: tzinfo) -> Any:
    """Filter a query of cases; the customer is joined only if a filter needs them."""
    if filters.dial_code:
        query = query.outerjoin(Customer, Customer.seq == Blacklisting.customer_seq)
    return along_the_queue(query.where(*conditions(filters, zone)), filters)


def along_the_queue(query: Any, filters: CaseFilter) -> Any:
    """Make SQLite read open cases from the covering index, which is in queue order."""
    if filters.which in (Which.OPEN, Which.WAITING):
        return query.with_hint(Blacklisting, "INDEXED BY ix_blacklisting_queue", "sqlite")
    return query


def conditions(filters: CaseFilter, zone: tzinfo) -> list[ColumnElement[bool]]:
    """The filters as conditions on `Blacklisting` and on `Customer`, if outer joined to it."""
    parts: list[ColumnElement[bool]] = []
    if filters.which:
        parts.append(_stands(filters.which, clock.now()))
    if filters.happened or filters.first or filters.last:
        parts.append(_in_time(filters, zone))
    if filters.reason:
        parts.append(Blacklisting.reason == filters.reason)
    if filters.opener:
        parts += opened_by(filters.opener)
    if filters.dial_code:
        code = None if filters.dial_code == NO_DIAL_CODE else filters.dial_code
        parts.append(Customer.dial_code.is_not_distinct_from(code) & Customer.seq.is_not(None))
    if filters.again:
        parts.append(Blacklisting.seq.in_(last_of_several()))
    if filters.at:
        parts.append(open_at(filters.at))
    return parts


def _stands(which: Which, now: datetime) -> ColumnElement[bool]:
    is_open = Blacklisting.closed_at.is_(None)
    match which:
        case Which.OPEN:
            return is_open
        case Which.WAITING:
            return Blacklisting.waiting(now)
        case Which.OVERDUE:
            return is_open & (Blacklisting.review_by <= now)
        case Which.CLOSED:
            return Blacklisting.closed_at.is_not(None)


def _in_time(filters: CaseFilter, zone: tzinfo) -> ColumnElement[bool]:
    def between(moment: Any) -> ColumnElement[bool]:
        since = (
            moment >= start_of_day(filters.first, zone) if filters.first else moment.is_not(None)
        )
        until = (
            moment < start_of_next_day(filters.last, zone) if filters.last else moment.is_not(None)
        )
        return and_(since, until)

    happened = filters.happened or CaseEvent.OPENED
    if happened is CaseEvent.OPENED:
        return between(Blacklisting.opened_at)
    if happened in (CaseEvent.LIFTED, CaseEvent.UNDONE):
        return between(Blacklisting.closed_at) & (Blacklisting.outcome == happened.value)
    if happened is CaseEvent.FIRST_REVIEWED:
        return Blacklisting.seq.in_(_first_reviewed(between))
    reviewed = select(Review.case_seq).where(Review.undone_at.is_(None), between(Review.at))
    if happened is not CaseEvent.REVIEWED:
        reviewed = reviewed.where(Review.decision == happened.value)
    return Blacklisting.seq.in_(reviewed)


def _first_reviewed(between: Callable[[Any], ColumnElement[bool]]) -> Select[Any]:
    standing = select(Review.case_seq).where(Review.undone_at.is_(None))
    return standing.group_by(Review.case_seq).having(between(func.min(Review.at)))


def opened_by(opener: Opener) -> list[ColumnElement[bool]]:
    """The conditions for cases that somebody opened."""
    who = (
        Blacklisting.opened_by_id == opener.id
        if opener.id is not None
        else Blacklisting.opened_by_name == opener.name
    )
    return [Blacklisting.opened_by_kind == opener.kind, who]


def last_of_several() -> Select[Any]:
    """The last case of each customer who was blacklisted more than once, undone cases excluded."""
    counted = select(func.max(Blacklisting.seq)).where(
        Blacklisting.outcome.is_distinct_from(State.UNDONE.value)
    )
    return counted.group_by(Blacklisting.customer_seq).having(func.count() > 1)


def open_at(moment: datetime) -> ColumnElement[bool]:
    """Whether a case kept somebody on the blacklist at a moment.

    Its own times decide, except if it was overturned and the review undone soon after, opened
    again by a later review, or joined with another while records were merged: only its reviews and
    moves show that.
    """
    not_closed = or_(Blacklisting.closed_at.is_(None), Blacklisting.closed_at > moment)
    lately = (Review.at <= moment) & (Review.at > moment - MAX_UNDONE_LENGTH)
    in_between = (
        lately & (Review.undone_at > moment) & (Review.decision == Decision.OVERTURNED.value)
    )
    wrongly_closed = select(Review.case_seq).where(in_between)
    opened_later = select(Review.case_seq).where(Review.closed_at <= moment, Review.at > moment)
    return and_(
        Blacklisting.opened_at <= moment,
        not_closed,
        Blacklisting.seq.not_in(wrongly_closed),
        Blacklisting.seq.not_in(opened_later),
        Blacklisting.seq.not_in(joined_at(moment)),
    )


def is_overdue(now: datetime) -> ColumnElement[int]:
    """1 for an overdue case, 0 for any other; an expression, so that queries can compare it."""
    return case((Blacklisting.review_by <= now, 1), else_=0)


def name_of(opener: Opener) -> str:
    """The name that an opener had on their last case."""
    last = (
        select(Blacklisting.opened_by_name)
        .where(*opened_by(opener))
        .order_by(Blacklisting.seq.desc())
        .limit(1)
    )
    return db.session.scalar(last) or opener.name
