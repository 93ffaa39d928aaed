"""Blacklistings that a program or the command line removed: they stand in the review queue until a manager has looked.

A manager who is not accountable for the opening agrees, or opens the blacklisting again.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from webapp.blacklist.case import customer_of, read_note, refuse
from webapp.blacklist.listing import ListedCase, waiting_customers
from webapp.blacklist.models import REVIEW_AFTER, Blacklisting, Decision
from webapp.blacklist.review import refusal_to_decide, reviewed
from webapp.customers.changes import locked_customer, locked_tombstone, write_down
from webapp.customers.models import Customer, DeletionRequest, Tombstone
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.kernel.database import db, writing
from webapp.kernel.refusals import Conflict
from webapp.lookalikes import known_identifiers, pairs


def waiting_removals(*, limit: int, offset: int = 0) -> Sequence[ListedCase]:
    """Removed blacklistings that nobody has looked at, also of those deleted since, the oldest removal first."""
    query = (
        select(Blacklisting, Customer, Tombstone)
        .outerjoin(Customer, Customer.seq == Blacklisting.customer_seq)
        .outerjoin(Tombstone, Tombstone.customer_seq == Blacklisting.customer_seq)
        .where(Blacklisting.to_check)
        .order_by(Blacklisting.closed_at, Blacklisting.seq)
    )
    return [ListedCase(*row) for row in db.session.execute(query.limit(limit).offset(offset))]


def count_removals(*, cap: int) -> int:
    """How many wait, counted up to a cap."""
    return db.session.scalar(select(_number(cap))) or 0


def _number(cap: int) -> Any:
    some = select(Blacklisting.seq).where(Blacklisting.to_check).limit(cap).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def count_for_managers(*, cap: int) -> int:
    """How much waits for managers, each kind counted up to a cap: cases, removals and deletions; in one statement."""
    cases = waiting_customers().limit(cap).subquery()
    number = select(func.count()).select_from(cases).scalar_subquery()
    asked = select(DeletionRequest.customer_seq).limit(cap).subquery()
    deletions = select(func.count()).select_from(asked).scalar_subquery()
    return db.session.scalar(select(number + _number(cap) + deletions)) or 0


def is_unchecked(customer: Customer, *, by: Actor) -> bool:
    """Whether a removal still waits for a manager, of a blacklisting that somebody else had opened.

    A program that opened one may take it back and delete, as published clients do; the removal waits all the same.
    """
    own = (Blacklisting.opened_by_kind == by.kind) & Blacklisting.opened_by_id.is_not_distinct_from(by.id)
    its_own = (Blacklisting.customer_seq == customer.seq) & Blacklisting.to_check & ~own
    return db.session.scalar(select(Blacklisting.seq).where(its_own).limit(1)) is not None


def agree(case_seq: int, *, note: str = "", by: Actor) -> Customer | Tombstone:
    """Say that a removal was right; of somebody deleted since, without a word about them.

    Raises:
        NotFound: `case_not_found`.
        Invalid: `invalid_details`, with the problem on `note`.
        Conflict: `checked`, `own_decision` or `nobody_answers`.
    """
    text = read_note(note)
    with writing():
        customer_id = customer_of(case_seq)
        customer = locked_tombstone(customer_id) or locked_customer(customer_id)
        case = _unchecked(case_seq, by)
        about = {"note": text} if text and isinstance(customer, Customer) else {}
        write_down(customer, "removal_agreed", by=by, old={}, new=about)
        case.to_check = False
        return customer


def open_again(case_seq: int, *, note: str, by: Actor, look_again: timedelta = REVIEW_AFTER) -> Customer:
    """Say that a removal was wrong: the blacklisting stands again, kept by this manager, so that no program removes it.

    Raises:
        NotFound: `case_not_found` or `customer_not_found`.
        Invalid: `invalid_details`, with the problem on `note`.
        Conflict: `checked`, `own_decision`, `nobody_answers`, or `newer_case`, the customer is blacklisted anew.
    """
    text = read_note(note, missing="Say why it stands")
    with writing():
        customer = locked_customer(customer_of(case_seq))
        case = _unchecked(case_seq, by)
        if customer.blacklisted:
            raise Conflict("newer_case", "This customer was blacklisted again since; that case counts now")
        review_by = clock.now() + look_again
        customer.blacklisted = True
        new = {"blacklisted": True, "note": text, "review_by": in_iso(review_by)}
        write_down(customer, "reopened", by=by, old={"blacklisted": False}, new=new)
        case.to_check = False
        case.outcome = case.closed_at = case.closed_by_kind = case.closed_by_id = case.closed_by_name = None
        case.closed_note = None
        db.session.flush()
        reviewed(customer, case, Decision.UPHELD, text, by, review_by=review_by)
        known_identifiers.derive_anew(customer)
        pairs.note(customer)
        return customer


def _unchecked(case_seq: int, by: Actor) -> Blacklisting:
    case = db.session.get_one(Blacklisting, case_seq, populate_existing=True)
    if not case.to_check:
        raise Conflict("checked", "A manager has looked at this removal already")
    refuse(refusal_to_decide(case, by=by))
    return case
