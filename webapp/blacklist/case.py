"""Cases as they change: find one, lock it with its customer, close or reopen it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Table, bindparam, literal_column, select, update

from webapp.blacklist.models import (
    REVIEW_AFTER,
    WAITS_FROM,
    Blacklisting,
    Decision,
    Review,
    State,
)
from webapp.blacklist.reviewing.decisions import tell_who_asked
from webapp.customers.changes import changing_customer
from webapp.customers.models import Customer, Tombstone
from webapp.history.changes import Change, Projection
from webapp.history.entries import Actor
from webapp.kernel.clock import in_iso
from webapp.kernel.database import Moment, db
from webapp.kernel.fields import read_lines
from webapp.kernel.prepared import Prepared
from webapp.kernel.refusals import Conflict, NotFound

UNDO_FOR = timedelta(minutes=10)
MAX_EVIDENCE = 10
MAX_LINK_LENGTH = 1_000


class NoSuchCase(NotFound):
    code = "case_not_found"
    sentence = "There is no such blacklisting"


class NotBlacklisted(Conflict):
    code = "not_blacklisted"
    sentence = "{how}"
    meaning = "This customer is not blacklisted, or is not any more"


class OtherCase(Conflict):
    code = "other_case"
    sentence = "{by_name} has opened another blacklisting meanwhile; look at it first"
    meaning = "Another blacklisting was opened meanwhile"


class NewerCase(Conflict):
    code = "newer_case"
    sentence = "This customer was blacklisted again since; that blacklisting counts now"


@contextmanager
def changing_case(
    customer_id: UUID, case_seq: int | None, *, by: Actor
) -> Iterator[tuple[Change[Customer], Blacklisting]]:
    """Change the open case of a customer, as a change to the customer.

    Args:
        case_seq: The case the caller saw; one opened since is left alone.

    Raises:
        NotFound: `customer_not_found`.
        Conflict: `not_blacklisted` or `other_case`.
    """
    with changing_customer(customer_id, by=by, or_survivor=True) as change:
        case = find_open(change.row)
        if case is None:
            raise NotBlacklisted(how=how_it_was_closed(change.row))
        if case.seq != case_seq:
            raise OtherCase(by_name=case.opened_by_name)
        yield change, case


def find_open(customer: Customer) -> Blacklisting | None:
    """The case that keeps this customer on the blacklist."""
    if not customer.blacklisted:
        return None
    query = select(Blacklisting).where(
        Blacklisting.customer_seq == customer.seq, Blacklisting.closed_at.is_(None)
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def cases_of(customer_seq: int) -> Sequence[Blacklisting]:
    """Every case of a customer, newest first; `customer_seq` may be that of a deleted one."""
    if _FIRST_CASE.first(db.session.connection(), customer_seq=customer_seq) is None:
        return []  # as for nearly everybody, without the time that entities take
    return db.session.scalars(_CASES, {"customer_seq": customer_seq}).all()


_case = cast(Table, Blacklisting.__table__).c
_FIRST_CASE = Prepared(
    select(_case.seq).where(_case.customer_seq == bindparam("customer_seq")).limit(1)
)
_CASES = (
    select(Blacklisting)
    .where(Blacklisting.customer_seq == bindparam("customer_seq"))
    .order_by(Blacklisting.seq.desc())
)


def closed_cases(customer_seq: int) -> Sequence[Blacklisting]:
    """Every earlier case of a customer, newest first."""
    return [case for case in cases_of(customer_seq) if case.closed_at]


def latest_of(cases: Sequence[Blacklisting]) -> Blacklisting | None:
    """The open one of a customer's cases, newest first; else the newest that stood by itself."""
    is_open = (case for case in cases if case.closed_at is None)
    alone = (case for case in cases if case.outcome != State.JOINED)
    return next(is_open, None) or next(alone, None)


def reviews_of(cases: Sequence[Blacklisting]) -> Sequence[Review]:
    """All reviews of some cases, oldest first, including those that were undone."""
    its_own = select(Review).where(Review.case_seq.in_([case.seq for case in cases]))
    return db.session.scalars(its_own.order_by(Review.seq)).all()


def customer_of(case_seq: int) -> UUID:
    """The id of the customer that a case is about, deleted or not.

    Raises:
        NotFound: `case_not_found`.
    """
    of_case = Blacklisting.seq == case_seq
    known = (
        select(Customer.id)
        .join(Blacklisting, Blacklisting.customer_seq == Customer.seq)
        .where(of_case)
    )
    gone = select(Tombstone.customer_id).join(
        Blacklisting, Blacklisting.customer_seq == Tombstone.customer_seq
    )
    customer_id = db.session.scalar(known) or db.session.scalar(gone.where(of_case))
    if customer_id is None:
        raise NoSuchCase
    return customer_id


def how_it_was_closed(customer: Customer) -> str:
    """A sentence for somebody whose case has already been closed."""
    closed = closed_cases(customer.seq)
    if not closed:
        return "This customer is not blacklisted"
    last = max(closed, key=lambda case: case.closed_at or case.opened_at)
    if last.outcome == State.ENDED:
        return "This blacklisting has come to its end"
    verb = "undid" if last.outcome == "undone" else "removed"
    return f"{last.closed_by_name} {verb} this blacklisting already"


def close(
    change: Change[Customer],
    case: Blacklisting,
    outcome: str,
    *,
    note: str | None = None,
    review: int | None = None,
    ended_at: datetime | None = None,
) -> Customer:
    """Close the open case of a customer, as part of a change to the customer, and tell those whom
    it concerns.

    Args:
        outcome: `overturned`, `lifted`, `undone` or `ended`.
        review: The number of the review that overturned it.
        ended_at: Of one that came to its end: when.
    """
    if outcome != State.UNDONE:
        tell_who_asked(change, case, outcome)
    mark_closed(case, outcome, by=change.by, at=ended_at or change.at)
    change.row.leave_blacklist()
    more = {name: value for name, value in (("note", note), ("review", review)) if value}
    more |= {"ended_at": in_iso(ended_at), "to_check": case.to_check} if ended_at else {}
    change.record(outcome, old={"blacklisted": True}, new={"blacklisted": False} | more)
    return change.row


def mark_closed(case: Blacklisting, outcome: str, *, by: Actor, at: datetime) -> None:
    """Set the outcome of a case, and who closed it."""
    case.outcome, case.closed_at = outcome, at
    case.closed_by_kind, case.closed_by_id, case.closed_by_name = by.kind, by.id, by.name


def reopen(case: Blacklisting) -> None:
    """Clear the outcome of a case, so that it is open again."""
    case.outcome = case.closed_at = case.closed_by_kind = case.closed_by_id = (
        case.closed_by_name
    ) = None


def take_standing_review(case: Blacklisting) -> None:
    """Copy the last review that stands to its case, or none."""
    standing = [review for review in reviews_of([case]) if review.undone_at is None]
    show_review(case, standing)


def show_review(case: Blacklisting, standing: Sequence[Review]) -> None:
    """Copy the last of these reviews to their case: those that stand, oldest first."""
    last = standing[-1] if standing else None
    case.reviewed_at, case.review_note = (last.at, last.note) if last else (None, None)
    case.reviewed_by_id, case.reviewed_by_name = (
        (last.by_id, last.by_name) if last else (None, None)
    )
    upheld = [
        review.review_by
        for review in standing
        if review.decision == Decision.UPHELD and review.review_by
    ]
    case.review_by = upheld[-1] if upheld else first_review_by(case.opened_at)


def first_review_by(opened_at: datetime) -> datetime:
    """When a case becomes overdue if nobody has reviewed it."""
    return opened_at + REVIEW_AFTER


def read_evidence(raw: Any) -> list[str]:
    """Read the links that support a case, one per line.

    Raises:
        ValueError: one of them is not an `https` link or is too long, or there are too many.
    """
    if isinstance(raw, str) and len(raw) > MAX_EVIDENCE * MAX_LINK_LENGTH:
        raise ValueError(f"At most {MAX_EVIDENCE} links of at most {MAX_LINK_LENGTH:,} characters")
    links = read_lines(raw, most=MAX_EVIDENCE * MAX_LINK_LENGTH).split()
    if len(links) > MAX_EVIDENCE:
        raise ValueError(f"At most {MAX_EVIDENCE} links; these are {len(links)}")
    for link in links:
        if len(link) > MAX_LINK_LENGTH or not _is_https(link):
            raise ValueError(f"This is not a link that begins with https://: {link[:80]}")
    return links


def _is_https(link: str) -> bool:
    try:
        parts = urlsplit(link)
        return parts.scheme == "https" and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False


class ReviewClock(Projection):
    """Keeps `Customer.waits_from` equal to that of the open case."""

    def follow(self, change: Change[Any]) -> None:
        if (
            not isinstance(change.row, Customer)
            or not change.after
            or not change.after["blacklisted"]
        ):
            return
        if change.altered("blacklisted"):
            return  # `enter_blacklist` has set it
        waits_from = db.session.scalar(
            _WAITS_FROM.where(Blacklisting.customer_seq == change.subject.seq)
        )
        if change.row.waits_from != waits_from:
            change.row.waits_from = waits_from
            db.session.flush()

    def faults(self) -> Iterator[str]:
        for seq, _ in _wrong_waits():
            yield f"customer {seq} waits for review since another time than their case does"

    def rebuild(self) -> None:
        for seq, waits_from in _wrong_waits():
            values = {"waits_from": waits_from, "blacklisted": waits_from is not None}
            db.session.execute(update(Customer).where(Customer.seq == seq).values(values))


_OWN_TIME: Any = literal_column(WAITS_FROM, Moment)
_WAITS_FROM = select(_OWN_TIME).select_from(Blacklisting).where(Blacklisting.closed_at.is_(None))


def _wrong_waits() -> list[Any]:
    is_open = (Blacklisting.customer_seq == Customer.seq) & Blacklisting.closed_at.is_(None)
    stands = select(Customer.seq, _OWN_TIME).outerjoin(Blacklisting, is_open)
    wrong = Customer.waits_from.is_distinct_from(_OWN_TIME)
    return list(
        db.session.execute(
            stands.where(Customer.blacklisted | Blacklisting.seq.is_not(None), wrong)
        )
    )
