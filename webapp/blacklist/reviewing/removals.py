"""Removals: blacklistings that a program or the command line closed, or that ended before anybody
reviewed them, until a manager has looked.

A manager who is not accountable for the opening agrees, or opens the blacklisting again.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, column, func, select, table

from webapp.blacklist.case import NewerCase, customer_of, reopen
from webapp.blacklist.entries import lists
from webapp.blacklist.entries.lists import EntryList
from webapp.blacklist.entries.models import BlacklistEntry
from webapp.blacklist.four_eyes import refusal_to_decide
from webapp.blacklist.listing import CaseRow, waiting_customers
from webapp.blacklist.models import REVIEW_AFTER, TO_CHECK, Blacklisting, Decision
from webapp.blacklist.reviewing.marks import waiting_pairs
from webapp.blacklist.reviewing.review import reviewed
from webapp.customers.changes import changing_customer, locked_customer
from webapp.customers.models import Customer, DeletionRequest, Tombstone
from webapp.history.changes import changing
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.kernel.database import Moment, db
from webapp.kernel.prepared import Prepared
from webapp.kernel.refusals import Conflict, refuse
from webapp.kernel.submission import read_note
from webapp.lookalikes.models import LookalikePair


class RemovalChecked(Conflict):
    code = "checked"
    sentence = "A manager has reviewed this removal already"


def waiting_removals(*, limit: int, offset: int = 0) -> Sequence[CaseRow]:
    """Removals that nobody has looked at, oldest first, including those of deleted customers."""
    query = (
        select(Blacklisting, Customer, Tombstone)
        .outerjoin(Customer, Customer.seq == Blacklisting.customer_seq)
        .outerjoin(Tombstone, Tombstone.customer_seq == Blacklisting.customer_seq)
        .where(TO_CHECK)
        .order_by(Blacklisting.closed_at, Blacklisting.seq)
    )
    return [CaseRow(*row) for row in db.session.execute(query.limit(limit).offset(offset))]


def count_removals(*, cap: int) -> int:
    """How many removals wait for a manager, counted up to a cap."""
    return db.session.scalar(select(_number(cap))) or 0


def _number(cap: int) -> Any:
    return _counted(select(Blacklisting.seq).where(TO_CHECK), cap)


def _counted(query: Select[Any], cap: int) -> Any:
    return select(func.count()).select_from(query.limit(cap).subquery()).scalar_subquery()


def count_for_managers(*, cap: int) -> int:
    """How many cases, removals, deletions, marks of different people, merges, entries and lists of
    them wait for managers, each counted up to a cap; in one statement.
    """
    return int(_for_managers(cap).first(db.session.connection(), now=clock.now())[0])


@cache
def _for_managers(cap: int) -> Prepared:
    """Prepared, because every page of a manager asks it."""
    now = bindparam("now", type_=Moment)
    cases = _counted(waiting_customers(now), cap)
    removals = _number(cap) + _counted(select(DeletionRequest.customer_seq), cap)
    marks = _counted(waiting_pairs(LookalikePair.one_seq), cap)
    merges = _counted(select(MERGE_REQUEST.c.survivor_seq), cap)
    entries = _counted(select(BlacklistEntry.seq).where(BlacklistEntry.waiting(now)), cap)
    entries += _counted(lists.waiting(now).with_only_columns(EntryList.seq), cap)
    return Prepared(select((cases + removals + marks + merges + entries).label("number")))


# It belongs to a room above.
MERGE_REQUEST = table("merge_request", column("survivor_seq"))


def agree(case_seq: int, *, note: str = "", by: Actor) -> Customer | Tombstone:
    """Agree that a removal was right; if the customer was deleted since, the note is not stored.

    Raises:
        NotFound: `case_not_found`.
        Invalid: `invalid_details`, with the problem on `note`.
        Conflict: `checked`, `own_decision` or `nobody_answers`.
    """
    text = read_note(note)
    with changing(partial(_held, customer_of(case_seq)), by=by) as change:
        case = _unchecked(case_seq, by)
        case.to_check = False
        about = {"note": text} if text and isinstance(change.row, Customer) else {}
        change.record("removal_agreed", new=about | {"case": case.seq})
        return change.row


def _held(customer_id: UUID) -> Customer | Tombstone:
    gone = select(Tombstone).where(Tombstone.customer_id == customer_id).with_for_update()
    return db.session.scalar(gone) or locked_customer(customer_id)


def open_again(
    case_seq: int, *, note: str, by: Actor, look_again: timedelta = REVIEW_AFTER
) -> Customer:
    """Open a blacklisting again whose removal was wrong; it counts as upheld by this manager, so no
    program can remove it.

    Raises:
        NotFound: `case_not_found` or `customer_not_found`.
        Invalid: `invalid_details`, with the problem on `note`.
        Conflict: `checked`, `own_decision`, `nobody_answers`, or `newer_case`, the customer was
            blacklisted again since.
    """
    text = read_note(note, missing="Say why it stands")
    with changing_customer(customer_of(case_seq), by=by) as change:
        customer, case = change.row, _unchecked(case_seq, by)
        if customer.blacklisted:
            raise NewerCase
        case.to_check, case.closed_note = False, None
        closing = _closing(case)
        old: dict[str, Any] = {"blacklisted": False}
        if case.until and case.until <= change.at:  # or it would end at once
            old["until"], case.until = in_iso(case.until), None
        reopen(case)
        review = reviewed(change, case, Decision.UPHELD, text, review_by=change.at + look_again)
        for name, value in closing.items():
            setattr(review, name, value)
        customer.enter_blacklist(case.waits_from)
        new = {"blacklisted": True, "note": text, "review_by": in_iso(case.review_by)}
        new |= {"case": case.seq, "review": review.seq}
        new |= closing | {"closed_at": in_iso(closing["closed_at"])}
        change.record("reopened", old=old, new=new)
        return customer


def _closing(case: Blacklisting) -> dict[str, Any]:
    """How a case was closed, in the columns of the review that opens it again."""
    return {
        "closed_at": case.closed_at,
        "closed_outcome": case.outcome,
        "closed_by_name": case.closed_by_name,
    }


def _unchecked(case_seq: int, by: Actor) -> Blacklisting:
    case = db.session.get_one(Blacklisting, case_seq, populate_existing=True)
    if not case.to_check:
        raise RemovalChecked
    refuse(refusal_to_decide(case, by=by))
    return case
