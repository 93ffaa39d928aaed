"""The review queue, one case at a time: the present case, its position, and the next one."""

from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, not_, or_, select, tuple_

from webapp.blacklist.filters import CaseFilter, Which
from webapp.blacklist.listing import (
    CaseRow,
    along_the_queue,
    conditions,
    count,
    first_in_queue,
    is_overdue,
)
from webapp.blacklist.models import Blacklisting
from webapp.blacklist.moves import joined_with_those_of
from webapp.blacklist.reviewing.claims import claimed_by_others
from webapp.customers.models import Customer
from webapp.history.entries import Actor
from webapp.history.eyes import eyes_of
from webapp.kernel import clock
from webapp.kernel.database import Moment, db


@dataclass(frozen=True)
class Turn:
    """Where a manager is in the queue.

    Attributes:
        position: Of the present case, from 1.
        total: How many cases wait.
        following: The next case that this manager may decide, if there is one; before those that
            others are at.
    """

    present: CaseRow
    position: int
    total: int
    following: CaseRow | None


def turn(
    filters: CaseFilter, *, by: Actor, case_seq: int | None = None, onward: bool = False
) -> Turn | None:
    """The case to review: the requested one while it waits, otherwise the first that this person
    may decide, before those that others are at; `None` when no case is left for them.

    Args:
        onward: The requested case was only the next one when it was chosen: if somebody else is at
            it by now, or has decided it, the one behind it is shown.
    """
    present = (_asked(filters, case_seq, by, onward) if case_seq else None) or _free(
        along_the_queue(_in_queue(filters).where(_may_be_decided(by)), filters), by
    )
    if present is None:
        return None
    total = count(filters)
    following = _following(filters, present.case, by) if total > 1 else None
    return Turn(present, _position(filters, present.case), total, following)


def _asked(filters: CaseFilter, case_seq: int, by: Actor, onward: bool) -> CaseRow | None:
    asked = _in_queue(filters).where(Blacklisting.seq == case_seq)
    if onward:
        asked = asked.where(not_(claimed_by_others(by)))
    row = db.session.execute(asked).first()
    if row:
        return CaseRow(row[0], row[1], None)
    case = db.session.get(Blacklisting, case_seq) if onward else None
    return _following(filters, case, by) if case else None


def _free(waiting: Any, by: Actor) -> CaseRow | None:
    """The first of some waiting cases that nobody else is at; if others are at all, the first."""
    return _first(waiting.where(not_(claimed_by_others(by)))) or _first(waiting)


def _first(waiting: Any) -> CaseRow | None:
    row = next(iter(first_in_queue(waiting, 1)), None)
    return CaseRow(row[0], row[1], None) if row else None


def _in_queue(filters: CaseFilter) -> Any:
    query = select(Blacklisting, Customer).join(Customer, Customer.seq == Blacklisting.customer_seq)
    return query.where(*conditions(filters, UTC)).execution_options(populate_existing=True)


def _may_be_decided(by: Actor) -> ColumnElement[bool]:
    eyes = eyes_of(by.accountable_id)
    is_others = or_(Blacklisting.accountable_id.is_(None), Blacklisting.accountable_id.not_in(eyes))
    return is_others & Blacklisting.seq.not_in(joined_with_those_of(eyes))


def _position(filters: CaseFilter, present: Blacklisting) -> int:
    """The position of a case, from 1: overdue cases come first, and older ones before newer."""
    mine = _overdue(present)
    older = along_the_queue(
        _in_queue(filters).where(is_overdue(clock.now()) == mine, _is_older(present)), filters
    )
    in_front = db.session.scalar(older.with_only_columns(func.count())) or 0
    return in_front + 1 + (0 if mine else count(replace(filters, which=Which.OVERDUE)))


def _overdue(present: Blacklisting) -> int:
    return 1 if present.review_by <= clock.now() else 0


def _is_older(present: Blacklisting) -> ColumnElement[bool]:
    place = tuple_(literal(present.opened_at, Moment), literal(present.seq))
    return tuple_(Blacklisting.opened_at, Blacklisting.seq) < place


def _following(filters: CaseFilter, present: Blacklisting, by: Actor) -> CaseRow | None:
    """The next case that somebody may decide; after the last, the first."""
    others = _in_queue(filters).where(_may_be_decided(by), Blacklisting.seq != present.seq)
    others, overdue, mine = (
        along_the_queue(others, filters),
        is_overdue(clock.now()),
        _overdue(present),
    )
    behind = or_(overdue < mine, and_(overdue == mine, not_(_is_older(present))))
    free = not_(claimed_by_others(by))
    return _first(others.where(behind, free)) or _free(others, by)
