"""Ends of blacklistings: at its millisecond one stops counting, for whoever looks first.

Nothing runs at that moment. Each door asks before it does anything else whether an end has passed,
which one look in a small index tells, and closes such cases as of their end: so lists, counts, the
check, figures and the past agree.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, exists, func, or_, select

from webapp.blacklist.case import changing_case, close, customer_of, find_open
from webapp.blacklist.four_eyes import refusal_to_decide
from webapp.blacklist.models import Blacklisting, State
from webapp.blacklist.moves import CaseMove, joined_to
from webapp.customers.changes import changing_customer
from webapp.customers.models import Customer
from webapp.history.entries import Actor
from webapp.kernel import clock
from webapp.kernel.clock import in_iso
from webapp.kernel.database import Moment, db
from webapp.kernel.dialects import reading
from webapp.kernel.prepared import Prepared
from webapp.kernel.refusals import Conflict, NotFound, refuse
from webapp.kernel.submission import read_reasoned_end

BY_ITS_END = Actor(kind="system", id=None, name="Gatebook", door="command")
MOST = 100


def end_what_is_due() -> None:
    """Close the blacklistings whose end has come, as of that end."""
    for _ in range(MOST):
        due = _due()
        for case_seq in due:
            with suppress(NotFound, Conflict):  # merged or deleted in between
                _end(case_seq)
        if not due:
            return


_case: Any = Blacklisting.__table__
_move: Any = CaseMove.__table__.c
_joined: Any = Blacklisting.__table__.alias("joined")
# One with which another is joined whose end has not come.
_stands_for_others = exists(
    select(_move.seq)
    .join(_joined, _joined.c.seq == _move.case_seq)
    .where(
        _move.joined_to == _case.c.seq,
        _move.joined_until.is_(None),
        or_(_joined.c.until.is_(None), _joined.c.until > bindparam("now", type_=Moment)),
    )
)
_DUE = Prepared(
    select(_case.c.seq)
    .where(
        _case.c.closed_at.is_(None),
        _case.c.until <= bindparam("now", type_=Moment),
        ~_stands_for_others,
    )
    .order_by(_case.c.until)
    .limit(MOST)
)


def _due() -> Sequence[int]:
    with reading() as connection:
        return [row.seq for row in _DUE.all(connection, now=clock.now())]


def _end(case_seq: int) -> None:
    """Close a case at its end; one that stands for others as well, only when theirs have come.

    One that nobody has reviewed waits for a manager still: a short end is no way around them.
    """
    with changing_customer(customer_of(case_seq), by=BY_ITS_END) as change:
        case, now = find_open(change.row), clock.now()
        if case is None or case.seq != case_seq or case.until is None or case.until > now:
            return  # somebody was first
        joined = joined_to(case.seq)
        if any(one.until is None or one.until > now for one in joined):
            return
        case.to_check = all(one.reviewed_at is None for one in (case, *joined))
        close(change, case, State.ENDED, ended_at=_ended_at(case))


def _ended_at(case: Blacklisting) -> datetime:
    """Its end; later, where it stood for others until they left it."""
    move = CaseMove
    left = db.session.scalar(select(func.max(move.joined_until)).where(move.joined_to == case.seq))
    ends = [case.until, left, *(one.until for one in joined_to(case.seq))]
    return max(one for one in ends if one is not None)


def set_end(
    customer_id: UUID,
    *,
    case_seq: int | None,
    until: Any,
    note: Any,
    zone: tzinfo | None = None,
    by: Actor,
) -> Customer:
    """Set when a blacklisting ends, or that it has no end; as a manager who did not open it.

    Args:
        case_seq: The case the caller saw; one opened since is left alone.
        until: As for `read_until`.
        note: Why, up to 2,000 characters; required.

    Raises:
        NotFound: `customer_not_found`.
        Invalid: `invalid_details`, with problems on `until` and `note`.
        Conflict: `not_blacklisted`, `other_case`, `own_decision` or `nobody_answers`.
    """
    end, text = read_reasoned_end(until, zone, note)
    with changing_case(customer_id, case_seq, by=by) as (change, case):
        refuse(refusal_to_decide(case, by=by))
        if case.until != end:
            before, after = (in_iso(one) if one else None for one in (case.until, end))
            case.until = end
            change.record("end_set", old={"until": before}, new={"until": after, "note": text})
        return change.row
